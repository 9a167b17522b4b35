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
 * A training's events for JDK Flight Recorder. Without the module {@code jdk.jfr} there are none, and everything else
 * works. Without a recording an event costs one test of a flag. To record and read:
 *
 * <pre>
 *     java -XX:StartFlightRecording=filename=training.jfr ...
 *     jfr print --events attractor.Batch training.jfr
 * </pre>
 */
class TrainingEvents {
    /** The events of this JVM. */
    static final TrainingEvents INSTANCE = make();

    private static TrainingEvents make() {
        try {
            Class.forName("jdk.jfr.Event");
            return new Recorded();
        } catch (ClassNotFoundException | LinkageError without) {
            return new TrainingEvents();
        }
    }

    /** Whether batches are being recorded at this moment. */
    boolean wantsTimes() {
        return false;
    }

    /** Called before a batch; the returned object is passed to {@link #batchEnds}. Null if nothing is recorded. */
    Object batchBegins() {
        return null;
    }

    /**
     * Called after a batch.
     *
     * @param timed whether the step's times were measured; they aren't if the recording began during the training
     */
    void batchEnds(Object begun, TrainingStep step, boolean timed) {}

    /** Called before the steps of an epoch, or before the remaining ones; null if nothing is recorded. */
    Object epochBegins() {
        return null;
    }

    /** Called after an epoch's last step, its validation and its saving. */
    void epochEnds(Object begun, EpochSummary epoch) {}

    /**
     * The implementation with Flight Recorder; a class of its own, so that without the module nothing here refers to
     * its classes.
     */
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
        @Description("Part of it, summed over threads: reading the trials")
        @Timespan(Timespan.NANOSECONDS)
        long gather;

        @Label("Forward")
        @Description("Part of it, summed over threads: the Euler steps and the loss")
        @Timespan(Timespan.NANOSECONDS)
        long forward;

        @Label("Backward")
        @Description("Part of it, summed over threads: back-propagation through time")
        @Timespan(Timespan.NANOSECONDS)
        long backward;

        @Label("Reduce")
        @Description("Part of it: loading the weights and adding up the chunks")
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
    @Description("An epoch of a training, with its validation and saving; in a resumed training, the rest of the epoch")
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
        @Description("Mean loss of the held-out trials; NaN if there are none")
        double validationLoss;

        @Label("Steps")
        @Description("Time in steps, including earlier sessions")
        @Timespan(Timespan.NANOSECONDS)
        long steps;
    }
}
