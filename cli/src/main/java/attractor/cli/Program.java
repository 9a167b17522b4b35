package attractor.cli;

import java.util.List;
import java.util.stream.Collectors;

/** The program as its user calls it, for commands shown in messages. */
final class Program {
    private Program() {}

    /** Its name, as given by the launcher, quoted for a shell. */
    static String name() {
        String program = System.getenv("ATTRACTOR_PROGRAM");
        return program == null || program.isBlank() ? "attractor" : quoted(program);
    }

    /** A command line that a shell reads as these words. */
    static String command(List<?> words) {
        return name() + words.stream().map(w -> " " + quoted(w.toString())).collect(Collectors.joining());
    }

    /** A word, quoted for a POSIX shell. */
    static String quoted(String word) {
        return word.matches("[\\w./,=:+@%-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
