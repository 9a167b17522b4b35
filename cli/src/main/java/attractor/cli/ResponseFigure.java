package attractor.cli;

import attractor.analysis.Trajectories;
import attractor.io.AtomicFiles;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Stroke;
import java.io.IOException;
import java.nio.file.Path;
import org.jfree.chart.ChartUtils;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.plot.CombinedDomainXYPlot;
import org.jfree.chart.plot.SeriesRenderingOrder;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;

/** Draws what a network answers to one trial of each type: inputs, target and output over time, a panel a type. */
final class ResponseFigure {
    private static final int WIDTH = 760;
    private static final int PANEL = 120;
    private static final int SCALE = 2;

    /** Okabe and Ito's colours, which survive colour-blindness. */
    private static final Color[] INPUTS = {new Color(0x56B4E9), new Color(0xE69F00), new Color(0x009E73)};

    private static final Color TARGET = new Color(0xD55E00);
    private static final Stroke THIN = new BasicStroke(0.8f);
    private static final Stroke THICK = new BasicStroke(2f);
    private static final Stroke DASHED =
            new BasicStroke(1.6f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, new float[] {6, 4}, 0);

    private ResponseFigure() {}

    /** Writes a PNG, the types of trials from above to below. */
    static void write(Path file, String title, Trajectories trials) throws IOException {
        int steps = trials.steps();
        int inputs = trials.inputs();
        int outputs = trials.outputs();
        int count = trials.trials();
        double dtMs = trials.dtMs();
        NumberAxis time = new NumberAxis("time (ms)");
        time.setLowerMargin(0);
        time.setUpperMargin(0);
        CombinedDomainXYPlot all = new CombinedDomainXYPlot(time);
        all.setGap(8);
        for (int i = 0; i < count; i++) {
            XYSeriesCollection series = new XYSeriesCollection();
            XYLineAndShapeRenderer lines = new XYLineAndShapeRenderer(true, false);
            for (int c = 0; c < inputs; c++) {
                add(
                        series,
                        lines,
                        "input " + c,
                        trials.x(),
                        i,
                        c,
                        steps,
                        inputs,
                        dtMs,
                        INPUTS[c % INPUTS.length],
                        THIN,
                        i == 0);
            }
            for (int c = 0; c < outputs; c++) {
                String number = outputs == 1 ? "" : " " + c;
                add(
                        series,
                        lines,
                        "target" + number,
                        trials.target(),
                        i,
                        c,
                        steps,
                        outputs,
                        dtMs,
                        TARGET,
                        DASHED,
                        i == 0);
                add(
                        series,
                        lines,
                        "output" + number,
                        trials.y(),
                        i,
                        c,
                        steps,
                        outputs,
                        dtMs,
                        Color.BLACK,
                        THICK,
                        i == 0);
            }
            lines.setDrawSeriesLineAsPath(true);
            NumberAxis value = new NumberAxis("trial " + trials.types().get(i));
            value.setAutoRangeIncludesZero(true);
            XYPlot plot = new XYPlot(series, null, value, lines);
            // Output on top.
            plot.setSeriesRenderingOrder(SeriesRenderingOrder.FORWARD);
            plot.setBackgroundPaint(Color.WHITE);
            plot.setDomainGridlinePaint(new Color(0xDDDDDD));
            plot.setRangeGridlinePaint(new Color(0xDDDDDD));
            all.add(plot);
        }
        JFreeChart chart = new JFreeChart(title, new Font(Font.SANS_SERIF, Font.PLAIN, 14), all, true);
        chart.setBackgroundPaint(Color.WHITE);
        chart.setPadding(new RectangleInsets(6, 6, 6, 18));
        chart.getLegend().setFrame(org.jfree.chart.block.BlockBorder.NONE);
        int height = PANEL * count + 110;
        AtomicFiles.write(file, out -> ChartUtils.writeScaledChartAsPNG(out, chart, WIDTH, height, SCALE, SCALE));
    }

    private static void add(
            XYSeriesCollection all,
            XYLineAndShapeRenderer lines,
            String name,
            double[] values,
            int trial,
            int channel,
            int steps,
            int channels,
            double dtMs,
            Color color,
            Stroke stroke,
            boolean inLegend) {
        XYSeries series = new XYSeries(name);
        for (int t = 0; t < steps; t++) {
            series.add((t + 1) * dtMs, values[(trial * steps + t) * channels + channel], false);
        }
        int index = all.getSeriesCount();
        all.addSeries(series);
        lines.setSeriesPaint(index, color);
        lines.setSeriesStroke(index, stroke);
        lines.setSeriesVisibleInLegend(index, inLegend);
    }
}
