package attractor.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** The contract on the kernels for processors without fused multiply-adds, which every processor can run. */
class SoftFmaContractTest extends VectorKernelContractTest {
    @Override
    Kernels kernels() {
        return Kernels.of("softfma");
    }

    @Test
    void theyAreCalledSoftfma() {
        assertEquals("softfma", kernels().name());
        assertEquals(
                "softfma (plain Java, fused multiply-adds in software)",
                kernels().description());
    }
}
