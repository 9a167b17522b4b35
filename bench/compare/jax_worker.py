"""JAX's side of the comparison: jax_worker.py PROBLEM float32|float64 THREADS FORM [NETWORKS]. THREADS is for the driver's environment
to bring about."""

import sys

import jax
import jax.numpy as jnp
import jaxlib
from worker import of_networks, read_problem, serve


def unrolled(form):
    """N of a form that ends in 'unroll N'; else 1."""
    return int(form.rpartition('unroll ')[2]) if 'unroll ' in form else 1


def by_hand(unroll):
    """All states from the inputs' share of z, T x B x N, and W_rec, with back-propagation through time by hand: the gradient of W_rec is
    one product at the end, where grad of lax.scan has one per step."""
    def forward(z, w_rec):
        w = w_rec.T

        def update(h, drive):
            h = jnp.tanh(h @ w + drive)
            return h, h
        return jax.lax.scan(update, jnp.zeros_like(z[0]), z, unroll=unroll)[1]

    def backward(kept, dh):
        h, w_rec = kept

        def back(dz, now):
            dh_now, slope = now
            dz = (dh_now + dz @ w_rec) * slope
            return dz, dz
        dz = jax.lax.scan(back, jnp.zeros_like(h[0]), (dh, 1 - h * h), reverse=True, unroll=unroll)[1]
        return dz, jnp.einsum('tbi,tbj->ij', dz[1:], h[:-1])

    def forward_and_keep(z, w_rec):
        h = forward(z, w_rec)
        return h, (h, w_rec)

    states = jax.custom_vjp(forward)
    states.defvjp(forward_and_keep, backward)
    return states


def main():
    path, precision, _, form, *networks = sys.argv[1:]
    networks = int(networks[0]) if networks else 1
    jax.config.update('jax_platforms', 'cpu')
    jax.config.update('jax_enable_x64', precision == 'float64')
    p = read_problem(path, precision)
    unroll = unrolled(form)
    states_by_hand = by_hand(unroll)

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
        if form.startswith('BPTT by hand'):
            return states_by_hand(drive, w['rec'])
        if not p.leaky:
            return jax.lax.scan(update, zero, drive, unroll=unroll)[1]
        xi = jnp.zeros_like(drive) if key is None else jax.random.normal(key, drive.shape, drive.dtype)
        return jax.lax.scan(leak, zero, (drive, xi), unroll=unroll)[1]

    def mean_squared_error(w, x, y, key):
        outputs = states(w, x, key) @ w['out'].T + w['b_out']
        return jnp.mean((outputs - jnp.swapaxes(y, 0, 1)) ** 2)

    gradient = jax.value_and_grad(mean_squared_error)
    if networks > 1:
        gradient = jax.vmap(gradient, in_axes=(0, 0, 0, None))

    def train(state, all_x, all_y, indices, key=None):
        w, m, v, k = state
        loss, g = gradient(w, all_x[indices], all_y[indices], key)
        k = k + 1
        m = jax.tree.map(lambda m, g: p.beta1 * m + (1 - p.beta1) * g, m, g)
        v = jax.tree.map(lambda v, g: p.beta2 * v + (1 - p.beta2) * g * g, v, g)
        rate = p.lr * jnp.sqrt(1 - p.beta2 ** k) / (1 - p.beta1 ** k)
        w = jax.tree.map(lambda w, m, v: w - rate * m / (jnp.sqrt(v) + p.epsilon), w, m, v)
        return (w, m, v, k), loss

    train = jax.jit(train, donate_argnums=0)
    weights = {'in': p.w_in, 'rec': p.w_rec, 'out': p.w_out, 'b_out': p.b_out}
    weights = {name: a[:networks] if networks > 1 else a[0] for name, a in weights.items()}
    # Every array of the state is a buffer of its own, since each is donated.
    state = ({name: jnp.array(a) for name, a in weights.items()},
             {name: jnp.zeros_like(a) for name, a in weights.items()},
             {name: jnp.zeros_like(a) for name, a in weights.items()},
             jnp.zeros((), precision))
    x, y = jnp.asarray(p.x), jnp.asarray(p.y)
    batches = [jnp.asarray(indices, jnp.int32) for indices in (of_networks(p, networks) if networks > 1 else p.batches)]

    keys = jax.random.split(jax.random.key(0), len(batches))

    def step(k, noisy):
        nonlocal state
        key = keys[k % len(batches)] if noisy and p.noise > 0 else None
        state, loss = train(state, x, y, batches[k % len(batches)], key)
        loss.block_until_ready()
        return loss

    serve(f'jax {jax.__version__}, jaxlib {jaxlib.__version__}, its own BLAS (Eigen)', step)


if __name__ == '__main__':
    main()
