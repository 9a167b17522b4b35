package attractor.cli.result;

import attractor.io.AtomicFiles;
import attractor.io.Json;
import attractor.io.NpyArray;
import attractor.io.Npz;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** A folder that is being filled with results, and the list of its files. */
public final class ResultFolder {
    /** The index of a folder of results. */
    public static final String INDEX = "analysis.json";

    private final Path folder;
    private final List<String> files = new ArrayList<>();

    /**
     * A list without files.
     *
     * @param folder which exists
     */
    public ResultFolder(Path folder) {
        this.folder = folder;
    }

    /** The folder. */
    public Path path() {
        return folder;
    }

    /** Writes a table. */
    public void write(CsvTable table) throws IOException {
        byte[] bytes = table.text().getBytes(StandardCharsets.UTF_8);
        AtomicFiles.write(folder.resolve(table.name()), out -> out.write(bytes));
        files.add(table.name());
    }

    /** Writes arrays. */
    public void write(String name, Map<String, NpyArray> arrays) throws IOException {
        Npz.write(folder.resolve(name), arrays);
        files.add(name);
    }

    /** Files that others wrote into the folder. */
    public void add(List<Path> written) {
        written.forEach(f -> files.add(folder.relativize(f).toString().replace('\\', '/')));
    }

    /** Writes the JSON, which lists all files: last. */
    public void writeIndex(Map<String, Object> json) throws IOException {
        writeIndex(json, List.of());
    }

    /**
     * The same where there are folders below.
     *
     * @param below their files
     */
    public void writeIndex(Map<String, Object> json, List<String> below) throws IOException {
        files.add(INDEX);
        TreeSet<String> all = new TreeSet<>(files);
        all.addAll(below);
        json.put("files", new ArrayList<>(all));
        Json.write(folder.resolve(INDEX), json);
    }

    /** Paths of all files written, relative to the folder. */
    public List<String> files() {
        return List.copyOf(files);
    }
}
