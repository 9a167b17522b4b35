package attractor.cli.option;

import attractor.report.StudyReport;
import attractor.task.Criterion;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How a study's stored results are evaluated. Each study has only the options that it uses. */
public final class ReportOptions {
    /** For each option, the studies that use it. */
    private static final Map<String, List<String>> USES = Map.of(
            "--threshold", List.of("success", "delay", "size", "sweep"),
            "--share-of-silent", List.of("success", "delay", "size", "sweep"),
            "--accuracy", List.of("success", "sweep"),
            "--reference", List.of("delay", "size", "damage"),
            "--published", List.of("success"),
            "--trained", List.of("activity"));

    private ReportOptions() {}

    /** When a network passes. */
    public static final class Passing {
        @Spec(Spec.Target.MIXEE)
        private CommandSpec spec;

        @Option(
                names = "--threshold",
                paramLabel = "X",
                defaultValue = "0.2",
                description =
                        "A network passes if its root-mean-square error is at most this (default: ${DEFAULT-VALUE}); stored "
                                + "results are evaluated again, nothing is trained again.")
        private double threshold;

        @Option(
                names = "--share-of-silent",
                paramLabel = "X",
                defaultValue = "0.5",
                description =
                        "... and at most this share of the error of an output of zero (default: ${DEFAULT-VALUE}).")
        private double shareOfSilent;

        /**
         * The criterion, without a bound of right answers.
         *
         * @throws ParameterException if an option is out of range
         */
        public Criterion criterion() {
            return criterion(null);
        }

        private Criterion criterion(Answering answering) {
            try {
                return new Criterion(
                        threshold, shareOfSilent, answering == null ? Criterion.MIN_ACCURACY : answering.accuracy);
            } catch (IllegalArgumentException e) {
                throw new ParameterException(spec.commandLine(), e.getMessage(), e);
            }
        }
    }

    /** When a network passes whose answers are classes. */
    public static final class Answering {
        @Option(
                names = "--accuracy",
                paramLabel = "SHARE",
                defaultValue = "" + Criterion.MIN_ACCURACY,
                description =
                        "Where answers are classes it passes if at least this share is right in every type of trial (default: "
                                + "${DEFAULT-VALUE}).")
        private double accuracy;
    }

    /** Where the paper's figure data are. */
    public static final class Reference {
        @Option(
                names = "--reference",
                paramLabel = "DIR",
                description =
                        "Folder with figures/figure13a-delay.txt and so on, the published values to draw beside ours.")
        private Path folder;
    }

    /** Counts to compare with. */
    public static final class Published {
        @Option(
                names = "--published",
                paramLabel = "FILE",
                description = "Published counts to compare with, a CSV with task, init, passed, trained.")
        private Path file;
    }

    /** Where networks are that a study measured but didn't train. */
    public static final class Trained {
        @Option(
                names = "--trained",
                paramLabel = "DIR",
                description =
                        "Another study's folder that has the networks, to compare the solutions of new runs. May be repeated.")
        private List<Path> folders = List.of();

        /** The folders. */
        public List<Path> folders() {
            return folders;
        }
    }

    /** The names of all these options. */
    public static Set<String> names() {
        return USES.keySet();
    }

    /** The options of a study without such options. */
    public static StudyReport.Options none() {
        return new StudyReport.Options(Criterion.DEFAULT, null, null);
    }

    /**
     * The report's options from those of the command line; each may be null for a study that doesn't have it.
     *
     * @throws NoSuchFileException if a file or folder is missing, so that this is known before networks are trained
     */
    public static StudyReport.Options options(
            Passing passing, Answering answering, Reference reference, Published published) throws NoSuchFileException {
        return new StudyReport.Options(
                passing == null ? Criterion.DEFAULT : passing.criterion(answering),
                existing(reference == null ? null : reference.folder),
                existing(published == null ? null : published.file));
    }

    private static Path existing(Path file) throws NoSuchFileException {
        if (file != null && !Files.exists(file)) {
            throw new NoSuchFileException(file.toString());
        }
        return file;
    }

    /**
     * Refuses options that a study doesn't use.
     *
     * @throws ParameterException if one is given
     */
    public static void refuseUseless(CommandLine line, String study) {
        USES.forEach((option, studies) -> {
            if (line.getParseResult().hasMatchedOption(option) && !studies.contains(study)) {
                throw new ParameterException(
                        line,
                        option + " is given, and the study is one of " + study + ", expected it for "
                                + String.join(", ", studies) + " only");
            }
        });
    }
}
