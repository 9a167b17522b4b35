// The top of the page: what the analysis says in words, and its numbers; at the end every number as a file.
import { button, el, figureOf, panel, save, saveTable } from "attractor/elements.js";
import { decode, indices } from "attractor/arrays.js";

export function wordsPanel(view) {
  const { analysis, net, summary, types = analysis.types ?? [] } = view.data;
  const found = analysis.fixedPoints;
  const number = (path) => figureOf(analysis, path);
  const tile = (label, ...values) => el("div", { class: "tile" }, el("b", {}, ...values), el("span", {}, label));
  const proved = found.points.filter((p) => p.certifiedRadius !== null).length;
  const stable = found.points.filter((p) => p.kind === "stable").length;
  const verdicts = {
    complete: "it is proved that there are no others", "index consistent": "their indices have the sum that all must have",
    "known incomplete": "at least one more exists", undecided: "whether there are others isn't known",
  };
  const before = analysis.initialSpectrum;
  const sentence = [
    `Eigenvalues of W_rec: ${analysis.eigenvalueClass}.`,
    `${found.points.length} fixed point${found.points.length === 1 ? "" : "s"} under ${found.input.some((v) => v !== 0) ? "constant" : "zero"} input, ${stable} stable, ${proved} proved to exist; ${verdicts[found.completeness.verdict]}.`,
  ];
  return panel("words", view.data.name, summary[0].slice(summary[0].indexOf(": ") + 2),
    el("div", { class: "gist" }, el("div", { class: "said" },
      types.length > 0 ? el("h3", {}, "After each type of trial") : null,
      types.length > 0 ? el("ul", { class: "lines" }, types.map((t) => el("li", {}, t.line))) : el("p", {}, "No task is known: responses and attractors need one."),
      el("p", {}, sentence.join(" "))),
    el("div", { class: "tiles" },
      tile(before ? "spectral radius, before and trained" : "spectral radius", ...(before ? [number("initialSpectrum.spectralRadius"), " → "] : []), number("spectrum.spectralRadius")),
      tile("eigenvalues outside the unit circle", ...(before ? [number("initialSpectrum.clearlyOutsideUnitCircle"), " → "] : []), number("spectrum.clearlyOutsideUnitCircle")),
      tile("departure from normality (Henrici)", number("spectrum.henrici")),
      tile("mean and sd of the weights", number("spectrum.weights.mean"), " ± ", number("spectrum.weights.sd")),
      tile("fixed points, stable, slow", String(found.points.length), ", ", String(stable), ", ", String(found.slow.length)),
      analysis.pca ? tile("variance in PC 1, 2, 3", ...indices(Math.min(3, net.units)).flatMap((k) => [k ? " + " : "", number(`pca.explained.${k}`)])) : null)),
    el("details", {}, el("summary", {}, "All of the summary"), el("pre", {}, summary.join("\n"))));
}

/** Every number as a file. */
export function numbersPanel(view, licences) {
  const { data } = view;
  const { analysis, net, trials, pca } = data;
  const n = net.units;
  const columns = (name, count) => indices(count).map((k) => `${name}_${k}`);
  const row = (all, at, count) => [...all.slice(at * count, (at + 1) * count)];
  const part = (s, t) => trials.parts[s].find(([, from, to]) => t >= from && t < to)?.[0] ?? "";
  const file = (name) => `${view.file(name)}.csv`;
  const files = {
    "analysis.json": () => save(`${view.file("analysis")}.json`, "application/json", JSON.stringify(analysis, null, 1)),
    "trajectories (CSV)": trials && (() => saveTable(file("trajectories"),
      ["type", "time_ms", "part", ...columns("input", net.inputs), ...columns("target", net.outputs), ...columns("output", net.outputs), ...indices(pca.kept).map((k) => `pc${k + 1}`)],
      trials.types.flatMap((type, s) => indices(view.steps).map((t) => {
        const at = s * view.steps + t;
        return [type, (t + 1) * net.dtMs, part(s, t), ...row(trials.x, at, net.inputs), ...row(trials.target, at, net.outputs), ...row(trials.y, at, net.outputs), ...row(pca.projection, at, pca.kept)];
      })))),
    "states of these trials (CSV, single precision)": trials && (() => saveTable(file("states"), ["type", "time_ms", ...columns("unit", n)],
      trials.types.flatMap((type, s) => indices(view.steps).map((t) => [type, (t + 1) * net.dtMs, ...row(trials.h, s * view.steps + t, n)])))),
    "this run, intact and changed (CSV)": () => saveTable(file("run"), ["network", "time_ms", ...columns("input", net.inputs), ...columns("output", net.outputs), ...columns("unit", n)],
      [["intact", view.intact], ...(view.other ? [["changed", view.other]] : [])].flatMap(([name, run]) => indices(view.steps).map((t) => [name, (t + 1) * net.dtMs, ...row(view.x, t, net.inputs), ...row(run.y, t, net.outputs), ...row(run.h, t, n)]))),
    "fixed and slow points (CSV)": () => saveTable(file("fixed-points"), ["point", "kind", ...columns("output", net.outputs), "certified_radius", "unique_within", ...columns("unit", n)],
      [...analysis.fixedPoints.points.map((p, k) => [k, p.kind ?? "", ...p.output, p.certifiedRadius ?? "", p.uniqueWithin ?? "", ...row(data.points, k, n)]),
        ...analysis.fixedPoints.slow.map((p, k) => [analysis.fixedPoints.points.length + k, "slow", ...p.output, "", "", ...row(data.slow, k, n)])]),
    "closed curves and orbits (CSV)": data.attractors.some((a) => a.length > 0) && (() => saveTable(file("attractors"), ["attractor", "kind", "point", ...columns("unit", n)],
      data.attractors.flatMap((a, k) => indices(a.length / n).map((t) => [k, analysis.attractors[k].kind, t, ...row(a, t, n)])))),
    "eigenvalues of the epochs (CSV)": data.epochs && (() => saveTable(file("epoch-eigenvalues"), ["epoch", "index", "re", "im"],
      data.epochs.numbers.flatMap((e, k) => {
        const [re, im] = [decode(data.epochs.re), decode(data.epochs.im)];
        return indices(n).map((i) => [e, i, re[k * n + i], im[k * n + i]]);
      }))),
    "trajectories of the epochs (CSV, single precision)": data.epochs?.projection && trials && (() => {
      const { numbers, kept, projection } = data.epochs;
      const all = decode(projection);
      saveTable(file("epoch-trajectories"), ["epoch", "type", "time_ms", ...indices(kept).map((k) => `pc${k + 1}`)],
        numbers.flatMap((e, k) => trials.types.flatMap((type, s) => indices(view.steps).map((t) => [e, type, (t + 1) * net.dtMs, ...row(all, (k * trials.types.length + s) * view.steps + t, kept)]))));
    }),
    "parameters (JSON)": () => save(`${view.file("parameters")}.json`, "application/json", JSON.stringify({ ...net, ...Object.fromEntries(["wIn", "wRec", "wOut", "bRec", "bOut", "h0"].map((k) => [k, [...net[k]]])) })),
  };
  const points = analysis.fixedPoints.points;
  const table = points.length === 0 ? null : el("div", { class: "scroll" }, el("table", { id: "fixed-points" }, el("caption", {}, "Fixed points"),
    el("thead", {}, el("tr", {}, ["", "kind", "output", "unstable directions", "seeds", "distance to trials", "one within", "no other within", "index"].map((t) => el("th", { scope: "col" }, t)))),
    el("tbody", {}, points.slice(0, 60).map((p, k) => {
      const number = (name) => el("td", {}, figureOf(analysis, `fixedPoints.points.${k}.${name}`));
      return el("tr", {}, el("th", { scope: "row" }, button(String(k), () => view.set("point", k), { "aria-label": `Choose fixed point ${k}` })), el("td", {}, p.kind ?? "–"),
        el("td", {}, p.output.flatMap((_, o) => [o ? ", " : "", figureOf(analysis, `fixedPoints.points.${k}.output.${o}`)])),
        number("unstableDirections"), number("seedFraction"), number("distance"), number("certifiedRadius"), number("uniqueWithin"), number("index"));
    }))));
  return panel("numbers", "Numbers", null,
    table, points.length > 60 ? el("p", { class: "note" }, `and ${points.length - 60} more in the file`) : null,
    el("div", { class: "controls" }, Object.entries(files).filter(([, act]) => act).map(([name, act]) => button(name, act))),
    el("details", {}, el("summary", {}, "Made with"), ...licences.map((text) => el("pre", {}, text))));
}

