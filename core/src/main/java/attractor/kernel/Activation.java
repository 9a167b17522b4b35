package attractor.kernel;

import java.util.Locale;

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
    };

    /** The rate phi(z). */
    public abstract double rate(double z);

    /** The derivative phi'(z), from the rate phi(z). */
    public abstract double slope(double rate);

    /** The name that files and the command line use: {@code tanh}, {@code relu}, {@code sigmoid}, {@code identity}. */
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
        throw new IllegalArgumentException("activation is '" + id + "', expected one of tanh, relu, sigmoid, identity");
    }
}
