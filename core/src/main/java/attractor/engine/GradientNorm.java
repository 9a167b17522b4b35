package attractor.engine;

/** The length of a gradient, and clipping by it. Stateless, safe for any number of threads. */
public final class GradientNorm {
    private GradientNorm() {}

    /**
     * The Euclidean norm of the first entries of a gradient.
     *
     * @param gradient Not modified.
     * @param count number of entries to include: the trained ones
     */
    public static double of(double[] gradient, int count) {
        return clip(gradient, count, new double[0], Double.POSITIVE_INFINITY);
    }

    /**
     * The norm of the gradient of the parameters and that of tau, as one vector.
     *
     * @param gradient Not modified.
     * @param count number of entries to include: the trained ones
     * @param tau its gradient is included. Not modified.
     */
    public static double of(double[] gradient, int count, TrainedTau tau) {
        return clip(gradient, count, tau.gradient(), Double.POSITIVE_INFINITY);
    }

    /**
     * Scales a gradient that is longer than the limit down to the limit, keeping its direction.
     *
     * @param gradient its first {@code count} entries are clipped. Modified: these entries.
     * @param count number of entries to include: the trained ones
     * @param limit the largest norm, above 0; infinite to leave every gradient as it is
     * @return the norm before clipping
     * @throws IllegalArgumentException if the limit is not above 0
     */
    public static double clip(double[] gradient, int count, double limit) {
        return clip(gradient, count, new double[0], limit);
    }

    /**
     * Clips the gradient of the parameters and that of tau together, as one vector.
     *
     * @param gradient its first {@code count} entries are clipped. Modified: these entries.
     * @param tau its gradient is clipped too. Modified.
     * @return the norm before clipping
     * @throws IllegalArgumentException if the limit is not above 0
     */
    public static double clip(double[] gradient, int count, TrainedTau tau, double limit) {
        return clip(gradient, count, tau.gradient(), limit);
    }

    private static double clip(double[] gradient, int count, double[] more, double limit) {
        if (!(limit > 0.0)) {
            throw new IllegalArgumentException("limit of the gradient's norm is " + limit + ", expected above 0");
        }
        double largest = Math.max(largest(gradient, count), largest(more, more.length));
        if (largest == 0.0) {
            return 0.0;
        }
        double squares = relativeSquares(gradient, count, largest, 0.0);
        double root = Math.sqrt(relativeSquares(more, more.length, largest, squares));
        double norm = largest * root;
        if (norm > limit) {
            double scale = limit / root;
            scale(gradient, count, largest, scale);
            scale(more, more.length, largest, scale);
        }
        return norm;
    }

    private static double largest(double[] gradient, int count) {
        double largest = 0.0;
        for (int i = 0; i < count; i++) {
            largest = Math.max(largest, Math.abs(gradient[i]));
        }
        return largest;
    }

    /** Squares relative to the largest entry, so that none overflows. */
    private static double relativeSquares(double[] gradient, int count, double largest, double before) {
        double sum = before;
        for (int i = 0; i < count; i++) {
            double g = gradient[i] / largest;
            sum += g * g;
        }
        return sum;
    }

    private static void scale(double[] gradient, int count, double largest, double scale) {
        for (int i = 0; i < count; i++) {
            gradient[i] = gradient[i] / largest * scale;
        }
    }
}
