// The page. Read in this order: network.js (the update) and trials.js, random.js, lesions.js, score.js, which are the
// library's in JavaScript; view.js, what is looked at; then the panels: words, space (with space3d), playground, courses,
// spectra, weights, epochs. elements.js and pen.js make elements and figures.
import { choice, el, fileName } from "attractor/elements.js";
import { coursesPanel } from "attractor/courses.js";
import { epochsPanel } from "attractor/epochs.js";
import { numbersPanel, wordsPanel } from "attractor/words.js";
import { playgroundPanel } from "attractor/playground.js";
import { spacePanel } from "attractor/space.js";
import { spectraPanel } from "attractor/spectra.js";
import { View } from "attractor/view.js";
import { weightsPanel } from "attractor/weights.js";

const read = (id) => JSON.parse(document.getElementById(id).textContent);
const networks = read("data");
const licences = read("licences");
const page = document.getElementById("page");
let open = null;

/** Shows one of the networks. */
function show(k) {
  open?.space.dispose();
  open?.playground.dispose();
  const view = new View(networks[k]);
  view.data.name = networks[k].name;
  view.file = (what) => `${fileName(view.data.name)}-${what}`;
  view.mode = null;
  const space = spacePanel(view);
  const playground = playgroundPanel(view);
  const courses = coursesPanel(view);
  const panels = [["Words", wordsPanel(view)], ["State space", space.element], ["Playground", playground.element], ["Time courses", courses.element], ["Units", courses.units],
    ["Training", epochsPanel(view)], ["Eigenvalues", spectraPanel(view)], ["Weights", weightsPanel(view)], ["Numbers", numbersPanel(view, licences)]].filter(([, p]) => p);
  const links = el("nav", { "aria-label": "Parts of the page" }, panels.slice(1).map(([name, p]) => el("a", { href: `#${p.id}` }, name)));
  const which = networks.length > 1 ? choice("Network", networks.map((d, i) => [i, d.name]), k, (v) => show(Number(v)), { id: "network" }) : null;
  const by = Object.fromEntries(panels.map(([, p]) => [p.id, p]));
  page.replaceChildren(
    el("header", { class: "top" }, el("h1", {}, "Attractor"), which, links),
    el("main", {}, by.words, el("div", { class: "stagehands" }, el("div", { class: "looks" }, by.space, by.courses), by.playground), by.units, by.epochs ?? "", by.spectra, by.weights, by.numbers));
  document.title = `${view.data.name} · Attractor`;
  open = { view, space, playground, shownMs: performance.now() };
  courses.shown();
  playground.shown();
  // For the console, and for tests.
  window.attractor = open;
}

show(0);
