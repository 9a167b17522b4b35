package attractor.task;

import attractor.random.RandomStream;
import java.util.List;
import java.util.Objects;

/** A task whose trials come from a set: one of the wanted type is drawn, all equally likely. Immutable. */
final class TrialsTask implements Task {

    private final String name;
    private final Trials trials;
    private final double dtMs;
    /** For each type, the indices of its trials. */
    private final int[][] ofType;

    TrialsTask(String name, Trials trials, double dtMs) {
        this.name = Objects.requireNonNull(name, "name is null, expected what the trials are called");
        this.trials = trials;
        this.dtMs = dtMs;
        if (!(dtMs > 0 && dtMs <= Double.MAX_VALUE)) {
            throw new IllegalArgumentException("dtMs is " + dtMs + ", expected a finite number above 0");
        }
        int[] counts = new int[trials.types().size()];
        for (int i = 0; i < trials.size(); i++) {
            counts[trials.type(i)]++;
        }
        ofType = new int[counts.length][];
        for (int k = 0; k < counts.length; k++) {
            if (counts[k] == 0) {
                throw new IllegalArgumentException(
                        name + " has no trial of type " + trials.types().get(k) + ", expected at least one");
            }
            ofType[k] = new int[counts[k]];
        }
        for (int i = trials.size() - 1; i >= 0; i--) {
            ofType[trials.type(i)][--counts[trials.type(i)]] = i;
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String description() {
        return "One of " + trials.size() + " given trials, of each type at random.";
    }

    @Override
    public int inputs() {
        return trials.inputs();
    }

    @Override
    public int outputs() {
        return trials.outputs();
    }

    @Override
    public int steps() {
        return trials.steps();
    }

    @Override
    public double dtMs() {
        return dtMs;
    }

    @Override
    public List<String> types() {
        return trials.types();
    }

    @Override
    public boolean masked() {
        return trials.masked();
    }

    @Override
    public boolean zeroTarget(int type) {
        return trials.zeroTarget(type);
    }

    @Override
    public Readout readout() {
        return trials.readout();
    }

    @Override
    public int defaultTrials() {
        return trials.size();
    }

    @Override
    public void write(int type, RandomStream random, double[] x, double[] y, double[] mask) {
        int trial = ofType[type][random.nextInt(ofType[type].length)];
        trials.reader().read(trial, x, 0, y, 0, mask, 0);
    }
}
