package attractor.cli.option;

import attractor.study.Studies;
import attractor.train.TrainingConfig;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Option;

/** The options that all studies have: which networks are trained. Where and how is a {@link StudyPlace}. */
public final class StudyOptions {
    @Option(
            names = "--networks",
            paramLabel = "N",
            description =
                    "Networks of each kind (default: 10 for delay, size, damage and shift, otherwise 20, or what the grid says).")
    private Integer networks;

    @Option(
            names = "--seed",
            paramLabel = "S",
            description = "Seed of the first network; the others follow (default: 0).")
    private Long seed;

    /**
     * The networks of a study.
     *
     * @param usual default number of networks
     * @param change sets what all networks have in common
     */
    public Studies.Networks networks(int usual, UnaryOperator<TrainingConfig.Builder> change) {
        return networks(usual, 0, change);
    }

    /**
     * The networks of a study.
     *
     * @param usual default number of networks
     * @param first default seed of the first one
     * @param change sets what all networks have in common
     */
    Studies.Networks networks(int usual, long first, UnaryOperator<TrainingConfig.Builder> change) {
        return new Studies.Networks(seed == null ? first : seed, networks == null ? usual : networks, change);
    }
}
