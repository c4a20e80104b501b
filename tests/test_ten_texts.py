"""The page on public texts shows what the results file says, and the mistakes in it are mistakes."""

import importlib
import json
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests" / "bench"))
import ten_texts  # noqa: E402

RESULTS = json.loads((ROOT / "tests" / "bench" / "ten_texts.json").read_text(encoding="utf-8"))
PAGE = nbformat.read(ROOT / "nbs" / "eqval" / "C44_foreign_texts.ipynb", as_version=4)
SHOWN = [output["data"]["text/markdown"] for cell in PAGE.cells if cell.cell_type == "code" for output in cell.outputs if "text/markdown" in output.get("data", {})]
ALL = {stem: ten_texts.summary(text["displays"]) for stem, text in RESULTS["texts"].items()}
NOW = {stem: counts for stem, counts in ALL.items() if stem not in RESULTS["later"]}
BOUND = {Path(name).stem: importlib.import_module(Path(name).stem) for name in ten_texts.TEXTS if name != "cookbook_inference.tex"}


def total(counts, *keys):
    "Counts of all texts, added up."
    return sum(one.get(key, 0) for one in counts.values() for key in keys)


@pytest.mark.parametrize("name, keys", [("displays", ["displays"]), ("of these, pass unchanged", ["passes", "weak"]), ("false alarms", ["false alarm"])])
def test_the_page_shows_what_the_results_file_says(name, keys):
    row = next(line for line in SHOWN[0].splitlines() if line.startswith(f"| {name} |"))
    shown = [int(cell.split()[0]) for cell in row.strip("| ").split("|")[1:]]
    assert shown == [total(RESULTS["first"], *keys), total(NOW, *keys)]


def test_each_text_has_its_row():
    for text in (RESULTS["texts"][stem] for stem in NOW):
        assert sum(line.startswith(f"| {text['title']} |") for line in SHOWN[1].splitlines()) == 1


def test_the_later_text_is_told():
    counts = RESULTS["later"]
    assert f"Of its {total(counts, 'displays')} displays, {total(counts, 'read')} are read" in SHOWN[2]
    assert f"{total(counts, 'passes', 'weak')} pass unchanged" in SHOWN[2]


def test_each_mistake_is_shown():
    assert [f"display {error['display']}: {error['why']}" in SHOWN[5] for error in RESULTS["errors"]] == [True] * len(RESULTS["errors"])


def test_the_mistakes_fail_as_printed_and_pass_as_mended():
    assert [(one["printed"], one["mended"]) for one in ten_texts.errors()] == [(one["printed"], one["mended"]) for one in RESULTS["errors"]]


@pytest.mark.parametrize("stem", BOUND)
def test_each_display_is_bound_or_has_a_reason(stem):
    module, rows = BOUND[stem], RESULTS["texts"][stem]["displays"]
    places = [row["display"] for row in rows]
    assert places == list(range(1, len(rows) + 1)) == sorted([*module.BOUND, *module.SKIPPED])
    assert [row["display"] for row in rows if "verdict" in row] == sorted(module.BOUND)


def test_no_wrong_display_passes():
    assert not total(ALL, "wrong, PASSES") and total(ALL, "wrong, refuted", "wrong, an error") == len({(one["text"], one["display"]) for one in RESULTS["errors"]}) - 2


@pytest.mark.parametrize(
    "kind, wrong, changed, found",
    [("passes", False, False, "passes"), ("refuted", False, False, "false alarm"), ("error", False, True, "passes, changed binding"), ("passes", True, False, "wrong, PASSES"),
     ("weak", True, False, "wrong, PASSES"), ("refuted", True, False, "wrong, refuted"), ("error", True, True, "wrong, an error")],
)
def test_verdicts(kind, wrong, changed, found):
    assert ten_texts.verdict(kind, wrong, changed) == found


FRESH = json.loads((ROOT / "tests" / "bench" / "fresh_texts.json").read_text(encoding="utf-8"))


def test_the_fresh_texts_are_told():
    first, now = ({key: sum(each.get(key, 0) for each in FRESH[run].values()) for key in ("displays", "read")} for run in ("first", "now"))
    cells = [f"{each['read']} ({100 * each['read'] / each['displays']:.0f} %)" for each in (first, now)]
    assert f"| read as printed | {' | '.join(cells)} |" in SHOWN[3]


def test_the_counts_of_the_fresh_texts_are_those_of_their_displays():
    assert FRESH["now"] == {stem: ten_texts.summary(text["displays"]) for stem, text in FRESH["texts"].items()}
    assert FRESH["first"].keys() == FRESH["now"].keys() and len(FRESH["now"]) == 15


def test_no_fresh_display_that_is_wrong_passes_and_none_that_is_right_fails():
    verdicts = [row["verdict"] for text in FRESH["texts"].values() for row in text["displays"] if "verdict" in row]
    assert len(verdicts) > 350 and not {"wrong, PASSES", "false alarm"} & {*verdicts}
