"""Answers to the exercises of chapter 5."""

import mlbook
import numpy as np


def linear_in_sums(x, v, g):
    return np.einsum("nk,kj->nj", g, v), np.einsum("nk,nj->kj", g, x), np.einsum("nk->k", g)


def linear_by_rule(x, v, g):
    dx, dw, db = mlbook.vjp(mlbook.dense, x, v.T, np.zeros(len(v)))[1](g)
    return [dx, dw.T, db]


RIGHT = {"dense-linear": [linear_in_sums, linear_by_rule]}

WRONG = {
    "dense-linear": {
        "two gradients": lambda x, v, g: (g @ v, g.T @ x),
        "bias over the neurons": lambda x, v, g: (g @ v, g.T @ x, np.sum(g, axis=1)),
        "one sample": lambda x, v, g: (g @ v, np.outer(g[0], x[0]), g[0]),
    }
}
