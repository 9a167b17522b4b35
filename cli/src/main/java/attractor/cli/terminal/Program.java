package attractor.cli.terminal;

import java.util.List;
import java.util.stream.Collectors;

/** The program as its user calls it, for commands that are told to the user. */
public final class Program {
    private Program() {}

    /** Its name, as the launcher tells, ready for a shell. */
    public static String name() {
        String program = System.getenv("ATTRACTOR_PROGRAM");
        return program == null || program.isBlank() ? "attractor" : quoted(program);
    }

    /** A command line that a shell takes as these words. */
    public static String command(List<?> words) {
        return name() + words.stream().map(w -> " " + quoted(w.toString())).collect(Collectors.joining());
    }

    /** A word that a POSIX shell takes as it is. */
    public static String quoted(String word) {
        return word.matches("[\\w./,=:+@%-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
