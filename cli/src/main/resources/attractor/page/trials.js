// Trials of the built-in tasks, as attractor.task draws them: stimuli, targets, noise. Pulses can be moved, left out and
// repeated; the target follows from them by the task's rule.
import { RandomStream } from "attractor/random.js";

/** Whether there is a response, by which inputs have a stimulus. */
const RESPONDS = {
  pulse: ([a]) => a,
  and: ([a, b]) => a && b,
  or: ([a, b]) => a || b,
  xor: ([a, b]) => a !== b,
  not: ([a]) => !a,
  oscillation: ([a]) => a,
};

const steps = (ms, options) => Math.floor(ms / options.dtMs + 0.5);

/** A box convolved with a Gaussian window, the middle part, scaled to peak 1. */
function bump(box, window, sd) {
  const weights = Array.from({ length: window }, (_, m) => Math.exp(-0.5 * ((m - (window - 1) / 2) / sd) ** 2));
  const values = new Float64Array(box);
  for (let k = 0; k < box; k++) {
    const last = k + Math.floor((window - 1) / 2);
    for (let m = Math.max(0, last - box + 1); m <= Math.min(window - 1, last); m++) values[k] += weights[m];
  }
  const peak = Math.max(...values);
  return values.map((v) => v / peak);
}

/** The form of a pulse of so many steps, of height 1; null if it is square. */
export function shape(task, length) {
  const o = task.options;
  return o.smoothingMs > 0 ? bump(length, steps(o.smoothingMs, o), o.smoothingSdMs / o.dtMs) : null;
}

/**
 * Draws a trial as the library draws number {@code index} of a balanced set.
 *
 * @return {type, pulses: [{input, from, length, height}], noise (T x I, standard normal), noiseSd, targetNoise}
 */
export function drawTrial(task, type, seed, index) {
  const o = task.options;
  const random = new RandomStream(seed, "evaluation", index);
  random.nextInt(task.types.length);
  const jitter = steps(o.onsetJitterMs, o);
  const shift = random.nextInt(2 * jitter + 1) - jitter;
  const length = steps(o.stimulusMs, o);
  const pulses = [];
  const add = (input, onset) => pulses.push({ input, from: onset + shift, length, height: o.amplitude });
  if (task.name === "flipflop") {
    const onsets = o.stimulusOnsetsMs.map((ms) => steps(ms, o));
    const last = onsets.length - 1;
    onsets.forEach((onset, p) => {
      if (p === last) add(type === 1 ? 0 : 1, onset);
      else add(o.earlierPulses.length > 0 ? o.earlierPulses[p] : random.nextInt(2), onset);
    });
  } else {
    // The names of types name the inputs that are on: 01 is input 1; none and osc are the first and the second.
    const on = task.inputs === 2 ? [type >> 1 & 1, type & 1] : [type];
    on.forEach((is, input) => {
      if (is) add(input, steps(o.stimulusOnsetMs, o));
    });
  }
  const targetNoise = o.targetNoiseSd > 0 ? random.gaussians(task.steps) : null;
  return {
    type,
    shift,
    pulses,
    targetNoise,
    noise: random.gaussians(task.steps * task.inputs),
    noiseSd: o.noiseSd * Math.sqrt(1 / o.dtMs),
  };
}

/** The inputs, T x I: pulses, then noise. */
export function inputOf(task, trial) {
  const x = Float64Array.from(trial.base ?? new Float64Array(task.steps * task.inputs));
  for (const pulse of trial.pulses) {
    if (pulse.off) continue;
    const form = task.builtIn ? shape(task, pulse.length) : null;
    for (let k = 0; k < pulse.length && pulse.from + k < task.steps; k++) {
      x[(pulse.from + k) * task.inputs + pulse.input] += pulse.height * (form ? form[k] : 1);
    }
  }
  if (trial.noise) for (let k = 0; k < x.length; k++) x[k] += trial.noiseSd * trial.noise[k];
  return x;
}

/** The target, T x 1, that the task's rule demands after these pulses. */
export function targetOf(task, trial) {
  const o = task.options;
  const y = new Float64Array(task.steps);
  const delay = steps(o.delayMs, o);
  const pulses = trial.pulses.filter((p) => !p.off && p.height !== 0).sort((a, b) => a.from - b.from);
  const end = (p) => p.from + p.length + delay;
  if (task.name === "flipflop") {
    for (const p of pulses) y.fill(p.input === 0 ? 1 : 0, Math.min(task.steps, end(p)));
  } else {
    const on = Array.from({ length: task.inputs }, (_, i) => pulses.some((p) => p.input === i));
    if (RESPONDS[task.name](on)) {
      const length = steps(o.stimulusMs, o);
      const begin = pulses.length > 0
        ? Math.max(...pulses.map(end))
        : steps(o.stimulusOnsetMs, o) + trial.shift + length + delay;
      const form = task.name === "pulse" ? shape(task, length) ?? new Float64Array(length).fill(1) : null;
      for (let t = begin; t < task.steps; t++) {
        const k = t - begin;
        if (form) y[t] = k < length ? form[k] : 0;
        else if (task.name === "oscillation") y[t] = Math.sin(2 * Math.PI * o.frequencyHz * ((k * o.dtMs) / 1000));
        else y[t] = 1;
      }
    }
  }
  for (let t = 0; t < task.steps; t++) {
    y[t] = o.baseline + o.targetAmplitude * y[t];
    if (trial.targetNoise) y[t] += o.targetNoiseSd * trial.targetNoise[t];
  }
  return y;
}

/** The parts of a trial with these pulses: [[name, from, to]]. */
export function partsOf(task, trial) {
  const parts = [];
  const delay = steps(task.options.delayMs, task.options);
  const add = (name, from, to) => {
    if (to > from) parts.push([name, from, Math.min(to, task.steps)]);
  };
  const pulses = trial.pulses.filter((p) => !p.off).sort((a, b) => a.from - b.from);
  if (pulses.length === 0) {
    const o = task.options;
    const onset = steps(o.stimulusOnsetMs ?? o.stimulusOnsetsMs[0], o) + trial.shift;
    const begin = onset + steps(o.stimulusMs, o) + delay;
    add("before", 0, begin);
    add("response", begin, task.steps);
    return parts;
  }
  add("before", 0, pulses[0].from);
  pulses.forEach((p, k) => {
    const next = k + 1 < pulses.length ? pulses[k + 1].from : task.steps;
    if (next <= p.from) return; // together with the next one
    const end = Math.min(p.from + p.length, next);
    const begin = Math.min(end + delay, next);
    add("stimulus", p.from, end);
    add("gap", end, begin);
    const after = task.name === "pulse" ? Math.min(begin + p.length, next) : next;
    add("response", begin, after);
    add("after", after, next);
  });
  return parts;
}

/** The noise in the states of a trial, T x N, as the library's simulator draws it. */
export function stateNoise(net, seed, index, count) {
  if (net.noiseSd === 0) return null;
  const random = new RandomStream(seed, "dynamics", -1);
  random.reset(random.nextLong(), "dynamics", index);
  const own = random.nextLong();
  const noise = new Float64Array(count * net.units);
  for (let t = 0; t < count; t++) {
    random.reset(own, "dynamics", t);
    noise.set(random.gaussians(net.units), t * net.units);
  }
  return noise;
}
