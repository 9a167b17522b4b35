package attractor.cli.option;

import attractor.io.FormatException;
import attractor.io.NpyArray;
import attractor.model.EntrySet;
import attractor.model.ModelOptions;
import attractor.model.ModelOptions.Fixed;
import attractor.model.ModelOptions.Mask;
import attractor.model.Signs;
import attractor.train.FitOptions;
import attractor.train.Schedule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Options of networks and trainings that the paper's don't have, in groups of their own in the help. */
public final class GivenModelOptions {
    @ArgGroup(validate = false, order = 100, heading = "%nThe network, beyond the paper:%n")
    private final Network network = new Network();

    @ArgGroup(validate = false, order = 101, heading = "%nThe training, beyond the paper:%n")
    private final Fit fit = new Fit();

    private static final class Network {
        @Option(
                names = "--dale",
                paramLabel = "SHARE",
                description =
                        "Dale's law: this share of the units is excitatory, the others are inhibitory, and their recurrent weights keep "
                                + "the sign. Needs --activation relu, sigmoid or softplus.")
        private Double dale;

        @Option(
                names = "--dale-also",
                paramLabel = "ARRAY,...",
                split = ",",
                hideParamSyntax = true,
                description =
                        "With --dale: W_out, inhibitory units don't reach the outputs and excitatory ones do with weights of 0 or more; "
                                + "W_in, inputs excite.")
        private final List<String> daleAlso = new ArrayList<>();

        @Option(
                names = "--signs",
                paramLabel = "ARRAY=F.npy,...",
                split = ",",
                hideParamSyntax = true,
                description =
                        "Signs that weights keep, with any activation: for W_in, W_rec or W_out a file of 1, -1 and 0 (either), as the array.")
        private final List<String> signs = new ArrayList<>();

        @Option(
                names = "--rank",
                paramLabel = "R",
                description =
                        "Low rank: trains W_rec = P Q^T / N through its factors P and Q, N x R each, which --init draws (orthogonal or "
                                + "normal).")
        private Integer rank;

        @Option(
                names = "--density",
                paramLabel = "SHARE",
                description = "Share of the recurrent connections that exist, the same number to each unit, at random.")
        private Double density;

        @Option(
                names = "--mask-seed",
                paramLabel = "S",
                description = "Seed of the connections that --density keeps (default: the training's seed).")
        private Long maskSeed;

        @Option(
                names = "--mask",
                paramLabel = "M.npy",
                description =
                        "The recurrent connections that exist, N x N of 0 and 1; a row belongs to the receiving unit.")
        private Path mask;

        @Option(names = "--no-self-connections", description = "No unit has a connection to itself.")
        private boolean noSelf;

        @Option(
                names = "--fixed",
                paramLabel = "ARRAY[=F.npy],...",
                split = ",",
                hideParamSyntax = true,
                description =
                        "Arrays that keep their initial values: W_in, W_rec (with --rank P, Q), W_out, b_out, b_rec; with a file, only the entries that are 1 "
                                + "in the file.")
        private final List<String> fixed = new ArrayList<>();

        @Option(
                names = "--recurrent-noise",
                paramLabel = "SD",
                description =
                        "Noise in the states at every step, sd * sqrt(2 alpha) times a normal number (default: 0); with --dale no "
                                + "state falls below 0.")
        private Double noiseSd;

        @Option(names = "--train-h0", description = "Trains the initial state, which begins at 0.")
        private boolean trainInitialState;

        @Option(names = "--train-tau", description = "Trains the time constant, which begins at --tau, above --dt.")
        private boolean trainTau;
    }

    private static final class Fit {
        @Option(
                names = "--l2-weights",
                paramLabel = "X",
                description = "Factor of the sum of squared weights, added to the loss (default: 0).")
        private Double l2Weights;

        @Option(
                names = "--l2-rates",
                paramLabel = "X",
                description = "Factor of the mean squared state, added to the loss (default: 0).")
        private Double l2Rates;

        @Option(
                names = "--schedule",
                paramLabel = "KIND",
                description =
                        "Schedule of the learning rate: inverse (see --decay), step:EPOCHS:FACTOR or cosine[:END], where END is the share "
                                + "that is left at the end (default: inverse).")
        private String schedule;

        @Option(
                names = "--validation",
                paramLabel = "SHARE",
                description =
                        "Share of the trials that is held out; best.npz is the epoch with the lowest loss on them (default: 0).")
        private Double validation;

        @Option(
                names = "--patience",
                paramLabel = "EPOCHS",
                description =
                        "Stop when the loss on the held-out trials has reached no new minimum for this many epochs, and evaluate best.npz; 0 for never "
                                + "(default: 0).")
        private Integer patience;
    }

    /** The decay if none is given: the usual one, or 0 with a schedule, which then decides the rate alone. */
    public double decay(double usual) {
        return fit.schedule == null || schedule().equals(Schedule.INVERSE) ? usual : 0.0;
    }

    /** The noise in the states, null if it isn't given. */
    public Double recurrentNoise() {
        return network.noiseSd;
    }

    /**
     * The network's options: the given values, and the defaults for the others.
     *
     * @param seed the training's
     * @throws IllegalArgumentException if they contradict each other
     * @throws IOException if a file cannot be read or isn't what it should be
     */
    public ModelOptions model(ModelOptions usual, long seed) throws IOException {
        if (network.mask != null && (network.density != null || network.maskSeed != null)) {
            throw new IllegalArgumentException("--mask is given with "
                    + (network.density != null ? "--density" : "--mask-seed") + ", expected one of them");
        }
        if (network.maskSeed != null && network.density == null) {
            throw new IllegalArgumentException("--mask-seed is given without --density, expected both");
        }
        Mask mask = usual.mask();
        if (network.density != null) {
            mask = Mask.random(network.density, network.maskSeed != null ? network.maskSeed : seed);
        } else if (network.mask != null) {
            mask = Mask.of(entries("--mask", network.mask));
        }
        List<Fixed> fixed = new ArrayList<>();
        for (String text : network.fixed) {
            int at = text.indexOf('=');
            fixed.add(
                    at < 0
                            ? new Fixed(text, null)
                            : new Fixed(text.substring(0, at), entries("--fixed", Path.of(text.substring(at + 1)))));
        }
        Map<String, Signs> signs = new LinkedHashMap<>();
        for (String text : network.signs) {
            int at = text.indexOf('=');
            if (at < 0 || signs.put(text.substring(0, at), signs(Path.of(text.substring(at + 1)))) != null) {
                throw new IllegalArgumentException(
                        "--signs is '" + text + "', expected ARRAY=F.npy with W_in, W_rec or W_out, each once");
            }
        }
        return new ModelOptions(
                given(network.dale, usual.dale()),
                mask,
                usual.selfConnections() && !network.noSelf,
                fixed.isEmpty() ? usual.fixed() : fixed,
                given(network.noiseSd, usual.recurrentNoiseSd()),
                usual.trainInitialState() || network.trainInitialState,
                usual.trainTau() || network.trainTau,
                network.daleAlso.isEmpty() ? usual.daleAlso() : new LinkedHashSet<>(network.daleAlso),
                signs.isEmpty() ? usual.signs() : signs,
                rank(usual.rank()));
    }

    private int rank(int usual) {
        if (network.rank != null && network.rank < 1) {
            throw new IllegalArgumentException("--rank is " + network.rank + ", expected 1 to N");
        }
        return given(network.rank, usual);
    }

    /** The network's options in a training with another seed, which may decide which connections there are. */
    ModelOptions withSeed(ModelOptions options, long seed) {
        return network.density != null && network.maskSeed == null
                ? options.withMask(Mask.random(network.density, seed))
                : options;
    }

    private static <T> T given(T value, T usual) {
        return value != null ? value : usual;
    }

    /** The entries that are 1 in a file; a vector counts as one column. */
    private static EntrySet entries(String option, Path file) throws IOException {
        return read(option, file, "0 and 1", EntrySet::of);
    }

    private static Signs signs(Path file) throws IOException {
        return read("--signs", file, "1, -1 and 0", Signs::of);
    }

    /** Makes something of an array's rows, columns and values. */
    private interface Maker<T> {
        T of(int rows, int cols, double[] values);
    }

    private static <T> T read(String option, Path file, String numbers, Maker<T> maker) throws IOException {
        NpyArray array = NpyArray.read(file);
        int[] shape = array.shape();
        if (array.kind() == NpyArray.Kind.STRING || shape.length < 1 || shape.length > 2) {
            throw new FormatException(option + " " + file + " holds " + array.kind() + " in " + shape.length
                    + " dimensions, expected numbers " + numbers + " in one or two");
        }
        double[] values = array.kind() == NpyArray.Kind.DOUBLE
                ? array.doubles()
                : Arrays.stream(array.longs()).asDoubleStream().toArray();
        try {
            return maker.of(shape[0], shape.length == 1 ? 1 : shape[1], values);
        } catch (IllegalArgumentException e) {
            throw new FormatException(option + " " + file + ": " + e.getMessage(), e);
        }
    }

    /**
     * The options of the training procedure: the given values, and the defaults for the others.
     *
     * @throws IllegalArgumentException if a value is out of range
     */
    public FitOptions fit(FitOptions usual) {
        return new FitOptions(
                given(fit.l2Weights, usual.l2Weights()),
                given(fit.l2Rates, usual.l2Rates()),
                fit.schedule == null ? usual.schedule() : schedule(),
                given(fit.validation, usual.validation()),
                given(fit.patience, usual.patience()));
    }

    private Schedule schedule() {
        String[] parts = fit.schedule.split(":", -1);
        try {
            switch (Schedule.Kind.of(parts[0])) {
                case INVERSE -> {
                    if (parts.length == 1) {
                        return Schedule.INVERSE;
                    }
                }
                case STEP -> {
                    if (parts.length == 3) {
                        return Schedule.step(Integer.parseInt(parts[1]), Double.parseDouble(parts[2]));
                    }
                }
                case COSINE -> {
                    if (parts.length <= 2) {
                        return Schedule.cosine(parts.length == 1 ? 0.0 : Double.parseDouble(parts[1]));
                    }
                }
            }
        } catch (NumberFormatException e) {
            // The message is below.
        }
        throw new IllegalArgumentException(
                "--schedule is '" + fit.schedule + "', expected inverse, step:EPOCHS:FACTOR or cosine[:END]");
    }
}
