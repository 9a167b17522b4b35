package attractor.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Collectors;

/**
 * Writes the register tiles, {@code SimdProductTiles} and {@code SimdOuterTiles}, and the loops that measure the processor's peak,
 * {@code SimdPeak}. They repeat the same few lines for different numbers of rows and vectors. {@code TileGeneratorTest}
 * fails if a file in the repository differs from what this class writes. After a change, run from the repository's root:
 *
 * <pre>java core/src/test/java/attractor/kernel/TileGenerator.java</pre>
 */
final class TileGenerator {
    /**
     * What a tile keeps in registers while it goes through the other operand: one value of each row of A, or the vectors of a
     * row of B.
     */
    private enum Held {
        A,
        B
    }

    /**
     * A tile of C.
     *
     * @param shares the share of the peak that it reaches, in per cent
     */
    private record Tile(int rows, int vectors, Held held, String about, Shares shares) {
        String name(String prefix) {
            return prefix + rows + "x" + vectors;
        }
    }

    /**
     * Shares of the peak, measured on Zen 4 with JDK 25, each against the peak of vectors of that length: about 60 rows of A, k = 52,
     * everything but two panels of 512 bits in the first-level cache, the best of 400 runs, other programs at work. 128 and 256 bits
     * with the 16 registers of AVX2 (-XX:UseAVX=2), where a tile of more than 14 sums and operands reaches half. 0 if the tile is not used
     * with vectors of that length.
     */
    private record Shares(int with128, int with256, int with512) {
        @Override
        public String toString() {
            return with128 == 0 ? with512 + " %" : with128 + ", " + with256 + " and " + with512 + " %";
        }
    }

    private static final Tile[] PRODUCTS = {
        new Tile(
                3,
                7,
                Held.A,
                "As much as 32 registers (512 bits) hold: 21 sums, three values of A, a vector of B. A panel of seven vectors is 56 units.",
                new Shares(0, 0, 92)),
        new Tile(
                4,
                6,
                Held.A,
                "For a panel of six vectors with 32 registers: 24 sums. Leaves no rows of the engine's 32 over. tile2x6 reaches 87 %.",
                new Shares(0, 0, 93)),
        new Tile(
                4,
                5,
                Held.A,
                "For a panel of five vectors with 32 registers. tile2x5 reaches 84 %.",
                new Shares(0, 0, 89)),
        new Tile(
                4,
                4,
                Held.A,
                "For a panel of four vectors with 32 registers. Two panels of two reach 85 %.",
                new Shares(0, 0, 88)),
        new Tile(
                8,
                3,
                Held.B,
                "For a panel of three vectors with 32 registers. With tile4x3, whose chains are fewer, a step of 20 units is 1 to 2 % slower.",
                new Shares(0, 0, 83)),
        new Tile(
                8,
                2,
                Held.B,
                "For a panel of two vectors with 32 registers. tile4x2 reaches 79 %.",
                new Shares(0, 0, 85)),
        new Tile(
                8,
                1,
                Held.B,
                "For a panel of one vector. One row at a time reaches 17, 17 and 32 %.",
                new Shares(52, 52, 64)),
        new Tile(
                2,
                7,
                Held.A,
                "For two rows that tile3x7 leaves over. One row at a time reaches 51 %.",
                new Shares(0, 0, 85)),
        new Tile(
                2,
                6,
                Held.A,
                "As much as 16 registers hold: twelve sums, two values of A, a vector of B. Does most of the work with 128 and 256 bits; with 512, the rows that tile4x6 leaves over.",
                new Shares(98, 88, 87)),
        new Tile(
                2,
                5,
                Held.A,
                "For a panel of five vectors with 16 registers, and for rows that tile4x5 leaves over.",
                new Shares(94, 83, 84)),
        new Tile(
                4,
                3,
                Held.B,
                "For a panel of three vectors with 16 registers, and for rows that tile8x3 leaves over.",
                new Shares(88, 87, 85)),
        new Tile(
                4,
                2,
                Held.B,
                "For a panel of two vectors with 16 registers, and for rows that tile8x2 leaves over. One row at a time reaches 30, 31 and 54 %.",
                new Shares(70, 69, 79)),
        new Tile(4, 1, Held.B, "For rows that tile8x1 leaves over.", new Shares(46, 46, 63)),
        new Tile(1, 7, Held.A, "For a row that tile3x7 leaves over, or a single trial.", new Shares(0, 0, 51)),
        new Tile(1, 6, Held.A, "For a row that tile2x6 leaves over, or a single trial.", new Shares(63, 51, 52)),
        new Tile(1, 5, Held.A, "For a row that tile2x5 leaves over, or a single trial.", new Shares(61, 50, 74)),
        new Tile(1, 4, Held.A, "For rows that tile4x4 leaves over, or a single trial.", new Shares(0, 0, 48)),
        new Tile(1, 3, Held.A, "For rows that tile4x3 leaves over, or a single trial.", new Shares(42, 45, 47)),
        new Tile(1, 2, Held.A, "For rows that tile4x2 leaves over, or a single trial.", new Shares(30, 31, 54)),
        new Tile(
                1,
                1,
                Held.A,
                "For rows that tile4x1 leaves over, or a single trial. Plain loops reach 11, 5 and 5 %.",
                new Shares(17, 17, 32))
    };

    /** For a single row: two panels, of which the first may have a vector more than the second. */
    private static final Tile[] TWO_PANELS = {
        new Tile(
                1,
                14,
                Held.A,
                "For a single trial: two panels of seven vectors, at a distance of {@code apart}. They don't fit into the first-level cache when k = 52.",
                new Shares(0, 0, 44)),
        new Tile(1, 13, Held.A, "The same with panels of seven and six.", new Shares(0, 0, 44)),
        new Tile(
                1,
                12,
                Held.A,
                "The same with panels of six, which with 128 and 256 bits fit into the first-level cache. One panel at a time reaches 63, 51 and 52 %.",
                new Shares(67, 77, 44)),
        new Tile(1, 10, Held.A, "The same with panels of five.", new Shares(67, 75, 44))
    };

    private static final Tile[] OUTER = {
        new Tile(
                3,
                7,
                Held.A,
                "As much as 32 registers (512 bits) hold: 21 sums, three values of A, a vector of B. outer6x2 reaches 89 %, and needs three times as many loads.",
                new Shares(0, 0, 93)),
        new Tile(
                3,
                6,
                Held.A,
                "For six vectors with 32 registers. outer6x2 reaches 89 %, and needs three times as many loads.",
                new Shares(0, 0, 92)),
        new Tile(
                6,
                2,
                Held.B,
                "As much as 16 registers hold: twelve sums, two vectors of B, a value of A. Does most of the work with 128 and 256 bits, and all of large products, whose operands are copied. One row at a time reaches 29, 29 and 44 %.",
                new Shares(93, 88, 89)),
        new Tile(
                5,
                2,
                Held.B,
                "Leaves no rows over: every number of rows from 20 on is a sum of sixes and fives. One row at a time reaches 29, 29 and 44 %.",
                new Shares(88, 81, 90)),
        new Tile(
                3,
                3,
                Held.A,
                "For the last three vectors of an odd number. outer8x1, for the last one alone, reaches 70, 68 and 67 %.",
                new Shares(86, 79, 89)),
        new Tile(
                8,
                1,
                Held.B,
                "For a single vector. One row at a time reaches 16, 15 and 27 %.",
                new Shares(70, 68, 67)),
        new Tile(
                1,
                3,
                Held.B,
                "For rows that outer3x3, outer3x6 and outer3x7 leave over. One vector at a time reaches 16, 15 and 27 %.",
                new Shares(41, 39, 50)),
        new Tile(
                1,
                2,
                Held.B,
                "For rows that outer5x2 leaves over. One vector at a time reaches 16, 15 and 27 %.",
                new Shares(29, 29, 44)),
        new Tile(
                1,
                1,
                Held.B,
                "For rows that outer8x1 and outer3x7 leave over. Plain loops reach 5 to 11 %.",
                new Shares(16, 15, 27))
    };

    private static final int[] CHAINS = {8, 10, 12, 14, 16};

    private static final String PRODUCT_TILE = """

                $about
                static void $name(
                        int m,
                        int k,
                        double[] a,
                        int aOff,
                        int lda,
                        int step,
                        double[] b,
                        int bOff,
                        double[] init,
                        int initOff,
                        int ldInit,
                        double[] c,
                        int cOff,
                        int ldc) {
                    for (int r = 0; r + $rows <= m; r += $rows) {
                        int i0 = initOff + r * ldInit;
                        int c0 = cOff + r * ldc;
                        $load
                        int p = aOff + r * lda;
                        int q = bOff;
                        int end = p + k * step;
                        for (; p < end; p += step) {
                            $multiply
                            q += $width;
                        }
                        $store
                    }
                }
            """;

    private static final String TWO_PANEL_TILE = """

                $about
                static void $name(
                        int k,
                        double[] a,
                        int aOff,
                        int step,
                        double[] b,
                        int bOff,
                        int apart,
                        double[] init,
                        int i0,
                        double[] c,
                        int c0) {
                    $load
                    int q = bOff;
                    int second = bOff + apart;
                    for (int p = aOff, end = aOff + k * step; p < end; p += step) {
                        $multiply
                        q += $width;
                        second += $other;
                    }
                    $store
                }
            """;

    private static final String OUTER_TILE = """

                $about
                static void $name(
                        int m, int k, double[] a, int aOff, int lda, double[] b, int bOff, int ldb, double[] c, int cOff, int ldc) {
                    for (int r = 0; r + $rows <= m; r += $rows) {
                        int c0 = cOff + r * ldc;
                        $load
                        int p = aOff + r;
                        int q = bOff;
                        int end = p + k * lda;
                        while (p < end) {
                            $multiply
                            p += lda;
                            q += ldb;
                        }
                        $store
                    }
                }
            """;

    private static final String PEAK = """
            package attractor.peak;

            import javax.annotation.processing.Generated;
            import jdk.incubator.vector.DoubleVector;
            import jdk.incubator.vector.VectorOperators;
            import jdk.incubator.vector.VectorShape;
            import jdk.incubator.vector.VectorSpecies;

            /**
             * The loops of {@link PeakFlops} on the JDK's Vector API; like {@code SimdKernels}, compiled separately and loaded by name.
             * They are short methods with one hot loop each, whose accumulators HotSpot can keep in registers if there are enough.
             *
             * <p>They use only one width, as the kernels do, the widest or that of {@code -Dattractor.vectorBits}: once a JVM has used two,
             * HotSpot on JDK 17 compiles the kernels to code that takes two to ten times as long.
             */
            @Generated("attractor.kernel.TileGenerator") // do not edit: see there
            final class SimdPeak implements PeakFlops.Loops {
                private static final VectorSpecies<Double> S = VectorSpecies.of(
                        double.class,
                        VectorShape.forBitSize(
                                Integer.getInteger("attractor.vectorBits", DoubleVector.SPECIES_PREFERRED.vectorBitSize())));

                SimdPeak() {}

                @Override
                public int lanes() {
                    return S.length();
                }

                @Override
                public int[] chains() {
                    return new int[] {$chains};
                }

                @Override
                public double flops(int chains) {
                    return 2.0 * chains * S.length();
                }

                @Override
                public double run(int chains, int turns, double x, double y) {
                    return switch (chains) {
                        $cases
                    };
                }
            """;

    private static final String PEAK_LOOP = """

                private static double run$chains(int turns, double x, double y) {
                    DoubleVector a = DoubleVector.broadcast(S, x);
                    DoubleVector b = DoubleVector.broadcast(S, y);
                    $begin
                    for (int i = 0; i < turns; i++) {
                        $turn
                    }
                    $sum
                    return s0.reduceLanes(VectorOperators.ADD);
                }
            """;

    private TileGenerator() {}

    /** Writes the files into {@code core/src/main/java} of the working directory. */
    public static void main(String[] args) throws IOException {
        for (Map.Entry<String, String> file : files().entrySet()) {
            Files.writeString(Path.of("core/src/main/java", file.getKey()), file.getValue());
        }
    }

    /** The text of each file, by its path below {@code core/src/main/java}. */
    static Map<String, String> files() {
        StringBuilder products = new StringBuilder(head("SimdProductTiles", """
                /**
                 * Tiles of {@link SimdKernels#gemm}: {@code C = init + A B}, rows of A times a panel of B. Each keeps its part of C in registers
                 * while it goes through k. {@link SimdKernels} explains why they look like this.
                 *
                 * <p>Parameters of all tiles: m rows of A, of which the last ones that don't fill a tile are left out; k columns of A;
                 * {@code step} is 1, which HotSpot must not know; {@code b} is a panel, row after row.
                 *
                 * <p>Each comment says what the tile is for, which share of the peak would be reached without it, and which share it
                 * reaches: with vectors of 128, 256 and 512 bits, or with 512 if only these use it. Measured on Zen 4 with JDK 25, k = 52;
                 * 128 and 256 bits with 16 registers.
                 */
                """));
        for (Tile tile : PRODUCTS) {
            products.append(tile(PRODUCT_TILE, tile, "tile", "init", "i0", "ldInit", j -> "q" + times(j, "V"), "lda"));
        }
        for (Tile tile : TWO_PANELS) {
            int first = firstPanel(tile);
            products.append(tile(
                    TWO_PANEL_TILE,
                    tile,
                    "tile",
                    "init",
                    "i0",
                    "",
                    j -> j < first ? "q" + times(j, "V") : "second" + times(j - first, "V"),
                    ""));
        }
        StringBuilder outer = new StringBuilder(head("SimdOuterTiles", """
                /**
                 * Tiles of {@link SimdKernels#gemmTransposed}: {@code C += A^T B}, a sum of k outer products of rows of A and B. Each keeps its
                 * part of C in registers while it goes through k. {@link SimdKernels} explains why they look like this.
                 *
                 * <p>Parameters of all tiles: m columns of A and rows of C, of which the last ones that don't fill a tile are left out; k
                 * rows of A and B.
                 *
                 * <p>Each comment says what the tile is for, which share of the peak would be reached without it, and which share it
                 * reaches: with vectors of 128, 256 and 512 bits, or with 512 if only these use it. Measured on Zen 4 with JDK 25, k = 52;
                 * 128 and 256 bits with 16 registers.
                 */
                """));
        for (Tile tile : OUTER) {
            outer.append(tile(OUTER_TILE, tile, "outer", "c", "c0", "ldc", j -> "q" + times(j, "V"), "1"));
        }
        Map<String, String> files = new LinkedHashMap<>();
        files.put(
                "attractor/kernel/SimdProductTiles.java", products.append("}\n").toString());
        files.put("attractor/kernel/SimdOuterTiles.java", outer.append("}\n").toString());
        files.put("attractor/peak/SimdPeak.java", peak());
        return files;
    }

    private static String peak() {
        StringBuilder cases = new StringBuilder();
        StringBuilder methods = new StringBuilder();
        for (int chains : CHAINS) {
            boolean last = chains == CHAINS[CHAINS.length - 1];
            cases.append("%s -> run%d(turns, x, y);\n".formatted(last ? "default" : "case " + chains, chains));
            StringBuilder begin = new StringBuilder("DoubleVector s0 = a.add(b);\n");
            StringBuilder turn = new StringBuilder("s0 = a.fma(b, s0);\n");
            StringBuilder sum = new StringBuilder();
            for (int i = 1; i < chains; i++) {
                begin.append("DoubleVector s%d = s%d.add(b);\n".formatted(i, i - 1));
                turn.append("s%d = a.fma(b, s%d);\n".formatted(i, i));
                sum.append("s0 = s0.add(s%d);\n".formatted(i));
            }
            String method = PEAK_LOOP.replace("$chains", String.valueOf(chains));
            methods.append(insert(insert(insert(method, "$begin", begin), "$turn", turn), "$sum", sum));
        }
        String chains = Arrays.stream(CHAINS).mapToObj(String::valueOf).collect(Collectors.joining(", "));
        return insert(PEAK, "$cases", cases).replace("$chains", chains) + methods + "}\n";
    }

    private static String head(String name, String javadoc) {
        return """
                package attractor.kernel;

                import javax.annotation.processing.Generated;
                import jdk.incubator.vector.DoubleVector;
                import jdk.incubator.vector.VectorSpecies;

                $javadoc@Generated("attractor.kernel.TileGenerator") // do not edit: see there
                final class $name {
                    private static final VectorSpecies<Double> S = SimdKernels.S;

                    private static final int V = S.length();

                    private $name() {}
                """.replace("$name", name).replace("$javadoc", javadoc);
    }

    /**
     * One tile.
     *
     * @param from the array that the sums begin with; {@code first} is the index in it, {@code ld} the distance between its rows
     * @param vector index of vector j of the row of B
     * @param rowStep distance in A between the values for two neighbouring rows of C
     */
    private static String tile(
            String template,
            Tile tile,
            String prefix,
            String from,
            String first,
            String ld,
            IntFunction<String> vector,
            String rowStep) {
        StringBuilder load = new StringBuilder();
        StringBuilder store = new StringBuilder();
        for (int i = 0; i < tile.rows; i++) {
            for (int j = 0; j < tile.vectors; j++) {
                String at = times(i, ld) + times(j, "V");
                load.append(
                        "DoubleVector s%d%d = DoubleVector.fromArray(S, %s, %s);\n".formatted(i, j, from, first + at));
                store.append("s%d%d.intoArray(c, %s);\n".formatted(i, j, "c0" + times(i, "ldc") + times(j, "V")));
            }
        }
        StringBuilder multiply = new StringBuilder();
        boolean rowsHeld = tile.held == Held.A;
        int held = rowsHeld ? tile.rows : tile.vectors;
        int passing = rowsHeld ? tile.vectors : tile.rows;
        for (int h = 0; h < held; h++) {
            multiply.append(rowsHeld ? row(h, rowStep) : column(h, vector));
        }
        for (int p = 0; p < passing; p++) {
            multiply.append(rowsHeld ? column(p, vector) : row(p, rowStep));
            for (int h = 0; h < held; h++) {
                int i = rowsHeld ? h : p;
                int j = rowsHeld ? p : h;
                multiply.append("s%d%d = w%d.fma(b%d, s%d%d);\n".formatted(i, j, i, j, i, j));
            }
        }
        String text = template.replace("$about", about(tile))
                .replace("$name", tile.name(prefix))
                .replace("$rows", String.valueOf(tile.rows))
                .replace(
                        "$width",
                        times(template.equals(TWO_PANEL_TILE) ? firstPanel(tile) : tile.vectors, "V")
                                .substring(3))
                .replace("$other", (tile.vectors - firstPanel(tile)) + " * V");
        return insert(insert(insert(text, "$load", load), "$multiply", multiply), "$store", store);
    }

    /** Vectors in the first of two panels. */
    private static int firstPanel(Tile tile) {
        return (tile.vectors + 1) / 2;
    }

    private static String about(Tile tile) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : (tile.about + " Here: " + tile.shares + ".").split(" ")) {
            if (line.length() + word.length() > 125) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines.size() == 1
                ? "/** " + lines.get(0) + " */"
                : "/**\n     * " + String.join("\n     * ", lines) + "\n     */";
    }

    private static String row(int i, String step) {
        return "DoubleVector w%d = DoubleVector.broadcast(S, a[p%s]);\n"
                .formatted(i, step.equals("1") ? plus(i) : times(i, step));
    }

    private static String column(int j, IntFunction<String> vector) {
        return "DoubleVector b%d = DoubleVector.fromArray(S, b, %s);\n".formatted(j, vector.apply(j));
    }

    private static String plus(int i) {
        return i == 0 ? "" : " + " + i;
    }

    private static String times(int i, String what) {
        return i == 0 ? "" : i == 1 ? " + " + what : " + " + i + " * " + what;
    }

    /** Replaces a line by lines with the same indentation. */
    private static String insert(String template, String line, StringBuilder lines) {
        int at = template.indexOf(line);
        String indent = template.substring(template.lastIndexOf('\n', at) + 1, at);
        return template.replace(indent + line + "\n", lines.toString().indent(indent.length()));
    }
}
