"""Adds to graphs.zip beside this script the configurations of models of Keras, as JSON: whatever else a SimpleRNN and a Dense
layer can be, and what is read. Run once with each version: the names begin with keras2- or keras3-.

    pip install tensorflow-cpu==2.15.1 && python make_graphs.py      (Python 3.9 to 3.11)
    pip install tensorflow-cpu keras   && python make_graphs.py
"""

import os
import zipfile

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

try:
    import keras
except ImportError:
    from tensorflow import keras

HERE = os.path.dirname(os.path.abspath(__file__))
VERSION = "keras" + keras.__version__[0]
layers = keras.layers
GRAPHS = {}


def add(name, model):
    GRAPHS[f"{VERSION}-{name}.json"] = model.to_json()


def rnn(units=3, name="rnn", return_sequences=True, **options):
    return layers.SimpleRNN(units, return_sequences=return_sequences, name=name, **options)


def dense(units=2, name="dense", **options):
    return layers.Dense(units, name=name, **options)


def sequential(name, *stack):
    add(name, keras.Sequential([keras.Input((None, 2), name="x"), *stack]))


def functional(name, build, *more):
    x = keras.Input((None, 2), name="x")
    inputs = [x, *more]
    add(name, keras.Model(inputs if more else x, build(*inputs)))


# What is read.
sequential("read-sequential", rnn(), dense())
sequential("read-time-distributed", rnn(), layers.TimeDistributed(dense(name="inner"), name="dense"))
sequential("read-dropout-option", rnn(dropout=0.5, recurrent_dropout=0.5), dense())
sequential("read-unrolled", rnn(unroll=False), dense())
functional("read-functional", lambda x: dense()(rnn()(x)))
functional("read-return-state", lambda x: dense()(rnn(return_state=True)(x)[0]))
functional("read-training-false", lambda x: dense()(rnn()(x, training=False)))

# What is read with a note.
sequential("note-last-step", rnn(return_sequences=False), dense())
x = keras.Input(batch_shape=(1, None, 2), name="x")
add("note-stateful", keras.Model(x, dense()(rnn(stateful=True)(x))))

# What is refused.
state = keras.Input((3,), name="state")
functional("initial-state", lambda x, s: dense()(rnn()(x, initial_state=s)), state)
functional("initial-state-from-dense", lambda x: layers.Dense(2, name="dense")(rnn()(x, initial_state=dense(3, "first")(x[:, 0]))))
functional("dense-beside", lambda x: [rnn()(x), dense()(x)])
functional("dense-only-out", lambda x: dense()(x))
functional("encoder", lambda x: rnn()(x))
functional("both-out", lambda x: (lambda h: [h, dense()(h)])(rnn()(x)))
functional("state-out", lambda x: dense()(rnn(return_state=True)(x)[1]))
functional("dense-before", lambda x: rnn()(dense()(x)))
functional("two-inputs", lambda x, s: dense()(layers.Concatenate(name="join")([rnn()(x), s])), keras.Input((None, 3), name="s"))
functional("unused-input", lambda x, s: dense()(rnn()(x)), keras.Input((3,), name="s"))


def twice(x):
    shared = rnn(2)
    return dense()(shared(shared(x)))


def dense_twice(x):
    shared = dense(2)
    return shared(shared(rnn(2)(x)))


functional("rnn-twice", twice)
functional("dense-twice", dense_twice)
sequential("backwards", rnn(go_backwards=True), dense())
sequential("dense-sigmoid", rnn(), dense(activation="sigmoid"))
sequential("elu", rnn(activation="elu"), dense())
sequential("stacked", rnn(name="a"), rnn(name="b"), dense())
sequential("two-dense", rnn(), dense(name="a"), dense(name="b"))
sequential("masking", layers.Masking(), rnn(), dense())
sequential("dropout", rnn(), layers.Dropout(0.1), dense())
sequential("batch-norm", rnn(), layers.BatchNormalization(), dense())
sequential("gru", layers.GRU(3, return_sequences=True), dense())
sequential("lstm", layers.LSTM(3, return_sequences=True), dense())
sequential("cell", layers.RNN(layers.SimpleRNNCell(3), return_sequences=True), dense())
sequential("bidirectional", layers.Bidirectional(rnn()), dense())
sequential("nested", keras.Sequential([keras.Input((None, 2)), rnn(), dense()], name="inner"))
functional("training-true", lambda x: dense()(rnn(dropout=0.5)(x, training=True)))
sequential("no-layers")

path = os.path.join(HERE, "graphs.zip")
if os.path.exists(path):
    with zipfile.ZipFile(path) as z:
        for name in z.namelist():
            if not name.startswith(VERSION):
                GRAPHS[name] = z.read(name).decode()
with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as z:
    for name in sorted(GRAPHS):
        info = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
        info.compress_type = zipfile.ZIP_DEFLATED
        z.writestr(info, GRAPHS[name])
print(len(GRAPHS), "graphs")
