package attractor.fuzz;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Makes damaged files of valid ones: the n-th file of a seed is always the same. Bits are flipped, bytes and integers
 * overwritten, numbers in text replaced, files cut, extended and spliced, blocks removed, repeated, moved and swapped,
 * brackets nested, and zip files put together anew (see {@link ZipMutator}). Immutable.
 */
final class Mutator {
    private static final int MAX_NESTING = 50_000;

    private static final String[] NUMBERS = {
        "0",
        "-1",
        "1",
        "2",
        "255",
        "65536",
        "2147483647",
        "2147483648",
        "-2147483649",
        "4294967296",
        "9223372036854775807",
        "9223372036854775808",
        "-9223372036854775809",
        "99999999999999999999999999",
        "1e999",
        "-1e308",
        "1e-400",
        "0.1",
        "NaN",
        "Infinity",
        "-0",
        "00",
        "1.",
        "0x1p3",
        "null",
        "true",
        "\"\"",
        "[]",
        "{}"
    };

    private static final String[] BRACKETS = {
        "[", "{", "{\"a\":", "[[", "(", "[{\"a\":", "]", "}", ")", "\"", "'", "{'descr':"
    };

    private final List<byte[]> seeds;
    private final ZipMutator zips;

    Mutator(List<byte[]> seeds) {
        this.seeds = seeds;
        this.zips = new ZipMutator(seeds);
    }

    byte[] mutant(long seed, long index) {
        // Neighbouring seeds of a SplittableRandom give unrelated numbers.
        SplittableRandom random = new SplittableRandom(31 * seed + index);
        byte[] file = seed(random);
        int kind = random.nextInt(100);
        if (kind == 0) {
            return random.nextInt(20) == 0 ? new byte[0] : randomBytes(random, random.nextInt(4096));
        }
        if (kind == 1) {
            return concatenate(Arrays.copyOf(file, random.nextInt(file.length + 1)), randomBytes(random, 512));
        }
        if (kind < 10) {
            file = splice(file, seed(random), random);
            return random.nextBoolean() ? file : injure(file, random);
        }
        if (kind < 16) {
            return nest(file, random);
        }
        if (kind < 65 && zips.applies()) {
            try {
                file = zips.mutant(random);
            } catch (IOException e) {
                throw new AssertionError("seed " + seed + ", file " + index, e);
            }
            return random.nextInt(5) == 0 ? injure(file, random) : file;
        }
        return injure(file, random);
    }

    private byte[] seed(SplittableRandom random) {
        return seeds.get(random.nextInt(seeds.size()));
    }

    /** One to six injuries. */
    static byte[] injure(byte[] original, SplittableRandom random) {
        byte[] file = original.clone();
        for (int n = 1 + random.nextInt(random.nextBoolean() ? 2 : 6); n > 0 && file.length > 0; n--) {
            file = injureOnce(file, random);
        }
        return file;
    }

    private static byte[] injureOnce(byte[] file, SplittableRandom random) {
        int at = position(file, random);
        int length = 1 + random.nextInt(Math.min(file.length - at, random.nextBoolean() ? 16 : file.length));
        switch (random.nextInt(14)) {
            case 0, 1 -> file[at] ^= (byte) (1 << random.nextInt(8));
            case 2 -> file[at] = (byte) random.nextInt(256);
            case 3, 4 -> overwriteInteger(file, at, random);
            case 5 -> {
                byte[] fill = {0, -1, 127, -128, 1, ' ', '\n', '0', '9'};
                Arrays.fill(file, at, at + length, fill[random.nextInt(fill.length)]);
            }
            case 6 -> {
                return Arrays.copyOf(file, at);
            }
            case 7 -> {
                byte[] more = random.nextBoolean() ? randomBytes(random, length) : new byte[length];
                return concatenate(file, random.nextInt(3) == 0 ? file : more);
            }
            case 8 -> {
                return replace(file, at, at + length, new byte[0]);
            }
            case 9 -> {
                return replace(file, at, at, Arrays.copyOfRange(file, at, at + length));
            }
            case 10 -> {
                int to = random.nextInt(file.length - length + 1);
                byte[] other = Arrays.copyOfRange(file, to, to + length);
                System.arraycopy(file, at, file, to, length);
                if (Math.abs(at - to) >= length && random.nextBoolean()) {
                    System.arraycopy(other, 0, file, at, length);
                }
            }
            case 11, 12 -> {
                return replaceNumber(file, at, random);
            }
            default -> {
                String text = BRACKETS[random.nextInt(BRACKETS.length)];
                return replace(file, at, at + random.nextInt(2), text.getBytes(StandardCharsets.US_ASCII));
            }
        }
        return file;
    }

    /** Anywhere, but more often in the first or last bytes, where most formats keep their sizes. */
    private static int position(byte[] file, SplittableRandom random) {
        int window = Math.min(file.length, 128);
        return switch (random.nextInt(4)) {
            case 0 -> random.nextInt(window);
            case 1 -> file.length - 1 - random.nextInt(window);
            default -> random.nextInt(file.length);
        };
    }

    private static void overwriteInteger(byte[] file, int at, SplittableRandom random) {
        int width = 1 << random.nextInt(4);
        if (at + width > file.length) {
            return;
        }
        ByteBuffer bytes = ByteBuffer.wrap(file);
        bytes.order(random.nextInt(4) == 0 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        long before = switch (width) {
            case 1 -> bytes.get(at);
            case 2 -> bytes.getShort(at);
            case 4 -> bytes.getInt(at);
            default -> bytes.getLong(at);
        };
        long value = extreme(before, file.length, random);
        switch (width) {
            case 1 -> bytes.put(at, (byte) value);
            case 2 -> bytes.putShort(at, (short) value);
            case 4 -> bytes.putInt(at, (int) value);
            default -> bytes.putLong(at, value);
        }
    }

    /** A number in place of another one that programs are tempted to believe. */
    static long extreme(long before, long fileSize, SplittableRandom random) {
        return switch (random.nextInt(8)) {
            case 0 -> 0;
            case 1 -> -1;
            case 2 -> (1L << random.nextInt(64)) - random.nextInt(2);
            case 3 -> before + random.nextInt(-32, 33);
            case 4 -> before << random.nextInt(1, 24);
            case 5 -> fileSize + random.nextInt(-4, 5);
            case 6 -> random.nextLong(fileSize + 1);
            default -> random.nextLong() >>> random.nextInt(64);
        };
    }

    /** Replaces the next number that is written out in digits, if there is one, or writes one over what is there. */
    private static byte[] replaceNumber(byte[] file, int at, SplittableRandom random) {
        int start = at;
        while (start < file.length && !isDigit(file[start])) {
            start++;
        }
        if (start == file.length) {
            start = at;
        }
        int end = start;
        while (end < file.length && isDigit(file[end])) {
            end++;
        }
        String number = random.nextInt(3) == 0
                ? Long.toString(random.nextLong() >> random.nextInt(64))
                : NUMBERS[random.nextInt(NUMBERS.length)];
        return replace(file, start, end, number.getBytes(StandardCharsets.US_ASCII));
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    /** Brackets, and sometimes their ends, many times over: around the file, or somewhere in it. */
    private static byte[] nest(byte[] file, SplittableRandom random) {
        String open = BRACKETS[random.nextInt(BRACKETS.length)];
        int times = 1 << random.nextInt(16);
        byte[] opens = open.repeat(Math.min(times, MAX_NESTING)).getBytes(StandardCharsets.US_ASCII);
        if (random.nextInt(3) == 0) {
            String close = open.startsWith("{") ? "}" : open.startsWith("(") ? ")" : "]";
            byte[] closes = close.repeat(Math.min(times, MAX_NESTING)).getBytes(StandardCharsets.US_ASCII);
            return concatenate(concatenate(opens, random.nextBoolean() ? file : new byte[0]), closes);
        }
        int at = file.length == 0 ? 0 : position(file, random);
        return replace(file, at, random.nextBoolean() ? at : file.length, opens);
    }

    private static byte[] splice(byte[] a, byte[] b, SplittableRandom random) {
        int to = random.nextInt(a.length + 1);
        int from = random.nextBoolean() ? Math.min(to, b.length) : random.nextInt(b.length + 1);
        return concatenate(Arrays.copyOf(a, to), Arrays.copyOfRange(b, from, b.length));
    }

    private static byte[] randomBytes(SplittableRandom random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] concatenate(byte[] a, byte[] b) {
        return replace(a, a.length, a.length, b);
    }

    /** The file with other bytes in place of those from {@code start} to {@code end}. */
    private static byte[] replace(byte[] file, int start, int end, byte[] by) {
        int tail = Math.min(end, file.length);
        List<byte[]> parts = new ArrayList<>();
        parts.add(Arrays.copyOf(file, start));
        parts.add(by);
        parts.add(Arrays.copyOfRange(file, tail, file.length));
        ByteBuffer all =
                ByteBuffer.allocate(parts.stream().mapToInt(p -> p.length).sum());
        parts.forEach(all::put);
        return all.array();
    }
}
