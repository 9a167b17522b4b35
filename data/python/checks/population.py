"""Expected values of the tests of attractor.population, by NumPy, SciPy and scikit-learn.

    python3 -m venv venv && venv/bin/pip install numpy scipy scikit-learn
    venv/bin/python data/python/checks/population.py

The data are made by a formula that PopulationFixtures in Java has too. What is printed stands in the tests as constants.
"""
import numpy as np
import scipy.signal
from scipy.cluster.hierarchy import linkage, fcluster
from scipy.linalg import subspace_angles
from scipy.spatial.distance import pdist, squareform
from scipy.stats import entropy
from sklearn.metrics import silhouette_score


def trials(types, per_type, steps, units):
    """rates[s, t, i]; the types come in turn."""
    s, t, i = np.ogrid[:types * per_type, :steps, :units]
    k = s % types
    return (np.sin(0.05 * (t + 1) * (1 + 0.3 * i) + 0.7 * k) * (1 + 0.2 * i)
            + 0.1 * np.cos(1.3 * t * i + 2.1 * s) + 0.3 * np.cos(0.4 * i))


def show(name, values):
    print(name, ', '.join(repr(float(v)) for v in np.ravel(values)))


X = trials(4, 6, 40, 7)
means = np.array([X[k::4].mean(axis=0) for k in range(4)])      # type, step, unit
flat = means.reshape(-1, 7)

l = np.linalg.eigvalsh(np.cov(flat.T))
show('participation ratio', l.sum() ** 2 / (l ** 2).sum())
l = np.linalg.svd(means[0][:5] - means[0][:5].mean(axis=0))[1] ** 2
show('participation ratio of 5 states', l.sum() ** 2 / (l ** 2).sum())


def pcs(a, k):
    return np.linalg.svd(a - a.mean(axis=0), full_matrices=False)[2][:k].T


show('angles of types 0 and 1', np.sort(np.degrees(subspace_angles(pcs(means[0], 3), pcs(means[1], 3)))))
a, b = means[0], pcs(means[1], 3)
c = np.cov(a.T)
show('alignment index', np.trace(b.T @ c @ b) / np.sort(np.linalg.eigvalsh(c))[-3:].sum())

w = np.cos(np.arange(14)).reshape(2, 7)
show('rho', np.linalg.norm(w @ flat.T) / (np.linalg.norm(w) * np.linalg.norm(flat)))


def sequentiality(h, lab):
    ts = h.shape[0]
    h = h[:, h.mean(axis=0) > 0.1]
    peaks = h.argmax(axis=0)
    counts = np.histogram(peaks, 20, range=(0, ts) if lab else None)[0]
    ratios = []
    for i, p in enumerate(peaks):
        start, end = max(0, p - 2), min(ts if lab else ts - 1, p + 2)
        ridge = h[start:end, i].mean()
        back = np.concatenate([h[:start, i], h[end:, i]]).mean()
        if lab:
            ridge, back = max(ridge, 1e-6), max(back, 1e-6)
        with np.errstate(invalid='ignore'):
            ratios.append(np.log(ridge) - np.log(back))
    return h.shape[1], entropy(counts + 0.1), np.nanmean(ratios)


for lab in (False, True):
    show('sequentiality, lab %s: units, entropy, ridge of type 1' % lab,
         np.mean([sequentiality(x, lab) for x in X[1::4]], axis=0))

tv = np.var(means[:, 10:30], axis=0).mean(axis=0)
show('task variance', tv)
rates = X[:, 10:30].mean(axis=1)
group = np.array([rates[k::4].mean(axis=0) for k in range(4)])
show('eta squared', (6 * (group - rates.mean(axis=0)) ** 2).sum(axis=0) / ((rates - rates.mean(axis=0)) ** 2).sum(axis=0))
v = np.array([rates[k::4].var(axis=0, ddof=1) for k in range(4)])
hi, lo = group.argmax(axis=0), group.argmin(axis=0)
r = np.arange(7)
show("d'", (group[hi, r] - group[lo, r]) / np.sqrt((v[hi, r] + v[lo, r]) / 2))

points = flat[::8]
for method in ('average', 'ward'):
    z = linkage(points, method)
    show('heights, ' + method, z[:, 2])
    show('silhouettes, ' + method,
         [silhouette_score(points, fcluster(z, k, 'maxclust')) for k in range(2, 6)])

# Demixed components: as in the package dPCA, by least squares on data with rows of the penalty.
Y = (flat - flat.mean(axis=0)).T                                   # unit x (type, step)
Z = Y.reshape(7, 4, 40)
time = Z.mean(axis=1, keepdims=True) + 0 * Z
own = Z - time
lam = 1e-3 * (Y ** 2).sum()                                       # what the folds choose
for name, part in (('time', time), ('type', own)):
    part = part.reshape(7, -1)
    aug = np.hstack([Y, np.sqrt(lam) * np.eye(7)])
    target = np.hstack([part, np.zeros((7, 7))])
    A = np.linalg.lstsq(aug.T, target.T, rcond=None)[0].T
    U = np.linalg.svd(A @ aug)[0]
    show('demixed, ' + name, [1 - ((Y - np.outer(U[:, q], U[:, q] @ A) @ Y) ** 2).sum() / (Y ** 2).sum()
                              for q in range(3)])

# Targeted regression on +-1 for two positions and their product, types 00, 01, 10, 11.
D = np.array([[1, -1, -1, 1], [1, -1, 1, -1], [1, 1, -1, -1], [1, 1, 1, 1.]])
betas = np.einsum('vk,kti->vti', np.linalg.inv(D), means)[1:]
longest = np.linalg.norm(betas, axis=2).argmax(axis=1)
Q, R = np.linalg.qr(np.array([betas[v, longest[v]] for v in range(3)]).T)
show('steps of the axes', longest)
show('shares of the axes', ((Q.T @ Y) ** 2).sum(axis=1) / (Y ** 2).sum())

series = np.sin(0.4 * np.arange(90)) + 0.01 * np.arange(90) ** 1.5 / 10 + 0.3 * np.cos(1.9 * np.arange(90) ** 1.1)
show('Welch', scipy.signal.welch(series, nperseg=45)[1][:6])

# A network's regime: the lab's steps, on the mean of type 2.
mean = trials(4, 6, 200, 7)[2::4].mean(axis=0)
window = mean[70:170]
pc = (window - window.mean(axis=0)) @ pcs(window, 1)[:, 0]
show('ramp index', abs(np.corrcoef(np.arange(100), pc)[0, 1]))
f, p = scipy.signal.welch(scipy.signal.detrend(pc), nperseg=50)
band = p[f > 2 / 100]
show('peak ratio, frequency', [band.max() / (np.median(band) + 1e-10), f[f > 2 / 100][band.argmax()]])
