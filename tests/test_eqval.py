"""The checker of equations: random formulas against loops and einsum, what it refuses, and that it can fail."""

import itertools
import math
import os
import re

import numpy as np
import pytest
from hypothesis import given as given_by
from hypothesis import settings
from hypothesis import strategies as st
from mlbook.eqval.comparison import agree, setting
from mlbook.eqval.mutation import mutants
from mlbook.eqval.printing import latex
from mlbook.eqval.trees import parse
from mlbook.eqval.values import Scope
from mlbook.eqval import EquationError, beyond, check, each, given, outcomes, survivors

import mlbook

NIGHT = int(os.environ.get("EQVAL_FUZZ", "0"))  # of random formulas, for the cell "night" of make matrix
MANY, FEW = (settings(max_examples=NIGHT or count, deadline=None) for count in (300, 60))
SIZES = {"i": 2, "j": 3, "k": 4, "m": 2, "n": 3}
ARRAYS = {  # name: indices that its axes have the lengths of
    "x": "i", "y": "j", "z": "k", "u": "m", "v": "n", "A": "ij", "B": "jk", "C": "km", "D": "in", "E": "ijk", r"\theta": "jn",
}
RNG = np.random.default_rng(0)
BOUND = {name: RNG.uniform(0.5, 1.5, [SIZES[index] for index in axes]) for name, axes in ARRAYS.items()}


# Random formulas: each is its LaTeX, and a function from the values of the indices to a number.


def entry(name):
    array, axes = BOUND[name], ARRAYS[name]
    return f"{name}_{{{axes}}}", lambda at: array[tuple(at[index] for index in axes)]


def number(value):
    return str(value), lambda at: value


def binary(pattern, operation):
    return lambda left, right: (pattern % (left[0], right[0]), lambda at: operation(left[1](at), right[1](at)))


def unary(pattern, operation):
    return lambda inner: (pattern % inner[0], lambda at: operation(inner[1](at)))


def over(symbol, reduce, style):
    def build(index, body):
        below, above = {"ends": (f"{index}=0", SIZES[index] - 1), "between": (rf"0 \le {index} < {SIZES[index]}", None)}[style]
        text = rf"{symbol}_{{{below}}}" + (f"^{{{above}}}" if above is not None else "") + rf" \left( {body[0]} \right)"
        return text, lambda at: reduce([body[1](at | {index: value}) for value in range(SIZES[index])])

    return build


def condition(index, other, yes, no):
    text = rf"\begin{{cases}} {yes[0]} & \text{{if }} {index} < {other} , \\ {no[0]} & \text{{otherwise}} \end{{cases}}"
    return text, lambda at: yes[1](at) if at[index] < at[other] else no[1](at)


def delta(index, other):
    return rf"\delta_{{{index}{other}}}", lambda at: float(at[index] == at[other])


LEAVES = st.one_of(
    st.sampled_from(sorted(ARRAYS)).map(entry),
    st.sampled_from([1, 2, 0.5, 3]).map(number),
    st.tuples(st.sampled_from("ijkmn"), st.sampled_from("ijkmn")).map(lambda pair: delta(*pair)),
)


def grown(inner):
    two, indices = st.tuples(inner, inner), st.sampled_from("ijkmn")
    binaries = {
        r"%s + (%s)": lambda a, b: a + b,
        r"\left( %s - (%s) \right)": lambda a, b: a - b,
        r"\bigl( %s \bigr) \bigl( %s \bigr)": lambda a, b: a * b,
        r"( %s ) \cdot ( %s )": lambda a, b: a * b,
        r"\frac{%s}{2 + e^{%s}}": lambda a, b: a / (2 + math.exp(b)),
        r"\max(%s, %s)": max,
    }
    unaries = {
        r"\bigl( %s \bigr)^2": lambda a: a**2,
        r"- ( %s )": lambda a: -a,
        r"\tanh( %s )": math.tanh,
        r"\log \bigl( 2 + | %s | \bigr)": lambda a: math.log(2 + abs(a)),
        r"\sqrt{1 + (%s)^2}": lambda a: math.sqrt(1 + a * a),
        r"\lfloor %s \rfloor": math.floor,
    }
    choices = [two.map(lambda pair, f=binary(*each_): f(*pair)) for each_ in binaries.items()]
    choices += [inner.map(unary(*each_)) for each_ in unaries.items()]
    for symbol, reduce in ((r"\sum", sum), (r"\prod", math.prod), (r"\max", max), (r"\min", min)):
        for style in ("ends", "between"):
            choices.append(st.tuples(indices, inner).map(lambda pair, f=over(symbol, reduce, style): f(*pair)))
    choices.append(st.tuples(indices, indices, inner, inner).map(lambda parts: condition(*parts)))
    return st.one_of(choices)


def tame(formula):
    "Whether a formula's values are numbers of moderate size everywhere."
    try:
        values = values_of(formula).ravel()
    except (OverflowError, ValueError):
        return False
    return bool(np.isfinite(values).all() and np.abs(values).max() < 1e6)


def values_of(formula):
    indices = "ijkmn"
    grid = itertools.product(*[range(SIZES[index]) for index in indices])
    return np.array([formula[1](dict(zip(indices, place))) for place in grid], float).reshape([SIZES[index] for index in indices])


FORMULAS = st.recursive(LEAVES, grown, max_leaves=6).filter(tame)


@MANY
@given_by(FORMULAS)
def test_a_random_formula_is_what_plain_loops_compute(formula):
    bindings = BOUND | {"R": values_of(formula)}
    assert agree(rf"R_{{ijkmn}} = {formula[0]}", bindings)


@MANY
@given_by(FORMULAS, FORMULAS)
def test_two_random_formulas_agree_where_plain_loops_do(formula, other):
    values, others = values_of(formula), values_of(other)
    far = np.abs(values - others) > 1e-6 * np.maximum(np.abs(values), np.abs(others))
    report = agree(rf"R_{{ijkmn}} = {formula[0]}", BOUND | {"R": others})
    assert report.wrong >= far.sum() and bool(report) <= (not far.any())


@FEW
@given_by(FORMULAS, st.data())
def test_one_wrong_entry_of_a_random_formula_is_found(formula, data):
    values = values_of(formula)
    place = tuple(data.draw(st.integers(0, size - 1)) for size in values.shape)
    values[place] += 1e-3 * max(np.abs(values).max(), 1.0)
    report = agree(rf"R_{{ijkmn}} = {formula[0]}", BOUND | {"R": values})
    assert not report
    where = ", ".join(f"{index} = {value}" for index, value in zip("ijkmn", place))
    assert f"at {where}: " in report.failure


@MANY
@given_by(FORMULAS)
def test_a_formula_is_printed_and_read_back(formula):
    tree = parse(formula[0])
    assert parse(latex(tree)) == tree
    assert latex(parse(latex(tree))) == latex(tree)


@FEW
@given_by(st.data())
def test_products_of_entries_are_einsum(data):
    names = data.draw(st.lists(st.sampled_from([name for name in sorted(ARRAYS) if name != r"\theta"]), min_size=1, max_size=4))
    used = sorted(set("".join(ARRAYS[name] for name in names)))
    free = data.draw(st.lists(st.sampled_from(used), unique=True))
    subscripts = ",".join(ARRAYS[name] for name in names) + "->" + "".join(free)
    result = np.einsum(subscripts, *[BOUND[name] for name in names])
    sums = "".join(rf"\sum_{{{index}=0}}^{{{SIZES[index]}-1}} " for index in used if index not in free)
    factors = r" \, ".join(f"{name}_{{{ARRAYS[name]}}}" for name in names)
    left = f"R_{{{''.join(free)}}}" if free else "R"
    assert agree(f"{left} = {sums}{factors}", BOUND | {"R": result})
    silent = f"\\sum_{{{','.join(index for index in used if index not in free)}}} " if sums else ""
    assert agree(f"{left} = {silent}{factors}", BOUND | {"R": result})


@FEW
@given_by(st.integers(0, 2**32 - 1))
def test_derivatives_are_those_of_the_framework_of_pullbacks(seed):
    rng = np.random.default_rng(seed)
    x, w, b, u = rng.normal(size=(3, 2)), rng.normal(size=(2, 4)), rng.normal(size=4), rng.normal(size=(3, 4))
    y, pullback = mlbook.vjp(mlbook.dense, x, w, b)
    dx, dw, db = pullback(u)
    bindings = {"x": x, "w": w, "b": b, "u": u, "p": dx, "q": dw, "r": db, "z": mlbook.dense}
    assert agree(r"p_{nj} = \sum_{m,k} u_{mk} \frac{\partial z_{mk}}{\partial x_{nj}}", bindings)
    assert agree(r"q_{jk} = \sum_{m,l} u_{ml} \frac{\partial z_{ml}}{\partial w_{jk}} ,\quad r_k = \sum_{m,l} u_{ml} \frac{\partial z_{ml}}{\partial b_k}", bindings)
    assert not agree(r"p_{nj} = \sum_{m,k} u_{nk} \frac{\partial z_{mk}}{\partial x_{mj}}", bindings)


# What it refuses, and how it says so


Z = np.array([0.3, -1.2, 0.7])
REFUSED = {
    "unreadable": (r"a = \frob{b}", {"a": 1}, "cannot read this"),
    "open parenthesis": (r"a = (b", {"a": 1, "b": 1}, "cannot read this"),
    "words": (r"a = b \text{ roughly speaking}", {"a": 1, "b": 1}, "is not bound"),
    "dots": (r"a = b_0 + \dots + c", {"a": 1, "b": Z, "c": 2}, "the dots do not tell how it goes on"),
    "unbound": (r"a = q", {"a": 1}, "q is not bound"),
    "two ranges": (r"a_i = b_i", {"a": Z, "b": np.ones(4)}, "i takes 3 values in a_{i} and 4 in b_{i}"),
    "too many indices": (r"a_{ij} = 1", {"a": Z}, "2 indices for 1 axes"),
    "no range": (r"a = \sum_p b_{p+1}", {"a": 1, "b": Z}, "nothing tells the range of p"),
    "shapes": (r"a = X y", {"a": Z, "X": np.ones((3, 2)), "y": Z}, "does not fit"),
    "row by row": (r"a = x + y", {"a": Z, "x": np.ones((2, 4)), "y": Z}, "do not fit"),
    "bound twice": (r"a = b", {"a": 1, "b_0": 1, "b_{0}": 2}, "is bound twice"),
    "bare function": (r"a = f + 1", {"a": 1, "f": np.sin}, "without its argument"),
    "fraction as index": (r"a = b_{1/2}", {"a": 1, "b": Z}, "no whole number"),
    "nothing compared": ("a", {"a": 1}, "compares nothing"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_read_or_does_not_fit_is_refused(case):
    source, bindings, message = REFUSED[case]
    with pytest.raises(EquationError, match=re.escape(message)):
        check(source, bindings)


def test_the_place_of_what_cannot_be_read_is_marked():
    with pytest.raises(EquationError) as error:
        parse("a = b ,\nc = d \\frob{e}")
    assert str(error.value).splitlines()[1:] == ["c = d \\frob{e}", "      ^"]


def test_text_is_never_run():
    for source in ("__import__('os')", r"a = \text{exit()}", "open(1)"):
        with pytest.raises(EquationError):
            check(source, {"a": 1})


WRONG = {
    "one entry": (r"a_i = b_i", {"a": Z, "b": Z + [0, 0, 1e-6]}),
    "second of two statements": (r"a = b ,\quad b = c", {"a": 1, "b": 1, "c": 2}),
    "the middle of a chain": (r"a = b = c", {"a": 1, "b": 2, "c": 1}),
    "only defined": (r"q = a + b", {"a": 1, "b": 2}),
    "no values": (r"a_i = b_i", {"a": np.ones(0), "b": np.ones(0)}),
    "an inequality": (r"a \le b", {"a": Z, "b": Z - [0, 0, 1]}),
    "wrong for one of each": (r"z^2 = z", {"z": each(0.0, 1.0, 2.0)}),
    "abs is no smooth function": (r"\frac{\partial J}{\partial z_i} = 2 z_i", {"z": Z, "J": lambda z: np.sum(z * np.abs(z))}),
    "a function that drops imaginary parts": (r"\frac{\partial J}{\partial z_i} = 0", {"z": Z, "J": lambda z: np.sum(np.real(z) ** 2)}),
    "expectation": (r"\operatorname{E}[x^2] = \operatorname{E}[x]^2", {"x": outcomes([1.0, 2.0, 4.0])}),
    "a label": (r"a^{(l)} = l", {"a": [0, 1, 3]}),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_equation_fails(case):
    source, bindings = WRONG[case]
    report = check(source, bindings)
    assert not report and report.failure


RIGHT = {
    "fonts are no other symbol": (r"\mathbf{a}_i = a_i", {"a": Z}),
    "fonts where both are bound": (r"\mathbf{a} = 2 a", {"a": 1.5, r"\mathbf{a}": 3.0}),
    "first of its own": (r"a_i = b_i", {"a": beyond([1, 2, 3], outside=np.nan, first=5), "b": beyond([1, 2, 3], outside=np.nan, first=5)}),
    "zero beyond": (r"a_i = \hat b_{i-1}", {"a": np.array([0.0, 1.0, 2.0]), r"\hat b": beyond([1.0, 2.0, 3.0])}),
    "restricted": (r"\delta_{ij} a_i = 0 \quad \text{if } i \ne j", {"a": Z, "j": range(3)}),
    "printed range": (r"a_i = 1 ,\qquad 0 \le i < n", {"a": np.array([1.0, 1.0, 5.0]), "n": 2}),
    "label": (r"a^{(l+1)} = a^{(l)} + 1", {"a": [0, 1, 2, 3]}),
    "rows and columns": (r"x^\top A x = \sum_{i,j} x_i A_{ij} x_j", {"x": Z, "A": np.arange(9.0).reshape(3, 3)}),
    "ones": (r"Z = X + \mathbf{1} b^\top", {"Z": np.ones((4, 3)) + Z, "X": np.ones((4, 3)), "b": Z}),
    "complex step": (r"\frac{\partial}{\partial z_i} \sum_{k=0}^{2} e^{z_k} = e^{z_i}", {"z": Z}),
    "prime": (r"f'(x) = \cos(x)", {"f": np.sin, "x": each(0.1, 2.0)}),
    "graph": (r"\frac{\partial J}{\partial z_i} = 3 y_i^2 e^{z_i}", {"z": Z, "y": given(np.exp, "z"), "J": given(lambda y: np.sum(y**3), "y")}),
    "probability": (r"\Pr(x > 1) = \frac{2}{3}", {"x": outcomes([1.0, 2.0, 4.0])}),
    "integral": (r"\int_0^\infty e^{-t} \, dt = 1", {}),
    "argmax": (r"\arg\max_i z_i = 2", {"z": Z}),
    "nested": (r"\sum_{i=0}^{2} \sum_{j=0}^{i} z_j = 3 z_0 + 2 z_1 + z_2", {"z": Z}),
    "printed matrix": (r"A = \begin{pmatrix} z_0 & 1 \\ 0 & z_1 \end{pmatrix}", {"z": Z, "A": np.array([[0.3, 1], [0, -1.2]])}),
}


@pytest.mark.parametrize("case", RIGHT)
def test_a_right_equation_holds(case):
    source, bindings = RIGHT[case]
    assert check(source, bindings)


def test_first_index_one():
    bindings = {"z": Z, "s": 0.3 - 2 * 1.2 + 3 * 0.7 + 0.7, "n": 3}
    assert check(r"\sum_{i=1}^{n} i z_i + z_n = s", bindings, first=1)
    with pytest.raises(EquationError, match="needs z_{i}, z_{n} beyond its ends"):
        check(r"\sum_{i=1}^{n} i z_i + z_n = s", bindings)


def test_layouts():
    bindings = {"x": Z, "A": np.arange(6.0).reshape(2, 3), "y": lambda A, x: A @ x}
    assert check(r"\frac{\partial y}{\partial x} = A", bindings)
    assert not check(r"\frac{\partial y}{\partial x} = \frac{1}{2} A", bindings)
    assert check(r"\frac{\partial y}{\partial x} = A^\top", bindings, layout="denominator")


def test_a_failure_names_line_and_fragment():
    source = "\\begin{aligned}\na &= b \\\\\n&= b + 0 \\\\\n&= b + c\n\\end{aligned}"
    report = check(source, {"a": 1, "b": 1, "c": 1})
    assert "line 4: b + c" in report.failure and "1 = 2" in report.failure


# Mutants


def test_every_mutant_of_softmax_fails():
    count, alive = survivors(r"s_i = \frac{e^{z_i}}{\sum_{k=0}^{K-1} e^{z_k}}", {"z": Z, "K": 3, "s": mlbook.softmax})
    assert count >= 10 and not alive


def test_a_blind_binding_lets_mutants_live():
    "With a symmetric matrix nobody can tell i j from j i."
    assert survivors("a_{ij} = b_{ij}", {"a": np.ones((2, 2)), "b": np.ones((2, 2))})[1]


CHANGES = {
    r"a = b - c": {"flip the sign of c", "drop the term c", "flip the sign of b", "drop the term b"},
    r"a = b c": {"drop the factor b", "drop the factor c"},
    r"a = \frac{b}{c}": {"drop the numerator b", "drop the denominator c"},
    r"a = \sum_{i=0}^{2} z_i": {r"drop \sum_{i = 0}", r"end \sum_{i = 0} one earlier", "0 one higher in i = 0"},
    r"A_{ij} = a": {"swap i and j in A_{i j}", "shift i in A_{i j}", "shift j in A_{i j}"},
    r"B = A^\top": {"drop the transpose of A", "A in place of B", "B in place of A"},
}


@pytest.mark.parametrize("source", CHANGES)
def test_the_changes_that_are_made(source):
    bound = {"a": 1.5, "b": 2.5, "c": 3.5, "z": Z, "A": np.arange(4.0).reshape(2, 2), "B": np.eye(2)}
    ready = setting(bound)
    made = mutants(parse(source), Scope(ready.choices[0], {}, {}))
    changes = {mutant.change for mutant in made}
    assert CHANGES[source] <= {change.replace("^{\\top}", "") for change in changes}, changes
