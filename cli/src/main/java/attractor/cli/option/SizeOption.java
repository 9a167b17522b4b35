package attractor.cli.option;

import attractor.figure.Figure;
import attractor.figure.Size;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The option {@code --size} of commands that draw. */
public final class SizeOption {
    private Size size;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--size",
            paramLabel = "WxH",
            description =
                    "Size of a figure, such as 12x8cm, 120x80mm or 1500x1000px (300 dpi); text keeps its size (default: "
                            + "as wide as one or two columns of a page, and as high as needed).")
    void parse(String words) {
        try {
            size = Size.parse(words);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--" + e.getMessage(), e);
        }
    }

    /** Whether the command line has it. */
    public boolean given() {
        return size != null;
    }

    /**
     * The figure in the given size; unchanged if none was given.
     *
     * @throws ParameterException if the figure doesn't fit into it
     */
    public Figure of(Figure figure) {
        if (size == null) {
            return figure;
        }
        try {
            return figure.resized(size);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--" + e.getMessage(), e);
        }
    }
}
