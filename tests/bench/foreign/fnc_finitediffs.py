"fncbook/fnc, chapter5/finitediffs.md: bindings written from the text alone. An approximation gets a small h and a tolerance."

import numpy as np

from mlbook.eqval import beyond

H = 1e-3
CLOSE = {"tolerance": 1e-2}
NEAR = {"f": np.exp, "h": H, "x": 0.4}


def interpolant(x, h):
    "The parabola through three values of the exponential function, by NumPy."
    return np.polyval(np.polyfit([-h, 0.0, h], np.exp([-h, 0.0, h]), 2), x)


SKIPPED = {}
BOUND = {
    1: (NEAR | {"p": 1, "q": 1, "a": {-1: -0.5, 0: 0.0, 1: 0.5}}, CLOSE),
    2: (NEAR, CLOSE),
    3: (NEAR, CLOSE),
    4: ({"f": lambda x: x**2}, {}),
    5: ({"f": lambda x: x**2}, {"tolerance": 1.0}),
    6: ({"f": lambda x: x**2}, {"tolerance": 1.0}),
    7: ({"f": np.exp, "h": 0.3, "x": 0.4, "Q": lambda x: interpolant(x, 0.3)}, {}),
    8: ({"f": np.exp, "h": H, "Q": lambda x: (x * (x - H) * np.exp(-H) / 2 - (x**2 - H**2) + x * (x + H) * np.exp(H) / 2) / H**2}, CLOSE),
    9: (NEAR, CLOSE),
    10: (NEAR, CLOSE),
    11: (NEAR, CLOSE),
    12: (NEAR, CLOSE),
    13: (NEAR, CLOSE),
    14: (NEAR, CLOSE),
    15: ({"f": np.exp, "m": 1, "r": 2, "t": H * np.array([0.0, 1.0, 2.0]), "c": np.array([[0, -1.5], [0, 2.0], [0, -0.5]]) / H}, CLOSE),
}
# Bindings that were changed after the first run: bindings, options, what was changed.
CHANGED = {
    1: (NEAR | {"p": 1, "q": 1, "a": beyond(np.array([-0.5, 0.0, 0.5]), outside=0.0, first=-1)}, CLOSE, "the weights are an array that begins at -1"),
}
