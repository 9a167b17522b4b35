package attractor.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The length of vectors of float: one per JVM, since HotSpot compiles code for several lengths badly. Rows are padded to whole
 * vectors, and 16 lanes pad a small network to a good deal more than 8: 51 columns to 64, not 56. Where the padding would
 * grow by a tenth or more, vectors have 256 bits although the processor has 512, and use its 32 registers all the same. On
 * Zen 4, whose units have 256 bits, a training step of 20 or 50 units is then shorter by 8 or 14 %. {@code
 * -Dattractor.vectorBits=512} keeps the longer ones, for processors whose units have 512 bits.
 */
final class SimdFloatWidth {
    /** The vectors in use. */
    static final VectorSpecies<Float> SPECIES =
            choose(System.getProperty("attractor.vectorBits"), FloatKernelChoice.columns());

    /** Whether there are 32 registers. */
    static final boolean WIDE = System.getProperty("attractor.vectorBits") == null
            ? FloatVector.SPECIES_PREFERRED.vectorBitSize() == 512
            : SPECIES.vectorBitSize() == 512;

    private SimdFloatWidth() {}

    /**
     * The vectors for rows.
     *
     * @param bits what the property says; null if it isn't set
     * @param columns length of the rows; 0 if it isn't known
     */
    static VectorSpecies<Float> choose(String bits, int columns) {
        if (bits == null) {
            VectorSpecies<Float> longest = FloatVector.SPECIES_PREFERRED;
            return longest.vectorBitSize() == 512 && 10 * padded(columns, 16) >= 11 * padded(columns, 8)
                    ? FloatVector.SPECIES_256
                    : longest;
        }
        return switch (bits) {
            case "128" -> FloatVector.SPECIES_128;
            case "256" -> FloatVector.SPECIES_256;
            case "512" -> FloatVector.SPECIES_512;
            default ->
                throw new IllegalArgumentException("attractor.vectorBits is '" + bits + "', expected 128, 256 or 512");
        };
    }

    /** At least one vector. */
    private static int padded(int columns, int lanes) {
        return columns == 0 ? 16 : (columns + lanes - 1) & -lanes;
    }
}
