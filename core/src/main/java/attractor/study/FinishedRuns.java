package attractor.study;

import attractor.io.AtomicFiles;
import attractor.study.StudyFolder.Status;
import java.io.BufferedReader;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The index of a study's finished runs, so that nobody has to open each run's files: in the folder {@code index} one file per
 * process, to which that process alone appends, a line a run. It only saves time. Which runs are finished is told by the folder
 * {@code runs}; a run without a line, or with a broken one, is looked up there. Safe for any number of threads.
 */
final class FinishedRuns {
    /**
     * What the index says of a run.
     *
     * @param training the hash of the training whose network the run's folder has; empty if it has none
     * @param version the library's version; empty if it isn't known
     */
    record Line(Status status, double seconds, String training, String version) {}

    /** So many files are put together. */
    private static final int MANY = 32;

    private static final String HEADER = "run,outcome,seconds,training,version";

    private final Path folder;
    private final File own;

    /** @param folder where the index is, or will be */
    FinishedRuns(Path folder) {
        this.folder = folder;
        own = folder.resolve(UUID.randomUUID() + ".csv").toFile();
    }

    /** Adds lines. */
    synchronized void add(Map<String, Line> lines) throws IOException {
        if (lines.isEmpty()) {
            return;
        }
        boolean first = !own.exists();
        StringBuilder text = new StringBuilder(first ? HEADER + "\n" : "");
        lines.forEach((hash, line) -> text.append(text(hash, line)));
        AtomicFiles.createFolders(folder);
        // Not a channel, which an interrupt would close.
        try (RandomAccessFile file = new RandomAccessFile(own, "rw")) {
            file.seek(file.length());
            file.write(text.toString().getBytes(StandardCharsets.UTF_8));
        }
    }

    /** All lines that are whole. */
    Map<String, Line> read() throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                return read(files());
            } catch (FileNotFoundException merged) {
                // Another process has put it together with others.
                if (attempt == 5) {
                    return Map.of(); // the runs are looked up in their folders
                }
            }
        }
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(f -> f.getFileName().toString().endsWith(".csv") && Files.isRegularFile(f))
                    .toList();
        } catch (NoSuchFileException | NotDirectoryException none) {
            return List.of();
        }
    }

    /** Removes the lines of runs whose results turned out to be broken; from now on these are looked up in their folders. */
    synchronized void forget(Set<String> hashes) throws IOException {
        for (Path file : files()) {
            StringBuilder kept = new StringBuilder();
            boolean[] found = {false};
            forEachLine(file, line -> {
                if (hashes.contains(line.split(",", 2)[0])) {
                    found[0] = true;
                } else {
                    kept.append(line).append('\n');
                }
            });
            if (found[0]) {
                byte[] text = kept.toString().getBytes(StandardCharsets.UTF_8);
                AtomicFiles.write(file, out -> out.write(text));
            }
        }
    }

    /**
     * Puts all files into one, if there are many. Only one process at a time may do this. If another one adds a line meanwhile, its file
     * stays; if that line is lost all the same, the run is looked up in its folder.
     */
    synchronized void merge() throws IOException {
        List<Path> files = files();
        if (files.size() < MANY) {
            return;
        }
        Map<Path, Long> lengths = new HashMap<>();
        for (Path file : files) {
            lengths.put(file, Files.size(file));
        }
        Map<String, Line> lines = new TreeMap<>(read(files));
        Path merged = folder.resolve(UUID.randomUUID() + ".csv");
        AtomicFiles.write(merged, out -> {
            out.write((HEADER + "\n").getBytes(StandardCharsets.UTF_8));
            for (Map.Entry<String, Line> line : lines.entrySet()) {
                out.write(text(line.getKey(), line.getValue()).getBytes(StandardCharsets.UTF_8));
            }
        });
        for (Path file : files) {
            if (Files.size(file) == lengths.get(file)) {
                Files.delete(file);
            }
        }
    }

    private static String text(String hash, Line line) {
        return String.join(
                        ",",
                        hash,
                        StudyFolder.id(line.status),
                        String.valueOf(line.seconds),
                        line.training,
                        line.version)
                + "\n";
    }

    private static Map<String, Line> read(List<Path> files) throws IOException {
        Map<String, Line> lines = new HashMap<>();
        Map<String, String> texts = new HashMap<>();
        for (Path file : files) {
            forEachLine(file, text -> put(text.split(",", -1), lines, texts));
        }
        return lines;
    }

    /** Reads the lines that are whole: the last one of a process that was killed may be cut short anywhere. */
    private static void forEachLine(Path file, Consumer<String> use) throws IOException {
        boolean whole = endsWithLine(file);
        try (BufferedReader in =
                new BufferedReader(new InputStreamReader(new FileInputStream(file.toFile()), StandardCharsets.UTF_8))) {
            String line = in.readLine();
            while (line != null) {
                String next = in.readLine();
                if (next != null || whole) {
                    use.accept(line);
                }
                line = next;
            }
        }
    }

    private static boolean endsWithLine(Path file) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "r")) {
            bytes.seek(Math.max(0, bytes.length() - 1));
            return bytes.read() == '\n';
        }
    }

    private static void put(String[] cells, Map<String, Line> lines, Map<String, String> texts) {
        if (cells.length != 5 || cells[0].length() != 16) {
            return; // the header, or cut short
        }
        for (Status status : StudyFolder.FINISHED) {
            if (StudyFolder.id(status).equals(cells[1])) {
                try {
                    String version = texts.computeIfAbsent(cells[4], text -> text);
                    lines.put(cells[0], new Line(status, Double.parseDouble(cells[2]), cells[3], version));
                } catch (NumberFormatException broken) {
                    // Looked up among the runs.
                }
            }
        }
    }
}
