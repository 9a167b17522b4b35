package attractor.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.engine.Adam;
import attractor.engine.BatchGradient;
import attractor.io.FormatException;
import attractor.kernel.RandomStream;
import attractor.kernel.RandomStream.Purpose;
import attractor.model.NetworkFile;
import attractor.model.Rnn;
import attractor.task.Task;
import attractor.task.Tasks;
import attractor.task.Trials;
import attractor.train.RunDirectory.Existing;
import attractor.train.TrainingResult.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StagesTest {
    private static final ExecutionSettings ONE = TrainFixtures.ONE_THREAD;

    @TempDir
    private Path folder;

    /** The short AND with other options. */
    private static Map<String, Object> options(Map<String, ?> changed) {
        Map<String, Object> all =
                new HashMap<>(TrainFixtures.shortAnd().options().toMap());
        all.putAll(changed);
        return Tasks.byName("and", all).options().toMap();
    }

    /** 2 epochs with a delay of 2, 3 of longer trials with a delay of 5 at another rate. */
    private static List<Stage> two() {
        return List.of(
                new Stage(options(Map.of()), 3e-3, 2, 0.0),
                new Stage(options(Map.of("delayMs", 5, "durationMs", 25)), 7e-3, 3, 0.0));
    }

    private static TrainingConfig config(List<Stage> stages) {
        return TrainingConfig.builder(TrainFixtures.shortAnd())
                .units(7)
                .samples(43)
                .batch(8)
                .optimizer(new Adam.Settings(3e-3, 1e-4, 0.9, 0.999, 1e-8))
                .evaluationTrials(20)
                .seed(5)
                .stages(stages)
                .build();
    }

    /** The loop of one's own, in which the trials and the rate are changed after two epochs. */
    @Test
    void twoStagesAreOneTrainingWhoseTrialsWereSwitchedByHand() {
        TrainingConfig config = config(two());
        assertEquals(5, config.epochs());
        Rnn rnn = config.initialNetwork(2, 1);
        double[] p = rnn.parameters();
        double[] gradient = new double[p.length];
        int trained = rnn.shape().bRec().offset();
        Adam adam = new Adam((Adam.Settings) config.optimizer(), trained, ONE.kernels());
        int epoch = 0;
        for (Stage stage : config.stages()) {
            Trials trials = Trials.random(Tasks.byName("and", stage.taskOptions()), 43, 5, Purpose.TRIALS);
            Adam next =
                    new Adam(new Adam.Settings(stage.learningRate(), 1e-4, 0.9, 0.999, 1e-8), trained, ONE.kernels());
            next.restore(adam.iteration(), adam.state());
            adam = next;
            try (BatchGradient batchGradient = BatchGradient.builder(rnn, trials)
                    .maxBatch(8)
                    .threads(1)
                    .kernels(ONE.kernels())
                    .build()) {
                for (int last = epoch + stage.epochs(); epoch < last; epoch++) {
                    int[] order = new int[43];
                    for (int i = 0; i < 43; i++) {
                        order[i] = i;
                    }
                    new RandomStream(5, Purpose.SHUFFLE, epoch).shuffle(order);
                    for (int from = 0; from < 43; from += 8) {
                        batchGradient.compute(p, order, from, Math.min(8, 43 - from), gradient);
                        adam.step(p, gradient);
                    }
                }
            }
        }
        TrainingResult result = new Trainer(config, ONE).train();
        assertArrayEquals(p, result.network().parameters());
        assertEquals(30, result.steps());
        Task last = Tasks.byName("and", two().get(1).taskOptions());
        assertEquals(
                Evaluator.evaluate(
                        result.network(), Trials.balanced(last, 20, 5, Purpose.EVALUATION), ONE.kernels(), 5),
                result.scores());
    }

    /** Stages that change nothing are the training without stages. */
    @Test
    void equalStagesAreOneTraining() {
        Map<String, Object> same = options(Map.of());
        TrainingConfig config = config(
                List.of(new Stage(same, 3e-3, 1, 0.0), new Stage(same, 3e-3, 1, 0.0), new Stage(same, 3e-3, 2, 0.0)));
        assertArrayEquals(
                new Trainer(TrainFixtures.tiny().build(), ONE).train().network().parameters(),
                new Trainer(config, ONE).train().network().parameters());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 9, 10, 11, 24})
    void stagesAreResumedToTheSameBits(int after) throws IOException {
        TrainingConfig config = config(two()).toBuilder()
                .tauMs(2.0)
                .model(ModelOptions.DEFAULT.withTrainedTau(true).withRecurrentNoise(0.02))
                .fit(FitOptions.DEFAULT.withValidation(0.1, 0))
                .clipNorm(0.1)
                .build();
        Path whole = folder.resolve("whole");
        new Trainer(config, ONE).train(whole, Existing.REFUSE, TrainingListener.NONE, () -> false);
        Path run = folder.resolve("run");
        int[] done = {0};
        TrainingResult stopped =
                new Trainer(config, ONE).train(run, Existing.REFUSE, step -> done[0]++, () -> done[0] == after);
        assertEquals(Outcome.STOPPED, stopped.outcome());
        assertEquals(config, RunDirectory.config(run));
        new Trainer(RunDirectory.config(run), ONE).train(run, Existing.RESUME, TrainingListener.NONE, () -> false);
        TrainFixtures.assertSameRun(whole, run, "stopped after " + after);
        assertEquals(
                List.of(1, 1, 2, 2, 2),
                RunDirectory.history(run).stream().map(EpochSummary::stage).toList());
        for (int e = 0; e < 5; e++) {
            assertEquals(
                    two().get(e < 2 ? 0 : 1).taskOptions(),
                    NetworkFile.read(RunDirectory.epochs(run).get(e))
                            .meta()
                            .getObject("taskOptions")
                            .asMap());
        }
    }

    @Test
    void aStageEndsWhenItsLossIsReached() {
        List<EpochSummary> free =
                new Trainer(TrainFixtures.tiny().epochs(9).build(), ONE).train().history();
        Map<String, Object> same = options(Map.of());
        double reached = Math.nextUp(free.get(3).loss());
        long ends = free.stream().takeWhile(e -> !(e.loss() < reached)).count() + 1;
        TrainingResult result = new Trainer(
                        config(List.of(new Stage(same, 3e-3, 9, reached), new Stage(same, 1e-9, 2, 0.0))), ONE)
                .train();
        assertEquals(ends + 2, result.epochs());
        assertTrue(result.bestEpoch() > ends, "the best is one of the last stage: " + result.history());
    }

    @Test
    void stagesGoWithATaskAndHaveTheirOwnLengths() {
        TrainingConfig.Builder builder = config(two()).toBuilder();
        assertMessage("epochs is 4, expected none where there are stages", builder.epochs(4));
        assertMessage(
                "stopLoss is 0.1, expected none where there are stages",
                config(two()).toBuilder().stopLoss(0.1));
        assertMessage(
                "epochs of a stage is 0, expected at least 1",
                TrainFixtures.tiny().build().toBuilder().stages(List.of(new Stage(Map.of(), 1.0, 0, 0.0))));
        Trials trials = Trials.ofArrays(2, 1, 1, new double[6], new double[6], null, null, null);
        assertMessage(
                "there are 2 stages and the trials come from data",
                TrainingConfig.builder(trials, 1.0, 3).stages(two()));
        Stage other = new Stage(Tasks.byName("and", Map.of("dtMs", 2)).options().toMap(), 1.0, 1, 0.0);
        String message = assertThrows(IllegalArgumentException.class, () -> new Trainer(config(List.of(other)), ONE))
                .getMessage();
        assertEquals("dtMs is 2.0, expected 1.0 as the training has", message);
    }

    private static void assertMessage(String start, TrainingConfig.Builder builder) {
        String message =
                assertThrows(IllegalArgumentException.class, builder::build).getMessage();
        assertTrue(message.startsWith(start), message);
    }

    @Test
    void aFileOfStagesIsRead() throws IOException {
        Path file = folder.resolve("stages.json");
        Files.writeString(file, """
                [
                    {"taskOptions": {"delayMs": 3}, "loss": 0.005},
                    {"learningRate": 5e-5, "epochs": 4}
                ]
                """);
        assertEquals(
                List.of(
                        new Stage(options(Map.of("delayMs", 3)), 0.25, 20, 0.005),
                        new Stage(options(Map.of()), 5e-5, 4, 0.0)),
                Stage.read(file, TrainFixtures.shortAnd(), 0.25, 20));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "{}; : expected an array of stages, at least one",
                "[]; : expected an array of stages, at least one",
                "[{\"epochs\": 1}, 3]; : stage 2: expected an object with some of taskOptions,",
                "[{\"epochs\": 0}]; : stage 1: epochs is 0, expected at least 1",
                "[{\"epochs\": 1}, {\"lr\": 1, \"epochs\": 1}]; : stage 2: has the unknown member 'lr', expected only",
                "[{\"learningRate\": 1}]; : stage 1: has neither epochs nor loss",
                "[{\"learningRate\": \"x\", \"epochs\": 1}]; : stage 1: learningRate is the string 'x', expected a number",
                "[{\"learningRate\": 0, \"epochs\": 1}]; : stage 1: learningRate is 0.0, expected a finite number above 0",
                "[{\"loss\": -1}]; : stage 1: loss is -1.0, expected a finite number, 0 or more",
                "[{\"epochs\": 1.5}]; : stage 1: epochs is 1.5, expected an integer",
                "[{\"taskOptions\": 1, \"epochs\": 1}]; : stage 1: taskOptions is 1, expected an object",
                "[{\"taskOptions\": {\"delay\": 1}, \"epochs\": 1}]; : stage 1: taskOptions: task and has no option delay,",
                "[{\"taskOptions\": {\"delayMs\": null}, \"epochs\": 1}]; : stage 1: option delayMs is null, expected a",
                "[{\"taskOptions\": {\"delayMs\": 90}, \"epochs\": 1}]; : stage 1: taskOptions: task and: the response takes",
                "[{\"taskOptions\": {\"dtMs\": 0.5}, \"epochs\": 1}]; : stage 1: taskOptions: dtMs is 0.5, expected 1.0"
            })
    void aBadFileIsRefusedByStageAndKey(String text, String message) throws IOException {
        Path file = folder.resolve("stages.json");
        Files.writeString(file, text);
        String found = assertThrows(FormatException.class, () -> Stage.read(file, TrainFixtures.shortAnd(), 1e-4, 20))
                .getMessage();
        assertTrue(found.startsWith(file + message), found);
        assertEquals(1, found.lines().count());
    }

    @Test
    void patienceEndsAStage() {
        Map<String, Object> same = options(Map.of());
        TrainingConfig config =
                config(List.of(new Stage(same, 0.2, 30, 0.0), new Stage(same, 0.2, 30, 0.0))).toBuilder()
                        .fit(FitOptions.DEFAULT.withValidation(0.3, 2))
                        .build();
        TrainingResult result = new Trainer(config, ONE).train();
        List<Integer> stages = new ArrayList<>();
        result.history().forEach(e -> stages.add(e.stage()));
        for (int stage = 1; stage <= 2; stage++) {
            int number = stage;
            List<EpochSummary> epochs =
                    result.history().stream().filter(e -> e.stage() == number).toList();
            EpochSummary best = EpochSummary.best(epochs);
            assertTrue(epochs.size() < 30, "seed 5: " + stages);
            assertEquals(2, epochs.get(epochs.size() - 1).number() - best.number(), "stage " + stage);
        }
    }
}
