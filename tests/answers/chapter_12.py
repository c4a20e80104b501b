"""Answers to the exercises of chapter 12."""

import numpy as np


def place_by_counting(c, h, v, *, shape):
    return int(np.ravel_multi_index((c, h, v), shape))


def place_in_a_range(c, h, v, *, shape):
    return np.arange(np.prod(shape)).reshape(shape)[c, h, v]


RIGHT = {"flatten-place": [place_by_counting, place_in_a_range]}

WRONG = {
    "flatten-place": {
        "a float": lambda c, h, v, *, shape: np.float64(c * shape[1] * shape[2] + h * shape[2] + v),
        "counted from 1": lambda c, h, v, *, shape: (c * shape[1] + h) * shape[2] + v + 1,
    }
}
