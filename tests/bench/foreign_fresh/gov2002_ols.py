"mattblackwell/gov2002-book, least_squares.qmd: bindings written from the text alone."

import numpy as np

from mlbook.eqval import given, outcomes

RNG = np.random.default_rng(0)
N, K = 7, 2
X = RNG.normal(size=N)
ROWS = np.column_stack([np.ones(N), RNG.normal(size=(N, K))])
Y = RNG.normal(size=N)
B = np.linalg.lstsq(ROWS, Y, rcond=None)[0]
E = Y - ROWS @ B
AT = {"first": 1}
XI, XB, YB, BETA, BHAT, EHAT = r"\boldsymbol{X}", r"\mathbb{X}", r"\boldsymbol{Y}", r"\boldsymbol{\beta}", r"\widehat{\boldsymbol{\beta}}", r"\widehat{\boldsymbol{e}}"
SAMPLE = {"n": N, "k": K, XI: ROWS, "Y": Y, BHAT: B, r"\widehat{e}": E, r"\overline{Y}": Y.mean(), XB: ROWS, YB: Y, EHAT: E}
SLOPE, INTERCEPT = np.polyfit(X, Y, 1)
ONE = {"n": N, "X": X, "Y": Y, r"\overline{Y}": Y.mean(), r"\overline{X}": X.mean(), r"\widehat{\beta}_{1}": SLOPE,
       r"\widehat{\sigma}_{Y,X}": np.cov(X, Y)[0, 1], r"\widehat{\sigma}^{2}_{X}": np.var(X, ddof=1)}


def ssr(b):
    return np.sum((Y - ROWS @ b) ** 2)


COEF = RNG.normal(size=K + 1)
NOISE = Y - ROWS @ COEF
P = ROWS @ np.linalg.inv(ROWS.T @ ROWS) @ ROWS.T
PX, MX = r"\boldsymbol{P}_{\mathbb{X}}", r"\boldsymbol{M}_{\mathbb{X}}"
PROJ = SAMPLE | {PX: P, MX: np.eye(N) - P, r"\boldsymbol{c}": RNG.normal(size=K + 1), r"\boldsymbol{I}_{n}": np.eye(N)}
SLOPES = ROWS[:, 1:]
BS = np.linalg.lstsq(SLOPES - SLOPES.mean(0), Y - Y.mean(), rcond=None)[0]
COLS = RNG.normal(size=(N, 4))
COLS[:, 1] = 2 * COLS[:, 0]
CAT = np.eye(6)[[0, 1, 2, 3, 4, 1, 0]][:, 1:]  # one of five regions, or... each row has one
REG = np.zeros((N, 5)); REG[np.arange(N), [0, 1, 2, 3, 4, 1, 0]] = 1
D = np.array([1, 0, 0, 1, 1, 0, 1.0])
SQ = RNG.normal(size=(4, 4))
FULL = {"n": N, "k": K, YB: Y, "Y": Y, XB: ROWS, XI: ROWS, "X": ROWS[:, 1:], r"\boldsymbol{e}": NOISE, "e": NOISE, BETA: COEF}

SKIPPED = {37: "a set", 27: "an equivalence"}
BOUND = {
    1: ({"k": K + 1, "Y": outcomes(Y), XI: outcomes(ROWS), BETA: B}, AT),
    2: (SAMPLE, AT),
    3: (ONE, AT),
    4: (SAMPLE | {"SSR": ssr}, AT),
    5: (SAMPLE | {"SSR": ssr, r"\boldsymbol{b}": COEF}, AT),
    6: (SAMPLE | {"SSR": ssr, BETA: B}, AT),
    7: (SAMPLE, AT),
    8: (SAMPLE, AT),
    9: (SAMPLE | {"SSR": ssr, BETA: B}, AT),
    10: (SAMPLE, AT),
    11: ({"Y": Y, r"\alpha": 0.3, XI: SLOPES, BETA: COEF[1:], r"\boldsymbol{\epsilon}": Y - 0.3 - SLOPES @ COEF[1:]}, AT),
    12: ({"n": N, XI: SLOPES, "Y": Y, BHAT: BS, r"\overline{\boldsymbol{X}}": SLOPES.mean(0), r"\overline{Y}": Y.mean()}, AT),
    13: ({r"\widehat{\alpha}": B[0], r"\overline{Y}": Y.mean(), r"\overline{\boldsymbol{X}}": SLOPES.mean(0), BHAT: BS}, AT),
    14: (SAMPLE, AT),
    15: (SAMPLE | {"SSR": ssr(B)}, AT),
    16: (SAMPLE | {"TSS": N * np.var(Y)}, AT),
    17: ({"R": np.corrcoef(Y, ROWS @ B)[0, 1], "TSS": N * np.var(Y), "SSR": ssr(B)}, AT),
    18: (FULL, AT),
    19: (FULL, AT),
    20: (FULL, AT),
    21: (SAMPLE, AT),
    22: (SAMPLE, AT),
    23: (SAMPLE | {"X": ROWS[:, 1:], r"\widehat{\beta}_0": B[0], r"\widehat{\beta}": B}, AT),
    24: (FULL | {"SSR": ssr}, AT),
    25: (SAMPLE, AT),
    26: (SAMPLE, AT),
    28: ({"k": 3, XB: COLS, "b": RNG.normal(size=4), r"\boldsymbol{b}": None}, AT),
    29: ({"X": REG}, AT),
    30: ({"n": N, "X": D, "Y": Y, r"\widehat{\beta}_{1}": np.polyfit(D, Y, 1)[0], r"\overline{Y}_{X =1}": Y[D == 1].mean(), r"\overline{Y}_{X=0}": Y[D == 0].mean()}, AT),
    31: ({r"\widehat{\beta}_{\text{Asia}}": np.linalg.lstsq(np.column_stack([np.ones(N), REG[:, :4]]), Y, rcond=None)[0][1],
          r"\overline{Y}_{\text{Asia}}": Y[REG[:, 0] == 1].mean(), r"\overline{Y}_{\text{Oceania}}": Y[REG[:, 4] == 1].mean()}, AT),
    32: (SAMPLE | {r"\boldsymbol{e}": E}, AT),
    33: (PROJ, AT),
    34: (PROJ, AT),
    35: (PROJ, AT),
    36: (PROJ, AT),
    38: (PROJ, AT),
    39: (PROJ, AT),
    40: (PROJ, AT),
    41: ({r"\boldsymbol{A}": SQ, "a": SQ, "k": 4}, AT),
}
COL = RNG.normal(size=4)
BOUND[28] = ({"k": 3, XB: COLS, "b": COL, r"\boldsymbol{b}": COL}, AT)
CHANGED = {
    6: (SAMPLE | {"SSR": ssr, BETA: B, BHAT: given(lambda b: b, BETA)}, AT, "the estimate as a function of beta, as the message says"),
    18: (FULL | {"n": 4, YB: Y[:4], "Y": Y[:4]}, AT, "n = 4"),
}
