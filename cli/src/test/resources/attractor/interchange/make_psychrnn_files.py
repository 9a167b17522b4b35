"""Writes psychrnn-files.zip beside this script: networks that PsychRNN trained a little and saved, the inputs of some
trials, and the states and outputs that PsychRNN computes for them (NAME.npz, NAME-x.npy, NAME-h.npy, NAME-y.npy).

    pip install psychrnn "tensorflow==2.15.*" && python make_psychrnn_files.py

Written with PsychRNN 1.0.0 and TensorFlow 2.15.1.
"""

import os
import tempfile
import zipfile

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import numpy as np
import tensorflow as tf
from psychrnn.backend.models.basic import Basic, BasicScan
from psychrnn.tasks.perceptual_discrimination import PerceptualDiscrimination

HERE = os.path.dirname(os.path.abspath(__file__))
N = 6
CONNECTIVITY = np.ones((N, N))
CONNECTIVITY[3, 5] = CONNECTIVITY[4, :2] = 0

NETWORKS = {
    "plain": (Basic, {}),
    "dale": (Basic, dict(dale_ratio=0.7, autapses=False, rec_connectivity=CONNECTIVITY)),
    "tanh": (BasicScan, dict(transfer_function=tf.nn.tanh, init_state_train=False)),
    "tanh-dale": (Basic, dict(transfer_function=tf.nn.tanh, dale_ratio=0.7)),
}

np.random.seed(0)
tf.compat.v1.set_random_seed(0)
with tempfile.TemporaryDirectory() as folder:
    for name, (model, options) in NETWORKS.items():
        task = PerceptualDiscrimination(dt=10, tau=100, T=300, N_batch=3)
        network = model({**task.get_task_params(), "name": name, "N_rec": N, "rec_noise": 0.0, **options})
        network.train(task, {"training_iters": 300, "verbosity": False})
        x = task.get_trial_batch()[0]
        y, h = network.test(x)
        network.save(os.path.join(folder, name + ".npz"))
        for key, array in (("x", x), ("h", h), ("y", y)):
            np.save(os.path.join(folder, f"{name}-{key}.npy"), np.asarray(array, dtype=np.float64))
        network.destruct()
    with zipfile.ZipFile(os.path.join(HERE, "psychrnn-files.zip"), "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(os.listdir(folder)):
            with open(os.path.join(folder, file), "rb") as content:
                archive.writestr(zipfile.ZipInfo(file, (2026, 1, 1, 0, 0, 0)), content.read(), zipfile.ZIP_DEFLATED)
