"openai/spinningup, docs/spinningup/rl_intro3.rst: bindings written from the text alone, for two states, two actions, two steps."

import itertools

import numpy as np

from mlbook.eqval import given, outcomes

T = 1
START = np.array([0.3, 0.7])
MOVE = np.array([[[0.2, 0.8], [0.6, 0.4]], [[0.9, 0.1], [0.35, 0.65]]])
THETA = np.array([0.4, -0.7])
REWARD = np.array([[[1.0, -0.5], [0.2, 2.0]], [[0.3, 0.9], [-1.1, 0.6]]])


def policy(action, state, theta=THETA):
    "The probability of an action in a state."
    chance = 1 / (1 + np.exp(-theta[state]))
    return chance if action == 1 else 1 - chance


PATHS = list(itertools.product((0, 1), repeat=5))  # s0 a0 s1 a1 s2


def chance(path, theta=THETA):
    "The probability of a trajectory."
    s0, a0, s1, a1, s2 = path
    return START[s0] * policy(a0, s0, theta) * MOVE[s0, a0, s1] * policy(a1, s1, theta) * MOVE[s1, a1, s2]


def gain(path):
    "The return of a trajectory."
    s0, a0, s1, a1, s2 = path
    return REWARD[s0, a0, s1] + REWARD[s1, a1, s2]


ONE = (1, 0, 1, 1, 0)
STATES, ACTIONS = np.array([1, 1, 0]), np.array([0, 1])
LOGITS = np.array([0.3, -1.2, 2.0])
PATH = {r"\theta": THETA, "T": T, "s": STATES, "a": ACTIONS, r"\rho_0": lambda s: START[int(s)], r"\tau": 0,
        r"\pi_{\theta}": given(lambda theta: lambda a, s: policy(int(a), int(s), theta), r"\theta"),
        "P": lambda a, b, c=None: chance(ONE, b) if c is None else MOVE[int(b), int(c), int(a)]}

WEIGHTS = np.array([chance(path) for path in PATHS])
RANDOM = {r"\theta": THETA, "T": T, "s": outcomes(np.array([path[::2] for path in PATHS]), WEIGHTS),
          "a": outcomes(np.array([path[1::2] for path in PATHS]), WEIGHTS), r"\tau": outcomes(np.arange(32), WEIGHTS),
          "R": lambda *of: gain(PATHS[int(of[0])]) if len(of) == 1 else REWARD[tuple(map(int, of))],
          r"\pi_{\theta}": PATH[r"\pi_{\theta}"], "b": lambda s: 0.5 + 1.5 * s,
          "J": given(lambda theta: sum(chance(path, theta) * gain(path) for path in PATHS), r"\theta")}
REWARDS = np.array([REWARD[1, 0, 1], REWARD[1, 1, 0]])
TO_GO = {"T": T, "s": STATES, "a": ACTIONS, "R": lambda s, a, new: REWARD[int(s), int(a), int(new)],
         r"\hat{R}": np.array([REWARDS.sum(), REWARDS[1]])}

# A family of distributions on three values.
FAMILY = {r"\theta": THETA, "x": np.arange(3), r"P_{\theta}": given(lambda theta: lambda x: [1.0, np.exp(theta[0]), np.exp(theta[1])][int(x)]
                                                                    / (1 + np.exp(theta).sum()), r"\theta")}

SKIPPED = {
    1: "an update", 6: "integrals over trajectories, with words beside them", 7: "a sample estimate", 10: "an integral over any space",
    11: "an integral over any space", 12: "an integral over any space", 18: "an argmin of what is not given", 20: "one of several choices",
    21: "one of several choices", 22: "one of several choices", 23: "one of several choices", 24: "one of several choices", 19: "a general form",
}
BOUND = {
    2: (PATH, {}),
    3: (PATH, {}),
    4: (PATH, {}),
    5: (PATH, {}),
    8: ({"x": LOGITS, "p": lambda x: np.exp(x) / np.exp(x).sum()}, {}),
    9: (FAMILY, {}),
    13: (RANDOM, {}),
    14: (RANDOM, {}),
    15: (TO_GO, {}),
    16: (RANDOM, {}),
    17: (RANDOM, {}),
}
# Bindings that were changed after the first run: bindings, options, what was changed.
CHANGED = {
    2: (PATH | {r"\pi_{\theta}": lambda a, s: policy(int(a), int(s))}, {}, "the policy for one set of parameters"),
    4: (PATH | {r"\pi_{\theta}": lambda a, s: policy(int(a), int(s))}, {}, "the policy for one set of parameters"),
}
