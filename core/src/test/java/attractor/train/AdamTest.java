package attractor.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import attractor.kernel.Kernels;
import org.junit.jupiter.api.Test;

class AdamTest {
    @Test
    void stepsByHand() {
        // lr 0.1, decay 0.5, b1 0.5, b2 0.75, eps 1: gradients 4, then 0.
        Adam adam = new Adam(new Adam.Settings(0.1, 0.5, 0.5, 0.75, 1.0), 2, Kernels.get());
        double[] p = {1, 7};
        // m = 2, v = 4, rate = 0.1 sqrt(1 - 0.75) / (1 - 0.5) = 0.1: p = 1 - 0.1 * 2 / (2 + 1).
        adam.step(p, new double[] {4, 0}, 2);
        assertEquals(1 - 0.2 / 3, p[0], 1e-15);
        assertEquals(7, p[1]);
        assertArrayEquals(new double[] {2, 0}, adam.firstMoments());
        assertArrayEquals(new double[] {4, 0}, adam.secondMoments());
        // m = 1, v = 3, lr = 0.1 / 1.5, rate = lr sqrt(1 - 0.5625) / (1 - 0.25): p -= rate / (sqrt 3 + 1).
        double before = p[0];
        adam.step(p, new double[] {0, 0}, 2);
        double rate = 0.1 / 1.5 * Math.sqrt(0.4375) / 0.75;
        assertEquals(before - rate / (Math.sqrt(3) + 1), p[0], 1e-15);
        assertEquals(2, adam.iteration());
    }

    @Test
    void theFirstStepIsTheLearningRate() {
        Adam adam = new Adam(Adam.Settings.DEFAULT, 2, Kernels.get());
        double[] p = {0, 0};
        adam.step(p, new double[] {1000, -3}, 2);
        assertEquals(-1e-4, p[0], 1e-10);
        assertEquals(1e-4, p[1], 1e-10);
    }

    @Test
    void onlyTheFirstParametersMove() {
        Adam adam = new Adam(Adam.Settings.DEFAULT, 3, Kernels.get());
        double[] p = {0, 0, 0};
        adam.step(p, new double[] {1, 1, 1}, 2);
        assertEquals(0, p[2]);
    }

    @Test
    void restoresWhereAnotherWas() {
        Adam one = new Adam(Adam.Settings.DEFAULT, 1, Kernels.get());
        double[] p = {0.5};
        one.step(p, new double[] {2}, 1);
        Adam other = new Adam(Adam.Settings.DEFAULT, 1, Kernels.get());
        other.restore(one.iteration(), one.firstMoments(), one.secondMoments());
        double[] q = p.clone();
        one.step(p, new double[] {-1}, 1);
        other.step(q, new double[] {-1}, 1);
        assertArrayEquals(p, q);
        assertThrows(IllegalArgumentException.class, () -> other.restore(1, new double[2], new double[1]));
    }

    @Test
    void settingsCheckThemselves() {
        assertEquals(
                "lr is 0.0, expected above 0",
                assertThrows(IllegalArgumentException.class, () -> new Adam.Settings(0, 0, 0.9, 0.999, 1e-8))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> new Adam.Settings(1, -1, 0.9, 0.999, 1e-8));
        assertThrows(IllegalArgumentException.class, () -> new Adam.Settings(1, 0, 1, 0.999, 1e-8));
        assertThrows(IllegalArgumentException.class, () -> new Adam.Settings(1, 0, 0.9, Double.NaN, 1e-8));
        assertThrows(IllegalArgumentException.class, () -> new Adam.Settings(1, 0, 0.9, 0.999, 0));
    }
}
