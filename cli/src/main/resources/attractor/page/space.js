// State space: trajectories, fixed and slow points, closed curves, along three axes that are chosen. By WebGL, or, where
// there is none, as three planes on a canvas.
import { decode, dot, range } from "attractor/arrays.js";
import { COLOURS, partColour } from "attractor/colours.js";
import { button, choice, el, panel, save, shown, tick } from "attractor/elements.js";
import { ACTIVATIONS, simulate } from "attractor/network.js";
import { CanvasPen, saveSvg } from "attractor/pen.js";
import { epochSlider } from "attractor/epochs.js";
import { Space3d } from "attractor/space3d.js";

const POINT_COLOURS = { stable: COLOURS.black, unstable: COLOURS.vermillion, neutral: COLOURS.purple, slow: COLOURS.grey };
/** Steps of a closed curve that are drawn. */
const TURNS = 1500;
const PLANES = [[0, 1], [0, 2], [1, 2]];

/** The axes: principal components, what the read-outs and inputs point along, units. */
function axesOf({ net, pca }) {
  const n = net.units;
  const axes = [];
  const add = (id, label, vector, from, offset) => axes.push({ id, label, of: (h, at) => dot(vector, from, h, at, n) + offset });
  for (let k = 0; k < (pca?.kept ?? 0); k++) {
    add(`pc${k}`, `PC ${k + 1}`, pca.components, k * n, -dot(pca.components, k * n, pca.mean, 0, n));
  }
  // In the current form the output is read from rates, not from the state.
  const phi = net.form === "current" ? ACTIVATIONS[net.activation] : (h) => h;
  for (let o = 0; o < net.outputs; o++) {
    axes.push({ id: `out${o}`, label: net.outputs > 1 ? `output ${o}` : "output", of: (h, at) => {
      let sum = net.bOut[o];
      for (let i = 0; i < n; i++) sum += net.wOut[o * n + i] * phi(h[at + i]);
      return sum;
    } });
  }
  for (let i = 0; i < net.inputs; i++) {
    const direction = Float64Array.from({ length: n }, (_, u) => net.wIn[u * net.inputs + i]);
    const norm = Math.sqrt(dot(direction, 0, direction, 0, n)) || 1;
    add(`in${i}`, `along input ${i}`, direction.map((w) => w / norm), 0, 0);
  }
  for (let u = 0; u < n; u++) axes.push({ id: `unit${u}`, label: `unit ${u}`, of: (h, at) => h[at + u] });
  return axes;
}

/** What is known about a fixed point, in words. */
export function pointWords(analysis, k) {
  const p = analysis.fixedPoints.points[k];
  const kind = p.kind === "unstable" ? `saddle or source with ${p.unstableDirections} unstable direction${p.unstableDirections === 1 ? "" : "s"}` : p.kind ?? "kind not computed";
  const proof = p.certifiedRadius === null
    ? "not proved"
    : `proved: exactly one lies within ${shown(p.certifiedRadius)} in every unit, no other within ${shown(p.uniqueWithin)}`;
  return `fixed point ${k}: ${kind}; output ${p.output.map(shown).join(", ")}; ${proof}; ${shown(100 * p.seedFraction)} % of the seeds`
    + (p.outlier ? "; far from all trials" : "") + (p.mirrored ? "; mirror image" : "") + (p.continuum ? "; on a curve of them" : "");
}

export function spacePanel(view) {
  const { data } = view;
  const { net, analysis, trials } = data;
  const axes = axesOf(data);
  const chosen = [0, 1, 2].map((k) => axes[Math.min(k, axes.length - 1)]);
  if (!data.pca && axes.length > net.inputs + net.outputs + 2) chosen.forEach((_, k) => (chosen[k] = axes[net.outputs + net.inputs + k]));
  const show = { others: true, points: true, outliers: false };
  const loops = closedCurves(view);

  const canvas = el("canvas", { tabindex: "0", role: "img", "aria-label": "State space; arrow keys turn it, plus and minus zoom, 0 resets the view" });
  const overlay = el("canvas", { class: "overlay" });
  const tip = el("div", { class: "tip", hidden: "" });
  const stage = el("div", { class: "stage" }, canvas, overlay, tip);
  let space = null;
  try {
    // Asked of another canvas first: three.js complains on the console.
    if (document.createElement("canvas").getContext("webgl2")) space = new Space3d(canvas);
  } catch {
    space = null;
  }
  if (!space) stage.classList.add("flat");
  const message = space ? null : el("p", { class: "notice", role: "status" }, "This browser draws no WebGL: three planes of the same space instead.");

  let scene = { curves: [], markers: [], half: [1, 1, 1], extent: [1, 1, 1], labels: [], middle: [0, 0, 0] };
  const toBox = (values) => values.map((v, c) => (v - scene.middle[c]) / scene.half[c]);

  function build() {
    const e = view.epoch === null ? null : data.epochs;
    const n = net.units;
    const kept = e?.kept ?? 0;
    const flat = e?.projection && (e.decoded ??= decode(e.projection));
    const at = (h, t) => chosen.map((axis) => axis.of(h, t * n));
    const curves = [];
    const coloursOf = (parts) => {
      const colours = new Array(view.steps).fill(COLOURS.grey);
      parts.forEach(([name, from, to], k) => colours.fill(partColour(name, k), from, to));
      return colours;
    };
    // Behind the end of a short trial, or where states overflow, there is nothing to draw.
    const add = (type, values, colours, options) => {
      const end = values.findIndex((v) => v.some((c) => !Number.isFinite(c)));
      const there = end < 0 ? values : values.slice(0, end);
      if (there.length > 1) curves.push({ type, values: there, colours, ...options });
    };
    view.types.forEach((name, s) => {
      const mine = s === view.type;
      if (!mine && !show.others) return;
      const parts = trials ? (mine && !flat ? view.parts() : trials.parts[s]) : view.parts();
      const values = [];
      for (let t = 0; t < view.steps; t++) {
        if (flat) {
          const from = ((view.epoch * view.types.length + s) * view.steps + t) * kept;
          values.push([0, 1, 2].map((c) => (c < kept ? flat[from + c] : 0)));
        } else {
          values.push(mine ? at(view.intact.h, t) : at(trials.h, s * view.steps + t));
        }
      }
      add(s, values, coloursOf(parts), { radius: mine ? 0.011 : 0.005, opacity: mine ? 1 : 0.55, name });
    });
    if (view.other && !flat) {
      const values = [];
      for (let t = 0; t < view.steps; t++) values.push(at(view.other.h, t));
      add(view.type, values, new Array(view.steps).fill(COLOURS.blue), { radius: 0.011, name: "changed", changed: true });
    }
    const markers = [];
    if (show.points && e) {
      const found = e.points[view.epoch];
      const places = found.at ? decode(found.at) : [];
      found.unstable.forEach((unstable, k) => {
        const values = [0, 1, 2].map((c) => (c < kept ? places[k * kept + c] : 0));
        const kind = unstable === null ? "neutral" : unstable > 0 ? "unstable" : "stable";
        markers.push({ values, kind, text: unstable ? String(unstable) : "", hover: `fixed point of this epoch: ${kind}` });
      });
    } else if (show.points) {
      analysis.fixedPoints.points.forEach((p, k) => {
        if (p.outlier && !show.outliers && k !== view.point) return;
        markers.push({ values: at(data.points, k), kind: p.kind ?? "neutral", text: p.unstableDirections ? String(p.unstableDirections) : "",
          hover: pointWords(analysis, k), point: k, chosen: k === view.point, far: p.outlier });
      });
      analysis.fixedPoints.slow.forEach((p, k) => {
        if (p.outlier && !show.outliers) return;
        markers.push({ values: at(data.slow, k), kind: "slow", text: "", hover: `slow point: speed q = ${shown(p.q)}, output ${p.output.map(shown).join(", ")}`, far: p.outlier });
      });
      loops.forEach((loop) => {
        const values = [];
        for (let t = 0; t * n < loop.h.length; t++) values.push(at(loop.h, t));
        if (loop.orbit) values.forEach((v) => markers.push({ values: v, kind: "stable", text: "", hover: loop.words }));
        else markers.push(...values.map((v) => ({ values: v, dot: true, hover: loop.words })));
      });
    }
    // Directions of unit length have one scale, so that shapes are right; others each their own.
    const near = [...curves.flatMap((c) => c.values), ...markers.filter((m) => !m.far).map((m) => m.values)];
    const ranges = [0, 1, 2].map((c) => range(near.map((v) => v[c])));
    const same = e || chosen.every((axis) => !axis.id.startsWith("out"));
    const most = Math.max(...ranges.map(([a, b]) => b - a)) / 2 || 1;
    scene = {
      middle: ranges.map(([a, b]) => (a + b) / 2),
      half: ranges.map(([a, b]) => (same ? most : (b - a) / 2 || 1)),
      extent: ranges.map(([a, b]) => (same ? Math.max(0.12, (b - a) / 2 / most) : 1) + 0.06),
      labels: e ? ["PC 1", "PC 2", "PC 3"].map((l) => `${l} of all epochs`) : chosen.map((axis) => axis.label),
    };
    scene.curves = curves.map((c) => ({ ...c, points: Float64Array.from(c.values.flatMap(toBox)) }));
    scene.markers = markers.map((m) => ({ ...m, at: toBox(m.values), colour: POINT_COLOURS[m.kind] }));
    if (space) {
      space.setContent(scene.curves, scene.markers.filter((m) => !m.dot), scene.extent);
    }
    draw();
  }

  /** The states at the marked time. */
  const cursors = () => scene.curves.filter((c) => c.type === view.type && 3 * view.step < c.points.length)
    .map((c) => ({ at: [...c.points.slice(3 * view.step, 3 * view.step + 3)], kind: "cursor", colour: c.changed ? COLOURS.blue : "#222222" }));

  const flatBox = (plane, width, height) => {
    const rows = width < 620;
    const size = rows ? width : width / 3;
    const tall = rows ? height / 3 : height;
    return rows ? { left: 34, right: width - 8, top: plane * tall + 8, bottom: (plane + 1) * tall - 26 } : { left: plane * size + 30, right: (plane + 1) * size - 8, top: 10, bottom: height - 30 };
  };

  /** Maps to the page: by the camera, or onto a plane. */
  const projections = (width, height) => space
    ? [(p) => space.project(p)]
    : PLANES.map(([a, b], plane) => {
      const box = flatBox(plane, width, height);
      const half = Math.min(box.right - box.left, box.bottom - box.top) / 2;
      return (p) => [(box.left + box.right) / 2 + p[a] * half, (box.top + box.bottom) / 2 - p[b] * half, 0];
    });

  /** Draws with a pen: everything, or only what lies over WebGL's picture. */
  function paint(pen, width, height, all) {
    projections(width, height).forEach((project, plane) => {
      if (!space) {
        const box = flatBox(plane, width, height);
        pen.rect(box.left, box.top, box.right - box.left, box.bottom - box.top, { stroke: "#ccc" });
        const [a, b] = PLANES[plane];
        pen.text((box.left + box.right) / 2, box.bottom + 18, scene.labels[a], { anchor: "middle" });
        pen.text(box.left - 10, (box.top + box.bottom) / 2, scene.labels[b], { anchor: "middle", turned: true });
      } else {
        axesOfBox(pen, project, all);
      }
      for (const m of scene.markers) {
        if (m.dot) {
          const p = project(m.at);
          if (p) pen.circle(p[0], p[1], 0.9, { fill: COLOURS.black, opacity: 0.5 });
        }
      }
      if (all || !space) {
        for (const c of scene.curves) paintCurve(pen, c, project);
        for (const m of scene.markers) if (!m.dot) paintMarker(pen, m, project(m.at));
        for (const m of cursors()) paintMarker(pen, m, project(m.at));
      }
      for (const m of scene.markers) {
        const p = m.text && project(m.at);
        if (p) pen.text(p[0] + 8, p[1] - 6, m.text, { fill: COLOURS.vermillion, size: 12, bold: true });
      }
      const taken = [];
      for (const c of scene.curves) {
        const p = project([...c.points.slice(-3)]);
        if (!p) continue;
        const place = [p[0] + 10, p[1] + 14];
        while (taken.some(([x, y]) => Math.abs(x - place[0]) < 40 && Math.abs(y - place[1]) < 13)) place[1] += 13;
        taken.push(place);
        pen.text(...place, c.name, { fill: c.changed ? COLOURS.blue : "#333", size: 12, bold: c.type === view.type });
      }
    });
  }

  /** The box, where WebGL doesn't draw it, and the axes' names at its edges that face the viewer. */
  function axesOfBox(pen, project, all) {
    const [ex, ey, ez] = scene.extent;
    const corners = [-ex, ex].flatMap((x) => [-ey, ey].flatMap((y) => [-ez, ez].map((z) => [x, y, z])));
    if (all) {
      for (const a of corners) for (const b of corners) {
        if (a < b && a.filter((v, c) => v !== b[c]).length === 1) {
          const [p, q] = [project(a), project(b)];
          if (p && q) pen.path([p, q], { stroke: "#d0d0d0" });
        }
      }
    }
    [0, 1, 2].forEach((c) => {
      // Of the four edges along an axis, the lowest one for the floor's axes, the leftmost one for the upright axis.
      const edges = corners.filter((p) => p[c] < 0).map((p) => project(p.map((v, d) => (d === c ? 0 : v)))).filter(Boolean);
      if (edges.length === 0) return;
      const best = c === 1 ? edges.reduce((a, b) => (b[0] < a[0] ? b : a)) : edges.reduce((a, b) => (b[1] > a[1] ? b : a));
      pen.text(best[0] + (c === 1 ? -10 : 0), best[1] + (c === 1 ? 0 : 18), scene.labels[c], { anchor: c === 1 ? "end" : "middle", fill: "#555" });
    });
  }

  function paintCurve(pen, c, project) {
    let run = [];
    for (let k = 0; k * 3 < c.points.length; k++) {
      const p = project([...c.points.slice(3 * k, 3 * k + 3)]);
      if (!p) continue;
      run.push(p);
      if (run.length > 1 && (c.colours[k] !== c.colours[k + 1] || k * 3 + 3 >= c.points.length)) {
        pen.path(run, { stroke: c.colours[k], width: c.type === view.type ? 2.2 : 1, opacity: c.opacity });
        run = [p];
      }
    }
  }

  function paintMarker(pen, m, p) {
    if (!p) return;
    const r = (m.kind === "slow" ? 3 : 5) * (m.chosen ? 1.5 : 1);
    if (m.kind === "unstable") pen.path([[p[0], p[1] - r], [p[0] + r, p[1]], [p[0], p[1] + r], [p[0] - r, p[1]], [p[0], p[1] - r]], { fill: m.colour });
    else if (m.kind === "slow") pen.rect(p[0] - r, p[1] - r, 2 * r, 2 * r, { fill: m.colour });
    else if (m.kind === "cursor") pen.circle(p[0], p[1], 7, { stroke: m.colour, width: 2.5 });
    else pen.circle(p[0], p[1], r, { fill: m.colour, stroke: "#fff", width: 1 });
  }

  let waiting = false;
  /** Draws once in the next frame, however often it is asked. */
  function draw() {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      drawNow();
    });
  }

  function drawNow() {
    const width = stage.clientWidth;
    const height = stage.clientHeight;
    if (width === 0 || height === 0) return;
    const scale = Math.min(2, window.devicePixelRatio || 1);
    if (space) {
      space.resize(width, height);
      space.setMoving(cursors());
      space.render();
    }
    const pen = new CanvasPen(width, height, scale, overlay);
    paint(pen, width, height, false);
  }

  // Turning, zooming, picking.
  const pointers = new Map();
  let pressed = null;
  stage.addEventListener("pointerdown", (event) => {
    pointers.set(event.pointerId, [event.clientX, event.clientY]);
    pressed = [event.clientX, event.clientY];
    canvas.focus({ preventScroll: true });
  });
  const release = (event) => pointers.delete(event.pointerId);
  window.addEventListener("pointerup", release);
  window.addEventListener("pointercancel", release);
  stage.addEventListener("pointermove", (event) => {
    const before = pointers.get(event.pointerId);
    if (!before || !space) {
      hover(event);
      return;
    }
    tip.hidden = true;
    const spread = () => Math.hypot(...[0, 1].map((c) => [...pointers.values()][0][c] - [...pointers.values()][1][c]));
    const old = pointers.size > 1 ? spread() : 0;
    pointers.set(event.pointerId, [event.clientX, event.clientY]);
    if (pointers.size > 1) zoom(old / spread());
    else turn((event.clientX - before[0]) * 0.008, (event.clientY - before[1]) * 0.008);
  });
  stage.addEventListener("pointerleave", () => (tip.hidden = true));
  stage.addEventListener("click", (event) => {
    if (pressed && Math.hypot(event.clientX - pressed[0], event.clientY - pressed[1]) > 5) return;
    const hit = nearest(event);
    if (hit?.point !== undefined) view.set("point", hit.point);
    else if (hit?.step !== undefined) {
      if (hit.type !== view.type) view.chooseType(hit.type);
      view.set("step", hit.step);
    }
  });
  stage.addEventListener("wheel", (event) => {
    if (!space || !(event.ctrlKey || document.activeElement === canvas)) return; // else the page scrolls
    event.preventDefault();
    zoom(Math.exp(event.deltaY * 0.001));
  }, { passive: false });
  canvas.addEventListener("keydown", (event) => {
    const act = { ArrowLeft: () => turn(-0.1, 0), ArrowRight: () => turn(0.1, 0), ArrowUp: () => turn(0, -0.1), ArrowDown: () => turn(0, 0.1),
      "+": () => zoom(0.9), "=": () => zoom(0.9), "-": () => zoom(1.1), 0: () => home() }[event.key];
    if (act && space) {
      event.preventDefault();
      act();
    }
  });

  function turn(dx, dy) {
    space.yaw -= dx;
    space.pitch = Math.max(-1.55, Math.min(1.55, space.pitch + dy));
    draw();
  }

  function zoom(by) {
    space.distance = Math.max(0.1, Math.min(10, space.distance * by));
    draw();
  }

  function home() {
    space?.home();
    draw();
  }

  /** What is drawn nearest to the pointer, at most 12 pixels away; points before steps. */
  function nearest(event) {
    const box = stage.getBoundingClientRect();
    const mouse = [event.clientX - box.left, event.clientY - box.top];
    let best = null;
    let least = 12;
    const consider = (p, what, weight) => {
      const d = p ? Math.hypot(p[0] - mouse[0], p[1] - mouse[1]) * weight : Infinity;
      if (d < least) {
        least = d;
        best = { ...what, place: p };
      }
    };
    for (const project of projections(stage.clientWidth, stage.clientHeight)) {
      for (const m of scene.markers) consider(project(m.at), { point: m.point, text: m.hover }, m.dot ? 1 : 0.5);
      for (const c of scene.curves) {
        for (let k = 0; 3 * k < c.points.length; k++) {
          consider(project([...c.points.slice(3 * k, 3 * k + 3)]), { step: k, type: c.type, text: `${c.name}, ${shown((k + 1) * net.dtMs)} ms` }, 1);
        }
      }
    }
    return best;
  }

  function hover(event) {
    const hit = nearest(event);
    tip.hidden = !hit;
    if (hit) {
      tip.textContent = hit.text;
      tip.style.left = `${Math.min(hit.place[0] + 14, stage.clientWidth - 240)}px`;
      tip.style.top = `${hit.place[1] + 14}px`;
    }
  }

  // The line of time.
  const slider = el("input", { type: "range", min: "0", max: String(view.steps - 1), step: "1", value: "0", "aria-label": "Time", oninput: () => view.set("step", Number(slider.value)) });
  const clock = el("output", { class: "clock" });
  let playing = null;
  const play = button("Play", () => (playing ? stop() : start()), { class: "play" });
  function start() {
    play.textContent = "Pause";
    if (view.step >= view.steps - 1) view.set("step", 0);
    const began = performance.now();
    const from = view.step;
    const tickOn = (now) => {
      if (!playing || !stage.isConnected) return;
      const step = Math.min(view.steps - 1, from + Math.floor((now - began) / 25));
      view.set("step", step);
      if (step >= view.steps - 1) stop();
      else playing = requestAnimationFrame(tickOn);
    };
    playing = requestAnimationFrame(tickOn);
  }
  function stop() {
    cancelAnimationFrame(playing);
    playing = null;
    play.textContent = "Play";
  }
  function tell() {
    slider.value = String(view.step);
    const part = view.parts().find(([, from, to]) => view.step >= from && view.step < to);
    clock.textContent = `${shown((view.step + 1) * net.dtMs)} ms${part ? `, ${part[0]}` : ""}`;
    draw();
  }

  const pointWordsShown = el("p", { class: "note", role: "status", "aria-live": "polite" });
  const points = analysis.fixedPoints.points;
  const pointChoice = points.length === 0 ? null : choice("Fixed point",
    points.map((p, k) => [k, `${k}: ${p.kind ?? "?"}${p.unstableDirections ? ` (${p.unstableDirections})` : ""}, output ${p.output.map(shown).join(", ")}`]),
    view.point, (v) => view.set("point", Number(v)));
  const typeChoice = choice("Trial type", view.types.map((name, k) => [k, name]), view.type, (v) => view.chooseType(Number(v)), { class: "type" });
  const axisChoices = [0, 1, 2].map((c) => choice(["x", "y", "z"][c], axes.map((axis) => [axis.id, axis.label]), chosen[c].id, (id) => {
    chosen[c] = axes.find((axis) => axis.id === id);
    build();
  }, { class: `axis-${c}` }));
  function tellPoint() {
    if (pointChoice) pointChoice.querySelector("select").value = String(view.point);
    pointWordsShown.textContent = points.length > 0 ? pointWords(analysis, view.point) : "No fixed point was found.";
    build();
  }

  const legend = el("p", { class: "legend" });
  function tellParts() {
    const names = [...new Map(view.parts().map(([name], k) => [name, partColour(name, k)]))];
    legend.replaceChildren(
      ...names.map(([name, colour]) => el("span", {}, el("i", { style: `background:${colour}` }), name)),
      el("span", {}, el("i", { class: "ring" }), "now"),
      el("span", {}, el("i", { class: "ball", style: `background:${COLOURS.black}` }), "stable fixed point"),
      el("span", {}, el("i", { class: "diamond", style: `background:${COLOURS.vermillion}` }), "saddle, with its unstable directions"),
      el("span", {}, el("i", { class: "box", style: `background:${COLOURS.grey}` }), "slow point"),
      ...(loops.length > 0 ? [el("span", {}, el("i", { class: "dots" }), "closed curve or orbit")] : []),
      el("span", {}, el("i", { style: `background:${COLOURS.blue}` }), "changed network"));
    typeChoice.querySelector("select").value = String(view.type);
  }

  const saving = el("span", { class: "save" },
    button("SVG", () => {
      const size = [stage.clientWidth, stage.clientHeight];
      saveSvg(view.file("space"), size, (pen) => paint(pen, ...size, true));
    }, { "aria-label": "Save state space as SVG" }),
    button("PNG", () => {
      drawNow();
      const pen = new CanvasPen(stage.clientWidth, stage.clientHeight);
      if (space) pen.g.drawImage(canvas, 0, 0, stage.clientWidth, stage.clientHeight);
      else pen.rect(0, 0, stage.clientWidth, stage.clientHeight, { fill: "#fff" });
      pen.g.drawImage(overlay, 0, 0, stage.clientWidth, stage.clientHeight);
      pen.canvas.toBlob((blob) => save(`${view.file("space")}.png`, "image/png", blob));
    }, { "aria-label": "Save state space as PNG" }));

  new ResizeObserver(draw).observe(stage);
  view.on("step", tell);
  view.on("type", tellParts);
  view.on("run", () => {
    build();
    tell();
    tellParts();
  });
  view.on("epoch", () => {
    axisChoices.forEach((c) => (c.querySelector("select").disabled = view.epoch !== null));
    build();
  });
  view.on("point", tellPoint);
  const element = panel("space", "State space", null,
    el("div", { class: "controls" }, typeChoice, ...axisChoices,
      view.types.length > 1 ? tick("other types", true, (v) => ((show.others = v), build())) : null,
      tick("points", true, (v) => ((show.points = v), build())),
      points.some((p) => p.outlier) ? tick("outliers", false, (v) => ((show.outliers = v), build())) : null,
      space ? button("Reset view", home) : null, saving),
    message, stage,
    el("div", { class: "timeline" }, play, slider, clock),
    data.epochs ? epochSlider(view) : null,
    legend,
    el("div", { class: "controls" }, pointChoice, pointWordsShown));
  tellPoint();
  tell();
  tellParts();
  return { element, drawNow, renderedBy: space?.renderedBy ?? "2-D canvas", turn: space ? turn : null, dispose: () => {
    stop();
    space?.dispose();
    window.removeEventListener("pointerup", release);
    window.removeEventListener("pointercancel", release);
  } };
}

/** States on which the network moves for ever: closed curves, orbits, chaos; run here from a state on them. */
function closedCurves({ data }) {
  const { analysis, attractors, net } = data;
  return (analysis.attractors ?? []).flatMap((a, k) => {
    if (attractors[k].length === 0 || a.kind.includes("fixed point") || a.kind === "diverging") return [];
    if (a.period) return [{ h: attractors[k], orbit: true, words: a.words }];
    const x = new Float64Array(TURNS * net.inputs);
    const input = analysis.fixedPoints.input;
    for (let i = 0; i < x.length; i++) x[i] = input[i % net.inputs];
    const count = net.units > 200 ? TURNS / 5 : TURNS;
    return [{ h: simulate({ ...net, noiseSd: 0 }, x, count, { h0: attractors[k].slice(0, net.units) }).h, orbit: false, words: a.words }];
  });
}
