package attractor.interchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.io.FormatException;
import attractor.io.Json;
import attractor.kernel.Activation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Models that Keras 2.15 and 3.15 made of a SimpleRNN, a Dense layer and others; {@code make_graphs.py} wrote what they say. */
class KerasModelTest {
    private static final Map<String, byte[]> GRAPHS = ZippedFiles.of("graphs.zip");

    private static KerasModel model(String name, List<String> notes) throws FormatException {
        return KerasModel.of(
                Json.parseObject(new String(GRAPHS.get(name), StandardCharsets.UTF_8), "config"), "file", notes::add);
    }

    static Stream<String> read() {
        return GRAPHS.keySet().stream().filter(name -> name.matches("keras\\d-read-.*"));
    }

    @ParameterizedTest
    @MethodSource("read")
    void readsWhatIsOneLayerAfterTheOther(String name) throws FormatException {
        List<String> notes = new ArrayList<>();
        KerasModel model = model(name, notes);
        assertEquals(List.of("rnn", "dense"), model.names());
        assertEquals(Activation.TANH, model.activation());
        assertEquals(3, model.recurrent().getInt("units"));
        assertEquals(2, model.dense().getInt("units"));
        assertEquals(List.of(), notes);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "keras2-note-last-step | return_sequences is false",
                "keras3-note-last-step | return_sequences is false",
                "keras2-note-stateful | stateful is true",
                "keras3-note-stateful | stateful is true",
            })
    void saysWhatKerasDoesOtherwise(String name, String note) throws FormatException {
        List<String> notes = new ArrayList<>();
        model(name + ".json", notes);
        assertEquals(1, notes.size());
        assertTrue(notes.get(0).startsWith("file: " + note), notes.get(0));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "backwards | the SimpleRNN layer's go_backwards is true, expected false",
                "batch-norm | has the layers SimpleRNN, BatchNormalization, Dense, expected SimpleRNN, Dense",
                "bidirectional | has the layers Bidirectional(SimpleRNN), Dense, expected SimpleRNN, Dense",
                "both-out | the outputs of the model are rnn and dense, expected that of dense alone",
                "cell | has the layers RNN, Dense, expected SimpleRNN, Dense",
                "dense-before | has the layers Dense, SimpleRNN, expected SimpleRNN, Dense",
                "dense-beside | the Dense layer dense takes x, expected rnn alone",
                "dense-only-out | has the layers Dense, expected SimpleRNN, Dense",
                "dense-sigmoid | the Dense layer's activation is sigmoid, expected linear",
                "dense-twice | the layer dense is used 2 times, expected input - SimpleRNN - Dense, each used once",
                "dropout | has the layers SimpleRNN, Dropout, Dense, expected SimpleRNN, Dense",
                "elu | the SimpleRNN layer's activation is elu, expected tanh, relu, sigmoid, softplus or linear",
                "encoder | has the layers SimpleRNN, expected SimpleRNN, Dense",
                "gru | has the layers GRU, Dense, expected SimpleRNN, Dense",
                "initial-state | has 2 inputs (x, state), expected input - SimpleRNN - Dense",
                "initial-state-from-dense | expected SimpleRNN, Dense",
                "lstm | has the layers LSTM, Dense, expected SimpleRNN, Dense",
                "masking | has the layers Masking, SimpleRNN, Dense, expected SimpleRNN, Dense",
                "nested | has the layers Sequential, expected SimpleRNN, Dense",
                "no-layers | has no layers, expected SimpleRNN, Dense",
                "rnn-twice | the layer rnn is used 2 times, expected input - SimpleRNN - Dense, each used once",
                "stacked | has the layers SimpleRNN, SimpleRNN, Dense, expected SimpleRNN, Dense",
                "state-out | the Dense layer dense takes rnn (use 0, output 1), expected rnn alone",
                "training-true | the SimpleRNN layer rnn is called with training=true, expected nothing but its input",
                "two-dense | has the layers SimpleRNN, Dense, Dense, expected SimpleRNN, Dense",
                "two-inputs | has the layers SimpleRNN, Concatenate, Dense, expected SimpleRNN, Dense",
                "unused-input | has 2 inputs (x, s), expected input - SimpleRNN - Dense",
            })
    void refusesEveryOtherGraph(String name, String message) {
        for (String version : List.of("keras2-", "keras3-")) {
            List<String> notes = new ArrayList<>();
            FormatException e =
                    assertThrows(FormatException.class, () -> model(version + name + ".json", notes), version);
            assertTrue(e.getMessage().startsWith("file: "), version + e.getMessage());
            assertTrue(e.getMessage().contains(message), version + e.getMessage());
        }
    }

    @Test
    void everyGraphIsInATable() throws Exception {
        CsvSource table = KerasModelTest.class
                .getDeclaredMethod("refusesEveryOtherGraph", String.class, String.class)
                .getAnnotation(CsvSource.class);
        List<String> refused = Stream.of(table.value())
                .map(line -> line.split(" ")[0] + ".json")
                .toList();
        List<String> left = GRAPHS.keySet().stream()
                .filter(name -> !name.matches("keras\\d-(read|note)-.*"))
                .map(name -> name.replaceFirst("keras\\d-", ""))
                .distinct()
                .sorted()
                .toList();
        assertEquals(left, refused.stream().sorted().toList());
    }
}
