package attractor.study;

import attractor.io.Json;
import attractor.train.TrainingConfig;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One run of a study: a training, and a measurement of the trained network. Two equal descriptions give the same
 * results. Immutable, safe for any number of threads.
 *
 * @param training how the network is trained; its trials come from a task
 * @param measurement what is measured
 */
public record StudyRun(TrainingConfig training, Measurement measurement) {
    /** Hexadecimal digits of a hash: 64 bits. */
    private static final int DIGITS = 16;

    /**
     * @throws IllegalArgumentException if the training's trials don't come from a task, or this measurement isn't
     *     possible on it
     */
    public StudyRun {
        if (training.task() == null) {
            throw new IllegalArgumentException("the run's trials come from data, expected a task");
        }
        measurement.check(training.makeTask());
    }

    /** The run's name: the first {@value #DIGITS} hexadecimal digits of the SHA-256 of its {@link #toJson}, compact. */
    public String hash() {
        return hash(toJson());
    }

    /** The training's name, made in the same way: runs with the same training have the same network. */
    public String trainingHash() {
        return trainingHash(training);
    }

    static String trainingHash(TrainingConfig training) {
        return hash(training.toJson());
    }

    private static String hash(Map<String, Object> json) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(Json.compact(json).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    /** The whole description, as JSON. */
    public Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("training", training.toJson());
        json.put("measurement", measurement.toJson());
        return json;
    }

    /** Estimate of the largest number of operations of the training, in units of 10^9. */
    double cost() {
        double units = training.units();
        return 6e-9
                * training.samples()
                * training.epochs()
                * training.makeTask().steps()
                * units
                * (units + 10);
    }
}
