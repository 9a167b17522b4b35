package attractor.io;

import java.io.IOException;

/** A consumer that may fail with an {@link IOException}; the method that receives it calls it on its own thread. */
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
