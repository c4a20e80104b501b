"QuantEcon/lecture-python.myst, lectures/kalman.md: bindings written from the text alone."

import numpy as np

from mlbook.eqval import outcomes

RNG = np.random.default_rng(0)


def positive(n):
    "A random covariance matrix."
    root = RNG.normal(size=(n, n))
    return root @ root.T + 0.1 * np.eye(n)


A, G, SIGMA, R, Q = RNG.normal(size=(3, 3)), RNG.normal(size=(2, 3)), positive(3), positive(2), positive(3)
X_HAT, Y = RNG.normal(size=3), RNG.normal(size=2)
GAIN = SIGMA @ G.T @ np.linalg.inv(G @ SIGMA @ G.T + R)
PARTS = {"A": A, "G": G, r"\Sigma": SIGMA, "R": R, "Q": Q, r"\hat x": X_HAT, "y": Y, r"\hat x^F": X_HAT + GAIN @ (Y - G @ X_HAT),
         r"\Sigma^F": SIGMA - GAIN @ G @ SIGMA}
NOISE, STATE = RNG.normal(size=(6, 3)), RNG.normal(size=(6, 3))
NOISE -= NOISE.mean(0)
STATE += PARTS[r"\hat x^F"] - STATE.mean(0)

# Means and covariances of two independent vectors, each with six outcomes of the same probability.
PAIRS = [(one, other) for one in range(6) for other in range(6)]
RANDOM = PARTS | {"x^F": outcomes(STATE[[i for i, _ in PAIRS]]), "w": outcomes(NOISE[[j for _, j in PAIRS]])}

EACH = {"A": A, "G": G, "Q": Q, "R": R, "C": RNG.normal(size=(3, 2)), "H": RNG.normal(size=(2, 2))}
WS, VS = RNG.normal(size=(5, 3)), RNG.normal(size=(5, 2))


def filtered():
    "Four steps of the filter: predictions, covariances and gains."
    means, spreads, gains, seen = [X_HAT], [SIGMA], [], RNG.normal(size=(4, 2))
    for y in seen:
        gains.append(A @ spreads[-1] @ G.T @ np.linalg.inv(G @ spreads[-1] @ G.T + R))
        means.append(A @ means[-1] + gains[-1] @ (y - G @ means[-1]))
        spreads.append(A @ spreads[-1] @ A.T - gains[-1] @ G @ spreads[-1] @ A.T + Q)
    return np.array(means), np.array(spreads), np.array(gains), seen


MEANS, SPREADS, GAINS, SEEN = filtered()
STEPS = EACH | {r"\hat x": MEANS, r"\Sigma": SPREADS, "y": SEEN, r"K_{\Sigma}": GAINS, "K": GAINS}


def simulated(shock, drawn):
    "States by the law of motion."
    states = [X_HAT]
    for one in shock[1:]:
        states.append(A @ states[-1] + drawn @ one)
    return np.array(states)


def stationary():
    "The fixed point of the covariances, by iterating."
    found, half = SIGMA, 0.5 * A
    for _ in range(3000):
        gain = half @ found @ G.T @ np.linalg.inv(G @ found @ G.T + R)
        found = half @ found @ half.T - gain @ G @ found @ half.T + Q
    return found


SHOCKS = RNG.normal(size=(5, 2))
MOVED = simulated(SHOCKS, EACH["C"])
SKIPPED = {1: "a distribution", 5: "a distribution", 2: "data", 18: "data", 19: "data"}
BOUND = {
    3: ({"y": G @ X_HAT + Y, "G": G, "x": X_HAT, "v": Y}, {}),
    4: ({"p": lambda a, b=None: {(1, 2): 0.25, (2, 1): 0.5, (1, None): 0.2, (2, None): 0.4}[int(a), b and int(b)], "x": 1, "y": 2}, {}),
    6: (PARTS, {}),
    7: ({"A": A, "x": simulated(WS, np.eye(3)), "w": WS}, {}),
    8: (RANDOM, {}),
    9: (RANDOM, {}),
    10: (PARTS | {r"\hat x_{new}": A @ PARTS[r"\hat x^F"], r"\Sigma_{new}": A @ PARTS[r"\Sigma^F"] @ A.T + Q, r"K_{\Sigma}": A @ GAIN}, {}),
    11: ({"A": np.array([[1.2, 0.0], [0.0, -0.2]]), "Q": 0.3 * SIGMA, r"\Sigma": SIGMA}, {}),
    12: (STEPS | {r"K_{\Sigma_t}": GAINS}, {}),
    13: (STEPS, {}),
    14: ({"A": 0.5 * A, "G": G, "R": R, "Q": Q, r"\Sigma": stationary()}, {}),
    15: (EACH | {"x": MOVED, "w": SHOCKS, "v": VS, "y": MOVED @ G.T + VS @ EACH["H"].T}, {}),
    16: ({"C": EACH["C"], "H": EACH["H"], "Q": EACH["C"] @ EACH["C"].T, "R": EACH["H"] @ EACH["H"].T}, {}),
    17: ({r"\theta": 10.0, r"\epsilon": 0.1, "t": 2, "z": np.array([0.9, 0.8, 1 - 0.1 * 0.2]),
          "p": [lambda x: 0.5, lambda x: 1.0, lambda x: 0.1 + 0 * x]}, {}),
}
# Bindings that were changed after the first run: bindings, options, what was changed.
CHANGED = {
    17: ({r"\theta": 10.0, r"\epsilon": 0.1, "z_t": 1 - 0.2 * 0.1, "p_t": lambda x: 0.1 + 0 * x}, {}, "one t only"),
}
