package attractor.kernel;

/** Chooses the kernels for float: those of the same name as for double, which {@link KernelChoice} chooses. */
final class FloatKernelChoice {
    private FloatKernelChoice() {}

    static FloatKernels defaultKernels() {
        return like(Kernels.get());
    }

    /** Whether this JVM has the vector module, see {@link KernelChoice#vectorModule}. */
    static boolean vectorModule() {
        return KernelChoice.vectorModule();
    }

    static FloatKernels of(String choice) {
        return like(KernelChoice.of(choice));
    }

    /**
     * The kernels for float with the name of these.
     *
     * @throws UnsupportedOperationException if there are none
     */
    static FloatKernels like(Kernels kernels) {
        return switch (kernels.name()) {
            case "scalar" -> new FloatScalarKernels();
            case "softfma" -> new FloatSoftFmaKernels();
            case "simd" -> KernelChoice.load("simd", "attractor.kernel.SimdFloatKernels", FloatKernels.class);
            case "jblas" -> KernelChoice.load("jblas", "attractor.kernel.FloatJblasKernels", FloatKernels.class);
            default ->
                throw new UnsupportedOperationException(
                        "kernels '" + kernels.name() + "' are for double only, expected others with precision float");
        };
    }
}
