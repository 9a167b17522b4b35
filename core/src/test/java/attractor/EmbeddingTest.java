package attractor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.Embedding.Run;
import attractor.analysis.NetworkAnalysis;
import java.io.File;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Requires;
import java.lang.module.ModuleFinder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Applications that use the library, compiled apart, in a JVM of their own: on the class path and as modules. */
class EmbeddingTest {
    private static final String TRAINS = """
            package app;

            import attractor.dynamics.Simulator;
            import attractor.dynamics.Stepper;
            import attractor.kernel.Kernels;
            import attractor.model.NetworkFile;
            import attractor.model.Rnn;
            import attractor.task.Tasks;
            import attractor.train.ExecutionSettings;
            import attractor.train.Trainer;
            import attractor.train.TrainingConfig;
            import java.nio.file.Path;
            import java.util.Arrays;
            import java.util.Map;

            public class Trains {
                public static void main(String[] args) throws Exception {
                    System.out.println("kernels " + Kernels.get().name());
                    System.out.println("module " + Kernels.class.getModule().getName());
                    TrainingConfig config = TrainingConfig.builder(Tasks.byName("and"))
                            .units(9).samples(70).epochs(2).build();
                    Rnn trained = new Trainer(config, ExecutionSettings.defaults()).train().network();
                    Path file = Path.of(args[0]);
                    NetworkFile.write(file, trained, Map.of("task", "and"));
                    Rnn read = NetworkFile.read(file).rnn();
                    double[] x = new double[2 * 30];
                    Arrays.fill(x, 0.5);
                    double[] y = new Simulator(read).run(x, 1, 30).y();
                    Stepper stepper = new Stepper(trained);
                    double[] now = new double[1];
                    for (int t = 0; t < 30; t++) {
                        stepper.step(new double[] {0.5, 0.5}, now);
                        if (now[0] != y[t]) {
                            throw new AssertionError("step " + t + ": " + now[0] + ", expected " + y[t]);
                        }
                    }
                    System.out.println("bits " + Arrays.hashCode(y));
                }
            }
            """;

    private static final String ANALYSES = """
            package app;

            import attractor.analysis.NetworkAnalysis;
            import attractor.model.NetworkFile;
            import java.nio.file.Path;
            import java.util.Optional;

            public class Analyses {
                public static void main(String[] args) throws Exception {
                    try {
                        NetworkAnalysis analysis = NetworkAnalysis.of(
                                NetworkFile.read(Path.of(args[0])).rnn(), Optional.empty(), Optional.empty());
                        System.out.println(analysis.spectrum().re().length + " eigenvalues");
                    } catch (IllegalStateException e) {
                        System.out.println(e.getMessage());
                    }
                }
            }
            """;

    private static final String TASK = """
            package app;

            import attractor.random.RandomStream;
            import attractor.task.Task;
            import attractor.task.TaskOptions;
            import attractor.task.TaskProvider;
            import attractor.task.Tasks;
            import java.util.List;

            public class Mine implements TaskProvider, Task {
                @Override public String description() { return "nothing to do"; }
                @Override public int inputs() { return 1; }
                @Override public int outputs() { return 1; }
                @Override public int steps() { return 3; }
                @Override public double dtMs() { return 1; }
                @Override public List<String> types() { return List.of("only"); }
                @Override public void write(int type, RandomStream random, double[] x, double[] y, double[] mask) {}

                @Override public String name() { return "mine"; }
                @Override public TaskOptions defaults() { return TaskOptions.NONE; }
                @Override public Task create(TaskOptions options) { return this; }

                public static void main(String[] args) {
                    System.out.println(Tasks.byName("mine").steps());
                }
            }
            """;

    private static final String HINT =
            "vector kernels are off, training takes about twice as long: pass '--add-modules jdk.incubator.vector' to java";
    private static final String WITHOUT_EJML =
            "the analysis needs EJML, which is not on the class path: add org.ejml:ejml-ddense:0.46.1";

    private static final String CORE = Embedding.location(NetworkAnalysis.class);
    private static final String EJML =
            Embedding.location(DMatrixRMaj.class) + File.pathSeparator + Embedding.location(CommonOps_DDRM.class);

    @TempDir
    private static Path folder;

    private static String plain;
    private static String module;
    private static String network;
    /** What {@code Trains} says of its results on core's classes and the JDK's base module alone. */
    private static String bits;

    @BeforeAll
    static void trainsAndSimulatesOnCoreAlone() throws Exception {
        plain = Embedding.compile(folder.resolve("plain"), List.of("-cp", CORE), List.of(TRAINS, ANALYSES, TASK));
        module = Embedding.compile(
                folder.resolve("module"),
                List.of("-p", CORE),
                List.of(
                        TRAINS,
                        ANALYSES,
                        TASK,
                        "module app { requires attractor.core; provides attractor.task.TaskProvider with app.Mine; }"));
        network = folder.resolve("network.npz").toString();
        Run run = Embedding.java(
                "--limit-modules", "java.base", "-cp", plain + File.pathSeparator + CORE, "app.Trains", network);
        assertEquals(0, run.exit(), run.toString());
        List<String> lines = run.out().lines().toList();
        assertEquals(List.of("kernels scalar", "module null"), lines.subList(0, 2), run.toString());
        assertEquals(3, lines.size(), run.toString());
        bits = lines.get(2);
        assertEquals(1, run.err().lines().filter(l -> l.contains(HINT)).count(), run.toString());
    }

    @Test
    void analysesWithEjmlOnTheClassPath() throws Exception {
        Run run = Embedding.java("-cp", String.join(File.pathSeparator, plain, CORE, EJML), "app.Analyses", network);
        assertEquals("9 eigenvalues\n", run.out(), run.toString());
    }

    @Test
    void namesTheArtifactWithoutEjml() throws Exception {
        Run run = Embedding.java("-cp", plain + File.pathSeparator + CORE, "app.Analyses", network);
        assertEquals(WITHOUT_EJML + "\n", run.out(), run.toString());
    }

    @Test
    void trainsAsModuleOnScalarKernelsWithTheHint() throws Exception {
        Run run = Embedding.java("-p", module + File.pathSeparator + CORE, "-m", "app/app.Trains", network);
        assertEquals("kernels scalar\nmodule attractor.core\n" + bits + "\n", run.out(), run.toString());
        assertEquals(1, run.err().lines().filter(l -> l.contains(HINT)).count(), run.toString());
    }

    @Test
    void trainsAsModuleOnVectorKernelsToTheSameBits() throws Exception {
        Run run = Embedding.java(
                "--add-modules",
                "jdk.incubator.vector",
                "-p",
                module + File.pathSeparator + CORE,
                "-m",
                "app/app.Trains",
                network);
        assertEquals("kernels simd\nmodule attractor.core\n" + bits + "\n", run.out(), run.toString());
        assertEquals("WARNING: Using incubator modules: jdk.incubator.vector\n", run.err());
    }

    @Test
    void analysesAsModuleWithEjmlOnEitherPath() throws Exception {
        String both = module + File.pathSeparator + CORE;
        Run asModule = Embedding.java(
                "--add-modules",
                "ejml.ddense",
                "-p",
                both + File.pathSeparator + EJML,
                "-m",
                "app/app.Analyses",
                network);
        assertEquals("9 eigenvalues\n", asModule.out(), asModule.toString());
        Run onClassPath = Embedding.java("-p", both, "-cp", EJML, "-m", "app/app.Analyses", network);
        assertEquals("9 eigenvalues\n", onClassPath.out(), onClassPath.toString());
    }

    @Test
    void namesArtifactAndFlagAsModuleWithoutEjml() throws Exception {
        // On the module path, but no module asks for it.
        Run run = Embedding.java(
                "-p", String.join(File.pathSeparator, module, CORE, EJML), "-m", "app/app.Analyses", network);
        assertEquals(
                WITHOUT_EJML + ", or, if it is on the module path, --add-modules ejml.ddense\n",
                run.out(),
                run.toString());
    }

    @Test
    void findsTheTasksThatModulesProvide() throws Exception {
        Run run = Embedding.java("-p", module + File.pathSeparator + CORE, "-m", "app/app.Mine");
        assertEquals("3\n", run.out(), run.toString());
    }

    @Test
    void descriptorExportsEveryPackageAndRequiresNothingButTheBase() throws IOException {
        ModuleDescriptor core = ModuleFinder.of(Path.of(CORE))
                .find("attractor.core")
                .orElseThrow()
                .descriptor();
        Set<String> packages;
        try (Stream<Path> folders = Files.list(Path.of("src", "main", "java", "attractor"))) {
            packages = folders.map(p -> "attractor." + p.getFileName()).collect(Collectors.toSet());
        }
        packages.remove("attractor.peak"); // for doctor and the benchmarks only
        assertEquals(packages, core.exports().stream().map(e -> e.source()).collect(Collectors.toSet()));
        assertFalse(core.exports().stream().anyMatch(e -> e.isQualified()));
        Set<String> needed = core.requires().stream()
                .filter(r -> !r.modifiers().contains(Requires.Modifier.STATIC))
                .map(Requires::name)
                .collect(Collectors.toSet());
        assertEquals(Set.of("java.base"), needed);
        assertTrue(core.rawVersion().isPresent());
    }

    @Test
    void messagesNameTheVersionsOfTheBuild() throws IOException {
        String pom = Files.readString(Path.of("..", "pom.xml"), StandardCharsets.UTF_8);
        assertTrue(pom.contains("<ejml.version>0.46.1</ejml.version>"), "pom.xml has another version of EJML");
        assertTrue(pom.contains("<jblas.version>1.2.5</jblas.version>"), "pom.xml has another version of jblas");
    }
}
