package attractor.peak;

import java.util.Optional;

/**
 * The rate of fused multiply-adds that one thread reaches when nothing else is in its way: many chains of them side by side, all in
 * registers. A kernel reaches a share of that rate. If the JVM has the vector module, the chains are vectors of the Vector API. Otherwise
 * they are rows of an array, which HotSpot has to vectorise by itself and may not bring to the full speed of the processor.
 *
 * <p>Belongs to one thread at a time.
 */
public final class PeakFlops {
    /** Flops per measurement, which takes some milliseconds. */
    private static final double FLOPS = 1e8;

    private static final long WARM_UP_NANOS = 120_000_000;

    /** Loops that do nothing but multiply and add. */
    interface Loops {
        /** Doubles per vector; 0 if HotSpot makes the vectors. */
        int lanes();

        /** The variants, as numbers of chains that run side by side. */
        int[] chains();

        /** Flops of one turn of a variant. */
        double flops(int chains);

        /**
         * Adds {@code x y} to each value in each turn.
         *
         * @return some sum of the values, so that nothing is left out
         */
        double run(int chains, int turns, double x, double y);
    }

    private final Loops loops;
    private final int chains;
    /** Results are written here, so that HotSpot does not leave the work out. */
    private double result;

    private PeakFlops(Loops loops, int chains) {
        this.loops = loops;
        this.chains = chains;
    }

    /** Runs all variants until they are compiled, which takes a second or two, and chooses the fastest. */
    public static PeakFlops find() {
        Loops loops = vectorModule() ? vectorLoops() : new ArrayLoops();
        PeakFlops best = null;
        double most = 0;
        for (int chains : loops.chains()) {
            PeakFlops peak = new PeakFlops(loops, chains);
            peak.warmUp();
            double gflops = peak.measure();
            if (best == null || gflops > most) {
                best = peak;
                most = gflops;
            }
        }
        return best;
    }

    /** Whether this JVM has the vector module; if so, lets this module, which doesn't require it, read it. */
    static boolean vectorModule() {
        Optional<Module> vector = ModuleLayer.boot().findModule("jdk.incubator.vector");
        vector.ifPresent(PeakFlops.class.getModule()::addReads);
        return vector.isPresent();
    }

    static Loops vectorLoops() {
        try {
            return Class.forName("attractor.peak.SimdPeak")
                    .asSubclass(Loops.class)
                    .getDeclaredConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the vector loops failed to start: " + e, e);
        }
    }

    /** Short calls, since HotSpot compiles a method for its callers only after so many of them. */
    private void warmUp() {
        long end = System.nanoTime() + WARM_UP_NANOS;
        for (int calls = 0; calls < 3000 || System.nanoTime() < end; calls++) {
            result += loops.run(chains, 20, 0.5, 0.25);
            if (calls % 100 == 0 && System.nanoTime() > end + 10 * WARM_UP_NANOS) {
                return;
            }
        }
    }

    /** The rate now, in GFLOP/s (a fused multiply-add is two): the best of five runs that take some milliseconds in all. */
    public double measure() {
        int turns = (int) (FLOPS / 5 / loops.flops(chains));
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            long begun = System.nanoTime();
            result += loops.run(chains, turns, 0.5, 0.25);
            least = Math.min(least, System.nanoTime() - begun);
        }
        if (!Double.isFinite(result)) {
            throw new IllegalStateException("the sum of the chains is " + result + ", expected a finite number");
        }
        return loops.flops(chains) * turns / least;
    }

    /** Doubles per vector; 0 where HotSpot makes the vectors. */
    public int lanes() {
        return loops.lanes();
    }

    /** How many chains run side by side: accumulators; without the vector module, operations on each value of the array. */
    public int chains() {
        return chains;
    }

    /** Nanoseconds from one {@link Math#fma} to the next that needs its result: about 1, or hundreds where the processor has no such instruction. */
    public static double fmaNanos() {
        int count = 2000;
        long least = Long.MAX_VALUE;
        double sum = 0;
        long end = System.nanoTime() + WARM_UP_NANOS;
        for (int calls = 0; calls < 20 || System.nanoTime() < end; calls++) {
            long begun = System.nanoTime();
            sum += chain(count, 0.5, 0.25);
            least = Math.min(least, System.nanoTime() - begun);
        }
        return Double.isNaN(sum) ? Double.NaN : (double) least / count;
    }

    private static double chain(int count, double x, double y) {
        double v = 0;
        for (int i = 0; i < count; i++) {
            v = Math.fma(x, y, v);
        }
        return v;
    }

    /** Without the vector module: few loads and stores beside many operations, in a form that HotSpot turns into vector instructions. */
    static final class ArrayLoops implements Loops {
        private final double[] values = new double[512];

        @Override
        public int lanes() {
            return 0;
        }

        @Override
        public int[] chains() {
            return new int[] {4, 6, 8};
        }

        @Override
        public double flops(int chains) {
            return 2.0 * chains * values.length;
        }

        @Override
        public double run(int chains, int turns, double x, double y) {
            for (int i = 0; i < turns; i++) {
                switch (chains) {
                    case 4 -> four(values, x, y);
                    case 6 -> six(values, x, y);
                    default -> eight(values, x, y);
                }
            }
            return values[turns % values.length];
        }

        private static void four(double[] values, double x, double y) {
            for (int j = 0; j < values.length; j++) {
                double v = Math.fma(x, y, values[j]);
                v = Math.fma(x, y, v);
                v = Math.fma(x, y, v);
                values[j] = Math.fma(x, y, v);
            }
        }

        private static void six(double[] values, double x, double y) {
            for (int j = 0; j < values.length; j++) {
                double v = Math.fma(x, y, values[j]);
                v = Math.fma(x, y, v);
                v = Math.fma(x, y, v);
                v = Math.fma(x, y, v);
                v = Math.fma(x, y, v);
                values[j] = Math.fma(x, y, v);
            }
        }

        private static void eight(double[] values, double x, double y) {
            for (int j = 0; j < values.length; j++) {
                double v = Math.fma(x, y, values[j]);
                v = Math.fma(x, y, v);
                v = Math.fma(x, y, v);
                v = Math.fma(x, y, v);
                v = Math.fma(x, y, v);
                v = Math.fma(x, y, v);
                v = Math.fma(x, y, v);
                values[j] = Math.fma(x, y, v);
            }
        }
    }
}
