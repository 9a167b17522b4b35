package attractor.cli.result;

import attractor.analysis.LowRank;
import attractor.analysis.NetworkAnalysis;
import attractor.analysis.Trajectories;
import attractor.figure.LowRankFigure;
import attractor.model.Rnn;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The part {@code latents}: overlaps and latent variables of a network of low rank, in whose default analysis it is included. */
public final class LatentsPart implements AnalysisPart {
    @Override
    public String name() {
        return "latents";
    }

    @Override
    public String about() {
        return "overlaps and latent variables of a network of low rank";
    }

    @Override
    public boolean isDefaultFor(Rnn network) {
        return network.rank() > 0;
    }

    @Override
    public Result of(Subject subject) {
        Rnn rnn = subject.network();
        LowRank lowRank = LowRank.of(rnn);
        Optional<Trajectories> trials = subject.analysis()
                .flatMap(NetworkAnalysis::trajectories)
                .or(() -> subject.task().map(task -> Trajectories.of(rnn, task, subject.seed())));
        List<Object> eigenvalues = new ArrayList<>();
        for (int k = 0; k < lowRank.rank(); k++) {
            eigenvalues.add(List.of(lowRank.re()[k], lowRank.im()[k]));
        }
        int count = lowRank.names().size();
        List<Object> overlaps = new ArrayList<>();
        CsvTable overlapTable = new CsvTable("latents_overlaps.csv", List.of("a", "b", "overlap"));
        for (int a = 0; a < count; a++) {
            double[] row = Arrays.copyOfRange(lowRank.overlaps(), a * count, (a + 1) * count);
            overlaps.add(JsonMembers.numbers(row));
            for (int b = 0; b < count; b++) {
                overlapTable.row(List.of(lowRank.names().get(a), lowRank.names().get(b), row[b]));
            }
        }
        List<CsvTable> tables = new ArrayList<>(List.of(overlapTable));
        trials.ifPresent(t -> tables.add(table(rnn, t)));
        return new Result(
                JsonMembers.of(
                        "rank",
                        lowRank.rank(),
                        "vectors",
                        lowRank.names(),
                        "overlaps",
                        overlaps,
                        "eigenvalues",
                        eigenvalues),
                tables,
                Map.of("latents", LowRankFigure.of(lowRank, trials, t -> LowRank.latents(rnn, t.h()))),
                lines(lowRank));
    }

    private static CsvTable table(Rnn rnn, Trajectories trials) {
        List<String> columns = new ArrayList<>(List.of("trial", "type", "ms"));
        for (int r = 0; r < rnn.rank(); r++) {
            columns.add("kappa_" + r);
        }
        CsvTable table = new CsvTable("latents.csv", columns);
        double[] kappa = LowRank.latents(rnn, trials.h());
        for (int s = 0; s < trials.types().size(); s++) {
            for (int t = 0; t < trials.steps(); t++) {
                int at = (s * trials.steps() + t) * rnn.rank();
                if (Double.isNaN(kappa[at])) {
                    break; // the padding after a short trial
                }
                List<Object> row = new ArrayList<>(List.of(s, trials.types().get(s), (t + 1) * trials.dtMs()));
                for (int r = 0; r < rnn.rank(); r++) {
                    row.add(kappa[at + r]);
                }
                table.row(row);
            }
        }
        return table;
    }

    private static List<String> lines(LowRank lowRank) {
        List<String> values = new ArrayList<>();
        for (int k = 0; k < lowRank.rank() && k < 6; k++) {
            double re = lowRank.re()[k];
            double im = lowRank.im()[k];
            values.add(
                    im == 0.0
                            ? String.format(Locale.ROOT, "%.3f", re)
                            : String.format(Locale.ROOT, "%.3f%+.3fi", re, im));
        }
        return List.of("low rank: W_rec = P Q^T / N with R = " + lowRank.rank() + ", eigenvalues of Q^T P / N "
                + String.join(", ", values)
                + (lowRank.rank() > values.size() ? ", ..." : ""));
    }
}
