package attractor.cli.result;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.task.Decisions;
import attractor.task.Scores;
import attractor.task.TypeScore;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ScoreTableTest {
    /** Names of one's own may be longer than the column, above all where what they hide is shown. */
    @Test
    void columnsStayColumnsWhateverTheNamesOfTheTypes() {
        for (Optional<Decisions> decisions :
                List.of(Optional.<Decisions>empty(), Optional.of(new Decisions(0.5, 20)))) {
            StringWriter text = new StringWriter();
            ScoreTable.print(
                    new Scores(List.of(score("00", decisions), score("\u001b[31mred\u0007", decisions))),
                    new PrintWriter(text));
            List<String> lines = text.toString().lines().limit(3).toList();
            int end = lines.get(0).indexOf("trials") + "trials".length();
            assertTrue(lines.get(2).startsWith("\\u001b[31mred\\u0007 "), lines.get(2));
            for (String line : lines.subList(1, 3)) {
                assertEquals(" 4", line.substring(end - 2, end), text::toString);
                assertEquals(lines.get(0).indexOf("passes"), line.indexOf("NO"), text::toString);
            }
        }
    }

    private static TypeScore score(String type, Optional<Decisions> decisions) {
        return new TypeScore(type, 4, 0, 2.5, 0.5, 0.75, 1, false, decisions);
    }
}
