package attractor.interchange;

import attractor.io.FormatException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads the links or attributes of a group if they don't fit into its header, which is possible in HDF5's newest
 * format. They are messages in a fractal heap, listed by a B-tree of version 2. Only heaps of one indirect block and
 * trees of two levels are read, which is enough for thousands of links. Belongs to one thread.
 */
final class Hdf5Heap {
    private static final int LINKS = 5;
    private static final int ATTRIBUTES = 8;

    /** Bytes beside a heap's identifier in a record: a hash; for an attribute also flags and an order. */
    private static final int BESIDE_LINK = 4;

    private static final int BESIDE_ATTRIBUTE = 9;

    private final Hdf5File file;
    private final TreeMap<Long, byte[]> blocks = new TreeMap<>();
    private final int offsetBytes;
    private final int lengthBytes;
    private final int idLength;
    private final long header;
    private final boolean checksums;

    /** Reads the blocks of a heap. */
    private Hdf5Heap(Hdf5File file, long address) throws FormatException {
        this.file = file;
        this.header = address;
        int offsetSize = file.offsetSize();
        int lengthSize = file.lengthSize();
        String what = "a group's heap";
        Hdf5Cursor in = file.enter(address, 26L + 12L * lengthSize + 3L * offsetSize, what);
        in.signature("FRHP");
        in.version(0);
        idLength = in.u16();
        int filters = in.u16();
        checksums = (in.u8() & 2) != 0;
        long mostObject = in.u32();
        in.skip(10L * lengthSize + 2L * offsetSize);
        int width = in.u16();
        long first = in.unsigned(lengthSize);
        long mostBlock = in.unsigned(lengthSize);
        int bits = in.u16();
        in.skip(2);
        long root = in.unsigned(offsetSize);
        int rows = in.u16();
        in.checksum();
        if (filters != 0
                || width < 1
                || width > 1024
                || rows > 64
                || bits < 8
                || bits > 64
                || first < 64
                || first > 1 << 20
                || mostBlock < first
                || mostBlock > 1 << 24) {
            throw unread("a heap with filters or with blocks of odd sizes");
        }
        offsetBytes = (bits + 7) / 8;
        lengthBytes = (64 - Long.numberOfLeadingZeros(Math.min(mostBlock, mostObject)) + 7) / 8;
        if (file.undefined(root)) {
            return;
        }
        if (rows == 0) {
            block(root, 0, first);
            return;
        }
        Hdf5Cursor table = file.enter(root, 9L + offsetSize + offsetBytes + (long) rows * width * offsetSize, what);
        table.signature("FHIB");
        table.version(0);
        table.skip((long) offsetSize + offsetBytes);
        long offset = 0;
        for (int row = 0; row < rows; row++) {
            long size = row == 0 ? first : first << (row - 1);
            for (int k = 0; k < width; k++) {
                long child = table.unsigned(offsetSize);
                if (!file.undefined(child)) {
                    if (size > mostBlock) {
                        throw unread("a heap of more than one level");
                    }
                    block(child, offset, size);
                }
                offset += size;
            }
        }
        table.checksum();
    }

    private FormatException unread(String what) {
        return new FormatException(file.name() + ": is HDF5 of a kind that isn't read: a group has " + what
                + "; h5repack without -L writes a file that is read");
    }

    private void block(long address, long offset, long size) throws FormatException {
        byte[] block = file.enter(address, size, "a group's block").take(size);
        Hdf5Cursor in = new Hdf5Cursor(block, 0, block.length, file.name() + ": a group's block at " + address);
        in.signature("FHDB");
        in.version(0);
        long owner = in.unsigned(file.offsetSize());
        long found = in.unsigned(offsetBytes);
        if (owner != header || found != offset) {
            throw new FormatException(file.name() + ": a group's block at " + address
                    + " is damaged HDF5: belongs to another heap or place in it");
        }
        if (checksums) {
            int at = in.read();
            int stored = (int) in.u32();
            byte[] without = block.clone();
            without[at] = without[at + 1] = without[at + 2] = without[at + 3] = 0;
            if (stored != Hdf5Cursor.lookup3(without, 0, without.length)) {
                throw new FormatException(
                        file.name() + ": a group's block at " + address + " is damaged HDF5: has a wrong checksum");
            }
        }
        blocks.put(offset, block);
    }

    private byte[] object(Hdf5Cursor id) throws FormatException {
        int kind = id.u8();
        if (kind != 0) {
            throw unread("an object of kind " + kind + " in its heap");
        }
        long offset = id.unsigned(offsetBytes);
        long length = id.unsigned(lengthBytes);
        Map.Entry<Long, byte[]> block = blocks.floorEntry(offset);
        if (offset < 0 || block == null || offset - block.getKey() > block.getValue().length) {
            throw new FormatException(file.name() + ": is damaged HDF5: a group's heap has nothing at " + offset);
        }
        Hdf5Cursor in = new Hdf5Cursor(
                block.getValue(),
                (int) (offset - block.getKey()),
                block.getValue().length,
                file.name() + ": a group's heap");
        return in.take(length);
    }

    /**
     * The messages of links or attributes.
     *
     * @param heap address of the fractal heap
     * @param tree address of the tree that lists them by name
     * @param attributes whether they are attributes, not links
     */
    static List<byte[]> messages(Hdf5File file, long heap, long tree, boolean attributes) throws FormatException {
        Hdf5Heap objects = new Hdf5Heap(file, heap);
        List<byte[]> messages = new ArrayList<>();
        int offsetSize = file.offsetSize();
        Hdf5Cursor in = file.enter(tree, 22L + offsetSize + file.lengthSize(), "a group's index");
        in.signature("BTHD");
        in.version(0);
        int type = in.u8();
        long nodeSize = in.u32();
        int recordSize = in.u16();
        int depth = in.u16();
        in.skip(2);
        long root = in.unsigned(offsetSize);
        int count = in.u16();
        in.skip(file.lengthSize());
        in.checksum();
        int idAt = attributes ? 0 : BESIDE_LINK;
        if (type != (attributes ? ATTRIBUTES : LINKS)
                || depth > 1
                || recordSize != objects.idLength + idAt + (attributes ? BESIDE_ATTRIBUTE : 0)) {
            throw objects.unread("an index of type " + type + " with " + (depth + 1) + " levels");
        }
        if (file.undefined(root)) {
            return messages;
        }
        List<long[]> leaves = new ArrayList<>();
        if (depth == 1) {
            int most = (int) ((nodeSize - 10) / recordSize);
            int countSize = (32 - Integer.numberOfLeadingZeros(Math.max(1, most)) + 7) / 8;
            long length = 10L + (long) count * recordSize + (count + 1L) * (offsetSize + countSize);
            Hdf5Cursor node = file.enter(root, length, "a group's index");
            node.signature("BTIN");
            node.version(0);
            node.skip(1);
            for (int k = 0; k < count; k++) {
                objects.add(node, recordSize, idAt, messages);
            }
            for (int k = 0; k <= count; k++) {
                leaves.add(new long[] {node.unsigned(offsetSize), node.unsigned(countSize)});
            }
            node.checksum();
        } else {
            leaves.add(new long[] {root, count});
        }
        for (long[] leaf : leaves) {
            Hdf5Cursor node = file.enter(leaf[0], 10L + leaf[1] * recordSize, "a group's index");
            node.signature("BTLF");
            node.version(0);
            node.skip(1);
            for (long k = 0; k < leaf[1]; k++) {
                objects.add(node, recordSize, idAt, messages);
            }
            node.checksum();
        }
        return messages;
    }

    private void add(Hdf5Cursor node, int recordSize, int idAt, List<byte[]> messages) throws FormatException {
        Hdf5Cursor record = node.part(recordSize, file.name() + ": a group's index");
        record.skip(idAt);
        byte[] message = object(record);
        file.count(message.length);
        messages.add(message);
    }
}
