package attractor.cli.result;

import attractor.bifurcation.BifurcationDiagram;
import attractor.bifurcation.BifurcationDiagram.Bifurcation;
import attractor.bifurcation.BifurcationDiagram.Branch;
import attractor.bifurcation.NetworkPath;
import attractor.io.AtomicFiles;
import attractor.io.Csv;
import attractor.io.Json;
import attractor.io.NpyArray;
import attractor.io.Npz;
import attractor.model.Rnn;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/** Writes branches and bifurcations for machines, and sums them up for people; {@code cli/JSON.md} documents them. */
public final class BifurcationFiles {
    /** The index of a folder of results. */
    public static final String INDEX = "bifurcations.json";

    /** The beginning of the index's schema. */
    public static final String SCHEMA = "attractor/bifurcations";

    private BifurcationFiles() {}

    /**
     * What {@code --json} prints and the index holds.
     *
     * @param network the network's file
     * @param other the file of the network at the other end; null if there is none
     */
    public static Map<String, Object> json(
            BifurcationDiagram diagram, NetworkPath path, Path network, Path other, double[] input) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("schema", SCHEMA + "/1");
        json.put("network", network.toString());
        Map<String, Object> parameter = new LinkedHashMap<>();
        parameter.put("kind", path.kind().id());
        if (path.kind() == NetworkPath.Kind.INPUT) {
            parameter.put("channel", path.channel());
        }
        if (other != null) {
            parameter.put("otherNetwork", other.toString());
        }
        parameter.put("from", diagram.from());
        parameter.put("to", diagram.to());
        json.put("parameter", parameter);
        json.put("input", JsonMembers.numbers(input));
        BifurcationDiagram.Options options = diagram.options();
        json.put(
                "options",
                JsonMembers.of(
                        "branches", options.branches(),
                        "period", options.period(),
                        "places", options.places(),
                        "step", options.step(),
                        "seeds", options.seeds(),
                        "seed", options.seed()));
        json.put("truncated", diagram.truncated());
        List<Object> branches = new ArrayList<>();
        for (Branch b : diagram.branches()) {
            branches.add(JsonMembers.of(
                    "period", b.period(),
                    "places", b.size(),
                    "from", b.values()[0],
                    "to", b.values()[b.size() - 1],
                    "begins", b.begins().id(),
                    "ends", b.ends().id(),
                    "origin", b.origin() < 0 ? null : b.origin(),
                    "stablePlaces",
                            Arrays.stream(b.unstable()).filter(u -> u == 0).count()));
        }
        json.put("branches", branches);
        List<Object> bifurcations = new ArrayList<>();
        for (Bifurcation b : diagram.bifurcations()) {
            bifurcations.add(JsonMembers.of(
                    "kind", b.kind().id(),
                    "side", b.side() == BifurcationDiagram.Side.UNKNOWN ? null : side(b),
                    "value", b.value(),
                    "period", b.period(),
                    "turns", Double.isNaN(b.turns()) ? null : b.turns(),
                    "lyapunovCoefficient", Double.isNaN(b.lyapunov()) ? null : b.lyapunov(),
                    "unstableBefore", b.before(),
                    "unstableAfter", b.after(),
                    "outputs", JsonMembers.rows(b.outputs(), b.period()),
                    "state", JsonMembers.numbers(b.state()),
                    "branches", b.branches()));
        }
        json.put("bifurcations", bifurcations);
        return json;
    }

    private static String side(Bifurcation b) {
        return b.side().name().toLowerCase(Locale.ROOT);
    }

    /**
     * Writes tables, arrays and the index.
     *
     * @param folder which exists
     * @param json of {@link #json}; gets the list of files
     * @param figures files written before
     * @return all files
     */
    public static List<String> write(
            Path folder, BifurcationDiagram diagram, Rnn rnn, Map<String, Object> json, List<String> figures)
            throws IOException {
        List<String> files = new ArrayList<>(figures);
        int outputs = rnn.outputs();
        StringBuilder branches = new StringBuilder();
        List<Object> header =
                new ArrayList<>(List.of("branch", "place", "period", "step", "value", "unstable", "radius"));
        for (int o = 0; o < outputs; o++) {
            header.add("output_" + o);
        }
        branches.append(Csv.line(header.toArray()));
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        for (int k = 0; k < diagram.branches().size(); k++) {
            Branch b = diagram.branches().get(k);
            for (int m = 0; m < b.size(); m++) {
                for (int t = 0; t < b.period(); t++) {
                    List<Object> row = new ArrayList<>(
                            List.of(k, m, b.period(), t, b.values()[m], b.unstable()[m], b.radius()[m]));
                    for (int o = 0; o < outputs; o++) {
                        row.add(b.outputs()[(m * b.period() + t) * outputs + o]);
                    }
                    branches.append(Csv.line(row.toArray()));
                }
            }
            arrays.put("branch_" + k + "_values", NpyArray.of(b.values(), b.size()));
            arrays.put("branch_" + k + "_states", NpyArray.of(b.states(), b.size(), rnn.units()));
        }
        StringBuilder bifurcations = new StringBuilder();
        bifurcations.append(Csv.line(
                "kind",
                "side",
                "value",
                "period",
                "turns",
                "lyapunov_coefficient",
                "unstable_before",
                "unstable_after",
                "branches"));
        for (Bifurcation b : diagram.bifurcations()) {
            bifurcations.append(Csv.line(
                    b.kind().id(),
                    b.side() == BifurcationDiagram.Side.UNKNOWN ? "" : side(b),
                    b.value(),
                    b.period(),
                    Double.isNaN(b.turns()) ? "" : b.turns(),
                    Double.isNaN(b.lyapunov()) ? "" : b.lyapunov(),
                    b.before(),
                    b.after(),
                    String.join(" ", b.branches().stream().map(String::valueOf).toList())));
        }
        write(folder, "branches.csv", branches, files);
        write(folder, "bifurcations.csv", bifurcations, files);
        if (!arrays.isEmpty()) {
            Npz.write(folder.resolve("branches.npz"), arrays);
            files.add("branches.npz");
        }
        files.add(INDEX);
        json.put("files", new ArrayList<>(new TreeSet<>(files)));
        Json.write(folder.resolve(INDEX), json);
        return files;
    }

    private static void write(Path folder, String name, StringBuilder text, List<String> files) throws IOException {
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        AtomicFiles.write(folder.resolve(name), out -> out.write(bytes));
        files.add(name);
    }

    /** For people: one line for each bifurcation. */
    public static List<String> summary(BifurcationDiagram diagram, NetworkPath path, String network) {
        List<String> lines = new ArrayList<>();
        long cycles = diagram.branches().stream().filter(b -> b.period() > 1).count();
        long fixedPoints = diagram.branches().size() - cycles;
        lines.add(network + ": " + path.name() + " from " + number(diagram.from()) + " to " + number(diagram.to())
                + ", " + fixedPoints + (fixedPoints == 1 ? " branch" : " branches") + " of fixed points, " + cycles
                + " of cycles"
                + (diagram.truncated() ? " (more were not followed, see --branches)" : ""));
        if (diagram.bifurcations().isEmpty()) {
            lines.add("no bifurcations");
            return lines;
        }
        lines.add(String.format(
                Locale.ROOT,
                "%16s  %-44s %6s %9s %9s  %s",
                "value",
                "bifurcation",
                "period",
                "unstable",
                "output",
                "branches"));
        for (Bifurcation b : diagram.bifurcations()) {
            String words = (b.side() == BifurcationDiagram.Side.UNKNOWN ? "" : side(b) + " ")
                    + b.kind().words()
                    + (Double.isNaN(b.turns()) ? "" : String.format(Locale.ROOT, ", %.4f turns", b.turns()));
            lines.add(String.format(
                            Locale.ROOT,
                            "%16.10f  %-44s %6d %9s %9.3f  %s",
                            b.value() + 0.0,
                            words,
                            b.period(),
                            b.before() + " > " + b.after(),
                            b.outputs()[0] + 0.0,
                            String.join(
                                    ", ",
                                    b.branches().stream().map(String::valueOf).toList()))
                    .stripTrailing());
        }
        return lines;
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e9
                ? String.valueOf((long) value)
                : String.valueOf(value);
    }
}
