package attractor.cli.option;

import attractor.task.TaskProvider;
import attractor.task.Tasks;
import java.util.Iterator;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;

/** A task's name on the command line, in lower or upper case (tasks are named in lower case), and the names that the shell completes. */
public final class TaskName implements ITypeConverter<String>, Iterable<String> {
    @Override
    public String convert(String value) {
        return value.toLowerCase(Locale.ROOT);
    }

    @Override
    public Iterator<String> iterator() {
        return Tasks.providers().stream().map(TaskProvider::name).iterator();
    }
}
