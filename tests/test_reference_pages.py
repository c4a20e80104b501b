"""The pages to look things up: labels of the bibliography, and the ledger of equations."""

import json
import sys
from pathlib import Path

import pytest
import yaml
from pybtex.database import parse_file

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "book" / "_ext"))
from bibliography_labels import label  # noqa: E402
from equation_ledger import errors, in_contents, ledger, summary  # noqa: E402

SOURCES = parse_file(ROOT / "book" / "references.bib").entries
EQUATIONS = json.loads((ROOT / "book" / "equations.json").read_text(encoding="utf-8"))
EQUATION = {"chapter": "10_conv", "place": 0, "label": "eq-a", "kind": "identity", "cases": 3, "error": "below 1e-09"}
EQUATION |= {"mutants": 5, "equivalents": {}, "evidence": "exact"}


@pytest.mark.parametrize(
    ("key", "shown"),
    [("higham2002", "Higham, 2002"), ("glorot2010", "Glorot and Bengio, 2010"), ("lecun1998", "LeCun et al., 1998")],
)
def test_a_label_is_author_and_year(key, shown):
    assert label(SOURCES[key]) == shown


def test_labels_tell_sources_apart():
    labels = [label(entry) for entry in SOURCES.values()]
    assert len(set(labels)) == len(labels)


def names(node):
    "The pages of a table of contents, in their order."
    if isinstance(node, dict):
        return [node[key] for key in ("root", "file") if key in node] + names(list(node.values()))
    return [name for item in node for name in names(item)] if isinstance(node, list) else []


CONTENTS = names(yaml.safe_load((ROOT / "book" / "_toc.yml").read_text(encoding="utf-8")))


def test_the_ledger_has_pages_of_the_contents():
    assert {entry["chapter"] for entry in in_contents(EQUATIONS, CONTENTS)} == {entry["chapter"] for entry in EQUATIONS}


def test_the_ledger_follows_the_contents():
    places = [("notes/B0_note_000", 0), ("10_conv", 4), ("10_conv", 1), ("09_training", 7)]
    entries = [EQUATION | {"chapter": chapter, "place": place} for chapter, place in places]
    contents = ["book/index", "nbs/09_training", "nbs/10_conv", "nbs/notes/B0_note_000"]
    assert in_contents(entries, contents) == entries[::-1]
    with pytest.raises(KeyError):
        in_contents(entries, contents[:3])


def test_what_equations_have_in_common_is_said_once():
    coarse = EQUATION | {"label": "eq-b", "error": "below 1e-03"}
    wrong = EQUATION | {"label": "eq-c", "kind": "refuted", "error": "3 of 3 cases fail", "mutants": 0}
    same = EQUATION | {"label": "eq-d", "equivalents": {"swap i and j": "both are summed"}}
    assert errors([EQUATION, same]) == "The largest error of an equation is below 1e-09."
    assert "only those of {eq}`eq-b` (below 1e-03) are larger" in errors([EQUATION, same, coarse])
    assert "Of 15 changed equations 14 fail, and 1 state the same" in summary([EQUATION, coarse, wrong, same])
    shown = ledger([EQUATION, coarse, wrong, same])
    assert shown.count("below 1e-09") == 1 and shown.count("{doc}`/nbs/10_conv`") == 2
    assert "| {eq}`eq-a` | `eq-a` | identity | exact | 3 | 5 |" in shown
    link = '<a href="../nbs/10_conv.html#equation-eq-c"><code>eq-c</code></a>'
    assert f"| {link} | {{doc}}`/nbs/10_conv` | 3 of 3 cases fail |" in shown
    assert "- {eq}`eq-d`, `swap i and j`: both are summed" in shown
