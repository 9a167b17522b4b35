package attractor.bench;

import attractor.dynamics.PrecisionSimulator;
import attractor.kernel.Activation;
import attractor.kernel.Kernels;
import attractor.model.ModelOptions;
import attractor.model.Precision;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import attractor.task.Task;
import attractor.task.Tasks;
import attractor.task.Trials;
import attractor.train.TrainingConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoublePredicate;

/**
 * Does a training step take as long as any other when its numbers are extreme: subnormal, all 0, or saturated? Many processors take
 * a hundred times as long for an operation on subnormal numbers. Each case is compared with an ordinary network of the same
 * sizes, activation and time constant; all take turns, and the shortest processor time of each counts. Parameters and Adam's moments are
 * set back before each step, so that a case stays what it is. {@code bench/run extremes}
 */
final class Extremes {
    private static final int BATCH = 64;
    private static final int STEPS = 200;
    private static final long WARM_UP_NANOS = 3_000_000_000L;
    private static final long TURN_NANOS = 20_000_000L;
    private static final int ROUNDS = 40;

    /** What a case is made of. */
    private static final class Case {
        final String name;
        final Activation phi;
        final double tauMs;
        double weights = 1; // factor of W_in and W_rec
        double recurrent = 1; // further factor of W_rec
        double readout = 1; // factor of W_out
        double bias;
        /** Dale's law and noise, where no state may be negative. */
        boolean rectified;

        double h0;
        double inputs = 1; // factor of the inputs
        double targets = 1; // factor of the targets
        double mask = 1;
        boolean lastStepOnly;
        double moments;
        /** What share of the states must be like this; otherwise the case isn't what it is called. */
        DoublePredicate states = h -> true;

        double leastShare;

        Case(String name, Activation phi, double tauMs) {
            this.name = name;
            this.phi = phi;
            this.tauMs = tauMs;
        }

        boolean ordinary() {
            return name.equals("ordinary");
        }

        String model() {
            return phi.id()
                    + (tauMs == 1 ? "" : " tau " + Math.round(tauMs) + " ms")
                    + (rectified ? " with Dale's law and noise" : "");
        }
    }

    private final Kernels kernels;
    private final Precision precision;
    private final int units;
    private final Task task;
    private final double tiny;
    private final double leastNormal;

    private Extremes(String kernels, Precision precision, int units) {
        this.kernels = Kernels.of(kernels);
        this.precision = precision;
        this.units = units;
        task = Tasks.byName("and", Map.of("durationMs", (double) STEPS));
        boolean single = precision == Precision.FLOAT;
        tiny = single ? 0x1p-135 : 0x1p-1040;
        leastNormal = single ? Float.MIN_NORMAL : Double.MIN_NORMAL;
    }

    /**
     * Prints a line of comma-separated values for each case: kernels, precision, N, model, case, ms, time divided by the ordinary one's.
     *
     * @param args kernels, precision, N
     */
    public static void main(String[] args) {
        if (args.length != 3) {
            throw new IllegalArgumentException(args.length + " words, expected kernels, precision and N");
        }
        new Extremes(args[0], Precision.of(args[1]), Integer.parseInt(args[2])).run();
    }

    private List<Case> cases() {
        List<Case> all = new ArrayList<>();
        for (double tauMs : new double[] {1, 10}) {
            all.add(new Case("ordinary", Activation.TANH, tauMs));

            // W_rec is orthogonal, so that the norm of a small state stays.
            Case states = new Case("states and adjoints subnormal", Activation.TANH, tauMs);
            states.inputs = 0;
            states.targets = 0;
            states.h0 = 8 * tiny;
            states.moments = tiny;
            states.states = h -> h != 0 && Math.abs(h) < leastNormal;
            states.leastShare = tauMs == 1 ? 0.9 : 0.4;
            all.add(states);
        }

        Case weights = new Case("weights subnormal", Activation.TANH, 1);
        weights.weights = tiny;
        weights.readout = tiny;
        weights.moments = tiny;
        weights.states = h -> Math.abs(h) < leastNormal;
        weights.leastShare = 1;
        all.add(weights);

        Case adjoints = new Case("adjoints and gradient sums subnormal", Activation.TANH, 1);
        adjoints.mask = tiny;
        all.add(adjoints);

        // Half of the trial from 1 to the least number, and back again for the adjoint of the last step.
        Case fading = new Case("states and adjoints decay to 0", Activation.TANH, 1);
        fading.inputs = 0;
        fading.h0 = 0.5;
        fading.recurrent = Math.pow(tiny, 2.0 / STEPS);
        fading.lastStepOnly = true;
        fading.states = h -> h == 0;
        fading.leastShare = 0.4;
        all.add(fading);

        Case saturated = new Case("saturated", Activation.TANH, 1);
        saturated.weights = 1e4;
        saturated.h0 = 1;
        saturated.states = h -> Math.abs(h) == 1;
        saturated.leastShare = 0.99;
        all.add(saturated);

        all.add(new Case("ordinary", Activation.RELU, 1));
        Case dead = new Case("dead", Activation.RELU, 1);
        dead.bias = -1e3;
        dead.states = h -> h == 0;
        dead.leastShare = 1;
        all.add(dead);

        for (String name : new String[] {"ordinary", "dead but for noise"}) {
            Case dale = new Case(name, Activation.RELU, 10);
            dale.rectified = true;
            dale.weights = dale.ordinary() ? 1 : 0;
            all.add(dale);
        }
        return all;
    }

    private Rnn network(Case c) {
        RnnShape shape = new RnnShape(task.inputs(), units, task.outputs());
        ModelOptions options = ModelOptions.DEFAULT;
        Rnn initial = TrainingConfig.builder(task)
                .units(units)
                .activation(c.phi)
                .tauMs(c.tauMs)
                .model(c.rectified ? options.withDale(0.8).withRecurrentNoise(0.05) : options)
                .build()
                .initialNetwork(task.inputs(), task.outputs());
        double[] p = initial.parameters().clone();
        scale(p, shape.wIn(), c.weights);
        scale(p, shape.wRec(), c.weights * c.recurrent);
        scale(p, shape.wOut(), c.readout);
        Arrays.fill(p, shape.bRec().offset(), shape.bRec().end(), c.bias);
        Arrays.fill(p, shape.h0().offset(), shape.h0().end(), c.h0);
        Rnn rnn = c.rectified
                ? initial.withParameters(p)
                : new Rnn(shape, c.phi, 1, c.tauMs, c.phi == Activation.RELU, p);
        return rnn.withPrecision(precision);
    }

    private static void scale(double[] p, RnnShape.View view, double factor) {
        for (int i = view.offset(); i < view.end(); i++) {
            p[i] *= factor;
        }
    }

    private Trials trials(Case c) {
        Trials drawn = Trials.random(task, BATCH, 0, Trials.TRAINING);
        int inputs = STEPS * task.inputs();
        int outputs = STEPS * task.outputs();
        double[] x = new double[BATCH * inputs];
        double[] y = new double[BATCH * outputs];
        double[] mask = new double[y.length];
        Trials.Reader reader = drawn.reader();
        for (int i = 0; i < BATCH; i++) {
            reader.read(i, x, i * inputs, y, i * outputs, null, 0);
        }
        for (int i = 0; i < x.length; i++) {
            x[i] *= c.inputs;
        }
        for (int i = 0; i < y.length; i++) {
            y[i] *= c.targets;
            boolean last = i % outputs >= outputs - task.outputs();
            mask[i] = c.lastStepOnly && !last ? 0 : c.mask;
        }
        return Trials.ofArrays(STEPS, task.inputs(), task.outputs(), x, y, mask, null, null);
    }

    /** Throws if the states of the case are not what its name says. */
    private void check(Case c, Rnn rnn, Trials trials) {
        double[] x = new double[BATCH * STEPS * task.inputs()];
        double[] y = new double[BATCH * STEPS * task.outputs()];
        Trials.Reader reader = trials.reader();
        for (int i = 0; i < BATCH; i++) {
            reader.read(i, x, i * STEPS * task.inputs(), y, i * STEPS * task.outputs(), null, 0);
        }
        double[] h =
                new PrecisionSimulator(rnn, kernels).run(x, BATCH, STEPS, true).h();
        double share = (double) Arrays.stream(h).filter(c.states).count() / h.length;
        if (share < c.leastShare) {
            throw new IllegalStateException(
                    c.name + ": " + share + " of the states are like this, expected " + c.leastShare + " or more");
        }
    }

    private void run() {
        List<Case> cases = cases();
        List<Steps> steps = new ArrayList<>();
        for (Case c : cases) {
            Rnn rnn = network(c);
            Trials trials = trials(c);
            check(c, rnn, trials);
            steps.add(Steps.of(rnn, trials, BATCH, 1, kernels));
        }
        double[] best = new double[cases.size()];
        Arrays.fill(best, Double.POSITIVE_INFINITY);
        long end = System.nanoTime() + WARM_UP_NANOS;
        while (System.nanoTime() < end) {
            round(cases, steps, best);
        }
        Arrays.fill(best, Double.POSITIVE_INFINITY);
        for (int i = 0; i < ROUNDS; i++) {
            round(cases, steps, best);
        }
        double ordinary = 0;
        for (int i = 0; i < best.length; i++) {
            Case c = cases.get(i);
            ordinary = ordinary(cases, best, c);
            System.out.printf(
                    Locale.ROOT,
                    "%s,%s,%d,%s,%s,%.4f,%.3f%n",
                    kernels.name(),
                    precision.id(),
                    units,
                    c.model(),
                    c.name,
                    1e-6 * best[i],
                    best[i] / ordinary);
            steps.get(i).close();
        }
    }

    private static double ordinary(List<Case> cases, double[] best, Case like) {
        for (int i = 0; i < best.length; i++) {
            if (cases.get(i).ordinary() && cases.get(i).model().equals(like.model())) {
                return best[i];
            }
        }
        throw new IllegalStateException("no ordinary network like " + like.name);
    }

    /** A turn for each case. */
    private static void round(List<Case> cases, List<Steps> steps, double[] best) {
        for (int i = 0; i < best.length; i++) {
            Steps s = steps.get(i);
            double moments = cases.get(i).moments;
            long end = System.nanoTime() + TURN_NANOS;
            do {
                s.restore(moments, moments);
                best[i] = Math.min(best[i], BestTime.processorNanos(s::step));
            } while (System.nanoTime() < end);
        }
    }
}
