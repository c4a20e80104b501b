"""Trains the dense network of chapter 9 on the shipped digits and notes what the first page tells of it.

Usage: python tests/bench/first_page.py
Notes the loss after each epoch, the accuracy on the training and the test digits, and the seconds of one processor.
"""

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"

import platform
from time import process_time

from mlbook import SGD, Dense, ReLU, Sequential, accuracy, fit, load_mnist, one_hot, scale_pixels
from results import note


def main():
    digits = load_mnist()
    model = Sequential([Dense(128, initializer="he_normal"), ReLU(), Dense(10)], (784,), seed=0)
    x, t = scale_pixels(digits.train_images), one_hot(digits.train_labels, 10)
    begin = process_time()
    history = fit(model, x, t, epochs=15, batch_size=50, optimizer=SGD(0.1, momentum=0.9), verbose=False)
    seconds = process_time() - begin
    results = {
        "training_images": len(x),
        "test_images": len(digits.test_labels),
        "loss": history.loss,
        "training_accuracy": accuracy(model, x, digits.train_labels),
        "accuracy": accuracy(model, scale_pixels(digits.test_images), digits.test_labels),
        "seconds": round(seconds, 1),
        "machine": platform.machine(),
    }
    note(__file__, results)


if __name__ == "__main__":
    main()
