package attractor.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.engine.GradientCheck.Report;
import attractor.kernel.Activation;
import attractor.kernel.Kernels;
import attractor.model.Constraint;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import attractor.task.Task;
import attractor.task.Trials;
import attractor.train.GradientCase;
import attractor.train.GradientCase.Problem;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GradientCheckTest {
    private static List<GradientCase> cases() {
        List<GradientCase> all = new ArrayList<>(GradientCase.random(64, 2026));
        // The extreme cases, whatever is drawn later.
        for (Activation phi : Activation.values()) {
            all.add(EngineFixtures.gradientCase(1, 1, 1, 1, 1, phi, 1.0, false, false, 5));
            all.add(EngineFixtures.gradientCase(1, 9, 2, 1, 3, phi, 0.5, true, true, 6));
            all.add(EngineFixtures.gradientCase(65, 3, 3, 17, 2, phi, 0.25, true, true, 7));
        }
        return all;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void analyticAgreesWithComplexStepAndDifferences(GradientCase c) {
        Report report = c.check().run();
        assertTrue(report.worst().error() <= 1e-12, c + ": " + report.worst());
        assertTrue(report.worstDifference().error() <= 1e-6, c + ": " + report.worstDifference());
    }

    @Test
    void theCasesAreWhatTheyShouldBe() {
        List<GradientCase> all = GradientCase.random(64, 2026);
        assertTrue(all.stream().anyMatch(c -> c.steps() == 1));
        assertTrue(all.stream().anyMatch(c -> c.units() == 1));
        assertTrue(all.stream().anyMatch(c -> c.batch() == 1));
        assertTrue(all.stream().anyMatch(c -> c.batch() > 64));
        assertTrue(all.stream().anyMatch(c -> c.alpha() < 1 && c.masked() && c.recurrentBias()));
        for (Activation phi : Activation.values()) {
            assertTrue(all.stream().anyMatch(c -> c.activation() == phi && c.alpha() < 1));
        }
    }

    private static final GradientCase SOME =
            EngineFixtures.gradientCase(5, 6, 2, 4, 3, Activation.TANH, 0.7, true, true, 11);

    @Test
    void aSpoiltEntryIsFoundAndNamed() {
        GradientCheck check = SOME.check();
        double[] gradient = check.gradient();
        assertTrue(check.compare(gradient).passed());
        for (RnnShape.View view : SOME.problem().network().shape().views()) {
            double largest = 0;
            for (int i = view.offset(); i < view.end(); i++) {
                largest = Math.max(largest, Math.abs(gradient[i]));
            }
            int index = view.length() / 2;
            int at = view.offset() + index;
            double[] spoilt = gradient.clone();
            spoilt[at] += 1e-9 * largest;
            Report report = check.compare(spoilt);
            assertFalse(report.passed(), view.name());
            assertEquals(view.name(), report.worst().array());
            assertEquals(index / view.cols(), report.worst().row(), view.name());
            assertEquals(index % view.cols(), report.worst().col(), view.name());
            assertEquals(view.entry(index), report.worst().entry());
            assertTrue(
                    report.toString()
                            .startsWith("worst against the complex step: " + view.entry(index) + " is " + spoilt[at]
                                    + ", expected "),
                    report.toString());
            spoilt[at] = Double.NaN;
            assertFalse(check.compare(spoilt).passed(), "NaN in " + view.name());
        }
    }

    @Test
    void aGradientWithoutTheLeakIsCaught() {
        Problem p = SOME.problem();
        Rnn rnn = p.network();
        Rnn wrong = new Rnn(rnn.shape(), Activation.TANH, 1.0, 1.0, true, rnn.parameters());
        double[] gradient = GradientCheck.of(wrong, p.trials()).gradient();
        assertFalse(SOME.check().compare(gradient).passed());
    }

    @Test
    void aGradientWithoutTheMaskIsCaught() {
        Problem p = SOME.problem();
        Problem other = SOME.toBuilder().masked(false).build().problem();
        double[] gradient = GradientCheck.of(p.network(), other.trials()).gradient();
        assertFalse(SOME.check().compare(gradient).passed());
    }

    @Test
    void aGradientOfAnotherLossIsCaught() {
        Problem p = SOME.problem();
        double[] gradient = GradientCheck.of(p.network(), p.trials())
                .loss(new AbsoluteError(1))
                .gradient();
        assertFalse(SOME.check().compare(gradient).passed());
    }

    @Test
    void sameSeedSameProblem() {
        assertArrayEquals(
                SOME.problem().network().parameters(), SOME.problem().network().parameters());
    }

    @Test
    void givenTrialsAreChecked() {
        Task task = EngineFixtures.shortAnd();
        GradientCase c = EngineFixtures.gradientCase(4, 20, 2, 3, 1, Activation.RELU, 0.5, false, false, 12);
        Report report = c.check(Trials.balanced(task, 4, 0, Trials.EVALUATION)).run();
        assertTrue(report.passed(), report.toString());
        // Other trials have another gradient.
        Report other = c.check(Trials.balanced(task, 4, 1, Trials.EVALUATION)).run();
        assertNotEquals(report.worst().analytic(), other.worst().analytic());
        Trials five = Trials.balanced(task, 5, 0, Trials.EVALUATION);
        String message = assertThrows(IllegalArgumentException.class, () -> c.check(five))
                .getMessage();
        assertTrue(message.startsWith("trials have B 5, T 20, I 2, O 1, expected those of the case B 4"), message);
    }

    /**
     * The sum of absolute errors, smooth except where an error is 0, with its derivative or a multiple of it. No
     * complex form.
     */
    private record AbsoluteError(double multiple) implements Loss {
        @Override
        public String name() {
            return "absolute-error";
        }

        @Override
        public double sum(
                int trials, int steps, int outputs, double[] y, double[] target, double[] weight, double[] dy) {
            double sum = 0;
            for (int i = 0; i < trials * steps * outputs; i++) {
                double error = y[i] - target[i];
                sum += weight[i] * Math.abs(error);
                dy[i] = multiple * weight[i] * Math.signum(error);
            }
            return sum;
        }
    }

    /** A check of a user's network, trials and loss in one line. */
    @Test
    void aLossWithoutComplexFormIsCheckedByDifferences() {
        Problem p = SOME.problem();
        GradientCheck.of(p.network(), p.trials()).loss(new AbsoluteError(1)).assertPasses();
        Report report = GradientCheck.of(p.network(), p.trials())
                .loss(new AbsoluteError(1))
                .run();
        assertEquals(List.of(), report.complexStep());
        assertEquals(report.worstDifference(), report.worst());
        GradientCheck wrong = GradientCheck.of(p.network(), p.trials()).loss(new AbsoluteError(1.001));
        String message = assertThrows(AssertionError.class, wrong::assertPasses).getMessage();
        assertTrue(
                message.matches("the gradient of absolute-error is wrong: worst against central differences: "
                        + "\\w+\\[\\d+(,\\d+)?\\] is \\S+, expected \\S+, error \\S+ above 1.0E-6"),
                message);
    }

    @Test
    void aLossWithComplexFormIsCheckedByItAlone() {
        Problem p = SOME.problem();
        Report report = GradientCheck.of(p.network(), p.trials()).run();
        assertEquals(List.of(), report.differences());
        assertTrue(report.passed(), report.toString());
    }

    /** Every option at once in a check of a user's network. */
    @Test
    void optionsAreChecked() {
        Problem p = SOME.problem();
        Rnn noisy = p.network().withNoise(0.3);
        Constraint fixed = Constraint.builder(noisy).fix("W_out").build();
        GradientCheck check = GradientCheck.of(noisy, p.trials())
                .l2Weights(0.1)
                .l2Rates(0.2)
                .tau(true)
                .noise(9)
                .constraint(fixed)
                .kernels(Kernels.of("scalar"))
                .differencesToo();
        check.assertPasses();
        double[] gradient = check.gradient();
        assertEquals(0.0, gradient[noisy.shape().wOut().offset()]);
        assertFalse(check.noise(10).compare(gradient).passed());
    }
}
