package attractor.cli.option;

import attractor.figure.Figure;
import attractor.figure.Size;
import attractor.io.AtomicFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
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

    /**
     * Checks the file of an option {@code --figure}.
     *
     * @param figure where to draw, or null if the command line doesn't have it
     * @throws ParameterException if its name isn't one of a picture, or there is a size without a figure
     * @throws IOException if the file can't be written
     */
    public void check(Path figure) throws IOException {
        if (figure == null) {
            if (given()) {
                throw new ParameterException(spec.commandLine(), "--size is for --figure, which isn't given");
            }
            return;
        }
        if (!figure.toString().toLowerCase(Locale.ROOT).matches(".*\\.(png|svg|pdf)")) {
            throw new ParameterException(
                    spec.commandLine(), "--figure is " + figure + ", expected a name that ends in .png, .svg or .pdf");
        }
        AtomicFiles.requireWritable(figure);
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
