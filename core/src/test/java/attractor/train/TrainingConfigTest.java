package attractor.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.engine.Adam;
import attractor.io.FormatException;
import attractor.io.Json;
import attractor.io.JsonObject;
import attractor.kernel.Activation;
import attractor.model.Initializers.Recurrent;
import attractor.model.Rnn;
import attractor.task.Tasks;
import attractor.task.Trials;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TrainingConfigTest {
    private static TrainingConfig parse(String text) throws FormatException {
        return TrainingConfig.fromJson(Json.parseObject(text, "run.json"), "run.json");
    }

    @Test
    void defaultsAreThoseOfThePaperAndOfTheTask() {
        TrainingConfig c = TrainingConfig.builder(Tasks.byName("flipflop")).build();
        assertEquals("flipflop", c.task());
        assertEquals(new TrialOrigin.OfTask("flipflop", c.taskOptions()), c.trials());
        assertEquals(50, c.units());
        assertEquals(Recurrent.ORTHOGONAL, c.init());
        assertEquals(Activation.TANH, c.activation());
        assertEquals(1.0, c.dtMs());
        assertEquals(1.0, c.tauMs());
        assertFalse(c.recurrentBias());
        assertEquals(0, c.seed());
        assertEquals(20, c.epochs());
        assertEquals(25_000, c.samples());
        assertEquals(64, c.batch());
        assertEquals(new Adam.Options(1e-4, 1e-4, 0.9, 0.999, 1e-8), c.optimizer());
        assertEquals(0.0, c.clipNorm());
        assertEquals(1e-3, c.stopLoss());
        assertEquals(200, c.evaluationTrials());
        TrainingConfig not = TrainingConfig.builder(Tasks.byName("not")).build();
        assertTrue(not.recurrentBias());
        assertEquals(15_000, not.samples());
        assertEquals(5e-4, not.stopLoss());
    }

    @Test
    void theTimeConstantIsOneMillisecondOrOneStep() {
        assertEquals(
                1.0,
                TrainingConfig.builder(Tasks.byName("and", Map.of("dtMs", 0.5)))
                        .build()
                        .tauMs());
        TrainingConfig slow =
                TrainingConfig.builder(Tasks.byName("and", Map.of("dtMs", 2))).build();
        assertEquals(2.0, slow.dtMs());
        assertEquals(2.0, slow.tauMs());
    }

    @Test
    void jsonKeepsEverything() throws FormatException {
        TrainingConfig c = TrainingConfig.builder(
                        Tasks.byName("flipflop", Map.of("earlierPulses", List.of(0, 1, 0), "noiseSd", 0.05)))
                .units(33)
                .init(Recurrent.NORMAL)
                .activation(Activation.SIGMOID)
                .tauMs(1.7)
                .recurrentBias(true)
                .seed(Long.MIN_VALUE)
                .epochs(7)
                .samples(123)
                .batch(9)
                .optimizer(new Adam.Options(0.1, 0.0, 0.0, 0.5, 1e-3))
                .clipNorm(0.3)
                .stopLoss(1e-7)
                .evaluationTrials(11)
                .build();
        TrainingConfig read = parse(Json.pretty(c.toJson()));
        assertEquals(c, read);
        assertEquals(c.hashCode(), read.hashCode());
        assertEquals(
                Tasks.byName(c.task(), c.taskOptions()).options(),
                read.makeTask().options());
        assertEquals(c, c.toBuilder().build());
        assertNotEquals(c, c.toBuilder().seed(1).build());
    }

    @Test
    void integersServeAsTaskOptions() throws FormatException {
        TrainingConfig c = TrainFixtures.tiny().build();
        Map<String, Object> json = new LinkedHashMap<>(c.toJson());
        Map<String, Object> options = new LinkedHashMap<>(c.taskOptions());
        options.put("delayMs", 2L);
        json.put("taskOptions", options);
        assertEquals(c, TrainingConfig.fromJson(new JsonObject(json, "x")));
    }

    private static Arguments bad(UnaryOperator<TrainingConfig.Builder> change, String message) {
        return Arguments.of(change, message);
    }

    static Stream<Arguments> badValues() {
        return Stream.of(
                bad(b -> b.units(0), "units is 0, expected at least 1"),
                bad(b -> b.epochs(-1), "epochs is -1, expected at least 0"),
                bad(b -> b.samples(-1), "samples is -1, expected at least 1"),
                bad(b -> b.batch(0), "batch is 0, expected at least 1"),
                bad(b -> b.evaluationTrials(0), "evaluationTrials is 0, expected at least 1"),
                bad(b -> b.clipNorm(-1), "clipNorm is -1.0, expected a finite number, 0 or more"),
                bad(b -> b.clipNorm(Double.NaN), "clipNorm is NaN, expected a finite number, 0 or more"),
                bad(b -> b.stopLoss(Double.POSITIVE_INFINITY), "stopLoss is Infinity, expected a finite number"),
                bad(b -> b.tauMs(0.5), "dtMs is 1.0 and tauMs is 0.5, expected 0 < dtMs <= tauMs (finite)"),
                bad(b -> b.tauMs(Double.NaN), "dtMs is 1.0 and tauMs is NaN, expected 0 < dtMs <= tauMs (finite)"));
    }

    @ParameterizedTest
    @MethodSource("badValues")
    void aValueOutOfRangeIsNamed(UnaryOperator<TrainingConfig.Builder> change, String message) {
        TrainingConfig.Builder builder = change.apply(TrainFixtures.tiny());
        String found =
                assertThrows(IllegalArgumentException.class, builder::build).getMessage();
        assertTrue(found.startsWith(message), found);
    }

    @Test
    void badJsonIsNamed() {
        Map<String, Object> json =
                new LinkedHashMap<>(TrainFixtures.tiny().build().toJson());
        json.put("gain", 1);
        assertMessage(json, "run.json: has the unknown member 'gain', expected only activation, batch, ");
        json.remove("gain");
        json.put("init", "diagonal");
        assertMessage(json, "run.json: init is 'diagonal', expected one of orthogonal, normal, glorot, identity");
        json.put("init", "normal");
        json.put("units", 0);
        assertMessage(json, "run.json: units is 0, expected at least 1");
        json.put("units", 1.5);
        assertMessage(json, "run.json: units is 1.5, expected an integer");
        json.remove("units");
        assertMessage(json, "run.json: has no units");
        json.put("units", 5);
        json.put("taskOptions", Map.of("delayMs", "long"));
        assertMessage(json, "run.json: option delayMs is long, expected a number or a list of numbers");
        json.put("taskOptions", Map.of());
        json.put("data", "f00d");
        assertMessage(json, "run.json: task is and and data is f00d, expected one of them, the other null");
    }

    private static void assertMessage(Map<String, Object> json, String message) {
        String text = Json.compact(json);
        String found = assertThrows(FormatException.class, () -> parse(text)).getMessage();
        assertTrue(found.startsWith(message), found);
    }

    @Test
    void aDigestTellsTrialsApart() {
        double[] x = {1, 2, 3, 4};
        double[] y = {5, 6, 7, 8};
        double[] mask = {1, 1, 1, 1};
        String digest = TrainingConfig.digest(Trials.ofArrays(2, 1, 1, x, y, null, null, null));
        assertTrue(digest.matches("[0-9a-f]{64}"), digest);
        assertEquals(digest, TrainingConfig.digest(Trials.ofArrays(2, 1, 1, x.clone(), y.clone(), null, null, null)));
        for (Trials other : List.of(
                Trials.ofArrays(1, 1, 1, x, y, null, null, null),
                Trials.ofArrays(1, 2, 2, x, y, null, null, null),
                Trials.ofArrays(2, 1, 1, y, x, null, null, null),
                Trials.ofArrays(2, 1, 1, x, y, mask, null, null),
                Trials.ofArrays(2, 1, 1, x, y, null, new int[] {0, 1}, List.of("all", "b")),
                Trials.ofArrays(2, 1, 1, new double[] {1, 2, 3, Math.nextUp(4)}, y, null, null, null))) {
            assertNotEquals(digest, TrainingConfig.digest(other));
        }
    }

    @Test
    void aConfigurationForDataHasNoTask() throws FormatException {
        Trials trials = Trials.ofArrays(2, 1, 1, new double[6], new double[6], null, null, null);
        TrainingConfig c = TrainingConfig.builder(trials, 0.5, 3).build();
        assertThrows(IllegalStateException.class, c::task);
        assertEquals(new TrialOrigin.OfArrays(TrainingConfig.digest(trials)), c.trials());
        assertEquals(3, c.samples());
        assertEquals(3, c.evaluationTrials());
        assertEquals(0.5, c.dtMs());
        assertEquals(c, parse(Json.compact(c.toJson())));
        assertThrows(IllegalStateException.class, c::makeTask);
    }

    @Test
    void theInitialNetworkIsAsConfigured() {
        Rnn rnn = TrainFixtures.tiny()
                .activation(Activation.RELU)
                .tauMs(4)
                .recurrentBias(true)
                .build()
                .initialNetwork(2, 1);
        assertEquals(7, rnn.units());
        assertEquals(Activation.RELU, rnn.activation());
        assertEquals(0.25, rnn.alpha());
        assertTrue(rnn.recurrentBias());
    }
}
