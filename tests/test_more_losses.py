"""Losses with options: labels, missing ones, smoothing, reductions, images, softmax along an axis; nll_loss and huber_loss,
with mutants of their rules; and where max-pooling found its largest entries."""

import functools
import inspect
import itertools
import json
import warnings
from pathlib import Path

import mlbook
import numpy as np
import pytest
from mlbook import SGD, Conv2D, Dense, Sequential, dot_product_error, fit, gradient_error, losses, more_losses, one_hot, vjp
from mlbook.autodiff import RULES
from mlbook.gradcheck import TOLERANCE
from mlbook.mutants import mutants
from shared import survives

RNG = np.random.default_rng(0)
Z, Y = RNG.normal(size=(4, 3)), mlbook.softmax(RNG.normal(size=(4, 3)))
T, LABELS, SOME = mlbook.softmax(RNG.normal(size=(4, 3))), np.array([2, 0, 1, 2]), np.array([2, -7, 1, -7])
MAPS, PIXELS = RNG.normal(size=(2, 3, 4, 5)), RNG.integers(0, 3, (2, 4, 5))
CLASSES, SAMPLES = np.array([0.5, 3.0, 1.0]), np.array([1.0, 0.0, 2.5, 0.5])
OF_CLASSES = {mlbook.softmax_cross_entropy: Z, mlbook.cross_entropy: Y, mlbook.nll_loss: np.log(Y)}
OF_NUMBERS = {mlbook.squared_error: Z, mlbook.huber_loss: Z, mlbook.sigmoid_cross_entropy: Z, mlbook.binary_cross_entropy: Y}
EACH = pytest.mark.parametrize("loss", OF_CLASSES)
ALL = pytest.mark.parametrize("loss", [*OF_CLASSES, *OF_NUMBERS])
OPTIONS = [
    dict(zip(("class_weight", "sample_weight", "ignore_index", "label_smoothing"), each))
    for each in itertools.product((None, CLASSES), (None, SAMPLES), (None, -7), (0.0, 0.3))
]
REDUCTIONS = ("mean", "sum", "none")
FOLDER = Path(__file__).parent / "fixtures"


def y_of(loss):
    return (OF_CLASSES | OF_NUMBERS)[loss]


def surprises(loss, y):
    return {"softmax_cross_entropy": lambda: -mlbook.log_softmax(y), "cross_entropy": lambda: -np.log(y)}.get(
        loss.__name__, lambda: -y
    )()


# Labels


@EACH
@pytest.mark.parametrize("options", OPTIONS)
@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_options_are_what_the_loops_say(loss, options, reduction):
    labels, y = SOME if options["ignore_index"] else LABELS, y_of(loss)
    ones = {name: np.ones(n) if options[name] is None else options[name] for name, n in (("class_weight", 3), ("sample_weight", 4))}
    weighted, M = more_losses.label_targets_loops(
        labels, *ones.values(), ignore_index=options["ignore_index"] or -1, label_smoothing=options["label_smoothing"]
    )
    terms = np.sum(weighted * surprises(loss, y), axis=1)
    expected = {"mean": terms.sum() / M, "sum": terms.sum(), "none": terms}[reduction]
    J, pullback = vjp(loss, y, labels, reduction=reduction, **options)
    np.testing.assert_allclose(J, expected, rtol=1e-13)
    np.testing.assert_array_equal(J, loss(y, labels, reduction=reduction, **options))
    dy, dt = pullback(RNG.normal(size=np.shape(J)))
    assert dt is None and dy.shape == y.shape
    for error in (gradient_error, dot_product_error):
        assert error(loss, y, labels, reduction=reduction, **options) < TOLERANCE
        assert error(loss, y, labels, argument=0, reduction=reduction, **options) < TOLERANCE


@EACH
@pytest.mark.parametrize("smoothing", [0.0, 0.2, 1.0])
@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_distributions_have_the_same_options_and_a_gradient(loss, smoothing, reduction):
    options = {"class_weight": CLASSES, "sample_weight": SAMPLES, "label_smoothing": smoothing, "reduction": reduction}
    soft = (1 - smoothing) * T + smoothing / 3
    weighted = losses.weighted_targets_loops(soft, CLASSES, SAMPLES)
    terms = np.sum(weighted * surprises(loss, y_of(loss)), axis=1)
    expected = {"mean": terms.mean(), "sum": terms.sum(), "none": terms}[reduction]
    np.testing.assert_allclose(loss(y_of(loss), T, **options), expected, rtol=1e-13)
    for error in (gradient_error, dot_product_error):
        assert error(loss, y_of(loss), T, **options) < TOLERANCE


@EACH
def test_labels_are_one_hot_targets(loss):
    J, pullback = vjp(loss, y_of(loss), LABELS)
    expected, expected_pullback = vjp(loss, y_of(loss), np.eye(3)[LABELS])
    assert J == expected and np.array_equal(pullback(0.7)[0], expected_pullback(0.7)[0])
    for dtype in (np.int8, np.uint8, np.uint64):
        assert loss(y_of(loss), LABELS.astype(dtype)) == J == loss(y_of(loss).tolist(), LABELS.tolist())


@EACH
def test_a_missing_label_is_a_sample_less(loss):
    options = {"ignore_index": -7, "class_weight": CLASSES, "label_smoothing": 0.2}
    J, pullback = vjp(loss, y_of(loss), SOME, **options)
    assert np.isclose(J, loss(y_of(loss)[::2], SOME[::2], **options), rtol=1e-14)
    assert not np.any(pullback(1.0)[0][1::2])


@EACH
def test_a_class_can_be_left_out(loss):
    kept = LABELS != 2
    assert np.isclose(loss(y_of(loss), LABELS, ignore_index=2), loss(y_of(loss)[kept], LABELS[kept]))


def test_a_missing_label_hides_what_is_not_finite():
    log_y = np.log(Y)
    log_y[1] = np.nan
    J, pullback = vjp(mlbook.nll_loss, log_y, SOME, ignore_index=-7)
    assert np.isfinite(J) and np.all(np.isfinite(pullback(1.0)[0]))


@EACH
@pytest.mark.parametrize("dtype", [np.float16, np.float32])
@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_options_do_not_change_the_type(loss, dtype, reduction):
    options = {"class_weight": CLASSES, "sample_weight": SAMPLES, "label_smoothing": 0.1, "reduction": reduction}
    y = y_of(loss).astype(dtype)
    J, pullback = vjp(loss, y, SOME, ignore_index=-7, **options)
    assert J.dtype == pullback(np.ones_like(J))[0].dtype == dtype
    J, pullback = vjp(loss, y, T.astype(dtype), **options)
    assert {J.dtype, *(d.dtype for d in pullback(np.ones_like(J)))} == {np.dtype(dtype)}


@EACH
@pytest.mark.parametrize(
    "t, options, exception, message",
    [
        ([0, 1, 3, 2], {}, ValueError, "t[2] is 3, expected 0 to 2; ignore_index leaves a label out"),
        ([0, 1, -1, 2], {}, ValueError, "t[2] is -1, expected 0 to 2; ignore_index leaves a label out"),
        ([0, 1, -1, 2], {"ignore_index": 1}, ValueError, "t[2] is -1, expected 0 to 2"),
        ([0.0, 1, 1, 2], {}, TypeError, "t has dtype float64 and the shape of labels, expected integers, or targets of shape (4, 3)"),
        ([True] * 4, {}, TypeError, "t has dtype bool and the shape of labels, expected integers, or targets of shape (4, 3)"),
        ([0, 1, 2], {}, ValueError, "t has shape (3,), expected (N, K) with N = 4, K = 3, or labels of shape (4,)"),
        ([[0], [1], [2], [0]], {}, ValueError, "t has shape (4, 1), expected (N, K) with N = 4, K = 3, or labels of shape (4,)"),
        ([1] * 4, {"ignore_index": 1}, ValueError, "the weights of all targets add up to 0, expected more for a mean; a sum would be 0"),
        ([1] * 4, {"class_weight": [1, 0, 1]}, ValueError, "the weights of all targets add up to 0, expected more for a mean; a sum would be 0"),
        (T, {"ignore_index": 1}, ValueError, "ignore_index is 1, expected None where t has no labels; a sample_weight of 0 leaves a sample out"),
        (LABELS, {"ignore_index": 1.0}, TypeError, "ignore_index is 1.0, expected a whole number or None"),
        (LABELS, {"ignore_index": True}, TypeError, "ignore_index is True, expected a whole number or None"),
        (LABELS, {"label_smoothing": -0.1}, ValueError, "label_smoothing is -0.1, expected a finite number, at least 0 and at most 1"),
        (LABELS, {"label_smoothing": 1.5}, ValueError, "label_smoothing is 1.5, expected a finite number, at least 0 and at most 1"),
        (LABELS, {"label_smoothing": "0.1"}, TypeError, "label_smoothing is '0.1', expected a number"),
        (LABELS, {"reduction": "average"}, ValueError, "reduction is 'average', expected 'mean', 'sum' or 'none'"),
        (LABELS, {"reduction": None}, ValueError, "reduction is None, expected 'mean', 'sum' or 'none'"),
    ],
)
def test_what_does_not_fit(loss, t, options, exception, message):
    for call in (loss, functools.partial(vjp, loss)):
        with pytest.raises(exception) as caught:
            call(y_of(loss), t, **options)
        assert str(caught.value) == f"{loss.__name__}: {message}"


@EACH
def test_nothing_to_add_up_is_nothing(loss):
    assert loss(y_of(loss), [1] * 4, ignore_index=1, reduction="sum") == 0
    assert not loss(y_of(loss), [1] * 4, ignore_index=1, reduction="none").any()


@pytest.mark.parametrize("check", [gradient_error, dot_product_error])
def test_a_wrong_gradient_beside_labels_is_found(check, monkeypatch):
    right = RULES[mlbook.nll_loss]

    def wrong(log_y, t, **options):
        J, pullback = right(log_y, t, **options)
        return J, lambda g: (-pullback(g)[0], None)

    monkeypatch.setitem(RULES, mlbook.nll_loss, wrong)
    assert check(mlbook.nll_loss, Y, LABELS) > 0.1
    monkeypatch.setitem(RULES, mlbook.nll_loss, lambda log_y, t: (right(log_y, t)[0], lambda g: (None, None)))
    with pytest.raises(ValueError, match="^pullback of nll_loss: shapes"):
        check(mlbook.nll_loss, np.ones((4, 3), int), LABELS)


# Reductions of the other losses


@ALL
def test_the_options_stand_in_one_order(loss):
    order = ("factor", "delta", "class_weight", "sample_weight", "ignore_index", "label_smoothing", "reduction")
    names = [p.name for p in inspect.signature(loss).parameters.values() if p.kind is p.KEYWORD_ONLY]
    assert names == [name for name in order if name in names] and "reduction" in names and "sample_weight" in names


@pytest.mark.parametrize("loss", OF_NUMBERS)
def test_reductions_of_numbers(loss):
    options = {"sample_weight": SAMPLES}
    terms = loss(y_of(loss), T, reduction="none", **options)
    assert terms.shape == (4, 3) and not terms[1].any()
    assert np.isclose(loss(y_of(loss), T, reduction="sum", **options), terms.sum())
    assert np.isclose(loss(y_of(loss), T, **options), terms.sum() / 4)
    for reduction, error in itertools.product(REDUCTIONS, (gradient_error, dot_product_error)):
        assert error(loss, y_of(loss), T, reduction=reduction, **options) < TOLERANCE


@pytest.mark.parametrize("loss", [mlbook.sigmoid_cross_entropy, mlbook.binary_cross_entropy])
def test_answers_are_smoothed_towards_a_half(loss):
    assert np.isclose(loss(y_of(loss), T, label_smoothing=0.2), loss(y_of(loss), 0.8 * T + 0.1))
    weights = {"class_weight": [0.3, 2.0], "sample_weight": SAMPLES}
    for error in (gradient_error, dot_product_error):
        assert error(loss, y_of(loss), T, label_smoothing=0.2, **weights) < TOLERANCE


@ALL
def test_a_sum_of_terms_has_the_gradient_of_the_sum(loss):
    J, pullback = vjp(loss, y_of(loss), T, reduction="none")
    expected = vjp(loss, y_of(loss), T, reduction="sum")[1](0.7)
    for ours, of_sum in zip(pullback(np.full(J.shape, 0.7)), expected, strict=True):
        np.testing.assert_allclose(ours, of_sum, rtol=1e-14)


# Images


@EACH
@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_pixels_are_rows(loss, reduction):
    maps = {"softmax_cross_entropy": MAPS, "cross_entropy": mlbook.softmax(MAPS, axis=1)}.get(
        loss.__name__, mlbook.log_softmax(MAPS, axis=1)
    )
    rows = np.moveaxis(maps, 1, -1).reshape(-1, 3)
    options = {"class_weight": CLASSES, "label_smoothing": 0.1, "reduction": reduction}
    expected = loss(rows, PIXELS.ravel(), **options)
    value = loss(maps, PIXELS, **options)
    np.testing.assert_allclose(np.ravel(value), np.ravel(expected), rtol=1e-13)
    assert np.shape(value) == (PIXELS.shape if reduction == "none" else ())
    soft = np.moveaxis(np.eye(3)[PIXELS], -1, 1)
    kept = {name: value for name, value in options.items() if name != "class_weight"}
    np.testing.assert_allclose(loss(maps, soft, **kept), loss(maps, PIXELS, **kept), rtol=1e-13)


def test_the_place_of_a_wrong_pixel_is_named():
    wrong = PIXELS.copy()
    wrong[1, 2, 3] = 9
    with pytest.raises(ValueError, match=r"^softmax_cross_entropy: t\[1, 2, 3\] is 9, expected 0 to 2; ignore"):
        mlbook.softmax_cross_entropy(MAPS, wrong)
    soft = np.moveaxis(np.eye(3)[PIXELS], -1, 1)
    soft[1, :, 2, 3] = 0
    with pytest.raises(ValueError, match=r"^softmax_cross_entropy: t\[1, :, 2, 3\] is 0 for every class, expected more"):
        mlbook.softmax_cross_entropy(MAPS, soft)
    with pytest.raises(ValueError, match=r"t has shape \(2, 4\), expected \(N, K, ...\) with N = 2, K = 3, .* or labels of shape \(2, 4, 5\)$"):
        mlbook.softmax_cross_entropy(MAPS, PIXELS[..., 0])


@pytest.mark.parametrize("function", [mlbook.softmax, mlbook.log_softmax])
@pytest.mark.parametrize("axis", range(-4, 4))
def test_softmax_along_each_axis(function, axis):
    y, pullback = vjp(function, MAPS, axis=axis)
    np.testing.assert_allclose(y, np.moveaxis(function(np.moveaxis(MAPS, axis, -1)), -1, axis), rtol=1e-14)
    g = RNG.normal(size=MAPS.shape)
    [expected] = vjp(function, np.moveaxis(MAPS, axis, -1))[1](np.moveaxis(g, axis, -1))
    np.testing.assert_allclose(pullback(g)[0], np.moveaxis(expected, -1, axis), rtol=1e-12, atol=1e-15)
    assert gradient_error(function, MAPS[:, :, :2, :2], axis=axis) < TOLERANCE
    loops = getattr(mlbook.activations, f"{function.__name__}_loops")
    np.testing.assert_allclose(y, np.apply_along_axis(loops, axis, MAPS), rtol=1e-13)


@pytest.mark.parametrize("axis, exception, came", [
    (2, ValueError, "2, expected -2 to 1"), (-3, ValueError, "-3, expected -2 to 1"), (None, TypeError, "None, expected a whole number"),
    (1.0, TypeError, "1.0, expected a whole number"), (True, TypeError, "True, expected a whole number"), ((0, 1), TypeError, "(0, 1), expected a whole number"),
])  # fmt: skip
def test_an_axis_that_is_none(axis, exception, came):
    for function in (mlbook.softmax, mlbook.log_softmax):
        for call in (function, functools.partial(vjp, function)):
            with pytest.raises(exception) as caught:
                call(Z, axis=axis)
            assert str(caught.value) == f"{function.__name__}: axis is {came}"


# In training


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_fit_takes_a_loss_with_smoothing(smoothing):
    network = Sequential([Dense(3)], (4,), dtype=float)
    loss = functools.partial(mlbook.softmax_cross_entropy, label_smoothing=smoothing)
    x = np.vstack([np.eye(4)[:3]] * 5)
    history = fit(network, x, one_hot([0, 1, 2] * 5, 3), loss=loss, epochs=300, optimizer=SGD(1.0), verbose=False, class_weight=[1, 1, 1])
    gap = network(x)[0, 0] - network(x)[0, 1]
    assert history.accuracy[-1] == 1 and (abs(gap - np.log(1 + 3 * 0.9 / 0.1)) < 0.01 if smoothing else gap > 5)


def test_fit_learns_an_answer_for_each_pixel():
    images = RNG.normal(size=(30, 1, 4, 4))
    kinds = (images[:, 0] > 0).astype(int) + (images[:, 0] > 1)
    network = Sequential([Conv2D(8, 1), mlbook.ReLU(), Conv2D(3, 1)], (1, 4, 4), dtype=float, seed=0)
    t = np.moveaxis(np.eye(3)[kinds], -1, 1)
    history = fit(network, images, t, epochs=60, batch_size=10, metrics=(), optimizer=mlbook.Adam(0.03), verbose=False)
    assert history.loss[-1] < 0.3 * history.loss[0]


@pytest.mark.parametrize("reduction", ["sum", "none"])
def test_fit_and_evaluate_take_means_only(reduction):
    network = Sequential([Dense(3)], (4,))
    x, t = RNG.normal(size=(4, 4)), np.eye(3)[LABELS]
    loss = functools.partial(mlbook.softmax_cross_entropy, reduction=reduction)
    for name, call in (("fit", functools.partial(fit, epochs=1, verbose=False)), ("evaluate", mlbook.evaluate)):
        with pytest.raises(ValueError, match=rf"^{name}: loss has reduction '{reduction}', expected 'mean'"):
            call(network, x, t, loss=loss)


def test_scores_for_the_nll_loss_get_a_warning():
    x, t = RNG.normal(size=(4, 4)), np.eye(3)[LABELS]
    with pytest.warns(UserWarning, match="^fit: loss is nll_loss, which takes logarithms of probabilities, and the model ends in Dense;"):
        fit(Sequential([Dense(3)], (4,)), x, t, loss=mlbook.nll_loss, epochs=1, verbose=False)

    class LogSoftmax(mlbook.Layer):
        function = staticmethod(mlbook.log_softmax)

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        history = fit(Sequential([Dense(3), LogSoftmax()], (4,)), x, t, loss=mlbook.nll_loss, epochs=200, metrics=(), verbose=False)
    assert 0 < history.loss[-1] < 0.5 * history.loss[0]


# Mutants of the rules


MUTATED = {
    mlbook.nll_loss: [((np.log(Y), T), {"class_weight": CLASSES}), ((mlbook.log_softmax(MAPS, axis=1)[:, :, :2, 0], mlbook.softmax(MAPS, axis=1)[:, :, :2, 1]), {})],
    mlbook.huber_loss: [((Z, T), {"delta": 0.7, "sample_weight": SAMPLES}), ((MAPS[..., 0], MAPS[..., 1]), {"reduction": "none"})],
}


SAME = {"_times(of.slope, log_y) → _times(log_y, of.slope)"}  # a product but for 0 · ∞, see below


def test_a_class_of_weight_0_has_no_gradient_even_where_it_is_impossible():
    J, pullback = vjp(mlbook.nll_loss, [[-np.inf, 0.0]], [[0.5, 0.5]], class_weight=[0, 1])
    assert J == 0 and [d.tolist() for d in pullback(1.0)] == [[[0, -0.5]], [[0, 0]]]


def test_every_rule_of_the_module_is_mutated():
    assert {function for function in RULES if function.__module__ == "mlbook.more_losses"} == MUTATED.keys()


@pytest.mark.parametrize("function", MUTATED)
def test_random_checks_find_every_mutant(function):
    assert survives(RULES[function], function, MUTATED[function])
    made = list(mutants(RULES[function]))
    assert len(made) >= 8
    assert {change.partition(": ")[2] for change, rule in made if survives(rule, function, MUTATED[function])} <= SAME


# Huber


def test_a_huge_delta_is_half_the_square_and_a_tiny_one_the_absolute_error():
    assert np.isclose(mlbook.huber_loss(Z, T, delta=1e6), mlbook.squared_error(Z, T), rtol=1e-14)
    assert np.isclose(mlbook.huber_loss(Z, T, delta=1e-9) / 1e-9, np.abs(Z - T).sum() / 4, rtol=1e-8)


@pytest.mark.parametrize("delta, exception", [(0, ValueError), (-1, ValueError), (np.inf, ValueError), (np.nan, ValueError), ("1", TypeError), (None, TypeError)])
def test_a_delta_that_is_none(delta, exception):
    for call in (mlbook.huber_loss, functools.partial(vjp, mlbook.huber_loss)):
        with pytest.raises(exception, match=r"^huber_loss: delta is .*, expected a "):
            call(Z, T, delta=delta)


# Places of the largest entries


def test_places_are_those_of_pytorch():
    with np.load(FOLDER / "torch_losses.npz") as archive:
        options = json.loads(str(archive["places"]))
        for number, each in enumerate(options):
            x, expected, indices = (archive[f"places.{number}.{name}"] for name in ("x", "y", "indices"))
            y, places = mlbook.max_pool2d(x, return_indices=True, **each)
            assert np.array_equal(y, expected) and np.array_equal(places, indices) and places.dtype == np.intp
    assert len(options) >= 40


def test_a_gradient_sent_to_the_places_is_the_gradient():
    x = RNG.integers(0, 3, (2, 3, 7, 6)).astype(float)
    options = {"kernel_size": 3, "stride": 2, "padding": 1}
    y, places = mlbook.max_pool2d(x, return_indices=True, **options)
    g, dx = RNG.normal(size=y.shape), np.zeros((2, 3, 42))
    for n, c in np.ndindex(2, 3):
        np.add.at(dx[n, c], places[n, c].ravel(), g[n, c].ravel())
    np.testing.assert_allclose(vjp(mlbook.max_pool2d, x, **options)[1](g)[0], dx.reshape(x.shape), rtol=1e-13)


def test_the_first_nan_and_the_first_of_nothing_win():
    x = np.array([[1, np.nan, np.nan, 4], [-np.inf] * 4]).reshape(1, 2, 1, 4)
    y, places = mlbook.max_pool2d(x, (1, 2), return_indices=True)
    assert places.tolist() == [[[[1, 2]], [[0, 2]]]] and np.isnan(y[0, 0, 0, 0])
    y, places = mlbook.max_pool2d(np.full((1, 1, 2, 2), -np.inf), 2, padding=1, return_indices=True)
    assert places.tolist() == [[[[0, 1], [2, 3]]]]


@pytest.mark.parametrize("dtype", [np.uint8, bool, np.int64, np.float16])
def test_places_in_any_type(dtype):
    y, places = mlbook.max_pool2d(np.array([[0, 1], [1, 0]], dtype)[None, None], 2, return_indices=True)
    assert y.dtype == dtype and y.item() == 1 and places.item() == 1


def test_places_have_no_gradient():
    with pytest.raises(ValueError, match="^max_pool2d: return_indices is True, expected False for a derivative; max_pool2d itself gives"):
        vjp(mlbook.max_pool2d, MAPS, 2, return_indices=True)
    with pytest.raises(TypeError, match="^max_pool2d: return_indices is 1, expected True or False"):
        mlbook.max_pool2d(MAPS, 2, return_indices=1)
