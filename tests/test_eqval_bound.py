"""What eight texts that were bound from page C25 alone asked for: right displays pass, wrong ones do not, and what is unclear is asked about."""

import functools

import numpy as np
import pytest
from mlbook.eqval import EquationError, check as checked, each, given
from mlbook.eqval.verdicts import findings

check = functools.partial(checked, mutants=False)
R = np.random.default_rng(17)
U, S, V = R.normal(size=2), R.normal(size=(4, 2)), R.normal(size=3)
FAR = np.linalg.norm(U - S, axis=1)
COV = np.cov(R.normal(size=(3, 20)))


def normal(x, mean, sd):
    "The density of a normal distribution."
    return np.exp(-(((x - mean) / sd) ** 2) / 2) / sd / np.sqrt(2 * np.pi)


DIFFERENTIALS = {r"d\rho": -0.3, r"\rho": 2.0, "dA": 0.3, "A": 2.0, r"\delta q": 3.0, r"\delta w_s": 1.0, "dV^2": 4.0, "dV": 1.0}
EMPTY = r"A = \begin{bmatrix} 1 & & \\ & 0.25 & \\ & & 4 \end{bmatrix}"
GRID = {"t": np.linspace(-1, 1, 9), r"\hat t": 0.5, "L": lambda t: -float(np.square(t - 0.4))}
LOWER = np.array([[1.0, 0, 0, 0], [-2, 1, 0, 0], [-4, 3, 1, 0], [0, 1, 5, 1]])
BESIDE = np.array([[1.0, 0, 0, 3], [-2, 2, 1, -3], [-1, 3, 0, -3], [2, 2, 2, -2]])
INVERSE = {"P": LOWER, "A": BESIDE, "U": LOWER @ BESIDE}
SHARES = {"s": np.array([0.2, 0.3, 0.5]), "b": 2.0, "q": 0.015}
TWO = {"X": R.normal(size=(3, 2)), "a": R.normal(size=2), "b": R.normal(size=3)}
SPRING = {"V": lambda x: 3 * x**2 / 2, "F": lambda x: -3 * x, "x": 0.8}
POSTERIOR = {
    "t": 0.3, "x": 1.1, "p(t)": lambda t: normal(t, 0, 1), r"p(x \mid t)": lambda x, t: normal(x, t, 1),
    r"p(t \mid x)": lambda t, x: normal(t, x / 2, np.sqrt(0.5)),
}

# Each case: the display, what is bound, the wrong neighbour's display or bindings, and options.

CASES = {
    "a distance": (r"d_i = |u - s_i|", {"u": U, "s": S, "d": FAR}, {"d": FAR**2}),
    "distances that are subtracted": (r"r_{ij} = |u - s_i| - |u - s_j|", {"u": U, "s": S, "r": FAR[:, None] - FAR}, {"r": FAR[:, None] + FAR}),
    "the gradient of a distance": (
        r"\frac{\partial h_i}{\partial u} = \frac{u - s_i}{|u - s_i|}", {"u": U, "s_i": S[1], "h_i": lambda u: np.sqrt(np.sum((u - S[1]) ** 2))},
        r"\frac{\partial h_i}{\partial u} = \frac{s_i - u}{|u - s_i|}"),
    "an energy": (r"T = \frac{1}{2} m |v|^2 = \frac{1}{2} m v \cdot v", {"m": 2.0, "v": V, "T": V @ V}, {"T": V @ V / 2}),
    "a length in a sum over what is numbered": (r"E = \sum_i |u - s_i|^2", {"u": U, "s": S, "E": np.sum(FAR**2)}, {"E": np.sum(FAR)}),
    "the length of a complex vector": (r"|z|^2 = n", {"z": np.array([3 + 4j, 1j]), "n": 26.0}, {"n": -8 + 24j}),
    "entry by entry, which alone fits": (r"|v| = \max(v, -v)", {"v": V}, r"|v| = \max(v, 2 v)"),
    "the largest entry": (r"n = \max(|v|)", {"v": V, "n": np.max(np.abs(V))}, {"n": np.linalg.norm(V)}),
    "a covariance and its bound": (r"C \succeq F^{-1} = G", {"C": COV + 0.1 * np.eye(3), "F": np.linalg.inv(COV), "G": COV}, {"C": COV - 0.1 * np.eye(3)}),
    "a bound from above": (r"A_i \preceq B", {"A": np.stack([COV, COV / 2]), "B": COV}, {"B": 0.9 * COV}),
    "a diagonal": (r"\operatorname{diag}(v) \succ 0", {"v": np.abs(V)}, {"v": V}),
    "positive definite": (r"A \succ 0", {"A": COV}, {"A": COV - 10 * np.eye(3)}),
    "of at least this order": (r"v \gtrsim \frac{1}{T}", {"v": 0.5, "T": 2.5}, {"v": 0.1}, {"tolerance": 0.1}),
    "a density": (r"p(x) \propto e^{-x^2 / 2}", {"x": 0.7, "p": lambda x: 3 * np.exp(-(x**2) / 2)}, {"p": lambda x: np.exp(-(x**2))}),
    "a posterior": (r"p(t \mid x) \propto p(t) p(x \mid t)", POSTERIOR, POSTERIOR | {r"p(t \mid x)": lambda t, x: normal(t, x / 2, 1)}),
    "weights": (r"w_i \propto e^{z_i}", {"z": V, "w": np.exp(V) / np.exp(V).sum()}, {"w": np.exp(2 * V)}),
    "vectors": (r"g \propto X v", {"X": COV, "v": V, "g": -2 * COV @ V}, {"g": COV @ V + 1}),
    "one number after the other": (r"y = a x \propto x", {"x": each(1.0, 2.0, 5.0), "a": 3.0, "y": lambda x, a: a * x}, {"a": 4.0, "y": lambda x: 3 * x}),
    "each with its own factor": (r"w_i \propto e^{z_i}", {"z": V, "c": each(1.0, 2.0), "w": given(lambda c, z: c * np.exp(z), "c", "z")}, {"w": given(lambda c, z: np.exp(c * z), "c", "z")}),
    "a full stop": (r"y = 2 x \cdot", {"x": 1.0, "y": 2.0}, {"y": 3.0}),
    "a differential of a command": (r"\frac{d\rho}{\rho} = -\frac{dA}{A}", DIFFERENTIALS, r"\frac{d\rho}{\rho} = \frac{dA}{A}"),
    "differentials with scripts": (r"\delta q = \delta w_s + \frac{dV^2}{2}", DIFFERENTIALS, r"\delta q = \delta w_s - \frac{dV^2}{2}"),
    "a small fraction": (r"y = \nicefrac{x}{2}", {"x": 1.0, "y": 0.5}, {"y": 2.0}),
    "the best of a grid": (r"\hat t = \arg\max_t L(t)", GRID, {r"\hat t": 0.25}),
    "the best of a grid, by a formula": (r"\hat t = \arg\min_t (t - 0.4)^2", GRID, {r"\hat t": 0.25}),
    "the largest over a grid": (r"m = \max_t L(t)", GRID | {"m": -0.01}, {"m": 0.0}),
    "an inverse leaves a rounding where there is 0": (r"A = P^{-1} U", INVERSE, {"A": BESIDE + 1e-10 * np.eye(4, k=1)}),
    "a transpose of it": (r"A^\top = (P^{-1} U)^\top", INVERSE, r"A = (P^{-1} U)^\top"),
    "an inverse that is a number of a large matrix": (r"B = A^{-1}", {"A": 1e6 * LOWER, "B": np.linalg.inv(LOWER) / 1e6}, {"B": np.linalg.inv(LOWER) / 1e6 + 1e-15 * np.eye(4)}),
    "a product in parentheses": (r"q = (\prod_{l=1}^{2} s_l) s_3^b", SHARES, {"q": 0.00375}, {"first": 1}),
    "a product that takes what is behind it": (r"q = \prod_{l=1}^{2} s_l s_3^b", SHARES | {"q": 0.00375}, {"q": 0.004}, {"first": 1}),
    "for all arrays of two spaces": (r"\forall (a,b) \in \mathbb{R}^p \times \mathbb{R}^n, \quad \langle X a, b\rangle = \langle a, X^\top b\rangle", TWO, r"\forall (a,b) \in \mathbb{R}^p \times \mathbb{R}^n, \quad \langle X a, b\rangle = 2 \langle a, X^\top b\rangle"),
    "for all numbers of an interval": (r"\forall t \in [0,1], \quad (1-t)^2 t \leq \frac{c}{4}", {"t": each(0.0, 0.3, 1.0, 9.0), "c": 1.0}, {"c": 0.1}),
    "for each number of a half-open one": (r"t_i^2 < 1 \quad \forall t_i \in [0,1)", {"t": np.array([0.0, 0.5, 1.0])}, r"t_i^2 < 1 \quad \forall t_i \in [0,1]"),
    "the largest above a bound": (r"m = \sup_{u \ge 0} u e^{-u}", {"u": np.linspace(-2, 5, 71), "m": np.exp(-1)}, {"m": 1.0}),
    "the largest between two": (r"m = \sup_{u \in [2, 5]} u e^{-u}", {"u": np.linspace(-2, 5, 71), "m": 2 * np.exp(-2)}, {"m": np.exp(-1)}),
    "statements in rows that are equivalent": (r"\begin{array}{rcl} a = 2 b &\Leftrightarrow& c = 3 b \\ &\Leftrightarrow& c = a + b \end{array}", {"a": 4.0, "b": 2.0, "c": 6.0}, r"\begin{array}{rcl} a = 2 b &\Leftrightarrow& c = 3 b \\ &\Leftrightarrow& c = a - b \end{array}"),
    "the norm of an operator": (r"s = \|A\|_{\text{op}}", {"A": S, "s": np.linalg.norm(S, 2)}, {"s": np.linalg.norm(S)}),
    "columns between empty rows": (r"A = \left[\begin{array}{c|c} & \\ u_1 & u_2 \\ & \end{array}\right]", {"A": S, "u": S.T}, r"A = \left[\begin{array}{c|c} & \\ u_2 & u_1 \\ & \end{array}\right]", {"first": 1}),
    "a number in bars": (r"|a| = b", {"a": -2.0, "b": 2.0}, {"b": -2.0}),
}
ASKS = {
    "an array that is in no such space": (r"\forall a \in \mathbb{R}, \quad X a = c", TWO | {"c": TWO["X"] @ TWO["a"]}, "a has 1 axes, and is said to be in"),
    "an interval, and nothing is bound": (r"m = \sup_{u \in [2, 5]} u", {"m": 5.0}, "bind the symbol to an array of the numbers"),
    "no number of the interval": (r"m = \sup_{u \in [2, 5]} u", {"u": np.linspace(0, 1, 5), "m": 1.0}, "none of the numbers that u is bound to"),
    "where a product ends": (r"q = \prod_{l=1}^{2} s_l s_3^2", {"s": np.append([0.0], SHARES["s"]), "q": 0.015}, "a product may take the factors at its end"),
    "a product before a sum over its letter": (r"q = \prod_{l=1}^{2} s_l s_3^{2 \sum_{l=1}^{1} s_l / s_1}", {"s": np.append([0.0], SHARES["s"]), "q": 0.015}, "a product may take"),
    "where the first of two products ends": (r"q = \prod_{l=1}^{2} s_l \prod_{k=1}^{2} a_k", {"s": np.append([0.0], SHARES["s"]), "a": np.array([1.0, 2.0, 5.0]), "q": 0.6}, "a product may take"),
    "entry by entry, though a length fits": (r"\frac{v}{|v|} = e", {"v": V, "e": np.sign(V)}, r"\|v\| may be a length, and then this fails, or taken entry by entry"),
    "an order that may be up to a factor": (r"v \gtrsim \frac{1}{T}", {"v": 0.1, "T": 2.5}, "up to which factor is not told"),
    "no range, and a number beside it": (r"t = -\int F \, dx", SPRING | {"t": 0.3}, "no range of the integral is printed"),
    "no range, and no value": (r"t = \int \frac{dx}{x}", {"x": 0.8, "t": 0.3}, "no range of the integral is printed"),
    "an empty place that may say nothing": (EMPTY, {"A": np.diag([1, 0.25, 4]) + np.eye(3, k=1)}, "may be 0, and then this fails, or say nothing"),
    "a wrong number beside empty places": (EMPTY, {"A": np.diag([1, 0.5, 4])}, "may be 0, and then this fails"),
    "an empty place that may be a mirror": (r"A = \begin{bmatrix} 1 & \\ 2 & 3 \end{bmatrix}", {"A": np.tril(np.ones((2, 2)))}, "is empty in row 1, column 2"),
    "one symbol by two keys": ("a = 1", {"a": 1.0, r"\mathbb{\hat{Y}}": 1.0, r"\hat{\mathbb{Y}}": 1.0}, "bound twice: the key .* is the same symbol"),
    "a command that cannot stand here": (r"a = b \hat{\cup} c", {"a": 1.0}, r"\\cup cannot stand here"),
    "a function without a parameter": ("y = 2", {"y": lambda: 2.0}, "it has no parameter, and bound are y"),
    "a function of NumPy": ("y = 2", {"y": np.sin}, r"print its argument, or use given\(sin, 'x'\)"),
    "a list of functions": ("x_i(t) = 2", {"x": [np.sin, np.cos], "t": 1.0}, "bind each function by a key of its own, such as 'x_1', or 'x_i' for one i"),
    "an application with too few axes": (r"p(a \mid b) = c", {"p(a | b)": np.ones(3), "a": 1, "b": 1, "c": 1}, "has 2 names in parentheses, and its array 1 axes: bind a number"),
    "two that are equally good": (r"\hat t = \arg\max_t t^2", GRID, "is at several of the numbers"),
    "an order of numbers": (r"a \succeq b", {"a": 2.0, "b": 1.0}, "compares symmetric matrices here"),
    "an order of other matrices": (r"A \succeq 0", {"A": np.triu(COV)}, "one here is not"),
    "an order of a matrix and a number": (r"A \succeq \mu", {"A": COV, r"\mu": 0.1}, "print the identity"),
    "a factor that depends on the row": (r"p_{ij} \propto e^{z_{ij}}", {"z": COV, "p": np.exp(COV) / np.exp(COV).sum(1, keepdims=True)}, "along one index only"),
    "a prior that is a number": (r"p(t \mid x) \propto p(t) p(x \mid t)", POSTERIOR | {"p(t)": 0.6}, "depends on t, and is bound to a number"),
    "a factor that depends on the choice": (r"a \propto b", {"a": each(1.0, 2.0), "b": given(lambda a: a**2, "a")}, "from one choice of values to the next"),
}


def case(name):
    "The display, what is bound, the wrong neighbour's display and bindings, and options."
    source, bindings, wrong, *options = CASES[name]
    other = (wrong, bindings) if isinstance(wrong, str) else (source, bindings | wrong)
    return source, bindings, *other, options[0] if options else {}


@pytest.mark.parametrize("name", CASES)
def test_a_right_display_passes_and_its_neighbour_fails(name):
    source, bindings, other, bound, options = case(name)
    report = check(source, bindings, **options)
    assert report and not report.weak, report
    assert not check(other, bound, **options)


@pytest.mark.parametrize("name", ASKS)
def test_what_is_unclear_is_asked_about(name):
    source, bindings, said = ASKS[name]
    with pytest.raises(EquationError, match=said):
        check(source, bindings)


def test_the_report_says_how_bars_were_read():
    assert "|v| is a length" in repr(check(r"|v| = n", {"v": V, "n": np.linalg.norm(V)}))
    assert "|v| is taken entry by entry" in repr(check(r"|v| = \max(v, -v)", {"v": V}))
    assert "|" not in repr(check(r"|a| = b", {"a": -2.0, "b": 2.0}))


def test_empty_places_are_zeros_where_this_holds():
    assert "the empty places of a matrix are 0" in repr(check(EMPTY, {"A": np.diag([1, 0.25, 4])}))


def on_a_page(tmp_path, text, *labels):
    "What came of a page in LaTeX on which these bindings are made."
    (tmp_path / "page.tex").write_text(text, encoding="utf-8")
    lines = [f"verify({label!r}, {{'x': 1.0, 'y': 2.0}})" for label in labels]
    (tmp_path / "page_equations.py").write_text("\n".join(["from mlbook.eqval import verify", *lines]), encoding="utf-8")
    return [*findings(tmp_path / "page.tex")]


def test_a_label_that_no_display_has_does_not_stop_the_report(tmp_path):
    found = on_a_page(tmp_path, "\n\\[y = 2 x\\]\n\n\\[y = 3 x\\]\n", "line 1", "y = 2 x")
    assert [one.status for one in found] == ["failed", "passed", "unbound"]
    assert "no display has the label line 1" in found[0].message and "the nearest is at line 2" in found[0].message


def test_a_piece_is_found_as_the_page_writes_it(tmp_path):
    page = "\\newcommand{\\data}{y}\n\\[\\data = 2 x\\]\n"
    for piece in (r"\data = 2", "y = 2"):
        [one] = on_a_page(tmp_path, page, piece)
        assert one.status == "passed", one.message
    assert on_a_page(tmp_path, page, r"\data = 3")[0].status == "failed"


WEAK = {
    "one number": (r"a \propto b", {"a": 3.0, "b": 7.0}, "any number is proportional to any other"),
    "the same number twice": (r"a_i \propto b_i", {"a": np.full(2, 3.0), "b": np.full(2, 7.0)}, "any number is proportional to any other"),
    "a claim that is not looked at": (r"a \ll b = c", {"a": 1.0, "b": 9.0, "c": 9.0}, r"a \ll b: stated, not checked"),
    "a function that is not bound": (r"p(x \mid u) \propto 2 x = y", {"x": 1.0, "y": 2.0}, "stated, not checked"),
    "an order of what is not bound": (r"u \succeq b = c", {"b": 9.0, "c": 9.0}, r"u \succeq b: stated, not checked"),
}


@pytest.mark.parametrize("name", WEAK)
def test_a_claim_that_says_nothing_is_weak(name):
    source, bindings, said = WEAK[name]
    report = check(source, bindings)
    assert report and any(said in each for each in report.weak), report
    with pytest.raises(EquationError, match="is weak"):
        check(source, bindings, strict=True)


def test_notation_in_a_chain_is_not_weak():
    assert not check(r"y = 2 x \in \mathbb{R}, \quad x \sim p", {"x": 1.0, "y": 2.0}).weak
