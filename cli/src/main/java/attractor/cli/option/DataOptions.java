package attractor.cli.option;

import attractor.task.TrialFile;
import attractor.train.TrainingData;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Trials from a file, in place of a task, to train on. */
public final class DataOptions {
    /** The share that is held out by default. */
    public static final double HELD_OUT = 0.1;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--data",
            paramLabel = "TRIALS.npz",
            description = "Train on these trials instead of a task's: arrays x (S, T, I), y (S, T, O), and optionally "
                    + "mask (S, T) or (S, T, O), type (S) of integers, types (their names) and dt_ms.")
    private Path file;

    @Option(
            names = "--held-out",
            paramLabel = "SHARE",
            description =
                    "With --data: share of the trials of each type that is kept for evaluation, not training; 0 evaluates "
                            + "on the training trials (default: " + HELD_OUT + ").")
    private Double heldOut;

    /** Trials and the duration of their steps. */
    public record Read(TrainingData trials, double dtMs) {}

    /** The file, null for none. */
    public Path file() {
        return file;
    }

    /**
     * Refuses options that only a file of trials can have, if there is none.
     *
     * @throws ParameterException if one is given
     */
    public void requireNone() {
        if (heldOut != null) {
            throw wrong(spec, "--held-out is given without --data, expected it with --data only");
        }
    }

    /**
     * Reads the file and holds out some of its trials.
     *
     * @param samples number of trials to train on; null for all
     * @param arguments task options; only the duration of a step may be given
     * @param usual the share to hold out by default
     * @throws IOException if the file cannot be read or isn't what it should be
     * @throws ParameterException if the arguments contradict it
     */
    public Read read(Integer samples, GivenTaskOptions arguments, double usual) throws IOException {
        Double dtMs = arguments.stepOnly();
        TrialFile read = TrialFile.read(file);
        try {
            TrainingData data = TrainingData.split(name(file), read.trials(), heldOut == null ? usual : heldOut);
            return new Read(
                    samples == null ? data : data.withSamples(samples), dtMs(file, read, dtMs, 1, "--dt is", spec));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), file + ": " + e.getMessage(), e);
        }
    }

    /** The last part of a path. */
    public static String name(Path file) {
        return file.getFileName().toString();
    }

    /**
     * The duration of a step: the file's, or the expected one if the file has none.
     *
     * @param wanted a duration that the file must not contradict; null for any
     * @param otherwise the duration if neither is known
     * @param whose beginning of the message
     */
    static double dtMs(Path file, TrialFile read, Double wanted, double otherwise, String whose, CommandSpec spec) {
        double found = read.dtMs().orElse(wanted == null ? otherwise : wanted);
        if (wanted != null && wanted != found) {
            throw wrong(spec, whose + " " + wanted + " ms, expected " + found + " ms, the dt_ms of " + file);
        }
        return found;
    }

    private static ParameterException wrong(CommandSpec spec, String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
