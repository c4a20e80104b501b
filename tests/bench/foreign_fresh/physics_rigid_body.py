"ArcturusZhang/Classical-Mechanics-Lecture-Notes, chapter/chapter6.tex: bindings written from the text alone."

import numpy as np

RNG = np.random.default_rng(0)
FIRST = {"first": 1}
b = lambda letter: rf"\boldsymbol{{{letter}}}"  # noqa: E731


def rotation(seed):
    "A rotation in space."
    q, r = np.linalg.qr(np.random.default_rng(seed).normal(size=(3, 3)))
    return q if np.linalg.det(q) > 0 else -q


def cross(w):
    "The matrix of a cross product."
    return np.array([[0, -w[2], w[1]], [w[2], 0, -w[0]], [-w[1], w[0], 0]])


FIXED, BODY = np.eye(3) @ rotation(1), rotation(2)  # bases, in rows
VECTOR = RNG.normal(size=3)
UNITS = {b("R"): VECTOR, b("E"): FIXED, b("e"): BODY, "X": FIXED @ VECTOR, "x": BODY @ VECTOR, "u": FIXED @ BODY.T, b("X"): FIXED @ VECTOR, b("x"): BODY @ VECTOR,
         b("U"): FIXED @ BODY.T}
U1, U2, PLACE = rotation(3), rotation(4), RNG.normal(size=3)
TWICE = {b("x"): PLACE, b("U") + "_1": U1, b("U") + "_2": U2, b("X") + "_1": U1 @ PLACE, b("X") + "_2": U2 @ PLACE, b("U"): U2 @ U1.T}
TURNS = {b("U"): U1, b("U") + "'": U2, b("X"): PLACE, b("X") + "'": U1 @ PLACE, b("X") + "''": U2 @ U1 @ PLACE}
EPS = np.array([0.3, -0.2, 0.5]) * 1e-6
SMALL = {b("u"): cross(EPS), b("U"): np.eye(3) + cross(EPS), b("X"): PLACE, b("X") + "'": PLACE + cross(EPS) @ PLACE, r"\varepsilon": EPS, r"\boldsymbol{\varepsilon}": EPS, "X": PLACE,
         b("R"): PLACE}
# A body that turns: the columns of E and e are the vectors of the bases.
E0 = rotation(5)
W = np.array([0.4, -1.1, 0.7])  # angular velocity in the body
U = rotation(6)
UDOT = U @ cross(W)
x, xO = RNG.normal(size=3), RNG.normal(size=3)
rO, vO, aO, alpha = (RNG.normal(size=3) for _ in range(4))
e = E0 @ U
OMEGA = e @ W
r = rO + e @ x
rP = rO + e @ xO
v = vO + np.cross(OMEGA, r - rO)
vP = vO + np.cross(OMEGA, rP - rO)
a = aO + np.cross(alpha, r - rO) + np.cross(OMEGA, np.cross(OMEGA, r - rO))
O2 = "_{O'}"
MOTION = {b("r"): r, b("r") + "_O": rO, b("r") + "'": e @ x, b("r") + O2: rP, b("x"): x, b("x") + O2: xO, b("x") + "'": x - xO, b("U"): U, b("U") + "'": U, b("E"): E0, b("e"): e,
          b("X"): U @ x, rf"\dot{{{b('U')}}}": UDOT, b("v"): v, b("v") + "_O": vO, b("v") + O2: vP, r"\omega": W, r"\boldsymbol{\omega}": OMEGA, b("a"): a, b("a") + "_O": aO,
          r"\boldsymbol{\alpha}": alpha, r"\dot{\boldsymbol{\omega}}": alpha}
# In matrices of vectors, a vector is one of the columns.
COLUMNS = {b("r") + "'": e @ x, b("E"): E0.T, b("e"): e.T, "X": U @ x, "x": x, b("X"): U @ x, b("x"): x}
SKIPPED = {1: "a constraint"}
BOUND = {
    1: ({b("r"): (GRID := RNG.normal(size=(4, 3))), "C": np.linalg.norm(GRID[:, None] - GRID[None], axis=-1), "n": 4}, FIRST),
    2: (UNITS, FIRST),
    3: (UNITS, FIRST),
    4: (UNITS, FIRST),
    5: (UNITS, FIRST),
    6: (UNITS, FIRST),
    7: (UNITS, {}),
    8: (UNITS, {}),
    9: (UNITS, {}),
    10: (TWICE, {}),
    11: (TWICE, {}),
    12: (TWICE, {}),
    13: (TURNS, {}),
    14: (TURNS, {}),
    15: (TURNS, {}),
    16: ({b("X"): PLACE, b("X") + "'": U1 @ PLACE, b("U"): U1, r"\mathrm{d} \boldsymbol{X}'": U1 @ PLACE - PLACE}, {}),
    17: (SMALL, {}),
    18: ({b("u"): U1 - np.eye(3)}, {}),
    19: (SMALL, {}),
    20: (SMALL, FIRST),
    21: (SMALL | {r"\mathrm{d} \boldsymbol{X}": cross(EPS) @ PLACE}, FIRST),
    22: ({r"\varepsilon": 0.3, b("n"): np.array([0.6, 0, 0.8]), "R": 1.7, r"\mathrm{d} \boldsymbol{R}": np.zeros(3)}, {}),
    23: (MOTION, {}),
    24: (MOTION, {}),
    25: (MOTION, {}),
    26: (COLUMNS, FIRST),
    27: (MOTION, {}),
    28: (MOTION, {}),
    29: (MOTION, {}),
    30: (MOTION, {}),
    31: (MOTION, {}),
    32: (MOTION, {}),
    33: (MOTION | {b("v"): vO + E0 @ UDOT @ x}, {}),
    34: (MOTION, {}),
    35: (MOTION, FIRST),
    36: ({b("e"): e.T, b("U"): U, rf"\dot{{{b('U')}}}": UDOT, b("x"): x, "x": x, r"\omega": W, r"\boldsymbol{\omega}": OMEGA, b("r") + "'": e @ x}, FIRST),
    37: (MOTION, {}),
    38: (MOTION, {}),
    39: (MOTION, {}),
    40: ({r"\boldsymbol{\omega}": lambda t: np.array([np.sin(t), t**2, 1.0]), r"\boldsymbol{\alpha}": np.array([np.cos(0.6), 1.2, 0.0]), "t": 0.6, r"\dot{\boldsymbol{\omega}}": np.array([np.cos(0.6), 1.2, 0.0])}, {}),
    41: (MOTION, {}),
    42: (MOTION, {}),
}
SKIPPED = {}
# Bindings that were changed after the first run: bindings, options, what was changed.
UNIT = "the identity is bound"
IDENTITY = {b("I"): np.eye(3)}
TINY = {"tolerance": 1e-9}
CHANGED = {
    1: ({b("r"): GRID, "C": np.linalg.norm(GRID[:, None] - GRID[None], axis=-1), "n": 4, "j": 2}, FIRST, "one j"),
    9: (UNITS | IDENTITY, {}, UNIT),
    12: (TWICE | IDENTITY, {}, UNIT),
    16: ({b("X"): PLACE, b("X") + "'": U1 @ PLACE, b("U"): U1, "dX'": U1 @ PLACE - PLACE} | IDENTITY, {}, UNIT + ", and the differential has another key"),
    17: (SMALL | IDENTITY, {}, UNIT),
    18: ({b("u"): U1 - np.eye(3)} | IDENTITY, {}, UNIT),
    21: (SMALL | {"dX": cross(EPS) @ PLACE}, FIRST, "the differential has another key"),
    22: ({r"\varepsilon": 0.3, b("n"): np.array([0.6, 0, 0.8]), "R": 1.7, "dR": np.zeros(3)}, {}, "the differential has another key"),
    25: (MOTION | IDENTITY, {}, UNIT),
}
CHANGED |= {place: ({key: value for key, value in MOTION.items() if key != r"\omega"}, {}, "the parts of the angular velocity are left out") for place in (37, 38, 39, 41, 42)}
