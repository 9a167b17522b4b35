package attractor.train;

import attractor.io.AtomicFiles;
import attractor.io.FormatException;
import attractor.io.Json;
import attractor.io.JsonObject;
import attractor.task.Task;
import attractor.task.Tasks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One part of a training whose task changes on the way (a curriculum): the task's options, the learning rate, and how
 * long it lasts. The optimiser's state, the number of its steps and the epochs' numbers go on from stage to stage, so
 * that two stages are one training whose trials were changed in between. Trial i of each stage has the type and the
 * random numbers of trial i of the others. Immutable, safe for any thread.
 *
 * <p>As JSON a training's stages are an array of objects:
 *
 * <pre>
 *     [
 *         {"taskOptions": {"delayMs": 20}, "loss": 0.005, "epochs": 10},
 *         {"taskOptions": {"delayMs": 100}, "learningRate": 5e-5, "epochs": 20}
 *     ]
 * </pre>
 *
 * @param taskOptions all options of the task by key, Double or List of Double
 * @param learningRate the optimiser's rate, before decay and schedule
 * @param epochs the stage ends after this many epochs, at least 1 in a list of stages
 * @param stopLoss the stage ends after an epoch whose mean loss is below this; 0 for never
 */
public record Stage(Map<String, Object> taskOptions, double learningRate, int epochs, double stopLoss) {
    private static final String TASK_OPTIONS = "taskOptions";
    private static final String LEARNING_RATE = "learningRate";
    private static final String EPOCHS = "epochs";
    private static final String LOSS = "loss";
    private static final Set<String> KEYS =
            Collections.unmodifiableSet(new LinkedHashSet<>(List.of(TASK_OPTIONS, LEARNING_RATE, EPOCHS, LOSS)));

    /** @throws IllegalArgumentException if a value is out of range; the message names it */
    public Stage {
        taskOptions = TrialOrigin.copyOf(taskOptions);
        if (!(learningRate > 0.0 && learningRate <= Double.MAX_VALUE)) {
            throw new IllegalArgumentException(
                    LEARNING_RATE + " is " + learningRate + ", expected a finite number above 0");
        }
        ConfigField.atLeast(EPOCHS, epochs, 0);
        FitOptions.notNegative(LOSS, stopLoss);
    }

    /**
     * Reads a file of stages. Members: {@code taskOptions}, those that differ from the task's; {@code learningRate};
     * {@code epochs}, the number after which the stage ends; {@code loss}, below which it ends sooner. Each may be left
     * out, but not both of the last two.
     *
     * @param task its options are a stage's defaults
     * @param learningRate the default of a stage
     * @param epochs the number of epochs of a stage that has a {@code loss} to reach but no {@code epochs}
     * @throws FormatException if the file isn't such an array; the message names the stage, from 1 on, and the member
     * @throws IOException if the file cannot be read
     */
    public static List<Stage> read(Path file, Task task, double learningRate, int epochs) throws IOException {
        AtomicFiles.requireFile(file);
        return of(Json.parse(Files.readString(file), file.toString()), file.toString(), task, learningRate, epochs);
    }

    /**
     * As {@link #read}, from JSON that was read before.
     *
     * @param json an array of objects, see {@link Json}
     * @param source its name in messages
     * @throws FormatException as {@link #read}
     */
    public static List<Stage> of(Object json, String source, Task task, double learningRate, int epochs)
            throws FormatException {
        if (!(json instanceof List<?> list) || list.isEmpty()) {
            throw new FormatException(source + ": expected an array of stages, at least one, such as"
                    + " [{\"taskOptions\": {\"delayMs\": 20}, \"epochs\": 5}]");
        }
        List<Stage> stages = new ArrayList<>();
        for (Object element : list) {
            String name = source + ": stage " + (stages.size() + 1);
            JsonObject stage = object(element, name);
            if (!stage.has(EPOCHS) && !stage.has(LOSS)) {
                throw new FormatException(name + ": has neither epochs nor loss, expected at least one of them");
            }
            Map<String, Object> options = new LinkedHashMap<>(task.options().toMap());
            if (stage.has(TASK_OPTIONS)) {
                options.putAll(stage.getObject(TASK_OPTIONS).asMap());
            }
            Stage read = of(
                    stage,
                    name,
                    options,
                    stage.has(LEARNING_RATE) ? stage.getDouble(LEARNING_RATE) : learningRate,
                    stage.has(EPOCHS) ? stage.getInt(EPOCHS) : epochs);
            try {
                Task made = Tasks.byName(task.name(), options);
                checkFits(made, task);
                stages.add(new Stage(made.options().toMap(), read.learningRate, read.epochs, read.stopLoss));
            } catch (IllegalArgumentException e) {
                throw new FormatException(name + ": " + TASK_OPTIONS + ": " + e.getMessage(), e);
            }
        }
        return stages;
    }

    /**
     * Checks that a stage's trials have the step and sizes of the training's.
     *
     * @throws IllegalArgumentException if not
     */
    static void checkFits(Task stage, Task task) {
        if (stage.dtMs() != task.dtMs()) {
            throw new IllegalArgumentException(
                    "dtMs is " + stage.dtMs() + ", expected " + task.dtMs() + " as the training has");
        }
        if (stage.inputs() != task.inputs() || stage.outputs() != task.outputs()) {
            throw new IllegalArgumentException("the task has I = " + stage.inputs() + " and O = " + stage.outputs()
                    + ", expected I = " + task.inputs() + " and O = " + task.outputs() + " in all stages");
        }
    }

    private static JsonObject object(Object element, String name) throws FormatException {
        if (!(element instanceof Map<?, ?> map)) {
            throw new FormatException(name + ": expected an object with some of " + String.join(", ", KEYS));
        }
        Map<String, Object> members = new LinkedHashMap<>();
        map.forEach((key, value) -> members.put((String) key, value));
        JsonObject stage = new JsonObject(members, name);
        stage.requireOnly(KEYS);
        return stage;
    }

    private static Stage of(JsonObject stage, String name, Map<String, Object> options, double rate, int epochs)
            throws FormatException {
        double loss = stage.has(LOSS) ? stage.getDouble(LOSS) : 0.0;
        try {
            ConfigField.atLeast(EPOCHS, epochs, 1);
            return new Stage(options, rate, epochs, loss);
        } catch (IllegalArgumentException e) {
            throw new FormatException(name + ": " + e.getMessage(), e);
        }
    }

    /** As JSON, with all members. */
    Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put(TASK_OPTIONS, taskOptions);
        json.put(LEARNING_RATE, learningRate);
        json.put(EPOCHS, (long) epochs);
        json.put(LOSS, stopLoss);
        return json;
    }

    /** The stages that a configuration holds. */
    static List<Stage> listFromJson(JsonObject json, String key) throws FormatException {
        List<Stage> stages = new ArrayList<>();
        for (Object element : json.getList(key)) {
            String name = key + "[" + stages.size() + "]";
            JsonObject stage = object(element, name);
            stages.add(of(
                    stage,
                    name,
                    stage.getObject(TASK_OPTIONS).asMap(),
                    stage.getDouble(LEARNING_RATE),
                    stage.getInt(EPOCHS)));
        }
        return stages;
    }
}
