package attractor.tasks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.kernel.Kernels;
import attractor.model.NetworkFile;
import attractor.statistics.Interval;
import attractor.statistics.Proportion;
import attractor.task.Decisions;
import attractor.task.Scores;
import attractor.task.Task;
import attractor.task.Tasks;
import attractor.task.Trials;
import attractor.task.TypeScore;
import attractor.train.Evaluator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The trained networks of these tasks in data/networks. */
class ShippedNetworksTest {
    private static final int TRIALS = 200;

    static List<String> names() {
        return FieldTasksTest.names();
    }

    private static NetworkFile.Network network(String name) throws IOException {
        return NetworkFile.read(Path.of("..", "data", "networks", name + ".npz"));
    }

    private static Scores scores(NetworkFile.Network network, Task task, int trials, long seed) {
        return Evaluator.evaluate(
                network.rnn(), Trials.balanced(task, trials, seed, Trials.EVALUATION), Kernels.get(), seed);
    }

    /** On the trials of attractor evaluate; the criterion was chosen before any of them was trained. */
    @ParameterizedTest
    @MethodSource("names")
    void eachTaskHasANetworkThatPasses(String name) throws IOException {
        NetworkFile.Network network = network(name);
        assertEquals(name, network.meta().getString("task"));
        Task task = Tasks.byName(name, network.meta().getObject("taskOptions").asMap());
        assertEquals(Tasks.byName(name).options(), task.options(), "a network of the task as it is by default");
        assertTrue(network.rnn().units() >= 50 && network.rnn().units() <= 100, name);
        Scores scores = scores(network, task, TRIALS, 0);
        assertTrue(scores.passed(), name + " " + scores);
    }

    /** What an ideal observer of a task reaches at a coherence. */
    private interface Bound {
        double of(Task task, double coherence);
    }

    /**
     * Accuracy per coherence against the ideal observer, who knows the times and sums all evidence. No network is better,
     * beyond chance; these are not far below.
     *
     * @param from the first type of trial that counts
     * @param to the first that doesn't any more
     */
    private static void assertBounded(String name, int from, int to, Bound bound) throws IOException {
        NetworkFile.Network network = network(name);
        List<String> curve = new ArrayList<>();
        double before = 0.5;
        for (double c : Tasks.byName(name).options().list(PerceptualDecision.COHERENCES)) {
            Task task = Tasks.byName(name, Map.of(PerceptualDecision.COHERENCES, List.of(c)));
            int types = task.types().size();
            int trials = 0;
            int right = 0;
            for (TypeScore type :
                    scores(network, task, 600 * types / (to - from), 7).types().subList(from, to)) {
                Decisions decisions = type.decisions().orElseThrow();
                right += (int) Math.round(decisions.accuracy() * type.trials());
                trials += type.trials();
            }
            Interval interval = new Proportion(right, trials).wilson(0.999);
            curve.add(c + ": " + right / (double) trials + " of " + bound.of(task, c));
            assertTrue(interval.low() <= bound.of(task, c), "above the bound: " + name + curve);
            assertTrue(interval.high() >= bound.of(task, c) - 0.06, "far below the bound: " + name + curve);
            assertTrue(right / (double) trials > before - 0.02, "not rising: " + name + curve);
            before = right / (double) trials;
        }
        assertTrue(before > 0.95, name + curve);
    }

    @Test
    void psychometricCurvesStayBelowTheIdealObservers() throws IOException {
        assertBounded("perceptual-decision", 0, 2, (task, c) -> ((PerceptualDecision) task).bound(c));
        assertBounded("context-decision", 0, 2, (task, c) -> ((ContextDecision) task).bound(c));
        assertBounded("context-decision", 2, 4, (task, c) -> ((ContextDecision) task).bound(c));
        assertBounded("multisensory-decision", 0, 2, (task, c) -> ((MultisensoryDecision) task).bound(c, 1));
        assertBounded("multisensory-decision", 2, 4, (task, c) -> ((MultisensoryDecision) task).bound(c, 1));
        assertBounded("multisensory-decision", 4, 6, (task, c) -> ((MultisensoryDecision) task).bound(c, 2));
    }

    /** Of two senses an ideal observer makes more: the network does too. */
    @Test
    void bothSensesAreBetterThanOne() throws IOException {
        NetworkFile.Network network = network("multisensory-decision");
        Task hard = Tasks.byName("multisensory-decision", Map.of(PerceptualDecision.COHERENCES, List.of(0.05)));
        List<TypeScore> types = scores(network, hard, 1800, 3).types();
        double[] accuracy = new double[3];
        for (int type = 0; type < 6; type++) {
            accuracy[type / 2] += types.get(type).decisions().orElseThrow().accuracy() / 2;
        }
        assertTrue(
                accuracy[2] > accuracy[0] + 0.02 && accuracy[2] > accuracy[1] + 0.02,
                List.of(accuracy[0], accuracy[1], accuracy[2]).toString());
    }
}
