"mavam/stat-cookbook, stat-cookbook.tex, from credible intervals to prediction: bindings written from the text alone."

import itertools

import numpy as np

from mlbook.eqval import outcomes

RNG = np.random.default_rng(0)
N = 7
X = RNG.normal(size=N) + 1
Y = 0.6 + 1.7 * X + RNG.normal(size=N)
SLOPE, INTERCEPT = np.polyfit(X, Y, 1)
FITTED = INTERCEPT + SLOPE * X
RESIDUALS = Y - FITTED
SAMPLE = {"X": X, "Y": Y, "n": N, r"\beta_0": 0.4, r"\beta_1": -1.3, r"\widehat{\beta}_0": INTERCEPT, r"\widehat{\beta}_1": SLOPE,
          r"\widehat{Y}": FITTED, r"\hat{\epsilon}": RESIDUALS, r"\bar{X}_n": X.mean(), r"\bar{Y}_n": Y.mean(), r"\bar{X}": X.mean(),
          r"\overline{X}_n": X.mean(), r"\overline{Y}": Y.mean(), r"\overline{X^2}": np.mean(X**2),
          r"\widehat{\sigma}": np.sqrt(np.sum(RESIDUALS**2) / (N - 2)), "s_X": np.std(X), r"\sigma": 0.8,
          r"\widehat{r}": lambda x: INTERCEPT + SLOPE * x, r"\textsc{rss}": np.sum(RESIDUALS**2), r"\textsc{tss}": N * np.var(Y)}
BOOT = RNG.normal(size=6)
AT = {"first": 1}
LIKELY, PRIOR = [0.2, 0.7], [0.4, 0.6]
POSTERIOR = [0.2 * 0.4 / 0.5, 0.7 * 0.6 / 0.5]
# All estimates for errors of plus or minus 0.8: the mean and the covariance are what the text says, with s = 0.8.
DESIGN = np.stack([np.ones(N), X], axis=1)
SPREAD = np.sqrt(np.sum(RESIDUALS**2) / (N - 2))
SURE = 0.64 * np.linalg.inv(DESIGN.T @ DESIGN)
ERRORS = 0.8 * np.array(list(itertools.product((-1.0, 1.0), repeat=N)))
DRAWN = (DESIGN @ [0.4, -1.3] + ERRORS) @ np.linalg.pinv(DESIGN).T

SKIPPED = {
    1: "for any density", 2: "for any density", 3: "for any density", 4: "a derivative of any function", 5: "a distribution", 6: "proportional only",
    7: "for any density", 9: "for any density", 12: "an interval", 15: "an interval", 16: "for any density", 17: "for any density", 18: "for any density",
    19: "for any risk", 20: "for any risk", 21: "a definition", 22: "a definition", 23: "a definition", 24: "a definition", 25: "a definition", 26: "a definition",
    32: "a definition", 34: "a limit in distribution", 35: "intervals", 14: "quantiles of a sample",
}
BOUND = {
    8: ({"K": 2, "x^n": 0, "H": np.array([0, 1]), "f": lambda x, h: LIKELY[int(h)],
         r"\mathbb{P}": lambda h, x=None: PRIOR[int(h)] if x is None else POSTERIOR[int(h)]}, AT),
    10: ({"i": 0, "j": 1, "x^n": 0, "H": np.array([0, 1]), "f": lambda x, h: LIKELY[int(h)],
          r"\mathbb{P}": lambda h, x=None: PRIOR[int(h)] if x is None else POSTERIOR[int(h)]}, {}),
    11: ({"v_{boot}": np.var(BOOT), r"\widehat{\mathbb{V}}_{\widehat{F}_n}": np.var(BOOT), "B": 6, "T_n^*": BOOT, "n": 4, "T^*": np.tile(BOOT, (5, 1))}, AT),
    13: ({r"\widehat{H}": lambda r: np.mean(BOOT <= r), "r": 0.1, "B": 6, "n": 2, "R^*": np.tile(BOOT, (5, 1)), "I": lambda truth: 1.0 * truth}, AT),
    27: (SAMPLE | {r"\epsilon": Y - 0.4 + 1.3 * X}, AT),
    28: (SAMPLE | {"x": 0.7}, AT),
    29: (SAMPLE, AT),
    30: (SAMPLE, AT),
    31: (SAMPLE | {r"\textsc{rss}": lambda b, c: np.sum((Y - b - c * X) ** 2)}, AT),
    33: (SAMPLE | {r"\widehat{\textsf{se}}": lambda b: np.sqrt(SURE[0, 0] if b == INTERCEPT else SURE[1, 1]) * SPREAD / 0.8, r"\widehat{\beta}": outcomes(DRAWN),
                   "X^n": X, r"\beta_0": DRAWN.mean(0)[0], r"\beta_1": DRAWN.mean(0)[1]}, AT),
    36: (SAMPLE | {"R": np.corrcoef(X, Y)[0, 1]}, AT),
    37: (SAMPLE | {r"\mathcal{L}_1": 0.5, r"\mathcal{L}_2": 0.25, r"\mathcal{L}": 0.125, "f": lambda x, y: 0.125 ** (1 / 7), "f_X": lambda x: 0.5 ** (1 / 7),
                   "f_{Y|X}": lambda y, x: 0.25 ** (1 / 7)}, AT),
    38: (SAMPLE | {r"\widehat{\sigma}": np.sqrt(np.mean(RESIDUALS**2))}, AT),
    39: (SAMPLE | {"x_*": 0.3, r"\widehat{\beta}_0": outcomes(DRAWN[:, 0]), r"\widehat{\beta}_1": outcomes(DRAWN[:, 1]),
                   r"\widehat{Y}_*": outcomes(DRAWN @ [1.0, 0.3])}, AT),
}
