"""Reads a network, trials and the trajectory that attractor simulate wrote, simulates the network again, and draws both,
one trial of each type.

    python3 -m venv venv && venv/bin/pip install numpy matplotlib
    ./attractor tasks xor --samples 16 --out trials.npz
    venv/bin/python -c "import numpy; numpy.save('x.npy', numpy.load('trials.npz')['x'])"
    ./attractor simulate data/networks/xor.npz --inputs x.npy --out trajectory.npz
    venv/bin/python data/python/reproduce.py data/networks/xor.npz trials.npz trajectory.npz figure.png

The exit code is 1 if a state or an output differs by more than 1e-12, or 1e-4 where the trajectory is in float32.
"""

import json
import sys

import matplotlib
import numpy as np

matplotlib.use("Agg")
import matplotlib.pyplot as plt

if len(sys.argv) != 5:
    sys.exit("usage: reproduce.py NET.npz TRIALS.npz TRAJECTORY.npz FIGURE.png")
net, trials, theirs = np.load(sys.argv[1]), np.load(sys.argv[2]), np.load(sys.argv[3])
net = {key: net[key].astype(float) if net[key].dtype == np.float32 else net[key] for key in net.files}  # exact
x = trials["x"].astype(float)
phi = {
    "tanh": np.tanh,
    "relu": lambda z: np.maximum(z, 0),
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "identity": lambda z: z,
    "softplus": lambda z: np.logaddexp(z, 0),
    "leaky_relu": lambda z: np.where(z > 0, z, 0.01 * z),
}[str(net["activation"])]
alpha = net["dt_ms"] / net["tau_ms"]
b_rec = net["b_rec"] if "b_rec" in net else 0.0
current = "form" in net and str(net["form"]) == "current"
h = np.zeros((x.shape[1] + 1, x.shape[0], net["W_rec"].shape[0])) + (net["h0"] if "h0" in net else 0.0)

# The network in a few lines: h is (steps + 1, trials, units), h[0] the initial state. In the current form the units send
# phi(h), and the leak is outside of phi.
for t in range(x.shape[1]):
    sent = phi(h[t]) if current else h[t]
    z = sent @ net["W_rec"].T + x[:, t] @ net["W_in"].T + b_rec
    h[t + 1] = (1 - alpha) * h[t] + alpha * (z if current else phi(z))
h = h[1:].swapaxes(0, 1)
y = (phi(h) if current else h) @ net["W_out"].T + net["b_out"]

worst = max(np.abs(h - theirs["h"]).max(), np.abs(y - theirs["y"]).max())
task = json.loads(str(net["meta"])).get("task", "unknown task") if "meta" in net else "unknown task"
print(f"{sys.argv[1]} ({task}): {h.shape[0]} trials, {h.shape[1]} steps, {h.shape[2]} units")
print(f"largest difference between NumPy and attractor simulate: {worst:.1e}")

time = np.arange(1, h.shape[1] + 1) * float(net["dt_ms"])
types, first = np.unique(trials["type"], return_index=True)
figure, axes = plt.subplots(3, len(first), sharex=True, sharey="row", squeeze=False, figsize=(2.8 * len(first), 5.5))
for column, (kind, k) in enumerate(zip(types, first)):
    axes[0, column].set_title(f"trial {k}, type {kind}")
    axes[0, column].plot(time, x[k])
    axes[1, column].plot(time, theirs["h"][k], linewidth=0.5)
    axes[2, column].plot(time, theirs["y"][k], linewidth=3, alpha=0.4, label="attractor")
    axes[2, column].plot(time, y[k], "k--", linewidth=1, label="NumPy")
    axes[2, column].set_xlabel("time (ms)")
for row, label in enumerate(["input", "units", "output"]):
    axes[row, 0].set_ylabel(label)
axes[2, -1].legend(loc="best", fontsize="small")
figure.tight_layout()
figure.savefig(sys.argv[4], dpi=110)
sys.exit(0 if worst <= (1e-12 if theirs["h"].dtype == np.float64 else 1e-4) else 1)
