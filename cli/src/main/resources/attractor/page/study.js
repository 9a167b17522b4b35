// The page of a study. What it says and its figures are the report's; cells and networks come from results.csv, of any
// study. Read in this order: rows.js, what is looked at; then cells.js, dots.js and plots.js, the panels.
import { cellsPanel } from "attractor/cells.js";
import { dotsPanel } from "attractor/dots.js";
import { button, el, fileName, panel, save } from "attractor/elements.js";
import { plotsPanel } from "attractor/plots.js";
import { Rows } from "attractor/rows.js";

const data = JSON.parse(document.getElementById("data").textContent);
const view = new Rows(data);
view.file = (what) => `${fileName(`${data.folder}-${what}`)}`;

/** A table of the report: its first row is the header. */
function table(rows) {
  const [header, ...body] = rows;
  return el("div", { class: "scroll" }, el("table", { class: "report" },
    el("thead", {}, el("tr", {}, header.map((text) => el("th", { scope: "col" }, text)))),
    el("tbody", {}, body.map((cells) => el("tr", {}, cells.map((text, k) => (k === 0 ? el("th", { scope: "row" }, text) : el("td", {}, text))))))));
}

function reportPanel() {
  return panel("report", `Study: ${data.name}`, data.folder,
    ...data.parts.map((part) => (typeof part === "string" ? el("p", {}, part) : table(part))),
    el("div", { class: "controls" },
      data.summary ? button("Save summary.json", () => save("summary.json", "application/json", JSON.stringify(data.summary, null, 1))) : el("p", { class: "note" }, "Every number of the report: summary.json, beside this page.")));
}

const panels = [["Report", reportPanel()], ["Figures", plotsPanel(view, data.figures)], ["Cells", cellsPanel(view)], ["Networks", dotsPanel(view)]].filter(([, p]) => p);
document.getElementById("page").replaceChildren(
  el("header", { class: "top" }, el("h1", {}, "Attractor"), el("nav", { "aria-label": "Parts of the page" }, panels.map(([name, p]) => el("a", { href: `#${p.id}` }, name)))),
  el("main", {}, panels.map(([, p]) => p)));
document.title = `${data.folder} · study ${data.name} · Attractor`;
view.tell();
// For the console, and for tests.
window.attractor = { view, data };
