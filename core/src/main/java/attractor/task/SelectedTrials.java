package attractor.task;

import java.util.Objects;

/** Some trials of another set, in any order. Immutable; each of its readers belongs to one thread. */
final class SelectedTrials extends ShapedTrials {

    private final Trials all;
    /** For each trial, its index in {@link #all}. */
    private final int[] index;

    /** Copies the indices. */
    SelectedTrials(Trials all, int[] index) {
        super(shape(all, index), types(all, index));
        this.all = all;
        this.index = index.clone();
    }

    private static TrialShape shape(Trials all, int[] index) {
        if (index.length == 0) {
            throw new IllegalArgumentException("no trials are selected, expected at least one");
        }
        return new TrialShape(
                index.length,
                all.steps(),
                all.inputs(),
                all.outputs(),
                all.masked(),
                all.types(),
                ScoreAccumulator.zeroTargets(all),
                all.readout());
    }

    private static int[] types(Trials all, int[] index) {
        int[] type = new int[index.length];
        for (int i = 0; i < type.length; i++) {
            type[i] = all.type(Objects.checkIndex(index[i], all.size()));
        }
        return type;
    }

    private final class Selection implements Reader {

        private final Reader reader = all.reader();

        @Override
        public void read(int trial, double[] x, int xOffset, double[] y, int yOffset, double[] mask, int maskOffset) {
            reader.read(index[Objects.checkIndex(trial, index.length)], x, xOffset, y, yOffset, mask, maskOffset);
        }
    }

    @Override
    public boolean inMemory() {
        return all.inMemory();
    }

    @Override
    public Reader reader() {
        return new Selection();
    }
}
