package attractor.cli.result;

import attractor.io.AtomicFiles;
import attractor.io.Claim;
import attractor.io.FormatException;
import attractor.io.Json;
import attractor.io.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A folder of results that is complete or absent. A new folder is filled under a temporary name beside its place, then
 * renamed. An existing folder is kept, with its owner, mode and mounts: the results are made in a hidden folder within
 * it, and moved up when they are complete, the index last. Ctrl-C removes unfinished results. If a process was killed,
 * the next run removes its remains, or finishes moving them up.
 *
 * <p>The index, a JSON file with {@code schema} and {@code files}, lists our files: only a folder of such files may be
 * replaced.
 */
public final class OutputFolder implements AutoCloseable {
    /** The earlier index, in the folder of the new results, until the files that it names are deleted. */
    private static final String EARLIER = ".earlier.json";

    private final Path target;
    private final String index;
    private final String schema;
    private final boolean overwrite;
    /** Whether the target existed already. */
    private final boolean within;

    private final Path temporary;
    /** Where the complete results are, if they are made within the target. */
    private final Path whole;

    private final Thread hook = new Thread(this::cleanUp, "attractor-clean-up");

    private OutputFolder(Path target, String index, String schema, boolean overwrite) {
        this.target = target;
        this.index = index;
        this.schema = schema;
        this.overwrite = overwrite;
        within = Files.exists(target);
        temporary = AtomicFiles.temporary(within ? target.resolve(index) : target);
        whole = AtomicFiles.temporary(target.resolve(index + ".whole"));
    }

    /**
     * Checks that results may go to a folder. Changes nothing, except that it finishes what a killed process began.
     *
     * @param folder the folder; symbolic links are followed
     * @param index the name of the index
     * @param schema the beginning of an index's schema
     * @param overwrite whether earlier results may be replaced
     * @throws IOException if the folder contains something that may not be replaced
     */
    public static OutputFolder at(Path folder, String index, String schema, boolean overwrite) throws IOException {
        Path real = AtomicFiles.real(folder);
        Path target =
                Files.exists(real) ? real.toRealPath() : real.toAbsolutePath().normalize();
        if (target.getFileName() == null) {
            throw new IOException(folder + " is the root, expected a new or empty folder");
        }
        AtomicFiles.requireFolder(folder);
        tidyBeside(target);
        OutputFolder output = new OutputFolder(target, index, schema, overwrite);
        if (output.within) {
            if (!Files.isDirectory(target)) {
                throw new IOException(folder + " is a file, expected a new or empty folder");
            }
            output.tidy();
            output.check(folder);
        }
        return output;
    }

    private void check(Path folder) throws IOException {
        List<Path> found = files(target);
        if (found.isEmpty()) {
            return;
        }
        List<?> ours = listed(target.resolve(index), schema);
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

    /** The files that an index names; none if there is no index of ours. */
    private static List<?> listed(Path indexFile, String schema) throws IOException {
        if (Files.isRegularFile(indexFile)) {
            try {
                JsonObject json = Json.read(indexFile);
                return json.getString("schema").startsWith(schema) ? json.getList("files") : List.of();
            } catch (FormatException notOurs) {
                // Then no file in the folder is ours.
            }
        }
        return List.of();
    }

    /** The files in the folder, except those of processes that write to it. */
    private List<Path> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(f -> !Files.isDirectory(f)
                            && !isHidden(folder.relativize(f).getName(0).toString()))
                    .sorted()
                    .toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private boolean isHidden(String name) {
        return name.startsWith(Claim.NAME)
                || name.startsWith("." + index + ".tmp-")
                || name.startsWith("." + index + ".whole.tmp-");
    }

    /** Finishes what killed processes began within the folder. */
    private void tidy() throws IOException {
        for (Path file : list(target)) {
            String name = file.getFileName().toString();
            if (isHidden(name) && Files.isDirectory(file) && AtomicFiles.isLeftover(file)) {
                if (name.startsWith("." + index + ".whole.")) {
                    moveUp(file);
                } else {
                    AtomicFiles.deleteTree(file);
                }
            }
        }
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** Makes the temporary folder, into which the results go. */
    public Path begin() throws IOException {
        Path parent = temporary.getParent();
        try {
            AtomicFiles.createFolders(parent);
            AtomicFiles.deleteTree(temporary);
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
    public synchronized void finish() throws IOException {
        if (!within) {
            if (!AtomicFiles.moveFolder(temporary, target)) {
                throw new IOException(target + " was made by another process meanwhile, expected a new folder");
            }
            return;
        }
        Optional<Claim> claim = Claim.tryTake(target);
        if (claim.isEmpty()) {
            throw new IOException("another process is writing to " + target + ", expected a folder of one's own");
        }
        try {
            check(target); // again, since another process may have been faster
            Files.move(temporary, whole, StandardCopyOption.ATOMIC_MOVE);
            moveUp(whole);
        } finally {
            claim.get().close();
        }
    }

    /** Moves complete results to their place, replacing earlier ones. Can be interrupted at any step and repeated. */
    private void moveUp(Path results) throws IOException {
        Path earlier = results.resolve(EARLIER);
        if (!Files.exists(earlier)
                && Files.exists(results.resolve(index))
                && !listed(target.resolve(index), schema).isEmpty()) {
            Files.move(target.resolve(index), earlier, StandardCopyOption.ATOMIC_MOVE);
        }
        for (Object name : listed(earlier, schema)) {
            Path file = target.resolve(name.toString()).normalize();
            if (file.startsWith(target) && Files.isRegularFile(file)) {
                Files.delete(file);
                for (Path folder = file.getParent(); !folder.equals(target); folder = folder.getParent()) {
                    deleteIfEmpty(folder);
                }
            }
        }
        Files.deleteIfExists(earlier);
        List<Path> files = new ArrayList<>(files(results));
        files.remove(results.resolve(index));
        files.add(results.resolve(index)); // last: it tells that the others are complete
        for (Path file : files) {
            if (Files.exists(file)) {
                Path place = target.resolve(results.relativize(file).toString());
                AtomicFiles.createFolders(place.getParent());
                Files.move(file, place, StandardCopyOption.ATOMIC_MOVE);
            }
        }
        AtomicFiles.deleteTree(results);
    }

    private static void deleteIfEmpty(Path folder) throws IOException {
        try {
            Files.deleteIfExists(folder);
        } catch (DirectoryNotEmptyException more) {
            // Some files are not deleted yet.
        }
    }

    /** Removes what isn't finished. */
    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException ending) {
            return; // the shutdown hook does it
        }
        cleanUp();
    }

    private synchronized void cleanUp() {
        for (int attempt = 0; attempt < 100; attempt++) {
            try {
                AtomicFiles.deleteTree(temporary);
                if (within && Files.exists(whole)) {
                    moveUp(whole);
                }
                return;
            } catch (IOException beingWritten) {
                // Ctrl-C in the middle of writing: once the folder is gone, nothing can be created in it.
            }
        }
    }

    /**
     * Removes what killed processes left beside the folder. Earlier versions moved earlier results away before they put
     * the new ones in place: these are moved back.
     */
    private static void tidyBeside(Path target) throws IOException {
        Path parent = Objects.requireNonNull(target.getParent());
        if (!Files.isDirectory(parent)) {
            return;
        }
        Pattern earlier = Pattern.compile(Pattern.quote("." + target.getFileName() + ".") + "(tmp|old)-(\\d{1,18})");
        try {
            for (Path file : list(parent)) {
                String name = file.getFileName().toString();
                Matcher matcher = earlier.matcher(name);
                boolean gone = matcher.matches()
                        ? ProcessHandle.of(Long.parseLong(matcher.group(2))).isEmpty()
                        : name.startsWith("." + target.getFileName() + ".tmp-") && AtomicFiles.isLeftover(file);
                if (!gone || !Files.isDirectory(file)) {
                    continue;
                }
                if (matcher.matches() && matcher.group(1).equals("old") && !Files.exists(target)) {
                    AtomicFiles.moveFolder(file, target);
                } else {
                    AtomicFiles.deleteTree(file);
                }
            }
        } catch (AccessDeniedException | NoSuchFileException notOurs) {
            // Where reading is necessary, an unreadable folder is reported there.
        }
    }
}
