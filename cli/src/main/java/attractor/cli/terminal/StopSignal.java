package attractor.cli.terminal;

import java.util.concurrent.CountDownLatch;

/**
 * Turns Ctrl-C, and a termination request of the system, into a flag that work can test between two steps; the JVM ends
 * when the work has saved its results. Safe for any number of threads.
 */
public final class StopSignal implements AutoCloseable {
    private final CountDownLatch saved = new CountDownLatch(1);
    private final Thread hook = new Thread(this::stopAndWait, "attractor-stop");
    private volatile boolean given;

    /** Listens from now on, until it is closed. */
    public StopSignal() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void stopAndWait() {
        given = true;
        try {
            saved.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether the work is to end. */
    public boolean given() {
        return given;
    }

    /** Tells that everything is saved: after Ctrl-C the JVM ends now. */
    @Override
    public void close() {
        saved.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is ending, because of Ctrl-C: the hook has done its work.
        }
    }
}
