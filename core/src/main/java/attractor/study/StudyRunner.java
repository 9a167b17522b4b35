package attractor.study;

import attractor.io.AtomicFiles;
import attractor.io.Claim;
import attractor.model.NetworkFile;
import attractor.model.Rnn;
import attractor.study.StudyFolder.Status;
import attractor.train.ExecutionSettings;
import attractor.train.RunDirectory;
import attractor.train.Trainer;
import attractor.train.TrainingListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * Does the runs of a study, several at once, each on one thread.
 *
 * <p>Finished runs are never repeated, nor are trainings that one of the other folders holds. Any number of processes
 * may work on the same folder; each leaves the runs of the others alone. However the work was stopped, it continues
 * where it was when it is started again, with the same results. They don't depend on the number of workers.
 *
 * <pre>{@code
 * Studies.Networks ten = new Studies.Networks(0, 10, training -> training.units(50));
 * Study study = Studies.success(List.of("and", "xor"), List.of(Initializers.Recurrent.ORTHOGONAL), ten);
 * Path folder = Path.of("studies/success");
 * new StudyRunner(study, folder, List.of(), ExecutionSettings.defaults(), 2, StudyRunner.Shard.ALL)
 *         .run(StudyListener.NONE, () -> false);
 * ResultTable results = ResultTable.read(folder.resolve("results.csv"));
 * }</pre>
 *
 * <p>Prints nothing. Immutable, safe for any number of threads.
 */
public final class StudyRunner {
    /**
     * The outcome of a call of {@link #run}. Immutable, safe for any thread.
     *
     * @param done runs of this shard that are finished, now or before, including diverged ones
     * @param failed runs that failed this time
     * @param elsewhere runs that other processes are working on
     * @param left runs that are left because the work was stopped
     */
    public record Outcome(int done, int failed, int elsewhere, int left) {}

    /**
     * A part of the runs, for one of several processes that don't communicate. Immutable, safe for any thread.
     *
     * @param number from 1 to {@code of}
     * @param of number of parts
     */
    public record Shard(int number, int of) {
        /** All runs. */
        public static final Shard ALL = new Shard(1, 1);

        /** @throws IllegalArgumentException if there is no such part */
        public Shard {
            if (of < 1 || number < 1 || number > of) {
                throw new IllegalArgumentException("shard is " + number + "/" + of + ", expected "
                        + (of < 1 ? "I/N with N at least 1 and I from 1 to N" : "1/" + of + " to " + of + "/" + of));
            }
        }

        /** Whether the run with this index, from 0 on, belongs to the shard; every {@code of}-th run does. */
        boolean has(int index) {
            return index % of == number - 1;
        }
    }

    private final Study study;
    private final Path directory;
    private final List<Path> trained;
    private final ExecutionSettings execution;
    private final int workers;
    private final Shard shard;

    /**
     * Creates a runner.
     *
     * @param directory the study's folder, made if it is absent
     * @param trained folders of other studies; their networks are used for runs with the same training. Not modified.
     * @param execution kernels, and memory of all workers together; its number of threads is ignored, since each run
     *     has one thread
     * @param workers number of runs at the same time, at least 1
     * @throws IllegalArgumentException if workers is below 1
     */
    public StudyRunner(
            Study study, Path directory, List<Path> trained, ExecutionSettings execution, int workers, Shard shard) {
        if (workers < 1) {
            throw new IllegalArgumentException("workers is " + workers + ", expected at least 1");
        }
        this.study = Objects.requireNonNull(study, "study");
        this.directory = Objects.requireNonNull(directory, "directory");
        this.trained = List.copyOf(trained);
        this.execution = execution.share(workers).withThreads(1);
        this.workers = workers;
        this.shard = Objects.requireNonNull(shard, "shard");
    }

    /**
     * Does what is left to do, then writes the tables. A folder that has some of the study's runs gets the others.
     *
     * @param stop asked now and then; if it says so, the work ends soon, and what was done is kept
     * @throws StudyDiffersException if the folder has a run that the study hasn't
     * @throws IOException if the folder holds something else, or cannot be read or written
     * @throws InterruptedException if this thread is interrupted; the work ends as if stopped
     */
    public Outcome run(StudyListener listener, BooleanSupplier stop) throws IOException, InterruptedException {
        return run(listener, stop, false);
    }

    /**
     * As {@link #run(StudyListener, BooleanSupplier)}.
     *
     * @param change whether a folder that has runs which the study hasn't takes the study's settings: tables and report are then of the study's runs,
     *     and the others are kept for a study that has them
     */
    public Outcome run(StudyListener listener, BooleanSupplier stop, boolean change)
            throws IOException, InterruptedException {
        for (Path other : trained) {
            StudyFolder.open(other);
        }
        try (StudyFolder.Session at = StudyFolder.begin(directory, study, change)) {
            Session session = new Session(at.folder(), networks(), listener, stop);
            Outcome outcome = session.run();
            at.check();
            at.folder().writeTables();
            return outcome;
        }
    }

    /** Folders of finished trainings by the training's hash. */
    private Map<String, Path> networks() throws IOException {
        Map<String, Path> found = new HashMap<>();
        List<Path> studies = new ArrayList<>(List.of(directory));
        studies.addAll(trained);
        for (Path of : studies) {
            Path runs = of.resolve("runs");
            if (!Files.isDirectory(runs)) {
                continue;
            }
            try (Stream<Path> folders = Files.list(runs)) {
                for (Path run : folders.sorted().toList()) {
                    if (RunDirectory.isFinished(run)) {
                        found.putIfAbsent(StudyRun.trainingHash(RunDirectory.config(run)), run);
                    }
                }
            }
        }
        return found;
    }

    /** One call of {@link #run}, shared by its workers. */
    private final class Session {
        private final StudyFolder folder;
        private final Map<String, Path> networks;
        private final StudyListener listener;
        private final BooleanSupplier stop;
        private final AtomicInteger failed = new AtomicInteger();
        private volatile boolean ending;

        Session(StudyFolder folder, Map<String, Path> networks, StudyListener listener, BooleanSupplier stop) {
            this.folder = folder;
            this.networks = networks;
            this.listener = listener;
            this.stop = stop;
        }

        private boolean stopped() {
            if (!ending && stop.getAsBoolean()) {
                ending = true; // for all workers, even if the supplier returns false the next time
            }
            return ending;
        }

        Outcome run() throws IOException, InterruptedException {
            List<StudyRun> share = new ArrayList<>();
            List<StudyRun> toDo = new ArrayList<>();
            for (int k = 0; k < study.runs().size(); k++) {
                if (shard.has(k)) {
                    StudyRun run = study.runs().get(k);
                    share.add(run);
                    if (!folder.isFinished(run.hash())) {
                        toDo.add(run);
                    } else if (Files.isDirectory(folder.work(run.hash()))) {
                        attempt(run); // a process was killed just before it cleaned up
                    }
                }
            }
            listener.begun(toDo.stream().mapToDouble(this::work).sum(), toDo.size(), share.size() - toDo.size());
            List<StudyRun> elsewhere = pass(toDo);
            Map<StudyRun, Claim.Watch> watches = new HashMap<>();
            for (StudyRun run : elsewhere) {
                watches.put(run, new Claim.Watch(folder.work(run.hash())));
            }
            // Waits for runs of processes on other machines that may have ended; after a short time that is known.
            for (boolean first = true; !elsewhere.isEmpty() && !stopped(); first = false) {
                List<StudyRun> unsure = new ArrayList<>();
                for (StudyRun run : elsewhere) {
                    if (!folder.isFinished(run.hash())
                            && (first || !watches.get(run).isAlive())) {
                        unsure.add(run);
                    }
                }
                elsewhere = pass(unsure);
                for (StudyRun run : List.copyOf(elsewhere)) {
                    if (watches.get(run).isAlive()) {
                        elsewhere.remove(run);
                    }
                }
                if (!elsewhere.isEmpty()) {
                    Thread.sleep(500);
                }
            }
            int done = 0;
            int left = 0;
            for (StudyRun run : share) {
                if (folder.isFinished(run.hash())) {
                    done++;
                } else if (stopped()) {
                    left++;
                }
            }
            int here = failed.get();
            return new Outcome(done, here, stopped() ? 0 : share.size() - done - here, Math.max(0, left - here));
        }

        /** Estimate of a run's work; a measurement counts little. */
        private double work(StudyRun run) {
            return networks.containsKey(run.trainingHash()) ? 1 : 1 + run.cost();
        }

        /** Does these runs; returns those that other processes hold. */
        private List<StudyRun> pass(List<StudyRun> all) throws IOException, InterruptedException {
            List<StudyRun> runs = new ArrayList<>(all);
            Collections.reverse(runs);
            List<StudyRun> held = new ArrayList<>();
            boolean whole = false;
            ExecutorService pool = Executors.newFixedThreadPool(workers, task -> {
                Thread thread = new Thread(task, "attractor-study");
                thread.setDaemon(true);
                return thread;
            });
            try {
                List<Future<?>> futures = new ArrayList<>();
                for (int w = 0; w < Math.min(workers, all.size()); w++) {
                    futures.add(pool.submit(() -> {
                        for (StudyRun run = next(runs); run != null && !stopped(); run = next(runs)) {
                            if (!attempt(run)) {
                                synchronized (runs) {
                                    held.add(run);
                                    // Other processes are at work: with a random order each process finds free runs.
                                    Collections.shuffle(runs);
                                }
                            }
                        }
                        return null;
                    }));
                }
                for (Future<?> future : futures) {
                    future.get();
                }
                whole = true;
            } catch (ExecutionException e) {
                throw unwrapped(e);
            } finally {
                ending |= !whole; // the other workers need not continue
                pool.shutdown();
                pool.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
            }
            return held;
        }

        /** Takes the last run of a list. */
        private static StudyRun next(List<StudyRun> runs) {
            synchronized (runs) {
                return runs.isEmpty() ? null : runs.remove(runs.size() - 1);
            }
        }

        private static IOException unwrapped(ExecutionException e) {
            if (e.getCause() instanceof IOException io) {
                return io;
            }
            if (e.getCause() instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException(e.getCause());
        }

        /** Does a run, if no other process has it; returns false if one has. */
        private boolean attempt(StudyRun run) throws IOException {
            Path work = folder.work(run.hash());
            Optional<Claim> taken = claim(work);
            if (taken.isEmpty()) {
                return false;
            }
            try (Claim claim = taken.get()) {
                if (folder.isFinished(run.hash())) {
                    claim.deleteLeftovers();
                    AtomicFiles.deleteTree(work.resolve(StudyFolder.RUN));
                } else {
                    Path place = claim.folder().resolve(StudyFolder.RUN);
                    Path earlier = work.resolve(StudyFolder.RUN);
                    if (Files.isDirectory(earlier) && !Files.exists(place)) {
                        AtomicFiles.moveFolder(earlier, place); // its place in earlier versions, which used a lock
                    }
                    Files.deleteIfExists(work.resolve(".lock"));
                    // The claim of the process that had the run before.
                    AtomicFiles.deleteTree(place.resolve(Claim.NAME));
                    perform(run, place, claim);
                }
            } catch (IOException e) {
                if (taken.get().isHeld()) {
                    throw e;
                }
                return false; // taken over by another process, which does the run
            }
            StudyFolder.deleteIfEmpty(work);
            StudyFolder.deleteIfEmpty(work.getParent());
            return true;
        }

        private Optional<Claim> claim(Path work) throws IOException {
            for (int attempt = 0; ; attempt++) {
                try {
                    AtomicFiles.createFolders(work);
                    return Claim.tryTake(work);
                } catch (NoSuchFileException e) {
                    // The folder's last owner has removed it meanwhile.
                    if (attempt == 100) {
                        throw e;
                    }
                }
            }
        }

        private void perform(StudyRun run, Path place, Claim claim) throws IOException {
            long began = System.nanoTime();
            RunPerformance performance = new RunPerformance(run, execution, listener, work(run));
            RunResult result;
            try {
                result = performance.perform(training -> trained(run, place, training));
                if (result.status() == Status.WAITING || !folder.publish(result, place)) {
                    return; // stopped, or another process finished it first
                }
            } catch (IOException | RuntimeException | OutOfMemoryError | StackOverflowError e) {
                if (!claim.isHeld() || folder.isFinished(run.hash())) {
                    return; // a failed run is not continued
                }
                result = RunResult.failed(run, RunPerformance.reason(e));
                failed.incrementAndGet();
                folder.recordFailure(run, result.reason());
            }
            performance.ended();
            listener.ended(run, result.status(), result.reason(), 1e-9 * (System.nanoTime() - began));
        }

        /** The network of a run: another run's with the same training, or one that is trained here; null if it was stopped. */
        private Trained trained(StudyRun run, Path place, TrainingListener training) throws IOException {
            AtomicFiles.createFolders(place);
            Path known = networks.get(run.trainingHash());
            if (known != null) {
                Rnn network =
                        NetworkFile.read(RunDirectory.evaluated(known)).rnn();
                return new Trained(RunDirectory.history(known), network, 0);
            }
            return Trained.of(new Trainer(run.training(), execution)
                    .train(place, RunDirectory.Existing.RESUME, training, this::stopped));
        }
    }
}
