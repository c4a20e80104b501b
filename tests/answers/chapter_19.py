"""Answers to the exercises of chapter 19."""

import numpy as np
from mlbook import tanh, vjp


def table_by_one_hot(words, g, rows):
    return (words[:, None] == np.arange(rows)).T @ g


def table_by_rows(words, g, rows):
    return np.array([g[words == row].sum(axis=0) for row in range(rows)])


def table_overwritten(words, g, rows):
    gradient = np.zeros((rows, g.shape[1]))
    for word, share in zip(words, g, strict=True):
        gradient[word] = share
    return gradient


def shared_by_pullbacks(x, w, v):
    h, through_h = vjp(tanh, x @ w)
    _, through_y = vjp(tanh, h @ w)
    (upper,) = through_y(v)
    (lower,) = through_h(upper @ w.T)
    return h[:, None] * upper + x[:, None] * lower


def shared_by_entries(x, w, v):
    h = np.tanh(x @ w)
    u = np.tanh(h @ w)
    gradient = np.zeros_like(w)
    for i, j in np.ndindex(*w.shape):
        change = np.eye(len(x))[j] * x[i] * (1 - h[j] ** 2) @ w + np.eye(len(x))[j] * h[i]
        gradient[i, j] = np.sum(v * (1 - u**2) * change)
    return gradient


RIGHT = {
    "errata-quadratic": [lambda A, x: A @ x + x @ A, lambda A, x: np.einsum("ij,j->i", A, x) + np.einsum("ji,j->i", A, x)],
    "errata-centre": [lambda g: (np.eye(len(g)) - 1 / len(g)) @ g, lambda g: g - g.sum() / g.size],
    "errata-table": [table_by_one_hot, table_by_rows],
    "errata-shared": [shared_by_pullbacks, shared_by_entries],
}

WRONG = {
    "errata-table": {"overwritten": table_overwritten},
    "errata-shared": {"the slope is missing": lambda x, w, v: np.outer(np.tanh(x @ w), v)},
}
