"""The operations of the book against PyTorch: fixtures of numbers that tests/fixtures/make_torch.py has written."""

import json
from collections import Counter
from pathlib import Path

import mlbook
import numpy as np
import pytest

from test_operations import registered

FIXTURES = [Path(__file__).parent / "fixtures" / name for name in ("torch.npz", "torch_images.npz", "torch_depth.npz", "torch_losses.npz")]
ROLES = ("inputs", "upstream", "output", "gradients")
STORED, CASES = {}, []
FUNCTIONS = {function.__name__: function for function in registered()}


def stored(fixture, key):
    "Where STORED has an array of a fixture, or several."
    return [stored(fixture, each) for each in key] if isinstance(key, list) else f"{fixture.stem}.{key}"


for fixture in FIXTURES:
    with np.load(fixture, allow_pickle=False) as archive:
        cases = json.loads(str(archive["index"]))["cases"]
        STORED.update({stored(fixture, name): archive[name] for name in archive.files if name != "index"})
    CASES += [case | {role: stored(fixture, case[role]) for role in ROLES} for case in cases]
IDS = [f"{number}-{case['operation']}-{case['dtype']}" for number, case in enumerate(CASES)]

# In units of the last place: 1.2e-5 in float32, 2.2e-14 in float64. The numbers end a few dozen operations, which two
# implementations do in another order, and with other versions of exp and log.
ROUNDINGS = 100


def arrays(case, role):
    return [STORED[key] for key in case[role]]


def results(case):
    "What mlbook computes, what PyTorch did, and how large the numbers are that it is made of."
    function, inputs, u = FUNCTIONS[case["operation"]], arrays(case, "inputs"), STORED[case["upstream"]]
    y, pullback = mlbook.vjp(function, *inputs, **case["options"])
    expected = STORED[case["output"]]
    yield y, expected, np.max(np.abs(expected))
    yield function(*inputs, **case["options"]), expected, np.max(np.abs(expected))
    of_arrays = [gradient for gradient in pullback(u) if gradient is not None]  # labels have none
    for ours, theirs in zip(of_arrays, arrays(case, "gradients"), strict=True):
        # Where an activation saturates, its derivative is a difference, such as 1 - a², that loses its digits.
        yield ours, theirs, max(np.max(np.abs(theirs)), np.max(np.abs(u)))


def roundings(ours, theirs, scale):
    "Largest difference relative to `scale`, in units of the last place."
    difference = np.max(np.abs(ours - theirs))
    return 0.0 if difference == 0 else difference / scale / np.finfo(theirs.dtype).eps


def check(case):
    for ours, theirs, scale in results(case):
        assert ours.shape == theirs.shape
        assert ours.dtype == theirs.dtype == case["dtype"]
        assert roundings(ours, theirs, scale) <= ROUNDINGS


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_the_same_as_pytorch(case):
    check(case)


def test_the_fixture_covers_every_operation():
    count = Counter((case["operation"], case["dtype"]) for case in CASES)
    names = set(FUNCTIONS) - {"flatten", "unflatten"}  # which move numbers, and change none
    assert set(count) == {(name, dtype) for name in names for dtype in ("float32", "float64")}
    assert all(number >= (50 if name.endswith("2d") else 5) for (name, _), number in count.items())


def test_the_fixture_has_cases_that_tell():
    upstream = [STORED[case["upstream"]] for case in CASES]
    assert all(np.all(g != 1) for g in upstream)
    gradients = [d for case in CASES for d in arrays(case, "gradients")]
    assert all(np.all(np.isfinite(d)) for d in gradients)
    assert sum(np.any(d != 0) for d in gradients) > 0.8 * len(gradients)
    assert {len(case["inputs"]) for case in CASES if case["operation"] == "dense"} == {2, 3}
    assert {bool(case["options"]) for case in CASES if case["operation"] == "squared_error"} == {True, False}


def test_the_fixture_has_every_kind_of_window():
    for name in ("conv2d", "max_pool2d", "avg_pool2d"):
        options = [case["options"] for case in CASES if case["operation"] == name]
        paddings = {np.shape(each["padding"]) if not isinstance(each["padding"], str) else "name" for each in options}
        assert paddings >= {(), (2,), (2, 2)} | ({"name"} if name == "conv2d" else set())
        assert {np.ndim(each["stride"]) for each in options if each["stride"] is not None} == {0, 1}
        assert any(max(np.ravel(each.get("dilation", 1))) > 1 for each in options) == (name != "avg_pool2d")
        for switch in {"ceil_mode", "count_include_pad"} & set().union(*options):
            assert {each[switch] for each in options if switch in each} == {True, False}
    biases = [len(case["inputs"]) for case in CASES if case["operation"] == "conv2d"]
    assert min(biases.count(2), biases.count(3)) > 30


def test_the_fixtures_are_small():
    assert all(fixture.stat().st_size < 1_500_000 for fixture in FIXTURES)


@pytest.mark.parametrize("role", ["output", "gradients"])
@pytest.mark.parametrize("factor", [1 + 1e-4, np.nan])
@pytest.mark.parametrize("name", ["dense", "conv2d", "max_pool2d", "avg_pool2d"])
def test_a_wrong_digit_is_found(name, role, factor, monkeypatch):
    case = next(case for case in CASES if case["operation"] == name)
    key = case[role] if role == "output" else case[role][-1]
    monkeypatch.setitem(STORED, key, STORED[key] * STORED[key].dtype.type(factor))
    with pytest.raises(AssertionError):
        check(case)
