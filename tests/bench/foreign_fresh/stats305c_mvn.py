"slinderman/stats305c, lectures/02_mvn.md: bindings written from the text alone."

from math import gamma, lgamma, pi

import numpy as np

from mlbook.eqval import given, outcomes

RNG = np.random.default_rng(0)
D, N, DA, DB = 3, 5, 2, 3


def spd(n):
    a = RNG.normal(size=(n, n))
    return a @ a.T + 0.3 * np.eye(n)


def normal(x, m, S):
    "A normal density, of numbers or vectors."
    x, m, S = (np.asarray(v, float) for v in (x, m, S))
    if x.ndim == 0:
        return np.exp(-0.5 * (x - m) ** 2 / S) / np.sqrt(2 * np.pi * S)
    m = np.broadcast_to(m, x.shape)
    return np.exp(-0.5 * (x - m) @ np.linalg.solve(S, x - m)) / np.sqrt((2 * np.pi) ** len(x) * np.linalg.det(S))


def bold(letter):
    return rf"\boldsymbol{{{letter}}}"


def root(a):
    w, v = np.linalg.eigh(a)
    return v @ np.diag(np.sqrt(w)) @ v.T


AT = {"first": 1}
Z, x, mu, S, L, I = bold("z"), bold("x"), bold(r"\mu"), bold(r"\Sigma"), bold(r"\Lambda"), bold("I")
zz = RNG.normal(size=D)
U = np.linalg.qr(RNG.normal(size=(D, D)))[0]
LAM = np.diag([0.4, 1.7, 2.9])
SIG = U @ LAM @ U.T
MU = RNG.normal(size=D)
XX = RNG.normal(size=D)
STD = {"D": D, "z": zz, Z: zz, r"\mathcal{N}": normal, bold("0"): np.zeros(D), I: np.eye(D), "p": lambda z: normal(z, np.zeros(D), np.eye(D))}
XFROM = U @ np.sqrt(LAM) @ zz
DENS = {"D": D, Z: zz, x: XFROM, bold("U"): U, L: LAM, S: SIG, r"\mathcal{N}": normal, mu: MU, "p": lambda v: normal(v, np.zeros(D), SIG)}
A = RNG.normal(size=(4, D))
CUBE = np.array(np.meshgrid(*[[-1, 1]] * D)).reshape(D, -1).T * 1.0  # mean 0, covariance I
MU4 = RNG.normal(size=4)
# blocks
JOINT = spd(DA + DB)
M = RNG.normal(size=DA + DB)
V = RNG.normal(size=DA + DB)
INV = np.linalg.inv(JOINT)
a, b = slice(0, DA), slice(DA, None)
COND = JOINT[a, a] - JOINT[a, b] @ np.linalg.inv(JOINT[b, b]) @ JOINT[b, a]
CMEAN = M[a] + JOINT[a, b] @ np.linalg.solve(JOINT[b, b], V[b] - M[b])
BLOCK = {x: V, mu: M, S: JOINT, L: INV, x + "_a": V[a], x + "_b": V[b], mu + "_a": M[a], mu + "_b": M[b],
         S + "_{aa}": JOINT[a, a], S + "_{ab}": JOINT[a, b], S + "_{ba}": JOINT[b, a], S + "_{bb}": JOINT[b, b],
         L + "_{aa}": INV[a, a], L + "_{ab}": INV[a, b], L + "_{ba}": INV[b, a], L + "_{bb}": INV[b, b],
         bold("J") + "_{a|b}": INV[a, a], bold("h") + "_{a|b}": INV[a, a] @ M[a] - INV[a, b] @ (V[b] - M[b]),
         S + "_{a|b}": COND, mu + "_{a|b}": CMEAN, r"\mathcal{N}": normal}


def cond(xa, xb=None):
    if xb is None:
        return normal(xa, M[a], JOINT[a, a])
    return normal(xa, M[a] + JOINT[a, b] @ np.linalg.solve(JOINT[b, b], xb - M[b]), COND)


# a linear Gaussian model
Q, R, C, dd, bb = spd(3), spd(2), RNG.normal(size=(2, 3)), RNG.normal(size=2), RNG.normal(size=3)
Q, R = np.diag([0.3, 1.2, 2.0]), np.diag([0.7, 1.9])
zx, zy = RNG.normal(size=3), RNG.normal(size=2)
xl = bb + np.sqrt(Q) @ zx
LIN = {bold("b"): bb, bold("Q"): Q, bold("C"): C, bold("d"): dd, bold("R"): R, Z + "_x": zx, Z + "_y": zy, x: xl,
       bold("y"): C @ xl + dd + np.sqrt(R) @ zy, bold("0"): np.zeros((3, 2))}
# estimation
DATA = RNG.normal(size=(N, D))
S0, SG, L0 = spd(D), spd(D), spd(D)
M0 = RNG.normal(size=D)
JN = np.linalg.inv(S0) + N * np.linalg.inv(SG)
HN = np.linalg.inv(S0) @ M0 + np.linalg.inv(SG) @ DATA.sum(0)
MEAN = DATA.mean(0)
MLE = {"N": N, "D": D, x: DATA, mu: MU, S: SG, r"\mathcal{N}": normal,
       r"\mathcal{L}": lambda m, s: sum(np.log(normal(v, m, s)) for v in DATA),
       mu + r"_{\mathsf{ML}}": MEAN, S + r"_{\mathsf{ML}}": np.cov(DATA.T, bias=True)}
POST = {"N": N, x: DATA, mu: MU, S: SG, S + "_0": S0, mu + "_0": M0, bold("J") + "_N": JN, bold("h") + "_N": HN,
        S + "_N": np.linalg.inv(JN), mu + "_N": np.linalg.solve(JN, HN), r"\bar{\boldsymbol{x}}": MEAN, r"\mathcal{N}": normal,
        bold("X"): 0, bold(r"\eta"): 0, "p": lambda m, X, e: normal(m, np.linalg.solve(JN, HN), np.linalg.inv(JN))}


def gammad(a, d=D):
    return pi ** (d * (d - 1) / 4) * np.prod([gamma(a + (1 - j) / 2) for j in range(1, d + 1)])


def wishart(l, nu, s):
    d = len(l)
    return np.linalg.det(l) ** ((nu - d - 1) / 2) * np.exp(-np.trace(np.linalg.solve(s, l)) / 2) / (
        2 ** (nu * d / 2) * np.linalg.det(s) ** (nu / 2) * gammad(nu / 2, d))


def iwishart(c, nu, s):
    d = len(c)
    return np.linalg.det(c) ** (-(nu + d + 1) / 2) * np.exp(-np.trace(s @ np.linalg.inv(c)) / 2) * np.linalg.det(s) ** (nu / 2) / (
        2 ** (nu * d / 2) * gammad(nu / 2, d))


NU = 6
SC = sum(np.outer(v - MU, v - MU) for v in DATA)
LN = np.linalg.inv(np.linalg.inv(L0) + SC)
LL = spd(D)
TR = {r"\textrm{Tr}": np.trace, r"\Gamma": gamma, r"\Gamma_D": gammad, r"\Gamma_{D}": gammad}
TR.pop(r"\Gamma_{D}")
WIS = TR | {"D": D, "N": N, x: DATA, mu: MU, L: LL, L + "_0": L0, r"\nu_0": NU, r"\nu_N": NU + N, L + "_N": LN, r"\mathrm{W}": wishart,
            r"\mathrm{IW}": iwishart, r"\mathcal{N}": normal, bold("X"): 0, bold(r"\eta"): 0, "p": lambda l, X, e: wishart(l, NU + N, LN)}
IWS = WIS | {S: SG, S + "_0": S0, S + "_N": S0 + SC, "p": lambda c, X, e: iwishart(c, NU + N, S0 + SC)}
KAP = 1.4
MN = (KAP * M0 + DATA.sum(0)) / (KAP + N)
NIW = IWS | {r"\kappa_0": KAP, r"\kappa_N": KAP + N, mu + "_0": M0, mu + "_N": MN, r"\bar{\boldsymbol{x}}": MEAN,
             S + "_N": S0 + KAP * np.outer(M0, M0) + DATA.T @ DATA - (KAP + N) * np.outer(MN, MN),
             r"\mathrm{NIW}": lambda m, c, m0, k0, n0, s0: normal(m, m0, c / k0) * iwishart(c, n0, s0)}

SKIPPED = {1: "a distribution", 9: "a distribution", 18: "distributions", 21: "a distribution", 24: "distributions", 28: "a distribution",
           32: "distributions", 36: "a change of variables", 39: "distributions", 12: "definitions", 31: "moments of a continuous distribution",
           38: "moments of a continuous distribution", 11: "a density with fewer arguments", 40: "a density with fewer arguments",
           43: "a density with fewer arguments", }
SKIPPED = {1: "a distribution", 9: "a distribution", 18: "distributions", 21: "a distribution", 24: "distributions", 28: "a distribution",
           32: "distributions", 36: "distributions", 39: "distributions", 31: "moments of a continuous distribution",
           38: "moments of a continuous distribution", 11: "a density with fewer arguments", 40: "a density with fewer arguments",
           43: "a density with fewer arguments"}
BOUND = {
    2: (STD, AT),
    3: ({x: XFROM, bold("U"): U, L: LAM, Z: zz}, AT),
    4: (DENS, AT),
    5: (DENS | {x: XX, "p": lambda v: normal(v, MU, SIG)}, AT),
    6: ({r"\Delta": np.sqrt((XX - MU) @ np.linalg.solve(SIG, XX - MU)), x: XX, mu: MU, S: SIG}, AT),
    7: ({x: A @ zz + MU4, bold("A"): A, Z: zz, mu: MU4}, AT),
    8: ({S: A @ A.T, x: outcomes(CUBE @ A.T + MU4), Z: outcomes(CUBE), mu: MU4, bold("A"): A}, AT),
    10: (BLOCK, AT),
    12: (BLOCK, AT),
    13: (BLOCK, AT),
    14: (BLOCK | {"p": lambda u, v: normal(np.concatenate([u, v]), M, JOINT)}, AT),
    15: (BLOCK | {"p": cond}, AT),
    16: (BLOCK, AT),
    17: (BLOCK, AT),
    19: (LIN, AT),
    20: (LIN, AT),
    22: (MLE, AT),
    23: (MLE, AT),
    25: (POST, AT),
    26: (POST, AT),
    27: (POST, AT),
    29: (WIS, AT),
    30: ({r"\Gamma_D": gammad, r"\Gamma": gamma, "D": D, "a": 2.7}, AT),
    33: (WIS, AT),
    34: (WIS, AT),
    35: (WIS, AT),
    37: (IWS, AT),
    41: (IWS, AT),
    42: (NIW, AT),
    44: (NIW, AT),
}
CHANGED = {}
CHANGED = {
    2: ({k: v for k, v in STD.items() if k != bold("0")}, AT, "the zero vector is not bound"),
    29: ({k: v for k, v in WIS.items() if k != r"\Gamma"}, AT, "Gamma is not bound"),
    37: ({k: v for k, v in IWS.items() if k != r"\Gamma"}, AT, "Gamma is not bound"),
    4: ({"D": D, Z: given(lambda v: np.linalg.inv(U @ np.sqrt(LAM)) @ v, x), x: XFROM, bold("U"): U, L: LAM, S: SIG, "p": lambda v: normal(v, np.zeros(D), SIG)}, AT, "z as a function of x, as the message says"),
}
