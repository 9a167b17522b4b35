package attractor.cli.option;

import attractor.model.Initializers.Recurrent;
import attractor.study.Studies;
import attractor.train.TrainingConfig;
import java.util.List;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Option;

/** The few options of trainings that the studies of the paper have, whose trainings are the paper's. */
public final class PaperTraining {
    @Option(
            names = "--init",
            paramLabel = "KIND,...",
            split = ",",
            hideParamSyntax = true,
            description = "Initial recurrent weights (default: depends on the study).")
    private List<String> inits;

    @Option(names = "--epochs", paramLabel = "N", description = "Largest number of epochs (default: 20).")
    private Integer epochs;

    @Option(names = "--samples", paramLabel = "N", description = "Trials to train on (default: the task's).")
    private Integer samples;

    @Option(names = "--clip-norm", paramLabel = "X", description = "Largest norm of the gradient (default: any).")
    private Double clipNorm;

    /**
     * The networks of a study.
     *
     * @param usual default number of networks
     * @param size sets their number of units
     */
    public Studies.Networks networks(StudyOptions study, int usual, UnaryOperator<TrainingConfig.Builder> size) {
        return study.networks(usual, builder -> adapt(size.apply(builder)));
    }

    /** The kinds of initial weights; the given default if the command line names none. */
    public List<Recurrent> inits(String... defaults) {
        return (inits == null ? List.of(defaults) : inits)
                .stream().map(Recurrent::of).toList();
    }

    /** For a study of one kind. */
    public Recurrent init(String usual) {
        List<Recurrent> kinds = inits(usual);
        if (kinds.size() != 1) {
            throw new IllegalArgumentException(
                    "--init is " + String.join(",", inits) + ", expected one kind; give the other a study of its own");
        }
        return kinds.get(0);
    }

    private TrainingConfig.Builder adapt(TrainingConfig.Builder builder) {
        if (epochs != null) {
            builder.epochs(epochs);
        }
        if (samples != null) {
            builder.samples(samples);
        }
        if (clipNorm != null) {
            builder.clipNorm(clipNorm);
        }
        return builder;
    }
}
