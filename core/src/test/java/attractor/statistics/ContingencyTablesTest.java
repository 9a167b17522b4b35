package attractor.statistics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Fisher's test, Holm's correction, and the test of Cochran, Mantel and Haenszel. */
class ContingencyTablesTest {
    /**
     * From exact integers: Python's math.comb for the weights, Fraction for their sum. The first is the tea tasting of R's
     * help page of fisher.test, p = 0.4857; scipy 1.17.1 fisher_exact agrees to 1e-12.
     */
    @ParameterizedTest
    @CsvSource({
        "3, 1, 1, 3, 0.485714285714285714",
        "10, 2, 3, 15, 0.000536724119143435801",
        "5, 15, 20, 0, 7.70857278087533927e-7",
        "1200, 1300, 1250, 1150, 0.00466210397882701367",
        "3000, 2, 2900, 20, 0.0000527252057700832911",
        "400, 100, 100, 400, 3.28868053774164403e-85",
        "12, 5, 29, 2, 0.0802685520741046417",
        "20, 0, 17, 3, 0.230769230769230769",
        "0, 20, 0, 20, 1",
        "0, 0, 0, 5, 1",
        "1, 0, 0, 1, 1"
    })
    void fisher(int a, int b, int c, int d, double expected) {
        assertEquals(expected, FisherExact.pValue(new Table2x2(a, b, c, d)), 2e-13 * expected);
    }

    @Test
    void fisherDoesNotDependOnTheOrderOfRowsOrColumns() {
        for (int a = 0; a < 6; a++) {
            for (int b = 0; b < 6; b++) {
                for (int c = 0; c < 6; c++) {
                    double p = FisherExact.pValue(new Table2x2(a, b, c, 4));
                    assertTrue(p > 0.0 && p <= 1.0 + 1e-15, "p is " + p);
                    assertEquals(p, FisherExact.pValue(new Table2x2(c, 4, a, b)), 1e-14);
                    assertEquals(p, FisherExact.pValue(new Table2x2(b, a, 4, c)), 1e-14);
                    assertEquals(p, FisherExact.pValue(new Table2x2(a, c, b, 4)), 1e-14);
                }
            }
        }
    }

    @Test
    void fisherOfHugeTables() {
        Table2x2 balanced = new Table2x2(1_000_000, 1_000_000, 1_000_000, 1_000_000);
        assertEquals(1.0, FisherExact.pValue(balanced), 1e-9);
        assertEquals(0.0, FisherExact.pValue(new Table2x2(1_000_000, 0, 0, 1_000_000)));
        assertEquals(1.0, FisherExact.pValue(new Table2x2(Integer.MAX_VALUE, 1, Integer.MAX_VALUE, 1)), 1e-9);
    }

    @Test
    void tables() {
        Table2x2 table = Table2x2.of(new Proportion(18, 20), new Proportion(11, 20));
        assertEquals(new Table2x2(18, 2, 11, 9), table);
        assertEquals(18.0 * 9.0 / 22.0, table.oddsRatio(), 1e-15);
        assertEquals(Double.POSITIVE_INFINITY, new Table2x2(5, 0, 3, 2).oddsRatio());
        assertTrue(Double.isNaN(new Table2x2(0, 5, 0, 5).oddsRatio()));
        assertEquals(4L * Integer.MAX_VALUE, new Table2x2(MAX, MAX, MAX, MAX).total());
        Exception e = assertThrows(IllegalArgumentException.class, () -> new Table2x2(1, -2, 3, 4));
        assertEquals("the table is [1 -2; 3 4], expected counts of at least 0", e.getMessage());
        e = assertThrows(IllegalArgumentException.class, () -> FisherExact.pValue(new Table2x2(0, 0, 0, 0)));
        assertEquals("the table is [0 0; 0 0], expected at least 1 count above 0", e.getMessage());
    }

    private static final int MAX = Integer.MAX_VALUE;

    /** statsmodels 0.15.0: multipletests(p, method='holm'). */
    @Test
    void holm() {
        double[] p = {0.01, 0.04, 0.03, 0.005, 0.03, 1.0, 0.2};
        assertArrayEquals(new double[] {0.06, 0.15, 0.15, 0.035, 0.15, 1.0, 0.4}, HolmCorrection.adjust(p), 1e-15);
        double nan = Double.NaN;
        double[] withGaps = {nan, 0.01, 0.04, nan, 0.03};
        assertArrayEquals(new double[] {nan, 0.03, 0.06, nan, 0.06}, HolmCorrection.adjust(withGaps), 1e-15);
        assertArrayEquals(new double[] {0.3}, HolmCorrection.adjust(new double[] {0.3}));
        assertArrayEquals(new double[] {0.0, 1.0}, HolmCorrection.adjust(new double[] {-0.0, 1.0}), 0.0);
        assertArrayEquals(new double[0], HolmCorrection.adjust(new double[0]));
        assertArrayEquals(new double[] {nan}, HolmCorrection.adjust(new double[] {nan}));
        Exception e =
                assertThrows(IllegalArgumentException.class, () -> HolmCorrection.adjust(new double[] {0.5, 1.5}));
        assertEquals("p-value 1 is 1.5, expected 0 to 1, or NaN where there is none", e.getMessage());
    }

    /** R's UCBAdmissions: by department, (admitted, rejected) of men and (admitted, rejected) of women, transposed. */
    private static final List<Table2x2> ADMISSIONS = List.of(
            new Table2x2(512, 313, 89, 19),
            new Table2x2(353, 207, 17, 8),
            new Table2x2(120, 205, 202, 391),
            new Table2x2(138, 279, 131, 244),
            new Table2x2(53, 138, 94, 299),
            new Table2x2(22, 351, 24, 317));

    /**
     * statsmodels 0.15.0: StratifiedTable(tables).test_null_odds(True), oddsratio_pooled, oddsratio_pooled_confint(); the
     * statistics by their formula in mpmath. R prints X-squared = 1.4269, p-value = 0.2323 for mantelhaen.test(UCBAdmissions).
     */
    @Test
    void admissions() {
        CochranMantelHaenszel test = CochranMantelHaenszel.of(ADMISSIONS);
        assertEquals(1.4269462285866942, test.statistic(), 1e-13);
        assertEquals(0.2322634628170472, test.pValue(), 1e-14);
        assertEquals(1.5246066604434417, test.uncorrectedStatistic(), 1e-13);
        assertEquals(0.21692369705551738, test.uncorrectedPValue(), 1e-14);
        assertEquals(0.9046968282586231, test.oddsRatio(), 1e-14);
        assertEquals(0.7719073617593505, test.interval().low(), 1e-14);
        assertEquals(1.0603297644366558, test.interval().high(), 1e-14);
        assertEquals(List.of(), test.withoutVariance());
    }

    /** The rabbits of R's help page of mantelhaen.test, p = 0.047; numbers as above, without the last stratum. */
    @Test
    void rabbitsWithAStratumWithoutVariance() {
        List<Table2x2> rabbits = List.of(
                new Table2x2(0, 6, 0, 5),
                new Table2x2(3, 3, 0, 6),
                new Table2x2(6, 0, 2, 4),
                new Table2x2(5, 1, 6, 0),
                new Table2x2(2, 0, 5, 0));
        CochranMantelHaenszel test = CochranMantelHaenszel.of(rabbits, 0.95);
        assertEquals(3.9285714285714286, test.statistic(), 1e-14);
        assertEquals(0.047472255142918201, test.pValue(), 1e-15);
        assertEquals(5.6571428571428571, test.uncorrectedStatistic(), 1e-14);
        assertEquals(0.017384420352066186, test.uncorrectedPValue(), 1e-15);
        assertEquals(7.0, test.oddsRatio(), 1e-14);
        assertEquals(1.026712688461667, test.interval().low(), 1e-13);
        assertEquals(47.72513338022261, test.interval().high(), 1e-12);
        assertEquals(List.of(0, 4), test.withoutVariance());
        assertEquals(
                test.pValue(), CochranMantelHaenszel.of(rabbits.subList(1, 4)).pValue());
    }

    @Test
    void strataThatSayLittle() {
        Table2x2 empty = new Table2x2(0, 0, 0, 0);
        CochranMantelHaenszel none = CochranMantelHaenszel.of(List.of(empty, new Table2x2(20, 0, 20, 0)));
        assertEquals(List.of(0, 1), none.withoutVariance());
        assertTrue(Double.isNaN(none.statistic()) && Double.isNaN(none.pValue()));
        assertTrue(
                Double.isNaN(none.oddsRatio()) && Double.isNaN(none.interval().low()));

        CochranMantelHaenszel apart = CochranMantelHaenszel.of(List.of(new Table2x2(20, 0, 0, 20)));
        assertEquals(Double.POSITIVE_INFINITY, apart.oddsRatio());
        assertTrue(Double.isNaN(apart.interval().low())
                && Double.isNaN(apart.interval().high()));
        assertEquals(39.0, apart.uncorrectedStatistic(), 1e-13);

        // |delta| = 1/4 is below 1/2: R corrects by nothing there
        CochranMantelHaenszel small = CochranMantelHaenszel.of(List.of(new Table2x2(1, 1, 1, 2)));
        assertEquals(small.uncorrectedStatistic(), small.statistic());

        Exception e = assertThrows(IllegalArgumentException.class, () -> CochranMantelHaenszel.of(List.of()));
        assertEquals("there are 0 strata, expected at least 1", e.getMessage());
    }

    @Test
    void rowsExchangedInvertTheRatio() {
        List<Table2x2> exchanged = ADMISSIONS.stream()
                .map(t -> new Table2x2(t.c(), t.d(), t.a(), t.b()))
                .toList();
        CochranMantelHaenszel test = CochranMantelHaenszel.of(ADMISSIONS);
        CochranMantelHaenszel other = CochranMantelHaenszel.of(exchanged);
        assertEquals(test.statistic(), other.statistic(), 1e-13);
        assertEquals(1.0 / test.oddsRatio(), other.oddsRatio(), 1e-13);
        assertEquals(1.0 / test.interval().high(), other.interval().low(), 1e-13);
    }
}
