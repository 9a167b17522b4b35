package attractor.population;

import attractor.population.TaskFactors.Regressor;
import java.util.ArrayList;
import java.util.List;

/**
 * Targeted dimensionality reduction (Mante et al. 2013, doi:10.1038/nature12742). At each step every unit's rate is
 * regressed on variables of the task, r_i(t) = sum_v b_vi(t) z_v + b_0i(t). The vectors b_v(t) are projected on the leading
 * {@value #PCS} principal components of the mean trajectories; of each variable the time with the longest vector is
 * taken, and the vectors of all variables are made orthonormal in their order (QR). Rates are not standardised, since
 * units have the same range. Variables come from {@link TaskFactors}.
 *
 * <p>The share of an axis is its part of the variance of mean trajectories, cross-validated by {@value #FOLDS} folds: axes of
 * the other folds' trials, trajectories of the fold's. Also how well the axis tells its variable in single trials of the
 * fold: R^2 of the straight line between the projection at the axis' time and the variable. Needs {@value #LEAST_TRIALS}
 * trials of each type and two types. Immutable but for the arrays, safe for any thread.
 *
 * @param axes one for each variable
 */
public record TargetedRegression(List<Axis> axes) {
    /** The fewest trials of each type. */
    public static final int LEAST_TRIALS = 4;

    private static final int PCS = 12;
    private static final int FOLDS = 4;

    /**
     * The axis of a variable. Thread-safe as long as the arrays are not modified.
     *
     * @param variable its name
     * @param axis unit vector, N; zeros if the variable is in no rate
     * @param timeMs the end of the step with the longest vector
     * @param share share of the variance of mean trajectories along the axis
     * @param crossValidated the same of trials that it was not fitted to
     * @param decoding R^2 in single trials that it was not fitted to
     * @param projection mean trajectories along the axis, centred, K x T: by type, then by step
     */
    public record Axis(
            String variable,
            double[] axis,
            double timeMs,
            double share,
            double crossValidated,
            double decoding,
            double[] projection) {}

    private record Fit(double[] axes, int[] step) {}

    /**
     * Analyses trials.
     *
     * @param trials Not modified.
     * @throws IllegalArgumentException if a type has fewer than {@value #LEAST_TRIALS} trials, or there is one type
     */
    public static TargetedRegression of(PopulationTrials trials) {
        trials.require(LEAST_TRIALS, "targeted regression");
        if (trials.types().size() < 2) {
            throw new IllegalArgumentException("targeted regression needs 2 types of trial, found 1");
        }
        List<Regressor> regressors = TaskFactors.of(trials.types()).regressors(trials.types());
        int n = trials.units();
        int steps = trials.steps();
        int m = trials.types().size() * steps;
        double[] means = trials.means();
        Fit all = fit(trials, means, regressors);
        double[] centred = Matrices.centred(means, m, n);
        double[] held = new double[regressors.size()];
        double[] decoding = new double[regressors.size()];
        int[] order = DemixedPca.orderWithinType(trials);
        for (int fold = 0; fold < FOLDS; fold++) {
            int out = fold;
            double[] train = trials.means(s -> order[s] % FOLDS != out);
            double[] test = Matrices.centred(trials.means(s -> order[s] % FOLDS == out), m, n);
            Fit fit = fit(trials, train, regressors);
            double[] along = shares(test, fit.axes, m, n);
            for (int v = 0; v < held.length; v++) {
                held[v] += along[v] / FOLDS;
                decoding[v] += decoding(trials, order, out, fit, v, regressors.get(v).byType()) / FOLDS;
            }
        }
        double[] shares = shares(centred, all.axes, m, n);
        List<Axis> axes = new ArrayList<>();
        for (int v = 0; v < regressors.size(); v++) {
            double[] axis = java.util.Arrays.copyOfRange(all.axes, v * n, (v + 1) * n);
            axes.add(new Axis(
                    regressors.get(v).name(),
                    axis,
                    (all.step[v] + 1) * trials.dtMs(),
                    shares[v],
                    held[v],
                    decoding[v],
                    Matrices.product(centred, axis, m, n, 1)));
        }
        return new TargetedRegression(List.copyOf(axes));
    }

    /** The regression on means: types have equally many trials, so that it is that on the trials. */
    private static Fit fit(PopulationTrials trials, double[] means, List<Regressor> regressors) {
        int n = trials.units();
        int steps = trials.steps();
        int types = trials.types().size();
        int size = steps * n;
        double[] basis = Subspace.principal(means, n, PCS);
        int r = basis.length / n;
        double[] weights = weights(regressors, types); // V x K
        double[] axes = new double[regressors.size() * n];
        int[] step = new int[regressors.size()];
        double[] basisT = Matrices.transposed(basis, r, n);
        for (int v = 0; v < regressors.size(); v++) {
            double[] beta = new double[size];
            for (int k = 0; k < types; k++) {
                for (int i = 0; i < size; i++) {
                    beta[i] += weights[v * types + k] * means[k * size + i];
                }
            }
            double[] inside = Matrices.product(Matrices.product(beta, basisT, steps, n, r), basis, steps, r, n);
            double longest = 0.0;
            for (int t = 0; t < steps; t++) {
                double length = 0.0;
                for (int i = 0; i < n; i++) {
                    length += inside[t * n + i] * inside[t * n + i];
                }
                if (length > longest) {
                    longest = length;
                    step[v] = t;
                }
            }
            orthogonal(axes, v, inside, step[v] * n, n);
        }
        return new Fit(axes, step);
    }

    /** Gram and Schmidt, twice; a vector that depends on those before becomes 0. */
    private static void orthogonal(double[] axes, int v, double[] from, int off, int n) {
        double[] a = java.util.Arrays.copyOfRange(from, off, off + n);
        double before = Matrices.squares(a);
        for (int twice = 0; twice < 2; twice++) {
            for (int u = 0; u < v; u++) {
                double dot = 0.0;
                for (int i = 0; i < n; i++) {
                    dot += axes[u * n + i] * a[i];
                }
                for (int i = 0; i < n; i++) {
                    a[i] -= dot * axes[u * n + i];
                }
            }
        }
        double left = Matrices.squares(a);
        for (int i = 0; i < n && left > 1e-20 * before; i++) {
            axes[v * n + i] = a[i] / Math.sqrt(left);
        }
    }

    /** (Z^T Z)^-1 Z^T without the row of the constant; Z has a constant and the regressors. */
    private static double[] weights(List<Regressor> regressors, int types) {
        int p = regressors.size() + 1;
        double[] z = new double[types * p];
        for (int k = 0; k < types; k++) {
            z[k * p] = 1.0;
            for (int v = 1; v < p; v++) {
                z[k * p + v] = regressors.get(v - 1).byType()[k];
            }
        }
        // Pseudo-inverse: regressors never outnumber types, and are independent.
        attractor.analysis.Ejml.Svd svd = attractor.analysis.Ejml.svd(z, types, p);
        double[] w = new double[(p - 1) * types];
        for (int q = 0; q < svd.values().length; q++) {
            if (svd.values()[q] > 1e-12 * svd.values()[0]) {
                for (int v = 1; v < p; v++) {
                    for (int k = 0; k < types; k++) {
                        w[(v - 1) * types + k] +=
                                svd.right()[q * p + v] * svd.left()[q * types + k] / svd.values()[q];
                    }
                }
            }
        }
        return w;
    }

    private static double[] shares(double[] centred, double[] axes, int m, int n) {
        double total = Matrices.squares(centred);
        double[] shares = new double[axes.length / n];
        for (int v = 0; v < shares.length; v++) {
            double[] axis = java.util.Arrays.copyOfRange(axes, v * n, (v + 1) * n);
            shares[v] = total > 0.0 ? Matrices.squares(Matrices.product(centred, axis, m, n, 1)) / total : Double.NaN;
        }
        return shares;
    }

    /** R^2 between the projection of held-out trials at the axis' time and the variable; 0 if one is constant. */
    private static double decoding(
            PopulationTrials trials, int[] order, int held, Fit fit, int v, double[] byType) {
        int n = trials.units();
        double[] sums = new double[6];
        for (int s = 0; s < trials.trials(); s++) {
            if (order[s] % FOLDS == held) {
                int from = (s * trials.steps() + fit.step[v]) * n;
                double projection = 0.0;
                for (int i = 0; i < n; i++) {
                    projection += fit.axes[v * n + i] * trials.rates()[from + i];
                }
                double z = byType[trials.type()[s]];
                sums[0]++;
                sums[1] += projection;
                sums[2] += z;
                sums[3] += projection * projection;
                sums[4] += z * z;
                sums[5] += projection * z;
            }
        }
        double pp = sums[3] - sums[1] * sums[1] / sums[0];
        double zz = sums[4] - sums[2] * sums[2] / sums[0];
        double pz = sums[5] - sums[1] * sums[2] / sums[0];
        return pp > 0.0 && zz > 0.0 ? pz * pz / (pp * zz) : 0.0;
    }
}
