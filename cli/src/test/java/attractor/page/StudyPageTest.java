package attractor.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.io.Json;
import attractor.io.JsonObject;
import attractor.statistics.Proportion;
import java.io.IOException;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The data of a study's page. What a browser makes of it is tested by {@code StudyPageBrowserTest}, with {@code -Pbrowser}. */
class StudyPageTest {
    private static final String EVIL = "</script><img src=x onerror=alert(1)> & <!--";
    private static final Pattern DATA = Pattern.compile("id=\"data\">(.*?)</script>", Pattern.DOTALL);

    @TempDir
    private Path folder;

    private JsonObject page(String table) throws IOException {
        Path results = folder.resolve("results.csv");
        Files.writeString(results, table);
        return page(results);
    }

    private JsonObject page(Path results) throws IOException {
        Path file = folder.resolve("index.html");
        StudyPage.write(file, results, Map.of("name", EVIL, "folder", "f", "parts", List.of(), "figures", Map.of()));
        String page = Files.readString(file);
        assertFalse(page.contains(EVIL));
        assertFalse(page.contains("<img"));
        assertTrue(page.contains("default-src 'none'"));
        Matcher found = DATA.matcher(page);
        assertTrue(found.find());
        return Json.parseObject(found.group(1), "page");
    }

    private static double[] numbers(Object packed) {
        Map.Entry<?, ?> entry = ((Map<?, ?>) packed).entrySet().iterator().next();
        ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode((String) entry.getValue()))
                .order(ByteOrder.LITTLE_ENDIAN);
        boolean single = entry.getKey().equals("f32");
        double[] values = new double[bytes.remaining() / (single ? 4 : 8)];
        for (int k = 0; k < values.length; k++) {
            values[k] = single ? bytes.getFloat() : bytes.getDouble();
        }
        return values;
    }

    private static Map<?, ?> named(List<JsonObject> all, String name) {
        return all.stream()
                .map(JsonObject::asMap)
                .filter(m -> m.get("name").equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** A study that no program knows: what is a setting, a condition and a measure follows from the table. */
    @Test
    void aStudyThatNobodyKnowsHasCellsAndNetworks() throws Exception {
        JsonObject data = page("""
                run,task,gain,extra,seed,outcome,loss,force,doubled,good,score,kind
                a,and,0.5,1.5,0,done,0.1,1,2,true,0.25,x
                a,and,0.5,1.5,0,done,0.1,2,4,false,0.5,x
                b,and,0.5,1.5,1,done,0.2,1,2,true,0.75,y
                b,and,0.5,1.5,1,done,0.2,2,4,true,,y
                c,and,0.7,1.7,0,done,0.3,1,2,false,1.5,x
                c,and,0.7,1.7,0,done,0.3,2,4,false,2.5,y
                d,and,0.7,1.7,1,diverged,,,,,,
                """);
        JsonObject cells = data.getObject("cells");
        // extra follows from gain, doubled from force; the seed tells runs apart.
        assertEquals(List.of("gain", "force"), cells.getStrings("keys"));
        assertEquals(
                List.of(
                        List.of("0.5", "1"),
                        List.of("0.5", "2"),
                        List.of("0.7", "1"),
                        List.of("0.7", "2"),
                        List.of("0.7", "")),
                cells.getList("values"));
        List<JsonObject> measures = cells.getObjects("measures");
        Map<?, ?> score = named(measures, "score");
        assertEquals(2.0, numbers(score.get("count"))[0]);
        assertEquals(0.5, numbers(score.get("mean"))[0]);
        assertEquals(Math.sqrt(0.125), numbers(score.get("sd"))[0], 1e-15);
        assertEquals(0.5 - 12.706204736174698 * 0.25, numbers(score.get("low"))[0], 1e-9);
        assertEquals(1.0, numbers(score.get("count"))[1], "an empty cell is no value");
        assertTrue(Double.isNaN(numbers(score.get("low"))[1]));
        Map<?, ?> good = named(measures, "good");
        assertEquals(true, good.get("rate"));
        assertEquals(0.5, numbers(good.get("mean"))[1]);
        assertEquals(new Proportion(1, 2).wilson().high(), numbers(good.get("high"))[1]);
        JsonObject networks = data.getObject("networks");
        assertEquals(List.of("a", "b", "c", "d"), networks.getStrings("runs"));
        assertEquals(
                List.of("gain", "force", "outcome", "kind"),
                networks.getObjects("texts").stream()
                        .map(t -> String.valueOf(t.asMap().get("name")))
                        .toList());
        Map<?, ?> loss = named(networks.getObjects("measures"), "loss");
        assertEquals(true, loss.get("perRun"));
        assertEquals((float) 0.2, (float) numbers(loss.get("values"))[1]);
    }

    /** A network with fewer eigenmodes has fewer rows; what is varied within each run is a key all the same. */
    @Test
    void runsOfDifferentLengthHaveTheSameKeys() throws Exception {
        String longer = """
                b,and,1,done,0,x,0.5
                b,and,1,done,0,y,0.6
                b,and,1,done,1,x,0.7
                b,and,1,done,1,y,0.8
                """;
        String shorter = "a,and,0,done,0,x,0.1\na,and,0,done,0,y,0.2\n";
        for (String rows : List.of(shorter + longer, longer + shorter)) {
            JsonObject cells =
                    page("run,task,seed,outcome,level,type,score\n" + rows).getObject("cells");
            assertEquals(List.of("level", "type"), cells.getStrings("keys"));
            assertEquals(4, cells.getList("values").size());
        }
    }

    /** The axes of a grid stand among what is measured, but are keys, before the settings that follow from them. */
    @Test
    void axesOfAGridAreTheKeys() throws Exception {
        JsonObject data = page("""
                run,task,activation,rate,seed,outcome,loss,axis.law,axis.lr,type,score
                a,and,tanh,0.1,0,done,0.5,none,0.1,0,1.5
                b,and,relu,0.1,0,done,0.6,Dale,0.1,0,2.5
                c,and,tanh,0.2,0,done,0.7,none,0.2,0,3.5
                d,and,relu,0.2,0,done,0.8,Dale,0.2,0,4.5
                """);
        assertEquals(List.of("axis.law", "axis.lr"), data.getObject("cells").getStrings("keys"));
        assertEquals(4, data.getObject("cells").getList("values").size());
    }

    @Test
    void aDotOpensAPageThatWasWritten() throws Exception {
        Files.createDirectories(folder.resolve("pages"));
        Files.writeString(StudyPage.pageOf(folder, "b"), "");
        Files.writeString(folder.resolve("secret.html"), "");
        JsonObject data = page("run,task,score\na,and,1\nb,and,2\n../secret,and,3\n");
        assertEquals(List.of(1L), data.getObject("networks").getList("pages"));
    }

    /** 100,000 runs: the page stays small, says that it is a sample, and the cells are of all. */
    @Test
    void veryManyRunsAreASample() throws Exception {
        Path results = folder.resolve("results.csv");
        int runs = 100_000;
        try (Writer out = Files.newBufferedWriter(results, StandardCharsets.UTF_8)) {
            out.write("run,task,init,seed,outcome,loss,type,passed,rmse,distance\n");
            for (int k = 0; k < runs; k++) {
                for (int type = 0; type < 2; type++) {
                    out.write(String.format(
                            "%016x,and,%s,%d,done,0.%d,%d,%b,%s,%s\n",
                            k, k % 2 == 0 ? "a" : "b", k / 2, k + 1, type, k % 4 == type, Math.sin(k), Math.cos(k)));
                }
            }
        }
        JsonObject data = page(results);
        assertEquals(runs, data.getInt("runs"));
        assertEquals(
                StudyPage.MOST_NETWORKS,
                data.getObject("networks").getStrings("runs").size());
        long bytes = Files.size(folder.resolve("index.html"));
        assertTrue(bytes < 1_000_000, bytes + " bytes");
        Map<?, ?> passed = named(data.getObject("cells").getObjects("measures"), "passed");
        assertEquals(runs / 2.0, numbers(passed.get("count"))[0]);
        assertEquals(0.5, numbers(passed.get("mean"))[0]);
        // Both kinds are about equally frequent in the sample.
        List<?> drawn = data.getObject("networks").getStrings("runs");
        long first = drawn.stream()
                .filter(r -> Long.parseLong((String) r, 16) % 2 == 0)
                .count();
        assertTrue(Math.abs(first - 2500) < 250, first + " of the first kind");
    }

    /** Many rows a run: every network stays a dot, and rows are averaged. */
    @Test
    void ofManyRowsTheMeanIsDrawn() throws Exception {
        StringBuilder table = new StringBuilder("run,task,outcome,level,type,score\n");
        for (int run = 0; run < 1000; run++) {
            for (int level = 0; level < 90; level++) {
                for (int type = 0; type < 4; type++) {
                    table.append(run + ",and,done," + level + "," + type + "," + (level + 1000.5 * type + run) + "\n");
                }
            }
        }
        JsonObject networks = page(table.toString()).getObject("networks");
        assertEquals(1000, networks.getStrings("runs").size());
        assertEquals(List.of("level"), networks.getStrings("averaged"));
        double[] scores =
                numbers(named(networks.getObjects("measures"), "score").get("values"));
        assertEquals(4000, scores.length);
        assertEquals(44.5 + 1000.5 + 3, scores[3 * 4 + 1], 1e-3);
        assertTrue(Files.size(folder.resolve("index.html")) < 1_500_000);
    }
}
