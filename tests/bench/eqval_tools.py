"""Gives the book's displays, and pairs of a right and a wrong equation, to other readers of LaTeX, and notes what they read.

Usage: python tests/bench/eqval_tools.py PYTHON_WITH_SYMPY PYTHON_WITH_LATEX2SYMPY2
The first needs sympy, lark and antlr4-python3-runtime==4.11.1, the second latex2sympy2; both may be virtual environments.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

from mlbook.eqval import EquationError
from mlbook.eqval.lint import claims, tried
from mlbook.eqval.texts import read_text
from mlbook.eqval.trees import parse
from results import note

NBS = Path(__file__).parents[2] / "nbs"
EVERY = 6  # one display in so many, since SymPy's reader with Lark takes seconds for one

# Left side, right side, and a wrong right side. Nothing is bound: the symbols are free.
PAIRS = [
    (r"(a + b)^2", r"a^2 + 2 a b + b^2", r"a^2 + a b + b^2"),
    (r"\frac{a}{b} + \frac{c}{d}", r"\frac{a d + b c}{b d}", r"\frac{a d + c}{b d}"),
    (r"\frac{1}{1 + e^{-x}}", r"\frac{e^x}{1 + e^x}", r"\frac{e^{-x}}{1 + e^x}"),
    (r"1 - \tanh(x)^2", r"\frac{4}{(e^x + e^{-x})^2}", r"\frac{2}{(e^x + e^{-x})^2}"),
    (r"\log(a b)", r"\log(a) + \log(b)", r"\log(a) \log(b)"),
    (r"\log \frac{a}{b}", r"\log a - \log b", r"\log b - \log a"),
    (r"\sqrt{a^2 b^2 + a^2 c^2}", r"\sqrt{a^2} \sqrt{b^2 + c^2}", r"\sqrt{a^2} \sqrt{b + c}"),
    (r"\sin(a + b)", r"\sin(a) \cos(b) + \cos(a) \sin(b)", r"\sin(a) \cos(b) - \cos(a) \sin(b)"),
    (r"\sum_{i=1}^{n} (x_i + y_i)", r"\sum_{i=1}^{n} x_i + \sum_{i=1}^{n} y_i", r"\sum_{i=1}^{n} x_i - \sum_{i=1}^{n} y_i"),
    (r"\sum_{i=1}^{n} c x_i", r"c \sum_{j=1}^{n} x_j", r"c^n \sum_{j=1}^{n} x_j"),
    (r"\sum_{i=1}^{n} \sum_{j=1}^{m} W_{ij} x_j", r"\sum_{j=1}^{m} x_j \sum_{i=1}^{n} W_{ij}", r"\sum_{j=1}^{m} x_j \sum_{i=1}^{n} W_{ji}"),
    (r"\sum_{i=1}^{n} (x_i - c)^2", r"\sum_{i=1}^{n} x_i^2 - 2 c \sum_{i=1}^{n} x_i + n c^2",
     r"\sum_{i=1}^{n} x_i^2 - 2 c \sum_{i=1}^{n} x_i + c^2"),
    (r"\prod_{i=1}^{n} e^{x_i}", r"e^{\sum_{i=1}^{n} x_i}", r"\sum_{i=1}^{n} e^{x_i}"),
    (r"\sum_{j=1}^{n} \delta_{ij} x_j", r"x_i", r"\sum_{j=1}^{n} x_j"),
    (r"(A B)^\top", r"B^\top A^\top", r"A^\top B^\top"),
    (r"\operatorname{tr}(A B)", r"\operatorname{tr}(B A)", r"\operatorname{tr}(A) \operatorname{tr}(B)"),
    (r"\mathbf{x}^\top A \mathbf{y}", r"\mathbf{y}^\top A^\top \mathbf{x}", r"\mathbf{y}^\top A \mathbf{x}"),
    (r"\|\mathbf{x}\|^2", r"\mathbf{x}^\top \mathbf{x}", r"\sqrt{\mathbf{x}^\top \mathbf{x}}"),
    (r"\max(a, b)", r"\frac{a + b + |a - b|}{2}", r"\frac{a + b - |a - b|}{2}"),
    (r"\sum_{i=1}^{n} \sum_{j=1}^{n} W_{ij}", r"\sum_{i=1}^{n} \sum_{j=1}^{n} W_{ji}", r"\sum_{i=1}^{n} \sum_{j=1}^{i} W_{ij}"),
]

# Run by the other Pythons: reads [displays, pairs] and a name, writes what was read and told apart. A result that is no formula,
# such as a tree of ambiguous readings, is not read; a display with a relation must come back as one, or is read in part only.
OTHER = r"""
import json, sys, signal
displays, pairs = json.load(sys.stdin)
if sys.argv[1] == "latex2sympy2":
    from latex2sympy2 import latex2sympy as read
else:
    from sympy.parsing.latex import parse_latex
    def read(text): return parse_latex(text, backend=sys.argv[1])
import sympy
read("x + 1")  # what is loaded and built the first time is not counted as slow
def late(*_): raise TimeoutError
signal.signal(signal.SIGALRM, late)
def attempt(text):
    signal.alarm(5)
    try:
        found = read(text)
    except Exception:
        found = None
    signal.alarm(0)
    return found if isinstance(found, (sympy.Basic, sympy.MatrixBase)) else None
def same(one, other):
    signal.alarm(5)
    try:
        return bool(sympy.simplify(one - other) == 0)
    except Exception:
        return None
    finally:
        signal.alarm(0)
found = [attempt(text) for text in displays]
told = []
for left, right, wrong in pairs:
    read_ = [attempt(text) for text in (left, right, wrong)]
    told.append(all(each is not None for each in read_) and same(read_[0], read_[1]) is True and same(read_[0], read_[2]) is False)
relations = [isinstance(each, sympy.core.relational.Relational) for each in found]
print(json.dumps([[each is not None for each in found], relations, told]))
"""


def stripped(display):
    "A display without what only lays it out, for readers of formulas: marks of columns, rows, sizes and spaces."
    text = re.sub(r"\\begin\{aligned\}|\\end\{aligned\}|\\(?:[Bb]igg?[lrm]?|left|right|displaystyle)(?![A-Za-z])|\\[,;:! ]|&", " ", display)
    return " ".join(re.sub(r"\\\\(\[\w+\])?|\\q?quad", " ", text).split()).rstrip(" .,;")


def ours(displays):
    "What the checker reads, and which pairs it tells apart for random values of the symbols."
    read, told = 0, 0
    for text in displays:
        try:
            read += bool(parse(text))
        except EquationError:
            pass
    for left, *sides in PAIRS:
        verdicts = []
        for side in sides:
            whole = parse(f"{left} = {side}")
            verdicts.append([tried(claim, whole, f"{left} = {side}")[0] for claim in claims(whole)])
        right, wrong = verdicts
        told += bool(right and all(right)) and bool(wrong) and wrong[0] is not None and not wrong[0]
    return {"displays_read": read, "pairs_told_apart": told}


def others(python, name, displays):
    "What another reader reads: as printed, laid out plainly, as a relation; and which pairs it tells apart."
    counts = []
    for texts in (displays, [stripped(text) for text in displays]):
        given = json.dumps([texts, PAIRS])
        done = subprocess.run([python, "-c", OTHER, name], input=given, capture_output=True, encoding="utf-8", check=True)
        counts.append([sum(each) for each in json.loads(done.stdout.splitlines()[-1])])
    return {"displays_read": counts[0][0], "displays_read_without_layout": counts[1][0],
            "of_these_as_relations": counts[1][1], "pairs_told_apart": counts[0][2]}


def versions(python, *names):
    "The versions of packages that a Python has."
    code = f"import importlib.metadata as m, json; print(json.dumps({{n: m.version(n) for n in {names!r}}}))"
    return json.loads(subprocess.run([python, "-c", code], capture_output=True, encoding="utf-8", check=True).stdout)


def main(with_sympy, with_latex2sympy2):
    displays = [one.latex for path in sorted(NBS.rglob("*.ipynb")) for one in read_text(path).displays if not one.notation][::EVERY]
    results = {
        "displays": len(displays), "one_in": EVERY, "pairs": len(PAIRS),
        "versions": versions(with_sympy, "sympy", "lark", "antlr4-python3-runtime") | versions(with_latex2sympy2, "latex2sympy2"),
        "mlbook.eqval": ours(displays),
        "SymPy, parse_latex with ANTLR": others(with_sympy, "antlr", displays),
        "SymPy, parse_latex with Lark": others(with_sympy, "lark", displays),
        "latex2sympy2": others(with_latex2sympy2, "latex2sympy2", displays),
    }
    note(__file__, results)


if __name__ == "__main__":
    main(*sys.argv[1:])
