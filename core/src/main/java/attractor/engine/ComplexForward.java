package attractor.engine;

import attractor.kernel.Activation;
import attractor.model.Form;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import attractor.random.RandomStream;

/**
 * Loss and penalties of a network with complex parameters and alpha, in plain loops: for derivatives by complex step, {@code
 * dL/dp = Im L(p + i h) / h}, without cancellation and, with h = 1e-200, without truncation error. On purpose, this class
 * shares no code with the engine. Belongs to one thread. Source: Squire and Trapp, SIAM Review 40 (1998) 110.
 */
final class ComplexForward {
    static final double STEP = 1e-200;

    private final Rnn rnn;
    private final Loss.ComplexForm loss;
    private final double l2Weights;
    private final double l2Rates;
    private final int trials;
    private final int steps;
    private final double[] x;
    private final double[] y;
    private final double[] mask;
    /** For each trial, the number of steps up to the last one with a weight. */
    private final int[] ends;
    /** Noise in the states, trials x T x N, before it is scaled. */
    private final double[] xi;

    ComplexForward(Rnn rnn, TrialSet set, Loss.ComplexForm loss, double l2Weights, double l2Rates, long noiseSeed) {
        this.rnn = rnn;
        this.loss = loss;
        this.l2Weights = l2Weights;
        this.l2Rates = l2Rates;
        trials = set.size();
        steps = set.steps();
        x = new double[trials * steps * rnn.inputs()];
        y = new double[trials * steps * rnn.outputs()];
        mask = new double[y.length];
        ends = new int[trials];
        TrialSet.Reader reader = set.reader();
        for (int s = 0; s < trials; s++) {
            int o = s * steps * rnn.outputs();
            reader.read(s, x, s * steps * rnn.inputs(), y, o, mask, o);
            for (int k = 0; k < steps * rnn.outputs(); k++) {
                if (mask[o + k] != 0.0) {
                    ends[s] = k / rnn.outputs() + 1;
                }
            }
        }
        xi = new double[trials * steps * rnn.units()];
        for (int s = 0; s < trials; s++) {
            long set1 = new RandomStream(noiseSeed, EulerStep.NOISE, -1).nextLong();
            long trial = new RandomStream(set1, EulerStep.NOISE, s).nextLong();
            for (int t = 0; t < steps; t++) {
                new RandomStream(trial, EulerStep.NOISE, t)
                        .fillGaussian(xi, (s * steps + t) * rnn.units(), rnn.units(), 1.0);
            }
        }
    }

    /** The derivative of loss and penalties by the parameter at this index of the block; the index after the last means alpha. */
    double derivative(double[] parameters, int index) {
        RnnShape shape = rnn.shape();
        int n = shape.units();
        double alpha = rnn.alpha();
        double[] im = new double[parameters.length];
        double alphaIm = 0;
        if (index < im.length) {
            im[index] = STEP;
        } else {
            alphaIm = STEP;
        }
        double noise = rnn.noiseSd() * Math.sqrt(2 * alpha);
        double noiseIm = rnn.noiseSd() * alphaIm / Math.sqrt(2 * alpha);
        double ratesIm = 0;
        double[] h = new double[n];
        double[] hIm = new double[n];
        // What the units send is h: the state itself, or in the current form phi of the state.
        boolean current = rnn.form() == Form.CURRENT;
        double[] state = current ? new double[n] : h;
        double[] stateIm = current ? new double[n] : hIm;
        double[] kappa = new double[shape.rank()];
        double[] kappaIm = new double[shape.rank()];
        double[] r = new double[n];
        double[] rIm = new double[n];
        double[] out = new double[shape.outputs()];
        double[] outIm = new double[out.length];
        double[] target = new double[out.length];
        double[] weight = new double[out.length];
        double lossIm = 0;
        double weights = 0;
        for (int s = 0; s < trials; s++) {
            System.arraycopy(parameters, shape.h0().offset(), h, 0, n);
            System.arraycopy(im, shape.h0().offset(), hIm, 0, n);
            if (current) {
                System.arraycopy(h, 0, state, 0, n);
                System.arraycopy(hIm, 0, stateIm, 0, n);
                for (int i = 0; i < n; i++) {
                    activate(rnn.activation(), state[i], stateIm[i], h, hIm, i);
                }
            }
            for (int t = 0; t < ends[s]; t++) {
                // In a network of low rank, kappa = Q^T h / N is sent through P; otherwise h through W_rec.
                for (int k = 0; k < shape.rank(); k++) {
                    kappa[k] = 0;
                    kappaIm[k] = 0;
                    for (int j = 0; j < n; j++) {
                        int q = shape.q().at(j, k);
                        kappa[k] += (parameters[q] * h[j] - im[q] * hIm[j]) / n;
                        kappaIm[k] += (parameters[q] * hIm[j] + im[q] * h[j]) / n;
                    }
                }
                double[] sent = shape.rank() == 0 ? h : kappa;
                double[] sentIm = shape.rank() == 0 ? hIm : kappaIm;
                RnnShape.View sender = shape.rank() == 0 ? shape.wRec() : shape.p();
                for (int i = 0; i < n; i++) {
                    double z = parameters[shape.bRec().at(i, 0)];
                    double zIm = im[shape.bRec().at(i, 0)];
                    for (int j = 0; j < sent.length; j++) {
                        int w = sender.at(i, j);
                        z += parameters[w] * sent[j] - im[w] * sentIm[j];
                        zIm += parameters[w] * sentIm[j] + im[w] * sent[j];
                    }
                    for (int c = 0; c < shape.inputs(); c++) {
                        int w = shape.wIn().at(i, c);
                        double input = x[(s * steps + t) * shape.inputs() + c];
                        z += parameters[w] * input;
                        zIm += im[w] * input;
                    }
                    if (current) {
                        r[i] = z;
                        rIm[i] = zIm;
                    } else {
                        activate(rnn.activation(), z, zIm, r, rIm, i);
                    }
                }
                for (int i = 0; i < n; i++) {
                    double normal = xi[(s * steps + t) * n + i];
                    stateIm[i] =
                            (1 - alpha) * stateIm[i] + alpha * rIm[i] + alphaIm * (r[i] - state[i]) + noiseIm * normal;
                    state[i] = (1 - alpha) * state[i] + alpha * r[i] + noise * normal;
                    if (current) {
                        activate(rnn.activation(), state[i], stateIm[i], h, hIm, i);
                    } else if (rnn.noiseIsRectified() && !(h[i] > 0)) {
                        h[i] = 0;
                        hIm[i] = 0;
                    }
                }
                double stepWeight = 0;
                for (int o = 0; o < shape.outputs(); o++) {
                    out[o] = parameters[shape.bOut().at(o, 0)];
                    outIm[o] = im[shape.bOut().at(o, 0)];
                    for (int j = 0; j < n; j++) {
                        int w = shape.wOut().at(o, j);
                        out[o] += parameters[w] * h[j] - im[w] * hIm[j];
                        outIm[o] += parameters[w] * hIm[j] + im[w] * h[j];
                    }
                    int k = (s * steps + t) * shape.outputs() + o;
                    target[o] = y[k];
                    weight[o] = mask[k];
                    stepWeight += mask[k];
                }
                lossIm += loss.imaginaryPart(out, outIm, target, weight);
                weights += stepWeight;
                for (int i = 0; i < n; i++) {
                    ratesIm += stepWeight * 2 * h[i] * hIm[i] / n;
                }
            }
        }
        double penaltyIm = 0;
        if (index < shape.wOut().end()) {
            penaltyIm = 2 * parameters[index] * STEP;
        }
        return ((lossIm + l2Rates * ratesIm) / weights + l2Weights * penaltyIm) / STEP;
    }

    /** Writes phi(z + i zIm) into entry i of r and rIm. */
    private static void activate(Activation phi, double z, double zIm, double[] r, double[] rIm, int i) {
        switch (phi) {
            case TANH -> tanh(z, zIm, r, rIm, i);
            case SIGMOID -> {
                tanh(z / 2, zIm / 2, r, rIm, i);
                r[i] = (1 + r[i]) / 2;
                rIm[i] /= 2;
            }
            case RELU -> {
                r[i] = z > 0 ? z : 0;
                rIm[i] = z > 0 ? zIm : 0;
            }
            case LEAKY_RELU -> {
                r[i] = z > 0 ? z : Activation.LEAK * z;
                rIm[i] = z > 0 ? zIm : Activation.LEAK * zIm;
            }
            case SOFTPLUS -> {
                // log(1 + exp(z)) = z + log(1 + exp(-z)), whichever exponent is negative
                double e = StrictMath.exp(-Math.abs(z));
                double b = z > 0 ? -zIm : zIm;
                r[i] = Math.max(z, 0) + StrictMath.log1p(e);
                rIm[i] = (z > 0 ? zIm : 0) + StrictMath.atan2(e * StrictMath.sin(b), 1 + e * StrictMath.cos(b));
            }
            case IDENTITY -> {
                r[i] = z;
                rIm[i] = zIm;
            }
        }
    }

    /** tanh(a + ib) = (sinh 2a + i sin 2b) / (cosh 2a + cos 2b). */
    private static void tanh(double a, double b, double[] r, double[] rIm, int i) {
        double two = Math.max(-700, Math.min(700, 2 * a));
        double denominator = StrictMath.cosh(two) + StrictMath.cos(2 * b);
        r[i] = StrictMath.sinh(two) / denominator;
        rIm[i] = StrictMath.sin(2 * b) / denominator;
    }
}
