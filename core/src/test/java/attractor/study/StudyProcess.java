package attractor.study;

import attractor.study.StudyFolder.Status;
import attractor.study.StudyRunner.Outcome;
import attractor.study.StudyRunner.Shard;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A study in a JVM of its own, which tests may kill. Writes a line when it begins, for each batch, and for each run that has ended. */
final class StudyProcess {
    static final int RUNS = 8;

    private StudyProcess() {}

    /** Argument: the study's folder. */
    public static void main(String[] args) throws IOException, InterruptedException {
        PrintStream out = System.out;
        StudyListener listener = new StudyListener() {
            @Override
            public void begun(double toDo, int runs, int done) {
                tell("begun");
            }

            @Override
            public void advanced(double amount) {
                tell(".");
            }

            @Override
            public void ended(StudyRun run, Status status, String reason, double seconds) {
                tell(status + " " + run.hash());
            }

            private void tell(String line) {
                synchronized (out) {
                    out.print(line + "\n");
                    out.flush();
                }
            }
        };
        Outcome outcome = StudyFixtures.runner(StudyFixtures.study(RUNS), Path.of(args[0]), 2, Shard.ALL)
                .run(listener, () -> false);
        System.exit(outcome.failed() > 0 ? 3 : 0);
    }

    /** Starts it, with the classes of this project and their tests alone on the class path. */
    static Process start(Path directory) throws IOException {
        return start(directory, Map.of());
    }

    /** With more variables in its environment. */
    static Process start(Path directory, Map<String, String> environment) throws IOException {
        String classes = location(Study.class) + System.getProperty("path.separator") + location(StudyProcess.class);
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xshare:auto",
                "-XX:TieredStopAtLevel=1",
                "-Dattractor.kernels=scalar",
                "-cp",
                classes,
                StudyProcess.class.getName(),
                directory.toString());
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(environment);
        return builder.start();
    }

    private static String location(Class<?> type) {
        return Path.of(java.net.URI.create(
                        type.getProtectionDomain().getCodeSource().getLocation().toString()))
                .toString();
    }
}
