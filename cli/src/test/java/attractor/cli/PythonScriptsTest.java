package attractor.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import attractor.dynamics.Simulator;
import attractor.io.NpyArray;
import attractor.kernel.Activation;
import attractor.model.Form;
import attractor.model.NetworkFile;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import attractor.random.RandomStream;
import attractor.random.RandomStream.Purpose;
import attractor.task.Task;
import attractor.task.Tasks;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The README's recipes and scripts of {@code data/python}, run by the Python that {@code ATTRACTOR_PYTHON} names, or python3. Skipped
 * where that has no NumPy.
 */
class PythonScriptsTest {
    private static final Purpose WEIGHTS = Purpose.of("test-weights");
    private static final String PYTHON =
            Optional.ofNullable(System.getenv("ATTRACTOR_PYTHON")).orElse("python3");
    private static final Path SCRIPTS =
            Path.of("..", "data", "python").toAbsolutePath().normalize();

    @TempDir
    private Path folder;

    private record Finished(int exitCode, String output) {}

    private static Finished python(Path folder, Object... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(PYTHON));
        Arrays.stream(words).map(Object::toString).forEach(command::add);
        Path output = Files.createTempFile(folder, "python", ".txt");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        if (!process.waitFor(2, TimeUnit.MINUTES)) {
            process.destroyForcibly();
        }
        return new Finished(process.waitFor(), Files.readString(output, StandardCharsets.UTF_8));
    }

    private static boolean imports(Path folder, String module) throws InterruptedException {
        try {
            return python(folder, "-c", "import " + module).exitCode == 0;
        } catch (IOException e) {
            return false; // no Python at all
        }
    }

    @BeforeAll
    static void numpy(@TempDir Path folder) throws InterruptedException {
        assumeTrue(imports(folder, "numpy"), "skipped: " + PYTHON + " with NumPy is not here");
    }

    private void succeeds(Object... words) throws IOException, InterruptedException {
        Finished finished = python(folder, words);
        assertEquals(0, finished.exitCode, finished.output);
    }

    /** The lines of Python in the README from one that begins with these words to the end of their block. */
    private static String recipe(String beginning) throws IOException {
        String readme = Files.readString(Path.of("..", "README.md")).replace("\r\n", "\n");
        int from = readme.indexOf("\n    " + beginning);
        assertTrue(from >= 0, beginning + " is not in the README");
        StringBuilder lines = new StringBuilder("import numpy as np\n");
        for (String line : readme.substring(from + 1).split("\n")) {
            if (!line.startsWith("    ")) {
                break;
            }
            lines.append(line.substring(4)).append('\n');
        }
        return lines.toString();
    }

    private static String replaced(String text, String part, String by) {
        assertEquals(2, text.split(java.util.regex.Pattern.quote(part), -1).length, part + " in " + text);
        return text.replace(part, by);
    }

    private static Rnn random(int units, Activation phi, double tauMs, Form form, boolean bias) {
        RnnShape shape = new RnnShape(2, units, 1);
        double[] block = new double[shape.parameters()];
        new RandomStream(1, WEIGHTS, 0)
                .fillGaussian(block, 0, shape.h0().offset(), 0.7 / Math.sqrt(units)); // not chaotic
        if (!bias) {
            Arrays.fill(block, shape.bRec().offset(), shape.bRec().offset() + units, 0.0);
        }
        return new Rnn(shape, phi, 1, tauMs, bias, block).withForm(form);
    }

    private double[] run(String recipe, Path network, Rnn rnn, String... saved) throws Exception {
        Files.createDirectories(network.getParent());
        NetworkFile.write(network, rnn, Map.of());
        StringBuilder script = new StringBuilder(recipe);
        for (String name : saved) {
            script.append("np.save('")
                    .append(name)
                    .append(".npy', ")
                    .append(name)
                    .append(")\n");
        }
        Files.writeString(folder.resolve("recipe.py"), script);
        succeeds("recipe.py");
        return NpyArray.read(folder.resolve(saved[0] + ".npy")).doubles();
    }

    /** Random inputs in place of the README's zeros, and the outputs of Attractor for them. */
    private double[] outputs(Rnn rnn) throws IOException {
        double[] x = new double[400];
        new RandomStream(2, WEIGHTS, 0).fillGaussian(x, 0, 400, 1.0);
        NpyArray.of(x, 200, 2).write(folder.resolve("x.npy"));
        double[] y = new Simulator(rnn).run(x, 1, 200).y();
        return Arrays.copyOfRange(y, 199, 200);
    }

    @Test
    void theRecipeOfTheReadme() throws Exception {
        Rnn rnn = random(50, Activation.TANH, 1, Form.RATE, false);
        String recipe = replaced(
                replaced(recipe("import numpy as np\n    net ="), "np.zeros((200, 2))", "np.load('x.npy')"),
                "import numpy as np\nimport",
                "import");
        double[] expected = outputs(rnn);
        assertArrayEquals(expected, run(recipe, folder.resolve("runs/and-orthogonal-s0/final.npz"), rnn, "y"), 1e-12);
    }

    /** With the leak, the bias and h0 of a network of either form, without noise. */
    @Test
    void theRecipesOfBothForms() throws Exception {
        String current = replaced(recipe("net = np.load('runs/current"), "np.zeros((200, 2))", "np.load('x.npy')");
        Path file = folder.resolve("runs/current/final.npz");
        Rnn rnn = random(20, Activation.SOFTPLUS, 10, Form.CURRENT, true);
        double[] expected = outputs(rnn);
        String quiet = replaced(current, "net['noise_sd']", "0");
        assertArrayEquals(expected, run(quiet, file, rnn, "y"), 1e-12);

        String rate = replaced(quiet, "# rate:  ", "").replaceAll("(?m)^ +s = .*phi\\(s\\).*\n", "");
        rate = replaced(rate, "net['W_out'] @ phi(s)", "net['W_out'] @ s");
        rnn = random(20, Activation.SOFTPLUS, 10, Form.RATE, true);
        expected = outputs(rnn);
        assertArrayEquals(expected, run(rate, file, rnn, "y"), 1e-12);
    }

    /** Without connections the states are a filtered noise, whose standard deviation is known: sd sqrt(2 / (2 - alpha)). */
    @Test
    void theRecipesNoiseIsThatOfTheStates() throws Exception {
        Rnn rnn = Rnn.zeros(new RnnShape(2, 20, 1));
        rnn = new Rnn(rnn.shape(), Activation.SOFTPLUS, 1, 4, true, rnn.parameters())
                .withForm(Form.CURRENT)
                .withNoise(0.3);
        String recipe = recipe("net = np.load('runs/current");
        recipe = replaced(recipe, "np.zeros((200, 2))", "np.zeros((6000, 2))");
        recipe = replaced(recipe, "s = np.zeros(20)", "np.random.seed(1); states = []; s = np.zeros(20)");
        recipe = replaced(recipe, "    y = net", "    states.append(s); y = net");
        double[] theirs = run(recipe, folder.resolve("runs/current/final.npz"), rnn, "states");
        double[] ours = new Simulator(rnn).run(new double[12_000], 1, 6000).h();
        double expected = 0.3 * Math.sqrt(2 / (2 - 0.25));
        assertEquals(expected, deviation(theirs), 0.01 * expected);
        assertEquals(expected, deviation(ours), 0.01 * expected);
    }

    private static double deviation(double[] values) {
        return Math.sqrt(Arrays.stream(values).map(v -> v * v).sum() / values.length);
    }

    /** The commands of the script's first lines, on networks of both forms. */
    @Test
    void reproduceFindsTheSameStates() throws Exception {
        assumeTrue(imports(folder, "matplotlib"), "skipped: " + PYTHON + " has no matplotlib");
        Path trials = folder.resolve("trials.npz");
        assertEquals(
                0, Cli.run("tasks", "xor", "--samples", 16, "--out", trials).exitCode());
        succeeds("-c", "import numpy; numpy.save('x.npy', numpy.load('trials.npz')['x'])");
        for (Form form : Form.values()) {
            Path net = folder.resolve(form.id() + ".npz");
            NetworkFile.write(net, random(12, Activation.SOFTPLUS, 5, form, true), Map.of("task", "xor"));
            Path trajectory = folder.resolve("trajectory.npz");
            Cli cli = Cli.run("simulate", net, "--inputs", folder.resolve("x.npy"), "--out", trajectory);
            assertEquals(0, cli.exitCode(), cli.toString());
            succeeds(SCRIPTS.resolve("reproduce.py"), net, trials, trajectory, form.id() + ".png");
            assertTrue(Files.size(folder.resolve(form.id() + ".png")) > 1000);
        }
    }

    /** Trials without noise against a generator that was written from the descriptions alone. */
    @Test
    void theTrialsOfTheFieldsTasks() throws Exception {
        for (Task task : Tasks.providers().stream()
                .filter(provider -> provider.getClass().getName().startsWith("attractor.tasks."))
                .map(provider -> provider.create(provider.defaults()))
                .toList()) {
            List<Object> words = new ArrayList<>(List.of(
                    "tasks",
                    task.name(),
                    "--samples",
                    400,
                    "--noise",
                    0,
                    "--out",
                    folder.resolve(task.name() + ".npz")));
            if (task.name().endsWith("decision")) {
                words.addAll(List.of("--option", "stimulusNoiseSd=0"));
            } else if (task.name().equals("rules")) {
                words.addAll(List.of("--rules", String.join(",", attractor.tasks.SeveralRules.RULES)));
            }
            Cli cli = Cli.run(words.toArray());
            assertEquals(0, cli.exitCode(), cli.toString());
        }
        Finished finished = python(folder, SCRIPTS.resolve("check_tasks.py"), folder);
        assertEquals(0, finished.exitCode, finished.output);
        assertEquals(
                20,
                finished.output
                        .lines()
                        .filter(line -> line.contains(" 400 trials, "))
                        .count(),
                finished.output);
    }
}
