"The page of results shows what the results file says."

import json
from statistics import mean

from checks import ROOT, tree

NOTED = json.loads((ROOT / "tests" / "bench" / "published.json").read_text(encoding="utf-8"))


def test_the_page_of_results_shows_what_the_file_says(site):
    tables = tree(site / "book" / "results.html").xpath("//main//table")
    rows = [[cell.text_content().strip() for cell in row.xpath("./td")] for row in tables[0].xpath(".//tbody/tr")]
    assert len(rows) == len(NOTED)
    for row, entry in zip(rows, NOTED.values(), strict=True):
        shown = float(row[3].split(" %")[0]) / 100
        assert abs(shown - mean(run["accuracy"] for run in entry["runs"])) <= 0.00005001
        assert int(row[1].replace(",", "")) == entry["settings"]["parameters"] and int(row[4]) == len(entry["runs"])


def test_every_run_says_how_it_was_made():
    for entry in NOTED.values():
        assert len({run["seed"] for run in entry["runs"]}) == len(entry["runs"])
        for run in entry["runs"]:
            assert run["accuracy"] == run["accuracy_after_epoch"][-1] and len(run["accuracy_after_epoch"]) == entry["settings"]["epochs"]
            assert run["command"].startswith("python tests/bench/published.py") and run["date"] and run["numpy"]
