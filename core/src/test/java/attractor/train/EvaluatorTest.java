package attractor.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import attractor.kernel.Activation;
import attractor.kernel.Kernels;
import attractor.model.Initializers;
import attractor.model.Initializers.Recurrent;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import attractor.random.RandomStream;
import attractor.random.RandomStream.Purpose;
import attractor.task.ScoreAccumulator;
import attractor.task.Scores;
import attractor.task.Task;
import attractor.task.Tasks;
import attractor.task.Trials;
import attractor.task.TypeScore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EvaluatorTest {
    /** The equations of the model, one trial and one unit at a time. */
    private static Scores plain(Rnn rnn, Trials trials) {
        int n = rnn.units();
        int inputs = rnn.inputs();
        int outputs = rnn.outputs();
        int steps = trials.steps();
        RnnShape shape = rnn.shape();
        double[] p = rnn.parameters();
        double[] x = new double[steps * inputs];
        double[] y = new double[steps * outputs];
        double[] mask = trials.masked() ? new double[y.length] : null;
        double[] predicted = new double[y.length];
        ScoreAccumulator scores = new ScoreAccumulator(trials);
        for (int s = 0; s < trials.size(); s++) {
            trials.reader().read(s, x, 0, y, 0, mask, 0);
            double[] h = rnn.copyOf(shape.h0());
            for (int t = 0; t < steps; t++) {
                double[] next = new double[n];
                for (int i = 0; i < n; i++) {
                    double z = p[shape.bRec().at(i, 0)];
                    for (int j = 0; j < inputs; j++) {
                        z += p[shape.wIn().at(i, j)] * x[t * inputs + j];
                    }
                    for (int j = 0; j < n; j++) {
                        z += p[shape.wRec().at(i, j)] * h[j];
                    }
                    next[i] = (1.0 - rnn.alpha()) * h[i]
                            + rnn.alpha() * rnn.activation().rate(z);
                }
                h = next;
                for (int o = 0; o < outputs; o++) {
                    double sum = p[shape.bOut().at(o, 0)];
                    for (int j = 0; j < n; j++) {
                        sum += p[shape.wOut().at(o, j)] * h[j];
                    }
                    predicted[t * outputs + o] = sum;
                }
            }
            scores.add(trials.type(s), predicted, 0, y, 0, mask, 0);
        }
        return scores.scores();
    }

    @ParameterizedTest
    @CsvSource({
        "TANH, 1.0, 70, 20, 2, false",
        "TANH, 2.5, 33, 20, 1, true",
        "RELU, 1.0, 32, 5, 3, false",
        "SIGMOID, 0.5, 1, 1, 1, true",
        "IDENTITY, 0.7, 5, 2, 2, true"
    })
    void scoresAreThoseOfTheEquations(Activation phi, double tau, int count, int steps, int inputs, boolean masked) {
        Task task = new TrainFixtures.Echo(steps, inputs, masked);
        Trials trials = Trials.balanced(task, count, 3, Trials.EVALUATION);
        RnnShape shape = new RnnShape(inputs, 9, 1);
        Rnn rnn = Initializers.network(shape, phi, 0.5, tau, true, Recurrent.NORMAL, 8);
        RandomStream random = new RandomStream(8, Purpose.of("test"), 0);
        random.fillGaussian(
                rnn.parameters(),
                shape.bOut().offset(),
                shape.parameters() - shape.bOut().offset(),
                0.5);
        TypeScore expected = plain(rnn, trials).types().get(0);
        TypeScore found = null;
        for (Kernels kernels : TrainFixtures.kernels().toList()) {
            TypeScore score =
                    Evaluator.evaluate(rnn, trials, kernels, 0).types().get(0);
            if (found != null) {
                assertEquals(found, score, "kernels " + kernels.name());
            }
            found = score;
        }
        assertEquals(count, found.trials());
        assertEquals(expected.rmse(), found.rmse(), 1e-12 * expected.rmse());
        assertEquals(expected.distanceMean(), found.distanceMean(), 1e-12 * expected.distanceMean());
        assertEquals(expected.distanceSd(), found.distanceSd(), 1e-12 * expected.distanceMean());
        assertEquals(expected.zeroRmse(), found.zeroRmse());
    }

    @Test
    void aSilentNetworkScoresAsZeroAndFails() {
        Trials trials = Trials.balanced(Tasks.byName("pulse"), 10, 0, Trials.EVALUATION);
        Scores scores = Evaluator.evaluate(Rnn.zeros(new RnnShape(1, 4, 1)), trials, Kernels.get(), 0);
        assertEquals(0.0, scores.types().get(0).rmse());
        assertEquals(scores.types().get(1).zeroRmse(), scores.types().get(1).rmse());
        assertEquals(false, scores.passed());
    }

    @Test
    void anOutputThatIsNotFiniteIsCounted() {
        Trials trials = Trials.balanced(TrainFixtures.shortAnd(), 8, 0, Trials.EVALUATION);
        Rnn rnn = Initializers.network(new RnnShape(2, 3, 1), Activation.IDENTITY, 1, 1, false, Recurrent.NORMAL, 0);
        rnn.parameters()[rnn.shape().wRec().at(0, 0)] = 1e40;
        Scores scores = Evaluator.evaluate(rnn, trials, Kernels.get(), 0);
        assertEquals(8, scores.types().stream().mapToInt(TypeScore::nonFinite).sum());
        assertEquals(false, scores.passed());
    }

    @Test
    void otherSizesAreAnError() {
        Trials trials = Trials.balanced(TrainFixtures.shortAnd(), 8, 0, Trials.EVALUATION);
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> Evaluator.evaluate(Rnn.zeros(new RnnShape(3, 4, 1)), trials, Kernels.get(), 0))
                .getMessage();
        assertEquals("trials have 2 inputs and 1 output, expected I = 3 and O = 1 as the network has", message);
    }
}
