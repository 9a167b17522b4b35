package attractor.page;

import attractor.io.AtomicFiles;
import attractor.io.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes a page.
 *
 * <p>A page is one file, since a browser gives a file that was opened by double click no other file to read: modules
 * stand in its import map as data: addresses, numbers as JSON. Its content security policy forbids every request.
 * Whatever comes from outside is JSON, in which no {@code <} and no {@code &} is written as such. Stateless, safe for any
 * thread.
 */
final class PageFile {
    private static final Pattern PLACE = Pattern.compile("<!--\\{(\\w+)\\}-->|/\\*\\{(\\w+)\\}\\*/");

    private PageFile() {}

    /**
     * The page's text.
     *
     * @param modules our own modules by name, the first of which begins
     * @param libraries parts of the skeleton that libraries fill
     * @param imports modules of libraries, as {@link #address} gives them
     */
    static String html(List<String> modules, Map<String, String> libraries, Map<String, String> imports, Object data)
            throws IOException {
        Map<String, String> parts = new LinkedHashMap<>(libraries);
        parts.put("style", own("page.css"));
        Map<String, String> all = new LinkedHashMap<>();
        for (String module : modules) {
            all.put("attractor/" + module + ".js", address(own(module + ".js")));
        }
        all.putAll(imports);
        parts.put("imports", escaped(Json.compact(Map.of("imports", all))));
        parts.put("data", escaped(Json.compact(data)));
        parts.put("begin", "import \"attractor/" + modules.get(0) + ".js\";");
        Matcher place = PLACE.matcher(own("page.html"));
        StringBuilder page = new StringBuilder();
        while (place.find()) {
            String name = place.group(1) != null ? place.group(1) : place.group(2);
            place.appendReplacement(page, Matcher.quoteReplacement(parts.getOrDefault(name, "")));
        }
        return place.appendTail(page).toString();
    }

    /**
     * Writes a page, as a whole or not at all.
     *
     * @throws IOException if the file cannot be written
     */
    static void write(Path file, String page) throws IOException {
        AtomicFiles.write(file, out -> {
            Writer writer = new OutputStreamWriter(out, StandardCharsets.UTF_8);
            writer.write(page);
            writer.flush();
        });
    }

    /** A module as a data: address: percent signs for what an address would lose or end at. */
    static String address(String module) {
        StringBuilder address = new StringBuilder("data:text/javascript;charset=utf-8,");
        for (byte b : module.getBytes(StandardCharsets.UTF_8)) {
            // A byte beyond ASCII is negative.
            boolean lost = b < ' ' || b == '%' || b == '#' || b == '?';
            if (lost) {
                address.append(String.format(Locale.ROOT, "%%%02X", b & 0xFF));
            } else {
                address.append((char) b);
            }
        }
        return address.toString();
    }

    /** JSON for the inside of a script element. */
    static String escaped(String json) {
        return json.replace("<", "\\u003c").replace("&", "\\u0026");
    }

    /** A script for the inside of a script element. */
    static String script(String text) {
        if (text.contains("</script") || text.contains("<!--")) {
            throw new IllegalStateException("a script has the end of a script in it");
        }
        return text;
    }

    private static String own(String name) throws IOException {
        try (InputStream in = PageFile.class.getResourceAsStream(name)) {
            return text(in, name);
        }
    }

    /** A file of a library, from the class path. */
    static String library(String name) throws IOException {
        try (InputStream in = PageFile.class.getClassLoader().getResourceAsStream(name)) {
            return text(in, name);
        }
    }

    private static String text(InputStream in, String name) throws IOException {
        if (in == null) {
            throw new IllegalStateException(name + " isn't on the class path");
        }
        return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", "\n");
    }

    /** Numbers to the bit, as arrays.js decodes them. */
    static Map<String, Object> doubles(double[] values) {
        ByteBuffer bytes =
                ByteBuffer.allocate(Math.multiplyExact(values.length, 8)).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asDoubleBuffer().put(values);
        return Map.of("f64", Base64.getEncoder().encodeToString(bytes.array()));
    }

    /** Numbers in single precision. */
    static Map<String, Object> floats(double[] values) {
        ByteBuffer bytes =
                ByteBuffer.allocate(Math.multiplyExact(values.length, 4)).order(ByteOrder.LITTLE_ENDIAN);
        for (double value : values) {
            bytes.putFloat((float) value);
        }
        return Map.of("f32", Base64.getEncoder().encodeToString(bytes.array()));
    }

    /** Whole numbers from 0 to 255. */
    static Map<String, Object> bytes(int[] values) {
        byte[] bytes = new byte[values.length];
        for (int k = 0; k < bytes.length; k++) {
            bytes[k] = (byte) values[k];
        }
        return Map.of("u8", Base64.getEncoder().encodeToString(bytes));
    }
}
