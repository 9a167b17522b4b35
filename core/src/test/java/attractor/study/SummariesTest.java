package attractor.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.io.FormatException;
import attractor.io.Json;
import attractor.io.JsonObject;
import attractor.statistics.LogisticRegression;
import attractor.statistics.Proportion;
import attractor.task.Criterion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    /** The stored results, of 280 networks, beside the paper's counts; the numbers were computed apart (SciPy's formulas). */
    @Test
    void successBesideThePapersCounts() throws IOException {
        Path stored = Path.of("..", "data", "results", "success");
        List<SuccessSummary.Published> paper = new ArrayList<>();
        for (ResultTable.Row row :
                ResultTable.read(stored.resolve("table6.csv")).rows()) {
            paper.add(published(
                    row.text("task"), row.text("init"), (int) row.number("passed"), (int) row.number("trained")));
        }
        SuccessSummary summary =
                SuccessSummary.of(ResultTable.read(stored.resolve("results.csv")), Criterion.DEFAULT, paper);
        assertEquals(14, summary.cells().size());
        assertEquals(
                0.048,
                summary.cells().stream()
                        .mapToDouble(SuccessSummary.Cell::fisher)
                        .min()
                        .orElseThrow(),
                5e-4);
        assertEquals(
                0.677,
                summary.cells().stream()
                        .mapToDouble(SuccessSummary.Cell::holm)
                        .min()
                        .orElseThrow(),
                5e-4);
        SuccessSummary.Pooled all = summary.pooled().get(0);
        assertTrue(all.init().isEmpty());
        assertEquals(7.814772727272727, all.test().statistic(), 1e-9);
        assertEquals(0.005182086446555, all.test().pValue(), 1e-12);
        assertEquals(2.0643015521064303, all.test().oddsRatio(), 1e-12);
        assertEquals("normal", summary.pooled().get(2).init().orElseThrow());
        assertEquals(0.01101170654163826, summary.pooled().get(2).test().pValue(), 1e-12);
        for (SuccessSummary.Cell cell : summary.cells()) {
            assertEquals(cell.successes().successes(), cell.passedBy(0.2), cell.toString());
            if (cell.task().equals("not")) {
                assertEquals(cell.init().equals("normal") ? 0 : 8, cell.passedBy(0.1));
            }
        }
        SuccessSummary.Bound strict = summary.bounds().get(1);
        assertEquals(0.1, strict.maxRmse());
        assertEquals(177, strict.passed().stream().mapToInt(k -> k).sum());
        assertEquals(0.3447293447293448, strict.test().orElseThrow().oddsRatio(), 1e-12);
    }

    /** What a bound decides is what the same criterion decides. */
    @Test
    void boundsAreThoseOfTheCriterion() throws IOException {
        for (double rmse : new double[] {0.04, 0.15, 0.29, 0.31}) {
            network("and", "orthogonal", rmse); // silence scores 0.6
        }
        diverged("and", "orthogonal", "20");
        SuccessSummary.Cell cell = success(Criterion.DEFAULT).cells().get(0);
        // The first type has an error of 0.1.
        assertEquals(List.of(0.1, 0.15, 0.29, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY), cell.needed());
        for (double bound : new double[] {0.05, 0.1, 0.2, 0.29, 0.3, 1}) {
            assertEquals(passed(new Criterion(bound, 0.5)), cell.passedBy(bound), "bound " + bound);
        }
        assertTrue(success(Criterion.DEFAULT).pooled().isEmpty());
        Map<String, Object> json = Json.parseObject(
                        Json.compact(success(Criterion.DEFAULT).toJson()), "summary")
                .getObjects("cells")
                .get(0)
                .asMap();
        assertEquals(List.of(0.1, 0.15, 0.29), json.get("neededRmse"));
    }

    private static final String DAMAGE =
            "run,lesion,level,control,percent,normShare,type,distanceMean,lateDistanceMean,rmse,passedShare,allPassedShare";

    /** Two networks, two types; by the smallest share of a type 0.45 would pass, by draws 0.3 do. */
    @Test
    void damageCountsDraws() throws IOException {
        Path file = StudyFixtures.lines(
                folder.resolve("damage.csv"),
                DAMAGE,
                "a,units,1.0,false,4,0.1,00,1,0.5,0.1,0.5,0.2",
                "a,units,1.0,false,4,0.1,11,3,1.5,0.1,0.7,0.2",
                "b,units,1.0,false,6,0.1,00,2,0.5,0.1,0.4,0.4",
                "b,units,1.0,false,6,0.1,11,4,2.5,0.1,0.9,0.4",
                "a,units,1.0,true,4,0.1,00,5,0.5,0.1,0,0",
                "a,units,1.0,true,4,0.1,11,5,0.5,0.1,1,0",
                "b,units,1.0,true,4,0.1,00,5,0.5,0.1,1,0",
                "b,units,1.0,true,4,0.1,11,5,0.5,0.1,0,0");
        DamageSummary damage = DamageSummary.of(ResultTable.read(file), Optional.empty(), Optional.empty(), List.of());
        assertEquals(2, damage.networks());
        DamageSummary.Lesioned units = damage.outcomes().get(0);
        assertEquals(0.3, units.cut().passed().mean(), 1e-15);
        assertEquals(2.5, units.cut().distance().mean());
        assertEquals(1.25, units.cut().late().mean());
        assertEquals(5, units.cut().percent().mean());
        assertEquals(0.0, units.control().orElseThrow().passed().mean());
        assertTrue(damage.agreements().isEmpty()
                && damage.window().isEmpty()
                && damage.weights().isEmpty());
        // A table of an earlier version lacks both.
        Path old = StudyFixtures.lines(
                folder.resolve("old.csv"),
                "run,lesion,level,control,percent,normShare,type,distanceMean,rmse,passedShare",
                "a,mode,1.0,false,0,0.1,00,1,0.1,0.5");
        DamageSummary earlier = DamageSummary.of(ResultTable.read(old), Optional.empty(), Optional.empty(), List.of());
        assertEquals(0, earlier.outcomes().get(0).cut().passed().count());
    }

    @Test
    void damageBesidePublishedDistances() throws IOException {
        List<String> rows = new ArrayList<>(List.of(DAMAGE));
        List<DamageSummary.Published> published = new ArrayList<>();
        double[] levels = {0, 0.1, 0.2, 0.3};
        double[] late = {0.2, 0.4, 1, 3};
        double[] theirs = {0.2, 0.5, 0.4, 1};
        for (int k = 0; k < 4; k++) {
            for (String type : List.of("00", "11")) {
                rows.add("a,both," + levels[k] + ",false,4,0.1," + type + ",9," + late[k] + ",0.1,1,1");
                published.add(new DamageSummary.Published("both", type, levels[k], theirs[k], 0.1));
            }
        }
        published.add(new DamageSummary.Published("positive", "00", 0.1, 1, 0.1));
        Path windows = StudyFixtures.lines(
                folder.resolve("windows.csv"),
                "run,windowMs,type,distanceMean",
                "a,5.0,00,0.1",
                "a,5.0,11,0.2",
                "a,10.0,00,0.15",
                "a,10.0,11,0.21",
                "a,15.0,00,0.3",
                "a,15.0,11,0.4");
        ResultTable results = ResultTable.read(Files.write(folder.resolve("d.csv"), rows));
        DamageSummary damage =
                DamageSummary.of(results, Optional.of(ResultTable.read(windows)), Optional.empty(), published);
        DamageSummary.Window window = damage.window().orElseThrow();
        assertEquals(10, window.ms());
        assertEquals(0.03, window.difference(), 1e-15);
        assertEquals(Map.of("00", 0.15, "11", 0.21), window.ours());
        assertEquals(2, damage.agreements().size());
        DamageSummary.Agreement agreement = damage.agreements().get(0);
        // Level 0, where the window was fitted, is left out: ranks 1 2 3 and 2 1 3.
        assertEquals(3, agreement.levels());
        assertEquals(0.5, agreement.rho(), 1e-15);
        assertEquals(2.5, agreement.ratio().median());
        assertEquals(0.8, agreement.ratio().min());
        assertEquals(3, agreement.ratio().max());
        JsonObject json = Json.parseObject(Json.compact(damage.toJson()), "summary");
        assertEquals(10, json.getObject("windowNearestToPublished").getDouble("windowMs"));
        assertEquals(0.5, json.getObjects("agreementWithPublished").get(1).getDouble("spearman"), 1e-15);
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
