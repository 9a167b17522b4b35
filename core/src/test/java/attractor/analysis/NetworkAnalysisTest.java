package attractor.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.analysis.Attractors.Attractor;
import attractor.analysis.Attractors.Kind;
import attractor.dynamics.Stepper;
import attractor.kernel.Activation;
import attractor.model.Initializers;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import attractor.random.RandomStream;
import attractor.task.Task;
import attractor.task.TrialPart;
import attractor.task.Trials;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class NetworkAnalysisTest {
    /** A push up or down at the first step, of random size; output o should be the push times o + 1. */
    private record Push(int steps, int inputs, int outputs) implements Task {
        @Override
        public String name() {
            return "push";
        }

        @Override
        public String description() {
            return "Up or down.";
        }

        @Override
        public double dtMs() {
            return 1.0;
        }

        @Override
        public List<String> types() {
            return List.of("up", "down");
        }

        @Override
        public void write(int type, RandomStream random, double[] x, double[] y, double[] mask) {
            double push = (type == 0 ? 1.0 : -1.0) * (1.0 + random.nextDouble());
            Arrays.fill(x, 0, inputs, push);
            for (int i = 0; i < y.length; i++) {
                y[i] = push * (i % outputs + 1);
            }
        }
    }

    /** A unit that excites itself and keeps what it was pushed to, w, with outputs 1, 2, ... times it. */
    private static Rnn memory(int outputs, double w) {
        RnnShape shape = new RnnShape(1, 1, outputs);
        double[] block = new double[shape.parameters()];
        block[shape.wIn().at(0, 0)] = 1.0;
        block[shape.wRec().at(0, 0)] = w;
        for (int o = 0; o < outputs; o++) {
            block[shape.wOut().at(o, 0)] = o + 1.0;
        }
        return Rnn.zeros(shape).withParameters(block);
    }

    private static Rnn random(int inputs, int n, int outputs) {
        RnnShape shape = new RnnShape(inputs, n, outputs);
        double[] block = new double[shape.parameters()];
        RandomStream random = new RandomStream(3, Initializers.WEIGHTS, 0);
        random.fillGaussian(block, shape.wRec().offset(), n * n, 1.2 / Math.sqrt(n));
        random.fillGaussian(block, shape.wIn().offset(), n * inputs, 1.0);
        random.fillGaussian(block, shape.wOut().offset(), n * outputs, 1.0);
        return Rnn.zeros(shape).withParameters(block);
    }

    @Test
    void trajectoriesAreTheTrialsOfAnEvaluationStepByStep() {
        Task task = new Push(7, 2, 3);
        Rnn rnn = random(2, 4, 3);
        Trajectories t = Trajectories.of(rnn, task, 11);
        assertEquals(2, t.trials());
        assertEquals(List.of("up", "down"), t.types());
        assertEquals(List.of(task.parts(), task.parts()), t.parts());
        assertEquals(List.of(new TrialPart(TrialPart.RESPONSE, 0, 7)), task.parts());
        Trials.Reader reader = Trials.balanced(task, 10, 11, Trials.EVALUATION).reader();
        for (int s = 0; s < 2; s++) {
            double[] x = new double[7 * 2];
            double[] target = new double[7 * 3];
            reader.read(s, x, 0, target, 0, null, 0);
            assertArrayEquals(x, Arrays.copyOfRange(t.x(), s * 14, s * 14 + 14));
            assertArrayEquals(target, Arrays.copyOfRange(t.target(), s * 21, s * 21 + 21));
            Stepper stepper = new Stepper(rnn);
            double[] y = new double[3];
            for (int step = 0; step < 7; step++) {
                stepper.step(Arrays.copyOfRange(x, 2 * step, 2 * step + 2), y);
                int at = s * 7 + step;
                assertArrayEquals(y, Arrays.copyOfRange(t.y(), at * 3, at * 3 + 3), 1e-15);
                double[] h = Arrays.copyOfRange(t.h(), at * 4, at * 4 + 4);
                double[] expected = new double[4];
                stepper.copyState(expected);
                assertArrayEquals(expected, h, 1e-15);
            }
        }
    }

    @Test
    void everyPartIsThatOfItsOwnClass() {
        Rnn rnn = random(1, 6, 2);
        Rnn initial = Networks.random(6, 1.0, 4);
        Task task = new Push(20, 1, 2);
        NetworkAnalysis a = NetworkAnalysis.of(rnn, Optional.of(initial), Optional.of(task));
        assertSame(rnn, a.network());
        assertArrayEquals(Spectrum.of(rnn).re(), a.spectrum().re());
        assertArrayEquals(
                Spectrum.of(initial).im(), a.initialSpectrum().orElseThrow().im());
        assertTrue(a.spectrum().vectors().isPresent());
        Trajectories t = a.trajectories().orElseThrow();
        assertArrayEquals(Trajectories.of(rnn, task, 0).h(), t.h());
        Pca pca = a.pca().orElseThrow();
        assertEquals(40, pca.observations());
        assertEquals(3, pca.kept());
        assertArrayEquals(Pca.of(t.h(), 6, 3).projection(), pca.projection());
        assertEquals(
                Attractors.of(rnn, task).lines(), a.attractors().orElseThrow().lines());
        assertEquals(2, a.attractors().orElseThrow().types().get(0).responses().size());
        assertEquals(2, a.fixedPoints().points().get(0).output().length);
        assertEquals(Attractors.of(rnn, task).eigenvalues(), a.eigenvalueClass());
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 1", "1, 1, 3", "2, 1, 2", "30, 4, 1", "1, 5, 2"})
    void smallAndShort(int steps, int n, int outputs) {
        Rnn rnn = random(2, n, outputs);
        NetworkAnalysis a = NetworkAnalysis.of(rnn, Optional.empty(), Optional.of(new Push(steps, 2, outputs)));
        assertEquals(2 * steps, a.pca().orElseThrow().observations());
        assertEquals(Math.min(3, n), a.pca().orElseThrow().kept());
        assertEquals(n, a.spectrum().size());
        assertEquals(2, a.attractors().orElseThrow().lines().size());
        assertTrue(a.fixedPoints().points().size() >= 1);
    }

    @Test
    void attractorsThatAreFixedPointsAreFoundAmongThem() {
        Rnn rnn = memory(2, 2.0);
        NetworkAnalysis a = NetworkAnalysis.of(rnn, Optional.empty(), Optional.of(new Push(20, 1, 2)));
        assertEquals(3, a.fixedPoints().points().size());
        Attractors attractors = a.attractors().orElseThrow();
        double high = 0.9575040240772688; // h = tanh(2 h)
        for (int k = 0; k < 2; k++) {
            Attractor end =
                    attractors.attractors().get(attractors.types().get(k).attractor());
            assertEquals(Kind.FIXED_POINT, end.kind());
            FixedPoints.Point point =
                    a.fixedPoints().points().get(a.fixedPoint(end).orElseThrow());
            double h = k == 0 ? high : -high;
            assertEquals(h, point.state()[0], 1e-12);
            assertEquals(2.0 * h, point.output()[1], 1e-12);
        }
        Rnn turning = Networks.tanh(Networks.rotation(1.3, 2.0));
        turning.parameters()[turning.shape().wIn().at(0, 0)] = 1.0;
        NetworkAnalysis b = NetworkAnalysis.of(turning, Optional.empty(), Optional.of(new Push(5, 1, 1)));
        Attractor curve = b.attractors().orElseThrow().attractors().get(0);
        assertEquals(Kind.CLOSED_CURVE, curve.kind());
        assertTrue(b.fixedPoint(curve).isEmpty());
    }

    @ParameterizedTest
    @EnumSource(Activation.class)
    void withoutATaskWhatNeedsNoneIsThere(Activation phi) {
        double alpha = 0.5;
        Rnn rnn = Networks.of(phi, alpha, 1.0, new double[] {0.3, 0.1}, 0.5, -0.4, 0.3, 0.2);
        NetworkAnalysis a = NetworkAnalysis.of(rnn, Optional.empty(), Optional.empty());
        assertTrue(a.task().isEmpty() && a.trajectories().isEmpty());
        assertTrue(a.pca().isEmpty() && a.attractors().isEmpty());
        assertTrue(a.initialSpectrum().isEmpty());
        assertEquals(1, a.fixedPoints().points().size());
        assertTrue(a.fixedPoints().points().get(0).certificate().isPresent());
        assertTrue(a.fixedPoints().points().get(0).multipliers().orElseThrow().stable());
    }

    @Test
    void withoutATaskTheInputStillCounts() {
        Rnn rnn = memory(1, 0.5);
        FixedPoints.Options options = FixedPoints.Options.of(rnn).withInput(new double[] {0.7});
        NetworkAnalysis a =
                NetworkAnalysis.of(rnn, Optional.empty(), Optional.empty(), options, Attractors.Options.of(rnn));
        double h = a.fixedPoints().points().get(0).state()[0];
        assertEquals(Math.tanh(0.5 * h + 0.7), h, 1e-12);
        assertTrue(a.fixedPoints().points().get(0).distance() < 1e-6, "free runs end there");
    }

    @Test
    void whatDoesNotFitIsSaid() {
        Rnn rnn = Networks.tanh(0.5);
        message(
                "has 2 units, expected N = 1",
                () -> NetworkAnalysis.of(rnn, Optional.of(Networks.tanh(0.5, 0.0, 0.0, 0.5)), Optional.empty()));
        message(
                "task push has 2 inputs, 1 output and a dt of 1.0 ms, expected the network's I = 1",
                () -> NetworkAnalysis.of(rnn, Optional.empty(), Optional.of(new Push(3, 2, 1))));
    }

    private static void message(String part, Runnable call) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, call::run);
        assertTrue(e.getMessage().contains(part), e::getMessage);
    }
}
