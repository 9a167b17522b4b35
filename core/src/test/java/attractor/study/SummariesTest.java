package attractor.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.io.FormatException;
import attractor.io.Json;
import attractor.statistics.LogisticRegression;
import attractor.statistics.Proportion;
import attractor.task.Criterion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Summaries of tables made by hand. */
class SummariesTest {
    private static final String HEADER =
            "run,task,init,outcome,convention,delayMs,type,trials,nonFinite,distanceMean,distanceSd,rmse,zeroTarget,zeroRmse,zeroDistance";

    @TempDir
    private Path folder;

    private int runs;
    private final List<String> lines = new ArrayList<>(List.of(HEADER));

    /** A network of two types, of the first of which the target is silence. */
    private void network(String task, String init, double rmse) {
        String run = "r" + runs++ + "," + task + "," + init + ",done,trained,20,";
        lines.add(run + "0,50,0,1,0.1,0.1,true,0,0");
        lines.add(run + "1,50,0,1,0.1," + rmse + ",false,0.6,5");
    }

    private void networks(String task, String init, int passed, int failed) {
        for (int k = 0; k < passed + failed; k++) {
            network(task, init, k < passed ? 0.15 : 0.55);
        }
    }

    private void diverged(String task, String init, String delay) {
        String run = "r" + runs++ + "," + task + "," + init + ",diverged,," + delay + ",";
        lines.add(run + "0,,,,,,,,");
        lines.add(run + "1,,,,,,,,");
    }

    private ResultTable table() throws IOException {
        return ResultTable.read(Files.write(folder.resolve("results.csv"), lines));
    }

    private SuccessSummary success(Criterion criterion, SuccessSummary.Published... published) throws IOException {
        return SuccessSummary.of(table(), criterion, List.of(published));
    }

    private static SuccessSummary.Published published(String task, String init, int passed, int trained) {
        return new SuccessSummary.Published(task, init, new Proportion(passed, trained));
    }

    @Test
    void ratesTestsAndTheirCorrection() throws IOException {
        networks("and", "orthogonal", 18, 2);
        networks("and", "normal", 10, 10);
        networks("xor", "orthogonal", 20, 0);
        networks("xor", "normal", 20, 0);
        networks("not", "orthogonal", 12, 8);
        networks("not", "normal", 7, 13);
        SuccessSummary summary = success(
                Criterion.DEFAULT,
                published("and", "orthogonal", 10, 20),
                published("and", "normal", 10, 20),
                published("xor", "orthogonal", 15, 20),
                published("or", "orthogonal", 1, 20));
        assertEquals(6, summary.cells().size());
        SuccessSummary.Cell and = summary.cells().get(0);
        assertEquals(new Proportion(18, 20), and.successes());
        // Wilson's formula, and sums of hypergeometric probabilities (computed apart, with whole numbers).
        assertEquals(0.6989664, and.interval().low(), 1e-6);
        assertEquals(0.9721335, and.interval().high(), 1e-6);
        assertEquals(0.4, and.difference().orElseThrow().estimate(), 1e-15);
        assertEquals(0.0138141, and.fisher(), 1e-7);
        // Holm over the three cells with published counts: 3 p1, then max(3 p1, 2 p2), then the largest.
        SuccessSummary.Cell xor = summary.cells().get(2);
        assertEquals("xor", xor.task());
        assertEquals(0.0471240, xor.fisher(), 1e-6);
        assertEquals(3 * and.fisher(), and.holm(), 1e-15);
        assertEquals(2 * xor.fisher(), xor.holm(), 1e-15);
        assertEquals(1.0, summary.cells().get(1).holm());
        assertTrue(Double.isNaN(summary.cells().get(3).holm()));
        assertTrue(summary.cells().get(3).difference().isEmpty());
        // The kinds of weights beside each other.
        assertEquals(3, summary.comparisons().size());
        assertEquals(0.0138141, summary.comparisons().get(0).fisher(), 1e-6);
        assertEquals(0.4, summary.comparisons().get(0).difference().estimate(), 1e-15);
        assertEquals(1.0, summary.comparisons().get(1).fisher());
        assertEquals(List.of("xor"), summary.withoutVariance());
        // Strata and (18 2 10 10), not (12 8 7 13): delta = 4 + 2.5, R = 4.5 + 3.9, S = 0.5 + 1.4.
        assertEquals(8.4 / 1.9, summary.overTasks().orElseThrow().oddsRatio(), 1e-12);
        double variance = 20.0 * 20 * 28 * 12 / (1600.0 * 39) + 20.0 * 20 * 19 * 21 / (1600.0 * 39);
        assertEquals(6.0 * 6.0 / variance, summary.overTasks().orElseThrow().statistic(), 1e-12);
        Map<String, Object> json = Json.parseObject(Json.compact(summary.toJson()), "summary")
                .getObject("cochranMantelHaenszel")
                .asMap();
        assertEquals(List.of("xor"), json.get("tasksWithoutVariance"));
    }

    @Test
    void theCriterionDecides() throws IOException {
        network("and", "orthogonal", 0.1);
        network("and", "orthogonal", 0.25);
        network("and", "orthogonal", 0.35);
        network("and", "orthogonal", 0.3);
        assertEquals(1, passed(new Criterion(0.2, 0.5)));
        assertEquals(3, passed(new Criterion(0.3, 0.5)));
        assertEquals(3, passed(new Criterion(1, 0.5)), "half of what silence scores, 0.6");
        assertEquals(4, passed(new Criterion(1, 1)));
        assertEquals(0, passed(new Criterion(0.09, 1)));
        assertTrue(success(Criterion.DEFAULT).comparisons().isEmpty(), "one kind of weights");
        assertTrue(success(Criterion.DEFAULT).overTasks().isEmpty());
        assertFalse(success(Criterion.DEFAULT).toJson().containsKey("cochranMantelHaenszel"));
    }

    private int passed(Criterion criterion) throws IOException {
        return success(criterion).cells().get(0).successes().successes();
    }

    @Test
    void aDivergedTrainingFailed() throws IOException {
        networks("and", "orthogonal", 2, 1);
        diverged("and", "orthogonal", "20");
        SuccessSummary.Cell cell = success(Criterion.DEFAULT).cells().get(0);
        assertEquals(new Proportion(2, 4), cell.successes());
        assertEquals(1, cell.diverged());
        // With nothing else there isn't even a column of scores.
        Path file = StudyFixtures.lines(
                folder.resolve("all.csv"),
                "run,task,init,outcome,type",
                "a,and,normal,diverged,00",
                "b,and,normal,diverged,00");
        SuccessSummary.Cell all = SuccessSummary.of(ResultTable.read(file), Criterion.DEFAULT, List.of())
                .cells()
                .get(0);
        assertEquals(new Proportion(0, 2), all.successes());
        assertEquals(2, all.diverged());
    }

    /** A pulse network under both conventions. */
    private void memory(double delay, double clean, double published, double rmse) {
        String run = "r" + runs++ + ",pulse,orthogonal,done,";
        for (String convention : List.of("clean", "published")) {
            double distance = convention.equals("clean") ? clean : published;
            lines.add(run + convention + "," + delay + ",none,50,0,0.1,0.1,0.01,true,0,0.2");
            lines.add(run + convention + "," + delay + ",pulse,50,0," + distance + ",0.1," + rmse + ",false,0.6,4");
        }
    }

    @Test
    void memoryAgainstTheDelay() throws IOException {
        for (int k = 0; k < 4; k++) {
            memory(150, 3 + 0.1 * k, 4, k < 1 ? 0.1 : 0.5);
            memory(20, 1, 2, 0.1);
            memory(100, 2, 2.5, k < 2 ? 0.1 : 0.5);
            memory(50, 1.5, 2.25, k < 3 ? 0.1 : 0.5);
        }
        diverged("pulse", "orthogonal", "150.0");
        List<MemorySummary.Published> published = List.of(
                new MemorySummary.Published(20, 1.0, 0.1, 9),
                new MemorySummary.Published(50, 1.2, 0.1, 9),
                new MemorySummary.Published(60, 9.0, 0.1, 9),
                new MemorySummary.Published(100, 1.6, 0.1, 9),
                new MemorySummary.Published(150, 1.5, 0.1, 9));
        MemorySummary memory = MemorySummary.of(table(), "delayMs", Criterion.DEFAULT, published);
        assertEquals(
                List.of(20.0, 50.0, 100.0, 150.0),
                memory.successes().stream().map(MemorySummary.Success::x).toList());
        assertEquals(
                List.of(new Proportion(4, 4), new Proportion(3, 4), new Proportion(2, 4), new Proportion(1, 5)),
                memory.successes().stream()
                        .map(MemorySummary.Success::proportion)
                        .toList());
        assertEquals(8, memory.points().size());
        MemorySummary.Point last = memory.points().get(3);
        assertEquals("clean", last.convention());
        assertEquals(150, last.x());
        assertEquals(4, last.distance().count(), "the diverged one is missing");
        assertEquals(3.15, last.distance().mean(), 1e-12);
        assertEquals(Math.sqrt(0.05 / 3) / 2, last.distance().standardError(), 1e-12);
        assertEquals(1, last.passing().count());
        assertEquals(3.0, last.passing().mean());
        assertEquals(4.0, last.silent());
        // Ranks 1 2 3 4 against 1 2 4 3: 1 - 6 * 2 / (4 * 15).
        MemorySummary.Correlation clean = memory.correlations().get("clean");
        assertEquals(4, clean.pairs());
        assertEquals(0.8, clean.ranks().orElseThrow().rho(), 1e-12);
        assertEquals(
                0.8,
                memory.passingCorrelations().get("clean").ranks().orElseThrow().rho(),
                1e-12);
        LogisticRegression fit = memory.regression().orElseThrow();
        assertEquals(LogisticRegression.Outcome.FITTED, fit.outcome());
        assertTrue(fit.slope() < 0 && fit.crossing() > 50 && fit.crossing() < 150, fit.toString());
        assertEquals(0.5, fit.probability(fit.crossing()), 1e-9);
        // A laxer criterion lets all pass but the diverged one.
        MemorySummary lax = MemorySummary.of(table(), "delayMs", new Criterion(1, 1), List.of());
        assertEquals(new Proportion(4, 5), lax.successes().get(3).proportion());
        assertTrue(lax.correlations().isEmpty());
        Json.compact(memory.toJson());
    }

    @Test
    void memoryAtOneDelayHasNoCrossing() throws IOException {
        memory(20, 1, 2, 0.1);
        memory(20, 3, 2, 0.5);
        MemorySummary memory = MemorySummary.of(
                table(), "delayMs", Criterion.DEFAULT, List.of(new MemorySummary.Published(20, 1, 0.1, 3)));
        assertTrue(memory.regression().isEmpty());
        assertEquals(1, memory.correlations().get("clean").pairs());
        assertTrue(memory.correlations().get("clean").ranks().isEmpty());
        assertFalse(memory.toJson().containsKey("logisticRegression"));
    }

    @Test
    void memoryOfDivergedNetworksAlone() throws IOException {
        diverged("pulse", "orthogonal", "20");
        diverged("pulse", "orthogonal", "50");
        MemorySummary memory = MemorySummary.of(table(), "delayMs", Criterion.DEFAULT, List.of());
        assertTrue(memory.points().isEmpty());
        assertEquals(new Proportion(0, 1), memory.successes().get(1).proportion());
        assertEquals(
                LogisticRegression.Outcome.ALL_FAILED,
                memory.regression().orElseThrow().outcome());
    }

    private static String error(Executable executable) {
        return assertThrows(FormatException.class, executable).getMessage();
    }

    @Test
    void tablesAndTheirErrors() throws IOException {
        Path file = StudyFixtures.lines(folder.resolve("t.csv"), "a,b,c", "x,1.5,true", "y,,false", "x,many,TRUE");
        ResultTable table = ResultTable.read(file);
        assertEquals(List.of("x", "y"), table.texts("a"));
        assertEquals(2, table.by("a").get("x").rows().size());
        assertEquals(1, table.where("a", "y").rows().size());
        assertTrue(table.where("a", "z").isEmpty());
        ResultTable.Row first = table.rows().get(0);
        assertEquals(1.5, first.number("b"));
        assertTrue(first.flag("c"));
        assertTrue(Double.isNaN(table.rows().get(1).number("b")));
        assertEquals(null, first.get("d"));
        assertEquals(file + ", row 1: there is no column d, expected one among a, b, c", error(() -> first.text("d")));
        assertEquals(file + ", row 3: b is 'many', expected a number", error(() -> table.numbers("b")));
        assertEquals(file + ", row 1: there is no column d, expected one among a, b, c", error(() -> table.by("d")));
        assertEquals(
                file + ", row 1: there is no column d, expected one among a, b, c", error(() -> table.where("d", "")));
        // A table that lacks the scores.
        Path thin = StudyFixtures.lines(folder.resolve("thin.csv"), "run,task,init,outcome", "r,and,normal,done");
        assertTrue(error(() -> SuccessSummary.of(ResultTable.read(thin), Criterion.DEFAULT, List.of()))
                .startsWith(thin + ", row 1: there is no column trials, expected one among run, task"));
    }
}
