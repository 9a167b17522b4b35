package attractor.spark;

import attractor.kernel.Kernels;
import attractor.study.MeasuredRows;
import attractor.study.Measurement;
import attractor.study.TrainedNetwork;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A measurement that makes trouble for one seed: it throws an exception, or ends its process, or waits for long. Immutable, safe for any
 * thread.
 */
record Trouble(String what, long seed) implements Measurement {
    static final String KIND = "test-trouble";

    @Override
    public Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("kind", KIND);
        json.put("what", what);
        json.put("seed", seed);
        if (what.equals("hash")) {
            json.put("process", ProcessHandle.current().pid());
        }
        return json;
    }

    @Override
    public void measure(TrainedNetwork network, Kernels kernels, MeasuredRows tables) {
        if (network.config().seed() == seed) {
            switch (what) {
                case "throw" -> throw new IllegalStateException("trouble with seed " + seed);
                case "link" -> throw new NoClassDefFoundError("attractor/spark/Absent");
                case "halt" -> Runtime.getRuntime().halt(1);
                default -> sleep();
            }
        }
        tables.row(MeasuredRows.RESULTS)
                .with("type", "any")
                .with("units", network.network().shape().units());
    }

    private static void sleep() {
        try {
            Thread.sleep(3000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
