package attractor.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import attractor.io.FormatException;
import attractor.io.NpyArray;
import attractor.io.Npz;
import attractor.kernel.Activation;
import attractor.model.Initializers.Recurrent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LowRankNetworkTest {
    private static final RnnShape SHAPE = new RnnShape(2, 5, 1, 2);

    @TempDir
    private Path folder;

    private static Rnn network(Recurrent recurrent, RnnShape shape) {
        return Initializers.network(shape, Activation.TANH, 1, 1, false, recurrent, 3);
    }

    @Test
    void theFactorsStandInThePlaceOfTheProduct() {
        assertEquals(10 + 10 + 10 + 5 + 1 + 5 + 5, SHAPE.parameters());
        assertEquals("P[0,1]", SHAPE.entry(11));
        assertEquals("Q[4,1]", SHAPE.entry(29));
        assertEquals("W_out[0,0]", SHAPE.entry(30));
        assertEquals(new RnnShape(2, 5, 1), SHAPE.fullRank());
        assertThrows(IllegalStateException.class, SHAPE::wRec);
        assertThrows(IllegalStateException.class, SHAPE.fullRank()::p);
        assertEquals(
                "rank is 6, expected 1 to N = 5, or 0 where W_rec is no product",
                assertThrows(IllegalArgumentException.class, () -> new RnnShape(2, 5, 1, 6))
                        .getMessage());
    }

    @Test
    void theProductIsFormedEntryByEntry() {
        Rnn rnn = network(Recurrent.NORMAL, SHAPE);
        double[] p = rnn.copyOf(SHAPE.p());
        double[] q = rnn.copyOf(SHAPE.q());
        double[] w = rnn.wRec();
        for (int i = 0; i < 5; i++) {
            for (int j = 0; j < 5; j++) {
                assertEquals((p[2 * i] * q[2 * j] + p[2 * i + 1] * q[2 * j + 1]) / 5, w[5 * i + j], 1e-15);
            }
        }
        Rnn full = rnn.fullRank();
        assertArrayEquals(w, full.copyOf(full.shape().wRec()));
        assertArrayEquals(rnn.copyOf(SHAPE.wOut()), full.copyOf(full.shape().wOut()));
        assertSame(full, full.fullRank());
    }

    /** W_rec (W_rec v) has the length of W_rec v: on the subspace of P's columns W_rec is orthogonal. */
    @Test
    void orthogonalFactorsMakeAnOrthogonalMapOfASubspace() {
        for (int rank : new int[] {1, 3, 9}) {
            RnnShape shape = new RnnShape(1, 9, 1, rank);
            double[] w = network(Recurrent.ORTHOGONAL, shape).wRec();
            double[] v = {1, -2, 3, 0.5, 0, 1, 1, -1, 4};
            double[] once = times(w, v);
            double[] twice = times(w, once);
            assertEquals(length(once), length(twice), 1e-13);
            double square = 0;
            for (double x : w) {
                square += x * x;
            }
            assertEquals(rank, square, 1e-13); // R singular values of 1
        }
    }

    private static double[] times(double[] w, double[] v) {
        double[] out = new double[v.length];
        for (int i = 0; i < v.length; i++) {
            for (int j = 0; j < v.length; j++) {
                out[i] += w[i * v.length + j] * v[j];
            }
        }
        return out;
    }

    private static double length(double[] v) {
        double sum = 0;
        for (double x : v) {
            sum += x * x;
        }
        return Math.sqrt(sum);
    }

    @Test
    void otherInitialWeightsAreRefused() {
        for (Recurrent recurrent : new Recurrent[] {Recurrent.IDENTITY, Recurrent.GLOROT}) {
            assertEquals(
                    "init is " + recurrent.id()
                            + ", expected orthogonal or normal with a rank, whose factors are drawn in place of W_rec",
                    assertThrows(IllegalArgumentException.class, () -> network(recurrent, SHAPE))
                            .getMessage());
        }
    }

    @Test
    void theFileKeepsTheFactorsAndTheirProduct() throws Exception {
        Rnn rnn = network(Recurrent.ORTHOGONAL, SHAPE);
        Path file = folder.resolve("net.npz");
        NetworkFile.write(file, rnn, Map.of());
        Npz npz = Npz.read(Files.readAllBytes(file), "net.npz");
        assertArrayEquals(rnn.wRec(), npz.doubles("W_rec", 5, 5));
        assertArrayEquals(rnn.copyOf(SHAPE.p()), npz.doubles("P", 5, 2));
        Rnn read = NetworkFile.read(file).rnn();
        assertEquals(SHAPE, read.shape());
        assertArrayEquals(rnn.parameters(), read.parameters());
    }

    @Test
    void aFileWhosePartsDoNotAgreeIsRefused() throws Exception {
        Rnn rnn = network(Recurrent.ORTHOGONAL, SHAPE);
        double[] changed = rnn.wRec();
        changed[7] += 1e-3;
        assertEquals(
                "W_rec[1,2] is " + changed[7] + ", expected " + rnn.wRec()[7] + " as in P Q^T / N",
                refused("W_rec", NpyArray.of(changed, 5, 5)));
        assertEquals(
                "P is 5 x 2 and Q is 5 x 1, expected both N x R (N = 5, from W_rec; R from 1 to N)",
                refused("Q", NpyArray.of(new double[5], 5, 1)));
        assertEquals(
                "P is 5 x 2 and Q is 4 x 2, expected both N x R (N = 5, from W_rec; R from 1 to N)",
                refused("Q", NpyArray.of(new double[8], 4, 2)));
        double[] bad = rnn.copyOf(SHAPE.p());
        bad[3] = Double.NaN;
        assertEquals("P[1,1] is NaN, expected a finite number", refused("P", NpyArray.of(bad, 5, 2)));
        double[] mask = new double[25];
        assertEquals(
                "rank is 2, expected none with a mask: W_rec = P Q^T / N is trained through P and Q, and its entries aren't free to keep rules",
                refused("mask", NpyArray.of(mask, 5, 5)));
        assertEquals(
                "rank is 2, expected none with signs of W_rec: W_rec = P Q^T / N is trained through P and Q, and its entries aren't free to keep rules",
                refused("sign_W_rec", NpyArray.of(new double[25], 5, 5)));
    }

    private String refused(String key, NpyArray array) throws Exception {
        Path file = folder.resolve("good.npz");
        Path damaged = folder.resolve("bad.npz");
        NetworkFile.write(file, network(Recurrent.ORTHOGONAL, SHAPE), Map.of());
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        Npz npz = Npz.read(Files.readAllBytes(file), "good.npz");
        for (String name : List.of("W_in", "P", "Q", "W_out", "W_rec", "b_out")) {
            arrays.put(name, npz.get(name));
        }
        arrays.put(key, array);
        Npz.write(damaged, arrays);
        String message = assertThrows(FormatException.class, () -> NetworkFile.read(damaged))
                .getMessage();
        return message.substring((damaged + ": ").length());
    }
}
