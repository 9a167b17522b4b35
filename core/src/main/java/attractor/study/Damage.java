package attractor.study;

import attractor.analysis.Lesion;
import attractor.analysis.Lesion.Sign;
import attractor.analysis.Lesions;
import attractor.analysis.Spectrum;
import attractor.analysis.WeightStatistics;
import attractor.kernel.Kernels;
import attractor.kernel.RandomStream.Purpose;
import attractor.model.Rnn;
import attractor.task.Scores;
import attractor.task.Task;
import attractor.task.Trials;
import attractor.task.TypeScore;
import attractor.train.Evaluator;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How a network does without some of its connections, by trial type, each beside a control that loses as many connections at random.
 *
 * <p>Rows of the results have {@code lesion} (one of {@link Kind}), {@code level} (see there), {@code control}, {@code draws},
 * {@code removed} connections, {@code percent} of all, {@code normShare} (change of W_rec in Frobenius norms), {@code type},
 * {@code distanceMean}, {@code distanceSd} (over draws, empty without any), {@code rmse} and {@code passedShare}, means over draws. The table
 * {@code weights} has a histogram of W_rec with what the normal fit expects in each bin. Immutable, safe for any number of threads.
 *
 * @param thresholds of |w|, increasing, 0 or more
 * @param draws of each control
 * @param trials number of trials of a score, types in turn
 */
public record Damage(List<Double> thresholds, int draws, int trials) implements Measurement {

    /** What is removed, and what a level is. Immutable, safe for any thread. */
    public enum Kind {
        /** Figure 14 a: |w| up to the level, both signs. */
        BOTH,
        /** Figure 14 b: positive weights up to the level. */
        POSITIVE,
        /** Figure 14 c: negative weights down to the level's negative. */
        NEGATIVE,
        /** Figure 14 d: positive weights between the level before and this one. */
        POSITIVE_SLICE,
        /** Figure 14 e: negative weights between the level before and this one. */
        NEGATIVE_SLICE,
        /** The strongest connections; the level is their share in per cent. */
        STRONGEST,
        /** Whole units at random, over draws; the level is their number. */
        UNITS,
        /** An eigenmode of W_rec; the level is its rank by modulus, a pair being one. */
        MODE;

        /** As tables have it. */
        public String id() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private static final double[] STRONGEST_PERCENT = {0.5, 1, 2, 3, 5, 8, 12, 20};
    private static final int[] UNIT_COUNTS = {1, 2, 3, 4, 5, 7, 10};
    private static final int MODES = 10;
    /** Width of a bin of the histogram, and the end of its last one. */
    private static final double BIN = 0.02;

    private static final int BINS = 30;

    /** @throws IllegalArgumentException if a number is out of range */
    public Damage {
        thresholds = List.copyOf(thresholds);
        if (draws < 1 || trials < 1 || thresholds.isEmpty()) {
            throw new IllegalArgumentException("damage with " + thresholds.size() + " thresholds, " + draws
                    + " draws and " + trials + " trials, expected at least 1 of each");
        }
        Lesions.slices(Sign.BOTH, thresholds);
    }

    @Override
    public Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("kind", "damage");
        json.put("thresholds", thresholds);
        json.put("draws", draws);
        json.put("trials", trials);
        return json;
    }

    @Override
    public void measure(TrainedNetwork network, Kernels kernels, Tables tables) {
        new Session(network, kernels, tables).run();
    }

    private final class Session {
        private final Rnn rnn;
        private final Task task;
        private final long seed;
        private final Trials set;
        private final Kernels kernels;
        private final Tables tables;
        private final int connections;

        Session(TrainedNetwork network, Kernels kernels, Tables tables) {
            rnn = network.network();
            task = network.task();
            seed = network.config().seed();
            set = Trials.balanced(task, trials, seed, Purpose.EVALUATION);
            this.kernels = kernels;
            this.tables = tables;
            connections = Lesions.count(rnn, Sign.BOTH);
        }

        void run() {
            bands(Kind.BOTH, Lesions.upTo(Sign.BOTH, thresholds));
            bands(Kind.POSITIVE, Lesions.upTo(Sign.POSITIVE, thresholds));
            bands(Kind.NEGATIVE, Lesions.upTo(Sign.NEGATIVE, thresholds));
            bands(Kind.POSITIVE_SLICE, Lesions.slices(Sign.POSITIVE, thresholds));
            bands(Kind.NEGATIVE_SLICE, Lesions.slices(Sign.NEGATIVE, thresholds));
            for (double percent : STRONGEST_PERCENT) {
                Lesion strongest = new Lesion.Strongest(Sign.BOTH, (int) Math.round(percent / 100 * connections));
                write(Kind.STRONGEST, percent, false, List.of(strongest.apply(rnn)));
                control(Kind.STRONGEST, percent, strongest.apply(rnn).removed());
            }
            for (int count : UNIT_COUNTS) {
                if (count < rnn.units()) {
                    units(count);
                }
            }
            modes();
            histogram();
        }

        private void bands(Kind kind, List<Lesion.Band> bands) {
            for (Lesion.Band band : bands) {
                Lesion.Result result = band.apply(rnn);
                write(kind, band.upTo(), false, List.of(result));
                control(kind, band.upTo(), result.removed());
            }
        }

        private void control(Kind kind, double level, int count) {
            List<Lesion.Result> results = new ArrayList<>();
            for (int draw = 0; draw < draws; draw++) {
                results.add(new Lesion.RandomConnections(Sign.BOTH, count, seed, draw).apply(rnn));
            }
            write(kind, level, true, results);
        }

        private void units(int count) {
            List<Lesion.Result> results = new ArrayList<>();
            for (int draw = 0; draw < draws; draw++) {
                results.add(Lesion.Units.random(rnn.units(), count, seed, draw).apply(rnn));
            }
            write(Kind.UNITS, count, false, results);
            control(Kind.UNITS, count, results.get(0).removed());
        }

        private void modes() {
            Spectrum spectrum = Spectrum.withoutVectors(rnn);
            int rank = 0;
            for (int k = 0; k < spectrum.size() && rank < MODES; k++) {
                if (spectrum.im()[k] < 0) {
                    continue; // its pair is above the real axis
                }
                rank++;
                try {
                    write(Kind.MODE, rank, false, List.of(new Lesion.Mode(k).apply(rnn)));
                } catch (IllegalArgumentException nearlyDefective) {
                    // A mode that isn't known well enough cannot be removed: there is no row.
                }
            }
        }

        private void write(Kind kind, double level, boolean control, List<Lesion.Result> results) {
            int types = task.types().size();
            double[] distance = new double[types];
            double[] square = new double[types];
            double[] rmse = new double[types];
            int[] passed = new int[types];
            for (Lesion.Result result : results) {
                Scores scores = Evaluator.evaluate(result.network(), set, kernels);
                for (int k = 0; k < types; k++) {
                    TypeScore score = scores.types().get(k);
                    distance[k] += score.distanceMean();
                    square[k] += score.distanceMean() * score.distanceMean();
                    rmse[k] += score.rmse();
                    passed[k] += score.passed() ? 1 : 0;
                }
            }
            int n = results.size();
            Lesion.Result first = results.get(0);
            for (int k = 0; k < types; k++) {
                double mean = distance[k] / n;
                tables.row(Tables.RESULTS)
                        .with("lesion", kind.id())
                        .with("level", level)
                        .with("control", control)
                        .with("draws", n)
                        .with(
                                "removed",
                                results.stream()
                                                .mapToInt(Lesion.Result::removed)
                                                .sum()
                                        / (double) n)
                        .with(
                                "percent",
                                results.stream()
                                                .mapToDouble(Lesion.Result::percent)
                                                .sum()
                                        / n)
                        .with("normShare", n == 1 ? first.normShare() : mean(results))
                        .with("type", task.types().get(k))
                        .with("distanceMean", mean)
                        .with("distanceSd", n == 1 ? null : Math.sqrt(Math.max(0, square[k] / n - mean * mean)))
                        .with("rmse", rmse[k] / n)
                        .with("passedShare", (double) passed[k] / n);
            }
        }

        private static double mean(List<Lesion.Result> results) {
            return results.stream().mapToDouble(Lesion.Result::normShare).sum() / results.size();
        }

        private void histogram() {
            double[] weights = rnn.copyOf(rnn.shape().wRec());
            WeightStatistics fit = WeightStatistics.of(weights);
            int[] counts = new int[2 * BINS + 2];
            for (double w : weights) {
                int bin = (int) Math.floor(w / BIN) + BINS + 1;
                counts[Math.max(0, Math.min(counts.length - 1, bin))]++;
            }
            for (int k = 0; k < counts.length; k++) {
                double from = k == 0 ? Double.NEGATIVE_INFINITY : (k - BINS - 1) * BIN;
                double to = k == counts.length - 1 ? Double.POSITIVE_INFINITY : (k - BINS) * BIN;
                double below = k == 0 ? 0 : fit.normalBelow(from);
                double above = k == counts.length - 1 ? 1 : fit.normalBelow(to);
                tables.row("weights")
                        .with("from", Double.isFinite(from) ? from : null)
                        .with("to", Double.isFinite(to) ? to : null)
                        .with("count", counts[k])
                        .with("normalFit", weights.length * (above - below))
                        .with("mean", fit.mean())
                        .with("sd", fit.sd())
                        .with("ksDistance", fit.ksDistance());
            }
        }
    }
}
