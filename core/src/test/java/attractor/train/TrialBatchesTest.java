package attractor.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.dynamics.Simulator;
import attractor.kernel.Activation;
import attractor.kernel.Kernels;
import attractor.model.Initializers;
import attractor.model.Initializers.Recurrent;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import attractor.task.Tasks;
import attractor.task.Trials;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The one loop over trials. */
class TrialBatchesTest {
    private static final int UNITS = 6;

    private static Rnn network(double noise) {
        RnnShape shape = new RnnShape(1, UNITS, 1);
        return Initializers.network(shape, Activation.TANH, 1, 3, false, Recurrent.NORMAL, 4)
                .withNoise(noise);
    }

    /** All alike within a type: only noise in the states tells trials apart. */
    private static Trials alike(int size) {
        return Trials.balanced(Tasks.byName("pulse", Map.of("noiseSd", 0.0)), size, 0, Trials.EVALUATION);
    }

    private static double[] outputs(Rnn rnn, Trials trials, long seed) {
        double[] all = new double[trials.size() * trials.steps()];
        int[] next = new int[1];
        TrialBatches.run(rnn, trials, Kernels.get(), seed, false, batch -> {
            assertEquals(next[0], batch.first());
            next[0] += batch.size();
            assertNull(batch.mask());
            assertEquals(0, batch.run().h().length);
            System.arraycopy(batch.run().y(), 0, all, batch.first() * trials.steps(), batch.size() * trials.steps());
        });
        assertEquals(trials.size(), next[0]);
        return all;
    }

    /** More trials than run at once: every one has noise of its own, that of its number. */
    @Test
    void everyTrialHasItsOwnNoiseInEveryBatch() {
        int size = 100;
        Trials trials = alike(size);
        int steps = trials.steps();
        double[] all = outputs(network(0.1), trials, 7);
        long distinct = 0;
        for (int s = 0; s < size; s++) {
            boolean first = true;
            for (int r = 0; r < s; r++) {
                first &= !Arrays.equals(all, r * steps, (r + 1) * steps, all, s * steps, (s + 1) * steps);
            }
            distinct += first ? 1 : 0;
        }
        assertEquals(size, distinct);
        Simulator one = new Simulator(network(0.1));
        for (int s : new int[] {0, 31, 32, 64, 99}) {
            double[] x = new double[steps];
            trials.reader().read(s, x, 0, new double[steps], 0, null, 0);
            one.seedNoise(7, s);
            assertArrayEquals(
                    one.run(x, 1, steps).y(), Arrays.copyOfRange(all, s * steps, (s + 1) * steps), "trial " + s);
        }
    }

    @Test
    void theNoiseIsThatOfTheSeed() {
        Trials trials = alike(40);
        double[] seven = outputs(network(0.1), trials, 7);
        assertArrayEquals(seven, outputs(network(0.1), trials, 7));
        double[] eight = outputs(network(0.1), trials, 8);
        for (int s = 0; s < 40; s++) {
            assertFalse(seven[s * trials.steps() + 150] == eight[s * trials.steps() + 150], "trial " + s);
        }
        assertArrayEquals(outputs(network(0), trials, 7), outputs(network(0), trials, 8), "without noise");
        assertArrayEquals(outputs(network(0), trials, 7), outputs(network(0.1).withNoise(0), trials, 7));
    }

    /** Where states take much memory fewer trials run at once, with the same results. */
    @Test
    void longTrialsComeFewerAtATime() {
        Trials trials =
                Trials.balanced(Tasks.byName("pulse", Map.of("durationMs", 300_000.0)), 7, 0, Trials.EVALUATION);
        int steps = trials.steps();
        double[] few = new double[7];
        int[] batches = new int[1];
        TrialBatches.run(network(0.1), trials, Kernels.get(), 5, true, batch -> {
            batches[0]++;
            assertEquals(batch.size() * steps * UNITS, batch.run().h().length);
            for (int s = 0; s < batch.size(); s++) {
                few[batch.first() + s] = batch.run().y()[(s + 1) * steps - 1];
            }
        });
        assertTrue(batches[0] > 1, "batches: " + batches[0]);
        double[] all = outputs(network(0.1), trials, 5);
        for (int s = 0; s < 7; s++) {
            assertEquals(all[(s + 1) * steps - 1], few[s], "trial " + s);
        }
    }

    @Test
    void otherSizesAreAnError() {
        assertEquals(
                "trials have 1 input and 1 output, expected I = 2 and O = 1 as the network has",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> TrialBatches.run(
                                        Rnn.zeros(new RnnShape(2, 3, 1)), alike(2), Kernels.get(), 0, false, b -> {}))
                        .getMessage());
    }
}
