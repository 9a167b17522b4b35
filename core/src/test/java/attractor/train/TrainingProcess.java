package attractor.train;

import attractor.io.Claim;
import attractor.train.RunDirectory.Existing;
import attractor.train.TrainingResult.Outcome;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.List;

/**
 * A training in a JVM of its own, which tests may kill. Writes a byte when it has begun and after each batch; between batches it
 * waits if it is told to hold.
 */
final class TrainingProcess {
    static final int BEGUN = 'b';
    static final int BATCH = '.';
    static final int LOST = 4;
    static final int IN_USE = 5;

    private TrainingProcess() {}

    /** With a loss and an optimiser that only the tests have. */
    static final long OWN = 3;

    /** 100 epochs of 3 batches, so that files take most of the time. */
    static TrainingConfig config(long seed) {
        TrainingConfig.Builder builder = TrainFixtures.tiny();
        if (seed == OWN) {
            builder.loss(new TrainFixtures.Cubic()).optimizer(new TrainFixtures.Averaging(0.05, 0.99));
        }
        return builder.samples(20).epochs(100).clipNorm(0.5).seed(seed).build();
    }

    /** Arguments: directory, seed, what to do if it exists, and "hold" to wait for the end of the standard input after a batch. */
    public static void main(String[] args) throws IOException {
        PrintStream out = System.out;
        boolean hold = args.length > 3;
        TrainingListener listener = new TrainingListener() {
            @Override
            public void begun(TrainingConfig config, int batches, int epochsDone, int batchesDone) {
                tell(BEGUN);
            }

            @Override
            public void batchDone(TrainingStep step) {
                tell(BATCH);
                try {
                    while (hold && System.in.read() >= 0) {
                        // Until the parent closes the stream.
                    }
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            }

            private void tell(int what) {
                out.write(what);
                out.flush();
            }
        };
        TrainingResult result = null;
        try {
            result = new Trainer(config(Long.parseLong(args[1])), TrainFixtures.ONE_THREAD)
                    .train(Path.of(args[0]), Existing.valueOf(args[2]), listener, () -> false);
        } catch (Claim.LostException e) {
            System.exit(LOST);
        } catch (Claim.InUseException e) {
            System.exit(IN_USE);
        }
        System.exit(result.outcome() == Outcome.STOPPED ? 3 : 0);
    }

    /** Starts it, with the classes of this project and their tests alone on the class path. */
    static Process start(Path directory, long seed, Existing existing, String... more) throws IOException {
        String classes =
                location(Trainer.class) + System.getProperty("path.separator") + location(TrainingProcess.class);
        List<String> command = new java.util.ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xshare:auto",
                "-XX:TieredStopAtLevel=1",
                "-Dattractor.kernels=scalar",
                "-cp",
                classes,
                TrainingProcess.class.getName(),
                directory.toString(),
                Long.toString(seed),
                existing.name()));
        command.addAll(List.of(more));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static String location(Class<?> type) {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        return Path.of(java.net.URI.create(source.getLocation().toString())).toString();
    }
}
