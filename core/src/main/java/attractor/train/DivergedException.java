package attractor.train;

import attractor.model.RnnShape;

/**
 * A loss, a gradient or a parameter is not finite. The message is one line with epoch, batch and array, such as
 * {@code loss is NaN in epoch 3, batch 17 (gradient of W_rec[5,7] is NaN)}. Files saved before are kept. Immutable,
 * safe for any thread.
 */
public final class DivergedException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    private final int epoch;
    private final int batch;

    DivergedException(String message, int epoch, int batch) {
        super(message);
        this.epoch = epoch;
        this.batch = batch;
    }

    /** The epoch in which it happened, from 1 on. */
    public int epoch() {
        return epoch;
    }

    /** The batch in which it happened, from 1 on. */
    public int batch() {
        return batch;
    }

    /**
     * Checks a step before it is taken.
     *
     * @param gradient the first {@code trained} entries are checked. Not modified.
     * @throws DivergedException if the loss or an entry is not finite
     */
    static void check(double loss, double[] gradient, int trained, RnnShape shape, int epoch, int batch) {
        int bad = firstNotFinite(gradient, trained);
        if (bad < 0 && Double.isFinite(loss)) {
            return;
        }
        String where = " in epoch " + epoch + ", batch " + batch;
        String entry = bad < 0 ? "" : "gradient of " + shape.entry(bad) + " is " + gradient[bad];
        if (Double.isFinite(loss)) {
            throw new DivergedException(entry + where, epoch, batch);
        }
        throw new DivergedException("loss is " + loss + where + (bad < 0 ? "" : " (" + entry + ")"), epoch, batch);
    }

    /**
     * Checks the parameters after a step.
     *
     * @param parameters the first {@code trained} are checked. Not modified.
     * @throws DivergedException if one is not finite
     */
    static void check(double[] parameters, int trained, RnnShape shape, int epoch, int batch) {
        int bad = firstNotFinite(parameters, trained);
        if (bad >= 0) {
            throw new DivergedException(
                    shape.entry(bad) + " is " + parameters[bad] + " after epoch " + epoch + ", batch " + batch,
                    epoch,
                    batch);
        }
    }

    /**
     * Checks tau, or its gradient.
     *
     * @param what its name in the message
     * @throws DivergedException if it is not finite
     */
    static void check(String what, double value, int epoch, int batch) {
        if (!Double.isFinite(value)) {
            throw new DivergedException(
                    what + " is " + value + " in epoch " + epoch + ", batch " + batch, epoch, batch);
        }
    }

    private static int firstNotFinite(double[] a, int count) {
        // NaN or infinity times 0 is NaN: one pass without a branch; the entry is searched for only if this fails.
        double probe = 0.0;
        for (int i = 0; i < count; i++) {
            probe += 0.0 * a[i];
        }
        if (probe == 0.0) {
            return -1;
        }
        int i = 0;
        while (Double.isFinite(a[i])) {
            i++;
        }
        return i;
    }
}
