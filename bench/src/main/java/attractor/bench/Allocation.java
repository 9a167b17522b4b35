package attractor.bench;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** How much a thread has allocated, which HotSpot counts. */
final class Allocation {
    private Allocation() {}

    /** Bytes that this thread has allocated so far. */
    static long ofThisThread() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }
}
