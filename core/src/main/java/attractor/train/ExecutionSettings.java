package attractor.train;

import attractor.kernel.Kernels;
import attractor.task.Trials;
import java.util.Objects;

/**
 * How a training is carried out; none of it changes the result (jblas kernels do, in the last bits). Immutable, safe
 * for any number of threads.
 *
 * @param threads number of threads, at least 1; more threads than a batch has chunks of 32 trials are of no use
 * @param kernels the implementation of the dense loops
 * @param memoryLimitBytes limit for the arrays that grow with the number of steps, all threads together; if a whole
 *     trial doesn't fit, it is divided into segments that are computed twice
 * @param trialBudgetBytes memory for trials; a set that needs more is drawn again in each epoch
 */
public record ExecutionSettings(int threads, Kernels kernels, long memoryLimitBytes, long trialBudgetBytes) {

    /** @throws IllegalArgumentException if a number is out of range */
    public ExecutionSettings {
        Objects.requireNonNull(kernels, "kernels is null, expected an implementation, such as Kernels.get()");
        if (threads < 1) {
            throw new IllegalArgumentException("threads is " + threads + ", expected at least 1");
        }
        if (memoryLimitBytes < 1) {
            throw new IllegalArgumentException("memory limit is " + memoryLimitBytes + " bytes, expected above 0");
        }
        if (trialBudgetBytes < 0) {
            throw new IllegalArgumentException(
                    "memory for trials is " + trialBudgetBytes + " bytes, expected 0 or more");
        }
    }

    /** One thread per processor, the default kernels, a quarter of the JVM's maximal heap, and 512 MB of trials. */
    public static ExecutionSettings defaults() {
        Runtime machine = Runtime.getRuntime();
        return new ExecutionSettings(
                machine.availableProcessors(), Kernels.get(), machine.maxMemory() / 4, Trials.DEFAULT_BUDGET);
    }

    /**
     * The settings of each of several trainings that run at the same time: its share of the threads, at least one, and
     * of both kinds of memory.
     *
     * @param slots number of trainings at once, at least 1
     * @throws IllegalArgumentException if it is below 1
     */
    public ExecutionSettings share(int slots) {
        if (slots < 1) {
            throw new IllegalArgumentException("there are " + slots + " slots, expected at least 1");
        }
        return new ExecutionSettings(
                Math.max(1, threads / slots), kernels, Math.max(1, memoryLimitBytes / slots), trialBudgetBytes / slots);
    }

    /** These settings with another number of threads. */
    public ExecutionSettings withThreads(int number) {
        return new ExecutionSettings(number, kernels, memoryLimitBytes, trialBudgetBytes);
    }

    /** These settings with other kernels. */
    public ExecutionSettings withKernels(Kernels others) {
        return new ExecutionSettings(threads, others, memoryLimitBytes, trialBudgetBytes);
    }

    /** These settings with another memory limit. */
    public ExecutionSettings withMemoryLimit(long bytes) {
        return new ExecutionSettings(threads, kernels, bytes, trialBudgetBytes);
    }

    /** These settings with another budget for trials. */
    public ExecutionSettings withTrialBudget(long bytes) {
        return new ExecutionSettings(threads, kernels, memoryLimitBytes, bytes);
    }
}
