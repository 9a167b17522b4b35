"""Trains a leaky RNN of PyTorch on a file of trials, to compare with ./attractor train --data on the same file.

    venv/bin/pip install torch numpy
    venv/bin/python data/python/torch_rnn.py train.npz test.npz --tau 100 --epochs 20

The same network: h' = (1 - dt/tau) h + dt/tau tanh(W_rec h + W_in x), y = W_out h + b_out, orthogonal W_rec, Glorot W_in and
W_out; the same training: cross-entropy weighted by the mask, Adam without decay, gradients clipped, batches of 64; the same
reading of an answer: the class with the largest mean output over the steps with the largest weight. PyTorch's bits differ.
"""

import argparse
import time

import numpy as np
import torch


def load(file):
    with np.load(file) as z:
        x, y, mask = (torch.tensor(z[key], dtype=torch.float64) for key in ("x", "y", "mask"))
        return x, y, mask if mask.dim() == 2 else mask[..., 0], z["type"].astype(str), float(z["dt_ms"])


class Leaky(torch.nn.Module):
    def __init__(self, inputs, units, outputs, alpha):
        super().__init__()
        self.alpha = alpha
        self.w_in = torch.nn.Parameter(torch.nn.init.xavier_uniform_(torch.empty(units, inputs)))
        self.w_rec = torch.nn.Parameter(torch.nn.init.orthogonal_(torch.empty(units, units)))
        self.w_out = torch.nn.Parameter(torch.nn.init.xavier_uniform_(torch.empty(outputs, units)))
        self.b_out = torch.nn.Parameter(torch.zeros(outputs))

    def forward(self, x):
        h = x.new_zeros(len(x), len(self.w_rec))
        outputs = []
        for t in range(x.shape[1]):
            z = h @ self.w_rec.T + x[:, t] @ self.w_in.T
            h = (1 - self.alpha) * h + self.alpha * torch.tanh(z)
            outputs.append(h @ self.w_out.T + self.b_out)
        return torch.stack(outputs, 1)


def accuracy(net, x, y, mask, types):
    with torch.no_grad():
        window = (mask == mask.max(1, keepdim=True).values)[..., None].double()
        answer = (net(x) * window).sum(1).argmax(1)
        right = (answer == (y * window).sum(1).argmax(1)).numpy()
    return {str(kind): float(right[types == kind].mean()) for kind in sorted(set(types))}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("train")
    parser.add_argument("test")
    parser.add_argument("--units", type=int, default=50)
    parser.add_argument("--tau", type=float, default=100)
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--lr", type=float, default=1e-3)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()

    torch.manual_seed(args.seed)
    torch.set_default_dtype(torch.float64)
    torch.set_num_threads(1)
    x, y, mask, _, dt = load(args.train)
    net = Leaky(x.shape[2], args.units, y.shape[2], dt / args.tau)
    adam = torch.optim.Adam(net.parameters(), lr=args.lr)
    begun = time.monotonic()
    for epoch in range(args.epochs):
        total = 0.0
        for rows in torch.randperm(len(x)).split(args.batch):
            log_p = torch.log_softmax(net(x[rows]), 2)
            loss = -(mask[rows] * (y[rows] * log_p).sum(2)).sum() / mask[rows].sum()
            adam.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            adam.step()
            total += float(loss.detach()) * len(rows)
        print(f"epoch {epoch + 1}/{args.epochs}  loss {total / len(x):.5f}", flush=True)
    print(f"torch {torch.__version__}, {time.monotonic() - begun:.1f} s")
    for kind, share in accuracy(net, *load(args.test)[:4]).items():
        print(f"{kind:12s} {100 * share:5.1f} % right")


if __name__ == "__main__":
    main()
