"""Compares ways to train the network of chapter 13, for chapter 14, and notes them in better_steps.json.

Usage: python tests/bench/better_steps.py
Every way learns from 9,000 digits in twelve passes with batches of 50, from three seeds; 1,000 held-back digits say how
well it reads. Test digits are not touched. Takes about fifteen minutes.
"""

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"

import mlbook
import numpy as np
from mlbook import SGD, Conv2D, Dense, Flatten, MaxPool2D, ReLU
from mlbook.datasets import stratified_split
from mlbook.optim import Adam, AdamW, CosineDecay, StepDecay, WarmUp, augment_digits
from results import note

SEEDS, PASSES, SIZE = (0, 1, 2), 12, 50
STEPS = PASSES * 9000 // SIZE


def falling(rate):
    return CosineDecay(rate, steps=STEPS)


WAYS = {
    "momentum": (lambda: SGD(0.05, momentum=0.9), False),
    "Nesterov": (lambda: SGD(0.05, momentum=0.9, nesterov=True), False),
    "weight decay": (lambda: SGD(0.05, momentum=0.9, weight_decay=0.0005), False),
    "Adam": (lambda: Adam(0.001), False),
    "AdamW": (lambda: AdamW(0.001), False),
    "steps": (lambda: SGD(StepDecay(0.05, factor=0.1, every=STEPS // 3), momentum=0.9), False),
    "cosine": (lambda: SGD(falling(0.05), momentum=0.9), False),
    "warm-up": (lambda: SGD(WarmUp(falling(0.05), steps=STEPS // 20), momentum=0.9), False),
    "moved": (lambda: SGD(0.05, momentum=0.9), True),
    "cosine, moved": (lambda: SGD(falling(0.05), momentum=0.9), True),
    "AdamW, cosine, moved": (lambda: AdamW(falling(0.002)), True),
}


def network(seed):
    he = {"initializer": "he_normal"}
    features = [Conv2D(8, 5, **he), ReLU(), MaxPool2D(2), Conv2D(16, 5, **he), ReLU(), MaxPool2D(2)]
    return mlbook.Sequential([*features, Flatten(), Dense(128, **he), ReLU(), Dense(10)], (1, 28, 28), seed=seed)


def train(way, x, t, held, labels, seed):
    "The share of held-back digits that is read after each pass."
    make, moving = WAYS[way]
    model, optimizer, rng = network(seed), make(), np.random.default_rng(seed)
    read = []
    for _ in range(PASSES):
        for batch in mlbook.minibatches(len(x), SIZE, rng):
            shown = augment_digits(x[batch], rng) if moving else x[batch]
            mlbook.train_step(model, shown, t[batch], optimizer=optimizer)
        read.append(mlbook.accuracy(model, held, labels))
    loss = mlbook.evaluate(model, x, t)["loss"]
    print(f"{way:22}{seed:3}{read[-1]:8.4f}{loss:9.5f}", flush=True)
    return {"read": read, "loss": loss}


def main():
    digits = mlbook.load_mnist()
    x, labels = mlbook.scale_pixels(digits.train_images, flat=False), digits.train_labels
    training, held = stratified_split(labels, validation=0.1, seed=0)
    data = x[training], mlbook.one_hot(labels[training], 10), x[held], labels[held]
    ways = {way: [train(way, *data, seed) for seed in SEEDS] for way in WAYS}
    note(__file__, {"training_digits": len(training), "held_back": len(held), "passes": PASSES, "batch_size": SIZE,
                    "seeds": list(SEEDS), "ways": ways})  # fmt: skip


if __name__ == "__main__":
    main()
