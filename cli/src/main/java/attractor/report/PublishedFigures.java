package attractor.report;

import attractor.io.AtomicFiles;
import attractor.io.FormatException;
import attractor.study.MemorySummary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The points behind the paper's figures 13 and 14, as its authors published them: columns of numbers with spaces
 * between, comments after {@code #}. Stateless.
 */
final class PublishedFigures {
    private PublishedFigures() {}

    /** Figure 13: delay or size, distance, its error, number of networks; sorted by the first. */
    static List<MemorySummary.Published> memory(Path file) throws IOException {
        List<MemorySummary.Published> points = new ArrayList<>();
        for (double[] row : rows(file, 4)) {
            points.add(new MemorySummary.Published(row[0], row[1], row[2], (int) row[3]));
        }
        points.sort(Comparator.comparingDouble(MemorySummary.Published::x));
        return points;
    }

    /** Figure 14: threshold, percentage, then mean and sd of 00, 11, 10 and 01. */
    static List<double[]> damage(Path file) throws IOException {
        return rows(file, 10);
    }

    /** The rows of a file. */
    private static List<double[]> rows(Path file, int columns) throws IOException {
        AtomicFiles.requireFile(file);
        List<double[]> rows = new ArrayList<>();
        int number = 0;
        for (String line :
                Files.readString(file, StandardCharsets.ISO_8859_1).lines().toList()) {
            number++;
            String text = line.replaceFirst("#.*", "").strip();
            if (text.isEmpty()) {
                continue;
            }
            String[] cells = text.split("\\s+");
            double[] row = new double[cells.length];
            try {
                for (int k = 0; k < row.length; k++) {
                    row[k] = Double.parseDouble(cells[k]);
                }
            } catch (NumberFormatException e) {
                row = new double[0];
            }
            if (row.length != columns) {
                throw new FormatException(
                        file + ": line " + number + " is '" + line + "', expected " + columns + " numbers");
            }
            rows.add(row);
        }
        return rows;
    }
}
