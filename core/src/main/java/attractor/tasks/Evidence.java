package attractor.tasks;

import java.util.List;

/** What tasks with noisy evidence share. */
final class Evidence {
    private Evidence() {}

    /** The coherences of a task, checked: at least one, all different, each at most 1. */
    static List<Double> coherences(FieldTask task, String key) {
        task.checkDifferent(key);
        for (double c : task.options().list(key)) {
            if (c > 1) {
                throw task.error(task.value(key) + ", expected each 0 to 1");
            }
        }
        return task.options().list(key);
    }

    /**
     * The distribution function of a standard normal number, to about 1e-15: half of 1 + erf(x / sqrt 2), by the series of
     * the integral, {@code 1/2 + phi(x) (x + x^3/3 + x^5/(3*5) + ...)}.
     */
    static double phi(double x) {
        if (x < 0) {
            return 1 - phi(-x);
        }
        if (x > 8) {
            return 1;
        }
        double sum = x;
        double term = x;
        for (int k = 3; term > sum * 1e-17; k += 2) {
            term *= x * x / k;
            sum += term;
        }
        return 0.5 + sum * StrictMath.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
    }
}
