package attractor.io;

import java.io.IOException;

/** A consumer that may fail with an {@link IOException}; called on the thread of whoever it was handed to. */
@FunctionalInterface
public interface IOConsumer<T> {
    /**
     * Does the work.
     *
     * @param value what to work on
     * @throws IOException if the work fails
     */
    void accept(T value) throws IOException;
}
