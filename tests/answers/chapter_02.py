"""Answers to the exercises of chapter 2."""

import numpy as np


RIGHT = {
    "softplus": [
        lambda z: np.logaddexp(z, z.dtype.type(0)),
        lambda z: np.where(z > 0, z + np.log1p(np.exp(-np.abs(z))), np.log1p(np.exp(-np.abs(z)))),
    ],
    "sigmoid-slope": [
        lambda z: np.exp(-np.abs(z)) / (1 + np.exp(-np.abs(z))) / (1 + np.exp(-np.abs(z))),
        lambda z: 1 / (2 + 2 * np.cosh(z)),
    ],
    "silu-pullback": [
        lambda z, g: g * (1 / (1 + np.exp(-z)) + z * np.exp(-z) / (1 + np.exp(-z)) ** 2),
        lambda z, g: g / (1 + np.exp(-z)) * (1 + z / (1 + np.exp(z))),
    ],
}

WRONG = {
    "softplus": {"the sigmoid": lambda z: 1 / (1 + np.exp(-z)), "relu": lambda z: np.maximum(z, 0)},
    "sigmoid-slope": {"the sigmoid": lambda z: 1 / (1 + np.exp(-z))},
    "silu-pullback": {"the value": lambda z, g: g * z / (1 + np.exp(-z))},
}
