// How well outputs match targets, and when a network passes, as attractor.task has it.
import { simulate } from "attractor/network.js";
import { drawTrial, inputOf, stateNoise, targetOf } from "attractor/trials.js";

/** Distance and root-mean-square error of a trial, and the error of an output of zero. */
export function trialScore(y, target, mask) {
  let errors = 0;
  let squares = 0;
  let weights = 0;
  let finite = true;
  let nonZero = false;
  let end = target.length;
  while (mask && end > 0 && mask[end - 1] === 0) end--;
  for (let k = 0; k < end; k++) {
    const weight = mask ? mask[k] : 1;
    errors += weight * (y[k] - target[k]) ** 2;
    squares += weight * target[k] ** 2;
    weights += weight;
    finite &&= Number.isFinite(y[k]);
    nonZero ||= target[k] !== 0 && weight !== 0;
  }
  return { distance: Math.sqrt(errors), rmse: Math.sqrt(errors / weights), zeroRmse: Math.sqrt(squares / weights), finite, nonZero };
}

/** The class that outputs, or targets, say: the largest output, or the nearest level; -1 if it is undecided. */
function classOf({ readout, levels }, y, at, outputs) {
  const scores = readout === "largest" ? Array.from({ length: outputs }, (_, c) => y[at + c]) : levels.map((l) => -Math.abs(y[at] - l));
  const most = Math.max(...scores);
  const best = scores.indexOf(most);
  return Number.isFinite(most) && scores.lastIndexOf(most) === best ? best : -1;
}

/**
 * A trial's answer, read where its mask is largest and its target's class is the last one's there.
 *
 * @return {right, steps}: steps from the window's beginning to the decision
 */
export function answer(task, y, target, mask) {
  const outputs = task.outputs;
  const steps = target.length / outputs;
  const weights = new Float64Array(steps).fill(mask ? 0 : 1);
  if (mask) for (let k = 0; k < target.length; k++) weights[Math.floor(k / outputs)] += mask[k];
  const largest = Math.max(...weights);
  const last = weights.lastIndexOf(largest);
  const asked = classOf(task, target, last * outputs, outputs);
  const mean = new Float64Array(outputs);
  let first = last;
  let count = 0;
  for (let t = last; t >= 0; t--) {
    if (weights[t] !== largest || classOf(task, target, t * outputs, outputs) !== asked) continue;
    first = t;
    count++;
    for (let o = 0; o < outputs; o++) mean[o] += y[t * outputs + o];
  }
  const right = asked >= 0 && classOf(task, mean.map((v) => v / count), 0, outputs) === asked;
  let settled = last + 1;
  while (right && settled > 0 && classOf(task, y, (settled - 1) * outputs, outputs) === asked) settled--;
  return { right, steps: settled - first };
}

/** Whether the mean scores of a type pass. */
export function passes(task, score) {
  if (task.readout !== "none") return score.trials > 0 && score.finite && score.accuracy >= task.minAccuracy;
  return (
    score.trials > 0 &&
    score.finite &&
    score.rmse <= task.maxRmse &&
    (score.zeroTarget || score.rmse <= task.maxShareOfZero * score.zeroRmse)
  );
}

/**
 * Scores by type over the trials that {@code evaluate} takes, or over those given.
 *
 * @param given [{type, x, target, mask}] for a task whose trials the page can't draw; else null
 * @return [{type, trials, distanceMean, rmse, zeroRmse, accuracy, decisionMs, passed}]
 */
export function evaluate(net, task, seed, given) {
  const sums = task.types.map((type, k) => ({
    type, trials: 0, distanceMean: 0, rmse: 0, zeroRmse: 0, accuracy: 0, decisionMs: 0, finite: true, zeroTarget: task.zeroTarget[k], any: false,
  }));
  const count = given ? given.length : task.trials;
  for (let i = 0; i < count; i++) {
    let trial = given?.[i];
    if (!trial) {
      const drawn = drawTrial(task, i % task.types.length, seed, i);
      trial = { type: drawn.type, x: inputOf(task, drawn), target: targetOf(task, drawn), mask: null };
    }
    const { y } = simulate(net, trial.x, task.steps, { noise: stateNoise(net, seed, i, task.steps) });
    const score = trialScore(y, trial.target, trial.mask);
    const sum = sums[trial.type];
    sum.trials++;
    sum.distanceMean += score.distance;
    sum.rmse += score.rmse;
    sum.zeroRmse += score.zeroRmse;
    if (task.readout !== "none") {
      const found = answer(task, y, trial.target, trial.mask);
      sum.accuracy += found.right ? 1 : 0;
      sum.decisionMs += found.right ? found.steps * net.dtMs : 0;
    }
    sum.finite &&= score.finite;
    sum.any ||= score.nonZero;
  }
  return sums.map((sum) => {
    const mean = { ...sum, zeroTarget: sum.zeroTarget || !sum.any };
    for (const name of ["distanceMean", "rmse", "zeroRmse", "accuracy"]) mean[name] = sum[name] / sum.trials;
    mean.decisionMs = sum.decisionMs / sum.accuracy; // of the trials with the right answer
    return { ...mean, passed: passes(task, mean) };
  });
}
