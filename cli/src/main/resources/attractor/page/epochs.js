// Through the training: a slider that moves eigenvalues, trajectories and loss together.
import { COLOURS } from "attractor/colours.js";
import { button, el, panel, saveTable, shown } from "attractor/elements.js";
import { Frame, figure } from "attractor/pen.js";

export function epochsPanel(view) {
  const { history, epochs, analysis } = view.data;
  if (history.length === 0 && !epochs) return null;
  const losses = history.filter((e) => e.loss > 0);
  const loss = figure("loss", () => view.file("loss"), 220, (pen, width, height) => {
    if (losses.length === 0) {
      pen.text(width / 2, height / 2, "no loss was recorded", { anchor: "middle" });
      return;
    }
    const logs = losses.map((e) => Math.log10(e.loss));
    const frame = new Frame({ left: 58, right: width - 12, top: 10, bottom: height - 44 }, [Math.min(0, losses[0].epoch), losses.at(-1).epoch], [Math.min(...logs) - 0.1, Math.max(...logs) + 0.1]);
    frame.draw(pen, "epoch", "log10 loss", 1);
    pen.path(losses.map((e, k) => [frame.x(e.epoch), frame.y(logs[k])]), { stroke: COLOURS.black, width: 1.6 });
    losses.forEach((e, k) => {
      const now = view.epoch !== null && epochs.numbers[view.epoch] === e.epoch;
      pen.circle(frame.x(e.epoch), frame.y(logs[k]), now ? 6 : 3, { fill: now ? COLOURS.vermillion : COLOURS.black, title: `epoch ${e.epoch}: loss ${shown(e.loss)}` });
    });
  }, button("CSV", () => saveTable(`${view.file("loss")}.csv`, ["epoch", "loss", "validation_loss"], history.map((e) => [e.epoch, e.loss, e.validationLoss ?? ""])), { "aria-label": "Save the losses as CSV" }));
  const controls = epochs ? [epochSlider(view, loss.draw)] : [];
  return panel("epochs", "Training", epochs ? "Eigenvalues, trajectories and loss move together; the axes are then principal components of all epochs." : "The epochs' networks were left out.",
    ...controls, loss.element);
}

/** The slider, as often as it is wanted: all of them move together. */
export function epochSlider(view, moved = () => {}) {
  const { history, epochs, analysis } = view.data;
  const last = epochs.numbers.length - 1;
  const slider = el("input", { type: "range", min: "0", max: String(last), step: "1", value: String(last), "aria-label": "Epoch", class: "epoch", oninput: () => view.set("epoch", Number(slider.value)) });
  const back = button("Back to the network", () => view.set("epoch", null), { disabled: true });
  const said = el("output", { class: "note" });
  const tell = () => {
    back.disabled = view.epoch === null;
    if (view.epoch === null) {
      said.textContent = "Move it to see the training.";
      slider.value = String(last);
    } else {
      const e = analysis.epochs.epochs[view.epoch];
      const of = history.find((h) => h.epoch === e.epoch);
      said.textContent = `epoch ${e.epoch}${of ? `, loss ${shown(of.loss)}` : ", before training"}; spectral radius ${shown(e.spectralRadius)}; ${e.fixedPoints} fixed points, ${e.stableFixedPoints} stable`;
      slider.value = String(view.epoch);
    }
    moved();
  };
  view.on("epoch", tell);
  tell();
  return el("div", {}, el("div", { class: "timeline" }, el("span", {}, "Epoch"), slider, back), said);
}
