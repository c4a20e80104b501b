"""Exact arithmetic: right equations are identities, wrong ones fail, and what is out of reach is said to be numeric."""

import numpy as np
import pytest

from mlbook.eqval import EquationError, check, each, evidence, given
from mlbook.eqval.comparison import setting
from mlbook.eqval.mutation import mutants
from mlbook.eqval.carried import exact, parts_of, slope_of
from mlbook.eqval.moving import keeping
from mlbook.eqval.printing import latex
from mlbook.eqval.residues import NOW, PRIMES, Draw, OutOfReach, Redraw, constant, fresh, inverted, logarithms, powers
from mlbook.eqval.trees import parse
from mlbook.eqval.values import Scope


def softmax(z):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


rng = np.random.default_rng(5)
A, B, C = (rng.normal(size=(3, 3)) for _ in range(3))
BOUND = {"A": A, "B": B, "C": C, "x": rng.normal(size=3), "y": rng.normal(size=3), "K": 3, "a": 0.37, "b": 1.93, "c": -0.81}
BOUND |= {"s": lambda x: softmax(x), "J": given(lambda s, y: -np.sum(y * np.log(s)), "s", "y"), "f": lambda z: z**3 - 2 * z}

EXACT = [
    r"(A + B) C = A C + B C",
    r"(A B)^\top = B^\top A^\top",
    r"\operatorname{tr}(A B) = \operatorname{tr}(B A)",
    r"\det(A B) = \det(A) \det(B)",
    r"\frac{a}{b} + \frac{b}{a} = \frac{a^2 + b^2}{a b}",
    r"(a - b)(a + b) = a^2 - b^2",
    r"e^{a + b} = e^a e^b",
    r"e^{-2a} = \frac{1}{(e^a)^2}",
    r"\log(e^a) = a",
    r"\log(a b) = \log a + \log b",
    r"\sqrt{a b} = \sqrt{a} \sqrt{b}",
    r"\sqrt{a}^2 = a",
    r"\tanh(c) = \frac{e^{c} - e^{-c}}{e^{c} + e^{-c}}",
    r"f'(a) = 3 a^2 - 2",
    r"s_i = \frac{e^{x_i}}{\sum_{k=0}^{K-1} e^{x_k}}",
    r"\sum_{i=0}^{K-1} s_i = 1",
    r"\frac{\partial s_i}{\partial x_j} = s_i ([i = j] - s_j)",
    r"\frac{\partial J}{\partial x_j} = s_j \sum_{i=0}^{K-1} y_i - y_j",
    r"\frac{d}{da} \sin(a b) = b \cos(a b)",
]


@pytest.mark.parametrize("equation", EXACT)
def test_an_identity_is_exact(equation):
    found = evidence(equation, BOUND)
    assert (found.grade, found.why) == ("exact", "") and found.bits > 60


@pytest.mark.parametrize("equation", EXACT)
def test_a_mutant_that_fails_is_not_exact_and_one_that_is_exact_holds(equation):
    ready = setting(BOUND)
    made = mutants(parse(equation), Scope(ready.choices[0], {}, {}, 0))
    for mutant in made:
        try:
            report = check(latex(mutant.tree.statements[0].chain), BOUND)
            found = evidence(latex(mutant.tree.statements[0].chain), BOUND, cases=report.cases)
        except EquationError:
            continue
        assert bool(report) == (found.grade in ("exact", "branch")), mutant.change


@pytest.mark.parametrize("equation, why", [
    (r"a + 10^{-14} b = a", "not for independent symbols"),
    (r"a^2 = a^2 + 10^{-13}", "not for independent symbols"),
    (r"a < b", "no equality"),
    (r"\lfloor a \rfloor = 0", "no exact value"),
    (r"2 + 2 = 4", "nothing is drawn"),
    (r"\sin(a)^2 + \cos(a)^2 = 1", "not for independent symbols"),
    (r"\log(6 a) = \log a + \log 2 + \log 3", "not for independent symbols"),
    (r"\lim_{h \to 0} \frac{(a + h)^2 - a^2}{h} = 2 a", ""),
    (r"\int_0^1 t \, dt = \frac{1}{2}", ""),
])
def test_what_is_out_of_reach_is_numeric(equation, why):
    found = evidence(equation, BOUND)
    assert found.grade == "numeric" and why in found.why and not NOW


@pytest.mark.parametrize("equation", [r"|c| = -c", r"\max(a, b) = b", r"\max(c, 0) = 0", r"\sqrt{c^2} = -c"])
def test_a_comparison_that_decides_is_a_branch_or_unknown(equation):
    assert evidence(equation, BOUND).grade in ("branch", "numeric")


@pytest.mark.parametrize("equation", [
    r"\sqrt{a^2} = a", r"(a^2)^{1/2} = a", r"(a^2)^{0.5} = a", r"\sqrt{a^2 b} = a \sqrt b", r"e^{\log(a^2) / 2} = a",
])  # fmt: skip
def test_what_holds_for_the_signs_of_the_sample_is_a_branch(equation):
    assert evidence(equation, {"a": 0.3, "b": 0.7}).grade == "branch"
    assert not check(equation, {"a": -0.3, "b": 0.7})


@pytest.mark.parametrize("equation", [
    r"\sqrt a \sqrt a = a", r"\sqrt{a^4} = a^2", r"\sqrt{a b} = \sqrt a \sqrt b", r"e^{\log a} = a", r"a^{3/2} = a \sqrt a",
    r"\log(a^2) = 2 \log a", r"\log(a b) = \log a + \log b", r"\frac{a}{\sqrt a} = \sqrt a",
])  # fmt: skip
def test_what_holds_wherever_it_is_defined_is_exact(equation):
    assert evidence(equation, {"a": 0.3, "b": 0.7}).grade == "exact"


def test_an_equation_that_fails_is_false():
    assert evidence("a = b", BOUND).grade == "false"


def test_each_choice_counts():
    assert evidence("(a + 1)^2 = a^2 + 2 a + 1", {"a": each(0.3, 1.7)}).grade == "exact"


@pytest.mark.parametrize("function", [
    lambda x: np.array([float(each) for each in x]) * 2,
    lambda x: np.round(x, 12) * 2,
    lambda x: np.array(x.tolist()) * 2,
    lambda x: np.interp(x, [-9.0, 9.0], [-18.0, 18.0]),
])
def test_a_function_that_loses_the_remainders_is_not_believed(function):
    assert check("f_i = 2 x_i", {"x": BOUND["x"], "f": lambda x: function(x)})
    assert evidence("f_i = 2 x_i", {"x": BOUND["x"], "f": lambda x: function(x)}).grade == "numeric"


def test_a_function_that_fills_an_array_is_followed():
    def loops(x, A):
        y = np.zeros(3)
        for i in range(3):
            for j in range(3):
                y[i] += A[i, j] * x[j]
        return y

    def backwards(x, A):
        y = np.empty_like(x)
        y[::-1] = (A @ x)[::-1]
        view = y[1:]
        view *= 2
        view /= 2
        return y

    for function in (loops, backwards):
        found = evidence(r"f_i = \sum_{j=0}^{2} A_{ij} x_j", {"x": BOUND["x"], "A": A, "f": function})
        assert found.grade == "exact", found


def test_numpy_is_as_before_afterwards():
    before = np.asarray, np.zeros, np.array
    with pytest.raises(ZeroDivisionError), keeping(Draw(1, 4, 1, True)):
        assert np.asarray is not before[0]
        raise ZeroDivisionError
    assert (np.asarray, np.zeros, np.array) == before and not NOW


def test_powers_and_logarithms():
    for level, (prime, order) in enumerate(zip(PRIMES, PRIMES[1:])):
        assert pow(4, order, prime) == 1 and prime == 2 * order + 1
        places = np.random.default_rng(level).integers(order, size=100)
        assert np.array_equal(logarithms(level)[powers(level)[places]], places)


def test_a_denominator_that_is_0_is_drawn_again():
    with keeping(Draw(1, 4, 1, True)), pytest.raises(Redraw):
        inverted(constant(np.zeros(2)), np.ones(2, bool))


def test_a_number_that_was_drawn_is_not_taken_out():
    with keeping(Draw(1, 4, 1, True)):
        x = exact(np.array([0.3, 0.7]), {0: fresh(np.zeros(2))})
        for use in (float, int, complex, lambda one: one.item(), lambda one: one.tolist()):
            with pytest.raises(OutOfReach):
                use(x[0])
        with pytest.raises(OutOfReach):
            np.fft.fft(x)


def test_a_derivative_is_that_of_the_function():
    with keeping(Draw(1, 6, 2, True)):
        x = exact(np.array([0.3, 0.7]), {0: fresh(np.ones(2))})
        slope = slope_of(np.exp(x + 1e-30j * np.array([1.0, 0.0]))) / 1e-30
        found, value = parts_of(slope)[0].levels[0], parts_of(np.exp(x))[0].levels[0]
        assert np.array_equal(found[0], value[0]) and not found[1].any()
