package attractor.cli.option;

import attractor.report.StudyReport;
import attractor.study.Study;
import java.io.IOException;
import java.util.concurrent.Callable;

/** Where and how a study is done, with the options for that; a study's command doesn't know more of it. Belongs to one thread. */
public interface StudyPlace {

    /** Makes a study from options and files. */
    @FunctionalInterface
    interface Maker {
        /**
         * Makes it.
         *
         * @throws IllegalArgumentException if an option is out of range
         * @throws IOException if a file can't be read or isn't what it should be
         */
        Study make() throws IOException;
    }

    /**
     * Does a study.
     *
     * @param study makes the study from the command line
     * @param report gives the options of the report, if this place writes one
     * @return the exit code
     * @throws Exception if it cannot be done; the message says why
     */
    int run(Maker study, Callable<StudyReport.Options> report) throws Exception;
}
