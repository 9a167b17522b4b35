package attractor.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.analysis.Lesion;
import attractor.analysis.Trajectories;
import attractor.kernel.Kernels;
import attractor.model.NetworkFile;
import attractor.model.Rnn;
import attractor.task.Scores;
import attractor.task.Task;
import attractor.task.TaskOptions;
import attractor.task.Tasks;
import attractor.task.Trials;
import attractor.train.Evaluator;
import attractor.train.ExecutionSettings;
import attractor.train.Trainer;
import attractor.train.TrainingConfig;
import attractor.train.TrainingResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Measurements of the trained networks in data/networks. */
class MeasurementsTest {
    private static final long SEED = 11;

    private static Rnn read(String name) throws IOException {
        return NetworkFile.read(Path.of("..", "data", "networks", name + ".npz"))
                .rnn();
    }

    private static TrainedNetwork trained(String name) throws IOException {
        Task task = Tasks.byName(name.replaceFirst("-.*", ""));
        TrainingConfig config = TrainingConfig.builder(task).seed(SEED).build();
        return new TrainedNetwork(config, task, read(name + "-initial"), read(name));
    }

    private static Map<String, List<Map<String, Object>>> measure(Measurement measurement, TrainedNetwork network) {
        MeasuredRows tables = new MeasuredRows();
        measurement.measure(network, Kernels.get(), tables);
        return tables.asMap();
    }

    private static Scores scores(TrainedNetwork network, int trials) {
        return Evaluator.evaluate(
                network.network(),
                Trials.balanced(network.task(), trials, SEED, Trials.EVALUATION),
                Kernels.get(),
                SEED);
    }

    private static double number(Map<String, Object> row, String column) {
        return ((Number) row.get(column)).doubleValue();
    }

    /** A column of a measurement that a setting has too would hide the setting. */
    private static void assertTidy(TrainedNetwork network, List<Map<String, Object>> rows) {
        Set<String> settings = new HashSet<>(network.config().toJson().keySet());
        settings.addAll(network.config().taskOptions().keySet());
        settings.addAll(RunResult.SUMMARY);
        settings.add("run");
        for (Map<String, Object> row : rows) {
            assertTrue(row.containsKey("type"), row.toString());
            for (String column : row.keySet()) {
                assertFalse(settings.contains(column), column);
            }
        }
    }

    @Test
    void evaluationsAreThoseOfTheTraining() throws IOException {
        TrainedNetwork network = trained("and");
        List<Map<String, Object>> rows = measure(
                        new Evaluations(20, Map.of("trained", Map.of(), "off", Map.of("baseline", 0.3))), network)
                .get("results");
        assertTidy(network, rows);
        Scores scores = scores(network, 20);
        assertEquals(8, rows.size());
        for (int k = 0; k < 4; k++) {
            Map<String, Object> row = rows.get(4 + k); // conventions are sorted
            assertEquals("trained", row.get("convention"));
            assertEquals(scores.types().get(k).type(), row.get("type"));
            assertEquals(scores.types().get(k).rmse(), row.get("rmse"));
            assertEquals(scores.types().get(k).distanceMean(), row.get("distanceMean"));
            assertEquals(scores.types().get(k).passed(), row.get("passed"));
            // An output of zero: RMSE times the root of the number of steps.
            assertEquals(number(row, "zeroRmse") * Math.sqrt(200), number(row, "zeroDistance"), 1e-12);
            // Off by 0.3 over 200 steps.
            assertTrue(number(rows.get(k), "distanceMean") > 3.5, rows.get(k).toString());
        }
    }

    /** The mean distances over the last steps of 8 trials, by type. */
    private static double[] late(TrainedNetwork network, int steps) {
        Trajectories t = Trajectories.of(network.network(), network.task(), 8, SEED);
        double[] means = new double[4];
        for (int s = 0; s < 8; s++) {
            double squares = 0;
            for (int i = (s + 1) * t.steps() - steps; i < (s + 1) * t.steps(); i++) {
                squares += (t.y()[i] - t.target()[i]) * (t.y()[i] - t.target()[i]);
            }
            means[s % 4] += Math.sqrt(squares) / 2;
        }
        return means;
    }

    /** A draw counts where every type passes in it: less often than the rarest of the types, as a rule. */
    @Test
    void drawsAreCountedInWhichAllTypesPass() throws IOException {
        TrainedNetwork network = trained("and");
        int draws = 12;
        List<Map<String, Object>> rows =
                measure(new Damage(List.of(0.003), draws, 40, 60), network).get("results");
        Trials trials = Trials.balanced(network.task(), 40, SEED, Trials.EVALUATION);
        boolean below = false;
        for (int count : new int[] {1, 2, 3}) {
            int passed = 0;
            int[] byType = new int[4];
            for (int draw = 0; draw < draws; draw++) {
                Rnn cut = Lesion.Units.random(50, count, SEED, draw)
                        .apply(network.network())
                        .network();
                Scores scores = Evaluator.evaluate(cut, trials, Kernels.get(), SEED);
                passed += scores.passed() ? 1 : 0;
                for (int k = 0; k < 4; k++) {
                    byType[k] += scores.types().get(k).passed() ? 1 : 0;
                }
            }
            int least = Arrays.stream(byType).min().orElseThrow();
            below |= passed < least;
            double level = count;
            for (Map<String, Object> row : rows) {
                if (row.get("lesion").equals("units")
                        && number(row, "level") == level
                        && row.get("control").equals(false)) {
                    assertEquals((double) passed / draws, number(row, "allPassedShare"), count + " units");
                    int k = network.task().types().indexOf(row.get("type"));
                    assertEquals((double) byType[k] / draws, number(row, "passedShare"), count + " units");
                }
            }
        }
        assertTrue(below, "in one case at least the smallest share of a type is not the share of draws that pass");
    }

    @Test
    void theEndOfATrialIsPartOfIt() {
        Task task = Tasks.byName("and");
        for (double ms : new double[] {0.2, 201}) {
            String message = assertThrows(
                            IllegalArgumentException.class, () -> new Damage(List.of(0.1), 1, 8, ms).check(task))
                    .getMessage();
            assertEquals(
                    "the end of a trial is " + ms + " ms, expected a step of 1.0 ms to a trial of and, 200.0 ms",
                    message);
        }
        new Damage(List.of(0.1), 1, 8, 200).check(task);
        assertThrows(IllegalArgumentException.class, () -> new Damage(List.of(0.1), 1, 8, 0));
    }

    /** What a study measures has the noise in the states of the training's seed, and what is said to have none has none. */
    @Test
    void noiseInTheStatesIsThatOfTheTraining() throws IOException {
        TrainedNetwork and = trained("and");
        Rnn noisy = and.network().withNoise(0.05);
        TrainedNetwork network = new TrainedNetwork(and.config(), and.task(), and.initial(), noisy);
        TrainedNetwork other =
                new TrainedNetwork(and.config().toBuilder().seed(SEED + 1).build(), and.task(), and.initial(), noisy);
        // The trials are alike, so that only the noise in the states tells seeds apart.
        Map<String, Object> quiet = Map.of(TaskOptions.NOISE_SD, 0.0);
        Evaluations evaluations = new Evaluations(8, Map.of(Evaluations.TRAINED, quiet));
        double expected = Evaluator.evaluate(
                        noisy,
                        Trials.balanced(and.task().withoutNoise(), 8, SEED, Trials.EVALUATION),
                        Kernels.get(),
                        SEED)
                .types()
                .get(0)
                .distanceMean();
        assertEquals(
                expected, number(measure(evaluations, network).get("results").get(0), "distanceMean"));
        assertNotEquals(
                expected, number(measure(evaluations, other).get("results").get(0), "distanceMean"));

        TrainedNetwork still = new TrainedNetwork(
                TrainingConfig.builder(and.task().withoutNoise()).seed(SEED).build(),
                and.task().withoutNoise(),
                and.initial(),
                noisy);
        Map<String, Object> intact = measure(new Damage(List.of(0.0), 1, 8, 60), still)
                .get("results")
                .get(0);
        assertEquals(expected, number(intact, "distanceMean"), 1e-12);

        Shift shift = new Shift(List.of(30.0), 4, true);
        assertEquals(
                measure(shift, and).get("traces"), measure(shift, network).get("traces"), "traces are without noise");
        assertNotEquals(
                measure(shift, and).get("results"), measure(shift, network).get("results"), "scores are with it");
    }

    @Test
    void damage() throws IOException {
        TrainedNetwork network = trained("and");
        double[] weights = network.network().copyOf(network.network().shape().wRec());
        int all = weights.length;
        Map<String, List<Map<String, Object>>> tables =
                measure(new Damage(List.of(0.0, 0.05, 10.0), 2, 8, 60), network);
        List<Map<String, Object>> rows = tables.get("results");
        assertTidy(network, rows);
        Scores intact = scores(network, 8);
        List<String> types = network.task().types();
        for (Map<String, Object> row : rows) {
            boolean control = (Boolean) row.get("control");
            String lesion = (String) row.get("lesion");
            double level = number(row, "level");
            assertEquals(100 * number(row, "removed") / all, number(row, "percent"), 1e-9, row.toString());
            assertEquals(control || lesion.equals("units") ? 2L : 1L, row.get("draws"));
            if (number(row, "draws") == 1) {
                assertNull(row.get("distanceSd"));
            }
            boolean band = !List.of("strongest", "units", "mode").contains(lesion);
            if (band && level == 0) {
                // Nothing is removed: the intact network, and so is its control.
                int k = types.indexOf(row.get("type"));
                assertEquals(0.0, number(row, "removed"));
                assertEquals(intact.types().get(k).distanceMean(), number(row, "distanceMean"), 1e-12);
                assertEquals(intact.types().get(k).rmse(), number(row, "rmse"), 1e-12);
                assertEquals(intact.types().get(k).passed() ? 1.0 : 0.0, number(row, "passedShare"));
                assertEquals(intact.passed() ? 1.0 : 0.0, number(row, "allPassedShare"));
                assertEquals(late(network, 60)[k], number(row, "lateDistanceMean"), 1e-12);
                assertTrue(number(row, "lateDistanceMean") < number(row, "distanceMean"));
                assertEquals(0.0, number(row, "normShare"));
            } else if (band) {
                int expected = 0;
                for (double w : weights) {
                    boolean sign = lesion.equals("both") || lesion.startsWith("positive") == w > 0;
                    boolean above = !lesion.endsWith("slice") || Math.abs(w) > (level == 10 ? 0.05 : 0.0);
                    expected += sign && above && Math.abs(w) <= level ? 1 : 0;
                }
                assertEquals(expected, number(row, "removed"), row.toString());
                assertEquals(control, number(row, "draws") == 2);
            } else if (lesion.equals("units") && !control) {
                double left = network.network().units() - level;
                assertEquals(all - left * left, number(row, "removed"), row.toString());
            } else if (lesion.equals("strongest")) {
                assertEquals((double) Math.round(level / 100 * all), number(row, "removed"));
            }
        }
        Map<String, Long> counts = rows.stream()
                .collect(Collectors.groupingBy(r -> r.get("lesion") + "/" + r.get("control"), Collectors.counting()));
        assertEquals(4L * 3, counts.get("both/false"));
        assertEquals(4L * 3, counts.get("negative-slice/true"));
        assertEquals(4L * 7, counts.get("units/true"));
        assertEquals(4L * 10, counts.get("mode/false"));
        assertNull(counts.get("mode/true"));
        // Without any connection an AND cannot remember.
        assertTrue(rows.stream()
                .filter(r -> r.get("lesion").equals("both")
                        && number(r, "level") == 10
                        && r.get("type").equals("11"))
                .allMatch(r -> number(r, "passedShare") == 0));
        List<Map<String, Object>> bins = tables.get("weights");
        assertEquals(all, bins.stream().mapToLong(r -> (Long) r.get("count")).sum());
        assertEquals(all, bins.stream().mapToDouble(r -> number(r, "normalFit")).sum(), 1e-6);
        assertNull(bins.get(0).get("from"));
        assertNull(bins.get(bins.size() - 1).get("to"));
    }

    @Test
    void shift() throws IOException {
        TrainedNetwork network = trained("and");
        double trained = network.task().options().number("stimulusOnsetMs");
        Map<String, List<Map<String, Object>>> tables =
                measure(new Shift(List.of(trained, trained + 40), 8, true), network);
        List<Map<String, Object>> rows = tables.get("results");
        assertTidy(network, rows);
        assertEquals(8, rows.size());
        Scores scores = scores(network, 8);
        for (int k = 0; k < 4; k++) {
            assertEquals(scores.types().get(k).distanceMean(), rows.get(k).get("distanceMean"));
            assertEquals(scores.types().get(k).rmse(), rows.get(k).get("rmse"));
            assertEquals(trained, rows.get(k).get("onsetMs"));
            assertEquals(trained, rows.get(4 + k).get("trainedOnsetMs"));
            assertEquals(trained + 40, rows.get(4 + k).get("onsetMs"));
        }
        // 200 ms and 240 ms, a point at every step.
        List<Map<String, Object>> traces = tables.get("traces");
        assertEquals(4 * (200 + 240), traces.size());
        assertEquals(1.0, traces.get(0).get("timeMs"));
        assertEquals(
                1.0,
                traces.stream()
                        .filter(r -> r.get("type").equals("11") && number(r, "onsetMs") == trained + 40)
                        .mapToDouble(r -> number(r, "target"))
                        .max()
                        .orElseThrow());
        assertNull(measure(new Shift(List.of(trained), 4, false), network).get("traces"));
        // The first pulse of a flip-flop; the others keep their distance.
        TrainedNetwork flipflop = trained("flipflop");
        List<Map<String, Object>> pulses =
                measure(new Shift(List.of(50.0), 4, false), flipflop).get("results");
        assertEquals(scores(flipflop, 4).types().get(0).rmse(), pulses.get(0).get("rmse"));
    }

    @Test
    void activity() throws IOException {
        for (String name : List.of("and", "oscillation")) {
            TrainedNetwork network = trained(name);
            Map<String, List<Map<String, Object>>> tables = measure(new Activity(), network);
            List<Map<String, Object>> rows = tables.get("results");
            assertTidy(network, rows);
            assertEquals(
                    network.task().types(),
                    rows.stream().map(r -> r.get("type")).toList());
            for (Map<String, Object> row : rows) {
                assertTrue(number(row, "noisyTrials") > 0, row.toString());
                assertTrue(
                        number(row, "noisyStill") + number(row, "noisyOscillate") <= number(row, "noisyTrials"),
                        row.toString());
                assertFalse((Boolean) row.get("still") && (Boolean) row.get("oscillates"), row.toString());
                assertEquals(row.get("leading"), rows.get(0).get("leading"));
            }
            // Of a pair of eigenvalues one is stored.
            for (String when : List.of("before", "after")) {
                long count = tables.get("eigenvalues").stream()
                        .filter(r -> r.get("when").equals(when))
                        .mapToLong(r -> number(r, "im") > 0 ? 2 : 1)
                        .sum();
                assertEquals(network.network().units(), count, when);
            }
        }
    }

    @Test
    void hold() throws IOException {
        TrainedNetwork network = trained("and");
        List<Map<String, Object>> rows = measure(new Hold(200, 3), network).get("results");
        assertTidy(network, rows);
        assertEquals(4, rows.size());
        for (Map<String, Object> row : rows) {
            // At the trained length to hold to the end is to hold as trained.
            assertEquals(row.get("heldToTheEnd"), row.get("heldAsTrained"));
            assertEquals(3L, row.get("trials"));
            assertEquals(130.0, row.get("censoredMs"));
            assertEquals(1.0, row.get("heldToTheEnd"), row.toString());
            assertEquals(130.0, row.get("medianMs"));
        }
        TrainedNetwork flipflop = trained("flipflop");
        Map<String, List<Map<String, Object>>> tables = measure(new Hold(600, 2), flipflop);
        assertEquals(2, tables.get("results").size());
        assertTrue(tables.get("pulses").stream()
                        .map(r -> r.get("variant"))
                        .distinct()
                        .count()
                > 1);
    }

    /** Every measurement has the trials that the training was evaluated on: those of its data seed, not of its weights'. */
    @Test
    void trialsAreThoseOfTheDataSeed() {
        TrainingConfig config = StudyFixtures.tiny(SEED).dataSeed(77).build();
        TrainingResult result = new Trainer(config, ExecutionSettings.defaults().withThreads(1)).train();
        Task task = config.makeTask();
        TrainedNetwork network = new TrainedNetwork(config, task, config.initialNetwork(2, 1), result.network());
        assertEquals(result.scores(), Evaluations.scores(network, task, config.evaluationTrials(), Kernels.get()));
        TrainingConfig same = config.toBuilder().seed(77).build();
        TrainingConfig other = config.toBuilder().dataSeed(SEED).build();
        for (Measurement measurement : List.of(
                StudyFixtures.EVALUATION,
                new Damage(List.of(0.0, 0.2), 2, 8, 10),
                new Hold(100, 2),
                new Activity(),
                new Shift(List.of(2.0, 3.0), 8, true))) {
            // The measurement knows of the seeds by the configuration alone.
            Map<String, List<Map<String, Object>>> found = measure(measurement, network);
            assertEquals(
                    measure(measurement, new TrainedNetwork(same, task, network.initial(), network.network())),
                    found,
                    measurement.toString());
            // Where states end doesn't depend on the trials in a network as tame as this one.
            if (!(measurement instanceof Activity)) {
                assertNotEquals(
                        measure(measurement, new TrainedNetwork(other, task, network.initial(), network.network())),
                        found,
                        measurement.toString());
            }
        }
    }
}
