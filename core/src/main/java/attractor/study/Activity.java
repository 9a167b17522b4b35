package attractor.study;

import attractor.analysis.Attractors;
import attractor.analysis.Regimes;
import attractor.analysis.Spectrum;
import attractor.kernel.Kernels;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Where the states of a network end, by trial type, and its spectrum.
 *
 * <p>Rows of the results have {@code type}, {@code end} (where the state goes after a trial without noise, a
 * {@link Attractors.Kind}), {@code endHz} (its frequency), {@code settledMs}, {@code noisyTrials} and how many of them
 * ended in fixed points ({@code noisyStill}), oscillate ({@code noisyOscillate}) or do neither; {@code activity} and
 * {@code regime} within the trial; and, for the network, the leading real and complex eigenvalues of W_rec with
 * {@code leading} (real or complex, by the larger modulus) and {@code eigenvalueRegime}. The table {@code eigenvalues}
 * has {@code when} (before or after training), {@code re} and {@code im}. Immutable, safe for any number of threads.
 */
public record Activity() implements Measurement {

    @Override
    public Map<String, Object> toJson() {
        return Map.of("kind", "activity");
    }

    @Override
    public void measure(TrainedNetwork network, Kernels kernels, MeasuredRows tables) {
        Regimes regimes =
                Regimes.of(network.network(), network.task(), network.config().dataSeed());
        Optional<Spectrum.Mode> real = regimes.leadingReal();
        Optional<Spectrum.Mode> complex = regimes.leadingComplex();
        double realModulus = real.map(Spectrum.Mode::modulus).orElse(-1.0);
        double complexModulus = complex.map(Spectrum.Mode::modulus).orElse(-1.0);
        for (Regimes.OfType type : regimes.types()) {
            int still = 0;
            int oscillate = 0;
            for (Map.Entry<Attractors.Kind, Integer> ends : type.noisyEnds().entrySet()) {
                still += ends.getKey().still() ? ends.getValue() : 0;
                oscillate += ends.getKey().oscillates() ? ends.getValue() : 0;
            }
            tables.row(MeasuredRows.RESULTS)
                    .with("type", type.type())
                    .with("end", id(type.end().kind()))
                    .with("still", type.end().kind().still())
                    .with("oscillates", type.end().kind().oscillates())
                    .with("endHz", type.end().frequencyHz())
                    .with("settledMs", type.settledMs())
                    .with("noisyTrials", type.noisyTrials())
                    .with("noisyStill", still)
                    .with("noisyOscillate", oscillate)
                    .with("activity", id(type.trial().activity()))
                    .with("regime", id(type.trial().regime()))
                    .with("eigenvalueRegime", id(regimes.eigenvalues()))
                    .with("leading", realModulus >= complexModulus ? "real" : "complex")
                    .with("leadingReal", real.map(Spectrum.Mode::re).orElse(null))
                    .with("leadingComplexRe", complex.map(Spectrum.Mode::re).orElse(null))
                    .with("leadingComplexIm", complex.map(Spectrum.Mode::im).orElse(null))
                    .with(
                            "leadingComplexHz",
                            complex.map(Spectrum.Mode::frequencyHz).orElse(null));
        }
        write("before", Spectrum.withoutVectors(network.initial()), tables);
        write("after", Spectrum.withoutVectors(network.network()), tables);
    }

    private static void write(String when, Spectrum spectrum, MeasuredRows tables) {
        for (int k = 0; k < spectrum.size(); k++) {
            if (spectrum.im()[k] >= 0) { // the other half is its mirror image
                tables.row("eigenvalues")
                        .with("when", when)
                        .with("re", spectrum.re()[k])
                        .with("im", spectrum.im()[k]);
            }
        }
    }

    private static String id(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
