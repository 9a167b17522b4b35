package attractor.train;

import attractor.engine.Loss;
import java.util.List;

/**
 * The name of a user's own loss, as read from a file, so that trainings with it can be read. It can't be computed.
 *
 * @param name what the file calls it
 * @param weights of its outputs, as in the file
 */
record NamedLoss(String name, List<Double> weights) implements Loss {
    /** The library's loss of that name; any other name is a user's loss. */
    static Loss of(String name, List<Double> weights) {
        return Loss.all().stream().anyMatch(loss -> loss.name().equals(name))
                ? Loss.byName(name, weights)
                : new NamedLoss(name, weights);
    }

    @Override
    public void check(int outputs) {
        throw new IllegalArgumentException(
                "the loss '" + name + "' is a user's own, expected a configuration that contains it");
    }

    @Override
    public double sum(int trials, int steps, int outputs, double[] y, double[] target, double[] weight, double[] dy) {
        throw new IllegalStateException("the loss " + name + " is known by name only");
    }
}
