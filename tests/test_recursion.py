"""Forward recursion, its shortcut and its matrices = delta recursion = vjp = central differences, to 1e-9.

Networks of two to six layers are drawn at random, with every layer's gradient compared relative to its largest entry.
The differences lose a gradient that vanishes to the rounding of the error, so theirs is relative to 1e-3 of it at least.
"""

import mlbook
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mlbook import recursion

EXAMPLES = settings(derandomize=True, deadline=None, max_examples=60, database=None)
TOLERANCE = 1e-9
STEP = 4e-3  # of differences over six points, whose error is of the order of its sixth power
SMOOTH = [mlbook.sigmoid, mlbook.tanh]


# Networks


def networks(activations, layers=st.integers(2, 6)):
    "Draws a sample, a target away from the answer, weights with bias rows, and an activation."
    sizes = layers.flatmap(lambda L: st.lists(st.integers(1, 3), min_size=L + 1, max_size=L + 1))
    return st.builds(network, sizes, st.sampled_from(activations), st.integers(0, 2**32 - 1))


def network(sizes, activation, seed):
    rng = np.random.default_rng(seed)
    weights = [rng.normal(size=(d + 1, e)) for d, e in zip(sizes, sizes[1:])]
    x = rng.uniform(-1, 1, sizes[0])
    a, slopes = recursion.network_activations(x, weights, activation)
    t = a[-1][:-1] + rng.choice([-1, 1], sizes[-1]) * rng.uniform(0.3, 1, sizes[-1])
    return x, t, weights, activation, (a, slopes, weights)


def squared_error(x, t, weights, activation):
    a, _ = recursion.network_activations(x, weights, activation)
    return np.mean((a[-1][:-1] - t) ** 2)


# Six ways to one gradient


def by_recursion(x, t, weights, activation, known):
    return recursion.recursion_gradient(*known, t)


def by_shortcut(x, t, weights, activation, known):
    return recursion.recursion_gradient(*known, t, derivative=recursion.activation_derivative_shortcut)


def by_matrices(x, t, weights, activation, known):
    return recursion.recursion_matrix_gradient(*known, t)


def by_matrix_loops(x, t, weights, activation, known):
    return recursion.recursion_matrix_gradient(*known, t, jacobians=recursion.activation_jacobians_loops)


def by_delta(x, t, weights, activation, known):
    W, B = zip(*map(recursion.split_bias, weights))
    z, a = mlbook.feed_forward(x[None], W, B, [activation] * (len(W) - 1))
    y, pullback = mlbook.vjp(activation, z[-1])
    [delta] = pullback(2 / t.size * (y - t))
    grad_w, grad_b = mlbook.back_propagate(z, a, W, [activation] * (len(W) - 1), delta)
    return [recursion.join_bias(w, b) for w, b in zip(grad_w, grad_b)]


def by_pullbacks(x, t, weights, activation, known):
    value, pile = x[None], []
    for w in weights:
        value, layer = mlbook.vjp(mlbook.dense, value, *recursion.split_bias(w))
        value, bend = mlbook.vjp(activation, value)
        pile.append((layer, bend))
    g, _ = mlbook.vjp(mlbook.squared_error, value, t[None], factor=1 / t.size)[1](1.0)
    gradients = []
    for layer, bend in reversed(pile):
        g, dw, db = layer(*bend(g))
        gradients.insert(0, recursion.join_bias(dw, db))
    return gradients


def by_differences(x, t, weights, activation, known):
    gradients = [np.empty_like(w) for w in weights]
    for k, gradient in enumerate(gradients):
        for place in np.ndindex(gradient.shape):
            moved = [weights[k].copy() for _ in range(6)]
            for w, m in zip(moved, (1, -1, 2, -2, 3, -3)):
                w[place] += m * STEP
            J = [squared_error(x, t, [*weights[:k], w, *weights[k + 1 :]], activation) for w in moved]
            gradient[place] = (45 * (J[0] - J[1]) - 9 * (J[2] - J[3]) + J[4] - J[5]) / (60 * STEP)
    return gradients


def furthest(gradients, others, floor=0.0):
    return max(mlbook.relative_error(u, v, floor=floor) for u, v in zip(gradients, others, strict=True))


@pytest.mark.parametrize("way", [by_shortcut, by_matrices, by_matrix_loops, by_delta, by_pullbacks])
@EXAMPLES
@given(drawn=networks([*SMOOTH, mlbook.relu, mlbook.leaky_relu]))
def test_a_way_agrees_with_the_recursion(way, drawn):
    assert furthest(way(*drawn), by_recursion(*drawn)) < TOLERANCE


@EXAMPLES
@given(drawn=networks(SMOOTH))
def test_differences_agree(drawn):
    floor = 1e-3 * squared_error(*drawn[:4])
    measured = by_differences(*drawn)
    for way in (by_recursion, by_matrices, by_delta):
        assert furthest(way(*drawn), measured, floor) < TOLERANCE


@EXAMPLES
@given(drawn=networks(SMOOTH))
def test_a_wrong_index_is_found(drawn):
    "The index as printed in note 004, w_rj for w_rq, changes the gradient of some layer far beyond the tolerance."
    x, t, weights, activation, known = drawn

    def printed(l, q, k, i, j, a, slopes, weights):
        if k >= l - 1 or q == len(a[l]) - 1:
            return recursion.activation_derivative(l, q, k, i, j, a, slopes, weights)
        column = weights[l - 1][:-1, j % weights[l - 1].shape[1]]
        answers = [printed(l - 1, r, k, i, j, a, slopes, weights) for r in range(len(column))]
        return slopes[l - 1][q] * (column @ answers)

    if max(len(slope) for slope in known[1][1:]) > 1:  # with one neuron in each later layer j and q are the same
        wrong = recursion.recursion_gradient(*known, t, derivative=printed)
        assert furthest(wrong, by_recursion(*drawn)) > 1e-6


# The answers of single neurons


@EXAMPLES
@given(drawn=networks(SMOOTH, st.integers(1, 4)), data=st.data())
def test_the_cases(drawn, data):
    a, slopes, weights = known = drawn[4]
    l, k = data.draw(st.integers(0, len(weights))), data.draw(st.integers(0, len(weights) - 1))
    q, i = data.draw(st.integers(0, len(a[l]) - 1)), data.draw(st.integers(0, len(a[k]) - 1))
    j = data.draw(st.integers(0, len(slopes[k]) - 1))
    answer = recursion.activation_derivative(l, q, k, i, j, *known)
    if l == 0 or q == len(a[l]) - 1 or k >= l:
        assert answer == 0
    else:
        short = recursion.activation_derivative_shortcut(l, q, k, i, j, *known)
        loops = recursion.activation_jacobians_loops(l, k, *known)
        assert answer == pytest.approx(short, rel=1e-9, abs=1e-14)
        assert answer == pytest.approx(loops[q, i, j], rel=1e-9, abs=1e-14)
        np.testing.assert_allclose(recursion.activation_jacobians(l, k, *known), loops, rtol=1e-9, atol=1e-14)


@pytest.fixture(scope="module")
def known():
    return network([3, 4, 2], mlbook.tanh, 0)[4]


@pytest.mark.parametrize("derivative", ["activation_derivative", "activation_derivative_shortcut"])
@pytest.mark.parametrize(
    "place, message",
    [
        ((3, 0, 0, 0, 0), "l is 3, expected 0 to 2"),
        ((-1, 0, 0, 0, 0), "l is -1"),
        ((2, 0, 2, 0, 0), "k is 2, expected 0 to 1"),
        ((2, 0, -1, 0, 0), "k is -1"),
        ((2, 3, 0, 0, 0), "q is 3, expected 0 to 2"),
        ((2, 0, 0, 4, 0), "i is 4, expected 0 to 3"),
        ((2, 0, 0, 0, 4), "j is 4, expected 0 to 3"),
    ],
)
def test_a_neuron_that_is_not_there_is_refused(known, derivative, place, message):
    with pytest.raises(ValueError, match=f"{derivative}: {message}"):
        getattr(recursion, derivative)(*place, *known)


@pytest.mark.parametrize("derivative", ["activation_derivative", "activation_derivative_shortcut"])
@pytest.mark.parametrize("index", [2.0, "2", None, True])
def test_an_index_is_a_whole_number(known, derivative, index):
    for n, name in enumerate("lqkij"):
        place = [2, 0, 0, 0, 0]
        place[n] = index
        with pytest.raises(TypeError, match=f"^{derivative}: {name} is .*, expected a whole number"):
            getattr(recursion, derivative)(*place, *known)


@pytest.mark.parametrize("function", ["activation_derivative", "activation_derivative_shortcut",
                                      "activation_jacobians", "activation_jacobians_loops"])
def test_lists_of_two_networks_are_refused(known, function):
    place = (2, 0, 0, 0, 0) if "derivative" in function else (2, 0)
    for n, name in enumerate(("a", "slopes", "weights")):
        lists = list(known)
        for wrong in (None, 3, "abc"):
            lists[n] = wrong
            with pytest.raises(TypeError, match=f"^{function}: {name} is {wrong!r}, expected a list of arrays"):
                getattr(recursion, function)(*place, *lists)
        lists[n] = known[n][:-1]
        with pytest.raises(ValueError, match=f"^{function}: a, slopes and weights have ., . and . entries, expected one more of a"):
            getattr(recursion, function)(*place, *lists)


@pytest.mark.parametrize("place", [(1, 0, 1, 0, 0), (0, 0, 0, 0, 0), (2, 2, 0, 0, 0), (1, 4, 0, 0, 0)])
def test_the_shortcut_asserts_what_is_never_reached(known, place):
    with pytest.raises(AssertionError):
        recursion.activation_derivative_shortcut(*place, *known)


@pytest.mark.parametrize("jacobians", [recursion.activation_jacobians, recursion.activation_jacobians_loops])
def test_jacobians_want_a_weight_before_the_layer(known, jacobians):
    with pytest.raises(AssertionError):
        jacobians(1, 1, *known)
    with pytest.raises(ValueError, match="l is 3"):
        jacobians(3, 0, *known)


# Networks with bias neurons


@EXAMPLES
@given(drawn=networks(SMOOTH))
def test_neurons_are_those_of_feed_forward(drawn):
    x, _, weights, activation, (a, slopes, _) = drawn
    W, B = zip(*map(recursion.split_bias, weights))
    z, inputs = mlbook.feed_forward(x[None], W, B, [activation] * (len(W) - 1))
    for l, w in enumerate(weights):
        np.testing.assert_allclose(a[l], [*inputs[l][0], 1], rtol=1e-12)
        np.testing.assert_allclose(recursion.weighted_sums_loops(a[l], w), z[l][0], rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(slopes[l], mlbook.vjp(activation, z[l])[1](np.ones_like(z[l]))[0][0], rtol=1e-9)
        np.testing.assert_array_equal(recursion.join_bias(W[l], B[l]), w)


def test_single_precision_stays_single():
    x, t, weights, activation, _ = network([3, 4, 3, 2], mlbook.tanh, 0)
    single = [w.astype(np.float32) for w in weights]
    known = *recursion.network_activations(x.astype(np.float32), single, activation), single
    t = t.astype(np.float32)
    arrays = [*known[0], *known[1], *recursion.recursion_gradient(*known, t), *recursion.recursion_matrix_gradient(*known, t)]
    arrays += recursion.recursion_matrix_gradient(*known, t, jacobians=recursion.activation_jacobians_loops)
    assert {array.dtype for array in arrays} == {np.dtype(np.float32)}


@pytest.mark.parametrize(
    "x, weights, activation, message",
    [
        (np.ones(3), [np.ones((3, 2))], mlbook.tanh, r"weights\[0\] has 3 rows, expected 3 and one of biases"),
        (np.ones(3), [np.ones((4, 2)), np.ones((4, 2))], mlbook.tanh, r"weights\[1\] has 4 rows, expected 2 and"),
        (np.ones((1, 3)), [np.ones((4, 2))], mlbook.tanh, r"x has shape \(1, 3\)"),
        (np.ones(3), [], mlbook.tanh, "at least one layer"),
        (np.ones(3), [np.ones((4, 2))], mlbook.softmax, "activation of each number by itself"),
        (np.ones(3), [np.ones((4, 2))], None, "activation is None, expected one with a derivative rule"),
        (np.ones(3), [np.ones((4, 2))], np.tanh, "activation is the function tanh, expected one with a derivative rule"),
        (np.ones(3), [np.ones((4, 2))], [mlbook.tanh], "activation is .*, expected one with a derivative rule"),
        (np.ones(3), [np.ones((4, 2))], mlbook.flatten, r"activation gives shape \(2, 1\), expected \(2,\)"),
    ],
)
def test_a_network_that_does_not_fit_is_refused(x, weights, activation, message):
    with pytest.raises(ValueError, match=f"network_activations: .*{message}"):
        recursion.network_activations(x, weights, activation)


def test_other_arguments_that_do_not_fit_are_refused(known):
    with pytest.raises(ValueError, match=r"recursion_gradient: t has shape \(3,\), expected \(2,\)"):
        recursion.recursion_gradient(*known, np.ones(3))
    for wrong in (None, 3, "abc"):
        with pytest.raises(TypeError, match=f"^network_activations: weights is {wrong!r}, expected a list of arrays"):
            recursion.network_activations(np.ones(3), wrong, mlbook.tanh)
        with pytest.raises(TypeError, match="^output_errors: t has dtype .*, expected real numbers" if wrong != 3 else None):
            recursion.output_errors(known[0], wrong if wrong != 3 else 1j)
        for function, name in (("recursion_gradient", "derivative"), ("recursion_matrix_gradient", "jacobians")):
            with pytest.raises(TypeError, match=f"^{function}: {name} is {wrong!r}, expected a function such as"):
                getattr(recursion, function)(*known, np.ones(2), **{name: wrong})
            with pytest.raises(TypeError, match=f"^{function}: weights is {wrong!r}, expected a list of arrays"):
                getattr(recursion, function)(known[0], known[1], wrong, np.ones(2))
    with pytest.raises(TypeError, match="^output_errors: t is a masked array"):
        recursion.output_errors(known[0], np.ma.masked_array([0.0, 1], [True, False]))
    with pytest.raises(ValueError, match="^output_errors: a is \\[\\], expected at least one array"):
        recursion.output_errors([], np.ones(2))
    with pytest.raises(ValueError, match=r"join_bias: b has shape \(1,\)"):
        recursion.join_bias(np.ones((3, 2)), np.ones(1))
    with pytest.raises(ValueError, match=r"split_bias: w has shape \(1, 2\), expected at least 2 rows"):
        recursion.split_bias(np.ones((1, 2)))
