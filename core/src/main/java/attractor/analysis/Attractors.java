package attractor.analysis;

import attractor.io.Printable;
import attractor.kernel.Kernels;
import attractor.model.Rnn;
import attractor.task.Task;
import attractor.task.TrialPart;
import attractor.task.Trials;
import attractor.train.TrialBatches;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a network does in each type of trial: how it responds within the task's own time, and where its state goes in
 * the long run. The two are reported separately, since a response may be a transient.
 *
 * <p><b>Response.</b> One trial of each type without noise. Its last part named {@value TrialPart#RESPONSE} is analysed
 * (the last part if none has that name), see {@link Response}.
 *
 * <p><b>Long run.</b> From the state at the trial's end the network runs on under constant input. After 250, 500, 1000,
 * ... steps these conditions are tested in this order. The state is
 * <ul>
 *   <li>on an attractor found before (within 1e-6 of a stable point or orbit, 1e-4 radii of a curve);
 *   <li>back within 1e-6 after p steps, p up to {@link Options#maxPeriod}: Newton's iteration on F^p(h) = h with the
 *       analytic Jacobian then has to find an orbit (residual at most 1e-12) within 1e-3, whose multipliers, the
 *       eigenvalues of DF^p, are all below 1 in modulus: {@link Kind#FIXED_POINT}, {@link Kind#PERIODIC_ORBIT}. An
 *       unstable one counts only if the state sits exactly on it, as at h = 0 without input and bias:
 *       {@link Kind#UNSTABLE_FIXED_POINT};
 *   <li>after 2000 steps or more, on a closed curve h = K(theta) with F(K(theta)) = K(theta + rho), the equation
 *       holding and the orbit following the curve within 1e-6 radii, and the largest Lyapunov exponent not above the
 *       tolerance: {@link Kind#CLOSED_CURVE}.
 * </ul>
 * A state that meets none of them within {@link Options#settleSteps} is classified by its four leading Lyapunov
 * exponents (QR along the orbit) and a tolerance tau. Largest above tau: {@link Kind#CHAOS}, unless the state stays
 * within 1e-6 radii of a closed curve, which is then unstable. Below -tau: an orbit of a period up to 512, if one is
 * found. Within tau: {@link Kind#CLOSED_CURVE} (or up to eight curves that F visits in turn) if the equation above
 * holds within 1e-3 radii or the second exponent is below -tau, else {@link Kind#TORUS}. If the spread of the states
 * changes by more than 5 % between the halves of the run, or nothing fits: {@link Kind#UNSETTLED}.
 *
 * <p><b>With noise.</b> The same from the final states of noisy trials, without noise from there on. Two tori are the
 * same if mean state and spread agree within a quarter of the spread. Chaotic attractors aren't distinguished: all
 * chaotic states share one entry, with the numbers of the first.
 *
 * <p>At alpha = 1 the network is a map, not a flow. Its periodic orbits have whole numbers of steps as periods; an
 * oscillation with any other period is a closed curve with a rotation number. Nothing here interpolates between steps.
 *
 * <p>Thread-safe as long as the arrays are not modified; they are not copied. The same bits on every JDK and with all
 * kernels except jblas. Source of the question: Jarne and Laje, arXiv:1906.01094, section 5.
 *
 * @param attractors the attractors that were found, in the order of discovery
 * @param types the results by trial type, in the task's order
 * @param eigenvalues the class of the network by its leading eigenvalues, see {@link Regime}
 * @param options the options of the analysis
 */
public record Attractors(List<Attractor> attractors, List<TypeResult> types, Regime eigenvalues, Options options) {

    /** What a state can settle on. Immutable, safe for any thread. */
    public enum Kind {
        /** A fixed point without growing directions. */
        FIXED_POINT("fixed point"),
        /** A fixed point that almost every small deviation would leave; the state sits exactly on it. */
        UNSTABLE_FIXED_POINT("unstable fixed point"),
        /** A cycle of p states, p at least 2. */
        PERIODIC_ORBIT("periodic orbit"),
        /** One or more closed curves that F maps into themselves by a rotation. */
        CLOSED_CURVE("closed curve"),
        /** Two or more exponents are 0 and none is above. */
        TORUS("torus"),
        /** The largest exponent is above 0. */
        CHAOS("chaos"),
        /** Not classified within the time allowed. */
        UNSETTLED("not settled"),
        /** A state beyond 1e100. */
        DIVERGING("diverging");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        /** In words, as in summaries. */
        public String words() {
            return words;
        }

        /** Whether the state stays constant: a fixed point, stable or not. */
        public boolean still() {
            return this == FIXED_POINT || this == UNSTABLE_FIXED_POINT;
        }

        /** Whether the state goes round for ever, with one or more periods: an orbit, closed curve or torus. */
        public boolean oscillates() {
            return this == PERIODIC_ORBIT || this == CLOSED_CURVE || this == TORUS;
        }
    }

    /**
     * An output on an attractor. Immutable, safe for any thread.
     *
     * @param mean over 4096 steps, or over the orbit
     * @param min the least value
     * @param max the largest value
     * @param frequencyHz frequency of the strongest line of its spectrum, at most half the sampling rate; NaN if the
     *     output is constant, or chaotic, since then there are no lines
     * @param amplitude amplitude of that line, A in A cos; 0 if the output is constant, NaN if it is chaotic
     */
    public record OutputRange(double mean, double min, double max, double frequencyHz, double amplitude) {}

    /**
     * A closed curve h = K(theta) on which F turns. Immutable, safe for any thread.
     *
     * @param curves number q of curves that F visits in turn
     * @param rotationNumber turns that F^q makes on each of them, folded to 0 ... 1/2, since the direction is
     *     arbitrary; NaN if the fit's error exceeds 0.05 radii
     * @param invarianceResidual largest |F(K(theta)) - K(theta + rho)| over units and 128 angles
     * @param radius root mean square distance of the curve from its centre
     * @param harmonics number of harmonics of the Fourier series for K
     */
    public record Curve(int curves, double rotationNumber, double invarianceResidual, double radius, int harmonics) {}

    /**
     * Something that states settle on. Thread-safe as long as the arrays are not modified; they are not copied.
     *
     * @param kind its kind
     * @param period p of a fixed point (1) or orbit; 0 otherwise
     * @param states the p states of a fixed point or orbit, p x N; otherwise one state on it, N; empty if it isn't known
     * @param outputs the O outputs on it
     * @param multipliers eigenvalues of DF^p, for a fixed point or orbit
     * @param curve the curve, for a closed curve
     * @param frequencyHz frequency of the strongest line in the spectrum of all units' states, at most half the
     *     sampling rate; NaN for a fixed point, for chaos, or if it isn't known
     * @param exponents leading Lyapunov exponents per step, up to four, largest first; empty if unknown
     */
    public record Attractor(
            Kind kind,
            int period,
            double[] states,
            List<OutputRange> outputs,
            Optional<Multipliers> multipliers,
            Optional<Curve> curve,
            double frequencyHz,
            double[] exponents) {
        /** Whether small deviations die out (fixed points and orbits), by more than {@link Multipliers#NEUTRAL}. */
        public boolean stable() {
            return multipliers.isPresent() && multipliers.get().stable();
        }

        /** In a few words, such as {@code fixed point, output 1.01} or {@code oscillation, 14 Hz (closed curve)}. */
        public String words() {
            return switch (kind) {
                case FIXED_POINT, UNSTABLE_FIXED_POINT ->
                    kind.words() + ", output "
                            + numbers(outputs.stream().map(OutputRange::mean).toList());
                case PERIODIC_ORBIT -> oscillation("period " + period);
                case CLOSED_CURVE ->
                    oscillation(
                            curve.isPresent() && curve.get().curves() > 1
                                    ? curve.get().curves() + " closed curves"
                                    : kind.words());
                case TORUS -> oscillation(kind.words());
                case CHAOS, UNSETTLED, DIVERGING -> kind.words();
            };
        }

        private String oscillation(String how) {
            return "oscillation, " + hertz(frequencyHz) + " (" + how + ")";
        }
    }

    /**
     * One output's response in a trial without noise, within the task's window.
     *
     * <p>It oscillates if a sine of 3/2 cycles or more in the window, fitted by least squares beside a straight line,
     * explains at least half of the variance around the line, and its amplitude is at least {@value #MIN_AMPLITUDE};
     * otherwise it is a level.
     *
     * <p>Immutable, safe for any thread.
     *
     * @param fromMs where the window begins
     * @param toMs where it ends
     * @param oscillates whether it oscillates
     * @param level mean over the window's second half
     * @param min the least value in the window
     * @param max the largest value in the window
     * @param frequencyHz frequency of the sine; NaN if there is nothing to fit
     * @param amplitude amplitude of the sine
     * @param explained share of the variance around the straight line that the sine explains, 0 to 1
     */
    public record Response(
            double fromMs,
            double toMs,
            boolean oscillates,
            double level,
            double min,
            double max,
            double frequencyHz,
            double amplitude,
            double explained) {
        /** The smallest amplitude of an oscillation. */
        public static final double MIN_AMPLITUDE = 0.1;
    }

    /**
     * The classes in which the paper's authors sort trained networks, with thresholds of our own. They say nothing
     * about where the state ends.
     *
     * <p>By the <i>leading eigenvalues</i> mu = 1 - alpha + alpha lambda of one step at h = 0 (lambda of W_rec), those
     * whose modulus is within {@value #LEADING_BAND} of the largest, so that over a hundred steps none of them outgrows
     * the others by a factor of more than about e: all complex or negative, oscillatory; all real and positive,
     * ramping; both, mixed.
     *
     * <p>By the <i>activity</i> of all units in the response window of a trial without noise: the power at two or more
     * cycles per window after removing each unit's straight line, divided by the power of all deviations from the
     * means; both summed over units. A share of 2/3 or more is oscillatory, 1/3 or less ramping, values between are
     * mixed; quiet if no unit deviates by more than 1e-3 from its mean.
     *
     * <p>Together: the class if both agree; quiet if the activity is quiet; otherwise mixed.
     *
     * <p>Immutable, safe for any thread.
     */
    public enum Regime {
        /** Oscillatory. */
        OSCILLATORY,
        /** Ramping or decaying, without turning back and forth. */
        RAMPING,
        /** Both. */
        MIXED,
        /** Nothing moves. */
        QUIET;

        /** How far below the largest modulus a leading eigenvalue's modulus may be. */
        public static final double LEADING_BAND = 0.01;

        /** The class by the leading eigenvalues, those with the largest |mu|. */
        public static Regime of(Spectrum spectrum) {
            double[] modulus = new double[spectrum.size()];
            double largest = 0.0;
            for (int k = 0; k < modulus.length; k++) {
                modulus[k] = StrictMath.hypot(spectrum.muRe(k), spectrum.muIm(k));
                largest = Math.max(largest, modulus[k]);
            }
            boolean turns = false;
            boolean grows = false;
            for (int k = 0; k < modulus.length; k++) {
                if (modulus[k] >= largest - LEADING_BAND) {
                    boolean plain = spectrum.muIm(k) == 0.0 && spectrum.muRe(k) >= 0.0;
                    grows |= plain;
                    turns |= !plain;
                }
            }
            return turns && grows ? MIXED : turns ? OSCILLATORY : RAMPING;
        }

        /** The class by the share of oscillating power; NaN means quiet. */
        static Regime of(double share) {
            if (Double.isNaN(share)) {
                return QUIET;
            }
            return share >= 2.0 / 3.0 ? OSCILLATORY : share <= 1.0 / 3.0 ? RAMPING : MIXED;
        }

        /** Both together. */
        public static Regime of(Regime eigenvalues, Regime activity) {
            return activity == QUIET || activity == eigenvalues ? activity : MIXED;
        }
    }

    /**
     * A trial type. Thread-safe as long as the arrays are not modified; they are not copied.
     *
     * @param type its name
     * @param responses the O outputs' responses in a trial without noise
     * @param attractor where that trial's state goes, an index into {@link Attractors#attractors}
     * @param settledAfter number of steps after the trial's end when that was found
     * @param noisyFractions fraction of the noisy trials that went to each attractor; empty without noisy trials
     * @param oscillatoryShare oscillating share of the units' power, see {@link Regime}; NaN if nothing moves
     * @param activity the class by the activity
     * @param regime the class by eigenvalues and activity together
     */
    public record TypeResult(
            String type,
            List<Response> responses,
            int attractor,
            int settledAfter,
            double[] noisyFractions,
            double oscillatoryShare,
            Regime activity,
            Regime regime) {}

    /**
     * Options of the analysis. Thread-safe as long as the arrays are not modified; they are not copied.
     *
     * @param input constant input after the trials, I values; null for zeros
     * @param noisyTrials noisy trials of each type, 0 or more
     * @param seed seed of the noisy trials
     * @param settleSteps largest number of steps to wait for a state to settle, at least 1
     * @param maxPeriod longest period of the orbits that are looked for meanwhile, at least 1
     * @param exponentSteps steps over which Lyapunov exponents are averaged, at least 100
     * @param exponentTolerance exponents up to this modulus count as 0, per step, 0 or more
     */
    public record Options(
            double[] input,
            int noisyTrials,
            long seed,
            int settleSteps,
            int maxPeriod,
            int exponentSteps,
            double exponentTolerance) {
        /** @throws IllegalArgumentException if a number is out of its range */
        public Options {
            if (noisyTrials < 0 || settleSteps < 1 || maxPeriod < 1 || exponentSteps < 100) {
                throw new IllegalArgumentException("attractors: noisyTrials " + noisyTrials + ", settleSteps "
                        + settleSteps + ", maxPeriod " + maxPeriod + ", exponentSteps " + exponentSteps
                        + ", expected at least 0, 1, 1 and 100");
            }
            if (!(exponentTolerance >= 0.0 && exponentTolerance <= Double.MAX_VALUE)) {
                throw new IllegalArgumentException("attractors: exponentTolerance is " + exponentTolerance
                        + ", expected a finite number, 0 or more");
            }
        }

        /**
         * No input, 20 noisy trials per type, seed 0, 16,000 steps (8,000 above 100 units), periods up to 64, exponents
         * over 20,000 steps (8,000 above 100 units) and within 1e-3 of 0.
         */
        public static Options of(Rnn rnn) {
            boolean small = rnn.units() <= 100;
            return new Options(null, 20, 0, small ? 16_000 : 8_000, 64, small ? 20_000 : 8_000, 1e-3);
        }

        /** These options with another constant input. */
        public Options withInput(double[] other) {
            return new Options(other, noisyTrials, seed, settleSteps, maxPeriod, exponentSteps, exponentTolerance);
        }

        /** These options with another number of noisy trials. */
        public Options withNoisyTrials(int other) {
            return new Options(input, other, seed, settleSteps, maxPeriod, exponentSteps, exponentTolerance);
        }

        /** These options with another seed. */
        public Options withSeed(long other) {
            return new Options(input, noisyTrials, other, settleSteps, maxPeriod, exponentSteps, exponentTolerance);
        }

        /** These options with another time to settle. */
        public Options withSettleSteps(int other) {
            return new Options(input, noisyTrials, seed, other, maxPeriod, exponentSteps, exponentTolerance);
        }
    }

    /** Analyses a network on its task with the default options. See {@link #of(Rnn, Task, Task, Options)}. */
    public static Attractors of(Rnn rnn, Task task) {
        return of(rnn, task.withoutNoise(), task, Options.of(rnn));
    }

    /**
     * Analyses a network.
     *
     * @param rnn Not modified.
     * @param quiet the task without noise
     * @param noisy the task with noise; not used if the options ask for no noisy trials
     * @throws IllegalArgumentException if network and tasks don't fit together, or a parameter isn't finite
     * @throws IllegalStateException without EJML on the class path
     */
    public static Attractors of(Rnn rnn, Task quiet, Task noisy, Options options) {
        Ejml.require();
        check(rnn, quiet);
        check(rnn, noisy);
        if (!quiet.types().equals(noisy.types())) {
            throw new IllegalArgumentException("the task with noise has types " + noisy.types()
                    + ", expected those of the one without, " + quiet.types());
        }
        ConstantMap map = new ConstantMap(rnn, options.input, Kernels.get());
        return new Analysis(map, quiet, noisy, options).result();
    }

    static void check(Rnn rnn, Task task) {
        if (task.inputs() != rnn.inputs() || task.outputs() != rnn.outputs()) {
            throw new IllegalArgumentException(
                    "task " + task.name() + " has " + Printable.count(task.inputs(), "input") + " and "
                            + Printable.count(task.outputs(), "output") + ", expected the network's I = " + rnn.inputs()
                            + " and O = "
                            + rnn.outputs());
        }
        if (task.dtMs() != rnn.dtMs()) {
            throw new IllegalArgumentException("task " + task.name() + " has a dt of " + task.dtMs()
                    + " ms, expected the network's, " + rnn.dtMs() + " ms");
        }
    }

    /** The last response part of a trial; if there is none, the last part; the whole trial if it has no parts. */
    static TrialPart answer(Task task) {
        List<TrialPart> parts = task.parts();
        for (int k = parts.size() - 1; k >= 0; k--) {
            if (parts.get(k).name().equals(TrialPart.RESPONSE)) {
                return parts.get(k);
            }
        }
        return parts.isEmpty() ? new TrialPart(TrialPart.RESPONSE, 0, task.steps()) : parts.get(parts.size() - 1);
    }

    /** One line per type, see {@link #line}. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (int k = 0; k < types.size(); k++) {
            lines.add(line(k));
        }
        return List.copyOf(lines);
    }

    /**
     * A type in one line, such as
     *
     * <pre>
     *     11: fixed point, output 1.01
     *     01: oscillation, 14 Hz (closed curve), output 0.00
     *     osc: oscillation, 28 Hz; in the long run oscillation, 244 Hz (closed curve)
     * </pre>
     *
     * If the output oscillates, the response comes first; otherwise the attractor, with the response's level. Names of
     * zeros and ones are spelt as in the paper. If most noisy trials end on another attractor than the trial without
     * noise, the line names it.
     *
     * @param type index into {@link #types}
     */
    public String line(int type) {
        TypeResult result = types.get(type);
        Attractor end = attractors.get(result.attractor);
        Response strongest = null;
        boolean elsewhere = false;
        for (int o = 0; o < result.responses.size(); o++) {
            Response r = result.responses.get(o);
            if (r.oscillates() && (strongest == null || r.amplitude() > strongest.amplitude())) {
                strongest = r;
            }
            elsewhere |= !(Math.abs(r.level() - end.outputs().get(o).mean()) <= Response.MIN_AMPLITUDE);
        }
        String level = "output "
                + numbers(result.responses.stream().map(Response::level).toList());
        String words;
        if (strongest != null) {
            words = "oscillation, " + hertz(strongest.frequencyHz()) + "; in the long run " + end.words();
        } else if (elsewhere) {
            words = level + "; in the long run " + end.words();
        } else {
            words = end.kind.still() ? end.words() : end.words() + ", " + level;
        }
        int most = 0;
        for (int k = 1; k < result.noisyFractions.length; k++) {
            most = result.noisyFractions[k] > result.noisyFractions[most] ? k : most;
        }
        if (result.noisyFractions.length > 0 && most != result.attractor && result.noisyFractions[most] > 0.5) {
            words += String.format(
                    Locale.ROOT,
                    "; after noise %s (%.0f %%)",
                    attractors.get(most).words(),
                    100.0 * result.noisyFractions[most]);
        }
        return Printable.name(result.type) + ": " + words;
    }

    private static String hertz(double hz) {
        return String.format(Locale.ROOT, hz < 9.95 ? "%.1f Hz" : "%.0f Hz", hz);
    }

    private static String numbers(List<Double> values) {
        List<String> words = new ArrayList<>();
        for (double v : values) {
            // Adding 0.0 turns a negative zero into a positive one.
            words.add(String.format(Locale.ROOT, "%.2f", Math.rint(v * 100.0) / 100.0 + 0.0));
        }
        return words.size() == 1 ? words.get(0) : "(" + String.join(", ", words) + ")";
    }

    /** The working data of one analysis. */
    private static final class Analysis {
        private final ConstantMap map;
        private final Rnn rnn;
        private final Task quiet;
        private final Task noisy;
        private final Options options;
        private final TrialPart window;

        Analysis(ConstantMap map, Task quiet, Task noisy, Options options) {
            this.map = map;
            rnn = map.rnn;
            this.quiet = quiet;
            this.noisy = noisy;
            this.options = options;
            window = answer(quiet);
        }

        Attractors result() {
            int n = rnn.units();
            int typeCount = quiet.types().size();
            int trialCount = typeCount * options.noisyTrials;
            double[] states = new double[typeCount * quiet.steps() * n];
            double[] ends = new double[(typeCount + trialCount) * n];
            int[] steps = new int[typeCount + trialCount];
            run(Trials.balanced(quiet, typeCount, options.seed, Trials.EVALUATION), states, ends, steps, 0);
            if (trialCount > 0) {
                run(Trials.balanced(noisy, trialCount, options.seed, Trials.EVALUATION), null, ends, steps, typeCount);
            }
            AttractorFinder finder = new AttractorFinder(map, options);
            AttractorFinder.Settled[] settled = finder.settle(typeCount + trialCount, ends);
            List<Attractor> attractors = finder.attractors();

            Regime eigenvalues = Regime.of(Spectrum.withoutVectors(rnn));
            List<TypeResult> types = new ArrayList<>();
            for (int k = 0; k < typeCount; k++) {
                double[] fractions = new double[options.noisyTrials == 0 ? 0 : attractors.size()];
                for (int i = k; i < trialCount; i += typeCount) {
                    fractions[settled[typeCount + i].attractor()]++;
                }
                for (int a = 0; a < fractions.length; a++) {
                    fractions[a] /= options.noisyTrials;
                }
                TrialPart own = window.within(steps[k]);
                ActivityRegime activity = ActivityRegime.of(
                        states, (k * quiet.steps() + own.from()) * rnn.units(), own.steps(), rnn.units());
                types.add(new TypeResult(
                        quiet.types().get(k),
                        responses(states, k, own),
                        settled[k].attractor(),
                        settled[k].steps(),
                        fractions,
                        activity.share(),
                        activity.regime(),
                        Regime.of(eigenvalues, activity.regime())));
            }
            return new Attractors(attractors, List.copyOf(types), eigenvalues, options);
        }

        /**
         * Runs trials from h0.
         *
         * @param states trials x T x N, becomes h(1) ... h(T); null if not wanted. Modified.
         * @param ends rows of N, becomes each trial's state after its own steps. Modified.
         * @param own becomes each trial's number of steps without padding. Modified.
         * @param first where the first trial goes in {@code ends} and {@code own}
         */
        private void run(Trials trials, double[] states, double[] ends, int[] own, int first) {
            int n = rnn.units();
            int steps = trials.steps();
            TrialBatches.run(rnn, trials, map.kernels, options.seed, true, batch -> {
                double[] h = batch.run().h();
                for (int k = 0; k < batch.size(); k++) {
                    int to = first + batch.first() + k;
                    own[to] = batch.steps(k);
                    System.arraycopy(h, (k * steps + own[to] - 1) * n, ends, to * n, n);
                }
                if (states != null) {
                    System.arraycopy(h, 0, states, batch.first() * steps * n, batch.size() * steps * n);
                }
            });
        }

        private List<Response> responses(double[] states, int trial, TrialPart part) {
            int outputs = rnn.outputs();
            int from = trial * quiet.steps() + part.from();
            double[] y = map.outputs(part.steps(), states, from * rnn.units());
            List<Response> responses = new ArrayList<>();
            for (int o = 0; o < outputs; o++) {
                double[] series = new double[part.steps()];
                for (int t = 0; t < series.length; t++) {
                    series[t] = y[t * outputs + o];
                }
                responses.add(response(series, part));
            }
            return List.copyOf(responses);
        }

        private Response response(double[] y, TrialPart part) {
            FrequencyEstimation.Sine sine = FrequencyEstimation.sine(y);
            double level = 0.0;
            for (int t = y.length / 2; t < y.length; t++) {
                level += y[t] / (y.length - y.length / 2);
            }
            return new Response(
                    part.from() * rnn.dtMs(),
                    part.to() * rnn.dtMs(),
                    sine.explained() >= 0.5 && sine.amplitude() >= Response.MIN_AMPLITUDE,
                    level,
                    Arrays.stream(y).min().orElse(Double.NaN),
                    Arrays.stream(y).max().orElse(Double.NaN),
                    1000.0 * sine.frequency() / rnn.dtMs(),
                    sine.amplitude(),
                    sine.explained());
        }
    }
}
