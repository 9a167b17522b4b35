package attractor.train;

import attractor.engine.StepTimes;
import attractor.model.Rnn;

/**
 * One step of a training, as a {@link TrainingListener} sees it. A view of the trainer's own state: nothing is computed
 * or copied before it is asked for, and no value is valid after the listener's method has returned. Belongs to the
 * thread that trains.
 */
public interface TrainingStep {

    /** The epoch, from 1 to {@link #epochs}. */
    int epoch();

    /** Number of epochs of the training, unless it stops early. */
    int epochs();

    /** The batch, from 1 to {@link #batches}. */
    int batch();

    /** Number of batches per epoch. */
    int batches();

    /** Number of trials in this batch. */
    int trials();

    /** Mean loss of this batch's trials, without penalties, before the step. */
    double loss();

    /** Mean loss of this epoch's trials so far. */
    double meanLoss();

    /**
     * Euclidean norm of the gradient over all trained parameters, before it was clipped. Each call costs a pass over
     * the gradient.
     */
    double gradientNorm();

    /** The network after the step. Its parameters are those that are trained: read or copy them, but don't write. */
    Rnn network();

    /** Steps per second since the session began, without the time for saving and listeners. */
    double stepsPerSecond();

    /** Nanoseconds that loss and gradient of this batch took. */
    long gradientNanos();

    /**
     * How these nanoseconds divide into parts.
     *
     * @throws IllegalStateException unless the listener said that it {@linkplain TrainingListener#wantsTimes wants them}
     */
    StepTimes times();

    /** Nanoseconds that clipping, the optimiser and the checks around it took. */
    long optimizerNanos();
}
