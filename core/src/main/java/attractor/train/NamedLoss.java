package attractor.train;

import attractor.engine.Loss;

/**
 * A loss that only its user has: its name in a file, so that whatever was trained with it can be read. It can't be computed.
 *
 * @param name what the file calls it
 */
record NamedLoss(String name) implements Loss {
    /** The library's loss of that name, or one of a user's. */
    static Loss of(String name) {
        return Loss.all().stream()
                .filter(loss -> loss.name().equals(name))
                .findFirst()
                .orElseGet(() -> new NamedLoss(name));
    }

    @Override
    public void check(int outputs) {
        throw new IllegalArgumentException(
                "the loss '" + name + "' is its user's own, expected a configuration that is given it");
    }

    @Override
    public double sum(int trials, int steps, int outputs, double[] y, double[] target, double[] weight, double[] dy) {
        throw new IllegalStateException("the loss " + name + " is known by name only");
    }
}
