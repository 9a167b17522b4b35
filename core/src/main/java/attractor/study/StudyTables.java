package attractor.study;

import attractor.io.AtomicFiles;
import attractor.io.Claim;
import attractor.io.Csv;
import attractor.io.FormatException;
import attractor.io.Json;
import attractor.io.JsonObject;
import attractor.study.StudyFolder.Entry;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Writes a study's tables, run by run, so that they may be larger than the memory. Belongs to one thread. */
final class StudyTables {
    /** What the tables that are there were written from. */
    private static final String WRITTEN = "tables.json";

    private final StudyFolder folder;
    private final List<Entry> finished;
    private final Claim claim;
    /** Runs whose results turned out to be broken. */
    private final Set<String> broken = new HashSet<>();
    /** Runs of which the index says something else than their results. */
    private final Set<String> changed = new HashSet<>();

    private final StudyState state;

    private StudyTables(StudyFolder folder, StudyState state, List<Entry> finished, Claim claim) {
        this.folder = folder;
        this.state = state;
        this.finished = finished;
        this.claim = claim;
    }

    /**
     * Writes the tables.
     *
     * @param claim of the folder of the index, in which they are prepared
     * @param wanted whether they are wanted as the study stands. It is asked again if a result turns out to be broken, which the index
     *     then no longer lists.
     * @return their names; empty if they weren't wanted
     */
    static Optional<Set<String>> write(StudyFolder folder, Claim claim, Predicate<StudyState> wanted)
            throws IOException {
        while (true) {
            StudyState state = folder.state();
            if (!wanted.test(state)) {
                return Optional.empty();
            }
            List<Entry> finished = folder.entries().stream()
                    .filter(entry -> StudyFolder.FINISHED.contains(state.status(entry.hash())))
                    .toList();
            StudyTables writer = new StudyTables(folder, state, finished, claim);
            Set<String> tables = writer.write();
            if (!writer.broken.isEmpty()) {
                folder.index().forget(writer.broken);
                continue;
            }
            if (!writer.changed.isEmpty()) {
                folder.index().forget(writer.changed);
                Map<String, FinishedRuns.Line> lines = new LinkedHashMap<>();
                for (String hash : writer.changed) {
                    lines.put(hash, folder.line(hash));
                }
                folder.index().add(lines);
            }
            state.completeIndex(folder);
            folder.index().merge();
            // Meanwhile another process, which took this one for ended, may have written tables with more rows, which
            // these have replaced.
            if (folder.state().finished() == finished.size()) {
                Map<String, Object> written = new LinkedHashMap<>();
                written.put("list", folder.listName());
                written.put("finished", (long) finished.size());
                written.put("tables", List.copyOf(tables));
                List<Long> bytes = new ArrayList<>();
                for (String table : tables) {
                    bytes.add(Files.size(folder.directory().resolve(table + ".csv")));
                }
                written.put("bytes", bytes);
                claim.put(WRITTEN, file -> Json.write(file, written));
                return Optional.of(tables);
            }
        }
    }

    /**
     * Whether the tables that are there have all runs that are finished, and are as long as they were. If what says so is damaged, they
     * are as good as not there.
     */
    static boolean areOf(StudyFolder folder, StudyState state) throws IOException {
        Path file = folder.directory().resolve(StudyFolder.INDEX).resolve(WRITTEN);
        try {
            return Files.isRegularFile(file) && areOf(folder, state, Json.read(file));
        } catch (FormatException damaged) {
            return false;
        }
    }

    private static boolean areOf(StudyFolder folder, StudyState state, JsonObject written) throws IOException {
        if (!written.getString("list").equals(folder.listName()) || written.getLong("finished") != state.finished()) {
            return false;
        }
        List<String> tables = written.getStrings("tables");
        // Earlier versions didn't note how long they are.
        List<?> bytes = written.has("bytes") ? written.getList("bytes") : null;
        for (int k = 0; k < tables.size(); k++) {
            Path table = folder.directory().resolve(tables.get(k) + ".csv");
            if (!Files.isRegularFile(table)
                    || (bytes != null && (k >= bytes.size() || !Objects.equals(bytes.get(k), Files.size(table))))) {
                return false;
            }
        }
        return true;
    }

    private Set<String> write() throws IOException {
        Set<String> tables = new LinkedHashSet<>(List.of(MeasuredRows.RESULTS));
        List<String> written = new ArrayList<>();
        while (written.size() < tables.size() && broken.isEmpty()) {
            String table = tables.stream().skip(written.size()).findFirst().orElseThrow();
            try {
                write(table, tables);
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
            written.add(table);
        }
        return tables;
    }

    /** Writes a table; notes which others there are. */
    private void write(String table, Set<String> tables) throws IOException {
        Set<String> columns = new LinkedHashSet<>();
        String prepared = table + ".table";
        boolean[] whole = {false};
        // A later row may have more columns than the header that is written already; then all is written again.
        while (!whole[0]) {
            claim.put(prepared, file -> AtomicFiles.write(file, out -> whole[0] = write(out, table, columns, tables)));
        }
        if (!broken.isEmpty()) {
            return;
        }
        Path target = AtomicFiles.real(folder.directory().resolve(table + ".csv"));
        AtomicFiles.checkTarget(target);
        Files.move(claim.folder().getParent().resolveSibling(prepared), target, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Writes the rows; returns false as soon as one has a new column, which is then among the columns. */
    private boolean write(OutputStream out, String table, Set<String> columns, Set<String> tables) throws IOException {
        int known = columns.size();
        out.write(Csv.line(columns.toArray()).getBytes(StandardCharsets.UTF_8));
        for (Entry entry : finished) {
            JsonObject result;
            try {
                result = folder.result(entry.hash());
            } catch (FormatException e) {
                broken.add(entry.hash());
                continue;
            } catch (IOException e) {
                throw new UncheckedIOException(e); // not the table's fault, as its writer would say
            }
            if (!StudyFolder.version(result).equals(state.version(entry.hash()))) {
                changed.add(entry.hash());
            }
            JsonObject measured = result.getObject("tables");
            tables.addAll(measured.asMap().keySet());
            if (!measured.has(table)) {
                continue;
            }
            Map<String, Object> head = RunResult.head(table, entry.hash(), entry.trainingJson(), result.asMap());
            for (JsonObject row : measured.getObjects(table)) {
                Map<String, Object> cells = new LinkedHashMap<>(head);
                cells.putAll(row.asMap());
                columns.addAll(cells.keySet());
                if (columns.size() > known) {
                    return false;
                }
                out.write(Csv.line(columns.stream().map(cells::get).toArray()).getBytes(StandardCharsets.UTF_8));
            }
        }
        return true;
    }
}
