"""Compares learning rates and designs for chapter 13 on held-back training digits, and notes them in cnn_choices.json.

Usage: python tests/bench/cnn_choices.py
Every network learns from 9,000 digits, in three passes with batches of 50 and momentum 0.9, the last pass with a
tenth of the rate, from three seeds; 1,000 held-back digits say how well it reads. Test digits are not touched.
Two more are noted beside them: the dense network after fifteen passes, and ours with its first filters left random.
Takes some minutes.
"""

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"

import mlbook
import numpy as np
from mlbook import AvgPool2D, Conv2D, Dense, Flatten, MaxPool2D, ReLU
from mlbook.datasets import stratified_split
from results import note

SEEDS = 0, 1, 2
RATES = {"dense": (0.025, 0.05, 0.1, 0.2), "convolutional": (0.0125, 0.025, 0.05, 0.1)}
REACH = 3  # a moved digit is moved by up to so many pixels, in each direction


def conv(filters, size=5, **options):
    return [Conv2D(filters, size, initializer="he_normal", **options), ReLU()]


def head(units=128):
    return [Flatten(), Dense(units, initializer="he_normal"), ReLU(), Dense(10)]


DESIGNS = {
    "convolutional": lambda: [*conv(8), MaxPool2D(2), *conv(16), MaxPool2D(2), *head()],
    "dense": lambda: head(),
    "one stage": lambda: [*conv(8), MaxPool2D(2), *head()],
    "no pooling": lambda: [*conv(8), *conv(16), *head()],
    "stride 2, no pooling": lambda: [*conv(8, stride=2), *conv(16, stride=2), *head()],
    "mean pooling": lambda: [*conv(8), AvgPool2D(2), *conv(16), AvgPool2D(2), *head()],
    "four layers of 3×3": lambda: [*conv(8, 3), *conv(8, 3), MaxPool2D(2), *conv(16, 3), *conv(16, 3), MaxPool2D(2), *head()],
    "twice the filters": lambda: [*conv(16), MaxPool2D(2), *conv(32), MaxPool2D(2), *head()],
    "no hidden layer": lambda: [*conv(8), MaxPool2D(2), *conv(16), MaxPool2D(2), Flatten(), Dense(10)],
}  # fmt: skip


def moved(x, rng):
    "Images (N, 1, 28, 28), each moved by up to REACH pixels in each direction; 0 comes in."
    room = np.pad(x, ((0, 0), (0, 0), (REACH, REACH), (REACH, REACH)))
    windows = np.lib.stride_tricks.sliding_window_view(room, x.shape[2:], axis=(2, 3))
    down, right = rng.integers(2 * REACH + 1, size=(2, len(x)))
    return windows[np.arange(len(x)), :, down, right]


def train(layers, x, t, rates, seed, moving=False, frozen=False):
    model = mlbook.Sequential(layers, (1, 28, 28), seed=seed)
    kept = {name: array.copy() for name, array in model.params[0].items()}
    rng, sgd = np.random.default_rng(seed), mlbook.SGD(rates[0], momentum=0.9)
    for sgd.learning_rate in rates:
        shown = moved(x, rng) if moving else x
        for batch in mlbook.minibatches(len(x), 50, rng):
            mlbook.train_step(model, shown[batch], t[batch], optimizer=sgd)
            if frozen:
                for name, array in kept.items():
                    model.params[0][name] = array.copy()
    return model


def main():
    digits = mlbook.load_mnist()
    x, labels = mlbook.scale_pixels(digits.train_images, flat=False), digits.train_labels
    training, held = stratified_split(labels, validation=0.1, seed=0)
    targets = mlbook.one_hot(labels[training], 10)
    held_moved = moved(x[held], np.random.default_rng(0))

    def measured(name, rate, rates=None, **options):
        rates = rates or (rate, rate, rate / 10)
        models = [train(DESIGNS[name](), x[training], targets, rates, seed, **options) for seed in SEEDS]
        still, shaken = (
            [mlbook.accuracy(model, images, labels[held]) for model in models] for images in (x[held], held_moved)
        )
        print(f"{name:22}{rate:8}{np.mean(still):8.4f}{np.mean(shaken):8.4f}", flush=True)
        size = sum(array.size for layer in models[0].params for array in layer.values())
        return {"rate": rate, "parameters": size, "still": float(np.mean(still)), "moved": float(np.mean(shaken)),
                "seeds": still, "moved_seeds": shaken}  # fmt: skip

    tried = {name: [measured(name, rate) for rate in RATES.get(name, (0.025, 0.05))] for name in DESIGNS}
    best = {name: max(runs, key=lambda run: run["still"]) for name, runs in tried.items()}
    chosen = best["convolutional"]["rate"]
    best["moved digits"] = measured("convolutional", chosen, moving=True)
    beside = {
        "dense, longer": measured("dense", best["dense"]["rate"], 15 * (best["dense"]["rate"],)),
        "first filters random": measured("convolutional", chosen, frozen=True),
    }
    note(__file__, {
        "training_digits": len(training), "held_back": len(held), "passes": 3, "batch_size": 50, "momentum": 0.9,
        "reach": REACH, "seeds": list(SEEDS), "rates": {name: tried[name] for name in RATES}, "designs": best, "beside": beside,
    })  # fmt: skip


if __name__ == "__main__":
    main()
