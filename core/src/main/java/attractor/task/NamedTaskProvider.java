package attractor.task;

import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A provider made of three parts: a name, default options, and a constructor. A task of your own extends it by a class with
 * a public constructor without arguments, as {@link TaskProvider} demands:
 *
 * <pre>{@code
 * public final class Echo extends NamedTaskProvider {
 *     public Echo() {
 *         super("echo", EchoTask::defaults, EchoTask::new);
 *     }
 * }
 * }</pre>
 *
 * <p>Immutable; safe for any thread if both functions are.
 */
public abstract class NamedTaskProvider implements TaskProvider {
    private final String name;
    private final Supplier<TaskOptions> defaults;
    private final Function<TaskOptions, Task> constructor;

    /**
     * A provider.
     *
     * @param name what {@link #name} returns
     * @param defaults what {@link #defaults} returns
     * @param constructor what {@link #create} calls
     */
    protected NamedTaskProvider(String name, Supplier<TaskOptions> defaults, Function<TaskOptions, Task> constructor) {
        this.name = name;
        this.defaults = defaults;
        this.constructor = constructor;
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final TaskOptions defaults() {
        return defaults.get();
    }

    @Override
    public final Task create(TaskOptions options) {
        return constructor.apply(options);
    }
}
