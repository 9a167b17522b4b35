package attractor.train;

/**
 * A loss, a gradient or a parameter is not finite. The message is one line with epoch, batch and array, such as {@code loss is NaN
 * in epoch 3, batch 17 (gradient of W_rec[5,7] is NaN)}. What was saved before is still there. Immutable.
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
}
