"""The operations of the book against PyTorch: a fixture of numbers that tests/fixtures/make_torch.py has written."""

import json
from collections import Counter
from pathlib import Path

import mlbook
import numpy as np
import pytest

from test_operations import registered

FIXTURE = Path(__file__).parent / "fixtures" / "torch.npz"
with np.load(FIXTURE, allow_pickle=False) as archive:
    STORED = {name: archive[name] for name in archive.files}
INDEX = json.loads(str(STORED.pop("index")))
CASES = INDEX["cases"]
IDS = [f"{number}-{case['operation']}-{case['dtype']}" for number, case in enumerate(CASES)]

# In units of the last place: 1.2e-5 in float32, 2.2e-14 in float64. The numbers end a few dozen operations, which two
# implementations do in another order, and with other versions of exp and log.
ROUNDINGS = 100


def arrays(case, role):
    return [STORED[key] for key in case[role]]


def results(case):
    "What mlbook computes, what PyTorch did, and how large the numbers are that it is made of."
    function, inputs, u = getattr(mlbook, case["operation"]), arrays(case, "inputs"), STORED[case["upstream"]]
    y, pullback = mlbook.vjp(function, *inputs, **case["options"])
    expected = STORED[case["output"]]
    yield y, expected, np.max(np.abs(expected))
    yield function(*inputs, **case["options"]), expected, np.max(np.abs(expected))
    for ours, theirs in zip(pullback(u), arrays(case, "gradients"), strict=True):
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
    names = {function.__name__ for function in registered()}
    assert len(CASES) >= 100
    assert set(count) == {(name, dtype) for name in names for dtype in ("float32", "float64")}
    assert min(count.values()) >= 5


def test_the_fixture_has_cases_that_tell():
    upstream = [STORED[case["upstream"]] for case in CASES]
    assert all(np.all(g != 1) for g in upstream)
    gradients = [d for case in CASES for d in arrays(case, "gradients")]
    assert all(np.all(np.isfinite(d)) for d in gradients)
    assert sum(np.any(d != 0) for d in gradients) > 0.8 * len(gradients)
    assert {len(case["inputs"]) for case in CASES if case["operation"] == "dense"} == {2, 3}
    assert {bool(case["options"]) for case in CASES if case["operation"] == "squared_error"} == {True, False}


def test_the_fixture_is_small():
    assert FIXTURE.stat().st_size < 1_500_000


@pytest.mark.parametrize("role", ["output", "gradients"])
@pytest.mark.parametrize("factor", [1 + 1e-4, np.nan])
def test_a_wrong_digit_is_found(role, factor, monkeypatch):
    case = next(case for case in CASES if case["operation"] == "dense")
    key = case[role] if role == "output" else case[role][-1]
    monkeypatch.setitem(STORED, key, STORED[key] * STORED[key].dtype.type(factor))
    with pytest.raises(AssertionError):
        check(case)
