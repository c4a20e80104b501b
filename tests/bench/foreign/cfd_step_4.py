"barbagroup/CFDPython, lessons/05_Step_4.ipynb: bindings written from the text alone."

import numpy as np

from mlbook.eqval import given

RNG = np.random.default_rng(0)
NU, DT, DX = 0.3, 0.01, 0.2
OLD = RNG.normal(size=7)
LEFT, RIGHT = np.append(0, OLD[:-1]), np.append(OLD[1:], 0)
GRID = {r"\nu": NU, r"\Delta t": DT, r"\Delta x": DX, "u^n": OLD,
        "u^{n+1}": OLD - OLD * DT / DX * (OLD - LEFT) + NU * DT / DX**2 * (RIGHT - 2 * OLD + LEFT)}


def potential(x, t, nu):
    "The function phi of the analytical solution."
    return np.exp(-((x - 4 * t) ** 2) / (4 * nu * (t + 1))) + np.exp(-((x - 4 * t - 2 * np.pi) ** 2) / (4 * nu * (t + 1)))


def velocity(x, t, nu):
    "The analytical solution."
    one, other = x - 4 * t, x - 4 * t - 2 * np.pi
    wide = 4 * nu * (t + 1)
    slope = -2 * one / wide * np.exp(-(one**2) / wide) - 2 * other / wide * np.exp(-(other**2) / wide)
    return -2 * nu * slope / potential(x, t, nu) + 4


FIELD = {"x": 1.9, "t": 0.3, r"\nu": NU, "u": given(velocity, "x", "t", r"\nu"), r"\phi": given(potential, "x", "t", r"\nu")}
START = {"x": 1.9, r"\nu": NU, "u": given(lambda x, nu: velocity(x, 0, nu), "x", r"\nu"), r"\phi": given(lambda x, nu: potential(x, 0, nu), "x", r"\nu")}
SKIPPED = {6: "a boundary condition"}
BOUND = {1: (FIELD, {}), 2: (GRID, {}), 3: (GRID, {}), 4: (START, {}), 5: (FIELD, {})}
