// Time courses: inputs, target and output, chosen units, and all units as a heat map. One cursor in all of them and in
// state space. Drawn by uPlot.
import { indices, range } from "attractor/arrays.js";
import { COLOURS, SERIES, partColour, raster } from "attractor/colours.js";
import { button, choice, el, panel, saveTable, shown } from "attractor/elements.js";
import { Frame, saveButtons } from "attractor/pen.js";

/** Orders of the units. Each gives a number by unit; units come by it, downwards. */
export const ORDERS = {
  number: { label: "number", of: () => (u) => -u },
  peak: { label: "time of the largest activity", of: ({ net }, h) => {
    const steps = h.length / net.units;
    return (u) => {
      let best = 0;
      for (let t = 1; t < steps; t++) if (Math.abs(h[t * net.units + u]) > Math.abs(h[best * net.units + u])) best = t;
      return -best;
    };
  } },
  readout: { label: "read-out weight", of: ({ net }) => (u) => net.wOut[u] },
  input: { label: "input weight", of: ({ net }) => (u) => (net.inputs > 0 ? net.wIn[u * net.inputs] : 0) },
  incoming: { label: "incoming weights", of: ({ net }) => (u) => {
    let sum = 0;
    for (let j = 0; j < net.units; j++) sum += Math.abs(net.wRec[u * net.units + j]);
    return sum;
  } },
  outgoing: { label: "outgoing weights", of: ({ net }) => (u) => {
    let sum = 0;
    for (let i = 0; i < net.units; i++) sum += Math.abs(net.wRec[i * net.units + u]);
    return sum;
  } },
  component: { label: "first principal component", of: ({ pca }) => (u) => pca?.components[u] ?? -u },
};

/** Units in an order. */
export function sorted(data, order, h) {
  const of = ORDERS[order].of(data, h);
  const values = indices(data.net.units).map(of);
  return indices(data.net.units).sort((a, b) => values[b] - values[a]);
}

export const orderChoices = () => Object.entries(ORDERS).map(([id, { label }]) => [id, label]);

/** Units named in a text such as "3, 7-9"; null if it isn't one. */
export function unitsIn(text, n) {
  const units = new Set();
  for (const part of text.split(/[\s,;]+/).filter(Boolean)) {
    const match = /^(\d+)(?:-(\d+))?$/.exec(part);
    if (!match) return null;
    for (let u = Number(match[1]); u <= Number(match[2] ?? match[1]); u++) {
      if (u >= n) return null;
      units.add(u);
    }
  }
  return [...units];
}

/** A plot of series over time: [{label, values, colour, width, dash, opacity}]. */
function timePlot(view, title, height, series, fixed) {
  const holder = el("div", { class: "plot" });
  const { net } = view.data;
  const times = indices(view.steps).map((t) => (t + 1) * net.dtMs);
  let plot = null;
  const bands = (u) => {
    view.parts().forEach(([name, from, to], k) => {
      const left = u.valToPos((from + 0.5) * net.dtMs, "x", true);
      const right = u.valToPos((to + 0.5) * net.dtMs, "x", true);
      u.ctx.fillStyle = partColour(name, k);
      u.ctx.fillRect(Math.max(left, u.bbox.left), u.bbox.top, Math.min(right, u.bbox.left + u.bbox.width) - Math.max(left, u.bbox.left), 4 * devicePixelRatio);
    });
  };
  const yRange = (u, low, high) => {
    const [a, b] = fixed && fixed[0] < fixed[1] ? [Math.min(low ?? 0, fixed[0]), Math.max(high ?? 0, fixed[1])] : [low ?? 0, high ?? 1];
    const margin = (b - a) * 0.08 || 1;
    return [a - margin, b + margin];
  };
  function draw() {
    const lines = series();
    const columns = [times, ...lines.map((s) => Array.from(s.values, (v) => (Number.isFinite(v) ? v : null)))];
    const signature = lines.map((s) => [s.label, s.colour, s.width, s.dash].join()).join("|");
    if (plot && plot.signature === signature) {
      plot.setData(columns);
      mark();
      return;
    }
    plot?.destroy();
    plot = new uPlot({
      width: Math.max(200, holder.clientWidth || 360),
      height,
      legend: { live: true },
      scales: { x: { time: false }, y: { range: yRange } },
      cursor: { y: false, drag: { x: true, y: false }, points: { size: 6 } },
      axes: [{ label: "time (ms)", labelSize: 18, size: 34, labelFont: "12px system-ui", font: "11px system-ui", grid: { stroke: "#eee" } },
        { size: 46, font: "11px system-ui", grid: { stroke: "#eee" } }],
      series: [{ label: "ms", value: (u, v) => (v === null ? "" : shown(v)) }, ...lines.map((s) => ({
        label: s.label, stroke: s.colour, width: s.width ?? 1.4, dash: s.dash, points: { show: false }, value: (u, v) => shown(v) }))],
      hooks: { draw: [bands], ready: [() => setTimeout(mark)] },
    }, columns, holder);
    const { over } = plot;
    over.addEventListener("pointermove", (event) => view.set("step", plot.posToIdx(event.clientX - over.getBoundingClientRect().left)));
    // The mark stays when the pointer leaves.
    over.addEventListener("pointerleave", () => setTimeout(mark));
    plot.signature = signature;
  }
  function mark() {
    plot?.setCursor({ left: plot.valToPos(times[view.step], "x"), top: 10 });
  }
  new ResizeObserver(() => {
    if (plot && holder.clientWidth > 0) {
      plot.setSize({ width: Math.max(200, holder.clientWidth), height });
      setTimeout(mark);
    }
  }).observe(holder);
  view.on("step", mark);
  /** The same with a pen, for files. */
  const paint = (pen, width, tall) => {
    const lines = series();
    const [low, high] = range(lines.flatMap((s) => [...s.values]));
    const frame = new Frame({ left: 60, right: width - 10, top: 30, bottom: tall - 44 }, [0, times.at(-1)], yRange(null, low, high));
    view.parts().forEach(([name, from, to], k) => pen.rect(frame.x(from * net.dtMs), 30, frame.x(to * net.dtMs) - frame.x(from * net.dtMs), 4, { fill: partColour(name, k) }));
    frame.draw(pen, "time (ms)", title);
    let at = 60;
    for (const s of lines) {
      pen.path([...s.values].map((v, t) => [frame.x(times[t]), frame.y(v)]).filter(([, y]) => Number.isFinite(y)), { stroke: s.colour, width: s.width ?? 1.4, dash: s.dash ?? null });
      pen.path([[at, 16], [at + 16, 16]], { stroke: s.colour, width: s.width ?? 1.4, dash: s.dash ?? null });
      pen.text(at + 20, 20, s.label, { size: 11 });
      at += 34 + 7 * s.label.length;
    }
  };
  const table = () => {
    const lines = series();
    saveTable(`${view.file(title)}.csv`, ["time_ms", ...lines.map((s) => s.label)], times.map((ms, t) => [ms, ...lines.map((s) => s.values[t])]));
  };
  const size = () => [Math.max(480, holder.clientWidth), 300];
  const element = el("div", { class: "course" },
    el("header", {}, el("h3", {}, title), el("span", { class: "save" }, button("CSV", table, { "aria-label": `Save ${title} as CSV` })), saveButtons(() => view.file(title), size, (pen) => paint(pen, ...size()))), holder);
  return { element, draw };
}

export function coursesPanel(view) {
  const { data } = view;
  const { net } = data;
  const column = (all, count, c) => Float64Array.from({ length: view.steps }, (_, t) => all[t * count + c]);
  const inputs = timePlot(view, "inputs", 170, () => indices(net.inputs).slice(0, 8).map((i) => ({
    label: `input ${i}`, values: column(view.x, net.inputs, i), colour: SERIES[i % SERIES.length] })));
  const one = net.outputs === 1;
  const outputs = timePlot(view, "outputs", 220, () => indices(net.outputs).slice(0, 6).flatMap((o) => {
    const name = one ? "" : ` ${o}`;
    const colour = one ? COLOURS.black : SERIES[o];
    const light = one ? COLOURS.purple : SERIES[o]; // no part of the trial has it
    return [
      view.target ? { label: `target${name}`, values: column(view.target, net.outputs, o), colour: light, width: 2.4, dash: [3, 4] } : null,
      { label: `output${name}`, values: column(view.intact.y, net.outputs, o), colour, width: 1.8 },
      view.other ? { label: `changed${name}`, values: column(view.other.y, net.outputs, o), colour: one ? COLOURS.blue : colour, width: 1.8, dash: one ? undefined : [8, 4] } : null,
    ].filter(Boolean);
  }), [-0.1, 1.1]);
  const units = timePlot(view, "units", 220, () => view.units.slice(0, 8).flatMap((u, k) => [
    { label: `unit ${u}`, values: column(view.intact.h, net.units, u), colour: SERIES[k] },
    view.other ? { label: `${u} changed`, values: column(view.other.h, net.units, u), colour: SERIES[k], dash: [6, 4] } : null,
  ].filter(Boolean)));

  // The heat map.
  const canvas = el("canvas", { class: "heat", role: "img", "aria-label": "States of all units over time" });
  const line = el("div", { class: "heat-cursor" });
  const tip = el("div", { class: "tip", hidden: "" });
  const holder = el("div", { class: "heat-holder" }, canvas, line, tip);
  let order = data.trials ? "peak" : "number";
  let which = "intact";
  let rows = [];
  const values = () => {
    if (which === "intact" || !view.other) return view.intact.h;
    return which === "changed" ? view.other.h : view.other.h.map((v, k) => v - view.intact.h[k]);
  };
  let pixels = null;
  function heat() {
    const h = values();
    rows = sorted(data, order, view.intact.h);
    const most = Math.max(...range(h).map(Math.abs)) || 1;
    pixels = el("canvas", { width: view.steps, height: net.units });
    const g = pixels.getContext("2d");
    const image = g.createImageData(view.steps, net.units);
    const sortedValues = new Float64Array(h.length);
    rows.forEach((u, r) => {
      for (let t = 0; t < view.steps; t++) sortedValues[r * view.steps + t] = h[t * net.units + u];
    });
    raster(sortedValues, most, image);
    g.putImageData(image, 0, 0);
    canvas.width = pixels.width;
    canvas.height = pixels.height;
    canvas.getContext("2d").drawImage(pixels, 0, 0);
    scale.textContent = `blue −${shown(most)}, white 0, vermillion ${shown(most)}`;
    mark();
  }
  function mark() {
    line.style.left = `${(100 * (view.step + 0.5)) / view.steps}%`;
  }
  const scale = el("p", { class: "note" });
  const place = (event) => {
    const box = canvas.getBoundingClientRect();
    const share = (at, from, size, n) => Math.max(0, Math.min(n - 1, Math.floor(((at - from) / size) * n)));
    return [share(event.clientX, box.left, box.width, view.steps), rows[share(event.clientY, box.top, box.height, net.units)]];
  };
  canvas.addEventListener("pointermove", (event) => {
    const [t, u] = place(event);
    view.set("step", t);
    tip.hidden = false;
    tip.textContent = `unit ${u}, ${shown((t + 1) * net.dtMs)} ms: ${shown(values()[t * net.units + u])}`;
    tip.style.left = `${Math.min(event.offsetX + 12, canvas.clientWidth - 180)}px`;
    tip.style.top = `${event.offsetY + 12}px`;
  });
  canvas.addEventListener("pointerleave", () => (tip.hidden = true));
  canvas.addEventListener("click", (event) => {
    const [, u] = place(event);
    view.set("units", view.units.includes(u) ? view.units.filter((v) => v !== u) : [...view.units, u].slice(-8));
  });

  const search = el("input", { type: "search", value: view.units.join(", "), placeholder: "such as 3, 7-9", "aria-label": "Units to draw, such as 3, 7-9", onchange: () => {
    const found = unitsIn(search.value, net.units);
    search.setCustomValidity(found ? "" : `expected units from 0 to ${net.units - 1}, such as 3, 7-9`);
    search.reportValidity();
    if (found) view.set("units", found.slice(0, 8));
  } });
  const first = (o) => view.set("units", sorted(data, o, view.intact.h).slice(0, 4));
  const unitControls = el("div", { class: "controls" },
    el("label", { class: "field" }, el("span", {}, "Units"), search),
    choice("Take the first four by", [["", "–"], ...orderChoices()], "", (o) => o && first(o)));
  const heatControls = el("div", { class: "controls" },
    choice("Rows by", orderChoices(), order, (o) => ((order = o), heat())),
    choice("Show", [["intact", "intact network"], ["changed", "changed network"], ["difference", "changed less intact"]], which, (w) => ((which = w), heat())));
  const heatSize = () => [640, 400];
  const paintHeat = (pen) => {
    pen.image(pixels, 60, 10, 570, 346);
    pen.text(20, 180, `units by ${ORDERS[order].label}`, { anchor: "middle", turned: true });
    pen.text(345, 392, "time (ms)", { anchor: "middle" });
    for (const t of [0, 0.25, 0.5, 0.75, 1]) pen.text(60 + 570 * t, 373, shown(view.steps * net.dtMs * t), { anchor: "middle", size: 11, fill: "#555" });
  };
  const map = el("div", { class: "course" }, el("header", {}, el("h3", {}, "all units"), saveButtons(() => view.file("heat-map"), heatSize, paintHeat)), heatControls, holder, scale);

  view.on("step", mark);
  view.on("units", () => {
    search.value = view.units.join(", ");
    units.draw();
  });
  const drawAll = () => {
    if (net.inputs > 0) inputs.draw();
    outputs.draw();
    units.draw();
    heat();
  };
  view.on("run", drawAll);
  const element = panel("courses", "Time courses", "Move over a plot: all plots and state space follow. Drag to zoom, double click to see all.",
    outputs.element, net.inputs > 0 ? inputs.element : null);
  const unitsElement = panel("units", "Units", "A click on a row of the map draws that unit.",
    el("div", { class: "two" }, el("div", {}, units.element, unitControls), map));
  // uPlot measures its holder, which must be in the page.
  return { element, units: unitsElement, shown: drawAll };
}
