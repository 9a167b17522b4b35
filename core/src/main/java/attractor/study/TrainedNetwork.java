package attractor.study;

import attractor.model.Rnn;
import attractor.task.Task;
import attractor.task.Trials;
import attractor.train.TrainingConfig;
import java.util.Optional;

/**
 * A network with its training. Immutable except for the networks' parameters, which must not be modified; safe for any
 * number of threads.
 *
 * @param config the configuration of its training
 * @param task the task that it was trained on, in the end if there were stages
 * @param initial the network before training
 * @param network the network after the last epoch
 * @param evaluation the trials to evaluate on, if they don't come from a task
 */
public record TrainedNetwork(TrainingConfig config, Task task, Rnn initial, Rnn network, Optional<Trials> evaluation) {

    /** A network whose trials come from a task. */
    public TrainedNetwork(TrainingConfig config, Task task, Rnn initial, Rnn network) {
        this(config, task, initial, network, Optional.empty());
    }
}
