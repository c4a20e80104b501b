"""Checks of gradients: of one argument, of partials, of layers and of networks; right ones pass, wrong ones are found."""

from functools import partial

import mlbook
import numpy as np
import pytest
from mlbook import Conv2D, Dense, Flatten, Layer, MaxPool2D, Sequential, Sigmoid, Tanh
from mlbook import dot_product_error, gradient_error, numerical_gradient, numerical_jacobian
from mlbook.gradcheck import TOLERANCE, pullback_error

CHECKS = pytest.mark.parametrize("check", [gradient_error, dot_product_error])
RNG = np.random.default_rng(0)
X, W = RNG.normal(size=(5, 3)), RNG.normal(size=3)


def scale(x, w):
    return np.asarray(x) * w


@mlbook.defvjp(scale)
def scale_vjp(x, w):
    return scale(x, w), lambda g: (g * w, np.mean(g * x, axis=0))  # a mean stands where a sum should


class Scale(Layer):
    function, learns = staticmethod(scale), ("w",)

    def initialize(self, input_shape, rng, dtype):
        self.params = {"w": np.arange(1, 1 + input_shape[0]).astype(dtype)}
        return input_shape


def of_classes(z, c, *, base=np.e):
    "Mean of minus the logarithm of the probability of the right class, a whole number, for each sample."
    return -np.mean(mlbook.log_softmax(z)[np.arange(len(c)), c]) / np.log(base)


@mlbook.defvjp(of_classes)
def of_classes_vjp(z, c, *, base=np.e):
    dz = (mlbook.softmax(z) - np.eye(z.shape[1])[c]) / (len(c) * np.log(base))
    return of_classes(z, c, base=base), lambda g: (g * dz,)


@CHECKS
def test_one_argument_alone(check):
    assert check(scale, X, W) > 1e-3
    assert check(scale, X, W, argument=0) < TOLERANCE < 1e-3 < check(scale, X, W, argument=1)
    assert check(scale, X, W, argument=np.int64(0)) < TOLERANCE
    for argument, kind in ((2, ValueError), (-1, ValueError), ("w", TypeError), (True, TypeError), (0.0, TypeError)):
        with pytest.raises(kind, match=f"{check.__name__}: argument is .*, expected "):
            check(scale, X, W, argument=argument)


@CHECKS
def test_arguments_that_are_not_checked_are_passed_as_they_came(check):
    c = np.array([0, 2, 1, 1, 0])
    assert check(of_classes, X, c, argument=0) < TOLERANCE
    assert check(of_classes, X, c, argument=0, base=2.0) < TOLERANCE


def weighted(z, c):
    return np.sum(z * c)


@mlbook.defvjp(weighted)
def weighted_vjp(z, c):
    return weighted(z, c), lambda g: (g * np.broadcast_to(c, z.shape),)


@CHECKS
def test_a_gradient_that_is_not_checked_may_be_left_out(check):
    assert check(weighted, X, W, argument=0) < TOLERANCE
    for options, shapes in (({}, r"\[\(5, 3\)\], expected \[\(5, 3\), \(3,\)\]"), ({"argument": 1}, r"\[\], expected \[\(3,\)\]")):
        with pytest.raises(ValueError, match=f"pullback of weighted: shapes {shapes}"):
            check(weighted, X, W, **options)


@pytest.mark.parametrize("check", [gradient_error, dot_product_error, pullback_error])
def test_partials(check):
    u = [np.array(1.0)] if check is pullback_error else []
    y, t = np.abs(X) + 0.1, np.abs(X[::-1])
    half = partial(mlbook.squared_error, factor=0.7)
    assert check(half, *u, y, t) < TOLERANCE and check(half, *u, y, t, argument=0) < TOLERANCE
    with pytest.raises(TypeError, match="squared_error.*'slope'"):
        check(partial(mlbook.squared_error, slope=1), *u, y, t)


def network(seed=0, dtype=np.float32, extra=()):
    layers = [Conv2D(2, 3, padding="same"), Tanh(), MaxPool2D(2), Flatten(), *extra, Dense(4), Sigmoid()]
    return Sequential(layers, (1, 6, 6), seed=seed, dtype=dtype)


IMAGES = RNG.normal(size=(3, 1, 6, 6))


@CHECKS
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_networks_and_layers_of_every_type(check, dtype):
    model = network(dtype=dtype)
    before = [array.tobytes() for params in model.params for array in params.values()]
    assert check(model, IMAGES) < TOLERANCE and check(model[0], IMAGES) < TOLERANCE
    assert all(check(model, IMAGES, argument=i) < TOLERANCE for i in range(5))
    assert check(model[:3], IMAGES) < TOLERANCE and check(Tanh(), X) < TOLERANCE
    assert [array.tobytes() for params in model.params for array in params.values()] == before
    assert all(params.version == 0 for params in model.params)
    with pytest.raises(ValueError, match=f"{check.__name__}: argument is 5, expected 0 to 4"):
        check(model, IMAGES, argument=5)


@CHECKS
def test_a_wrong_gradient_of_a_parameter_is_found_and_told_from_the_others(check):
    model = network(extra=[Scale()])
    assert check(model, IMAGES) > 1e-3
    errors = [check(model, IMAGES, argument=i) for i in range(6)]
    assert [error > TOLERANCE for error in errors] == [False, False, False, True, False, False]
    assert check(model[4], X @ np.ones((3, 18))) > 1e-3


def test_a_gradient_that_a_pullback_leaves_out_is_found():
    class Silent(Scale):
        def vjp(self, x, *, training=False):
            y, pullback = super().vjp(x, training=training)
            return y, lambda g: (pullback(g)[0], {})

    model = Sequential([Silent()], (3,))
    for f in (model, model[0]):
        with pytest.raises(ValueError, match=r"pullback of (Silent|Sequential): shapes \[\(5, 3\), \(\)\], expected \[\(5, 3\), \(3,\)\]"):
            gradient_error(f, X)


def test_a_call_that_differs_from_vjp_is_found():
    class Other(Scale):
        def __call__(self, x):
            return super().__call__(x) * 1.01

    assert gradient_error(Sequential([Other()], (3,)), X, argument=0) > 1e-3


def test_differences_of_a_network_are_taken_in_float64():
    model, wide = network(dtype=np.float32), network(dtype=np.float32).astype(np.float64)
    assert np.array_equal(numerical_jacobian(model, IMAGES), numerical_jacobian(wide, IMAGES))
    g = np.arange(12.0).reshape(3, 4)
    measured = np.tensordot(g, numerical_jacobian(model, IMAGES), 2)
    assert mlbook.relative_error(measured, wide.vjp(IMAGES)[1](g)[0]) < TOLERANCE


REFUSED = {
    "a class": (TypeError, lambda f: f(Dense, X), "{}: function is the class Dense, expected a function"),
    "a number": (TypeError, lambda f: f(0.1, X), "{}: function is 0.1, expected a function"),
    "no rule": (ValueError, lambda f: f(np.sin, X), "{}: function is the function sin, expected one with a derivative rule"),
    "two inputs": (TypeError, lambda f: f(network(), IMAGES, IMAGES), "{}: 2 arrays came with a Sequential, expected one"),
    "no input": (TypeError, lambda f: f(network()), "{}: 0 arrays came with a Sequential, expected one"),
    "an option": (TypeError, lambda f: f(network(), IMAGES, axis=1), "{}: axis came as options of a layer or network"),
    "training": (TypeError, lambda f: f(network(), IMAGES, training="no"), "Sequential: training is 'no', expected True or False"),
    "no array": (ValueError, lambda f: f(mlbook.relu), "{}: arrays is (), expected at least one"),
    "step": (TypeError, lambda f: f(mlbook.relu, X, step="a"), "{}: step is 'a', expected a number"),
    "no step": (ValueError, lambda f: f(mlbook.relu, X, step=0.0), "{}: step is 0, expected a positive number"),
    "lost step": (ValueError, lambda f: f(mlbook.tanh, X * 1e12), "{}: step is 6.05545e-06, expected a positive number"),
    "seed": (TypeError, lambda f: f(mlbook.relu, X, seed="a"), "{}: seed is 'a', expected a whole number"),
    "mask": (TypeError, lambda f: f(mlbook.relu, np.ma.masked_less(X, 0)), "{}: array 0 is a masked array"),
    "not made": (ValueError, lambda f: f(Dense(3), X), "Dense: params lacks w, b, expected"),
}  # fmt: skip


@CHECKS
@pytest.mark.parametrize("case", REFUSED)
def test_bad_input_is_refused_by_name(check, case):
    kind, call, message = REFUSED[case]
    with pytest.raises(kind) as raised:
        call(check)
    assert message.format(check.__name__) in str(raised.value)


def test_differences_refuse_by_name():
    for measure in (numerical_jacobian, numerical_gradient):
        for f, x, message in (
            (3, X, "f is 3, expected a function of an array"),
            (Dense, X, "f is the class Dense, expected a function of an array"),
            (np.sum, "a", "x has dtype <U1"),
            (np.sum, np.ma.masked_less(X, 0), "x is a masked array"),
            (lambda x: x[x > 1], [1.0, 2.0], r"f\(x - h\) has shape .*, expected .*, as f\(x \+ h\) has"),
            (lambda x: None, X, r"f\(x \+ h\) "),
        ):
            with pytest.raises((TypeError, ValueError), match=f"^{measure.__name__}: {message}"):
                measure(f, x)


def squares_in_place(x):
    return np.multiply(x, x, out=x)


BLOCK = np.empty(3)


def squares_in_one_block(x):
    return np.multiply(x, x, out=BLOCK)


@pytest.mark.parametrize("f", [squares_in_place, squares_in_one_block])
def test_differences_of_a_function_that_writes_over_an_array(f):
    x = np.array([1.0, 2.0, 3.0])
    assert np.allclose(numerical_jacobian(f, x), np.diag(2 * x)) and x.tolist() == [1.0, 2.0, 3.0]
