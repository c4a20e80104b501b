"""Layers and Sequential: gradients against differences, first weights, types, sharing, and what is refused."""

import mlbook
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mlbook import Dense, LeakyReLU, ReLU, Sequential, Sigmoid, Softmax, Tanh, initial_weights
from mlbook import AvgPool2D, Conv2D, Flatten, MaxPool2D, numerical_gradient, relative_error
from mlbook.network import VARIANCES, Layer, composed_pullback_loops, network_backward, network_forward

EXAMPLES = settings(derandomize=True, deadline=None, max_examples=40, database=None)
ACTIVATIONS = (ReLU, LeakyReLU, Sigmoid, Tanh, Softmax)


def random_network(sizes, activations, seed, dtype=np.float64):
    "Dense layers with an activation behind each but the last, and random biases."
    layers = []
    for size, activation in zip(sizes[1:-1], activations):
        layers += [Dense(size), activation()]
    network = Sequential([*layers, Dense(sizes[-1])], (sizes[0],), seed=seed, dtype=dtype)
    rng = np.random.default_rng(seed)
    for params in network.params:
        if params:
            params["b"] += rng.normal(size=params["b"].shape).astype(dtype)
    return network


def away_from_kinks(network, x):
    "Whether no input of a layer is so near to 0 that a central difference crosses it."
    for layer in network.layers:
        if isinstance(layer, (ReLU, LeakyReLU)) and np.abs(x).min() < 1e-4:
            return False
        x = layer(x)
    return True


@EXAMPLES
@given(
    st.lists(st.integers(1, 5), min_size=2, max_size=5),
    st.lists(st.sampled_from(ACTIVATIONS), min_size=3, max_size=3),
    st.integers(1, 4),
    st.integers(0, 2**32 - 1),
)
def test_gradients_of_networks_agree_with_differences(sizes, activations, samples, seed):
    network = random_network(sizes, activations, seed)
    rng = np.random.default_rng(seed + 1)
    x, g = rng.normal(size=(samples, sizes[0])), rng.normal(size=(samples, sizes[-1]))
    if not away_from_kinks(network, x):
        return
    y, pullback = network.vjp(x)
    dx, grads = pullback(g)
    assert np.array_equal(y, network(x))
    floor = 1e-3 * np.sum(np.abs(g * y))
    measured = numerical_gradient(lambda x: np.sum(g * network(x)), x)
    assert relative_error(dx, measured, floor=floor) < 1e-7
    for layer, grad in zip(network.layers, grads, strict=True):
        assert set(grad) == set(layer.params)
        for name, kept in list(layer.params.items()):

            def total(value):
                layer.params[name] = value
                return np.sum(g * network(x))

            measured = numerical_gradient(total, kept)
            layer.params[name] = kept
            assert relative_error(grad[name], measured, floor=floor) < 1e-7


def test_a_wrong_order_of_pullbacks_is_found():
    network = random_network([3, 3, 3], [Tanh], 0)
    rng = np.random.default_rng(1)
    x, g = rng.normal(size=(4, 3)), rng.normal(size=(4, 3))
    _, pullbacks = network_forward(network.layers, x)
    right, _ = network_backward(pullbacks, g)
    wrong, _ = network_backward(pullbacks[::-1], g)
    assert relative_error(right, network.vjp(x)[1](g)[0]) == 0
    assert relative_error(right, wrong) > 1e-2


def test_the_loops_of_a_composition():
    rng = np.random.default_rng(2)
    g, outer, inner = rng.normal(size=3), rng.normal(size=(3, 5)), rng.normal(size=(5, 4))
    assert np.allclose(composed_pullback_loops(g, outer, inner), g @ outer @ inner, rtol=1e-12)


def test_a_pullback_gives_the_same_answer_twice():
    network = random_network([3, 4, 2], [ReLU], 3)
    g = np.random.default_rng(4).normal(size=(5, 2))
    _, pullback = network.vjp(np.random.default_rng(5).normal(size=(5, 3)))
    (dx, grads), (again, grads_again) = pullback(g), pullback(g)
    assert np.array_equal(dx, again)
    assert all(np.array_equal(a[n], b[n]) for a, b in zip(grads, grads_again) for n in a)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("given_dtype", [np.float32, np.float64, np.uint8])
def test_a_network_keeps_its_type(dtype, given_dtype):
    network = Sequential([Dense(4), LeakyReLU(), Dense(3), Softmax()], (5,), dtype=dtype)
    y, pullback = network.vjp(np.ones((2, 5), given_dtype))
    dx, grads = pullback(np.random.default_rng(6).normal(size=(2, 3)))
    arrays = [y, dx, network(np.ones((2, 5), given_dtype)), *(a for grad in grads for a in grad.values())]
    assert {array.dtype for array in arrays} == {np.dtype(dtype)}
    assert {p.dtype for params in network.params for p in params.values()} == {np.dtype(dtype)}


def parameters(network):
    return [p.tobytes() for params in network.params for p in params.values()]


def test_the_seed_decides_the_weights():
    first, same, other = (
        Sequential([Dense(6, initializer="he_normal"), ReLU(), Dense(2)], (4,), seed=seed) for seed in (7, 7, 8)
    )
    assert parameters(first) == parameters(same) != parameters(other)


def test_a_layer_that_is_given_is_that_layer():
    layers = [Dense(3), ReLU(), Dense(2)]
    network = Sequential(layers, (4,))
    assert all(own is given for own, given in zip(network.layers, layers, strict=True))
    network.params[0]["w"] += 1
    assert layers[0].params["w"] is network.params[0]["w"]
    layers.append(ReLU())
    assert len(network.layers) == 3


def test_a_layer_that_has_learned_keeps_what_it_has():
    trained = Sequential([Dense(3), ReLU(), Dense(2)], (4,), seed=1)
    kept = [array.copy() for array in trained.params[0].values()]
    upper = Sequential([*trained.layers[:2], Dense(5)], (4,), seed=2)
    assert upper.shapes == [(4,), (3,), (3,), (5,)]
    assert all(np.array_equal(a, b) for a, b in zip(trained.params[0].values(), kept, strict=True))
    upper.params[0]["b"] += 1
    x = np.ones((2, 4))
    assert np.array_equal(trained.layers[0](x), upper.layers[0](x))
    with pytest.raises(ValueError, match=r"dense: w has shape \(4, 3\), expected .*D = 7"):
        Sequential([trained.layers[0]], (7,))
    with pytest.raises(TypeError, match="Sequential: layers\\[0\\] has w of float32, expected float64"):
        Sequential([trained.layers[0]], (4,), dtype=np.float64)


def test_no_layer_learns_in_two_places():
    dense, relu = Dense(3), ReLU()
    message = r"Sequential: layers\[2\] is the same object as layers\[0\], expected a Dense of its own for each place"
    with pytest.raises(ValueError, match=message):
        Sequential([dense, relu, dense], (3,))
    assert dense.params == {}
    network = Sequential([Dense(3), relu, Dense(3), relu], (3,), dtype=np.float64)  # it learns nothing
    rng = np.random.default_rng(11)
    x, g = rng.normal(size=(2, 3)), rng.normal(size=(2, 3))
    dx, _ = network.vjp(x)[1](g)
    assert relative_error(dx, numerical_gradient(lambda x: np.sum(g * network(x)), x)) < 1e-7


SHOWN = {
    "Dense(3)": Dense(3),
    "Dense(3, initializer='he_normal')": Dense(3, initializer="he_normal"),
    "ReLU()": ReLU(),
    "LeakyReLU()": LeakyReLU(slope=0.01),
    "LeakyReLU(slope=0.1)": LeakyReLU(slope=0.1),
    "Conv2D(8, (5, 5), padding='same')": Conv2D(8, 5, padding="same"),
    "MaxPool2D(2, stride=1)": MaxPool2D(2, stride=1),
    "AvgPool2D((2, 3), count_include_pad=True)": AvgPool2D((2, 3), count_include_pad=True),
    "Layer(axis=1)": Layer(axis=1),
}


@pytest.mark.parametrize("shown", SHOWN)
def test_a_layer_shows_the_call_that_makes_it(shown):
    assert repr(SHOWN[shown]) == shown
    if shown != "Layer(axis=1)":
        assert repr(eval(shown)) == shown


def test_a_network_shows_its_summary(capsys):
    network = Sequential([Dense(3), ReLU()], (4,))
    print(network)
    assert capsys.readouterr().out == network.summary() + "\n"
    assert repr(network) == str(network) == network.summary()


@pytest.mark.parametrize("name", VARIANCES)
def test_first_weights_have_their_variance(name):
    w = initial_weights(name, (400, 300), 400, 300, np.random.default_rng(9))
    expected = 2 / 400 if name.startswith("he") else 2 / 700
    assert abs(w.var() / expected - 1) < 0.03 and abs(w.mean()) < 1e-3
    if name.endswith("uniform"):
        assert 0.99 < np.abs(w).max() / np.sqrt(3 * expected) <= 1
    else:
        assert np.abs(w).max() > 3.5 * np.sqrt(expected)


def test_biases_start_at_zero():
    assert not np.any(Sequential([Dense(5)], (3,)).params[0]["b"])


def test_the_summary_counts_and_names():
    summary = Sequential([Dense(128), ReLU(), Dense(10)], (784,)).summary()
    rows = [row.split() for row in summary.splitlines()]
    assert rows[0] == ["layer", "output", "parameters", "products"]
    assert rows[2] == ["Dense", "(128,)", f"{784 * 128 + 128:,}", f"{784 * 128:,}"]
    assert rows[-1] == ["total", f"{784 * 128 + 128 + 128 * 10 + 10:,}", f"{784 * 128 + 128 * 10:,}"]
    assert len({len(row) for row in summary.splitlines()}) == 1


IMAGE_LAYERS = {
    "convolution": ([Conv2D(3, (2, 3), stride=2, padding="same")], (3, 4, 4), 3 * 2 * 2 * 3 + 3, 36 * 16),
    "largest": ([MaxPool2D(3, stride=2, ceil_mode=True)], (2, 4, 3), 0, 0),
    "mean": ([AvgPool2D((2, 3), padding=(1, 0), count_include_pad=True)], (2, 5, 2), 0, 0),
    "row": ([Flatten()], (112,), 0, 0),
}


@pytest.mark.parametrize("case", IMAGE_LAYERS)
def test_layers_of_images_infer_shapes_and_counts(case):
    layers, shape, parameters, products = IMAGE_LAYERS[case]
    net = Sequential(layers, (2, 8, 7), seed=1)
    assert net(np.ones((5, 2, 8, 7))).shape == (5, *shape)
    assert net.shapes[-1] == shape
    assert net.summary().splitlines()[-1].split() == ["total", f"{parameters}", f"{products}"]


def test_filters_have_the_variance_of_their_fans():
    for name, variance in (("he_normal", 2 / (4 * 25)), ("glorot_uniform", 2 / (4 * 25 + 64 * 25))):
        [params] = Sequential([Conv2D(64, 5, initializer=name)], (4, 9, 9)).params
        assert params["w"].shape == (64, 4, 5, 5)
        assert np.isclose(params["w"].var(), variance, rtol=0.1)
        assert not params["b"].any()


def test_layers_of_images_refuse():
    with pytest.raises(ValueError, match=r"Conv2D: input_shape is \(784,\), expected \(C, H, W\)"):
        Sequential([Conv2D(3, 5)], (784,))
    with pytest.raises(ValueError, match="conv2d: .*expected"):
        Sequential([Conv2D(3, 5)], (1, 4, 4))
    with pytest.raises(ValueError, match="Conv2D: kernel_size is 0, expected"):
        Conv2D(3, 0)
    with pytest.raises(ValueError, match="max_pool2d: x has shape"):
        Sequential([MaxPool2D(2)], (784,))


def test_layers_carry_inputs_with_several_axes():
    "As the layers of images will be: a layer that changes the rank, between others."

    def total(x):
        return np.sum(x, axis=(2, 3))

    @mlbook.defvjp(total)
    def total_vjp(x):
        return total(x), lambda g: (np.broadcast_to(g[:, :, None, None], x.shape),)

    class Total(Layer):
        "Sums each channel."
        function = staticmethod(total)

        def initialize(self, input_shape, rng, dtype):
            return input_shape[:1]

    network = Sequential([Tanh(), Total(), Dense(2)], (3, 4, 5), dtype=np.float64)
    assert network.shapes == [(3, 4, 5), (3, 4, 5), (3,), (2,)]
    rng = np.random.default_rng(10)
    x, g = rng.normal(size=(2, 3, 4, 5)), rng.normal(size=(2, 2))
    dx, _ = network.vjp(x)[1](g)
    assert relative_error(dx, numerical_gradient(lambda x: np.sum(g * network(x)), x)) < 1e-7
    with pytest.raises(ValueError, match=r"Sequential: x has shape \(2, 60\), expected \(N, 3, 4, 5\)"):
        network(x.reshape(2, 60))


NETWORK = Sequential([Dense(4), ReLU()], (3,))
REFUSED = {
    "rank": (ValueError, lambda: NETWORK(np.ones(3)), "Sequential: x has shape (3,), expected (N, 3)"),
    "size": (ValueError, lambda: NETWORK(np.ones((2, 4))), "Sequential: x has shape (2, 4), expected (N, 3)"),
    "size, backwards": (ValueError, lambda: NETWORK.vjp(np.ones((2, 4))), "x has shape (2, 4), expected (N, 3)"),
    "empty batch": (ValueError, lambda: NETWORK(np.ones((0, 3))), "Sequential: x has shape (0, 3), expected no empty axis"),
    "no number": (TypeError, lambda: NETWORK([["a", "b", "c"]]), "Sequential: x has dtype"),
    "upstream": (ValueError, lambda: NETWORK.vjp(np.ones((2, 3)))[1](np.ones((1, 4))), "g has shape (1, 4), expected (2, 4)"),
    "initializer": (ValueError, lambda: Dense(3, initializer="zeros"), "Dense: initializer is 'zeros', expected one of glorot_normal"),
    "name": (ValueError, lambda: initial_weights("he", (2, 2), 2, 2, None), "initial_weights: name is 'he', expected one of"),
    "fan": (ValueError, lambda: initial_weights("he_normal", (2, 2), 0, 2, None), "initial_weights: fan_in is 0, expected at least 1"),
    "no units": (ValueError, lambda: Dense(0), "Dense: units is 0, expected at least 1"),
    "half a unit": (TypeError, lambda: Dense(2.5), "Dense: units is 2.5, expected a whole number"),
    "not initialised": (ValueError, lambda: Dense(3)(np.ones((2, 2))), "Dense: params lacks w, b, expected"),
    "not initialised, backwards": (ValueError, lambda: Dense(3).vjp(np.ones((2, 2))), "Dense: params lacks w, b, expected"),
    "images": (ValueError, lambda: Sequential([Dense(3)], (1, 28, 28)), "Dense: input_shape is (1, 28, 28), expected one axis"),
    "a class": (TypeError, lambda: Sequential([Dense(3), ReLU], (2,)), "layers[1] is <class 'mlbook.network.ReLU'>, expected a Layer, such as ReLU()"),
    "a function": (TypeError, lambda: Sequential([mlbook.relu], (2,)), "Sequential: layers[0] is <function relu"),
    "no layers": (ValueError, lambda: Sequential([], (2,)), "Sequential: layers is empty, expected at least one Layer"),
    "shape": (TypeError, lambda: Sequential([Dense(3)], 784), "Sequential: input_shape is 784, expected a tuple"),
    "empty axis": (ValueError, lambda: Sequential([Dense(3)], (0,)), "Sequential: input_shape is 0, expected at least 1"),
    "type": (TypeError, lambda: Sequential([Dense(3)], (2,), dtype=np.int32), "Sequential: dtype is int32, expected a float type"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_bad_input_is_refused_by_name(case):
    kind, call, message = REFUSED[case]
    with pytest.raises(kind) as raised:
        call()
    assert message in str(raised.value)
