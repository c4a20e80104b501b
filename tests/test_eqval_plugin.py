"""The plugin of pytest that checks equations, and the command line, on books of a few lines."""

import json
import os
import re
import subprocess
import sys

import pytest
from mlbook.eqval import verdicts  # loaded before the runs, each of which forgets what it loads itself
from mlbook.eqval.__main__ import main

assert verdicts
pytest_plugins = "pytester"

HEAD = "import numpy as np\nfrom mlbook.eqval import refute, verify\nrng = np.random.default_rng(0)\n"
PRODUCT = r"y_i = \sum_{j=0}^{2} W_{ij} x_j"
SYMBOLS = "w = rng.normal(size=({}, 3))\nsymbols = dict(W=w, x=rng.normal(size=3), y=lambda W, x: W @ x)\n"
GENERIC, SYMMETRIC = SYMBOLS.format(4), SYMBOLS.format(3) + "symbols['W'] = w + w.T\n"
DOUBLE = "verify('{0}', dict(x=np.arange(1.0, 4.0), y=lambda x: 2 * x))\n"
NOT_DOUBLE = "refute('{0}', dict(x=np.arange(1.0, 4.0), y=lambda x: 2 * x), match='{1}')\n"

# Markdown, bindings, the item that fails ("" where all pass), and what its message says.
CASES = {
    "right": ("$$ y_i = 2 x_i $$ (eq-right)", DOUBLE.format("eq-right"), "", ""),
    "wrong": ("text\n\n$$\ny_i = 3 x_i\n$$ (eq-wrong)", DOUBLE.format("eq-wrong"), "eq-wrong",
              "eq-wrong ✗ at i = 0: 2 = 3 fails, in line 1: 3 x_i\n(the display in wrong.md, line 3)"),
    "attribute": ("$$ y_i = 3 x_i $$ (eq-attribute)", "import mlbook.eqval\nmlbook.eqval." + DOUBLE.format("eq-attribute"),
                  "eq-attribute", "2 = 3 fails"),
    "unbound": ("$$ a = b $$ (eq-unbound)", "", "eq-unbound", "eq-unbound: its symbols are bound to nothing"),
    "nothing_beside": ("$$ a = b $$ (eq-alone)", None, "eq-alone", "eq-alone: its symbols are bound to nothing"),
    "unlabelled": ("\n\n$$ a = b $$", "", "line-3", "line 3: has no label, and is not marked as notation"),
    "quoted": ("> $$ y_i = 3 x_i $$ (eq-quoted)", DOUBLE.format("eq-quoted"), "eq-quoted", "2 = 3 fails"),
    "behind": ("so $$ a = b $$ (eq-behind)", "", "eq-behind", "its symbols are bound to nothing"),
    "notation": ("% notation: names a shape\n$$ a : b $$", "", "", ""),
    "no_reason": ("% notation:\n$$ a : b $$", "", "line-2", "line 2: has no label"),
    "bound_twice": ("$$ y_i = 2 x_i $$ (eq-twice)", DOUBLE.format("eq-twice") * 2, "eq-twice",
                    "bound_twice.md: two bindings are for the label eq-twice"),
    "labelled_twice": ("$$ y_i = 2 x_i $$ (eq-same)\n\n$$ y_i = 2 x_i $$ (eq-same)", DOUBLE.format("eq-same"),
                       "eq-same", "labelled_twice.md: two displays have the label eq-same"),
    "stale": ("$$ y_i = 2 x_i $$ (eq-new)", DOUBLE.format("eq-new") + DOUBLE.format("eq-old"), "eq-new",
              "stale.md: no display has the label eq-old"),
    "only_bindings": ("No equation.", DOUBLE.format("eq-gone"), "line-1",
                      "only_bindings.md: no display has the label eq-gone"),
    "broken": ("$$ a = b $$ (eq-broken)", "\nverify('eq-broken', {'a': 1 / 0})", "eq-broken",
               "broken_equations.py, line 5: ZeroDivisionError: division by zero"),
    "syntax": ("$$ a = b $$ (eq-syntax)", "verify('eq-syntax', {", "eq-syntax",
               "syntax_equations.py: SyntaxError: '{' was never closed"),
    "unreadable": ("$$\na = b\n+ @ c\n$$ (eq-unreadable)", "verify('eq-unreadable', dict(a=1, b=1))",
                   "eq-unreadable", "cannot read this\n+ @ c\n  ^\n"),
    "bug": ("$$ y = f(x) $$ (eq-bug)", "verify('eq-bug', dict(x=1.0, y=1.0, f=lambda number: number.nothing))",
            "eq-bug", "AttributeError"),
    "directive": ("```{math}\n:label: eq-directive\ny_i = 3 x_i\n```", DOUBLE.format("eq-directive"),
                  "eq-directive", "2 = 3 fails"),
    "ams": ("\\begin{align}\ny_i &= x_i + x_i \\label{eq-ams} \\\\\n&= 3 x_i\n\\end{align}", DOUBLE.format("eq-ams"),
            "eq-ams", "2 = 3 fails, in line 2: 3 x_i"),
    "inside_note": ("```{note}\n$$ y_i = 3 x_i $$ (eq-note)\n```\n", DOUBLE.format("eq-note"), "eq-note", "2 = 3 fails"),
    "refuted": ("$$ y_i = 3 x_i $$ (eq-refuted)", NOT_DOUBLE.format("eq-refuted", ""), "", ""),
    "refuted_right": ("$$ y_i = 2 x_i $$ (eq-holds)", NOT_DOUBLE.format("eq-holds", ""), "eq-holds",
                      "eq-holds ✓ 3 cases, largest error below 1e-09, and was to fail"),
    "refuted_slip": ("$$ y_i = q x_i $$ (eq-slip)", NOT_DOUBLE.format("eq-slip", ""), "eq-slip", "q"),
    "refuted_nonsense": ("$$ y_i = q x_i $$ (eq-nonsense)", NOT_DOUBLE.format("eq-nonsense", "q"), "", ""),
    "refuted_otherwise": ("$$ y_i = q x_i $$ (eq-other)", NOT_DOUBLE.format("eq-other", "no such words"), "eq-other",
                          "('no such words' was expected)"),
    "refuted_nothing": ("$$ q_i = 2 x_i $$ (eq-no-case)", NOT_DOUBLE.format("eq-no-case", ""), "eq-no-case",
                        "nothing was compared\n('a case that fails' was expected)"),
    "code": ("```\n$$ a = b $$ (eq-code)\n```\n~~~python\n$$ c\n~~~\n`$$`\n<!-- $$ a $$ -->\n", None, "", ""),
}


def write(folder, name, markdown, bindings):
    folder.joinpath(f"{name}.md").write_text(markdown, encoding="utf-8")
    if bindings is not None:
        folder.joinpath(f"{name}_equations.py").write_text(HEAD + bindings, encoding="utf-8")


OPTIONS = "-rA", "-p", "pytest_eqval"


@pytest.fixture
def book(pytester, monkeypatch):
    "A folder, in which pytest runs without the plugins of other packages, and apart from the run of this test."
    for key in [key for key in os.environ if key.startswith("PYTEST_XDIST")]:
        monkeypatch.delenv(key)
    for key, value in {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "COLUMNS": "120", "PY_COLORS": "0"}.items():
        monkeypatch.setenv(key, value)
    return pytester


def pytest_in(book, *options, run="runpytest_inprocess"):
    "Exit status and output of pytest in the folder of a book."
    result = getattr(book, run)(*OPTIONS, *options)
    return result.ret, result.stdout.str() + result.stderr.str()


def notebook(*cells):
    "A notebook of Markdown cells (text) and code cells (pairs of code and printed output)."
    made = []
    for cell in cells:
        source, *printed = cell if isinstance(cell, tuple) else [cell]
        outputs = [dict(output_type="stream", name="stdout", text=text) for text in printed if text]
        code = dict(cell_type="code", execution_count=1, outputs=outputs)
        made.append(dict(metadata={}, source=source) | (code if printed else dict(cell_type="markdown")))
    kernel = dict(display_name="Python 3", language="python", name="python3")
    return json.dumps(dict(cells=made, metadata=dict(kernelspec=kernel), nbformat=4, nbformat_minor=4))


def failures(output):
    "The names of failed items, with their messages."
    parts = re.split(r"(?m)^_{3,} (\S+) _{3,}$", output.partition("== short test summary")[0])
    return list(zip(parts[1::2], parts[2::2]))


@pytest.mark.parametrize("name", CASES)
def test_an_equation_fails_when_it_should(book, name):
    markdown, bindings, failing, message = CASES[name]
    write(book.path, name, markdown, bindings)
    output = pytest_in(book, "--eqval")[1]
    failed = set(re.findall(rf"(?m)^FAILED {name}\.md::(\S+)", output))
    assert failed == ({failing} if failing else set())
    assert not failing or any(failing == item and message in text for item, text in failures(output))


def test_every_display_is_an_item(book):
    for name, (markdown, bindings, _, _) in CASES.items():
        write(book.path, name, markdown, bindings)
    status, output = pytest_in(book, "--eqval")
    passed = re.findall(r"(?m)^PASSED (\S+)", output)
    failed = re.findall(r"(?m)^FAILED (\w+)", output)
    right = ["notation.md::line-2", "refuted.md::eq-refuted", "refuted_nonsense.md::eq-nonsense", "right.md::eq-right"]
    assert status == 1 and sorted(passed) == right
    assert sorted(failed) == sorted([*(name for name in CASES if CASES[name][2]), "labelled_twice"])


def test_without_the_option_nothing_is_collected(book):
    write(book.path, "wrong", *CASES["wrong"][:2])
    assert pytest_in(book)[0] == pytest.ExitCode.NO_TESTS_COLLECTED


HEAVY = "numpy", "lark", "mlbook"


@pytest.mark.parametrize("options, expected", [([], []), (["--eqval"], [*HEAVY])])
def test_nothing_heavy_is_imported_without_the_option(book, options, expected):
    "In a process of its own, into which no other test has loaded anything."
    write(book.path, "right", *CASES["right"][:2])
    book.makeconftest(f"""
        import sys

        def pytest_unconfigure():
            print("heavy", [name for name in {HEAVY} if name in sys.modules])
    """)
    output = subprocess.run([sys.executable, "-m", "pytest", "-s", "-p", "pytest_eqval", *options],
                            cwd=book.path, capture_output=True, encoding="utf-8").stdout
    assert f"heavy {expected}" in output


# Notebooks

LINE = "eq-double ✓ 3 cases, largest error below 1e-09\n"


def test_a_notebook_passes_with_its_outputs_beside_nbval(book):
    cells = ["$$ y_i = 2 x_i $$ (eq-double)", (HEAD, ""), ("print('quiet')", "quiet\n")]
    right, wrong = [[*cells, (DOUBLE.format("eq-double"), line)] for line in (LINE, LINE.replace("3", "4"))]
    book.path.joinpath("right.ipynb").write_text(notebook(*right), encoding="utf-8")
    book.path.joinpath("wrong.ipynb").write_text(notebook(*wrong).replace("2 x_i", "4 x_i"), encoding="utf-8")
    status, output = pytest_in(book, "--eqval", "--nbval", "-p", "nbval.plugin", "-rf", run="runpytest_subprocess")
    assert status == 1 and "2 failed, 6 passed" in output
    assert len(re.findall(r"^FAILED wrong\.ipynb", output, re.MULTILINE)) == 2


@pytest.mark.parametrize(
    "cell, message",
    [
        ("x = [1]\nverify('eq-double', {'x': x[2]})", "chapter.ipynb, cell 3, line 2: IndexError: list index out"),
        ("verify('eq-double', {", "chapter.ipynb, cell 3: SyntaxError: '{' was never closed"),
        ("verify('eq-double', symbols)", "chapter.ipynb, cell 3, line 1: NameError: name 'symbols' is not defined"),
    ],
)
def test_a_cell_that_raises_is_named(book, cell, message):
    text = "first line\n\n$$ y_i = 2 x_i $$ (eq-double)\n\n$$ y_i = x_i + x_i $$ (eq-sum)"
    book.path.joinpath("chapter.ipynb").write_text(notebook(text, (HEAD, ""), (cell, "")), encoding="utf-8")
    status, output = pytest_in(book, "--eqval")
    assert status == 1 and sum(message in text for _, text in failures(output)) == 2
    assert "(the display in chapter.ipynb, cell 1, line 3)" in output


def test_cells_that_are_no_python_or_not_needed_are_not_run(book):
    others = [("%%bash\nexit 1", ""), ("%matplotlib inline\n!false", ""), ("raise SystemExit", ""), ("x = = y", "")]
    bound = [(HEAD, ""), ("print('loud')", ""), (DOUBLE.format("eq-double"), "")]
    book.path.joinpath("chapter.ipynb").write_text(notebook("$$ y_i = 2 x_i $$ (eq-double)", *others, *bound), encoding="utf-8")
    status, output = pytest_in(book, "--eqval", "-s")
    assert status == 0 and "loud" not in output and "✓" not in output


def test_modules_and_files_beside_the_text_are_in_reach(book):
    folder = book.path / "chapters"
    folder.mkdir()
    folder.joinpath("numbers_beside.py").write_text("three = 3.0", encoding="utf-8")
    folder.joinpath("two.txt").write_text("2.0", encoding="utf-8")
    beside = "from numbers_beside import three\nverify('eq-a', {'a': three, 'b': float(open('two.txt').read())})"
    write(folder, "text", "$$ a = b + 1 $$ (eq-a)", beside)
    assert pytest_in(book, "--eqval")[0] == 0


def test_bindings_are_those_of_the_moment(book):
    text = "$$ a = 1 $$ (eq-one)\n\n$$ a = 2 $$ (eq-two)"
    write(book.path, "text", text, "s = {'a': 1}\nverify('eq-one', s)\ns |= {'a': 2}\nverify('eq-two', s)")
    assert pytest_in(book, "--eqval")[0] == 0


# Mutants

SURVIVOR = "swap i and j in W_{i j}"


# Data, changes listed as equivalent, and what the message says (None where all mutants are killed or listed).
CHECKED = {
    "generic": (GENERIC, [], None),
    "symmetric": (SYMMETRIC, [], f"{SURVIVOR}: no case tells it from the equation"),
    "listed": (SYMMETRIC, [SURVIVOR], None),
    "killed": (GENERIC, [SURVIVOR], f"{SURVIVOR}: listed, and no longer so"),
    "unknown": (GENERIC, ["no such change"], "no such change: listed, and no longer so"),
}


@pytest.fixture
def checked(book):
    "A folder with a text for each of these."
    listed = ""
    for name, (data, changes, _) in CHECKED.items():
        write(book.path, name, f"$$ {PRODUCT} $$ (eq-{name})", f"{data}verify('eq-{name}', symbols)")
        listed += f"[eq-{name}]\n" + "".join(f'"{change}" = "for a reason"\n' for change in changes)
    book.path.joinpath("equivalents.toml").write_text(listed, encoding="utf-8")
    return book


def test_mutants_are_killed_or_listed(checked):
    assert pytest_in(checked, "--eqval")[0] == 0
    status, output = pytest_in(checked, "--eqval-mutants")
    assert status == 1 and len(failures(output)) == 3 and "3 failed, 2 passed" in output
    for item, text in failures(output):
        assert CHECKED[item.removeprefix("eq-")][2] in text


# The ledger


def library(folder):
    "A book with three equations in two chapters, named against the order of their labels."
    text = "$$ y_i = 2 x_i $$ (eq-z)\n\n% notation: a shape\n$$ a : b $$\n\n$$ y_i = x_i + x_i $$ (eq-a)"
    write(folder, "b", text, DOUBLE.format("eq-z") + DOUBLE.format("eq-a"))
    write(folder, "a", f"$$ {PRODUCT} $$ (eq-m)", SYMMETRIC + "verify('eq-m', symbols)")
    folder.joinpath("equivalents.toml").write_text(f'[eq-m]\n"{SURVIVOR}" = "symmetric"', encoding="utf-8")


def test_the_ledger_lists_every_equation_in_order(book):
    library(book.path)
    status, output = pytest_in(book, "--eqval-ledger", "ledger.json")
    assert status == 0 and "ledger.json: written" in output
    entries = json.loads(book.path.joinpath("ledger.json").read_text(encoding="utf-8"))
    assert [(entry["chapter"], entry["place"], entry["label"]) for entry in entries] == [
        ("a", 0, "eq-m"), ("b", 0, "eq-z"), ("b", 2, "eq-a")]
    first, second, third = entries
    assert first["equivalents"] == {SURVIVOR: "symmetric"} and third["equivalents"] == {}
    assert (second["cases"], second["error"], second["kind"]) == (3, "below 1e-09", "definition")
    assert all(entry["mutants"] > 1 for entry in entries)
    assert set(first) == {"chapter", "place", "label", "kind", "cases", "error", "mutants", "equivalents", "evidence"}


def test_the_ledger_has_a_line_for_each_equation_and_tells_folders_apart(book):
    for folder in ("nbs", "nbs/notes"):
        book.path.joinpath(folder).mkdir()
        write(book.path / folder, "a", "$$ y_i = 2 x_i $$ (eq-one)", DOUBLE.format("eq-one"))
    assert pytest_in(book, "--eqval-ledger", "ledger.json", "nbs")[0] == 0
    text = book.path.joinpath("ledger.json").read_text(encoding="utf-8")
    assert [entry["chapter"] for entry in json.loads(text)] == ["a", "notes/a"]
    assert [line[:2] for line in text.splitlines()] == ["[", " {", " {", "]"]


def test_the_ledger_says_how_wrong_a_refuted_equation_is(book):
    write(book.path, "a", "$$ y_i = x_i + 1 $$ (eq-one)", NOT_DOUBLE.format("eq-one", ""))
    pytest_in(book, "--eqval-ledger", "ledger.json")
    [entry] = json.loads(book.path.joinpath("ledger.json").read_text(encoding="utf-8"))
    assert (entry["kind"], entry["cases"], entry["mutants"]) == ("refuted", 3, 0)
    assert entry["error"] == "2 of 3 cases fail, with errors up to 0.33"


def test_xdist_writes_the_same_ledger(book):
    library(book.path)
    pytest_in(book, "--eqval-ledger", "one.json")
    several = ["-p", "xdist.plugin", "-n", "2", "--dist", "loadfile"]
    part = [*several, "-k", "eq-m or eq-z"]
    status, output = pytest_in(book, "--eqval-ledger", "two.json", *several, run="runpytest_subprocess")
    assert status == 0 and "two.json: written" in output
    assert book.path.joinpath("one.json").read_bytes() == book.path.joinpath("two.json").read_bytes()
    status, output = pytest_in(book, "--eqval-ledger", "two.json", *part, run="runpytest_subprocess")
    assert status == 0 and "two.json: left as it was, since 2 of 4 equations were not checked" in output
    assert book.path.joinpath("one.json").read_bytes() == book.path.joinpath("two.json").read_bytes()


@pytest.mark.parametrize(
    "options, reason",
    [
        (["-k", "eq-z"], "3 of 4 equations were not checked"),
        (["b.md::eq-a"], "only a part was asked for"),
        (["--lf"], "only a part was asked for"),
        (["--collect-only"], "4 of 4 equations were not checked"),
    ],
)
def test_the_ledger_of_a_part_is_not_written(book, options, reason):
    library(book.path)
    book.path.joinpath("ledger.json").write_text("old", encoding="utf-8")
    _, output = pytest_in(book, "--eqval-ledger", "ledger.json", *options)
    assert f"ledger.json: left as it was, since {reason}" in output
    assert book.path.joinpath("ledger.json").read_text(encoding="utf-8") == "old"


def test_the_ledger_of_a_run_that_fails_is_not_written(book):
    library(book.path)
    book.path.joinpath("equivalents.toml").unlink()
    status, output = pytest_in(book, "--eqval-ledger", "ledger.json")
    assert status == 1 and "ledger.json: left as it was, since the run did not pass" in output
    assert not list(book.path.glob("*.json*"))


def test_a_ledger_in_no_folder_is_refused_at_once(book):
    library(book.path)
    status, output = pytest_in(book, "--eqval-ledger", "nowhere/ledger.json")
    assert status == pytest.ExitCode.USAGE_ERROR and "nowhere/ledger.json: there is no such folder" in output


# The command line


@pytest.mark.parametrize(
    "lines",
    [
        {"right": "right.md:1: eq-right ✓ 3 cases, largest error below 1e-09", "notation": "notation.md:2: line 2: notation, names a shape"},
        {"wrong": "eq-wrong ✗ at i = 0: 2 = 3 fails, in line 1: 3 x_i", "unlabelled": "line 3: has no label"},
        {"unreadable": "eq-unreadable: cannot read this", "bug": "eq-bug: the function of f raises AttributeError", "missing": "missing.md:1: No such file"},
        {"broken": "broken.md:1: broken_equations.py, line 5: ZeroDivisionError", "unbound": "eq-unbound: its symbols"},
    ],
)
def test_the_command_line(book, capsys, lines):
    for name in lines.keys() & CASES:
        write(book.path, name, *CASES[name][:2])
    status, output = main([f"{name}.md" for name in lines]), capsys.readouterr().out
    assert all(line in output for line in lines.values())
    ends = {"right": (0, "1 passed, 0 failed, 1 notation"), "unreadable": (2, "0 passed, 2 failed, 1 unreadable")}
    expected, count = next((ends[name] for name in lines if name in ends), (1, "0 passed, 2 failed"))
    assert status == expected and output.endswith(f"{count}\n")


def test_the_command_line_shows_what_is_refuted(book, capsys):
    write(book.path, "a", "$$ y_i = x_i + 1 $$ (eq-one)", NOT_DOUBLE.format("eq-one", ""))
    status, output = main(["a.md"]), capsys.readouterr().out
    assert status == 0 and "eq-one ✗ 2 of 3 cases fail" in output and "1 passed, 0 failed" in output


def test_the_command_line_makes_mutants(checked, capsys):
    assert main(["symmetric.md"]) == 0
    capsys.readouterr()
    status, output = main(["generic.md", "symmetric.md", "--mutants"]), capsys.readouterr().out
    assert status == 1 and re.search(r"eq-generic ✓ .*, \d+ mutants\n", output) and SURVIVOR in output and "1 passed, 1 failed" in output


def test_the_command_line_explains_itself():
    done = subprocess.run([sys.executable, "-m", "mlbook.eqval"], capture_output=True, encoding="utf-8")
    assert done.returncode == 2 and "usage: python -m mlbook.eqval" in done.stderr


# Other formats, and displays that nothing binds


@pytest.mark.parametrize("ending, text", [
    (".tex", "\\[ y_i = 2 x_i \\label{eq:a} \\]\n\\[ c = d \\]"), (".qmd", "$$ y_i = 2 x_i $$ {#eq:a}\n\n$$ c = d $$\n"),
    (".rst", ".. math::\n   :label: eq:a\n\n   y_i = 2 x_i\n\n.. math:: c = d\n"),
])
def test_displays_of_other_formats_are_items_too(book, ending, text):
    write(book.path, "page", "", DOUBLE.format("eq:a"))
    book.path.joinpath("page.md").rename(book.path / f"page{ending}")
    book.path.joinpath(f"page{ending}").write_text(text, encoding="utf-8")
    status, output = pytest_in(book, "--eqval")
    assert status == 1 and "1 failed, 1 passed" in output and "has no label" in output
    status, output = pytest_in(book, "--eqval-bound")
    assert status == 0 and "1 passed, 1 skipped" in output
    book.path.joinpath(f"page{ending}").write_text(text.replace("2 x", "3 x"), encoding="utf-8")
    assert pytest_in(book, "--eqval-bound")[0] == 1


def test_a_file_of_commands_that_is_not_there_is_refused_at_once(book):
    status, output = pytest_in(book, "--eqval-macros", "nothing.tex")
    assert status == pytest.ExitCode.USAGE_ERROR and "nothing.tex: there is no such file" in output
