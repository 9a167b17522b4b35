package attractor.bench;

import attractor.engine.Adam;
import attractor.engine.BatchGradient;
import attractor.kernel.Kernels;
import attractor.model.Rnn;

/** A {@link CompareWorker.Engine} in one precision: this class in double, its generated twin in float. */
final class ComparedSteps implements CompareWorker.Engine {
    private final CompareWorker.Problem problem;
    private final Kernels kernels;
    private final BatchGradient noisyGradient;
    /** Without noise; the same one if the network has none. */
    private final BatchGradient quietGradient;

    private final double[] parameters;
    private final double[] gradient;
    private Adam adam;

    ComparedSteps(CompareWorker.Problem problem, int threads, Kernels kernels) {
        this.problem = problem;
        this.kernels = kernels;
        noisyGradient = gradient(problem.noisy(), threads);
        quietGradient = problem.noisy().noiseSd() == 0 ? noisyGradient : gradient(problem.quiet(), threads);
        parameters = new double[problem.noisy().shape().parameters()];
        gradient = new double[parameters.length];
    }

    private BatchGradient gradient(Rnn of, int threads) {
        return BatchGradient.builder(of, problem.trials())
                .maxBatch(problem.batch())
                .threads(threads)
                .kernels(kernels)
                .memoryLimitBytes(Long.MAX_VALUE)
                .build();
    }

    @Override
    public void restart(double[] weights) { // stays double
        // float: System.arraycopy(attractor.kernel.Floats.rounded(weights), 0, parameters, 0, weights.length);
        System.arraycopy(weights, 0, parameters, 0, weights.length);
        adam = new Adam(problem.adam(), weights.length, kernels);
    }

    @Override
    public double step(int from, boolean noisy) { // stays double
        BatchGradient of = noisy ? noisyGradient : quietGradient;
        double loss = of.compute(parameters, problem.order(), from, problem.batch(), gradient); // stays double
        adam.step(parameters, gradient);
        return loss;
    }

    @Override
    public void close() {
        noisyGradient.close();
        quietGradient.close();
    }
}
