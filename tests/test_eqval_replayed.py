"""A text's code, run again with symbols: what it ties is proven, and what it does not tie is not."""

from pathlib import Path

import pytest
from mlbook.eqval.exact import evidence
from mlbook.eqval.replayed import trace_of
from mlbook.eqval.verdicts import findings

START = """
import math
import numpy as np
from mlbook.eqval import beyond, each, given, outcomes, verify

rng = np.random.default_rng(0)
x, w, b = rng.normal(size=3), rng.normal(size=(3, 2)), rng.normal(size=2)
p = rng.uniform(0.5, 2.0, size=3)
"""


def grade(code, latex, before=""):
    "The grade of an equation for which the last line of code binds."
    trace = trace_of(Path("page.md"), (before, START + code))
    [bound] = trace.bindings
    return evidence(latex, bound.bindings, again=lambda kind: trace.again(bound.label, kind)).grade


@pytest.mark.parametrize("code, latex", [
    ("z = x @ w + b\nverify('eq', dict(x=x, w=w, b=b, z=z))", r"z_j = \sum_{i=0}^{2} x_i w_{ij} + b_j"),
    ("s = np.exp(x) / np.exp(x).sum()\nverify('eq', dict(x=x, s=s))", r"s_i = \frac{e^{x_i}}{\sum_{k=0}^{2} e^{x_k}}"),
    ("v = np.array([0.3, 0.7])\nu = 2 * v\nverify('eq', dict(u=u, v=v))", "u_i = 2 v_i"),
    ("v = 0 * x\nfor turn in range(3):\n    v = 0.6 * v + x\nverify('eq', dict(x=x, v=v, m=0.6))", "v_i = (1 + m + m^2) x_i"),
    ("eta = 0.3\ny = x - eta * x\nverify('eq', {'x': x, 'y': y, r'\\eta': eta})", r"y_i = (1 - \eta) x_i"),
    ("class Net:\n    def __init__(self):\n        self.w = rng.normal(size=(3, 2))\n\n\n"
     "net = Net()\nverify('eq', dict(x=x, w=net.w, y=x @ net.w))", r"y_j = \sum_i x_i w_{ij}"),
    ("y = rng.normal(size=3)\nz = x + y\nverify('eq', dict(x=x, y=y, z=z))", "z_i = x_i + y_i"),
    ("stack = []\nfor turn in range(2):\n    stack.append(x * x)\nverify('eq', {'x': x, 'y': stack})", "y^{(l)}_i = x_i^2"),
    ("t = rng.dirichlet(np.ones(3), size=2)\nd = np.exp(x) / np.exp(x).sum() * t.sum(axis=1, keepdims=True) - t\n"
     "verify('eq', dict(x=x, t=t, d=d))", r"d_{nk} = \frac{e^{x_k}}{\sum_{i=0}^{2} e^{x_i}} - t_{nk}"),
    ("c = np.zeros(3)\nc[:] = x * x\nverify('eq', dict(x=x, c=c))", "c_i = x_i^2"),
])
def test_what_code_ties_is_exact(code, latex):
    assert grade(code, latex) == "exact"


@pytest.mark.parametrize("code, latex", [
    ("y = x * x * (1 + 1e-14 * p)\nverify('eq', dict(x=x, y=y))", "y_i = x_i^2"),
    ("y = np.array([math.exp(one) for one in x])\nverify('eq', dict(x=x, y=y))", "y_i = e^{x_i}"),
    ("y = np.round(x * x, 13)\nverify('eq', dict(x=x, y=y))", "y_i = x_i^2"),
    ("y = np.linalg.inv(np.diag(x)).diagonal()\nverify('eq', dict(x=x, y=y))", "y_i = 1 / x_i"),
    ("verify('eq', dict(a=[0.5, 0.25], n=2))", r"a^{(l)} = \frac{1}{2^{l + 1}}"),
])
def test_what_code_does_not_tie_is_not(code, latex):
    assert grade(code, latex) == "numeric"


@pytest.mark.parametrize("code, latex", [
    ("r = np.maximum(x, 0)\nverify('eq', dict(x=x, r=r))", r"r_i = \max(x_i, 0)"),
    ("r = np.where(x > 0, x, -x)\nverify('eq', dict(x=x, r=r))", "r_i = |x_i|"),
    ("y = p * p if p[0] > 0 else p\nverify('eq', dict(p=p, y=y))", "y_i = p_i^2"),
])
def test_a_decision_of_the_code_is_a_branch(code, latex):
    assert grade(code, latex) == "branch"


def test_a_generator_goes_on_from_where_it_was_though_other_cells_are_left_out():
    trace = trace_of(Path("page.md"), (START, "unused = rng.normal(size=7)", "y = rng.normal(size=3)\nz = x * y",
                                       "verify('eq', dict(x=x, y=y, z=z))"))
    assert evidence("z_i = x_i y_i", trace.bindings[0].bindings, again=lambda kind: trace.again("eq", kind)).grade == "exact"


def test_code_that_takes_long_is_left_as_it_was():
    code = "y = 0 * x\nfor turn in range(20_000):\n    y = x * x\nverify('eq', dict(x=x, y=y))"
    assert grade(code, "y_i = x_i^2") == "numeric"


def test_numpy_is_as_before():
    import numpy as np
    before = np.array, np.random.default_rng
    grade("verify('eq', dict(x=x, y=x * x))", "y_i = x_i^2")
    assert (np.array, np.random.default_rng) == before and type(np.random.default_rng(0)) is np.random.Generator


def test_an_equation_goes_deeper_though_the_one_before_it_has_seen_its_code_fail():
    code = START + "y = np.exp(np.exp(x))\nverify('one', dict(x=x, y=y))\nverify('two', dict(x=x, y=np.exp(np.exp(x))))"
    trace = trace_of(Path("page.md"), (code,))
    found = [evidence("y_i = e^{e^{x_i}}", one.bindings, again=lambda kind: trace.again(one.label, kind)) for one in trace.bindings]
    assert [one.grade for one in found] == ["exact", "exact"]


def test_the_evidence_of_a_file_is_that_of_its_code(tmp_path):
    (tmp_path / "page.md").write_text("$$y_i = x_i^2 + c$$ (eq-one)\n\n$$z_i = \\frac{x_i}{2}$$ (eq-two)\n", encoding="utf-8")
    code = f"{START}\nc, half = np.array([0.5, 1.5])[0], np.empty(3)\nfor i in range(3):\n    half[i] = x[i] / 2\nverify('eq-one', dict(x=x, c=c, y=x * x + c))\nverify('eq-two', dict(x=x, z=half))"
    (tmp_path / "page_equations.py").write_text(code, encoding="utf-8")
    found = [one.verdict.evidence for one in findings(tmp_path / "page.md", with_mutants=True)]
    assert found == ["exact", "exact"]
