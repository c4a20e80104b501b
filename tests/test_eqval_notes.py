"""Equations of the five notes, just as they are printed: the right ones hold and the wrong ones fail."""

import numpy as np
import pytest
from mlbook.eqval import EquationError, beyond, check, each, given

import mlbook

RNG = np.random.default_rng(0)


def normal(*shape):
    return RNG.normal(size=shape)


def column_softmax(a):
    return mlbook.softmax(a)


# Note 001: N samples, one hidden layer of M sigmoids, K classes; J is a log-likelihood.

N, D, M, K = 4, 3, 5, 2
X, W, B, V, C = normal(N, D), normal(D, M), normal(M), normal(M, K), normal(K)
T = np.eye(K)[[0, 1, 1, 0]]
HIDDEN = {
    "x": X, "X": X, "W": W, "b": B, "V": V, "c": C, "t": T, "T": T, "N": N, "K": K,
    r"\alpha": given(lambda x, w, b: x @ w + b, "x", "W", "b"),
    "z": given(mlbook.sigmoid, r"\alpha"),
    "Z": given(mlbook.sigmoid, r"\alpha"),
    "a": given(lambda z, v, c: z @ v + c, "z", "V", "c"),
    "y": given(mlbook.softmax, "a"),
    "Y": given(mlbook.softmax, "a"),
    "J": given(lambda y: np.sum(T * np.log(y)), "y"),
}
ONE_BASED = {"first": 1}

# Its network of three layers of weights, with indices that are called m^{(l)}.

SIZES = [3, 4, 4, 2]
DEEP = {"x": X, "z^{(0)}": X, "t": T, "N": N, "K": K}
for layer in (1, 2, 3):
    DEEP[f"W^{{({layer})}}"] = normal(SIZES[layer - 1], SIZES[layer])
    DEEP[f"b^{{({layer})}}"] = normal(SIZES[layer])
    DEEP[f"M^{{({layer})}}"] = SIZES[layer]
    DEEP[f"a^{{({layer})}}"] = given(
        lambda z, w, b: z @ w + b, f"z^{{({layer - 1})}}", f"W^{{({layer})}}", f"b^{{({layer})}}"
    )
    DEEP[f"z^{{({layer})}}"] = given(mlbook.sigmoid, f"a^{{({layer})}}")
    DEEP[f"z^{{({layer})'}}"] = given(lambda z: z * (1 - z), f"z^{{({layer})}}")
DEEP |= {"y": given(mlbook.softmax, "a^{(3)}"), "J": given(lambda y: np.sum(T * np.log(y)), "y")}
DEEP |= {r"\delta^{(3)}": given(lambda y: T - y, "y")}
for layer in (2, 1):
    DEEP[rf"\delta^{{({layer})}}"] = given(
        lambda d, w, s: (d @ w.T) * s,
        rf"\delta^{{({layer + 1})}}", f"W^{{({layer + 1})}}", f"z^{{({layer})'}}",
    )

NOTE_001 = {
    "J": (True, r"J = \sum_{n=1}^N \sum_{k=1}^K t_{nk} \log y_{nk}", HIDDEN),
    "a_nk": (True, r"a_{nk} = V_{:k}^T z_n + c_k", HIDDEN),
    "chain rule, V_nk": (
        False,
        r"\frac{\partial J}{\partial V}_{nk} = \sum_{n=1}^N \sum_{k'=1}^K \frac{\partial J}{\partial y_{nk'}} "
        r"\frac{\partial y_{nk'}}{\partial a_{nk}} \frac{\partial a_{nk}}{\partial V_{mk}}",
        HIDDEN,
    ),
    "chain rule, V_mk": (
        True,
        r"\frac{\partial J}{\partial V}_{mk} = \sum_{n=1}^N \sum_{k'=1}^K \frac{\partial J}{\partial y_{nk'}} "
        r"\frac{\partial y_{nk'}}{\partial a_{nk}} \frac{\partial a_{nk}}{\partial V_{mk}}",
        HIDDEN,
    ),
    "chain rule, c": (
        True,
        r"\frac{\partial J}{\partial c_k} = \sum_{n=1}^N \sum_{k'=1}^K \frac{\partial J}{\partial y_{nk'}} "
        r"\frac{\partial y_{nk'}}{\partial a_{nk}} \frac{\partial a_{nk}}{\partial c_k}",
        HIDDEN,
    ),
    "third derivatives": (
        True,
        r"\frac{\partial a_{nk}}{\partial V_{mk}} = z_{nm}, \quad \frac{\partial a_{nk}}{\partial c_k} = 1",
        HIDDEN,
    ),
    "gradient of V": (True, r"\partial J / \partial V_{mk} = \sum_{n=1}^N (t_{nk} - y_{nk}) z_{nm}", HIDDEN),
    "gradient of c": (True, r"\partial J / \partial c_k = \sum_{n=1}^N (t_{nk} - y_{nk})", HIDDEN),
    "gradient of V, matrices": (True, r"\nabla_V J = Z^T (T - Y)", HIDDEN),
    "five derivatives": (
        True,
        r"\frac{\partial J}{\partial W_{dm}} = \sum_{k=1}^K \sum_{n=1}^N \sum_{k'=1}^K "
        r"\frac{\partial J}{\partial y_{nk'}} \frac{\partial y_{nk'}}{\partial a_{nk}} "
        r"\frac{\partial a_{nk}}{\partial z_{nm}} \frac{\partial z_{nm}}{\partial \alpha_{nm}} "
        r"\frac{\partial \alpha_{nm}}{\partial W_{dm}}",
        HIDDEN,
    ),
    "sigmoid's slope": (
        True,
        r"\frac{\partial z_{nm}}{\partial \alpha_{nm}} = z_{nm}(1 - z_{nm}) \quad \text{if } "
        r"\sigma(x) = \frac{1}{1 + \exp(-x)}",
        HIDDEN | {"x": 0.7, r"\sigma": mlbook.sigmoid, r"\alpha": given(lambda w, b: X @ w + b, "W", "b")},
    ),
    "gradient of W": (
        True,
        r"\partial J / \partial W_{dm} = \sum_{k=1}^K \sum_{n=1}^N (t_{nk} - y_{nk}) V_{mk} z_{nm} (1 - z_{nm}) x_{nd}",
        HIDDEN,
    ),
    "consider the shapes, V_nk": (
        False,
        r"\frac{\partial J}{\partial W_{dm}} = \sum_{k=1}^K \sum_{n=1}^N \left( t_{nk} - y_{nk} \right) V_{nk} "
        r"z_{nm} (1 - z_{nm}) x_{nd}",
        HIDDEN,
    ),
    "gradient of W, matrices": (
        True,
        r"\nabla_W J = X^T \{ [(T - Y) V^T] \odot Z \odot (1 - Z) \}",
        HIDDEN,
    ),
    "gradient of the first weights": (
        True,
        r"\partial J / \partial W^{(1)}_{dm^{(1)}} = \sum_{m^{(2)}=1}^{M^{(2)}} \sum_{k=1}^K \sum_{n=1}^N "
        r"(t_{nk} - y_{nk}) W^{(3)}_{m^{(2)}k} z_{nm^{(2)}}^{(2)'} W^{(2)}_{m^{(1)}m^{(2)}} z_{nm^{(1)}}^{(1)'} x_{nd}",
        DEEP,
    ),
    "delta in terms of delta": (
        False,
        r"\delta_{nm^{(2)}}^{(2)} = \sum_{k=1}^K \delta_{nk}^{(3)} W_{m^{(2)}k}^{(2)} z_{nm^{(2)}}^{(2)'} \quad",
        DEEP,
    ),
    "delta in terms of delta, first": (
        True,
        r"\delta_{nm^{(1)}}^{(1)} = \sum_{m^{(2)}=1}^{M^{(2)}} \delta_{nm^{(2)}}^{(2)} "
        r"W_{m^{(1)}m^{(2)}}^{(2)} z_{nm^{(1)}}^{(1)'}",
        DEEP,
    ),
    "generic weight update": (True, r"\nabla_{W^{(l)}} J = Z^{(l-1)T} \delta^{(l)}", DEEP | {
        f"Z^{{({k})}}": given(lambda z: z, f"z^{{({k})}}") for k in range(4)
    }),
    "log-likelihood of one class": (False, r"J = \sum_{n=1}^N \sum_{k=1}^K t_{nk} \log y_{kn}", HIDDEN),
}

# Note 002: convolution with the flipped filter, indices from 0.

S1, S2, P, Q = 2, 1, 1, 2
IMAGE, FILTER = normal(4, 4, 2), normal(P + 1, Q + 1, 2, 3)


def flipped(x, w):
    "Note 002's convolution by mlbook's: channels last, the filter flipped in both axes."
    images = np.moveaxis(x, -1, 0)[None]
    filters = np.transpose(w[::-1, ::-1], (3, 2, 0, 1))
    return np.moveaxis(mlbook.conv2d(images, filters, stride=(S1, S2))[0], 0, -1)


CONVOLUTION = {
    "x": IMAGE, "w": FILTER, "s_1": S1, "s_2": S2, "P": P, "Q": Q, "p": range(P + 1), "q": range(Q + 1),
    "C": flipped,
}
DENSE = {"x": normal(3), "w": normal(3, 4), "D": lambda x, w: mlbook.dense(x[None], w)[0]}
Z = normal(4)
TARGET = np.array([0.0, 1.0, 0.0, 0.0])
LOSS = {
    "z": Z, "y": TARGET, "S": lambda z: mlbook.softmax(z), "x": given(mlbook.softmax, "z"),
    "J": given(lambda z: -np.sum(TARGET * np.log(mlbook.softmax(z))), "z"),
}
NOTE_002 = {
    "(1)": (
        True,
        r"C_{ijk}(\mathbf{x}, \mathbf{w}) = \sum_{p,q,r} x_{(s_1 i + p)(s_2 j + q)r} w_{(P-p)(Q-q)rk}",
        CONVOLUTION | {"i": range(2), "j": range(2)},
    ),
    "(2)": (
        False,
        r"\frac{\partial C_{ijk}}{\partial x_{tuv}} = w_{(P+s_1 i - t)(Q+s_2 j - u)vk}",
        CONVOLUTION | {index: range(2) for index in "ijtuvk"},
    ),
    "(2), with zeros beyond the filter": (
        True,
        r"\frac{\partial C_{ijk}}{\partial x_{tuv}} = w_{(P+s_1 i - t)(Q+s_2 j - u)vk}",
        CONVOLUTION | {"w": beyond(FILTER)},
    ),
    "(3)": (
        True,
        r"\frac{\partial C_{ijk}}{\partial w_{ctuv}} = x_{(s_1 i + P - c)(s_2 j + Q - t)u} \delta_{kv}",
        CONVOLUTION,
    ),
    "(5)": (
        True,
        r"F_{(iJK+jK+k)}(\mathbf{x}) = x_{ijk}",
        {"x": IMAGE, "F": lambda x: x.ravel(), "J": 4, "K": 2},
    ),
    "(6)": (True, r"D_j(\mathbf{x}, \mathbf{w}) = \sum_i x_i w_{ij}", DENSE),
    "(7)": (True, r"\frac{\partial D_j}{\partial x_k} = w_{kj}", DENSE),
    "(8)": (True, r"\frac{\partial D_j}{\partial w_{ck}} = x_c \delta_{jk}", DENSE),
    "(9)": (
        True,
        r"R_i(\mathbf{z}) = \begin{cases} z_i & z_i \geq 0 \\ 0 & z_i < 0 \end{cases}",
        {"z": Z, "R": lambda z: mlbook.relu(z)},
    ),
    "(10)": (
        True,
        r"\frac{\partial R_i}{\partial z_j} = \begin{cases} \delta_{ij} & z_i > 0 \\ \frac{1}{2}\delta_{ij} & z_i = 0 "
        r"\\ 0 & z_i < 0 \end{cases}",
        {"z": Z, "R": lambda z: mlbook.relu(z)},
    ),
    "(11)": (True, r"S_i(\mathbf{z}) = \frac{e^{z_i}}{\sum_k e^{z_k}}", LOSS),
    "(12)": (
        True,
        r"\frac{\partial S_i}{\partial z_j} = \begin{cases} S_i(\mathbf{z})(1 - S_j(\mathbf{z})) & i = j \\ "
        r"-S_i(\mathbf{z})S_j(\mathbf{z}) & i \neq j \end{cases}",
        LOSS,
    ),
    "(14)": (False, r"J = \sum_i -y_i \log(z_i)", LOSS | {"z": np.abs(Z)}),
    "(15), last lines": (
        False,
        r"""\begin{aligned}
        \frac{\partial J}{\partial z_j} &= -y_j (1 - x_j) + \sum_{k \neq j} y_k x_j \\
        &= -y_j + x_j \sum_{k \neq j} y_k \\
        &= x_j - y_j
        \end{aligned}""",
        LOSS,
    ),
    "(15), the sum over all": (
        True,
        r"\frac{\partial J}{\partial z_j} = -y_j (1 - x_j) + \sum_{k \neq j} y_k x_j = -y_j + x_j \sum_k y_k = x_j - y_j",
        LOSS,
    ),
}

# Note 003: columns, and entries of vectors from 1.

A, H = normal(3, 3), np.array([0.2, 0.7, 0.4])
MATRICES = {"A": A, "x": normal(3), "y": np.array([0.0, 1.0, 0.0]), "h": H}
NOTE_003 = {
    "Table 1, Ax": (
        True, r"\frac{\partial}{\partial x} y = A^T", {"A": A, "x": normal(3), "y": lambda A, x: A @ x},
        {"layout": "denominator"},
    ),
    "Table 1, Ax, in the other layout": (
        False, r"\frac{\partial}{\partial x} y = A^T", {"A": A, "x": normal(3), "y": lambda A, x: A @ x},
    ),
    "Table 1, xAx": (
        True, r"\frac{\partial}{\partial x} x^T A x = Ax + A^Tx", MATRICES,
    ),
    "(1)": (
        True,
        r"\frac{\partial \mathbf{z}}{\partial \mathbf{x}} = \frac{\partial \mathbf{y}}{\partial \mathbf{x}} "
        r"\frac{\partial \mathbf{z}}{\partial \mathbf{y}}",
        {"x": normal(3), "y": lambda x: np.tanh(A @ x), "z": lambda y: np.sin(A.T @ y)},
        {"layout": "denominator"},
    ),
    "(8)": (
        True, r"f(t) = \begin{cases} t & \text{if } t > 0 \\ 0 & \text{else} \end{cases}",
        {"f": mlbook.relu, "t": each(-1.5, 0.5, 2.0)},
    ),
    "(9)": (
        True, r"f'(t) = \begin{cases} 1 & \text{if } t > 0 \\ 0 & \text{else} \end{cases}",
        {"f": mlbook.relu, "t": each(-1.5, 0.5, 2.0)},
    ),
    "(11)": (
        False, r"J = -y. * \log(h) + (1 - y). * \log(1 - h)",
        MATRICES | {"J": given(lambda h: -np.log(np.where(MATRICES["y"] == 1, h, 1 - h)), "h")},
    ),
    "(12)": (
        False,
        r"J_i = \begin{cases} -y_i * \log(h_i) & \text{if } y_i = 1\\ (1 - y_i) * \log(h_i) & \text{if } y_i = 0 "
        r"\end{cases}",
        MATRICES | {"J": given(lambda h: -np.log(np.where(MATRICES["y"] == 1, h, 1 - h)), "h")},
    ),
}

# Note 004: a neuron that is always 1 ends each layer; labels without brackets.

COUNTS = [3, 2, 3, 2]
RECURSION = {r"\#k": 3, r"\#L": 2, "L": 3, "g": np.tanh, "t": normal(2), "a^{(0)}": np.append(normal(3), 1.0)}
for layer in (0, 1, 2):
    RECURSION[f"w^{{({layer})}}"] = normal(COUNTS[layer] + 1, COUNTS[layer + 1])
    RECURSION[f"h^{{({layer + 1})}}"] = given(lambda a, w: a @ w, f"a^{{({layer})}}", f"w^{{({layer})}}")
    RECURSION[f"a^{{({layer + 1})}}"] = given(lambda h: np.append(np.tanh(h), 1.0), f"h^{{({layer + 1})}}")
RECURSION["O"] = given(lambda a: a[:-1], "a^{(3)}")
RECURSION["E"] = given(lambda o: np.sum((o - RECURSION["t"]) ** 2) / 2, "O")
NOTE_004 = {
    "h": (False, r"h_j^k = \sum_{i=0}^{\#k-1} a_i^{k-1} w_{ij}^k", RECURSION | {"k": 2}),
    "k = l - 2": (
        False,
        r"\frac{\partial a_q^l}{\partial w_{ij}^k} = g'(h_j^l) \cdot w_{iq}^{l-1} \cdot g'(h_j^{l-1}) \cdot a_i^k",
        RECURSION | {"k": 1, "l": 3, "q": range(2)},
    ),
    "k = l - 2, corrected": (
        True,
        r"\frac{\partial a_q^l}{\partial w_{ij}^k} = g'(h_q^l) \cdot w_{jq}^{l-1} \cdot g'(h_j^{l-1}) \cdot a_i^k",
        RECURSION | {"k": 1, "l": 3, "q": range(2), "j": range(3)},
    ),
    "(1)": (
        False,
        r"\frac{\partial E}{\partial w_{ij}^k} = \frac{2}{\#L} \cdot \sum_{q=0}^{\#L} (O_q - t_q) "
        r"\frac{\partial a_q^L}{\partial w_{ij}^k}",
        RECURSION | {"k": 1},
    ),
}

EQUATIONS = {
    f"{note} {place}": equation
    for note, equations in (("001", NOTE_001), ("002", NOTE_002), ("003", NOTE_003), ("004", NOTE_004))
    for place, equation in equations.items()
}


@pytest.mark.parametrize("place", EQUATIONS)
def test_an_equation_as_it_is_printed(place):
    right, latex, bindings, *options = EQUATIONS[place]
    keywords = ONE_BASED if place.startswith("001") else options[0] if options else {}
    try:
        report = check(latex, bindings, **keywords)
    except EquationError as error:
        assert not right, error
        assert any(words in str(error) for words in ("not fit", "not bound", "takes", "beyond its ends")), error
    else:
        assert bool(report) == right, report


def test_there_are_twenty_and_some_are_wrong():
    assert sum(right for right, *_ in EQUATIONS.values()) >= 20
    assert sum(not right for right, *_ in EQUATIONS.values()) >= 8
