package attractor.figure;

import attractor.statistics.Interval;
import attractor.statistics.LogisticRegression;
import attractor.statistics.Proportion;
import attractor.study.KickSummary;
import attractor.study.MemorySummary;
import attractor.study.SuccessSummary;
import attractor.task.TaskOptions;
import java.awt.Color;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The figures of studies of many networks. */
public final class StudyFigures {
    private static final Color[] COLORS = {Style.BLUE, Style.ORANGE, Style.GREEN, Style.PURPLE};
    /** From early to late. */
    private static final Color[] ONSET_COLORS = {
        new Color(0x440154), new Color(0x3B528B), new Color(0x21918C), new Color(0x5EC962)
    };

    private static final int CURVE_POINTS = 121;

    /** Height of a row of spectra. */
    private static final double SPECTRUM_MM = 45;

    private StudyFigures() {}

    /**
     * Rates of success with their intervals, by task, one row per kind of initial weights; published rates beside them.
     */
    public static Figure success(SuccessSummary summary) {
        Map<String, Map<String, Proportion>> ours = new LinkedHashMap<>();
        Map<String, Map<String, Proportion>> theirs = new LinkedHashMap<>();
        for (SuccessSummary.Cell cell : summary.cells()) {
            ours.computeIfAbsent(cell.init(), init -> new LinkedHashMap<>()).put(cell.task(), cell.successes());
            cell.published()
                    .ifPresent(p -> theirs.computeIfAbsent(cell.init(), init -> new LinkedHashMap<>())
                            .put(cell.task(), p));
        }
        return shares("networks that pass (%)", ours, theirs);
    }

    /**
     * Rates of networks that pass against the bound on the error, one panel per task. Published rates are horizontal
     * lines; they are for a single bound, which may not be known.
     */
    public static Figure bounds(SuccessSummary summary) {
        List<String> tasks = summary.cells().stream()
                .map(SuccessSummary.Cell::task)
                .distinct()
                .toList();
        List<String> inits = summary.cells().stream()
                .map(SuccessSummary.Cell::init)
                .distinct()
                .toList();
        double end = Math.max(0.5, 1.25 * summary.criterion().maxRmse());
        List<Panel> panels = new ArrayList<>();
        for (String task : tasks) {
            Panel panel = new Panel("largest RMSE that passes", "pass (%)")
                    .title(task)
                    .xRange(0, end)
                    .yRange(-3, 103);
            double bound = summary.criterion().maxRmse();
            panel.add(
                    new double[] {bound, bound},
                    new double[] {-3, 103},
                    SeriesStyle.line("the bound in use", Style.FRAME, 0.7, 2.5f, 1.5f));
            for (SuccessSummary.Cell cell : summary.cells()) {
                if (cell.task().equals(task)) {
                    Color color = COLORS[inits.indexOf(cell.init()) % COLORS.length];
                    double[][] steps = steps(cell, end);
                    panel.add(steps[0], steps[1], SeriesStyle.line(cell.init(), color, 1));
                    cell.published().ifPresent(p -> {
                        double rate = 100 * p.rate();
                        panel.add(
                                new double[] {0, end},
                                new double[] {rate, rate},
                                SeriesStyle.line(cell.init() + ", published", color, 0.6, 1.2f, 1.4f));
                    });
                }
            }
            panels.add(panel);
        }
        int columns = Math.min(4, panels.size());
        int rows = (panels.size() + columns - 1) / columns;
        return new Figure(Figure.DOUBLE_MM, 14 + 42 * rows, (g, area) -> {
                    List<SeriesStyle> styles = new ArrayList<>();
                    panels.forEach(panel -> styles.addAll(panel.styles()));
                    Rectangle2D rest = Layout.header(g, area, "", styles);
                    for (int k = 0; k < panels.size(); k++) {
                        panels.get(k).draw(g, Layout.cell(rest, columns, rows, k % columns, k / columns));
                    }
                })
                .of(panels);
    }

    /** The rate of networks that pass, as a step function of the bound. */
    private static double[][] steps(SuccessSummary.Cell cell, double end) {
        List<Double> needed =
                cell.needed().stream().filter(bound -> bound <= end).toList();
        double[] x = new double[2 * needed.size() + 2];
        double[] y = new double[x.length];
        for (int k = 0; k < needed.size(); k++) {
            x[2 * k + 1] = needed.get(k);
            x[2 * k + 2] = needed.get(k);
            y[2 * k + 1] = 100.0 * k / cell.needed().size();
            y[2 * k + 2] = 100.0 * (k + 1) / cell.needed().size();
        }
        x[x.length - 1] = end;
        y[y.length - 1] = 100.0 * needed.size() / cell.needed().size();
        return new double[][] {x, y};
    }

    /**
     * Distance, and rate of success, against the delay or the number of units: figure 13.
     *
     * @param published published distances; may be empty
     */
    public static Figure memory(MemorySummary study, List<MemorySummary.Published> published) {
        Panel distances = distances(study, published);
        Panel rates = rates(study);
        List<SeriesStyle> styles = new ArrayList<>(distances.styles());
        styles.add(
                new SeriesStyle("only networks that pass", Style.FRAME, Style.stroke(0.5), Style.circle(3.4), false));
        styles.add(SeriesStyle.line("silent network", Style.FRAME, 0.8, 2.5f, 1.5f));
        return new Figure(Figure.DOUBLE_MM, 78, (g, area) -> {
                    Rectangle2D left = Layout.cell(area, 2, 1, 0, 0);
                    Rectangle2D right = Layout.cell(area, 2, 1, 1, 0);
                    Rectangle2D below = Layout.header(g, left, "", styles);
                    distances.draw(g, below);
                    Layout.header(g, right, "", rates.styles());
                    rates.draw(
                            g,
                            new Rectangle2D.Double(
                                    right.getX(), below.getY(), right.getWidth() - 2, below.getHeight()));
                })
                .of(List.of(distances, rates));
    }

    private static String axis(String variable) {
        return variable.equals(TaskOptions.DELAY_MS) ? "delay (ms)" : "units";
    }

    private static Panel distances(MemorySummary study, List<MemorySummary.Published> published) {
        Panel panel = new Panel(axis(study.variable()), "distance").title("mean ± standard error over networks");
        panel.include(study.points().isEmpty() ? 0 : study.points().get(0).x(), 0);
        List<String> conventions = study.points().stream()
                .map(MemorySummary.Point::convention)
                .distinct()
                .toList();
        for (int k = 0; k < conventions.size(); k++) {
            List<double[]> ours = new ArrayList<>();
            for (MemorySummary.Point point : study.points()) {
                if (point.convention().equals(conventions.get(k))) {
                    double mean = point.distance().mean();
                    double error =
                            point.distance().count() > 1 ? point.distance().standardError() : 0;
                    double passing = point.passing().mean();
                    ours.add(new double[] {point.x(), mean, mean - error, mean + error, point.silent(), passing});
                }
            }
            Color color = COLORS[k % COLORS.length];
            bars(panel, column(ours, 0), column(ours, 2), column(ours, 3), color);
            panel.add(
                    column(ours, 0),
                    column(ours, 1),
                    new SeriesStyle(words(conventions.get(k)), color, Style.stroke(0.8), Style.circle(3.4), true));
            // One legend entry for all colours explains these two.
            panel.add(
                    column(ours, 0),
                    column(ours, 5),
                    new SeriesStyle("", color, Style.stroke(0.5), Style.circle(3.4), false));
            panel.add(column(ours, 0), column(ours, 4), SeriesStyle.line("", color, 0.8, 2.5f, 1.5f));
        }
        if (!published.isEmpty()) {
            double[] x =
                    published.stream().mapToDouble(MemorySummary.Published::x).toArray();
            double[] mean = published.stream()
                    .mapToDouble(MemorySummary.Published::distance)
                    .toArray();
            double[] low = published.stream()
                    .mapToDouble(p -> p.distance() - p.error())
                    .toArray();
            double[] high = published.stream()
                    .mapToDouble(p -> p.distance() + p.error())
                    .toArray();
            bars(panel, x, low, high, Style.GREY);
            panel.add(x, mean, SeriesStyle.points("published values", Style.GREY, Style.square(3.2), false));
        }
        return panel;
    }

    private static String words(String convention) {
        return switch (convention) {
            case "clean" -> "clean targets";
            case "published" -> "targets with noise and baseline";
            default -> convention;
        };
    }

    private static Panel rates(MemorySummary study) {
        List<double[]> rates = new ArrayList<>();
        for (MemorySummary.Success success : study.successes()) {
            Interval wilson = success.proportion().wilson();
            rates.add(new double[] {
                success.x(), 100 * success.proportion().rate(), 100 * wilson.low(), 100 * wilson.high()
            });
        }
        Panel panel = new Panel(axis(study.variable()), "networks that pass (%)").yRange(-3, 103);
        bars(panel, column(rates, 0), column(rates, 2), column(rates, 3), Style.BLACK);
        panel.add(
                column(rates, 0),
                column(rates, 1),
                SeriesStyle.points("rate with 95 % interval", Style.BLACK, Style.circle(3.4), true));
        study.regression()
                .filter(f -> f.outcome() == LogisticRegression.Outcome.FITTED)
                .ifPresent(fit -> {
                    double[] x = new double[CURVE_POINTS];
                    double[] y = new double[CURVE_POINTS];
                    for (int i = 0; i < CURVE_POINTS; i++) {
                        x[i] = fit.lowest() + (fit.highest() - fit.lowest()) * i / (CURVE_POINTS - 1);
                        y[i] = 100 * fit.probability(x[i]);
                    }
                    panel.add(x, y, SeriesStyle.line("logistic regression", Style.VERMILLION, 1));
                    if (fit.crossesWithinRange()) {
                        panel.title("50 % at " + Style.fixed(fit.crossing(), 0));
                    }
                });
        return panel;
    }

    private static double[] twice(double[] re) {
        double[] both = Arrays.copyOf(re, 2 * re.length);
        System.arraycopy(re, 0, both, re.length, re.length);
        return both;
    }

    private static double[] mirrored(double[] im) {
        double[] both = Arrays.copyOf(im, 2 * im.length);
        for (int k = 0; k < im.length; k++) {
            both[im.length + k] = -im[k];
        }
        return both;
    }

    /** Vertical bars from low to high, in one series with gaps. */
    private static void bars(Panel panel, double[] x, double[] low, double[] high, Color color) {
        double[] xs = new double[3 * x.length];
        double[] ys = new double[3 * x.length];
        for (int i = 0; i < x.length; i++) {
            xs[3 * i] = x[i];
            xs[3 * i + 1] = x[i];
            xs[3 * i + 2] = Double.NaN;
            ys[3 * i] = low[i];
            ys[3 * i + 1] = high[i];
            ys[3 * i + 2] = Double.NaN;
        }
        panel.add(xs, ys, SeriesStyle.line("", color, 0.7));
    }

    private static double[] column(List<double[]> rows, int k) {
        return rows.stream().mapToDouble(row -> row[k]).toArray();
    }

    /** The source of a curve of a damage study. */
    public enum Source {
        /** Networks after the lesion. */
        LESION,
        /** Networks that lost as many connections at random. */
        CONTROL,
        /** Published values. */
        PUBLISHED
    }

    /**
     * Distances after lesions.
     *
     * @param lesion kind of lesion
     * @param type type of trial
     * @param points level, mean and standard deviation of each point
     */
    public record Curve(String lesion, String type, Source source, List<double[]> points) {}

    /**
     * Distance after lesions by their strength, one panel per kind of lesion: figure 14.
     *
     * @param panels title and axis by kind of lesion
     */
    public static Figure damage(Map<String, String[]> panels, List<Curve> curves) {
        List<String> types = curves.stream().map(Curve::type).distinct().toList();
        List<Panel> drawn = new ArrayList<>();
        panels.forEach((lesion, words) -> {
            Panel panel = new Panel(words[1], "distance").title(words[0]);
            panel.include(0, 0);
            for (Curve curve : curves) {
                if (!curve.lesion.equals(lesion)) {
                    continue;
                }
                int k = types.indexOf(curve.type);
                Color color = COLORS[k % COLORS.length];
                double[] x = column(curve.points, 0);
                double[] y = column(curve.points, 1);
                switch (curve.source) {
                    case CONTROL -> panel.add(x, y, SeriesStyle.line("control " + curve.type, color, 0.7, 2.2f, 1.4f));
                    case PUBLISHED ->
                        panel.add(x, y, SeriesStyle.points("published " + curve.type, color, Style.square(2.6), false));
                    case LESION -> {
                        bars(
                                panel,
                                x,
                                curve.points.stream()
                                        .mapToDouble(p -> Math.max(0, p[1] - p[2]))
                                        .toArray(),
                                curve.points.stream()
                                        .mapToDouble(p -> p[1] + p[2])
                                        .toArray(),
                                Style.LIGHT);
                        panel.add(x, y, new SeriesStyle(curve.type, color, Style.stroke(0.8), Style.circle(2.6), true));
                    }
                }
            }
            drawn.add(panel);
        });
        int columns = 3;
        int rows = (drawn.size() + columns - 1) / columns;
        return new Figure(Figure.DOUBLE_MM, 16 + 50 * rows, (g, area) -> {
                    List<SeriesStyle> styles = new ArrayList<>();
                    drawn.forEach(panel -> styles.addAll(panel.styles()));
                    styles.add(SeriesStyle.line("standard deviation over networks", Style.LIGHT, 0.7));
                    Rectangle2D rest = Layout.header(g, area, "", styles);
                    for (int k = 0; k < drawn.size(); k++) {
                        drawn.get(k).draw(g, Layout.cell(rest, columns, rows, k % columns, k / columns));
                    }
                })
                .of(drawn);
    }

    /**
     * Weights of all networks, and the sum of their normal fits.
     *
     * @param histogram a bin's ends, its count, and its count by the fit
     */
    public static Figure histogram(List<double[]> histogram) {
        double[] x = histogram.stream().mapToDouble(b -> (b[0] + b[1]) / 2).toArray();
        double width = histogram.get(0)[1] - histogram.get(0)[0];
        Panel panel = new Panel("recurrent weight", "connections")
                .bars(
                        x,
                        column(histogram, 2),
                        width,
                        SeriesStyle.points("weights", new Color(0xA9CFE8), Style.square(5.5), true))
                .add(x, column(histogram, 3), SeriesStyle.line("normal fits", Style.VERMILLION, 1));
        return new Figure(Figure.SINGLE_MM, 60, (g, area) -> panel.draw(g, Layout.header(g, area, "", panel.styles())))
                .of(List.of(panel));
    }

    /**
     * Distance against the stimulus's onset, and the outputs of one network: figure 12.
     *
     * @param distances onset, mean and standard error by trial type
     * @param traces times, targets and outputs by trial type and onset; may be empty
     */
    public static Figure shift(
            String title,
            double trainedMs,
            Map<String, List<double[]>> distances,
            Map<String, Map<Double, double[][]>> traces) {
        Panel panel = new Panel("onset of the stimulus (ms)", "distance").title("mean ± standard error over networks");
        List<String> types = List.copyOf(distances.keySet());
        double highest = 0;
        for (String type : types) {
            List<double[]> points = distances.get(type);
            Color color = COLORS[types.indexOf(type) % COLORS.length];
            double[] low = points.stream().mapToDouble(p -> p[1] - p[2]).toArray();
            double[] high = points.stream().mapToDouble(p -> p[1] + p[2]).toArray();
            for (double value : high) {
                highest = Math.max(highest, value);
            }
            bars(panel, column(points, 0), low, high, color);
            panel.add(
                    column(points, 0),
                    column(points, 1),
                    new SeriesStyle(type, color, Style.stroke(0.8), Style.circle(3.2), true));
        }
        panel.add(
                new double[] {trainedMs, trainedMs},
                new double[] {0, highest},
                SeriesStyle.line("onset in training", Style.FRAME, 0.7, 2.5f, 1.5f));
        List<Panel> rows = new ArrayList<>();
        traces.forEach((type, byOnset) -> {
            Panel outputs = new Panel("time (ms)", "output").title(type);
            // The same axis for all types, so that a small deviation looks small.
            traces.values()
                    .forEach(all -> all.values().forEach(trace -> {
                        for (int i = 0; i < trace[0].length; i++) {
                            outputs.include(trace[0][i], trace[1][i]);
                            outputs.include(trace[0][i], trace[2][i]);
                        }
                    }));
            List<Double> onsets = List.copyOf(byOnset.keySet());
            int every = Math.max(1, (onsets.size() + 3) / 4);
            for (int k = 0; k < onsets.size(); k += every) {
                double[][] trace = byOnset.get(onsets.get(k));
                Color color = ONSET_COLORS[k / every % ONSET_COLORS.length];
                outputs.add(trace[0], trace[1], SeriesStyle.line("", color, 0.6, 1.2f, 1.4f));
                outputs.add(
                        trace[0],
                        trace[2],
                        SeriesStyle.line("output, onset at " + Style.fixed(onsets.get(k), 0) + " ms", color, 0.9));
            }
            rows.add(outputs);
        });
        int columns = 2;
        int lines = (rows.size() + columns - 1) / columns;
        double topMm = 66;
        double lineMm = 45;
        return new Figure(Figure.DOUBLE_MM, topMm + (lines == 0 ? 0 : 8 + lineMm * lines), (g, area) -> {
                    double split = lines == 0 ? 1 : topMm / (topMm + 8 + lineMm * lines);
                    panel.draw(g, Layout.header(g, Layout.band(area, 0, split), title, panel.styles()));
                    if (lines > 0) {
                        List<SeriesStyle> styles = new ArrayList<>(rows.get(0).styles());
                        styles.add(SeriesStyle.words("dotted: target"));
                        Rectangle2D rest = Layout.header(g, Layout.band(area, split, 1), "", styles);
                        for (int k = 0; k < rows.size(); k++) {
                            rows.get(k).draw(g, Layout.cell(rest, columns, lines, k % columns, k / columns));
                        }
                    }
                })
                .of(Stream.concat(Stream.of(panel), rows.stream()).toList());
    }

    /** Rates with their intervals, by name, for one or more kinds of initial weights. */
    public static Figure shares(String axis, Map<String, Map<String, Proportion>> byInit) {
        return shares(axis, byInit, Map.of());
    }

    /** @param published rates to draw beside them, for some kinds of weights */
    private static Figure shares(
            String axis, Map<String, Map<String, Proportion>> byInit, Map<String, Map<String, Proportion>> published) {
        List<String> inits = List.copyOf(byInit.keySet());
        List<String> names = byInit.values().stream()
                .flatMap(shares -> shares.keySet().stream())
                .distinct()
                .toList();
        Panel panel = new Panel("", axis).yRange(-3, 103).xRange(-0.6, names.size() - 0.4);
        for (int k = 0; k < inits.size(); k++) {
            double shift = inits.size() == 1 ? 0 : -0.18 + 0.36 * k / (inits.size() - 1);
            List<double[]> points = new ArrayList<>();
            byInit.get(inits.get(k))
                    .forEach((name, share) -> points.add(new double[] {
                        names.indexOf(name) + shift,
                        100 * share.rate(),
                        100 * share.wilson().low(),
                        100 * share.wilson().high()
                    }));
            Color color = COLORS[k % COLORS.length];
            bars(panel, column(points, 0), column(points, 2), column(points, 3), color);
            panel.add(
                    column(points, 0),
                    column(points, 1),
                    SeriesStyle.points(inits.get(k), color, Style.circle(4.2), true));
            List<double[]> theirs = new ArrayList<>();
            published
                    .getOrDefault(inits.get(k), Map.of())
                    .forEach((name, share) ->
                            theirs.add(new double[] {names.indexOf(name) + shift + 0.1, 100 * share.rate()}));
            if (!theirs.isEmpty()) {
                panel.add(
                        column(theirs, 0),
                        column(theirs, 1),
                        SeriesStyle.points(inits.get(k) + ", published", color, Style.square(3.6), false));
            }
        }
        panel.xNames(names);
        return new Figure(Figure.DOUBLE_MM, 70, (g, area) -> panel.draw(g, Layout.header(g, area, "", panel.styles())))
                .of(List.of(panel));
    }

    /**
     * What kicks do against their size: a panel for each task, a colour for each direction, dashed for initial weights other
     * than the first.
     *
     * @param column of {@link KickSummary#overTypes}
     * @param axis what it is, with its unit
     * @param unit by which means are multiplied
     */
    public static Figure kicks(KickSummary summary, String column, String axis, double unit) {
        List<String> tasks = distinct(summary, "task");
        List<String> inits = distinct(summary, "init");
        List<String> directions = distinct(summary, "direction");
        List<Panel> panels = new ArrayList<>();
        for (String task : tasks) {
            Panel panel = new Panel("size", axis).title(task);
            panel.include(0, 0);
            for (String init : inits) {
                for (String direction : directions) {
                    double[][] points = summary.overTypes().stream()
                            .filter(g -> g.key("task").equals(task)
                                    && g.key("init").equals(init)
                                    && g.key("direction").equals(direction))
                            .map(g -> new double[] {
                                g.keyNumber("size"), unit * g.of(column).mean()
                            })
                            .sorted(Comparator.comparingDouble(point -> point[0]))
                            .toArray(double[][]::new);
                    Color color = COLORS[directions.indexOf(direction) % COLORS.length];
                    String name = direction + (inits.size() == 1 ? "" : ", " + init);
                    panel.add(
                            column(List.of(points), 0),
                            column(List.of(points), 1),
                            new SeriesStyle(
                                    name,
                                    color,
                                    inits.indexOf(init) == 0 ? Style.stroke(1.0) : Style.stroke(1.0, 3f, 2f),
                                    Style.circle(2.6),
                                    true));
                }
            }
            panels.add(panel);
        }
        int columns = Math.min(4, panels.size());
        int rows = (panels.size() + columns - 1) / columns;
        return new Figure(Figure.DOUBLE_MM, 14 + 42 * rows, (g, area) -> {
                    Rectangle2D rest = Layout.header(g, area, "", panels.get(0).styles());
                    for (int k = 0; k < panels.size(); k++) {
                        panels.get(k).draw(g, Layout.cell(rest, columns, rows, k % columns, k / columns));
                    }
                })
                .of(panels);
    }

    private static List<String> distinct(KickSummary summary, String key) {
        return summary.overTypes().stream().map(g -> g.key(key)).distinct().toList();
    }

    /**
     * Eigenvalues of many networks in one plane, one panel per task and kind of initial weights.
     *
     * @param spectra real and imaginary parts before and after training, only those above the real axis
     */
    public static Figure spectra(Map<String, double[][][]> spectra) {
        int most = spectra.values().stream()
                .mapToInt(parts -> parts[1][0].length)
                .max()
                .orElse(0);
        double size = Math.max(0.6, Math.min(1, Math.sqrt(100.0 / Math.max(1, most))));
        SeriesStyle before = SeriesStyle.points("before training", Style.VERMILLION, Style.circle(1.3 * size), true);
        SeriesStyle after = SeriesStyle.points("after", Style.BLUE, Style.circle(2.6 * size), true);
        List<Panel> panels = new ArrayList<>();
        spectra.forEach((name, parts) -> {
            Panel panel = AnalysisPanels.complexPlane("λ").title(name);
            // Draws the conjugates too, since only eigenvalues above the real axis are stored.
            panel.add(twice(parts[1][0]), mirrored(parts[1][1]), after);
            // Smaller and above: where both coincide, both are seen.
            panel.add(twice(parts[0][0]), mirrored(parts[0][1]), before);
            panels.add(panel);
        });
        int columns = Math.min(4, panels.size());
        int rows = (panels.size() + columns - 1) / columns;
        List<SeriesStyle> styles = List.of(before, after);
        return new Figure(Figure.DOUBLE_MM, 10 + SPECTRUM_MM * rows, (g, area) -> {
                    Rectangle2D rest = Layout.header(g, area, "", styles);
                    int lines = panels.stream()
                            .mapToInt(panel -> panel.titleLines(Layout.cell(rest, columns, rows, 0, 0)))
                            .max()
                            .orElse(0);
                    for (int k = 0; k < panels.size(); k++) {
                        Rectangle2D cell = Layout.cell(rest, columns, rows, k % columns, k / columns);
                        panels.get(k).draw(g, cell, lines);
                    }
                })
                .of(panels);
    }
}
