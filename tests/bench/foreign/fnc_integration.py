"fncbook/fnc, chapter5/integration.md: bindings written from the text alone."

import numpy as np

A, B, N = 0.3, 1.5, 6
H = (B - A) / N
T = A + H * np.arange(N + 1)
W = np.array([0.5, *np.ones(N - 1), 0.5])
CLOSE = {"tolerance": 1e-2}
GRID = {"a": A, "b": B, "n": N, "h": H, "t": T, "w": W, "f": np.exp}
INTEGRAL = np.exp(B) - np.exp(A)


def trapezoid(n, f=np.exp, a=A, b=B):
    "The trapezoid formula, by NumPy."
    return np.trapezoid(f(np.linspace(a, b, int(n) + 1)), np.linspace(a, b, int(n) + 1))


def simpson(n, f=np.exp):
    "Simpson's formula with n intervals."
    x = np.linspace(A, B, int(n) + 1)
    y = f(x)
    return (B - A) / int(n) / 3 * (y[0] + y[-1] + 4 * y[1:-1:2].sum() + 2 * y[2:-1:2].sum())


def hat(i, x):
    "The hat function of node i."
    return np.maximum(0, 1 - np.abs(x - T[int(i)]) / H)


# For x^4 the trapezoid formula has an error of two terms, and Simpson's formula one of one term.
POWER = {"I": (B**5 - A**5) / 5, "n": N, "T_f": lambda n: trapezoid(n, lambda x: x**4), "S_f": lambda n: simpson(n, lambda x: x**4)}
C_2 = -((B - A) ** 2) / 12 * (4 * B**3 - 4 * A**3)
C_4 = (B - A) ** 4 / 720 * (24 * B - 24 * A)
POWER |= {"c_2": C_2, "c_4": C_4, "b_4": (POWER["I"] - simpson(2 * N, lambda x: x**4)) * N**4, "b_6": 0.0}
STEPWISE = POWER | {"c_2": C_2 / (B - A) ** 2, "c_4": C_4 / (B - A) ** 4, "h": H}

SKIPPED = {2: "not right as printed: a plus is missing beside the dots", 3: "not right as printed: a differential is outside of its bracket",
           10: "an expansion of any A(h)", 21: "no statement"}
BOUND = {
    1: (GRID, {}),
    4: (GRID, {}),
    5: (GRID | {"T_f": trapezoid}, CLOSE),
    6: (GRID, {}),
    7: (GRID | {r"\tau_f": lambda h: INTEGRAL - trapezoid(round((B - A) / h))}, {}),
    8: (GRID | {"I": INTEGRAL, "T_f": trapezoid, "p": lambda x: np.interp(x, T, np.exp(T))}, {"tolerance": 1e-4}),
    9: (GRID | {"f": lambda x: x**5, "T_f": lambda n: trapezoid(n, lambda x: x**5), "B_2": 1 / 6, "B_4": -1 / 30, "B_6": 1 / 42},
        {"tolerance": 1e-6}),
    11: (STEPWISE, {}),
    12: (POWER, {}),
    13: (POWER, {}),
    14: ({"T_f": trapezoid, "S_f": simpson, "n": N}, {}),
    15: (POWER, {}),
    16: (POWER, {}),
    17: ({"S_f": simpson, "n": N, "R_f": lambda n: (16 * simpson(n) - simpson(n // 2)) / 15}, {}),
    18: ({"T_f": lambda n: trapezoid(n, np.exp, A, A + 1), "f": np.exp, "a": A, "b": A + 1, "m": 4, "t": A + np.arange(9) / 8}, {}),
    19: (GRID | {"G_f": lambda h: trapezoid(N) - H / 24 * (np.array([3, -4, 1, *np.zeros(N - 5), 1, -4, 3]) @ np.exp(T)),
                 "T_f": lambda h: trapezoid(round((B - A) / h))}, {}),
    20: ({"p": lambda x: np.polyval(np.polyfit([-0.7, 0, 0.7], [1.0, -2.0, 4.0], 2), x), "x": 0.4, "h": 0.7, r"\alpha": 1.0, r"\beta": -2.0,
          r"\gamma": 4.0}, {}),
    22: (GRID | {"i": 3}, CLOSE),
    23: (GRID, CLOSE),
    24: ({}, {}),
}
