"""Schur forms, pseudospectra, transient growth and kicks, for NonNormalTest and KicksTest, by NumPy and SciPy.

    python3 -m venv venv && venv/bin/pip install numpy scipy
    venv/bin/python data/python/checks/dynamics.py

Run it from the project's folder. What is printed stands in the tests as constants.
"""
import numpy as np
import scipy.linalg


def show(name, *values):
    print(name, ', '.join(repr(float(v)) for v in values))


def matrix(n, f):
    i, j = np.ogrid[:n, :n]
    return f * (0.5 * (i == j) + 1.2 * (j == i + 1) + 0.1 * np.sin(3 * i + 5 * j + 1.0))


def departure(a):
    t = scipy.linalg.schur(a, output='complex')[0]
    return np.linalg.norm(np.triu(t, 1)) / np.linalg.norm(t)


def smallest(a, z):
    return np.linalg.svd(a - z * np.eye(len(a)), compute_uv=False)[-1]


def growth(a, steps):
    return np.array([np.linalg.norm(np.linalg.matrix_power(a, k), 2) for k in range(steps + 1)])


net = np.load('data/networks/and-oscillating.npz')
W, W_in, W_out, b_out = (net[k] for k in ('W_rec', 'W_in', 'W_out', 'b_out'))
small = matrix(8, 1.0)
show('departure', departure(small), departure(W))
show('smallest singular values', *(smallest(small, z) for z in (0.3 + 0.2j, 1.1, -0.4 + 0.9j, 2j)))
show('of the network', *(smallest(W, z) for z in (0.5, 1.2 + 0.3j, 1j)))
g = growth(matrix(8, 0.7), 40)
show('growth: peak, its step, after 40 steps', g.max(), g.argmax(), g[40])
show('growth of the network after 1, 5, 20 steps', *growth(W, 20)[[1, 5, 20]])


def run(pulse):
    """AND with both stimuli, without noise: 20 steps from step 30 on, response from step 70 on."""
    x = np.zeros((200, 2))
    x[30:50] = 1
    x[120:130, 0] += pulse
    h, hs = np.zeros(50), []
    for t in range(200):
        h = np.tanh(W @ h + W_in @ x[t])
        hs.append(h)
    hs = np.array(hs)
    return hs, hs @ W_out.T + b_out


h, y = run(0)
hs, ys = run(0.3)
d = np.linalg.norm(hs - h, axis=1)
after = d[129:]
returned = next(k for k in range(len(after)) if (after[k:] <= 0.1 * after[0]).all())
show('pulse of 0.3 into input 0: displacement, largest and last over it, response, steps to return',
     after[0], after.max() / after[0], after[-1] / after[0], np.sqrt(((ys - y)[120:] ** 2).mean()), returned)
