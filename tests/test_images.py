"""Convolution, pooling and flattening: loops = vectorised = central differences = the dot-product test.

The checks are those of tests/test_operations.py. Here is a table of the operations on images, with a reference for each
that follows the definition place by place, and draws of shapes, strides, paddings and dilations.
"""

import gc
import itertools
import weakref
from dataclasses import dataclass
from pathlib import Path

import mlbook
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from mlbook import _checks, convolution, memory, pooling, reshaping
from mlbook.convolution import conv2d
from mlbook.pooling import avg_pool2d, max_pool2d
from mlbook.reshaping import flatten, unflatten

from test_operations import (
    GRADIENT_CHECKS, LAYOUTS, NO_NUMBERS, ROUNDING, Operation, check_differences, check_dot_product, check_integers,
    check_layouts, check_pullback_loops, check_purity, check_shapes, check_value, complaint, difference, of_images,
    registered, replace_rule, upstream_of,
)

MANY = settings(derandomize=True, deadline=None, max_examples=120, database=None)
FEW = settings(derandomize=True, deadline=None, max_examples=40, database=None)


# The reference: windows as lists of the places that they read


def both(value):
    "An int or a pair, as a pair."
    return tuple(value) if isinstance(value, (tuple, list)) else (value, value)


def margin(padding, axis, size, taps, stride, dilation):
    "Padding before and after an axis: 0 are the rows, 1 the columns."
    if padding == "valid":
        return 0, 0
    if padding in ("same", "same_lower"):
        total = 0
        while (total + size - dilation * (taps - 1) - 1) // stride + 1 < -(-size // stride):
            total += 1
        less, more = total // 2, total - total // 2
        return (less, more) if padding == "same" else (more, less)
    return both(both(padding)[axis])


@dataclass(frozen=True)
class Walk:
    "`places[i][p]` is the place of an axis of `size` that tap p of window i reads: beyond the axis is padding."

    size: int
    before: int
    after: int
    places: list[list[int]]

    def inside(self, i):
        return [(p, place) for p, place in enumerate(self.places[i]) if 0 <= place < self.size]

    def padded_count(self, i):
        return sum(-self.before <= place < self.size + self.after for place in self.places[i])


def walk(axis, size, taps, stride, dilation, padding, ceil_mode):
    before, after = margin(padding, axis, size, taps, stride, dilation)
    places, start, end = [], -before, -before
    while end < size + after:  # the window before this one has not reached the end
        reads = [start + p * dilation for p in range(taps)]
        end = reads[-1] + 1
        if end > size + after and not (ceil_mode and places and start < size):
            break
        places.append(reads)
        start += stride
    # A stride beyond the window leaves room behind it, for which there is a window only if it fits.
    return Walk(size, before, after, places)


def walks(shape, kernel_size, *, stride=1, padding=0, dilation=1, ceil_mode=False):
    axes = zip(range(2), shape[2:], both(kernel_size), both(stride), both(dilation))
    return [walk(*axis, padding, ceil_mode) for axis in axes]


def reads(rows, columns):
    "For each output (i, j), the taps (p, q) inside the image and the pixels (r, s) that they read."
    for i, j in np.ndindex(len(rows.places), len(columns.places)):
        for p, r in rows.inside(i):
            for q, s in columns.inside(j):
                yield i, j, p, q, r, s


def conv2d_value(x, w, b=None, **options):
    rows, columns = walks(x.shape, w.shape[2:], **options)
    z = np.zeros((len(x), len(w), len(rows.places), len(columns.places)))
    for i, j, p, q, r, s in reads(rows, columns):
        z[:, :, i, j] += x[:, :, r, s] @ w[:, :, p, q].T
    return z if b is None else z + b[:, None, None]


def conv2d_gradients(g, x, w, b=None, **options):
    dx, dw = np.zeros(x.shape), np.zeros(w.shape)
    for i, j, p, q, r, s in reads(*walks(x.shape, w.shape[2:], **options)):
        dx[:, :, r, s] += g[:, :, i, j] @ w[:, :, p, q]
        dw[:, :, p, q] += g[:, :, i, j].T @ x[:, :, r, s]
    return (dx, dw) if b is None else (dx, dw, np.sum(g, axis=(0, 2, 3)))


def pool_walks(x, kernel_size, stride=None, **options):
    return walks(x.shape, kernel_size, stride=kernel_size if stride is None else stride, **options)


def pool_maps(x, rows, columns):
    return np.zeros((*x.shape[:2], len(rows.places), len(columns.places)))


def winners(x, kernel_size, **options):
    "The pixel (n, c, r, s) that wins each output (n, c, i, j): the first of the largest."
    found = {}
    for (n, c), (i, j, p, q, r, s) in itertools.product(
        np.ndindex(x.shape[:2]), list(reads(*pool_walks(x, kernel_size, **options)))
    ):
        if (n, c, i, j) not in found or x[n, c, r, s] > x[found[n, c, i, j]]:
            found[n, c, i, j] = n, c, r, s
    return found


def max_pool2d_value(x, kernel_size, **options):
    y = pool_maps(x, *pool_walks(x, kernel_size, **options)).astype(x.dtype)
    for output, pixel in winners(x, kernel_size, **options).items():
        y[output] = x[pixel]
    return y


def max_pool2d_gradients(g, x, kernel_size, **options):
    dx = np.zeros(x.shape)
    for output, pixel in winners(x, kernel_size, **options).items():
        dx[pixel] += g[output]
    return (dx,)


def avg_count(rows, columns, i, j, count_include_pad):
    if count_include_pad:
        return rows.padded_count(i) * columns.padded_count(j)
    return len(rows.inside(i)) * len(columns.inside(j))


def avg_pool2d_value(x, kernel_size, count_include_pad=False, **options):
    rows, columns = pool_walks(x, kernel_size, **options)
    y = pool_maps(x, rows, columns)
    for i, j, p, q, r, s in reads(rows, columns):
        y[:, :, i, j] += x[:, :, r, s] / avg_count(rows, columns, i, j, count_include_pad)
    return y


def avg_pool2d_gradients(g, x, kernel_size, count_include_pad=False, **options):
    rows, columns = pool_walks(x, kernel_size, **options)
    dx = np.zeros(x.shape)
    for i, j, p, q, r, s in reads(rows, columns):
        dx[:, :, r, s] += g[:, :, i, j] / avg_count(rows, columns, i, j, count_include_pad)
    return (dx,)


def position(index, shape):
    "Place of an entry in the order of flattening, as Horner's rule has it."
    d = 0
    for i, n in zip(index, shape):
        d = d * n + i
    return d


def flatten_value(x):
    y = np.zeros((len(x), int(np.prod(x.shape[1:]))))
    for n, *index in np.ndindex(x.shape):
        y[n, position(index, x.shape[1:])] = x[(n, *index)]
    return y


def unflatten_value(x, shape):
    y = np.zeros((len(x), *shape))
    for n, *index in np.ndindex(y.shape):
        y[(n, *index)] = x[n, position(index, shape)]
    return y


# The draws


def pairs(*values):
    "Each value, and each pair of them; one choice, since choosing is what takes the time."
    return st.sampled_from([*values, *itertools.product(values, repeat=2)])


STEP = pairs(1, 2, 3)
DILATION = st.sampled_from([1, 2, *itertools.product((1, 2, 3), repeat=2)])
NAMES = st.sampled_from(["valid", "same", "same_lower"])
UNEQUAL = st.sampled_from(list(itertools.product(itertools.product(range(4), repeat=2), repeat=2)))
PADDING = pairs(0, 1, 2) | UNEQUAL | NAMES
WINDOW = st.sampled_from(list(itertools.product((1, 2, 3), repeat=2)))
SEED = st.integers(0, 2**32 - 1)
SIZES = st.sampled_from(list(itertools.product(range(1, 7), repeat=2)))  # height and width
COUNTS = st.sampled_from(list(itertools.product((1, 2, 3), repeat=2)))  # samples and channels


def distinct(rng, shape):
    "Numbers of either sign with gaps, so that a small step changes no winner."
    size = int(np.prod(shape))
    return rng.choice([-1, 1]) * (rng.permutation(size).reshape(shape) - 0.37 * size) / 10


@st.composite
def image_size(draw, kernel_size, options, least=1):
    "Height and width that leave room for a window."
    sizes = []
    steps = zip(draw(SIZES), kernel_size, both(options["stride"] or kernel_size), both(options["dilation"]))
    for axis, (size, taps, stride, dilation) in enumerate(steps):
        padding = options["padding"]
        missing = dilation * (taps - 1) + 1 - size - sum(margin(padding, axis, size, taps, stride, dilation))
        sizes.append(size + max(missing, 0))
    return tuple(sizes)


@st.composite
def conv_case(draw):
    options = {"stride": draw(STEP), "padding": draw(PADDING), "dilation": draw(DILATION)}
    (n, c), k = draw(COUNTS), draw(st.integers(1, 4))
    kernel_size, seed = draw(WINDOW), draw(SEED)
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, c, *draw(image_size(kernel_size, options))))
    arrays = [x, rng.normal(size=(k, c, *kernel_size)), rng.normal(size=k)]
    return arrays[: draw(st.integers(2, 3))], options, seed


@st.composite
def pool_case(draw, average):
    kernel_size = draw(WINDOW)
    options = {
        "stride": draw(st.none() | STEP), "padding": draw(PADDING), "dilation": draw(DILATION),
        "ceil_mode": draw(st.booleans()),
    }
    seed = draw(SEED)
    shape = (*draw(COUNTS), *draw(image_size(kernel_size, options)))
    x = distinct(np.random.default_rng(seed), shape)
    both_walks = pool_walks(x, kernel_size, **options)
    assume(all(each.inside(i) for each in both_walks for i in range(len(each.places))))
    if average:
        options["count_include_pad"] = draw(st.booleans())
    given_size = kernel_size[0] if kernel_size[0] == kernel_size[1] and draw(st.booleans()) else kernel_size
    return [x], {"kernel_size": given_size, **options}, seed


@st.composite
def flatten_case(draw):
    shape, seed = draw(st.lists(st.integers(1, 4), min_size=1, max_size=4)), draw(st.integers(0, 2**32 - 1))
    return [np.random.default_rng(seed).normal(size=shape)], {}, seed


@st.composite
def unflatten_case(draw):
    [x], _, seed = draw(flatten_case())
    return [x.reshape(len(x), -1)], {"shape": x.shape[1:]}, seed


# The table


IMAGES = {
    "conv2d": Operation(conv2d, {"x": "N C H W", "w": "K C P Q", "b": "K"}, conv2d_value, conv2d_gradients),
    "max_pool2d": Operation(max_pool2d, {"x": "N C H W"}, max_pool2d_value, max_pool2d_gradients),
    "avg_pool2d": Operation(avg_pool2d, {"x": "N C H W"}, avg_pool2d_value, avg_pool2d_gradients),
    "flatten": Operation(flatten, {"x": "N ..."}, flatten_value, lambda g, x: (unflatten_value(g, x.shape[1:]),)),
    "unflatten": Operation(unflatten, {"x": "N D"}, unflatten_value, lambda g, x, shape: (flatten_value(g),)),
}
CASES = {
    "conv2d": conv_case(), "max_pool2d": pool_case(False), "avg_pool2d": pool_case(True), "flatten": flatten_case(),
    "unflatten": unflatten_case(),
}
EVERY = pytest.mark.parametrize("name", IMAGES)
POOLS = pytest.mark.parametrize("name", ["max_pool2d", "avg_pool2d"])
FLOATS = [name for name in IMAGES if name != "max_pool2d"]


def test_the_table_has_every_operation():
    assert {operation.function for operation in IMAGES.values()} == set(filter(of_images, registered()))


def run(checks, name, data):
    arrays, options, seed = data.draw(CASES[name])
    for check in checks:
        check(IMAGES[name], [array.copy() for array in arrays], options, seed)


@EVERY
@MANY
@given(data=st.data())
def test_the_reference_and_differences_agree(name, data):
    run([check_value, check_pullback_loops, check_dot_product], name, data)


@EVERY
@FEW
@given(data=st.data())
def test_every_entry_of_the_gradient_is_a_difference(name, data):
    run(GRADIENT_CHECKS, name, data)


# The loop transcriptions of the chapters


def plain_options(x, kernel_size, *, stride=1, padding=0, dilation=1, **switches):
    "Stride, padding and dilation as plain pairs, from the walks of the reference."
    rows, columns = walks(x.shape, kernel_size, stride=stride, padding=padding, dilation=dilation, **switches)
    margins = (rows.before, rows.after), (columns.before, columns.after)
    return {"stride": both(stride), "padding": margins, "dilation": both(dilation)}


def conv2d_by_loops(u, x, w, b=None, **options):
    plain = plain_options(x, w.shape[2:], **options)
    z = convolution.conv2d_loops(x, w, np.zeros(len(w)) if b is None else b, **plain)
    return z, convolution.conv2d_pullback_loops(x, w, u, **plain)[: 2 if b is None else 3]


def pool_loops(x, kernel_size, stride=None, **options):
    "Keyword arguments of the loops of pooling, and the walks."
    stride = kernel_size if stride is None else stride
    plain = plain_options(x, kernel_size, stride=stride, **options)
    before = tuple(margin[0] for margin in plain.pop("padding"))
    return plain | {"kernel_size": both(kernel_size), "before": before}, pool_walks(x, kernel_size, stride, **options)


def max_pool2d_by_loops(u, x, **options):
    plain, _ = pool_loops(x, **options)
    y = pooling.max_pool2d_loops(x, outputs=u.shape[2:], **plain)
    return y, [pooling.max_pool2d_pullback_loops(x, g=u, **plain)]


def avg_pool2d_by_loops(u, x, count_include_pad=False, **options):
    plain, each_walk = pool_loops(x, **options)
    counted = [
        [each.padded_count(i) if count_include_pad else len(each.inside(i)) for i in range(len(each.places))]
        for each in each_walk
    ]
    counts = {"down": np.array(counted[0]), "across": np.array(counted[1])}
    y = pooling.avg_pool2d_loops(x, outputs=u.shape[2:], **plain, **counts)
    return y, [pooling.avg_pool2d_pullback_loops(x.shape, g=u, **plain, **counts)]


def of_four_axes(shape):
    "Some channels, rows and columns with the shape's number of entries."
    return [1, 1, 1, *shape][-3:]


def flatten_by_loops(u, x):
    images = x.reshape(len(x), *of_four_axes(x.shape[1:]))
    return reshaping.flatten_loops(images), [reshaping.unflatten_loops(u, *images.shape[1:]).reshape(x.shape)]


def unflatten_by_loops(u, x, shape):
    sizes = of_four_axes(shape)
    y = reshaping.unflatten_loops(x, *sizes)
    return y.reshape(u.shape), [reshaping.flatten_loops(u.reshape(y.shape))]


LOOPS = {
    "conv2d": conv2d_by_loops, "max_pool2d": max_pool2d_by_loops, "avg_pool2d": avg_pool2d_by_loops,
    "flatten": flatten_by_loops, "unflatten": unflatten_by_loops,
}


def check_loops(operation, arrays, options, seed):
    "The chapter's loops give the value and the gradients."
    y, pullback = mlbook.vjp(operation.function, *arrays, **options)
    u = upstream_of(y, seed)
    value, gradients = LOOPS[operation.name](u, *arrays, **options)
    floor = max(np.max(np.abs(array)) for array in arrays)
    assert difference(y, value, floor) <= ROUNDING
    for ours, loops in zip(pullback(u), gradients, strict=True):
        assert difference(ours, loops, floor=np.max(np.abs(u)) * 1e-2) <= ROUNDING


@EVERY
@FEW
@given(data=st.data())
def test_the_loops_of_the_chapters_agree(name, data):
    run([check_loops], name, data)


def test_every_loop_transcription_is_used():
    code = Path(__file__).read_text(encoding="utf-8")
    there = {name for module in (convolution, pooling, reshaping) for name in vars(module) if name.endswith("_loops")}
    assert len(there) >= 8
    assert {name for name in there if f".{name}(" not in code} == set()


# Manners


def samples_last(x):
    "The same images, with the rows first and the samples last in memory."
    return memory.images(np.ascontiguousarray(np.transpose(x, (2, 1, 3, 0))))


def check_samples_last(operation, arrays, options, seed):
    if arrays[0].ndim != 4:
        return
    y, pullback = mlbook.vjp(operation.function, *arrays, **options)
    u = upstream_of(y, seed)
    other, other_pullback = mlbook.vjp(operation.function, samples_last(arrays[0]), *arrays[1:], **options)
    u_other = samples_last(u) if u.ndim == 4 else u
    assert np.array_equal(other, y)
    for ours, theirs in zip(other_pullback(u_other), pullback(u), strict=True):
        assert difference(ours, theirs) <= ROUNDING


def check_float_types(operation, arrays, options, seed):
    "float32 in, float32 out, near the float64 value; and float64 likewise, whatever the upstream gradient is."
    expected = None
    for dtype in (np.float64, np.float32):
        typed = [array.astype(np.float32).astype(dtype) for array in arrays]
        y, pullback = mlbook.vjp(operation.function, *typed, **options)
        u = upstream_of(y, seed).astype(np.float32).astype(np.float64)
        results = [y, operation.function(*typed, **options), *pullback(u)]
        assert [result.dtype for result in results] == [dtype] * len(results)
        expected = expected or results
        for ours, theirs in zip(results, expected):
            assert difference(ours, theirs, floor=1e-2) <= 1e-4


@EVERY
@FEW
@given(data=st.data())
def test_manners(name, data):
    checks = [check_purity, check_shapes, check_float_types, check_layouts, check_samples_last]
    run(checks + [check_integers] * (name in FLOATS), name, data)


@pytest.mark.parametrize("dtype", [np.uint8, np.int8, np.int64, np.uint64, np.float32, np.float64])
@FEW
@given(data=st.data())
def test_max_pooling_keeps_the_type_of_its_input(dtype, data):
    "With padding too, and with the smallest of all numbers in the image."
    [x], options, seed = data.draw(CASES["max_pool2d"])
    least = np.iinfo(dtype).min if np.dtype(dtype).kind in "iu" else -3
    x = np.random.default_rng(seed).integers(least, least + 4, x.shape).astype(dtype)
    y = max_pool2d(x, **options)
    assert y.dtype == dtype
    assert np.array_equal(y, max_pool2d_value(x, **options))
    assert np.array_equal(mlbook.vjp(max_pool2d, x, **options)[0], y)


@pytest.mark.parametrize("dtype", [np.uint8, np.int64])
def test_pixels_of_whole_numbers_have_gradients_of_floats(dtype):
    arrays, options = EXAMPLES["max_pool2d"]
    x = np.random.default_rng(0).integers(4, size=arrays[0].shape).astype(dtype)
    y, pullback = mlbook.vjp(max_pool2d, x, **options)
    u = upstream_of(y, 0)
    [dx] = pullback(u)
    assert dx.dtype == np.float64
    assert difference(dx, max_pool2d_gradients(u, x, **options)[0]) <= ROUNDING


@EVERY
def test_lists_count_as_arrays(name):
    arrays, options = EXAMPLES[name]
    value = IMAGES[name].function(*[array.tolist() for array in arrays], **options)
    assert np.array_equal(value, IMAGES[name].function(*arrays, **options))


# Ties


@MANY
@given(data=st.data())
def test_the_first_of_equals_wins_and_no_other(data):
    [x], options, seed = data.draw(CASES["max_pool2d"])
    x = np.random.default_rng(seed).integers(2, size=x.shape).astype(float)
    y, pullback = mlbook.vjp(max_pool2d, x, **options)
    u = upstream_of(y, seed)
    assert np.array_equal(y, max_pool2d_value(x, **options))
    assert difference(pullback(u)[0], max_pool2d_gradients(u, x, **options)[0]) <= ROUNDING


@MANY
@given(data=st.data())
def test_special_numbers_win_as_the_loops_have_it(data):
    "With minus infinity everywhere the padding is no smaller than a pixel; NaN beats every number."
    [x], options, seed = data.draw(CASES["max_pool2d"])
    for special in (-np.inf, np.inf, np.nan):
        rng = np.random.default_rng(seed)
        special_wins(np.where(rng.random(x.shape) < rng.choice([0.3, 1.0]), special, x), options, seed)


def special_wins(x, options, seed):
    y, pullback = mlbook.vjp(max_pool2d, x, **options)
    u = upstream_of(y, seed)
    expected, [dx] = max_pool2d_by_loops(u, x, **options)
    assert np.array_equal(y, expected, equal_nan=True)
    assert np.array_equal(max_pool2d(x, **options), expected, equal_nan=True)
    assert difference(pullback(u)[0], dx) <= ROUNDING
    assert np.isclose(dx.sum(), u.sum())
    largest, places = max_pool2d(x, return_indices=True, **options)
    assert np.array_equal(largest, expected, equal_nan=True)
    assert np.array_equal(places, pooling.max_pool2d_indices_loops(x, outputs=u.shape[2:], **pool_loops(x, **options)[0]))


def test_an_infinite_gradient_reaches_the_winner_alone():
    _, pullback = mlbook.vjp(max_pool2d, np.arange(4.0).reshape(1, 1, 2, 2), 2)
    [dx] = pullback(np.full((1, 1, 1, 1), np.inf))
    assert np.array_equal(dx[0, 0], [[0, 0], [0, np.inf]])


def test_a_constant_image_gives_each_gradient_to_one_pixel():
    y, pullback = mlbook.vjp(max_pool2d, np.zeros((1, 1, 4, 4)), kernel_size=2)
    u = np.array([[[[2.0, 3.0], [5.0, 7.0]]]])
    expected = np.zeros((4, 4))
    expected[::2, ::2] = u
    assert np.array_equal(pullback(u)[0][0, 0], expected)


# Numbers that are not finite, and half precision


def with_specials(array, rng):
    "A copy with an infinity, of either sign, or NaN in about every tenth place; or as it is."
    places = rng.random(array.shape) < rng.choice([0, 0.1])
    return np.where(places, rng.choice([np.inf, -np.inf, np.nan], array.shape), array)


def check_specials(operation, arrays, options, seed):
    "What is not finite goes where the loops bring it, and nowhere else: padding is no number to multiply with."
    rng = np.random.default_rng(seed)
    with np.errstate(all="ignore"):
        arrays = [with_specials(array, rng) for array in arrays]
        y, pullback = mlbook.vjp(operation.function, *arrays, **options)
        u = with_specials(upstream_of(y, seed), rng)
        value, gradients = LOOPS[operation.name](u, *arrays, **options)
        np.testing.assert_allclose(y, value, rtol=1e-9, atol=1e-9)
        np.testing.assert_array_equal(operation.function(*arrays, **options), y)
        for ours, loops in zip(pullback(u), gradients, strict=True):
            np.testing.assert_allclose(ours, loops, rtol=1e-9, atol=1e-9)


@EVERY
@MANY
@given(data=st.data())
def test_what_is_not_finite_stays_where_the_loops_have_it(name, data):
    run([check_specials], name, data)


def test_an_infinite_weight_meets_no_padding():
    "By hand: the weight reads a pixel in one output of two; the gradient to the pixels knows no spread zeros."
    x, w = np.array([[[[2.0, 3.0]]]]), np.array([[[[np.inf, 1.0]]]])
    z, pullback = mlbook.vjp(conv2d, x, w, padding=((0, 0), (1, 0)))
    assert z.tolist() == [[[[2, np.inf]]]]
    dx, dw = pullback(np.array([[[[5.0, np.inf]]]]))
    assert dx.tolist() == [[[[np.inf, np.inf]]]] and dw.tolist() == [[[[np.inf, np.inf]]]]
    dx, _ = pullback(np.array([[[[5.0, -1.0]]]]))
    assert dx.tolist() == [[[[-np.inf, -1]]]]


def check_half(operation, arrays, options, seed):
    "Half precision rounds what goes in and what comes out, and not the sums between."
    halves = [array.astype(np.float16) for array in arrays]
    y, pullback = mlbook.vjp(operation.function, *halves, **options)
    u = upstream_of(y, seed).astype(np.float16)
    wide, wide_pullback = mlbook.vjp(operation.function, *[array.astype(np.float64) for array in halves], **options)
    expected = [wide, wide, *wide_pullback(u.astype(np.float64))]
    for ours, value in zip([y, operation.function(*halves, **options), *pullback(u)], expected, strict=True):
        assert ours.dtype == np.float16
        np.testing.assert_allclose(ours, value.astype(np.float16), rtol=2e-3, atol=1e-5 * max(1, np.max(np.abs(value))))


@EVERY
@FEW
@given(data=st.data())
def test_half_precision_rounds_only_what_comes_out(name, data):
    run([check_half], name, data)


def halves(*shape, value=1):
    return np.full(shape, value, np.float16)


def test_sums_of_half_precision_neither_stop_nor_overflow():
    "The true values; half precision cannot count beyond 2048 in steps of 1, nor go beyond 65504."
    assert avg_pool2d(halves(1, 1, 64, 64), 64).item() == 1
    assert avg_pool2d(halves(1, 1, 28, 28, value=100), 28).item() == 100
    [dx] = mlbook.vjp(avg_pool2d, halves(1, 1, 1, 5000), (1, 2), stride=1)[1](halves(1, 1, 1, 4999))
    assert dx[0, 0, 0, :3].tolist() == [0.5, 1, 1]
    [dx] = mlbook.vjp(max_pool2d, np.float16([[[[1, 2, 1]]]]), (1, 2), stride=1)[1](np.float16([[[[2048, 1]]]]))
    assert dx.tolist() == [[[[0, 2048, 0]]]]  # 2049 lies between 2048 and 2050
    z, pullback = mlbook.vjp(conv2d, halves(3, 1, 50, 20), halves(1, 1, 50, 20, value=3), halves(1))
    assert z.ravel().tolist() == [3000] * 3  # 3001 rounds to 3000
    assert conv2d(halves(1, 1, 1, 900, value=99), halves(1, 1, 1, 900) * np.float16([1, -1] * 450)).item() == 0
    z, pullback = mlbook.vjp(conv2d, halves(40, 1, 10, 10), halves(1, 1, 1, 1), halves(1))
    dx, dw, db = pullback(halves(40, 1, 10, 10))
    assert db.tolist() == [4000] and dw.item() == 4000 and np.all(dx == 1)


def test_averages_are_as_exact_as_their_type():
    third = np.full((1, 1, 3, 3), np.longdouble(1) / 3)
    y, pullback = mlbook.vjp(avg_pool2d, third, 3)
    [dx] = pullback(np.ones((1, 1, 1, 1), np.longdouble))
    ninth = np.longdouble(1) / 9
    assert y.dtype == dx.dtype == np.longdouble
    assert abs(y.item() - third[0, 0, 0, 0]) <= 3 * np.finfo(np.longdouble).eps
    assert np.all(abs(dx - ninth) <= np.finfo(np.longdouble).eps)


# Memory


def test_images_with_the_samples_last_are_not_copied():
    x = samples_last(np.random.default_rng(0).normal(size=(3, 2, 5, 6)))
    first = memory.rows_first(x)
    assert first.shape == (5, 2, 6, 3) and first.flags.c_contiguous and np.shares_memory(first, x)
    assert np.shares_memory(memory.images(first), x)
    rows, columns = convolution.window_steps(conv2d, (5, 6), (2, 3))
    assert convolution.pad(first, rows, columns) is first
    assert np.shares_memory(convolution.crop(first, rows, columns), x)
    copied = memory.rows_first(np.ascontiguousarray(x))
    assert copied.flags.c_contiguous and not np.shares_memory(copied, x)


@EVERY
def test_a_pullback_is_freed_with_its_arrays(name):
    "At once, and not when the garbage collector comes by: a step of training holds many megabytes."
    arrays, options = EXAMPLES[name]
    gc.disable()
    try:
        y, pullback = mlbook.vjp(IMAGES[name].function, *arrays, **options)
        pullback(np.ones(y.shape))
        output = weakref.ref(y)
        del y, pullback
        assert output() is None
    finally:
        gc.enable()


def test_stacked_rows_are_a_view():
    u = np.random.default_rng(0).normal(size=(7, 4, 3))
    for stride in (1, 2, 3):
        outputs = (7 - 3) // stride + 1
        stack = memory.stack_rows(u, taps=3, stride=stride, dilation=1, outputs=outputs)
        assert np.shares_memory(stack, u) and not stack.flags.writeable
        expected = [u[i * stride : i * stride + 3].reshape(12, 3) for i in range(outputs)]
        assert np.array_equal(stack, expected)
    spread = memory.stack_rows(u, taps=3, stride=1, dilation=2, outputs=3)
    assert np.array_equal(spread[1], u[1:6:2].reshape(12, 3))


@pytest.mark.parametrize("name", ["conv2d", "max_pool2d", "avg_pool2d"])
def test_results_have_the_samples_last(name):
    arrays, options = EXAMPLES[name]
    y, pullback = mlbook.vjp(IMAGES[name].function, *arrays, **options)
    for result in (y, IMAGES[name].function(*arrays, **options)):
        assert np.shares_memory(memory.rows_first(result), result)


def test_flattening_copies_nothing():
    x = np.zeros((3, 2, 4, 5))
    assert np.shares_memory(flatten(x), x)
    assert np.shares_memory(unflatten(flatten(x), x.shape[1:]), x)
    u = np.zeros((3, 40))
    assert np.shares_memory(mlbook.vjp(flatten, x)[1](u)[0], u)


def test_flattening_is_undone():
    x = np.random.default_rng(0).normal(size=(3, 2, 4, 5))
    assert np.array_equal(unflatten(flatten(x), (2, 4, 5)), x)
    assert np.array_equal(flatten(unflatten(flatten(x), [2, 4, 5])), x.reshape(3, 40))


# Sizes of "same", and on which side its odd row and column are


@pytest.mark.parametrize("padding", ["same", "same_lower"])
@pytest.mark.parametrize("stride", [1, 2, 3, 5])
def test_same_is_the_size_over_the_stride(padding, stride):
    for size, taps, dilation in itertools.product(range(1, 9), range(1, 5), (1, 2)):
        x, options = np.ones((1, 1, size, 7)), {"padding": padding, "stride": (stride, 2), "dilation": (dilation, 1)}
        expected = (1, 1, -(-size // stride), 4)
        assert conv2d(x, np.ones((1, 1, taps, 3)), **options).shape == expected
        each = walk(0, size, taps, stride, dilation, padding, False)
        if all(each.inside(i) for i in range(len(each.places))):
            for function, ceil_mode in itertools.product((max_pool2d, avg_pool2d), (False, True)):
                assert function(x, (taps, 3), ceil_mode=ceil_mode, **options).shape == expected


def test_the_odd_row_and_column_are_at_the_bottom_and_right_or_at_the_top_and_left():
    x, w = np.arange(1.0, 10.0).reshape(1, 1, 3, 3), np.array([[[[1000.0, 100.0], [10.0, 1.0]]]])
    same, lower = (conv2d(x, w, padding=name)[0, 0] for name in ("same", "same_lower"))
    assert same.tolist() == [[1245, 2356, 3060], [4578, 5689, 6090], [7800, 8900, 9000]]
    assert lower.tolist() == [[1, 12, 23], [104, 1245, 2356], [407, 4578, 5689]]
    assert max_pool2d(x, 2, stride=1, padding="same")[0, 0].tolist() == [[5, 6, 6], [8, 9, 9], [8, 9, 9]]
    assert max_pool2d(x, 2, stride=1, padding="same_lower")[0, 0].tolist() == [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
    assert avg_pool2d(x, 2, padding="same")[0, 0].tolist() == [[3, 4.5], [7.5, 9]]
    assert avg_pool2d(x, 2, padding="same_lower")[0, 0].tolist() == [[1, 2.5], [5.5, 7]]


@EVERY
def test_ways_to_write_one_option(name):
    "An int is a pair of it; an int of padding is two equal pairs."
    if name in ("flatten", "unflatten"):
        return
    [x, *arrays], options = EXAMPLES[name]
    extra = {"kernel_size": 3} if "kernel_size" in options else {}
    function = IMAGES[name].function
    expected = function(x, *arrays, stride=2, padding=1, dilation=1, **extra)
    for padding in ((1, 1), [1, 1], ((1, 1), (1, 1)), [[1, 1], [1, 1]], np.int64(1)):
        for stride in ((2, 2), [2, 2], np.int64(2)):
            assert np.array_equal(function(x, *arrays, stride=stride, padding=padding, dilation=(1, 1), **extra), expected)


# Known values, worked out by hand


PICTURE = [[[[1, 2, 3], [4, 5, 6], [7, 8, 10]]]]
KNOWN = {
    "conv2d": (
        [PICTURE, [[[[1, 2], [0, -1]]]], [10]], {}, [[10, 12], [16, 17]], [[1, 2], [3, 4]],
        [[[[[1, 4, 4], [3, 9, 6], [0, -3, -4]]]], [[[[37, 47], [67, 81]]]], [10]],
    ),
    "conv2d, stride 2": (
        [PICTURE, [[[[1, 2], [0, -1]]]]], {"stride": 2, "padding": ((0, 1), (0, 1))}, [[0, -3 + 6 + 0], [7 + 16, 10]],
        [[1, 2], [3, 4]],
        [[[[[1, 2, 2], [0, -1, 0], [3, 6, 4]]]], [[[[1 + 6 + 21 + 40, 2 + 24], [4 + 12, 5]]]]],
    ),
    "max_pool2d": (
        [PICTURE], {"kernel_size": 2, "stride": 1}, [[5, 6], [8, 10]], [[1, 2], [3, 4]],
        [[[[[0, 0, 0], [0, 1, 2], [0, 3, 4]]]]],
    ),
    "max_pool2d, ceil_mode": (
        [PICTURE], {"kernel_size": 2, "ceil_mode": True}, [[5, 6], [8, 10]], [[1, 2], [3, 4]],
        [[[[[0, 0, 0], [0, 1, 2], [0, 3, 4]]]]],
    ),
    "avg_pool2d": (
        [PICTURE], {"kernel_size": 2, "stride": 1}, [[3, 4], [6, 29 / 4]], [[4, 8], [12, 16]],
        [[[[[1, 3, 2], [4, 10, 6], [3, 7, 4]]]]],
    ),
    "avg_pool2d, ceil_mode": (
        [PICTURE], {"kernel_size": 2, "ceil_mode": True}, [[3, 9 / 2], [15 / 2, 10]], [[4, 8], [12, 16]],
        [[[[[1, 1, 4], [1, 1, 4], [6, 6, 16]]]]],
    ),
    "avg_pool2d, with padding": (
        [PICTURE], {"kernel_size": 2, "padding": 1, "count_include_pad": True}, [[1 / 4, 5 / 4], [11 / 4, 29 / 4]],
        [[4, 8], [12, 16]], [[[[[1, 2, 2], [3, 4, 4], [3, 4, 4]]]]],
    ),
}


@pytest.mark.parametrize("case", KNOWN)
def test_known_value(case):
    arrays, options, value, u, gradients = KNOWN[case]
    arrays = [np.array(array, dtype=float) for array in arrays]
    y, pullback = mlbook.vjp(IMAGES[case.partition(",")[0]].function, *arrays, **options)
    np.testing.assert_allclose(y, [[value]], rtol=1e-14)
    for ours, expected in zip(pullback([[u]]), gradients, strict=True):
        np.testing.assert_allclose(ours, np.reshape(expected, ours.shape), rtol=1e-14)


# The checks can fail: rules with a planted mistake


def example(*shapes):
    rng = np.random.default_rng(0)
    return [distinct(rng, shape) + rng.uniform(0, 1e-3, shape) for shape in shapes]


UNEVEN = {"stride": 2, "padding": ((1, 2), (0, 1)), "dilation": (1, 2)}
EXAMPLES = {
    "conv2d": (example((2, 2, 6, 5), (2, 2, 3, 2), (2,)), UNEVEN),
    "max_pool2d": (example((2, 2, 6, 5)), {"kernel_size": 3, "stride": 2, "padding": 1, "ceil_mode": True}),
    "avg_pool2d": (example((2, 2, 6, 5)), {"kernel_size": 3, "stride": 2, "padding": 1, "ceil_mode": True}),
    "flatten": (example((2, 3, 4, 4)), {}),
    "unflatten": (example((2, 48)), {"shape": (3, 4, 4)}),
}


def replaced(gradients, index, value):
    return [value if i == index else gradient for i, gradient in enumerate(gradients)]


def not_accumulated(g, x, w, b):
    "Where windows overlap, only the last one counts."
    dx = np.zeros(x.shape)
    for i, j, p, q, r, s in reads(*walks(x.shape, w.shape[2:], **UNEVEN)):
        dx[:, :, r, s] = g[:, :, i, j] @ w[:, :, p, q]
    return dx


def without_zeros(g, x, w, b):
    "The upstream gradient is taken without the zeros that a stride puts between."
    dx, rows, columns = np.zeros(x.shape), *walks(x.shape, w.shape[2:], **UNEVEN)
    for i, j, p, q, r, s in reads(rows, columns):
        dx[:, :, max(r - i, 0), max(s - j, 0)] += g[:, :, i, j] @ w[:, :, p, q]
    return dx


def last_only(g, x):
    dx = np.zeros(x.shape)
    for output, pixel in winners(x, **EXAMPLES["max_pool2d"][1]).items():
        dx[pixel] = g[output]
    return [dx]


def flipped(w):
    return w[:, :, ::-1, ::-1]


def avg_with(g, x, **options):
    return avg_pool2d_gradients(g, x, **EXAMPLES["avg_pool2d"][1] | options)


WRONG_GRADIENTS = {
    # operation: mistake -> gradients from the upstream gradient, the right gradients and the arguments
    "conv2d: the filter flipped for the input": lambda g, right, x, w, b: conv2d_gradients(g, x, flipped(w), b, **UNEVEN),
    "conv2d: the filter's gradient flipped": lambda g, right, x, w, b: replaced(right, 1, flipped(right[1])),
    "conv2d: accumulation forgotten": lambda g, right, x, w, b: replaced(right, 0, not_accumulated(g, x, w, b)),
    "conv2d: the zeros of the stride forgotten": lambda g, right, x, w, b: replaced(right, 0, without_zeros(g, x, w, b)),
    "conv2d: channels and filters mixed up": lambda g, right, x, w, b: replaced(right, 1, right[1].swapaxes(0, 1)),
    "conv2d: the padding at the other side": (
        lambda g, right, x, w, b: conv2d_gradients(g, x, w, b, **UNEVEN | {"padding": ((2, 1), (1, 0))})
    ),
    "conv2d: the dilation forgotten": lambda g, right, x, w, b: conv2d_gradients(
        g, x, w, b, stride=2, padding=((1, 2), (0, 0)), dilation=1
    ),
    "conv2d: a mean for the bias": lambda g, right, x, w, b: replaced(right, 2, np.mean(g, axis=(0, 2, 3))),
    "conv2d: the bias of one sample": lambda g, right, x, w, b: replaced(right, 2, np.sum(g[0], axis=(1, 2))),
    "max_pool2d: accumulation forgotten": lambda g, right, x: last_only(g, x),
    "max_pool2d: the smallest wins": lambda g, right, x: max_pool2d_gradients(g, -x, **EXAMPLES["max_pool2d"][1]),
    "max_pool2d: a share for everyone": lambda g, right, x: avg_with(g, x),
    "avg_pool2d: without the count": lambda g, right, x: [9 * right[0]],
    "avg_pool2d: the count of the whole window": lambda g, right, x: avg_with(g, x, count_include_pad=True),
    "avg_pool2d: the winner takes it all": (
        lambda g, right, x: max_pool2d_gradients(g, x, **EXAMPLES["avg_pool2d"][1])
    ),
    "flatten: the first axis fastest": lambda g, right, x: [right[0].transpose(0, 1, 3, 2)],
    "unflatten: the first axis fastest": lambda g, right, x: [g.transpose(0, 1, 3, 2).reshape(right[0].shape)],
}


def planted(monkeypatch, name, wrong):
    wrap = lambda y, pull, arrays: (y, lambda g: tuple(wrong(g, pull(g), *arrays)))
    replace_rule(monkeypatch, IMAGES[name], wrap)


@pytest.mark.parametrize("mistake", WRONG_GRADIENTS)
@pytest.mark.parametrize("check", [check_pullback_loops, check_loops, *GRADIENT_CHECKS])
def test_a_wrong_gradient_is_found(check, mistake, monkeypatch):
    name = mistake.partition(":")[0]
    arrays, options = EXAMPLES[name]
    check(IMAGES[name], arrays, options, 0)
    planted(monkeypatch, name, WRONG_GRADIENTS[mistake])
    with pytest.raises(AssertionError):
        check(IMAGES[name], arrays, options, 0)


def test_every_operation_has_a_wrong_gradient():
    assert {mistake.partition(":")[0] for mistake in WRONG_GRADIENTS} == set(IMAGES)


def all_winners(g, right, x):
    "Every one of equals gets the gradient."
    dx = np.zeros(x.shape)
    for i, j, p, q, r, s in reads(*pool_walks(x, 2)):
        wins = x[:, :, r, s] == max_pool2d_value(x, 2)[:, :, i, j]
        dx[:, :, r, s] += wins * g[:, :, i, j]
    return [dx]


def last_winner(g, right, x):
    return [max_pool2d_gradients(g[:, :, ::-1, ::-1], x[:, :, ::-1, ::-1], 2)[0][:, :, ::-1, ::-1]]


@pytest.mark.parametrize("wrong", [all_winners, last_winner])
def test_wrong_winners_of_a_tie_are_found(wrong, monkeypatch):
    planted(monkeypatch, "max_pool2d", wrong)
    with pytest.raises(AssertionError):
        test_a_constant_image_gives_each_gradient_to_one_pixel()
    with pytest.raises(AssertionError):
        check_pullback_loops(IMAGES["max_pool2d"], [np.zeros((1, 2, 4, 4))], {"kernel_size": 2}, 0)
    check_pullback_loops(IMAGES["max_pool2d"], example((1, 2, 4, 4)), {"kernel_size": 2}, 0)  # without ties it is right


# Bad input


def ones(*shape):
    return np.ones(shape)


X, W = ones(2, 3, 5, 5), ones(4, 3, 3, 3)
WHOLE = "an int or a pair of ints, at least"
BAD_INPUT = {
    # what is wrong: function, arrays, options, parts of the message
    "images without channels": (conv2d, [ones(2, 5, 5), W], {}, "x has shape (2, 5, 5)", "expected (N, C, H, W)"),
    "images of five axes": (conv2d, [ones(1, 2, 3, 5, 5), W], {}, "x has shape (1, 2, 3, 5, 5)", "expected (N, C, H, W)"),
    "filters without channels": (conv2d, [X, ones(3, 3, 3)], {}, "w has shape (3, 3, 3)", "expected (K, C, P, Q)"),
    "other channels": (conv2d, [X, ones(4, 2, 3, 3)], {}, "w has shape (4, 2, 3, 3)", "expected (K, C, P, Q)", "C = 3"),
    "one channel for three": (conv2d, [X, ones(4, 1, 3, 3)], {}, "w has shape (4, 1, 3, 3)", "C = 3"),
    "another number of biases": (conv2d, [X, W, ones(3)], {}, "b has shape (3,)", "expected (K,)", "K = 4"),
    "biases in a column": (conv2d, [X, W, ones(4, 1)], {}, "b has shape (4, 1)", "expected (K,)"),
    "an empty batch": (conv2d, [ones(0, 3, 5, 5), W], {}, "x has shape (0, 3, 5, 5)", "expected no empty axis"),
    "no filters": (conv2d, [X, ones(0, 3, 3, 3)], {}, "w has shape (0, 3, 3, 3)", "expected no empty axis"),
    "a filter larger than the image": (conv2d, [X, ones(4, 3, 6, 3)], {}, "window of 6", "axis of 5", "expected"),
    "a filter larger than the padded image": (
        conv2d, [X, ones(4, 3, 3, 8)], {"padding": 1}, "window of 8", "axis of 7", "expected",
    ),
    "a filter too far dilated": (conv2d, [X, W], {"dilation": 3}, "window of 7", "axis of 5", "expected"),
    "no images to pool": (max_pool2d, [ones(5, 5)], {"kernel_size": 2}, "x has shape (5, 5)", "expected (N, C, H, W)"),
    "no images to average": (avg_pool2d, [ones(3, 5, 5)], {"kernel_size": 2}, "x has shape (3, 5, 5)", "expected (N, C, H, W)"),
    "nothing to flatten": (flatten, [ones(0, 2)], {}, "x has shape (0, 2)", "expected no empty axis"),
    "a number to flatten": (flatten, [1.0], {}, "x has shape ()", "expected (N, ...)"),
    "too few to unflatten": (unflatten, [ones(2, 5)], {"shape": (2, 3)}, "shape is (2, 3)", "expected 5 entries"),
    "an empty shape to unflatten": (unflatten, [ones(2, 5)], {"shape": (5, 0)}, "shape is (5, 0)", "expected 5 entries"),
    "a shape of fractions": (unflatten, [ones(2, 5)], {"shape": (2.5, 2)}, "shape is (2.5, 2)", "expected 5 entries"),
    "a negative shape": (unflatten, [ones(2, 6)], {"shape": (-2, -3)}, "shape is (-2, -3)", "expected 6 entries"),
    "a shape of truth": (unflatten, [ones(2, 4)], {"shape": (True, 4)}, "shape is (True, 4)", "expected 4 entries"),
    "no shape": (unflatten, [ones(2, 4)], {"shape": None}, "shape is None", "expected 4 entries"),
    "a shape in letters": (unflatten, [ones(2, 4)], {"shape": "22"}, "shape is '22'", "expected 4 entries"),
    "a shape in a shape": (unflatten, [ones(2, 4)], {"shape": ((1, 2), 2)}, "shape is ((1, 2), 2)", "expected 4 entries"),
    "a huge shape": (unflatten, [ones(2, 4)], {"shape": (2**40, 2**40)}, "shape is (1099511627776,", "expected 4 entries"),
    "images to unflatten": (unflatten, [X], {"shape": (5, 5)}, "x has shape (2, 3, 5, 5)", "expected (N, D)"),
}
WITH_SIZE = {"kernel_size": 3}
for function, arrays, options in [(conv2d, [X, W], {}), (max_pool2d, [X], WITH_SIZE), (avg_pool2d, [X], WITH_SIZE)]:
    name = function.__name__
    for value in (0, -1, (1, 0), (1, 2, 3), (1,), 1.5, "2", np.nan, True, (1, True), 2.0, [1, None]):
        if function is not conv2d:
            BAD_INPUT[f"{name}: kernel_size {value!r}"] = function, arrays, {"kernel_size": value}, "kernel_size is", f"{WHOLE} 1"
        for option in ("stride", "dilation"):
            case = function, arrays, options | {option: value}, f"{option} is {value!r}", f"{WHOLE} 1"
            BAD_INPUT[f"{name}: {option} {value!r}"] = case
    for value in (-1, (0, -1), 0.5, (1, 2, 3), None, True, (0, False), b"1", {}):
        case = function, arrays, options | {"padding": value}, f"padding is {value!r}", f"{WHOLE} 0"
        BAD_INPUT[f"{name}: padding {value!r}"] = case
    BAD_INPUT[f"{name}: a negative pair"] = (
        function, arrays, options | {"padding": ((0, 0), (-1, 0))}, "padding is (-1, 0)", f"{WHOLE} 0",
    )
    for value in (((1, 1), (1, 1), (1, 1)), ((1, 1),), ((1, 1), 2), (1, (2, 3)), [2, [1, 1]]):
        case = function, arrays, options | {"padding": value}, f"padding is {value!r}", "expected two pairs"
        BAD_INPUT[f"{name}: padding {value!r}"] = case
    BAD_INPUT[f"{name}: pairs of pairs"] = (
        function, arrays, options | {"padding": ((1, (2, 3)), (0, 0))}, "padding is (1, (2, 3))", f"{WHOLE} 0",
    )
    for value in (10**7, (0, 10**12), 10**30, ((10**10, 0), (0, 0))):
        case = function, arrays, options | {"padding": value}, f"padding is {value!r}", "GiB of memory here", "expected less"
        BAD_INPUT[f"{name}: padding {value!r}"] = case
    BAD_INPUT[f"{name}: far taps"] = (
        function, arrays, options | {"padding": "same", "dilation": 10**9}, "padding is 'same'", "GiB of memory here", "less",
    )
    for value in ("full", "SAME", ""):
        case = function, arrays, options | {"padding": value}, f"padding is {value!r}", "'valid', 'same' or 'same_lower'"
        BAD_INPUT[f"{name}: padding {value!r}"] = case
    if function is not conv2d:
        BAD_INPUT |= {
            f"{name}: an empty batch": (function, [X[:0]], options, "x has shape (0, 3, 5, 5)", "expected no empty axis"),
            f"{name}: a large window": (function, arrays, {"kernel_size": (6, 2)}, "window of 6", "axis of 5", "expected"),
            f"{name}: a large dilation": (function, arrays, options | {"dilation": 3}, "window of 7", "axis of 5"),
            f"{name}: windows of padding only": (
                function, arrays, {"kernel_size": 2, "padding": 2}, "padding is (2, 2)", "axis of 5", "empty", "expected less",
            ),
            f"{name}: padding between the taps": (
                function, [ones(1, 1, 1, 1)], {"kernel_size": 2, "dilation": 2, "padding": 1}, "padding is (1, 1)", "empty",
            ),
        }


@pytest.mark.parametrize("case", BAD_INPUT)
def test_bad_input_is_refused(case):
    function, arrays, options, *parts = BAD_INPUT[case]
    message = complaint(ValueError, function, *arrays, **options)
    assert message.startswith(f"{function.__name__}: ")
    assert [part for part in parts if part not in message] == []


FLAGS = [(max_pool2d, "ceil_mode"), (avg_pool2d, "ceil_mode"), (avg_pool2d, "count_include_pad")]


@pytest.mark.parametrize("value", ["no", "", 0, 1, None, 1.0, [True]], ids=repr)
@pytest.mark.parametrize(("function", "flag"), FLAGS)
def test_a_flag_is_true_or_false(function, flag, value):
    message = complaint(TypeError, function, X, kernel_size=2, **{flag: value})
    assert message == f"{function.__name__}: {flag} is {value!r}, expected True or False"


LAYER_OPTIONS = [
    (check, layer, *sizes, {option: value}, error)
    for check, layer, *sizes in ((convolution.window_options, "Conv2D"), (pooling.pool_options, "MaxPool2D", 2))
    for option, value, error in (
        ("stride", 0, ValueError), ("padding", -1, ValueError), ("padding", 10**7, ValueError), ("dilation", True, ValueError),
    )
] + [
    (pooling.pool_options, "AvgPool2D", 2, {flag: "no"}, TypeError) for flag in ("ceil_mode", "count_include_pad")
] + [(pooling.pool_options, "MaxPool2D", {"kernel_size": 0}, ValueError)]


@pytest.mark.parametrize("case", LAYER_OPTIONS)
def test_options_are_checked_without_an_image(case):
    "For layers, which are named in the message."
    check, layer, *sizes, options, error = case
    [(name, value)] = options.items()
    with pytest.raises(error) as caught:
        check(getattr(mlbook, layer), *sizes, **options)
    assert str(caught.value).startswith(f"{layer}: {name} is {value!r}, ")


def test_padded_images_are_held_against_the_memory(monkeypatch):
    "All of them: one fits where a batch does not. Without padding nothing is asked."
    monkeypatch.setattr(_checks, "physical_memory", lambda: 4 * 49 * 3)
    assert conv2d(X[:1], W, padding=1).shape == (1, 4, 5, 5)
    assert complaint(ValueError, conv2d, X, W, padding=1).startswith("conv2d: padding is 1, which takes more than the ")
    assert conv2d(np.concatenate([X, X]), W).shape == (4, 4, 3, 3)


def test_a_system_that_does_not_tell_its_memory(monkeypatch):
    for found in (-1, ValueError()):
        def sysconf(name):
            if isinstance(found, Exception):
                raise found
            return found if name == "SC_PHYS_PAGES" else 4096

        monkeypatch.setattr(memory.os, "sysconf", sysconf)
        assert memory.physical_memory.__wrapped__() == 2**40
    monkeypatch.delattr(memory.os, "sysconf")
    assert memory.physical_memory.__wrapped__() == 2**40


@pytest.mark.parametrize("far", [5, 10**6, 10**30])
def test_steps_beyond_the_axis_are_no_mistake(far):
    "There is one output, or one tap, and no memory or integer that is too large."
    for function, arrays in ((conv2d, [X, W]), (max_pool2d, [X, 3]), (avg_pool2d, [X, 3])):
        assert np.array_equal(function(*arrays, stride=far), function(*arrays, stride=3)[:, :, :1, :1])
    assert np.array_equal(conv2d(X, W[:, :, :1, :1], dilation=far), conv2d(X, W[:, :, :1, :1]))
    assert np.array_equal(max_pool2d(X, 1, dilation=far), X)
    y, pullback = mlbook.vjp(avg_pool2d, X, 3, stride=far, dilation=2, ceil_mode=True)
    assert y.shape == (2, 3, 1, 1) and pullback(y)[0].shape == X.shape


@EVERY
@pytest.mark.parametrize("kind", NO_NUMBERS)
def test_what_is_no_number_is_refused(name, kind):
    arrays, options = EXAMPLES[name]
    value, dtype = NO_NUMBERS[kind]
    for i, argument in enumerate(list(IMAGES[name].axes)[: len(arrays)]):
        message = complaint(TypeError, IMAGES[name].function, *replaced(arrays, i, value), **options)
        assert message.startswith(f"{name}: {argument} has dtype {dtype}") and "expected real numbers" in message


@EVERY
def test_an_unknown_option_is_refused(name):
    arrays, options = EXAMPLES[name]
    for call in (IMAGES[name].function, lambda *a, **o: mlbook.vjp(IMAGES[name].function, *a, **o)):
        with pytest.raises(TypeError, match=rf"{name}.*temperature"):
            call(*arrays, temperature=2, **options)


@EVERY
def test_an_upstream_of_another_shape_is_refused(name):
    arrays, options = EXAMPLES[name]
    y, pullback = mlbook.vjp(IMAGES[name].function, *arrays, **options)
    for shape in {(), (1,), y.shape[1:], (*y.shape, 1), (1, *y.shape[1:])}:
        with pytest.raises(ValueError) as caught:
            pullback(np.ones(shape))
        assert str(caught.value) == f"pullback: g has shape {shape}, expected {y.shape}"
