package attractor.kernel;

/** Copies between arrays of double and of float. Stateless, safe for any number of threads. */
public final class Floats {
    private Floats() {}

    /**
     * Rounds numbers to the nearest floats.
     *
     * @param from Not modified.
     * @return a new array
     */
    public static float[] rounded(double[] from) {
        float[] to = new float[from.length];
        round(from, 0, to, 0, from.length);
        return to;
    }

    /**
     * The same numbers as doubles.
     *
     * @param from Not modified.
     * @return a new array
     */
    public static double[] widened(float[] from) {
        double[] to = new double[from.length];
        widen(from, 0, to, 0, from.length);
        return to;
    }

    /**
     * Rounds numbers to the nearest floats.
     *
     * @param from Not modified.
     * @param to Modified.
     * @throws IndexOutOfBoundsException if an array is too short
     */
    public static void round(double[] from, int fromOff, float[] to, int toOff, int count) {
        for (int i = 0; i < count; i++) {
            to[toOff + i] = (float) from[fromOff + i];
        }
    }

    /**
     * Copies floats to doubles.
     *
     * @param from Not modified.
     * @param to Modified.
     * @throws IndexOutOfBoundsException if an array is too short
     */
    public static void widen(float[] from, int fromOff, double[] to, int toOff, int count) {
        for (int i = 0; i < count; i++) {
            to[toOff + i] = from[fromOff + i];
        }
    }
}
