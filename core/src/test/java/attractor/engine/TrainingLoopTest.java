package attractor.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.kernel.Activation;
import attractor.kernel.Kernels;
import attractor.model.Constraint;
import attractor.model.ModelOptions;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import attractor.random.RandomStream;
import attractor.task.Trials;
import attractor.train.ExecutionSettings;
import attractor.train.Trainer;
import attractor.train.TrainingConfig;
import attractor.train.TrainingResult;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The parts of a training loop of your own: clipping, constraints, a trained tau, times. */
class TrainingLoopTest {
    @Test
    void clippingKeepsTheDirection() {
        double[] gradient = {3, 0, -4, 99};
        assertEquals(5, GradientNorm.of(gradient, 3));
        assertEquals(5, GradientNorm.clip(gradient, 3, 5));
        assertArrayEquals(new double[] {3, 0, -4, 99}, gradient);
        assertEquals(5, GradientNorm.clip(gradient, 3, 1));
        assertArrayEquals(new double[] {0.6, 0, -0.8, 99}, gradient, 1e-15);
        double[] huge = {3e200, 4e200};
        assertEquals(5e200, GradientNorm.clip(huge, 2, 2), 1e185);
        assertArrayEquals(new double[] {1.2, 1.6}, huge, 1e-15);
        double[] none = {0, 0};
        assertEquals(0, GradientNorm.clip(none, 2, 1));
        assertEquals(0, GradientNorm.of(none, 2));
        assertEquals(
                "limit of the gradient's norm is 0.0, expected above 0",
                assertThrows(IllegalArgumentException.class, () -> GradientNorm.clip(none, 2, 0))
                        .getMessage());
    }

    @Test
    void tauIsClippedWithTheRest() {
        TrainedTau tau = new TrainedTau(1, 2, Adam.Options.DEFAULT, Kernels.get());
        // alpha (1 - alpha) = 1/4 at tau = 2 dt.
        tau.setGradient(16);
        double[] gradient = {3};
        assertEquals(5, GradientNorm.of(gradient, 1, tau), 1e-15);
        assertEquals(5, GradientNorm.clip(gradient, 1, tau, 2.5), 1e-15);
        assertEquals(1.5, gradient[0], 1e-15);
        assertEquals(2, tau.gradient()[0], 1e-15);
        assertEquals(
                "tauMs is 1.0, expected above dtMs = 1.0 where tau is trained",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> new TrainedTau(1, 1, Adam.Options.DEFAULT, Kernels.get()))
                        .getMessage());
    }

    /** With Dale's law, a mask, fixed entries, h0, tau and clipping, your own loop ends with the trainer's bits. */
    @Test
    void aLoopWithAllOfItEndsWithTheTrainersBits() {
        ModelOptions model = ModelOptions.DEFAULT
                .withDale(0.7)
                .withMask(ModelOptions.Mask.random(0.6, 3))
                .withFixed(List.of(new ModelOptions.Fixed("W_in", null)))
                .withRecurrentNoise(0.05)
                .withTrainedInitialState(true)
                .withTrainedTau(true);
        TrainingConfig config = TrainingConfig.builder(EngineFixtures.shortAnd())
                .units(7)
                .samples(43)
                .batch(8)
                .epochs(3)
                .stopLoss(0)
                .evaluationTrials(8)
                .seed(5)
                .activation(Activation.SIGMOID)
                .tauMs(3)
                .recurrentBias(true)
                .clipNorm(0.2)
                .optimizer(new Adam.Options(0.02, 0, 0.9, 0.999, 1e-8))
                .model(model)
                .build();
        TrainingResult expected =
                new Trainer(config, ExecutionSettings.defaults().withThreads(1)).train();

        Rnn rnn = config.initialNetwork(2, 1);
        Constraint constraint =
                Constraint.builder(rnn).fix("W_in").nonNegativeInitialState().build();
        Trials trials = Trials.random(EngineFixtures.shortAnd(), 43, 5, Trials.TRAINING);
        Optimizer adam = config.optimizer().create(rnn.shape().h0().end(), Kernels.get());
        TrainedTau tau = new TrainedTau(rnn.dtMs(), rnn.tauMs(), config.optimizer(), Kernels.get());
        double[] gradient = new double[rnn.shape().parameters()];
        int[] order = new int[43];
        try (BatchGradient batch =
                BatchGradient.builder(rnn, trials).maxBatch(8).byAlpha(true).build()) {
            for (int epoch = 0; epoch < 3; epoch++) {
                Arrays.setAll(order, i -> i);
                new RandomStream(5, Trainer.SHUFFLE, epoch).shuffle(order);
                batch.noise(5, epoch);
                for (int from = 0; from < 43; from += 8) {
                    batch.setTau(tau.tauMs());
                    batch.compute(rnn.parameters(), order, from, Math.min(8, 43 - from), gradient);
                    tau.setGradient(batch.alphaGradient());
                    constraint.mask(gradient);
                    GradientNorm.clip(gradient, adam.count(), tau, 0.2);
                    adam.step(rnn.parameters(), gradient);
                    constraint.project(rnn.parameters());
                    tau.step(1.0);
                }
            }
        }
        assertArrayEquals(expected.network().parameters(), rnn.parameters());
        assertEquals(expected.network().tauMs(), tau.tauMs());
    }

    /** tau = dt (1 + exp(-theta)): theta is -ln 3 at tau = 4 dt; one step of gradient descent by hand. */
    @Test
    void aStepOfTauByHand() {
        TrainedTau tau = new TrainedTau(2, 8, new Sgd.Options(0.5, 0, 0), Kernels.get());
        assertEquals(-StrictMath.log(3), tau.theta(), 1e-15);
        assertEquals(8, tau.tauMs(), 1e-14);
        assertEquals(2 * (1 + StrictMath.exp(-2)), tau.tauMs(2), 1e-14);
        // alpha = 1/4, so dL/dtheta = 3/16 dL/dalpha.
        tau.setGradient(16);
        assertEquals(3, tau.gradient()[0], 1e-14);
        tau.step(2.0);
        assertEquals(-StrictMath.log(3) - 2 * 0.5 * 3, tau.theta(), 1e-14);
        assertEquals(1, tau.optimizer().iteration());
    }

    @Test
    void aTauThatWasRestoredGoesOn() {
        TrainedTau one = new TrainedTau(1, 4, new Sgd.Options(0.1, 0.2, 0.9), Kernels.get());
        one.setGradient(3);
        one.step(1);
        TrainedTau other = new TrainedTau(1, 9, new Sgd.Options(0.1, 0.2, 0.9), Kernels.get());
        other.restore(one.theta(), one.optimizer().iteration(), one.optimizer().state());
        one.setGradient(-2);
        other.setGradient(-2);
        one.step(0.5);
        other.step(0.5);
        assertEquals(one.tauMs(), other.tauMs());
    }

    @Test
    void timesAddUp() {
        GradientProblem p = new GradientProblem();
        try (BatchGradient batch = BatchGradient.builder(p.rnn, p.trials)
                .maxBatch(100)
                .threads(1)
                .timed(true)
                .build()) {
            batch.compute(p.rnn.parameters(), p.order, 0, 100, p.gradient);
            StepTimes t = batch.times();
            assertTrue(t.gather() > 0 && t.forward() > 0 && t.backward() > 0 && t.reduce() > 0, t.toString());
            assertTrue(t.gather() + t.forward() + t.backward() + t.reduce() <= t.wall(), t.toString());
            batch.compute(p.rnn.parameters(), p.order, 0, 1, p.gradient);
            assertTrue(batch.times().backward() < t.backward() * 100, "the last step alone");
            assertEquals(
                    new StepTimes(2 * t.wall(), 2 * t.gather(), 2 * t.forward(), 2 * t.backward(), 2 * t.reduce()),
                    t.plus(t));
            assertEquals(t, StepTimes.ZERO.plus(t));
        }
        try (BatchGradient batch = BatchGradient.builder(p.rnn, p.trials).build()) {
            assertEquals(
                    "no times were taken, expected timed(true) when this was built",
                    assertThrows(IllegalStateException.class, batch::times).getMessage());
        }
    }

    /** Measuring times doesn't change the bits. */
    @Test
    void timesChangeNothing() {
        GradientProblem p = new GradientProblem();
        double[] timed = new double[p.gradient.length];
        for (boolean wanted : new boolean[] {false, true}) {
            try (BatchGradient batch = BatchGradient.builder(p.rnn, p.trials)
                    .maxBatch(100)
                    .timed(wanted)
                    .build()) {
                batch.compute(p.rnn.parameters(), p.order, 0, 100, wanted ? timed : p.gradient);
            }
        }
        assertArrayEquals(p.gradient, timed);
        assertFalse(Arrays.stream(timed).allMatch(g -> g == 0));
    }

    private static final class GradientProblem {
        final Rnn rnn;
        final Trials trials;
        final double[] gradient;
        final int[] order = new int[100];

        GradientProblem() {
            var p = EngineFixtures.gradientCase(100, 11, 2, 9, 2, Activation.TANH, 1, true, true, 3)
                    .problem();
            rnn = p.network();
            trials = p.trials();
            gradient = new double[rnn.shape().parameters()];
            Arrays.setAll(order, i -> i);
        }
    }

    @Test
    void alphaOutOfRangeIsNamed() {
        Rnn rnn = Rnn.zeros(new RnnShape(1, 2, 1));
        EulerStep map = new EulerStep(rnn, Kernels.get());
        assertEquals(
                "alpha is 0.5, expected 1",
                assertThrows(IllegalArgumentException.class, () -> map.setAlpha(0.5))
                        .getMessage());
        EulerStep leaky = new EulerStep(rnn.withTau(2), Kernels.get());
        assertEquals(
                "alpha is 0.0, expected above 0, at most 1",
                assertThrows(IllegalArgumentException.class, () -> leaky.setAlpha(0))
                        .getMessage());
        TrialRows rows = new TrialRows(leaky, 3, 2);
        assertEquals(
                "trials is 4, expected 0 to 3",
                assertThrows(IllegalArgumentException.class, () -> rows.use(4)).getMessage());
    }
}
