package attractor.task;

import java.util.function.Supplier;

/**
 * A provider from the class path. Its failures are reported with its class name, so that they don't look like defects
 * of the calling code.
 */
final class GuardedProvider implements TaskProvider {

    private final TaskProvider provider;

    GuardedProvider(TaskProvider provider) {
        this.provider = provider;
    }

    @Override
    public String name() {
        return guarded("name", provider::name);
    }

    @Override
    public TaskOptions defaults() {
        return notNull("defaults", guarded("defaults", provider::defaults));
    }

    @Override
    public Task create(TaskOptions options) {
        Task task = notNull("create", guarded("create", () -> provider.create(options)));
        if (!name().equals(task.name())) {
            throw new IllegalStateException("task provider " + this + " made a task named " + task.name()
                    + ", expected " + name() + ", as the provider is named");
        }
        return task;
    }

    /** The provider's class. */
    @Override
    public String toString() {
        return provider.getClass().getName();
    }

    private <T> T guarded(String method, Supplier<T> call) {
        try {
            return call.get();
        } catch (IllegalArgumentException e) {
            throw e; // options that don't match each other, as documented
        } catch (RuntimeException | LinkageError e) {
            throw new IllegalStateException("task provider " + this + " failed in " + method + ": " + e, e);
        }
    }

    private <T> T notNull(String method, T value) {
        if (value == null) {
            throw new IllegalStateException("task provider " + this + " returned null from " + method);
        }
        return value;
    }
}
