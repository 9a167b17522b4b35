package attractor.cli;

/**
 * Adds the module {@code jdk.incubator.vector} to a JVM that was started without {@code --add-modules}.
 *
 * <p>The flag makes the JVM print a warning at every start, and nothing silences it. The JDK can add a module of its own
 * later (its agents come that way), without a warning and with the same machine code; the jar's manifest opens that door
 * ({@code Add-Exports: java.base/jdk.internal.module}). Where it is closed, the program runs on the scalar kernels, which
 * tell what to add. Stateless.
 */
final class VectorModule {
    private static final String NAME = "jdk.incubator.vector";

    private VectorModule() {}

    /** Adds the module if it is absent and if this JVM lets us. To be called before the kernels are chosen. */
    static void load() {
        if (ModuleLayer.boot().findModule(NAME).isPresent()) {
            return;
        }
        try {
            Class.forName("jdk.internal.module.Modules")
                    .getMethod("loadModule", String.class)
                    .invoke(null, NAME);
        } catch (ReflectiveOperationException | LinkageError closed) {
            // Not started from the program's jar, or a JDK without door or module: scalar kernels, which say so.
        }
    }
}
