package attractor.study;

import attractor.io.FormatException;
import attractor.io.JsonObject;

/**
 * Reads the measurements of one kind, so that a run can be sent to another process. Each built-in measurement has a
 * provider. For one of your own, implement this interface in a class with a public constructor without arguments, and
 * register the class with {@link java.util.ServiceLoader}, as for {@link attractor.task.TaskProvider}.
 *
 * <p>Implementations are immutable and safe for any thread.
 */
public interface MeasurementProvider {

    /** The value of {@code kind} in the JSON of its measurements; not that of a built-in one. */
    String kind();

    /**
     * The measurement with a given description.
     *
     * @param json what {@link Measurement#toJson} gave
     * @throws FormatException if a member is missing, unknown or of another type
     * @throws IllegalArgumentException if a value is out of range
     */
    Measurement read(JsonObject json) throws FormatException;
}
