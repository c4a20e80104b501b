"""Networks in other libraries: PyTorch's arrays, files of ONNX, and the estimators of scikit-learn."""

import os
import pickle
import subprocess
import sys
from itertools import product
from pathlib import Path

import mlbook
import numpy as np
import onnx
import onnxruntime
import pytest
from mlbook import AvgPool2D, BatchNorm, Conv2D, Dense, Dropout, Flatten, LeakyReLU, MaxPool2D, ReLU, Residual, Sequential
from mlbook.estimators import NetworkClassifier, NetworkRegressor
from mlbook.exchange import ARRAYS, FORMS, from_torch_state_dict, to_onnx, to_torch_state_dict
from onnx.reference import ReferenceEvaluator
from sklearn.utils.estimator_checks import check_estimator

ROOT = Path(__file__).parents[1]
DIGITS = mlbook.load_mnist()
IMAGES = mlbook.scale_pixels(DIGITS.train_images[:1000], dtype=np.float32).reshape(-1, 1, 28, 28)
TARGETS = mlbook.one_hot(DIGITS.train_labels[:1000], 10)

# PyTorch: tests/fixtures/make_torch_exchange.py

with np.load(ROOT / "tests" / "fixtures" / "torch_exchange.npz", allow_pickle=False) as archive:
    STORED = dict(archive)


def stored(prefix):
    return {name.removeprefix(prefix): array for name, array in STORED.items() if name.startswith(prefix)}


STATE = stored("torch.state.")
PIXELS = (STORED["images"] / 255).astype(np.float32)


def network(seed=0, dtype=np.float32):
    "The network of the fixture."
    block = [Conv2D(6, (3, 5), padding=(2, 4), dilation=2), BatchNorm(epsilon=1e-3, momentum=0.3), LeakyReLU(slope=0.1)]
    first = [Conv2D(6, 3, stride=2, padding=1), BatchNorm(), ReLU(), Residual(block), MaxPool2D(2)]
    last = [Flatten(), Dense(20), BatchNorm(), mlbook.Tanh(), Dropout(0.3), Dense(10)]
    pool = AvgPool2D(2, padding=1, count_include_pad=True)
    return Sequential([*first, pool, *last], (1, 28, 28), seed=seed, dtype=dtype)


def imported():
    model = network()
    from_torch_state_dict(model, STATE)
    return model


def test_a_network_of_pytorch_answers_the_same_here():
    model = imported()
    assert np.abs(model(PIXELS) - STORED["torch.answers"]).max() < 1e-6 * np.abs(STORED["torch.answers"]).max()
    assert np.abs(model.astype(float)(PIXELS.astype(float)) - STORED["torch.answers64"]).max() < 1e-12
    assert np.abs(STORED["torch.answers"]).max() > 5  # it has learned


def test_our_network_answers_the_same_in_pytorch():
    model = network()
    for kind, arrays in (("params", model.params), ("state", model.state)):
        for i, part in enumerate(arrays):
            for name in part:
                part[name] = STORED[f"book.{kind}.{i}.{name}"]
    assert np.abs(model(PIXELS) - STORED["book.answers"]).max() < 1e-6 * np.abs(STORED["book.answers"]).max()
    assert np.abs(model.astype(float)(PIXELS.astype(float)) - STORED["book.answers64"]).max() < 1e-12
    assert not np.allclose(STORED["book.answers"], STORED["torch.answers"], atol=0.1)


def test_names_order_shapes_and_types_are_those_of_pytorch():
    state = to_torch_state_dict(imported())
    assert str(list(state)).replace("'", '"') == str(STORED["torch.order"])
    for name, array in state.items():
        expected = STATE[name] if not name.endswith("num_batches_tracked") else np.int64(0)
        assert array.dtype == expected.dtype and array.shape == expected.shape, name
        assert np.array_equal(array, expected) and array.flags.c_contiguous, name


def test_the_running_statistics_move_as_those_of_pytorch():
    model, moved = imported(), stored("torch.moved.")
    model.vjp(PIXELS[:20], training=True)
    for name, array in to_torch_state_dict(model).items():
        if "running" in name:
            assert np.allclose(array, moved[name], rtol=1e-5, atol=1e-7), name
            assert not np.allclose(array, STATE[name], rtol=1e-3), name
    biased = 0.9 * STATE["8.running_var"] + 19 / 20 * (moved["8.running_var"] - 0.9 * STATE["8.running_var"])
    assert not np.allclose(biased, moved["8.running_var"], rtol=1e-3)


def test_an_error_in_a_transposition_an_order_or_a_statistic_is_seen():
    "Each of these changes the answers by far more than rounding does."
    rolled = STATE["7.weight"].reshape(20, 6, 4, 4).transpose(0, 2, 3, 1).reshape(20, 96)
    flipped = STATE["0.weight"][:, :, ::-1, ::-1]
    deviation = np.sqrt(STATE["1.running_var"])
    for change in ({"7.weight": rolled}, {"0.weight": flipped}, {"1.running_var": deviation}, {"3.1.running_var": STATE["3.1.weight"] ** 2}):
        model = network()
        from_torch_state_dict(model, STATE | change)
        assert np.abs(model(PIXELS) - STORED["torch.answers"]).max() > 0.01, change.keys()


def test_the_arrays_are_copies():
    model, state = imported(), dict(STATE)
    before = model(PIXELS[:3])
    for array in to_torch_state_dict(model).values():
        array[...] = 0
    state["0.weight"] = STATE["0.weight"].copy()
    from_torch_state_dict(model, state)
    state["0.weight"][...] = 0
    assert np.array_equal(model(PIXELS[:3]), before)


def test_read_only_reversed_and_foreign_bytes_are_taken():
    state = {name: array.astype(array.dtype.newbyteorder(">"))[::-1][::-1] if array.ndim else array for name, array in STATE.items()}
    for array in state.values():
        array.flags.writeable = False
    model = network()
    from_torch_state_dict(model, state)
    assert np.array_equal(model(PIXELS), imported()(PIXELS))
    foreign = network(dtype=">f4")
    from_torch_state_dict(foreign, STATE)
    assert all(array.dtype.isnative for array in to_torch_state_dict(foreign).values())
    mlbook.train_step(model, PIXELS[:4], TARGETS[:4], optimizer=mlbook.SGD(0.1))  # its arrays can be changed


def test_a_pullback_of_before_the_import_is_stale_and_an_optimizer_goes_on():
    model, optimizer = network(), mlbook.SGD(0.01, momentum=0.9)
    mlbook.train_step(model, PIXELS[:4], TARGETS[:4], optimizer=optimizer)
    y, pullback = model.vjp(PIXELS[:4])
    from_torch_state_dict(model, STATE)
    with pytest.raises(RuntimeError, match="older than the last change"):
        pullback(np.ones_like(y))
    mlbook.train_step(model, PIXELS[:4], TARGETS[:4], optimizer=optimizer)


def test_names_of_ones_own():
    names = ["conv", "norm", "block.conv", "block.norm", "fc1", "fc_norm", "fc2"]
    state = to_torch_state_dict(imported(), names=names)
    assert {name.rpartition(".")[0] for name in state} == set(names)
    assert np.array_equal(state["fc1.weight"], STATE["7.weight"])
    model = network()
    from_torch_state_dict(model, state, names=tuple(names))
    assert np.array_equal(model(PIXELS), imported()(PIXELS))
    for wrong in (names[1:], [*names[1:], "fc1"]):
        with pytest.raises(ValueError, match="expected 7 different names, for Conv2D, BatchNorm, Conv2D, BatchNorm, Dense"):
            to_torch_state_dict(model, names=wrong)
    for wrong in ("conv", [1] * 7):
        with pytest.raises(TypeError, match="expected a list of strings"):
            from_torch_state_dict(model, state, names=wrong)


def without(name):
    return {key: array for key, array in STATE.items() if key != name}


LONG = np.zeros((2, 3))
WRONG = {
    "missing": (without("7.weight"), ValueError, r"lacks '7.weight', expected an array of shape \(20, 96\) for Dense\(20\)$"),
    "no bias": (without("0.bias"), ValueError, r"lacks '0.bias', expected an array of shape \(6,\) .*without bias add zeros"),
    "no statistics": (without("1.running_var"), ValueError, "lacks '1.running_var'.* track_running_stats=True"),
    "extra": (STATE | {"12.weight": LONG}, ValueError, r"state has '12.weight' of shape \(2, 3\), expected only 0.weight, 0.bias"),
    "other names": ({"module." + k: v for k, v in STATE.items()}, ValueError, r"lacks '0.weight'.* 'module.0.weight' of shape .*, \.\.\.; names="),
    "transposed": (STATE | {"7.weight": STATE["7.weight"].T}, ValueError, r"\['7.weight'\] has shape \(96, 20\), expected \(20, 96\), outputs first"),
    "broadcast": (STATE | {"7.bias": np.zeros(1)}, ValueError, r"state\['7.bias'\] has shape \(1,\), expected \(20,\)"),
    "filters": (STATE | {"0.weight": np.zeros((3, 3, 1, 6))}, ValueError, r"has shape \(3, 3, 1, 6\), expected \(6, 1, 3, 3\)"),
    "NaN": (STATE | {"7.bias": np.full(20, np.nan)}, ValueError, r"state\['7.bias'\] holds NaN or infinity, expected finite numbers of float32"),
    "too large": (STATE | {"7.bias": np.full(20, 1e60)}, ValueError, r"state\['7.bias'\] holds NaN or infinity"),
    "variance": (STATE | {"8.running_var": -np.ones(20)}, ValueError, r"state\['8.running_var'\] holds a negative variance"),
    "whole numbers": (STATE | {"7.bias": np.zeros(20, np.int8)}, TypeError, r"state\['7.bias'\] has dtype int8, expected floats"),
    "text": (STATE | {"7.bias": ["a"] * 20}, TypeError, r"state\['7.bias'\] has dtype <U1"),
    "count": (STATE | {"8.num_batches_tracked": np.zeros(3)}, ValueError, r"num_batches_tracked'\] has shape \(3,\) .*expected one whole number"),
    "count of no norm": (STATE | {"7.num_batches_tracked": np.array(3)}, ValueError, "state has '7.num_batches_tracked'"),
    "no dictionary": (list(STATE.items()), TypeError, "expected a dictionary of arrays"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_state_that_does_not_fit_is_named_and_changes_nothing(case):
    state, kind, message = WRONG[case]
    model = network(seed=5)
    before = to_torch_state_dict(model)
    with pytest.raises(kind, match="^from_torch_state_dict: .*" + message):
        from_torch_state_dict(model, state)
    assert all(np.array_equal(array, before[name]) for name, array in to_torch_state_dict(model).items())


def test_old_files_without_counts_are_taken():
    model = network()
    from_torch_state_dict(model, {name: array for name, array in STATE.items() if "num_batches" not in name})
    assert np.array_equal(model(PIXELS), imported()(PIXELS))


class Doubled(Dense):
    "A layer of a reader's own, which a guess by its base class would get wrong."

    def __call__(self, x):
        return 2 * super().__call__(x)


class Swish(mlbook.Layer):
    function = staticmethod(mlbook.sigmoid)


def test_a_layer_of_ones_own():
    model = Sequential([Dense(3), Swish(), Residual([Doubled(3)])], (2,))
    for exchange in (to_torch_state_dict, lambda m: from_torch_state_dict(m, {})):
        with pytest.raises(TypeError, match=r"layers\[2.0\] is Doubled\(3\), whose arrays have no names in PyTorch"):
            exchange(model)
    assert list(to_torch_state_dict(model[:2])) == ["0.weight", "0.bias"]  # Swish has no arrays
    with pytest.raises(TypeError, match=r"to_onnx: layers\[1\] is Swish\(\), which has no ONNX form, expected one of Dense"):
        to_onnx(model, "never.onnx")
    with pytest.raises(TypeError, match=r"layers\[2.0\] is Doubled\(3\)"):
        to_onnx(Sequential([Dense(3), ReLU(), Residual([Doubled(3)])], (2,)), "never.onnx")
    assert not Path("never.onnx").exists()
    for function in (to_torch_state_dict, lambda m: to_onnx(m, "never.onnx"), lambda m: from_torch_state_dict(m, {})):
        with pytest.raises(TypeError, match="model is .*, expected a Sequential"):
            function(Dense(3))


def test_a_network_of_a_class_of_ones_own():
    class Scaled(Sequential):
        def __call__(self, x):
            return super().__call__(np.asarray(x) / 255)

    with pytest.raises(TypeError, match="to_onnx: model is of the class Scaled, which may answer in its own way"):
        Scaled([Dense(3)], (2,)).to_onnx("never.onnx")
    assert not Path("never.onnx").exists()


def test_every_layer_of_the_book_can_be_exchanged():
    layers = {thing for thing in map(mlbook.__dict__.get, mlbook.__all__) if isinstance(thing, type) and issubclass(thing, mlbook.Layer)}
    assert set(FORMS) == layers - {mlbook.Layer} and set(ARRAYS) < set(FORMS)


# ONNX


def run(path, x):
    "What onnxruntime answers."
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"]).run(None, {"x": x})[0]


def written(model, folder):
    path = folder / "net.onnx"
    model.to_onnx(path)
    return path


def close(y, expected, tolerance=1e-5):
    return y.shape == expected.shape and y.dtype == expected.dtype and np.abs(y - expected).max() <= tolerance * max(1, np.abs(expected).max())


def deep():
    block = Residual([Conv2D(8, 3, padding="same", dilation=2), BatchNorm(), LeakyReLU(slope=0.2), Residual([BatchNorm(), mlbook.Tanh()])])
    first = [Conv2D(8, 5, stride=2, padding=((1, 2), (0, 3))), BatchNorm(), ReLU(), Dropout(0.2), block, MaxPool2D(3, stride=2, ceil_mode=True)]
    return [*first, AvgPool2D(2, padding="same"), Flatten(), Dense(20), mlbook.Sigmoid(), BatchNorm(), Dense(10), mlbook.Softmax()]


def plain():
    return [Conv2D(8, 5), ReLU(), MaxPool2D(2), Conv2D(16, 5), ReLU(), MaxPool2D(2), Flatten(), Dense(64), ReLU(), Dense(10)]


@pytest.mark.parametrize("layers", [deep, plain])
def test_onnxruntime_reads_a_thousand_digits_as_we_do(layers, tmp_path):
    model = Sequential(layers(), (1, 28, 28), seed=1)
    loss = mlbook.cross_entropy if isinstance(model[-1], mlbook.Softmax) else mlbook.softmax_cross_entropy
    mlbook.fit(model, IMAGES[:500], TARGETS[:500], epochs=1, loss=loss, optimizer=mlbook.Adam(0.003), verbose=False)
    path = written(model, tmp_path)
    expected, found = model(IMAGES), run(path, IMAGES)
    assert close(found, expected) and np.ptp(expected, axis=0).max() > 0.05
    assert np.array_equal(run(path, IMAGES[:1]).shape, (1, 10))


def test_the_file_says_what_it_takes_and_gives(tmp_path):
    path = written(network(), tmp_path)
    onnx.checker.check_model(path, full_check=True)
    made = onnx.load(path)
    shapes = [[d.dim_param or d.dim_value for d in end.type.tensor_type.shape.dim] for end in (made.graph.input[0], made.graph.output[0])]
    assert shapes == [["N", 1, 28, 28], ["N", 10]] and made.producer_name == "mlbook"
    assert (made.opset_import[0].version, made.ir_version) == (17, 8)
    assert "Dropout" not in {node.op_type for node in made.graph.node}
    assert written(network(), tmp_path).read_bytes() == path.read_bytes()


def windows():
    pads = [0, 1, 2, (1, 0), ((0, 2), (1, 3)), "same", "same_lower"]
    for k, s, p, d in product([(1, 1), (2, 3)], [1, (3, 2)], pads, [1, (2, 3)]):
        options = {"stride": s, "padding": p, "dilation": d}
        yield lambda: Conv2D(3, k, **options)
        for ceil in (False, True):
            yield lambda: MaxPool2D(k, ceil_mode=ceil, **options)
            yield lambda: AvgPool2D(k, ceil_mode=ceil, **options)
            yield lambda: AvgPool2D(k, ceil_mode=ceil, count_include_pad=True, **options)


def test_windows_of_all_kinds(tmp_path):
    x, tried = np.random.default_rng(0).normal(-2, 1, (2, 2, 9, 8)).astype(np.float32), 0
    kinds = set()
    for make in windows():
        try:
            model = Sequential([make()], (2, 9, 8), seed=1)
        except ValueError:  # a window that sees nothing but padding
            continue
        path = written(model, tmp_path)
        assert close(run(path, x), model(x), 1e-6), model[0]
        tried, kinds = tried + 1, kinds | {(type(model[0]), *(node.op_type for node in onnx.load(path).graph.node))}
    assert tried > 180 and kinds == {
        (Conv2D, "Conv"), (MaxPool2D, "MaxPool"), (MaxPool2D, "Pad", "MaxPool"), (AvgPool2D, "AveragePool"), (AvgPool2D, "Conv", "Div"),
    }  # fmt: skip


def test_double_precision(tmp_path):
    "Read by the evaluator of onnx, which has all operations in all types."
    small = [Conv2D(3, 3, padding=1), BatchNorm(epsilon=1e-3), LeakyReLU(slope=1 / 3), MaxPool2D(2), AvgPool2D(3, padding=1), Flatten(), Dense(4)]
    model = Sequential(small, (2, 6, 6), dtype=np.float64, seed=1)
    x = np.random.default_rng(0).normal(size=(5, 2, 6, 6))
    for _ in range(3):
        model.vjp(x, training=True)
    [y] = ReferenceEvaluator(onnx.load(written(model, tmp_path))).run(None, {"x": x})
    assert close(y, model(x), 1e-13)


def test_a_dense_network_in_double_precision_runs_elsewhere(tmp_path):
    model = Sequential([Dense(30), mlbook.Tanh(), BatchNorm(), Dense(4), mlbook.Softmax()], (7,), dtype=np.float64)
    x = np.random.default_rng(0).normal(size=(50, 7))
    model.vjp(x, training=True)
    assert close(run(written(model, tmp_path), x), model(x), 1e-13)


@pytest.mark.parametrize("mean", [0.0, 10.0, -1e4])
def test_a_mean_far_from_zero_does_not_cancel(tmp_path, mean):
    model = Sequential([BatchNorm(), Dense(2)], (3,), seed=1)
    x = np.random.default_rng(0).normal(mean, 1, (100, 3)).astype(np.float32)
    model.state[0].update(running_mean=x.mean(axis=0), running_var=x.var(axis=0))
    assert close(run(written(model, tmp_path), x), model(x))


def test_a_block_and_a_slice_know_their_own_images(tmp_path):
    "The same block serves two networks with images of other sizes, of which the block remembers one."
    block = Residual([MaxPool2D(3, stride=1, padding="same"), Conv2D(2, 3, padding="same")])
    large = Sequential([Conv2D(2, 3, stride=2, padding="same"), block], (1, 12, 11), seed=1)
    Sequential([block], (2, 3, 3))
    x = np.random.default_rng(0).normal(size=(2, 1, 12, 11)).astype(np.float32)
    assert close(run(written(large, tmp_path), x), large(x))
    part = large[1:]
    assert close(run(written(part, tmp_path), large[:1](x)), large(x))


def test_arrays_of_foreign_strides_and_bytes_are_written_right(tmp_path):
    model = Sequential([Dense(3), Dense(3)], (3,), seed=1)
    model.params[0]["w"] = np.asfortranarray(model.params[0]["w"])
    swapped = Sequential([Dense(3), Dense(3)], (3,), seed=1, dtype=">f4")
    x = np.random.default_rng(0).normal(size=(4, 3)).astype(np.float32)
    for each in (model, swapped):
        assert close(run(written(each, tmp_path), x), model(x))


def test_what_cannot_be_written_leaves_the_file_of_before(tmp_path, monkeypatch):
    model, path = Sequential([Dense(3)], (2,)), tmp_path / "net.onnx"
    path.write_bytes(b"before")
    for dtype in (np.float16, np.longdouble):
        with pytest.raises(TypeError, match="model has dtype float.*, expected float32 or float64"):
            Sequential([Dense(3)], (2,), dtype=dtype).to_onnx(path)
    with pytest.raises(TypeError, match="to_onnx: path is 3, expected a path"):
        model.to_onnx(3)
    with pytest.raises(FileNotFoundError, match=r"to_onnx: '.*nowhere.*' cannot be written"):
        model.to_onnx(tmp_path / "nowhere" / "net.onnx")
    monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(OSError, match="No space left on device"):
        model.to_onnx(path)
    assert path.read_bytes() == b"before" and list(tmp_path.iterdir()) == [path]


def test_a_network_that_a_file_cannot_hold():
    huge = np.broadcast_to(np.float32(0), (2**29, 1))
    with pytest.raises(ValueError, match="the arrays have 2,147,483,648 bytes, expected less than 2 GiB"):
        mlbook.exchange._check_size({"0.w": huge})


def test_arrays_of_another_size_than_at_first(tmp_path):
    "A network whose middle was made smaller answers so in the file, too."
    model = Sequential([Dense(5), ReLU(), Dense(4)], (3,), seed=1)
    model.params[0].update(w=model.params[0]["w"][:, :2], b=model.params[0]["b"][:2])
    model.params[2].update(w=model.params[2]["w"][:2, :3], b=model.params[2]["b"][:3])
    x = np.random.default_rng(0).normal(size=(4, 3)).astype(np.float32)
    assert close(run(written(model, tmp_path), x), model(x)) and model(x).shape == (4, 3)


def test_random_networks(tmp_path):
    rng = np.random.default_rng(2)
    pick = lambda *values: values[rng.integers(len(values))]  # noqa: E731

    def images(depth=0):
        kinds = [
            lambda: Conv2D(int(rng.integers(1, 4)), pick(1, 2, (3, 2)), stride=pick(1, 2), padding=pick(0, 1, "same"), dilation=pick(1, 2)),
            lambda: MaxPool2D(2, stride=pick(1, 2, None), padding=pick(0, "same"), ceil_mode=pick(True, False)),
            lambda: AvgPool2D(pick(2, 3), padding=pick(0, 1), ceil_mode=pick(True, False), count_include_pad=pick(True, False)),
            lambda: BatchNorm(epsilon=pick(1e-5, 0.3)), ReLU, mlbook.Tanh, mlbook.Sigmoid, mlbook.Softmax, lambda: LeakyReLU(slope=pick(-0.5, 0.1, 2)), lambda: Dropout(0.5),
        ]  # fmt: skip
        if depth < 2:
            same = lambda: Conv2D(2, 3, padding="same", dilation=pick(1, 2))  # noqa: E731
            kinds.append(lambda: Sequential([same(), Residual([pick(ReLU, BatchNorm, Dropout)(), same()])], (2, 9, 8)))
        return [pick(*kinds)() for _ in range(rng.integers(1, 6))]

    tried = 0
    for _ in range(80):
        end = [Flatten(), BatchNorm(), Dense(3)] if rng.random() < 0.5 else []
        try:
            model = Sequential([*images(), *end], (2, 9, 8), seed=1)
        except (ValueError, TypeError):
            continue
        x = rng.normal(size=(6, 2, 9, 8)).astype(np.float32)
        model.vjp(x, training=True)
        for part in model.params:
            part.update({name: array + rng.normal(size=array.shape).astype(array.dtype) / 4 for name, array in part.items()})
        assert close(run(written(model, tmp_path), x), model(x)), model
        other = model.astype(np.float64)
        from_torch_state_dict(other, to_torch_state_dict(model))
        assert np.array_equal(other.astype(np.float32)(x), model(x))
        tried += 1
    assert tried > 40


# scikit-learn

SKIPPED = {"check_array_api_input", "check_sample_weights_pandas_series", "check_classifier_data_not_an_array", "check_regressor_data_not_an_array"}


@pytest.mark.parametrize("estimator", [NetworkClassifier(), NetworkRegressor()], ids=["classifier", "regressor"])
def test_the_checks_of_scikit_learn(estimator):
    "All pass, none is expected to fail; those of other libraries than NumPy are skipped where these are missing."
    results = check_estimator(estimator, on_fail=None, on_skip=None)
    assert {r["status"] for r in results} <= {"passed", "skipped"}, [r for r in results if r["status"] not in ("passed", "skipped")]
    assert {r["check_name"] for r in results if r["status"] == "skipped"} <= SKIPPED
    assert sum(r["status"] == "passed" for r in results) >= 50
    assert not any(r["expected_to_fail"] for r in results)


def data(n=60, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 4))
    return X, np.where(X[:, 0] + X[:, 1] > 0.5, "yes", np.where(X[:, 2] > 0, "no", "maybe")), X @ [1.0, 2.0, 0.0, -1.0] + 100


def test_weights_are_repetitions_and_zero_is_absence():
    X, labels, y = data()
    w = np.random.default_rng(1).integers(4, size=60)
    for kind, t in ((NetworkClassifier, labels), (NetworkRegressor, y)):
        make = lambda: kind((9,), epochs=40, random_state=3)  # noqa: E731
        weighted = make().fit(X, t, sample_weight=w).network_(X)
        for other in (make().fit(X.repeat(w, axis=0), t.repeat(w)), make().fit(X[w > 0], t[w > 0], sample_weight=5.5 * w[w > 0])):
            assert np.abs(other.network_(X) - weighted).max() < 1e-9
        assert np.abs(make().fit(X, t).network_(X) - weighted).max() > 1e-3
        some = make().set_params(batch_size=7)
        absent = some.fit(X[w > 0], t[w > 0], sample_weight=w[w > 0]).network_(X)
        assert np.array_equal(some.fit(X, t, sample_weight=w).network_(X), absent)


def test_balanced_weights_follow_the_weights_of_samples():
    X, labels, _ = data()
    w = np.random.default_rng(1).integers(1, 4, size=60)
    make = lambda: NetworkClassifier((9,), epochs=40, class_weight="balanced", random_state=3)  # noqa: E731
    both = make().fit(X, labels, sample_weight=w).predict_proba(X)
    assert np.abs(make().fit(X.repeat(w, axis=0), labels.repeat(w)).predict_proba(X) - both).max() < 1e-9


def test_the_unit_of_a_target_does_not_matter():
    X, _, y = data()
    predicted = NetworkRegressor(epochs=300, random_state=0).fit(X, y).predict(X)
    assert np.abs(predicted - y).max() < 1
    scaled = NetworkRegressor(epochs=300, random_state=0).fit(X, 1e6 * y + 1e9).predict(X)
    assert np.allclose((scaled - 1e9) / 1e6, predicted, atol=1e-4)
    both = NetworkRegressor(epochs=300, random_state=0).fit(X, np.stack([y, 1e-200 * y, 1e200 * y, 0 * y + 7], axis=1)).predict(X)
    assert both.shape == (60, 4) and np.array_equal(both[:, 3], np.full(60, 7.0))
    assert all(np.corrcoef(both[:, k] / both[:, k].max(), y)[0, 1] > 0.99 for k in (0, 1, 2))


def test_layers_of_ones_own_see_images_and_leave_the_options_alone():
    def seeing():
        return [Conv2D(2, 3), ReLU(), Flatten()]

    X, labels = IMAGES[:200].reshape(200, 784), DIGITS.train_labels[:200]
    one = NetworkClassifier(make_layers=seeing, input_shape=(1, 28, 28), epochs=3, batch_size=20, random_state=0).fit(X, labels)
    again = pickle.loads(pickle.dumps(NetworkClassifier().set_params(**one.get_params() | {"make_layers": None, "input_shape": None})))
    assert one.network_.shapes[0] == (1, 28, 28) and one.network_.dtype == np.float32 and again.make_layers is None
    assert one.score(X, labels) > 0.8 and one.predict_proba(X).shape == (200, 10)
    same = NetworkClassifier(**one.get_params()).fit(X, labels)
    assert np.array_equal(same.predict_proba(X), one.predict_proba(X))


def test_layers_of_another_training_are_refused():
    layers = [Residual([Dense(4)]), ReLU()]
    one = NetworkClassifier(make_layers=lambda: layers, epochs=1).fit(*data()[:2])
    with pytest.raises(ValueError, match=r"layers\[0\] of make_layers\(\) has arrays already, expected new layers"):
        one.fit(*data()[:2])


def test_early_stopping_keeps_the_best_network():
    X, labels, _ = data(300)
    one = NetworkClassifier(epochs=2000, learning_rate=0.05, early_stopping=True, patience=5, random_state=0).fit(X, labels)
    losses = one.history_.validation_loss
    assert 6 <= one.n_iter_ < 2000 and len(losses) == one.n_iter_ and np.argmin(losses) == one.n_iter_ - 6
    assert not NetworkClassifier(epochs=2, random_state=0).fit(X, labels).history_.validation_loss
    w = np.random.default_rng(0).integers(1, 5, size=300)
    assert np.abs(one.predict_proba(X) - one.fit(X, labels, sample_weight=w).predict_proba(X)).max() > 1e-3
    labels[0] = "once"
    with pytest.raises(ValueError, match="only 1 member"):  # each class is held back by its share
        one.fit(X, labels)


@pytest.mark.parametrize(
    ("options", "kind", "message"),
    [
        ({"activation": "gelu"}, ValueError, "NetworkClassifier: activation is 'gelu', expected one of relu, sigmoid, tanh"),
        ({"hidden_layer_sizes": 10}, TypeError, "hidden_layer_sizes is 10, expected a list"),
        ({"input_shape": (2, 3)}, ValueError, r"input_shape is \(2, 3\), expected sizes whose product is 4"),
        ({"optimizer": mlbook.SGD(0.1)}, TypeError, r"optimizer is SGD\(0.1.*expected a function of a learning rate"),
        ({"make_layers": [ReLU()]}, TypeError, "make_layers is .*expected a function without arguments"),
        ({"early_stopping": True, "validation_fraction": 1.5}, ValueError, "validation_fraction is 1.5"),
        ({"epochs": 0}, ValueError, "epochs is 0"),
        ({"class_weight": {"yes": 0, "no": 0, "maybe": 0}}, ValueError, "the weights of the samples have the mean 0"),
        ({"class_weight": {"yes": -1}}, ValueError, "expected finite ones of at least 0"),
    ],
)
def test_options_that_do_not_fit(options, kind, message):
    X, labels, _ = data()
    with pytest.raises(kind, match=message):
        NetworkClassifier(**options).fit(X, labels)


def test_sparse_arrays_and_other_wrong_data():
    from scipy.sparse import csr_array

    X, labels, y = data()
    for estimator, t in ((NetworkClassifier(epochs=1), labels), (NetworkRegressor(epochs=1), y)):
        with pytest.raises(TypeError, match="[Ss]parse data was passed"):
            estimator.fit(csr_array(X), t)
        with pytest.raises(ValueError, match="zero for every sample|at least one non-zero"):  # ours, or that of a newer scikit-learn
            estimator.fit(X, t, sample_weight=np.zeros(60))
        with pytest.raises(ValueError, match="[Nn]egative values"):
            estimator.fit(X, t, sample_weight=-np.ones(60))
        with pytest.raises(ValueError, match="expecting 4 features"):
            estimator.fit(X, t).predict(X[:, :3])
    with pytest.raises(ValueError, match="y has only one class"):
        NetworkClassifier().fit(X, labels, sample_weight=labels == "no")


# What is imported when

HIDE = "import sys; sys.modules.update(dict.fromkeys({})); "


@pytest.mark.parametrize(
    ("hidden", "code", "message"),
    [
        (("onnx",), "mlbook.Sequential([mlbook.Dense(1)], (1,)).to_onnx('n.onnx')", "to_onnx needs onnx: pip install 'mlbook[onnx]'"),
        (("sklearn",), "import mlbook.estimators", "mlbook.estimators needs scikit-learn: pip install 'mlbook[sklearn]'"),
        (("sklearn",), "mlbook.estimators", "mlbook.estimators needs scikit-learn: pip install 'mlbook[sklearn]'"),
    ],
)
def test_a_missing_library_is_named(hidden, code, message):
    done = subprocess.run([sys.executable, "-c", f"{HIDE.format(hidden)}import mlbook; {code}"], encoding="utf-8", capture_output=True)
    assert done.stderr.splitlines()[-1] == f"ModuleNotFoundError: {message}"


def test_arrays_are_exchanged_without_any_other_library():
    code = "import mlbook; print(list(mlbook.exchange.to_torch_state_dict(mlbook.Sequential([mlbook.Dense(1)], (1,)))))"
    more = "; print([n for n in ('onnx', 'sklearn', 'scipy', 'torch', 'mlbook.estimators') if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", HIDE.format((),) + code + more], encoding="utf-8", capture_output=True, check=True)
    assert done.stdout == "['0.weight', '0.bias']\n[]\n"
