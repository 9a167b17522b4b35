// What is looked at: the network, what is chosen, and the runs of the playground. Panels listen to what concerns them.
import { decode, indices } from "attractor/arrays.js";
import { simulate } from "attractor/network.js";
import { changed } from "attractor/lesions.js";
import { drawTrial, inputOf, partsOf, stateNoise, targetOf } from "attractor/trials.js";

/** The data of a network as the page wants it: arrays decoded, sizes filled in. */
function prepare(data) {
  const net = { ...data.network };
  for (const name of ["wIn", "wRec", "wOut", "bRec", "bOut", "h0"]) net[name] = decode(net[name]);
  net.alpha = net.dtMs / net.tauMs;
  const task = data.task && { ...data.task, inputs: net.inputs, outputs: net.outputs };
  const trials = data.trials && { ...data.trials };
  for (const name of trials ? ["x", "target", "mask", "h", "y"] : []) trials[name] = decode(trials[name]);
  const more = data.more && { ...data.more };
  for (const name of more ? ["x", "target", "mask"] : []) more[name] = decode(more[name]);
  const pca = data.pca && { kept: data.pca.kept, mean: decode(data.pca.mean), components: decode(data.pca.components), projection: decode(data.pca.projection) };
  const modes = { ...data.modes, values: data.analysis.spectrum.eigenvalues };
  for (const name of ["rightRe", "rightIm", "leftRe", "leftIm"]) modes[name] = decode(modes[name]);
  return { ...data, net, task, trials, more, pca, modes,
    initialWRec: data.initialWRec && decode(data.initialWRec),
    points: decode(data.points), slow: decode(data.slow), attractors: data.attractors.map(decode) };
}

export class View {
  constructor(data) {
    this.data = prepare(data);
    this.listeners = new Map();
    const { task, trials, net } = this.data;
    this.steps = trials ? trials.steps : 200;
    this.types = trials ? trials.types : ["free run"];
    /** Step of time that all panels mark; index of the trial type; of the fixed point; units drawn as time courses. */
    this.step = 0;
    this.type = this.types.length - 1;
    this.point = 0;
    this.units = indices(Math.min(4, net.units));
    /** Number of the epoch that is looked at; null for the network itself. */
    this.epoch = null;
    this.seed = data.seed;
    /** Of a task that the page can't draw: which of the type's trials; 0 is the one that was analysed. */
    this.draw = 0;
    this.lesions = [];
    this.kicks = [];
    this.tauMs = net.tauMs;
    this.noiseSd = null;
    this.trial = null;
    this.newTrial();
    this.run();
    this.step = this.parts().find(([name]) => name === "stimulus")?.[2] ?? Math.floor(this.steps / 4);
  }

  /** Calls a listener after each change of one of these. */
  on(keys, listener) {
    for (const key of keys.split(" ")) this.listeners.set(key, [...(this.listeners.get(key) ?? []), listener]);
  }

  tell(key) {
    for (const listener of this.listeners.get(key) ?? []) listener();
  }

  set(key, value) {
    if (this[key] === value) return;
    this[key] = value;
    this.tell(key);
  }

  /** Chooses another type of trial: its own pulses again. */
  chooseType(type) {
    this.type = type;
    this.draw = 0;
    this.newTrial();
    this.run();
    this.tell("type");
  }

  /** The trial that the analysis has of this type, or the same with noise of another seed. */
  newTrial() {
    const { task, trials, net } = this.data;
    if (task?.builtIn) {
      this.trial = drawTrial(task, this.type, this.seed, this.type);
    } else {
      const given = trials && this.given(this.type, this.draw);
      this.trial = { type: this.type, ...given, base: given ? given.x : null, pulses: [], noise: null, noiseSd: 0, shift: 0 };
    }
    if (this.noiseSd !== null) this.trial.noiseSd = this.noiseSd * Math.sqrt(1 / net.dtMs);
  }

  /** Number of trials that the page has of a type. */
  get drawn() {
    return 1 + (this.data.more ? this.data.more.count / this.types.length : 0);
  }

  /** A trial that the page was given: the one of its type that was analysed, or one of those that evaluate takes. */
  given(type, draw) {
    const { task, trials, more, net } = this.data;
    const from = draw === 0 ? trials : more;
    const at = draw === 0 ? type : (draw - 1) * this.types.length + type;
    const part = (all, width) => all.subarray(at * this.steps * width, (at + 1) * this.steps * width);
    return { type, x: part(from.x, net.inputs), target: part(from.target, net.outputs), mask: task?.masked ? part(from.mask, net.outputs) : null };
  }

  /** Target and mask of the playground's trial; null where none is known. */
  aim() {
    const { task, trials } = this.data;
    if (!trials) return { target: null, mask: null };
    return task.builtIn ? { target: targetOf(task, this.trial), mask: null } : { target: this.trial.target, mask: this.trial.mask };
  }

  parts() {
    const { task, trials } = this.data;
    if (!trials) return [["free", 0, this.steps]];
    return task.builtIn ? partsOf(task, this.trial) : trials.parts[this.type];
  }

  /** Whether something is done to the network or to its states. */
  get disturbed() {
    return this.lesions.length > 0 || this.kicks.length > 0 || this.tauMs !== this.data.net.tauMs;
  }

  /** Runs the trial on the intact and on the changed network. */
  run() {
    const { net, task, modes } = this.data;
    const shape = task ?? { steps: this.steps, inputs: net.inputs, builtIn: false };
    const x = inputOf(shape, this.trial);
    const noise = stateNoise(net, this.seed, 0, this.steps);
    this.lesion = this.lesions.length === 0 && this.tauMs === net.tauMs ? this.whole ??= changed(net, [], net.tauMs, modes) : changed(net, this.lesions, this.tauMs, modes);
    if (!this.x || noise || x.some((v, k) => v !== this.x[k])) this.intact = simulate(net, x, this.steps, { noise });
    this.x = x;
    this.other = this.disturbed ? simulate(this.lesion.net, x, this.steps, { noise, kicks: this.kicks }) : null;
    Object.assign(this, this.aim());
    this.tell("run");
  }

  /** Name of a file that this network's figure or table gets. */
  file(what) {
    return `${this.data.name}-${what}`;
  }
}
