"""First Lyapunov coefficients of Neimark-Sacker points, for BifurcationDiagramTest, by NumPy with derivatives in closed form.

    python3 data/python/checks/bifurcation.py

Kuznetsov 2004, section 5.4, with an eigenvector of length 1. What is printed stands in the test as constants.
"""
import numpy as np


def coefficient(jacobian, second, third):
    """second(u, v) and third(u, v, w) are the multilinear forms of the map at the point."""
    n = len(jacobian)
    values, vectors = np.linalg.eig(jacobian)
    k = max(range(n), key=lambda i: (values[i].imag > 0, -abs(abs(values[i]) - 1)))
    mu, q = values[k] / abs(values[k]), vectors[:, k] / np.linalg.norm(vectors[:, k])
    left, adjoint = np.linalg.eig(jacobian.T)
    p = adjoint[:, np.argmin(abs(left - mu.conj()))]
    p = p / np.conj(p.conj() @ q)
    assert abs(p.conj() @ q - 1) < 1e-12
    bar = q.conj()
    eye = np.eye(n)
    g = (p.conj() @ third(q, q, bar)
         + 2 * p.conj() @ second(q, np.linalg.solve(eye - jacobian, second(q, bar)))
         + p.conj() @ second(bar, np.linalg.solve(mu**2 * eye - jacobian, second(q, q))))
    return 0.5 * (mu.conj() * g).real


def delayed_logistic():
    r, x = 2.0, 0.5  # x' = r x (1 - y), y' = x
    jacobian = np.array([[r * (1 - x), -r * x], [1, 0]])
    return coefficient(jacobian, lambda u, v: np.array([-r * (u[0] * v[1] + u[1] * v[0]), 0]), lambda u, v, w: np.zeros(2))


def network(w, bias, alpha, guess):
    """h' = (1 - alpha) h + alpha tanh(w h + bias) along a scale of w, to where a pair leaves the unit circle."""
    def fixed(s):
        h = np.array(guess, float)
        for _ in range(100):
            phi = np.tanh(s * w @ h + bias)
            a = (1 - alpha) * np.eye(len(h)) + alpha * (1 - phi**2)[:, None] * s * w
            h = h - np.linalg.solve(a - np.eye(len(h)), (1 - alpha) * h + alpha * phi - h)
        phi = np.tanh(s * w @ h + bias)
        return h, phi, (1 - alpha) * np.eye(len(h)) + alpha * (1 - phi**2)[:, None] * s * w

    def excess(s):
        values = np.linalg.eigvals(fixed(s)[2])
        return max(abs(values[abs(values.imag) > 1e-9]), default=0.0) - 1

    low, high = 0.5, 3.0
    assert excess(low) < 0 < excess(high)
    for _ in range(100):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if excess(middle) < 0 else (low, middle)
    h, phi, a = fixed(low)
    d1 = 1 - phi**2
    d2, d3 = -2 * phi * d1, -2 * d1 * (1 - 3 * phi**2)
    s = low * w
    second = lambda u, v: alpha * d2 * (s @ u) * (s @ v)
    third = lambda u, v, z: alpha * d3 * (s @ u) * (s @ v) * (s @ z)
    return low, coefficient(a, second, third)


print('delayed logistic map', repr(float(delayed_logistic())))
W = np.array([[0.6, -1.1, 0.3], [0.9, 0.5, -0.4], [0.2, 0.7, 0.1]])
print('three units, scale and coefficient', *map(repr, map(float, network(W, np.array([0.3, -0.2, 0.1]), 0.8, [0, 0, 0]))))
