"""The formats of other people's books: a right equation passes in each, a wrong one fails, and nothing is skipped."""

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml
from mlbook.eqval import EquationError, check
from mlbook.eqval.__main__ import main
from mlbook.eqval.macros import expanded, macros_in
from mlbook.eqval.sources import displays_in, key_of, spot

ROOT = Path(__file__).parents[1]
BINDS = "from mlbook.eqval import verify\nimport numpy as np\n"
BIND = "verify({!r}, dict(x=np.array([1.0, 2.5]), y=lambda x: 2 * x))\n"

# In each format, by its ending: a text that says y_i = FACTOR x_i, the key it is bound by, and the line of the display.
TEXTS = {
    "myst": (".md", "# T\n\n$$ y_i = FACTOR x_i $$ (eq-d)\n", "eq-d", 3),
    "fenced math": (".md", "```math\ny_i = FACTOR x_i\n```\n", "y_i", 1),
    "brackets": (".md", "so\n\n\\[\ny_i = FACTOR x_i\n\\]\n", "line 3", 3),
    "brackets of Jupyter": (".md", "so \\\\[ y_i = FACTOR x_i \\\\]\n", "line 1", 1),
    "dmath": (".md", "\\begin{dmath} y_i = FACTOR x_i \\label{eq-d} \\end{dmath}\n", "eq-d", 1),
    "bare rows": (".md", "\\begin{aligned} y_i &= FACTOR x_i \\end{aligned}\n", "line 1", 1),
    "quarto": (".qmd", "Text.\n\n$$\ny_i = FACTOR x_i\n$$ {#eq-d}\n\n```{python}\ns = '$$ a $$'\n```\n", "eq-d", 3),
    "quarto with attributes": (".qmd", "$$ y_i = FACTOR x_i $$ {#eq-d .wide}\n", "eq-d", 1),
    "bookdown": (".Rmd", "\\begin{equation}\ny_i = FACTOR x_i (\\#eq:d)\n\\end{equation}\n\n```{r, echo=FALSE}\nx <- '$$'\n```", "eq:d", 1),
    "d2l": (".md", "$$y_i = FACTOR x_i.$$\n:eqlabel:`eq_d`\n", "eq_d", 1),
    "latex": (".tex", "\\begin{document}\n\\begin{equation}\\label{eq:d}\ny_i = FACTOR x_i\n\\end{equation}\n", "eq:d", 2),
    "latex with commands": (".tex", "\\newcommand{\\out}[1]{y_{#1}}\n\\def\\be{\\begin{equation}}\\def\\ee{\\end{equation}}\n"
                            "\\be \\out{i} = FACTOR x_i % \\[ a \\]\n\\label{eq:d} \\ee", "eq:d", 3),
    "latex in brackets": (".tex", "Text \\[ y_i = FACTOR x_i . \\]\n", "y_i =", 1),
    "latex, rows with labels": (".tex", "\\begin{align}\na &= a \\label{eq:a} \\\\\ny_i &= x_i \\\\ &\\phantom{=} + 0 \\nonumber \\\\\n"
                                "y_i &= FACTOR x_i \\label{eq:d}\n\\end{align}", "eq:d", 4),
    "rst": (".rst", "Title\n=====\n\n.. math::\n   :label: d\n\n   y_i = FACTOR x_i\n\nCode::\n\n   .. math:: a = b\n", "d", 4),
    "rst in a line": (".rst", ".. math:: y_i = FACTOR x_i\n", "line 1", 1),
    "rst in a note": (".rst", ".. note::\n\n   .. math::\n      :nowrap:\n      :label: d\n\n      y_i = FACTOR x_i\n\n   text\n", "d", 3),
}


def book(folder, ending, text, *keys):
    folder.joinpath(f"page{ending}").write_text(text, encoding="utf-8")
    folder.joinpath("page_equations.py").write_text(BINDS + "".join(BIND.format(key) for key in keys), encoding="utf-8")
    return str(folder / f"page{ending}")


def ran(capsys, *arguments):
    status = main(list(arguments))
    return status, capsys.readouterr().out


@pytest.mark.parametrize("name", TEXTS)
def test_a_right_equation_passes_and_a_wrong_one_fails(name, tmp_path, capsys):
    ending, text, key, line = TEXTS[name]
    text = text.replace("a &= a", "y_i &= x_i + x_i")
    status, output = ran(capsys, "--bound", book(tmp_path, ending, text.replace("FACTOR", "2"), key))
    assert status == 0 and f"page{ending}:{line}: {key} ✓ 2 cases" in output, output
    status, output = ran(capsys, "--bound", book(tmp_path, ending, text.replace("FACTOR", "3"), key))
    assert status == 1 and f"page{ending}:{line}: {key} ✗" in output and "2 = 3 fails" in output, output


# Nothing is skipped in silence: each of these is a line of the report, although nothing binds it.


UNSEEN = [
    (".md", "text \\[ a = b \\] text"), (".md", "\\begin{dmath} a = b \\end{dmath}"), (".md", "```math\na = b\n```"),
    (".md", "\\begin{cases} a & b \\end{cases}"), (".md", "so $$ a = b $$ it is"), (".md", "\\begin{aligned} a &= b \\end{aligned}"),
    (".tex", "\\begin{gather*} a = b \\end{gather*}"), (".tex", "\\begin{IEEEeqnarray}{rCl} a = b \\end{IEEEeqnarray}"),
    (".tex", "$$a = b$$"), (".rst", ".. math:: a = b"), (".rst", "\\begin{align} a = b \\end{align}"),
]


@pytest.mark.parametrize("ending, text", UNSEEN)
def test_a_display_in_any_form_is_a_line(ending, text, tmp_path, capsys):
    status, output = ran(capsys, book(tmp_path, ending, text))
    assert status == 1 and f"page{ending}:1: line 1: has no label" in output and "0 passed, 1 failed" in output
    assert "verify('line 1', {...})" in output and "page_equations.py" in output


GOES_ON = "$$\ny = 3 x\n$$\nand so\n$$\n= FACTOR x + x\n$$\n"


@pytest.mark.parametrize("factor, right", [(2, True), (3, False)])
def test_a_display_that_begins_with_a_relation_goes_on_from_the_one_before(factor, right):
    first, second = displays_in(GOES_ON.replace("FACTOR", str(factor)), ".md")
    assert bool(check(first.latex, {"x": 1.0, "y": 3.0}, mutants=False)) and second.latex.split("=")[0].strip() == "3 x"
    assert bool(check(second.latex, {"x": 1.0}, mutants=False)) == right


def test_dollars_behind_prose_do_not_turn_prose_and_mathematics_around():
    found = displays_in("so we rewrite it as $$\na = b\n$$\nwith $c$ and\n$$\nc = d\n$$\n", ".qmd")
    assert [each.latex.strip() for each in found] == ["a = b", "c = d"]


NO_DISPLAYS = [
    (".md", "an \\[escaped\\] bracket and \\[x\\](link)"), (".md", "```{r}\n$$ a = b $$\n```"), (".qmd", "```{.tex}\n$$ a $$\n```"),
    (".md", "<!-- $$ a = b $$ -->"), (".tex", "% \\[ a = b \\]\n\\verb|$$a$$| \\begin{lstlisting}\n$$ a $$\n\\end{lstlisting}"),
    (".tex", "\\newcommand{\\eq}{$$ a = b $$}\n\\end{document}\n$$ behind $$"), (".tex", "a row \\\\[2pt] b \\\\[2pt]"),
    (".rst", "Code::\n\n  .. math:: a = b\n"), (".rst", ".. code-block:: rst\n\n   .. math:: a\n"), (".rst", ".. a comment\n   .. math:: a\n"),
    (".md", "$$\n\\newcommand{\\R}{\\mathbb{R}}\n$$"),
]


@pytest.mark.parametrize("ending, text", NO_DISPLAYS)
def test_what_is_no_display_is_none(ending, text):
    assert displays_in(text, ending) == []


def test_an_unknown_ending_says_which_are_known(tmp_path, capsys):
    status, output = ran(capsys, book(tmp_path, ".docx", "$$ a = b $$"))
    assert status == 2 and "end with '.docx' are not read, only .md, " in output


@pytest.mark.parametrize("ending, mark", [(".md", "% notation: WHY"), (".qmd", "<!-- notation: WHY -->"), (".tex", "% notation: WHY"),
                                          (".rst", ".. notation: WHY")])
def test_notation_is_marked_in_each_format(ending, mark):
    display = ".. math:: x : y" if ending == ".rst" else "$$ x : y $$"
    [found] = displays_in(f"text\n\n{mark.replace('WHY', 'a shape')}\n{display}\n", ending)
    assert (found.notation, found.line) == ("a shape", 4)
    [found] = displays_in(f"text\n\n{mark.replace('WHY', '')}\n{display}\n", ending)
    assert found.notation == ""


# Keys


def test_a_key_that_fits_two_displays_names_them(tmp_path, capsys):
    text = "$$ y_i = 2 x_i $$\n\n$$ y_i = x_i + x_i $$\n"
    status, output = ran(capsys, book(tmp_path, ".md", text, "y_i"))
    assert status == 1 and "2 displays are called 'y_i': page.md, line 1, page.md, line 3" in output
    assert ran(capsys, book(tmp_path, ".md", text, "line 1", "x_i+x_i"))[0] == 0
    status, output = ran(capsys, book(tmp_path, ".md", text, "line 1", "2 x_i"))
    assert status == 1 and "two bindings are for the label line 1" in output


def test_formulas_on_one_line_have_keys_of_their_own(tmp_path, capsys):
    page = book(tmp_path, ".tex", "\\[ y_i = 2 x_i \\] \\[ y_i = 3 x_i \\]", "line 1", "line 1, formula 2")
    status, output = ran(capsys, page)
    assert status == 1 and "line 1 ✓ 2 cases" in output and "line 1, formula 2 ✗" in output


@pytest.mark.parametrize("ending, text", [(".md", "as $y_i = 2 x_i$, for $i$"), (".tex", "as \\(y_i = 2 x_i\\), for $i$"),
                                          (".rst", "as :math:`y_i = 2 x_i`, for :math:`i`")])
def test_formulas_in_a_line_are_read_on_request(ending, text, tmp_path, capsys):
    page = book(tmp_path, ending, text, "y_i = 2")
    assert ran(capsys, "--inline", page)[0] == 0
    assert ran(capsys, "--inline", book(tmp_path, ending, text.replace("2", "3"), "y_i"))[0] == 1
    status, output = ran(capsys, book(tmp_path, ending, text))
    assert status == 3 and "0 passed, 0 failed: nothing was checked" in output


# Commands of an author


@pytest.mark.parametrize("definitions, text, meaning", [
    (r"\newcommand{\a}{b}", r"\a c", "b c"),
    (r"\newcommand\a{\beta}", r"\a{}x \ab", r"\beta{}x \ab"),
    (r"\newcommand{\a}[2]{#2_{#1}}", r"\a{i}x", "x_{i}"),
    (r"\newcommand{\a}[2][n]{#2_{#1}}", r"\a{x} \a[k]{x}", "x_{n} x_{k}"),
    (r"\renewcommand*{\a}{b}\providecommand{\c}{\a\a}", r"\c", "bb"),
    (r"\def\a#1#2{#1^{#2}}", r"\a x{12}", "x^{12}"),
    (r"\let\a\varepsilon", r"\a", r"\varepsilon"),
    (r"\DeclareMathOperator*{\amax}{arg\,max}", r"\amax_i", r"\operatorname*{arg\,max}_i"),
    (r"\DeclarePairedDelimiter{\abs}{\lvert}{\rvert}", r"\abs{x}", r"\left\lvert x \right\rvert"),
    (r"\newcommand{\R}{\ensuremath{\mathbb{R}}\xspace}", r"\R", r"\mathbb{R}"),
    (r"\newcommand{\a}{\alpha}", r"\a\a b", r"\alpha\alpha b"),
    (r"\newcommand{\norm}[1]{\lVert#1\rVert}", r"\norm{Ax} \norm{\beta}", r"\lVert Ax\rVert \lVert\beta\rVert"),
    (r"\newcommand{\v}{v}\newcommand{\n}[1]{\lVert#1x\rVert}", r"\lVert\v\n\gamma", r"\lVert v\lVert\gamma x\rVert"),
    (r"\def\a{\alpha}", r"2\a{x} \a", r"2\alpha{x} \alpha"),
])
def test_a_command_is_what_it_stands_for(definitions, text, meaning):
    assert expanded(text, macros_in(definitions)[0]) == meaning


def test_a_command_that_leads_back_to_itself_is_an_error(tmp_path, capsys):
    status, output = ran(capsys, book(tmp_path, ".tex", "\\def\\a{\\b}\\def\\b{\\a}\n$$ \\a = 1 $$", "line 2"))
    assert status == 2 and "leads back to itself" in output


def test_commands_come_from_files_that_a_text_reads(tmp_path, capsys):
    tmp_path.joinpath("letters.sty").write_text("\\newcommand{\\out}{y_i}", encoding="utf-8")
    tmp_path.joinpath("root.tex").write_text("\\usepackage{letters}\\input{page}", encoding="utf-8")
    text = "\\[ \\out = 2 x_i \\]"
    assert ran(capsys, book(tmp_path, ".tex", text, "line 1"))[0] == 1
    assert ran(capsys, book(tmp_path, ".tex", "% !TEX root = root.tex\n" + text, "line 2"))[0] == 0
    assert ran(capsys, book(tmp_path, ".md", "$$ \\out = 2 x_i $$", "line 1"), "--macros", str(tmp_path / "letters.sty"))[0] == 0
    with pytest.raises(SystemExit):
        main(["page.md", "--macros", "nothing.tex"])


BY_COMMAND = "\\newcommand{\\eq}[1]{\\begin{equation*}#1\\end{equation*}}\n\\newcommand{\\si}{\\sigma}\n"


def test_a_display_by_a_command_is_found_wherever_the_command_is_defined(tmp_path, capsys):
    tmp_path.joinpath("letters.tex").write_text(BY_COMMAND, encoding="utf-8")
    macros = "--macros", str(tmp_path / "letters.tex")
    for factor, status in ((2, 0), (3, 1)):
        text = f"\\eq{{\\label{{eq:d}} y_i = {factor} x_i\n}}\n"
        assert ran(capsys, "--bound", book(tmp_path, ".tex", "\\input{letters}\n" + text, "eq:d"))[0] == status
        for ending in (".tex", ".md"):
            assert ran(capsys, "--bound", book(tmp_path, ending, text, "eq:d"), *macros)[0] == status
        assert ran(capsys, "--bound", book(tmp_path, ".tex", BY_COMMAND + text, "eq:d"))[0] == status


def test_a_command_of_the_author_comes_before_a_usual_one():
    [one] = displays_in(BY_COMMAND + "\\eq{ \\si_{\\max} = 2 }", ".tex")
    assert one.latex.strip() == r"\sigma_{\max} = 2"


def test_a_display_by_a_command_that_nobody_defines_is_not_skipped(tmp_path, capsys):
    found = displays_in("Text\n\\eql{\\label{eq:d}\n y_i = 2 x_i }\n\\caption{of $a_i = b$}\n\\section{A = B}\n", ".tex")
    assert [(key_of(one), one.line) for one in found] == [("eq:d", 2)]
    status, output = ran(capsys, book(tmp_path, ".tex", "\\eq{ y_i = 2 x_i }\n", "line 1"))
    assert status == 1 and r"\eq is a command of yours" in output, output


def test_an_equation_that_is_cut_after_its_sign_is_read_in_two_pieces(tmp_path, capsys):
    for first, second, status in ((2, 2, (0, 0)), (2, 3, (0, 1)), (3, 2, (1, 1))):
        text = f"$$ y_i = {first} x_i = $$ (eq-a)\n\n$$ = x_i + {second - 1} x_i $$ (eq-b)\n"
        for key, expected in zip(("eq-a", "eq-b"), status):
            assert ran(capsys, "--bound", book(tmp_path, ".md", text, key))[0] == expected, (text, key)
    assert displays_in("$$ y = x = $$\n\n$$ < z $$")[0].latex.strip() == "y = x ="


# Reports


@pytest.fixture
def mixed(tmp_path):
    text = "$$ y_i = 2 x_i $$ (eq-a)\n\n$$ y_i = 3 x_i $$ (eq-b)\n\n$$ c = d $$\n\n% notation: a <shape>\n$$ x : y $$\n"
    return book(tmp_path, ".md", text, "eq-a", "eq-b")


def test_bound_leaves_out_what_nothing_binds(mixed, capsys):
    status, output = ran(capsys, mixed)
    assert status == 1 and output.endswith("1 passed, 2 failed, 1 notation\n") and len(output.splitlines()) == 5
    status, output = ran(capsys, mixed, "--bound")
    assert status == 1 and output.endswith("1 passed, 1 failed, 1 notation, 1 not bound\n") and "line 5" not in output


def test_json_has_all_of_it(mixed, capsys):
    status, output = ran(capsys, mixed, "--format", "json")
    found = json.loads(output)
    assert found["status"] == status == 1 and [one["line"] for one in found["findings"]] == [1, 3, 5, 8]
    assert [one["status"] for one in found["findings"]] == ["passed", "failed", "failed", "notation"]
    assert found["findings"][0]["cases"] == 2 and found["findings"][1]["wrong"] == 2


def test_junit_is_xml_with_failures(mixed, tmp_path, capsys):
    status, output = ran(capsys, mixed, "--format", "junit", "--bound", "--output", str(tmp_path / "report.xml"))
    root = ElementTree.parse(tmp_path / "report.xml").getroot()
    suite = root.find("testsuite")
    assert status == 1 and (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("4", "1", "2")
    [case] = [case for case in root.iter("testcase") if case.find("failure") is not None]
    assert (case.get("name"), case.get("line")) == ("eq-b", "3") and "2 = 3 fails" in case.find("failure").text
    assert output == "1 passed, 1 failed, 1 notation, 1 not bound\n"


def test_github_gets_a_line_that_it_reads(mixed, capsys):
    output = ran(capsys, mixed, "--format", "github")[1]
    assert re.search(r"(?m)^::error file=.*page\.md,line=3,title=Equation eq-b::eq-b ✗ at i = 0: 2 = 3 fails", output)
    assert len(re.findall("(?m)^::error", output)) == 2


@pytest.mark.parametrize("text, keys, status", [("$$ y_i = 2 x_i $$", ["line 1"], 0), ("$$ y_i = 3 x_i $$", ["line 1"], 1),
                                                ("no equation", [], 3), ("% notation: a\n$$ a $$", [], 3)])
def test_the_exit_status_says_what_came_of_it(text, keys, status, tmp_path, capsys):
    assert ran(capsys, book(tmp_path, ".md", text, *keys))[0] == status


def test_a_file_that_is_not_there_or_cannot_be_read_is_status_2(tmp_path, capsys):
    tmp_path.joinpath("latin.md").write_bytes("ä $$ a = b $$".encode("latin-1"))
    assert ran(capsys, str(tmp_path / "nothing.md"))[0] == ran(capsys, str(tmp_path / "latin.md"))[0] == 2


def test_a_folder_is_all_of_its_files(tmp_path, capsys):
    book(tmp_path, ".md", "$$ y_i = 2 x_i $$", "line 1")
    tmp_path.joinpath("_build").mkdir()
    tmp_path.joinpath("_build", "copy.md").write_text("$$ a $$", encoding="utf-8")
    status, output = ran(capsys, str(tmp_path))
    assert status == 0 and output.endswith("1 passed, 0 failed\n")


def test_a_notebook_is_named_with_its_cell(tmp_path, capsys):
    cells = [{"cell_type": "markdown", "source": "text\n\n$$ y_i = 2 x_i $$ {#eq-d}"},
             {"cell_type": "code", "source": BINDS + BIND.format("eq-d")}]
    tmp_path.joinpath("page.ipynb").write_text(json.dumps({"cells": cells}), encoding="utf-8")
    status, output = ran(capsys, str(tmp_path / "page.ipynb"))
    assert status == 0 and "page.ipynb:cell 1:3: eq-d ✓ 2 cases" in output


def test_help_says_what_a_stranger_needs(capsys):
    with pytest.raises(SystemExit):
        main(["--help"])
    said = capsys.readouterr().out
    assert all(word in said for word in ("page_equations.py", "verify(", "\\label{eq-dense}", "% notation:", "Exit status", "line 12"))


def test_a_label_and_a_place_are_one_key():
    found = displays_in("$$ a = b $$ (eq-a)\n\n$$ c = d $$", ".md")
    assert [key_of(one) for one in found] == ["eq-a", "line 3"] and spot(found[0]) == "line 1"
    with pytest.raises(EquationError, match="are not read"):
        displays_in("", ".doc")


def test_a_file_of_bindings_means_the_text_beside_it(tmp_path, capsys):
    book(tmp_path, ".tex", "$$ y_i = 3 x_i $$", "line 1")
    status, output = ran(capsys, str(tmp_path / "page_equations.py"), str(tmp_path / "page.tex"))
    assert status == 1 and output.count("page.tex:1: line 1") == 1


def test_the_hook_of_pre_commit_is_a_command_that_runs(tmp_path, capsys):
    [hook] = yaml.safe_load(ROOT.joinpath(".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    python, dash, module, *options = hook["entry"].split()
    assert (python, dash, module) == ("python", "-m", "mlbook.eqval")
    wrong = book(tmp_path, ".md", "$$ y_i = 3 x_i $$", "line 1")
    assert main([*options, wrong]) == 1 and main([*options, book(tmp_path, ".md", "no equation")]) == 0
    files = re.compile(hook["files"])
    assert all(files.search(name) for name in ("a.md", "b/c.tex", "d.ipynb", "a_equations.py")) and not files.search("a.py")
