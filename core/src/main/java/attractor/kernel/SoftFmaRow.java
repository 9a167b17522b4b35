package attractor.kernel;

/**
 * A row of B for {@link SoftFmaKernels}, with the upper halves of its values. In a class of its own, since float
 * ({@link FloatSoftFmaRow}) has a shorter way.
 */
final class SoftFmaRow {
    private final double[] values;
    private final double[] high;
    /** The smallest magnitude. */
    private double least;

    SoftFmaRow(int n) {
        values = new double[n];
        high = new double[n];
    }

    void load(int n, double[] b, int off) {
        System.arraycopy(b, off, values, 0, n);
        least = n == 0 ? 0 : Double.POSITIVE_INFINITY;
        for (int j = 0; j < n; j++) {
            double t = values[j] * Fma.SPLITTER;
            high[j] = t - (t - values[j]);
            least = Math.min(least, Math.abs(values[j]));
        }
    }

    double at(int j) {
        return values[j];
    }

    /**
     * {@code sums[j] = fma(x, b[j], sums[j])}, or an entry in doubts. Zeros must keep their signs, and tiny products
     * are not exact.
     *
     * @param product room for n values
     * @param low room for n values
     * @param doubts becomes other than 0 where the sum may be wrong. Modified.
     */
    void addTimes(int n, double x, double[] product, double[] low, double[] sums, double[] doubts) {
        if (Math.abs(x) * least >= Fma.LEAST_PRODUCT) {
            double t = x * Fma.SPLITTER;
            double xHigh = t - (t - x);
            multiply(n, x, xHigh, x - xHigh, values, high, product, low);
            add(n, product, low, sums, doubts);
        } else {
            for (int j = 0; j < n; j++) {
                sums[j] = Fma.software(x, values[j], sums[j]);
            }
        }
    }

    // Two loops, since JDK 17 would not vectorise one loop of twice the length.

    private static void multiply(
            int n, double x, double xHigh, double xLow, double[] b, double[] bHigh, double[] product, double[] low) {
        for (int j = 0; j < n; j++) {
            double p = x * b[j];
            double high = bHigh[j];
            double rest = b[j] - high;
            product[j] = p;
            low[j] = ((xHigh * high - p) + xHigh * rest + xLow * high) + xLow * rest;
        }
    }

    private static void add(int n, double[] product, double[] low, double[] sums, double[] doubts) {
        for (int j = 0; j < n; j++) {
            double p = product[j];
            double c = sums[j];
            double s = p + c;
            double v = s - p;
            double z = ((p - (s - v)) + (c - v)) + low[j];
            double r = s + z * Fma.ABOVE;
            sums[j] = r;
            doubts[j] += Math.abs(r - (s + z * Fma.BELOW));
        }
    }
}
