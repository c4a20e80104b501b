"d2l-ai/d2l-en, chapter_appendix-mathematics-for-deep-learning/information-theory.md: bindings written from the text alone."

import numpy as np

from mlbook.eqval import given, outcomes

JOINT = np.array([[0.1, 0.25, 0.05], [0.2, 0.12, 0.28]])
P_X, P_Y = JOINT.sum(1), JOINT.sum(0)
P, Q = np.array([0.2, 0.5, 0.3]), np.array([0.4, 0.25, 0.35])
LOG = {r"\log": np.log2}


def entropy(p):
    "The entropy of an array of probabilities, in bits."
    return -np.sum(p * np.log2(p))


def kl(p, q):
    "The divergence of two arrays of probabilities."
    return np.sum(p * np.log2(p / q))


ONE = LOG | {"X": 0, "P": P, "p": lambda x: P[np.asarray(x, int)], "x": outcomes(np.arange(3), P)}
H = {(0,): entropy(P_X), (1,): entropy(P_Y), (0, 1): entropy(JOINT), (1, 0): entropy(JOINT)}


def measured(one, other=None):
    "The entropies of X, of Y, and of both."
    return H[(int(one),) if other is None else (int(one), int(other))]


PLACES = [(x, y) for x in range(2) for y in range(3)]
TWO = LOG | {"X": 0, "Y": 1, "H": measured, "p_{X, Y}": lambda x, y: JOINT[int(x), int(y)], "p_X": lambda x: P_X[int(x)],
             "p_Y": lambda y: P_Y[int(y)]}
SUMS = TWO | {"x": range(2), "y": range(3)}
DRAWN = TWO | {"x": outcomes([x for x, _ in PLACES], JOINT.ravel()), "y": outcomes([y for _, y in PLACES], JOINT.ravel())}
GIVEN = {"H": lambda one, other: entropy(JOINT) - (entropy(P_X) if other == 0 else entropy(P_Y))}
CONDITIONAL = {"p": lambda y, x: JOINT[int(x), int(y)] / P_X[int(x)]}
INFORMATION = entropy(P_X) + entropy(P_Y) - entropy(JOINT)
KL = LOG | {"P": 0, "Q": 1, "p": lambda x: P[np.asarray(x, int)], "q": lambda x: Q[np.asarray(x, int)], "x": outcomes(np.arange(3), P),
            r"D_{\mathrm{KL}}": lambda one, other: kl(*((P, Q) if one == 0 else (Q, P)))}
BINARY = {"y": np.array([1, 0, 1, 1]), r"\pi": np.array([0.8, 0.3, 0.6, 0.9]), "n": 4, r"\theta": 0.5}
LIKELIHOOD = np.prod([0.8, 0.7, 0.6, 0.9])
ONE_HOT = np.array([[0, 1, 0], [1, 0, 0], [0, 0, 1], [0, 1, 0]])
SHARES = np.array([0.3, 0.45, 0.25])

SKIPPED = {2: "words and a unit", 5: "for any density", 8: "a bound with a condition in words", 11: "for any density", 15: "for any density",
           19: "for invertible functions only", 27: "one-hot encoding by a set J", 28: "one letter for several densities", 29: "one letter for several densities",
           30: "names a distribution"}
BOUND = {
    1: ({"p": 0.2, "X": 3, "I": lambda X: -np.log2(0.2)}, {}),
    3: (ONE | {"H": lambda X: entropy(P)}, {}),
    4: (LOG | {"X": 0, "H": lambda X: entropy(P), "p": P, "P": lambda X: P}, {}),
    6: (LOG | {"S": 0, "H": lambda S: entropy(P), "p": P, "I": lambda s: -np.log2(P[int(s)]), "s": np.arange(3)}, {}),
    7: (KL | {"X": 0, "H": lambda X: entropy(P)}, {}),
    9: (DRAWN, {}),
    10: (SUMS, {}),
    12: (TWO, {}),
    13: (DRAWN | GIVEN | CONDITIONAL, {}),
    14: (SUMS | {r"H(Y \mid X)": entropy(JOINT) - entropy(P_X), "p": lambda x, y: JOINT[int(x), int(y)], r"p(y \mid x)": CONDITIONAL["p"]}, {}),
    16: (TWO | {r"H(Y \mid X)": entropy(JOINT) - entropy(P_X)}, {}),
    17: (TWO | {"I": lambda X, Y: INFORMATION, r"H(Y \mid X)": entropy(JOINT) - entropy(P_X), r"H(X \mid Y)": entropy(JOINT) - entropy(P_Y)}, {}),
    18: (TWO | {"I": lambda X, Y: INFORMATION, "x": outcomes([x for x, _ in PLACES], np.outer(P_X, P_Y).ravel()),
                "y": outcomes([y for _, y in PLACES], np.outer(P_X, P_Y).ravel())}, {}),
    20: (TWO | {"x": 1, "y": 2, r"\mathrm{pmi}": lambda x, y: np.log2(JOINT[int(x), int(y)] / (P_X[int(x)] * P_Y[int(y)]))}, {}),
    21: (KL, {}),
    22: (KL, {}),
    23: (KL, {}),
    24: (BINARY | {"L": given(lambda theta: LIKELIHOOD + 0 * theta, r"\theta"), "l": given(lambda theta: np.log(LIKELIHOOD) + 0 * theta, r"\theta")},
         {"first": 1}),
    25: (KL | {r"\mathrm{CE}": lambda one, other: -np.sum(P * np.log2(Q))}, {}),
    26: (KL | {r"\mathrm{CE}": lambda one, other: -np.sum(P * np.log2(Q)), "H": lambda P: entropy(np.array([0.2, 0.5, 0.3]))}, {}),
    31: ({"p": SHARES, "z": np.array([0, 1, 0]), "k": 3}, {"first": 1}),
    32: ({"y": ONE_HOT, r"\pi": SHARES, "n": 4, "k": 3, r"\theta": 0.5, "l": lambda theta: np.log(SHARES[[1, 0, 2, 1]]).sum(),
          "L": lambda theta: np.prod(SHARES[[1, 0, 2, 1]])}, {"first": 1}),
}
# Bindings that were changed after the first run: bindings, options, what was changed.
CHANGED = {
    4: (LOG | {"X": np.arange(3), "H": lambda X: entropy(P), "p": P, "P": lambda X: P[np.asarray(X, int)]}, {}, "X is the array of its values"),
}
