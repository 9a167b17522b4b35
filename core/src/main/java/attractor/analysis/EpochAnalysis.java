package attractor.analysis;

import attractor.io.Printable;
import attractor.model.Rnn;
import attractor.task.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A network followed through its training, from epoch to epoch: paths of the eigenvalues of W_rec, fixed points, and
 * trajectories in one common basis.
 *
 * <p>Eigenvalues of two epochs are paired so that the sum of the squares of the distances in the complex plane is as
 * small as possible. Where two eigenvalues come closer to each other than they move per epoch, the pairing is a guess.
 *
 * <p>Thread-safe as long as the arrays are not modified; they are not copied.
 *
 * @param spectra the spectra of the E epochs, without eigenvectors
 * @param re real parts along the paths, {@code re[e * N + p]} for path p; paths are in the order of the first epoch's
 *     spectrum
 * @param im imaginary parts, likewise
 * @param fixedPoints the fixed points of each epoch, all from the same random numbers
 * @param trajectories the trajectories of each epoch on the same trials; empty without a task
 * @param pca principal components of all epochs' states together, without padding; row {@code (e * S + s) * T + t} of
 *     the projection is a step, NaN in the padding; empty without a task
 */
public record EpochAnalysis(
        List<Spectrum> spectra,
        double[] re,
        double[] im,
        List<FixedPoints> fixedPoints,
        List<Trajectories> trajectories,
        Optional<Pca> pca) {

    /**
     * Analyses the networks of a training.
     *
     * @param networks the networks of E epochs in their order, at least one, all with the same number of units. Not
     *     modified.
     * @param task the task, with the noise that trials should have; empty if it isn't known
     * @param options how to search for fixed points
     * @param seed seed of the trials' noise
     * @throws IllegalArgumentException if networks and task don't fit together, or a parameter isn't finite
     * @throws IllegalStateException if eigenvalues don't converge, or without EJML on the class path
     */
    public static EpochAnalysis of(List<Rnn> networks, Optional<Task> task, FixedPoints.Options options, long seed) {
        Ejml.require();
        int n = networks.get(0).units();
        int count = networks.size();
        List<Spectrum> spectra = new ArrayList<>();
        List<FixedPoints> fixedPoints = new ArrayList<>();
        List<Trajectories> trajectories = new ArrayList<>();
        double[] re = new double[count * n];
        double[] im = new double[count * n];
        for (int e = 0; e < count; e++) {
            Rnn network = networks.get(e);
            if (network.units() != n) {
                throw new IllegalArgumentException("network " + e + " has " + Printable.count(network.units(), "unit")
                        + ", expected N = " + n + " as the first");
            }
            Spectrum spectrum = Spectrum.withoutVectors(network);
            spectra.add(spectrum);
            int[] partner = e == 0 ? null : match(n, re, im, (e - 1) * n, spectrum);
            for (int p = 0; p < n; p++) {
                int k = partner == null ? p : partner[p];
                re[e * n + p] = spectrum.re()[k];
                im[e * n + p] = spectrum.im()[k];
            }
            fixedPoints.add(FixedPoints.of(network, NetworkAnalysis.states(network, task, options, seed), options));
            task.ifPresent(t -> trajectories.add(Trajectories.of(network, t, seed)));
        }
        Optional<Pca> pca = Optional.empty();
        if (task.isPresent()) {
            double[] states = joined(trajectories, Trajectories::states);
            Pca own = Pca.of(states, n, NetworkAnalysis.COMPONENTS);
            double[] all = joined(trajectories, Trajectories::h);
            pca = Optional.of(all.length == states.length ? own : own.withProjection(own.project(all)));
        }
        return new EpochAnalysis(
                List.copyOf(spectra), re, im, List.copyOf(fixedPoints), List.copyOf(trajectories), pca);
    }

    /** The states of all epochs, one after the other. */
    private static double[] joined(List<Trajectories> trajectories, Function<Trajectories, double[]> states) {
        int length = states.apply(trajectories.get(0)).length;
        double[] all = new double[Math.multiplyExact(trajectories.size(), length)];
        for (int e = 0; e < trajectories.size(); e++) {
            System.arraycopy(states.apply(trajectories.get(e)), 0, all, e * length, length);
        }
        return all;
    }

    /**
     * Assigns N eigenvalues to those of another spectrum: the assignment of least cost, by shortest augmenting paths
     * with potentials. Cost O(N^3). Source: R. Jonker, A. Volgenant, Computing 38 (1987), 325.
     */
    private static int[] match(int n, double[] re, double[] im, int from, Spectrum to) {
        double[] rowPotential = new double[n];
        double[] potential = new double[n + 1];
        int[] row = new int[n + 1]; // the row of column j; each search starts at column n
        Arrays.fill(row, -1);
        for (int first = 0; first < n; first++) {
            row[n] = first;
            double[] least = new double[n];
            Arrays.fill(least, Double.POSITIVE_INFINITY);
            int[] before = new int[n];
            boolean[] done = new boolean[n + 1];
            int j = n;
            while (row[j] >= 0) {
                done[j] = true;
                int i = row[j];
                int next = -1;
                for (int c = 0; c < n; c++) {
                    if (!done[c]) {
                        double dRe = re[from + i] - to.re()[c];
                        double dIm = im[from + i] - to.im()[c];
                        double cost = dRe * dRe + dIm * dIm - rowPotential[i] - potential[c];
                        if (cost < least[c]) {
                            least[c] = cost;
                            before[c] = j;
                        }
                        if (next < 0 || least[c] < least[next]) {
                            next = c;
                        }
                    }
                }
                double step = least[next];
                for (int c = 0; c <= n; c++) {
                    if (done[c]) {
                        rowPotential[row[c]] += step;
                        potential[c] -= step;
                    } else {
                        least[c] -= step;
                    }
                }
                j = next;
            }
            while (j != n) {
                row[j] = row[before[j]];
                j = before[j];
            }
        }
        int[] partner = new int[n];
        for (int c = 0; c < n; c++) {
            partner[row[c]] = c;
        }
        return partner;
    }

    /** Short, since the arrays are long. */
    @Override
    public String toString() {
        return "EpochAnalysis[E=" + spectra.size() + ", spectra=" + spectra + "]";
    }
}
