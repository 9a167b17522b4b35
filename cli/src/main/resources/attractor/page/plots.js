// The study's figures, drawn from the same series as the report's pictures, with the values on hover.
import { decode, range } from "attractor/arrays.js";
import { mark } from "attractor/colours.js";
import { button, el, panel, saveTable, shown } from "attractor/elements.js";
import { Frame, figure } from "attractor/pen.js";

const HEIGHT = 270;

/** Points of the report's figures are 1/72 inch; a page's pixels 1/96. */
const PIXELS = 96 / 72;

export function plotsPanel(view, figures) {
  const all = Object.entries(figures);
  if (all.length === 0) return null;
  return panel("figures", "Figures", "As in the report. Move over a point, or go through the points by the arrow keys, to read its values; a name in the legend hides its series.",
    all.map(([name, panels]) => plot(view, name, panels)));
}

/** A figure of several panels with one legend. */
function plot(view, name, panels) {
  const hidden = new Set();
  const drawn = panels.map((p) => ({ ...p, bars: p.bars.map(unpack), series: p.series.map(unpack) }));
  const figures = drawn.map((p, k) => onePanel(view, `${name}${drawn.length > 1 ? `-${k + 1}` : ""}`, p, hidden));
  const names = new Map(drawn.flatMap((p) => [...p.bars, ...p.series]).filter((s) => s.name !== "").map((s) => [s.name, s]));
  const entries = [...names.values()].map((s) => {
    const sample = el("span", { class: "sample-line", style: s.width > 0 ? `border-top:2px ${s.dash.length > 0 ? "dashed" : "solid"} ${s.colour}` : `width:9px;height:9px;${s.filled ? "background" : "border:2px solid"}${s.filled ? `:${s.colour}` : ` ${s.colour}`};border-radius:${s.marker === "circle" ? "50%" : "0"}` });
    const entry = button("", () => {
      if (hidden.has(s.name)) hidden.delete(s.name);
      else hidden.add(s.name);
      entry.setAttribute("aria-pressed", String(!hidden.has(s.name)));
      figures.forEach((f) => f.draw());
    }, { "aria-pressed": "true", class: "entry" });
    entry.append(sample, s.name);
    return entry;
  });
  const thinned = drawn.flatMap((p) => p.series).some((s) => s.points > s.x.length);
  const csv = button("CSV", () => saveTable(`${view.file(name)}.csv`, ["panel", "series", "x", "y"],
    drawn.flatMap((p) => [...p.bars, ...p.series].flatMap((s) => [...s.x].map((x, k) => [p.title, s.name, Number.isNaN(x) ? "" : x, Number.isNaN(s.y[k]) ? "" : s.y[k]])))), { "aria-label": `Save the values of ${name} as CSV` });
  return el("div", { class: "plots", "data-figure": name }, el("header", {}, el("h3", {}, name), el("span", { class: "save" }, csv)),
    el("div", { class: "legend" }, entries), thinned ? el("p", { class: "note" }, "Of long series evenly spread points are drawn.") : null,
    el("div", { class: drawn.length > 1 ? "grid" : "" }, figures.map((f) => f.element)));
}

const unpack = (s) => ({ ...s, x: decode(s.x), y: decode(s.y) });

function onePanel(view, name, p, hidden) {
  let places = [];
  let at = -1;
  const seen = (s) => !hidden.has(s.name);
  function draw(pen, width, height) {
    const series = [...p.bars, ...p.series];
    const half = p.barWidth / 2;
    const limits = (given, values, zero) => {
      if (given) return given;
      const [a, b] = range(values);
      const pad = (b - a) * 0.05 || Math.abs(b) * 0.1 || 1;
      return [zero && a >= 0 ? 0 : a - pad, b + pad];
    };
    let x = limits(p.xRange, series.flatMap((s) => [...s.x]).flatMap((v) => (half > 0 ? [v - half, v + half] : [v])), false);
    let y = limits(p.yRange, series.flatMap((s) => [...s.y]), p.bars.length > 0);
    const box = { left: 58, right: width - 10, top: p.title ? 24 : 10, bottom: height - (p.xNames.length > 0 ? 62 : 44) };
    if (p.equal) {
      const unit = Math.max((x[1] - x[0]) / (box.right - box.left), (y[1] - y[0]) / (box.bottom - box.top));
      const widen = ([a, b], length) => [(a + b - length) / 2, (a + b + length) / 2];
      x = widen(x, unit * (box.right - box.left));
      y = widen(y, unit * (box.bottom - box.top));
    }
    const frame = new Frame(box, x, y);
    frame.draw(pen, p.xLabel, p.logarithmic ? `log10 ${p.yLabel}` : p.yLabel, 0, p.xNames.length > 0 ? p.xNames : null);
    if (p.title) pen.text(box.left, 14, p.title, { size: 12, bold: true });
    places = [];
    const inside = (a, b) => a >= x[0] && a <= x[1] && b >= y[0] && b <= y[1];
    for (const s of p.bars.filter(seen)) {
      s.x.forEach((v, k) => {
        pen.rect(frame.x(v - half), frame.y(s.y[k]), Math.max(0.5, frame.x(v + half) - frame.x(v - half) - 0.6), frame.y(0) - frame.y(s.y[k]), { fill: s.colour });
        places.push([frame.x(v), frame.y(s.y[k]), s, k]);
      });
    }
    for (const s of p.series.filter(seen)) {
      if (s.width > 0) {
        let run = [];
        const end = () => {
          if (run.length > 1) pen.path(run, { stroke: s.colour, width: s.width * PIXELS, dash: s.dash.length > 0 ? s.dash.map((d) => d * PIXELS) : null });
          run = [];
        };
        for (let k = 0; k < s.x.length; k++) {
          if (Number.isNaN(s.x[k]) || !inside(s.x[k], s.y[k])) end();
          else run.push([frame.x(s.x[k]), frame.y(s.y[k])]);
        }
        end();
      }
      s.x.forEach((v, k) => {
        if (Number.isNaN(v) || !inside(v, s.y[k])) return;
        const place = [frame.x(v), frame.y(s.y[k])];
        if (s.marker !== "none") mark(pen, s.marker, ...place, (s.size / 2) * PIXELS, s.filled ? { fill: s.colour } : { stroke: s.colour, fill: "#fff" });
        if (s.name !== "") places.push([...place, s, k]);
      });
    }
    if (at >= 0 && places[at]) pen.circle(places[at][0], places[at][1], 7, { stroke: "#000", width: 1.5 });
  }
  const fig = figure("", () => view.file(name), HEIGHT, draw);
  const holder = fig.element.querySelector(".figure");
  const tip = el("div", { class: "tip", hidden: "", role: "status" });
  holder.setAttribute("tabindex", "0");
  holder.setAttribute("aria-label", `${p.title || name}: left and right go through its points`);
  fig.element.classList.add("hovered");
  fig.element.append(tip);
  const words = ([, , s, k]) => `${s.name}: ${p.xLabel || "at"} ${p.xNames.length > 0 ? (p.xNames[Math.round(s.x[k])] ?? "").replace("\n", " ") : shown(s.x[k])}, ${p.yLabel} ${shown(p.logarithmic ? 10 ** s.y[k] : s.y[k])}`;
  function choose(k) {
    if (k === at) return;
    at = k;
    fig.draw();
    tip.hidden = k < 0;
    if (k < 0) return;
    tip.textContent = words(places[k]);
    tip.dataset.x = String(places[k][2].x[places[k][3]]);
    tip.dataset.y = String(places[k][2].y[places[k][3]]);
    tip.style.left = `${Math.max(0, Math.min(places[k][0] + 12, holder.clientWidth - 240))}px`;
    tip.style.top = `${holder.offsetTop + places[k][1] + 12}px`;
  }
  holder.addEventListener("pointermove", (event) => {
    const box = holder.getBoundingClientRect();
    let least = 16;
    let best = -1;
    places.forEach(([x, y], k) => {
      const distance = Math.hypot(x - event.clientX + box.left, y - event.clientY + box.top);
      if (distance < least) [least, best] = [distance, k];
    });
    choose(best);
  });
  holder.addEventListener("pointerleave", () => choose(-1));
  holder.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step && places.length > 0) {
      event.preventDefault();
      choose(at < 0 ? (step > 0 ? 0 : places.length - 1) : (at + step + places.length) % places.length);
    } else if (event.key === "Escape") choose(-1);
  });
  return fig;
}
