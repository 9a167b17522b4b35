package attractor.cli.result;

import attractor.io.Printable;
import attractor.task.Decisions;
import attractor.task.Scores;
import attractor.task.TypeScore;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Scores by trial type, for people and for machines. */
public final class ScoreTable {
    private ScoreTable() {}

    /** Prints one line per trial type. */
    public static void print(Scores scores, PrintWriter out) {
        if (scores.types().stream().anyMatch(s -> s.decisions().isPresent())) {
            printDecisions(scores, out);
            return;
        }
        out.printf(
                Locale.ROOT,
                "%-8s %7s %10s %10s %8s %10s  %s%n",
                "type",
                "trials",
                "distance",
                "sd",
                "RMSE",
                "of zero",
                "passes");
        for (TypeScore s : scores.types()) {
            out.printf(
                    Locale.ROOT,
                    "%-8s %7d %10.4f %10s %8.4f %10s  %s%n",
                    Printable.name(s.type()),
                    s.trials(),
                    s.distanceMean(),
                    s.trials() == 1 ? "-" : String.format(Locale.ROOT, "%.4f", s.distanceSd()),
                    s.rmse(),
                    s.zeroTarget() ? "-" : String.format(Locale.ROOT, "%.4f", s.zeroRmse()),
                    s.passed() ? "yes" : "NO");
        }
        out.println("distance: sqrt of the squared error summed over time; of zero: RMSE relative to an output of 0");
    }

    private static void printDecisions(Scores scores, PrintWriter out) {
        int width = scores.types().stream()
                .mapToInt(s -> Printable.of(s.type()).length())
                .reduce(8, Math::max);
        out.printf(Locale.ROOT, "%-" + width + "s %7s %8s %12s  %s%n", "type", "trials", "right", "decision", "passes");
        for (TypeScore s : scores.types()) {
            Decisions decisions = s.decisions().orElse(new Decisions(Double.NaN, Double.NaN));
            out.printf(
                    Locale.ROOT,
                    "%-" + width + "s %7d %6.1f %% %12s  %s%n",
                    Printable.of(s.type()),
                    s.trials(),
                    100 * decisions.accuracy(),
                    Double.isNaN(decisions.decisionMs())
                            ? "-"
                            : String.format(Locale.ROOT, "%.1f ms", decisions.decisionMs()),
                    s.passed() ? "yes" : "NO");
        }
        out.println(
                "right: trials with the right answer in the response window; decision: of these the mean time, from its");
        out.println("beginning, at which the answer stands; negative before it");
    }

    /** One JSON object per trial type. */
    public static List<Object> json(Scores scores) {
        List<Object> list = new ArrayList<>();
        for (TypeScore s : scores.types()) {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("type", s.type());
            map.put("trials", (long) s.trials());
            map.put("distanceMean", s.distanceMean());
            map.put("distanceSd", s.distanceSd());
            map.put("rmse", s.rmse());
            map.put("zeroRmse", s.zeroRmse());
            map.put("zeroTarget", s.zeroTarget());
            s.decisions().ifPresent(decisions -> {
                map.put("accuracy", decisions.accuracy());
                map.put("decisionMs", decisions.decisionMs());
            });
            map.put("passed", s.passed());
            list.add(map);
        }
        return list;
    }
}
