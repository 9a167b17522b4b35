package attractor.population;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Whether units are active one after the other: the entropy of the times of the units' peaks, plus the mean logarithm of
 * ridge to background,
 *
 * <pre>    SI = H(peak times, 20 bins, 0.1 added to each count) + mean over units of log(ridge / background)</pre>
 *
 * The ridge is a unit's mean rate around its peak (window 5, of which the sources take four steps, two before the peak up to
 * one after), the background that in all other steps. Only units whose mean rate is above 0.1 count. Natural logarithms.
 *
 * <p>The {@link Form#ORIGINAL} is Orhan and Ma 2019, doi:10.1038/s41593-018-0314-y (their {@code compute_SI.py}): bins
 * between the first and the last peak; a unit whose ridge or background isn't positive has no ratio. The
 * {@link Form#LAB}'s of 2026 has bins over the whole trial, cuts ridge and background at 1e-6 from below, and counts the
 * last step. One trial at a time, averaged over the trials of a type. Needs one trial of each type. Rates of tanh units may
 * be negative: few units may then count, which the row says. Immutable, safe for any thread.
 *
 * @param rows by form, then by type
 */
public record Sequentiality(List<Row> rows) {
    private static final int BINS = 20;
    private static final double ADDED = 0.1;
    private static final int WINDOW = 5;
    private static final double LEAST_RATE = 0.1;

    /** How it is computed. Immutable, safe for any thread. */
    public enum Form {
        /** As Orhan and Ma. */
        ORIGINAL,
        /** As the lab's scripts of 2026. */
        LAB
    }

    /**
     * A type. Immutable, safe for any thread.
     *
     * @param units mean number of units that count
     * @param entropy mean entropy of peak times; NaN if no unit counts in any trial
     * @param ridge mean of the mean log ratio; NaN if there is none in any trial
     * @param index mean index over trials that have one; NaN without any
     */
    public record Row(Form form, String type, double units, double entropy, double ridge, double index) {}

    /** One trial's. NaN where there is none. */
    record OfTrial(int units, double entropy, double ridge) {
        double index() {
            return entropy + ridge;
        }
    }

    /**
     * Analyses trials.
     *
     * @param trials Not modified.
     */
    public static Sequentiality of(PopulationTrials trials) {
        List<Row> rows = new ArrayList<>();
        int size = trials.steps() * trials.units();
        for (Form form : Form.values()) {
            for (int k = 0; k < trials.types().size(); k++) {
                double[] sums = new double[4];
                int[] counts = new int[4];
                for (int s = 0; s < trials.trials(); s++) {
                    if (trials.type()[s] == k) {
                        OfTrial one =
                                ofTrial(form, trials.rates(), s * size, trials.steps(), trials.units());
                        double[] values = {one.units, one.entropy, one.ridge, one.index()};
                        for (int v = 0; v < 4; v++) {
                            if (!Double.isNaN(values[v])) {
                                sums[v] += values[v];
                                counts[v]++;
                            }
                        }
                    }
                }
                rows.add(new Row(
                        form,
                        trials.types().get(k),
                        sums[0] / counts[0],
                        sums[1] / counts[1],
                        sums[2] / counts[2],
                        sums[3] / counts[3]));
            }
        }
        return new Sequentiality(List.copyOf(rows));
    }

    /** The index of one trial, {@code rates[offset + t * N + i]}. */
    static OfTrial ofTrial(Form form, double[] rates, int offset, int steps, int units) {
        List<double[]> active = new ArrayList<>();
        for (int i = 0; i < units; i++) {
            double[] rate = new double[steps];
            double mean = 0.0;
            for (int t = 0; t < steps; t++) {
                rate[t] = rates[offset + t * units + i];
                mean += rate[t];
            }
            if (mean / steps > LEAST_RATE) {
                active.add(rate);
            }
        }
        if (active.isEmpty()) {
            return new OfTrial(0, Double.NaN, Double.NaN);
        }
        int[] peaks = new int[active.size()];
        double ratios = 0.0;
        int counted = 0;
        for (int k = 0; k < peaks.length; k++) {
            double[] rate = active.get(k);
            for (int t = 1; t < steps; t++) {
                peaks[k] = rate[t] > rate[peaks[k]] ? t : peaks[k];
            }
            double ratio = logRatio(form, rate, peaks[k]);
            if (!Double.isNaN(ratio)) {
                ratios += ratio;
                counted++;
            }
        }
        return new OfTrial(active.size(), entropy(form, peaks, steps), ratios / counted);
    }

    private static double logRatio(Form form, double[] rate, int peak) {
        int steps = rate.length;
        int half = (form == Form.LAB ? Math.min(WINDOW, steps / 2) : WINDOW) / 2;
        int last = form == Form.LAB ? steps : steps - 1;
        int from = Math.max(0, peak - half);
        int to = Math.min(last, peak + half);
        double ridge = 0.0;
        double background = 0.0;
        for (int t = 0; t < steps; t++) {
            if (t >= from && t < to) {
                ridge += rate[t];
            } else {
                background += rate[t];
            }
        }
        ridge /= to - from;
        background /= steps - (to - from);
        if (form == Form.LAB) {
            ridge = Math.max(ridge, 1e-6); // also where there is none
            background = Math.max(background, 1e-6);
        }
        return ridge > 0.0 && background > 0.0 ? StrictMath.log(ridge) - StrictMath.log(background) : Double.NaN;
    }

    /** The entropy of the histogram, with the bins of NumPy's {@code histogram}. */
    private static double entropy(Form form, int[] peaks, int steps) {
        double first = form == Form.LAB ? 0.0 : Arrays.stream(peaks).min().orElseThrow();
        double last = form == Form.LAB ? steps : Arrays.stream(peaks).max().orElseThrow();
        if (first == last) {
            first -= 0.5;
            last += 0.5;
        }
        double[] counts = new double[BINS];
        for (int peak : peaks) {
            int bin = Math.min(BINS - 1, (int) ((peak - first) / (last - first) * BINS));
            if (peak < edge(bin, first, last)) {
                bin--;
            } else if (bin < BINS - 1 && peak >= edge(bin + 1, first, last)) {
                bin++;
            }
            counts[bin]++;
        }
        double total = peaks.length + BINS * ADDED;
        double entropy = 0.0;
        for (double count : counts) {
            double p = (count + ADDED) / total;
            entropy -= p * StrictMath.log(p);
        }
        return entropy;
    }

    private static double edge(int bin, double first, double last) {
        return bin == BINS ? last : first + bin * ((last - first) / BINS);
    }
}
