package attractor.study;

import attractor.io.Json;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A study's folder has runs that the study asked for hasn't, and was not to be changed. Nothing in it was. The message is one line. Immutable, safe for any
 * thread.
 */
public final class StudyDiffersException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String setting;

    /** @param found the value in the folder's {@code study.json}, null if it isn't there; {@code asked} likewise */
    StudyDiffersException(Path directory, String setting, Object found, Object asked) {
        super(directory + " holds a study with other settings: " + setting + " is " + Json.compact(found)
                + " there, and " + Json.compact(asked)
                + " was asked for, expected the same settings, more runs of them, or another folder");
        this.setting = setting;
    }

    /** The first setting that differs, by its name in {@code study.json}: of the study, such as {@code tasks}, or of its runs, such as {@code units}. */
    public String setting() {
        return setting;
    }
}
