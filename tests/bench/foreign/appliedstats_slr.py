"daviddalpiaz/appliedstats, slr.Rmd: bindings written from the text alone."

import numpy as np

from mlbook.eqval import given, outcomes

RNG = np.random.default_rng(0)
N = 7
X = RNG.normal(size=N)
Y = 0.6 + 1.7 * X + RNG.normal(size=N)
SLOPE, INTERCEPT = np.polyfit(X, Y, 1)
FITTED = INTERCEPT + SLOPE * X
DATA = {"x": X, "y": Y, "n": N, r"\beta_0": 0.4, r"\beta_1": -1.3}
FIT = DATA | {r"\hat{\beta}_0": INTERCEPT, r"\hat{\beta}_1": SLOPE, r"\bar{x}": X.mean(), r"\bar{y}": Y.mean(), r"\hat{y}": FITTED, "e": Y - FITTED}
SUMS = FIT | {"S_{xy}": N * np.cov(X, Y, bias=True)[0, 1], "S_{xx}": N * np.var(X), "S_{yy}": N * np.var(Y)}
SQUARES = FIT | {r"\text{SST}": N * np.var(Y), r"\text{SSReg}": np.sum((FITTED - Y.mean()) ** 2), r"\text{SSE}": np.sum((Y - FITTED) ** 2),
                 r"\text{RSS}": np.sum((Y - FITTED) ** 2), "s": np.std(Y, ddof=1)}
MODEL = {"X": 0.7, r"\epsilon": -0.2, r"\beta_0": 0.4, r"\beta_1": -1.3}
LOSS = DATA | {"f": given(lambda b, c: np.sum((Y - b - c * X) ** 2), r"\beta_0", r"\beta_1")}
ERRORS = np.array([-1.0, 0.5, 0.5])
RANDOM = {"x": X, r"\beta_0": 0.4, r"\beta_1": -1.3, "Y": outcomes(0.4 - 1.3 * X + ERRORS[:, None]), "X": X, r"\sigma": ERRORS.std()}
AT = {"first": 1}

SKIPPED = {4: "a distribution", 5: "a distribution", 8: "no statement", 9: "no statement", 10: "no statement", 19: "R puts numbers in",
           20: "R puts numbers in", 21: "R puts numbers in", 22: "R puts numbers in", 25: "R puts numbers in"}
BOUND = {
    1: (MODEL | {"f": lambda X: 0.4 - 1.3 * X, "Y": 0.4 - 1.3 * 0.7 - 0.2}, {}),
    2: (MODEL | {"Y": 0.4 - 1.3 * 0.7 - 0.2}, {}),
    3: ({"x": X, r"\epsilon": ERRORS[np.arange(N) % 3], r"\beta_0": 0.4, r"\beta_1": -1.3, "Y": 0.4 - 1.3 * X + ERRORS[np.arange(N) % 3]}, {}),
    6: (RANDOM, {}),
    7: (RANDOM, {}),
    11: (LOSS, AT),
    12: (LOSS, AT),
    13: (DATA | {r"\beta_0": INTERCEPT, r"\beta_1": SLOPE}, AT),
    14: (DATA | {r"\beta_0": INTERCEPT, r"\beta_1": SLOPE}, AT),
    15: (SUMS, AT),
    16: (SUMS, AT),
    17: (SUMS, AT),
    18: (FIT | {"x": 0.3, r"\hat{y}": INTERCEPT + SLOPE * 0.3}, AT),
    23: (FIT, AT),
    24: (FIT, AT),
    26: (RANDOM, {}),
    27: (FIT, AT),
    28: (FIT | {"s_e": np.sqrt(np.sum((Y - FITTED) ** 2) / (N - 2))}, AT),
    29: (FIT | {"s": np.std(X, ddof=1)}, AT),
    30: (FIT, AT),
    31: (FIT, AT),
    32: (SQUARES, AT),
    33: (SQUARES, AT),
    34: (SQUARES, AT),
    35: (SQUARES, AT),
    36: (SQUARES | {"s_e": np.sqrt(np.sum((Y - FITTED) ** 2) / (N - 2))}, AT),
    37: (SQUARES | {"R": np.corrcoef(X, Y)[0, 1]}, AT),
}
