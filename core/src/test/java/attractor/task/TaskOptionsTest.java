package attractor.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.task.TaskOptions.Range;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TaskOptionsTest {

    private static final TaskOptions OPTIONS = TaskOptions.builder("mine")
            .number(TaskOptions.DT_MS, 1, Range.POSITIVE, "step, ms")
            .number("delayMs", 20, Range.NON_NEGATIVE, "delay, ms")
            .number("gain", -1, Range.ANY, "gain")
            .list("onsetsMs", List.of(50.0, 170.0), Range.NON_NEGATIVE, "onsets, ms")
            .build();

    private static void assertError(String message, Runnable action) {
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, action::run).getMessage());
    }

    @Test
    void readsWhatWasBuilt() {
        assertEquals(List.of("dtMs", "delayMs", "gain", "onsetsMs"), OPTIONS.keys());
        assertEquals(20, OPTIONS.number("delayMs"));
        assertEquals(List.of(50.0, 170.0), OPTIONS.list("onsetsMs"));
        assertEquals("delay, ms", OPTIONS.help("delayMs"));
        assertEquals(Range.ANY, OPTIONS.range("gain"));
        assertTrue(OPTIONS.isList("onsetsMs"));
        assertFalse(OPTIONS.isList("gain"));
        assertTrue(OPTIONS.has("gain"));
        assertFalse(OPTIONS.has("Gain"));
        assertEquals(List.of(), TaskOptions.NONE.keys());
    }

    @Test
    void changesOneAndLeavesTheOriginal() {
        TaskOptions changed = OPTIONS.with("delayMs", 40);
        assertEquals(40, changed.number("delayMs"));
        assertEquals(20, OPTIONS.number("delayMs"));
        assertNotEquals(OPTIONS, changed);
        assertEquals(OPTIONS, changed.with("delayMs", 20.0));
        assertEquals(OPTIONS.hashCode(), changed.with("delayMs", 20.0).hashCode());
        assertEquals(OPTIONS.keys(), changed.keys());
    }

    @Test
    void takesEveryNumberAndListThatJsonMayGive() {
        for (Object forty : new Object[] {40, 40L, 40.0, 40f, new BigDecimal("40")}) {
            assertEquals(40, OPTIONS.with("delayMs", forty).number("delayMs"));
        }
        assertEquals(
                List.of(1.0, 2.5), OPTIONS.with("onsetsMs", List.of(1L, 2.5)).list("onsetsMs"));
        assertEquals(
                List.of(1.0, 2.5),
                OPTIONS.with("onsetsMs", new double[] {1, 2.5}).list("onsetsMs"));
        assertEquals(List.of(), OPTIONS.with("onsetsMs", List.of()).list("onsetsMs"));
    }

    @Test
    void mapsThereAndBack() {
        TaskOptions changed = OPTIONS.with(Map.of("gain", 3, "onsetsMs", List.of(7)));
        Map<String, Object> map = changed.toMap();
        assertEquals("{dtMs=1.0, delayMs=20.0, gain=3.0, onsetsMs=[7.0]}", map.toString());
        assertEquals(map.toString(), changed.toString());
        assertEquals(changed, OPTIONS.with(map));
        assertThrows(UnsupportedOperationException.class, () -> map.put("gain", 1.0));
    }

    @Test
    void unknownKeysAreErrors() {
        String message = "task mine has no option delay, expected one of dtMs, delayMs, gain, onsetsMs";
        assertError(message, () -> OPTIONS.with("delay", 1));
        assertError(message, () -> OPTIONS.with(Map.of("delay", 1)));
        assertError(message, () -> OPTIONS.number("delay"));
        assertError(message, () -> OPTIONS.list("delay"));
        assertError(message, () -> OPTIONS.help("delay"));
    }

    @Test
    void otherTypesAreErrors() {
        assertError(
                "option delayMs of task mine is the text \"40\", expected a finite number, 0 or more",
                () -> OPTIONS.with("delayMs", "40"));
        assertError(
                "option delayMs of task mine is a list, expected a finite number, 0 or more",
                () -> OPTIONS.with("delayMs", List.of(40)));
        assertError(
                "option gain of task mine is true (Boolean), expected a finite number",
                () -> OPTIONS.with("gain", true));
        Map<String, Object> none = new LinkedHashMap<>();
        none.put("gain", null);
        assertError("option gain of task mine is null, expected a finite number", () -> OPTIONS.with(none));
        assertError(
                "option onsetsMs of task mine is 40, expected a list, each a finite number, 0 or more",
                () -> OPTIONS.with("onsetsMs", 40));
        assertError(
                "option onsetsMs[1] of task mine is the text \"x\", expected a finite number, 0 or more",
                () -> OPTIONS.with("onsetsMs", List.of(1, "x")));
        assertError(
                "option onsetsMs[0] of task mine is null, expected a finite number, 0 or more",
                () -> OPTIONS.with("onsetsMs", Arrays.asList((Object) null)));
        assertError("option onsetsMs of task mine is a list, expected a number", () -> OPTIONS.number("onsetsMs"));
        assertError("option gain of task mine is a number, expected a list", () -> OPTIONS.list("gain"));
    }

    @Test
    void valuesOutOfRangeAreErrors() {
        assertError("option dtMs of task mine is 0, expected a finite number above 0", () -> OPTIONS.with("dtMs", 0));
        assertError(
                "option delayMs of task mine is -0.5, expected a finite number, 0 or more",
                () -> OPTIONS.with("delayMs", -0.5));
        assertError(
                "option gain of task mine is NaN, expected a finite number", () -> OPTIONS.with("gain", Double.NaN));
        for (double infinite : new double[] {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            for (String key : List.of("dtMs", "delayMs", "gain")) {
                assertThrows(IllegalArgumentException.class, () -> OPTIONS.with(key, infinite));
            }
        }
        assertError(
                "option onsetsMs[1] of task mine is -3, expected a finite number, 0 or more",
                () -> OPTIONS.with("onsetsMs", new double[] {0, -3}));
        assertEquals(Double.MIN_VALUE, OPTIONS.with("dtMs", Double.MIN_VALUE).number("dtMs"));
    }

    @Test
    void defaultsAreCheckedToo() {
        assertError(
                "option a of task mine is -1, expected a finite number above 0",
                () -> TaskOptions.builder("mine").number("a", -1, Range.POSITIVE, ""));
        assertError(
                "task mine has option a twice, expected once",
                () -> TaskOptions.builder("mine").number("a", 1, Range.ANY, "").number("a", 2, Range.ANY, ""));
    }

    @Test
    void aBuilderMayGoOn() {
        TaskOptions.Builder builder = TaskOptions.builder("mine").number("a", 1, Range.ANY, "");
        TaskOptions first = builder.build();
        builder.number("b", 2, Range.ANY, "");
        assertEquals(List.of("a"), first.keys());
        assertEquals(List.of("a", "b"), builder.build().keys());
    }

    @Test
    void stepsAreRoundedHalvesUp() {
        assertEquals(20, OPTIONS.steps("delayMs"));
        assertEquals(40, OPTIONS.with("dtMs", 0.5).steps("delayMs"));
        assertEquals(3, OPTIONS.with("dtMs", 8).steps("delayMs")); // 2.5
        assertEquals(7, OPTIONS.with("dtMs", 3).steps("delayMs")); // 6.67
        assertEquals(0, OPTIONS.with("dtMs", 41).steps("delayMs")); // 0.488
        assertEquals(2, OPTIONS.with("dtMs", 2).with("delayMs", 3).steps("delayMs")); // 1.5
        assertEquals(-1, OPTIONS.with("dtMs", 2).with("gain", -3).steps("gain")); // -1.5
        assertError(
                "delayMs is 10000000000 ms at a dt of 1 ms, expected at most 2147483647 steps",
                () -> OPTIONS.with("delayMs", 1e10).steps("delayMs"));
        assertError(
                "delayMs is 1.0E300 ms at a dt of 1 ms, expected at most 2147483647 steps",
                () -> OPTIONS.with("delayMs", 1e300).steps("delayMs"));
    }
}
