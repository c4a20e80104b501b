"""What the fifteen and the eight fresh texts asked for: a right display passes, a wrong neighbour fails, and what is unclear is asked about."""

import functools

import numpy as np
import pytest
from mlbook.eqval import EquationError, given, outcomes, survivors
from mlbook.eqval import check as checked

check = functools.partial(checked, mutants=False)
R = np.random.default_rng(11)
X, BETA = R.normal(size=(5, 3)), R.normal(size=3)
ONES = np.column_stack([np.ones(5), X])
FIRST = {"first": 1}
POINTS = np.array([0.2, 0.5, 0.9, 1.2, 1.9])
TABLE = r"\begin{bmatrix} 1 & x_{11} & x_{12} & \cdots & x_{1p} \\ 1 & x_{21} & x_{22} & \cdots & x_{2p} \\ \vdots & \vdots & \vdots & & \vdots \\ 1 & x_{n1} & x_{n2} & \cdots & x_{np} \end{bmatrix}"
ROWS = r"\begin{aligned} y_1 &= x_1^\top b \\ y_2 &= x_2^\top b \\ &\vdots \\ y_n &= x_n^\top b \end{aligned}"
SUMS = r"\begin{bmatrix} x_{11} b_1 + x_{12} b_2 + \cdots + x_{1p} b_p \\ x_{21} b_1 + x_{22} b_2 + \cdots + x_{2p} b_p \\ \vdots \\ x_{n1} b_1 + x_{n2} b_2 + \cdots + x_{np} b_p \end{bmatrix}"

Y = R.normal(size=5)
BEST = np.linalg.lstsq(X, Y, rcond=None)[0]
RIDGE = np.linalg.solve(X.T @ X + 0.7 * np.eye(3), X.T @ Y)
LONG = R.normal(size=8)
BIG = np.fft.fft(LONG)
PAIR = np.array([LONG[:4], LONG[4:]])


def root(k, m):
    return np.exp(-2j * np.pi * k / m)


# Each case: the display, what is bound, what is bound in the wrong neighbour or its display, and options.

CASES = {
    "an index ends where the entry after it does": (r"d_i = x_{i+1} - x_i", {"x": POINTS, "d": np.diff(POINTS)}, r"d_i = x_{i+1} + x_i"),
    "between neighbours": (r"x_i \le m_i \le x_{i+1}", {"x": POINTS, "m": (POINTS[1:] + POINTS[:-1]) / 2}, {"m": POINTS[1:] + 0.1}),
    "a table behind a column of ones": (r"A = " + TABLE, {"A": ONES, "x": X, "n": 5, "p": 3}, {"A": np.column_stack([X, np.ones(5)])}, FIRST),
    "a column of sums": (r"y = " + SUMS, {"y": X @ BETA, "x": X, "b": BETA, "n": 5, "p": 3}, {"b": BETA + [0, 0, 1]}, FIRST),
    "columns side by side": (r"A = \begin{bmatrix} x_1 & x_2 & \cdots & x_n \end{bmatrix}", {"A": X.T, "x": X, "n": 5}, {"A": X.T + np.eye(3, 5)}, FIRST),
    "rows one above the other": (r"A = \begin{bmatrix} x_1^\top \\ x_2^\top \\ \vdots \\ x_n^\top \end{bmatrix}", {"A": X, "x": X, "n": 5}, {"A": X[::-1]}, FIRST),
    "blocks one above the other": (r"z = \begin{bmatrix} x_1 \\ \vdots \\ x_n \end{bmatrix}", {"z": X.ravel(), "x": X, "n": 5}, {"z": X.T.ravel()}, FIRST),
    "ones beside rows": (r"A = \begin{bmatrix} 1 & x_1^\top \\ \vdots & \vdots \\ 1 & x_n^\top \end{bmatrix}", {"A": ONES, "x": X, "n": 5}, {"A": 2 * ONES}, FIRST),
    "powers in a table": (
        r"A = \begin{bmatrix} 1 & x_1 & \cdots & x_1^d \\ \vdots & \vdots & & \vdots \\ 1 & x_n & \cdots & x_n^d \end{bmatrix}",
        {"A": np.vander(BETA, 4, increasing=True), "x": BETA, "n": 3, "d": 3}, {"A": np.vander(BETA, 4)}, FIRST),
    "a diagonal with blanks": (r"D = \begin{bmatrix} d_1 & & \\ & \ddots & \\ & & d_n \end{bmatrix}", {"D": np.diag(BETA), "d": BETA, "n": 3}, {"D": np.diag(BETA) + 1}, FIRST),
    "a column of ones": (r"y = c \begin{bmatrix} 1 \\ 1 \\ \vdots \\ 1 \end{bmatrix} + x", {"c": 2.0, "x": BETA, "y": BETA + 2}, {"y": BETA + [2, 2, 3]}),
    "rows of dots": (ROWS, {"y": X @ BETA, "x": X, "b": BETA, "n": 5}, {"y": X @ BETA + [0, 0, 0, 1, 0]}, FIRST),
    "a row of dots in a derivation": (r"\begin{aligned} s &= 1 + 1 \\ &\;\vdots \\ &= 2 \end{aligned}", {"s": 2.0}, r"\begin{aligned} s &= 1 + 1 \\ &\;\vdots \\ &= 3 \end{aligned}"),
    "a term out of line": (r"y = x_1 + 2 b x_1 x_2 + x_3 + \cdots + x_n", {"x": POINTS, "b": 2.0, "n": 5, "y": POINTS.sum() - 0.5 + 0.4}, {"y": POINTS.sum()}, FIRST),
    "powers that go on for ever": (r"\sum_{k=0}^\infty \gamma^k r_{h+k} = r_h + \gamma r_{h+1} + \gamma^2 r_{h+2} + \cdots", {"r": 0.5 ** np.arange(400), r"\gamma": 0.9, "h": 2},
                                   r"\sum_{k=0}^\infty \gamma^k r_{h+k} = r_h + \gamma r_{h+1} + \gamma^2 r_{h+3} + \cdots"),
}

CASES |= {
    "where squares are least": (r"\hat\beta = \arg\min_{\beta \in \mathbb{R}^k} \|y - X \beta\|^2 = (X^\top X)^{-1} X^\top y", {"X": X, "y": Y, "k": 3, r"\hat\beta": BEST}, {r"\hat\beta": BEST + 1e-5}),
    "with a penalty behind": (
        r"\hat\beta = \arg\min_\beta \|y - X \beta\|^2 + \lambda \|\beta\|^2", {"X": X, "y": Y, r"\lambda": 0.7, r"\beta": BETA, r"\hat\beta": RIDGE}, {r"\hat\beta": BEST}),
    "a matrix of slopes": (r"W = \arg\min_{V \in \mathbb{R}^{3 \times 2}} \|Y - X V\|_F^2", {"X": X, "Y": np.stack([Y, Y**2], 1), "W": np.linalg.lstsq(X, np.stack([Y, Y**2], 1), rcond=None)[0]},
                           {"W": np.zeros((3, 2))}),
    "the most likely": (r"\hat\mu = \arg\max_\mu \sum_i \log p(y_i, \mu)", {"y": Y, r"\hat\mu": Y.mean(), r"\mu": 0.3, "p": lambda a, b: np.exp(-((a - b) ** 2) / 2)}, {r"\hat\mu": np.median(Y)}),
    "a conjugate function": (r"\sup_{x \in \mathbb{R}} s x - f(x) = \frac{s^2}{2}", {"s": 0.7, "f": lambda u: u**2 / 2}, r"\sup_{x \in \mathbb{R}} s x - f(x) = s^2"),
    "the largest sum": (r"m = \max_i x_i + b_i", {"x": Y, "b": X[:, 0], "m": (Y + X[:, 0]).max()}, {"m": Y.max() + X[:, 0].max()}),
    "an expectation that is least": (r"b = \arg\min_{a \in \mathbb{R}^3} E[(Y_i - X_i^\top a)^2] = (E[X_i X_i'])^{-1} E[X_i Y_i]", {"b": BEST, "X": outcomes(X), "Y": outcomes(Y)}, {"b": RIDGE}),
    "a function of its scripts": (r"F_k = \sum_{n=0}^{M-1} x[n] w^{kn}_M", {"F": BIG, "x": LONG, "M": 8, "w": root}, r"F_k = \sum_{n=0}^{M-1} x[n] w^{k+n}_M"),
    "scripts in the other order": (r"F_k = \sum_{n=0}^{M-1} x[n] w^{kn}_M", {"F": BIG, "x": LONG, "M": 8, "w": lambda m, k: root(k, m)}, {"w": lambda m, k: root(2 * k, m)}),
    "a conjugate number": (r"M x[n] = \sum_{k=0}^{M-1} F_k (w^{kn}_M)^*", {"F": BIG, "x": LONG, "M": 8, "w": root}, r"M x[n] = \sum_{k=0}^{M-1} F_k (w^{kn}_M)"),
    "an entry further on": (r"y[n] = x[n] + x[n + 2^{k-1}]", {"x": LONG, "y": LONG[:4] + LONG[4:], "k": 3}, r"y[n] = x[n] + x[n + 2^{k-2}]"),
    "an entry of a row": (r"y[n] = x_0[n] - x_1[n]", {"x": PAIR, "y": PAIR[0] - PAIR[1]}, r"y[n] = x_1[n] - x_0[n]"),
}

CHANCES, GAIN = np.array([0.1, 0.6, 0.3]), np.array([1.0, 4.0, 7.0])
NOISE, LEVEL = R.uniform(1, 2, size=5), R.uniform(1, 2, size=5)
SWING = {"x": lambda t: np.sin(2 * t), "t": 0.4, "m": 1.3, "k": 5.2}
MOVED = {"r": lambda t: np.array([np.cos(t), t**2, np.exp(-t)]), "t": 0.4, "v": np.array([-np.sin(0.4), 0.8, -np.exp(-0.4)])}
DRAWN = {"z": outcomes(np.arange(3), CHANCES), "q": lambda z: CHANCES[int(z)], "f": lambda z: GAIN[int(z)]}
CASES |= {
    "dots above": (r"m \ddot{x} = -k x", SWING, r"m \ddot{x} = k x"),
    "dots before an argument": (r"\dot{x}(t)^2 = 4 - 4 x(t)^2", SWING, r"\dot{x}(t) = 4 - 4 x(t)^2"),
    "a dot above a vector": (r"\dot{\mathbf r} \cdot \dot{\mathbf r} = \|v\|^2", MOVED, r"\dot{\mathbf r} \cdot \dot{\mathbf r} = \|v\|"),
    "a dot above a chain": (r"\dot E = m \dot x \ddot x + k x \dot x", SWING | {"E": given(lambda x, u: 0.65 * u**2 + 2.6 * x**2, "x", "u"), "u": lambda t: 2 * np.cos(2 * t)}, r"\dot E = m \dot x \ddot x - k x \dot x"),
    "three dots": (r"\dddot x = -4 \dot x", SWING, r"\dddot x = 4 \dot x"),
    "a row in brackets": (r"y = [1, x_1, x_2, \ldots, x_p] \theta", {"x": BETA, "p": 3, r"\theta": LONG[:4], "y": LONG[0] + LONG[1:4] @ BETA}, r"y = [x_1, 1, x_2, \ldots, x_p] \theta", FIRST),
    "nothing at infinity": (r"\int_0^\infty t e^{-st} \, dt = \left[ \frac{-t e^{-st}}{s} \right]_{t=0}^\infty + \frac{1}{s^2} = \frac{1}{s^2}", {"s": 1.3}, r"\int_0^\infty t e^{-st} \, dt = \left[ \frac{-t e^{-st}}{s} \right]_{t=0}^\infty + \frac{1}{s} = \frac{1}{s}"),
    "infinity times nothing": (r"\int_0^\infty e^{-st} (M e^{ct}) \, dt = \frac{M}{s-c}", {"M": 1.2, "s": 1.5, "c": 0.4}, r"\int_0^\infty e^{-st} (M e^{ct}) \, dt = \frac{M}{s+c}"),
    "a root at the end": (r"\int_0^a \frac{d\theta}{\sqrt{a^2 - \theta^2}} = \frac{\pi}{2}", {"a": 0.7}, r"\int_0^a \frac{d\theta}{\sqrt{a^2 - \theta^2}} = \pi"),
    "a root at the start": (r"\int_0^\infty \frac{e^{-x}}{\sqrt{x}} \, dx = \sqrt{\pi}", {}, r"\int_0^\infty \frac{e^{-x}}{\sqrt{x}} \, dx = 2 \sqrt{\pi}"),
    "a function without parentheses": (r"\int_0^1 x \sin x \, dx = \sin 1 - \cos 1", {}, r"\int_0^1 x \cos x \, dx = \sin 1 - \cos 1"),
    "a function without its argument": (r"\frac{du}{dt} = f(u, t)", {"u": np.exp, "t": 0.6, "f": lambda a, b: a}, {"f": lambda a, b: 2 * a}),
    "a letter with a hat at two places": (r"\int_0^x \sin(\hat x) \, d\hat x = -\cos \hat x |_0^x = 1 - \cos x", {"x": 0.7}, r"\int_0^x \sin(\hat x) \, d\hat x = \cos \hat x |_0^x = \cos x - 1"),
    "an antiderivative": (r"\int x e^x \, dx = x e^x - e^x + C", {"x": 1.3}, r"\int x e^x \, dx = x e^x + e^x + C"),
    "by parts": (r"\int x f(x) \, dx = x F(x) - \int F(x) \, dx", {"x": 1.3, "F": np.sin, "f": np.cos}, r"\int x f(x) \, dx = x F(x) + \int F(x) \, dx"),
    "a potential": (r"V = -\int F \, dx", {"x": 1.3, "V": lambda x: x**4 / 4 + 3, "F": lambda x: -(x**3)}, r"V = \int F \, dx"),
    "no antiderivative": (r"\int p(x) \, dx = 1", {"x": 1.3, "p": lambda x: np.exp(-x * x / 2) / np.sqrt(2 * np.pi)}, r"\int p(x) \, dx = 2"),
    "a set of vectors": (r"m = \frac{1}{|D|} \sum_{x \in D} x", {"D": list(X), "m": X.mean(0)}, {"m": X.sum(0)}),
    "an index inside": (r"s_i = \frac{a_i}{\sigma_{n_i}^2}", {"s": LEVEL / NOISE**2, "a": LEVEL, r"\sigma_n": NOISE}, r"s_i = \frac{a_i}{\sigma_{n_i}}"),
    "an index inside its name": (r"s_i = \frac{a_i}{\sigma_{n_i}^2}", {"s": LEVEL / NOISE**2, "a": LEVEL, r"\sigma_{n_i}": NOISE}, {"s": LEVEL / NOISE}),
    "an index inside parentheses": (r"L = \prod_{i=0}^{4} p(D_i | \theta, s_i^2)", {"L": LEVEL.prod(), r"p(D_i | \theta, s_i^2)": LEVEL}, {"L": LEVEL[1:].prod()}),
    "an expectation over a function": (r"m = \mathbb{E}_{q(z)} [f(z) - \log q(z)]", DRAWN | {"m": CHANCES @ (GAIN - np.log(CHANCES))}, r"m = \mathbb{E}_{q(z)} [f(z) - 2 \log q(z)]"),
    "given an index": (r"s = \sum_{k=0}^{2} p(z=k)", {"s": 1.0, "p(z=k)": given(lambda k: CHANCES[int(k)], "k")}, r"s = \sum_{k=1}^{2} p(z=k)"),
}

TOSS = {"HH": 0.3, "HT": 0.2, "TH": 0.1, "TT": 0.4}
EVENTS = {"P": lambda event: sum(TOSS[each] for each in event), r"\Omega": set(TOSS), "A": {"HH", "HT"}, "B": {"HT", "TT"}, "C": {"TH", "TT"}}
FAMILY = {"P": EVENTS["P"], "A": [{"HH", "HT"}, {"HT", "TT"}, {"TH"}], "B": [{"HH", "HT"}, {"TT"}, {"TH"}], r"\Omega": set(TOSS), "n": 3}
MASS = np.array([0.1, 0.2, 0.3, 0.15, 0.25])
WHOLE = {"A": {0, 1}, "B": {1, 3}, r"\Omega": set(range(5)), "P": lambda event: sum(MASS[each] for each in event), "p": lambda w: MASS[int(w)], "m": MASS, "x": 3}
CASES |= {
    "a union": (r"P(A \cup B) = P(A) + P(B) - P(A \cap B)", EVENTS, r"P(A \cup B) = P(A) + P(B)"),
    "three sets": (r"P(A \cup B \cup C) = P(A) + P(B) + P(C) - P(A B) - P(A C) - P(B C) + P(A B C)", EVENTS, r"P(A \cup B \cup C) = P(A) + P(B) + P(C) - P(A B C)"),
    "a complement": (r"P(A^c) = 1 - P(A)", EVENTS, r"P(A^c) = 1 - P(B)"),
    "complements in other spellings": (r"(A \cup B)^\complement = \bar A \cap B^{\text{c}} = \overline{A \cup B}", EVENTS, r"(A \cup B)^\complement = \bar A \cup B^{\text{c}} = \overline{A \cup B}"),
    "a difference": (r"P(A \setminus B) = P(A - B) = P(A) - P(A \cap B)", EVENTS, r"P(A \setminus B) = P(A) - P(B)"),
    "a union with a dot": (r"P((A \setminus B) \mathbin{\dot{\cup}} (A \cap B)) = P(A)", EVENTS, r"P((A \setminus B) \mathbin{\dot{\cup}} (A \cap B)) = P(B)"),
    "nothing in common": (r"A \cap C = \varnothing", EVENTS, r"A \cap B = \varnothing"),
    "subsets": (r"A \cap B \subseteq A \subseteq \Omega", EVENTS, r"A \cap B \subseteq C \subseteq \Omega"),
    "sizes": (r"|A \cup B| = |A| + |B| - |A \cap B|", EVENTS, r"|A \cup B| = |A| + |B|"),
    "given another": (r"P(A \mid B) = \frac{P(A \cap B)}{P(B)}", EVENTS | {"P": lambda a, b=set(TOSS): EVENTS["P"](a & b) / EVENTS["P"](b)}, r"P(A \mid B) = \frac{P(A \cap B)}{P(A)}"),
    "a bound for a union": (r"P\left(\bigcup_i A_i\right) \le \sum_i P(A_i)", FAMILY, r"P\left(\bigcup_i A_i\right) = \sum_i P(A_i)"),
    "a union with an end": (r"P\left(\bigcup_{i=1}^n B_i\right) = \sum_{i=1}^n P(B_i)", FAMILY, r"P\left(\bigcup_{i=1}^{n-1} B_i\right) = \sum_{i=1}^n P(B_i)", FIRST),
    "a union without an end": (r"P\left(\bigcup_{i=1}^\infty B_i\right) = \sum_{i=1}^\infty P(B_i)", FAMILY, r"P\left(\bigcup_{i=1}^\infty A_i\right) = \sum_{i=1}^\infty P(A_i)", FIRST),
    "a rule for families": (r"\left(\bigcap_{i=1}^n A_i\right)^c = \bigcup_{i=1}^n A_i^c", FAMILY, r"\left(\bigcap_{i=1}^n A_i\right)^c = \bigcap_{i=1}^n A_i^c", FIRST),
    "parts of everything": (r"P(A_i) = \sum_j P(A_i \cap B_j)", FAMILY, r"P(A_i) = \sum_j P(A_i \cup B_j)"),
    "apart, two by two": (r"B_i \cap B_j = \emptyset \text{ for } i \ne j", FAMILY, r"A_i \cap A_j = \emptyset \text{ for } i \ne j"),
    "a member": (r"x \in B \setminus A", WHOLE, r"x \in A \setminus B"),
    "no member": (r"x \notin A \cap B", WHOLE, r"x \notin A \cup B"),
    "a sum over a union": (r"P(A \cup B) = \sum_{\omega \in A \cup B} p(\omega)", WHOLE, r"P(A \cup B) = \sum_{\omega \in A \cap B} p(\omega)"),
    "a sum over a complement": (r"P(A^c) = \sum_{w \in A^c} m_w", WHOLE, r"P(A^c) = \sum_{w \in A} m_w"),
    "a sum over each of a family": (r"P(A_i) = \sum_{\omega \in A_i} p(\omega)", WHOLE | {"A": [{0, 1}, {2, 4, 1}]}, r"P(A_i) = \sum_{\omega \in A_i} p(\omega)^2"),
    "an indicator": (r"P(A) = \sum_{\omega \in \Omega} \mathbf{1}_A(\omega) p(\omega)", WHOLE, r"P(A) = \sum_{\omega \in \Omega} \mathbf{1}_B(\omega) p(\omega)"),
    "values of a variable": (r"E[X] = \sum_{x \in X(\Omega)} x p(x)", {"X": outcomes(np.array([1.0, 4.0, 7.0, 4.0]), MASS[1:] / 0.9), "p": lambda x: {1: 0.2, 4: 0.55, 7: 0.15}[int(x)] / 0.9},
                             r"E[X] = \sum_{x \in X(\Omega)} p(x)"),
    "values that are bound": (r"m = \sum_{x \in X(\Omega)} x p(x)", {r"X(\Omega)": {1.0, 4.0, 7.0}, "p": lambda x: x / 12, "m": 5.5}, {"m": 5.0}),
    "values of a function on a set": (r"m = \sum_{x \in X(\Omega)} x", {"X": lambda w: w % 3, r"\Omega": {0, 1, 2, 3, 4}, "m": 3.0}, {"m": 4.0}),
}

BOX = r"p = \begin{cases} 1/8 & \text{if all } x_i \in [0, 2] \\ 0 & \text{else} \end{cases}"
INSIDE, AROUND, BLOCK = np.array([0.3, 1.7, 0.9]), np.array([0.3, 2.7, 0.9]), np.diag([2.0, 3.0, 5.0])
CASES |= {
    "a condition on all": (BOX, {"x": INSIDE, "p": 0.125}, {"x": AROUND}),
    "a condition on any": (BOX.replace("all", "any").replace("[0, 2]", "[2, 3]"), {"x": AROUND, "p": 0.125}, {"x": INSIDE}),
    "one by one": (r"p_i = \begin{cases} 1 & \text{if } x_i \in [0, 2) \\ 0 & \text{otherwise} \end{cases}", {"x": AROUND, "p": np.array([1.0, 0, 1])}, {"p": np.ones(3)}),
    "outside": (r"p_i = \begin{cases} 1 & \text{if } x_i \notin [0, 2] \\ 0 & \text{otherwise} \end{cases}", {"x": AROUND, "p": np.array([0, 1.0, 0])}, {"p": np.ones(3)}),
    "the chance of an interval": (r"P(X \in [1, 7)) = 0.7", {"X": outcomes(np.array([1.0, 4.0, 7.0]), CHANCES)}, r"P(X \in [1, 7]) = 0.7"),
    "a number in an interval": (r"f(x) = x^2 \text{ for } x \in [0, 1]", {"f": np.square, "x": 0.3}, r"f(x) = x^3 \text{ for } x \in [0, 1]"),
    "zeros in a corner": (r"A = \begin{bmatrix} 0 & 0 \\ 0 & B \end{bmatrix}", {"A": np.pad(BLOCK, (2, 0)), "B": BLOCK}, r"A = \begin{bmatrix} B & 0 \\ 0 & 0 \end{bmatrix}"),
    "zeros in another corner": (r"A = \begin{bmatrix} 0 & B \\ 0 & 0 \end{bmatrix}", {"A": np.pad(BLOCK, ((0, 1), (2, 0))), "B": BLOCK}, r"A = \begin{bmatrix} 0 & 2 B \\ 0 & 0 \end{bmatrix}"),
}

BELLMAN = {"J": lambda v: lambda s: np.sin(s) + v(s / 2) / 2, "v": lambda s: s**2, "s": 0.7, "n": 3}
STEPS = {"T": lambda u: STEP @ u + SHIFT, "A": (STEP := np.array([[0.2, 0.1], [0.3, 0.4]])), "c": (SHIFT := np.array([1.0, 2.0])), "u": np.array([0.3, -0.2]), "n": 3}
NAMED = {"f": np.sin, "g": np.cos, "h": np.exp, "x": 0.3}
POLICY, REFERENCE = np.array([0.2, 0.5, 0.3]), np.array([0.5, 0.3, 0.2])
LOSS = {r"\pi_\theta": lambda y: POLICY[int(y)], r"\pi_\text{ref}": lambda y: REFERENCE[int(y)]}
CASES |= {
    "an operator at a place": (r"[J(v)](s) = \sin s + \frac{1}{2} v(s/2)", BELLMAN, r"[J(v)](s) = \sin s + v(s/2)"),
    "an operator without parentheses": (r"(J v)(s) = \sin s + \frac{1}{2} v(s/2)", BELLMAN, r"(J v)(s) = \sin s + v(s)"),
    "an operator without brackets": (r"J(v)(s) = \sin s + \frac{1}{2} v(s/2)", BELLMAN, r"J(v)(s) = \sin s"),
    "an operator twice": (r"(J^2 v)(s) = \sin s + \frac12 \sin(s/2) + \frac14 v(s/4)", BELLMAN, r"(J^2 v)(s) = \sin s + \frac12 \sin(s/2) + \frac12 v(s/4)"),
    "an operator n times": (r"[J^n(v)](s) = [J(J(J(v)))](s)", BELLMAN, r"[J^n(v)](s) = [J(J(v))](s)"),
    "a step twice": (r"T^2(u) = A (A u + c) + c", STEPS, r"T^2(u) = A (A u + c)"),
    "a step n times": (r"T^n(u) = A T^{n-1}(u) + c", STEPS, r"T^n(u) = A T^{n-1}(u)"),
    "an entry of a step": (r"[T(u)](0) = A_{00} u_0 + A_{01} u_1 + c_0", STEPS, r"[T(u)](1) = A_{00} u_0 + A_{01} u_1 + c_0"),
    "a power of entries": (r"f^2(x) = f(x) \odot f(x)", NAMED | {"x": BETA}, r"f^2(x) = f(f(x))"),
    "a power of a number": (r"f^2(x) = \sin^2 x", NAMED, r"f^2(x) = \sin \sin x"),
    "a ring above": (r"f^{\circ 2}(x) = \sin \sin x", NAMED, r"f^{\circ 2}(x) = \sin^2 x"),
    "three functions": (r"(f \circ g \circ h)(x) = \sin \cos e^x", NAMED, r"(f \circ g \circ h)(x) = \cos \sin e^x"),
    "a factor in brackets": (r"[f(x)](x + 1) = x \sin x + \sin x", NAMED, r"[f(x)](x + 1) = \sin(x + 1)"),
    "a function that is given functions": (r"L(\pi_\theta; \pi_{\text{ref}}) = -\log \frac{\pi_\theta(0)}{\pi_{\text{ref}}(0)}", LOSS | {"L": given(lambda a, b: -np.log(a(0) / b(0)), r"\pi_\theta", r"\pi_\text{ref}")},
                                           r"L(\pi_\theta; \pi_{\text{ref}}) = -\log \frac{\pi_\theta(0)}{\pi_{\text{ref}}(1)}"),
}


def case(name):
    "The display, what is bound, the wrong neighbour's display and bindings, and options."
    source, bindings, wrong, *options = CASES[name]
    other = (wrong, bindings) if isinstance(wrong, str) else (source, bindings | wrong)
    return source, bindings, *other, options[0] if options else {}


@pytest.mark.parametrize("name", CASES)
def test_a_right_display_passes_and_its_neighbour_does_not(name):
    source, bindings, other, bound, options = case(name)
    report = check(source, bindings, **options)
    assert report and report.cases, report
    try:
        assert not check(other, bound, **options)
    except EquationError as error:
        assert "the dots do not tell" in str(error) or "values in" in str(error), error


ASKED = {
    "columns for rows": (r"A = \begin{bmatrix} x_1 & x_2 & \cdots & x_n \end{bmatrix}", {"A": X, "x": X, "n": 5}, FIRST, "is compared with"),
    "arrays of other lengths": (r"d_i = x_{i+1} - x_i", {"x": POINTS, "d": POINTS[:3]}, {}, "i takes 3 values in d_{i} and 4 in x_{i}"),
    "four minima": (r"b = \arg\min_{a \in \mathbb{R}^2} (a_0^2 - 1)^2 + (a_1^2 - 1)^2", {"b": np.ones(2)}, {}, "no single minimum"),
    "a function that falls for ever": (r"b = \arg\min_{a \in \mathbb{R}^2} -\|a\|^2", {"b": np.ones(2)}, {}, "no single minimum"),
    "a line of minima": (r"b = \arg\min_{a \in \mathbb{R}^2} (a_0 - a_1)^2", {"b": np.ones(2)}, {}, "no single minimum"),
    "scripts without names": (r"F = w^2_8", {"F": root(2, 8), "w": lambda a, b: root(a, b)}, {}, "name its parameters as they are printed"),
    "a star above a real number": (r"y = x^*", {"x": 2.0, "y": 2.0}, {}, r"\* has no value"),
    "a star above a vector": (r"y = (x)^*", {"x": 1j * POINTS, "y": -1j * POINTS}, {}, r"\* has no value"),
    "a dot before parentheses": (r"p = \dot x (a + b)", SWING | {"p": 1.0, "a": 1.0, "b": 2.0}, {}, "may be a factor or an argument"),
    "a dot without time": (r"\dot x = 2", {"x": lambda u: 2 * u}, {}, "depends on no single number"),
    "a jump": (r"\int_0^1 f(t) \, dt = 0.6", {"f": lambda t: 1.0 * (t > 0.4321)}, {}, "known to few digits"),
    "other chances": (r"m = \mathbb{E}_{q(z)} [f(z)]", DRAWN | {"m": 4.0, "z": outcomes(np.arange(3))}, {}, "gives other probabilities"),
    "dots beyond their end": (r"s = x_1 + x_2 + x_3 + \cdots + x_n", {"x": POINTS, "s": 1.0, "n": 2}, FIRST, r"they need n \\ge 4"),
    "sets in some order": (r"P(A \cup B \cap C) = 1", EVENTS, {}, "may be read in several orders"),
    "a complement in nothing": (r"P(A^c) = 1 - P(A)", {key: each for key, each in EVENTS.items() if key != r"\Omega"}, {}, r"bind \\Omega"),
    "a dot that is wrong": (r"P(A \dot\cup B) = P(A) + P(B)", EVENTS, {}, "nothing in common, and these have"),
    "a dot that is wrong for a family": (r"P(\bigsqcup_i A_i) = \sum_i P(A_i)", FAMILY, {}, "nothing in common, and these have"),
    "a set as a number": (r"2 A_i = A_i", FAMILY, {}, "stands where a number has to be"),
    "a sum of sets": (r"A + B = B + A", EVENTS, {}, r"print \\cup"),
    "a set without a name": (r"D = A \cup B, \quad P(D) = 0.9", EVENTS, {}, "bind it to a set"),
    "a union of numbers": (r"\bigcup_i a_i = 2", {"a": POINTS}, {}, "it takes sets"),
    "a sum over words": (r"\sum_{\omega \in A} p(\omega) = 0.5", EVENTS | {"p": lambda w: 0.25}, {}, "what are no numbers"),
    "zeros all around": (r"A = \begin{bmatrix} 0 & 0 & 0 \\ 0 & B & 0 \\ 0 & 0 & 0 \end{bmatrix}", {"A": np.pad(BLOCK, ((1, 2), (2, 1))), "B": BLOCK}, {}, "is compared with"),
    "numbers for blocks": (r"A = \begin{bmatrix} 0 & 0 \\ 0 & 5 \end{bmatrix}", {"A": np.diag([0, 0, 5.0])}, {}, "is compared with"),
    "any of nothing": (r"p = \begin{cases} 1 & \text{if any } x > 0 \\ 0 & \text{else} \end{cases}", {"x": INSIDE, "p": 1.0}, {}, "of what is it said"),
    "an entry that is not told": (r"[T(u)](u) = 1", STEPS, {}, "may be a factor or an argument"),
}


@pytest.mark.parametrize("name", ASKED)
def test_what_is_unclear_is_asked_about(name):
    source, bindings, options, said = ASKED[name]
    with pytest.raises(EquationError, match=said):
        check(source, bindings, **options)


def test_a_range_that_only_an_entry_tells_is_said():
    assert "i runs from 0 to 3" in check(r"d_i = x_{i+1} - x_i", {"x": POINTS, "d": np.diff(POINTS)}).notes


def test_sets_that_have_nothing_in_common_are_weak_where_the_page_does_not_say_so():
    assert check(r"P(A \cup C) = P(A) + P(C)", EVENTS).weak == (r"the sets of A \cup C have nothing in common",)
    assert check(r"P(\bigcup_i B_i) = \sum_i P(B_i)", FAMILY).weak
    assert not check(r"A \cap C = \varnothing \implies P(A \cup C) = P(A) + P(C)", EVENTS).weak


def test_unions_have_mutants():
    count, left = survivors(r"P(A \cup B) = P(A) + P(B) - P(A \cap B)", EVENTS)
    assert count > 8 and not left
