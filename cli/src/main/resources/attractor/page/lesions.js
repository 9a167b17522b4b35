// What is removed from a network, as attractor.analysis.Lesion does it. A connection is an entry of W_rec other than 0.
// Every lesion is chosen in the intact network; modes are subtracted first, then entries become 0.
import { RandomStream } from "attractor/random.js";

const matches = (sign, w) => w !== 0 && (sign === "both" || w > 0 === (sign === "positive"));

/** Indices of the connections in W_rec, row by row. */
export function connections(net, sign) {
  const places = [];
  net.wRec.forEach((w, k) => {
    if (matches(sign, w)) places.push(k);
  });
  return places;
}

/** The entries of W_rec that a lesion removes. Throws an Error in words if there aren't so many. */
function entries(net, lesion) {
  const { units: n, wRec } = net;
  const some = (all, count) => {
    if (count > all.length) throw new Error(`there are only ${all.length} such connections, not ${count}`);
    return all.slice(0, count);
  };
  switch (lesion.kind) {
    case "band":
      return connections(net, lesion.sign).filter((k) => {
        const w = Math.abs(wRec[k]);
        return w > lesion.above && w <= lesion.upTo;
      });
    case "strongest": {
      const all = connections(net, lesion.sign);
      return some(all.sort((a, b) => Math.abs(wRec[b]) - Math.abs(wRec[a])), lesion.count);
    }
    case "random": {
      const all = connections(net, lesion.sign);
      new RandomStream(lesion.seed, "lesions", lesion.draw).shuffle(all);
      return some(all, lesion.count);
    }
    case "units":
      return lesion.units.flatMap((u) => Array.from({ length: n }, (_, j) => [u * n + j, j * n + u]).flat());
    case "connections":
      return lesion.connections.map(([to, from]) => to * n + from);
    default:
      throw new Error(`unknown lesion ${lesion.kind}`);
  }
}

/**
 * The network after lesions and with another tau.
 *
 * @param modes eigenvectors of the modes that can be removed
 * @return {net, removed, connections, normShare}
 */
export function changed(net, lesions, tauMs, modes) {
  const n = net.units;
  const after = { ...net, alpha: net.dtMs / tauMs, tauMs };
  for (const name of ["wIn", "wRec", "wOut", "bRec", "h0"]) after[name] = Float64Array.from(net[name]);
  for (const lesion of lesions) if (lesion.kind === "mode") subtractMode(after.wRec, n, lesion.eigenvalue, modes);
  for (const lesion of lesions) {
    if (lesion.kind === "mode") continue;
    for (const k of entries(net, lesion)) after.wRec[k] = 0;
    for (const u of lesion.kind === "units" ? lesion.units : []) {
      for (let i = 0; i < net.inputs; i++) after.wIn[u * net.inputs + i] = 0;
      for (let o = 0; o < net.outputs; o++) after.wOut[o * n + u] = 0;
      after.bRec[u] = 0;
      after.h0[u] = 0;
    }
  }
  let removed = 0;
  let count = 0;
  let lost = 0;
  let square = 0;
  net.wRec.forEach((w, k) => {
    const d = w - after.wRec[k];
    if (w !== 0) count++;
    if (w !== 0 && after.wRec[k] === 0) removed++;
    lost += d * d;
    square += w * w;
  });
  return { net: after, removed, connections: count, normShare: square > 0 ? Math.sqrt(lost / square) : 0 };
}

/** W -= lambda v w^H / (w^H v); of a pair, twice the real part. */
function subtractMode(w, n, eigenvalue, modes) {
  const k = modes.eigenvalues.indexOf(eigenvalue);
  if (k < 0) throw new Error(`the mode of eigenvalue ${eigenvalue} cannot be removed`);
  const { rightRe: vRe, rightIm: vIm, leftRe: wRe, leftIm: wIm } = modes;
  const at = k * n;
  let re = 0;
  let im = 0;
  for (let i = 0; i < n; i++) {
    re += wRe[at + i] * vRe[at + i] + wIm[at + i] * vIm[at + i];
    im += wRe[at + i] * vIm[at + i] - wIm[at + i] * vRe[at + i];
  }
  const [lambdaRe, lambdaIm] = modes.values[eigenvalue];
  const norm = re * re + im * im;
  const cRe = (lambdaRe * re + lambdaIm * im) / norm;
  const cIm = (lambdaIm * re - lambdaRe * im) / norm;
  const times = lambdaIm === 0 ? 1 : 2;
  for (let i = 0; i < n; i++) {
    const aRe = cRe * vRe[at + i] - cIm * vIm[at + i];
    const aIm = cRe * vIm[at + i] + cIm * vRe[at + i];
    for (let j = 0; j < n; j++) w[i * n + j] -= times * (aRe * wRe[at + j] + aIm * wIm[at + j]);
  }
}

/** A lesion in words. */
export function words(lesion) {
  const sign = { both: "", positive: "positive ", negative: "negative " }[lesion.sign] ?? "";
  switch (lesion.kind) {
    case "band":
      return `${sign}connections with ${lesion.above} < |w| ≤ ${lesion.upTo}`;
    case "strongest":
      return `the ${lesion.count} strongest ${sign}connections`;
    case "random":
      return `${lesion.count} ${sign}connections at random (seed ${lesion.seed}, draw ${lesion.draw})`;
    case "units":
      return `unit${lesion.units.length > 1 ? "s" : ""} ${lesion.units.join(", ")}`;
    case "connections":
      return lesion.connections.map(([to, from]) => `connection ${to} ← ${from}`).join(", ");
    default:
      return `mode of eigenvalue ${lesion.eigenvalue}`;
  }
}
