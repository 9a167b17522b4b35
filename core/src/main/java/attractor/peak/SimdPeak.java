package attractor.peak;

import javax.annotation.processing.Generated;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The loops of {@link PeakFlops} on the JDK's Vector API; like {@code SimdKernels}, compiled separately and loaded by name.
 * They are short methods with one hot loop each, whose accumulators HotSpot can keep in registers if there are enough.
 *
 * <p>They use only one width, as the kernels do, the widest or that of {@code -Dattractor.vectorBits}: once a JVM has used two,
 * HotSpot on JDK 17 compiles the kernels to code that takes two to ten times as long.
 */
@Generated("attractor.kernel.TileGenerator") // do not edit: see there
final class SimdPeak implements PeakFlops.Loops {
    private static final VectorSpecies<Double> S = VectorSpecies.of(
            double.class,
            VectorShape.forBitSize(
                    Integer.getInteger("attractor.vectorBits", DoubleVector.SPECIES_PREFERRED.vectorBitSize())));

    SimdPeak() {}

    @Override
    public int lanes() {
        return S.length();
    }

    @Override
    public int[] chains() {
        return new int[] {8, 10, 12, 14, 16};
    }

    @Override
    public double flops(int chains) {
        return 2.0 * chains * S.length();
    }

    @Override
    public double run(int chains, int turns, double x, double y) {
        return switch (chains) {
            case 8 -> run8(turns, x, y);
            case 10 -> run10(turns, x, y);
            case 12 -> run12(turns, x, y);
            case 14 -> run14(turns, x, y);
            default -> run16(turns, x, y);
        };
    }

    private static double run8(int turns, double x, double y) {
        DoubleVector a = DoubleVector.broadcast(S, x);
        DoubleVector b = DoubleVector.broadcast(S, y);
        DoubleVector s0 = a.add(b);
        DoubleVector s1 = s0.add(b);
        DoubleVector s2 = s1.add(b);
        DoubleVector s3 = s2.add(b);
        DoubleVector s4 = s3.add(b);
        DoubleVector s5 = s4.add(b);
        DoubleVector s6 = s5.add(b);
        DoubleVector s7 = s6.add(b);
        for (int i = 0; i < turns; i++) {
            s0 = a.fma(b, s0);
            s1 = a.fma(b, s1);
            s2 = a.fma(b, s2);
            s3 = a.fma(b, s3);
            s4 = a.fma(b, s4);
            s5 = a.fma(b, s5);
            s6 = a.fma(b, s6);
            s7 = a.fma(b, s7);
        }
        s0 = s0.add(s1);
        s0 = s0.add(s2);
        s0 = s0.add(s3);
        s0 = s0.add(s4);
        s0 = s0.add(s5);
        s0 = s0.add(s6);
        s0 = s0.add(s7);
        return s0.reduceLanes(VectorOperators.ADD);
    }

    private static double run10(int turns, double x, double y) {
        DoubleVector a = DoubleVector.broadcast(S, x);
        DoubleVector b = DoubleVector.broadcast(S, y);
        DoubleVector s0 = a.add(b);
        DoubleVector s1 = s0.add(b);
        DoubleVector s2 = s1.add(b);
        DoubleVector s3 = s2.add(b);
        DoubleVector s4 = s3.add(b);
        DoubleVector s5 = s4.add(b);
        DoubleVector s6 = s5.add(b);
        DoubleVector s7 = s6.add(b);
        DoubleVector s8 = s7.add(b);
        DoubleVector s9 = s8.add(b);
        for (int i = 0; i < turns; i++) {
            s0 = a.fma(b, s0);
            s1 = a.fma(b, s1);
            s2 = a.fma(b, s2);
            s3 = a.fma(b, s3);
            s4 = a.fma(b, s4);
            s5 = a.fma(b, s5);
            s6 = a.fma(b, s6);
            s7 = a.fma(b, s7);
            s8 = a.fma(b, s8);
            s9 = a.fma(b, s9);
        }
        s0 = s0.add(s1);
        s0 = s0.add(s2);
        s0 = s0.add(s3);
        s0 = s0.add(s4);
        s0 = s0.add(s5);
        s0 = s0.add(s6);
        s0 = s0.add(s7);
        s0 = s0.add(s8);
        s0 = s0.add(s9);
        return s0.reduceLanes(VectorOperators.ADD);
    }

    private static double run12(int turns, double x, double y) {
        DoubleVector a = DoubleVector.broadcast(S, x);
        DoubleVector b = DoubleVector.broadcast(S, y);
        DoubleVector s0 = a.add(b);
        DoubleVector s1 = s0.add(b);
        DoubleVector s2 = s1.add(b);
        DoubleVector s3 = s2.add(b);
        DoubleVector s4 = s3.add(b);
        DoubleVector s5 = s4.add(b);
        DoubleVector s6 = s5.add(b);
        DoubleVector s7 = s6.add(b);
        DoubleVector s8 = s7.add(b);
        DoubleVector s9 = s8.add(b);
        DoubleVector s10 = s9.add(b);
        DoubleVector s11 = s10.add(b);
        for (int i = 0; i < turns; i++) {
            s0 = a.fma(b, s0);
            s1 = a.fma(b, s1);
            s2 = a.fma(b, s2);
            s3 = a.fma(b, s3);
            s4 = a.fma(b, s4);
            s5 = a.fma(b, s5);
            s6 = a.fma(b, s6);
            s7 = a.fma(b, s7);
            s8 = a.fma(b, s8);
            s9 = a.fma(b, s9);
            s10 = a.fma(b, s10);
            s11 = a.fma(b, s11);
        }
        s0 = s0.add(s1);
        s0 = s0.add(s2);
        s0 = s0.add(s3);
        s0 = s0.add(s4);
        s0 = s0.add(s5);
        s0 = s0.add(s6);
        s0 = s0.add(s7);
        s0 = s0.add(s8);
        s0 = s0.add(s9);
        s0 = s0.add(s10);
        s0 = s0.add(s11);
        return s0.reduceLanes(VectorOperators.ADD);
    }

    private static double run14(int turns, double x, double y) {
        DoubleVector a = DoubleVector.broadcast(S, x);
        DoubleVector b = DoubleVector.broadcast(S, y);
        DoubleVector s0 = a.add(b);
        DoubleVector s1 = s0.add(b);
        DoubleVector s2 = s1.add(b);
        DoubleVector s3 = s2.add(b);
        DoubleVector s4 = s3.add(b);
        DoubleVector s5 = s4.add(b);
        DoubleVector s6 = s5.add(b);
        DoubleVector s7 = s6.add(b);
        DoubleVector s8 = s7.add(b);
        DoubleVector s9 = s8.add(b);
        DoubleVector s10 = s9.add(b);
        DoubleVector s11 = s10.add(b);
        DoubleVector s12 = s11.add(b);
        DoubleVector s13 = s12.add(b);
        for (int i = 0; i < turns; i++) {
            s0 = a.fma(b, s0);
            s1 = a.fma(b, s1);
            s2 = a.fma(b, s2);
            s3 = a.fma(b, s3);
            s4 = a.fma(b, s4);
            s5 = a.fma(b, s5);
            s6 = a.fma(b, s6);
            s7 = a.fma(b, s7);
            s8 = a.fma(b, s8);
            s9 = a.fma(b, s9);
            s10 = a.fma(b, s10);
            s11 = a.fma(b, s11);
            s12 = a.fma(b, s12);
            s13 = a.fma(b, s13);
        }
        s0 = s0.add(s1);
        s0 = s0.add(s2);
        s0 = s0.add(s3);
        s0 = s0.add(s4);
        s0 = s0.add(s5);
        s0 = s0.add(s6);
        s0 = s0.add(s7);
        s0 = s0.add(s8);
        s0 = s0.add(s9);
        s0 = s0.add(s10);
        s0 = s0.add(s11);
        s0 = s0.add(s12);
        s0 = s0.add(s13);
        return s0.reduceLanes(VectorOperators.ADD);
    }

    private static double run16(int turns, double x, double y) {
        DoubleVector a = DoubleVector.broadcast(S, x);
        DoubleVector b = DoubleVector.broadcast(S, y);
        DoubleVector s0 = a.add(b);
        DoubleVector s1 = s0.add(b);
        DoubleVector s2 = s1.add(b);
        DoubleVector s3 = s2.add(b);
        DoubleVector s4 = s3.add(b);
        DoubleVector s5 = s4.add(b);
        DoubleVector s6 = s5.add(b);
        DoubleVector s7 = s6.add(b);
        DoubleVector s8 = s7.add(b);
        DoubleVector s9 = s8.add(b);
        DoubleVector s10 = s9.add(b);
        DoubleVector s11 = s10.add(b);
        DoubleVector s12 = s11.add(b);
        DoubleVector s13 = s12.add(b);
        DoubleVector s14 = s13.add(b);
        DoubleVector s15 = s14.add(b);
        for (int i = 0; i < turns; i++) {
            s0 = a.fma(b, s0);
            s1 = a.fma(b, s1);
            s2 = a.fma(b, s2);
            s3 = a.fma(b, s3);
            s4 = a.fma(b, s4);
            s5 = a.fma(b, s5);
            s6 = a.fma(b, s6);
            s7 = a.fma(b, s7);
            s8 = a.fma(b, s8);
            s9 = a.fma(b, s9);
            s10 = a.fma(b, s10);
            s11 = a.fma(b, s11);
            s12 = a.fma(b, s12);
            s13 = a.fma(b, s13);
            s14 = a.fma(b, s14);
            s15 = a.fma(b, s15);
        }
        s0 = s0.add(s1);
        s0 = s0.add(s2);
        s0 = s0.add(s3);
        s0 = s0.add(s4);
        s0 = s0.add(s5);
        s0 = s0.add(s6);
        s0 = s0.add(s7);
        s0 = s0.add(s8);
        s0 = s0.add(s9);
        s0 = s0.add(s10);
        s0 = s0.add(s11);
        s0 = s0.add(s12);
        s0 = s0.add(s13);
        s0 = s0.add(s14);
        s0 = s0.add(s15);
        return s0.reduceLanes(VectorOperators.ADD);
    }
}
