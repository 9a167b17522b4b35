package attractor.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.engine.SoftmaxCrossEntropy;
import attractor.io.FormatException;
import attractor.io.Json;
import attractor.model.EntrySet;
import attractor.model.ModelOptions;
import attractor.model.Signs;
import attractor.statistics.Proportion;
import attractor.study.SweepSummary.Cell;
import attractor.task.Criterion;
import attractor.task.Tasks;
import attractor.task.Trials;
import attractor.train.ExecutionSettings;
import attractor.train.Stage;
import attractor.train.Trainer;
import attractor.train.TrainingConfig;
import attractor.train.TrainingData;
import attractor.train.TrainingResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sweeps over a grid, and runs of trainings with options that the paper's don't have. */
class SweepTest {
    private static final String HEADER =
            "run,outcome,loss,axis.b,axis.a,type,trials,nonFinite,distanceMean,distanceSd,rmse,zeroTarget,zeroRmse,zeroDistance,accuracy,decisionMs,radiusBefore,radiusAfter";

    @TempDir
    private Path folder;

    private ResultTable table(String... lines) throws IOException {
        Path file = Files.write(folder.resolve("results.csv"), List.of(lines));
        Files.writeString(file, HEADER + "\n" + Files.readString(file));
        return ResultTable.read(file);
    }

    @Test
    void cellsByHand() throws IOException {
        ResultTable results = table(
                "r0,done,0.3,2,x,0,50,0,1,0.1,0.1,false,1,5,0.9,10,1,1.5",
                "r0,done,0.3,2,x,1,50,0,1,0.1,0.4,false,1,5,0.8,10,1,1.5",
                "r1,done,0.1,2,x,0,50,0,1,0.1,0.1,false,1,5,0.9,10,1,1.1",
                "r1,done,0.1,2,x,1,50,0,1,0.1,0.2,false,1,5,0.95,10,1,1.1",
                "r2,diverged,,2,x,0,,,,,,,,,,,,",
                "r2,diverged,,2,x,1,,,,,,,,,,,,",
                "r3,done,0.2,1,y,0,50,0,1,0.1,0.1,false,1,5,,,1,1",
                "r3,done,0.2,1,y,1,50,0,1,0.1,0.1,false,1,5,,,1,1");
        SweepSummary sweep = SweepSummary.of(results, Criterion.DEFAULT, Map.of("b", List.of("1", "2", "3")));
        assertEquals(Map.of("b", List.of("1", "2"), "a", List.of("x", "y")), sweep.axes());
        assertEquals(List.of("b", "a"), List.copyOf(sweep.axes().keySet()));
        assertEquals(2, sweep.cells().size(), "cells without a run are missing");
        assertEquals(Map.of("b", "1", "a", "y"), sweep.cells().get(0).place());
        Cell cell = sweep.at(Map.of("a", "x", "b", "2"));
        assertEquals(new Proportion(1, 3), cell.successes(), "0.8 right in the worst type is too few");
        assertEquals(1, cell.diverged());
        assertEquals(0.2, cell.loss().median(), 1e-12);
        assertEquals(0.85, cell.accuracy().median(), 1e-12, "of the worst types, 0.8 and 0.9");
        assertEquals(0.3, cell.rmse().median(), 1e-12, "of the worst types, 0.4 and 0.2");
        assertEquals(1.3, cell.radiusAfter().median(), 1e-12);
        assertEquals(new Proportion(2, 3), cell.types().get(0).passed());
        assertEquals(new Proportion(1, 3), cell.types().get(1).passed());
        assertTrue(sweep.classes());
        Cell other = sweep.cells().get(0);
        assertFalse(other.classes());
        assertEquals(new Proportion(1, 1), other.successes(), "by its error");
        assertNull(sweep.at(Map.of("a", "y", "b", "2")));
        Criterion lax = new Criterion(0.2, 0.5, 0.7);
        assertEquals(
                new Proportion(2, 3),
                SweepSummary.of(results, lax, Map.of()).at(cell.place()).successes());
        assertTrue(Json.compact(sweep.toJson()).contains("\"wilson95\""));
    }

    @Test
    void allDivergedAndNoAxis() throws IOException {
        ResultTable results = table("r2,diverged,,2,x,0,,,,,,,,,,,,");
        Cell cell =
                SweepSummary.of(results, Criterion.DEFAULT, Map.of()).cells().get(0);
        assertEquals(new Proportion(0, 1), cell.successes());
        assertTrue(Double.isNaN(cell.loss().median()));
        Path file = Files.writeString(folder.resolve("other.csv"), "run,outcome\nr0,done\n");
        String message = assertThrows(
                        FormatException.class,
                        () -> SweepSummary.of(ResultTable.read(file), Criterion.DEFAULT, Map.of()))
                .getMessage();
        assertTrue(message.contains("axis.NAME"), message);
    }

    @Test
    void aCellMeasuresScoresAndSpectra() throws Exception {
        Map<String, String> place = new LinkedHashMap<>();
        place.put("size", "5");
        place.put("law", "none");
        GridCell cell = new GridCell(place, 8);
        assertEquals(cell, Measurement.fromJson(Json.parseObject(Json.compact(cell.toJson()), "text")));
        assertThrows(IllegalArgumentException.class, () -> new GridCell(Map.of(), 8));
        TrainingConfig config = StudyFixtures.tiny(0).build();
        RunResult result =
                new StudyRun(config, cell).perform(ExecutionSettings.defaults(), StudyListener.NONE, () -> false);
        Map<String, Object> row = result.rows(MeasuredRows.RESULTS).get(0);
        assertEquals("none", row.get("axis.law"));
        assertEquals(1.0, (Double) row.get("radiusBefore"), 1e-12, "orthogonal weights");
        // The scores are those of the ordinary evaluation.
        Map<String, Object> usual = new StudyRun(config, StudyFixtures.EVALUATION)
                .perform(ExecutionSettings.defaults(), StudyListener.NONE, () -> false)
                .rows(MeasuredRows.RESULTS)
                .get(0);
        assertEquals(usual.get("rmse"), row.get("rmse"));
        List<Map<String, Object>> eigenvalues = result.rows(GridCell.EIGENVALUES);
        assertEquals(1L, eigenvalues.get(0).get("rank"));
        assertEquals("5", eigenvalues.get(0).get("axis.size"));
        RunResult diverged = new StudyRun(StudyFixtures.diverging(0).training(), cell)
                .perform(ExecutionSettings.defaults(), StudyListener.NONE, () -> false);
        assertEquals(StudyFolder.Status.DIVERGED, diverged.status());
        assertEquals("none", diverged.rows(MeasuredRows.RESULTS).get(0).get("axis.law"));
    }

    /** The trials of the last stage are those that the network is scored on, as by the trainer. */
    @Test
    void aTrainingInStages() {
        TrainingConfig plain = StudyFixtures.tiny(0).build();
        Map<String, Object> last = new LinkedHashMap<>(plain.taskOptions());
        last.put("delayMs", 6.0);
        TrainingConfig config = TrainingConfig.builder(plain.makeTask())
                .units(5)
                .samples(40)
                .batch(8)
                .evaluationTrials(8)
                .stages(List.of(new Stage(plain.taskOptions(), 1e-4, 1, 0), new Stage(last, 1e-4, 1, 0)))
                .build();
        assertEquals(6.0, config.lastTask().options().number("delayMs"));
        TrainingResult trained = new Trainer(config, ExecutionSettings.defaults()).train();
        RunResult result = new StudyRun(config, StudyFixtures.EVALUATION)
                .perform(ExecutionSettings.defaults(), StudyListener.NONE, () -> false);
        List<Map<String, Object>> rows = result.rows(MeasuredRows.RESULTS);
        for (int type = 0; type < rows.size(); type++) {
            assertEquals(
                    trained.scores().types().get(type).rmse(), rows.get(type).get("rmse"));
        }
        assertEquals(
                "learningRate 1.0E-4, epochs 1, loss 0.0; delayMs 6.0, learningRate 1.0E-4, epochs 1, loss 0.0",
                rows.get(0).get("stages"));
    }

    @Test
    void trialsFromData() throws Exception {
        Trials all = Trials.balanced(StudyFixtures.tiny(0).build().makeTask(), 48, 1, Trials.TRAINING, 1 << 20);
        TrainingData data = TrainingData.split("mine.npz", all, 0.25);
        TrainingConfig config = TrainingConfig.builder(
                        data.training(), 1.0, data.evaluation().size())
                .units(5)
                .epochs(1)
                .build();
        StudyRun run = new StudyRun(config, StudyFixtures.EVALUATION, Optional.of(data));
        RunResult result = run.perform(ExecutionSettings.defaults(), StudyListener.NONE, () -> false);
        assertEquals(StudyFolder.Status.DONE, result.status(), result.reason());
        TrainingResult trained = new Trainer(config, ExecutionSettings.defaults(), data).train();
        List<Map<String, Object>> rows = result.rows(MeasuredRows.RESULTS);
        assertEquals("data", rows.get(0).get("task"));
        assertEquals(trained.scores().types().get(0).rmse(), rows.get(0).get("rmse"));
        assertEquals(
                (long) trained.scores().types().get(0).trials(), rows.get(0).get("trials"));
        // The description doesn't have the trials: it can be read, but not performed.
        StudyRun read = StudyRun.fromJson(Json.parseObject(Json.compact(run.toJson()), "text"));
        assertEquals(run.hash(), read.hash());
        RunResult without = read.perform(ExecutionSettings.defaults(), StudyListener.NONE, () -> false);
        assertEquals(StudyFolder.Status.FAILED, without.status());
        assertTrue(without.reason().contains("trials come from data that are not here"), without.reason());
        assertThrows(
                IllegalArgumentException.class,
                () -> new StudyRun(StudyFixtures.tiny(0).build(), StudyFixtures.EVALUATION, Optional.of(data)));
        TrainingData fewer = data.withSamples(8);
        assertThrows(
                IllegalArgumentException.class,
                () -> new StudyRun(config, StudyFixtures.EVALUATION, Optional.of(fewer)));
    }

    /** No column of a setting hides another: the seed of a mask, the name of the loss. */
    @Test
    void everySettingHasAColumn() {
        double[] ones = new double[25];
        java.util.Arrays.fill(ones, 1);
        TrainingConfig config = TrainingConfig.builder(Tasks.byName("go-no-go"))
                .units(5)
                .seed(3)
                .loss(new SoftmaxCrossEntropy())
                .model(ModelOptions.DEFAULT
                        .withMask(ModelOptions.Mask.random(0.5, 7))
                        .withSigns(Map.of("W_rec", Signs.of(5, 5, ones)))
                        .withFixed(List.of(
                                new ModelOptions.Fixed("W_in", null),
                                new ModelOptions.Fixed("W_rec", EntrySet.of(5, 5, ones)))))
                .build();
        Map<String, Object> cells = RunColumns.of(config.toJson());
        assertEquals(3L, cells.get("seed"));
        assertEquals(7L, cells.get("mask.seed"));
        assertEquals(0.5, cells.get("mask.density"));
        assertEquals("cross-entropy", cells.get("lossFunction"));
        assertFalse(cells.containsKey("loss"));
        assertEquals("all", cells.get("fixed.W_in"));
        assertEquals(16, cells.get("fixed.W_rec").toString().length());
        assertEquals(16, cells.get("signs.W_rec").toString().length());
    }
}
