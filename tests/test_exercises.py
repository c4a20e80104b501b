"""Every grader rejects what is wrong in words, and accepts what is right; the chapters' exercises have the form for it.

The answers are in tests/answers, one file a chapter: RIGHT has for each name two answers written differently, WRONG has
named wrong ones. With the mistakes that the grader knows there are at least three.
"""

import ast
import importlib
import json
import re
import runpy
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from mlbook.exercises import GRADERS, Grader, Verdict, check

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "book"))
from student import exercises, source, student_edition  # noqa: E402

ANSWERS = [runpy.run_path(str(path)) for path in sorted((ROOT / "tests" / "answers").glob("*.py"))]
RIGHT = {name: answers for file in ANSWERS for name, answers in file["RIGHT"].items()}
WRONG = {name: answers for file in ANSWERS for name, answers in file["WRONG"].items()}
PAGES = sorted([*(ROOT / "nbs").glob("[01]*.ipynb"), *(ROOT / "nbs" / "more").glob("A*.ipynb")])
CHAPTERS = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in PAGES}


def named(table):
    "One case for each answer of a table of tables."
    return [pytest.param(name, answer, id=f"{name}: {what}") for name in table for what, answer in table[name].items()]


def stub(*arguments, **options):
    raise NotImplementedError


def lacking(grader, right=(), wrong=()):
    "Which answers a grader has too few of, to be tried on."
    enough = {
        "two right answers": len({getattr(answer, "__code__", answer) for answer in right}) >= 2,
        "a mistake that it knows": len(grader.mistakes) >= 1,
        "three wrong answers": len(grader.mistakes) + len(wrong) >= 3,
        "three inputs": len(grader.inputs()) >= 3,
    }
    return [what for what, there in enough.items() if not there]


class TestEveryGrader:
    def test_the_tables_know_all_graders(self):
        assert RIGHT.keys() == GRADERS.keys() and WRONG.keys() <= GRADERS.keys()

    @pytest.mark.parametrize("name", GRADERS)
    def test_it_has_answers_to_be_tried_on(self, name):
        assert lacking(GRADERS[name], RIGHT.get(name, ()), WRONG.get(name, ())) == []

    @pytest.mark.parametrize("name", GRADERS)
    def test_it_rejects_the_empty_stub_and_none(self, name):
        assert not check(name, stub) and "is still the stub" in check(name, stub).message
        assert not check(name, None) and "this is None, expected a function" in check(name, None).message
        nothing = check(name, lambda *arguments, **options: None)
        assert not nothing and "gives None, expected" in nothing.message and "Is a return missing?" in nothing.message

    @pytest.mark.parametrize("name", GRADERS)
    def test_it_accepts_right_answers(self, name):
        for answer in (GRADERS[name].reference, *RIGHT[name]):
            assert check(name, answer)

    @pytest.mark.parametrize(("name", "answer"), named({name: grader.mistakes for name, grader in GRADERS.items()}))
    def test_it_knows_its_mistakes(self, name, answer):
        [hint] = [hint for hint, mistake in GRADERS[name].mistakes.items() if mistake is answer]
        verdict = check(name, answer)
        assert not verdict and verdict.message.endswith(hint)

    @pytest.mark.parametrize(("name", "answer"), named(WRONG))
    def test_it_rejects_wrong_answers(self, name, answer):
        verdict = check(name, answer)
        assert not verdict and re.search(r"\b(expected|changes|raises)\b", verdict.message)

    @pytest.mark.parametrize("name", GRADERS)
    def test_it_says_the_same_every_time(self, name):
        assert [repr(case) for case in GRADERS[name].inputs()] == [repr(case) for case in GRADERS[name].inputs()]

    @pytest.mark.parametrize("name", GRADERS)
    def test_a_sentence_is_short(self, name):
        for answer in (*GRADERS[name].mistakes.values(), *WRONG.get(name, {}).values()):
            message = check(name, answer).message
            assert len(message) <= 400 and "\n" not in message and message.endswith((".", "?", ".)"))


SUM = Grader(
    "scaled",
    lambda x, *, by=2.0: by * x,
    lambda rng: [(np.array([[1.0, 2.0], [3.0, 5.0]]),), (rng.normal(size=(2, 3)), 3.0), (np.ones(2, np.float32), 2.0)],
    {"This adds.": lambda x, *, by=2.0: by + x},
)


def changing(x, *, by=2.0):
    x *= by
    return x


def failing(x, *, by=2.0):
    y = np.empty_like(x)
    y[len(x)] = 0
    return y


def short_of_one(x, *, by=2.0):
    y = by * x
    y.flat[0] = np.nan
    return y


@pytest.mark.parametrize(
    ("answer", "sentence"),
    {
        (lambda x: 2 * x): r"scaled: your function takes (x), expected the arguments (x, *, by=2.0).",
        failing: "raises IndexError (index 2 is out of bounds for axis 0 with size 2), in its line 3: y[len(x)] = 0.",
        changing: "your function changes its argument x. Work on a copy.",
        short_of_one: "gives NaN at [0, 0], expected 2 (1 of 4 entries differ). Is there 0/0, inf/inf or inf - inf?",
        (lambda x, *, by=2.0: by * x + 1e400): "gives inf at [0, 0], expected 2 (4 of 4 entries differ). Is there an overflow",
        (lambda x, *, by=2.0: (by * x).sum()): "a number, expected an array of shape (2, 2). Is an axis missing, as in sum(axis=0)?",
        (lambda x, *, by=2.0: by * x[None]): "an array of shape (1, 2, 2), expected an array of shape (2, 2). The two differ in",
        (lambda x, *, by=2.0: by * x.ravel()): "shape (4,), expected an array of shape (2, 2). The number of entries is right.",
        (lambda x, *, by=2.0: (by * x).astype(int)): "gives integers (int64), expected floats. Fractions are lost.",
        (lambda x, *, by=2.0: by * x.astype(float)): "gives float64, expected float32. The type should stay.",
        (lambda x, *, by=2.0: "no"): "gives 'no', expected an array of shape (2, 2).",
        (lambda x, *, by=2.0: [[1.0], [2.0, 3.0]]): "gives rows of different lengths, expected an array",
        (lambda x, *, by=2.0: np.sin): "gives the function sin, expected an array of shape (2, 2). Is a call missing?",
        (lambda x, *, by=2.0: by * x.T if x.shape == (2, 2) else by * x): "It is the right result transposed.",
        (lambda x, *, by=2.0: -by * x): "gives [[ -2., -4.], [ -6., -10.]], expected [[ 2., 4.], [ 6., 10.]]. The sign is wrong.",
        (lambda x, *, by=2.0: by * x / 4): "It is 0.25 times as large.",
        (lambda x, *, by=2.0: by * x - 1.5): "Every entry is 1.5 too small.",
        (lambda x, *, by=2.0: by * x[::-1]): "The numbers are right, but not their places.",
        (lambda x, *, by=2.0: by * x[::-1, ::-1]): "It is the right result upside down and mirrored.",
        (lambda x, *, by=2.0: by + x): "gives [[3., 4.], [5., 7.]], expected [[ 2., 4.], [ 6., 10.]]. This adds.",
        (lambda x, *, by=2.0: by * x * (1 + 1e-6)): "gives 2.000002 at [0, 0], expected 2 (4 of 4",
    }.items(),
)
def test_what_is_said(answer, sentence):
    verdict = SUM.judge(answer)
    assert not verdict and sentence in verdict.message


def test_the_input_that_fails_can_be_tried_again():
    verdict = SUM.judge(lambda x, *, by=2.0: 2.0 * x)
    assert "scaled: for x = [[ 0.1257, -0.1321" in verdict.message and ", by = 3, your function gives" in verdict.message
    assert verdict.arguments["by"] == 3.0 and verdict.arguments["x"].shape == (2, 3)


def test_a_grader_without_answers_is_found():
    assert lacking(SUM) == ["two right answers", "three wrong answers"]
    assert lacking(Grader("bare", stub, lambda rng: [])) == [*lacking(SUM)[:1], "a mistake that it knows", "three wrong answers", "three inputs"]
    assert lacking(SUM, [changing, short_of_one], [stub, failing]) == []
    assert lacking(SUM, [changing, changing], [stub, failing]) == ["two right answers"]


def test_several_results_are_compared_one_by_one():
    both = Grader("both", lambda x: (x, -x), lambda rng: [(1.0,)])
    assert both.judge(lambda x: [x, -x])
    assert both.judge(lambda x: np.array([x, -x]))
    assert "gives a number, expected 2 results." in both.judge(lambda x: x).message
    assert "gives {1.0: 2.0}, expected 2 results." in both.judge(lambda x: {x: 2.0}).message
    assert "gives an array of shape (3,), expected 2 results." in both.judge(lambda x: np.ones(3)).message
    assert "gives a generator, expected 2 results. Return a list" in both.judge(lambda x: (y for y in (x, -x))).message
    assert "gives 3 results, expected 2" in both.judge(lambda x: (x, x, x)).message
    assert "gives None, expected 2 results" in both.judge(lambda x: None).message
    assert both.judge(lambda x: (x, x)).message.endswith("gives 1, expected -1, in the second of 2 results. The sign is wrong.")


def test_what_an_answer_prints_is_not_shown(capsys):
    assert not SUM.judge(lambda x, *, by=2.0: print(x))
    assert capsys.readouterr().out == ""


def test_an_answer_is_called_once_on_each_input():
    calls = []
    SUM.judge(lambda x, *, by=2.0: calls.append(x))
    assert len(calls) == len(SUM.inputs())


def test_an_exercise_that_is_nowhere_is_named_with_near_ones():
    with pytest.raises(ValueError, match="check: name is 'flaten-place', expected .*'flatten-place'"):
        check("flaten-place", stub)
    with pytest.raises(ValueError, match="check: name is 3, expected the name of an exercise"):
        check(3, stub)


def test_a_stream_without_marks_gets_words():
    code = "from mlbook.exercises import Verdict; print(Verdict(True, 'a'), Verdict(False, 'ä'))"
    done = subprocess.run([sys.executable, "-X", "utf8=0", "-c", code], capture_output=True, env={"PYTHONIOENCODING": "ascii"})
    assert done.stdout.decode("ascii").strip() == r"[ok] a [wrong] \xe4"
    assert repr(Verdict(True, "a")).endswith(" a")


def tagged(cell, tag):
    return cell["cell_type"] == "code" and tag in cell["metadata"].get("tags", [])


def checks(notebook):
    "The cells of the exercises that call `check` with a name."
    cells = [cell for cell in exercises(notebook) if cell["cell_type"] == "code" and "tags" not in cell["metadata"]]
    return [cell for cell in cells if re.search(r'^check\("', source(cell), re.MULTILINE)]


def defined(cell):
    return [node.name for node in ast.parse(source(cell)).body if isinstance(node, ast.FunctionDef)]


def triples(notebook):
    "Each stub of a notebook with the code cells after it: the solution and the check."
    code = [cell for cell in exercises(notebook) if cell["cell_type"] == "code"]
    return [code[i : i + 3] for i, cell in enumerate(code) if tagged(cell, "exercise")]


def called(cell):
    "The names and functions that a cell checks."
    return re.findall(r'^check\("([\w-]+)", (\w+)\)$', source(cell), re.MULTILINE)


def form_faults(notebook):
    "What is wrong with the exercises that ask for a function."
    found = []
    for cells in triples(notebook):
        one, solution, last = cells + [cells[0]] * (3 - len(cells))
        [name] = defined(one)
        if not re.search(r'^    r?".*^    raise NotImplementedError$', source(one), re.MULTILINE | re.DOTALL):
            found.append(f"{name}: the stub needs a docstring and `raise NotImplementedError`")
        if not tagged(solution, "hide-cell") or name not in defined(solution):
            found.append(f"{name}: the next cell is no solution with the tag `hide-cell`")
        if name not in dict(map(reversed, called(last))):
            found.append(f"{name}: the third cell does not check it")
    if len(checks(notebook)) != len(triples(notebook)):
        found.append(f"{len(checks(notebook))} checks for {len(triples(notebook))} stubs")
    return found


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_an_exercise_has_stub_solution_and_check(chapter):
    assert form_faults(CHAPTERS[chapter]) == []


STUB = 'def f(x):\n    "Twice x."\n    raise NotImplementedError'
CODE = [(STUB, "exercise"), ("def f(x):\n    return 2 * x", "hide-cell"), ('check("doubled", f)', None)]


def notebook_of(*code):
    "A notebook whose exercises have these cells, pairs of source and tag."
    heading = {"cell_type": "markdown", "metadata": {}, "source": ["## Exercises\n"]}
    cells = [{"cell_type": "code", "metadata": {"tags": [tag]} if tag else {}, "source": [text]} for text, tag in code]
    return {"cells": [heading, *cells]}


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        (CODE, None),
        ([(STUB.replace('    "Twice x."\n', ""), "exercise"), *CODE[1:]], "f: the stub needs a docstring and `raise NotImpl"),
        ([(STUB.replace("raise NotImplementedError", "return 2 * x"), "exercise"), *CODE[1:]], "f: the stub needs a docstring"),
        ([CODE[0], (CODE[1][0], None), CODE[2]], "f: the next cell is no solution"),
        ([CODE[0], (CODE[1][0].replace("f(x)", "g(x)"), "hide-cell"), CODE[2]], "f: the next cell is no solution"),
        ([*CODE[:2], ('check("doubled", g)', None)], "f: the third cell does not check it"),
        ([*CODE, ('check("halved", f)', None)], "2 checks for 1 stubs"),
    ],
)
def test_a_fault_in_the_form_is_found(code, fault):
    found = form_faults(notebook_of(*code))
    assert found == [] if fault is None else found[0].startswith(fault)


def test_an_edition_with_an_answer_scores(monkeypatch):
    monkeypatch.setitem(GRADERS, "doubled", Grader("doubled", lambda x: 2 * x, lambda rng: [(1,), (2.0,)]))
    assert score(notebook_of(*CODE)) == (1, 1)
    assert score(student_edition(notebook_of(*CODE))) == (0, 1)
    left = notebook_of(CODE[0], (CODE[1][0], None), CODE[2])
    left["cells"][2]["metadata"] = {"tags": ["exercise"]}  # a solution that is not hidden stays, and is found
    assert score(student_edition(left)) == (1, 1)


def test_a_solution_in_words_is_left_out_and_a_hint_stays():
    text = "Why?\n\n:::{dropdown} Hint\nThink.\n:::\n\n::::{dropdown} Solution\nSo.\n\n:::{note}\nAlso.\n:::\n::::\n\nAnd?"
    notebook = notebook_of()
    notebook["cells"].append({"cell_type": "markdown", "metadata": {}, "source": text.splitlines(keepends=True)})
    left = source(student_edition(notebook)["cells"][-1])
    assert "Think." in left and "And?" in left and "So." not in left and "Also." not in left and "::::" not in left


def test_each_grader_has_its_exercise():
    pairs = [pair for notebook in CHAPTERS.values() for cell in checks(notebook) for pair in called(cell)]
    assert sorted(name for name, _ in pairs) == sorted(GRADERS)


def names_of(notebook):
    "What an answer may use: the imports of a notebook, and what its module exports."
    code = [source(cell) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    code = [re.sub(r"^[%!].*$", "", text, flags=re.MULTILINE) for text in code]
    names = {}
    for text in code:
        for module in re.findall(r"^#\| (?:default_exp|export) (\w+)$", text, re.MULTILINE):
            names |= vars(importlib.import_module(f"mlbook.{module}"))
        for node in ast.parse(text).body:
            if isinstance(node, ast.Import | ast.ImportFrom):
                exec(compile(ast.Module([node], []), "<imports>", "exec"), names)
    return names | {"__name__": "__main__"}  # what an answer defines is not the package's


def score(notebook):
    "How many of the checks of an edition say that the answer is right, and how many there are."
    names, verdicts = names_of(notebook), []
    for cell in exercises(notebook):
        if tagged(cell, "exercise") or (tagged(cell, "hide-cell") and defined(cell)):
            exec(source(cell), names)
        for name, function in called(cell) if cell in checks(notebook) else []:
            verdicts.append(bool(check(name, names[function])))
    return sum(verdicts), len(verdicts)


GRADED = [chapter for chapter in CHAPTERS if checks(CHAPTERS[chapter])]


@pytest.mark.parametrize("chapter", GRADED)
def test_the_solutions_score_full_and_the_student_edition_nothing(chapter):
    reached, possible = score(CHAPTERS[chapter])
    assert reached == possible >= 1
    assert score(student_edition(CHAPTERS[chapter])) == (0, possible)


def test_the_student_edition_has_no_solution(tmp_path):
    command = ["make", "student", f"OUT={tmp_path / 'of a student'}", f"PYTHON={sys.executable}"]
    made = subprocess.run(command, cwd=ROOT, encoding="utf-8", capture_output=True)
    assert made.returncode == 0, made.stderr
    for path in (tmp_path / "of a student").glob("*.ipynb"):
        edition = json.loads(path.read_text(encoding="utf-8"))
        cells = exercises(edition)
        assert len(edition["cells"]) > len(cells) > 0
        assert not [cell for cell in cells if tagged(cell, "hide-cell") or cell.get("outputs") or "} Solution" in source(cell)]
        assert len(checks(edition)) == len(checks(CHAPTERS[path.stem]))
    assert {path.stem for path in (tmp_path / "of a student").glob("*.ipynb")} >= set(GRADED)
    again = subprocess.run(command, cwd=ROOT, encoding="utf-8", capture_output=True)
    assert again.returncode and "already" in again.stderr
