"tanfwong/dsp_notes, ch5 fsamp.md, dft.md and fft.md: bindings written from the text alone."

import numpy as np

from mlbook.eqval import beyond

RNG = np.random.default_rng(0)
M = 6
X = RNG.normal(size=M)
SPECTRUM = np.fft.fft(X)
w = lambda k, m: np.exp(-2j * np.pi * k / m)  # noqa: E731
gauss = lambda t: np.exp(-t * t / 2)  # noqa: E731
TRANSFORM = lambda omega: np.sqrt(2 * np.pi) * np.exp(-omega * omega / 2)  # noqa: E731
# A signal of length 8, and its signals by decimation, by the bits of their names.
NU, LONG = 3, RNG.normal(size=8)
BIG = np.fft.fft(LONG)
OM, AL, BE = 0.9, 2.0, 0.3
CUT = 1.3
TAPS = {1: np.array([0.3, -0.7, 1.1, -0.7, 0.3]), 2: np.array([0.3, -0.7, -0.7, 0.3]), 3: np.array([0.3, -0.7, 0.0, 0.7, -0.3]), 4: np.array([0.3, -0.7, 0.7, -0.3])}
response = lambda h: lambda z: sum(h[k] * z ** (-k) for k in range(len(h)))  # noqa: E731
EVEN = lambda h: beyond(np.array([h[2], 2 * h[1], 2 * h[0]]))  # noqa: E731
J = {"j": 1j, r"\hat\omega": OM, r"\alpha": AL}
LOWPASS = lambda z: np.exp(-1j * np.angle(z) * AL) * (abs(np.angle(z)) <= CUT)  # noqa: E731
AMPLITUDE = lambda z: 1 + 0.4 * np.cos(np.angle(z))  # noqa: E731
PHASED = lambda z: AMPLITUDE(z) * np.exp(-1j * (np.angle(z) * AL + BE))  # noqa: E731
SEVEN = RNG.normal(size=12)
ZED = 1.3 * np.exp(0.4j)
PHASES = np.array([SEVEN[k::3] for k in range(3)])
D = 3
IN = lambda z: 1 + 0.6 / z - 0.2 / z**2 + 0.9 / z**3 + 0.7 / z**4  # noqa: E731
OUT = lambda z: 1 - 0.5 / z + 0.25 / z**2  # noqa: E731
DOWN = lambda z: 1 + 0.9 / z  # noqa: E731
SKIPPED = {5: "not read"}
BOUND = {
    17: (J | {"H": lambda z: z**-2}, {}),
    18: (J | {r"\hat\omega_{\text{LP}}": CUT, r"H_{\text{LP}}": LOWPASS}, {}),
    19: (J | {r"\alpha": 1.6, r"\hat\omega_{\text{LP}}": CUT, "n": np.arange(5), r"h_{\text{LP}}": np.array([CUT / np.pi * np.sinc(CUT * (n - 1.6) / np.pi) for n in range(5)])}, {}),
    20: (J | {r"\alpha": 1.6, r"\hat\omega_{\text{LP}}": CUT, "x": beyond(X), "y": np.array([sum(X[k] * CUT / np.pi * np.sinc(CUT * (n - k - 1.6) / np.pi) for k in range(6)) for n in range(4)]),
              r"h_{\text{LP}}": lambda n: CUT / np.pi * np.sinc(CUT * (n - 1.6) / np.pi)}, {}),
    21: (J | {r"\hat\omega_{\text{LP}}": CUT, r"\hat\omega_{\text{HP}}": CUT, r"\hat\omega_l": 0.5, r"\hat\omega_u": 1.9, r"H_{\text{HP}}": lambda z: np.exp(-1j * np.angle(z) * AL) * (abs(np.angle(z)) > CUT),
              r"H_{\text{BP}}": lambda z: np.exp(-1j * np.angle(z) * AL) * (0.5 <= abs(np.angle(z)) <= 1.9), r"H_{\text{BS}}": lambda z: np.exp(-1j * np.angle(z) * AL) * (not 0.5 <= abs(np.angle(z)) <= 1.9)}, {}),
    22: (J | {r"\beta": BE, "A": AMPLITUDE, "H": PHASED}, {}),
    23: (J | {"M": 4, "H": response(TAPS[1]), r"\tilde{b}": np.array([1.1, -1.4, 0.6])}, {}),
    24: (J | {"M": 3, "H": response(TAPS[2]), r"\tilde{b}": np.array([0.0, -1.4, 0.6])}, {}),
    25: (J | {"M": 4, "H": response(TAPS[3]), r"\tilde{b}": np.array([0.0, -1.4, 0.6])}, {}),
    26: (J | {"M": 3, "H": response(TAPS[4]), r"\tilde{b}": np.array([0.0, -1.4, 0.6])}, {}),
    27: ({"z": ZED, "H": lambda z: (1 - 0.5 / z) * (1 + 1 / z) * (1 / z - 0.5), r"H_{\min}": lambda z: 1 - 0.5 / z, r"H_{\text{uc}}": lambda z: 1 + 1 / z, r"H_{\max}": lambda z: 1 / z - 0.5}, {}),
    28: (J | {r"\beta": BE, "A": AMPLITUDE, "H": PHASED, r"\hat H": lambda z: PHASED(-z)}, {}),
    29: ({"e": PHASES, "h": SEVEN, "M": 3}, {}),
    30: ({"e": beyond(PHASES), "h": beyond(SEVEN), "M": 3, "z": ZED, "H": response(SEVEN), "E": lambda k, z: response(PHASES[int(k)])(z)}, {}),
    31: ({"D": D, "z": ZED, "X": IN, "X_D": DOWN, "j": 1j}, {}),
    32: ({"D": D, "z": ZED, "X": IN, "X_D": DOWN, "H": OUT, r"\tilde{Y}": lambda z: OUT(z**D) * IN(z), "Y": lambda z: OUT(z) * DOWN(z), "j": 1j}, {}),
    33: ({"U": 3, "z": ZED, "X": IN, "H": OUT, r"\tilde{Y}": lambda z: OUT(z) * IN(z), "X^U": lambda z: IN(z**3), "Y": lambda z: OUT(z**3) * IN(z**3)}, {}),
    1: ({"x": gauss, "X": TRANSFORM, "t": 0.3, "M": 3, "T_s": 0.7}, {}),
    2: ({"x": lambda n: gauss(0.7 * n), "X": TRANSFORM, "M": 3, "T_s": 0.7, "f_s": 1 / 0.7, "n": 2}, {}),
    3: ({"x": X, "X": SPECTRUM, "M": M}, {}),
    4: ({"x": X, "X": SPECTRUM, "M": M}, {}),
    6: ({"x": X, "X": SPECTRUM, "M": M, "w": w}, {}),
    7: ({"x^{(i)}_{0b}": LONG[0::4], "x^{(i+1)}_b": LONG[0::2], "x^{(i)}_{1b}": LONG[2::4]}, {}),
    8: ({"x^{(i)}_{b}": LONG[0::2], "X^{(i)}_{b,k}": np.fft.fft(LONG[0::2]), "i": 2, "w": w}, {}),
    9: ({"X": BIG, r"\nu": NU, r"x^{(\nu)}": LONG, r"x^{(\nu-1)}_0": LONG[0::2], r"x^{(\nu-1)}_1": LONG[1::2], "w": w}, {}),
    10: ({"X": BIG, r"\nu": NU, r"X^{(\nu-1)}": np.array([np.fft.fft(LONG[0::2]), np.fft.fft(LONG[1::2])]), "w": w}, {}),
    11: ({"i": 2, "X^{(i)}_b": np.fft.fft(LONG[0::2]), "X^{(i-1)}_{0b}": np.fft.fft(LONG[0::4]), "X^{(i-1)}_{1b}": np.fft.fft(LONG[2::4]), "w": w}, {}),
    12: ({"X^{(1)}_b": np.fft.fft(LONG[0::4]), "X^{(0)}_{0b}": LONG[:1], "X^{(0)}_{1b}": LONG[4:5], "x^{(0)}_{0b}": LONG[:1], "x^{(0)}_{1b}": LONG[4:5], "w": w}, {}),
    13: ({"x": X, "X": SPECTRUM, "M": M, "w": w}, {}),
    14: ({"y^{(i)}_{0b}": (Y0 := LONG[:4] + LONG[4:])[:2] + Y0[2:], "y^{(i-1)}_b": Y0, r"\nu": 3, "i": 2}, {}),
    15: ({"y^{(i)}_b": Y0, "Y^{(i)}_b": np.fft.fft(Y0), r"\nu": 3, "i": 1, "w": w}, {}),
    16: ({"X": BIG, "Y^{(0)}": BIG, "y^{(0)}": LONG, "z^{(0)}": LONG * w(np.arange(8), 8), "y^{(1)}": np.array([Y0, (Z := LONG * w(np.arange(8), 8))[:4] + Z[4:]]),
          "Y^{(1)}": np.array([BIG[0::2], BIG[1::2]]), r"\nu": 3, "w": w}, {}),
}
# Bindings that were changed after the first run: bindings, options, what was changed.
from mlbook.eqval import each  # noqa: E402

root = lambda m: np.exp(-2j * np.pi / m)  # noqa: E731
ROOT = "w with its lower index is a number, and has powers"
Z0 = LONG * w(np.arange(8), 8)
Y00, Y01 = LONG[:4] + LONG[4:], Z0[:4] + Z0[4:]
Z00 = Y00 * w(np.arange(4), 4)
CHANGED = {
    1: ({"x": gauss, "X": TRANSFORM, "t": 0.3, "M": 3, "T_s": 0.7, "j": 1j, r"\infty": 40}, {}, "the infinity is bound, and j"),
    2: ({"x": lambda n: gauss(0.7 * n), "X": TRANSFORM, "M": 3, "T_s": 0.7, "f_s": 1 / 0.7, "n": 2, "j": 1j, r"\infty": 40}, {}, "the infinity is bound, and j"),
    3: ({"x": X, "X": SPECTRUM, "M": M, "j": 1j}, {}, "j is bound"),
    4: ({"x": X, "X": SPECTRUM, "M": M, "j": 1j}, {}, "j is bound"),
    6: ({"x": X, "X": SPECTRUM, "M": M, "w_M": root(M)}, {}, ROOT),
    8: ({"x^{(i)}_{b}": LONG[0::2], "X^{(i)}_b": np.fft.fft(LONG[0::2]), "i": 2, "w_{2^i}": root(4)}, {}, ROOT),
    9: ({"X": BIG, r"\nu": NU, r"x^{(\nu)}": LONG, r"x^{(\nu-1)}_0": LONG[0::2], r"x^{(\nu-1)}_1": LONG[1::2], r"w_{2^\nu}": root(8), r"w_{2^{\nu-1}}": root(4)}, {}, ROOT),
    10: ({"X": BIG, r"\nu": NU, r"X^{(\nu-1)}": np.array([np.fft.fft(LONG[0::2]), np.fft.fft(LONG[1::2])]), r"w_{2^\nu}": root(8), "k": each(0, 1, 3)}, {}, ROOT + ", and some k"),
    11: ({"i": 2, "X^{(i)}_b": np.fft.fft(LONG[0::2]), "X^{(i-1)}_{0b}": np.fft.fft(LONG[0::4]), "X^{(i-1)}_{1b}": np.fft.fft(LONG[2::4]), "w_{2^i}": root(4), "k": each(0, 1)}, {}, ROOT + ", and some k"),
    12: (BOUND[12][0] | {"w_2": -1.0}, {}, ROOT),
    13: ({"x": X, "X": SPECTRUM, "M": M, "w_M": root(M)}, {}, ROOT),
    14: ({"y^{(i-1)}_b": Y00, "y^{(i)}_{0b}": Y00[:2] + Y00[2:], "z^{(i-1)}_b": Z00, "y^{(i)}_{1b}": Z00[:2] + Z00[2:], r"\nu": 3, "i": 2,
          "z^{(i)}_{0b}": (Y00[:2] + Y00[2:]) * [1, -1], "z^{(i)}_{1b}": (Z00[:2] + Z00[2:]) * [1, -1], r"w_{2^{\nu-i}}": -1.0, "n": each(0, 1)}, {}, ROOT + ", and some n"),
    15: ({"y^{(i)}_b": Y00, "Y^{(i)}_b": np.fft.fft(Y00), r"\nu": 3, "i": 1, r"w_{2^{\nu-i}}": root(4)}, {}, ROOT),
    16: (BOUND[16][0] | {r"w_{2^\nu}": root(8), r"w_{2^{\nu-1}}": root(4), "k": each(0, 1, 3)}, {}, ROOT + ", and some k"),
}
del CHANGED[16][0]["w"], CHANGED[12][0]["w"]
CHANGED |= {
    17: (J | {"H": lambda z: (2 + (z + 1 / z) / 2) * z**-2}, {}, "a magnitude that is not 1"),
    18: (J | {r"\hat\omega_{\text{LP}}": CUT, r"H_{\text{LP}}": LOWPASS, r"\hat\omega": each(0.9, 2.1)}, {}, "several frequencies"),
    19: ({r"\alpha": 1.6, r"\hat\omega_{\text{LP}}": CUT, r"h_{\text{LP}}": np.array([CUT / np.pi * np.sinc(CUT * (n - 1.6) / np.pi) for n in range(5)])}, {}, "n is left out"),
    20: (BOUND[20][0] | {"x": X, "n": 2}, {}, "one n, and nothing beyond the ends"),
    29: ({"e": PHASES, "h": SEVEN, "M": 3, "n": each(0, 1, 3), "k": each(0, 1, 2)}, {}, "some n and k"),
}
