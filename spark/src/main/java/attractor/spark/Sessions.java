package attractor.spark;

import java.io.IOException;
import org.apache.spark.sql.SparkSession;

/** Starts Spark. Stateless, safe for any thread. */
final class Sessions {
    private Sessions() {}

    /**
     * The session of spark-submit, or the one that there is.
     *
     * @throws IOException if Spark cannot be started
     */
    static SparkSession get(String name) throws IOException {
        try {
            return SparkSession.builder().appName("attractor " + name).getOrCreate();
        } catch (RuntimeException | ExceptionInInitializerError e) {
            throw new IOException("Spark cannot be started: " + e.getMessage(), e);
        }
    }
}
