"""The notebooks keep the book's form, and the judge of their outputs can fail."""

import ast
import itertools
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
import yaml
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from mlbook._moving import moving_picture

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "nbs").rglob("*.ipynb"))
TAGS = {"show-input", "hide-cell", "hide-input", "hide-output", "remove-cell", "remove-input", "remove-output"}
TAGS |= {"exercise", "photograph", "nbval-ignore-output", "nbval-raises-exception", "raises-exception"}


def text_output(text):
    return [new_output("stream", name="stdout", text=text)]


def picture_output(kind):
    return [new_output("display_data", data={kind: "other pixels", "text/plain": "<IPython.core.display.SVG object>"})]


SHOW = 'from IPython.display import SVG, display; display(SVG("<svg xmlns=\'http://www.w3.org/2000/svg\'/>"))'
CELLS = {
    "right": ("PASSED", "print(12)", text_output("12\n")),
    "tampered digit": ("FAILED", "print(12)", text_output("13\n")),
    "new output": ("FAILED", "print(12); print(34)", text_output("12\n")),
    "deleted output": ("FAILED", "print(12)", []),
    "output that no longer comes": ("FAILED", "number = 12", text_output("12\n")),
    "raises": ("FAILED", "assert 12 == 13", []),
    "value": ("PASSED", "12", [new_output("execute_result", data={"text/plain": "12"})]),
    "tampered value": ("FAILED", "12", [new_output("execute_result", data={"text/plain": "13"})]),
    "value hidden by a semicolon": ("PASSED", "12;", []),
    "same picture, other pixels": ("PASSED", SHOW, picture_output("image/svg+xml")),
    "deleted picture": ("FAILED", SHOW, []),
    "picture that no longer comes": ("FAILED", "number = 12", picture_output("image/svg+xml")),
    "picture of another kind": ("FAILED", SHOW, picture_output("image/png")),
}


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory):
    "What nbval, with the notebooks' own conftest.py, says of each cell; and the exit code."
    folder = tmp_path_factory.mktemp("nbs")
    shutil.copy(ROOT / "nbs" / "conftest.py", folder)
    cells = [new_code_cell(source, outputs=outputs) for _, source, outputs in CELLS.values()]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": kernel}), folder / "judged.ipynb")
    command = [sys.executable, "-m", "pytest", "--nbval", "-rA", "-p", "no:cacheprovider", "judged.ipynb"]
    done = subprocess.run(command, cwd=folder, encoding="utf-8", capture_output=True)
    lines = re.findall(r"^(PASSED|FAILED|ERROR) judged.ipynb::Cell (\d+)", done.stdout, re.MULTILINE)
    return {int(number): verdict for verdict, number in lines}, done


@pytest.mark.parametrize("case", CELLS)
def test_the_judge_of_outputs(verdicts, case):
    given, done = verdicts
    assert given.get(list(CELLS).index(case)) == CELLS[case][0], done.stdout
    assert done.returncode == 1


def recipe_of(*settings):
    "What `make test` would run, whatever it is that runs this test."
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("MAKE", "MFLAGS", "PART"))}
    command = ["make", "-n", "test", *settings]
    return subprocess.run(command, cwd=ROOT, env=kept, encoding="utf-8", capture_output=True, check=True).stdout


def test_make_test_judges_the_notebooks():
    recipe = recipe_of()
    assert re.search(r"pytest\b.*--nbval .*\bnbs\b.*\btests$", recipe, re.MULTILINE)


@pytest.mark.parametrize("part", ["nbs", "site", "eqval", "package", "nbs/05_dense.ipynb", "nbs/a b.ipynb"])
def test_a_part_of_make_test_is_some_of_its_paths(part):
    recipe = recipe_of(f"PART={part}")
    paths = {path for path in shlex.split(recipe) if path.partition("/")[0] in ("nbs", "tests")}
    tests = {path.relative_to(ROOT).as_posix() for path in (ROOT / "tests").glob("test_*.py")}
    eqval = {path for path in tests if "eqval" in path}
    named = {"nbs": {"nbs"}, "site": {"tests/site"}, "eqval": {"nbs/eqval", *eqval}, "package": tests - eqval}
    assert paths == named.get(part, {part})


def directives(cell):
    return dict(re.findall(r"^#\| *([a-z_-]+):? *(.*)$", cell.source, re.MULTILINE))


def without_code(text):
    "Markdown without its code blocks and code spans."
    return re.sub(r"`[^`\n]+`", "", re.sub(r"^(```+)(?!\{).*?^\1", "", text, flags=re.MULTILINE | re.DOTALL))


def displays(text):
    "What follows each display equation on its line: its label, in parentheses."
    return [tail.strip() for tail in re.findall(r"\$\$(?s:.*?)\$\$(.*)", without_code(text))]


def unlabelled(text):
    return [tail for tail in displays(text) if not re.fullmatch(r"\(eq-[a-z0-9-]+\)", tail)]


def faults(notebook):
    "What is wrong with a notebook's form."
    found = []
    first = notebook.cells[0] if notebook.cells else new_markdown_cell()
    if first.cell_type != "markdown" or not first.source.startswith("# "):
        found.append("the first cell has no title")
    for number, cell in enumerate(notebook.cells):
        if set(cell.metadata) - {"tags", "mystnb"} or set(cell.metadata.get("tags", [])) - TAGS:
            found.append(f"cell {number}: metadata {dict(cell.metadata)}")
        if cell.cell_type == "markdown":
            found += [f"cell {number}: a display equation without a label: {tail}" for tail in unlabelled(cell.source)]
            if re.search(r"\\begin\{(align|equation|gather)\*?\}|```\{math\}", without_code(cell.source)):
                found.append(f"cell {number}: a display that is not written with $$")
        if cell.cell_type == "code":
            found += [f"cell {number}: {fault}" for fault in code_faults(cell)]
    return found


def long_functions(source):
    "Functions and methods of more than 30 lines, blank ones not counted; a class or a table may be longer."
    lines = ["" if line.startswith(("%", "!")) else line for line in source.splitlines()]
    for node in ast.walk(ast.parse("\n".join(lines))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = sum(bool(line.strip()) for line in lines[node.lineno - 1 : node.end_lineno])
            if length > 30:
                yield f"{node.name} has {length} lines"


def code_faults(cell):
    notes = directives(cell)
    found = list(long_functions(cell.source))
    if cell.execution_count is not None or any(output.get("execution_count") is not None for output in cell.outputs):
        found.append("an execution count")
    streams = [output.get("name") for output in cell.outputs]
    if any(name and name == after for name, after in itertools.pairwise(streams)):
        found.append("a print in pieces, of which each has a box on the page")
    moving = [output for output in cell.outputs if '<div class="moving"' in output.get("data", {}).get("text/html", "")]
    pictures = moving + [output for output in cell.outputs if any(kind.startswith("image/") for kind in output.get("data", {}))]
    hidden = "hide" in notes or {"hide-cell", "remove-cell", "remove-output"} & set(cell.metadata.get("tags", []))
    if "fig-cap" in notes or (pictures and not hidden):
        found += [f"a figure without {key}" for key in ("fig-cap", "fig-alt", "label") if not (notes.get(key) or moving and key == "fig-alt")]
        if not notes.get("label", "fig-").startswith("fig-"):
            found.append(f"a figure with the label {notes['label']}")
        if len(pictures) != 1 or len(cell.outputs) != 1:
            found.append(f"a figure cell with {len(pictures)} pictures in {len(cell.outputs)} outputs")
    return found


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_keeps_the_form(path):
    found = faults(nbformat.read(path, as_version=4))
    assert not found, "\n".join(found)


def figure_cell(*notes):
    return new_code_cell("\n".join([*notes, "draw()"]), outputs=picture_output("image/svg+xml"))


def moving_cell(*notes):
    shown = new_output("execute_result", data={"text/html": moving_picture(["<g/>"], ["One."], size=(1, 1), label="A").html})
    return new_code_cell("\n".join([*notes, "moving_picture()"]), outputs=[shown])


@pytest.mark.parametrize(
    "cell, fault",
    [
        (new_code_cell("%time\ndef f():\n" + "    x = 1\n\n" * 30), "f has 31 lines"),
        (new_code_cell("class A:\n    def g(self):\n" + "        x = 1\n" * 30), "g has 31 lines"),
        (new_code_cell("x = 1", execution_count=3), "an execution count"),
        (new_code_cell("x = 1", metadata={"collapsed": True}), "metadata"),
        (new_code_cell("print(1)", outputs=[*text_output("1"), *text_output("\n")]), "a print in pieces"),
        (new_code_cell("x = 1", metadata={"tags": ["hide-sell"]}), "hide-sell"),
        (new_markdown_cell("So\n\n$$\nx = 1\n$$\n\nand"), "without a label"),
        (new_markdown_cell("$$x = 1$$ (eq-one)\n\n$$x = 2$$ (two)"), "without a label: .two."),
        (new_markdown_cell(r"$$\begin{align} x &= 1 \end{align}$$ (eq-one)"), "not written with"),
        (figure_cell("#| label: fig-a", "#| fig-cap: A."), "without fig-alt"),
        (figure_cell("#| fig-alt: B.", "#| fig-cap: A."), "without label"),
        (figure_cell("#| label: fig-a", "#| fig-alt: B."), "without fig-cap"),
        (new_code_cell("#| label: fig-a\n#| fig-cap: A.\n#| fig-alt: B."), "0 pictures"),
        (moving_cell("#| label: fig-a"), "without fig-cap"),
        (moving_cell("#| fig-cap: A."), "without label"),
    ],
)
def test_a_fault_in_the_form_is_found(cell, fault):
    notebook = new_notebook(cells=[new_markdown_cell("# Title"), cell])
    assert len(faults(notebook)) == 1
    assert re.search(fault, faults(notebook)[0])


@pytest.mark.parametrize(
    "source",
    [
        "def f():\n" + "    x = 1\n\n" * 29,
        "class A:\n" + "    def g(self):\n        return 1\n\n" * 20,
        "table = {\n" + "    1: 2,\n" * 40 + "}",
    ],
    ids=["a function", "a class", "a table"],
)
def test_what_may_be_long(source):
    assert code_faults(new_code_cell(source)) == []


def test_a_notebook_without_title_is_found():
    assert faults(new_notebook(cells=[new_markdown_cell("Text")])) == ["the first cell has no title"]


def texts():
    "All Markdown of the book."
    for path in NOTEBOOKS:
        yield from (cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "markdown")
    yield from (path.read_text(encoding="utf-8") for path in (ROOT / "book").glob("*.md"))


def test_equations_have_labels_of_their_own():
    assert [tail for path in (ROOT / "book").glob("*.md") for tail in unlabelled(path.read_text(encoding="utf-8"))] == []
    labels = list(itertools.chain.from_iterable(displays(text) for text in texts()))
    assert sorted(labels) == sorted(set(labels))


def test_every_notebook_is_in_the_contents():
    contents = yaml.safe_load((ROOT / "book" / "_toc.yml").read_text(encoding="utf-8"))
    listed = set(re.findall(r"nbs/[\w/]+", str(contents)))
    assert {path.relative_to(ROOT).with_suffix("").as_posix() for path in NOTEBOOKS} == listed


def test_no_file_is_larger_than_5_mb():
    files = itertools.chain.from_iterable(path.rglob("*") for path in ROOT.iterdir() if path.name[0] != ".")
    kept = [path for path in files if "_build" not in path.parts]
    assert [path.name for path in kept if path.stat().st_size > 5e6] == []
