package attractor.bench;

import attractor.engine.Adam;
import attractor.engine.BatchGradient;
import attractor.engine.FloatAdam;
import attractor.engine.FloatBatchGradient;
import attractor.kernel.Activation;
import attractor.kernel.FloatKernels;
import attractor.kernel.Floats;
import attractor.kernel.Kernels;
import attractor.model.Precision;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import attractor.random.RandomStream;
import attractor.task.Task;
import attractor.task.Tasks;
import attractor.task.Trials;
import attractor.train.Trainer;
import attractor.train.TrainingConfig;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Attractor's side of the comparison with other engines, {@code bench/compare}: a training step of AND (I = 2, O = 1,
 * T = 200), including the gathering of the batch from 15,000 stored trials. Not a JMH benchmark, so that one driver can
 * alternate between processes.
 *
 * <p>{@code write FILE N B NETWORKS ALPHA NOISE} makes the problem that every engine reads, big-endian: {@code int N, I, O, B, T,
 * S}, the number of trials, and the number of networks; {@code double lr, beta1, beta2, epsilon}; {@code double alpha} and the sd
 * of the noise in the states (1 and 0 for the standard step); for each network doubles {@code W_in} (N x I), {@code W_rec} (N x
 * N), {@code W_out} (O x N), {@code b_out} (O); inputs (S x T x I), targets (S x T x O); {@code int order[S]}, the shuffled trial
 * numbers. Network j trains in step s on the B numbers from {@code order[((s + j) mod floor(S/B)) B]} on.
 *
 * <p>{@code serve FILE THREADS double|float} answers the lines {@code losses K} (K steps without noise, the loss before each), {@code
 * noisy K} (the same with noise) and {@code run K} (K steps with noise, milliseconds per step) until its input ends; {@code network
 * J} starts again with network J, {@code rounded J} with network 0, each of whose weights was multiplied by 1 + u 2^-24 before, u
 * uniform in [-1, 1) and the J-th of its kind: what such weights do to the losses shows what rounding to float does. At first it is
 * network 0.
 */
final class CompareWorker implements AutoCloseable {
    private static final int SAMPLES = 15_000;

    private static final RandomStream.Purpose ROUNDED = RandomStream.Purpose.of("compare: weights as if rounded");
    /** Without Keras's decay of the learning rate, which other engines' Adam lacks. */
    private static final Adam.Options ADAM = new Adam.Options(1e-4, 0.0, 0.9, 0.999, 1e-8);

    /** One precision's gradient, with the network's noise or without, and optimiser. */
    private interface Engine extends AutoCloseable {
        /** Starts again from these weights, with an optimiser that has taken no step. */
        void restart(double[] weights);

        /** Takes one step on the batch that begins at {@code from} in the order; returns the loss before it. */
        double step(int from, boolean noisy);

        /** Ends the threads. */
        @Override
        void close();
    }

    /** The initial weights of each network. */
    private final double[][] initial;

    private final int[] order;
    private final int batch;
    private final Engine engine;
    private int from;

    private CompareWorker(Path file, int threads, Kernels kernels, Precision precision) throws IOException {
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 20))) {
            int n = in.readInt();
            int inputs = in.readInt();
            int outputs = in.readInt();
            batch = in.readInt();
            int steps = in.readInt();
            int samples = in.readInt();
            int networks = in.readInt();
            Adam.Options settings =
                    new Adam.Options(in.readDouble(), 0.0, in.readDouble(), in.readDouble(), in.readDouble());
            double alpha = in.readDouble();
            double noiseSd = in.readDouble();
            RnnShape shape = new RnnShape(inputs, n, outputs);
            Rnn quiet = new Rnn(shape, Activation.TANH, 1, 1 / alpha, false, new double[shape.parameters()]);
            Rnn rnn = quiet.withNoise(noiseSd);
            int trained = shape.bRec().offset();
            initial = new double[networks][];
            for (int j = 0; j < networks; j++) {
                initial[j] = read(in, new double[trained], trained);
            }
            double[] x = read(in, new double[samples * steps * inputs], samples * steps * inputs);
            double[] y = read(in, new double[samples * steps * outputs], samples * steps * outputs);
            order = new int[samples];
            for (int i = 0; i < samples; i++) {
                order[i] = in.readInt();
            }
            Trials trials = Trials.ofArrays(steps, inputs, outputs, x, y, null, null, null);
            engine = precision == Precision.DOUBLE
                    ? inDouble(rnn, quiet, trials, settings, threads, kernels)
                    : inFloat(rnn, quiet, trials, settings, threads, kernels);
            engine.restart(initial[0]);
        }
    }

    private Engine inDouble(Rnn rnn, Rnn quiet, Trials trials, Adam.Options settings, int threads, Kernels kernels) {
        BatchGradient noisyGradient = gradient(rnn, trials, threads, kernels);
        BatchGradient quietGradient = rnn.noiseSd() == 0 ? noisyGradient : gradient(quiet, trials, threads, kernels);
        double[] parameters = new double[rnn.shape().parameters()];
        double[] gradient = new double[parameters.length];
        int trained = rnn.shape().bRec().offset();
        return new Engine() {
            private Adam adam;

            @Override
            public void restart(double[] weights) {
                System.arraycopy(weights, 0, parameters, 0, trained);
                adam = new Adam(settings, trained, kernels);
            }

            @Override
            public double step(int at, boolean noisy) {
                double loss = (noisy ? noisyGradient : quietGradient).compute(parameters, order, at, batch, gradient);
                adam.step(parameters, gradient);
                return loss;
            }

            @Override
            public void close() {
                noisyGradient.close();
                quietGradient.close();
            }
        };
    }

    private BatchGradient gradient(Rnn of, Trials trials, int threads, Kernels kernels) {
        return BatchGradient.builder(of, trials)
                .maxBatch(batch)
                .threads(threads)
                .kernels(kernels)
                .memoryLimitBytes(Long.MAX_VALUE)
                .build();
    }

    private Engine inFloat(Rnn rnn, Rnn quiet, Trials trials, Adam.Options settings, int threads, Kernels like) {
        FloatKernels kernels = FloatKernels.like(like, rnn.units() + rnn.outputs());
        FloatBatchGradient noisyGradient = gradient(rnn, trials, threads, kernels);
        FloatBatchGradient quietGradient =
                rnn.noiseSd() == 0 ? noisyGradient : gradient(quiet, trials, threads, kernels);
        float[] parameters = new float[rnn.shape().parameters()];
        float[] gradient = new float[parameters.length];
        int trained = rnn.shape().bRec().offset();
        return new Engine() {
            private FloatAdam adam;

            @Override
            public void restart(double[] weights) {
                System.arraycopy(Floats.rounded(weights), 0, parameters, 0, trained);
                adam = new FloatAdam(settings, trained, kernels);
            }

            @Override
            public double step(int at, boolean noisy) {
                double loss = (noisy ? noisyGradient : quietGradient).compute(parameters, order, at, batch, gradient);
                adam.step(parameters, gradient);
                return loss;
            }

            @Override
            public void close() {
                noisyGradient.close();
                quietGradient.close();
            }
        };
    }

    private FloatBatchGradient gradient(Rnn of, Trials trials, int threads, FloatKernels kernels) {
        return FloatBatchGradient.builder(of, trials)
                .maxBatch(batch)
                .threads(threads)
                .kernels(kernels)
                .memoryLimitBytes(Long.MAX_VALUE)
                .build();
    }

    private static double[] read(DataInputStream in, double[] a, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            a[i] = in.readDouble();
        }
        return a;
    }

    /** Takes one step; returns the loss before it. */
    private double step(boolean noisy) {
        double loss = engine.step(from, noisy);
        from += batch;
        if (from > order.length - batch) {
            from = 0;
        }
        return loss;
    }

    /** The weights of network 0, changed by about the error of rounding to float. */
    private double[] rounded(int j) {
        RandomStream random = new RandomStream(j, ROUNDED, 0);
        double[] weights = initial[0].clone();
        for (int i = 0; i < weights.length; i++) {
            weights[i] *= 1 + 0x1p-24 * (2 * random.nextDouble() - 1);
        }
        return weights;
    }

    private String answer(String command, int steps) {
        StringBuilder answer = new StringBuilder(command);
        switch (command) {
            case "network" -> {
                engine.restart(initial[steps]);
                from = steps % (order.length / batch) * batch;
            }
            case "rounded" -> {
                engine.restart(rounded(steps));
                from = 0;
            }
            case "losses", "noisy" -> {
                for (int i = 0; i < steps; i++) {
                    answer.append(' ').append(step(command.equals("noisy")));
                }
            }
            case "run" -> {
                long begun = System.nanoTime();
                for (int i = 0; i < steps; i++) {
                    step(true);
                }
                answer.append(' ').append(1e-6 * (System.nanoTime() - begun) / steps);
            }
            default ->
                throw new IllegalArgumentException(
                        "command is '" + command + "', expected one of losses, noisy, run, network, rounded");
        }
        return answer.toString();
    }

    @Override
    public void close() {
        engine.close();
    }

    private static void write(Path file, int units, int batch, int networks, double alpha, double noiseSd)
            throws IOException {
        Task task = Tasks.byName("and");
        Trials trials = Trials.random(task, SAMPLES, 0, Trials.TRAINING);
        int[] order = new int[SAMPLES];
        for (int i = 0; i < order.length; i++) {
            order[i] = i;
        }
        new RandomStream(0, Trainer.SHUFFLE, 0).shuffle(order);
        int xLength = trials.steps() * trials.inputs();
        int yLength = trials.steps() * trials.outputs();
        double[] x = new double[SAMPLES * xLength];
        double[] y = new double[SAMPLES * yLength];
        Trials.Reader reader = trials.reader();
        for (int i = 0; i < SAMPLES; i++) {
            reader.read(i, x, i * xLength, y, i * yLength, null, 0);
        }
        try (DataOutputStream out =
                new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file), 1 << 20))) {
            for (int size :
                    new int[] {units, task.inputs(), task.outputs(), batch, trials.steps(), SAMPLES, networks}) {
                out.writeInt(size);
            }
            write(
                    out,
                    new double[] {ADAM.learningRate(), ADAM.beta1(), ADAM.beta2(), ADAM.epsilon(), alpha, noiseSd},
                    6);
            for (int j = 0; j < networks; j++) {
                Rnn rnn = TrainingConfig.builder(task)
                        .units(units)
                        .seed(j)
                        .build()
                        .initialNetwork(task.inputs(), task.outputs());
                write(out, rnn.parameters(), rnn.shape().bRec().offset());
            }
            write(out, x, x.length);
            write(out, y, y.length);
            for (int trial : order) {
                out.writeInt(trial);
            }
        }
    }

    private static void write(DataOutputStream out, double[] a, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            out.writeDouble(a[i]);
        }
    }

    private static void serve(Path file, int threads, Precision precision) throws IOException {
        Kernels kernels = Kernels.of("simd");
        try (CompareWorker worker = new CompareWorker(file, threads, kernels, precision)) {
            BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
            System.out.println("ready JDK " + Runtime.version() + ", kernels " + kernels.description());
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                int space = line.indexOf(' ');
                System.out.println(worker.answer(
                        line.substring(0, Math.max(space, 0)), Integer.parseInt(line.substring(space + 1))));
            }
        }
    }

    /** Runs one of the two commands that the class describes. */
    public static void main(String[] args) throws IOException {
        if (args.length == 7 && args[0].equals("write")) {
            write(
                    Path.of(args[1]),
                    Integer.parseInt(args[2]),
                    Integer.parseInt(args[3]),
                    Integer.parseInt(args[4]),
                    Double.parseDouble(args[5]),
                    Double.parseDouble(args[6]));
        } else if (args.length == 4 && args[0].equals("serve")) {
            serve(Path.of(args[1]), Integer.parseInt(args[2]), Precision.of(args[3]));
        } else {
            System.err.println("expected write FILE N B NETWORKS ALPHA NOISE or serve FILE THREADS double|float");
            System.exit(2);
        }
    }
}
