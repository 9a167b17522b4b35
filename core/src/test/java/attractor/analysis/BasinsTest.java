package attractor.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.kernel.Activation;
import attractor.model.Form;
import attractor.model.Rnn;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BasinsTest {
    /** h1' = tanh(2 h1 + 0.2), h2' = tanh(h1): the border of the basins is h1 = the middle fixed point. */
    private static Rnn bistable() {
        return Networks.of(Activation.TANH, 1.0, 1.0, new double[] {0.2, 0.0}, 2.0, 0.0, 1.0, 0.0);
    }

    private static double middle() {
        double low = -0.6;
        double high = 0.3;
        for (int step = 0; step < 100; step++) {
            double h = 0.5 * (low + high);
            if (Math.tanh(2.0 * h + 0.2) < h) {
                low = h;
            } else {
                high = h;
            }
        }
        return low;
    }

    @Test
    void sharesOfTheCube() {
        Basins basins = Basins.of(bistable(), new Basins.Options(null, 2000, 0, 4000));
        assertEquals(2, basins.attractors().size());
        double upper = (1.0 - middle()) / 2.0;
        for (int a = 0; a < 2; a++) {
            boolean up = basins.attractors().get(a).states()[0] > 0.0;
            double expected = up ? upper : 1.0 - upper;
            assertEquals(expected, basins.share(a), 0.035);
            assertTrue(basins.interval(a).low() < basins.share(a)
                    && basins.share(a) < basins.interval(a).high());
        }
        assertEquals(2000, basins.counts()[0] + basins.counts()[1]);
        assertArrayEquals(
                basins.counts(),
                Basins.of(bistable(), new Basins.Options(null, 2000, 0, 4000)).counts());
    }

    /** Without a leak x = W h + b carries the basins of the rate form to those of the current form, state by state. */
    @Test
    void theCurrentFormHasTheSharesOfTheRateForm() {
        Rnn rate = Networks.of(Activation.TANH, 1.0, 1.0, new double[] {3.0, 0.0}, 8.0, 1.0, 0.5, 0.3);
        for (double input : new double[] {0.0, -1.0}) {
            double[] block = rate.parameters().clone();
            block[rate.shape().wIn().offset()] = 2.0;
            Rnn driven = rate.withParameters(block);
            Basins.Options options = new Basins.Options(new double[] {input}, 500, 3, 4000);
            Basins expected = Basins.of(driven, options);
            Basins found = Basins.of(driven.withForm(Form.CURRENT), options);
            assertTrue(expected.attractors().size() > 1, "input " + input);
            assertArrayEquals(expected.counts(), found.counts(), "input " + input);
        }
        // Currents are as large as they are, not within the cube of rates.
        double[] x = Basins.randomStates(rate.withForm(Form.CURRENT), null, 100, 0);
        double most = 0.0;
        for (double value : x) {
            most = Math.max(most, value);
        }
        assertTrue(most > 5.0 && most < 12.0, "most " + most);
    }

    /** At the edge of stability, tanh of a rotation, nothing settles; that takes seconds, not minutes. */
    @Test
    void statesThatNeverSettle() {
        Rnn rnn = Networks.tanh(Networks.rotation(1.0, 1.0));
        Pca pca = Pca.of(new double[] {-0.9, -0.3, 0.9, 0.3, 0.2, -0.4, -0.3, 0.5}, 2, 2);
        Basins basins = Basins.of(rnn, new Basins.Options(null, 300, 0, 2000), Optional.of(pca), 21);
        int unsettled = 0;
        for (int a = 0; a < basins.attractors().size(); a++) {
            unsettled += basins.attractors().get(a).kind() == Attractors.Kind.UNSETTLED ? basins.counts()[a] : 0;
        }
        assertTrue(unsettled >= 290, "unsettled " + unsettled);
    }

    /** In the plane the colours change at the border. */
    @Test
    void aSlice() {
        Rnn rnn = bistable();
        Pca pca = Pca.of(new double[] {-0.9, -0.3, 0.9, 0.3, 0.2, -0.4, -0.3, 0.5}, 2, 2);
        Basins basins = Basins.of(rnn, new Basins.Options(null, 10, 0, 4000), Optional.of(pca), 21);
        Basins.Slice slice = basins.slice().orElseThrow();
        assertEquals(21 * 21, slice.attractor().length);
        for (int k = 0; k < slice.attractor().length; k++) {
            double h1 =
                    pca.mean()[0] + slice.x()[k % 21] * pca.components()[0] + slice.y()[k / 21] * pca.components()[2];
            if (Math.abs(h1 - middle()) > 1e-3) {
                boolean up = basins.attractors().get(slice.attractor()[k]).states()[0] > 0.0;
                assertEquals(h1 > middle(), up, "h1 " + h1);
            }
        }
    }

    @Test
    void wrongOptions() {
        assertThrows(IllegalArgumentException.class, () -> new Basins.Options(null, 0, 0, 1));
        Pca pca = Pca.of(new double[] {1, 2, 3}, 1, 1);
        assertThrows(
                IllegalArgumentException.class,
                () -> Basins.of(Networks.tanh(1.0), Basins.Options.of(Networks.tanh(1.0)), Optional.of(pca), 5));
    }
}
