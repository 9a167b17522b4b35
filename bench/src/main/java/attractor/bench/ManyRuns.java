package attractor.bench;

import attractor.io.Json;
import attractor.kernel.Kernels;
import attractor.model.Initializers.Recurrent;
import attractor.study.RunResult;
import attractor.study.Studies;
import attractor.study.Study;
import attractor.study.StudyFolder;
import attractor.study.StudyListener;
import attractor.study.StudyRun;
import attractor.train.ExecutionSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes the folder of a study of success with very many runs, in order to see how the commands scale: two runs are done, the others get
 * their results, without the networks. As in folders of versions before it there is no index of finished runs; the first report makes it.
 *
 * <p>Arguments: the folder, which must be absent, and the number of runs. {@code bench/many-runs} calls it and measures.
 */
public final class ManyRuns {
    private ManyRuns() {}

    /** See above. */
    public static void main(String[] args) throws IOException {
        if (args.length != 2) {
            throw new IllegalArgumentException("expected DIR RUNS");
        }
        Path directory = Path.of(args[0]);
        int runs = Integer.parseInt(args[1]);
        Studies.Networks networks = new Studies.Networks(
                0, runs / 2, training -> training.units(5).samples(64).epochs(1));
        Study study = Studies.success(List.of("and"), List.of(Recurrent.ORTHOGONAL, Recurrent.NORMAL), networks);
        StudyFolder.create(directory, study);
        Path there = Files.createDirectory(directory.resolve("runs"));
        ExecutionSettings settings = new ExecutionSettings(1, Kernels.get(), 1 << 26, 1 << 26);
        List<Map<String, Object>> done = new ArrayList<>();
        for (StudyRun run : study.runs().subList(0, 2)) {
            Map<String, Object> result = new LinkedHashMap<>(
                    run.perform(settings, StudyListener.NONE, () -> false).toJson());
            result.remove("files");
            done.add(result);
        }
        for (int k = 0; k < study.runs().size(); k++) {
            StudyRun run = study.runs().get(k);
            Map<String, Object> result = new LinkedHashMap<>(done.get(k % 2));
            result.put("run", run.hash());
            result.putAll(run.toJson());
            Path folder = Files.createDirectory(there.resolve(run.hash()));
            Files.write(folder.resolve("result.json"), (Json.pretty(result) + "\n").getBytes(StandardCharsets.UTF_8));
        }
        // One is read back, as a check that it is what a study writes.
        StudyRun last = study.runs().get(study.runs().size() - 1);
        RunResult read = RunResult.fromJson(Json.read(there.resolve(last.hash()).resolve("result.json")));
        if (!read.run().equals(last)) {
            throw new IllegalStateException("the last run isn't what was written");
        }
    }
}
