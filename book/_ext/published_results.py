"""The results on all of MNIST: what tests/bench/published.py noted of its trainings, as tables.

`{published-results}` gives a row for each network: its accuracy over several seeds beside the one that was published.
`{published-results} runs` says how each was trained, when, and with which versions.
"""

import json
from pathlib import Path
from statistics import mean, stdev

from sphinx.util.docutils import SphinxDirective

NAMES = {
    "784-30-10": "784–&NoBreak;30–&NoBreak;10, sigmoid, squared error",
    "784-16-16-10": "784–&NoBreak;16–&NoBreak;16–&NoBreak;10 of note 004, sigmoid, squared error",
    "784-128-10": "784–&NoBreak;128–&NoBreak;10, ReLU, cross-entropy",
    "note-002": "the network of {doc}`/nbs/13_cnn`, five passes",
    "ali": "filters 20 and 50 of 5×5, dense 1024",
    "best": "filters 24, 24, 48, 48, every second with stride 2, {doc}`batch normalisation and dropout </nbs/more/A3_depth>`",
}


def percent(share):
    return f"{100 * share:.2f} %"


def outcome(runs):
    "Mean and spread of the accuracy over the seeds."
    shares = [run["accuracy"] for run in runs]
    return percent(mean(shares)) + (f" ± {100 * stdev(shares):.2f}" if len(shares) > 1 else "")


def table(head, align, rows):
    lines = [head, align, *(" | ".join(row) for row in rows)]
    return "```{table}\n:class: wide\n\n" + "\n".join(f"| {line} |" for line in lines) + "\n```"


def results(noted):
    "A row for each network: parameters, epochs, accuracy, and what was published."
    rows = []
    for name, entry in noted.items():
        how, runs = entry["settings"], entry["runs"]
        published = f"{percent(how['published'])}, {how['source']}" if how["published"] else "–"
        rows.append([NAMES[name], f"{how['parameters']:,}", str(how["epochs"]), outcome(runs), str(len(runs)), published])
    return table("network | parameters | epochs | test digits read | seeds | published", "---|--:|--:|--:|--:|---", rows)


def trainings(noted):
    "A row for each network: optimizer, samples in a batch, time, date and versions."
    rows = []
    for name, entry in noted.items():
        how, runs = entry["settings"], entry["runs"]
        moved = "moved" if how["transform"] else "as they are"
        versions = sorted({f"Python {run['python']}, NumPy {run['numpy']}" for run in runs})
        seconds, dates = round(mean(run["seconds"] for run in runs)), sorted({run["date"] for run in runs})
        rows.append([f"`{name}`", f"`{how['optimizer']}`", str(how["batch_size"]), moved, f"{seconds:,} s", ", ".join(dates), "; ".join(versions)])
    return table("network | optimizer | batch | digits | one processor | date | with", "---|---|--:|---|--:|---|---", rows)


class PublishedResults(SphinxDirective):
    optional_arguments = 1

    def run(self):
        path = Path(self.env.srcdir, "tests", "bench", "published.json")
        self.env.note_dependency(str(path))
        noted = json.loads(path.read_text(encoding="utf-8"))
        return self.parse_text_to_nodes((trainings if self.arguments == ["runs"] else results)(noted))


def setup(app):
    app.add_directive("published-results", PublishedResults)
    return {"version": "1", "parallel_read_safe": True}
