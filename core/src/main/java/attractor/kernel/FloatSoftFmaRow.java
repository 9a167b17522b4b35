package attractor.kernel;

/** A row of B for {@code FloatSoftFmaKernels}: {@link SoftFmaRow} for floats, whose products are exact in double. */
final class FloatSoftFmaRow {
    private final float[] values;

    FloatSoftFmaRow(int n) {
        values = new float[n];
    }

    void load(int n, float[] b, int off) {
        System.arraycopy(b, off, values, 0, n);
    }

    float at(int j) {
        return values[j];
    }

    /**
     * {@code sums[j] = fma(x, b[j], sums[j])}, never in doubt. The other arrays have a use only in {@link SoftFmaRow}.
     *
     * @param product not used
     * @param low not used
     * @param doubts Not modified.
     */
    void addTimes(int n, float x, float[] product, float[] low, float[] sums, float[] doubts) {
        for (int j = 0; j < n; j++) {
            sums[j] = FloatFma.software(x, values[j], sums[j]);
        }
    }
}
