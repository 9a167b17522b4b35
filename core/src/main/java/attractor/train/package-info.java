/**
 * Training by gradient descent from a configuration to a trained network: the trainer, its schedule and stages, the log of a run with its checkpoints, and
 * the evaluation. The numerics of a step are in {@link attractor.engine}, which needs none of this. How a trained network works is the subject of
 * {@link attractor.analysis}.
 *
 * <p>Three nouns name what can be chosen, here and in all packages. A <i>Config</i> says in full what is trained: two trainings of one {@link
 * attractor.train.TrainingConfig} end with the same bits. <i>Options</i> are a part of a configuration or of a command line, such as {@link
 * attractor.train.FitOptions} or a task's. <i>Settings</i> say how something runs, threads and memory, and change no result: {@link
 * attractor.train.ExecutionSettings}.
 */
package attractor.train;
