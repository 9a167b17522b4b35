package attractor.train;

import attractor.engine.StepTimes;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/**
 * A training's events for JDK Flight Recorder. Without the module {@code jdk.jfr} there are none, and everything else runs; where nobody
 * records, an event costs one test of a flag. To record and read:
 *
 * <pre>
 *     java -XX:StartFlightRecording=filename=training.jfr ...
 *     jfr print --events attractor.Batch training.jfr
 * </pre>
 */
class TrainingEvents {
    /** Those of this JVM. */
    static final TrainingEvents INSTANCE = make();

    private static TrainingEvents make() {
        try {
            Class.forName("jdk.jfr.Event");
            return new Recorded();
        } catch (ClassNotFoundException | LinkageError without) {
            return new TrainingEvents();
        }
    }

    /** Whether somebody records batches at this moment. */
    boolean wantsTimes() {
        return false;
    }

    /** Before a batch; what is returned goes to {@link #batchEnds}. Null where nobody records. */
    Object batchBegins() {
        return null;
    }

    /**
     * After a batch.
     *
     * @param timed whether the step knows where its time went: a recording that begins during a training doesn't
     */
    void batchEnds(Object begun, TrainingStep step, boolean timed) {}

    /** Before the steps of an epoch, or the rest of them; null where nobody records. */
    Object epochBegins() {
        return null;
    }

    /** After an epoch's last step, the validation and the saving. */
    void epochEnds(Object begun, EpochSummary epoch) {}

    /** With Flight Recorder; a class of its own, so that without it nothing here refers to its classes. */
    private static final class Recorded extends TrainingEvents {
        @Override
        boolean wantsTimes() {
            return new Batch().isEnabled();
        }

        @Override
        Object batchBegins() {
            Batch event = new Batch();
            if (!event.isEnabled()) {
                return null;
            }
            event.begin();
            return event;
        }

        @Override
        void batchEnds(Object begun, TrainingStep step, boolean timed) {
            if (begun instanceof Batch event) {
                event.end();
                event.epoch = step.epoch();
                event.batch = step.batch();
                event.trials = step.trials();
                event.loss = step.loss();
                event.gradientNorm = step.gradientNorm();
                event.gradient = step.gradientNanos();
                if (timed) {
                    StepTimes times = step.times();
                    event.gather = times.gather();
                    event.forward = times.forward();
                    event.backward = times.backward();
                    event.reduce = times.reduce();
                }
                event.optimizer = step.optimizerNanos();
                event.commit();
            }
        }

        @Override
        Object epochBegins() {
            Epoch event = new Epoch();
            if (!event.isEnabled()) {
                return null;
            }
            event.begin();
            return event;
        }

        @Override
        void epochEnds(Object begun, EpochSummary epoch) {
            if (begun instanceof Epoch event) {
                event.end();
                event.epoch = epoch.number();
                event.stage = epoch.stage();
                event.loss = epoch.loss();
                event.validationLoss = epoch.validationLoss();
                event.steps = Math.round(1e9 * epoch.seconds());
                event.commit();
            }
        }
    }

    @Name("attractor.Batch")
    @Label("Batch")
    @Category("Attractor")
    @Description("Loss and gradient of a batch of trials, and the optimiser's step")
    @StackTrace(false)
    @SuppressWarnings("UnusedVariable") // the recorder reads the fields
    private static final class Batch extends Event {
        @Label("Epoch")
        int epoch;

        @Label("Batch in the Epoch")
        int batch;

        @Label("Trials")
        int trials;

        @Label("Loss")
        @Description("Mean loss of the batch's trials, before the step")
        double loss;

        @Label("Gradient Norm")
        @Description("Euclidean norm over all trained parameters, before clipping")
        double gradientNorm;

        @Label("Gradient")
        @Description("Time for loss and gradient")
        @Timespan(Timespan.NANOSECONDS)
        long gradient;

        @Label("Gather")
        @Description("Of it, summed over threads: reading the trials")
        @Timespan(Timespan.NANOSECONDS)
        long gather;

        @Label("Forward")
        @Description("Of it, summed over threads: the Euler steps and the loss")
        @Timespan(Timespan.NANOSECONDS)
        long forward;

        @Label("Backward")
        @Description("Of it, summed over threads: back through time")
        @Timespan(Timespan.NANOSECONDS)
        long backward;

        @Label("Reduce")
        @Description("Of it: loading the weights and adding up the chunks")
        @Timespan(Timespan.NANOSECONDS)
        long reduce;

        @Label("Optimiser")
        @Description("Time for clipping, the optimiser and checks")
        @Timespan(Timespan.NANOSECONDS)
        long optimizer;
    }

    @Name("attractor.Epoch")
    @Label("Epoch")
    @Category("Attractor")
    @Description("An epoch of a training, with its validation and saving; of a resumed one the rest")
    @StackTrace(false)
    @SuppressWarnings("UnusedVariable") // the recorder reads the fields
    private static final class Epoch extends Event {
        @Label("Epoch")
        int epoch;

        @Label("Stage")
        int stage;

        @Label("Loss")
        @Description("Mean loss of the epoch's trials")
        double loss;

        @Label("Validation Loss")
        @Description("Mean loss of the trials held out; NaN where none are")
        double validationLoss;

        @Label("Steps")
        @Description("Time in steps, earlier sessions included")
        @Timespan(Timespan.NANOSECONDS)
        long steps;
    }
}
