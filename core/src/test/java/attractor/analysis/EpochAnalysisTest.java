package attractor.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.model.Rnn;
import attractor.task.Tasks;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EpochAnalysisTest {
    private static EpochAnalysis of(List<Rnn> networks) {
        FixedPoints.Options few = FixedPoints.Options.of(networks.get(0)).withSeeds(20);
        return EpochAnalysis.of(networks, Optional.empty(), few, 0);
    }

    /** Real eigenvalues that grow past a pair that shrinks: the order by modulus changes, the paths don't. */
    @Test
    void pathsFollowEigenvaluesThroughChangesOfTheirOrder() {
        List<Rnn> networks = new ArrayList<>();
        int epochs = 13;
        for (int e = 0; e < epochs; e++) {
            double[] pair = Networks.rotation(1.1 - 0.05 * e, 1.0);
            double[] real = {0.6 + 0.05 * e, 0.0, 0.0, -0.4 - 0.05 * e};
            networks.add(Networks.tanh(Networks.blocks(pair, real)));
        }
        EpochAnalysis paths = of(networks);
        assertEquals(epochs, paths.spectra().size());
        // By modulus at first: the pair, 0.6, -0.4.
        for (int e = 0; e < epochs; e++) {
            double g = 1.1 - 0.05 * e;
            assertEquals(g * Math.cos(1.0), paths.re()[e * 4], 1e-12);
            assertEquals(g * Math.sin(1.0), paths.im()[e * 4], 1e-12);
            assertEquals(-g * Math.sin(1.0), paths.im()[e * 4 + 1], 1e-12);
            assertEquals(0.6 + 0.05 * e, paths.re()[e * 4 + 2], 1e-12);
            assertEquals(-0.4 - 0.05 * e, paths.re()[e * 4 + 3], 1e-12);
        }
        assertTrue(paths.spectra().get(12).im()[0] == 0.0, "the order by modulus did change");
    }

    /** The assignment of least cost, against all permutations. */
    @Test
    void noOtherPairingIsShorter() {
        for (long seed = 0; seed < 20; seed++) {
            int n = 6;
            EpochAnalysis paths = of(List.of(Networks.random(n, 1.0, seed), Networks.random(n, 1.3, seed + 100)));
            double[] re = paths.re();
            double[] im = paths.im();
            assertSameSet(paths.spectra().get(1), Arrays.copyOfRange(re, n, 2 * n), Arrays.copyOfRange(im, n, 2 * n));
            double cost = 0.0;
            for (int p = 0; p < n; p++) {
                cost += square(re[p] - re[n + p]) + square(im[p] - im[n + p]);
            }
            double best = best(re, im, n, 0, new boolean[n]);
            assertEquals(best, cost, 1e-12, "seed " + seed);
        }
    }

    private static double best(double[] re, double[] im, int n, int p, boolean[] taken) {
        if (p == n) {
            return 0.0;
        }
        double best = Double.POSITIVE_INFINITY;
        for (int k = 0; k < n; k++) {
            if (!taken[k]) {
                taken[k] = true;
                double step = square(re[p] - re[n + k]) + square(im[p] - im[n + k]);
                best = Math.min(best, step + best(re, im, n, p + 1, taken));
                taken[k] = false;
            }
        }
        return best;
    }

    private static double square(double x) {
        return x * x;
    }

    private static void assertSameSet(Spectrum spectrum, double[] re, double[] im) {
        double[] a = spectrum.re().clone();
        double[] b = spectrum.im().clone();
        Arrays.sort(a);
        Arrays.sort(b);
        Arrays.sort(re);
        Arrays.sort(im);
        assertArrayEquals(a, re);
        assertArrayEquals(b, im);
    }

    @Test
    void trajectoriesShareOneBasisAndTrials() {
        List<Rnn> networks = List.of(Networks.random(5, 0.9, 1), Networks.random(5, 1.1, 2));
        EpochAnalysis paths = EpochAnalysis.of(
                networks, Optional.of(Tasks.byName("pulse")), FixedPoints.Options.of(networks.get(0)), 7);
        Pca pca = paths.pca().orElseThrow();
        int length = 2 * 200;
        assertEquals(2 * length, pca.observations());
        assertArrayEquals(
                paths.trajectories().get(0).x(), paths.trajectories().get(1).x());
        for (int e = 0; e < 2; e++) {
            double[] own = pca.project(paths.trajectories().get(e).h());
            assertArrayEquals(Arrays.copyOfRange(pca.projection(), e * length * 3, (e + 1) * length * 3), own, 1e-12);
        }
        assertEquals(2, paths.fixedPoints().size());
    }

    @Test
    void networksMustBeOfOneSize() {
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class, () -> of(List.of(Networks.tanh(0.5), Networks.tanh(0.5, 0, 0, 0.5))));
        assertTrue(e.getMessage().contains("network 1 has 2 units, expected N = 1"), e.getMessage());
    }
}
