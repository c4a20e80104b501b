"""The tables of slips at the head of the notes' pages: each entry has its row, with a size that was printed."""

import json
import re
import sys
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "nbs" / "notes"))
from slips import entries, glance, shortened, size  # noqa: E402

PAGES = sorted((ROOT / "nbs" / "notes").glob("B*.ipynb"))
FAILS = "eq-a-printed ✗ 12 of 16 cases fail, with errors up to 0.36: at k = 2: 1 = 0 fails"


def printing(*lines):
    return new_code_cell("# a comment", outputs=[new_output("stream", name="stdout", text="\n".join(lines) + "\n")])


CELLS = [
    new_markdown_cell("(erratum-000-sign)=\n### (3): the sign"),
    printing(FAILS),
    new_markdown_cell("The same again.\n\n(erratum-000-loop)=\n### Line 4"),
    printing("error 4.73", "and more"),
    new_markdown_cell("## What holds"),
    printing("nothing of an entry"),
]


def test_lines_belong_to_the_entry_above_them():
    assert entries(CELLS) == {"erratum-000-sign": ("(3): the sign", [FAILS]),
                              "erratum-000-loop": ("Line 4", ["error 4.73", "and more"])}


def test_a_size_is_the_verdict_or_the_first_line():
    assert shortened("1 of 1 cases fail: 1 = nan fails") == "1 of 1 cases"
    assert shortened("states nothing: g is not bound") == "states nothing: `g is not bound`"
    assert shortened("states nothing: () does not fit (2,), in h - y") == "states nothing: `() does not fit (2,)`"
    assert size(["one", FAILS, FAILS]) == "12 of 16 cases, up to 0.36; 12 of 16 cases, up to 0.36"
    assert size(["error 4.73", "more"]) == "`error 4.73`" and size([]) == "–"


def test_an_entry_without_a_row_is_found(tmp_path):
    page = tmp_path / "B0_note_000.ipynb"
    page.write_text(json.dumps(new_notebook(cells=CELLS)), encoding="utf-8")
    slips = {"sign": ("a plus", "a minus"), "loop": ("from 0", "from 1")}
    last = glance(page, slips).data.splitlines()[-1]
    assert last == "| [Line 4](#erratum-000-loop) | from 0 | `error 4.73` | from 1 |"
    for wrong in ({"sign": slips["sign"]}, slips | {"more": ("", "")}):
        with pytest.raises(AssertionError):
            glance(page, wrong)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_every_slip_of_a_note_has_its_size(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    [shown] = [o["data"]["text/markdown"] for c in cells for o in c.get("outputs", []) if "text/markdown" in o.get("data", {})]
    rows = ["".join(shown).splitlines()[2:]][0]
    assert [re.search(r"\(#(.*?)\)", row)[1] for row in rows] == list(entries(cells))
    assert not [row for row in rows if "| – |" in row]
