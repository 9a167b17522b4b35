package attractor.bifurcation;

import attractor.analysis.Lu;
import java.util.function.UnaryOperator;

/**
 * The first Lyapunov coefficient of a Neimark-Sacker point, which tells on which side its closed curve is. Let
 * {@code G(h0 + x) = h0 + A x + B(x, x) / 2 + C(x, x, x) / 6 + ...}, {@code A q = e^(i theta) q}, {@code A^T p = e^(-i
 * theta) p}, {@code |q| = 1} and {@code <p, q> = conj(p)^T q = 1}. Then
 *
 * <pre>    a = 1/2 Re( e^(-i theta) ( &lt;p, C(q, q, conj q)&gt; + 2 &lt;p, B(q, (I - A)^-1 B(q, conj q))&gt;
 *                           + &lt;p, B(conj q, (e^(2 i theta) I - A)^-1 B(q, q))&gt; ) )</pre>
 *
 * Below 0 the curve is where the point has become unstable, and it is as stable as the point was; above 0 it is on the other
 * side, and unstable. B and C are central differences of fourth order along lines, so that nothing is asked of G but
 * smoothness. Stateless, thread-safe. Source: Yu. Kuznetsov, Elements of Applied Bifurcation Theory (2004), section 5.4.
 */
final class NormalForm {
    /** Steps of the differences, of the size of the state; both have to agree. */
    private static final double[] STEPS = {0.02, 0.01};

    private static final double AGREE = 0.02;
    /** exp(i k theta) nearer to 1 than this, for k up to 4, is a strong resonance. */
    private static final double RESONANT = 1e-3;

    private final UnaryOperator<double[]> map;
    private final double[] h0;
    private final int n;
    private final double size;

    private NormalForm(UnaryOperator<double[]> map, double[] h0, double size) {
        this.map = map;
        this.h0 = h0;
        this.size = size;
        n = h0.length;
    }

    /**
     * The coefficient.
     *
     * @param map G, N values to N values; doesn't modify its argument
     * @param h0 a fixed point. Not modified.
     * @param a its Jacobian, N x N. Not modified.
     * @param theta argument of the multiplier on the circle, above 0 and below pi
     * @return NaN where the coefficient doesn't tell: at a strong resonance, where G isn't smooth, or where it is linear
     */
    static double firstLyapunov(UnaryOperator<double[]> map, double[] h0, double[] a, double theta) {
        for (int k = 1; k <= 4; k++) {
            if (2.0 * Math.abs(StrictMath.sin(0.5 * k * theta)) < RESONANT) {
                return Double.NaN;
            }
        }
        double[] found = new double[STEPS.length];
        for (int k = 0; k < STEPS.length; k++) {
            double norm = Math.sqrt(Curve.dot(h0, h0) / h0.length);
            found[k] = new NormalForm(map, h0, STEPS[k] * Math.max(1.0, norm)).coefficient(a, theta);
        }
        double coefficient = found[STEPS.length - 1];
        // Rounding leaves about 1e-9 of a map without a third derivative.
        boolean sure =
                Math.abs(found[0] - coefficient) <= AGREE * Math.abs(coefficient) && Math.abs(coefficient) > 1e-7;
        return sure ? coefficient : Double.NaN;
    }

    private double coefficient(double[] a, double theta) {
        double c = StrictMath.cos(theta);
        double s = StrictMath.sin(theta);
        double[] transposed = new double[n * n];
        double[] minus = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                transposed[j * n + i] = a[i * n + j];
                minus[i * n + j] = (i == j ? 1.0 : 0.0) - a[i * n + j];
            }
        }
        double[] q = eigenvector(a, c, s);
        double[] p = q == null ? null : eigenvector(transposed, c, -s);
        if (p == null) {
            return Double.NaN;
        }
        // <p, q> becomes 1: p is divided by the conjugate of <p, q>.
        double[] pq = product(p, q);
        double square = pq[0] * pq[0] + pq[1] * pq[1];
        p = times(p, pq[0] / square, pq[1] / square);
        double[] re = part(q, 0);
        double[] im = part(q, 1);
        double[] rr = second(re, re);
        double[] ii = second(im, im);
        double[] ri = second(re, im);
        double[] real = new Lu(n, minus).solve(sum(rr, 1.0, ii, 1.0));
        double[] mean = real == null ? null : complex(real, new double[n]);
        double[] twice = solve(a, c * c - s * s, 2.0 * s * c, complex(sum(rr, 1.0, ii, -1.0), sum(ri, 2.0, ri, 0.0)));
        if (mean == null || twice == null) {
            return Double.NaN;
        }
        double[] rri = third(re, im);
        double[] iir = third(im, re);
        double[] cubic = complex(sum(cube(re), 1.0, iir, 1.0), sum(rri, 1.0, cube(im), 1.0));
        double[] conjugate = complex(re, sum(im, -1.0, im, 0.0));
        double[] all = sum(sum(cubic, 1.0, bilinear(q, mean), 2.0), 1.0, bilinear(conjugate, twice), 1.0);
        double[] d = product(p, all);
        return 0.5 * (c * d[0] + s * d[1]);
    }

    /** Complex vectors have their N real parts first, then the imaginary ones. */
    private static double[] complex(double[] re, double[] im) {
        double[] z = new double[2 * re.length];
        System.arraycopy(re, 0, z, 0, re.length);
        System.arraycopy(im, 0, z, re.length, re.length);
        return z;
    }

    private double[] part(double[] z, int which) {
        return java.util.Arrays.copyOfRange(z, which * n, (which + 1) * n);
    }

    private static double[] sum(double[] a, double x, double[] b, double y) {
        double[] c = new double[a.length];
        for (int i = 0; i < c.length; i++) {
            c[i] = x * a[i] + y * b[i];
        }
        return c;
    }

    private double[] times(double[] z, double re, double im) {
        double[] w = new double[2 * n];
        for (int i = 0; i < n; i++) {
            w[i] = re * z[i] - im * z[n + i];
            w[n + i] = im * z[i] + re * z[n + i];
        }
        return w;
    }

    /** <p, z>, the conjugate of p times z. */
    private double[] product(double[] p, double[] z) {
        double re = 0.0;
        double im = 0.0;
        for (int i = 0; i < n; i++) {
            re += p[i] * z[i] + p[n + i] * z[n + i];
            im += p[i] * z[n + i] - p[n + i] * z[i];
        }
        return new double[] {re, im};
    }

    /** The solution z of ((re + i im) I - a) z = right; null if there is none. */
    private double[] solve(double[] a, double re, double im, double[] right) {
        int m = 2 * n;
        double[] real = new double[m * m];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                double value = (i == j ? re : 0.0) - a[i * n + j];
                real[i * m + j] = value;
                real[(n + i) * m + n + j] = value;
            }
            real[i * m + n + i] = -im;
            real[(n + i) * m + i] = im;
        }
        return new Lu(m, real).solve(right);
    }

    /** The eigenvector of a simple eigenvalue, of length 1, by inverse iteration; null if there is none. */
    private double[] eigenvector(double[] a, double re, double im) {
        double[] z = new double[2 * n];
        for (int i = 0; i < 2 * n; i++) {
            z[i] = 1.0 + 0.5 * ((i * 7919 + 13) % 101) / 101.0 * (i % 2 == 0 ? 1.0 : -1.0);
        }
        for (int step = 0; step < 4; step++) {
            z = solve(a, re * (1.0 + 1e-10), im * (1.0 + 1e-10), z);
            if (z == null) {
                return null;
            }
            z = sum(z, 1.0 / Math.sqrt(Curve.dot(z, z)), z, 0.0);
        }
        return z;
    }

    /** B(z, w) of complex vectors. */
    private double[] bilinear(double[] z, double[] w) {
        double[] a = part(z, 0);
        double[] b = part(z, 1);
        double[] c = part(w, 0);
        double[] d = part(w, 1);
        return complex(sum(second(a, c), 1.0, second(b, d), -1.0), sum(second(a, d), 1.0, second(b, c), 1.0));
    }

    /** B(u, v). */
    private double[] second(double[] u, double[] v) {
        return sum(square(sum(u, 1.0, v, 1.0)), 0.25, square(sum(u, 1.0, v, -1.0)), -0.25);
    }

    /** C(u, u, v). */
    private double[] third(double[] u, double[] v) {
        double[] both = sum(cube(sum(u, 1.0, v, 1.0)), 1.0 / 6.0, cube(sum(u, 1.0, v, -1.0)), -1.0 / 6.0);
        return sum(both, 1.0, cube(v), -1.0 / 3.0);
    }

    /** B(u, u). */
    private double[] square(double[] u) {
        return along(u, new double[] {-1.0, 16.0, -30.0, 16.0, -1.0}, 2, 12.0, 2);
    }

    /** C(u, u, u). */
    private double[] cube(double[] u) {
        return along(u, new double[] {1.0, -8.0, 13.0, 0.0, -13.0, 8.0, -1.0}, 3, 8.0, 3);
    }

    /** A difference of G along a line: weights of the places from -reach to reach. */
    private double[] along(double[] u, double[] weights, int reach, double divisor, int order) {
        double length = Math.sqrt(Curve.dot(u, u));
        double[] sum = new double[n];
        if (length == 0.0) {
            return sum;
        }
        double step = size / length;
        for (int k = 0; k < weights.length; k++) {
            if (weights[k] != 0.0) {
                double[] there = map.apply(sum(h0, 1.0, u, (k - reach) * step));
                sum = sum(sum, 1.0, there, weights[k]);
            }
        }
        double power = divisor * (order == 2 ? step * step : step * step * step);
        return sum(sum, 1.0 / power, sum, 0.0);
    }
}
