"""Numbers at the edges of their types: half precision, extended precision, huge, tiny and infinite ones, in any memory.

Expected values are plain mathematics in a wider type. Nothing here may warn, unless a test says so.
"""

import warnings
from functools import partial

import mlbook
import numpy as np
import pytest
from mlbook import activations, losses

TYPES = [np.float16, np.float32, np.float64, np.longdouble]
EPSILON = {dtype: float(np.finfo(dtype).eps) for dtype in TYPES}


@pytest.fixture(autouse=True)
def no_warnings():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def pulled(function, *arrays, g=1.0, **options):
    y, pullback = mlbook.vjp(function, *arrays, **options)
    return y, pullback(np.full(np.shape(y), g, np.result_type(y)) if np.ndim(g) == 0 else g)


# Half precision: sums are kept in single


MANY = 40_000


def one_hot(classes, count, dtype):
    t = np.zeros((count, classes), dtype)
    t[:, 0] = 1
    return t


def test_losses_of_many_samples_in_half_precision():
    columns, t = np.full((MANY, 1), 3, np.float16), one_hot(2, MANY, np.float16)
    cases = [
        (mlbook.squared_error, columns, np.ones((MANY, 1), np.float16), 2.0, 2.0),
        (mlbook.cross_entropy, np.full((MANY, 2), 0.5, np.float16), t, np.log(2), -2.0),
        (mlbook.binary_cross_entropy, np.full((MANY, 1), 0.5, np.float16), t[:, :1], np.log(2), -2.0),
        (mlbook.softmax_cross_entropy, np.zeros((MANY, 2), np.float16), t, np.log(2), -0.5),
        (mlbook.sigmoid_cross_entropy, np.zeros((MANY, 1), np.float16), t[:, :1], np.log(2), -0.5),
    ]
    for loss, y, t, value, slope in cases:
        J, (dy, dt) = pulled(loss, y, t, g=60000.0)
        assert J.dtype == dy.dtype == dt.dtype == np.float16
        assert J == np.float16(value), loss.__name__
        np.testing.assert_allclose(dy[:, 0], 60000 / MANY * slope, rtol=1e-3)
        assert loss(y, t) == J


def test_losses_of_more_samples_than_half_precision_can_count():
    "70,000 is infinite in float16, and one over it is 0 there."
    y, t = np.full((70_000, 1), 0.5, np.float16), np.zeros((70_000, 1), np.float16)
    for loss in (mlbook.squared_error, mlbook.binary_cross_entropy, mlbook.sigmoid_cross_entropy):
        J, (dy, _) = pulled(loss, y, t, g=1000.0)
        expected, (wide, _) = pulled(loss, y.astype(float), t.astype(float), g=1000.0)
        np.testing.assert_allclose([J, dy[0, 0]], [expected, wide[0, 0]], rtol=1e-3)


def test_squares_beyond_half_precision_whose_mean_is_not():
    y, t = np.array([[300.0], [0.0], [0.0], [0.0]], np.float16), np.zeros((4, 1), np.float16)
    J, (dy, _) = pulled(mlbook.squared_error, y, t)
    assert J == 11248 and dy[0, 0] == 75  # 300² / 8, rounded to a multiple of 8


def test_softmax_of_many_classes_in_half_precision():
    for function in (mlbook.softmax, mlbook.log_softmax):
        z = np.zeros(60_000, np.float16)
        y, (dz,) = pulled(function, z, g=np.arange(60_000.0) % 2)
        expected, (wide,) = pulled(function, z.astype(float), g=np.arange(60_000.0) % 2)
        np.testing.assert_allclose(y, expected, rtol=2e-3)
        np.testing.assert_allclose(dz, wide, rtol=2e-3)


def test_sum_of_squares_in_half_precision():
    x = np.full(50_000, 1e-3, np.float16)  # its squares are below the smallest normal number
    J, (dx,) = pulled(mlbook.sum_of_squares, x, g=40000.0)
    np.testing.assert_allclose(J, 0.05, rtol=1e-3)
    np.testing.assert_allclose(dx, 80, rtol=1e-3)


# Extended precision: nothing on the way is rounded to double


THIRD = np.longdouble(1) / 3


@pytest.mark.skipif(EPSILON[np.longdouble] == EPSILON[np.float64], reason="no type wider than double here")
def test_extended_precision_is_kept():
    z, t = np.array([[THIRD, -2 * THIRD], [THIRD, -THIRD]]), np.array([[THIRD, 2 * THIRD], [THIRD, THIRD]])
    g = THIRD * 2
    slopes = np.where(z > 0, 1, THIRD)
    a, (dz,) = pulled(mlbook.leaky_relu, z, g=np.full_like(z, g), slope=THIRD)
    assert np.array_equal(a, slopes * z) and np.array_equal(dz, slopes * g)
    J, (dy, _) = pulled(mlbook.squared_error, z[:, :1].repeat(3, 1)[:1], t[:1, :1].repeat(3, 1) * 2, g=g, factor=THIRD)
    np.testing.assert_allclose(J, THIRD**2, rtol=4e-19)
    np.testing.assert_allclose(dy, -2 * THIRD * THIRD * g, rtol=4e-19)
    three = np.full((3, 1), THIRD)
    np.testing.assert_allclose(mlbook.squared_error(three, 0 * three), THIRD**2 / 2, rtol=4e-19)
    s = np.exp(z) / np.sum(np.exp(z), axis=1, keepdims=True)
    np.testing.assert_allclose(mlbook.softmax(z), s, rtol=4e-19)
    J = np.sum(-t * np.log(s)) / 2
    np.testing.assert_allclose(mlbook.softmax_cross_entropy(z, t), J, rtol=4e-19)
    np.testing.assert_allclose(mlbook.cross_entropy(s, t), J, rtol=4e-19)


# The largest numbers of a type


@pytest.mark.parametrize("dtype", TYPES)
def test_softmax_of_the_largest_numbers(dtype):
    top = np.finfo(dtype).max
    z = np.array([[top, -top, 0], [-top, -top, -top], [-np.inf, top, top]], dtype)
    s, (dz,) = pulled(mlbook.softmax, z, g=np.array([[3, 1, 2]] * 3, dtype))
    third = dtype(1) / dtype(3)
    np.testing.assert_allclose(s, [[1, 0, 0], [third] * 3, [0, 0.5, 0.5]], rtol=EPSILON[dtype])
    np.testing.assert_allclose(dz, [[0, 0, 0], [third, -third, 0], [0, -0.25, 0.25]], atol=2 * EPSILON[dtype])
    y, (dz,) = pulled(mlbook.log_softmax, z, g=np.array([[3, 1, 2]] * 3, dtype))
    assert y[0, 0] == 0 and y[0, 1] == -np.inf and y[0, 2] == -top and y[2, 0] == -np.inf
    np.testing.assert_allclose(y[1], -np.log(dtype(3)), rtol=2 * EPSILON[dtype])
    np.testing.assert_allclose(dz, [[-3, 1, 2], [1, -1, 0], [3, -2, -1]], atol=8 * EPSILON[dtype])
    J, (dz, _) = pulled(mlbook.softmax_cross_entropy, z[:2], np.array([[1, 0, 0], [0, 1, 0]], dtype))
    np.testing.assert_allclose(J, np.log(dtype(3)) / 2, rtol=2 * EPSILON[dtype])
    np.testing.assert_allclose(dz, [[0, 0, 0], [third / 2, -third, third / 2]], atol=2 * EPSILON[dtype])


@pytest.mark.parametrize("dtype", TYPES)
def test_activations_of_the_largest_numbers(dtype):
    top = np.finfo(dtype).max
    z = np.array([top, -top, np.inf, -np.inf], dtype)
    for function, values, slopes in (
        (mlbook.sigmoid, [1, 0, 1, 0], [0, 0, 0, 0]),
        (mlbook.tanh, [1, -1, 1, -1], [0, 0, 0, 0]),
        (mlbook.relu, [top, 0, np.inf, 0], [1, 0, 1, 0]),
        (partial(mlbook.leaky_relu, slope=0.5), [top, -top / 2, np.inf, -np.inf], [1, 0.5, 1, 0.5]),
        (partial(mlbook.leaky_relu, slope=4), [top, -np.inf, np.inf, -np.inf], [1, 4, 1, 4]),
    ):
        with np.errstate(over="ignore"):  # four times the largest number is not a number of the type
            a, (dz,) = pulled(function, z)
        assert np.array_equal(a, np.array(values, dtype)) and np.array_equal(dz, slopes)


def test_a_large_slope_does_not_overflow_where_it_is_not_used():
    assert mlbook.leaky_relu(1e308, slope=10.0) == 1e308
    assert pulled(mlbook.leaky_relu, [1.0], g=np.array([1e308]), slope=10.0)[1][0] == 1e308


def test_sum_of_squares_of_small_entries_under_a_large_gradient():
    _, (dx,) = pulled(mlbook.sum_of_squares, [1e-3], g=1e308)
    np.testing.assert_allclose(dx, 2e305)


# Infinite and missing numbers


def test_relu_chooses_and_does_not_multiply():
    z = np.array([-1.0, 0.0, 2.0, np.nan])
    for g in (np.inf, -np.inf, np.nan, 5.0):
        a, (dz,) = pulled(mlbook.relu, z, g=np.full(4, g))
        np.testing.assert_array_equal(a, [0, 0, 2, np.nan])
        np.testing.assert_array_equal(dz, [0, 0, g, np.nan])
        np.testing.assert_array_equal(dz, activations.relu_pullback_loops(a, np.full(4, g)))


@pytest.mark.parametrize("function", [mlbook.sigmoid, mlbook.tanh, mlbook.leaky_relu, mlbook.relu])
def test_a_missing_number_stays_one(function):
    a, (dz,) = pulled(function, [np.nan, 1.0], g=np.array([1.0, 1.0]))
    assert np.isnan(a[0]) and dz[0] != 0 and not np.isnan(a[1] + dz[1])


# The smallest probabilities


TINY = 5e-324


@pytest.mark.parametrize("g", [1e-5, -3e-10])
def test_gradients_at_the_smallest_probabilities(g):
    "t / y alone is infinite there; with g / N before it, as in the loops, it is not."
    y, t = np.array([[1e-310, 0.75], [TINY, 0.5]]), np.array([[1.0, 0.0], [1e-12, 1.0]])
    for loss, loops in (
        (mlbook.cross_entropy, losses.cross_entropy_pullback_loops),
        (mlbook.binary_cross_entropy, losses.binary_cross_entropy_pullback_loops),
    ):
        _, gradients = pulled(loss, y, t, g=g)
        with np.errstate(divide="ignore"):
            expected = loops(y, t, g)
        for ours, theirs in zip(gradients, expected):
            np.testing.assert_allclose(ours, theirs, rtol=1e-12)
        assert np.all(np.isfinite(gradients[0])) and abs(gradients[0][0, 0]) > 1e298


def test_gradients_where_what_happened_was_impossible():
    _, (dy, dt) = pulled(mlbook.cross_entropy, [[0.0, 1.0]], [[1.0, 0.0]], g=2.0)
    np.testing.assert_array_equal(dy, [[-np.inf, 0]])
    np.testing.assert_array_equal(dt, [[np.inf, 0]])
    assert pulled(mlbook.cross_entropy, [[0.0, 1.0]], [[1.0, 0.0]], g=0.0)[1][0][0, 0] == 0


def test_a_weight_of_zero_silences_what_is_infinite():
    y, t = np.array([[0.0, 1.0], [0.5, 0.5]]), np.array([[1.0, 0.0], [1.0, 0.0]])
    assert mlbook.cross_entropy(y, t) == np.inf
    for loss, classes in ((mlbook.cross_entropy, [1, 1]), (mlbook.binary_cross_entropy, [1, 1])):
        J, gradients = pulled(loss, y, t, sample_weight=[0, 1], class_weight=classes)
        assert np.isfinite(J) and all(np.all(gradient[0] == 0) for gradient in gradients)
    z = np.array([[-1e308, 1e308], [0.0, 0.0]])
    J, _ = pulled(mlbook.softmax_cross_entropy, z, t, sample_weight=[0, 1])
    np.testing.assert_allclose(J, np.log(2) / 2)


# Order of bytes and of memory, and arrays without axes


FUNCTIONS = [
    mlbook.sum_of_squares, mlbook.softmax, mlbook.log_softmax, mlbook.sigmoid, mlbook.tanh, mlbook.relu, mlbook.leaky_relu,
]
LOSSES = [
    mlbook.squared_error, mlbook.cross_entropy, mlbook.binary_cross_entropy, mlbook.softmax_cross_entropy,
    mlbook.sigmoid_cross_entropy,
]


@pytest.mark.parametrize("function", [*FUNCTIONS, *LOSSES])
@pytest.mark.parametrize("dtype", ["f2", "f4", "f8", "g"])
def test_the_order_of_bytes_and_of_memory_does_not_matter(function, dtype):
    rng = np.random.default_rng(0)
    arrays = [rng.uniform(0.1, 0.9, (3, 4)).astype(dtype) for _ in range(1 + (function in LOSSES))]
    y, pullback = mlbook.vjp(function, *arrays)
    g = rng.normal(size=np.shape(y)).astype(dtype)
    expected = [y, *pullback(g)]
    for other in (lambda x: x.astype(x.dtype.newbyteorder()), np.asfortranarray, lambda x: np.repeat(x, 2, -1)[..., ::2]):
        y, pullback = mlbook.vjp(function, *map(other, arrays))
        for ours, theirs in zip([y, *pullback(other(g) if g.ndim else g)], expected):
            assert ours.dtype == np.dtype(dtype) and ours.dtype.isnative
            np.testing.assert_allclose(ours, theirs, rtol=4 * np.finfo(dtype).eps)


@pytest.mark.parametrize("function", FUNCTIONS[3:])
@pytest.mark.parametrize("dtype", TYPES)
def test_a_single_number_is_an_array_without_axes(function, dtype):
    row, (slopes,) = pulled(function, np.array([0.5, -0.5], dtype), g=np.array([3.0, 3.0]))
    for i, z in enumerate((0.5, -0.5)):
        a, (dz,) = pulled(function, dtype(z), g=3.0)
        assert np.shape(a) == np.shape(dz) == () and a.dtype == dz.dtype == dtype
        assert a == row[i] and dz == slopes[i]
