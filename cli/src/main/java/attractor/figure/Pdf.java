package attractor.figure;

import de.rototor.pdfbox.graphics2d.PdfBoxGraphics2D;
import java.awt.Graphics2D;
import java.io.IOException;
import java.io.OutputStream;
import java.util.function.Consumer;
import org.apache.pdfbox.cos.COSArray;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.cos.COSString;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDRectangle;

/**
 * Writes a drawing as PDF, one page of its size; with lines and areas, and text as outlines. The only class that names
 * PDFBox. Stateless.
 */
final class Pdf {
    private Pdf() {}

    static void write(OutputStream out, double widthMm, double heightMm, Consumer<Graphics2D> drawing)
            throws IOException {
        float width = (float) (widthMm * Figure.POINTS_PER_MM);
        float height = (float) (heightMm * Figure.POINTS_PER_MM);
        try (PDDocument document = new PDDocument()) {
            PDPage page = new PDPage(new PDRectangle(width, height));
            document.addPage(page);
            PdfBoxGraphics2D g = new PdfBoxGraphics2D(document, width, height);
            try {
                drawing.accept(g);
            } finally {
                g.dispose();
            }
            try (PDPageContentStream content = new PDPageContentStream(document, page)) {
                content.drawForm(g.getXFormObject());
            }
            // By default a file's identifier contains the time, but the same drawing must give the same bytes.
            COSArray identity = new COSArray();
            identity.add(new COSString(new byte[16]));
            identity.add(new COSString(new byte[16]));
            document.getDocument().getTrailer().setItem(COSName.ID, identity);
            document.save(out);
        }
    }
}
