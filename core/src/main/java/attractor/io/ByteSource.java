package attractor.io;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** A known number of bytes, which can be read from any position: a file or an array. Belongs to one thread. */
interface ByteSource extends Closeable {
    /** The number of bytes. */
    long size() throws IOException;

    /**
     * Fills {@code to[from]} to {@code to[from + length - 1]} with the bytes at {@code position}; the caller stays
     * within {@link #size}.
     *
     * @throws FormatException if the file has shrunk meanwhile
     */
    void read(long position, byte[] to, int from, int length) throws IOException;

    @Override
    default void close() throws IOException {}

    /** The bytes from {@code position} on, {@code length} of them; the caller stays within {@link #size}. */
    default InputStream stream(long position, long length) {
        return new InputStream() {
            private long done;

            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] to, int from, int wanted) throws IOException {
                if (wanted == 0) {
                    return 0;
                }
                int n = (int) Math.min(wanted, length - done);
                if (n == 0) {
                    return -1;
                }
                ByteSource.this.read(position + done, to, from, n);
                done += n;
                return n;
            }
        };
    }

    static ByteSource of(byte[] bytes) {
        return new ByteSource() {
            @Override
            public long size() {
                return bytes.length;
            }

            @Override
            public void read(long position, byte[] to, int from, int length) {
                System.arraycopy(bytes, Math.toIntExact(position), to, from, length);
            }
        };
    }

    /** Opens a regular file; an interrupt of the thread does not close it. */
    static ByteSource open(Path file) throws IOException {
        AtomicFiles.requireFile(file);
        RandomAccessFile access = new RandomAccessFile(file.toFile(), "r");
        return new ByteSource() {
            @Override
            public long size() throws IOException {
                return access.length();
            }

            @Override
            public void read(long position, byte[] to, int from, int length) throws IOException {
                access.seek(position);
                try {
                    access.readFully(to, from, length);
                } catch (EOFException e) {
                    throw new FormatException(file + " became shorter while it was read", e);
                }
            }

            @Override
            public void close() throws IOException {
                access.close();
            }
        };
    }

    /** Reads the whole file at once. */
    static byte[] readAll(Path file, int limit) throws IOException {
        try (ByteSource source = open(file)) {
            if (source.size() > limit) {
                throw new FormatException(file + " has " + source.size() + " bytes, expected at most " + limit);
            }
            byte[] bytes = new byte[(int) source.size()];
            source.read(0, bytes, 0, bytes.length);
            return bytes;
        }
    }

    /** A computation on a {@link ByteSource}. */
    interface Reading<T> {
        T read() throws IOException;
    }

    /** Runs a computation whose bytes are in memory, so that only their content can be wrong. */
    static <T> T inMemory(String name, Reading<T> reading) throws FormatException {
        try {
            return reading.read();
        } catch (FormatException e) {
            throw e;
        } catch (IOException e) {
            throw new UncheckedIOException(name + ": reading memory failed", e);
        }
    }
}
