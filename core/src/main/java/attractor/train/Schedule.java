package attractor.train;

import attractor.engine.Optimizer;
import attractor.io.FormatException;
import attractor.io.JsonObject;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * How the learning rate changes during a training: what {@link Optimizer.Options#learningRate} is multiplied by in each step. Immutable, safe
 * for any number of threads.
 *
 * @param kind the form
 * @param everyEpochs for {@link Kind#STEP}, the number of epochs after which the rate falls; else 0
 * @param factor for {@code STEP}, the factor by which it falls each time; for {@link Kind#COSINE}, the share of the
 *     rate that is left at the end; else 1
 */
public record Schedule(Kind kind, int everyEpochs, double factor) {
    /** A form. Immutable, safe for any thread. */
    public enum Kind {
        /**
         * {@code 1 / (1 + decay it)}, with Adam's decay and the step {@code it}; constant where decay is 0. The
         * paper's.
         */
        INVERSE,
        /** {@code factor^floor(epoch / everyEpochs)}, epochs counted from 0. */
        STEP,
        /**
         * {@code factor + (1 - factor) (1 + cos(pi it / steps)) / 2}, steps being those of all epochs, whether or not
         * the training stops early.
         */
        COSINE;

        /** The name that files and the command line use: {@code inverse}, {@code step}, {@code cosine}. */
        public String id() {
            return name().toLowerCase(Locale.ROOT);
        }

        /**
         * The one with this {@link #id()}.
         *
         * @throws IllegalArgumentException if there is none
         */
        public static Kind of(String id) {
            for (Kind kind : values()) {
                if (kind.id().equals(id)) {
                    return kind;
                }
            }
            throw new IllegalArgumentException("schedule is '" + id + "', expected one of inverse, step, cosine");
        }
    }

    /** The paper's, by Adam's decay alone. */
    public static final Schedule INVERSE = new Schedule(Kind.INVERSE, 0, 1.0);

    /** @throws IllegalArgumentException if a number is out of range or doesn't belong to the form */
    public Schedule {
        boolean fits = switch (kind) {
            case INVERSE -> everyEpochs == 0 && factor == 1.0;
            case STEP -> everyEpochs >= 1 && factor > 0.0 && factor <= 1.0;
            case COSINE -> everyEpochs == 0 && factor >= 0.0 && factor <= 1.0;
        };
        if (!fits) {
            throw new IllegalArgumentException(
                    "schedule " + kind.id() + " has everyEpochs " + everyEpochs + " and factor "
                            + factor + ", expected "
                            + switch (kind) {
                                case INVERSE -> "0 and 1";
                                case STEP -> "at least 1, and above 0, at most 1";
                                case COSINE -> "0, and 0 to 1";
                            });
        }
    }

    /** The rate is multiplied by {@code factor} after every {@code everyEpochs} epochs. */
    public static Schedule step(int everyEpochs, double factor) {
        return new Schedule(Kind.STEP, everyEpochs, factor);
    }

    /** The rate falls along half a cosine to {@code end} times itself. */
    public static Schedule cosine(double end) {
        return new Schedule(Kind.COSINE, 0, end);
    }

    /**
     * The factor on the learning rate.
     *
     * @param iteration steps taken before, from 0
     * @param batches steps in an epoch
     * @param epochs epochs in the training
     */
    public double multiplier(long iteration, int batches, int epochs) {
        return switch (kind) {
            case INVERSE -> 1.0;
            case STEP -> {
                long falls = iteration / batches / everyEpochs;
                yield StrictMath.pow(factor, (double) falls);
            }
            case COSINE -> {
                double done = iteration / ((double) batches * epochs);
                yield factor + (1.0 - factor) * 0.5 * (1.0 + StrictMath.cos(Math.PI * done));
            }
        };
    }

    /** Whether the rate in a step depends on the number of epochs of the training. */
    public boolean dependsOnEpochs() {
        return kind == Kind.COSINE;
    }

    /** As JSON. */
    Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("kind", kind.id());
        if (kind == Kind.STEP) {
            json.put("everyEpochs", (long) everyEpochs);
        }
        if (kind != Kind.INVERSE) {
            json.put("factor", factor);
        }
        return json;
    }

    static Schedule fromJson(JsonObject json) throws FormatException {
        json.requireOnly(Set.of("kind", "everyEpochs", "factor"));
        return new Schedule(
                Kind.of(json.getString("kind")),
                json.has("everyEpochs") ? json.getInt("everyEpochs") : 0,
                json.has("factor") ? json.getDouble("factor") : 1.0);
    }
}
