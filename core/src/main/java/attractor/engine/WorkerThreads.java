package attractor.engine;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A fixed number of threads that share numbered tasks, again and again, without allocating. The caller is member 0, the
 * others are daemon threads. Results must not depend on which member does which task. One caller at a time.
 */
final class WorkerThreads implements AutoCloseable {
    /** A task; must be safe to call for different tasks at the same time. */
    interface Work {
        void run(int task, int member);
    }

    /** How often a thread looks for its next task before it sleeps. This costs microseconds; a step takes milliseconds. */
    private static final int SPINS = 20_000;

    private final Thread[] others;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger unfinished = new AtomicInteger();
    private volatile int round;
    private volatile boolean closed;
    private volatile Throwable failure;
    private volatile Thread caller;
    private Work work;
    private int tasks;

    WorkerThreads(int members, String name) {
        others = new Thread[members - 1];
        for (int i = 0; i < others.length; i++) {
            int member = i + 1;
            others[i] = new Thread(() -> serve(member), name + "-" + member);
            others[i].setDaemon(true);
            others[i].start();
        }
    }

    /** Runs all tasks 0..count-1 and returns when all have ended; if one threw an exception, it is thrown here. */
    void run(int count, Work newWork) {
        if (closed) {
            throw new IllegalStateException("the threads have been closed, expected work for them before that");
        }
        if (others.length == 0 || count == 1) {
            for (int task = 0; task < count; task++) {
                newWork.run(task, 0);
            }
            return;
        }
        work = newWork;
        tasks = count;
        failure = null;
        caller = Thread.currentThread();
        next.set(0);
        unfinished.set(others.length);
        int begun = round + 1;
        round = begun;
        for (Thread t : others) {
            LockSupport.unpark(t);
        }
        takeTasks(0);
        for (int spins = 0; unfinished.get() > 0; spins++) {
            if (spins < SPINS) {
                Thread.onSpinWait();
            } else {
                LockSupport.park(this);
            }
        }
        // An interrupt is left for the trainer, which checks for it between steps.
        Throwable thrown = failure;
        if (thrown instanceof RuntimeException e) {
            throw e;
        }
        if (thrown instanceof Error e) {
            throw e;
        }
    }

    private void takeTasks(int member) {
        try {
            for (int task = next.getAndIncrement(); task < tasks; task = next.getAndIncrement()) {
                work.run(task, member);
            }
        } catch (RuntimeException | Error e) {
            failure = e;
        }
    }

    private void serve(int member) {
        int done = 0;
        while (true) {
            for (int spins = 0; round == done && !closed; spins++) {
                if (spins < SPINS) {
                    Thread.onSpinWait();
                } else {
                    LockSupport.park(this);
                }
            }
            if (closed) {
                return;
            }
            done++;
            takeTasks(member);
            if (unfinished.decrementAndGet() == 0) {
                LockSupport.unpark(caller);
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        for (Thread t : others) {
            LockSupport.unpark(t);
        }
    }
}
