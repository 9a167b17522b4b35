package attractor.cli;

import attractor.cli.terminal.Program;
import attractor.task.Tasks;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.regex.Pattern;
import java.util.zip.ZipFile;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/**
 * Tasks from outside the program, by the option {@code --classpath}: a command runs with a context class loader that
 * finds them. This is not the JVM's own class path, so that it works however the program was started.
 */
final class TaskClassPath {
    /** Name of the option, which all commands have. */
    static final String OPTION = "--classpath";

    private static final String SERVICE = "META-INF/services/attractor.task.TaskProvider";

    private TaskClassPath() {}

    /**
     * Runs a command with the tasks of a class path.
     *
     * @param classPath null for none
     * @param spec the command that reports errors
     * @throws ParameterException if an entry is missing or none contains a task
     */
    static int run(String classPath, CommandSpec spec, IntSupplier command) {
        if (classPath == null) {
            return command.getAsInt();
        }
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        URL[] urls = urls(classPath, spec);
        try (URLClassLoader loader = new URLClassLoader(urls, before != null ? before : Tasks.class.getClassLoader())) {
            if (loader.findResource(SERVICE) == null) {
                throw wrong(
                        spec,
                        "--classpath " + classPath + " has no task, expected a file " + SERVICE
                                + " that names a class");
            }
            thread.setContextClassLoader(loader);
            return command.getAsInt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /** What a command that follows this one must repeat to find the same tasks: a blank and the option, or nothing. */
    static String words(CommandSpec of) {
        OptionSpec option = of.root().findOption(OPTION);
        String given = option == null ? null : option.getValue();
        return given == null ? "" : " " + OPTION + " " + Program.quoted(given);
    }

    private static URL[] urls(String classPath, CommandSpec spec) {
        List<URL> urls = new ArrayList<>();
        for (String entry : classPath.split(Pattern.quote(File.pathSeparator), -1)) {
            if (entry.isEmpty()) {
                throw wrong(
                        spec,
                        "--classpath is '" + classPath + "', expected folders and jars with '" + File.pathSeparator
                                + "' between");
            }
            Path path = Path.of(entry);
            if (!Files.exists(path)) {
                throw wrong(spec, "--classpath: " + entry + ": no such file or folder");
            }
            if (!Files.isDirectory(path)) {
                checkJar(path, spec);
            }
            try {
                urls.add(path.toUri().toURL());
            } catch (MalformedURLException e) {
                throw wrong(spec, "--classpath: " + entry + ": " + e.getMessage());
            }
        }
        return urls.toArray(new URL[0]);
    }

    /** Checks a jar, since a class loader silently skips files that it can't read. */
    private static void checkJar(Path path, CommandSpec spec) {
        try (ZipFile jar = new ZipFile(path.toFile())) {
            jar.size();
        } catch (IOException e) {
            throw wrong(
                    spec,
                    "--classpath: " + path + " is not a jar (" + e.getMessage() + "), expected a folder or a jar");
        }
    }

    private static ParameterException wrong(CommandSpec spec, String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
