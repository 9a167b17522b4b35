package attractor.cli.result;

import attractor.analysis.NetworkAnalysis;
import attractor.figure.Figure;
import attractor.model.Rnn;
import attractor.task.Task;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A part of {@code analyze} that is computed only if {@code --parts} names it, or with the part {@code default} of the networks that it is
 * about. A new part is a class in this package and
 * a line in {@code AnalyzeCommand.parts}; {@code cli/JSON.md} describes its members, tables and figures.
 */
public interface AnalysisPart {
    /** The name in {@code --parts}, and of the part's member in {@code analysis.json}. */
    String name();

    /** What it is about, for the help: a few words. */
    String about();

    /** Whether it can't do without a task. */
    default boolean needsTask() {
        return false;
    }

    /** Whether it belongs to the part {@code default} of this network. */
    default boolean isDefaultFor(Rnn network) {
        return false;
    }

    /**
     * Analyses one network.
     *
     * @throws IllegalArgumentException if the network or its task can't be analysed in this way; the message says why
     */
    Result of(Subject subject);

    /**
     * What is analysed.
     *
     * @param name the file's or run directory's name
     * @param initial the network before training, if it is known
     * @param task the task with the noise that trials should have, if it is known
     * @param input constant input for fixed points and the long run, I values
     * @param seed seed of noise and of whatever else is random
     * @param analysis the default part, if {@code --parts} names it too
     */
    record Subject(
            String name,
            Rnn network,
            Optional<Rnn> initial,
            Optional<Task> task,
            double[] input,
            long seed,
            Optional<NetworkAnalysis> analysis) {}

    /**
     * What a part found.
     *
     * @param json the part's member of {@code analysis.json}
     * @param tables tables; a part's names begin with its own
     * @param figures figures by their names, which come after that of the network
     * @param lines a summary for people, in a few lines
     */
    record Result(Map<String, Object> json, List<CsvTable> tables, Map<String, Figure> figures, List<String> lines) {}

    /** A part that compares networks: it has one result, in the folder above those of the networks. */
    interface OfSeveral {
        /** The name in {@code --parts}, and of the part's member in {@code analysis.json}. */
        String name();

        /** What it is about, for the help: a few words. */
        String about();

        /** Whether it can't do without each network's task. */
        default boolean needsTask() {
            return false;
        }

        /**
         * Compares networks.
         *
         * @param subjects at least two, with different names
         * @throws IllegalArgumentException if they can't be compared; the message names a network and says why
         */
        Result of(List<Subject> subjects);
    }
}
