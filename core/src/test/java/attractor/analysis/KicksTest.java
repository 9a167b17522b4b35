package attractor.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.analysis.Kicks.Direction;
import attractor.analysis.Kicks.Kick;
import attractor.kernel.Activation;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import attractor.task.Task;
import attractor.task.Tasks;
import attractor.task.TrialPart;
import java.util.List;
import org.junit.jupiter.api.Test;

class KicksTest {
    /** h1' = 0.9 h1 + x, h2' = 0.5 h2, y = h1: kicks decay by 0.9 and 0.5 per step. */
    private static Rnn linear() {
        RnnShape shape = new RnnShape(1, 2, 1);
        double[] block = new double[shape.parameters()];
        block[shape.wRec().at(0, 0)] = 0.9;
        block[shape.wRec().at(1, 1)] = 0.5;
        block[shape.wIn().at(0, 0)] = 1.0;
        block[shape.wOut().at(0, 0)] = 1.0;
        return new Rnn(shape, Activation.IDENTITY, 1.0, 1.0, false, block);
    }

    private static Kicks.Options options(Direction direction, double size, double ms) {
        return new Kicks.Options(List.of(direction), List.of(size), List.of(ms), 2, 10.0, 0.1, 0);
    }

    private static double rms(Task task, int step, double first, double factor) {
        TrialPart window = Attractors.answer(task);
        double square = 0.0;
        for (int t = window.from(); t < window.to(); t++) {
            double d = first * Math.pow(factor, t - step + 1);
            square += d * d;
        }
        return Math.sqrt(square / (window.to() - window.from()));
    }

    @Test
    void kicksOfALinearNetworkDecay() {
        Task task = Tasks.byName("pulse").withoutNoise();
        Kicks kicks = Kicks.of(linear(), task, options(Direction.MODE, 0.5, 60));
        assertEquals(4, kicks.kicks().size());
        for (Kick kick : kicks.kicks()) {
            double factor = kick.index() == 0 ? 0.9 : 0.5;
            assertEquals(60, kick.step());
            assertEquals(0.5 * kicks.norm(), kick.displacement(), 1e-12);
            assertEquals(1.0, kick.largest(), 1e-12);
            assertEquals(kick.index() == 0 ? 22 : 4, kick.returnSteps());
            assertEquals(Math.pow(factor, task.steps() - 60), kick.atEnd(), 1e-9);
            double expected = kick.index() == 0 ? rms(task, 60, 0.5 * kicks.norm(), factor) : 0.0;
            assertEquals(expected, kick.response(), 1e-12);
        }
    }

    /** A pulse of 10 steps into h1: (1 - 0.9^10) / 0.1 at its end. */
    @Test
    void aPulseOfInput() {
        Task task = Tasks.byName("pulse").withoutNoise();
        Kicks kicks = Kicks.of(linear(), task, options(Direction.INPUT, 0.2, 20));
        double displaced = 0.2 * (1.0 - Math.pow(0.9, 10)) / 0.1;
        for (Kick kick : kicks.kicks()) {
            assertEquals(displaced, kick.displacement(), 1e-12);
            assertEquals(22, kick.returnSteps());
            assertEquals(rms(task, 30, displaced, 0.9), kick.response(), 1e-12);
        }
        assertEquals(2, kicks.kicks().size());
        // Late pulses: the trial ends before the state can return.
        Kicks late = Kicks.of(linear(), task, options(Direction.INPUT, 0.2, task.steps() - 15));
        assertEquals(-1, late.kicks().get(0).returnSteps());
        assertEquals(0.0, late.means().get(0).returned());
        assertTrue(Double.isNaN(late.means().get(0).returnSteps()));
    }

    /** After the stimuli a state moved all the way to that of another trial goes on as that one does. */
    @Test
    void allTheWayToAnotherTrial() throws Exception {
        Task task = Tasks.byName("and").withoutNoise();
        Rnn rnn = Networks.trained("and-oscillating");
        List<String> types = task.types();
        int ones = types.indexOf("11");
        Kicks whole = Kicks.of(rnn, task, options(Direction.TOWARDS, 1.0, 55));
        assertEquals(12, whole.kicks().size());
        for (Kick kick : whole.kicks()) {
            assertEquals(kick.type() == ones || kick.index() == ones, kick.changed(), () -> kick + " " + whole.kicks());
        }
        Kicks small = Kicks.of(rnn, task, options(Direction.TOWARDS, 0.01, 55));
        assertTrue(small.kicks().stream().noneMatch(Kick::changed));
        assertEquals(0.5, whole.means().get(0).changed(), 0.0);
        assertEquals(0.0, small.means().get(0).changed(), 0.0);
    }

    /** Constants of data/python/checks/dynamics.py, which runs the network in NumPy. */
    @Test
    void aPulseIntoATrainedNetworkIsNumPys() throws Exception {
        Task task = Tasks.byName("and").withoutNoise();
        int ones = task.types().indexOf("11");
        Kick kick =
                Kicks.of(Networks.trained("and-oscillating"), task, options(Direction.INPUT, 0.3, 120)).kicks().stream()
                        .filter(k -> k.type() == ones && k.index() == 0)
                        .findFirst()
                        .orElseThrow();
        assertEquals(0.8099225100539158, kick.displacement(), 1e-11);
        assertEquals(1.0, kick.largest(), 0.0);
        assertEquals(0.006530441135941235, kick.atEnd(), 1e-11);
        assertEquals(0.022963539476555463, kick.response(), 1e-11);
        assertEquals(18, kick.returnSteps());
    }

    @Test
    void theDefaultsKickEveryPart() throws Exception {
        Task task = Tasks.byName("xor");
        Rnn rnn = Networks.trained("xor");
        Kicks kicks = Kicks.of(rnn, task, Kicks.Options.DEFAULT);
        for (Direction direction : Direction.values()) {
            for (double size : Kicks.Options.DEFAULT.sizes()) {
                assertTrue(
                        kicks.means().stream().anyMatch(m -> m.direction() == direction && m.size() == size),
                        direction + " " + size);
            }
        }
        assertEquals(kicks.kicks(), Kicks.of(rnn, task, Kicks.Options.DEFAULT).kicks());
        assertFalse(kicks.kicks()
                .equals(Kicks.of(rnn, task, Kicks.Options.DEFAULT.withSeed(1)).kicks()));
    }

    @Test
    void wrongOptions() {
        assertThrows(IllegalArgumentException.class, () -> options(Direction.MODE, 0.0, 20));
        assertThrows(IllegalArgumentException.class, () -> options(Direction.MODE, Double.NaN, 20));
        assertThrows(IllegalArgumentException.class, () -> options(Direction.MODE, 1.0, -1));
        assertThrows(
                IllegalArgumentException.class,
                () -> Kicks.of(linear(), Tasks.byName("pulse"), options(Direction.MODE, 1.0, 5000)));
        assertThrows(
                IllegalArgumentException.class,
                () -> Kicks.of(linear(), Tasks.byName("and"), options(Direction.MODE, 1.0, 20)));
    }
}
