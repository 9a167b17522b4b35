package attractor.study;

import attractor.kernel.Kernels;
import attractor.task.Task;
import java.util.Map;

/**
 * What a study measures on a trained network. Implementations are immutable and safe for any number of threads; what
 * they measure is a function of the network and of {@link #toJson}.
 */
public interface Measurement {

    /** Everything that decides what is measured, as JSON (see {@link attractor.io.Json}); part of a run's identity. */
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
     * @param network the trained network with its configuration and task. Not modified.
     * @param tables receives the rows; each row of {@link Tables#RESULTS} has a {@code type}. Modified.
     * @throws IllegalArgumentException if this measurement isn't possible on the network's task
     */
    void measure(TrainedNetwork network, Kernels kernels, Tables tables);

    /**
     * Writes the rows of a network whose training diverged, without the network: one row per type of trial.
     *
     * @param tables receives the rows. Modified.
     */
    default void diverged(Task task, Tables tables) {
        task.types().forEach(type -> tables.row(Tables.RESULTS).with("type", type));
    }
}
