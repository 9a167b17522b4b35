package attractor.study;

import attractor.model.Rnn;
import attractor.task.Task;
import attractor.train.TrainingConfig;

/**
 * A network with its training. Immutable except for the networks' parameters, which must not be modified; safe for any
 * number of threads.
 *
 * @param config the configuration of its training
 * @param task the task that it was trained on
 * @param initial the network before training
 * @param network the network after the last epoch
 */
public record TrainedNetwork(TrainingConfig config, Task task, Rnn initial, Rnn network) {}
