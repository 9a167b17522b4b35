"""JAX's side of the comparison: jax_worker.py PROBLEM float32|float64 THREADS FORM. THREADS is for the driver's environment to bring about."""

import sys

import jax
import jax.numpy as jnp
import jaxlib
from worker import read_problem, serve

FORMS = {'lax.scan': 1, 'lax.scan, unroll 8': 8}


def main():
    path, precision, threads, form = sys.argv[1:]
    jax.config.update('jax_platforms', 'cpu')
    jax.config.update('jax_enable_x64', precision == 'float64')
    p = read_problem(path, precision)
    unroll = FORMS[form]

    def states(w, x, key):
        """T x B x N, of inputs B x T x I; without noise if key is None."""
        def update(h, z):
            h = jnp.tanh(h @ w['rec'].T + z)
            return h, h

        def leak(h, drive):
            z, xi = drive
            h = (1 - p.alpha) * h + p.alpha * jnp.tanh(h @ w['rec'].T + z) + p.noise * xi
            return h, h
        zero = jnp.zeros((p.batch, p.units), precision)
        drive = jnp.swapaxes(x, 0, 1) @ w['in'].T
        if not p.leaky:
            return jax.lax.scan(update, zero, drive, unroll=unroll)[1]
        xi = jnp.zeros_like(drive) if key is None else jax.random.normal(key, drive.shape, drive.dtype)
        return jax.lax.scan(leak, zero, (drive, xi), unroll=unroll)[1]

    def mean_squared_error(w, x, y, key):
        outputs = states(w, x, key) @ w['out'].T + w['b_out']
        return jnp.mean((outputs - jnp.swapaxes(y, 0, 1)) ** 2)

    def train(state, all_x, all_y, indices, key=None):
        w, m, v, k = state
        loss, g = jax.value_and_grad(mean_squared_error)(w, all_x[indices], all_y[indices], key)
        k = k + 1
        m = jax.tree.map(lambda m, g: p.beta1 * m + (1 - p.beta1) * g, m, g)
        v = jax.tree.map(lambda v, g: p.beta2 * v + (1 - p.beta2) * g * g, v, g)
        rate = p.lr * jnp.sqrt(1 - p.beta2 ** k) / (1 - p.beta1 ** k)
        w = jax.tree.map(lambda w, m, v: w - rate * m / (jnp.sqrt(v) + p.epsilon), w, m, v)
        return (w, m, v, k), loss

    train = jax.jit(train, donate_argnums=0)
    weights = {'in': p.w_in, 'rec': p.w_rec, 'out': p.w_out, 'b_out': p.b_out}
    # Every array of the state is a buffer of its own, since each is donated.
    state = ({name: jnp.array(a) for name, a in weights.items()},
             {name: jnp.zeros_like(a) for name, a in weights.items()},
             {name: jnp.zeros_like(a) for name, a in weights.items()},
             jnp.zeros((), precision))
    x, y = jnp.asarray(p.x), jnp.asarray(p.y)
    batches = [jnp.asarray(indices, jnp.int32) for indices in p.batches]

    keys = jax.random.split(jax.random.key(0), len(batches))

    def step(k, noisy):
        nonlocal state
        key = keys[k % len(batches)] if noisy and p.noise > 0 else None
        state, loss = train(state, x, y, batches[k % len(batches)], key)
        loss.block_until_ready()
        return loss

    serve(f'jax {jax.__version__}, jaxlib {jaxlib.__version__}, its own BLAS (Eigen), {threads} threads', step)


if __name__ == '__main__':
    main()
