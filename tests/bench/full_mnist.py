"""Trains the network of note 002 on all of MNIST and notes its accuracy in full_mnist.json.

Usage: python tests/bench/full_mnist.py [--folder FOLDER]
FOLDER holds the four IDX files; without it they are fetched from the public mirrors. Takes some minutes.
"""

import argparse
import os
import platform

os.environ["OPENBLAS_NUM_THREADS"] = "1"

import mlbook
import numpy as np
from results import note

PLAN = [(0.05, 4), (0.005, 1)]  # learning rate, epochs


def network(seed):
    layers = []
    for filters in (8, 16):
        layers += [mlbook.Conv2D(filters, 5, initialiser="he_normal"), mlbook.ReLU(), mlbook.MaxPool2D(2)]
    layers += [mlbook.Flatten(), mlbook.Dense(128, initialiser="he_normal"), mlbook.ReLU(), mlbook.Dense(10)]
    return mlbook.Sequential(layers, (1, 28, 28), seed=seed)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder")
    digits = mlbook.load_mnist(full=True, folder=parser.parse_args().folder)
    x, t = mlbook.scale_pixels(digits.train_images, flat=False), mlbook.one_hot(digits.train_labels, 10)
    model = network(seed=0)
    for rate, epochs in PLAN:
        optimiser = mlbook.SGD(rate, momentum=0.9)
        mlbook.fit(model, x, t, epochs=epochs, batch_size=50, optimiser=optimiser)
    score = mlbook.accuracy(model, mlbook.scale_pixels(digits.test_images, flat=False), digits.test_labels)
    results = {
        "training_images": len(x),
        "test_images": len(digits.test_labels),
        "epochs": sum(epochs for _, epochs in PLAN),
        "accuracy": score,
        "numpy": np.__version__,
        "machine": platform.machine(),
    }
    note(__file__, results)


if __name__ == "__main__":
    main()
