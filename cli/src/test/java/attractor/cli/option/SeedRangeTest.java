package attractor.cli.option;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SeedRangeTest {
    @Test
    void rangesAndListsUpToTheEndsOfTheNumbers() {
        assertEquals(List.of(3L, 4L, 5L, 9L), SeedRange.parse("3..5, 9"));
        assertEquals(List.of(-1L, 0L), SeedRange.parse("-1..0"));
        long max = Long.MAX_VALUE;
        assertEquals(List.of(max - 1, max), SeedRange.parse((max - 1) + ".." + max));
        assertEquals(List.of(max), SeedRange.parse("" + max));
        assertEquals(
                List.of(Long.MIN_VALUE, Long.MIN_VALUE + 1),
                SeedRange.parse(Long.MIN_VALUE + ".." + (Long.MIN_VALUE + 1)));
        assertEquals(100_000, SeedRange.parse("0..99999").size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "1..",
                "..1",
                "1..2..3",
                "2..1",
                "1,,2",
                "0..100000",
                "0..99999,100000",
                "0..1000000000000000000",
                "-9223372036854775808..9223372036854775807",
                "-9223372036854775808..0",
                "-1..9223372036854775807",
                "9223372036854775807..9223372036854775808",
                "1,1"
            })
    void whatIsNoneIsRefused(String text) {
        String message = assertThrows(IllegalArgumentException.class, () -> SeedRange.parse(text))
                .getMessage();
        assertEquals(0, message.indexOf("--seeds is '" + text + "', expected"), message);
    }
}
