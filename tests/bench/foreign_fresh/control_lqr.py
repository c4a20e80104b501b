"calcmogul/controls-engineering-in-frc, LQR derivation and implicit model following: bindings written from the text alone."

import numpy as np

RNG = np.random.default_rng(0)
b = lambda letter: rf"\mathbf{{{letter}}}"  # noqa: E731
N, M, P = 4, 2, 3
A, B, C = RNG.normal(size=(N, N)), RNG.normal(size=(N, M)), RNG.normal(size=(P, N))
REF = RNG.normal(size=(P, P))
ROOT = RNG.normal(size=(N + M, N + M))
WEIGHT = ROOT @ ROOT.T + np.eye(N + M)
Q, CROSS, R = WEIGHT[:N, :N], WEIGHT[:N, N:], WEIGHT[N:, N:]
QY = RNG.normal(size=(P, P))
QY = QY @ QY.T + np.eye(P)


def riccati(a, b, q, r):
    "The stabilizing solution of the algebraic Riccati equation, from the stable half of the Hamiltonian."
    h = np.block([[a, -b @ np.linalg.solve(r, b.T)], [-q, -a.T]])
    values, vectors = np.linalg.eig(h)
    stable = vectors[:, values.real < 0]
    n = len(a)
    return np.real(stable[n:] @ np.linalg.inv(stable[:n]))


RI = np.linalg.inv(R)
S = riccati(A - B @ RI @ CROSS.T, B, Q - CROSS @ RI @ CROSS.T, R)
S0 = riccati(A, B, Q, R)
X0, U0 = RNG.normal(size=N), RNG.normal(size=M)
x = lambda t: X0 * np.exp(-np.array([1.0, 1.5, 2.0, 0.7]) * t)  # noqa: E731
u = lambda t: U0 * np.exp(-np.array([0.6, 1.1]) * t)  # noqa: E731
T = np.linspace(0, 40, 200001)
XS, US = X0 * np.exp(-np.outer(T, [1.0, 1.5, 2.0, 0.7])), U0 * np.exp(-np.outer(T, [0.6, 1.1]))


def cost(q, n, r, first=XS):
    "The integral of the quadratic form, by trapezoids."
    form = np.einsum("ti,ij,tj->t", first, q, first) + 2 * np.einsum("ti,ij,tj->t", first, n, US) + np.einsum("ti,ij,tj->t", US, r, US)
    return np.trapezoid(form, T)


NEAR = {"tolerance": 1e-5}
LQR = {b("A"): A, b("B"): B, b("Q"): Q, b("N"): CROSS, b("R"): R, b("S"): S, b("K"): np.linalg.solve(R, B.T @ S + CROSS.T)}
PLAIN = LQR | {b("S"): S0, b("K"): np.linalg.solve(R, B.T @ S0)}
OVER = LQR | {b("x"): x, b("u"): u, "J": cost(Q, CROSS, R)}
STATE = {b("A"): A, b("B"): B, b("C"): C, b("x"): X0, b("u"): U0, r"\dot{\mathbf{x}}": A @ X0 + B @ U0}
GAP = C @ A - REF @ C
IMF = {b("A"): A, b("B"): B, b("C"): C, b("Q"): QY, b("R"): R, r"\mathbf{A}_{ref}": REF, b("x"): x, b("u"): u,
       "J": cost(GAP.T @ QY @ GAP, GAP.T @ QY @ C @ B, (C @ B).T @ QY @ C @ B + R)}
DOTS = IMF | {r"\dot{\mathbf{y}}": lambda t: C @ A @ x(t) + C @ B @ u(t), r"\dot{\mathbf{z}}": lambda t: REF @ C @ x(t)}
SMALL = A + RNG.normal(size=(N, N))
QX = Q
ONE = IMF | {r"\mathbf{A}_{ref}": SMALL, b("Q"): QX, "J": cost((A - SMALL).T @ QX @ (A - SMALL), (A - SMALL).T @ QX @ B, B.T @ QX @ B + R)}
SKIPPED = {7: "not read", 8: "not read", 25: "a minimization subject to a constraint"}
BOUND = {
    1: (STATE, {}),
    2: (OVER, NEAR),
    3: (OVER, NEAR),
    4: ({b("K"): LQR[b("K")], b("x"): X0, b("u"): -LQR[b("K")] @ X0}, {}),
    5: (LQR, {}),
    6: (LQR, {"tolerance": 1e-8}),
    9: (OVER | {"J": cost(Q, 0 * CROSS, R)}, NEAR),
    10: ({b("K"): PLAIN[b("K")], b("x"): X0, b("u"): -PLAIN[b("K")] @ X0}, {}),
    11: (PLAIN, {}),
    12: (PLAIN, {"tolerance": 1e-8}),
    13: (STATE | {b("y"): C @ X0}, {}),
    14: ({r"\mathbf{A}_{ref}": REF, b("z"): C @ X0, r"\dot{\mathbf{z}}": REF @ C @ X0}, {}),
    15: (STATE | {r"\dot{\mathbf{y}}": C @ (A @ X0 + B @ U0)}, {}),
    16: (DOTS, NEAR),
    17: (STATE | {r"\mathbf{A}_{ref}": REF, b("y"): C @ X0, r"\dot{\mathbf{z}}": REF @ (C @ X0)}, {}),
    18: (STATE | {r"\mathbf{A}_{ref}": REF, r"\dot{\mathbf{y}}": C @ (A @ X0 + B @ U0), r"\dot{\mathbf{z}}": REF @ (C @ X0)}, {}),
    19: (DOTS, NEAR),
    20: (IMF, NEAR),
    21: (IMF, NEAR),
    22: (IMF, NEAR),
    23: (IMF, NEAR),
    24: (IMF, NEAR),
    26: (ONE, NEAR),
}
# Bindings that were changed after the first run: bindings, options, what was changed.
CHANGED = {place: (bindings | {"t": 0.3}, options, "t is bound, as the functions have this parameter") for place, (bindings, options) in BOUND.items()
           if place in (2, 3, 9, 16, 19, 20, 21, 22, 23, 24, 26)}
