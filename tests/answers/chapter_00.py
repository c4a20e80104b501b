"""Answers to the exercises of chapter 0."""

import numpy as np


def mean_of_squares_in_a_loop(x):
    return np.array([2.0 * x[j] / len(x) for j in range(len(x))])


def square_of_sum_by_dot(x):
    return (2 * np.dot(x, x)) * (2 * x)


def square_of_sum_in_a_loop(x):
    total = sum(entry**2 for entry in x)
    return np.array([4 * total * entry for entry in x])


def difference_with_copies(f, x, h):
    gradient = np.empty(len(x))
    for j in range(len(x)):
        above, below = np.array(x, float), np.array(x, float)
        above[j] += h
        below[j] -= h
        gradient[j] = (f(above) - f(below)) / (2 * h)
    return gradient


def difference_with_bumps(f, x, h):
    bumps = [np.where(np.arange(len(x)) == j, h, 0.0) for j in range(len(x))]
    return np.stack([f(x + bump) / (2 * h) - f(x - bump) / (2 * h) for bump in bumps])


def difference_of_the_exercise(f, x, h):
    gradient = np.zeros_like(x)
    for j in range(len(x)):
        x[j] += h
        above = f(x)
        x[j] -= h
        gradient[j] = (above - f(x)) / (2 * h)
    return gradient


RIGHT = {
    "mean-of-squares": [mean_of_squares_in_a_loop, lambda x: x * (2 / x.size)],
    "square-of-sum": [square_of_sum_by_dot, square_of_sum_in_a_loop],
    "central-difference": [difference_with_copies, difference_with_bumps],
}

WRONG = {
    "mean-of-squares": {"whole numbers": lambda x: 2 * x // len(x)},
    "square-of-sum": {"the value": lambda x: np.sum(x**2) ** 2},
    "central-difference": {"as in the exercise": difference_of_the_exercise},
}
