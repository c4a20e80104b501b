"""Trains the dense network of chapter 9 and notes what it says of the digit that the book follows.

Usage: python tests/bench/example_digit.py
Writes the digit's place among the test images and its ten scores, rounded to one decimal, to
mlbook/data/example_digit.json. Takes a few seconds.
"""

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"

from pathlib import Path

import mlbook
from mlbook import SGD, Dense, ReLU, Sequential, fit, load_mnist, one_hot, scale_pixels
from results import note

PLACE = 672  # a three that the network half takes for a five


def main():
    digits = load_mnist()
    model = Sequential([Dense(128, initializer="he_normal"), ReLU(), Dense(10)], (784,), seed=0)
    x, t = scale_pixels(digits.train_images), one_hot(digits.train_labels, 10)
    fit(model, x, t, epochs=15, batch_size=50, optimizer=SGD(0.1, momentum=0.9), verbose=False)
    scores = model(scale_pixels(digits.test_images[PLACE : PLACE + 1]))[0]
    target = Path(mlbook.__file__).parent / "data" / "example_digit.json"
    note(target, {"test_image": PLACE, "scores": [round(float(score), 1) for score in scores]})


if __name__ == "__main__":
    main()
