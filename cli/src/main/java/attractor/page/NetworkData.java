package attractor.page;

import static attractor.page.PageFile.doubles;
import static attractor.page.PageFile.floats;

import attractor.analysis.Attractors.Attractor;
import attractor.analysis.Eigenvectors;
import attractor.analysis.EpochAnalysis;
import attractor.analysis.FixedPoints;
import attractor.analysis.Lesion;
import attractor.analysis.Multipliers;
import attractor.analysis.NetworkAnalysis;
import attractor.analysis.Pca;
import attractor.analysis.Spectrum;
import attractor.analysis.Trajectories;
import attractor.model.Rnn;
import attractor.task.Criterion;
import attractor.task.Task;
import attractor.task.Tasks;
import attractor.task.Trials;
import attractor.train.EpochSummary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the page knows about a network: its analysis as {@code analysis.json} has it, its parameters, and the arrays that
 * are drawn. Arrays are base64 of little-endian doubles, or of floats where they are only drawn: states of trials, and
 * trajectories of epochs. Not thread-safe.
 */
public final class NetworkData {
    /** So many eigenmodes can be removed; each is four vectors. */
    private static final int MODES = 50;

    /** Evaluation trials over which the page says whether a network passes, as {@code evaluate} does. */
    private static final int TRIALS = 200;

    /** So many bytes may trials of other tasks take in the page, about. */
    private static final int MOST_BYTES = 400_000;

    /** So many bytes may states of trials take. */
    private static final int MOST_BYTES_OF_STATES = 200_000;

    /** So many products may the page spend on states that it computes when it opens. */
    private static final long MOST_PRODUCTS = 50_000_000;

    /** Tasks whose trials trials.js draws; a task of the user's own may have such a name too. */
    private static final Set<String> DRAWN = Set.of("pulse", "and", "or", "xor", "not", "flipflop", "oscillation");

    private final Map<String, Object> json = new LinkedHashMap<>();
    private final NetworkAnalysis analysis;
    private final Rnn rnn;

    /**
     * The data of a network.
     *
     * @param name how the page calls it
     * @param analysis its analysis
     * @param document the analysis as {@code analysis.json} has it
     * @param summary the analysis in words, a line each
     * @param seed of the analysis's trials
     */
    public NetworkData(
            String name, NetworkAnalysis analysis, Map<String, Object> document, List<String> summary, long seed) {
        this.analysis = analysis;
        rnn = analysis.network();
        json.put("name", name);
        json.put("analysis", document);
        json.put("summary", summary);
        json.put("seed", Long.toString(seed)); // a double doesn't hold every long
        json.put("network", network());
        json.put("initialWRec", analysis.initial().map(r -> doubles(r.wRec())).orElse(null));
        json.put("modes", modes());
        json.put("task", analysis.task().map(NetworkData::task).orElse(null));
        json.put("trials", analysis.trajectories().map(this::trials).orElse(null));
        json.put(
                "more",
                analysis.task()
                        .filter(task -> !builtIn(task))
                        .map(task -> more(task, seed))
                        .orElse(null));
        json.put("pca", analysis.pca().map(NetworkData::pca).orElse(null));
        json.put(
                "points",
                doubles(states(analysis.fixedPoints().points().stream()
                        .map(FixedPoints.Point::state)
                        .toList())));
        json.put(
                "slow",
                doubles(states(analysis.fixedPoints().slow().stream()
                        .map(FixedPoints.SlowPoint::state)
                        .toList())));
        json.put(
                "attractors",
                analysis.attractors()
                        .map(a -> a.attractors().stream()
                                .map(Attractor::states)
                                .map(PageFile::doubles)
                                .toList())
                        .orElse(List.of()));
        json.put("history", List.of());
        json.put("epochs", null);
    }

    /** Adds the losses of the epochs. */
    public void history(List<EpochSummary> history) {
        List<Object> list = new ArrayList<>();
        for (EpochSummary epoch : history) {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("epoch", epoch.number());
            map.put("loss", epoch.loss());
            map.put("validationLoss", epoch.validationLoss());
            list.add(map);
        }
        json.put("history", list);
    }

    /** Adds what became of the network from epoch to epoch. */
    public void epochs(EpochAnalysis epochs, List<Integer> numbers) {
        int n = rnn.units();
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("numbers", numbers);
        map.put("re", doubles(epochs.re()));
        map.put("im", doubles(epochs.im()));
        Optional<Pca> pca = epochs.pca();
        map.put("explained", pca.map(Pca::explained).orElse(null));
        map.put("kept", pca.map(Pca::kept).orElse(0));
        map.put("projection", pca.map(p -> floats(p.projection())).orElse(null));
        List<Object> points = new ArrayList<>();
        for (FixedPoints found : epochs.fixedPoints()) {
            Map<String, Object> of = new LinkedHashMap<>();
            of.put(
                    "unstable",
                    found.points().stream()
                            .map(p -> p.multipliers().map(Multipliers::unstable).orElse(null))
                            .toList());
            double[] states =
                    states(found.points().stream().map(FixedPoints.Point::state).toList());
            of.put("at", pca.map(p -> floats(p.project(states))).orElse(null));
            points.add(of);
        }
        map.put("points", points);
        map.put("units", n);
        json.put("epochs", map);
    }

    /** The document. */
    Map<String, Object> toJson() {
        return json;
    }

    private Map<String, Object> network() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("units", rnn.units());
        map.put("inputs", rnn.inputs());
        map.put("outputs", rnn.outputs());
        map.put("activation", rnn.activation().id());
        map.put("form", rnn.form().id());
        map.put("dtMs", rnn.dtMs());
        map.put("tauMs", rnn.tauMs());
        map.put("noiseSd", rnn.noiseSd());
        map.put("rectified", rnn.noiseIsRectified());
        map.put("wIn", doubles(rnn.copyOf(rnn.shape().wIn())));
        map.put("wRec", doubles(rnn.wRec()));
        map.put("wOut", doubles(rnn.copyOf(rnn.shape().wOut())));
        map.put("bRec", doubles(rnn.copyOf(rnn.shape().bRec())));
        map.put("bOut", doubles(rnn.copyOf(rnn.shape().bOut())));
        map.put("h0", doubles(rnn.copyOf(rnn.shape().h0())));
        return map;
    }

    /** The modes of largest modulus that can be removed, as {@link Lesion.Mode} does it; of a pair the first. */
    private Map<String, Object> modes() {
        Spectrum spectrum = analysis.spectrum();
        Eigenvectors v = spectrum.vectors().orElseThrow();
        int n = rnn.units();
        List<Integer> which = new ArrayList<>();
        for (int k = 0; k < n && which.size() < MODES; k++) {
            if (spectrum.im()[k] >= 0 && v.overlap()[k] >= Lesion.Mode.MIN_OVERLAP) {
                which.add(k);
            }
        }
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("eigenvalues", which);
        map.put("rightRe", rows(v.rightRe(), which));
        map.put("rightIm", rows(v.rightIm(), which));
        map.put("leftRe", rows(v.leftRe(), which));
        map.put("leftIm", rows(v.leftIm(), which));
        return map;
    }

    private Map<String, Object> rows(double[] all, List<Integer> which) {
        int n = rnn.units();
        double[] some = new double[which.size() * n];
        for (int k = 0; k < which.size(); k++) {
            System.arraycopy(all, which.get(k) * n, some, k * n, n);
        }
        return doubles(some);
    }

    private static Map<String, Object> task(Task task) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("name", task.name());
        map.put("description", task.description());
        map.put("steps", task.steps());
        map.put("types", task.types());
        map.put("masked", task.masked());
        map.put("options", task.options().toMap());
        // The page draws trials of these itself; of others it has the ones that were analysed.
        map.put("builtIn", builtIn(task));
        List<Boolean> zero = new ArrayList<>();
        for (int k = 0; k < task.types().size(); k++) {
            zero.add(task.zeroTarget(k));
        }
        map.put("zeroTarget", zero);
        map.put("trials", TRIALS);
        map.put("readout", task.readout().kind().name().toLowerCase(Locale.ROOT));
        map.put("levels", task.readout().levels());
        map.put("minAccuracy", Criterion.DEFAULT.minAccuracy());
        map.put("maxRmse", Criterion.DEFAULT.maxRmse());
        map.put("maxShareOfZero", Criterion.DEFAULT.maxShareOfZero());
        return map;
    }

    private static boolean builtIn(Task task) {
        return DRAWN.contains(task.name())
                && task.getClass() == Tasks.byName(task.name()).getClass();
    }

    /** The first of the trials that {@code evaluate} takes, as many as find room: the same number of each type. */
    private static Map<String, Object> more(Task task, long seed) {
        int types = task.types().size();
        int inputs = task.steps() * task.inputs();
        int outputs = task.steps() * task.outputs();
        int most = (int) Math.min(TRIALS, MOST_BYTES / (5.4 * (inputs + outputs * (task.masked() ? 2 : 1))));
        int count = Math.max(1, most / types) * types;
        double[] x = new double[count * inputs];
        double[] target = new double[count * outputs];
        double[] mask = new double[count * outputs];
        Trials.Reader reader =
                Trials.balanced(task, count, seed, Trials.EVALUATION).reader();
        for (int s = 0; s < count; s++) {
            reader.read(s, x, s * inputs, target, s * outputs, mask, s * outputs);
        }
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("count", count);
        map.put("x", floats(x));
        map.put("target", floats(target));
        map.put("mask", floats(task.masked() ? mask : new double[0]));
        return map;
    }

    private Map<String, Object> trials(Trajectories t) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("types", t.types());
        map.put(
                "parts",
                t.parts().stream()
                        .map(parts -> parts.stream()
                                .map(p -> List.of(p.name(), p.from(), p.to()))
                                .toList())
                        .toList());
        map.put("steps", t.steps());
        map.put("x", doubles(t.x()));
        map.put("target", doubles(t.target()));
        map.put("mask", floats(t.mask()));
        map.put("h", computed(t) ? null : floats(t.h()));
        map.put("y", doubles(t.y()));
        return map;
    }

    /** Whether the page computes the states of trials itself, since they would make it large. */
    private boolean computed(Trajectories t) {
        return rnn.noiseSd() == 0.0
                && t.h().length * 16L / 3 > MOST_BYTES_OF_STATES
                && (long) t.h().length * rnn.units() < MOST_PRODUCTS;
    }

    private static Map<String, Object> pca(Pca pca) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("kept", pca.kept());
        map.put("mean", doubles(pca.mean()));
        map.put("components", doubles(pca.components()));
        map.put("projection", doubles(pca.projection()));
        return map;
    }

    private static double[] states(List<double[]> states) {
        return states.stream().flatMapToDouble(Arrays::stream).toArray();
    }
}
