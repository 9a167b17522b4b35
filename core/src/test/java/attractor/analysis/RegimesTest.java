package attractor.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.analysis.Attractors.Kind;
import attractor.model.Rnn;
import attractor.task.Task;
import attractor.task.Tasks;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RegimesTest {
    private static Rnn driven(double... w) {
        Rnn rnn = Networks.tanh(w);
        rnn.parameters()[rnn.shape().wIn().at(0, 0)] = 1.0;
        return rnn;
    }

    @Test
    void aBistableUnitEndsInOneOfItsFixedPoints() {
        Regimes regimes = Regimes.of(driven(2.0), Tasks.byName("pulse"), 0);
        Regimes.OfType none = regimes.types().get(0);
        Regimes.OfType pulse = regimes.types().get(1);
        assertEquals(List.of("none", "pulse"), List.of(none.type(), pulse.type()));
        assertEquals(Kind.UNSTABLE_FIXED_POINT, none.end().kind());
        assertTrue(none.end().kind().still() && !none.end().kind().oscillates());
        assertEquals(Map.of(Kind.FIXED_POINT, 20), none.noisyEnds());
        assertEquals(Kind.FIXED_POINT, pulse.end().kind());
        assertEquals(0.9575040240772688, pulse.end().outputs().get(0).mean(), 1e-12);
        assertEquals(250.0, pulse.settledMs());
        assertEquals(20, pulse.noisyTrials());
        assertEquals(2.0, regimes.leadingReal().orElseThrow().re());
        assertTrue(regimes.leadingComplex().isEmpty());
        assertEquals(Attractors.Regime.RAMPING, regimes.eigenvalues());
    }

    @Test
    void aRotationGoesRoundAClosedCurve() {
        Task task = Tasks.byName("pulse");
        Rnn rnn = driven(Networks.blocks(Networks.rotation(1.3, 2.0), new double[] {0.5, 0, 0, -0.9}));
        Regimes regimes = Regimes.of(rnn, task, Attractors.Options.of(rnn).withNoisyTrials(3));
        Regimes.OfType pulse = regimes.types().get(1);
        assertEquals(Kind.CLOSED_CURVE, pulse.end().kind());
        assertTrue(pulse.end().kind().oscillates() && !pulse.end().kind().still());
        assertEquals(Map.of(Kind.CLOSED_CURVE, 3), pulse.noisyEnds());
        Spectrum.Mode pair = regimes.leadingComplex().orElseThrow();
        assertEquals(1.3, pair.modulus(), 1e-12);
        assertEquals(2000.0 / (2.0 * Math.PI), pair.frequencyHz(), 1e-9);
        assertEquals(-0.9, regimes.leadingReal().orElseThrow().re(), 1e-12);
        Regimes quiet = Regimes.of(rnn, task, Attractors.Options.of(rnn).withNoisyTrials(0));
        assertEquals(Map.of(), quiet.types().get(1).noisyEnds());
        assertEquals(0, quiet.types().get(1).noisyTrials());
    }

    /** The two AND networks of which data/README tells. */
    @Test
    void theSameTaskByFixedPointsAndByAnOscillation() throws Exception {
        Task and = Tasks.byName("and");
        Regimes still = Regimes.of(Networks.trained("and"), and, 0);
        for (Regimes.OfType type : still.types()) {
            assertTrue(type.end().kind().still(), type.type());
            assertEquals(20, type.noisyTrials(), type.type());
            double level = type.type().equals("11") ? 1.0 : 0.0;
            assertEquals(level, type.end().outputs().get(0).mean(), 0.05, type.type());
        }
        assertEquals(1.18, still.leadingReal().orElseThrow().re(), 0.005);
        Regimes turning = Regimes.of(Networks.trained("and-oscillating"), and, 0);
        Regimes.OfType one = turning.types().get(1);
        assertEquals("01", one.type());
        assertEquals(Kind.CLOSED_CURVE, one.end().kind());
        assertEquals(8.9, one.end().frequencyHz(), 0.05);
        assertEquals(Kind.FIXED_POINT, turning.types().get(3).end().kind());
        assertEquals(0.06, turning.leadingComplex().orElseThrow().im(), 0.005);
        Attractors all = Attractors.of(Networks.trained("and-oscillating"), and);
        for (int k = 0; k < 4; k++) {
            assertEquals(
                    all.attractors().get(all.types().get(k).attractor()).words(),
                    turning.types().get(k).end().words());
        }
    }

    @Test
    void anotherTaskIsAnError() {
        assertThrows(IllegalArgumentException.class, () -> Regimes.of(Networks.tanh(0.5), Tasks.byName("and"), 0));
    }
}
