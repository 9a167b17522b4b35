package attractor.cli.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.io.Printable;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatusLineTest {
    private static final String BEFORE = "epoch 20/20";
    private static final List<String> AFTER =
            List.of("loss 0.00323", "about 1:23:45 left", "batch 235/235", "1234 steps/s");

    private final StringWriter text = new StringWriter();
    private int columns = 80;

    private StatusLine line() {
        return new StatusLine(new PrintWriter(text), true, () -> columns);
    }

    private String drawn() {
        String all = text.toString();
        return all.substring(all.lastIndexOf('\r') + 1).replaceAll("\u001b\\[\\d*[AJ]", "");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 11, 12, 20, 21, 30, 40, 79, 80, 81, 100, 132, 1000})
    void everyLineFits(int width) {
        columns = width;
        line().draw(BEFORE, 0.5, AFTER);
        assertTrue(drawn().length() <= Math.max(1, width - 1), drawn());
        assertTrue(BEFORE.startsWith(drawn()) || drawn().startsWith(BEFORE), drawn());
    }

    @Test
    void whatMattersMostStays() {
        columns = 80;
        line().draw(BEFORE, 0.5, AFTER);
        assertEquals(
                BEFORE
                        + " [#####-----]  loss 0.00323  about 1:23:45 left  batch 235/235"
                                .replace("#####-----", bar(drawn())),
                drawn());
        columns = 40;
        line().draw(BEFORE, 0.5, AFTER);
        assertTrue(drawn().endsWith("]  loss 0.00323"), drawn());
        columns = 200;
        line().draw(BEFORE, 0.5, AFTER);
        assertEquals(
                BEFORE + " [############------------]  loss 0.00323  about 1:23:45 left  batch 235/235  1234 steps/s",
                drawn());
    }

    private static String bar(String line) {
        return line.substring(line.indexOf('[') + 1, line.indexOf(']'));
    }

    /** The terminal has broken the old line into rows: the new one begins where that began. */
    @Test
    void aNarrowerTerminalIsLeftClean() {
        StatusLine line = line();
        columns = 100;
        line.draw(BEFORE, 0.5, AFTER);
        int length = drawn().length();
        assertTrue(length > 80 && length < 100, drawn());
        text.getBuffer().setLength(0);
        columns = 30;
        line.draw(BEFORE, 0.5, AFTER);
        assertTrue(text.toString().startsWith("\r\u001b[" + (length - 1) / 30 + "A" + BEFORE), text.toString());
        text.getBuffer().setLength(0);
        columns = 10;
        line.line("stays");
        assertTrue(text.toString().startsWith("\r\u001b[2A\u001b[Jstays"), text.toString());
    }

    @Test
    void aNameCannotSendEscapes() {
        line().draw("a\u001b[2Jb", 0.5, List.of("\u0007"));
        assertTrue(text.toString().contains("a\\u001b[2Jb ["), text.toString());
        assertTrue(text.toString().contains("\\u0007"), text.toString());
    }

    @Test
    void barsAndTimes() {
        assertEquals("0:00", StatusLine.time(-3));
        assertEquals("1:05", StatusLine.time(65.4));
        assertEquals("100:00:01", StatusLine.time(360_001));
        assertEquals("[############------------]", StatusLine.bar(0.5, 24));
        assertEquals("[########################]", StatusLine.bar(7, 24));
        assertEquals("[------]", StatusLine.bar(Double.NaN, 6));
    }

    @Test
    void sizesOfTerminals() {
        assertEquals(132, TerminalWidth.parse("43 132\n"));
        for (String size : List.of("", "0 0", "43", "a b", "43 -1", "1 2 3")) {
            assertEquals(0, TerminalWidth.parse(size), size);
        }
    }

    /** The first seconds, in which the JVM compiles, are five times slower: the estimate soon forgets them. */
    @Test
    void timeLeft() {
        TimeLeft left = new TimeLeft();
        double done = 0;
        double worst = 0;
        for (int tick = 0; tick <= 600; tick++) {
            double now = 100 + 0.1 * tick;
            double estimate = left.estimate(now, done, 600 - done);
            if (tick < 20) {
                assertTrue(Double.isNaN(estimate), "nothing is told after " + tick + " ticks");
            } else if (tick > 150) {
                worst = Math.max(worst, Math.abs(estimate - (600 - done) / 10));
            }
            done += tick < 20 ? 0.2 : 1;
        }
        assertTrue(worst < 1e-9, "off by " + worst);
        assertEquals("", TimeLeft.words(Double.NaN));
        assertEquals("about 1:05 left", TimeLeft.words(65));
    }

    @Test
    void controlCharactersAreShown() {
        StringWriter to = new StringWriter();
        PrintWriter writer = PlainText.escaping(new PrintWriter(to), true);
        writer.printf("a\u001b]0;title\u0007b\tc\u009b1m %s%n", "right\u202eleft");
        writer.write('\u001b');
        writer.println("end\r");
        assertEquals(
                "a\\u001b]0;title\\u0007b\tc\\u009b1m right\\u202eleft\n\\u001bend\\r\n",
                to.toString().replace(System.lineSeparator(), "\n"));
        assertEquals("line\r\nline", Printable.lines("line\r\nline"));
    }

    @Test
    void commandsAreReadyForAShell() {
        assertEquals("runs/and-s0", Program.quoted("runs/and-s0"));
        assertEquals("'my run/it'\\''s'", Program.quoted("my run/it's"));
        assertEquals("''", Program.quoted(""));
        assertEquals(Program.name() + " evaluate 'a b'", Program.command(List.of("evaluate", "a b")));
    }
}
