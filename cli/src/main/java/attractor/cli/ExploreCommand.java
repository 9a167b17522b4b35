package attractor.cli;

import attractor.cli.option.AnalysisOptions;
import attractor.cli.option.AnalysisOptions.Analysed;
import attractor.cli.option.AnalysisOptions.Subject;
import attractor.cli.terminal.ExitCode;
import attractor.io.Printable;
import attractor.page.NetworkData;
import attractor.page.NetworkPage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code attractor explore}. */
@Command(
        name = "explore",
        description = {
            "Writes a page on which to look at networks and to disturb them: one file for any browser, which needs no "
                    + "connection.",
            "",
            "State space in three dimensions, time courses, eigenvalues, weights, and all numbers of attractor analyze. The "
                    + "network itself runs in the page: move stimuli, kick the state, remove connections, units or "
                    + "eigenmodes, change tau, and see at once what the network then does. A change can be saved, and "
                    + "attractor simulate --change repeats it. Of a run directory the page follows the training too."
        },
        footer = {
            "",
            "Examples:",
            "  attractor explore data/networks/and.npz \\",
            "    --initial data/networks/and-initial.npz --out and.html",
            "  attractor explore runs/and-orthogonal-s0 --out and.html",
            "",
            "So that a click on a dot of a study's page opens its network:",
            "  attractor explore studies/success --each studies/success/pages",
            "  attractor study report studies/success"
        },
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class ExploreCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private AnalysisOptions networks;

    /** One page of all, or one of each. */
    private static final class Where {
        @Option(
                names = "--out",
                paramLabel = "PAGE.html",
                required = true,
                description = "Where to write the page; replaced if it exists.")
        private Path file;

        @Option(
                names = "--each",
                paramLabel = "DIR",
                required = true,
                description =
                        "In place of --out: a page for each network, in this folder, named as the file or run directory.")
        private Path folder;
    }

    @ArgGroup(multiplicity = "1", order = 1)
    private Where where;

    @Option(
            names = "--no-epochs",
            description = "Leave out the epochs of run directories, whose analysis takes most of the time.")
    private boolean noEpochs;

    @Override
    public Integer call() throws Exception {
        List<Subject> subjects = networks.subjects(false);
        if (where.folder != null) {
            Files.createDirectories(where.folder);
            for (Subject subject : subjects) {
                Path file = where.folder.resolve(subject.name() + ".html");
                SourceFiles.requireOther(spec, file, subject.loaded().source());
                write(file, List.of(data(subject)));
            }
            return ExitCode.DONE;
        }
        for (Subject subject : subjects) {
            SourceFiles.requireOther(spec, where.file, subject.loaded().source());
        }
        List<NetworkData> data = new ArrayList<>();
        for (Subject subject : subjects) {
            data.add(data(subject));
        }
        write(where.file, data);
        return ExitCode.DONE;
    }

    private NetworkData data(Subject subject) throws IOException {
        networks.announce(subject);
        Analysed analysed = networks.analyse(subject, subject.isRun() && !noEpochs);
        return PageData.of(analysed, networks.seed());
    }

    private void write(Path file, List<NetworkData> data) throws IOException {
        NetworkPage.write(file, data);
        spec.commandLine()
                .getOut()
                .println(file + ": " + Printable.count(data.size(), "network") + ", " + Files.size(file) / 1000
                        + " kB; open it in a browser");
    }
}
