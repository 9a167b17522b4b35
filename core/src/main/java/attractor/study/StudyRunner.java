package attractor.study;

import attractor.io.AtomicFiles;
import attractor.io.Claim;
import attractor.model.NetworkFile;
import attractor.model.Rnn;
import attractor.study.StudyFolder.Status;
import attractor.train.ExecutionSettings;
import attractor.train.RunDirectory;
import attractor.train.TrainingListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

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
     * @param over whether the whole study is over: every run of it, of this shard or not, is finished or has failed
     * @param tables whether this process wrote the study's tables
     */
    public record Outcome(int done, int failed, int elsewhere, int left, boolean over, boolean tables) {}

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

        /**
         * The indices of the runs that belong to the shard, in their order. The most expensive run goes to the share that has least so
         * far, then the next one, and so on.
         *
         * @param costs the runs' work. Not modified.
         */
        int[] runs(double[] costs) {
            if (of == 1) {
                return IntStream.range(0, costs.length).toArray();
            }
            int[] byCost = IntStream.range(0, costs.length)
                    .boxed()
                    .sorted(Comparator.comparingDouble(k -> -costs[k]))
                    .mapToInt(k -> k)
                    .toArray();
            PriorityQueue<Share> shares = new PriorityQueue<>();
            for (int share = 1; share <= Math.min(of, Math.max(number, costs.length)); share++) {
                shares.add(new Share(0, share));
            }
            IntStream.Builder mine = IntStream.builder();
            for (int k : byCost) {
                Share least = shares.remove();
                if (least.number == number) {
                    mine.add(k);
                }
                shares.add(new Share(least.cost + costs[k], least.number));
            }
            return mine.build().sorted().toArray();
        }
    }

    /** How systems say that there is no space. Java has no exception of its own for it. */
    private static final List<String> FULL =
            List.of("No space left on device", "Disk quota exceeded", "There is not enough space on the disk");

    /** What a shard has been given. */
    private record Share(double cost, int number) implements Comparable<Share> {
        @Override
        public int compareTo(Share other) {
            int order = Double.compare(cost, other.cost);
            return order != 0 ? order : Integer.compare(number, other.number);
        }
    }

    /**
     * A run of the shard.
     *
     * @param index its index among the study's runs
     */
    private record Item(int index, String hash, double cost) {}

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
     * Does what is left to do. The process that finishes the study writes the tables. A folder that has some of the study's runs gets the others.
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
            Session session = new Session(at.folder(), listener, stop);
            Outcome outcome = session.run();
            at.check();
            return outcome;
        }
    }

    /** One call of {@link #run}, shared by its workers. */
    private final class Session {
        private final StudyFolder folder;
        /** Folders of finished trainings by the training's hash. */
        private final Map<String, Path> networks = new HashMap<>();

        private final StudyListener listener;
        private final BooleanSupplier stop;
        private final AtomicInteger failed = new AtomicInteger();
        /** Runs that the index had as finished, whose results turned out to be broken when the tables were to be written. */
        private final Set<String> broken = new HashSet<>();

        private volatile boolean ending;

        Session(StudyFolder folder, StudyListener listener, BooleanSupplier stop) {
            this.folder = folder;
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
            List<Item> share = share();
            Outcome outcome = round(share);
            return share.stream().anyMatch(item -> broken.contains(item.hash)) ? round(share) : outcome;
        }

        private Outcome round(List<Item> share) throws IOException, InterruptedException {
            failed.set(0);
            networks.clear();
            Set<String> finished =
                    folder.finishedAmong(share.stream().map(Item::hash).toList());
            Set<String> begun = folder.names("work");
            List<Item> toDo = new ArrayList<>();
            for (Item item : share) {
                if (!finished.contains(item.hash)) {
                    toDo.add(item);
                } else if (begun.contains(item.hash)) {
                    attempt(item); // a process was killed just before it cleaned up
                }
            }
            if (!toDo.isEmpty()) {
                networks.putAll(folder.networks());
                for (Path other : trained) {
                    StudyFolder.open(other).networks().forEach(networks::putIfAbsent);
                }
            }
            listener.begun(toDo.stream().mapToDouble(this::work).sum(), toDo.size(), share.size() - toDo.size());
            if (!trained.isEmpty()) {
                listener.untrained(untrained(toDo));
            }
            List<Item> elsewhere = pass(toDo);
            Map<Item, Claim.Watch> watches = new HashMap<>();
            for (Item item : elsewhere) {
                watches.put(item, new Claim.Watch(folder.work(item.hash)));
            }
            // Waits for runs of processes on other machines that may have ended; after a short time that is known.
            for (boolean first = true; !elsewhere.isEmpty() && !stopped(); first = false) {
                List<Item> unsure = new ArrayList<>();
                for (Item item : elsewhere) {
                    if (!folder.isFinished(item.hash)
                            && (first || !watches.get(item).isAlive())) {
                        unsure.add(item);
                    }
                }
                elsewhere = pass(unsure);
                for (Item item : List.copyOf(elsewhere)) {
                    if (watches.get(item).isAlive()) {
                        elsewhere.remove(item);
                    }
                }
                if (!elsewhere.isEmpty()) {
                    Thread.sleep(500);
                }
            }
            int done = share.size();
            if (!toDo.isEmpty()) {
                done = folder.finishedAmong(share.stream().map(Item::hash).toList())
                        .size();
            }
            int here = failed.get();
            int open = share.size() - done - here;
            // A share in which nothing was left to do is no reason to look at the whole study.
            boolean all = open <= 0 && (shard.of == 1 || !toDo.isEmpty());
            boolean tables = all && folder.writeTablesOnce();
            boolean over = tables;
            if (all && !tables) {
                StudyState state = folder.state();
                over = state.isOver();
                broken.addAll(state.broken().keySet());
            }
            return new Outcome(
                    done, here, stopped() ? 0 : Math.max(0, open), stopped() ? Math.max(0, open) : 0, over, tables);
        }

        private int untrained(List<Item> items) throws IOException {
            int count = 0;
            for (Item item : items) {
                count += networks.containsKey(run(item).trainingHash()) ? 0 : 1;
            }
            return count;
        }

        private List<Item> share() throws IOException {
            List<Item> share = new ArrayList<>();
            if (shard.of == 1) {
                for (StudyFolder.Entry entry : folder.entries()) {
                    share.add(new Item(share.size(), entry.hash(), entry.cost()));
                }
                return share;
            }
            double[] costs = study.costs();
            for (int index : shard.runs(costs)) {
                share.add(new Item(index, study.runs().get(index).hash(), costs[index]));
            }
            return share;
        }

        private StudyRun run(Item item) throws IOException {
            StudyRun run = study.runs().get(item.index);
            if (!run.hash().equals(item.hash)) {
                throw new IOException(
                        directory + " lists the run " + item.hash + " in place of " + run.hash()
                                + ", expected the list of this study; delete study.json, and the same command writes both again");
            }
            return run;
        }

        /** Estimate of a run's work; a measurement counts little. */
        private double work(Item item) {
            return networks.isEmpty()
                            || !networks.containsKey(
                                    study.runs().get(item.index).trainingHash())
                    ? 1 + item.cost
                    : 1;
        }

        /** Does these runs; returns those that other processes hold. */
        private List<Item> pass(List<Item> all) throws IOException, InterruptedException {
            List<Item> runs = new ArrayList<>(all);
            Collections.reverse(runs);
            List<Item> held = new ArrayList<>();
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
                        for (Item run = next(runs); run != null && !stopped(); run = next(runs)) {
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

        private static boolean isFull(Throwable e) {
            return FULL.stream().anyMatch(full -> contains(e, full));
        }

        private static boolean contains(Throwable e, String text) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof IOException
                        && cause.getMessage() != null
                        && cause.getMessage().contains(text)) {
                    return true;
                }
            }
            return false;
        }

        /** Takes the last run of a list. */
        private static Item next(List<Item> runs) {
            synchronized (runs) {
                return runs.isEmpty() ? null : runs.remove(runs.size() - 1);
            }
        }

        private IOException unwrapped(ExecutionException e) {
            if (e.getCause() instanceof IOException io) {
                return isFull(io)
                        ? new IOException(
                                "cannot write to " + directory + ": "
                                        + FULL.stream()
                                                .filter(full -> contains(io, full))
                                                .findFirst()
                                                .orElseThrow()
                                        + "; what is finished is kept, with more space the same command goes on",
                                io)
                        : io;
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
        private boolean attempt(Item item) throws IOException {
            Path work = folder.work(item.hash);
            Optional<Claim> taken = claim(work);
            if (taken.isEmpty()) {
                return false;
            }
            try (Claim claim = taken.get()) {
                if (folder.isFinished(item.hash)) {
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
                    perform(item, place, claim);
                }
            } catch (IOException e) {
                if (taken.get().isHeld() || isFull(e)) {
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

        private void perform(Item item, Path place, Claim claim) throws IOException {
            long began = System.nanoTime();
            StudyRun run = run(item);
            RunPerformance performance = new RunPerformance(run, execution, listener, work(item));
            RunResult result;
            try {
                folder.takeBack(run, place).ifPresent(listener::broken);
                result = performance.perform(training -> trained(run, place, training));
                if (result.status() == Status.WAITING || !folder.publish(result, place)) {
                    return; // stopped, or another process finished it first
                }
            } catch (IOException
                    | RuntimeException
                    | LinkageError
                    | AssertionError
                    | OutOfMemoryError
                    | StackOverflowError e) {
                if (isFull(e)) {
                    throw e; // the next runs would fail too, though nothing is wrong with them
                }
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
                Rnn network = NetworkFile.read(RunDirectory.evaluated(known)).rnn();
                return new Trained(RunDirectory.history(known), network, 0);
            }
            return Trained.of(
                    run.trainer(execution).train(place, RunDirectory.Existing.RESUME, training, this::stopped));
        }
    }
}
