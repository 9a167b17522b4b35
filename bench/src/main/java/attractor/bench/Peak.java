package attractor.bench;

import attractor.peak.PeakFlops;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The peak of one thread, measured in a JVM of its own, which waits in between: vectors of double beside those of float, or of another
 * length, would make HotSpot compile the kernels badly. Belongs to one thread. The JVM ends with this one.
 */
final class Peak {
    private final Writer ask;
    private final BufferedReader answers;

    /** Starts the other JVM, with the vectors of this one. */
    Peak() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()) {
            command.add("--add-modules=jdk.incubator.vector");
        }
        String bits = System.getProperty("attractor.vectorBits");
        if (bits != null) {
            command.add("-Dattractor.vectorBits=" + bits);
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Peak.class.getName()));
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            ask = process.outputWriter(StandardCharsets.US_ASCII);
            answers = process.inputReader(StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The rate now, see {@link PeakFlops#measure}. */
    double measure() {
        try {
            ask.write('\n');
            ask.flush();
            String answer = answers.readLine();
            if (answer == null) {
                throw new IllegalStateException("the JVM that measures the peak has ended");
            }
            return Double.parseDouble(answer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Answers each line with the peak, until there are no more. */
    public static void main(String[] args) throws IOException {
        PeakFlops peak = PeakFlops.find();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        while (in.readLine() != null) {
            System.out.println(peak.measure());
        }
    }
}
