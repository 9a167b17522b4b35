package attractor.figure;

import attractor.statistics.Interval;
import attractor.statistics.LogisticRegression;
import attractor.study.MemorySummary;
import attractor.study.SuccessSummary;
import java.awt.Color;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The figures of studies: what many networks come to. */
public final class StudyFigures {
    private static final Color[] COLORS = {Style.BLUE, Style.ORANGE, Style.GREEN, Style.PURPLE};
    private static final int CURVE_POINTS = 121;

    private StudyFigures() {}

    /** Rates of success with their intervals, task by task, a row a kind of initial weights; published rates beside them. */
    public static Figure success(SuccessSummary summary) {
        List<String> tasks = summary.cells().stream()
                .map(SuccessSummary.Cell::task)
                .distinct()
                .toList();
        List<String> inits = summary.cells().stream()
                .map(SuccessSummary.Cell::init)
                .distinct()
                .toList();
        Panel panel = new Panel("", "networks that pass (%)").yRange(-3, 103).xRange(-0.6, tasks.size() - 0.4);
        for (int k = 0; k < inits.size(); k++) {
            double shift = inits.size() == 1 ? 0 : -0.18 + 0.36 * k / (inits.size() - 1);
            List<double[]> ours = new ArrayList<>();
            List<double[]> theirs = new ArrayList<>();
            for (SuccessSummary.Cell cell : summary.cells()) {
                if (cell.init().equals(inits.get(k))) {
                    double x = tasks.indexOf(cell.task()) + shift;
                    Interval wilson = cell.interval();
                    ours.add(new double[] {x, 100 * cell.successes().rate(), 100 * wilson.low(), 100 * wilson.high()});
                    cell.published().ifPresent(p -> theirs.add(new double[] {x + 0.1, 100 * p.rate()}));
                }
            }
            Color color = COLORS[k % COLORS.length];
            bars(panel, column(ours, 0), column(ours, 2), column(ours, 3), color);
            panel.add(column(ours, 0), column(ours, 1), Look.points(inits.get(k), color, Style.circle(4.2), true));
            if (!theirs.isEmpty()) {
                panel.add(
                        column(theirs, 0),
                        column(theirs, 1),
                        Look.points(inits.get(k) + ", published", color, Style.square(3.6), false));
            }
        }
        panel.xNames(tasks);
        return new Figure(Figure.DOUBLE_MM, 70, (g, area) -> {
            Rectangle2D rest = Layout.header(g, area, "", panel.looks());
            panel.draw(g, rest);
        });
    }

    /**
     * Distance, and rate of success, against the delay or the number of units: figure 13.
     *
     * @param studies what to draw, a row each
     * @param published published distances, by the name of the variable; may be empty
     */
    public static Figure memory(List<MemorySummary> studies, Map<String, List<MemorySummary.Published>> published) {
        int rows = studies.size();
        List<Panel> distances = new ArrayList<>();
        List<Panel> rates = new ArrayList<>();
        for (MemorySummary study : studies) {
            distances.add(distances(study, published.getOrDefault(study.variable(), List.of())));
            rates.add(rates(study));
        }
        return new Figure(Figure.DOUBLE_MM, 16 + 58 * rows, (g, area) -> {
            List<Look> looks = new ArrayList<>();
            distances.forEach(p -> looks.addAll(p.looks()));
            rates.forEach(p -> looks.addAll(p.looks()));
            Rectangle2D rest = Layout.header(g, area, "", looks);
            for (int k = 0; k < rows; k++) {
                distances.get(k).draw(g, Layout.cell(rest, 2, rows, 0, k));
                rates.get(k).draw(g, Layout.cell(rest, 2, rows, 1, k));
            }
        });
    }

    private static String axis(String variable) {
        return variable.equals("delayMs") ? "delay (ms)" : "units";
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
                    ours.add(new double[] {point.x(), mean, mean - error, mean + error, point.silent()});
                }
            }
            Color color = COLORS[k % COLORS.length];
            bars(panel, column(ours, 0), column(ours, 2), column(ours, 3), color);
            panel.add(
                    column(ours, 0),
                    column(ours, 1),
                    new Look(words(conventions.get(k)), color, Style.stroke(0.8), Style.circle(3.4), true));
            panel.add(
                    column(ours, 0),
                    column(ours, 4),
                    Look.line("silent network, " + words(conventions.get(k)), color, 0.8, 2.5f, 1.5f));
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
            panel.add(x, mean, Look.points("published values", Style.GREY, Style.square(3.2), false));
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
                Look.points("rate with 95 % interval", Style.BLACK, Style.circle(3.4), true));
        LogisticRegression fit = study.regression();
        if (fit.outcome() == LogisticRegression.Outcome.FITTED) {
            double[] x = new double[CURVE_POINTS];
            double[] y = new double[CURVE_POINTS];
            for (int i = 0; i < CURVE_POINTS; i++) {
                x[i] = fit.lowest() + (fit.highest() - fit.lowest()) * i / (CURVE_POINTS - 1);
                y[i] = 100 * fit.probability(x[i]);
            }
            panel.add(x, y, Look.line("logistic regression", Style.VERMILLION, 1));
            if (fit.crossesWithinRange()) {
                panel.title("50 % at " + Style.fixed(fit.crossing(), 0));
            }
        }
        return panel;
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
        panel.add(xs, ys, Look.line("", color, 0.7));
    }

    private static double[] column(List<double[]> rows, int k) {
        return rows.stream().mapToDouble(row -> row[k]).toArray();
    }
}
