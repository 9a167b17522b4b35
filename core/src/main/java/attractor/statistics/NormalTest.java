package attractor.statistics;

/** The test of a difference whose standard error is known. Stateless, safe for any number of threads. */
public final class NormalTest {
    private NormalTest() {}

    /**
     * The two-sided p-value, P(|Z| &gt; |difference| / standardError) of a standard normal Z; NaN if one of them is NaN or
     * both are 0.
     */
    public static double pValue(double difference, double standardError) {
        double z = Math.abs(difference / standardError);
        return Double.isNaN(z) ? Double.NaN : Distributions.chiSquareUpper(z * z);
    }
}
