package attractor.task;

/**
 * Makes tasks of one name. Built-in tasks have one each; to have a task of your own in every command and in
 * {@link Tasks}, implement this with a public constructor without arguments and register the class with
 * {@link java.util.ServiceLoader}: a line with its name in {@code META-INF/services/attractor.task.TaskProvider}, or
 * {@code provides attractor.task.TaskProvider with ...} in a module.
 *
 * <pre>{@code
 * public final class Echo implements TaskProvider {
 *     public String name() {
 *         return "echo";
 *     }
 *
 *     public TaskOptions defaults() {
 *         return TaskOptions.builder("echo")
 *                 .number("lagSteps", 5, TaskOptions.Range.POSITIVE, "Steps between an input and its echo")
 *                 .build();
 *     }
 *
 *     public Task create(TaskOptions options) {
 *         return new EchoTask((int) options.number("lagSteps")); // implements Task
 *     }
 * }
 * }</pre>
 *
 * <p>Implementations are immutable and safe for any thread.
 */
public interface TaskProvider {

    /** The task's name: lower-case letters, digits and hyphens, beginning with a letter; none of the built-in ones. */
    String name();

    /** The options that a task of this name has, with their defaults. */
    TaskOptions defaults();

    /**
     * The task with these options.
     *
     * @param options {@link #defaults}, some of them changed
     * @throws IllegalArgumentException if the options don't go together, such as a response after the trial's end
     */
    Task create(TaskOptions options);
}
