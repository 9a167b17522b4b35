package attractor.task;

import java.util.List;

/** What most tasks of tests have: an input, an output, steps of 1 ms. A test overrides what it is about. */
public interface OneChannelTask extends Task {
    @Override
    default String name() {
        return "own";
    }

    @Override
    default String description() {
        return "A task of a test.";
    }

    @Override
    default int inputs() {
        return 1;
    }

    @Override
    default int outputs() {
        return 1;
    }

    @Override
    default int steps() {
        return 4;
    }

    @Override
    default double dtMs() {
        return 1;
    }

    @Override
    default List<String> types() {
        return List.of("only");
    }
}
