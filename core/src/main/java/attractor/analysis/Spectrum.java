package attractor.analysis;

import attractor.model.Rnn;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The eigenvalues of a network's recurrent weights, and quantities computed from them and from the weights. Eigenvalues
 * come by decreasing modulus, equal ones by decreasing real part; a complex pair is adjacent, the positive imaginary
 * part first. With h = 0 fixed and phi'(0) = 1, as for tanh without input and bias,
 * {@code mu = 1 - alpha + alpha lambda} are the eigenvalues of one step.
 *
 * <p>Thread-safe as long as the arrays are not modified; they are not copied. Two spectra are equal only if they share
 * their arrays. The same bits on every JDK, unless EJML's iteration needs its exceptional shifts. Source: Jarne and
 * Laje, arXiv:1906.01094, section 5.
 *
 * @param re real parts, N
 * @param im imaginary parts, N
 * @param alpha the network's dt/tau
 * @param dtMs the network's step in ms
 * @param frobenius the Frobenius norm of W_rec
 * @param henrici Henrici's departure from normality divided by the Frobenius norm, {@code sqrt(max(0, |W|_F^2 - sum
 *     |lambda|^2)) / |W|_F}: 0 for a normal matrix (in practice up to 1e-7, from rounding), 1 for a nilpotent one; 0 if
 *     W_rec is 0
 * @param weights mean, standard deviation and normal fit of the entries of W_rec that are not 0, the connections
 * @param vectors eigenvectors, unless left out
 */
public record Spectrum(
        double[] re,
        double[] im,
        double alpha,
        double dtMs,
        double frobenius,
        double henrici,
        WeightStatistics weights,
        Optional<Eigenvectors> vectors) {

    /**
     * Distance beyond the unit circle from which on an eigenvalue counts as clearly outside; rounding errors are
     * smaller.
     */
    public static final double CLEAR_MARGIN = 1e-6;

    /**
     * A real eigenvalue, or the member of a complex pair with the positive imaginary part. Immutable, safe for any thread.
     *
     * @param index its index in the spectrum
     * @param re real part
     * @param im imaginary part, not negative
     * @param modulus |lambda|
     * @param frequencyHz see {@link Spectrum#frequencyHz}
     */
    public record Mode(int index, double re, double im, double modulus, double frequencyHz) {}

    /**
     * Analyses W_rec, eigenvectors included. Cost about 50 N^3 flops.
     *
     * @param network Not modified.
     * @throws IllegalArgumentException if a recurrent weight isn't finite
     * @throws IllegalStateException if the eigenvalues don't converge, or without EJML on the class path
     */
    public static Spectrum of(Rnn network) {
        return of(network, true);
    }

    /**
     * Analyses W_rec without eigenvectors, in about a third of the time.
     *
     * @param network Not modified.
     * @throws IllegalArgumentException if a recurrent weight isn't finite
     * @throws IllegalStateException if the eigenvalues don't converge, or without EJML on the class path
     */
    public static Spectrum withoutVectors(Rnn network) {
        return of(network, false);
    }

    private static Spectrum of(Rnn network, boolean withVectors) {
        Ejml.require();
        int n = network.units();
        double[] w = network.wRec();
        for (int i = 0; i < w.length; i++) {
            if (!Double.isFinite(w[i])) {
                throw new IllegalArgumentException(
                        "W_rec[" + i / n + ", " + i % n + "] is " + w[i] + ", expected a finite number");
            }
        }
        double[] present = WeightStatistics.present(w);
        WeightStatistics weights = WeightStatistics.of(present.length > 0 ? present : w);
        Eigenvalues values = Eigenvalues.of(w, n);
        double square = 0.0;
        for (double value : w) {
            square += value * value;
        }
        double moduli = 0.0;
        for (int k = 0; k < n; k++) {
            moduli += values.re()[k] * values.re()[k] + values.im()[k] * values.im()[k];
        }
        double frobenius = Math.sqrt(square);
        double henrici = square > 0.0 ? Math.sqrt(Math.max(0.0, square - moduli)) / frobenius : 0.0;
        Optional<Eigenvectors> vectors = withVectors ? Optional.of(Eigenvectors.of(w, n, values)) : Optional.empty();
        return new Spectrum(
                values.re(), values.im(), network.alpha(), network.dtMs(), frobenius, henrici, weights, vectors);
    }

    /** N, the number of eigenvalues. */
    public int size() {
        return re.length;
    }

    /** |lambda| of eigenvalue k. */
    public double modulus(int k) {
        return StrictMath.hypot(re[k], im[k]);
    }

    /** The largest modulus. */
    public double spectralRadius() {
        return modulus(0);
    }

    /** Number of eigenvalues with modulus above 1; for an orthogonal matrix rounding decides. */
    public int outsideUnitCircle() {
        return outside(0.0);
    }

    /** Number of eigenvalues with modulus above 1 + {@link #CLEAR_MARGIN}. */
    public int clearlyOutsideUnitCircle() {
        return outside(CLEAR_MARGIN);
    }

    private int outside(double margin) {
        int count = 0;
        while (count < size() && modulus(count) > 1.0 + margin) {
            count++;
        }
        return count;
    }

    /** Real part of the step's eigenvalue {@code mu = 1 - alpha + alpha lambda}. */
    public double muRe(int k) {
        return 1.0 - alpha + alpha * re[k];
    }

    /** Imaginary part of the step's eigenvalue {@code mu = 1 - alpha + alpha lambda}. */
    public double muIm(int k) {
        return alpha * im[k];
    }

    /**
     * The frequency at which eigenvalue k oscillates, {@code 1000 |arg mu| / (2 pi dtMs)} in Hz. For a real eigenvalue
     * it is 0, or half the sampling rate if mu is negative and the state changes sign at every step.
     */
    public double frequencyHz(int k) {
        return 1000.0 * Math.abs(StrictMath.atan2(muIm(k), muRe(k))) / (2.0 * Math.PI * dtMs);
    }

    /**
     * The eigenvalues of largest modulus, with a complex pair counted once.
     *
     * @param count how many at most, not negative
     */
    public List<Mode> leading(int count) {
        List<Mode> modes = new ArrayList<>();
        for (int k = 0; k < size() && modes.size() < count; k++) {
            if (im[k] >= 0.0) {
                modes.add(new Mode(k, re[k], im[k], modulus(k), frequencyHz(k)));
            }
        }
        return modes;
    }

    /** The real eigenvalue of largest modulus, which may be negative; empty if all are complex. */
    public Optional<Mode> leadingReal() {
        return leading(size()).stream().filter(mode -> mode.im() == 0.0).findFirst();
    }

    /** The complex pair of largest modulus, by its member above the real axis; empty if all eigenvalues are real. */
    public Optional<Mode> leadingComplex() {
        return leading(size()).stream().filter(mode -> mode.im() > 0.0).findFirst();
    }

    /** Short, since the arrays are long. */
    @Override
    public String toString() {
        return "Spectrum[N=" + size() + ", radius=" + spectralRadius() + ", outside=" + outsideUnitCircle()
                + ", clearlyOutside=" + clearlyOutsideUnitCircle() + ", henrici=" + henrici + ", leading="
                + Arrays.toString(leading(3).toArray()) + "]";
    }
}
