"""Thirteen jobs, each done through the public names alone, as a stranger would write it."""

import contextlib
import inspect
import io
import math
import multiprocessing
import pickle
import tracemalloc
from functools import partial

import mlbook
import numpy as np
import pytest
from mlbook import SGD, AvgPool2D, Conv2D, Dense, Flatten, Layer, MaxPool2D, ReLU, Sequential, Sigmoid, Tanh

quiet = partial(mlbook.fit, verbose=False)


@pytest.fixture(scope="module")
def digits():
    "A thousand digits to train and 500 to test, with their labels."
    data = mlbook.load_mnist()
    train = mlbook.balanced_sample(data.train_labels, 100, seed=0)
    test = mlbook.balanced_sample(data.test_labels, 50, seed=0)
    return data.train_images[train], data.train_labels[train], data.test_images[test], data.test_labels[test]


def reader():
    return Sequential([Dense(32), ReLU(), Dense(10)], input_shape=(784,), seed=0)


def blobs(samples=200, dtype=np.float64):
    "Points around two centres, and which centre it was."
    rng = np.random.default_rng(0)
    labels = np.arange(samples) % 2
    return (rng.normal(size=(samples, 2)) + 1.5 * labels[:, None]).astype(dtype), labels


def arrays_of(model):
    return [array.copy() for layer in model.params for array in layer.values()]


def same(a, b):
    return all(p.tobytes() == q.tobytes() for p, q in zip(arrays_of(a), arrays_of(b), strict=True))


# 1. Reading digits


def test_a_dense_network_reads_digits(digits):
    images, labels, test_images, test_labels = digits
    model, held = reader(), (mlbook.scale_pixels(test_images), mlbook.one_hot(test_labels, 10))
    history = quiet(model, mlbook.scale_pixels(images), mlbook.one_hot(labels, 10), epochs=8, validation_data=held, seed=0)
    found = model.predict(held[0])
    share = float(np.mean(found == test_labels))
    assert share > 0.82
    assert share == mlbook.accuracy(model, held[0], test_labels) == history.validation_accuracy[-1]
    assert history.metrics["accuracy"] == history.accuracy and len(history.loss) == len(history.validation_loss) == 8
    assert np.trace(mlbook.confusion_matrix(test_labels, found, 10)) == share * 500


def test_a_cnn_reads_digits(digits):
    images, labels, test_images, test_labels = digits
    layers = [Conv2D(8, 5, stride=2, padding=2), ReLU(), MaxPool2D(2), Flatten(), Dense(10)]
    model = Sequential(layers, input_shape=(1, 28, 28), seed=0)
    x, test_x = mlbook.scale_pixels(images, flat=False), mlbook.scale_pixels(test_images, flat=False)
    quiet(model, x, mlbook.one_hot(labels, 10), epochs=6, seed=0)
    assert mlbook.accuracy(model, test_x, test_labels) > 0.85


# 2. True scores of a regression and of a binary classification


@pytest.mark.parametrize("axes", [1, 2])
def test_a_regression_finds_the_line_of_least_squares(axes):
    rng = np.random.default_rng(0)
    x = rng.normal(size=(200, 3))
    y = x @ [2.0, -1.0, 0.5] + 0.3 + 0.1 * rng.normal(size=200)
    model = Sequential([Dense(1)], input_shape=(3,), dtype=np.float64)
    t = y if axes == 1 else y[:, None]
    history = quiet(model, x, t, epochs=60, batch_size=200, loss=mlbook.squared_error, optimizer=SGD(0.5), seed=0)
    design = np.column_stack([x, np.ones(200)])
    best = np.linalg.lstsq(design, y, rcond=None)[0]
    assert np.allclose([*model.params[0]["w"][:, 0], *model.params[0]["b"]], best, atol=1e-6)
    smallest = np.mean((design @ best - y) ** 2) / 2
    assert mlbook.evaluate(model, x, t, loss=mlbook.squared_error) == {"loss": pytest.approx(smallest)}
    assert history.loss[-1] == pytest.approx(smallest) and history.metrics == {}


@pytest.mark.parametrize(
    "last, loss", [([], mlbook.sigmoid_cross_entropy), ([Sigmoid()], mlbook.binary_cross_entropy)]
)
def test_a_binary_classification_shows_its_true_score(last, loss):
    x, labels = blobs()
    model = Sequential([Dense(1), *last], input_shape=(2,), dtype=np.float64, seed=0)
    history = quiet(model, x, labels, epochs=5, loss=loss, validation_data=(x, labels), seed=0)
    z = x @ model.params[0]["w"][:, 0] + model.params[0]["b"]
    p = 1 / (1 + np.exp(-z))
    right, true_loss = np.mean((p >= 0.5) == labels), -np.mean(np.where(labels, np.log(p), np.log(1 - p)))
    assert 0.7 < right < 1
    assert mlbook.evaluate(model, x, labels, loss=loss) == {"loss": pytest.approx(true_loss), "accuracy": right}
    assert history.validation_metrics["accuracy"][-1] == right
    if last:
        assert mlbook.accuracy(model, x, labels) == right
        assert np.array_equal(model.predict(x), p >= 0.5)


# 3. A layer, a loss and an optimizer of one's own


def scale(x, w):
    "Each input times a learned number."
    return np.asarray(x) * w


@mlbook.defvjp(scale)
def scale_vjp(x, w):
    return scale(x, w), lambda g: (g * w, np.sum(g * x, axis=0))


class Scale(Layer):
    "Layer of `scale`: `params` are `w`, one number for each input."

    function, learns = staticmethod(scale), ("w",)

    def initialize(self, input_shape, rng, dtype):
        self.params = {"w": np.ones(input_shape, dtype)}
        return input_shape


def absolute_error(y, t):
    return np.sum(np.abs(y - t)) / len(y)


@mlbook.defvjp(absolute_error)
def absolute_error_vjp(y, t):
    sign = np.sign(y - t) / len(y)
    return absolute_error(y, t), lambda g: (g * sign, -g * sign)


class SignDescent:
    "Moves each number by `rate` against the sign of its gradient."

    def __init__(self, rate):
        self.rate = rate

    def step(self, params, grads):
        for arrays, gradients in zip(params, grads):
            for name, array in arrays.items():
                array -= self.rate * np.sign(gradients[name])


def test_a_layer_a_loss_and_an_optimizer_of_ones_own():
    x = np.random.default_rng(0).normal(size=(100, 3))
    t = x * [1.5, 0.5, 2.0]
    model = Sequential([Scale()], input_shape=(3,), dtype=np.float64)
    history = quiet(model, x, t, epochs=10, batch_size=10, loss=absolute_error, optimizer=SignDescent(0.02), seed=0)
    assert history.loss[-1] < 0.1 * history.loss[0] and history.metrics == {}
    assert np.allclose(model.params[0]["w"], [1.5, 0.5, 2.0], atol=0.05)
    assert repr(model[0]) == "Scale()"


# 4. Stop, keep, and go on


def test_stopped_and_resumed_is_as_never_stopped(tmp_path):
    x, labels = blobs(dtype=np.float32)
    t = mlbook.one_hot(labels, 2)

    def begin():
        return Sequential([Dense(8), Tanh(), Dense(2)], input_shape=(2,), seed=3), SGD(0.1, momentum=0.9)

    (whole, optimizer), (stopped, other) = begin(), begin()
    losses = quiet(whole, x, t, epochs=6, optimizer=optimizer).loss
    first = quiet(stopped, x, t, epochs=3, optimizer=other).loss
    (tmp_path / "model.pickle").write_bytes(pickle.dumps(stopped))
    (tmp_path / "optimizer.pickle").write_bytes(pickle.dumps(other))
    resumed = pickle.loads((tmp_path / "model.pickle").read_bytes())
    resumed_optimizer = pickle.loads((tmp_path / "optimizer.pickle").read_bytes())
    assert first + quiet(resumed, x, t, epochs=3, optimizer=resumed_optimizer).loss == losses
    assert same(resumed, whole)


def test_a_generator_of_ones_own_goes_on_too():
    x, labels = blobs(dtype=np.float32)
    models, rng = [Sequential([Dense(2)], input_shape=(2,)) for _ in range(2)], np.random.default_rng(7)
    quiet(models[0], x, mlbook.one_hot(labels, 2), epochs=4, optimizer=SGD(0.1), seed=7)
    for _ in range(4):
        quiet(models[1], x, mlbook.one_hot(labels, 2), epochs=1, optimizer=SGD(0.1), seed=rng)
    assert same(*models)


# 5. A schedule by hand


def test_a_schedule_by_hand():
    x, labels = blobs()
    t, J = mlbook.one_hot(labels, 2, dtype=np.float64), mlbook.softmax_cross_entropy

    def last_loss(schedule):
        model, optimizer = Sequential([Dense(2)], input_shape=(2,), dtype=np.float64), SGD(2.0)
        rng = np.random.default_rng(0)
        for epoch in range(12):
            optimizer.learning_rate = schedule(epoch)
            for batch in mlbook.minibatches(len(x), 10, rng):
                mlbook.train_step(model, x[batch], t[batch], loss=J, optimizer=optimizer)
        return mlbook.evaluate(model, x, t)["loss"]

    assert last_loss(lambda epoch: 2.0 * 0.6**epoch) < last_loss(lambda epoch: 2.0)


def test_a_schedule_between_calls_of_fit_is_used():
    x, t, optimizer = [[1.0]], [[0.0]], SGD(0.5)
    model = Sequential([Dense(1)], input_shape=(1,), dtype=np.float64)
    y, expected = model(x).item(), []
    for rate in (0.5, 0.25, 0.125):
        optimizer.learning_rate = rate
        quiet(model, x, t, epochs=1, loss=mlbook.squared_error, optimizer=optimizer)
        y -= 2 * rate * y  # by half from w, by half from b
        expected.append(y)
    assert model(x).item() == pytest.approx(expected[-1], abs=1e-12)


# 6. A photograph


def test_a_photograph_is_read(digits):
    "Dark ink in colours, ten times as large, in a corner of a sheet in uneven light: made small, and read."
    images, labels, test_images, test_labels = digits
    model = reader()
    quiet(model, mlbook.scale_pixels(images), mlbook.one_hot(labels, 10), epochs=8, seed=0)
    read = 0
    for image, label in zip(test_images[:20], test_labels[:20]):
        photograph = np.tile([230.0, 220.0, 200.0], (400, 500, 1))
        photograph[100:380, 10:290] -= 0.7 * np.kron(image, np.ones((10, 10)))[:, :, None]
        photograph = (photograph * np.linspace(0.9, 1.0, 500)[:, None]).astype(np.uint8)
        grey = photograph.mean(axis=2)
        ink = np.maximum(np.median(grey) - grey - 40, 0)
        read += model.predict(mlbook.scale_pixels(mlbook.center_digit(ink)[None])) == label
    assert read >= 16


# 7. Looking inside


def test_looking_inside(digits):
    images, labels, *_ = digits
    model = Sequential(
        [Conv2D(4, 5, stride=2), ReLU(), AvgPool2D(2), Flatten(), Sequential([Dense(16), Tanh()], input_shape=(144,)), Dense(10)],
        input_shape=(1, 28, 28),
    )  # fmt: skip
    quiet(model, mlbook.scale_pixels(images, flat=False), mlbook.one_hot(labels, 10), epochs=1, seed=0)
    x = mlbook.scale_pixels(images[:5], flat=False)
    assert len(model) == 7 and [type(layer) for layer in model[-2:]] == [Tanh, Dense]
    maps, features = model[:2](x), model[:-1](x)
    assert maps.shape == (5, 4, 12, 12) and maps.min() == 0 and features.shape == (5, 16)
    assert np.array_equal(model[-1:](features), model(x)) and np.array_equal(model[-1](features), model(x))
    assert model[:2].params[0]["w"] is model.params[0]["w"] is model[0].params["w"]
    a = x
    for layer in model:
        a = layer(a)
    assert np.array_equal(a, model(x))
    before = model(x)
    model[0].params["w"][0] = 0  # what does the first filter do? Leave it out.
    assert not np.array_equal(model(x), before)


def test_the_gradient_to_the_input_shows_what_matters(digits):
    images, labels, *_ = digits
    model, x = reader(), mlbook.scale_pixels(images[:1])
    quiet(model, mlbook.scale_pixels(images), mlbook.one_hot(labels, 10), epochs=2, seed=0)
    scores, pullback = model.vjp(x)
    saliency, _ = pullback(mlbook.one_hot(labels[:1], 10))
    brighter = model(x + 1e-3 * saliency / np.linalg.norm(saliency))[0, labels[0]]
    assert brighter > scores[0, labels[0]]


# 8. Weights of classes and of samples


def test_a_rare_class_is_found_with_its_weight():
    x, labels = blobs(400)
    rare = np.flatnonzero(labels == 1)[:20]
    chosen = np.concatenate([np.flatnonzero(labels == 0), rare])
    x, labels = x[chosen], labels[chosen]
    t, share = mlbook.one_hot(labels, 2, dtype=np.float64), []
    for weights in (None, np.array([1.0, 10.0])):
        model = Sequential([Dense(2)], input_shape=(2,), dtype=np.float64)
        loss = partial(mlbook.softmax_cross_entropy, class_weight=weights)
        history = quiet(model, x, t, epochs=10, loss=loss, seed=0)
        z = model(x)
        log_p = (z - np.log(np.sum(np.exp(z), axis=1, keepdims=True)))[np.arange(len(x)), labels]
        assert loss(z, t) == pytest.approx(-np.mean((1 if weights is None else weights[labels]) * log_p))
        assert len(history.accuracy) == 10
        share.append(np.mean(model.predict(x)[labels == 1] == 1))
    assert share[0] + 0.2 < share[1]


def test_a_sample_of_weight_two_counts_as_two():
    x, labels = blobs(10)
    t = mlbook.one_hot(labels, 2, dtype=np.float64)
    model, twice = Sequential([Dense(2)], input_shape=(2,), dtype=np.float64), np.array([2.0] + [1.0] * 9)
    J, grads = mlbook.gradients(model, x, t, loss=partial(mlbook.softmax_cross_entropy, sample_weight=twice))
    again = [0, *range(10)]
    J_again, grads_again = mlbook.gradients(model, x[again], t[again])
    assert J * 10 == pytest.approx(J_again * 11)
    assert np.allclose(grads[0]["w"] * 10, grads_again[0]["w"] * 11)


# 9. Data that stay on the disk


@pytest.mark.parametrize("dtype", [np.uint8, np.float64])
def test_a_memmap_is_taken_batch_by_batch(tmp_path, dtype):
    rng, shape = np.random.default_rng(0), (14_000, 784)
    on_disk = np.memmap(tmp_path / "images", dtype, "w+", shape=shape)
    on_disk[:] = rng.integers(0, 2, shape)
    on_disk.flush()
    x = np.memmap(tmp_path / "images", dtype, "r", shape=shape)
    t = mlbook.one_hot(np.arange(len(x)) % 10, 10)
    in_memory, mapped = reader(), reader()
    quiet(in_memory, np.array(x, np.float32), t, epochs=1, batch_size=500, optimizer=SGD(0.01), seed=0)
    tracemalloc.start()
    quiet(mapped, x, t, epochs=1, batch_size=500, optimizer=SGD(0.01), validation_data=(x, t), seed=0)
    score, peak = mlbook.evaluate(mapped, x, t), tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert same(mapped, in_memory) and score["loss"] == mlbook.evaluate(in_memory, np.array(x), t)["loss"]
    assert peak < x.size * 4  # less than one copy in float32


# 10. In a notebook


def test_what_a_notebook_shows():
    model = Sequential([Dense(4), ReLU(), Dense(2)], input_shape=(3,))
    digits, history = mlbook.load_mnist(), quiet(model, np.ones((4, 3)), np.eye(2)[[0, 1, 0, 1]], epochs=40)
    for thing in (model[0], model[1], SGD(0.1, momentum=0.9), digits, history):
        assert len(repr(thing).splitlines()) <= 2 and len(repr(thing)) <= 200, repr(thing)
    assert "10,000" in repr(digits) or "10000" in repr(digits)
    assert all(name in repr(model) for name in ("Dense", "ReLU", "total"))
    for function in (mlbook.fit, mlbook.vjp, mlbook.softmax, Sequential):
        assert len(str(inspect.signature(function))) <= 300
    with contextlib.redirect_stdout(io.StringIO()) as text:
        help(mlbook.fit)
    assert "epochs" in text.getvalue() and max(map(len, text.getvalue().splitlines())) <= 350


def test_an_interrupt_keeps_what_was_learned():
    x, labels = blobs()
    t, model, steps = mlbook.one_hot(labels, 2), Sequential([Dense(2)], input_shape=(2,)), []

    def interrupted(y, t):
        return np.sum((y - t) ** 2)

    @mlbook.defvjp(interrupted)
    def interrupted_vjp(y, t):
        steps.append(1)
        if len(steps) == 18:
            raise KeyboardInterrupt
        return interrupted(y, t), lambda g: (2 * g * (y - t), -2 * g * (y - t))

    before = arrays_of(model)
    try:
        history = quiet(model, x, t, epochs=100, batch_size=25, loss=interrupted, optimizer=SGD(0.001), seed=0)
    except KeyboardInterrupt:
        pytest.fail("the interrupt came through, and the history is lost")
    assert len(steps) == 18 and len(history.loss) == 2  # two epochs of 8 batches, and one step more
    assert not any(np.array_equal(a, b) for a, b in zip(before, arrays_of(model)))


# 11. Checking a gradient of one's own


def misscale(x, w):
    return np.asarray(x) * w


@mlbook.defvjp(misscale)
def misscale_vjp(x, w):
    "Right for x; for w a mean stands where a sum should."
    return misscale(x, w), lambda g: (g * w, np.mean(g * x, axis=0))


class Misscale(Scale):
    function = staticmethod(misscale)


@pytest.mark.parametrize("function, layer, right", [(scale, Scale(), True), (misscale, Misscale(), False)])
def test_the_gradient_of_a_function_of_a_layer_and_of_a_model_is_checked(function, layer, right):
    x, w = np.random.default_rng(0).normal(size=(5, 3)), np.arange(3.0)
    model = Sequential([layer, Dense(4), Tanh(), Dense(2)], input_shape=(3,), dtype=np.float64)
    errors = [mlbook.gradient_error(function, x, w), mlbook.dot_product_error(function, x, w)]
    errors += [mlbook.gradient_error(layer, x), mlbook.gradient_error(model, x)]
    assert all(error < 1e-7 if right else error > 1e-3 for error in errors), errors
    assert mlbook.gradient_error(function, x, w, argument=0) < 1e-7


# 12. Checking an equation


def test_an_equation_is_checked():
    bindings = {"z": np.array([0.5, -1.0, 2.0]), "s": mlbook.sigmoid}
    right = mlbook.eqval.check(r"\frac{\partial s_i}{\partial z_i} = s_i (1 - s_i)", bindings)
    wrong = mlbook.eqval.check(r"\frac{\partial s_i}{\partial z_i} = s_i (1 + s_i)", bindings)
    assert right and "✓ 3 cases" in str(right)
    assert not wrong and "✗" in str(wrong) and wrong.wrong == 3


# 13. Two processes by hand


def gradients_of_half(model, x, t):
    return len(x), *mlbook.gradients(model, x, t)


def test_two_processes_share_a_batch():
    x, labels = blobs(60)
    t, model = mlbook.one_hot(labels, 2, dtype=np.float64), Sequential([Dense(4), Tanh(), Dense(2)], (2,), dtype=np.float64)
    halves = [(model, x[:40], t[:40]), (model, x[40:], t[40:])]
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        parts = pool.starmap(gradients_of_half, halves)
    J, grads = mlbook.gradients(model, x, t)
    assert math.isclose(sum(n / 60 * part for n, part, _ in parts), J, rel_tol=1e-12)
    total = [{name: sum(n / 60 * part[i][name] for n, _, part in parts) for name in grad} for i, grad in enumerate(grads)]
    for summed, grad in zip(total, grads, strict=True):
        assert all(np.allclose(summed[name], grad[name], rtol=1e-12, atol=1e-15) for name in grad)
    alone = pickle.loads(pickle.dumps(model))
    SGD(0.1).step(model.params, total)
    SGD(0.1).step(alone.params, grads)
    assert all(np.allclose(a, b, rtol=1e-12) for a, b in zip(arrays_of(model), arrays_of(alone)))
