package attractor.cli.result;

import attractor.analysis.FixedPoints;
import attractor.analysis.NetworkAnalysis;
import attractor.analysis.Pseudospectrum;
import attractor.analysis.SchurForm;
import attractor.analysis.StateMap;
import attractor.analysis.TransientGrowth;
import attractor.figure.DynamicsFigures;
import attractor.io.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The part {@code growth}: what is not normal about the dynamics around fixed points. */
public final class GrowthPart implements AnalysisPart {
    private static final int STEPS = 100;
    private static final int MOST_POINTS = 5;

    @Override
    public String name() {
        return "growth";
    }

    @Override
    public String about() {
        return "transient growth, Schur form and pseudospectra at stable fixed points";
    }

    /** A matrix that is looked at. */
    private record Matrix(String name, Integer point, double[] values) {}

    @Override
    public Result of(Subject subject) {
        int n = subject.network().units();
        FixedPoints points =
                subject.analysis().map(NetworkAnalysis::fixedPoints).orElseGet(() -> SlowPart.search(subject));
        List<Matrix> matrices = new ArrayList<>();
        StateMap map = new StateMap(subject.network(), subject.input());
        for (int k = 0; k < points.points().size() && matrices.size() < MOST_POINTS; k++) {
            FixedPoints.Point point = points.points().get(k);
            if (point.multipliers().isPresent() && point.multipliers().get().stable()) {
                double[] df = new double[n * n];
                map.applyWithJacobian(point.state(), new double[n], df);
                matrices.add(new Matrix(
                        String.format(Locale.ROOT, "fixed point #%d, output %.2f", k, point.output()[0] + 0.0), k, df));
            }
        }
        if (matrices.isEmpty()) {
            // Nothing is stable: the map at the state 0, where trials begin as a rule.
            double[] df = new double[n * n];
            map.applyWithJacobian(new double[n], new double[n], df);
            matrices.add(new Matrix("state 0", null, df));
        }
        List<Object> list = new ArrayList<>();
        List<TransientGrowth> growths = new ArrayList<>();
        CsvTable table = new CsvTable("growth.csv", List.of("matrix", "step", "growth"));
        List<String> lines = new ArrayList<>(List.of("largest growth of a deviation before it decays"));
        SchurForm first = null;
        Pseudospectrum pseudo = null;
        for (int k = 0; k < matrices.size(); k++) {
            Matrix matrix = matrices.get(k);
            TransientGrowth growth = TransientGrowth.of(matrix.values, n, STEPS);
            SchurForm schur = SchurForm.of(matrix.values, n);
            Pseudospectrum p = Pseudospectrum.of(schur, n <= 100 ? 61 : 25);
            if (k == 0) {
                first = schur;
                pseudo = p;
            }
            growths.add(growth);
            double[] times = growth.growth();
            for (int t = 0; t < times.length; t++) {
                table.row(List.of(k, t, times[t]));
            }
            list.add(JsonMembers.of(
                    "fixedPoint", matrix.point,
                    "peak", growth.peak(),
                    "peakStep", growth.peakStep(),
                    "firstStep", times[1],
                    "kreiss", p.kreiss(),
                    "henrici", schur.departure(),
                    "direction", JsonMembers.numbers(growth.direction()),
                    "response", JsonMembers.numbers(growth.response())));
            lines.add(String.format(
                    Locale.ROOT,
                    "  %s: %.2f times after %s (at least %.2f by the pseudospectrum), Henrici %.3f",
                    matrix.name,
                    growth.peak(),
                    Printable.count(growth.peakStep(), "step"),
                    p.kreiss(),
                    schur.departure()));
        }
        return new Result(
                JsonMembers.of("matrices", list),
                List.of(table),
                Map.of(
                        "growth",
                        DynamicsFigures.growth(
                                growths,
                                matrices.stream().map(Matrix::name).toList(),
                                first,
                                pseudo,
                                matrices.get(0).name)),
                lines);
    }
}
