"""Batches, SGD, fit and the counts of mistakes: by hand, from loops, repeatable, and what is refused."""

import copy
import pickle

import mlbook
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mlbook import SGD, Dense, ReLU, Sequential, Tanh, accuracy, confusion_matrix, fit, minibatches, predict
from mlbook import one_hot, relative_error, softmax_cross_entropy, squared_error, train_step
from mlbook.training import confusion_matrix_loops, evaluate, momentum_step_loops

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
