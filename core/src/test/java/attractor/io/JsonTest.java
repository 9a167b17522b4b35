package attractor.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonTest {
    private static Object parse(String text) throws FormatException {
        return Json.parse(text, "x.json");
    }

    private static String message(String text) {
        return assertThrows(FormatException.class, () -> parse(text)).getMessage();
    }

    @Test
    void valuesHaveTheirTypes() throws FormatException {
        assertEquals(
                Map.of("a", List.of(1L, 2.5, true, false), "b", Map.of(), "c", List.of(), "d", "x"),
                parse(" {\"a\" : [1, 2.5,true,false] ,\n\"b\":{ },\t\"c\":[\r],\"d\":\"x\"} "));
        assertNull(parse("null"));
        assertEquals("s", parse("\"s\""));
        assertEquals(
                List.of("b", "a"),
                List.copyOf(Json.parseObject("{\"b\":1,\"a\":2}", "x").asMap().keySet()));
    }

    @Test
    void numbersAreLongsWhereTheyFit() throws FormatException {
        assertEquals(0L, parse("0"));
        assertEquals(-12L, parse("-12"));
        assertEquals(Long.MAX_VALUE, parse("9223372036854775807"));
        assertEquals(Long.MIN_VALUE, parse("-9223372036854775808"));
        assertEquals(0x1p63, parse("9223372036854775808"));
        assertEquals(1e30, parse("1" + "0".repeat(30)));
        assertEquals(-0.0, parse("-0"));
        assertEquals(1.0, parse("1.0"));
        assertEquals(100.0, parse("1e2"));
        assertEquals(0.015, parse("1.5E-2"));
        assertEquals(1500.0, parse("1.5e+3"));
        assertEquals(0.0, parse("1e-999"));
        assertEquals(0.0, parse("0e99999999999999999999"));
    }

    @Test
    void stringsHaveEveryEscape() throws FormatException {
        assertEquals("\"\\/\b\f\n\r\t\u00e9😀\0", parse("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00E9\\ud83d\\ude00\\u0000\""));
        assertEquals("é😀\u2028\u007f", parse("\"é😀\u2028\u007f\""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "``;                       column 1: found the end, expected a value",
                "nul;                      found 'nul', expected a value",
                "NaN;                      found 'NaN', expected a value",
                "-Infinity;                found 'Infinity', expected a digit",
                "+1;                       found '+1', expected a value",
                "01;                       no digit after a leading 0",
                "-01;                      no digit after a leading 0",
                ".5;                       expected a value",
                "1.;                       a digit after the point",
                "1.e5;                     a digit after the point",
                "1e;                       a digit in the exponent",
                "-;                        expected a digit",
                "0x10;                     found 'x10', expected the end",
                "1e999;                    found '1e999', expected a number up to 1.8e308",
                "١;                        expected a value",
                "[1,];                     found ']', expected a value",
                "[,1];                     expected a value",
                "[1 2];                    column 4: found '2]', expected ',' or ']'",
                "[1;                       expected ',' or ']'",
                "{\"a\":1,};               expected a name in double quotes",
                "{a:1};                    expected a name in double quotes",
                "{'a':1};                  expected a name in double quotes",
                "{\"a\" 1};                expected ':'",
                "{\"a\":1 \"b\":2};        expected ',' or '}'",
                "{\"a\":1,\"\\u0061\":2};  the name 'a' comes twice",
                "1 2;                      expected the end",
                "[1]];                     expected the end",
                "\"abc;                    the end of a string",
                "\"\\x\";                  after a backslash",
                "\"\\u12g4\";              four hexadecimal digits",
                "\"\\u12;                  four hexadecimal digits",
                "\"\\u١١١١\";              four hexadecimal digits",
                "\"\\;                     after a backslash",
                "[1] // x;                 expected the end",
                "\u00a01;                  expected a value",
                "\ufeff1;                  expected a value",
            })
    void refusesWhatIsNotJson(String text, String expected) {
        String message = message(text);
        assertTrue(message.startsWith("x.json: line 1, column ") && message.contains(expected), message);
    }

    @Test
    void refusesControlCharactersInStrings() {
        assertEquals(
                "x.json: line 2, column 3: found '\\u000a\"]', expected the end of a string", message("[\n\"a\n\"]"));
        assertTrue(message("\"\u0000\"").contains("the end of a string"));
    }

    @Test
    void nestingHasALimit() throws FormatException {
        parse("[".repeat(100) + "]".repeat(100));
        assertTrue(message("[".repeat(101) + "]".repeat(101)).contains("more than 100 levels"));
        assertTrue(message("{\"a\":".repeat(1_000_000)).contains("more than 100 levels"));
        Object deep = 1L;
        for (int i = 0; i < 100; i++) {
            deep = List.of(deep);
        }
        assertEquals(deep, parse(Json.compact(deep)));
        Object tooDeep = List.of(deep);
        assertThrows(IllegalArgumentException.class, () -> Json.compact(tooDeep));
        List<Object> itself = new ArrayList<>();
        itself.add(itself);
        assertThrows(IllegalArgumentException.class, () -> Json.pretty(itself));
    }

    @Test
    void prettyText() {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("task", "and");
        value.put("lr", 1e-4);
        value.put("epochs", 20);
        value.put("none", null);
        value.put("scores", new double[] {0.1, Double.NaN, 3, Double.POSITIVE_INFINITY});
        value.put("types", List.of("00", "01"));
        value.put("texts", List.of("x".repeat(50), "y".repeat(50)));
        value.put("empty", Map.of());
        value.put("nothing", new int[0]);
        value.put("rows", List.of(new long[] {1, 2}, new boolean[] {true}));
        assertEquals("""
                {
                  "task": "and",
                  "lr": 0.0001,
                  "epochs": 20,
                  "none": null,
                  "scores": [0.1, null, 3.0, null],
                  "types": ["00", "01"],
                  "texts": [
                    "%s",
                    "%s"
                  ],
                  "empty": {},
                  "nothing": [],
                  "rows": [
                    [1, 2],
                    [true]
                  ]
                }""".formatted("x".repeat(50), "y".repeat(50)), Json.pretty(value));
        assertEquals(
                "{\"task\":\"and\",\"lr\":0.0001,\"epochs\":20,\"none\":null,\"scores\":[0.1,null,3.0,null],"
                        + "\"types\":[\"00\",\"01\"],\"texts\":[\"" + "x".repeat(50) + "\",\"" + "y".repeat(50)
                        + "\"],\"empty\":{},\"nothing\":[],\"rows\":[[1,2],[true]]}",
                Json.compact(value));
    }

    @Test
    void stringsAreWrittenSoThatUtf8KeepsThem() throws FormatException {
        assertEquals(
                "\"\\\"\\\\\\b\\f\\n\\r\\t\\u0000\\u001b\\u007f/é😀\"",
                Json.compact("\"\\\b\f\n\r\t\0\u001b\u007f/é😀"));
        String halves = "\ud83d \ude00\ud83d";
        assertEquals("\"\\ud83d \\ude00\\ud83d\"", Json.compact(halves));
        assertEquals(halves, parse(Json.compact(halves)));
    }

    @Test
    void refusesToWriteWhatHasNoForm() {
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Json.compact(List.of(Path.of("x"))))
                .getMessage()
                .contains("has no JSON form"));
        assertEquals(
                "the name 1 in an object is not a String",
                assertThrows(IllegalArgumentException.class, () -> Json.compact(Map.of(1, 2)))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> Json.number(Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> Json.number(Double.NEGATIVE_INFINITY));
    }

    /** Random values of every type, nested. */
    static Object random(Random random, int depth) {
        switch (random.nextInt(depth > 5 ? 6 : 8)) {
            case 0:
                return null;
            case 1:
                return random.nextBoolean();
            case 2:
                return random.nextLong() >> random.nextInt(64);
            case 3:
                double wild = Double.longBitsToDouble(random.nextLong());
                return Double.isFinite(wild) ? wild : -0.0;
            case 4:
                return random.nextGaussian();
            case 5:
                char[] chars = new char[random.nextInt(8)];
                for (int i = 0; i < chars.length; i++) {
                    chars[i] = (char) (random.nextBoolean() ? random.nextInt(128) : random.nextInt(65536));
                }
                return new String(chars);
            case 6:
                List<Object> list = new ArrayList<>();
                for (int n = random.nextInt(5); n > 0; n--) {
                    list.add(random(random, depth + 1));
                }
                return list;
            default:
                Map<String, Object> map = new LinkedHashMap<>();
                for (int n = random.nextInt(5); n > 0; n--) {
                    map.put(List.of("", "é", "a\"b", "lr", "W_rec").get(random.nextInt(5)), random(random, depth + 1));
                }
                return map;
        }
    }

    @Test
    void whatIsWrittenIsReadBack() throws FormatException {
        for (int seed = 0; seed < 2000; seed++) {
            Object value = random(new Random(seed), 0);
            assertEquals(value, parse(Json.compact(value)), "seed " + seed);
            assertEquals(value, parse(Json.pretty(value)), "seed " + seed);
            byte[] utf8 = Json.compact(value).getBytes(StandardCharsets.UTF_8);
            assertEquals(value, parse(new String(utf8, StandardCharsets.UTF_8)), "seed " + seed);
        }
    }

    @Test
    void filesAreWrittenWholeAndReadBack(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("run.json");
        Json.write(file, Map.of("µ", 1.0));
        assertEquals("{\n  \"µ\": 1.0\n}\n", Files.readString(file));
        assertEquals(1.0, Json.read(file).getDouble("µ"));
        Files.write(file, new byte[] {'"', (byte) 0xc3, '"'});
        assertEquals(
                file + ": has text that is not UTF-8",
                assertThrows(FormatException.class, () -> Json.read(file)).getMessage());
        Files.writeString(file, "[1]");
        assertEquals(
                file + ": found an array, expected an object",
                assertThrows(FormatException.class, () -> Json.read(file)).getMessage());
        Files.writeString(file, "{\"a\":");
        assertEquals(
                file + ": line 1, column 6: found the end, expected a value",
                assertThrows(FormatException.class, () -> Json.read(file)).getMessage());
    }

    @Test
    void accessorsGiveTheirType() throws FormatException {
        JsonObject o = Json.parseObject(
                "{\"lr\":0.1,\"n\":50,\"x\":null,\"b\":true,\"s\":\"and\",\"d\":[1,2.5],\"t\":[\"00\"],"
                        + "\"training\":{\"deep\":{\"k\":1}},\"runs\":[{\"seed\":1},{\"seed\":2}]}",
                "run.json");
        assertEquals(0.1, o.getDouble("lr"));
        assertEquals(50.0, o.getDouble("n"));
        assertEquals(Double.NaN, o.getDoubleOrNaN("x"));
        assertEquals(0.1, o.getDoubleOrNaN("lr"));
        assertEquals(50, o.getInt("n"));
        assertEquals(50L, o.getLong("n"));
        assertTrue(o.getBoolean("b"));
        assertEquals("and", o.getString("s"));
        assertArrayEquals(new double[] {1, 2.5}, o.getDoubles("d"));
        assertEquals(List.of("00"), o.getStrings("t"));
        assertEquals(1, o.getObject("training").getObject("deep").getInt("k"));
        assertEquals(2, o.getObjects("runs").get(1).getInt("seed"));
        assertEquals(List.of(1L, 2.5), o.getList("d"));
        assertTrue(o.has("x"));
        assertTrue(!o.has("y"));
        assertEquals(Json.compact(o.asMap()), Json.compact(o));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "root; getDouble; lr; run.json: lr is the string 'fast', expected a number",
                "root; getDouble; x; run.json: x is null, expected a number",
                "root; getDouble; none; run.json: has no none, expected a number",
                "root; getDoubleOrNaN; none; run.json: has no none, expected a number",
                "root; getDoubleOrNaN; lr; run.json: lr is the string 'fast', expected a number",
                "root; getInt; big; run.json: big is 2147483648, expected an integer of 32 bits",
                "root; getInt; half; run.json: half is 0.5, expected an integer",
                "root; getLong; x; run.json: x is null, expected an integer",
                "root; getBoolean; big; run.json: big is 2147483648, expected true or false",
                "root; getString; o; run.json: o is an object, expected a string",
                "root; getObject; a; run.json: a is an array, expected an object",
                "root; getList; o; run.json: o is an object, expected an array",
                "root; getDoubles; a; run.json: a[1] is the string 'b', expected a number",
                "root; getStrings; a; run.json: a[0] is 1, expected a string",
                "root; getObjects; a; run.json: a[0] is 1, expected an object",
                "o; getLong; deep; run.json: o.deep is true, expected an integer",
                "l; getLong; k; run.json: l[0].k is null, expected an integer",
            })
    void accessorsSayWhatTheyFoundAndExpected(String from, String method, String key, String expected)
            throws FormatException {
        JsonObject root = Json.parseObject(
                "{\"lr\":\"fast\",\"x\":null,\"big\":2147483648,\"half\":0.5,\"o\":{\"deep\":true},"
                        + "\"a\":[1,\"b\"],\"l\":[{\"k\":null}]}",
                "run.json");
        JsonObject object = switch (from) {
            case "o" -> root.getObject("o");
            case "l" -> root.getObjects("l").get(0);
            default -> root;
        };
        Map<String, Executable> calls = new HashMap<>();
        calls.put("getDouble", () -> object.getDouble(key));
        calls.put("getDoubleOrNaN", () -> object.getDoubleOrNaN(key));
        calls.put("getInt", () -> object.getInt(key));
        calls.put("getLong", () -> object.getLong(key));
        calls.put("getBoolean", () -> object.getBoolean(key));
        calls.put("getString", () -> object.getString(key));
        calls.put("getObject", () -> object.getObject(key));
        calls.put("getObjects", () -> object.getObjects(key));
        calls.put("getList", () -> object.getList(key));
        calls.put("getDoubles", () -> object.getDoubles(key));
        calls.put("getStrings", () -> object.getStrings(key));
        assertEquals(
                expected, assertThrows(FormatException.class, calls.get(method)).getMessage());
    }

    @Test
    void unknownMembersAreRefused() throws FormatException {
        JsonObject o = Json.parseObject("{\"a\":{\"lrr\":1}}", "run.json");
        o.requireOnly(Set.of("a", "b"));
        assertEquals(
                "run.json: has the unknown member 'a.lrr', expected only lr",
                assertThrows(FormatException.class, () -> o.getObject("a").requireOnly(Set.of("lr")))
                        .getMessage());
    }

    @Test
    void longMessagesLoseTheirMiddle() {
        for (String text : new String[] {"x".repeat(100_000), "\u0001".repeat(100_000), "😀".repeat(100_000)}) {
            String message = new FormatException("file: is '" + text + "', expected a number").getMessage();
            assertTrue(message.length() <= 1000, message);
            assertTrue(message.startsWith("file: is '") && message.endsWith("', expected a number"), message);
            assertTrue(message.contains("..."), message);
        }
        String fits = "file: " + "x".repeat(994);
        assertEquals(fits, new FormatException(fits).getMessage());
    }
}
