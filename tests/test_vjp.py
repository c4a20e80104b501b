"""`vjp` and `defvjp`: what they take, what their messages say, and what cannot be changed."""

from functools import partial

import mlbook
import numpy as np
import pytest
from mlbook.autodiff import RULES, defvjp, vjp

Y, T = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[0.0, 0.0], [3.0, 2.0]])


@pytest.fixture(autouse=True)
def rules(monkeypatch):
    "Rules that a test declares are forgotten after it."
    kept = dict(RULES)
    yield
    RULES.clear()
    RULES.update(kept)


def triple(x):
    return 3 * np.asarray(x)


def complaint(error, function, *arguments, **options):
    with pytest.raises(error) as caught:
        function(*arguments, **options)
    return str(caught.value)


# Options by `functools.partial`


def test_a_partial_adds_options():
    J, pullback = vjp(partial(mlbook.squared_error, factor=1.0), Y, T)
    expected, expected_pullback = vjp(mlbook.squared_error, Y, T, factor=1.0)
    assert J == expected
    assert all(map(np.array_equal, pullback(2.0), expected_pullback(2.0)))


def test_options_of_the_call_come_before_those_of_the_partial():
    inner = partial(mlbook.squared_error, factor=1.0)
    assert vjp(inner, Y, T, factor=3.0)[0] == vjp(mlbook.squared_error, Y, T, factor=3.0)[0]
    assert vjp(partial(inner, factor=2.0), Y, T)[0] == vjp(mlbook.squared_error, Y, T, factor=2.0)[0]


def test_a_partial_with_a_rule_of_its_own_keeps_it():
    halved = partial(np.multiply, 0.5)
    defvjp(halved)(lambda x: (halved(x), lambda g: (7 * g,)))
    assert vjp(halved, [4.0])[1]([1.0])[0] == 7


def test_a_partial_that_fixes_an_array_is_refused():
    message = complaint(ValueError, vjp, partial(mlbook.squared_error, Y), T)
    assert message.startswith("vjp: function is functools.partial(<function squared_error")
    assert "expected one with a derivative rule" in message


# Functions with a rule of their own


class Scale:
    "A callable with a state."

    def __init__(self, factor):
        self.factor = factor

    def __call__(self, x):
        return self.factor * np.asarray(x)

    def double(self, x):
        return 2 * np.asarray(x)


def test_any_callable_may_have_a_rule():
    scale = Scale(5.0)
    for function, factor in ((scale, 5.0), (scale.double, 2.0), (np.negative, -1.0), (lambda x: x, 1.0)):
        defvjp(function)(lambda x, f=function, c=factor: (f(np.asarray(x)), lambda g: (c * g,)))
        y, pullback = vjp(function, [1.0, -2.0])
        assert np.array_equal(y, [factor, -2 * factor])
        assert np.array_equal(pullback([1.0, 10.0])[0], [factor, 10 * factor])
    with pytest.raises(ValueError, match="expected one with a derivative rule"):  # the list has names for all of them
        vjp(triple, [1.0])


def test_a_function_without_a_rule_is_told_of_the_decorator():
    message = complaint(ValueError, vjp, triple, [1.0])
    assert message.startswith(
        "vjp: function is the function triple, expected one with a derivative rule: "
        "declare it with the decorator @defvjp, or take one of "
    )


@pytest.mark.parametrize("function, came", [("softmax", "'softmax'"), (None, "None"), ([1.0], "[1.0]")])
def test_what_cannot_have_a_rule_is_refused(function, came):
    assert complaint(TypeError, defvjp, function) == f"defvjp: function is {came}, expected a callable that can be hashed"


def test_a_rule_must_be_callable():
    assert complaint(TypeError, defvjp(triple), 3) == "defvjp: rule is 3, expected a derivative rule"
    assert triple not in RULES


@pytest.mark.parametrize(
    "result, came",
    [(np.ones(2), "array([1., 1.])"), ((1.0, 2.0), "(1.0, 2.0)"), ((1.0,), "(1.0,)"), (None, "None")],
)
def test_a_rule_that_returns_no_pair_is_found(result, came):
    defvjp(triple)(lambda x: result)
    message = complaint(TypeError, vjp, triple, [1.0, 1.0])
    assert message == f"vjp: the rule of triple returned {came}, expected a value and a pullback"


def test_a_pullback_that_returns_no_tuple_is_found():
    defvjp(triple)(lambda x: (triple(x), lambda g: 3 * g))
    message = complaint(TypeError, vjp(triple, [1.0, 2.0])[1], [1.0, 2.0])
    assert message == "pullback: the pullback of triple returned array([3., 6.]), expected a tuple of gradients"


def test_a_value_that_is_a_number_of_python_has_a_pullback():
    defvjp(triple)(lambda x: (float(np.sum(x)), lambda g: (g * np.ones(2),)))
    y, pullback = vjp(triple, [1.0, 2.0])
    assert y == 3.0 and np.array_equal(pullback(0.5)[0], [0.5, 0.5])
    assert "shape (2,), expected ()" in complaint(ValueError, pullback, [1.0, 2.0])


def test_the_upstream_gradient_of_whole_numbers_keeps_its_fractions():
    defvjp(triple)(lambda x: (triple(x), lambda g: (3 * g,)))
    y, pullback = vjp(triple, [1, 2])
    assert y.dtype.kind == "i" and np.array_equal(pullback([0.5, 0.25])[0], [1.5, 0.75])


# Arguments that do not fit


@pytest.mark.parametrize(
    "function, options",
    [(mlbook.conv2d, {"strides": 2}), (partial(mlbook.conv2d), {"strides": 2}), (partial(mlbook.conv2d, strides=2), {})],
)
def test_a_wrong_option_names_the_function_and_what_it_takes(function, options):
    message = complaint(TypeError, vjp, function, np.ones((1, 1, 3, 3)), np.ones((1, 1, 2, 2)), **options)
    assert message == (
        "conv2d: got an unexpected keyword argument 'strides', expected x, w, b, stride, padding, dilation"
    )


def test_a_wrong_number_of_arrays_names_the_function():
    assert complaint(TypeError, vjp, mlbook.dense, Y) == "dense: missing a required argument: 'w', expected x, w, b"
    assert complaint(TypeError, vjp, mlbook.relu, Y, Y) == "relu: too many positional arguments, expected z"


def test_an_error_within_a_rule_stays_what_it_is():
    assert complaint(TypeError, vjp, mlbook.relu, ["a"]) == "relu: z has dtype <U1, expected real numbers"


def test_a_function_in_c_with_a_rule_gives_the_error_of_its_rule():
    defvjp(max)(lambda x: (x, lambda g: (g,)))
    assert "takes 1 positional argument but 2 were given" in complaint(TypeError, vjp, max, 1.0, 2.0)


# Nothing that a pullback needs can be changed by its value


@pytest.mark.parametrize("function", [mlbook.sigmoid, mlbook.softmax, mlbook.tanh, mlbook.relu, mlbook.log_softmax])
def test_the_value_is_read_only(function):
    z = np.random.default_rng(0).normal(size=(2, 3))
    y, pullback = vjp(function, z)
    [before] = pullback(np.arange(6.0).reshape(2, 3))
    with pytest.raises(ValueError, match="read-only"):
        y *= 2
    assert not y.flags.writeable and z.flags.writeable
    assert np.array_equal(pullback(np.arange(6.0).reshape(2, 3))[0], before)


def test_reading_the_value_copies_nothing_and_leaves_the_input_writable():
    x = np.ones((2, 3, 4))
    y, _ = vjp(mlbook.flatten, x)
    assert np.shares_memory(x, y) and x.flags.writeable and not y.flags.writeable


@pytest.mark.parametrize("wrong", [-1, 2, "yes", None])
def test_the_first_gradient_is_left_out_by_a_flag_alone(wrong):
    _, pullback = vjp(mlbook.dense, np.ones((2, 3)), np.ones((3, 2)))
    _, of_network = mlbook.Sequential([mlbook.Dense(2)], (3,)).vjp(np.ones((2, 3)))
    for leave_out in (pullback, of_network):
        with pytest.raises(TypeError, match="skip_first is .*, expected True or False"):
            leave_out(np.ones((2, 2)), skip_first=wrong)
