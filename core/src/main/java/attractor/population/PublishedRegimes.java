package attractor.population;

import attractor.analysis.Spectrum;
import attractor.io.Printable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Regimes as the paper's authors label them since 2026 (their {@code analyze_ensemble_v4.py}). One label is of the spectrum
 * of W_rec, by the oscillation index of the eigenvalue of largest modulus, {@code |Im l| / |l|}. The other is of the
 * activity in a window in the middle of the trial: the first principal component of the mean trajectory gives the ramp
 * index, the absolute correlation with time; less its straight line, it gives a spectrum by Welch's method (segments that
 * overlap by half, each less its mean, Hann's window), and the ratio of the spectrum's largest value to its median, both
 * above two cycles in the window. Together: the label if both are the same, otherwise mixed.
 *
 * <p>The authors average over trials of all conditions, which in a network of odd symmetry cancels the signal; here each
 * type has labels of its own. They label a window of any length from 8 steps on; here the spectrum, and with it the label,
 * is absent where segments would be shorter than {@value #LEAST_SEGMENT} steps, as in windows below 32, since a median of a
 * few lines is no background; and where nothing moves. Segments are at most half the window. Needs one trial of each type.
 * Immutable, safe for any thread.
 *
 * @param oscillationIndex of the leading eigenvalue, 0 to 1
 * @param spectrum the label by it
 * @param types by type
 * @param options what it was computed with
 */
public record PublishedRegimes(double oscillationIndex, Label spectrum, List<OfType> types, Options options) {
    /** The shortest segment of a spectrum. */
    public static final int LEAST_SEGMENT = 16;

    /** A regime. Immutable, safe for any thread. */
    public enum Label {
        /** Oscillatory. */
        OSCILLATORY,
        /** Ramping or decaying. */
        RAMPING,
        /** Neither, or both. */
        MIXED
    }

    /**
     * A type of trial. Immutable, safe for any thread.
     *
     * @param rampIndex absolute correlation with time; empty if nothing moves in the window
     * @param peakRatio largest value of the spectrum over its median; empty if the window is too short or nothing moves
     * @param peakHz frequency of the largest value; empty as the ratio is
     * @param activity the label by both; empty as the ratio is
     * @param label both labels together; empty as the ratio is
     */
    public record OfType(
            String type,
            Optional<Double> rampIndex,
            Optional<Double> peakRatio,
            Optional<Double> peakHz,
            Optional<Label> activity,
            Optional<Label> label) {}

    /**
     * Thresholds and window. Immutable, safe for any thread.
     *
     * @param oscillatory oscillation index from which on the spectrum is oscillatory
     * @param mixed oscillation index from which on it is mixed, at most {@code oscillatory}
     * @param peakRatio ratio from which on the activity is oscillatory
     * @param ramp ramp index from which on the activity is ramping, if it isn't oscillatory
     * @param from begin of the window, as a share of the trial, 0 to 1
     * @param to end of the window, above {@code from}
     * @param segment longest segment of the spectrum in steps, at least {@value PublishedRegimes#LEAST_SEGMENT}
     */
    public record Options(
            double oscillatory, double mixed, double peakRatio, double ramp, double from, double to, int segment) {
        /** The authors' values. */
        public static final Options PUBLISHED = new Options(0.15, 0.05, 5.0, 0.8, 0.35, 0.85, 64);

        /** @throws IllegalArgumentException if a number is out of its range */
        public Options {
            if (!(mixed >= 0.0 && oscillatory >= mixed && oscillatory <= 1.0)) {
                throw new IllegalArgumentException("regimes: oscillation indices are " + mixed + " and " + oscillatory
                        + ", expected 0 <= mixed <= oscillatory <= 1");
            }
            if (!(peakRatio > 0.0 && peakRatio <= Double.MAX_VALUE)) {
                throw new IllegalArgumentException(
                        "regimes: peak ratio is " + peakRatio + ", expected a number above 0");
            }
            if (!(ramp >= 0.0 && ramp <= 1.0)) {
                throw new IllegalArgumentException("regimes: ramp index is " + ramp + ", expected 0 to 1");
            }
            if (!(from >= 0.0 && to > from && to <= 1.0)) {
                throw new IllegalArgumentException(
                        "regimes: window is " + from + " to " + to + ", expected 0 <= from < to <= 1");
            }
            if (segment < LEAST_SEGMENT) {
                throw new IllegalArgumentException("regimes: segment is " + Printable.count(segment, "step")
                        + ", expected at least " + LEAST_SEGMENT);
            }
        }
    }

    /**
     * Labels a network.
     *
     * @param spectrum of its W_rec. Not modified.
     * @param trials Not modified.
     */
    public static PublishedRegimes of(Spectrum spectrum, PopulationTrials trials, Options options) {
        double index = 0.0;
        if (spectrum.size() > 0 && spectrum.modulus(0) > 0.0) {
            index = Math.abs(spectrum.im()[0]) / spectrum.modulus(0);
        }
        Label bySpectrum =
                index >= options.oscillatory ? Label.OSCILLATORY : index >= options.mixed ? Label.MIXED : Label.RAMPING;
        List<OfType> types = new ArrayList<>();
        for (int k = 0; k < trials.types().size(); k++) {
            types.add(ofType(trials.types().get(k), trials.mean(k), trials, bySpectrum, options));
        }
        return new PublishedRegimes(index, bySpectrum, List.copyOf(types), options);
    }

    /** The same with other thresholds; window and segment must be those of before. */
    PublishedRegimes relabelled(Options other) {
        Label bySpectrum = oscillationIndex >= other.oscillatory
                ? Label.OSCILLATORY
                : oscillationIndex >= other.mixed ? Label.MIXED : Label.RAMPING;
        return new PublishedRegimes(
                oscillationIndex,
                bySpectrum,
                types.stream()
                        .map(t -> labelled(t.type, t.rampIndex, t.peakRatio, t.peakHz, bySpectrum, other))
                        .toList(),
                other);
    }

    private static OfType labelled(
            String type,
            Optional<Double> ramp,
            Optional<Double> ratio,
            Optional<Double> hz,
            Label bySpectrum,
            Options options) {
        Optional<Label> activity = ratio.map(r -> r >= options.peakRatio
                ? Label.OSCILLATORY
                : ramp.orElse(0.0) >= options.ramp ? Label.RAMPING : Label.MIXED);
        Optional<Label> both = activity.map(a -> a == bySpectrum ? a : Label.MIXED);
        return new OfType(type, ramp, ratio, hz, activity, both);
    }

    private static OfType ofType(
            String type, double[] mean, PopulationTrials trials, Label bySpectrum, Options options) {
        int from = (int) (options.from * trials.steps());
        int to = (int) (options.to * trials.steps());
        int length = to - from;
        int n = trials.units();
        if (length < 3) {
            return labelled(type, Optional.empty(), Optional.empty(), Optional.empty(), bySpectrum, options);
        }
        double[] window = Arrays.copyOfRange(mean, from * n, to * n);
        double[] direction = Subspace.principal(window, n, 1);
        if (direction.length == 0) {
            return labelled(type, Optional.empty(), Optional.empty(), Optional.empty(), bySpectrum, options);
        }
        double[] pc = Matrices.product(Matrices.centred(window, length, n), direction, length, n, 1);
        double along = 0.0;
        double times = 0.0;
        for (int t = 0; t < length; t++) {
            double time = t - 0.5 * (length - 1);
            along += time * pc[t];
            times += time * time;
        }
        double ramp = Math.min(1.0, Math.abs(along) / Math.sqrt(times * Matrices.squares(pc)));
        double before = Matrices.squares(pc);
        for (int t = 0; t < length; t++) {
            pc[t] -= along / times * (t - 0.5 * (length - 1));
        }
        int segment = Math.min(options.segment, length / 2);
        if (segment < LEAST_SEGMENT || !(Matrices.squares(pc) > 1e-24 * before)) {
            return labelled(type, Optional.of(ramp), Optional.empty(), Optional.empty(), bySpectrum, options);
        }
        double[] power = welch(pc, segment);
        double lowest = 2.0 / length;
        double[] band = new double[power.length];
        int lines = 0;
        int peak = -1;
        for (int k = 0; k < power.length; k++) {
            if (k / (double) segment > lowest) {
                band[lines++] = power[k];
                peak = peak < 0 || power[k] > power[peak] ? k : peak;
            }
        }
        double[] sorted = Arrays.copyOf(band, lines);
        Arrays.sort(sorted);
        double median = lines % 2 == 1 ? sorted[lines / 2] : 0.5 * (sorted[lines / 2 - 1] + sorted[lines / 2]);
        // The authors add 1e-10 to the median.
        double ratio = power[peak] / (median + 1e-10);
        return labelled(
                type,
                Optional.of(ramp),
                Optional.of(ratio),
                Optional.of(1000.0 * peak / segment / trials.dtMs()),
                bySpectrum,
                options);
    }

    /**
     * The power spectral density of a series with a unit of time between its values, at k / segment, k = 0 ... segment / 2:
     * Welch's method with Hann's window, half overlap and each segment less its mean, as SciPy's {@code welch}.
     *
     * @param series Not modified.
     * @param segment at least 2 and at most the series' length
     */
    static double[] welch(double[] series, int segment) {
        double[] hann = new double[segment];
        double squares = 0.0;
        for (int t = 0; t < segment; t++) {
            hann[t] = 0.5 - 0.5 * StrictMath.cos(2.0 * Math.PI * t / segment);
            squares += hann[t] * hann[t];
        }
        double[] cos = new double[segment];
        double[] sin = new double[segment];
        for (int t = 0; t < segment; t++) {
            cos[t] = StrictMath.cos(2.0 * Math.PI * t / segment);
            sin[t] = StrictMath.sin(2.0 * Math.PI * t / segment);
        }
        double[] power = new double[segment / 2 + 1];
        int step = segment - segment / 2;
        int count = 0;
        for (int from = 0; from + segment <= series.length; from += step) {
            double mean = 0.0;
            for (int t = 0; t < segment; t++) {
                mean += series[from + t] / segment;
            }
            for (int k = 0; k < power.length; k++) {
                double re = 0.0;
                double im = 0.0;
                for (int t = 0; t < segment; t++) {
                    double value = hann[t] * (series[from + t] - mean);
                    int turn = (int) ((long) k * t % segment);
                    re += value * cos[turn];
                    im -= value * sin[turn];
                }
                power[k] += (re * re + im * im) / squares;
            }
            count++;
        }
        for (int k = 0; k < power.length; k++) {
            boolean twice = k > 0 && 2 * k != segment;
            power[k] *= (twice ? 2.0 : 1.0) / count;
        }
        return power;
    }
}
