package attractor.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.kernel.Activation;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import org.junit.jupiter.api.Test;

/** Rings of rank two, whose states, length and drift are known: h_i = tanh(R cos(theta_i - psi)). */
class SlowManifoldsTest {
    private static final int N = 24;
    private static final double GAIN = 2.0;

    /** W_ij = (2 gain / N) cos(theta_i - theta_j - turn): the angle psi advances by turn per step. Input i: cos(theta_i). */
    private static Rnn ring(double turn, double tau) {
        RnnShape shape = new RnnShape(1, N, 1);
        double[] block = new double[shape.parameters()];
        for (int i = 0; i < N; i++) {
            for (int j = 0; j < N; j++) {
                double angle = 2.0 * Math.PI * (i - j) / N - turn;
                block[shape.wRec().at(i, j)] = 2.0 * GAIN / N * Math.cos(angle);
            }
            block[shape.wIn().at(i, 0)] = Math.cos(2.0 * Math.PI * i / N);
        }
        block[shape.wOut().at(0, 0)] = 1.0;
        return new Rnn(shape, Activation.TANH, 1.0, tau, false, block);
    }

    /** R = gain (2 / N) sum tanh(R cos theta) cos theta. */
    private static double amplitude() {
        double r = GAIN;
        for (int step = 0; step < 500; step++) {
            double sum = 0.0;
            for (int i = 0; i < N; i++) {
                double c = Math.cos(2.0 * Math.PI * i / N);
                sum += Math.tanh(r * c) * c;
            }
            r = GAIN * 2.0 / N * sum;
        }
        return r;
    }

    /** |dh/dpsi| at an angle. */
    private static double speed(double r, double psi) {
        double square = 0.0;
        for (int i = 0; i < N; i++) {
            double angle = 2.0 * Math.PI * i / N - psi;
            double t = Math.tanh(r * Math.cos(angle));
            double d = (1.0 - t * t) * r * Math.sin(angle);
            square += d * d;
        }
        return Math.sqrt(square);
    }

    private static double circumference(double r) {
        double sum = 0.0;
        int steps = 2000;
        for (int k = 0; k < steps; k++) {
            sum += speed(r, 2.0 * Math.PI * k / steps) * 2.0 * Math.PI / steps;
        }
        return sum;
    }

    private static SlowManifolds of(Rnn rnn, double input) {
        double[] states = Basins.randomStates(rnn, new double[rnn.inputs()], 40, 1);
        new StateMap(rnn, new double[] {input}).advance(states, 60);
        FixedPoints points = FixedPoints.of(
                rnn,
                states,
                FixedPoints.Options.of(rnn).withInput(new double[] {input}).withSeeds(24));
        return SlowManifolds.of(rnn, points, SlowManifolds.Options.DEFAULT);
    }

    @Test
    void aRingThatTurns() {
        for (double tau : new double[] {1.0, 4.0}) {
            double turn = 2e-3;
            SlowManifolds found = of(ring(turn, tau), 0.0);
            SlowManifolds.Curve ring = found.curves().get(0);
            double r = amplitude();
            assertTrue(ring.closed());
            assertTrue(ring.attracts());
            assertEquals(circumference(r), ring.length(), 1e-4 * ring.length());
            assertEquals(0, ring.turningPoints());
            for (int k = 0; k < ring.size(); k++) {
                double h0 = ring.states()[k * N];
                double psi = Math.acos(Math.max(-1.0, Math.min(1.0, atanh(h0) / r)));
                // |dh/dpsi| is the same at psi and -psi.
                assertEquals(turn / tau * speed(r, psi), Math.abs(ring.drift()[k]), 2e-2 * turn);
            }
            // A whole turn takes 2 pi / turn steps.
            double time = 0.0;
            for (int k = 0; k < ring.size(); k++) {
                double to = k + 1 < ring.size() ? ring.arc()[k + 1] : ring.length();
                double next = ring.drift()[(k + 1) % ring.size()];
                time += (to - ring.arc()[k]) * 0.5 * (1.0 / ring.drift()[k] + 1.0 / next);
            }
            assertEquals(2.0 * Math.PI / turn * tau, Math.abs(time), 5e-3 * Math.abs(time));
            assertEquals(1, found.curves().size());
        }
    }

    private static double atanh(double x) {
        return 0.5 * Math.log((1.0 + x) / (1.0 - x));
    }

    /** A weak input draws the angle to 0: two fixed points on the ring, where the drift changes its sign. */
    @Test
    void aRingWithTwoFixedPoints() {
        SlowManifolds.Curve ring = of(ring(0.0, 1.0), 0.02).curves().get(0);
        assertTrue(ring.closed());
        assertEquals(2, ring.turningPoints());
        assertEquals(circumference(amplitude()), ring.length(), 0.03 * ring.length());
        assertTrue(ring.fastest() > 0.0 && ring.fastest() < 0.1, "fastest " + ring.fastest());
    }

    /** x' = tanh(1.02 x) beside a unit that dies out: a curve through 0 and the fixed points +-x*. */
    @Test
    void anOpenLine() {
        Rnn rnn = Networks.tanh(1.02, 0.0, 0.3, 0.2);
        FixedPoints points = FixedPoints.of(rnn, new double[] {0.1, 0.1, -0.3, 0.2});
        SlowManifolds found = SlowManifolds.of(rnn, points, SlowManifolds.Options.DEFAULT);
        assertEquals(1, found.curves().size());
        SlowManifolds.Curve line = found.curves().get(0);
        assertFalse(line.closed());
        assertEquals(3, line.turningPoints());
        // It ends where mu = 1.02 (1 - x'^2) leaves 1 by 0.1.
        double last = Math.sqrt(1.0 - 0.9 / 1.02);
        double most = 0.0;
        for (int k = 0; k < line.size(); k++) {
            double x = line.states()[2 * k];
            most = Math.max(most, Math.abs(Math.tanh(1.02 * x)));
            assertEquals(1.02 * (1.0 - Math.pow(Math.tanh(1.02 * x), 2)), line.multiplier()[k], 1e-9);
        }
        assertEquals(last, most, 0.02);
    }
}
