package attractor.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A library that a process loads before the system's own (with {@code LD_PRELOAD}). When a file is to be locked, it
 * answers in place of the file system: like one without locks between machines, which grants every lock, or like one
 * without any locks.
 */
public final class FalseLocks {
    /** Answers: granted, or an error. */
    public static final List<String> ANSWERS = List.of("GRANT", "ENOLCK", "ENOSYS", "ESTALE", "EAGAIN");

    private static final String SOURCE = """
            #define _GNU_SOURCE
            #include <dlfcn.h>
            #include <errno.h>
            #include <fcntl.h>
            #include <stdarg.h>
            #include <stdlib.h>
            #include <string.h>

            static int answer(void) {
                const char *text = getenv("FALSE_LOCKS");
                if (text == NULL || strcmp(text, "GRANT") == 0) return 0;
                errno = strcmp(text, "ENOLCK") == 0 ? ENOLCK : strcmp(text, "ENOSYS") == 0 ? ENOSYS
                    : strcmp(text, "ESTALE") == 0 ? ESTALE : EAGAIN;
                return -1;
            }

            static int control(const char *name, int fd, int command, void *argument) {
                if (command == F_SETLK || command == F_SETLKW || command == F_OFD_SETLK || command == F_OFD_SETLKW) {
                    return answer();
                }
                int (*real)(int, int, ...) = (int (*)(int, int, ...)) dlsym(RTLD_NEXT, name);
                return real(fd, command, argument);
            }

            #define CONTROL(name) int name(int fd, int command, ...) { \\
                va_list list; \\
                va_start(list, command); \\
                void *argument = va_arg(list, void *); \\
                va_end(list); \\
                return control(#name, fd, command, argument); \\
            }

            CONTROL(fcntl)
            CONTROL(fcntl64)

            int flock(int fd, int operation) {
                return answer();
            }
            """;

    private FalseLocks() {}

    /**
     * Compiles the library and returns the environment that loads it. Without gcc or Linux, the test is skipped with a
     * reason.
     */
    public static Map<String, String> environment(Path folder, String answer) throws IOException, InterruptedException {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "skipped: LD_PRELOAD needs Linux");
        Path library = folder.resolve("false-locks.so");
        if (!Files.exists(library)) {
            Path source = Files.writeString(folder.resolve("false-locks.c"), SOURCE);
            Path log = folder.resolve("gcc.log");
            Process compiler;
            try {
                compiler = new ProcessBuilder(
                                "gcc", "-shared", "-fPIC", "-O", "-o", library.toString(), source.toString(), "-ldl")
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
            } catch (IOException none) {
                assumeTrue(false, "skipped: there is no gcc to compile the library with");
                throw none;
            }
            assertEquals(0, compiler.waitFor(), () -> {
                try {
                    return Files.readString(log);
                } catch (IOException e) {
                    return e.toString();
                }
            });
        }
        return Map.of("LD_PRELOAD", library.toString(), "FALSE_LOCKS", answer);
    }
}
