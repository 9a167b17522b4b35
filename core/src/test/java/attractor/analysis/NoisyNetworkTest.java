package attractor.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import attractor.kernel.Kernels;
import attractor.model.Rnn;
import attractor.task.Task;
import attractor.task.Tasks;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Noise in the states: in trajectories, not in what is asked of the network itself. */
class NoisyNetworkTest {
    @Test
    void fixedPointsAndLongRunsAreThoseWithoutNoise() {
        Rnn quiet = Networks.random(12, 1.6, 5);
        Rnn noisy = quiet.withNoise(0.2);
        double[] a = new double[12];
        double[] b = new double[12];
        Arrays.fill(a, 0.1);
        Arrays.fill(b, 0.1);
        new ConstantMap(quiet, null, Kernels.get()).advance(1, a, 0, 50);
        new ConstantMap(noisy, null, Kernels.get()).advance(1, b, 0, 50);
        assertArrayEquals(a, b);
        FixedPoints of = FixedPoints.of(quiet, a);
        FixedPoints ofNoisy = FixedPoints.of(noisy, b);
        assertEquals(of.points().size(), ofNoisy.points().size());
        for (int k = 0; k < of.points().size(); k++) {
            assertArrayEquals(
                    of.points().get(k).state(), ofNoisy.points().get(k).state());
        }
    }

    @Test
    void trajectoriesHaveNoiseOfTheirSeed() {
        Task task = Tasks.byName("pulse", Map.of("noiseSd", 0));
        Rnn quiet = Networks.random(12, 0.9, 5);
        Rnn noisy = quiet.withNoise(0.2);
        double[] h = Trajectories.of(noisy, task, 3).h();
        assertArrayEquals(h, Trajectories.of(noisy, task, 3).h());
        assertFalse(Arrays.equals(h, Trajectories.of(noisy, task, 4).h()));
        assertFalse(Arrays.equals(h, Trajectories.of(quiet, task, 3).h()));
    }
}
