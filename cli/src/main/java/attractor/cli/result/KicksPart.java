package attractor.cli.result;

import attractor.analysis.Kicks;
import attractor.figure.DynamicsFigures;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The part {@code kicks}: what displaced states and pulses of input do to the answer. */
public final class KicksPart implements AnalysisPart {
    @Override
    public String name() {
        return "kicks";
    }

    @Override
    public String about() {
        return "displaced states and pulses of input: return, changed answers";
    }

    @Override
    public boolean needsTask() {
        return true;
    }

    @Override
    public Result of(Subject subject) {
        Kicks kicks = Kicks.of(
                subject.network(), subject.task().orElseThrow(), Kicks.Options.DEFAULT.withSeed(subject.seed()));
        List<String> types = subject.task().orElseThrow().types();
        double dtMs = subject.network().dtMs();
        CsvTable table = new CsvTable(
                "kicks.csv",
                List.of(
                        "type", "ms", "direction", "index", "size", "displacement", "largest", "at_end", "response",
                        "return_ms", "changed"));
        for (Kicks.Kick k : kicks.kicks()) {
            table.row(List.of(
                    types.get(k.type()),
                    k.step() * dtMs,
                    k.direction().id(),
                    k.index(),
                    k.size(),
                    k.displacement(),
                    number(k.largest()),
                    number(k.atEnd()),
                    number(k.response()),
                    k.returnSteps() < 0 ? "" : k.returnSteps() * dtMs,
                    k.changed()));
        }
        List<Object> means = new ArrayList<>();
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT, "kicks       %6s %10s %9s %10s %12s", "size", "response", "changed", "returned", "after ms"));
        for (Kicks.Mean m : kicks.means()) {
            means.add(JsonMembers.of(
                    "direction", m.direction().id(),
                    "size", m.size(),
                    "kicks", m.kicks(),
                    "response", m.response(),
                    "changed", m.changed(),
                    "returned", m.returned(),
                    "returnMs", m.returnSteps() * dtMs));
            lines.add(String.format(
                    Locale.ROOT,
                    "  %-9s %6s %10.3f %7.0f %% %8.0f %% %12s",
                    m.direction().id(),
                    m.size(),
                    m.response(),
                    100.0 * m.changed(),
                    100.0 * m.returned(),
                    Double.isNaN(m.returnSteps()) ? "-" : String.format(Locale.ROOT, "%.0f", m.returnSteps() * dtMs)));
        }
        return new Result(
                JsonMembers.of("norm", kicks.norm(), "means", means),
                List.of(table),
                Map.of("kicks", DynamicsFigures.kicks(kicks)),
                lines);
    }

    private static Object number(double value) {
        return Double.isNaN(value) ? "" : value;
    }
}
