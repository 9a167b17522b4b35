package attractor.figure;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.geom.Point2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.rendering.PDFRenderer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FigureTest {
    @TempDir
    private Path folder;

    private static Figure figure() {
        Panel panel =
                new Panel("x", "y").add(new double[] {0, 1}, new double[] {0, 1}, SeriesStyle.line("a", Style.BLUE, 2));
        return Figure.below("name \u001b[31m\u0007 & <odd>", panel.styles(), Figure.SINGLE_MM, 50, panel);
    }

    @ParameterizedTest
    @CsvSource({"120x80mm, 120, 80", "12x8cm, 120, 80", "1500x900px, 127, 76.2", "5x3.5in, 127, 88.9", "12X8CM, 120, 80"
    })
    void sizes(String words, double widthMm, double heightMm) throws Exception {
        Size size = Size.parse(words);
        assertEquals(widthMm, size.widthMm(), 1e-9);
        assertEquals(heightMm, size.heightMm(), 1e-9);
        Path png = folder.resolve("f.png");
        figure().resized(size).write(png);
        BufferedImage image = ImageIO.read(png.toFile());
        assertEquals(Math.round(widthMm / 25.4 * 300), image.getWidth());
        assertEquals(Math.round(heightMm / 25.4 * 300), image.getHeight());
        FigureFiles.checkPng(png);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "12", "12x8", "12x8pt", "0x8cm", "-1x8cm", "1e3x8cm", "NaNx8cm", "101x8cm", "12 x 8cm"})
    void notSizes(String words) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> Size.parse(words));
        assertTrue(e.getMessage().startsWith("size is "), e.getMessage());
    }

    @Test
    void aSizeThatIsTooSmallIsRefused() {
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> figure().resized(new Size(80, 20)));
        assertEquals("size 80x20mm is too small for this figure, expected at least 43x40mm", e.getMessage());
    }

    @Test
    void aNameWithControlCharactersIsShownEscaped() throws Exception {
        Path svg = folder.resolve("f.svg");
        figure().write(svg);
        assertTrue(FigureFiles.checkSvg(svg).contains("name \\u001b[31m\\u0007 & <odd>"), Files.readString(svg));
    }

    @Test
    void aPdfIsAPageOfTheFiguresSizeAndTheSameBytesEachTime() throws Exception {
        Path pdf = folder.resolve("f.pdf");
        figure().resized(new Size(100, 70)).write(pdf);
        byte[] bytes = Files.readAllBytes(pdf);
        figure().resized(new Size(100, 70)).write(pdf);
        assertArrayEquals(bytes, Files.readAllBytes(pdf));
        try (PDDocument document = Loader.loadPDF(bytes)) {
            assertEquals(1, document.getNumberOfPages());
            assertEquals(100 * 72 / 25.4, document.getPage(0).getMediaBox().getWidth(), 1e-2);
            assertEquals(70 * 72 / 25.4, document.getPage(0).getMediaBox().getHeight(), 1e-2);
            // Drawn, not an image of it.
            assertFalse(document.getPage(0)
                    .getResources()
                    .getXObjectNames()
                    .iterator()
                    .next()
                    .getName()
                    .isEmpty());
            String content = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
            assertFalse(content.contains("/Subtype /Image") || content.contains("/Subtype/Image"));
            BufferedImage page = new PDFRenderer(document).renderImageWithDPI(0, 72);
            int blue = 0;
            for (int i = 0; i < page.getWidth() * page.getHeight(); i++) {
                blue += near(page.getRGB(i % page.getWidth(), i / page.getWidth()), Style.BLUE) ? 1 : 0;
            }
            assertTrue(blue > 100, blue + " pixels of the line's colour");
        }
    }

    private static boolean near(int rgb, Color color) {
        Color c = new Color(rgb);
        return Math.abs(c.getRed() - color.getRed()) < 40
                && Math.abs(c.getGreen() - color.getGreen()) < 40
                && Math.abs(c.getBlue() - color.getBlue()) < 40;
    }

    /** More than 256 colours, of which the legend's is the rarest. */
    @Test
    void aRareColourStaysWhatItIs() throws Exception {
        Figure many = new Figure(60, 60, (g, area) -> {
            for (int k = 0; k < 400; k++) {
                g.setPaint(new Color(k / 20 * 12, k % 20 * 12, 128));
                g.fill(new Rectangle2D.Double(k % 20 * 8, k / 20 * 8, 8, 8));
            }
            g.setPaint(new Color(0xFF00FF00, false));
            g.fill(new Rectangle2D.Double(164, 1, 2, 2));
        });
        Path png = folder.resolve("f.png");
        many.write(png);
        BufferedImage image = ImageIO.read(png.toFile());
        assertEquals(0xFF00FF00, image.getRGB(165 * 300 / 72, 2 * 300 / 72));
    }

    /** The words at the y axis and the numbers there have no column of pixels in common, however long the numbers are. */
    @ParameterizedTest
    @CsvSource({"0, 1", "-1, -0.5", "0.8785, 0.8821", "-0.00125, -0.0012", "12345.5, 12346", "-3e-8, 7e-8"})
    void numbersKeepClearOfTheWordsOfTheirAxis(double from, double to) throws Exception {
        BufferedImage without = withYLabel(" ", from, to);
        BufferedImage with = withYLabel("||||||||", from, to);
        int words = 0;
        for (int x = 0; x < with.getWidth(); x++) {
            boolean word = false;
            boolean number = false;
            for (int y = 0; y < with.getHeight(); y++) {
                // A PNG has few colours, which the words may change a little elsewhere.
                word |= Math.abs((with.getRGB(x, y) & 0xff) - (without.getRGB(x, y) & 0xff)) > 100;
                number |= (without.getRGB(x, y) & 0xff) < 155;
            }
            words += word ? 1 : 0;
            assertFalse(word && number, "column " + x + " of " + with.getWidth());
        }
        assertTrue(words > 5, words + " columns with words");
    }

    private BufferedImage withYLabel(String label, double from, double to) throws Exception {
        Panel panel = new Panel("", label)
                .add(new double[] {0, 1}, new double[] {from, to}, SeriesStyle.line("", Style.BLUE, 1));
        Path png = folder.resolve("axis.png");
        new Figure(Figure.SINGLE_MM, 50, panel).write(png);
        return ImageIO.read(png.toFile());
    }

    /** A point between two lines that leave no room above it: the label goes where nothing is. */
    @Test
    void aLabelKeepsClearOfLines() throws Exception {
        double[] x = new double[200];
        double[] y = new double[200];
        for (int k = 0; k < x.length; k++) {
            x[k] = k % 2; // to and fro: everything above the middle is ink
            y[k] = 0.5 + 0.5 * k / x.length;
        }
        Panel panel = new Panel("", "")
                .xRange(0, 1)
                .yRange(0, 1)
                .add(x, y, SeriesStyle.line("", Style.BLUE, 0.5))
                .label(0.5, 0.52, "word");
        Path svg = folder.resolve("f.svg");
        new Figure(80, 80, panel).write(svg);
        String text = Files.readString(svg);
        String word = text.substring(0, text.indexOf(">word<"));
        double baseLine =
                Double.parseDouble(word.substring(word.lastIndexOf(" y=\"") + 4).split("\"")[0]);
        double middle = 80 / 2.0 * 72 / 25.4;
        assertTrue(baseLine > middle, "base line at " + baseLine + ", expected below " + middle);
    }

    @Test
    void labelsCountInkInABox() {
        Labels labels = new Labels(new Rectangle2D.Double(10, 10, 100, 100));
        labels.avoid(new Point2D.Double(20, 50), new Point2D.Double(90, 50));
        labels.sum();
        assertEquals(10, labels.crossings(new Rectangle2D.Double(30, 45, 10, 10)));
        assertEquals(0, labels.crossings(new Rectangle2D.Double(30, 55, 10, 10)));
        assertEquals(
                List.of(0, 71),
                List.of(
                        labels.crossings(new Rectangle2D.Double(0, 0, 5, 5)),
                        labels.crossings(new Rectangle2D.Double(0, 0, 500, 500))));
    }
}
