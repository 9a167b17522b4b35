package attractor.study;

import attractor.analysis.Lesion;
import attractor.analysis.Lesion.Sign;
import attractor.analysis.Lesions;
import attractor.analysis.Spectrum;
import attractor.analysis.WeightStatistics;
import attractor.io.Printable;
import attractor.kernel.Kernels;
import attractor.model.Rnn;
import attractor.statistics.Summary;
import attractor.task.ScoreAccumulator;
import attractor.task.Scores;
import attractor.task.Task;
import attractor.task.Trials;
import attractor.task.TypeScore;
import attractor.train.TrialBatches;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * How well a network works without some of its connections, by trial type. Each lesion has a control that loses as many
 * connections at random.
 *
 * <p>Rows of the results have {@code lesion} (one of {@link Kind}), {@code level} (see {@link Kind}), {@code control},
 * {@code draws}, {@code removed} connections, {@code percent} of all, {@code normShare} (change of W_rec in Frobenius
 * norms), {@code type}, {@code distanceMean}, {@code distanceSd} (over draws, empty if there is only one),
 * {@code lateDistanceMean} (over only the last {@code windowMs} of the trials) and {@code rmse}, means over draws;
 * {@code passedShare}, the share of draws in which the type passes, and {@code allPassedShare}, the share in which
 * every type passes, that is, the network passes. The table {@code windows.csv} has the same distance without a lesion,
 * over the trials' ends of all lengths: {@code windowMs}, {@code type}, {@code distanceMean}. The table {@code weights}
 * has a histogram of W_rec with the count expected by the normal fit in each bin. Immutable, safe for any number of
 * threads.
 *
 * @param thresholds thresholds of |w|, increasing, 0 or more
 * @param draws number of draws per control
 * @param trials number of trials per score, types in turn
 * @param windowMs length of the end of a trial over which {@code lateDistanceMean} is computed
 */
public record Damage(List<Double> thresholds, int draws, int trials, double windowMs) implements Measurement {

    /** What is removed, and the meaning of the level. Immutable, safe for any thread. */
    public enum Kind {
        /** Figure 14 a: |w| up to the level, both signs. */
        BOTH,
        /** Figure 14 b: positive weights up to the level. */
        POSITIVE,
        /** Figure 14 c: negative weights down to the level's negative. */
        NEGATIVE,
        /** Figure 14 d: positive weights between the previous level and this one. */
        POSITIVE_SLICE,
        /** Figure 14 e: negative weights between the previous level and this one. */
        NEGATIVE_SLICE,
        /** The strongest connections; the level is their percentage. */
        STRONGEST,
        /** Whole units at random, over draws; the level is their number. */
        UNITS,
        /** An eigenmode of W_rec; the level is its rank by modulus; a complex pair counts once. */
        MODE;

        /** The name in tables. */
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

    /** The ends of trials in the table of windows have lengths of multiples of this, in ms. */
    private static final double WINDOW_STEP_MS = 5;

    /** @throws IllegalArgumentException if a number is out of range */
    public Damage {
        thresholds = List.copyOf(thresholds);
        if (draws < 1 || trials < 1 || thresholds.isEmpty()) {
            throw new IllegalArgumentException(
                    "damage with " + thresholds.size() + " thresholds, " + Printable.count(draws, "draw") + " and "
                            + Printable.count(trials, "trial") + ", expected at least 1 of each");
        }
        if (!(windowMs > 0)) {
            throw new IllegalArgumentException("the end of a trial is " + windowMs + " ms, expected more than 0");
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
        json.put("windowMs", windowMs);
        return json;
    }

    @Override
    public void check(Task task) {
        window(task, windowMs);
    }

    /** The number of steps of a trial's end. */
    private static int window(Task task, double ms) {
        long steps = Math.round(ms / task.dtMs());
        if (steps < 1 || steps > task.steps()) {
            throw new IllegalArgumentException("the end of a trial is " + ms + " ms, expected a step of " + task.dtMs()
                    + " ms to a trial of " + task.name() + ", " + task.steps() * task.dtMs() + " ms");
        }
        return (int) steps;
    }

    @Override
    public void measure(TrainedNetwork network, Kernels kernels, MeasuredRows tables) {
        new Session(network, kernels, tables).run();
    }

    private final class Session {
        private final Rnn rnn;
        private final Task task;
        private final long seed;
        private final Trials set;
        private final Kernels kernels;
        private final MeasuredRows tables;
        private final int connections;
        private final boolean[] zeroTargets;

        Session(TrainedNetwork network, Kernels kernels, MeasuredRows tables) {
            rnn = network.network();
            task = network.task();
            seed = network.config().dataSeed();
            set = Trials.balanced(task, trials, seed, Trials.EVALUATION);
            zeroTargets = new boolean[task.types().size()];
            for (int k = 0; k < zeroTargets.length; k++) {
                zeroTargets[k] = task.zeroTarget(k);
            }
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
            windows();
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
                    continue; // its conjugate is above the real axis
                }
                rank++;
                try {
                    write(Kind.MODE, rank, false, List.of(new Lesion.Mode(k).apply(rnn)));
                } catch (IllegalArgumentException nearlyDefective) {
                    // An ill-conditioned mode cannot be removed: it has no row.
                }
            }
        }

        /**
         * Scores over the ends of the trials.
         *
         * @param ends the lengths of the ends, in steps
         * @return the scores for each end
         */
        private List<Scores> scores(Rnn network, int... ends) {
            int outputs = set.outputs();
            List<ScoreAccumulator> sums = new ArrayList<>();
            for (int end : ends) {
                sums.add(new ScoreAccumulator(task.types(), end, outputs, zeroTargets, set.readout(), task.dtMs()));
            }
            TrialBatches.run(network, set, kernels, seed, false, batch -> {
                for (int s = 0; s < batch.size(); s++) {
                    for (int k = 0; k < ends.length; k++) {
                        int at = ((s + 1) * set.steps() - ends[k]) * outputs;
                        sums.get(k)
                                .add(
                                        set.type(batch.first() + s),
                                        batch.run().y(),
                                        at,
                                        batch.target(),
                                        at,
                                        batch.mask(),
                                        at);
                    }
                }
            });
            return sums.stream().map(ScoreAccumulator::scores).toList();
        }

        private void write(Kind kind, double level, boolean control, List<Lesion.Result> results) {
            int types = task.types().size();
            int n = results.size();
            double[][] distance = new double[types][n];
            double[][] late = new double[types][n];
            double[][] rmse = new double[types][n];
            int[] passed = new int[types];
            int allPassed = 0;
            for (int draw = 0; draw < n; draw++) {
                List<Scores> scores = scores(results.get(draw).network(), set.steps(), window(task, windowMs));
                for (int k = 0; k < types; k++) {
                    TypeScore score = scores.get(0).types().get(k);
                    distance[k][draw] = score.distanceMean();
                    late[k][draw] = scores.get(1).types().get(k).distanceMean();
                    rmse[k][draw] = score.rmse();
                    passed[k] += score.passed() ? 1 : 0;
                }
                allPassed += scores.get(0).passed() ? 1 : 0;
            }
            for (int k = 0; k < types; k++) {
                Summary distances = Summary.of(distance[k]);
                tables.row(MeasuredRows.RESULTS)
                        .with("lesion", kind.id())
                        .with("level", level)
                        .with("control", control)
                        .with("draws", n)
                        .with("removed", mean(results, Lesion.Result::removed))
                        .with("percent", mean(results, Lesion.Result::percent))
                        .with("normShare", mean(results, Lesion.Result::normShare))
                        .with("type", task.types().get(k))
                        .with("distanceMean", distances.mean())
                        .with("distanceSd", n == 1 ? null : distances.sd())
                        .with("lateDistanceMean", Summary.of(late[k]).mean())
                        .with("rmse", Summary.of(rmse[k]).mean())
                        .with("passedShare", (double) passed[k] / n)
                        .with("allPassedShare", (double) allPassed / n);
            }
        }

        private static double mean(List<Lesion.Result> results, ToDoubleFunction<Lesion.Result> of) {
            return Summary.of(results.stream().mapToDouble(of).toArray()).mean();
        }

        private void windows() {
            List<Integer> ends = new ArrayList<>();
            for (double ms = WINDOW_STEP_MS; Math.round(ms / task.dtMs()) <= set.steps(); ms += WINDOW_STEP_MS) {
                ends.add(Math.max(1, (int) Math.round(ms / task.dtMs())));
            }
            int[] steps = ends.stream().mapToInt(end -> end).distinct().toArray();
            List<Scores> scores = scores(rnn, steps);
            for (int k = 0; k < steps.length; k++) {
                for (TypeScore score : scores.get(k).types()) {
                    tables.row("windows")
                            .with("windowMs", steps[k] * task.dtMs())
                            .with("type", score.type())
                            .with("distanceMean", score.distanceMean());
                }
            }
        }

        private void histogram() {
            double[] weights = rnn.wRec();
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
