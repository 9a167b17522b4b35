package attractor.analysis;

import attractor.analysis.FixedPoints.Options;
import attractor.analysis.FixedPoints.Point;
import attractor.analysis.FixedPoints.SlowPoint;
import attractor.model.RnnShape;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The fixed points of a network in the current form, from those of its rate form: see {@link FixedPoints}. Not thread-safe. */
final class CurrentFixedPoints {
    private final ConstantMap map;
    private final ConstantMap rateForm;
    private final int n;
    private final double[] states;
    private final Options options;
    private final Certifier certifier;
    private final OrbitSolver solver;
    private final double extent;

    /** @param states states x that the network has visited, rows of N. Not modified. */
    CurrentFixedPoints(ConstantMap map, double[] states, Options options) {
        this.map = map;
        rateForm = map.rateForm();
        n = map.n;
        this.states = states;
        this.options = options;
        certifier = new Certifier(rateForm);
        solver = new OrbitSolver(map);
        extent = FixedPointSearch.extent(states, n);
    }

    FixedPoints result() {
        double[] rates = new double[states.length];
        for (int i = 0; i < rates.length; i++) {
            rates[i] = map.phi.rate(states[i]);
        }
        FixedPoints found = new FixedPointSearch(rateForm, rates, options).result();
        List<SlowPoint> slow = new ArrayList<>();
        for (SlowPoint s : found.slow()) {
            slow.add(image(s));
        }
        slow.sort(Comparator.comparingDouble(SlowPoint::q));
        return new FixedPoints(
                found.points().stream().map(this::image).toList(),
                List.copyOf(slow),
                found.completeness(),
                found.seeds(),
                found.lostFraction(),
                extent,
                options);
    }

    /** x = W_rec h + W_in u + b_rec. */
    private double[] image(double[] h) {
        RnnShape shape = map.rnn.shape();
        double[] p = map.rnn.parameters();
        double[] input = map.input();
        double[] x = new double[n];
        rateForm.timesW(1, h, x);
        for (int i = 0; i < n; i++) {
            double sum = p[shape.bRec().at(i, 0)];
            for (int j = 0; j < input.length; j++) {
                sum += p[shape.wIn().at(i, j)] * input[j];
            }
            x[i] += sum;
        }
        return x;
    }

    private Point image(Point p) {
        double[] x = image(p.state());
        OrbitSolver.Solution polished = solver.solve(1, x);
        // Where Newton's method walks away, along a line of fixed points for example, the image itself is as good.
        if (polished.residual() < map.residual(x) && ConstantMap.distance(polished.states(), 0, x, 0, n) <= 1e-9) {
            x = polished.states();
        }
        double[] state = x;
        double distance = FixedPointSearch.distance(states, state);
        return new Point(
                state,
                map.residual(state),
                map.output(state),
                p.multipliers(),
                p.certificate().flatMap(c -> certifier.image(c, p.state(), state)),
                p.index(),
                p.seedFraction(),
                distance,
                distance > options.outlierFactor() * extent,
                p.mirrored(),
                p.continuum());
    }

    private SlowPoint image(SlowPoint s) {
        double[] x = image(s.state());
        double[] next = new double[n];
        map.apply(1, x, 0, next, 0, null);
        double square = 0.0;
        for (int i = 0; i < n; i++) {
            square += (next[i] - x[i]) * (next[i] - x[i]);
        }
        double distance = FixedPointSearch.distance(states, x);
        return new SlowPoint(
                x,
                0.5 * square,
                map.output(x),
                s.seedFraction(),
                distance,
                distance > options.outlierFactor() * extent);
    }
}
