package attractor.train;

import attractor.model.EntrySet;
import attractor.model.Form;
import attractor.model.Precision;
import attractor.model.Rnn;
import attractor.model.Wiring;
import attractor.task.Trials;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Digests of sets of trials and of networks, which tell them apart by their content. Stateless. */
final class Digests {
    private Digests() {}

    /** SHA-256 over sizes, types, and each trial's type, inputs, targets and mask. */
    static String of(Trials trials) {
        MessageDigest sha = sha256();
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

    /** SHA-256 over sizes, phi, dt, tau, noise, the parameters and the wiring. */
    static String of(Rnn rnn) {
        MessageDigest sha = sha256();
        sha.update(rnn.activation().id().getBytes(StandardCharsets.UTF_8));
        if (rnn.form() != Form.RATE) {
            sha.update(rnn.form().id().getBytes(StandardCharsets.UTF_8));
        }
        if (rnn.precision() != Precision.DOUBLE) {
            sha.update(rnn.precision().id().getBytes(StandardCharsets.UTF_8));
        }
        if (rnn.rank() > 0) {
            sha.update(("rank " + rnn.rank()).getBytes(StandardCharsets.UTF_8));
        }
        double[] sign = rnn.wiring().daleSign();
        EntrySet mask = rnn.wiring().mask();
        ByteBuffer bytes = ByteBuffer.allocate(8 * Math.max(rnn.parameters().length, 9));
        bytes.putLong(rnn.inputs())
                .putLong(rnn.units())
                .putLong(rnn.outputs())
                .putLong(rnn.recurrentBias() ? 1 : 0)
                .putLong(sign == null ? 0 : 1)
                .putLong(mask == null ? 0 : 1)
                .putDouble(rnn.dtMs())
                .putDouble(rnn.tauMs())
                .putDouble(rnn.noiseSd());
        update(sha, bytes);
        update(sha, bytes, rnn.parameters());
        if (sign != null) {
            update(sha, bytes, sign);
        }
        if (mask != null) {
            sha.update(mask.toBase64().getBytes(StandardCharsets.UTF_8));
        }
        Wiring wiring = rnn.wiring();
        if (!wiring.signs().isEmpty() || !wiring.daleAlso().isEmpty()) {
            sha.update(String.join(",", wiring.daleAlso()).getBytes(StandardCharsets.UTF_8));
            wiring.signs().forEach((array, signs) -> {
                sha.update(array.getBytes(StandardCharsets.UTF_8));
                sha.update(signs.positive().toBase64().getBytes(StandardCharsets.UTF_8));
                sha.update(signs.negative().toBase64().getBytes(StandardCharsets.UTF_8));
            });
        }
        return HexFormat.of().formatHex(sha.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
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
