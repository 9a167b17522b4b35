package attractor.interchange;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes HDF5 that the HDF5 library 1.8 and later can read: groups, attributes of text, arrays of float64 or float32. Every object
 * has a header of version 2 with its checksum, and members of groups are stored in it. Arrays are contiguous, with the
 * library's own settings (allocated late, fill value 0), so that {@code h5repack} can compress and divide them. Equal
 * content gives equal bytes.
 *
 * <p>Fill the groups, then call {@link #bytes} on the root. Belongs to one thread.
 */
final class Hdf5Writer {
    private static final int SUPERBLOCK = 48;

    /** A message's length has 16 bits. */
    private static final int MAX_ATTRIBUTE = 60_000;

    /** A member's name has one byte for its length. */
    private static final int MAX_NAME = 255;

    private final Map<String, Object> members = new LinkedHashMap<>();
    private final Map<String, ByteBuffer> attributes = new LinkedHashMap<>();

    /** An array, in C order; in float32 if {@code single}. */
    private record Numbers(boolean single, double[] values, int[] shape) {
        int bytes() {
            return single ? Float.BYTES : Double.BYTES;
        }
    }

    /** Adds a group and returns it. */
    Hdf5Writer group(String name) {
        Hdf5Writer group = new Hdf5Writer();
        put(name, group);
        return group;
    }

    /**
     * Adds an array.
     *
     * @param single whether to write float32, and not float64
     * @param values as many as {@code shape} requires, at least one. Not copied.
     */
    void array(String name, boolean single, double[] values, int... shape) {
        put(name, new Numbers(single, values, shape));
    }

    private void put(String name, Object member) {
        int length = name.getBytes(StandardCharsets.UTF_8).length;
        if (length < 1 || length > MAX_NAME || members.put(name, member) != null) {
            throw new IllegalArgumentException("the member '" + name + "' is there already, or its name has " + length
                    + " bytes, expected 1 to " + MAX_NAME);
        }
    }

    /** Adds a text to this group. */
    void attribute(String name, String text) {
        put(name, List.of(text), false);
    }

    /** Adds a list of texts to this group. */
    void attribute(String name, List<String> texts) {
        put(name, texts, true);
    }

    private void put(String name, List<String> texts, boolean list) {
        long length = (long) width(texts) * texts.size();
        if (length > MAX_ATTRIBUTE) {
            throw new IllegalStateException("the attribute " + name + " has " + length + " bytes, expected at most "
                    + MAX_ATTRIBUTE + ", which fit into an object's header");
        }
        attributes.put(name, message(name, texts, list));
    }

    /** The file whose root this group is. */
    byte[] bytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[SUPERBLOCK]);
        long root = write(out);
        byte[] bytes = out.toByteArray();
        ByteBuffer superblock = buffer(SUPERBLOCK - 4);
        superblock
                .put(Hdf5File.SIGNATURE)
                .put((byte) 2)
                .put((byte) 8)
                .put((byte) 8)
                .put((byte) 0);
        superblock.putLong(0).putLong(-1).putLong(bytes.length).putLong(root);
        System.arraycopy(checked(superblock), 0, bytes, 0, SUPERBLOCK);
        return bytes;
    }

    /** Writes the members of this group, then its header; returns the header's address. */
    private long write(ByteArrayOutputStream out) {
        Map<String, Long> addresses = new LinkedHashMap<>();
        for (Map.Entry<String, Object> member : members.entrySet()) {
            long address = member.getValue() instanceof Hdf5Writer group
                    ? group.write(out)
                    : write(out, (Numbers) member.getValue());
            addresses.put(member.getKey(), address);
        }
        ByteArrayOutputStream messages = new ByteArrayOutputStream();
        ByteBuffer here = buffer(18); // members are neither in a heap nor in a tree
        here.putShort((short) 0).putLong(-1).putLong(-1);
        message(messages, 0x02, here);
        message(messages, 0x0a, buffer(2));
        addresses.forEach((name, address) -> {
            byte[] text = name.getBytes(StandardCharsets.UTF_8);
            ByteBuffer link = buffer(12 + text.length);
            link.put((byte) 1)
                    .put((byte) 0x10)
                    .put((byte) 1)
                    .put((byte) text.length)
                    .put(text)
                    .putLong(address);
            message(messages, 0x06, link);
        });
        if (!attributes.isEmpty()) {
            message(messages, 0x15, here); // without this message the library finds no attributes
        }
        attributes.values().forEach(attribute -> message(messages, 0x0c, attribute));
        return header(out, messages);
    }

    private static long write(ByteArrayOutputStream out, Numbers numbers) {
        out.writeBytes(new byte[-out.size() & 7]);
        long address = out.size();
        ByteBuffer chunk = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
        for (int done = 0; done < numbers.values().length; ) {
            int count = Math.min(numbers.values().length - done, chunk.capacity() / numbers.bytes());
            for (int k = 0; k < count; k++) {
                if (numbers.single()) {
                    chunk.putFloat(Float.BYTES * k, (float) numbers.values()[done + k]);
                } else {
                    chunk.putDouble(Double.BYTES * k, numbers.values()[done + k]);
                }
            }
            out.write(chunk.array(), 0, numbers.bytes() * count);
            done += count;
        }
        ByteArrayOutputStream messages = new ByteArrayOutputStream();
        message(messages, 0x01, space(numbers.shape()));
        message(messages, 0x03, numbers.single() ? type(32, 23, 127) : type(64, 52, 1023));
        ByteBuffer fill = buffer(2); // allocated late, written if set, not set
        fill.put((byte) 3).put((byte) 0x0a);
        message(messages, 0x05, fill);
        ByteBuffer layout = buffer(18); // contiguous
        layout.put((byte) 3).put((byte) 1).putLong(address).putLong((long) numbers.bytes() * numbers.values().length);
        message(messages, 0x08, layout);
        return header(out, messages);
    }

    /** An IEEE type, little endian, by its bits, those of its significand, and the bias of its exponent. */
    private static ByteBuffer type(int bits, int significand, int bias) {
        ByteBuffer type = buffer(20);
        type.put((byte) 0x11)
                .put((byte) 0x20)
                .put((byte) (bits - 1))
                .put((byte) 0)
                .putInt(bits / 8);
        type.putShort((short) 0).putShort((short) bits);
        type.put((byte) significand)
                .put((byte) (bits - 1 - significand))
                .put((byte) 0)
                .put((byte) significand);
        return type.putInt(bias);
    }

    private static ByteBuffer space(int... shape) {
        ByteBuffer space = buffer(4 + 8 * shape.length);
        space.put((byte) 2).put((byte) shape.length).put((byte) 0).put((byte) (shape.length == 0 ? 0 : 1));
        for (int length : shape) {
            space.putLong(length);
        }
        return space;
    }

    private static ByteBuffer message(String name, List<String> texts, boolean list) {
        byte[] key = name.getBytes(StandardCharsets.UTF_8);
        byte[] space = content(list ? space(texts.size()) : space());
        int width = width(texts);
        ByteBuffer attribute = buffer(9 + key.length + 1 + 8 + space.length + width * texts.size());
        attribute.put((byte) 3).put((byte) 0);
        attribute.putShort((short) (key.length + 1)).putShort((short) 8).putShort((short) space.length);
        attribute.put((byte) 1).put(key).put((byte) 0);
        attribute.put((byte) 0x13).put((byte) 0x10).putShort((short) 0).putInt(width); // text in UTF-8, zero at its end
        attribute.put(space);
        for (String text : texts) {
            attribute.put(Arrays.copyOf(text.getBytes(StandardCharsets.UTF_8), width));
        }
        return attribute;
    }

    /** Bytes of the longest text, with the zero at its end. */
    private static int width(List<String> texts) {
        return 1
                + texts.stream()
                        .mapToInt(text -> text.getBytes(StandardCharsets.UTF_8).length)
                        .max()
                        .orElse(0);
    }

    private static void message(ByteArrayOutputStream out, int type, ByteBuffer data) {
        ByteBuffer head = buffer(4);
        head.put((byte) type).putShort((short) data.capacity()).put((byte) 0);
        out.writeBytes(content(head));
        out.writeBytes(content(data));
    }

    private static long header(ByteArrayOutputStream out, ByteArrayOutputStream messages) {
        out.writeBytes(new byte[-out.size() & 7]);
        long address = out.size();
        ByteBuffer header = buffer(10 + messages.size());
        header.put("OHDR".getBytes(StandardCharsets.US_ASCII)).put((byte) 2).put((byte) 2);
        header.putInt(messages.size()).put(messages.toByteArray());
        out.writeBytes(checked(header));
        return address;
    }

    private static byte[] checked(ByteBuffer structure) {
        byte[] bytes = content(structure);
        ByteBuffer checked = buffer(bytes.length + 4);
        checked.put(bytes).putInt(Hdf5Cursor.lookup3(bytes, 0, bytes.length));
        return content(checked);
    }

    /** All bytes of a buffer. */
    private static byte[] content(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.capacity()];
        buffer.get(0, bytes);
        return bytes;
    }

    private static ByteBuffer buffer(int length) {
        return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    }
}
