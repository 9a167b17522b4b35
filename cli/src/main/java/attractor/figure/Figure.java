package attractor.figure;

import attractor.io.AtomicFiles;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.font.FontRenderContext;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.DoubleSupplier;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.apache.batik.svggen.SVGGeneratorContext;
import org.apache.batik.svggen.SVGGraphics2D;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * A drawing with a physical size, which can be saved as PNG ({@value #DPI} dpi, the size is in the file), as SVG (text
 * stays text) and as PDF. The same drawing gives the same bytes. Immutable; files are complete or absent.
 */
public final class Figure {
    /** Width of a figure as wide as one column of a page. */
    public static final double SINGLE_MM = 85;

    /** Width of a figure as wide as two columns. */
    public static final double DOUBLE_MM = 170;

    /** Dots per inch of a PNG. */
    public static final int DPI = 300;

    static final double POINTS_PER_MM = 72 / 25.4;
    /**
     * A figure is never smaller than this, or than this share of its own size, since its text would cover everything
     * else.
     */
    private static final double LEAST_MM = 40;

    private static final double LEAST_SHARE = 0.5;

    private static final String SVG = "http://www.w3.org/2000/svg";

    /** The content of a figure. */
    @FunctionalInterface
    interface Drawing {
        /**
         * Draws on a white background.
         *
         * @param area the whole figure in points, its upper left corner at 0, 0
         */
        void draw(Graphics2D g, Rectangle2D area);
    }

    private final double widthMm;

    /**
     * Called when the figure is drawn, since a legend's height depends on fonts. Without fonts figures can be made but
     * not drawn.
     */
    private final DoubleSupplier heightMm;

    private final Drawing drawing;
    private final List<Panel> panels;

    Figure(double widthMm, double heightMm, Drawing drawing) {
        this(widthMm, () -> heightMm, drawing, List.of());
    }

    private Figure(double widthMm, DoubleSupplier heightMm, Drawing drawing, List<Panel> panels) {
        this.widthMm = widthMm;
        this.heightMm = heightMm;
        this.drawing = drawing;
        this.panels = panels;
    }

    /** The same figure, which tells what these panels have in them, see {@link #toJson}. */
    Figure of(List<Panel> some) {
        return new Figure(widthMm, heightMm, drawing, List.copyOf(some));
    }

    /**
     * What is drawn, so that a page can draw it again: a map for each panel, with its axes and series. Empty if the
     * figure doesn't tell.
     *
     * @param most largest number of points of a series; of a longer one evenly spread points are given
     */
    public List<Map<String, Object>> toJson(int most) {
        return panels.stream().map(panel -> panel.toJson(most)).toList();
    }

    /**
     * A figure with a heading and a legend above it.
     *
     * @param heading may be empty
     * @param styles the entries of the legend, each name once
     * @param bodyMm height of the area below
     * @param body draws into the area below
     */
    static Figure below(String heading, List<SeriesStyle> styles, double widthMm, double bodyMm, Drawing body) {
        return new Figure(
                widthMm,
                () -> Layout.headerMm(heading, styles, widthMm) + bodyMm,
                (g, area) -> body.draw(g, Layout.header(g, area, heading, styles)),
                List.of());
    }

    /**
     * Saves {@code NAME.png} and {@code NAME.svg}.
     *
     * @param dir a folder that exists
     * @return the files
     * @throws IOException if a file can't be written, or there are no fonts on this machine
     */
    public List<Path> write(Path dir, String name) throws IOException {
        List<Path> files = List.of(dir.resolve(name + ".png"), dir.resolve(name + ".svg"));
        for (Path file : files) {
            write(file);
        }
        return files;
    }

    /**
     * Saves in the format that the file's name asks for: SVG if it ends in {@code .svg}, PDF if in {@code .pdf},
     * otherwise PNG.
     *
     * @throws IOException if the file can't be written, or there are no fonts on this machine
     */
    public void write(Path file) throws IOException {
        Optional<String> missing = missingFonts();
        if (missing.isPresent()) {
            throw new IOException(missing.get());
        }
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        AtomicFiles.write(
                file,
                name.endsWith(".svg")
                        ? this::writeSvg
                        : name.endsWith(".pdf")
                                ? out -> Pdf.write(out, widthMm, heightMm.getAsDouble(), this::draw)
                                : this::writePng);
    }

    /**
     * The reason why no figure can be drawn on this machine; empty if figures can be drawn. A command that asks before
     * can still write its numbers.
     */
    public static Optional<String> missingFonts() {
        return Style.missingFonts();
    }

    /**
     * The same figure in another size; text, lines and markers keep their sizes.
     *
     * @throws IllegalArgumentException if the size is too small for its content, or its proportions are extreme
     */
    public Figure resized(Size size) {
        double leastWidth = Math.max(LEAST_MM, LEAST_SHARE * widthMm);
        double leastHeight = Math.max(LEAST_MM, LEAST_SHARE * heightMm.getAsDouble());
        if (!(size.widthMm() >= leastWidth && size.heightMm() >= leastHeight)) {
            throw new IllegalArgumentException("size " + size + " is too small for this figure, expected at least "
                    + new Size(Math.ceil(leastWidth), Math.ceil(leastHeight)));
        }
        return new Figure(size.widthMm(), size.heightMm(), drawing).of(panels);
    }

    private void draw(Graphics2D g) {
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
        g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        // A little beyond the edge, since pixels cut by it would turn grey.
        Rectangle2D area =
                new Rectangle2D.Double(0, 0, widthMm * POINTS_PER_MM, heightMm.getAsDouble() * POINTS_PER_MM);
        g.setPaint(Color.WHITE);
        g.fill(new Rectangle2D.Double(0, 0, area.getWidth() + 1, area.getHeight() + 1));
        g.setFont(Style.FONT);
        g.setPaint(Color.BLACK);
        drawing.draw(g, area);
    }

    private void writePng(OutputStream out) throws IOException {
        int width = (int) Math.round(widthMm / 25.4 * DPI);
        int height = (int) Math.round(heightMm.getAsDouble() / 25.4 * DPI);
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        try {
            g.scale(DPI / 72.0, DPI / 72.0);
            draw(g);
        } finally {
            g.dispose();
        }
        image = indexed(image);
        ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
        try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(out)) {
            ImageWriteParam param = writer.getDefaultWriteParam();
            param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            param.setCompressionQuality(0.4f); // smallest; PNG loses nothing
            IIOMetadata metadata =
                    writer.getDefaultImageMetadata(ImageTypeSpecifier.createFromRenderedImage(image), param);
            String format = metadata.getNativeMetadataFormatName();
            IIOMetadataNode physical = new IIOMetadataNode("pHYs");
            String perMetre = Long.toString(Math.round(DPI / 0.0254));
            physical.setAttribute("pixelsPerUnitXAxis", perMetre);
            physical.setAttribute("pixelsPerUnitYAxis", perMetre);
            physical.setAttribute("unitSpecifier", "meter");
            IIOMetadataNode root = new IIOMetadataNode(format);
            root.appendChild(physical);
            metadata.mergeTree(format, root);
            writer.setOutput(stream);
            writer.write(metadata, new IIOImage(image, null, metadata), param);
        } finally {
            writer.dispose();
        }
    }

    /**
     * The same image with at most 256 colours, a third of the size: the most frequent ones and those that these would
     * represent worst. All other colours, mixtures at edges, become the nearest of these.
     */
    private static BufferedImage indexed(BufferedImage image) {
        int width = image.getWidth();
        int[] pixels = image.getRGB(0, 0, width, image.getHeight(), null, 0, width);
        // Pixels mostly repeat the one before: the map is used only if they don't.
        Map<Integer, Integer> counts = new TreeMap<>();
        for (int i = 0; i < pixels.length; ) {
            int from = i;
            while (i < pixels.length && pixels[i] == pixels[from]) {
                i++;
            }
            counts.merge(pixels[from], i - from, Integer::sum);
        }
        int[] palette = palette(counts);
        Map<Integer, Integer> index = new HashMap<>();
        byte[] indices = new byte[pixels.length];
        for (int i = 0; i < pixels.length; i++) {
            boolean again = i > 0 && pixels[i] == pixels[i - 1];
            indices[i] = again
                    ? indices[i - 1]
                    : index.computeIfAbsent(pixels[i], color -> nearest(color, palette))
                            .byteValue();
        }
        IndexColorModel model = new IndexColorModel(8, palette.length, palette, 0, false, -1, DataBuffer.TYPE_BYTE);
        BufferedImage result = new BufferedImage(width, image.getHeight(), BufferedImage.TYPE_BYTE_INDEXED, model);
        result.getRaster().setDataElements(0, 0, width, image.getHeight(), indices);
        return result;
    }

    /**
     * At most 256 colours: three quarters by number of pixels, the others so that a colour that is only in a legend is
     * kept.
     */
    private static int[] palette(Map<Integer, Integer> counts) {
        // The sort is stable: equally frequent ones stay in the order of their values.
        int[] colors = counts.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .mapToInt(Map.Entry::getKey)
                .toArray();
        if (colors.length <= 256) {
            return colors;
        }
        int[] palette = Arrays.copyOf(colors, 256);
        double[] distance = new double[colors.length];
        Arrays.fill(distance, Double.POSITIVE_INFINITY);
        for (int k = 0; k < palette.length; k++) {
            int worst = 0;
            double most = -1;
            for (int c = 0; k >= 192 && c < colors.length; c++) {
                double error = distance[c] * counts.get(colors[c]);
                if (error > most) {
                    most = error;
                    worst = c;
                }
            }
            palette[k] = k < 192 ? colors[k] : colors[worst];
            for (int c = 0; c < colors.length; c++) {
                distance[c] = Math.min(distance[c], distance(colors[c], palette[k]));
            }
        }
        return palette;
    }

    private static int nearest(int color, int[] palette) {
        int best = 0;
        for (int k = 1; k < palette.length; k++) {
            best = distance(color, palette[k]) < distance(color, palette[best]) ? k : best;
        }
        return best;
    }

    /** The square of the distance of two colours. */
    private static int distance(int color, int other) {
        int square = 0;
        for (int shift = 0; shift <= 16; shift += 8) {
            int difference = (color >> shift & 0xFF) - (other >> shift & 0xFF);
            square += difference * difference;
        }
        return square;
    }

    private void writeSvg(OutputStream out) throws IOException {
        try {
            Document document = DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .getDOMImplementation()
                    .createDocument(SVG, "svg", null);
            SVGGeneratorContext context = SVGGeneratorContext.createDefault(document);
            context.setComment("Attractor");
            context.setPrecision(2); // of points: finer than any printer
            SVGGraphics2D g = new SVGGraphics2D(context, false);
            draw(g);
            Element root = g.getRoot();
            g.dispose();
            root.setAttribute("width", Style.number(widthMm) + "mm");
            root.setAttribute("height", Style.number(heightMm.getAsDouble()) + "mm");
            root.setAttribute(
                    "viewBox",
                    "0 0 " + Style.number(widthMm * POINTS_PER_MM) + " "
                            + Style.number(heightMm.getAsDouble() * POINTS_PER_MM));
            root.setAttribute("font-family", Font.SANS_SERIF);
            fixWidths(root);
            shorten(root);
            document.replaceChild(root, document.getDocumentElement());
            TransformerFactory.newInstance().newTransformer().transform(new DOMSource(document), new StreamResult(out));
        } catch (ParserConfigurationException | TransformerException e) {
            throw new IOException("SVG: " + e.getMessage(), e);
        }
    }

    /** Writes the width of each text, so that it keeps its place with any sans-serif font of the reader's machine. */
    private static void fixWidths(Element root) {
        NodeList texts = root.getElementsByTagName("text");
        FontRenderContext metrics = new FontRenderContext(null, true, true);
        for (int i = 0; i < texts.getLength(); i++) {
            Element text = (Element) texts.item(i);
            float size = Float.parseFloat(inherited(text, "font-size").replace("px", ""));
            int weight = inherited(text, "font-weight").equals("bold") ? Font.BOLD : Font.PLAIN;
            double width = Style.FONT
                    .deriveFont(weight, size)
                    .getStringBounds(text.getTextContent(), metrics)
                    .getWidth();
            text.setAttribute("textLength", Style.number(width));
            text.setAttribute("lengthAdjust", "spacingAndGlyphs");
        }
    }

    /** Writes paths with differences instead of positions, in half the space. */
    private static void shorten(Element root) {
        NodeList paths = root.getElementsByTagName("path");
        for (int i = 0; i < paths.getLength(); i++) {
            Element path = (Element) paths.item(i);
            path.setAttribute("d", shortened(path.getAttribute("d")));
        }
    }

    /**
     * A path in its short form; unchanged if it has commands other than M, L, C and Z, which Batik doesn't write here.
     */
    static String shortened(String d) {
        StringBuilder result = new StringBuilder();
        String[] words = d.split(" ");
        BigDecimal x = BigDecimal.ZERO;
        BigDecimal y = BigDecimal.ZERO;
        for (int k = 0; k < words.length; ) {
            char command = words[k].charAt(0);
            int points = command == 'C' ? 3 : command == 'M' || command == 'L' ? 1 : 0;
            if ((points == 0 && command != 'Z') || k + Math.max(1, 2 * points) > words.length) {
                return d;
            }
            result.append(command == 'M' || command == 'Z' ? command : Character.toLowerCase(command));
            words[k] = words[k].substring(1);
            BigDecimal fromX = command == 'M' ? BigDecimal.ZERO : x;
            BigDecimal fromY = command == 'M' ? BigDecimal.ZERO : y;
            for (int p = 0; p < points; p++) {
                x = new BigDecimal(words[k++]);
                y = new BigDecimal(words[k++]);
                append(result, x.subtract(fromX), p == 0);
                append(result, y.subtract(fromY), false);
            }
            k += points == 0 ? 1 : 0;
        }
        return result.toString();
    }

    /** Appends a number without the zero before its decimal point; a minus sign also separates numbers. */
    private static void append(StringBuilder to, BigDecimal number, boolean first) {
        String text = number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
        text = text.startsWith("0.") ? text.substring(1) : text.startsWith("-0.") ? "-" + text.substring(2) : text;
        to.append(first || text.startsWith("-") ? "" : " ").append(text);
    }

    private static String inherited(Element element, String attribute) {
        for (org.w3c.dom.Node node = element; node instanceof Element e; node = node.getParentNode()) {
            if (e.hasAttribute(attribute)) {
                return e.getAttribute(attribute);
            }
        }
        return attribute.equals("font-size") ? Float.toString(Style.FONT.getSize2D()) : "";
    }
}
