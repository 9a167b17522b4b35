package attractor.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.engine.BatchGradient;
import attractor.engine.Loss;
import attractor.engine.MeanSquaredError;
import attractor.engine.SoftmaxCrossEntropy;
import attractor.kernel.Activation;
import attractor.kernel.Kernels;
import attractor.model.Initializers.Recurrent;
import attractor.model.ModelOptions;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import attractor.random.RandomStream;
import attractor.task.Trials;
import attractor.task.TypeScore;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What comes behind a trial's last step with a weight doesn't touch the gradient, even where the state would overflow there. */
class PaddedTrialsTest {
    private static final int STEPS = 2000;
    private static final int SHORT = 20;

    /** A unit that doubles its rate at each step, and so overflows after 1,024, in a trial that counts for 20 steps. */
    private static Rnn doubling() {
        RnnShape shape = new RnnShape(1, 1, 1);
        double[] p = new double[shape.parameters()];
        p[shape.wIn().at(0, 0)] = 1;
        p[shape.wRec().at(0, 0)] = 2;
        p[shape.wOut().at(0, 0)] = 0.5;
        return new Rnn(shape, Activation.RELU, 1, 1, false, p);
    }

    /** A short trial whose input is 1 and, if wanted, a long one whose input is 0, so that its state stays 0. */
    private static Trials trials(int steps, boolean withLong) {
        int size = withLong ? 2 : 1;
        double[] x = new double[size * steps];
        double[] mask = new double[size * steps];
        double[] y = new double[size * steps];
        for (int t = 0; t < SHORT; t++) {
            x[t] = 1;
            mask[t] = 1;
            y[t] = 3;
        }
        for (int k = steps; k < x.length; k++) {
            mask[k] = 1;
        }
        return Trials.ofArrays(steps, 1, 1, x, y, mask, null, null);
    }

    private static double gradient(Trials trials, double[] gradient) {
        Rnn rnn = doubling();
        int[] order = trials.size() == 1 ? new int[] {0} : new int[] {0, 1};
        try (BatchGradient g = BatchGradient.builder(rnn, trials)
                .threads(1)
                .kernels(Kernels.of("scalar"))
                .build()) {
            return g.compute(rnn.parameters(), order, 0, order.length, gradient);
        }
    }

    @Test
    void aShortTrialBesideALongOne() {
        int parameters = doubling().shape().parameters();
        double[] alone = new double[parameters];
        double[] both = new double[parameters];
        double lossAlone = gradient(trials(SHORT, false), alone);
        double lossBoth = gradient(trials(STEPS, true), both);
        // The long trial has no error and no gradient; the mean is over its steps too.
        double share = (double) SHORT / (SHORT + STEPS);
        assertEquals(lossAlone * share, lossBoth, 1e-12 * lossAlone);
        double[] expected = new double[parameters];
        for (int k = 0; k < parameters; k++) {
            expected[k] = alone[k] * share;
        }
        for (int k = 0; k < parameters; k++) {
            assertEquals(expected[k], both[k], 1e-12 * Math.abs(expected[k]), "parameter " + k);
        }
    }

    /** Trials of 8 to 12 steps with two outputs, and a mask of 0 and other values behind their ends, up to a length. */
    private static Trials mixed(int steps, double x, double y) {
        int size = 40;
        double[] inputs = new double[size * steps];
        double[] targets = new double[2 * size * steps];
        double[] mask = new double[2 * size * steps];
        Arrays.fill(inputs, x);
        Arrays.fill(targets, y);
        for (int s = 0; s < size; s++) {
            RandomStream random = new RandomStream(1, Trials.TRAINING, s);
            for (int t = 0; t < 8 + s % 5; t++) {
                int k = s * steps + t;
                inputs[k] = random.nextGaussian();
                targets[2 * k] = s % 2;
                targets[2 * k + 1] = 1 - s % 2;
                // The last step of some trials counts for one output alone.
                mask[2 * k] = t < 3 ? 0.0 : 1.0;
                mask[2 * k + 1] = t < 3 || (s % 3 == 0 && t == 7 + s % 5) ? 0.0 : 1.0;
            }
        }
        return Trials.ofArrays(steps, 1, 2, inputs, targets, mask, null, null);
    }

    static Stream<Arguments> kinds() {
        return Stream.of("map", "leaky", "noisy", "relu", "identity", "rates")
                .flatMap(kind -> Stream.of(new MeanSquaredError(), new SoftmaxCrossEntropy())
                        .map(loss -> Arguments.of(kind, loss)));
    }

    /** Padding of other length and other values gives the same training, validation and evaluation to the bit, whether or not states overflow in it. */
    @ParameterizedTest
    @MethodSource("kinds")
    void paddingIsNoPartOfATraining(String kind, Loss loss) {
        TrainingResult expected = train(mixed(12, 0, 0), kind, loss);
        Object[][] paddings = {{12, 1e3, -7.0}, {15, 0.5, 0.5}, {2000, 1e300, 1e300}};
        for (Object[] padding : paddings) {
            Trials trials = mixed((Integer) padding[0], (Double) padding[1], (Double) padding[2]);
            TrainingResult found = train(trials, kind, loss);
            String what = kind + " " + loss.name() + " " + Arrays.toString(padding);
            assertArrayEquals(expected.network().parameters(), found.network().parameters(), what);
            assertEquals(expected.network().tauMs(), found.network().tauMs(), what);
            for (int e = 0; e < 2; e++) {
                assertEquals(
                        expected.history().get(e).loss(), found.history().get(e).loss(), what);
                assertEquals(
                        expected.history().get(e).validationLoss(),
                        found.history().get(e).validationLoss(),
                        what);
            }
            TypeScore score = found.scores().types().get(0);
            assertEquals(expected.scores().types().get(0), score, what);
            assertTrue(score.nonFinite() == 0 && Double.isFinite(score.rmse()), what);
        }
    }

    private static TrainingResult train(Trials trials, String kind, Loss loss) {
        TrainingConfig.Builder builder = TrainingConfig.builder(trials, 1.0, trials.size())
                .units(6)
                .batch(16)
                .epochs(2)
                .loss(loss)
                .stopLoss(0.0)
                .fit(FitOptions.DEFAULT.withValidation(0.25, 0));
        switch (kind) {
            case "leaky" ->
                builder.tauMs(3).activation(Activation.RELU).model(ModelOptions.DEFAULT.withTrainedTau(true));
            case "noisy" -> builder.tauMs(3).model(ModelOptions.DEFAULT.withRecurrentNoise(0.1));
            case "relu" -> builder.activation(Activation.RELU).init(Recurrent.NORMAL);
            case "identity" ->
                builder.activation(Activation.IDENTITY).init(Recurrent.NORMAL).seed(3);
            case "rates" ->
                builder.fit(FitOptions.DEFAULT.withValidation(0.25, 0).withL2(0.01, 0.01));
            default -> assertEquals("map", kind);
        }
        return new Trainer(builder.build(), TrainFixtures.ONE_THREAD, trials, trials)
                .train(TrainingListener.NONE, () -> false);
    }
}
