"mandli/intro-numerical-methods, 08_quadrature.ipynb: bindings written from the text alone."

import numpy as np

A, B = 0.2, 1.9
GRID = np.array([0.2, 0.5, 0.9, 1.2, 1.9])
EVEN = np.linspace(A, B, 6)
H = 0.34
TIGHT = {"a": A, "b": B, "f": np.sin}
EXACT = np.cos(A) - np.cos(B)
PAIR = {"f": np.exp, "x": GRID, "i": 1, r"\Delta x": GRID[2] - GRID[1]}
SIMPSON = {"f": np.exp, "x_i": 0.0, "x_{i+1}": H, r"\Delta x": H}
NODES = np.array([0.0, H / 2, H])
PARABOLA = np.polyfit(NODES, np.exp(NODES), 2)
AREA = np.polyval(np.polyint(PARABOLA), H)
WEIGHTS = np.linalg.solve(np.vander(NODES, 3, increasing=True).T, [H, H**2 / 2, H**3 / 3])
LINEAR = np.polyfit(GRID[1:3], np.exp(GRID[1:3]), 1)
SKIPPED = {1: "no statement", 2: "no statement", 6: "an equation to be solved", 7: "a partition for each N", 18: "not read", 19: "not read", 20: "not read", 21: "not read", 26: "not read"}
BOUND = {
    3: ({"u": np.cos, "f": lambda u, v, t: 2 * v - u + 2 * np.sin(t), "t": 0.6}, {}),
    4: ({"u": np.cos, "v": lambda t: -np.sin(t), "f": lambda u, v, t: 2 * v - u + 2 * np.sin(t), "t": 0.6}, {}),
    5: ({"u": np.cos, "v": lambda t: -np.sin(t), "f": lambda u, v, t: 2 * v - u + 2 * np.sin(t), "t": 0.6, "t_0": 0.1}, {}),
    8: ({"x": GRID, "x^*": (GRID[1:] + GRID[:-1]) / 2}, {}),
    9: (TIGHT | {"x": np.linspace(A, B, 101), "N": 100, "I": lambda f: EXACT, "Q_m": lambda f: np.sum(f(np.linspace(A, B, 101)[:-1] + 0.0085) * 0.017)}, {"tolerance": 1e-3}),
    10: ({"f": np.exp, r"\Delta x": H, "Q_m": lambda f: H * f(0.17)}, {}),
    11: ({"x": 0.7}, {}),
    12: ({"f": np.exp, "w": np.array([0.3, 0.2, 0.9]), "x": np.array([0.1, 0.6, 0.8]), "M": 2, "Q": lambda f: np.dot([0.3, 0.2, 0.9], f(np.array([0.1, 0.6, 0.8])))}, {}),
    13: ({"f": np.exp, "I": lambda f: np.exp(B) - np.exp(A), "Q": lambda f: (B - A) * f((A + B) / 2), "E": lambda f: np.exp(B) - np.exp(A) - (B - A) * f((A + B) / 2)}, {}),
    14: ({"f": np.exp, "a": 0.0, "b": H, "P_N": lambda x: np.polyval(PARABOLA, x), "Q": lambda f: AREA}, {}),
    15: (PAIR | {"p_0": np.exp(0.5), "p_1": LINEAR[0]}, {}),
    16: (PAIR | {"p_1": lambda x: np.polyval(LINEAR, x)}, {}),
    17: (PAIR | {"p_0": np.exp(0.5), "p_1": LINEAR[0], "Q": lambda f: np.trapezoid(f(GRID[1:3]), GRID[1:3])}, {}),
    22: ({"f": np.exp, "x": EVEN, "N": 5, r"\Delta x": H, "Q": lambda f: np.trapezoid(f(EVEN), EVEN)}, {}),
    23: (SIMPSON | {"x": 0.21, "P_2": lambda x: np.polyval(PARABOLA, x)}, {}),
    24: (SIMPSON | {"P_2": lambda x: np.polyval(PARABOLA, x), "Q": lambda f: AREA}, {}),
    25: ({"f": np.exp, r"\Delta x": H, "w": WEIGHTS, r"Q_{\Delta x}": lambda f: AREA}, {}),
    27: ({r"\Delta x": H, "w": WEIGHTS}, {}),
    28: ({r"\Delta x": H, "w": WEIGHTS}, {}),
    29: ({r"\Delta x": H, "w": WEIGHTS}, {}),
}
# Bindings that were changed after the first run: bindings, options, what was changed.
NAMED = "what is in brackets is part of the name"
CHANGED = {
    11: ({"x": 0.7, r"\hat{x}": 0.2}, {}, "what the message asks for"),
    3: ({"u": lambda t: np.cos(t), "f": lambda u, v, t: 2 * v - u + 2 * np.sin(t), "t": 0.6}, {}, "u has a parameter t"),
    4: ({"u": lambda t: np.cos(t), "v": lambda t: -np.sin(t), "f": lambda u, v, t: 2 * v - u + 2 * np.sin(t), "t": 0.6}, {}, "u has a parameter t"),
    5: ({"u": lambda t: np.cos(t), "v": lambda t: -np.sin(t), "f": lambda u, v, t: 2 * v - u + 2 * np.sin(t), "t": 0.6, "t_0": 0.1}, {}, "u has a parameter t"),
    8: ({"x": GRID, "x^*": (GRID[1:] + GRID[:-1]) / 2, "i": 2}, {}, "one i"),
    9: (TIGHT | {"x": np.linspace(A, B, 101), "N": 100, "I[f]": EXACT, "Q_m[f]": np.sum(np.sin(np.linspace(A, B, 101)[:-1] + 0.0085) * 0.017)}, {"tolerance": 1e-3}, NAMED),
    10: ({"f": np.exp, r"\Delta x": H, "Q_m[f]": H * np.exp(0.17)}, {}, NAMED),
    12: ({"f": np.exp, "w": np.array([0.3, 0.2, 0.9]), "x": np.array([0.1, 0.6, 0.8]), "M": 2, "Q[f]": np.dot([0.3, 0.2, 0.9], np.exp(np.array([0.1, 0.6, 0.8])))}, {}, NAMED),
    13: ({"I[f]": np.exp(B) - np.exp(A), "Q[f]": (B - A) * np.exp((A + B) / 2), "E[f]": np.exp(B) - np.exp(A) - (B - A) * np.exp((A + B) / 2)}, {}, NAMED),
    14: ({"a": 0.0, "b": H, "P_N": lambda x: np.polyval(PARABOLA, x), "Q[f]": AREA}, {}, NAMED),
    16: ({"f": np.exp, "x_i": 0.5, "x_{i+1}": 0.9, "x": 0.66, "p_1": lambda x: np.polyval(LINEAR, x)}, {}, "the nodes are numbers"),
    17: ({"f": np.exp, "x": 0.7, "x_i": 0.5, "x_{i+1}": 0.9, "p_0": np.exp(0.5), "p_1": LINEAR[0], "Q[f]": np.trapezoid(np.exp(GRID[1:3]), GRID[1:3])}, {}, NAMED),
    22: ({"f": np.exp, "x": EVEN, "N": 5, r"\Delta x": H, "Q[f]": np.trapezoid(np.exp(EVEN), EVEN)}, {}, NAMED),
    24: (SIMPSON | {"P_2": lambda x: np.polyval(PARABOLA, x), "Q[f]": AREA}, {}, NAMED),
    25: ({"f": np.exp, r"\Delta x": H, "w": WEIGHTS, r"Q_{\Delta x}[f]": AREA}, {}, NAMED),
}
