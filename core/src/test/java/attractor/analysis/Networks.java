package attractor.analysis;

import attractor.kernel.Activation;
import attractor.model.Initializers;
import attractor.model.NetworkFile;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import attractor.random.RandomStream;
import attractor.random.RandomStream.Purpose;
import java.io.IOException;
import java.nio.file.Path;

/** Small networks whose dynamics are known. */
final class Networks {
    private Networks() {}

    /** One input that isn't connected, one output that is unit 0. */
    static Rnn of(Activation phi, double dtMs, double tauMs, double[] bias, double... wRec) {
        int n = (int) Math.round(Math.sqrt(wRec.length));
        RnnShape shape = new RnnShape(1, n, 1);
        double[] block = new double[shape.parameters()];
        System.arraycopy(wRec, 0, block, shape.wRec().offset(), n * n);
        block[shape.wOut().at(0, 0)] = 1.0;
        if (bias != null) {
            System.arraycopy(bias, 0, block, shape.bRec().offset(), n);
        }
        return new Rnn(shape, phi, dtMs, tauMs, bias != null, block);
    }

    static Rnn tanh(double... wRec) {
        return of(Activation.TANH, 1.0, 1.0, null, wRec);
    }

    /** Gaussian weights of standard deviation gain / sqrt(N), with input and output weights. */
    static Rnn random(int n, double gain, long seed) {
        RnnShape shape = new RnnShape(1, n, 1);
        double[] block = new double[shape.parameters()];
        RandomStream random = new RandomStream(seed, Initializers.WEIGHTS, 0);
        random.fillGaussian(block, shape.wRec().offset(), n * n, gain / Math.sqrt(n));
        random.fillGaussian(block, shape.wOut().offset(), n, 1.0 / Math.sqrt(n));
        random.fillGaussian(block, shape.wIn().offset(), n, 1.0);
        return Rnn.zeros(shape).withParameters(block);
    }

    /** A trained network of data/networks. */
    static Rnn trained(String name) throws IOException {
        return NetworkFile.read(Path.of("..", "data", "networks", name + ".npz"))
                .rnn();
    }

    /** g R(theta). */
    static double[] rotation(double gain, double theta) {
        double c = gain * Math.cos(theta);
        double s = gain * Math.sin(theta);
        return new double[] {c, -s, s, c};
    }

    /** Two matrices along the diagonal. */
    static double[] blocks(double[] a, double[] b) {
        int m = (int) Math.round(Math.sqrt(a.length));
        int k = (int) Math.round(Math.sqrt(b.length));
        int n = m + k;
        double[] w = new double[n * n];
        for (int i = 0; i < m; i++) {
            System.arraycopy(a, i * m, w, i * n, m);
        }
        for (int i = 0; i < k; i++) {
            System.arraycopy(b, i * k, w, (m + i) * n + m, k);
        }
        return w;
    }

    /** Unit i feeds unit i + 1. */
    static double[] cycle(int n, double gain) {
        double[] w = new double[n * n];
        for (int i = 0; i < n; i++) {
            w[(i + 1) % n * n + i] = gain;
        }
        return w;
    }

    /** Gaussian states. */
    static double[] states(int count, int n, double sd, long seed) {
        double[] states = new double[count * n];
        new RandomStream(seed, Purpose.of("test-states"), 0).fillGaussian(states, 0, states.length, sd);
        return states;
    }
}
