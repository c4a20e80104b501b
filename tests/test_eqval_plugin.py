"""The plugin of pytest that checks equations, and the command line, on books of a few lines."""

import json
import os
import re
import subprocess
import sys

import pytest

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
    "quoted": ("> $$ a = b $$ (eq-quoted)", "", "line-1", "line 1: has no label"),
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


def run(folder, *command):
    "Exit status and output of a Python program that runs in a folder."
    environment = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "COLUMNS": "120", "PY_COLORS": "0"}
    environment = {key: value for key, value in environment.items() if not key.startswith("PYTEST_XDIST")}
    done = subprocess.run([sys.executable, *command], cwd=folder, env=environment, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def pytest_in(folder, *options):
    return run(folder, "-m", "pytest", "-q", "-rA", "-p", "pytest_eqval", *options)


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


@pytest.fixture(scope="module")
def cases_run(tmp_path_factory):
    "Exit status and output of one test run of all cases."
    folder = tmp_path_factory.mktemp("cases")
    for name, (markdown, bindings, _, _) in CASES.items():
        write(folder, name, markdown, bindings)
    return pytest_in(folder, "--eqval")


def failures(output):
    "The names of failed items, with their messages."
    parts = re.split(r"(?m)^_{3,} (\S+) _{3,}$", output.partition("== short test summary")[0])
    return list(zip(parts[1::2], parts[2::2]))


@pytest.mark.parametrize("name", CASES)
def test_an_equation_fails_when_it_should(cases_run, name):
    failing, message = CASES[name][2:]
    failed = set(re.findall(rf"(?m)^FAILED {name}\.md::(\S+)", cases_run[1]))
    assert failed == ({failing} if failing else set())
    assert not failing or any(failing == item and message in text for item, text in failures(cases_run[1]))


def test_every_display_is_an_item(cases_run):
    passed = re.findall(r"(?m)^PASSED (\S+)", cases_run[1])
    failed = re.findall(r"(?m)^FAILED (\w+)", cases_run[1])
    right = ["notation.md::line-2", "refuted.md::eq-refuted", "refuted_nonsense.md::eq-nonsense", "right.md::eq-right"]
    assert cases_run[0] == 1 and sorted(passed) == right
    assert sorted(failed) == sorted([*(name for name in CASES if CASES[name][2]), "labelled_twice"])


def test_without_the_option_nothing_is_collected(tmp_path):
    write(tmp_path, "wrong", *CASES["wrong"][:2])
    assert pytest_in(tmp_path)[0] == pytest.ExitCode.NO_TESTS_COLLECTED


def test_the_checker_is_imported_only_when_used(tmp_path):
    program = "import sys, pytest_eqval; sys.exit(not sys.modules.keys().isdisjoint({'numpy', 'lark', 'mlbook'}))"
    assert run(tmp_path, "-c", program) == (0, "")


# Notebooks

LINE = "eq-double ✓ 3 cases, largest error below 1e-09\n"


def test_a_notebook_passes_with_its_outputs_beside_nbval(tmp_path):
    cells = ["$$ y_i = 2 x_i $$ (eq-double)", (HEAD, ""), ("print('quiet')", "quiet\n")]
    cells.append((DOUBLE.format("eq-double"), LINE))
    tmp_path.joinpath("chapter.ipynb").write_text(notebook(*cells))
    status, output = pytest_in(tmp_path, "--eqval", "--nbval", "-p", "nbval.plugin")
    assert status == 0 and "4 passed" in output
    cells[-1] = (DOUBLE.format("eq-double"), LINE.replace("3", "4"))
    tmp_path.joinpath("chapter.ipynb").write_text(notebook(*cells).replace("2 x_i", "4 x_i"))
    status, output = pytest_in(tmp_path, "--eqval", "--nbval", "-p", "nbval.plugin")
    assert status == 1 and "2 failed, 2 passed" in output


@pytest.mark.parametrize(
    "cell, message",
    [
        ("x = [1]\nverify('eq-double', {'x': x[2]})", "chapter.ipynb, cell 3, line 2: IndexError: list index out"),
        ("verify('eq-double', {", "chapter.ipynb, cell 3: SyntaxError: '{' was never closed"),
        ("verify('eq-double', symbols)", "chapter.ipynb, cell 3, line 1: NameError: name 'symbols' is not defined"),
    ],
)
def test_a_cell_that_raises_is_named(tmp_path, cell, message):
    text = "first line\n\n$$ y_i = 2 x_i $$ (eq-double)\n\n$$ y_i = x_i + x_i $$ (eq-sum)"
    tmp_path.joinpath("chapter.ipynb").write_text(notebook(text, (HEAD, ""), (cell, "")))
    status, output = pytest_in(tmp_path, "--eqval")
    assert status == 1 and sum(message in text for _, text in failures(output)) == 2
    assert "(the display in chapter.ipynb, cell 1, line 3)" in output


def test_cells_that_are_no_python_or_not_needed_are_not_run(tmp_path):
    others = [("%%bash\nexit 1", ""), ("%matplotlib inline\n!false", ""), ("raise SystemExit", ""), ("x = = y", "")]
    bound = [(HEAD, ""), ("print('loud')", ""), (DOUBLE.format("eq-double"), "")]
    tmp_path.joinpath("chapter.ipynb").write_text(notebook("$$ y_i = 2 x_i $$ (eq-double)", *others, *bound))
    status, output = pytest_in(tmp_path, "--eqval", "-s")
    assert status == 0 and "loud" not in output and "✓" not in output


def test_modules_and_files_beside_the_text_are_in_reach(tmp_path):
    folder = tmp_path / "chapters"
    folder.mkdir()
    folder.joinpath("numbers_beside.py").write_text("three = 3.0")
    folder.joinpath("two.txt").write_text("2.0")
    beside = "from numbers_beside import three\nverify('eq-a', {'a': three, 'b': float(open('two.txt').read())})"
    write(folder, "text", "$$ a = b + 1 $$ (eq-a)", beside)
    assert pytest_in(tmp_path, "--eqval")[0] == 0


def test_bindings_are_those_of_the_moment(tmp_path):
    text = "$$ a = 1 $$ (eq-one)\n\n$$ a = 2 $$ (eq-two)"
    write(tmp_path, "text", text, "s = {'a': 1}\nverify('eq-one', s)\ns |= {'a': 2}\nverify('eq-two', s)")
    assert pytest_in(tmp_path, "--eqval")[0] == 0


# Mutants

SURVIVOR = "swap i and j in W_{i j}"


# Data, changes listed as equivalent, and what the message says (None where all mutants are killed or listed).
CHECKED = {
    "generic": (GENERIC, [], None),
    "symmetric": (SYMMETRIC, [], f"{SURVIVOR}: no case tells it from the equation"),
    "listed": (SYMMETRIC, [SURVIVOR], None),
    "killed": (GENERIC, [SURVIVOR], f"{SURVIVOR}: listed as equivalent, and is not"),
    "unknown": (GENERIC, ["no such change"], "no such change: listed as equivalent, and is not"),
}


@pytest.fixture(scope="module")
def checked(tmp_path_factory):
    "A folder with a text for each of these."
    folder, listed = tmp_path_factory.mktemp("mutants"), ""
    for name, (data, changes, _) in CHECKED.items():
        write(folder, name, f"$$ {PRODUCT} $$ (eq-{name})", f"{data}verify('eq-{name}', symbols)")
        listed += f"[eq-{name}]\n" + "".join(f'"{change}" = "for a reason"\n' for change in changes)
    folder.joinpath("equivalents.toml").write_text(listed)
    return folder


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
    folder.joinpath("equivalents.toml").write_text(f'[eq-m]\n"{SURVIVOR}" = "symmetric"')


def test_the_ledger_lists_every_equation_in_order(tmp_path):
    library(tmp_path)
    status, output = pytest_in(tmp_path, "--eqval-ledger", "ledger.json")
    assert status == 0 and "ledger.json: written" in output
    entries = json.loads(tmp_path.joinpath("ledger.json").read_text(encoding="utf-8"))
    assert [(entry["chapter"], entry["place"], entry["label"]) for entry in entries] == [
        ("a", 0, "eq-m"), ("b", 0, "eq-z"), ("b", 2, "eq-a")]
    first, second, third = entries
    assert first["equivalents"] == {SURVIVOR: "symmetric"} and third["equivalents"] == {}
    assert (second["cases"], second["error"], second["kind"]) == (3, "below 1e-09", "definition")
    assert all(entry["mutants"] > 1 for entry in entries)
    assert set(first) == {"chapter", "place", "label", "kind", "cases", "error", "mutants", "equivalents"}


def test_the_ledger_says_how_wrong_a_refuted_equation_is(tmp_path):
    write(tmp_path, "a", "$$ y_i = x_i + 1 $$ (eq-one)", NOT_DOUBLE.format("eq-one", ""))
    pytest_in(tmp_path, "--eqval-ledger", "ledger.json")
    [entry] = json.loads(tmp_path.joinpath("ledger.json").read_text(encoding="utf-8"))
    assert (entry["kind"], entry["cases"], entry["mutants"]) == ("refuted", 3, 0)
    assert entry["error"] == "2 of 3 cases fail, by up to 0.33 of the largest number"


def test_xdist_writes_the_same_ledger(tmp_path):
    library(tmp_path)
    pytest_in(tmp_path, "--eqval-ledger", "one.json")
    several = "-p", "xdist.plugin", "-n", "2", "--dist", "loadfile"
    status, output = pytest_in(tmp_path, "--eqval-ledger", "two.json", *several)
    assert status == 0 and "two.json: written" in output
    assert tmp_path.joinpath("one.json").read_bytes() == tmp_path.joinpath("two.json").read_bytes()
    status, output = pytest_in(tmp_path, "--eqval-ledger", "two.json", *several, "-k", "eq-m or eq-z")
    assert status == 0 and "two.json: left as it was, since 2 of 4 equations were not checked" in output
    assert tmp_path.joinpath("one.json").read_bytes() == tmp_path.joinpath("two.json").read_bytes()


@pytest.mark.parametrize(
    "options, reason",
    [
        (["-k", "eq-z"], "3 of 4 equations were not checked"),
        (["b.md::eq-a"], "only a part was asked for"),
        (["--lf"], "only a part was asked for"),
        (["--collect-only"], "4 of 4 equations were not checked"),
    ],
)
def test_the_ledger_of_a_part_is_not_written(tmp_path, options, reason):
    library(tmp_path)
    tmp_path.joinpath("ledger.json").write_text("old")
    _, output = pytest_in(tmp_path, "--eqval-ledger", "ledger.json", *options)
    assert f"ledger.json: left as it was, since {reason}" in output
    assert tmp_path.joinpath("ledger.json").read_text() == "old"


def test_the_ledger_of_a_run_that_fails_is_not_written(tmp_path):
    library(tmp_path)
    tmp_path.joinpath("equivalents.toml").unlink()
    status, output = pytest_in(tmp_path, "--eqval-ledger", "ledger.json")
    assert status == 1 and "ledger.json: left as it was, since the run did not pass" in output
    assert not list(tmp_path.glob("*.json*"))


def test_a_ledger_in_no_folder_is_refused_at_once(tmp_path):
    library(tmp_path)
    status, output = pytest_in(tmp_path, "--eqval-ledger", "nowhere/ledger.json")
    assert status == pytest.ExitCode.USAGE_ERROR and "nowhere/ledger.json: there is no such folder" in output


# The command line


@pytest.mark.parametrize(
    "lines",
    [
        {"right": "eq-right ✓ 3 cases, largest error below 1e-09", "notation": "line 2: notation, names a shape"},
        {"wrong": "eq-wrong ✗ at i = 0: 2 = 3 fails, in line 1: 3 x_i", "unlabelled": "line 3: has no label"},
        {"unreadable": "eq-unreadable: cannot read this", "bug": "eq-bug: AttributeError", "missing": "missing.md: [Err"},
        {"broken": "broken.md: broken_equations.py, line 5: ZeroDivisionError", "unbound": "eq-unbound: its symbols"},
    ],
)
def test_the_command_line(tmp_path, lines):
    for name in lines.keys() & CASES:
        write(tmp_path, name, *CASES[name][:2])
    status, output = run(tmp_path, "-m", "mlbook.eqval", *(f"{name}.md" for name in lines))
    assert all(line in output for line in lines.values())
    well = len(lines) if "right" in lines else 0
    assert status == (not well) and output.endswith(f"{well} well, {len(lines) - well} not\n")


def test_the_command_line_shows_what_is_refuted(tmp_path):
    write(tmp_path, "a", "$$ y_i = x_i + 1 $$ (eq-one)", NOT_DOUBLE.format("eq-one", ""))
    status, output = run(tmp_path, "-m", "mlbook.eqval", "a.md")
    assert status == 0 and "eq-one ✗ 2 of 3 cases fail" in output and "1 well, 0 not" in output


def test_the_command_line_makes_mutants_and_explains_itself(checked):
    assert run(checked, "-m", "mlbook.eqval", "symmetric.md")[0] == 0
    status, output = run(checked, "-m", "mlbook.eqval", "generic.md", "symmetric.md", "--mutants")
    assert status == 1 and re.search(r"eq-generic ✓ .*, \d+ mutants\n", output) and SURVIVOR in output and "1 well, 1 not" in output
    status, output = run(checked, "-m", "mlbook.eqval")
    assert status == 2 and "usage: python -m mlbook.eqval" in output
