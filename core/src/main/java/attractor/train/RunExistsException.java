package attractor.train;

import java.io.IOException;

/**
 * A folder can't be the run directory of a new training: it holds a training already, or other files. Nothing in it was
 * changed. The message is one line. Immutable, safe for any thread.
 */
public final class RunExistsException extends IOException {
    private static final long serialVersionUID = 1L;

    RunExistsException(String message) {
        super(message);
    }
}
