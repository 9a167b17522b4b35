package attractor.population;

import attractor.analysis.Eigenvectors;
import attractor.analysis.Spectrum;
import attractor.model.Rnn;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How input and output weights lie to the activity and to the leading modes of W_rec. With the activity A (a state in each
 * column), for weights W (N x O or N x I),
 *
 * <pre>    rho = |W^T A|_F / (|W|_F |A|_F)</pre>
 *
 * from 0 (orthogonal) to 1 (each is a multiple of one direction); the activity is not centred. A random direction has
 * {@code sqrt(1/N)} in the mean square. Source: Schuessler et al. 2024, doi:10.7554/eLife.93060; the lab's scripts of
 * 2026. For a mode the activity is replaced by its invariant subspace, a line or, of a complex pair, the plane of real and
 * imaginary part: the root mean square cosine of the weights' columns with it. Output weights read the right eigenvectors
 * of W_rec, input weights excite its left ones.
 *
 * <p>Needs one trial of each type. Immutable, safe for any thread.
 *
 * @param rows first with activity, then with modes
 */
public record Alignment(List<Row> rows) {
    /** How many modes, a complex pair being one. */
    public static final int MODES = 3;

    /**
     * One pair. Immutable, safe for any thread.
     *
     * @param weights {@code output} or {@code input}: all columns; {@code output 0}, ... if there are several
     * @param with a part of the trial, {@value PopulationTrials#ALL}, {@code mode 0}, ..., or {@code output} for the
     *     columns of the input weights with the output weights
     * @param rho the alignment; NaN if weights or activity are 0
     * @param chance root mean square of a random direction
     */
    public record Row(String weights, String with, double rho, double chance) {}

    /**
     * Analyses a network.
     *
     * @param rnn whose trials these are. Not modified.
     * @param trials Not modified.
     * @param spectrum its spectrum, with eigenvectors. Not modified.
     */
    public static Alignment of(Rnn rnn, PopulationTrials trials, Spectrum spectrum) {
        int n = rnn.units();
        double[] out = rnn.copyOf(rnn.shape().wOut()); // O x N
        double[] in = Matrices.transposed(rnn.copyOf(rnn.shape().wIn()), n, rnn.inputs()); // I x N
        List<String> names = new ArrayList<>();
        List<double[]> weights = new ArrayList<>();
        add("output", out, n, names, weights);
        add("input", in, n, names, weights);
        List<Row> rows = new ArrayList<>();
        double[] means = trials.means();
        List<String> parts = new ArrayList<>(List.of(PopulationTrials.ALL));
        parts.addAll(trials.partNames());
        double any = Math.sqrt(1.0 / n);
        for (int w = 0; w < names.size(); w++) {
            for (String part : parts) {
                double[] states = TrajectoryDimensions.states(
                        trials, means, trials.steps() * n, PopulationTrials.ALL, part);
                rows.add(new Row(names.get(w), part, rho(weights.get(w), states, n), any));
            }
        }
        Eigenvectors vectors = spectrum.vectors().orElseThrow();
        List<Spectrum.Mode> modes = spectrum.leading(MODES);
        for (int w = 0; w < names.size(); w++) {
            boolean reads = names.get(w).startsWith("output");
            for (int m = 0; m < modes.size(); m++) {
                int k = modes.get(m).index();
                double[] re = reads ? vectors.rightRe() : vectors.leftRe();
                double[] im = reads ? vectors.rightIm() : vectors.leftIm();
                boolean pair = modes.get(m).im() != 0.0;
                double[] plane = Arrays.copyOf(Arrays.copyOfRange(re, k * n, (k + 1) * n), pair ? 2 * n : n);
                if (pair) {
                    System.arraycopy(im, k * n, plane, n, n);
                }
                boolean none = Matrices.squares(plane) == 0.0;
                rows.add(new Row(
                        names.get(w),
                        "mode " + m,
                        none ? Double.NaN : cosine(weights.get(w), PrincipalAngles.orthonormal(plane, n), n),
                        Math.sqrt((pair ? 2.0 : 1.0) / n)));
            }
        }
        if (Matrices.squares(out) > 0.0) {
            double[] read = PrincipalAngles.orthonormal(out, n);
            rows.add(new Row("input", "output", cosine(in, read, n), Math.sqrt(read.length / ((double) n * n))));
        }
        return new Alignment(List.copyOf(rows));
    }

    private static void add(String name, double[] w, int n, List<String> names, List<double[]> weights) {
        names.add(name);
        weights.add(w);
        for (int k = 0; k < w.length / n && w.length > n; k++) {
            names.add(name + " " + k);
            weights.add(Arrays.copyOfRange(w, k * n, (k + 1) * n));
        }
    }

    /**
     * {@code |W^T A|_F / (|W|_F |A|_F)}.
     *
     * @param weights columns of W in rows of N. Not modified.
     * @param states columns of A in rows of N. Not modified.
     */
    static double rho(double[] weights, double[] states, int n) {
        int k = weights.length / n;
        int m = states.length / n;
        double both = Matrices.squares(weights) * Matrices.squares(states);
        if (!(both > 0.0)) {
            return Double.NaN;
        }
        double[] projected = Matrices.product(states, Matrices.transposed(weights, k, n), m, n, k);
        return Math.sqrt(Matrices.squares(projected) / both);
    }

    /** The root mean square cosine between the weights and a subspace. */
    private static double cosine(double[] weights, double[] basis, int n) {
        double size = Matrices.squares(weights);
        int k = basis.length / n;
        double[] projected =
                Matrices.product(weights, Matrices.transposed(basis, k, n), weights.length / n, n, k);
        return size > 0.0 ? Math.sqrt(Matrices.squares(projected) / size) : Double.NaN;
    }
}
