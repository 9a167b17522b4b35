package attractor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import attractor.analysis.Eigenvectors;
import attractor.analysis.Spectrum;
import attractor.interchange.ForeignNetwork;
import attractor.io.Json;
import attractor.io.JsonObject;
import attractor.kernel.Activation;
import attractor.model.Rnn;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The networks that the paper's authors published, against what NumPy and LAPACK compute for them. The folder comes from
 * {@code -Dattractor.reference}.
 */
class ReferenceNetworksTest {
    /** NumPy's, from eig and inv in float64. */
    private static final double SMALLEST_OVERLAP = 0.05290827362045225;

    @TestFactory
    Stream<DynamicTest> networks() throws IOException {
        String folder = System.getProperty("attractor.reference");
        assumeTrue(folder != null, "skipped: -Dattractor.reference=FOLDER is not set");
        JsonObject all = Json.read(Path.of(folder, "expected.json"));
        assertEquals(16, all.asMap().size());
        List<DynamicTest> tests = new ArrayList<>();
        for (String name : all.asMap().keySet()) {
            JsonObject expected = all.getObject(name);
            Path file = Path.of(folder, "networks", name);
            tests.add(DynamicTest.dynamicTest(name, () -> check(file, expected)));
        }
        return tests.stream();
    }

    private static void check(Path file, JsonObject expected) throws IOException {
        Rnn network = ForeignNetwork.read(file, null, note -> {}).orElseThrow();
        assertEquals(expected.getInt("units"), network.units());
        assertEquals(expected.getInt("inputs"), network.inputs());
        assertEquals(expected.getInt("outputs"), network.outputs());
        assertEquals(expected.getBoolean("recurrent_bias"), network.recurrentBias());
        assertEquals(Activation.TANH, network.activation());
        assertEquals(1.0, network.alpha());
        assertEquals(1.0, network.dtMs());

        Spectrum spectrum = Spectrum.of(network);
        close("w_rec_mean", expected, spectrum.weights().mean());
        close("w_rec_sd", expected, spectrum.weights().sd());
        close("spectral_radius", expected, spectrum.spectralRadius());
        assertEquals(expected.getDouble("henrici"), spectrum.henrici(), 1e-6);
        assertEquals(expected.getInt("eigenvalues_outside_unit_circle"), spectrum.outsideUnitCircle());
        if (file.toString().contains("initial")) {
            assertEquals(0, spectrum.clearlyOutsideUnitCircle(), "orthogonal but for rounding");
            assertTrue(
                    spectrum.weights().ksDistance() < 0.03, spectrum.weights().toString());
        }
        assertMatch(expected.getList("eigenvalues"), spectrum);

        Eigenvectors vectors = spectrum.vectors().orElseThrow();
        assertTrue(vectors.worstResidual() < 1e-13, vectors.toString());
        assertFalse(vectors.anyDefective());
        double smallest = Arrays.stream(vectors.overlap()).min().orElseThrow();
        if (file.endsWith("flipflop-06-trained.hdf5")) {
            assertEquals(SMALLEST_OVERLAP, smallest, 1e-12);
        } else if (file.toString().contains("initial")) {
            assertEquals(1.0, smallest, 1e-10, "orthogonal but for rounding");
        }
    }

    private static void close(String name, JsonObject expected, double value) throws IOException {
        double e = expected.getDouble(name);
        assertEquals(e, value, 1e-9 * Math.max(1.0, Math.abs(e)), name);
    }

    /** That there is a one-to-one matching of the eigenvalues with distances of at most 1e-9. */
    private static void assertMatch(List<?> expected, Spectrum spectrum) {
        int n = expected.size();
        assertEquals(n, spectrum.size());
        boolean[][] near = new boolean[n][n];
        for (int i = 0; i < n; i++) {
            List<?> value = (List<?>) expected.get(i);
            for (int k = 0; k < n; k++) {
                double re = ((Number) value.get(0)).doubleValue() - spectrum.re()[k];
                double im = ((Number) value.get(1)).doubleValue() - spectrum.im()[k];
                near[i][k] = Math.hypot(re, im) <= 1e-9;
            }
        }
        int[] partner = new int[n];
        Arrays.fill(partner, -1);
        for (int i = 0; i < n; i++) {
            assertTrue(augment(i, near, partner, new boolean[n]), "no partner for eigenvalue " + expected.get(i));
        }
    }

    private static boolean augment(int i, boolean[][] near, int[] partner, boolean[] seen) {
        for (int k = 0; k < partner.length; k++) {
            if (near[i][k] && !seen[k]) {
                seen[k] = true;
                if (partner[k] < 0 || augment(partner[k], near, partner, seen)) {
                    partner[k] = i;
                    return true;
                }
            }
        }
        return false;
    }
}
