package attractor.bifurcation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.bifurcation.BifurcationDiagram.Bifurcation;
import attractor.bifurcation.BifurcationDiagram.Branch;
import attractor.bifurcation.BifurcationDiagram.End;
import attractor.bifurcation.BifurcationDiagram.Kind;
import attractor.bifurcation.BifurcationDiagram.Options;
import attractor.bifurcation.BifurcationDiagram.Side;
import attractor.bifurcation.BifurcationDiagram.Start;
import attractor.kernel.Activation;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Against bifurcations that are known in closed form. */
class BifurcationDiagramTest {
    private static final double CLOSE = 1e-9;
    private static final Options OPTIONS = Options.DEFAULT;

    /** One output, unit 0; one input to all units. */
    private static Rnn network(Activation phi, double tauMs, double... wRec) {
        int n = (int) Math.round(Math.sqrt(wRec.length));
        RnnShape shape = new RnnShape(1, n, 1);
        double[] block = new double[shape.parameters()];
        System.arraycopy(wRec, 0, block, shape.wRec().offset(), n * n);
        Arrays.fill(block, shape.wIn().offset(), shape.wIn().end(), 1.0);
        block[shape.wOut().at(0, 0)] = 1.0;
        return new Rnn(shape, phi, 1.0, tauMs, false, block);
    }

    private static double[] rotation(double gain, double theta) {
        double c = gain * Math.cos(theta);
        double s = gain * Math.sin(theta);
        return new double[] {c, -s, s, c};
    }

    private static BifurcationDiagram alongScale(Rnn rnn, double from, double to) {
        return BifurcationDiagram.of(NetworkPath.scale(rnn, new double[1]), from, to, OPTIONS);
    }

    private static List<Bifurcation> of(BifurcationDiagram diagram, Kind kind) {
        return diagram.bifurcations().stream().filter(b -> b.kind() == kind).toList();
    }

    private static Bifurcation only(BifurcationDiagram diagram, Kind kind) {
        List<Bifurcation> all = of(diagram, kind);
        assertEquals(1, all.size(), () -> kind + " among " + summary(diagram));
        return all.get(0);
    }

    private static String summary(BifurcationDiagram diagram) {
        StringBuilder text = new StringBuilder();
        diagram.bifurcations()
                .forEach(b ->
                        text.append(b.kind() + " " + b.value() + " period " + b.period() + " " + b.branches() + "\n"));
        diagram.branches()
                .forEach(b ->
                        text.append("branch of period " + b.period() + ", " + b.size() + " places, " + b.values()[0]
                                + " (" + b.begins() + ") to " + b.values()[b.size() - 1] + " (" + b.ends() + ")\n"));
        return text.toString();
    }

    /** One unit, x' = tanh(w x): a pitchfork at w = 1, a flip at w = -1. */
    @Test
    void oneUnitHasAPitchforkAndAFlip() {
        BifurcationDiagram diagram = alongScale(network(Activation.TANH, 1.0, 1.0), -2.0, 2.0);
        Bifurcation pitchfork = only(diagram, Kind.PITCHFORK);
        assertEquals(1.0, pitchfork.value(), CLOSE);
        assertEquals(Side.SUPERCRITICAL, pitchfork.side());
        Bifurcation flip = only(diagram, Kind.PERIOD_DOUBLING);
        assertEquals(-1.0, flip.value(), CLOSE);
        assertEquals(Side.SUPERCRITICAL, flip.side());
        assertEquals(2, diagram.bifurcations().size(), summary(diagram));
        List<Integer> periods =
                diagram.branches().stream().map(Branch::period).sorted().toList();
        assertTrue(periods.equals(List.of(1, 1, 1, 2)) || periods.equals(List.of(1, 1, 2)), summary(diagram));
        for (Branch branch : diagram.branches()) {
            for (int k = 0; k < branch.size(); k++) {
                double x = branch.states()[k];
                double w = branch.values()[k];
                double next = branch.period() == 1 ? x : -x;
                assertEquals(next, Math.tanh(w * x), 1e-9);
                boolean stable = x == 0.0 ? Math.abs(w) < 1.0 : Math.abs(x) > 1e-3;
                if (Math.abs(Math.abs(w) - 1.0) > 1e-3) {
                    assertEquals(stable ? 0 : 1, branch.unstable()[k], "x " + x + ", w " + w);
                }
            }
        }
    }

    /** x' = tanh(2 x + b): w (1 - x^2) = 1 at x = +-sqrt(1/2), b = atanh(x) - 2 x. */
    @Test
    void oneUnitFoldsAlongItsInput() {
        Rnn rnn = network(Activation.TANH, 1.0, 2.0);
        BifurcationDiagram diagram =
                BifurcationDiagram.of(NetworkPath.input(rnn, new double[1], 0), -1.0, 1.0, OPTIONS);
        double x = Math.sqrt(0.5);
        double b = 0.5 * Math.log((1.0 + x) / (1.0 - x)) - 2.0 * x;
        List<Bifurcation> folds = of(diagram, Kind.FOLD);
        assertEquals(2, folds.size(), () -> summary(diagram));
        assertEquals(b, folds.get(0).value(), CLOSE);
        assertEquals(x, folds.get(0).state()[0], 1e-6);
        assertEquals(-b, folds.get(1).value(), CLOSE);
        assertEquals(2, diagram.bifurcations().size(), () -> summary(diagram));
        assertEquals(1, diagram.branches().size(), () -> summary(diagram));
        Branch branch = diagram.branches().get(0);
        assertEquals(End.RANGE, branch.begins());
        assertEquals(End.RANGE, branch.ends());
        assertEquals(1.0, Math.abs(branch.values()[0]), 0.0);
        assertEquals(branch.values()[0], -branch.values()[branch.size() - 1], 0.0);
    }

    /** mu = 1 - alpha + alpha s exp(i theta): |mu| = 1 at a known scale s. */
    @Test
    void aRotationHasANeimarkSackerPoint() {
        double theta = 1.1;
        for (double tau : new double[] {1.0, 2.0, 10.0}) {
            double a = 1.0 / tau;
            BifurcationDiagram diagram = alongScale(network(Activation.TANH, tau, rotation(1.0, theta)), 0.2, 4.0);
            // alpha^2 s^2 + 2 alpha (1 - alpha) cos(theta) s + (1 - alpha)^2 - 1 = 0
            double p = (1.0 - a) * Math.cos(theta) / a;
            double q = ((1.0 - a) * (1.0 - a) - 1.0) / (a * a);
            double s = -p + Math.sqrt(p * p - q);
            Bifurcation point = of(diagram, Kind.NEIMARK_SACKER).get(0);
            assertEquals(s, point.value(), CLOSE, "tau " + tau);
            double re = 1.0 - a + a * s * Math.cos(theta);
            double im = a * s * Math.sin(theta);
            assertEquals(Math.atan2(im, re) / (2.0 * Math.PI), point.turns(), 1e-9);
            assertEquals(0.0, point.state()[0], 1e-12);
        }
    }

    /** Along tau the fixed points stay and only their stability changes: |1 + alpha (lambda - 1)| = 1. */
    @Test
    void tauChangesStabilityAlone() {
        double theta = 1.3;
        double gain = 1.5;
        Rnn rnn = network(Activation.TANH, 1.0, rotation(gain, theta));
        BifurcationDiagram diagram = BifurcationDiagram.of(NetworkPath.tau(rnn, new double[1]), 1.0, 8.0, OPTIONS);
        double re = gain * Math.cos(theta) - 1.0;
        double alpha = -2.0 * re / (gain * gain * Math.sin(theta) * Math.sin(theta) + re * re);
        Bifurcation point = only(diagram, Kind.NEIMARK_SACKER);
        assertEquals(1.0 / alpha, point.value(), CLOSE);
        assertThrows(
                IllegalArgumentException.class,
                () -> BifurcationDiagram.of(NetworkPath.tau(rnn, new double[1]), 0.5, 8.0, OPTIONS));
    }

    /** From one network to another, all parameters straight: x' = tanh(w x), w from 0.5 to 1.5. */
    @Test
    void betweenNetworks() {
        Rnn a = network(Activation.TANH, 1.0, 0.5);
        Rnn b = network(Activation.TANH, 1.0, 1.5);
        BifurcationDiagram diagram = BifurcationDiagram.of(NetworkPath.between(a, b, new double[1]), 0.0, 1.0, OPTIONS);
        assertEquals(0.5, only(diagram, Kind.PITCHFORK).value(), CLOSE);
        assertThrows(
                IllegalArgumentException.class,
                () -> NetworkPath.between(a, network(Activation.TANH, 1.0, 1, 0, 0, 1), new double[1]));
        assertThrows(
                IllegalArgumentException.class,
                () -> NetworkPath.between(a, network(Activation.RELU, 1.0, 1.0), new double[1]));
    }

    /** Relu, x' = max(0, w x + b) with w = 1/2: the fixed point 2 b leaves 0 at b = 0, where its multiplier jumps. */
    @Test
    void reluHasABorderCollision() {
        Rnn rnn = network(Activation.RELU, 1.0, -1.5);
        BifurcationDiagram diagram =
                BifurcationDiagram.of(NetworkPath.input(rnn, new double[1], 0), -1.0, 1.0, OPTIONS);
        Bifurcation point = only(diagram, Kind.BORDER_COLLISION);
        assertEquals(0.0, point.value(), CLOSE);
    }

    /** A map by formula, in rotated and shifted coordinates, so that no entry is 0. */
    private static final class Turned implements ParametrisedMap {
        private final ParametrisedMap plain;
        private final int n;
        private final double[] q;

        Turned(ParametrisedMap plain, int n) {
            this.plain = plain;
            this.n = n;
            q = new double[n * n];
            double[] v = new double[n];
            double square = 0.0;
            for (int i = 0; i < n; i++) {
                v[i] = 1.0 + 0.3 * i;
                square += v[i] * v[i];
            }
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    q[i * n + j] = (i == j ? 1.0 : 0.0) - 2.0 * v[i] * v[j] / square;
                }
            }
        }

        private double[] times(double[] a) {
            double[] b = new double[n];
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    b[i] += q[i * n + j] * a[j];
                }
            }
            return b;
        }

        @Override
        public int units() {
            return n;
        }

        @Override
        public void apply(double[] h, double value, double[] next) {
            applyWithJacobian(h, value, next, new double[n * n]);
        }

        /** The first plain.units() coordinates follow the map, the others shrink by 0.3 towards a shifted place. */
        @Override
        public void applyWithJacobian(double[] h, double value, double[] next, double[] df) {
            int m = plain.units();
            double[] y = times(h);
            double[] inner = Arrays.copyOf(y, m);
            double[] innerDf = new double[m * m];
            plain.applyWithJacobian(inner, value, inner, innerDf);
            double[] d = new double[n * n];
            for (int i = 0; i < n; i++) {
                if (i < m) {
                    for (int j = 0; j < m; j++) {
                        d[i * n + j] = innerDf[i * m + j];
                    }
                } else {
                    d[i * n + i] = 0.3;
                    d[i * n] += 0.2;
                    y[i] = 0.3 * y[i] + 0.2 * y[0] + 0.1 * value;
                }
            }
            System.arraycopy(inner, 0, y, 0, m);
            System.arraycopy(times(y), 0, next, 0, n);
            double[] left = new double[n * n];
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    for (int k = 0; k < n; k++) {
                        left[i * n + j] += q[i * n + k] * d[k * n + j];
                    }
                }
            }
            Arrays.fill(df, 0.0);
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    for (int k = 0; k < n; k++) {
                        df[i * n + j] += left[i * n + k] * q[k * n + j];
                    }
                }
            }
        }
    }

    /** A map of one variable. */
    private interface Formula {
        /** F and F' at x. */
        double[] at(double x, double r);
    }

    private static ParametrisedMap oneVariable(Formula f) {
        return new ParametrisedMap() {
            @Override
            public int units() {
                return 1;
            }

            @Override
            public void apply(double[] h, double value, double[] next) {
                next[0] = f.at(h[0], value)[0];
            }

            @Override
            public void applyWithJacobian(double[] h, double value, double[] next, double[] df) {
                double[] both = f.at(h[0], value);
                next[0] = both[0];
                df[0] = both[1];
            }
        };
    }

    private static BifurcationDiagram of(ParametrisedMap map, double from, double to, Start... starts) {
        return BifurcationDiagram.of(
                map, List.of(starts), from, to, Double.NEGATIVE_INFINITY, OPTIONS, (value, states) -> {
                    int n = map.units();
                    double[] y = new double[states.length / n];
                    for (int t = 0; t < y.length; t++) {
                        y[t] = states[t * n];
                    }
                    return y;
                });
    }

    private static Start turned(Turned map, int period, double value, double... plain) {
        double[] y = Arrays.copyOf(plain, map.n);
        double[] h = map.times(y);
        for (int t = 0; t < 400 * period; t++) {
            double[] next = new double[map.n];
            map.apply(h, value, next);
            // Settles in the shrinking directions alone.
            double[] z = map.times(next);
            if ((t + 1) % period == 0) {
                System.arraycopy(plain, 0, z, 0, plain.length);
            }
            h = map.times(z);
        }
        return new Start(period, value, h);
    }

    /** x' = r x (1 - x): transcritical at 1, flips at 3 and 1 + sqrt 6, and cycles of period 8. */
    @Test
    void theLogisticMap() {
        Turned map = new Turned(oneVariable((x, r) -> new double[] {r * x * (1.0 - x), r * (1.0 - 2.0 * x)}), 4);
        BifurcationDiagram diagram = of(map, 0.2, 3.6, turned(map, 1, 0.5, 0.0));
        assertEquals(1.0, only(diagram, Kind.TRANSCRITICAL).value(), CLOSE);
        List<Bifurcation> flips = of(diagram, Kind.PERIOD_DOUBLING);
        assertEquals(
                List.of(1, 2, 4, 8), flips.stream().map(Bifurcation::period).toList(), () -> summary(diagram));
        assertEquals(3.0, flips.get(0).value(), CLOSE);
        assertEquals(1.0 + Math.sqrt(6.0), flips.get(1).value(), CLOSE);
        assertEquals(3.544090359551, flips.get(2).value(), CLOSE);
        assertEquals(3.564407266095, flips.get(3).value(), CLOSE);
        flips.forEach(flip -> assertEquals(Side.SUPERCRITICAL, flip.side()));
    }

    /** The cycle of period 3 begins at 1 + sqrt 8 with a fold. */
    @Test
    void aCycleBeginsWithAFold() {
        ParametrisedMap map = oneVariable((x, r) -> new double[] {r * x * (1.0 - x), r * (1.0 - 2.0 * x)});
        BifurcationDiagram diagram = of(map, 3.8, 3.845, new Start(3, 3.835, new double[] {0.4945}));
        Bifurcation fold = only(diagram, Kind.FOLD);
        assertEquals(3, fold.period());
        assertEquals(1.0 + Math.sqrt(8.0), fold.value(), CLOSE);
        assertEquals(3, diagram.branches().get(0).period());
        assertEquals(3.841499007543, of(diagram, Kind.PERIOD_DOUBLING).get(0).value(), CLOSE);
    }

    /** x' = r + x - x^2 has a fold at 0, x' = x + r x + x^3 a subcritical pitchfork. */
    @Test
    void normalFormsOfFoldAndPitchfork() {
        Turned fold = new Turned(oneVariable((x, r) -> new double[] {r + x - x * x, 1.0 - 2.0 * x}), 5);
        BifurcationDiagram folds = of(fold, -1.0, 0.8, turned(fold, 1, 0.25, 0.5));
        assertEquals(0.0, only(folds, Kind.FOLD).value(), CLOSE);
        assertEquals(1, folds.branches().size());

        Turned pitchfork =
                new Turned(oneVariable((x, r) -> new double[] {x + r * x + x * x * x, 1.0 + r + 3.0 * x * x}), 5);
        BifurcationDiagram forks = of(pitchfork, -0.5, 0.5, turned(pitchfork, 1, 0.25, 0.0));
        Bifurcation point = only(forks, Kind.PITCHFORK);
        assertEquals(0.0, point.value(), CLOSE);
        assertEquals(Side.SUBCRITICAL, point.side());
        assertEquals(3, forks.branches().size(), () -> summary(forks));
        // From the bent branch the same point and side are found.
        BifurcationDiagram bent = of(pitchfork, -0.5, 0.5, turned(pitchfork, 1, -0.25, 0.5));
        assertEquals(0.0, only(bent, Kind.PITCHFORK).value(), CLOSE);
        assertEquals(Side.SUBCRITICAL, only(bent, Kind.PITCHFORK).side());
        assertEquals(3, bent.branches().size(), () -> summary(bent));
    }

    /** x' = x + (r - x^2) / 4 has a fold at 0, near the end of the range, and its curve bends towards the end: a step may go past it. */
    @Test
    void noBranchLeavesTheRange() {
        ParametrisedMap map = oneVariable((x, r) -> new double[] {x + 0.25 * (r - x * x), 1.0 - 0.5 * x});
        for (double to = 1e-6; to < 0.2; to *= 1.1) {
            double end = to;
            double[] start = {Math.sqrt(0.25 * to)};
            BifurcationDiagram diagram = of(map, -1.0, to, new Start(1, 0.25 * to, start));
            assertEquals(0.0, only(diagram, Kind.FOLD).value(), CLOSE);
            assertEquals(1, diagram.branches().size(), () -> summary(diagram));
            double[] values = diagram.branches().get(0).values();
            for (double value : values) {
                assertTrue(value <= end + 1e-12, () -> "up to " + end + " and at " + value);
            }
            assertEquals(to, values[0], 1e-12);
            assertEquals(to, values[values.length - 1], 1e-12);
        }
    }

    /** x' = x + r + ... with a transcritical point off the axes: (x - r) (x + 2 r + x^2) = 0 crosses at r = 0 and -3. */
    @Test
    void aTranscriticalPointBetweenCurvedBranches() {
        Turned map = new Turned(
                oneVariable((x, r) -> {
                    double a = x - Math.sin(r);
                    double b = x + 2.0 * r + x * x;
                    return new double[] {x - 0.3 * a * b, 1.0 - 0.3 * (b + a * (1.0 + 2.0 * x))};
                }),
                3);
        BifurcationDiagram diagram = of(map, -0.2, 0.4, turned(map, 1, 0.3, Math.sin(0.3)));
        List<Bifurcation> points = of(diagram, Kind.TRANSCRITICAL);
        assertEquals(1, points.size(), () -> summary(diagram));
        assertEquals(0.0, points.get(0).value(), CLOSE);
        assertFalse(diagram.truncated());
        // The other branch folds where 1 + 2 x = 0, r = 1/8.
        assertEquals(0.125, only(diagram, Kind.FOLD).value(), CLOSE);
    }

    /** The delayed logistic map x' = r x (1 - y), y' = x: Neimark-Sacker at r = 2, a sixth of a turn. */
    @Test
    void theDelayedLogisticMap() {
        ParametrisedMap plain = new ParametrisedMap() {
            @Override
            public int units() {
                return 2;
            }

            @Override
            public void apply(double[] h, double r, double[] next) {
                double x = h[0];
                next[0] = r * x * (1.0 - h[1]);
                next[1] = x;
            }

            @Override
            public void applyWithJacobian(double[] h, double r, double[] next, double[] df) {
                df[0] = r * (1.0 - h[1]);
                df[1] = -r * h[0];
                df[2] = 1.0;
                df[3] = 0.0;
                apply(h, r, next);
            }
        };
        Turned map = new Turned(plain, 4);
        BifurcationDiagram diagram = of(map, 1.2, 2.2, turned(map, 1, 1.5, 1.0 / 3.0, 1.0 / 3.0));
        Bifurcation point = only(diagram, Kind.NEIMARK_SACKER);
        assertEquals(2.0, point.value(), CLOSE);
        assertEquals(1.0 / 6.0, point.turns(), 1e-9);
        assertEquals(Side.SUPERCRITICAL, point.side());
        // -1 in the plane (data/python/checks/bifurcation.py); the two shrinking directions lengthen the eigenvector.
        double length = 1.0 + 2.0 * 0.5 * 0.04 / (1.0 + 0.09 - 0.3);
        assertEquals(-1.0 / length, point.lyapunov(), 1e-6);
    }

    /** z' = e^(i theta) z (1 + r + d |z|^2) + k conj(z)^2: the coefficient of |q| = 1 is 2 (d + the quadratic part's). */
    @Test
    void bothSidesOfTheNormalForm() {
        double theta = 1.3;
        double c = Math.cos(theta);
        double s = Math.sin(theta);
        for (double d : new double[] {-0.7, 0.4}) {
            for (double k : new double[] {0.0, 0.5}) {
                ParametrisedMap map = planar(c, s, d, k);
                BifurcationDiagram diagram = of(map, -0.3, 0.31, new Start(1, -0.2, new double[2]));
                Bifurcation point = only(diagram, Kind.NEIMARK_SACKER);
                assertEquals(0.0, point.value(), CLOSE);
                // Kuznetsov 2004, eq. 4.21: g02 = 2 k and all other quadratic ones 0 give -|g02|^2 / 4.
                double expected = 2.0 * (d - k * k);
                assertEquals(expected, point.lyapunov(), 1e-6, "d " + d + ", k " + k);
                assertEquals(expected < 0.0 ? Side.SUPERCRITICAL : Side.SUBCRITICAL, point.side());
            }
        }
        // At a third of a turn the sign of d doesn't tell.
        Bifurcation resonant = only(
                of(planar(-0.5, Math.sqrt(0.75), -0.7, 0.5), -0.3, 0.31, new Start(1, -0.2, new double[2])),
                Kind.NEIMARK_SACKER);
        assertTrue(Double.isNaN(resonant.lyapunov()));
        assertEquals(Side.UNKNOWN, resonant.side());
    }

    private static ParametrisedMap planar(double c, double s, double d, double k) {
        return new ParametrisedMap() {
            @Override
            public int units() {
                return 2;
            }

            @Override
            public void apply(double[] h, double r, double[] next) {
                applyWithJacobian(h, r, next, new double[4]);
            }

            @Override
            public void applyWithJacobian(double[] h, double r, double[] next, double[] df) {
                double x = h[0];
                double y = h[1];
                double g = 1.0 + r + d * (x * x + y * y);
                double u = c * x - s * y;
                double v = s * x + c * y;
                df[0] = c * g + u * 2.0 * d * x + 2.0 * k * x;
                df[1] = -s * g + u * 2.0 * d * y - 2.0 * k * y;
                df[2] = s * g + v * 2.0 * d * x - 2.0 * k * y;
                df[3] = c * g + v * 2.0 * d * y - 2.0 * k * x;
                next[0] = u * g + k * (x * x - y * y);
                next[1] = v * g - 2.0 * k * x * y;
            }
        };
    }

    /** Beside x' = tanh(-2 x), which goes between two states, the plane's pair leaves the circle: (1 + r)^2 exp(2 i theta) at r = 0. */
    @Test
    void aCycleHasANeimarkSackerPoint() {
        double theta = 0.4;
        ParametrisedMap plane = planar(Math.cos(theta), Math.sin(theta), -0.7, 0.0);
        ParametrisedMap both = new ParametrisedMap() {
            @Override
            public int units() {
                return 3;
            }

            @Override
            public void apply(double[] h, double r, double[] next) {
                applyWithJacobian(h, r, next, new double[9]);
            }

            @Override
            public void applyWithJacobian(double[] h, double r, double[] next, double[] df) {
                double[] inner = new double[2];
                double[] innerDf = new double[4];
                plane.applyWithJacobian(Arrays.copyOf(h, 2), r, inner, innerDf);
                double x = Math.tanh(-2.0 * h[2]);
                Arrays.fill(df, 0.0);
                for (int k = 0; k < 4; k++) {
                    df[k / 2 * 3 + k % 2] = innerDf[k];
                }
                df[8] = -2.0 * (1.0 - x * x);
                next[0] = inner[0];
                next[1] = inner[1];
                next[2] = x;
            }
        };
        double x = 0.9;
        for (int k = 0; k < 200; k++) {
            x = Math.tanh(2.0 * x);
        }
        Turned map = new Turned(both, 4);
        Bifurcation point = only(of(map, -0.3, 0.31, turned(map, 2, -0.2, 0.0, 0.0, x)), Kind.NEIMARK_SACKER);
        assertEquals(2, point.period());
        assertEquals(0.0, point.value(), CLOSE);
        assertEquals(2.0 * theta / (2.0 * Math.PI), point.turns(), 1e-9);
        assertEquals(Side.SUPERCRITICAL, point.side());
    }

    /** Orthogonal weights have all multipliers on the circle, where the range begins: none of them crosses it there. */
    @Test
    void whereAllMultipliersAreOnTheCircleNoneCrosses() {
        double c = Math.cos(0.9);
        double s = Math.sin(0.9);
        double[] w = {c, -s, 0, 0, s, c, 0, 0, 0, 0, c, s, 0, 0, -s, c};
        for (double[] range : new double[][] {{1.0, 1.5}, {0.5, 1.0}}) {
            BifurcationDiagram diagram = alongScale(network(Activation.TANH, 1.0, w), range[0], range[1]);
            assertEquals(List.of(), diagram.bifurcations());
        }
    }

    /** Constants of data/python/checks/bifurcation.py, which has the derivatives in closed form. */
    @Test
    void theCoefficientOfANetwork() {
        Rnn rnn = network(Activation.TANH, 1.25, 0.6, -1.1, 0.3, 0.9, 0.5, -0.4, 0.2, 0.7, 0.1);
        double[] block = rnn.parameters().clone();
        System.arraycopy(
                new double[] {0.3, -0.2, 0.1}, 0, block, rnn.shape().bRec().offset(), 3);
        Rnn biased = new Rnn(rnn.shape(), Activation.TANH, 1.0, 1.25, true, block);
        Bifurcation point =
                of(alongScale(biased, 0.5, 3.0), Kind.NEIMARK_SACKER).get(0);
        assertEquals(1.1358556346891227, point.value(), CLOSE);
        assertEquals(-0.4467234921737164, point.lyapunov(), 1e-5);
        assertEquals(Side.SUPERCRITICAL, point.side());
        // A network that is linear in pieces has no such coefficient.
        Rnn linear = network(Activation.RELU, 1.0, 0.6, -1.1, 0.9, 0.5);
        of(alongScale(linear, 0.5, 3.0), Kind.NEIMARK_SACKER)
                .forEach(b -> assertTrue(Double.isNaN(b.lyapunov()), () -> b.value() + ": " + b.lyapunov()));
    }

    /** Options and ranges that make no sense are refused. */
    @Test
    void wrongRangesAndOptions() {
        Rnn rnn = network(Activation.TANH, 1.0, 1.0);
        assertThrows(IllegalArgumentException.class, () -> alongScale(rnn, 1.0, 1.0));
        assertThrows(IllegalArgumentException.class, () -> alongScale(rnn, 1.0, Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> NetworkPath.input(rnn, new double[1], 1));
        assertThrows(IllegalArgumentException.class, () -> NetworkPath.scale(rnn, new double[2]));
        assertThrows(IllegalArgumentException.class, () -> new Options(0, 1, 100, 0.02, 1, 0));
        assertThrows(IllegalArgumentException.class, () -> new Options(1, 1, 100, 0.0, 1, 0));
    }
}
