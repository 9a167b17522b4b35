package attractor.train;

import java.io.IOException;

/**
 * The training in a run directory can't be resumed as asked for: it has another configuration, or it can't be extended.
 * Nothing in the directory was changed. The message is one line. Immutable, safe for any thread.
 */
public class ResumeRefusedException extends IOException {
    private static final long serialVersionUID = 1L;

    ResumeRefusedException(String message) {
        super(message);
    }
}
