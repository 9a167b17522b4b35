// Eigenvalues: of W_rec before and after training, or at an epoch, and of the Jacobian at the chosen fixed point.
import { decode, range } from "attractor/arrays.js";
import { COLOURS } from "attractor/colours.js";
import { button, choice, el, panel, saveTable, shown } from "attractor/elements.js";
import { Frame, figure } from "attractor/pen.js";

/** A plane of complex numbers with the unit circle, in equal scales. */
function plane(pen, width, height, values, label) {
  const [x0, x1] = range([-1, 1, ...values.map(([re]) => re)]);
  const [, y1] = range([-1, 1, ...values.map(([, im]) => Math.abs(im))]);
  const box = { left: 56, right: width - 12, top: 10, bottom: height - 44 };
  const scale = Math.max((x1 - x0) / (box.right - box.left), (2 * y1) / (box.bottom - box.top)) * 1.08;
  const middle = (x0 + x1) / 2;
  const w = (scale * (box.right - box.left)) / 2;
  const h = (scale * (box.bottom - box.top)) / 2;
  const frame = new Frame(box, [middle - w, middle + w], [-h, h]);
  frame.draw(pen, `Re ${label}`, `Im ${label}`);
  const circle = Array.from({ length: 121 }, (_, k) => [frame.x(Math.cos((k * Math.PI) / 60)), frame.y(Math.sin((k * Math.PI) / 60))]);
  pen.path(circle, { stroke: "#aaa", dash: [4, 3] });
  return frame;
}

export function spectraPanel(view) {
  const { data } = view;
  const { analysis, net, epochs } = data;
  const pairs = analysis.spectrum.eigenvalues;
  const before = analysis.initialSpectrum?.eigenvalues;
  const hertz = (re, im) => (1000 * Math.abs(Math.atan2(im, re))) / (2 * Math.PI * net.dtMs);
  const wordsOf = (k, re, im) => {
    const f = hertz(1 - net.alpha + net.alpha * re, net.alpha * im);
    return `eigenvalue ${k}: ${shown(re)}${im === 0 ? "" : ` ${im < 0 ? "−" : "+"} ${shown(Math.abs(im))}i`}, modulus ${shown(Math.hypot(re, im))}${f > 0 ? `, ${shown(f)} Hz` : ""}`;
  };
  const csv = (name, header, rows) => button("CSV", () => saveTable(`${view.file(name)}.csv`, header, rows()), { "aria-label": `Save the ${name} as CSV` });
  let paths = null;
  const atEpoch = () => {
    paths ??= { re: decode(epochs.re), im: decode(epochs.im) };
    const from = view.epoch * net.units;
    return Array.from({ length: net.units }, (_, k) => [paths.re[from + k], paths.im[from + k]]);
  };
  const recurrent = figure("of W_rec", () => view.file("eigenvalues"), 360, (pen, width, height) => {
    const now = view.epoch === null ? pairs : atEpoch();
    const frame = plane(pen, width, height, [...pairs, ...(before ?? []), ...now], "λ");
    if (before && view.epoch === null) before.forEach(([re, im], k) => pen.circle(frame.x(re), frame.y(im), 3, { stroke: COLOURS.grey, title: `before training, ${wordsOf(k, re, im)}` }));
    if (view.epoch !== null) for (let k = 0; k < net.units; k++) {
      const path = [];
      for (let e = 0; e <= view.epoch; e++) path.push([frame.x(paths.re[e * net.units + k]), frame.y(paths.im[e * net.units + k])]);
      pen.path(path, { stroke: COLOURS.sky, opacity: 0.7 });
    }
    now.forEach(([re, im], k) => pen.circle(frame.x(re), frame.y(im), k === view.mode ? 6 : 3.4, {
      fill: k === view.mode ? COLOURS.vermillion : COLOURS.blue, title: wordsOf(k, re, im), id: `lambda-${k}`,
      clicked: view.epoch === null ? () => view.set("mode", k) : null }));
    const labels = view.epoch === null ? [[COLOURS.blue, "trained"], ...(before ? [[COLOURS.grey, "before training"]] : [])] : [[COLOURS.blue, `epoch ${epochs.numbers[view.epoch]}`], [COLOURS.sky, "path"]];
    labels.forEach(([colour, text], k) => {
      pen.circle(68 + 90 * k, 14, 3.4, colour === COLOURS.grey ? { stroke: colour } : { fill: colour });
      pen.text(76 + 90 * k, 18, text, { size: 11 });
    });
  }, csv("eigenvalues", ["network", "index", "re", "im"], () => [...(before ?? []).map((v, k) => ["initial", k, ...v]), ...pairs.map((v, k) => ["trained", k, ...v])]));
  const point = () => analysis.fixedPoints.points[view.point];
  const jacobian = figure("of the Jacobian, at the chosen fixed point", () => view.file("jacobian"), 360, (pen, width, height) => {
    const mu = point()?.multipliers;
    if (!mu) {
      pen.text(width / 2, height / 2, point() ? "not computed for this point" : "no fixed point", { anchor: "middle" });
      return;
    }
    const frame = plane(pen, width, height, mu, "μ");
    mu.forEach(([re, im], k) => {
      const outside = Math.hypot(re, im) > 1;
      pen.circle(frame.x(re), frame.y(im), outside ? 4.4 : 3.4, { fill: outside ? COLOURS.vermillion : COLOURS.black, id: `mu-${k}`,
        title: `multiplier ${k}: ${shown(re)}${im === 0 ? "" : ` ${im < 0 ? "−" : "+"} ${shown(Math.abs(im))}i`}, modulus ${shown(Math.hypot(re, im))}${im === 0 && re > 0 ? "" : `, ${shown(hertz(re, im))} Hz`}` });
    });
    pen.circle(68, 14, 3.4, { fill: COLOURS.black });
    pen.text(76, 18, "within the unit circle", { size: 11 });
    pen.circle(204, 14, 4.4, { fill: COLOURS.vermillion });
    pen.text(212, 18, "outside: unstable", { size: 11 });
  }, csv("multipliers", ["point", "index", "re", "im"], () => analysis.fixedPoints.points.flatMap((p, k) => (p.multipliers ?? []).map((v, m) => [k, m, ...v]))));
  const points = analysis.fixedPoints.points;
  const which = points.length > 0 ? choice("Fixed point", points.map((p, k) => [k, `${k}: ${p.kind ?? "?"}, output ${p.output.map(shown).join(", ")}`]), view.point, (v) => view.set("point", Number(v))) : null;
  const said = el("p", { class: "note", role: "status" }, "Choose an eigenvalue by a click to remove its mode in the playground.");
  view.on("mode", () => {
    recurrent.draw();
    if (view.mode !== null) said.textContent = `${wordsOf(view.mode, ...pairs[view.mode])}: the playground's next eigenmode.`;
  });
  view.on("epoch", recurrent.draw);
  view.on("point", () => {
    jacobian.draw();
    if (which) which.querySelector("select").value = String(view.point);
  });
  return panel("spectra", "Eigenvalues", null, el("div", { class: "two" },
    el("div", {}, recurrent.element, said), el("div", {}, jacobian.element, which)));
}
