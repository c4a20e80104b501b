"""Answers to the exercises of chapter 7."""

import numpy as np
from mlbook import Dense, Sequential


def parameters_of_a_network(sizes):
    network = Sequential([Dense(units) for units in sizes[1:]], (sizes[0],))
    return sum(array.size for layer in network.params for array in layer.values())


def parameters_in_a_loop(sizes):
    count = 0
    for i in range(1, len(sizes)):
        count += (sizes[i - 1] + 1) * sizes[i]
    return count


def merged_with_basis_vectors(w0, b0, w1, b1):
    offset = (np.zeros(len(w0)) @ w0 + b0) @ w1 + b1
    return (np.eye(len(w0)) @ w0 + b0) @ w1 + b1 - offset, offset


def merged_in_one_array(w0, b0, w1, b1):
    both = np.vstack([w0, b0]) @ w1
    return [both[:-1], both[-1] + b1]


def scaled_by_einsum(x, s, g):
    return np.einsum("nd,d->nd", g, s), np.einsum("nd,nd->d", g, x)


def scaled_in_loops(x, s, g):
    dx, ds = np.empty(x.shape), np.zeros(s.shape)
    for n in range(x.shape[0]):
        for i in range(x.shape[1]):
            dx[n, i] = g[n, i] * s[i]
            ds[i] += g[n, i] * x[n, i]
    return dx, ds


def chain_by_recursion(weights, g):
    return chain_by_recursion(weights[:-1], g @ weights[-1].T) if weights else g


def chain_by_one_product(weights, g):
    product = np.eye(weights[0].shape[0])
    for w in weights:
        product = product @ w
    return g @ product.T


RIGHT = {
    "network-parameters": [parameters_of_a_network, parameters_in_a_loop],
    "network-merge": [merged_with_basis_vectors, merged_in_one_array],
    "network-scale": [scaled_by_einsum, scaled_in_loops],
    "network-leaky-variance": [
        lambda slope, fan_in: 1 / (fan_in * (0.5 + slope**2 / 2)),
        lambda slope, fan_in: 2 / fan_in / np.hypot(1, slope) ** 2,
    ],
    "network-chain": [chain_by_recursion, chain_by_one_product],
}


def chain_in_place(weights, g):
    while weights:
        g = g @ weights.pop().T
    return g


WRONG = {
    "network-parameters": {"the product of all": lambda sizes: int(np.prod(sizes))},
    "network-merge": {"only the weights": lambda w0, b0, w1, b1: w0 @ w1},
    "network-scale": {"a wrong axis": lambda x, s, g: (g * s, np.sum(g * x, axis=1))},
    "network-chain": {
        "the list is emptied": chain_in_place,
        "only the last layer": lambda weights, g: g @ weights[-1].T,
    },
}
