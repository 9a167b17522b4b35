package attractor.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import attractor.random.RandomStream;
import attractor.random.RandomStream.Purpose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EntrySetTest {
    private static EntrySet random(int rows, int cols, long seed) {
        RandomStream random = new RandomStream(seed, Purpose.of("test"), 0);
        double[] values = new double[rows * cols];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextInt(2);
        }
        return EntrySet.of(rows, cols, values);
    }

    /** numpy.packbits([1,0,1,1,0,0,0,0,1]) is [176, 128]. */
    @Test
    void theBitsArePackedAsNumpyPacksThem() {
        EntrySet set = EntrySet.of(3, 3, new double[] {1, 0, 1, 1, 0, 0, 0, 0, 1});
        assertEquals("sIA=", set.toBase64());
        assertEquals(set, EntrySet.ofBase64(3, 3, "sIA="));
        assertEquals(4, set.count());
        assertEquals(true, set.has(1, 0));
        assertEquals(false, set.has(0, 1));
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1, 8", "3, 3", "7, 9", "8, 8", "64, 1", "50, 50"})
    void textKeepsEveryBit(int rows, int cols) {
        for (long seed = 0; seed < 5; seed++) {
            EntrySet set = random(rows, cols, seed);
            EntrySet read = EntrySet.ofBase64(rows, cols, set.toBase64());
            assertEquals(set, read, "seed " + seed);
            assertEquals(set.hashCode(), read.hashCode());
            assertArrayEquals(set.toArray(), read.toArray());
        }
    }

    @Test
    void equalBitsOfOtherSizesAreOtherSets() {
        assertNotEquals(EntrySet.of(2, 1, new double[] {1, 0}), EntrySet.of(1, 2, new double[] {1, 0}));
    }

    @Test
    void theDiagonalCanBeTakenAway() {
        assertArrayEquals(
                new double[] {0, 1, 1, 1, 0, 1, 1, 1, 0},
                EntrySet.all(3, 3).withoutDiagonal().toArray());
        assertEquals(0, EntrySet.all(1, 1).withoutDiagonal().count());
    }

    private static String message(org.junit.jupiter.api.function.Executable code) {
        return assertThrows(IllegalArgumentException.class, code).getMessage();
    }

    @Test
    void valuesOtherThanZeroAndOneAreNamed() {
        assertEquals(
                "entry [1,0] is 0.5, expected 0 or 1", message(() -> EntrySet.of(2, 2, new double[] {0, 1, 0.5, 0})));
        assertEquals(
                "entry [0,1] is NaN, expected 0 or 1",
                message(() -> EntrySet.of(2, 2, new double[] {0, Double.NaN, 1, 0})));
        assertEquals("a set of entries has 3 values, expected 2 * 2", message(() -> EntrySet.of(2, 2, new double[3])));
        assertEquals(
                "a set of entries is 0 x 2, expected at least 1 x 1, fewer than 2^31",
                message(() -> EntrySet.of(0, 2, new double[0])));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "sA==", "sIAA", "sIE=", "s*A="})
    void otherTextIsRefused(String text) {
        // Too short, too long, a bit after the last one, no base 64.
        assertThrows(IllegalArgumentException.class, () -> EntrySet.ofBase64(3, 3, text));
    }

    @Test
    void entriesOutsideAreRefused() {
        EntrySet set = EntrySet.all(2, 3);
        assertThrows(IndexOutOfBoundsException.class, () -> set.has(2, 0));
        assertThrows(IndexOutOfBoundsException.class, () -> set.has(0, 3));
        assertThrows(IndexOutOfBoundsException.class, () -> set.has(-1, 0));
    }
}
