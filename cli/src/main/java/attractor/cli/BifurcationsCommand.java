package attractor.cli;

import attractor.bifurcation.BifurcationDiagram;
import attractor.bifurcation.NetworkPath;
import attractor.cli.option.NetworkArgument;
import attractor.cli.result.BifurcationFiles;
import attractor.cli.result.OutputFolder;
import attractor.cli.terminal.ExitCode;
import attractor.cli.terminal.StatusLine;
import attractor.figure.BifurcationFigures;
import attractor.figure.Figure;
import attractor.io.Json;
import attractor.io.Printable;
import attractor.model.Rnn;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code attractor bifurcations}. */
@Command(
        name = "bifurcations",
        description = {
            "Follows fixed points and cycles of a network along one parameter, and locates where they appear, vanish or change their "
                    + "stability: folds, pitchforks, transcritical points, period doublings and Neimark-Sacker points.",
            "",
            "The parameter is the constant input of one channel, a factor of the recurrent weights, the time constant, or the way "
                    + "from this network (0) to another (1), such as from before training to after.",
            "",
            "Branches start from fixed points and stable cycles at both ends of the range, in its middle and at the network's own "
                    + "value; a closed branch between these may be missed. The folder gets bifurcations.json, tables (.csv), "
                    + "branches.npz for numpy.load, and a figure; JSON.md beside the sources of the command line describes them."
        },
        footer = {
            "",
            "Examples:",
            "  attractor bifurcations data/networks/and.npz --along scale=0..1.2 --out b",
            "  attractor bifurcations data/networks/and.npz --along input:0=-1..1 --out b",
            "  attractor bifurcations data/networks/xor-initial.npz \\",
            "    --along to=data/networks/xor.npz --out b"
        },
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class BifurcationsCommand implements Callable<Integer> {
    private static final Pattern RANGE = Pattern.compile("(input:(\\d{1,9})|scale|tau)=(\\S+)\\.\\.(\\S+)");
    private static final Pattern WAY = Pattern.compile("to=(.+)");

    @Spec
    private CommandSpec spec;

    @Mixin
    private NetworkArgument network;

    @Option(
            names = "--along",
            paramLabel = "PARAMETER",
            required = true,
            description = "input:CHANNEL=FROM..TO, scale=FROM..TO, tau=FROM..TO (ms), or to=NET2.")
    private String along;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description = "Where to write; a new or empty folder. It is written completely or not at all.")
    private Path outFolder;

    @Option(names = "--overwrite", description = "Replace earlier results in DIR.")
    private boolean overwrite;

    @Option(names = "--json", description = "Print bifurcations.json instead of the table.")
    private boolean json;

    @Option(
            names = "--input",
            paramLabel = "X,...",
            split = ",",
            hideParamSyntax = true,
            description = "Constant input of all channels (default: zeros).")
    private List<Double> input;

    @Option(
            names = "--period",
            paramLabel = "P",
            defaultValue = "8",
            description = "Longest cycle that is followed (default: ${DEFAULT-VALUE}).")
    private int period;

    @Option(
            names = "--branches",
            paramLabel = "N",
            defaultValue = "64",
            description = "Largest number of branches (default: ${DEFAULT-VALUE}).")
    private int branches;

    @Option(
            names = "--step",
            paramLabel = "X",
            defaultValue = "0.02",
            description = "Largest step along a branch, as a share of the range (default: ${DEFAULT-VALUE}).")
    private double step;

    @Option(
            names = "--seeds",
            paramLabel = "N",
            defaultValue = "128",
            description =
                    "States from which fixed points and cycles are searched at a value (default: ${DEFAULT-VALUE}).")
    private int seeds;

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "0",
            description = "Seed of these states (default: ${DEFAULT-VALUE}).")
    private long seed;

    /** The parameter, its range, and the file of the other network, if there is one. */
    private record Along(NetworkPath path, double from, double to, Path other) {}

    @Override
    public Integer call() throws Exception {
        NetworkArgument.Loaded loaded = network.load();
        Rnn rnn = loaded.rnn();
        double[] constant = input == null
                ? new double[rnn.inputs()]
                : input.stream().mapToDouble(x -> x).toArray();
        if (constant.length != rnn.inputs() || !Arrays.stream(constant).allMatch(Double::isFinite)) {
            throw wrong("--input is " + input + ", expected " + rnn.inputs() + " finite numbers, the inputs of "
                    + loaded.path());
        }
        BifurcationDiagram.Options options;
        try {
            options = new BifurcationDiagram.Options(
                    branches, period, BifurcationDiagram.Options.DEFAULT.places(), step, seeds, seed);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
        Along parameter = along(rnn, constant);
        OutputFolder output = OutputFolder.at(outFolder, BifurcationFiles.INDEX, BifurcationFiles.SCHEMA, overwrite);
        PrintWriter err = spec.commandLine().getErr();
        err.println("following branches of " + Printable.of(loaded.source().toString()) + " ...");
        err.flush();
        BifurcationDiagram diagram;
        try {
            BifurcationDiagram.Progress progress =
                    StatusLine.onTerminal() ? BifurcationDiagram.Progress.NONE : lines(parameter.path.name(), err);
            diagram = BifurcationDiagram.of(parameter.path, parameter.from, parameter.to, options, progress);
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw new IOException(loaded.source() + ": " + e.getMessage(), e);
        }
        Map<String, Object> index =
                BifurcationFiles.json(diagram, parameter.path, loaded.source(), parameter.other, constant);
        List<String> files;
        try (output) {
            Path folder = output.begin();
            List<String> figures = new ArrayList<>();
            if (Figure.missingFonts().isEmpty()) {
                BifurcationFigures.diagram(diagram, parameter.path.name(), rnn.outputs())
                        .write(folder, "bifurcations")
                        .forEach(file -> figures.add(file.getFileName().toString()));
            }
            files = BifurcationFiles.write(folder, diagram, rnn, index, figures);
            output.finish();
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.pretty(index));
        } else {
            BifurcationFiles.summary(diagram, parameter.path, loaded.source().toString())
                    .forEach(out::println);
            out.println("written to " + outFolder + ": " + String.join(", ", files));
        }
        if (Figure.missingFonts().isPresent()) {
            spec.commandLine()
                    .getErr()
                    .println("no picture: " + Figure.missingFonts().get());
        }
        return ExitCode.DONE;
    }

    /** Tells in lines how the search goes, for files in which a line cannot be redrawn. */
    private static BifurcationDiagram.Progress lines(String parameter, PrintWriter err) {
        return new BifurcationDiagram.Progress() {
            @Override
            public void searched(double value, int found) {
                say("at " + parameter + " " + value + ": " + found
                        + (found == 1 ? " fixed point or cycle" : " fixed points and cycles"));
            }

            @Override
            public void followed(int branches, int bifurcations) {
                say(branches
                        + (branches == 1 ? " branch, " : " branches, ")
                        + Printable.count(bifurcations, "bifurcation"));
            }

            private void say(String line) {
                err.println(line);
                err.flush();
            }
        };
    }

    private Along along(Rnn rnn, double[] constant) throws IOException {
        Matcher way = WAY.matcher(along);
        if (way.matches()) {
            NetworkArgument.Loaded other = NetworkArgument.load(Path.of(way.group(1)), null, null, spec);
            try {
                return new Along(NetworkPath.between(rnn, other.rnn(), constant), 0.0, 1.0, other.source());
            } catch (IllegalArgumentException e) {
                throw new IOException(other.source() + ": " + e.getMessage(), e);
            }
        }
        Matcher range = RANGE.matcher(along);
        if (!range.matches()) {
            throw wrong("--along is '" + along
                    + "', expected input:CHANNEL=FROM..TO, scale=FROM..TO, tau=FROM..TO or to=NET2");
        }
        double from = number(range.group(3));
        double to = number(range.group(4));
        if (!(from < to) || !(Math.abs(from) < 1e9) || !(Math.abs(to) < 1e9)) {
            throw wrong("--along goes from " + range.group(3) + " to " + range.group(4)
                    + ", expected an increasing range of numbers below 1e9");
        }
        try {
            NetworkPath path = range.group(2) != null
                    ? NetworkPath.input(rnn, constant, Integer.parseInt(range.group(2)))
                    : range.group(1).equals("tau") ? NetworkPath.tau(rnn, constant) : NetworkPath.scale(rnn, constant);
            if (from < path.least()) {
                throw wrong("--along tau begins at " + range.group(3) + " ms, expected at least a step, " + path.least()
                        + " ms");
            }
            return new Along(path, from, to, null);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--along: " + e.getMessage(), e);
        }
    }

    private double number(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new ParameterException(spec.commandLine(), "--along has '" + text + "', expected a number", e);
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
