"""Answers to the exercises of chapter 13."""

import numpy as np
from mlbook import Conv2D, Sequential, unflatten


def parameters_of_a_layer(C, K, P, Q):
    network = Sequential([Conv2D(K, (P, Q))], (C, P, Q))
    return sum(array.size for array in network.params[0].values())


def field_backwards(layers):
    size = 1
    for kernel_size, stride in reversed(layers):
        size = (size - 1) * stride + kernel_size
    return size


def field_of_pixels(layers):
    "Follows the first and the last pixel of one output down to the image."
    first = last = 0
    for kernel_size, stride in layers[::-1]:
        first, last = first * stride, last * stride + kernel_size - 1
    return last - first + 1


def moved_by_columns(images, columns):
    moved = np.zeros_like(images)
    for v in range(images.shape[3]):
        if 0 <= v - columns < images.shape[3]:
            moved[:, :, :, v] = images[:, :, :, v - columns]
    return moved


def moved_by_padding(images, columns):
    W = images.shape[3]
    wide = np.pad(images, [(0, 0)] * 3 + [(abs(columns), abs(columns))])
    return wide[..., abs(columns) - columns :][..., :W]


def moved_in_place(images, columns):
    images[...] = moved_by_columns(images, columns)
    return images


RIGHT = {
    "cnn-parameters": [parameters_of_a_layer, lambda C, K, P, Q: np.zeros((K, C, P, Q)).size + K],
    "cnn-dense-as-filters": [
        lambda w, *, shape: unflatten(w.T, shape),
        lambda w, *, shape: np.stack([column.reshape(shape) for column in w.T]),
    ],
    "cnn-fans": [
        lambda C, K, P, Q, stride: (C * P * Q, K * (P / stride) * (Q / stride)),
        lambda C, K, P, Q, stride: [np.zeros((C, P, Q)).size, K * P * Q / (stride * stride)],
    ],
    "cnn-receptive-field": [field_backwards, field_of_pixels],
    "cnn-shift": [moved_by_columns, moved_by_padding],
}

WRONG = {
    "cnn-dense-as-filters": {"no channels": lambda w, *, shape: w.T},
    "cnn-shift": {
        "in place": moved_in_place,
        "in double precision": lambda images, columns: moved_by_columns(images.astype(float), columns),
    },
}
