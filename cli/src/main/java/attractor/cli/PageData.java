package attractor.cli;

import attractor.cli.option.AnalysisOptions.Analysed;
import attractor.cli.option.AnalysisOptions.Course;
import attractor.cli.option.AnalysisOptions.Subject;
import attractor.cli.result.AnalysisJson;
import attractor.cli.result.AnalysisSummary;
import attractor.page.NetworkData;
import attractor.train.RunDirectory;
import java.io.IOException;
import java.util.Map;

/** What the page gets from the commands that write it. */
final class PageData {
    private PageData() {}

    /** The page's data of an analysed network; with the losses of a run directory, and its epochs if they were followed. */
    static NetworkData of(Analysed analysed, long seed) throws IOException {
        Subject subject = analysed.subject();
        Map<String, Object> document =
                AnalysisJson.of(analysed.analysis(), subject.loaded().source(), subject.initialFile());
        if (analysed.course().isPresent()) {
            Course course = analysed.course().get();
            document.put("epochs", AnalysisJson.epochs(course.analysis(), course.numbers()));
        }
        NetworkData data = new NetworkData(
                subject.name(),
                analysed.analysis(),
                document,
                AnalysisSummary.of(analysed.analysis(), String.valueOf(document.get("network")), 0),
                seed);
        if (subject.isRun()) {
            data.history(RunDirectory.history(subject.loaded().path()));
        }
        analysed.course().ifPresent(course -> data.epochs(course.analysis(), course.numbers()));
        return data;
    }
}
