"adzcai/rlbook, 2_mdps/mdps.tex, infinite horizon: bindings written from the text alone: two states (the text's own) and three actions."

import numpy as np

from mlbook.eqval import each, given, outcomes

RNG = np.random.default_rng(0)
NS, NA, G = 2, 3, 0.8
P = RNG.dirichlet(np.ones(NS), size=(NS, NA))  # P[s, a, s']
R = RNG.uniform(size=(NS, NA))
PI = RNG.dirichlet(np.ones(NA), size=NS)
RPI = (PI * R).sum(1)
PPI = np.einsum("sa,sat->st", PI, P)
V = np.linalg.solve(np.eye(NS) - G * PPI, RPI)
Q = R + G * P @ V
VO = np.zeros(NS)
for _ in range(2000):
    VO = (R + G * P @ VO).max(1)
QO = R + G * P @ VO
BEST = QO.argmax(1)
SMALL, OTHER = RNG.normal(size=NS), RNG.normal(size=NS)


def operator(v):
    return RPI + G * PPI @ np.asarray(v)


def star(v):
    return (R + G * P @ np.asarray(v)).max(1)


# for s = 0: a and s' jointly
PAIRS = [(i, j) for i in range(NA) for j in range(NS)]
S0 = 0
W0 = np.array([PI[S0, i] * P[S0, i, j] for i, j in PAIRS])
AS = {"a": outcomes([i for i, _ in PAIRS], W0), "s'": outcomes([j for _, j in PAIRS], W0)}
INF = {"s": S0, r"\gamma": G, "r": lambda s, a: R[int(s), int(a)], r"\pi": 0, "P": 0}
# the tidy room
TP, TR = np.array([[0.7, 0.3], [1.0, 0.0]]), np.array([1.0, 0.0])
TV = np.linalg.solve(np.eye(2) - 0.95 * TP, TR)
TAB = {"V^{\\pi}": V, r"r^{\pi}": RPI, r"P^{\pi}": PPI, r"\gamma": G, "I": np.eye(NS)}
TIDY = {"V^{\\pi}": TV, r"r^{\pi}": TR, r"P^{\pi}": TP, r"\gamma": 0.95, "I": np.eye(2), r"\mu": np.array([1.0, 0.0])}
STEPS = [np.array([0.3, 2.1])]
for _ in range(4):
    STEPS.append(operator(STEPS[-1]))
OP = {r"\mathcal{J}^{\pi}": operator, "v": SMALL, "u": OTHER, r"\gamma": G, "V^{\\pi}": V}
# a policy that is greedy for a wrong value function
VHAT = np.array([VO[0], VO[1] + 2.5])
QHAT = R + G * P @ VHAT
GREEDY = QHAT.argmax(1)
VG = np.linalg.solve(np.eye(NS) - G * P[np.arange(NS), GREEDY], R[np.arange(NS), GREEDY])
QG = R + G * P @ VG
NEXT = {"s'": outcomes(np.arange(NS), P[0, 1])}
GR = {"s": 0, r"\gamma": G, r"V^{\star}": lambda s: VO[int(s)], r"V^{\hat \pi}": lambda s: VG[int(s)], r"Q^{\star}": lambda s, a: QO[int(s), int(a)],
      r"Q^{\hat \pi}": lambda s, a: QG[int(s), int(a)], r"\pi^{\star}": lambda s: BEST[int(s)], r"\hat \pi": lambda s: GREEDY[int(s)],
      "q": lambda s, a: QHAT[int(s), int(a)], "v": lambda s: VHAT[int(s)], "P": lambda s, a: P[int(s), int(a)], "r": lambda s, a: R[int(s), int(a)]}
SKIPPED = {2: "a tuple", 12: "shapes", 13: "shapes", 23: "an order", 24: "expectations over endless trajectories", 36: "an order"}
F = np.array([[0.3, -0.5], [0.2, 0.4]])
FIX = np.linalg.solve(np.eye(2) - F, np.array([1.0, 2.0]))


def contract(x):
    return F @ x + np.array([1.0, 2.0])


def power(t):
    def run(x):
        for _ in range(t):
            x = contract(x)
        return x
    return run


NORM = np.linalg.norm(F, 2)
BOUND = {
    1: ({"r": 0.5 ** np.arange(3, 400), "h": 2, r"\gamma": 0.9}, {}),
    3: (INF | AS | {r"V^{\pi}": lambda s: V[int(s)], r"Q^{\pi}": lambda s, a: Q[int(s), int(a)]}, {}),
    4: (INF | AS | {r"\mathcal{J}^{\pi}": operator, "v": SMALL}, {}),
    5: ({"f": contract, "x": SMALL, "y": OTHER, r"\gamma": NORM}, {}),
    6: ({"f": power(3), "x": SMALL, "y": OTHER, r"\gamma": NORM, "t": 3}, {}),
    7: ({"f": power(3), "x": SMALL, r"x^{\star}": FIX, r"\gamma": NORM, "t": 3}, {}),
    8: ({"v": SMALL, "u": OTHER, r"\mathcal{S}": [0, 1]}, {}),
    9: (OP | {"t": 3}, {}),
    10: (OP, {}),
    11: (OP | INF | {"a": outcomes(np.arange(NA), PI[0]), "s'": outcomes(np.arange(NS), PPI[0])}, {}),
    14: (TIDY, {}),
    15: (TAB, {}),
    16: (TAB, {}),
    17: (TIDY, {}),
    18: (TIDY, {"tolerance": 0.005}),
    19: (TIDY, {"tolerance": 0.005}),
    20: (TAB | {"v": STEPS, r"\mathcal{J}^{\pi}": operator, "t": 2}, {}),
    21: (TAB | {"v": STEPS, "t": 3, r"\epsilon": 1.9}, {}),
    22: (TAB | {"v": STEPS, "t": 9, r"\epsilon": G**9 * np.abs(STEPS[0] - V).max()}, {}),
    25: ({"s": 0, "a": range(NA), "r": lambda s, a: R[int(s), int(a)], r"\gamma": G, r"V^{\star}": lambda s: VO[int(s)], "P": lambda s, a: P[int(s), int(a)], "s'": range(NS)}, {}),
    26: ({"s": 0, "a": range(NA), "r": lambda s, a: R[int(s), int(a)], r"\gamma": G, r"\mathcal{J}^{\star}": star, "v": SMALL, "P": P, "s'": range(NS)}, {}),
    27: ({"s": 0, "a": range(NA), "r": R, r"\gamma": G, "v": {7: VHAT}, "T": 7, r"\hat \pi": GREEDY, "P": P, "s'": range(NS)}, {}),
    28: ({r"V^{\hat \pi}": VG, r"V^{\star}": VO, r"\gamma": G, "v": VHAT}, {}),
    29: ({"s": 0, "a": 1, "q": lambda s, a: R[int(s), int(a)] + P[int(s), int(a)] @ SMALL, "r": lambda s, a: R[int(s), int(a)], "v": lambda s: SMALL[int(s)], "P": lambda s, a: P[int(s), int(a)]}, {}),
    30: (GR, {}),
    31: (GR, {}),
    32: (GR, {}),
    33: (GR, {}),

    35: ({r"V^{\hat \pi}": VG, r"V^{\star}": VO, r"\gamma": G, "v": {7: VO + 0.01}, "T": 7, r"\epsilon": 0.3}, {}),
}

def bellman(pol):
    "r(s, pol(s)) and so on."
    return pol


RA, PA = (lambda b, c: R[int(b), int(c)]), (lambda b, c: P[int(b), int(c)])
CHANGED = {
    6: ({"f": {3: power(3)}, "x": SMALL, "y": OTHER, r"\gamma": NORM, "t": 3}, {}, "the t-th power as a member of a family"),
    9: (OP | {"t": 3, r"(\mathcal{J}^{\pi})^{(t)}": lambda w: operator(operator(operator(w)))}, {}, "the power as a symbol"),
    4: (INF | AS | {r"\mathcal{J}^{\pi}(v)": operator(SMALL), "v": SMALL, "r": R}, {}, "values as arrays"),
    11: (INF | {r"\mathcal{J}^{\pi}": operator, "v": lambda b: SMALL[int(b)], "u": lambda b: OTHER[int(b)], "a": outcomes([i for i, _ in PAIRS], W0), "s'": outcomes([j for _, j in PAIRS], W0)}, {}, "joint outcomes"),
    25: ({"s": 0, "a": range(NA), "r": RA, r"\gamma": G, r"V^{\star}": lambda b: VO[int(b)], "P": P, "s'": range(NS)}, {}, "probabilities as an array"),
    26: ({"s": 0, "a": range(NA), "r": R, r"\gamma": G, r"\mathcal{J}^{\star}": star, "v": SMALL, "P": P, "s'": range(NS)}, {}, "arrays"),
    27: ({"s": 0, "a": range(NA), "r": R, r"\gamma": G, "v": {7: VHAT}, "T": 7, r"\hat \pi": GREEDY, "P": P, "s'": range(NS)}, {}, "-"),
    29: ({"s": 0, "a": 1, "q": R + P @ SMALL, "r": R, "v": SMALL, "P": P, "s'": outcomes(np.arange(NS), P[0, 1])}, {}, "arrays, the next state by outcomes"),
    33: (GR | {"s'": outcomes(np.arange(NS), P[0, GREEDY[0]]), r"V^{\star}": VO, r"V^{\hat \pi}": VG, "P": 0}, {}, "the next state by outcomes, values as arrays"),
}
BOUND[34] = ({r"V^{\hat \pi}": VG, r"V^{\star}": VO, r"\gamma": G, "v": VHAT}, {})
BOUND = dict(sorted(BOUND.items()))
