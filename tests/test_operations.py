"""Every operation: loops = vectorised = central differences = the dot-product test, over random shapes.

`OPERATIONS` is the table of them; a derivative rule without a row in it fails. Draws are repeatable: Hypothesis runs
derandomised, and numbers come from a generator with a drawn seed. Upstream gradients are random, never ones.
"""

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import mlbook
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mlbook import activations, autodiff, depth, gradcheck, losses, more_losses

linear = importlib.import_module("mlbook.dense")  # the package gives its name to the function

EXAMPLES = settings(derandomize=True, deadline=None, max_examples=60, database=None)
TOLERANCE = 1e-7  # of derivatives against differences
ROUNDING = 1e-13  # of two ways to compute one thing in float64


# The table


@dataclass(frozen=True, repr=False)
class Operation:
    """An operation, and what the tests need to know of it.

    `axes` names the axes of each array argument, as `as_arrays` does; `probabilities` are the arguments within [0, 1],
    `classes` those of which every row has an entry above 0.
    `least` has the axes that must be longer than 1. `options` draws keyword arguments. `loops(*arrays, **options)` is the value by the loop transcription,
    `pullback_loops(g, *arrays, **options)` its gradients: a tuple.
    """

    function: Callable
    axes: dict[str, str]
    loops: Callable
    pullback_loops: Callable | None = None
    probabilities: tuple[str, ...] = ()
    options: dict[str, st.SearchStrategy] = field(default_factory=dict)
    classes: tuple[str, ...] = ()
    least: dict[str, int] = field(default_factory=dict)

    @property
    def name(self):
        return self.function.__name__

    def __repr__(self):
        return self.name

    def sizes(self):
        "Draws a size for every axis, and a list of sizes for what ... stands for."
        names = sorted({name for axes in self.axes.values() for name in axes.split()})
        several = st.lists(st.integers(1, 3), max_size=2)
        one = {name: st.integers(self.least.get(name, 1), 4) for name in names}
        return st.fixed_dictionaries({name: several if name == "..." else one[name] for name in names})

    def shapes(self, sizes):
        lists = {name: size if name == "..." else [size] for name, size in sizes.items()}
        return [tuple(n for name in axes.split() for n in lists[name]) for axes in self.axes.values()]

    def arrays(self, sizes, seed):
        "Arguments that keep away from 0, where some activations have a kink, and from the borders of [0, 1]."
        rng = np.random.default_rng(seed)
        arrays = []
        for name, shape in zip(self.axes, self.shapes(sizes)):
            probability = rng.uniform(0.1, 0.9, shape)
            number = rng.choice([-1, 1], shape) * rng.uniform(0.1, 2.5, shape)
            arrays.append(probability if name in self.probabilities else number)
        return arrays

    def with_classes(self, arrays):
        "The arrays, with a 1 in the first place of each row that needs an entry above 0."
        for name, array in zip(self.axes, arrays):
            if name in self.classes:
                array[:, 0] = 1
        return arrays

    def cases(self):
        "Draws arguments and options, and a seed for what else is random."
        seed = st.integers(0, 2**32 - 1)
        return st.tuples(self.sizes(), st.fixed_dictionaries({}, optional=self.options), seed)


def vector(loops):
    "An elementwise function of arrays from one of vectors."
    return lambda *arrays, **options: loops(*map(np.ravel, arrays), **options).reshape(arrays[0].shape)


def rows(loops):
    "A function along the last axis from one of vectors."
    def function(*arrays):
        vectors = zip(*(array.reshape(-1, array.shape[-1]) for array in arrays))
        return np.stack([loops(*each) for each in vectors]).reshape(arrays[0].shape)

    return function


def from_output(along, loops, pullback_loops):
    "Gradients by loops that start from the output of the operation."
    return lambda g, z: (along(pullback_loops)(along(loops)(z), g),)


def channels(array):
    "A table with a column for each channel, the axis 1."
    return np.moveaxis(array, 1, -1).reshape(-1, array.shape[1])


def from_channels(table, shape):
    return np.moveaxis(table.reshape(shape[0], *shape[2:], shape[1]), -1, 1)


def loss(function, loops, pullback_loops, axes, *probabilities, **options):
    "The row of a loss, whose loops take two arrays (N, K)."
    def tables(*arrays):
        return [array.reshape(len(array), -1) for array in arrays]

    def gradients(g, *arrays, **options):
        return [d.reshape(arrays[0].shape) for d in pullback_loops(*tables(*arrays), g, **options)]

    value = lambda *arrays, **options: loops(*tables(*arrays), **options)
    return Operation(function, axes, value, gradients, probabilities, options)


def batch_norm_pullback_loops(g, x, gamma, beta, epsilon=1e-5):
    dx, dgamma, dbeta = depth.batch_norm_pullback_loops(channels(x), gamma, channels(g), epsilon)
    return from_channels(dx, x.shape), dgamma, dbeta


def class_loss(function, loops, pullback_loops, score, *probabilities):
    "The row of a loss of classes along the axis 1, whose loops take two arrays (N, K)."
    def gradients(g, *arrays):
        return [from_channels(d, arrays[0].shape) for d in pullback_loops(*map(channels, arrays), g)]

    axes, value = {score: "N K ...", "t": "N K ..."}, lambda *arrays: loops(*map(channels, arrays))
    return Operation(function, axes, value, gradients, (*probabilities, "t"), {}, ("t",))


OPERATIONS = {
    "sum_of_squares": Operation(
        mlbook.sum_of_squares,
        {"x": "..."},
        lambda x: autodiff.sum_of_squares_loops(x.ravel()),
        lambda g, x: (autodiff.sum_of_squares_pullback_loops(x.ravel(), g).reshape(x.shape),),
    ),
    "softmax": Operation(
        mlbook.softmax,
        {"z": "... K"},
        rows(activations.softmax_loops),
        from_output(rows, activations.softmax_loops, activations.softmax_pullback_loops),
    ),
    "log_softmax": Operation(
        mlbook.log_softmax,
        {"z": "... K"},
        rows(activations.log_softmax_loops),
        from_output(rows, activations.softmax_loops, activations.log_softmax_pullback_loops),
    ),
    "sigmoid": Operation(
        mlbook.sigmoid,
        {"z": "..."},
        vector(activations.sigmoid_loops),
        from_output(vector, activations.sigmoid_loops, activations.sigmoid_pullback_loops),
    ),
    "tanh": Operation(
        mlbook.tanh,
        {"z": "..."},
        vector(activations.tanh_loops),
        from_output(vector, activations.tanh_loops, activations.tanh_pullback_loops),
    ),
    "relu": Operation(
        mlbook.relu,
        {"z": "..."},
        vector(activations.relu_loops),
        from_output(vector, activations.relu_loops, activations.relu_pullback_loops),
    ),
    "leaky_relu": Operation(
        mlbook.leaky_relu,
        {"z": "..."},
        lambda z, slope=0.01: activations.leaky_relu_loops(z.ravel(), slope=slope).reshape(z.shape),
        lambda g, z, slope=0.01: (
            activations.leaky_relu_pullback_loops(z.ravel(), g.ravel(), slope=slope).reshape(z.shape),
        ),
        options={"slope": st.floats(0, 1, allow_subnormal=False)},
    ),
    "squared_error": loss(
        mlbook.squared_error,
        losses.squared_error_loops,
        losses.squared_error_pullback_loops,
        {"y": "N ...", "t": "N ..."},
        factor=st.floats(0.1, 2),
    ),
    "cross_entropy": class_loss(
        mlbook.cross_entropy,
        losses.cross_entropy_loops,
        losses.cross_entropy_pullback_loops,
        "y", "y",
    ),
    "binary_cross_entropy": loss(
        mlbook.binary_cross_entropy,
        losses.binary_cross_entropy_loops,
        losses.binary_cross_entropy_pullback_loops,
        {"y": "N ...", "t": "N ..."},
        "y", "t",
    ),
    "softmax_cross_entropy": class_loss(
        mlbook.softmax_cross_entropy,
        losses.softmax_cross_entropy_loops,
        losses.softmax_cross_entropy_pullback_loops,
        "z",
    ),
    "nll_loss": class_loss(
        mlbook.nll_loss,
        more_losses.nll_loss_loops,
        more_losses.nll_loss_pullback_loops,
        "log_y",
    ),
    "huber_loss": loss(
        mlbook.huber_loss,
        more_losses.huber_loss_loops,
        more_losses.huber_loss_pullback_loops,
        {"y": "N ...", "t": "N ..."},
        delta=st.floats(0.1, 2),
    ),
    "sigmoid_cross_entropy": loss(
        mlbook.sigmoid_cross_entropy,
        losses.sigmoid_cross_entropy_loops,
        losses.sigmoid_cross_entropy_pullback_loops,
        {"z": "N ...", "t": "N ..."},
        "t",
    ),
    "dense": Operation(
        mlbook.dense,
        {"x": "N D", "w": "D K", "b": "K"},
        linear.dense_loops,
        lambda g, x, w, b: linear.dense_pullback_loops(x, w, g),
    ),
    "dense without bias": Operation(
        mlbook.dense,
        {"x": "N D", "w": "D K"},
        lambda x, w: linear.dense_loops(x, w, np.zeros(w.shape[1])),
        lambda g, x, w: linear.dense_pullback_loops(x, w, g)[:2],
    ),
    "batch_norm": Operation(
        mlbook.batch_norm,
        {"x": "N C ...", "gamma": "C", "beta": "C"},
        lambda x, gamma, beta, epsilon=1e-5: from_channels(
            depth.batch_norm_loops(channels(x), gamma, beta, epsilon), x.shape
        ),
        batch_norm_pullback_loops,
        options={"epsilon": st.floats(1e-5, 1)},
        least={"N": 3},
    ),
    "dropout": Operation(
        mlbook.dropout,
        {"x": "...", "mask": "..."},
        vector(depth.dropout_loops),
        lambda g, x, mask: [
            d.reshape(x.shape) for d in depth.dropout_pullback_loops(x.ravel(), mask.ravel(), g.ravel())
        ],
    ),
}
SIZES = {"N": 3, "C": 4, "D": 4, "K": 4, "...": [2]}  # the weight is square: its transpose has the right shape too
EVERY = pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)


def registered():
    "Every operation of the package that has a derivative rule."
    for module in pkgutil.iter_modules(mlbook.__path__, "mlbook."):
        importlib.import_module(module.name)
    return {function for function in autodiff.RULES if function.__module__.startswith("mlbook.")}


def of_images(function):
    "Whether tests/test_images.py has the operation in its table."
    return function.__module__ in ("mlbook.convolution", "mlbook.pooling", "mlbook.reshaping")


def expected_here():
    return {function for function in registered() if not of_images(function)}


def test_the_table_has_every_operation():
    assert {operation.function for operation in OPERATIONS.values()} == expected_here()


def test_the_table_uses_every_loop_transcription():
    code = Path(__file__).read_text(encoding="utf-8")
    wanted = {f"{function.__name__}{kind}" for function in registered() for kind in ("_loops", "_pullback_loops")}
    there = {name for module in (activations, depth, linear, losses, more_losses, autodiff) for name in vars(module)}
    assert {name for name in wanted & there if f".{name}" not in code} == set()


# The checks: `check_…` raises AssertionError where the operation is wrong


def difference(a, b, floor=0.0):
    "Largest difference of `a` and `b`, relative to their largest entry."
    assert np.shape(a) == np.shape(b)
    scale = max(np.max(np.abs(a)), np.max(np.abs(b)), floor)
    return 0.0 if scale == 0 else np.max(np.abs(np.subtract(a, b))) / scale


def upstream_of(y, seed):
    return np.random.default_rng([seed, 1]).normal(size=np.shape(y))


def slope_at_zero(f, h=1e-4):
    "Derivative of `f` at 0 by five-point central differences: the error is of order h⁴."
    return (8 * (f(h) - f(-h)) - (f(2 * h) - f(-2 * h))) / (12 * h)


def along(function, arrays, directions, options, u):
    "Derivative of ⟨u, function⟩ along `directions`."
    def f(h):
        moved = [array + h * direction for array, direction in zip(arrays, directions)]
        return np.sum(u * function(*moved, **options))

    return slope_at_zero(f)


def check_value(operation, arrays, options, seed):
    "The loops give the value, as the rule does."
    value = operation.function(*arrays, **options)
    y, _ = mlbook.vjp(operation.function, *arrays, **options)
    assert np.array_equal(y, value)
    floor = max(np.max(np.abs(array)) for array in arrays)
    assert difference(value, operation.loops(*arrays, **options), floor) <= ROUNDING


def check_pullback_loops(operation, arrays, options, seed):
    "The loops give the gradients, where the chapter has loops for them."
    if operation.pullback_loops is None:
        return
    y, pullback = mlbook.vjp(operation.function, *arrays, **options)
    u = upstream_of(y, seed)
    for ours, loops in zip(pullback(u), operation.pullback_loops(u, *arrays, **options), strict=True):
        assert difference(ours, loops, floor=np.max(np.abs(u)) * 1e-3) <= ROUNDING


def check_differences(operation, arrays, options, seed):
    "The gradients are those of central differences, entry by entry."
    y, pullback = mlbook.vjp(operation.function, *arrays, **options)
    u = upstream_of(y, seed)
    for i, gradient in enumerate(pullback(u)):
        expected = np.empty_like(arrays[i])
        for j in np.ndindex(arrays[i].shape):
            directions = [np.zeros_like(array) for array in arrays]
            directions[i][j] = 1
            expected[j] = along(operation.function, arrays, directions, options, u)
        assert difference(gradient, expected, floor=1e-3 * np.sum(np.abs(u * y))) <= TOLERANCE


def check_dot_product(operation, arrays, options, seed):
    "⟨u, J v⟩ = ⟨Jᵀ u, v⟩ for random u and v."
    y, pullback = mlbook.vjp(operation.function, *arrays, **options)
    u, rng = upstream_of(y, seed), np.random.default_rng([seed, 2])
    v = [rng.normal(size=array.shape) for array in arrays]
    forward = along(operation.function, arrays, v, options, u)
    terms = [gradient * direction for gradient, direction in zip(pullback(u), v, strict=True)]
    floor = 1e-3 * max(np.sum(np.abs(u * y)), sum(np.sum(np.abs(term)) for term in terms))
    assert difference(sum(map(np.sum, terms)), forward, floor) <= TOLERANCE


def check_gradient_error(operation, arrays, options, seed):
    "The book's own central differences agree."
    assert gradcheck.gradient_error(operation.function, *arrays, seed=seed, **options) <= TOLERANCE


def check_dot_product_error(operation, arrays, options, seed):
    "The book's own dot-product test agrees."
    assert gradcheck.dot_product_error(operation.function, *arrays, seed=seed, **options) <= TOLERANCE


def check_purity(operation, arrays, options, seed):
    "Nothing is changed, and a second call of the pullback gives what the first gave."
    before = [array.copy() for array in arrays]
    y, pullback = mlbook.vjp(operation.function, *arrays, **options)
    u, value = upstream_of(y, seed), np.copy(y)
    given_u = u.copy()
    first = [gradient.copy() for gradient in pullback(u)]
    pullback(2 * u)
    second = pullback(u)
    assert all(map(np.array_equal, first, second))
    assert all(map(np.array_equal, arrays, before))
    assert np.array_equal(u, given_u) and np.array_equal(y, value)


def check_shapes(operation, arrays, options, seed):
    "One gradient for each array argument, of its shape."
    y, pullback = mlbook.vjp(operation.function, *arrays, **options)
    gradients = pullback(upstream_of(y, seed))
    assert isinstance(gradients, tuple)
    assert [np.shape(gradient) for gradient in gradients] == [array.shape for array in arrays]


def check_types(operation, arrays, options, seed):
    "float32 in, float32 out, and float64 likewise; options and the upstream gradient have no say in it."
    strict = {name: np.float64(value) for name, value in options.items()}
    for dtype in (np.float32, np.float64):
        typed = [array.astype(dtype) for array in arrays]
        y, pullback = mlbook.vjp(operation.function, *typed, **strict)
        results = [operation.function(*typed, **strict), y, *pullback(upstream_of(y, seed))]
        assert [result.dtype for result in results] == [dtype] * len(results)


LAYOUTS = {
    "transposed": lambda x: x.T.copy().T,
    "reversed": lambda x: np.flip(np.flip(x).copy()),
    "spaced": lambda x: np.repeat(x[..., None], 3, axis=-1)[..., 1],
    "unaligned": lambda x: np.frombuffer(b"?" + x.tobytes(), np.uint8)[1:].view(x.dtype).reshape(x.shape),
    "read-only": lambda x: np.frombuffer(x.tobytes(), x.dtype).reshape(x.shape),
}


def check_layouts(operation, arrays, options, seed):
    "The order in memory does not matter."
    y, pullback = mlbook.vjp(operation.function, *arrays, **options)
    u = upstream_of(y, seed)
    expected = [y, *pullback(u)]
    for layout in LAYOUTS.values():
        other, other_pullback = mlbook.vjp(operation.function, *map(layout, arrays), **options)
        for ours, theirs in zip([other, *other_pullback(layout(u))], expected, strict=True):
            assert difference(ours, theirs) <= ROUNDING


def check_integers(operation, arrays, options, seed):
    "Whole numbers count as floats: nothing wraps around."
    rng = np.random.default_rng([seed, 3])
    for dtype in (np.uint8, np.int8, np.uint64, bool):
        largest = 1 if dtype is bool else min(np.iinfo(dtype).max, 255)
        top = [1 if name in operation.probabilities else largest for name in operation.axes]
        whole = [rng.integers(n + 1, size=array.shape).astype(dtype) for n, array in zip(top, arrays)]
        whole = operation.with_classes(whole)
        results = []
        with np.errstate(all="ignore"):  # the logarithm of 0
            for each in (whole, [array.astype(float) for array in whole]):
                y, pullback = mlbook.vjp(operation.function, *each, **options)
                results.append([operation.function(*each, **options), y, *pullback(upstream_of(y, seed))])
        for ours, expected in zip(*results, strict=True):
            assert ours.dtype == np.float64
            assert np.array_equal(ours, expected, equal_nan=True)


GRADIENT_CHECKS = [check_differences, check_dot_product, check_gradient_error, check_dot_product_error]
MANNERS = [check_purity, check_shapes, check_types, check_layouts, check_integers]


def check_all(checks, operation, data):
    sizes, options, seed = data.draw(operation.cases())
    for check in checks:
        check(operation, operation.arrays(sizes, seed), options, seed)


@EVERY
@EXAMPLES
@given(data=st.data())
def test_loops_and_differences_agree(operation, data):
    check_all([check_value, check_pullback_loops, *GRADIENT_CHECKS], operation, data)


@EVERY
@EXAMPLES
@given(data=st.data())
def test_manners(operation, data):
    check_all(MANNERS, operation, data)


@EVERY
def test_an_integer_beside_a_float_takes_its_type(operation):
    arrays = operation.arrays(SIZES, 0)
    mixed = [array.astype(np.float32 if i == 0 else np.uint8) for i, array in enumerate(arrays)]
    y, pullback = mlbook.vjp(operation.function, *operation.with_classes(mixed))
    assert {result.dtype for result in (y, *pullback(upstream_of(y, 0)))} == {np.dtype(np.float32)}


@EVERY
def test_lists_count_as_arrays(operation):
    arrays = operation.arrays(SIZES, 0)
    lists = [array.tolist() for array in arrays]
    y, pullback = mlbook.vjp(operation.function, *lists)
    u = upstream_of(y, 0)
    expected, expected_pullback = mlbook.vjp(operation.function, *arrays)
    assert np.array_equal(y, expected)
    assert all(map(np.array_equal, pullback(u.tolist()), expected_pullback(u)))


# The checks can fail: rules with a planted mistake


def share(z):
    return mlbook.softmax(z)


def directly(g, x, gamma):
    "A pullback of `batch_norm` that takes mean and variance for constants."
    variance = x.var(axis=(0, *range(2, x.ndim)), keepdims=True)
    return g * gamma.reshape(variance.shape[1:]) / np.sqrt(variance + 1e-5)


def without_deviation(g, x, gamma):
    "A pullback of `batch_norm` that takes the variance for a constant."
    return directly(g - g.mean(axis=(0, *range(2, x.ndim)), keepdims=True), x, gamma)


WRONG_GRADIENTS = {
    # name of the row: mistake -> gradients from the upstream gradient, the right gradients and the arguments
    "softmax: the diagonal alone": lambda g, right, z: [g * share(z) * (1 - share(z))],
    "softmax: the mean of g unweighted": lambda g, right, z: [share(z) * (g - g.mean(axis=-1, keepdims=True))],
    "softmax: rows mixed up": lambda g, right, z: [share(z) * (g - np.sum(g * share(z)))],
    "log_softmax: the sum of g taken as 1": lambda g, right, z: [g - share(z)],
    "sigmoid: a dropped factor": lambda g, right, z: [g * mlbook.sigmoid(z)],
    "tanh: the input for the output": lambda g, right, z: [g * (1 - z**2)],
    "relu: the sign of the upstream gradient": lambda g, right, z: [g * (g > 0)],
    "leaky_relu: the slope forgotten": lambda g, right, z: [g * (z > 0)],
    "sum_of_squares: the upstream gradient forgotten": lambda g, right, x: [2 * x],
    "sum_of_squares: NaN": lambda g, right, x: [right[0] * np.nan],
    "sum_of_squares: one part in a million": lambda g, right, x: [right[0] * (1 + 1e-6)],
    "squared_error: 1/N missing": lambda g, right, y, t: [len(y) * d for d in right],
    "squared_error: the sign of the second": lambda g, right, y, t: [right[0], right[0]],
    "cross_entropy: the sign": lambda g, right, y, t: [-d for d in right],
    "cross_entropy: no gradient to the targets": lambda g, right, y, t: [right[0], 0 * t],
    "binary_cross_entropy: the wrong answers forgotten": lambda g, right, y, t: [-g * t / y / len(y), right[1]],
    "softmax_cross_entropy: targets that sum to 1": lambda g, right, z, t: [
        g * (mlbook.softmax(z, axis=1) - t) * z.shape[1] / z.size, right[1]
    ],
    "softmax_cross_entropy: softmax along another axis": lambda g, right, z, t: [
        g * (share(z) * t.sum(axis=1, keepdims=True) - t) * z.shape[1] / z.size, right[1]
    ],
    "nll_loss: a mean over the samples, not the pixels": lambda g, right, log_y, t: [
        d * log_y.size / log_y.shape[1] / len(log_y) for d in right
    ],
    "huber_loss: nothing cut off": lambda g, right, y, t: [g * (y - t) / len(y), g * (t - y) / len(y)],
    "huber_loss: the sign alone": lambda g, right, y, t: [g * np.sign(y - t) / len(y), right[1]],
    "sigmoid_cross_entropy: a second sigmoid": lambda g, right, z, t: [right[0] * mlbook.sigmoid(z), right[1]],
    "dense: the weight not transposed": lambda g, right, x, w, b: [g @ w, *right[1:]],
    "dense: the bias not summed": lambda g, right, x, w, b: [*right[:2], g[0]],
    "dense: the weight transposed": lambda g, right, x, w, b: [right[0], right[1].T, right[2]],
    "batch_norm: the way through the deviation": lambda g, right, x, gamma, beta: [without_deviation(g, x, gamma), *right[1:]],
    "batch_norm: constants in place of the statistics": lambda g, right, x, gamma, beta: [directly(g, x, gamma), *right[1:]],
    "batch_norm: scale and shift mixed up": lambda g, right, x, gamma, beta: [right[0], right[2], right[1]],
    "dropout: the mask forgotten": lambda g, right, x, mask: [g, right[1]],
    "dense: a mean over the samples": lambda g, right, x, w, b: [d / len(x) for d in right],
}


def replace_rule(monkeypatch, operation, wrap):
    "Makes `wrap(y, pullback, arrays)` of the right rule's results the rule of the operation, for one test."
    right = autodiff.RULES[operation.function]

    def rule(*arrays, **options):
        y, pullback = right(*arrays, **options)
        return wrap(y, lambda g: tuple(d() if callable(d) else d for d in pullback(g)), arrays)

    monkeypatch.setitem(autodiff.RULES, operation.function, rule)


def row_of(mistake):
    return OPERATIONS[mistake.partition(":")[0]]


@pytest.mark.parametrize("mistake", WRONG_GRADIENTS)
@pytest.mark.parametrize("check", GRADIENT_CHECKS)
def test_a_wrong_gradient_is_found(check, mistake, monkeypatch):
    operation, wrong = row_of(mistake), WRONG_GRADIENTS[mistake]
    arrays = operation.arrays(SIZES, 0)
    check(operation, arrays, {}, 0)
    replace_rule(monkeypatch, operation, lambda y, pull, arrays: (y, lambda g: tuple(wrong(g, pull(g), *arrays))))
    with pytest.raises(AssertionError):
        check(operation, arrays, {}, 0)


def test_every_operation_has_a_wrong_gradient():
    assert {row_of(mistake).function for mistake in WRONG_GRADIENTS} == expected_here()


def in_place(array):
    "The array, changed."
    array *= 2
    return array


def used_up(y, pullback, arrays):
    "A pullback that gives something else the second time."
    calls = []

    def wrong(g):
        calls.append(g)
        return tuple(len(calls) * d for d in pullback(g))

    return y, wrong


def by_memory(y, pullback, arrays):
    "A value that reads the entries in the order of memory."
    return np.ravel(arrays[0], order="K").reshape(arrays[0].shape) * y, pullback


WRONG_MANNERS = {
    "the input is changed": (check_purity, lambda y, pull, arrays: (y, lambda g: (in_place(arrays[0]), *pull(g)[1:]))),
    "the upstream is changed": (check_purity, lambda y, pull, arrays: (y, lambda g: pull(in_place(g)))),
    "the second call differs": (check_purity, used_up),
    "the value is changed": (check_purity, lambda y, pull, arrays: (y, lambda g: (in_place(y), *pull(g)[1:]))),
    "a gradient too few": (check_shapes, lambda y, pull, arrays: (y, lambda g: pull(g)[1:])),
    "a gradient of another shape": (check_shapes, lambda y, pull, arrays: (y, lambda g: (pull(g)[0][None],))),
    "float64 from float32": (check_types, lambda y, pull, arrays: (y, lambda g: (np.float64(1) * pull(g)[0],))),
    "a wide value": (check_types, lambda y, pull, arrays: (np.float64(1) * y, pull)),
    "integers are another matter": (
        check_integers, lambda y, pull, arrays: (y if arrays[0].dtype.kind == "f" else y - 0.5, pull)
    ),
    "the order in memory": (check_layouts, by_memory),
    "another value": (check_value, lambda y, pull, arrays: (y * (1 + 1e-12), pull)),
}


@pytest.mark.parametrize("manner", WRONG_MANNERS)
def test_a_wrong_manner_is_found(manner, monkeypatch):
    check, wrap = WRONG_MANNERS[manner]
    check(OPERATIONS["tanh"], OPERATIONS["tanh"].arrays(SIZES | {"...": [2, 3]}, 0), {}, 0)
    replace_rule(monkeypatch, OPERATIONS["tanh"], wrap)
    with pytest.raises(AssertionError):
        check(OPERATIONS["tanh"], OPERATIONS["tanh"].arrays(SIZES | {"...": [2, 3]}, 0), {}, 0)


# Known values, worked out by hand


ln2, ln3 = np.log(2), np.log(3)
KNOWN = {
    "sum_of_squares": ([[1, 2, 3]], {}, 14, 2, [[4, 8, 12]]),
    "softmax": ([[0, ln2, ln3]], {}, [1 / 6, 2 / 6, 3 / 6], [6, 0, 0], [[5 / 6, -2 / 6, -3 / 6]]),
    "softmax, large": ([[1000, 1000]], {}, [1 / 2, 1 / 2], [4, 0], [[1, -1]]),
    "softmax, a class ruled out": ([[-np.inf, 0]], {}, [0, 1], [4, 5], [[0, 0]]),
    "log_softmax": ([[0, ln3]], {}, [-2 * ln2, ln3 - 2 * ln2], [3, 1], [[2, -2]]),
    "log_softmax, far apart": ([[0, 1000]], {}, [-1000, 0], [3, 1], [[3, -3]]),
    "sigmoid": ([[0, ln3]], {}, [1 / 2, 3 / 4], [8, -16], [[2, -3]]),
    "sigmoid, saturated": ([[-1000, 1000]], {}, [0, 1], [8, -16], [[0, 0]]),
    "tanh": ([[0, ln2]], {}, [0, 3 / 5], [2, 25], [[2, 16]]),
    "relu": ([[-2, 0, 3]], {}, [0, 0, 3], [5, 6, 7], [[0, 0, 7]]),
    "leaky_relu": ([[-2, 0, 3]], {}, [-0.02, 0, 3], [5, 6, 7], [[0.05, 0.06, 7]]),
    "leaky_relu, another slope": ([[-2, 0, 3]], {"slope": 0.5}, [-1, 0, 3], [5, 6, 7], [[2.5, 3, 7]]),
    "squared_error": (
        [[[1, 2], [3, 4]], [[0, 0], [3, 2]]], {}, 9 / 4, 2, [[[1, 2], [0, 2]], [[-1, -2], [0, -2]]],
    ),
    "squared_error, factor 1": ([[3, 1], [1, 1]], {"factor": 1}, 2, 1, [[2, 0], [-2, 0]]),
    "cross_entropy": (
        [[[1 / 4, 3 / 4], [1 / 2, 1 / 2]], [[1, 0], [0, 1]]], {}, 3 / 2 * ln2, 2,
        [[[-4, 0], [0, -2]], [[2 * ln2, 2 * ln2 - ln3], [ln2, ln2]]],
    ),
    "binary_cross_entropy": (
        [[1 / 4, 1 / 2], [0, 1]], {}, (2 * ln2 - ln3 + ln2) / 2, 3, [[2, -3], [3 / 2 * ln3, 0]]
    ),
    "binary_cross_entropy, certain and right": ([[1, 0], [1, 0]], {}, 0, 2, [[-1, 1], [-np.inf, np.inf]]),
    "softmax_cross_entropy": ([[[0, 0]], [[1, 0]]], {}, ln2, 2, [[[-1, 1]], [[2 * ln2, 2 * ln2]]]),
    "softmax_cross_entropy, far off": ([[[1000, 0]], [[0, 1]]], {}, 1000, 2, [[[2, -2]], [[0, 2000]]]),
    "softmax_cross_entropy, a class ruled out": ([[[-np.inf, 0]], [[0, 1]]], {}, 0, 2, [[[0, 0]], [[np.inf, 0]]]),
    "nll_loss": ([[[-2, -3], [-5, -1]], [[1, 0], [0, 1]]], {}, 3 / 2, 4, [[[-2, 0], [0, -2]], [[4, 6], [10, 2]]]),
    "nll_loss, ruled out": ([[[-np.inf, 0]], [[0, 1]]], {}, 0, 2, [[[0, -2]], [[np.inf, 0]]]),
    "huber_loss": ([[[1, 3], [0, -4]], [[0, 0], [0, 0]]], {"delta": 2}, (1 / 2 + 4 + 6) / 2, 2, [[[1, 2], [0, -2]], [[-1, -2], [0, 2]]]),
    "sigmoid_cross_entropy": ([[0, ln3], [1, 0]], {}, 3 / 2 * ln2, 4, [[-1, 3 / 2], [0, -2 * ln3]]),
    "sigmoid_cross_entropy, far off": ([[-1000], [1]], {}, 1000, 2, [[-2], [2000]]),
    "dense": (
        [[[1, 2]], [[1, 0, 2], [0, 1, 1]], [10, 20, 30]], {}, [[11, 22, 34]], [[1, -1, 2]],
        [[[5, 1]], [[1, -1, 2], [2, -2, 4]], [1, -1, 2]],
    ),
    "batch_norm": (  # mean 3, variance 4 - 3 = 1 with epsilon 3: deviation 2
        [[[2], [2], [4], [4]], [2], [10]], {"epsilon": 3}, [[9], [9], [11], [11]], [[8], [0], [0], [0]],
        [[[8 - 2 - 1 / 2], [-2 - 1 / 2], [-2 + 1 / 2], [-2 + 1 / 2]], [-4], [8]],
    ),
    "batch_norm, constants": (
        [[[2], [4]], [2], [10]], {"epsilon": 3, "statistics": ([1], [6])}, [[32 / 3], [12]], [[3], [6]],
        [[[2], [4]], [7], [9]],
    ),
    "dropout": ([[1, 2, 3], [0, 2, 2]], {}, [0, 4, 6], [5, 6, 7], [[0, 12, 14], [5, 12, 21]]),
}


@pytest.mark.parametrize("name", KNOWN)
def test_known_value(name):
    arrays, options, value, u, gradients = KNOWN[name]
    function = getattr(mlbook, name.partition(",")[0])
    y, pullback = mlbook.vjp(function, *arrays, **options)
    np.testing.assert_allclose(y, value, rtol=1e-14, atol=1e-15)
    for ours, expected in zip(pullback(u), gradients, strict=True):
        np.testing.assert_allclose(ours, expected, rtol=1e-14, atol=1e-15)


def test_every_operation_has_a_known_value():
    assert {getattr(mlbook, name.partition(",")[0]) for name in KNOWN} == expected_here()


# Bad input: the exception names the function, the argument, what came and what was expected


def complaint(error, function, *arrays, **options):
    "The message that `function` and its rule both give."
    with pytest.raises(error) as caught:
        function(*arrays, **options)
    with pytest.raises(error) as caught_by_rule:
        mlbook.vjp(function, *arrays, **options)
    assert str(caught.value) == str(caught_by_rule.value)
    return str(caught.value)


def names_argument(message, operation, name):
    return message.startswith(f"{operation.name}: {name} ")


ARGUMENTS = [
    pytest.param(operation, position, id=f"{row}: {name}")
    for row, operation in OPERATIONS.items()
    for position, name in enumerate(operation.axes)
]
EACH_ARGUMENT = pytest.mark.parametrize("operation, position", ARGUMENTS)


def replaced(operation, position, value):
    arrays = operation.arrays(SIZES, 0)
    return arrays[:position] + [value] + arrays[position + 1 :]


NO_NUMBERS = {
    "complex": (np.full((3, 4), 1j), "complex128"),
    "text": ([["1", "2"]], "<U1"),
    "one text": ("digits", "<U6"),
    "objects": ([[1, None]], "object"),
    "dates": (np.full((3, 4), "2026-01-01", "M8[D]"), "datetime64[D]"),
}


@EACH_ARGUMENT
@pytest.mark.parametrize("kind", NO_NUMBERS)
def test_what_is_no_number_is_refused(operation, position, kind):
    value, dtype = NO_NUMBERS[kind]
    message = complaint(TypeError, operation.function, *replaced(operation, position, value))
    assert names_argument(message, operation, list(operation.axes)[position])
    assert f"dtype {dtype}" in message and "expected real numbers" in message


@EACH_ARGUMENT
def test_ragged_lists_are_refused(operation, position):
    message = complaint(ValueError, operation.function, *replaced(operation, position, [[1, 2], [3]]))
    assert names_argument(message, operation, list(operation.axes)[position])
    assert "rows of different lengths" in message and "expected an array" in message


@EACH_ARGUMENT
def test_an_empty_array_is_refused(operation, position):
    shape = (0, *operation.shapes(SIZES)[position][1:])
    message = complaint(ValueError, operation.function, *replaced(operation, position, np.empty(shape)))
    assert names_argument(message, operation, list(operation.axes)[position])
    assert str(shape) in message and "expected" in message


def other_ranks(operation, position):
    "Shapes with an axis too few and an axis too many, where there is such a thing."
    axes = operation.axes[list(operation.axes)[position]].split()
    if "..." not in axes:
        yield from [(1,) * (len(axes) - 1), (1,) * (len(axes) + 1)]
    elif len(axes) > 1:
        yield (1,) * (len(axes) - 2)


RANKS = [
    pytest.param(*argument.values, shape, id=f"{argument.id} {shape}")
    for argument in ARGUMENTS
    for shape in other_ranks(*argument.values)
]


@pytest.mark.parametrize("operation, position, shape", RANKS)
def test_another_rank_is_refused(operation, position, shape):
    message = complaint(ValueError, operation.function, *replaced(operation, position, np.ones(shape)))
    assert names_argument(message, operation, list(operation.axes)[position])
    assert f"shape {shape}" in message and "expected (" in message


SHARED = [
    pytest.param(operation, position, axis, id=f"{row}: {axis} of {name}")
    for row, operation in OPERATIONS.items()
    for position, (name, axes) in enumerate(operation.axes.items())
    for axis in axes.split()
    if any(axis in earlier.split() for earlier in list(operation.axes.values())[:position])
]


@pytest.mark.parametrize("operation, position, axis", SHARED)
@pytest.mark.parametrize("size", [1, 5])
def test_sizes_that_do_not_fit_are_refused(operation, position, axis, size):
    "A size of 1 too, which NumPy would broadcast."
    sizes = SIZES | {axis: [size] if axis == "..." else size}
    other = operation.arrays(sizes, 0)[position]
    message = complaint(ValueError, operation.function, *replaced(operation, position, other))
    assert names_argument(message, operation, list(operation.axes)[position])
    expected = f"{axis} = ({SIZES['...'][0]},)" if axis == "..." else f"{axis} = {SIZES[axis]}"
    assert f"shape {other.shape}" in message and "expected (" in message and expected in message


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("name", ["softmax", "log_softmax", "softmax_cross_entropy"])
def test_a_row_that_is_not_finite_is_refused(name, value):
    operation = OPERATIONS[name]
    arrays = operation.arrays(SIZES, 0)
    arrays[0][1] = value
    message = complaint(ValueError, operation.function, *arrays)
    assert names_argument(message, operation, "z")
    assert str(value) in message and "expected" in message


@pytest.mark.parametrize("value", [-0.25, 1.25, np.nan, np.inf])
@pytest.mark.parametrize("name", ["cross_entropy", "binary_cross_entropy"])
def test_what_is_no_probability_is_refused(name, value):
    operation = OPERATIONS[name]
    arrays = operation.arrays(SIZES, 0)
    arrays[0][1, 1] = value
    message = complaint(ValueError, operation.function, *arrays)
    assert names_argument(message, operation, "y")
    assert str(value) in message and "expected probabilities in [0, 1]" in message


@pytest.mark.parametrize("function", [np.sin, mlbook.Dense, len, "softmax", None, [1.0], np.ones(2)])
def test_a_function_without_a_rule_is_refused(function):
    with pytest.raises((ValueError, TypeError)) as caught:
        mlbook.vjp(function, np.ones(3))
    message = str(caught.value)
    assert message.startswith("vjp: function is ")
    assert getattr(function, "__name__", repr(function)) in message
    assert all(known.__name__ in message for known in registered())


@EVERY
def test_an_unknown_option_is_refused(operation):
    for call in (operation.function, lambda *a, **o: mlbook.vjp(operation.function, *a, **o)):
        with pytest.raises(TypeError, match=rf"{operation.name}.*temperature"):
            call(*operation.arrays(SIZES, 0), temperature=2)


@EVERY
def test_an_upstream_of_another_shape_is_refused(operation):
    y, pullback = mlbook.vjp(operation.function, *operation.arrays(SIZES, 0))
    for shape in {(), (1,), (1, 1), (*y.shape, 1), (1, *y.shape), y.shape[::-1], y.shape[1:]} - {y.shape}:
        with pytest.raises(ValueError) as caught:
            pullback(np.ones(shape))
        assert str(caught.value) == f"pullback: g has shape {shape}, expected {y.shape}"


@EVERY
@pytest.mark.parametrize("kind", NO_NUMBERS)
def test_an_upstream_that_is_no_number_is_refused(operation, kind):
    _, pullback = mlbook.vjp(operation.function, *operation.arrays(SIZES, 0))
    value, dtype = NO_NUMBERS[kind]
    with pytest.raises(TypeError) as caught:
        pullback(value)
    assert str(caught.value) == f"pullback: g has dtype {dtype}, expected real numbers"
