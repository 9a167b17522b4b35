package attractor.train;

import java.nio.file.Path;

/** A run directory's training has another configuration than the one asked for. Immutable, safe for any thread. */
public final class ConfigurationDiffersException extends ResumeRefusedException {
    private static final long serialVersionUID = 1L;

    private final String key;

    /**
     * @param found the value in the run directory, as the message has it; {@code asked} is the value asked for, likewise
     */
    ConfigurationDiffersException(Path directory, String key, String found, String asked) {
        super("cannot resume " + directory + ": " + key + " is " + found + " in its " + RunDirectory.RUN + ", expected "
                + asked + " as asked for");
        this.key = key;
    }

    /**
     * The first value that differs, by its name in {@code run.json}, such as {@code units} or
     * {@code taskOptions.delayMs}.
     */
    public String key() {
        return key;
    }
}
