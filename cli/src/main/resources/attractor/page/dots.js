// Networks as dots. A dot opens the page of its network where one was written.
import { MARKS, SERIES, mark } from "attractor/colours.js";
import { firstMeasure } from "attractor/cells.js";
import { range } from "attractor/arrays.js";
import { button, choice, el, panel, saveTable, shown } from "attractor/elements.js";
import { CanvasPen, Frame, saveButtons } from "attractor/pen.js";
import { inOrder } from "attractor/rows.js";

const HEIGHT = 420;
const MOST_ROWS = 100;

/** A mark that differs from the neighbours', and from that of the same colour. */
const markOf = (k) => MARKS[(k + Math.floor(k / SERIES.length)) % MARKS.length];

/** A number from 0 to 1 that is always the same for a network. */
const scatter = (k) => ((k * 0x9e3779b1) >>> 0) / 2 ** 32;

export function dotsPanel(view) {
  const { data } = view;
  if (view.measures.length === 0 || view.runs.length === 0) return null;
  const varied = view.texts.filter((t) => t.texts.length > 1).map((t) => t.name);
  const keys = view.texts.filter((t) => t.key && t.texts.length > 1).map((t) => t.name);
  const textOf = (name) => view.texts.find((t) => t.name === name);
  const measureOf = (name) => view.measures.find((m) => m.name === name);
  const chosen = { x: keys[0] ?? "", y: firstMeasure(view.measures), colour: [...keys, ...varied].find((name, k) => k > 0 && name !== keys[0] && textOf(name).texts.length <= SERIES.length) ?? "", logarithmic: false };
  let dots = [];
  let at = -1;
  let colours = [];
  let frame = null;

  const canvas = el("canvas", { class: "dots", tabindex: "0", role: "img", "aria-label": "Networks as dots; left and right choose one, Enter opens its page" });
  const tip = el("div", { class: "tip", hidden: "" });
  const said = el("p", { class: "note", role: "status", "aria-live": "polite" });
  const legend = el("p", { class: "legend" });
  const holder = el("div", { class: "matrix-holder" }, canvas, tip);

  /** The means of a network's rows that are left, by what is told apart on the axes. */
  function gather() {
    const x = textOf(chosen.x);
    const xValues = measureOf(chosen.x)?.values;
    const colour = textOf(chosen.colour);
    const y = measureOf(chosen.y).values;
    const found = new Map();
    for (const r of view.left()) {
      const values = [y[r], xValues ? xValues[r] : 0];
      if (values.some(Number.isNaN)) continue;
      const id = `${view.run[r]} ${x ? x.values[r] : ""} ${colour ? colour.values[r] : ""}`;
      const dot = found.get(id) ?? { run: view.run[r], x: 0, y: 0, count: 0, group: x ? x.texts[x.values[r]] : "", colour: colour ? colour.texts[colour.values[r]] : "", row: r };
      dot.count++;
      dot.y += values[0];
      dot.x += values[1];
      found.set(id, dot);
    }
    dots = [...found.values()].map((d) => ({ ...d, x: d.x / d.count, y: d.y / d.count }));
    at = -1;
  }

  const words = (d) => `run ${view.runs[d.run]}${view.seeds[d.run] === "" ? "" : `, seed ${view.seeds[d.run]}`}; ${chosen.x ? `${chosen.x} ${d.group || shown(d.x)}; ` : ""}${chosen.colour ? `${chosen.colour} ${d.colour}; ` : ""}${chosen.y} ${shown(d.y)}${d.count > 1 ? `, mean of ${d.count} rows` : ""}${view.pages.has(d.run) ? "; click opens its page" : ""}`;
  const onAxis = (y) => (chosen.logarithmic ? Math.log10(y) : y);
  const drawn = () => dots.filter((d) => Number.isFinite(onAxis(d.y)));

  function paint(pen, width, height) {
    const groups = textOf(chosen.x) ? inOrder([...new Set(dots.map((d) => d.group))]) : null;
    colours = inOrder([...new Set(dots.map((d) => d.colour))]);
    const some = drawn();
    const [low, high] = range(some.map((d) => onAxis(d.y)));
    const pad = (high - low) * 0.05 || Math.abs(high) * 0.05 || 1;
    const [x0, x1] = groups ? [-0.6, groups.length - 0.4] : chosen.x ? range(some.map((d) => d.x)) : [-0.6, 0.6];
    const side = groups || !chosen.x ? 0 : (x1 - x0) * 0.03 || 1;
    frame = new Frame({ left: 70, right: width - 12, top: 12, bottom: height - (groups ? 64 : 46) }, [x0 - side, x1 + side], [low - pad, high + pad]);
    frame.draw(pen, chosen.x, chosen.logarithmic ? `log10 ${chosen.y}` : chosen.y, 0, groups ?? (chosen.x ? null : [""]));
    // Those that differ by colour stand side by side.
    const share = 0.72 / Math.max(1, colours.length);
    const r = some.length > 1500 ? 2.2 : 3.4;
    for (const d of some) {
      const k = colours.indexOf(d.colour);
      const x = groups || !chosen.x ? Math.max(0, groups?.indexOf(d.group) ?? 0) - 0.36 + share * (k + 0.12 + 0.76 * scatter(d.run)) : d.x;
      d.place = [frame.x(x), frame.y(onAxis(d.y))];
      mark(pen, markOf(k), ...d.place, r, { fill: SERIES[k % SERIES.length], opacity: 0.75 });
    }
    if (at >= 0) pen.circle(...some[at].place, 8, { stroke: "#000", width: 2 });
  }
  const size = () => [Math.max(260, Math.round(holder.clientWidth || 700)), HEIGHT];
  function draw() {
    const [width, height] = size();
    canvas.style.height = `${height}px`;
    paint(new CanvasPen(width, height, Math.min(2, window.devicePixelRatio || 1), canvas), width, height);
    legend.replaceChildren(...(chosen.colour ? colours : []).map((text, k) => {
      const sample = el("canvas", { class: "sample" });
      mark(new CanvasPen(12, 12, 2, sample), markOf(k), 6, 6, 4, { fill: SERIES[k % SERIES.length] });
      return el("span", {}, sample, text === "" ? "(empty)" : text);
    }));
  }
  const table = el("tbody", {});
  const tableHead = el("tr", {});
  let downwards = true;
  function list() {
    const some = [...drawn()].sort((a, b) => (downwards ? b.y - a.y : a.y - b.y)).slice(0, MOST_ROWS);
    tableHead.replaceChildren(...["run", "seed", chosen.x, chosen.colour, chosen.y].map((t) => el("th", { scope: "col" }, t)));
    table.replaceChildren(...some.map((d) => el("tr", {}, el("th", { scope: "row" }, view.pages.has(d.run) ? el("a", { href: address(d) }, view.runs[d.run]) : view.runs[d.run]), el("td", {}, view.seeds[d.run]),
      el("td", {}, chosen.x ? d.group || shown(d.x) : ""), el("td", {}, d.colour), el("td", { "data-value": String(d.y) }, shown(d.y)))));
  }
  function all() {
    gather();
    draw();
    list();
    const networks = new Set(dots.map((d) => d.run)).size;
    said.textContent = `${networks} networks, ${dots.length} dots${view.runs.length < data.runs ? `; a random sample of ${view.runs.length} of the study's ${data.runs} networks` : ""}.`;
    said.dataset.networks = String(networks);
  }
  const address = (d) => `${view.folder}/${encodeURIComponent(view.runs[d.run])}.html`;
  const open = (d) => view.pages.has(d.run) && window.open(address(d), "_blank", "noopener");
  const nearest = (event) => {
    let least = 14;
    let best = -1;
    drawn().forEach((d, k) => {
      const distance = Math.hypot(d.place[0] - event.offsetX, d.place[1] - event.offsetY);
      if (distance < least) [least, best] = [distance, k];
    });
    return best;
  };
  function choose(k) {
    at = k;
    draw();
    tip.hidden = k < 0;
    canvas.style.cursor = k >= 0 && view.pages.has(drawn()[k].run) ? "pointer" : "default";
    if (k < 0) return;
    const d = drawn()[k];
    tip.textContent = words(d);
    tip.style.left = `${Math.max(0, Math.min(d.place[0] + 12, canvas.clientWidth - 240))}px`;
    tip.style.top = `${d.place[1] + 12}px`;
  }
  canvas.addEventListener("pointermove", (event) => {
    const k = nearest(event);
    if (k !== at) choose(k);
  });
  canvas.addEventListener("pointerleave", () => choose(-1));
  canvas.addEventListener("click", (event) => {
    const k = nearest(event);
    if (k >= 0) open(drawn()[k]);
  });
  canvas.addEventListener("keydown", (event) => {
    const order = drawn().map((d, k) => [d.place[0], k]).sort((a, b) => a[0] - b[0]).map(([, k]) => k);
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step && order.length > 0) {
      event.preventDefault();
      const now = order.indexOf(at);
      choose(order[(now < 0 ? (step > 0 ? 0 : order.length - 1) : now + step + order.length) % order.length]);
      said.textContent = words(drawn()[at]);
    } else if (event.key === "Enter" && at >= 0) open(drawn()[at]);
    else if (event.key === "Escape") choose(-1);
  });
  new ResizeObserver(() => dots.length > 0 && draw()).observe(holder);
  view.on(all);
  const by = (label, name, options, id) => choice(label, options, chosen[name], (v) => {
    chosen[name] = v;
    all();
  }, { id });
  const named = (names) => names.map((name) => [name, name]);
  const measures = named(view.measures.map((m) => m.name));
  const csv = () => saveTable(`${view.file("networks")}.csv`, ["run", "seed", ...view.texts.map((t) => t.name), ...view.measures.map((m) => m.name)],
    view.left().map((r) => [view.runs[view.run[r]], view.seeds[view.run[r]], ...view.texts.map((t) => t.texts[t.values[r]]), ...view.measures.map((m) => (Number.isNaN(m.values[r]) ? "" : m.values[r]))]));
  const averaged = data.networks.averaged.length > 0 ? ` To keep the page small, a network's rows of all ${data.networks.averaged.join(", ")} are one here, their mean.` : "";
  const sample = view.runs.length < data.runs ? ` A random sample: ${view.runs.length} of ${data.runs} networks.` : "";
  return panel("networks", "Networks", `A dot is a network: the mean of its rows that the filters leave, by what is on the axes.${sample}${averaged}${view.pages.size > 0 ? ` ${view.pages.size} have a page, which a click opens.` : " No network has a page yet: attractor explore DIR --each DIR/pages writes them, then attractor study report DIR."}`,
    el("div", { class: "controls" }, by("x", "x", [["", "–"], ...named(varied), ...measures], "dots-x"), by("y", "y", measures, "dots-y"), by("Colour", "colour", [["", "–"], ...named(varied)], "dots-colour"),
      el("label", { class: "tick" }, el("input", { type: "checkbox", onchange: (event) => {
        chosen.logarithmic = event.target.checked;
        all();
      } }), el("span", {}, "logarithmic y")),
      button("CSV", csv, { "aria-label": "Save the rows of these networks as CSV" }), saveButtons(() => view.file("networks"), size, (pen) => paint(pen, ...size()))),
    holder, legend, said,
    el("details", {}, el("summary", {}, "As a table"), el("div", { class: "controls" }, button("Other end first", () => {
      downwards = !downwards;
      list();
    })), el("div", { class: "scroll" }, el("table", { id: "networks-table" }, el("thead", {}, tableHead), table)), el("p", { class: "note" }, `At most ${MOST_ROWS} of them.`)));
}
