"""What authors write without thinking, as they write it: each row passes with natural bindings, and fails when it is changed."""

import functools

import numpy as np
import pytest
from mlbook.eqval import EquationError, beyond, each, given, outcomes
from mlbook.eqval import check as checked

check = functools.partial(checked, mutants=False)
R = np.random.default_rng(3)
x, w, b3 = R.normal(size=5), R.normal(size=5), R.normal(size=3)
A, B, S, S4, X = (R.normal(size=size) for size in [(3, 5), (3, 4), (3, 3), (4, 3), (6, 5)])
P = np.array([0.2, 0.3, 0.5])
IMAGE, KERNEL = R.normal(size=(5, 6)), R.normal(size=(2, 2))
SLID = np.einsum("ijmn,mn->ij", np.lib.stride_tricks.sliding_window_view(IMAGE, (2, 2)), KERNEL)


def sig(z):
    return 1 / (1 + np.exp(-z))


# Each row: the display, what is bound, and options.

RIGHT = {
    "a half index": (r"k_{i+1/2} = \frac12 (k_i + k_{i+1})", {"k": x, "k_{i+1/2}": np.append(x[1:] + x[:-1], 0) / 2}),
    "a half index as a fraction": (r"d_{ij} = g_{i+\frac12, j} - g_{i-\frac{1}{2}, j}, \qquad 1 \le i < 3",
                                   {r"g_{i+1/2, j}": A, "d": np.vstack([A[:1], A[1:] - A[:-1]])[:3]}),
    "three halves": (r"s = u_{k+3/2}, \qquad k = 1", {"u_{k+1/2}": x, "s": x[2]}),
    "an upright number": (r"y = \mathrm{1} + x_\mathrm{lo+1}", {"x": x, "lo": 2, "y": 1 + x[3]}),
    "dots sum": (r"s = x_1 + x_2 + \cdots + x_n", dict(x=x, n=5, s=x.sum()), dict(first=1)),
    "dots sum ldots": (r"s = x_1 + \ldots + x_n", dict(x=x, n=5, s=x.sum()), dict(first=1)),
    "dots product terms": (r"y = w_1 x_1 + w_2 x_2 + \cdots + w_n x_n + b", dict(x=x, w=w, b=2.0, n=5, y=w @ x + 2), dict(first=1)),
    "dots powers": (r"\frac{1 - r^{n+1}}{1-r} = 1 + r + r^2 + \cdots + r^n", dict(r=0.3, n=5)),
    "dots poly": (r"y = w_0 + w_1 x + w_2 x^2 + \cdots + w_M x^M", dict(w=w, M=4, x=1.3, y=sum((w[i] * 1.3 ** i for i in range(5))))),
    "dots numbers": (r"1 + 2 + \cdots + n = \frac{n(n+1)}{2}", dict(n=each(3, 7))),
    "dots product": (r"p = x_1 x_2 \cdots x_n", dict(x=x, n=5, p=x.prod()), dict(first=1)),
    "dots factorial": (r"n! = 1 \cdot 2 \cdots n", dict(n=5)),
    "dots vector row": (r"\mathbf{x} = [x_1, x_2, \ldots, x_n]^\top", dict(x=x, n=5), dict(first=1)),
    "dots vector paren": (r"\mathbf{y} = (2 x_1, 2 x_2, \ldots, 2 x_n)", dict(x=x, y=2 * x, n=5), dict(first=1)),
    "dots column": (r"y = \begin{bmatrix} 2 x_1 \\ 2 x_2 \\ \vdots \\ 2 x_n \end{bmatrix}", dict(x=x, y=2 * x, n=5), dict(first=1)),
    "dots matrix": (r"A = \begin{bmatrix} B_{11} & B_{12} & \cdots & B_{1n} \\ B_{21} & B_{22} & \cdots & B_{2n} \\ \vdots & \vdots & \ddots & \vdots \\ B_{m1} & B_{m2} & \cdots & B_{mn} \end{bmatrix}", dict(A=A, B=A, n=5, m=3), dict(first=1)),
    "dots diag matrix": (r"D = \begin{bmatrix} x_1 & 0 & \cdots & 0 \\ 0 & x_2 & \cdots & 0 \\ \vdots & \vdots & \ddots & \vdots \\ 0 & 0 & \cdots & x_n \end{bmatrix}", dict(D=np.diag(x), x=x, n=5), dict(first=1)),
    "dots max": (r"m = \max(x_1, \ldots, x_n)", dict(x=x, m=x.max(), n=5), dict(first=1)),
    "dots fn args": (r"y = f(x_1, \ldots, x_n)", dict(x=x, f=lambda *a: sum((k * v for k, v in enumerate(a))), y=sum((k * v for k, v in enumerate(x))), n=5), dict(first=1)),
    "dots no n": (r"s = x_1 + x_2 + \cdots + x_d", dict(x=x, s=x.sum()), dict(first=1)),
    "dots 0": (r"s = x_0 + x_1 + \cdots + x_{n-1}", dict(x=x, s=x.sum(), n=5)),
    "dots joint": (r"P = p_1 p_2 \cdots p_N", dict(p=x, N=5, P=x.prod()), dict(first=1)),
    "log without backslash": (r"y = log(x)", dict(x=2.0, y=np.log(2.0))),
    "exp without backslash": (r"y = exp(-x)", dict(x=2.0, y=np.exp(-2.0))),
    "max without backslash": (r"y = max(0, x)", dict(x=each(2.0, -2.0), y=given(lambda x: max(0, x), "x"))),
    "tanh without backslash": (r"y = tanh(x)", dict(x=2.0, y=np.tanh(2.0))),
    "sigmoid as letters": (r"y = sigmoid(x)", dict(x=2.0, y=sig(2.0), sigmoid=sig)),
    "softmax text": (r"y_i = \text{softmax}(x)_i", {"x": x, "y": np.exp(x) / np.exp(x).sum(), "softmax": lambda z: np.exp(z) / np.exp(z).sum()}),
    "relu mathrm": (r"y = \mathrm{ReLU}(x)", {"x": x, "y": np.maximum(x, 0), "ReLU": lambda z: np.maximum(z, 0)}),
    "dx name": (r"dx = w \, dy", {"dx": 2.0, "dy": 1.0, "w": 2.0}),
    "Delta w": (r"\Delta w = -\eta g", {r"\Delta w": -0.2, r"\eta": 0.1, "g": 2.0}),
    "Delta w_i": (r"\Delta w_i = -\eta g_i", {r"\Delta w": -0.1 * x, r"\eta": 0.1, "g": x}),
    "text symbol": (r"\text{loss} = (y - t)^2", {"loss": 4.0, "y": 3.0, "t": 1.0}),
    "multi italic": (r"TPR = \frac{TP}{TP + FN}", {"TPR": 0.75, "TP": 3, "FN": 1}),
    "mathit": (r"\mathit{precision} = \frac{\mathit{TP}}{\mathit{TP}+\mathit{FP}}", {"precision": 0.75, "TP": 3, "FP": 1}),
    "sub words": (r"x_{new} = x_{old} - \eta", {"x_{new}": 1.0, "x_{old}": 2.0, r"\eta": 1.0}),
    "z_{o,i}": (r"z_{oi} = 2 x_i", {"z_o": 2 * x, "x": x}),
    "y_true,i": (r"L = \sum_i (y_{\text{true},i} - y_{\text{pred},i})^2", {"y_{\\text{true}}": x, "y_{\\text{pred}}": w, "L": ((x - w) ** 2).sum()}),
    "partial_x f": (r"\partial_x f(x) = 2 x", {"x": 1.5, "f": lambda q: q ** 2}),
    "partial_x f sym": (r"\partial_x f = 2 x", {"x": 1.5, "f": lambda x: x ** 2}),
    "second d": (r"\frac{d^2 f}{d x^2} = 6 x", {"x": 1.5, "f": lambda x: x ** 3}),
    "second partial": (r"\frac{\partial^2 f}{\partial x^2} = 6 x", {"x": 1.5, "f": lambda x: x ** 3}),
    "mixed partial": (r"\frac{\partial^2 f}{\partial x \partial y} = 3 x^2", {"x": 1.5, "y": 0.7, "f": lambda x, y: x ** 3 * y}),
    "mixed indices": (r"\frac{\partial^2 f}{\partial x_i \partial x_j} = 2 A_{ij}", {"x": R.normal(size=3), "A": S + S.T, "f": lambda x, A: x @ A @ x}),
    "hess nabla sub": (r"\nabla_x^2 f(x) = A + A^\top", {"x": R.normal(size=3), "A": S, "f": lambda x: x @ S @ x}),
    "nabla f(w)": (r"\nabla f(w) = 2 w", {"w": x, "f": lambda w: w @ w}),
    "nabla f": (r"\nabla f = 2 w", {"w": x, "f": lambda w: w @ w}),
    "nabla_w J": (r"\nabla_w J = 2 w", {"w": x, "J": lambda w: w @ w}),
    "nabla_w J(w)": (r"\nabla_w J(w) = 2 w", {"w": x, "J": lambda w: w @ w}),
    "divergence": (r"\nabla \cdot F = 3", {"x": R.normal(size=3), "F": lambda x: x}),
    "laplacian": (r"\Delta f = \sum_i \frac{\partial^2 f}{\partial x_i^2}", {"x": R.normal(size=3), r"\Delta f": 6.0, "f": lambda x: x @ x}),
    "prime'": (r"f'(x) = 2x", {"x": 1.5, "f": lambda x: x ** 2}),
    "prime''": (r"f''(x) = 6x", {"x": 1.5, "f": lambda x: x ** 3}),
    "d/dx f(x)": (r"\frac{d}{dx} f(x) = 2 x", {"x": 1.5, "f": lambda x: x ** 2}),
    "df/dx": (r"\frac{df}{dx} = 2 x", {"x": 1.5, "f": lambda x: x ** 2}),
    "df(x)/dx": (r"\frac{df(x)}{dx} = 2 x", {"x": 1.5, "f": lambda x: x ** 2}),
    "mathrm d": (r"\frac{\mathrm{d}f}{\mathrm{d}x} = 2 x", {"x": 1.5, "f": lambda x: x ** 2}),
    "d^2/dx^2": (r"\frac{d^2}{dx^2} x^3 = 6 x", {"x": 1.5}),
    "chain matrix": (r"\frac{\partial y}{\partial x} = \frac{\partial y}{\partial u} \frac{\partial u}{\partial x}", {"x": R.normal(size=3), "u": lambda x: np.tanh(S4 @ x), "y": lambda u: A.T @ np.r_[u[:3] ** 2]}),
    "chain scalars": (r"\frac{dz}{dx} = \frac{dz}{dy}\frac{dy}{dx}", {"x": 0.3, "y": lambda x: x ** 2, "z": lambda y: np.sin(y)}),
    "chain sum": (r"\frac{\partial y_i}{\partial x_j} = \sum_k \frac{\partial y_i}{\partial u_k} \frac{\partial u_k}{\partial x_j}", {"x": R.normal(size=3), "u": lambda x: np.tanh(S4 @ x), "y": lambda u: A.T @ np.r_[u[:3] ** 2]}),
    "chain 5": (r"\frac{\partial L}{\partial W} = \frac{\partial L}{\partial z} x^\top", {"x": R.normal(size=4), "W": B, "z": lambda W, x: W @ x, "L": lambda z: np.sum(z ** 2)}, dict(layout='denominator')),
    "chain W": (r"\frac{\partial L}{\partial W} = \frac{\partial L}{\partial z} \frac{\partial z}{\partial W}", {"x": R.normal(size=4), "W": B, "z": lambda W, x: W @ x, "L": lambda z: np.sum(z ** 2)}),
    "A^{-T}": (r"A^{-T} = (A^{-1})^T", {"A": S}),
    "A^{-\\top}": (r"(A^\top)^{-1} = A^{-\top}", {"A": S}),
    "[X]_ij": (r"[\mathbf{A}]_{ij} = 2 [\mathbf B]_{ij}", {"A": 2 * A, "B": A}),
    "[AB]_ij": (r"[A B]_{ij} = \sum_k A_{ik} B_{kj}", {"A": S, "B": B}),
    "(AB)_ij": (r"(A B)_{ij} = \sum_k A_{ik} B_{kj}", {"A": S, "B": B}),
    "bf 0": (r"A x = \mathbf{0}", {"A": np.array([[1.0, -1], [2, -2]]), "x": np.array([3.0, 3.0])}),
    "w_j^T x": (r"z_j = w_j^\top x + b_j", {"w": A, "x": x, "b": b3, "z": A @ x + b3}),
    "x^T w": (r"y = x^\top w", {"x": x, "w": w, "y": x @ w}),
    "1^T x": (r"s = \mathbf{1}^\top x", {"x": x, "s": x.sum()}),
    "f(x)_j": (r"\sum_j f(x)_j = 1", {"x": x, "f": lambda z: np.exp(z) / np.exp(z).sum()}),
    "sum set": (r"s = \sum_{i \in S} x_i", {"x": x, "S": [0, 2, 3], "s": x[[0, 2, 3]].sum()}),
    "sum set{}": (r"s = \sum_{i \in S} x_i", {"x": x, "S": {0, 2, 3}, "s": x[[0, 2, 3]].sum()}),
    "minibatch": (r"g = \frac{1}{|B|} \sum_{i \in B} x_i", {"x": x, "B": np.array([0, 2, 3]), "g": x[[0, 2, 3]].mean()}),
    "minibatch cal": (r"g = \frac{1}{|\mathcal{B}|} \sum_{i \in \mathcal{B}} \nabla_w L_i(w)", {"w": 1.2, r"\mathcal{B}": [0, 2, 3], "L": lambda w: w ** 2 * x, "g": 2 * 1.2 * x[[0, 2, 3]].mean()}),
    "sum x in set": (r"m = \frac{1}{|D|}\sum_{x \in D} f(x)", {"D": x, "f": np.sin, "m": np.sin(x).mean()}),
    "sum pairs": (r"m = \sum_{(x,y) \in D} (y - x)^2", {"D": [(1.0, 2.0), (3.0, 5.0)], "m": 5.0}),
    "sum x p(x)": (r"\sum_x p(x) = 1", {"p": P}),
    "entropy": (r"H = -\sum_x p(x) \log p(x)", {"p": P, "H": -(P * np.log(P)).sum()}),
    "H[P]": (r"H[P] = -\sum_j P(j) \log P(j)", {"P": P, "H": lambda p: -(p * np.log(p)).sum()}),
    "H(P)": (r"H(p) = -\sum_j p_j \log p_j", {"p": P, "H": lambda p: -(p * np.log(p)).sum()}),
    "KL": (r"D_{KL}(P \| Q) = \sum_x P(x) \log \frac{P(x)}{Q(x)}", {"P": P, "Q": P[::-1].copy(), "D_{KL}": lambda p, q: (p * np.log(p / q)).sum()}),
    "E exact": (r"\mathbb{E}[f(X)] = \sum_x p(x) f(x)", {"X": outcomes([0, 1, 2], P), "p": P, "f": lambda v: v ** 2 + 1}),
    "E sub": (r"\mathbb{E}_{x \sim p}[f(x)] = \sum_x p(x) f(x)", {"p": P, "f": lambda v: v ** 2 + 1}),
    "Var": (r"\mathrm{Var}[X] = E[X^2] - E[X]^2", {"X": outcomes([0, 1, 2], P)}),
    "Pr(A|B)": (r"P(A \mid B) = \frac{P(A, B)}{P(B)}", {"A": outcomes([1, 1, 0, 0]), "B": outcomes([1, 0, 1, 1])}),
    "Bayes fn": (r"P(A \mid B) = \frac{P(B \mid A) P(A)}{P(B)}", {"A": outcomes([1, 1, 0, 0], [0.1, 0.2, 0.3, 0.4]), "B": outcomes([1, 0, 1, 1], [0.1, 0.2, 0.3, 0.4])}),
    "Pr": (r"\Pr(A \mid B) = \frac{\Pr(A \cap B)}{\Pr(B)}", {"A": outcomes([1, 1, 0, 0], [0.1, 0.2, 0.3, 0.4]), "B": outcomes([1, 0, 1, 1], [0.1, 0.2, 0.3, 0.4])}),
    "list as array": (r"s = \sum_i x_i", {"x": [1.0, 2.0, 3.0], "s": 6.0}),
    "list as matrix": (r"y = A x", {"x": [1.0, 2.0], "A": [[1.0, 2.0], [3.0, 4.0]], "y": [5.0, 11.0]}),
    "recurrence first": (r"x_0 = 1, \quad x_{t+1} = 2 x_t", {"x": 2.0 ** np.arange(5)}),
    "recurrence cases": (r"x_t = \begin{cases} 1 & t = 0 \\ 2 x_{t-1} & t > 0 \end{cases}", {"x": 2.0 ** np.arange(5)}),
    "recurrence range": (r"x_{t} = 2 x_{t-1} \quad \text{for } t = 1, \ldots, T", {"x": 2.0 ** np.arange(5), "T": 4}),
    "in R^n": (r"y = A x, \quad x \in \mathbb{R}^n", {"A": A, "x": x, "y": A @ x, "n": 5}),
    "in R^mxn": (r"y = A x, \quad A \in \mathbb{R}^{m \times n}", {"A": A, "x": x, "y": A @ x, "n": 5, "m": 3}),
    "double int": (r"\int_0^1 \int_0^2 x y \, dx \, dy = 1", {}),
    "iint": (r"\int_0^1 \int_0^x y \, dy \, dx = \frac{1}{6}", {}),
    "int f(x)dx no range": (r"\int p(x) dx = 1", {"p": lambda x: np.exp(-x * x / 2) / np.sqrt(2 * np.pi)}),
    "int dx frac": (r"\int_0^1 \frac{dx}{1+x^2} = \frac{\pi}{4}", {}),
    "int mathrm d": (r"\int_0^1 x^2 \mathrm{d}x = \frac{1}{3}", {}),
    "int dx front": (r"\int_0^1 dx \, x^2 = \frac{1}{3}", {}),
    "conv int": (r"(f * g)(x) = \int_{-\infty}^{\infty} f(z) g(x - z) dz", {"f": lambda t: np.exp(-t * t), "g": lambda t: np.exp(-2 * t * t), "x": 0.3}),
    "fn index": (r"y(i) = 2 x(i)", {"x": x, "y": 2 * x}),
    "fn index 2": (r"Y[i,j] = 2 X[i,j]", {"X": X, "Y": 2 * X}),
    "norm_2": (r"\|x\|_2 = \sqrt{x_1^2 + \cdots + x_n^2}", {"x": x, "n": 5}, dict(first=1)),
    "circ comp": (r"(f \circ g)(x) = f(g(x))", {"f": np.sin, "g": np.exp, "x": 0.3}),
    "hadamard circ": (r"Z = X \circ Y", {"X": A, "Y": A, "Z": A * A}),
    "argmax set": (r"k = \arg\max_{i} x_i", {"x": x, "k": x.argmax()}),
    "argmax text": (r"k = \operatorname*{argmax}_i x_i", {"x": x, "k": x.argmax()}),
    "indicator": (r"s = \sum_i \mathbb{1}[x_i > 0]", {"x": x, "s": (x > 0).sum()}),
    "indicator2": (r"s = \sum_i \mathbf{1}\{x_i > 0\}", {"x": x, "s": (x > 0).sum()}),
    "indicator3": (r"s = \sum_i I(x_i > 0)", {"x": x, "s": (x > 0).sum()}),
    "1(...)": (r"s = \sum_i 1(x_i > 0)", {"x": x, "s": (x > 0).sum()}),
    "sgn": (r"y = \operatorname{sign}(x)", {"x": 2.0, "y": 1.0}),
    "normal pdf": (r"\mathcal{N}(x \mid \mu, \sigma^2) = \frac{1}{\sqrt{2 \pi \sigma^2}} e^{-\frac{(x - \mu)^2}{2 \sigma^2}}", {"x": 0.3, r"\mu": 0.1, r"\sigma": 0.7, r"\mathcal{N}": lambda x, m, s2: np.exp(-(x - m) ** 2 / 2 / s2) / np.sqrt(2 * np.pi * s2)}),
    "l2 reg elementwise": (r"\mathbf{y} = \sigma(\mathbf{W} \mathbf{x} + \mathbf{b})", {"W": A, "x": x, "b": b3, r"\sigma": sig, "y": sig(A @ x + b3)}),
    "diag(": (r"J = diag(s) - s s^\top", {"s": P, "J": np.diag(P) - np.outer(P, P)}),
    "tr(": (r"tr(AB) = tr(BA)", {"A": A, "B": A.T @ S}),
    "Tr": (r"\mathrm{Tr}(A B) = \mathrm{Tr}(B A)", {"A": A, "B": A.T @ S}),
    "det": (r"|A^{-1}| = \frac{1}{|A|}", {"A": S}),
    "cos sim": (r"\cos(\theta) = \frac{x \cdot w}{\|x\| \|w\|}", {"x": x, "w": w, r"\theta": np.arccos(x @ w / np.linalg.norm(x) / np.linalg.norm(w))}),
    "bar x": (r"\bar{x} = \frac{1}{n} \sum_{i=1}^n x_i", {"x": x, "n": 5, r"\bar{x}": x.mean()}, dict(first=1)),
    "binom sum": (r"(a+b)^n = \sum_{k=0}^n \binom{n}{k} a^k b^{n-k}", {"a": 0.3, "b": 1.2, "n": 5}),
    "approx": (r"\pi \approx 3.14159", {}),
    "inf sum": (r"\sum_{k=0}^\infty r^k = \frac{1}{1-r}", {"r": 0.3}),
    "inf exp": (r"e^x = \sum_{n=0}^\infty \frac{x^n}{n!}", {"x": 1.3}),
    "T in loss": (r"\mathcal{L} = -\sum_{i=1}^{N} y_i \log \hat{y}_i", {r"\mathcal{L}": -(P * np.log(P[::-1])).sum(), "y": P, r"\hat y": P[::-1].copy(), "N": 3}, dict(first=1)),
    "piecewise": (r"f(x) = \begin{cases} x & x \ge 0 \\ \alpha x & \text{otherwise} \end{cases}", {"f": lambda x: np.where(x >= 0, x, 0.1 * x), r"\alpha": 0.1, "x": each(1.0, -1.0)}),
    "int by parts range": (r"\left[ x^2 \right]_0^1 = 1", {}),
    "eval bar": (r"\left. \frac{x^2}{2} \right|_0^1 = \frac12", {}),
    "eval at": (r"\frac{d f}{dx}\Big|_{x=1} = 2", {"x": 3.0, "f": lambda x: x ** 2}),
    "W^{[l]}": (r"z^{[l]} = W^{[l]} a^{[l-1]} + b^{[l]}", {"a": [x, b3], "W": {1: A}, "b": {1: b3}, "z": {1: A @ x + b3}}),
    "first_sub 1..n": (r"y_i = 2 x_i, \quad i = 1, \ldots, n", {"x": x, "y": 2 * x, "n": 5}, dict(first=1)),
    "sum i j lt": (r"s = \sum_{i<j} A_{ij}", {"A": S, "s": np.triu(S, 1).sum()}),
    "lim": (r"\lim_{h \to 0} \frac{f(x+h) - f(x)}{h} = 2x", {"f": lambda x: x ** 2, "x": 1.0}),
    "row bias": (r"Z = X W + b", {"X": X, "W": A.T, "b": b3, "Z": X @ A.T + b3}),
    "entries of images": (r"S(i, j) = \sum_m \sum_n I(i + m, j + n) K(m, n)", {"I": IMAGE, "K": KERNEL, "S": SLID}),
    "samples by number": (
        r"J = \frac{1}{m} \sum_{i=1}^m (h(x^{(i)}) - y^{(i)})^2",
        {"x": [1.0, 2.0, 3.0], "y": [1.0, 3.0, 2.0], "m": 3, "h": lambda v: v * 1.1, "J": np.mean([0.01, 0.64, 1.69])}, dict(first=1)),
    "a Hessian": (r"\nabla^2 f(x) = A + A^\top", {"x": b3, "A": S, "f": lambda x: x @ S @ x}),
    "a transpose by a prime": (r"y' A x = x' A' y", {"A": A, "x": x, "y": b3}),
    "a slope by a prime": (r"\frac{\partial a_j}{\partial z_j} = \sigma'(z_j)", {"z": x, "a": given(sig, "z"), r"\sigma": sig}),
    "parameters in parentheses": (r"u(x, t) = 2 x t", {"x": 2.0, "t": 3.0, "u": given(lambda x, t, k: k * x * t, "x", "t", "k"), "k": 2.0}),
    "applications as keys": (r"p(y \mid x) p(x) = p(x, y)", {"p(x, y)": 0.06, "p(x)": 0.2, r"p(y \mid x)": 0.3}),
    "products side by side": (r"q = \prod_i x_i \times \prod_i w_i", {"x": x, "w": w, "q": x.prod() * w.prod()}),
    "a sum that goes on": (
        r"J = - \sum_i y_i \log p_i + (1 - y_i) \log (1 - p_i)",
        {"p": P, "y": P[::-1].copy(), "J": -np.sum(P[::-1] * np.log(P) + (1 - P[::-1]) * np.log(1 - P))}),
    "a name with the index that runs": (
        r"H = - \sum_{c=1}^{|C|} \frac{n_c}{n} \log \frac{n_c}{n}",
        {"n_c": np.array([2.0, 3.0]), "n": 5.0, "C": np.arange(2), "H": -0.4 * np.log(0.4) - 0.6 * np.log(0.6)}, dict(first=1)),
    "an ordered row": (r"\sigma_0 > \sigma_1 > \dots > \sigma_n", {r"\sigma": np.array([5.0, 4.0, 2.0, 1.0]), "n": 3}),
    "a bound operator": (r"Z = x \otimes w", {"x": x, "w": w, "Z": np.outer(x, w), r"\otimes": np.outer}),
    "a slowly settling series": (r"\sum_{k=1}^\infty \frac{1}{k^2} = \frac{\pi^2}{6}", {}),
    "a design matrix": (
        r"y = \begin{bmatrix} 1 & x_1 \\ 1 & x_2 \\ \vdots & \vdots \\ 1 & x_n \end{bmatrix} \beta",
        {"x": x, "n": 5, r"\beta": np.array([1.0, 2.0]), "y": 1 + 2 * x}, dict(first=1)),
    "a gradient by all numbers": (r"\nabla f = (y^2, 2 x y)", {"x": 1.5, "y": 2.0, "f": lambda x, y: x * y**2}),
    "cut off": (r"\pi \approx 3.141", {}),
}


def wrong(source):
    "The display with a thousandth added to the side behind its first sign of a relation."
    depth = 0
    for place, letter in enumerate(source):
        depth += (letter in "{([") - (letter in "})]")
        if not depth and (letter in "=>" or source.startswith(r"\approx", place)):
            end = place + (len(r"\approx") if letter == "\\" else 1)
            more = " 0.001 " if source[end:].lstrip().startswith("-") else " 0.001 + "
            return source[:end] + (" 9 + " if letter == ">" else more) + source[end:]
    raise ValueError(source)


@pytest.mark.parametrize("case", RIGHT)
def test_what_authors_write_passes_and_fails_when_it_is_changed(case):
    source, bindings, *options = RIGHT[case]
    options = options[0] if options else {}
    report = check(source, bindings, **options)
    assert report and report.cases, report
    if r"\approx" not in source and r"> \dots" not in source:
        assert not check(wrong(source), bindings, **options)


WRONG = {
    "a term left out": (r"s = x_1 + x_3 + \cdots + x_n", {"x": x, "n": 5, "s": x.sum()}, dict(first=1)),
    "dots that end too early": (r"s = x_1 + x_2 + \cdots + x_{n-1}", {"x": x, "n": 5, "s": x.sum()}, dict(first=1)),
    "a wrong order": (r"y = [x_1, x_3, x_2]", {"x": x, "y": x[:3]}, dict(first=1)),
    "a sample is no power": (r"x^{(i)} = y_i", {"x": x, "y": x ** np.arange(5)}),
    "a gradient": (r"\nabla f(w) = w", {"w": x, "f": lambda w: w @ w}),
    "the other condition": (
        r"P(A \mid B) = P(B \mid A)", {"A": outcomes([1, 1, 0, 0], [0.1, 0.2, 0.3, 0.4]), "B": outcomes([1, 0, 1, 1], [0.1, 0.2, 0.3, 0.4])}),
    "rounded wrongly": (r"\pi \approx 3.15", {}),
    "zeros": (r"A x = 0", {"A": A, "x": x}),
    "a transpose": (r"S' = S", {"S": S}),
    "a Hessian": (r"\nabla^2 f(x) = S", {"x": b3, "S": S, "f": lambda x: x @ S @ x}),
    "another set": (r"s = \sum_{i \in S} x_i", {"x": x, "S": [0, 1], "s": x.sum()}),
    "half of the pairs": (r"s = \sum_{i<j} S_{ij}", {"S": S, "s": S.sum()}),
    "rows": (r"z_j = w_j^\top x", {"w": S, "x": b3, "z": S.T @ b3}),
    "a determinant": (r"|S| = d", {"S": S, "d": np.abs(S).sum()}),
    "no Hadamard product": (r"Z = A \circ B", {"A": S, "B": S.T, "Z": S @ S.T}),
    "a composition": (r"(f \circ g)(x) = g(f(x))", {"f": np.sin, "g": np.exp, "x": 0.3}),
    "not ordered": (r"\sigma_0 > \sigma_1 > \dots > \sigma_n", {r"\sigma": np.array([5.0, 4.0, 9.0, 1.0]), "n": 3}),
    "a density": (r"\int p(x) dx = 2", {"p": lambda x: np.exp(-x * x / 2) / np.sqrt(2 * np.pi)}),
    "between": (r"y = \left[ x^2 \right]_0^1", {"y": 0.5}),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_refuted(case):
    source, bindings, *options = WRONG[case]
    assert not check(source, bindings, **(options[0] if options else {}))


ASKS = {
    "a velocity that is printed as a row": (r"\frac{d y}{d t} = x^T", {"t": 2.0, "y": lambda t: t * x, "x": x}, "is compared with"),
    "a gradient that is printed as a row": (r"\nabla f(2 x) = 4 x^T", {"f": lambda u: u @ u, "x": x}, "is compared with"),
    "a star between sequences": (r"y[n] = x[n] * h[n]", {"x": x, "h": x, "y": x * x}, "may be a product or a convolution"),
    "an integral over a jump": (r"\int_0^1 f(t) \, dt = 0.6", {"f": lambda t: 1.0 * (t > 0.4321)}, "is known to few digits"),
    "a display that goes on": (r"= 2 x", {"x": 1.0}, "nothing is on the left of ="),
    "several identities": (r"\operatorname{tr}(I) = n", {"n": 3, "A": S, "w": w}, "I is not bound"),
    "a number among blocks": (r"M = \begin{bmatrix} S & 1 \end{bmatrix}", {"S": S, "M": S}, "only 0 is as many as fit"),
    "a root of any matrix": (r"M = B^{1/2}", {"B": np.array([[1.0, 2.0], [0.0, 3.0]]), "M": S}, "needs a symmetric matrix"),
    "a square matrix and a vector": (r"Z = S + v", {"S": S, "v": b3, "Z": S}, "every row or every column"),
    "a series that grows": (r"\sum_{k=0}^\infty 2^k = -1", {}, "does not settle"),
    "a series that goes to and fro": (r"\sum_{k=0}^\infty (-1)^k = \frac12", {}, "does not settle"),
    "a matrix beside its transpose": (r"x^\top = x", {"x": x}, "is compared with"),
    "no function of x": (r"\frac{d^2 f}{dx^2} = 0", {"x": 2.0, "f": 3.0}, "does not depend on x"),
    "a gradient by what": (r"\nabla f = 0", {"a": x, "b": w, "f": lambda a, b: a @ b}, "write by which symbol"),
    "dots that tell nothing": (r"s = a + \cdots + b", {"a": 1.0, "b": 2.0, "s": 3.0}, "the dots do not tell"),
    "less than the terms that are printed": (r"s = x_0 + x_1 + \cdots + x_n", {"x": x, "n": 1, "s": x[0] + x[1]}, r"they need n \\ge 2"),
    "rows of dots between unlike rows": (r"\begin{aligned} y &= x_1 \\ z &= x_2 \\ &\vdots \\ y &= x_n \end{aligned}", {"x": x, "y": 1.0, "z": 1.0, "n": 4}, "a row of dots"),
    "dots that skip": (r"y = \begin{bmatrix} x_1 \\ x_3 \\ \vdots \\ x_n \end{bmatrix}", {"x": x, "y": x, "n": 5}, "the dots do not tell"),
    "nearly": (r"\sin(x) \approx x", {"x": 0.1}, "say how near, with tolerance"),
    "no event": (r"P(X) = p", {"X": outcomes([1, 2, 3]), "p": 0.5}, "is no event"),
    "no probabilities": (r"E_{x \sim p}[f(x)] = 1", {"p": x, "f": np.sin}, "holds no probabilities"),
    "no density": (r"E_{x \sim p}[f(x)] = 1", {"p": np.cos, "f": np.sin}, "does not integrate to 1"),
    "pairs": (r"\sum_{(x, y) \in D} x y = 1", {"D": np.ones((3, 3))}, "needs 2 columns"),
    "arguments in another order": (
        r"u(x, t) = u(t, x)", {"x": 2.0, "t": 3.0, "u": given(lambda x, t: x - t, "x", "t")}, "in this order"),
    "another shape": (r"y = S x, \quad S \in \mathbb{R}^{2 \times n}", {"S": S, "x": b3, "y": S @ b3, "n": 3}, "has shape"),
    "a star": (r"Z = A \star B", {"A": S, "B": S, "Z": S}, "to a function of both"),
    "a softmax of a matrix": (r"Z = \operatorname{softmax}(S)", {"S": S, "Z": S}, "may run along any axis"),
    "a product of matrices": (r"Z = \prod_i W_i", {"W": R.normal(size=(4, 3, 3)), "Z": S}, "has an order"),
}


@pytest.mark.parametrize("case", ASKS)
def test_what_may_mean_several_things_is_asked_about(case):
    source, bindings, said = ASKS[case]
    with pytest.raises(EquationError, match=said):
        check(source, bindings)


SAID = {
    "a transpose": (r"y' A x = x' A' y", {"A": A, "x": x, "y": b3}, "A' is a transpose"),
    "a row for each": (r"Z = X W + b", {"X": X, "W": A.T, "b": b3, "Z": X @ A.T + b3}, "added to every row"),
    "no limits": (r"\int p(x) dx = 1", {"p": lambda x: np.exp(-x * x / 2) / np.sqrt(2 * np.pi)}, "the real line"),
    "a determinant": (r"|S| = d", {"S": S, "d": np.linalg.det(S)}, r"\|S\| is a determinant"),
    "pairs": (r"s = \sum_{i<j} S_{ij}", {"S": S, "s": np.triu(S, 1).sum()}, "runs over i and j"),
    "how long": (r"s = x_1 + x_2 + \cdots + x_d", {"x": x, "s": x.sum()}, "d is 5"),
}


@pytest.mark.parametrize("case", SAID)
def test_a_reading_that_is_not_printed_is_said(case):
    source, bindings, said = SAID[case]
    report = check(source, bindings, first=1 if case == "how long" else 0)
    assert report and any(said.replace("\\|", "|") in note for note in report.notes), report.notes


def test_dots_that_stand_for_nothing_are_weak():
    assert check(r"s = x_1 + x_2 + \cdots + x_n", {"x": x, "n": 3, "s": x[:3].sum()}, first=1).weak
