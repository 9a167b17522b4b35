package attractor.tasks;

import attractor.random.RandomStream;
import attractor.task.NamedTaskProvider;
import attractor.task.TaskOptions;
import attractor.task.TaskOptions.Range;
import attractor.task.TrialPart;
import java.util.List;

/**
 * Sine-wave generator: from an onset on the input has a constant level, and the output is a sine whose frequency the level
 * sets. The k-th of n frequencies (from 0 on) has the level {@code amplitude (k + 1) / n}. The sine begins with the level, at
 * phase 0.
 *
 * <p>A trial draws its shift, then the inputs' noise.
 *
 * <p>Source: Sussillo, Barak, Neural Comput. 25 (2013). Immutable, safe for any thread.
 */
public final class SineGenerator extends FieldTask {
    /** The task's name. */
    public static final String NAME = "sine-generator";

    /** Key of the frequencies in Hz, a list; each trial has one of them. */
    public static final String FREQUENCIES_HZ = "frequenciesHz";

    /** Makes the task. Immutable, safe for any thread. */
    public static final class Provider extends NamedTaskProvider {
        /** For {@link java.util.ServiceLoader}. */
        public Provider() {
            super(NAME, SineGenerator::defaults, SineGenerator::new);
        }
    }

    private static TaskOptions defaults() {
        TaskOptions.Builder options = timing(NAME, 250, 20)
                .list(
                        FREQUENCIES_HZ,
                        List.of(10.0, 15.0, 20.0, 25.0, 30.0),
                        Range.POSITIVE,
                        "frequencies, Hz; a trial has one of them, told by the input's level");
        return rest(options, 0, 0.02).build();
    }

    private final int onset;
    private final List<Double> frequencies;

    private SineGenerator(TaskOptions options) {
        super(
                NAME,
                1,
                1,
                options.list(FREQUENCIES_HZ).stream().map(TaskOptions::format).toList(),
                options);
        checkDifferent(FREQUENCIES_HZ);
        frequencies = options.list(FREQUENCIES_HZ);
        for (double hz : frequencies) {
            if (hz * dtMs() >= 500) {
                throw error(value(FREQUENCIES_HZ) + " at " + value(TaskOptions.DT_MS)
                        + ", expected less than half the sampling rate, " + TaskOptions.format(500 / dtMs()) + " Hz");
            }
        }
        onset = options.steps(TaskOptions.STIMULUS_ONSET_MS);
        checkFits(onset, onset, 2); // a sine's first value is 0
    }

    @Override
    public String description() {
        return "The input is 0 and from " + ms(TaskOptions.STIMULUS_ONSET_MS)
                + " on one of " + frequencies.size() + " levels up to " + TaskOptions.format(amplitude)
                + "; from then on the output is a sine of " + numbers(FREQUENCIES_HZ) + " Hz. Types by frequency. "
                + closingWords();
    }

    @Override
    public void write(int type, RandomStream random, double[] x, double[] y, double[] mask) {
        int begin = onset + shift(random);
        input(x, 0, begin, steps, amplitude * (type + 1) / frequencies.size());
        for (int t = begin; t < steps; t++) {
            y[t] = StrictMath.sin(2 * Math.PI * frequencies.get(type) * ((t - begin) * dtMs() / 1000));
        }
        noise(random, x);
    }

    @Override
    public List<TrialPart> parts() {
        return parts(onset, onset, onset);
    }
}
