package attractor.task;

import attractor.engine.Loss;
import attractor.engine.MeanSquaredError;
import attractor.random.RandomStream;
import java.util.Arrays;
import java.util.List;

/**
 * A timed task: what a network sees and what it should answer, step by step.
 *
 * <p>A trial has {@link #steps} steps of {@link #dtMs} ms. At each of them there are {@link #inputs} inputs {@code x} and
 * {@link #outputs} targets {@code y}. Every trial has a type, the index of a name in {@link #types}, and results are
 * reported by type.
 *
 * <p>To add a task of your own, implement this interface (every method without a default) and a {@link TaskProvider}:
 *
 * <pre>{@code
 * public record EchoTask(int lag) implements Task {
 *     public String name() {
 *         return "echo";
 *     }
 *
 *     public String description() {
 *         return "says again what it heard";
 *     }
 *
 *     public int inputs() {
 *         return 1;
 *     }
 *
 *     public int outputs() {
 *         return 1;
 *     }
 *
 *     public int steps() {
 *         return 100;
 *     }
 *
 *     public double dtMs() {
 *         return 1;
 *     }
 *
 *     public List<String> types() {
 *         return List.of("quiet", "loud");
 *     }
 *
 *     public void write(int type, RandomStream random, double[] x, double[] y, double[] mask) {
 *         random.fillGaussian(x, 0, x.length, type == 0 ? 0.1 : 1);
 *         for (int t = lag; t < steps(); t++) {
 *             y[t] = x[t - lag];
 *         }
 *     }
 * }
 * }</pre>
 *
 * <p>Implementations are immutable: every method returns the same on each call, and several threads may call {@link
 * #write} at the same time.
 */
public interface Task {

    /** The name in commands, such as {@code xor}. */
    String name();

    /** A short description: what the inputs are and when, and what the outputs should be. One line or a few. */
    String description();

    /** Number of input channels I, at least 1. */
    int inputs();

    /** Number of output channels O, at least 1. */
    int outputs();

    /** Number of steps T of every trial, at least 1. */
    int steps();

    /** Duration of a step in ms, above 0. */
    double dtMs();

    /** Names of the trial types, all different, at least one. They are equally likely unless {@link #typeWeights} differ. */
    List<String> types();

    /**
     * Writes one trial.
     *
     * <p>What is written must depend only on the type and on the numbers drawn from {@code random}: then trial i of a
     * seed is the same trial whenever and wherever it is drawn. Everything written must be finite.
     *
     * @param type index into {@link #types}
     * @param random the only source of random numbers; for every trial it starts at a place of its own. Modified.
     * @param x inputs, T x I, {@code x[t * I + i]}; holds zeros. Modified.
     * @param y targets, T x O, {@code y[t * O + o]}; holds zeros. Modified.
     * @param mask weights of the squared errors, T x O, 0 or more, some of them above 0; holds ones. The trial ends at
     *     the last step with a weight for any output; what follows is padding, which analyses leave out. Null if the
     *     task isn't {@link #masked}. Modified.
     */
    void write(int type, RandomStream random, double[] x, double[] y, double[] mask);

    /** Whether {@link #write} sets a mask. By default it doesn't, and every step counts the same. */
    default boolean masked() {
        return false;
    }

    /**
     * How often each type occurs among random trials, relative to the others; all 1 by default. Each is at least 1. In an
     * evaluation all types take turns.
     */
    default int[] typeWeights() {
        int[] weights = new int[types().size()];
        Arrays.fill(weights, 1);
        return weights;
    }

    /**
     * How an answer is read from the outputs, by which the task is passed, see {@link Criterion}; by default there are no
     * classes, and the error counts.
     */
    default Readout readout() {
        return Readout.NONE;
    }

    /** The loss to train with unless another one is asked for: the mean squared error by default. */
    default Loss loss() {
        return new MeanSquaredError();
    }

    /**
     * Whether a type's target is zero throughout, except for noise or a constant offset. Such a type isn't compared
     * with the score of a zero output, see {@link Criterion}. By default only a target of exact zeros counts as zero,
     * which is found out from the trials.
     *
     * @param type index into {@link #types}
     */
    default boolean zeroTarget(int type) {
        return false;
    }

    /**
     * The parts of a trial in order of time, without overlap, which figures and analyses distinguish. Where onsets vary
     * from trial to trial, these are the parts of an unshifted trial. By default the trial is one part, {@value
     * TrialPart#RESPONSE}.
     */
    default List<TrialPart> parts() {
        return List.of(new TrialPart(TrialPart.RESPONSE, 0, steps()));
    }

    /**
     * The parts of a trial of one type: {@link #parts()} by default. A type without a stimulus has no part of that name.
     *
     * @param type index into {@link #types}
     */
    default List<TrialPart> parts(int type) {
        return parts();
    }

    /** Training stops after an epoch whose mean loss, that of {@link #loss}, is below this. 1e-3 by default; 0 never stops. */
    default double stopLoss() {
        return 1e-3;
    }

    /** Default number of trials to train on; 15,000 by default. */
    default int defaultTrials() {
        return 15_000;
    }

    /**
     * Whether the recurrent layer needs a bias. It does if the network must give an output without any input: without
     * input and bias, h = 0 is a fixed point of a tanh network. False by default.
     */
    default boolean recurrentBias() {
        return false;
    }

    /**
     * What a user should know before training on this task with these options, for example times that were moved to the
     * grid of steps, or responses that the input doesn't determine. One line of text each; none by default.
     */
    default List<String> warnings() {
        return List.of();
    }

    /** The options that this task was created with, from which it can be created again. None by default. */
    default TaskOptions options() {
        return TaskOptions.NONE;
    }

    /**
     * This task without noise on inputs and targets and without jitter, for analyses of what a network does by itself.
     * Other random choices, such as which pulses there are, stay.
     *
     * <p>By default this is the task that {@link Tasks#byName(String, TaskOptions)} creates from {@link
     * TaskOptions#withoutNoise}, so that it is enough to declare which options are noise, by {@link
     * TaskOptions.Builder#noise}. Where nothing is declared, or all noise is 0, it is this task itself. A task that
     * isn't known by name, or has noise that no option turns off, overrides this method.
     *
     * @throws IllegalStateException if the options have noise and no task with this name can be created
     */
    default Task withoutNoise() {
        TaskOptions quiet = options().withoutNoise();
        if (quiet.equals(options())) {
            return this;
        }
        try {
            return Tasks.byName(name(), quiet);
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException(
                    "task " + name()
                            + " can't be made without noise, expected a provider of that name or a withoutNoise() of its own: "
                            + e.getMessage(),
                    e);
        }
    }
}
