"""Writes foreign-files.zip beside this script: files that Keras 3 and PyTorch wrote, and outputs.json, what the libraries
compute with them.

    pip install keras tensorflow-cpu torch safetensors h5py && python make_foreign_files.py

Element i (in C order) of an array of Keras is (i + 1) / d, and d = 64 for kernel, -128 for recurrent_kernel, 32 for bias
of the recurrent layer, 16 for kernel and -8 for bias of the dense layer, as in make_keras_files.py; the weights of PyTorch
are the transposes. The tests repeat this.
"""

import json
import os
import sys
import tempfile
import zipfile

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy as np
import safetensors
import torch
from keras import layers
from safetensors.torch import save_file

HERE = os.path.dirname(os.path.abspath(__file__))
FOLDER = tempfile.TemporaryDirectory()


def path(name):
    return os.path.join(FOLDER.name, name)


def linear(divisor, *shape):
    return (np.arange(np.prod(shape, dtype=int)).reshape(shape) + 1) / divisor


def rnn(units=3, **options):
    return layers.SimpleRNN(units, return_sequences=True, name="rnn", **options)


def dense(units=2, **options):
    return layers.Dense(units, name="read_out", **options)


def model(name, *stack, functional=False, trained=False):
    x = keras.Input((None, 2), name="x")
    if functional:
        y = x
        for layer in stack:
            y = layer(y)
        net = keras.Model(x, y)
    else:
        net = keras.Sequential([x, *stack])
    for layer in stack:
        if not isinstance(layer, (layers.LSTM, layers.GRU)) and layer.get_weights():
            last = isinstance(layer, (layers.Dense, layers.TimeDistributed))
            divisors = [16, -8] if last else [64, -128, 32]
            layer.set_weights([linear(d, *w.shape) for d, w in zip(divisors, layer.get_weights())])
    if trained:  # with a rate of 0, for the optimizer's arrays
        net.compile(keras.optimizers.Adam(0.0), "mse")
        net.fit(np.zeros((1, 2, 2)), np.zeros((1, 2, 2)), verbose=0)
    (net.save_weights if name.endswith(".weights.h5") else net.save)(path(name))
    return net


# What Keras 3 writes and is read. x has 2 trials of 5 steps.
x = np.sin(np.arange(20.0)).reshape(2, 5, 2)
outputs = {"x": x.ravel().tolist(), "trials": 2, "steps": 5}
keras.config.set_floatx("float64")
for activation in ["tanh", "relu", "sigmoid", "linear"]:
    name = f"keras-{activation}.keras"
    outputs[name] = model(name, rnn(activation=activation), dense()).predict(x, verbose=0).ravel().tolist()
for name in ["keras.h5", "keras.weights.h5"]:
    outputs[name] = model(name, rnn(), dense()).predict(x, verbose=0).ravel().tolist()
name = "keras-no-biases.keras"
outputs[name] = model(name, rnn(use_bias=False), dense(use_bias=False)).predict(x, verbose=0).ravel().tolist()
keras.config.set_floatx("float32")
model("keras-float32.keras", rnn(), dense())
model("keras-functional.keras", rnn(), layers.TimeDistributed(dense()), functional=True, trained=True)
model("keras-trained.weights.h5", rnn(dropout=0.1), dense(), trained=True)

# What Keras 3 writes and isn't read.
model("lstm.keras", layers.LSTM(3, return_sequences=True), dense())
model("lstm.weights.h5", layers.LSTM(3, return_sequences=True), dense())
model("gru.weights.h5", layers.GRU(3, return_sequences=True), dense())
model("two-rnns.weights.h5", layers.SimpleRNN(3, return_sequences=True), rnn(), dense())
model("no-dense.weights.h5", rnn())
model("dense-tanh.keras", rnn(), dense(activation="tanh"))
model("elu.keras", rnn(activation="elu"), dense())


class Net(torch.nn.Module):
    def __init__(self, recurrent, readout):
        super().__init__()
        self.rnn = recurrent
        self.fc = readout

    def forward(self, x):
        if isinstance(self.rnn, torch.nn.RNNCell):
            h, all = None, []
            for t in range(x.shape[1]):
                h = self.rnn(x[:, t], h)
                all.append(h)
            return self.fc(torch.stack(all, 1))
        return self.fc(self.rnn(x)[0])


VALUES = {
    "rnn.weight_ih": linear(64, 2, 3).T,
    "rnn.weight_hh": linear(-128, 3, 3).T,
    "rnn.bias_ih": linear(32, 3) - 0.25,
    "rnn.bias_hh": np.full(3, 0.25),
    "fc.weight": linear(16, 3, 2).T,
    "fc.bias": linear(-8, 2),
}


def torch_net(name, recurrent, readout, known=True):
    net = Net(recurrent, readout)
    state = net.state_dict()
    if known:
        for key, value in state.items():
            value.copy_(torch.from_numpy(np.ascontiguousarray(VALUES[key.removesuffix("_l0")])))
        if next(iter(state.values())).dtype == torch.float64:
            outputs[name] = net(torch.from_numpy(x)).detach().numpy().ravel().tolist()
    if name.endswith(".npz"):
        np.savez(path(name), **{key: value.numpy() for key, value in state.items()})
    else:
        save_file(state, path(name))


# What PyTorch writes and is read.
nn = torch.nn
F64 = {"dtype": torch.float64}
torch_net("torch.safetensors", nn.RNN(2, 3, batch_first=True, **F64), nn.Linear(3, 2, **F64))
torch_net("torch.npz", nn.RNN(2, 3, batch_first=True, **F64), nn.Linear(3, 2, **F64))
torch_net("torch-relu.safetensors", nn.RNN(2, 3, nonlinearity="relu", batch_first=True, **F64), nn.Linear(3, 2, **F64))
torch_net("torch-cell.npz", nn.RNNCell(2, 3, **F64), nn.Linear(3, 2, **F64))
torch_net("torch-float32.npz", nn.RNN(2, 3), nn.Linear(3, 2))
torch_net("torch-float32.safetensors", nn.RNN(2, 3), nn.Linear(3, 2))
torch_net(
    "torch-no-biases.safetensors",
    nn.RNN(2, 3, bias=False, batch_first=True, **F64),
    nn.Linear(3, 2, bias=False, **F64),
)

# What PyTorch writes and isn't read.
torch_net("lstm.safetensors", nn.LSTM(2, 3), nn.Linear(3, 2), known=False)
torch_net("gru.npz", nn.GRU(2, 3), nn.Linear(3, 2), known=False)
torch_net("layers.npz", nn.RNN(2, 3, num_layers=2), nn.Linear(3, 2), known=False)
torch_net("directions.npz", nn.RNN(2, 3, bidirectional=True), nn.Linear(6, 2), known=False)
torch_net("half.safetensors", nn.RNN(2, 3, dtype=torch.float16), nn.Linear(3, 2), known=False)
torch_net("deep.npz", nn.RNN(2, 3), nn.Sequential(nn.Linear(3, 3), nn.ReLU(), nn.Linear(3, 2)), known=False)
torch_net("no-linear.npz", nn.RNN(2, 3), nn.Identity(), known=False)

with open(path("outputs.json"), "w") as f:
    json.dump(outputs, f, indent=1)
    f.write("\n")
with zipfile.ZipFile(os.path.join(HERE, "foreign-files.zip"), "w", zipfile.ZIP_DEFLATED, compresslevel=9) as z:
    for name in sorted(os.listdir(FOLDER.name)):
        with open(path(name), "rb") as f:
            z.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), f.read(), zipfile.ZIP_DEFLATED)
print("python", sys.version.split()[0], "keras", keras.__version__, "torch", torch.__version__, "numpy", np.__version__)
print("safetensors", safetensors.__version__)
