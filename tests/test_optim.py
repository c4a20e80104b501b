"""Optimizers against loops and PyTorch, schedules, clipping, and digits that are moved at random."""

import copy
import json
import pickle
from pathlib import Path

import mlbook
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mlbook import SGD, Adam, AdamW, CosineDecay, EarlyStopping, History, StepDecay, WarmUp, augment_digits, clip_gradients
from mlbook.training import Progress
from mlbook.optim import adam_step_loops, clip_gradients_loops, move_image_loops, sgd_step_loops

EXAMPLES = settings(derandomize=True, deadline=None, max_examples=40, database=None)
SEEDS = st.integers(0, 2**32 - 1)


def relative(ours, theirs):
    return np.max(np.abs(ours - theirs)) / np.max(np.abs(theirs))


# Against loops


@EXAMPLES
@given(st.floats(1e-3, 1), st.floats(0.01, 0.99), st.booleans(), st.floats(0, 0.5), SEEDS)
def test_sgd_does_what_the_loops_do(rate, momentum, nesterov, decay, seed):
    rng = np.random.default_rng(seed)
    theta, v = rng.normal(size=6), np.zeros(6)
    array, sgd = theta.reshape(2, 3).copy(), SGD(rate, momentum=momentum, nesterov=nesterov, weight_decay=decay)
    for g in rng.normal(size=(5, 6)):
        theta, v = sgd_step_loops(theta, v, g, rate, momentum, nesterov, decay)
        sgd.step([{}, {"w": array}], [{}, {"w": g.reshape(2, 3)}])
    assert np.allclose(array.ravel(), theta, rtol=1e-12, atol=1e-12)
    assert np.allclose(sgd.velocity[0].ravel(), v, rtol=1e-12, atol=1e-12)


@EXAMPLES
@given(st.floats(1e-3, 1), st.floats(0, 0.99), st.floats(0, 0.999), st.floats(0, 0.5), SEEDS)
def test_adam_does_what_the_loops_do(rate, beta1, beta2, decay, seed):
    rng = np.random.default_rng(seed)
    options = {"beta1": beta1, "beta2": beta2, "epsilon": 1e-4}
    theta, adam = rng.normal(size=6), AdamW(rate, weight_decay=decay, **options) if decay else Adam(rate, **options)
    array, mean, square = theta.reshape(2, 3).copy(), np.zeros(6), np.zeros(6)
    for step, g in enumerate(rng.normal(size=(5, 6)), start=1):
        theta, mean, square = adam_step_loops(theta, mean, square, g, step, rate, *options.values(), decay)
        adam.step([{}, {"w": array}], [{}, {"w": g.reshape(2, 3)}])
    assert np.allclose(array.ravel(), theta, rtol=1e-12, atol=1e-12)


@EXAMPLES
@given(st.floats(0.1, 10), SEEDS)
def test_clipping_does_what_the_loops_do(most, seed):
    rng = np.random.default_rng(seed)
    g = rng.normal(size=7)
    grads = [{"w": g[:6].reshape(2, 3).copy(), "b": g[6:].copy()}, {}]
    expected, norm = clip_gradients_loops(g, most)
    assert np.isclose(clip_gradients(grads, most), norm, rtol=1e-12)
    assert np.allclose(np.concatenate([a.ravel() for a in grads[0].values()]), expected, rtol=1e-12)


@EXAMPLES
@given(st.integers(1, 6), st.integers(1, 6), st.floats(0, 4), st.floats(0, 180), SEEDS)
def test_a_moved_image_is_that_of_the_loops(height, width, shift, rotation, seed):
    images = np.random.default_rng(seed).random((2, 2, height, width))
    moved = augment_digits(images, np.random.default_rng(seed), shift=shift, rotation=rotation)
    rng = np.random.default_rng(seed)
    shifts, degrees = rng.uniform(-shift, shift, (2, 2)), rng.uniform(-rotation, rotation, 2)
    for image, result, by, turn in zip(images, moved, shifts, degrees):
        for channel, expected in zip(image, result):
            assert np.allclose(move_image_loops(channel, *by, turn), expected, atol=1e-12)


# Against PyTorch: tests/fixtures/make_torch_optimizers.py

with np.load(Path(__file__).parent / "fixtures" / "torch_optimizers.npz", allow_pickle=False) as archive:
    STORED = {name: archive[name] for name in archive.files}
INDEX = json.loads(str(STORED.pop("index")))
CLASSES = {"SGD": SGD, "Adam": Adam, "AdamW": AdamW}
SCHEDULES = {"CosineAnnealingLR": lambda rate: CosineDecay(rate, steps=100, final=0.001),
             "StepLR": lambda rate: StepDecay(rate, factor=0.5, every=30)}


def ours(case):
    "The optimizer of a case of PyTorch."
    options = dict(case["options"])
    rate = options.pop("lr")
    if "betas" in options:
        options["beta1"], options["beta2"] = options.pop("betas")
    if "eps" in options:
        options["epsilon"] = options.pop("eps")
    return CLASSES[case["optimizer"]](SCHEDULES[case["schedule"]](rate) if "schedule" in case else rate, **options)


def named(case):
    return f"{ours(case)!r}"


@pytest.mark.parametrize("case", INDEX["cases"], ids=named)
def test_a_hundred_steps_are_those_of_pytorch(case):
    optimizer, theta = ours(case), STORED["start"].copy()
    params = [{"w": theta[:12].reshape(3, 4)}, {"b": theta[12:]}]
    for m in range(100):
        if m % 10 == 0:
            assert relative(theta, STORED[case["places"]][m // 10]) < 1e-12
        if "rates" in case:
            assert np.isclose(optimizer.learning_rate(m), STORED[case["rates"]][m], rtol=1e-12)
        g = STORED["matrix"] @ theta - np.sin(theta) + STORED["noise"][m]
        optimizer.step(params, [{"w": g[:12].reshape(3, 4)}, {"b": g[12:]}])
    assert relative(theta, STORED[case["places"]][10]) < 1e-12


@pytest.mark.parametrize("case", INDEX["epochs"], ids=named)
def test_an_epoch_is_that_of_pytorch(case):
    layers = [mlbook.Conv2D(3, 3), mlbook.ReLU(), mlbook.MaxPool2D(2), mlbook.Flatten(), mlbook.Dense(4)]
    model, optimizer = mlbook.Sequential(layers, (1, 10, 10), dtype=np.float64), ours(case)
    first, learned = ([STORED[name] for name in names] for names in ([f"first.{i}" for i in range(4)], case["learned"]))
    for params, (w, b) in zip((model.params[0], model.params[4]), (first[:2], first[2:])):
        params["w"][...], params["b"][...] = (w if w.ndim == 4 else w.T), b
    x, t = STORED["images"][:, None] / 255, mlbook.one_hot(STORED["labels"], 4, dtype=np.float64)
    losses = [mlbook.train_step(model, x[i : i + 20], t[i : i + 20], optimizer=optimizer)[0] for i in range(0, 200, 20)]
    assert relative(losses, STORED[case["loss"]]) < 1e-12
    for ours_, theirs in zip([*model.params[0].values(), *model.params[4].values()], learned):
        assert relative(ours_, theirs if theirs.ndim != 2 else theirs.T) < 1e-12


def test_the_walks_differ_and_go_somewhere():
    ends = [STORED[case["places"]][-1] for case in INDEX["cases"]]
    assert {case["optimizer"] for case in INDEX["cases"]} == set(CLASSES)
    for i, end in enumerate(ends):
        assert relative(end, STORED["start"]) > 0.1
        assert all(relative(end, other) > 1e-3 for other in ends[:i])


# Optimizers


def test_the_first_step_of_adam_has_the_length_of_the_rate():
    w = np.array([1.0, 1.0, 1.0])
    Adam(0.1).step([{"w": w}], [{"w": np.array([1e-4, -5.0, 0.0])}])
    assert np.allclose(w, [0.9, 1.1, 1.0], rtol=1e-4)


def test_decay_does_not_pass_through_the_means():
    w = np.array([2.0, -1.0])
    AdamW(0.1, weight_decay=0.5).step([{"w": w}], [{"w": np.zeros(2)}])
    assert np.allclose(w, [1.9, -0.95], rtol=1e-12)


def test_single_precision_stays():
    model = mlbook.Sequential([mlbook.Dense(2)], (3,), seed=0)
    adam = AdamW(CosineDecay(0.1, steps=10))
    mlbook.train_step(model, np.ones((4, 3)), np.eye(2)[[0, 1, 0, 1]], optimizer=adam)
    arrays = [*model.params[0].values(), *adam.memory[0].values()]
    assert {a.dtype for a in arrays} == {np.dtype(np.float32)}


@pytest.mark.parametrize("copies", [lambda pair: pickle.loads(pickle.dumps(pair)), copy.deepcopy])
def test_a_saved_adam_goes_on(copies):
    rng = np.random.default_rng(0)
    params, adam, gradients = [{"w": np.ones(3)}], AdamW(0.1), rng.normal(size=(6, 3))
    for g in gradients[:3]:
        adam.step(params, [{"w": g}])
    twins, other = copies((params, adam))
    fresh, again = copy.deepcopy(params), AdamW(0.1)
    again.load_state_dict(adam.state_dict())
    for g in gradients[3:]:
        for optimizer, arrays in ((adam, params), (other, twins), (again, fresh)):
            optimizer.step(arrays, [{"w": g}])
    assert np.array_equal(params[0]["w"], twins[0]["w"]) and np.array_equal(params[0]["w"], fresh[0]["w"])


def test_an_optimizer_shows_itself():
    assert repr(Adam()) == "Adam(0.001)" and repr(AdamW(0.01, beta1=0.8)) == "AdamW(0.01, beta1=0.8, weight_decay=0.01)"
    assert repr(Adam(WarmUp(0.1, steps=5))) == "Adam(WarmUp(schedule=0.1, steps=5))"


# Schedules


def test_schedules_by_hand():
    assert [StepDecay(0.8, factor=0.5, every=2)(step) for step in range(5)] == [0.8, 0.8, 0.4, 0.4, 0.2]
    assert np.allclose([CosineDecay(0.8, steps=4)(step) for step in (0, 2, 4, 9)], [0.8, 0.4, 0, 0])
    assert np.allclose([CosineDecay(0.8, steps=4, final=0.2)(step) for step in (0, 2, 4)], [0.8, 0.5, 0.2])
    assert np.allclose([WarmUp(0.8, steps=4)(step) for step in range(6)], [0.2, 0.4, 0.6, 0.8, 0.8, 0.8])
    warm = WarmUp(CosineDecay(0.8, steps=4), steps=2)
    assert np.allclose([warm(step) for step in range(5)], [0.4, CosineDecay(0.8, steps=4)(1), 0.4, CosineDecay(0.8, steps=4)(3), 0])
    assert warm == WarmUp(CosineDecay(0.8, steps=4), steps=2) and hash(warm)


def test_a_schedule_that_has_ended_stands_still():
    w, sgd = np.ones(1), SGD(CosineDecay(0.5, steps=1))
    for _ in range(3):
        sgd.step([{"w": w}], [{"w": np.ones(1)}])
    assert w.tolist() == [0.5] and sgd.steps == 3


# Clipping and moving


def test_short_gradients_are_left_as_they_are():
    grads = [{"w": np.array([3.0, 4.0], np.float32)}]
    assert clip_gradients(grads, 5) == 5 and grads[0]["w"].tolist() == [3, 4]
    assert clip_gradients(grads, 2.5) == 5 and grads[0]["w"].tolist() == [1.5, 2] and grads[0]["w"].dtype == np.float32
    assert clip_gradients([{"w": np.zeros(2)}], 1) == 0


def test_large_single_precision_does_not_overflow():
    grads = [{"w": np.full(4, 1e30, np.float32)}]
    assert np.isclose(clip_gradients(grads, 1.0), 2e30)
    assert np.allclose(grads[0]["w"], 0.5)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_gradients_that_are_not_finite_are_told(bad):
    grads = [{"w": np.array([bad, 1.0])}]
    with pytest.raises(FloatingPointError, match="clip_gradients: the length of grads is (nan|inf), expected finite"):
        clip_gradients(grads, 1.0)
    assert grads[0]["w"][1] == 1


@pytest.mark.parametrize("shape", [(3, 7, 5), (3, 1, 7, 5), (3, 2, 6, 6), (3, 36)])
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_shape_and_type_stay_and_the_images_are_left(shape, dtype):
    images = np.random.default_rng(0).random(shape).astype(dtype)
    kept = images.copy()
    moved = augment_digits(images, np.random.default_rng(1))
    assert moved.shape == shape and moved.dtype == dtype and np.array_equal(images, kept)
    assert not np.array_equal(moved, images) and 0 <= moved.min() and moved.max() <= images.max()
    assert np.array_equal(augment_digits(images, 1), moved)


def test_no_move_is_no_change_and_a_right_angle_is_a_turn():
    images = np.random.default_rng(0).random((2, 5, 5))
    assert np.array_equal(augment_digits(images, 0, shift=0, rotation=0), images)
    assert np.allclose(move_image_loops(images[0], 0, 0, 90), np.rot90(images[0]))
    assert np.allclose(move_image_loops(images[0], 1, -2, 0)[1:, :-2], images[0][:-1, 2:])
    assert augment_digits(np.arange(50).reshape(2, 5, 5), 0, shift=0, rotation=0).dtype == np.float64


# Early stopping


def stopping(curve, epochs=9, name="validation_loss", **options):
    "The epoch in which a training with such a curve ends, the callback, and the network."
    model = mlbook.Sequential([mlbook.Dense(1)], (1,), seed=0)
    progress, stop = Progress(model, SGD(), History(), 0, epochs), EarlyStopping(monitor=name, **options)
    for progress.epoch, value in enumerate(curve[:epochs]):
        model.params[0]["b"][...] = progress.epoch
        progress.history.loss.append(value)
        progress.history.validation_loss.append(value)
        progress.history.metrics.setdefault("accuracy", []).append(value)
        stop(progress)
        if progress.stopped:
            break
    return progress.epoch, stop, model.params[0]["b"].item()


def test_it_stops_when_patience_is_at_an_end():
    end, stop, b = stopping([5, 4, 3, 3.5, 2.9, 3, 3, 3, 3], patience=3)
    assert (end, stop.best_epoch, stop.best, b) == (7, 4, 2.9, 4)
    assert stopping([5, 4, 3, 3.5, 2.9, 3, 3, 3, 3], patience=3, restore_best=False)[2] == 7
    assert stopping([1, 1, 1, 1], patience=2)[0] == 2  # equal is not better
    assert stopping([0.1, 0.3, 0.2, 0.25, 0.1], patience=2, name="accuracy")[:1] == (3,)
    assert stopping([0.1, 0.3, 0.2, 0.25, 0.1], patience=2, name="loss", largest=True)[1].best == 0.3


def test_the_best_network_comes_back_after_the_last_epoch():
    assert stopping([3, 1, 2], epochs=3)[::2] == (2, 1)
    assert stopping([3, 2, 1], epochs=3)[::2] == (2, 2)


def test_a_used_callback_begins_anew():
    model, stop = mlbook.Sequential([mlbook.Dense(1)], (1,), seed=0), EarlyStopping(patience=1)
    for curve in ([1, 2], [5, 4]):
        progress = Progress(model, SGD(), History(), 0, 9)
        for progress.epoch, value in enumerate(curve):
            progress.history.validation_loss.append(value)
            stop(progress)
    assert not progress.stopped and stop.best == 4


def test_fit_stops_early():
    rng = np.random.default_rng(0)
    x, t = rng.normal(size=(30, 20)), np.eye(2)[rng.integers(2, size=30)]
    model = mlbook.Sequential([mlbook.Dense(16), mlbook.ReLU(), mlbook.Dense(2)], (20,), seed=0)
    stop = EarlyStopping(patience=4)
    history = mlbook.fit(model, x[:20], t[:20], epochs=200, validation_data=(x[20:], t[20:]), callbacks=[stop], verbose=False)
    assert len(history.loss) == stop.best_epoch + 5 < 200
    assert np.isclose(mlbook.evaluate(model, x[20:], t[20:])["loss"], min(history.validation_loss), rtol=1e-6)


REFUSED = {
    "beta1 of 1": (ValueError, lambda: Adam(beta1=1), "Adam: beta1 is 1, expected a finite number, at least 0 and below 1"),
    "beta2 below 0": (ValueError, lambda: AdamW(beta2=-0.1), "AdamW: beta2 is -0.1, expected"),
    "epsilon 0": (ValueError, lambda: Adam(epsilon=0), "Adam: epsilon is 0, expected a finite number, above 0"),
    "decay below 0": (ValueError, lambda: AdamW(weight_decay=-1), "AdamW: weight_decay is -1, expected"),
    "rate 0": (ValueError, lambda: Adam(0), "Adam: learning_rate is 0, expected a finite number, above 0"),
    "no gradients": (TypeError, lambda: Adam().step([{"w": np.ones(3)}], None), "Adam.step: grads is None, expected a list"),
    "factor 2": (ValueError, lambda: StepDecay(0.1, factor=2, every=3), "StepDecay: factor is 2, expected"),
    "every half step": (TypeError, lambda: StepDecay(0.1, factor=0.5, every=0.5), "StepDecay: every is 0.5, expected a whole number"),
    "a rise": (ValueError, lambda: CosineDecay(0.1, steps=5, final=0.2), "CosineDecay: final is 0.2, expected a finite number, at least 0"),
    "no steps": (ValueError, lambda: CosineDecay(0.1, steps=0), "CosineDecay: steps is 0, expected at least 1"),
    "a class": (TypeError, lambda: WarmUp(CosineDecay, steps=3), "WarmUp: schedule is the class CosineDecay, expected a number"),
    "clip to 0": (ValueError, lambda: clip_gradients([{}], 0), "clip_gradients: max_norm is 0, expected a finite number, above 0"),
    "clip an array": (TypeError, lambda: clip_gradients(np.ones(3), 1), "clip_gradients: grads is array([1., 1., 1.]), expected a list"),
    "clip integers": (TypeError, lambda: clip_gradients([{"w": np.arange(3)}], 1), "expected a list of dictionaries with arrays of floats"),
    "no square": (ValueError, lambda: augment_digits(np.ones((2, 5)), 0), "augment_digits: images has shape (2, 5), expected (N, H, W)"),
    "one row": (ValueError, lambda: augment_digits(np.ones(5), 0), "augment_digits: images has shape (5,), expected"),
    "no generator": (TypeError, lambda: augment_digits(np.ones((2, 4)), None), "augment_digits: rng is None, expected a whole number"),
    "shift below 0": (ValueError, lambda: augment_digits(np.ones((2, 4)), 0, shift=-1), "augment_digits: shift is -1, expected"),
    "two turns": (ValueError, lambda: augment_digits(np.ones((2, 4)), 0, rotation=720), "augment_digits: rotation is 720, expected"),
    "no patience": (ValueError, lambda: EarlyStopping(patience=0), "EarlyStopping: patience is 0, expected at least 1"),
    "monitor 3": (TypeError, lambda: EarlyStopping(monitor=3), "EarlyStopping: monitor is 3, expected the name of a curve"),
    "no such curve": (ValueError, lambda: stopping([1], name="validation_accuracy"), "EarlyStopping: monitor is 'validation_accuracy', expected one of ['loss'"),
    "text": (TypeError, lambda: augment_digits(["a"], 0), "augment_digits: images has dtype"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_bad_input_is_refused_by_name(case):
    kind, call, message = REFUSED[case]
    with pytest.raises(kind) as raised:
        call()
    assert message in str(raised.value)
