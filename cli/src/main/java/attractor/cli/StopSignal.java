package attractor.cli;

import java.util.concurrent.CountDownLatch;

/**
 * Turns Ctrl-C, and a termination request of the system, into a flag that work can test between two steps; the JVM ends
 * when the work has saved its results. Safe for any number of threads.
 */
final class StopSignal implements AutoCloseable {
    /** Exit code after Ctrl-C, as in shells. */
    static final int INTERRUPTED = 130;

    private final CountDownLatch saved = new CountDownLatch(1);
    private final Thread hook = new Thread(this::stopAndWait, "attractor-stop");
    private volatile boolean given;

    StopSignal() {
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

    /** Whether the work must end. */
    boolean given() {
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
