"""Answers to the exercises of chapter 18."""

import numpy as np


def agree_one_by_one(left, right, tolerance):
    cases = 0
    for one, other in zip(left.ravel(), right.ravel(), strict=True):
        if not abs(one - other) <= tolerance:
            return False
        cases += 1
    return cases > 0


def agree_without_nan(left, right, tolerance):
    defined = not np.isnan(left + right).any()
    return bool(left.size) and defined and not np.any(np.abs(left - right) > tolerance)


def jacobian_column_by_column(f, x):
    found = np.empty((len(f(x)), len(x)))
    for j in range(len(x)):
        step = x.astype(complex)
        step[j] += 1e-40j
        found[:, j] = f(step).imag / 1e-40
    return found


def jacobian_by_a_witness(f, x):
    steps = 1e-5 * np.eye(len(x))
    return np.transpose([(f(x + e) - f(x - e)) / 2e-5 for e in steps])


RIGHT = {
    "equations-agree": [agree_one_by_one, agree_without_nan],
    "equations-jacobian": [jacobian_column_by_column, jacobian_by_a_witness],
}

WRONG = {
    "equations-agree": {"the sum of all differences": lambda left, right, tolerance: bool(abs(np.sum(left - right)) <= tolerance)},
    "equations-jacobian": {"the real part": lambda f, x: np.stack([np.real(f(x + 1e-30j * e)) for e in np.eye(len(x))], axis=1)},
}
