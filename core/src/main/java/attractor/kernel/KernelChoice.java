package attractor.kernel;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Chooses the kernels. */
final class KernelChoice {
    static final String PROPERTY = "attractor.kernels";
    static final String FLAG = "--add-modules jdk.incubator.vector";

    /**
     * Why a provider is not available. Kept because the JVM tells only once why a class failed to initialise; after
     * that it says that there is no such class.
     */
    private static final Map<String, UnsupportedOperationException> FAILURES = new ConcurrentHashMap<>();

    private static Kernels chosen;

    private KernelChoice() {}

    static synchronized Kernels defaultKernels() {
        if (chosen == null) {
            chosen = of(System.getProperty(PROPERTY, "auto"));
        }
        return chosen;
    }

    static Kernels of(String choice) {
        if (!Fma.isInstruction() && !choice.equals("softfma")) {
            NoInstruction.warn();
        }
        return switch (choice) {
            case "scalar" -> new ScalarKernels();
            case "softfma" -> new SoftFmaKernels();
            case "simd" -> simd();
            case "jblas" -> load("jblas", "attractor.kernel.JblasKernels", Kernels.class);
            case "auto" -> auto();
            default ->
                throw new IllegalArgumentException(
                        "kernels is '" + choice + "', expected one of auto, scalar, simd, softfma, jblas");
        };
    }

    private static Kernels auto() {
        if (!Fma.isInstruction()) {
            return new SoftFmaKernels();
        }
        if (vectorModule()) {
            return simd();
        }
        Advice.give();
        return new ScalarKernels();
    }

    /** Tells once per JVM how to get the fast kernels. */
    private static final class Advice {
        static {
            Logger log = System.getLogger("attractor.kernel");
            log.log(
                    Level.WARNING,
                    "vector kernels are off, training takes about twice as long: pass '" + FLAG + "' to java");
        }

        static void give() {}
    }

    /** Tells once per JVM why everything is slow. */
    private static final class NoInstruction {
        static {
            Logger log = System.getLogger("attractor.kernel");
            log.log(
                    Level.WARNING,
                    "no fused multiply-add instruction: kernels 'softfma' do it in software, with the same results, "
                            + "but training takes some 35 times as long; use a processor that has it "
                            + "(x86 since 2013, every 64-bit ARM), and java without -XX:-UseFMA");
        }

        static void warn() {}
    }

    /** Whether this JVM has the vector module. If so, makes this module, which doesn't require it, read it. */
    static boolean vectorModule() {
        Optional<Module> vector = ModuleLayer.boot().findModule("jdk.incubator.vector");
        if (vector.isEmpty()) {
            return false;
        }
        KernelChoice.class.getModule().addReads(vector.get());
        return true;
    }

    private static Kernels simd() {
        if (!vectorModule()) {
            throw new UnsupportedOperationException(
                    "kernels 'simd' need the JDK's vector module, which is off: pass '" + FLAG + "' to java");
        }
        return load("simd", "attractor.kernel.SimdKernels", Kernels.class);
    }

    /** Loads a provider by the name of its class, since this JVM may be without what it needs. */
    static <K> K load(String name, String className, Class<K> type) {
        UnsupportedOperationException first = FAILURES.get(className);
        if (first != null) {
            throw new UnsupportedOperationException(first.getMessage(), first);
        }
        try {
            return Class.forName(className)
                    .asSubclass(type)
                    .getDeclaredConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException | LinkageError e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            UnsupportedOperationException failure = new UnsupportedOperationException(message(name, cause), e);
            FAILURES.put(className, failure);
            throw failure;
        }
    }

    private static String message(String name, Throwable cause) {
        if (cause instanceof UnsupportedOperationException) {
            return cause.getMessage();
        }
        if (name.equals("jblas")
                && (cause instanceof ClassNotFoundException || cause instanceof NoClassDefFoundError)) {
            return "kernels 'jblas' need the library jblas, which is not on the class path: add org.jblas:jblas:1.2.5 "
                    + "(./attractor takes further jars from ATTRACTOR_CLASSPATH)";
        }
        return "kernels '" + name + "' failed to start: " + cause;
    }
}
