"""What a tick rests on: bindings under which something else would pass are found, and generic ones are not."""

import mlbook
import numpy as np
import pytest
from mlbook.eqval import EquationError, beyond, check, each, given, survivors

RNG = np.random.default_rng(0)
W, X, Z = RNG.normal(size=(3, 4)), RNG.normal(size=4), RNG.normal(size=5)
P = np.array([0.2, 0.3, 0.5])
E5 = np.exp(Z) / np.exp(Z).sum()

# An equation, bindings that hide something, and what is said of it.
WEAK = {
    "an empty sum": (r"y = \sum_{j=5}^{4} x_j", {"y": 0.0, "x": Z}, "has no two terms"),
    "an empty product": (r"y = \prod_{j=5}^{4} x_j", {"y": 1.0, "x": Z}, "has no two terms"),
    "a sum of one term": (r"y = \sum_{j=2}^{2} x_j", {"y": Z[2], "x": Z}, "has no two terms"),
    "a branch never visited": (r"y_i = \begin{cases} x_i & \text{if } x_i > 0 \\ 17 & \text{otherwise} \end{cases}",
                               {"y": abs(Z), "x": abs(Z)}, "no case takes the branch 17"),
    "a first branch never visited": (r"y_i = \begin{cases} 17 & \text{if } x_i < 0 \\ x_i & \text{otherwise} \end{cases}",
                                     {"y": abs(Z), "x": abs(Z) + 0}, "no case takes the branch 17"),
    "a maximum that is always one of its arguments": (r"y_i = \max(x_i, 0)", {"y": abs(Z), "x": abs(Z) + 0}, "0 is never the max"),
    "an absolute value of positive numbers": (r"y_i = |x_i|", {"y": abs(Z), "x": abs(Z) + 0}, "leave only the inside"),
    "a factor that is 0": (r"y_i = x_i + \lambda w_i", {"y": Z, "x": Z + 0, "w": Z[::-1], r"\lambda": 0.0}, r"\lambda is 0"),
    "a factor that is 1": (r"y_i = \gamma x_i", {"y": Z, "x": Z + 0, r"\gamma": 1.0}, r"\gamma is 1"),
    "a difference that is 1": (r"y_i = (1 - \lambda) x_i", {"y": Z, "x": Z + 0, r"\lambda": 0.0}, "and it passes"),
    "a batch of one": (r"z_{nk} = \sum_j x_{nj} w_{kj}", {"z": X[None] @ W.T, "x": X[None], "w": W}, "an axis of x has one entry"),
    "a symmetric matrix": (r"y_i = \sum_j W_{ji} x_j", {"y": (W @ W.T) @ X[:3], "W": W @ W.T, "x": X[:3]}, "W is symmetric"),
    "an identity": (r"y_i = \sum_j W_{ij} x_j", {"y": X, "W": np.eye(4), "x": X + 0}, "W has only zeros and ones"),
    "one-hot targets": (r"J = -\sum_k t_k^2 \log p_k", {"J": -np.log(0.3), "t": np.eye(3)[1], "p": P}, "t has only zeros and ones"),
    "constant data": ("m = x_2", {"m": 1.5, "x": np.full(4, 1.5)}, "x is 1.5 everywhere"),
    "data of zeros": ("y_i = 3 x_i", {"y": np.zeros(4), "x": np.zeros(4)}, "x is 0 everywhere"),
    "a stride of 1": (r"y_i = x_{s i}, \quad 0 \le i < 4", {"y": Z[:4], "x": Z, "s": 1}, "s is 1"),
    "a padding of 0": (r"y_i = x_{i - P}, \quad 0 \le i < 5", {"y": Z, "x": Z + 0, "P": 0}, "P is 0"),
    "two lengths that are equal": (r"m = \frac{1}{n} \sum_{i=0}^{k-1} x_i", {"m": Z.mean(), "x": Z, "n": 5, "k": 5}, "n in place of k"),
    "two ends that are equal": (r"m = \sum_{i=0}^{k-1} x_i + \sum_{j=0}^{n-1} w_j", {"m": Z.sum() + E5.sum(), "x": Z, "w": E5, "n": 5, "k": 5},
                                "k and n are both 5"),
    "an index free and summed": (r"p_i = \frac{e^{z_i}}{\sum_i e^{z_i}}", {"p": E5, "z": Z}, "i is free and summed"),
    "one array for two symbols": ("a_i = b_i", {"a": Z, "b": Z}, "a and b are one array"),
    "one formula on both sides": ("z_i + 1 = z_i + 1", {"z": Z}, "z_{i} + 1 is on both sides"),
    "two fonts and one binding": (r"\mathbf{x}_i = x_i", {"x": Z}, r"\mathbf{x} and x are one symbol"),
    "a mean of equal numbers": (r"m = \frac{1}{3} \sum_{i=0}^{2} x_i", {"m": 2.0, "x": np.full(3, 2.0)}, "x is 2 everywhere"),
    "a power that no number sees": ("y_i = t_i^3", {"y": np.eye(3)[1], "t": np.eye(3)[1] + 0.0}, "and it passes"),
}
# Right equations with generic bindings, of the kind that authors write.
STRONG = {
    "softmax": (r"p_i = \frac{e^{z_i}}{\sum_k e^{z_k}}", {"p": mlbook.softmax, "z": Z}),
    "softmax from numbers": (r"p_i = \frac{e^{z_i}}{\sum_k e^{z_k}}", {"p": E5, "z": Z}),
    "y - t": (r"\frac{\partial J}{\partial z_i} = p_i - t_i",
              {"z": Z, "t": np.eye(5)[2], "p": mlbook.softmax, "J": lambda p, t: -np.sum(t * np.log(p))}),
    "a product": (r"y_i = \sum_j W_{ij} x_j", {"y": W @ X, "W": W, "x": X}),
    "a quadratic form": (r"J = \sum_i \sum_j x_i A_{ij} x_j", {"J": X @ (A := RNG.normal(size=(4, 4))) @ X, "A": A, "x": X}),
    "relu": (r"y_i = \max(x_i, 0)", {"y": np.maximum(Z, 0), "x": Z}),
    "momentum": (r"v' = \beta v + g, \quad w' = w - \eta v'",
                 {"v'": 0.85, "v": 0.3, "g": 0.7, r"\beta": 0.5, r"\eta": 0.1, "w'": 1.2 - 0.085, "w": 1.2}),
    "a mean": (r"J = \frac{1}{n} \sum_{i=0}^{n-1} (y_i - t_i)^2", {"J": np.mean((Z - E5) ** 2), "n": 5, "y": Z, "t": E5}),
    "a penalty": (r"J = R + \frac{\lambda}{2} \sum_i w_i^2", {"J": 2 + 0.05 * np.sum(Z**2), "R": 2.0, r"\lambda": 0.1, "w": Z}),
    "two values": (r"\tanh(x) = 2 \sigma(2 x) - 1", {r"\sigma": mlbook.sigmoid, "x": each(0.3, -2.0)}),
    "a recurrence": (r"m_t = \beta m_{t-1} + (1 - \beta) g_t",
                     {"m": beyond([0, 0.2, 0.18 + 0.3]), "g": np.array([0.0, 2.0, 3.0]), r"\beta": 0.9}),
    "a derivative": (r"\frac{\partial y}{\partial x} = 2 a x", {"y": given(lambda a, x: a * x**2, "a", "x"), "a": 1.7, "x": 0.6}),
}


@pytest.mark.parametrize("case", WEAK)
def test_a_tick_that_something_else_would_get_is_weak(case):
    text, bindings, said = WEAK[case]
    report = check(text, bindings)
    assert report and "✓ weak: " in repr(report) and said in "; ".join(report.weak), report
    with pytest.raises(EquationError, match="equation is weak: "):
        check(text, bindings, strict=True)


@pytest.mark.parametrize("case", STRONG)
def test_generic_bindings_give_a_tick_without_a_remark(case):
    text, bindings = STRONG[case]
    report = check(text, bindings, strict=True)
    assert report and not report.weak and "weak" not in repr(report)


def test_a_mutant_that_states_the_same_is_no_survivor():
    assert survivors(r"a = b + 0", {"a": 1.5, "b": 1.5})[1] == []
    assert survivors(r"a_i = b_i (1 + \lambda)", {"a": Z, "b": Z + 0, r"\lambda": 0.0})[1]
