"""The loops of every chapter take whole numbers, bytes too, and give the floats that they give for floats."""

import importlib
import inspect
import pkgutil

import mlbook
import numpy as np
import pytest


def whole(*shape, seed=0, least=0, most=20):
    "Whole numbers whose products and sums do not fit in a byte."
    return np.random.default_rng(seed).integers(least, most, shape)


WALK = {"stride": (2, 1), "dilation": (1, 2)}
PADDED = WALK | {"padding": ((1, 0), (0, 1))}
POOLED = WALK | {"kernel_size": (2, 2), "before": (1, 0)}
COUNTED = POOLED | {"down": np.array([1, 2]), "across": np.array([2, 2])}
X, W, G = whole(2, 2, 3, 4, seed=1), whole(3, 2, 2, 2, seed=2), whole(2, 3, 2, 3, seed=3)
IMAGES, UPSTREAM = whole(1, 2, 3, 4, seed=4), whole(1, 2, 2, 2, seed=5)
CERTAIN = np.array([[0, 1], [1, 0]]), np.array([[0, 1], [1, 0]])  # outputs and targets
Y, T = whole(3, 2, seed=6), np.array([[0, 1], [1, 0], [1, 0]])
V, U = np.array([0, 3, 17, 1]), whole(4, seed=8)
A, SLOPE, NEXT = whole(3, seed=9), whole(2, seed=10), whole(2, seed=11)
CALLS = {
    # loops: arguments of whole numbers, options
    "activation_jacobians_loops": ([2, 0, [A, A, A], [SLOPE, NEXT], [whole(3, 2), whole(3, 2, seed=1)]], {}),
    "adam_step_loops": ([V, U, whole(4), whole(4, seed=1), 2, 0.3, 0.9, 0.99, 1e-3, 0.1], {}),
    "avg_pool2d_loops": ([IMAGES], COUNTED | {"outputs": (2, 2)}),
    "avg_pool2d_pullback_loops": ([IMAGES.shape, UPSTREAM], COUNTED),
    "clip_gradients_loops": ([V, 2.5], {}),
    "closing_loops": ([whole(4, 5), 3], {}),
    "batch_norm_loops": ([whole(4, 2), whole(2, seed=1), whole(2, seed=2), 3], {}),
    "batch_norm_pullback_loops": ([whole(4, 2), whole(2, seed=1), whole(4, 2, seed=2), 3], {}),
    "composed_pullback_loops": ([whole(2), whole(2, 3), whole(3, 4)], {}),
    "conv2d_loops": ([X, W, whole(3)], PADDED),
    "conv2d_pullback_loops": ([X, W, G], PADDED),
    "delta_loops": ([whole(3, 2), whole(4, 2, seed=1), whole(3, 4, seed=2)], {}),
    "dense_loops": ([whole(3, 4), whole(4, 2, seed=1), whole(2, seed=2)], {}),
    "dense_pullback_loops": ([whole(3, 4), whole(4, 2, seed=1), whole(3, 2, seed=2)], {}),
    "dropout_loops": ([V, U], {}),
    "dropout_pullback_loops": ([V, U, U], {}),
    "first_jacobians_loops": ([A, SLOPE], {}),
    "flatten_loops": ([X], {}),
    "max_pool2d_loops": ([IMAGES], POOLED | {"outputs": (2, 2)}),
    "max_pool2d_indices_loops": ([IMAGES], POOLED | {"outputs": (2, 2)}),
    "max_pool2d_pullback_loops": ([IMAGES, UPSTREAM], POOLED),
    "mean_images_loops": ([whole(4, 2, 3), np.array([0, 2, 1, 1]), 3], {}),
    "momentum_step_loops": ([V, U, whole(4), 0.3, 0.9], {}),
    "move_image_loops": ([whole(3, 4), 0.3, -1.2, 20.0], {}),
    "next_jacobians_loops": ([whole(3, 2, 2), whole(3, 2, seed=1), SLOPE], {}),
    "numerical_jacobian_loops": ([lambda x: x * x / 2, V, 1e-3], {}),
    "one_hot_loops": ([np.array([2, 0, 1]), 3], {}),
    "scale_pixels_loops": ([whole(2, 3, 4)], {}),
    "second_jacobians_loops": ([A, SLOPE, whole(2, 3), whole(3, seed=1)], {}),
    "sgd_step_loops": ([V, U, whole(4), 0.3, 0.9, True, 0.1], {}),
    "unflatten_loops": ([whole(3, 24), 2, 3, 4], {}),
    "huber_loss_loops": ([Y, whole(3, 2)], {"delta": 2}),
    "huber_loss_pullback_loops": ([Y, whole(3, 2), 3], {"delta": 2}),
    "label_targets_loops": ([np.array([2, 0, 1]), whole(3), whole(3, seed=1)], {"ignore_index": 1, "label_smoothing": 0.1}),
    "nll_loss_loops": ([Y, T], {}),
    "nll_loss_pullback_loops": ([Y, T, 3], {}),
    "leaky_relu_loops": ([V], {"slope": 0.01}),
    "leaky_relu_pullback_loops": ([V, U], {"slope": 0.01}),
    "log_softmax_loops": ([V], {}),
    "log_softmax_pullback_loops": ([V, U], {}),
    "relu_loops": ([V], {}),
    "relu_pullback_loops": ([V, U], {}),
    "sigmoid_loops": ([V], {}),
    "sigmoid_pullback_loops": ([V, U], {}),
    "softmax_jacobian_loops": ([V], {}),
    "softmax_loops": ([V], {}),
    "softmax_pullback_loops": ([V, U], {}),
    "sum_of_squares_loops": ([V], {}),
    "sum_of_squares_pullback_loops": ([V, 3], {}),
    "tanh_loops": ([V], {}),
    "tanh_pullback_loops": ([V, U], {}),
    "binary_cross_entropy_loops": ([*CERTAIN], {}),
    "binary_cross_entropy_pullback_loops": ([*CERTAIN, 3], {}),
    "cross_entropy_loops": ([*CERTAIN], {}),
    "cross_entropy_pullback_loops": ([np.ones((2, 2)), CERTAIN[1], 3], {}),
    "sigmoid_cross_entropy_loops": ([Y, T], {}),
    "sigmoid_cross_entropy_pullback_loops": ([Y, T, 3], {}),
    "softmax_cross_entropy_loops": ([Y, T], {}),
    "softmax_cross_entropy_pullback_loops": ([Y, T, 3], {}),
    "squared_error_loops": ([Y, T], {}),
    "squared_error_pullback_loops": ([Y, T, 3], {}),
    "weighted_targets_loops": ([whole(3, 2), whole(2, seed=1), whole(3, seed=2)], {}),
    "weighted_sums_loops": ([A, whole(3, 2)], {}),
    "confusion_matrix_loops": ([np.array([0, 1, 2, 1]), np.array([0, 2, 2, 1]), 3], {}),
    "softmax_loops": ([np.array([2, 1, 0])], {}),
    "softmax_jacobian_loops": ([V], {}),
    "softmax_pullback_loops": ([V, U], {}),
    "log_softmax_loops": ([np.array([2, 1, 0])], {}),
    "log_softmax_pullback_loops": ([V, U], {}),
    "sigmoid_loops": ([A], {}),
    "sigmoid_pullback_loops": ([V, U], {}),
    "tanh_loops": ([A], {}),
    "tanh_pullback_loops": ([V, U], {}),
    "relu_loops": ([V], {}),
    "relu_pullback_loops": ([V, U], {}),
    "leaky_relu_loops": ([V], {"slope": 0.3}),
    "leaky_relu_pullback_loops": ([V, U], {"slope": 0.3}),
    "sum_of_squares_loops": ([V], {}),
    "sum_of_squares_pullback_loops": ([V, 0.5], {}),
    "squared_error_loops": ([Y, T], {}),
    "squared_error_pullback_loops": ([Y, T, 0.5], {}),
    "weighted_targets_loops": ([T, SLOPE, A], {}),
    "cross_entropy_loops": ([T, T], {}),
    "cross_entropy_pullback_loops": ([np.ones((3, 2), int), T, 0.5], {}),
    "binary_cross_entropy_loops": ([T, T], {}),
    "binary_cross_entropy_pullback_loops": ([T, T, 0.5], {}),
    "softmax_cross_entropy_loops": ([Y, T], {}),
    "softmax_cross_entropy_pullback_loops": ([Y, T, 0.5], {}),
    "sigmoid_cross_entropy_loops": ([Y, T], {}),
    "sigmoid_cross_entropy_pullback_loops": ([Y, T, 0.5], {}),
}
COUNTS = {"confusion_matrix_loops", "max_pool2d_indices_loops"}  # their results are whole numbers


def all_loops():
    "The loops that each module of the package defines, by name; the checker has none."
    found = {}
    for module in pkgutil.iter_modules(mlbook.__path__):
        if module.name not in {"eqval", "files"}:
            home = importlib.import_module(f"mlbook.{module.name}")
            members = inspect.getmembers(home, inspect.isfunction)
            found |= {name: f for name, f in members if name.endswith("_loops") and f.__module__ == home.__name__}
    return found


def test_every_loops_function_has_a_call():
    assert all_loops().keys() == CALLS.keys()


def typed(value, dtype):
    "Arrays of `value`, in lists too, as arrays of `dtype`."
    if isinstance(value, list):
        return [typed(entry, dtype) for entry in value]
    return value.astype(dtype) if isinstance(value, np.ndarray) else value


def results(name, dtype):
    arguments, options = CALLS[name]
    with np.errstate(divide="ignore"):  # the surprise of what was thought impossible
        value = all_loops()[name](*typed(arguments, dtype), **{k: typed(v, dtype) for k, v in options.items()})
    return value if isinstance(value, tuple) else (value,)


@pytest.mark.parametrize("dtype", [np.int64, np.uint8, np.int8])
@pytest.mark.parametrize("name", CALLS)
def test_whole_numbers_give_what_floats_give(name, dtype):
    for ours, expected in zip(results(name, dtype), results(name, np.float64), strict=True):
        assert np.asarray(ours).dtype.kind == ("i" if name in COUNTS else "f")
        np.testing.assert_allclose(ours, expected, rtol=1e-13)


@pytest.mark.parametrize("name", CALLS)
def test_single_precision_stays(name):
    "But where loops make probabilities or counts of bytes and labels."
    if name not in COUNTS | {"mean_images_loops", "numerical_jacobian_loops", "one_hot_loops", "scale_pixels_loops"}:
        assert {np.asarray(value).dtype.name for value in results(name, np.float32)} == {"float32"}
