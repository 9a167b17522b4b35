package attractor.task;

import attractor.io.Printable;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;

/**
 * Trials in memory, one after the other: x is S x T x I, y and mask are S x T x O. Immutable, its readers stateless.
 */
final class StoredTrials extends ShapedTrials implements Trials.Reader {

    private final double[] x;
    private final double[] y;
    /** S x T x O, or null. */
    private final double[] mask;

    /** Keeps the arrays, without a copy. */
    StoredTrials(TrialShape shape, int[] type, double[] x, double[] y, double[] mask) {
        super(shape, type);
        this.x = x;
        this.y = y;
        this.mask = mask;
    }

    static StoredTrials ofArrays(
            int steps, int inputs, int outputs, double[] x, double[] y, double[] mask, int[] type, List<String> types) {
        atLeastOne("steps", steps);
        atLeastOne("inputs", inputs);
        atLeastOne("outputs", outputs);
        long xPerTrial = (long) steps * inputs;
        long yPerTrial = (long) steps * outputs;
        if (x.length == 0 || x.length % xPerTrial != 0) {
            throw new IllegalArgumentException(
                    "x has " + Printable.count(x.length, "value") + ", expected a multiple of T*I = " + xPerTrial
                            + " (T = " + steps + ", I = " + inputs + "), at least one trial");
        }
        int size = (int) (x.length / xPerTrial);
        String sizes = " (S = " + size + ", T = " + steps + ", O = " + outputs + ")";
        if (y.length != size * yPerTrial) {
            throw new IllegalArgumentException(
                    "y has " + Printable.count(y.length, "value") + ", expected S*T*O = " + size * yPerTrial + sizes);
        }
        checkFinite("x", x, steps, inputs, "input");
        checkFinite("y", y, steps, outputs, "output");
        double[] fullMask = mask == null ? null : fullMask(mask, size, steps, outputs, sizes);

        List<String> names;
        int[] indices = new int[size];
        if (type == null) {
            names = types == null ? List.of("all") : List.copyOf(types);
        } else {
            if (type.length != size) {
                throw new IllegalArgumentException("type has " + Printable.count(type.length, "value")
                        + ", expected S = " + size + ", one for each trial of x");
            }
            if (types == null) {
                int[] values = Arrays.stream(type).sorted().distinct().toArray();
                names = Arrays.stream(values).mapToObj(Integer::toString).toList();
                for (int s = 0; s < size; s++) {
                    indices[s] = Arrays.binarySearch(values, type[s]);
                }
            } else {
                names = List.copyOf(types);
                for (int s = 0; s < size; s++) {
                    if (type[s] < 0 || type[s] >= names.size()) {
                        throw new IllegalArgumentException("type[" + s + "] is " + type[s] + ", expected 0 to "
                                + (names.size() - 1) + ", an index into " + names);
                    }
                    indices[s] = type[s];
                }
            }
        }
        boolean[] zeroTarget = new boolean[names.size()];
        TrialShape shape = new TrialShape(
                size,
                steps,
                inputs,
                outputs,
                fullMask != null,
                checkedTypes("data", names),
                zeroTarget,
                oneHot(y, fullMask, outputs) ? Readout.LARGEST : Readout.NONE);
        return new StoredTrials(shape, indices, x, y, fullMask);
    }

    /** Whether there are two outputs or more, and at each step that counts one target is 1 and the others are 0. */
    private static boolean oneHot(double[] y, double[] mask, int outputs) {
        if (outputs < 2) {
            return false;
        }
        for (int from = 0; from < y.length; from += outputs) {
            boolean counts = mask == null;
            int ones = 0;
            int zeros = 0;
            for (int i = from; i < from + outputs; i++) {
                counts |= mask != null && mask[i] > 0;
                ones += y[i] == 1 ? 1 : 0;
                zeros += y[i] == 0 ? 1 : 0;
            }
            if (counts && (ones != 1 || zeros != outputs - 1)) {
                return false;
            }
        }
        return true;
    }

    /** Returns the names, after checking that there are some and that all differ. */
    static List<String> checkedTypes(String owner, List<String> names) {
        if (names.isEmpty()) {
            throw new IllegalArgumentException(owner + " has no trial types, expected at least one");
        }
        if (new HashSet<>(names).size() != names.size()) {
            throw new IllegalArgumentException(owner + " has trial types " + names + ", expected all different");
        }
        return names;
    }

    private static double[] fullMask(double[] mask, int size, int steps, int outputs, String sizes) {
        long perStep = (long) size * steps;
        if (mask.length != perStep && mask.length != perStep * outputs) {
            throw new IllegalArgumentException("mask has " + Printable.count(mask.length, "value")
                    + ", expected S*T*O = " + perStep * outputs + " or S*T = " + perStep + sizes);
        }
        int channels = (int) (mask.length / perStep);
        for (int i = 0; i < mask.length; i++) {
            if (!(mask[i] >= 0 && mask[i] <= Double.MAX_VALUE)) {
                throw new IllegalArgumentException("mask is " + mask[i] + " at " + where(i, steps, channels, "output")
                        + ", expected a finite number, 0 or more");
            }
        }
        int perTrial = steps * channels;
        for (int s = 0; s < size; s++) {
            boolean any = false;
            for (int i = s * perTrial; i < (s + 1) * perTrial; i++) {
                any |= mask[i] > 0;
            }
            if (!any) {
                throw new IllegalArgumentException("mask is 0 throughout trial " + s + ", expected a step above 0");
            }
        }
        if (channels == outputs) {
            return mask;
        }
        double[] full = new double[mask.length * outputs];
        for (int i = 0; i < full.length; i++) {
            full[i] = mask[i / outputs];
        }
        return full;
    }

    private static void checkFinite(String name, double[] a, int steps, int channels, String channel) {
        for (int i = 0; i < a.length; i++) {
            if (!Double.isFinite(a[i])) {
                throw new IllegalArgumentException(name + " is " + a[i] + " at " + where(i, steps, channels, channel)
                        + ", expected a finite number");
            }
        }
    }

    private static String where(int i, int steps, int channels, String channel) {
        int perTrial = steps * channels;
        return "trial " + i / perTrial + ", step " + i % perTrial / channels + ", " + channel + " " + i % channels;
    }

    private static void atLeastOne(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " is " + value + ", expected at least 1");
        }
    }

    @Override
    public void read(int trial, double[] x, int xOffset, double[] y, int yOffset, double[] mask, int maskOffset) {
        Objects.checkIndex(trial, shape.size());
        System.arraycopy(this.x, trial * shape.xLength(), x, xOffset, shape.xLength());
        System.arraycopy(this.y, trial * shape.yLength(), y, yOffset, shape.yLength());
        if (mask != null) {
            if (this.mask == null) {
                Arrays.fill(mask, maskOffset, maskOffset + shape.yLength(), 1);
            } else {
                System.arraycopy(this.mask, trial * shape.yLength(), mask, maskOffset, shape.yLength());
            }
        }
    }

    @Override
    public boolean inMemory() {
        return true;
    }

    @Override
    public Reader reader() {
        return this;
    }
}
