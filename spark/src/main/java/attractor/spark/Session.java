package attractor.spark;

import java.io.IOException;
import org.apache.spark.sql.SparkSession;

/**
 * Spark for one command: it is started, unless it is there, and only then stopped at the end. Belongs to one thread.
 *
 * @param own whether it was started here
 */
record Session(SparkSession spark, boolean own) implements AutoCloseable {

    /**
     * Starts Spark as spark-submit has configured it.
     *
     * @throws IOException if it cannot be started
     */
    static Session start(String name) throws IOException {
        boolean there = SparkSession.getDefaultSession().isDefined();
        try {
            return new Session(
                    SparkSession.builder().appName("attractor " + name).getOrCreate(), !there);
        } catch (RuntimeException | ExceptionInInitializerError e) {
            throw new IOException("Spark cannot be started: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        if (own) {
            spark.stop();
        }
    }
}
