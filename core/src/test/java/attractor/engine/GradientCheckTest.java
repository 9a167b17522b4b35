package attractor.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.kernel.Activation;
import attractor.kernel.Kernels;
import attractor.kernel.RandomStream.Purpose;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import attractor.task.Task;
import attractor.task.Trials;
import attractor.engine.GradientCheck.Case;
import attractor.engine.GradientCheck.Problem;
import attractor.engine.GradientCheck.Report;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GradientCheckTest {
    private static List<Case> cases() {
        List<Case> all = new ArrayList<>(GradientCheck.cases(64, 2026));
        // The corners, whatever the draw.
        for (Activation phi : Activation.values()) {
            all.add(new Case(1, 1, 1, 1, 1, phi, 1.0, false, false, 5));
            all.add(new Case(1, 9, 2, 1, 3, phi, 0.5, true, true, 6));
            all.add(new Case(65, 3, 3, 17, 2, phi, 0.25, true, true, 7));
        }
        return all;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void analyticAgreesWithComplexStepAndDifferences(Case c) {
        Report report = GradientCheck.run(c);
        assertTrue(report.worst().error() <= 1e-12, c + ": " + report.worst());
        assertTrue(report.worstDifference().error() <= 1e-6, c + ": " + report.worstDifference());
    }

    @Test
    void theCasesAreWhatTheyShouldBe() {
        List<Case> all = GradientCheck.cases(64, 2026);
        assertTrue(all.stream().anyMatch(c -> c.steps() == 1));
        assertTrue(all.stream().anyMatch(c -> c.units() == 1));
        assertTrue(all.stream().anyMatch(c -> c.batch() == 1));
        assertTrue(all.stream().anyMatch(c -> c.batch() > 64));
        assertTrue(all.stream().anyMatch(c -> c.alpha() < 1 && c.masked() && c.recurrentBias()));
        for (Activation phi : Activation.values()) {
            assertTrue(all.stream().anyMatch(c -> c.activation() == phi && c.alpha() < 1));
        }
    }

    private static final Case SOME = new Case(5, 6, 2, 4, 3, Activation.TANH, 0.7, true, true, 11);

    @Test
    void aSpoiltEntryIsFoundAndNamed() {
        Problem p = GradientCheck.problem(SOME);
        double[] gradient = GradientCheck.gradient(p, Kernels.get(), p.rnn().parameters());
        assertTrue(GradientCheck.compare(SOME, p, gradient, Kernels.get()).passed());
        for (RnnShape.View view : p.rnn().shape().views()) {
            double largest = 0;
            for (int i = view.offset(); i < view.end(); i++) {
                largest = Math.max(largest, Math.abs(gradient[i]));
            }
            int at = view.offset() + view.length() / 2;
            double[] spoilt = gradient.clone();
            spoilt[at] += 1e-9 * largest;
            Report report = GradientCheck.compare(SOME, p, spoilt, Kernels.get());
            assertFalse(report.passed(), view.name());
            assertEquals(view.name(), report.worst().array());
            int index = view.length() / 2;
            assertEquals(index / view.cols(), report.worst().row(), view.name());
            assertEquals(index % view.cols(), report.worst().col(), view.name());
            spoilt[at] = Double.NaN;
            assertFalse(GradientCheck.compare(SOME, p, spoilt, Kernels.get()).passed(), "NaN in " + view.name());
        }
    }

    @Test
    void aGradientWithoutTheLeakIsCaught() {
        Problem p = GradientCheck.problem(SOME);
        Rnn wrong = new Rnn(
                p.rnn().shape(), Activation.TANH, 1.0, 1.0, true, p.rnn().parameters());
        double[] gradient = GradientCheck.gradient(new Problem(wrong, p.trials()), Kernels.get(), wrong.parameters());
        assertFalse(GradientCheck.compare(SOME, p, gradient, Kernels.get()).passed());
    }

    @Test
    void aGradientWithoutTheMaskIsCaught() {
        Problem p = GradientCheck.problem(SOME);
        Case unmasked = new Case(5, 6, 2, 4, 3, Activation.TANH, 0.7, true, false, 11);
        Problem other = GradientCheck.problem(unmasked);
        double[] gradient = GradientCheck.gradient(
                new Problem(p.rnn(), other.trials()), Kernels.get(), p.rnn().parameters());
        assertFalse(GradientCheck.compare(SOME, p, gradient, Kernels.get()).passed());
    }

    @Test
    void sameSeedSameProblem() {
        assertTrue(Arrays.equals(
                GradientCheck.problem(SOME).rnn().parameters(),
                GradientCheck.problem(SOME).rnn().parameters()));
    }

    @Test
    void givenTrialsAreChecked() {
        Task task = EngineFixtures.shortAnd();
        Case c = new Case(4, 20, 2, 3, 1, Activation.RELU, 0.5, false, false, 12);
        Report report = GradientCheck.run(c, Trials.balanced(task, 4, 0, Purpose.EVALUATION));
        assertTrue(report.passed(), report.worst() + " " + report.worstDifference());
        // Other trials have another gradient.
        Report other = GradientCheck.run(c, Trials.balanced(task, 4, 1, Purpose.EVALUATION));
        assertNotEquals(report.worst().analytic(), other.worst().analytic());
        Trials five = Trials.balanced(task, 5, 0, Purpose.EVALUATION);
        String message = assertThrows(IllegalArgumentException.class, () -> GradientCheck.run(c, five))
                .getMessage();
        assertTrue(message.startsWith("trials have B 5, T 20, I 2, O 1, expected those of the case B 4"), message);
    }
}
