"""Trains the networks of the notes on all of MNIST and notes their accuracy in full_mnist.json.

Usage: python tests/bench/full_mnist.py [--folder FOLDER] [NETWORK ...]
NETWORK is squared-error (notes 000 and 004), softmax (note 001) or convolution (note 002); without
one, all three are trained. The results of the others stay. FOLDER holds the four IDX files; without
it they are fetched from the public mirrors. Takes some minutes.
"""

import argparse
import json
import os
import platform
from pathlib import Path

os.environ["OPENBLAS_NUM_THREADS"] = "1"

import mlbook
import numpy as np
from mlbook import Conv2D, Dense, Flatten, MaxPool2D, ReLU, Sigmoid
from mlbook.losses import squared_error_vjp
from results import note


def mean_squared_error(y, t):
    "Squared error as note 004 has it: a mean over the samples and over the ten outputs."
    return mlbook.squared_error(y, t, factor=1 / 10)


@mlbook.defvjp(mean_squared_error)
def mean_squared_error_vjp(y, t):
    return squared_error_vjp(y, t, factor=1 / 10)


def filters(count):
    return [Conv2D(count, 5, initializer="he_normal"), ReLU(), MaxPool2D(2)]


# Layers, loss, samples in a batch, momentum, and stages of (learning rate, epochs).
NETWORKS = {
    "squared-error": (
        lambda: [Dense(16), Sigmoid(), Dense(16), Sigmoid(), Dense(10), Sigmoid()],
        mean_squared_error, 1000, 0.5, [(10.0, 16)],
    ),
    "softmax": (
        lambda: [Dense(128), Sigmoid(), Dense(10)],
        mlbook.softmax_cross_entropy, 50, 0.9, [(0.3, 15)],
    ),
    "convolution": (
        lambda: [*filters(8), *filters(16), Flatten(), Dense(128, initializer="he_normal"), ReLU(), Dense(10)],
        mlbook.softmax_cross_entropy, 50, 0.9, [(0.05, 4), (0.005, 1)],
    ),
}  # fmt: skip


def trained(name, digits, seed=0):
    "The settings of the network called `name`, and how it did on the test images after each epoch."
    make, loss, batch, momentum, stages = NETWORKS[name]
    layers = make()
    flat = not any(isinstance(layer, Flatten) for layer in layers)
    x, test_x = (mlbook.scale_pixels(images, flat=flat) for images in digits[::2])
    t, test_t = (mlbook.one_hot(labels, 10) for labels in digits[1::2])
    model = mlbook.Sequential(layers, x.shape[1:], seed=seed)
    curve = []
    for rate, epochs in stages:
        history = mlbook.fit(
            model, x, t, epochs=epochs, batch_size=batch, loss=loss, seed=seed,
            optimizer=mlbook.SGD(rate, momentum=momentum), validation_data=(test_x, test_t),
        )  # fmt: skip
        curve += history.validation_accuracy
    return {
        "training_images": len(x),
        "test_images": len(test_x),
        "loss": loss.__name__,
        "batch_size": batch,
        "momentum": momentum,
        "learning_rates": [rate for rate, epochs in stages for _ in range(epochs)],
        "seed": seed,
        "epochs": len(curve),
        "parameters": sum(array.size for layer in model.params for array in layer.values()),
        "accuracy": mlbook.accuracy(model, test_x, digits.test_labels),
        "accuracy_after_epoch": curve,
        "numpy": np.__version__,
        "machine": platform.machine(),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder")
    parser.add_argument("networks", nargs="*", metavar="NETWORK", help=", ".join(NETWORKS))
    arguments = parser.parse_args()
    if unknown := set(arguments.networks) - set(NETWORKS):
        parser.error(f"no network is called {', '.join(sorted(unknown))}; there are {', '.join(NETWORKS)}")
    digits = mlbook.load_mnist(full=True, folder=arguments.folder)
    for name in arguments.networks or NETWORKS:
        found = {name: trained(name, digits)}
        file = Path(__file__).with_suffix(".json")
        known = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
        known |= found
        note(__file__, {name: known[name] for name in NETWORKS if name in known})


if __name__ == "__main__":
    main()
