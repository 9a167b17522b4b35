package attractor.kernel;

import java.util.Objects;

/** Checks of the kernels' arguments. Stateless, safe for any number of threads. */
final class SliceBounds {
    private SliceBounds() {}

    /** Checks that a rows x n slice lies in an array. */
    static void check(String name, int rows, int n, double[] a, int off, int ld) {
        if (rows > 0 && n > 0) {
            if (off < 0 || ld < 0 || (ld < n && rows > 1 && ld != 0) || off + (rows - 1L) * ld + n > a.length) {
                throw new IndexOutOfBoundsException(name + " has " + a.length + " values, expected a " + rows + " x "
                        + n + " slice at offset " + off + " with row stride " + ld);
            }
        }
        Objects.requireNonNull(a, name);
    }
}
