package attractor.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.analysis.FixedPoints.Certificate;
import attractor.analysis.FixedPoints.Point;
import attractor.kernel.Activation;
import attractor.kernel.Kernels;
import attractor.model.Initializers;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import attractor.random.RandomStream;
import attractor.random.RandomStream.Purpose;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Certificates against fixed points computed with fifty digits. */
class CertifierTest {
    private static final MathContext DIGITS = new MathContext(50);
    private static final BigDecimal TWO = BigDecimal.valueOf(2);

    private static BigDecimal exp(BigDecimal x) {
        // exp(x) = exp(x / 2^12)^(2^12), by Taylor's series.
        MathContext more = new MathContext(60);
        BigDecimal small = x.divide(BigDecimal.valueOf(4096), more);
        BigDecimal sum = BigDecimal.ONE;
        BigDecimal term = BigDecimal.ONE;
        for (int k = 1; k < 30; k++) {
            term = term.multiply(small, more).divide(BigDecimal.valueOf(k), more);
            sum = sum.add(term, more);
        }
        for (int k = 0; k < 12; k++) {
            sum = sum.multiply(sum, more);
        }
        return sum;
    }

    private static BigDecimal rate(Activation phi, BigDecimal z) {
        return switch (phi) {
            case IDENTITY -> z;
            case RELU -> z.max(BigDecimal.ZERO);
            case LEAKY_RELU -> z.signum() > 0 ? z : z.multiply(new BigDecimal(Activation.LEAK));
            case SOFTPLUS -> {
                BigDecimal sum = exp(z).add(BigDecimal.ONE);
                BigDecimal log = new BigDecimal(StrictMath.log(sum.doubleValue()));
                for (int k = 0; k < 3; k++) {
                    log = log.subtract(BigDecimal.ONE).add(sum.multiply(exp(log.negate())));
                }
                yield log.round(DIGITS);
            }
            case TANH -> {
                BigDecimal e = exp(z.multiply(TWO));
                yield e.subtract(BigDecimal.ONE).divide(e.add(BigDecimal.ONE), DIGITS);
            }
            case SIGMOID -> BigDecimal.ONE.divide(BigDecimal.ONE.add(exp(z.negate())), DIGITS);
        };
    }

    /** g(h) = phi(W h + W_in x + b) - h. */
    private static BigDecimal[] gap(Rnn rnn, double[] x, BigDecimal[] h) {
        RnnShape shape = rnn.shape();
        double[] p = rnn.parameters();
        BigDecimal[] g = new BigDecimal[h.length];
        for (int i = 0; i < h.length; i++) {
            BigDecimal z = new BigDecimal(p[shape.bRec().at(i, 0)]);
            for (int j = 0; j < x.length; j++) {
                z = z.add(new BigDecimal(p[shape.wIn().at(i, j)]).multiply(new BigDecimal(x[j])));
            }
            for (int j = 0; j < h.length; j++) {
                z = z.add(new BigDecimal(p[shape.wRec().at(i, j)]).multiply(h[j]), DIGITS);
            }
            g[i] = rate(rnn.activation(), z).subtract(h[i], DIGITS);
        }
        return g;
    }

    private static double[] inverse(ConstantMap map, double[] h) {
        double[] rates = new double[map.n];
        map.apply(1, h, 0, new double[map.n], 0, rates);
        double[] dg = new double[map.n * map.n];
        map.jacobian(rates, 0, dg);
        for (int i = 0; i < map.n; i++) {
            dg[i * map.n + i] -= 1.0;
        }
        double[] inverse = new Lu(map.n, dg).inverse();
        for (int i = 0; i < inverse.length; i++) {
            inverse[i] *= map.alpha;
        }
        return inverse;
    }

    /** Newton with a fixed double-precision inverse: some thirteen more digits a step. */
    private static BigDecimal[] exact(Rnn rnn, double[] x, double[] start) {
        double[] inverse = inverse(new ConstantMap(rnn, x, Kernels.get()), start);
        BigDecimal[] h = Arrays.stream(start).mapToObj(BigDecimal::new).toArray(BigDecimal[]::new);
        for (int step = 0; step < 5; step++) {
            BigDecimal[] g = gap(rnn, x, h);
            for (int i = 0; i < h.length; i++) {
                for (int j = 0; j < h.length; j++) {
                    h[i] = h[i].subtract(new BigDecimal(inverse[i * h.length + j]).multiply(g[j]), DIGITS);
                }
            }
        }
        for (BigDecimal rest : gap(rnn, x, h)) {
            assertTrue(rest.abs().compareTo(new BigDecimal("1e-40")) < 0, "the test's own iteration: " + rest);
        }
        return h;
    }

    private static BigDecimal distance(double[] a, BigDecimal[] b) {
        BigDecimal max = BigDecimal.ZERO;
        for (int i = 0; i < a.length; i++) {
            max = max.max(new BigDecimal(a[i]).subtract(b[i]).abs());
        }
        return max;
    }

    private static Rnn network(Activation phi, double alpha, int n, long seed) {
        RnnShape shape = new RnnShape(2, n, 1);
        double[] block = new double[shape.parameters()];
        RandomStream random = new RandomStream(seed, Initializers.WEIGHTS, 1);
        double gain = phi == Activation.SIGMOID ? 4.0 : phi == Activation.TANH ? 1.6 : 0.7;
        random.fillGaussian(block, shape.wRec().offset(), n * n, gain / Math.sqrt(n));
        random.fillGaussian(block, shape.wIn().offset(), 2 * n, 1.0);
        random.fillGaussian(block, shape.bRec().offset(), n, 0.3);
        return new Rnn(shape, phi, alpha, 1.0, true, block);
    }

    @ParameterizedTest
    @CsvSource({
        "TANH, 1.0, 0",
        "TANH, 1.0, 1",
        "TANH, 0.2, 2",
        "SIGMOID, 1.0, 3",
        "SIGMOID, 0.5, 4",
        "RELU, 1.0, 5",
        "RELU, 0.5, 6",
        "IDENTITY, 1.0, 7",
        "IDENTITY, 0.1, 8"
    })
    void theFixedPointLiesWithinTheRadius(Activation phi, double alpha, long seed) {
        int n = 6;
        Rnn rnn = network(phi, alpha, n, seed);
        double[] x = {0.3, -0.2};
        FixedPoints found = FixedPoints.of(
                rnn,
                Networks.states(20, n, 0.7, seed),
                FixedPoints.Options.of(rnn).withInput(x).withSeeds(60));
        String message = phi + ", seed " + seed;
        assertFalse(found.points().isEmpty(), message);
        for (Point p : found.points()) {
            Certificate certificate = p.certificate().orElseThrow(() -> new AssertionError(message + ": none"));
            BigDecimal off = distance(p.state(), exact(rnn, x, p.state()));
            assertTrue(off.compareTo(new BigDecimal(certificate.radius())) <= 0, message + ": " + off.doubleValue());
            assertTrue(certificate.radius() < 1e-12, message + ": radius " + certificate.radius());
            assertTrue(certificate.uniqueWithin() > 1e-6, message + ": unique within " + certificate.uniqueWithin());
        }
    }

    /** Where F(h) = h as computed, only the bounds on rounding keep the radius above the true distance. */
    @Test
    void aComputedResidualOfZeroIsNoProofByItself() {
        int deceptive = 0;
        for (int k = 0; k < 200; k++) {
            double gain = 1.2 + 0.01 * k;
            Rnn rnn = Networks.tanh(gain);
            ConstantMap map = new ConstantMap(rnn, null, Kernels.get());
            double[] h = new OrbitSolver(map).solve(1, new double[] {0.9}).states();
            Certificate c = new Certifier(map).certify(h, inverse(map, h)).orElseThrow();
            BigDecimal off = distance(h, exact(rnn, new double[1], h));
            assertTrue(off.compareTo(new BigDecimal(c.radius())) <= 0, "gain " + gain);
            deceptive += map.residual(h) == 0.0 && off.signum() > 0 ? 1 : 0;
        }
        assertTrue(deceptive > 50, deceptive + " of 200");
    }

    /** States next to a fixed point may be certified only with a radius that reaches it, others not at all. */
    @ParameterizedTest
    @EnumSource(
            value = Activation.class,
            names = {"TANH", "SIGMOID", "RELU"})
    void whatIsNotFixedIsNotCertified(Activation phi) {
        int n = 5;
        long seed = 17;
        Rnn rnn = network(phi, 1.0, n, seed);
        double[] x = {0.1, 0.4};
        ConstantMap map = new ConstantMap(rnn, x, Kernels.get());
        Certifier certifier = new Certifier(map);
        Point p = FixedPoints.of(
                        rnn,
                        Networks.states(20, n, 0.7, seed),
                        FixedPoints.Options.of(rnn).withInput(x))
                .points()
                .get(0);
        BigDecimal[] root = exact(rnn, x, p.state());
        RandomStream random = new RandomStream(seed, Purpose.of("test-displacements"), 0);
        int certified = 0;
        int refused = 0;
        for (double size = 1e-14; size < 2.0; size *= 4.0) {
            for (int repeat = 0; repeat < 4; repeat++) {
                double[] h = p.state().clone();
                random.addGaussian(h, 0, n, size);
                double[] inverse = inverse(map, h);
                Optional<Certificate> c = certifier.certify(h, inverse);
                if (c.isPresent()) {
                    certified++;
                    BigDecimal off = distance(h, root);
                    double radius = c.get().radius();
                    String message = phi + ", seed " + seed + ", size " + size + ": off by " + off.doubleValue()
                            + ", radius " + radius;
                    boolean reaches = off.compareTo(new BigDecimal(radius)) <= 0;
                    // A far state may have found another fixed point; then it must be one.
                    assertTrue(
                            reaches || distance(h, exact(rnn, x, h)).compareTo(new BigDecimal(radius)) <= 0, message);
                } else {
                    refused++;
                }
            }
        }
        assertTrue(certified > 10, phi + ": " + certified + " certified");
        assertTrue(refused > 3, phi + ": " + refused + " refused");
    }

    /** Close to where two fixed points have met and gone, |g| is tiny and there is none. */
    @Test
    void aGhostIsNotCertified() {
        double h = -Math.sqrt(0.5);
        double fold = 0.5 * Math.log((1.0 + h) / (1.0 - h)) - 2.0 * h;
        for (double beyond : new double[] {1e-3, 1e-6, 1e-9, 1e-12}) {
            ConstantMap map = new ConstantMap(
                    Networks.of(Activation.TANH, 1.0, 1.0, new double[] {fold + beyond}, 2.0), null, Kernels.get());
            Certifier certifier = new Certifier(map);
            for (double d = -1e-2; d <= 1e-2; d += 0.37e-4) {
                double[] state = {h + d};
                assertTrue(certifier.certify(state, inverse(map, state)).isEmpty(), "fold + " + beyond + " at " + d);
            }
        }
        // A little before the fold the two are there, and are certified.
        ConstantMap map = new ConstantMap(
                Networks.of(Activation.TANH, 1.0, 1.0, new double[] {fold - 1e-6}, 2.0), null, Kernels.get());
        for (double start : new double[] {h - 2e-3, h + 2e-3}) {
            double[] state = new OrbitSolver(map).solve(1, new double[] {start}).states();
            assertTrue(new Certifier(map).certify(state, inverse(map, state)).isPresent(), "from " + start);
        }
    }

    @Test
    void aBadInverseProvesNothing() {
        Rnn rnn = network(Activation.TANH, 1.0, 4, 3);
        ConstantMap map = new ConstantMap(rnn, null, Kernels.get());
        Point p = FixedPoints.of(rnn, Networks.states(5, 4, 0.5, 3)).points().get(0);
        double[] inverse = inverse(map, p.state());
        Certifier certifier = new Certifier(map);
        assertTrue(certifier.certify(p.state(), inverse).isPresent());
        assertTrue(certifier.certify(p.state(), new double[16]).isEmpty(), "zero");
        double[] nan = inverse.clone();
        nan[5] = Double.NaN;
        assertTrue(certifier.certify(p.state(), nan).isEmpty(), "NaN");
        double[] minus = Arrays.stream(inverse).map(a -> -a).toArray();
        assertTrue(certifier.certify(p.state(), minus).isEmpty(), "of the wrong sign");
        double[] rough = inverse.clone();
        for (int i = 0; i < rough.length; i++) {
            rough[i] *= 1.001;
        }
        Certificate c = certifier.certify(p.state(), rough).orElseThrow();
        assertTrue(distance(p.state(), exact(rnn, new double[2], p.state())).doubleValue() <= c.radius());
    }

    /** Where a unit of relu stands at its kink, F isn't smooth and nothing may be said. */
    @Test
    void reluAtItsKinkIsNotCertified() {
        ConstantMap map = new ConstantMap(
                Networks.of(Activation.RELU, 1.0, 1.0, new double[] {0.0, 1.0}, 0.5, 0.0, 0.0, 0.5),
                null,
                Kernels.get());
        double[] state = {0.0, 2.0};
        assertEquals(0.0, map.residual(state));
        assertTrue(new Certifier(map).certify(state, inverse(map, state)).isEmpty());
        ConstantMap off = new ConstantMap(
                Networks.of(Activation.RELU, 1.0, 1.0, new double[] {-1e-3, 1.0}, 0.5, 0.0, 0.0, 0.5),
                null,
                Kernels.get());
        Certificate c = new Certifier(off).certify(state, inverse(off, state)).orElseThrow();
        assertTrue(c.uniqueWithin() <= 2e-3, "the kink is 1e-3 away in z, 2e-3 in h: " + c.uniqueWithin());
    }

    /** The bounds on the second derivatives, against values on a fine grid. */
    @Test
    void curvatures() {
        double tanh = 0.0;
        double sigmoid = 0.0;
        for (double z = -6.0; z <= 6.0; z += 1e-4) {
            double t = StrictMath.tanh(z);
            tanh = Math.max(tanh, Math.abs(2.0 * t * (1.0 - t * t)));
            double s = 1.0 / (1.0 + StrictMath.exp(-z));
            sigmoid = Math.max(sigmoid, Math.abs(s * (1.0 - s) * (1.0 - 2.0 * s)));
        }
        assertEquals(0.76980, tanh, 1e-5);
        assertEquals(0.096225, sigmoid, 1e-6);
        assertTrue(tanh < 0.7699 && sigmoid < 0.0963);
    }
}
