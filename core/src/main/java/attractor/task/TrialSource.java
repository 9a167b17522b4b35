package attractor.task;

import attractor.io.Printable;
import attractor.random.RandomStream;
import attractor.random.RandomStream.Purpose;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** Trials of a task, drawn again at each reading. Immutable. */
final class TrialSource extends ShapedTrials {

    private final Task task;
    private final long seed;
    private final Purpose purpose;
    /** For each type, the sum of the weights of it and of those before it. */
    private final int[] upTo;

    private TrialSource(Task task, TrialShape shape, long seed, Purpose purpose, boolean balanced) {
        this(task, shape, cumulative(task, shape.types().size()), seed, purpose, balanced);
    }

    private TrialSource(Task task, TrialShape shape, int[] upTo, long seed, Purpose purpose, boolean balanced) {
        super(shape, types(shape, upTo, seed, purpose, balanced));
        this.upTo = upTo;
        this.task = task;
        this.seed = seed;
        this.purpose = purpose;
    }

    private static int[] cumulative(Task task, int types) {
        int[] weights = task.typeWeights();
        if (weights.length != types) {
            throw new IllegalArgumentException("task " + task.name() + " has " + weights.length
                    + " weights of types, expected " + types + ", one for each type");
        }
        int[] upTo = new int[types];
        int sum = 0;
        for (int k = 0; k < types; k++) {
            if (weights[k] < 1 || weights[k] > 1_000_000) {
                throw new IllegalArgumentException("task " + task.name() + " has a weight of " + weights[k]
                        + " for type " + task.types().get(k) + ", expected 1 to 1000000");
            }
            sum = Math.addExact(sum, weights[k]);
            upTo[k] = sum;
        }
        return upTo;
    }

    private static int[] types(TrialShape shape, int[] upTo, long seed, Purpose purpose, boolean balanced) {
        int[] type = new int[shape.size()];
        int types = shape.types().size();
        if (balanced) {
            for (int i = 0; i < type.length; i++) {
                type[i] = i % types;
            }
        } else {
            RandomStream random = new RandomStream(seed, purpose, 0);
            for (int i = 0; i < type.length; i++) {
                random.reset(seed, purpose, i);
                int drawn = random.nextInt(upTo[types - 1]);
                while (drawn >= upTo[type[i]]) {
                    type[i]++;
                }
            }
        }
        return type;
    }

    static Trials trials(Task task, int size, long seed, Purpose purpose, boolean balanced, long budgetBytes) {
        Objects.requireNonNull(purpose, "purpose is null, expected one such as Trials.TRAINING");
        if (size < 1) {
            throw new IllegalArgumentException("number of trials is " + size + ", expected at least 1");
        }
        if (budgetBytes < 0) {
            throw new IllegalArgumentException("memory for trials is " + budgetBytes + " bytes, expected 0 or more");
        }
        TrialShape shape = shape(task, size);
        TrialSource source = new TrialSource(task, shape, seed, purpose, balanced);
        long xValues = (long) size * shape.xLength();
        long yValues = (long) size * shape.yLength();
        double bytes = 8.0 * xValues + (shape.masked() ? 16.0 : 8.0) * yValues;
        boolean fits = bytes <= budgetBytes
                && bytes <= Runtime.getRuntime().maxMemory() / 2.0
                && Math.max(xValues, yValues) <= Integer.MAX_VALUE - 8;
        return fits ? source.store() : source;
    }

    private static TrialShape shape(Task task, int size) {
        String name = "task " + task.name();
        if (task.steps() < 1 || task.inputs() < 1 || task.outputs() < 1) {
            throw new IllegalArgumentException(name + " has " + Printable.count(task.steps(), "step") + ", "
                    + Printable.count(task.inputs(), "input") + ", " + Printable.count(task.outputs(), "output")
                    + ", expected at least 1 of each");
        }
        long perTrial = (long) task.steps() * Math.max(task.inputs(), task.outputs());
        if (perTrial > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException(name + " has " + Printable.count(task.steps(), "step") + ", "
                    + Printable.count(task.inputs(), "input")
                    + ", " + Printable.count(task.outputs(), "output") + ", expected at most " + (Integer.MAX_VALUE - 8)
                    + " values a trial");
        }
        if (!(task.dtMs() > 0 && task.dtMs() <= Double.MAX_VALUE)) {
            throw new IllegalArgumentException(
                    name + " has a dt of " + task.dtMs() + " ms, expected a finite number above 0");
        }
        List<String> types = StoredTrials.checkedTypes(name, List.copyOf(task.types()));
        boolean[] zeroTarget = new boolean[types.size()];
        for (int k = 0; k < zeroTarget.length; k++) {
            zeroTarget[k] = task.zeroTarget(k);
        }
        return new TrialShape(
                size, task.steps(), task.inputs(), task.outputs(), task.masked(), types, zeroTarget, task.readout());
    }

    private StoredTrials store() {
        double[] x = new double[shape.size() * shape.xLength()];
        double[] y = new double[shape.size() * shape.yLength()];
        double[] mask = shape.masked() ? new double[y.length] : null;
        Reader reader = reader();
        for (int i = 0; i < shape.size(); i++) {
            reader.read(i, x, i * shape.xLength(), y, i * shape.yLength(), mask, i * shape.yLength());
        }
        return new StoredTrials(shape, type, x, y, mask);
    }

    /** Draws a trial into its own arrays, then copies it. */
    private final class Drawer implements Reader {

        private final RandomStream random = new RandomStream(seed, purpose, 0);
        private final double[] x1 = new double[shape.xLength()];
        private final double[] y1 = new double[shape.yLength()];
        private final double[] mask1 = shape.masked() ? new double[shape.yLength()] : null;

        @Override
        public void read(int trial, double[] x, int xOffset, double[] y, int yOffset, double[] mask, int maskOffset) {
            draw(trial);
            System.arraycopy(x1, 0, x, xOffset, x1.length);
            System.arraycopy(y1, 0, y, yOffset, y1.length);
            if (mask != null) {
                if (mask1 == null) {
                    Arrays.fill(mask, maskOffset, maskOffset + y1.length, 1);
                } else {
                    System.arraycopy(mask1, 0, mask, maskOffset, mask1.length);
                }
            }
        }

        private void draw(int trial) {
            Objects.checkIndex(trial, shape.size());
            random.reset(seed, purpose, trial);
            random.nextInt(upTo[upTo.length - 1]);
            Arrays.fill(x1, 0);
            Arrays.fill(y1, 0);
            if (mask1 != null) {
                Arrays.fill(mask1, 1);
            }
            try {
                task.write(type[trial], random, x1, y1, mask1);
            } catch (RuntimeException e) {
                throw new IllegalStateException(
                        "task " + task.name() + " failed to write trial " + trial + " (type "
                                + shape.types().get(type[trial]) + "): " + e,
                        e);
            }
            checkFinite(trial, "x", x1, shape.inputs(), "input");
            checkFinite(trial, "y", y1, shape.outputs(), "output");
            if (mask1 != null) {
                checkMask(trial);
            }
        }

        private void checkFinite(int trial, String name, double[] a, int channels, String channel) {
            for (int i = 0; i < a.length; i++) {
                if (!Double.isFinite(a[i])) {
                    throw written(trial, name, a[i], i, channels, channel, "a finite number");
                }
            }
        }

        private void checkMask(int trial) {
            boolean any = false;
            for (int i = 0; i < mask1.length; i++) {
                if (!(mask1[i] >= 0 && mask1[i] <= Double.MAX_VALUE)) {
                    throw written(trial, "mask", mask1[i], i, shape.outputs(), "output", "a finite number, 0 or more");
                }
                any |= mask1[i] > 0;
            }
            if (!any) {
                throw new IllegalArgumentException("task " + task.name() + " wrote a mask of zeros in trial " + trial
                        + " (type " + shape.types().get(type[trial]) + "), expected a step above 0");
            }
        }

        private IllegalArgumentException written(
                int trial, String name, double value, int i, int channels, String channel, String expected) {
            return new IllegalArgumentException("task " + task.name() + " wrote " + name + " = " + value + " in trial "
                    + trial + " (type " + shape.types().get(type[trial]) + ") at step " + i / channels + ", " + channel
                    + " " + i % channels + ", expected " + expected);
        }
    }

    @Override
    public boolean inMemory() {
        return false;
    }

    @Override
    public Reader reader() {
        return new Drawer();
    }
}
