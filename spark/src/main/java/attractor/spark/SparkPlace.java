package attractor.spark;

import attractor.cli.option.PlaceOptions;
import attractor.cli.option.StudyPlace;
import attractor.cli.terminal.ExitCode;
import attractor.cli.terminal.StatusLine;
import attractor.cli.terminal.StudyProgress;
import attractor.io.Printable;
import attractor.report.StudyReport;
import attractor.study.Study;
import attractor.study.StudyDiffersException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A study on Spark: its options, and how it is done. Belongs to one thread. */
final class SparkPlace implements StudyPlace {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--out",
            paramLabel = "FOLDER",
            required = true,
            description = "The study's folder in any file system that Hadoop knows, such as hdfs:///studies/success.")
    private String out;

    @Option(
            names = "--keep-networks",
            description = "Keeps the networks too, with the results (default: results only).")
    private boolean networks;

    @Mixin
    private PlaceOptions common;

    /** Does the runs that are left. The report is made where the study is exported to. */
    @Override
    public int run(Maker maker, Callable<StudyReport.Options> report) throws IOException, InterruptedException {
        Study study = PlaceOptions.checked(spec.commandLine(), () -> {
            Study made = maker.make();
            if (made.kinds().stream().anyMatch(run -> run.data().isPresent())) {
                throw new IllegalArgumentException("--data: trials from a file are not sent to Spark, expected a task");
            }
            PlaceOptions.kernels(common.kernels()); // refused here, not by every run
            return made;
        });
        PrintWriter err = spec.commandLine().getErr();
        try (Session session = Session.start("study " + study.name())) {
            try {
                return run(session, study, err);
            } catch (IOException e) {
                if (session.spark().sparkContext().isStopped()) {
                    err.println("attractor: stopped; what is finished is kept, the same command goes on");
                    return ExitCode.INTERRUPTED;
                }
                if (e.getCause() instanceof StudyDiffersException) {
                    throw PlaceOptions.differs(e.getMessage(), e);
                }
                throw e;
            }
        }
    }

    private int run(Session session, Study study, PrintWriter err) throws IOException, InterruptedException {
        try (SparkStudy there = SparkStudy.create(session.spark(), out, study, common.change())) {
            StudyProgress progress = new StudyProgress(err, StatusLine.onTerminal());
            int failed = there.run(common.kernels(), networks, new SparkStudy.Progress() {
                @Override
                public void begun(double work, int runs, int done) {
                    progress.begun(work, runs, done);
                }

                @Override
                public void advanced(int ended, int failed, double work) {
                    progress.ended(ended, failed, work);
                }
            });
            progress.clear();
            if (failed > 0) {
                err.println("attractor: " + Printable.count(failed, "run") + " failed; status " + out
                        + " tells why, the same command tries again");
            }
            err.println("attractor: the runs are done; export " + out
                    + " DIR writes the ordinary folder, for study report");
            return failed > 0 ? ExitCode.FAILED : ExitCode.DONE;
        }
    }
}
