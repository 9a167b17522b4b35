package attractor.population;

import attractor.random.RandomStream;
import attractor.random.RandomStream.Purpose;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Which units tell the types of trial apart, by part of the trial. A unit's mean rate in the part is one number a trial; the
 * share of its variance that lies between types is
 *
 * <pre>    eta^2 = sum_k S_k (m_k - m)^2 / sum_s (r_s - m)^2</pre>
 *
 * A unit counts as selective if its share is above 95 % of the largest shares over all units when the types' names are
 * shuffled between trials ({@value #SHUFFLES} times, the same shuffle for all units), which allows for the number of units.
 * Also d', the difference of the means of the types with the largest and the least mean, divided by the root of the mean of
 * their variances. Needs {@value #LEAST_TRIALS} trials of each type and two types. Immutable, safe for any thread.
 *
 * @param rows by part, then by unit
 * @param thresholds by part in the order of the rows, the share from which on a unit counts as selective
 */
public record Selectivity(List<Row> rows, List<Threshold> thresholds) {
    /** The fewest trials of each type. */
    public static final int LEAST_TRIALS = 5;

    private static final int SHUFFLES = 199;

    /** The purpose of the shuffles. */
    private static final Purpose SHUFFLE = Purpose.of("selectivity-shuffles");

    /**
     * A part. Immutable, safe for any thread.
     *
     * @param share above which a unit counts as selective
     * @param selective how many do
     */
    public record Threshold(String part, double share, int selective) {}

    /**
     * A unit in a part. Immutable, safe for any thread.
     *
     * @param etaSquared the share, 0 to 1; NaN if the unit doesn't vary
     * @param selective whether it is above the threshold
     * @param preferred the type with the largest mean rate
     * @param dPrime infinite if the types differ without any variance, NaN if the unit doesn't vary
     */
    public record Row(String part, int unit, double etaSquared, boolean selective, String preferred, double dPrime) {}

    /**
     * Analyses trials.
     *
     * @param trials Not modified.
     * @param seed seed of the shuffles
     * @throws IllegalArgumentException if a type has fewer than {@value #LEAST_TRIALS} trials, or there is one type
     */
    public static Selectivity of(PopulationTrials trials, long seed) {
        trials.require(LEAST_TRIALS, "selectivity");
        if (trials.types().size() < 2) {
            throw new IllegalArgumentException("selectivity needs 2 types of trial, found 1");
        }
        int n = trials.units();
        int count = trials.trials();
        List<Row> rows = new ArrayList<>();
        List<Threshold> thresholds = new ArrayList<>();
        for (String part : trials.partNames()) {
            int[] steps = trials.commonSteps(part);
            if (steps.length == 0) {
                continue;
            }
            double[] rates = partMeans(trials, steps);
            double[] shares = shares(rates, trials.type(), trials.types().size(), n);
            double[] largest = new double[SHUFFLES];
            for (int r = 0; r < SHUFFLES; r++) {
                int[] order = new int[count];
                Arrays.setAll(order, i -> i);
                new RandomStream(seed, SHUFFLE, r).shuffle(order);
                int[] shuffled = new int[count];
                Arrays.setAll(shuffled, i -> trials.type()[order[i]]);
                for (double share : shares(rates, shuffled, trials.types().size(), n)) {
                    largest[r] = share > largest[r] ? share : largest[r];
                }
            }
            Arrays.sort(largest);
            double threshold = largest[(int) Math.ceil(0.95 * (SHUFFLES + 1)) - 1];
            int selective = 0;
            for (int i = 0; i < n; i++) {
                boolean is = shares[i] > threshold;
                selective += is ? 1 : 0;
                rows.add(row(trials, rates, part, i, shares[i], is));
            }
            thresholds.add(new Threshold(part, threshold, selective));
        }
        return new Selectivity(List.copyOf(rows), List.copyOf(thresholds));
    }

    /** The mean rates in some steps, S x N. */
    private static double[] partMeans(PopulationTrials trials, int[] steps) {
        int n = trials.units();
        double[] rates = new double[trials.trials() * n];
        for (int s = 0; s < trials.trials(); s++) {
            for (int t : steps) {
                int from = (s * trials.steps() + t) * n;
                for (int i = 0; i < n; i++) {
                    rates[s * n + i] += trials.rates()[from + i] / steps.length;
                }
            }
        }
        return rates;
    }

    private static double[] shares(double[] rates, int[] type, int types, int n) {
        int count = type.length;
        double[] mean = Matrices.columnMeans(rates, count, n);
        double[] means = new double[types * n];
        int[] sizes = new int[types];
        double[] total = new double[n];
        for (int s = 0; s < count; s++) {
            sizes[type[s]]++;
            for (int i = 0; i < n; i++) {
                double d = rates[s * n + i] - mean[i];
                means[type[s] * n + i] += d;
                total[i] += d * d;
            }
        }
        double[] shares = new double[n];
        for (int i = 0; i < n; i++) {
            double between = 0.0;
            for (int k = 0; k < types; k++) {
                between += means[k * n + i] * means[k * n + i] / sizes[k];
            }
            // What is below is rounding.
            boolean varies = total[i] > 1e-28 * count * Math.max(1e-300, mean[i] * mean[i]);
            shares[i] = varies ? Math.min(1.0, between / total[i]) : Double.NaN;
        }
        return shares;
    }

    private static Row row(
            PopulationTrials trials, double[] rates, String part, int unit, double share, boolean selective) {
        int types = trials.types().size();
        int n = trials.units();
        double[] mean = new double[types];
        int[] sizes = new int[types];
        for (int s = 0; s < trials.trials(); s++) {
            mean[trials.type()[s]] += rates[s * n + unit];
            sizes[trials.type()[s]]++;
        }
        int most = 0;
        int least = 0;
        for (int k = 0; k < types; k++) {
            mean[k] /= sizes[k];
            most = mean[k] > mean[most] ? k : most;
            least = mean[k] < mean[least] ? k : least;
        }
        double[] variance = new double[types];
        for (int s = 0; s < trials.trials(); s++) {
            int k = trials.type()[s];
            double d = rates[s * n + unit] - mean[k];
            variance[k] += d * d / (sizes[k] - 1);
        }
        double spread = Math.sqrt((variance[most] + variance[least]) / 2.0);
        double dPrime = Double.isNaN(share) ? Double.NaN : (mean[most] - mean[least]) / spread;
        return new Row(part, unit, share, selective, trials.types().get(most), dPrime);
    }
}
