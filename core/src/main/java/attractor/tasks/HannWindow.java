package attractor.tasks;

/** Smoothing by a Hann window of unit sum, as the lab's generators have it. Stateless. */
final class HannWindow {
    private HannWindow() {}

    /**
     * The window {@code w[m] = (1 - cos(2 pi m / (length - 1))) / 2}, divided by its sum.
     *
     * @param length 0 or 1 for no smoothing: then the window is a single 1; not 2, of which both weights would be 0
     */
    static double[] of(int length) {
        if (length < 2) {
            return new double[] {1};
        }
        double[] window = new double[length];
        double sum = 0;
        for (int m = 0; m < length; m++) {
            window[m] = 0.5 * (1 - StrictMath.cos(2 * Math.PI * m / (length - 1)));
            sum += window[m];
        }
        for (int m = 0; m < length; m++) {
            window[m] /= sum;
        }
        return window;
    }

    /**
     * The middle part of the convolution, as long as {@code a} ('same' in SciPy and, if the window isn't longer, in NumPy):
     * it begins at sample (window - 1) / 2 of the full one. Outside of {@code a} there are zeros.
     */
    static double[] smooth(double[] a, double[] window) {
        double[] smooth = new double[a.length];
        int lead = (window.length - 1) / 2;
        for (int k = 0; k < a.length; k++) {
            double sum = 0;
            for (int m = 0; m < window.length; m++) {
                int from = k + lead - m;
                if (from >= 0 && from < a.length) {
                    sum += window[m] * a[from];
                }
            }
            smooth[k] = sum;
        }
        return smooth;
    }
}
