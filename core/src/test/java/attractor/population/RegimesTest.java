package attractor.population;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.analysis.Spectrum;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import attractor.population.PublishedRegimes.Label;
import attractor.population.PublishedRegimes.Options;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The published regimes: waves and ramps, SciPy's spectra, thresholds. */
class RegimesTest {
    /** W_rec with the eigenvalues 0.9 exp(+-i angle). */
    private static Spectrum spectrum(double angle) {
        RnnShape shape = new RnnShape(1, 2, 1);
        double[] block = new double[shape.parameters()];
        double c = 0.9 * Math.cos(angle);
        double s = 0.9 * Math.sin(angle);
        System.arraycopy(new double[] {c, -s, s, c}, 0, block, shape.wRec().offset(), 4);
        return Spectrum.of(Rnn.zeros(shape).withParameters(block));
    }

    /** Three types: a wave, a ramp, a step response that is neither. */
    private static PopulationTrials trials(int steps) {
        double[] rates = new double[3 * steps * 2];
        for (int t = 0; t < steps; t++) {
            double x = t / (double) steps;
            double[] values = {Math.sin(0.6 * t), 2 * x + 0.3 * x * x * x, Math.pow(x - 0.6, 2)};
            for (int k = 0; k < 3; k++) {
                rates[(k * steps + t) * 2] = 0.5 * values[k];
                rates[(k * steps + t) * 2 + 1] = 1.0 - 0.2 * values[k];
            }
        }
        return PopulationFixtures.of(List.of("wave", "ramp", "bend"), rates, steps, 2);
    }

    @Test
    void wavesOscillateAndRampsRamp() {
        PublishedRegimes found = PublishedRegimes.of(spectrum(0.5), trials(300), Options.PUBLISHED);
        assertEquals(Math.sin(0.5), found.oscillationIndex(), 1e-12);
        assertEquals(Label.OSCILLATORY, found.spectrum());
        assertEquals(Optional.of(Label.OSCILLATORY), found.types().get(0).activity());
        assertEquals(Optional.of(Label.OSCILLATORY), found.types().get(0).label());
        assertEquals(1000 * 0.6 / (2 * Math.PI), found.types().get(0).peakHz().orElseThrow(), 8.0);
        assertTrue(found.types().get(1).rampIndex().orElseThrow() > 0.99);
        assertEquals(
                Label.RAMPING,
                PublishedRegimes.of(spectrum(0.01), trials(300), Options.PUBLISHED)
                        .spectrum());
        assertEquals(
                Label.MIXED,
                PublishedRegimes.of(spectrum(0.1), trials(300), Options.PUBLISHED)
                        .spectrum());
    }

    @Test
    void thresholdsDecideAndTheSweepShowsIt() {
        Options strict = new Options(0.15, 0.05, 1e12, 0.8, 0.35, 0.85, 64);
        PublishedRegimes found = PublishedRegimes.of(spectrum(0.01), trials(300), strict);
        assertEquals(Optional.of(Label.RAMPING), found.types().get(1).label());
        assertEquals(Optional.of(Label.MIXED), found.types().get(2).activity());
        RegimeSweep sweep = RegimeSweep.of(found);
        RegimeSweep.Row loose = sweep.rows().stream()
                .filter(r -> r.threshold().equals("peak ratio") && r.value() == 2)
                .findFirst()
                .orElseThrow();
        // By spectrum ramping: no type is oscillatory by both.
        assertEquals(0, loose.count(Label.OSCILLATORY));
        RegimeSweep other = RegimeSweep.of(PublishedRegimes.of(spectrum(0.5), trials(300), strict));
        assertTrue(other.rows().stream().anyMatch(r -> r.count(Label.OSCILLATORY) > 0));
        assertTrue(other.rows().stream().anyMatch(r -> r.count(Label.OSCILLATORY) == 0));
    }

    @Test
    void aShortWindowHasNoSpectrumAndNothingThatMovesNoLabel() {
        PublishedRegimes shortOnes = PublishedRegimes.of(spectrum(0.5), trials(62), Options.PUBLISHED);
        assertTrue(shortOnes.types().get(0).rampIndex().isPresent());
        assertEquals(Optional.empty(), shortOnes.types().get(0).peakRatio());
        assertEquals(Optional.empty(), shortOnes.types().get(0).label());
        assertTrue(PublishedRegimes.of(spectrum(0.5), trials(66), Options.PUBLISHED)
                .types()
                .get(0)
                .peakRatio()
                .isPresent());
        PopulationTrials still = PopulationFixtures.of(List.of("still"), new double[200 * 2], 200, 2);
        PublishedRegimes.OfType nothing = PublishedRegimes.of(spectrum(0.5), still, Options.PUBLISHED)
                .types()
                .get(0);
        assertEquals(Optional.empty(), nothing.rampIndex());
        assertEquals(Optional.empty(), nothing.label());
        assertThrows(IllegalArgumentException.class, () -> new Options(0.1, 0.2, 5, 0.8, 0.35, 0.85, 64));
        assertThrows(IllegalArgumentException.class, () -> new Options(0.2, 0.1, 5, 0.8, 0.85, 0.35, 64));
        assertThrows(IllegalArgumentException.class, () -> new Options(0.2, 0.1, Double.NaN, 0.8, 0.35, 0.85, 64));
    }

    @Test
    void spectraAgreeWithSciPy() {
        double[] series = new double[90];
        for (int t = 0; t < 90; t++) {
            series[t] = Math.sin(0.4 * t) + 0.01 * Math.pow(t, 1.5) / 10 + 0.3 * Math.cos(1.9 * Math.pow(t, 1.1));
        }
        double[] scipy = {
            0.041950509420167176,
            0.15172146149485144,
            5.478152696662368,
            14.627195873860444,
            2.4077357015400467,
            0.0045958582747391155
        };
        assertArrayEquals(scipy, Arrays.copyOf(PublishedRegimes.welch(series, 45), 6), 1e-10);
        PublishedRegimes.OfType third = PublishedRegimes.of(
                        spectrum(0.5), PopulationFixtures.trials(4, 6, 200, 7), Options.PUBLISHED)
                .types()
                .get(2);
        assertEquals(0.24785520966389546, third.rampIndex().orElseThrow(), 1e-10);
        assertEquals(9258716.839818906, third.peakRatio().orElseThrow(), 1e-4 * 9258716);
        assertEquals(40.0, third.peakHz().orElseThrow(), 1e-9);
    }
}
