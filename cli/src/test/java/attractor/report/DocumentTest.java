package attractor.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class DocumentTest {
    /** A name that looks like HTML, or has a bar, is text in the Markdown, and left as it is elsewhere. */
    @Test
    void namesAreText() {
        Document document = new Document();
        document.line("all networks have <b>law</b>, p < 0.05 and |w| up to 1");
        Document.Table table = document.table(List.of("law", "passed"));
        table.row(List.of("<i>a|b", "1/2"));
        assertEquals("""
                all networks have &lt;b>law&lt;/b>, p < 0.05 and |w| up to 1

                | law | passed |
                |---|---|
                | &lt;i>a\\|b | 1/2 |

                """, document.markdown());
        assertTrue(document.plain().contains("<i>a|b"), document.plain());
        assertEquals(List.of("<i>a|b", "1/2"), ((List<?>) document.toJson().get(1)).get(1));
    }
}
