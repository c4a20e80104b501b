"""Attempts to fool the checker: what is wrong, undefined or ambiguous is no success, and what is right is no failure."""

import numpy as np
import pytest
from mlbook.eqval import EquationError, beyond, check, given, refute

X = np.array([1.0, 0.5, 0.25, 0.125])
V = np.random.default_rng(0).normal(size=5) ** 2 + 1
A = np.random.default_rng(1).normal(size=(3, 3))

HOLDS = {
    "a recurrence stops before the end": (r"x_{t+1} = x_t - \eta \lambda x_t", {"x": X, r"\eta": 0.5, r"\lambda": 1.0}, "3 cases (t = 0 to 2)"),
    "what is taken away again, where it is there": (r"a_i = b_{i+1} - b_{i+1} + a_i", {"a": X, "b": X}, "3 cases (i = 0 to 2)"),
    "epsilon inside": (r"y_i = \sqrt{v_i + \epsilon}", {"y": np.sqrt(V + 1e-8), "v": V, r"\epsilon": 1e-8}, "5 cases"),
    "a wide space separates": (r"a = b \quad c = d", {"a": 1.0, "b": 1.0, "c": 2.0, "d": 2.0}, "2 cases"),
    "a wide space around a sign": (r"a \quad = \quad b \qquad \text{if } a > 0", {"a": 1.0, "b": 1.0}, "1 case"),
    "the number of an equation": (r"a = b \qquad (2)", {"a": 1.0, "b": 1.0}, "1 case"),
    "a tag": (r"a = b \tag{2}", {"a": 1.0, "b": 1.0}, "1 case"),
    "an index bound to a number": (r"y_k = 2 x_k", {"y": 2 * X, "x": X, "k": 1}, "at k = 1 only"),
    "a delta that nothing is bound to": (r"\delta_{hi} = a_{hi}", {"a": np.eye(3)}, r"\delta is Kronecker's"),
    "a modulus": (r"|z| = r", {"z": 3 + 4j, "r": 5.0}, "1 case"),
    "large whole numbers": (r"a b = c", {"a": 2**40, "b": 2**40, "c": 2.0**80}, "1 case"),
    "a norm by its name": (r"\|A\|_F^2 = \sum_{i,j} A_{ij}^2", {"A": A}, "1 case"),
    "the largest singular value": (r"\|A\|_2 = s", {"A": A, "s": np.linalg.norm(A, 2)}, "1 case"),
    "a determinant": (r"\det(A) = d", {"A": A, "d": np.linalg.det(A)}, "1 case"),
    "terms that cancel": (r"0.1 + 0.2 - 0.3 = 0", {}, "1 case"),
    "a sum that cancels": (r"\sum_i x_i = \sum_i y_i", {"x": np.array([1e8, 1.0, -1e8]), "y": np.array([1.0, 0.0])}, "1 case"),
    "a variable that another does not depend on": (
        r"\frac{\partial (w x + b)}{\partial x} = w + \frac{\partial b}{\partial x}",
        {"w": 2.0, "x": 3.0, "b": 1.0, "y": given(lambda b, x: b + x, "b", "x")}, "1 case"),
}
FAILS = {
    "small entries beside a large one": (r"Y = Z", {"Y": np.array([[1e10, 5], [0, 3]]), "Z": np.array([[1e10, 1], [4, 7]])}, "5 = 1"),
    "epsilon outside": (r"y_i = \sqrt{v_i} + \epsilon", {"y": np.sqrt(V + 1e-8), "v": V, r"\epsilon": 1e-8}, "at i = 0"),
    "the second of two statements": (r"a = 0 \qquad b = 0", {"a": 0.0, "b": 7.0}, "7 = 0"),
    "an equation times its number": (r"a = b \quad (2)", {"a": 2.0, "b": 1.0}, "2 = 1"),
    "whole numbers that overflow": (r"a b = c", {"a": 2**40, "b": 2**40, "c": 0}, "1.20893e+24 = 0"),
    "a defined case, though another is not": (r"y_i = x_{i+1} , \quad 0 \le i < 4", {"y": X, "x": X}, "1 = 0.5"),
    "a complex number that is no modulus": (r"|z| = r", {"z": 3 + 4j, "r": 3 + 4j}, "5+0j = 3+4j"),
}
ASKS = {
    "a number in place of a function": (r"\frac{\partial J}{\partial w} = 0", {"J": 3.0, "w": 2.0}, "J does not depend on w: bind it with given"),
    "the same, and wrong": (r"\frac{\partial J}{\partial w} = 2 w", {"J": 4.0, "w": 2.0}, "J does not depend on w: bind it with given"),
    "a left side that is bound to nothing": (r"J = a = b", {"a": 1.0, "b": 1.0}, "J is bound to nothing"),
    "an inverse or a quotient": (r"\sin^{-1}(y) = b", {"y": 0.5, "b": np.arcsin(0.5)}, r"may be the inverse function, or 1 over \\sin"),
    "an inverse of a function": (r"f^{-1}(y) = b", {"f": np.exp, "y": 0.5, "b": 2.0}, "may be the inverse function, or 1 over f"),
    "bars around a matrix": (r"|A| = d", {"A": A[:2], "d": 1.0}, "a determinant needs a square matrix"),
    "double bars around a matrix": (r"\|A\| = d", {"A": A, "d": 1.0}, "may be the largest singular value"),
    "a quotient and a factor": (r"y = 1/2 u", {"y": 1.5, "u": 3.0}, r"may be \(a/b\) c or a/\(b c\)"),
    "an argument or a factor": (r"y = (a + b)(x)", {"y": 6.0, "a": 1.0, "b": 1.0, "x": 3.0}, "may be a factor or an argument"),
    "one printed too long": (r"y_i = x_{i+1} , \quad 0 \le i < 4", {"y": X / 2, "x": X}, r"needs x_\{i \+ 1\} beyond its ends"),
    "a sum that is too long": (r"\sum_{i=0}^{4} x_i = s", {"x": X, "s": 1.0}, r"line 1: .* needs x_\{i\} beyond its ends"),
    "not a number on both sides": (r"a = b", {"a": np.nan, "b": np.nan}, "is undefined, as 0/0 is"),
    "beyond the end, and taken away again": (
        r"a_i = b_{i+1} - b_{i+1} + a_i , \quad 0 \le i < 3", {"a": X[:3], "b": X[:3]}, r"needs b_\{i \+ 1\} beyond its ends"),
    "0/0": (r"\frac{a}{b} = 1", {"a": 0.0, "b": 0.0}, "is undefined, as 0/0 is"),
    "a product with nothing": (r"a = b \quad c", {"a": 1.0, "b": 1.0, "c": 1.0}, "compares nothing"),
}


@pytest.mark.parametrize("case", HOLDS)
def test_what_is_right_holds_and_the_report_says_for_what(case):
    text, bindings, said = HOLDS[case]
    report = check(text, bindings)
    assert report and said in repr(report), report


@pytest.mark.parametrize("case", FAILS)
def test_what_is_wrong_fails(case):
    text, bindings, said = FAILS[case]
    report = check(text, bindings)
    assert not report and said in report.failure, report


@pytest.mark.parametrize("case", ASKS)
def test_what_cannot_be_told_is_an_error_that_says_what_to_do(case):
    text, bindings, said = ASKS[case]
    with pytest.raises(EquationError, match=said):
        check(text, bindings)


def test_a_missing_entry_is_no_refutation(tmp_path):
    (tmp_path / "page.md").write_text("$$\nx_{t+1} = x_t - \\eta x_t\n$$ (eq-decay)\n", encoding="utf-8")
    with pytest.raises(AssertionError, match="was to fail"):
        refute("eq-decay", {"x": X, r"\eta": 0.5}, folder=tmp_path)


def test_zeros_beyond_the_ends_are_numbers():
    assert check(r"y_i = x_{i+1} , \quad 0 \le i < 4", {"y": np.array([0.5, 0.25, 0.125, 0.0]), "x": beyond(X)})


A34, B45, U3, V3 = (np.random.default_rng(seed).normal(size=size) for seed, size in enumerate([(3, 4), (4, 5), 3, 3]))
EINSTEIN = {
    "a product": ("y_i = A_{ij} x_j", {"y": A34 @ B45[:, 0], "A": A34, "x": B45[:, 0]}),
    "two products": (r"C_{ik} = A_{ij} B_{jk}", {"C": A34 @ B45, "A": A34, "B": B45}),
    "a trace": ("A_{ii} = t", {"A": A34[:, :3], "t": np.trace(A34[:, :3])}),
    "a free letter": ("y_i = u_i v_i", {"y": U3 * V3, "u": U3, "v": V3}),
    "each term its own": ("y_i = A_{ij} x_j + u_i", {"y": A34 @ B45[:, 0] + U3, "A": A34, "x": B45[:, 0], "u": U3}),
}


@pytest.mark.parametrize("case", EINSTEIN)
def test_letters_that_come_twice_are_summed_where_that_is_asked_for(case):
    text, bindings = EINSTEIN[case]
    assert check(text, bindings, einstein=True, strict=True)
    assert not check(text, {key: 2 * each for key, each in bindings.items()}, einstein=True) or case == "a trace"


def test_they_are_not_summed_otherwise():
    text, bindings = EINSTEIN["a product"]
    assert not check(text, bindings)


IMAGE = np.random.default_rng(4).normal(size=(3, 4))
ONE_SIDE = np.pad(IMAGE, [(0, 0), (0, 1)])[:, 1:]


def test_an_array_goes_on_along_the_axes_that_are_named():
    assert check(r"y_{ij} = x_{i,j+1}", {"y": ONE_SIDE, "x": beyond(IMAGE, axes=1)}, strict=True)
    assert check(r"y_{ij} = x_{i,j+1}", {"y": ONE_SIDE, "x": beyond(IMAGE)})
    assert not check(r"y_{ij} = x_{i,j+1} + x_{ij}", {"y": ONE_SIDE, "x": beyond(IMAGE, axes=1)})
    with pytest.raises(EquationError, match="beyond its ends"):
        check(r"y_{ij} = x_{i+1,j} , \quad 0 \le i < 3", {"y": np.roll(IMAGE, -1, 0), "x": beyond(IMAGE, axes=1)})
    with pytest.raises(EquationError, match="axes is 2, expected some of the 2 axes"):
        beyond(IMAGE, axes=2)
