package attractor.spark;

import attractor.io.FormatException;
import attractor.io.Json;
import attractor.study.RunResult;
import attractor.task.Criterion;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Says of a finished run of which kind it is, and whether it passes. Immutable, safe for any thread. */
final class Judge implements MapFunction<Row, Row> {
    private static final long serialVersionUID = 1L;

    static final String TRAINING = "training";
    static final String PASSES = "passes";

    static final StructType SCHEMA = new StructType()
            .add(RunRow.RUN, DataTypes.StringType)
            .add(RunRow.OUTCOME, DataTypes.StringType)
            .add(RunRow.SECONDS, DataTypes.DoubleType)
            .add(TRAINING, DataTypes.StringType)
            .add(PASSES, DataTypes.BooleanType);

    private final double maxRmse;
    private final double maxShareOfZero;
    private final double minAccuracy;

    Judge(Criterion criterion) {
        maxRmse = criterion.maxRmse();
        maxShareOfZero = criterion.maxShareOfZero();
        minAccuracy = criterion.minAccuracy();
    }

    /** @param row hash, outcome, seconds and result */
    @Override
    public Row call(Row row) throws IOException {
        RunResult result = RunRow.result(row.getString(3), row.getString(0));
        return RowFactory.create(
                row.get(0),
                row.get(1),
                row.get(2),
                kind(result),
                result.passes(new Criterion(maxRmse, maxShareOfZero, minAccuracy)));
    }

    private static String kind(RunResult result) throws FormatException {
        Map<String, Object> training =
                new LinkedHashMap<>(result.run().training().toJson());
        training.remove("seed");
        return Json.compact(training);
    }
}
