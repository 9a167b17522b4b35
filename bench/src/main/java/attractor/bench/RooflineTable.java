package attractor.bench;

import attractor.io.Csv;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Makes Markdown of what {@link Roofline} measured: for each precision and B a table of kernels by N. */
final class RooflineTable {
    private RooflineTable() {}

    /**
     * Prints the tables.
     *
     * @param args the table without comments
     */
    public static void main(String[] args) throws IOException {
        if (args.length != 1) {
            throw new IllegalArgumentException(args.length + " words, expected a CSV file");
        }
        Map<String, Map<String, Map<String, String>>> tables = new LinkedHashMap<>();
        Set<String> sizes = new LinkedHashSet<>();
        for (Map<String, String> row : Csv.read(Path.of(args[0]))) {
            sizes.add(row.get("units"));
            tables.computeIfAbsent(row.get("precision") + ", B = " + row.get("batch"), name -> new LinkedHashMap<>())
                    .computeIfAbsent(row.get("kernel"), name -> new LinkedHashMap<>())
                    .put(row.get("units"), cell(row));
        }
        tables.forEach((name, kernels) -> {
            System.out.println();
            System.out.println("| " + name + " | N = " + String.join(" | ", sizes) + " |");
            System.out.println("|---" + "|---".repeat(sizes.size()) + "|");
            kernels.forEach((kernel, cells) -> {
                StringBuilder line = new StringBuilder("| ").append(kernel.replace('-', ' '));
                for (String size : sizes) {
                    line.append(" | ").append(cells.getOrDefault(size, ""));
                }
                System.out.println(line.append(" |"));
            });
        });
    }

    private static String cell(Map<String, String> row) {
        String share = percent(row.get("share_of_bound"));
        double gflops = Double.parseDouble(row.get("gflops"));
        if (row.get("kernel").equals("whole-step")) {
            double ofPeak = gflops / Double.parseDouble(row.get("peak_gflops"));
            return round(gflops) + "; **" + share + "** of its bounds, " + percent(Double.toString(ofPeak))
                    + " of the peak; in these kernels " + percent(row.get("share_of_step"));
        }
        double gbps = 1e-3 * Double.parseDouble(row.get("bytes")) / Double.parseDouble(row.get("us"));
        return (gflops == 0
                        ? "0; " + round(gbps) + " GB/s"
                        : round(Double.parseDouble(row.get("flops_per_byte"))) + "; " + round(gflops))
                + "; **" + share + "** of " + row.get("bound");
    }

    private static String percent(String share) {
        return Math.round(100 * Double.parseDouble(share)) + " %";
    }

    /** Two digits and a half. */
    private static String round(double value) {
        return value < 10 ? Double.toString(Math.round(100 * value) / 100.0) : Long.toString(Math.round(value));
    }
}
