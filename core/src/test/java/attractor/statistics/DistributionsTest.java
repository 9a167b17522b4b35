package attractor.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Expected values from mpmath 1.4.1 with 30 digits; errors are relative. */
class DistributionsTest {
    private static void assertClose(double expected, double actual, double relative) {
        assertEquals(expected, actual, relative * Math.abs(expected));
    }

    /** erfc(x / sqrt(2)) / 2. */
    @ParameterizedTest
    @CsvSource({
        "-3, 0.998650101968369905",
        "-1, 0.841344746068542949",
        "-0.5, 0.691462461274013104",
        "0, 0.5",
        "0.5, 0.308537538725986896",
        "1, 0.158655253931457051",
        "1.0000001, 0.158655229734385795",
        "1.4999999, 0.0668072142206186115",
        "1.5, 0.066807201268858066",
        "1.96, 0.0249978951482204362",
        "3, 0.00134989803163009453",
        "6, 9.86587645037698141e-10",
        "10, 7.61985302416052607e-24",
        "20, 2.7536241186062337e-89",
        "37, 5.72557122252457682e-300"
    })
    void normalTail(double x, double expected) {
        assertClose(expected, Distributions.normalUpper(x), 4e-15);
    }

    /** findroot(log(erfc(x / sqrt(2)) / 2 / q)). */
    @ParameterizedTest
    @CsvSource({
        "0.5, 0",
        "0.4999, 0.000250662830088007492",
        "0.3, 0.524400512708040816",
        "0.1, 1.28155156554460044",
        "0.025, 1.95996398454005421",
        "0.005, 2.57582930354890075",
        "1e-6, 4.75342430882289896",
        "1e-15, 7.94134532617099677",
        "1e-100, 21.2734535609653243",
        "1e-300, 37.0470962993611992"
    })
    void normalQuantile(double q, double expected) {
        assertEquals(expected, Distributions.normalUpperQuantile(q), 1e-15 * Math.max(expected, 1e-3));
        assertEquals(-Distributions.normalUpperQuantile(0.25), Distributions.normalUpperQuantile(0.75));
    }

    @Test
    void quantileInvertsTheTail() {
        for (int i = 1; i < 2000; i++) {
            double q = i / 2000.0;
            assertClose(q, Distributions.normalUpper(Distributions.normalUpperQuantile(q)), 4e-15);
        }
        assertEquals(1.9599639845400545, Distributions.criticalValue(0.95), 1e-15);
        assertEquals(0.0, Distributions.normalUpper(Double.POSITIVE_INFINITY));
        assertEquals(1.0, Distributions.normalUpper(Double.NEGATIVE_INFINITY));
        assertTrue(Double.isNaN(Distributions.chiSquareUpper(Double.NaN)));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.0, 1.0, -0.5, 95.0, Double.NaN})
    void levelsAreNamed(double level) {
        Exception e = assertThrows(IllegalArgumentException.class, () -> Distributions.criticalValue(level));
        assertEquals("the level is " + level + ", expected above 0 and below 1, such as 0.95", e.getMessage());
    }

    /** erfc(sqrt(x / 2)). */
    @ParameterizedTest
    @CsvSource({
        "0, 1",
        "1e-8, 0.999920211544052694",
        "0.5, 0.479500122186953462",
        "1, 0.317310507862914103",
        "3.841458820694124, 0.0500000000000000574",
        "10, 0.00156540225800254968",
        "50, 1.53745979442803485e-12",
        "700, 2.99022697512462034e-154"
    })
    void chiSquareTail(double x, double expected) {
        assertClose(expected, Distributions.chiSquareUpper(x), x > 100 ? 1e-13 : 1e-14);
    }

    /** betainc(df / 2, 1/2, 0, 1 - r^2, regularized=True). */
    @ParameterizedTest
    @CsvSource({
        "0.1, 1, 0.936231439141480149",
        "0.5, 1, 0.666666666666666667",
        "0.999, 1, 0.0284728748124793228",
        "0.3, 2, 0.700000000000000011",
        "0.7, 3, 0.188120404374187367",
        "0.95, 8, 0.00002573706054687509",
        "0.05, 8, 0.890898027587890619",
        "0.3, 48, 0.0342861800329299727",
        "0.6, 100, 2.65723992637207281e-11",
        "0.02, 1000, 0.527151216713170929",
        "0.2, 1000, 1.68490073978721883e-10"
    })
    void studentTail(double r, double df, double expected) {
        assertClose(expected, Distributions.studentTwoSided((1 - r) * (1 + r), r * r, df), 2e-14);
    }

    @Test
    void studentAtTheEnds() {
        assertEquals(0.0, Distributions.studentTwoSided(0.0, 1.0, 5.0));
        assertEquals(1.0, Distributions.studentTwoSided(1.0, 0.0, 5.0));
    }

    /** gamma(a + 1/2) / gamma(a). */
    @ParameterizedTest
    @CsvSource({
        "0.5, 0.564189583547756287",
        "1, 0.886226925452758014",
        "1.5, 1.12837916709551257",
        "7, 2.59896431360803937",
        "20, 4.44427516123991514",
        "50.5, 7.08876730157792746",
        "2500, 49.9975000625156242"
    })
    void gammaRatios(double a, double expected) {
        assertClose(expected, Distributions.gammaRatio(a), 3e-15);
    }

    /** By Simpson's rule over the density, in Python. */
    @ParameterizedTest
    @CsvSource({"1, 12.706204736174698", "2, 4.302652729749464", "19, 2.093024054408309", "279, 1.9685031265476"})
    void studentsCriticalValues(int df, double expected) {
        assertEquals(expected, Distributions.studentCritical(0.95, df), 1e-11 * expected);
        Interval interval = Interval.ofMean(df + 1, 3, 2);
        double half = expected * 2 / Math.sqrt(df + 1);
        assertEquals(3 - half, interval.low(), 1e-10);
        assertEquals(3 + half, interval.high(), 1e-10);
        assertTrue(Double.isNaN(Interval.ofMean(1, 3, Double.NaN).low()));
    }
}
