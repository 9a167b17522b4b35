"""TensorFlow's and Keras's side of the comparison: tensorflow_worker.py PROBLEM float32|float64 THREADS FORM"""

import os
import sys

os.environ['TF_CPP_MIN_LOG_LEVEL'] = '3'
os.environ['KERAS_BACKEND'] = 'tensorflow'
os.environ['CUDA_VISIBLE_DEVICES'] = '-1'

import keras
import numpy as np
import tensorflow as tf
from worker import read_problem, serve


def main():
    path, precision, threads, form = sys.argv[1:]
    tf.config.threading.set_intra_op_parallelism_threads(int(threads))
    tf.config.threading.set_inter_op_parallelism_threads(1)
    keras.backend.set_floatx(precision)
    p = read_problem(path, precision)
    model = keras.Sequential([
        keras.Input((p.steps, p.inputs), batch_size=p.batch),
        keras.layers.SimpleRNN(p.units, use_bias=False, return_sequences=True, unroll=False),
        keras.layers.Dense(p.outputs)])
    # Keras has the transposes.
    model.set_weights([p.w_in[0].T, p.w_rec[0].T, p.w_out[0].T, p.b_out[0]])
    # Keras takes a float of Python for float32, also where all else is float64.
    adam = keras.optimizers.Adam(*(np.dtype(precision).type(value) for value in (p.lr, p.beta1, p.beta2, p.epsilon)))
    xla = form.endswith('XLA')
    if form.startswith('train_on_batch'):
        # Without a word Keras takes XLA where it can.
        model.compile(optimizer=adam, loss='mse', jit_compile=xla)

        def step(k, _):
            indices = p.batches[k % len(p.batches)]
            model.reset_metrics()  # else the loss is a mean over all steps
            return model.train_on_batch(p.x[indices], p.y[indices])
    else:
        adam.build(model.trainable_variables)
        x, y = tf.constant(p.x), tf.constant(p.y)
        batches = [tf.constant(indices, tf.int32) for indices in p.batches]

        @tf.function(jit_compile=xla)
        def train(all_x, all_y, indices):
            with tf.GradientTape() as tape:
                outputs = model(tf.gather(all_x, indices), training=True)
                loss = tf.reduce_mean(tf.square(outputs - tf.gather(all_y, indices)))
            variables = model.trainable_variables
            adam.apply(tape.gradient(loss, variables), variables)
            return loss

        def step(k, _):
            return train(x, y, batches[k % len(batches)]).numpy()

    serve(f'TensorFlow {tf.__version__}, Keras {keras.__version__}, oneDNN as it comes (Eigen for float64)', step)


if __name__ == '__main__':
    main()
