package attractor.cli.option;

import attractor.model.Initializers.Recurrent;
import attractor.study.Studies.Training;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of the trainings in a cell of a grid: those of a training, its task and its initial weights. */
@Command(name = "cell")
public final class CellOptions {
    @Option(
            names = "--task",
            paramLabel = "TASK",
            converter = TaskName.class,
            completionCandidates = TaskName.class,
            description = "The task; none with --data.")
    private String task;

    @Option(
            names = "--init",
            paramLabel = "KIND",
            description =
                    "Initial recurrent weights: orthogonal, normal, glorot or identity; with signs they are then balanced (default: orthogonal).")
    private String init;

    @Mixin
    private TrainingOptions training;

    /**
     * The trainings that these options describe.
     *
     * @param first the first seed, with which everything is tried
     * @param read files of trials that were read already, by what decides their content. Modified.
     * @param words what decides the trials
     */
    Training training(long first, Map<Object, DataOptions.Read> read, Object words) throws IOException {
        training.requireTaskOrData(task);
        Recurrent weights = init == null ? null : Recurrent.of(init);
        if (task != null) {
            return training.training(training.usual(task), Optional.empty(), weights, first);
        }
        DataOptions.Read trials = read.get(words);
        if (trials == null) {
            trials = training.trials();
            read.put(words, trials);
        }
        return training.training(TrainingOptions.usual(trials), Optional.of(trials.trials()), weights, first);
    }

    /** Sets the stages. */
    void stages(Object json, String source) {
        training.stages(json, source);
    }
}
