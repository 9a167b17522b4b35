package attractor.figure;

import attractor.analysis.EpochAnalysis;
import attractor.analysis.FixedPoints;
import attractor.analysis.Multipliers;
import attractor.analysis.Pca;
import attractor.analysis.Spectrum;
import attractor.analysis.Trajectories;
import attractor.analysis.WeightStatistics;
import attractor.io.Printable;
import attractor.model.Rnn;
import attractor.task.TrialPart;
import attractor.train.EpochSummary;
import java.awt.BasicStroke;
import java.awt.Color;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The panels of the figures; each shows one result of an analysis. */
final class AnalysisPanels {
    /** The number of units whose activity is shown, as in the paper. */
    static final int UNITS = 25;

    static final SeriesStyle LEADING = SeriesStyle.points("largest |λ|", Style.VERMILLION, Style.circle(5.8), false);
    private static final SeriesStyle UNIT_CIRCLE = SeriesStyle.line("", Style.FRAME, 0.6, 2.5f, 1.5f);
    static final SeriesStyle STABLE = SeriesStyle.points("stable", Style.BLACK, Style.circle(4.6), true);
    static final SeriesStyle UNSTABLE = SeriesStyle.points("unstable", Style.VERMILLION, Style.circle(4.6), false);
    static final SeriesStyle UNKNOWN =
            SeriesStyle.points("stability not computed", Style.BLUE, Style.square(3.6), false);
    static final SeriesStyle SLOW = SeriesStyle.points("slow point", Style.BLUE, Style.diamond(1.9), true);
    private static final SeriesStyle END = SeriesStyle.points("", Style.BLACK, Style.circle(2.7), true);
    private static final SeriesStyle PATHS = SeriesStyle.line("trials", new Color(0xBBBBBB), 0.5);

    /** Its colour is no part's of the trial, since both are drawn together. */
    private static final SeriesStyle TARGET = SeriesStyle.line("target", Style.PURPLE, 1.5, 3.2f, 1.8f);

    private static final SeriesStyle OUTPUT = SeriesStyle.line("output", Style.BLACK, 0.9);
    private static final Color[] INPUT_COLORS = {Style.BLUE, Style.ORANGE, Style.PURPLE, Style.FRAME};
    private static final Color[] OUTPUT_COLORS = {
        Style.BLACK, Style.ORANGE, Style.GREEN, Style.SKY, Style.VERMILLION, Style.PURPLE, Style.BLUE
    };

    /** More inputs or outputs than colours would not be told apart: each has a row of its own. */
    private static final int MANY_INPUTS = INPUT_COLORS.length;

    private static final int MANY_OUTPUTS = OUTPUT_COLORS.length;
    private static final SeriesStyle[] OTHER_PARTS = {
        SeriesStyle.line("", Style.BLUE, 1),
        SeriesStyle.line("", Style.ORANGE, 1.8),
        SeriesStyle.line("", Style.PURPLE, 1.2, 3, 1)
    };
    private static final Color[] TYPE_COLORS = {
        Style.BLUE, Style.VERMILLION, Style.GREEN, Style.ORANGE, Style.PURPLE, Style.SKY, Style.BLACK
    };
    static final Color HISTOGRAM = new Color(0xA9CFE8);

    /** With more labels than this, they would hide the data. */
    private static final int MOST_LABELS = 16;

    /** For a legend: steps with weight 0. */
    private static final SeriesStyle MASKED =
            SeriesStyle.points("not scored (masked)", Style.MASKED, Style.square(6.5), true);

    private static final int CIRCLE_POINTS = 180;

    private AnalysisPanels() {}

    /** The style of the eigenvalues, before training, of a network with this number of units. */
    static SeriesStyle before(int units) {
        return SeriesStyle.points("before training", Style.GREY, Style.circle(3.6 * size(units)), false);
    }

    /** The style of the eigenvalues after training. */
    static SeriesStyle after(int units) {
        return SeriesStyle.points("after", Style.BLUE, Style.circle(3.4 * size(units)), true);
    }

    /** Many eigenvalues need small markers. */
    private static double size(int units) {
        return Math.max(0.4, Math.min(1, Math.sqrt(100.0 / units)));
    }

    /** Eigenvalues in the complex plane, with the frequencies of the leading ones that oscillate. */
    static Panel eigenvalues(Optional<Spectrum> before, Optional<Spectrum> after, int marked) {
        Panel panel = complexPlane("λ");
        before.ifPresent(s -> panel.add(s.re(), s.im(), before(s.size())));
        after.ifPresent(s -> panel.add(s.re(), s.im(), after(s.size())));
        after.ifPresent(s -> {
            for (Spectrum.Mode mode : s.leading(marked)) {
                double[] pair = mode.im() == 0 ? new double[] {mode.re()} : new double[] {mode.re(), mode.re()};
                panel.add(pair, mode.im() == 0 ? new double[1] : new double[] {mode.im(), -mode.im()}, LEADING);
                // A real eigenvalue above 0 doesn't oscillate: the label is its value.
                String text = mode.im() == 0 && mode.re() >= 0
                        ? "λ = " + Style.fixed(mode.re(), 2)
                        : Style.fixed(mode.frequencyHz(), mode.frequencyHz() < 10 ? 1 : 0) + " Hz";
                panel.label(mode.re(), mode.im(), text);
            }
        });
        return panel;
    }

    /** Extends a panel's range to eigenvalues, so that several panels have the same axes. */
    static void include(Panel panel, Spectrum spectrum) {
        for (int k = 0; k < spectrum.size(); k++) {
            panel.include(spectrum.re()[k], spectrum.im()[k]);
        }
    }

    /** The paths of the eigenvalues from the first epoch to the last. */
    static Panel eigenvaluePaths(EpochAnalysis epochs) {
        int count = epochs.spectra().size();
        int n = epochs.re().length / count;
        double[] re = new double[n * (count + 1)];
        double[] im = new double[n * (count + 1)];
        for (int p = 0; p < n; p++) {
            for (int e = 0; e < count; e++) {
                re[p * (count + 1) + e] = epochs.re()[e * n + p];
                im[p * (count + 1) + e] = epochs.im()[e * n + p];
            }
            re[p * (count + 1) + count] = Double.NaN; // separates the paths
        }
        int last = (count - 1) * n;
        return complexPlane("λ")
                .title("eigenvalues from epoch to epoch")
                .add(re, im, SeriesStyle.line("", Style.SKY, 0.5))
                .add(Arrays.copyOf(epochs.re(), n), Arrays.copyOf(epochs.im(), n), before(n))
                .add(
                        Arrays.copyOfRange(epochs.re(), last, last + n),
                        Arrays.copyOfRange(epochs.im(), last, last + n),
                        after(n));
    }

    /** The largest modulus of an eigenvalue at each epoch. */
    static Panel radii(EpochAnalysis epochs, List<Integer> numbers) {
        double[] radius =
                epochs.spectra().stream().mapToDouble(Spectrum::spectralRadius).toArray();
        SeriesStyle style = new SeriesStyle("spectral radius", Style.BLUE, Style.stroke(0.8), Style.circle(2.6), true);
        return new Panel("epoch", "largest |λ|").wholeX().add(epochNumbers(numbers), radius, style);
    }

    /** The number of fixed points found at each epoch. */
    static Panel fixedPointCounts(EpochAnalysis epochs, List<Integer> numbers) {
        Panel panel = new Panel("epoch", "fixed points").wholeX().wholeY();
        panel.include(numbers.get(0), 0);
        for (SeriesStyle style : List.of(UNSTABLE, STABLE)) {
            double[] counts = epochs.fixedPoints().stream()
                    .mapToDouble(found -> found.points().stream()
                            .filter(point -> style(point).equals(style))
                            .count())
                    .toArray();
            float[] dashes = style.equals(STABLE) ? new float[0] : new float[] {2.5f, 1.5f};
            SeriesStyle line = new SeriesStyle(
                    style.name(), style.color(), Style.stroke(0.8, dashes), Style.circle(3.2), style.filled());
            panel.add(epochNumbers(numbers), counts, line);
        }
        return panel;
    }

    private static double[] epochNumbers(List<Integer> numbers) {
        return numbers.stream().mapToDouble(Integer::doubleValue).toArray();
    }

    /**
     * Trials at one epoch in the plane of the first two components of all epochs, with the same axes for all epochs.
     */
    static Panel epochPlane(EpochAnalysis epochs, Pca pca, int epoch) {
        Trajectories t = epochs.trajectories().get(epoch);
        int rows = t.trials() * t.steps();
        int kept = pca.kept();
        double[] projection = pca.projection();
        Pca own = new Pca(
                rows,
                pca.units(),
                pca.mean(),
                pca.variances(),
                pca.explained(),
                pca.components(),
                Arrays.copyOfRange(projection, epoch * rows * kept, (epoch + 1) * rows * kept));
        List<Integer> all = IntStream.range(0, t.trials()).boxed().toList();
        Panel panel = kept == 1 ? overTime(t, own, all) : plane(t, own, all, 0, 1);
        for (int row = 0; row < projection.length / kept; row++) {
            if (Double.isNaN(projection[row * kept])) {
                continue; // padding
            }
            if (kept > 1) {
                panel.include(projection[row * kept], projection[row * kept + 1]);
            } else {
                panel.include(0, projection[row]);
            }
        }
        return panel;
    }

    /**
     * Losses over epochs, on a logarithmic scale if they differ by a factor of ten, with the losses of held-out trials
     * if there are any.
     */
    static Panel learning(Map<String, List<EpochSummary>> runs) {
        Panel panel = new Panel("epoch", "loss").wholeX();
        DoubleSummaryStatistics range = runs.values().stream()
                .flatMap(List::stream)
                .mapToDouble(EpochSummary::loss)
                .filter(loss -> loss > 0 && Double.isFinite(loss))
                .summaryStatistics();
        if (range.getMax() >= 10 * range.getMin()) {
            panel.logarithmicY();
        }
        List<String> names = List.copyOf(runs.keySet());
        for (String name : names) {
            List<EpochSummary> history = runs.get(name);
            double[] epoch = history.stream().mapToDouble(EpochSummary::number).toArray();
            double[] loss = history.stream().mapToDouble(EpochSummary::loss).toArray();
            double[] held =
                    history.stream().mapToDouble(EpochSummary::validationLoss).toArray();
            Color color = TYPE_COLORS[names.indexOf(name) % TYPE_COLORS.length];
            int round = names.indexOf(name) / TYPE_COLORS.length;
            float[] dashes = round == 0 ? new float[0] : new float[] {1 + 2f * round, 1.2f};
            panel.add(epoch, loss, SeriesStyle.line(names.size() == 1 ? "training trials" : name, color, 0.9, dashes));
            if (Arrays.stream(held).anyMatch(Double::isFinite)) {
                String those = names.size() == 1 ? "trials held out" : "thin: trials held out";
                Color shade = names.size() == 1 ? Style.VERMILLION : color;
                panel.add(epoch, held, SeriesStyle.line(those, shade, names.size() == 1 ? 0.9 : 0.45, dashes));
            }
            EpochSummary best = EpochSummary.best(history);
            if (best != null && Double.isFinite(best.selectionLoss())) {
                panel.add(
                        new double[] {best.number()},
                        new double[] {best.selectionLoss()},
                        SeriesStyle.points("best.npz", Style.BLACK, Style.circle(4.2), false));
            }
        }
        return panel;
    }

    /** Eigenvalues of the Jacobian: stable ones filled. */
    static Panel multipliers(Multipliers mu, String title) {
        Panel panel = complexPlane("μ").title(title);
        int unstable = mu.unstable();
        double[][] inside = new double[2][mu.size() - unstable];
        double[][] outside = new double[2][unstable];
        // They come by decreasing modulus.
        for (int i = 0; i < mu.size(); i++) {
            double[][] to = i < unstable ? outside : inside;
            int k = i < unstable ? i : i - unstable;
            to[0][k] = mu.re()[i];
            to[1][k] = mu.im()[i];
        }
        SeriesStyle stable = SeriesStyle.points("decays", Style.BLACK, Style.circle(3.2 * size(mu.size())), true);
        SeriesStyle growing = SeriesStyle.points("grows", Style.VERMILLION, Style.circle(3.6 * size(mu.size())), false);
        return panel.add(inside[0], inside[1], stable).add(outside[0], outside[1], growing);
    }

    /** The plane of eigenvalues with the unit circle. */
    static Panel complexPlane(String name) {
        double[] re = new double[CIRCLE_POINTS + 1];
        double[] im = new double[CIRCLE_POINTS + 1];
        for (int i = 0; i <= CIRCLE_POINTS; i++) {
            re[i] = Math.cos(2 * Math.PI * i / CIRCLE_POINTS);
            im[i] = Math.sin(2 * Math.PI * i / CIRCLE_POINTS);
        }
        return new Panel("Re " + name, "Im " + name).equalUnits().add(re, im, UNIT_CIRCLE);
    }

    /**
     * Histogram of the recurrent weights of the existing connections, with the normal density of their mean and
     * standard deviation; under Dale's law one density for each sign, since the whole is then not expected to be
     * normal.
     */
    static Panel weights(Rnn network) {
        double[] all = network.wRec();
        double[] weights = WeightStatistics.present(all);
        Panel panel = new Panel("recurrent weight", "density");
        if (weights.length == 0) {
            return panel.title("no connections");
        }
        WeightStatistics fit = WeightStatistics.of(weights);
        double low = Arrays.stream(weights).min().orElseThrow();
        double high = Arrays.stream(weights).max().orElseThrow();
        int count = (int) Math.max(5, Math.min(50, Math.round(Math.sqrt(weights.length))));
        double width = high > low ? (high - low) / count : 1;
        boolean signed = network.wiring().daleSign() != null;
        if (signed && low < 0 && high > 0) {
            low = -width * Math.ceil(-low / width); // so that no bin has both signs
            count = (int) Math.ceil((high - low) / width);
        }
        double from = high > low ? low : low - count / 2.0;
        double[] x = new double[count];
        double[] density = new double[count];
        for (int k = 0; k < count; k++) {
            x[k] = from + (k + 0.5) * width;
        }
        for (double w : weights) {
            int k = high > low ? (int) Math.max(0, Math.min(count - 1, Math.floor((w - low) / width))) : count / 2;
            density[k] += 1 / (width * weights.length);
        }
        panel.title("mean " + Style.fixed(fit.mean(), 3) + ", sd " + Style.fixed(fit.sd(), 3));
        if (signed) {
            SeriesStyle inhibiting = bars("inhibitory" + share(network, -1), Style.ORANGE);
            SeriesStyle exciting = bars("excitatory" + share(network, 1), Style.SKY);
            return panel.bars(chosen(x, x, -1), chosen(density, x, -1), width, inhibiting)
                    .bars(chosen(x, x, 1), chosen(density, x, 1), width, exciting);
        }
        String some = weights.length == all.length ? "" : " (" + weights.length + " of " + all.length + ")";
        panel.bars(x, density, width, bars("weights" + some, HISTOGRAM));
        if (fit.sd() > 0) {
            int points = 121;
            double left = Math.min(low, fit.mean() - 3.2 * fit.sd());
            double right = Math.max(high, fit.mean() + 3.2 * fit.sd());
            double[] at = new double[points];
            double[] normal = new double[points];
            for (int i = 0; i < points; i++) {
                at[i] = left + (right - left) * i / (points - 1);
                double z = (at[i] - fit.mean()) / fit.sd();
                normal[i] = Math.exp(-z * z / 2) / (fit.sd() * Math.sqrt(2 * Math.PI));
            }
            panel.add(at, normal, SeriesStyle.line("normal fit", Style.VERMILLION, 1));
        }
        return panel;
    }

    /** The number of existing weights among those possible for units of a sign, as text; empty if all exist. */
    private static String share(Rnn network, int sign) {
        int n = network.units();
        double[] w = network.wRec();
        int[] columns = IntStream.range(0, n)
                .filter(col -> network.wiring().sign(col) == sign)
                .toArray();
        long there = Arrays.stream(columns)
                .mapToLong(col -> IntStream.range(0, n)
                        .filter(row -> w[row * n + col] != 0)
                        .count())
                .sum();
        return there == (long) n * columns.length ? "" : " (" + there + " of " + n * columns.length + ")";
    }

    /** The values at the places that have one sign. */
    private static double[] chosen(double[] values, double[] places, int sign) {
        return IntStream.range(0, values.length)
                .filter(k -> Math.signum(places[k]) == sign)
                .mapToDouble(k -> values[k])
                .toArray();
    }

    private static SeriesStyle bars(String name, Color color) {
        return SeriesStyle.points(name, color, Style.square(5.5), true);
    }

    /** Inputs over time, with the same axes for all trials; many inputs one above the other. */
    static Panel inputs(Trajectories t, int trial) {
        if (t.inputs() > MANY_INPUTS) {
            return inputRows(t, trial);
        }
        Panel panel = timePanel(t, "input", trial);
        addInputs(panel, t, trial);
        return panel;
    }

    /** A row for each input, from input 0 at the bottom, all on one scale. */
    private static Panel inputRows(Trajectories t, int trial) {
        Panel panel = timePanel(t, "input", trial);
        double scale = rowScale(t.x());
        addRows(panel, t, trial, t.x(), t.inputs(), scale, SeriesStyle.line("inputs, a row each", Style.BLUE, 0.5));
        return rows(panel, t.inputs());
    }

    /** What brings values into a row's height. */
    private static double rowScale(double[]... all) {
        double largest = 0;
        for (double[] values : all) {
            for (double value : values) {
                largest = Double.isFinite(value) ? Math.max(largest, Math.abs(value)) : largest;
            }
        }
        return largest > 0 ? 0.8 / largest : 1;
    }

    private static void addRows(
            Panel panel, Trajectories t, int trial, double[] all, int channels, double scale, SeriesStyle style) {
        for (int i = 0; i < channels; i++) {
            double[] values = channel(all, t, trial, i, channels);
            for (int k = 0; k < values.length; k++) {
                values[k] = i + scale * values[k];
            }
            panel.add(times(t, trial), values, style);
        }
    }

    private static Panel rows(Panel panel, int channels) {
        return panel.wholeY().yTicksUpTo(channels - 1).yRange(-0.9, channels - 0.1);
    }

    private static void addInputs(Panel panel, Trajectories t, int trial) {
        includeAll(panel, t.x());
        for (int i = 0; i < t.inputs(); i++) {
            String name = t.inputs() == 1 ? "input" : "input " + i;
            Color color = INPUT_COLORS[i % INPUT_COLORS.length];
            panel.add(times(t, trial), channel(t.x(), t, trial, i, t.inputs()), SeriesStyle.line(name, color, 0.7));
        }
    }

    /** Targets and outputs over time, with the same axes for all trials; many outputs one above the other. */
    static Panel outputs(Trajectories t, int trial) {
        Panel panel = timePanel(t, t.probabilities() ? "p (softmax)" : "output", trial);
        if (t.outputs() > MANY_OUTPUTS) {
            double[] targets = scored(t);
            double scale = rowScale(targets, t.y());
            addRows(panel, t, trial, targets, t.outputs(), scale, rowTarget());
            addRows(
                    panel,
                    t,
                    trial,
                    t.y(),
                    t.outputs(),
                    scale,
                    SeriesStyle.line("outputs, a row each", Style.BLACK, 0.6));
            return rows(panel, t.outputs());
        }
        addOutputs(panel, t, trial);
        return t.probabilities() ? panel.yRange(-0.04, 1.04) : panel;
    }

    private static SeriesStyle rowTarget() {
        return SeriesStyle.line("targets, a row each", Style.PURPLE, 1, 3.2f, 1.8f);
    }

    /** Whether inputs have a panel of their own: they are many, or there are several outputs, which have the same colours. */
    static boolean stacked(Trajectories t) {
        return t.inputs() > MANY_INPUTS || t.outputs() > 1;
    }

    /** Inputs, targets and outputs, in one panel where they can be told apart there, otherwise in two. */
    static PanelStack response(Trajectories t, int trial) {
        if (stacked(t)) {
            return new PanelStack(List.of(inputs(t, trial), outputs(t, trial)));
        }
        Panel panel = timePanel(t, "signal", trial);
        addInputs(panel, t, trial);
        addOutputs(panel, t, trial);
        return new PanelStack(List.of(panel));
    }

    /** Inputs and targets without outputs, as {@link #response}. */
    static PanelStack targets(Trajectories t, int trial) {
        double[] targets = scored(t);
        if (stacked(t)) {
            Panel panel = timePanel(t, "target", trial);
            if (t.outputs() > MANY_OUTPUTS) {
                addRows(panel, t, trial, targets, t.outputs(), rowScale(targets), rowTarget());
                rows(panel, t.outputs());
            } else {
                addTargets(panel, t, trial, targets);
            }
            return new PanelStack(List.of(inputs(t, trial), panel));
        }
        Panel panel = timePanel(t, "signal", trial);
        addInputs(panel, t, trial);
        addTargets(panel, t, trial, targets);
        return new PanelStack(List.of(panel));
    }

    private static void addTargets(Panel panel, Trajectories t, int trial, double[] targets) {
        includeAll(panel, targets);
        for (int o = 0; o < t.outputs(); o++) {
            String name = t.outputs() == 1 ? "target" : "target " + o;
            panel.add(
                    times(t, trial),
                    channel(targets, t, trial, o, t.outputs()),
                    SeriesStyle.line(name, outputColor(o), 1.2));
        }
    }

    /** The targets of steps with a weight; others are NaN. */
    private static double[] scored(Trajectories t) {
        double[] targets = t.target().clone();
        for (int i = 0; i < targets.length; i++) {
            targets[i] = t.mask()[i] == 0 ? Double.NaN : targets[i];
        }
        return targets;
    }

    private static void includeAll(Panel panel, double[] values) {
        for (double value : values) {
            if (Double.isFinite(value)) {
                panel.include(0, value);
            }
        }
    }

    private static void addOutputs(Panel panel, Trajectories t, int trial) {
        double[] targets = scored(t);
        includeAll(panel, targets);
        includeAll(panel, t.y());
        for (int o = 0; o < t.outputs(); o++) {
            String number = t.outputs() == 1 ? "" : " " + o;
            SeriesStyle target =
                    t.outputs() == 1 ? TARGET : SeriesStyle.line("target" + number, outputColor(o), 1.5, 1.2f, 1.8f);
            SeriesStyle output = t.outputs() == 1 ? OUTPUT : SeriesStyle.line("output" + number, outputColor(o), 0.9);
            panel.add(times(t, trial), channel(targets, t, trial, o, t.outputs()), target);
            panel.add(times(t, trial), channel(t.y(), t, trial, o, t.outputs()), output);
        }
    }

    private static Color outputColor(int o) {
        return OUTPUT_COLORS[o % OUTPUT_COLORS.length];
    }

    /**
     * Activity of the first units over time, one above the other. Each unit has a row of its own, with a tick at the
     * state 0; above are the parts of the trial and a scale bar.
     */
    static Panel units(Trajectories t, int trial) {
        int count = Math.min(UNITS, t.units());
        Panel panel = timePanel(t, count < t.units() ? "unit (" + count + " of " + t.units() + ")" : "unit", trial);
        double largest = 0;
        for (int s = 0; s < t.trials(); s++) {
            for (int i = 0; i < count; i++) {
                for (double h : channel(t.h(), t, s, i, t.units())) {
                    largest = Double.isFinite(h) ? Math.max(largest, Math.abs(h)) : largest;
                }
            }
        }
        double scale = largest > 0 ? 0.47 / largest : 1;
        for (int i = 0; i < count; i++) {
            double[] h = channel(t.h(), t, trial, i, t.units());
            for (int k = 0; k < h.length; k++) {
                h[k] = i + 1 + scale * h[k];
            }
            panel.add(times(t, trial), h, SeriesStyle.line("", Style.UNITS, 0.5));
        }
        double room = 0.9 + 0.035 * count; // for the bar, below the strip of parts
        double top = count + 0.55 + room;
        panel.wholeY().yTicksUpTo(count).yRange(0.4, top + 0.02 * count);
        if (largest > 0) {
            double longest = Math.min(0.94, 0.8 * room) / scale;
            double bar = Panel.niceStep(longest / 2.5); // at most this long; all trials have the same scale
            bar = Panel.niceStep(longest / 2) <= longest ? Panel.niceStep(longest / 2) : bar;
            panel.scaleBar(
                    0.97 * t.steps() * t.dtMs(),
                    scale * bar,
                    count + 0.55,
                    "Δh = " + Panel.numbers(bar, bar).format(bar));
        }
        for (TrialPart part : byType(t) ? List.<TrialPart>of() : t.parts().get(trial)) {
            panel.strip(
                    part.from() * t.dtMs(),
                    part.to() * t.dtMs(),
                    style(part.name()).color());
        }
        return panel;
    }

    private static Panel timePanel(Trajectories t, String label) {
        return new Panel("time (ms)", label).xRange(0, t.steps() * t.dtMs());
    }

    /** A panel over time in which the steps of a trial with weight 0 are shaded. */
    private static Panel timePanel(Trajectories t, String label, int trial) {
        Panel panel = timePanel(t, label);
        for (int from = 0; from < t.steps(); ) {
            int to = sameMask(t, trial, from, t.steps());
            if (t.masked(trial, from)) {
                panel.shade(from * t.dtMs(), to * t.dtMs(), Style.MASKED);
            }
            from = to;
        }
        return panel;
    }

    /** The end of the steps that are masked like the first one, at most a last one. */
    private static int sameMask(Trajectories t, int trial, int from, int last) {
        int to = from + 1;
        while (to < last && t.masked(trial, to) == t.masked(trial, from)) {
            to++;
        }
        return to;
    }

    /** The legend's entry for masked steps, if there are any. */
    static List<SeriesStyle> maskStyles(Trajectories t) {
        for (int i = 0; i < t.trials() * t.steps(); i++) {
            if (t.masked(i / t.steps(), i % t.steps())) {
                return List.of(MASKED);
            }
        }
        return List.of();
    }

    /** The ends of a trial's own steps, in ms: nothing is drawn in the padding. */
    private static double[] times(Trajectories t, int trial) {
        double[] times = new double[t.steps(trial)];
        for (int k = 0; k < times.length; k++) {
            times[k] = (k + 1) * t.dtMs();
        }
        return times;
    }

    private static double[] channel(double[] all, Trajectories t, int trial, int channel, int channels) {
        double[] values = new double[t.steps(trial)];
        for (int k = 0; k < values.length; k++) {
            values[k] = all[(trial * t.steps() + k) * channels + channel];
        }
        return values;
    }

    /** The style of a part of a trial. */
    static SeriesStyle style(String part) {
        return switch (part) {
            case TrialPart.BEFORE -> SeriesStyle.line(part, Style.GREY, 0.6);
            case TrialPart.STIMULUS -> SeriesStyle.line(part, Style.VERMILLION, 1.5);
            case TrialPart.GAP -> SeriesStyle.line(part, Style.SKY, 1.1, 2.2f, 0.9f);
            case TrialPart.RESPONSE -> SeriesStyle.line(part, Style.BLACK, 0.65);
            case TrialPart.AFTER -> SeriesStyle.line(part, Style.GREEN, 0.7, 1f, 0.8f);
            default -> {
                SeriesStyle other = OTHER_PARTS[Math.floorMod(part.hashCode(), OTHER_PARTS.length)];
                yield new SeriesStyle(part, other.color(), other.stroke(), null, false);
            }
        };
    }

    /** Whether trials have no parts, like those from a file: then their paths are distinguished by type. */
    static boolean byType(Trajectories t) {
        return t.parts().stream().allMatch(parts -> parts.size() <= 1);
    }

    /** The styles of the paths of several trials, for a legend. */
    static List<SeriesStyle> pathStyles(Trajectories t) {
        List<SeriesStyle> styles = new ArrayList<>();
        if (byType(t)) {
            styles.add(SeriesStyle.words("trial types:"));
            t.types().stream().distinct().forEach(type -> styles.add(typeStyle(t, type)));
        } else {
            styles.addAll(partStyles(t));
        }
        if (!maskStyles(t).isEmpty()) {
            styles.add(SeriesStyle.line("not scored (masked)", Style.GREY, 0.5, 1f, 1.4f));
        }
        return styles;
    }

    /** The styles of the parts of all trials, for a legend; none if trials have only one part. */
    static List<SeriesStyle> partStyles(Trajectories t) {
        return partStyles(t, IntStream.range(0, t.trials()).boxed().toList());
    }

    /** The styles of the parts of some trials. */
    static List<SeriesStyle> partStyles(Trajectories t, List<Integer> trials) {
        return byType(t)
                ? List.of()
                : trials.stream()
                        .flatMap(s -> t.parts().get(s).stream())
                        .sorted(Comparator.comparingInt(TrialPart::from))
                        .map(part -> style(part.name()))
                        .distinct()
                        .toList();
    }

    private static SeriesStyle typeStyle(Trajectories t, String type) {
        int k = t.types().stream().distinct().toList().indexOf(type);
        int round = k / TYPE_COLORS.length;
        return SeriesStyle.line(
                Printable.name(type),
                TYPE_COLORS[k % TYPE_COLORS.length],
                0.65,
                round == 0 ? new float[0] : new float[] {1 + 2f * round, 1.2f});
    }

    /** A piece of a trial's path with one style. */
    private record Stretch(int from, int to, SeriesStyle style) {}

    /**
     * The path of a trial in pieces: its parts, and the masked stretches of these.
     *
     * @param alone whether the panel has no other trial from which it must be distinguished
     */
    private static List<Stretch> stretches(Trajectories t, int trial, boolean alone) {
        List<Stretch> stretches = new ArrayList<>();
        for (TrialPart part : t.parts().get(trial)) {
            SeriesStyle style = !byType(t)
                    ? style(part.name())
                    : alone ? style(TrialPart.RESPONSE) : typeStyle(t, t.types().get(trial));
            int end = Math.min(part.to(), t.steps(trial));
            for (int from = part.from(); from < end; ) {
                int to = sameMask(t, trial, from, end);
                BasicStroke thin = Style.stroke(0.45, 1f, 1.4f);
                stretches.add(new Stretch(
                        from,
                        to,
                        t.masked(trial, from) ? new SeriesStyle("", style.color(), thin, null, false) : style));
                from = to;
            }
        }
        return stretches;
    }

    /**
     * Trajectories of some trials in the plane of two components (counted from 0), each type named at the end of its
     * path.
     */
    static Panel plane(Trajectories t, Pca pca, List<Integer> trials, int a, int b) {
        Panel panel = new Panel(axisName(pca, a), axisName(pca, b));
        for (int s = 0; s < t.trials(); s++) {
            double[] x = component(t, pca, s, a);
            double[] y = component(t, pca, s, b);
            addTrial(panel, t, s, x, y, trials);
        }
        return panel;
    }

    /** For a network of one unit: its only component over time. */
    static Panel overTime(Trajectories t, Pca pca, List<Integer> trials) {
        Panel panel = timePanel(t, axisName(pca, 0));
        for (int s = 0; s < t.trials(); s++) {
            addTrial(panel, t, s, times(t, s), component(t, pca, s, 0), trials);
        }
        return panel;
    }

    /**
     * Extends a panel's range to a trial, so that panels of different trials have the same axes, and draws the trial if
     * it is among the given ones.
     */
    private static void addTrial(Panel panel, Trajectories t, int trial, double[] x, double[] y, List<Integer> trials) {
        for (int k = 0; k < x.length; k++) {
            panel.include(x[k], y[k]);
        }
        if (!trials.contains(trial)) {
            return;
        }
        for (Stretch stretch : stretches(t, trial, trials.size() == 1)) {
            panel.add(piece(x, stretch), piece(y, stretch), stretch.style);
        }
        panel.add(last(x), last(y), END);
        // If types have colours, the legend names them.
        if (!byType(t) && trials.size() > 1 && trials.size() <= MOST_LABELS) {
            panel.label(last(x)[0], last(y)[0], Printable.name(t.types().get(trial)));
        }
    }

    /** The trajectory of a trial in the first three components; in fewer dimensions, if the network has fewer. */
    static Figure.Drawing space(Trajectories t, Pca pca, int trial) {
        if (pca.kept() == 2) {
            return plane(t, pca, List.of(trial), 0, 1);
        }
        if (pca.kept() == 1) {
            return overTime(t, pca, List.of(trial));
        }
        Projection view = new Projection(axisName(pca, 0), axisName(pca, 1), axisName(pca, 2));
        for (int s = 0; s < t.trials(); s++) {
            double[] x = component(t, pca, s, 0);
            double[] y = component(t, pca, s, 1);
            double[] z = component(t, pca, s, 2);
            for (int k = 0; k < x.length; k++) {
                view.include(x[k], y[k], z[k]);
            }
            if (s == trial) {
                for (Stretch stretch : stretches(t, trial, true)) {
                    view.add(piece(x, stretch), piece(y, stretch), piece(z, stretch), stretch.style);
                }
                view.add(last(x), last(y), last(z), END);
            }
        }
        return view;
    }

    private static String axisName(Pca pca, int k) {
        double percent = 100 * pca.explained()[k];
        return "PC " + (k + 1) + " (" + Style.fixed(percent, percent < 10 ? 1 : 0) + " %)";
    }

    private static double[] component(Trajectories t, Pca pca, int trial, int k) {
        double[] values = new double[t.steps(trial)];
        for (int i = 0; i < values.length; i++) {
            values[i] = pca.projection()[(trial * t.steps() + i) * pca.kept() + k];
        }
        return values;
    }

    /** A piece of a path, with the point before it so that pieces join. */
    private static double[] piece(double[] values, Stretch stretch) {
        return Arrays.copyOfRange(values, Math.max(0, stretch.from - 1), stretch.to);
    }

    private static double[] last(double[] values) {
        return new double[] {values[values.length - 1]};
    }

    /** The share of the variance that each of the first components explains, and the cumulative sum. */
    static Panel explained(Pca pca) {
        int count = Math.min(10, pca.units());
        double[] x = new double[count];
        double[] share = new double[count];
        double[] sum = new double[count];
        for (int k = 0; k < count; k++) {
            x[k] = k + 1;
            share[k] = 100 * pca.explained()[k];
            sum[k] = share[k] + (k > 0 ? sum[k - 1] : 0);
        }
        SeriesStyle together = new SeriesStyle("together", Style.BLACK, Style.stroke(0.8), Style.circle(2.6), true);
        return new Panel("principal component", "variance (%)")
                .bars(x, share, 0.8, bars("each", Style.SKY))
                .add(x, sum, together)
                .wholeX()
                .xRange(0.4, count + 0.6)
                .yRange(0, 106);
    }

    /**
     * Fixed and slow points among the trajectories, in the plane of two components (counted from 0). For a network of
     * one unit its first output replaces the second component.
     *
     * @param withOutputs whether labels of stable points have their outputs too, not only their numbers
     */
    static Panel fixedPoints(Trajectories t, Pca pca, FixedPoints points, int a, int b, boolean withOutputs) {
        boolean flat = pca.kept() > 1;
        Panel panel = new Panel(axisName(pca, a), flat ? axisName(pca, b) : t.outputs() == 1 ? "output" : "output 0");
        for (int s = 0; s < t.trials(); s++) {
            double[] y = flat ? component(t, pca, s, b) : channel(t.y(), t, s, 0, t.outputs());
            panel.add(component(t, pca, s, a), y, PATHS);
        }
        for (FixedPoints.SlowPoint point : points.slow()) {
            addPoint(panel, at(pca, point.state(), point.output(), a, b), SLOW, point.outlier());
        }
        long stable =
                points.points().stream().filter(p -> style(p).equals(STABLE)).count();
        int outliers = 0;
        for (int k = 0; k < points.points().size(); k++) {
            FixedPoints.Point point = points.points().get(k);
            outliers += point.outlier() ? 1 : 0;
            double[] at = at(pca, point.state(), point.output(), a, b);
            addPoint(panel, at, style(point), point.outlier());
            if (style(point).equals(STABLE) && !point.outlier()) {
                panel.label(at[0], at[1], state(k, point.output(), withOutputs && stable <= MOST_LABELS));
            }
        }
        return outliers == 0 ? panel : panel.title(outliers + " more, far from all trials");
    }

    /** The label of a stable state: its number, as in summary and tables, and all its outputs if they fit. */
    private static String state(int number, double[] output, boolean withOutputs) {
        return "#" + number + (output.length > 4 || !withOutputs ? "" : ": " + outputs(output));
    }

    /** Outputs in a few characters. */
    static String outputs(double[] output) {
        int decimals = output.length == 1 ? 2 : 1;
        String values = Arrays.stream(output)
                .mapToObj(value -> Style.fixed(value, decimals))
                .collect(Collectors.joining(", "));
        return output.length == 1 ? values : "(" + values + ")";
    }

    private static SeriesStyle style(FixedPoints.Point point) {
        return point.multipliers().isEmpty()
                ? UNKNOWN
                : point.multipliers().get().unstable() > 0 ? UNSTABLE : STABLE;
    }

    private static double[] at(Pca pca, double[] state, double[] output, int a, int b) {
        double[] at = pca.project(state);
        return new double[] {at[a], pca.kept() > 1 ? at[b] : output[0]};
    }

    private static void addPoint(Panel panel, double[] at, SeriesStyle style, boolean outlier) {
        if (!outlier) {
            panel.add(new double[] {at[0]}, new double[] {at[1]}, style);
        }
    }
}
