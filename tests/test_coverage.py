"""Each place of the five notes has its place in the book: book/coverage.toml is complete, and leads somewhere."""

import json
import re
import sys
import tomllib
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "book" / "_ext"))
from coverage_table import function, groups, rows, summary, table  # noqa: E402

NOTES = tomllib.loads((ROOT / "book" / "coverage.toml").read_text(encoding="utf-8"))
ENTRIES = [(note, entry) for note, content in NOTES.items() for entry in content["entries"]]

# How many of each kind the notes have, and the numbers of their equations: counted in the notes.
COUNTS = {
    "000": {"heading": 18, "equation": 17, "display": 18, "definition": 19, "listing": 2},
    "001": {"heading": 49, "display": 59, "definition": 3, "table": 2, "figure": 3, "listing": 2},
    "002": {"heading": 12, "equation": 25},
    "003": {"heading": 5, "equation": 13, "display": 7, "definition": 2, "table": 3},
    "004": {"heading": 8, "equation": 7, "display": 18, "definition": 7, "figure": 1},
}
NUMBERS = {"000": [*range(1, 18)], "001": [], "002": [*range(1, 26)], "003": [*range(1, 14)], "004": [1, 2, 2, 3, 4, 5, 6]}


def sources():
    "The Markdown of every page of the book: of each notebook and of each page of front matter."
    for path in sorted((ROOT / "nbs").rglob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        yield "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    for path in sorted((ROOT / "book").glob("*.md")):
        yield path.read_text(encoding="utf-8")


def labels(text):
    "The labels of displays and the targets before headings."
    return set(re.findall(r"^\$\$ *\((eq-[a-z0-9-]+)\)", text, re.MULTILINE)) | set(
        re.findall(r"^\(((?:sec|erratum)-[a-z0-9-]+)\)= *\n+(?=(?:\([a-z0-9-]+\)= *\n+)*#)", text, re.MULTILINE)
    )


LABELS = set().union(*map(labels, sources()))


def missing(entry):
    "The targets of an entry that the book has not."
    targets = [*entry["to"], *entry.get("errata", [])]
    return [name for name in targets if not (exists(name) if name.startswith("mlbook.") else name in LABELS)]


def exists(name):
    try:
        return callable(function(name)) and function(name).__doc__ is not None
    except (ImportError, AttributeError):
        return False


def repeated(entries):
    "The entries that occur more than once; a heading may come back on another page."
    counts = Counter((note, entry["at"], entry["kind"], entry["is"]) for note, entry in entries)
    return [place for place, count in counts.items() if count > 1]


def counted(note):
    return dict(Counter(entry["kind"] for entry in NOTES[note]["entries"]))


def numbers(note):
    "The numbers of the note's equations, in the order of the table."
    found = [re.match(r"\((\d+)\)", entry["at"]) for entry in NOTES[note]["entries"] if entry["kind"] == "equation"]
    return [int(match[1]) for match in found if match]


@pytest.mark.parametrize(("note", "entry"), [pytest.param(n, e, id=f"{n} {e['at']}: {e['is']}") for n, e in ENTRIES])
def test_every_target_exists(note, entry):
    assert entry["to"], "has no target"
    assert len(set(entry["to"])) == len(entry["to"])
    assert missing(entry) == []


def test_a_missing_target_is_found():
    targets = ["eq-softmax", "sec-notes", "mlbook.softmax", "eq-nowhere", "sec-nowhere", "mlbook.nowhere", "mlbook.no.where"]
    assert missing({"to": targets, "errata": ["erratum-nowhere"]}) == [*targets[3:], "erratum-nowhere"]


def test_labels_are_read_from_the_pages():
    text = "$$\na = b\n$$ (eq-display)\n\nsee {eq}`eq-mentioned` and (eq-prose)\n\n(sec-other)=\n(sec-target)=\n## Heading\n\n(sec-loose)=\ntext"
    assert labels(text) == {"eq-display", "sec-target", "sec-other"}


def test_no_entry_twice():
    assert repeated(ENTRIES) == []


def test_a_repeated_entry_is_found():
    assert repeated([*ENTRIES, ENTRIES[0]]) == [tuple([ENTRIES[0][0], *(ENTRIES[0][1][key] for key in ("at", "kind", "is"))])]


def test_every_note_is_there():
    assert list(NOTES) == list(COUNTS)


@pytest.mark.parametrize("note", COUNTS)
def test_nothing_of_a_note_is_left_out(note):
    assert counted(note) == COUNTS[note]


@pytest.mark.parametrize("note", NUMBERS)
def test_numbered_equations_are_complete(note):
    assert sorted(numbers(note)) == NUMBERS[note]


@pytest.mark.parametrize("note", NOTES)
def test_the_errata_of_a_note_have_a_chapter(note):
    assert (ROOT / "nbs" / f"{NOTES[note]['errata']}.ipynb").exists()


def test_every_erratum_has_its_place():
    "What a chapter on a note's errata corrects stands in the table."
    named = {label for _, entry in ENTRIES for label in entry.get("errata", [])}
    assert {label for label in LABELS if re.match(r"erratum-\d{3}-", label)} <= named


def test_the_page_shows_every_note():
    page = (ROOT / "book" / "coverage.md").read_text(encoding="utf-8")
    assert re.findall(r"^```\{coverage\} (\d+)$", page, re.MULTILINE) == list(NOTES)


@pytest.mark.parametrize(("note", "entry"), [pytest.param(n, e, id=f"{n} {e['at']}: {e['is']}") for n, e in ENTRIES])
def test_an_entry_has_nothing_but_the_known_keys(note, entry):
    assert set(entry) <= {"at", "kind", "is", "to", "errata", "remark"}


@pytest.mark.parametrize("note", NOTES)
def test_a_note_becomes_a_table(note):
    "One row for each entry, and one for a heading with nothing under it; four cells, and no bar within one."
    found, entries = groups(NOTES[note]["entries"]), NOTES[note]["entries"]
    made = [row for heading, under in found for row in rows(heading, under)]
    alone = sum(not under for _, under in found)
    assert len(made) == alone + sum(entry["kind"] != "heading" for entry in entries)
    assert all(len(row) == 4 and all(cell == cell.strip() and "|" not in cell for cell in row) for row in made)
    assert not any(under and {"remark", "errata"} & set(heading or {}) for heading, under in found)


@pytest.mark.parametrize("note", NOTES)
def test_a_heading_shares_its_row_and_loses_no_target(note):
    for heading, under in groups(NOTES[note]["entries"]):
        shown = "".join(cell for row in rows(heading, under) for cell in row)
        targets = [*(heading or {"to": []})["to"], *(target for entry in under for target in entry["to"])]
        names = [target if not target.startswith("mlbook.") else function(target).__name__ for target in targets]
        assert [name for name in names if name not in shown] == []


def test_rows_and_summary():
    heading = {"at": "I", "kind": "heading", "is": "Softmax", "to": ["eq-softmax", "sec-notes"]}
    entry = {"at": "(1)", "kind": "table", "is": "softmax", "to": ["eq-softmax", "mlbook.softmax"]}
    other = {"at": "I, list", "kind": "display", "is": "its sum", "to": ["eq-softmax"], "remark": "slip"}
    one, two = ["erratum-000-one"], ["erratum-000-one", "erratum-000-two"]
    lines = table([heading, entry | {"errata": one}, other | {"errata": two}, heading | {"remark": "alone"}]).splitlines()
    softmax = "{eq}`eq-softmax`, {py:func}`softmax <mlbook.activations.softmax>`"
    assert lines[2:] == [
        f"| **I** Softmax: {{ref}}`sec-notes` | (1) table: softmax | {softmax} | {{ref}}`erratum <erratum-000-one>` |",
        "|  | list: its sum | {eq}`eq-softmax` | slip, errata {ref}`1 <erratum-000-one>`, {ref}`2 <erratum-000-two>` |",
        "| **I** Softmax |  | {eq}`eq-softmax`, {ref}`sec-notes` | alone |",
    ]
    assert summary({"000": {"entries": [entry, entry]}}) == "**2** entries (2 tables) lead to 2 places in the book."
