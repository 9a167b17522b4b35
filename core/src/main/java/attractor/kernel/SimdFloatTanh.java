package attractor.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** {@link FloatTanh} and {@link FloatSoftplus} on vectors, for rows whose length is a whole number of vectors; like {@link SimdTanh}. */
final class SimdFloatTanh {
    private static final VectorSpecies<Float> S = SimdFloatKernels.S;

    private static final int V = S.length();

    private SimdFloatTanh() {}

    /**
     * Does the same as {@link FloatTanh#tanh}, operation by operation except for exact changes of sign and scale and for the way to
     * 1, in two passes over the rows, for the reason that {@link SimdTanh#tanhRows} gives.
     */
    static void tanhRows(int rows, int n, float[] row, int aOff, int lda) {
        exponentialRows(rows, n, row, aOff, lda);
        quotientRows(rows, n, row, aOff, lda);
    }

    /** The first pass: exp(2 |x|) - 1 with the sign of x. */
    private static void exponentialRows(int rows, int n, float[] row, int aOff, int lda) {
        for (int r0 = 0; r0 < rows; r0++) {
            int off = aOff + r0 * lda;
            for (int j = off; j < off + n; j += V) {
                FloatVector x = FloatVector.fromArray(S, row, j);
                IntVector signs = x.reinterpretAsInts().and(Integer.MIN_VALUE);
                FloatVector a = x.abs();
                FloatVector rounder = FloatVector.broadcast(S, FloatTanh.ROUNDER);
                FloatVector shifted = a.fma(
                                FloatVector.broadcast(S, 2.0f * FloatTanh.LOG2_E),
                                FloatVector.broadcast(S, FloatTanh.SHIFT))
                        .add(rounder);
                FloatVector k = shifted.sub(rounder);
                // Half of r; the powers of 2 are in the constants.
                FloatVector r = k.fma(
                        FloatVector.broadcast(S, -0.5f * FloatTanh.LN2_LOW),
                        k.fma(FloatVector.broadcast(S, -0.5f * FloatTanh.LN2_HIGH), a));
                FloatVector zero = FloatVector.broadcast(S, 0.0f);
                FloatVector r2 = r.fma(r, zero);
                FloatVector low = r.fma(
                        FloatVector.broadcast(S, 0x1p2f * FloatTanh.C1),
                        FloatVector.broadcast(S, 0x1p1f * FloatTanh.C0));
                FloatVector middle = r.fma(
                        FloatVector.broadcast(S, 0x1p4f * FloatTanh.C3),
                        FloatVector.broadcast(S, 0x1p3f * FloatTanh.C2));
                FloatVector high = r.fma(
                        FloatVector.broadcast(S, 0x1p6f * FloatTanh.C5),
                        FloatVector.broadcast(S, 0x1p5f * FloatTanh.C4));
                FloatVector q = r2.fma(r2.fma(high, middle), low);
                FloatVector scale = shifted.reinterpretAsInts()
                        .lanewise(VectorOperators.LSHL, 23)
                        .add(FloatTanh.ONE_BITS)
                        .reinterpretAsFloats();
                FloatVector half = r2.fma(q, r);
                FloatVector e = half.fma(scale.add(scale), scale.sub(FloatVector.broadcast(S, 1.0f)));
                // Where a is too large, e is anything up to here; with this value the second pass gives 1.
                e = e.blend(0x1p30f, a.compare(VectorOperators.GT, FloatTanh.LIMIT));
                e.reinterpretAsInts().or(signs).reinterpretAsFloats().intoArray(row, j);
            }
        }
    }

    /** The second pass: a method of its own, since HotSpot on JDK 17 compiled both in one badly in a start of fifteen. */
    private static void quotientRows(int rows, int n, float[] row, int aOff, int lda) {
        for (int r0 = 0; r0 < rows; r0++) {
            int off = aOff + r0 * lda;
            for (int j = off; j < off + n; j += V) {
                FloatVector minusE = FloatVector.fromArray(S, row, j).neg();
                FloatVector two = FloatVector.broadcast(S, 2.0f);
                FloatVector e = minusE.abs();
                FloatVector d = e.add(two);
                FloatVector error = e.sub(d.sub(two));
                FloatVector minusInverse = FloatVector.broadcast(S, -1.0f).div(d);
                FloatVector quotient = minusE.fma(minusInverse, FloatVector.broadcast(S, -0.0f));
                FloatVector minusRest = quotient.fma(error, quotient.fma(d, minusE));
                minusRest.fma(minusInverse, quotient).intoArray(row, j);
            }
        }
    }

    /** Does the same as {@link FloatSoftplus#softplus}, operation by operation. Not split into methods, since a call boxes vectors. */
    static void softplusRows(int rows, int n, float[] row, int aOff, int lda) {
        for (int r0 = 0; r0 < rows; r0++) {
            int off = aOff + r0 * lda;
            for (int j = off; j < off + n; j += V) {
                FloatVector x = FloatVector.fromArray(S, row, j);
                FloatVector one = FloatVector.broadcast(S, 1.0f);
                FloatVector part = x.max(0.0f);
                FloatVector positive = part.blend(part.add(one).sub(one), part.compare(VectorOperators.LT, 1.0f));
                FloatVector a = positive.add(x.neg().max(0.0f));
                VectorMask<Float> beyond = a.compare(VectorOperators.GT, FloatSoftplus.LARGEST);
                FloatVector minusU = a.blend(FloatSoftplus.LARGEST, beyond).neg();
                FloatVector rounder = FloatVector.broadcast(S, FloatTanh.ROUNDER);
                FloatVector k = minusU.fma(
                                FloatVector.broadcast(S, FloatTanh.LOG2_E), FloatVector.broadcast(S, FloatTanh.SHIFT))
                        .add(rounder)
                        .sub(rounder);
                FloatVector r = k.fma(
                        FloatVector.broadcast(S, -FloatTanh.LN2_LOW),
                        k.fma(FloatVector.broadcast(S, -FloatTanh.LN2_HIGH), minusU));
                FloatVector zero = FloatVector.broadcast(S, 0.0f);
                FloatVector r2 = r.fma(r, zero);
                FloatVector low = r.fma(FloatVector.broadcast(S, FloatTanh.C1), FloatVector.broadcast(S, FloatTanh.C0));
                FloatVector middle =
                        r.fma(FloatVector.broadcast(S, FloatTanh.C3), FloatVector.broadcast(S, FloatTanh.C2));
                FloatVector high =
                        r.fma(FloatVector.broadcast(S, FloatTanh.C5), FloatVector.broadcast(S, FloatTanh.C4));
                FloatVector q = r2.fma(r2.fma(high, middle), low);
                FloatVector halfShifted = k.fma(FloatVector.broadcast(S, 0.5f), rounder);
                FloatVector scale1 = halfShifted
                        .reinterpretAsInts()
                        .lanewise(VectorOperators.LSHL, 23)
                        .add(FloatTanh.ONE_BITS)
                        .reinterpretAsFloats();
                FloatVector scale2 = k.sub(halfShifted.sub(rounder))
                        .add(rounder)
                        .reinterpretAsInts()
                        .lanewise(VectorOperators.LSHL, 23)
                        .add(FloatTanh.ONE_BITS)
                        .reinterpretAsFloats();
                FloatVector t = one.add(r2.fma(q, r)).mul(scale1).fma(scale2, zero);
                FloatVector half = FloatVector.broadcast(S, 0.5f);
                FloatVector d = half.fma(t, one);
                FloatVector error = half.fma(t, one.sub(d));
                FloatVector inverse = one.div(d);
                FloatVector w = t.fma(inverse, zero);
                FloatVector rest = w.neg().fma(error, w.neg().fma(d, t));
                FloatVector v = w.fma(w, zero);
                FloatVector v2 = v.fma(v, zero);
                FloatVector pLow =
                        v.fma(FloatVector.broadcast(S, FloatSoftplus.P1), FloatVector.broadcast(S, FloatSoftplus.P0));
                FloatVector pMiddle =
                        v.fma(FloatVector.broadcast(S, FloatSoftplus.P3), FloatVector.broadcast(S, FloatSoftplus.P2));
                FloatVector p = v2.fma(v2.fma(FloatVector.broadcast(S, FloatSoftplus.P4), pMiddle), pLow);
                FloatVector small = v.fma(w, zero).fma(p, rest.mul(inverse));
                FloatVector sum = positive.add(w);
                FloatVector wInSum = sum.sub(positive);
                FloatVector lost = positive.sub(sum.sub(wInSum)).add(w.sub(wInSum));
                sum.add(lost.add(small)).blend(positive, beyond).intoArray(row, j);
            }
        }
    }

    /** {@code dz = alpha (dh phi')} with phi' as in {@link FloatSoftplus#slope}, operation by operation. */
    static void backSoftplusRows(
            float alpha,
            int rows,
            int n,
            float[] rate,
            int rateOff,
            int ldRate,
            float[] dh,
            int dhOff,
            int ldDh,
            float[] dz,
            int dzOff,
            int ldDz) {
        for (int row = 0; row < rows; row++) {
            int r0 = rateOff + row * ldRate;
            int dh0 = dhOff + row * ldDh;
            int dz0 = dzOff + row * ldDz;
            for (int j = 0; j < n; j += V) {
                FloatVector u = FloatVector.fromArray(S, rate, r0 + j);
                u = u.blend(FloatSoftplus.SLOPE_SATURATED, u.compare(VectorOperators.GT, FloatSoftplus.SLOPE_LIMIT));
                FloatVector rounder = FloatVector.broadcast(S, FloatTanh.ROUNDER);
                FloatVector shifted = u.fma(
                                FloatVector.broadcast(S, FloatTanh.LOG2_E), FloatVector.broadcast(S, FloatTanh.SHIFT))
                        .add(rounder);
                FloatVector k = shifted.sub(rounder);
                FloatVector r = k.fma(
                        FloatVector.broadcast(S, -FloatTanh.LN2_LOW),
                        k.fma(FloatVector.broadcast(S, -FloatTanh.LN2_HIGH), u));
                FloatVector zero = FloatVector.broadcast(S, 0.0f);
                FloatVector r2 = r.fma(r, zero);
                FloatVector low = r.fma(FloatVector.broadcast(S, FloatTanh.C1), FloatVector.broadcast(S, FloatTanh.C0));
                FloatVector middle =
                        r.fma(FloatVector.broadcast(S, FloatTanh.C3), FloatVector.broadcast(S, FloatTanh.C2));
                FloatVector high =
                        r.fma(FloatVector.broadcast(S, FloatTanh.C5), FloatVector.broadcast(S, FloatTanh.C4));
                FloatVector q = r2.fma(r2.fma(high, middle), low);
                FloatVector scale = shifted.reinterpretAsInts()
                        .lanewise(VectorOperators.LSHL, 23)
                        .add(FloatTanh.ONE_BITS)
                        .reinterpretAsFloats();
                FloatVector one = FloatVector.broadcast(S, 1.0f);
                FloatVector e = scale.fma(r2.fma(q, r), scale.sub(one));
                FloatVector d = e.add(one);
                FloatVector error = e.sub(d.sub(one));
                FloatVector inverse = one.div(d);
                FloatVector quotient = e.fma(inverse, zero);
                FloatVector remainder = quotient.neg().fma(error, quotient.neg().fma(d, e));
                FloatVector slope = remainder.fma(inverse, quotient);
                FloatVector none = FloatVector.broadcast(S, -0.0f);
                FloatVector.broadcast(S, alpha)
                        .fma(FloatVector.fromArray(S, dh, dh0 + j).fma(slope, none), none)
                        .intoArray(dz, dz0 + j);
            }
        }
    }
}
