package attractor.kernel;

/** The contract on the kernels for processors without fused multiply-adds, which every processor can run. */
class SoftFmaContractTest extends VectorKernelContractTest {
    @Override
    Kernels kernels() {
        return Kernels.of("softfma");
    }
}
