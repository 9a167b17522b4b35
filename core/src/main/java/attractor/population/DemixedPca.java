package attractor.population;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Demixed principal components (Kobak et al. 2016, doi:10.7554/eLife.10989). The mean trajectories X, N x KT, each unit
 * centred, are a sum of what depends on time alone, on each factor of the task (and time), and on their interaction. For
 * each of these, X_phi, a decoder D (q x N) and an encoder F (N x q, orthonormal columns) minimise
 *
 * <pre>    |X_phi - F D X|^2 + lambda |F D|^2</pre>
 *
 * whose solution is reduced-rank regression: with {@code A = X_phi X^T (X X^T + lambda I)^-1}, F are the q leading left
 * singular vectors of {@code A [X, sqrt(lambda) I]}, and {@code D = F^T A}. lambda is the one of {@value #LAMBDAS}, from
 * 1e-6 to 0.1 of {@code |X|^2}, with the least error {@code sum_phi |X_phi(others) - F D X(fold)|^2} over {@value #FOLDS}
 * folds of trials, F and D being of the others. Noise of single trials enters only through it. Computed among the leading
 * {@value #MOST_COMPONENTS} principal components of X.
 *
 * <p>The share of a component d with encoder f is {@code 1 - |X - f d X|^2 / |X|^2}; cross-validated, f and d are of the
 * other folds' trials and X is the mean over the fold's, averaged over folds; it may be negative. Encoders of different
 * marginalisations aren't orthogonal, so components overlap, and their shares may add up to more than 1. What adds up is the
 * variance of the marginalisations, {@code |X|^2 = sum_phi |X_phi|^2}, which are orthogonal to each other if the types are all
 * combinations of the factors' levels (Kobak et al., Methods, marginalisation). Needs {@value #LEAST_TRIALS} trials of each type
 * and two types.
 *
 * <p>Thread-safe as long as the arrays are not modified.
 *
 * @param components by marginalisation: time, the factors, the interaction; at most {@value #COMPONENTS} of each
 * @param lambda the penalty over |X|^2
 * @param marginals what there is, in the order of the components
 */
public record DemixedPca(List<Component> components, double lambda, List<Marginal> marginals) {
    /** The fewest trials of each type. */
    public static final int LEAST_TRIALS = 4;

    /** Components of each marginalisation. */
    public static final int COMPONENTS = 3;

    private static final int FOLDS = 4;
    private static final int MOST_COMPONENTS = 24;
    private static final int LAMBDAS = 11;

    /**
     * A marginalisation. Immutable, safe for any thread.
     *
     * @param name {@code time}, the factor's name, or {@value TaskFactors#INTERACTION}
     * @param share |X_phi|^2 / |X|^2; all add up to 1 if the types are all combinations of the factors' levels
     */
    public record Marginal(String name, double share) {}

    /**
     * A component. Thread-safe as long as the arrays are not modified.
     *
     * @param marginal its marginalisation's name
     * @param encoder f, N
     * @param decoder d, N
     * @param share of the variance of mean trajectories, of which other components may have a part too
     * @param crossValidated the same of trials that it was not fitted to
     * @param demixed share of its own marginalisation in the variance of d X
     * @param projection d X, K x T: by type, then by step
     */
    public record Component(
            String marginal,
            double[] encoder,
            double[] decoder,
            double share,
            double crossValidated,
            double demixed,
            double[] projection) {}

    /** Encoder and decoder of one component among principal components. */
    private record Map(double[] f, double[] d) {}

    /**
     * Analyses trials.
     *
     * @param trials Not modified.
     * @throws IllegalArgumentException if a type has fewer than {@value #LEAST_TRIALS} trials, there is one type, or
     *     nothing varies
     */
    public static DemixedPca of(PopulationTrials trials) {
        trials.require(LEAST_TRIALS, "demixed components");
        if (trials.types().size() < 2) {
            throw new IllegalArgumentException("demixed components need 2 types of trial, found 1");
        }
        int n = trials.units();
        int m = trials.types().size() * trials.steps();
        double[] means = trials.means();
        double[] mean = Matrices.columnMeans(means, m, n);
        double[] basis = Subspace.principal(means, n, MOST_COMPONENTS);
        int r = basis.length / n;
        if (r == 0) {
            throw new IllegalArgumentException("demixed components: no unit varies, expected one that does");
        }
        TaskFactors factors = TaskFactors.of(trials.types());
        double[] basisT = Matrices.transposed(basis, r, n);
        double[] x = projected(means, mean, basisT, m, n, r);
        List<double[]> phi = marginals(x, factors, trials.types().size(), trials.steps(), r);
        List<double[]> trainSets = new ArrayList<>();
        List<double[]> testSets = new ArrayList<>();
        int[] order = orderWithinType(trials);
        for (int fold = 0; fold < FOLDS; fold++) {
            int held = fold;
            trainSets.add(projected(trials.means(s -> order[s] % FOLDS != held), mean, basisT, m, n, r));
            testSets.add(projected(trials.means(s -> order[s] % FOLDS == held), mean, basisT, m, n, r));
        }
        double[] errors = new double[LAMBDAS];
        List<List<List<Map>>> fits = new ArrayList<>(); // by lambda, fold, marginal and component
        for (int l = 0; l < LAMBDAS; l++) {
            fits.add(new ArrayList<>());
        }
        for (int fold = 0; fold < FOLDS; fold++) {
            double[] train = trainSets.get(fold);
            Gram gram = new Gram(train, m, r);
            for (int l = 0; l < LAMBDAS; l++) {
                fits.get(l).add(new ArrayList<>());
            }
            for (double[] part : marginals(train, factors, trials.types().size(), trials.steps(), r)) {
                double[] cross = gram.cross(part, m, r);
                for (int l = 0; l < LAMBDAS; l++) {
                    List<Map> own = fit(gram, cross, r, lambda(l));
                    errors[l] += error(part, own, testSets.get(fold), m, r) / gram.trace;
                    fits.get(l).get(fold).addAll(own);
                }
            }
        }
        int best = 0;
        for (int l = 1; l < LAMBDAS; l++) {
            best = errors[l] < errors[best] ? l : best;
        }
        double total = Matrices.squares(x);
        List<String> names = new ArrayList<>(List.of("time"));
        names.addAll(factors.names());
        if (factors.names().size() > 1) {
            names.add(TaskFactors.INTERACTION);
        }
        List<Component> components = new ArrayList<>();
        List<Marginal> marginals = new ArrayList<>();
        Gram gram = new Gram(x, m, r);
        int at = 0;
        for (int p = 0; p < phi.size(); p++) {
            marginals.add(new Marginal(names.get(p), Matrices.squares(phi.get(p)) / total));
            List<Map> own = fit(gram, gram.cross(phi.get(p), m, r), r, lambda(best));
            for (int q = 0; q < own.size(); q++) {
                Map map = own.get(q);
                double held = 0.0;
                for (int fold = 0; fold < FOLDS; fold++) {
                    held += share(testSets.get(fold), fits.get(best).get(fold).get(at + q), m, r) / FOLDS;
                }
                double[] projection = Matrices.product(x, map.d, m, r, 1);
                double[] ownPart = Matrices.product(phi.get(p), map.d, m, r, 1);
                double power = Matrices.squares(projection);
                components.add(new Component(
                        names.get(p),
                        Matrices.product(map.f, basis, 1, r, n),
                        Matrices.product(map.d, basis, 1, r, n),
                        share(x, map, m, r),
                        held,
                        power > 0.0 ? Matrices.squares(ownPart) / power : Double.NaN,
                        projection));
            }
            at += own.size();
        }
        return new DemixedPca(List.copyOf(components), lambda(best), List.copyOf(marginals));
    }

    private static double lambda(int index) {
        return StrictMath.pow(10.0, -6.0 + 5.0 * index / (LAMBDAS - 1));
    }

    /** Each trial's number among those of its type. */
    static int[] orderWithinType(PopulationTrials trials) {
        int[] next = new int[trials.types().size()];
        int[] order = new int[trials.trials()];
        for (int s = 0; s < order.length; s++) {
            order[s] = next[trials.type()[s]]++;
        }
        return order;
    }

    private static double[] projected(double[] states, double[] mean, double[] basisT, int m, int n, int r) {
        double[] c = states.clone();
        for (int i = 0; i < c.length; i++) {
            c[i] -= mean[i % n];
        }
        return Matrices.product(c, basisT, m, n, r);
    }

    /** X as a sum: what depends on time, on each factor, and the rest if there are several factors. */
    private static List<double[]> marginals(double[] x, TaskFactors factors, int types, int steps, int r) {
        int size = steps * r;
        List<double[]> parts = new ArrayList<>();
        double[] time = new double[x.length];
        double[] rest = x.clone();
        spread(x, new int[types], types, size, time);
        subtract(rest, time);
        parts.add(time);
        double[] withoutTime = rest.clone();
        for (List<Integer> level : factors.level()) {
            double[] own = new double[x.length];
            spread(withoutTime, level.stream().mapToInt(Integer::intValue).toArray(), types, size, own);
            subtract(rest, own);
            parts.add(own);
        }
        if (factors.names().size() > 1) {
            parts.add(rest);
        }
        return parts;
    }

    /** The mean over the types of each level, written to all of them. */
    private static void spread(double[] x, int[] level, int types, int size, double[] to) {
        for (int k = 0; k < types; k++) {
            int count = 0;
            for (int j = 0; j < types; j++) {
                count += level[j] == level[k] ? 1 : 0;
            }
            for (int j = 0; j < types; j++) {
                for (int i = 0; i < size && level[j] == level[k]; i++) {
                    to[k * size + i] += x[j * size + i] / count;
                }
            }
        }
    }

    private static void subtract(double[] a, double[] b) {
        for (int i = 0; i < a.length; i++) {
            a[i] -= b[i];
        }
    }

    /** X^T X with its eigenvectors, X being M x r. */
    private static final class Gram {
        private final double[] x;
        private final double[] xx;
        private final Subspace.Eigen eigen;
        private final double trace;

        Gram(double[] x, int m, int r) {
            this.x = x;
            xx = Matrices.transposedProduct(x, x, m, r, r);
            eigen = Subspace.eigen(xx, r);
            trace = Matrices.squares(x);
        }

        /** X^T X_phi, r x r. */
        double[] cross(double[] part, int m, int r) {
            return Matrices.transposedProduct(x, part, m, r, r);
        }
    }

    /** @param cross X^T X_phi */
    private static List<Map> fit(Gram gram, double[] cross, int r, double relative) {
        double lambda = relative * gram.trace;
        // Rows are observations here, so that A^T = (X^T X + lambda)^-1 X^T X_phi, r x r.
        double[] v = gram.eigen.vectors(); // rows
        double[] turned = Matrices.product(v, cross, r, r, r);
        for (int i = 0; i < r; i++) {
            for (int j = 0; j < r; j++) {
                turned[i * r + j] /= gram.eigen.values()[i] + lambda;
            }
        }
        double[] at = Matrices.transposedProduct(v, turned, r, r, r);
        double[] ridge = gram.xx.clone();
        for (int i = 0; i < r; i++) {
            ridge[i * r + i] += lambda;
        }
        // A (X^T X + lambda) A^T
        double[] fitted = Matrices.transposedProduct(at, Matrices.product(ridge, at, r, r, r), r, r, r);
        for (int i = 0; i < r; i++) {
            for (int j = 0; j < i; j++) {
                double both = 0.5 * (fitted[i * r + j] + fitted[j * r + i]);
                fitted[i * r + j] = both;
                fitted[j * r + i] = both;
            }
        }
        Subspace.Eigen leading = Subspace.eigen(fitted, r);
        List<Map> maps = new ArrayList<>();
        for (int q = 0; q < Math.min(COMPONENTS, r); q++) {
            double[] f = Arrays.copyOfRange(leading.vectors(), q * r, (q + 1) * r);
            maps.add(new Map(f, Matrices.product(at, f, r, r, 1)));
        }
        return maps;
    }

    private static double error(double[] part, List<Map> maps, double[] test, int m, int r) {
        double[] rest = part.clone();
        maps.forEach(map -> remove(rest, map, test, m, r));
        return Matrices.squares(rest);
    }

    private static double share(double[] x, Map map, int m, int r) {
        double[] rest = x.clone();
        remove(rest, map, x, m, r);
        return 1.0 - Matrices.squares(rest) / Matrices.squares(x);
    }

    private static void remove(double[] rest, Map map, double[] x, int m, int r) {
        double[] projection = Matrices.product(x, map.d, m, r, 1);
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < r; j++) {
                rest[i * r + j] -= projection[i] * map.f[j];
            }
        }
    }
}
