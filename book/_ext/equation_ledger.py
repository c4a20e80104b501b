"""The ledger of equations: what a run with mutants found of every labelled display, as a page.

`make equations` writes equations.json, and `{equation-ledger}` shows it: a table for each chapter, then the mutants
that state the same as their equation, with the reasons.
"""

import json
from itertools import groupby
from pathlib import Path

from sphinx.util.docutils import SphinxDirective

REFUTED = "refuted"
COLUMNS = ["equation", "label", "kind", "cases", "largest error", "mutants killed"]


def row(entry):
    "What the table says of an equation; one that is refuted has no mutants."
    label, killed = entry["label"], entry["mutants"] - len(entry["equivalents"])
    cells = [f"{{eq}}`{label}`", f"`{label}`", entry["kind"], str(entry["cases"]), entry["error"]]
    return " | ".join([*cells, f"{killed} of {entry['mutants']}" if entry["kind"] != REFUTED else "–"])


def table(entries):
    head = " | ".join(COLUMNS)
    return "\n".join([f"| {head} |", "|---|---|---|--:|---|--:|", *(f"| {row(entry)} |" for entry in entries)])


def summary(entries):
    "A few sentences that count everything."
    mutants = sum(entry["mutants"] for entry in entries)
    same = sum(len(entry["equivalents"]) for entry in entries)
    held = [entry for entry in entries if entry["kind"] != REFUTED]
    kinds = sorted({entry["kind"] for entry in held})
    counts = [f"{sum(entry['kind'] == kind for entry in held)} of kind *{kind}*" for kind in kinds]
    cases = sum(entry["cases"] for entry in held)
    return (
        f"There are **{len(entries)}** labelled equations. "
        f"**{len(held)}** of them hold: {', '.join(counts)}. They agree in {cases:,} cases. "
        f"Of {mutants:,} changed equations {mutants - same:,} fail, and {same} state the same as the original. "
        f"The other **{len(entries) - len(held)}** are shown because they are wrong, and fail."
    )


def equivalents(entries):
    lines = [
        f"- {{eq}}`{entry['label']}`, `{change}`: {reason}"
        for entry in entries
        for change, reason in entry["equivalents"].items()
    ]
    return "\n".join(lines)


class EquationLedger(SphinxDirective):
    "Shows equations.json, which stands beside the page."

    def run(self):
        path = Path(self.env.doc2path(self.env.docname)).with_name("equations.json")
        self.env.note_dependency(str(path))
        entries = json.loads(path.read_text(encoding="utf-8"))
        parts = [summary(entries)]
        for chapter, group in groupby(entries, key=lambda entry: entry["chapter"]):
            parts += [f"**{{doc}}`../nbs/{chapter}`**", f"```{{table}}\n:class: wide\n\n{table(list(group))}\n```"]
        parts += ["**Mutants that state the same**", equivalents(entries)]
        return self.parse_text_to_nodes("\n\n".join(parts))


def setup(app):
    app.add_directive("equation-ledger", EquationLedger)
    return {"version": "1", "parallel_read_safe": True}
