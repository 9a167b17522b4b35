package attractor.bench;

import attractor.engine.Adam;
import attractor.engine.BatchGradient;
import attractor.kernel.Activation;
import attractor.kernel.Kernels;
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
 * Attractor's side of the comparison with other engines, {@code bench/compare}: a training step of AND (N = 50, I = 2,
 * O = 1, B = 64, T = 200), including the gathering of the batch from 15,000 stored trials. Not a JMH benchmark, so that
 * one driver can alternate between processes.
 *
 * <p>{@code write FILE [ALPHA NOISE]} makes the problem that every engine reads, big-endian: {@code int N, I, O, B, T, S}, the
 * number of trials; {@code double lr, beta1, beta2, epsilon}; {@code double alpha} and the sd of the noise in the states (1 and 0
 * for the standard step); doubles {@code W_in} (N x I), {@code W_rec} (N x N),
 * {@code W_out} (O x N), {@code b_out} (O), inputs (S x T x I), targets (S x T x O); {@code int order[S]}, the shuffled
 * trial numbers. Step s trains on the B numbers from {@code order[(s mod floor(S/B)) B]} on.
 *
 * <p>{@code serve FILE THREADS} answers the lines {@code losses K} (K steps without noise, the loss before each), {@code noisy K}
 * (the same with noise) and {@code run K} (K steps with noise, milliseconds per step) until its input ends.
 */
final class CompareWorker implements AutoCloseable {
    private static final int BATCH = 64;
    private static final int SAMPLES = 15_000;
    /** Without Keras's decay of the learning rate, which other engines' Adam lacks. */
    private static final Adam.Options ADAM = new Adam.Options(1e-4, 0.0, 0.9, 0.999, 1e-8);

    private final Rnn rnn;
    private final BatchGradient batchGradient;
    /** Without noise; the same one if the network has none. */
    private final BatchGradient quietGradient;

    private final Adam adam;
    private final double[] gradient;
    private final int[] order;
    private final int batch;
    private int from;

    private CompareWorker(Path file, int threads, Kernels kernels) throws IOException {
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 20))) {
            int n = in.readInt();
            int inputs = in.readInt();
            int outputs = in.readInt();
            batch = in.readInt();
            int steps = in.readInt();
            int samples = in.readInt();
            Adam.Options settings =
                    new Adam.Options(in.readDouble(), 0.0, in.readDouble(), in.readDouble(), in.readDouble());
            double alpha = in.readDouble();
            double noiseSd = in.readDouble();
            RnnShape shape = new RnnShape(inputs, n, outputs);
            Rnn quiet = new Rnn(shape, Activation.TANH, 1, 1 / alpha, false, new double[shape.parameters()]);
            rnn = quiet.withNoise(noiseSd);
            int trained = rnn.shape().bRec().offset();
            read(in, rnn.parameters(), trained);
            double[] x = read(in, new double[samples * steps * inputs], samples * steps * inputs);
            double[] y = read(in, new double[samples * steps * outputs], samples * steps * outputs);
            order = new int[samples];
            for (int i = 0; i < samples; i++) {
                order[i] = in.readInt();
            }
            Trials trials = Trials.ofArrays(steps, inputs, outputs, x, y, null, null, null);
            batchGradient = gradient(rnn, trials, threads, kernels);
            quietGradient = noiseSd == 0 ? batchGradient : gradient(quiet, trials, threads, kernels);
            adam = new Adam(settings, trained, kernels);
            gradient = new double[rnn.shape().parameters()];
        }
    }

    private BatchGradient gradient(Rnn of, Trials trials, int threads, Kernels kernels) {
        return BatchGradient.builder(of, trials)
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
    private double step(BatchGradient of) {
        double loss = of.compute(rnn.parameters(), order, from, batch, gradient);
        adam.step(rnn.parameters(), gradient);
        from += batch;
        if (from > order.length - batch) {
            from = 0;
        }
        return loss;
    }

    private String answer(String command, int steps) {
        StringBuilder answer = new StringBuilder(command);
        switch (command) {
            case "losses", "noisy" -> {
                for (int i = 0; i < steps; i++) {
                    answer.append(' ').append(step(command.equals("noisy") ? batchGradient : quietGradient));
                }
            }
            case "run" -> {
                long begun = System.nanoTime();
                for (int i = 0; i < steps; i++) {
                    step(batchGradient);
                }
                answer.append(' ').append(1e-6 * (System.nanoTime() - begun) / steps);
            }
            default ->
                throw new IllegalArgumentException("command is '" + command + "', expected one of losses, noisy, run");
        }
        return answer.toString();
    }

    @Override
    public void close() {
        batchGradient.close();
        quietGradient.close();
    }

    private static void write(Path file, double alpha, double noiseSd) throws IOException {
        Task task = Tasks.byName("and");
        Rnn rnn = TrainingConfig.builder(task).build().initialNetwork(task.inputs(), task.outputs());
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
            for (int size : new int[] {rnn.units(), rnn.inputs(), rnn.outputs(), BATCH, trials.steps(), SAMPLES}) {
                out.writeInt(size);
            }
            write(
                    out,
                    new double[] {ADAM.learningRate(), ADAM.beta1(), ADAM.beta2(), ADAM.epsilon(), alpha, noiseSd},
                    6);
            write(out, rnn.parameters(), rnn.shape().bRec().offset());
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

    private static void serve(Path file, int threads) throws IOException {
        Kernels kernels = Kernels.of("simd");
        try (CompareWorker worker = new CompareWorker(file, threads, kernels)) {
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
        if (args.length == 2 && args[0].equals("write")) {
            write(Path.of(args[1]), 1, 0);
        } else if (args.length == 4 && args[0].equals("write")) {
            write(Path.of(args[1]), Double.parseDouble(args[2]), Double.parseDouble(args[3]));
        } else if (args.length == 3 && args[0].equals("serve")) {
            serve(Path.of(args[1]), Integer.parseInt(args[2]));
        } else {
            System.err.println("expected write FILE [ALPHA NOISE] or serve FILE THREADS");
            System.exit(2);
        }
    }
}
