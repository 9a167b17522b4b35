/**
 * Training by gradient descent from a configuration to a trained network: the trainer, its schedule and stages, the log of a run with its checkpoints, and
 * the evaluation. The numerics of a step are in {@link attractor.engine}, which does without all this; what a trained network does inside is {@link
 * attractor.analysis}'s.
 *
 * <p>Three nouns for what is chosen, here and in all packages. A <i>Config</i> is what is trained, in full: two trainings of one {@link
 * attractor.train.TrainingConfig} end with the same bits. <i>Options</i> are a part of a configuration or of a command line, such as {@link
 * attractor.train.FitOptions} or a task's. <i>Settings</i> say how something runs, threads and memory, and change no result: {@link
 * attractor.train.ExecutionSettings}.
 */
package attractor.train;
