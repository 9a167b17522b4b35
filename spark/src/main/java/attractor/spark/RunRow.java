package attractor.spark;

import attractor.io.FormatException;
import attractor.io.Json;
import attractor.io.JsonObject;
import attractor.study.RunResult;
import attractor.study.StudyRun;
import attractor.train.TrainingConfig;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import scala.jdk.javaapi.CollectionConverters;

/**
 * What became of a run, as a row of the Parquet files. {@code result} is the result as JSON, without the files; the columns before it
 * repeat what is asked for often. Stateless, safe for any thread.
 */
final class RunRow {
    /** Stands in every row; a file of another version is refused. */
    static final String VERSION = "attractor/spark-run/1";

    static final String FORMAT = "format";
    static final String RUN = "run";
    static final String OUTCOME = "outcome";
    static final String REASON = "reason";
    static final String LIBRARY = "version";
    static final String SECONDS = "seconds";
    static final String RESULT = "result";
    static final String FILES = "files";

    static final String DONE = "done";
    static final String DIVERGED = "diverged";
    static final String FAILED = "failed";

    static final StructType SCHEMA = new StructType()
            .add(FORMAT, DataTypes.StringType)
            .add(RUN, DataTypes.StringType)
            .add(OUTCOME, DataTypes.StringType)
            .add(REASON, DataTypes.StringType)
            .add(LIBRARY, DataTypes.StringType)
            .add(SECONDS, DataTypes.DoubleType)
            .add("task", DataTypes.StringType)
            .add("init", DataTypes.StringType)
            .add("units", DataTypes.IntegerType)
            .add("seed", DataTypes.LongType)
            .add(RESULT, DataTypes.StringType)
            .add(FILES, DataTypes.createMapType(DataTypes.StringType, DataTypes.BinaryType));

    private RunRow() {}

    /** @param files whether the files of the training are kept */
    static Row of(RunResult result, boolean files) {
        StudyRun run = result.run();
        TrainingConfig training = run.training();
        Map<String, Object> json =
                new LinkedHashMap<>(result.withFiles(Map.of()).toJson());
        json.remove("files");
        double seconds = result.seconds();
        return RowFactory.create(
                VERSION,
                run.hash(),
                result.status().name().toLowerCase(java.util.Locale.ROOT),
                result.reason(),
                result.version(),
                Double.isNaN(seconds) ? null : seconds,
                training.task(),
                training.init().id(),
                training.units(),
                training.seed(),
                Json.compact(json),
                files ? CollectionConverters.asScala(result.files()) : null);
    }

    /** A run that failed before it could be read, or whose process ended each time that it was tried. */
    static Row failed(String hash, String reason) {
        return RowFactory.create(VERSION, hash, FAILED, reason, null, null, null, null, null, null, null, null);
    }

    /** The result without its files, of a run that is finished. */
    static RunResult result(String json, String hash) throws FormatException {
        return RunResult.fromJson(Json.parseObject(json, "the result of the run " + hash));
    }

    /** The run with the description that was sent to a task. */
    static StudyRun run(String json) throws FormatException {
        JsonObject object = Json.parseObject(json, "the run");
        return StudyRun.fromJson(object);
    }
}
