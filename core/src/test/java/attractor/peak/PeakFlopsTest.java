package attractor.peak;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class PeakFlopsTest {
    /** The chains' sum tells whether every turn of every chain was done. */
    @Test
    void everyLoopAddsWhatItSays() {
        // The build gives it; but -Dtest=PeakFlopsTest also runs this in the scalar kernels' JVM.
        Assumptions.assumeTrue(PeakFlops.vectorModule(), "the vector module is off");
        PeakFlops.Loops loops = PeakFlops.vectorLoops();
        for (int chains : loops.chains()) {
            double once = loops.run(chains, 0, 0.5, 0.25);
            double more = loops.run(chains, 1000, 0.5, 0.25);
            assertEquals(1000 * 0.125 * chains * loops.lanes(), more - once, chains + " x " + loops.lanes());
            assertEquals(2.0 * chains * loops.lanes(), loops.flops(chains));
        }
    }

    /** Without the vector module. */
    @Test
    void soDoTheArrays() {
        PeakFlops.Loops loops = new PeakFlops.ArrayLoops();
        for (int chains : loops.chains()) {
            double before = loops.run(chains, 0, 0.5, 0.25);
            loops.run(chains, 100, 0.5, 0.25);
            assertEquals(100 * 0.125 * chains, loops.run(chains, 0, 0.5, 0.25) - before);
        }
    }
}
