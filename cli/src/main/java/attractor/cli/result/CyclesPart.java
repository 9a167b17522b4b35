package attractor.cli.result;

import attractor.analysis.Cycles;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The part {@code cycles}: fixed points and cycles of whole period, stable or not. */
public final class CyclesPart implements AnalysisPart {
    @Override
    public String name() {
        return "cycles";
    }

    @Override
    public String about() {
        return "fixed points and cycles of whole period, stable or not";
    }

    @Override
    public Result of(Subject subject) {
        Cycles cycles = Cycles.of(
                subject.network(),
                Cycles.Options.of(subject.network()).withInput(subject.input()).withSeed(subject.seed()));
        List<Object> periods = new ArrayList<>();
        List<String> words = new ArrayList<>();
        for (Cycles.Period p : cycles.periods()) {
            List<Cycles.Cycle> some = cycles.of(p.period());
            periods.add(JsonMembers.of(
                    "period", p.period(),
                    "cycles", some.size(),
                    "completeness", p.completeness().id(),
                    "examined", p.examined()));
            words.add(String.format(
                    Locale.ROOT,
                    "  period %d: %d (%d stable), %s",
                    p.period(),
                    some.size(),
                    some.stream().filter(c -> c.multipliers().stable()).count(),
                    p.completeness() == Cycles.Completeness.COMPLETE
                            ? "proved to be all"
                            : "there may be more"));
        }
        List<Object> list = new ArrayList<>();
        CsvTable table = new CsvTable("cycles.csv", List.of("cycle", "period", "unstable", "radius", "step", "output", "value"));
        for (int k = 0; k < cycles.cycles().size(); k++) {
            Cycles.Cycle c = cycles.cycles().get(k);
            list.add(JsonMembers.of(
                    "period", c.period(),
                    "unstable", c.multipliers().unstable(),
                    "radius", c.multipliers().radius(),
                    "states", JsonMembers.rows(c.states(), c.period()),
                    "outputs", JsonMembers.rows(c.outputs(), c.period())));
            int outputs = c.outputs().length / c.period();
            for (int t = 0; t < c.outputs().length; t++) {
                table.row(List.of(
                        k,
                        c.period(),
                        c.multipliers().unstable(),
                        c.multipliers().radius(),
                        t / outputs,
                        t % outputs,
                        c.outputs()[t]));
            }
        }
        List<String> lines = new ArrayList<>(List.of("fixed points (period 1) and cycles"));
        lines.addAll(words);
        return new Result(
                JsonMembers.of("periods", periods, "cycles", list), List.of(table), Map.of(), lines);
    }
}
