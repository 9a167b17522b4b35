package attractor.cli.option;

import attractor.task.TaskProvider;
import attractor.task.Tasks;
import java.util.Iterator;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;

/**
 * A task's name on the command line, and the names that the shell completes. A built-in task may be written in any case;
 * any other name stays as typed, so that a message about it shows what was typed.
 */
public final class TaskName implements ITypeConverter<String>, Iterable<String> {
    @Override
    public String convert(String value) {
        String lower = value.toLowerCase(Locale.ROOT);
        return Tasks.providers().stream().anyMatch(p -> p.name().equals(lower)) ? lower : value;
    }

    @Override
    public Iterator<String> iterator() {
        return Tasks.providers().stream().map(TaskProvider::name).iterator();
    }
}
