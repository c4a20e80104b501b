"""The ledger of equations: what a run with mutants found of every labelled display, as a page.

`make equations` writes equations.json, and `{equation-ledger}` shows it: what nearly all equations have in common in
words, then a table for each page in the order of the contents, the equations that are wrong, and the mutants that
state the same as their equation, with the reasons.
"""

import json
from collections import Counter
from itertools import groupby
from pathlib import Path

from sphinx.util.docutils import SphinxDirective

REFUTED = "refuted"


def split(entries):
    "The equations that hold, and those that are refuted."
    return [e for e in entries if e["kind"] != REFUTED], [e for e in entries if e["kind"] == REFUTED]


def in_contents(entries, names):
    "The entries in the order of the contents, `names`, and on a page in their own order."
    order = {name: place for place, name in enumerate(names)}
    return sorted(entries, key=lambda entry: (order[f"nbs/{entry['chapter']}"], entry["place"]))


def table(head, align, rows):
    lines = [head, align, *(" | ".join(row) for row in rows)]
    return "```{table}\n:class: wide\n\n" + "\n".join(f"| {line} |" for line in lines) + "\n```"


def page(chapter, entries):
    "The equations of a page that hold."
    columns = "kind", "evidence", "cases", "mutants"
    rows = [[f"{{eq}}`{e['label']}`", f"`{e['label']}`", *(str(e.get(key, "numeric")) for key in columns)] for e in entries]
    return f"**{{doc}}`/nbs/{chapter}`**\n\n" + table(
        "equation | label | kind | evidence | cases | mutants", "---|---|---|---|--:|--:", rows
    )


def wrong(entries):
    "The equations that fail; they have no number, so that the label leads to them."
    place = '<a href="../nbs/{chapter}.html#equation-{label}"><code>{label}</code></a>'
    rows = [[place.format(**e), f"{{doc}}`/nbs/{e['chapter']}`", e["error"]] for e in entries]
    return table("equation | page | what fails", "---|---|---", rows)


def errors(held):
    "How closely equations agree: the bound that nearly all keep, and the others by name."
    [(usual, _)] = Counter(entry["error"] for entry in held).most_common(1)
    others = ", ".join(f"{{eq}}`{e['label']}` ({e['error']})" for e in held if e["error"] != usual)
    return f"The largest error of an equation is {usual}" + (f"; only those of {others} are larger." if others else ".")


GRADES = {
    "exact": "are identities",
    "branch": "are identities for all numbers that compare with each other as those of the sample do",
    "numeric": "are known from their sample",
}


def known(held):
    "How many equations are known with which evidence."
    counts = Counter(entry.get("evidence", "numeric") for entry in held)
    parts = [f"**{counts[grade]}** {words} (*{grade}*)" for grade, words in GRADES.items()]
    return f"Of the equations that hold {parts[0]}, {parts[1]}, and {parts[2]}."


def summary(entries):
    "What all equations have in common, with counts."
    held, refuted = split(entries)
    mutants = sum(entry["mutants"] for entry in entries)
    same = sum(len(entry["equivalents"]) for entry in entries)
    kinds = sorted({entry["kind"] for entry in held})
    counts = [f"{sum(entry['kind'] == kind for entry in held)} of kind *{kind}*" for kind in kinds]
    cases = sum(entry["cases"] for entry in held)
    return (
        f"There are **{len(entries)}** labelled equations. "
        f"**{len(held)}** of them hold: {', '.join(counts)}. They agree in {cases:,} cases. {errors(held)} {known(held)} "
        f"Of {mutants:,} changed equations {mutants - same:,} fail, and {same} state the same as the original; "
        f"they are listed at the end. "
        f"The other **{len(refuted)}** equations are shown because they are wrong, and fail."
    )


def equivalents(entries):
    lines = [
        f"- {{eq}}`{entry['label']}`, `{change}`: {reason}"
        for entry in entries
        for change, reason in entry["equivalents"].items()
    ]
    return "\n".join(lines)


def ledger(entries):
    "The page, in MyST, of entries in their order."
    held, refuted = split(entries)
    pages = [page(chapter, list(group)) for chapter, group in groupby(held, key=lambda entry: entry["chapter"])]
    parts = [summary(entries), *pages, "**Equations that are wrong**", wrong(refuted)]
    return "\n\n".join([*parts, "**Mutants that state the same**", equivalents(held)])


class EquationLedger(SphinxDirective):
    "Shows equations.json, which stands beside the page."

    def run(self):
        path = Path(self.env.doc2path(self.env.docname)).with_name("equations.json")
        self.env.note_dependency(str(path))
        entries = json.loads(path.read_text(encoding="utf-8"))
        return self.parse_text_to_nodes(ledger(in_contents(entries, list(self.env.external_site_map))))


def setup(app):
    app.add_directive("equation-ledger", EquationLedger)
    return {"version": "1", "parallel_read_safe": True}
