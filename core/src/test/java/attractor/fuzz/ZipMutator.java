package attractor.fuzz;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;

/**
 * Takes valid zip files apart and puts them together wrongly: entries that are damaged under a right checksum, renamed to
 * paths out of the folder, listed twice, left out, or that grow a thousandfold; and headers that lie about sizes, offsets,
 * lengths and methods. Immutable.
 */
final class ZipMutator {
    /** An entry of this name would, if it were extracted, be found by {@link FuzzFormat}. */
    static final String ESCAPED = "attractor-escaped";

    private static final int LOCAL = 0x04034b50;
    private static final int CENTRAL = 0x02014b50;
    private static final int END = 0x06054b50;

    /** Offsets of the fields that central and local headers share, within the central one, and their widths. */
    private static final int[][] FIELDS = {
        {4, 2}, {6, 2}, {8, 2}, {10, 2}, {12, 4}, {16, 4}, {20, 4}, {24, 4}, {28, 2}, {30, 2}, {32, 2}, {42, 4}
    };

    private static final int[][] END_FIELDS = {{4, 2}, {6, 2}, {8, 2}, {10, 2}, {12, 4}, {16, 4}, {20, 2}};

    /** A file in the archive, uncompressed. */
    private record Part(String name, byte[] content, boolean deflated) {}

    private final List<List<Part>> archives = new ArrayList<>();

    ZipMutator(List<byte[]> seeds) {
        for (byte[] seed : seeds) {
            List<Part> parts = parts(seed);
            if (!parts.isEmpty()) {
                archives.add(parts);
            }
        }
    }

    private static List<Part> parts(byte[] file) {
        List<Part> parts = new ArrayList<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(file))) {
            for (ZipEntry e = zip.getNextEntry(); e != null; e = zip.getNextEntry()) {
                parts.add(new Part(e.getName(), zip.readAllBytes(), e.getMethod() == ZipEntry.DEFLATED));
            }
        } catch (ZipException e) {
            return List.of(); // a stored entry of a pipe, which the JDK doesn't read
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return parts;
    }

    /** Whether a valid file was a zip file. */
    boolean applies() {
        return !archives.isEmpty();
    }

    byte[] mutant(SplittableRandom random) throws IOException {
        List<Part> parts = new ArrayList<>(archives.get(random.nextInt(archives.size())));
        for (int n = random.nextInt(3); n > 0; n--) {
            change(parts, random);
        }
        return assemble(parts, random.nextInt(3) == 0 ? 0 : 1 + random.nextInt(2), random);
    }

    private void change(List<Part> parts, SplittableRandom random) {
        int at = random.nextInt(parts.size());
        Part part = parts.get(at);
        switch (random.nextInt(9)) {
            case 0, 1, 2 ->
                parts.set(at, new Part(part.name(), Mutator.injure(part.content(), random), part.deflated()));
            case 3 -> parts.set(at, new Part(path(part.name(), random), part.content(), part.deflated()));
            case 4 -> parts.add(random.nextInt(parts.size() + 1), part);
            case 5 -> {
                if (parts.size() > 1) {
                    parts.remove(at);
                }
            }
            case 6 -> {
                int other = random.nextInt(parts.size());
                Part moved = parts.get(other);
                parts.set(other, new Part(moved.name(), part.content(), !moved.deflated()));
                parts.set(at, new Part(part.name(), moved.content(), part.deflated()));
            }
            case 7 -> {
                List<Part> others = archives.get(random.nextInt(archives.size()));
                parts.add(others.get(random.nextInt(others.size())));
            }
            default ->
                parts.set(
                        at,
                        random.nextInt(4) == 0 ? bomb(part.name(), random) : new Part(part.name(), new byte[0], true));
        }
    }

    private static String path(String name, SplittableRandom random) {
        String up = "../".repeat(1 + random.nextInt(3));
        String absolute = System.getProperty("java.io.tmpdir") + "/" + ESCAPED;
        return switch (random.nextInt(7)) {
            case 0 -> up + ESCAPED;
            case 1 -> up.replace('/', '\\') + ESCAPED;
            case 2 -> absolute + name.substring(Math.max(0, name.lastIndexOf('.')));
            case 3 -> up + ESCAPED + ".npy";
            case 4 -> "./" + name;
            case 5 -> ESCAPED + "/" + name;
            default -> name + "\n\u0000\u202e" + up;
        };
    }

    /** Zeros, with the header of an array that has just so many of them. */
    private static Part bomb(String name, SplittableRandom random) {
        String[] types = {"<f8", "<f4", "|i1", "|b1", "<U1000", "|S1", "<U1", "|S4"};
        int[] widths = {8, 4, 1, 1, 4000, 1, 4, 4};
        int type = random.nextInt(types.length);
        int values = (1 << random.nextInt(12, 21)) / widths[type];
        String header = "{'descr': '" + types[type] + "', 'fortran_order': False, 'shape': (" + values + ",), }";
        ByteBuffer content = ByteBuffer.allocate(10 + header.length() + values * widths[type]);
        content.order(ByteOrder.LITTLE_ENDIAN).put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
        content.putShort((short) header.length()).put(header.getBytes(StandardCharsets.US_ASCII));
        return new Part(name, content.array(), true);
    }

    /** A zip file with right checksums and sizes, but for a number of lies. */
    private static byte[] assemble(List<Part> parts, int lies, SplittableRandom random) throws IOException {
        List<byte[]> locals = new ArrayList<>();
        List<byte[]> centrals = new ArrayList<>();
        List<byte[]> data = new ArrayList<>();
        int offset = 0;
        int directory = 0;
        for (Part part : parts) {
            byte[] name = part.name().getBytes(StandardCharsets.UTF_8);
            byte[] packed = part.deflated() ? deflate(part.content()) : part.content();
            CRC32 crc = new CRC32();
            crc.update(part.content());
            byte[] central = new byte[46 + name.length];
            ByteBuffer fields = little(central);
            fields.putInt(0, CENTRAL).putShort(6, (short) 20).putShort(10, (short) (part.deflated() ? 8 : 0));
            fields.putInt(16, (int) crc.getValue()).putInt(20, packed.length).putInt(24, part.content().length);
            fields.putShort(28, (short) name.length)
                    .putInt(42, offset)
                    .position(46)
                    .put(name);
            byte[] local = new byte[30 + name.length];
            little(local).putInt(0, LOCAL).put(4, central, 6, 26).position(30).put(name);
            locals.add(local);
            centrals.add(central);
            data.add(packed);
            offset += local.length + packed.length;
            directory += central.length;
        }
        byte[] end = new byte[22];
        ByteBuffer fields = little(end);
        fields.putInt(0, END).putShort(8, (short) parts.size()).putShort(10, (short) parts.size());
        fields.putInt(12, directory).putInt(16, offset);
        for (int n = lies; n > 0; n--) {
            int at = random.nextInt(parts.size());
            int[] field = FIELDS[random.nextInt(FIELDS.length)];
            switch (random.nextInt(5)) {
                case 0, 1 -> lie(centrals.get(at), field[0], field[1], offset, random);
                case 2 -> lie(locals.get(at), Math.min(field[0], 28) - 2, 2, offset, random);
                case 3 -> {
                    // The same lie in both headers, so that they agree.
                    lie(centrals.get(at), field[0], field[1], offset, random);
                    if (field[0] >= 6 && field[0] <= 30) {
                        System.arraycopy(centrals.get(at), field[0], locals.get(at), field[0] - 2, field[1]);
                    }
                }
                default -> {
                    int[] last = END_FIELDS[random.nextInt(END_FIELDS.length)];
                    lie(end, last[0], last[1], offset, random);
                }
            }
        }
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        for (int i = 0; i < parts.size(); i++) {
            file.write(locals.get(i));
            file.write(data.get(i));
        }
        for (byte[] central : centrals) {
            file.write(central);
        }
        file.write(end);
        return file.toByteArray();
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static void lie(byte[] header, int at, int width, int fileSize, SplittableRandom random) {
        ByteBuffer fields = little(header);
        if (width == 2) {
            fields.putShort(at, (short) Mutator.extreme(fields.getShort(at), fileSize, random));
        } else {
            fields.putInt(at, (int) Mutator.extreme(fields.getInt(at), fileSize, random));
        }
    }

    private static byte[] deflate(byte[] content) {
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        try {
            deflater.setInput(content);
            deflater.finish();
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] chunk = new byte[8192];
            while (!deflater.finished()) {
                out.write(chunk, 0, deflater.deflate(chunk));
            }
            return out.toByteArray();
        } finally {
            deflater.end();
        }
    }

    /** The number of bytes that all deflated data behind local headers come to; 0 for what isn't a zip file. */
    static long inflatedSize(byte[] file) {
        ByteBuffer bytes = little(file);
        byte[] chunk = new byte[1 << 16];
        long size = 0;
        for (int at = 0; at + 30 <= file.length; at++) {
            if (bytes.get(at) != 'P' || bytes.getInt(at) != LOCAL) {
                continue;
            }
            int start = at + 30 + (bytes.getShort(at + 26) & 0xffff) + (bytes.getShort(at + 28) & 0xffff);
            if (start >= file.length) {
                continue;
            }
            size += inflatedSize(file, start, chunk);
        }
        return size;
    }

    private static long inflatedSize(byte[] file, int start, byte[] chunk) {
        long size = 0;
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(file, start, file.length - start);
            for (int n = inflater.inflate(chunk); n > 0; n = inflater.inflate(chunk)) {
                size += n;
            }
            return size;
        } catch (DataFormatException damaged) {
            return size; // what came before the damage
        } finally {
            inflater.end();
        }
    }
}
