"natolambert/rlhf-book, chapter 8: bindings written from the text alone: two prompts, three completions."

import numpy as np

from mlbook.eqval import given, outcomes

RNG = np.random.default_rng(0)
NX, NY = 2, 3
PX = np.array([0.3, 0.7])
REF = np.array([[0.2, 0.5, 0.3], [0.6, 0.15, 0.25]])
R = RNG.normal(size=(NX, NY))
BETA = 0.7
Z = (REF * np.exp(R / BETA)).sum(1)
STAR = REF * np.exp(R / BETA) / Z[:, None]
ANY = np.array([[0.45, 0.35, 0.2], [0.1, 0.55, 0.35]])
THETA = np.array([0.4, -0.7])
FEAT = RNG.normal(size=(NX, NY, 2))


def sigma(x):
    return 1 / (1 + np.exp(-np.asarray(x)))


def policy(theta):
    w = np.exp(FEAT @ np.asarray(theta))
    w = w / w.sum(-1, keepdims=True)
    return lambda y, x: w[int(x), int(y)]


def of(table):
    return lambda y, x: table[int(x), int(y)]


POINT = {"x": 1, "y": 2, r"\beta": BETA, r"\pi": of(ANY), r"\pi_{\text{ref}}": of(REF), "r": lambda x, y: R[int(x), int(y)], "Z": lambda x: Z[int(x)]}
OPT = POINT | {r"\pi^*": of(STAR), "r^*": lambda x, y: R[int(x), int(y)], r"\pi_r": of(STAR)}
TRIPLES = [(x, c, r) for x in range(NX) for c in range(NY) for r in range(NY) if c != r]
PROB = RNG.dirichlet(np.ones(len(TRIPLES)))


def u(theta, x, c, r):
    p = policy(theta)
    return BETA * np.log(p(c, x) / REF[x, c]) - BETA * np.log(p(r, x) / REF[x, r])


def dpo(theta):
    return -sum(q * np.log(sigma(u(theta, *t))) for q, t in zip(PROB, TRIPLES))


DPO = {"x": outcomes([t[0] for t in TRIPLES], PROB), "y_c": outcomes([t[1] for t in TRIPLES], PROB), "y_r": outcomes([t[2] for t in TRIPLES], PROB),
       r"\mathcal{D}": 0, r"\beta": BETA, r"\sigma": sigma, r"\pi_{\theta}": given(policy, r"\theta"), r"\theta": THETA, r"\pi_{\text{ref}}": of(REF),
       r"\mathcal{L}_{\text{DPO}}": given(lambda th: lambda a, b: dpo(th), r"\theta"), r"\pi": given(policy, r"\theta")}
SKIPPED = {1: "an objective, nothing to compare", 5: "an objective", 6: "an objective", 7: "not read", 8: "not read", 9: "not read", 11: "an objective",
           12: "an expression", 16: "an objective", 17: "an objective", 31: "an expression", 13: "not read", 14: "not read", 15: "not read"}
BOUND = {
    2: (DPO, {}),
    3: (OPT | {"r": lambda x, y: BETA * np.log(STAR[int(x), int(y)] / REF[int(x), int(y)])}, {}),
    4: (DPO | {"w": outcomes([sigma(-u(THETA, *t)) for t in TRIPLES], PROB)}, {}),
    10: (POINT | {"y": range(NY)}, {}),
    18: (OPT | {r"\pi": of(STAR)}, {}),
    20: (OPT, {}), 21: (OPT, {}), 22: (OPT, {}), 23: (OPT, {}),
    29: (DPO, {}),
    30: (DPO | {"u": given(lambda th: outcomes([u(th, *t) for t in TRIPLES], PROB), r"\theta")}, {}),
}
PREF = OPT | {r"\sigma": sigma, "y": [0, 2, 1], "p^*": lambda a, b, x: np.exp(R[int(x), int(a)]) / (np.exp(R[int(x), int(a)]) + np.exp(R[int(x), int(b)]))}
NOTREAD = {19: r"\succ", 24: r"\succ", 25: r"\succ", 26: r"\succ", 27: r"\succ", 28: r"\succ"}
BOUND |= {i: (PREF, {}) for i in (19, 24, 25, 26, 27)}
BOUND[28] = (DPO, {})
CHANGED = {}
from mlbook.eqval import each

EACH = {"x": each(0, 1), "y": each(0, 1, 2)}


def ofr(table):
    return lambda a, b: table[int(b), int(a)]


CHANGED = {i: (OPT | EACH | ({r"\pi": of(STAR)} if i == 18 else {}), {}, "each x and y") for i in (18, 20, 21, 22, 23)}
CHANGED[10] = ({"x": each(0, 1), "y": range(NY), r"\beta": BETA, r"\pi_{\text{ref}}": ofr(REF), "r": lambda a, b: R[int(a), int(b)], "Z": lambda a: Z[int(a)]}, {},
               "parameters of functions that are not called x and y")
CHANGED[2] = (DPO | {r"\pi_{\theta}": policy(THETA), r"\mathcal{L}_{\text{DPO}}": lambda a, b: dpo(THETA)}, {}, "a function of two functions")
CHANGED[2] = ({k: v for k, v in DPO.items() if k not in (r"\pi", r"\theta", r"\mathcal{L}_{\text{DPO}}")} | {r"\pi_{\theta}": lambda s, t: policy(THETA)(s, t), r"\pi_{\text{ref}}": ofr(REF),
               r"\mathcal{L}_{\text{DPO}}(\pi_{\theta}; \pi_{\text{ref}})": dpo(THETA)}, {}, "the loss as one symbol")
for _i in (13, 14, 15):
    SKIPPED.pop(_i)
BOUND |= {i: (OPT, {}) for i in (13, 14, 15)}
