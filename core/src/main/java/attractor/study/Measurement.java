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
