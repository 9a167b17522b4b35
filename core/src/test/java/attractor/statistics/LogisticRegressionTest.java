package attractor.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.random.RandomStream;
import attractor.random.RandomStream.Purpose;
import attractor.statistics.ConfidenceSet.Shape;
import attractor.statistics.LogisticRegression.Outcome;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/**
 * Expected values: statsmodels 0.15.0, GLM(np.c_[k, n - k], add_constant(x), family=Binomial()), taken to 17 digits by
 * Newton's method in mpmath 1.4.1; Fieller's limits from its quadratic equation; profile limits by bisection in mpmath with 40
 * digits, the constrained maximum by bisection of its derivative.
 */
class LogisticRegressionTest {
    private static final double[] DELAYS = {20, 40, 60, 80, 100, 120, 140, 160};
    private static final int[] PASSED = {10, 10, 9, 8, 5, 3, 1, 0};

    private static LogisticRegression of(double[] x, int[] k, int n) {
        int[] trials = new int[x.length];
        Arrays.fill(trials, n);
        return LogisticRegression.of(x, k, trials, 0.95);
    }

    private static void assertSet(Shape shape, double low, double high, ConfidenceSet set, double tolerance) {
        assertEquals(shape, set.shape());
        assertEquals(low, set.low(), tolerance);
        assertEquals(high, set.high(), tolerance);
    }

    @Test
    void successAgainstDelay() {
        LogisticRegression fit = of(DELAYS, PASSED, 10);
        assertEquals(Outcome.FITTED, fit.outcome());
        assertEquals(80, fit.trials());
        assertEquals(46, fit.successes());
        assertEquals(6.4408815980178995, fit.intercept(), 1e-13);
        assertEquals(-0.063046622176793906, fit.slope(), 1e-15);
        assertEquals(1.9920343636535651, fit.interceptVariance(), 1e-12);
        assertEquals(-0.018390628451936864, fit.covariance(), 1e-14);
        assertEquals(0.0001814521029020392, fit.slopeVariance(), 1e-16);
        assertEquals(1.41139447, fit.interceptStandardError(), 1e-8);
        assertEquals(0.01347042, fit.slopeStandardError(), 1e-8);
        assertEquals(-25.256820169512606, fit.logLikelihood(), 1e-12);
        assertEquals(-54.548368698462672, fit.constantLogLikelihood(), 1e-12);
        assertEquals(1.9488357475374201e-14, fit.slopePValue(), 1e-26);
        assertEquals(102.1606134577127, fit.crossing(), 1e-11);
        assertEquals(0.5, fit.probability(fit.crossing()), 1e-14);
        assertTrue(fit.crossesWithinRange());
        assertSet(Shape.INTERVAL, 90.07307022864886, 114.59184195169101, fit.fieller(), 1e-10);
        assertSet(Shape.INTERVAL, 90.8393058305585, 113.705371577973, fit.profile(), 1e-10);
        assertTrue(Double.isNaN(fit.gap().low()));
    }

    /** The beetles of C. I. Bliss (1935), with their narrow range of x far from 0: -60.717 + 34.270 x in the textbooks. */
    @Test
    void beetles() {
        double[] x = {1.6907, 1.7242, 1.7552, 1.7842, 1.8113, 1.8369, 1.8610, 1.8839};
        int[] k = {6, 13, 18, 28, 52, 53, 61, 60};
        int[] n = {59, 60, 62, 56, 63, 59, 62, 60};
        LogisticRegression fit = LogisticRegression.of(x, k, n, 0.95);
        assertEquals(-60.717454561635451, fit.intercept(), 1e-10);
        assertEquals(34.270325734147001, fit.slope(), 1e-10);
        assertEquals(26.839771266390849, fit.interceptVariance(), 1e-8);
        assertEquals(8.4805597910022864, fit.slopeVariance(), 1e-9);
        assertEquals(1.7717209644475743, fit.crossing(), 1e-14);
        assertSet(Shape.INTERVAL, 1.763858171772517, 1.7792004754323485, fit.fieller(), 1e-13);
        assertSet(Shape.INTERVAL, 1.76398210356484, 1.7791872457912, fit.profile(), 1e-12);
    }

    @Test
    void aSlopeThatMayBeZeroLeavesTheCrossingUnbounded() {
        LogisticRegression fit = of(new double[] {1, 2, 3, 4, 5}, new int[] {7, 8, 6, 8, 9}, 10);
        assertEquals(-2.288805387686211, fit.crossing(), 1e-12);
        assertFalse(fit.crossesWithinRange());
        assertEquals(0.34706998368064156, fit.slopePValue(), 1e-13);
        assertSet(Shape.OUTSIDE, 1.5788228666485632, 6.8961600032351713, fit.fieller(), 1e-11);
        assertSet(Shape.OUTSIDE, 1.515363040933316, 7.504392799906093, fit.profile(), 1e-11);
        assertTrue(fit.fieller().contains(fit.crossing()) && !fit.fieller().contains(3.0));
        assertFalse(fit.profile().bounded());

        fit = of(new double[] {1, 2, 3, 4}, new int[] {2, 3, 2, 3}, 5);
        assertEquals(2.5, fit.crossing(), 1e-13);
        assertEquals(ConfidenceSet.ALL, fit.fieller());
        assertEquals(ConfidenceSet.ALL, fit.profile());

        fit = of(new double[] {1, 2, 3}, new int[] {8, 9, 8}, 10);
        assertEquals(0.0, fit.slope(), 1e-15);
        assertEquals(Shape.OUTSIDE, fit.fieller().shape());
        assertSet(Shape.OUTSIDE, 4.0 - fit.profile().high(), fit.profile().high(), fit.profile(), 1e-9);
    }

    @Test
    void completeSeparation() {
        double[] x = {20, 40, 60, 80, 100};
        LogisticRegression few = of(x, new int[] {2, 2, 2, 0, 0}, 2);
        assertEquals(Outcome.SEPARATED_FALLING, few.outcome());
        assertEquals(new Interval(60, 80), few.gap());
        assertTrue(Double.isNaN(few.slope()) && Double.isNaN(few.crossing()) && Double.isNaN(few.slopeStandardError()));
        assertFalse(few.crossesWithinRange());
        assertEquals(0.0, few.logLikelihood());
        assertEquals(ConfidenceSet.ALL, few.fieller());
        assertSet(Shape.INTERVAL, 57.887254906627, 82.12488908867334, few.profile(), 1e-9);

        // with 3 trials on each side 2 * 3 ln 2 = 4.16 is above 3.84: the gap itself
        LogisticRegression more = of(x, new int[] {0, 0, 0, 3, 3}, 3);
        assertEquals(Outcome.SEPARATED_RISING, more.outcome());
        assertSet(Shape.INTERVAL, 60, 80, more.profile(), 1e-10);

        LogisticRegression two = LogisticRegression.of(new double[] {2, 1}, new boolean[] {true, false});
        assertEquals(Outcome.SEPARATED_RISING, two.outcome());
        assertEquals(new Interval(1, 2), two.gap());
        assertEquals(ConfidenceSet.ALL, two.profile());
    }

    @Test
    void quasiCompleteSeparation() {
        double[] x = {20, 40, 60, 80, 100};
        LogisticRegression rising = of(x, new int[] {0, 0, 1, 2, 2}, 2);
        assertEquals(Outcome.QUASI_SEPARATED_RISING, rising.outcome());
        assertEquals(new Interval(60, 60), rising.gap());
        assertEquals(2 * Math.log(0.5), rising.logLikelihood(), 1e-15);
        assertSet(Shape.INTERVAL, 43.46373619731921, 76.53626380268079, rising.profile(), 1e-9);
        // single trials in any order say the same
        double[] one = {100, 20, 60, 40, 80, 60, 20, 80, 40, 100};
        boolean[] passed = {true, false, true, false, true, false, false, true, false, true};
        LogisticRegression single = LogisticRegression.of(one, passed);
        assertEquals(rising.outcome(), single.outcome());
        assertSet(Shape.INTERVAL, rising.profile().low(), rising.profile().high(), single.profile(), 1e-9);
        LogisticRegression falling = of(x, new int[] {2, 2, 1, 0, 0}, 2);
        assertEquals(Outcome.QUASI_SEPARATED_FALLING, falling.outcome());
        assertSet(Shape.INTERVAL, 43.46373619731921, 76.53626380268079, falling.profile(), 1e-9);
    }

    @Test
    void constantOutcomesHaveNoCrossing() {
        LogisticRegression all = of(new double[] {1, 2, 3}, new int[] {4, 4, 4}, 4);
        assertEquals(Outcome.ALL_SUCCEEDED, all.outcome());
        assertTrue(Double.isNaN(all.crossing()) && Double.isNaN(all.gap().low()));
        assertFalse(all.crossesWithinRange());
        assertSet(Shape.OUTSIDE, 1, 3, all.profile(), 1e-12);
        assertEquals(1.0, all.slopePValue());
        LogisticRegression none = LogisticRegression.of(new double[] {5}, new boolean[] {false});
        assertEquals(Outcome.ALL_FAILED, none.outcome());
        assertEquals(5.0, none.lowest());
        assertTrue(Double.isNaN(none.slopePValue()));
    }

    @Test
    void singleTrialsGroupsAndOrderGiveTheSame() {
        double[] x = new double[80];
        boolean[] passed = new boolean[80];
        for (int i = 0; i < 80; i++) {
            x[79 - i] = DELAYS[i / 10];
            passed[79 - i] = i % 10 < PASSED[i / 10];
        }
        LogisticRegression groups = of(DELAYS, PASSED, 10);
        LogisticRegression single = LogisticRegression.of(x, passed);
        assertEquals(groups.crossing(), single.crossing(), 1e-11);
        assertEquals(groups.slopeVariance(), single.slopeVariance(), 1e-16);
        assertEquals(groups.profile().low(), single.profile().low(), 1e-10);
    }

    @Test
    void failuresMirrorAndScaleIsImmaterial() {
        LogisticRegression fit = of(DELAYS, PASSED, 10);
        int[] failed = Arrays.stream(PASSED).map(k -> 10 - k).toArray();
        LogisticRegression mirrored = of(DELAYS, failed, 10);
        assertEquals(-fit.slope(), mirrored.slope(), 1e-15);
        assertEquals(fit.crossing(), mirrored.crossing(), 1e-11);
        assertEquals(fit.profile().high(), mirrored.profile().high(), 1e-10);
        double[] seconds = Arrays.stream(DELAYS).map(d -> 1e-3 * d).toArray();
        LogisticRegression scaled = of(seconds, PASSED, 10);
        assertEquals(fit.fieller().low(), 1e3 * scaled.fieller().low(), 1e-10);
        int[] n = {10, 10, 10, 10, 10, 10, 10, 10, 0};
        LogisticRegression withEmpty =
                LogisticRegression.of(Arrays.copyOf(DELAYS, 9), Arrays.copyOf(PASSED, 9), n, 0.95);
        assertEquals(fit, withEmpty);
    }

    @Test
    void barelyOverlappingOutcomesConverge() {
        LogisticRegression fit =
                LogisticRegression.of(new double[] {0, 50, 50.01, 100.01}, new boolean[] {false, true, false, true});
        assertEquals(Outcome.FITTED, fit.outcome());
        assertEquals(50.005, fit.crossing(), 1e-9);
        assertTrue(Double.isFinite(fit.slope()) && fit.slopeStandardError() > 0.0);
    }

    /** 300 samples of 12 x 10 trials: a 95 % interval misses 15 +- 3.8 of them. */
    @Test
    void intervalsCoverTheTrueCrossing() {
        int fieller = 0;
        int profile = 0;
        double[] x = new double[12];
        for (int i = 0; i < x.length; i++) {
            x[i] = 20 + 10 * i;
        }
        for (int sample = 0; sample < 300; sample++) {
            RandomStream random = new RandomStream(7, Purpose.of("statistics-test"), sample);
            int[] k = new int[x.length];
            for (int i = 0; i < x.length; i++) {
                double p = 1.0 / (1.0 + StrictMath.exp(0.06 * (x[i] - 85.0)));
                for (int t = 0; t < 10; t++) {
                    k[i] += random.nextDouble() < p ? 1 : 0;
                }
            }
            LogisticRegression fit = of(x, k, 10);
            fieller += fit.fieller().contains(85.0) ? 1 : 0;
            profile += fit.profile().contains(85.0) ? 1 : 0;
            assertTrue(fit.profile().contains(fit.crossing()), "seed 7, sample " + sample);
        }
        assertEquals(285, fieller, 12, "seed 7");
        assertEquals(285, profile, 12, "seed 7");
    }

    @Test
    void errorsNameValues() {
        double[] x = {1, 2};
        assertMessage("there are 0 trials, expected at least 1", x, new int[2], new int[2]);
        assertMessage("there are 0 trials, expected at least 1", new double[0], new int[0], new int[0]);
        assertMessage("trials[1] is -1, expected at least 0", x, new int[2], new int[] {1, -1});
        assertMessage(
                "successes[0] is 3, expected 0 to the number of trials, 2", x, new int[] {3, 0}, new int[] {2, 2});
        assertMessage("x[1] is NaN, expected a finite number", new double[] {1, Double.NaN}, new int[2], new int[2]);
        assertMessage(
                "there are 2 counts of successes and 1 of trials, expected as many as x, 2", x, new int[2], new int[1]);
        assertMessage(
                "all x are 4.0, expected at least 2 different ones", new double[] {4}, new int[] {1}, new int[] {2});
    }

    private static void assertMessage(String message, double[] x, int[] k, int[] n) {
        Exception e = assertThrows(IllegalArgumentException.class, () -> LogisticRegression.of(x, k, n, 0.95));
        assertEquals(message, e.getMessage());
    }
}
