package attractor.bifurcation;

import attractor.bifurcation.BifurcationDiagram.Bifurcation;
import attractor.bifurcation.BifurcationDiagram.Branch;
import attractor.bifurcation.BifurcationDiagram.End;
import attractor.bifurcation.BifurcationDiagram.Kind;
import attractor.bifurcation.BifurcationDiagram.Options;
import attractor.bifurcation.BifurcationDiagram.Side;
import attractor.bifurcation.BifurcationDiagram.Start;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** A search for branches as {@link BifurcationDiagram} describes it. Runs once. Not thread-safe. */
final class DiagramSearch {
    /** Distance from a branch point at which the other branch is entered. */
    private static final double OFF = 5e-3;
    /** Parameter component of a unit tangent that counts as 0. */
    private static final double UPRIGHT = 1e-4;
    /** Number of nodes from which a place is looked for on a branch. */
    private static final int NEAREST = 4;
    /** Bifurcations closer than this are the same. */
    private static final double SAME = 1e-5;

    private final ParametrisedMap map;
    private final int n;
    private final double from;
    private final double to;
    private final double least;
    private final Options options;
    private final BifurcationDiagram.Outputs outputs;
    private final BifurcationDiagram.Progress progress;
    private final Map<Integer, Curve> curves = new HashMap<>();
    private final List<Followed> branches = new ArrayList<>();
    private final List<Point> points = new ArrayList<>();
    private final Deque<Begin> open = new ArrayDeque<>();
    private boolean truncated;

    /** A branch with its nodes. */
    private record Followed(Curve curve, List<Curve.Node> nodes, double[] first, int origin, End begins, End ends) {
        double distance(int k, double[] place) {
            return Curve.distance(nodes.get(k).u(), place);
        }

        /** Whether a place near node k lies between its neighbours. */
        boolean spans(int k, double[] place) {
            Curve.Node node = nodes.get(k);
            double low = 0.0;
            double high = 0.0;
            for (int next : new int[] {Math.max(0, k - 1), Math.min(nodes.size() - 1, k + 1)}) {
                double s = node.ahead(nodes.get(next).u());
                low = Math.min(low, s);
                high = Math.max(high, s);
            }
            double s = node.ahead(place);
            return s >= low - 1e-7 && s <= high + 1e-7;
        }
    }

    /** A branch to be followed from a bifurcation. */
    private record Begin(Curve curve, Curve.Node node, double[] first, int origin) {}

    /** A bifurcation while the search runs. */
    private static final class Point {
        Kind kind;
        Side side = Side.UNKNOWN;
        Curve curve;
        double[] u;
        double turns = Double.NaN;
        double lyapunov = Double.NaN;
        int before;
        int after;
        final List<Integer> branches = new ArrayList<>();
    }

    DiagramSearch(
            ParametrisedMap map,
            double from,
            double to,
            double least,
            Options options,
            BifurcationDiagram.Outputs outputs,
            BifurcationDiagram.Progress progress) {
        this.map = map;
        n = map.units();
        this.from = from;
        this.to = to;
        this.least = least;
        this.options = options;
        this.outputs = outputs;
        this.progress = progress;
    }

    private Curve curve(int period) {
        return curves.computeIfAbsent(period, p -> new Curve(map, p, from, to, least, options.step()));
    }

    BifurcationDiagram run(List<Start> starts) {
        for (Start start : starts) {
            begin(start);
            while (!open.isEmpty()) {
                Begin next = open.pop();
                if (!known(next.curve, next.node.u())) {
                    follow(next);
                }
            }
        }
        Integer[] order = order();
        List<Integer> ranks = Arrays.asList(order);
        return new BifurcationDiagram(
                from,
                to,
                branches.stream().map(b -> branch(b, ranks.indexOf(b.origin))).toList(),
                ranks.stream().map(k -> bifurcation(points.get(k))).toList(),
                truncated,
                options);
    }

    private boolean full() {
        truncated |= branches.size() >= options.branches();
        return branches.size() >= options.branches();
    }

    /** Follows the branch through a fixed point or cycle in both directions, if it isn't known. */
    private void begin(Start start) {
        Curve curve = curve(start.period());
        double[] u = curve.correct(curve.place(start.state(), start.value()), curve.parameterAxis());
        if (u == null || known(curve, u)) {
            return;
        }
        Curve.Node node = curve.node(u, curve.parameterAxis());
        if (node == null || full()) {
            return;
        }
        Curve.Trace ahead = curve.trace(node, options.places());
        double[] reversed = negated(node.t());
        Curve.Node back = curve.node(u, reversed);
        Curve.Trace behind = ahead.end() == End.CLOSED || back == null
                ? new Curve.Trace(List.of(node), List.of(), End.CLOSED)
                : curve.trace(back, options.places());
        int cutAhead = halving(curve, ahead);
        int cutBehind = halving(curve, behind);
        List<Curve.Node> nodes = new ArrayList<>(
                behind.nodes().subList(1, Math.min(cutBehind, behind.nodes().size())));
        Collections.reverse(nodes);
        nodes.addAll(ahead.nodes().subList(0, Math.min(cutAhead, ahead.nodes().size())));
        int index = branches.size();
        branches.add(new Followed(
                curve,
                nodes,
                null,
                -1,
                cutBehind <= behind.nodes().size() ? End.BIFURCATION : behind.end(),
                cutAhead <= ahead.nodes().size() ? End.BIFURCATION : ahead.end()));
        events(curve, ahead, cutAhead, index);
        events(curve, behind, cutBehind, index);
        progress.followed(branches.size(), points.size());
    }

    private void follow(Begin next) {
        if (full()) {
            return;
        }
        Curve.Trace trace = next.curve.trace(next.node, options.places());
        int cut = halving(next.curve, trace);
        int index = branches.size();
        boolean halved = cut <= trace.nodes().size();
        List<Curve.Node> nodes =
                trace.nodes().subList(0, Math.min(cut, trace.nodes().size()));
        branches.add(new Followed(
                next.curve, nodes, next.first, next.origin, End.BIFURCATION, halved ? End.BIFURCATION : trace.end()));
        points.get(next.origin).branches.add(index);
        events(next.curve, trace, cut, index);
        progress.followed(branches.size(), points.size());
    }

    private static double[] negated(double[] a) {
        double[] b = a.clone();
        for (int i = 0; i < b.length; i++) {
            b[i] = -b[i];
        }
        return b;
    }

    /** Number of nodes up to the first place where the cycle has a shorter period; one more than there are if none. */
    private int halving(Curve curve, Curve.Trace trace) {
        for (Curve.Found found : trace.events()) {
            if (isBranchPoint(found.event()) && divisor(curve, found.event().u()) < curve.period()) {
                return found.index() + 1;
            }
        }
        return trace.nodes().size() + 1;
    }

    private static boolean isBranchPoint(Curve.Event event) {
        return event.kind() == Kind.TRANSCRITICAL;
    }

    /** The least divisor d of the period with F^d(h) = h. */
    private int divisor(Curve curve, double[] u) {
        double[] cycle = curve.cycle(u);
        for (int d = 1; d < curve.period(); d++) {
            if (curve.period() % d != 0) {
                continue;
            }
            double most = 0.0;
            for (int i = 0; i < n; i++) {
                most = Math.max(most, Math.abs(cycle[d * n + i] - cycle[i]));
            }
            if (most <= SAME) {
                return d;
            }
        }
        return curve.period();
    }

    /** Whether a place lies on a branch that was followed. */
    private boolean known(Curve curve, double[] u) {
        double[] cycle = curve.cycle(u);
        for (Followed followed : branches) {
            if (followed.curve != curve) {
                continue;
            }
            for (int t = 0; t < curve.period(); t++) {
                double[] place = curve.place(Arrays.copyOfRange(cycle, t * n, (t + 1) * n), curve.value(u));
                boolean on = IntStream.range(0, followed.nodes.size())
                        .boxed()
                        .filter(k -> followed.distance(k, place) <= 2.0 * options.step())
                        .sorted(Comparator.comparingDouble(k -> followed.distance(k, place)))
                        .limit(NEAREST)
                        .anyMatch(k -> followed.spans(k, place) && curve.contains(followed.nodes.get(k), place));
                if (on) {
                    return true;
                }
            }
        }
        return false;
    }

    private void events(Curve curve, Curve.Trace trace, int cut, int branch) {
        for (Curve.Found found : trace.events()) {
            if (found.index() + 1 > cut) {
                return;
            }
            Curve.Event event = found.event();
            if (isBranchPoint(event)) {
                int d = divisor(curve, event.u());
                if (d < curve.period()) {
                    Point point = point(curve(d), event.u(), Kind.PERIOD_DOUBLING);
                    if (point != null) {
                        point.branches.add(branch);
                    } else {
                        begin(new Start(d, curve.value(event.u()), curve.state(event.u())));
                    }
                    return;
                }
            }
            register(curve, event, branch);
        }
    }

    /** The bifurcation at a place, of this kind or, of a kind that is told later, of any; null if there is none. */
    private Point point(Curve curve, double[] u, Kind kind) {
        double[] cycle = curve.cycle(u);
        for (Point point : points) {
            boolean kin = point.kind == kind
                    || (kind == Kind.TRANSCRITICAL && point.kind == Kind.PITCHFORK)
                    || (kind == Kind.TRANSCRITICAL && point.kind == Kind.DEGENERATE);
            for (int t = 0; t < curve.period() && kin && point.curve == curve; t++) {
                double[] place = curve.place(Arrays.copyOfRange(cycle, t * n, (t + 1) * n), curve.value(u));
                if (Curve.distance(point.u, place) <= SAME) {
                    return point;
                }
            }
        }
        return null;
    }

    private void register(Curve curve, Curve.Event event, int branch) {
        Point same = point(curve, event.u(), event.kind());
        if (same != null) {
            if (!same.branches.contains(branch)) {
                same.branches.add(branch);
            }
            return;
        }
        Point point = new Point();
        point.kind = event.kind();
        point.curve = curve;
        point.u = event.u();
        point.before = event.before();
        point.after = event.after();
        point.branches.add(branch);
        int index = points.size();
        points.add(point);
        switch (event.kind()) {
            case NEIMARK_SACKER -> {
                double theta = Math.abs(event.mu().argument(event.crossing()));
                point.turns = theta / (2.0 * Math.PI);
                point.lyapunov = curve.firstLyapunov(event.u(), theta);
                point.side = point.lyapunov < 0.0
                        ? Side.SUPERCRITICAL
                        : point.lyapunov > 0.0 ? Side.SUBCRITICAL : Side.UNKNOWN;
            }
            case TRANSCRITICAL -> cross(curve, event, point, index);
            case PERIOD_DOUBLING -> doubled(curve, event, point, index);
            default -> {
                // Nothing begins here that could be followed.
            }
        }
    }

    /** A place on the other curve near a bifurcation; null if none is found. */
    private double[] beside(Curve curve, Curve.Event event, double length) {
        double[] start = Curve.along(event.u(), event.across(), length);
        double[] u = curve.correct(start, event.across());
        return u != null && Curve.distance(u, start) <= 3.0 * Math.abs(length) ? u : null;
    }

    /** Enters the other branch on both sides, and tells transcritical points and pitchforks apart. */
    private void cross(Curve curve, Curve.Event event, Point point, int index) {
        List<Curve.Node> entries = new ArrayList<>();
        double[][] places = new double[4][];
        double[] lengths = {OFF, -OFF, 0.5 * OFF, -0.5 * OFF};
        for (int k = 0; k < 4; k++) {
            places[k] = beside(curve, event, lengths[k]);
            if (k < 2 && places[k] != null) {
                double[] away = places[k].clone();
                for (int i = 0; i <= n; i++) {
                    away[i] -= event.u()[i];
                }
                Curve.Node node = curve.node(places[k], away);
                if (node != null) {
                    entries.add(node);
                    open.push(new Begin(curve, node, event.u(), index));
                }
            }
        }
        if (Arrays.stream(places).anyMatch(p -> p == null) || entries.size() < 2) {
            point.kind = Kind.DEGENERATE;
            return;
        }
        // Richardson's extrapolation of the slope at the point.
        double wide = (places[0][n] - places[1][n]) / (2.0 * OFF);
        double narrow = (places[2][n] - places[3][n]) / OFF;
        double slope = (4.0 * narrow - wide) / 3.0;
        boolean otherUpright = Math.abs(slope) <= UPRIGHT;
        boolean thisUpright = Math.abs(event.tangent()[n]) <= UPRIGHT;
        if (!otherUpright && !thisUpright) {
            return;
        }
        point.kind = Kind.PITCHFORK;
        if (otherUpright) {
            double bend = places[0][n] + places[1][n] - 2.0 * event.u()[n];
            int onSide = bend * event.tangent()[n] > 0.0 ? event.after() : event.before();
            int offSide = bend * event.tangent()[n] > 0.0 ? event.before() : event.after();
            point.side = side(bend, onSide, offSide);
        } else {
            // This branch is the bent one; the straight one was entered on both sides.
            double[] near = Curve.along(event.u(), event.tangent(), OFF);
            double[] on = curve.correct(near, event.tangent());
            double bend = on == null ? 0.0 : on[n] - event.u()[n];
            Curve.Node first = entries.get(0);
            Curve.Node second = entries.get(1);
            boolean firstOn = (first.u()[n] - event.u()[n]) * bend > 0.0;
            int one = Curve.unstable(first.mu());
            int two = Curve.unstable(second.mu());
            point.side = side(bend, firstOn ? one : two, firstOn ? two : one);
        }
    }

    private static Side side(double bend, int onSide, int offSide) {
        return bend == 0.0 || onSide == offSide
                ? Side.UNKNOWN
                : onSide > offSide ? Side.SUPERCRITICAL : Side.SUBCRITICAL;
    }

    /** Enters the branch of twice the period. */
    private void doubled(Curve curve, Curve.Event event, Point point, int index) {
        if (event.across() == null) {
            return;
        }
        Curve twice = curve(2 * curve.period());
        double[] u = null;
        for (double off = OFF; u == null && off > 1e-2 * OFF; off *= 0.2) {
            u = beside(twice, event, off);
        }
        if (u == null) {
            return;
        }
        double bend = u[n] - event.u()[n];
        boolean ahead = bend * event.tangent()[n] > 0.0;
        point.side = side(bend, ahead ? event.after() : event.before(), ahead ? event.before() : event.after());
        if (twice.period() > options.period()) {
            return;
        }
        double[] away = u.clone();
        for (int i = 0; i <= n; i++) {
            away[i] -= event.u()[i];
        }
        Curve.Node node = twice.node(u, away);
        if (node != null) {
            open.push(new Begin(twice, node, event.u(), index));
        }
    }

    private Branch branch(Followed followed, int origin) {
        Curve curve = followed.curve;
        List<double[]> places = new ArrayList<>();
        List<Curve.Node> nodes = new ArrayList<>();
        if (followed.first != null) {
            places.add(followed.first);
            nodes.add(followed.nodes.get(0));
        }
        for (Curve.Node node : followed.nodes) {
            places.add(node.u());
            nodes.add(node);
        }
        int m = places.size();
        double[] values = new double[m];
        double[] states = new double[m * n];
        int[] unstable = new int[m];
        double[] radius = new double[m];
        double[] y = {};
        for (int k = 0; k < m; k++) {
            values[k] = curve.value(places.get(k));
            System.arraycopy(curve.state(places.get(k)), 0, states, k * n, n);
            unstable[k] = Curve.unstable(nodes.get(k).mu());
            radius[k] = nodes.get(k).mu().radius();
            double[] there = outputs(curve, places.get(k));
            y = y.length == 0 ? new double[m * there.length] : y;
            System.arraycopy(there, 0, y, k * there.length, there.length);
        }
        return new Branch(curve.period(), values, states, y, unstable, radius, origin, followed.begins, followed.ends);
    }

    /** The outputs of all states of a cycle. */
    private double[] outputs(Curve curve, double[] u) {
        return outputs.at(curve.value(u), curve.cycle(u));
    }

    /** The bifurcations' indices, by value of the parameter. */
    private Integer[] order() {
        Integer[] order = new Integer[points.size()];
        Arrays.setAll(order, k -> k);
        Arrays.sort(order, Comparator.comparingDouble(k -> points.get(k).curve.value(points.get(k).u)));
        return order;
    }

    private Bifurcation bifurcation(Point point) {
        return new Bifurcation(
                point.kind,
                point.side,
                point.curve.value(point.u),
                point.curve.period(),
                point.curve.state(point.u),
                outputs(point.curve, point.u),
                point.turns,
                point.lyapunov,
                point.before,
                point.after,
                List.copyOf(point.branches));
    }
}
