"""Answers to the exercises of chapter 6."""

import numpy as np
from mlbook import dense, tanh, vjp


def input_by_pullbacks(x, w0, w1, delta):
    z, through_first = vjp(dense, x, w0, np.zeros(w0.shape[1]))
    a, through_tanh = vjp(tanh, z)
    _, through_second = vjp(dense, a, w1, np.zeros(w1.shape[1]))
    return through_first(through_tanh(through_second(delta)[0])[0])[0]


def input_in_indices(x, w0, w1, delta):
    return np.einsum("nk,hk,nh,dh->nd", delta, w1, 1 / np.cosh(x @ w0) ** 2, w0)


def delta_by_loops(delta_next, w_next, a):
    delta = np.zeros(a.shape)
    for n, j in np.ndindex(a.shape):
        delta[n, j] = np.dot(delta_next[n], w_next[j]) * a[n, j] * (1 - a[n, j])
    return delta


def delta_by_square(delta_next, w_next, a):
    return (w_next @ delta_next.T).T * (a - a**2)


RIGHT = {"backprop-input": [input_by_pullbacks, input_in_indices], "backprop-delta": [delta_by_loops, delta_by_square]}

WRONG = {
    "backprop-input": {
        "summed over the samples": lambda x, w0, w1, delta: input_in_indices(x, w0, w1, delta).sum(axis=0),
        "the negative": lambda x, w0, w1, delta: -input_in_indices(x, w0, w1, delta),
    },
    "backprop-delta": {
        "the slope times the weights": lambda delta_next, w_next, a: delta_next @ (w_next.T * (a * (1 - a)).mean(axis=0)),
        "a changed in place": lambda delta_next, w_next, a: np.multiply(a, delta_next @ w_next.T * (1 - a), out=a),
    },
}
