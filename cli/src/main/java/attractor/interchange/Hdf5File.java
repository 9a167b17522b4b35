package attractor.interchange;

import attractor.io.FormatException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads the part of HDF5 that files of Keras, h5py and h5repack use: groups, attributes of text, and arrays of float32
 * and float64. Anything outside this part is refused with its name, never skipped, so every value is the one that the
 * HDF5 library reads. The format is the HDF Group's <em>HDF5 File Format Specification Version 3.0</em>.
 *
 * <p>Nothing in a file is trusted. No structure of a tree, list or table is read twice, so cyclic or shared links end
 * at once. All structures together may have four times the file's bytes; arrays may have 100 times the file's bytes, or
 * 64 MB, and each is inflated to its own size and not a byte further. So the file's size bounds time and memory. A
 * library can't be used here: jHDF, the one for Java without native code, trusts the file. It allocates what a header
 * claims, follows shared tree nodes exponentially often, inflates without limit, does not verify checksums of chunks,
 * and does not know filter masks and fill values.
 *
 * <p>One thread owns it.
 */
final class Hdf5File {
    static final byte[] SIGNATURE = {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};

    /** Deflate makes weights a few times smaller, rarely ten times; small arrays may be all zeros. */
    private static final long MAX_COMPRESSION = 100;

    private static final long SMALL = 64L << 20;

    /** A network of 8,000 units has 64 million weights. */
    private static final long MAX_ELEMENTS = 1L << 27;

    /** Largest total size of arrays and their chunks in bytes. */
    private static final long MAX_DATA = 4L << 30;

    private static final int DATASPACE = 0x01;
    private static final int LINK_INFO = 0x02;
    static final int DATATYPE = 0x03;
    static final int OLD_FILL = 0x04;
    static final int FILL = 0x05;
    private static final int LINK = 0x06;
    static final int EXTERNAL_FILES = 0x07;
    static final int LAYOUT = 0x08;
    static final int FILTERS = 0x0b;
    private static final int ATTRIBUTE = 0x0c;
    private static final int CONTINUATION = 0x10;
    private static final int SYMBOL_TABLE = 0x11;
    private static final int ATTRIBUTE_INFO = 0x15;

    private static final int SHARED = 2;
    private static final int MAX_RANK = 32;

    private final byte[] bytes;
    private final String name;
    private final Set<Long> entered = new HashSet<>();
    private final Map<Long, Node> nodes = new HashMap<>();
    private final Map<Long, Map<Integer, Hdf5Cursor>> heaps = new HashMap<>();
    private long structuresLeft;
    private long dataLeft;
    private long base;
    private int offsetSize;
    private int lengthSize;
    private final Node root;

    /**
     * Opens a file.
     *
     * @param bytes the whole file. Not modified.
     * @param name its name in messages
     * @param size the file's size on disk, which is smaller if these bytes were deflated in it
     * @throws FormatException if it is incomplete or isn't HDF5
     */
    Hdf5File(byte[] bytes, String name, long size) throws FormatException {
        this.bytes = bytes;
        this.name = name;
        this.structuresLeft = 4L * bytes.length + (1 << 16);
        this.dataLeft = Math.min(MAX_DATA, MAX_COMPRESSION * size + SMALL);
        this.root = node(superblock());
    }

    /** The root group. */
    Group root() throws FormatException {
        if (root instanceof Group group) {
            return group;
        }
        throw new FormatException(name + ": is damaged HDF5: the root is an array, expected a group");
    }

    /** The target of a link: a {@link Group}, a {@link Dataset} or something else that isn't read. */
    abstract static class Node {
        /** Its kind with an article, for messages. */
        abstract String kind();
    }

    /** A link to another place or file. */
    private static final class Elsewhere extends Node {
        private final String kind;

        private Elsewhere(String kind) {
            this.kind = kind;
        }

        @Override
        String kind() {
            return kind;
        }
    }

    /** One message of an object's header. */
    record Message(int type, int flags, byte[] data) {
        boolean shared() {
            return (flags & SHARED) != 0;
        }
    }

    // ---- Superblock

    /** Reads sizes and base address, and returns the address of the root's header. */
    private long superblock() throws FormatException {
        int start = 0;
        while (start >= 0 && start <= bytes.length - SIGNATURE.length && !hasSignature(start)) {
            start = start == 0 ? 512 : 2 * start;
        }
        if (start < 0 || start > bytes.length - SIGNATURE.length) {
            int shown = Math.min(bytes.length, SIGNATURE.length);
            HexFormat hex = HexFormat.ofDelimiter(" ");
            throw new FormatException(name + ": isn't HDF5: "
                    + (shown == 0 ? "is empty" : "starts with " + hex.formatHex(bytes, 0, shown)) + ", expected "
                    + hex.formatHex(SIGNATURE));
        }
        int version = byteAt(start + 8);
        offsetSize = byteAt(start + (version < 2 ? 13 : 9));
        lengthSize = byteAt(start + (version < 2 ? 14 : 10));
        if (version > 3
                || (version >= 0 && offsetSize >= 0 && offsetSize != 4 && offsetSize != 8)
                || (version >= 0 && lengthSize >= 0 && lengthSize != 4 && lengthSize != 8)) {
            throw new FormatException(name + ": is damaged HDF5, or of a kind that isn't read: superblock version "
                    + version + " with offsets of " + offsetSize + " and lengths of " + lengthSize
                    + " bytes, expected 0 to 3 with 4 or 8");
        }
        int addresses = version == 0 ? 24 : version == 1 ? 28 : 12;
        int length = addresses + (version < 2 ? 6 * offsetSize + 24 : 4 * offsetSize + 4);
        if (version < 0 || offsetSize < 0 || start + length > bytes.length) {
            throw new FormatException(name + ": is truncated: has " + bytes.length
                    + " bytes, which end in the superblock, expected the whole HDF5 file");
        }
        Hdf5Cursor in = new Hdf5Cursor(bytes, start, start + length, name + ": the superblock");
        in.skip(addresses);
        base = in.unsigned(offsetSize);
        in.skip(offsetSize);
        long end = in.unsigned(offsetSize);
        if (end < 0 || end > bytes.length) {
            throw new FormatException(name + ": is truncated: has " + bytes.length + " bytes, expected "
                    + Long.toUnsignedString(end) + " as its superblock says");
        }
        if (base < 0 || base > start) {
            throw new FormatException(name + ": is damaged HDF5: its addresses begin at " + Long.toUnsignedString(base)
                    + ", expected at most " + start + ", where its superblock is");
        }
        if (version >= 2) {
            long header = in.unsigned(offsetSize);
            in.checksum();
            return header;
        }
        in.skip(2L * offsetSize);
        return in.unsigned(offsetSize);
    }

    private boolean hasSignature(int at) {
        return Arrays.equals(bytes, at, at + SIGNATURE.length, SIGNATURE, 0, SIGNATURE.length);
    }

    private int byteAt(int at) {
        return at < bytes.length ? bytes[at] & 0xff : -1;
    }

    // ---- Places

    /** A structure at an address; its bytes are counted. */
    Hdf5Cursor at(long address, long length, String what) throws FormatException {
        String structure = name + ": " + what + " at " + Long.toUnsignedString(address);
        long room = bytes.length - base;
        if (address < 0 || length < 0 || address > room || length > room - address) {
            throw new FormatException(structure + " is damaged HDF5: has " + Long.toUnsignedString(length)
                    + " bytes, which don't lie within the file's " + bytes.length);
        }
        count(length);
        int begin = (int) (base + address);
        return new Hdf5Cursor(bytes, begin, (int) (begin + length), structure);
    }

    /** Counts the bytes of a structure within another one. */
    void count(long length) throws FormatException {
        structuresLeft -= length;
        if (structuresLeft < 0) {
            throw new FormatException(name + ": is damaged HDF5: its structures have more than "
                    + (4L * bytes.length + (1 << 16)) + " bytes, expected that none is read again and again");
        }
    }

    /** As {@link #at}, for a structure to which only one other may refer. */
    Hdf5Cursor enter(long address, long length, String what) throws FormatException {
        if (!entered.add(address)) {
            throw new FormatException(name + ": " + what + " at " + Long.toUnsignedString(address)
                    + " is damaged HDF5: is referred to twice, expected once");
        }
        return at(address, length, what);
    }

    /** Bytes of an array as they are stored in the file. */
    byte[] stored(long address, long length, String what) throws FormatException {
        long room = bytes.length - base;
        if (address < 0 || length < 0 || address > room || length > room - address) {
            throw new FormatException(name + ": " + what + " has " + Long.toUnsignedString(length) + " bytes at "
                    + Long.toUnsignedString(address) + ", expected them within the file's " + bytes.length);
        }
        int begin = (int) (base + address);
        return Arrays.copyOfRange(bytes, begin, (int) (begin + length));
    }

    /** Subtracts from the bytes that all arrays may have. */
    void spend(long data, String what) throws FormatException {
        dataLeft -= data;
        if (dataLeft < 0) {
            throw new FormatException(name + ": " + what + " has " + data
                    + " bytes, expected all arrays to have at most 100 times the " + "file's, or 64 MB, and 4 GB");
        }
    }

    int offsetSize() {
        return offsetSize;
    }

    int lengthSize() {
        return lengthSize;
    }

    String name() {
        return name;
    }

    /** Whether an address means "nothing here". */
    boolean undefined(long address) {
        return address == (offsetSize == 8 ? -1L : 0xffffffffL);
    }

    // ---- Objects

    private Node node(long address) throws FormatException {
        Node known = nodes.get(address);
        if (known != null) {
            return known;
        }
        List<Message> messages = header(address);
        Node node = messages.stream().anyMatch(m -> m.type() == DATASPACE)
                ? new Dataset(messages)
                : messages.stream().anyMatch(m -> m.type() == DATATYPE) ? new Elsewhere("a type") : new Group(messages);
        nodes.put(address, node);
        return node;
    }

    private List<Message> header(long address) throws FormatException {
        String what = "the object header";
        List<Message> messages = new ArrayList<>();
        boolean second = at(address, 4, what).text().startsWith("OHDR");
        if (second) {
            headerV2(address, messages);
        } else {
            Hdf5Cursor in = enter(address, 16, what);
            in.version(1);
            in.skip(1);
            int count = in.u16();
            in.skip(4);
            long size = in.u32();
            List<long[]> blocks = new ArrayList<>(List.of(new long[] {address + 16, size}));
            for (int b = 0; b < blocks.size(); b++) {
                Hdf5Cursor block = enter(blocks.get(b)[0], blocks.get(b)[1], what + "'s messages");
                while (block.remaining() >= 8 && messages.size() < count) {
                    int type = block.u16();
                    int length = block.u16();
                    int flags = block.u8();
                    block.skip(3);
                    add(messages, new Message(type, flags, block.take(length)), blocks);
                }
            }
        }
        return messages;
    }

    private void headerV2(long address, List<Message> messages) throws FormatException {
        String what = "the object header";
        int flags = enter(address, 6, what).take(6)[5];
        int sizeSize = 1 << (flags & 3);
        int prefix = 6 + ((flags & 32) != 0 ? 16 : 0) + ((flags & 16) != 0 ? 4 : 0) + sizeSize;
        Hdf5Cursor start = at(address, prefix, what);
        start.skip(prefix - sizeSize);
        long size = start.unsigned(sizeSize);
        if (size < 0) {
            throw new FormatException(name + ": is damaged HDF5: an object header of more bytes than a file has");
        }
        List<long[]> blocks = new ArrayList<>(List.of(new long[] {address, prefix + size + 4}));
        for (int b = 0; b < blocks.size(); b++) {
            Hdf5Cursor block = b == 0
                    ? at(blocks.get(b)[0], blocks.get(b)[1], what)
                    : enter(blocks.get(b)[0], blocks.get(b)[1], what + "'s continuation");
            block.signature(b == 0 ? "OHDR" : "OCHK");
            if (b == 0) {
                block.version(2);
                block.skip(prefix - 5);
            }
            int least = (flags & 4) != 0 ? 6 : 4;
            while (block.remaining() - 4 >= least) {
                int type = block.u8();
                int length = block.u16();
                int messageFlags = block.u8();
                block.skip(least - 4);
                if (length > block.remaining() - 4) {
                    throw new FormatException(name + ": is damaged HDF5: a message of " + length
                            + " bytes does not lie within its object header at " + address);
                }
                add(messages, new Message(type, messageFlags, block.take(length)), blocks);
            }
            block.skip(block.remaining() - 4);
            block.checksum();
        }
    }

    private void add(List<Message> messages, Message message, List<long[]> blocks) throws FormatException {
        messages.add(message);
        if (message.type() == CONTINUATION) {
            Hdf5Cursor in = cursor(message, "an object header's continuation");
            blocks.add(new long[] {in.unsigned(offsetSize), in.unsigned(lengthSize)});
        }
    }

    Hdf5Cursor cursor(Message message, String what) throws FormatException {
        if (message.shared()) {
            throw new FormatException(
                    name + ": is HDF5 of a kind that isn't read: " + what + " is shared with another object");
        }
        return new Hdf5Cursor(message.data(), 0, message.data().length, name + ": " + what);
    }

    // ---- Groups

    /** A group: its members by name, and its attributes. */
    final class Group extends Node {
        private final List<Message> messages;
        private Map<String, Object> links;
        private Map<String, Message> attributes;

        private Group(List<Message> messages) {
            this.messages = messages;
        }

        @Override
        String kind() {
            return "a group";
        }

        /** The members' names, in the order of the file. */
        Set<String> names() throws FormatException {
            return links().keySet();
        }

        /** The member of that name; null if there is none. */
        Node child(String child) throws FormatException {
            Object link = links().get(child);
            return link == null ? null : link instanceof Long address ? node(address) : (Node) link;
        }

        private Map<String, Object> links() throws FormatException {
            if (links == null) {
                Map<String, Object> found = new LinkedHashMap<>();
                for (Message message : messages) {
                    switch (message.type()) {
                        case SYMBOL_TABLE -> symbolTable(cursor(message, "a group's table"), found);
                        case LINK_INFO -> dense(cursor(message, "a group's links"), found);
                        case LINK -> link(cursor(message, "a group's link"), found);
                        default -> {
                            // not about members
                        }
                    }
                }
                links = found;
            }
            return links;
        }

        boolean hasAttribute(String attribute) throws FormatException {
            return attributes().containsKey(attribute);
        }

        /**
         * The texts of an attribute, in C order.
         *
         * @return empty if there is no such attribute, or it is an empty array, even of numbers, since Keras writes an
         *     empty list of names so
         */
        List<String> texts(String attribute) throws FormatException {
            Message message = attributes().get(attribute);
            return message == null ? List.of() : Hdf5File.this.texts(message);
        }

        private Map<String, Message> attributes() throws FormatException {
            if (attributes == null) {
                Map<String, Message> found = new LinkedHashMap<>();
                for (Message message : messages) {
                    if (message.type() == ATTRIBUTE) {
                        put(found, message);
                    } else if (message.type() == ATTRIBUTE_INFO) {
                        Hdf5Cursor in = cursor(message, "a group's attributes");
                        in.version(0);
                        in.skip((in.u8() & 1) * 2L);
                        long heap = in.unsigned(offsetSize);
                        long tree = in.unsigned(offsetSize);
                        if (!undefined(heap)) {
                            for (byte[] data : Hdf5Heap.messages(Hdf5File.this, heap, tree, true)) {
                                put(found, new Message(ATTRIBUTE, 0, data));
                            }
                        }
                    }
                }
                attributes = found;
            }
            return attributes;
        }

        private void put(Map<String, Message> found, Message message) throws FormatException {
            String key = attributeName(message);
            if (found.put(key, message) != null) {
                throw new FormatException(name + ": is damaged HDF5: a group has two attributes " + key);
            }
        }
    }

    /** Adds links that aren't in the group's header. */
    private void dense(Hdf5Cursor in, Map<String, Object> links) throws FormatException {
        in.version(0);
        in.skip((in.u8() & 1) * 8L);
        long heap = in.unsigned(offsetSize);
        long tree = in.unsigned(offsetSize);
        if (!undefined(heap)) {
            for (byte[] link : Hdf5Heap.messages(this, heap, tree, false)) {
                link(new Hdf5Cursor(link, 0, link.length, name + ": a group's link"), links);
            }
        }
    }

    private void put(Map<String, Object> links, String link, Object target) throws FormatException {
        if (links.put(link, target) != null) {
            throw new FormatException(name + ": is damaged HDF5: a group has two members " + link);
        }
    }

    private void link(Hdf5Cursor in, Map<String, Object> links) throws FormatException {
        in.version(1);
        int flags = in.u8();
        int type = (flags & 8) != 0 ? in.u8() : 0;
        in.skip((flags & 4) != 0 ? 8 : 0);
        in.skip((flags & 16) != 0 ? 1 : 0);
        long length = in.unsigned(1 << (flags & 3));
        String link = new String(in.take(length), StandardCharsets.UTF_8);
        put(links, link, type == 0 ? in.unsigned(offsetSize) : new Elsewhere(linkKind(type)));
    }

    private static String linkKind(int type) {
        return type == 1 ? "a soft link" : type == 64 ? "an external link" : "a link of type " + type;
    }

    /**
     * Reads the members of a group as HDF5 before 1.8 and h5py store them: a B-tree of tables, with the names in a
     * heap.
     */
    private void symbolTable(Hdf5Cursor message, Map<String, Object> links) throws FormatException {
        long tree = message.unsigned(offsetSize);
        Hdf5Cursor heap = enter(message.unsigned(offsetSize), 8L + 2L * lengthSize + offsetSize, "a group's heap");
        heap.signature("HEAP");
        heap.version(0);
        heap.skip(3);
        long size = heap.unsigned(lengthSize);
        heap.skip(lengthSize);
        byte[] names = enter(heap.unsigned(offsetSize), size, "a group's names").take(size);
        List<Long> tables = new ArrayList<>();
        groupTree(tree, -1, tables);
        for (long address : tables) {
            Hdf5Cursor head = enter(address, 8, "a group's table");
            head.signature("SNOD");
            head.version(1);
            head.skip(1);
            int count = head.u16();
            int entry = 2 * offsetSize + 24;
            Hdf5Cursor table = at(address + 8, (long) count * entry, "a group's table");
            for (int k = 0; k < count; k++) {
                Hdf5Cursor each = table.part(entry, name + ": a group's member");
                long at = each.unsigned(offsetSize);
                long object = each.unsigned(offsetSize);
                long cache = each.u32();
                if (at < 0 || at >= size) {
                    throw new FormatException(name + ": is damaged HDF5: a member's name lies at "
                            + Long.toUnsignedString(at) + " of " + size + " bytes of names");
                }
                String link = new Hdf5Cursor(names, (int) at, names.length, name).text();
                count(link.length());
                put(links, link, cache == 2 ? new Elsewhere(linkKind(1)) : (Object) object);
            }
        }
    }

    /** Adds the tables in the leaves; {@code level} is the expected one, -1 for any. */
    private void groupTree(long address, int level, List<Long> tables) throws FormatException {
        Hdf5Cursor node = treeNode(address, 0, level, lengthSize);
        int found = node.u8();
        int count = node.u16();
        node.skip(2L * offsetSize + lengthSize);
        for (int k = 0; k < count; k++) {
            long child = node.unsigned(offsetSize);
            node.skip(lengthSize);
            if (found == 0) {
                tables.add(child);
            } else {
                groupTree(child, found - 1, tables);
            }
        }
    }

    /**
     * A node of a B-tree of version 1. After its type follow its level, the number of its children, two siblings, and
     * keys and children in turn, with a key first and last.
     *
     * @param type 0 for a group, 1 for chunks
     * @param level the level that its parent requires; -1 for any
     */
    Hdf5Cursor treeNode(long address, int type, int level, int keySize) throws FormatException {
        String what = type == 0 ? "a group's tree" : "a tree of chunks";
        Hdf5Cursor head = enter(address, 8, what);
        head.signature("TREE");
        int foundType = head.u8();
        int found = head.u8();
        int count = head.u16();
        if (foundType != type || (level >= 0 && found != level)) {
            throw new FormatException(name + ": " + what + " at " + address + " is damaged HDF5: a node of type "
                    + foundType + " and level " + found + ", expected " + type + (level < 0 ? "" : " and " + level));
        }
        long length = 8L + 2L * offsetSize + (long) count * (keySize + offsetSize) + keySize;
        Hdf5Cursor node = at(address, length, what);
        node.skip(5);
        return node;
    }

    // ---- Attributes

    /** The parts of an attribute. */
    private record Parts(String name, Hdf5Cursor type, Hdf5Cursor space, Hdf5Cursor data) {}

    private String attributeName(Message message) throws FormatException {
        return parts(message).name();
    }

    private Parts parts(Message message) throws FormatException {
        Hdf5Cursor in = cursor(message, "an attribute");
        int version = in.version(1, 2, 3);
        int flags = in.u8();
        int nameSize = in.u16();
        int typeSize = in.u16();
        int spaceSize = in.u16();
        in.skip(version == 3 ? 1 : 0);
        String attribute = in.part(nameSize, name + ": an attribute's name").text();
        if (version == 1) {
            in.align();
        }
        String what = name + ": the attribute " + attribute;
        Hdf5Cursor type = in.part(typeSize, what);
        if (version == 1) {
            in.align();
        }
        Hdf5Cursor space = in.part(spaceSize, what);
        if (version == 1) {
            in.align();
        }
        if (version > 1 && flags != 0) {
            type = null; // the type is stored elsewhere in the file
        }
        return new Parts(attribute, type, space, in);
    }

    private List<String> texts(Message message) throws FormatException {
        Parts parts = parts(message);
        String what = name + ": the attribute " + parts.name();
        int[] shape = shape(parts.space());
        long count = shape == null ? 0 : count(shape, what);
        if (count == 0) {
            return List.of();
        }
        if (parts.type() == null) {
            throw new FormatException(what + " has a shared type, expected text");
        }
        Hdf5Cursor in = parts.type();
        int head = in.u8();
        int bits = in.u8();
        in.skip(2);
        long size = in.u32();
        boolean variable = (head & 15) == 9 && (bits & 15) == 1;
        if (!variable && (head & 15) != 3) {
            throw new FormatException(what + " holds " + typeClass(head & 15) + ", expected text");
        }
        long least = variable ? 8L + offsetSize : size;
        if (size < 1 || size != Math.max(size, least) || count > parts.data().remaining() / size) {
            throw new FormatException(what + " has " + count + " texts of " + size
                    + " bytes, expected no more than fit into " + parts.data().remaining());
        }
        List<String> texts = new ArrayList<>();
        for (long k = 0; k < count; k++) {
            Hdf5Cursor each = parts.data().part(size, what);
            texts.add(variable ? heapText(each, what) : fixedText(each.take(size), bits & 15));
        }
        return texts;
    }

    /** A text of fixed length, padded with zeros or spaces. */
    private static String fixedText(byte[] text, int padding) {
        int length = text.length;
        if (padding == 0) {
            for (length = 0; length < text.length && text[length] != 0; ) {
                length++;
            }
        } else {
            while (length > 0 && text[length - 1] == (padding == 2 ? ' ' : 0)) {
                length--;
            }
        }
        return new String(text, 0, length, StandardCharsets.UTF_8);
    }

    /** A text in a global heap. */
    private String heapText(Hdf5Cursor reference, String what) throws FormatException {
        long length = reference.u32();
        long address = reference.unsigned(offsetSize);
        int index = (int) reference.u32();
        if (length == 0) {
            return "";
        }
        Hdf5Cursor object = heap(address).get(index);
        if (object == null || length > object.remaining()) {
            throw new FormatException(what + " has a text of " + length + " bytes, expected "
                    + (object == null ? "an object " + index : "at most " + object.remaining()) + " in the heap at "
                    + Long.toUnsignedString(address));
        }
        count(length);
        return fixedText(object.again().take(length), 0);
    }

    private Map<Integer, Hdf5Cursor> heap(long address) throws FormatException {
        Map<Integer, Hdf5Cursor> known = heaps.get(address);
        if (known == null) {
            known = new HashMap<>();
            Hdf5Cursor head = enter(address, 8L + lengthSize, "a heap of texts");
            head.signature("GCOL");
            head.version(1);
            head.skip(3);
            long size = head.unsigned(lengthSize);
            Hdf5Cursor in = at(address, size, "a heap of texts");
            in.skip(8L + lengthSize);
            while (in.remaining() >= 8 + lengthSize) {
                int index = in.u16();
                in.skip(6);
                long length = in.unsigned(lengthSize);
                if (index == 0) { // the free space, up to the end
                    break;
                }
                known.put(index, in.part(length, name + ": a heap of texts at " + address));
                in.skip(Math.min(-length & 7, in.remaining()));
            }
            heaps.put(address, known);
        }
        return known;
    }

    // ---- Types and shapes

    /** Lengths by dimension; null for a null space, which has no elements, and empty for a scalar. */
    private int[] shape(Hdf5Cursor in) throws FormatException {
        int version = in.version(1, 2);
        int rank = in.u8();
        in.skip(1);
        int kind = in.u8(); // reserved in version 1
        if (version == 1) {
            in.skip(4);
        } else if (kind == 2) {
            return null;
        }
        if (rank > MAX_RANK) {
            throw new FormatException(
                    name + ": is damaged HDF5: an array of " + rank + " dimensions, expected at most " + MAX_RANK);
        }
        int[] shape = new int[rank];
        for (int d = 0; d < rank; d++) {
            long length = in.unsigned(lengthSize);
            if (length < 0 || length > Integer.MAX_VALUE - 8) {
                throw new FormatException(name + ": an array has the length " + Long.toUnsignedString(length)
                        + ", expected at most " + (Integer.MAX_VALUE - 8));
            }
            shape[d] = (int) length;
        }
        return shape;
    }

    /** The number of elements; one for a scalar. */
    static long count(int[] shape, String what) throws FormatException {
        long count = 1;
        for (int length : shape) {
            count *= length;
            if (count > MAX_ELEMENTS) {
                throw new FormatException(
                        what + " has more than " + MAX_ELEMENTS + " elements, expected at most that many");
            }
        }
        return count;
    }

    static String typeClass(int type) {
        return switch (type) {
            case 0 -> "integers";
            case 1 -> "floats";
            case 2 -> "times";
            case 3 -> "text";
            case 4 -> "bits";
            case 5 -> "opaque bytes";
            case 6 -> "compounds";
            case 7 -> "references";
            case 8 -> "enumerations";
            case 9 -> "sequences of any length";
            case 10 -> "arrays";
            default -> "values of type " + type;
        };
    }

    // ---- Arrays

    /** An array. */
    final class Dataset extends Node {
        private final List<Message> messages;

        private Dataset(List<Message> messages) {
            this.messages = messages;
        }

        @Override
        String kind() {
            return "an array";
        }

        /** Lengths by dimension; empty for a scalar. */
        int[] shape(String path) throws FormatException {
            int[] shape = Hdf5File.this.shape(cursor(message(DATASPACE), path));
            return shape == null ? new int[] {0} : shape;
        }

        /**
         * The numbers as doubles.
         *
         * @param path the array's name in messages
         * @throws FormatException if they aren't float32 or float64, aren't there, or are stored in a way that isn't read
         */
        double[] doubles(String path) throws FormatException {
            return new Hdf5Array(Hdf5File.this, this, path).doubles();
        }

        /** The only message of a type; null if there is none. */
        Message message(int type) throws FormatException {
            Message found = null;
            for (Message message : messages) {
                if (message.type() == type) {
                    if (found != null) {
                        throw new FormatException(
                                name + ": is damaged HDF5: an array has two messages of type " + type);
                    }
                    found = message;
                }
            }
            return found;
        }
    }
}
