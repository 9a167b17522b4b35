package attractor.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.analysis.FixedPoints.Options;
import attractor.analysis.FixedPoints.Point;
import attractor.kernel.Activation;
import attractor.kernel.Kernels;
import attractor.model.Form;
import attractor.model.Rnn;
import attractor.task.Task;
import attractor.task.Tasks;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The analysis of the current form against that of the rate form, to which theory ties it. */
class CurrentFormAnalysisTest {
    /** A network of four units with several fixed points, a bias and a leak. */
    private static Rnn some(Activation phi) {
        double[] w = {2.5, -0.4, 0.3, 0.1, 0.2, 1.9, -0.6, 0.2, -0.3, 0.5, 1.2, 0.4, 0.6, 0.1, -0.2, 0.8};
        if (phi != Activation.TANH && phi != Activation.SIGMOID) {
            for (int i = 0; i < w.length; i++) {
                w[i] *= 0.25;
            }
        }
        return Networks.of(phi, 1.0, 5.0, new double[] {0.1, -0.1, 0.05, 0.2}, w);
    }

    private static double[] sorted(double[] values) {
        double[] copy = values.clone();
        java.util.Arrays.sort(copy);
        return copy;
    }

    @ParameterizedTest
    @EnumSource(Activation.class)
    void fixedPointsAreImagesWithEqualSpectraAndProofs(Activation phi) {
        Rnn rate = some(phi);
        Rnn current = rate.withForm(Form.CURRENT);
        double[] seeds = {0.5, 0.1, -0.2, 0.4, -0.7, 0.9, 0.3, 0.1};
        FixedPoints rates = FixedPoints.of(rate, seeds, Options.of(rate));
        FixedPoints currents = FixedPoints.of(current, seeds, Options.of(current));
        assertTrue(!rates.points().isEmpty());
        assertEquals(rates.points().size(), currents.points().size());
        assertEquals(rates.completeness().verdict(), currents.completeness().verdict());
        ConstantMap map = new ConstantMap(current, null, Kernels.get());
        for (Point point : currents.points()) {
            assertTrue(point.residual() <= FixedPoints.MAX_RESIDUAL, phi + " residual " + point.residual());
            double[] h = new double[4];
            for (int i = 0; i < 4; i++) {
                h[i] = phi.rate(point.state()[i]);
            }
            Point twin = rates.points().stream()
                    .filter(p -> ConstantMap.distance(p.state(), 0, h, 0, 4) <= 1e-9)
                    .findFirst()
                    .orElseThrow();
            assertArrayEquals(twin.output(), point.output(), 1e-11);
            // The spectrum of the current form's own Jacobian, alpha W D + (1 - alpha) I.
            double[] jacobian = new OrbitSolver(map).jacobian(1, point.state());
            Multipliers own = Multipliers.of(jacobian, 4);
            assertArrayEquals(sorted(twin.multipliers().orElseThrow().re()), sorted(own.re()), 1e-9);
            assertArrayEquals(sorted(twin.multipliers().orElseThrow().im()), sorted(own.im()), 1e-9);
            assertEquals(twin.index(), point.index());
            assertEquals(twin.certificate().isPresent(), point.certificate().isPresent(), phi + ": certificate");
            point.certificate().ifPresent(c -> {
                assertTrue(c.radius() < 1e-9 && c.radius() > 0, "radius " + c.radius());
                // No other listed point is within the radius in which there is no other.
                for (Point other : currents.points()) {
                    double distance = ConstantMap.distance(other.state(), 0, point.state(), 0, 4);
                    assertTrue(distance == 0 || distance > c.uniqueWithin());
                }
            });
        }
    }

    @Test
    void theJacobianIsTheDerivativeOfTheStep() {
        ConstantMap map =
                new ConstantMap(some(Activation.TANH).withForm(Form.CURRENT), new double[] {0.3}, Kernels.get());
        double[] x = {0.4, -0.3, 0.8, 0.1};
        double[] rates = new double[4];
        map.apply(1, x, 0, new double[4], 0, rates);
        double[] jacobian = new double[16];
        map.jacobian(rates, 0, jacobian);
        double h = 1e-6;
        for (int j = 0; j < 4; j++) {
            double[] up = x.clone();
            double[] down = x.clone();
            up[j] += h;
            down[j] -= h;
            map.apply(1, up, 0, up, 0, null);
            map.apply(1, down, 0, down, 0, null);
            double[] tangent = new double[4];
            tangent[j] = 1;
            map.tangents(1, rates, tangent, new double[4]);
            for (int i = 0; i < 4; i++) {
                assertEquals((up[i] - down[i]) / (2 * h), jacobian[i * 4 + j], 1e-9);
                assertEquals(jacobian[i * 4 + j], tangent[i], 1e-15);
            }
        }
    }

    /** AND's network at alpha 1: the outputs of both forms are equal, and so are what the trials end on. */
    @Test
    void trialsEndOnTheSameAttractors() throws IOException {
        Rnn rate = Networks.trained("and-oscillating");
        Rnn current = rate.withForm(Form.CURRENT);
        Task task = Tasks.byName("and").withoutNoise();
        Attractors.Options options = Attractors.Options.of(rate);
        Attractors a = Attractors.of(rate, task, task, options);
        Attractors b = Attractors.of(current, task, task, options);
        assertEquals(a.lines(), b.lines());
        assertEquals(a.attractors().size(), b.attractors().size());
        for (int k = 0; k < a.attractors().size(); k++) {
            assertEquals(a.attractors().get(k).kind(), b.attractors().get(k).kind());
            assertArrayEquals(
                    a.attractors().get(k).exponents(), b.attractors().get(k).exponents(), 2e-3);
        }
    }
}
