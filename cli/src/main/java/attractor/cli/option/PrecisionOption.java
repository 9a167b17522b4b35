package attractor.cli.option;

import attractor.model.Precision;
import attractor.model.Rnn;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The option --precision of commands that run or write a network. */
public final class PrecisionOption {
    @Option(
            names = "--precision",
            paramLabel = "P",
            description = "double or float: float64 or float32 (default: the network's own).")
    private String precision;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    /** Whether it was given. */
    public boolean given() {
        return precision != null;
    }

    /** The given precision, or else the network's own. */
    public Precision of(NetworkArgument.Loaded loaded) {
        return or(loaded.precision());
    }

    private Precision or(Precision own) {
        try {
            return given() ? Precision.of(precision) : own;
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--" + e.getMessage(), e);
        }
    }

    /** A network in the given precision or else in its own; says so if parameters are rounded. */
    public NetworkArgument.Loaded apply(NetworkArgument.Loaded loaded) {
        return apply(loaded, of(loaded));
    }

    /** A network in the given precision or else in its own; says so if parameters are rounded; {@code name} is its name then. */
    public Rnn apply(Rnn rnn, String name) {
        return rounded(rnn, or(rnn.precision()), name, spec);
    }

    /** A network in this precision; says so if parameters are rounded. */
    public NetworkArgument.Loaded apply(NetworkArgument.Loaded loaded, Precision wanted) {
        return loaded.with(rounded(loaded.rnn(), wanted, loaded.source().toString(), spec));
    }

    /**
     * A network in this precision.
     *
     * @param name of the network in the note that is printed if parameters are rounded
     */
    public static Rnn rounded(Rnn rnn, Precision wanted, String name, CommandSpec spec) {
        Rnn rounded = rnn.withPrecision(wanted);
        int changed = 0;
        double[] before = rnn.parameters();
        double[] after = rounded.parameters();
        for (int i = 0; i < before.length; i++) {
            changed += before[i] == after[i] ? 0 : 1;
        }
        if (changed > 0) {
            NetworkArgument.notes(spec)
                    .accept(name + ": " + changed + " of " + before.length
                            + " parameters are float64 and were rounded to float32");
        }
        return rounded;
    }
}
