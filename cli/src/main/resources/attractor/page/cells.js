// The filters, and the table by cell: of all networks of the study, with 95 % intervals.
import { button, choice, el, panel, saveTable, shown } from "attractor/elements.js";

const MOST_ROWS = 300;

/** The measure that is looked at first: the error if there is one, else what comes after the training's own. */
export function firstMeasure(measures) {
  const names = measures.map((m) => m.name);
  return ["rmse", "distanceMean", "medianMs", "responseDistance"].find((name) => names.includes(name)) ?? names[names.indexOf("bestLoss") + 1] ?? names[0];
}

/** The filters; cells and networks follow them. */
export function filters(view) {
  const names = [...new Set([...view.cells.keys, ...view.texts.map((t) => t.name)])];
  const choices = names.map((name) => [name, view.textsOf(name)]).filter(([, texts]) => texts.length > 1)
    .map(([name, texts]) => choice(name, [["all", "all"], ...texts.map((t, k) => [String(k), t === "" ? "(empty)" : t])], "all", (v) => view.want(name, v === "all" ? null : texts[Number(v)]), { "data-filter": name }));
  const bound = (label, name, none) => el("label", { class: "field" }, el("span", {}, label), el("input", { type: "number", step: "any", style: "width:7em", onchange: (event) => {
    view.range[name] = event.target.value === "" ? none : Number(event.target.value);
    view.tell();
  } }));
  const range = view.measures.length === 0 ? [] : [
    choice("networks with", [["", "any values"], ...view.measures.map((m) => [m.name, m.name])], "", (v) => {
      view.range.measure = v === "" ? null : v;
      view.tell();
    }), bound("from", "from", -Infinity), bound("to", "to", Infinity)];
  return el("div", { class: "controls filters" }, choices, range);
}

export function cellsPanel(view) {
  const { cells, data } = view;
  if (cells.measures.length === 0) return null;
  let name = firstMeasure(cells.measures);
  const body = el("tbody", {});
  const more = el("p", { class: "note" });
  const head = el("tr", {});
  const draw = () => {
    const measure = cells.measures.find((m) => m.name === name);
    const left = view.cellsLeft();
    head.replaceChildren(...[...cells.keys, "rows", measure.rate ? `share ${name}` : `mean ${name}`, ...(measure.rate ? [] : ["sd"]), "95 % interval"].map((t) => el("th", { scope: "col" }, t)));
    const value = (k, c) => el("td", { class: "number", "data-of": k, "data-value": String(measure[k][c]) }, shown(measure[k][c]));
    body.replaceChildren(...left.slice(0, MOST_ROWS).map((c) => el("tr", { "data-cell": c },
      cells.values[c].map((text) => el("th", { scope: "row" }, text === "" ? "–" : text)),
      value("count", c), value("mean", c), measure.rate ? null : value("sd", c),
      el("td", {}, Number.isNaN(measure.low[c]) ? "–" : [el("span", { "data-of": "low", "data-value": String(measure.low[c]) }, shown(measure.low[c])), " to ", el("span", { "data-of": "high", "data-value": String(measure.high[c]) }, shown(measure.high[c]))]))));
    more.textContent = [left.length > MOST_ROWS ? `The first ${MOST_ROWS} of ${left.length} cells: choose fewer above, or save them all.` : "",
      cells.leftOut > 0 ? `${cells.leftOut} more cells are in results.csv alone.` : ""].join(" ").trim();
  };
  const csv = () => saveTable(`${view.file("cells")}.csv`, [...cells.keys, ...cells.measures.flatMap((m) => ["n", "mean", "sd", "low95", "high95"].map((k) => `${m.name}_${k}`))],
    view.cellsLeft().map((c) => [...cells.values[c], ...cells.measures.flatMap((m) => [m.count[c], m.mean[c], m.sd[c], m.low[c], m.high[c]].map((v) => (Number.isNaN(v) ? "" : v)))]));
  view.on(draw);
  return panel("cells", "Cells", `Of all ${data.runs} finished runs, ${data.rows} rows of results.csv. Intervals are 95 %: Wilson's of a share, Student's of a mean.`,
    filters(view),
    el("div", { class: "controls" }, choice("Measure", cells.measures.map((m) => [m.name, m.name]), name, (v) => {
      name = v;
      draw();
    }, { id: "measure" }), button("Save the cells (CSV)", csv)),
    el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Cells" }, el("table", { id: "cells-table" }, el("thead", {}, head), body)), more);
}
