package attractor.train;

import attractor.model.Rnn;
import attractor.task.Scores;
import java.util.List;

/**
 * The result of a training. Thread-safe as long as no thread writes to the networks' parameters.
 *
 * @param outcome how the training ended
 * @param network the network after the last step
 * @param best the network after the epoch with the lowest loss (on the held-out trials if there are any), among the
 *     epochs of the last stage begun if there are stages; the initial network while no epoch is done
 * @param history the epochs that are done
 * @param batch batches that are done of the next epoch; 0 unless the training was stopped within an epoch
 * @param steps number of optimiser steps
 * @param seconds time spent in these steps, all sessions together
 * @param scores scores of {@link #evaluated} on the evaluation's trials; null if the training was stopped
 * @param bestEvaluated whether the best network was evaluated, as with early stopping, and not the last one
 */
public record TrainingResult(
        Outcome outcome,
        Rnn network,
        Rnn best,
        List<EpochSummary> history,
        int batch,
        long steps,
        double seconds,
        Scores scores,
        boolean bestEvaluated) {

    /** How a training ended. Immutable, safe for any thread. */
    public enum Outcome {
        /**
         * All epochs are done, the loss fell under the threshold, or the validation loss no longer falls; the network
         * is evaluated.
         */
        FINISHED,
        /** The run had been finished before; nothing was done. */
        FINISHED_BEFORE,
        /** Stopped between two batches; with a run directory it can be resumed. */
        STOPPED
    }

    /** Copies the list. */
    public TrainingResult {
        history = List.copyOf(history);
    }

    /** The same result with the scores of the evaluated network. */
    TrainingResult withScores(Scores evaluation) {
        return new TrainingResult(outcome, network, best, history, batch, steps, seconds, evaluation, bestEvaluated);
    }

    /** Number of epochs that are done. */
    public int epochs() {
        return history.size();
    }

    /** Mean loss of the last epoch that is done; NaN if none is. */
    public double loss() {
        return history.isEmpty() ? Double.NaN : history.get(history.size() - 1).loss();
    }

    /**
     * The epoch with the lowest loss (on the held-out trials if there are any), from 1 on; the first of several equal
     * ones; 0 if no epoch is done.
     */
    public int bestEpoch() {
        EpochSummary best = EpochSummary.best(history);
        return best == null ? 0 : best.number();
    }

    /** The network to which the scores belong. */
    public Rnn evaluated() {
        return bestEvaluated ? best : network;
    }

    /** Milliseconds per optimiser step; NaN before the first step. */
    public double msPerStep() {
        return 1000.0 * seconds / steps;
    }

    /** Whether the network passes by {@link attractor.task.Criterion#DEFAULT}; false if it was not evaluated. */
    public boolean passed() {
        return scores != null && scores.passed();
    }
}
