package attractor.kernel;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link Tanh} and {@link Softplus} on vectors, for rows whose length is a whole number of vectors. In a class of their own,
 * since they differ between double and float ({@link SimdFloatTanh}) in more than their types.
 *
 * <p>A product that may be subnormal is written as {@code a.fma(b, -0.0)}, here and in the other kernels: the same bits, but a plain
 * multiplication takes three times as long on Zen 4 if its result is subnormal, a fused one does not. Where a product can't be -0,
 * 0.0 does as well.
 */
final class SimdTanh {
    private static final VectorSpecies<Double> S = SimdKernels.S;

    private static final int V = S.length();

    private SimdTanh() {}

    /**
     * Does the same as {@link Tanh#tanh}, operation by operation except for exact changes of sign and scale and for the way to 1, in
     * two passes over the rows. The processor keeps a few hundred instructions in flight; a single pass of twice the length
     * would make it wait for its own results. The second pass takes as long as its divisions, so what can wait is there. Passes that
     * overlap, one a row behind the other, were a twentieth faster, but three times slower in the one start of JDK 17. Not split into
     * methods, since a call boxes the vectors.
     */
    static void tanhRows(int rows, int n, double[] row, int aOff, int lda) {
        for (int r0 = 0; r0 < rows; r0++) {
            int off = aOff + r0 * lda;
            for (int j = off; j < off + n; j += V) {
                DoubleVector x = DoubleVector.fromArray(S, row, j);
                LongVector signs = x.reinterpretAsLongs().and(Long.MIN_VALUE);
                DoubleVector a = x.abs();
                DoubleVector rounder = DoubleVector.broadcast(S, Tanh.ROUNDER);
                DoubleVector shifted = a.fma(
                                DoubleVector.broadcast(S, 2.0 * Tanh.LOG2_E), DoubleVector.broadcast(S, Tanh.SHIFT))
                        .add(rounder);
                DoubleVector k = shifted.sub(rounder);
                // Half of r; the powers of 2 are in the constants.
                DoubleVector r = k.fma(
                        DoubleVector.broadcast(S, -0.5 * Tanh.LN2_LOW),
                        k.fma(DoubleVector.broadcast(S, -0.5 * Tanh.LN2_HIGH), a));
                DoubleVector zero = DoubleVector.broadcast(S, 0.0);
                DoubleVector r2 = r.fma(r, zero);
                DoubleVector r4 = r2.fma(r2, zero);
                DoubleVector low = r2.fma(
                        r.fma(DoubleVector.broadcast(S, 0x1p4 * Tanh.C3), DoubleVector.broadcast(S, 0x1p3 * Tanh.C2)),
                        r.fma(DoubleVector.broadcast(S, 0x1p2 * Tanh.C1), DoubleVector.broadcast(S, 0x1p1 * Tanh.C0)));
                DoubleVector middle = r2.fma(
                        r.fma(DoubleVector.broadcast(S, 0x1p8 * Tanh.C7), DoubleVector.broadcast(S, 0x1p7 * Tanh.C6)),
                        r.fma(DoubleVector.broadcast(S, 0x1p6 * Tanh.C5), DoubleVector.broadcast(S, 0x1p5 * Tanh.C4)));
                DoubleVector high = r2.fma(
                        DoubleVector.broadcast(S, 0x1p11 * Tanh.C10),
                        r.fma(DoubleVector.broadcast(S, 0x1p10 * Tanh.C9), DoubleVector.broadcast(S, 0x1p9 * Tanh.C8)));
                DoubleVector q = r4.fma(r4.fma(high, middle), low);
                DoubleVector scale = shifted.reinterpretAsLongs()
                        .lanewise(VectorOperators.LSHL, 52)
                        .add(Tanh.ONE_BITS)
                        .reinterpretAsDoubles();
                DoubleVector half = r2.fma(q, r);
                DoubleVector e = half.fma(scale.add(scale), scale.sub(DoubleVector.broadcast(S, 1.0)));
                // Where a is too large, e is anything up to here; with this value the second pass gives 1.
                e = e.blend(0x1p60, a.compare(VectorOperators.GT, Tanh.LIMIT));
                e.reinterpretAsLongs().or(signs).reinterpretAsDoubles().intoArray(row, j);
            }
        }
        for (int r0 = 0; r0 < rows; r0++) {
            int off = aOff + r0 * lda;
            for (int j = off; j < off + n; j += V) {
                DoubleVector minusE = DoubleVector.fromArray(S, row, j).neg();
                DoubleVector two = DoubleVector.broadcast(S, 2.0);
                DoubleVector e = minusE.abs();
                DoubleVector d = e.add(two);
                DoubleVector error = e.sub(d.sub(two));
                DoubleVector minusInverse = DoubleVector.broadcast(S, -1.0).div(d);
                DoubleVector quotient = minusE.fma(minusInverse, DoubleVector.broadcast(S, -0.0));
                DoubleVector minusRest = quotient.fma(error, quotient.fma(d, minusE));
                minusRest.fma(minusInverse, quotient).intoArray(row, j);
            }
        }
    }

    /** Does the same as {@link Softplus#softplus}, operation by operation. Not split into methods, like {@link #tanhRows}. */
    static void softplusRows(int rows, int n, double[] row, int aOff, int lda) {
        for (int r0 = 0; r0 < rows; r0++) {
            int off = aOff + r0 * lda;
            for (int j = off; j < off + n; j += V) {
                DoubleVector x = DoubleVector.fromArray(S, row, j);
                DoubleVector one = DoubleVector.broadcast(S, 1.0);
                DoubleVector part = x.max(0.0);
                DoubleVector positive = part.blend(part.add(one).sub(one), part.compare(VectorOperators.LT, 1.0));
                DoubleVector a = positive.add(x.neg().max(0.0));
                VectorMask<Double> beyond = a.compare(VectorOperators.GT, Softplus.LARGEST);
                DoubleVector minusU = a.blend(Softplus.LARGEST, beyond).neg();
                DoubleVector rounder = DoubleVector.broadcast(S, Tanh.ROUNDER);
                DoubleVector k = minusU.fma(
                                DoubleVector.broadcast(S, Tanh.LOG2_E), DoubleVector.broadcast(S, Tanh.SHIFT))
                        .add(rounder)
                        .sub(rounder);
                DoubleVector r = k.fma(
                        DoubleVector.broadcast(S, -Tanh.LN2_LOW),
                        k.fma(DoubleVector.broadcast(S, -Tanh.LN2_HIGH), minusU));
                DoubleVector zero = DoubleVector.broadcast(S, 0.0);
                DoubleVector r2 = r.fma(r, zero);
                DoubleVector r4 = r2.fma(r2, zero);
                DoubleVector low = r2.fma(
                        r.fma(DoubleVector.broadcast(S, Tanh.C3), DoubleVector.broadcast(S, Tanh.C2)),
                        r.fma(DoubleVector.broadcast(S, Tanh.C1), DoubleVector.broadcast(S, Tanh.C0)));
                DoubleVector middle = r2.fma(
                        r.fma(DoubleVector.broadcast(S, Tanh.C7), DoubleVector.broadcast(S, Tanh.C6)),
                        r.fma(DoubleVector.broadcast(S, Tanh.C5), DoubleVector.broadcast(S, Tanh.C4)));
                DoubleVector high = r2.fma(
                        DoubleVector.broadcast(S, Tanh.C10),
                        r.fma(DoubleVector.broadcast(S, Tanh.C9), DoubleVector.broadcast(S, Tanh.C8)));
                DoubleVector q = r4.fma(r4.fma(high, middle), low);
                DoubleVector halfShifted = k.fma(DoubleVector.broadcast(S, 0.5), rounder);
                DoubleVector scale1 = halfShifted
                        .reinterpretAsLongs()
                        .lanewise(VectorOperators.LSHL, 52)
                        .add(Tanh.ONE_BITS)
                        .reinterpretAsDoubles();
                DoubleVector scale2 = k.sub(halfShifted.sub(rounder))
                        .add(rounder)
                        .reinterpretAsLongs()
                        .lanewise(VectorOperators.LSHL, 52)
                        .add(Tanh.ONE_BITS)
                        .reinterpretAsDoubles();
                DoubleVector t = one.add(r2.fma(q, r)).mul(scale1).fma(scale2, zero);
                DoubleVector half = DoubleVector.broadcast(S, 0.5);
                DoubleVector d = half.fma(t, one);
                DoubleVector error = half.fma(t, one.sub(d));
                DoubleVector inverse = one.div(d);
                DoubleVector w = t.fma(inverse, zero);
                DoubleVector rest = w.neg().fma(error, w.neg().fma(d, t));
                DoubleVector v = w.fma(w, zero);
                DoubleVector v2 = v.fma(v, zero);
                DoubleVector v4 = v2.fma(v2, zero);
                DoubleVector pLow = v2.fma(
                        v.fma(DoubleVector.broadcast(S, Softplus.P3), DoubleVector.broadcast(S, Softplus.P2)),
                        v.fma(DoubleVector.broadcast(S, Softplus.P1), DoubleVector.broadcast(S, Softplus.P0)));
                DoubleVector pMiddle = v2.fma(
                        v.fma(DoubleVector.broadcast(S, Softplus.P7), DoubleVector.broadcast(S, Softplus.P6)),
                        v.fma(DoubleVector.broadcast(S, Softplus.P5), DoubleVector.broadcast(S, Softplus.P4)));
                DoubleVector pHigh = v2.fma(
                        DoubleVector.broadcast(S, Softplus.P10),
                        v.fma(DoubleVector.broadcast(S, Softplus.P9), DoubleVector.broadcast(S, Softplus.P8)));
                DoubleVector p = v4.fma(v4.fma(pHigh, pMiddle), pLow);
                DoubleVector small = v.fma(w, zero).fma(p, rest.mul(inverse));
                DoubleVector sum = positive.add(w);
                DoubleVector wInSum = sum.sub(positive);
                DoubleVector lost = positive.sub(sum.sub(wInSum)).add(w.sub(wInSum));
                sum.add(lost.add(small)).blend(positive, beyond).intoArray(row, j);
            }
        }
    }

    /** {@link Softplus#slope} in dz's place, then the product. */
    static void backSoftplusRows(
            double alpha,
            int rows,
            int n,
            double[] rate,
            int rateOff,
            int ldRate,
            double[] dh,
            int dhOff,
            int ldDh,
            double[] dz,
            int dzOff,
            int ldDz) {
        for (int row = 0; row < rows; row++) {
            int r0 = rateOff + row * ldRate;
            int dz0 = dzOff + row * ldDz;
            for (int j = 0; j < n; j += V) {
                DoubleVector.fromArray(S, rate, r0 + j).mul(0.5).intoArray(dz, dz0 + j);
            }
        }
        tanhRows(rows, n, dz, dzOff, ldDz);
        DoubleVector step = DoubleVector.broadcast(S, alpha);
        DoubleVector one = DoubleVector.broadcast(S, 1.0);
        DoubleVector none = DoubleVector.broadcast(S, -0.0);
        for (int row = 0; row < rows; row++) {
            int dh0 = dhOff + row * ldDh;
            int dz0 = dzOff + row * ldDz;
            for (int j = 0; j < n; j += V) {
                DoubleVector t = DoubleVector.fromArray(S, dz, dz0 + j);
                DoubleVector slope = t.add(t).div(one.add(t));
                step.fma(DoubleVector.fromArray(S, dh, dh0 + j).fma(slope, none), none)
                        .intoArray(dz, dz0 + j);
            }
        }
    }
}
