package attractor.compare;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/**
 * Deeplearning4j's side of the comparison: {@code Dl4jWorker FILE float32|float64}. Reads what Attractor's {@code CompareWorker} writes and
 * answers as it does; see there.
 *
 * <p>Its loss is the sum over time steps, averaged over trials: T times ours. Adam's steps stay the same with T times the epsilon, and the
 * losses are divided by T. Its recurrent layer always has a bias, which starts at 0 and stays there, at a learning rate of 0.
 */
final class Dl4jWorker {
    private final MultiLayerNetwork network;
    private final INDArray x;
    private final INDArray y;
    private final int[][] batches;
    private final int inputs;
    private final int outputs;
    private final int steps;
    private int done;

    private Dl4jWorker(Path file, DataType type) throws IOException {
        Nd4j.setDefaultDataTypes(type, type);
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 20))) {
            int units = in.readInt();
            inputs = in.readInt();
            outputs = in.readInt();
            int batch = in.readInt();
            steps = in.readInt();
            int samples = in.readInt();
            int networks = in.readInt();
            double learningRate = in.readDouble();
            Adam adam = new Adam(learningRate, in.readDouble(), in.readDouble(), steps * in.readDouble());
            in.skipNBytes(2 * Double.BYTES); // alpha and noise, 1 and 0: the driver leaves Deeplearning4j out of other problems
            MultiLayerConfiguration configuration = new NeuralNetConfiguration.Builder()
                    .dataType(type)
                    .updater(adam)
                    .list()
                    .layer(new SimpleRnn.Builder()
                            .nIn(inputs)
                            .nOut(units)
                            .activation(Activation.TANH)
                            .biasUpdater(new Sgd(0.0))
                            .build())
                    .layer(new RnnOutputLayer.Builder(LossFunctions.LossFunction.MSE)
                            .nIn(units)
                            .nOut(outputs)
                            .activation(Activation.IDENTITY)
                            .build())
                    .build();
            network = new MultiLayerNetwork(configuration);
            network.init();
            // Deeplearning4j keeps weights as inputs x outputs.
            network.getParam("0_W").assign(read(in, units, inputs).transpose());
            network.getParam("0_RW").assign(read(in, units, units).transpose());
            network.getParam("1_W").assign(read(in, outputs, units).transpose());
            network.getParam("1_b").assign(read(in, 1, outputs));
            // The weights of the networks after the first, which other engines train beside it.
            in.skipNBytes((networks - 1L) * units * (inputs + units + outputs) * Double.BYTES
                    + (networks - 1L) * outputs * Double.BYTES);
            x = trials(read(in, samples, steps * inputs), inputs, type);
            y = trials(read(in, samples, steps * outputs), outputs, type);
            batches = new int[samples / batch][batch];
            for (int[] indices : batches) {
                for (int i = 0; i < batch; i++) {
                    indices[i] = in.readInt();
                }
            }
        }
    }

    private static INDArray read(DataInputStream in, int rows, int columns) throws IOException {
        double[] values = new double[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = in.readDouble();
        }
        return Nd4j.createFromArray(values).reshape(rows, columns);
    }

    /** Transposes trials, one per row, from T x C values to the C x T that Deeplearning4j expects. */
    private INDArray trials(INDArray rows, int channels, DataType type) {
        long samples = rows.rows();
        return rows.reshape(samples, steps, channels)
                .permute(0, 2, 1)
                .dup('c')
                .castTo(type)
                .reshape(samples, (long) channels * steps);
    }

    /** One step; the loss before it. */
    private double step() {
        int[] indices = batches[done % batches.length];
        done++;
        INDArray features = Nd4j.pullRows(x, 1, indices).reshape(indices.length, inputs, steps);
        INDArray labels = Nd4j.pullRows(y, 1, indices).reshape(indices.length, outputs, steps);
        network.fit(features, labels);
        return network.score() / steps;
    }

    private String answer(String command, int count) {
        StringBuilder answer = new StringBuilder(command);
        switch (command) {
            case "losses" -> {
                for (int i = 0; i < count; i++) {
                    answer.append(' ').append(step());
                }
            }
            case "run" -> {
                long begun = System.nanoTime();
                for (int i = 0; i < count; i++) {
                    step();
                }
                answer.append(' ').append(1e-6 * (System.nanoTime() - begun) / count);
            }
            default -> throw new IllegalArgumentException("command is '" + command + "', expected one of losses, run");
        }
        return answer.toString();
    }

    private static String version() throws IOException {
        Properties pom = new Properties();
        try (InputStream in = MultiLayerNetwork.class.getResourceAsStream(
                "/META-INF/maven/org.deeplearning4j/deeplearning4j-nn/pom.properties")) {
            pom.load(in);
        }
        return pom.getProperty("version");
    }

    /** See the class. */
    public static void main(String[] args) throws IOException {
        // Whatever the libraries print, the driver reads answers only.
        PrintStream answers = System.out;
        System.setOut(System.err);
        Dl4jWorker worker =
                new Dl4jWorker(Path.of(args[0]), args[1].equals("float64") ? DataType.DOUBLE : DataType.FLOAT);
        Nd4j.getMemoryManager().togglePeriodicGc(false);
        Properties about = Nd4j.getExecutioner().getEnvironmentInformation();
        answers.println("ready Deeplearning4j " + version() + ", JDK " + Runtime.version() + ", BLAS "
                + about.get("blas.vendor") + ", " + about.get("blas.threads") + " threads of BLAS, "
                + about.get("omp.threads") + " of OpenMP");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            int space = line.indexOf(' ');
            answers.println(
                    worker.answer(line.substring(0, Math.max(space, 0)), Integer.parseInt(line.substring(space + 1))));
        }
    }
}
