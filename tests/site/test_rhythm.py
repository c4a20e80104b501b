"A chapter is as long as a reader likes it: few enough screens, pictures early, and not much code in between."

import pytest
from checks import ROOT, out_of_rhythm

# Chapters that are still to be rewritten.
TO_DO = {"08_digits", "09_training"}
CHAPTERS = sorted(path.stem for path in (ROOT / "nbs").glob("[01]*.ipynb") if path.stem < "14")
# Chapters of later parts, and pages of the appendix that are chapters, too.
APPENDIX = ["19_errata", "more/A1_matrix_calculus", "more/A2_recursion"]
SHORT = "# Short\n\nA line, and no picture.\n"
LONG = "# Long\n\n```python\n" + "x = 1\n" * 900 + "```\n\n" + "A line.\n\n" * 400


@pytest.mark.parametrize("chapter", [*sorted(set(CHAPTERS) - TO_DO), *APPENDIX])
def test_a_chapter_is_of_a_readers_length(context, site, chapter):
    assert out_of_rhythm(context, site / "nbs" / f"{chapter}.html") == []


def test_all_chapters_are_there():
    assert len(CHAPTERS) == 14 and TO_DO <= set(CHAPTERS)


def test_what_is_out_of_rhythm_is_found(context, tiny_book):
    _, html = tiny_book(SHORT, {"long": LONG})
    few = ["it has 0 pictures, expected at least 4", "its first picture is Infinity screens down, expected at most 2"]
    assert out_of_rhythm(context, html / "book" / "index.html") == few
    found = out_of_rhythm(context, html / "book" / "long.html")
    assert [line.split(", ")[-1] for line in found] == [
        "expected at most 25", "expected at most 25", "expected at least 4", "expected at most 2"
    ]  # fmt: skip
    assert "screens" in found[0] and "open code" in found[1]
