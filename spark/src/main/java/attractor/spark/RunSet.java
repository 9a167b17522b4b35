package attractor.spark;

import java.util.Arrays;
import java.util.Iterator;

/** A set of runs by their hashes, 8 bytes each. Immutable, safe for any thread. */
final class RunSet {
    private final long[] hashes;

    private RunSet(long[] hashes) {
        this.hashes = hashes;
    }

    /** @param all hashes of 16 hexadecimal digits */
    static RunSet of(Iterator<String> all) {
        long[] hashes = new long[1024];
        int size = 0;
        while (all.hasNext()) {
            if (size == hashes.length) {
                hashes = Arrays.copyOf(hashes, 2 * size);
            }
            hashes[size++] = Long.parseUnsignedLong(all.next(), 16);
        }
        hashes = Arrays.copyOf(hashes, size);
        Arrays.sort(hashes);
        return new RunSet(hashes);
    }

    boolean contains(String hash) {
        return Arrays.binarySearch(hashes, Long.parseUnsignedLong(hash, 16)) >= 0;
    }

    int size() {
        return hashes.length;
    }
}
