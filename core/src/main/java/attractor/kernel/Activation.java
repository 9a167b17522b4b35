package attractor.kernel;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The nonlinearity phi that turns a pre-activation z into a rate r = phi(z). Every derivative is a function of the rate
 * alone, so that back-propagation needs no pre-activations. Immutable, safe for any number of threads.
 */
public enum Activation {
    /** Hyperbolic tangent, see {@link Tanh}; derivative 1 - r^2. */
    TANH {
        @Override
        public double rate(double z) {
            return Tanh.tanh(z);
        }

        @Override
        public double slope(double rate) {
            return Fma.fma(-rate, rate, 1.0);
        }
    },
    /** max(z, 0); derivative 1 where the rate is positive, else 0 (0 at the kink). NaN stays NaN. */
    RELU {
        @Override
        public double rate(double z) {
            return z <= 0.0 ? 0.0 : z;
        }

        @Override
        public double slope(double rate) {
            return rate > 0.0 ? 1.0 : 0.0;
        }
    },
    /** The logistic function 1/(1 + exp(-z)), computed as 1/2 + tanh(z/2)/2; derivative r (1 - r). */
    SIGMOID {
        @Override
        public double rate(double z) {
            return Fma.fma(0.5, Tanh.tanh(0.5 * z), 0.5);
        }

        @Override
        public double slope(double rate) {
            return rate * (1.0 - rate);
        }
    },
    /** phi(z) = z, a linear network; derivative 1. */
    IDENTITY {
        @Override
        public double rate(double z) {
            return z;
        }

        @Override
        public double slope(double rate) {
            return 1.0;
        }
    },
    /** log(1 + exp(z)), see {@link Softplus}; derivative 1 - exp(-r). */
    SOFTPLUS {
        @Override
        public double rate(double z) {
            return Softplus.softplus(z);
        }

        @Override
        public double slope(double rate) {
            return Softplus.slope(rate);
        }
    },
    /** z where positive, else {@link #LEAK} z; derivative 1 where the rate is positive, else the leak (also at the kink). */
    LEAKY_RELU {
        @Override
        public double rate(double z) {
            return z <= 0.0 ? LEAK * z : z;
        }

        @Override
        public double slope(double rate) {
            return rate > 0.0 ? 1.0 : LEAK;
        }
    };

    /** The slope of {@link #LEAKY_RELU} below 0: PyTorch's default. */
    public static final double LEAK = 0.01;

    /** The rate phi(z). */
    public abstract double rate(double z);

    /** The derivative phi'(z), from the rate phi(z). */
    public abstract double slope(double rate);

    /** Whether no rate is negative. */
    public boolean isNonNegative() {
        return this == RELU || this == SIGMOID || this == SOFTPLUS;
    }

    /** Whether phi is linear in pieces, with a kink at 0. */
    public boolean hasKink() {
        return this == RELU || this == LEAKY_RELU;
    }

    /** The name in files and on the command line: {@code tanh}, {@code relu}, {@code leaky_relu} and so on. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The activation with this {@link #id()}.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Activation of(String id) {
        for (Activation a : values()) {
            if (a.id().equals(id)) {
                return a;
            }
        }
        throw new IllegalArgumentException("activation is '" + id + "', expected one of "
                + Arrays.stream(values()).map(Activation::id).collect(Collectors.joining(", ")));
    }
}
