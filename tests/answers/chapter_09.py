"""Answers to the exercises of chapter 9."""

import numpy as np
from mlbook import SGD


def step_of_the_package(theta, v, g, *, learning_rate, momentum):
    moved, sgd = np.array(theta), SGD(learning_rate, momentum=momentum)
    sgd.step([{"theta": moved}], [{"theta": g}])
    return moved + momentum * v, moved + momentum * v - theta


def step_in_a_loop(theta, v, g, *, learning_rate, momentum):
    moved, faster = np.empty(len(theta)), np.empty(len(theta))
    for i in range(len(theta)):
        faster[i] = momentum * v[i] - learning_rate * g[i]
        moved[i] = theta[i] + faster[i]
    return moved, faster


def batches_in_a_loop(order, batch_size):
    rest, found = list(order), []
    while rest:
        found.append(rest[:batch_size])
        rest = rest[batch_size:]
    return found


def batches_by_split(order, batch_size):
    return np.split(order, range(batch_size, len(order), batch_size))


def precision_in_loops(counts):
    precision, recall = np.zeros(len(counts)), np.zeros(len(counts))
    for j in range(len(counts)):
        read, true = sum(counts[:, j]), sum(counts[j, :])
        precision[j] = counts[j, j] / read if read else 0
        recall[j] = counts[j, j] / true if true else 0
    return precision, recall


def precision_without_nan(counts):
    with np.errstate(invalid="ignore"):
        return [np.nan_to_num(np.diag(counts) / counts.sum(axis=axis)) for axis in (0, 1)]


def changed_in_place(theta, v, g, *, learning_rate, momentum):
    v *= momentum
    v -= learning_rate * g
    theta += v
    return theta, v


RIGHT = {
    "training-momentum": [step_of_the_package, step_in_a_loop],
    "training-best-rate": [
        lambda curvatures: 2 / (np.sort(curvatures)[0] + np.sort(curvatures)[-1]),
        lambda curvatures: 1 / np.mean([min(curvatures), max(curvatures)]),
    ],
    "training-batches": [batches_in_a_loop, batches_by_split],
    "training-precision": [precision_in_loops, precision_without_nan],
}

WRONG = {
    "training-momentum": {"in place": changed_in_place},
    "training-best-rate": {"the mean of both": lambda curvatures: (curvatures.min() + curvatures.max()) / 2},
    "training-batches": {"one array": lambda order, batch_size: order.reshape(-1, batch_size)},
    "training-precision": {"whole matrices": lambda counts: (counts / counts.sum(axis=0), counts / counts.sum(axis=1))},
}
