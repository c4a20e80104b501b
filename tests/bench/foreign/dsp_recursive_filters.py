"spatialaudio/digital-signal-processing-lecture, recursive_filters/introduction.ipynb: bindings written from the text alone."

import numpy as np

from mlbook.eqval import each

RNG = np.random.default_rng(0)
A, B = np.array([1.3, -0.4, 0.25]), np.array([0.7, 0.5, -0.3])


def filtered(x):
    "The output of the filter, sample by sample."
    y = []
    for k in range(len(x)):
        past = sum(A[n] * y[k - n] for n in (1, 2) if k >= n)
        y.append((sum(B[m] * x[k - m] for m in range(3) if k >= m) - past) / A[0])
    return np.array(y)


X = RNG.normal(size=9)
IMPULSE = 1.0 * (np.arange(9) == 0)
SIGNALS = {"a": A, "b": B, "N": 2, "M": 2, "x": X, "y": filtered(X)}
Z = 0.8 + 0.9j


def transfer(z):
    "The transfer function."
    return sum(b * z**-m for m, b in enumerate(B)) / sum(a * z**-n for n, a in enumerate(A))


ZEROS, POLES = np.roots(B), np.roots(A)
SKIPPED = {}
BOUND = {
    1: (SIGNALS, {}),
    2: (SIGNALS, {}),
    3: (SIGNALS | {r"\delta": IMPULSE, "h": filtered(IMPULSE)}, {}),
    4: (SIGNALS | {"z": Z, "H": transfer, "Y": lambda z: transfer(z) * 1.7, "X": lambda z: 1.7}, {}),
    5: (SIGNALS | {"z": Z, "H": transfer, "P": 2, "Q": 2, "z_0": ZEROS, r"z_{\infty}": POLES, "m": np.ones(2), "n": np.ones(2)}, {"first": 1}),
    6: ({"z": Z, "H": transfer}, {}),
    7: ({r"z_{\infty}": POLES}, {}),
}
# Bindings that were changed after the first run: bindings, options, what was changed.
CHANGED = {
    1: (SIGNALS | {"k": each(2, 3, 5, 8)}, {}, "k is bound to numbers"),
    6: ({"z": Z, "z^*": Z.conjugate(), "H": transfer, "H^*": lambda z: transfer(z).conjugate()}, {}, "the conjugates have names of their own"),
}
