"""Expected values of the tests of attractor.similarity, by dsa-metric, POT, SciPy and scikit-bio.

    python3 -m venv venv && venv/bin/pip install numpy scipy dsa-metric scikit-bio
    venv/bin/python data/python/checks/similarity.py

The data are made by formulas that SimilarityTest in Java has too. What is printed stands in the tests as constants.
"""
import numpy as np
import ot
import torch
from DSA.dmd import DMD
from DSA.simdist import SimilarityTransformDist
from scipy.optimize import linear_sum_assignment
from skbio import DistanceMatrix
from skbio.stats.distance import permanova

torch.manual_seed(0)


def show(name, values):
    print(name, ', '.join(repr(float(v)) for v in np.ravel(values)))


def trajectories(p):
    """Two trajectories of 60 steps and 5 units, the columns centred."""
    s, t, i = np.ogrid[:2, :60, :5]
    x = np.sin(0.11 * p * (i + 1) * t + s) * (1 + 0.3 * i) + np.cos(0.07 * t * (i + 2) + 2 * s * p)
    return x - x.mean(axis=(0, 1))


def mode(x, delays, rank):
    dmd = DMD(x, n_delays=delays, rank=rank)
    dmd.fit()
    return dmd.A_v.numpy().astype(float)


A, B = (mode(trajectories(p), 4, 6) for p in (1, 1.7))
for name, m in (('A', A), ('B', B)):
    e = np.linalg.eigvals(m)
    show('eigenvalues, moduli of ' + name, np.sort(abs(e)))
    show('norm of ' + name, np.linalg.norm(m))


def matrix(n, p):
    i, j = np.ogrid[:n, :n]
    return np.sin(1.3 * i + 2.1 * j * p + p * i * j)


for n in (2, 3, 5):
    a, b = matrix(n, 1.0), matrix(n, 2.0)
    best = min(float(SimilarityTransformDist(iters=3000, lr=0.01).fit_score(a.copy(), b.copy())) for _ in range(5))
    show('angle, n = %d' % n, best)

X, Y = (trajectories(p).reshape(120, 5) for p in (1, 1.7))
Y = Y[:, :3] - Y[:, :3].mean(axis=0)
c = X.T @ Y
show('Procrustes', np.arccos(np.linalg.svd(c)[1].sum() / np.linalg.norm(X) / np.linalg.norm(Y)))
show('CKA', (c ** 2).sum() / np.linalg.norm(X.T @ X) / np.linalg.norm(Y.T @ Y))


def points(n, p):
    k = np.arange(n)
    return np.array([np.cos(p * k * k), np.sin(1.1 * p * k + k * k)]).T


a, b, c = points(12, 1.0), points(12, 2.0), points(9, 3.0)
d = ot.dist(a, b, metric='euclidean')
i, j = linear_sum_assignment(d)
show('Wasserstein, 12 and 12', d[i, j].mean())
show('Wasserstein, 12 and 9', ot.emd2(np.ones(12) / 12, np.ones(9) / 9, ot.dist(a, c, metric='euclidean')))

p = points(10, 0.7)
p[5:] += 0.8
d = ot.dist(p, p, metric='euclidean')
d = (d + d.T) / 2
np.fill_diagonal(d, 0)
result = permanova(DistanceMatrix(d), [0] * 5 + [1] * 5, permutations=999)
show('PERMANOVA F', result['test statistic'])
print('PERMANOVA p', result['p-value'])
x = -0.5 * (np.eye(10) - 0.1) @ d ** 2 @ (np.eye(10) - 0.1)
show('variances of the map', np.sort(np.linalg.eigvalsh(x))[::-1][:2] / 10)
