package attractor.spark;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.ExecutorLostFailure;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageCompleted;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;

/**
 * Counts, for each run, how many executors ended while they did it. A run that takes its process with it, again and again, would otherwise end the whole
 * work. Safe for any number of threads.
 */
final class LostRuns extends SparkListener {
    /** The property of Spark's jobs that names the wave of runs. */
    static final String WAVE = "attractor.wave";

    private final Map<Integer, String> waves = new ConcurrentHashMap<>();
    /** By wave and index. */
    private final Map<String, Map<Integer, Integer>> lost = new ConcurrentHashMap<>();

    private final Set<String> over = new HashSet<>();

    @Override
    public void onStageSubmitted(SparkListenerStageSubmitted stage) {
        String wave = stage.properties() == null ? null : stage.properties().getProperty(WAVE);
        if (wave != null) {
            waves.put(stage.stageInfo().stageId(), wave);
        }
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd end) {
        String wave = waves.get(end.stageId());
        if (wave != null && end.reason() instanceof ExecutorLostFailure failure && failure.exitCausedByApp()) {
            lost.computeIfAbsent(wave, name -> new ConcurrentHashMap<>())
                    .merge(end.taskInfo().index(), 1, Integer::sum);
        }
    }

    @Override
    public void onStageCompleted(SparkListenerStageCompleted stage) {
        String wave = waves.remove(stage.stageInfo().stageId());
        if (wave != null) {
            synchronized (over) {
                over.add(wave);
                over.notifyAll();
            }
        }
    }

    /** Waits until all that happened in a wave has been told; Spark tells it later, on another thread. */
    private void await(String wave) throws InterruptedException {
        synchronized (over) {
            for (int k = 0; k < 50 && !over.contains(wave); k++) {
                over.wait(100);
            }
        }
    }

    /** The indices of the wave's runs during which at least that many executors ended. */
    List<Integer> of(String wave, int times) throws InterruptedException {
        await(wave);
        List<Integer> runs = new ArrayList<>();
        new TreeMap<>(lost.getOrDefault(wave, Map.of())).forEach((index, number) -> {
            if (number >= times) {
                runs.add(index);
            }
        });
        return runs;
    }
}
