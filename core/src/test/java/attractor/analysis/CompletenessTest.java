package attractor.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.analysis.FixedPoints.Options;
import attractor.analysis.FixedPoints.Point;
import attractor.analysis.FixedPoints.Verdict;
import attractor.kernel.Activation;
import attractor.kernel.Kernels;
import attractor.model.NetworkFile;
import attractor.model.Rnn;
import attractor.task.Task;
import attractor.task.Tasks;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether all fixed points are found, and whether the list says so. */
class CompletenessTest {
    /** With a bias; sigmoid units so that 1/2 is about the middle, as 0 is of tanh. */
    private static Rnn random(Activation phi, double alpha, int n, double gain, long seed) {
        Rnn drawn = Networks.random(n, phi == Activation.SIGMOID ? 4.0 * gain : gain, seed);
        double[] w = drawn.copyOf(drawn.shape().wRec());
        double[] bias = Networks.states(1, n, 0.3, 1000 + seed);
        for (int i = 0; i < n && phi == Activation.SIGMOID; i++) {
            for (int j = 0; j < n; j++) {
                bias[i] -= 0.5 * w[i * n + j];
            }
        }
        return Networks.of(phi, alpha, 1.0, bias, w);
    }

    private static FixedPointSearch search(Rnn rnn, double[] states, int seeds) {
        return new FixedPointSearch(
                new ConstantMap(rnn, null, Kernels.get()),
                states,
                Options.of(rnn).withSeeds(seeds));
    }

    private static boolean holds(List<Point> points, double[] state, double tolerance) {
        return points.stream().anyMatch(p -> ConstantMap.distance(p.state(), 0, state, 0, state.length) <= tolerance);
    }

    private static long stable(FixedPoints found) {
        return found.points().stream()
                .filter(p -> p.multipliers().orElseThrow().stable())
                .count();
    }

    /** A hundred networks, their lists proved complete, against the search from few seeds that can't prove it. */
    @ParameterizedTest
    @EnumSource(
            value = Activation.class,
            names = {"TANH", "SIGMOID"})
    void searchesAgreeWithExhaustiveSearch(Activation phi) {
        for (int k = 0; k < 100; k++) {
            int n = 2 + k % 5;
            Rnn rnn = random(phi, k % 3 == 0 ? 0.3 : 1.0, n, 1.0 + 0.02 * (k * 37 % 100), k);
            double[] states = Networks.states(10, n, 0.1, k);
            String message = phi + ", network " + k;
            FixedPoints all = search(rnn, states, 20).result();
            assertEquals(Verdict.COMPLETE, all.completeness().verdict(), message);
            assertTrue(all.completeness().boxes() > 0, message);
            assertEquals(1, all.completeness().indexSum(), message);
            assertTrue(all.completeness().proved(), message);
            FixedPoints found = search(rnn, states, 20).withoutProof().result();
            assertEquals(Verdict.INDEX_CONSISTENT, found.completeness().verdict(), message);
            assertEquals(all.points().size(), found.points().size(), message);
            for (Point p : all.points()) {
                assertTrue(holds(found.points(), p.state(), 1e-9), message);
            }
        }
    }

    /** Newton from a grid over the square finds no more than the proof allows, and the proof no less. */
    @Test
    void exhaustiveSearchAgreesWithAGrid() {
        int several = 0;
        for (int k = 0; k < 30; k++) {
            Rnn rnn = random(Activation.TANH, 1.0, 2, 1.0 + 0.1 * k, 500 + k);
            ConstantMap map = new ConstantMap(rnn, null, Kernels.get());
            OrbitSolver solver = new OrbitSolver(map);
            List<double[]> grid = new ArrayList<>();
            for (double a = -1.0; a <= 1.0; a += 0.05) {
                for (double b = -1.0; b <= 1.0; b += 0.05) {
                    OrbitSolver.Solution s = solver.solve(1, new double[] {a, b});
                    boolean seen =
                            grid.stream().anyMatch(other -> ConstantMap.distance(other, 0, s.states(), 0, 2) < 1e-8);
                    if (s.residual() <= 1e-12 && !seen) {
                        grid.add(s.states());
                    }
                }
            }
            FixedPoints all = search(rnn, new double[2], 1).result();
            assertEquals(Verdict.COMPLETE, all.completeness().verdict(), "network " + k);
            assertEquals(grid.size(), all.points().size(), "network " + k);
            several += grid.size() > 1 ? 1 : 0;
        }
        assertTrue(several > 5, several + " networks with several points");
    }

    /** Units that don't know of each other, three fixed points each: 3^N, found from one seed. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void separateUnitsHaveAllCombinations(int n) {
        double[] w = new double[n * n];
        for (int i = 0; i < n; i++) {
            w[i * n + i] = 1.7 + 0.2 * i;
        }
        double[] bias = Networks.states(1, n, 0.05, n);
        FixedPoints all = search(Networks.of(Activation.TANH, 1.0, 1.0, bias, w), new double[n], 1)
                .result();
        assertEquals(Verdict.COMPLETE, all.completeness().verdict());
        assertEquals(Math.round(Math.pow(3, n)), all.points().size());
        assertEquals(1 << n, stable(all));
        assertEquals(1, all.completeness().indexSum());
    }

    /**
     * Three populations that remember a bit each, {@code h_i = xi_i tanh(g m + c)} with the population's mean m of xi h: 27 points
     * and 8 memories, of which the states have seen one.
     */
    @Test
    void threeBitsHave27() {
        int n = 60;
        double g = 1.5;
        double c = 0.04;
        double[] xi = Networks.states(1, n, 1.0, 4);
        double[] w = new double[n * n];
        double[] bias = new double[n];
        for (int i = 0; i < n; i++) {
            xi[i] = Math.signum(xi[i]);
            bias[i] = c * xi[i];
        }
        for (int i = 0; i < n; i++) {
            for (int j = i % 3; j < n; j += 3) {
                w[i * n + j] = g * xi[i] * xi[j] * 3 / n;
            }
        }
        Rnn rnn = Networks.of(Activation.TANH, 1.0, 1.0, bias, w);
        double[] memory = Arrays.stream(xi).map(x -> 0.85 * x).toArray();
        FixedPoints found =
                FixedPoints.of(rnn, memory, Options.of(rnn).withSeeds(100).withNoiseSd(0.05));
        assertEquals(Verdict.INDEX_CONSISTENT, found.completeness().verdict());
        assertTrue(found.points().stream().filter(p -> p.seedFraction() > 0.0).count() < 27);
        assertEquals(8, stable(found));
        assertEquals(27, found.points().size());
        List<Double> roots = new ArrayList<>();
        for (double m = -1.0; m < 1.0; m += 1e-3) {
            double a = m;
            double b = m + 1e-3;
            if ((Math.tanh(g * a + c) - a) * (Math.tanh(g * b + c) - b) <= 0.0) {
                for (int k = 0; k < 60; k++) {
                    double middle = 0.5 * (a + b);
                    boolean lower = (Math.tanh(g * a + c) - a) * (Math.tanh(g * middle + c) - middle) > 0.0;
                    a = lower ? middle : a;
                    b = lower ? b : middle;
                }
                roots.add(a);
            }
        }
        assertEquals(3, roots.size());
        for (int k = 0; k < 27; k++) {
            double[] state = new double[n];
            int[] root = {k % 3, k / 3 % 3, k / 9};
            for (int i = 0; i < n; i++) {
                state[i] = xi[i] * roots.get(root[i % 3]);
            }
            assertTrue(holds(found.points(), state, 1e-9), "combination " + k);
        }
    }

    /** The example of a task of one's own, trained as README says; from runs that begin anywhere. */
    @Test
    void theTrainedThreeBitFlipFlopHas27() throws Exception {
        URI file = CompletenessTest.class.getResource("three-bit-flip-flop.npz").toURI();
        Rnn rnn = NetworkFile.read(Path.of(file)).rnn();
        Options options = Options.of(rnn);
        FixedPoints found = FixedPoints.of(rnn, NetworkAnalysis.states(rnn, Optional.empty(), options, 0), options);
        assertEquals(27, found.points().size());
        assertEquals(8, stable(found));
        assertEquals(Verdict.INDEX_CONSISTENT, found.completeness().verdict());
        assertTrue(found.completeness().proved());
        // A few seeds near one memory are enough.
        double[] memory = found.points().stream()
                .filter(p -> p.multipliers().orElseThrow().stable())
                .findFirst()
                .orElseThrow()
                .state();
        FixedPoints again = FixedPoints.of(rnn, memory, options.withSeeds(10).withNoiseSd(0.01));
        assertEquals(8, stable(again));
        assertEquals(Verdict.INDEX_CONSISTENT, again.completeness().verdict());
    }

    @ParameterizedTest
    @CsvSource({
        "and, and",
        "and-oscillating, and",
        "and-normal, and",
        "flipflop, flipflop",
        "not, not",
        "or, or",
        "oscillation, oscillation",
        "pulse, pulse",
        "xor, xor",
        "and-initial, and",
        "not-initial, not",
        "flipflop-initial, flipflop",
        "and-normal-initial, and",
        "and-oscillating-initial, and",
        "or-initial, or",
        "oscillation-initial, oscillation",
        "pulse-initial, pulse",
        "xor-initial, xor"
    })
    void theIndicesOfTrainedNetworksAddUp(String name, String taskName) throws Exception {
        Rnn rnn = Networks.trained(name);
        Task task = Tasks.byName(taskName);
        Options options = Options.of(rnn);
        for (Optional<Task> known : List.of(Optional.of(task), Optional.<Task>empty())) {
            FixedPoints found = FixedPoints.of(rnn, NetworkAnalysis.states(rnn, known, options, 0), options);
            assertEquals(Verdict.INDEX_CONSISTENT, found.completeness().verdict());
            assertTrue(found.completeness().proved());
        }
    }

    /** The sum is that of points under the constant input that is asked for. */
    @Test
    void underAConstantInputTheyAddUpToo() throws Exception {
        Rnn rnn = Networks.trained("and-oscillating");
        for (double[] x : new double[][] {{1.0, 0.0}, {1.0, 1.0}, {-0.3, 2.0}}) {
            Options options = Options.of(rnn).withInput(x).withSeeds(64);
            FixedPoints found = FixedPoints.of(rnn, NetworkAnalysis.states(rnn, Optional.empty(), options, 0), options);
            assertEquals(Verdict.INDEX_CONSISTENT, found.completeness().verdict(), Arrays.toString(x));
        }
    }

    /** The certificate's sign is that of the multipliers: (-1)^k with k real ones above 1. */
    @ParameterizedTest
    @CsvSource({"TANH, 1.0, 7", "TANH, 0.2, 10", "SIGMOID, 1.0, 8", "RELU, 0.5, 9", "IDENTITY, 1.0, 5"})
    void provedIndicesAreThoseOfTheMultipliers(Activation phi, double alpha, int n) {
        int negative = 0;
        for (int k = 0; k < 20; k++) {
            Rnn rnn = random(phi, alpha, n, phi == Activation.IDENTITY ? 1.5 : 2.0, 40 + k);
            for (Point p : search(rnn, Networks.states(20, n, 0.5, k), 60)
                    .withoutProof()
                    .result()
                    .points()) {
                Multipliers mu = p.multipliers().orElseThrow();
                int above = 0;
                for (int i = 0; i < n; i++) {
                    above += mu.im()[i] == 0.0 && mu.re()[i] > 1.0 ? 1 : 0;
                }
                int index = above % 2 == 0 ? 1 : -1;
                assertEquals(index, p.certificate().orElseThrow().index(), phi + ", network " + k);
                assertEquals(index, p.index());
                negative += index < 0 ? 1 : 0;
            }
        }
        assertTrue(negative > 3, negative + " negative ones");
    }

    /** A list that lacks one is known to: nothing but the seeds may find anything beyond the fiber's reach. */
    @Test
    void fibersCrossEveryPointOfTheirCurves() {
        for (int k = 0; k < 40; k++) {
            int n = 2 + k % 10 * (k % 10) / 4;
            Rnn rnn = random(Activation.TANH, 1.0, n, 1.0 + 0.05 * k, 70 + k);
            ConstantMap map = new ConstantMap(rnn, null, Kernels.get());
            OrbitSolver solver = new OrbitSolver(map);
            double[] c = Networks.states(1, n, 1.0, k);
            double length = Math.sqrt(Arrays.stream(c).map(v -> v * v).sum());
            Arrays.setAll(c, i -> c[i] / length);
            List<double[]> met = new ArrayList<>();
            DirectionalFiber fiber = new DirectionalFiber(map, c, 100_000);
            assertTrue(fiber.main(state -> add(met, solver.solve(1, state))), "network " + k);
            assertEquals(1, sum(map, met), "network " + k + ": the main curve");
            // All others lie on closed curves.
            for (Point p : search(rnn, new double[n], 50).result().points()) {
                if (met.stream().noneMatch(m -> ConstantMap.distance(m, 0, p.state(), 0, n) < 1e-9)) {
                    List<double[]> loop = new ArrayList<>(List.of(p.state()));
                    assertTrue(
                            fiber.through(p.state(), state -> {
                                OrbitSolver.Solution s = solver.solve(1, state);
                                add(loop, s);
                                return ConstantMap.distance(s.states(), 0, p.state(), 0, n) < 1e-9;
                            }),
                            "network " + k);
                    assertEquals(0, sum(map, loop), "network " + k + ": a closed curve");
                    met.addAll(loop);
                }
            }
        }
    }

    private static boolean add(List<double[]> met, OrbitSolver.Solution s) {
        boolean seen = met.stream().anyMatch(m -> ConstantMap.distance(m, 0, s.states(), 0, m.length) < 1e-9);
        if (!seen && s.residual() <= 1e-12) {
            met.add(s.states());
        }
        return true;
    }

    private static int sum(ConstantMap map, List<double[]> states) {
        int sum = 0;
        for (double[] h : states) {
            double[] rates = new double[map.n];
            map.apply(1, h, 0, new double[map.n], 0, rates);
            double[] df = new double[map.n * map.n];
            map.jacobian(rates, 0, df);
            for (int i = 0; i < df.length; i++) {
                df[i] = (i % (map.n + 1) == 0 ? 1.0 : 0.0) - df[i];
            }
            sum += new Lu(map.n, df).sign();
        }
        return sum;
    }

    /** Each inhibits the other: both on, or one alone. */
    @Test
    void reluRegionsAreEnumerated() {
        Rnn rnn = Networks.of(Activation.RELU, 1.0, 1.0, new double[] {1.0, 1.0}, 0.0, -2.0, -2.0, 0.0);
        FixedPoints found = search(rnn, new double[] {0.5, 0.2}, 1).result();
        assertEquals(Verdict.COMPLETE, found.completeness().verdict());
        assertEquals(3, found.points().size());
        assertTrue(holds(found.points(), new double[] {1.0, 0.0}, 1e-14));
        assertTrue(holds(found.points(), new double[] {0.0, 1.0}, 1e-14));
        assertTrue(holds(found.points(), new double[] {1.0 / 3.0, 1.0 / 3.0}, 1e-14));
        assertEquals(1, found.completeness().indexSum());
        assertEquals(1, found.completeness().expectedSum().orElseThrow());
        // One that excites itself without bound has none.
        Rnn runaway = Networks.of(Activation.RELU, 1.0, 1.0, new double[] {1.0}, 2.0);
        FixedPoints none = search(runaway, new double[] {0.5}, 4).result();
        assertEquals(0, none.points().size());
        assertEquals(Verdict.COMPLETE, none.completeness().verdict());
        assertTrue(none.completeness().expectedSum().isEmpty(), "no sum is known where states may grow");
        // Without bias only 0, at the kink of every unit.
        Rnn silent = Networks.of(Activation.RELU, 1.0, 1.0, null, 0.0, -2.0, -2.0, 0.0);
        FixedPoints zero = search(silent, new double[] {0.5, 0.2}, 8).result();
        assertEquals(1, zero.points().size());
        assertEquals(Verdict.COMPLETE, zero.completeness().verdict());
    }

    /** x' = max(0, 2 x - e) has 0 and e: what counts as one is no complete list. */
    @ParameterizedTest
    @ValueSource(doubles = {1e-3, 1e-5, 1e-7, 1e-9, 1e-14})
    void pointsThatAreTakenForOneAreNotAll(double e) {
        Rnn rnn = Networks.of(Activation.RELU, 1.0, 1.0, new double[] {-e}, 2.0);
        FixedPoints points = search(rnn, new double[] {0.5}, 4).result();
        Cycles.Period cycles = Cycles.of(rnn, Cycles.Options.of(rnn).withLongest(1)).periods().get(0);
        assertEquals(points.points().size() == 2, points.completeness().verdict() == Verdict.COMPLETE);
        assertEquals(e > 1e-6, points.completeness().verdict() == Verdict.COMPLETE);
        assertEquals(e > 1e-7, cycles.completeness() == Cycles.Completeness.COMPLETE);
    }

    @Test
    void reluNetworksAreEnumeratedAsSeedsFindThem() {
        int several = 0;
        for (int k = 0; k < 40; k++) {
            int n = 2 + k % 6;
            Rnn rnn = random(Activation.RELU, 1.0, n, 1.6, 200 + k);
            double[] states = Networks.states(40, n, 2.0, k);
            FixedPoints all = search(rnn, states, 4).result();
            FixedPoints found = search(rnn, states, 400).withoutProof().result();
            assertEquals(Verdict.COMPLETE, all.completeness().verdict(), "network " + k);
            assertEquals(1 << n, all.completeness().boxes());
            for (Point p : found.points()) {
                assertTrue(holds(all.points(), p.state(), 1e-9), "network " + k);
            }
            several += all.points().size() > 1 ? 1 : 0;
            if (all.completeness().expectedSum().isPresent()) {
                assertEquals(1, all.completeness().indexSum(), "network " + k);
            }
        }
        assertTrue(several > 3, several + " networks with several points");
    }

    @Test
    void aLinearNetworkHasOne() {
        Rnn rnn = Networks.of(Activation.IDENTITY, 1.0, 1.0, new double[] {1.0, 2.0}, 3.0, 0.1, 0.2, 0.5);
        FixedPoints found = search(rnn, new double[2], 4).result();
        assertEquals(Verdict.COMPLETE, found.completeness().verdict());
        assertEquals(-1, found.completeness().indexSum());
        // Neither none nor a line of them is proved in rounded numbers.
        Rnn singular = Networks.of(Activation.IDENTITY, 1.0, 1.0, new double[] {0.0, 1.0}, 1.0, 0.0, 0.0, 0.5);
        FixedPoints line = search(singular, Networks.states(5, 2, 1.0, 1), 8).result();
        assertEquals(Verdict.UNDECIDED, line.completeness().verdict());
        assertTrue(line.points().get(0).continuum());
    }

    /** Nowhere is what isn't there: a bound on effort ends the search for what a degenerate point hides. */
    @Test
    void aDegeneratePointLeavesItUndecided() {
        FixedPoints found =
                search(Networks.tanh(1.0), new double[] {0.5, -0.2}, 40).result();
        assertEquals(1, found.points().size());
        assertEquals(Verdict.UNDECIDED, found.completeness().verdict());
        assertEquals(1, found.completeness().unknown());
        assertEquals(0, found.points().get(0).index());
        assertFalse(found.points().get(0).continuum());
    }
}
