// The playground: the network runs here, intact and changed, and every change is seen at once. A change can be saved;
// attractor simulate --change repeats it.
import { indices, range } from "attractor/arrays.js";
import { button, choice, el, number, panel, save, shown } from "attractor/elements.js";
import { unitsIn } from "attractor/courses.js";
import { connections, words } from "attractor/lesions.js";
import { RandomStream } from "attractor/random.js";
import { answer, evaluate, passes, trialScore } from "attractor/score.js";
import { shape } from "attractor/trials.js";

const SCHEMA = "attractor/change/1";

/** The worker's modules as one: a worker has no import map. */
function startWorker() {
  const imports = JSON.parse(document.querySelector("script[type=importmap]").textContent).imports;
  const resolve = (name, seen = new Map()) => {
    if (!seen.has(name)) {
      const text = decodeURIComponent(imports[name].slice(imports[name].indexOf(",") + 1));
      const linked = text.replace(/from "(attractor\/\w+\.js)"/g, (_, other) => `from ${JSON.stringify(resolve(other, seen))}`);
      seen.set(name, `data:text/javascript;charset=utf-8,${encodeURIComponent(linked)}`);
    }
    return seen.get(name);
  };
  return new Worker(resolve("attractor/worker.js"), { type: "module" });
}

export function playgroundPanel(view) {
  const { data } = view;
  const { net, task, analysis, modes } = data;
  const n = net.units;
  const message = el("p", { class: "notice", role: "alert", hidden: "" });

  /** Changes something and runs; what cannot be done is said, and undone. */
  function attempt(change, undo = () => {}) {
    try {
      change();
      view.run();
      message.hidden = true;
    } catch (error) {
      undo();
      view.run();
      message.textContent = error.message;
      message.hidden = false;
    }
  }

  // The trial.
  const pulses = el("div", { class: "pulses" });
  const ms = (steps) => Number((steps * net.dtMs).toFixed(6));
  const inSteps = (value) => Math.floor(value / net.dtMs + 0.5);
  function drawPulses() {
    const inputNames = task?.name === "flipflop" && task.builtIn ? ["Set", "Reset"] : indices(net.inputs).map((i) => `input ${i}`);
    const row = (p, k) => {
      const field = (label, value, options, set) => number(label, value, { width: "4.6em", "aria-label": `${label} of pulse ${k + 1}`, ...options }, (v) => attempt(() => set(v)));
      return el("fieldset", { class: "pulse" },
        el("legend", {}, `Pulse ${k + 1}`),
        choice("on", inputNames.map((name, i) => [i, name]), p.input, (v) => attempt(() => (p.input = Number(v)))),
        field("from (ms)", ms(p.from), { min: 0, max: ms(view.steps - 1), step: "any" }, (v) => (p.from = inSteps(v))),
        field("length", ms(p.length), { min: net.dtMs, max: ms(view.steps) }, (v) => (p.length = Math.max(1, inSteps(v)))),
        field("height", p.height, { step: "any" }, (v) => (p.height = v)),
        el("input", { type: "range", min: "0", max: String(view.steps - p.length), value: String(p.from), "aria-label": `Move pulse ${k + 1}`, oninput: (event) => attempt(() => (p.from = Number(event.target.value))) }),
        button(p.off ? "Put back" : "Leave out", () => {
          attempt(() => (p.off = !p.off));
          drawPulses();
        }),
        button("Repeat", () => {
          attempt(() => view.trial.pulses.push({ ...p, from: Math.min(view.steps - p.length, p.from + 2 * p.length) }));
          drawPulses();
        }));
    };
    pulses.replaceChildren(...view.trial.pulses.map(row));
    if (view.trial.pulses.length === 0) pulses.append(el("p", { class: "note" }, "No pulse in this trial."));
  }
  const sd = number("Noise, sd", 0, { min: 0, width: "5em" }, (v) => {
    view.noiseSd = v;
    attempt(() => {
      view.trial.noise ??= new RandomStream(view.seed, "evaluation", view.type).gaussians(view.steps * net.inputs);
      view.trial.noiseSd = v * Math.sqrt(1 / net.dtMs);
    });
  });
  const seed = el("label", { class: "field" }, el("span", {}, "Seed"), el("input", { type: "text", inputmode: "numeric", pattern: "-?\\d{1,18}", value: view.seed, size: "6", onchange: (event) => {
    if (!event.target.checkValidity() || event.target.value === "") return event.target.reportValidity();
    view.seed = event.target.value;
    const before = view.trial.pulses;
    view.newTrial();
    if (!task?.builtIn) view.trial.noise = new RandomStream(view.seed, "evaluation", view.type).gaussians(view.steps * net.inputs);
    if (task?.name !== "flipflop") view.trial.pulses = before;
    attempt(() => {});
    drawPulses();
  } }));
  // Of tasks that the page can't draw there are some trials to choose from.
  const draw = task && !task.builtIn && view.drawn > 1 ? number("Trial of this type", view.draw + 1, { min: 1, max: view.drawn, step: 1, width: "4.5em", "data-draw": "" }, (v) => {
    view.draw = v - 1;
    view.newTrial();
    attempt(() => {});
    drawPulses();
  }) : null;
  const tellNoise = () => (sd.querySelector("input").value = String(Number((view.trial.noiseSd / Math.sqrt(1 / net.dtMs)).toPrecision(6))));
  const add = button("Add a pulse", () => {
    const length = Math.max(1, inSteps(task?.options.stimulusMs ?? 20 * net.dtMs));
    attempt(() => view.trial.pulses.push({ input: 0, from: Math.max(0, Math.min(view.steps - length, view.step)), length, height: task?.options.amplitude ?? 1 }));
    drawPulses();
  });
  const own = button("Trial as it was", () => {
    view.noiseSd = null;
    view.seed = data.seed;
    view.draw = 0;
    seed.querySelector("input").value = view.seed;
    view.newTrial();
    attempt(() => {});
    drawPulses();
  });

  // Connections, units, modes, tau.
  const list = el("ul", { class: "lesions" });
  const fields = el("div", { class: "controls" });
  const strongest = Math.max(...range(net.wRec).map(Math.abs), 1e-9);
  const total = connections(net, "both").length;
  const draft = { kind: "weak", sign: "both", above: 0, upTo: Number((strongest * 0.05).toPrecision(3)), count: Math.max(1, Math.round(total * 0.05)), draw: 0, units: [0], eigenvalue: modes.eigenvalues[0] ?? 0, to: 0, from: Math.min(1, n - 1) };
  /** The lesion that the fields below still move; null after another choice. */
  let current = null;
  const KINDS = { weak: "weak connections", slice: "a slice of strengths", strongest: "the strongest connections", random: "connections at random", units: "whole units", mode: "an eigenmode", connections: "one connection" };
  function lesion() {
    const { kind, sign } = draft;
    switch (kind) {
      case "weak": return { kind: "band", sign, above: 0, upTo: draft.upTo };
      case "slice": return { kind: "band", sign, above: Math.min(draft.above, draft.upTo), upTo: draft.upTo };
      case "strongest": return { kind, sign, count: draft.count };
      case "random": return { kind, sign, count: draft.count, seed: Number(view.seed), draw: draft.draw };
      case "units": return { kind, units: draft.units };
      case "mode": return { kind, eigenvalue: draft.eigenvalue };
      default: return { kind, connections: [[draft.to, draft.from]] };
    }
  }
  /** Changes the draft; the lesion made from it follows. */
  function edit(name, value) {
    draft[name] = value;
    if (current === null) return;
    const before = view.lesions;
    attempt(() => (view.lesions = before.map((l, k) => (k === current ? lesion() : l))), () => (view.lesions = before));
    drawList();
  }
  function drawFields() {
    const sign = choice("Sign", [["both", "both"], ["positive", "positive"], ["negative", "negative"]], draft.sign, (v) => edit("sign", v));
    const strength = (label, name) => {
      const typed = number(label, draft[name], { min: 0, width: "6em" }, (v) => {
        slider.value = String(v);
        edit(name, v);
      });
      const slider = el("input", { type: "range", min: "0", max: String(strongest), step: String(strongest / 200), value: String(draft[name]), "aria-label": `${label}, slider`, oninput: () => {
        typed.querySelector("input").value = String(Number(Number(slider.value).toPrecision(4)));
        edit(name, Number(Number(slider.value).toPrecision(4)));
      } });
      return [typed, slider];
    };
    const count = () => number("How many", draft.count, { min: 0, max: total, step: 1, width: "5em" }, (v) => edit("count", v));
    const unit = (label, name) => number(label, draft[name], { min: 0, max: n - 1, step: 1, width: "4.5em" }, (v) => edit(name, v));
    const text = el("input", { type: "text", value: draft.units.join(", "), size: "10", onchange: () => {
      const found = unitsIn(text.value, n);
      text.setCustomValidity(found?.length ? "" : `expected units from 0 to ${n - 1}, such as 3, 7-9`);
      text.reportValidity();
      if (found?.length) edit("units", found);
    } });
    const mode = () => choice("Eigenvalue", modes.eigenvalues.map((k) => {
      const [re, im] = modes.values[k];
      return [k, `${k}: ${shown(re)}${im ? ` ± ${shown(im)}i` : ""}`];
    }), draft.eigenvalue, (v) => edit("eigenvalue", Number(v)));
    const of = {
      weak: () => [sign, ...strength("|w| up to", "upTo")],
      slice: () => [sign, ...strength("above", "above"), ...strength("up to", "upTo")],
      strongest: () => [sign, count()],
      random: () => [sign, count(), number("Draw", draft.draw, { min: 0, step: 1, width: "4em" }, (v) => edit("draw", v))],
      units: () => [el("label", { class: "field" }, el("span", {}, "Units"), text)],
      mode: () => [mode()],
      connections: () => [unit("To", "to"), unit("From", "from")],
    };
    fields.replaceChildren(...of[draft.kind]());
  }
  const kind = choice("Remove", Object.entries(KINDS).filter(([k]) => k !== "mode" || modes.eigenvalues.length > 0), draft.kind, (v) => {
    current = null;
    draft.kind = v;
    drawFields();
  });
  const remove = button("Remove", () => {
    const before = view.lesions;
    attempt(() => (view.lesions = [...before, lesion()]), () => (view.lesions = before));
    current = view.lesions === before ? null : before.length;
    drawList();
  }, { class: "strong", id: "remove" });
  function drawList() {
    list.replaceChildren(...view.lesions.map((l, k) => el("li", {}, words(l), button("✕", () => {
      current = null;
      attempt(() => (view.lesions = view.lesions.filter((_, m) => m !== k)));
      drawList();
    }, { "aria-label": `Bring back ${words(l)}` }))),
    ...view.kicks.map((kick, k) => el("li", {}, kick.words, button("✕", () => {
      attempt(() => (view.kicks = view.kicks.filter((_, m) => m !== k)));
      drawList();
    }, { "aria-label": `No ${kick.words}` }))));
    size.textContent = view.lesions.length === 0 ? "" : `${view.lesion.removed} of ${view.lesion.connections} connections removed; W_rec changed by ${shown(100 * view.lesion.normShare)} % of its norm.`;
  }
  const size = el("p", { class: "note" });
  const tau = number("τ (ms)", view.tauMs, { min: net.dtMs, width: "5em" }, (v) => {
    const before = view.tauMs;
    attempt(() => (view.tauMs = v), () => (view.tauMs = before));
  });
  view.toggleConnection = (to, from) => {
    const one = view.lesions.findIndex((l) => l.kind === "connections");
    const all = one < 0 ? [] : view.lesions[one].connections;
    const there = all.some(([t, f]) => t === to && f === from);
    const next = there ? all.filter(([t, f]) => t !== to || f !== from) : [...all, [to, from]];
    const others = view.lesions.filter((_, k) => k !== one);
    current = null;
    attempt(() => (view.lesions = next.length > 0 ? [...others, { kind: "connections", connections: next }] : others));
    drawList();
  };
  view.on("mode", () => {
    if (view.mode === null || view.mode === undefined) return;
    // Of a pair either index means both; the data has the first.
    const k = modes.eigenvalues.includes(view.mode) ? view.mode : view.mode - 1;
    if (!modes.eigenvalues.includes(k)) return;
    draft.eigenvalue = k;
    draft.kind = "mode";
    kind.querySelector("select").value = "mode";
    current = null;
    drawFields();
  });

  // Kicks.
  const push = { along: data.pca ? "pc0" : "unit", size: 1, unit: 0 };
  const directions = [...indices(data.pca?.kept ?? 0).map((k) => [`pc${k}`, `PC ${k + 1}`]), ...indices(net.outputs).map((o) => [`out${o}`, net.outputs > 1 ? `read-out ${o}` : "the read-out"]),
    ...indices(net.inputs).map((i) => [`in${i}`, `input ${i}`]), ["unit", "one unit"], ["random", "a random direction"]];
  function direction() {
    const by = new Float64Array(n);
    const k = Number(push.along.match(/\d+$/)?.[0] ?? 0);
    if (push.along.startsWith("pc")) by.set(data.pca.components.subarray(k * n, (k + 1) * n));
    else if (push.along.startsWith("out")) by.set(net.wOut.subarray(k * n, (k + 1) * n));
    else if (push.along.startsWith("in")) by.set(Float64Array.from({ length: n }, (_, u) => net.wIn[u * net.inputs + k]));
    else if (push.along === "unit") by[push.unit] = 1;
    else by.set(new RandomStream(view.seed, "kick", view.kicks.length).gaussians(n));
    const norm = Math.hypot(...by) || 1;
    return by.map((v) => (push.size * v) / norm);
  }
  const kick = button("Kick", () => {
    const name = directions.find(([id]) => id === push.along)[1];
    const words = `kick of ${shown(push.size)} along ${push.along === "unit" ? `unit ${push.unit}` : name} at ${shown(view.step * net.dtMs)} ms`;
    const before = view.kicks;
    attempt(() => (view.kicks = [...before, { step: view.step, by: direction(), words }].sort((a, b) => a.step - b.step)), () => (view.kicks = before));
    drawList();
  }, { class: "strong", id: "kick" });
  const tellKick = () => (kick.textContent = `Kick at ${shown(view.step * net.dtMs)} ms`);
  view.on("step", tellKick);

  // Results.
  const results = el("div", { class: "results", "aria-live": "polite" });
  const many = el("div", { class: "results" });
  /** Whether trials are answered by classes. */
  const classes = Boolean(task) && task.readout !== "none";
  let scores = { intact: null, changed: null };
  let asked = 0;
  let worker = null;
  let timer = null;
  const badge = (passed) => el("span", { class: passed ? "badge pass" : "badge fail" }, passed ? "pass" : "fail");
  function tellOne() {
    const row = (name, run) => {
      const s = view.target && trialScore(run.y, view.target, view.mask);
      const zero = s && !s.nonZero;
      const said = s && classes ? answer(task, run.y, view.target, view.mask) : null;
      const fine = s && passes(task, { ...s, trials: 1, zeroTarget: zero, accuracy: said?.right ? 1 : 0 });
      return el("tr", {}, el("th", { scope: "row" }, name), el("td", { class: "rmse", "data-value": s ? String(s.rmse) : null }, s ? shown(s.rmse) : "–"), el("td", {}, s ? shown(s.distance) : "–"),
        classes ? el("td", { class: "answer" }, said.right ? `right, after ${shown(said.steps * net.dtMs)} ms` : "wrong") : null, el("td", {}, s ? badge(fine) : "–"));
    };
    results.replaceChildren(el("table", { id: "one-trial" }, el("caption", {}, "This trial"), el("thead", {}, el("tr", {}, ["", "RMSE", "distance", ...(classes ? ["answer"] : []), ""].map((t) => el("th", { scope: "col" }, t)))),
      el("tbody", {}, row("intact", view.intact), view.other ? row("changed", view.other) : null)));
  }
  function tellMany() {
    if (!task) return;
    const cell = (s) => (s
      ? [classes ? el("td", { class: "accuracy", "data-value": String(s.accuracy), "data-decision": String(s.decisionMs) }, `${shown(100 * s.accuracy)} %`) : null, classes ? el("td", {}, shown(s.decisionMs)) : null,
        el("td", { class: "rmse", "data-value": String(s.rmse), "data-distance": String(s.distanceMean) }, shown(s.rmse)), el("td", {}, badge(s.passed))]
      : [el("td", { colspan: classes ? 4 : 2 }, "…")]);
    const whole = (all) => (all ? badge(all.every((s) => s.passed)) : "…");
    const count = task.builtIn ? task.trials : data.more?.count;
    const which = count ? `${count} trials, as attractor evaluate${task.builtIn ? "" : ` --trials ${count}`} draws them` : "The trial of each type";
    const columns = (name) => [...(classes ? [`${name} right`, "decision (ms)"] : []), `${classes ? "" : `${name} `}RMSE`, ""];
    many.replaceChildren(el("table", { id: "many-trials", "data-done": String(asked) },
      el("caption", {}, `${which}: `, "intact ", whole(scores.intact), view.disturbed ? [", changed ", whole(scores.changed)] : null),
      el("thead", {}, el("tr", {}, ["type", ...columns("intact"), ...(view.disturbed ? columns("changed") : [])].map((t) => el("th", { scope: "col" }, t)))),
      el("tbody", {}, view.types.map((name, k) => el("tr", {}, el("th", { scope: "row" }, name), ...cell(scores.intact?.[k]), ...(view.disturbed ? cell(scores.changed?.[k]) : []))))));
  }
  const plain = (network) => ({ ...network });
  function given() {
    if (task.builtIn) return null;
    const all = indices(view.types.length).map((type) => indices(view.drawn).slice(view.drawn > 1 ? 1 : 0).map((draw) => view.given(type, draw)));
    return all.flat().map((t) => ({ ...t, x: t.x.slice(), target: t.target.slice(), mask: t.mask && t.mask.slice() }));
  }
  function ask(which, network) {
    const request = { id: `${++asked} ${which}`, net: plain(network), task, seed: data.seed, given: given() };
    const done = ({ id, scores: found }) => {
      if (Number(id.split(" ")[0]) < asked && which !== "intact") return; // another change came
      scores[id.split(" ")[1]] = found;
      tellMany();
    };
    if (worker === null) {
      try {
        worker = startWorker();
        worker.waiting = new Map();
        worker.onmessage = ({ data: answer }) => {
          worker.waiting.get(answer.id)?.(answer);
          worker.waiting.delete(answer.id);
        };
        worker.onerror = () => {
          // A browser that refuses: the page itself scores, after it has drawn.
          const waiting = [...worker.waiting];
          worker = false;
          for (const [, answer] of waiting) setTimeout(() => answer.retry(), 50);
        };
      } catch {
        worker = false;
      }
    }
    if (worker) {
      done.retry = () => done({ id: request.id, scores: evaluate(request.net, task, request.seed, request.given) });
      worker.waiting.set(request.id, done);
      worker.postMessage(request);
    } else {
      setTimeout(() => done({ id: request.id, scores: evaluate(request.net, task, request.seed, request.given) }), 50);
    }
  }
  let scored = null;
  function askAll() {
    if (!task) return;
    if (scores.intact === null && scored === null) {
      scored = net;
      ask("intact", net);
    }
    if (view.lesions.length > 0 || view.tauMs !== net.tauMs) {
      if (scored !== view.lesion.net) {
        scores.changed = null;
        clearTimeout(timer);
        const network = view.lesion.net;
        timer = setTimeout(() => ask("changed", network), 120);
      }
      scored = view.lesion.net;
    } else {
      scores.changed = scores.intact; // kicks alone: they belong to the one trial
    }
    tellMany();
  }

  // Files.
  function changeFile() {
    const trial = view.trial;
    const rows = [];
    for (let t = 0; t < view.steps; t++) {
      rows.push(indices(net.inputs).map((i) => {
        const k = t * net.inputs + i;
        return (trial.base ? trial.base[k] : 0) + (trial.noise ? trial.noiseSd * trial.noise[k] : 0);
      }));
    }
    const pulse = (p) => {
      const form = task?.builtIn ? shape(task, p.length) : null;
      return { input: p.input, fromMs: p.from * net.dtMs, lengthMs: p.length * net.dtMs, height: p.height, ...(form ? { shape: [...form] } : {}) };
    };
    return {
      schema: SCHEMA,
      network: String(analysis.network),
      ...(view.tauMs === net.tauMs ? {} : { tauMs: view.tauMs }),
      lesions: view.lesions,
      kicks: view.kicks.map((k) => ({ atMs: k.step * net.dtMs, by: [...k.by] })),
      durationMs: view.steps * net.dtMs,
      pulses: trial.pulses.filter((p) => !p.off).map(pulse),
      ...(rows.some((r) => r.some((v) => v !== 0)) ? { noise: rows } : {}),
    };
  }
  /** Takes a change from a file's text. Throws what is wrong with it. */
  function takeChange(text) {
    const change = JSON.parse(text);
    if (change.schema !== SCHEMA) throw new Error(`schema is ${change.schema}, expected ${SCHEMA}`);
    if (change.durationMs !== undefined && inSteps(change.durationMs) !== view.steps) throw new Error(`durationMs is ${change.durationMs}, expected ${view.steps * net.dtMs} as the trials here`);
    const before = { lesions: view.lesions, kicks: view.kicks, tauMs: view.tauMs, trial: view.trial };
    Object.assign(view, {
      lesions: change.lesions ?? [],
      kicks: (change.kicks ?? []).map((k) => ({ step: inSteps(k.atMs), by: Float64Array.from(k.by), words: `kick at ${shown(k.atMs)} ms` })),
      tauMs: change.tauMs ?? net.tauMs,
    });
    if (change.durationMs !== undefined) {
      const noise = change.noise ? Float64Array.from(change.noise.flat()) : null;
      view.trial = { ...view.trial, base: null, noise, noiseSd: 1, pulses: (change.pulses ?? []).map((p) => ({ input: p.input, from: inSteps(p.fromMs), length: inSteps(p.lengthMs), height: p.height })) };
    }
    attempt(() => {
      for (const k of view.kicks) if (k.by.length !== n) throw new Error(`a kick has ${k.by.length} values, expected ${n}`);
    }, () => Object.assign(view, before));
    tau.querySelector("input").value = String(view.tauMs);
    drawPulses();
    drawList();
  }
  const chooser = el("input", { type: "file", accept: ".json,application/json", "aria-label": "Open a change", onchange: async () => {
    const file = chooser.files[0];
    if (!file) return;
    try {
      takeChange(await file.text());
    } catch (error) {
      message.textContent = `${file.name}: ${error.message}`;
      message.hidden = false;
    }
    chooser.value = "";
  } });
  const reset = button("Undo all", () => {
    current = null;
    view.lesions = [];
    view.kicks = [];
    view.tauMs = net.tauMs;
    tau.querySelector("input").value = String(view.tauMs);
    own.click();
    drawList();
  }, { id: "undo" });

  view.on("type", drawPulses);
  view.on("run", () => {
    tellOne();
    askAll();
    drawList();
    tellNoise();
    if (draw) draw.querySelector("input").value = String(view.draw + 1);
  });
  drawPulses();
  drawFields();
  tellKick();
  tellNoise();
  const section = (title, ...children) => el("section", { class: "part" }, el("h3", {}, title), ...children);
  const element = panel("playground", "Playground", "The network runs here. Change something: the changed network is drawn in blue beside the intact one.",
    message, results, many,
    section("Connections and time constant", el("div", { class: "controls" }, kind, fields, remove), list, size, el("div", { class: "controls" }, tau)),
    section("Kick the state", el("div", { class: "controls" }, choice("Along", directions, push.along, (v) => {
      push.along = v;
      unitField.hidden = v !== "unit";
    }), number("Size", push.size, { width: "4.5em" }, (v) => (push.size = v)), kick)),
    section("Stimuli and noise", pulses, el("div", { class: "controls" }, draw, add, sd, seed, own)),
    section("Keep it", el("div", { class: "controls" },
      button("Save the change", () => save(`${view.file("change")}.json`, "application/json", JSON.stringify(changeFile(), null, 1))), el("label", { class: "field" }, el("span", {}, "Open"), chooser), reset),
    el("p", { class: "note" }, "Repeat it: ", el("code", {}, `attractor simulate NET --change ${data.name}-change.json${net.noiseSd ? ` --seed ${view.seed}` : ""} --out out.npz`))));
  const unitField = number("Unit", 0, { min: 0, max: n - 1, step: 1, width: "4.5em" }, (v) => (push.unit = v));
  unitField.hidden = push.along !== "unit";
  kick.before(unitField);
  return { element, changeFile, takeChange, shown: () => {
    tellOne();
    askAll();
  }, dispose: () => {
    clearTimeout(timer);
    if (worker) worker.terminate();
  } };
}
