"A chapter is as long as a reader likes it: few enough screens, pictures early, and not much code in between."

from checks import ROOT, faults

CHAPTERS = sorted(path.stem for path in (ROOT / "nbs").glob("[01]*.ipynb") if path.stem < "16")
# Chapters of later parts, and pages of the appendix that are chapters, too.
APPENDIX = ["18_equations", "19_errata", "more/A1_matrix_calculus", "more/A2_recursion", "more/A3_depth", "more/A4_losses"]
# What is measured when its page is open in a browser anyway.
MEASURED = {f"nbs/{name}" for name in [*CHAPTERS, *APPENDIX]}
SHORT = "# Short\n\nA line, and no picture.\n"
LONG = "# Long\n\n```python\n" + "x = 1\n" * 900 + "```\n\n" + "A line.\n\n" * 400


def test_all_chapters_are_there():
    assert len(CHAPTERS) == 16
    assert all((ROOT / f"{name}.ipynb").is_file() for name in MEASURED)


def test_what_is_out_of_rhythm_is_found(context, tiny_book):
    _, html = tiny_book(SHORT, {"long": LONG})
    few = ["it has 0 pictures, expected at least 4", "its first picture is Infinity screens down, expected at most 2"]
    short, long = (faults(context, html / "book" / f"{name}.html", measure=True) for name in ("index", "long"))
    assert short == [f"book/index.html: {fault}" for fault in few]
    assert [line.split(", ")[-1] for line in long] == [
        "expected at most 25", "expected at most 25", "expected at least 4", "expected at most 2"
    ]  # fmt: skip
    assert "screens" in long[0] and "open code" in long[1]
