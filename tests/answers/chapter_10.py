"""Answers to the exercises of chapter 10."""

import numpy as np


def outputs_by_counting(size, taps, *, stride, before, after, dilation):
    starts = range(0, before + size + after, stride)
    return sum(start + dilation * (taps - 1) < before + size + after for start in starts)


def outputs_of_conv(size, taps, *, stride, before, after, dilation):
    window = dilation * (taps - 1) + 1
    return len(np.arange(before + size + after)[window - 1 :: stride])


def gradient_by_gathering(w, g):
    P, Q = w.shape
    wide = np.pad(g, ((P - 1, P - 1), (Q - 1, Q - 1)))
    windows = np.lib.stride_tricks.sliding_window_view(wide, w.shape)
    return np.einsum("hvpq,pq->hv", windows, w[::-1, ::-1])


def gradient_by_weights(w, g):
    dx = np.zeros(np.add(w.shape, g.shape) - 1)
    for (p, q), weight in np.ndenumerate(w):
        dx[p : p + g.shape[0], q : q + g.shape[1]] += weight * g
    return dx


RIGHT = {
    "conv-outputs": [outputs_by_counting, outputs_of_conv],
    "conv-image-gradient": [gradient_by_gathering, gradient_by_weights],
}

WRONG = {
    "conv-outputs": {
        "a float": lambda size, taps, *, stride, before, after, dilation: np.float64(
            (before + size + after - dilation * (taps - 1) - 1) / stride + 1
        ),
        "no padding": lambda size, taps, *, stride, before, after, dilation: (size - dilation * (taps - 1) - 1) // stride + 1,
    },
    "conv-image-gradient": {
        "the size of g": lambda w, g: gradient_by_gathering(w, g)[: len(g), : len(g[0])],
        "w transposed": lambda w, g: gradient_by_gathering(w[:, ::-1], g),
    },
}
