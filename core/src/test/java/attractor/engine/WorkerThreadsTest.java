package attractor.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

class WorkerThreadsTest {
    /** Each task runs once, in each of many rounds, with more tasks than threads and with fewer. */
    @Test
    void eachTaskRunsOnce() {
        for (int members : new int[] {1, 2, 5}) {
            try (WorkerThreads threads = new WorkerThreads(members, "worker-threads-test")) {
                for (int round = 0; round < 50; round++) {
                    int count = round % 8;
                    AtomicIntegerArray runs = new AtomicIntegerArray(8);
                    threads.run(count, (task, member) -> {
                        assertTrue(member >= 0 && member < members);
                        runs.incrementAndGet(task);
                    });
                    for (int task = 0; task < 8; task++) {
                        assertEquals(task < count ? 1 : 0, runs.get(task), "round " + round + ", task " + task);
                    }
                }
            }
        }
    }

    /** Two tasks that wait for each other: they end only if two threads run them, the caller and a daemon. */
    @Test
    void tasksRunAtTheSameTime() {
        Set<Thread> seen = ConcurrentHashMap.newKeySet();
        try (WorkerThreads threads = new WorkerThreads(2, "worker-threads-test")) {
            for (int round = 0; round < 2; round++) {
                CountDownLatch both = new CountDownLatch(2);
                threads.run(2, (task, member) -> {
                    seen.add(Thread.currentThread());
                    both.countDown();
                    try {
                        assertTrue(both.await(60, TimeUnit.SECONDS));
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                });
            }
        }
        assertEquals(2, seen.size());
        assertTrue(seen.remove(Thread.currentThread()));
        Thread other = seen.iterator().next();
        assertTrue(other.isDaemon());
        assertEquals("worker-threads-test-1", other.getName());
    }

    @Test
    void anExceptionReachesTheCaller() {
        for (int members : new int[] {1, 3}) {
            try (WorkerThreads threads = new WorkerThreads(members, "worker-threads-test")) {
                for (Throwable thrown : new Throwable[] {new ArithmeticException("x"), new StackOverflowError()}) {
                    Throwable found = assertThrows(
                            thrown.getClass(),
                            () -> threads.run(4, (task, member) -> {
                                if (task == 2 && thrown instanceof RuntimeException e) {
                                    throw e;
                                }
                                if (task == 2) {
                                    throw (Error) thrown;
                                }
                            }));
                    assertSame(thrown, found);
                }
                // They still work.
                boolean[] ran = new boolean[1];
                threads.run(1, (task, member) -> ran[0] = true);
                assertTrue(ran[0]);
            }
        }
    }

    @Test
    void afterCloseTheThreadsEnd() throws InterruptedException {
        Set<Thread> seen = ConcurrentHashMap.newKeySet();
        WorkerThreads threads = new WorkerThreads(2, "worker-threads-test");
        CountDownLatch both = new CountDownLatch(2);
        threads.run(2, (task, member) -> {
            seen.add(Thread.currentThread());
            both.countDown();
            try {
                assertTrue(both.await(60, TimeUnit.SECONDS));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        threads.close();
        seen.remove(Thread.currentThread());
        Thread other = seen.iterator().next();
        other.join(60_000);
        assertFalse(other.isAlive());
        assertEquals(
                "the threads have been closed, expected work for them before that",
                assertThrows(IllegalStateException.class, () -> threads.run(1, (task, member) -> {}))
                        .getMessage());
    }
}
