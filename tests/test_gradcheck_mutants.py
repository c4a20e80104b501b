"""Mutants of derivative rules: the maker changes nothing else, and the chapter's verdict on the checks can fail."""

import functools
import linecache
import re
from pathlib import Path

import matplotlib
import mlbook
import nbformat
import numpy as np
import pytest
from mlbook import activations, losses, pooling, reshaping
from mlbook.gradcheck import TOLERANCE, dot_product_error, gradient_error
from mlbook.autodiff import RULES, defvjp, vjp
from mlbook.mutants import mutants

NOTEBOOK = Path(__file__).parents[1] / "nbs" / "more" / "D3_mutants.ipynb"
Z = np.random.default_rng(0).normal(size=(3, 4))


def as_rule(function, rule, check, *arrays):
    "What `check` says of `rule` as the rule of a copy of `function`."
    def copy(*arrays):
        return function(*arrays)

    defvjp(copy)(rule)
    try:
        return check(copy, *arrays)
    finally:
        del RULES[copy]


def found(rule, change):
    "The one mutant with this change."
    [mutant] = [mutant for text, mutant in mutants(rule) if text.endswith(f": {change}")]
    return mutant


@pytest.mark.parametrize("check", [gradient_error, dot_product_error])
@pytest.mark.parametrize(
    "function, change",
    [
        (mlbook.softmax, "g * s → s"),
        (mlbook.sigmoid, "1 - s → 1 + s"),
        (mlbook.tanh, "g * (1 - a * a) → g"),
        (mlbook.log_softmax, "np.sum → np.mean"),
    ],
)
def test_a_wrong_gradient_is_found(function, change, check):
    mutant = found(RULES[function], change)
    assert as_rule(function, RULES[function], check, Z) < TOLERANCE < 1e-4 < as_rule(function, mutant, check, Z)


def test_mutants_compute_what_their_description_says():
    mutant = found(activations.sigmoid_vjp, "1 - s → 1 + s")
    s, g = mlbook.sigmoid(Z), np.ones_like(Z)
    y, pullback = mutant(Z)
    assert np.array_equal(y, s) and np.allclose(pullback(g)[0], s * (1 + s), rtol=1e-14)
    assert np.allclose(activations.sigmoid_vjp(Z)[1](g)[0], s * (1 - s), rtol=1e-14)


def test_only_the_pullback_is_mutated():
    for function, arrays in ((mlbook.softmax, (Z,)), (mlbook.squared_error, (Z, Z + 1))):
        values = [mutant(*arrays)[0] for _, mutant in mutants(RULES[function])]
        assert len(values) > 10 and all(np.array_equal(y, function(*arrays)) for y in values)
    changes = [change for change, _ in mutants(losses.cross_entropy_vjp)]
    # a line before the pullback, which the value does not need
    assert any("_product(of.slope, surprise) → of.slope" in change for change in changes)
    assert not any("probabilities" in change for change in changes)


def test_no_two_mutants_are_the_same_and_none_is_the_original():
    lines = [change for change, _ in mutants(activations.sigmoid_vjp)]
    assert len(lines) == len(set(lines)) == 11
    assert all(re.fullmatch(r"sigmoid_vjp, line 5: (.+) → (.+)", line) for line in lines)
    assert all(old != new for old, new in (line.split(": ")[1].split(" → ") for line in lines))


def test_rules_and_modules_stay_as_they_are():
    before = dict(RULES), {name: dict(vars(module)) for name, module in (("a", activations), ("p", pooling))}
    for rule in RULES.values():
        if rule.__module__.startswith("mlbook."):
            list(mutants(rule))
    assert dict(RULES) == before[0] and list(RULES) == list(before[0])
    assert dict(vars(activations)) == before[1]["a"] and dict(vars(pooling)) == before[1]["p"]
    assert gradient_error(mlbook.softmax, Z) < TOLERANCE


def test_helpers_are_mutated_and_names_replaced():
    changes = [change for change, _ in mutants(pooling.avg_pool2d_vjp, pooling._window_views)]
    assert any(change.startswith("_window_views, line") for change in changes)
    mutant = dict(mutants(reshaping.flatten_vjp, flatten=lambda x: "other"))
    assert {rule(Z)[0] for rule in mutant.values()} == {"other"}


def test_a_function_that_is_no_rule_is_refused():
    with pytest.raises(ValueError, match="^mutants: relu_loops returns no value with a pullback, expected a derivative rule"):
        list(mutants(activations.relu_loops))


@pytest.mark.parametrize("rule", [None, "softmax", np.tanh, len, mlbook.Dense,
                                  functools.partial(activations.softmax_vjp), eval("lambda z: z")])
def test_what_has_no_source_is_refused(rule):
    with pytest.raises(TypeError, match="^mutants: rule is .*, expected a function that a file defines with def"):
        list(mutants(rule))
    with pytest.raises(TypeError, match=r"^mutants: helpers\[0\] is .*, expected a function"):
        list(mutants(activations.softmax_vjp, rule))


# The chapter's table


def section():
    "The cells that the table of the chapter needs: imports, exported code, and its section."
    inside = False
    for cell in nbformat.read(NOTEBOOK, as_version=4).cells:
        if cell.cell_type == "markdown":
            inside = (inside or "(sec-gradcheck-mutants)=" in cell.source) and "## What to take along" not in cell.source
        elif inside or cell.source.startswith(("#| export", "import ")):
            yield cell


def run(edit=lambda names: None):
    """The names after the section ran; `edit` may change them once the checks are defined.

    An assertion that fails says in which cell.
    """
    matplotlib.use("agg")
    names = {"__name__": "__main__"}
    for cell in section():
        source = re.sub(r"^%.*$", "", cell.source, flags=re.MULTILINE)
        linecache.cache[cell.id] = (len(source), None, source.splitlines(keepends=True), cell.id)
        try:
            exec(compile(source, cell.id, "exec"), names)
        except AssertionError as error:
            raise AssertionError(source) from error
        if "checks" in names and "finds" not in names:
            edit(names)
    return names


def keep(names, *functions):
    "Leaves the table only some operations."
    names["operations"][:] = [function for function in names["operations"] if function in functions]


QUICK = mlbook.softmax, mlbook.relu, mlbook.leaky_relu, mlbook.dense, mlbook.max_pool2d


@pytest.fixture(scope="module")
def chapter():
    return run()


def rules_of_the_package():
    "All but those of the appendices, which tests/test_depth.py and tests/test_more_losses.py mutate."
    later = ("mlbook.depth", "mlbook.more_losses")
    return {function for function in RULES if function.__module__.startswith("mlbook.") and function.__module__ not in later}


def test_the_table_has_every_rule(chapter):
    assert chapter["results"].keys() == rules_of_the_package()
    assert all(part for part in chapter["results"].values())


def test_the_two_random_checks_leave_only_what_has_a_reason(chapter):
    assert {change for _, change in chapter["survivors"]("rand")} == chapter["reasons"].keys()
    assert {change for _, change in chapter["survivors"]("dot")} == chapter["reasons"].keys()


def test_verdicts_are_far_from_the_tolerance(chapter):
    errors = np.array(chapter["measured"])
    assert np.max(errors[errors < TOLERANCE]) < TOLERANCE / 10
    assert np.min(errors[errors >= TOLERANCE]) > 1e-3


def test_ones_let_one_in_twelve_pass_and_easy_inputs_one_in_ten(chapter):
    assert [round(1 / (1 - chapter["shares"][name])) for name in ("ones", "easy")] == [12, 10]


def test_the_rules_are_in_place_after_the_table(chapter):
    assert not [function for function in RULES if hasattr(function, "__wrapped__")]
    y, pullback = vjp(mlbook.sigmoid, Z)
    assert np.allclose(pullback(np.ones_like(y))[0], y * (1 - y), rtol=1e-14)


@pytest.mark.parametrize(
    "check, cell",
    [
        ("rand", r"assert \{change for _, change in survivors\(check\)\} == set\(reasons\)"),
        ("dot", r"assert \{change for _, change in survivors\(check\)\} == set\(reasons\)"),
        ("loop", r"assert set\(left\) == "),
    ],
)
def test_a_check_that_always_passes_is_noticed(check, cell):
    def blind(names):
        keep(names, *QUICK)
        names["checks"][check] = (lambda function, *arrays, **options: 0.0, names["checks"][check][1])

    with pytest.raises(AssertionError, match=cell):
        run(blind)


def test_the_quick_operations_pass_with_all_checks():
    names = run(lambda names: keep(names, *QUICK))
    assert names["results"].keys() == set(QUICK)


def test_a_check_that_finds_fault_with_a_right_rule_is_noticed():
    def grim(names):
        keep(names, mlbook.softmax)
        names["checks"]["rand"] = (lambda function, *arrays, **options: 1.0, names["checks"]["rand"][1])

    with pytest.raises(AssertionError, match=r"assert found_by\(copy, rule\) == set\(\)"):
        run(grim)
