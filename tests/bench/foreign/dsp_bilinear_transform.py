"spatialaudio/digital-signal-processing-lecture, filter_design/bilinear_transform.ipynb: bindings written from the text alone."

import cmath

import numpy as np

S, T, OMEGA = 0.4 + 1.1j, 0.5, 0.8
MAPPED = (2 + S * T) / (2 - S * T)
SKIPPED = {}
BOUND = {
    1: ({"z": cmath.exp(S * T), "s": S, "T": T}, {}),
    2: ({"z": cmath.exp(S * T), "s": S, "T": T}, {}),
    3: ({"z": 1.1}, {"tolerance": 1e-8}),
    4: ({"z": MAPPED, "s": S, "T": T}, {}),
    5: ({"z": MAPPED, "s": S, "T": T}, {}),
    6: ({"T": T, r"\Omega": OMEGA, r"\mathrm{j}": 1j, "H": lambda s: 1 / (1 + s + s**2),
         "H_d": lambda z: 1 / (1 + 2 / T * (z - 1) / (z + 1) + (2 / T * (z - 1) / (z + 1)) ** 2)}, {}),
    7: ({r"\omega": 2 / T * np.tan(OMEGA / 2), r"\Omega": OMEGA, "T": T}, {}),
}
