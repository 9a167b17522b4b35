package attractor.cli.option;

import attractor.report.StudyReport;
import attractor.study.Study;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/** Where and how a study is done, with the options for that; a study's command doesn't know more of it. Belongs to one thread. */
public interface StudyPlace {

    /**
     * Does a study.
     *
     * @param study makes the study from the command line
     * @param report gives the options of the report, if this place writes one
     * @return the exit code
     * @throws Exception if it cannot be done; the message says why
     */
    int run(Supplier<Study> study, Callable<StudyReport.Options> report) throws Exception;
}
