/**
 * The tasks of the field, beside the seven of {@link attractor.task}: decisions, memory, timing, and rules. Each class writes the trials of one task, or of
 * one family, with its source in the literature, and is an example to copy for a task of one's own: it is found by the same way, {@link
 * java.util.ServiceLoader}, and uses nothing that such a task could not. Times are those of the paper's tasks, some 200 to 600 ms, so that a
 * network of 50 to 100 units learns each in minutes.
 */
package attractor.tasks;
