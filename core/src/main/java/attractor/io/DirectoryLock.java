package attractor.io;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps a folder for one user at a time, in this process and among all. The operating system gives the lock back when a process
 * ends, however it ends. Safe for any number of threads.
 */
public final class DirectoryLock implements AutoCloseable {
    /** Name of the file in the folder that carries the lock. */
    public static final String NAME = ".lock";

    /** Somebody else has the folder. Safe for any thread. */
    public static final class InUseException extends IOException {
        private static final long serialVersionUID = 1L;

        private InUseException(String message) {
            super(message);
        }
    }

    /**
     * Folders that this process holds. Cannot be avoided: POSIX gives a process's lock back as soon as it closes any descriptor of
     * the file, so that a second user within the process must not even open it.
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path folder;
    private final Path file;
    private final FileChannel channel;

    private DirectoryLock(Path folder, Path file, FileChannel channel) {
        this.folder = folder;
        this.file = file;
        this.channel = channel;
    }

    /**
     * Locks an existing folder.
     *
     * @throws InUseException if another user has it
     * @throws IOException if the folder is absent or refuses
     */
    public static DirectoryLock of(Path directory) throws IOException {
        Path folder = directory.toRealPath();
        if (!HELD.add(folder)) {
            throw inUse(directory, "by this program itself");
        }
        try {
            Path file = folder.resolve(NAME);
            while (true) {
                Object before = key(file);
                FileChannel channel = open(directory, file);
                boolean locked = false;
                try {
                    FileLock lock = channel.tryLock();
                    if (lock == null) {
                        throw inUse(directory, "by another process");
                    }
                    // Its last owner may have deleted the file between our opening and locking it.
                    locked = before != null && Objects.equals(before, key(file));
                } finally {
                    if (!locked) {
                        channel.close();
                    }
                }
                if (locked) {
                    return new DirectoryLock(folder, file, channel);
                }
            }
        } catch (IOException | RuntimeException | Error e) {
            HELD.remove(folder);
            throw e;
        }
    }

    private static FileChannel open(Path directory, Path file) throws IOException {
        try {
            return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (FileSystemException e) {
            throw new IOException("cannot write to " + directory + ": " + reason(e), e);
        }
    }

    private static String reason(FileSystemException e) {
        return e.getReason() != null ? e.getReason() : "no permission to create files";
    }

    private static InUseException inUse(Path directory, String whose) {
        return new InUseException(
                directory + " is in use " + whose + ", expected a run directory that no other training uses");
    }

    /** What identifies the file of that name; null if there is none. */
    private static Object key(Path file) throws IOException {
        try {
            Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
            // Windows has no keys, and does not let a file go that is open.
            return key == null ? "present" : key;
        } catch (NoSuchFileException | FileAlreadyExistsException absent) {
            return null;
        }
    }

    /** Gives the folder back, without a trace. */
    @Override
    public void close() throws IOException {
        try (channel) {
            Files.deleteIfExists(file);
        } finally {
            HELD.remove(folder);
        }
    }
}
