"iq-ai-lab/convex-optimization-deep-dive, ch5-algorithms/01: bindings written from the text alone: f is a quadratic, x* is its minimum."

import numpy as np

from mlbook.eqval import each

RNG = np.random.default_rng(0)
D = 3
A = np.diag([0.5, 1.3, 2.4])
ROT = np.linalg.qr(RNG.normal(size=(D, D)))[0]
A = ROT @ A @ ROT.T
B = RNG.normal(size=D)
LIP, MU, ETA = 2.4, 0.5, 0.3
OPT = -np.linalg.solve(A, B)


def f(v):
    return 0.5 * v @ A @ v + B @ v


X, YY = RNG.normal(size=D), RNG.normal(size=D)
STEPS = [OPT + RNG.normal(size=D)]
for _ in range(6):
    STEPS.append(STEPS[-1] - (A @ STEPS[-1] + B) / LIP)
STEPS = np.array(STEPS)
SLOW = [STEPS[0]]
for _ in range(6):
    SLOW.append(SLOW[-1] - ETA * (A @ SLOW[-1] + B))
BASE = {"f": f, "L": LIP, r"\mu": MU, r"\eta": ETA, "x": STEPS, "k": 4, "x^*": OPT, "f^*": f(OPT)}
SAME = {"f": f, "x": X, "y": YY, "L": LIP, r"\mu": MU}
HALF = [STEPS[0]]
for _ in range(6):
    HALF.append(HALF[-1] - (A @ HALF[-1] + B) / (2 * LIP))
SKIPPED = {1: "an approximation", 7: "not read: goes on with =", 8: "not read: goes on with =", 17: "not read: goes on with =", 19: "not read: goes on with ="}
BOUND = {
    2: (SAME, {}), 3: (SAME, {}),
    4: (BASE | {"x": np.array(SLOW)}, {}),
} | {i: (BASE, {}) for i in (5, 6, 9, 10, 11, 12, 13, 14, 15, 16, 18, 20, 21, 22, 23, 24, 25, 26, 27, 28)} | {29: (BASE | {"x": np.array(HALF)}, {})}
CHANGED = {}
for _i in (7, 8, 17, 19):
    SKIPPED.pop(_i)
    BOUND[_i] = (BASE, {})
