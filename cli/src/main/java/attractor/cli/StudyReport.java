package attractor.cli;

import attractor.study.StudyFolder;
import java.io.IOException;
import java.io.PrintWriter;

/** What a study comes to: summary, figures and report. */
final class StudyReport {
    private StudyReport() {}

    /** How results are read. */
    record Settings() {}

    static void write(StudyFolder folder, Settings settings, PrintWriter out) throws IOException {
        out.println("written to " + folder.directory());
    }
}
