"barbagroup/CFDPython, lessons/14_Step_11.ipynb: bindings written from the text alone."

import numpy as np

from mlbook.eqval import given

RNG = np.random.default_rng(0)
RHO, NU, DT, DX, DY = 1.3, 0.2, 0.05, 0.4, 0.3
U, V, P = RNG.normal(size=(3, 5, 6))
GRID = {r"\rho": RHO, r"\nu": NU, r"\Delta t": DT, r"\Delta x": DX, r"\Delta y": DY}


def moved(a, i, j):
    "The array at places further by i and j, 0 beyond the ends."
    found = np.zeros(a.shape)
    for here in np.ndindex(a.shape):
        there = here[0] + i, here[1] + j
        if 0 <= there[0] < a.shape[0] and 0 <= there[1] < a.shape[1]:
            found[here] = a[there]
    return found


def laplacian(a):
    "The second differences in both directions."
    return (moved(a, 1, 0) - 2 * a + moved(a, -1, 0)) / DX**2 + (moved(a, 0, 1) - 2 * a + moved(a, 0, -1)) / DY**2


def pushed(a, slope):
    "A component of the velocity after one step."
    carried = U * (a - moved(a, -1, 0)) / DX + V * (a - moved(a, 0, -1)) / DY
    return a + DT * (-carried - slope / RHO + NU * laplacian(a))


FIELDS = GRID | {"u^n": U, "v^n": V, "p^n": P, "u^{n+1}": pushed(U, (moved(P, 1, 0) - moved(P, -1, 0)) / (2 * DX)),
                 "v^{n+1}": pushed(V, (moved(P, 0, 1) - moved(P, 0, -1)) / (2 * DY))}


# The vortices of Taylor and Green solve all three equations.
def vortex(x, y, t, nu):
    "The first component of the velocity."
    return np.cos(x) * np.sin(y) * np.exp(-2 * nu * t)


def other(x, y, t, nu):
    "The second component of the velocity."
    return -np.sin(x) * np.cos(y) * np.exp(-2 * nu * t)


def pressure(x, y, t, nu, rho):
    "The pressure."
    return -rho / 4 * (np.cos(2 * x) + np.cos(2 * y)) * np.exp(-4 * nu * t)


FLOW = {"x": 0.7, "y": 0.4, "t": 0.3, r"\nu": NU, r"\rho": RHO, "u": given(vortex, "x", "y", "t", r"\nu"),
        "v": given(other, "x", "y", "t", r"\nu"), "p": given(pressure, "x", "y", "t", r"\nu", r"\rho")}

SKIPPED = {1: "the equation to be solved", 7: "an equation in two displays", 8: "an equation in two displays", 9: "an equation in two displays",
           10: "an equation in two displays", 11: "an equation in two displays", 12: "an equation in two displays",
           13: "an equation in three displays", 14: "an equation in three displays", 15: "an equation in three displays"}
BOUND = {2: (FLOW, {}), 3: (FLOW, {}), 4: (FLOW, {}), 5: (FIELDS, {}), 6: (FIELDS, {})}
