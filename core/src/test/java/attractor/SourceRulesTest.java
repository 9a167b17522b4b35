package attractor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/**
 * What a library owes those who embed it, asked of every source: what is public is documented and says which threads may use it, nothing
 * is kept in static fields, printed, or ended.
 */
class SourceRulesTest {
    /** What may break a rule, by type and rule, each for the reason that its Javadoc gives. */
    private static final Map<String, Set<String>> EXCEPTIONS = Map.of(
            "attractor.kernel.KernelChoice", Set.of("static state chosen", "static state FAILURES"),
            "attractor.kernel.FloatKernelChoice", Set.of("static state columns"),
            "attractor.kernel.KernelChoice.Advice", Set.of("calls getLogger"),
            "attractor.kernel.KernelChoice.NoInstruction", Set.of("calls getLogger"),
            "attractor.kernel.JblasKernels", Set.of("names System.out", "names System.err", "calls getLogger"),
            // A record, whatever its name ends in.
            "attractor.statistics.ConfidenceSet", Set.of("static state ALL"));

    /** Where {@code Math.fma}, slow on some machines, is meant: elsewhere {@code Fma.fma} has the same bits. */
    private static final Pattern MAY_CALL_MATH_FMA = Pattern.compile(
            "attractor\\.kernel\\.(Float)?(Fma|ScalarKernels|SimdKernels|TanhLoops)|attractor\\.peak\\.PeakFlops(\\.ArrayLoops)?"
                    + "|attractor\\.statistics\\.Distributions");

    /** Types whose values change, and how values of the rest of them are made that don't. */
    private static final Pattern CONTAINER = Pattern.compile(
            "((java\\.util\\.)?(\\w*(Map|Set|List|Deque|Queue|Collection|Buffer|Builder|Adder)|Atomic\\w*|ThreadLocal|Random))(<.*)?");

    private static final Pattern FIXED = Pattern.compile(
            "(List|Set|Map)\\.(of|copyOf)\\(.*|Collections\\.unmodifiable.*|.*\\.toList\\(\\)", Pattern.DOTALL);

    private static final Set<String> FORBIDDEN_CALLS =
            Set.of("exit", "halt", "printStackTrace", "getLogger", "addShutdownHook", "setProperty");

    @Test
    void coreKeepsTheRules() throws IOException {
        List<JavaFileObject> sources = new ArrayList<>();
        try (Stream<Path> files = Files.walk(Path.of("src", "main", "java"))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
                sources.add(new Source(file.toUri(), Files.readString(file, StandardCharsets.UTF_8)));
            }
        }
        assertTrue(sources.size() > 80, sources.size() + " sources");
        assertEquals("", String.join("\n", violations(sources)));
    }

    @Test
    void everyRuleCatchesWhatBreaksIt() throws IOException {
        String text = """
                package attractor;
                /** Documented. */
                public class Bad {
                    private static int count;
                    static final java.util.List<String> SEEN = new java.util.ArrayList<>();
                    static final double[] TABLE = {1};
                    private static final double[] HIDDEN_TABLE = {1};
                    static final java.util.List<String> NAMES = List.of("a");
                    static final int LIMIT = 3;
                    public int field;
                    public void method() {
                        System.out.println();
                        new Exception().printStackTrace(System.err);
                        System.exit((int) Math.fma(1, 1, 1));
                    }
                    /** Belongs to one thread. */
                    public interface Inner {
                        int size();
                        enum Kind { A }
                    }
                    class Hidden { public void method() {} }
                }
                """;
        assertEquals(
                List.of(
                        "attractor.Bad: no word on threads in its Javadoc",
                        "attractor.Bad: static state count",
                        "attractor.Bad: static state SEEN",
                        "attractor.Bad: static state TABLE",
                        "attractor.Bad: no Javadoc of field",
                        "attractor.Bad: no Javadoc of method",
                        "attractor.Bad: names System.out",
                        "attractor.Bad: calls printStackTrace",
                        "attractor.Bad: names System.err",
                        "attractor.Bad: calls exit",
                        "attractor.Bad: calls Math.fma",
                        "attractor.Bad.Inner: no Javadoc of size",
                        "attractor.Bad.Inner.Kind: no Javadoc",
                        "attractor.Bad.Inner.Kind: no Javadoc of A"),
                violations(List.of(new Source(URI.create("string:///attractor/Bad.java"), text))));
    }

    private static List<String> violations(List<? extends JavaFileObject> sources) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<String> found = new ArrayList<>();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            JavacTask task = (JavacTask) compiler.getTask(null, files, null, List.of("-proc:none"), null, sources);
            DocTrees docs = DocTrees.instance(task);
            for (CompilationUnitTree unit : task.parse()) {
                new Rules(docs, found).scan(unit, null);
            }
        }
        return found;
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(URI uri, String text) {
            super(uri, Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    private static final class Rules extends TreePathScanner<Void, Void> {
        private final DocTrees docs;
        private final List<String> found;
        /** The type that is being visited, and whether it and all around it are public. */
        private String type = "";

        private boolean visible = true;
        private boolean members; // of an interface or annotation: public without the word

        Rules(DocTrees docs, List<String> found) {
            this.docs = docs;
            this.found = found;
        }

        private void report(String what) {
            if (!EXCEPTIONS.getOrDefault(type, Set.of()).contains(what)) {
                found.add(type + ": " + what);
            }
        }

        private boolean isPublic(Set<Modifier> modifiers) {
            return members || modifiers.contains(Modifier.PUBLIC);
        }

        private boolean inType() {
            return getCurrentPath().getParentPath().getLeaf() instanceof ClassTree;
        }

        @Override
        public Void visitClass(ClassTree node, Void unused) {
            if (node.getSimpleName().contentEquals("")) {
                return super.visitClass(node, null); // anonymous
            }
            String outerType = type;
            boolean outerVisible = visible;
            boolean outerMembers = members;
            TreePath parent = getCurrentPath().getParentPath();
            boolean local = !(parent.getLeaf() instanceof ClassTree || parent.getLeaf() instanceof CompilationUnitTree);
            visible = visible && !local && isPublic(node.getModifiers().getFlags());
            members = node.getKind() == Tree.Kind.INTERFACE || node.getKind() == Tree.Kind.ANNOTATION_TYPE;
            type = (type.isEmpty()
                            ? String.valueOf(
                                    getCurrentPath().getCompilationUnit().getPackageName())
                            : type)
                    + "." + node.getSimpleName();
            if (visible) {
                String doc = docs.getDocComment(getCurrentPath());
                if (doc == null) {
                    report("no Javadoc");
                } else if (!doc.toLowerCase(Locale.ROOT).contains("thread")) {
                    report("no word on threads in its Javadoc");
                }
            }
            super.visitClass(node, null);
            type = outerType;
            visible = outerVisible;
            members = outerMembers;
            return null;
        }

        @Override
        public Void visitMethod(MethodTree node, Void unused) {
            boolean overrides = node.getModifiers().getAnnotations().stream()
                    .anyMatch(a -> a.getAnnotationType().toString().equals("Override"));
            // A constructor that javac made has no source; a record's compact one only checks what the record's Javadoc
            // says.
            boolean constructor = node.getReturnType() == null;
            if (visible
                    && !overrides
                    && !constructor
                    && isPublic(node.getModifiers().getFlags())
                    && docs.getDocComment(getCurrentPath()) == null) {
                report("no Javadoc of " + node.getName());
            }
            return super.visitMethod(node, null);
        }

        @Override
        public Void visitVariable(VariableTree node, Void unused) {
            if (inType()) {
                Set<Modifier> flags = node.getModifiers().getFlags();
                if (visible && isPublic(flags) && docs.getDocComment(getCurrentPath()) == null) {
                    report("no Javadoc of " + node.getName());
                }
                if (flags.contains(Modifier.STATIC) && (!flags.contains(Modifier.FINAL) || !isConstant(node))) {
                    report("static state " + node.getName());
                }
            }
            return super.visitVariable(node, null);
        }

        /** A final array that nobody else sees is a table. */
        private static boolean isConstant(VariableTree node) {
            String declared = node.getType().toString();
            if (declared.endsWith("[]")) {
                return node.getModifiers().getFlags().contains(Modifier.PRIVATE);
            }
            return !CONTAINER.matcher(declared).matches()
                    || FIXED.matcher(String.valueOf(node.getInitializer())).matches();
        }

        @Override
        public Void visitMemberSelect(MemberSelectTree node, Void unused) {
            if (node.getExpression() instanceof IdentifierTree from
                    && from.getName().contentEquals("System")
                    && (node.getIdentifier().contentEquals("out")
                            || node.getIdentifier().contentEquals("err"))) {
                report("names System." + node.getIdentifier());
            }
            return super.visitMemberSelect(node, null);
        }

        @Override
        public Void visitMethodInvocation(MethodInvocationTree node, Void unused) {
            ExpressionTree method = node.getMethodSelect();
            String name = method instanceof MemberSelectTree select
                    ? select.getIdentifier().toString()
                    : method.toString();
            if (FORBIDDEN_CALLS.contains(name)) {
                report("calls " + name);
            }
            if (method.toString().equals("Math.fma")
                    && !MAY_CALL_MATH_FMA.matcher(type).matches()) {
                report("calls Math.fma");
            }
            return super.visitMethodInvocation(node, null);
        }
    }
}
