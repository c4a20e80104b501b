"""Argument checks: each is given the function whose argument it looks at, and no function is blamed for another's."""

import ast
import inspect
from pathlib import Path

import mlbook
import numpy as np
import pytest
from mlbook import _checks

MODULES = sorted(path for path in Path(mlbook.__path__[0]).glob("*.py") if path.name not in ("__init__.py", "_modidx.py"))
CHECKS = {
    name for name, check in vars(_checks).items()
    if inspect.isfunction(check) and next(iter(inspect.signature(check).parameters)) == "function"
}
# Modules that `import mlbook` leaves out; their names are public as well.
APART = "estimators", "exchange", "inspection", "photographs", "plots", "recursion"
PUBLIC = {*mlbook.__all__, *(name for module in APART for name in getattr(mlbook, module).__all__)}


def definitions(tree):
    "Functions and classes of a module, by name."
    return {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}


def serves(node):
    "The name under which a user knows a definition: of a derivative rule its function."
    for decorator in node.decorator_list:
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "defvjp":
            return ast.unparse(decorator.args[0])
    return node.name


def handed_out(name, known):
    "Whether a definition is handed to the user, with some of its arguments, by `partial`."
    calls = [n for node in known.values() for n in ast.walk(node) if isinstance(n, ast.Call)]
    return any(ast.unparse(call.func) == "partial" and ast.unparse(call.args[0]) == name for call in calls)


def users(name, known, seen=()):
    "What comes to a definition through helpers alone: the public ones, and those that nothing else in the module uses."
    callers = [
        caller for caller, node in known.items()
        if caller not in (name, *seen) and any(isinstance(n, ast.Name) and n.id == name for n in ast.walk(node))
    ]
    if serves(known[name]) in PUBLIC or handed_out(name, known) or not callers:
        return {serves(known[name])}
    return set().union(*(users(caller, known, (name, *seen)) for caller in callers))


def told(node):
    "What the checks within a definition are told, where it is not an argument of the definition."
    functions = [inner for inner in ast.walk(node) if isinstance(inner, ast.FunctionDef)]
    passed_on = {arg.arg for function in functions for arg in function.args.args}
    within = {function.name for function in functions} - {node.name}
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and ast.unparse(call.func) in CHECKS:
            if (first := ast.unparse(call.args[0])) not in passed_on | within:
                yield first


def owner(function, name):
    "The definition that a function belongs to: a method of `self` belongs to the class `name` in which it is named."
    return name if function.startswith("self.") else function.partition(".")[0]


def blamed_for_others(source):
    """Definitions with a check that is told a name in quotes, or another function than the one in use.

    `type(self)` is the class in use, whichever inherits it.
    """
    known = definitions(ast.parse(source))
    for name, node in known.items():
        found = [first for first in told(node) if first != "type(self)"]
        yield from (f"{name}: {first}" for first in found if users(name, known) != {owner(first, name)})


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_each_check_is_told_the_right_function(path):
    assert list(blamed_for_others(path.read_text(encoding="utf-8"))) == []


RULE = "@defvjp(tanh)\ndef tanh_vjp(z):\n    [z] = as_arrays({}, z=(z, '...'))"
HELPER = "def outputs(n):\n    as_count({}, 'n', n)\ndef predict(n):\n    outputs(n)\n"
HANDED_OUT = "def vjp(f):\n    return partial(_pullback, f)\ndef _pullback(f, g):\n    as_number_array({}, 'g', g)"


@pytest.mark.parametrize(
    "source, blame",
    [
        (RULE.format("tanh"), []),
        (RULE.format("sigmoid"), ["tanh_vjp: sigmoid"]),
        (RULE.format("'tanh'"), ["tanh_vjp: 'tanh'"]),
        (HELPER.format("predict"), []),
        (HELPER.format("fit"), ["outputs: fit"]),
        (HELPER.format("predict") + "def evaluate(n):\n    outputs(n)", ["outputs: predict"]),
        ("class Dense:\n    def __init__(self, units):\n        as_count(Dense, 'units', units)", []),
        ("class Dense:\n    def __init__(self, units):\n        as_count(Conv2D, 'units', units)", ["Dense: Conv2D"]),
        ("class SGD:\n    def step(self, n):\n        as_count(SGD.step, 'n', n)", []),
        ("class SGD:\n    def step(self, n):\n        as_count(self.step, 'n', n)", []),
        ("class SGD:\n    def step(self, n):\n        as_count(type(self), 'n', n)", []),
        ("def shifted(function, z):\n    as_arrays(function, z=(z, 'K'))", []),
        ("def vjp(f):\n    def pullback(g):\n        as_number_array(pullback, 'g', g)", []),
        (HANDED_OUT.format("_pullback"), []),
        (HANDED_OUT.format("vjp"), ["_pullback: vjp"]),
    ],
)
def test_a_wrong_function_is_found(source, blame):
    assert list(blamed_for_others(source)) == blame


def test_messages_name_the_function_in_use():
    model = mlbook.Sequential([mlbook.Dense(3)], input_shape=(2,))
    for function, arguments in (
        (mlbook.predict, (model, np.empty((0, 2)))),
        (mlbook.accuracy, (model, np.empty((0, 2)), [0])),
        (mlbook.softmax, ([],)),
        (mlbook.log_softmax, ([],)),
        (mlbook.softmax_cross_entropy, (np.empty((0, 2)), np.empty((0, 2)))),
    ):
        with pytest.raises(ValueError, match=rf"^{function.__name__}: \w+ has shape .*, expected no empty axis$"):
            function(*arguments)


def test_names_of_methods_and_of_helpers():
    _, pullback = mlbook.vjp(mlbook.relu, [1.0])
    functions = mlbook.relu, mlbook.Dense, mlbook.SGD().step, pullback.func
    named = [_checks.name_of(function) for function in functions]
    assert named == ["relu", "Dense", "SGD.step", "pullback"]


def dense():
    "Only its name counts here."


@pytest.mark.parametrize(
    "check, value, options, came, expected",
    [
        ("as_number", "0.1", {}, "'0.1'", "a number"),
        ("as_number", None, {}, "None", "a number"),
        ("as_number", True, {}, "True", "a number"),
        ("as_number", 1j, {}, "1j", "a number"),
        ("as_number", [0.1], {}, "[0.1]", "a number"),
        ("as_number", np.array(0.1), {}, "array(0.1)", "a number"),
        ("as_number", mlbook.SGD, {}, "the class SGD", "a number"),
        ("as_number", np.float64("nan"), {}, "nan", "a finite number"),
        ("as_number", float("inf"), {}, "inf", "a finite number"),
        ("as_number", -np.inf, {"most": 1}, "-inf", "a finite number, at most 1"),
        ("as_number", 10**400, {}, f"1{'0' * 56}...", "a finite number"),
        ("as_number", np.float32(0), {"above": 0}, "0.0", "a finite number, above 0"),
        ("as_number", -1, {"least": 0, "below": 1}, "-1", "a finite number, at least 0 and below 1"),
        ("as_number", 1, {"least": 0, "below": 1}, "1", "a finite number, at least 0 and below 1"),
        ("as_number", 2, {"above": 0, "most": 1}, "2", "a finite number, above 0 and at most 1"),
        ("as_count", np.bool_(True), {}, "True", "a whole number"),
        ("as_flag", "no", {}, "'no'", "True or False"),
        ("as_flag", 1, {}, "1", "True or False"),
        ("as_flag", np.array(True), {}, "array(True)", "True or False"),
        ("as_flag", None, {}, "None", "True or False"),
        ("as_pair", True, {}, "True", "an int or a pair of ints, at least 1"),
        ("as_pair", (2, True), {}, "(2, True)", "an int or a pair of ints, at least 1"),
        ("as_generator", "a", {}, "'a'", "a whole number of at least 0, or a numpy.random.Generator"),
        ("as_generator", 1.5, {}, "1.5", "a whole number of at least 0, or a numpy.random.Generator"),
        ("as_generator", None, {}, "None", "a whole number of at least 0, or a numpy.random.Generator"),
        ("as_generator", True, {}, "True", "a whole number of at least 0, or a numpy.random.Generator"),
        ("as_generator", -1, {}, "-1", "a whole number of at least 0, or a numpy.random.Generator"),
        ("as_float_dtype", "x", {}, "'x'", "a float type"),
        ("as_float_dtype", ",", {}, "','", "a float type"),
        ("as_float_dtype", None, {}, "None", "a float type"),
        ("as_float_dtype", str, {}, "the class str", "a float type"),
        ("as_float_dtype", np.int64, {}, "the class int64", "a float type"),
        ("as_callable", 0.1, {"hint": "a loss"}, "0.1", "a loss"),
        ("as_number_array", np.ma.masked_array([1.0, 2.0], [False, True]), {}, "a masked array", "one without mask; fill it first"),
        ("as_number_array", [1.0, np.ma.masked], {}, "a masked array", "one without mask; fill it first"),
        ("as_number_array", [[np.ma.masked_array([1.0])]], {}, "a masked array", "one without mask; fill it first"),
        ("as_labels", np.ma.masked_array([0, 1]), {}, "a masked array", "one without mask; fill it first"),
    ],
)
def test_messages_of_checks(check, value, options, came, expected):
    with pytest.raises((TypeError, ValueError)) as caught:
        getattr(_checks, check)(dense, "a", value, **options)
    assert str(caught.value) == f"dense: a is {came}, expected {expected}"


class Tensor:
    "As other libraries have them: an array whose numbers alone are not enough."

    def __init__(self, requires_grad):
        self.requires_grad = requires_grad

    def __array__(self, dtype=None, copy=None):
        if self.requires_grad:
            raise RuntimeError("Can't call numpy() on Tensor that requires grad.")
        return np.ones(3)


def test_a_tensor_that_requires_a_gradient_is_not_taken():
    assert _checks.as_number_array(dense, "x", Tensor(False)).shape == (3,)
    for x in (Tensor(True), [Tensor(True), Tensor(False)]):
        with pytest.raises(TypeError, match="^dense: x is a tensor that requires a gradient, expected an array; detach it first$"):
            _checks.as_arrays(dense, x=(x, "..."))


def test_options_that_are_taken():
    for number in (1, 1.0, np.float16(1), np.int8(1), np.longdouble(1)):
        taken = _checks.as_number(dense, "a", number, least=1, most=1)
        assert taken == 1.0 and type(taken) is float
    assert _checks.as_flag(dense, "a", np.bool_(True)) is True
    rng = np.random.default_rng(3)
    assert _checks.as_generator(dense, "a", rng) is rng
    assert _checks.as_generator(dense, "a", np.int64(3)).random() == rng.random()
    assert _checks.as_float_dtype(dense, "a", "float16") == np.float16
    assert _checks.as_callable(dense, "a", dense, "a loss") is dense


def test_what_came_is_shown_in_one_short_line():
    for value in (np.eye(100), "a\nb" * 100, 10**1000, {"a": np.eye(9)}):
        line = _checks.shown(value)
        assert "\n" not in line and len(line) <= 60
    assert _checks.shown(mlbook.Optimizer.step) == "the function Optimizer.step"
