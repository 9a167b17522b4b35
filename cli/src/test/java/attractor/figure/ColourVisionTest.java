package attractor.figure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.task.TrialPart;
import java.awt.BasicStroke;
import java.awt.Color;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Colours that stand beside each other, in figures and on the page, are told apart with every kind of colour vision.
 *
 * <p>How a dichromat sees a colour: Machado, Oliveira and Fernandes, IEEE Trans. Vis. Comput. Graph. 15, 1291 (2009),
 * severity 1. How different two are: CIEDE2000, Sharma, Wu and Dalal, Color Res. Appl. 30, 21 (2005). A difference of 2 is
 * just seen when patches touch; 10 is seen at a glance.
 */
class ColourVisionTest {
    private static final double LEAST = 10;

    private static final Map<String, double[]> VISIONS = new LinkedHashMap<>();

    static {
        VISIONS.put("normal", new double[] {1, 0, 0, 0, 1, 0, 0, 0, 1});
        VISIONS.put("protan", new double[] {
            0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998
        });
        VISIONS.put("deutan", new double[] {
            0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940, 0.968881
        });
        VISIONS.put("tritan", new double[] {
            1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.303900
        });
    }

    private static double linear(int channel) {
        double c = channel / 255.0;
        return c <= 0.04045 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4);
    }

    /** L*, a*, b* (D65) of a colour as somebody sees it. */
    private static double[] lab(Color color, double[] vision) {
        double[] linear = {linear(color.getRed()), linear(color.getGreen()), linear(color.getBlue())};
        double[] rgb = new double[3];
        for (int i = 0; i < 3; i++) {
            double sum = 0;
            for (int j = 0; j < 3; j++) {
                sum += vision[3 * i + j] * linear[j];
            }
            rgb[i] = Math.max(0, Math.min(1, sum));
        }
        double x = f((0.4124564 * rgb[0] + 0.3575761 * rgb[1] + 0.1804375 * rgb[2]) / 0.95047);
        double y = f(0.2126729 * rgb[0] + 0.7151522 * rgb[1] + 0.0721750 * rgb[2]);
        double z = f((0.0193339 * rgb[0] + 0.1191920 * rgb[1] + 0.9503041 * rgb[2]) / 1.08883);
        return new double[] {116 * y - 16, 500 * (x - y), 200 * (y - z)};
    }

    private static double f(double t) {
        return t > 216.0 / 24389 ? Math.cbrt(t) : (24389.0 / 27 * t + 16) / 116;
    }

    private static double degrees(double a, double b) {
        return a == 0 && b == 0 ? 0 : (Math.toDegrees(Math.atan2(b, a)) + 360) % 360;
    }

    private static double cos(double degrees) {
        return Math.cos(Math.toRadians(degrees));
    }

    private static double chroma(double c) {
        return Math.sqrt(Math.pow(c, 7) / (Math.pow(c, 7) + Math.pow(25, 7)));
    }

    private static double ciede2000(double[] p, double[] q) {
        double g = 0.5 * (1 - chroma((Math.hypot(p[1], p[2]) + Math.hypot(q[1], q[2])) / 2));
        double c1 = Math.hypot((1 + g) * p[1], p[2]);
        double c2 = Math.hypot((1 + g) * q[1], q[2]);
        double h1 = degrees((1 + g) * p[1], p[2]);
        double h2 = degrees((1 + g) * q[1], q[2]);
        boolean grey = c1 * c2 == 0;
        double dh = grey ? 0 : h2 - h1 > 180 ? h2 - h1 - 360 : h2 - h1 < -180 ? h2 - h1 + 360 : h2 - h1;
        double h = grey
                ? h1 + h2
                : Math.abs(h1 - h2) <= 180 ? (h1 + h2) / 2 : (h1 + h2 + (h1 + h2 < 360 ? 360 : -360)) / 2;
        double l = (p[0] + q[0]) / 2;
        double c = (c1 + c2) / 2;
        double t = 1 - 0.17 * cos(h - 30) + 0.24 * cos(2 * h) + 0.32 * cos(3 * h + 6) - 0.2 * cos(4 * h - 63);
        double dL = (q[0] - p[0]) / (1 + 0.015 * (l - 50) * (l - 50) / Math.sqrt(20 + (l - 50) * (l - 50)));
        double dC = (c2 - c1) / (1 + 0.045 * c);
        double dH = 2 * Math.sqrt(c1 * c2) * Math.sin(Math.toRadians(dh / 2)) / (1 + 0.015 * c * t);
        double turn = -2 * chroma(c) * Math.sin(Math.toRadians(60 * Math.exp(-Math.pow((h - 275) / 25, 2))));
        return Math.sqrt(dL * dL + dC * dC + dH * dH + turn * dC * dH);
    }

    /** Pairs of the paper that introduced the formula. */
    @ParameterizedTest
    @CsvSource({
        "50, 2.6772, -79.7751, 50, 0, -82.7485, 2.0425",
        "50, 2.5, 0, 73, 25, -18, 27.1492",
        "2.0776, 0.0795, -1.135, 0.9033, -0.0636, -0.5514, 0.9082",
        "50, -1, 2, 50, 0, 0, 2.3669"
    })
    void theDistanceIsThatOfThePaper(
            double l1, double a1, double b1, double l2, double a2, double b2, double expected) {
        assertEquals(expected, ciede2000(new double[] {l1, a1, b1}, new double[] {l2, a2, b2}), 5e-5);
    }

    /** The pairs that somebody can't tell apart. */
    private static List<String> confused(String where, List<Color> colours) {
        List<String> found = new ArrayList<>();
        for (int i = 0; i < colours.size(); i++) {
            for (int j = 0; j < i; j++) {
                for (Map.Entry<String, double[]> vision : VISIONS.entrySet()) {
                    double distance =
                            ciede2000(lab(colours.get(i), vision.getValue()), lab(colours.get(j), vision.getValue()));
                    if (distance < LEAST) {
                        found.add(where + ": " + colours.get(j) + " and " + colours.get(i) + " differ by " + distance
                                + " with " + vision.getKey() + " vision");
                    }
                }
            }
        }
        return found;
    }

    @Test
    void redAndGreenWouldBeFound() {
        assertNotEquals(List.of(), confused("", List.of(new Color(0xC00000), new Color(0x607000))));
    }

    /** Every list of colours in this package is one of colours that are used together. */
    @Test
    void figuresAreReadWithEveryKindOfColourVision() throws Exception {
        List<String> confused = new ArrayList<>();
        int palettes = 0;
        try (Stream<Path> sources = Files.list(Path.of("src", "main", "java", "attractor", "figure"))) {
            for (Path source : sources.sorted().toList()) {
                String name = source.getFileName().toString().replace(".java", "");
                if (name.equals("package-info")) {
                    continue;
                }
                for (Field field : Class.forName("attractor.figure." + name).getDeclaredFields()) {
                    String type = field.getGenericType().getTypeName();
                    if (!type.equals("java.awt.Color[]") && !type.equals("java.util.List<java.awt.Color>")) {
                        continue;
                    }
                    field.setAccessible(true);
                    Object value = field.get(null);
                    List<Color> colours = new ArrayList<>();
                    for (Object colour : value instanceof Color[] array ? Arrays.asList(array) : (List<?>) value) {
                        colours.add((Color) colour);
                    }
                    confused.addAll(confused(name + "." + field.getName(), colours));
                    palettes++;
                }
            }
        }
        assertEquals(List.of(), confused);
        assertTrue(palettes >= 7, palettes + " palettes");
    }

    /** The parts of a trial lie on one curve: they differ by colour and by their lines. */
    @Test
    void partsOfATrialDifferByColourAndByTheirLines() {
        List<SeriesStyle> parts = Stream.of(
                        TrialPart.BEFORE, TrialPart.STIMULUS, TrialPart.GAP, TrialPart.RESPONSE, TrialPart.AFTER)
                .map(AnalysisPanels::style)
                .toList();
        assertEquals(
                List.of(),
                confused("parts", parts.stream().map(SeriesStyle::color).toList()));
        List<BasicStroke> strokes =
                parts.stream().map(SeriesStyle::stroke).distinct().toList();
        assertEquals(parts.size(), strokes.size());
    }

    /** Target and stimulus are drawn together. */
    @Test
    void theTargetHasAColourOfItsOwn() throws Exception {
        Field target = AnalysisPanels.class.getDeclaredField("TARGET");
        target.setAccessible(true);
        SeriesStyle style = (SeriesStyle) target.get(null);
        for (String part : List.of(TrialPart.STIMULUS, TrialPart.GAP, TrialPart.RESPONSE, TrialPart.AFTER)) {
            assertEquals(
                    List.of(),
                    confused(
                            "target and " + part,
                            List.of(style.color(), AnalysisPanels.style(part).color())));
        }
    }

    private static Map<String, Color> named(String text) {
        Map<String, Color> colours = new LinkedHashMap<>();
        Matcher found = Pattern.compile("(\\w+): \"#([0-9a-fA-F]{6})\"").matcher(text);
        while (found.find()) {
            colours.put(found.group(1), new Color(Integer.parseInt(found.group(2), 16)));
        }
        return colours;
    }

    /** The colours that a statement of the page's sources names, those that are excepted left out. */
    private static List<Color> used(String source, String statement, Map<String, Color> colours) {
        Matcher found = Pattern.compile("const " + statement + " = [\\[{](.*?)[\\]}];", Pattern.DOTALL)
                .matcher(source);
        assertTrue(found.find(), statement);
        List<Color> used = new ArrayList<>();
        Matcher names = Pattern.compile("COLOURS\\.(\\w+)").matcher(found.group(1));
        while (names.find()) {
            used.add(colours.get(names.group(1)));
        }
        return used;
    }

    @Test
    void thePageIsReadWithEveryKindOfColourVision() throws IOException {
        Path sources = Path.of("src", "main", "resources", "attractor", "page");
        String page = Files.readString(sources.resolve("colours.js"), StandardCharsets.UTF_8);
        Map<String, Color> colours = named(page);
        assertTrue(colours.size() >= 9, colours.toString());
        Map<String, List<Color>> together = new LinkedHashMap<>();
        together.put("SERIES", used(page, "SERIES", colours));
        List<Color> parts = used(page, "PARTS", colours);
        assertEquals(5, parts.size());
        parts.add(colours.get("blue")); // the changed network beside them
        together.put("PARTS", parts);
        List<Color> others = used(page, "OTHERS", colours);
        others.add(colours.get("grey")); // before
        others.add(colours.get("blue"));
        together.put("OTHERS", others);
        together.put("outputs", List.of(colours.get("black"), colours.get("purple"), colours.get("blue")));
        together.put("target and stimulus", List.of(colours.get("purple"), colours.get("orange")));
        together.put(
                "eigenvalues",
                List.of(colours.get("blue"), colours.get("grey"), colours.get("vermillion"), colours.get("sky")));
        together.forEach((where, some) -> assertEquals(List.of(), confused(where, some)));
        // Points differ by shape too: see SHAPES of space3d.js.
        String shapes = Files.readString(sources.resolve("space3d.js"), StandardCharsets.UTF_8);
        for (String shape : List.of("Sphere", "Octahedron", "Box", "Torus")) {
            assertTrue(shapes.contains("new THREE." + shape + "Geometry"), shape);
        }
        assertTrue(page.contains("export const MARKS = [\"circle\", \"square\", \"diamond\", \"triangle\"]"));
    }
}
