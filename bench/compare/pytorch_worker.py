"""PyTorch's side of the comparison: pytorch_worker.py PROBLEM float32|float64 THREADS FORM [NETWORKS]"""

import math
import sys

import torch
from worker import of_networks, read_problem, serve

# Steps of the loop over time that are compiled as one: more take minutes to compile.
CHUNK = 20


class Rnn(torch.nn.Module):
    """torch.nn.RNN, whose loop over time runs in C++."""

    def __init__(self, p):
        super().__init__()
        self.rnn = torch.nn.RNN(p.inputs, p.units, nonlinearity='tanh', bias=False, batch_first=True)
        self.readout = torch.nn.Linear(p.units, p.outputs)
        with torch.no_grad():
            self.rnn.weight_ih_l0.copy_(torch.from_numpy(p.w_in[0]))
            self.rnn.weight_hh_l0.copy_(torch.from_numpy(p.w_rec[0]))
            self.readout.weight.copy_(torch.from_numpy(p.w_out[0]))
            self.readout.bias.copy_(torch.from_numpy(p.b_out[0]))

    def forward(self, x):
        return self.readout(self.rnn(x)[0])


class Loop(Rnn):
    """The loop over time in Python, the products with the inputs and for the outputs outside of it."""

    def states(self, x):
        w = self.rnn.weight_hh_l0.t()
        z = (x.transpose(0, 1) @ self.rnn.weight_ih_l0.t()).unbind()
        h = [torch.tanh(z[0])]
        for t in range(1, len(z)):
            h.append(torch.tanh(torch.addmm(z[t], h[-1], w)))
        return torch.stack(h)

    def forward(self, x):
        return self.readout(self.states(x)).transpose(0, 1)


class LeakyLoop(Loop):
    """The loop of a leaky network, with noise in its states unless quiet."""

    quiet = False

    def __init__(self, p):
        super().__init__(p)
        self.alpha, self.noise = p.alpha, p.noise

    def states(self, x):
        w = self.rnn.weight_hh_l0.t()
        z = x.transpose(0, 1) @ self.rnn.weight_ih_l0.t()
        noise = None if self.quiet else (torch.randn_like(z) * self.noise).unbind()
        h, all_h = torch.zeros_like(z[0]), []
        for t, drive in enumerate(z.unbind()):
            h = torch.lerp(h, torch.tanh(torch.addmm(drive, h, w)), self.alpha)
            if noise:
                h = h + noise[t]
            all_h.append(h)
        return torch.stack(all_h)


class Bptt(torch.autograd.Function):
    """All states, with back-propagation through time by hand: the gradient of W_rec is one product at the end."""

    @staticmethod
    def forward(ctx, z, w_rec):
        h = torch.empty_like(z)
        torch.tanh(z[0], out=h[0])
        w = w_rec.t()
        for previous, now, drive in zip(h[:-1].unbind(), h[1:].unbind(), z[1:].unbind()):
            torch.addmm(drive, previous, w, out=now).tanh_()
        ctx.save_for_backward(h, w_rec)
        return h

    @staticmethod
    def backward(ctx, dh):
        h, w_rec = ctx.saved_tensors
        slope = torch.addcmul(torch.ones((), dtype=h.dtype), h, h, value=-1)
        dz = torch.empty_like(h)
        torch.mul(dh[-1], slope[-1], out=dz[-1])
        dz_steps, dh_steps, slopes = dz.unbind(), dh.unbind(), slope.unbind()
        for t in range(len(dz_steps) - 2, -1, -1):
            torch.addmm(dh_steps[t], dz_steps[t + 1], w_rec, out=dz_steps[t]).mul_(slopes[t])
        return dz, dz[1:].flatten(0, 1).t() @ h[:-1].flatten(0, 1)


class ByHand(Loop):
    """Loop with Bptt in place of what autograd derives."""

    def states(self, x):
        return Bptt.apply(x.transpose(0, 1) @ self.rnn.weight_ih_l0.t(), self.rnn.weight_hh_l0)


def forward_chunk(h, z, w):
    """States of some steps, from the state before them."""
    states = []
    for drive in z.unbind():
        h = torch.tanh(torch.addmm(drive, h, w))
        states.append(h)
    return torch.stack(states)


def backward_chunk(dz, dh, h, w_rec):
    """Adjoints of z of some steps, from that of the step after them."""
    adjoints = []
    slopes = (1 - h * h).unbind()
    for adjoint, slope in zip(reversed(dh.unbind()), reversed(slopes)):
        dz = torch.addmm(adjoint, dz, w_rec) * slope
        adjoints.append(dz)
    return torch.stack(adjoints[::-1])


class CompiledLoop(Loop):
    """Loop, CHUNK steps of which are compiled as one, with what autograd derives from them."""

    def __init__(self, p):
        super().__init__(p)
        self.chunk = torch.compile(forward_chunk, fullgraph=True, dynamic=False)

    def states(self, x):
        w = self.rnn.weight_hh_l0.t()
        z = x.transpose(0, 1) @ self.rnn.weight_ih_l0.t()
        h, chunks = torch.zeros_like(z[0]), []
        for part in z.split(CHUNK):
            chunks.append(self.chunk(h, part, w))
            h = chunks[-1][-1]
        return torch.cat(chunks)


class CompiledBptt(torch.autograd.Function):
    """Bptt, CHUNK steps of which are compiled as one."""

    forward_chunk = staticmethod(torch.compile(forward_chunk, fullgraph=True, dynamic=False))
    backward_chunk = staticmethod(torch.compile(backward_chunk, fullgraph=True, dynamic=False))

    @staticmethod
    def forward(ctx, z, w_rec):
        w, last, chunks = w_rec.t(), torch.zeros_like(z[0]), []
        for part in z.split(CHUNK):
            chunks.append(CompiledBptt.forward_chunk(last, part, w))
            last = chunks[-1][-1]
        h = torch.cat(chunks)
        ctx.save_for_backward(h, w_rec)
        return h

    @staticmethod
    def backward(ctx, dh):
        h, w_rec = ctx.saved_tensors
        last, chunks = torch.zeros_like(h[0]), []
        for dh_part, h_part in zip(reversed(dh.split(CHUNK)), reversed(h.split(CHUNK))):
            chunks.append(CompiledBptt.backward_chunk(last, dh_part.contiguous(), h_part, w_rec))
            last = chunks[-1][0]
        dz = torch.cat(chunks[::-1])
        return dz, dz[1:].flatten(0, 1).t() @ h[:-1].flatten(0, 1)


class CompiledByHand(Loop):
    """Loop with CompiledBptt in place of what autograd derives."""

    def states(self, x):
        return CompiledBptt.apply(x.transpose(0, 1) @ self.rnn.weight_ih_l0.t(), self.rnn.weight_hh_l0)


class BatchedBptt(torch.autograd.Function):
    """Bptt of K networks at once: z is T x K x B x N, w_rec K x N x N."""

    @staticmethod
    def forward(ctx, z, w_rec):
        h = torch.empty_like(z)
        torch.tanh(z[0], out=h[0])
        w = w_rec.transpose(1, 2)
        for previous, now, drive in zip(h[:-1].unbind(), h[1:].unbind(), z[1:].unbind()):
            torch.baddbmm(drive, previous, w, out=now).tanh_()
        ctx.save_for_backward(h, w_rec)
        return h

    @staticmethod
    def backward(ctx, dh):
        h, w_rec = ctx.saved_tensors
        slope = torch.addcmul(torch.ones((), dtype=h.dtype), h, h, value=-1)
        dz = torch.empty_like(h)
        torch.mul(dh[-1], slope[-1], out=dz[-1])
        dz_steps, dh_steps, slopes = dz.unbind(), dh.unbind(), slope.unbind()
        for t in range(len(dz_steps) - 2, -1, -1):
            torch.baddbmm(dh_steps[t], dz_steps[t + 1], w_rec, out=dz_steps[t]).mul_(slopes[t])

        def rows(a):
            return a.transpose(0, 1).flatten(1, 2)
        return dz, torch.bmm(rows(dz[1:]).transpose(1, 2), rows(h[:-1]))


class Networks(torch.nn.Module):
    """K networks at once, with one product for all where they are independent; inputs K x B x T x I."""

    def __init__(self, p, networks):
        super().__init__()
        self.w_in, self.w_rec, self.w_out, self.b_out = (
            torch.nn.Parameter(torch.from_numpy(a[:networks].copy())) for a in (p.w_in, p.w_rec, p.w_out, p.b_out))

    def forward(self, x):
        k, b, t, _ = x.shape
        drive = torch.bmm(x.flatten(1, 2), self.w_in.transpose(1, 2)).view(k, b, t, -1)
        h = BatchedBptt.apply(drive.permute(2, 0, 1, 3).contiguous(), self.w_rec)
        outputs = torch.bmm(h.transpose(0, 1).reshape(k, t * b, -1), self.w_out.transpose(1, 2)) + self.b_out[:, None]
        return outputs.view(k, t, b, -1).transpose(1, 2)


class LeakyBptt(torch.autograd.Function):
    """Bptt of a leaky network; xi is the noise of all steps, or None."""

    @staticmethod
    def forward(ctx, z, w_rec, alpha, xi):
        rates, h = torch.empty_like(z), torch.zeros(len(z) + 1, *z.shape[1:], dtype=z.dtype)
        w = w_rec.t()
        for t, (previous, now, drive, rate) in enumerate(zip(h[:-1].unbind(), h[1:].unbind(), z.unbind(), rates.unbind())):
            torch.lerp(previous, torch.addmm(drive, previous, w, out=rate).tanh_(), alpha, out=now)
            if xi is not None:
                now.add_(xi[t])
        ctx.save_for_backward(h, rates, w_rec)
        ctx.alpha = alpha
        return h[1:]

    @staticmethod
    def backward(ctx, dh):
        h, rates, w_rec = ctx.saved_tensors
        slopes = torch.addcmul(torch.ones((), dtype=h.dtype), rates, rates, value=-1).mul_(ctx.alpha)
        dz = torch.empty_like(rates)
        carried = dh[-1].clone()
        torch.mul(carried, slopes[-1], out=dz[-1])
        dz_steps, dh_steps, slope_steps = dz.unbind(), dh.unbind(), slopes.unbind()
        for t in range(len(dz_steps) - 2, -1, -1):
            carried = torch.addmm(torch.add(dh_steps[t], carried, alpha=1 - ctx.alpha), dz_steps[t + 1], w_rec)
            torch.mul(carried, slope_steps[t], out=dz_steps[t])
        return dz, dz.flatten(0, 1).t() @ h[:-1].flatten(0, 1), None, None


class LeakyByHand(LeakyLoop):
    """LeakyLoop with LeakyBptt in place of what autograd derives."""

    def states(self, x):
        z = x.transpose(0, 1) @ self.rnn.weight_ih_l0.t()
        noise = None if self.quiet else torch.randn_like(z).mul_(self.noise)
        return LeakyBptt.apply(z, self.rnn.weight_hh_l0, self.alpha, noise)


FORMS = {'nn.RNN': Rnn, 'loop': Loop, 'BPTT by hand': ByHand, 'loop, compiled': CompiledLoop,
         'BPTT by hand, compiled': CompiledByHand}

# nn.RNN has no leak.
LEAKY = {'loop': LeakyLoop, 'BPTT by hand': LeakyByHand}


def main():
    path, precision, threads, form, *networks = sys.argv[1:]
    networks = int(networks[0]) if networks else 1
    torch.set_num_threads(int(threads))
    torch.set_num_interop_threads(1)
    torch.set_default_dtype(getattr(torch, precision))
    p = read_problem(path, precision)
    order = of_networks(p, networks).reshape(len(p.batches), -1) if networks > 1 else p.batches
    x, y, batches = (torch.from_numpy(a) for a in (p.x, p.y, order))
    network = Networks(p, networks) if networks > 1 else (LEAKY if p.leaky else FORMS)[form](p)
    adam = torch.optim.Adam(network.parameters(), lr=p.lr, betas=(p.beta1, p.beta2), eps=p.epsilon, fused=True)
    mean_squared_error = torch.nn.MSELoss()

    def train(indices):
        """The gradient of one network, and its loss."""
        loss = mean_squared_error(network(x.index_select(0, indices)), y.index_select(0, indices))
        loss.backward()
        return loss.item()

    def train_all(indices):
        """The same for several networks."""
        inputs, targets = (a.index_select(0, indices).unflatten(0, (networks, p.batch)) for a in (x, y))
        losses = (network(inputs) - targets).square().mean((1, 2, 3))
        losses.sum().backward()
        return losses.tolist()

    def step(k, noisy):
        network.quiet = not noisy
        indices = batches[k % len(batches)]
        adam.zero_grad()
        loss = train(indices) if networks == 1 else train_all(indices)
        # Keras adds epsilon to sqrt(v), PyTorch to sqrt(v) without its bias.
        adam.param_groups[0]['eps'] = p.epsilon / math.sqrt(1 - p.beta2 ** (k + 1))
        adam.step()
        return loss

    blas = 'MKL' if torch.backends.mkl.is_available() else 'other'
    parallel = [line.strip() for line in torch.__config__.parallel_info().splitlines()
                if line.startswith(('ATen parallel backend', 'OpenMP'))]
    serve(f'torch {torch.__version__}, BLAS {blas}, {torch.backends.cpu.get_cpu_capability()}, '
          f'{torch.get_num_threads()} threads, {"; ".join(parallel)}', step)


if __name__ == '__main__':
    main()
