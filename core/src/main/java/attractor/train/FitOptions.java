package attractor.train;

import attractor.engine.Optimizer;
import attractor.io.FormatException;
import attractor.io.JsonObject;
import attractor.io.Printable;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Options of the training procedure beyond the paper's: penalties, schedule of the learning rate, and held-out trials
 * for early stopping. Immutable, safe for any number of threads.
 *
 * <pre>{@code
 * FitOptions fit = FitOptions.DEFAULT
 *         .withL2(1e-6, 0)
 *         .withSchedule(Schedule.cosine(0.1))
 *         .withValidation(0.1, 5);
 * TrainingConfig config = TrainingConfig.builder(Tasks.byName("and")).fit(fit).build();
 * }</pre>
 *
 * @param l2Weights the sum of squares of {@code W_in}, {@code W_rec} and {@code W_out} is added to the loss with this
 *     factor, as Keras's {@code l2} does; 0 for none
 * @param l2Rates the mean square of the states h(1..T), over trials, steps and units, is added with this factor; 0 for
 *     none. Where trials have a mask the mean is weighted by the sum of a step's weights, so that steps without weight
 *     don't count here either.
 * @param schedule the learning rate's schedule
 * @param validation share of the trials that is held out, in [0, 1): {@code round(validation * S)} of them, chosen at
 *     random by the seed. After each epoch the loss on them is computed; the best epoch is then the one in which it is
 *     lowest. 0 for none.
 * @param patience training stops when the validation loss has not reached a new minimum for this many epochs; 0 for
 *     never
 */
public record FitOptions(double l2Weights, double l2Rates, Schedule schedule, double validation, int patience) {
    /** The paper's procedure: no penalty, no schedule, no held-out trials. */
    public static final FitOptions DEFAULT = new FitOptions(0.0, 0.0, Schedule.INVERSE, 0.0, 0);

    /** The JSON members that these options may have. */
    static final List<String> KEYS = List.of("l2Weights", "l2Rates", "schedule", "validation", "patience");

    /** @throws IllegalArgumentException if a value is out of range; the message names it */
    public FitOptions {
        notNegative("l2Weights", l2Weights);
        notNegative("l2Rates", l2Rates);
        Objects.requireNonNull(schedule, "schedule is null, expected one, such as Schedule.INVERSE");
        if (!(validation >= 0.0 && validation < 1.0)) {
            throw new IllegalArgumentException("validation is " + validation + ", expected 0 or more, below 1");
        }
        if (patience < 0 || (patience > 0 && validation == 0.0)) {
            throw new IllegalArgumentException("patience is " + patience
                    + (patience < 0 ? ", expected 0 or more" : ", expected 0 without validation trials"));
        }
    }

    static void notNegative(String name, double value) {
        if (!(value >= 0.0 && value <= Double.MAX_VALUE)) {
            throw new IllegalArgumentException(name + " is " + value + ", expected a finite number, 0 or more");
        }
    }

    /** These options with other penalties. */
    public FitOptions withL2(double weights, double rates) {
        return new FitOptions(weights, rates, schedule, validation, patience);
    }

    /** These options with another schedule. */
    public FitOptions withSchedule(Schedule other) {
        return new FitOptions(l2Weights, l2Rates, other, validation, patience);
    }

    /** These options with another share of trials held out, and another patience. */
    public FitOptions withValidation(double share, int epochs) {
        return new FitOptions(l2Weights, l2Rates, schedule, share, epochs);
    }

    /** Number of held-out trials among S. */
    int validationTrials(int samples) {
        return (int) Math.round(validation * samples);
    }

    /**
     * Checks that a training can have these options.
     *
     * @throws IllegalArgumentException if it can't
     */
    void check(int samples, Optimizer.Options optimizer) {
        int held = validationTrials(samples);
        if (validation > 0.0 && (held < 1 || held >= samples)) {
            throw new IllegalArgumentException("validation is " + validation + ", which holds out " + held + " of "
                    + Printable.count(samples, "trial") + ", expected at least 1, and one left to train on");
        }
        double decay = optimizer.numbers().getOrDefault("decay", 0.0);
        if (schedule.kind() != Schedule.Kind.INVERSE && decay != 0.0) {
            throw new IllegalArgumentException("decay is " + decay + ", expected 0 with the schedule "
                    + schedule.kind().id());
        }
    }

    /** Writes the options that differ from their default as JSON members. */
    void toJson(Map<String, Object> json) {
        if (l2Weights != 0.0) {
            json.put("l2Weights", l2Weights);
        }
        if (l2Rates != 0.0) {
            json.put("l2Rates", l2Rates);
        }
        if (!schedule.equals(Schedule.INVERSE)) {
            json.put("schedule", schedule.toJson());
        }
        if (validation != 0.0) {
            json.put("validation", validation);
        }
        if (patience != 0) {
            json.put("patience", (long) patience);
        }
    }

    /** Reads these options from the members of a configuration. */
    static FitOptions fromJson(JsonObject json) throws FormatException {
        return new FitOptions(
                json.has("l2Weights") ? json.getDouble("l2Weights") : 0.0,
                json.has("l2Rates") ? json.getDouble("l2Rates") : 0.0,
                json.has("schedule") ? Schedule.fromJson(json.getObject("schedule")) : Schedule.INVERSE,
                json.has("validation") ? json.getDouble("validation") : 0.0,
                json.has("patience") ? json.getInt("patience") : 0);
    }
}
