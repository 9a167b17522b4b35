package attractor.analysis;

import attractor.kernel.Activation;
import attractor.kernel.Fma;
import attractor.model.RnnShape;
import java.util.Arrays;
import java.util.Optional;

/**
 * Proves that a fixed point lies near a state, by a Newton-Kantorovich argument whose numbers are all upper bounds; see
 * {@link FixedPoints.Certificate} for the theorem. Not thread-safe.
 *
 * <p><b>Rounding.</b> u = 2^-53; a sum of k terms, each rounded at most k times, is off by at most gamma_k = k u / (1 -
 * k u) times the sum of the terms' moduli, in any order, with or without fused multiply-adds, plus k 2^-1074 for
 * underflow. All bounds are computed with {@link Math#nextUp} after each operation on numbers that aren't negative
 * (with nextDown where a lower bound is wanted). Overflow makes a bound infinite, and NaN fails every comparison; in
 * both cases there is no certificate.
 */
final class Certifier {
    /** 2^-53. */
    private static final double U = 0x1p-53;
    /** Upper bound of |tanh''|, which is at most 4 / (3 sqrt 3) = 0.76980. */
    private static final double TANH_CURVATURE = 0.7699;
    /** Upper bound of |sigma''| of the logistic function, which is at most 1 / (6 sqrt 3) = 0.096225. */
    private static final double SIGMOID_CURVATURE = 0.0963;

    /** The largest softplus'' = sigma', at 0. */
    private static final double SOFTPLUS_CURVATURE = 0.25;

    private final ConstantMap map;
    private final int n;
    private final MatrixProduct product;
    private final double curvature;
    /** omega_i, an upper bound of the sum over j of |W_ij|. */
    private final double[] omega;

    Certifier(ConstantMap map) {
        this.map = map;
        n = map.n;
        product = new MatrixProduct(map.kernels, n);
        curvature = switch (map.phi) {
            case TANH -> TANH_CURVATURE;
            case SIGMOID -> SIGMOID_CURVATURE;
            case SOFTPLUS -> SOFTPLUS_CURVATURE;
            case RELU, LEAKY_RELU, IDENTITY -> 0.0;
        };
        omega = new double[n];
        RnnShape.View w = map.rnn.shape().wRec();
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                omega[i] = up(omega[i] + Math.abs(map.rnn.parameters()[w.at(i, j)]));
            }
        }
    }

    private static double up(double x) {
        return Math.nextUp(x);
    }

    private static double timesUp(double x, double y) {
        return x == 0.0 || y == 0.0 ? 0.0 : Math.nextUp(x * y);
    }

    /** Upper bound of gamma_k. */
    private static double gamma(int k) {
        double ku = k * U;
        return Math.nextUp(Math.nextUp(ku) / Math.nextDown(1.0 - ku));
    }

    /** Upper bound of the error of a sum of k terms by underflow. */
    private static double tiny(int k) {
        return k * Double.MIN_VALUE;
    }

    /**
     * Tries to prove that a fixed point lies near {@code h}.
     *
     * @param h N values. Not modified.
     * @param inverse an approximate inverse A of Dg(h), N x N; the result is valid with any matrix, but a bad one gives
     *     no certificate. Not modified.
     */
    Optional<FixedPoints.Certificate> certify(double[] h, double[] inverse) {
        RnnShape shape = map.rnn.shape();
        double[] p = map.rnn.parameters();
        double[] z = new double[n];
        double[] zError = new double[n];
        preActivations(h, z, zError);
        double[] gBound = new double[n];
        double[] slope = new double[n];
        double[] slopeError = new double[n];
        for (int i = 0; i < n; i++) {
            double rate = map.phi.rate(z[i]);
            double g = rate - h[i];
            double gRounding = up(timesUp(U, Math.abs(g)) + Double.MIN_VALUE);
            gBound[i] = up(up(Math.abs(g) + gRounding) + rateError(rate, zError[i]));
            slope[i] = map.phi.slope(rate);
            slopeError[i] = slopeError(rate, slope[i], zError[i]);
        }

        // -M, where M = D W - I as computed, and a bound on each row's sum of |Dg - M|.
        double[] minusM = new double[n * n];
        double[] mSum = new double[n];
        double[] mError = new double[n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                double m = slope[i] * p[shape.wRec().at(i, j)];
                m = i == j ? m - 1.0 : m;
                minusM[i * n + j] = -m;
                mSum[i] = up(mSum[i] + Math.abs(m));
            }
            double product = timesUp(slope[i], omega[i]);
            double rounding = up(timesUp(U, product) + timesUp(U, up(1.0 + product)) + tiny(n + 1));
            mError[i] = up(timesUp(slopeError[i], omega[i]) + up(rounding));
        }
        product.load(minusM);
        double[] minusAm = new double[n * n];
        product.apply(n, inverse, 0, minusAm, 0);

        double y = 0.0;
        double z0 = 0.0;
        double z2 = 0.0;
        for (int k = 0; k < n; k++) {
            double yRow = 0.0;
            double residual = 0.0;
            double absolute = 0.0;
            double inherited = 0.0;
            double z2Row = 0.0;
            for (int i = 0; i < n; i++) {
                double a = Math.abs(inverse[k * n + i]);
                double entry = minusAm[k * n + i];
                double r = i == k ? 1.0 + entry : entry;
                residual = up(residual + up(Math.abs(r) + timesUp(U, Math.abs(r))));
                absolute = up(absolute + timesUp(a, mSum[i]));
                inherited = up(inherited + timesUp(a, mError[i]));
                yRow = up(yRow + timesUp(a, gBound[i]));
                if (curvature > 0.0) {
                    z2Row = up(z2Row + timesUp(a, timesUp(curvature, timesUp(omega[i], omega[i]))));
                }
            }
            // Also covers kernels that round product and sum separately.
            double rounding = up(timesUp(gamma(2 * n + 2), absolute) + timesUp(n, tiny(2 * n + 2)));
            y = Math.max(y, yRow);
            z0 = Math.max(z0, up(up(residual + rounding) + inherited));
            z2 = Math.max(z2, z2Row);
        }
        Optional<FixedPoints.Certificate> proof = verdict(y, z0, z2, z, zError);
        if (proof.isEmpty()) {
            return proof;
        }
        // det(I - DF) = (-alpha)^N det Dg, and |I - A Dg| < 1 in the whole ball, so that det Dg there has the sign of
        // det A.
        int sign = sign(minusM, inverse);
        double radius = proof.get().radius();
        return Optional.of(new FixedPoints.Certificate(radius, proof.get().uniqueWithin(), sign));
    }

    /** z = W_rec h + W_in x + b_rec, and bounds on its rounding errors. {@code z} and {@code zError} are modified. */
    private void preActivations(double[] h, double[] z, double[] zError) {
        RnnShape shape = map.rnn.shape();
        double[] p = map.rnn.parameters();
        double[] x = map.input();
        int terms = x.length + n + 1;
        for (int i = 0; i < n; i++) {
            double sum = p[shape.bRec().at(i, 0)];
            double moduli = Math.abs(sum);
            for (int j = 0; j < x.length; j++) {
                double w = p[shape.wIn().at(i, j)];
                sum = Fma.fma(w, x[j], sum);
                moduli = up(moduli + timesUp(Math.abs(w), Math.abs(x[j])));
            }
            for (int j = 0; j < n; j++) {
                double w = p[shape.wRec().at(i, j)];
                sum = Fma.fma(w, h[j], sum);
                moduli = up(moduli + timesUp(Math.abs(w), Math.abs(h[j])));
            }
            z[i] = sum;
            zError[i] = up(timesUp(gamma(terms), moduli) + tiny(terms));
        }
    }

    /**
     * What a certificate of a fixed point h of the rate form says about a fixed point x of the current form. The exact points
     * are images of each other, {@code x* = W h* + c} and {@code h* = phi(x*)}. So x* is as near to x as omega times the
     * radius and the distance of x from W h + c; and another x' within r of x would give another h' within {@code L r + |phi(x)
     * - h|} of h, L being the largest slope of phi.
     *
     * @param h N values. Not modified.
     * @param x N values, approximately W h + c. Not modified.
     */
    Optional<FixedPoints.Certificate> image(FixedPoints.Certificate certificate, double[] h, double[] x) {
        double[] z = new double[n];
        double[] zError = new double[n];
        preActivations(h, z, zError);
        double radius = 0.0;
        double off = 0.0;
        for (int i = 0; i < n; i++) {
            double difference = Math.abs(z[i] - x[i]);
            double apart = up(up(difference + timesUp(U, difference)) + zError[i]);
            radius = Math.max(radius, up(timesUp(omega[i], certificate.radius()) + apart));
            double rate = map.phi.rate(x[i]);
            double g = Math.abs(rate - h[i]);
            off = Math.max(off, up(up(g + timesUp(U, g)) + rateError(rate, 0.0)));
        }
        double steepest = map.phi == Activation.SIGMOID ? 0.25 : 1.0;
        double unique = Math.nextDown(Math.nextDown(certificate.uniqueWithin() - off) / steepest);
        return radius <= unique
                ? Optional.of(new FixedPoints.Certificate(radius, unique, certificate.index()))
                : Optional.empty();
    }

    /**
     * The sign of det(-A), proved; 0 where the proof fails. P minusM = L U as computed, with row exchanges P. Where
     * |I + A P^T L U| &lt; 1, the matrices -A P^T L U and I are joined by regular ones, so that det(-A) and det(P^T L
     * U) have the same sign; the latter's sign follows from the diagonal of U and the exchanges. Cost 14/3 N^3 flops.
     *
     * @param minusM N x N. Not modified.
     * @param inverse A, N x N. Not modified.
     */
    private int sign(double[] minusM, double[] inverse) {
        double[] lu = minusM.clone();
        int[] row = new int[n];
        int sign = factorise(lu, row);
        if (sign == 0) {
            return 0;
        }
        double[] lower = new double[n * n];
        double[] upper = new double[n * n];
        double[] upperSum = new double[n];
        for (int i = 0; i < n; i++) {
            System.arraycopy(lu, i * n, lower, i * n, i);
            lower[i * n + i] = 1.0;
            System.arraycopy(lu, i * n + i, upper, i * n + i, n - i);
            for (int j = i; j < n; j++) {
                upperSum[i] = up(upperSum[i] + Math.abs(upper[i * n + j]));
            }
        }
        product.load(upper);
        double[] luProduct = new double[n * n];
        product.apply(n, lower, 0, luProduct, 0);
        double[] back = new double[n * n];
        double[] backSum = new double[n];
        double[] backError = new double[n];
        for (int i = 0; i < n; i++) {
            System.arraycopy(luProduct, i * n, back, row[i] * n, n);
            double moduli = 0.0;
            double sum = 0.0;
            for (int j = 0; j < n; j++) {
                moduli = up(moduli + timesUp(Math.abs(lower[i * n + j]), upperSum[j]));
                sum = up(sum + Math.abs(luProduct[i * n + j]));
            }
            backSum[row[i]] = sum;
            backError[row[i]] = up(timesUp(gamma(2 * n + 2), moduli) + timesUp(n, tiny(2 * n + 2)));
        }
        product.load(back);
        double[] image = new double[n * n];
        product.apply(n, inverse, 0, image, 0);
        for (int k = 0; k < n; k++) {
            double residual = 0.0;
            double absolute = 0.0;
            double inherited = 0.0;
            for (int j = 0; j < n; j++) {
                double a = Math.abs(inverse[k * n + j]);
                double r = Math.abs(j == k ? 1.0 + image[k * n + j] : image[k * n + j]);
                residual = up(residual + up(r + timesUp(U, r)));
                absolute = up(absolute + timesUp(a, backSum[j]));
                inherited = up(inherited + timesUp(a, backError[j]));
            }
            double rounding = up(timesUp(gamma(2 * n + 2), absolute) + timesUp(n, tiny(2 * n + 2)));
            if (!(up(up(residual + rounding) + inherited) < 1.0)) {
                return 0;
            }
        }
        return sign;
    }

    /**
     * LU with row exchanges: row i of L U is row {@code row[i]} of the matrix. Returns the sign of det(P^T L U), from the
     * diagonal of U and the exchanges; 0 if a pivot is 0 or not finite.
     */
    private int factorise(double[] a, int[] row) {
        Arrays.setAll(row, i -> i);
        int sign = 1;
        for (int k = 0; k < n; k++) {
            int best = k;
            for (int i = k + 1; i < n; i++) {
                best = Math.abs(a[i * n + k]) > Math.abs(a[best * n + k]) ? i : best;
            }
            double pivot = a[best * n + k];
            if (pivot == 0.0 || !Double.isFinite(pivot)) {
                return 0;
            }
            if (best != k) {
                for (int j = 0; j < n; j++) {
                    double swapped = a[k * n + j];
                    a[k * n + j] = a[best * n + j];
                    a[best * n + j] = swapped;
                }
                int swapped = row[k];
                row[k] = row[best];
                row[best] = swapped;
                sign = -sign;
            }
            sign = pivot < 0.0 ? -sign : sign;
            for (int i = k + 1; i < n; i++) {
                double factor = a[i * n + k] / pivot;
                a[i * n + k] = factor;
                for (int j = k + 1; j < n; j++) {
                    a[i * n + j] = Fma.fma(-factor, a[k * n + j], a[i * n + j]);
                }
            }
        }
        return sign;
    }

    /** Upper bound of |phi(z) - rate|, where rate is phi as computed at a z whose error is at most zError. */
    private double rateError(double rate, double zError) {
        double r = Math.abs(rate);
        return switch (map.phi) {
            case IDENTITY, RELU -> zError;
            case LEAKY_RELU -> up(zError + up(timesUp(U, r) + tiny(1)));
            // Ours is off by less than 2 ulp.
            case SOFTPLUS -> up(up(timesUp(4.0 * U, r) + tiny(4)) + zError);
            case TANH -> up(tanhError(r) + zError);
            // 1/2 + tanh(z/2)/2, rounded once; z/2 may lose a bit when it underflows. The slope is at most 1/4.
            case SIGMOID -> up(up(0.5 * tanhError(1.0) + timesUp(U, r)) + up(timesUp(0.25, zError) + tiny(2)));
        };
    }

    /** Upper bound of our tanh's error where its result is t: below 1.9 ulp, and an ulp is at most 2^-52 |t|. */
    private static double tanhError(double t) {
        return up(timesUp(4.0 * U, t) + tiny(4));
    }

    /** Upper bound of |phi'(z) - slope|, where slope is computed from the rate at a z whose error is at most zError. */
    private double slopeError(double rate, double slope, double zError) {
        double r = Math.abs(rate);
        return switch (map.phi) {
            // For relu this holds as long as z is far enough from 0, which the certificate requires.
            case IDENTITY, RELU, LEAKY_RELU -> 0.0;
            // 1 - exp(-r) changes by at most the error of r; computed as 2 T / (1 + T) it is off by less than 4 ulp.
            case SOFTPLUS ->
                up(up(rateError(rate, 0.0) + up(timesUp(8.0 * U, slope) + tiny(4)))
                        + up(timesUp(curvature, zError) + tiny(2)));
            // |r'^2 - r^2| <= |r' - r| (2 r + |r' - r|).
            case TANH -> {
                double e = tanhError(r);
                double fromRate = timesUp(e, up(2.0 * r + e));
                yield up(up(fromRate + timesUp(U, Math.abs(slope))) + up(timesUp(curvature, zError) + tiny(2)));
            }
            // |r' (1 - r') - r (1 - r)| = |r' - r| |1 - r' - r| <= |r' - r| (1 + |r' - r|); two roundings, each of at
            // most
            // u times a number below 1/2.
            case SIGMOID -> {
                double e = rateError(rate, 0.0);
                yield up(up(timesUp(e, up(1.0 + e)) + 2.0 * U) + up(timesUp(curvature, zError) + tiny(2)));
            }
        };
    }

    private Optional<FixedPoints.Certificate> verdict(double y, double z0, double z2, double[] z, double[] zError) {
        if (!(z0 < 1.0) || !(y < Double.POSITIVE_INFINITY)) {
            return Optional.empty();
        }
        double gap = Math.nextDown(1.0 - z0);
        double discriminant = gap * gap - 4.0 * z2 * y;
        if (!(discriminant >= 0.0)) {
            return Optional.empty();
        }
        double radius = Math.max(2.0 * y / (gap + Math.sqrt(discriminant)), Double.MIN_NORMAL);
        // The root was rounded to nearest: increase it until the inequality holds with upward rounding.
        for (int attempt = 0; attempt < 20; attempt++) {
            if (proves(y, z0, z2, radius)) {
                double unique = uniqueWithin(z0, z2, radius, z, zError);
                return radius <= unique
                        ? Optional.of(new FixedPoints.Certificate(radius, unique, 0))
                        : Optional.empty();
            }
            radius *= 1.0 + Math.scalb(0x1p-40, 2 * Math.min(attempt, 16));
        }
        return Optional.empty();
    }

    /** {@code Y + (Z0 + Z2 r) r <= r} and {@code Z0 + Z2 r < 1}. */
    private static boolean proves(double y, double z0, double z2, double r) {
        double contraction = up(z0 + timesUp(z2, r));
        return contraction < 1.0 && up(y + timesUp(contraction, r)) <= r;
    }

    /**
     * A radius within which the fixed point is the only one, infinite for a linear network; less than {@code radius} or
     * NaN if F isn't smooth out to there.
     */
    private double uniqueWithin(double z0, double z2, double radius, double[] z, double[] zError) {
        double unique = Double.POSITIVE_INFINITY;
        if (z2 > 0.0) {
            double largest = (1.0 - z0) / z2 * (1.0 - 0x1p-40);
            unique = up(z0 + timesUp(z2, largest)) < 1.0 ? Math.max(largest, radius) : radius;
        }
        if (map.phi.hasKink()) {
            // F is affine as long as no z changes its sign.
            for (int i = 0; i < n; i++) {
                double distance = Math.nextDown(Math.abs(z[i]) - zError[i]);
                if (!(distance > 0.0)) {
                    return Double.NaN;
                }
                if (omega[i] > 0.0) {
                    unique = Math.min(unique, Math.nextDown(Math.nextDown(distance / omega[i])));
                }
            }
        }
        return unique;
    }
}
