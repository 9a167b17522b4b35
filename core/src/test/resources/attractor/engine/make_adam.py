"""Writes adam.npz: trajectories of Adam with Keras 2 semantics under given gradients, computed with NumPy.

Settings (lr, decay, beta1, beta2, eps), gradients of every size, zeros and changes of sign among them. After each step: parameters
and both moments. Run with NumPy 1.26 or later: python make_adam.py
"""

import numpy as np

STEPS, PARAMETERS = 40, 9
SETTINGS = np.array([
    [1e-4, 1e-4, 0.9, 0.999, 1e-8],
    [0.02, 0.05, 0.8, 0.95, 1e-3],
    [0.5, 0.0, 0.0, 0.0, 1e-7],
])

rng = np.random.default_rng(2017)
gradients = rng.normal(size=(STEPS, PARAMETERS)) * 10.0 ** np.array([-12, -9, -6, -3, -1, 0, 2, 5, 8])
gradients[:, 3] = np.abs(gradients[:, 3])
gradients[10:30, 4] = 0.0
gradients[:, 5] = np.where(np.arange(STEPS) % 2 == 0, 1.0, -1.0)
start = rng.normal(size=PARAMETERS)

out = {"settings": SETTINGS, "gradients": gradients, "start": start}
for number, (lr, decay, beta1, beta2, eps) in enumerate(SETTINGS):
    p, m, v = start.copy(), np.zeros(PARAMETERS), np.zeros(PARAMETERS)
    ps, ms, vs = [], [], []
    for iterations in range(STEPS):
        g = gradients[iterations]
        lr_now = lr * (1.0 / (1.0 + decay * iterations))
        t = iterations + 1
        lr_t = lr_now * (np.sqrt(1.0 - np.power(beta2, t)) / (1.0 - np.power(beta1, t)))
        m = beta1 * m + (1.0 - beta1) * g
        v = beta2 * v + (1.0 - beta2) * np.square(g)
        p = p - lr_t * m / (np.sqrt(v) + eps)
        ps.append(p), ms.append(m), vs.append(v)
    out |= {f"p{number}": np.stack(ps), f"m{number}": np.stack(ms), f"v{number}": np.stack(vs)}
np.savez("adam.npz", **out)
