package attractor.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.kernel.Activation;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import attractor.random.RandomStream;
import attractor.task.OneChannelTask;
import attractor.task.Task;
import attractor.task.Tasks;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetentionTest {
    /** A linear unit that loses half of its state in {@code half} steps; 1 at step {@code at} after inputs of 20 steps at 30. */
    private static Rnn leaky(double half, int at) {
        double a = Math.pow(2.0, -1.0 / half);
        double sum = 0.0;
        for (int k = 30; k < 50; k++) {
            sum += Math.pow(a, at - k);
        }
        RnnShape shape = new RnnShape(2, 1, 1);
        double[] block = new double[shape.parameters()];
        block[shape.wIn().at(0, 0)] = 1.0 / sum;
        block[shape.wIn().at(0, 1)] = 1.0 / sum;
        block[shape.wRec().at(0, 0)] = a;
        block[shape.wOut().at(0, 0)] = 1.0;
        return new Rnn(shape, Activation.IDENTITY, 1, 1, false, block);
    }

    private static Task or(double noise) {
        return Tasks.byName("or", Map.of("noiseSd", noise));
    }

    /** 1 is held until half is lost: over 100.3 steps from one input, twice as long from two. */
    @Test
    void aLeakIsTimed() {
        Retention holding = Retention.of(leaky(100.3, 70), or(0), 1000, 2, 0);
        assertEquals(List.of(1000.0, 200.0, 70.0), List.of(holding.lengthMs(), holding.trainedMs(), holding.onsetMs()));
        assertTrue(holding.levels());
        assertEquals(0.5, holding.limit());
        double[][] held = {{930, 930}, {101, 101}, {101, 101}, {201, 201}};
        for (int k = 0; k < 4; k++) {
            Retention.OfType type = holding.types().get(k);
            assertArrayEquals(held[k], type.heldMs(), type.type());
            assertEquals(930.0, type.censoredMs());
            assertEquals(k == 0 ? 1.0 : 0.0, type.share(), type.type());
            assertEquals(k == 0 ? 2 : 0, type.holding(), type.type());
        }
        // An offset or another height moves the levels and not the times; a shorter trial censors.
        Rnn high = leaky(100.3, 70);
        high.parameters()[high.shape().wOut().at(0, 0)] = 3.0;
        high.parameters()[high.shape().bOut().at(0, 0)] = 0.5;
        Task task = Tasks.byName(
                "or",
                Map.of("noiseSd", 0, "targetAmplitude", 3, "baseline", 0.5, "targetNoiseSd", 1, "onsetJitterMs", 5));
        Retention other = Retention.of(high, task, 250, 1, 0);
        assertEquals(1.5, other.limit());
        assertArrayEquals(new double[] {101}, other.types().get(1).heldMs());
        assertArrayEquals(new double[] {180}, other.types().get(3).heldMs());
        assertEquals(1, other.types().get(3).holding());
    }

    @ParameterizedTest
    @ValueSource(doubles = {30, 45})
    void whatIsGoneWhenJudgementBeginsNeverHeld(double half) {
        Retention holding = Retention.of(leaky(half, 70), or(0), 200, 1, 0);
        assertEquals(0.0, holding.types().get(1).medianMs());
        assertEquals(130.0, holding.types().get(0).medianMs());
    }

    @Test
    void aSilentAndADivergingNetworkHoldNothingButSilence() {
        Rnn silent = Rnn.zeros(new RnnShape(2, 3, 1));
        Rnn wild = leaky(100, 70);
        wild.parameters()[wild.shape().wRec().at(0, 0)] = 1e30;
        for (Rnn rnn : List.of(silent, wild)) {
            Retention holding = Retention.of(rnn, or(0), 400, 1, 0);
            assertEquals(330.0, holding.types().get(0).medianMs());
            assertEquals(0.0, holding.types().get(1).medianMs());
            assertEquals(0.0, holding.types().get(3).medianMs());
        }
    }

    @Test
    void noiseGoesOnAndTakesAnswersAway() {
        Rnn rnn = leaky(1e9, 70); // an integrator: a random walk of 0.2 sqrt(2) / 20 a step
        Retention holding = Retention.of(rnn, or(0.2), 5000, 20, 3);
        Retention again = Retention.of(rnn, or(0.2), 5000, 20, 3);
        Retention shorter = Retention.of(rnn, or(0.2), 800, 20, 3);
        for (int k = 0; k < 4; k++) {
            Retention.OfType type = holding.types().get(k);
            assertTrue(type.share() < 0.5, type.type());
            assertTrue(type.medianMs() > 0 || k == 3, type.type());
            assertArrayEquals(type.heldMs(), again.types().get(k).heldMs());
            // A longer trial begins as a shorter one does.
            for (int i = 0; i < 20; i++) {
                assertEquals(
                        Math.min(730.0, type.heldMs()[i]),
                        shorter.types().get(k).heldMs()[i],
                        type.type());
            }
        }
    }

    /** A turning state whose output is a sine of 30 Hz from the onset on, losing half in so many steps. */
    @ParameterizedTest
    @CsvSource({"1e12, 2910, 2910", "300, 300, 340", "30, 50, 60", "12, 0, 0"})
    void anOscillationIsHeldWhileItsErrorIsSmall(double half, double from, double to) {
        double g = Math.pow(2.0, -1.0 / half);
        double turn = 2.0 * Math.PI * 0.03;
        // After the stimulus, steps 50 to 69, the state at step 90 is to be 1 for the real part, 0 for the sine.
        double re = 0.0;
        double im = 0.0;
        for (int k = 50; k < 70; k++) {
            re += Math.pow(g, 90 - k) * Math.cos(turn * (90 - k));
            im += Math.pow(g, 90 - k) * Math.sin(turn * (90 - k));
        }
        double norm = re * re + im * im;
        RnnShape shape = new RnnShape(1, 2, 1);
        double[] block = new double[shape.parameters()];
        block[shape.wIn().at(0, 0)] = re / norm;
        block[shape.wIn().at(1, 0)] = -im / norm;
        System.arraycopy(Networks.rotation(g, turn), 0, block, shape.wRec().offset(), 4);
        block[shape.wOut().at(0, 1)] = 1.0;
        Rnn rnn = new Rnn(shape, Activation.IDENTITY, 1, 1, false, block);
        Retention holding = Retention.of(rnn, Tasks.byName("oscillation", Map.of("noiseSd", 0)), 3000, 1, 0);
        assertTrue(!holding.levels());
        assertEquals(0.5 / Math.sqrt(2.0), holding.limit(), 1e-3);
        assertEquals(90.0, holding.onsetMs());
        double held = holding.types().get(1).medianMs();
        assertTrue(held >= from && held <= to, held + " ms");
        assertEquals(2910.0, holding.types().get(0).medianMs());
    }

    @Test
    void trainedNetworksHoldTheirAnswers() throws Exception {
        for (String name : List.of("and", "flipflop", "pulse")) {
            Retention holding = Retention.of(Networks.trained(name), Tasks.byName(name), 1500, 5, 1);
            for (Retention.OfType type : holding.types()) {
                double judged = holding.trainedMs() - holding.onsetMs();
                assertTrue(type.medianMs() >= judged, name + " " + type);
                assertEquals(1500.0 - holding.onsetMs(), type.censoredMs());
            }
            assertEquals(!name.equals("pulse"), holding.levels());
        }
    }

    @Test
    void stepsOfHalfAMillisecond() {
        Rnn rnn = leaky(100.3, 70);
        Rnn fine = new Rnn(rnn.shape(), Activation.IDENTITY, 0.5, 0.5, false, rnn.parameters());
        Map<String, Object> half = Map.of(
                "noiseSd", 0, "dtMs", 0.5, "durationMs", 100, "stimulusOnsetMs", 15, "stimulusMs", 10, "delayMs", 10);
        Retention holding = Retention.of(fine, Tasks.byName("or", half), 500, 1, 0);
        // Judged from 100 steps on, when one input's answer isn't yet lost.
        assertArrayEquals(new double[] {50.5}, holding.types().get(1).heldMs());
        assertArrayEquals(new double[] {465.0}, holding.types().get(0).heldMs());
    }

    @Test
    void theMedianIsTheLowerMiddleOne() {
        assertEquals(2.0, new Retention.OfType("a", new double[] {9, 1, 2, 9}, 9).medianMs());
        assertEquals(3.0, new Retention.OfType("a", new double[] {9, 1, 3}, 9).medianMs());
        assertEquals(9.0, new Retention.OfType("a", new double[] {9}, 9).medianMs());
    }

    private record Own() implements OneChannelTask {
        @Override
        public String name() {
            return "own";
        }

        @Override
        public int inputs() {
            return 2;
        }

        @Override
        public int steps() {
            return 5;
        }

        @Override
        public List<String> types() {
            return List.of("all");
        }

        @Override
        public void write(int type, RandomStream random, double[] x, double[] y, double[] mask) {}
    }

    /** All trials of a type are alike but for noise in the states, and that is the seed's, of each trial its own. */
    @Test
    void noiseInTheStatesIsOfTheSeedAndOfEachTrialItsOwn() {
        Rnn rnn = leaky(1e9, 70).withNoise(0.03);
        Retention holding = Retention.of(rnn, or(0), 5000, 20, 3);
        // The sum of two inputs is out of bounds from the start.
        for (Retention.OfType type : holding.types().subList(0, 3)) {
            long distinct = Arrays.stream(type.heldMs()).distinct().count();
            assertTrue(distinct > 10, type.type() + " has " + distinct + " different times of 20");
        }
        double[] held = holding.types().get(1).heldMs();
        assertArrayEquals(
                held, Retention.of(rnn, or(0), 5000, 20, 3).types().get(1).heldMs());
        assertFalse(Arrays.equals(
                held, Retention.of(rnn, or(0), 5000, 20, 4).types().get(1).heldMs()));
        for (Retention.OfType type :
                Retention.of(rnn.withNoise(0), or(0), 5000, 20, 3).types()) {
            assertEquals(1, Arrays.stream(type.heldMs()).distinct().count(), "without noise all are alike");
        }
    }

    @Test
    void whatCannotBeHeldIsSaid() {
        Rnn rnn = leaky(100, 70);
        message("a trial's length is 199.0 ms, expected at least the task's, 200.0 ms", () -> of(rnn, or(0), 199));
        message("a trial's length is NaN ms, expected at least the task's, 200.0 ms", () -> of(rnn, or(0), Double.NaN));
        message("trials of each type are 0, expected at least 1", () -> Retention.of(rnn, or(0), 300, 0, 0));
        message(
                "the answer lasts 49.0 ms in a trial of 119.0 ms, expected at least 50 ms",
                () -> of(rnn, Tasks.byName("or", Map.of("durationMs", 119)), 119));
        of(rnn, Tasks.byName("or", Map.of("durationMs", 119)), 120);
        message(
                "task own has no option durationMs, expected one, to make its trials longer",
                () -> of(rnn, new Own(), 300));
        message(
                "the targets of all types are 0 in the response, expected one to hold",
                () -> of(rnn, Tasks.byName("or", Map.of("targetAmplitude", 0)), 300));
        assertThrows(IllegalArgumentException.class, () -> of(rnn, Tasks.byName("pulse"), 300));
    }

    private static void of(Rnn rnn, Task task, double lengthMs) {
        Retention.of(rnn, task, lengthMs, 1, 0);
    }

    private static void message(String expected, Runnable call) {
        assertEquals(
                expected,
                assertThrows(IllegalArgumentException.class, call::run).getMessage());
    }
}
