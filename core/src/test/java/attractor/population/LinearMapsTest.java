package attractor.population;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Demixed components and targeted regression: signals along known directions, and NumPy. */
class LinearMapsTest {
    private static final int N = 12;
    private static final int T = 40;

    /** A clock along direction 0 and the factors of 00, 01, 10, 11 along directions 1 and 2, with noise. */
    private static double[] rates(double[][] directions, int perType, double noise, long seed) {
        Random random = new Random(seed);
        double[] rates = new double[4 * perType * T * N];
        for (int s = 0; s < 4 * perType; s++) {
            double first = s % 4 / 2 == 1 ? 1.0 : -1.0;
            double second = s % 2 == 1 ? 1.0 : -1.0;
            for (int t = 0; t < T; t++) {
                double[] signals = {Math.sin(0.2 * t), first * (t >= 10 ? 1.5 : 0.0), second * (t >= 20 ? 0.7 : 0.0)};
                for (int i = 0; i < N; i++) {
                    double rate = noise * random.nextGaussian();
                    for (int k = 0; k < 3; k++) {
                        rate += signals[k] * directions[k][i];
                    }
                    rates[(s * T + t) * N + i] = rate;
                }
            }
        }
        return rates;
    }

    /** Three orthonormal directions. */
    private static double[][] directions(long seed) {
        Random random = new Random(seed);
        double[][] d = new double[3][N];
        for (int k = 0; k < 3; k++) {
            for (int i = 0; i < N; i++) {
                d[k][i] = random.nextGaussian();
            }
            for (int j = 0; j < k; j++) {
                double dot = dot(d[k], d[j]);
                for (int i = 0; i < N; i++) {
                    d[k][i] -= dot * d[j][i];
                }
            }
            double norm = Math.sqrt(dot(d[k], d[k]));
            for (int i = 0; i < N; i++) {
                d[k][i] /= norm;
            }
        }
        return d;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0.0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static final List<String> TYPES = List.of("00", "01", "10", "11");

    @Test
    void signalsAreFoundAlongTheirDirections() {
        double[][] d = directions(4);
        DemixedPca found = DemixedPca.of(PopulationFixtures.of(TYPES, rates(d, 12, 0.1, 5), T, N));
        assertEquals(
                List.of("time", "position 0", "position 1", "interaction"),
                found.marginals().stream().map(DemixedPca.Marginal::name).toList());
        double clock = 0.0;
        double mean = 0.0;
        for (int t = 0; t < T; t++) {
            mean += Math.sin(0.2 * t) / T;
        }
        for (int t = 0; t < T; t++) {
            clock += Math.pow(Math.sin(0.2 * t) - mean, 2);
        }
        double[] power = {clock, 30 * 1.5 * 1.5, 20 * 0.7 * 0.7};
        double total = Arrays.stream(power).sum();
        for (int k = 0; k < 3; k++) {
            DemixedPca.Component c = found.components().get(3 * k);
            assertEquals(power[k] / total, c.share(), 0.02, "seeds 4, 5: " + c.marginal());
            assertEquals(c.share(), c.crossValidated(), 0.02, c.marginal());
            assertTrue(c.demixed() > 0.98, c.marginal() + " " + c.demixed());
            assertEquals(1.0, Math.abs(dot(c.encoder(), d[k])), 0.01, c.marginal());
            // The second component of a signal of one dimension explains nothing beyond the trials that it was fitted
            // to.
            assertTrue(found.components().get(3 * k + 1).crossValidated() < 0.01);
        }
    }

    @Test
    void decodersSeparateDirectionsThatAreNotOrthogonal() {
        double[][] d = directions(6);
        for (int i = 0; i < N; i++) {
            d[1][i] = 0.8 * d[0][i] + 0.6 * d[1][i];
        }
        DemixedPca found = DemixedPca.of(PopulationFixtures.of(TYPES, rates(d, 12, 0.05, 7), T, N));
        DemixedPca.Component c = found.components().get(3);
        assertTrue(c.demixed() > 0.97, "seeds 6, 7: " + c.demixed());
        assertEquals(0.0, dot(c.decoder(), d[0]), 0.1);
        assertTrue(dot(c.encoder(), d[1]) * dot(c.encoder(), d[1]) > 0.97);
    }

    /** With the penalty that the folds choose the shares are those of least squares in NumPy with that penalty. */
    @Test
    void sharesAgreeWithNumPy() {
        double[] rates = PopulationFixtures.trials(4, 6, 40, 7).rates();
        PopulationTrials trials = PopulationFixtures.of(List.of("a", "b", "c", "x y"), rates, 40, 7);
        DemixedPca found = DemixedPca.of(trials);
        assertEquals(
                List.of("time", "type"),
                found.marginals().stream().map(DemixedPca.Marginal::name).toList());
        assertEquals(LAMBDA, found.lambda(), 1e-12);
        for (int k = 0; k < 6; k++) {
            assertEquals(NUMPY[k], found.components().get(k).share(), 1e-8, "component " + k);
        }
    }

    private static final double LAMBDA = 1e-3;
    private static final double[] NUMPY = {
        0.6502803513247182,
        0.09172458919174598,
        0.00033050014180757703,
        0.43796256602343575,
        0.23998863495456824,
        0.008234756329916437
    };

    @Test
    void axesAgreeWithNumPy() {
        TargetedRegression found = TargetedRegression.of(PopulationFixtures.trials(4, 6, 40, 7));
        double[] times = {18.0, 18.0, 4.0};
        double[] shares = {0.7822682765507414, 0.0006350828706115657, 0.07223259998374941};
        for (int v = 0; v < 3; v++) {
            TargetedRegression.Axis axis = found.axes().get(v);
            assertEquals(List.of("position 0", "position 1", "interaction").get(v), axis.variable());
            assertEquals(times[v], axis.timeMs());
            assertEquals(shares[v], axis.share(), 1e-10);
        }
    }

    @Test
    void axesOfVariablesAreTheirDirections() {
        double[][] d = directions(8);
        TargetedRegression found = TargetedRegression.of(PopulationFixtures.of(TYPES, rates(d, 12, 0.1, 9), T, N));
        for (int v = 0; v < 2; v++) {
            TargetedRegression.Axis axis = found.axes().get(v);
            assertEquals(1.0, dot(axis.axis(), d[v + 1]), 0.01, "seeds 8, 9");
            assertEquals(axis.share(), axis.crossValidated(), 0.02);
            assertTrue(axis.decoding() > 0.95, axis.variable() + " " + axis.decoding());
        }
        assertTrue(found.axes().get(2).decoding() < 0.3, "there is no interaction");
    }

    @Test
    void variablesComeFromTheNames() {
        assertEquals(List.of("type"), names(List.of("reset", "set")));
        assertEquals(List.of("value"), names(List.of("20", "40", "80")));
        assertEquals(List.of("type a", "type b"), names(List.of("a", "b", "c")));
        assertEquals(
                List.of("position 0", "position 1", "position 2"),
                names(List.of("000", "001", "010", "011", "100", "101", "110", "111")));
        // Not every combination occurs.
        assertEquals(List.of("type 00", "type 01"), names(List.of("00", "01", "1x")));
    }

    private static List<String> names(List<String> types) {
        return TaskFactors.of(types).regressors(types).stream()
                .map(TaskFactors.Regressor::name)
                .toList();
    }

    @Test
    void tooFewTrialsAreRefused() {
        PopulationTrials few = PopulationFixtures.of(TYPES, rates(directions(1), 3, 0.1, 1), T, N);
        assertEquals(
                "demixed components needs 4 trials of each type, found 3",
                assertThrows(IllegalArgumentException.class, () -> DemixedPca.of(few))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> TargetedRegression.of(few));
        PopulationTrials still = PopulationFixtures.of(TYPES, new double[4 * 4 * T * N], T, N);
        assertThrows(IllegalArgumentException.class, () -> DemixedPca.of(still));
    }
}
