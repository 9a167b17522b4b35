package attractor.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.io.FormatException;
import attractor.io.JsonObject;
import attractor.model.Initializers.Recurrent;
import attractor.task.Tasks;
import attractor.train.TrainingConfig;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class StudyRunTest {
    private static final StudyRun RUN = new StudyRun(StudyFixtures.tiny(3).build(), StudyFixtures.EVALUATION);

    /** Folders of studies are found by it again: another value makes all studies there are begin anew. */
    @Test
    void theHashOfARunIsForEver() {
        assertEquals("4cfce4edc69be0d1", RUN.hash());
        assertEquals("f0d25e2953b66be5", RUN.trainingHash());
    }

    @Test
    void equalDescriptionsHaveEqualHashes() throws FormatException {
        StudyRun same =
                new StudyRun(StudyFixtures.tiny(3).build(), new Evaluations(8, Map.of(Evaluations.TRAINED, Map.of())));
        assertEquals(RUN.hash(), same.hash());
        TrainingConfig read =
                TrainingConfig.fromJson(new JsonObject(RUN.training().toJson(), "test"));
        assertEquals(RUN.hash(), new StudyRun(read, RUN.measurement()).hash());
        // The order in which options were given doesn't matter, nor how a map happens to be ordered.
        Map<String, Object> forwards = new LinkedHashMap<>();
        forwards.put("baseline", 0.1);
        forwards.put("targetNoiseSd", 0.2);
        Map<String, Object> backwards = new LinkedHashMap<>();
        backwards.put("targetNoiseSd", 0.2);
        backwards.put("baseline", 0.1);
        assertEquals(
                new StudyRun(RUN.training(), new Evaluations(8, Map.of("a", forwards, "b", Map.of()))).hash(),
                new StudyRun(RUN.training(), new Evaluations(8, Map.of("b", Map.of(), "a", backwards))).hash());
        assertEquals(
                TrainingConfig.builder(Tasks.byName("and", forwards)).build().toJson(),
                TrainingConfig.builder(Tasks.byName("and", backwards)).build().toJson());
    }

    @Test
    void everySettingChangesTheHash() throws FormatException {
        Set<String> hashes = new HashSet<>(Set.of(RUN.hash()));
        Map<String, Object> settings = RUN.training().toJson();
        for (String key : settings.keySet()) {
            Map<String, Object> other = new LinkedHashMap<>(settings);
            switch (key) {
                case "task" -> other.put(key, "or");
                case "taskOptions" -> {
                    Map<String, Object> options =
                            new LinkedHashMap<>(RUN.training().taskOptions());
                    options.put("noiseSd", 0.11);
                    other.put(key, options);
                }
                case "data" -> {
                    continue; // a run of a study has a task
                }
                case "init" -> other.put(key, "normal");
                case "activation" -> other.put(key, "relu");
                case "dtMs" -> other.put(key, 0.5);
                case "tauMs", "clipNorm", "stopLoss" -> other.put(key, (Double) settings.get(key) + 1);
                case "recurrentBias" -> other.put(key, !(Boolean) settings.get(key));
                default ->
                    other.put(
                            key,
                            settings.get(key) instanceof Long number
                                    ? (Object) (number + 1)
                                    : Double.valueOf((Double) settings.get(key) / 2));
            }
            TrainingConfig changed = TrainingConfig.fromJson(new JsonObject(other, "test"));
            assertNotEquals(RUN.training(), changed, key);
            assertTrue(hashes.add(new StudyRun(changed, RUN.measurement()).hash()), key);
        }
        List<Measurement> measurements = List.of(
                new Evaluations(9, Map.of(Evaluations.TRAINED, Map.of())),
                new Evaluations(8, Map.of("other", Map.of())),
                new Evaluations(8, Map.of(Evaluations.TRAINED, Map.of("baseline", 0.1))),
                new Activity(),
                new Hold(500, 8),
                new Hold(501, 8),
                new Hold(500, 9),
                new Shift(List.of(10.0), 8, false),
                new Shift(List.of(11.0), 8, false),
                new Shift(List.of(10.0), 9, false),
                new Shift(List.of(10.0), 8, true),
                new Damage(List.of(0.1), 1, 8, 10),
                new Damage(List.of(0.2), 1, 8, 10),
                new Damage(List.of(0.1), 2, 8, 10),
                new Damage(List.of(0.1), 1, 9, 10),
                new Damage(List.of(0.1), 1, 8, 11));
        for (Measurement measurement : measurements) {
            StudyRun run = new StudyRun(RUN.training(), measurement);
            assertTrue(hashes.add(run.hash()), measurement.toString());
            assertEquals(RUN.trainingHash(), run.trainingHash());
        }
    }

    private static Studies.Networks networks(int count) {
        return new Studies.Networks(5, count, UnaryOperator.identity());
    }

    @Test
    void studiesAreTheProductOfTheirLists() {
        List<Recurrent> both = List.of(Recurrent.ORTHOGONAL, Recurrent.NORMAL);
        Study success = Studies.success(List.of("and", "not"), both, networks(3));
        assertEquals(12, success.runs().size());
        assertEquals(
                List.of(5L, 5L, 5L, 5L, 6L),
                success.runs().stream().limit(5).map(r -> r.training().seed()).toList());
        Study delay = Studies.delay(List.of(20.0, 170.0), Recurrent.NORMAL, Map.of(), networks(2));
        assertEquals(4, delay.runs().size());
        TrainingConfig first = delay.runs().get(0).training();
        assertEquals("pulse", first.task());
        assertEquals(20.0, first.taskOptions().get("delayMs"));
        assertEquals(300.0, first.taskOptions().get("durationMs"));
        assertEquals(0.03, first.taskOptions().get("noiseSd"));
        Study size = Studies.size(List.of(7, 9), 150, Recurrent.NORMAL, Map.of(), networks(1));
        assertEquals(
                List.of(7, 9),
                size.runs().stream().map(r -> r.training().units()).toList());
        // A study of damage, shift, activity or holding finds the networks of one of success.
        List<String> trained =
                success.runs().stream().map(StudyRun::trainingHash).toList();
        for (Study study : List.of(
                Studies.damage("and", both, List.of(0.1), 2, 60, networks(3)),
                Studies.shift(List.of("not"), both, List.of(0.0, 60.0), networks(3)),
                Studies.activity(List.of("and", "not"), both, networks(3)),
                Studies.hold(List.of("and", "not"), both, 5000, networks(3)))) {
            assertTrue(study.runs().stream().map(StudyRun::trainingHash).allMatch(trained::contains), study.name());
        }
    }

    private static String message(Runnable wrong) {
        return assertThrows(IllegalArgumentException.class, wrong::run).getMessage();
    }

    @Test
    void wrongStudiesAreRefusedBeforeAnythingIsTrained() {
        List<Recurrent> one = List.of(Recurrent.ORTHOGONAL);
        assertEquals("networks is 0, expected 1 to 1000000", message(() -> networks(0)));
        assertTrue(message(() -> Studies.success(List.of("nand"), one, networks(1)))
                .contains("nand"));
        assertEquals(
                "study success has no runs, expected at least one",
                message(() -> Studies.success(List.of(), one, networks(1))));
        assertTrue(message(() -> Studies.success(List.of("and", "and"), one, networks(1)))
                .startsWith("study success has this run twice, expected all different: "));
        assertTrue(message(() -> Studies.delay(List.of(400.0), Recurrent.ORTHOGONAL, Map.of(), networks(1)))
                .contains("300"));
        assertEquals(
                "units is 0, expected at least 1",
                message(() -> Studies.size(List.of(0), 150, Recurrent.ORTHOGONAL, Map.of(), networks(1))));
        assertTrue(message(() -> Studies.damage("and", one, List.of(0.2, 0.1), 1, 60, networks(1)))
                .contains("0.1"));
        assertEquals(
                "damage with 1 thresholds, 0 draws and 80 trials, expected at least 1 of each",
                message(() -> Studies.damage("and", one, List.of(0.1), 0, 60, networks(1))));
        assertTrue(message(() -> Studies.shift(List.of("and"), one, List.of(30.0, -5.0), networks(1)))
                .contains("-5"));
        assertTrue(
                message(() -> Studies.hold(List.of("and"), one, 0, networks(1))).contains("0.0 ms"));
        assertTrue(message(() -> Studies.hold(List.of("and"), one, 150, networks(1)))
                .contains("150"));
        assertEquals("shard is 4/3, expected 1/3 to 3/3", message(() -> new StudyRunner.Shard(4, 3)));
        assertEquals("shard is 0/3, expected 1/3 to 3/3", message(() -> new StudyRunner.Shard(0, 3)));
        assertEquals(
                "shard is 1/0, expected I/N with N at least 1 and I from 1 to N",
                message(() -> new StudyRunner.Shard(1, 0)));
        assertEquals(
                "workers is 0, expected at least 1",
                message(() -> StudyFixtures.runner(
                        StudyFixtures.study(1), java.nio.file.Path.of("x"), 0, StudyRunner.Shard.ALL)));
    }

    /** Every run is in one share, and no share has much more work than another, however kinds of runs alternate. */
    @Test
    void sharesAreDealtByCost() {
        Study study = Studies.success(Tasks.builtIn(), List.of(Recurrent.ORTHOGONAL, Recurrent.NORMAL), networks(20));
        double[] costs = study.costs();
        for (int k = 0; k < costs.length; k++) {
            assertEquals(study.runs().get(k).cost(), costs[k]);
        }
        double all = java.util.Arrays.stream(costs).sum();
        double largest = java.util.Arrays.stream(costs).max().orElseThrow();
        for (int of : new int[] {1, 2, 7, 14, 100, 280}) {
            Set<Integer> seen = new HashSet<>();
            for (int number = 1; number <= of; number++) {
                double share = 0;
                for (int k : new StudyRunner.Shard(number, of).runs(costs)) {
                    assertTrue(seen.add(k));
                    share += costs[k];
                }
                assertTrue(share <= all / of + largest, number + "/" + of + " has " + share + " of " + all);
            }
            assertEquals(costs.length, seen.size(), of + " shares");
        }
        for (int number = 1; number <= 400; number++) {
            int runs = new StudyRunner.Shard(number, 400).runs(costs).length;
            assertEquals(number <= costs.length ? 1 : 0, runs, "more shares than runs");
        }
    }

    /** Runs that are made from seeds are those of a list, and take another's place in a folder. */
    @Test
    void aStudyKnowsItselfByItsRuns() {
        Study study = Studies.shift(List.of("and"), List.of(Recurrent.NORMAL), List.of(10.0), networks(3));
        assertEquals(
                study.identity(),
                Studies.shift(List.of("and"), List.of(Recurrent.NORMAL), List.of(10.0), networks(3))
                        .identity());
        Set<String> others = new HashSet<>(Set.of(study.identity()));
        assertTrue(others.add(Studies.shift(List.of("and"), List.of(Recurrent.NORMAL), List.of(10.0), networks(4))
                .identity()));
        assertTrue(others.add(Studies.shift(List.of("or"), List.of(Recurrent.NORMAL), List.of(10.0), networks(3))
                .identity()));
        assertTrue(others.add(Studies.shift(List.of("and"), List.of(Recurrent.NORMAL), List.of(11.0), networks(3))
                .identity()));
        Studies.Networks longer = new Studies.Networks(5, 3, training -> training.epochs(9));
        assertTrue(others.add(Studies.shift(List.of("and"), List.of(Recurrent.NORMAL), List.of(10.0), longer)
                .identity()));
        Study listed = new Study(study.name(), study.settings(), List.copyOf(study.runs()));
        assertEquals(study.runs(), listed.runs());
    }

    @Test
    void aColumnIsSetOnce() {
        MeasuredRows tables = new MeasuredRows();
        MeasuredRows.Row row = tables.row("t").with("a", null).with("b", 1);
        assertEquals("column b is set twice, expected once", message(() -> row.with("b", 2)));
        assertEquals("column a is set twice, expected once", message(() -> row.with("a", 2)));
        assertEquals(List.of(1L), List.of(tables.asMap().get("t").get(0).get("b")));
    }
}
