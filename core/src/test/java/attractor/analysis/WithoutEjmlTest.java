package attractor.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import attractor.bifurcation.BifurcationDiagram;
import attractor.bifurcation.NetworkPath;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import attractor.population.PopulationAnalysis;
import attractor.similarity.ClassicalScaling;
import attractor.similarity.Fingerprint;
import attractor.similarity.ShapeDistance;
import attractor.task.Tasks;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A JVM of its own, on whose class path EJML isn't. Slow curves and pseudospectra start from what needs EJML already. */
class WithoutEjmlTest {
    /** What the child runs. */
    static final class Child {
        private Child() {}

        public static void main(String[] args) {
            Rnn network = Rnn.zeros(new RnnShape(1, 2, 1));
            say(() -> Spectrum.of(network));
            say(() -> Spectrum.withoutVectors(network));
            say(() -> Pca.of(new double[4], 2, 1));
            say(() -> FixedPoints.of(network, new double[2]));
            say(() -> Attractors.of(network, Tasks.byName("pulse")));
            say(() -> NetworkAnalysis.of(network, Optional.empty(), Optional.empty()));
            say(() -> EpochAnalysis.of(List.of(network), Optional.empty(), FixedPoints.Options.of(network), 0));
            say(() -> Regimes.of(network, Tasks.byName("pulse"), 0));
            say(() -> new Lesion.Mode(0).apply(network));
            say(() -> Basins.of(network, Basins.Options.of(network)));
            say(() -> Cycles.of(network, Cycles.Options.of(network)));
            say(() -> Kicks.of(network, Tasks.byName("pulse"), Kicks.Options.DEFAULT));
            say(() -> TransientGrowth.of(new double[] {0.5, 1.0, 0.0, 0.5}, 2, 10));
            say(() -> SchurForm.of(new double[] {0.5, 1.0, 0.0, 0.5}, 2));
            say(() -> BifurcationDiagram.of(
                    NetworkPath.scale(network, new double[1]), 0.5, 1.5, BifurcationDiagram.Options.DEFAULT));
            say(() -> PopulationAnalysis.of(
                    network, Optional.empty(), Tasks.byName("pulse"), PopulationAnalysis.Options.DEFAULT));
            say(() -> Fingerprint.of(network, Tasks.byName("pulse"), Fingerprint.Options.DEFAULT, Optional.empty()));
            say(() -> ShapeDistance.of(new double[] {1, 2, 3}, new double[] {3, 2, 2}, 3));
            say(() -> ClassicalScaling.of(new double[] {0, 1, 1, 0}, 2));
            new Lesion.Strongest(Lesion.Sign.BOTH, 0).apply(network);
            Retention.of(network, Tasks.byName("pulse"), 300, 1, 0);
        }

        private static void say(Runnable analysis) {
            try {
                analysis.run();
                System.out.println("no error");
            } catch (IllegalStateException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    @Test
    void everyAnalysisNamesTheArtifact() throws Exception {
        String classes = folder(Spectrum.class) + File.pathSeparator + folder(WithoutEjmlTest.class);
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process child = new ProcessBuilder(
                        java,
                        "-Xshare:auto",
                        "-XX:TieredStopAtLevel=1",
                        "-Dattractor.kernels=scalar",
                        "-cp",
                        classes,
                        Child.class.getName())
                .redirectErrorStream(true)
                .start();
        String output = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String line = "the analysis needs EJML, which is not on the class path: add org.ejml:ejml-ddense:0.46.1";
        assertEquals(Collections.nCopies(19, line), output.lines().toList());
        assertEquals(0, child.waitFor());
    }

    private static String folder(Class<?> type) throws Exception {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI())
                .toString();
    }
}
