package attractor.cli.result;

import attractor.io.Printable;
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
            map.put("passed", s.passed());
            list.add(map);
        }
        return list;
    }
}
