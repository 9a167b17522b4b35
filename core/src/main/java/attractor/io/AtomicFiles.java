package attractor.io;

import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Files that are whole or absent: written under a temporary name in the same folder, forced to the disk, then renamed.
 * A process that is killed on the way leaves the earlier file, if there was one, and a temporary file that nothing
 * reads; {@link #deleteStale} removes such leftovers.
 *
 * <p>Works on the default file system. Thread-safe: has no state. Of two threads that write the same target at the same
 * time, one wins, with a whole file. An interrupted thread still writes its file to the end.
 */
public final class AtomicFiles {
    private static final Pattern TEMPORARY = Pattern.compile("\\..+\\.tmp-(\\d{1,18})-\\d{1,9}");
    private static final int BUFFER = 1 << 16;

    private AtomicFiles() {}

    /**
     * Writes a file, replacing an earlier one in a single step.
     *
     * @param target the file; its folder must exist
     * @param content writes the bytes; need neither flush nor close the stream
     * @throws IOException if the file cannot be written, with one line that names it and the cause: the folder is
     *     missing or refuses new files, the target is a folder, the disk is full. A {@link FormatException} or an
     *     unchecked exception of {@code content} comes through unchanged. The temporary file is removed in each case.
     */
    public static void write(Path target, IOConsumer<OutputStream> content) throws IOException {
        Path folder = target.toAbsolutePath().getParent();
        if (folder == null || Files.isDirectory(target)) {
            throw cannotWrite(target, "it is a folder, expected a file", null);
        }
        if (!Files.exists(folder)) {
            throw cannotWrite(target, "the folder " + folder + " does not exist", null);
        }
        if (!Files.isDirectory(folder)) {
            throw cannotWrite(target, folder + " is a file, expected a folder", null);
        }
        if (Files.exists(target) && !Files.isRegularFile(target)) {
            throw cannotWrite(target, "it is neither a file nor absent", null);
        }
        Path temporary = null;
        try {
            temporary = createTemporary(folder, target.getFileName().toString());
            // A FileChannel would be closed by an interrupt; a stream is not, so that Ctrl-C can still save.
            try (FileOutputStream file = new FileOutputStream(temporary.toFile())) {
                OutputStream buffered = new BufferedOutputStream(file, BUFFER);
                content.accept(buffered);
                buffered.flush();
                file.getFD().sync();
            }
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
            temporary = null;
            syncFolder(folder);
        } catch (IOException | RuntimeException | Error e) {
            deleteAfter(e, temporary);
            if (e instanceof IOException io && !(e instanceof FormatException)) {
                throw cannotWrite(target, reason(io), io);
            }
            throw e;
        }
    }

    private static void deleteAfter(Throwable failure, Path temporary) {
        if (temporary != null) {
            try {
                Files.deleteIfExists(temporary);
            } catch (IOException e) {
                failure.addSuppressed(e);
            }
        }
    }

    /**
     * Removes what killed processes left in a folder: temporary files of {@link #write} whose process is gone, or is
     * younger than the file (process ids come again, in containers always the same). Temporary files of living
     * processes stay. Not recursive. Only for a folder that no process on another machine writes to.
     *
     * @param folder the folder to clean
     * @return the files that were removed, sorted by name
     * @throws IOException if the folder cannot be listed or a leftover cannot be removed
     */
    public static List<Path> deleteStale(Path folder) throws IOException {
        List<Path> stale = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, ".*.tmp-*")) {
            for (Path file : files) {
                Matcher name = TEMPORARY.matcher(file.getFileName().toString());
                if (name.matches()
                        && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                        && !isBeingWritten(file, Long.parseLong(name.group(1)))) {
                    stale.add(file);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        stale.sort(null);
        for (Path file : stale) {
            Files.deleteIfExists(file);
        }
        return stale;
    }

    private static boolean isBeingWritten(Path file, long pid) throws IOException {
        Optional<ProcessHandle> process = ProcessHandle.of(pid);
        if (process.isEmpty() || !process.get().isAlive()) {
            return false;
        }
        Optional<Instant> start = process.get().info().startInstant();
        try {
            // Two seconds for file systems that keep coarse times and for the rounding of the start.
            Instant written = Files.getLastModifiedTime(file).toInstant();
            return start.isEmpty() || !written.isBefore(start.get().minusSeconds(2));
        } catch (NoSuchFileException renamedMeanwhile) {
            return true;
        }
    }

    private static Path createTemporary(Path folder, String name) throws IOException {
        long pid = ProcessHandle.current().pid();
        for (int n = 0; ; n++) {
            try {
                return Files.createFile(folder.resolve("." + name + ".tmp-" + pid + "-" + n));
            } catch (FileAlreadyExistsException taken) {
                if (n == 100_000) {
                    throw taken;
                }
            } catch (AccessDeniedException e) {
                throw new FileSystemException(folder.toString(), null, "no permission to create files in " + folder);
            }
        }
    }

    /** Makes the rename itself durable. Windows refuses to open a folder and needs no such step. */
    private static void syncFolder(Path folder) throws IOException {
        FileChannel channel;
        try {
            channel = FileChannel.open(folder, StandardOpenOption.READ);
        } catch (IOException cannotOpenFolders) {
            return;
        }
        try (channel) {
            channel.force(true);
        } catch (IOException cannotSyncFolders) {
            // Some network file systems; the file itself is whole, under its name, and forced.
        }
    }

    private static IOException cannotWrite(Path target, String reason, IOException cause) {
        return new IOException("cannot write " + target + ": " + reason, cause);
    }

    private static String reason(IOException e) {
        if (e instanceof FileSystemException f && f.getReason() != null) {
            return f.getReason();
        }
        if (e instanceof AccessDeniedException denied) {
            return "no permission for " + denied.getFile();
        }
        if (e instanceof NoSuchFileException missing) {
            return missing.getFile() + " does not exist";
        }
        return e.getMessage() != null ? e.getMessage() : e.toString();
    }
}
