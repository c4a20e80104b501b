"""Answers to the exercises of chapter 14."""

import copy

import mlbook
import numpy as np


def adam_by_class(theta, mean, square, g, *, step, learning_rate):
    "With the class of the chapter, whose memory is filled."
    array = np.array(theta, dtype=float).reshape(-1)
    adam = mlbook.Adam(learning_rate)
    parts = [np.array(part, dtype=float).reshape(-1) for part in (mean, square)]
    adam.load_state_dict({"steps": step - 1, "memory": [dict(zip(("mean", "square"), parts))]})
    adam.step([{"w": array}], [{"w": np.array(g, dtype=float).reshape(-1)}])
    return tuple(part.reshape(np.shape(theta)) for part in (array, *adam.memory[0].values()))


def adam_in_logs(theta, mean, square, g, *, step, learning_rate):
    beta1, beta2 = 0.9, 0.999
    mean = mean + (1 - beta1) * (g - mean)
    square = square + (1 - beta2) * (g * g - square)
    scale = learning_rate / -np.expm1(step * np.log(beta1))
    return theta - scale * mean / (np.sqrt(square / -np.expm1(step * np.log(beta2))) + 1e-8), mean, square


def clip_by_class(arrays, max_norm):
    grads = [{str(i): a for i, a in enumerate(copy.deepcopy(arrays))}]
    mlbook.clip_gradients(grads, max_norm)
    return list(grads[0].values())


def clip_at_once(arrays, max_norm):
    norm = np.linalg.norm(np.concatenate([a.ravel() for a in arrays]))
    return [a / max(1.0, norm / max_norm) for a in arrays]


def clip_in_place(arrays, max_norm):
    norm = sum(np.sum(a**2) for a in arrays) ** 0.5
    for a in arrays:
        a *= min(1.0, max_norm / norm) if norm else 1.0
    return arrays


def linear_as_minimum(step, *, peak, warm_up, steps):
    return max(0.0, min((step + 1) / warm_up, 1.0 if step < warm_up else (steps - step) / (steps - warm_up))) * peak


RIGHT = {
    "optim-adam": [adam_by_class, adam_in_logs],
    "optim-clip": [clip_by_class, clip_at_once],
    "optim-linear": [
        linear_as_minimum,
        lambda step, *, peak, warm_up, steps: float(np.interp(step, [-1, warm_up - 1, warm_up, steps], [0, peak, peak, 0])),
    ],
}

WRONG = {
    "optim-clip": {"in place": clip_in_place},
    "optim-linear": {"a constant": lambda step, *, peak, warm_up, steps: peak},
}
