package attractor.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WeightStatisticsTest {
    @Test
    void smallSamplesByHand() {
        WeightStatistics s = WeightStatistics.of(new double[] {0, 0, 0, 4});
        assertEquals(4, s.count());
        assertEquals(1.0, s.mean());
        assertEquals(Math.sqrt(3.0), s.sd(), 1e-15);
        assertEquals(2.0 / Math.sqrt(3.0), s.skewness(), 1e-15);
        assertEquals(84.0 / 4.0 / 9.0 - 3.0, s.excessKurtosis(), 1e-15);

        s = WeightStatistics.of(new double[] {1, -1});
        assertEquals(0.0, s.skewness());
        assertEquals(-2.0, s.excessKurtosis(), 1e-15);
        assertEquals(0.8413447460685429 - 0.5, s.ksDistance(), 1e-15);
        assertEquals(0.8413447460685429, s.normalBelow(1.0), 1e-15);
        assertEquals(0.5, s.normalBelow(0.0));
    }

    @Test
    void equalWeightsHaveNoSpread() {
        double[] equal = new double[10];
        Arrays.fill(equal, 0.1);
        WeightStatistics s = WeightStatistics.of(equal);
        assertEquals(0.1, s.mean(), 1e-17);
        assertEquals(0.0, s.sd(), 1e-16);
        s = WeightStatistics.of(new double[] {3});
        assertEquals(new WeightStatistics(1, 3.0, 0.0, 0.0, 0.0, 0.5), s);
        assertEquals(0.0, s.normalBelow(2.9));
        assertEquals(1.0, s.normalBelow(3.1));
        assertThrows(IllegalArgumentException.class, () -> WeightStatistics.of(new double[0]));
        assertThrows(IllegalArgumentException.class, () -> WeightStatistics.of(new double[] {1, Double.NaN}));
    }

    @Test
    void theFitTellsNormalFromUniform() {
        Random random = new Random(4);
        double[] normal = new double[2500];
        double[] uniform = new double[2500];
        for (int i = 0; i < normal.length; i++) {
            normal[i] = 3.0 + 0.14 * random.nextGaussian();
            uniform[i] = random.nextDouble();
        }
        WeightStatistics s = WeightStatistics.of(normal);
        assertEquals(3.0, s.mean(), 0.01, "seed 4");
        assertEquals(0.14, s.sd(), 0.005, "seed 4");
        assertEquals(0.0, s.skewness(), 0.15, "seed 4");
        assertEquals(0.0, s.excessKurtosis(), 0.3, "seed 4");
        assertTrue(s.ksDistance() < 0.9 / 50, "seed 4: " + s);
        s = WeightStatistics.of(uniform);
        assertEquals(-1.2, s.excessKurtosis(), 0.1, "seed 4");
        assertTrue(s.ksDistance() > 0.04, "seed 4: " + s);
    }

    /** Expected values from mpmath.ncdf with 30 digits. */
    @ParameterizedTest
    @CsvSource({
        "0, 0.5",
        "0.001, 0.500398942213910722",
        "1, 0.841344746068542949",
        "-1, 0.158655253931457051",
        "-2.5, 0.00620966532577613194",
        "4, 0.999968328758166881",
        "-6, 9.86587645037698141e-10",
        "-8.5, 9.47953482220332e-18",
        "40, 1",
        "-40, 0"
    })
    void normalDistribution(double x, double expected) {
        assertEquals(expected, WeightStatistics.normalCdf(x), 2e-15);
    }
}
