package attractor.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PowerLawTest {
    /** Below the geometric mean of 1 and 10,000, points may be anywhere. */
    @Test
    void findsTheLawOfTheUpperPart() {
        double[] x = {1, 10, 100, 1000, 10000};
        double[] y = Arrays.stream(x).map(v -> 0.25 * Math.pow(v, 1.5)).toArray();
        y[0] = 77;
        y[1] = 0.001;
        PowerLaw law = PowerLaw.of(x, y);
        assertEquals(1.5, law.exponent(), 1e-12);
        assertEquals(0.25, law.constant(), 1e-11);
        assertEquals(100, law.from());
        assertEquals(0, law.worst(), 1e-12);
        assertEquals(250, law.at(100), 1e-9);
    }

    /** The middle of three points a factor of 10 apart is moved by e^0.3: the law moves by e^0.1 everywhere. */
    @Test
    void tellsTheLargestDeviation() {
        PowerLaw law = PowerLaw.of(new double[] {1, 10, 100}, new double[] {1, 10 * Math.exp(0.3), 100});
        assertEquals(1, law.exponent(), 1e-12);
        assertEquals(Math.exp(0.1), law.constant(), 1e-12);
        assertEquals(Math.exp(0.2) - 1, law.worst(), 1e-12);
    }

    @Test
    void needsThreePoints() {
        double[] two = {1, 2};
        assertThrows(IllegalArgumentException.class, () -> PowerLaw.of(two, two));
    }
}
