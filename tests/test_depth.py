"""Layers for depth: training and use, running statistics, blocks as layers, copies, and mutants of their rules."""

import copy
import pickle
from pathlib import Path

import mlbook
import numpy as np
import pytest
from mlbook import SGD, BatchNorm, Conv2D, Dense, Dropout, Flatten, ReLU, Residual, Sequential, Tanh
from mlbook import batch_norm, dot_product_error, fit, gradient_error, gradients, one_hot, train_step
from mlbook.autodiff import RULES
from mlbook.depth import batch_statistics
from mlbook.gradcheck import TOLERANCE
from mlbook.mutants import mutants
from shared import survives

RNG = np.random.default_rng(0)
X = RNG.normal(size=(6, 4))
MAPS = RNG.normal(size=(3, 2, 5, 4))


@pytest.fixture(autouse=True)
def the_same_draws_in_every_order():
    RNG.bit_generator.state = np.random.default_rng(1).bit_generator.state


def deep(seed=0, dtype=np.float64):
    inner = [BatchNorm(), ReLU(), Dense(5), Dropout(0.3), Residual([Dense(5), Tanh()])]
    return Sequential([Dense(5), Residual(inner), BatchNorm(), Dense(3)], (4,), seed=seed, dtype=dtype)


def images(dtype=np.float64):
    layers = [Conv2D(3, 3, padding=1), BatchNorm(), ReLU(), Residual([Conv2D(3, 3, padding=1), BatchNorm()]), Flatten(), Dense(2)]
    return Sequential(layers, (2, 5, 4), dtype=dtype)


def learned(model, steps=3):
    for _ in range(steps):
        train_step(model, X, one_hot([0, 1, 2, 0, 1, 2], 3), optimizer=SGD(0.1))
    return model


# Gradients


@pytest.mark.parametrize("training", [False, True])
@pytest.mark.parametrize("model, x", [(deep, X), (images, MAPS)])
def test_gradients_of_networks(model, x, training):
    for error in (gradient_error, dot_product_error):
        assert error(model(), x, training=training) < TOLERANCE


def test_the_statistics_are_constants_in_use():
    gamma, beta, mean, variance = RNG.uniform(0.5, 2, (4, 4))
    y, pullback = mlbook.vjp(batch_norm, X, gamma, beta, statistics=(mean, variance))
    assert np.allclose(y, gamma * (X - mean) / np.sqrt(variance + 1e-5) + beta, rtol=1e-12)
    assert gradient_error(batch_norm, X, gamma, beta, statistics=(mean, variance)) < TOLERANCE
    same = batch_norm(X, gamma, beta, statistics=batch_statistics(X))
    assert np.allclose(same, batch_norm(X, gamma, beta), rtol=1e-12)


def test_the_gradient_has_no_mean_and_no_part_along_the_output():
    ones, g = np.ones(2), RNG.normal(size=MAPS.shape)
    y, pullback = mlbook.vjp(batch_norm, MAPS, ones, 0 * ones, epsilon=1e-12)
    dx, _, _ = pullback(g)
    assert np.abs(dx.sum(axis=(0, 2, 3))).max() < 1e-12 and np.abs((dx * y).sum(axis=(0, 2, 3))).max() < 1e-9


SAME = {"(0, *range(2, y.ndim)) → (*range(2, y.ndim), 0)", "False → True"}  # the order of axes to sum over; a copy


def test_every_rule_of_the_module_is_mutated():
    assert {function.__name__ for function in RULES if function.__module__ == "mlbook.depth"} == {"batch_norm", "dropout"}


@pytest.mark.parametrize("name", ["batch_norm", "dropout"])
def test_random_checks_find_every_mutant(name):
    function = getattr(mlbook, name)
    gamma, beta = RNG.uniform(0.5, 2, (2, 3))
    options = [{}, {"statistics": (beta, gamma)}] if name == "batch_norm" else [{}]
    x = RNG.normal(size=(4, 3, 2))
    arrays = (x, gamma, beta) if name == "batch_norm" else (x, RNG.normal(size=x.shape))
    calls = [(arrays, each) for each in options]
    assert survives(RULES[function], function, calls)
    made = list(mutants(RULES[function]))
    assert len(made) >= (40 if name == "batch_norm" else 5)
    left = {change.partition(": ")[2] for change, rule in made if survives(rule, function, calls)}
    assert left == (SAME if name == "batch_norm" else set())


# Batch normalisation as a layer


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_running_statistics_equal_pytorchs_after_three_batches(dtype):
    with np.load(Path(__file__).parent / "fixtures" / "torch_depth.npz") as archive:
        stored = {name.split(".")[-1]: archive[name] for name in archive.files if name.startswith(f"running.{dtype}")}
    layer = BatchNorm(momentum=0.2, epsilon=1e-3)
    network = Sequential([layer], (3, 2, 2), dtype=dtype)
    rounding = 20 * np.finfo(dtype).eps
    for batch, output, kept in zip(stored["batches"], stored["outputs"], stored["kept"], strict=True):
        y, _ = network.vjp(batch, training=True)
        np.testing.assert_allclose(y, output, rtol=rounding, atol=rounding)
        np.testing.assert_allclose(list(layer.state.values()), kept, rtol=rounding, atol=rounding)
    np.testing.assert_allclose(network(stored["batches"][0]), stored["in_use"], rtol=rounding, atol=rounding)
    assert list(layer.state) == ["running_mean", "running_var"]
    assert {array.dtype for array in layer.state.values()} == {np.dtype(dtype)}


def test_only_training_moves_the_statistics():
    network = learned(deep())
    before = pickle.dumps(network.state[2])
    network(X), network.vjp(X), network.predict(X), mlbook.evaluate(network, X, np.eye(3)[[0, 1, 2, 0, 1, 2]])
    assert pickle.dumps(network.state[2]) == before
    network.vjp(X, training=True)
    assert pickle.dumps(network.state[2]) != before


def test_in_use_a_sample_is_answered_for_itself():
    network = learned(deep())
    assert np.allclose(network(X)[2:3], network(X[2:3]), rtol=1e-12)
    trained_first, trained_alone = network.vjp(X, training=True)[0], network.vjp(X[:3], training=True)[0]
    assert not np.allclose(trained_first[:3], trained_alone)


def test_an_older_pullback_in_use_keeps_its_statistics():
    layer = BatchNorm()
    network = Sequential([layer], (4,), dtype=float)
    y, pullback = network.vjp(X)
    before = pullback(np.ones_like(y))[0]
    network.vjp(X + 5, training=True)
    assert np.array_equal(pullback(np.ones_like(y))[0], before)


def test_one_number_in_a_channel_has_no_spread():
    network = Sequential([BatchNorm()], (4,))
    assert np.allclose(network(X[:1]), X[:1], rtol=1e-4)
    before = pickle.dumps(network.state)
    with pytest.raises(ValueError, match=r"^batch_norm: x has shape \(1, 4\), expected at least 2 numbers in each channel"):
        network.vjp(X[:1], training=True)
    assert pickle.dumps(network.state) == before
    one = Sequential([BatchNorm()], (2, 5, 4))
    one.vjp(MAPS[:1], training=True)  # 20 pixels


def test_bias_and_size_of_the_weights_before_do_not_matter():
    network = Sequential([Dense(3), BatchNorm(epsilon=1e-12), Dense(2)], (4,), dtype=float)
    y, pullback = network.vjp(X, training=True)
    g = RNG.normal(size=y.shape)
    _, (first, *_) = pullback(g)
    assert np.abs(first["b"]).max() < 1e-12
    w = network.params[0]["w"]
    assert np.abs(np.sum(first["w"] * w, axis=0)).max() < 1e-9
    network.params[0]["w"] = 3 * w
    again, pullback = network.vjp(X, training=True)
    assert np.allclose(again, y) and np.allclose(3 * pullback(g)[1][0]["w"], first["w"])


# Dropout as a layer


@pytest.mark.parametrize("rate", [0, 0.25, 0.5, 0.9])
def test_dropout_keeps_the_expectation(rate):
    network = Sequential([Dropout(rate)], (1000,), seed=3, dtype=float)
    y = np.array([network.vjp(np.ones((1, 1000)), training=True)[0] for _ in range(50)])
    assert set(np.unique(y)) <= {0, 1 / (1 - rate)}
    assert abs(y.mean() - 1) < 6 * np.sqrt(rate / (1 - rate) / y.size) + 1e-12
    assert abs(y.var() - rate / (1 - rate)) < 0.05 * max(rate / (1 - rate), 1e-9)
    assert np.array_equal(network(np.ones((1, 1000))), np.ones((1, 1000)))


def test_the_seed_decides_what_is_dropped():
    first, same, other = (deep(seed) for seed in (1, 1, 2))
    outputs = [network.vjp(X, training=True)[0] for network in (first, same, other)]
    assert np.array_equal(outputs[0], outputs[1]) and not np.array_equal(outputs[0], outputs[2])
    assert first[1].layers[3].rng is first.rng
    copied = copy.deepcopy(first)
    assert copied[1].layers[3].rng is copied.rng is not first.rng


def test_dropout_keeps_the_type():
    for dtype in (np.float32, np.float64):
        layer = Dropout()
        layer.initialize((4,), np.random.default_rng(0), dtype)
        for training in (False, True):
            y, pullback = layer.vjp(X.astype(dtype), training=training)
            assert y.dtype == pullback(np.ones(X.shape))[0].dtype == dtype


# Residual blocks


def test_a_block_is_its_input_plus_its_layers():
    layers = [Dense(4), Tanh()]
    network = Sequential([Residual(layers)], (4,), dtype=float)
    y, pullback = network.vjp(X)
    inner, inner_pullback = Sequential(layers, (4,), dtype=float).vjp(X)
    g = RNG.normal(size=X.shape)
    assert np.array_equal(y, X + inner) and np.array_equal(network(X), y)
    (dx, [own]), (inner_dx, grads) = pullback(g), inner_pullback(g)
    assert np.allclose(dx, g + inner_dx) and np.array_equal(own["0.w"], grads[0]["w"])


def test_a_block_has_the_arrays_of_its_layers():
    network = deep()
    block, outer = network[1], network.params[1]
    assert list(outer) == ["0.gamma", "0.beta", "2.w", "2.b", "4.0.w", "4.0.b"]
    assert list(network.state[1]) == ["0.running_mean", "0.running_var"]
    assert outer["4.0.w"] is block.layers[4].layers[0].params["w"]
    assert outer is network.params[1]
    network.params[1]["2.w"] = np.zeros((5, 5))
    assert block.layers[2].params["w"] is network.params[1]["2.w"] and not block.layers[2].params["w"].any()
    block.layers[2].params["b"] = np.ones(5)
    assert network.params[1]["2.b"] is block.layers[2].params["b"]
    for name in block.params:
        block.params[name] = 2 * block.params[name]
    assert np.all(block.layers[2].params["b"] == 2)
    block.state = {name: array + 1 for name, array in block.state.items()}
    assert np.all(block.layers[0].state["running_mean"] == 1)


def test_a_pullback_of_a_block_is_too_old_after_a_step():
    network, block = deep(), deep()[1]
    _, pullback = network.vjp(X)
    learned(network, steps=1)
    with pytest.raises(RuntimeError, match="the pullback is older than the last change of params"):
        pullback(np.ones((6, 3)))
    for model in (block, block.layers[2], block.layers[4].layers[0]):
        y, pullback = model.vjp(RNG.normal(size=(2, 5)))
        block.params.version += 1
        with pytest.raises(RuntimeError, match="the pullback is older than the last change of params"):
            pullback(np.ones_like(y))


def test_the_summary_counts_what_is_in_a_block():
    rows = [row.split() for row in deep().summary().splitlines()]
    assert rows[3] == ["Residual", "(5,)", "70", "50"] and rows[-1] == ["total", "123", "85"]
    assert [row.split()[-2:] for row in images().summary().splitlines()][5] == ["90", "1,620"]
    assert repr(deep()[1].layers[4]) == "Residual((Dense(5), Tanh()))" and repr(BatchNorm(momentum=0.2)) == "BatchNorm(momentum=0.2)"
    assert repr(Dropout(0.2)) == "Dropout(rate=0.2)"


def arrays_of(network):
    return [array for named in (*network.params, *network.state) for array in named.values()]


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda network: pickle.loads(pickle.dumps(network)), lambda n: n.astype(float)])
def test_copies_have_their_own_arrays(copied):
    network = learned(deep())
    other = copied(network)
    assert np.array_equal(other(X), network(X))
    assert not any(np.shares_memory(a, b) for a, b in zip(arrays_of(network), arrays_of(other), strict=True))
    before = [array.copy() for array in arrays_of(network)]
    learned(other)
    assert all(map(np.array_equal, arrays_of(network), before))
    assert other.params[1]["2.w"] is other[1].layers[2].params["w"]


def test_another_type_takes_the_state_along():
    network = learned(deep(dtype=np.float32))
    wide = network.astype(np.float64)
    assert {array.dtype for array in arrays_of(wide)} == {np.dtype(np.float64)} and wide.dtype == np.float64
    assert np.allclose(wide(X), network(X), rtol=1e-4, atol=1e-5)
    assert network[1].astype(np.float64).state["0.running_var"].dtype == np.float64
    assert {a.dtype for grad in gradients(network, X, one_hot([0] * 6, 3))[1] for a in grad.values()} == {np.dtype(np.float32)}


def test_trained_layers_keep_their_arrays_in_another_network():
    network = learned(deep())
    again = Sequential([*network[:3], Dense(2)], (4,), dtype=float)
    assert np.array_equal(again[:3](X), network[:3](X))
    partly = Residual([network[1].layers[0], Dense(5)])
    Sequential([partly], (5,), dtype=float)
    assert partly.layers[0].state is network[1].layers[0].state and list(partly.params) == ["0.gamma", "0.beta", "1.w", "1.b"]


def test_a_block_that_fails_leaves_no_arrays():
    layers = [Dense(5), BatchNorm(), Dense(3)]
    with pytest.raises(ValueError, match=r"^Residual: the layers turn \(4,\) into \(3,\), expected the same shape"):
        Sequential([Residual(layers)], (4,))
    assert [dict(layer.params) for layer in layers] == [{}, {}, {}]


def test_no_layer_is_in_two_places_of_a_block_and_a_network():
    dense = Dense(4)
    with pytest.raises(ValueError, match=r"^Sequential: layers\[1\] has the same object as layers\[0\], expected a Dense"):
        Sequential([dense, Residual([dense])], (4,))
    with pytest.raises(ValueError, match=r"^Residual: layers\[1\] is the same object as layers\[0\], expected a Dense"):
        Residual([dense, dense])


def test_fit_trains_them_the_same_way_twice():
    rows, t = RNG.normal(size=(64, 4)), one_hot(np.arange(64) % 3, 3)
    networks = [deep(seed=4), deep(seed=4)]
    histories = [fit(network, rows, t, epochs=3, batch_size=16, verbose=False) for network in networks]
    assert histories[0] == histories[1]
    assert all(map(np.array_equal, arrays_of(networks[0]), arrays_of(networks[1])))
