package attractor;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Compiles and runs what a user of the library might write. */
final class Embedding {
    private static final Pattern TYPE = Pattern.compile(
            "^(?:public |final |abstract |sealed )*(?:class|interface|enum|record|@interface) (\\w+)|^(?:open )?(module) ",
            Pattern.MULTILINE);

    /** What a JVM did; lines end with line feeds. */
    record Run(int exit, String out, String err) {}

    private Embedding() {}

    /** The name of the first top-level type of a source, module-info of a module's; null if it declares none. */
    static String typeOf(String source) {
        Matcher matcher = TYPE.matcher(source);
        if (!matcher.find()) {
            return null;
        }
        return matcher.group(1) == null ? "module-info" : matcher.group(1);
    }

    /**
     * Compiles sources for Java 17.
     *
     * @param folder for sources and classes; made if it isn't there
     * @return the folder
     * @throws AssertionError if they don't compile, with what the compiler says
     */
    static String compile(Path folder, List<String> options, List<String> sources) throws IOException {
        Files.createDirectories(folder);
        List<File> files = new ArrayList<>();
        for (String source : sources) {
            Path file = folder.resolve(typeOf(source) + ".java");
            Files.writeString(file, source);
            files.add(file.toFile());
        }
        List<String> all = new ArrayList<>(List.of("--release", "17", "-proc:none", "-d", folder.toString()));
        all.addAll(options);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            if (!compiler.getTask(messages, manager, null, all, null, manager.getJavaFileObjectsFromFiles(files))
                    .call()) {
                throw new AssertionError(messages + "\n" + String.join("\n", sources));
            }
        }
        return folder.toString();
    }

    /** Runs this JDK's java to its end, in the current directory. */
    static Run java(String... arguments) throws IOException, InterruptedException {
        return java(Path.of("").toAbsolutePath(), List.of(arguments));
    }

    static Run java(Path directory, List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:TieredStopAtLevel=1");
        command.addAll(arguments);
        Path err = Files.createTempFile("attractor", ".err");
        try {
            Process process = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectError(err.toFile())
                    .start();
            process.getOutputStream().close();
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int exit = process.waitFor();
            return new Run(exit, lines(out), lines(Files.readString(err, StandardCharsets.UTF_8)));
        } finally {
            Files.delete(err);
        }
    }

    private static String lines(String text) {
        return text.replace("\r\n", "\n");
    }

    /** The folder or jar that a class came from. */
    static String location(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
