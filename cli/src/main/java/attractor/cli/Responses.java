package attractor.cli;

import attractor.dynamics.Simulator;
import attractor.kernel.RandomStream.Purpose;
import attractor.model.Rnn;
import attractor.task.Task;
import attractor.task.Trials;

/**
 * What a network answers to one trial of each type.
 *
 * @param trials the trials, S = number of types
 * @param x inputs, S x T x I
 * @param target targets, S x T x O
 * @param y outputs, S x T x O
 */
record Responses(Trials trials, double[] x, double[] target, double[] y) {
    static Responses of(Rnn rnn, Task task, long seed) {
        int count = task.types().size();
        Trials trials = Trials.balanced(task, count, seed, Purpose.EVALUATION);
        int steps = trials.steps();
        double[] x = new double[count * steps * trials.inputs()];
        double[] target = new double[count * steps * trials.outputs()];
        Trials.Reader reader = trials.reader();
        for (int i = 0; i < count; i++) {
            reader.read(i, x, i * steps * trials.inputs(), target, i * steps * trials.outputs(), null, 0);
        }
        return new Responses(
                trials,
                x,
                target,
                new Simulator(rnn).run(x, count, steps, null, false).y());
    }
}
