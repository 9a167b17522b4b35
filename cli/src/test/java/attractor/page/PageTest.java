package attractor.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.analysis.NetworkAnalysis;
import attractor.cli.result.AnalysisJson;
import attractor.io.Json;
import attractor.kernel.Activation;
import attractor.model.NetworkFile;
import attractor.model.Rnn;
import attractor.task.Task;
import attractor.task.Tasks;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The page's text. What a browser makes of it is tested by {@code PageBrowserTest}, with {@code -Pbrowser}. */
class PageTest {
    private static final Path SOURCES = Path.of("src", "main", "resources", "attractor", "page");
    private static final String EVIL = "</script><img src=x onerror=alert(1)> & <!-- \"'";
    private static final Pattern DATA = Pattern.compile("id=\"data\">(.*?)</script>", Pattern.DOTALL);

    private static Rnn rnn;
    private static String page;

    @BeforeAll
    static void makePage() throws Exception {
        rnn = NetworkFile.read(Path.of("..", "data", "networks", "and.npz")).rnn();
        Task task = Tasks.byName("and");
        NetworkAnalysis analysis = NetworkAnalysis.of(rnn, Optional.empty(), Optional.of(task));
        page = NetworkPage.html(List.of(new NetworkData(
                EVIL, analysis, AnalysisJson.of(analysis, EVIL, null), List.of("a: " + EVIL), Long.MIN_VALUE)));
    }

    private static Map<String, Object> data() throws IOException {
        Matcher found = DATA.matcher(page);
        assertTrue(found.find(), "no data");
        return Json.parseObject("{\"networks\":" + found.group(1) + "}", "page")
                .getObjects("networks")
                .get(0)
                .asMap();
    }

    @Test
    void nothingFromOutsideStandsRawInThePage() throws Exception {
        assertFalse(page.contains(EVIL));
        assertFalse(page.contains("<img"));
        Map<String, Object> data = data();
        assertEquals(EVIL, data.get("name"));
        assertEquals(EVIL, ((Map<?, ?>) data.get("analysis")).get("network"));
        Matcher json = Pattern.compile(
                        "<script type=\"(?:application/json|importmap)\"[^>]*>(.*?)</script>", Pattern.DOTALL)
                .matcher(page);
        int blocks = 0;
        for (; json.find(); blocks++) {
            assertFalse(json.group(1).contains("<") || json.group(1).contains("&"), "block " + blocks);
        }
        assertEquals(3, blocks);
    }

    @Test
    void itsPolicyForbidsEveryRequestAndItNamesNone() {
        assertTrue(page.contains(
                "content=\"default-src 'none'; script-src 'unsafe-inline' data:; style-src 'unsafe-inline'\""));
        assertFalse(Pattern.compile("<(script|link|img)[^>]*(src|href)=")
                .matcher(page)
                .find());
    }

    @Test
    void itHoldsTheNetworkToTheBit() throws Exception {
        Map<?, ?> network = (Map<?, ?>) data().get("network");
        String packed = (String) ((Map<?, ?>) network.get("wRec")).get("f64");
        ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(packed)).order(ByteOrder.LITTLE_ENDIAN);
        double[] w = rnn.copyOf(rnn.shape().wRec());
        for (double value : w) {
            assertEquals(Double.doubleToLongBits(value), bytes.getLong());
        }
        assertFalse(bytes.hasRemaining());
        assertEquals(Long.toString(Long.MIN_VALUE), data().get("seed"));
    }

    @Test
    void allModulesAreThereAndImportOnlyWhatIsThere() throws Exception {
        Set<String> files = new HashSet<>();
        try (Stream<Path> list = Files.list(SOURCES)) {
            list.map(f -> f.getFileName().toString())
                    .filter(f -> f.endsWith(".js"))
                    .forEach(files::add);
        }
        Set<String> modules = new HashSet<>();
        NetworkPage.MODULES.forEach(m -> modules.add(m + ".js"));
        StudyPage.MODULES.forEach(m -> modules.add(m + ".js"));
        assertEquals(files, modules);
        Pattern imports = Pattern.compile("(?m)^import .* from \"([^\"]+)\";$");
        List<String> unknown = new ArrayList<>();
        for (String file : files) {
            String text = Files.readString(SOURCES.resolve(file), StandardCharsets.UTF_8);
            imports.matcher(text)
                    .results()
                    .map(m -> m.group(1))
                    .filter(m -> !m.equals("three") && !modules.contains(m.replace("attractor/", "")))
                    .forEach(m -> unknown.add(file + " imports " + m));
            // What enters as markup could be a network's name.
            for (String forbidden :
                    List.of("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "fetch(")) {
                assertFalse(text.contains(forbidden), file + " uses " + forbidden);
            }
        }
        assertEquals(List.of(), unknown);
    }

    @Test
    void theLibrariesAreThoseOfThePom() throws Exception {
        String pom = Files.readString(Path.of("..", "pom.xml"), StandardCharsets.UTF_8);
        for (String path : List.of(NetworkPage.UPLOT, NetworkPage.THREE)) {
            String[] parts = path.split("/");
            String property = parts[3].replace("uplot", "uplot.version").replace("three", "three.version");
            assertTrue(pom.contains("<" + property + ">" + parts[4] + "</" + property + ">"), path);
        }
        assertTrue(page.contains("Permission is hereby granted"), "licences");
    }

    /** The names of the activations are the library's: a new one needs a line in network.js. */
    @Test
    void everyActivationRunsInThePage() throws Exception {
        String network = Files.readString(SOURCES.resolve("network.js"), StandardCharsets.UTF_8);
        for (Activation activation : Activation.values()) {
            assertTrue(
                    Pattern.compile("(?m)^  \"?" + activation.id() + "\"?: ")
                            .matcher(network)
                            .find(),
                    activation.id());
        }
        assertNotEquals(-1, network.indexOf("export function simulate"));
    }
}
