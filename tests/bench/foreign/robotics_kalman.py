"AtsushiSakai/PythonRobotics, Kalmanfilter_basics.rst: bindings written from the text alone."

import numpy as np

from mlbook.eqval import outcomes

RNG = np.random.default_rng(0)
VALUES, CHANCES = np.array([3.0, 1.0, 2.0]), np.array([0.2, 0.3, 0.5])
ROOT = RNG.normal(size=(3, 3))
SIGMA = ROOT @ ROOT.T
PAIR = {r"\bar\mu": 0.3, r"\bar\sigma": 0.8, r"\sigma_z": 1.3, "z": 1.9}
# The product of two normal densities, on a grid.
GRID = np.linspace(-20, 20, 200001)
PRODUCT = np.exp(-((GRID - 0.3) ** 2) / (2 * 0.8**2) - (GRID - 1.9) ** 2 / (2 * 1.3**2))
PRODUCT /= PRODUCT.sum()
MEAN = PRODUCT @ GRID
SKIPPED = {6: "not right as printed: the index of the sums is missing", 7: "not right as printed: words beside the formula are indented into it",
           8: "no statement", 10: "not right as printed: words beside the formula are indented into it"}
BOUND = {
    1: ({"X": outcomes(VALUES, CHANCES), "p": CHANCES, "x": VALUES, "n": 3}, {"first": 1}),
    2: ({"X": outcomes(VALUES, CHANCES), "f": lambda x: np.exp(-((x - 2.3 + 0.4) ** 2) / 2) / np.sqrt(2 * np.pi)}, {}),
    3: ({"X": 0, r"\mathit{VAR}": lambda X: np.var(VALUES), "x": VALUES, r"\mu": VALUES.mean(), "n": 3}, {"first": 1}),
    4: ({r"\mu": VALUES, "n": 3}, {"first": 1}),
    5: ({r"\Sigma": SIGMA, r"\sigma": SIGMA, r"\sigma_1": np.sqrt(SIGMA[0, 0]), r"\sigma_2": np.sqrt(SIGMA[1, 1]), r"\sigma_n": np.sqrt(SIGMA[2, 2]), "n": 3}, {"first": 1}),
    9: ({"X": 2, "Z": 3, "P": lambda a, b=None: {(2, 3): 0.25, (3, 2): 0.5, (2, None): 0.2, (3, None): 0.4}[int(a), b and int(b)]}, {}),
    11: (PAIR | {r"\sigma_\mathtt{new}": PRODUCT @ (GRID - MEAN) ** 2}, {"tolerance": 1e-8}),
    12: ({r"\mu_x": 1.5, r"\mu_p": 0.3, r"\mu_z": 1.2, r"\sigma_x": np.hypot(0.8, 1.3), r"\sigma_p": 0.8, r"\sigma_z": 1.3}, {}),
}
