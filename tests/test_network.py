"""Layers and Sequential: gradients against differences, first weights, types, sharing, and what is refused."""

import copy
import pickle
import tracemalloc

import mlbook
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mlbook import Dense, LeakyReLU, ReLU, Sequential, Sigmoid, Softmax, Tanh, initial_weights
from mlbook import SGD, AvgPool2D, Conv2D, Flatten, MaxPool2D, gradient_error, numerical_gradient, predict, relative_error, vjp
from mlbook.gradcheck import TOLERANCE
from mlbook.network import VARIANCES, Layer, Parameters, composed_pullback_loops, network_backward, network_forward

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
    "a class": (TypeError, lambda: Sequential([Dense(3), ReLU], (2,)), "layers[1] is the class ReLU, expected a Layer, such as ReLU()"),
    "a function": (TypeError, lambda: Sequential([mlbook.relu], (2,)), "Sequential: layers[0] is the function relu"),
    "no layers": (ValueError, lambda: Sequential([], (2,)), "Sequential: layers is empty, expected at least one Layer"),
    "shape": (TypeError, lambda: Sequential([Dense(3)], 784), "Sequential: input_shape is 784, expected a tuple"),
    "empty axis": (ValueError, lambda: Sequential([Dense(3)], (0,)), "Sequential: input_shape is 0, expected at least 1"),
    "type": (TypeError, lambda: Sequential([Dense(3)], (2,), dtype=np.int32), "Sequential: dtype is the class int32, expected a float type"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_bad_input_is_refused_by_name(case):
    kind, call, message = REFUSED[case]
    with pytest.raises(kind) as raised:
        call()
    assert message in str(raised.value)


# A network is a sequence of layers


def small(seed=0, dtype=np.float64):
    return Sequential([Dense(4), Tanh(), Dense(3), Softmax()], (5,), seed=seed, dtype=dtype)


X = np.random.default_rng(20).normal(size=(6, 5))


def test_a_network_has_a_length_an_order_and_places():
    network = small()
    assert len(network) == 4 and [type(layer) for layer in network] == [Dense, Tanh, Dense, Softmax]
    assert all(network[i] is layer for i, layer in enumerate(network.layers))
    assert network[-1] is network.layers[3] and network[np.int64(2)] is network.layers[2]


def test_a_slice_shares_the_layers_and_draws_nothing():
    network = small()
    before, state = [a.copy() for p in network.params for a in p.values()], network.rng.bit_generator.state
    lower, upper = network[:2], network[2:]
    assert network.rng.bit_generator.state == state and lower.rng is network.rng
    assert all(np.array_equal(a, b) for a, b in zip(before, [a for p in network.params for a in p.values()], strict=True))
    assert lower.params[0] is network.params[0] and upper[0] is network[2]
    assert (lower.shapes, upper.shapes) == ([(5,), (4,), (4,)], [(4,), (3,), (3,)])
    assert np.array_equal(upper(lower(X)), network(X)) and len(network) == 4
    assert lower.dtype == network.dtype and network[1:-1].summary().count("Tanh") == 1
    with pytest.raises(ValueError, match=r"Sequential: x has shape \(6, 5\), expected \(N, 4\)"):
        upper(X)


def test_a_network_among_the_layers_stands_for_its_layers():
    inner, flat = Sequential([Dense(4), Tanh()], (5,), seed=3, dtype=np.float64), small(seed=3)
    network = Sequential([inner, Sequential([Dense(3)], (4,), dtype=np.float64), Softmax()], (5,), dtype=np.float64)
    assert [type(layer) for layer in network] == [type(layer) for layer in flat]
    assert network[0] is inner[0] and network[0].params["w"].tobytes() == flat[0].params["w"].tobytes()
    assert gradient_error(network, X) < TOLERANCE
    with pytest.raises(ValueError, match=r"layers\[2\] is the same object as layers\[0\], expected a Dense"):
        Sequential([inner, inner], (5,), dtype=np.float64)


def test_the_layers_of_a_network_are_fixed():
    "A list could be changed behind the shapes that were written down."
    with pytest.raises(AttributeError, match="append"):
        small().layers.append(Tanh())
    with pytest.raises(TypeError, match="does not support item assignment"):
        small().params[0] = {"w": np.zeros((5, 4)), "b": np.zeros(4)}  # it would go into a list that nobody has


def test_a_layer_works_by_itself_after_it_was_put_into_a_network():
    layers = [Dense(4), Tanh(), Dense(3)]
    network = Sequential(layers, (5,), dtype=np.float64)
    assert np.array_equal(layers[2](layers[1](layers[0](X))), network(X))
    y, pullback = layers[0].vjp(X)
    assert np.array_equal(pullback(y)[1]["b"], y.sum(axis=0))
    assert gradient_error(layers[0], X) < TOLERANCE


# Parameters know how often they were changed


def steps(network, x=X):
    "A step of descent, as `fit` makes it."
    y, pullback = network.vjp(x)
    SGD(0.1).step(network.params, pullback(y)[1])


def change_in_place(network):
    for params in network.params:
        for name in params:
            params[name] -= 0.1


def replace_arrays(network):
    for layer in network:
        layer.params = {name: array.copy() for name, array in layer.params.items()}


def update_arrays(network):
    for params in network.params:
        params.update({name: array.copy() for name, array in params.items()})


@pytest.mark.parametrize("change", [steps, change_in_place, replace_arrays, update_arrays])
def test_a_pullback_from_before_a_step_is_refused(change):
    network = small()
    pullbacks = [network.vjp(X), network[:2].vjp(X), network[0].vjp(X)]
    change(network)
    for owner, (y, pullback) in zip(("Sequential", "Sequential", "Dense"), pullbacks, strict=True):
        with pytest.raises(RuntimeError, match=f"{owner}.vjp: the pullback is older than the last change of params, expected"):
            pullback(y)
    y, pullback = network.vjp(X)
    assert pullback(y)[0].shape == X.shape


def test_a_step_of_another_network_leaves_a_pullback_as_it_is():
    network, other = small(), small()
    y, pullback = network.vjp(X)
    expected = pullback(y)[0]
    steps(other)
    steps(copy.deepcopy(network))
    assert np.array_equal(pullback(y)[0], expected)


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda model: pickle.loads(pickle.dumps(model))])
def test_copies_and_pickles_are_networks_of_their_own(copied):
    network = small()
    steps(network)
    twin = copied(network)
    assert all(isinstance(params, Parameters) for params in twin.params)
    assert np.array_equal(twin(X), network(X)) and twin.rng is not network.rng
    assert twin.rng.random() == copy.deepcopy(network.rng).random()
    kept = network(X)
    steps(twin)
    assert np.array_equal(network(X), kept) and not np.array_equal(twin(X), kept)
    y, pullback = twin.vjp(X)
    steps(twin)
    with pytest.raises(RuntimeError, match="older than the last change"):
        pullback(y)


def test_parameters_show_their_shapes():
    assert repr(small().params[0]) == "Parameters(w: (5, 4), b: (4,))"
    layer = Dense(2)
    layer.params = {"w": np.ones((3, 2)), "b": np.zeros(2)}
    assert isinstance(layer.params, Parameters) and np.array_equal(layer(np.ones((1, 3))), [[3, 3]])
    kept = layer.params
    layer.params = kept
    assert layer.params is kept


# Layers of one's own


class Dropout(Layer):
    "Sets a share of its inputs to zero while the network learns, and enlarges the rest."

    def __init__(self, share=0.5):
        super().__init__()
        self.share = share

    def initialize(self, input_shape, rng, dtype):
        self.rng = rng
        return input_shape

    def __call__(self, x):
        return x

    def vjp(self, x, *, training=False):
        if not training:
            return x, lambda g: (g, {})
        factor = (self.rng.random(x.shape) >= self.share) / x.dtype.type(1 - self.share)
        return x * factor, lambda g: (g * factor, {})


class Forgetful(Dropout):
    "Draws again on the way back, which is wrong."

    def vjp(self, x, *, training=False):
        y, _ = super().vjp(x, training=training)
        return y, lambda g: (super(Forgetful, self).vjp(g, training=training)[0], {})


def test_a_layer_knows_whether_the_network_learns():
    network = Sequential([Dense(400), Dropout(0.25), Dense(3)], (5,), dtype=np.float64)
    assert np.array_equal(network(X), network(X)) and np.array_equal(network.vjp(X)[0], network(X))
    assert not np.array_equal(network.vjp(X, training=True)[0], network.vjp(X, training=True)[0])
    hidden = network[:2].vjp(X, training=True)[0]
    assert abs(np.mean(hidden == 0) - 0.25) < 0.03
    assert np.allclose(hidden[hidden != 0], network[:1](X)[hidden != 0] / 0.75)
    assert repr(network[1]) == "Dropout(share=0.25)" and network[1].rng is network.rng
    twin = copy.deepcopy(network)
    assert twin[1].rng is twin.rng and np.array_equal(
        twin.vjp(X, training=True)[0], copy.deepcopy(network).vjp(X, training=True)[0]
    )


def test_a_layer_with_chance_is_checked_with_one_and_the_same_draw():
    for layer, right in ((Dropout(0.25), True), (Forgetful(0.25), False)):
        network = Sequential([Dense(8), layer, Tanh(), Dense(3)], (5,), seed=1)
        state = network.rng.bit_generator.state
        error = gradient_error(network, X, training=True)
        assert (error < TOLERANCE) == right and (right or error > 1e-3)
        assert gradient_error(network, X) < TOLERANCE
        assert network.rng.bit_generator.state == state


def test_training_passes_that_it_is_training():
    seen = []

    class Watch(Dropout):
        def vjp(self, x, *, training=False):
            seen.append(training)
            return super().vjp(x, training=training)

    network = Sequential([Dense(4), Watch(), Dense(2)], (5,))
    t = np.eye(2)[np.arange(6) % 2]
    mlbook.fit(network, X, t, epochs=2, validation_data=(X, t), verbose=False)
    assert seen == [True, True]
    network(X), network.predict(X), network.vjp(X)
    assert seen == [True, True, False]


def test_the_pullback_of_a_layer_gives_a_gradient_for_each_argument():
    def shift(x, b):
        return x + b

    @mlbook.defvjp(shift)
    def shift_vjp(x, b):
        return x + b, lambda g: (g,)

    class Shift(Layer):
        function, learns = staticmethod(shift), ("b",)

        def initialize(self, input_shape, rng, dtype):
            self.params = {"b": np.zeros(input_shape, dtype)}
            return input_shape

    _, pullback = Sequential([Shift()], (5,)).vjp(X)
    with pytest.raises(ValueError, match="Shift: the pullback returned 1 gradients, expected one each for x, b"):
        pullback(X)


def test_what_initialize_returns_and_makes_is_checked():
    class Nothing(Dropout):
        def initialize(self, input_shape, rng, dtype):
            self.rng = rng

    class Wide(Dropout):
        def initialize(self, input_shape, rng, dtype):
            self.params = {"s": np.ones(input_shape)}
            return input_shape

    with pytest.raises(TypeError, match=r"Sequential: layers\[1\].initialize returned None, expected the shape of an output"):
        Sequential([Dense(3), Nothing()], (5,))
    with pytest.raises(TypeError, match=r"Sequential: layers\[0\] has s of float64, expected float32"):
        Sequential([Wide()], (5,))


def test_a_network_that_cannot_be_made_leaves_its_layers_as_they_were():
    first, trained = Dense(3), small(dtype=np.float32)[0]
    kept = trained.params["w"].copy()
    with pytest.raises(ValueError, match="Conv2D: input_shape"):
        Sequential([trained, first, Conv2D(2, 3)], (5,))
    assert first.params == {} and np.array_equal(trained.params["w"], kept)
    again, fresh = Sequential([trained, first], (5,), seed=4), Sequential([trained, Dense(3)], (5,), seed=4)
    assert np.array_equal(again(X), fresh(X))


def test_the_gradient_that_comes_from_above_has_the_shape_of_the_output():
    network = Sequential([Dropout()], (5,))
    with pytest.raises(ValueError, match=r"pullback: g has shape \(5,\), expected \(6, 5\)"):
        network.vjp(X)[1](np.ones(5))
    with pytest.raises(TypeError, match="pullback: g has dtype <U1"):
        network.vjp(X)[1]([["a", "b", "c"]])


def test_a_seed_may_be_a_generator_which_goes_on():
    rng = np.random.default_rng(5)
    first, second = (Sequential([Dense(3)], (5,), seed=rng) for _ in range(2))
    assert first.rng is second.rng is rng
    assert not np.array_equal(first.params[0]["w"], second.params[0]["w"])
    alone = Sequential([Dense(3)], (5,), seed=5)
    assert np.array_equal(first.params[0]["w"], alone.params[0]["w"])


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_a_network_in_another_type(dtype):
    network = small(dtype=np.float32)
    before = [a.tobytes() for p in network.params for a in p.values()]
    changed = network.astype(dtype)
    assert changed.dtype == dtype and changed(X).dtype == dtype and changed.vjp(X)[1](X[:, :3])[0].dtype == dtype
    assert np.allclose(changed(X), network(X), atol=1e-2)
    changed.params[0]["w"] += 1
    assert [a.tobytes() for p in network.params for a in p.values()] == before and network.dtype == np.float32
    layer = network[0].astype(dtype)
    assert layer.params["w"].dtype == dtype and layer.params["w"] is not network[0].params["w"]


class Residual(Layer):
    "Adds to its inputs what a network of its own makes of them; names its gradients in another order."

    def initialize(self, input_shape, rng, dtype):
        self.inner = Sequential([Dense(6), Tanh(), Dense(*input_shape)], input_shape, seed=rng, dtype=dtype)
        self.params = {f"{i}{name}": a for i, p in enumerate(self.inner.params) for name, a in p.items()}
        return input_shape

    def __call__(self, x):
        return x + self.inner(x)

    def vjp(self, x, *, training=False):
        y, pullback = self.inner.vjp(x, training=training)

        def back(g):
            dx, grads = pullback(g)
            named = [(f"{i}{name}", a) for i, p in enumerate(grads) for name, a in p.items()]
            return g + dx, dict(reversed(named))

        return x + y, back


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_layer_may_hold_a_network(dtype):
    network = Sequential([Dense(4), Residual(), Dense(2)], (5,), dtype=dtype)
    assert gradient_error(network, X) < TOLERANCE and gradient_error(network[1], X[:, :4]) < TOLERANCE
    assert network.astype(np.float64)[1].inner.dtype == np.float64 and network[1].inner.dtype == dtype
    twin = pickle.loads(pickle.dumps(network))
    assert twin[1].params["0w"] is twin[1].inner.params[0]["w"]
    _, grads = mlbook.gradients(network, X, np.eye(2)[np.arange(6) % 2])
    before = copy.deepcopy(network.params)
    SGD(0.5).step(network.params, grads)
    for old, new, grad in zip(before, network.params, grads, strict=True):
        assert all(np.allclose(new[name], old[name] - 0.5 * grad[name], atol=1e-6) for name in old)


# The gradient to the inputs, which training leaves out


class Shy(Dropout):
    "Passes everything on, and has no gradient."

    def vjp(self, x, *, training=False):
        return x, lambda g: pytest.fail("this layer was asked for a gradient")


IMAGES = np.random.default_rng(1).normal(size=(6, 1, 6, 6))
FIRST_LAYERS = {
    "dense": lambda: [Dense(4), Tanh(), Dense(2)],
    "images": lambda: [Conv2D(2, 3), ReLU(), MaxPool2D(2), Conv2D(3, 2), Flatten(), Dense(2)],
    "a network among them": lambda: [Sequential([MaxPool2D(2), Sequential([Flatten()], (1, 3, 3))], (1, 6, 6)), Dense(4), Dense(2)],
    "no parameters first": lambda: [MaxPool2D(2), Tanh(), Flatten(), Dense(4), Dense(2)],
    "own layer first": lambda: [Dropout(0.0), Flatten(), Dense(2)],
    "own layer learns first": lambda: [Flatten(), Residual(), Dense(2)],
    "no parameters": lambda: [Flatten(), Tanh()],
}


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("layers", FIRST_LAYERS.values(), ids=FIRST_LAYERS.keys())
def test_gradients_are_those_of_the_pullback_bit_by_bit(layers, dtype):
    made = layers()
    x = X if isinstance(made[0], Dense) else IMAGES
    network = Sequential(made, x.shape[1:], dtype=dtype)
    [K] = network.shapes[-1]
    t = np.eye(K)[np.arange(6) % K]
    z, pullback = network.vjp(x, training=True)
    dx, expected = pullback(vjp(mlbook.softmax_cross_entropy, z, t)[1](1)[0])
    _, grads = mlbook.gradients(network, x, t)
    assert dx.shape == x.shape and dx.dtype == dtype
    assert [layer.keys() for layer in grads] == [layer.keys() for layer in network.params]
    for layer, right in zip(grads, expected, strict=True):
        assert all(layer[name].tobytes() == right[name].tobytes() for name in right)


def test_layers_before_the_first_that_learns_are_not_asked():
    network = Sequential([Shy(), Tanh(), Dense(2)], (5,))
    mlbook.train_step(network, X, np.eye(2)[np.arange(6) % 2], optimizer=SGD(0.1))
    with pytest.raises(pytest.fail.Exception, match="was asked"):
        network.vjp(X)[1](np.ones((6, 2)))


def test_training_does_not_make_the_gradient_to_the_inputs():
    made = []

    def scaled(x, a):
        return x * a

    @mlbook.defvjp(scaled)
    def scaled_vjp(x, a):
        return x * a, lambda g: (lambda: made.append(len(a)) or g * a, np.sum(g * x, axis=0))

    class Scale(Layer):
        function, learns = staticmethod(scaled), ("a",)

        def initialize(self, input_shape, rng, dtype):
            self.params = {"a": np.full(input_shape, 2, dtype)}
            return input_shape

    network = Sequential([Tanh(), Scale(), Dense(3), Scale(), Dense(2)], (5,), dtype=np.float64)
    mlbook.gradients(network, X, np.eye(2)[np.arange(6) % 2])
    assert made == [3]
    assert gradient_error(network, X) < TOLERANCE and 5 in made


@pytest.mark.parametrize(
    ("function", "shapes"), [(mlbook.dense, [(200, 500), (500, 3)]), (mlbook.conv2d, [(8, 4, 40, 40), (2, 4, 3, 3)])]
)
def test_a_gradient_that_is_left_out_takes_no_memory(function, shapes):
    arrays = [np.ones(shape) for shape in shapes]
    y, pullback = vjp(function, *arrays)

    def peak(**options):
        tracemalloc.start()
        gradients = pullback(y, **options)
        size = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return gradients, size

    (dx, dw), whole = peak()
    (none, same), part = peak(skip_first=True)
    assert none is None and same.tobytes() == dw.tobytes() and dx.shape == shapes[0]
    assert part < whole - dx.nbytes / 2 and part < dx.nbytes


# What a network does not take


@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf, 1e300])
def test_a_sample_that_is_not_finite_is_named(number):
    network, x = small(dtype=np.float32), X.copy()
    x[4, 2] = number
    for call in (network, network.vjp, network.predict, lambda x: network.predict(x, batch_size=3)):
        with pytest.raises(ValueError, match=": x holds NaN or infinity in sample 4, expected finite numbers of float32"):
            call(x)
    assert small().predict(X).shape == (6,)


def test_predict_names_itself():
    network = small()
    for call in (lambda x: predict(network, x), network.predict):
        with pytest.raises(ValueError, match=r"^predict: x has shape \(5,\), expected \(N, 5\)"):
            call(X[0])
        with pytest.raises(TypeError, match="^predict: x is a masked array"):
            call(np.ma.masked_less(X, 0))


@pytest.mark.parametrize("batch_size", [1, 4, 1000])
def test_predict_reads_the_largest_output(batch_size):
    network = small()
    expected = network(X).argmax(axis=1)
    assert len(set(expected)) > 1 and predict(network, X).dtype == np.intp
    assert np.array_equal(network.predict(X, batch_size=batch_size), expected)
    assert np.array_equal(predict(lambda x: x, X, batch_size=batch_size), X.argmax(axis=1))


def test_predict_reads_one_probability_at_one_half():
    network = Sequential([Dense(1), Sigmoid()], (1,), dtype=np.float64)
    network.params[0]["w"][:] = 1
    assert network.predict([[-2.0], [-1e-9], [0.0], [1e-9], [3.0]]).tolist() == [0, 0, 1, 1, 1]
    expected = r"^predict: the output has shape \(N, .*\), expected \(N, K\) with K at least 2, or \(N, 1\) after Sigmoid"
    for model, x in ((network[:1], [[1.0]]), (Tanh(), [[1.0]]), (Flatten(), [[1.0]]), (ReLU(), np.ones((2, 3, 4)))):
        with pytest.raises(ValueError, match=expected):
            predict(model, x)


def test_predict_refuses_an_output_that_is_nan():
    network = small()
    network.params[2]["b"][1] = np.nan
    with pytest.raises(FloatingPointError, match="predict: the output for sample 0 is NaN, expected a number"):
        network[:3].predict(X)


FANS = {
    "dense": ("he_normal", (4, 3), 4, 3, None),
    "filters": ("he_normal", (8, 3, 5, 5), 75, 200, None),
    "depthwise": ("he_normal", (8, 1, 5, 5), 25, 25, None),
    "one axis": ("he_normal", (6,), 1, 6, None),
    "dense, turned": ("he_normal", (4, 3), 3, 4, "fan_in is 3, expected 4 for weights of shape"),
    "dense, too many": ("he_normal", (4, 3), 4, 30, "fan_out is 30, expected 3 for weights of shape"),
    "filters without places": ("he_normal", (8, 3, 5, 5), 3, 8, "fan_in is 3, expected a multiple of 25 that divides 600"),
    "filters, too many": ("he_normal", (8, 3, 5, 5), 75, 2000, "fan_out is 2000, expected a multiple of 25 that divides"),
}


@pytest.mark.parametrize("case", FANS)
def test_fans_fit_the_shape(case):
    *arguments, message = FANS[case]
    if message is None:
        assert initial_weights(*arguments, 0).shape == arguments[1]
    else:
        with pytest.raises(ValueError) as raised:
            initial_weights(*arguments, 0)
        assert f"initial_weights: {message}" in str(raised.value)


def test_first_weights_take_a_seed_or_a_generator():
    draws = [initial_weights("he_uniform", (4, 3), 4, 3, rng) for rng in (7, np.random.default_rng(7), 8)]
    assert np.array_equal(draws[0], draws[1]) and not np.array_equal(draws[0], draws[2])


@pytest.mark.parametrize(
    "layer",
    [
        lambda: Conv2D(2, 3, stride=0), lambda: Conv2D(2, 3, stride=(1, 2, 3)), lambda: Conv2D(2, 3, padding="ful"),
        lambda: Conv2D(2, 3, dilation=-1), lambda: MaxPool2D(0), lambda: MaxPool2D(2, stride=1.5),
        lambda: MaxPool2D(2, padding="half"), lambda: AvgPool2D((2, -1)), lambda: AvgPool2D(2, dilation=0),
        lambda: LeakyReLU(slope="x"), lambda: LeakyReLU(slope=np.nan), lambda: LeakyReLU(slope=None),
        lambda: AvgPool2D(2, count_include_pad=1), lambda: MaxPool2D(2, ceil_mode="no"),
    ],
)  # fmt: skip
def test_an_option_that_cannot_be_right_is_refused_when_the_layer_is_made(layer):
    with pytest.raises((TypeError, ValueError), match=r"^(Conv2D|MaxPool2D|AvgPool2D|LeakyReLU): \w+ is .*, expected "):
        layer()


class Shifted(Layer):
    "A layer that keeps a shift, learns nothing, and is made of nothing else."

    def __init__(self, dtype=None, start=0.0):
        super().__init__()
        self.dtype, self.start = dtype, start

    def initialize(self, input_shape, rng, dtype):
        count = np.zeros((), np.int64)
        self.state = {"shift": np.full(input_shape, self.start, self.dtype or dtype), "count": count}
        return input_shape

    def __call__(self, x):
        return x + self.state["shift"]

    def vjp(self, x, *, training=False):
        if training:
            self.state["count"] += 1
        return self(x), lambda g: (g, {})


def test_the_state_of_a_network_is_that_of_its_layers():
    network = Sequential([Dense(3), Shifted(), ReLU()], (4,))
    assert [list(state) for state in network.state] == [[], ["shift", "count"], []]
    assert network.state[1] is network[1].state and repr(network.state[1]) == "Parameters(shift: (3,), count: ())"
    assert network[1:].state[0] is network.state[1]
    assert [list(params) for params in network.params] == [["w", "b"], [], []]
    assert network.summary().splitlines()[3].split() == ["Shifted", "(3,)", "0", "0"]


def test_the_state_goes_with_copies_and_types():
    network = Sequential([Dense(3), Shifted(start=0.5)], (4,))
    network.vjp(np.ones((2, 4)), training=True)
    for other in (network.astype(np.float64), copy.deepcopy(network), pickle.loads(pickle.dumps(network))):
        state = other.state[1]
        assert state["shift"].dtype == other.dtype and state["count"].dtype == np.int64
        assert np.all(state["shift"] == 0.5) and state["count"] == 1
        state["shift"][:] = 7
        assert np.all(network.state[1]["shift"] == 0.5)
    assert network[1].astype(np.float64).state["shift"].dtype == np.float64


def test_a_layer_that_has_a_state_keeps_it():
    network = Sequential([Dense(3), Shifted()], (4,))
    network.state[1]["shift"][:] = 2
    again = Sequential([*network, Dense(2)], (4,))
    assert again.state[1] is network.state[1] and np.all(again.state[1]["shift"] == 2)


def test_a_state_that_does_not_fit():
    with pytest.raises(TypeError, match=r"layers\[1\] has shift of float64, expected float32"):
        Sequential([Dense(3), Shifted(np.float64)], (4,))
    kept = Shifted()
    with pytest.raises(ValueError, match=r"Sequential: layers\[2\] is the same object as layers\[0\], expected a Shifted"):
        network = Sequential([kept], (3,))
        Sequential([network[0], Dense(3), network[0]], (3,))
    with pytest.raises(TypeError, match="Parameters: shift is 3, expected an array"):
        kept.state = {"shift": 3}
    fails = [Dense(3), Shifted(np.float64)]
    with pytest.raises(TypeError):
        Sequential(fails, (4,))
    assert [dict(layer.params) | dict(layer.state) for layer in fails] == [{}, {}]
