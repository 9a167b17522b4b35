/**
 * Trials and the tasks that they come from: a {@link attractor.task.Task} writes one trial of inputs and targets, {@link attractor.task.Trials} are a set of
 * them, drawn or read from a file, and {@link attractor.task.Scores} say how well outputs meet the targets. A task of one's own is a {@link
 * attractor.task.TaskProvider} with {@link attractor.task.TaskOptions}; the built-in ones know nothing that such a task could not. Networks and their
 * training do not belong here.
 */
package attractor.task;
