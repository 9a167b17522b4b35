package attractor.train;

import attractor.io.Printable;
import attractor.random.RandomStream;
import attractor.random.RandomStream.Purpose;
import attractor.task.Trials;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Trials that no task makes: some to train on, others to evaluate on. Immutable, safe for any thread.
 *
 * <pre>{@code
 * Trials trials = TrialFile.read(Path.of("trials.npz")).trials();
 * TrainingData data = TrainingData.split("trials.npz", trials, 0.1);
 * TrainingConfig config = TrainingConfig.builder(data.training(), 1.0, data.evaluation().size()).build();
 * Rnn network = new Trainer(config, ExecutionSettings.defaults(), data).train().network();
 * }</pre>
 *
 * @param source name of the trials in {@code run.json} and in networks, such as a file's name; null for none
 * @param heldOut share of the trials that was held out to evaluate on; 0 if the network is evaluated on the trials it
 *     is trained on
 * @param training the trials to train on
 * @param evaluation the trials to evaluate on
 */
public record TrainingData(String source, double heldOut, Trials training, Trials evaluation) {

    private static final Purpose HELD_OUT = Purpose.of("held-out");

    /** @throws IllegalArgumentException if the share is out of range or the sets have different shapes */
    public TrainingData {
        Objects.requireNonNull(training, "training is null, expected trials");
        Objects.requireNonNull(evaluation, "evaluation is null, expected trials");
        checkShare(heldOut);
        if (training.inputs() != evaluation.inputs() || training.outputs() != evaluation.outputs()) {
            throw new IllegalArgumentException(
                    "trials to evaluate on have " + Printable.count(evaluation.inputs(), "input") + " and "
                            + Printable.count(evaluation.outputs(), "output") + ", expected " + training.inputs()
                            + " and " + training.outputs()
                            + " as those to train on have");
        }
    }

    private static void checkShare(double heldOut) {
        if (!(heldOut >= 0 && heldOut < 1)) {
            throw new IllegalArgumentException("held-out share is " + heldOut + ", expected 0 or more, below 1");
        }
    }

    /**
     * Holds out this share of the trials of each type, rounded, but at least one and not all. The choice is random and
     * depends only on the trials' types, so that networks of all seeds are compared on the same trials. Both sets keep
     * the trials' order.
     *
     * @param source name of the trials; null for none
     * @param heldOut in [0, 1); with 0 all are trained and evaluated on
     * @throws IllegalArgumentException if the share is out of range, or trials are to be held out and a type has only
     *     one
     */
    public static TrainingData split(String source, Trials all, double heldOut) {
        checkShare(heldOut);
        if (heldOut == 0) {
            return new TrainingData(source, 0, all, all);
        }
        boolean[] held = new boolean[all.size()];
        for (int type = 0; type < all.types().size(); type++) {
            int k = type;
            int[] ofType = indices(all.size(), i -> all.type(i) == k);
            if (ofType.length == 1) {
                throw new IllegalArgumentException("type " + all.types().get(type)
                        + " has 1 trial, expected at least 2 of each type, one to train and one to evaluate on (or to hold"
                        + " out a share of 0)");
            }
            new RandomStream(0, HELD_OUT, type).shuffle(ofType);
            long count = Math.min(Math.max(1, Math.round(heldOut * ofType.length)), ofType.length - 1L);
            for (int i = 0; i < count; i++) {
                held[ofType[i]] = true;
            }
        }
        return new TrainingData(
                source,
                heldOut,
                all.select(indices(held.length, i -> !held[i])),
                all.select(indices(held.length, i -> held[i])));
    }

    private static int[] indices(int size, IntPredicate wanted) {
        return IntStream.range(0, size).filter(wanted).toArray();
    }

    /**
     * The same data, but only the first trials to train on; if none are held out, also only these to evaluate on.
     *
     * @throws IllegalArgumentException if there aren't so many
     */
    public TrainingData withSamples(int samples) {
        if (samples < 1 || samples > training.size()) {
            throw new IllegalArgumentException("samples is " + samples + ", expected 1 to " + training.size()
                    + ", the number of trials to train on");
        }
        Trials first = training.select(indices(samples, i -> true));
        return new TrainingData(source, heldOut, first, heldOut == 0 ? first : evaluation);
    }

    /** What files say about these trials, as JSON; empty without a source. */
    Map<String, Object> toJson() {
        if (source == null) {
            return Map.of();
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("file", source);
        json.put("heldOut", heldOut);
        json.put("evaluation", TrainingConfig.digest(evaluation));
        return json;
    }
}
