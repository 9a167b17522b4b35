package attractor.statistics;

import java.util.ArrayList;
import java.util.List;

/**
 * The Cochran-Mantel-Haenszel test: whether rows and columns of 2 x 2 tables are independent within each stratum,
 * against a common odds ratio; and an estimate of that ratio. Immutable, thread-safe.
 *
 * <p>With stratum i's counts a b c d and total n: {@code delta = sum(a - (a + b)(a + c) / n)}, variance
 * {@code sum((a + b)(c + d)(a + c)(b + d) / (n^2 (n - 1)))}, statistic {@code (|delta| - correction)^2 / variance},
 * chi-square with one degree of freedom. The correction is 1/2, or 0 where |delta| is below 1/2, as in R's
 * {@code mantelhaen.test}, whose default is the corrected statistic. Sources: W. G. Cochran, Biometrics 10, 417
 * (1954); N. Mantel, W. Haenszel, J. Natl. Cancer Inst. 22, 719 (1959); the ratio's interval: J. Robins, N. Breslow,
 * S. Greenland, Biometrics 42, 311 (1986).
 *
 * @param statistic statistic with continuity correction; NaN if no stratum has variance
 * @param pValue p-value of the corrected statistic, the one to report; NaN if no stratum has variance
 * @param uncorrectedStatistic statistic without continuity correction
 * @param uncorrectedPValue p-value of the uncorrected statistic
 * @param oddsRatio common odds ratio, {@code R / S} with {@code R = sum(a d / n)} and {@code S = sum(b c / n)}; infinite if
 *     only S is 0, NaN if both are
 * @param interval interval of the odds ratio, {@code exp(ln(R/S) -+ z sd)}; NaN at both ends if R or S is 0, where the
 *     formula has no value
 * @param withoutVariance indices, upwards, of the strata left out since one of their margins is zero: they would add
 *     nothing to any of the sums
 */
public record CochranMantelHaenszel(
        double statistic,
        double pValue,
        double uncorrectedStatistic,
        double uncorrectedPValue,
        double oddsRatio,
        Interval interval,
        List<Integer> withoutVariance) {

    /** Copies the list. */
    public CochranMantelHaenszel {
        withoutVariance = List.copyOf(withoutVariance);
    }

    /** The test with a 95 % interval, see {@link #of(List, double)}. */
    public static CochranMantelHaenszel of(List<Table2x2> strata) {
        return of(strata, 0.95);
    }

    /**
     * The test, and the common odds ratio with its interval.
     *
     * @param strata at least one; a table of zeros counts as a stratum without variance. Not modified.
     * @param level confidence level of the interval
     * @throws IllegalArgumentException if there is no stratum, or the level isn't above 0 and below 1
     */
    public static CochranMantelHaenszel of(List<Table2x2> strata, double level) {
        if (strata.isEmpty()) {
            throw new IllegalArgumentException("there are 0 strata, expected at least 1");
        }
        double z = Distributions.criticalValue(level);
        List<Integer> withoutVariance = new ArrayList<>();
        double delta = 0.0;
        double variance = 0.0;
        double sumR = 0.0;
        double sumS = 0.0;
        double sumPR = 0.0;
        double sumPSandQR = 0.0;
        double sumQS = 0.0;
        for (int i = 0; i < strata.size(); i++) {
            double a = strata.get(i).a();
            double b = strata.get(i).b();
            double c = strata.get(i).c();
            double d = strata.get(i).d();
            double n = a + b + c + d;
            if (a + b == 0.0 || c + d == 0.0 || a + c == 0.0 || b + d == 0.0) {
                withoutVariance.add(i);
                continue;
            }
            delta += (a * d - b * c) / n; // a - (a + b)(a + c)/n without its cancellation
            variance += (a + b) / n * ((c + d) / n) * ((a + c) * (b + d) / (n - 1.0));
            double p = (a + d) / n;
            double q = (b + c) / n;
            double r = a * d / n;
            double s = b * c / n;
            sumR += r;
            sumS += s;
            sumPR += p * r;
            sumPSandQR += p * s + q * r;
            sumQS += q * s;
        }
        double size = Math.abs(delta);
        double corrected = size >= 0.5 ? size - 0.5 : size;
        double statistic = corrected * corrected / variance;
        double uncorrected = size * size / variance;
        double sd =
                Math.sqrt(sumPR / (2.0 * sumR * sumR) + sumPSandQR / (2.0 * sumR * sumS) + sumQS / (2.0 * sumS * sumS));
        double ratio = sumR / sumS;
        double factor = StrictMath.exp(z * sd);
        return new CochranMantelHaenszel(
                statistic,
                Distributions.chiSquareUpper(statistic),
                uncorrected,
                Distributions.chiSquareUpper(uncorrected),
                ratio,
                sumR > 0.0 && sumS > 0.0
                        ? new Interval(ratio / factor, ratio * factor)
                        : new Interval(Double.NaN, Double.NaN),
                withoutVariance);
    }
}
