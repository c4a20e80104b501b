"TUDelft-PRIME-Books/Linear-Algebra, Chapter7/LeastSquares.md: bindings written from the text alone."

import numpy as np

RNG = np.random.default_rng(0)
FIRST = {"first": 1}
X, Y = RNG.normal(size=5), RNG.normal(size=5)
LINE = {"x": X, "y": lambda a, x, b: a * x + b, "a": 0.7, "b": -1.2, "n": 5}
A, P = RNG.normal(size=(5, 3)), RNG.normal(size=3)
B = RNG.normal(size=5)
BEST = np.linalg.lstsq(A, B, rcond=None)[0]
SYSTEM = {"A": A, r"\mathbf{a}": A.T, r"\mathbf{x}": P, "x": P, "n": 3}
LEAST = {"A": A, r"\mathbf{a}": A.T, r"\mathbf{b}": B, r"\hat{\mathbf{x}}": BEST, r"\hat{x}": BEST, "n": 3}
NORMAL = {"A": A, r"\mathbf{a}": A.T, r"\mathbf{b}": B, "c": BEST, r"\mathbf{c}": BEST, "n": 3}
DATA = np.array([[1.0, 2, 1], [2, 1, 1], [3, 2, 1], [2, 1, 3]])
SOLVED = np.array([[1.0, 2, 1], [2, 1, 1], [3, 2, 4], [2, 1, 3]])
RIGHT = np.array([20.0, 20, 40, 30])
SOLUTION = np.linalg.lstsq(SOLVED, RIGHT, rcond=None)[0]
ORTHOGONAL = {"A": np.array([[1.0, 1], [2, -2], [3, 1]]), r"\mathbf{b}": np.array([9.0, 7, 11]), r"\hat{\mathbf{x}}": np.array([4.0, 1])}
BASIS = np.linalg.qr(RNG.normal(size=(5, 3)))[0].T * np.array([[2.0], [0.5], [1.5]])


def projection(w):
    "Onto the space of the basis, by least squares."
    return BASIS.T @ np.linalg.lstsq(BASIS.T, w, rcond=None)[0]


SKIPPED = {3: "not read", 7: "no statement", 9: "no statement", 16: "no statement", 17: "no statement", 18: "no statement", 20: "not read", 24: "not read",
           26: "no statement", 29: "no statement", 10: "data"}
BOUND = {
    1: ({"x": X, "y": Y, "a": 0.7, "b": -1.2, "n": 5, "S": lambda x, y, a, b: np.abs(y - a - b * x).sum()}, FIRST),
    2: ({"x": X, "a": 0.7, "b": -1.2, "y": np.polyval([0.7, -1.2], X)}, FIRST),
    4: (LINE, FIRST),
    5: ({"A": A, r"\mathbf{x}": P, r"\mathbf{b}": np.einsum("ij,j->i", A, P)}, {}),
    6: (SYSTEM | {r"\mathbf{b}": A @ P}, FIRST),
    8: (LEAST | {r"\mathbf{x}": P}, {}),
    11: ({r"\mathbf{v}": np.array([-2.0, -1, 3, -1])}, {}),
    12: ({r"\mathbf{v}": np.array([-2.0, -1, 3, -1])}, {}),
    13: (LEAST, FIRST),
    14: ({"A": A, r"\hat{\mathbf{x}}": P, r"\mathbf{b}": A @ P, r"\mathbf{0}": np.zeros(5)}, {}),
    15: (LINE, FIRST),
    19: ({r"\operatorname{proj}_V": projection, r"\mathbf{w}": B, r"\mathbf{v}": BASIS, "k": 3}, FIRST),
    21: ({r"\mathbf{b}": np.array([9.0, 7, 11]), r"\mathbf{a}": np.array([[1.0, 2, 3], [1, -2, 1]])}, FIRST),
    22: (ORTHOGONAL, {}),
    23: ({"A": A, r"\mathbf{x}": BEST, r"\mathbf{b}": B}, {}),
    25: ({"A": SOLVED, r"\mathbf{b}": RIGHT}, {}),
    27: ({r"\hat{\mathbf{x}}": SOLUTION}, {}),
    28: ({"A": SOLVED, r"\mathbf{b}": RIGHT, r"\hat{\mathbf{x}}": SOLUTION, r"\mathbf{v}": SOLVED @ SOLUTION - RIGHT}, {}),
    30: (NORMAL, FIRST),
    31: (NORMAL, FIRST),
    32: (NORMAL, FIRST),
    33: (NORMAL, FIRST),
    34: (NORMAL, FIRST),
    35: (NORMAL, {}),
    36: ({"A": A, r"\mathbf{x}": BEST, r"\mathbf{b}": B}, {}),
    37: (NORMAL | {r"\text{proj}_{\text{Col} A}": lambda w: A @ np.linalg.lstsq(A, w, rcond=None)[0]}, FIRST),
}
# Bindings that were changed after the first run: bindings, options, what was changed.
A6 = RNG.normal(size=(8, 6))
B8 = RNG.normal(size=8)
BEST6 = np.linalg.lstsq(A6, B8, rcond=None)[0]
WIDE = {"A": A6, r"\mathbf{a}": A6.T, r"\mathbf{b}": B8, r"\hat{\mathbf{x}}": BEST6, r"\hat{x}": BEST6, "n": 6}
WIDER = {"A": A6, r"\mathbf{a}": A6.T, r"\mathbf{b}": B8, "c": BEST6, r"\mathbf{c}": BEST6, "n": 6}
MANY = "more columns, so that the dots stand for two terms"
CHANGED = {
    13: (WIDE, FIRST, MANY),
    14: ({"A": A, r"\hat{\mathbf{x}}": P, r"\mathbf{b}": A @ P}, {}, "nothing is bound to the bold zero"),
    30: (WIDER, FIRST, MANY),
    31: (WIDER, FIRST, MANY),
    32: (WIDER, FIRST, MANY),
    33: (WIDER, FIRST, MANY),
    34: (WIDER, FIRST, MANY),
    37: (WIDER | {r"\text{proj}_{\text{Col} A}": lambda w: A6 @ np.linalg.lstsq(A6, w, rcond=None)[0]}, FIRST, MANY),
}
