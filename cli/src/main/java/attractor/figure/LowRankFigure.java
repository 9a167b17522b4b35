package attractor.figure;

import attractor.analysis.LowRank;
import attractor.analysis.Trajectories;
import java.awt.Color;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The figure of a network of low rank. */
public final class LowRankFigure {
    private static final List<Color> COLORS =
            List.of(Style.BLUE, Style.ORANGE, Style.GREEN, Style.VERMILLION, Style.PURPLE, Style.SKY, Style.BLACK);

    /** Types of trials that are drawn. */
    private static final int MOST_TYPES = COLORS.size();

    private LowRankFigure() {}

    /**
     * {@code latents}: the overlaps, and the trials' latent variables: the first over time, and the second over the first or, where
     * there is only one, its change per step over it.
     *
     * @param kappa gives the latent variables of trials, {@code [(s * T + t) * R + r]}
     */
    public static Figure of(LowRank lowRank, Optional<Trajectories> trials, Function<Trajectories, double[]> kappa) {
        Panel overlaps = overlaps(lowRank);
        if (trials.isEmpty()) {
            return Figure.below(
                    "",
                    List.of(),
                    Figure.DOUBLE_MM / 2,
                    75,
                    (g, rest) -> overlaps.draw(g, Layout.cell(rest, 1, 1, 0, 0)));
        }
        Trajectories t = trials.get();
        double[] all = kappa.apply(t);
        int rank = lowRank.rank();
        Panel time = new Panel("time (ms)", "latent variable 0");
        Panel plane = rank > 1
                ? new Panel("latent variable 0", "latent variable 1")
                : new Panel("latent variable 0", "its change per step");
        List<String> drawn = new ArrayList<>();
        for (int s = 0; s < t.types().size() && drawn.size() < MOST_TYPES; s++) {
            String type = t.types().get(s);
            if (drawn.contains(type)) {
                continue;
            }
            int length = 0;
            while (length < t.steps() && !Double.isNaN(all[(s * t.steps() + length) * rank])) {
                length++;
            }
            double[] ms = new double[length];
            double[] first = new double[length];
            double[] second = new double[length];
            for (int k = 0; k < length; k++) {
                int at = (s * t.steps() + k) * rank;
                ms[k] = (k + 1) * t.dtMs();
                first[k] = all[at];
                second[k] = rank > 1 ? all[at + 1] : all[at] - (k == 0 ? 0.0 : all[at - rank]);
            }
            SeriesStyle style = SeriesStyle.line(type, COLORS.get(drawn.size()), 0.8);
            time.add(ms, first, style);
            plane.add(first, second, style);
            drawn.add(type);
        }
        return Figure.below("", time.styles(), Figure.DOUBLE_MM, 60, (g, rest) -> {
            overlaps.draw(g, Layout.cell(rest, 3, 1, 0, 0));
            time.draw(g, Layout.cell(rest, 3, 1, 1, 0));
            plane.draw(g, Layout.cell(rest, 3, 1, 2, 0));
        });
    }

    /** Blue above 0, orange below, relative to the geometric mean of the two vectors' overlaps with themselves. */
    private static Panel overlaps(LowRank lowRank) {
        int n = lowRank.names().size();
        double[] g = lowRank.overlaps();
        Panel panel = new Panel("", "")
                .title("cosines: blue above 0, orange below")
                .xRange(-0.5, n - 0.5)
                .yRange(-0.5, n - 0.5)
                .wholeX()
                .wholeY();
        if (n <= 24) {
            // The number of each vector, and below it once the name of the array.
            panel.xNames(lowRank.names().stream()
                    .map(name -> name.substring(name.indexOf(' ') + 1) + "\n" + name.substring(0, name.indexOf(' ')))
                    .toList());
        }
        for (int a = 0; a < n; a++) {
            for (int b = 0; b < n; b++) {
                double norm = Math.sqrt(g[a * n + a] * g[b * n + b]);
                double cosine = norm > 0.0 ? g[a * n + b] / norm : 0.0;
                panel.tile(b - 0.5, b + 0.5, n - 1.5 - a, n - 0.5 - a, color(Math.max(-1.0, Math.min(1.0, cosine))));
            }
        }
        return panel;
    }

    private static Color color(double cosine) {
        Color full = cosine > 0 ? Style.BLUE : Style.ORANGE;
        double s = Math.abs(cosine);
        int[] rgb = {full.getRed(), full.getGreen(), full.getBlue()};
        int[] mixed = Arrays.stream(rgb)
                .map(c -> (int) Math.round(255 + s * (c - 255)))
                .toArray();
        return new Color(mixed[0], mixed[1], mixed[2]);
    }
}
