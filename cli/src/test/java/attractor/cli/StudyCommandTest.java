package attractor.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import attractor.figure.FigureFiles;
import attractor.io.FormatException;
import attractor.io.Json;
import attractor.io.JsonObject;
import attractor.report.StudyReport;
import attractor.study.ResultTable;
import attractor.task.Criterion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StudyCommandTest {
    @TempDir
    private Path folder;

    /** A study of trainings that take a moment. */
    private static Cli study(Object... words) {
        List<Object> line = new ArrayList<>(List.of("study"));
        line.addAll(List.of(words));
        if (!words[0].equals("size")) {
            line.addAll(List.of("--units", 4));
        }
        line.addAll(List.of("--samples", 64, "--epochs", 1, "--workers", 2));
        return Cli.run(line.toArray());
    }

    private static Cli success(Path out, Object... more) {
        List<Object> line = new ArrayList<>(List.of("success", "--tasks", "and,not", "--networks", 2, "--out", out));
        line.addAll(List.of(more));
        return study(line.toArray());
    }

    private static void assertDone(Cli run) {
        assertEquals(0, run.exitCode(), run.toString());
    }

    private static void assertError(int exitCode, String text, Cli run) {
        assertEquals(exitCode, run.exitCode(), run.toString());
        assertTrue(run.err().contains(text), run.toString());
        assertEquals(1, run.err().lines().count(), run.toString());
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }

    private static boolean says(String text, String pattern) {
        return Pattern.compile(pattern).matcher(text).find();
    }

    /** That every member that a summary has is described, and that a summary has every member that is described. */
    private static JsonObject summary(Path out, String study) throws IOException {
        JsonObject summary = Json.read(out.resolve("summary.json"));
        assertEquals("attractor/study-summary/1", summary.getString("schema"));
        assertEquals(study, summary.getString("study"));
        String text = Files.readString(Path.of("JSON.md"));
        for (String member : summary.asMap().keySet()) {
            assertTrue(
                    member.equals("schema") || text.contains("`" + member + "`") || text.contains("`" + member + "["),
                    "JSON.md doesn't describe " + member);
        }
        return summary;
    }

    /** One reading in all commands, one line that says what to do, and the study's own command mends it. */
    @Test
    void aBrokenResultIsNamedAndDoneAgain() throws Exception {
        Path out = folder.resolve("success");
        Object[] command = {"success", "--tasks", "and", "--init", "normal", "--networks", 2, "--out", out};
        assertDone(study(command));
        String results = Files.readString(out.resolve("results.csv"));
        Path result;
        try (Stream<Path> runs = Files.list(out.resolve("runs"))) {
            result = runs.sorted().toList().get(0).resolve("result.json");
        }
        String hash = result.getParent().getFileName().toString();
        byte[] torn = Arrays.copyOf(Files.readAllBytes(result), 300);
        Files.write(result, torn);
        String again = "; the study's own command does this run again";
        Cli status = Cli.run("study", "status", out);
        assertDone(status);
        assertTrue(status.out().startsWith(hash + " broken: " + result + ": line "), status.out());
        assertTrue(
                status.out().contains(again + System.lineSeparator() + "study success, 2 runs: 1 done"), status.out());
        for (Cli unfinished : List.of(Cli.run("study", "wait", out), Cli.run("study", "report", "--complete", out))) {
            assertEquals(3, unfinished.exitCode(), unfinished.toString());
            assertTrue(unfinished.err().startsWith("attractor: " + result + ": line "), unfinished.err());
            assertTrue(unfinished.err().contains("0 running, 0 failed, 1 to do"), unfinished.err());
        }
        assertEquals(results, Files.readString(out.resolve("results.csv")), "nothing is written");
        Cli report = Cli.run("study", "report", out);
        assertDone(report);
        assertTrue(report.err().startsWith("attractor: " + result + ": line "), report.err());
        assertTrue(report.out().contains("1 of 2 runs are finished"), report.out());
        assertArrayEquals(torn, Files.readAllBytes(result));

        Cli mended = study(command);
        assertDone(mended);
        assertTrue(mended.err().contains(result + ": line ") && mended.err().contains("2 of 2: "), mended.err());
        assertEquals(results, Files.readString(out.resolve("results.csv")));

        Files.writeString(out.resolve("study.json"), "");
        for (String name : List.of("status", "wait", "report")) {
            assertError(
                    1,
                    out.resolve("study.json")
                            + " is empty, expected an object as JSON; the study's own command writes it again",
                    Cli.run("study", name, out));
        }
        assertDone(study(command));
        Files.delete(out.resolve("study.json"));
        assertError(1, out + " has no study.json; the study's own command", Cli.run("study", "report", out));
        assertDone(study(command));
        assertDone(Cli.run("study", "wait", out));
    }

    @Test
    void successFromTheFirstRunToTheReport() throws Exception {
        Path out = folder.resolve("success");
        Cli first = success(out);
        assertDone(first);
        assertTrue(first.err().startsWith("0 of 8 runs are finished"), first.err());
        assertTrue(
                says(
                        first.err(),
                        "8 of 8: (and|not) (orthogonal|normal), 4 units, seed [01], \\d+\\.\\d s(, about 0:0\\d left)?"),
                first.err());
        assertTrue(says(first.out(), "task +weights +passed +rate +interval"), first.out());
        assertTrue(says(first.out(), "and +orthogonal +0/2 +0 % +0 to 66 %"), first.out());
        assertTrue(first.out().contains("no task has variance. Tasks in which the weights cannot matter"), first.out());
        assertTrue(
                first.out()
                        .endsWith("written to " + out
                                + ": results.csv, summary.json, report.md, index.html, 2 figures (.png, .svg)\n"),
                first.out());
        assertEquals(
                List.of(
                        "bounds.png",
                        "bounds.svg",
                        "index",
                        "index.html",
                        "report.md",
                        "results.csv",
                        "runs",
                        "runs-HASH.jsonl",
                        "study.json",
                        "success.png",
                        "success.svg",
                        "summary.json"),
                names(out).stream()
                        .map(name -> name.replaceFirst("^runs-[0-9a-f]{16}", "runs-HASH"))
                        .toList());
        assertTrue(FigureFiles.checkSvg(out.resolve("bounds.svg")).contains("the bound in use"));
        FigureFiles.checkPng(out.resolve("success.png"));
        List<String> words = FigureFiles.checkSvg(out.resolve("success.svg"));
        assertTrue(
                words.containsAll(List.of("and", "not", "orthogonal", "normal", "networks that pass (%)")),
                words.toString());
        String report = Files.readString(out.resolve("report.md"));
        assertTrue(
                report.contains("# Study: success")
                        && report.contains("| and | normal | 0/2 | 0 % | 0 to 66 % |")
                        && report.contains("![success](success.png)"),
                report);
        ResultTable results = ResultTable.read(out.resolve("results.csv"));
        assertEquals(2 * 2 * (4 + 2), results.rows().size());
        assertEquals(List.of("4"), results.texts("units"));
        JsonObject summary = summary(out, "success");
        assertEquals(8, summary.getInt("runs"));
        assertEquals(8, summary.getInt("finished"));
        assertEquals(2, summary.getObject("settings").getInt("networks"));
        assertEquals(4, summary.getObjects("cells").size());

        // Again: nothing is trained.
        Path run = out.resolve("runs").resolve(names(out.resolve("runs")).get(0));
        FileTime then = FileTime.fromMillis(1_000_000);
        Files.setLastModifiedTime(run.resolve("final.npz"), then);
        Cli again = success(out);
        assertDone(again);
        assertEquals("8 of 8 runs are finished", again.err().strip());
        assertEquals(first.out(), again.out());
        // Another criterion: another table, still nothing is trained.
        Cli lax = success(out, "--threshold", 9, "--share-of-silent", 99);
        assertDone(lax);
        assertTrue(says(lax.out(), "and +orthogonal +2/2 +100 % +34 to 100 %"), lax.out());
        assertEquals("8 of 8 runs are finished", lax.err().strip());
        assertEquals(then, Files.getLastModifiedTime(run.resolve("final.npz")));
        assertEquals(9.0, summary(out, "success").getDouble("maxRmse"));

        // The report alone, beside published counts.
        Path counts = Files.writeString(
                folder.resolve("counts.csv"), "task,init,passed,trained\nand,orthogonal,20,20\nnot,normal,0,20\n");
        Cli compared = Cli.run("study", "report", out, "--published", counts);
        assertDone(compared);
        assertEquals("", compared.err());
        assertTrue(
                says(
                        compared.out(),
                        "and +orthogonal +0/2 +0 % +0 to 66 % +20/20 +-100 % +-100 to -32 % +0\\.004 +0\\.009"),
                compared.out());
        assertTrue(says(compared.out(), "not +normal +0/2 .* 0/20 +0 % .* 1\\.000 +1\\.000"), compared.out());
        assertEquals(20, summary(out, "success").getObjects("cells").get(0).getInt("publishedPassed"));
        for (String[] bad : new String[][] {
            {"task,init,passed,trained\nand,normal,3,2\n", "has 3 of 2, expected whole numbers"},
            {"task,init,passed,trained\nand,normal,1.5,2\n", "has 1.5 of 2, expected whole numbers"},
            {"task,init,passed,trained\nand,normal,few,2\n", "row 1: passed is 'few', expected a number"},
            {"task,init,passed,trained\nand,normal,,2\n", "expected whole numbers"},
            {"task,passed,trained\nand,1,2\n", "row 1: there is no column init"},
            {"", "is empty, expected a line with the columns' names"},
        }) {
            Files.writeString(counts, bad[0]);
            assertError(1, bad[1], Cli.run("study", "report", out, "--published", counts));
        }
        assertError(
                1,
                "absent.csv: no such file",
                Cli.run("study", "report", out, "--published", folder.resolve("absent.csv")));

        Cli status = Cli.run("study", "status", out);
        assertDone(status);
        assertEquals(
                "study success, 8 runs: 8 done, 0 diverged, 0 running, 0 failed, 0 to do",
                status.out().strip());
        assertError(
                1,
                "is a study that figure 12 shows, expected shift",
                Cli.run("figure", 12, "--study", out, "--out", folder.resolve("figures")));
    }

    @Test
    void sharesOfAStudy() throws Exception {
        Path out = folder.resolve("shares");
        Cli one = success(out, "--shard", "1/2", "--init", "normal");
        assertDone(one);
        assertTrue(one.err().startsWith("0 of 2 runs are finished"), one.err());
        Cli status = Cli.run("study", "status", out);
        assertTrue(
                says(
                        status.out(),
                        "4 runs: 2 done, 0 diverged, 0 running, 0 failed, 2 to do\n"
                                + "about \\d+:\\d\\d left, with \\d+ runs at once"),
                status.out());
        assertTrue(one.err().contains("this share of the runs is done; afterwards: "), one.err());
        assertEquals("", one.out());
        assertFalse(
                Files.exists(out.resolve("results.csv")),
                "tables are written once, by the process that finishes the study");
        for (String[] incomplete : new String[][] {{"report", "--complete"}, {"wait"}, {"wait", "--at-most", "0"}}) {
            List<Object> words = new ArrayList<>(List.of("study"));
            words.addAll(List.of(incomplete));
            words.add(2, out);
            assertError(3, out + " is not complete: 0 running, 0 failed, 2 to do", Cli.run(words.toArray()));
        }
        assertFalse(Files.exists(out.resolve("summary.json")));
        Cli last = success(out, "--shard", "2/2", "--init", "normal");
        assertDone(last);
        assertTrue(last.out().contains("4 of 4 runs are finished"), last.out());
        assertEquals(4, names(out.resolve("runs")).size());
        // Nothing is left in this share, and the report is there.
        FileTime then = FileTime.fromMillis(1_000_000);
        Files.setLastModifiedTime(out.resolve("results.csv"), then);
        Cli again = success(out, "--shard", "1/2", "--init", "normal");
        assertDone(again);
        assertEquals("", again.out());
        assertEquals(then, Files.getLastModifiedTime(out.resolve("results.csv")));
        // Tables that were cut off are written again, and so are those of which nobody knows whether they are whole.
        byte[] whole = Files.readAllBytes(out.resolve("results.csv"));
        for (int length : new int[] {0, whole.length / 2}) {
            Files.write(out.resolve("results.csv"), Arrays.copyOf(whole, length));
            assertDone(success(out, "--init", "normal"));
            assertArrayEquals(whole, Files.readAllBytes(out.resolve("results.csv")));
        }
        Files.writeString(out.resolve("index").resolve("tables.json"), "{\"list\": ");
        assertDone(success(out, "--init", "normal"));
        Json.read(out.resolve("index").resolve("tables.json"));
        assertDone(Cli.run("study", "wait", out));
        assertDone(Cli.run("study", "report", out, "--complete"));
        // Runs of several versions are marked.
        Path run =
                out.resolve("runs").resolve(names(out.resolve("runs")).get(0)).resolve("result.json");
        String version = Json.read(run).getString("version");
        Files.writeString(run, Files.readString(run).replace('"' + version + '"', "\"0.0.1\""));
        try (Stream<Path> index = Files.list(out.resolve("index"))) {
            for (Path file : index.filter(f -> f.toString().endsWith(".csv")).toList()) {
                Files.delete(file);
            }
        }
        String several = "of several versions of Attractor: 0.0.1, " + version;
        assertTrue(Cli.run("study", "status", out).out().contains(several));
        assertTrue(Cli.run("study", "report", out).out().contains(several));
        assertEquals(2, summary(out, "success").getStrings("versions").size());
        String text = Files.readString(run);
        Files.delete(run);
        Cli without = Cli.run("study", "report", out);
        assertDone(without);
        assertTrue(without.err().contains(" has no result.json, expected a finished run"), without.err());
        assertTrue(without.out().contains("3 of 4 runs are finished"), without.out());
        Files.writeString(run, text);
        assertTrue(Cli.run("study", "report", out).out().contains("4 of 4 runs are finished"));
    }

    @Test
    void wrongUseIsOneLineAndLeavesNothing() throws Exception {
        Path out = folder.resolve("none");
        Object[][] wrong = {
            {"which study?"},
            {"--shard is 'x', expected I/N such as 1/8", "success", "--out", out, "--shard", "x"},
            {"--shard is '1/2/3', expected I/N", "success", "--out", out, "--shard", "1/2/3"},
            {"--shard is '/3', expected I/N", "success", "--out", out, "--shard", "/3"},
            {"shard is 0/3, expected 1/3 to 3/3", "success", "--out", out, "--shard", "0/3"},
            {"shard is 4/3, expected 1/3 to 3/3", "success", "--out", out, "--shard", "4/3"},
            {"nand", "success", "--out", out, "--tasks", "nand"},
            {"this run twice", "success", "--out", out, "--tasks", "and,and"},
            {"networks is 0, expected 1 to 1000000", "success", "--out", out, "--networks", "0"},
            {"workers is 0, expected at least 1", "success", "--out", out, "--workers", "0"},
            {"workers is -1, expected at least 1", "success", "--out", out, "--workers", "-1"},
            {"units is 0, expected at least 1", "success", "--out", out, "--units", "0"},
            {"fantastic", "success", "--out", out, "--init", "fantastic"},
            {"fantastic", "success", "--out", out, "--kernels", "fantastic"},
            {"maxRmse -1.0", "success", "--out", out, "--threshold", "-1"},
            {"--out", "success"},
            {"--networks", "success", "--out", out, "--networks", "many"},
            {"300", "delay", "--out", out, "--delays", "20,900"},
            {"--delays", "delay", "--out", out, "--delays", "soon"},
            {"units is 0", "size", "--out", out, "--sizes", "0"},
            {"--init is normal,orthogonal, expected one kind", "delay", "--out", out, "--init", "normal,orthogonal"},
            {"0 draws", "damage", "--out", out, "--draws", "0"},
            {"--tasks is and,xor, expected one task", "damage", "--out", out, "--tasks", "and,xor"},
            {"nand", "damage", "--out", out, "--task", "nand"},
            {"0.1", "damage", "--out", out, "--thresholds", "0.2,0.1"},
            {"-5", "shift", "--out", out, "--onsets", "30,-5"},
            {"a kick at 900.0 ms, expected 1.0 to", "kick", "--out", out, "--tasks", "and", "--times", "900"},
            {"direction is 'up', expected one of", "kick", "--out", out, "--directions", "up"},
            {"hold for 100.0 ms, expected at least", "hold", "--out", out, "--length", "100"},
            // Options that a study has no use for.
            {"Unknown options: '--units', '", "size", "--out", out, "--units", "5"},
            {"Unknown options: '--published', '", "delay", "--out", out, "--published", out},
            {"Unknown options: '--published', '", "hold", "--out", out, "--published", out},
            {"Unknown options: '--reference', '", "success", "--out", out, "--reference", out},
            {"Unknown options: '--threshold', '", "damage", "--out", out, "--threshold", "0.1"},
            {"Unknown options: '--threshold', '", "activity", "--out", out, "--threshold", "0.1"},
            {"DIR", "status"},
            {"DIR", "report"},
        };
        for (Object[] words : wrong) {
            List<Object> line = new ArrayList<>(List.of("study"));
            line.addAll(Arrays.asList(words).subList(1, words.length));
            assertError(2, (String) words[0], Cli.run(line.toArray()));
            assertFalse(Files.exists(out), line.toString());
        }
        for (Object[] line : new Object[][] {
            {"status", folder}, {"report", folder}, {"success", "--trained", folder, "--out", out},
        }) {
            List<Object> words = new ArrayList<>(List.of("study"));
            words.addAll(List.of(line));
            assertError(1, folder + " has no study.json, expected the folder of a study", Cli.run(words.toArray()));
        }
        Files.writeString(folder.resolve("file"), "");
        assertError(1, "file but no study.json, expected a study, or a new or empty folder", success(folder));
        assertFalse(Files.exists(out));
        // Said before hours of training, not after.
        Path absent = folder.resolve("absent");
        assertError(1, "absent: no such file", success(out, "--published", absent));
        assertError(1, "absent: no such file", study("delay", "--out", out, "--reference", absent));
        assertFalse(Files.exists(out));
    }

    /** A folder grows; other settings must be asked for, and lose no run. */
    @Test
    void otherSettingsInAFolder() throws Exception {
        Path out = folder.resolve("study");
        Object[] one = {"success", "--tasks", "and", "--init", "normal", "--networks", 1, "--out", out};
        Object[] two = one.clone();
        two[6] = 2;
        assertDone(study(one));
        Cli grown = study(two);
        assertDone(grown);
        assertTrue(grown.err().startsWith("1 of 2 runs are finished"), grown.err());
        String other = "; --change gives it these and keeps its finished runs";
        assertError(1, "settings: networks is 2 there, and 1 was asked for, expected ", study(one));
        assertError(1, other, study(one));
        List<Object> words = new ArrayList<>(List.of("study"));
        words.addAll(List.of(two));
        words.addAll(List.of("--units", 5, "--samples", 64, "--epochs", 1));
        assertError(1, "settings: units is 4 there, and 5 was asked for, expected ", Cli.run(words.toArray()));
        words.add("--change");
        Cli changed = Cli.run(words.toArray());
        assertDone(changed);
        assertTrue(changed.err().startsWith("0 of 2 runs are finished"), changed.err());
        assertEquals(4, names(out.resolve("runs")).size(), "those of both are kept");
        assertEquals(List.of("5"), ResultTable.read(out.resolve("results.csv")).texts("units"));
        Object[] back = Arrays.copyOf(two, two.length + 1);
        back[two.length] = "--change";
        assertEquals("2 of 2 runs are finished", study(back).err().strip());
    }

    @Test
    void oneKindOfStudyInAFolder() {
        Path out = folder.resolve("study");
        assertDone(study("delay", "--delays", 20, "--networks", 1, "--out", out));
        assertError(1, " holds a study delay, expected a study success, or a new or empty folder", success(out));
    }

    @Test
    void memory() throws Exception {
        Path delay = folder.resolve("delay");
        Cli run = study("delay", "--delays", "20,100,170", "--networks", 2, "--out", delay);
        assertDone(run);
        assertTrue(
                says(
                        run.out(),
                        "delay \\(ms\\) +passed +clean +of those that pass +silent +published +of those that pass +silent\n +20 +0/2"),
                run.out());
        assertTrue(run.out().contains("No network passes"), run.out());
        assertTrue(run.out().contains("Trials of 300 ms; noise on the input at every step, sd 0.03."), run.out());
        assertTrue(run.err().startsWith("study delay: task pulse with --duration 300.0, --noise 0.03"), run.err());
        assertError(
                2,
                "--published is given, and the study is one of delay, expected it for success only",
                Cli.run("study", "report", delay, "--published", delay.resolve("results.csv")));
        assertEquals(
                3 * 2 * 2 * 2,
                ResultTable.read(delay.resolve("results.csv")).rows().size());
        JsonObject summary = summary(delay, "delay");
        assertEquals(6, summary.getObjects("distances").size());
        assertEquals("all_failed", summary.getObject("logisticRegression").getString("outcome"));
        Path size = folder.resolve("size");
        Cli sizes = study("size", "--sizes", "3,5", "--networks", 1, "--noise", 0.2, "--length", 320, "--out", size);
        assertDone(sizes);
        assertTrue(sizes.err().startsWith("study size: task pulse with --duration 320.0"), sizes.err());
        ResultTable rows = ResultTable.read(size.resolve("results.csv"));
        assertEquals(
                rows.rows(),
                rows.where("noiseSd", "0.2").where("durationMs", "320.0").rows());
        assertTrue(says(sizes.out(), "units +passed"), sizes.out());
        assertTrue(sizes.out().contains("Trials of 320 ms; noise on the input at every step, sd 0.2."), sizes.out());
        assertFalse(sizes.out().contains("± -"), "of one network there is no error: " + sizes.out());
        summary(size, "size");

        // Published values drawn beside ours, and correlated with them.
        Path figures = Files.createDirectories(folder.resolve("reference/figures"));
        Files.writeString(
                figures.resolve("figure13a-delay.txt"),
                "# delay distance error networks\n170 3 0.1 9\n20 1 0.1 9\n100 2 0.1 9\n");
        Files.writeString(figures.resolve("figure13b-size.txt"), "3 3 0.1 9\n");
        Cli report = Cli.run("study", "report", delay, "--reference", folder.resolve("reference"));
        assertDone(report);
        assertTrue(says(report.out(), "published values\n +20 .* 1\\.000 ± 0\\.100"), report.out());
        assertTrue(
                says(
                        report.out(),
                        "Rank correlation \\(Spearman\\) with the published values, clean targets: -?[01]\\.\\d+, p"
                                + " = "),
                report.out());
        assertTrue(FigureFiles.checkSvg(delay.resolve("figure-13-delay.svg")).contains("published values"));
        Cli drawn = Cli.run(
                "figure",
                13,
                "--study",
                delay,
                "--study",
                size,
                "--reference",
                folder.resolve("reference"),
                "--out",
                folder.resolve("out"));
        assertDone(drawn);
        assertEquals(
                List.of("figure-13-delay.png", "figure-13-delay.svg", "figure-13-size.png", "figure-13-size.svg"),
                names(folder.resolve("out")));
        Files.writeString(figures.resolve("figure13a-delay.txt"), "170 3 0.1\n");
        assertError(
                1,
                "figure13a-delay.txt: line 1 is '170 3 0.1', expected 4 numbers",
                Cli.run("study", "report", delay, "--reference", folder.resolve("reference")));
        Files.delete(figures.resolve("figure13a-delay.txt"));
        assertError(
                1,
                "figure13a-delay.txt: no such file",
                Cli.run("study", "report", delay, "--reference", folder.resolve("reference")));
    }

    /** Three trained networks of AND of two solutions, and one that doesn't pass. */
    @Test
    void solutionsOfNetworksThatPass() throws Exception {
        Path trained = folder.resolve("trained");
        Object[] small = {
            "--tasks", "and", "--networks", 2, "--units", 50, "--samples", 64, "--epochs", 1, "--workers", 2, "--out"
        };
        assertDone(Cli.run(plus(plus(new Object[] {"study", "success"}, small), trained)));
        List<String> runs = names(trained.resolve("runs"));
        String[] networks = {"and", "and-oscillating", "and-normal"};
        for (int k = 0; k < networks.length; k++) {
            Files.copy(
                    Path.of("..", "data", "networks", networks[k] + ".npz"),
                    trained.resolve("runs").resolve(runs.get(k)).resolve("final.npz"),
                    StandardCopyOption.REPLACE_EXISTING);
        }
        Path out = folder.resolve("activity");
        Object[] line = plus(plus(new Object[] {"study", "activity", "--trained", trained}, small), out);
        Cli done = Cli.run(line);
        assertDone(done);
        assertTrue(says(done.out(), "- and, 50 units: 2 graphs of attractors among 3 networks"), done.out());
        assertEquals(5, Files.readAllLines(out.resolve("solutions.csv")).size());
        assertEquals(4, Files.readAllLines(out.resolve("solution_pairs.csv")).size());
        JsonObject cell = summary(out, "activity").getObjects("solutions").get(0);
        assertEquals(3, cell.getInt("passed"));
        assertEquals(4, cell.getInt("networks"));
        FigureFiles.checkPng(out.resolve("solutions.png"));
        // A table that is whole is not computed again, and a report needs nothing else.
        assertEquals("", Cli.run("study", "report", out).err());
        Path stored = Files.createDirectory(folder.resolve("stored"));
        for (String file :
                List.of("results.csv", "eigenvalues.csv", "solutions.csv", "solution_pairs.csv", "summary.json")) {
            Files.copy(out.resolve(file), stored.resolve(file));
        }
        assertDone(Cli.run("study", "report", stored));
        assertEquals(Files.readString(out.resolve("report.md")), Files.readString(stored.resolve("report.md")));
        // Without the networks there is the rest, and it says what is missing.
        Files.delete(out.resolve("solutions.csv"));
        Cli without = Cli.run("study", "report", out);
        assertDone(without);
        assertTrue(
                without.err().contains("the networks of 4 runs are in no folder that --trained names"), without.err());
        assertDone(Cli.run("study", "report", out, "--trained", trained));
        assertEquals(Files.readString(out.resolve("report.md")), Files.readString(stored.resolve("report.md")));
    }

    /** Several numbers of units in one study. */
    @Test
    void activityOfSeveralSizes() throws Exception {
        Path out = folder.resolve("sizes");
        assertDone(Cli.run(
                "study",
                "activity",
                "--tasks",
                "not",
                "--init",
                "normal",
                "--units",
                "3,4",
                "--networks",
                1,
                "--samples",
                64,
                "--epochs",
                1,
                "--workers",
                1,
                "--out",
                out));
        JsonObject summary = summary(out, "activity");
        assertEquals(
                List.of("3", "4", "all"),
                summary.getObjects("solutions").stream()
                        .map(cell -> cell.asMap().get("units"))
                        .toList());
        assertEquals(2, names(out.resolve("runs")).size());
    }

    private static Object[] plus(Object[] some, Object... more) {
        return Stream.concat(Arrays.stream(some), Arrays.stream(more)).toArray();
    }

    @Test
    void studiesOfNetworksThatAreThere() throws Exception {
        Path trained = folder.resolve("trained");
        assertDone(study("success", "--tasks", "and", "--networks", 1, "--out", trained));
        Object[] common = {"--networks", 1, "--trained", trained, "--out"};
        Path damage = folder.resolve("damage");
        assertDone(study(with(common, damage, "damage", "--thresholds", "0,0.2", "--draws", 1)));
        assertTrue(Files.exists(damage.resolve("weights.csv")) && Files.exists(damage.resolve("weights.png")));
        assertTrue(summary(damage, "damage").getObjects("distances").size() > 50);
        Path shift = folder.resolve("shift");
        Cli shifted = study(with(common, shift, "shift", "--onsets", "30,60"));
        assertDone(shifted);
        assertTrue(says(shifted.out(), "30 \\(trained\\) +0/1"), shifted.out());
        summary(shift, "shift");
        Path activity = folder.resolve("activity");
        assertDone(study(with(common, activity, "activity", "--tasks", "and")));
        assertEquals(8, summary(activity, "activity").getObjects("ends").size());
        assertTrue(Files.exists(activity.resolve("spectra.svg")));
        Path hold = folder.resolve("hold");
        assertDone(study(with(common, hold, "hold", "--tasks", "and", "--length", 300)));
        assertEquals(8, summary(hold, "hold").getObjects("holding").size());
        Path kick = folder.resolve("kick");
        assertDone(study(with(common, kick, "kick", "--tasks", "and", "--sizes", "0.5", "--draws", 1)));
        // Four kinds, two kinds of weights, four types of trials.
        assertEquals(32, summary(kick, "kick").getObjects("kicks").size());
        for (String what : List.of("distance", "changed", "returned")) {
            FigureFiles.checkPng(kick.resolve("kicks-" + what + ".png"));
        }
        for (Path study : List.of(damage, shift, activity, hold, kick)) {
            for (String run : names(study.resolve("runs"))) {
                assertEquals(List.of("result.json"), names(study.resolve("runs").resolve(run)), "nothing was trained");
            }
        }
        Path out = folder.resolve("out");
        Cli twelve = Cli.run("figure", "12", "--study", shift, "--out", out);
        assertDone(twelve);
        Cli fourteen = Cli.run("figure", "14", "--study", shift, "--study", damage, "--out", out);
        assertDone(fourteen);
        assertEquals(
                List.of(
                        "figure-12-and-orthogonal.png",
                        "figure-12-and-orthogonal.svg",
                        "figure-14.png",
                        "figure-14.svg"),
                names(out));
        FigureFiles.checkPng(out.resolve("figure-14.png"));
        assertError(
                1,
                "is a study that figure 14 shows, expected damage",
                Cli.run("figure", "14", "--study", shift, "--out", out));
        // A folder as data/results has it: tables and summary alone.
        Path stored = Files.createDirectory(folder.resolve("stored"));
        Files.copy(damage.resolve("results.csv"), stored.resolve("results.csv"));
        assertError(
                1,
                stored + " has no summary.json, expected the folder of a study with a report",
                Cli.run("figure", "14", "--study", stored, "--out", out));
        Files.copy(damage.resolve("summary.json"), stored.resolve("summary.json"));
        Files.delete(out.resolve("figure-14.svg"));
        assertDone(Cli.run("figure", "14", "--study", stored, "--out", out));
        assertTrue(Files.exists(out.resolve("figure-14.svg")));
    }

    private static Object[] with(Object[] common, Path out, Object... words) {
        List<Object> line = new ArrayList<>(List.of(words));
        line.addAll(List.of(common));
        line.add(out);
        return line.toArray();
    }

    @Test
    void figuresOfStudiesThatAreNotThere() {
        assumeTrue(System.getenv("ATTRACTOR_HOME") == null, "data/results of ATTRACTOR_HOME may be there");
        for (int number : new int[] {12, 13, 14}) {
            Cli run = Cli.run("figure", number, "--out", folder.resolve("out"));
            String kinds = List.of("shift", "delay or size", "damage").get(number - 12);
            assertError(
                    1,
                    String.format(
                            Locale.ROOT,
                            "there is no study %s in %s, which figure %d is drawn from; give --study",
                            kinds,
                            Path.of("data", "results"),
                            number),
                    run);
        }
    }

    /** Tables without runs, as data/results has them, are enough for a report by another criterion and beside published counts. */
    @Test
    void aReportFromStoredTables() throws Exception {
        Path from = Path.of("..", "data", "results", "success");
        Path stored = Files.createDirectory(folder.resolve("stored"));
        for (String file : List.of("results.csv", "summary.json", "table6.csv")) {
            Files.copy(from.resolve(file), stored.resolve(file));
        }
        Cli report =
                Cli.run("study", "report", stored, "--threshold", "0.1", "--published", stored.resolve("table6.csv"));
        assertDone(report);
        assertTrue(report.out().contains("280 of 280 runs are finished"), report.out());
        assertTrue(says(report.out(), "not +normal +0/20 +0 %"), report.out());
        assertTrue(says(report.out(), "all +177/280 +223/280 +23\\.11 +1\\.5e-06 +0\\.34"), report.out());
        assertEquals(0.1, summary(stored, "success").getDouble("maxRmse"));
        assertEquals(280, summary(stored, "success").getInt("runs"));
        assertTrue(FigureFiles.checkSvg(stored.resolve("bounds.svg")).contains("normal, published"));
        Cli again = Cli.run("study", "report", stored);
        assertDone(again);
        assertTrue(says(again.out(), "not +normal +16/20 +80 %"), again.out());
        assertError(
                1,
                "has no study.json, expected the folder of a study",
                Cli.run("study", "report", Files.createDirectory(folder.resolve("empty"))));
    }

    /** Tables that were cut off behind their header are refused in one line, and nothing is written. */
    @Test
    void storedTablesWithoutRows() throws Exception {
        for (String kind : List.of("success", "sweep", "delay", "damage", "shift", "activity", "hold", "kick")) {
            Path stored = Files.createDirectory(folder.resolve(kind));
            Files.writeString(
                    stored.resolve("summary.json"), "{\"study\": \"" + kind + "\", \"runs\": 2, \"settings\": {}}");
            Files.writeString(stored.resolve("results.csv"), "run,task,init,units,delayMs,outcome,type\n");
            assertError(1, "results.csv has no rows, expected", Cli.run("study", "report", stored));
            try (Stream<Path> files = Files.list(stored)) {
                assertEquals(2, files.count(), kind);
            }
        }
    }

    @Test
    void histogramsNeedBins() throws Exception {
        Path source = Path.of("..", "data", "results", "damage");
        Path stored = Files.createDirectory(folder.resolve("damage"));
        for (String file : List.of("results.csv", "summary.json")) {
            Files.copy(source.resolve(file), stored.resolve(file));
        }
        List<String> weights = Files.readAllLines(source.resolve("weights.csv"));
        Files.write(stored.resolve("weights.csv"), weights.subList(0, 2));
        assertError(1, "weights.csv has ", Cli.run("study", "report", stored));
    }

    /** Of stored tables rows may be missing: then the report lacks them, or one line says what is expected. */
    @Test
    void storedTablesThatLackRows() throws Exception {
        Random random = new Random(3);
        for (String kind : List.of("damage", "shift", "hold", "kick", "delay", "rank", "activity")) {
            Path source = Path.of("..", "data", "results", kind);
            for (int k = 0; k < 4; k++) {
                Path stored = Files.createDirectory(folder.resolve(kind + k));
                Files.copy(source.resolve("summary.json"), stored.resolve("summary.json"));
                double share = k == 0 ? 0.02 : 0.15;
                List<Path> tables;
                try (Stream<Path> files = Files.list(source)) {
                    tables = files.filter(file -> file.toString().endsWith(".csv"))
                            .sorted()
                            .toList();
                }
                for (Path table : tables) {
                    List<String> lines = Files.readAllLines(table);
                    // No more than some hundred rows, for speed.
                    double kept = Math.min(share, 300.0 / lines.size());
                    List<String> left = new ArrayList<>(lines.subList(0, 2));
                    lines.stream()
                            .skip(2)
                            .filter(line -> random.nextDouble() < kept)
                            .forEach(left::add);
                    Files.write(stored.resolve(table.getFileName()), left);
                }
                try {
                    StudyReport.figures(stored, new StudyReport.Options(Criterion.DEFAULT, null, null));
                } catch (FormatException e) {
                    assertTrue(
                            e.getMessage().contains(".csv") && e.getMessage().contains(", expected "), e.getMessage());
                }
            }
        }
        for (String[] damage :
                new String[][] {{"size", "units", "Infinity"}, {"delay", "delayMs", ""}, {"shift", "onsetMs", "NaN"}}) {
            Path source = Path.of("..", "data", "results", damage[0]);
            Path stored = Files.createDirectory(folder.resolve(damage[0] + "-number"));
            Files.copy(source.resolve("summary.json"), stored.resolve("summary.json"));
            List<String> lines = Files.readAllLines(source.resolve("results.csv"));
            String[] cells = lines.get(1).split(",", -1);
            cells[List.of(lines.get(0).split(",")).indexOf(damage[1])] = damage[2];
            Files.write(stored.resolve("results.csv"), List.of(lines.get(0), String.join(",", cells), lines.get(2)));
            assertError(
                    1,
                    "row 1: " + damage[1] + " is '" + damage[2] + "', expected a finite number",
                    Cli.run("study", "report", stored));
        }
    }

    /** All that is left of a study may be trainings that diverged. */
    @Test
    void divergedTrainingsAlone() throws Exception {
        for (String kind : List.of("success", "delay", "damage", "shift", "activity", "hold", "kick")) {
            Path stored = Files.createDirectory(folder.resolve(kind));
            Files.writeString(stored.resolve("summary.json"), "{\"study\": \"" + kind + "\"}");
            Files.writeString(stored.resolve("results.csv"), """
                    run,task,init,units,delayMs,outcome,type
                    a,and,normal,50,20,diverged,00
                    b,and,orthogonal,50,30,diverged,00
                    """);
            Cli run = Cli.run("figure", "14", "--study", stored, "--out", folder.resolve("out"));
            assertError(1, "is a study that figure 14 shows", run);
        }
    }
}
