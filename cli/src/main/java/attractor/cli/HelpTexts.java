package attractor.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Ansi.Text;
import picocli.CommandLine.Help.ColorScheme;
import picocli.CommandLine.Help.Layout;
import picocli.CommandLine.IHelpSectionRenderer;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * Keeps the words of help texts whole. By default picocli breaks lines after hyphens, slashes and dots. So during the
 * layout the characters of words are replaced by characters of the private use area, at which it doesn't break.
 */
final class HelpTexts {
    private static final char FIRST = '\ue000';
    /** {@code ${...}} contains a name, which picocli replaces, and {@code %n} is a new line. */
    private static final Pattern WORD = Pattern.compile("\\$\\{[^}]*}|%n|[!-~&&[^$%]]+");

    private HelpTexts() {}

    /** Applies this to a command and its subcommands. */
    static void keepWordsWhole(CommandLine line) {
        line.setHelpFactory(Whole::new);
        Map<String, IHelpSectionRenderer> sections = new LinkedHashMap<>();
        line.getHelpSectionMap().forEach((name, section) -> sections.put(name, help -> plain(section.render(help))));
        line.setHelpSectionMap(sections);
    }

    private static String whole(String text) {
        return WORD.matcher(text).replaceAll(word -> Matcher.quoteReplacement(standIn(word.group())));
    }

    private static String standIn(String word) {
        return word.startsWith("${") || word.equals("%n") ? word : shifted(word, '!', '~', FIRST);
    }

    static String plain(String text) {
        return shifted(text, (char) (FIRST + '!'), (char) (FIRST + '~'), -FIRST);
    }

    private static String shifted(String text, char first, char last, int by) {
        StringBuilder shifted = new StringBuilder(text);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= first && c <= last) {
                shifted.setCharAt(i, (char) (c + by));
            }
        }
        return shifted.toString();
    }

    private static String[] whole(String... texts) {
        return Stream.of(texts).map(HelpTexts::whole).toArray(String[]::new);
    }

    private static final class Whole extends Help {
        Whole(CommandSpec command, ColorScheme colors) {
            super(command, colors);
            UsageMessageSpec message = command.usageMessage();
            message.description(whole(message.description()));
            message.footer(whole(message.footer()));
            message.abbreviateSynopsis(true); // the options are listed below
        }

        @Override
        public Layout createDefaultLayout(
                List<OptionSpec> options, List<PositionalParamSpec> positionals, ColorScheme colors) {
            Layout usual = super.createDefaultLayout(options, positionals, colors);
            return new Layout(
                    colors, usual.textTable(), createDefaultOptionRenderer(), createDefaultParameterRenderer()) {
                @Override
                public void layout(ArgSpec argument, Text[][] cells) {
                    for (Text[] row : cells) {
                        for (int i = 0; i < row.length; i++) {
                            row[i] = Ansi.OFF.new Text(whole(row[i].toString()));
                        }
                    }
                    super.layout(argument, cells);
                }
            };
        }
    }
}
