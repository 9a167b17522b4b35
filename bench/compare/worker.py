"""What the Python workers share: the problem's file and the answers to the driver."""

import sys
import time
from types import SimpleNamespace

import numpy as np


def read_problem(path, precision):
    """The file that Attractor's CompareWorker writes; its Javadoc has the layout. The weights have the networks as their first
    dimension."""
    with open(path, 'rb') as file:
        def array(kind, *shape):
            count = int(np.prod(shape))
            values = np.frombuffer(file.read(count * np.dtype(kind).itemsize), kind)
            return values.reshape(shape).astype(precision if kind == '>f8' else 'int64')

        units, inputs, outputs, batch, steps, samples, networks = (int(n) for n in array('>i4', 7))
        lr, beta1, beta2, epsilon, alpha, noise_sd = np.frombuffer(file.read(48), '>f8').tolist()
        shapes = ((units, inputs), (units, units), (outputs, units), (outputs,))
        weights = [[array('>f8', *shape) for shape in shapes] for _ in range(networks)]
        w_in, w_rec, w_out, b_out = (np.stack(each) for each in zip(*weights))
        return SimpleNamespace(
            units=units, inputs=inputs, outputs=outputs, batch=batch, steps=steps, samples=samples,
            lr=lr, beta1=beta1, beta2=beta2, epsilon=epsilon,
            alpha=alpha, noise=noise_sd * (2 * alpha) ** 0.5, leaky=alpha < 1 or noise_sd > 0,
            w_in=w_in, w_rec=w_rec, w_out=w_out, b_out=b_out,
            x=array('>f8', samples, steps, inputs),
            y=array('>f8', samples, steps, outputs),
            # The batches of an epoch, without the last, smaller one.
            batches=array('>i4', samples)[:samples // batch * batch].reshape(-1, batch))


def of_networks(p, networks):
    """The batches of so many networks at once, for each step networks x B: network j is j batches ahead."""
    return np.stack([np.roll(p.batches, -j, axis=0) for j in range(networks)], axis=1)


def numbers(loss):
    """The loss, or the losses of several networks, once they are known."""
    return np.ravel(np.asarray(loss, dtype=float)).tolist()


def serve(description, step):
    """Answers the driver; step(k, noisy) takes the k-th step, with noise in the states or without, and returns the loss before it, or
    the losses of several networks, as numbers or something that NumPy waits for."""
    print('ready', description, flush=True)
    done = 0
    for line in sys.stdin:
        command, count = line.split()
        steps = range(done, done + int(count))
        done += int(count)
        if command in ('losses', 'noisy'):
            answer = ' '.join(repr(loss) for k in steps for loss in numbers(step(k, command == 'noisy')))
        elif command == 'run':
            begun = time.perf_counter()
            for k in steps:
                loss = step(k, True)
            numbers(loss)
            answer = repr(1e3 * (time.perf_counter() - begun) / len(steps))
        else:
            raise ValueError(f"command is '{command}', expected one of losses, noisy, run")
        print(command, answer, flush=True)
