package attractor.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import attractor.io.Npz;
import attractor.kernel.Kernels;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.MathContext;
import org.junit.jupiter.api.Test;

class AdamTest {
    @Test
    void stepsByHand() {
        // lr 0.1, decay 0.5, b1 0.5, b2 0.75, eps 1: gradients 4, then 0.
        Adam adam = new Adam(new Adam.Options(0.1, 0.5, 0.5, 0.75, 1.0), 2, Kernels.get());
        double[] p = {1, 7};
        // m = 2, v = 4, rate = 0.1 sqrt(1 - 0.75) / (1 - 0.5) = 0.1: p = 1 - 0.1 * 2 / (2 + 1).
        adam.step(p, new double[] {4, 0});
        assertEquals(1 - 0.2 / 3, p[0], 1e-15);
        assertEquals(7, p[1]);
        assertArrayEquals(new double[] {2, 0}, adam.firstMoments());
        assertArrayEquals(new double[] {4, 0}, adam.secondMoments());
        // m = 1, v = 3, lr = 0.1 / 1.5, rate = lr sqrt(1 - 0.5625) / (1 - 0.25): p -= rate / (sqrt 3 + 1).
        double before = p[0];
        adam.step(p, new double[] {0, 0});
        double rate = 0.1 / 1.5 * Math.sqrt(0.4375) / 0.75;
        assertEquals(before - rate / (Math.sqrt(3) + 1), p[0], 1e-15);
        assertEquals(2, adam.iteration());
    }

    /** The formula, computed with 40 digits. */
    @Test
    void stepsWithManyDigits() {
        MathContext digits = new MathContext(40);
        Adam.Options set = new Adam.Options(0.003, 0.07, 0.9, 0.999, 1e-8);
        double[] gradients = {0.3, -1.7, 1e-7, 0.0, 25.0, -0.004};
        BigDecimal one = BigDecimal.ONE;
        BigDecimal b1 = new BigDecimal(set.beta1());
        BigDecimal b2 = new BigDecimal(set.beta2());
        for (Kernels kernels : EngineFixtures.kernels().toList()) {
            Adam adam = new Adam(set, 1, kernels);
            double[] p = {0.0};
            BigDecimal m = BigDecimal.ZERO;
            BigDecimal v = BigDecimal.ZERO;
            BigDecimal expected = BigDecimal.ZERO;
            for (int it = 0; it < gradients.length; it++) {
                BigDecimal g = new BigDecimal(gradients[it]);
                m = b1.multiply(m).add(one.subtract(b1).multiply(g), digits);
                v = b2.multiply(v).add(one.subtract(b2).multiply(g).multiply(g), digits);
                BigDecimal decayed = one.add(new BigDecimal(set.decay()).multiply(BigDecimal.valueOf(it)));
                BigDecimal rate = new BigDecimal(set.learningRate())
                        .divide(decayed, digits)
                        .multiply(one.subtract(b2.pow(it + 1)).sqrt(digits))
                        .divide(one.subtract(b1.pow(it + 1)), digits);
                BigDecimal root = v.sqrt(digits).add(new BigDecimal(set.epsilon()));
                expected = expected.subtract(rate.multiply(m).divide(root, digits), digits);
                adam.step(p, new double[] {gradients[it]});
                // 1 - b2^k is a small difference of doubles, good to some 1e-13.
                assertEquals(expected.doubleValue(), p[0], 1e-12 * Math.abs(expected.doubleValue()), "step " + it);
                assertEquals(
                        m.doubleValue(), adam.firstMoments()[0], 1e-15 * m.abs().doubleValue(), "m, " + it);
                assertEquals(v.doubleValue(), adam.secondMoments()[0], 2e-15 * v.doubleValue(), "v, " + it);
            }
        }
    }

    /** Trajectories that NumPy computed, see {@code make_adam.py}. */
    @Test
    void followsTheReference() throws Exception {
        Npz npz;
        try (InputStream in = AdamTest.class.getResourceAsStream("adam.npz")) {
            npz = Npz.read(in.readAllBytes(), "adam.npz");
        }
        int steps = 40;
        int count = 9;
        double[] settings = npz.doubles("settings", 3, 5);
        double[] gradients = npz.doubles("gradients", steps, count);
        for (int number = 0; number < 3; number++) {
            int at = 5 * number;
            Adam adam = new Adam(
                    new Adam.Options(
                            settings[at], settings[at + 1], settings[at + 2], settings[at + 3], settings[at + 4]),
                    count,
                    Kernels.get());
            double[] p = npz.doubles("start", count).clone();
            double[] expected = npz.doubles("p" + number, steps, count);
            double[] m = npz.doubles("m" + number, steps, count);
            double[] v = npz.doubles("v" + number, steps, count);
            double[] gradient = new double[count];
            double[] largest = new double[count];
            for (int t = 0; t < steps; t++) {
                System.arraycopy(gradients, t * count, gradient, 0, count);
                adam.step(p, gradient);
                for (int i = 0; i < count; i++) {
                    String what = "settings " + number + ", step " + t + ", parameter " + i;
                    int k = t * count + i;
                    largest[i] = Math.max(largest[i], Math.abs(gradient[i]));
                    assertEquals(expected[k], p[i], 1e-13 * Math.max(1, Math.abs(expected[k])), what);
                    // m is a sum of terms of both signs.
                    assertEquals(m[k], adam.firstMoments()[i], 1e-15 * largest[i], "m, " + what);
                    assertEquals(v[k], adam.secondMoments()[i], 1e-14 * v[k], "v, " + what);
                }
            }
        }
    }

    @Test
    void theFirstStepIsTheLearningRate() {
        Adam adam = new Adam(Adam.Options.DEFAULT, 2, Kernels.get());
        double[] p = {0, 0};
        adam.step(p, new double[] {1000, -3});
        assertEquals(-1e-4, p[0], 1e-10);
        assertEquals(1e-4, p[1], 1e-10);
    }

    @Test
    void onlyTheFirstParametersMove() {
        Adam adam = new Adam(Adam.Options.DEFAULT, 2, Kernels.get());
        double[] p = {0, 0, 0};
        adam.step(p, new double[] {1, 1, 1});
        assertEquals(0, p[2]);
    }

    @Test
    void settingsCheckThemselves() {
        assertEquals(
                "lr is 0.0, expected above 0",
                assertThrows(IllegalArgumentException.class, () -> new Adam.Options(0, 0, 0.9, 0.999, 1e-8))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> new Adam.Options(1, -1, 0.9, 0.999, 1e-8));
        assertThrows(IllegalArgumentException.class, () -> new Adam.Options(1, 0, 1, 0.999, 1e-8));
        assertThrows(IllegalArgumentException.class, () -> new Adam.Options(1, 0, 0.9, Double.NaN, 1e-8));
        assertThrows(IllegalArgumentException.class, () -> new Adam.Options(1, 0, 0.9, 0.999, 0));
    }
}
