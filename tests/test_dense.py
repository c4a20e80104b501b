"""The dense layer and back-propagation by hand: extreme numbers, half precision, and what is refused."""

import importlib

import mlbook
import numpy as np
import pytest
from mlbook import back_propagate, dense, feed_forward, relu, sigmoid, vjp

linear = importlib.import_module("mlbook.dense")  # the package gives its name to the function


def same(ours, expected):
    "Whether two arrays are NaN, infinite and finite in the same places, and equal there."
    return np.allclose(ours, expected, rtol=1e-12, equal_nan=True)


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("shape", [(1, 1, 1), (1, 5, 3), (4, 1, 6), (9, 17, 33)])
def test_infinite_numbers_go_where_they_go_in_the_loops(shape, seed):
    (N, D, K), rng = shape, np.random.default_rng(seed)
    x, w, b, g = (rng.normal(size=size) for size in ((N, D), (D, K), (K,), (N, K)))
    for array in (x, w, b, g):
        places = rng.random(array.shape) < 0.05
        array[places] = rng.choice([np.inf, -np.inf, np.nan, 0.0], places.sum())
    with np.errstate(invalid="ignore"):
        z, pullback = vjp(dense, x, w, b)
        assert same(z, linear.dense_loops(x, w, b)) and same(dense(x, w, b), z)
        for ours, expected in zip(pullback(g), linear.dense_pullback_loops(x, w, g), strict=True):
            assert same(ours, expected)


def test_an_infinite_weight_leaves_the_other_outputs_alone():
    w = np.ones((3, 4))
    w[1, 2] = np.inf
    z = dense([[1.0, 2.0, 3.0], [1.0, -2.0, 3.0]], w)
    assert z.tolist() == [[6, 6, np.inf, 6], [2, 2, -np.inf, 2]]


def test_half_precision_adds_many_samples():
    x, w, b, g = np.ones((5000, 2)), np.ones((2, 3)), np.zeros(3), np.ones((5000, 3))
    x, w, b, g = (array.astype(np.float16) for array in (x, w, b, g))
    z, pullback = vjp(dense, x, w, b)
    dx, dw, db = pullback(g)
    assert {array.dtype for array in (z, dx, dw, db)} == {np.dtype(np.float16)}
    assert np.all(db == 5000) and np.all(dw == 5000) and np.all(dx == 3)
    many = np.ones((1, 5000), np.float16)
    assert dense(many, many.T).item() == 5000
    grad_w, grad_b = back_propagate([z, z], [x, z], [w, np.ones((3, 3), np.float16)], [relu], g)
    assert np.all(grad_b[1] == 5000) and np.all(grad_b[0] == 15000) and grad_b[0].dtype == grad_w[0].dtype == np.float16


X, W, B = np.ones((2, 4)), [np.ones((4, 5)), np.ones((5, 3))], [np.zeros(5), np.zeros(3)]
Z, A = feed_forward(X, W, B, [sigmoid])
REFUSED = {
    "weights": (TypeError, lambda: feed_forward(X, None, B, [relu]), "feed_forward: weights is None, expected a list"),
    "biases": (TypeError, lambda: feed_forward(X, W, 0.5, [relu]), "feed_forward: biases is 0.5, expected a list"),
    "activations": (TypeError, lambda: feed_forward(X, W, B, relu), "feed_forward: activations is the function relu, expected a list"),
    "a name": (TypeError, lambda: feed_forward(X, W, B, "r"), "feed_forward: activations is 'r', expected a list"),
    "no function": (TypeError, lambda: feed_forward(X, W, B, [None]), "feed_forward: activations[0] is None, expected a function"),
    "a class": (TypeError, lambda: feed_forward(X, W, B, [mlbook.ReLU]), "feed_forward: activations[0] is the class ReLU, expected"),
    "x": (TypeError, lambda: feed_forward(None, W, B, [relu]), "feed_forward: x has dtype object, expected real numbers"),
    "too few": (ValueError, lambda: feed_forward(X, W, B[:1], [relu]), "feed_forward: biases has 1 entries, expected 2, one more than"),
    "z": (TypeError, lambda: back_propagate(None, A, W, [relu], Z[-1]), "back_propagate: z is None, expected a list"),
    "a": (TypeError, lambda: back_propagate(Z, 1, W, [relu], Z[-1]), "back_propagate: a is 1, expected a list"),
    "all": (TypeError, lambda: back_propagate(None, None, None, None, None), "back_propagate: activations is None, expected a list"),
    "delta": (TypeError, lambda: back_propagate(Z, A, W, [relu], None), "back_propagate: delta has dtype object, expected real"),
    "no rule": (ValueError, lambda: back_propagate(Z, A, W, [np.sin], Z[-1]), "back_propagate: activations[0] is the function sin, expected"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_bad_input_is_refused_by_name(case):
    kind, call, message = REFUSED[case]
    with pytest.raises(kind) as raised:
        call()
    assert message in str(raised.value)
