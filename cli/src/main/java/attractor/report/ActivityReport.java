package attractor.report;

import attractor.figure.StudyFigures;
import attractor.statistics.FisherExact;
import attractor.statistics.Proportion;
import attractor.statistics.Summary;
import attractor.statistics.Table2x2;
import attractor.study.ResultTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where states end, and spectra. Stateless. */
final class ActivityReport {
    private ActivityReport() {}

    static void write(ResultTable results, Optional<ResultTable> eigenvalues, StudyReport to) throws IOException {
        to.document.line(
                "Where the state goes after a trial without noise, by type of trial: into a fixed point, or round for ever (a "
                        + "periodic orbit, closed curve or torus). Frequency: median of those that oscillate. 'Noisy' is the share of trials "
                        + "with noise that end so.");
        Document.Table table = to.document.table(List.of(
                "task",
                "weights",
                "trial",
                "networks",
                "fixed point",
                "oscillate",
                "other",
                "frequency (Hz)",
                "noisy: fixed",
                "noisy: oscillate"));
        Map<String, Map<String, Proportion>> oscillating = new LinkedHashMap<>();
        List<Object> json = new ArrayList<>();
        for (Group group : Group.of(results, "task", "init", "type")) {
            int still = group.count("still");
            int oscillate = group.count("oscillates");
            double noisy = group.sum("noisyTrials");
            double frequency = Summary.of(
                            group.rows().where("oscillates", "true").numbers("endHz"))
                    .median();
            table.row(List.of(
                    group.key(0),
                    group.key(1),
                    group.key(2),
                    Integer.toString(group.size()),
                    Integer.toString(still),
                    Integer.toString(oscillate),
                    Integer.toString(group.size() - still - oscillate),
                    Format.number(frequency, 1),
                    Format.percent(group.sum("noisyStill") / noisy),
                    Format.percent(group.sum("noisyOscillate") / noisy)));
            oscillating
                    .computeIfAbsent(group.key(1), init -> new LinkedHashMap<>())
                    .put(group.key(2) + "\n" + group.key(0), new Proportion(oscillate, group.size()));
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("task", group.key(0));
            map.put("init", group.key(1));
            map.put("type", group.key(2));
            map.put("networks", group.size());
            map.put("fixedPoint", still);
            map.put("oscillate", oscillate);
            map.put("medianFrequencyHz", frequency);
            map.put("noisyFixedPointShare", group.sum("noisyStill") / noisy);
            map.put("noisyOscillateShare", group.sum("noisyOscillate") / noisy);
            json.add(map);
        }
        to.summary.put("ends", json);
        crossTable(results, to);
        to.figures.put("activity", StudyFigures.shares("trials that end in oscillation (%)", oscillating));
        if (eigenvalues.isPresent()) {
            Map<String, double[][][]> spectra = new LinkedHashMap<>();
            for (Group group : Group.of(eigenvalues.get(), "task", "init")) {
                ResultTable before = group.rows().where("when", "before");
                ResultTable after = group.rows().where("when", "after");
                spectra.put(group.key(0) + ", " + group.key(1), new double[][][] {
                    {before.numbers("re"), before.numbers("im")}, {after.numbers("re"), after.numbers("im")}
                });
            }
            to.figures.put("spectra", StudyFigures.spectra(spectra));
        }
    }

    /** A network counts once: it oscillates if it does so after any type of trial. */
    private static void crossTable(ResultTable results, StudyReport to) throws IOException {
        int[][] counts = new int[2][3];
        for (ResultTable run : results.by("run").values()) {
            Group network = new Group(List.of(), run);
            int leading = run.rows().get(0).text("leading").equals("real") ? 0 : 1;
            int end = network.count("oscillates") > 0 ? 1 : network.count("still") == network.size() ? 0 : 2;
            counts[leading][end]++;
        }
        double p = FisherExact.pValue(new Table2x2(counts[0][0], counts[0][1], counts[1][0], counts[1][1]));
        to.document.line(
                "Networks by the eigenvalue of W_rec with the largest modulus, and by where their states end; a network oscillates "
                        + "if it does after any type of trial. Fisher's exact test of no relation between the first two columns: p = "
                        + Format.p(p) + ".");
        Document.Table table =
                to.document.table(List.of("leading eigenvalue", "all in fixed points", "some oscillate", "other"));
        Map<String, Object> json = new LinkedHashMap<>();
        for (int k = 0; k < 2; k++) {
            String name = k == 0 ? "real" : "complex";
            table.row(List.of(
                    name,
                    Integer.toString(counts[k][0]),
                    Integer.toString(counts[k][1]),
                    Integer.toString(counts[k][2])));
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("fixedPoints", counts[k][0]);
            map.put("oscillate", counts[k][1]);
            map.put("other", counts[k][2]);
            json.put(name, map);
        }
        json.put("fisherP", p);
        to.summary.put("leadingEigenvalue", json);
    }
}
