package attractor.kernel;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** Chooses the kernels. */
final class KernelChoice {
    static final String PROPERTY = "attractor.kernels";
    static final String FLAG = "--add-modules jdk.incubator.vector";

    private KernelChoice() {}

    /** Initialised at the first use, hence chosen once. */
    private static final class Default {
        static final Kernels KERNELS = of(System.getProperty(PROPERTY, "auto"));
    }

    static Kernels defaultKernels() {
        return Default.KERNELS;
    }

    static Kernels of(String choice) {
        return switch (choice) {
            case "scalar" -> new ScalarKernels();
            case "simd" -> simd();
            case "auto" -> auto();
            default ->
                throw new IllegalArgumentException(
                        "kernels is '" + choice + "', expected one of auto, scalar, simd, jblas");
        };
    }

    private static Kernels auto() {
        if (vectorModule()) {
            return simd();
        }
        Advice.give();
        return new ScalarKernels();
    }

    /** Says once a JVM how to get the fast kernels. */
    private static final class Advice {
        static {
            Logger log = System.getLogger("attractor.kernel");
            log.log(
                    Level.WARNING,
                    "vector kernels are off, training is several times slower: pass '" + FLAG + "' to java");
        }

        static void give() {}
    }

    private static boolean vectorModule() {
        return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    }

    private static Kernels simd() {
        if (!vectorModule()) {
            throw new UnsupportedOperationException(
                    "kernels 'simd' need the JDK's vector module, which is off: pass '" + FLAG + "' to java");
        }
        try {
            return Class.forName("attractor.kernel.SimdKernels")
                    .asSubclass(Kernels.class)
                    .getDeclaredConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException | LinkageError e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new UnsupportedOperationException("kernels 'simd' failed to start: " + cause, e);
        }
    }
}
