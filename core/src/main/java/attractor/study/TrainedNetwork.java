package attractor.study;

import attractor.model.Rnn;
import attractor.task.Task;
import attractor.train.TrainingConfig;

/**
 * A network with its training. Immutable but for the networks' parameters, which nobody modifies; safe for any number of threads.
 *
 * @param config what it was trained by
 * @param task what it was trained on
 * @param initial the network before training
 * @param network the network after the last epoch
 */
public record TrainedNetwork(TrainingConfig config, Task task, Rnn initial, Rnn network) {}
