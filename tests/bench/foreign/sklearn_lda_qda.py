"scikit-learn/scikit-learn, doc/modules/lda_qda.rst: bindings written from the text alone."

import numpy as np

RNG = np.random.default_rng(0)
ROOT = RNG.normal(size=(2, 3, 3))
SIGMA = ROOT @ ROOT.transpose(0, 2, 1) + np.eye(3)
MU, X = RNG.normal(size=(2, 3)), RNG.normal(size=3)


def gauss(x, mu, sigma):
    "The density of a multivariate normal distribution."
    gap = x - mu
    return np.exp(-0.5 * gap @ np.linalg.solve(sigma, gap)) / np.sqrt(np.linalg.det(2 * np.pi * sigma))


VALUES, VECTORS = np.linalg.eigh(SIGMA[0])
SKIPPED = {1: "P of events, one letter for several probabilities", 3: "P of events, one letter for several probabilities"}
BOUND = {
    2: ({"X": X, r"\mu": MU, r"\Sigma": SIGMA, "n": 3, "p(X | y=k)": np.array([gauss(X, MU[k], SIGMA[k]) for k in range(2)])}, {}),
    4: ({"D": np.diag(VALUES), "U": VECTORS, "X": X, r"\Sigma": SIGMA[0], "X^*": VALUES**-0.5 * (VECTORS.T @ X)}, {}),
}
