"""What somebody meets in the first hour: each message says what is wrong, where, with a mark under it, and what to do."""

import re

import numpy as np
import pytest
from mlbook.eqval import EquationError, check, outcomes
from mlbook.eqval.advice import ADVICE, advised, marked

X, W, A = np.array([1.0, 2.0, 4.0]), np.arange(6.0).reshape(2, 3) + 1, np.arange(9.0).reshape(3, 3) + 1

# The LaTeX, the bindings, what is wrong, what the mark is under ("" where the message quotes the place itself, or there is
# none), and what to do.
SITUATIONS = {
    "a list for an array": (r"y_i = 2 x_i", dict(x=[X[0], X[1:]], y=np.ones(2)), "x_{i} is not bound", "x_i", "bind np.array(...)"),
    "rows of different lengths": ("y = x", dict(x=[[1, 2], [3]], y=1.0), "x is [[1, 2], [3]], expected an array", "x", "rows of one length"),
    "a dictionary for an array": ("y = x", dict(x={"a b": 1.0}, y=1.0), "label 'a b'", "x", "bind np.array(...)"),
    "an index twice": (r"y = \sum_i \sum_i A_{ii}", dict(A=A, y=1.0), "nothing tells the range of i", "i \\sum_i A", "index of its own"),
    "a range that nothing tells": (r"y = \sum_i 2^i", dict(y=7.0), "nothing tells the range of i", "i 2^i", r"\sum_{i=0}^{n-1}"),
    "first = 1 forgotten": (r"s = \sum_{i=1}^{n} x_i", dict(x=X, n=3, s=7.0), "beyond its ends", "", "say first=1"),
    "a sum that is too long": (r"s = \sum_{i=0}^{3} x_i", dict(x=X, s=7.0), "beyond its ends", "", "x has shape (3,)"),
    "an entry that is not there": ("y = x_3", dict(x=X, y=1.0), "beyond its ends", "x_3", "indices begin at 0"),
    "the norm of a matrix": (r"y = \|A\|", dict(A=A, y=1.0), "may be the largest singular value", "", r"\|A\|_F: write which"),
    "a missing given": (r"\frac{\partial y}{\partial x_i} = 2 x_i", dict(x=X, y=5.0), "y does not depend on x", "", "bind it with given"),
    "a parameter of another name": ("y = 2 x_0", dict(x=X, y=lambda v: v[0]), "y stands without its argument", "y", "it has v, and bound are x, y"),
    "a derivative without a place": (r"\frac{\partial y}{\partial x} = 1", dict(y=lambda q: q), "is no derivative of something", "\\frac", "bind the variable"),
    "shapes that differ by one": ("y_i = x_i + z_i", dict(x=X, z=np.ones(4), y=X), "i takes 3 values in x_{i} and 4 in z_{i}", "i = x", "z has shape (4,)"),
    "a difference that ends too early": ("d_i = x_{i+1} - x_i", dict(x=X, d=np.ones(1)), "i takes 1 values", "i = x", "d has shape (1,)"),
    "a subscript of the other axis": ("y_i = W_i", dict(W=W, y=X), "i takes 3 values", "i = W", "W has shape (2, 3)"),
    "matrix and vector that do not fit": ("y = W x", dict(W=W, x=np.ones(2), y=np.ones(2)), "(2, 3) times (2, 1)", "", "x has shape (2,)"),
    "two vectors side by side": ("y = x x", dict(x=X, y=X), "(3, 1) times (3, 1)", "", r"\odot for a product entry by entry"),
    "too many subscripts": ("y = x_{ij}", dict(x=X, y=1.0), "2 indices for 1 axes", "ij", "as many axes as are printed"),
    "a number with a subscript": ("y_i = c_i", dict(c=2.0, y=X), "1 indices for 0 axes", "i = c", "c has shape ()"),
    "an unknown command": (r"y = \foo x", dict(x=1.0, y=1.0), "\\foo is not bound", "\\foo", "--macros FILE"),
    "an unknown command with an argument": (r"y = \foo{x}", dict(x=1.0, y=1.0), "cannot read this", "\\foo", "--macros FILE"),
    "an open brace": (r"y = \frac{1}{2", dict(y=0.5), "cannot read this", "", "a brace is not closed"),
    "an open parenthesis": ("y = (x + 1", dict(x=1.0, y=2.0), "cannot read this", "", "a parenthesis"),
    "a sum that ends with a plus": ("y = x +", dict(x=1.0, y=2.0), "cannot read this", "", "what follows an operator"),
    "a brace too many": ("y = x} + 1", dict(x=1.0, y=2.0), "cannot read this", "}", "a brace too many"),
    "no LaTeX": ("", {}, "cannot read this", "", "there is no equation in it"),
    "LaTeX that is no string": (5, {}, "latex is 5", "", "the first argument is a string"),
    "bindings that are a list": ("y = x", [1], "bindings is [1]", "", '{"x": np.array([1.0, 2.0])}'),
    "sin without a backslash": ("y = sin x", dict(x=1.0, y=1.0), "s is not bound", "sin", r"write \sin"),
    "log without a backslash": ("y = 2 log x", dict(x=1.0, y=1.0), "l is not bound", "log", r"write \log"),
    "softmax as letters": ("y = softmax x", dict(x=X, y=X), "s is not bound", "softmax", r"write \operatorname{softmax}"),
    "no bindings": ("y = 2 x", {}, "x is not bound", "x", "bound are: no symbols"),
    "a symbol that is missing": ("y = 2 x", dict(y=1.0), "x is not bound", "x", "say what it is, with {'x': ...}; bound are: y"),
    "a capital for a small letter": (r"y = 2 X", dict(y=1.0, x=2.0), "X is not bound", "X", "did you mean 'x'?"),
    "a Greek letter by its name": (r"y = 2 \theta", dict(y=1.0, theta=2.0), r"\theta is not bound", "\\theta", r'bind r"\theta"'),
    "a sum as a key": ("y = x + w", {"x + w": 2.0, "y": 2.0}, "'x + w' is not one symbol", "", "a key is a symbol, a word"),
    "a word that nothing is bound to": (r"\mathrm{loss} = 2 x", dict(Loss=2.0, y=1.0), "x is not bound", "x", "say what it is"),
    "a backslash that Python takes, in a key": ("y = 2 \\beta", {"y": 1.0, "\beta": 0.5}, "cannot read this", "", 'Python reads \\b in "\\beta"'),
    "a backslash that Python takes, in the LaTeX": ("y = \frac{1}{2}", dict(y=0.5), "is not bound", "", 'Python reads \\f in "\\frac"'),
    "a backslash that Python takes, a tab": ("y = 2 \theta", {"y": 1.0, "x": 0.5}, "is not bound", "", 'Python reads \\t in "\\theta"'),
    "a number in quotes": ("y = x", dict(y="1", x=1), "y is '1', expected an array of numbers", "y", "without quotes"),
    "None": ("y = x", dict(y=None, x=1), "y is None", "y", "a return"),
    "a draft that is not filled in": ("y = x", dict(y=lambda x: ..., x=1.0), "the value of y is Ellipsis", "y", "fill in the ... of the draft"),
    "a function without a return": ("y = x", dict(y=lambda x: None, x=1.0), "the value of y is None", "y", "a function needs a return"),
    "an array of another library": ("y = x", dict(y=object(), x=1.0), "y is <object", "y", "np.asarray(...)"),
    "a function that fails": ("y = x", dict(y=lambda x: 1 / 0, x=1.0), "the function of y raises ZeroDivisionError", "y", "the error is its own"),
    "a function of fewer arguments": ("y = f(a, b)", dict(f=lambda a: a, a=1.0, b=2.0, y=1.0), "raises TypeError", "f", "other arguments than it takes"),
    "not a number": ("y = x", dict(y=np.nan, x=1.0), "y is undefined, as 0/0 is", "", "choose numbers for which it is defined"),
    "a division by zero": (r"y = \frac{x}{z}", dict(y=1.0, x=0.0, z=0.0), "is undefined, as 0/0 is", "", "print a condition"),
    "the imaginary unit": (r"y = i x", dict(x=1.0, y=1.0), "i is not bound", "i x", "bind it to 1j"),
    "a label that a family has not": (r"y = x^{(3)}", dict(x=[X, X[1:]], y=1.0), "x^{(3)} is not bound", "", "the family has 2 labels"),
    "no relation": ("x^2 + 1", dict(x=1.0), "compares nothing", "", "mark a display that claims nothing as notation"),
    "a mean without probabilities": ("y = E[x]", dict(x=X, y=1.0), "nothing is bound to outcomes", "", "outcomes(values, probabilities)"),
    "a definition that nothing uses": ("q = 2 x, y = x", dict(x=1.0, y=1.0), "q is not bound, and used nowhere else", "q", "a definition alone claims nothing"),
    "a chain that defines": ("q = 2 x = x + x", dict(x=1.0), "compared with nothing", "", "bind it, or write :="),
}


@pytest.mark.parametrize("name", SITUATIONS)
def test_a_message_says_what_where_and_what_to_do(name):
    source, bindings, what, under, remedy = SITUATIONS[name]
    with pytest.raises(EquationError) as error:
        check(source, bindings)
    message = str(error.value)
    assert what in message and remedy in message, message
    if under:
        lines = message.split("\n")
        mark = next(place for place, line in enumerate(lines) if line.strip() == "^")
        assert lines[mark - 1][len(lines[mark]) - 1 :].startswith(under), message


def test_there_are_fifty_situations():
    assert len(SITUATIONS) >= 50


@pytest.mark.parametrize("name", ["a list for an array", "first = 1 forgotten", "shapes that differ by one", "sin without a backslash",
                                  "a symbol that is missing", "a mean without probabilities", "a missing given"])
def test_what_is_advised_helps(name):
    source, bindings = SITUATIONS[name][:2]
    mended = {
        "a list for an array": (source, {"x": np.array(X), "y": 2 * X}, {}),
        "first = 1 forgotten": (source, bindings, {"first": 1}),
        "shapes that differ by one": (source, bindings | {"z": np.ones(3), "y": X + 1}, {}),
        "sin without a backslash": (source.replace("sin", r"\sin"), bindings | {"y": np.sin(1.0)}, {}),
        "a symbol that is missing": (source, bindings | {"x": 0.5}, {}),
        "a mean without probabilities": (source, {"x": outcomes(X), "y": X.mean()}, {}),
        "a missing given": (source, {"x": X, "y": lambda x: x @ x}, {}),
    }[name]
    assert check(mended[0], mended[1], **mended[2])


def test_each_entry_of_the_table_is_needed():
    "Each pattern is the first that fits for some situation, or for a message that these do not give."
    met = set()
    for source, bindings, *_ in SITUATIONS.values():
        with pytest.raises(EquationError) as error:
            check(source, bindings)
        met |= {next((pattern for pattern, _ in ADVICE if re.search(pattern, str(error.value), re.M)), "")}
    assert {pattern for pattern, _ in ADVICE} - met <= {r"^shape (.+) is compared with (.+?), "}


def test_a_message_that_is_unknown_stays_as_it_is():
    assert advised("q", "y = x", {}) == "q" and marked("y = x", -1) == ""
    assert marked("a\n  b = c\nd", 4) == "\n  b = c\n  ^"


def test_a_tab_that_a_page_begins_a_line_with_is_no_backslash():
    for source in ("\tf(x) = 2 z", "y = a\n\ttan z", "y = a\n\t\tf z"):
        with pytest.raises(EquationError) as raised:
            check(source, {"y": 1.0})
        assert "Python reads" not in str(raised.value), source
