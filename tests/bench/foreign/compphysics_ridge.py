"CompPhysics/MachineLearning, doc/LectureNotes/chapter2.ipynb: bindings written from the text alone."

import numpy as np

RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(5, 3)), RNG.normal(size=5)
BETA, *_ = np.linalg.lstsq(X, Y)
U, VALUES, VT = np.linalg.svd(X)
S = np.zeros((5, 3))
S[:3, :3] = np.diag(VALUES)
DATA = {r"\boldsymbol{X}": X, r"\boldsymbol{y}": Y, r"\hat{\boldsymbol{\beta}}": BETA, r"\tilde{\boldsymbol{y}}": X @ BETA, r"\boldsymbol{I}": np.eye(5)}
HAT = X @ np.linalg.pinv(X)
SVD = DATA | {r"\boldsymbol{U}": U, r"\boldsymbol{\Sigma}": S, r"\boldsymbol{V}": VT.T, r"\tilde{\boldsymbol{\Sigma}}": np.diag(VALUES),
              r"\tilde{y}_{\mathrm{OLS}}": X @ BETA, "p": 3, r"\boldsymbol{u}": U.T, "n": 5}
TURN = np.linalg.qr(RNG.normal(size=(4, 4)))[0]
EXAMPLE = np.array([[2.0, 0], [0, 1], [0, 0]])
INVERSE = np.zeros((3, 5))
INVERSE[:3, :3] = np.diag(1 / VALUES)
ONE, SINGULAR, TURNED = np.linalg.svd(np.array([[1.0, -1], [1, -1]]))

SKIPPED = {7: "not right as printed: a parenthesis too many", 9: "data", 10: "data", 12: "a replacement", 13: "a list", 16: "data", 23: "data", 25: "data"}
BOUND = {
    1: (DATA | {r"\hat{\boldsymbol{\beta}}_{\mathrm{OLS}}": BETA}, {}),
    2: (DATA, {}),
    3: (DATA | {r"\boldsymbol{A}": HAT}, {}),
    4: (DATA | {r"\boldsymbol{A}": HAT}, {}),
    5: (DATA | {r"\boldsymbol{\epsilon}": Y - X @ BETA}, {}),
    6: ({r"\boldsymbol{X}": TURN, r"\boldsymbol{I}": np.eye(4)}, {}),
    8: ({r"\boldsymbol{\epsilon}": np.zeros(4), r"\boldsymbol{y}": Y[:4], r"\tilde{\boldsymbol{y}}": Y[:4]}, {}),
    11: (DATA | {r"\boldsymbol{\beta}": BETA}, {}),
    14: ({r"\boldsymbol{\Sigma}": np.diag([1.0, 2.0, 5.0]), r"\lambda": np.array([1.0, 2.0, 5.0]), "n": 3, r"\mathrm{Diag}": lambda *values: np.diag(values)},
         {"first": 1}),
    15: (SVD, {}),
    17: (SVD, {}),
    18: ({r"\boldsymbol{X}": np.array([[1.0, -1], [1, -1]]), r"\boldsymbol{U}": ONE, r"\boldsymbol{\Sigma}": np.diag(SINGULAR), r"\boldsymbol{V}": TURNED.T}, {}),
    19: (SVD | {r"\boldsymbol{A}_{\mathrm{PI}}": np.linalg.pinv(X), r"\boldsymbol{D}_{\mathrm{PI}}": INVERSE}, {}),
    20: ({r"\boldsymbol{X}": X, "x": X, "n": 5, "p": 3}, {}),
    21: (SVD, {}),
    22: ({r"\sigma": np.array([4.0, 3.0, 1.5, 0.2]), "p": 4}, {}),
    24: ({r"\boldsymbol{\Sigma}": EXAMPLE, r"\boldsymbol{\tilde{\Sigma}}": np.diag([2.0, 1.0]), r"\boldsymbol{0}": np.zeros((1, 2))}, {}),
    26: ({r"\boldsymbol{\Sigma}": EXAMPLE}, {}),
    27: ({r"\boldsymbol{\Sigma}": EXAMPLE}, {}),
    28: (SVD, {}),
    29: (SVD, {}),
    30: (SVD, {}),
    31: (SVD, {}),
    32: (SVD, {}),
    33: (SVD, {}),
    34: ({r"\boldsymbol{U}": U, r"\boldsymbol{u}": U.T, "n": 5}, {}),
}
