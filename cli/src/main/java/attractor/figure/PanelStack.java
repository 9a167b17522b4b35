package attractor.figure;

import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.List;

/** Panels one above the other that share their x axis, which only the lowest has. Built once, by one thread, then drawn. */
final class PanelStack implements Figure.Drawing {
    private final List<Panel> panels;
    private boolean numbered = true;

    /** @param panels from above, at least one */
    PanelStack(List<Panel> panels) {
        this.panels = List.copyOf(panels);
        this.panels.subList(0, panels.size() - 1).forEach(Panel::withoutXLabel);
    }

    PanelStack title(String text) {
        panels.get(0).title(text);
        return this;
    }

    /** As {@link Panel#withoutXLabel}, for the lowest. */
    PanelStack withoutXLabel() {
        panels.get(panels.size() - 1).withoutXLabel();
        numbered = false;
        return this;
    }

    /** The styles that a legend may list. */
    List<SeriesStyle> styles() {
        return panels.stream().flatMap(panel -> panel.styles().stream()).toList();
    }

    @Override
    public void draw(Graphics2D g, Rectangle2D area) {
        int count = panels.size();
        for (int k = 0; k < count; k++) {
            Rectangle2D cell = numbered ? Layout.stacked(area, 1, count, 0, k) : Layout.cell(area, 1, count, 0, k);
            panels.get(k).draw(g, cell);
        }
    }
}
