package attractor.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.kernel.Activation;
import attractor.model.Form;
import attractor.model.Initializers;
import attractor.model.Initializers.Recurrent;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LowRankAnalysisTest {
    private static Rnn network(int n, int rank, Recurrent recurrent) {
        return Initializers.network(new RnnShape(2, n, 1, rank), Activation.TANH, 1, 1, false, recurrent, 11);
    }

    /** The nonzero eigenvalues of P Q^T / N are those of Q^T P / N; the others are 0. */
    @ParameterizedTest
    @CsvSource({"1,1", "6,6", "12,1", "12,3", "40,5"})
    void theNonzeroEigenvaluesAreThoseOfTheOverlaps(int n, int rank) {
        for (Recurrent recurrent : List.of(Recurrent.ORTHOGONAL, Recurrent.NORMAL)) {
            Rnn rnn = network(n, rank, recurrent);
            LowRank lowRank = LowRank.of(rnn);
            Spectrum spectrum = Spectrum.withoutVectors(rnn);
            for (int k = 0; k < rank; k++) {
                double re = lowRank.re()[k];
                double im = lowRank.im()[k];
                double nearest = Double.POSITIVE_INFINITY;
                for (int j = 0; j < n; j++) {
                    nearest = Math.min(nearest, Math.hypot(spectrum.re()[j] - re, spectrum.im()[j] - im));
                }
                assertEquals(0.0, nearest, 1e-12, recurrent + " " + k);
                if (recurrent == Recurrent.ORTHOGONAL) {
                    assertEquals(1.0, Math.hypot(re, im), 1e-12);
                }
            }
            for (int j = rank; j < n; j++) {
                assertEquals(0.0, Math.hypot(spectrum.re()[j], spectrum.im()[j]), 1e-7);
            }
        }
    }

    @Test
    void overlapsAreScalarProductsByUnits() {
        double[] block = {
            1, 2, 3, 4, // W_in, 2 x 2
            1, 0, // P, 2 x 1
            0.5, 2, // Q
            3, -1, // W_out
            0, 0, 0, 0.4, -0.6
        };
        Rnn rnn = new Rnn(new RnnShape(2, 2, 1, 1), Activation.TANH, 1, 1, false, block);
        LowRank lowRank = LowRank.of(rnn);
        assertEquals(List.of("P 0", "Q 0", "W_in 0", "W_in 1", "W_out 0"), lowRank.names());
        assertArrayEquals(
                new double[] {
                    0.5, 0.25, 0.5, 1, 1.5, //
                    0.25, 2.125, 3.25, 4.5, -0.25, //
                    0.5, 3.25, 5, 7, 0, //
                    1, 4.5, 7, 10, 1, //
                    1.5, -0.25, 0, 1, 5
                },
                lowRank.overlaps(),
                1e-15);
        assertArrayEquals(new double[] {0.25}, lowRank.re(), 1e-15);
        assertArrayEquals(new double[] {0.1 - 0.6}, LowRank.latents(rnn, new double[] {0.4, -0.6}), 1e-15);
        assertArrayEquals(
                new double[] {0.25 * Math.tanh(0.4) + Math.tanh(-0.6)},
                LowRank.latents(rnn.withForm(Form.CURRENT), new double[] {0.4, -0.6}),
                1e-14);
        String message = assertThrows(IllegalArgumentException.class, () -> LowRank.of(rnn.fullRank()))
                .getMessage();
        assertEquals(
                "W_rec is no product of factors, expected a network of low rank (attractor train --rank)", message);
    }

    /** A rank-one bistable network: its fixed points are those of kappa = overlap tanh(...), found and proved. */
    @Test
    void fixedPointsAreFoundAndProved() {
        RnnShape shape = new RnnShape(1, 20, 1, 1);
        double[] block = new double[shape.parameters()];
        for (int i = 0; i < 20; i++) {
            block[shape.p().at(i, 0)] = i % 2 == 0 ? 1.5 : -1.5;
            block[shape.q().at(i, 0)] = i % 2 == 0 ? 1 : -1;
        }
        Rnn rnn = new Rnn(shape, Activation.TANH, 1, 1, false, block);
        double[] seeds = new double[3 * 20];
        for (int i = 0; i < 20; i++) {
            seeds[i] = i % 2 == 0 ? 0.9 : -0.9;
            seeds[20 + i] = -seeds[i];
        }
        FixedPoints points = FixedPoints.of(rnn, seeds, FixedPoints.Options.of(rnn));
        assertEquals(3, points.points().size());
        assertTrue(points.points().stream().allMatch(p -> p.certificate().isPresent()));
        for (FixedPoints.Point point : points.points()) {
            double kappa = LowRank.latents(rnn, point.state())[0];
            assertEquals(Math.tanh(1.5 * kappa), kappa, 1e-12);
        }
    }

    @Test
    void lesionsAreOfTheProduct() {
        Rnn rnn = network(12, 2, Recurrent.NORMAL);
        Rnn after = new Lesion.Units(List.of(3)).apply(rnn).network();
        assertEquals(0, after.rank());
        double[] w = after.wRec();
        double[] before = rnn.wRec();
        for (int i = 0; i < 12; i++) {
            for (int j = 0; j < 12; j++) {
                assertEquals(i == 3 || j == 3 ? 0.0 : before[12 * i + j], w[12 * i + j]);
            }
        }
    }
}
