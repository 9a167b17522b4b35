"""Proves with the real libraries that Keras 2, Keras 3 and PyTorch compute what ./attractor computes, in both directions.

    python3 -m venv venv && venv/bin/pip install tensorflow-cpu tf-keras torch safetensors numpy
    venv/bin/python data/python/check_keras.py

tf-keras is Keras 2, tensorflow-cpu brings Keras 3; what isn't installed is skipped and said so. Exports networks of
data/networks, in float64 and in float32, lets the libraries load and run them on random inputs, and compares with attractor
simulate in the same precision; imports them again; then lets the libraries make networks, and compares what attractor import and simulate make of them. The exit code is 1 if anything
differs by more than float32 allows.
"""

import importlib
import itertools
import logging
import os
import subprocess
import sys
import tempfile
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
logging.disable(logging.WARNING)  # of TensorFlow: compile me, retraced, legacy

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
WORK = tempfile.TemporaryDirectory()
TMP = Path(WORK.name)
FLOAT32 = 2e-6  # times the largest output
failures = 0


def library(name):
    try:
        module = importlib.import_module(name)
        print(f"{name} {module.__version__}")
        return module
    except ImportError:
        print(f"{name}: not installed, its checks are skipped")
        return None


def attractor(*words):
    run = subprocess.run([ROOT / "attractor", *map(str, words)], capture_output=True, text=True)
    if run.returncode:
        sys.exit(f"attractor {' '.join(map(str, words))}\n{run.stderr}")


def simulate(net, x, *options):
    np.save(TMP / "x.npy", x)
    attractor("simulate", net, "--inputs", TMP / "x.npy", "--out", TMP / "trajectory.npz", *options)
    return np.load(TMP / "trajectory.npz")["y"]


def failed(wrong, what):
    global failures
    failures += bool(wrong)
    if wrong:
        print(f"  {what}")


def compare(what, theirs, ours):
    global failures
    worst = np.abs(np.asarray(theirs, dtype=float) - ours).max() / max(1.0, np.abs(ours).max())
    verdict = "same" if worst <= FLOAT32 else "DIFFERENT"
    failures += worst > FLOAT32
    print(f"  {what:58s} {verdict}, largest difference {worst:.1e}")


print(f"python {sys.version.split()[0]}\nnumpy {np.__version__}")
keras, keras2, torch = library("keras"), library("tf_keras"), library("torch")
kerases = [(lib, f"Keras {lib.__version__}") for lib in (keras, keras2) if lib]
safetensors = torch and importlib.import_module("safetensors.torch")
rng = np.random.default_rng(0)


def inputs(channels, steps=60):
    return rng.normal(size=(4, steps, channels)).astype("float32").astype("float64")


def torch_run(rnn, readout, x):
    with torch.no_grad():
        return readout(rnn(torch.from_numpy(x).to(readout.weight.dtype))[0]).numpy()


print("exported:")
for name, precision in itertools.product(["xor", "not", "flipflop"], ["double", "float"]):
    net = ROOT / "data" / "networks" / f"{name}.npz"
    arrays = np.load(net)
    x = inputs(arrays["W_in"].shape[1])
    y = simulate(net, x, "--precision", precision)
    dtype = {"double": "float64", "float": "float32"}[precision]

    def computed(model):
        output = model.predict(x.astype(dtype), verbose=0)
        failed(output.dtype != dtype, f"{name} in {dtype} gives {output.dtype}")
        return output

    for ending in ["h5", "keras", "weights.h5", "safetensors"]:
        attractor("export", net, TMP / f"{name}.{ending}", "--precision", precision)
        attractor("import", TMP / f"{name}.{ending}", TMP / "back.npz")
        back = np.load(TMP / "back.npz")
        failed(back["W_rec"].dtype != dtype, f"{name}.{ending} in {dtype} comes back in {back['W_rec'].dtype}")
        failed(np.any(back["W_rec"] != arrays["W_rec"].astype(dtype)), f"{name}.{ending} comes back with other weights")
    for lib, label in kerases:
        model = lib.models.load_model(TMP / f"{name}.h5", compile=False)
        compare(f"{name}.h5 in {label}, {dtype}", computed(model), y)
        if lib is keras:
            model.set_weights([0 * w for w in model.get_weights()])
            model.load_weights(TMP / f"{name}.weights.h5")
            compare(f"{name}.weights.h5 in {label}, {dtype}", computed(model), y)
            model = lib.models.load_model(TMP / f"{name}.keras")
            compare(f"{name}.keras in {label}, {dtype}", computed(model), y)
    if torch:
        o, n = arrays["W_out"].shape
        kind = getattr(torch, dtype)
        rnn = torch.nn.RNN(x.shape[2], n, bias="b_rec" in arrays, batch_first=True, dtype=kind)
        readout = torch.nn.Linear(n, o, dtype=kind)
        state = safetensors.load_file(TMP / f"{name}.safetensors")
        failed(any(value.dtype != kind for value in state.values()), f"{name}.safetensors has other types than {dtype}")
        torch.nn.ModuleDict({"rnn": rnn, "readout": readout}).load_state_dict(state)
        compare(f"{name}.safetensors in PyTorch {torch.__version__}, {dtype}", torch_run(rnn, readout, x), y)

print("imported:")
for lib, label in kerases:
    for activation, bias, endings in [
        ("tanh", True, ["h5", "keras", "weights.h5"]),
        ("relu", False, ["h5", "keras"]),
        ("sigmoid", True, ["h5", "keras"]),
    ]:
        lib.utils.set_random_seed(1)
        x = inputs(2)
        recurrent = lib.layers.SimpleRNN(20, activation=activation, use_bias=bias, return_sequences=True)
        model = lib.Sequential([lib.Input((None, 2)), recurrent, lib.layers.Dense(3)])
        model.set_weights([w + 0.1 * rng.normal(size=w.shape) for w in model.get_weights()])
        y = model.predict(x, verbose=0)
        for ending in endings if lib is keras else [e for e in endings if e != "keras"]:
            file = TMP / f"made.{ending}"
            if ending == "weights.h5":
                model.save_weights(file)
            elif lib is keras:
                model.save(file)
            else:
                model.save(file, save_format="h5")
            attractor("import", file, TMP / "made.npz")
            compare(f"{activation} .{ending} of {label}", y, simulate(TMP / "made.npz", x))
if torch:
    for activation, bias, dtype in [("tanh", True, "float32"), ("relu", False, "float32"), ("tanh", True, "float64")]:
        torch.manual_seed(1)
        x = inputs(2)
        kind = getattr(torch, dtype)
        rnn = torch.nn.RNN(2, 20, nonlinearity=activation, bias=bias, batch_first=True, dtype=kind)
        readout = torch.nn.Linear(20, 3, dtype=kind)
        state = torch.nn.ModuleDict({"rnn": rnn, "fc": readout}).state_dict()
        y = torch_run(rnn, readout, x)
        np.savez(TMP / "torch.npz", **{key: value.numpy() for key, value in state.items()})
        safetensors.save_file(state, TMP / "torch.safetensors")
        for ending in ["npz", "safetensors"]:
            attractor("import", TMP / f"torch.{ending}", TMP / "made.npz", "--activation", activation)
            compare(f"{activation} {dtype} .{ending} of PyTorch {torch.__version__}", y, simulate(TMP / "made.npz", x))

print("all the same to float32 precision" if not failures else f"{failures} differ")
sys.exit(1 if failures else 0)
