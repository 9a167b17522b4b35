"""Writes keras-files.zip beside this script: files that Keras 2 wrote, and files that h5py wrote in the layout of Keras
where Keras doesn't write such a thing, and outputs.json, what Keras computes with the former.

    pip install tensorflow-cpu==2.15.1 && python make_keras_files.py      (Python 3.9 to 3.11)

Element i (in C order) of an array in a file is (i + 1) / d, and d = 64 for kernel, -128 for recurrent_kernel, 32 for bias
of the recurrent layer, 16 for kernel and -8 for bias of the dense layer; the tests repeat this.
"""

import json
import os
import sys
import tempfile
import zipfile

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import h5py
import numpy as np
import tensorflow as tf

HERE = os.path.dirname(os.path.abspath(__file__))
FOLDER = tempfile.TemporaryDirectory()
keras = tf.keras
layers = keras.layers


def path(name):
    return os.path.join(FOLDER.name, name)


def linear(divisor, *shape):
    return (np.arange(np.prod(shape, dtype=int)).reshape(shape) + 1) / divisor


def fill(layer):
    recurrent = len(layer.get_weights()) > 2 or not isinstance(layer, (layers.Dense, layers.TimeDistributed))
    divisors = [64, -128, 32] if recurrent else [16, -8]
    layer.set_weights([linear(d, *w.shape) for d, w in zip(divisors, layer.get_weights())])


def model(name, *stack, inputs=2, weights_only=False, functional=False):
    if functional:
        x = y = keras.Input((None, inputs), name="x")
        for layer in stack:
            y = layer(y)
        net = keras.Model(x, y, name="net")
    else:
        net = keras.Sequential(stack, name="net")
        net.build((None, None, inputs))
    for layer in stack:
        fill(layer)
    if weights_only:
        net.save_weights(path(name), save_format="h5")
    else:
        net.save(path(name), save_format="h5", include_optimizer=False)
    return net


def rnn(units=3, **options):
    return layers.SimpleRNN(units, return_sequences=True, name="rnn", **options)


def dense(units=2, **options):
    return layers.Dense(units, name="dense", **options)


# What Keras 2 writes and is read. x has 2 trials of 5 steps.
x = np.sin(np.arange(20.0)).reshape(2, 5, 2)
outputs = {"x": x.ravel().tolist(), "trials": 2, "steps": 5}
keras.backend.set_floatx("float64")
for activation in ["tanh", "relu", "sigmoid", "linear"]:
    net = model(f"{activation}.h5", rnn(activation=activation), dense())
    outputs[f"{activation}.h5"] = net.predict(x, verbose=0).ravel().tolist()
net = model("no-biases.h5", rnn(use_bias=False), dense(use_bias=False))
outputs["no-biases.h5"] = net.predict(x, verbose=0).ravel().tolist()
keras.backend.set_floatx("float32")
model("float32.h5", rnn(), dense())
model("functional.h5", rnn(), dense(), functional=True)
model("time-distributed.h5", rnn(), layers.TimeDistributed(dense(), name="dense"))
model("weights.h5", rnn(), dense(), weights_only=True)
with open(path("outputs.json"), "w") as f:
    json.dump(outputs, f, indent=1)
    f.write("\n")

# What Keras 2 writes and isn't read.
model("lstm.h5", layers.LSTM(3, return_sequences=True, name="rnn"), dense())
model("lstm-weights.h5", layers.LSTM(3, return_sequences=True, name="rnn"), dense(), weights_only=True)
model("gru-weights.h5", layers.GRU(3, return_sequences=True, reset_after=False, name="rnn"), dense(), weights_only=True)
model("two-rnns.h5", layers.SimpleRNN(3, return_sequences=True, name="first"), rnn(), dense())
model("no-dense.h5", rnn())
model("no-dense-weights.h5", rnn(), weights_only=True)
model("dense-tanh.h5", rnn(), dense(activation="tanh"))
model("elu.h5", rnn(activation="elu"), dense())
model("backwards.h5", rnn(go_backwards=True), dense())


# The layout of Keras 2.0, as in the files of the paper's authors, with what Keras would never write.
def keras20(name, change=lambda f: None, dtype="<f4", config=True, **options):
    with h5py.File(path(name), "w", libver=options.pop("libver", "latest"), **options) as f:
        if config:
            entries = [
                {"class_name": "SimpleRNN", "config": {"name": "rnn_1", "units": 3, "activation": "tanh", "use_bias": True}},
                {"class_name": "Dense", "config": {"name": "dense_1", "units": 2, "activation": "linear", "use_bias": True}},
            ]
            f.attrs["model_config"] = json.dumps({"class_name": "Sequential", "config": entries})
        g = f.create_group("model_weights")
        g.attrs["layer_names"] = np.array([b"rnn_1", b"dense_1"])
        g.attrs["backend"] = b"tensorflow"
        g.attrs["keras_version"] = b"2.0.6"
        shapes = {"rnn_1": [(2, 3), (3, 3), (3,)], "dense_1": [(3, 2), (2,)]}
        names = {"rnn_1": ["kernel", "recurrent_kernel", "bias"], "dense_1": ["kernel", "bias"]}
        divisors = {"rnn_1": [64, -128, 32], "dense_1": [16, -8]}
        for layer, parts in names.items():
            weights = [f"{layer}/{part}:0" for part in parts]
            g.create_group(layer).attrs["weight_names"] = np.array([w.encode() for w in weights])
            for weight, shape, divisor in zip(weights, shapes[layer], divisors[layer]):
                g[layer].create_dataset(weight, data=linear(divisor, *shape).astype(dtype))
        change(f)


def replace(where, data, **options):
    def change(f):
        del f[where]
        f.create_dataset(where, data=data, **options)

    return change


def remove(where):
    def change(f):
        del f[where]

    return change


def edit(old, new):
    def change(f):
        text = f.attrs["model_config"]
        assert old in text
        f.attrs["model_config"] = text.replace(old, new, 1)

    return change


R = "model_weights/rnn_1/rnn_1/"
D = "model_weights/dense_1/dense_1/"
keras20("keras-2.0.h5", libver="earliest")
keras20("latest.h5")
keras20("big-endian.h5", dtype=">f8")
keras20("user-block.h5", userblock_size=512)
keras20(
    "compressed.h5",
    replace(R + "recurrent_kernel:0", linear(-128, 3, 3), compression="gzip", shuffle=True, chunks=(2, 2)),
    libver="earliest",
)
keras20("too-new.h5", replace(D + "bias:0", np.zeros(2), compression="gzip"))
keras20("nan.h5", replace(R + "recurrent_kernel:0", np.where(np.eye(3) > 0, np.nan, 0.5)))
keras20("infinite.h5", replace(D + "bias:0", np.array([1.0, -np.inf])))
keras20("integers.h5", replace(R + "kernel:0", np.arange(6).reshape(2, 3)))
keras20("recurrent-not-square.h5", replace(R + "recurrent_kernel:0", np.zeros((4, 3))), config=False)
keras20("kernel-too-wide.h5", replace(R + "kernel:0", np.zeros((2, 4))))
keras20("kernel-flat.h5", replace(R + "kernel:0", np.zeros(6)))
keras20("no-inputs.h5", replace(R + "kernel:0", np.zeros((0, 3))))
keras20("dense-too-tall.h5", replace(D + "kernel:0", np.zeros((4, 2))))
keras20("bias-too-long.h5", replace(R + "bias:0", np.zeros(4)))
keras20("other-units.h5", edit('"units": 3', '"units": 4'))
keras20("unused-bias.h5", edit('"use_bias": true', '"use_bias": false'))
keras20("activation-object.h5", edit('"tanh"', '{"class_name": "LeakyReLU"}'))
keras20("config-cut.h5", edit('"tanh"', '"tanh'))
keras20("no-weights.h5", remove("model_weights"))
keras20("no-layer.h5", remove("model_weights/dense_1"))
keras20("no-kernel.h5", remove(R + "kernel:0"))
keras20("no-layer-names.h5", lambda f: f["model_weights"].attrs.__delitem__("layer_names"))
keras20("no-weight-names.h5", lambda f: f["model_weights/rnn_1"].attrs.__delitem__("weight_names"))
keras20("no-layers.h5", lambda f: f["model_weights"].attrs.__setitem__("layer_names", np.array([])), config=False)

with zipfile.ZipFile(os.path.join(HERE, "keras-files.zip"), "w", zipfile.ZIP_DEFLATED, compresslevel=9) as z:
    for name in sorted(os.listdir(FOLDER.name)):
        with open(path(name), "rb") as f:
            z.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), f.read(), zipfile.ZIP_DEFLATED)
print("python", sys.version.split()[0], "tensorflow", tf.__version__, "h5py", h5py.__version__, "numpy", np.__version__)
