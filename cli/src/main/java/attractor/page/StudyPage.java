package attractor.page;

import attractor.io.Csv;
import attractor.random.RandomStream;
import attractor.random.RandomStream.Purpose;
import attractor.statistics.Interval;
import attractor.statistics.Proportion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Writes the page of a study from {@code results.csv}: cells with intervals, and the networks as dots. It knows no
 * particular study: what is a setting, what is varied within each run, and what is measured follows from the table.
 *
 * <ul>
 *   <li>A <i>key</i> of the cells is a setting that differs between runs, except the seed, or a column that has the same
 *       values, row by row, in every run of a task, such as {@code type} or {@code level}; a run may have fewer rows than
 *       others, such as one whose network has fewer eigenmodes to remove. The axes of a grid are keys before all others.
 *       What follows from other keys is none.
 *   <li>A <i>group</i> is another column of texts, such as {@code outcome} or {@code end}: networks can be chosen by it.
 *   <li>A <i>measure</i> is any other column of numbers; {@code true} counts as 1.
 * </ul>
 *
 * <p>The table is read row by row, three times, so that it may be larger than the memory. If there are more than
 * {@value #MOST_NETWORKS} networks, the dots are a random sample; the cells are of all. Not thread-safe.
 */
public final class StudyPage {
    /** So many networks are dots. */
    static final int MOST_NETWORKS = 5000;

    /** So many bytes the rows of the dots may take in the page, about. */
    private static final int MOST_BYTES = 1_000_000;

    private static final int MOST_CELLS = 2000;

    /** Longer lists of numbers are in single precision. */
    private static final int MOST_EXACT = 300;

    /** A column with more texts than this is no key and no group. */
    private static final int MOST_TEXTS = 100;

    private static final String RUN = "run";
    /** The page of a network, beside that of the study; see {@link #pageOf}. */
    private static final String PAGES = "pages";

    /** Keys come in this order, then as in the table. */
    private static final List<String> FIRST = List.of("task", "init", "units", "delayMs");
    /** The axes of a grid, which somebody chose: they come before all others. They are settings, wherever they stand. */
    private static final String AXIS = "axis.";
    /** What tells runs of a cell apart. */
    private static final String SEED = "seed";
    /** The last column of the settings is before this one. */
    private static final String OUTCOME = "outcome";

    static final List<String> MODULES =
            List.of("study", "rows", "cells", "dots", "plots", "arrays", "colours", "elements", "pen");

    /** What the first reading finds in a column. */
    private static final class Column {
        final String name;
        final boolean setting;
        /** Up to one more than {@link #MOST_TEXTS}. */
        final Set<String> texts = new LinkedHashSet<>();

        boolean numeric = true;
        boolean logical = true;
        boolean variesWithinRun;
        /** Whether its values, row by row, are the same in all complete runs of a task, as far as both have rows. */
        boolean designed = true;

        Column(String name, boolean setting) {
            this.name = name;
            this.setting = setting;
        }

        void add(String text) {
            if (texts.size() <= MOST_TEXTS) {
                texts.add(text);
            }
            if (!text.isEmpty()) {
                logical = logical && (text.equals("true") || text.equals("false"));
                numeric = numeric && isNumber(text); // an exception for each text would be slow
            }
        }

        boolean few() {
            return texts.size() <= MOST_TEXTS;
        }

        /** Whether it tells anything. */
        boolean varies() {
            return texts.size() > (texts.contains("") ? 2 : 1);
        }
    }

    private final Path results;
    private final List<Column> columns = new ArrayList<>();
    /** The rows of a complete run of each task that has most of them. */
    private final Map<String, List<String[]>> designs = new HashMap<>();
    /** Settings of runs that differ by more than their seeds. */
    private final Set<List<String>> kinds = new LinkedHashSet<>();

    private int runs;
    private long rows;
    private List<Integer> keys;
    private List<Integer> groups;
    private List<Integer> measures;

    private StudyPage(Path results) {
        this.results = results;
    }

    /**
     * Where the page of a run's network is expected, so that its dot opens it.
     *
     * @param folder of the study's page
     */
    public static Path pageOf(Path folder, String run) {
        return folder.resolve(PAGES).resolve(run + ".html");
    }

    /**
     * Writes a study's page, as a whole or not at all.
     *
     * @param file the page
     * @param results the table {@code results.csv}
     * @param report what the page has beside them: {@code name}, {@code parts} with texts and tables, {@code figures} as
     *     {@code Figure.toJson} gives them, by name, and {@code summary}
     * @throws IOException if a file cannot be read or written
     */
    public static void write(Path file, Path results, Map<String, Object> report) throws IOException {
        StudyPage page = new StudyPage(results);
        page.explore();
        Map<String, Object> data = new LinkedHashMap<>();
        report.forEach((name, value) -> data.put(name, name.equals("figures") ? packed(value) : value));
        data.put("runs", page.runs);
        data.put("rows", page.rows);
        data.put("cells", page.cells());
        Path folder = file.toAbsolutePath().getParent();
        data.put("networks", page.networks(folder));
        PageFile.write(file, PageFile.html(MODULES, Map.of(), Map.of(), data));
    }

    /** The same with arrays of numbers packed, long ones in single precision. */
    private static Object packed(Object value) {
        if (value instanceof double[] numbers) {
            return numbers.length <= MOST_EXACT ? PageFile.doubles(numbers) : PageFile.floats(numbers);
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> copy = new LinkedHashMap<>();
            map.forEach((key, v) -> copy.put((String) key, packed(v)));
            return copy;
        }
        return value instanceof List<?> list
                ? list.stream().map(StudyPage::packed).toList()
                : value;
    }

    private static boolean isNumber(String text) {
        try {
            Double.parseDouble(text);
            return true;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    /** The number in a cell; NaN if there is none. */
    private static double number(String text) {
        return text.isEmpty()
                ? Double.NaN
                : text.equals("true") ? 1 : text.equals("false") ? 0 : Double.parseDouble(text);
    }

    private int column(String name) {
        for (int k = 0; k < columns.size(); k++) {
            if (columns.get(k).name.equals(name)) {
                return k;
            }
        }
        return -1;
    }

    /** Reads the table's runs one by one: the rows of a run stand together. */
    @FunctionalInterface
    private interface RunReader {
        void read(int run, List<String[]> rows) throws IOException;
    }

    private int read(RunReader reader) throws IOException {
        List<String[]> run = new ArrayList<>();
        int[] count = {0};
        Csv.read(
                results,
                header -> {
                    if (columns.isEmpty()) {
                        boolean setting = header.contains(OUTCOME);
                        for (String name : header) {
                            setting &= !name.equals(OUTCOME);
                            columns.add(new Column(name, setting || name.startsWith(AXIS)));
                        }
                    }
                },
                cells -> {
                    int id = Math.max(0, column(RUN));
                    if (!run.isEmpty() && !run.get(0)[id].equals(cells.get(id))) {
                        reader.read(count[0]++, run);
                        run.clear();
                    }
                    run.add(cells.toArray(String[]::new));
                });
        if (!run.isEmpty()) {
            reader.read(count[0]++, run);
        }
        return count[0];
    }

    /** Finds out what each column is. */
    private void explore() throws IOException {
        runs = read((k, run) -> {
            rows += run.size();
            int task = column("task");
            String name = task < 0 ? "" : run.get(0)[task];
            int outcome = column(OUTCOME);
            boolean complete = outcome < 0 || run.get(0)[outcome].equals("done");
            List<String[]> design = designs.get(name);
            if (complete && (design == null || design.size() < run.size())) {
                design = design == null ? run : design;
                designs.put(name, List.copyOf(run));
            }
            List<String> kind = new ArrayList<>();
            for (int c = 0; c < columns.size(); c++) {
                Column column = columns.get(c);
                for (int r = 0; r < run.size(); r++) {
                    String text = run.get(r)[c];
                    column.add(text);
                    column.variesWithinRun |= !text.equals(run.get(0)[c]);
                    column.designed &= !complete || r >= design.size() || text.equals(design.get(r)[c]);
                }
                if (column.setting) {
                    kind.add(column.name.equals(SEED) || column.name.equals(RUN) ? "" : run.get(0)[c]);
                }
            }
            if (kinds.size() < MOST_CELLS) {
                kinds.add(kind);
            }
        });
        keys = new ArrayList<>(settingKeys());
        keys.addAll(designKeys());
        groups = IntStream.range(0, columns.size())
                .filter(c -> !keys.contains(c) && isGroup(columns.get(c)))
                .boxed()
                .toList();
        measures = IntStream.range(0, columns.size())
                .filter(c -> !keys.contains(c) && isMeasure(columns.get(c)))
                .boxed()
                .toList();
    }

    private static boolean isGroup(Column c) {
        return c.varies() && c.few() && !c.numeric && !c.setting && !c.logical && !(c.designed && c.variesWithinRun);
    }

    /** What follows from the keys, such as the error of a silent network by type, is measured too if it isn't constant. */
    private static boolean isMeasure(Column c) {
        return !c.setting && c.varies() && (c.numeric || c.logical);
    }

    /** Settings that differ between runs, without those that follow from others. */
    private List<Integer> settingKeys() {
        List<Integer> settings = IntStream.range(0, columns.size())
                .filter(c -> columns.get(c).setting)
                .boxed()
                .toList();
        List<Integer> order = settings.stream()
                .filter(c -> columns.get(c).varies() && columns.get(c).few())
                .filter(c -> !columns.get(c).name.equals(SEED)
                        && !columns.get(c).name.equals(RUN))
                .sorted((a, b) -> Integer.compare(rank(a), rank(b)))
                .toList();
        List<Integer> kept = new ArrayList<>();
        int cells = 1;
        for (int c : order) {
            kept.add(c);
            Set<List<String>> different = new LinkedHashSet<>();
            for (List<String> kind : kinds) {
                different.add(
                        kept.stream().map(k -> kind.get(settings.indexOf(k))).toList());
            }
            if (different.size() > cells) {
                cells = different.size();
            } else {
                kept.remove(kept.size() - 1);
            }
        }
        return kept;
    }

    private int rank(int column) {
        if (columns.get(column).name.startsWith(AXIS)) {
            return -1;
        }
        int first = FIRST.indexOf(columns.get(column).name);
        return first >= 0 ? first : FIRST.size() + column;
    }

    /** Columns that are varied within each run, without those that follow from others. */
    private List<Integer> designKeys() {
        List<Integer> kept = new ArrayList<>();
        int cells = 1;
        for (int c = 0; c < columns.size(); c++) {
            Column column = columns.get(c);
            if (column.setting || !column.designed || !column.variesWithinRun || !column.few()) {
                continue;
            }
            kept.add(c);
            int most = 0;
            for (List<String[]> design : designs.values()) {
                Set<List<String>> different = new LinkedHashSet<>();
                for (String[] row : design) {
                    different.add(kept.stream().map(k -> row[k]).toList());
                }
                most = Math.max(most, different.size());
            }
            if (most > cells) {
                cells = most;
            } else {
                kept.remove(kept.size() - 1);
            }
        }
        return kept;
    }

    /** Sums over the rows of a cell, by Welford's method. */
    private static final class Cell {
        final long[] count;
        final double[] mean;
        final double[] squares;

        Cell(int measures) {
            count = new long[measures];
            mean = new double[measures];
            squares = new double[measures];
        }

        void add(int m, double value) {
            if (!Double.isNaN(value)) {
                count[m]++;
                double difference = value - mean[m];
                mean[m] += difference / count[m];
                squares[m] += difference * (value - mean[m]);
            }
        }

        /** Count, mean, standard deviation and the mean's 95 % interval: Wilson's if it is a rate, else Student's. */
        double[] summary(int m, boolean rate) {
            int n = (int) Math.min(Integer.MAX_VALUE, count[m]);
            if (n == 0) {
                return new double[] {0, Double.NaN, Double.NaN, Double.NaN, Double.NaN};
            }
            double sd = n > 1 ? Math.sqrt(squares[m] / (n - 1)) : Double.NaN;
            if (rate) {
                Proportion share = new Proportion((int) Math.round(mean[m] * n), n);
                return new double[] {
                    n, share.rate(), sd, share.wilson().low(), share.wilson().high()
                };
            }
            Interval interval = Interval.ofMean(n, mean[m], sd);
            return new double[] {n, mean[m], sd, interval.low(), interval.high()};
        }
    }

    private Map<String, Object> cells() throws IOException {
        Map<List<String>, Cell> cells = new LinkedHashMap<>();
        Set<Integer> left = new LinkedHashSet<>();
        read((k, run) -> {
            for (String[] row : run) {
                List<String> key = keys.stream().map(c -> row[c]).toList();
                Cell cell = cells.get(key);
                if (cell == null && cells.size() < MOST_CELLS) {
                    cell = new Cell(measures.size());
                    cells.put(key, cell);
                }
                if (cell == null) {
                    left.add(key.hashCode());
                    continue;
                }
                for (int m = 0; m < measures.size(); m++) {
                    cell.add(m, number(row[measures.get(m)]));
                }
            }
        });
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("keys", keys.stream().map(c -> columns.get(c).name).toList());
        json.put("values", cells.keySet());
        json.put("leftOut", left.size());
        List<Object> of = new ArrayList<>();
        for (int m = 0; m < measures.size(); m++) {
            Column column = columns.get(measures.get(m));
            double[][] numbers = new double[5][cells.size()];
            int at = 0;
            for (Cell cell : cells.values()) {
                double[] summary = cell.summary(m, column.logical);
                for (int k = 0; k < summary.length; k++) {
                    numbers[k][at] = summary[k];
                }
                at++;
            }
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("name", column.name);
            one.put("rate", column.logical);
            List<String> names = List.of("count", "mean", "sd", "low", "high");
            for (int k = 0; k < names.size(); k++) {
                boolean exact = cells.size() <= MOST_EXACT;
                one.put(names.get(k), exact ? PageFile.doubles(numbers[k]) : PageFile.floats(numbers[k]));
            }
            of.add(one);
        }
        json.put("measures", of);
        return json;
    }

    /** How many rows a complete run of a task has, at most, if rows that agree in these columns are one. */
    private int rowsPerRun(List<Integer> designed) {
        return designs.values().stream()
                .mapToInt(design -> (int) design.stream()
                        .map(row -> designed.stream().map(c -> row[c]).toList())
                        .distinct()
                        .count())
                .max()
                .orElse(1);
    }

    private boolean isPerRun(int measure) {
        return !columns.get(measure).variesWithinRun;
    }

    /** The mean of rows of a network. */
    private static final class Mean {
        final String[] texts;
        final double[] sums;
        final int[] counts;

        Mean(int texts, int measures) {
            this.texts = new String[texts];
            sums = new double[measures];
            counts = new int[measures];
        }

        void add(String[] row, List<Integer> textColumns, List<Integer> measures) {
            for (int t = 0; t < texts.length; t++) {
                String text = row[textColumns.get(t)];
                texts[t] = texts[t] == null || texts[t].equals(text) ? text : "several";
            }
            for (int m = 0; m < sums.length; m++) {
                double value = number(row[measures.get(m)]);
                if (!Double.isNaN(value)) {
                    sums[m] += value;
                    counts[m]++;
                }
            }
        }

        double value(int m) {
            return counts[m] == 0 ? Double.NaN : sums[m] / counts[m];
        }
    }

    /**
     * The networks that are drawn, their rows column by column. If the page would become large, rows that differ only by
     * the key with most texts become one, their mean.
     */
    private Map<String, Object> networks(Path folder) throws IOException {
        List<Integer> designed = new ArrayList<>(
                keys.stream().filter(c -> !columns.get(c).setting).toList());
        List<String> averaged = new ArrayList<>();
        int most = Math.min(runs, MOST_NETWORKS);
        double perRow = 4
                / 3.0
                * (keys.size()
                        + groups.size()
                        + 4 * measures.stream().filter(m -> !isPerRun(m)).count());
        while (!designed.isEmpty() && most * perRow * rowsPerRun(designed) > MOST_BYTES) {
            int finest = designed.stream()
                    .max((a, b) -> Integer.compare(
                            columns.get(a).texts.size(), columns.get(b).texts.size()))
                    .orElseThrow();
            designed.remove((Integer) finest);
            averaged.add(columns.get(finest).name);
        }
        List<Integer> texts = new ArrayList<>(keys.stream()
                .filter(c -> columns.get(c).setting || designed.contains(c))
                .toList());
        int keysLeft = texts.size();
        texts.addAll(groups);
        BitSet chosen = sample(most);
        List<String> names = new ArrayList<>();
        List<String> seeds = new ArrayList<>();
        List<Integer> pages = new ArrayList<>();
        List<Integer> counts = new ArrayList<>();
        List<Mean> means = new ArrayList<>();
        List<Mean> firsts = new ArrayList<>();
        int seed = column(SEED);
        read((k, run) -> {
            if (!chosen.get(k)) {
                return;
            }
            String name = run.get(0)[Math.max(0, column(RUN))];
            if (isPlain(name) && Files.isRegularFile(pageOf(folder, name))) {
                pages.add(names.size());
            }
            names.add(name);
            seeds.add(seed < 0 ? "" : run.get(0)[seed]);
            Map<List<String>, Mean> own = new LinkedHashMap<>();
            for (int r = 0; r < run.size(); r++) {
                String[] row = run.get(r);
                List<String> key = averaged.isEmpty()
                        ? List.of(Integer.toString(r))
                        : designed.stream().map(c -> row[c]).toList();
                own.computeIfAbsent(key, any -> new Mean(texts.size(), measures.size()))
                        .add(row, texts, measures);
            }
            counts.add(own.size());
            means.addAll(own.values());
            firsts.add(own.values().iterator().next());
        });
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("runs", names);
        json.put("seeds", seeds);
        json.put("pages", pages);
        json.put("folder", PAGES);
        json.put("rows", counts);
        json.put("averaged", averaged);
        List<Object> choices = new ArrayList<>();
        for (int t = 0; t < texts.size(); t++) {
            int column = t;
            Map<String, Integer> index = new LinkedHashMap<>();
            int[] codes = means.stream()
                    .mapToInt(mean -> index.computeIfAbsent(mean.texts[column], text -> index.size()))
                    .toArray();
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("name", columns.get(texts.get(t)).name);
            one.put("key", t < keysLeft);
            one.put("texts", List.copyOf(index.keySet()));
            one.put("values", PageFile.bytes(codes));
            choices.add(one);
        }
        json.put("texts", choices);
        List<Object> measured = new ArrayList<>();
        for (int m = 0; m < measures.size(); m++) {
            int column = m;
            boolean perRun = isPerRun(measures.get(m));
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("name", columns.get(measures.get(m)).name);
            one.put("rate", columns.get(measures.get(m)).logical);
            one.put("perRun", perRun);
            one.put(
                    "values",
                    PageFile.floats((perRun ? firsts : means)
                            .stream().mapToDouble(mean -> mean.value(column)).toArray()));
            measured.add(one);
        }
        json.put("measures", measured);
        return json;
    }

    /** So many of the runs, at random, always the same. */
    private BitSet sample(int count) {
        int[] all = IntStream.range(0, runs).toArray();
        RandomStream random = new RandomStream(0, Purpose.of("study-page"), 0);
        BitSet chosen = new BitSet(runs);
        for (int k = 0; k < count; k++) {
            int other = k + random.nextInt(runs - k);
            int run = all[other];
            all[other] = all[k];
            all[k] = run;
            chosen.set(run);
        }
        return chosen;
    }

    /** Whether a run's name can't lead out of the folder. */
    private static boolean isPlain(String name) {
        return name.matches("[0-9A-Za-z_-]+");
    }
}
