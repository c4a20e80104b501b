"""Batches, SGD, fit and the counts of mistakes: by hand, from loops, repeatable, and what is refused."""

import copy
import gc
import io
import pickle
import signal
import subprocess
import sys
import threading
import tracemalloc
import warnings
from functools import partial

import mlbook
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mlbook import SGD, Dense, ReLU, Sequential, Tanh, accuracy, confusion_matrix, fit, minibatches, predict
from mlbook import History, Optimizer, Sigmoid, Softmax, binary_cross_entropy, cross_entropy, evaluate, gradients
from mlbook import one_hot, relative_error, sigmoid_cross_entropy, softmax_cross_entropy, squared_error, train_step
from mlbook.training import confusion_matrix_loops, momentum_step_loops
from threadpoolctl import threadpool_info, threadpool_limits

EXAMPLES = settings(derandomize=True, deadline=None, max_examples=60, database=None)


def task(samples=60, dtype=np.float32):
    "Points in the plane, whose class is the third of the circle that they lie in."
    rng = np.random.default_rng(0)
    x = rng.normal(size=(samples, 2)).astype(dtype)
    labels = np.digitize(np.arctan2(x[:, 1], x[:, 0]), [-np.pi / 3, np.pi / 3])
    return x, one_hot(labels, 3), labels


def network(seed=0, dtype=np.float32):
    return Sequential([Dense(16, initializer="he_normal"), ReLU(), Dense(3)], (2,), seed=seed, dtype=dtype)


def parameters(model):
    return [p.tobytes() for params in model.params for p in params.values()]


@EXAMPLES
@given(st.integers(1, 50), st.integers(1, 60), st.integers(0, 2**32 - 1))
def test_an_epoch_takes_every_sample_once(samples, size, seed):
    batches = list(minibatches(samples, size, np.random.default_rng(seed)))
    assert sorted(np.concatenate(batches)) == list(range(samples))
    assert all(len(batch) == size for batch in batches[:-1]) and 1 <= len(batches[-1]) <= size


def test_the_gradient_of_a_batch_is_right_on_average():
    "The mean over the batches of an epoch is the full gradient, if they are of one size."
    x, t, _ = task(dtype=np.float64)
    model = network(dtype=np.float64)

    def gradient(batch):
        z, pullback = model.vjp(x[batch])
        _, loss_pullback = mlbook.vjp(softmax_cross_entropy, z, t[batch])
        return pullback(loss_pullback(1)[0])[1][0]["w"]

    batches = minibatches(60, 12, np.random.default_rng(1))
    assert relative_error(np.mean([gradient(b) for b in batches], axis=0), gradient(np.arange(60))) < 1e-12


def test_sgd_by_hand():
    w, sgd = np.array([1.0, -1.0]), SGD(0.5, momentum=0.5)
    sgd.step([{"w": w}], [{"w": np.array([2.0, 0.0])}])
    assert w.tolist() == [0.0, -1.0]  # v = -0.5 · 2 = -1
    sgd.step([{"w": w}], [{"w": np.array([-1.0, 4.0])}])
    assert w.tolist() == [0.0, -3.0]  # v = 0.5 · -1 + 0.5 = 0, and -0.5 · 4 = -2
    sgd.step([{"w": w}], [{"w": np.zeros(2)}])
    assert w.tolist() == [0.0, -4.0]  # v = 0, and 0.5 · -2 = -1


@EXAMPLES
@given(st.floats(1e-3, 1), st.floats(0, 0.99), st.integers(0, 2**32 - 1))
def test_sgd_does_what_the_loops_do(rate, momentum, seed):
    rng = np.random.default_rng(seed)
    theta, v = rng.normal(size=6), np.zeros(6)
    array, sgd = theta.reshape(2, 3).copy(), SGD(rate, momentum=momentum)
    for g in rng.normal(size=(5, 6)):
        theta, v = momentum_step_loops(theta, v, g, rate, momentum)
        sgd.step([{}, {"w": array}], [{}, {"w": g.reshape(2, 3)}])
    assert np.allclose(array.ravel(), theta, rtol=1e-12, atol=1e-12)


def steps(sgd, model, count=3, seed=0):
    "Steps of `sgd` with the same random gradients for the same seed."
    rng = np.random.default_rng(seed)
    for _ in range(count):
        sgd.step(model.params, [{name: rng.normal(size=p.shape) for name, p in params.items()} for params in model.params])


@pytest.mark.parametrize("second", [network(seed=2), Sequential([Dense(3)], (2,)), network(dtype=np.float64)])
def test_an_optimizer_is_for_one_network(second):
    "The velocity of one network does not move another, of the same shapes or of others."
    first, sgd = network(seed=1), SGD(0.1, momentum=0.9)
    steps(sgd, first)
    before = parameters(second)
    with pytest.raises(ValueError, match="SGD.step: params are those of another network than before, expected an optimizer"):
        steps(sgd, second)
    assert parameters(second) == before
    steps(sgd, first)


def test_an_optimizer_knows_another_network_when_the_first_is_gone():
    "As in a loop over seeds: the velocity of the network before would move the next one."
    sgd = SGD(0.1, momentum=0.9)
    steps(sgd, network(seed=1))
    with pytest.raises(ValueError, match="SGD.step: params are those of another network than before"):
        steps(sgd, network(seed=2))


@pytest.mark.parametrize("kept", [True, False])
def test_an_optimizer_goes_on_with_replaced_arrays(kept):
    "Whether or not the array of before is still held somewhere."
    model, twin, sgd, other = network(), network(), SGD(0.1, momentum=0.9), SGD(0.1, momentum=0.9)
    steps(sgd, model), steps(other, twin)
    held = [dict(params) for params in model.params if kept]
    for params in model.params:
        for name in params:
            params[name] = params[name].copy()
    steps(sgd, model, seed=1), steps(other, twin, seed=1)
    assert parameters(model) == parameters(twin) and bool(held) == kept


@pytest.mark.parametrize("copies", [
    lambda *pair: pickle.loads(pickle.dumps(pair)),
    lambda model, sgd: (pickle.loads(pickle.dumps(model)), pickle.loads(pickle.dumps(sgd))),
    copy.deepcopy, lambda model, sgd: (copy.deepcopy(model), copy.deepcopy(sgd))])
def test_a_saved_optimizer_keeps_its_velocity(copies):
    "Saved together or apart: going on is going on, to the last bit."
    model, sgd = network(), SGD(0.1, momentum=0.9)
    steps(sgd, model)
    loaded, loaded_sgd = copies(model, sgd) if copies is not copy.deepcopy else copies((model, sgd))
    steps(sgd, model, seed=1)
    steps(loaded_sgd, loaded, seed=1)
    assert parameters(model) == parameters(loaded) and any(v.any() for v in loaded_sgd.velocity)


def test_the_learning_rate_may_change_between_steps():
    w, sgd = np.array([1.0]), SGD(0.5)
    sgd.step([{"w": w}], [{"w": np.ones(1)}])
    sgd.learning_rate = 0.25
    sgd.step([{"w": w}], [{"w": np.ones(1)}])
    assert w.tolist() == [0.25] and repr(sgd) == "SGD(0.25, momentum=0.0)"
    sgd.learning_rate = "0.1"
    with pytest.raises(TypeError, match="SGD.step: learning_rate is '0.1', expected a number"):
        sgd.step([{"w": w}], [{"w": np.ones(1)}])


# Nesterov's step, weight decay, schedules, and what an optimizer keeps


def test_nesterov_by_hand():
    w, sgd = np.array([1.0]), SGD(0.1, momentum=0.5, nesterov=True)
    sgd.step([{"w": w}], [{"w": np.array([2.0])}])
    assert np.isclose(w[0], 0.7)  # v = -0.2, and 0.5 · -0.2 - 0.2 = -0.3
    sgd.step([{"w": w}], [{"w": np.array([1.0])}])
    assert np.isclose(w[0], 0.5)  # v = -0.2, and -0.1 - 0.1 = -0.2


def test_weight_decay_pulls_towards_zero():
    w, sgd = np.array([1.0, -2.0]), SGD(0.1, weight_decay=0.5)
    sgd.step([{"w": w}], [{"w": np.zeros(2)}])
    assert np.allclose(w, [0.95, -1.9])
    assert repr(sgd) == "SGD(0.1, momentum=0.0, weight_decay=0.5)"
    assert repr(SGD(0.1, momentum=0.9, nesterov=True)) == "SGD(0.1, momentum=0.9, nesterov=True)"


def halved(steps):
    return 0.5 ** (steps + 1)


def test_a_schedule_is_asked_with_the_steps_so_far():
    w, sgd = np.array([1.0]), SGD(halved)
    for expected in (0.5, 0.25, 0.125):
        sgd.step([{"w": w}], [{"w": np.ones(1)}])
        assert w.tolist() == [expected]
    assert sgd.steps == 3 and repr(sgd) == "SGD(halved, momentum=0.0)"


@pytest.mark.parametrize(("rate", "kind", "said"), [
    (lambda steps: -0.1, ValueError, r"SGD.step: learning_rate\(0\) is -0.1, expected a finite number, at least 0"),
    (lambda steps: None, TypeError, r"SGD.step: learning_rate\(0\) is None, expected a number")])
def test_a_schedule_gives_numbers(rate, kind, said):
    w = np.ones(1)
    with pytest.raises(kind, match=said):
        SGD(rate).step([{"w": w}], [{"w": np.ones(1)}])
    assert w.tolist() == [1.0]


def test_a_rate_of_a_schedule_keeps_single_precision():
    w = np.ones(3, np.float32)
    sgd = SGD(lambda steps: np.float64(0.1))
    sgd.step([{"w": w}], [{"w": np.ones(3, np.float32)}])
    assert w.dtype == np.float32 and np.array_equal(w, np.float32(1) - np.float32(0.1) * np.ones(3, np.float32))


@pytest.mark.parametrize("claimed", [False, True])
def test_a_loaded_state_goes_on_to_the_last_bit(claimed):
    model, sgd = network(), SGD(0.1, momentum=0.9, nesterov=True)
    steps(sgd, model)
    twin, other = copy.deepcopy(model), SGD(0.1, momentum=0.9, nesterov=True)
    state = sgd.state_dict()
    assert state["steps"] == 3 and [*state["memory"][0]] == ["velocity"]
    if claimed:
        steps(other, copy.deepcopy(model))
        other = copy.deepcopy(other)
    other.load_state_dict(state)
    steps(sgd, model, seed=1), steps(other, twin, seed=1)
    assert parameters(model) == parameters(twin) and other.steps == 6
    assert state["steps"] == 3 and not np.array_equal(state["memory"][0]["velocity"], sgd.velocity[0])


STATE = {"steps": 1, "memory": [{"velocity": np.zeros((2, 16), np.float32)}]}


@pytest.mark.parametrize(("state", "kind", "said"), [
    (None, TypeError, "SGD.load_state_dict: state is None, expected a dictionary with steps and memory"),
    ({"steps": 1}, TypeError, "SGD.load_state_dict: state is {'steps': 1}, expected a dictionary"),
    (STATE | {"steps": -1}, ValueError, "SGD.load_state_dict: steps is -1, expected a whole number of at least 0"),
    (STATE | {"steps": 0.5}, TypeError, "SGD.load_state_dict: steps is 0.5, expected a whole number"),
    (STATE | {"memory": [{"mean": np.zeros(3)}]}, TypeError, r"expected a list of dictionaries with arrays of floats named \['velocity'\]"),
    (STATE | {"memory": [{"velocity": [0.0]}]}, TypeError, "SGD.load_state_dict: memory is "),
    (STATE, ValueError, "SGD.load_state_dict: state is that of another network, expected arrays of the same shapes and types")])
def test_a_state_that_does_not_fit_is_told(state, kind, said):
    model, sgd = network(), SGD(0.1)
    steps(sgd, model)
    with pytest.raises(kind, match=said):
        sgd.load_state_dict(state)
    assert sgd.steps == 3


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_state_of_another_network_is_told_at_the_first_step(dtype):
    sgd, other = SGD(0.1), SGD(0.1)
    steps(sgd, network() if dtype is np.float64 else Sequential([Dense(3)], (2,)))
    other.load_state_dict(sgd.state_dict())
    with pytest.raises(ValueError, match="SGD.step: params are those of another network than before"):
        steps(other, network(dtype=dtype))


class Signs(Optimizer):
    "A step of one length, whatever the gradient."

    def _move(self, theta, g, memory, rate):
        theta -= rate * np.sign(g)


class Own:
    "All that fit asks for."

    def step(self, params, grads):
        for layer, slopes in zip(params, grads):
            for name in layer:
                layer[name] -= 0.1 * slopes[name]


def test_an_optimizer_of_ones_own():
    w = np.array([1.0, -1.0])
    Signs(0.25).step([{"w": w}], [{"w": np.array([3.0, 0.1])}])
    assert w.tolist() == [0.75, -1.25]
    x, t, _ = task()
    model, twin = network(), network()
    one, other = fit(model, x, t, optimizer=Own(), verbose=False), fit(twin, x, t, optimizer=SGD(0.1), verbose=False)
    assert np.allclose(one.loss, other.loss, rtol=1e-4)
    with pytest.raises(ValueError, match="Signs.step: params are those of another network"):
        signs = Signs(0.1)
        steps(signs, model), steps(signs, twin)
    with pytest.raises(NotImplementedError, match="Optimizer has no method _move"):
        Optimizer(0.1).step([{"w": w}], [{"w": w}])



def test_a_step_goes_against_the_measured_gradient():
    x, t, _ = task(dtype=np.float64)
    model = network(dtype=np.float64)
    before = [{name: p.copy() for name, p in params.items()} for params in model.params]
    bias = model.params[2]["b"]

    def loss(value):
        kept = bias.copy()
        bias[:] = value
        J = softmax_cross_entropy(model(x), t)
        bias[:] = kept
        return J

    measured = mlbook.numerical_gradient(loss, bias)
    J, z = train_step(model, x, t, loss=softmax_cross_entropy, optimizer=SGD(0.1))
    assert relative_error(bias, before[2]["b"] - 0.1 * measured) < 1e-7
    assert z.shape == (60, 3) and J > softmax_cross_entropy(model(x), t)


def test_training_learns_and_keeps_the_type():
    x, t, labels = task()
    model = network()
    history = fit(model, x.astype(np.float64), t, epochs=60, validation_data=(x, t), verbose=False)
    assert history.loss[-1] < 0.3 * history.loss[0] and accuracy(model, x, labels) > 0.95
    assert {p.dtype for params in model.params for p in params.values()} == {np.dtype(np.float32)}
    assert len(history.loss) == len(history.accuracy) == len(history.validation_loss) == 60
    measured = evaluate(model, x, t)
    assert measured == {"loss": history.validation_loss[-1], "accuracy": history.validation_accuracy[-1]}
    assert measured["accuracy"] == accuracy(model, x, labels)


def test_without_validation_its_curves_are_empty():
    x, t, _ = task()
    history = fit(network(), x, t, epochs=2, verbose=False)
    assert history.validation_loss == history.validation_accuracy == []


def test_the_same_seeds_give_the_same_bits():
    x, t, _ = task()
    models = [network(), network(), network(), network(seed=1)]
    histories = [fit(model, x, t, epochs=3, seed=seed, verbose=False) for model, seed in zip(models, (4, 4, 5, 4))]
    assert histories[0] == histories[1] and parameters(models[0]) == parameters(models[1])
    assert parameters(models[0]) != parameters(models[2]) and parameters(models[0]) != parameters(models[3])


def test_another_loss():
    rng = np.random.default_rng(6)
    x = rng.normal(size=(80, 3))
    model = Sequential([Dense(8), Tanh(), Dense(2)], (3,))
    history = fit(model, x, np.sin(x[:, :2]), loss=squared_error, epochs=80, verbose=False)
    assert history.loss[-1] < 0.05 * history.loss[0]


def test_the_progress_bar(capsys):
    x, t, _ = task()
    fit(network(), x, t, epochs=3, validation_data=(x, t))
    drawn = capsys.readouterr()
    assert "3/3" in drawn.err and "validation_accuracy" in drawn.err and drawn.out == ""
    fit(network(), x, t, epochs=3, verbose=False)
    assert capsys.readouterr().err == ""


def test_prediction_in_pieces_is_prediction_at_once():
    x, _, labels = task()
    model = network()
    assert np.array_equal(predict(model, x, batch_size=7), model(x).argmax(axis=1))
    assert accuracy(model, x, labels) == np.mean(predict(model, x) == labels)


@EXAMPLES
@given(st.integers(1, 5), st.integers(1, 30), st.integers(0, 2**32 - 1))
def test_the_confusion_matrix(classes, samples, seed):
    labels, predicted = np.random.default_rng(seed).integers(classes, size=(2, samples))
    counts = confusion_matrix(labels, predicted, classes)
    assert np.array_equal(counts, confusion_matrix_loops(labels, predicted, classes))
    assert counts.sum() == samples and np.trace(counts) == np.sum(labels == predicted)


def test_a_confusion_matrix_by_hand():
    assert confusion_matrix([0, 0, 1, 2], [0, 1, 1, 0], 3).tolist() == [[1, 1, 0], [0, 1, 0], [1, 0, 0]]


@pytest.mark.parametrize("validation", [False, True])
def test_a_rate_that_is_too_high_is_told_and_not_warned_of(validation):
    x, t, _ = task()
    with pytest.raises(FloatingPointError, match="is NaN or infinite, expected finite; lower the learning rate"):
        fit(network(), x, t, optimizer=SGD(1e30), epochs=50, verbose=False, validation_data=(x, t) if validation else None)


@pytest.mark.parametrize("epochs", [1, 2])
def test_a_network_does_not_come_back_with_nan(epochs):
    "The last step of all may be the one that overflows."
    x, t, _ = task()
    with pytest.raises(FloatingPointError, match="is NaN or infinite"):
        fit(network(), x, t, optimizer=SGD(1e39), epochs=epochs, batch_size=60 // epochs, verbose=False)


def small(*last, outputs=1, dtype=np.float64):
    return Sequential([Dense(outputs), *last], (2,), seed=0, dtype=dtype)


def points(samples=80):
    "Points in the plane, and whether each lies above a line that noise has blurred."
    rng = np.random.default_rng(1)
    x = rng.normal(size=(samples, 2))
    return x, (x @ [1.0, -2.0] + rng.normal(size=samples) > 0.3).astype(int)


# What is measured


@pytest.mark.parametrize("last, loss", [
    ([], sigmoid_cross_entropy), ([Sigmoid()], binary_cross_entropy), ([Sigmoid()], squared_error)])
@pytest.mark.parametrize("axes", [1, 2])
def test_one_output_is_judged_at_one_half(last, loss, axes):
    x, labels = points()
    t = labels if axes == 1 else labels[:, None]
    model, metrics = small(*last), None if loss is not squared_error else ("accuracy",)
    history = fit(model, x, t, epochs=3, loss=loss, metrics=metrics, validation_data=(x, t), verbose=False)
    z = (x @ model.params[0]["w"] + model.params[0]["b"])[:, 0]
    right = np.mean((1 / (1 + np.exp(-z)) >= 0.5) == labels)
    assert 0.5 < right < 1
    assert history.validation_accuracy[-1] == evaluate(model, x, t, loss=loss, metrics=metrics)["accuracy"] == right
    if last:
        assert accuracy(model, x, labels) == right


def test_the_bounds_count_as_yes():
    "A probability of ½ and a score of 0 say yes."
    assert evaluate(lambda x: x, [[0.5], [0.25]], [1, 0], loss=binary_cross_entropy)["accuracy"] == 1
    assert evaluate(lambda x: x, [[0.0], [-0.25]], [1, 0], loss=sigmoid_cross_entropy)["accuracy"] == 1


def test_a_regression_has_no_accuracy():
    x, _ = points()
    history = fit(small(outputs=2), x, x, epochs=2, loss=squared_error, validation_data=(x, x), verbose=False)
    assert history.metrics == history.validation_metrics == {} and history.accuracy == []
    assert set(evaluate(small(outputs=2), x, x, loss=squared_error)) == {"loss"}


def r2(y, t):
    return 1 - np.sum((y - t) ** 2) / np.sum((t - t.mean(axis=0)) ** 2)


def size(y, t):
    return y.size


def test_a_metric_is_taken_of_all_samples_and_not_of_batches():
    x, _ = points()
    y = x @ [1.0, -2.0] + np.random.default_rng(2).normal(size=80)
    model = small()
    history = fit(model, x, y, epochs=2, loss=squared_error, metrics=[r2, size], validation_data=(x, y), verbose=False)
    assert history.validation_metrics["r2"][-1] == pytest.approx(r2(model(x)[:, 0], y), rel=1e-12)
    assert evaluate(model, x, y, loss=squared_error, metrics=(r2,), batch_size=7)["r2"] == pytest.approx(r2(model(x)[:, 0], y))
    assert list(history.metrics) == ["r2", "size"] and len(history.metrics["r2"]) == 2


def test_metrics_can_be_left_out():
    x, t, _ = task()
    even = np.full_like(t, 1 / 3)
    assert fit(network(), x, even, epochs=1, metrics=(), verbose=False).metrics == {}


def test_the_loss_is_a_mean_over_all_samples():
    x, t, _ = task()
    model = network(dtype=np.float64)
    whole = softmax_cross_entropy(model(x), t)
    assert evaluate(model, x, t, batch_size=7)["loss"] == pytest.approx(whole, rel=1e-12)


def test_the_history_shows_itself_in_a_line():
    x, t, _ = task()
    history = fit(network(), x, t, epochs=3, validation_data=(x, t), verbose=False)
    assert repr(history).startswith("History of 3 epochs, loss ") and "validation_accuracy" in repr(history)
    assert len(repr(history)) < 120 and repr(History()) == "History of 0 epochs"


# Going on where it was


def test_three_epochs_and_three_are_six():
    x, t, _ = task()
    (whole, one), (parts, other) = [(network(), SGD(0.1, momentum=0.9)) for _ in range(2)]
    losses = fit(whole, x, t, epochs=6, optimizer=one, verbose=False).loss
    again = [fit(parts, x, t, epochs=3, optimizer=other, verbose=False).loss for _ in range(2)]
    assert again[0] + again[1] == losses and parameters(whole) == parameters(parts)


def test_a_generator_as_seed_goes_on_and_a_number_begins_anew():
    x, t, _ = task()
    models, rng = [network() for _ in range(3)], np.random.default_rng(3)
    fit(models[0], x, t, epochs=2, optimizer=SGD(), seed=3, verbose=False)
    for _ in range(2):
        fit(models[1], x, t, epochs=1, optimizer=SGD(), seed=rng, verbose=False)
        fit(models[2], x, t, epochs=1, optimizer=SGD(), seed=3, verbose=False)
    assert parameters(models[0]) == parameters(models[1]) != parameters(models[2])


def test_a_call_that_is_refused_draws_nothing():
    x, t, _ = task()
    used, model, twin = SGD(), network(), network()
    fit(network(), x, t, epochs=1, optimizer=used, verbose=False)
    other = network()
    fit(other, x, t, epochs=1, optimizer=(used := SGD()), verbose=False)
    with pytest.raises(ValueError, match="optimizer of its own"):
        fit(model, x, t, optimizer=used, verbose=False)
    assert model.rng.bit_generator.state == twin.rng.bit_generator.state and parameters(model) == parameters(twin)


def test_the_gradients_are_those_of_a_step():
    x, t, _ = task()
    one, other = network(), network()
    J, grads = gradients(one, x, t)
    SGD(0.5).step(one.params, grads)
    step_J, _ = train_step(other, x, t, optimizer=SGD(0.5))
    assert J == step_J and parameters(one) == parameters(other)


# Losses


def test_a_loss_with_options():
    x, _ = points()
    double, single = small(outputs=2), small(outputs=2)
    fit(double, x, x, epochs=2, loss=partial(squared_error, factor=1.0), optimizer=SGD(0.05), verbose=False)
    fit(single, x, x, epochs=2, loss=squared_error, optimizer=SGD(0.1), verbose=False)
    assert np.allclose(double.params[0]["w"], single.params[0]["w"], rtol=1e-12)
    half = partial(partial(softmax_cross_entropy))
    assert fit(network(), *task()[:2], epochs=1, loss=half, verbose=False).accuracy


@pytest.mark.parametrize("last, loss, expected", [
    (Softmax, softmax_cross_entropy, "cross_entropy"), (Sigmoid, sigmoid_cross_entropy, "binary_cross_entropy"),
    (Softmax, partial(softmax_cross_entropy), "cross_entropy")])
def test_a_softmax_that_is_applied_twice_is_warned_about_once(last, loss, expected):
    x, labels = points()
    with pytest.warns(UserWarning, match=f"^fit: the model ends in {last.__name__}, .* take loss={expected}$") as told:
        fit(small(last(), outputs=2), x, one_hot(labels, 2), epochs=3, loss=loss, verbose=False)
    assert len(told) == 1 and told[0].filename == __file__


@pytest.mark.parametrize("last, loss", [([Softmax()], cross_entropy), ([], softmax_cross_entropy)])
def test_a_softmax_that_is_applied_once_is_not_warned_about(last, loss):
    x, labels = points()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fit(small(*last, outputs=2), x, one_hot(labels, 2), epochs=1, loss=loss, verbose=False)


@pytest.mark.parametrize("validation", [False, True])
@pytest.mark.parametrize("rate", [1e30, 1e39])
def test_an_overflow_before_a_softmax_layer_is_told_as_one(validation, rate):
    x, t, _ = task()
    model = Sequential([Dense(16), ReLU(), Dense(3), Softmax()], (2,), seed=0)
    held = (x, t) if validation else None
    with pytest.raises(FloatingPointError, match="NaN or infinite, expected finite; lower the learning rate"):
        fit(model, x, t, loss=cross_entropy, optimizer=SGD(rate), epochs=50, verbose=False, validation_data=held)


def test_what_overflows_in_evaluation_is_named():
    model = Sequential([Dense(3), Softmax()], (2,), seed=0)
    model.params[0]["w"][:] = 1e38
    with pytest.raises(FloatingPointError, match="evaluate: the output of Dense is NaN or infinite"):
        evaluate(model, [[1e3, 1e3]], [[1, 0, 0]], loss=cross_entropy)


def test_nan_in_the_data_is_not_blamed_on_the_rate():
    x, t, _ = task()
    with pytest.raises(ValueError, match="train_step: x holds NaN or infinity in sample 3"):
        train_step(network(), spoiled(x, np.nan), t, optimizer=SGD())
    with pytest.raises(ValueError, match="evaluate: x holds NaN or infinity in sample 3"):
        evaluate(Sequential([Dense(3), Softmax()], (2,)), spoiled(x, np.nan), t, loss=cross_entropy)


# Ctrl-C, and no terminal


class Interrupting(SGD):
    "Sends SIGINT in the middle of a step: when the first array has moved, and the last has not."

    def __init__(self, at):
        super().__init__(0.1)
        self.at, self.calls = at, 0

    def step(self, params, grads):
        self.calls += 1
        if self.calls == self.at:
            params[0]["w"] -= self.learning_rate * grads[0]["w"]
            signal.raise_signal(signal.SIGINT)
            params[0]["w"] += self.learning_rate * grads[0]["w"]
        super().step(params, grads)


@pytest.fixture
def listening():
    "Ctrl-C as in a terminal, also where the tests run in the background, without it."
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize("at, epochs", [(1, 0), (8, 1), (12, 1), (13, 2), (24, 3)])
def test_ctrl_c_returns_the_history_after_a_whole_step(listening, capsys, at, epochs):
    "An epoch has 6 batches of 10; what was learned is what the whole steps have learned."
    x, t, _ = task()
    model, twin = network(), network()
    history = fit(model, x, t, batch_size=10, epochs=9, optimizer=Interrupting(at), validation_data=(x, t), verbose=False)
    assert len(history.loss) == len(history.accuracy) == len(history.validation_loss) == epochs
    assert capsys.readouterr().err == (
        f"fit: interrupted in epoch {epochs + 1} of 9; the weights are those after the last whole step\n")
    sgd = SGD(0.1)
    batches = [b for _ in range(9) for b in minibatches(60, 10, twin.rng)]
    for batch in batches[:at]:
        train_step(twin, x[batch], t[batch], optimizer=sgd)
    assert parameters(model) == parameters(twin)


def test_where_ctrl_c_is_ignored_fit_ignores_it():
    x, t, _ = task()
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        history = fit(network(), x, t, epochs=3, optimizer=Interrupting(2), verbose=False)
        assert len(history.loss) == 3 and signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


def test_fit_works_in_a_thread():
    x, t, _ = task()
    histories = []
    thread = threading.Thread(target=lambda: histories.append(fit(network(), x, t, epochs=2, verbose=False)))
    thread.start()
    thread.join()
    assert len(histories[0].loss) == 2


def test_without_standard_error_there_is_no_bar():
    "As in pythonw."
    program = ("import sys; sys.stderr = None; import mlbook, numpy as np; m = mlbook.Sequential([mlbook.Dense(2)], (3,)); "
               "print(mlbook.fit(m, np.ones((4, 3)), np.eye(2)[[0, 1, 0, 1]], epochs=2))")
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.startswith("History of 2 epochs")


def test_a_bar_of_ascii_where_nothing_else_can_be_written(monkeypatch):
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stderr", io.TextIOWrapper(written, encoding="ascii"))
    x, t, _ = task()
    fit(network(), x, t, epochs=2)
    sys.stderr.flush()
    assert b"2/2" in written.getvalue()


# Data that are not in memory


class OnDisk:
    "A data set as HDF5 has them: slices and single samples, counted so that nobody takes all at once."

    def __init__(self, array):
        self.array, self.most = array, 0
        self.shape, self.dtype = array.shape, array.dtype

    def __len__(self):
        return len(self.array)

    def __getitem__(self, which):
        assert isinstance(which, (int, slice)), which
        part = self.array[which]
        self.most = max(self.most, len(self.array[which]) if isinstance(which, slice) else 1)
        return part

    def __array__(self, *_, **__):
        raise AssertionError("read as a whole")


def test_what_slices_is_read_batch_by_batch():
    x, t, _ = task(samples=3000)
    held = network(), network()
    stored = OnDisk(x.astype(np.float64)), OnDisk(t.astype(np.uint8))
    history = fit(held[0], *stored, epochs=2, validation_data=stored, verbose=False)
    expected = fit(held[1], x, t, epochs=2, validation_data=(x, t), verbose=False)
    assert history == expected and parameters(held[0]) == parameters(held[1])
    assert evaluate(held[0], *stored, batch_size=100) == pytest.approx(evaluate(held[1], x, t, batch_size=100))


def test_a_labelled_series_is_not_counted_by_its_labels():
    "What has labels for its rows, as pandas has, is turned into an array first."

    class Series:
        shape, dtype, iloc = (60,), np.dtype(float), None

        def __getitem__(self, key):
            raise AssertionError("asked by label")

        def __array__(self, *_, **__):
            return np.linspace(-1, 1, 60)

    x, _, _ = task()
    history = fit(small(), x, Series(), epochs=1, loss=squared_error, verbose=False)
    assert history == fit(small(), x, np.linspace(-1, 1, 60), epochs=1, loss=squared_error, verbose=False)


@pytest.mark.parametrize("dtype", [np.uint8, np.float64])
def test_a_memmap_is_never_converted_as_a_whole(tmp_path, dtype):
    shape = (20_000, 200)
    x = np.memmap(tmp_path / "x", dtype, "w+", shape=shape)
    x[:] = np.arange(200) % 7
    t = np.memmap(tmp_path / "t", dtype, "w+", shape=(20_000, 2))
    t[:] = [0, 1]
    model = Sequential([Dense(2)], (200,))
    fit(model, x[:64], t[:64], epochs=1, verbose=False)
    tracemalloc.start()
    fit(model, x, t, epochs=1, optimizer=SGD(1e-4), batch_size=100, validation_data=(x, t), verbose=False)
    evaluate(model, x, t)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 0.25 * 4 * x.size, f"{peak / 4 / x.size:.2f} of the converted data"


def test_a_nan_in_a_later_piece_is_found_before_the_first_step():
    x = np.zeros((3000, 200))
    x[2999, 199] = np.nan
    model = Sequential([Dense(2)], (200,))
    before = parameters(model)
    with pytest.raises(ValueError, match="fit: x holds NaN or infinity in sample 2999, expected finite numbers"):
        fit(model, x, np.tile([0, 1], (3000, 1)))
    assert parameters(model) == before


# Threads


def threads_used():
    return [library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"]


@pytest.mark.parametrize("units, options, expected", [(4, {}, 1), (3000, {}, 2), (4, {"threads": 2}, 2), (3000, {"threads": 1}, 1)])
def test_products_take_one_thread_unless_they_are_large(units, options, expected):
    "2000 samples times 40 inputs times 3000 units are 240 million multiplications."
    seen = []

    def count(z, t):
        seen.extend(threads_used())
        return 0.0

    x = np.zeros((2000, 40))
    with threadpool_limits(limits=2, user_api="blas"):
        model = Sequential([Dense(units)], (40,))
        fit(model, x, np.zeros((2000, units)), epochs=1, batch_size=2000, loss=squared_error, metrics=[count], verbose=False, **options)
        assert set(seen) == {expected} and set(threads_used()) == {2}


def spoiled(array, value, sample=3):
    copy = np.array(array, dtype=np.float64)
    copy[sample].flat[0] = value
    return copy


X, T, LABELS = task(samples=10)
MODEL = network()
REFUSED = {
    "NaN in x": (ValueError, lambda: fit(MODEL, spoiled(X, np.nan), T), "fit: x holds NaN or infinity in sample 3, expected finite numbers"),
    "infinity in t": (ValueError, lambda: fit(MODEL, X, spoiled(T, np.inf)), "fit: t holds NaN or infinity in sample 3"),
    "too large for float32": (ValueError, lambda: fit(MODEL, spoiled(X, 1e300), T), "fit: x holds NaN or infinity in sample 3"),
    "NaN in validation": (ValueError, lambda: fit(MODEL, X, T, validation_data=(spoiled(X, np.nan), T)), "fit: validation_data[0] holds NaN"),
    "labels": (ValueError, lambda: fit(MODEL, X, LABELS), "fit: t has shape (10,), expected (N, 3); one_hot makes targets of labels"),
    "classes": (ValueError, lambda: fit(MODEL, X, one_hot(LABELS, 4)), "fit: t has shape (10, 4), expected (N, 3)"),
    "inputs": (ValueError, lambda: fit(MODEL, np.ones((10, 5)), T), "fit: x has shape (10, 5), expected (N, 2)"),
    "samples": (ValueError, lambda: fit(MODEL, X, T[:9]), "fit: t has 9 samples, expected 10, as many as x"),
    "empty": (ValueError, lambda: fit(MODEL, X[:0], T[:0]), "fit: x has shape (0, 2), expected no empty axis"),
    "text": (TypeError, lambda: fit(MODEL, [["a", "b"]], T[:1]), "fit: x has dtype"),
    "validation samples": (ValueError, lambda: fit(MODEL, X, T, validation_data=(X, T[:4])), "fit: validation_data[1] has 4 samples, expected 10"),
    "validation classes": (ValueError, lambda: fit(MODEL, X, T, validation_data=(X, LABELS)), "fit: validation_data[1] has shape (10,), expected (N, 3)"),
    "validation of three": (ValueError, lambda: fit(MODEL, X, T, validation_data=(X, T, T)), "fit: validation_data has 3 entries, expected 2"),
    "no epochs": (ValueError, lambda: fit(MODEL, X, T, epochs=0), "fit: epochs is 0, expected at least 1"),
    "half an epoch": (TypeError, lambda: fit(MODEL, X, T, epochs=0.5), "fit: epochs is 0.5, expected a whole number"),
    "no batch": (ValueError, lambda: fit(MODEL, X, T, batch_size=0), "fit: batch_size is 0, expected at least 1"),
    "batch of -1": (ValueError, lambda: minibatches(10, -1, np.random.default_rng()), "minibatches: batch_size is -1, expected at least 1"),
    "no samples": (ValueError, lambda: minibatches(0, 1, np.random.default_rng()), "minibatches: samples is 0, expected at least 1"),
    "rate 0": (ValueError, lambda: SGD(0), "SGD: learning_rate is 0, expected a finite number, above 0"),
    "rate NaN": (ValueError, lambda: SGD(np.nan), "SGD: learning_rate is nan, expected"),
    "rate infinite": (ValueError, lambda: SGD(np.inf), "SGD: learning_rate is inf, expected"),
    "momentum 1": (ValueError, lambda: SGD(0.1, momentum=1), "SGD: momentum is 1, expected a finite number, at least 0 and below 1"),
    "momentum below 0": (ValueError, lambda: SGD(0.1, momentum=-0.1), "SGD: momentum is -0.1, expected"),
    "rate of text": (TypeError, lambda: SGD("0.1"), "SGD: learning_rate is '0.1', expected a number"),
    "no rate": (TypeError, lambda: SGD(None), "SGD: learning_rate is None, expected a number"),
    "rates": (TypeError, lambda: SGD(np.array([0.1, 0.2])), "SGD: learning_rate is array([0.1, 0.2]), expected a number"),
    "rate True": (TypeError, lambda: SGD(True), "SGD: learning_rate is True, expected a number"),
    "no momentum": (TypeError, lambda: SGD(momentum=None), "SGD: momentum is None, expected a number"),
    "nesterov without momentum": (ValueError, lambda: SGD(nesterov=True), "SGD: nesterov is True and momentum is 0, expected momentum above 0"),
    "nesterov of a number": (TypeError, lambda: SGD(momentum=0.9, nesterov=1), "SGD: nesterov is 1, expected True or False"),
    "weight decay below 0": (ValueError, lambda: SGD(weight_decay=-0.1), "SGD: weight_decay is -0.1, expected a finite number, at least 0"),
    "a class as rate": (TypeError, lambda: SGD(SGD), "SGD: learning_rate is the class SGD, expected a number"),
    "parameters of one layer": (TypeError, lambda: SGD().step({"w": np.ones(3)}, [{"w": np.ones(3)}]), "SGD.step: params is {'w': array([1., 1., 1.])}, expected a list with a dictionary of arrays for each layer"),
    "no gradients": (TypeError, lambda: SGD().step([{"w": np.ones(3)}], None), "SGD.step: grads is None, expected a list with a dictionary"),
    "whole parameters": (TypeError, lambda: SGD().step([{"w": np.arange(3)}], [{"w": np.ones(3)}]), "SGD.step: params holds array([0, 1, 2]) of int64, expected arrays of floats"),
    "batches without generator": (TypeError, lambda: minibatches(10, 2, None), "minibatches: rng is None, expected a whole number of at least 0, or a numpy.random.Generator"),
    "shape of a gradient": (ValueError, lambda: SGD().step([{"w": np.ones(3)}], [{"w": np.ones(1)}]), "SGD.step: grads has an array of shape (1,), expected (3,)"),
    "names of gradients": (ValueError, lambda: SGD().step([{"w": np.ones(3)}], [{"b": np.ones(3)}]), "SGD.step: grads has the names [['b']], expected [['w']]"),
    "label too large": (ValueError, lambda: confusion_matrix([0, 3], [0, 1], 3), "confusion_matrix: labels[1] is 3, expected 0 to 2"),
    "label below 0": (ValueError, lambda: confusion_matrix([0, 1], [-1, 1], 3), "confusion_matrix: predicted[0] is -1, expected 0 to 2"),
    "labels of floats": (TypeError, lambda: confusion_matrix([0.0], [0], 3), "confusion_matrix: labels has dtype float64, expected integers"),
    "one-hot labels": (ValueError, lambda: confusion_matrix(T, LABELS, 3), "confusion_matrix: labels has shape (10, 3), expected (N,)"),
    "fewer read": (ValueError, lambda: confusion_matrix([0, 1], [0], 3), "confusion_matrix: predicted has shape (1,), expected (2,)"),
    "no labels": (ValueError, lambda: confusion_matrix([], [], 3), "confusion_matrix: labels has shape (0,), expected no empty axis"),
    "no classes": (ValueError, lambda: confusion_matrix([0], [0], 0), "confusion_matrix: classes is 0, expected at least 1"),
    "one label for all": (ValueError, lambda: accuracy(MODEL, X, [1]), "accuracy: labels has shape (1,), expected (10,), as x has"),
    "accuracy of targets": (ValueError, lambda: accuracy(MODEL, X, T), "accuracy: labels has shape (10, 3), expected (N,)"),
    "nothing to predict": (ValueError, lambda: predict(MODEL, X[:0]), "predict: x has shape (0, 2), expected no empty axis"),
    "nothing to evaluate": (ValueError, lambda: evaluate(MODEL, X[:0], T[:0]), "evaluate: x has shape (0, 2), expected no empty axis"),
    "no batch to evaluate": (ValueError, lambda: evaluate(MODEL, X, T, batch_size=0), "evaluate: batch_size is 0, expected at least 1"),
    "evaluation of labels": (ValueError, lambda: evaluate(MODEL, X, LABELS), "evaluate: t has shape (10,), expected (N, 3); one_hot makes targets of labels"),
    "evaluation of text": (TypeError, lambda: evaluate(MODEL, [["a", "b"]], T[:1]), "evaluate: x has dtype"),
    "no inputs to be accurate": (ValueError, lambda: accuracy(MODEL, X[:0], LABELS), "accuracy: x has shape (0, 2), expected no empty axis"),
    "no batch to be accurate": (ValueError, lambda: accuracy(MODEL, X, LABELS, batch_size=0), "accuracy: batch_size is 0, expected at least 1"),
    "no batch to predict": (ValueError, lambda: predict(MODEL, X, batch_size=0), "predict: batch_size is 0, expected at least 1"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_bad_input_is_refused_by_name(case):
    kind, call, message = REFUSED[case]
    before = parameters(MODEL)
    with pytest.raises(kind) as raised:
        call()
    assert message in str(raised.value)
    assert parameters(MODEL) == before


def test_a_step_leaves_nothing_that_waits_for_a_collection_of_garbage():
    "Such as its arrays, in a pullback that refers to itself."
    model, optimizer = Sequential([Dense(3), Dense(2)], (4,)), SGD(0.1)
    x, t = np.ones((5, 4)), np.tile([0, 1], (5, 1))
    train_step(model, x, t, optimizer=optimizer)
    gc.collect()
    gc.disable()
    train_step(model, x, t, optimizer=optimizer)
    left = gc.collect()
    gc.enable()
    assert left == 0


def zeroing(z, t):
    "A loss, or a metric, that writes into what it is given."
    return float(np.sum(np.multiply(z, 0, out=z)) + np.sum(np.multiply(t, 0, out=t)))


def test_a_loss_or_a_metric_cannot_change_outputs_or_targets():
    x, t, _ = task()
    kept = t.copy()
    calls = [
        lambda: evaluate(network(), x, t, loss=zeroing), lambda: evaluate(network(), x, t, metrics=(zeroing, "accuracy")),
        lambda: fit(network(), x, t, epochs=1, metrics=(zeroing, "accuracy"), verbose=False)]
    for call in calls:
        with pytest.raises(ValueError, match="read-only"):
            call()
    assert np.array_equal(t, kept)


def test_without_threadpoolctl_only_a_number_of_threads_is_an_error(monkeypatch):
    monkeypatch.setitem(sys.modules, "threadpoolctl", None)
    model = Sequential([Dense(2)], (3,), seed=0)
    x, t = np.ones((4, 3)), np.eye(2)[[0, 1, 0, 1]]
    fit(model, x, t, epochs=1, verbose=False)
    with pytest.raises(ModuleNotFoundError, match=r"pip install 'mlbook\[fast\]'"):
        fit(model, x, t, epochs=1, verbose=False, threads=1)


# What fit does beside learning: shares, weights, callbacks, transforms, batches that are given


def test_a_share_is_held_back_and_not_learned_from():
    x, t, _ = task()
    seen = []

    def note(inputs, rng):
        seen.append(inputs.copy())
        return inputs

    model = network()
    history = fit(model, x, t, epochs=2, validation_data=0.25, transform=note, seed=5, verbose=False)
    rng = np.random.default_rng(5)
    order = rng.permutation(60)
    held, learned = np.sort(order[:15]), np.sort(order[15:])
    epoch = np.concatenate(seen[: len(seen) // 2])
    assert sorted(map(tuple, epoch)) == sorted(map(tuple, x[learned]))
    assert np.isclose(history.validation_loss[-1], evaluate(model, x[held], t[held])["loss"], rtol=1e-6)
    twin = network()
    again = fit(twin, x[learned], t[learned], epochs=2, validation_data=(x[held], t[held]), seed=rng, verbose=False)
    assert again == history and parameters(twin) == parameters(model)


def test_a_share_of_a_file_is_not_copied():
    x, t, _ = task()
    source = OnDisk(x)
    model, twin = network(), network()
    one = fit(model, source, t, epochs=2, validation_data=0.2, seed=1, verbose=False)
    two = fit(twin, x, t, epochs=2, validation_data=0.2, seed=1, verbose=False)
    assert one == two and parameters(model) == parameters(twin)


def test_a_weight_of_two_is_a_sample_twice():
    x, t, _ = task(samples=12, dtype=np.float64)
    weights = np.ones(12)
    weights[3] = 2
    one, other = network(dtype=np.float64), network(dtype=np.float64)
    fit(one, x, t, epochs=1, batch_size=12, optimizer=SGD(0.12), sample_weight=weights, verbose=False)
    rows = [*range(12), 3]
    fit(other, x[rows], t[rows], epochs=1, batch_size=13, optimizer=SGD(0.13), verbose=False)
    for ours, theirs in zip(one.params, other.params):
        assert all(np.allclose(ours[name], theirs[name], rtol=1e-12) for name in ours)


def test_class_weights_are_those_of_the_loss():
    x, t, labels = task(dtype=np.float64)
    kappa = np.array([1.0, 3.0, 0.5])
    models = [network(dtype=np.float64) for _ in range(3)]
    a = fit(models[0], x, t, epochs=2, class_weight=kappa, verbose=False, validation_data=(x, t))
    b = fit(models[1], x, t, epochs=2, sample_weight=kappa[labels], verbose=False, validation_data=(x, t))
    c = fit(models[2], x, t, epochs=2, loss=partial(softmax_cross_entropy, class_weight=kappa), verbose=False)
    assert np.allclose(a.loss, b.loss) and a.loss == c.loss
    assert not np.allclose(a.validation_loss, b.validation_loss)  # weights of samples are for training
    assert parameters(models[0]) == parameters(models[2])


def test_a_callback_sees_and_stops():
    x, t, _ = task()
    seen = []

    def second(progress):
        seen.append((progress.epoch, progress.epochs, len(progress.history.loss)))
        assert progress.model is model and isinstance(progress.optimizer, SGD)
        if progress.epoch == 1:
            progress.stop()

    model = network()
    history = fit(model, x, t, epochs=9, callbacks=[second], verbose=False)
    assert seen == [(0, 9, 1), (1, 9, 2)] and len(history.loss) == 2


def test_a_transform_draws_from_the_generator_of_fit():
    x, t, _ = task()

    def noisy(inputs, rng):
        return inputs + rng.normal(scale=0.1, size=inputs.shape)

    models = [network() for _ in range(3)]
    histories = [fit(model, x, t, epochs=2, transform=noisy, seed=seed, verbose=False) for model, seed in zip(models, (1, 1, 2))]
    assert parameters(models[0]) == parameters(models[1]) and histories[0] == histories[1] != histories[2]
    assert {p.dtype for params in models[0].params for p in params.values()} == {np.dtype(np.float32)}


def test_batches_can_be_given():
    x, t, _ = task()
    model, twin = network(), network()
    batches = [(x[b], t[b]) for b in minibatches(60, 16, np.random.default_rng(0))]
    history = fit(model, batches, epochs=3, optimizer=SGD(0.1), validation_data=(x, t), verbose=False)
    sgd, losses = SGD(0.1), []
    for _ in range(3):
        losses.append(sum(train_step(twin, *pair, optimizer=sgd)[0] * len(pair[0]) for pair in batches) / 60)
    assert parameters(model) == parameters(twin) and np.allclose(history.loss, losses, rtol=1e-12)
    fit(model, ((a, b) for a, b in batches), epochs=1, verbose=False)


def test_given_batches_are_not_kept():
    tracemalloc.start()
    try:
        big = ((np.ones((1000, 200), np.float32), np.eye(2, dtype=np.float32)[np.arange(1000) % 2]) for _ in range(40))
        fit(Sequential([Dense(2)], (200,)), big, epochs=1, optimizer=SGD(1e-4), verbose=False)
        assert tracemalloc.get_traced_memory()[1] < 8e6
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(("call", "kind", "said"), [
    (lambda: fit(MODEL, [], verbose=False), ValueError, "fit: x gives no batch, expected an iterable"),
    (lambda: fit(MODEL, [X]), TypeError, "fit: batch 0 of x is array"),
    (lambda: fit(MODEL, [(X, T[:4])]), ValueError, "fit: t of batch 0 has 4 samples, expected 10"),
    (lambda: fit(MODEL, [(spoiled(X, np.nan), T)]), ValueError, "fit: x of batch 0 holds NaN or infinity in sample 3"),
    (lambda: fit(MODEL, iter([(X, T)])), TypeError, "which can be gone through once, expected a list or the like for 10 epochs"),
    (lambda: fit(MODEL, [(X, T)], validation_data=0.1), TypeError, "fit: validation_data is 0.1, expected None where x is an iterable"),
    (lambda: fit(MODEL, [(X, T)], sample_weight=np.ones(10)), TypeError, "fit: sample_weight is array"),
    (lambda: fit(MODEL, X), TypeError, "fit: t is None, and x no iterable of batches"),
    (lambda: fit(MODEL, X, T, validation_data=1.0), ValueError, "fit: validation_data is 1.0, expected a finite number, above 0 and below 1"),
    (lambda: fit(MODEL, X, T, validation_data=0.01), ValueError, "fit: validation_data is 0.01, which holds back 0 of 10 samples"),
    (lambda: fit(MODEL, X, T, sample_weight=np.ones(9)), ValueError, r"fit: sample_weight has shape \(9,\), expected \(10,\)"),
    (lambda: fit(MODEL, X, T, sample_weight=-np.ones(10)), ValueError, r"fit: sample_weight\[0\] is -1.0, expected a finite number, at least 0"),
    (lambda: fit(MODEL, X, T, class_weight=[1, 2]), ValueError, "fit: class_weight does not fit: softmax_cross_entropy: class_weight has shape"),
    (lambda: fit(MODEL, X, T, class_weight=[1, 2, 3], loss=squared_error), ValueError, "fit: loss is the function squared_error, which takes no class_weight"),
    (lambda: fit(MODEL, X, T, class_weight=[1, 2, 3], loss=partial(softmax_cross_entropy, class_weight=[1, 1, 1])), ValueError, "fit: loss has class_weight already"),
    (lambda: fit(MODEL, X, T, callbacks=print), TypeError, "fit: callbacks is .*, expected a list of functions"),
    (lambda: fit(MODEL, X, T, callbacks=[3]), TypeError, r"fit: callbacks\[0\] is 3, expected a function of a Progress"),
    (lambda: fit(MODEL, X, T, transform=3), TypeError, "fit: transform is 3, expected a function of inputs and a generator"),
    (lambda: fit(MODEL, X, T, transform=lambda x, rng: x[:1]), ValueError, r"fit: transform gives an array of shape \(1, 2\), expected \(10, 2\)"),
    (lambda: fit(MODEL, X, T, transform=lambda x, rng: x * np.nan), ValueError, "fit: what transform gives holds NaN or infinity in sample 0"),
])
def test_what_fit_cannot_take_is_told_before_the_first_step(call, kind, said):
    before, state = parameters(MODEL), MODEL.rng.bit_generator.state
    with pytest.raises(kind, match=said):
        call()
    assert parameters(MODEL) == before and MODEL.rng.bit_generator.state == state


def test_a_bar_shows_the_loss(capsys):
    x, t, _ = task()
    fit(network(), x, t, epochs=2, validation_data=(x, t))
    assert "validation_loss" in (shown := capsys.readouterr().err) and " loss " in shown.replace("=", " ").replace(",", " ")


def test_a_history_is_saved_whole_and_read_again(tmp_path):
    x, t, _ = task()
    history = fit(network(), x, t, epochs=2, validation_data=(x, t), verbose=False)
    path = tmp_path / "curves.json"
    history.save(path)
    assert History.load(path) == history and [file.name for file in tmp_path.iterdir()] == ["curves.json"]
    assert [*history.curves] == ["loss", "accuracy", "validation_loss", "validation_accuracy"]
    with pytest.raises(OSError):
        history.save(tmp_path / "nowhere" / "curves.json")


@pytest.mark.parametrize("text", ["", "[]", "{}", "[" * 100000, '{"format": "mlbook.History 2"}', "\x00", '"x"',
                                  '{"format": "mlbook.History 1", "loss": ["a"], "metrics": {}, "validation_loss": [], "validation_metrics": {}}',
                                  '{"format": "mlbook.History 1", "loss": [], "metrics": [], "validation_loss": [], "validation_metrics": {}}',
                                  '{"format": "mlbook.History 1", "loss": [], "metrics": {}, "validation_loss": [], "validation_metrics": {}, "more": 1}'])
def test_another_file_is_no_history(tmp_path, text):
    path = tmp_path / "curves.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match="History.load: .*curves.json' is not what History.save of this version writes"):
        History.load(path)


def test_a_history_draws_itself():
    history = History([2.0, 1.0], {"accuracy": [0.1, 0.5]}, [2.0, 1.5], {"accuracy": [0.1, 0.4]})
    figure = history.plot()
    assert [axes.get_ylabel() for axes in figure.axes] == ["loss", "accuracy"]
    assert [[list(line.get_ydata()) for line in axes.lines] for axes in figure.axes] == [[[2, 1], [2, 1.5]], [[0.1, 0.5], [0.1, 0.4]]]
