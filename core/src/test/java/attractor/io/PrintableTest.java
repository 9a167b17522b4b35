package attractor.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.Test;

class PrintableTest {
    @Test
    void controlCharactersAreShown() {
        assertEquals("\\u001b[31mred\\u0007", Printable.of("\u001b[31mred\u0007"));
        assertEquals("a\\nb\\tc\\rd\\u0000\\u0085", Printable.of("a\nb\tc\rd\u0000\u0085"));
    }

    @Test
    void whatTurnsTheLineAroundOrIsNoCharacterIsShown() {
        assertEquals("x\\u202ey\\u2028\\ufffe", Printable.of("x\u202ey\u2028\ufffe"));
        assertEquals("half \\ud83d", Printable.of("half \ud83d"));
    }

    @Test
    void wordsOfAnyLanguageStay() {
        String words = "Ärger & <b> \"x\" 01 λ 日本 \ud83d\ude00 می\u200cخواهم";
        assertSame(words, Printable.of(words));
    }
}
