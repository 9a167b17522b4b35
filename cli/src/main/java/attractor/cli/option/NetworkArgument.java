package attractor.cli.option;

import attractor.engine.SoftmaxCrossEntropy;
import attractor.interchange.ForeignNetwork;
import attractor.io.FormatException;
import attractor.io.JsonObject;
import attractor.kernel.Activation;
import attractor.model.NetworkFile;
import attractor.model.Precision;
import attractor.model.Rnn;
import attractor.task.Task;
import attractor.train.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The argument NET of commands: an .npz, a run directory or a file of another library. */
public final class NetworkArgument {
    private static final Pattern EPOCH = Pattern.compile("epoch-(\\d{1,9})");

    @Parameters(
            index = "0",
            paramLabel = "NET",
            description =
                    "A network: an .npz, a run directory, or a file of Keras (.h5, .hdf5, .keras) or PyTorch (.safetensors, "
                            + ".npz), see attractor import.")
    private Path path;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--network",
            paramLabel = "WHICH",
            description = "Network of a run directory: initial, best, final or epoch-NN (default: final).")
    private String which;

    @Mixin
    private ActivationOption activation;

    /**
     * A network and what is known about it.
     *
     * @param path the path as given
     * @param rnn the network
     * @param task the task that it was trained on, null if that is unknown
     * @param taskOptions the task's options
     * @param source the file that it was read from
     * @param data the trials that it was trained on, null unless they came from a file
     * @param precision that of its file; {@code rnn} is in double, see {@link PrecisionOption}
     * @param loss the name of the loss that it was trained with, null if that is unknown
     */
    public record Loaded(
            Path path,
            Rnn rnn,
            String task,
            Map<String, Object> taskOptions,
            Path source,
            TrainedOn data,
            Precision precision,
            String loss) {
        /**
         * Whether the softmax of its outputs is what the network was trained for: by the loss of its training, or if that
         * isn't known by a task's own.
         */
        public boolean probabilities(Optional<Task> task) {
            String name = loss != null ? loss : task.map(t -> t.loss().name()).orElse("");
            return rnn.outputs() > 1 && name.equals(new SoftmaxCrossEntropy().name());
        }

        /** The same with another form of its network. */
        Loaded with(Rnn other) {
            return new Loaded(path, other, task, taskOptions, source, data, precision, loss);
        }
    }

    /**
     * What a network's file says about trials that came from a file.
     *
     * @param file the file's name
     * @param heldOut share of its trials that was held out
     * @param evaluation the digest of the held-out trials
     */
    record TrainedOn(String file, double heldOut, String evaluation) {
        static TrainedOn of(JsonObject meta) throws IOException {
            if (!meta.has("data")) {
                return null;
            }
            JsonObject data = meta.getObject("data");
            return new TrainedOn(data.getString("file"), data.getDouble("heldOut"), data.getString("evaluation"));
        }
    }

    /** Reads the network. */
    public Loaded load() throws IOException {
        return load(path, which, activation.value(), spec);
    }

    /**
     * Reads a network.
     *
     * @param which one of a run directory's networks; null for the final one
     * @param activation activation for a file without it; null if it isn't given either
     * @param spec the command that reports a wrong {@code which} and the assumptions made
     */
    public static Loaded load(Path path, String which, Activation activation, CommandSpec spec) throws IOException {
        Path file = path;
        if (Files.isDirectory(path)) {
            if (!RunDirectory.isRun(path)) {
                throw new IOException(
                        path + " is a folder without run.json, expected a run directory, an .npz or a Keras file");
            }
            String name = fileName(which, spec);
            file = path.resolve(name);
            if (!Files.isRegularFile(file)) {
                throw new IOException(path + " has no " + name
                        + (name.equals("final.npz")
                                ? "; the training is not finished (train --resume goes on, --network best may do)"
                                : ""));
            }
        } else if (!Files.exists(path)) {
            throw new NoSuchFileException(path.toString());
        } else if (which != null) {
            throw new ParameterException(
                    spec.commandLine(), "--network " + which + " is for a run directory, and " + path + " is a file");
        }
        return read(path, file, activation, notes(spec));
    }

    /** Prints what was assumed, with its escapes shown, where messages go. */
    public static Consumer<String> notes(CommandSpec spec) {
        // A FormatException's message is one line of printable characters, whatever the file's name has.
        return note ->
                spec.commandLine().getErr().println("attractor: note: " + new FormatException(note).getMessage());
    }

    /** Reads the network in a file that {@code path} led to. */
    public static Loaded read(Path path, Path file, Activation activation, Consumer<String> notes) throws IOException {
        Optional<Rnn> foreign = ForeignNetwork.read(file, activation, notes);
        if (foreign.isPresent()) {
            Rnn rnn = foreign.get();
            return new Loaded(
                    path, rnn.withPrecision(Precision.DOUBLE), null, Map.of(), file, null, rnn.precision(), null);
        }
        NetworkFile.Network network = NetworkFile.read(file, activation, notes);
        JsonObject meta = network.meta();
        String task = meta.has("task") && meta.asMap().get("task") != null ? meta.getString("task") : null;
        Map<String, Object> options = new LinkedHashMap<>();
        if (task != null && meta.has("taskOptions")) {
            options.putAll(meta.getObject("taskOptions").asMap());
        }
        return new Loaded(
                path,
                network.rnn().withPrecision(Precision.DOUBLE),
                task,
                options,
                file,
                TrainedOn.of(meta),
                network.rnn().precision(),
                loss(meta));
    }

    /** The name of the loss that a network was trained with; null if its file doesn't say. */
    private static String loss(JsonObject meta) throws IOException {
        return meta.has("training") && meta.getObject("training").has("loss")
                ? meta.getObject("training").getString("loss")
                : null;
    }

    private static String fileName(String which, CommandSpec spec) {
        if (which == null) {
            return "final.npz";
        }
        Matcher epoch = EPOCH.matcher(which);
        if (epoch.matches()) {
            return String.format(Locale.ROOT, "epoch-%02d.npz", Integer.parseInt(epoch.group(1)));
        }
        if (List.of("initial", "best", "final").contains(which)) {
            return which + ".npz";
        }
        throw new ParameterException(
                spec.commandLine(), "--network is '" + which + "', expected initial, best, final or epoch-NN");
    }
}
