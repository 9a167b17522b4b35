package attractor.task;

/**
 * Creates the tasks of one name. Each built-in task has a provider. To use your own task in every command and in {@link
 * Tasks}, implement this interface in a class with a public constructor without arguments, and register the class with
 * {@link java.util.ServiceLoader}: by a line with its name in {@code META-INF/services/attractor.task.TaskProvider}, or
 * by {@code provides attractor.task.TaskProvider with ...} in a module.
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

    /**
     * The task's name: lower-case letters, digits and hyphens, starting with a letter; not the name of a built-in task.
     */
    String name();

    /** The options of a task with this name, with their defaults. */
    TaskOptions defaults();

    /**
     * The task with these options.
     *
     * @param options {@link #defaults}, some of them changed
     * @throws IllegalArgumentException if the options don't match each other, such as a response after the trial's end
     */
    Task create(TaskOptions options);
}
