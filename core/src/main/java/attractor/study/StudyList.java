package attractor.study;

import attractor.io.AtomicFiles;
import attractor.io.FormatException;
import attractor.io.Json;
import attractor.io.JsonObject;
import attractor.train.TrainingConfig;
import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The list of a study's runs, one JSON object a line. A line has {@code run}, {@code cost}, {@code training} and {@code measurement}; or
 * {@code run} and {@code like} and {@code seed}: as the run on that line, counted from 1, but with another seed. Stateless, safe for any
 * thread.
 */
final class StudyList {
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{16}");
    private static final Set<String> SHORT = Set.of("run", "like", "seed");
    private static final String SEED = "seed";
    /** A short line, as it is written. */
    private static final String RUN = "{\"run\":\"";

    private static final int HASH_AT = RUN.length();
    private static final int HASH_LENGTH = 16;
    private static final String LIKE = "\",\"like\":";
    private static final String SEED_IS = ",\"seed\":";

    /** Kinds of runs that are remembered while a list is written. */
    private static final int MOST_KINDS = 1 << 12;

    private StudyList() {}

    static void write(OutputStream out, List<StudyRun> runs) throws IOException {
        Map<Map<String, Object>, Long> kinds = new HashMap<>();
        long line = 0;
        for (StudyRun run : runs) {
            line++;
            Map<String, Object> json = run.toJson();
            Map<String, Object> kind = new LinkedHashMap<>(json);
            Map<String, Object> training = new LinkedHashMap<>(run.training().toJson());
            training.remove(SEED);
            kind.put("training", training);
            Long like = kinds.get(kind);
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("run", run.hash());
            if (like != null) {
                entry.put("like", like);
                entry.put(SEED, run.training().seed());
            } else {
                if (kinds.size() < MOST_KINDS) {
                    kinds.put(kind, line);
                }
                entry.put("cost", run.cost());
                entry.putAll(json);
            }
            out.write((Json.compact(entry) + "\n").getBytes(StandardCharsets.UTF_8));
        }
    }

    /**
     * Reads a list.
     *
     * @param runs the number of runs that it must have
     * @throws FormatException if a line is broken, or one is missing
     */
    static List<StudyFolder.Entry> read(Path file, int runs) throws IOException {
        try {
            AtomicFiles.requireFile(file);
        } catch (IOException e) {
            boolean gone = e instanceof NoSuchFileException;
            throw new IOException(
                    (gone ? file + ": no such file" : e.getMessage() + "; move it away") + StudyFolder.WRITTEN_AGAIN,
                    e);
        }
        try {
            return entries(file, runs);
        } catch (FormatException e) {
            throw new FormatException(e.getMessage() + StudyFolder.WRITTEN_AGAIN, e);
        }
    }

    private static List<StudyFolder.Entry> entries(Path file, int runs) throws IOException {
        List<StudyFolder.Entry> entries = new ArrayList<>(Math.min(runs, 1 << 20));
        Map<Integer, StudyFolder.Kind> kinds = new HashMap<>();
        // Not a channel, since an interrupt would close it.
        try (BufferedReader in = new BufferedReader(
                new InputStreamReader(new FileInputStream(file.toFile()), StandardCharsets.UTF_8.newDecoder()))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                int number = entries.size() + 1;
                StudyFolder.Entry entry = fast(line, kinds);
                entries.add(entry != null ? entry : entry(json(line, file + ", line " + number), number, kinds));
            }
        } catch (CharacterCodingException e) {
            throw new FormatException(file + ", line " + (entries.size() + 1) + ": is not UTF-8", e);
        }
        if (entries.size() != runs) {
            throw new FormatException(
                    file + " has " + entries.size() + " lines, expected " + runs + ", one for each run");
        }
        return entries;
    }

    private static JsonObject json(String line, String name) throws FormatException {
        try {
            return Json.parseObject(line, name);
        } catch (FormatException e) {
            // The text has one line, whose number the name says.
            String message = e.getMessage();
            String first = name + ": line 1, ";
            throw message.startsWith(first)
                    ? new FormatException(name + ", " + message.substring(first.length()), e)
                    : e;
        }
    }

    /** The hashes of the runs on those lines of a list that are whole as far as the hash. */
    static Set<String> hashes(Path file) throws IOException {
        Set<String> hashes = new HashSet<>();
        // As Latin-1 every file has lines.
        try (BufferedReader in = new BufferedReader(
                new InputStreamReader(new FileInputStream(file.toFile()), StandardCharsets.ISO_8859_1))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String hash = line.substring(
                        Math.min(HASH_AT, line.length()), Math.min(HASH_AT + HASH_LENGTH, line.length()));
                if (line.startsWith(RUN) && HASH.matcher(hash).matches()) {
                    hashes.add(hash);
                }
            }
        }
        return hashes;
    }

    /** The run of a short line, without the detour over JSON, in which 100,000 lines take a second; null if it isn't written exactly as {@link #write} does. */
    private static StudyFolder.Entry fast(String line, Map<Integer, StudyFolder.Kind> kinds) {
        int like = HASH_AT + HASH_LENGTH + LIKE.length();
        int comma = line.indexOf(',', like);
        if (comma < 0
                || !line.startsWith(RUN)
                || !line.startsWith(LIKE, HASH_AT + HASH_LENGTH)
                || !line.startsWith(SEED_IS, comma)
                || !line.endsWith("}")) {
            return null;
        }
        String hash = line.substring(HASH_AT, HASH_AT + HASH_LENGTH);
        String seed = line.substring(comma + SEED_IS.length(), line.length() - 1);
        String number = line.substring(like, comma);
        if (!isHash(hash) || !isNumber(seed) || !isNumber(number)) {
            return null;
        }
        StudyFolder.Kind kind = kinds.get(Integer.parseInt(number));
        return kind == null ? null : new StudyFolder.Entry(hash, kind, Long.parseLong(seed));
    }

    private static boolean isHash(String text) {
        return text.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
    }

    /** Whether it is a number that fits, written as JSON has it. */
    private static boolean isNumber(String text) {
        return !text.isEmpty()
                && text.length() < 10
                && (text.length() == 1 || text.charAt(0) != '0')
                && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static StudyFolder.Entry entry(JsonObject json, int line, Map<Integer, StudyFolder.Kind> kinds)
            throws FormatException {
        if (!json.has("like")) {
            StudyFolder.Kind kind = kind(json, json.name());
            kinds.put(line, kind);
            return new StudyFolder.Entry(hash(json, json.name()), kind, null);
        }
        json.requireOnly(SHORT);
        StudyFolder.Kind kind = kinds.get(json.getInt("like"));
        if (kind == null) {
            throw new FormatException(json.found("like") + ", expected an earlier line with a whole run");
        }
        return new StudyFolder.Entry(hash(json, json.name()), kind, json.getLong(SEED));
    }

    /** A run as {@code study.json} had it in earlier versions. */
    static StudyFolder.Entry entry(JsonObject run) throws FormatException {
        String hash = hash(run, run.name());
        return new StudyFolder.Entry(hash, kind(run, run.name() + ", run " + hash), null);
    }

    private static StudyFolder.Kind kind(JsonObject run, String name) throws FormatException {
        return new StudyFolder.Kind(
                run,
                run.getDouble("cost"),
                TrainingConfig.fromJson(run.getObject("training"), name).toJson());
    }

    private static String hash(JsonObject run, String name) throws FormatException {
        String hash = run.getString("run");
        if (!HASH.matcher(hash).matches()) {
            throw new FormatException(name + " names a run '" + hash + "', expected 16 hexadecimal digits");
        }
        return hash;
    }
}
