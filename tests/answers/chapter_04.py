"""Answers to the exercises of chapter 4."""

import numpy as np


def gradient_in_place(f, x, h):
    x, gradient = x.copy(), np.empty(x.shape)
    for k in range(x.size):
        old = x.flat[k]
        x.flat[k] = old + h
        ahead = f(x)
        x.flat[k] = old - h
        gradient.flat[k] = (ahead - f(x)) / (2 * h)
        x.flat[k] = old
    return gradient


def gradient_along_units(f, x, h):
    units = h * np.eye(x.size).reshape(-1, *x.shape)
    return np.array([f(x + e) - f(x - e) for e in units]).reshape(x.shape) / (2 * h)


def gradient_of_the_first_axis(f, x, h):
    return np.array([(f(x + h * e) - f(x - h * e)) / (2 * h) for e in np.eye(len(x))[..., *[None] * (x.ndim - 1)]])


def weights_first(f, x, h):
    return 8 / 6 * (f(x + h / 2) - f(x - h / 2)) / h - (f(x + h) - f(x - h)) / (6 * h)


def by_correction(f, x, h):
    coarse, fine = [(f(x + step) - f(x - step)) / (2 * step) for step in (h, h / 2)]
    return fine + (fine - coarse) / 3


RIGHT = {
    "measured-gradient": [gradient_in_place, gradient_along_units],
    "extrapolated-difference": [weights_first, by_correction],
    "complex-step": [
        lambda f, x: np.imag(f(x + 1e-100j)) / 1e-100,
        lambda f, x: (f(np.asarray(x) + 1e-30j) / 1e-30).imag,
    ],
}

WRONG = {
    "measured-gradient": {"one slope for each row": gradient_of_the_first_axis},
    "extrapolated-difference": {"twice the step": lambda f, x, h: weights_first(f, x, 2 * h)},
    "complex-step": {"a step of 1": lambda f, x: f(x + 1j).imag},
}
