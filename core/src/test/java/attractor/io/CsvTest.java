package attractor.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvTest {
    @TempDir
    private Path folder;

    @Test
    void cells() {
        assertEquals("epoch,loss,seconds\n", Csv.line("epoch", "loss", "seconds"));
        assertEquals(
                "3,1e-05,0.1,NaN,-Infinity,,true\n",
                Csv.line(3, 1e-5, 0.1, Double.NaN, Double.NEGATIVE_INFINITY, null, true));
        assertEquals(
                "\"a,b\",\"say \"\"x\"\"\",\"two\nlines\",\"\r\",plain text\n",
                Csv.line("a,b", "say \"x\"", "two\nlines", "\r", "plain text"));
        assertEquals("\n", Csv.line());
    }

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("table.csv"), text, StandardCharsets.UTF_8);
    }

    private List<Map<String, String>> read(String text) throws IOException {
        return Csv.read(file(text));
    }

    private String error(String text) throws IOException {
        Path file = file(text);
        String message =
                assertThrows(FormatException.class, () -> Csv.read(file)).getMessage();
        assertEquals(1, message.lines().count(), message);
        return message.replace(file.toString(), "FILE");
    }

    /** Lines end as on Unix or as on Windows, and the last one may lack its line end. */
    @ParameterizedTest
    @ValueSource(
            strings = {"a,b\n1,x y\n,2.5\n", "a,b\r\n1,x y\r\n,2.5\r\n", "a,b\n1,x y\n,2.5", "a,b\r\n1,x y\r\n,2.5\r"})
    void rows(String text) throws IOException {
        assertEquals(List.of(Map.of("a", "1", "b", "x y"), Map.of("a", "", "b", "2.5")), read(text));
    }

    @Test
    void emptyCells() throws IOException {
        assertEquals(List.of(Map.of("a", "", "b", "", "c", "")), read("a,b,c\n,,\n"));
        assertEquals(List.of(Map.of("a", "1", "b", "")), read("a,b\n1,"));
        assertEquals(List.of(Map.of("a", "", "b", "")), read("a,b\n\"\",\"\"\n"));
        assertEquals(List.of(Map.of("a", ""), Map.of("a", "2")), read("a\n\n2\n"));
        assertEquals(List.of(), read("a,b\n"));
        assertEquals(List.of(), read("a,b"));
    }

    @Test
    void quotes() throws IOException {
        assertEquals(
                List.of(Map.of("a,1", "x,y", "b \"c\"", "\"", "d", "two\r\nlines")),
                read("\"a,1\",\"b \"\"c\"\"\",d\n\"x,y\",\"\"\"\",\"two\r\nlines\"\n"));
        assertEquals(List.of(Map.of("a", "one\rtwo")), read("a\none\rtwo\n"));
    }

    @Test
    void whatIsWrittenIsRead() throws IOException {
        Object[] cells = {"a,b", "say \"x\"", "two\nlines", "\r", "", "ä ∞", "\"\"", " space "};
        Object[] header = {"c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8"};
        Map<String, String> row = read(Csv.line(header) + Csv.line(cells)).get(0);
        assertEquals(List.of(header), List.copyOf(row.keySet()));
        assertEquals(List.of(cells), List.copyOf(row.values()));
        assertThrows(UnsupportedOperationException.class, () -> row.put("c1", "other"));
    }

    @Test
    void errors() throws IOException {
        assertEquals("FILE is empty, expected a line with the columns' names", error(""));
        assertEquals("FILE names a column twice, expected each once: a,b,a", error("a,b,a\n1,2,3\n"));
        assertEquals("FILE: row 2 has 1 cells, expected 2 as the header has", error("a,b\n1,2\n3\n"));
        assertEquals("FILE: row 1 has 3 cells, expected 2 as the header has", error("a,b\n1,2,3\n"));
        assertEquals("FILE: a quote in line 2 is not closed", error("a,b\n\"1,2\n3,4\n"));
        Path bytes = Files.write(folder.resolve("bytes.csv"), new byte[] {'a', '\n', (byte) 0xff, '\n'});
        assertThrows(FormatException.class, () -> Csv.read(bytes));
        assertThrows(NoSuchFileException.class, () -> Csv.read(folder.resolve("none.csv")));
    }
}
