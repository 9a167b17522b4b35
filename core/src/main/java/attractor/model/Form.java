package attractor.model;

import java.util.Locale;

/**
 * What the state of a network is. With {@code alpha = dt/tau}, input x_in, activation phi and noise n:
 *
 * <pre>
 *     rate      h(t+1) = (1 - alpha) h(t) + alpha phi(W_rec h(t) + W_in x_in(t+1) + b_rec) + n       y = W_out h + b_out
 *     current   x(t+1) = (1 - alpha) x(t) + alpha (W_rec phi(x(t)) + W_in x_in(t+1) + b_rec) + n     y = W_out phi(x) + b_out
 * </pre>
 *
 * <p>The rate form is that of Jarne and Laje. The current form, in which noise and leak act before phi, is that of PsychRNN,
 * pycog and trainRNNbrain. Under constant input, {@code x = W_rec h + W_in x_in + b_rec} maps orbits of the rate form to
 * orbits of the current form; with alpha = 1 and h(0) = phi(x(0)) both have the same outputs under any input. Immutable, safe
 * for any thread.
 */
public enum Form {
    /** The state h is a low-pass filtered rate. */
    RATE,
    /** The state x is a synaptic current; what a unit sends is its rate phi(x). */
    CURRENT;

    /** The name in files and on the command line: {@code rate}, {@code current}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The form with this {@link #id()}.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Form of(String id) {
        for (Form form : values()) {
            if (form.id().equals(id)) {
                return form;
            }
        }
        throw new IllegalArgumentException("form is '" + id + "', expected rate or current");
    }
}
