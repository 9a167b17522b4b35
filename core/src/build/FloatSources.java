import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes the float twins of classes for double: {@code FloatEulerStep} from {@code EulerStep}, {@code SimdFloatKernels} from
 * {@code SimdKernels}, into the same package. The build runs it before it compiles:
 *
 * <pre>java src/build/FloatSources.java src/main/java target/generated-sources/float
 * java src/build/FloatSources.java src/test/java target/generated-test-sources/float</pre>
 *
 * <p>It replaces types and names of classes, gives literals an f, and rounds what Math has for double only. What isn't that
 * simple is marked in the source, where the reader sees both:
 *
 * <pre>
 *     // float: CODE            CODE stands in place of the next statement (or of a line that ends with a brace)
 *     // float adds: CODE       CODE is added
 *     ... // stays double       nothing on this line is replaced but names of classes
 *     // not in float           the declaration below, a method or a class, is left out
 * </pre>
 *
 * <p>Classes that have nothing in common but their purpose are written by hand, both of them: Tanh and FloatTanh. Anything
 * that it does not know ends it with one line.
 */
public final class FloatSources {
    /** Classes with a twin that is generated, by package; some are in the benchmarks. A test's twin is generated where its source is among the tests. */
    private static final Map<String, List<String>> GENERATED = new LinkedHashMap<>();

    /** Classes with a twin that is written by hand. */
    private static final Set<String> BY_HAND =
            Set.of("Fma", "KernelChoice", "SimdTanh", "SoftFmaRow", "Softplus", "Tanh", "TanhLoops");

    static {
        GENERATED.put(
                "kernel",
                List.of(
                        "Activation",
                        "FactorProduct",
                        "JblasKernels",
                        "Kernels",
                        "ScalarKernels",
                        "SimdKernels",
                        "SimdOuterTiles",
                        "SimdProductTiles",
                        "SliceBounds",
                        "SoftFmaKernels"));
        GENERATED.put(
                "engine",
                List.of(
                        "Adam",
                        "Backward",
                        "BatchGradient",
                        "EulerStep",
                        "ExtraTerms",
                        "Optimizer",
                        "Sgd",
                        "TapePlan",
                        "TrialRows"));
        GENERATED.put("dynamics", List.of("Simulator", "Stepper"));
        GENERATED.put("bench", List.of("ComparedSteps", "StepKernels", "TrainingSteps"));
    }

    /** Tests with a generated twin, by package. */
    private static final Map<String, List<String>> TESTS = new LinkedHashMap<>();

    static {
        TESTS.put("kernel", List.of("JblasContractTest", "SoftFmaContractTest", "VectorKernelContractTest"));
    }

    /** Words with their counterparts. */
    private static final Map<String, String> WORDS = Map.of(
            "double", "float",
            "Double", "Float",
            "DoubleVector", "FloatVector",
            "dgemm", "sgemm",
            "reinterpretAsLongs", "reinterpretAsInts",
            "reinterpretAsDoubles", "reinterpretAsFloats",
            "doubleToLongBits", "floatToIntBits",
            "doubleToRawLongBits", "floatToRawIntBits");

    /** Words that have none that fits everywhere. */
    private static final Set<String> UNKNOWN =
            Set.of("DoubleStream", "DoubleSummaryStatistics", "LongVector", "StrictMath", "longBitsToDouble", "strictfp");

    /** Functions of Math that exist for float too. */
    private static final Set<String> MATH_BOTH =
            Set.of("abs", "copySign", "fma", "max", "min", "multiplyExact", "nextDown", "nextUp", "scalb", "ulp");

    /** Functions of Math for double only whose result, rounded to float, is the best float. */
    private static final Set<String> MATH_ROUNDED = Set.of("sqrt");

    private static final Pattern TOKEN = Pattern.compile(
            "(?<space>\\s+)"
                    + "|(?<comment>//[^\\n]*|/\\*.*?\\*/)"
                    + "|(?<string>\"\"\".*?\"\"\"|\"(?:\\\\.|[^\"\\\\])*\"|'(?:\\\\.|[^'\\\\])*')"
                    + "|(?<real>0[xX][0-9a-fA-F_]*\\.?[0-9a-fA-F_]*[pP][+-]?\\d+|\\d[\\d_]*\\.\\d[\\d_]*(?:[eE][+-]?\\d+)?|\\d[\\d_]*[eE][+-]?\\d+|\\d[\\d_]*\\.(?!\\.))(?![fF])"
                    + "|(?<number>0[xX][0-9a-fA-F_]+[lL]?|\\d[\\w.]*)"
                    + "|(?<word>[A-Za-z_$][\\w$]*)"
                    + "|(?<other>.)",
            Pattern.DOTALL);

    private final String file;
    private final StringBuilder out = new StringBuilder();

    private FloatSources(String file) {
        this.file = file;
    }

    public static void main(String[] args) throws IOException {
        try {
            Path from = Path.of(args[0]);
            Path to = Path.of(args[1]);
            boolean tests = from.endsWith(Path.of("test", "java"));
            for (Map.Entry<String, List<String>> entry : (tests ? TESTS : GENERATED).entrySet()) {
                Path folder = Path.of("attractor", entry.getKey());
                if (!Files.isDirectory(from.resolve(folder))) {
                    continue; // a package of another module
                }
                for (String name : entry.getValue()) {
                    Path source = from.resolve(folder).resolve(name + ".java");
                    String text = Files.readString(source).replace("\r\n", "\n");
                    Path target = to.resolve(folder).resolve(twin(name) + ".java");
                    String twin = new FloatSources(source.toString()).convert(text);
                    // An unchanged file keeps its time, so that nothing is compiled again.
                    if (!Files.exists(target) || !Files.readString(target).equals(twin)) {
                        Files.createDirectories(target.getParent());
                        Files.writeString(target, twin);
                    }
                }
            }
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    /** The name of a class's twin. */
    private static String twin(String name) {
        return name.startsWith("Simd") ? "SimdFloat" + name.substring("Simd".length()) : "Float" + name;
    }

    private static boolean hasTwin(String word) {
        return BY_HAND.contains(word)
                || GENERATED.values().stream().anyMatch(names -> names.contains(word))
                || TESTS.values().stream().anyMatch(names -> names.contains(word));
    }

    private String convert(String text) {
        List<String> lines = new ArrayList<>(List.of(text.split("\n", -1)));
        StringBuilder segment = new StringBuilder();
        int segmentAt = 1;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            String trimmed = line.trim();
            boolean marked = trimmed.startsWith("// float: ")
                    || trimmed.startsWith("// float adds: ")
                    || trimmed.equals("// not in float")
                    || trimmed.endsWith("// stays double");
            if (!marked) {
                segment.append(line).append(i + 1 < lines.size() ? "\n" : "");
                continue;
            }
            tokens(segment.toString(), segmentAt);
            segment.setLength(0);
            String indent = line.substring(0, line.indexOf(trimmed));
            if (trimmed.endsWith("// stays double")) {
                names(line.substring(0, line.indexOf("// stays double")).stripTrailing());
                out.append('\n');
            } else if (trimmed.startsWith("// float adds: ")) {
                out.append(indent).append(trimmed.substring("// float adds: ".length())).append('\n');
            } else if (trimmed.startsWith("// float: ")) {
                out.append(indent).append(trimmed.substring("// float: ".length())).append('\n');
                do {
                    i++;
                    require(i < lines.size(), i, "nothing to replace below '" + trimmed + "'");
                } while (!lines.get(i).matches(".*[;{}]\\s*(//.*)?"));
            } else {
                i = endOfDeclaration(lines, i + 1);
            }
            segmentAt = i + 2;
        }
        tokens(segment.toString(), segmentAt);
        String name = Path.of(file).getFileName().toString();
        return "// Generated from " + name + ". DO NOT MODIFY: edit that, see src/build/FloatSources.java.\n" + out;
    }

    /** The index of the last line of the declaration that begins at a line: of its braces, or of its semicolon. */
    private int endOfDeclaration(List<String> lines, int from) {
        int depth = 0;
        boolean comment = false;
        for (int i = from; i < lines.size(); i++) {
            String line = lines.get(i);
            comment = comment || line.trim().startsWith("/*");
            if (comment) {
                comment = !line.contains("*/");
                continue;
            }
            for (char c : line.replaceAll("\"(\\\\.|[^\"\\\\])*\"|//.*", "").toCharArray()) {
                depth += c == '{' ? 1 : c == '}' ? -1 : 0;
            }
            if (depth == 0 && line.matches(".*[;}]\\s*")) {
                // The empty line after it goes too.
                return i + 1 < lines.size() && lines.get(i + 1).isBlank() ? i + 1 : i;
            }
        }
        throw failure(from, "no end of the declaration below '// not in float'");
    }

    /** Converts text without marks. */
    private void tokens(String text, int firstLine) {
        Matcher m = TOKEN.matcher(text);
        int line = firstLine;
        String before = "";
        while (m.lookingAt()) {
            String token = m.group();
            if (m.group("comment") != null) {
                out.append(comment(token));
            } else if (m.group("real") != null) {
                out.append(literal(token, line));
            } else if (m.group("string") != null) {
                out.append(token);
            } else if (m.group("word") != null) {
                out.append(word(token, before, text, m.end(), line));
            } else {
                out.append(token);
            }
            if (m.group("space") == null && m.group("comment") == null) {
                before = token;
            }
            line += (int) token.chars().filter(c -> c == '\n').count();
            m.region(m.end(), text.length());
        }
    }

    private String word(String token, String before, String text, int end, int line) {
        require(!UNKNOWN.contains(token), line, token + " has no counterpart for float");
        if (token.equals("Math") && text.startsWith(".", end)) {
            Matcher function = Pattern.compile("\\.(\\w+)").matcher(text).region(end, text.length());
            require(function.lookingAt(), line, "Math without a function");
            String name = function.group(1);
            require(
                    MATH_BOTH.contains(name) || MATH_ROUNDED.contains(name),
                    line,
                    "Math." + name + " has no counterpart for float");
            return MATH_ROUNDED.contains(name) ? "(float) Math" : "Math";
        }
        if (token.equals("random") && text.substring(end).matches("(?s)\\.next(Gaussian|Double)\\(.*")) {
            return "(float) random";
        }
        if (WORDS.containsKey(token)) {
            return WORDS.get(token);
        }
        // A member of that name is no class.
        return hasTwin(token) && !before.equals(".") || hasTwin(token) && text.lastIndexOf("import ", end) > text.lastIndexOf(";", end - 1)
                ? twin(token)
                : token;
    }

    /** On a line whose types stay, only names of classes change. */
    private void names(String line) {
        Matcher m = Pattern.compile("\\w+").matcher(line);
        while (m.find()) {
            m.appendReplacement(out, hasTwin(m.group()) ? twin(m.group()) : m.group());
        }
        m.appendTail(out);
    }

    private String literal(String token, int line) {
        double value = Double.parseDouble(token.replace("_", ""));
        float rounded = (float) value;
        require(
                Float.isFinite(rounded) && (value == 0) == (rounded == 0),
                line,
                token + " is not a float, expected a magnitude from 1.4e-45 to 3.4e38");
        return token + "f";
    }

    /** A comment in which the classes are linked and the types named that the twin has. */
    private static String comment(String text) {
        String s = text.replaceAll("\\bdoubles\\b", "floats")
                .replaceAll("\\bdouble\\b", "float")
                .replaceAll("\\bDouble\\b", "Float")
                .replace("of 64 bits", "of 32 bits");
        Matcher block = Pattern.compile("\\{@(?:link|code)\\b[^}]*}|@throws [\\w.]+|\\bnew \\w+").matcher(s);
        StringBuilder converted = new StringBuilder();
        while (block.find()) {
            Matcher word = Pattern.compile("(?<![\\w.])[A-Z]\\w+").matcher(block.group());
            String changed = word.replaceAll(w -> hasTwin(w.group()) ? twin(w.group()) : w.group());
            block.appendReplacement(converted, Matcher.quoteReplacement(changed));
        }
        return block.appendTail(converted).toString();
    }

    private void require(boolean condition, int line, String message) {
        if (!condition) {
            throw failure(line, message);
        }
    }

    private IllegalArgumentException failure(int line, String message) {
        return new IllegalArgumentException(file + ":" + line + ": " + message
                + "; mark the line as FloatSources says, or teach it");
    }
}
