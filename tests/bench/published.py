"""Trains networks whose accuracy was published, and the book's best one, on all of MNIST, and notes the results in published.json.

Usage: python tests/bench/published.py [--folder FOLDER] [--seeds 0 1 2] [NETWORK ...]
Without a NETWORK all are trained. The results of the others stay, and so do those of other seeds while the settings of a
network are the same. FOLDER holds the four IDX files; without it they are fetched from the public mirrors. Takes from
a minute to an hour for each network and seed.
"""

import argparse
import json
import os
import platform
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import process_time

os.environ["OPENBLAS_NUM_THREADS"] = "1"

import mlbook
import numpy as np
from mlbook import SGD, AdamW, BatchNorm, Conv2D, CosineDecay, Dense, Dropout, Flatten, MaxPool2D, ReLU, Sigmoid
from results import note

TRAINING_IMAGES = 60_000


@dataclass(frozen=True)
class Network:
    "What is trained, how, and what was published of it. `optimizer` is made for a number of steps."

    layers: callable
    optimizer: callable
    epochs: int
    batch_size: int
    published: float | None
    source: str
    loss: callable = mlbook.softmax_cross_entropy
    transform: callable = None

    @property
    def steps(self):
        return self.epochs * -(-TRAINING_IMAGES // self.batch_size)


def convolutions(*counts, hidden):
    "Convolutions of 5 × 5, each with ReLU and a pooling of 2 × 2, and two dense layers."
    blocks = [[Conv2D(count, 5, initializer="he_normal"), ReLU(), MaxPool2D(2)] for count in counts]
    return [*sum(blocks, []), Flatten(), Dense(hidden, initializer="he_normal"), ReLU(), Dense(10)]


def normalised(count, kernel_size, *, stride):
    "A convolution, batch normalisation and ReLU."
    return [Conv2D(count, kernel_size, stride=stride, initializer="he_normal"), BatchNorm(), ReLU()]


NETWORKS = {
    "784-30-10": Network(
        lambda: [Dense(30), Sigmoid(), Dense(10), Sigmoid()], lambda steps: SGD(CosineDecay(3.0, steps=steps, final=0.3)),
        30, 10, 0.9542, "{cite:t}`nielsen2015`", mlbook.squared_error,
    ),
    "784-16-16-10": Network(
        lambda: [Dense(16), Sigmoid(), Dense(16), Sigmoid(), Dense(10), Sigmoid()],
        lambda steps: SGD(CosineDecay(2.0, steps=steps, final=0.2)), 30, 10, 0.91, "the author of note 004", mlbook.squared_error,
    ),
    "784-128-10": Network(
        lambda: [Dense(128, initializer="he_normal"), ReLU(), Dense(10)],
        lambda steps: SGD(CosineDecay(0.1, steps=steps), momentum=0.9, weight_decay=1e-4), 30, 100, None, "",
    ),
    "note-002": Network(
        lambda: convolutions(8, 16, hidden=128), lambda steps: AdamW(CosineDecay(0.003, steps=steps), weight_decay=0.01),
        5, 64, None, "",
    ),
    "ali": Network(
        lambda: convolutions(20, 50, hidden=1024), lambda steps: AdamW(CosineDecay(0.002, steps=steps), weight_decay=0.05),
        15, 100, 0.9921, "{cite:t}`ali2019`", transform=mlbook.augment_digits,
    ),
    "best": Network(
        lambda: [
            *normalised(24, 3, stride=1), *normalised(24, 5, stride=2), *normalised(48, 3, stride=1), *normalised(48, 5, stride=2),
            Flatten(), Dropout(0.4), Dense(128, initializer="he_normal"), ReLU(), Dense(10),
        ],
        lambda steps: AdamW(CosineDecay(0.003, steps=steps), weight_decay=0.02), 25, 100, None, "",
        transform=mlbook.augment_digits,
    ),
}  # fmt: skip


def run(network, digits, seed):
    "How a network did on the test images after each epoch, from the first weights of a seed."
    layers = network.layers()
    flat = not any(isinstance(layer, Flatten) for layer in layers)
    x, test_x = (mlbook.scale_pixels(images, flat=flat) for images in digits[::2])
    t, test_t = (mlbook.one_hot(labels, 10) for labels in digits[1::2])
    model = mlbook.Sequential(layers, x.shape[1:], seed=seed)
    begin = process_time()
    history = mlbook.fit(
        model, x, t, epochs=network.epochs, batch_size=network.batch_size, loss=network.loss, metrics=["accuracy"], seed=seed,
        optimizer=network.optimizer(network.steps), transform=network.transform, validation_data=(test_x, test_t),
    )  # fmt: skip
    return {
        "seed": seed,
        "accuracy": history.validation_accuracy[-1],
        "accuracy_after_epoch": history.validation_accuracy,
        "seconds": round(process_time() - begin),
        "date": date.today().isoformat(),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "mlbook": mlbook.__version__,
        "machine": platform.machine(),
    }


def settings(network):
    "What decides the outcome beside the seed, in words that a page can show."
    layers = network.layers()
    flat = not any(isinstance(layer, Flatten) for layer in layers)
    model = mlbook.Sequential(layers, (784,) if flat else (1, 28, 28), seed=0)
    return {
        "layers": [repr(layer) for layer in layers],
        "parameters": sum(array.size for layer in model.params for array in layer.values()),
        "loss": network.loss.__name__,
        "optimizer": repr(network.optimizer(network.steps)),
        "epochs": network.epochs,
        "batch_size": network.batch_size,
        "transform": network.transform.__name__ if network.transform else None,
        "published": network.published,
        "source": network.source,
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder")
    parser.add_argument("--seeds", nargs="+", type=int, default=[0, 1, 2])
    parser.add_argument("networks", nargs="*", metavar="NETWORK", help=", ".join(NETWORKS))
    arguments = parser.parse_args()
    if unknown := set(arguments.networks) - set(NETWORKS):
        parser.error(f"no network is called {', '.join(sorted(unknown))}; there are {', '.join(NETWORKS)}")
    digits, file = mlbook.load_mnist(full=True, folder=arguments.folder), Path(__file__).with_suffix(".json")
    for name in arguments.networks or NETWORKS:
        for seed in arguments.seeds:
            found, now = run(NETWORKS[name], digits, seed), settings(NETWORKS[name])
            known = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
            old = known.get(name, {"settings": now, "runs": []})
            kept = [one for one in old["runs"] if one["seed"] != seed] if old["settings"] == now else []
            command = f"python tests/bench/published.py {name!r} --seeds {' '.join(map(str, arguments.seeds))}"
            runs = sorted([*kept, found | {"command": command}], key=lambda one: one["seed"])
            known[name] = {"settings": now, "runs": runs}
            note(__file__, {each: known[each] for each in NETWORKS if each in known})
            print(name, seed, found["accuracy"], file=sys.stderr)


if __name__ == "__main__":
    main()
