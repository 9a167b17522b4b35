package attractor.io;

import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
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
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Files that are whole or absent: they are written under a temporary name in the same folder, forced to the disk, then
 * renamed. If a process is killed while it writes, the earlier file stays, if there was one, and a temporary file that
 * nothing reads; {@link #deleteStale} removes such leftovers. A symbolic link stays: the file that it leads to is
 * written.
 *
 * <p>Folders can be moved in the same way: {@link #moveFolder}.
 *
 * <p>Works on the default file system. Thread-safe: has no state. If two threads write the same target at the same
 * time, one of them wins, with a whole file. An interrupted thread still writes its file to the end.
 */
public final class AtomicFiles {
    private static final int CREATE_ATTEMPTS = 100;

    private static final Pattern TEMPORARY =
            Pattern.compile("\\..+\\.tmp-(?:(" + ProcessMark.PATTERN + ")|\\d{1,18})-\\d{1,9}");
    /** A temporary file of a process that cannot be looked up is a leftover after this time without a change. */
    private static final long STALE_SECONDS = 3600;

    private static final int BUFFER = 1 << 16;

    private AtomicFiles() {}

    /**
     * Writes a file, replacing an earlier one in a single step.
     *
     * @param target the file; its folder must exist
     * @param content writes the bytes; it need neither flush nor close the stream
     * @throws IOException if the file cannot be written; the message is one line that names it and the cause: the
     * folder is missing or refuses new files, the target is a folder, the disk is full. A {@link FormatException} or an
     * unchecked exception of {@code content} is thrown unchanged. The temporary file is removed in each case.
     */
    public static void write(Path target, IOConsumer<OutputStream> content) throws IOException {
        checkTarget(target);
        Path real = real(target);
        Path folder = real.toAbsolutePath().getParent();
        Path temporary = null;
        try {
            temporary = createTemporary(folder, real.getFileName().toString());
            // A stream, not a FileChannel, which an interrupt would close: so Ctrl-C can still save.
            try (FileOutputStream file = new FileOutputStream(temporary.toFile())) {
                OutputStream buffered = new BufferedOutputStream(file, BUFFER);
                content.accept(buffered);
                buffered.flush();
                file.getFD().sync();
            }
            Files.move(temporary, real, StandardCopyOption.ATOMIC_MOVE);
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

    /**
     * Checks, before work begins, that {@link #write} can write a file at this place, as far as that can be known.
     *
     * @throws IOException if it cannot, with one line that names the file and the cause
     */
    public static void requireWritable(Path target) throws IOException {
        checkTarget(target);
        Path folder = real(target).toAbsolutePath().getParent();
        if (!Files.isWritable(folder)) {
            throw cannotWrite(target, "no permission to create files in " + folder, null);
        }
    }

    /**
     * Checks, before work begins, that a folder exists and takes files, or can be created, as far as that can be known.
     *
     * @throws IOException if not, with one line that names the folder and the cause
     */
    public static void requireFolder(Path folder) throws IOException {
        Path there = real(folder).toAbsolutePath();
        while (!Files.exists(there) && there.getParent() != null) {
            there = real(there.getParent());
        }
        String what = Files.exists(folder) ? "cannot write to " + folder : "cannot create the folder " + folder;
        if (!Files.isDirectory(there)) {
            throw new IOException(what + ": " + there + " is a file, expected a folder");
        }
        if (!Files.isWritable(there)) {
            throw new IOException(what + ": no permission to create files in " + there);
        }
    }

    /**
     * Checks that there is a file to read.
     *
     * @throws NoSuchFileException if there is nothing
     * @throws IOException if there is something else, such as a folder
     */
    public static void requireFile(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString(), null, "no such file");
        }
        if (!Files.isRegularFile(file)) {
            throw new IOException(
                    file + " is " + (Files.isDirectory(file) ? "a folder" : "no regular file") + ", expected a file");
        }
    }

    /**
     * Checks that a file can be written at this place.
     *
     * @throws IOException if something else is there, or there is no folder for it
     */
    public static void checkTarget(Path target) throws IOException {
        Path folder = real(target).toAbsolutePath().getParent();
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
    }

    /**
     * The path that symbolic links lead to, whether it exists or not; the path itself if it isn't a link.
     *
     * @throws IOException if a link cannot be read, or leads to itself
     */
    public static Path real(Path path) throws IOException {
        Path real = path;
        for (int links = 0; Files.isSymbolicLink(real); links++) {
            if (links == 40) {
                throw new IOException(path + " is a symbolic link that leads to itself");
            }
            real = real.resolveSibling(Files.readSymbolicLink(real));
        }
        return real;
    }

    /**
     * Creates a folder and its parents where symbolic links lead, but not the folder of a {@link Claim} that was taken
     * over.
     *
     * @throws IOException if it cannot be created, with one line that names it and the cause
     */
    public static void createFolders(Path folder) throws IOException {
        try {
            create(folder.toAbsolutePath());
        } catch (FileAlreadyExistsException e) {
            throw new IOException("cannot create the folder " + folder + ": " + e.getFile() + " is a file", e);
        } catch (FileSystemException e) {
            throw new IOException("cannot create the folder " + folder + ": " + reason(e), e);
        }
    }

    private static void create(Path folder) throws IOException {
        Path real = real(folder);
        if (!Files.isDirectory(real)) {
            if (real.getParent() != null && real.getParent().endsWith(Claim.NAME)) {
                // The claim was taken over; only a claim creates this folder.
                throw new NoSuchFileException(real.toString());
            }
            for (int attempt = 0; !createdIn(real); attempt++) {
                if (attempt == CREATE_ATTEMPTS) {
                    throw new NoSuchFileException(real.toString());
                }
            }
        }
    }

    /** Whether a folder is there now; false if another process removed the parent, which was empty, in between. */
    private static boolean createdIn(Path real) throws IOException {
        if (real.getParent() != null) {
            create(real.getParent());
        }
        try {
            Files.createDirectory(real);
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(real)) {
                throw e;
            } // else another process was faster
        } catch (NoSuchFileException e) {
            return false;
        }
        return true;
    }

    /**
     * Moves a folder to a place where nothing exists, in a single step. This also works to another file system, and
     * from a lower layer of an overlay.
     *
     * @return whether it was moved; false if something exists at the target, which then stays
     * @throws IOException if it cannot be moved
     */
    public static boolean moveFolder(Path folder, Path target) throws IOException {
        Path moved = folder;
        Path copy = null;
        try {
            try {
                Files.move(folder, target, StandardCopyOption.ATOMIC_MOVE);
            } catch (AtomicMoveNotSupportedException otherFileSystem) {
                copy = temporary(target);
                deleteTree(copy);
                copyTree(folder, copy);
                moved = copy;
                Files.move(copy, target, StandardCopyOption.ATOMIC_MOVE);
                deleteTree(folder);
            }
            syncFolder(target.toAbsolutePath().getParent());
            return true;
        } catch (FileSystemException e) {
            boolean there = Files.exists(target);
            // If the old name is gone, it was moved: network file systems may lose the answer.
            boolean done = there && !Files.exists(moved);
            if (copy != null) {
                deleteTree(copy);
            }
            if (!there) {
                throw e;
            }
            return done;
        }
    }

    /** A hidden name, beside a file or folder, for its replacement; {@link #isLeftover} recognises it. */
    public static Path temporary(Path target) {
        long number = Math.floorMod(System.nanoTime(), 1_000_000_000L); // a different number for each call
        return target.resolveSibling("." + target.getFileName() + ".tmp-" + ProcessMark.current() + "-" + number);
    }

    /** Copies a folder with all that is in it; forces the files to the disk. */
    static void copyTree(Path from, Path to) throws IOException {
        for (Path file : walk(from)) {
            Path copy = to.resolve(from.relativize(file).toString());
            if (Files.isDirectory(file)) {
                Files.createDirectory(copy);
            } else {
                Files.copy(file, copy, LinkOption.NOFOLLOW_LINKS);
                try (FileOutputStream written = new FileOutputStream(copy.toFile(), true)) {
                    written.getFD().sync();
                }
            }
        }
    }

    private static List<Path> walk(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /**
     * Deletes a file, or a folder with all that is in it, if it is there. Links are deleted, not followed.
     *
     * @throws IOException if something cannot be deleted
     */
    public static void deleteTree(Path folder) throws IOException {
        for (int attempt = 0; Files.exists(folder, LinkOption.NOFOLLOW_LINKS); attempt++) {
            try {
                List<Path> all = new ArrayList<>(walk(folder));
                Collections.reverse(all);
                for (Path file : all) {
                    Files.deleteIfExists(file);
                }
            } catch (NoSuchFileException | DirectoryNotEmptyException beingUsed) {
                // Another process deletes it too, or is still writing to it.
                if (attempt == 100) {
                    throw beingUsed;
                }
            }
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
     * Removes temporary files of {@link #write} that killed processes left in a folder. Temporary files of living
     * processes stay. Not recursive.
     *
     * @param folder the folder to clean
     * @return the files that were removed, sorted by name
     * @throws IOException if the folder cannot be listed or a leftover cannot be removed
     */
    public static List<Path> deleteStale(Path folder) throws IOException {
        List<Path> stale = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, ".*.tmp-*")) {
            for (Path file : files) {
                if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && isLeftover(file)) {
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

    /**
     * Removes all temporary files of {@link #write} in a folder, even those of living processes: only for a folder that
     * no other process may write to.
     *
     * @throws IOException if the folder cannot be listed or a file cannot be removed
     */
    public static void deleteTemporaries(Path folder) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, ".*.tmp-*")) {
            for (Path file : files) {
                if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                        && TEMPORARY.matcher(file.getFileName().toString()).matches()) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    /**
     * Whether a temporary file or folder was left by a killed process. If its name says that the process ran on this
     * machine, that process must have ended. Otherwise (process ids of other machines mean nothing here) the file must
     * be unchanged for an hour.
     *
     * @throws IOException if it cannot be read
     */
    public static boolean isLeftover(Path file) throws IOException {
        Matcher name = TEMPORARY.matcher(file.getFileName().toString());
        if (!name.matches()) {
            return false;
        }
        ProcessMark.Life life = name.group(1) == null
                ? ProcessMark.Life.UNKNOWN
                : ProcessMark.parse(name.group(1)).orElseThrow().life();
        if (life != ProcessMark.Life.UNKNOWN) {
            return life == ProcessMark.Life.ENDED;
        }
        try {
            Instant changed = Files.getLastModifiedTime(file).toInstant();
            return changed.isBefore(Instant.now().minusSeconds(STALE_SECONDS));
        } catch (NoSuchFileException renamedMeanwhile) {
            return false;
        }
    }

    private static Path createTemporary(Path folder, String name) throws IOException {
        ProcessMark process = ProcessMark.current();
        for (int n = 0; ; n++) {
            try {
                return Files.createFile(folder.resolve("." + name + ".tmp-" + process + "-" + n));
            } catch (FileAlreadyExistsException taken) {
                if (n == 100_000) {
                    throw taken;
                }
            } catch (AccessDeniedException e) {
                throw new FileSystemException(folder.toString(), null, "no permission to create files in " + folder);
            }
        }
    }

    /** Makes the rename itself durable. Windows refuses to open a folder and doesn't need this step. */
    static void syncFolder(Path folder) throws IOException {
        FileChannel channel;
        try {
            channel = FileChannel.open(folder, StandardOpenOption.READ);
        } catch (IOException cannotOpenFolders) {
            return;
        }
        try (channel) {
            channel.force(true);
        } catch (IOException cannotSyncFolders) {
            // Some network file systems refuse this. The file is whole, has its name, and was forced to the disk.
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
