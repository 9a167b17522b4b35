package attractor.train;

import attractor.task.Trials;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Tells sets of trials apart by their content. Stateless. */
final class TrialsDigest {
    private TrialsDigest() {}

    /** SHA-256 over sizes, types, and each trial's type, inputs, targets and mask. */
    static String of(Trials trials) {
        MessageDigest sha;
        try {
            sha = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
        int xLength = trials.steps() * trials.inputs();
        int yLength = trials.steps() * trials.outputs();
        double[] x = new double[xLength];
        double[] y = new double[yLength];
        double[] mask = trials.masked() ? new double[yLength] : null;
        ByteBuffer bytes = ByteBuffer.allocate(8 * Math.max(Math.max(xLength, yLength), 5));
        bytes.putLong(trials.size())
                .putLong(trials.steps())
                .putLong(trials.inputs())
                .putLong(trials.outputs())
                .putLong(trials.masked() ? 1 : 0);
        update(sha, bytes);
        sha.update(String.join("\n", trials.types()).getBytes(StandardCharsets.UTF_8));
        Trials.Reader reader = trials.reader();
        for (int i = 0; i < trials.size(); i++) {
            reader.read(i, x, 0, y, 0, mask, 0);
            bytes.putLong(trials.type(i));
            update(sha, bytes);
            update(sha, bytes, x);
            update(sha, bytes, y);
            if (mask != null) {
                update(sha, bytes, mask);
            }
        }
        return HexFormat.of().formatHex(sha.digest());
    }

    private static void update(MessageDigest sha, ByteBuffer bytes, double[] values) {
        for (double value : values) {
            bytes.putDouble(value);
        }
        update(sha, bytes);
    }

    private static void update(MessageDigest sha, ByteBuffer bytes) {
        sha.update(bytes.flip());
        bytes.clear();
    }
}
