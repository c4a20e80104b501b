"""Wrong calls: each is refused by mlbook itself, in words that say what was wrong, and changes nothing.

A row is a call, the exception, and the message: function, argument, what came, what was expected; … stands for any
words. Where one argument of many functions goes wrong in the same ways, `CALLS × VALUES` makes the rows. Python's own
message is enough for an argument that is missing or unknown, where it names the function and the argument.
"""

import pickle
import re
import warnings
from functools import partial
from pathlib import Path

import mlbook
import numpy as np
import pytest
from mlbook import autodiff


class Tensor:
    "An array of another library that records what happens to it, as PyTorch's do; it cannot become a NumPy array."

    requires_grad, shape = True, (2, 3)

    def __array__(self, dtype=None, copy=None):
        raise RuntimeError("Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead.")


def own_loss(value, gradients=lambda y, t: (y, t)):
    "A loss of the caller's own, whose rule gives this value and these gradients."

    def loss(y, t):
        return value

    mlbook.defvjp(loss)(lambda y, t: (value, lambda g: gradients(y, t)))
    return loss


class Own(mlbook.Layer):
    "A layer of the caller's own, whose `initialize` makes these `params` and returns this shape."

    function, learns = staticmethod(mlbook.squared_error), ("t",)

    def __init__(self, params, shape=(4,)):
        super().__init__()
        self.made, self.shape = params, shape

    def initialize(self, input_shape, rng, dtype):
        self.params = self.made
        return self.shape


class Rootless(mlbook.Layer):
    "A layer that forgets its base class."

    function = staticmethod(mlbook.relu)

    def __init__(self):
        pass


class Boastful(mlbook.Layer):
    "A layer whose `initialize` promises more outputs than it gives."

    def initialize(self, input_shape, rng, dtype):
        return (5,)

    def vjp(self, x, *, training=False):
        return x, lambda g: (g, {})


def names():
    "What the calls use, made anew for each."
    z = np.array([[1.0, 2.0, 3.0], [0.5, -1.0, 1.5]])
    x = np.array([[0.5, -1.0, 2.0, 0.25], [1.5, 0.75, -0.5, 1.0]])
    made = {name: getattr(mlbook, name) for name in mlbook.__all__}
    made |= {"np": np, "partial": partial, "Tensor": Tensor, "nan": np.nan, "inf": np.inf, "Own": Own}
    made |= {"Rootless": Rootless, "Boastful": Boastful}
    made |= {"text_loss": own_loss("a"), "list_loss": own_loss([1.0, 2.0]), "complex_loss": own_loss(1j)}
    made |= {"nan_loss": own_loss(np.nan), "array_loss": own_loss(np.ones(2))}
    made |= {"listing_loss": own_loss(1.0, lambda y, t: y), "narrow_loss": own_loss(1.0, lambda y, t: (y[:, :1], t))}
    made |= {"Z": z, "Y": mlbook.softmax(z), "T": np.eye(3)[[2, 0]], "LABELS": np.array([2, 0]), "X": x}
    made |= {"W": np.ones((4, 3)), "B": np.zeros(3), "IMAGES": x.reshape(2, 1, 2, 2), "FILTERS": np.ones((3, 1, 2, 2))}
    made |= {"PIXELS": np.zeros((2, 3, 3), np.uint8), "MANY": np.repeat(np.arange(3), 10)}
    made |= {"WEIGHTS": [np.ones((4, 5)), np.ones((5, 3))], "BIASES": [np.zeros(5), np.zeros(3)]}
    made["MODEL"] = mlbook.Sequential([mlbook.Dense(3)], (4,))
    made["OTHER"] = mlbook.Sequential([mlbook.Dense(2), mlbook.ReLU(), mlbook.Dense(3)], (4,))
    made["ONE"] = mlbook.Sequential([mlbook.Dense(1), mlbook.Sigmoid()], (4,))
    made["CNN"] = mlbook.Sequential([mlbook.Conv2D(2, 2), mlbook.Flatten(), mlbook.Dense(3)], (1, 2, 2))
    made["USED"] = mlbook.SGD(0.1, momentum=0.9)
    mlbook.train_step(made["MODEL"], x, made["T"], optimizer=made["USED"])
    made["HIDDEN"], made["INPUTS"] = mlbook.feed_forward(x, made["WEIGHTS"], made["BIASES"], [mlbook.relu])
    made["MASKED"] = np.ma.masked_array(z, np.eye(2, 3, dtype=bool))
    made["RAGGED"] = [[1.0, 2.0], [3.0]]
    return made


# Rows that many functions share


def product(calls, values):
    "Rows of each call with each value; `calls` are by function and argument, `values` have exception and message."
    return [
        (call.format(value), exception, f"{argument} {message}")
        for argument, call in calls.items()
        for value, (exception, message) in values.items()
    ]


NO_ARRAYS = {
    "None": (TypeError, "…, expected …real numbers"),
    "'abc'": (TypeError, "has dtype <U3, expected …real numbers"),
    "Z.astype(object)": (TypeError, "has dtype object, expected …real numbers"),
    "Z.astype(complex)": (TypeError, "has dtype complex128, expected …real numbers"),
    "np.array(['2026-01-01'], 'M8[D]')": (TypeError, "has dtype datetime64[D], expected …real numbers"),
    "{1.0: 2.0}": (TypeError, "…, expected …real numbers"),
    "RAGGED": (ValueError, "has rows of different lengths, expected an array"),
    "np.empty((0, 3))": (ValueError, "has shape (0, 3), expected no empty axis"),
    "MASKED": (TypeError, "…mask…, expected …"),
    "Tensor()": (TypeError, "…grad…, expected …"),
}
OPERATIONS_ON_ARRAYS = {
    "sum_of_squares: x": "sum_of_squares({})",
    "softmax: z": "softmax({})",
    "log_softmax: z": "log_softmax({})",
    "sigmoid: z": "sigmoid({})",
    "tanh: z": "tanh({})",
    "relu: z": "relu({})",
    "leaky_relu: z": "leaky_relu({}, slope=0.1)",
    "dense: x": "dense({}, W, B)",
    "dense: w": "dense(X, {}, B)",
    "batch_norm: x": "batch_norm({}, B, B)",
    "batch_norm: gamma": "batch_norm(Z, {}, B)",
    "batch_norm: beta": "batch_norm(Z, B, {})",
    "batch_norm: statistics[0]": "batch_norm(Z, B, B, statistics=({}, B))",
    "dropout: x": "dropout({}, Z)",
    "dropout: mask": "dropout(Z, {})",
    "conv2d: x": "conv2d({}, FILTERS)",
    "conv2d: w": "conv2d(IMAGES, {})",
    "max_pool2d: x": "max_pool2d({}, 2)",
    "avg_pool2d: x": "avg_pool2d({}, 2)",
    "flatten: x": "flatten({})",
    "unflatten: x": "unflatten({}, (2, 2))",
    "center_digit: image": "center_digit({})",
    "pullback: g": "vjp(softmax, Z)[1]({})",
}
LOSSES_OF_ARRAYS = {
    "squared_error: y": "squared_error({}, T)",
    "squared_error: t": "squared_error(Y, {})",
    "cross_entropy: y": "cross_entropy({}, T)",
    "cross_entropy: t": "cross_entropy(Y, {})",
    "binary_cross_entropy: y": "binary_cross_entropy({}, T)",
    "binary_cross_entropy: t": "binary_cross_entropy(Y, {})",
    "softmax_cross_entropy: z": "softmax_cross_entropy({}, T)",
    "softmax_cross_entropy: t": "softmax_cross_entropy(Z, {})",
    "sigmoid_cross_entropy: z": "sigmoid_cross_entropy({}, T)",
    "sigmoid_cross_entropy: t": "sigmoid_cross_entropy(Z, {})",
    "nll_loss: log_y": "nll_loss({}, T)",
    "nll_loss: t": "nll_loss(Z, {})",
    "huber_loss: y": "huber_loss({}, T)",
    "huber_loss: t": "huber_loss(Z, {})",
}
CHECKS_OF_ARRAYS = {
    "numerical_jacobian: x": "numerical_jacobian(sigmoid, {})",
    "numerical_gradient: x": "numerical_gradient(sum_of_squares, {})",
    "relative_error: a": "relative_error({}, Z)",
    "relative_error: b": "relative_error(Z, {})",
    "gradient_error: array…0": "gradient_error(sigmoid, {})",
    "dot_product_error: array…1": "dot_product_error(squared_error, Z, {})",
    "feed_forward: x": "feed_forward({}, WEIGHTS, BIASES, [relu])",
    "back_propagate: delta": "back_propagate(HIDDEN, INPUTS, WEIGHTS, [relu], {})",
}
NETWORKS_ON_ARRAYS = {
    "Sequential: x": "MODEL({})",
    "gradients: x": "gradients(MODEL, {}, T)",
    "gradients: t": "gradients(MODEL, X, {})",
    "train_step: x": "train_step(MODEL, {}, T, optimizer=SGD())",
    "train_step: t": "train_step(MODEL, X, {}, optimizer=SGD())",
    "fit: x": "fit(MODEL, {}, T)",
    "fit: t": "fit(MODEL, X, {})",
    "fit: validation_data[0]": "fit(MODEL, X, T, validation_data=({}, T))",
    "fit: validation_data[1]": "fit(MODEL, X, T, validation_data=(X, {}))",
    "predict: x": "predict(MODEL, {})",
    "evaluate: x": "evaluate(MODEL, {}, T)",
    "evaluate: t": "evaluate(MODEL, X, {})",
    "accuracy: x": "accuracy(MODEL, {}, LABELS)",
}

NO_LABELS = {
    "None": ((TypeError, ValueError), "…, expected …"),
    "'abc'": ((TypeError, ValueError), "…, expected …"),
    "[2.0, 0.0]": (TypeError, "has dtype float64, expected integers"),
    "[True, False]": (TypeError, "has dtype bool, expected integers"),
    "T": (ValueError, "has shape (2, 3), expected (N,)"),
    "[[2], [0]]": (ValueError, "has shape (2, 1), expected (N,)"),
    "2": (ValueError, "has shape (), expected (N,)"),
    "[]": (ValueError, "has shape (0,), expected no empty axis"),
    "RAGGED": (ValueError, "has rows of different lengths, expected an array"),
    "np.ma.masked_array(LABELS, [True, False])": (TypeError, "…mask…, expected …"),
    "Tensor()": (TypeError, "…grad…, expected …"),
}
LABELS = {
    "one_hot: labels": "one_hot({}, 3)",
    "balanced_sample: labels": "balanced_sample({}, 1)",
    "stratified_split: labels": "stratified_split({})",
    "accuracy: labels": "accuracy(MODEL, X, {})",
    "confusion_matrix: labels": "confusion_matrix({}, LABELS, 3)",
    "confusion_matrix: predicted": "confusion_matrix(LABELS, {}, 3)",
}

NO_COUNTS = {
    "0": (ValueError, "is 0, expected at least 1"),
    "-3": (ValueError, "is -3, expected at least 1"),
    "2.0": (TypeError, "is 2.0, expected a whole number"),
    "True": (TypeError, "is True, expected a whole number"),
    "'3'": (TypeError, "is '3', expected a whole number"),
    "nan": (TypeError, "is nan, expected a whole number"),
    "None": (TypeError, "is None, expected a whole number"),
}
COUNTS = {
    "Dense: units": "Dense({})",
    "Conv2D: filters": "Conv2D({}, 3)",
    "Sequential: input_shape": "Sequential([Dense(3)], ({},))",
    "initial_weights: fan_in": "initial_weights('he_normal', (4, 3), {}, 3, 0)",
    "initial_weights: fan_out": "initial_weights('he_normal', (4, 3), 4, {}, 0)",
    "one_hot: classes": "one_hot(LABELS, {})",
    "balanced_sample: per_class": "balanced_sample(LABELS, {})",
    "confusion_matrix: classes": "confusion_matrix(LABELS, LABELS, {})",
    "minibatches: samples": "minibatches({}, 2, 0)",
    "minibatches: batch_size": "minibatches(10, {}, 0)",
    "fit: epochs": "fit(MODEL, X, T, epochs={})",
    "fit: batch_size": "fit(MODEL, X, T, batch_size={})",
    "predict: batch_size": "predict(MODEL, X, batch_size={})",
    "evaluate: batch_size": "evaluate(MODEL, X, T, batch_size={})",
    "accuracy: batch_size": "accuracy(MODEL, X, LABELS, batch_size={})",
}

NO_NUMBERS = {
    "None": (TypeError, "is None, expected …number…"),
    "'0.1'": (TypeError, "is '0.1', expected …number…"),
    "True": (TypeError, "is True, expected …number…"),
    "0.1j": (TypeError, "is 0.1j, expected …number…"),
    "np.array([0.1, 0.2])": (TypeError, "is …0.1…0.2…, expected …number…"),
    "nan": (ValueError, "is nan, expected …number…"),
    "inf": (ValueError, "is inf, expected …number…"),
    "-inf": (ValueError, "is -inf, expected …number…"),
}
NUMBERS = {
    "leaky_relu: slope": "leaky_relu(Z, slope={})",
    "LeakyReLU: slope": "LeakyReLU(slope={})",
    "squared_error: factor": "squared_error(Y, T, factor={})",
    "huber_loss: delta": "huber_loss(Y, T, delta={})",
    "nll_loss: label_smoothing": "nll_loss(Z, T, label_smoothing={})",
    "softmax_cross_entropy: label_smoothing": "softmax_cross_entropy(Z, LABELS, label_smoothing={})",
    "binary_cross_entropy: label_smoothing": "binary_cross_entropy(Y, T, label_smoothing={})",
    "numerical_jacobian: step": "numerical_jacobian(sigmoid, Z, step={})",
    "numerical_gradient: step": "numerical_gradient(sum_of_squares, Z, step={})",
    "gradient_error: step": "gradient_error(sigmoid, Z, step={})",
    "dot_product_error: step": "dot_product_error(sigmoid, Z, step={})",
    "relative_error: floor": "relative_error(Z, Z, floor={})",
    "stratified_split: validation": "stratified_split(MANY, validation={})",
    "SGD: learning_rate": "SGD({})",
    "SGD: momentum": "SGD(0.1, momentum={})",
}

NO_SEEDS = {
    "'a'": (TypeError, "is 'a', expected …Generator…"),
    "1.5": (TypeError, "is 1.5, expected …Generator…"),
    "-1": (ValueError, "is -1, expected …"),
    "True": (TypeError, "is True, expected …Generator…"),
    "[1, 2]": (TypeError, "is [1, 2], expected …Generator…"),
    "np.random": (TypeError, "is …random…, expected …Generator…"),
    "np.random.RandomState(0)": (TypeError, "is …RandomState…, expected …Generator…"),
    "np.random.Generator": (TypeError, "is …Generator…, expected …Generator…"),
}
SEEDS = {
    "Sequential: seed": "Sequential([Dense(3)], (4,), seed={})",
    "gradient_error: seed": "gradient_error(sigmoid, Z, seed={})",
    "dot_product_error: seed": "dot_product_error(sigmoid, Z, seed={})",
    "balanced_sample: seed": "balanced_sample(LABELS, 1, seed={})",
    "stratified_split: seed": "stratified_split(MANY, seed={})",
    "fit: seed": "fit(MODEL, X, T, seed={})",
    "minibatches: rng": "minibatches(10, 2, {})",
    "initial_weights: rng": "initial_weights('he_normal', (4, 3), 4, 3, {})",
}
NO_SEED_AT_ALL = {"None": (TypeError, "is None, expected …Generator…")}
SEEDS_NEEDED = {argument: call for argument, call in SEEDS.items() if argument != "fit: seed"}

NO_FLAGS = {
    "'no'": (TypeError, "is 'no', expected True or False"),
    "None": (TypeError, "is None, expected True or False"),
    "1": (TypeError, "is 1, expected True or False"),
    "0.0": (TypeError, "is 0.0, expected True or False"),
    "[True]": (TypeError, "is [True], expected True or False"),
}
FLAGS = {
    "max_pool2d: ceil_mode": "max_pool2d(IMAGES, 2, ceil_mode={})",
    "max_pool2d: return_indices": "max_pool2d(IMAGES, 2, return_indices={})",
    "avg_pool2d: ceil_mode": "avg_pool2d(IMAGES, 2, ceil_mode={})",
    "avg_pool2d: count_include_pad": "avg_pool2d(IMAGES, 2, count_include_pad={})",
    "MaxPool2D: ceil_mode": "MaxPool2D(2, ceil_mode={})",
    "AvgPool2D: ceil_mode": "AvgPool2D(2, ceil_mode={})",
    "AvgPool2D: count_include_pad": "AvgPool2D(2, count_include_pad={})",
    "scale_pixels: flat": "scale_pixels(PIXELS, flat={})",
    "load_mnist: full": "load_mnist(full={})",
    "load_mnist: verbose": "load_mnist(verbose={})",
    "fit: verbose": "fit(MODEL, X, T, verbose={})",
    "Dense…: training": "MODEL[0].vjp(X, training={})",
    "Sequential…: training": "MODEL.vjp(X, training={})",
}

NO_PAIRS = {
    "0": (ValueError, "is 0, expected …at least 1"),
    "-2": (ValueError, "is -2, expected …at least 1"),
    "1.0": ((TypeError, ValueError), "is 1.0, expected …int…"),
    "True": ((TypeError, ValueError), "is True, expected …int…"),
    "'2'": ((TypeError, ValueError), "is '2', expected …int…"),
    "nan": ((TypeError, ValueError), "is nan, expected …int…"),
    "(1,)": (ValueError, "is (1,), expected …pair…"),
    "(1, 1, 1)": (ValueError, "is (1, 1, 1), expected …pair…"),
    "(1, None)": ((TypeError, ValueError), "is (1, None), expected …pair…"),
    "(1, 0)": (ValueError, "is (1, 0), expected …at least 1"),
}
PAIRS = {
    "conv2d: stride": "conv2d(IMAGES, FILTERS, stride={})",
    "conv2d: dilation": "conv2d(IMAGES, FILTERS, dilation={})",
    "Conv2D: kernel_size": "Conv2D(2, {})",
    "Conv2D: stride": "Conv2D(2, 3, stride={})",
    "Conv2D: dilation": "Conv2D(2, 3, dilation={})",
} | {
    f"{pool}: {argument}": f"{pool}({before}{argument}={{}}{after})"
    for pool, before in (("max_pool2d", "IMAGES, "), ("avg_pool2d", "IMAGES, "), ("MaxPool2D", ""), ("AvgPool2D", ""))
    for argument, after in (("kernel_size", ""), ("stride", ", kernel_size=2"), ("dilation", ", kernel_size=2"))
    if (pool, argument) not in {("avg_pool2d", "dilation")}
}

NO_PADDINGS = {
    "-1": (ValueError, "is -1, expected …at least 0"),
    "0.5": ((TypeError, ValueError), "is 0.5, expected …"),
    "True": ((TypeError, ValueError), "is True, expected …"),
    "None": ((TypeError, ValueError), "is None, expected …"),
    "'SAME'": (ValueError, "is 'SAME', expected 'valid', 'same' or 'same_lower'"),
    "(1, 2, 3)": (ValueError, "is (1, 2, 3), expected …pair…"),
    "((0, 1), (1, 0), (0, 0))": (ValueError, "is ((0, 1), (1, 0), (0, 0)), expected two pairs"),
    "((0, 1), 2, 3)": (ValueError, "is ((0, 1), 2, 3), expected two pairs"),
    "((0, -1), (0, 0))": (ValueError, "is (0, -1), expected …at least 0"),
}
PADDINGS_OF_FUNCTIONS = {
    "conv2d: padding": "conv2d(IMAGES, FILTERS, padding={})",
    "max_pool2d: padding": "max_pool2d(IMAGES, 2, padding={})",
    "avg_pool2d: padding": "avg_pool2d(IMAGES, 2, padding={})",
}
PADDINGS = PADDINGS_OF_FUNCTIONS | {
    "Conv2D: padding": "Conv2D(2, 3, padding={})",
    "MaxPool2D: padding": "MaxPool2D(2, padding={})",
    "AvgPool2D: padding": "AvgPool2D(2, padding={})",
}
HUGE_PADDINGS = {
    "10**7": (ValueError, "is …10000000…, expected …"),
    "10**30": (ValueError, "is …1000…, expected …"),
    "(0, 10**12)": (ValueError, "is …1000000000000…, expected …"),
}

NO_DTYPES = {
    "'x'": (TypeError, "is 'x', expected a float type"),
    "'float33'": (TypeError, "is 'float33', expected a float type"),
    "3": (TypeError, "is 3, expected a float type"),
    "None": (TypeError, "is None, expected a float type"),
    "str": (TypeError, "is …str…, expected a float type"),
    "int": (TypeError, "is …int…, expected a float type"),
    "bool": (TypeError, "is …bool…, expected a float type"),
    "complex": (TypeError, "is …complex…, expected a float type"),
    "object": (TypeError, "is …object…, expected a float type"),
    "[('a', float)]": (TypeError, "is …'a'…, expected a float type"),
}
DTYPES = {
    "one_hot: dtype": "one_hot(LABELS, 3, dtype={})",
    "scale_pixels: dtype": "scale_pixels(PIXELS, dtype={})",
    "Sequential: dtype": "Sequential([Dense(3)], (4,), dtype={})",
}

NO_LOSSES = {
    "None": (TypeError, "is None, expected a function of outputs and targets, …"),
    "0.1": (TypeError, "is 0.1, expected a function of outputs and targets, …"),
    "'squared_error'": (TypeError, "is 'squared_error', expected a function of outputs and targets, …"),
    "relu": ((TypeError, ValueError), "is …relu…, expected a function of outputs and targets, …"),
    "ReLU()": ((TypeError, ValueError), "is ReLU(), expected a function of outputs and targets, …"),
    "squared_error(Z, T)": (TypeError, "is …, expected a function of outputs and targets, …"),
}
LOSSES = {
    "gradients: loss": "gradients(MODEL, X, T, loss={})",
    "train_step: loss": "train_step(MODEL, X, T, loss={}, optimizer=SGD())",
    "fit: loss": "fit(MODEL, X, T, loss={})",
}

NO_MODELS = {
    "None": (TypeError, "is None, expected …"),
    "[Dense(3)]": (TypeError, "is [Dense(3)], expected …"),
    "'model'": (TypeError, "is 'model', expected …"),
    "Sequential": (TypeError, "is …Sequential…, expected …"),
    "Dense": (TypeError, "is …Dense…, expected …"),
    "X": (TypeError, "is …, expected …"),
}
MODELS = {
    "gradients: model": "gradients({}, X, T)",
    "train_step: model": "train_step({}, X, T, optimizer=SGD())",
    "fit: model": "fit({}, X, T)",
    "predict: model": "predict({}, X)",
    "evaluate: model": "evaluate({}, X, T)",
    "accuracy: model": "accuracy({}, X, LABELS)",
}

NO_OPTIMIZERS = {
    "0.1": (TypeError, "is 0.1, expected …SGD…"),
    "'sgd'": (TypeError, "is 'sgd', expected …SGD…"),
    "SGD": (TypeError, "is …SGD…, expected …SGD(…"),
    "MODEL": (TypeError, "is …, expected …SGD…"),
}
OPTIMIZERS = {
    "fit: optimizer": "fit(MODEL, X, T, optimizer={})",
    "train_step: optimizer": "train_step(MODEL, X, T, optimizer={})",
}

NO_FUNCTIONS = {
    "None": ((TypeError, ValueError), "is None, expected …"),
    "'softmax'": ((TypeError, ValueError), "is 'softmax', expected …"),
    "Z": ((TypeError, ValueError), "is …, expected …"),
    "[softmax]": ((TypeError, ValueError), "is …, expected …"),
}
FUNCTIONS = {
    "vjp: function": "vjp({}, Z)",
    "defvjp: function": "defvjp({})",
    "defvjp: rule": "defvjp(softmax)({})",
    "gradient_error: function": "gradient_error({}, Z)",
    "dot_product_error: function": "dot_product_error({}, Z)",
    "numerical_jacobian: f": "numerical_jacobian({}, Z)",
    "numerical_gradient: f": "numerical_gradient({}, Z)",
}

NO_CLASS_WEIGHTS = {
    "[1.0, 2.0]": (ValueError, "has shape (2,), expected …3…"),
    "[[1.0, 2.0, 3.0]]": (ValueError, "has shape (1, 3), expected …"),
    "1.0": (ValueError, "has shape (), expected …"),
    "'balanced'": (TypeError, "…, expected …"),
    "{0: 1.0, 1: 2.0, 2: 1.0}": (TypeError, "…, expected …"),
    "[1.0, -2.0, 3.0]": (ValueError, "…-2.0…, expected …"),
    "[1.0, nan, 3.0]": (ValueError, "…nan…, expected …"),
    "[1.0, inf, 3.0]": (ValueError, "…inf…, expected …"),
    "np.ma.masked_array(np.ones(3), [True, False, False])": (TypeError, "…mask…, expected …"),
}
NO_SAMPLE_WEIGHTS = {
    "[1.0, 2.0, 3.0]": (ValueError, "has shape (3,), expected …2…"),
    "[[1.0], [2.0]]": (ValueError, "has shape (2, 1), expected …"),
    "2.0": (ValueError, "has shape (), expected …"),
    "['a', 'b']": (TypeError, "…, expected …"),
    "[1.0, -2.0]": (ValueError, "…-2.0…, expected …"),
    "[1.0, nan]": (ValueError, "…nan…, expected …"),
}
CLASS_WEIGHTS = {
    f"{loss}: class_weight": f"{loss}({first}, T, class_weight={{}})"
    for loss, first in (("cross_entropy", "Y"), ("softmax_cross_entropy", "Z"), ("nll_loss", "Z"))
}
SAMPLE_WEIGHTS = {
    f"{loss}: sample_weight": f"{loss}({first}, T, sample_weight={{}})"
    for loss, first in (
        ("squared_error", "Y"), ("cross_entropy", "Y"), ("binary_cross_entropy", "Y"),
        ("softmax_cross_entropy", "Z"), ("sigmoid_cross_entropy", "Z"), ("nll_loss", "Z"), ("huber_loss", "Z"),
    )
}  # fmt: skip

SHARED = [
    *product(OPERATIONS_ON_ARRAYS, NO_ARRAYS),
    *product(LOSSES_OF_ARRAYS, NO_ARRAYS),
    *product(CHECKS_OF_ARRAYS, NO_ARRAYS),
    *product(NETWORKS_ON_ARRAYS, NO_ARRAYS),
    *product(LABELS, NO_LABELS),
    *product(COUNTS, NO_COUNTS),
    *product(NUMBERS, NO_NUMBERS),
    *product(SEEDS, NO_SEEDS),
    *product(SEEDS_NEEDED, NO_SEED_AT_ALL),
    *product(FLAGS, NO_FLAGS),
    *product(PAIRS, NO_PAIRS),
    *product(PADDINGS, NO_PADDINGS),
    *product(PADDINGS_OF_FUNCTIONS, HUGE_PADDINGS),
    *product(DTYPES, NO_DTYPES),
    *product(LOSSES, NO_LOSSES),
    *product({"evaluate: loss": "evaluate(MODEL, X, T, loss={})"}, NO_LOSSES),
    *product(MODELS, NO_MODELS),
    *product(OPTIMIZERS, NO_OPTIMIZERS),
    *product(FUNCTIONS, NO_FUNCTIONS),
    *product(CLASS_WEIGHTS, NO_CLASS_WEIGHTS),
    *product(SAMPLE_WEIGHTS, NO_SAMPLE_WEIGHTS),
]


# Rows of one function, in the order of the chapters

ROWS = [
    # vjp, its pullback, and defvjp
    ("vjp()", TypeError, "vjp() missing … 'function'"),
    ("vjp(np.sin, Z)", ValueError, "vjp: function is …sin, expected …defvjp…"),
    ("vjp(lambda z: z, Z)", ValueError, "vjp: function is …<lambda>, expected …defvjp…"),
    ("vjp(ReLU(), Z)", (TypeError, ValueError), "vjp: function is ReLU(), …expected …"),
    ("vjp(partial(np.sin), Z)", ValueError, "vjp: function is …sin…, …expected …defvjp…"),
    ("vjp(partial(squared_error, Y), T)", (TypeError, ValueError), "vjp: function is …partial…, expected …"),
    ("vjp(partial(squared_error, factor='1'), Y, T)", TypeError, "squared_error: factor is '1', expected …number…"),
    ("vjp(partial(squared_error, slope=1), Y, T)", TypeError, "squared_error…'slope'…"),
    ("vjp(conv2d, IMAGES, FILTERS, strides=2)", TypeError, "conv2d…'strides'…"),
    ("vjp(conv2d, IMAGES, FILTERS, kernel_size=2)", TypeError, "conv2d…'kernel_size'…"),
    ("vjp(max_pool2d, IMAGES, 2, count_include_pad=True)", TypeError, "max_pool2d…'count_include_pad'…"),
    ("vjp(softmax, Z, dim=0)", TypeError, "softmax…'dim'…"),
    ("vjp(softmax, Z, axis=2)", ValueError, "softmax: axis is 2, expected -2 to 1"),
    ("vjp(max_pool2d, IMAGES, 2, return_indices=True)", ValueError, "max_pool2d: return_indices is True, expected False…"),
    ("vjp(softmax_cross_entropy, Z, LABELS, reduction='none')[1](1.0)", ValueError, "pullback: g has shape (), expected (2,)"),
    ("vjp(softmax)", TypeError, "softmax…'z'…"),
    ("vjp(softmax, Z, Z)", TypeError, "softmax…"),
    ("vjp(leaky_relu, Z, 0.1)", TypeError, "leaky_relu…"),
    ("vjp(softmax, 'abc')", TypeError, "softmax: z has dtype <U3, expected …real numbers"),
    ("vjp(softmax, Z)[1](Z[0])", ValueError, "pullback: g has shape (3,), expected (2, 3)"),
    ("vjp(softmax, Z)[1](1.0)", ValueError, "pullback: g has shape (), expected (2, 3)"),
    ("vjp(squared_error, Y, T)[1]([1.0])", ValueError, "pullback: g has shape (1,), expected ()"),
    ("vjp(softmax, Z)[1]()", TypeError, "…missing …'g'"),
    ("defvjp()", TypeError, "defvjp() missing … 'function'"),
    ("sum_of_squares()", TypeError, "sum_of_squares() missing … 'x'"),
    # activations
    ("softmax()", TypeError, "softmax() missing … 'z'"),
    ("softmax(Z, dim=0)", TypeError, "softmax() got an unexpected … 'dim'"),
    ("softmax(Z, axis=2)", ValueError, "softmax: axis is 2, expected -2 to 1"),
    ("log_softmax(Z, axis=-3)", ValueError, "log_softmax: axis is -3, expected -2 to 1"),
    ("softmax(Z, axis=None)", TypeError, "softmax: axis is None, expected a whole number"),
    ("softmax(3.0)", ValueError, "softmax: z has shape (), expected (..., K)"),
    ("softmax([1.0, nan])", ValueError, "softmax: z has a row whose largest entry is nan, expected a finite number"),
    ("softmax([[0.0, 1.0], [inf, 1.0]])", ValueError, "softmax: z …inf, expected a finite number"),
    ("softmax([-inf, -inf])", ValueError, "softmax: z …-inf, expected a finite number"),
    ("log_softmax(3.0)", ValueError, "log_softmax: z has shape (), expected (..., K)"),
    ("log_softmax([1.0, nan])", ValueError, "log_softmax: z …nan, expected a finite number"),
    ("leaky_relu(Z, 0.1)", TypeError, "leaky_relu() takes 1 positional argument…"),
    ("leaky_relu(Z, alpha=0.1)", TypeError, "leaky_relu() got an unexpected … 'alpha'"),
    ("relu(Z, slope=0.1)", TypeError, "relu() got an unexpected … 'slope'"),
    # losses
    ("squared_error(Y)", TypeError, "squared_error() missing … 't'"),
    ("squared_error(Y, T[0])", ValueError, "squared_error: t has shape (3,), expected (N, ...) with N = 2…"),
    ("squared_error(Y, T[:, :1])", ValueError, "squared_error: t has shape (2, 1), expected …"),
    ("squared_error(Y[:, 0], T[:, :1])", ValueError, "squared_error: t has shape (2, 1), expected …"),
    ("squared_error(1.0, 2.0)", ValueError, "squared_error: y has shape (), expected (N, ...)"),
    ("squared_error(Y, T, 1.0)", TypeError, "squared_error() takes 2 positional arguments…"),
    ("squared_error(Y, T, class_weight=[1.0, 2.0, 3.0])", TypeError, "squared_error() got an unexpected … 'class_weight'"),
    ("cross_entropy(Y, LABELS + 1)", ValueError, "cross_entropy: t[0] is 3, expected 0 to 2; ignore_index leaves a label out"),
    ("cross_entropy(Y, LABELS / 1)", TypeError, "cross_entropy: t has dtype float64 and the shape of labels, expected integers, or …"),
    ("cross_entropy(Y[0], T[0])", ValueError, "cross_entropy: y has shape (3,), expected (N, K, ...)"),
    ("cross_entropy(Y, T[:1])", ValueError, "cross_entropy: t has shape (1, 3), expected (N, K) with N = 2, K = 3, or labels of shape (2,)"),
    ("cross_entropy(Y, T, ignore_index=2)", ValueError, "cross_entropy: ignore_index is 2, expected None where t has no labels; …"),
    ("cross_entropy(Z, T)", ValueError, "cross_entropy: y …[-1.0, 3.0], expected probabilities …"),
    ("cross_entropy(Y * nan, T)", ValueError, "cross_entropy: y …nan…, expected probabilities …"),
    ("cross_entropy(Y, -T)", ValueError, "cross_entropy: t …-1.0…, expected …"),
    ("cross_entropy(Y, T * nan)", ValueError, "cross_entropy: t …nan…, expected …"),
    ("cross_entropy(Y, T * 255)", ValueError, "cross_entropy: t …255.0…, expected …"),
    ("cross_entropy(Y, T + inf)", ValueError, "cross_entropy: t …, expected …"),
    ("cross_entropy(Y, T * 0)", ValueError, "cross_entropy: t[0] is 0 for every class, expected …"),
    ("cross_entropy(Y, T, factor=2)", TypeError, "cross_entropy() got an unexpected … 'factor'"),
    ("vjp(cross_entropy, Y, -T)", ValueError, "cross_entropy: t …-1.0…, expected …"),
    ("vjp(cross_entropy, Y, T * nan)", ValueError, "cross_entropy: t …nan…, expected …"),
    ("binary_cross_entropy(Y, T[0])", ValueError, "binary_cross_entropy: t has shape (3,), expected …"),
    ("binary_cross_entropy(Z, T)", ValueError, "binary_cross_entropy: y …[-1.0, 3.0], expected probabilities …"),
    ("binary_cross_entropy(Y, -T)", ValueError, "binary_cross_entropy: t …-1.0…, expected …"),
    ("binary_cross_entropy(Y, T * nan)", ValueError, "binary_cross_entropy: t …nan…, expected …"),
    ("binary_cross_entropy(Y, T * 2)", ValueError, "binary_cross_entropy: t …2.0…, expected …"),
    ("binary_cross_entropy(Y, 2 * T - 1)", ValueError, "binary_cross_entropy: t …-1.0…, expected …"),
    ("vjp(binary_cross_entropy, Y, T * 2)", ValueError, "binary_cross_entropy: t …2.0…, expected …"),
    ("softmax_cross_entropy(Z, LABELS - 1)", ValueError, "softmax_cross_entropy: t[1] is -1, expected 0 to 2; …ignore_index…"),
    ("softmax_cross_entropy(Z, LABELS[:, None])", ValueError, "softmax_cross_entropy: t has shape (2, 1), expected …labels of shape (2,)"),
    ("softmax_cross_entropy(Z, LABELS, [1.0, 1.0, 1.0])", TypeError, "softmax_cross_entropy() takes 2 positional arguments…"),
    ("softmax_cross_entropy(Z, LABELS, weight=[1.0, 1.0, 1.0])", TypeError, "softmax_cross_entropy() got an unexpected … 'weight'"),
    ("softmax_cross_entropy(Z, LABELS * 0, ignore_index=0)", ValueError, "softmax_cross_entropy: the weights of all targets add up to 0, …"),
    ("nll_loss(Z, LABELS + 9)", ValueError, "nll_loss: t[0] is 11, expected 0 to 2; …"),
    ("nll_loss(3.0, 1)", ValueError, "nll_loss: log_y has shape (), expected (N, K, ...)"),
    ("huber_loss(Z, T[0])", ValueError, "huber_loss: t has shape (3,), expected (N, ...) with N = 2…"),
    ("huber_loss(Z, T, delta=0)", ValueError, "huber_loss: delta is 0, expected a finite number, above 0"),
    ("huber_loss(Z, T, 0.5)", TypeError, "huber_loss() takes 2 positional arguments…"),
    ("huber_loss(Z, T, class_weight=[1.0, 2.0, 3.0])", TypeError, "huber_loss() got an unexpected … 'class_weight'"),
    ("binary_cross_entropy(Y, T, ignore_index=1)", TypeError, "binary_cross_entropy() got an unexpected … 'ignore_index'"),
    ("fit(MODEL, X, T, loss=partial(softmax_cross_entropy, reduction='sum'))", ValueError,
     "fit: loss has reduction 'sum', expected 'mean', since batches are averaged"),
    ("evaluate(MODEL, X, T, loss=partial(softmax_cross_entropy, reduction='none'))", ValueError,
     "evaluate: loss has reduction 'none', expected 'mean', since batches are averaged"),
    ("fit(MODEL, X, Z, loss=huber_loss, class_weight=[1.0, 1.0, 1.0])", ValueError,
     "fit: loss is the function huber_loss, which takes no class_weight, expected …"),
    ("softmax_cross_entropy(Z, T[:, :2])", ValueError, "softmax_cross_entropy: t has shape (2, 2), expected …"),
    ("softmax_cross_entropy(Z * nan, T)", ValueError, "softmax_cross_entropy: z …nan, expected …"),
    ("softmax_cross_entropy(Z, T * 0)", ValueError, "softmax_cross_entropy: t[0] is 0 for every class, expected …"),
    ("softmax_cross_entropy(Z, T * nan)", ValueError, "softmax_cross_entropy: t …nan…, expected …"),
    ("softmax_cross_entropy(Z, -T)", ValueError, "softmax_cross_entropy: t …-1.0…, expected …"),
    ("softmax_cross_entropy(Z, T + inf)", ValueError, "softmax_cross_entropy: t …, expected …"),
    ("vjp(softmax_cross_entropy, Z, T * 0)", ValueError, "softmax_cross_entropy: t[0] is 0 for every class, expected …"),
    ("sigmoid_cross_entropy(Z, T * nan)", ValueError, "sigmoid_cross_entropy: t …nan…, expected …"),
    ("sigmoid_cross_entropy(Z, T * 255)", ValueError, "sigmoid_cross_entropy: t …255.0…, expected …"),
    ("sigmoid_cross_entropy(Z, 2 * T - 1)", ValueError, "sigmoid_cross_entropy: t …-1.0…, expected …"),
    ("sigmoid_cross_entropy(Z, T[:, :1])", ValueError, "sigmoid_cross_entropy: t has shape (2, 1), expected …"),
    # checks of gradients
    ("numerical_jacobian(sigmoid)", TypeError, "numerical_jacobian() missing … 'x'"),
    ("numerical_jacobian(Sequential, Z)", TypeError, "numerical_jacobian: f is …Sequential…, expected …"),
    ("numerical_jacobian(lambda x: None, Z)", TypeError, "numerical_jacobian: f(x + h) …, expected …real numbers"),
    ("numerical_jacobian(lambda x: 'a', Z)", TypeError, "numerical_jacobian: f(x + h) …, expected …real numbers"),
    ("numerical_jacobian(lambda x: x + 1j, Z)", TypeError, "numerical_jacobian: f(x + h) …, expected …real numbers"),
    ("numerical_jacobian(lambda x: x[x > 2], [1, 2])", ValueError, "numerical_jacobian: f(x …) has shape …, expected …"),
    ("numerical_jacobian(sigmoid, Z, step=0)", ValueError, "numerical_jacobian: step is 0…, expected …positive…"),
    ("numerical_jacobian(sigmoid, Z, step=-1e-5)", ValueError, "numerical_jacobian: step is -1e-05, expected …positive…"),
    ("numerical_jacobian(sigmoid, Z, step=1e-30)", ValueError, "numerical_jacobian: step is 1e-30, expected …changes…"),
    ("numerical_jacobian(sigmoid, Z * nan)", ValueError, "numerical_jacobian: …, expected …finite…"),
    ("numerical_gradient(sigmoid, Z)", ValueError, "numerical_gradient: f(x) has shape (2, 3), expected a scalar…"),
    ("numerical_gradient(sum_of_squares, Z, step=0)", ValueError, "numerical_gradient: step is 0…, expected …"),
    ("relative_error(Z, T[0])", ValueError, "relative_error: b has shape (3,), expected …"),
    ("relative_error(Z)", TypeError, "relative_error() missing … 'b'"),
    ("relative_error(Z, Z, floor=-1)", ValueError, "relative_error: floor is -1…, expected …"),
    ("gradient_error(sigmoid)", (TypeError, ValueError), "gradient_error: arrays …, expected at least one"),
    ("gradient_error(np.sin, Z)", ValueError, "gradient_error: function is …sin, expected …defvjp…"),
    ("gradient_error(sigmoid, Z, argument=1)", ValueError, "gradient_error: argument is 1, expected …0"),
    ("gradient_error(sigmoid, Z, argument=-1)", ValueError, "gradient_error: argument is -1, expected …0"),
    ("gradient_error(sigmoid, Z, argument='z')", TypeError, "gradient_error: argument is 'z', expected …"),
    ("gradient_error(sigmoid, Z, argument=True)", TypeError, "gradient_error: argument is True, expected …"),
    ("gradient_error(sigmoid, Z, slope=1.0)", TypeError, "sigmoid…'slope'…"),
    ("gradient_error(Dense(3), X)", ValueError, "Dense: params lacks w, b, expected …"),
    ("gradient_error(MODEL, Z)", ValueError, "…x has shape (2, 3), expected (N, 4)"),
    ("gradient_error(Dense, X)", TypeError, "gradient_error: function is …Dense…, expected …"),
    ("gradient_error(softmax, Z[0], step=1e-30)", ValueError, "gradient_error: step is 1e-30, expected …"),
    ("dot_product_error(sigmoid)", (TypeError, ValueError), "dot_product_error: arrays …, expected at least one"),
    ("dot_product_error(np.sin, Z)", ValueError, "dot_product_error: function is …sin, expected …defvjp…"),
    ("dot_product_error(sigmoid, Z, step=0)", ValueError, "dot_product_error: step is 0, expected …"),
    # dense layers, by hand
    ("dense(X)", TypeError, "dense() missing … 'w'"),
    ("dense(X, W.T, B)", ValueError, "dense: w has shape (3, 4), expected (D, K) with D = 4"),
    ("dense(X[0], W, B)", ValueError, "dense: x has shape (4,), expected (N, D)"),
    ("dense(X, W, B[:, None])", ValueError, "dense: b has shape (3, 1), expected (K,) with K = 3"),
    ("dense(X, W, X[0])", ValueError, "dense: b has shape (4,), expected (K,) with K = 3"),
    ("dense(X, W, 0.0)", ValueError, "dense: b has shape (), expected (K,) with K = 3"),
    ("dense(X, W, ['a', 'b', 'c'])", TypeError, "dense: b has dtype <U1, expected …real numbers"),
    ("feed_forward(None)", TypeError, "feed_forward() missing … 'weights', 'biases', and 'activations'"),
    ("feed_forward(X, None, BIASES, [relu])", TypeError, "feed_forward: weights is None, expected a list…"),
    ("feed_forward(X, WEIGHTS, None, [relu])", TypeError, "feed_forward: biases is None, expected a list…"),
    ("feed_forward(X, WEIGHTS, BIASES, None)", TypeError, "feed_forward: activations is None, expected a list…"),
    ("feed_forward(X, WEIGHTS, BIASES, relu)", TypeError, "feed_forward: activations is …relu…, expected a list…"),
    ("feed_forward(X, WEIGHTS, BIASES, ['relu'])", TypeError, "feed_forward: activations[0] is 'relu', expected …"),
    ("feed_forward(X, WEIGHTS, BIASES, [ReLU])", TypeError, "feed_forward: activations[0] is …ReLU…, expected …"),
    ("feed_forward(X, WEIGHTS, BIASES, [])", ValueError, "feed_forward: weights has 2 entries, expected 1, …"),
    ("feed_forward(X, WEIGHTS[:1], BIASES, [relu])", ValueError, "feed_forward: weights has 1 entries, expected 2, …"),
    ("feed_forward(X, WEIGHTS, BIASES[::-1], [relu])", ValueError, "feed_forward: biases[0] has shape (3,), expected …5"),
    ("feed_forward(X, [W, W], [B, B], [relu])", ValueError, "feed_forward: weights[1] has shape (4, 3), expected …"),
    ("feed_forward(Z, WEIGHTS, BIASES, [relu])", ValueError, "feed_forward: x has shape (2, 3), expected …4"),
    ("back_propagate(None, INPUTS, WEIGHTS, [relu], Z)", TypeError, "back_propagate: z is None, expected a list…"),
    ("back_propagate(HIDDEN, None, WEIGHTS, [relu], Z)", TypeError, "back_propagate: a is None, expected a list…"),
    ("back_propagate(HIDDEN, INPUTS, None, [relu], Z)", TypeError, "back_propagate: weights is None, expected a list…"),
    ("back_propagate(HIDDEN, INPUTS, 0.5, [relu], Z)", TypeError, "back_propagate: weights is 0.5, expected a list…"),
    ("back_propagate(HIDDEN, INPUTS, WEIGHTS, None, Z)", TypeError, "back_propagate: activations is None, expected a list…"),
    ("back_propagate(HIDDEN, INPUTS, WEIGHTS, [relu], X)", ValueError, "back_propagate: delta has shape (2, 4), expected …"),
    ("back_propagate(INPUTS, HIDDEN, WEIGHTS, [relu], Z)", ValueError, "back_propagate: a[0] has shape …, expected …"),
    ("back_propagate(HIDDEN, INPUTS, WEIGHTS, [np.sin], Z)", ValueError,
     "back_propagate: activations[0] is …sin…, expected …defvjp…"),
    ("back_propagate(HIDDEN, INPUTS, WEIGHTS, ['relu'], Z)", TypeError,
     "back_propagate: activations[0] is 'relu', expected …"),
    # layers
    ("Layer()(X)", (TypeError, ValueError), "Layer: function …, expected …"),
    ("Dense()", TypeError, "Dense…missing … 'units'"),
    ("Dense(3, 4)", TypeError, "Dense…takes 2 positional arguments…"),
    ("Dense(10**30)", ValueError, "Dense: units is 1000…, expected at most …"),
    ("Dense(3, activation=relu)", TypeError, "Dense…'activation'…"),
    ("Dense(3, initializer='he')", ValueError, "Dense: initializer is 'he', expected one of glorot_normal, …"),
    ("Dense(3, initializer=None)", (TypeError, ValueError), "Dense: initializer is None, expected one of …"),
    ("Dense(3, initializer=['he_normal'])", (TypeError, ValueError), "Dense: initializer is ['he_normal'], expected …"),
    ("Dense(3)(X)", ValueError, "Dense: params lacks w, b, expected …"),
    ("Dense(3).vjp(X)", ValueError, "Dense: params lacks w, b, expected …"),
    ("ReLU(slope=0.1)", TypeError, "ReLU…slope…"),
    ("ReLU(X)", TypeError, "ReLU…"),
    ("Sigmoid(3)", TypeError, "Sigmoid…"),
    ("Softmax(axis=1)", TypeError, "Softmax…axis…"),
    ("Tanh(units=3)", TypeError, "Tanh…units…"),
    ("Flatten(start_dim=1)", TypeError, "Flatten…start_dim…"),
    ("LeakyReLU(0.1)", TypeError, "LeakyReLU: slope is 0.1 without its name, expected a number by name…"),
    ("LeakyReLU('x')", TypeError, "LeakyReLU: slope is 'x' without its name, expected a number by name…"),
    ("LeakyReLU(alpha=0.1)", TypeError, "LeakyReLU…'alpha'"),
    ("ReLU()('abc')", TypeError, "relu: z has dtype <U3, expected …"),
    ("ReLU()()", TypeError, "Layer.__call__() missing … 'x'"),
    ("Softmax()(X * nan)", ValueError, "softmax: z …nan, expected …"),
    ("Conv2D(2)", TypeError, "Conv2D…missing … 'kernel_size'"),
    ("Conv2D(2, 3, 1)", TypeError, "Conv2D…positional arguments…"),
    ("Conv2D(2, 3, strides=2)", TypeError, "Conv2D…'strides'…"),
    ("Conv2D(2, 3, initializer='zeros')", ValueError, "Conv2D: initializer is 'zeros', expected one of …"),
    ("MaxPool2D()", TypeError, "MaxPool2D…missing … 'kernel_size'"),
    ("MaxPool2D(0)", ValueError, "MaxPool2D: kernel_size is 0, expected …at least 1"),
    ("MaxPool2D(2, pool_size=2)", TypeError, "MaxPool2D…'pool_size'…"),
    ("MaxPool2D(2, count_include_pad=True)", TypeError, "MaxPool2D…'count_include_pad'…"),
    ("AvgPool2D(2, 2)", TypeError, "AvgPool2D…positional arguments…"),
    # networks
    # layers for depth
    ("batch_norm(Z, [1.0], B)", ValueError, "batch_norm: gamma has shape (1,), expected (C,) with C = 3"),
    ("batch_norm(Z[:1], B, B)", ValueError, "batch_norm: x has shape (1, 3), expected at least 2 numbers in each channel; …batch_size…"),
    ("batch_norm(Z, B, B, epsilon=0)", ValueError, "batch_norm: epsilon is 0, expected a finite number, at least 1e-12"),
    ("batch_norm(Z, B, B, epsilon='x')", TypeError, "batch_norm: epsilon is 'x', expected a number"),
    ("batch_norm(Z, B, B, statistics=B)", TypeError, "batch_norm: statistics is …, expected a pair of means and variances, or None"),
    ("batch_norm(Z, B, B, statistics=(B,))", TypeError, "batch_norm: statistics is …, expected a pair of means and variances, or None"),
    ("batch_norm(Z, B, B, statistics=(B, [-1.0, 1.0, 1.0]))", ValueError, "batch_norm: statistics[1] is …-1.…, expected variances of at least 0"),
    ("batch_norm(Z, B, B, statistics=(B, [nan, 1.0, 1.0]))", ValueError, "batch_norm: statistics[1] is …nan…, expected variances of at least 0"),
    ("batch_norm(Z, B, B, statistics=(B, [1.0]))", ValueError, "batch_norm: statistics[1] has shape (1,), expected (C,) with C = 3"),
    ("dropout(Z, Z[0])", ValueError, "dropout: mask has shape (3,), expected (...,) with ... = (2, 3)"),
    ("BatchNorm(3)", TypeError, "BatchNorm: 3 came without a name, expected options by name, such as momentum=0.1; …"),
    ("BatchNorm(momentum=1.5)", ValueError, "BatchNorm: momentum is 1.5, expected a finite number, at least 0 and at most 1"),
    ("BatchNorm(momentum=None)", TypeError, "BatchNorm: momentum is None, expected a number"),
    ("BatchNorm(epsilon=0)", ValueError, "BatchNorm: epsilon is 0, expected a finite number, at least 1e-12"),
    ("BatchNorm()(Z)", ValueError, "BatchNorm: params lacks gamma, beta, expected …"),
    ("BatchNorm().vjp(Z, training=True)", ValueError, "BatchNorm: params lacks gamma, beta, expected …"),
    ("Sequential([BatchNorm()], (3,)).vjp(Z, training=1)", TypeError, "Sequential: training is 1, expected True or False"),
    ("Sequential([BatchNorm()], (3,))[0].vjp(Z, training=1)", TypeError, "BatchNorm: training is 1, expected True or False"),
    ("Dropout(1)", ValueError, "Dropout: rate is 1, expected a finite number, at least 0 and below 1"),
    ("Dropout(-0.1)", ValueError, "Dropout: rate is -0.1, expected a finite number, at least 0 and below 1"),
    ("Dropout('half')", TypeError, "Dropout: rate is 'half', expected a number"),
    ("Dropout()(None)", TypeError, "Dropout: x …, expected …real numbers"),
    ("Dropout().vjp(Z, training=True)", ValueError, "Dropout: rng is missing, expected after a call of initialize or of Sequential"),
    ("Dropout().vjp(Z, training='yes')", TypeError, "Dropout: training is 'yes', expected True or False"),
    ("Dropout().vjp(Z)[1](np.ones(2))", ValueError, "pullback: g has shape (2,), expected (2, 3)"),
    ("Residual(Dense(3))", TypeError, "Residual: layers is Dense(3), expected a list of layers, such as [Dense(10)]"),
    ("Residual([])", ValueError, "Residual: layers is empty, expected at least one Layer"),
    ("Residual([Dense])", TypeError, "Residual: layers[0] is the class Dense, expected a Layer, such as Dense()"),
    ("Residual([Dense(3)])(X)", ValueError, "Dense: params lacks w, b, expected …"),
    ("Sequential([Residual([Dense(3)])], (4,))", ValueError, "Residual: the layers turn (4,) into (3,), expected the same shape, which can be added"),
    ("Residual([Flatten()])(IMAGES)", ValueError, "Residual: the layers turn … into …, expected the same shape, which can be added"),
    ("Residual([ReLU()]).vjp(Z, training=0)", TypeError, "Residual: training is 0, expected True or False"),
    ("Residual([ReLU()]).vjp(Z)[1](np.ones(2))", ValueError, "pullback: g has shape (2,), expected (2, 3)"),
    ("Sequential([Residual([Dense(4)])], (4,))[0].params.__setitem__('w', X)", ValueError, "Residual: params came with the name 'w', expected a layer's number and a name, such as '0.w'"),
    ("Sequential()", TypeError, "Sequential…missing … 'layers'"),
    ("Sequential([Dense(3)])", TypeError, "Sequential: input_shape is None, expected a tuple of sizes, such as (784,)"),
    ("Sequential(Dense(3))", TypeError, "Sequential: layers is Dense(3), expected a list…"),
    ("Sequential(None)", TypeError, "Sequential: layers is None, expected a list…"),
    ("Sequential([Rootless()], (4,))", TypeError, "Rootless: params is missing, expected …super().__init__()"),
    ("Sequential([Dense(10**12)], (4,))", ValueError, "initial_weights: shape is (4, 1000000000000), …GiB of memory…, expected less"),
    ("Sequential([Conv2D(10**12, 3)], (1, 4, 4))", ValueError, "initial_weights: shape is (…), …GiB of memory…, expected less"),
    ("Sequential([ReLU()], (10**13,))", ValueError, "Sequential: input_shape is (10000000000000,), …GiB of memory…, expected less"),
    ("Sequential(Dense(3), (4,))", TypeError, "Sequential: layers is Dense(3), expected a list…"),
    ("Sequential(None, (4,))", TypeError, "Sequential: layers is None, expected a list…"),
    ("Sequential(np.array(2.0), (4,))", TypeError, "Sequential: layers is …2.…, expected a list…"),
    ("Sequential('abc', (4,))", TypeError, "Sequential: layers is 'abc', expected a list…"),
    ("Sequential([], (4,))", ValueError, "Sequential: layers is empty, expected at least one …"),
    ("Sequential([Dense], (4,))", TypeError, "Sequential: layers[0] is …Dense…, expected a Layer…"),
    ("Sequential([Dense(3), ReLU], (4,))", TypeError, "Sequential: layers[1] is …ReLU…, expected a Layer, such as ReLU()"),
    ("Sequential([Dense(3), None], (4,))", TypeError, "Sequential: layers[1] is None, expected a Layer…"),
    ("Sequential([Dense(3), relu], (4,))", TypeError, "Sequential: layers[1] is …relu…, expected a Layer…"),
    ("Sequential([3], (4,))", TypeError, "Sequential: layers[0] is 3, expected a Layer…"),
    ("Sequential([[Dense(3)]], (4,))", TypeError, "Sequential: layers[0] is [Dense(3)], expected a Layer…"),
    ("Sequential([MODEL[0], MODEL[0]], (4,))", ValueError, "Sequential: layers[1] is the same object as layers[0], expected …"),
    ("Sequential([Own({})], (4,))(X)", ValueError, "Own: params lacks t, expected …"),
    ("Sequential([Own({'t': [1.0]})], (4,))", TypeError, "Parameters: t is [1.0], expected an array"),
    ("MODEL[0].params.__setitem__('w', [[0.0] * 3] * 4)", TypeError, "Parameters: w is [[0.0, …, expected an array"),
    ("Sequential([Own({'t': B})], (4,))", TypeError, "Sequential: layers[0] has t of float64, expected float32"),
    ("Sequential([Own({'t': None})], (4,))", TypeError, "Parameters: t is None, expected an array"),
    ("Sequential([Own({}, None)], (4,))", TypeError, "Sequential: layers[0].initialize returned None, expected …"),
    ("Sequential([Own({}, 4)], (4,))", TypeError, "Sequential: layers[0].initialize returned 4, expected …"),
    ("Sequential([Dense(3)], b'ab')", TypeError, "Sequential: input_shape is b'ab', expected a tuple of sizes…"),
    ("Sequential(b'ab', (4,))", TypeError, "Sequential: layers is b'ab', expected a list…"),
    ("Sequential([Dense(3)], None)", TypeError, "Sequential: input_shape is None, expected a tuple of sizes…"),
    ("Sequential([Dense(3)], 4)", TypeError, "Sequential: input_shape is 4, expected a tuple of sizes…"),
    ("Sequential([Dense(3)], '4')", TypeError, "Sequential: input_shape is '4', expected …"),
    ("Sequential([ReLU()], ())", ValueError, "Sequential: input_shape is (), expected …"),
    ("Sequential([Dense(3)], X)", TypeError, "Sequential: input_shape is …, expected a tuple of sizes…"),
    ("Sequential([Dense(3)], (1, 28, 28))", ValueError, "Dense: input_shape is (1, 28, 28), expected one axis…"),
    ("Sequential([Conv2D(2, 3)], (28, 28))", ValueError, "Conv2D: input_shape is (28, 28), expected (C, H, W)"),
    ("Sequential([Conv2D(2, 3)], (1, 2, 2))", ValueError, "conv2d: a window of 3 came for an axis of 2…, expected …"),
    ("Sequential([MaxPool2D(2)], (4,))", ValueError, "max_pool2d: x has shape …, expected (N, C, H, W)"),
    ("Sequential([MODEL[0]], (5,))", ValueError, "…4, 3…, expected …5"),
    ("Sequential([MODEL[0]], (4,), dtype=float)", TypeError, "Sequential: layers[0] has w of float32, expected float64"),
    ("Sequential([Dense(3)], (4,), 0)", TypeError, "Sequential…positional arguments…"),
    ("Sequential([Dense(3)], (4,), optimizer=SGD())", TypeError, "Sequential…'optimizer'…"),
    ("MODEL()", TypeError, "Sequential.__call__() missing … 'x'"),
    ("MODEL(X[0])", ValueError, "Sequential: x has shape (4,), expected (N, 4)"),
    ("MODEL(X.T)", ValueError, "Sequential: x has shape (4, 2), expected (N, 4)"),
    ("MODEL(X * nan)", ValueError, "Sequential: x …NaN…, expected finite numbers of float32"),
    ("MODEL(X * inf)", ValueError, "Sequential: x …, expected finite numbers of float32"),
    ("MODEL(X * 1e300)", ValueError, "Sequential: x …, expected …"),
    ("MODEL.vjp(X * nan)", ValueError, "Sequential: x …NaN…, expected finite numbers of float32"),
    ("MODEL.vjp(X[0])", ValueError, "Sequential…: x has shape (4,), expected (N, 4)"),
    ("MODEL.vjp(X)[1](Z[0])", ValueError, "…g has shape (3,), expected (2, 3)"),
    ("CNN(X)", ValueError, "Sequential: x has shape (2, 4), expected (N, 1, 2, 2)"),
    ("CNN(X.reshape(2, 2, 2, 1))", ValueError, "Sequential: x has shape (2, 2, 2, 1), expected (N, 1, 2, 2)"),
    ("MODEL[1]", IndexError, "Sequential: …1, expected …0"),
    ("MODEL['w']", TypeError, "Sequential: …'w', expected …"),
    ("MODEL[1:]", ValueError, "Sequential: …, expected at least one …"),
    ("MODEL.predict()", TypeError, "Sequential.predict() missing … 'x'"),
    ("MODEL.predict(X[0])", ValueError, "predict: x has shape (4,), expected (N, 4)"),
    ("initial_weights()", TypeError, "initial_weights() missing …"),
    ("initial_weights('he_normal', (4, 3), 4, 3)", TypeError, "initial_weights() missing … 'rng'"),
    ("initial_weights('he', (4, 3), 4, 3, 0)", ValueError, "initial_weights: name is 'he', expected one of …"),
    ("initial_weights(None, (4, 3), 4, 3, 0)", (TypeError, ValueError), "initial_weights: name is None, expected one of …"),
    ("initial_weights('he_normal', (4, 3), 40, 3, 0)", ValueError, "initial_weights: fan_in is 40, expected …"),
    ("initial_weights('he_normal', (4, 3), 4, 30, 0)", ValueError, "initial_weights: fan_out is 30, expected …"),
    ("initial_weights('he_normal', (4, 3), 3, 4, 0)", ValueError, "initial_weights: fan_in is 3, expected …"),
    ("initial_weights('he_normal', (2, 1, 3, 3), 1, 2, 0)", ValueError, "initial_weights: fan_in is 1, expected …"),
    ("initial_weights('he_normal', 'ab', 4, 3, 0)", TypeError, "initial_weights: shape is 'ab', expected …"),
    ("initial_weights('he_normal', b'ab', 4, 3, 0)", TypeError, "initial_weights: shape is b'ab', expected …"),
    ("initial_weights('he_normal', None, 4, 3, 0)", TypeError, "initial_weights: shape is None, expected …"),
    ("initial_weights('he_normal', (4, -3), 4, 3, 0)", ValueError, "initial_weights: shape is …-3…, expected …"),
    ("initial_weights('he_normal', (4, 3.0), 4, 3, 0)", TypeError, "initial_weights: shape is …3.0…, expected …"),
    # the digits
    ("Digits(PIXELS)", TypeError, "Digits…missing … 'train_labels', …"),
    ("load_mnist(True)", TypeError, "load_mnist() takes 0 positional arguments…"),
    ("load_mnist(download=True)", TypeError, "load_mnist() got an unexpected … 'download'"),
    ("load_mnist(folder='no such folder')", FileNotFoundError, "load_mnist: folder is no such folder, expected …"),
    ("load_mnist(folder=3)", TypeError, "load_mnist: folder is 3, expected …"),
    ("load_mnist(folder=PIXELS)", TypeError, "load_mnist: folder is …, expected …"),
    ("load_mnist(folder='.')", FileNotFoundError, "load_mnist: folder . lacks …, expected one of …"),
    ("load_mnist(folder=mlbook_file)", NotADirectoryError, "load_mnist: folder is …__init__.py, expected a folder…"),
    ("read_idx()", TypeError, "read_idx() missing … 'path'"),
    ("read_idx(None)", TypeError, "read_idx: path is None, expected …"),
    ("read_idx(3)", TypeError, "read_idx: path is 3, expected …"),
    ("read_idx(PIXELS)", TypeError, "read_idx: path is …, expected …"),
    ("read_idx('no such file')", FileNotFoundError, "read_idx: …no such file…, expected …"),
    ("read_idx('.')", (ValueError, OSError), "read_idx: . is a folder, expected an IDX file"),
    ("read_idx(mlbook_file)", ValueError, "read_idx: …__init__.py is no IDX file…, expected …"),
    ("read_idx('a\\0b')", ValueError, "read_idx: path is 'a…x00b', expected …"),
    ("one_hot(LABELS)", TypeError, "one_hot() missing … 'classes'"),
    ("one_hot(LABELS, 2)", ValueError, "one_hot: labels[0] is 2, expected 0 to 1"),
    ("one_hot(LABELS, 10**30)", ValueError, "one_hot: classes is 1000…, expected at most …"),
    ("one_hot(LABELS, 10**15)", ValueError, "one_hot: classes is 1000000000000000, …GiB of memory…, expected less"),
    ("balanced_sample(np.array([2**63, 1], np.uint64), 1)", ValueError, "balanced_sample: labels[0] is 9223372036854775808, expected …"),
    ("one_hot([0, -1], 2)", ValueError, "one_hot: labels[1] is -1, expected 0 to 1"),
    ("one_hot(LABELS, 3, float)", TypeError, "one_hot() takes 2 positional arguments…"),
    ("one_hot(LABELS, classes=[0, 1, 2])", TypeError, "one_hot: classes is [0, 1, 2], expected a whole number"),
    ("scale_pixels(X)", (TypeError, ValueError), "scale_pixels: images has …, expected …"),
    ("scale_pixels(PIXELS[0])", ValueError, "scale_pixels: images has shape (3, 3), expected (N, H, W)"),
    ("scale_pixels(PIXELS[:0])", ValueError, "scale_pixels: images has shape (0, 3, 3), expected …"),
    ("scale_pixels(PIXELS / 255)", TypeError, "scale_pixels: images has …float64, expected uint8"),
    ("scale_pixels(PIXELS.astype(int))", TypeError, "scale_pixels: images has …int64, expected uint8"),
    ("scale_pixels(None)", (TypeError, ValueError), "scale_pixels: images …, expected …"),
    ("scale_pixels(RAGGED)", ValueError, "scale_pixels: images has rows of different lengths, expected …"),
    ("scale_pixels(np.ma.masked_array(PIXELS, PIXELS == 0))", TypeError, "scale_pixels: images …mask…, expected …"),
    ("scale_pixels(Tensor())", TypeError, "scale_pixels: images …grad…, expected …"),
    ("center_digit(PIXELS)", ValueError, "center_digit: image has shape (2, 3, 3), expected (H, W)"),
    ("center_digit(PIXELS[0])", ValueError, "center_digit: image is 0 everywhere, expected ink"),
    ("center_digit(PIXELS[0] + 255)", ValueError, "center_digit: image has ink all along its edge, expected …"),
    ("center_digit(-np.eye(3))", ValueError, "center_digit: image has a pixel that is negative…, expected …"),
    ("center_digit(nan * np.eye(3))", ValueError, "center_digit: image has a pixel …not finite, expected …"),
    ("center_digit(PIXELS[0], 28)", TypeError, "center_digit() takes 1 positional argument…"),
    ("balanced_sample(LABELS, 2)", ValueError, "balanced_sample: per_class is 2, expected at most 1, …"),
    ("balanced_sample(LABELS, 1, 0)", TypeError, "balanced_sample() takes 2 positional arguments…"),
    ("stratified_split(LABELS)", ValueError, "stratified_split: validation is 0.1, …of class 0, expected …"),
    ("stratified_split(MANY, validation=0)", ValueError, "stratified_split: validation is 0…, expected …"),
    ("stratified_split(MANY, validation=1)", ValueError, "stratified_split: validation is 1…, expected …"),
    ("stratified_split(MANY, validation=-0.5)", ValueError, "stratified_split: validation is -0.5, expected …"),
    ("stratified_split(MANY, validation=20)", ValueError, "stratified_split: validation is 20…, expected …"),
    ("stratified_split(MANY, 0.1)", TypeError, "stratified_split() takes 1 positional argument…"),
    ("stratified_split(MANY, test_size=0.1)", TypeError, "stratified_split() got an unexpected … 'test_size'"),
    # training
    ("SGD(0)", ValueError, "SGD: learning_rate is 0…, expected …above 0"),
    ("SGD(-0.1)", ValueError, "SGD: learning_rate is -0.1, expected …above 0"),
    ("SGD(0.1, 0.9)", TypeError, "SGD…positional arguments…"),
    ("SGD(0.1, momentum=1)", ValueError, "SGD: momentum is 1…, expected …"),
    ("SGD(0.1, momentum=-0.1)", ValueError, "SGD: momentum is -0.1, expected …"),
    ("SGD(lr=0.1)", TypeError, "SGD…'lr'…"),
    ("SGD(model=MODEL)", TypeError, "SGD…'model'…"),
    ("SGD().step(MODEL.params)", TypeError, "Optimizer.step() missing … 'grads'"),
    ("SGD().step(MODEL, MODEL.params)", TypeError, "SGD.step: params is …, expected …"),
    ("SGD().step(MODEL.params, None)", TypeError, "SGD.step: grads is None, expected …"),
    ("SGD().step(MODEL.params, [{}])", ValueError, "SGD.step: grads has the names …, expected …"),
    ("SGD().step(MODEL.params, OTHER.params)", ValueError, "SGD.step: grads has the names …, expected …"),
    ("SGD().step(MODEL.params, [{'w': W.T, 'b': B}])", ValueError,
     "SGD.step: grads has an array of shape (3, 4), expected (4, 3)"),
    ("SGD().step(MODEL.params, [{'w': None, 'b': B}])", (TypeError, ValueError), "SGD.step: grads …, expected …"),
    ("SGD().step([{'w': [1.0, 2.0]}], [{'w': [0.1, 0.1]}])", TypeError, "SGD.step: params …, expected …"),
    ("SGD().step([{'w': np.arange(2)}], [{'w': [0.1, 0.1]}])", TypeError, "SGD.step: params …, expected arrays of floats"),
    ("fit(OTHER, X, T, optimizer=USED)", ValueError, "…another network…, expected …"),
    ("train_step(OTHER, X, T, optimizer=USED)", ValueError, "…another network…, expected …"),
    ("USED.step(OTHER.params, OTHER.params)", ValueError, "SGD.step: params …another network…, expected …"),
    ("minibatches(10, 2)", TypeError, "minibatches() missing … 'rng'"),
    ("minibatches(10**14, 2, 0)", ValueError, "minibatches: samples is 100000000000000, …GiB of memory…, expected less"),
    ("minibatches()", TypeError, "minibatches() missing … 'samples', 'batch_size', and 'rng'"),
    ("minibatches(X, 2, 0)", TypeError, "minibatches: samples is …, expected a whole number"),
    ("gradients(MODEL, 2.0, T)", ValueError, "…: x has shape (), expected (N, 4)"),
    ("gradients(MODEL, X)", TypeError, "gradients() missing … 't'"),
    ("gradients(MODEL, X[0], T)", ValueError, "gradients: x has shape (4,), expected (N, 4)"),
    ("gradients(MODEL, X, LABELS)", ValueError, "gradients: t has shape (2,), expected (N, 3); one_hot makes targets of labels"),
    ("gradients(MODEL, X, T[:1])", ValueError, "gradients: t has 1 samples, expected 2, as many as x"),
    ("gradients(MODEL, X, T, loss=np.subtract)", ValueError, "gradients: loss is …subtract…, expected …@defvjp…"),
    ("gradients(MODEL, X[[0, 1, 0]], np.eye(3), loss=dense)", ValueError, "gradients: loss …(3, 3), expected …"),
    ("gradients(MODEL, X, T * nan)", ValueError, "gradients: t holds NaN …sample 0, expected finite numbers"),
    ("train_step(MODEL, X, T * nan, optimizer=SGD())", ValueError, "train_step: t holds NaN …sample 0, expected finite numbers"),
    ("gradients(MODEL, X, T, loss=text_loss)", TypeError, "vjp: the value of loss has dtype <U1, expected real numbers"),
    ("gradients(MODEL, X, T, loss=list_loss)", ValueError, "gradients: loss …shape (2,), expected a number"),
    ("gradients(MODEL, X, T, loss=complex_loss)", TypeError,
     "vjp: the value of loss has dtype complex128, expected real numbers"),
    ("gradients(MODEL, X, T, loss=array_loss)", ValueError, "gradients: loss …shape (2,), expected a number"),
    ("gradients(MODEL, X, T, loss=listing_loss)", TypeError, "pullback: …loss…, expected a tuple …"),
    ("gradients(MODEL, X, T, loss=narrow_loss)", ValueError, "pullback: …has shape (2, 1), expected (2, 3)"),
    ("fit(MODEL, X, T, batch_size=2, loss=partial(squared_error, sample_weight=[1, 2]))", ValueError, "fit: loss has sample_weight, …, expected a loss without…"),
    ("fit(Sequential([Dense(3), Boastful()], (4,)), X, np.eye(5)[LABELS], epochs=1)", ValueError, "train_step: the output has shape (2, 3), expected (2, 5), …"),
    ("fit(MODEL, X, T, loss=nan_loss)", FloatingPointError, "…loss…NaN…, expected …"),
    ("train_step(MODEL, X, T)", TypeError, "train_step() missing … 'optimizer'"),
    ("train_step(MODEL, X, T, optimizer=None)", TypeError, "train_step: optimizer is None, expected …SGD…"),
    ("train_step(MODEL, X, LABELS, optimizer=SGD())", ValueError,
     "train_step: t has shape (2,), expected (N, 3); one_hot makes targets of labels"),
    ("train_step(MODEL, X[:1], T, optimizer=SGD())", ValueError, "train_step: t has 2 samples, expected 1, as many as x"),
    ("train_step(MODEL, X * nan, T, optimizer=SGD())", ValueError, "train_step: x …NaN…, expected finite numbers"),
    ("fit()", TypeError, "fit() missing … 'model' and 'x'"),
    ("fit(None)", TypeError, "fit() missing … 'x'"),
    ("fit(MODEL)", TypeError, "fit() missing … 'x'"),
    ("fit(MODEL, 2.0, T)", ValueError, "fit: x is 2.0, expected an array with an axis of samples"),
    ("fit(MODEL, X)", TypeError, "fit: t is None, …, expected …"),
    ("fit(MODEL, X, T, 5)", TypeError, "fit() takes from 2 to 3 positional arguments…"),
    ("fit(MODEL, X, T, learning_rate=0.1)", TypeError, "fit() got an unexpected … 'learning_rate'"),
    ("fit(MODEL, X, LABELS)", ValueError, "fit: t has shape (2,), expected (N, 3)…one_hot…"),
    ("fit(MODEL, X, LABELS[:, None])", ValueError, "fit: t has shape (2, 1), expected (N, 3)…"),
    ("fit(MODEL, X, T[0])", ValueError, "fit: t has shape (3,), expected (N, 3)…"),
    ("fit(MODEL, X[0], T)", ValueError, "fit: x has shape (4,), expected (N, 4)"),
    ("fit(MODEL, IMAGES, T)", ValueError, "fit: x has shape (2, 1, 2, 2), expected (N, 4)"),
    ("fit(MODEL, X[:1], T)", ValueError, "fit: t has 2 samples, expected 1, …"),
    ("fit(MODEL, X * nan, T)", ValueError, "fit: x holds NaN…sample 0, expected finite numbers"),
    ("fit(MODEL, X, T + inf)", ValueError, "fit: t holds …, expected finite numbers"),
    ("fit(MODEL, X * 1e300, T)", ValueError, "fit: x …, expected …"),
    ("fit(MODEL, X, T * 0)", ValueError, "fit: t[0] has several classes of the largest weight, expected one…"),
    ("fit(MODEL, X, T * 0, metrics=())", ValueError, "softmax_cross_entropy: t[0] is 0 for every class, expected …"),
    ("fit(MODEL, X, -T, metrics=())", ValueError, "…t …-1.0…, expected …"),
    ("fit(ONE, X, LABELS, loss=binary_cross_entropy)", ValueError, "…t …2.0…, expected …"),
    ("fit(ONE, X, [1.0, 0.0])", ValueError, "fit: loss is …softmax_cross_entropy for one output…expected …"),
    ("fit(MODEL, X, T, validation_data=0.1)", ValueError, "fit: validation_data is 0.1, …, expected …"),
    ("fit(MODEL, X, T, validation_data=X)", (TypeError, ValueError), "fit: validation_data …, expected …"),
    ("fit(MODEL, X, T, validation_data='ab')", TypeError, "fit: validation_data is 'ab', expected …"),
    ("fit(MODEL, X, T, validation_data=())", ValueError, "fit: validation_data has 0 entries, expected 2, …"),
    ("fit(MODEL, X, T, validation_data=(X, T, T))", ValueError, "fit: validation_data has 3 entries, expected 2, …"),
    ("fit(MODEL, X, T, validation_data=(X, LABELS))", ValueError, "fit: validation_data[1] has shape (2,), expected (N, 3)…"),
    ("fit(MODEL, X, T, validation_data=(Z, T))", ValueError, "fit: validation_data[0] has shape (2, 3), expected (N, 4)"),
    ("fit(MODEL, X, T, validation_data=(X, T[:1]))", ValueError, "fit: validation_data[1] has 1 samples, expected 2, …"),
    ("fit(MODEL, X, T, metrics='accuracy')", TypeError, "fit: metrics is 'accuracy', expected …"),
    ("fit(MODEL, X, T, metrics=np.array('a'))", TypeError, "fit: metrics is …, expected …"),
    ("fit(MODEL, X, T, metrics=['acc'])", (TypeError, ValueError), "fit: metrics[0] is 'acc', expected …accuracy…"),
    ("fit(MODEL, X, T, metrics=[ReLU()])", TypeError, "fit: metrics[0] is ReLU(), expected …outputs and targets…"),
    ("fit(MODEL, X, T, metrics=[relu])", TypeError, "fit: metrics[0] is …relu, expected …outputs and targets…"),
    ("fit(MODEL, X, T, metrics=[lambda z: 1.0])", TypeError, "fit: metrics[0] is …<lambda>, expected …outputs and targets…"),
    ("evaluate(MODEL, X, T, metrics=[relu])", TypeError, "evaluate: metrics[0] is …relu, expected …outputs and targets…"),
    ("evaluate(MODEL, X, T, metrics=[lambda z, t: None])", TypeError,
     "evaluate: the metric <lambda> gives None, expected a number"),
    ("evaluate(MODEL, X, T, batch_size=1, loss=partial(squared_error, sample_weight=[2]))", ValueError, "evaluate: loss has sample_weight, …, expected a loss without, or a batch_size of 2"),
    ("evaluate(MODEL, X, T, loss=lambda z, t: None)", TypeError, "evaluate: loss …None…, expected a number"),
    ("evaluate(MODEL, X, T, loss=lambda z, t: z)", (TypeError, ValueError), "evaluate: loss …(2, 3)…, expected a number"),
    ("evaluate(lambda x: None, X, T)", TypeError, "evaluate: …, expected real numbers"),
    ("evaluate(lambda x: 'a', X, T)", TypeError, "evaluate: …, expected real numbers"),
    ("evaluate(lambda x: x[:1], X, T)", ValueError, "evaluate: …shape (1, 4), expected (2, ...), …"),
    ("evaluate(lambda x: np.ma.masked_array(Z, Z > 0), X, T)", TypeError, "evaluate: …mask…, expected …"),
    ("accuracy(lambda x: Z * nan, X, LABELS)", (ValueError, FloatingPointError), "accuracy: the output …NaN, expected …"),
    ("predict(lambda x: Z * nan, X)", (ValueError, FloatingPointError), "predict: the output …NaN, expected …"),
    ("fit(MODEL, X, T, metrics=[3])", TypeError, "fit: metrics[0] is 3, expected …"),
    ("fit(MODEL, X, T, metrics=0.5)", TypeError, "fit: metrics is 0.5, expected …"),
    ("fit(MODEL, X, T, threads=0)", ValueError, "fit: threads is 0, expected at least 1"),
    ("fit(MODEL, X, T, threads=-2)", ValueError, "fit: threads is -2, expected at least 1"),
    ("fit(MODEL, X, T, threads='two')", TypeError, "fit: threads is 'two', expected …"),
    ("fit(MODEL, X, T, threads=1.5)", TypeError, "fit: threads is 1.5, expected …"),
    ("predict(MODEL)", TypeError, "predict() missing … 'x'"),
    ("predict(MODEL, 2.0)", ValueError, "predict: x has shape (), expected (N, 4)"),
    ("predict(MODEL, X[0])", ValueError, "predict: x has shape (4,), expected (N, 4)"),
    ("predict(MODEL, X * nan)", ValueError, "predict: x …NaN…, expected finite numbers of float32"),
    ("predict(Dense(3), X)", ValueError, "Dense: params lacks w, b, expected …"),
    ("predict(sum_of_squares, X)", ValueError, "predict: …shape (), …expected …"),
    ("predict(lambda x: x.reshape(-1), X)", ValueError, "predict: …shape (…), …expected …"),
    ("predict(ReLU(), IMAGES)", ValueError, "predict: the output has shape (N, 1, 2, 2), expected (N, K) …"),
    ("predict(lambda x: None, X)", (TypeError, ValueError), "predict: …, expected …"),
    ("predict(lambda x: x[:1], X)", ValueError, "predict: …1…, expected …2…"),
    ("predict(Sequential([Dense(1)], (4,)), X)", ValueError, "predict: the output has shape (N, 1), expected (N, K) …"),
    ("accuracy(MODEL, 2.0, LABELS)", ValueError, "accuracy: x has shape (), expected (N, 4)"),
    ("accuracy(MODEL, X)", TypeError, "accuracy() missing … 'labels'"),
    ("accuracy(MODEL, X, LABELS[:1])", ValueError, "accuracy: labels has shape (1,), expected (2,), …"),
    ("accuracy(MODEL, X, [0, 99])", ValueError, "accuracy: labels[1] is 99, expected 0 to 2"),
    ("accuracy(MODEL, X, [-1, 0])", ValueError, "accuracy: labels[0] is -1, expected 0 to 2"),
    ("accuracy(ONE, X, LABELS)", ValueError, "accuracy: labels[0] is 2, expected 0 to 1"),
    ("accuracy(ReLU(), IMAGES, LABELS)", ValueError, "accuracy: the output has shape (N, 1, 2, 2), …expected …"),
    ("accuracy(Sequential([Dense(1)], (4,)), X, [0, 1])", ValueError, "accuracy: the output has shape (N, 1), …expected …"),
    ("evaluate()", TypeError, "evaluate() missing … 'model', 'x', and 't'"),
    ("evaluate(MODEL)", TypeError, "evaluate() missing … 'x' and 't'"),
    ("evaluate(MODEL, 2.0, T)", ValueError, "evaluate: x is 2.0, expected an array with an axis of samples"),
    ("evaluate(MODEL, X)", TypeError, "evaluate() missing … 't'"),
    ("evaluate(MODEL, X, LABELS)", ValueError, "evaluate: t has shape (2,), expected (…3)…"),
    ("evaluate(MODEL, X, [2, 0])", ValueError, "evaluate: t has shape (2,), expected (…3)…"),
    ("evaluate(MODEL, [[1, 2]], [[1, 0, 0]])", ValueError, "evaluate: x has shape (1, 2), expected (N, 4)"),
    ("evaluate(MODEL, X, T[:1])", ValueError, "evaluate: t has …1…, expected …2…"),
    ("evaluate(MODEL, X, T * nan)", ValueError, "evaluate: t …, expected …"),
    ("evaluate(MODEL, X, T, squared_error)", TypeError, "evaluate() takes 3 positional arguments…"),
    ("evaluate(MODEL, X, T, metrics=['acc'])", (TypeError, ValueError), "evaluate: metrics[0] is 'acc', expected …accuracy…"),
    ("confusion_matrix(LABELS, LABELS)", TypeError, "confusion_matrix() missing … 'classes'"),
    ("confusion_matrix(LABELS, LABELS[:1], 3)", ValueError, "confusion_matrix: predicted has shape (1,), expected (2,), …"),
    ("confusion_matrix(LABELS, LABELS, 10**8)", ValueError, "confusion_matrix: classes is 100000000, …GiB of memory…, expected less"),
    ("confusion_matrix(LABELS, LABELS, 2)", ValueError, "confusion_matrix: labels[0] is 2, expected 0 to 1"),
    ("confusion_matrix([0, 0], [0, -1], 2)", ValueError, "confusion_matrix: predicted[1] is -1, expected 0 to 1"),
    # images
    ("conv2d(IMAGES)", TypeError, "conv2d() missing … 'w'"),
    ("conv2d(IMAGES[0], FILTERS)", ValueError, "conv2d: x has shape (1, 2, 2), expected (N, C, H, W)"),
    ("conv2d(IMAGES, FILTERS[0])", ValueError, "conv2d: w has shape (1, 2, 2), expected (K, C, P, Q) with C = 1"),
    ("conv2d(IMAGES, np.ones((3, 2, 2, 2)))", ValueError, "conv2d: w has shape (3, 2, 2, 2), expected …C = 1"),
    ("conv2d(IMAGES, FILTERS, X)", ValueError, "conv2d: b has shape (2, 4), expected (K,) with K = 3"),
    ("conv2d(IMAGES, FILTERS, 0.5)", ValueError, "conv2d: b has shape (), expected (K,) with K = 3"),
    ("conv2d(IMAGES, FILTERS, B, 2)", TypeError, "conv2d() takes from 2 to 3 positional arguments…"),
    ("conv2d(IMAGES, FILTERS, groups=2)", TypeError, "conv2d() got an unexpected … 'groups'"),
    ("conv2d(IMAGES, FILTERS, ceil_mode=True)", TypeError, "conv2d() got an unexpected … 'ceil_mode'"),
    ("conv2d(IMAGES, np.ones((1, 1, 3, 3)))", ValueError, "conv2d: a window of 3 came for an axis of 2…, expected …"),
    ("conv2d(IMAGES, FILTERS, dilation=2)", ValueError, "conv2d: a window of 3 came for an axis of 2…, expected …"),
    ("conv2d(IMAGES, FILTERS, dilation=10**30)", ValueError, "conv2d: a window of 1000…, expected …"),
    ("max_pool2d(IMAGES, 10**30)", ValueError, "max_pool2d: a window of 1000…, expected …"),
    ("max_pool2d(IMAGES)", TypeError, "max_pool2d() missing … 'kernel_size'"),
    ("max_pool2d(IMAGES, None)", (TypeError, ValueError), "max_pool2d: kernel_size is None, expected …"),
    ("max_pool2d(IMAGES, 3)", ValueError, "max_pool2d: a window of 3 came for an axis of 2…, expected …"),
    ("max_pool2d(X, 2)", ValueError, "max_pool2d: x has shape (2, 4), expected (N, C, H, W)"),
    ("max_pool2d(IMAGES, 1, padding=1)", ValueError, "max_pool2d: padding is (1, 1)…, expected less"),
    ("max_pool2d(IMAGES, 2, count_include_pad=True)", TypeError, "max_pool2d() got an unexpected … 'count_include_pad'"),
    ("max_pool2d(IMAGES, 2, 2)", TypeError, "max_pool2d() takes 2 positional arguments…"),
    ("avg_pool2d(IMAGES, 3)", ValueError, "avg_pool2d: a window of 3 came for an axis of 2…, expected …"),
    ("avg_pool2d(X, 2)", ValueError, "avg_pool2d: x has shape (2, 4), expected (N, C, H, W)"),
    ("avg_pool2d(IMAGES, 2, divisor_override=2)", TypeError, "avg_pool2d() got an unexpected … 'divisor_override'"),
    ("flatten(3.0)", ValueError, "flatten: x has shape (), expected (N, ...)"),
    ("flatten(X, 1)", TypeError, "flatten() takes 1 positional argument…"),
    ("unflatten(X)", TypeError, "unflatten() missing … 'shape'"),
    ("unflatten(X, None)", (TypeError, ValueError), "unflatten: shape is None, expected …"),
    ("unflatten(X, 'ab')", (TypeError, ValueError), "unflatten: shape is 'ab', expected …"),
    ("unflatten(X, (2, -1))", ValueError, "unflatten: shape is (2, -1), expected 4 entries in all"),
    ("unflatten(X, (2.0, 2.0))", (TypeError, ValueError), "unflatten: shape is (2.0, 2.0), expected …"),
    ("unflatten(X, (True, 4))", (TypeError, ValueError), "unflatten: shape is (True, 4), expected …"),
    ("unflatten(X, (3, 2))", ValueError, "unflatten: shape is (3, 2), expected 4 entries in all"),
    ("unflatten(X, RAGGED)", (TypeError, ValueError), "unflatten: shape is [[1.0, 2.0], [3.0]], expected …"),
    ("unflatten(X, Tensor())", (TypeError, ValueError), "unflatten: shape is …Tensor…, expected …"),
    ("unflatten(X, ())", ValueError, "unflatten: shape is (), expected …"),
    ("unflatten(IMAGES, (2, 2))", ValueError, "unflatten: x has shape (2, 1, 2, 2), expected (N, D)"),
    ("vjp(unflatten, X, (3, 2))", ValueError, "unflatten: shape is (3, 2), expected 4 entries in all"),
]  # fmt: skip


# What must hold for each


def pattern(message):
    return ".*".join(map(re.escape, message.split("…")))


def raised_by(error):
    "The file of the innermost frame: of the call itself, where Python found that an argument is missing or unknown."
    traceback = error.__traceback__
    while traceback.tb_next is not None:
        traceback = traceback.tb_next
    return Path(traceback.tb_frame.f_code.co_filename)


def frozen(made):
    "The arrays, networks and optimizers that a call may see, as bytes."
    kept = {name: value for name, value in made.items() if name.isupper() and name not in mlbook.__all__}
    return {name: pickle.dumps(value) for name, value in kept.items()}


@pytest.fixture(autouse=True)
def _rules():
    "Puts the derivative rules back after each row."
    before = autodiff.RULES.copy()
    yield
    autodiff.RULES.clear()
    autodiff.RULES.update(before)


@pytest.mark.parametrize("call, exception, message", SHARED + ROWS, ids=[call for call, _, _ in SHARED + ROWS])
def test_a_wrong_call_is_refused(call, exception, message):
    made = names() | {"mlbook": mlbook, "mlbook_file": mlbook.__file__}
    before, rules, code = frozen(made), autodiff.RULES.copy(), compile(call, "<the call>", "eval")
    with pytest.raises(exception) as caught, warnings.catch_warnings():
        warnings.simplefilter("error")
        eval(code, made)
    assert re.fullmatch(pattern(message), str(caught.value), re.DOTALL), f"{message}\n{caught.value}"
    home = raised_by(caught.value)
    assert home.parent == Path(mlbook.__file__).parent or home == Path("<the call>")
    if home != Path("<the call>"):
        assert "expected" in str(caught.value) or "positional" in str(caught.value)
    assert frozen(made) == before and autodiff.RULES == rules
