package attractor.study;

import attractor.io.FormatException;
import attractor.io.JsonObject;
import attractor.kernel.Kernels;
import attractor.task.Task;
import java.util.Map;

/**
 * What a study measures on a trained network. Implementations are immutable and safe for any number of threads; what
 * they measure is a function of the network and of {@link #toJson}.
 */
public interface Measurement {

    /**
     * The measurement with a given description: a built-in one, or one that a {@link MeasurementProvider} on the class
     * path reads.
     *
     * @param json what {@link #toJson} gave
     * @throws FormatException if the kind is unknown, a member is missing, unknown or of another type, or a value is
     *     out of range
     */
    static Measurement fromJson(JsonObject json) throws FormatException {
        return Measurements.read(json);
    }

    /**
     * Everything that decides what is measured, as JSON (see {@link attractor.io.Json}); part of a run's identity. Has
     * {@code kind}, a text by which {@link #fromJson} finds who reads it.
     */
    Map<String, Object> toJson();

    /**
     * Checks, before networks are trained on a task, that this measurement is possible on them.
     *
     * @throws IllegalArgumentException if they cannot; the message says why
     */
    default void check(Task task) {}

    /**
     * Measures.
     *
     * @param network the trained network with all about its training. Not modified.
     * @param tables receives the rows, those of {@link MeasuredRows#RESULTS} with a {@code type} each. Modified.
     * @throws IllegalArgumentException if the network's task cannot be measured so
     */
    void measure(TrainedNetwork network, Kernels kernels, MeasuredRows tables);

    /**
     * Writes the rows of a network whose training diverged, without the network: one row per type of trial.
     *
     * @param tables receives the rows. Modified.
     */
    default void diverged(Task task, MeasuredRows tables) {
        task.types().forEach(type -> tables.row(MeasuredRows.RESULTS).with("type", type));
    }
}
