package attractor.cli;

import attractor.io.FormatException;
import attractor.io.Json;
import attractor.io.JsonObject;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A folder of results that is whole or absent: it is filled under a temporary name beside its place, then renamed. Ctrl-C removes
 * what is unfinished; after a crash a hidden folder stays, which the next run removes. An index, a JSON file with {@code schema} and
 * {@code files}, says which files are ours: only a folder of such files may be replaced.
 */
final class OutputFolder implements AutoCloseable {
    private final Path target;
    private final Path temporary;
    private final Path old;
    private final Thread hook = new Thread(this::cleanUp, "attractor-clean-up");

    private OutputFolder(Path target) {
        this.target = target;
        String hidden = "." + target.getFileName() + ".";
        long pid = ProcessHandle.current().pid();
        temporary = target.resolveSibling(hidden + "tmp-" + pid);
        old = target.resolveSibling(hidden + "old-" + pid);
    }

    /**
     * Judges whether results may go to a folder; changes nothing.
     *
     * @param index the name of the index
     * @param schema how an index's schema begins
     * @param overwrite whether earlier results may be replaced
     * @throws IOException if the folder has something in it that may not be replaced
     */
    static OutputFolder at(Path folder, String index, String schema, boolean overwrite) throws IOException {
        Path target = Files.exists(folder)
                ? folder.toRealPath()
                : folder.toAbsolutePath().normalize();
        if (Files.exists(target)) {
            if (!Files.isDirectory(target)) {
                throw new IOException(folder + " is a file, expected a new or empty folder");
            }
            check(folder, target, index, schema, overwrite);
        }
        if (target.getFileName() == null) {
            throw new IOException(folder + " is the root, expected a new or empty folder");
        }
        return new OutputFolder(target);
    }

    private static void check(Path folder, Path target, String index, String schema, boolean overwrite)
            throws IOException {
        List<Path> found = files(target);
        if (found.isEmpty()) {
            return;
        }
        Path indexFile = target.resolve(index);
        List<?> ours = List.of();
        if (Files.isRegularFile(indexFile)) {
            try {
                JsonObject json = Json.read(indexFile);
                ours = json.getString("schema").startsWith(schema) ? json.getList("files") : List.of();
            } catch (FormatException notOurs) {
                // Then nothing in it is.
            }
        }
        for (Path file : found) {
            String name = target.relativize(file).toString().replace('\\', '/');
            if (!ours.contains(name)) {
                throw new IOException(folder + " has " + name + ", expected a new or empty folder"
                        + (overwrite ? ", or nothing but earlier results" : ""));
            }
        }
        if (!overwrite) {
            throw new IOException(folder + " holds earlier results: --overwrite replaces them");
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(f -> !Files.isDirectory(f)).sorted().toList();
        }
    }

    /** Makes the temporary folder, into which the results go. */
    Path begin() throws IOException {
        Path parent = target.getParent();
        try {
            Files.createDirectories(parent);
            deleteStale(parent);
            delete(temporary);
            Runtime.getRuntime().addShutdownHook(hook);
            return Files.createDirectory(temporary);
        } catch (AccessDeniedException e) {
            throw new IOException("cannot create " + target + ": no permission for " + e.getFile(), e);
        } catch (FileSystemException e) {
            String reason = e.getReason() == null ? e.getFile() + " is in the way" : e.getReason();
            throw new IOException("cannot create " + target + ": " + reason, e);
        }
    }

    /** Puts the results in their place. */
    void finish() throws IOException {
        if (Files.exists(target)) {
            Files.move(target, old, StandardCopyOption.ATOMIC_MOVE);
        }
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        delete(old);
    }

    /** Removes what isn't finished. */
    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException ending) {
            return; // the hook does it
        }
        cleanUp();
    }

    private void cleanUp() {
        for (int attempt = 0; attempt < 100; attempt++) {
            try {
                if (Files.exists(old)) {
                    if (Files.exists(target)) {
                        delete(old);
                    } else {
                        Files.move(old, target, StandardCopyOption.ATOMIC_MOVE);
                    }
                }
                delete(temporary);
                return;
            } catch (IOException beingWritten) {
                // Ctrl-C in the middle of writing: nothing can be made in the folder once it is gone.
            }
        }
    }

    /** Removes what processes that are gone left unfinished here. */
    private void deleteStale(Path parent) throws IOException {
        Pattern name = Pattern.compile(Pattern.quote("." + target.getFileName() + ".") + "tmp-(\\d{1,18})");
        List<Path> stale;
        try (Stream<Path> files = Files.list(parent)) {
            stale = files.filter(f -> {
                        Matcher matcher = name.matcher(f.getFileName().toString());
                        return matcher.matches()
                                && Files.isDirectory(f)
                                && ProcessHandle.of(Long.parseLong(matcher.group(1)))
                                        .isEmpty();
                    })
                    .toList();
        }
        for (Path folder : stale) {
            delete(folder);
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        List<Path> all;
        try (Stream<Path> walk = Files.walk(folder)) {
            all = walk.sorted(Comparator.reverseOrder()).toList();
        } catch (java.io.UncheckedIOException e) {
            throw e.getCause();
        }
        for (Path file : all) {
            try {
                Files.delete(file);
            } catch (NoSuchFileException goneMeanwhile) {
                // A temporary file that has been renamed.
            }
        }
    }
}
