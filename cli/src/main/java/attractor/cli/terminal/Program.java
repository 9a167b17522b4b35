package attractor.cli.terminal;

import java.util.List;
import java.util.stream.Collectors;

/** The program's name as the user typed it, for messages that contain commands. */
public final class Program {
    private Program() {}

    /** The name, which the launcher passes on, quoted for a shell. */
    public static String name() {
        String program = System.getenv("ATTRACTOR_PROGRAM");
        return program == null || program.isBlank() ? "attractor" : quoted(program);
    }

    /** A command line that a shell reads as these words. */
    public static String command(List<?> words) {
        return name() + words.stream().map(w -> " " + quoted(w.toString())).collect(Collectors.joining());
    }

    /** A word in a form that a POSIX shell reads as this word. */
    public static String quoted(String word) {
        return word.matches("[\\w./,=:+@%-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
