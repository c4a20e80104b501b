"""Answers to the exercises of appendix A4."""

import mlbook
import numpy as np


def by_loop(log_y, labels, *, ignore_index):
    there = [-row[label] for row, label in zip(log_y, labels, strict=True) if label != ignore_index]
    return sum(there) / len(there)


def by_package(log_y, labels, *, ignore_index):
    return mlbook.nll_loss(log_y, labels, ignore_index=ignore_index)


def by_pieces(y, t, delta):
    d = y - t
    return np.where(abs(d) <= delta, d, delta * np.sign(d)) / len(y)


def by_rule(y, t, delta):
    return mlbook.vjp(mlbook.huber_loss, y, t, delta=delta)[1](1.0)[0]


RIGHT = {"losses-missing": [by_loop, by_package], "losses-huber": [by_pieces, by_rule]}

WRONG = {
    "losses-missing": {
        "of every class": lambda log_y, labels, *, ignore_index: -np.mean(log_y[labels != ignore_index]),
        "of a fixed number": lambda log_y, labels, *, ignore_index: by_loop(log_y, labels, ignore_index=-100),
    },
    "losses-huber": {
        "the loss": lambda y, t, delta: np.where(abs(y - t) <= delta, (y - t) ** 2 / 2, delta * abs(y - t)) / len(y),
        "to the targets": lambda y, t, delta: np.clip(t - y, -delta, delta) / len(y),
    },
}
