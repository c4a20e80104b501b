"""Answers to the exercises of chapter 8."""

import math

import numpy as np
from mlbook import one_hot


def one_hot_in_a_loop(labels, classes):
    t = np.zeros((len(labels), classes))
    for n, label in enumerate(labels):
        t[n, label] = 1
    return t


def nearest_by_norms(image, means):
    return np.argmax(means.reshape(len(means), -1) @ image.ravel() - np.sum(means**2, axis=(1, 2)) / 2)


def nearest_in_a_loop(image, means):
    best, found = np.inf, 0
    for k, mean in enumerate(means):
        distance = np.linalg.norm(image - mean)
        if distance < best:
            best, found = distance, k
    return found


def centre_in_loops(image):
    mass = row = column = 0.0
    for h in range(image.shape[0]):
        for v in range(image.shape[1]):
            light = float(image[h, v])
            mass, row, column = mass + light, row + h * light, column + v * light
    return row / mass, column / mass


def centre_by_sums(image):
    light = image.astype(float)
    rows, columns = light.sum(axis=1), light.sum(axis=0)
    return np.average(np.arange(len(rows)), weights=rows), np.average(np.arange(len(columns)), weights=columns)


RIGHT = {
    "digits-difference": [
        lambda a, b: np.abs(a / 255 - b / 255),
        lambda a, b: (np.maximum(a, b) - np.minimum(a, b)) / 255,
    ],
    "digits-one-hot": [one_hot_in_a_loop, lambda labels, classes: one_hot(labels, classes, dtype=float)],
    "digits-nearest": [nearest_by_norms, nearest_in_a_loop],
    "digits-deviation": [
        lambda a, N: math.sqrt(a - a**2) / math.sqrt(N),
        lambda a, N: ((1 - a) * a * N) ** 0.5 / N,
    ],
    "digits-centre": [centre_in_loops, centre_by_sums],
}

WRONG = {
    "digits-difference": {"small integers": lambda a, b: np.abs(a.astype(np.int8) - b) / 255},
    "digits-one-hot": {"labels from 1": lambda labels, classes: np.eye(classes + 1)[labels + 1][:, :classes]},
    "digits-deviation": {"the square root forgotten in part": lambda a, N: np.sqrt(a) * (1 - a) / np.sqrt(N)},
    "digits-centre": {"the middle of the image": lambda image: tuple((n - 1) / 2 for n in image.shape)},
}
