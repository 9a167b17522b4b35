package attractor.figure;

import attractor.analysis.FixedPoints;
import attractor.analysis.Multipliers;
import attractor.analysis.Pca;
import attractor.analysis.Spectrum;
import attractor.analysis.Trajectories;
import attractor.analysis.WeightStatistics;
import attractor.task.TrialPart;
import java.awt.Color;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The panels that figures are made of, each showing one result of an analysis. */
final class Panels {
    /** As many units' activity as the paper shows. */
    static final int UNITS = 25;

    static final Look LEADING = Look.points("leading", Style.VERMILLION, Style.circle(5.8), false);
    private static final Look UNIT_CIRCLE = Look.line("", Style.FRAME, 0.6, 2.5f, 1.5f);
    static final Look STABLE = Look.points("stable", Style.BLACK, Style.circle(4.6), true);
    static final Look UNSTABLE = Look.points("unstable", Style.VERMILLION, Style.circle(4.6), false);
    static final Look UNKNOWN = Look.points("stability not computed", Style.BLUE, Style.square(3.6), false);
    static final Look SLOW = Look.points("slow point", Style.BLUE, Style.diamond(1.9), true);
    private static final Look END = Look.points("", Style.BLACK, Style.circle(2.7), true);
    private static final Look PATHS = Look.line("trials", new Color(0xBBBBBB), 0.5);

    private static final Look TARGET = Look.line("target", Style.VERMILLION, 1.5, 3.2f, 1.8f);
    private static final Look OUTPUT = Look.line("output", Style.BLACK, 0.9);
    private static final Color[] INPUT_COLORS = {Style.BLUE, Style.ORANGE, Style.SKY, Style.GREY};
    private static final Color[] OUTPUT_COLORS = {Style.BLACK, Style.VERMILLION, Style.GREEN, Style.PURPLE};
    private static final Look[] OTHER_PARTS = {
        Look.line("", Style.BLUE, 1), Look.line("", Style.ORANGE, 1.8), Look.line("", Style.PURPLE, 1.2, 3, 1)
    };
    private static final int CIRCLE_POINTS = 180;

    private Panels() {}

    /** Eigenvalues of a network of so many units before training. */
    static Look before(int units) {
        return Look.points("before training", Style.GREY, Style.circle(3.6 * size(units)), false);
    }

    /** The same after training. */
    static Look after(int units) {
        return Look.points("after", Style.BLUE, Style.circle(3.4 * size(units)), true);
    }

    /** Many eigenvalues need small markers. */
    private static double size(int units) {
        return Math.max(0.4, Math.min(1, Math.sqrt(100.0 / units)));
    }

    /** Eigenvalues in the complex plane, with the frequency of the leading ones that turn. */
    static Panel eigenvalues(Optional<Spectrum> before, Optional<Spectrum> after, int marked) {
        Panel panel = complexPlane("λ");
        before.ifPresent(s -> panel.add(s.re(), s.im(), before(s.size())));
        after.ifPresent(s -> panel.add(s.re(), s.im(), after(s.size())));
        after.ifPresent(s -> {
            for (Spectrum.Mode mode : s.leading(marked)) {
                double[] pair = mode.im() == 0 ? new double[] {mode.re()} : new double[] {mode.re(), mode.re()};
                panel.add(pair, mode.im() == 0 ? new double[1] : new double[] {mode.im(), -mode.im()}, LEADING);
                String text = mode.im() == 0 && mode.re() >= 0
                        ? Style.fixed(mode.re(), 2)
                        : Style.fixed(mode.frequencyHz(), mode.frequencyHz() < 10 ? 1 : 0) + " Hz";
                panel.label(mode.re(), mode.im(), text);
            }
        });
        return panel;
    }

    /** Eigenvalues of the Jacobian: stable ones filled. */
    static Panel multipliers(Multipliers mu, String title) {
        Panel panel = complexPlane("μ").title(title);
        int unstable = mu.unstable();
        double[][] inside = new double[2][mu.size() - unstable];
        double[][] outside = new double[2][unstable];
        // By decreasing modulus.
        for (int i = 0; i < mu.size(); i++) {
            double[][] to = i < unstable ? outside : inside;
            int k = i < unstable ? i : i - unstable;
            to[0][k] = mu.re()[i];
            to[1][k] = mu.im()[i];
        }
        Look stable = Look.points("decays", Style.BLACK, Style.circle(3.2 * size(mu.size())), true);
        Look growing = Look.points("grows", Style.VERMILLION, Style.circle(3.6 * size(mu.size())), false);
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

    /** Histogram of the recurrent weights with the normal density of their mean and standard deviation. */
    static Panel weights(double[] weights, WeightStatistics fit) {
        Panel panel = new Panel("recurrent weight", "density");
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (double w : weights) {
            low = Math.min(low, w);
            high = Math.max(high, w);
        }
        int count = (int) Math.max(5, Math.min(50, Math.round(Math.sqrt(weights.length))));
        double width = high > low ? (high - low) / count : 1;
        double[] x = new double[count];
        double[] density = new double[count];
        for (int k = 0; k < count; k++) {
            x[k] = (high > low ? low : low - count / 2.0) + (k + 0.5) * width;
        }
        for (double w : weights) {
            int k = high > low ? (int) Math.min(count - 1, (w - low) / width) : count / 2;
            density[k] += 1 / (width * weights.length);
        }
        String moments = "mean " + Style.fixed(fit.mean(), 3) + ", sd " + Style.fixed(fit.sd(), 3);
        panel.bars(x, density, width, bars("weights", new Color(0xA9CFE8))).title(moments);
        if (fit.sd() > 0) {
            int points = 121;
            double from = Math.min(low, fit.mean() - 3.2 * fit.sd());
            double to = Math.max(high, fit.mean() + 3.2 * fit.sd());
            double[] at = new double[points];
            double[] normal = new double[points];
            for (int i = 0; i < points; i++) {
                at[i] = from + (to - from) * i / (points - 1);
                double z = (at[i] - fit.mean()) / fit.sd();
                normal[i] = Math.exp(-z * z / 2) / (fit.sd() * Math.sqrt(2 * Math.PI));
            }
            panel.add(at, normal, Look.line("normal fit", Style.VERMILLION, 1));
        }
        return panel;
    }

    private static Look bars(String name, Color color) {
        return Look.points(name, color, Style.square(5.5), true);
    }

    /** Inputs over time, between the same axes for all trials. */
    static Panel inputs(Trajectories t, int trial) {
        Panel panel = timePanel(t, "input");
        includeAll(panel, t.x());
        for (int i = 0; i < t.inputs(); i++) {
            String name = t.inputs() == 1 ? "input" : "input " + i;
            Color color = INPUT_COLORS[i % INPUT_COLORS.length];
            panel.add(times(t), channel(t.x(), t, trial, i, t.inputs()), Look.line(name, color, 0.7, round(i)));
        }
        return panel;
    }

    /** Targets and outputs over time, between the same axes for all trials. */
    static Panel outputs(Trajectories t, int trial) {
        Panel panel = timePanel(t, "output");
        addOutputs(panel, t, trial);
        return panel;
    }

    /** Inputs, targets and outputs between the same axes. */
    static Panel response(Trajectories t, int trial) {
        Panel panel = inputs(t, trial).yLabel("signal");
        addOutputs(panel, t, trial);
        return panel;
    }

    private static void includeAll(Panel panel, double[] values) {
        for (double value : values) {
            if (Double.isFinite(value)) {
                panel.include(0, value);
            }
        }
    }

    private static void addOutputs(Panel panel, Trajectories t, int trial) {
        includeAll(panel, t.target());
        includeAll(panel, t.y());
        for (int o = 0; o < t.outputs(); o++) {
            String number = t.outputs() == 1 ? "" : " " + o;
            Look target = t.outputs() == 1 ? TARGET : Look.line("target" + number, outputColor(o), 1.5, 1.2f, 1.8f);
            Look output = t.outputs() == 1 ? OUTPUT : Look.line("output" + number, outputColor(o), 0.9, round(o));
            panel.add(times(t), channel(t.target(), t, trial, o, t.outputs()), target);
            panel.add(times(t), channel(t.y(), t, trial, o, t.outputs()), output);
        }
    }

    /** Where there are more channels than colours, dashes tell the second and later rounds. */
    private static float[] round(int channel) {
        int round = channel / INPUT_COLORS.length;
        return round == 0 ? new float[0] : new float[] {4, 1.2f * round};
    }

    private static Color outputColor(int o) {
        return OUTPUT_COLORS[o % OUTPUT_COLORS.length];
    }

    /** Activity of the first units over time, one above the other, and above them the parts of the trial. */
    static Panel units(Trajectories t, int trial) {
        int count = Math.min(UNITS, t.units());
        Panel panel = timePanel(t, count < t.units() ? "unit (" + count + " of " + t.units() + ")" : "unit");
        double largest = 0;
        for (int i = 0; i < count; i++) {
            for (double h : channel(t.h(), t, trial, i, t.units())) {
                largest = Double.isFinite(h) ? Math.max(largest, Math.abs(h)) : largest;
            }
        }
        double scale = largest > 0 ? 0.9 / largest : 1;
        for (int i = 0; i < count; i++) {
            double[] h = channel(t.h(), t, trial, i, t.units());
            for (int k = 0; k < h.length; k++) {
                h[k] = i + 1 + scale * h[k];
            }
            panel.add(times(t), h, Look.line("", i % 2 == 0 ? Style.BLACK : Style.BLUE, 0.5));
        }
        panel.wholeY().yRange(0.05, 1.06 * count + 1); // unit 0 doesn't exist
        for (TrialPart part : t.parts()) {
            panel.strip(
                    part.from() * t.dtMs(),
                    part.to() * t.dtMs(),
                    look(part.name()).color());
        }
        return panel;
    }

    private static Panel timePanel(Trajectories t, String label) {
        return new Panel("time (ms)", label).xRange(0, t.steps() * t.dtMs());
    }

    private static double[] times(Trajectories t) {
        double[] times = new double[t.steps()];
        for (int k = 0; k < times.length; k++) {
            times[k] = (k + 1) * t.dtMs();
        }
        return times;
    }

    private static double[] channel(double[] all, Trajectories t, int trial, int channel, int channels) {
        double[] values = new double[t.steps()];
        for (int k = 0; k < values.length; k++) {
            values[k] = all[(trial * t.steps() + k) * channels + channel];
        }
        return values;
    }

    /** What a part of a trial looks like. */
    static Look look(String part) {
        return switch (part) {
            case TrialPart.BEFORE -> Look.line(part, Style.GREY, 0.6);
            case TrialPart.STIMULUS -> Look.line(part, Style.VERMILLION, 1.5);
            case TrialPart.GAP -> Look.line(part, Style.SKY, 1.1, 2.2f, 0.9f);
            case TrialPart.RESPONSE -> Look.line(part, Style.BLACK, 0.65);
            case TrialPart.AFTER -> Look.line(part, Style.GREEN, 0.7, 1f, 0.8f);
            default -> {
                Look other = OTHER_PARTS[Math.floorMod(part.hashCode(), OTHER_PARTS.length)];
                yield new Look(part, other.color(), other.stroke(), null, false);
            }
        };
    }

    /** The looks of a trial's parts, for a legend. */
    static List<Look> partLooks(Trajectories t) {
        return t.parts().stream().map(part -> look(part.name())).toList();
    }

    /** Trajectories of some trials in the plane of two components (counted from 0), each type named where it ends. */
    static Panel plane(Trajectories t, Pca pca, List<Integer> trials, int a, int b) {
        Panel panel = new Panel(axisName(pca, a), axisName(pca, b));
        for (int s = 0; s < t.trials(); s++) {
            double[] x = component(t, pca, s, a);
            double[] y = component(t, pca, s, b);
            addTrial(panel, t, s, x, y, trials);
        }
        return panel;
    }

    /** Of a network of one unit: its only component over time. */
    static Panel overTime(Trajectories t, Pca pca, List<Integer> trials) {
        Panel panel = timePanel(t, axisName(pca, 0));
        for (int s = 0; s < t.trials(); s++) {
            addTrial(panel, t, s, times(t), component(t, pca, s, 0), trials);
        }
        return panel;
    }

    /** Makes room for a trial, so that panels of different trials have the same axes, and draws it if it is one of some. */
    private static void addTrial(Panel panel, Trajectories t, int trial, double[] x, double[] y, List<Integer> trials) {
        for (int k = 0; k < x.length; k++) {
            panel.include(x[k], y[k]);
        }
        if (!trials.contains(trial)) {
            return;
        }
        for (TrialPart part : t.parts()) {
            panel.add(stretch(x, part), stretch(y, part), look(part.name()));
        }
        panel.add(last(x), last(y), END);
        if (trials.size() > 1) {
            panel.label(last(x)[0], last(y)[0], t.types().get(trial));
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
                for (TrialPart part : t.parts()) {
                    view.add(stretch(x, part), stretch(y, part), stretch(z, part), look(part.name()));
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
        double[] values = new double[t.steps()];
        for (int i = 0; i < values.length; i++) {
            values[i] = pca.projection()[(trial * t.steps() + i) * pca.kept() + k];
        }
        return values;
    }

    /** A part, and the point before it so that parts join. */
    private static double[] stretch(double[] values, TrialPart part) {
        int from = Math.max(0, part.from() - 1);
        return Arrays.copyOfRange(values, from, Math.min(part.to(), values.length));
    }

    private static double[] last(double[] values) {
        return new double[] {values[values.length - 1]};
    }

    /** Share of the variance that each of the first components explains, and the sum up to it. */
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
        Look together = new Look("together", Style.BLACK, Style.stroke(0.8), Style.circle(2.6), true);
        return new Panel("principal component", "variance (%)")
                .bars(x, share, 0.8, bars("each", Style.SKY))
                .add(x, sum, together)
                .wholeX()
                .xRange(0.4, count + 0.6)
                .yRange(0, 106);
    }

    /** Fixed and slow points among the trajectories, in the plane of the first two components. */
    static Panel fixedPoints(Trajectories t, Pca pca, FixedPoints points) {
        boolean flat = pca.kept() > 1;
        Panel panel = new Panel(axisName(pca, 0), flat ? axisName(pca, 1) : "output 0");
        for (int s = 0; s < t.trials(); s++) {
            double[] y = flat ? component(t, pca, s, 1) : channel(t.y(), t, s, 0, t.outputs());
            panel.add(component(t, pca, s, 0), y, PATHS);
        }
        for (FixedPoints.SlowPoint point : points.slow()) {
            addPoint(panel, pca, point.state(), point.output(), SLOW, point.outlier());
        }
        int outliers = 0;
        for (FixedPoints.Point point : points.points()) {
            outliers += point.outlier() ? 1 : 0;
            Look look = point.multipliers().isEmpty()
                    ? UNKNOWN
                    : point.multipliers().get().unstable() > 0 ? UNSTABLE : STABLE;
            double[] at = addPoint(panel, pca, point.state(), point.output(), look, point.outlier());
            if (look.equals(STABLE) && !point.outlier()) {
                panel.label(at[0], at[1], "output " + Style.fixed(point.output()[0], 2));
            }
        }
        return outliers == 0 ? panel : panel.title(outliers + " more, far from all trials");
    }

    private static double[] addPoint(
            Panel panel, Pca pca, double[] state, double[] output, Look look, boolean outlier) {
        double[] at = pca.project(state);
        double y = pca.kept() > 1 ? at[1] : output[0];
        if (!outlier) {
            panel.add(new double[] {at[0]}, new double[] {y}, look);
        }
        return new double[] {at[0], y};
    }
}
