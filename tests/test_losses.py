"""Losses: the weights of classes and samples, and targets that are none."""

import warnings

import mlbook
import numpy as np
import pytest
from mlbook import losses

RNG = np.random.default_rng(0)
Y, T, Z = RNG.uniform(0.1, 0.9, (4, 3)), RNG.uniform(0, 1, (4, 3)), RNG.normal(size=(4, 3))
CLASSES, ANSWERS, SAMPLES = np.array([0.5, 3.0, 1.0]), np.array([0.3, 2.0]), np.array([1.0, 0.0, 2.5, 0.5])
OF_CLASSES = {mlbook.cross_entropy: Y, mlbook.softmax_cross_entropy: Z}
OF_ANSWERS = {mlbook.binary_cross_entropy: Y, mlbook.sigmoid_cross_entropy: Z}
ALL = {mlbook.squared_error: Z} | OF_CLASSES | OF_ANSWERS
EACH = pytest.mark.parametrize("loss", ALL)


def weights_of(loss):
    classes = {} if loss is mlbook.squared_error else {"class_weight": CLASSES if loss in OF_CLASSES else ANSWERS}
    return classes | {"sample_weight": SAMPLES}


# Weights


@pytest.mark.parametrize("loss", OF_CLASSES)
def test_weighted_classes_are_weighted_targets(loss):
    name, weighted = loss.__name__, losses.weighted_targets_loops(T, CLASSES, SAMPLES)
    J, pullback = mlbook.vjp(loss, ALL[loss], T, **weights_of(loss))
    np.testing.assert_allclose(J, getattr(losses, f"{name}_loops")(ALL[loss], weighted), rtol=1e-13)
    to_y, to_t = getattr(losses, f"{name}_pullback_loops")(ALL[loss], weighted, 0.7)
    np.testing.assert_allclose(pullback(0.7)[0], to_y, rtol=1e-12)
    np.testing.assert_allclose(pullback(0.7)[1], to_t * np.outer(SAMPLES, CLASSES), rtol=1e-12)


@pytest.mark.parametrize("loss", OF_ANSWERS)
def test_weighted_answers_are_two_weighted_classes(loss):
    y = Y if loss is mlbook.binary_cross_entropy else mlbook.sigmoid(Z)
    two, targets = (np.stack([1 - a, a], axis=-1).reshape(-1, 2) for a in (y, T))
    weighted = losses.weighted_targets_loops(targets, ANSWERS, np.repeat(SAMPLES, 3))
    J = loss(ALL[loss], T, **weights_of(loss))
    np.testing.assert_allclose(J, 3 * losses.cross_entropy_loops(two, weighted), rtol=1e-13)


@EACH
def test_a_sample_of_weight_two_counts_as_two(loss):
    twice = np.array([0, 1, 1, 2, 3])
    J = loss(ALL[loss], T, sample_weight=[1, 2, 1, 1])
    np.testing.assert_allclose(4 * J, 5 * loss(ALL[loss][twice], T[twice]), rtol=1e-13)


@EACH
def test_weights_of_one_change_nothing(loss):
    ones = {name: np.ones_like(weights) for name, weights in weights_of(loss).items()}
    J, pullback = mlbook.vjp(loss, ALL[loss], T)
    weighted, weighted_pullback = mlbook.vjp(loss, ALL[loss], T, **ones)
    assert J == weighted and all(map(np.array_equal, pullback(0.7), weighted_pullback(0.7)))


@EACH
def test_weighted_gradients_are_those_of_differences(loss):
    assert mlbook.gradient_error(loss, ALL[loss], T, **weights_of(loss)) < 1e-8
    assert mlbook.dot_product_error(loss, ALL[loss], T, **weights_of(loss)) < 1e-8


@EACH
def test_more_axes_take_weights_of_samples(loss):
    if loss not in OF_CLASSES:
        y, t = (np.stack([a, a[::-1]], axis=-1) for a in (ALL[loss], T))
        assert mlbook.gradient_error(loss, y, t, **weights_of(loss)) < 1e-8


@EACH
@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_weights_do_not_change_the_type(loss, dtype):
    J, pullback = mlbook.vjp(loss, ALL[loss].astype(dtype), T.astype(dtype), **weights_of(loss))
    assert {J.dtype, *(gradient.dtype for gradient in pullback(1))} == {np.dtype(dtype)}


@EACH
@pytest.mark.parametrize("name", ["class_weight", "sample_weight"])
@pytest.mark.parametrize(
    "value, came, expected",
    [
        (2.0, "has shape ()", "({count},)"),
        ([[1.0] * 4] * 4, "has shape (4, 4)", "({count},)"),
        ([1.0] * 7, "has shape (7,)", "({count},)"),
        ("balanced", "has dtype <U8", "real numbers"),
        (-1.0, "lies in [-1.0, 1.0]", "finite numbers of at least 0"),
        (np.inf, "lies in [1.0, inf]", "finite numbers of at least 0"),
        (np.nan, "lies in [nan, nan]", "finite numbers of at least 0"),
    ],
)
def test_weights_that_are_none(loss, name, value, came, expected):
    if name in weights_of(loss):
        count = len(weights_of(loss)[name])
        value = [value, *[1.0] * (count - 1)] if came.startswith("lies") else value
        for call in (loss, lambda *a, **o: mlbook.vjp(loss, *a, **o)):
            with pytest.raises((TypeError, ValueError)) as caught:
                call(ALL[loss], T, **{name: value})
            expectation = expected.format(count=count)
            assert str(caught.value) == f"{loss.__name__}: {name} {came}, expected {expectation}"


@EACH
def test_a_weight_that_the_type_cannot_hold(loss):
    with pytest.raises(ValueError, match=f"{loss.__name__}: sample_weight lies in .1.0, 1e.300., expected finite numbers"):
        loss(ALL[loss].astype(np.float32), T.astype(np.float32), sample_weight=[1e300, 1.0, 1.0, 1.0])


def test_a_squared_error_has_no_classes():
    with pytest.raises(TypeError, match="squared_error: got an unexpected keyword argument 'class_weight'"):
        mlbook.vjp(mlbook.squared_error, Z, T, class_weight=CLASSES)


# Targets


@pytest.mark.parametrize("loss", [*OF_CLASSES, *OF_ANSWERS])
@pytest.mark.parametrize("value", [-0.1, 1.5, 9.0, np.nan, np.inf, -np.inf])
def test_targets_outside_of_0_to_1_are_refused(loss, value):
    t = T.copy()
    t[1, 1] = value
    for call in (loss, lambda *a: mlbook.vjp(loss, *a)):
        with pytest.raises(ValueError) as caught:
            call(ALL[loss], t)
        assert str(caught.value) == f"{loss.__name__}: t lies in [{t.min()}, {t.max()}], expected targets in [0, 1]"


@pytest.mark.parametrize("loss", OF_CLASSES)
def test_a_sample_without_class_is_refused(loss):
    t = T.copy()
    t[2] = 0
    for call in (loss, lambda *a: mlbook.vjp(loss, *a)):
        with pytest.raises(ValueError) as caught:
            call(ALL[loss], t)
        assert str(caught.value) == f"{loss.__name__}: t[2] is 0 for every class, expected more for one at least"


@pytest.mark.parametrize("loss", [*OF_CLASSES, *OF_ANSWERS])
def test_a_hair_beyond_0_and_1_is_taken(loss):
    "Rounding in float16, and the steps of a central difference at a one-hot target."
    t = np.eye(3)[[0, 2, 1, 0]]
    assert np.isfinite(loss(ALL[loss], t + np.float16(0.001) * np.where(t > 0, 0.9, -0.9)))
    assert mlbook.gradient_error(loss, ALL[loss], t) < 1e-7


# Manners


def test_plain_losses_raise_no_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for loss, y in ALL.items():
            t = np.eye(3)[[0, 2, 1, 0]]
            J, pullback = mlbook.vjp(loss, t if loss in (mlbook.cross_entropy, mlbook.binary_cross_entropy) else y, t)
            assert np.isfinite(J) and len(pullback(1.0)) == 2
