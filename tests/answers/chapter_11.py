"""Answers to the exercises of chapter 11."""

import numpy as np


def pooled_by_loops(x, size):
    H, W = x.shape[0] // size, x.shape[1] // size
    y = np.empty((H, W), x.dtype)
    for i, j in np.ndindex(H, W):
        y[i, j] = np.max(x[i * size : (i + 1) * size, j * size : (j + 1) * size])
    return y


def pooled_by_steps(x, size):
    return np.lib.stride_tricks.sliding_window_view(x, (size, size))[::size, ::size].max(axis=(2, 3))


def routed_by_a_loop(shape, rows, columns, g):
    dx = np.zeros(shape)
    for h, v, number in zip(rows, columns, g, strict=True):
        dx[h, v] += number
    return dx


def routed_by_counting(shape, rows, columns, g):
    places = np.ravel_multi_index((rows, columns), shape)
    return np.bincount(places, g, np.prod(shape)).reshape(shape)


RIGHT = {
    "pooling-max": [pooled_by_loops, pooled_by_steps],
    "pooling-routed": [routed_by_a_loop, routed_by_counting],
}

WRONG = {
    "pooling-max": {
        "the smallest": lambda x, size: -pooled_by_loops(-x, size),
        "every size-th entry": lambda x, size: x[::size, ::size],
    },
    "pooling-routed": {
        "NumPy's +=": lambda shape, rows, columns, g: np.put(dx := np.zeros(shape), np.ravel_multi_index((rows, columns), shape), g)
        or dx,
        "a row": lambda shape, rows, columns, g: routed_by_counting(shape, rows, columns, g).ravel(),
    },
}
