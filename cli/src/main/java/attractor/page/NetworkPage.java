package attractor.page;

import attractor.io.AtomicFiles;
import attractor.io.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes the page of one or more networks.
 *
 * <p>The page is one file, since a browser gives a file that was opened by double click no other file to read: modules
 * stand in its import map as data: addresses, numbers as JSON. Its content security policy forbids every request.
 * Whatever comes from outside is JSON, in which no {@code <} and no {@code &} is written as such. Stateless, safe for any
 * thread.
 */
public final class NetworkPage {
    /** Versions as in the pom, which names the files too; a test compares. */
    static final String UPLOT = "META-INF/resources/webjars/uplot/1.6.30/";

    static final String THREE = "META-INF/resources/webjars/three/0.181.1/";

    /** Our own modules. */
    static final List<String> MODULES = List.of(
            "main",
            "arrays",
            "random",
            "network",
            "trials",
            "lesions",
            "score",
            "worker",
            "view",
            "elements",
            "pen",
            "colours",
            "space",
            "space3d",
            "courses",
            "spectra",
            "weights",
            "playground",
            "epochs",
            "words");

    private static final Pattern PLACE = Pattern.compile("<!--\\{(\\w+)\\}-->|/\\*\\{(\\w+)\\}\\*/");

    private NetworkPage() {}

    /**
     * Writes the page, as a whole or not at all.
     *
     * @throws IOException if the file cannot be written
     */
    public static void write(Path file, List<NetworkData> networks) throws IOException {
        String page = html(networks);
        AtomicFiles.write(file, out -> {
            Writer writer = new OutputStreamWriter(out, StandardCharsets.UTF_8);
            writer.write(page);
            writer.flush();
        });
    }

    /** The page's text. */
    static String html(List<NetworkData> networks) throws IOException {
        Map<String, String> parts = new LinkedHashMap<>();
        parts.put("style", own("page.css"));
        parts.put("uplotStyle", library(UPLOT + "dist/uPlot.min.css"));
        parts.put("uplot", script(library(UPLOT + "dist/uPlot.iife.min.js")));
        parts.put("imports", escaped(Json.compact(Map.of("imports", imports()))));
        parts.put(
                "data",
                escaped(Json.compact(networks.stream().map(NetworkData::toJson).toList())));
        parts.put(
                "licences",
                escaped(Json.compact(List.of(
                        "uPlot\n\n" + library(UPLOT + "LICENSE"), "three.js\n\n" + library(THREE + "LICENSE")))));
        Matcher place = PLACE.matcher(own("page.html"));
        StringBuilder page = new StringBuilder();
        while (place.find()) {
            String name = place.group(1) != null ? place.group(1) : place.group(2);
            place.appendReplacement(page, Matcher.quoteReplacement(parts.get(name)));
        }
        return place.appendTail(page).toString();
    }

    private static Map<String, String> imports() throws IOException {
        Map<String, String> imports = new LinkedHashMap<>();
        for (String module : MODULES) {
            imports.put("attractor/" + module + ".js", address(own(module + ".js")));
        }
        imports.put("three-core", address(library(THREE + "build/three.core.min.js")));
        // A data: address has no folder that another one could be in.
        String three = library(THREE + "build/three.module.min.js");
        if (!three.contains("\"./three.core.min.js\"")) {
            throw new IllegalStateException("three.module.min.js doesn't import ./three.core.min.js, as expected");
        }
        imports.put("three", address(three.replace("\"./three.core.min.js\"", "\"three-core\"")));
        return imports;
    }

    /** A module as a data: address: percent signs for what an address would lose or end at. */
    private static String address(String module) {
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

    private static String escaped(String json) {
        return json.replace("<", "\\u003c").replace("&", "\\u0026");
    }

    private static String script(String text) {
        if (text.contains("</script") || text.contains("<!--")) {
            throw new IllegalStateException("a script has the end of a script in it");
        }
        return text;
    }

    private static String own(String name) throws IOException {
        try (InputStream in = NetworkPage.class.getResourceAsStream(name)) {
            return text(in, name);
        }
    }

    private static String library(String name) throws IOException {
        try (InputStream in = NetworkPage.class.getClassLoader().getResourceAsStream(name)) {
            return text(in, name);
        }
    }

    private static String text(InputStream in, String name) throws IOException {
        if (in == null) {
            throw new IllegalStateException(name + " isn't on the class path");
        }
        return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", "\n");
    }
}
