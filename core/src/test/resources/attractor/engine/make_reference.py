"""Writes reference.npz: one forward and backward pass of a small network, and five steps of Adam, computed with NumPy.

Independent of the engine: plain loops over time, gradients by the chain rule written out for whole matrices, Adam as Keras 2 has it.
Run with NumPy 1.26 or later: python make_reference.py
"""

import numpy as np

rng = np.random.default_rng(1906)
B, T, N, I, O = 3, 7, 5, 2, 2
alpha = 0.6
p = {
    "W_in": rng.normal(size=(N, I)),
    "W_rec": rng.normal(size=(N, N)) / np.sqrt(N),
    "W_out": rng.normal(size=(O, N)),
    "b_out": rng.normal(size=O),
    "b_rec": rng.normal(size=N),
    "h0": rng.normal(size=N),
}
x = rng.normal(size=(B, T, I))
target = rng.normal(size=(B, T, O))
mask = rng.uniform(size=(B, T, O)) * (rng.uniform(size=(B, T, O)) > 0.2)


def run(p):
    h = np.tile(p["h0"], (B, 1))
    states, rates, outputs = [h], [], []
    for t in range(T):
        r = np.tanh(h @ p["W_rec"].T + x[:, t] @ p["W_in"].T + p["b_rec"])
        h = (1 - alpha) * h + alpha * r
        states.append(h)
        rates.append(r)
        outputs.append(h @ p["W_out"].T + p["b_out"])
    y = np.stack(outputs, axis=1)
    error = y - target
    loss = np.sum(mask * error**2) / np.sum(mask)
    dy = 2 * mask * error / np.sum(mask)
    g = {k: np.zeros_like(v) for k, v in p.items()}
    dh = np.zeros((B, N))
    for t in reversed(range(T)):
        g["W_out"] += dy[:, t].T @ states[t + 1]
        g["b_out"] += dy[:, t].sum(axis=0)
        dh = dh + dy[:, t] @ p["W_out"]
        dz = alpha * (1 - rates[t] ** 2) * dh
        g["W_rec"] += dz.T @ states[t]
        g["W_in"] += dz.T @ x[:, t]
        g["b_rec"] += dz.sum(axis=0)
        dh = (1 - alpha) * dh + dz @ p["W_rec"]
    g["h0"] = dh.sum(axis=0)
    return loss, g, np.stack(states[1:], axis=1), y


loss, g, h, y = run(p)
out = {"alpha": alpha, "x": x, "target": target, "mask": mask, "loss": loss, "h": h, "y": y}
out |= {"p_" + k: v for k, v in p.items()}
out |= {"g_" + k: v for k, v in g.items()}

# Adam over all parameters but h0.
lr, decay, b1, b2, eps = 0.01, 0.1, 0.9, 0.999, 1e-8
m = {k: np.zeros_like(v) for k, v in p.items()}
v2 = {k: np.zeros_like(v) for k, v in p.items()}
losses = []
for it in range(5):
    loss, g, _, _ = run(p)
    losses.append(loss)
    k = it + 1
    rate = lr / (1 + decay * it) * np.sqrt(1 - b2**k) / (1 - b1**k)
    for name in p:
        if name != "h0":
            m[name] = b1 * m[name] + (1 - b1) * g[name]
            v2[name] = b2 * v2[name] + (1 - b2) * g[name] ** 2
            p[name] = p[name] - rate * m[name] / (np.sqrt(v2[name]) + eps)
out |= {"after_" + k: v for k, v in p.items()}
out["losses"] = np.array(losses)
np.savez("reference.npz", **{k: np.asarray(v, dtype=np.float64) for k, v in out.items()})
