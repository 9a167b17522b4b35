package attractor.analysis;

import attractor.dynamics.Simulator;
import attractor.io.Printable;
import attractor.model.Rnn;
import attractor.random.RandomStream;
import attractor.random.RandomStream.Purpose;
import attractor.task.Task;
import attractor.task.TrialPart;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What disturbances do: one trial of each type without noise is run again with its state displaced at some step, or with a
 * pulse of additional input, and compared with the undisturbed one.
 *
 * <p><b>Sizes.</b> A kick is as long as its size times the root mean square norm of the states of all trials and
 * steps; one towards another trial is its size times the way to that trial's state at the same step. A pulse's size is
 * added to one input.
 *
 * <p><b>Measures.</b> The distance in the response is the root mean square difference of the outputs over the steps of the
 * response that come after the disturbance. The answer is the target, among those of all types, that is nearest to
 * the outputs in the response; it has changed if it is another than that of the undisturbed trial. The state has
 * returned when its distance from the undisturbed trial's is at most {@link Options#returned} times the distance at the
 * end of the disturbance and stays so to the trial's end. A trial that is padded ends at its last own step; targets are compared
 * over the steps that both trials have.
 *
 * <p>Thread-safe as long as the arrays are not modified; they are not copied. The same bits on every JDK and with all
 * kernels except jblas.
 *
 * @param kicks all disturbances, by type, then step, then direction, size and index
 * @param norm the root mean square norm of the states
 * @param options the options
 */
public record Kicks(List<Kick> kicks, double norm, Options options) {

    /** Where a disturbance points. Immutable, safe for any thread. */
    public enum Direction {
        /** A random unit vector. */
        RANDOM("random"),
        /** The real part of a leading eigenvector of W_rec. */
        MODE("mode"),
        /** To the state of another type's trial at the same step. */
        TOWARDS("towards"),
        /** A pulse of input. */
        INPUT("input");

        private final String id;

        Direction(String id) {
            this.id = id;
        }

        /** The name on the command line and in files. */
        public String id() {
            return id;
        }

        /**
         * The direction with this name.
         *
         * @throws IllegalArgumentException if there is none
         */
        public static Direction of(String id) {
            for (Direction d : values()) {
                if (d.id.equals(id)) {
                    return d;
                }
            }
            throw new IllegalArgumentException(
                    "direction is '" + id + "', expected one of random, mode, towards, input");
        }
    }

    /**
     * One disturbance and what came of it. Immutable, safe for any thread.
     *
     * @param type index of the trial's type
     * @param step after this many steps the state is displaced, or the pulse begins
     * @param direction where it points
     * @param index number of the random vector, of the eigenvector, of the other type, or of the input
     * @param size its size
     * @param displacement distance of the states at the end of the disturbance
     * @param largest the largest distance afterwards, over the displacement
     * @param atEnd distance at the trial's end, over the displacement
     * @param response distance in the response; NaN if the response is over
     * @param returnSteps steps until the state has returned; -1 if it hasn't by the trial's end
     * @param changed whether the answer has changed
     */
    public record Kick(
            int type,
            int step,
            Direction direction,
            int index,
            double size,
            double displacement,
            double largest,
            double atEnd,
            double response,
            int returnSteps,
            boolean changed) {}

    /**
     * Which disturbances. Immutable, safe for any thread.
     *
     * @param directions the directions, each once, at least one
     * @param sizes the sizes, finite and not 0
     * @param timesMs times in ms; empty for the middle of each part of the trials
     * @param draws number of random vectors, and largest number of eigenvectors, at least 1
     * @param pulseMs length of a pulse in ms, above 0
     * @param returned share of the displacement, above 0 and below 1
     * @param seed of the random vectors
     */
    public record Options(
            List<Direction> directions,
            List<Double> sizes,
            List<Double> timesMs,
            int draws,
            double pulseMs,
            double returned,
            long seed) {
        /** All directions, sizes 0.1, 0.3 and 1, the middle of each part, 5 vectors, pulses of 10 ms, a tenth, seed 0. */
        public static final Options DEFAULT =
                new Options(List.of(Direction.values()), List.of(0.1, 0.3, 1.0), List.of(), 5, 10.0, 0.1, 0);

        /** @throws IllegalArgumentException if a value is out of its range */
        public Options {
            directions = List.copyOf(directions);
            sizes = List.copyOf(sizes);
            timesMs = List.copyOf(timesMs);
            if (directions.isEmpty() || directions.stream().distinct().count() != directions.size()) {
                throw new IllegalArgumentException(
                        "kicks: directions are " + directions + ", expected some, each once");
            }
            if (sizes.isEmpty() || sizes.stream().anyMatch(s -> !Double.isFinite(s) || s == 0.0)) {
                throw new IllegalArgumentException("kicks: sizes are " + sizes + ", expected finite numbers, not 0");
            }
            if (timesMs.stream().anyMatch(t -> !(t >= 0.0 && t < 1e9))) {
                throw new IllegalArgumentException("kicks: times are " + timesMs + " ms, expected 0 or more");
            }
            if (draws < 1 || !(pulseMs > 0.0 && pulseMs < 1e9) || !(returned > 0.0 && returned < 1.0)) {
                throw new IllegalArgumentException("kicks: " + Printable.count(draws, "draw") + ", pulses of " + pulseMs
                        + " ms and return to " + returned + ", expected at least 1, above 0, and 0 to 1");
            }
        }

        /** These options with another seed. */
        public Options withSeed(long other) {
            return new Options(directions, sizes, timesMs, draws, pulseMs, returned, other);
        }
    }

    /**
     * Means over the kicks of a direction and size. Immutable, safe for any thread.
     *
     * @param direction the direction
     * @param size the size
     * @param kicks their number
     * @param response mean distance in the response; NaN if it was over for all
     * @param changed share of changed answers
     * @param returned share of states that returned within the trial
     * @param returnSteps mean time of return of these; NaN if there are none
     */
    public record Mean(
            Direction direction,
            double size,
            int kicks,
            double response,
            double changed,
            double returned,
            double returnSteps) {}

    /**
     * Disturbs trials.
     *
     * @param rnn Not modified.
     * @param task its noise isn't used
     * @throws IllegalArgumentException if network and task don't fit together, or a time is after the trial's last step
     * @throws IllegalStateException without EJML on the class path
     */
    public static Kicks of(Rnn rnn, Task task, Options options) {
        Ejml.require();
        Attractors.check(rnn, task);
        return new Work(rnn.withNoise(0.0), task.withoutNoise(), options).run();
    }

    /** Means over types, steps and vectors, by direction and size. */
    public List<Mean> means() {
        List<Mean> means = new ArrayList<>();
        for (Direction direction : options.directions) {
            for (double size : options.sizes) {
                List<Kick> some = kicks.stream()
                        .filter(k -> k.direction == direction && k.size == size)
                        .toList();
                if (!some.isEmpty()) {
                    means.add(new Mean(
                            direction,
                            size,
                            some.size(),
                            some.stream()
                                    .mapToDouble(Kick::response)
                                    .filter(r -> !Double.isNaN(r))
                                    .average()
                                    .orElse(Double.NaN),
                            some.stream()
                                    .mapToDouble(k -> k.changed ? 1.0 : 0.0)
                                    .average()
                                    .orElseThrow(),
                            some.stream()
                                    .mapToDouble(k -> k.returnSteps >= 0 ? 1.0 : 0.0)
                                    .average()
                                    .orElseThrow(),
                            some.stream()
                                    .filter(k -> k.returnSteps >= 0)
                                    .mapToDouble(Kick::returnSteps)
                                    .average()
                                    .orElse(Double.NaN)));
                }
            }
        }
        return List.copyOf(means);
    }

    /** The working data. */
    private static final class Work {
        private final Rnn rnn;
        private final Options options;
        private final Task task;
        private final Trajectories trials;
        private final int n;
        private final int steps;
        private final TrialPart window;
        private final double norm;
        private final List<double[]> random = new ArrayList<>();
        private final List<double[]> modes = new ArrayList<>();

        Work(Rnn rnn, Task task, Options options) {
            this.rnn = rnn;
            this.task = task;
            this.options = options;
            trials = Trajectories.of(rnn, task, 0);
            n = rnn.units();
            steps = trials.steps();
            window = Attractors.answer(task);
            double[] states = trials.states();
            double square = 0.0;
            for (double x : states) {
                square += x * x;
            }
            int rows = states.length / n;
            norm = Math.sqrt(square / rows);
            RandomStream stream = new RandomStream(options.seed, Purpose.of("kicks"), 0);
            for (int k = 0; k < options.draws; k++) {
                stream.reset(options.seed, Purpose.of("kicks"), k);
                double[] v = new double[n];
                stream.fillGaussian(v, 0, n, 1.0);
                random.add(unit(v));
            }
            if (options.directions.contains(Direction.MODE)) {
                addModes();
            }
        }

        /** Real parts of the leading eigenvectors of W_rec, one for each pair. */
        private void addModes() {
            Spectrum spectrum = Spectrum.of(rnn);
            Eigenvectors vectors = spectrum.vectors().orElseThrow();
            for (int k = 0; k < n && modes.size() < options.draws; k++) {
                if (spectrum.im()[k] >= 0.0) {
                    double[] v = Arrays.copyOfRange(vectors.rightRe(), k * n, (k + 1) * n);
                    if (dot(v, v) > 1e-20) {
                        modes.add(unit(v));
                    }
                }
            }
        }

        private static double dot(double[] a, double[] b) {
            double sum = 0.0;
            for (int i = 0; i < a.length; i++) {
                sum += a[i] * b[i];
            }
            return sum;
        }

        private static double[] unit(double[] v) {
            double length = Math.sqrt(dot(v, v));
            double[] unit = v.clone();
            for (int i = 0; i < v.length; i++) {
                unit[i] /= length;
            }
            return unit;
        }

        Kicks run() {
            List<Kick> kicks = new ArrayList<>();
            for (int type = 0; type < trials.trials(); type++) {
                for (int step : times(type)) {
                    kickAt(type, step, kicks);
                }
            }
            return new Kicks(List.copyOf(kicks), norm, options);
        }

        /** Numbers of steps before the disturbances, from 1 to one less than the trial has. */
        private List<Integer> times(int type) {
            List<Integer> times = new ArrayList<>();
            if (options.timesMs.isEmpty()) {
                for (TrialPart part : task.parts(type)) {
                    int middle = (part.from() + part.to()) / 2;
                    if (middle >= 1 && middle < trials.steps(type)) {
                        times.add(middle);
                    }
                }
                return times;
            }
            for (double ms : options.timesMs) {
                long step = Math.round(ms / trials.dtMs());
                if (step < 1 || step >= steps) {
                    throw new IllegalArgumentException("kicks: a time is " + ms + " ms, expected " + trials.dtMs()
                            + " to " + (steps - 1) * trials.dtMs() + " ms, after the first step and before the last");
                }
                if (step < trials.steps(type)) {
                    times.add((int) step);
                }
            }
            return times;
        }

        /** A disturbance: the displaced state, and the input with its pulse. */
        private record Plan(Direction direction, int index, double size, double[] state, int channel) {}

        private void kickAt(int type, int step, List<Kick> kicks) {
            double[] h = state(type, step);
            List<Plan> plans = new ArrayList<>();
            for (Direction direction : options.directions) {
                for (double size : options.sizes) {
                    switch (direction) {
                        case RANDOM -> addAlong(plans, direction, size, h, random);
                        case MODE -> addAlong(plans, direction, size, h, modes);
                        case TOWARDS -> {
                            for (int other = 0; other < trials.trials(); other++) {
                                if (step > trials.steps(other)) {
                                    continue;
                                }
                                double[] goal = state(other, step);
                                double[] moved = h.clone();
                                for (int i = 0; i < n; i++) {
                                    moved[i] += size * (goal[i] - h[i]);
                                }
                                if (!Arrays.equals(goal, h)) {
                                    plans.add(new Plan(direction, other, size, moved, -1));
                                }
                            }
                        }
                        case INPUT -> {
                            for (int channel = 0; channel < rnn.inputs(); channel++) {
                                plans.add(new Plan(direction, channel, size, h, channel));
                            }
                        }
                    }
                }
            }
            if (!plans.isEmpty()) {
                simulate(type, step, plans, kicks);
            }
        }

        private void addAlong(List<Plan> plans, Direction direction, double size, double[] h, List<double[]> vectors) {
            for (int k = 0; k < vectors.size(); k++) {
                double[] moved = h.clone();
                for (int i = 0; i < n; i++) {
                    moved[i] += size * norm * vectors.get(k)[i];
                }
                if (!Arrays.equals(moved, h)) {
                    plans.add(new Plan(direction, k, size, moved, -1));
                }
            }
        }

        /** The state after some steps of an undisturbed trial. */
        private double[] state(int type, int step) {
            int at = (type * steps + step - 1) * n;
            return Arrays.copyOfRange(trials.h(), at, at + n);
        }

        private void simulate(int type, int step, List<Plan> plans, List<Kick> kicks) {
            int inputs = rnn.inputs();
            int left = trials.steps(type) - step;
            int pulse = (int) Math.max(1, Math.min(left, Math.round(options.pulseMs / trials.dtMs())));
            double[] x = new double[plans.size() * left * inputs];
            double[] initial = new double[plans.size() * n];
            for (int k = 0; k < plans.size(); k++) {
                Plan plan = plans.get(k);
                System.arraycopy(trials.x(), (type * steps + step) * inputs, x, k * left * inputs, left * inputs);
                System.arraycopy(plan.state, 0, initial, k * n, n);
                for (int t = 0; t < pulse && plan.channel >= 0; t++) {
                    x[(k * left + t) * inputs + plan.channel] += plan.size;
                }
            }
            Simulator.Trajectory run = new Simulator(rnn).run(x, plans.size(), left, initial, true);
            for (int k = 0; k < plans.size(); k++) {
                Plan plan = plans.get(k);
                double[] distance = new double[left + 1];
                distance[0] = distance(plan.state, 0, type, step);
                for (int t = 1; t <= left; t++) {
                    distance[t] = distance(run.h(), (k * left + t - 1) * n, type, step + t);
                }
                int end = plan.channel >= 0 ? pulse : 0;
                double displacement = distance[end];
                double largest = 0.0;
                for (int t = end; t <= left; t++) {
                    largest = Math.max(largest, distance[t]);
                }
                double[] y = trials.y().clone();
                int o = rnn.outputs();
                System.arraycopy(run.y(), k * left * o, y, (type * steps + step) * o, left * o);
                kicks.add(new Kick(
                        type,
                        step,
                        plan.direction,
                        plan.index,
                        plan.size,
                        displacement,
                        displacement == 0.0 ? Double.NaN : largest / displacement,
                        displacement == 0.0 ? Double.NaN : distance[left] / displacement,
                        response(y, type, step),
                        returned(distance, end),
                        answer(y, type) != answer(trials.y(), type)));
            }
        }

        /** Steps after the end of a disturbance from which on the state stays near; -1 if it isn't at the trial's end. */
        private int returned(double[] distance, int end) {
            int last = distance.length - 1;
            int t = last;
            while (t >= end && distance[t] <= options.returned * distance[end]) {
                t--;
            }
            return t == last ? -1 : Math.max(0, t + 1 - end);
        }

        private double distance(double[] h, int off, int type, int step) {
            int at = (type * steps + step - 1) * n;
            double square = 0.0;
            for (int i = 0; i < n; i++) {
                double d = h[off + i] - trials.h()[at + i];
                square += d * d;
            }
            return Math.sqrt(square);
        }

        private double response(double[] y, int type, int step) {
            int o = rnn.outputs();
            TrialPart own = window.within(trials.steps(type));
            double square = 0.0;
            int count = 0;
            for (int t = Math.max(own.from(), step); t < own.to(); t++) {
                for (int k = 0; k < o; k++) {
                    int at = (type * steps + t) * o + k;
                    double d = y[at] - trials.y()[at];
                    square += d * d;
                    count++;
                }
            }
            return count == 0 ? Double.NaN : Math.sqrt(square / count);
        }

        /** The first type whose target is nearest to the outputs in the response. */
        private int answer(double[] y, int type) {
            int o = rnn.outputs();
            TrialPart own = window.within(trials.steps(type));
            int nearest = 0;
            double least = Double.POSITIVE_INFINITY;
            for (int other = 0; other < trials.trials(); other++) {
                double square = 0.0;
                int to = Math.min(own.to(), trials.steps(other));
                for (int t = own.from(); t < to; t++) {
                    for (int k = 0; k < o; k++) {
                        double d = y[(type * steps + t) * o + k] - trials.target()[(other * steps + t) * o + k];
                        square += d * d;
                    }
                }
                if (to > own.from() && square / (to - own.from()) < least) {
                    least = square / (to - own.from());
                    nearest = other;
                }
            }
            return nearest;
        }
    }
}
