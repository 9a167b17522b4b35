package attractor.analysis;

import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.kernel.Activation;
import attractor.model.Initializers;
import attractor.model.Initializers.Recurrent;
import attractor.model.ModelOptions;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Initial weights under Dale's law have no eigenvalue far outside of the disk that weights of their variance fill. */
class BalancedWeightsTest {
    @ParameterizedTest
    @CsvSource({"50, 0.8, 1", "50, 0.5, 1", "100, 0.8, 1", "50, 0.8, 0.4", "20, 0.8, 1"})
    void theSpectralRadiusIsAboutOne(int units, double share, double density) {
        ModelOptions options = ModelOptions.DEFAULT.withDale(share);
        options = density < 1 ? options.withMask(ModelOptions.Mask.random(density, 5)) : options;
        for (Recurrent init : new Recurrent[] {Recurrent.ORTHOGONAL, Recurrent.NORMAL}) {
            for (long seed = 0; seed < 6; seed++) {
                Rnn rnn = Initializers.network(new RnnShape(1, units, 1), Activation.RELU, 1, 1, false, init, seed);
                rnn = Initializers.wired(rnn, options.wiring(units));
                Spectrum spectrum = Spectrum.withoutVectors(rnn);
                double radius = 0;
                for (int k = 0; k < spectrum.size(); k++) {
                    radius = Math.max(radius, Math.hypot(spectrum.re()[k], spectrum.im()[k]));
                }
                assertTrue(
                        radius <= 1.1 && radius > 0.7,
                        init + ", seed " + seed + ": the spectral radius is " + radius + ", expected at most 1.1");
            }
        }
    }
}
