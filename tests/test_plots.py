"""What a network sees: the computations against plain ones, and the figures, which need no display."""

import os
import re
import subprocess
import sys

import mlbook
import numpy as np
import pytest
from matplotlib.figure import Figure
from mlbook import AvgPool2D, Conv2D, Dense, Flatten, MaxPool2D, ReLU, Sequential, Tanh, inspection, plots

RNG = np.random.default_rng(15)
IMAGES, LABELS = RNG.uniform(size=(6, 1, 10, 10)), np.array([0, 1, 2, 3, 0, 1])
ROWS = IMAGES.reshape(6, 100)


def network(*, activation=Tanh, dtype=np.float64, seed=0):
    "A small network of images with 4 classes."
    layers = [Conv2D(3, 3), activation(), AvgPool2D(2), Conv2D(5, 2), activation(), Flatten(), Dense(7), activation(), Dense(4)]
    return Sequential(layers, (1, 10, 10), seed=seed, dtype=dtype)


CNN = network()
DENSE = Sequential([Dense(8), ReLU(), Dense(4)], (100,), dtype=np.float64)
ONE_LAYER = Sequential([Dense(4)], (100,), dtype=np.float64)


class TestComputations:
    def test_the_lead_is_over_the_nearest_rival(self):
        scores = CNN(IMAGES)
        expected = [row[k] - max(np.delete(row, k)) for row, k in zip(scores, LABELS)]
        assert np.allclose(inspection.lead(CNN, IMAGES, LABELS), expected)
        assert np.allclose(inspection.lead(CNN, IMAGES, [0] * 6, rivals=[3] * 6), scores[:, 0] - scores[:, 3])

    @pytest.mark.parametrize(("model", "x"), [(CNN, IMAGES), (DENSE, ROWS)], ids=["images", "rows"])
    def test_saliency_equals_central_differences(self, model, x):
        rivals = np.array([1, 2, 3, 0, 2, 3])
        slopes = inspection.saliency(model, x, LABELS, rivals=rivals)
        measured = mlbook.numerical_gradient(lambda a: np.sum(inspection.lead(model, a, LABELS, rivals=rivals)), x)
        assert slopes.shape == x.shape and mlbook.relative_error(slopes, measured) < 1e-7

    def test_without_rivals_saliency_takes_those_of_the_lead(self):
        others = CNN(IMAGES)
        others[np.arange(6), LABELS] = -np.inf
        rivals = others.argmax(axis=1)
        assert np.array_equal(inspection.saliency(CNN, IMAGES, LABELS), inspection.saliency(CNN, IMAGES, LABELS, rivals=rivals))

    @pytest.mark.parametrize(("size", "fill"), [(3, 0.0), (4, 0.5), (10, 1.0)])
    def test_occlusion_covers_every_window(self, size, fill):
        lost = inspection.occlusion(CNN, IMAGES, LABELS, size=size, fill=fill, rivals=(LABELS + 1) % 4)
        assert lost.shape == (6, 11 - size, 11 - size)
        before = inspection.lead(CNN, IMAGES, LABELS, rivals=(LABELS + 1) % 4)
        for i, j in np.ndindex(lost.shape[1:]):
            covered = IMAGES.copy()
            covered[:, :, i : i + size, j : j + size] = fill
            after = inspection.lead(CNN, covered, LABELS, rivals=(LABELS + 1) % 4)
            assert np.allclose(lost[:, i, j], before - after, atol=1e-12)

    def test_an_adversarial_step_takes_the_sum_of_the_slopes_to_first_order(self):
        inside, rivals = 0.25 + IMAGES / 2, (LABELS + 1) % 4  # no pixel comes to 0 or 1
        rate = np.abs(inspection.saliency(CNN, inside, LABELS, rivals=rivals)).sum(axis=(1, 2, 3))
        before = inspection.lead(CNN, inside, LABELS, rivals=rivals)
        errors = []
        for epsilon in (1e-3, 1e-4, 1e-5):
            changed = inspection.adversarial(CNN, inside, LABELS, epsilon=epsilon, rivals=rivals)
            assert np.abs(changed - inside).max() <= epsilon + 1e-15
            fall = (before - inspection.lead(CNN, changed, LABELS, rivals=rivals)) / epsilon
            errors.append(np.abs(fall - rate).max() / rate.max())
        assert errors[0] < 0.01 and errors[1] < errors[0] / 5 and errors[2] < errors[1] / 5

    def test_no_other_step_of_its_size_is_worse_to_first_order(self):
        slopes = inspection.saliency(CNN, IMAGES[:1], LABELS[:1])
        step = inspection.adversarial(CNN, 0.25 + IMAGES[:1] / 2, LABELS[:1], epsilon=0.1)
        own = np.sum(inspection.saliency(CNN, 0.25 + IMAGES[:1] / 2, LABELS[:1]) * (step - 0.25 - IMAGES[:1] / 2))
        assert own < 0
        for _ in range(50):
            other = RNG.uniform(-0.1, 0.1, size=slopes.shape)
            assert np.sum(inspection.saliency(CNN, 0.25 + IMAGES[:1] / 2, LABELS[:1]) * other) >= own

    def test_pixels_stay_between_0_and_1(self):
        extreme = IMAGES.round()
        changed = inspection.adversarial(CNN, extreme, LABELS, epsilon=0.3)
        slopes = inspection.saliency(CNN, extreme, LABELS)
        assert changed.min() == 0 and changed.max() == 1
        stuck = (extreme == 0) & (slopes > 0) | (extreme == 1) & (slopes < 0)
        assert np.array_equal(changed[stuck], extreme[stuck]) and np.allclose(np.abs(changed - extreme)[~stuck], 0.3)
        assert np.array_equal(inspection.adversarial(CNN, IMAGES, LABELS, epsilon=0), IMAGES)

    @pytest.mark.parametrize("count", [1, 2, 5])
    def test_principal_axes_are_eigenvectors_of_the_covariance(self, count):
        a = RNG.normal(size=(40, 5)) * [5, 3, 2, 1, 0.5] + 7
        found = inspection.principal_axes(a, count=count)
        values, vectors = np.linalg.eigh(np.cov(a.T, bias=True))
        values, vectors = values[::-1][:count], vectors[:, ::-1][:, :count]
        assert np.allclose(found.shares, values / np.trace(np.cov(a.T, bias=True)))
        assert np.allclose(np.abs(np.sum(found.axes.T * vectors, axis=0)), 1)
        assert np.allclose(found.project(a).var(axis=0), values) and np.allclose(found.project(a).mean(axis=0), 0)
        assert all(axis[np.abs(axis).argmax()] > 0 for axis in found.axes)

    def test_all_axes_give_back_the_rows(self):
        a = RNG.normal(size=(4, 3))
        mean, axes, shares = found = inspection.principal_axes(a, count=3)
        assert np.allclose(found.project(a) @ axes + mean, a) and np.isclose(shares.sum(), 1)

    def test_nearest_rows_come_in_order(self):
        a, gallery = RNG.normal(size=(5, 3)), RNG.normal(size=(9, 3))
        distances = np.linalg.norm(a[:, None] - gallery, axis=2)
        assert np.array_equal(inspection.nearest(a, gallery, count=4), np.argsort(distances, axis=1)[:, :4])
        assert np.array_equal(inspection.nearest(gallery, gallery), np.arange(9)[:, None])

    @pytest.mark.parametrize(
        "layers",
        [
            [Conv2D(1, 3)],
            [Conv2D(1, (2, 5), stride=(1, 2)), ReLU(), AvgPool2D(2)],
            [Conv2D(1, 3, padding="same"), AvgPool2D(3, stride=2, padding=1), Conv2D(1, 2, dilation=2)],
        ],
        ids=["one", "strides", "padding"],
    )
    def test_a_receptive_field_is_where_the_pullback_leads(self, layers):
        model = Sequential(layers, (1, 14, 15), dtype=np.float64)
        for params in model.params:
            for array in params.values():
                array[:] = 1
        y, pullback = model.vjp(np.ones((1, 1, 14, 15)))
        rows, columns = inspection.receptive_field(model)
        for i, j in np.ndindex(y.shape[2:]):
            g = np.zeros_like(y)
            g[0, 0, i, j] = 1
            seen = np.argwhere(pullback(g)[0][0, 0])
            for axis, place, (size, step, start), end in ((0, i, rows, 14), (1, j, columns, 15)):
                first = start + place * step
                low, high = seen[:, axis].min(), seen[:, axis].max()
                assert low >= max(first, 0) and high <= min(first + size, end) - 1
                if first >= 0 and first + size <= end:  # with dilations there may be holes, but not at the ends
                    assert (low, high) == (first, first + size - 1)

    def test_the_strongest_windows_give_the_largest_entries(self):
        stage = CNN[:4]
        windows = inspection.strongest_windows(stage, IMAGES, count=3)
        assert windows.shape == (5, 3, 1, 6, 6)
        alone = Sequential(stage.layers, (1, 6, 6), dtype=np.float64)
        largest = -np.sort(-stage(IMAGES).max(axis=(2, 3)), axis=0)[:3]
        for k in range(5):
            assert np.allclose(alone(windows[k])[:, k, 0, 0], largest[:, k])

    def test_windows_beyond_the_edge_are_0(self):
        model = Sequential([Conv2D(1, 3, padding=1)], (1, 3, 3), dtype=np.float64)
        model.params[0]["w"][:] = np.eye(3)
        corner = np.zeros((1, 1, 3, 3))
        corner[0, 0, 0, 0] = 1
        [[found]] = inspection.strongest_windows(model, corner, count=1)
        assert found.sum() == 1 and model(corner).max() == np.sum(found * np.eye(3))

    @pytest.mark.parametrize("unit", [0, 3])
    def test_what_excites_a_unit_raises_it_within_the_range(self, unit):
        for model in (CNN, CNN[:4]):
            made = inspection.excite(model, unit, IMAGES, steps=20, rate=0.05)
            before, after = (model(a)[:, unit].reshape(6, -1).sum(axis=1) for a in (IMAGES, made))
            assert np.all(after > before) and made.min() >= 0 and made.max() <= 1 and made.shape == IMAGES.shape

    def test_the_type_stays_and_nothing_is_changed(self):
        model, x = network(dtype=np.float32), IMAGES.astype(np.float32)
        kept, weights = x.copy(), model.params[0]["w"].copy()
        calls = [inspection.lead, inspection.saliency, inspection.occlusion]
        results = [call(model, x, LABELS) for call in calls] + [inspection.adversarial(model, x, LABELS, epsilon=0.1)]
        results += [inspection.excite(model, 1, x, steps=2), inspection.strongest_windows(model[:4], x, count=2)]
        results += [*inspection.principal_axes(x.reshape(6, -1))]
        assert {result.dtype for result in results} == {np.dtype(np.float32)}
        assert np.array_equal(x, kept) and np.array_equal(model.params[0]["w"], weights)


FIGURES = {
    "plot_filters: one channel": (lambda: plots.plot_filters(CNN.params[0]["w"]), 3),
    "plot_filters: more rows": (lambda: plots.plot_filters(CNN.params[0]["w"], columns=2), 3),
    "plot_filters: channels": (lambda: plots.plot_filters(CNN.params[3]["w"]), 15),
    "plot_maps": (lambda: plots.plot_maps(CNN, IMAGES[:1]), 3 + 3 + 3 + 5 + 5),
    "plot_maps: some": (lambda: plots.plot_maps(CNN, IMAGES[:1], layers=[1, 4]), 8),
    "plot_windows": (lambda: plots.plot_windows(inspection.strongest_windows(CNN[:4], IMAGES, count=2), titles=["a", "b"]), 10),
    "plot_saliency": (lambda: plots.plot_saliency(CNN, IMAGES, LABELS), 12),
    "plot_saliency: rows": (lambda: plots.plot_saliency(DENSE, ROWS, LABELS, rivals=(LABELS + 1) % 4), 12),
    "plot_occlusion": (lambda: plots.plot_occlusion(CNN, IMAGES[:3], LABELS[:3], size=4), 6),
    "plot_components": (lambda: plots.plot_components(CNN(IMAGES), LABELS), 1),
    "plot_components: a star": (lambda: plots.plot_components(CNN(IMAGES), LABELS, mark=2), 1),
    "plot_confused": (lambda: plots.plot_confused(CNN, IMAGES, (CNN(IMAGES).argmax(axis=1) + 1) % 4, IMAGES, count=4, beside=2), 12),
    "plot_confused: one layer": (lambda: plots.plot_confused(ONE_LAYER, ROWS, (ONE_LAYER(ROWS).argmax(axis=1) + 1) % 4, ROWS), 24),
    "plot_adversarial": (lambda: plots.plot_adversarial(CNN, IMAGES, LABELS, epsilon=0.1), 18),
    "plot_adversarial: rows": (lambda: plots.plot_adversarial(DENSE, ROWS, LABELS, epsilon=0.1), 18),
}


class TestFigures:
    @pytest.mark.parametrize("name", FIGURES)
    def test_a_figure_comes_back_and_can_be_kept(self, name, tmp_path):
        make, panels = FIGURES[name]
        figure = make()
        assert type(figure) is Figure
        assert len(figure.axes) == panels
        figure.savefig(tmp_path / "picture.svg")
        assert (tmp_path / "picture.svg").stat().st_size > 1000

    def test_every_drawing_function_has_a_figure(self):
        assert {name.split(":")[0] for name in FIGURES} == {name for name in plots.__all__}

    def test_they_show_what_was_computed(self):
        figure = plots.plot_saliency(CNN, IMAGES, LABELS)
        below = [axes.images[0] for axes in figure.axes[6:]]
        slopes = inspection.saliency(CNN, IMAGES, LABELS)
        for image, expected in zip(below, slopes[:, 0]):
            assert np.array_equal(image.get_array(), expected)
            assert image.get_clim() == (-np.abs(expected).max(), np.abs(expected).max())
        [first, *_] = plots.plot_adversarial(CNN, IMAGES, LABELS, epsilon=0.2).axes[12:]
        assert np.array_equal(first.images[0].get_array(), inspection.adversarial(CNN, IMAGES, LABELS, epsilon=0.2)[0, 0])

    def test_the_middle_row_of_changes_is_in_two_colours(self):
        panels = plots.plot_adversarial(CNN, IMAGES, LABELS, epsilon=0.2).axes
        assert [axes.images[0].get_cmap().name for axes in panels[::6]] == ["gray_r", "RdBu_r", "gray_r"]

    def test_a_title_says_class_and_probability(self):
        shares = mlbook.softmax(CNN(IMAGES))
        titles = [axes.get_title() for axes in plots.plot_saliency(CNN, IMAGES, LABELS).axes[:6]]
        assert titles == [f"{row.argmax()}, {100 * row.max():.0f} %" for row in shares]

    def test_no_display_is_needed_and_pyplot_keeps_nothing(self):
        code = (
            "import sys, numpy as np, mlbook; from mlbook import plots; assert 'matplotlib' not in sys.modules;"
            "figure = plots.plot_filters(np.ones((2, 1, 3, 3))); figure.savefig(sys.stdout.buffer, format='png');"
            "import matplotlib.pyplot as plt; assert plt.get_fignums() == []"
        )
        hidden = {"DISPLAY", "WAYLAND_DISPLAY", "MPLBACKEND"}
        environment = {key: value for key, value in os.environ.items() if key not in hidden}
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, env=environment, check=True)
        assert done.stdout.startswith(b"\x89PNG")

    def test_a_missing_matplotlib_is_said_and_what_is_computed_works(self):
        code = (
            "import sys; sys.modules['matplotlib'] = None\n"
            "import numpy as np; from mlbook import inspection, plots\n"
            "assert inspection.nearest([[1.0]], [[0.0], [2.0]], count=2).shape == (1, 2)\n"
            "try: plots.plot_filters(np.ones((2, 1, 3, 3)))\n"
            "except ModuleNotFoundError as error: print(error, '|', error.name)"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
        assert re.fullmatch(r"plot_filters needs matplotlib: pip install 'mlbook\[plots\]' \| matplotlib(\.pyplot)?\n", done.stdout)


NAN = np.where(IMAGES == IMAGES.max(), np.nan, IMAGES)
CALLS = [name for name in ("lead", "saliency", "occlusion", "adversarial")]
DRAWN = ["plot_saliency", "plot_occlusion", "plot_adversarial"]


def call(name, model, x, labels, **options):
    "One of the functions that take model, x and labels."
    if "adversarial" in name:
        options = {"epsilon": 0.1} | options
    return getattr(plots if name.startswith("plot") else inspection, name)(model, x, labels, **options)


class TestWrongCalls:
    @pytest.mark.parametrize("name", CALLS + DRAWN)
    @pytest.mark.parametrize(
        ("change", "exception", "said"),
        [
            ({"model": "a"}, TypeError, r"model is 'a', expected a Sequential"),
            ({"model": CNN[:4]}, ValueError, r"model gives (N, 5, 3, 3), expected (N, K)"),
            ({"x": IMAGES[0]}, ValueError, "x has shape (1, 10, 10), expected (N, 1, 10, 10)"),
            ({"x": NAN}, ValueError, "x holds NaN or infinity"),
            ({"labels": LABELS[:3]}, ValueError, "labels has shape (3,), expected (6,), one for each sample of x"),
            ({"labels": LABELS + 1.0}, TypeError, "labels has dtype float64, expected integers"),
            ({"labels": LABELS + 1}, ValueError, "labels[3] is 4, expected 0 to 3"),
            ({"rivals": LABELS}, ValueError, "rivals[0] is 0, the label itself, expected another class"),
            ({"rivals": [1]}, ValueError, "rivals has shape (1,), expected (6,), one for each sample of x"),
            ({"rivals": [9] * 6}, ValueError, "rivals[0] is 9, expected 0 to 3"),
        ],
    )
    def test_model_samples_and_classes(self, name, change, exception, said):
        arguments = {"model": CNN, "x": IMAGES, "labels": LABELS} | change
        with pytest.raises(exception) as caught:
            call(name, **arguments)
        assert str(caught.value).startswith(f"{name}: ") and said in str(caught.value)

    @pytest.mark.parametrize(
        ("make", "exception", "said"),
        [
            (lambda: inspection.lead(Sequential([Dense(1)], (100,)), ROWS, [0] * 6), ValueError, "lead: model gives one number for each sample"),
            (lambda: inspection.occlusion(CNN, IMAGES, LABELS, size=11), ValueError, "occlusion: size is 11, expected at most 10, the side"),
            (lambda: inspection.occlusion(CNN, IMAGES, LABELS, size=2.0), TypeError, "occlusion: size is 2.0, expected a whole number"),
            (lambda: inspection.occlusion(CNN, IMAGES, LABELS, fill=np.nan), ValueError, "occlusion: fill is nan, expected a finite number"),
            (lambda: inspection.occlusion(DENSE, ROWS, LABELS), ValueError, "occlusion: model takes inputs of shape (100,), expected images (C, H, W)"),
            (lambda: inspection.adversarial(CNN, IMAGES, LABELS, epsilon=-1), ValueError, "adversarial: epsilon is -1, expected a finite number, at least 0"),
            (lambda: inspection.adversarial(CNN, IMAGES, LABELS, epsilon="a"), TypeError, "adversarial: epsilon is 'a', expected a number"),
            (lambda: inspection.excite("a", 0, IMAGES), TypeError, "excite: model is 'a', expected a Sequential"),
            (lambda: inspection.excite(CNN, 4, IMAGES), ValueError, "excite: unit[0] is 4, expected 0 to 3"),
            (lambda: inspection.excite(CNN, 0, IMAGES, steps=0), ValueError, "excite: steps is 0, expected at least 1"),
            (lambda: inspection.excite(CNN, 0, IMAGES, rate=0), ValueError, "excite: rate is 0, expected a finite number, above 0"),
            (lambda: inspection.excite(CNN, 0, ROWS), ValueError, "excite: start has shape (6, 100), expected (N, 1, 10, 10)"),
            (lambda: inspection.receptive_field(CNN), ValueError, "receptive_field: model gives (N, 4), expected (N, K, H, W)"),
            (lambda: inspection.receptive_field("a"), TypeError, "receptive_field: model is 'a', expected a Sequential"),
            (lambda: inspection.strongest_windows(CNN[:4], IMAGES, count=7), ValueError, "strongest_windows: count is 7, expected at most 6"),
            (lambda: inspection.strongest_windows(CNN, IMAGES), ValueError, "model gives (N, 4), expected (N, K, H, W)"),
            (lambda: inspection.principal_axes(np.ones((5, 3))), ValueError, "principal_axes: a has the same numbers in every row"),
            (lambda: inspection.principal_axes(np.eye(3), count=4), ValueError, "principal_axes: count is 4, expected at most 3"),
            (lambda: inspection.principal_axes(np.ones(3)), ValueError, "principal_axes: a has shape (3,), expected (N, D)"),
            (lambda: inspection.principal_axes(np.eye(3)).project(np.eye(2)), ValueError, "PrincipalAxes.project: a has shape (2, 2), expected (N, D) with N = 2, D = 3"),
            (lambda: inspection.nearest(np.eye(3), np.eye(2)), ValueError, "nearest: gallery has shape (2, 2), expected (M, D) with M = 2, D = 3"),
            (lambda: inspection.nearest(np.eye(3), np.eye(3), count=4), ValueError, "nearest: count is 4, expected at most 3"),
            (lambda: plots.plot_filters(np.ones((3, 3))), ValueError, "plot_filters: w has shape (3, 3), expected (K, C, P, Q)"),
            (lambda: plots.plot_filters(np.ones((1, 1, 3, 3)), columns=0), ValueError, "plot_filters: columns is 0, expected at least 1"),
            (lambda: plots.plot_maps(CNN, IMAGES), ValueError, "plot_maps: x has shape (6, 1, 10, 10), expected one image"),
            (lambda: plots.plot_maps(DENSE, ROWS[:1]), ValueError, "plot_maps: model takes inputs of shape (100,), expected images"),
            (lambda: plots.plot_maps("a", IMAGES[:1]), TypeError, "plot_maps: model is 'a', expected a Sequential"),
            (lambda: plots.plot_maps(CNN, IMAGES[:1], layers=[5]), ValueError, "plot_maps: layers has 5, expected places from 0 to 4, which give maps"),
            (lambda: plots.plot_windows(np.ones((2, 3, 4))), ValueError, "plot_windows: windows has shape (2, 3, 4), expected (K, M, C, H, W)"),
            (lambda: plots.plot_windows(np.ones((1, 2, 1, 4, 4)), titles=["a"]), ValueError, "plot_windows: titles has 1 entries, expected 2"),
            (lambda: plots.plot_components(np.eye(3), [0, 1]), ValueError, "plot_components: labels has shape (2,), expected (3,), one for each row of a"),
            (lambda: plots.plot_components(np.eye(3), [0, 1, 2], mark=3), ValueError, "plot_components: mark[0] is 3, expected 0 to 2"),
            (lambda: plots.plot_confused(CNN, IMAGES, CNN(IMAGES).argmax(axis=1), IMAGES), ValueError, "plot_confused: model reads all of x"),
            (lambda: plots.plot_confused(CNN, IMAGES, LABELS, ROWS), ValueError, "plot_confused: gallery has shape (6, 100), expected (N, 1, 10, 10)"),
            (lambda: plots.plot_saliency(Sequential([Dense(4)], (7,)), np.ones((1, 7)), [0]), ValueError, "plot_saliency: x has shape (1, 7), expected (N, C, H, W)"),
        ],
    )
    def test_all_else(self, make, exception, said):
        with pytest.raises(exception) as caught:
            make()
        assert said in str(caught.value)


def test_a_pool_of_the_largest_sees_as_much_as_one_of_the_mean():
    pools = [Sequential([Conv2D(2, 3), pool(2, stride=3), ReLU(), Conv2D(1, 2)], (1, 14, 14)) for pool in (MaxPool2D, AvgPool2D)]
    assert inspection.receptive_field(pools[0]) == inspection.receptive_field(pools[1]) == [(7, 3, 0)] * 2
