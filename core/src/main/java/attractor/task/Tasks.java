package attractor.task;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds tasks by name: the seven of the paper, those of {@code attractor.tasks}, then those that {@link ServiceLoader} finds on the
 * class path.
 *
 * <p>Holds no state; safe for any thread.
 */
public final class Tasks {

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]*");

    private Tasks() {}

    /** The names of the paper's seven tasks, in the order in which they are listed. */
    public static List<String> builtIn() {
        return BuiltInTask.NAMES;
    }

    /**
     * The task with this name and its default options.
     *
     * @throws IllegalArgumentException if there is no task with this name
     */
    public static Task byName(String name) {
        return byName(name, Map.of());
    }

    /**
     * The task with this name.
     *
     * @param options the options that differ from the defaults, see {@link TaskOptions#with(Map)}
     * @throws IllegalArgumentException if there is no task with this name, no such option, or the options don't match
     * each other
     * @throws IllegalStateException if a provider from the class path fails; the message names its class
     */
    public static Task byName(String name, Map<String, ?> options) {
        String lower = name.toLowerCase(Locale.ROOT);
        // The library's own first: to search a long class path takes a millisecond, and a large study asks for each of
        // its runs.
        TaskProvider provider = Stream.concat(BuiltInTask.PROVIDERS.stream(), ofTheLibrary())
                .filter(own -> own.name().equals(lower))
                .findFirst()
                .orElseGet(() -> provider(name));
        return provider.create(provider.defaults().with(options));
    }

    /**
     * The task with this name.
     *
     * @param options all options: the provider's defaults, some of them changed
     * @throws IllegalArgumentException if there is no task with this name, no such option, or the options don't match
     * each other
     */
    public static Task byName(String name, TaskOptions options) {
        return byName(name, options.toMap());
    }

    /**
     * The provider with this name, in any case: tasks are named in lower case.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static TaskProvider provider(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        List<TaskProvider> providers = providers();
        for (TaskProvider provider : providers) {
            if (provider.name().equals(lower)) {
                return provider;
            }
        }
        List<String> names = providers.stream().map(TaskProvider::name).toList();
        String near = nearest(name, names)
                .map(nearest -> ", did you mean " + nearest + "? Expected")
                .orElse(", expected");
        throw new IllegalArgumentException("unknown task " + name + near + " one of " + String.join(", ", names));
    }

    /**
     * What a user should know before training on a task: its {@link Task#warnings}, and whether there are trials whose
     * answer can't be told from the input.
     *
     * <p>For the latter some trials are drawn without noise, but with their jitter. If two of them have the same inputs up
     * to a step and different targets at that step or before, no network can answer both. Trials that differ only in
     * their noise are found in this way too, such as those of a stimulus of height 0.
     *
     * @return one line of text each
     */
    public static List<String> warnings(Task task) {
        List<String> warnings = new ArrayList<>(task.warnings());
        if (warnings.stream().noneMatch(line -> line.contains(UntoldAnswers.WORDS))) {
            UntoldAnswers.find(task).ifPresent(warnings::add);
        }
        return List.copyOf(warnings);
    }

    /** The name that is at most two typing errors away from this one; if there are several, the nearest. */
    private static Optional<String> nearest(String name, List<String> names) {
        String lower = name.toLowerCase(Locale.ROOT);
        return names.stream()
                .filter(other -> slips(lower, other) <= Math.min(2, other.length() / 2))
                .min(Comparator.comparingInt(other -> slips(lower, other)));
    }

    /** The smallest number of letters to add, remove, replace or swap with the next one (optimal string alignment). */
    private static int slips(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                boolean same = a.charAt(i - 1) == b.charAt(j - 1);
                d[i][j] = Math.min(d[i - 1][j - 1] + (same ? 0 : 1), 1 + Math.min(d[i - 1][j], d[i][j - 1]));
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }

    /**
     * A task whose trials are given, for code that needs a task. A trial of the wanted type is drawn from them at
     * random. {@link #byName} doesn't know this task.
     *
     * @param name the task's name, such as the name of a file
     * @param trials at least one of each type
     * @param dtMs duration of their steps in ms
     * @throws IllegalArgumentException if a type has no trial, or the step isn't a finite number above 0
     */
    public static Task ofTrials(String name, Trials trials, double dtMs) {
        return new TrialsTask(name, trials, dtMs);
    }

    /** All providers: the library's, then those on the class path of the thread's context class loader. */
    public static List<TaskProvider> providers() {
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        return providers(loader == null ? Tasks.class.getClassLoader() : loader);
    }

    /**
     * All providers: the library's, then those that the class loader finds. Whatever a found provider throws,
     * except {@link IllegalArgumentException}, becomes an {@link IllegalStateException} that names the provider.
     *
     * @throws IllegalArgumentException if a provider can't be loaded, or its name is invalid or already used
     */
    public static List<TaskProvider> providers(ClassLoader loader) {
        List<TaskProvider> providers = new ArrayList<>(BuiltInTask.PROVIDERS);
        ofTheLibrary().forEach(providers::add);
        try {
            List<ServiceLoader.Provider<TaskProvider>> others = ServiceLoader.load(TaskProvider.class, loader).stream()
                    .filter(found -> !ofTheLibrary(found))
                    .toList();
            for (ServiceLoader.Provider<TaskProvider> found : others) {
                addChecked(providers, new GuardedProvider(found.get()));
            }
        } catch (ServiceConfigurationError e) {
            String cause = e.getCause() == null ? "" : " (" + e.getCause() + ")";
            throw new IllegalArgumentException(
                    "a task on the class path can't be loaded: " + e.getMessage() + cause, e);
        } catch (LinkageError e) {
            // For example, a class compiled for a newer JDK.
            throw new IllegalArgumentException("a task on the class path can't be loaded: " + e, e);
        }
        return List.copyOf(providers);
    }

    /** The library's tasks beside the paper's. They come by the same way as a user's: their package uses this one, not the reverse. */
    private static Stream<TaskProvider> ofTheLibrary() {
        return ServiceLoader.load(TaskProvider.class, Tasks.class.getClassLoader()).stream()
                .filter(Tasks::ofTheLibrary)
                .map(ServiceLoader.Provider::get);
    }

    private static boolean ofTheLibrary(ServiceLoader.Provider<TaskProvider> found) {
        return found.type().getName().startsWith("attractor.tasks.");
    }

    private static void addChecked(List<TaskProvider> providers, GuardedProvider added) {
        String name = added.name();
        if (name == null || !NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("task of " + added + " is named " + name
                    + ", expected lower-case letters, digits and hyphens, beginning with a letter");
        }
        for (TaskProvider other : providers) {
            if (other.name().equals(name)) {
                throw new IllegalArgumentException("task name " + name + " is used by " + added
                        + ", expected one that isn't taken by "
                        + (other instanceof GuardedProvider
                                ? other
                                : other.getClass().getName()));
            }
        }
        providers.add(added);
    }
}
