package attractor.cli;

import attractor.report.StudyReport;
import attractor.task.Criterion;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How a study's stored results are read. */
final class ReportOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--threshold",
            paramLabel = "X",
            defaultValue = "0.2",
            description =
                    "A network passes if its root-mean-square error is at most this (default: ${DEFAULT-VALUE}); stored results "
                            + "are read again, nothing is trained again.")
    private double threshold;

    @Option(
            names = "--share-of-silent",
            paramLabel = "X",
            defaultValue = "0.5",
            description = "... and at most this share of a silent network's (default: ${DEFAULT-VALUE}).")
    private double shareOfSilent;

    @Option(
            names = "--reference",
            paramLabel = "DIR",
            description =
                    "Folder with figures/figure13a-delay.txt and so on, the published values to draw beside ours.")
    private Path reference;

    @Option(
            names = "--published",
            paramLabel = "FILE",
            description = "Success: published counts to compare with, a CSV with task, init, passed, trained.")
    private Path published;

    /** @throws NoSuchFileException if a file or folder is missing: said before networks are trained, not after */
    StudyReport.Settings settings() throws NoSuchFileException {
        for (Path file :
                Stream.of(reference, published).filter(Objects::nonNull).toList()) {
            if (!Files.exists(file)) {
                throw new NoSuchFileException(file.toString());
            }
        }
        try {
            return new StudyReport.Settings(new Criterion(threshold, shareOfSilent), reference, published);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }
}
