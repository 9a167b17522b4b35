package attractor.cli.result;

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
                count(rnn.units(), "unit"),
                count(rnn.inputs(), "input"),
                count(rnn.outputs(), "output"),
                rnn.recurrentBias() ? "recurrent bias" : "no recurrent bias");
    }

    private static String count(int number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }
}
