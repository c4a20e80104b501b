"""What the checker says of bindings and equations that do not fit: an EquationError with a message, and nothing else."""

import os
import random
import re
from pathlib import Path

import numpy as np
import pytest
from mlbook.eqval.bindings import bindings_of
from mlbook.eqval.texts import read_text
from mlbook.eqval import EquationError, beyond, check, each, given, outcomes, survivors

NBS = Path(__file__).parents[1] / "nbs"
Z = np.array([0.3, -1.2, 0.7])


def turned(bindings):
    "The same bindings in the opposite order."
    return dict(reversed(list(bindings.items())))


# A reading may depend on what is bound, and on nothing else: not on the order of bindings, and not on that of statements.


READINGS = {
    "T is defined": (r"T = 2 , y = x^T", {"x": 3.0, "y": 9.0}),
    "T is defined behind": (r"y = x^T , T = 2", {"x": Z, "y": Z**2}),
    "T is a number": (r"y = x^T", {"x": 3.0, "y": 9.0, "T": 2}),
    "T is computed": (r"y = x^T", {"x": 3.0, "y": 9.0, "T": given(lambda q: q + 1, "q"), "q": 1}),
    "T is nothing": (r"y = x^T", {"x": Z, "y": Z[None]}),
    "T is a matrix": (r"y = x^T + T", {"x": Z, "y": Z[None] + 1, "T": np.ones((1, 3))}),
    "T is a function": (r"y = x^T + T(0)", {"x": Z, "y": Z[None] + 1, "T": np.cos}),
    "T is an index": (r"y_T = x^T", {"x": 2.0, "y": 2.0 ** np.arange(4)}),
    "T is an index with a range": (r"y_T = x^T", {"x": 2.0, "y": 2.0 ** np.arange(4), "T": range(4)}),
    "T belongs to a sum": (r"\sum_{T=0}^{2} x^T = 7", {"x": 2.0}),
    "T ends a label": (r"y = x^{(1)T}", {"x": [0.0, Z], "y": Z[None]}),
    "e is bound": (r"y = e^x", {"x": 3.0, "y": 8.0, "e": 2}),
    "e is a number": (r"y = e^x", {"x": 1.0, "y": np.e}),
    "e is an index": (r"y_e = e", {"y": np.arange(3)}),
    "pi is bound": (r"y = \pi", {"y": 5.0, r"\pi": 5.0}),
    "n is bound": (r"z = y_n", {"y": Z, "z": 0.7, "n": 2}),
    "n is defined": (r"z = y_n , n = 2", {"y": Z, "z": 0.7}),
    "n is an index": (r"z_n = y_n", {"y": Z, "z": Z}),
    "y_n is a name": (r"z = y_n", {"y": Z, "z": 5.0, "y_n": 5.0, "n": 2}),
    "f is a number": (r"y = f(x + 1)", {"f": 2.0, "x": 1.0, "y": 4.0}),
    "f is a function": (r"y = f(x + 1)", {"f": np.square, "x": 1.0, "y": 4.0}),
    "f is defined": (r"y = f(x + 1) , f = 2", {"x": 1.0, "y": 4.0}),
    "E is a number": (r"y = E[x]", {"E": 2.0, "x": 1.5, "y": 3.0}),
    "a prime is a derivative": (r"y = f'(x)", {"f": np.sin, "x": 1.0, "y": np.cos(1.0)}),
    "a prime is a name": (r"y = f'(x)", {"f": np.sin, "f'": 3.0, "x": 2.0, "y": 6.0}),
    "delta is Kronecker's": (r"z = \delta_{ij}", {"z": 1.0, "i": 1, "j": 1}),
    "delta is bound": (r"z = \delta_{ij}", {"z": 4.0, "i": 1, "j": 1, r"\delta": np.full((2, 2), 4.0)}),
    "d is the sign of an integral": (r"\int_0^1 t \, d t = \frac{1}{2}", {"d": 7.0}),
    "beta_1 to the t": (r"z = \beta_1^t", {r"\beta_1": 0.9, "t": 3, "z": 0.9**3}),
    "entry 1 of beta to the t": (r"z = \beta_1^t", {r"\beta": np.array([1.0, 0.9]), "t": 3, "z": 0.9**3}),
    "entry 1 of beta^t": (r"z = \beta_1^t", {r"\beta^t": np.array([1.0, 0.8]), "t": 3, "z": 0.8}),
    "beta_1^t is a name": (r"z = \beta_1^t", {r"\beta_1^t": 0.7, r"\beta_1": 0.9, "t": 3, "z": 0.7}),
    "beta_1^t for every t": (r"z_t = \beta_1^t", {r"\beta_1": 0.9, "z": 0.9 ** np.arange(4)}),
    "beta_1^t for t in a range": (r"z_t = \beta_1^t", {r"\beta_1": 0.9, "t": range(4), "z": 0.9 ** np.arange(4)}),
    "definitions in any order": (r"y = q , q = r + 1 , r = 2", {"y": 3}),
    "definitions with indices": (r"q_i = r_i + 1 , r_i = z_i , y_i = q_i", {"y": Z + 1, "z": Z}),
    "a claim about what is defined": (r"J > 2 , y = J + z , J = 3", {"y": 3.5, "z": 0.5}),
    "one font of two": (r"y = \mathsf{a}", {r"\mathbf{a}": 1.0, r"\mathsf{a}": 2.0, "y": 2.0}),
    "given in a font": ("y = f", {"a": 1.0, r"\mathbf{a}": 2.0, "f": given(lambda a: a, r"\mathbf{a}"), "y": 2.0}),
}


@pytest.mark.parametrize("case", READINGS)
def test_a_reading_depends_on_what_is_bound(case):
    source, bindings = READINGS[case]
    statements = re.split(" , ", source)
    for text in (source, " , ".join(reversed(statements))):
        assert check(text, bindings) and check(text, turned(bindings))
    for result in [key for key in ("z", "y") if key in bindings][:1]:
        assert not check(source, bindings | {result: bindings[result] + 1e-3})


# What does not fit is named.


REFUSED = {
    "d may be a factor": (r"\frac{d y}{d x} = 4", {"d": 3.0, "y": 4.0, "x": 1.0}, "may be a quotient, since d is bound"),
    "two parameters spelt alike": ("y = f", {"W_1": 1.0, "W^1": 2.0, "f": lambda W1: W1, "y": 1.0}, "both spelt W1"),
    "a font that is not told": ("y = a", {r"\mathbf{a}": 1.0, r"\mathsf{a}": 2.0, "y": 1.0}, "a is not bound"),
    "given by nothing": ("y = f", {"f": given(np.sin, "q"), "y": 1.0}, "q is not bound"),
    "a circle": ("y = f", {"f": given(np.sin, "g"), "g": given(np.sin, "f"), "y": 1.0}, "go round in a circle"),
    "a function that fails": ("y = f", {"f": lambda x: x @ x, "x": 2.0, "y": 1.0}, "the function of f raises ValueError"),
    "a function that is applied fails": ("y = f(2)", {"f": lambda q: q[5], "y": 1.0}, "the function of f raises IndexError"),
    "a function of no argument": ("y = f(2)", {"f": lambda: 1.0, "y": 1.0}, "the function of f raises TypeError"),
    "a function that gives a string": ("y = f(2)", {"f": str, "y": 1.0}, "the value of f is '2.0', expected an array of"),
    "a function of two": ("y = f'(2, 3)", {"f": np.hypot, "y": 1.0}, "f has a prime, and 2 arguments"),
    "a string": ("y = 1", {"y": "one"}, "y is 'one', expected an array of numbers"),
    "None": ("y = 1", {"y": None}, "y is None, expected an array of numbers"),
    "rows of different lengths": ("y = 1", {"y": ([1, 2], [3])}, "expected an array of numbers"),
    "a masked array": ("y = 1", {"y": np.ma.masked_array([1.0, 2.0], [True, False])}, "expected an array of numbers"),
    "a label of no family": ("y = 1", {"y": {1.5: 1.0}}, "the label 1.5, expected a whole number"),
    "bindings that are no dictionary": ("y = 1", ["y"], "bindings is ['y'], expected a dictionary"),
    "LaTeX that is no string": (None, {}, "latex is None, expected a string"),
    "an endless sum": (r"y = \sum_{i=0}^{10^{12}} i", {"y": 1.0}, "i runs over nothing, or over more than"),
    "the inverse of zeros": ("y = A^{-1}", {"A": np.zeros((2, 2)), "y": 1.0}, "no inverse"),
    "an entry of nothing": ("y = x_0", {"x": np.ones(0), "y": 1.0}, "an entry of an array that has none"),
    "a trace of two": (r"y = \operatorname{tr}(A, A)", {"A": np.eye(2), "y": 1.0}, "a trace takes 1, and 2 are printed"),
    "a covariance of three": (r"y = \operatorname{Cov}(A, A, A)", {"A": outcomes([1, 2]), "y": 1.0}, "takes 2, and 3"),
    "a definition at a number": ("u_{ij} = j y_i , y_i = u_{ij}", {"y": Z, "j": 1}, "j is bound, so it is no index"),
    "a definition on a diagonal": ("u_{ii} = y_i , y_i = u_{ii}", {"y": Z}, "u_{i i} is not defined by exactly one value"),
    "a definition by nothing": ("u = k , y = u", {"y": 1.0, "k": range(0)}, "u is not defined by exactly one value"),
    "a sum of too many terms": (r"\sum_{i=0}^{9999999} \sum_{j=0}^{9999999} i j = 0", {}, "too large to be evaluated: MemoryError"),
    "many names": (r"y = " + " + ".join(f"q_{{{k}}}" for k in range(40)), {"y": 1.0}, "names are bound to nothing"),
    "first": ("y = 1", {"y": 1.0}, "first is 1.5, expected a whole number", {"first": 1.5}),
    "tolerance": ("y = 1", {"y": 1.0}, "tolerance is 'a', expected a number", {"tolerance": "a"}),
    "layout": ("y = 1", {"y": 1.0}, "layout is None", {"layout": None}),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_does_not_fit_is_an_error_that_names_it(case):
    source, bindings, message, *options = REFUSED[case]
    for bound in (bindings, turned(bindings) if isinstance(bindings, dict) else bindings):
        with pytest.raises(EquationError, match=re.escape(message)):
            check(source, bound, **(options or [{}])[0])


@pytest.mark.parametrize("make, message", [
    (lambda: each(), "each: there is no value"),
    (lambda: given(None, "x"), "given: function is None"),
    (lambda: beyond([1], first=1.5), "beyond: first is 1.5"),
    (lambda: beyond("x"), "beyond is 'x', expected an array of numbers"),
    (lambda: outcomes(3.0), r"outcomes: array has shape \(\)"),
    (lambda: outcomes([1, 2], [0.5, 0.6]), "expected 2 that add up to 1"),
    (lambda: outcomes([1, 2], [1.0]), "expected 2 that add up to 1"),
])
def test_what_cannot_be_bound_says_so(make, message):
    with pytest.raises(EquationError, match=message):
        make()


# Limits


LIMITS = {
    r"\lim_{h \to 0} \frac{e^h - 1}{h} = 1": {},
    r"\lim_{h \to 0} \frac{\sin(h) - h}{h^3} = -\frac{1}{6}": {},
    r"\lim_{h \to 0} \frac{f(x_i + h) - f(x_i)}{h} = \cos(x_i)": {"f": np.sin, "x": Z},
    r"\lim_{h \to 0^+} \frac{|h|}{h} = 1": {},
    r"\lim_{h \to 0^{-}} \frac{|h|}{h} = -1": {},
    r"\lim_{p \to 0} p \log(p) = 0": {},
    r"\lim_{x \to a} \frac{x^2 - a^2}{x - a} = 2 a": {"a": -3.0},
    r"\lim_{n \to \infty} \bigl( 1 + \frac{1}{n} \bigr)^n = e": {},
    r"\lim_{n \to \infty} \sum_{k=1}^{n} \frac{1}{k (k + 1)} = 1": {},
    r"\lim_{n \to \infty} \frac{(-1)^n}{n} = 0": {},
    r"\lim_{x \to -\infty} \frac{1}{1 + e^{-x}} = 0": {},
    r"\lim_{\epsilon \to 0} \frac{x^2}{x^2 + \epsilon} = 1": {"x": 0.5},
    r"\frac{\partial}{\partial x} \lim_{h \to 0} \frac{e^{x h} - 1}{h} = 1": {"x": 0.5},
}
WITHOUT = [r"\frac{1}{h}", r"\frac{|h|}{h}", r"\sin(\frac{1}{h})", r"\log(|h|)", r"\lfloor h \rfloor",
           r"\frac{h^2}{h^2 + 10^{-8}}"]


@pytest.mark.parametrize("source", LIMITS)
def test_a_limit_is_what_it_is(source):
    assert check(source, LIMITS[source], tolerance=1e-9)
    assert not check(source + " + 10^{-6}", LIMITS[source])


@pytest.mark.parametrize("formula", WITHOUT)
@pytest.mark.parametrize("claimed", ["0", "1", "-1", r"\infty"])
def test_no_limit_is_no_number(formula, claimed):
    with pytest.raises(EquationError, match="does not settle|has no value"):
        assert not check(rf"\lim_{{h \to 0}} {formula} = {claimed}", {})


@pytest.mark.parametrize("formula", ["x", r"\sin(x)", r"\cos(2 \pi x)", "(-1)^x"])
def test_no_limit_at_infinity_is_no_number(formula):
    with pytest.raises(EquationError, match="does not settle"):
        check(rf"\lim_{{x \to \infty}} {formula} = 1", {})


# Random damage to the equations of the book


BAD = ["text", None, {}, {"a": 1}, [], ["x"], object(), 2.5, -1, float("nan"), float("inf"), True, 1j, range(3), range(0),
       lambda: 1, lambda x: "s", lambda x: 1 / 0, np.sin, np.add, each("a", None), outcomes([1.0, 2.0]), beyond([1.0]),
       given(np.sin, "q"), given(np.sin, "x"), np.zeros(0), np.ones((0, 3)), (1, 2), 10**30, b"x", dict, np.ones((2, 3, 4)),
       np.ma.masked_array([1.0], [True]), ([1, 2], [3]), [None]]
NAMES = ["q", "x", "T", "e", r"\pi", "d", "n", r"\mathbf{x}", "", "a b", r"\frob", r"\log", r"\delta", "x^{(1)}"]
PIECES = ["^", "_", "^t", "_i", "_1", "^{(t)}", "'", "{", "}", "(", ")", "=", "+", "\\", r"\sum_i", "T", "^T", r"^\top", "d",
          r"\partial", "e", "i", "0", "99999", "10^{12}", r"\infty", r"\lim_{h\to 0}", r"\delta_{ij}", "|", "^{-1}", "_:", "/"]


def damaged(chance, latex, bindings):
    "An equation or its bindings with something dropped, renamed, replaced or put in."
    tokens, bound = re.findall(r"\\[A-Za-z]+|\s+|.", latex, re.S), dict(bindings)
    key, place = chance.choice([*bound, None]), chance.randrange(len(tokens))
    kind = chance.choice(["drop", "rename", "replace", "replace", "token", "piece"]) if key else "piece"
    if kind in ("drop", "rename"):
        value = bound.pop(key)
        bound |= {chance.choice([*NAMES, key + "_1", key + "^t", key + "'"]): value} if kind == "rename" else {}
    elif kind == "replace":
        bound[key] = chance.choice(BAD)
    elif kind == "token":
        tokens[place] = chance.choice(tokens)
    else:
        tokens[place] = chance.choice(PIECES)
    return "".join(tokens), bound


@pytest.mark.parametrize("page", ["03_losses", "06_backprop", "10_conv", "notes/B2_note_002", "notes/B4_note_004"])
def test_damage_to_an_equation_of_the_book_is_an_error_with_a_message(page):
    text, chance = read_text(NBS / f"{page}.ipynb"), random.Random(page)
    latex = {display.label: display.latex for display in text.displays}
    bound = list(bindings_of(text).values())
    for _ in range(int(os.environ.get("MLBOOK_DAMAGES", 120))):
        binding = chance.choice(bound)
        source, bindings = damaged(chance, latex[binding.label], binding.bindings)
        try:
            repr(check(source, bindings, **binding.options))
        except EquationError as error:
            assert str(error).strip()


def test_mutants_that_cannot_be_evaluated_do_not_live():
    assert survivors("y = x_0", {"x": np.ones(1), "y": 1.0})[1] == []


@pytest.mark.parametrize("source, bindings", [
    (r"y = \max_{i=0}^{-1} x_i", {"y": 1.0, "x": Z}),
    (r"y = \arg\max_{i=0}^{-1} x_i", {"y": 1.0, "x": Z}),
])
def test_an_extreme_of_nothing_is_an_error(source, bindings):
    with pytest.raises(EquationError, match=r"\\max"):
        check(source, bindings)


def test_a_sum_over_no_labels_is_0_and_a_product_1():
    family = {"x": [2.0, 3.0]}
    assert check(r"\sum_{l=0}^{-1} x^{(l)} = 0", family) and check(r"\prod_{l=0}^{-1} x^{(l)} = 1", family)
    assert not check(r"\sum_{l=0}^{-1} x^{(l)} = 2", family)
