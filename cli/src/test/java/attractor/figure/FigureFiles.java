package attractor.figure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** Reads figures back, with other code than the one that wrote them. */
public final class FigureFiles {
    private static final int MOST_BYTES = 500_000;

    private FigureFiles() {}

    /** Checks that a PNG is whole, 300 dpi, as wide as a column or two, and not empty; returns its width in mm. */
    public static double checkPng(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("pHYs") + 4;
        assertTrue(at > 4, file + " has no pHYs");
        ByteBuffer physical = ByteBuffer.wrap(bytes, at, 9);
        assertEquals(11811, physical.getInt(), "dots per metre");
        assertEquals(11811, physical.getInt(), "dots per metre");
        assertEquals(1, physical.get(), "unit: metre");
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(bytes));
        double widthMm = image.getWidth() * 25.4 / 300;
        assertTrue(widthMm > 84.9 && widthMm < 170.1, file + " is " + widthMm + " mm wide");
        Set<Integer> colors = new HashSet<>();
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                colors.add(image.getRGB(x, y));
            }
            // Nothing is clipped, and no pixel at the edge is half covered.
            assertEquals(-1, image.getRGB(0, y), file + ": left edge, row " + y);
            assertEquals(-1, image.getRGB(image.getWidth() - 1, y), file + ": right edge, row " + y);
        }
        assertTrue(colors.size() > 8, file + " has " + colors.size() + " colours");
        return widthMm;
    }

    /** Checks that an SVG is XML, small, in millimetres, its text legible and within the figure; returns the texts. */
    public static List<String> checkSvg(Path file) throws Exception {
        byte[] bytes = Files.readAllBytes(file);
        assertTrue(bytes.length < MOST_BYTES, file + " has " + bytes.length + " bytes");
        Document svg = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new ByteArrayInputStream(bytes));
        Element root = svg.getDocumentElement();
        assertEquals("svg", root.getTagName());
        assertTrue(root.getAttribute("width").endsWith("mm"), root.getAttribute("width"));
        NodeList all = root.getElementsByTagName("text");
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < all.getLength(); i++) {
            Element text = (Element) all.item(i);
            texts.add(text.getTextContent());
            assertEquals("sans-serif", inherited(text, "font-family").replace("'", ""), text.getTextContent());
            float size = Float.parseFloat(inherited(text, "font-size").replace("px", ""));
            assertTrue(size >= 6, text.getTextContent() + " is written at " + size + " pt");
        }
        String source = new String(bytes, StandardCharsets.UTF_8);
        assertTrue(!source.contains("NaN") && !source.contains("Infinity"), file + " has numbers that aren't");
        return texts;
    }

    private static String inherited(Element element, String attribute) {
        Element at = element;
        while (!at.hasAttribute(attribute)) {
            at = (Element) at.getParentNode();
        }
        return at.getAttribute(attribute);
    }
}
