package attractor.cli.option;

import attractor.kernel.Kernels;
import java.io.IOException;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options that every {@link StudyPlace} has, and what all of them say when a study can't be done. Belongs to one thread. */
public final class PlaceOptions {
    @Option(
            names = "--change",
            description =
                    "Changes the study that is there to these settings; its finished runs are kept. More runs with the same settings, "
                            + "for example by more --networks, need no --change.")
    private boolean change;

    @Option(
            names = "--kernels",
            paramLabel = "KIND",
            defaultValue = "auto",
            description = "auto, scalar, simd or softfma (default: ${DEFAULT-VALUE}).")
    private String kernels;

    /** Whether a study that is there takes other settings. */
    public boolean change() {
        return change;
    }

    /** Which kernels, as {@link #kernels(String)} reads it on any machine. */
    public String kernels() {
        return kernels;
    }

    /**
     * The kernels of a given choice, here.
     *
     * @throws IllegalArgumentException if there are none of that name
     */
    public static Kernels kernels(String choice) {
        return choice.equals("auto") ? Kernels.get() : Kernels.of(choice);
    }

    /**
     * Makes something from the command line.
     *
     * @throws ParameterException if an option is out of range
     * @throws IOException if a file can't be read or isn't what it should be
     */
    public static <T> T checked(CommandLine command, Making<T> making) throws IOException {
        try {
            return making.make();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command, e.getMessage(), e);
        }
    }

    /** What {@link #checked} makes. */
    @FunctionalInterface
    public interface Making<T> {
        /**
         * Makes it.
         *
         * @throws IllegalArgumentException if an option is out of range
         */
        T make() throws IOException;
    }

    /**
     * An error that also says how the study that is there gets these settings.
     *
     * @param message what differs
     */
    public static IOException differs(String message, Throwable cause) {
        return new IOException(message + "; --change gives it these and keeps its finished runs", cause);
    }
}
