"tengyuma/cs229m_notes, 08-01-algorithmic.tex: bindings written from the text alone."

import numpy as np

from mlbook.eqval import each, given, outcomes

RNG = np.random.default_rng(0)
N, D = 3, 5
X = RNG.normal(size=(N, D))
Y = RNG.normal(size=N)
PINV = np.linalg.pinv(X)
NULL = RNG.normal(size=D)
NULL -= PINV @ X @ NULL  # orthogonal to the rows
ANY = RNG.normal(size=D)
AT = {"first": 1}
BETA, STAR, THETA, VV, WW = (RNG.normal(size=D) for _ in range(5))
CUBE = np.array(np.meshgrid(*[[-1, 1]] * D)).reshape(D, -1).T * 1.0  # mean 0 and covariance I, as N(0, I)
TALL = RNG.normal(size=(40, D))
GRAM = TALL.T @ TALL / 40
DELTA = np.abs(np.linalg.eigvalsh(GRAM) - 1).max()
RIP = {"n": 40, "x": {i + 1: v for i, v in enumerate(TALL)}, r"\delta": DELTA, "v": VV, "w": WW}


def risk(b):
    return np.sum((STAR * STAR - np.asarray(b) ** 2) ** 2) / 4


ETA, ALPHA = 0.05, 0.1


def descent(start, target, steps=3):
    b = [np.asarray(start)]
    for _ in range(steps):
        b.append(b[-1] - ETA * (b[-1] ** 2 - target**2) * b[-1])
    return np.array(b)


PATH = descent(BETA, STAR)
ONES = descent([0.3, 0.42, 0.2], np.ones(3))  # coordinates in S, below 1/2
HIGH = descent([0.6, 0.83, 0.71], np.ones(3))
OUT = descent(np.full(3, ALPHA) * [1.0, 0.9, 0.8], np.zeros(3), 6)
SKIPPED = {4: "an objective", 5: "an order", 6: "an argmin with words", 7: "an argmin with words"}
GD = {"t": 1, r"\eta": ETA}
BOUND = {
    1: ({"X": X, r"\beta": PINV @ Y + ANY, r"X^\dagger": PINV, "y": Y, r"\zeta": ANY}, {}),
    2: ({"X": X, r"\beta": PINV @ Y + NULL, r"X^\dagger": PINV, "y": Y, r"\zeta": NULL}, {}),
    3: ({r"\widehat{L}": lambda b: np.mean((Y - X @ (np.asarray(b) ** 2)) ** 2) / 4, r"\beta": BETA, "n": N, "y": {i + 1: v for i, v in enumerate(Y)},
         "x": {i + 1: v for i, v in enumerate(X)}, r"f_\beta": lambda x: (BETA * BETA) @ x}, AT),
    8: ({"x": outcomes(CUBE), "v": VV}, {}),
    9: ({"L": risk, r"\beta": BETA, r"\beta^\star": STAR, "x": outcomes(CUBE), "y": outcomes(CUBE @ STAR**2)}, {}),
    10: (RIP, AT),
    11: (RIP, AT),
    12: (RIP, AT),
    13: (RIP, AT),
    14: ({"L": risk, r"\beta": BETA, r"\beta^\star": STAR}, {}),
    15: (GD | {r"\beta": PATH, r"\beta^\star": STAR}, {}),
    16: (GD | {r"\beta": ONES}, {}),
    17: (GD | {r"\beta": ONES}, {}),
    18: (GD | {r"\beta": HIGH}, {}),
    19: (GD | {r"\beta": OUT, r"\beta^\star": np.zeros(3)}, {}),
    20: ({"s": 1, r"\eta": ETA, r"\alpha": ALPHA, r"\beta": OUT}, {}),
    21: ({"t": 4, r"\eta": ETA, r"\alpha": ALPHA, r"\beta": OUT, r"\beta_0": ALPHA}, {}),
}
LAYERED = lambda path: {i: v for i, v in enumerate(path)}
CHANGED = {
    15: (GD | {r"\beta": LAYERED(PATH), r"\beta^\star": STAR}, {}, "steps as a dictionary"),
    16: (GD | {r"\beta": LAYERED(ONES)}, {}, "steps as a dictionary"),
    17: (GD | {r"\beta": LAYERED(ONES)}, {}, "steps as a dictionary"),
    18: (GD | {r"\beta": LAYERED(HIGH)}, {}, "steps as a dictionary"),
    21: ({"t": 4, r"\eta": ETA, r"\alpha": ALPHA, r"\beta": LAYERED(OUT), r"\beta_0": ALPHA}, {}, "steps as a dictionary"),
}
