"""What authors write and the checker reads: a right equation passes, a wrong neighbour fails, notation never counts."""

import functools
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mlbook.eqval.notation import without_notation
from mlbook.eqval.printing import latex
from mlbook.eqval.trees import parse
from mlbook.eqval import EquationError
from mlbook.eqval import check as checked

check = functools.partial(checked, mutants=False)
RNG = np.random.default_rng(5)
X, A, B = RNG.normal(size=3), RNG.normal(size=(3, 3)), RNG.normal(size=(3, 3))
N = 4
STATE, INPUT, COUPLED = X, A[0, :2], A[:, :2]
COST = STATE @ (A @ A.T) @ STATE + 2 * STATE @ COUPLED @ INPUT + 3 * INPUT @ INPUT
BLOCKS = {"x": STATE, "u": INPUT, "Q": A @ A.T, "N": COUPLED, "R": 3 * np.eye(2), "J": COST}


def density(y, x):
    return np.exp(-((y - x) ** 2))


# Each case: the display, what is bound, and a wrong neighbour.


RIGHT = {
    "given": (r"q = p(y | x)", {"p": density, "y": 1.0, "x": 0.3, "q": density(1.0, 0.3)}, r"q = p(x | y + 1)"),
    "mid": (r"q = p(y \mid x)", {"p": density, "y": 1.0, "x": 0.3, "q": density(1.0, 0.3)}, r"q = p(y \mid 2 x)"),
    "semicolon": (r"q = f(y ; x)", {"f": np.subtract, "y": 1.0, "x": 0.3, "q": 0.7}, r"q = f(x ; y)"),
    "absolute values in a list": (r"q = f(|a|, |b|)", {"f": np.subtract, "a": -1.0, "b": -3.0, "q": -2.0}, "q = f(a, |b|)"),
    "double bars": (r"||x||_2^2 = \sum_i x_i^2", {"x": X}, r"||x||_1^2 = \sum_i x_i^2"),
    "textrm": (r"y = \textrm{relu}(x)", {"x": 2.0, "y": 2.0, r"\operatorname{relu}": lambda q: np.maximum(q, 0)}, r"y = -\textrm{relu}(x)"),
    "a name with an underscore": (r"n\_in = 3", {r"n\_in": 3}, r"n\_in = 4"),
    "old fonts": (r"a_{\rm max} = 2", {r"a_{\operatorname{max}}": 2.0}, r"a_{\rm max} = 3"),
    "hence": (r"y = 2 x \text{ and hence } x = \frac{y}{2}", {"x": 3.0, "y": 6.0}, r"y = 2 x \text{ and hence } x = 2 y"),
    "implies": (r"2 x = 4 \implies x = 2", {"x": 2.0}, r"2 x = 4 \implies x = 3"),
    "implies vectors": (r"2 x = y \implies x = \frac{1}{2} y", {"x": X, "y": 2 * X}, r"2 x = y \implies x = y"),
    "iff": (r"2 x = y \iff 4 x = 2 y", {"x": 1.0, "y": 2.0}, r"2 x = y \iff 4 x = y"),
    "dots in a range": (r"y_i = 2 x_i, \quad i = 0, \ldots, n - 1", {"x": X, "y": 2 * X, "n": 3}, r"y_i = 3 x_i, \quad i = 0, \ldots, n - 1"),
    "dots in a set": (r"\sum_{i \in \{0, 1, \dots, n\}} x_i = s", {"x": X, "n": 2, "s": X.sum()}, r"\sum_{i \in \{1, \dots, n\}} x_i = s"),
    "dots under a sum": (r"\sum_{i = 0, \ldots, n} x_i = s", {"x": X, "n": 2, "s": X.sum()}, r"\sum_{i = 0, \ldots, n - 1} x_i = s"),
    "dots between members": (r"a = \dots = b", {"a": 1.0, "b": 1.0}, r"a = \dots = 2 b"),
    "logarithm to a base": (r"\log_2 8 = a", {"a": 3.0}, r"\log_3 8 = a"),
    "factorial": (r"n! = 24", {"n": 4}, r"(n + 1)! = 24"),
    "binomial": (r"\binom{n}{2} = 6", {"n": 4}, r"\binom{n}{3} = 6"),
    "choose and factorials": (r"\binom{n}{k} = \frac{n!}{k! (n - k)!}", {"n": 5, "k": 2}, r"\binom{n}{k} = \frac{n!}{(n - k)!}"),
    "determinant in bars": (r"\begin{vmatrix} a & b \\ c & d \end{vmatrix} = a d - b c", {"a": 1.0, "b": 2.0, "c": 3.0, "d": 5.0}, r"\begin{vmatrix} a & b \\ c & d \end{vmatrix} = a d + b c"),
    "a row that ends": (r"\begin{bmatrix} a \\ b \\ \end{bmatrix} = x", {"a": 1.0, "b": 2.0, "x": np.array([[1.0], [2.0]])}, r"\begin{bmatrix} b \\ a \\ \end{bmatrix} = x"),
    "cr": (r"\begin{pmatrix} a \cr b \end{pmatrix} = x", {"a": 1.0, "b": 2.0, "x": np.array([[1.0], [2.0]])}, r"\begin{pmatrix} b \cr a \end{pmatrix} = x"),
    "a root": (r"\sqrt[3]{x} = 2", {"x": 8.0}, r"\sqrt[4]{x} = 2"),
    "underset": (r"\underset{i}{\max} \, x_i = m", {"x": X, "m": X.max()}, r"\underset{i}{\min} \, x_i = m"),
    "argmax in words": (r"\underset{i}{\operatorname{arg\,max}} \, x_i = m", {"x": X, "m": X.argmax()}, r"\underset{i}{\text{argmin}} \, x_i = m"),
    "supremum": (r"\sup_i x_i = m", {"x": X, "m": X.max()}, r"\inf_i x_i = m"),
    "a marked equality": (r"y \stackrel{(a)}{=} 2 x", {"x": 1.0, "y": 2.0}, r"y \stackrel{(a)}{=} 3 x"),
    "a brace": (r"y = \underbrace{a + b}_{\text{sum}} c", {"a": 1.0, "b": 2.0, "c": 3.0, "y": 9.0}, r"y = \underbrace{a + b}_{\text{sum}} + c"),
    "defined by an arrow": (r"s \leftarrow 2 x, \quad y = s + 1", {"x": 1.0, "y": 3.0}, r"s \leftarrow 3 x, \quad y = s + 1"),
    "triangle": (r"s \triangleq 2 x, \quad y = s", {"x": 1.0, "y": 2.0}, r"s \triangleq 3 x, \quad y = s"),
    "an alignment": (r"\begin{eqnarray} && y = 2 x \\ && z = 3 x \end{eqnarray}", {"x": 1.0, "y": 2.0, "z": 3.0}, r"\begin{eqnarray} && y = 2 x \\ && z = 2 x \end{eqnarray}"),
    "an array of relations": (r"\begin{array}{lcl} y & = & 2 x \\ z & = & 3 x \end{array}", {"x": 1.0, "y": 2.0, "z": 3.0}, r"\begin{array}{lcl} y & = & 2 x \\ z & = & x \end{array}"),
    "half a brace": (
        r"y = \left\{ \begin{array}{ll} x & \text{if } x > 0 \\ 0 & \text{otherwise} \end{array} \right.", {"x": 2.0, "y": 2.0},
        r"y = \left\{ \begin{array}{ll} -x & \text{if } x > 0 \\ 0 & \text{otherwise} \end{array} \right."),
    "cases without a column": (r"y = \begin{cases} x \quad \text{if } x > 0 \\ 0 \quad \text{else} \end{cases}", {"x": 2.0, "y": 2.0}, r"y = \begin{cases} x \quad \text{if } x < 0 \\ 0 \quad \text{else} \end{cases}"),
    "substack": (r"\sum_{\substack{i = 0 \\ i \ne j}}^{2} x_i = s - x_j", {"x": X, "s": X.sum()}, r"\sum_{\substack{i = 0 \\ i > j}}^{2} x_i = s - x_j"),
    "a range in parentheses": (r"y_i = 2 x_i \qquad (i = 0, 1, \dots, n)", {"x": X, "y": 2 * X, "n": 2}, r"y_i = x_i \qquad (i = 0, 1, \dots, n)"),
    "a condition in front": (r"\forall i : y_i = 2 x_i", {"x": X, "y": 2 * X}, r"\forall i : y_i = x_i"),
    "bold with a subscript": (r"y = \mathbf{x_1}", {r"x": X, "y": X[1]}, r"y = \mathbf{x_2}"),
    "a hat over a subscript": (r"y = \hat{x_1}", {r"\hat x": X, "y": X[1]}, r"y = \hat{x_2}"),
    "dollars": (r"$$ y = 2 x $$", {"x": 1.0, "y": 2.0}, r"$$ y = x $$"),
    "brackets around": (r"\[ y = 2 x \]", {"x": 1.0, "y": 2.0}, r"\[ y = x \]"),
    "a number with an exponent": (r"\epsilon = 1e-8", {r"\epsilon": 1e-8}, r"\epsilon = 1e-7"),
    "a thousand": (r"n = 10{,}000", {"n": 10000}, r"n = 1{,}000"),
    "a set of conditions": (r"\max_{i} x_i \le \max \{ a, b \}", {"x": X, "a": 9.0, "b": 1.0}, r"\max_{i} x_i > \max \{ a, b \}"),
    "choose and over": (r"{n \choose 2} = {n (n - 1) \over 2}", {"n": 6}, r"{n \choose 3} = {n (n - 1) \over 2}"),
    "a quotient in a root": (r"y = \sqrt{a \over b} + x^{a \over b}", {"a": 8.0, "b": 2.0, "x": 3.0, "y": 83.0}, r"y = \sqrt{a \over b} + x^{b \over a}"),
    "modulo": (r"a \equiv b + 1 \pmod{n}", {"a": 17, "b": 6, "n": 5}, r"a \equiv b + 2 \pmod{n}"),
    "percent": (r"p = 5\% \cdot q", {"p": 0.1, "q": 2.0}, r"p = 6\% \cdot q"),
    "dollars and cents": (r"\$100 \times 1.05^2 = \$110.25", {"x": 1.0}, r"\$100 \times 1.05^2 = \$110.35"),
    "a quantity": (r"F = \SI{3}{\newton} m", {"F": 6.0, "m": 2.0}, r"F = \SI{4}{\newton} m"),
    "states": (r"|\psi\rangle = a \ket{0} + b |1\rangle", {r"\ket{0}": np.array([1.0, 0.0]), r"\ket{1}": np.array([0.0, 1.0]), r"\ket{\psi}": np.array([0.6, 0.8]),
        "a": 0.6, "b": 0.8}, r"|\psi\rangle = b \ket{0} + a |1\rangle"),
    "frames": (r"{}^{A} p = {}^{A}_{B} R \, {}^{B} p", {"{}^A p": A @ X, "{}^B p": X, "{}^{A}_{B} R": A}, r"{}^{B} p = {}^{A}_{B} R \, {}^{A} p"),
    "a usual command": (r"\tr(A) = \sum_i A_{ii}", {"A": A}, r"\tr(A) = \sum_i A_{i0}"),
    "a command of the author's": (r"y = \foo x", {r"\foo": 3.0, "x": 2.0, "y": 6.0}, r"y = \foo + x"),
    "blocks": (r"J = \begin{bmatrix} x \\ u \end{bmatrix}^T \begin{bmatrix} Q & N \\ N^T & R \end{bmatrix} \begin{bmatrix} x \\ u \end{bmatrix}", BLOCKS,
        r"J = \begin{bmatrix} x \\ u \end{bmatrix}^T \begin{bmatrix} Q & N \\ 0 & R \end{bmatrix} \begin{bmatrix} x \\ u \end{bmatrix}"),
    "a matrix beside a vector": (r"M = [A \mid x]", {"A": A, "x": X, "M": np.hstack([A, X[:, None]])}, r"M = [x \mid A]"),
    "across": (r"\tau = r \times F", {"r": X, "F": A[0], r"\tau": np.cross(X, A[0])}, r"\tau = F \times r"),
    "a root of a matrix": (r"S^{1/2} S S^{-\frac{1}{2}} = S", {"S": A @ A.T + np.eye(3)}, r"S^{1/2} S S^{\frac{1}{2}} = S"),
    "three numbers before dots": (r"y_i = 2 x_i, \quad i = 0, 1, 2, \ldots, n", {"x": X, "y": 2 * X, "n": 2}, r"y_i = 3 x_i, \quad i = 0, 1, 2, \ldots, n"),
    "a range in a column": (r"\begin{align} y_i &= 2 x_i & i = 0, 1, \ldots, n \\ z_i &= x_i & i = 0, 1, \ldots, n \end{align}", {"x": X, "y": 2 * X, "z": X, "n": 2},
        r"\begin{align} y_i &= 2 x_i & i = 0, 1, \ldots, n \\ z_i &= 2 x_i & i = 0, 1, \ldots, n \end{align}"),
    "two equations in a row": (r"\begin{align} a &= 2 x & b &= 3 x \end{align}", {"x": 1.0, "a": 2.0, "b": 3.0}, r"\begin{align} a &= 2 x & b &= 2 x \end{align}"),
    "tildes between statements": (r"a = 2 x ~~~~ b = 3 x", {"x": 1.0, "a": 2.0, "b": 3.0}, r"a = 2 x ~~~~ b = 2 x"),
    "a reason in a column": (r"\begin{aligned} y &= (2 - a) x & (\text{since } a \le 2) \\ &= 3 x \end{aligned}", {"x": 2.0, "a": -1.0, "y": 6.0},
        r"\begin{aligned} y &= (2 - a) x & (\text{since } a > 2) \\ &= 3 x \end{aligned}"),
    "a reason with a formula": (r"\begin{aligned} y &= 3 x + a &\text{(because $a = 0$)} \\ &= 3 x \end{aligned}", {"x": 2.0, "a": 0.0, "y": 6.0},
        r"\begin{aligned} y &= 3 x + a &\text{(because $a = 1$)} \\ &= 3 x \end{aligned}"),
    "a prime at parentheses": (r"s = (x - y)'(x - y)", {"x": X, "y": A[0], "s": np.sum((X - A[0]) ** 2)}, r"s = (x - y)'(x + y)"),
    "a gradient's transpose": (r"f(y) = f(x) + \nabla f(x)^T (y - x) + \|y - x\|^2", {"f": lambda v: v @ v, "x": X, "y": A[0]}, r"f(y) = f(x) + \nabla f(y)^T (y - x) + \|y - x\|^2"),
    "a slope at an estimate": (r"\frac{\partial f(\hat{b})}{\partial b} = 2 \hat{b}^T", {"f": lambda v: v @ v, "b": X, r"\hat b": A[0]}, r"\frac{\partial f(\hat{b})}{\partial b} = 2 b^T"),
    "functions of time": (r"J = \int_0^1 x^2 + u x \, dt", {"x": np.cos, "u": lambda t: t, "J": 0.5 + np.sin(2) / 4 + np.cos(1) + np.sin(1) - 1}, r"J = \int_0^1 x^2 - u x \, dt"),
    "functions of a bound time": (r"J = \int_0^1 x^2 \, dt", {"x": lambda t: np.cos(t), "t": 0.3, "J": 0.5 + np.sin(2) / 4}, r"J = \int_0^1 x^3 \, dt"),
    "a functional": (r"Q[f] = \frac{f(0) + f(1)}{2}", {"Q": lambda f: (f(0.0) + f(1.0)) / 2, "f": np.exp}, r"Q[f] = \frac{f(0) + f(1)}{3}"),
    "a transform": (r"\mathcal{L}\{a f(t)\} = a \mathcal{L}\{f(t)\}", {r"\mathcal{L}": lambda f: np.sum(f(np.arange(3.0))), "f": np.exp, "a": 2.0}, r"\mathcal{L}\{a f(t)\} = a \mathcal{L}\{f(2 t)\}"),
    "the identity": (r"U^\top U = I", {"U": np.linalg.qr(A)[0]}, r"U^\top U = 2 I"),
    "the identity beside others": (r"A (A + I)^{-1} = I - (A + I)^{-1}", {"A": A @ A.T}, r"A (A + I)^{-1} = I + (A + I)^{-1}"),
    "the imaginary unit": (r"e^{j x} = \cos x + j \sin x", {"x": 0.3}, r"e^{j x} = \cos x - j \sin x"),
    "a zero with its length": (r"\begin{bmatrix} A & x \\ 0_3^T & 1 \end{bmatrix} \begin{bmatrix} y \\ 1 \end{bmatrix} = \begin{bmatrix} A y + x \\ 1 \end{bmatrix}", {"A": A, "x": X, "y": A[0]},
        r"\begin{bmatrix} A & x \\ 0_3^T & 1 \end{bmatrix} \begin{bmatrix} y \\ 1 \end{bmatrix} = \begin{bmatrix} A y - x \\ 1 \end{bmatrix}"),
    "the norm of zero": (r"\|x - x\| = \|\mathbf{0}\|", {"x": X}, r"\|x\| = \|\mathbf{0}\|"),
    "a sum in both directions": (r"\sum_{k=-\infty}^{\infty} a^{|k|} = \frac{1 + a}{1 - a}", {"a": 0.5}, r"\sum_{k=-\infty}^{\infty} a^{|k|} = \frac{1}{1 - a}"),
    "an entry in brackets": (r"y = x[0] + x[2]", {"x": X, "y": X[0] + X[2]}, r"y = x[0] + x[1]"),
    "a mean without brackets": (r"m = \mathbb{E}_{x \sim p} f(x) + 1", {"p": np.array([0.2, 0.8]), "f": lambda x: x + 1.0, "m": 2.8}, r"m = \mathbb{E}_{x \sim p} f(x)"),
    "a mean over a function's probabilities": (r"q(s) = \mathbb{E}_{z \sim P(s)} [v_z]", {"P": lambda s: np.array([0.3, 0.7]) if s else np.array([1.0, 0.0]), "v": np.array([1.0, 2.0]), "s": 1, "q": lambda s: 1.7 if s else 1.0},
        r"q(s) = \mathbb{E}_{z \sim P(s)} [v_z^2]"),
    "a preference": (r"p(a \succ b \mid x) = \sigma(a - b)", {"p": lambda a, b, x: 1 / (1 + np.exp(b - a)), r"\sigma": lambda z: 1 / (1 + np.exp(-z)), "a": 1.0, "b": 0.3, "x": 2.0}, r"p(b \succ a \mid x) = \sigma(a - b)"),
    "a derivative that is a row": (r"\frac{\partial L}{\partial z} = \frac{\partial L}{\partial y} \cdot \frac{\partial y}{\partial z} = 2 y^T A", {"A": A, "z": X, "y": lambda z: A @ z, "L": lambda y: y @ y},
        r"\frac{\partial L}{\partial z} = \frac{\partial L}{\partial y} \cdot \frac{\partial y}{\partial z} = y^T A"),
    "steps": (r"b^{t+1} = b^t - a b^t", {"b": np.array([0.5**t * X for t in range(5)]), "a": 0.5}, r"b^{t+1} = b^t + a b^t"),
    "layers by letters": (r"h^{(b)} = A h^{(a)}", {"A": A, "h": {"a": X, "b": A @ X}}, r"h^{(a)} = A h^{(b)}"),
    "a list that begins with nothing": (r"h^{(2)} = A h^{(1)}", {"A": A, "h": [None, X, A @ X]}, r"h^{(1)} = A h^{(2)}"),
    "a set that is a range": (r"s = \sum_{i \in D} x_i", {"D": range(3), "x": X, "s": X.sum()}, r"s = \prod_{i \in D} x_i"),
    "braces around a sign": (r"y {=} 2 \mathbin{\mathbf{\cdot}} x", {"x": 2.0, "y": 4.0}, r"y {=} 3 \mathbin{\mathbf{\cdot}} x"),
    "an argument in braces": (r"y = \exp{-x}", {"x": 1.0, "y": np.exp(-1)}, r"y = \exp{x}"),
}


@pytest.mark.parametrize("case", RIGHT)
def test_a_right_equation_passes_and_a_wrong_neighbour_fails(case):
    source, bindings, wrong = RIGHT[case]
    report = check(source, bindings)
    assert report and report.cases, report
    try:
        report = check(wrong, bindings)
    except EquationError:
        pytest.fail("the wrong neighbour is to be compared")
    assert not report


# Notation is read, repeated in the report, and never counted.


STATED = {
    "distribution": (r"y = 2 x, \quad x \sim \mathcal{N}(0, 1)", r"x \sim \mathcal{N} (0, 1)"),
    "a set": (r"y = 2 x \in \mathbb{R}", r"2 x \in \mathbb{R}"),
    "a function": (r"f : \mathbb{R} \to \mathbb{R}, \quad y = 2 x", r"f : \mathbb{R} \to \mathbb{R}"),
    "an update": (r"x \leftarrow x - \eta g, \quad y = 2 x", r"x \leftarrow x - \eta g"),
    "a remark": (r"y = 2 x \quad \text{(by the chain rule)}", r"\text{(by the chain rule)}"),
    "equal in distribution": (r"y = 2 x, \quad u \overset{d}{=} v", r"u \overset{d}{=} v"),
}


@pytest.mark.parametrize("case", STATED)
def test_notation_is_told_and_does_not_count(case):
    source, told = STATED[case]
    report = check(source, {"x": 1.0, "y": 2.0})
    assert report and report.cases == 1
    assert any(told in note and "not checked" in note for note in report.notes), report.notes
    assert not check(source, {"x": 1.0, "y": 3.0})


NOTHING = [r"x \sim p", r"f : A \to B", r"w \leftarrow w - g", r"x \in \mathbb{R}^n", r"A \subseteq B", r"y_i \mid x_i \sim p"]


@pytest.mark.parametrize("source", NOTHING)
def test_notation_alone_is_no_check(source):
    with pytest.raises(EquationError, match="stated as notation"):
        check(source, {"x": 1.0})


# What may mean several things is read, and has no value.


SEVERAL = {
    "a circle": (r"y = x \circ B", r"\circ between two values has no value here"),
    "a star": (r"y = A \ast B", "has no value here"),
    "two signs": (r"y = 1 \pm x", "has two values"),
    "a subject": (r"m = \min_i x_i \text{ subject to } x_1 = 0", "stated as notation"),
    "a condition inside": (r"y = \operatorname{E}[x | u]", "no value here"),
    "a sum of groups": (r"y = {x + 1} x", "braces are not printed"),
    "an odd exponent": (r"y = x^{\star}", "has no value here"),
    "a phrase": (r"y = x \text{ for most of them}", "is not bound"),
    "two rows without conditions": (r"y = \begin{cases} 1 \\ 2 \end{cases}", "a row without a condition"),
    "a place and another": (r"y = a x^2 \Big|_0^1", "a difference between two places"),
    "an empty place": (r"y = \begin{bmatrix} & 1 \\ 1 & \end{bmatrix}", "an empty place has no value"),
    "a logarithm of a base in words": (r"y = \ln_2 x", "has no value here"),
    "a large union": (r"y = \bigcup_{i=0}^{2} x_i", "has no value here"),
    "a Hessian": (r"y = \nabla^2 x", "is bound to no function of another symbol"),
    "braces in a row": (r"n = 1 \text{ or } n = 2", "stated as notation"),
}


@pytest.mark.parametrize("case", SEVERAL)
def test_what_may_mean_several_things_has_no_value(case):
    source, message = SEVERAL[case]
    with pytest.raises(EquationError, match=re.escape(message)):
        check(source, {"x": X, "y": X, "A": A, "B": B, "n": 1, "m": 0.0})


def test_what_is_written_at_a_brace_is_reported():
    report = check(r"y = \underbrace{2 x}_{= z}", {"x": 1.0, "y": 2.0})
    assert report and "is not checked" in report.notes[0]


# Printing and reading again gives the same tree.


WRITTEN = [source for source, *_ in (*RIGHT.values(), *STATED.values(), *SEVERAL.values()) if "braces" not in source]
WRITTEN += [*NOTHING, r"\hat{y}_{t|t-1} = a_{:, j}", r"a^{<t>} = f(\cdot)", r"D_{KL}(P \| Q) = D(P || Q)", r"p(x_t | x_{<t}; \theta)"]
WRITTEN += [r"\{ x \mid x > 0 \} = \{ x : x > 0 \}", r"\underbrace{a}_{n \times 1} + \overbrace{b}^{c}", r"A^{-\top} = A^\intercal"]
WRITTEN += [r"x_1, x_2, \ldots, x_n \in S", r"\mathop{\mathbb{E}}_{x \sim p} [f(x)]", r"\text{post-test odds} = n\_samples"]


@pytest.mark.parametrize("source", [each for each in WRITTEN if "{x + 1}" not in each])
def test_what_is_printed_is_read_as_the_same(source):
    tree = parse(source)
    assert parse(latex(tree)) == tree


PARTS = st.sampled_from(
    [r"x", r"\mathbf{w}", r"x_i", r"f(x)", r"p(y | x)", r"|a|", r"\|x\|_2", r"\dots", r"\text{some words}", r"\log_2 n", r"n!", r"\binom{n}{k}"]
    + [r"\hat{y}_{t|t-1}", r"\underbrace{a + b}_{c}", r"\nabla f", r"\nabla_x f(x)", r"\sqrt[3]{x}", r"\max_i x_i", r"\{ a, b \}", r"W^{(l)\top}"]
)
BETWEEN = st.sampled_from([" + ", " - ", " ", r" \cdot ", r" \circ ", " = ", r" \sim ", r" \le ", ", ", r" \implies ", r" \leftarrow ", r" \pm ", r" \quad "])


@given(st.lists(st.tuples(PARTS, BETWEEN), min_size=1, max_size=6), PARTS)
@settings(max_examples=400, deadline=None)
def test_displays_put_together_are_printed_and_read_as_the_same(pairs, last):
    source = "".join(part + sign for part, sign in pairs) + last
    try:
        tree = parse(source)
    except EquationError:
        return
    assert parse(latex(tree)) == tree


def test_what_is_claimed_is_claimed_again_are_the_same():
    tree = parse(r"a = b \sim c, \quad d < e")
    once, _ = without_notation(tree)
    assert without_notation(once) == (once, [])


@pytest.mark.parametrize("case", STATED)
def test_mutants_of_what_is_claimed_are_told_apart_beside_notation(case):
    assert checked(STATED[case][0], {"x": 1.3, "y": 2.6})


def test_a_dot_between_bars_is_a_product():
    assert check(r"y = |a| \cdot |b| \cdot \|x\|", {"a": -2.0, "b": -3.0, "x": X, "y": 6 * np.linalg.norm(X)})
    assert check(r"y = \frac{|a| \cdot |b|}{a \cdot |b|}", {"a": -2.0, "b": -3.0, "y": -1.0})


def test_two_times_e_is_no_power_of_ten():
    assert check(r"y = 2e-1", {"y": 2 * np.e - 1}) and check(r"y = 1.5e-3", {"y": 0.0015})
