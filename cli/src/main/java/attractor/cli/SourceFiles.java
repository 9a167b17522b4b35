package attractor.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** The files that a command reads, which its result may not replace. */
final class SourceFiles {
    private SourceFiles() {}

    /** @throws ParameterException if {@code out} is one of the files that are read, under this or another name */
    static void requireOther(CommandSpec spec, Path out, Path... read) throws IOException {
        for (Path file : read) {
            if (Files.exists(out) && Files.exists(file) && Files.isSameFile(out, file)) {
                throw new ParameterException(
                        spec.commandLine(), out + " is read and would be replaced, expected another file to write");
            }
        }
    }
}
