package attractor.page;

import static attractor.page.PageFile.address;
import static attractor.page.PageFile.library;

import attractor.io.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes the page of one or more networks, see {@link PageFile}. Stateless, safe for any thread.
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

    private NetworkPage() {}

    /**
     * Writes the page, as a whole or not at all.
     *
     * @throws IOException if the file cannot be written
     */
    public static void write(Path file, List<NetworkData> networks) throws IOException {
        PageFile.write(file, html(networks));
    }

    /** The page's text. */
    static String html(List<NetworkData> networks) throws IOException {
        Map<String, String> parts = new LinkedHashMap<>();
        parts.put("uplotStyle", library(UPLOT + "dist/uPlot.min.css"));
        parts.put("uplot", PageFile.script(library(UPLOT + "dist/uPlot.iife.min.js")));
        parts.put(
                "licences",
                PageFile.escaped(Json.compact(List.of(
                        "uPlot\n\n" + library(UPLOT + "LICENSE"), "three.js\n\n" + library(THREE + "LICENSE")))));
        Map<String, String> imports = new LinkedHashMap<>();
        imports.put("three-core", address(library(THREE + "build/three.core.min.js")));
        // A data: address has no folder that another one could be in.
        String three = library(THREE + "build/three.module.min.js");
        if (!three.contains("\"./three.core.min.js\"")) {
            throw new IllegalStateException("three.module.min.js doesn't import ./three.core.min.js, as expected");
        }
        imports.put("three", address(three.replace("\"./three.core.min.js\"", "\"three-core\"")));
        return PageFile.html(
                MODULES,
                parts,
                imports,
                networks.stream().map(NetworkData::toJson).toList());
    }
}
