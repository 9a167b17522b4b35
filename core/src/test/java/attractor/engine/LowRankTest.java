package attractor.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.dynamics.Simulator;
import attractor.dynamics.Stepper;
import attractor.kernel.Activation;
import attractor.kernel.Kernels;
import attractor.model.Form;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import attractor.train.GradientCase;
import attractor.train.GradientCase.Options;
import attractor.train.GradientCase.Problem;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Networks whose W_rec is a product of factors, against the complex step and against the network with the product. */
class LowRankTest {
    private static final double CLOSE = 1e-12;

    private static GradientCase gradientCase(int units, int rank, Form form, double alpha, Options options) {
        return GradientCase.builder()
                .batch(35)
                .steps(9)
                .inputs(2)
                .units(units)
                .outputs(3)
                .rank(rank)
                .form(form)
                .alpha(alpha)
                .recurrentBias(true)
                .masked(true)
                .seed(7)
                .options(options)
                .build();
    }

    static List<GradientCase> cases() {
        return GradientCase.lowRank(2026);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void itsGradientIsExact(GradientCase c) {
        c.check().assertPasses();
    }

    @Test
    void theCasesUseTheProductAndTheFactors() {
        assertTrue(cases().stream().anyMatch(c -> isThin(c.units(), c.rank())));
        assertTrue(cases().stream().anyMatch(c -> !isThin(c.units(), c.rank())));
    }

    private static boolean isThin(int units, int rank) {
        return EulerStep.isThin(new RnnShape(1, units, 1, rank));
    }

    @ParameterizedTest
    @CsvSource({"20,1,true", "20,6,true", "20,7,false", "19,1,false", "1,1,false", "500,166,true", "500,500,false"})
    void factorsAreUsedByUnitsAndRankAlone(int units, int rank, boolean thin) {
        assertEquals(thin, isThin(units, rank));
        assertFalse(isThin(units, 0));
    }

    /** The gradient by the product, by the chain rule, and the loss are those of the network that has the product. */
    @ParameterizedTest
    @CsvSource({"6,2,RATE,1", "25,3,RATE,0.4", "25,8,CURRENT,0.4", "33,1,CURRENT,1", "20,20,RATE,0.4"})
    void itIsTheNetworkWithTheProduct(int n, int rank, Form form, double alpha) {
        Problem p = gradientCase(n, rank, form, alpha, Options.NONE).problem();
        Rnn rnn = p.network();
        Rnn full = rnn.fullRank();
        double[] gradient = new double[rnn.shape().parameters()];
        double[] ofFull = new double[full.shape().parameters()];
        double loss = compute(rnn, p, gradient, 1, Kernels.get());
        assertEquals(compute(full, p, ofFull, 1, Kernels.get()), loss, CLOSE);
        RnnShape shape = rnn.shape();
        for (int i = 0; i < n; i++) {
            for (int r = 0; r < rank; r++) {
                double dp = 0;
                double dq = 0;
                for (int j = 0; j < n; j++) {
                    dp += ofFull[full.shape().wRec().at(i, j)]
                            * rnn.parameters()[shape.q().at(j, r)]
                            / n;
                    dq += ofFull[full.shape().wRec().at(j, i)]
                            * rnn.parameters()[shape.p().at(j, r)]
                            / n;
                }
                assertEquals(dp, gradient[shape.p().at(i, r)], CLOSE);
                assertEquals(dq, gradient[shape.q().at(i, r)], CLOSE);
            }
        }
        for (int k = 0; k < shape.parameters() - shape.wOut().offset(); k++) {
            assertEquals(
                    ofFull[full.shape().wOut().offset() + k],
                    gradient[shape.wOut().offset() + k],
                    CLOSE);
        }
    }

    private static double compute(Rnn rnn, Problem p, double[] gradient, int threads, Kernels kernels) {
        int[] order = new int[p.trials().size()];
        for (int i = 0; i < order.length; i++) {
            order[i] = i;
        }
        try (BatchGradient g = BatchGradient.builder(rnn, p.trials())
                .maxBatch(order.length)
                .threads(threads)
                .kernels(kernels)
                .build()) {
            return g.compute(rnn.parameters(), order, 0, order.length, gradient);
        }
    }

    @ParameterizedTest
    @CsvSource({"6,2", "25,3", "33,11"})
    void theBitsDependNeitherOnThreadsNorOnKernelsNorOnSegments(int n, int rank) {
        for (Form form : Form.values()) {
            Problem p = gradientCase(n, rank, form, 0.4, Options.table().get("noise"))
                    .problem();
            double[] one = new double[p.network().shape().parameters()];
            compute(p.network(), p, one, 1, Kernels.get());
            double[] other = new double[one.length];
            compute(p.network(), p, other, 3, Kernels.of("scalar"));
            assertArrayEquals(one, other);
            TapePlan whole = TapePlan.whole(p.network(), Kernels.get(), 9, 32);
            int[] order = new int[p.trials().size()];
            for (int i = 0; i < order.length; i++) {
                order[i] = i;
            }
            try (BatchGradient g = BatchGradient.builder(p.network(), p.trials())
                    .maxBatch(order.length)
                    .threads(1)
                    .memoryLimitBytes(whole.bytes() - 1)
                    .build()) {
                g.compute(p.network().parameters(), order, 0, order.length, other);
            }
            assertArrayEquals(one, other);
        }
    }

    @ParameterizedTest
    @CsvSource({"6,2", "25,3"})
    void stepperAndSimulatorGiveTheSameBitsAndThoseOfTheProductAlmost(int n, int rank) {
        for (Form form : Form.values()) {
            Rnn rnn = gradientCase(n, rank, form, 0.4, Options.table().get("noise"))
                    .problem()
                    .network();
            int steps = 30;
            double[] x = new double[steps * 2];
            for (int k = 0; k < x.length; k++) {
                x[k] = Math.sin(k);
            }
            Simulator.Trajectory run = new Simulator(rnn).run(x, 1, steps);
            Simulator.Trajectory full = new Simulator(rnn.fullRank()).run(x, 1, steps);
            assertArrayEquals(full.y(), run.y(), 1e-10);
            Stepper stepper = new Stepper(rnn);
            double[] y = new double[3];
            for (int t = 0; t < steps; t++) {
                stepper.step(new double[] {x[2 * t], x[2 * t + 1]}, y);
                for (int o = 0; o < 3; o++) {
                    assertEquals(run.y()[t * 3 + o], y[o]);
                }
            }
        }
    }

    /** A rank-one network of which everything is known: kappa' = phi(g kappa) overlap. */
    @Test
    void oneLatentVariableCarriesTheDynamics() {
        RnnShape shape = new RnnShape(1, 24, 1, 1);
        double[] block = new double[shape.parameters()];
        for (int i = 0; i < 24; i++) {
            block[shape.p().at(i, 0)] = 2.0;
            block[shape.q().at(i, 0)] = 1.0;
            block[shape.h0().at(i, 0)] = 0.25;
        }
        block[shape.wOut().at(0, 0)] = 1.0;
        Rnn rnn = new Rnn(shape, Activation.TANH, 1, 1, false, block);
        double[] y = new Simulator(rnn).run(new double[50], 1, 50).y();
        double kappa = 0.25;
        for (int t = 0; t < 50; t++) {
            kappa = Math.tanh(2.0 * kappa);
            assertEquals(kappa, y[t], CLOSE);
        }
    }
}
