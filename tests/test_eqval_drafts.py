"""Drafts of bindings, and derivations that are compared without bindings: what is found, and what is left alone."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from mlbook.eqval.__main__ import main
from mlbook.eqval.drafts import draft, inventory
from mlbook.eqval.sources import Display
from mlbook.eqval.texts import Text
from mlbook.eqval.trees import parse

# What a display shows of its symbols: their kinds and lengths.
SYMBOLS = {
    r"z_i = \sum_{j=0}^{n-1} W_{ij} x_j + b_i": {"z": ("result", (2,)), "W": ("array", (2, 3)), "x": ("array", (3,)),
                                                 "b": ("array", (2,)), "n": ("number", (3,))},
    r"s = \sum_{j=1}^{n} x_j": {"s": ("result", ()), "x": ("array", (3,)), "n": ("number", (3,))},
    r"s = \sum_{j=0}^{4} x_j": {"s": ("result", ()), "x": ("array", (5,))},
    r"\frac{\partial J}{\partial w_i} = 2 w_i": {"J": ("result", ()), "w": ("array", (3,))},
    r"y = f(x) + a(b + c)": {"y": ("result", ()), "f": ("function", ()), "x": ("array", ()), "a": ("array", ()),
                             "b": ("array", ()), "c": ("array", ())},
    r"y = W_1 x + W_2 x": {"y": ("result", ()), "W_{1}": ("array", ()), "W_{2}": ("array", ()), "x": ("array", ())},
    r"a^{(l)}_i = W^{(l)}_{ij} x_j": {"a": ("result", (3,)), "W": ("family", (3, 2)), "x": ("array", (2,))},
    r"\operatorname{tr}(A B) = \operatorname{tr}(B A)": {"A": ("array", ()), "B": ("array", ())},
    r"A = \pi r^2": {"A": ("result", ()), "r": ("array", ())},
}


@pytest.mark.parametrize("source", SYMBOLS)
def test_a_display_shows_its_symbols(source):
    found = inventory(parse(source)).symbols
    assert {key: (one.kind, one.lengths) for key, one in found.items()} == SYMBOLS[source]


@pytest.mark.parametrize("source, first", [(r"\sum_{i=1}^n x_i = s", 1), (r"\sum_{i=0}^n x_i = s", 0), (r"x_0 + \sum_{i=1}^n x_i = s", 0),
                                           ("y_i = x_i", 0)])
def test_indices_begin_where_a_sum_begins(source, first):
    assert inventory(parse(source)).first == first


PAGE = r"""
\[ z_i = \sum_{j=1}^{n} W_{ij} x_j \label{eq:z} \]
\[ y = \sigma(\lambda w) \]
\[ a = ) \]
% notation: nothing
\[ a : b \]
"""


def test_a_draft_is_filled_in_and_then_passes(tmp_path, capsys):
    page = tmp_path / "page.tex"
    page.write_text(PAGE, encoding="utf-8")
    beside = tmp_path / "page_equations.py"
    assert main(["bind", str(page)]) == 0 and "page_equations.py: written; fill in each ..." in capsys.readouterr().out
    text = beside.read_text(encoding="utf-8")
    assert "page.tex, line 4\n#     a = )\n# cannot read this" in text and "a : b" not in text
    assert main([str(page), "--bound"]) == 1
    assert "expected an array of numbers" in capsys.readouterr().out
    filled = re.sub(r'("z": lambda .*?:) \.\.\.', r"\1 W @ x", text)
    filled = re.sub(r'("y": lambda .*?:) \.\.\.', r"\1 np.tanh(lambda_ * w)", filled).replace("lambda *arguments: ...", "np.tanh")
    beside.write_text(filled, encoding="utf-8")
    assert main([str(page), "--bound"]) == 0, capsys.readouterr().out
    assert "2 passed, 0 failed, 1 notation, 1 not bound" in capsys.readouterr().out
    beside.write_text(filled.replace("W @ x", "W @ x + 1"), encoding="utf-8")
    assert main([str(page), "--bound"]) == 1


@pytest.mark.parametrize("source", [r"y = \mathbb{1} x_1 + x^1 + x_1", r"\text{the \"a\"} = 2 x", r"\lambda = \theta"])
def test_a_draft_is_code(source):
    ast.parse(draft(Text(Path("page.tex"), [Display("", source, 1)], [], {})))


def test_a_draft_is_not_written_over_a_file(tmp_path, capsys):
    page, beside = tmp_path / "page.md", tmp_path / "page_equations.py"
    page.write_text("$$ a = b $$", encoding="utf-8")
    beside.write_text("# mine", encoding="utf-8")
    assert main(["bind", str(page)]) == 2 and beside.read_text(encoding="utf-8") == "# mine"
    assert main(["bind", str(page), "--output", str(tmp_path / "other.py")]) == 0 and (tmp_path / "other.py").exists()
    assert main(["bind", str(tmp_path / "nothing.md")]) == 2


# Without bindings

WRONG = [
    r"J = (a - b)^2 = a^2 - a b + b^2",
    r"y_i = \sum_{j=1}^{n} W_{ij} (x_j + x_j) = 2 \sum_{j=1}^{n} W_{ji} x_j",
    r"e^{a + b} = e^a + e^b",
    r"q = \log(a b) = \log a \log b",
    r"\mathbf{x}^\top A \mathbf{y} = \mathbf{y}^\top A \mathbf{x}",
    r"s = \sum_{i=0}^{3} (x_i - c)^2 = \sum_{i=0}^{3} x_i^2 - 2 c \sum_{i=0}^{3} x_i + c^2",
    r"y = f(a) + f(a) = f(2 a)",
]
RIGHT = [
    r"J = (a - b)^2 = a^2 - 2 a b + b^2",
    r"y_i = \sum_{j=1}^{n} W_{ij} (x_j + x_j) = 2 \sum_{j=1}^{n} W_{ij} x_j",
    r"e^{a + b} = e^a e^b",
    r"q = \log(a b) = \log a + \log b",
    r"\mathbf{x}^\top A \mathbf{y} = \mathbf{y}^\top A^\top \mathbf{x}",
    r"(A B)^\top = B^\top A^\top",
    r"\operatorname{tr}(A B) = \operatorname{tr}(B A)",
    r"s = \sum_{i=0}^{3} (x_i - c)^2 = \sum_{i=0}^{3} x_i^2 - 2 c \sum_{i=0}^{3} x_i + 4 c^2",
    r"y = f(a) + f(a) = 2 f(a)",
    r"A I = I A = A",
]
LEFT_ALONE = [
    "y = 2 x", "x^2 + y^2 = r^2", r"\sum_{i=1}^n p_i = 1", r"\frac{\partial J}{\partial w} = 2 w", r"h_t = a h_{t-1} = a^2 h_{t-2}",
    r"v = \sum_{i=1}^n (x_i - \bar x) x_i = \sum_{i=1}^n x_i^2 - \bar x \bar x n", r"q = \int_0^1 f(t) \, dt = \int_0^2 f(t) \, dt",
    r"v = \mathbb{E}[x + x] = 3 \mathbb{E}[x]", "h_1(t) = h_2(t)", "a = b + )", "f(x + h) = f(x) + h f'(x)",
]


def linted(tmp_path, capsys, source, *options):
    page = tmp_path / "page.tex"
    page.write_text(f"\\[ {source} \\]", encoding="utf-8")
    return main(["lint", str(page), *options]), capsys.readouterr().out


@pytest.mark.parametrize("source", WRONG)
def test_a_wrong_step_is_pointed_at(source, tmp_path, capsys):
    status, output = linted(tmp_path, capsys, source)
    assert status == 1 and re.search(r"page\.tex:1: line 1 ✗ .* fails, in line 1: ", output), output


@pytest.mark.parametrize("source", RIGHT)
def test_a_right_derivation_agrees(source, tmp_path, capsys):
    status, output = linted(tmp_path, capsys, source)
    assert status == 0 and "page.tex:1: line 1 ✓ " in output and "for random values" in output, output


@pytest.mark.parametrize("source", LEFT_ALONE)
def test_what_random_values_cannot_tell_is_left_alone(source, tmp_path, capsys):
    status, output = linted(tmp_path, capsys, source)
    assert status == 3 and "not compared" in output and "nothing was checked" in output, output


def test_the_command_is_a_program(tmp_path):
    tmp_path.joinpath("page.md").write_text("$$ q = (a + b)^2 = a^2 + b^2 $$", encoding="utf-8")
    done = subprocess.run([sys.executable, "-m", "mlbook.eqval", "lint", "page.md"], cwd=tmp_path, capture_output=True, encoding="utf-8")
    assert done.returncode == 1 and "page.md:1: line 1 ✗" in done.stdout
