"spatialaudio/digital-signal-processing-lecture, quantization/linear_uniform_quantization_error.ipynb: bindings written from the text alone."

import numpy as np

BITS, LOWEST = 8, -1.0
STEP = abs(LOWEST) / 2 ** (BITS - 1)
HIGHEST = 1.0 - STEP
# Means of squares of errors, by the midpoint rule.
ERRORS = np.linspace(-STEP / 2, STEP / 2, 200001)
SPREAD = np.sqrt(np.trapezoid(ERRORS**2, ERRORS) / STEP)
SIGNAL = np.linspace(-HIGHEST, HIGHEST, 200001)
LOUD = np.sqrt(np.trapezoid(SIGNAL**2, SIGNAL) / (2 * HIGHEST))


def rect(x):
    "1 where the argument is less than a half."
    return 1.0 * (np.abs(x) < 0.5)


SIZES = {"Q": STEP, "w": BITS, r"x_\text{max}": HIGHEST, r"x_\text{min}": LOWEST, r"\sigma_e": SPREAD, r"\sigma_x": LOUD, r"\text{rect}": rect}
SNR = 10 * np.log10(2.0 ** (2 * BITS))
SKIPPED = {2: "says that the error is white"}
BOUND = {
    1: (SIZES | {"SNR": 10 * np.log10(LOUD**2 / SPREAD**2)}, {}),
    3: (SIZES | {r"\theta": 0.3 * STEP, "p_e": lambda theta: rect(theta / STEP) / STEP}, {}),
    4: (SIZES, {"tolerance": 1e-8}),
    5: (SIZES, {}),
    6: (SIZES, {"tolerance": 1e-8}),
    7: (SIZES | {r"\theta": 0.3, "p_x": lambda theta: 0.5 / HIGHEST}, {}),
    8: (SIZES, {"tolerance": 1e-8}),
    9: (SIZES | {"SNR": SNR}, {"tolerance": 1e-2}),
}
