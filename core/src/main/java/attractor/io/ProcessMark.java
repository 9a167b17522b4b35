package attractor.io;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Identifies a process among all that may use a file system: by the machine, the process id, and the start time. As
 * text it is part of file names: 8 hexadecimal digits and two numbers, {@code 1f0c83aa-4711-90210}. Immutable, safe for
 * any number of threads.
 *
 * <p>The machine is the system since its last start and, on Linux, the namespace of process ids: two containers use the
 * same ids, and often the same host name, for different processes.
 *
 * @param machine the machine; process ids can be compared only if it is equal
 * @param pid the process id on this machine
 * @param start the time of its start, in the unit of the system; 0 if unknown
 */
public record ProcessMark(String machine, long pid, long start) {
    /** Matches the text. */
    public static final String PATTERN = "[0-9a-f]{8}-\\d{1,18}-\\d{1,18}";

    private static final Pattern TEXT = Pattern.compile("([0-9a-f]{8})-(\\d{1,18})-(\\d{1,18})");
    private static final String UNKNOWN = "00000000";
    private static final Path PROC = Path.of("/proc");

    /** What is known about a process. Immutable, safe for any thread. */
    public enum Life {
        /** It runs. */
        RUNNING,
        /** It has ended. */
        ENDED,
        /** It was on another machine, or on one that cannot be identified. */
        UNKNOWN
    }

    /** This process. */
    public static ProcessMark current() {
        long pid = ProcessHandle.current().pid();
        return new ProcessMark(thisMachine(), pid, Math.max(0, start(pid)));
    }

    /** The process that a text names; empty if it names none. */
    public static Optional<ProcessMark> parse(String text) {
        Matcher mark = TEXT.matcher(text);
        return mark.matches()
                ? Optional.of(
                        new ProcessMark(mark.group(1), Long.parseLong(mark.group(2)), Long.parseLong(mark.group(3))))
                : Optional.empty();
    }

    /** Whether the process runs. */
    public Life life() {
        if (machine.equals(UNKNOWN) || !machine.equals(thisMachine())) {
            return Life.UNKNOWN;
        }
        long found = start(pid);
        return found >= 0 && (start == 0 || found == 0 || found == start) ? Life.RUNNING : Life.ENDED;
    }

    private static String thisMachine() {
        String text;
        try {
            text = text(PROC.resolve("sys/kernel/random/boot_id")).strip() + " "
                    + Files.readSymbolicLink(PROC.resolve("self/ns/pid"));
        } catch (IOException | UnsupportedOperationException notLinux) {
            if (Files.isDirectory(PROC.resolve("self"))) {
                return UNKNOWN;
            }
            // The first process starts with the system.
            Optional<Instant> start = ProcessHandle.of(1).flatMap(p -> p.info().startInstant());
            String host = System.getenv("COMPUTERNAME");
            if (start.isEmpty() && host == null) {
                return UNKNOWN;
            }
            text = System.getProperty("os.name") + " " + host + " " + start;
        }
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 4);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    /**
     * The start time of a process on this machine; 0 if unknown; -1 if there is no such process, or it has ended and
     * its exit status was never read.
     */
    private static long start(long pid) {
        if (Files.isDirectory(PROC.resolve("self"))) {
            try {
                // Exact, even if the clock is changed. The name, in parentheses, may hold any characters.
                String stat = text(PROC.resolve(pid + "/stat"));
                String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
                return fields[0].equals("Z") || fields[0].equals("X") ? -1 : Long.parseLong(fields[19]);
            } catch (IOException | RuntimeException none) {
                return -1;
            }
        }
        Optional<ProcessHandle> process = ProcessHandle.of(pid).filter(ProcessHandle::isAlive);
        return process.isEmpty()
                ? -1
                : process.get().info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    }

    /** Not read through a channel, which an interrupt would close. */
    private static String text(Path file) throws IOException {
        try (InputStream in = new FileInputStream(file.toFile())) {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    /** The text, for {@link #parse}. */
    @Override
    public String toString() {
        return machine + "-" + pid + "-" + start;
    }
}
