package attractor.population;

import attractor.population.PublishedRegimes.Label;
import attractor.population.PublishedRegimes.Options;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How the labels of {@link PublishedRegimes} depend on their thresholds: one is varied, the others stay. Immutable, safe for
 * any thread.
 *
 * @param rows by threshold and value
 */
public record RegimeSweep(List<Row> rows) {
    private static final double[] INDICES = {0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 0.7, 0.9};
    private static final double[] RATIOS = {2, 3, 4, 5, 6, 8, 10, 20, 50, 100};
    private static final double[] RAMPS = {0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99};

    /**
     * One value of one threshold. Immutable, safe for any thread.
     *
     * @param threshold {@code oscillation index}, {@code peak ratio} or {@code ramp index}
     * @param labels each type's label, in the order of the types
     */
    public record Row(String threshold, double value, List<Optional<Label>> labels) {
        /** How many types have a label. */
        public int count(Label label) {
            return (int) labels.stream().filter(l -> l.equals(Optional.of(label))).count();
        }
    }

    /** Varies the thresholds of labels. */
    public static RegimeSweep of(PublishedRegimes regimes) {
        Options o = regimes.options();
        List<Row> rows = new ArrayList<>();
        for (double v : INDICES) {
            add(rows, "oscillation index", v, regimes, new Options(
                    v, Math.min(v, o.mixed()), o.peakRatio(), o.ramp(), o.from(), o.to(), o.segment()));
        }
        for (double v : RATIOS) {
            add(rows, "peak ratio", v, regimes, new Options(
                    o.oscillatory(), o.mixed(), v, o.ramp(), o.from(), o.to(), o.segment()));
        }
        for (double v : RAMPS) {
            add(rows, "ramp index", v, regimes, new Options(
                    o.oscillatory(), o.mixed(), o.peakRatio(), v, o.from(), o.to(), o.segment()));
        }
        return new RegimeSweep(List.copyOf(rows));
    }

    private static void add(List<Row> rows, String name, double value, PublishedRegimes regimes, Options options) {
        rows.add(new Row(
                name,
                value,
                regimes.relabelled(options).types().stream()
                        .map(PublishedRegimes.OfType::label)
                        .toList()));
    }
}
