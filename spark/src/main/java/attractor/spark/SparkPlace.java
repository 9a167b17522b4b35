package attractor.spark;

import attractor.cli.option.StudyPlace;
import attractor.cli.terminal.ExitCode;
import attractor.cli.terminal.StatusLine;
import attractor.cli.terminal.StudyProgress;
import attractor.io.Printable;
import attractor.kernel.Kernels;
import attractor.report.StudyReport;
import attractor.study.Study;
import attractor.study.StudyDiffersException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
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

    @Option(
            names = "--change",
            description =
                    "Changes the study in FOLDER to these settings; its finished runs are kept. More runs with the same settings, "
                            + "for example by more --networks, need no --change.")
    private boolean change;

    @Option(
            names = "--kernels",
            paramLabel = "KIND",
            defaultValue = "auto",
            description = "auto, scalar, simd or softfma (default: ${DEFAULT-VALUE}).")
    private String kernels;

    /** Does the runs that are left. The report is made where the study is exported to. */
    @Override
    public int run(Maker maker, Callable<StudyReport.Options> report) throws IOException, InterruptedException {
        Study study;
        try {
            study = maker.make();
            if (study.kinds().stream().anyMatch(run -> run.data().isPresent())) {
                throw new IllegalArgumentException("--data: trials from a file are not sent to Spark, expected a task");
            }
            if (!kernels.equals("auto")) {
                Kernels.of(kernels);
            }
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
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
                    throw new IOException(
                            e.getMessage() + "; --change gives it these and keeps its finished runs", e);
                }
                throw e;
            }
        }
    }

    private int run(Session session, Study study, PrintWriter err) throws IOException, InterruptedException {
        try (SparkStudy there = SparkStudy.create(session.spark(), out, study, change)) {
            StudyProgress progress = new StudyProgress(err, StatusLine.onTerminal());
            int failed = there.run(kernels, networks, new SparkStudy.Progress() {
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
