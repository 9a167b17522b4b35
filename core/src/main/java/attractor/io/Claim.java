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
 * Reserves a folder for one user at a time, among all processes on all machines that see it, without locks. A user is
 * an instance of this class, not a person. Works on any file system on which renaming a folder is one step that fails
 * if something else has the new name, and on which a process that opens a file sees what others wrote before: local
 * ones, NFS, Lustre, with or without locks.
 *
 * <p>The user that holds the claim on {@code DIR} has its own folder in {@code DIR/.claim}, with a name made of its
 * process and a random number. It writes only there; from there a rename moves a file to its place ({@link #put}). A
 * user that takes over from one that has ended renames that folder, and then owns everything in it. If the earlier user
 * had only seemed to have ended, it can do no harm: the folder that it writes to and renames from no longer exists, and
 * it gets a {@link LostException}. For this reason, and not because of any timing, files of two users are never mixed.
 *
 * <p>Timing only saves waiting: a user gives a sign of life every {@value #BEAT_SECONDS} s by writing to a file. A user
 * on this machine is looked up among the processes. Any other user counts as ended {@value #LEASE_SECONDS} s after its
 * last sign of life, by the file system's own clock.
 *
 * <p>Safe for any number of threads.
 */
public final class Claim implements AutoCloseable {
    /** Name of the folder, inside the claimed folder, that holds the claim. */
    public static final String NAME = ".claim";

    private static final String BEAT = "heartbeat";
    private static final String FREE = "free";
    private static final long BEAT_SECONDS = 10;
    private static final long LEASE_SECONDS = 90;
    private static final int ATTEMPTS = 200;
    private static final ProcessMark NOBODY = new ProcessMark("00000000", 0, 0);

    /** Another user has the folder. Safe for any thread. */
    public static final class InUseException extends IOException {
        private static final long serialVersionUID = 1L;

        private InUseException(String message) {
            super(message);
        }
    }

    /** Another user has taken over the folder, and its files must not be touched. Safe for any thread. */
    public static final class LostException extends IOException {
        private static final long serialVersionUID = 1L;

        private LostException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    private enum State {
        FREE,
        ENDED,
        /** On another machine, with a recent sign of life. */
        UNSURE,
        ALIVE
    }

    /**
     * The user of a folder.
     *
     * @param folder the user's own folder; null if there is none
     * @param mark the process; null if the user has released the claim
     * @param host the name of its machine
     * @param beat its last sign of life; null if the user has released the claim
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
     * Claims an existing folder. If its user may have ended on another machine, waits until this is known, at most the
     * time after which the user counts as ended.
     *
     * @throws InUseException if another user has it, or if the thread is interrupted while it waits
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
     * Claims an existing folder, without waiting.
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
                    return Optional.empty(); // other users keep taking and releasing it
                }
            } catch (NoSuchFileException e) {
                // Between two steps another user took over the folder, or deleted it with everything in it.
                if (attempt == ATTEMPTS || !Files.isDirectory(directory)) {
                    throw e;
                }
            } catch (FileSystemException e) {
                if (!Files.isDirectory(directory)) {
                    throw new NoSuchFileException(directory.toString());
                }
                // A folder that is being renamed fails like this on some systems, and so does a rename to another
                // user's
                // claim, which may be gone by now: try again. If it goes on, the folder refuses.
                if (attempt == ATTEMPTS || Files.isDirectory(own)) {
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

    /**
     * Prepares the claim in a separate folder, with a sign of life, and moves it to its place if there is no other
     * claim.
     */
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
                    return true; // it was renamed, but the answer was lost
                }
                if (!Files.exists(place)) {
                    throw e;
                }
                deleteIfEmpty(place); // for systems that don't rename to an empty folder
                AtomicFiles.deleteTree(aside);
                return false;
            }
            return true;
        } catch (IOException | RuntimeException | Error e) {
            AtomicFiles.deleteTree(aside);
            throw e;
        }
    }

    /** Renames the folder of a user that has ended, after a sign of life, so that other processes see both at once. */
    private static boolean takeOver(Path directory, Path ended, String token) throws IOException {
        Path own = ended.resolveSibling(token);
        try {
            writeBeat(ended);
            Files.move(ended, own, StandardCopyOption.ATOMIC_MOVE);
            return true;
        } catch (java.nio.file.AtomicMoveNotSupportedException e) {
            // A lower layer of an overlay: no other machine writes there, since each has layers of its own.
            Path aside = directory.resolve(NAME + "-" + token);
            Files.createDirectory(aside);
            AtomicFiles.copyTree(ended, aside.resolve(token));
            writeBeat(aside.resolve(token));
            AtomicFiles.deleteTree(directory.resolve(NAME));
            Files.move(aside, directory.resolve(NAME), StandardCopyOption.ATOMIC_MOVE);
            return true;
        } catch (FileSystemException e) {
            if (Files.exists(own)) {
                return true; // it was renamed, but the answer was lost
            }
            if (!Files.exists(ended)) {
                return false;
            }
            throw e;
        }
    }

    /** Gives a sign of life. */
    private static void writeBeat(Path own) throws IOException {
        byte[] text = (host() + "\n").getBytes(StandardCharsets.UTF_8);
        // Not a channel, which an interrupt would close. Fails if the folder is gone.
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
        // Listing the folder and opening the file make network file systems ask the server.
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
            // There is no user.
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return new Holder(null, null, null, null);
    }

    /** @param now the current time in milliseconds */
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

    /** The current time in milliseconds by the file system's own clock, or by this machine's if that cannot be read. */
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
     * Whether a user has a folder, as far as this can be told without waiting. Changes nothing, and needs no permission
     * to write.
     *
     * @throws IOException if it cannot be read
     */
    public static boolean isHeld(Path directory) throws IOException {
        State state = state(holder(directory), System::currentTimeMillis);
        return state == State.ALIVE || state == State.UNSURE;
    }

    /** Checks a folder's user repeatedly. Belongs to one thread. */
    public static final class Watch {
        private final Path directory;
        private Holder first;

        /** @param directory the folder */
        public Watch(Path directory) {
            this.directory = directory;
        }

        /**
         * Whether the folder's user is known to be alive: it runs on this machine, or it has given a sign of life since
         * the first check. If it is not alive and the folder is not free after {@value Claim#LEASE_SECONDS} s, there is
         * no user.
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

    /**
     * The folder that belongs to this user alone, for any files. It no longer exists if another user has taken over.
     */
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

    /** Whether no other user has taken over the folder. */
    public boolean isHeld() {
        return Files.isDirectory(own);
    }

    /**
     * Writes a file of the claimed folder, replacing an earlier one in a single step, but only if no other user has
     * taken over.
     *
     * @param name the name of the file
     * @param write writes the file at the given path, which is in {@link #folder()}, as {@link AtomicFiles#write} does
     * @throws LostException if another user has taken over
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
     * Removes a file of the claimed folder if it exists, but only if no other user has taken over the folder.
     *
     * @throws LostException if another user has taken over
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
     * Gives a sign of life if the last one is long ago. Every write calls this too, so that no user writes without a
     * recent sign of life: network file systems remember for up to 60 s where a folder was.
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
                        // For example, the server is not reachable; the next sign of life may succeed.
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Removes what killed users left behind. */
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
            // It disturbs no one.
        }
    }

    /**
     * Deletes claims that others began to make in a folder and could not finish, since it was taken over at that moment. Only for
     * a folder that nobody else can reach any more under the name that they knew.
     *
     * @throws IOException if one cannot be deleted
     */
    public static void deleteUnfinished(Path directory) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, NAME + "-*")) {
            for (Path file : files) {
                AtomicFiles.deleteTree(file);
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    private static void deleteIfEmpty(Path folder) throws IOException {
        try {
            Files.deleteIfExists(folder);
        } catch (DirectoryNotEmptyException | FileAlreadyExistsException | NoSuchFileException used) {
            // Another process uses it.
        }
    }

    /**
     * Releases the claim. Files in {@link #folder()} stay for the next user; without any files, nothing of the claim
     * remains.
     */
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
