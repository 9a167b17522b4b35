package attractor.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** JSON.md, which names every member and file that the commands write. */
final class JsonDocument {
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    private JsonDocument() {}

    /** The names of all members inside a value of JSON. */
    static Set<String> members(Object value) {
        Set<String> names = new TreeSet<>();
        if (value instanceof Map<?, ?> map) {
            map.forEach((key, inside) -> {
                names.add(key.toString());
                names.addAll(members(inside));
            });
        } else if (value instanceof List<?> list) {
            list.forEach(inside -> names.addAll(members(inside)));
        }
        return names;
    }

    /** Those names, except of pictures and of files in a folder below, that the document doesn't have. */
    static Set<String> lacks(Set<String> names) throws IOException {
        Set<String> lacking = new TreeSet<>(names);
        lacking.removeIf(name -> name.endsWith(".png") || name.endsWith(".svg") || name.contains("/"));
        Matcher code = CODE.matcher(Files.readString(Path.of("JSON.md")).replace("```", ""));
        while (code.find()) {
            lacking.remove(code.group(1));
            List.of(code.group(1).split("[.\\[\\]]+")).forEach(lacking::remove);
        }
        return lacking;
    }
}
