"ermongroup/cs228-notes, learning/latent/index.md: bindings written from the text alone; displays as counted by the checker."

import numpy as np

from mlbook.eqval import given, outcomes

RNG = np.random.default_rng(0)
K, ND, DIM = 3, 5, 2
PI = np.array([0.2, 0.5, 0.3])
MUS = RNG.normal(size=(K, DIM))
ROOTS = RNG.normal(size=(K, DIM, DIM))
SIG = np.array([a @ a.T + 0.4 * np.eye(DIM) for a in ROOTS])
DATA = RNG.normal(size=(ND, DIM))


def normal(x, m, S):
    d = np.asarray(x) - m
    return np.exp(-d @ np.linalg.solve(S, d) / 2) / np.sqrt((2 * np.pi) ** len(d) * np.linalg.det(S))


# discrete: x in 4 values, z in 3
JOINT = RNG.dirichlet(np.ones(12)).reshape(4, 3)
P_X, P_Z = JOINT.sum(1), JOINT.sum(0)


def marginal(x):
    return sum(PI[k] * normal(x, MUS[k], SIG[k]) for k in range(K))


def resp(x):
    return np.array([PI[k] * normal(x, MUS[k], SIG[k]) for k in range(K)]) / marginal(x)


W = np.array([resp(x) for x in DATA])
Q = np.array([0.1, 0.6, 0.3])
KLQ = np.sum(Q * np.log(Q / (JOINT[1] / P_X[1])))
ELBO = np.sum(Q * (np.log(JOINT[1]) - np.log(Q)))
MUQ = np.array([W[:, k] @ DATA / W[:, k].sum() for k in range(K)])
SQ = np.array([(W[:, k, None] * (DATA - MUQ[k])).T @ (DATA - MUQ[k]) / W[:, k].sum() for k in range(K)])
AT = {"first": 1}
REAL = [3, 7, 10, 12, 13, 14, 15, 16, 18, 19, 21, 25, 27, 28, 29, 30, 32, 34, 37]
SKIPPED = {3: "an expression", 15: "an expression", 16: "an argmax", 19: "an argmax", 37: "an argmax"} | {i: "inline" for i in range(1, 38) if i not in REAL}
GMM = {"K": K, r"\pi": PI, r"\mu": MUS, r"\Sigma": SIG, r"\mathcal{N}": normal}
POSTERIOR = {"D": range(1, ND + 1), "k": 2, r"\theta_t": 0, r"\theta": 0}


def dens(*a):
    return marginal(a[0])


XS = np.array([1, 3, 0, 1, 2])
BOUND = {
    7: ({"x": 2, "z": 1, "p(x, z)": JOINT[2, 1], "p(x|z)": JOINT[2, 1] / P_Z[1], "p(z)": P_Z[1]}, {}),
    10: (GMM | {"x": DATA[0], "k": 2, "z": 2, "p(x|z=k)": normal(DATA[0], MUS[1], SIG[1])}, AT),
    12: (GMM | {"x": DATA[0], "p": lambda x: marginal(x), "p(x|z=k)": None}, AT),
    13: ({"D": range(4), "z": range(3), "p(D)": np.prod(P_X), "p(x)": lambda x: P_X[int(x)], "p": lambda x, z=None: P_X[int(x)] if z is None else JOINT[int(x), int(z)] / P_Z[int(z)], "p(z)": lambda z: P_Z[int(z)]}, {}),
    14: ({"x": 2, "z": range(3), "p(x)": P_X[2], "p(x|z)": lambda x, z: JOINT[int(x), int(z)] / P_Z[int(z)], "p(z)": lambda z: P_Z[int(z)]}, {}),
    18: ({"x": 2, "z": np.arange(3), "K": 3, r"\theta": np.array([0.0]), "p": None}, AT),
    21: ({"D": range(ND), "k": 1}, {}),
    25: ({"D": range(ND), "k": 1}, {}),
    27: ({"D": range(ND), "k": 1}, {}),
    28: ({"D": range(ND), "k": 1}, {}),
    29: ({"D": range(ND), "k": 1, r"\pi": PI}, {}),
    30: ({"x": 1, r"\theta": 0, r"\mathcal{L}": lambda p, q: ELBO, "p": lambda x, z, t: JOINT[int(x), int(z)], "q": lambda z: Q[int(z)], "z": outcomes(np.arange(3), Q)}, {}),
    32: ({"x": 1, r"\theta": 0, "p": lambda *a: P_X[1] if len(a) == 2 else JOINT[1, int(a[0])] / P_X[1], "q": lambda z: Q[int(z)], "z": np.arange(3), "KL": lambda a, b: KLQ, r"\mathcal{L}": lambda p, q: ELBO}, {}),
    34: ({"x": 1, r"\theta_t": 0, "p": None}, {}),
}
COND = JOINT / P_Z


def p3(*a):
    "p of (x; t), (z, x; t), (x | z; t), (z | x; t) needs the letters; one letter for four densities."
    raise ValueError


BOUND[12] = (GMM | {"x": DATA[0], "p": lambda *a: marginal(a[0]) if len(a) == 1 else normal(a[0], MUS[int(a[1]) - 1], SIG[int(a[1]) - 1]), "p(z=k)": given(lambda k: PI[int(k) - 1], "k"),
                    "p(x|z=k)": given(lambda k: normal(DATA[0], MUS[int(k) - 1], SIG[int(k) - 1]), "k")}, AT)
T = r"\theta_t"
BOUND[18] = ({"x": 2, "z": np.array([0, 1, 2]), "K": 3, T: 0, r"p(z \mid x; \theta_t)": JOINT[2] / P_X[2], r"p(z, x; \theta_t)": JOINT[2], r"p(x; \theta_t)": P_X[2],
              r"p(x | z; \theta_t)": COND[2], r"p(z; \theta_t)": P_Z, r"p(x | z_k; \theta_t)": given(lambda k: COND[2][int(k) - 1], "k"), r"p(z_k; \theta_t)": given(lambda k: P_Z[int(k) - 1], "k")}, AT)
WK = {"p": lambda z, x, t: W[int(x), int(z)], T: 0, r"\theta": 0, "k": 1, "z": np.arange(3), "D": range(ND), "x": np.arange(ND)}
BOUND[21] = (WK | {"p": lambda a, b, t: W[int(b), int(a)] if t == 0 else normal(DATA[int(a)], MUS[int(b)], SIG[int(b)]), r"\theta": 1, "c": W.sum(0), "x": outcomes(np.arange(ND), W[:, 1] / W[:, 1].sum()), "Q": {}}, {})
BOUND[25] = ({"p": lambda z, x, t: W[int(x), int(z)], T: 0, "k": 1, "z": np.arange(3), "D": range(ND), "x": 3, "Q": lambda k, x: 0, "Q_k": lambda x: W[int(x), 1] / W[:, 1].sum()}, {})
ROWSET = [tuple(r) for r in DATA]
BYX = {tuple(r): W[i] for i, r in enumerate(DATA)}
VEC = {"p": lambda z, x, t: BYX[tuple(np.ravel(x))][int(z)], T: 0, "k": 1, "z": np.arange(3), "D": list(DATA), r"\mu": MUQ, r"\Sigma": SQ, r"\mu_{Q_k}": MUQ[1], r"\Sigma_{Q_k}": SQ[1]}
BOUND[27] = (VEC, {})
BOUND[28] = (VEC, {})
BOUND[29] = (VEC | {r"\pi": W.mean(0)}, {})
P34 = {"x": 1, T: 0, "z": outcomes(np.arange(3), JOINT[1] / P_X[1]), r"p(x; \theta_t)": P_X[1], r"p(x,z; \theta_t)": given(lambda z: JOINT[1, int(z)], "z"), r"p(z|x; \theta_t)": given(lambda z: JOINT[1, int(z)] / P_X[1], "z")}
BOUND[34] = (P34, {})
CHANGED = {}


def multi(*a):
    "p(x), p(x | z), p(z): told apart by how many arguments; p(z) by a value above 10."
    if len(a) == 2:
        return COND[int(a[0]), int(a[1]) - 10]
    return P_Z[int(a[0]) - 10] if a[0] >= 10 else P_X[int(a[0])]


CHANGED = {
    12: (GMM | {"x": DATA[0], "p(x)": marginal(DATA[0]), "p(x|z=k)": np.array([normal(DATA[0], MUS[k], SIG[k]) for k in range(K)]), "p(z=k)": PI}, AT, "arrays over k"),
    13: ({"D": [0, 1, 2, 3], "z": range(10, 13), "p(D)": np.prod(P_X), "p": multi}, {}, "the set as a list, parameters not called x"),
    14: ({"x": 2, "z": range(3), "p(x)": P_X, "p(x|z)": COND, "p(z)": P_Z}, {}, "arrays over x and z"),
    18: ({"x": 2, "z": 1, "K": 3, T: 0, r"p(z \mid x; \theta_t)": JOINT[2, 1] / P_X[2], r"p(z, x; \theta_t)": JOINT[2, 1], r"p(x; \theta_t)": P_X[2], r"p(x | z; \theta_t)": COND[2, 1],
          r"p(z; \theta_t)": P_Z[1], r"p(x | z_k; \theta_t)": COND[2], r"p(z_k; \theta_t)": P_Z}, AT, "numbers for one z, arrays over k"),
    21: ({"D": list(range(ND)), "k": 1, r"p(z_k|x; \theta_t)": W[:, 1]}, {}, "the set as a list"),
    25: ({"D": list(range(ND)), "k": 1, "x": 3, T: 0, "z": np.arange(3), "p": lambda a, b, c: W[int(b), int(a)], "Q_k": lambda a: W[int(a), 1] / W[:, 1].sum()}, {}, "the set as a list, other parameters"),
    27: (VEC | {"D": DATA, "p": lambda a, b, c: BYX[tuple(np.ravel(b))][int(a)]}, {}, "the set as an array, other parameters"),
    28: (VEC | {"D": DATA, "p": lambda a, b, c: BYX[tuple(np.ravel(b))][int(a)]}, {}, "the set as an array, other parameters"),
    29: (VEC | {"D": DATA, r"\pi": W.mean(0), "p": lambda a, b, c: BYX[tuple(np.ravel(b))][int(a)]}, {}, "the set as an array, other parameters"),
    30: ({"x": 1, r"\theta": 0, r"\mathcal{L}(p,q)": ELBO, "p": lambda a, b, c: JOINT[int(a), int(b)], "q": lambda a: Q[int(a)], "z": outcomes(np.arange(3), Q)}, {}, "L(p, q) as one symbol, other parameters"),
    32: ({"x": 1, r"p(x; \theta)": P_X[1], r"KL(q(z) \| p(z|x; \theta))": KLQ, r"\mathcal{L}(p,q)": ELBO}, {}, "whole terms as symbols"),
    34: ({"x": 1, T: 0, "z": outcomes(np.arange(3), JOINT[1] / P_X[1]), r"p(x; \theta_t)": P_X[1], "p": lambda *a: JOINT[int(a[0]), int(a[1])]}, {}, "p as a function"),
}
