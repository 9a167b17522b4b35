package attractor.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class McNemarExactTest {
    /** By hand: twice the lower tail of the binomial distribution, at most 1. */
    @Test
    void byHand() {
        assertEquals(1.0, McNemarExact.pValue(0, 0));
        assertEquals(1.0, McNemarExact.pValue(1, 0));
        assertEquals(2.0 / 8, McNemarExact.pValue(0, 3), 1e-15);
        assertEquals(2.0 * (1 + 6) / 64, McNemarExact.pValue(5, 1), 1e-15);
        assertEquals(1.0, McNemarExact.pValue(4, 4));
        assertEquals(2.0 * (1 + 12 + 66) / 4096, McNemarExact.pValue(2, 10), 1e-15);
        assertEquals(McNemarExact.pValue(10, 2), McNemarExact.pValue(2, 10));
    }

    /** From the sums of binomial coefficients as whole numbers. */
    @Test
    void largerNumbers() {
        assertEquals(0.0021024015732109547, McNemarExact.pValue(7, 25), 1e-13);
        assertEquals(0.21744829320414094, McNemarExact.pValue(480, 520), 1e-12);
        assertEquals(0.0, McNemarExact.pValue(0, 5000), 1e-300);
    }

    @Test
    void negativeNumbersAreRefused() {
        assertEquals(
                "pairs are -1 and 2, expected 0 or more of each",
                assertThrows(IllegalArgumentException.class, () -> McNemarExact.pValue(-1, 2))
                        .getMessage());
    }
}
