package attractor.kernel;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SliceBoundsTest {
    /** The last index that a slice may have, and the first that it may not. */
    @Test
    void theEndsOfASlice() {
        double[] a = new double[10];
        SliceBounds.check("a", 2, 3, a, 2, 5); // ends at 2 + 5 + 3
        SliceBounds.check("a", 1, 10, a, 0, 0);
        SliceBounds.check("a", 5, 10, a, 0, 0); // one row for all
        SliceBounds.check("a", 2, 5, a, 0, 5);
        SliceBounds.check("a", 1, 4, a, 0, 3); // a single row may be longer than its stride
        SliceBounds.check("a", 0, 99, a, -1, -1);
        SliceBounds.check("a", 99, 0, a, -1, -1);
        int[][] wrong = {{2, 3, 3, 5}, {1, 1, -1, 1}, {1, 1, 0, -1}, {2, 5, 0, 4}, {1, 11, 0, 11}, {3, 3, 2, 3}};
        for (int[] w : wrong) {
            assertThrows(
                    IndexOutOfBoundsException.class,
                    () -> SliceBounds.check("a", w[0], w[1], a, w[2], w[3]),
                    Arrays.toString(w));
        }
        assertThrows(NullPointerException.class, () -> SliceBounds.check("a", 0, 0, null, 0, 0));
    }
}
