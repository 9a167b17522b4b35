package attractor.train;

import attractor.engine.StepTimes;
import attractor.model.Rnn;

/**
 * One step of a training, as a {@link TrainingListener} sees it. A view of the trainer's own state: nothing is computed or copied before it
 * is asked for, and nothing holds any more once the listener's method has returned. Belongs to the thread that trains.
 */
public interface TrainingStep {

    /** The epoch, from 1 to {@link #epochs}. */
    int epoch();

    /** How many epochs there are to be, unless the training stops early. */
    int epochs();

    /** The batch, from 1 to {@link #batches}. */
    int batch();

    /** Number of batches in an epoch. */
    int batches();

    /** Number of trials in this batch. */
    int trials();

    /** Mean loss of this batch's trials, without penalties, before the step. */
    double loss();

    /** Mean loss of this epoch's trials so far. */
    double meanLoss();

    /**
     * Euclidean norm of the gradient over all trained parameters, before it was clipped. Costs a pass over the gradient when it is asked
     * for.
     */
    double gradientNorm();

    /** The network after the step. Its parameters are those that are trained: read or copy them, but don't write. */
    Rnn network();

    /** Steps a second since the session began, saving and listeners left out. */
    double stepsPerSecond();

    /** Nanoseconds that loss and gradient of this batch took. */
    long gradientNanos();

    /**
     * Where these nanoseconds went.
     *
     * @throws IllegalStateException unless the listener said that it {@linkplain TrainingListener#wantsTimes wants them}
     */
    StepTimes times();

    /** Nanoseconds that clipping, the optimiser and the checks around it took. */
    long optimizerNanos();
}
