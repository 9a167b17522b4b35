package attractor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import attractor.analysis.Attractors;
import attractor.analysis.Attractors.Attractor;
import attractor.analysis.Attractors.Curve;
import attractor.analysis.Attractors.Kind;
import attractor.analysis.Attractors.Response;
import attractor.analysis.Attractors.TypeResult;
import attractor.analysis.FixedPoints;
import attractor.analysis.NetworkAnalysis;
import attractor.dynamics.Simulator;
import attractor.interchange.ForeignNetwork;
import attractor.io.Json;
import attractor.io.JsonObject;
import attractor.model.Rnn;
import attractor.task.Task;
import attractor.task.Tasks;
import attractor.task.Trials;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Fixed points and attractors of the networks that the paper's authors published. The folder comes from
 * {@code -Dattractor.reference}.
 */
class ReferenceDynamicsTest {
    private static Path folder;

    @BeforeAll
    static void findFolder() {
        String property = System.getProperty("attractor.reference");
        assumeTrue(property != null, "skipped: -Dattractor.reference=FOLDER is not set");
        folder = Path.of(property);
    }

    private static Rnn network(String name) throws IOException {
        return ForeignNetwork.read(folder.resolve("networks").resolve(name + "-trained.hdf5"), null, note -> {})
                .orElseThrow();
    }

    private static Simulator.Trajectory simulate(Rnn rnn, Task task, int trials) {
        Trials set = Trials.balanced(task, trials, 5, Trials.EVALUATION);
        double[] x = new double[trials * set.steps() * set.inputs()];
        double[] y = new double[set.steps() * set.outputs()];
        Trials.Reader reader = set.reader();
        for (int k = 0; k < trials; k++) {
            reader.read(k, x, k * set.steps() * set.inputs(), y, 0, null, 0);
        }
        return new Simulator(rnn).run(x, trials, set.steps());
    }

    @Test
    void andHoldsItsAnswerInAFixedPoint() throws IOException {
        Rnn rnn = network("and-04");
        Task noisy = Tasks.byName("and");
        double[] states = simulate(rnn, noisy, 16).h();
        FixedPoints found = FixedPoints.of(rnn, states);
        Task longer = Tasks.byName("and", Map.of("durationMs", 600.0)).withoutNoise();
        Simulator.Trajectory quiet = simulate(rnn, longer, 4);
        double simulated = quiet.y()[quiet.y().length - 1];
        assertTrue(simulated > 0.9 && simulated < 1.1, "output " + simulated);
        FixedPoints.Point high = found.points().stream()
                .filter(p -> Math.abs(p.output()[0] - simulated) < 1e-6)
                .findFirst()
                .orElseThrow();
        double[] end = quiet.state(3, 599);
        for (int i = 0; i < end.length; i++) {
            assertEquals(end[i], high.state()[i], 1e-9);
        }
        assertTrue(high.multipliers().orElseThrow().stable());
        assertTrue(high.certificate().orElseThrow().radius() < 1e-11);
        assertFalse(high.outlier());
        assertTrue(high.seedFraction() > 0.0);
        // The ghost of a saddle and a node keeps other seeds.
        assertFalse(found.slow().isEmpty());

        Attractors attractors = Attractors.of(rnn, noisy);
        JsonObject expected = Json.read(folder.resolve("expected.json"))
                .getObject("and-04-trained.hdf5")
                .getObject("noiseless");
        for (TypeResult type : attractors.types()) {
            List<?> outputs = expected.getObject(type.type()).getList("output_every_20");
            double level = type.responses().get(0).level();
            assertEquals(((Number) outputs.get(8)).doubleValue(), level, 0.02, type.type());
        }
        TypeResult both = attractors.types().get(3);
        Attractor end11 = attractors.attractors().get(both.attractor());
        assertEquals(Kind.FIXED_POINT, end11.kind());
        assertEquals(simulated, end11.outputs().get(0).mean(), 1e-6);
        assertEquals(1.0, both.noisyFractions()[both.attractor()]);
        assertEquals("11: fixed point, output 1.02", attractors.line(3));
        TypeResult none = attractors.types().get(0);
        assertEquals(
                Kind.UNSTABLE_FIXED_POINT,
                attractors.attractors().get(none.attractor()).kind(),
                "h = 0, without input and bias");
    }

    @Test
    void theOtherAndNetworkRampsToItsAnswers() throws IOException {
        Attractors attractors = Attractors.of(network("and-14"), Tasks.byName("and"));
        assertEquals(Attractors.Regime.RAMPING, attractors.eigenvalues(), "the leading eigenvalue is 1.1487");
        for (int k = 1; k < 4; k++) {
            TypeResult type = attractors.types().get(k);
            assertEquals(
                    Kind.FIXED_POINT,
                    attractors.attractors().get(type.attractor()).kind());
            assertEquals(Attractors.Regime.RAMPING, type.regime());
        }
        assertEquals("11: fixed point, output 1.00", attractors.line(3));
    }

    @Test
    void theOscillationIsAPassageToAFasterOne() throws IOException {
        Rnn rnn = network("oscillation-01");
        Map<String, Object> asTrained =
                Map.of("stimulusMs", 40.0, "amplitude", 0.8, "smoothingMs", 20.0, "durationMs", 290.0);
        Attractors attractors = Attractors.of(rnn, Tasks.byName("oscillation", asTrained));
        TypeResult osc = attractors.types().get(1);
        Response response = osc.responses().get(0);
        assertTrue(response.toMs() <= 90.0 + 200.0, "within 200 ms after the stimulus, which ends at 90");
        assertTrue(response.oscillates());
        assertTrue(response.frequencyHz() > 25.0 && response.frequencyHz() < 31.0, response::toString);
        assertTrue(response.explained() > 0.9, response::toString);
        Attractor end = attractors.attractors().get(osc.attractor());
        assertEquals(Kind.CLOSED_CURVE, end.kind());
        assertEquals(0.0, end.exponents()[0], 1e-3);
        assertTrue(end.exponents()[1] < -0.01);
        Curve curve = end.curve().orElseThrow();
        assertTrue(curve.invarianceResidual() < 1e-6 * curve.radius(), curve::toString);
        assertTrue(end.frequencyHz() > 5.0 * response.frequencyHz(), "far faster: " + end.frequencyHz());
        assertEquals(1000.0 * curve.rotationNumber(), end.frequencyHz(), 1e-6);
        assertTrue(attractors.line(1).startsWith("osc: oscillation, 28 Hz; in the long run oscillation, 244 Hz"));
    }

    @Test
    void everyFixedPointIsCertified() throws IOException {
        Map<String, Integer> expected =
                Map.of("xor-00", 5, "or-01", 3, "not-17", 4, "pulse-03", 1, "flipflop-06", 5, "oscillation-01", 1);
        for (Map.Entry<String, Integer> entry : expected.entrySet()) {
            String name = entry.getKey();
            Rnn rnn = network(name);
            Task task = Tasks.byName(name.substring(0, name.indexOf('-')));
            FixedPoints found = FixedPoints.of(rnn, simulate(rnn, task, 8).h());
            assertTrue(
                    found.points().size() >= Math.min(3, entry.getValue()),
                    name + ": " + found.points().size());
            for (FixedPoints.Point p : found.points()) {
                assertTrue(p.residual() <= 1e-12, name);
                assertTrue(p.certificate().orElseThrow().radius() < 1e-10, name);
            }
        }
    }

    /** Other seeds, other noise: the same points. */
    @Test
    void noSearchMissesWhatAnotherFinds() throws IOException {
        for (String name : List.of("and-04", "xor-00", "or-01", "not-17")) {
            Rnn rnn = network(name);
            Optional<Task> task = Optional.of(Tasks.byName(name.substring(0, name.indexOf('-'))));
            List<FixedPoints.Point> first = null;
            for (long seed = 0; seed < 3; seed++) {
                List<FixedPoints.Point> points = NetworkAnalysis.of(
                                rnn,
                                Optional.empty(),
                                task,
                                FixedPoints.Options.of(rnn).withSeed(seed),
                                Attractors.Options.of(rnn).withSeed(seed).withNoisyTrials(0))
                        .fixedPoints()
                        .points();
                first = first == null ? points : first;
                assertEquals(first.size(), points.size(), name + ", seed " + seed);
                for (FixedPoints.Point p : points) {
                    double nearest = first.stream()
                            .mapToDouble(q -> largestDifference(p.state(), q.state()))
                            .min()
                            .orElseThrow();
                    assertTrue(nearest < 1e-10, name + ", seed " + seed + ": " + nearest);
                }
            }
        }
    }

    private static double largestDifference(double[] a, double[] b) {
        double largest = 0.0;
        for (int i = 0; i < a.length; i++) {
            largest = Math.max(largest, Math.abs(a[i] - b[i]));
        }
        return largest;
    }
}
