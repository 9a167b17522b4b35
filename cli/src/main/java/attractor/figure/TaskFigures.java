package attractor.figure;

import attractor.analysis.Trajectories;
import attractor.io.Printable;
import attractor.task.Task;
import attractor.task.TrialPart;
import attractor.task.Trials;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Figures of tasks. */
public final class TaskFigures {
    private static final int COLUMNS = 2;

    private TaskFigures() {}

    /**
     * Inputs and targets of some trials over time. The types take turns; if there are more types than trials, the trials
     * are of types that are spread evenly over them.
     *
     * @param count number of trials, at least 1
     * @param seed of the trials
     */
    public static Figure trials(Task task, int count, long seed) {
        int types = task.types().size();
        int[] index = IntStream.range(0, count)
                .map(s -> types <= count ? s : (int) ((long) s * types / count))
                .toArray();
        Trials trials = Trials.balanced(task, Math.max(count, types), seed, Trials.TRAINING)
                .select(index);
        int steps = task.steps();
        double[] x = new double[count * steps * task.inputs()];
        double[] target = new double[count * steps * task.outputs()];
        double[] mask = new double[target.length];
        Trials.Reader reader = trials.reader();
        List<String> names = new ArrayList<>();
        List<List<TrialPart>> parts = new ArrayList<>();
        for (int s = 0; s < count; s++) {
            int at = s * steps * task.outputs();
            reader.read(s, x, s * steps * task.inputs(), target, at, mask, at);
            names.add(task.types().get(trials.type(s)));
            parts.add(task.parts(trials.type(s)));
        }
        double[] noOutput = new double[target.length];
        Arrays.fill(noOutput, Double.NaN);
        Trajectories shown = new Trajectories(
                names,
                parts,
                task.dtMs(),
                steps,
                task.inputs(),
                0,
                task.outputs(),
                x,
                target,
                mask,
                new double[0],
                noOutput,
                false);
        int columns = Math.min(COLUMNS, count);
        int rows = (count + columns - 1) / columns;
        List<PanelStack> panels = IntStream.range(0, count)
                .mapToObj(s -> AnalysisPanels.targets(shown, s).title("trial " + names.get(s)))
                .toList();
        List<SeriesStyle> styles = new ArrayList<>(panels.get(0).styles());
        styles.addAll(AnalysisPanels.maskStyles(shown));
        String heading = task.name() + ", " + Printable.count(count, "trial");
        double width = columns == 1 ? Figure.SINGLE_MM : Figure.DOUBLE_MM;
        double rowMm = AnalysisPanels.stacked(shown) ? 48 : 32;
        return Figure.below(heading, styles, width, 6 + rowMm * rows, (g, rest) -> {
            for (int s = 0; s < count; s++) {
                PanelStack panel =
                        s / columns == rows - 1 ? panels.get(s) : panels.get(s).withoutXLabel();
                panel.draw(g, Layout.cell(rest, columns, rows, s % columns, s / columns));
            }
        });
    }
}
