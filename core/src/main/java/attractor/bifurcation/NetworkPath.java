package attractor.bifurcation;

import attractor.analysis.StateMap;
import attractor.io.Printable;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import java.util.Arrays;
import java.util.OptionalDouble;

/**
 * Networks and their constant input along one parameter. A W_rec of low rank is the product that it is. Immutable as long as the networks' parameters are not modified;
 * they aren't copied; then safe for any number of threads.
 */
public final class NetworkPath {
    /** What the parameter is. Safe for any thread. */
    public enum Kind {
        /** The constant input of one channel. */
        INPUT("input"),
        /** A factor of W_rec; 1 is the network itself. */
        SCALE("scale"),
        /** The time constant in ms, from the length of a step on. */
        TAU("tau"),
        /** All parameters, straight from one network at 0 to another at 1. */
        BETWEEN("to");

        private final String id;

        Kind(String id) {
            this.id = id;
        }

        /** The name on the command line and in files. */
        public String id() {
            return id;
        }
    }

    private final Kind kind;
    private final int channel;
    private final Rnn rnn;
    private final Rnn goal;
    private final double[] input;

    private NetworkPath(Kind kind, int channel, Rnn rnn, Rnn goal, double[] input) {
        if (input.length != rnn.inputs()) {
            throw new IllegalArgumentException(
                    "constant input has " + Printable.count(input.length, "value") + ", expected I = " + rnn.inputs());
        }
        this.kind = kind;
        this.channel = channel;
        this.rnn = rnn.fullRank();
        this.goal = goal.fullRank();
        this.input = input.clone();
    }

    /**
     * Along the constant input of one channel.
     *
     * @param input I values; that of the channel is the network's own. Not modified.
     * @param channel from 0
     * @throws IllegalArgumentException if the network has no such channel, or the input has another length
     */
    public static NetworkPath input(Rnn rnn, double[] input, int channel) {
        if (channel < 0 || channel >= rnn.inputs()) {
            throw new IllegalArgumentException("input " + channel + " is not one of the network's, expected 0"
                    + (rnn.inputs() == 1 ? "" : " to " + (rnn.inputs() - 1)));
        }
        return new NetworkPath(Kind.INPUT, channel, rnn, rnn, input);
    }

    /** Along a factor of W_rec, under constant input of I values. */
    public static NetworkPath scale(Rnn rnn, double[] input) {
        return new NetworkPath(Kind.SCALE, 0, rnn, rnn, input);
    }

    /** Along the time constant in ms, under constant input of I values. */
    public static NetworkPath tau(Rnn rnn, double[] input) {
        return new NetworkPath(Kind.TAU, 0, rnn, rnn, input);
    }

    /**
     * From one network to another, under constant input of I values.
     *
     * @throws IllegalArgumentException if they differ in more than their parameters
     */
    public static NetworkPath between(Rnn from, Rnn to, double[] input) {
        if (!from.shape().fullRank().equals(to.shape().fullRank())) {
            throw new IllegalArgumentException(
                    "the other network has " + sizes(to.shape()) + ", expected " + sizes(from.shape()));
        }
        if (from.activation() != to.activation()
                || from.form() != to.form()
                || from.dtMs() != to.dtMs()
                || from.tauMs() != to.tauMs()) {
            throw new IllegalArgumentException("the other network has " + kind(to) + ", expected " + kind(from));
        }
        return new NetworkPath(Kind.BETWEEN, 0, from, to, input);
    }

    private static String sizes(RnnShape shape) {
        return "I = " + shape.inputs() + ", N = " + shape.units() + ", O = " + shape.outputs();
    }

    private static String kind(Rnn rnn) {
        return rnn.activation().id() + " units, form " + rnn.form().id() + ", dt " + rnn.dtMs() + " ms and tau "
                + rnn.tauMs() + " ms";
    }

    /** What the parameter is. */
    public Kind kind() {
        return kind;
    }

    /** The channel of {@link Kind#INPUT}, otherwise 0. */
    public int channel() {
        return channel;
    }

    /** The parameter in words, such as {@code input 0}. */
    public String name() {
        return switch (kind) {
            case INPUT -> "input " + channel;
            case SCALE -> "scale of the recurrent weights";
            case TAU -> "tau (ms)";
            case BETWEEN -> "way to the other network";
        };
    }

    /** The least value that the parameter can have. */
    public double least() {
        return kind == Kind.TAU ? rnn.dtMs() : Double.NEGATIVE_INFINITY;
    }

    /** The value at which the network is the one that was given; for a way between two there are 0 and 1. */
    public OptionalDouble own() {
        return switch (kind) {
            case INPUT -> OptionalDouble.of(input[channel]);
            case SCALE -> OptionalDouble.of(1.0);
            case TAU -> OptionalDouble.of(rnn.tauMs());
            case BETWEEN -> OptionalDouble.empty();
        };
    }

    /** The network at a value of the parameter; with {@link Kind#INPUT} always the same. */
    public Rnn network(double value) {
        return switch (kind) {
            case INPUT -> rnn;
            case TAU -> rnn.withTau(value);
            case SCALE -> {
                double[] block = rnn.parameters().clone();
                RnnShape.View w = rnn.shape().wRec();
                for (int i = w.offset(); i < w.end(); i++) {
                    block[i] *= value;
                }
                yield rnn.withParameters(block);
            }
            case BETWEEN -> {
                Rnn base = goal.recurrentBias() ? goal : rnn;
                double[] block = rnn.parameters().clone();
                for (int i = 0; i < block.length; i++) {
                    block[i] = (1.0 - value) * block[i] + value * goal.parameters()[i];
                }
                yield base.withParameters(block);
            }
        };
    }

    /** The constant input at a value of the parameter, I values. */
    public double[] constantInput(double value) {
        double[] x = Arrays.copyOf(input, input.length);
        if (kind == Kind.INPUT) {
            x[channel] = value;
        }
        return x;
    }

    /** The map of states along the path. */
    ParametrisedMap map() {
        return new Maps();
    }

    /** Keeps the maps of the last three values, which a derivative by the parameter asks for in turn. */
    private final class Maps implements ParametrisedMap {
        private final StateMap[] maps = new StateMap[3];
        private final double[] values = new double[3];
        private int oldest;

        @Override
        public int units() {
            return rnn.units();
        }

        @Override
        public void apply(double[] h, double value, double[] next) {
            at(value).apply(h, next);
        }

        @Override
        public void applyWithJacobian(double[] h, double value, double[] next, double[] df) {
            at(value).applyWithJacobian(h, next, df);
        }

        private StateMap at(double value) {
            for (int k = 0; k < maps.length; k++) {
                if (maps[k] != null && values[k] == value) {
                    return maps[k];
                }
            }
            int k = oldest;
            oldest = (oldest + 1) % maps.length;
            maps[k] = new StateMap(network(value), constantInput(value));
            values[k] = value;
            return maps[k];
        }
    }
}
