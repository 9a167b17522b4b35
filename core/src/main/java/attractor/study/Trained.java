package attractor.study;

import attractor.model.Rnn;
import attractor.train.EpochSummary;
import attractor.train.TrainingResult;
import java.util.List;

/**
 * What a measurement needs of a finished training. Immutable except for the network's parameters.
 *
 * @param seconds the time that the training took; 0 if the network was there already
 */
record Trained(List<EpochSummary> history, Rnn network, double seconds) {
    /** Null for a training that was stopped. */
    static Trained of(TrainingResult result) {
        return result.outcome() == TrainingResult.Outcome.STOPPED
                ? null
                : new Trained(result.history(), result.evaluated(), result.seconds());
    }
}
