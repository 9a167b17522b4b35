package attractor.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProportionTest {
    /** statsmodels 0.15.0: proportion_confint(k, n, 1 - level, 'wilson'). 81/263 and 15/148 are in Newcombe 1998 too. */
    @ParameterizedTest
    @CsvSource({
        "0, 20, 0.95, 0, 0.16112515805281938",
        "20, 20, 0.95, 0.8388748419471806, 1",
        "1, 1, 0.95, 0.20654931437723745, 1",
        "7, 20, 0.95, 0.18119182410108206, 0.5671457233147638",
        "19, 20, 0.99, 0.6817028880857628, 0.9941022509253589",
        "15, 148, 0.95, 0.0623863995307363, 0.16048724172330803",
        "81, 263, 0.95, 0.2552885198782742, 0.36620957698280004"
    })
    void wilson(int k, int n, double level, double low, double high) {
        Interval interval = new Proportion(k, n).wilson(level);
        assertEquals(low, interval.low(), 1e-14);
        assertEquals(high, interval.high(), 1e-14);
        assertEquals(new Proportion(k, n).wilson(0.95), new Proportion(k, n).wilson());
    }

    /**
     * statsmodels 0.15.0: confint_proportions_2indep(k1, n1, k2, n2, compare='diff', method='newcomb'). The first four
     * and sixth to last are the examples (a) to (h) of Newcombe 1998, table II, method 10, where (a) is 0.0524 to 0.3339.
     */
    @ParameterizedTest
    @CsvSource({
        "56, 70, 48, 80, 0.05243147240236498, 0.33387265403690614",
        "9, 10, 3, 10, 0.1705227239345029, 0.809017973535488",
        "6, 7, 2, 7, 0.05822792748231209, 0.8062496375242278",
        "5, 56, 0, 29, -0.038137147903536936, 0.19256001385511165",
        "0, 10, 0, 20, -0.1611251580528194, 0.27753279986288926",
        "0, 10, 0, 10, -0.27753279986288926, 0.27753279986288926",
        "10, 10, 0, 20, 0.6790860371419145, 1",
        "10, 10, 0, 10, 0.6075093504305241, 1"
    })
    void newcombe(int k1, int n1, int k2, int n2, double low, double high) {
        Proportion first = new Proportion(k1, n1);
        Proportion second = new Proportion(k2, n2);
        Proportion.Difference difference = first.minus(second);
        assertEquals((double) k1 / n1 - (double) k2 / n2, difference.estimate());
        assertEquals(low, difference.interval().low(), 1e-14);
        assertEquals(high, difference.interval().high(), 1e-14);
        Proportion.Difference reversed = second.minus(first, 0.95);
        assertEquals(-difference.interval().low(), reversed.interval().high(), 1e-15);
        assertEquals(-difference.interval().high(), reversed.interval().low(), 1e-15);
    }

    @Test
    void intervalsHoldTheRateAndAreSymmetric() {
        for (int n = 1; n <= 40; n++) {
            for (int k = 0; k <= n; k++) {
                Interval i = new Proportion(k, n).wilson();
                Interval mirrored = new Proportion(n - k, n).wilson();
                assertTrue(i.contains(new Proportion(k, n).rate()), k + " of " + n + ": " + i);
                assertTrue(i.low() >= 0.0 && i.high() <= 1.0, k + " of " + n + ": " + i);
                assertEquals(i.low(), 1.0 - mirrored.high(), 1e-15);
                assertTrue(i.high() - i.low()
                        < new Proportion(k, n).wilson(0.99).high()
                                - new Proportion(k, n).wilson(0.99).low());
            }
        }
    }

    /** Exact coverage, summed over the binomial distribution, averaged over the probability. */
    @Test
    void wilsonCoversAboutAsOftenAsItSays() {
        int n = 20;
        int probabilities = 199;
        double mean = 0.0;
        for (int j = 1; j <= probabilities; j++) {
            double p = j / 200.0;
            double mass = Math.pow(1.0 - p, n);
            for (int k = 0; k <= n; k++) {
                mean += new Proportion(k, n).wilson().contains(p) ? mass / probabilities : 0.0;
                mass *= (n - k) / (k + 1.0) * p / (1.0 - p);
            }
        }
        assertEquals(0.95, mean, 0.01);
    }

    @Test
    void errorsNameValues() {
        assertEquals("there are 0 trials, expected at least 1", messageOf(0, 0));
        assertEquals("successes is 21, expected 0 to the number of trials, 20", messageOf(21, 20));
        assertEquals("successes is -1, expected 0 to the number of trials, 20", messageOf(-1, 20));
    }

    private static String messageOf(int k, int n) {
        return assertThrows(IllegalArgumentException.class, () -> new Proportion(k, n))
                .getMessage();
    }
}
