package attractor.spark;

import attractor.io.FormatException;
import attractor.io.JsonObject;
import attractor.study.Measurement;
import attractor.study.MeasurementProvider;

/** Reads {@link Trouble}, on the executors too. Stateless, safe for any thread. */
public final class TroubleProvider implements MeasurementProvider {
    /** For the service loader. */
    public TroubleProvider() {}

    @Override
    public String kind() {
        return Trouble.KIND;
    }

    @Override
    public Measurement read(JsonObject json) throws FormatException {
        return new Trouble(json.getString("what"), json.getLong("seed"));
    }
}
