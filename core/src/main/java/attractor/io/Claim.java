package attractor.io;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Keeps a folder for one user at a time, among all processes on all machines that see it, and needs no locks for it. For any file
 * system on which renaming a folder is one step that fails if there is something else at its new name, and on which a process that
 * opens a file sees what others wrote before: local ones, NFS, Lustre, with or without locks.
 *
 * <p>Whoever has the claim on {@code DIR} has a folder of its own in {@code DIR/.claim}, named after its process and at random. It
 * writes only there, and from there a file gets to its place by a rename ({@link #put}). Whoever takes over from a user that has
 * ended renames that folder, and has all that was in it. So a user that only seemed to have ended cannot do any harm: the place that it
 * writes to, and that it renames from, is not there any more, and it gets a {@link LostException}. That, and nothing about time, is why
 * no file of two users is mixed.
 *
 * <p>Time saves work: a user gives a sign of life every {@value #BEAT_SECONDS} s by writing to a file. One that runs on this machine
 * is looked up among the processes; any other counts as ended {@value #LEASE_SECONDS} s after its last sign, by the file
 * system's own clock.
 *
 * <p>Safe for any number of threads.
 */
public final class Claim implements AutoCloseable {
    /** Name of the folder in the folder that carries the claim. */
    public static final String NAME = ".claim";

    private static final String BEAT = "heartbeat";
    private static final String FREE = "free";
    private static final long BEAT_SECONDS = 10;
    private static final long LEASE_SECONDS = 90;
    private static final int ATTEMPTS = 200;
    private static final ProcessMark NOBODY = new ProcessMark("00000000", 0, 0);

    /** Somebody else has the folder. Safe for any thread. */
    public static final class InUseException extends IOException {
        private static final long serialVersionUID = 1L;

        private InUseException(String message) {
            super(message);
        }
    }

    /** Somebody else has taken the folder over: what its new user writes is not to be touched. Safe for any thread. */
    public static final class LostException extends IOException {
        private static final long serialVersionUID = 1L;

        private LostException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    private enum State {
        FREE,
        ENDED,
        /** On another machine, with a sign of life not long ago. */
        UNSURE,
        ALIVE
    }

    /**
     * Who has a folder.
     *
     * @param folder its own folder; null if there is none
     * @param mark the process; null if it has given the folder back
     * @param host the name of its machine
     * @param beat its last sign of life; null if it has given the folder back
     */
    private record Holder(Path folder, ProcessMark mark, String host, FileTime beat) {}

    private final Path directory;
    private final Path own;
    private final Thread heart;
    private boolean closed;
    private long lastBeat = System.nanoTime();

    private Claim(Path directory, Path own) {
        this.directory = directory;
        this.own = own;
        heart = new Thread(this::beat, "attractor-heartbeat");
        heart.setDaemon(true);
    }

    /**
     * Claims an existing folder. If its user may have ended on another machine, waits until it is known, at most the time after which
     * it counts as ended.
     *
     * @throws InUseException if another user has it, or the thread is interrupted while it waits
     * @throws IOException if the folder is absent or cannot be written to
     */
    public static Claim take(Path directory) throws IOException {
        Watch watch = new Watch(directory);
        while (true) {
            Optional<Claim> claim = tryTake(directory);
            if (claim.isPresent()) {
                return claim.get();
            }
            if (watch.isAlive() || !pause(1000)) {
                Holder holder = holder(directory);
                boolean here = holder.mark != null && holder.mark.equals(ProcessMark.current());
                throw new InUseException(directory + " is in use by "
                        + (here ? "this program itself" : "another process" + name(holder))
                        + ", expected a run directory that no other training uses");
            }
        }
    }

    private static String name(Holder holder) {
        return holder.mark == null || holder.mark.equals(NOBODY)
                ? ""
                : " (" + holder.mark.pid() + " on " + holder.host + ")";
    }

    /**
     * Claims an existing folder at once or not at all.
     *
     * @return the claim; empty if another user has the folder, or may have it
     * @throws IOException if the folder is absent or cannot be written to
     */
    public static Optional<Claim> tryTake(Path directory) throws IOException {
        String token = ProcessMark.current() + "-" + random();
        Path place = directory.resolve(NAME);
        Path own = place.resolve(token);
        for (int attempt = 0; ; attempt++) {
            try {
                Holder holder = holder(directory);
                State state = state(holder, () -> now(directory));
                if (state == State.UNSURE || state == State.ALIVE) {
                    return Optional.empty();
                }
                boolean taken =
                        state == State.FREE ? begin(directory, token) : takeOver(directory, holder.folder, token);
                if (taken) {
                    Claim claim = new Claim(directory, own);
                    claim.heart.start();
                    clear(directory);
                    return Optional.of(claim);
                }
                if (attempt == ATTEMPTS) {
                    return Optional.empty(); // others come and go all the time
                }
            } catch (NoSuchFileException e) {
                // Between two steps another one took the folder over, or deleted it with all that is in it.
                if (attempt == ATTEMPTS || !Files.isDirectory(directory)) {
                    throw e;
                }
            } catch (FileSystemException e) {
                if (!Files.isDirectory(directory)) {
                    throw new NoSuchFileException(directory.toString());
                }
                // A folder that is being renamed at this moment is stale, on some systems; else this one refuses.
                if (attempt == ATTEMPTS || !Files.isDirectory(place) || Files.isDirectory(own)) {
                    throw cannot(directory, e);
                }
            }
        }
    }

    private static String random() {
        byte[] random = new byte[8];
        new SecureRandom().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    private static IOException cannot(Path directory, FileSystemException e) {
        return new IOException(
                "cannot write to " + directory + ": "
                        + (e.getReason() != null ? e.getReason() : "no permission to create files"),
                e);
    }

    /** Makes the claim aside, with a sign of life, and puts it in its place if there is none. */
    private static boolean begin(Path directory, String token) throws IOException {
        Path place = directory.resolve(NAME);
        Path aside = directory.resolve(NAME + "-" + token);
        Files.createDirectory(aside);
        try {
            Path own = Files.createDirectory(aside.resolve(token));
            writeBeat(own);
            try {
                Files.move(aside, place, StandardCopyOption.ATOMIC_MOVE);
            } catch (FileSystemException e) {
                if (Files.exists(place.resolve(token))) {
                    return true; // it was renamed, and the answer was lost on the way
                }
                if (!Files.exists(place)) {
                    throw e;
                }
                deleteIfEmpty(place); // where the system doesn't rename to an empty folder
                AtomicFiles.deleteTree(aside);
                return false;
            }
            return true;
        } catch (IOException | RuntimeException | Error e) {
            AtomicFiles.deleteTree(aside);
            throw e;
        }
    }

    /** Renames the folder of a user that has ended, after a sign of life: whoever looks at it sees both at once. */
    private static boolean takeOver(Path directory, Path ended, String token) throws IOException {
        Path own = ended.resolveSibling(token);
        try {
            writeBeat(ended);
            Files.move(ended, own, StandardCopyOption.ATOMIC_MOVE);
            return true;
        } catch (java.nio.file.AtomicMoveNotSupportedException e) {
            // A lower layer of an overlay, where nobody writes: the layers of others are others.
            Path aside = directory.resolve(NAME + "-" + token);
            Files.createDirectory(aside);
            AtomicFiles.copyTree(ended, aside.resolve(token));
            writeBeat(aside.resolve(token));
            AtomicFiles.deleteTree(directory.resolve(NAME));
            Files.move(aside, directory.resolve(NAME), StandardCopyOption.ATOMIC_MOVE);
            return true;
        } catch (FileSystemException e) {
            if (Files.exists(own)) {
                return true; // as above
            }
            if (!Files.exists(ended)) {
                return false;
            }
            throw e;
        }
    }

    /** A sign of life. */
    private static void writeBeat(Path own) throws IOException {
        byte[] text = (host() + "\n").getBytes(StandardCharsets.UTF_8);
        // No channel: an interrupt would close it. Only if the folder is there.
        try (RandomAccessFile file = open(own.resolve(BEAT))) {
            file.write(text);
            file.setLength(text.length);
        }
    }

    private static RandomAccessFile open(Path file) throws IOException {
        try {
            return new RandomAccessFile(file.toFile(), "rw");
        } catch (java.io.FileNotFoundException e) {
            if (!Files.isDirectory(file.getParent())) {
                throw new NoSuchFileException(file.getParent().toString());
            }
            throw new FileSystemException(file.toString(), null, e.getMessage());
        }
    }

    private static String host() {
        try (InputStream in = new FileInputStream("/proc/sys/kernel/hostname")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException notLinux) {
            return Objects.requireNonNullElse(System.getenv("COMPUTERNAME"), "an unknown machine");
        }
    }

    private static Holder holder(Path directory) throws IOException {
        Path place = directory.resolve(NAME);
        // Listing the folder, and opening the file, makes network file systems ask the server.
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(place)) {
            for (Path folder : folders) {
                if (!Files.isDirectory(folder)) {
                    continue;
                }
                String name = folder.getFileName().toString();
                if (name.startsWith(FREE)) {
                    return new Holder(folder, null, null, null);
                }
                ProcessMark mark = ProcessMark.parse(name.substring(0, Math.max(0, name.lastIndexOf('-'))))
                        .orElse(NOBODY);
                Path file = folder.resolve(BEAT);
                try (InputStream in = new FileInputStream(file.toFile())) {
                    String host = new String(in.readNBytes(256), StandardCharsets.UTF_8).strip();
                    return new Holder(folder, mark, host, Files.getLastModifiedTime(file));
                } catch (java.io.FileNotFoundException | NoSuchFileException e) {
                    return new Holder(folder, mark, "an unknown machine", FileTime.fromMillis(0));
                }
            }
        } catch (NoSuchFileException | NotDirectoryException none) {
            // Nobody.
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return new Holder(null, null, null, null);
    }

    /** @param now the time now, in milliseconds */
    private static State state(Holder holder, LongSupplier now) {
        if (holder.folder == null) {
            return State.FREE;
        }
        if (holder.beat == null) {
            return State.ENDED;
        }
        return switch (holder.mark.life()) {
            case RUNNING -> State.ALIVE;
            case ENDED -> State.ENDED;
            case UNKNOWN ->
                now.getAsLong() - holder.beat.toMillis() > 1000 * LEASE_SECONDS ? State.ENDED : State.UNSURE;
        };
    }

    /** The time by the file system's own clock, in milliseconds; by ours where that cannot be asked. */
    private static long now(Path directory) {
        Path probe = null;
        try {
            probe = Files.createTempFile(directory, NAME + "-", "");
            return Files.getLastModifiedTime(probe).toMillis();
        } catch (IOException readOnly) {
            return System.currentTimeMillis();
        } finally {
            if (probe != null) {
                deleteQuietly(probe);
            }
        }
    }

    private static void deleteQuietly(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException left) {
            // The next user removes it.
        }
    }

    private static boolean pause(long millis) {
        try {
            Thread.sleep(millis);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /**
     * Whether somebody uses a folder, as far as can be told at once. Changes nothing, and needs no permission to.
     *
     * @throws IOException if it cannot be read
     */
    public static boolean isHeld(Path directory) throws IOException {
        State state = state(holder(directory), System::currentTimeMillis);
        return state == State.ALIVE || state == State.UNSURE;
    }

    /** Looks at a folder's user again and again. Belongs to one thread. */
    public static final class Watch {
        private final Path directory;
        private Holder first;

        /** @param directory the folder */
        public Watch(Path directory) {
            this.directory = directory;
        }

        /**
         * Whether the folder's user is known to be alive, since it runs on this machine or has given a sign of life since it was first
         * looked at. Neither that nor free after {@value Claim#LEASE_SECONDS} s there is none.
         *
         * @throws IOException if the folder cannot be read
         */
        public boolean isAlive() throws IOException {
            Holder now = holder(directory);
            State state = state(now, System::currentTimeMillis);
            if (first == null || first.folder == null) {
                first = now;
            }
            return state == State.ALIVE || (state == State.UNSURE && !now.equals(first));
        }
    }

    /** The folder that this user alone has; for anything. Gone if another one has taken it over. */
    public Path folder() {
        return own;
    }

    /**
     * Deletes what an earlier user left in {@link #folder()}.
     *
     * @throws IOException if it cannot be deleted
     */
    public void deleteLeftovers() throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(own)) {
            for (Path file : files) {
                if (!file.endsWith(BEAT)) {
                    AtomicFiles.deleteTree(file);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    /** Whether nobody has taken the folder over. */
    public boolean isHeld() {
        return Files.isDirectory(own);
    }

    /**
     * Writes a file of the claimed folder, replacing an earlier one in a single step, and only if nobody has taken it over.
     *
     * @param name the file's
     * @param write writes the file that it is given, in {@link #folder()}, as {@link AtomicFiles#write} does
     * @throws LostException if somebody has taken it over
     * @throws IOException if the file cannot be written, with one line that names it and the cause
     */
    public void put(String name, IOConsumer<Path> write) throws IOException {
        Path target = directory.resolve(name);
        Path made = own.resolve(name);
        try {
            keepAlive();
            AtomicFiles.checkTarget(target);
            write.accept(made);
            keepAlive();
            Files.move(made, target, StandardCopyOption.ATOMIC_MOVE);
            AtomicFiles.syncFolder(directory);
        } catch (IOException e) {
            checkHeld(e);
            if (e instanceof FormatException
                    || e.getMessage() == null
                    || !e.getMessage().contains(made.toString())) {
                throw e;
            }
            throw new IOException(e.getMessage().replace(made.toString(), target.toString()), e);
        }
    }

    /**
     * Removes a file of the claimed folder if it is there, and only if nobody has taken the folder over.
     *
     * @throws LostException if somebody has taken it over
     * @throws IOException if the file cannot be removed
     */
    public void remove(String name) throws IOException {
        Path removed = own.resolve(name);
        try {
            keepAlive();
            Files.move(directory.resolve(name), removed, StandardCopyOption.ATOMIC_MOVE);
            Files.delete(removed);
        } catch (NoSuchFileException e) {
            checkHeld(e);
        }
    }

    private void checkHeld(IOException cause) throws LostException {
        if (!isHeld()) {
            throw new LostException(
                    directory + " was taken over by another process, since this one gave no sign of life for "
                            + LEASE_SECONDS + " s; what was saved is kept",
                    cause);
        }
    }

    /**
     * A sign of life, if the last is long ago. Given by whoever writes, too, so that nothing is written by a user without one: network
     * file systems remember for up to 60 s where a folder was.
     */
    private synchronized void keepAlive() throws IOException {
        if (System.nanoTime() - lastBeat > 1_000_000_000L * BEAT_SECONDS) {
            writeBeat(own);
            lastBeat = System.nanoTime();
        }
    }

    private synchronized void beat() {
        try {
            while (!closed) {
                wait(1000 * BEAT_SECONDS);
                if (!closed) {
                    try {
                        writeBeat(own);
                        lastBeat = System.nanoTime();
                    } catch (NoSuchFileException lost) {
                        return;
                    } catch (IOException disturbed) {
                        // The server is away, say; the next one.
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Removes what users that were killed left aside. */
    private static void clear(Path directory) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, NAME + "-*")) {
            long now = 0;
            for (Path file : files) {
                now = now == 0 ? now(directory) : now;
                if (now - Files.getLastModifiedTime(file).toMillis() > 1000 * LEASE_SECONDS) {
                    AtomicFiles.deleteTree(file);
                }
            }
        } catch (IOException | DirectoryIteratorException left) {
            // It is in nobody's way.
        }
    }

    private static void deleteIfEmpty(Path folder) throws IOException {
        try {
            Files.deleteIfExists(folder);
        } catch (DirectoryNotEmptyException | FileAlreadyExistsException | NoSuchFileException used) {
            // By somebody else.
        }
    }

    /** Gives the folder back. What is in {@link #folder()} stays for the next user; without anything there it leaves no trace. */
    @Override
    public void close() throws IOException {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        try {
            Files.deleteIfExists(own.resolve(BEAT));
            Path free = own.resolveSibling(FREE + "-" + random());
            Files.move(own, free, StandardCopyOption.ATOMIC_MOVE);
            deleteIfEmpty(free);
            deleteIfEmpty(directory.resolve(NAME));
        } catch (IOException e) {
            if (isHeld()) {
                throw e;
            }
        }
    }
}
