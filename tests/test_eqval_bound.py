"""What eight texts that were bound from page C25 alone asked for: right displays pass, wrong ones do not, and what is unclear is asked about."""

import functools

import numpy as np
import pytest
from mlbook.eqval import EquationError, check as checked

check = functools.partial(checked, mutants=False)
R = np.random.default_rng(17)
U, S, V = R.normal(size=2), R.normal(size=(4, 2)), R.normal(size=3)
FAR = np.linalg.norm(U - S, axis=1)

# Each case: the display, what is bound, the wrong neighbour's display or bindings, and options.

CASES = {
    "a distance": (r"d_i = |u - s_i|", {"u": U, "s": S, "d": FAR}, {"d": FAR**2}),
    "distances that are subtracted": (r"r_{ij} = |u - s_i| - |u - s_j|", {"u": U, "s": S, "r": FAR[:, None] - FAR}, {"r": FAR[:, None] + FAR}),
    "the gradient of a distance": (
        r"\frac{\partial h_i}{\partial u} = \frac{u - s_i}{|u - s_i|}", {"u": U, "s_i": S[1], "h_i": lambda u: np.sqrt(np.sum((u - S[1]) ** 2))},
        r"\frac{\partial h_i}{\partial u} = \frac{s_i - u}{|u - s_i|}"),
    "an energy": (r"T = \frac{1}{2} m |v|^2 = \frac{1}{2} m v \cdot v", {"m": 2.0, "v": V, "T": V @ V}, {"T": V @ V / 2}),
    "a length in a sum over what is numbered": (r"E = \sum_i |u - s_i|^2", {"u": U, "s": S, "E": np.sum(FAR**2)}, {"E": np.sum(FAR)}),
    "the length of a complex vector": (r"|z|^2 = n", {"z": np.array([3 + 4j, 1j]), "n": 26.0}, {"n": -8 + 24j}),
    "entry by entry, which alone fits": (r"|v| = \max(v, -v)", {"v": V}, r"|v| = \max(v, 2 v)"),
    "the largest entry": (r"n = \max(|v|)", {"v": V, "n": np.max(np.abs(V))}, {"n": np.linalg.norm(V)}),
    "a number in bars": (r"|a| = b", {"a": -2.0, "b": 2.0}, {"b": -2.0}),
}
ASKS = {
    "entry by entry, though a length fits": (r"\frac{v}{|v|} = e", {"v": V, "e": np.sign(V)}, r"\|v\| may be a length, and then this fails, or taken entry by entry"),
}


def case(name):
    "The display, what is bound, the wrong neighbour's display and bindings, and options."
    source, bindings, wrong, *options = CASES[name]
    other = (wrong, bindings) if isinstance(wrong, str) else (source, bindings | wrong)
    return source, bindings, *other, options[0] if options else {}


@pytest.mark.parametrize("name", CASES)
def test_a_right_display_passes_and_its_neighbour_fails(name):
    source, bindings, other, bound, options = case(name)
    report = check(source, bindings, **options)
    assert report and not report.weak, report
    assert not check(other, bound, **options)


@pytest.mark.parametrize("name", ASKS)
def test_what_is_unclear_is_asked_about(name):
    source, bindings, said = ASKS[name]
    with pytest.raises(EquationError, match=said):
        check(source, bindings)


def test_the_report_says_how_bars_were_read():
    assert "|v| is a length" in repr(check(r"|v| = n", {"v": V, "n": np.linalg.norm(V)}))
    assert "|v| is taken entry by entry" in repr(check(r"|v| = \max(v, -v)", {"v": V}))
    assert "|" not in repr(check(r"|a| = b", {"a": -2.0, "b": 2.0}))
