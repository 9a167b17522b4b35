package attractor.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.analysis.Lesion;
import attractor.analysis.Lesion.Sign;
import attractor.analysis.Spectrum;
import attractor.cli.terminal.ExitCode;
import attractor.io.Json;
import attractor.io.Npz;
import attractor.kernel.Activation;
import attractor.kernel.Kernels;
import attractor.model.Form;
import attractor.model.NetworkFile;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import attractor.random.RandomStream;
import attractor.random.RandomStream.Purpose;
import attractor.study.Damage;
import attractor.study.MeasuredRows;
import attractor.study.TrainedNetwork;
import attractor.task.Task;
import attractor.task.Tasks;
import attractor.train.RunDirectory;
import attractor.train.TrainingConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;

/** The page in a real browser: what it shows and what its playground computes is what the commands say. */
class PageBrowserTest {
    private static final Path NETWORKS = Path.of("..", "data", "networks");
    private static final int STEPS = 200;
    private static final double TOLERANCE = 1e-9;

    /** Without WebGL, which in software takes most of the time; the tests of state space have one with it. */
    private static Browser browser;

    @TempDir
    private static Path folder;

    @BeforeAll
    static void start() throws Exception {
        browser = Browser.withPlanes();
    }

    @AfterAll
    static void stop() throws Exception {
        if (browser != null) {
            browser.close();
        }
    }

    @AfterEach
    void nothingIsWrongOnTheConsole() {
        assertEquals(List.of(), browser.complaints());
    }

    private static Path page(Object network, Object... more) throws Exception {
        Path page = Files.createTempFile(folder, "page", ".html");
        List<Object> words = new ArrayList<>(List.of("explore", network, "--out", page));
        words.addAll(List.of(more));
        Cli cli = Cli.run(words.toArray());
        assertEquals(ExitCode.DONE, cli.exitCode(), cli.toString());
        return page;
    }

    private static double[] numbers(Object list) {
        return ((List<?>) list)
                .stream().mapToDouble(x -> ((Number) x).doubleValue()).toArray();
    }

    /** What simulate says about the change that the page would save. */
    private static Npz simulated(Path network, Object... more) throws Exception {
        String change = (String) browser.run("return JSON.stringify(attractor.playground.changeFile())");
        Path file = folder.resolve("change.json");
        Files.writeString(file, change);
        Path out = folder.resolve("out.npz");
        List<Object> words = new ArrayList<>(List.of("simulate", network, "--change", file, "--out", out));
        words.addAll(List.of(more));
        Cli cli = Cli.run(words.toArray());
        assertEquals(ExitCode.DONE, cli.exitCode(), cli.toString());
        return Npz.read(out);
    }

    /** Units without a bound may have large values. */
    private static double allowed(double value) {
        return TOLERANCE * Math.max(1, Math.abs(value));
    }

    /**
     * Compares the first steps to {@link #TOLERANCE}; later ones within the rounding error times the growth of a
     * deviation, which is measured in the page itself.
     */
    private static void assertSame(Npz npz, String run) throws Exception {
        int steps = ((Number) browser.run("return attractor.view.steps")).intValue();
        int units = npz.get("h").shape()[2];
        int outputs = npz.get("y").shape()[2];
        double[] h = npz.doubles("h", 1, steps, units);
        double[] y = npz.doubles("y", 1, steps, outputs);
        double[] pageH = numbers(browser.run("return [...attractor.view." + run + ".h]"));
        double[] pageY = numbers(browser.run("return [...attractor.view." + run + ".y]"));
        int first = Math.min(STEPS, steps);
        for (int t = 0; t < first; t++) {
            for (int i = 0; i < units; i++) {
                double expected = h[t * units + i];
                assertEquals(expected, pageH[t * units + i], allowed(expected), "h of unit " + i + ", step " + t);
            }
            for (int o = 0; o < outputs; o++) {
                double expected = y[t * outputs + o];
                assertEquals(expected, pageY[t * outputs + o], allowed(expected), "y " + o + ", step " + t);
            }
        }
        double[] growth = numbers(browser.await("""
                const { simulate } = await import("attractor/network.js");
                const v = attractor.view;
                const net = v.%s === v.intact ? v.data.net : v.lesion.net;
                const h0 = Float64Array.from(net.h0, (h, i) => h + 1e-9 * Math.cos(i + 1));
                const twin = simulate(net, v.x, v.steps, { h0, kicks: v.%s === v.intact ? [] : v.kicks });
                const n = net.units;
                return Array.from({ length: v.steps }, (_, t) => {
                  let most = 0;
                  for (let i = 0; i < n; i++) most = Math.max(most, Math.abs(twin.h[t * n + i] - v.%s.h[t * n + i]));
                  return most / 1e-9;
                });
                """.formatted(run, run, run)));
        double worst = 1;
        for (int t = 0; t < steps; t++) {
            worst = Math.max(worst, growth[t]);
            for (int i = 0; i < units; i++) {
                double expected = h[t * units + i];
                double allowed = Math.max(allowed(expected), 1e-12 * worst);
                assertEquals(expected, pageH[t * units + i], allowed, "h of unit " + i + ", step " + t);
            }
        }
    }

    @Test
    void numbersAreThoseOfAnalysisJson() throws Exception {
        Path out = folder.resolve("analysis");
        Cli cli = Cli.run(
                "analyze", NETWORKS.resolve("and.npz"), "--initial", NETWORKS.resolve("and-initial.npz"), "--out", out);
        assertEquals(ExitCode.DONE, cli.exitCode(), cli.toString());
        Path page = out.resolve("index.html");
        assertTrue(Files.size(page) < 2_000_000, "the page has " + Files.size(page) + " bytes");
        browser.open(page);
        Map<String, Object> json = Json.read(out.resolve("analysis.json")).asMap();
        List<?> shown = (List<?>)
                browser.run(
                        "return [...document.querySelectorAll('[data-path]')].map(e => [e.dataset.path, e.dataset.value, e.textContent])");
        assertTrue(shown.size() > 40, shown.size() + " numbers");
        for (Object one : shown) {
            List<?> parts = (List<?>) one;
            Object value = json;
            for (String name : ((String) parts.get(0)).split("\\.")) {
                value = value instanceof Map<?, ?> map ? map.get(name) : ((List<?>) value).get(Integer.parseInt(name));
            }
            if (value == null) {
                assertEquals("–", parts.get(2), parts.toString());
            } else {
                double number = ((Number) value).doubleValue();
                assertEquals(number, Double.parseDouble((String) parts.get(1)), parts.toString());
                assertEquals(
                        number, Double.parseDouble((String) parts.get(2)), 6e-3 * Math.abs(number), parts.toString());
            }
        }
        // What is saved as analysis.json is analysis.json, except for the folder's files.
        Map<String, Object> inPage = new LinkedHashMap<>(
                Json.parseObject((String) browser.run("return JSON.stringify(attractor.view.data.analysis)"), "page")
                        .asMap());
        Map<String, Object> expected = new LinkedHashMap<>(json);
        inPage.remove("files");
        expected.remove("files");
        assertEquals(normal(expected), normal(inPage));
        assertEquals(
                List.of(50L, 50L, 50L),
                browser.run("return [...document.querySelectorAll('circle')].reduce((n, c) => {"
                        + "const id = c.dataset.id ?? ''; if (id.startsWith('lambda')) n[0]++; else if (id.startsWith('mu')) n[1]++;"
                        + "else if ((c.textContent ?? '').startsWith('before')) n[2]++; return n}, [0, 0, 0])"));
        List<?> lines =
                (List<?>) browser.run("return [...document.querySelectorAll('.lines li')].map(l => l.textContent)");
        List<?> types = (List<?>) json.get("types");
        assertEquals(types.stream().map(t -> ((Map<?, ?>) t).get("line")).toList(), lines);
    }

    /** A browser writes 1 where Java writes 1.0. */
    private static Object normal(Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<Object, Object> copy = new LinkedHashMap<>();
            map.forEach((k, v) -> copy.put(k, normal(v)));
            return copy;
        }
        if (value instanceof List<?> list) {
            return list.stream().map(v -> v == null ? "null" : normal(v)).toList();
        }
        return value instanceof Number number ? (Object) number.doubleValue() : value == null ? "null" : value;
    }

    private static List<String> shipped() throws IOException {
        try (Stream<Path> files = Files.list(NETWORKS)) {
            return files.map(f -> f.getFileName().toString())
                    .filter(f -> f.endsWith(".npz") && !f.endsWith("-initial.npz"))
                    .map(f -> f.replace(".npz", ""))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("shipped")
    void thePlaygroundDoesWhatSimulateDoes(String name) throws Exception {
        Path network = NETWORKS.resolve(name + ".npz");
        Path page = page(network);
        if (NetworkFile.read(network).rnn().units() <= 50) {
            assertTrue(Files.size(page) < 2_000_000, "the page has " + Files.size(page) + " bytes");
        }
        browser.open(page);
        // The trial as it was analysed, then with everything changed that can be.
        assertSame(simulated(network), "intact");
        browser.await("""
                const v = attractor.view;
                const b = (sign, above, upTo) => ({ kind: "band", sign, above, upTo });
                v.lesions = [b("positive", 0, 0.004), b("negative", 0.05, 0.055), { kind: "strongest", sign: "both", count: 2 },
                  { kind: "random", sign: "both", count: 5, seed: 3, draw: 1 }, { kind: "units", units: [7] },
                  { kind: "mode", eigenvalue: v.data.modes.eigenvalues[Math.min(20, v.data.modes.eigenvalues.length - 1)] }, { kind: "connections", connections: [[3, 4]] }];
                v.kicks = [{ step: 60, by: Float64Array.from({ length: v.data.net.units }, (_, i) => 0.1 * Math.sin(i)) }, { step: 0, by: new Float64Array(v.data.net.units).fill(0.01) }];
                v.tauMs = 1.25 * v.data.net.tauMs;
                v.trial.pulses.push({ input: 0, from: 90, length: 15, height: 0.7 });
                v.run();
                """);
        assertNotEquals(0L, browser.run("return attractor.view.lesion.removed"));
        assertSame(simulated(network), "other");
    }

    @ParameterizedTest
    @CsvSource({
        "TANH, 1, false, RATE",
        "TANH, 5, true, RATE",
        "TANH, 1, true, CURRENT",
        "TANH, 5, true, CURRENT",
        "RELU, 1, true, RATE",
        "RELU, 4, false, CURRENT",
        "SIGMOID, 1, false, RATE",
        "SIGMOID, 10, true, CURRENT",
        "IDENTITY, 1, true, RATE",
        "IDENTITY, 3, false, CURRENT",
        "SOFTPLUS, 2, true, RATE",
        "SOFTPLUS, 1, false, CURRENT",
        "LEAKY_RELU, 1, false, RATE",
        "LEAKY_RELU, 2, true, CURRENT"
    })
    void everyKindOfNetworkRuns(Activation activation, double tauMs, boolean bias, Form form) throws Exception {
        Path network = folder.resolve("kind.npz");
        NetworkFile.write(network, random(7, 2, 3, activation, tauMs, bias).withForm(form), Map.of());
        browser.open(page(network));
        browser.run("""
                const v = attractor.view;
                v.trial.pulses.push({ input: 1, from: 20, length: 30, height: -1.5 });
                v.trial.noise = Float64Array.from({ length: 400 }, (_, k) => Math.sin(k * k));
                v.trial.noiseSd = 0.3;
                v.lesions = [{ kind: "units", units: [2] }];
                v.run();
                """);
        assertSame(simulated(network), "other");
        browser.run("attractor.view.lesions = []; attractor.view.run()");
        assertSame(simulated(network), "intact");
    }

    private static Rnn random(int n, int inputs, int outputs, Activation activation, double tauMs, boolean bias) {
        RnnShape shape = new RnnShape(inputs, n, outputs);
        double[] p = new double[shape.parameters()];
        new RandomStream(1, Purpose.of("page-test"), n).fillGaussian(p, 0, p.length, 0.8 / Math.sqrt(n));
        for (int i = shape.bRec().offset(); i < shape.bRec().end() && !bias; i++) {
            p[i] = 0;
        }
        return new Rnn(shape, activation, 1, tauMs, bias, p);
    }

    @Test
    void noiseInTheStatesIsTheSame() throws Exception {
        Path network = folder.resolve("noisy.npz");
        NetworkFile.write(network, random(9, 1, 1, Activation.TANH, 4, true).withNoise(0.1), Map.of());
        browser.open(page(network, "--seed", "11"));
        browser.run("attractor.view.kicks = [{ step: 100, by: new Float64Array(9).fill(0.3) }]; attractor.view.run()");
        assertSame(simulated(network, "--seed", "11"), "other");
    }

    @ParameterizedTest
    @ValueSource(strings = {"and", "flipflop"})
    void damageIsTheStudys(String name) throws Exception {
        NetworkFile.Network read = NetworkFile.read(NETWORKS.resolve(name + ".npz"));
        Task task = Tasks.byName(name, read.meta().getObject("taskOptions").asMap());
        TrainingConfig config = TrainingConfig.builder(task).seed(0).build();
        MeasuredRows rows = new MeasuredRows();
        new Damage(List.of(0.0, 0.02, 0.03), 2, 200, 50)
                .measure(new TrainedNetwork(config, task, read.rnn(), read.rnn()), Kernels.get(), rows);
        Rnn rnn = read.rnn();
        int connections = 2500;
        Map<String, List<String>> lesions = new LinkedHashMap<>();
        lesions.put("both 0.03", List.of("{\"kind\":\"band\",\"sign\":\"both\",\"above\":0,\"upTo\":0.03}"));
        lesions.put(
                "negative-slice 0.03",
                List.of("{\"kind\":\"band\",\"sign\":\"negative\",\"above\":0.02,\"upTo\":0.03}"));
        lesions.put(
                "strongest 2.0",
                List.of("{\"kind\":\"strongest\",\"sign\":\"both\",\"count\":" + connections / 50 + "}"));
        List<String> units = IntStream.range(0, 2)
                .mapToObj(draw -> Lesion.Units.random(50, 3, 0, draw).units())
                .map(u -> "{\"kind\":\"units\",\"units\":" + u + "}")
                .toList();
        lesions.put("units 3", units);
        lesions.put("mode 2", List.of("{\"kind\":\"mode\",\"eigenvalue\":" + secondMode(rnn) + "}"));
        int removed = new Lesion.Band(Sign.BOTH, 0, 0.02).apply(rnn).removed();
        lesions.put(
                "both 0.02 control",
                IntStream.range(0, 2)
                        .mapToObj(draw -> "{\"kind\":\"random\",\"sign\":\"both\",\"count\":" + removed
                                + ",\"seed\":0,\"draw\":" + draw + "}")
                        .toList());
        browser.open(page(NETWORKS.resolve(name + ".npz")));
        int compared = 0;
        for (Map.Entry<String, List<String>> entry : lesions.entrySet()) {
            double[] distance = new double[task.types().size()];
            double[] rmse = new double[distance.length];
            double[] passed = new double[distance.length];
            for (String lesion : entry.getValue()) {
                browser.run(
                        "document.querySelector('#undo').click(); attractor.view.lesions = [JSON.parse(arguments[0])]; attractor.view.run()",
                        lesion);
                browser.until("return document.querySelectorAll('#many-trials tbody td.rmse').length === "
                        + 2 * distance.length);
                List<?> cells = (List<?>)
                        browser.run(
                                "return [...document.querySelectorAll('#many-trials tbody tr')].map(r => { const c = r.querySelectorAll('td.rmse')[1];"
                                        + "return [Number(c.dataset.value), Number(c.dataset.distance), r.querySelectorAll('.badge')[1].classList.contains('pass') ? 1 : 0] })");
                for (int k = 0; k < distance.length; k++) {
                    double[] cell = numbers(cells.get(k));
                    rmse[k] += cell[0] / entry.getValue().size();
                    distance[k] += cell[1] / entry.getValue().size();
                    passed[k] += cell[2] / entry.getValue().size();
                }
            }
            for (Map<String, Object> row : rows.asMap().get(MeasuredRows.RESULTS)) {
                String key = row.get("lesion") + " "
                        + (row.get("lesion").equals("units")
                                        || row.get("lesion").equals("mode")
                                ? ((Number) row.get("level")).intValue()
                                : row.get("level"))
                        + (row.get("control").equals(true) ? " control" : "");
                if (key.equals(entry.getKey())) {
                    int k = task.types().indexOf(row.get("type"));
                    String what = key + ", type " + row.get("type");
                    // Far from a working network a trajectory may be unstable, and rounding errors grow.
                    double allowed = 1e-6;
                    assertEquals(((Number) row.get("distanceMean")).doubleValue(), distance[k], allowed, what);
                    assertEquals(((Number) row.get("rmse")).doubleValue(), rmse[k], allowed, what);
                    assertEquals(((Number) row.get("passedShare")).doubleValue(), passed[k], what);
                    compared++;
                }
            }
        }
        assertEquals(lesions.size() * task.types().size(), compared);
    }

    /** Tasks of classes: shares of right answers, decision times and errors are those that evaluate finds in the same trials. */
    @ParameterizedTest
    @ValueSource(strings = {"perceptual-decision", "match-to-sample", "go-no-go", "ready-set-go", "rules"})
    void scoresOfTheFieldsTasksAreThoseOfEvaluate(String name) throws Exception {
        Path network = NETWORKS.resolve(name + ".npz");
        browser.open(page(network));
        long count = (Long) browser.run("return attractor.view.data.more.count");
        Cli cli = Cli.run("evaluate", network, "--trials", count, "--json");
        assertEquals(ExitCode.DONE, cli.exitCode(), cli.toString());
        List<?> expected = (List<?>) Json.parseObject(cli.out(), "json").asMap().get("scores");
        boolean classes = !"none".equals(browser.run("return attractor.view.data.task.readout"));
        assertEquals(((Map<?, ?>) expected.get(0)).containsKey("accuracy"), classes);
        assertTrue(count >= 2L * expected.size(), count + " trials");
        browser.until("return document.querySelectorAll('#many-trials tbody td.rmse').length === " + expected.size());
        List<?> rows = (List<?>) browser.run("""
                const value = (cell) => (cell ? Number(cell.dataset.value) : null);
                return [...document.querySelectorAll("#many-trials tbody tr")].map((tr) => [tr.children[0].textContent, value(tr.querySelector(".rmse")),
                  value(tr.querySelector(".accuracy")), Number(tr.querySelector(".accuracy")?.dataset.decision), tr.querySelector(".badge").textContent]);
                """);
        for (int k = 0; k < rows.size(); k++) {
            List<?> row = (List<?>) rows.get(k);
            Map<?, ?> type = (Map<?, ?>) expected.get(k);
            assertEquals(type.get("type"), row.get(0));
            double rmse = ((Number) type.get("rmse")).doubleValue();
            assertEquals(rmse, ((Number) row.get(1)).doubleValue(), 1e-5 * Math.max(1, rmse), row.toString());
            if (classes) {
                assertEquals(((Number) type.get("accuracy")).doubleValue(), ((Number) row.get(2)).doubleValue(), 1e-12);
                if (type.get("decisionMs") != null) {
                    // A step on the edge between two answers may fall to either, by single precision.
                    assertEquals(
                            ((Number) type.get("decisionMs")).doubleValue(),
                            ((Number) row.get(3)).doubleValue(),
                            2.0,
                            row.toString());
                }
            }
            assertEquals(Boolean.TRUE.equals(type.get("passed")) ? "pass" : "fail", row.get(4), row.toString());
        }
        // Another trial of the type.
        double before = ((Number) browser.run("return attractor.view.x[100]")).doubleValue();
        browser.run(
                "const i = document.querySelector('[data-draw]'); i.value = '2'; i.dispatchEvent(new Event('change'))");
        assertNotEquals(
                before, ((Number) browser.run("return attractor.view.x.reduce((a, b) => a + b, 0)")).doubleValue());
        assertSame(simulated(network), "intact");
    }

    /** The index of the second eigenvalue on or above the real axis. */
    private static int secondMode(Rnn rnn) {
        Spectrum spectrum = Spectrum.withoutVectors(rnn);
        return IntStream.range(0, spectrum.size())
                .filter(k -> spectrum.im()[k] >= 0)
                .skip(1)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aChangeIsKeptAndOpenedAgain() throws Exception {
        browser.open(page(NETWORKS.resolve("pulse.npz")));
        browser.driver.findElement(org.openqa.selenium.By.id("remove")).click();
        browser.driver.findElement(org.openqa.selenium.By.id("kick")).click();
        double[] before = numbers(browser.run("return [...attractor.view.other.y]"));
        String change = (String) browser.run("return JSON.stringify(attractor.playground.changeFile())");
        browser.run("document.querySelector('#undo').click()");
        assertEquals(null, browser.run("return attractor.view.other"));
        browser.run("attractor.playground.takeChange(arguments[0])", change);
        assertArrayEquals(before, numbers(browser.run("return [...attractor.view.other.y]")), 1e-12);
        assertTrue(((String) browser.run("return document.querySelector('#playground').textContent"))
                .contains("connections with 0 < |w|"));
    }

    @Test
    void aPulseThatIsLeftOutOrMovedChangesTargetAndScore() throws Exception {
        browser.open(page(NETWORKS.resolve("flipflop.npz")));
        List<?> first = (List<?>) browser.run("const v = attractor.view; return [...v.target]");
        // Without the pulses of the trial, the output has to stay at 0.
        browser.run(
                "for (const b of [...document.querySelectorAll('.pulse')].map((_, k) => k)) {"
                        + "[...document.querySelectorAll('.pulse')[b].querySelectorAll('button')].find(x => x.textContent === 'Leave out').click(); }");
        List<?> then = (List<?>) browser.run("const v = attractor.view; return [...v.target]");
        assertTrue(numbers(first)[599] == 1, "set");
        assertArrayEquals(new double[600], numbers(then));
        double rmse = Double.parseDouble(
                (String) browser.run("return document.querySelector('#one-trial td.rmse').dataset.value"));
        assertTrue(rmse < 0.2, "a network that got no pulse stays at 0: " + rmse);
    }

    @Test
    void markupInNamesIsText() throws Exception {
        String evil = "<img src=x onerror=alert(1)><b>x&amp;y";
        Path network = folder.resolve("a" + evil.replace("/", "") + ".npz");
        Files.copy(NETWORKS.resolve("and.npz"), network);
        Path trials = folder.resolve("<i>t&lt;.npz");
        Cli cli = Cli.run("tasks", "and", "--samples", 40, "--out", trials);
        assertEquals(ExitCode.DONE, cli.exitCode(), cli.toString());
        Npz npz = Npz.read(trials);
        Map<String, attractor.io.NpyArray> arrays = new LinkedHashMap<>();
        for (String name : List.of("x", "y", "type")) {
            arrays.put(name, npz.get(name));
        }
        arrays.put(
                "types",
                attractor.io.NpyArray.of(
                        new String[] {"</script><script>alert(2)</script>", "<!--", "&lt;b&gt;", "]]>"}, 4));
        Npz.write(trials, arrays);
        Path page = page(network, "--data", trials);
        String text = Files.readString(page, StandardCharsets.UTF_8);
        assertFalse(text.contains("alert(2)</script>"), "raw in the page");
        assertFalse(text.contains("<img src=x"), "raw in the page");
        browser.open(page);
        assertEquals(
                0L,
                browser.run(
                        "return document.querySelectorAll('#page img, #page b b, #page i i, #page script').length"));
        String shown = (String) browser.run("return document.querySelector('#page').textContent");
        for (String piece : List.of(evil, "</script><script>alert(2)</script>", "&lt;b&gt;", "]]>")) {
            assertTrue(shown.contains(piece), piece);
        }
        assertTrue(((String) browser.run("return document.title")).contains(evil));
    }

    @Test
    void thePageMakesNoRequest() throws Exception {
        browser.open(page(NETWORKS.resolve("and.npz")));
        assertEquals(
                List.of(),
                browser.run(
                        "return performance.getEntriesByType('resource').map(e => e.name).filter(n => !n.startsWith('data:'))"));
        // The policy holds: a request that is tried anyway is refused.
        assertEquals(
                "refused", browser.await("return fetch('https://example.org/').then(() => 'sent', () => 'refused')"));
        assertTrue(browser.complaints().stream().allMatch(c -> c.contains("example.org")));
    }

    @Test
    void theKeyboardAloneReachesEverything() throws Exception {
        try (Browser drawn = Browser.withWebGl()) {
            drawn.open(page(NETWORKS.resolve("and.npz"), "--initial", NETWORKS.resolve("and-initial.npz")));
            drawn.run("""
                    window.reached = new Set();
                    document.body.focus();
                    document.addEventListener("focusin", (e) => window.reached.add(e.target));
                    """);
            int steps = 0;
            for (; steps < 400; steps++) {
                new Actions(drawn.driver).sendKeys(Keys.TAB).perform();
                if (steps > 20 && Boolean.TRUE.equals(drawn.run("return document.activeElement === document.body"))) {
                    break;
                }
            }
            List<?> missed = (List<?>) drawn.run("""
                    return [...document.querySelectorAll("button, input, select, a[href], summary, [tabindex='0']")]
                      .filter((e) => e.checkVisibility() && !e.disabled && !window.reached.has(e))
                      .map((e) => e.outerHTML.slice(0, 120));
                    """);
            assertEquals(List.of(), missed);
            // The arrow keys turn state space; plus zooms.
            WebElement canvas = drawn.driver.findElement(org.openqa.selenium.By.cssSelector(".stage canvas[tabindex]"));
            String before = (String) drawn.run("attractor.space.drawNow(); return arguments[0].toDataURL()", canvas);
            canvas.sendKeys(Keys.ARROW_LEFT, Keys.ARROW_LEFT, Keys.ARROW_UP, "+");
            String after = (String) drawn.run("attractor.space.drawNow(); return arguments[0].toDataURL()", canvas);
            assertNotEquals(before, after);
            // Every control has a name.
            assertEquals(List.of(), drawn.run("""
                            return [...document.querySelectorAll("button, input, select, canvas[tabindex]")]
                              .filter((e) => !(e.getAttribute("aria-label") || e.labels?.length > 0 || e.textContent.trim()))
                              .map((e) => e.outerHTML.slice(0, 120));
                            """));
            assertEquals(List.of(), drawn.complaints());
        }
    }

    @Test
    void everythingMovesWithTime() throws Exception {
        browser.open(page(NETWORKS.resolve("xor.npz")));
        browser.run("attractor.view.set('step', 120)");
        assertEquals("120", browser.run("return document.querySelector('.stage ~ .timeline input').value"));
        browser.until("return [...document.querySelectorAll('.u-legend')].every(l => l.textContent.includes('121'))");
        assertTrue(
                ((String) browser.run("return document.querySelector('.heat-cursor').style.left")).startsWith("60.25"));
        browser.run("document.querySelector('.play').click()");
        browser.until("return attractor.view.step > 125");
        browser.run("document.querySelector('.play').click()");
    }

    @Test
    void aRunDirectoryHasItsEpochs() throws Exception {
        Path run = folder.resolve("run");
        Cli cli = Cli.trainTiny(run);
        assertEquals(ExitCode.DONE, cli.exitCode(), cli.toString());
        browser.open(page(run));
        assertEquals(3L, browser.run("return attractor.view.data.epochs.numbers.length"));
        String before = (String) browser.run("return document.querySelector('[data-id=lambda-0]').getAttribute('cx')");
        browser.run("const s = document.querySelector('.epoch'); s.value = 0; s.dispatchEvent(new Event('input'))");
        assertEquals(
                List.of("0", "0"), browser.run("return [...document.querySelectorAll('.epoch')].map(e => e.value)"));
        String after = (String) browser.run("return document.querySelector('[data-id=lambda-0]').getAttribute('cx')");
        assertNotEquals(before, after);
        String said = (String) browser.run("return document.querySelector('#epochs output').textContent");
        assertTrue(said.startsWith("epoch 0, before training; spectral radius"), said);
        assertEquals(2, RunDirectory.history(run).size());
        assertEquals(2L, browser.run("return document.querySelectorAll('#epochs circle').length"));
    }

    @Test
    void severalNetworksAreOnePage() throws Exception {
        Path page = folder.resolve("two.html");
        Cli cli = Cli.run("explore", NETWORKS.resolve("or.npz"), NETWORKS.resolve("not.npz"), "--out", page);
        assertEquals(ExitCode.DONE, cli.exitCode(), cli.toString());
        browser.open(page);
        assertEquals("or · Attractor", browser.driver.getTitle());
        browser.run(
                "const s = document.querySelector('#network'); s.value = '1'; s.dispatchEvent(new Event('change'))");
        assertEquals("not · Attractor", browser.driver.getTitle());
        assertEquals(1L, browser.run("return attractor.view.data.net.inputs"));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 500})
    void anyNumberOfUnits(int units) throws Exception {
        Path network = folder.resolve("n.npz");
        NetworkFile.write(
                network,
                random(units, 2, 1, Activation.TANH, 1, units < 500),
                Map.of(
                        "task",
                        "and",
                        "taskOptions",
                        Tasks.byName("and").options().toMap()));
        browser.open(page(network, "--fixed-point-seeds", units < 500 ? "64" : "4"));
        browser.run("attractor.view.lesions = [{ kind: 'units', units: [0] }]; attractor.view.run()");
        assertSame(simulated(network), "other");
        Object ms = browser.await("""
                const { simulate } = await import("attractor/network.js");
                const time = (act) => Math.min(...Array.from({ length: 10 }, () => { const t = performance.now(); act(); return performance.now() - t; }));
                const v = attractor.view;
                const part = 20;
                // Short enough that other processes rarely come between.
                let short = Infinity;
                for (let k = 0; k < 100; k++) {
                  const begin = performance.now();
                  simulate(v.data.net, v.x, part);
                  short = Math.min(short, performance.now() - begin);
                }
                return `${time(() => simulate(v.data.net, v.x, v.steps))} ms for a trial, ${time(() => v.run())} ms with all panels; ${(short * v.steps) / part} ms for a trial by its steps`;
                """);
        if (System.getProperty("attractor.pictures") != null) {
            Files.writeString(
                    Path.of(System.getProperty("attractor.pictures"), "run-" + units + ".txt"),
                    units + " units: " + ms + "\n");
        }
    }

    @Test
    void aPhonesWidthIsEnough() throws Exception {
        browser.open(page(NETWORKS.resolve("flipflop.npz")));
        try {
            for (int width : new int[] {360, 768, 1920}) {
                browser.size(width, 800);
                browser.until("return window.innerWidth === " + width);
                browser.until("return document.documentElement.scrollWidth <= document.documentElement.clientWidth");
                // uPlot gets its new width a moment later.
                browser.until("""
                        return [...document.querySelectorAll("#page button, #page input, #page select, #page svg, #page canvas")]
                          .every((e) => !e.checkVisibility() || e.closest(".scroll, .results, .pulses, pre")
                            || e.getBoundingClientRect().right <= document.documentElement.clientWidth + 1);
                        """);
            }
        } finally {
            browser.driver.executeCdpCommand("Emulation.clearDeviceMetricsOverride", Map.of());
        }
    }

    @Test
    void figuresAreSaved() throws Exception {
        browser.open(page(NETWORKS.resolve("and.npz")));
        List<?> saved = (List<?>) browser.await("""
                const saved = [];
                const old = URL.createObjectURL;
                URL.createObjectURL = (blob) => { saved.push(blob); return "#"; };
                HTMLAnchorElement.prototype.click = () => {};
                document.querySelectorAll(".save button").forEach((b) => b.click());
                document.querySelectorAll("#numbers .controls button").forEach((b) => b.click());
                await new Promise((done) => setTimeout(done, 1500));
                URL.createObjectURL = old;
                return Promise.all(saved.map(async (b) => [b.type, b.size, b.type === "image/svg+xml" ? await b.text() : ""]));
                """);
        Set<String> kinds = new LinkedHashSet<>();
        int pictures = 0;
        for (Object one : saved) {
            List<?> file = (List<?>) one;
            kinds.add((String) file.get(0));
            assertTrue(((Number) file.get(1)).longValue() > 20, file.toString());
            if (file.get(0).equals("image/svg+xml")) {
                String svg = (String) file.get(2);
                assertTrue(svg.startsWith("<svg"), svg);
                javax.xml.parsers.DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(new java.io.ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
                pictures++;
            }
        }
        assertTrue(
                kinds.containsAll(Set.of("image/svg+xml", "image/png", "text/csv", "application/json")),
                kinds.toString());
        assertEquals(9, pictures);
    }

    @Test
    void itPrints() throws Exception {
        browser.open(page(NETWORKS.resolve("and.npz")));
        Map<String, Object> pdf = browser.driver.executeCdpCommand("Page.printToPDF", Map.of("printBackground", true));
        byte[] bytes = java.util.Base64.getDecoder().decode((String) pdf.get("data"));
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        int pages = text.split("/Type\\s*/Page\\b", -1).length - 1;
        assertTrue(pages >= 2 && pages <= 9, pages + " pages");
        if (System.getProperty("attractor.pictures") != null) {
            Files.write(Path.of(System.getProperty("attractor.pictures"), "print.pdf"), bytes);
        }
    }

    @Test
    void withoutWebGlThereArePlanes() throws Exception {
        browser.open(page(NETWORKS.resolve("and.npz")));
        String notice = (String) browser.run("return document.querySelector('#space .notice').textContent");
        assertTrue(notice.contains("no WebGL"), notice);
        assertEquals("2-D canvas", browser.run("return attractor.space.renderedBy"));
        Object inked = browser.run("""
                attractor.space.drawNow();
                const c = document.querySelector(".overlay");
                const d = c.getContext("2d").getImageData(0, 0, c.width, c.height).data;
                let n = 0;
                for (let k = 3; k < d.length; k += 4) if (d[k] > 0) n++;
                return n;
                """);
        assertTrue(((Number) inked).longValue() > 3000, inked + " pixels");
        if (System.getProperty("attractor.pictures") != null) {
            Files.write(Path.of(System.getProperty("attractor.pictures"), "planes.png"), browser.picture());
        }
    }

    /** How soon it is shown and how fast it turns, written where the property {@code attractor.pictures} says. */
    @Test
    void itsSpeedIsMeasured() throws Exception {
        Path page = page(NETWORKS.resolve("and.npz"), "--initial", NETWORKS.resolve("and-initial.npz"));
        try (Browser drawn = Browser.withWebGl()) {
            // By the clock, which depends on what else the machine does, and by the processor time of the page's
            // thread.
            List<Double> shown = new ArrayList<>();
            List<Double> worked = new ArrayList<>();
            drawn.driver.executeCdpCommand("Performance.enable", Map.of("timeDomain", "threadTicks"));
            for (int k = 0; k < 5; k++) {
                drawn.open(page);
                shown.add(((Number) drawn.run("return attractor.shownMs")).doubleValue());
                worked.add(1000 * drawn.metric("TaskDuration"));
            }
            drawn.run("document.querySelector('#space').scrollIntoView()");
            Object frames = drawn.await("""
                    const best = [];
                    for (let k = 0; k < 3; k++) {
                      let frames = 0;
                      const begin = performance.now();
                      while (performance.now() - begin < 1500) {
                        attractor.space.turn(0.03, 0);
                        await new Promise(requestAnimationFrame);
                        frames++;
                      }
                      best.push((1000 * frames) / (performance.now() - begin));
                    }
                    return Math.max(...best);
                    """);
            assertTrue(((Number) frames).doubleValue() > 0, "frames");
            assertTrue(shown.stream().allMatch(ms -> ms > 0), shown.toString());
            if (System.getProperty("attractor.pictures") != null) {
                Files.writeString(
                        Path.of(System.getProperty("attractor.pictures"), "speed.txt"),
                        "drawn by " + drawn.run("return attractor.space.renderedBy") + "\nshown after "
                                + shown + " ms by the clock\nmain thread " + worked
                                + " ms, by processor time\nframes per second while turning: " + frames + "\nbytes: "
                                + Files.size(page) + "\n");
            }
            assertEquals(List.of(), drawn.complaints());
        }
    }

    /** The README's pictures, written where the property {@code attractor.pictures} says. */
    @Test
    void picturesForTheReadme() throws Exception {
        try (Browser drawn = Browser.withWebGl()) {
            String where = System.getProperty("attractor.pictures");
            drawn.open(page(NETWORKS.resolve("flipflop.npz"), "--initial", NETWORKS.resolve("flipflop-initial.npz")));
            drawn.size(1280, 900);
            drawn.run(
                    "document.querySelector('#space').scrollIntoView(); attractor.view.set('step', 215); attractor.space.drawNow()");
            drawn.until("return document.querySelectorAll('#many-trials td.rmse').length === 2");
            byte[] space = drawn.picture();
            drawn.open(page(NETWORKS.resolve("and.npz"), "--initial", NETWORKS.resolve("and-initial.npz")));
            drawn.run("document.querySelector('#remove').click(); document.querySelector('#courses').scrollIntoView()");
            drawn.until("return document.querySelectorAll('#many-trials td.rmse').length === 8");
            byte[] damage = drawn.picture();
            drawn.driver.executeCdpCommand("Emulation.clearDeviceMetricsOverride", Map.of());
            assertTrue(
                    space.length > 20_000 && damage.length > 20_000, space.length + " and " + damage.length + " bytes");
            if (where != null) {
                Files.write(Path.of(where, "explore-space.png"), space);
                Files.write(Path.of(where, "explore-damage.png"), damage);
            }
            assertEquals(List.of(), drawn.complaints());
        }
    }
}
