package attractor.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.analysis.Attractors.Attractor;
import attractor.analysis.Attractors.Curve;
import attractor.analysis.Attractors.Kind;
import attractor.analysis.Attractors.Options;
import attractor.analysis.Attractors.OutputRange;
import attractor.analysis.Attractors.Regime;
import attractor.analysis.Attractors.Response;
import attractor.kernel.Activation;
import attractor.kernel.Kernels;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import attractor.random.RandomStream;
import attractor.task.OneChannelTask;
import attractor.task.Task;
import attractor.task.Tasks;
import attractor.task.TrialPart;
import attractor.task.Trials;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AttractorsTest {
    private static final double THETA = 0.7;
    private static final double TURN = THETA / (2.0 * Math.PI);

    private static Attractor settle(Rnn rnn, double... start) {
        AttractorFinder finder = new AttractorFinder(new ConstantMap(rnn, null, Kernels.get()), Options.of(rnn));
        AttractorFinder.Settled[] settled = finder.settle(1, start);
        return finder.attractors().get(settled[0].attractor());
    }

    // Maps whose attractor is known

    @ParameterizedTest
    @CsvSource({"0.8, 1.0", "0.99, 1.0", "0.9, 0.5"})
    void aDampedRotationComesToRest(double gain, double alpha) {
        Rnn rnn = Networks.of(Activation.TANH, alpha, 1.0, null, Networks.rotation(gain, THETA));
        Attractor a = settle(rnn, 0.4, -0.3);
        assertEquals(Kind.FIXED_POINT, a.kind());
        assertTrue(a.stable());
        assertEquals(0.0, a.states()[0], 1e-12);
        // |1 - alpha + alpha g exp(i theta)|
        double re = 1.0 - alpha + alpha * gain * Math.cos(THETA);
        double im = alpha * gain * Math.sin(THETA);
        assertEquals(Math.log(Math.hypot(re, im)), a.exponents()[0], 1e-12);
        assertTrue(Double.isNaN(a.frequencyHz()));
    }

    /** Beyond gain 1 (Neimark-Sacker) the rotation number starts from theta and the radius grows as the square root. */
    @ParameterizedTest
    @CsvSource({"1.002, 1e-6, 1", "1.01, 1e-6, 1", "1.05, 2e-5, 1", "1.3, 1e-3, 1", "1.05, 2e-5, -1"})
    void anAmplifiedRotationRunsOnAClosedCurve(double gain, double tolerance, int sign) {
        Attractor a = settle(Networks.tanh(Networks.rotation(sign * gain, THETA)), 0.4, -0.3);
        assertEquals(Kind.CLOSED_CURVE, a.kind());
        Curve curve = a.curve().orElseThrow();
        assertEquals(1, curve.curves());
        double turn = sign > 0 ? TURN : 0.5 - TURN;
        assertEquals(turn, curve.rotationNumber(), tolerance);
        assertEquals(1000.0 * curve.rotationNumber(), a.frequencyHz(), 1e-6);
        assertEquals(1000.0 * curve.rotationNumber(), a.outputs().get(0).frequencyHz(), 1e-6);
        assertTrue(curve.invarianceResidual() <= 1e-6 * curve.radius(), curve::toString);
        assertEquals(0.0, a.exponents()[0], 1e-3);
        assertTrue(a.exponents()[1] < -1e-3);
        assertEquals(2, a.exponents().length);
        if (gain < 1.02) {
            // r = g r - (g r)^3 / 4, from tanh z = z - z^3 / 3 and the mean 3/4 of cos^4 + sin^4 over directions.
            assertEquals(Math.sqrt(4.0 * (gain - 1.0) / Math.pow(gain, 3.0)), curve.radius(), 0.01 * curve.radius());
            assertEquals(Math.log(3.0 - 2.0 * gain), a.exponents()[1], 0.05 * (gain - 1.0));
        }
        OutputRange y = a.outputs().get(0);
        assertEquals(0.0, y.mean(), 1e-3);
        assertEquals(y.max(), -y.min(), 1e-3);
        assertEquals(curve.radius(), y.amplitude(), 0.1 * curve.radius());
    }

    @Test
    void atTheBifurcationItTakesLongerThanAsked() {
        assertEquals(
                Kind.UNSETTLED,
                settle(Networks.tanh(Networks.rotation(1.0, THETA)), 0.4, -0.3).kind());
    }

    @Test
    void aLeakyRotationRunsOnAClosedCurve() {
        double alpha = 0.1;
        Rnn rnn = Networks.of(Activation.TANH, 0.5, 5.0, null, Networks.rotation(1.5, THETA));
        Attractor a = settle(rnn, 0.1, 0.0);
        assertEquals(Kind.CLOSED_CURVE, a.kind());
        // Not far from the argument of mu at 0.
        double arg = Math.atan2(alpha * 1.5 * Math.sin(THETA), 1.0 - alpha + alpha * 1.5 * Math.cos(THETA));
        assertEquals(arg / (2.0 * Math.PI), a.curve().orElseThrow().rotationNumber(), 3e-3);
        assertEquals(
                1000.0 * a.curve().orElseThrow().rotationNumber() / 0.5,
                a.frequencyHz(),
                1e-6,
                "in Hz, with steps of half a millisecond");
    }

    @Test
    void twoRotationsMakeATorus() {
        double[] w = Networks.blocks(Networks.rotation(1.1, THETA), Networks.rotation(1.2, 1.9));
        Rnn rnn = Networks.tanh(w);
        Options options = Options.of(rnn).withSettleSteps(2000);
        AttractorFinder finder = new AttractorFinder(new ConstantMap(rnn, null, Kernels.get()), options);
        finder.settle(1, new double[] {0.4, -0.3, 0.2, 0.5});
        Attractor torus = finder.attractors().get(0);
        assertEquals(Kind.TORUS, torus.kind());
        assertEquals(0.0, torus.exponents()[0], 1e-3);
        assertEquals(0.0, torus.exponents()[1], 1e-3);
        assertTrue(torus.exponents()[2] < -1e-2);
        assertTrue(torus.curve().isEmpty());
        // The same torus again, and one of its circles alone, which is another attractor to those that start on it.
        AttractorFinder.Settled[] more = finder.settle(2, new double[] {-0.1, 0.2, 0.3, -0.4, 0.3, 0.2, 0.0, 0.0});
        assertEquals(0, more[0].attractor());
        Attractor circle = finder.attractors().get(more[1].attractor());
        assertEquals(Kind.CLOSED_CURVE, circle.kind());
        assertEquals(Math.log(1.2), circle.exponents()[0], 1e-6, "unstable, but the state stays");
        // Next to the circle is not on it.
        assertEquals(0, finder.settle(1, new double[] {0.3, 0.2, 1e-6, 0.0})[0].attractor());
    }

    @ParameterizedTest
    @ValueSource(doubles = {1.2, 2.0, 5.0})
    void aUnitThatInhibitsItselfAlternates(double gain) {
        Attractor a = settle(Networks.tanh(-gain), 0.1);
        assertEquals(Kind.PERIODIC_ORBIT, a.kind());
        assertEquals(2, a.period());
        assertEquals(-a.states()[0], a.states()[1], 1e-12);
        assertEquals(Math.abs(a.states()[0]), Math.tanh(gain * Math.abs(a.states()[0])), 1e-12);
        double slope = gain * (1.0 - a.states()[0] * a.states()[0]);
        assertEquals(slope * slope, a.multipliers().orElseThrow().re()[0], 1e-12);
        assertEquals(Math.log(slope), a.exponents()[0], 1e-10);
        assertEquals(500.0, a.frequencyHz());
        assertEquals(Math.abs(a.states()[0]), a.outputs().get(0).amplitude(), 1e-12);
        assertEquals("oscillation, 500 Hz (period 2)", a.words());
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 5, 7})
    void aRingOfUnitsTakesTurns(int n) {
        double[] start = new double[n];
        start[0] = 0.5;
        start[1] = -0.2;
        Attractor a = settle(Networks.tanh(Networks.cycle(n, 1.5)), start);
        assertEquals(Kind.PERIODIC_ORBIT, a.kind());
        assertEquals(n, a.period());
        // Each unit's value is tanh(1.5 v) of the one before it; those of units that started at 0 stay 0 and are
        // unstable.
        assertTrue(a.multipliers().orElseThrow().unstable() > 0);
        assertFalse(a.stable());
        Arrays.fill(start, 0.5);
        start[1] = -0.2;
        Attractor stable = settle(Networks.tanh(Networks.cycle(n, 1.5)), start);
        assertEquals(n, stable.period());
        assertTrue(stable.stable());
        assertEquals(
                stable.multipliers().orElseThrow().re()[0],
                stable.multipliers().orElseThrow().radius(),
                1e-9);
        double h = Math.abs(stable.states()[0]);
        assertEquals(h, Math.tanh(1.5 * h), 1e-10);
        double slope = 1.5 * (1.0 - h * h);
        assertEquals(
                n * Math.log(slope), Math.log(stable.multipliers().orElseThrow().radius()), 1e-8);
    }

    @Test
    void aQuarterTurnIsAnOrbitOfFourOnceItLocks() {
        Attractor a = settle(Networks.tanh(Networks.rotation(1.3, Math.PI / 2.0)), 0.4, -0.3);
        assertEquals(Kind.PERIODIC_ORBIT, a.kind());
        assertEquals(4, a.period());
        assertTrue(a.stable());
    }

    /** A unit that alternates beside a rotation: F takes turns with two curves, and F^2 turns by twice theta. */
    @Test
    void twoCurvesInTurn() {
        double[] w = Networks.blocks(Networks.rotation(1.1, THETA), new double[] {-1.5});
        Attractor a = settle(Networks.tanh(w), 0.4, -0.3, 0.2);
        assertEquals(Kind.CLOSED_CURVE, a.kind());
        Curve curve = a.curve().orElseThrow();
        assertEquals(2, curve.curves());
        assertEquals(2.0 * TURN, curve.rotationNumber(), 1e-3);
        assertTrue(curve.invarianceResidual() < 1e-6);
    }

    @Test
    void strongRandomWeightsAreChaotic() {
        long seed = 4;
        Rnn rnn = Networks.random(50, 2.5, seed);
        Attractor a = settle(rnn, Networks.states(1, 50, 0.5, seed));
        assertEquals(Kind.CHAOS, a.kind(), "seed " + seed);
        // Chaos sets in at gain 1 as N grows; at 2.5 trajectories part by a fifth a step.
        assertTrue(a.exponents()[0] > 0.05 && a.exponents()[0] < 1.0, "seed " + seed + ": " + a.exponents()[0]);
        assertEquals(4, a.exponents().length);
        for (int k = 1; k < 4; k++) {
            assertTrue(a.exponents()[k] <= a.exponents()[k - 1] + 1e-3);
        }
        assertTrue(Double.isNaN(a.frequencyHz()));
        assertEquals("chaos", a.words());
    }

    @Test
    void aLinearNetworkMayDiverge() {
        Attractor a =
                settle(Networks.of(Activation.IDENTITY, 1.0, 1.0, null, Networks.rotation(1.1, THETA)), 0.4, -0.3);
        assertEquals(Kind.DIVERGING, a.kind());
        assertEquals(0, a.states().length);
        assertEquals(1, a.outputs().size());
    }

    @Test
    void aStateThatSitsOnAnUnstablePointIsToldSo() {
        Rnn rnn = Networks.tanh(Networks.rotation(1.3, THETA));
        AttractorFinder finder = new AttractorFinder(new ConstantMap(rnn, null, Kernels.get()), Options.of(rnn));
        AttractorFinder.Settled[] settled = finder.settle(2, new double[] {0.0, 0.0, 1e-9, 0.0});
        Attractor zero = finder.attractors().get(settled[0].attractor());
        assertEquals(Kind.UNSTABLE_FIXED_POINT, zero.kind());
        assertEquals(2, zero.multipliers().orElseThrow().unstable());
        assertNotEquals(settled[0].attractor(), settled[1].attractor(), "next to it is not on it");
        assertEquals(
                Kind.CLOSED_CURVE,
                finder.attractors().get(settled[1].attractor()).kind());
    }

    @Test
    void attractorsAreKnownAgain() {
        Rnn rnn = Networks.tanh(2.0);
        AttractorFinder finder = new AttractorFinder(new ConstantMap(rnn, null, Kernels.get()), Options.of(rnn));
        AttractorFinder.Settled[] settled = finder.settle(5, new double[] {0.1, -0.1, 0.7, 0.0, -1e-9});
        assertEquals(3, finder.attractors().size());
        assertEquals(settled[0].attractor(), settled[2].attractor());
        assertEquals(settled[1].attractor(), settled[4].attractor());
        assertEquals(
                Kind.UNSTABLE_FIXED_POINT,
                finder.attractors().get(settled[3].attractor()).kind());
        Rnn turning = Networks.tanh(Networks.rotation(1.2, THETA));
        AttractorFinder other = new AttractorFinder(new ConstantMap(turning, null, Kernels.get()), Options.of(turning));
        AttractorFinder.Settled[] same = other.settle(3, new double[] {0.1, 0.0, -0.3, 0.8, 0.0, -1.0});
        assertEquals(1, other.attractors().size());
        assertEquals(same[0].attractor(), same[2].attractor());
    }

    // Whole analyses

    /** What a network that does nothing but hand on its input sees. */
    private record Signal(List<String> types, double hz, boolean step) implements OneChannelTask {
        @Override
        public String name() {
            return "signal";
        }

        @Override
        public int steps() {
            return 200;
        }

        @Override
        public List<TrialPart> parts() {
            return List.of(new TrialPart(TrialPart.BEFORE, 0, 50), new TrialPart(TrialPart.RESPONSE, 50, 200));
        }

        @Override
        public void write(int type, RandomStream random, double[] x, double[] y, double[] mask) {
            for (int t = 50; t < 200; t++) {
                x[t] = type == 0 ? 0.0 : step ? 0.8 : 0.3 + 0.5 * Math.sin(2.0 * Math.PI * hz * t / 1000.0);
            }
        }
    }

    private static Rnn relay() {
        RnnShape shape = new RnnShape(1, 2, 1);
        double[] block = new double[shape.parameters()];
        block[shape.wIn().at(0, 0)] = 1.0;
        block[shape.wRec().at(1, 0)] = 0.5;
        block[shape.wOut().at(0, 0)] = 1.0;
        return new Rnn(shape, Activation.IDENTITY, 1.0, 1.0, false, block);
    }

    @ParameterizedTest
    @ValueSource(doubles = {13.7, 27.0, 180.0, 499.0})
    void responsesOscillateAtTheFrequencyThatGoesIn(double hz) {
        Task task = new Signal(List.of("0", "1"), hz, false);
        Attractors a = Attractors.of(relay(), task);
        Response on = a.types().get(1).responses().get(0);
        assertTrue(on.oscillates());
        assertEquals(hz, on.frequencyHz(), 1e-3 * hz);
        if (hz < 400.0) {
            assertEquals(0.5, on.amplitude(), 1e-3);
            assertEquals(1.0, on.explained(), 1e-5);
        }
        assertEquals(50.0, on.fromMs());
        assertEquals(200.0, on.toMs());
        Response off = a.types().get(0).responses().get(0);
        assertFalse(off.oscillates());
        assertEquals(0.0, off.level());
        assertEquals(Regime.QUIET, a.types().get(0).activity());
        assertEquals(Regime.OSCILLATORY, a.types().get(1).activity());
        assertEquals("0: fixed point, output 0.00", a.line(0));
        assertEquals(
                String.format(Locale.ROOT, "1: oscillation, %.0f Hz; in the long run fixed point, output 0.00", hz),
                a.line(1));
    }

    @Test
    void aLevelIsALevel() {
        Attractors a = Attractors.of(relay(), new Signal(List.of("off", "on"), 0.0, true));
        Response on = a.types().get(1).responses().get(0);
        assertFalse(on.oscillates());
        assertEquals(0.8, on.level(), 1e-12);
        assertEquals("on: output 0.80; in the long run fixed point, output 0.00", a.line(1));
        assertEquals("off: fixed point, output 0.00", a.line(0));
    }

    @Test
    void aConstantInputStaysOn() {
        Task task = new Signal(List.of("off", "on"), 0.0, true);
        Rnn rnn = relay();
        Attractors a = Attractors.of(rnn, task, task, Options.of(rnn).withInput(new double[] {0.8}));
        assertEquals("on: fixed point, output 0.80", a.line(1));
    }

    /** A bistable unit behind an input: a pulse switches it on, noise may do so too. */
    @Test
    void noiseDecidesWhereAnUnstablePointLeads() {
        RnnShape shape = new RnnShape(1, 1, 1);
        double[] block = new double[shape.parameters()];
        block[shape.wIn().at(0, 0)] = 1.0;
        block[shape.wRec().at(0, 0)] = 2.0;
        block[shape.wOut().at(0, 0)] = 1.0;
        Rnn rnn = Rnn.zeros(shape).withParameters(block);
        Task pulse = Tasks.byName("pulse");
        Attractors a =
                Attractors.of(rnn, pulse.withoutNoise(), pulse, Options.of(rnn).withNoisyTrials(40));
        assertEquals(3, a.attractors().size());
        int none = a.types().get(0).attractor();
        assertEquals(Kind.UNSTABLE_FIXED_POINT, a.attractors().get(none).kind());
        double[] fractions = a.types().get(0).noisyFractions();
        assertEquals(0.0, fractions[none]);
        assertEquals(1.0, Arrays.stream(fractions).sum(), 1e-12);
        for (int k = 0; k < 3; k++) {
            assertTrue(k == none || fractions[k] > 0.1, Arrays.toString(fractions));
        }
        int on = a.types().get(1).attractor();
        assertEquals(1.0, a.types().get(1).noisyFractions()[on]);
        assertEquals("pulse: fixed point, output 0.96", a.line(1));
        assertTrue(a.line(0).startsWith("none: unstable fixed point, output 0.00; after noise fixed point"), a.line(0));
        assertEquals(
                a.lines(),
                Attractors.of(rnn, pulse.withoutNoise(), pulse, Options.of(rnn).withNoisyTrials(40))
                        .lines());
        Attractors without =
                Attractors.of(rnn, pulse.withoutNoise(), pulse, Options.of(rnn).withNoisyTrials(0));
        assertEquals(0, without.types().get(0).noisyFractions().length);
        assertEquals("none: unstable fixed point, output 0.00", without.line(0));
    }

    @Test
    void regimesOfEigenvalues() {
        assertEquals(Regime.RAMPING, Regime.of(spectrum(1.0, 1.1, 0.0, 0.5, 0.6)));
        assertEquals(Regime.OSCILLATORY, Regime.of(spectrum(1.0, 1.0, 0.5, 0.9, 0.0)));
        assertEquals(Regime.OSCILLATORY, Regime.of(spectrum(1.0, -1.2, 0.0, 0.9, 0.0)), "a negative one alternates");
        assertEquals(Regime.MIXED, Regime.of(spectrum(1.0, 1.1, 0.1, 1.1, 0.0)));
        assertEquals(Regime.RAMPING, Regime.of(spectrum(0.3, -1.0, 0.0, 0.5, 0.0)), "mu is 0.4 and 0.85");
        assertEquals(Regime.OSCILLATORY, Regime.of(spectrum(0.3, -6.0, 0.0, 0.5, 0.0)), "mu is -1.1 and 0.85");
        assertEquals(Regime.RAMPING, Regime.of(0.3));
        assertEquals(Regime.MIXED, Regime.of(0.5));
        assertEquals(Regime.OSCILLATORY, Regime.of(0.7));
        assertEquals(Regime.QUIET, Regime.of(Double.NaN));
        assertEquals(Regime.MIXED, Regime.of(Regime.RAMPING, Regime.OSCILLATORY));
        assertEquals(Regime.RAMPING, Regime.of(Regime.RAMPING, Regime.RAMPING));
        assertEquals(Regime.QUIET, Regime.of(Regime.OSCILLATORY, Regime.QUIET));
        Rnn rnn = Networks.tanh(Networks.rotation(1.05, THETA));
        assertEquals(
                Regime.OSCILLATORY, Attractors.of(rnn, Tasks.byName("pulse")).eigenvalues());
    }

    /** Of two blocks, each a rotation times a gain; with im = 0 a real eigenvalue twice. */
    private static Spectrum spectrum(double alpha, double re0, double im0, double re1, double im1) {
        double[] w = Networks.blocks(new double[] {re0, -im0, im0, re0}, new double[] {re1, -im1, im1, re1});
        return Spectrum.withoutVectors(Networks.of(Activation.TANH, alpha, 1.0, null, w));
    }

    @Test
    void errorsNameWhatIsWrong() {
        Rnn rnn = Networks.tanh(0.5);
        message(
                "task and has 2 inputs and 1 output, expected the network's I = 1 and O = 1",
                () -> Attractors.of(rnn, Tasks.byName("and")));
        message(
                "dt of 2.0 ms, expected the network's, 1.0 ms",
                () -> Attractors.of(rnn, Tasks.byName("pulse", Map.of("dtMs", 2.0))));
        message(
                "has types [none, osc], expected those of the one without, [none, pulse]",
                () -> Attractors.of(rnn, Tasks.byName("pulse"), Tasks.byName("oscillation"), Options.of(rnn)));
        message("settleSteps 0", () -> Options.of(rnn).withSettleSteps(0));
    }

    private static void message(String part, Runnable call) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, call::run);
        assertTrue(e.getMessage().contains(part), e::getMessage);
    }

    /** What states settle on from h0 without input: one trial of one type. */
    private static Attractor from(Activation phi, double[] wRec, double... h0) {
        int n = h0.length;
        RnnShape shape = new RnnShape(1, n, 1);
        double[] p = new double[shape.parameters()];
        System.arraycopy(wRec, 0, p, shape.wRec().offset(), n * n);
        System.arraycopy(h0, 0, p, shape.h0().offset(), n);
        Rnn rnn = new Rnn(shape, phi, 1, 1, false, p);
        Task still =
                Tasks.ofTrials("still", Trials.ofArrays(1, 1, 1, new double[1], new double[1], null, null, null), 1);
        return Attractors.of(rnn, still, still, Attractors.Options.of(rnn).withNoisyTrials(0))
                .attractors()
                .get(0);
    }

    /**
     * With W_rec = -I there are cycles of two states at every distance from 0 if units are linear, and none if they are
     * tanh: there tanh(tanh(h)) - h only stays below what double precision tells.
     */
    @ParameterizedTest
    @ValueSource(doubles = {1e-4, 1e-5, 3e-6})
    void aContinuumOfCyclesIsOneOnlyWhereItGoesOn(double distance) {
        double[] reflection = {-1, 0, 0, -1};
        double[] rotation = {0, -1, 1, 0};
        double[] identity = {1, 0, 0, 1};
        assertEquals(
                2, from(Activation.IDENTITY, reflection, distance, distance).period());
        assertEquals(4, from(Activation.IDENTITY, rotation, distance, 0).period());
        assertEquals(
                Kind.UNSETTLED,
                from(Activation.TANH, reflection, distance, distance).kind());
        assertEquals(
                Kind.UNSETTLED,
                from(Activation.TANH, identity, distance, distance).kind());
        assertNotEquals(
                Kind.PERIODIC_ORBIT,
                from(Activation.TANH, rotation, distance, 0).kind());
        assertEquals(Kind.FIXED_POINT, from(Activation.TANH, reflection, 0, 0).kind());
    }
}
