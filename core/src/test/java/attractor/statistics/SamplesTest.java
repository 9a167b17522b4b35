package attractor.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.statistics.RankCorrelation.Method;
import org.junit.jupiter.api.Test;

/** Summaries and rank correlation. */
class SamplesTest {
    private static final double NAN = Double.NaN;
    private static final double INF = Double.POSITIVE_INFINITY;

    /** NumPy's mean, std(ddof=1) and quantile, by hand too: squares 9 + 1 + 1 + 1 + 0 + 0 + 4 + 16 = 32, over 7. */
    @Test
    void summary() {
        Summary s = Summary.of(new double[] {2, 4, NAN, 4, 4, 5, 5, 7, 9});
        assertEquals(8, s.count());
        assertEquals(1, s.missing());
        assertEquals(5.0, s.mean());
        assertEquals(Math.sqrt(32.0 / 7.0), s.sd(), 1e-15);
        assertEquals(Math.sqrt(32.0 / 7.0 / 8.0), s.standardError(), 1e-15);
        assertEquals(2.0, s.min());
        assertEquals(4.0, s.lowerQuartile());
        assertEquals(4.5, s.median());
        assertEquals(5.5, s.upperQuartile());
        assertEquals(9.0, s.max());
        assertEquals(2.7 * 0.1 + 2.0 - 0.27 + 1.4, Summary.quantile(new double[] {9, 4, 2, 4, 4, 5, 5, 7}, 0.1), 1e-15);
    }

    @Test
    void smallAndInfiniteSamples() {
        assertEquals(new Summary(0, 2, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN), Summary.of(new double[] {NAN, NAN}));
        assertEquals(new Summary(0, 0, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN), Summary.of(new double[0]));
        assertEquals(new Summary(1, 0, 3, NAN, NAN, 3, 3, 3, 3, 3), Summary.of(new double[] {3}));
        assertEquals(new Summary(3, 0, INF, NAN, NAN, 1, 1.5, 2, INF, INF), Summary.of(new double[] {2, INF, 1}));
        assertEquals(INF, Summary.quantile(new double[] {INF, INF}, 0.3));
        double[] far = {1e9 + 1, 1e9 + 2, 1e9 + 3};
        assertEquals(1.0, Summary.of(far).sd(), 1e-15);
        Exception e = assertThrows(IllegalArgumentException.class, () -> Summary.quantile(far, 1.1));
        assertEquals("the probability is 1.1, expected 0 to 1", e.getMessage());
    }

    /** p from all permutations, itertools.permutations: the number at least as extreme, of n!. */
    @Test
    void exactRankCorrelation() {
        assertExact(0.8, 16.0 / 120, 2, 1, 4, 3, 5);
        assertExact(0.642857142857143, 700.0 / 5040, 3, 1, 2, 7, 5, 4, 6);
        assertExact(1.0 / 6, 245940.0 / 362880, 5, 2, 9, 1, 7, 3, 8, 4, 6);
        assertExact(0.95, 128.0 / 362880, 2, 1, 3, 4, 6, 5, 7, 9, 8);
        assertExact(-1.0, 2.0 / 6, 3, 2, 1);
        assertExact(1.0, 1.0, 1, 2);
    }

    private static void assertExact(double rho, double p, double... y) {
        double[] x = new double[y.length];
        double[] negative = new double[y.length];
        for (int i = 0; i < y.length; i++) {
            x[i] = Math.exp(i);
            negative[i] = -y[i];
        }
        RankCorrelation r = RankCorrelation.of(x, y);
        assertEquals(rho, r.rho(), 1e-15);
        assertEquals(p, r.pValue(), 1e-15);
        assertEquals(Method.EXACT, r.method());
        assertEquals(
                new RankCorrelation(-r.rho(), r.pValue(), y.length, Method.EXACT), RankCorrelation.of(x, negative));
        assertEquals(r, RankCorrelation.of(y, x));
    }

    /** scipy 1.17.1: spearmanr(x, y). */
    @Test
    void approximateRankCorrelation() {
        double[] x = {106, 86, 100, 101, 99, 103, 97, 113, 112, 110};
        double[] y = {7, 0, 27, 50, 28, 29, 20, 12, 6, 17};
        RankCorrelation r = RankCorrelation.of(x, y);
        assertEquals(-0.17575757575757575, r.rho(), 1e-15);
        assertEquals(0.6271883447764846, r.pValue(), 1e-13);
        assertEquals(Method.STUDENT_T, r.method());
        assertEquals(10, r.pairs());

        r = RankCorrelation.of(new double[] {1, 2, 2, 3, 4, 4, 4, 5}, new double[] {2, 1, 3, 3, 5, 4, 4, 6});
        assertEquals(0.9256265453136692, r.rho(), 1e-15);
        assertEquals(0.0009719602101529905, r.pValue(), 1e-15);
        assertEquals(Method.STUDENT_T, r.method());
    }

    @Test
    void ranksAtTheEdges() {
        double[] rising = new double[50];
        for (int i = 0; i < rising.length; i++) {
            rising[i] = i;
        }
        RankCorrelation perfect = RankCorrelation.of(rising, rising);
        assertEquals(new RankCorrelation(1.0, 0.0, 50, Method.STUDENT_T), perfect);
        RankCorrelation constant = RankCorrelation.of(new double[] {1, 2, 3}, new double[] {0.0, -0.0, 0.0});
        assertTrue(Double.isNaN(constant.rho()) && Double.isNaN(constant.pValue()));
        RankCorrelation infinite = RankCorrelation.of(new double[] {-INF, 0, INF}, new double[] {1, 2, 3});
        assertEquals(1.0, infinite.rho());
        assertMessage("y has 1 values, expected as many as x, 2", new double[2], new double[1]);
        assertMessage("there are 1 pairs, expected 2 to 1000000", new double[1], new double[1]);
        assertMessage("y[1] is NaN, expected a number", new double[2], new double[] {0, NAN});
    }

    private static void assertMessage(String message, double[] x, double[] y) {
        Exception e = assertThrows(IllegalArgumentException.class, () -> RankCorrelation.of(x, y));
        assertEquals(message, e.getMessage());
    }
}
