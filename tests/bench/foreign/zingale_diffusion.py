"Open-Astrophysics-Bookshelf/numerical_exercises, diffusion/diffusion.tex: bindings written from the text alone."

import numpy as np

from mlbook.eqval import given

RNG = np.random.default_rng(0)
K, DT, DX = 0.7, 0.2, 0.9
ALPHA = K * DT / DX**2


def second(u):
    "The second difference of an array, 0 at its ends."
    return np.concatenate([[0], u[2:] - 2 * u[1:-1] + u[:-2], [0]])


OLD = RNG.normal(size=8)
NEW = RNG.normal(size=8)
STEP = {r"\alpha": ALPHA, "k": K, r"\Delta t": DT, r"\Delta x": DX}
EXPLICIT = STEP | {r"\phi^n": OLD, r"\phi^{n+1}": OLD + ALPHA * second(OLD)}
IMPLICIT = STEP | {r"\phi^{n+1}": NEW, r"\phi^n": NEW - ALPHA * second(NEW)}


def solved(ends):
    "Old and new values of the cells, by NumPy: implicit, a Neumann condition on the left, and A on the right."
    lower, upper, share = ends
    n = 7
    matrix = np.diag(np.full(n, 1 + 2 * share)) - share * (np.eye(n, k=1) + np.eye(n, k=-1))
    matrix[0, 0], matrix[-1, -1] = lower, upper
    return matrix


A = 1.3
CELLS = RNG.normal(size=7)
FULL = solved((1 + ALPHA, 1 + 3 * ALPHA, ALPHA))
WALLS = STEP | {r"\phi^{n}": CELLS, r"\phi^{n+1}": np.linalg.solve(FULL, CELLS + np.append(np.zeros(6), 2 * ALPHA * A)),
                "A": A, r"\mathrm{lo}": 0, r"\mathrm{hi}": 6}

CN = solved((1 + ALPHA / 2, 1 + ALPHA / 2, ALPHA / 2))
CN[np.arange(1, 6), np.arange(1, 6)] = 1 + ALPHA
LAPLACIAN = np.diff(np.pad(CELLS, 1, mode="edge"), 2)
CRANK = STEP | {r"\phi^{n}": CELLS, r"\phi^{n+1}": np.linalg.solve(CN, CELLS + ALPHA / 2 * LAPLACIAN), r"\mathrm{lo}": 0, r"\mathrm{hi}": 6,
                r"\nabla^2 \phi": LAPLACIAN / DX**2}

M = np.eye(8) - ALPHA / 2 * (np.eye(8, k=1) + np.eye(8, k=-1) - 2 * np.eye(8))
INNER = STEP | {r"\phi^n": OLD, r"\phi^{n+1}": np.linalg.solve(M, OLD + ALPHA / 2 * (np.eye(8, k=1) + np.eye(8, k=-1) - 2 * np.eye(8)) @ OLD)}
LEFT = INNER | {r"\mathrm{lo}": 1, r"\phi^n": np.append(CELLS[:1], CELLS), r"\phi^{n+1}": np.append([0.0], CRANK[r"\phi^{n+1}"])}


def gaussian(x, t, k, t_0, x_c, phi_1, phi_2):
    "The exact solution that an exercise of the chapter gives."
    return (phi_2 - phi_1) * np.sqrt(t_0 / (t + t_0)) * np.exp(-((x - x_c) ** 2) / (4 * k * (t + t_0))) + phi_1


POINT = {"x": 0.3, "t": 0.4, "k": 0.7, "t_0": 0.2, "x_c": 0.5, r"\phi_1": 1.0, r"\phi_2": 2.0}
EXACT = POINT | {r"\phi": given(gaussian, "x", "t", "k", "t_0", "x_c", r"\phi_1", r"\phi_2")}
DIFFERENCES = STEP | {r"\nabla^2": lambda u: second(u) / DX**2}
THERMO = {"x": np.array([0.2, 0.5, 0.9]), "T": lambda x: x[0] * x[1] + x[2], r"\rho": lambda x: x[0] + x[1] ** 2 * x[2],
          "e": given(lambda T, rho: T**2 * rho, "T", r"\rho"), "e_T": given(lambda T, rho: 2 * T * rho, "T", r"\rho"),
          r"e_\rho": given(lambda T, rho: T**2, "T"), "c_v": given(lambda T, rho: 2 * T * rho, "T", r"\rho")}
THERMO |= {r"e_\rho": given(lambda T: T**2, "T")}
CONDUCTIVITY = np.array([1.0, 2.5, 0.7, 3.1])

SKIPPED = {
    1: "the equation to be solved", 5: "a condition on the step", 6: "boundary conditions", 7: "boundary conditions",
    12: "a boundary condition", 14: "a boundary condition", 27: "a scheme, with fluxes that are not given",
    30: "a scheme", 31: "a scheme", 32: "a scheme", 33: "the equation to be solved", 34: "names terms of an equation",
    37: "the equation to be solved",
}
BOUND = {
    2: (EXACT, {}),
    3: (EXPLICIT, {}),
    4: (STEP | {"A": (1 + ALPHA * (np.exp(0.8j) - 2 + np.exp(-0.8j))).real, r"\theta": 0.8, "n": 3}, {}),
    8: (IMPLICIT, {}),
    9: (STEP, {}),
    10: (IMPLICIT, {}),
    11: (STEP | {"C": DT / (DX**2 / (2 * K))}, {}),
    13: (WALLS, {}),
    15: (WALLS, {}),
    16: (WALLS, {}),
    17: (INNER, {}),
    18: (INNER, {}),
    19: (INNER, {}),
    20: (LEFT, {}),
    21: (CRANK, {}),
    22: (EXACT, {}),
    23: (INNER | DIFFERENCES, {}),
    24: (INNER | DIFFERENCES, {}),
    25: (INNER | DIFFERENCES | {r"\alpha": 1.0, r"\beta": DT * K / 2, "f": OLD + ALPHA / 2 * second(OLD)}, {}),
    26: (INNER | DIFFERENCES | {r"\alpha": 1.0, r"\beta": DT * K / 2, "f": OLD + ALPHA / 2 * second(OLD)}, {}),
    28: ({"k": CONDUCTIVITY, "k_{i+1/2}": (CONDUCTIVITY[:-1] + CONDUCTIVITY[1:]) / 2}, {}),
    29: ({"k": CONDUCTIVITY, "k_{i+1/2}": 2 / (1 / CONDUCTIVITY[:-1] + 1 / CONDUCTIVITY[1:])}, {}),
    35: (THERMO, {}),
    36: (THERMO, {}),
}
