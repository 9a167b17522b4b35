package attractor.cli;

import attractor.io.JsonObject;
import attractor.model.NetworkFile;
import attractor.model.Rnn;
import attractor.train.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The argument NET of commands: an .npz, a run directory or a Keras file. */
final class NetworkArgument {
    @Parameters(
            index = "0",
            paramLabel = "NET",
            description = "A network: an .npz, a run directory, or a Keras 2 file (.hdf5, .h5).")
    private Path path;

    @Option(
            names = "--network",
            paramLabel = "WHICH",
            defaultValue = "final",
            description = "Of a run directory: initial, best, final or epoch-NN (default: ${DEFAULT-VALUE}).")
    private String which;

    /**
     * A network and what is known of it.
     *
     * @param rnn the network
     * @param task the task that it was trained for, null if that is unknown
     * @param taskOptions the options that the task had
     * @param source the file that it was read from
     */
    record Loaded(Rnn rnn, String task, Map<String, Object> taskOptions, Path source) {}

    /** The path as given. */
    Path path() {
        return path;
    }

    /** Reads the network. */
    Loaded load() throws IOException {
        Path file = path;
        if (Files.isDirectory(path)) {
            if (!RunDirectory.isRun(path)) {
                throw new IOException(
                        path + " is a folder without run.json, expected a run directory, an .npz or a Keras file");
            }
            file = path.resolve(which + ".npz");
            if (!Files.isRegularFile(file)) {
                throw new IOException(path + " has no " + which + ".npz"
                        + (which.equals("final")
                                ? "; the training is not finished (train --resume goes on, --network best may do)"
                                : ""));
            }
        } else if (!Files.exists(path)) {
            throw new NoSuchFileException(path.toString());
        }
        if (KerasFile.looksLikeHdf5(file) || isKerasName(file)) {
            return new Loaded(KerasFile.read(file), null, Map.of(), file);
        }
        NetworkFile.Network network = NetworkFile.read(file);
        JsonObject meta = network.meta();
        String task = meta.has("task") && meta.asMap().get("task") != null ? meta.getString("task") : null;
        Map<String, Object> options = new LinkedHashMap<>();
        if (task != null && meta.has("taskOptions")) {
            options.putAll(meta.getObject("taskOptions").asMap());
        }
        return new Loaded(network.rnn(), task, options, file);
    }

    private static boolean isKerasName(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(".hdf5") || name.endsWith(".h5");
    }
}
