package attractor.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import attractor.dynamics.Simulator;
import attractor.io.Npz;
import attractor.kernel.Activation;
import attractor.kernel.Kernels;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import attractor.task.Trials;
import java.io.InputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** One forward and backward pass and five steps of Adam against values that NumPy computed, see {@code make_reference.py}. */
class NumpyReferenceTest {
    private static final int BATCH = 3;
    private static final int STEPS = 7;
    private static final RnnShape SHAPE = new RnnShape(2, 5, 2);
    private static Npz npz;

    @BeforeAll
    static void read() throws Exception {
        try (InputStream in = NumpyReferenceTest.class.getResourceAsStream("reference.npz")) {
            npz = Npz.read(in.readAllBytes(), "reference.npz");
        }
    }

    private static double[] block(String prefix) throws Exception {
        double[] block = new double[SHAPE.parameters()];
        for (RnnShape.View view : SHAPE.views()) {
            double[] values = npz.get(prefix + view.name()).doubles();
            System.arraycopy(values, 0, block, view.offset(), view.length());
        }
        return block;
    }

    private static Rnn network() throws Exception {
        return new Rnn(SHAPE, Activation.TANH, 0.6, 1.0, true, block("p_"));
    }

    private static Trials trials() throws Exception {
        return Trials.ofArrays(
                STEPS,
                2,
                2,
                npz.get("x").doubles(),
                npz.get("target").doubles(),
                npz.get("mask").doubles(),
                null,
                null);
    }

    private static void assertClose(double[] expected, double[] actual, String what) {
        double largest = 0;
        for (double e : expected) {
            largest = Math.max(largest, Math.abs(e));
        }
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], actual[i], 1e-13 * largest, what + "[" + i + "]");
        }
    }

    @Test
    void forward() throws Exception {
        Simulator.Trajectory run = new Simulator(network()).run(npz.get("x").doubles(), BATCH, STEPS);
        assertClose(npz.get("h").doubles(), run.h(), "h");
        assertClose(npz.get("y").doubles(), run.y(), "y");
    }

    @Test
    void backward() throws Exception {
        double[] gradient = new double[SHAPE.parameters()];
        Rnn rnn = network();
        try (BatchGradient g =
                EngineFixtures.batchGradient(rnn, trials(), BATCH).build()) {
            double loss = g.compute(rnn.parameters(), new int[] {0, 1, 2}, 0, BATCH, gradient);
            assertEquals(npz.get("loss").doubles()[0], loss, 1e-14);
        }
        for (RnnShape.View view : SHAPE.views()) {
            double[] expected = npz.get("g_" + view.name()).doubles();
            double[] actual = new double[view.length()];
            System.arraycopy(gradient, view.offset(), actual, 0, actual.length);
            assertClose(expected, actual, view.name());
        }
    }

    @Test
    void fiveStepsOfAdam() throws Exception {
        Rnn rnn = network();
        double[] p = rnn.parameters().clone();
        double[] gradient = new double[p.length];
        int trained = SHAPE.h0().offset();
        Adam adam = new Adam(new Adam.Options(0.01, 0.1, 0.9, 0.999, 1e-8), trained, Kernels.get());
        try (BatchGradient g =
                EngineFixtures.batchGradient(rnn, trials(), BATCH).build()) {
            for (int i = 0; i < 5; i++) {
                double loss = g.compute(p, new int[] {0, 1, 2}, 0, BATCH, gradient);
                assertEquals(npz.get("losses").doubles()[i], loss, 1e-12, "step " + i);
                adam.step(p, gradient);
            }
        }
        double[] expected = block("after_");
        for (int i = 0; i < p.length; i++) {
            assertEquals(expected[i], p[i], 1e-12, SHAPE.entry(i));
        }
    }
}
