package attractor.io;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class CsvTest {
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
}
