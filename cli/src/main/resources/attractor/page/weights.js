// The recurrent weights: the matrix in an order that is chosen, and the histogram with the normal fit.
import { range } from "attractor/arrays.js";
import { COLOURS, raster } from "attractor/colours.js";
import { button, choice, el, panel, saveTable, shown } from "attractor/elements.js";
import { orderChoices, sorted } from "attractor/courses.js";
import { Frame, figure, saveButtons } from "attractor/pen.js";

const BINS = 40;

export function weightsPanel(view) {
  const { data } = view;
  const { net, analysis, initialWRec } = data;
  const n = net.units;
  const canvas = el("canvas", { class: "matrix", role: "img", "aria-label": "Matrix of the recurrent weights; a row receives, a column sends" });
  const tip = el("div", { class: "tip", hidden: "" });
  const scale = el("p", { class: "note" });
  let order = data.trials ? "component" : "readout";
  let which = "now";
  let rows = [];
  const most = Math.max(...range(net.wRec).map(Math.abs)) || 1;
  const weights = () => (which === "initial" ? initialWRec : view.lesion.net.wRec);

  function matrix() {
    rows = sorted(data, order, view.intact.h);
    const w = weights();
    canvas.width = canvas.height = n;
    const g = canvas.getContext("2d");
    const image = g.createImageData(n, n);
    const values = new Float64Array(n * n);
    const gone = [];
    for (let r = 0; r < n; r++) {
      for (let c = 0; c < n; c++) {
        const k = rows[r] * n + rows[c];
        values[r * n + c] = w[k];
        if (which === "now" && w[k] === 0 && net.wRec[k] !== 0) gone.push(r * n + c);
      }
    }
    raster(values, most, image);
    for (const k of gone) image.data.fill(60, 4 * k, 4 * k + 3);
    g.putImageData(image, 0, 0);
    scale.textContent = `Rows receive, columns send. Blue −${shown(most)}, white 0, vermillion ${shown(most)}; dark: removed. A click removes a connection, or brings it back.`;
  }
  const place = (event) => {
    const box = canvas.getBoundingClientRect();
    const share = (at, from, size) => Math.max(0, Math.min(n - 1, Math.floor(((at - from) / size) * n)));
    return [rows[share(event.clientY, box.top, box.height)], rows[share(event.clientX, box.left, box.width)]];
  };
  canvas.addEventListener("pointermove", (event) => {
    const [to, from] = place(event);
    tip.hidden = false;
    tip.textContent = `${to} ← ${from}: ${shown(weights()[to * n + from])}`;
    tip.style.left = `${Math.min(event.offsetX + 12, canvas.clientWidth - 130)}px`;
    tip.style.top = `${event.offsetY + 12}px`;
  });
  canvas.addEventListener("pointerleave", () => (tip.hidden = true));
  canvas.addEventListener("click", (event) => view.toggleConnection?.(...place(event)));

  const fit = analysis.spectrum.weights;
  const present = net.wRec.filter((w) => w !== 0);
  const first = initialWRec ? initialWRec.filter((w) => w !== 0) : [];
  const [low, high] = [0, 1].map((k) => [Math.min, Math.max][k](range(present)[k], first.length > 0 ? range(first)[k] : range(present)[k]));
  const size = (high - low) / BINS || 1;
  const count = (all) => {
    const counts = new Array(BINS).fill(0);
    for (const w of all) counts[Math.min(BINS - 1, Math.floor((w - low) / size))]++;
    return counts;
  };
  const trained = count(present);
  const initial = count(first);
  const histogram = figure("histogram", () => view.file("weights"), 420, (pen, width, height) => {
    const removed = count(net.wRec.filter((w, k) => w !== 0 && view.lesion.net.wRec[k] === 0));
    const normal = (w) => (present.length * size * Math.exp(-0.5 * ((w - fit.mean) / fit.sd) ** 2)) / (fit.sd * Math.sqrt(2 * Math.PI));
    const curve = fit.sd > 0 ? Array.from({ length: 121 }, (_, k) => low + ((high - low) * k) / 120).map((w) => [w, normal(w)]) : [];
    const frame = new Frame({ left: 58, right: width - 10, top: 12, bottom: height - 44 }, [low, high > low ? high : low + 1], [0, Math.max(1, ...trained, ...initial, ...curve.map(([, c]) => c)) * 1.05]);
    frame.draw(pen, "weight", "connections");
    const bar = (k, c, colour, title) => pen.rect(frame.x(low + k * size), frame.y(c), frame.x(low + size) - frame.x(low) - 0.6, frame.y(0) - frame.y(c), { fill: colour, title });
    trained.forEach((c, k) => bar(k, c, COLOURS.sky, `${shown(low + k * size)} to ${shown(low + (k + 1) * size)}: ${c}`));
    removed.forEach((c, k) => c && bar(k, c, "#3c3c3c", `${c} removed`));
    if (first.length > 0) pen.path(initial.flatMap((c, k) => [[frame.x(low + k * size), frame.y(c)], [frame.x(low + (k + 1) * size), frame.y(c)]]), { stroke: COLOURS.grey, width: 1.5 });
    pen.path(curve.map(([w, c]) => [frame.x(w), frame.y(c)]), { stroke: COLOURS.vermillion, width: 1.5, dash: [5, 3] });
    [["trained", COLOURS.sky], ["normal fit", COLOURS.vermillion], ...(first.length > 0 ? [["before training", COLOURS.grey]] : []), ["removed", "#3c3c3c"]].forEach(([text, colour], k) => {
      pen.rect(66, 14 + 16 * k, 12, 4, { fill: colour });
      pen.text(84, 20 + 16 * k, text, { size: 11 });
    });
  });
  // After the run has been answered, and once for several runs: with 500 units a matrix takes longer than a trial.
  let waiting = null;
  view.on("run", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      matrix();
      histogram.draw();
    }, 40);
  });
  matrix();
  const paper = () => [460, 480];
  const paint = (pen) => {
    pen.image(canvas, 30, 10, 420, 420);
    pen.text(240, 452, "sends", { anchor: "middle" });
    pen.text(18, 220, "receives", { anchor: "middle", turned: true });
  };
  const csv = () => saveTable(`${view.file("w_rec")}.csv`, ["to", "from", "weight", ...(initialWRec ? ["before_training"] : []), "changed"],
    Array.from(net.wRec, (w, k) => [Math.floor(k / n), k % n, w, ...(initialWRec ? [initialWRec[k]] : []), view.lesion.net.wRec[k]]));
  return panel("weights", "Recurrent weights", null, el("div", { class: "two" },
    el("div", {}, el("header", {}, el("h3", {}, "matrix"), el("span", { class: "save" }, button("CSV", csv, { "aria-label": "Save the weights as CSV" })), saveButtons(() => view.file("w_rec"), paper, paint)),
      el("div", { class: "controls" }, choice("Units by", orderChoices(), order, (o) => ((order = o), matrix())),
        initialWRec ? choice("Weights", [["now", "trained, with lesions"], ["initial", "before training"]], which, (w) => ((which = w), matrix())) : null),
      el("div", { class: "matrix-holder" }, canvas, tip), scale),
    histogram.element));
}
