package attractor.kernel;

/** Chooses the kernels for float: those of the same name as for double, which {@link KernelChoice} chooses. */
final class FloatKernelChoice {
    /** Length of the rows of the first network that kernels were chosen for; 0 before that. */
    private static volatile int columns;

    private FloatKernelChoice() {}

    /** Length of the rows of the first network that kernels were chosen for, 0 if none was: it decides the length of vectors. */
    static int columns() {
        return columns;
    }

    /** The kernels for float with the name of these, for rows of this length if they are the first in this JVM. */
    static synchronized FloatKernels like(Kernels kernels, int length) {
        if (columns == 0) {
            columns = length;
        }
        return like(kernels);
    }

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
