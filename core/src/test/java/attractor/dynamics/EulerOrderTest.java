package attractor.dynamics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.kernel.Activation;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import attractor.random.RandomStream;
import attractor.random.RandomStream.Purpose;
import org.junit.jupiter.api.Test;

/**
 * tau dh/dt = -h + phi(W_rec h + W_in x(t) + b_rec) by the classical Runge-Kutta method, which shares nothing with the
 * engine: the simulation tends to the solution of this equation, with an error proportional to dt.
 */
class EulerOrderTest {
    private static final double TAU_MS = 20;
    private static final double END_MS = 60;
    private static final RnnShape SHAPE = new RnnShape(2, 6, 1);

    private static double[] parameters(long seed) {
        double[] p = new double[SHAPE.parameters()];
        new RandomStream(seed, Purpose.of("test"), 0).fillGaussian(p, 0, p.length, 1 / Math.sqrt(SHAPE.units()));
        return p;
    }

    private static double input(int channel, double ms) {
        return channel == 0 ? StrictMath.sin(ms / 7) : 0.5 * StrictMath.cos(ms / 3);
    }

    private static double phi(Activation activation, double z) {
        return activation == Activation.TANH ? StrictMath.tanh(z) : 1 / (1 + StrictMath.exp(-z));
    }

    private static double[] slope(Activation activation, double[] p, double[] h, double ms) {
        double[] slope = new double[h.length];
        for (int i = 0; i < h.length; i++) {
            double z = p[SHAPE.bRec().at(i, 0)];
            for (int j = 0; j < h.length; j++) {
                z += p[SHAPE.wRec().at(i, j)] * h[j];
            }
            for (int j = 0; j < SHAPE.inputs(); j++) {
                z += p[SHAPE.wIn().at(i, j)] * input(j, ms);
            }
            slope[i] = (-h[i] + phi(activation, z)) / TAU_MS;
        }
        return slope;
    }

    private static double[] along(double[] h, double ms, double[] slope) {
        double[] sum = h.clone();
        for (int i = 0; i < h.length; i++) {
            sum[i] += ms * slope[i];
        }
        return sum;
    }

    private static double[] rungeKutta(Activation activation, double[] p, int steps) {
        double dt = END_MS / steps;
        double[] h = new double[SHAPE.units()];
        System.arraycopy(p, SHAPE.h0().offset(), h, 0, h.length);
        for (int t = 0; t < steps; t++) {
            double ms = t * dt;
            double[] k1 = slope(activation, p, h, ms);
            double[] k2 = slope(activation, p, along(h, dt / 2, k1), ms + dt / 2);
            double[] k3 = slope(activation, p, along(h, dt / 2, k2), ms + dt / 2);
            double[] k4 = slope(activation, p, along(h, dt, k3), ms + dt);
            for (int i = 0; i < h.length; i++) {
                h[i] += dt / 6 * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]);
            }
        }
        return h;
    }

    private static double[] euler(Activation activation, double[] p, int steps) {
        double dt = END_MS / steps;
        double[] x = new double[steps * SHAPE.inputs()];
        for (int t = 0; t < steps; t++) {
            for (int j = 0; j < SHAPE.inputs(); j++) {
                x[t * SHAPE.inputs() + j] = input(j, (t + 1) * dt);
            }
        }
        Rnn rnn = new Rnn(SHAPE, activation, dt, TAU_MS, true, p);
        return new Simulator(rnn).run(x, 1, steps).state(0, steps - 1);
    }

    private static double distance(double[] a, double[] b) {
        double largest = 0;
        for (int i = 0; i < a.length; i++) {
            largest = Math.max(largest, Math.abs(a[i] - b[i]));
        }
        return largest;
    }

    @Test
    void theErrorFallsWithTheStep() {
        for (Activation activation : new Activation[] {Activation.TANH, Activation.SIGMOID}) {
            for (long seed = 1; seed <= 4; seed++) {
                double[] p = parameters(seed);
                double[] exact = rungeKutta(activation, p, 2048);
                String what = activation + ", seed " + seed;
                assertTrue(distance(exact, rungeKutta(activation, p, 1024)) < 1e-10, what);
                int points = 6;
                double[] logDt = new double[points];
                double[] logError = new double[points];
                double error = 0;
                for (int k = 0; k < points; k++) {
                    int steps = 128 << k;
                    error = distance(exact, euler(activation, p, steps));
                    logDt[k] = Math.log(END_MS / steps);
                    logError[k] = Math.log(error);
                }
                assertTrue(error < 2e-3, what + ": error " + error + " with the finest step");
                assertEquals(1, regression(logDt, logError), 0.05, what + ": slope of log error against log dt");
            }
        }
    }

    private static double regression(double[] x, double[] y) {
        double meanX = 0;
        double meanY = 0;
        for (int i = 0; i < x.length; i++) {
            meanX += x[i] / x.length;
            meanY += y[i] / x.length;
        }
        double xx = 0;
        double xy = 0;
        for (int i = 0; i < x.length; i++) {
            xx += (x[i] - meanX) * (x[i] - meanX);
            xy += (x[i] - meanX) * (y[i] - meanY);
        }
        return xy / xx;
    }
}
