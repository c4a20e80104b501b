"dafriedman97/mlbook, content/c7/concept.md: bindings written from the text alone."

import numpy as np

from mlbook.eqval import given

RNG = np.random.default_rng(0)
AT = {"first": 1}


def sigma(x):
    return 1 / (1 + np.exp(-np.asarray(x)))


def relu(x):
    return np.maximum(x, 0)


DA, DB, DC = 3, 4, 2
W, C, ZA = RNG.normal(size=(DB, DA)), RNG.normal(size=DB), RNG.normal(size=DA)
W2, C2 = RNG.normal(size=(DC, DB)), RNG.normal(size=DC)
HB = W @ ZA + C
ZB = np.tanh(HB)
LAYERS = {"a": 1, "b": 2, "c": 3}
H, Z = r"\mathbf{h}", r"\mathbf{z}"
# a network with three layers of weights, L = 3: x in R^3, 4 and 5 hidden neurons, 2 outputs
L = 3
SIZES = [3, 4, 5, 2]
WS = [None] + [RNG.normal(size=(SIZES[i + 1], SIZES[i])) for i in range(3)]
CS = [None] + [RNG.normal(size=SIZES[i + 1]) for i in range(3)]
X0 = RNG.normal(size=3)
YT = np.array([0.0, 1.0])


def loss(y):
    return -np.sum(YT * np.log(y) + (1 - YT) * np.log(1 - y))


HS, ZS = [None], [X0]
for i in (1, 2, 3):
    HS.append(WS[i] @ ZS[-1] + CS[i]); ZS.append(sigma(HS[-1]))
YH = ZS[3]
NET = {"L": L, r"\mathcal{L}": loss, r"\hat{\mathbf{y}}": given(sigma, H + "^{(3)}"), r"\mathbf{W}": WS, r"\mathbf{c}": CS,
       H: {3: given(lambda w, c, z: w @ z + c, r"\mathbf{W}^{(3)}", r"\mathbf{c}^{(3)}", Z + "^{(2)}"),
           2: given(lambda w, c, z: w @ z + c, r"\mathbf{W}^{(2)}", r"\mathbf{c}^{(2)}", Z + "^{(1)}")},
       Z: {2: given(sigma, H + "^{(2)}"), 1: ZS[1]}}
YV, YP = RNG.uniform(0.1, 0.9, size=3), RNG.uniform(0.2, 0.8, size=3)
LV, HL = 2, np.array([0.4, -1.3, 0.9, -0.2])
ELL = {r"\ell": 2, r"D_{\ell}": 4, r"\sigma": sigma}
RELU = {r"\text{ReLU}": relu}

SKIPPED = {14: "what a derivative means: a matrix with dots", 18: "a list"}
BOUND = {
    1: ({"h": {"b": HB}, r"\mathbf{w}": W, Z: {"a": ZA}, "c": C, "z": {"b": ZB}, "f": np.tanh}, AT),
    2: ({H: {"b": HB}, r"\mathbf{W}": W, Z: {"a": ZA, "b": ZB}, r"\mathbf{c}": C, "f": np.tanh}, AT),
    3: ({Z: {"a": ZA, "b": ZB, "c": relu(W2 @ ZB + C2)}, "f": {"b": np.tanh, "c": relu}, r"\mathbf{W}": {"b": W, "c": W2}, r"\mathbf{c}": {"b": C, "c": C2}}, AT),
    4: ({"y": np.array([1.3, 0.4, 2.2]), "x": np.array([1.0, -0.5, 2.0]), r"\epsilon": np.array([0.3, -0.1, 0.2])}, AT),
    5: ({"f": relu, "x": np.array([-1.3, 0.4])}, AT),
    6: ({r"\mathbf{W}": [None, np.array([[1.0], [-1.0]]), np.array([[1.0, 1.0]])], r"\mathbf{c}": [None, np.zeros(2), 0.0]}, AT),
    7: (RELU | {Z: [None, relu(np.array([-1.3, 1.3]))], "x": -1.3, "y": 1.3}, AT),
    8: (RELU | {Z: [None, np.array([1.3, 0.0])], "c": 1.3, "y": 1.3}, AT),
    9: (RELU | {"x": 0.7}, AT),
    10: ({r"\sigma": lambda x: 0.5 + 0.5 * np.tanh(x / 2), "x": 0.7}, AT),
    11: ({r"\sigma": sigma, "x": 0.7}, AT),
    12: ({"f": lambda x: x, "x": 0.7}, AT),
    13: ({"f": lambda x: x, "x": 0.7}, AT),
    15: (NET, AT),
    16: (NET, AT),
    17: ({}, AT),
    19: ({r"\mathcal{L}_{RSS}": lambda y: (YV - y) ** 2, r"\mathbf{y}": YV, r"\hat{\mathbf{y}}": YP}, AT),
    20: ({r"\mathcal{L}_{RSS}": lambda y: np.sum((YV - y) ** 2), r"\mathbf{y}": YV, r"\hat{\mathbf{y}}": YP, "D_y": 3}, AT),
    21: ({r"\mathcal{L}_{Log}": lambda y: -YV * np.log(y) - (1 - YV) * np.log(1 - y), r"\mathbf{y}": YV, r"\hat{\mathbf{y}}": YP}, AT),
    22: ({r"\mathcal{L}_{Log}": lambda y: np.sum(-YV * np.log(y) - (1 - YV) * np.log(1 - y)), r"\mathbf{y}": YV, r"\hat{\mathbf{y}}": YP, "D_y": 3}, AT),
    23: ({"i": 1, "j": 2, r"\ell": 2, "h": {2: HL}, "z": {2: given(relu, "h^{(2)}")}}, AT),
    24: (ELL | {"h": {2: HL}, "z": {2: given(relu, "h^{(2)}")}}, AT),
    25: (ELL | {H: {2: HL}, Z: {2: given(relu, H + "^{(2)}")}}, AT),
    26: (ELL | {"h": {2: HL}, "z": {2: given(sigma, "h^{(2)}")}}, AT),
    28: (ELL | {"h": {2: HL}, "z": {2: given(lambda h: h, "h^{(2)}")}}, AT),
    29: (ELL | {H: {2: HL}, Z: {2: given(lambda h: h, H + "^{(2)}")}}, AT),
    30: ({r"\ell": 2, H: HS, r"\mathbf{W}": WS, Z: ZS, r"\mathbf{c}": CS}, AT),
    31: ({r"\ell": 2, r"D_\ell": 5, H: {2: given(lambda c: WS[2] @ ZS[1] + c, r"\mathbf{c}^{(2)}")}, r"\mathbf{c}": CS}, AT),
    33: (NET, AT),
    34: ({r"\ell": 2, H: {2: given(lambda z: WS[2] @ z + CS[2], Z + "^{(1)}")}, Z: ZS, r"\mathbf{W}": WS}, AT),
}
YH2 = sigma(HS[3])
TENSOR = np.einsum("ij,k->ijk", np.eye(2), ZS[2])
TWO = {r"\mathcal{L}": loss, r"\hat{\mathbf{y}}": given(sigma, H + "^{(2)}"), r"\mathbf{W}": [None, None, WS[3]], r"\mathbf{c}": [None, None, CS[3]],
       H: {2: given(lambda w, c: w @ ZS[2] + c, r"\mathbf{W}^{(2)}", r"\mathbf{c}^{(2)}")}, Z: {1: ZS[2]}, r"\mathbf{y}": YT, r"\sigma": sigma, r"\mathbf{T}": TENSOR,
       "y": YT, r"\hat{y}": YH2, "h": {2: HS[3]}, "n_2": 2, "n_1": 5}
BOUND[35] = (TWO, AT)
BOUND[36] = (TWO, AT)
SKIPPED[27] = "not read: a parenthesis is missing"
SKIPPED[32] = "not read: a parenthesis is missing"
SKIPPED[17] = "the gradient of h without a definition"
BOUND.pop(17)


def shifted(b):
    "None in front of a list is not allowed: dictionaries by label."
    return {k: {i: w for i, w in enumerate(v) if w is not None} if isinstance(v, list) else v for k, v in b.items()}


LAB = {"a": 1, "b": 2}
DICT = "dictionaries by number instead of lists that begin with None"
CHANGED = {
    1: ({"b": 2, "a": 1, "h": {2: HB}, r"\mathbf{w}": W, Z: {1: ZA}, "c": C, "z": {2: ZB}, "f": np.tanh}, AT, "layers by number"),
    2: ({"a": 1, "b": 2, H: {2: HB}, r"\mathbf{W}": W, Z: {1: ZA, 2: ZB}, r"\mathbf{c}": C, "f": np.tanh}, AT, "layers by number"),
    3: ({"a": 1, "b": 2, "c": 3, Z: {1: ZA, 2: ZB, 3: relu(W2 @ ZB + C2)}, "f": {2: np.tanh, 3: relu}, r"\mathbf{W}": {2: W, 3: W2}, r"\mathbf{c}": {2: C, 3: C2}}, AT, "layers by number"),
    21: ({r"\mathcal{L}_{Log}": lambda y: -YV[0] * np.log(y) - (1 - YV[0]) * np.log(1 - y), r"\mathbf{y}": YV[0], r"\hat{\mathbf{y}}": YP[0]}, AT, "one output only"),
    20: ({r"\mathcal{L}_{RSS}": lambda y: (YV[0] - y) ** 2, r"\mathbf{y}": YV[0], r"\hat{\mathbf{y}}": YP[0], "D_y": 1}, AT, "one output only"),
    22: ({r"\mathcal{L}_{Log}": lambda y: -YV[0] * np.log(y) - (1 - YV[0]) * np.log(1 - y), r"\mathbf{y}": YV[0], r"\hat{\mathbf{y}}": YP[0], "D_y": 1}, AT, "one output only"),
    9: (RELU | {"x": np.array([0.7, -0.4])}, AT, "x of both signs"),
    29: (BOUND[29][0] | {"I": np.eye(4), r"I_{D_{\ell}}": np.eye(4)}, AT, "the identity is bound"),
} | {i: (shifted(BOUND[i][0]), AT, DICT) for i in (6, 7, 8, 15, 16, 30, 31, 33, 34, 35, 36)}
from mlbook.eqval import each

CHANGED[1] = ({"b": 2, "a": 1, "h": HB, "h^{(b)}": HB, r"\mathbf{w}": W, Z: {1: ZA}, "c": C, "z": {2: ZB}, "f": np.tanh}, AT, "h with and without its layer")
CHANGED[3] = ({"a": 1, "b": 2, "c": 3, Z: {1: ZA, 2: ZB, 3: sigma(W2 @ ZB + C2)}, "f": {2: np.tanh, 3: sigma}, r"\mathbf{W}": {2: W, 3: W2}, r"\mathbf{c}": {2: C, 3: C2}}, AT, "layers by number")
CHANGED[9] = (RELU | {"x": each(0.7, -0.4)}, AT, "x of both signs")
CHANGED[7] = (RELU | {Z: {1: given(lambda x: relu(np.array([x, -x])), "x")}, "x": each(-1.3, 0.7), "y": given(abs, "x")}, AT, "each x, dictionaries by number")
CHANGED[29] = (BOUND[29][0] | {r"I_{D_{\ell}}": np.eye(4)}, AT, "the identity is bound")
CHANGED[31] = (shifted(BOUND[31][0]) | {r"I_{D_\ell}": np.eye(5)}, AT, DICT + ", and the identity")
CHANGED[23] = ({"i": 1, "j": each(2, 3, 4), r"\ell": 2, "h": {2: HL}, "z": {2: given(relu, "h^{(2)}")}}, AT, "several j")
CHANGED[20] = (BOUND[20][0], AT | {"layout": "denominator"}, "the other layout")
CHANGED[22] = (BOUND[22][0], AT | {"layout": "denominator"}, "the other layout")
for _i in (27, 32):
    SKIPPED.pop(_i)
BOUND[27] = (ELL | {H: {2: HL}, Z: {2: given(sigma, H + "^{(2)}")}}, AT)
BOUND[32] = (TWO, AT)
