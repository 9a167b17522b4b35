package attractor.train;

import attractor.engine.Loss;

/**
 * The name of a user's own loss, as read from a file, so that trainings with it can be read. It can't be computed.
 *
 * @param name what the file calls it
 */
record NamedLoss(String name) implements Loss {
    /** The library's loss of that name; any other name is a user's loss. */
    static Loss of(String name) {
        return Loss.all().stream()
                .filter(loss -> loss.name().equals(name))
                .findFirst()
                .orElseGet(() -> new NamedLoss(name));
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
