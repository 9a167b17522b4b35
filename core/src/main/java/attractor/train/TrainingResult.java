package attractor.train;

import attractor.model.Rnn;
import attractor.task.Scores;
import java.util.List;

/**
 * What a training came to. Thread-safe as long as nobody writes to the networks' parameters.
 *
 * @param outcome whether it is finished
 * @param network after the last step
 * @param best after the epoch with the lowest loss, on the trials held out where there are any; of a training in stages that of the last
 *     stage begun; the initial one while no epoch is done
 * @param history the epochs that are done
 * @param batch batches done of the epoch after these; 0 unless it was stopped in the middle of one
 * @param steps number of optimiser steps
 * @param seconds time spent in them, all sessions together
 * @param scores of {@link #evaluated} on the evaluation's trials; null if the training was stopped
 * @param bestEvaluated whether the best network is the one that was evaluated, as with early stopping, and not the last
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
        /** All epochs are done, the loss fell under the threshold, or the validation loss no longer falls; the network is evaluated. */
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

    /** The same with scores of the network that is evaluated. */
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

    /** The epoch with the lowest loss, on the trials held out where there are any; the first if there are several, from 1 on; 0 if none is done. */
    public int bestEpoch() {
        EpochSummary best = EpochSummary.best(history);
        return best == null ? 0 : best.number();
    }

    /** The network that the scores are of. */
    public Rnn evaluated() {
        return bestEvaluated ? best : network;
    }

    /** Milliseconds an optimiser step; NaN before the first. */
    public double msPerStep() {
        return 1000.0 * seconds / steps;
    }

    /** Whether the network passes by {@link attractor.task.Criterion#DEFAULT}; false if it was not evaluated. */
    public boolean passed() {
        return scores != null && scores.passed();
    }
}
