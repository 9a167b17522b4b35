package attractor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.cli.terminal.ExitCode;
import attractor.io.Json;
import attractor.io.JsonObject;
import attractor.statistics.Summary;
import attractor.study.ResultTable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;
import org.openqa.selenium.interactions.Actions;

/** The page of a study in a real browser: its numbers are those of results.csv and summary.json. */
class StudyPageBrowserTest {
    private static final Path RESULTS = Path.of("..", "data", "results");
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

    /** A copy of a stored study with its report. */
    private static Path study(String name, Object... more) throws Exception {
        Path study = Files.createTempDirectory(folder, name);
        try (Stream<Path> files = Files.list(RESULTS.resolve(name))) {
            for (Path file :
                    files.filter(f -> f.toString().matches(".*\\.(csv|json)")).toList()) {
                Files.copy(file, study.resolve(file.getFileName()));
            }
        }
        List<Object> words = new ArrayList<>(List.of("study", "report", study));
        words.addAll(List.of(more));
        Cli cli = Cli.run(words.toArray());
        assertEquals(ExitCode.DONE, cli.exitCode(), cli.toString());
        assertTrue(Files.size(study.resolve("index.html")) < 1_500_000, name);
        return study;
    }

    private static void open(Path study) {
        browser.open(study.resolve("index.html"));
    }

    private static double number(Object value) {
        return Double.parseDouble(String.valueOf(value));
    }

    private static void choose(String selector, String value) {
        browser.run(
                "const s = document.querySelector(arguments[0]); s.value = arguments[1]; s.dispatchEvent(new Event('change'))",
                selector,
                value);
    }

    /** What stands in the table of cells is what results.csv has, of every study. */
    @ParameterizedTest
    @ValueSource(strings = {"success", "delay", "size", "damage", "shift", "activity", "hold"})
    void cellsAreThoseOfTheTable(String name) throws Exception {
        Path study = study(name);
        open(study);
        ResultTable table = ResultTable.read(study.resolve("results.csv"));
        List<?> keys = (List<?>) browser.run("return attractor.view.cells.keys");
        int compared = 0;
        List<?> measures = (List<?>) browser.run("return attractor.view.cells.measures.map(m => m.name)");
        for (Object measure : List.of(
                measures.get(measures.size() - 1), browser.run("return document.querySelector('#measure').value"))) {
            choose("#measure", (String) measure);
            List<?> rows = (List<?>) browser.run("""
                    return [...document.querySelectorAll("#cells-table tbody tr")].slice(0, 60).map((tr) => [attractor.view.cells.values[Number(tr.dataset.cell)],
                      Object.fromEntries([...tr.querySelectorAll("[data-of]")].map((e) => [e.dataset.of, [e.dataset.value, e.textContent]]))]);
                    """);
            for (Object row : rows) {
                List<?> key = (List<?>) ((List<?>) row).get(0);
                Map<?, ?> shown = (Map<?, ?>) ((List<?>) row).get(1);
                ResultTable cell = table;
                for (int k = 0; k < keys.size(); k++) {
                    cell = cell.where((String) keys.get(k), (String) key.get(k));
                }
                double[] values = cell.rows().stream()
                        .map(r -> r.get((String) measure))
                        .filter(t -> !t.isEmpty())
                        .mapToDouble(t -> t.equals("true") ? 1 : t.equals("false") ? 0 : Double.parseDouble(t))
                        .toArray();
                Summary expected = Summary.of(values);
                assertEquals(expected.count(), number(((List<?>) shown.get("count")).get(0)), key.toString());
                if (expected.count() > 0) {
                    List<?> mean = (List<?>) shown.get("mean");
                    double allowed = 1e-6 * Math.max(1e-9, Math.abs(expected.mean()));
                    assertEquals(expected.mean(), number(mean.get(0)), allowed, key + " " + measure);
                    assertEquals(expected.mean(), number(mean.get(1)), 6e-3 * Math.abs(expected.mean()) + 1e-12);
                }
                compared++;
            }
        }
        assertTrue(compared >= 40, compared + " cells");
    }

    /** Networks that pass, counted from the dots, are those of summary.json; so are the table's published values. */
    @Test
    void networksAreThoseOfTheSummary() throws Exception {
        Path study = study("success", "--published", RESULTS.resolve("success").resolve("table6.csv"));
        open(study);
        JsonObject summary = Json.read(study.resolve("summary.json"));
        choose("#dots-y", "passed");
        int cells = 0;
        for (JsonObject cell : summary.getObjects("cells")) {
            choose("[data-filter=task]", indexOf("task", cell.getString("task")));
            choose("[data-filter=init]", indexOf("init", cell.getString("init")));
            List<?> shares = (List<?>)
                    browser.run(
                            "return [...document.querySelectorAll('#networks-table td[data-value]')].map(e => Number(e.dataset.value))");
            assertEquals(cell.getInt("trained"), shares.size());
            assertEquals(
                    cell.getInt("passed"),
                    shares.stream().filter(s -> ((Number) s).doubleValue() == 1).count());
            List<?> row = (List<?>) browser.run(
                    "return [...document.querySelectorAll('#report tbody tr')].map(tr => [...tr.children].map(c => c.textContent)).find(r => r[0] === arguments[0] && r[1] === arguments[1])",
                    cell.getString("task"),
                    cell.getString("init"));
            assertEquals(cell.getInt("passed") + "/" + cell.getInt("trained"), row.get(2));
            assertEquals(cell.getInt("publishedPassed") + "/" + cell.getInt("publishedTrained"), row.get(5));
            cells++;
        }
        assertEquals(14, cells);
        assertEquals(
                "20 networks, 20 dots.",
                browser.run("return document.querySelector('#networks [role=status]').textContent"));
        // The figure says what summary.json says, to a reader with a keyboard alone.
        Object said = browser.run("""
                const figure = document.querySelector("[data-figure=success] .figure");
                const tips = [];
                for (let k = 0; k < 14; k++) {
                  figure.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight" }));
                  const tip = figure.parentElement.querySelector(".tip");
                  tips.push([tip.textContent, Number(tip.dataset.y)]);
                }
                return tips;
                """);
        List<?> tips = (List<?>) said;
        JsonObject first = summary.getObjects("cells").get(0);
        assertTrue(
                ((String) ((List<?>) tips.get(0)).get(0)).startsWith("orthogonal: at pulse, networks that pass (%) 95"),
                tips.toString());
        assertEquals(100 * first.getDouble("rate"), ((Number) ((List<?>) tips.get(0)).get(1)).doubleValue(), 1e-9);
        assertTrue(tips.toString().contains("orthogonal, published"), tips.toString());
    }

    private static String indexOf(String column, String text) {
        return String.valueOf(
                browser.run("return String(attractor.view.textsOf(arguments[0]).indexOf(arguments[1]))", column, text));
    }

    @Test
    void hoveringTellsValuesAndADotOpensItsPage() throws Exception {
        Path study = study("size");
        String run = ResultTable.read(study.resolve("results.csv")).texts("run").get(0);
        Files.createDirectories(study.resolve("pages"));
        Files.writeString(study.resolve("pages").resolve(run + ".html"), "<title>opened</title>");
        Cli cli = Cli.run("study", "report", study);
        assertEquals(ExitCode.DONE, cli.exitCode(), cli.toString());
        open(study);
        browser.run(
                "document.querySelector('#networks').scrollIntoView(); window.opened = null; window.open = (a) => { window.opened = a; };");
        browser.run("""
                const canvas = document.querySelector(".dots");
                const send = (key) => canvas.dispatchEvent(new KeyboardEvent("keydown", { key }));
                for (let k = 0; k < 200 && !window.opened; k++) { send("ArrowRight"); send("Enter"); }
                """);
        assertEquals("pages/" + run + ".html", browser.run("return window.opened"));
        String tip = (String) browser.run("return document.querySelector('#networks .tip').textContent");
        assertTrue(tip.startsWith("run " + run + ", seed "), tip);
        assertTrue(tip.endsWith("click opens its page"), tip);
        browser.run("document.querySelector('#networks details').open = true");
        assertEquals(
                "pages/" + run + ".html",
                browser.run("return document.querySelector('#networks-table a').getAttribute('href')"));
        browser.run("document.querySelector('#networks-table a').click()");
        browser.until("return document.title === 'opened'");
    }

    /** More than 5,000 networks: a sample, which it says; shown within a moment. */
    @Test
    void aSampleSaysSo() throws Exception {
        Path study = Files.createTempDirectory(folder, "many");
        try (java.io.Writer out = Files.newBufferedWriter(study.resolve("results.csv"), StandardCharsets.UTF_8)) {
            List<String> lines = Files.readAllLines(RESULTS.resolve("success").resolve("results.csv"));
            out.write(lines.get(0) + "\n");
            for (int copy = 0; copy < 25; copy++) {
                for (String line : lines.subList(1, lines.size())) {
                    out.write(String.format("%08x%s\n", copy, line.substring(8)));
                }
            }
        }
        Files.copy(RESULTS.resolve("success").resolve("summary.json"), study.resolve("summary.json"));
        Cli cli = Cli.run("study", "report", study);
        assertEquals(ExitCode.DONE, cli.exitCode(), cli.toString());
        assertTrue(Files.size(study.resolve("index.html")) < 1_500_000);
        open(study);
        String note = (String) browser.run("return document.querySelector('#networks .note').textContent");
        assertTrue(note.contains("A random sample: 5000 of 7000 networks."), note);
        assertEquals("5000", browser.run("return document.querySelector('#networks [role=status]').dataset.networks"));
        assertEquals(7000L, browser.run("return attractor.data.runs"));
    }

    @Test
    void namesAreTextAndNothingIsRequested() throws Exception {
        String evil = "<img src=x onerror=alert(1)>&amp;";
        Path study = study("hold");
        Path results = study.resolve("results.csv");
        Files.writeString(results, Files.readString(results).replace(",pulse,", "," + evil + ","));
        Cli cli = Cli.run("study", "report", study);
        assertEquals(ExitCode.DONE, cli.exitCode(), cli.toString());
        assertFalse(Files.readString(study.resolve("index.html")).contains("<img"));
        open(study);
        assertEquals(0L, browser.run("return document.querySelectorAll('#page img, #page script').length"));
        assertTrue(((String) browser.run("return document.querySelector('#page').textContent")).contains(evil));
        assertEquals(
                List.of(),
                browser.run(
                        "return performance.getEntriesByType('resource').map(e => e.name).filter(n => !n.startsWith('data:'))"));
    }

    @Test
    void keyboardPhonePrintAndFiles() throws Exception {
        open(study("delay"));
        browser.run("""
                window.reached = new Set();
                document.body.focus();
                document.addEventListener("focusin", (e) => window.reached.add(e.target));
                """);
        for (int steps = 0; steps < 400; steps++) {
            new Actions(browser.driver).sendKeys(Keys.TAB).perform();
            if (steps > 20 && Boolean.TRUE.equals(browser.run("return document.activeElement === document.body"))) {
                break;
            }
        }
        assertEquals(List.of(), browser.run("""
                return [...document.querySelectorAll("button, input, select, a[href], summary, [tabindex='0']")]
                  .filter((e) => e.checkVisibility() && !e.disabled && !window.reached.has(e)).map((e) => e.outerHTML.slice(0, 120));
                """));
        assertEquals(List.of(), browser.run("""
                return [...document.querySelectorAll("button, input, select, canvas[tabindex]")]
                  .filter((e) => !(e.getAttribute("aria-label") || e.labels?.length > 0 || e.textContent.trim())).map((e) => e.outerHTML.slice(0, 120));
                """));
        List<?> saved = (List<?>) browser.await("""
                const saved = [];
                const old = URL.createObjectURL;
                URL.createObjectURL = (blob) => { saved.push(blob); return "#"; };
                const click = HTMLAnchorElement.prototype.click;
                HTMLAnchorElement.prototype.click = () => {};
                document.querySelectorAll(".save button, .controls button").forEach((b) => b.click());
                await new Promise((done) => setTimeout(done, 1500));
                URL.createObjectURL = old;
                HTMLAnchorElement.prototype.click = click;
                return Promise.all(saved.map(async (b) => [b.type, b.size]));
                """);
        assertTrue(saved.size() >= 10, saved.size() + " files");
        for (Object file : saved) {
            assertTrue(((Number) ((List<?>) file).get(1)).longValue() > 100, file.toString());
        }
        Map<String, Object> pdf = browser.driver.executeCdpCommand("Page.printToPDF", Map.of());
        String text =
                new String(java.util.Base64.getDecoder().decode((String) pdf.get("data")), StandardCharsets.ISO_8859_1);
        int pages = text.split("/Type\\s*/Page\\b", -1).length - 1;
        assertTrue(pages >= 2 && pages <= 20, pages + " pages");
        try {
            for (int width : new int[] {360, 768, 1920}) {
                browser.size(width, 800);
                browser.until("return window.innerWidth === " + width);
                browser.until("return document.documentElement.scrollWidth <= document.documentElement.clientWidth");
                browser.until("""
                        return [...document.querySelectorAll("#page button, #page input, #page select, #page svg, #page canvas")]
                          .every((e) => !e.checkVisibility() || e.closest(".scroll")
                            || e.getBoundingClientRect().right <= document.documentElement.clientWidth + 1);
                        """);
            }
            picture("study-1920.png");
            browser.size(360, 800);
            picture("study-360.png");
        } finally {
            browser.driver.executeCdpCommand("Emulation.clearDeviceMetricsOverride", Map.of());
        }
    }

    private static void picture(String name) throws IOException {
        if (System.getProperty("attractor.pictures") != null) {
            Files.write(Path.of(System.getProperty("attractor.pictures"), name), browser.picture());
        }
    }
}
