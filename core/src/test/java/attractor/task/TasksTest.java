package attractor.task;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.random.RandomStream;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class TasksTest {

    @TempDir
    Path folder;

    /** The smallest possible task: the output repeats the input. */
    public static final class EchoProvider implements TaskProvider {

        @Override
        public String name() {
            return "echo-1";
        }

        @Override
        public TaskOptions defaults() {
            return TaskOptions.builder("echo-1")
                    .number("gain", 1, TaskOptions.Range.ANY, "output over input")
                    .build();
        }

        @Override
        public Task create(TaskOptions options) {
            return new Echo(options.number("gain"));
        }
    }

    /** A user's own task that no one can learn: the target is the type, which the input doesn't show. */
    private record Guess() implements OneChannelTask {
        @Override
        public String name() {
            return "guess";
        }

        @Override
        public List<String> types() {
            return List.of("a", "b");
        }

        @Override
        public void write(int type, RandomStream random, double[] x, double[] y, double[] mask) {
            y[2] = type;
            x[3] = type; // too late
        }
    }

    private record Echo(double gain) implements OneChannelTask {
        @Override
        public String name() {
            return "echo-1";
        }

        @Override
        public void write(int type, RandomStream random, double[] x, double[] y, double[] mask) {
            for (int t = 0; t < 4; t++) {
                x[t] = random.nextGaussian();
                y[t] = gain * x[t];
            }
        }
    }

    /** A task with its own keys for noise. */
    public static final class NoisyProvider extends Named {
        public NoisyProvider() {
            super("noisy-1");
        }

        @Override
        public TaskOptions defaults() {
            return TaskOptions.builder("noisy-1")
                    .noise("hiss", 0.5, "sd of the inputs' noise")
                    .number("gain", 2, TaskOptions.Range.ANY, "output over input")
                    .number(TaskOptions.TARGET_NOISE_SD, 0.1, TaskOptions.Range.NON_NEGATIVE, "known by its key")
                    .build();
        }

        @Override
        public Task create(TaskOptions options) {
            return new Noisy("noisy-1", options);
        }
    }

    private record Noisy(String name, TaskOptions options) implements OneChannelTask {
        @Override
        public void write(int type, RandomStream random, double[] x, double[] y, double[] mask) {
            for (int t = 0; t < 4; t++) {
                x[t] = 1 + options.number("hiss") * random.nextGaussian();
                y[t] = options.number("gain") + options.number(TaskOptions.TARGET_NOISE_SD) * random.nextGaussian();
            }
        }
    }

    /** Uses a name that is already taken. */
    public static final class AndProvider extends Named {
        public AndProvider() {
            super("and");
        }
    }

    /** Has an invalid name. */
    public static final class ShoutingProvider extends Named {
        public ShoutingProvider() {
            super("My Task");
        }
    }

    /** Throws wherever it can. */
    public static final class ThrowingProvider extends Named {
        public ThrowingProvider() {
            super("throwing");
        }

        @Override
        public TaskOptions defaults() {
            throw new IllegalStateException("no defaults today");
        }

        @Override
        public Task create(TaskOptions options) {
            throw new ArrayIndexOutOfBoundsException(7);
        }
    }

    /** Throws when it is created. */
    public static final class UnmadeProvider extends Named {
        public UnmadeProvider() {
            super("unmade");
            throw new UnsupportedOperationException("not made");
        }
    }

    /** Returns null, then a task with another name. */
    public static final class WrongProvider extends Named {
        public WrongProvider() {
            super("wrong");
        }

        @Override
        public TaskOptions defaults() {
            return null;
        }
    }

    private abstract static class Named implements TaskProvider {

        private final String name;

        Named(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public TaskOptions defaults() {
            return TaskOptions.NONE;
        }

        @Override
        public Task create(TaskOptions options) {
            return new Echo(1);
        }
    }

    /** A class path with a services file of this content. */
    private ClassLoader classPathWith(String provider) throws IOException {
        Path file = folder.resolve("services-" + provider.length());
        Files.writeString(file, provider + "\n");
        URL url = file.toUri().toURL();
        return new ClassLoader(getClass().getClassLoader()) {
            @Override
            public Enumeration<URL> getResources(String name) throws IOException {
                return name.equals("META-INF/services/attractor.task.TaskProvider")
                        ? Collections.enumeration(List.of(url))
                        : super.getResources(name);
            }
        };
    }

    private static TaskProvider last(List<TaskProvider> providers) {
        return providers.get(providers.size() - 1);
    }

    @Test
    void theSevenAreBuiltIn() {
        List<String> names = List.of("pulse", "and", "or", "xor", "not", "flipflop", "oscillation");
        assertEquals(names, Tasks.builtIn());
        assertEquals(
                names,
                Tasks.providers().stream().map(TaskProvider::name).limit(7).toList());
        for (String name : names) {
            assertEquals(name, Tasks.byName(name).name());
            assertEquals(Tasks.provider(name).defaults(), Tasks.byName(name).options());
        }
    }

    @Test
    void unknownNamesAreErrorsThatListThem() {
        IllegalArgumentException error = assertThrows(IllegalArgumentException.class, () -> Tasks.byName("nand"));
        assertEquals(
                "unknown task nand, did you mean and? Expected one of "
                        + String.join(
                                ", ",
                                Tasks.providers().stream()
                                        .map(TaskProvider::name)
                                        .toList()),
                error.getMessage());
    }

    @Test
    void ownTasksAreFoundBesideThem() throws IOException {
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        Thread.currentThread().setContextClassLoader(classPathWith(EchoProvider.class.getName()));
        try {
            assertEquals("echo-1", last(Tasks.providers()).name());
            assertEquals(
                    1 + Tasks.providers(Tasks.class.getClassLoader()).size(),
                    Tasks.providers().size());
            Task echo = Tasks.byName("echo-1", Map.of("gain", 3));
            assertEquals(new Echo(3), echo);
            assertEquals(List.of(new TrialPart("response", 0, 4)), echo.parts());
            assertEquals(15_000, echo.defaultTrials());
            assertEquals(1e-3, echo.stopLoss());
            assertEquals(TaskOptions.NONE, echo.options());
            Trials trials = Trials.random(echo, 5, 1, Trials.TRAINING);
            double[] x = new double[4];
            double[] y = new double[4];
            trials.reader().read(4, x, 0, y, 0, null, 0);
            assertEquals(3 * x[2], y[2]);
            IllegalArgumentException error = assertThrows(IllegalArgumentException.class, () -> Tasks.byName("echo"));
            assertEquals(
                    "unknown task echo, did you mean echo-1? Expected one of "
                            + String.join(
                                    ", ",
                                    Tasks.providers().stream()
                                            .map(TaskProvider::name)
                                            .toList()),
                    error.getMessage());
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    @Test
    void aTaskSaysItselfHowItIsWithoutNoise() throws IOException {
        Task quiet = Tasks.byName(
                        "xor",
                        Map.of(
                                TaskOptions.ONSET_JITTER_MS, 5.0,
                                TaskOptions.DELAY_MS, 30.0,
                                TaskOptions.TARGET_NOISE_SD, 0.2))
                .withoutNoise();
        assertEquals(
                Map.of("noiseSd", 0.0, "onsetJitterMs", 0.0, "targetNoiseSd", 0.0, "delayMs", 30.0),
                Map.of(
                        "noiseSd", quiet.options().number("noiseSd"),
                        "onsetJitterMs", quiet.options().number("onsetJitterMs"),
                        "targetNoiseSd", quiet.options().number("targetNoiseSd"),
                        "delayMs", quiet.options().number("delayMs")));
        assertSame(quiet, quiet.withoutNoise());
        Task silent = new Echo(2);
        assertSame(silent, silent.withoutNoise(), "a task without options is what it is");
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        Thread.currentThread().setContextClassLoader(classPathWith(NoisyProvider.class.getName()));
        try {
            Task own = Tasks.byName("noisy-1", Map.of("gain", 3)).withoutNoise();
            assertEquals(
                    Map.of("hiss", 0.0, "gain", 3.0, "targetNoiseSd", 0.0),
                    own.options().toMap());
            double[] x = new double[4];
            double[] y = new double[4];
            Trials.random(own, 1, 1, Trials.TRAINING).reader().read(0, x, 0, y, 0, null, 0);
            assertArrayEquals(new double[] {1, 1, 1, 1}, x);
            assertArrayEquals(new double[] {3, 3, 3, 3}, y);
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
        // A task without a provider is distinguished from one without noise.
        Task unknown = new Noisy("unheard-of", new NoisyProvider().defaults());
        assertEquals(
                "task unheard-of can't be made without noise, expected a provider of that name or a withoutNoise() of"
                        + " its own: unknown task unheard-of, expected one of "
                        + String.join(
                                ", ",
                                Tasks.providers().stream()
                                        .map(TaskProvider::name)
                                        .toList()),
                failure(unknown::withoutNoise));
    }

    @Test
    void namesThatAreTakenOrNoNamesAreErrors() throws IOException {
        ClassLoader taken = classPathWith(AndProvider.class.getName());
        assertEquals(
                "task name and is used by attractor.task.TasksTest$AndProvider, expected one that isn't taken by"
                        + " attractor.task.BuiltInTask",
                assertThrows(IllegalArgumentException.class, () -> Tasks.providers(taken))
                        .getMessage());
        ClassLoader shouting = classPathWith(ShoutingProvider.class.getName());
        assertEquals(
                "task of attractor.task.TasksTest$ShoutingProvider is named My Task, expected lower-case letters, digits"
                        + " and hyphens, beginning with a letter",
                assertThrows(IllegalArgumentException.class, () -> Tasks.providers(shouting))
                        .getMessage());
    }

    @Test
    void providersThatCannotBeLoadedAreErrors() throws IOException {
        ClassLoader missing = classPathWith("no.such.Provider");
        IllegalArgumentException error = assertThrows(IllegalArgumentException.class, () -> Tasks.providers(missing));
        assertTrue(
                error.getMessage().startsWith("a task on the class path can't be loaded: ")
                        && error.getMessage().contains("no.such.Provider"),
                error.getMessage());
    }

    private static String failure(Executable what) {
        return assertThrows(IllegalStateException.class, what).getMessage();
    }

    @Test
    void providersThatFailAreNamed() throws IOException {
        TaskProvider throwing = last(Tasks.providers(classPathWith(ThrowingProvider.class.getName())));
        String provider = "task provider attractor.task.TasksTest$ThrowingProvider failed in ";
        assertEquals(
                provider + "defaults: java.lang.IllegalStateException: no defaults today", failure(throwing::defaults));
        assertEquals(
                provider + "create: java.lang.ArrayIndexOutOfBoundsException: Array index out of range: 7",
                failure(() -> throwing.create(TaskOptions.NONE)));
        TaskProvider wrong = last(Tasks.providers(classPathWith(WrongProvider.class.getName())));
        assertEquals(
                "task provider attractor.task.TasksTest$WrongProvider returned null from defaults",
                failure(wrong::defaults));
        assertEquals(
                "task provider attractor.task.TasksTest$WrongProvider made a task named echo-1, expected wrong, as the"
                        + " provider is named",
                failure(() -> wrong.create(TaskOptions.NONE)));
        ClassLoader unmade = classPathWith(UnmadeProvider.class.getName());
        String message = assertThrows(IllegalArgumentException.class, () -> Tasks.providers(unmade))
                .getMessage();
        assertTrue(message.contains("UnmadeProvider") && message.contains("not made"), message);
    }

    /** What a trial's input can't tell is found from its trials, in a user's own task too. */
    @Test
    void anAnswerThatTheInputDoesNotTellIsWarnedAbout() {
        for (String name : Tasks.builtIn()) {
            assertEquals(List.of(), Tasks.warnings(Tasks.byName(name)), name);
            List<String> flat = Tasks.warnings(Tasks.byName(name, Map.of("amplitude", 0)));
            assertEquals(1, flat.size(), name + flat);
            assertTrue(flat.get(0).contains("nothing in its input tells which answer is due"), flat.get(0));
        }
        List<String> not = Tasks.warnings(Tasks.byName("not", Map.of("onsetJitterMs", 5)));
        assertEquals(1, not.size(), not.toString());
        assertTrue(not.get(0).contains("nothing in its input tells when"), not.get(0));
        assertEquals(List.of(), Tasks.warnings(new Echo(1)));
        List<String> own = Tasks.warnings(new Guess());
        assertEquals(
                List.of(
                        "task guess: a trial of type a has the same input as a trial of type b up to 2 ms, noise apart, so that"
                                + " nothing in its input tells which answer is due there"),
                own);
    }
}
