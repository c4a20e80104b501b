"""Where the checker finds equations, what it says where it finds none, and what it writes to a stream of few letters."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from mlbook.eqval.bindings import bindings_of
from mlbook.eqval.printing import shown
from mlbook.eqval.sources import displays
from mlbook.eqval.texts import equation, read_text
from mlbook.eqval import EquationError, refute, verify

NBS = Path(__file__).parents[1] / "nbs"

# A display in quotes, lists and directives: its label, its LaTeX without spaces, its line.
PLACES = {
    "a quote": ("> $$ a = b $$ (eq-a)", "a=b", 1),
    "a quote of several lines": ("text\n\n> so\n>\n> $$\n> a = b\n> $$ (eq-a)", "a=b", 5),
    "a quote without spaces": (">$$\n>a = b\n>$$ (eq-a)", "a=b", 1),
    "a quote in a quote": ("> > $$\n> > a = b\n> > $$ (eq-a)", "a=b", 1),
    "a relation in a quote": ("> $$\n> a\n> > b\n> $$ (eq-a)", "a>b", 1),
    "a relation that begins a line": ("$$\na\n> b\n$$ (eq-a)", "a>b", 1),
    "an environment in a quote": ("> \\begin{align}\n> a &= b \\label{eq-a}\n> \\end{align}", "a&=b", 1),
    "a relation in an environment": ("\\begin{align}\na\n> b \\label{eq-a}\n\\end{align}", "a>b", 1),
    "a directive in a quote": ("> ```{math}\n> :label: eq-a\n> a > b\n> ```", "a>b", 1),
    "an item": ("- $$ a = b $$ (eq-a)", "a=b", 1),
    "a numbered item": ("1. text\n2. $$\n   a = b\n   $$ (eq-a)", "a=b", 2),
    "behind an item": ("- text\n\n  $$\n  a = b\n  $$ (eq-a)", "a=b", 3),
    "an item of a quote": ("> * $$\n>   a = b\n>   $$ (eq-a)", "a=b", 1),
    "an admonition": (":::{admonition} Title\n$$ a = b $$ (eq-a)\n:::", "a=b", 2),
    "an admonition in an admonition": ("::::{note}\n```{tip}\n$$ a = b $$ (eq-a)\n```\n::::", "a=b", 3),
    "an admonition in a quote": ("> ```{note}\n> $$\n> a = b\n> $$ (eq-a)\n> ```", "a=b", 2),
    "a quote in an admonition": ("```{note}\n> $$ a = b $$ (eq-a)\n```", "a=b", 2),
    "behind code in a quote": ("> ```python\n> $$\n> ```\n> $$ a = b $$ (eq-a)", "a=b", 4),
    "behind code with quotes": ("```\n> $$\n```\n\n> $$ a = b $$ (eq-a)", "a=b", 5),
    "a subtraction is no item": ("$$\na\n- b\n$$ (eq-a)", "a-b", 1),
}


@pytest.mark.parametrize("place", PLACES)
def test_a_display_is_found_in_its_place(place):
    text, latex, line = PLACES[place]
    [found] = displays(text)
    assert (found.label, re.sub(r"\s", "", found.latex), found.line) == ("eq-a", latex, line)


@pytest.mark.parametrize("text", ["> ```\n> $$ a = b $$ (eq-a)\n> ```", "> `$$ a $$`", "> - text > more\n> -  1. 2"])
def test_code_in_a_quote_is_no_display(text):
    assert displays(text) == []


# A notebook that runs somewhere else


@pytest.mark.parametrize("look", [verify, refute])
def test_a_label_that_is_not_there_says_where_it_was_looked_for(look, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(EquationError, match=r"no display has the label eq-a in .*0 notebooks.*os.chdir, or name it with folder="):
        look("eq-a", {"a": 1.0})
    assert str(tmp_path.resolve()) in str(pytest.raises(EquationError, look, "eq-a", {"a": 1.0}).value)


def test_a_folder_can_be_named(tmp_path, capsys):
    tmp_path.joinpath("page.md").write_text("$$ a = 1 $$ (eq-a)\n\n$$ a = 2 $$ (eq-b)\n", encoding="utf-8")
    verify("eq-a", {"a": 1.0}, folder=tmp_path)
    refute("eq-b", {"a": 1.0}, folder=str(tmp_path))
    assert re.findall("eq-. [✓✗]", capsys.readouterr().out) == ["eq-a ✓", "eq-b ✗"]
    code = "from mlbook.eqval import verify\nverify('eq-a', {'a': 1.0}, folder='elsewhere')\n"
    tmp_path.joinpath("page_equations.py").write_text(code, encoding="utf-8")
    assert bindings_of(read_text(tmp_path / "page.md"))["eq-a"].options == {}


@pytest.mark.parametrize("name, content", [
    ("page.ipynb", b""), ("page.ipynb", b"[]"), ("page.ipynb", b"{}"), ("page.ipynb", b'{"cells": [{}]}'),
    ("page.md", "ä".encode("latin-1")),
])
def test_a_file_that_cannot_be_read_is_named(name, content, tmp_path):
    tmp_path.joinpath(name).write_bytes(content)
    with pytest.raises(EquationError, match=f"{name} cannot be read"):
        equation("eq-a", folder=tmp_path)


def test_a_page_of_counts_raises_where_there_is_nothing_to_count(tmp_path):
    "The cell of 19_errata that counts the entries of appendix B shows no table of zeros."
    cells = json.loads((NBS / "19_errata.ipynb").read_text(encoding="utf-8"))["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["id"] in ("errata-008", "errata-009")]
    head = "import json, re\nfrom pathlib import Path\nMarkdown = print\n"
    for folder, status in ((NBS, 0), (tmp_path, 1)):
        done = subprocess.run([sys.executable, "-X", "utf8", "-c", head + "\n".join(code)], cwd=folder, capture_output=True,
                              encoding="utf-8")
        assert done.returncode == status, done.stderr
    assert "FileNotFoundError: notes/B*.ipynb" in done.stderr and not done.stdout


# Streams


ENCODINGS = ["cp1252", "cp932", "latin-1", "ascii"]
PRINTS = """
from mlbook.eqval import check, refute, verify
print(check("y = 2 x", dict(y=2.0, x=1.0), label="eq-ä"), check("y = 2 x", dict(y=2.0, x=3.0)))
verify("eq-right", dict(y=2.0, x=1.0))
refute("eq-wrong", dict(y=2.0, x=1.0))
"""
PAGE = "$$ y = 2 x $$ (eq-right)\n\n$$ y = 3 x $$ (eq-wrong)\n\n$$ y = q x $$ (eq-α)\n"
BINDINGS = "from mlbook.eqval import verify\nfor label in ('right', 'wrong', 'α'):\n    verify('eq-' + label, dict(y=2.0, x=1.0))\n"


@pytest.fixture
def page(tmp_path):
    tmp_path.joinpath("page.md").write_text(PAGE, encoding="utf-8")
    tmp_path.joinpath("page_equations.py").write_text(BINDINGS, encoding="utf-8")
    return tmp_path


def ran(folder, encoding, *arguments):
    "The status and the output of Python, whose streams have this encoding."
    environment = os.environ | {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    done = subprocess.run([sys.executable, *arguments], cwd=folder, env=environment, capture_output=True)
    assert b"UnicodeEncodeError" not in done.stderr, done.stderr
    return done.returncode, done.stdout.decode(encoding)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_reports_are_printed_with_what_a_stream_has(encoding, page):
    page.joinpath("prints.py").write_text(PRINTS, encoding="utf-8")
    status, output = ran(page, encoding, "prints.py")
    assert status == 0 and output.count("[ok]") == 2 and output.count("[wrong]") == 2


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_the_command_line_prints_with_what_a_stream_has(encoding, page):
    status, output = ran(page, encoding, "-m", "mlbook.eqval", "page.md")
    assert status == 1 and "eq-right [ok] 1 case" in output and "eq-wrong [wrong] 2 = 3" in output
    assert output.splitlines()[-1] == "1 passed, 2 failed"


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_the_plugin_prints_with_what_a_stream_has(encoding, page):
    others = ["no:cacheprovider", "no:hypothesispytest", "no:nbval", "no:xdist", "no:anyio"]
    status, output = ran(page, encoding, "-m", "pytest", "--eqval", "-q", *(f"-p{name}" for name in others))
    assert status == 1 and "eq-wrong [wrong] 2 = 3" in output and "\\u2717" not in output


def test_a_stream_that_has_the_marks_gets_them(page):
    assert "eq-right ✓ 1 case" in ran(page, "utf-8", "-m", "mlbook.eqval", "page.md")[1]
    assert shown("✓ ✗ ä") == "✓ ✗ ä"


@pytest.mark.parametrize("cell, cells", [
    ("for name in 'ab':\n    name\nverify('eq', {})", [1]),
    ("name = 2\nverify('eq', {'a': name})", [1]),
    ("verify('eq', {'a': name})\nname = 2", [0, 1]),
    ("for name in name:\n    pass\nverify('eq', {})", [0, 1]),
    ("for name in ():\n    pass\nverify('eq', {'a': name})", [0, 1]),
    ("if 1:\n    name = 2\nverify('eq', {'a': name})", [0, 1]),
    ("name[0] = 2\nverify('eq', {'a': name})", [0, 1]),
    ("name += 2\nverify('eq', {'a': name})", [0, 1]),
    ("f = lambda: name\nname = 2\nverify('eq', {'a': f})", [0, 1]),
])
def test_a_cell_needs_no_other_for_what_it_binds_first_itself(cell, cells):
    from mlbook.eqval.bindings import needed
    assert needed(["name = 1", cell]) == cells
