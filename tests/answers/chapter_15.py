"""Answers to the exercises of chapter 15."""

import numpy as np


def sign_step_by_cases(x, slopes, epsilon):
    stepped = np.where(slopes > 0, np.maximum(x - epsilon, 0), np.minimum(x + epsilon, 1))
    return np.where(slopes == 0, x, stepped)


def sign_step_one_by_one(x, slopes, epsilon):
    result = np.array(x, dtype=float)
    for place in np.ndindex(x.shape):
        if slopes[place]:
            result[place] = min(1.0, max(0.0, x[place] - epsilon * slopes[place] / abs(slopes[place])))
    return result


def shares_by_covariance(a):
    centred = a - a.mean(axis=0)
    values = np.sort(np.linalg.eigvalsh(centred.T @ centred))[::-1][: min(a.shape)].clip(0)
    return values / values.sum()


def shares_by_lengths(a):
    centred = a - a.mean(axis=0)
    left, rho, _ = np.linalg.svd(centred, full_matrices=False)
    along = np.sum((left * rho) ** 2, axis=0)
    return along / np.sum(centred**2)


def smallest_by_rates(x, slopes, lead):
    way = -np.sign(slopes)
    can_move = np.where(way > 0, x < 1, x > 0)
    return -lead / np.sum(slopes * way * can_move)


def smallest_one_by_one(x, slopes, lead):
    total = 0.0
    for pixel, slope in zip(np.ravel(x), np.ravel(slopes)):
        if slope > 0 and pixel > 0 or slope < 0 and pixel < 1:
            total += abs(slope)
    return lead / total


RIGHT = {
    "inspect-sign-step": [sign_step_by_cases, sign_step_one_by_one],
    "inspect-shares": [shares_by_covariance, shares_by_lengths],
    "inspect-smallest-step": [smallest_by_rates, smallest_one_by_one],
}

WRONG = {
    "inspect-sign-step": {"by the length": lambda x, slopes, epsilon: np.clip(x - epsilon * slopes / np.linalg.norm(slopes), 0, 1)},
    "inspect-shares": {"of the columns": lambda a: np.var(a, axis=0) / np.var(a, axis=0).sum()},
    "inspect-smallest-step": {"the largest slope alone": lambda x, slopes, lead: lead / np.abs(slopes).max()},
}
