package attractor.study;

import attractor.io.AtomicFiles;
import attractor.io.Csv;
import attractor.io.Printable;
import attractor.kernel.Kernels;
import attractor.model.NetworkFile;
import attractor.model.Rnn;
import attractor.similarity.Fingerprint;
import attractor.similarity.NetworkComparison;
import attractor.similarity.NetworkComparison.Measure;
import attractor.study.StudyFolder.Entry;
import attractor.study.StudyFolder.Status;
import attractor.task.Task;
import attractor.task.TypeScore;
import attractor.train.RunDirectory;
import attractor.train.TrainingConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Two tables of a study that say how its networks solve their tasks: {@code solutions.csv}, a row for each network, with
 * whether it passes and its {@link attractor.similarity.AttractorGraph}; and {@code solution_pairs.csv}, the distances of
 * all pairs of networks of one task that pass, by {@link NetworkComparison}, to six decimals. Of a task's networks at most
 * {@value #MOST} are compared, those of the first seeds. {@link SolutionSummary} reads both. Stateless, safe for any number
 * of threads; a study's tables are written by one process.
 */
public final class SolutionTables {
    /** The table of networks. */
    public static final String NETWORKS = "solutions";

    /** The table of pairs. */
    public static final String PAIRS = "solution_pairs";

    private static final int MOST = 240;

    private SolutionTables() {}

    /** A network of the study. */
    private record Known(Entry entry, StudyRun run, Path folder) {}

    /** What is compared of a network; no fingerprint if it doesn't pass. */
    private record Compared(Known known, boolean passed, Optional<Fingerprint> print) {}

    /**
     * Writes the tables, if they don't have all finished networks yet.
     *
     * @param trained folders of other studies that have the networks which this one measured. Not modified.
     * @param listener is told in one line what takes time
     * @return number of finished networks that are in no folder, and so not in the tables
     * @throws IOException if a file cannot be read or written, or networks can't be compared
     */
    public static int write(StudyFolder folder, List<Path> trained, Consumer<String> listener) throws IOException {
        StudyState state = folder.state();
        List<Entry> done = folder.entries().stream()
                .filter(entry -> state.status(entry.hash()) == Status.DONE)
                .toList();
        if (written(folder, done)) {
            return 0;
        }
        Map<String, Path> places = new HashMap<>(folder.networks());
        for (Path other : trained) {
            StudyFolder.open(other).networks().forEach(places::putIfAbsent);
        }
        Map<String, List<Known>> byTask = new LinkedHashMap<>();
        int missing = 0;
        for (Entry entry : done) {
            StudyRun run = entry.run();
            Path place = places.get(run.trainingHash());
            if (place == null) {
                missing++;
            } else {
                byTask.computeIfAbsent(run.training().task(), task -> new ArrayList<>())
                        .add(new Known(entry, run, place));
            }
        }
        if (byTask.isEmpty()) {
            return missing;
        }
        StringBuilder networks =
                new StringBuilder(Csv.line("run", "task", "init", "units", "seed", "passed", "attractors"));
        List<Object> header = new ArrayList<>(List.of("task", "first", "second"));
        for (Measure measure : Measure.values()) {
            header.add(id(measure));
        }
        StringBuilder pairs = new StringBuilder(Csv.line(header.toArray()));
        for (Map.Entry<String, List<Known>> task : byTask.entrySet()) {
            List<Known> first =
                    task.getValue().subList(0, Math.min(MOST, task.getValue().size()));
            listener.accept("comparing " + Printable.count(first.size(), "network") + " of " + task.getKey());
            compare(task.getKey(), first, networks, pairs);
        }
        write(folder, NETWORKS, networks);
        write(folder, PAIRS, pairs);
        return missing;
    }

    /** A measure's column. */
    static String id(Measure measure) {
        return measure.name().toLowerCase(Locale.ROOT);
    }

    private static boolean written(StudyFolder folder, List<Entry> done) throws IOException {
        Path file = folder.directory().resolve(NETWORKS + ".csv");
        if (!Files.isRegularFile(file)
                || !Files.isRegularFile(folder.directory().resolve(PAIRS + ".csv"))) {
            return false;
        }
        Set<String> there = new HashSet<>(ResultTable.read(file).texts("run"));
        Map<String, Integer> counts = new HashMap<>();
        for (Entry entry : done) {
            String task = entry.trainingJson().get("task").toString();
            // Beyond the most that are compared none is missing.
            if (counts.merge(task, 1, Integer::sum) <= MOST && !there.remove(entry.hash())) {
                return false;
            }
        }
        return there.isEmpty();
    }

    private static void compare(String task, List<Known> known, StringBuilder networks, StringBuilder pairs)
            throws IOException {
        List<Compared> all;
        double[][] distances;
        List<Compared> passing;
        int[][] chosen;
        try {
            all = known.stream().parallel().map(SolutionTables::compared).toList();
            passing = all.stream().filter(c -> c.print.isPresent()).toList();
            int n = passing.size();
            chosen = IntStream.range(0, n)
                    .boxed()
                    .flatMap(i -> IntStream.range(i + 1, n).mapToObj(j -> new int[] {i, j}))
                    .toArray(int[][]::new);
            distances = IntStream.range(0, chosen.length)
                    .parallel()
                    .mapToObj(k -> NetworkComparison.distances(
                            passing.get(chosen[k][0]).print.orElseThrow(),
                            passing.get(chosen[k][1]).print.orElseThrow()))
                    .toArray(double[][]::new);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        for (Compared each : all) {
            TrainingConfig config = each.known.run.training();
            networks.append(Csv.line(
                    each.known.entry.hash(),
                    task,
                    config.init().id(),
                    config.units(),
                    config.seed(),
                    each.passed,
                    each.print.map(p -> p.attractors().words()).orElse(null)));
        }
        for (int k = 0; k < chosen.length; k++) {
            List<Object> row = new ArrayList<>(List.of(
                    task,
                    passing.get(chosen[k][0]).known.entry.hash(),
                    passing.get(chosen[k][1]).known.entry.hash()));
            for (double distance : distances[k]) {
                row.add(Math.rint(1e6 * distance) / 1e6);
            }
            pairs.append(Csv.line(row.toArray()));
        }
    }

    private static Compared compared(Known known) {
        try {
            TrainingConfig config = known.run.training();
            Task task = config.makeTask();
            Rnn network = NetworkFile.read(RunDirectory.evaluated(known.folder)).rnn();
            TrainedNetwork trained =
                    new TrainedNetwork(config, task, config.initialNetwork(task.inputs(), task.outputs()), network);
            boolean passed = Evaluations.scores(trained, task, Studies.TRIALS, Kernels.get()).types().stream()
                    .allMatch(TypeScore::passed);
            return new Compared(
                    known,
                    passed,
                    passed
                            ? Optional.of(Fingerprint.of(network, task, Fingerprint.Options.DEFAULT, Optional.empty()))
                            : Optional.empty());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw new UncheckedIOException(new IOException(known.folder + ": " + e.getMessage(), e));
        }
    }

    private static void write(StudyFolder folder, String table, StringBuilder text) throws IOException {
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        AtomicFiles.write(folder.directory().resolve(table + ".csv"), out -> out.write(bytes));
    }
}
