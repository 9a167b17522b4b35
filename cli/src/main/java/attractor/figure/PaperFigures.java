package attractor.figure;

import attractor.analysis.Pca;
import attractor.analysis.Spectrum;
import attractor.analysis.Trajectories;
import attractor.model.Rnn;
import attractor.task.Task;
import attractor.task.TaskOptions;
import attractor.task.Tasks;
import attractor.train.EpochSummary;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The figures 1 to 11 of Jarne and Laje, arXiv:1906.01094, drawn from any networks: they show the same things, but
 * don't copy the layout.
 */
public final class PaperFigures {
    /** The last figure. */
    public static final int LAST = 11;

    private static final int SAMPLES = 6;
    private static final int FIRST_GATE_FIGURE = 7;
    private static final List<String> GATE_INPUTS = List.of("00", "01", "10", "11");

    private PaperFigures() {}

    /**
     * A network to draw.
     *
     * @param name its name above the panels
     * @param initial the network before training, if it is known
     * @param task the task, with the noise that its trials should have; empty if it isn't known
     * @param initialWeights how its recurrent weights were drawn, such as {@code orthogonal}; empty if it isn't known
     * @param history its training's epochs; empty if they aren't known
     * @param probabilities whether the softmax of its outputs is what it was trained for, see
     *     {@link Trajectories#withProbabilities}
     */
    public record Subject(
            String name,
            Rnn network,
            Optional<Rnn> initial,
            Optional<Task> task,
            Optional<String> initialWeights,
            List<EpochSummary> history,
            boolean probabilities) {
        /** @throws NullPointerException if anything is null */
        public Subject {
            history = List.copyOf(history);
        }
    }

    /** The networks that a figure shows, by their names in {@code data/networks}. */
    public static List<String> networks(int number) {
        return switch (number) {
            case 1 -> List.of("and");
            case 2 -> List.of("pulse");
            case 3 -> List.of("and", "or", "xor", "not");
            case 4, 11 -> List.of("flipflop");
            case 5 -> List.of("oscillation");
            case 6 -> List.of("and", "and-normal");
            case 7, 8, 9, 10 -> List.of("and", "and-oscillating");
            default -> throw new IllegalArgumentException("figure " + number + ", expected 1 to " + LAST);
        };
    }

    /**
     * Draws one of the figures.
     *
     * @param subjects the networks to draw, at least one
     * @param seed seed of the trials' noise
     * @throws IllegalArgumentException if a network isn't one that the figure can show; the message says what it lacks
     */
    public static Figure of(int number, List<Subject> subjects, long seed) {
        return switch (number) {
            case 1 -> Schema.figure(subjects.get(0).network());
            case 2, 3, 4, 5 -> samples(subjects, seed);
            case 6 -> spectra(subjects);
            case 7, 8, 9, 10 -> gate(subjects, GATE_INPUTS.get(number - FIRST_GATE_FIGURE), seed);
            case 11 -> flipFlop(subjects.get(0), seed);
            default -> throw new IllegalArgumentException("figure " + number + ", expected 1 to " + LAST);
        };
    }

    /**
     * One network's responses, activity and trajectories, one row per trial type, above its spectrum and weights.
     *
     * @param seed seed of the trials' noise
     * @throws IllegalArgumentException if its task isn't known
     */
    public static Figure sheet(Subject subject, long seed) {
        return sheet(
                subject, trials(subject, task(subject), task(subject).types().size(), seed));
    }

    private static Trajectories trials(Subject subject, Task task, int count, long seed) {
        Trajectories trials = Trajectories.of(subject.network(), task, count, seed);
        return subject.probabilities() ? trials.withProbabilities() : trials;
    }

    private static Task task(Subject subject) {
        return subject.task()
                .orElseThrow(() -> new IllegalArgumentException(
                        subject.name() + " does not say what it was trained for, expected a network with a task"));
    }

    private static Figure samples(List<Subject> subjects, long seed) {
        List<Trajectories> all = new ArrayList<>();
        for (Subject subject : subjects) {
            all.add(trials(subject, task(subject), SAMPLES, seed));
        }
        boolean one = all.size() == 1;
        int columns = one ? 2 : all.size();
        int rows = one ? (SAMPLES + 1) / 2 : SAMPLES;
        double width = columns <= 2 ? Figure.SINGLE_MM : Figure.DOUBLE_MM;
        Trajectories most = all.stream()
                .max(Comparator.comparingInt(t -> t.inputs() + t.outputs()))
                .orElseThrow();
        List<SeriesStyle> styles =
                new ArrayList<>(AnalysisPanels.response(most, 0).styles());
        all.forEach(t -> styles.addAll(AnalysisPanels.maskStyles(t)));
        String heading = one ? subjects.get(0).name() : "";
        double rowMm = all.stream().anyMatch(AnalysisPanels::stacked) ? 40 : 24;
        return Figure.below(heading, styles, width, 7 + rowMm * rows, (g, rest) -> {
            for (int k = 0; k < all.size(); k++) {
                Trajectories t = all.get(k);
                for (int s = 0; s < SAMPLES; s++) {
                    String name = one ? "" : subjects.get(k).name() + ", ";
                    int column = one ? s % 2 : k;
                    int row = one ? s / 2 : s;
                    PanelStack panel =
                            AnalysisPanels.response(t, s).title(name + t.types().get(s));
                    Rectangle2D cell = Layout.stacked(rest, columns, rows, column, row);
                    (row == rows - 1 ? panel : panel.withoutXLabel()).draw(g, cell);
                }
            }
        });
    }

    private static Figure spectra(List<Subject> subjects) {
        List<Spectrum> before = new ArrayList<>();
        List<Spectrum> after = new ArrayList<>();
        for (Subject subject : subjects) {
            if (subject.initial().isEmpty()) {
                throw new IllegalArgumentException(subject.name()
                        + ": there is no network before training beside it, expected a run directory, or NAME-initial.npz beside"
                        + " NAME.npz");
            }
            before.add(Spectrum.withoutVectors(subject.initial().get()));
            after.add(Spectrum.withoutVectors(subject.network()));
        }
        List<Panel> panels = new ArrayList<>();
        for (int k = 0; k < subjects.size(); k++) {
            Panel left = AnalysisPanels.eigenvalues(Optional.of(before.get(k)), Optional.empty(), 0);
            Panel right = AnalysisPanels.eigenvalues(Optional.empty(), Optional.of(after.get(k)), 3);
            for (Spectrum spectrum : List.of(before.get(k), after.get(k))) {
                AnalysisPanels.include(left, spectrum);
                AnalysisPanels.include(right, spectrum);
            }
            panels.add(left.title(weights(subjects, k) + ", before"));
            panels.add(right.title(weights(subjects, k) + ", after"));
        }
        List<SeriesStyle> styles = List.of(AnalysisPanels.before(1), AnalysisPanels.after(1), AnalysisPanels.LEADING);
        int rows = subjects.size();
        return Figure.below("", styles, Figure.SINGLE_MM, 45 * rows, (g, rest) -> {
            for (int k = 0; k < panels.size(); k++) {
                panels.get(k).draw(g, Layout.cell(rest, 2, rows, k % 2, k / 2));
            }
        });
    }

    /**
     * The kind of a network's initial weights if that distinguishes it from the others; otherwise its name, with the
     * kind if it is known.
     */
    private static String weights(List<Subject> subjects, int which) {
        Subject subject = subjects.get(which);
        Optional<String> kind = subject.initialWeights();
        if (kind.isEmpty()) {
            return subject.name();
        }
        long alike = subjects.stream()
                .filter(other -> other.initialWeights().equals(kind))
                .count();
        return alike == 1 && subjects.size() > 1 ? kind.get() : subject.name() + ", " + kind.get();
    }

    private static Figure gate(List<Subject> subjects, String type, long seed) {
        List<Trajectories> trials = new ArrayList<>();
        List<Pca> components = new ArrayList<>();
        for (Subject subject : subjects) {
            Trajectories t =
                    trials(subject, task(subject), task(subject).types().size(), seed);
            if (!t.types().contains(type)) {
                throw new IllegalArgumentException(subject.name() + " has trials " + t.types() + ", expected " + type
                        + " among them: a network with two inputs and a gate to learn");
            }
            trials.add(t);
            components.add(t.pca(3));
        }
        int rows = subjects.size();
        Trajectories first = trials.get(0);
        List<SeriesStyle> styles =
                NetworkFigures.timeStyles(first, List.of(first.types().indexOf(type)));
        return Figure.below("trial " + type, styles, Figure.DOUBLE_MM, 56 * rows, (g, rest) -> {
            for (int k = 0; k < rows; k++) {
                Trajectories t = trials.get(k);
                drawTrial(
                        g,
                        t,
                        components.get(k),
                        t.types().indexOf(type),
                        Layout.cell(rest, 1, rows, 0, k),
                        subjects.get(k).name());
            }
        });
    }

    /** Inputs and outputs, units, and trajectory of a trial side by side. */
    private static void drawTrial(Graphics2D g, Trajectories t, Pca pca, int trial, Rectangle2D area, String title) {
        Rectangle2D left = Layout.cell(area, 3, 1, 0, 0);
        AnalysisPanels.inputs(t, trial).title(title).withoutXLabel().draw(g, Layout.band(left, 0, 0.4));
        AnalysisPanels.outputs(t, trial).draw(g, Layout.band(left, 0.4, 1));
        AnalysisPanels.units(t, trial).draw(g, Layout.cell(area, 3, 1, 1, 0));
        AnalysisPanels.space(t, pca, trial).draw(g, Layout.cell(area, 3, 1, 2, 0));
    }

    private static Figure flipFlop(Subject subject, long seed) {
        Task task = task(subject);
        TaskOptions options = task.options();
        if (!options.has(TaskOptions.EARLIER_PULSES)
                || options.list(TaskOptions.STIMULUS_ONSETS_MS).size() < 2) {
            throw new IllegalArgumentException(
                    subject.name() + " does the task " + task.name() + ", expected flipflop with two pulses or more");
        }
        List<Double> onsets = options.list(TaskOptions.STIMULUS_ONSETS_MS);
        Map<String, Object> changed = new LinkedHashMap<>(options.toMap());
        changed.put(TaskOptions.STIMULUS_ONSETS_MS, List.of(onsets.get(0), onsets.get(onsets.size() / 2)));
        List<Trajectories> orders = new ArrayList<>();
        for (int first = 0; first < 2; first++) {
            changed.put(TaskOptions.EARLIER_PULSES, List.of((double) first));
            orders.add(Trajectories.of(subject.network(), Tasks.byName(task.name(), changed), seed));
        }
        // From the first order the trial that ends with Reset, type 0; from the second the one that ends with Set, type
        // 1.
        Trajectories a = orders.get(0);
        Trajectories b = orders.get(1);
        Trajectories both = new Trajectories(
                List.of("Set, Reset", "Reset, Set"),
                List.of(a.parts().get(0), b.parts().get(1)),
                a.dtMs(),
                a.steps(),
                a.inputs(),
                a.units(),
                a.outputs(),
                halves(a.x(), b.x()),
                halves(a.target(), b.target()),
                halves(a.mask(), b.mask()),
                halves(a.h(), b.h()),
                halves(a.y(), b.y()),
                a.probabilities());
        String heading = subject.name() + " (input 0: Set, input 1: Reset)";
        return sheet(
                new Subject(
                        heading,
                        subject.network(),
                        subject.initial(),
                        subject.task(),
                        subject.initialWeights(),
                        subject.history(),
                        subject.probabilities()),
                both);
    }

    private static double[] halves(double[] first, double[] second) {
        double[] both = second.clone();
        System.arraycopy(first, 0, both, 0, both.length / 2);
        return both;
    }

    private static Figure sheet(Subject subject, Trajectories trials) {
        Pca pca = trials.pca(3);
        Spectrum after = Spectrum.withoutVectors(subject.network());
        Optional<Spectrum> before = subject.initial().map(Spectrum::withoutVectors);
        int rows = trials.trials();
        double trialMm = 52;
        double bottomMm = 62;
        List<SeriesStyle> styles = NetworkFigures.timeStyles(trials);
        String radius = "|λ| ≤ " + Style.fixed(after.spectralRadius(), 2) + ", " + after.clearlyOutsideUnitCircle()
                + " outside";
        List<Panel> panels = new ArrayList<>(List.of(
                AnalysisPanels.eigenvalues(before, Optional.of(after), 3).title(radius),
                AnalysisPanels.weights(subject.network()),
                AnalysisPanels.explained(pca).title("of these trials")));
        if (!subject.history().isEmpty()) {
            panels.add(AnalysisPanels.learning(Map.of(subject.name(), subject.history()))
                    .title("training"));
        }
        return Figure.below(subject.name(), styles, Figure.DOUBLE_MM, trialMm * rows + bottomMm, (g, rest) -> {
            double upper = trialMm * rows / (trialMm * rows + bottomMm);
            Rectangle2D top = Layout.band(rest, 0, upper);
            for (int s = 0; s < rows; s++) {
                String title = "trial " + trials.types().get(s);
                drawTrial(g, trials, pca, s, Layout.cell(top, 1, rows, 0, s), title);
            }
            Rectangle2D bottom = Layout.band(rest, upper, 1);
            for (int k = 0; k < panels.size(); k++) {
                Rectangle2D cell = Layout.cell(bottom, panels.size(), 1, k, 0);
                panels.get(k).draw(g, Layout.header(g, cell, "", panels.get(k).styles()));
            }
        });
    }
}
