"""Answers to the exercises of chapter 1."""

import numpy as np


def rows_in_a_loop(z):
    s = np.empty(z.shape, z.dtype if z.dtype.kind == "f" else float)
    for n in range(len(z)):
        e = np.exp(z[n] - z[n].max())
        s[n] = e / e.sum()
    return s


def rows_by_the_logarithm(z):
    shifted = z - z.max(axis=1, keepdims=True)
    return np.exp(shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True)))


def jacobian_entry_by_entry(z, T):
    s = np.exp(z / T) / np.sum(np.exp(z / T))
    return np.array([[s[i] * ((i == j) - s[j]) / T for j in range(len(z))] for i in range(len(z))])


def jacobian_by_the_identity(z, T):
    s = np.exp((z - z.max()) / T)
    s /= s.sum()
    return s[:, None] * (np.eye(len(z)) - s) / T


def pullback_by_jacobians(s, g):
    return np.array([(np.diag(row) - np.outer(row, row)) @ up for row, up in zip(s, g, strict=True)])


def pullback_by_einsum(s, g):
    return s * g - s * np.einsum("nk,nk->n", s, g)[:, None]


RIGHT = {
    "softmax-rows": [rows_in_a_loop, rows_by_the_logarithm],
    "softmax-temperature": [jacobian_entry_by_entry, jacobian_by_the_identity],
    "softmax-pullback": [pullback_by_jacobians, pullback_by_einsum],
}

WRONG = {
    "softmax-rows": {
        "sums over the batch": lambda z: np.exp(z) / np.sum(np.exp(z), axis=0),
        "the logarithm": lambda z: z - np.log(np.sum(np.exp(z), axis=-1, keepdims=True)),
        "never fails, but changes the scores": lambda z: np.exp(np.clip(z, -50, 50)) / np.exp(np.clip(z, -50, 50)).sum(1)[:, None],
    },
    "softmax-temperature": {"a vector": lambda z, T: np.exp(z / T) / np.sum(np.exp(z / T))},
    "softmax-pullback": {"the sign": lambda s, g: -pullback_by_einsum(s, g), "one number a row": lambda s, g: np.sum(s * g, axis=1)},
}
