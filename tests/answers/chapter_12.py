"""Answers to the exercises of chapter 12."""

import numpy as np
from mlbook import flatten


def place_by_counting(c, h, v, *, shape):
    return int(np.ravel_multi_index((c, h, v), shape))


def place_in_a_range(c, h, v, *, shape):
    return np.arange(np.prod(shape)).reshape(shape)[c, h, v]


def coordinates_by_search(place, *, shape):
    return np.argwhere(np.arange(np.prod(shape)).reshape(shape) == place)[0].tolist()


def flat_in_a_loop(x):
    return np.array([sample.ravel() for sample in x])


def weights_row_by_row(w, *, shape):
    C, H, W = shape
    found = np.empty_like(w)
    for c, h, v in np.ndindex(shape):
        found[place_by_counting(c, h, v, shape=shape)] = w[place_by_counting(h, v, c, shape=(H, W, C))]
    return found


def weights_by_a_permutation(w, *, shape):
    C, H, W = shape
    return w[np.arange(len(w)).reshape(H, W, C).transpose(2, 0, 1).ravel()]


def transposing_in_loops(H, W):
    matrix = np.zeros((W * H, H * W))
    for h in range(H):
        for v in range(W):
            matrix[v * H + h, h * W + v] = 1
    return matrix


def transposing_basis_images(H, W):
    return np.eye(H * W).reshape(H * W, H, W).transpose(0, 2, 1).reshape(H * W, -1).T


RIGHT = {
    "flatten-place": [place_by_counting, place_in_a_range],
    "flatten-inverse": [
        lambda place, *, shape: np.unravel_index(place, shape),
        coordinates_by_search,
    ],
    "flatten-samples": [flat_in_a_loop, flatten],
    "flatten-weights": [weights_row_by_row, weights_by_a_permutation],
    "flatten-transpose": [transposing_in_loops, transposing_basis_images],
}

WRONG = {
    "flatten-place": {
        "a float": lambda c, h, v, *, shape: np.float64(c * shape[1] * shape[2] + h * shape[2] + v),
        "counted from 1": lambda c, h, v, *, shape: (c * shape[1] + h) * shape[2] + v + 1,
    },
    "flatten-inverse": {
        "floats": lambda place, *, shape: tuple(map(float, np.unravel_index(place, shape))),
        "no channel": lambda place, *, shape: divmod(place, shape[2]),
    },
    "flatten-samples": {"a list of rows without a last axis": lambda x: x.reshape(len(x), -1, 1)},
    "flatten-weights": {"the transpose": lambda w, *, shape: weights_by_a_permutation(w, shape=shape).T},
    "flatten-transpose": {"reversed": lambda H, W: np.eye(H * W)[::-1], "of integers": lambda H, W: transposing_in_loops(H, W).astype(int)},
}
