package attractor.cli.result;

import attractor.io.Printable;
import attractor.model.Form;
import attractor.model.Rnn;
import java.util.Locale;

/** A network in one line. */
public final class NetworkSummary {
    private NetworkSummary() {}

    /** Such as {@code tanh, 50 units, 2 inputs, 1 output, recurrent bias}. */
    public static String of(Rnn rnn) {
        return String.format(
                Locale.ROOT,
                "%s%s, %s, %s, %s, %s",
                rnn.activation().id(),
                rnn.form() == Form.RATE ? "" : ", " + rnn.form().id() + " form",
                Printable.count(rnn.units(), "unit"),
                Printable.count(rnn.inputs(), "input"),
                Printable.count(rnn.outputs(), "output"),
                rnn.recurrentBias() ? "recurrent bias" : "no recurrent bias");
    }
}
