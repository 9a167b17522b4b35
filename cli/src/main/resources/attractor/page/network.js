// The network itself: h(t+1) = (1 - alpha) h(t) + alpha phi(W_rec h(t) + W_in x(t+1) + b_rec), y(t) = W_out h(t) + b_out.
// In the current form, x(t+1) = (1 - alpha) x(t) + alpha (W_rec phi(x(t)) + ...), y(t) = W_out phi(x(t)) + b_out; h is x then.
// The order of every sum is the library's; only its fused multiply-adds are missing here, so that results differ in the
// last digits. Imports nothing, since the worker runs it too.

/** The rate r = phi(z) of each activation; a new one is a line here. */
export const ACTIVATIONS = {
  tanh: Math.tanh,
  relu: (z) => (z <= 0 ? 0 : z),
  sigmoid: (z) => 0.5 * Math.tanh(0.5 * z) + 0.5,
  identity: (z) => z,
  softplus: (z) => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))),
  leaky_relu: (z) => (z <= 0 ? LEAK * z : z),
};

const LEAK = 0.01;

/**
 * Simulates a trial.
 *
 * @param net sizes, activation, alpha, and flat parameters, row = the unit that receives
 * @param x inputs, T x I
 * @param kicks [{step, by}]: by, N values, is added to the state before that step, counted from 0
 * @param noise standard normal numbers, T x N, if there is noise in the states
 * @param h0 the state at the start, if it isn't the network's own
 * @return h, T x N, and y, T x O, after each step
 */
export function simulate(net, x, steps, { kicks = [], noise = null, h0 = net.h0 } = {}) {
  const { units: n, inputs, outputs, alpha, wIn, wRec, wOut, bRec, bOut } = net;
  const phi = ACTIVATIONS[net.activation];
  const h = new Float64Array(steps * n);
  const y = new Float64Array(steps * outputs);
  const now = Float64Array.from(h0);
  const current = net.form === "current";
  /** What the units send: the state, or its rate. */
  const sent = current ? now.map(phi) : now;
  const z = new Float64Array(n);
  const scale = net.noiseSd * Math.sqrt(2 * alpha);
  for (let t = 0; t < steps; t++) {
    for (const kick of kicks) {
      if (kick.step === t) for (let i = 0; i < n; i++) now[i] += kick.by[i];
    }
    if (current) sent.set(now.map(phi));
    const at = t * n;
    for (let i = 0; i < n; i++) {
      z[i] = bRec[i];
      for (let j = 0, w = i * inputs, from = t * inputs; j < inputs; j++) z[i] += wIn[w + j] * x[from + j];
    }
    addProduct(wRec, n, sent, z);
    for (let i = 0; i < n; i++) {
      const drive = current ? z[i] : phi(z[i]);
      let next = alpha === 1 ? drive : (1 - alpha) * now[i] + alpha * drive;
      if (noise) {
        next += scale * noise[at + i];
        if (net.rectified) next = Math.max(0, next);
      }
      h[at + i] = next;
    }
    now.set(h.subarray(at, at + n));
    if (current) sent.set(now.map(phi));
    for (let o = 0; o < outputs; o++) {
      let sum = bOut[o];
      for (let j = 0, w = o * n; j < n; j++) sum += wOut[w + j] * sent[j];
      y[t * outputs + o] = sum;
    }
  }
  return { h, y };
}

/** z += W h. Four units at a time: each sum keeps its order, and the processor need not wait for one to end. */
function addProduct(w, n, h, z) {
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    let a = z[i];
    let b = z[i + 1];
    let c = z[i + 2];
    let d = z[i + 3];
    for (let j = 0, k = i * n; j < n; j++, k++) {
      const s = h[j];
      a += w[k] * s;
      b += w[k + n] * s;
      c += w[k + 2 * n] * s;
      d += w[k + 3 * n] * s;
    }
    z[i] = a;
    z[i + 1] = b;
    z[i + 2] = c;
    z[i + 3] = d;
  }
  for (; i < n; i++) for (let j = 0; j < n; j++) z[i] += w[i * n + j] * h[j];
}
