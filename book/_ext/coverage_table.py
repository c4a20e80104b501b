"""Where the book has what stands in the five notes: shows coverage.toml, which stands beside the page.

`{coverage}` gives one sentence that counts everything, and `{coverage} 000` the table of one note.
"""

import importlib
import tomllib
from pathlib import Path

from sphinx.util.docutils import SphinxDirective

COLUMNS = ["heading", "what stands under it", "in the book", "remark"]
NAMED = ("table", "figure", "listing")  # what an entry is called beside its description


def function(name):
    "The function of mlbook with this dotted name."
    module, _, attribute = name.rpartition(".")
    return getattr(importlib.import_module(module), attribute)


def link(target):
    "MyST that leads to an equation, a section, an erratum or a function."
    if target.startswith("eq-"):
        return f"{{eq}}`{target}`"
    if target.startswith("mlbook."):
        found = function(target)
        return f"{{py:func}}`{found.__name__} <{found.__module__}.{found.__qualname__}>`"
    return f"{{ref}}`{target}`"


def errata(labels):
    "Links to the errata, numbered where there are several."
    if len(labels) < 2:
        return [f"{{ref}}`erratum <{label}>`" for label in labels]
    links = ", ".join(f"{{ref}}`{n} <{label}>`" for n, label in enumerate(labels, start=1))
    return [f"errata {links}"]


def links(targets):
    return ", ".join(map(link, targets))


def remark(entry):
    return ", ".join([*filter(None, [entry.get("remark")]), *errata(entry.get("errata", []))])


def groups(entries):
    "Each heading with the entries under it; None stands for the heading of what comes before the first."
    found = [(None, [])]
    for entry in entries:
        if entry["kind"] == "heading":
            found.append((entry, []))
        else:
            found[-1][1].append(entry)
    return [(heading, under) for heading, under in found if heading or under]


def title(heading, under):
    "A heading with its number, and with those of its targets that no entry under it has."
    at, name = heading["at"], heading["is"]
    shown = f"**{at}**" if at.startswith(name) else f"**{at}** {name}"
    own = [target for target in heading["to"] if not any(target in entry["to"] for entry in under)]
    return f"{shown}: {links(own)}" if own else shown


def described(entry, heading):
    "What an entry is, with its place unless that is the heading."
    what, at, kind = entry["is"], entry["at"], entry["kind"]
    if kind in NAMED and kind not in at.lower():
        what = f"{kind}: {what}"
    if heading and at == heading["at"]:
        return what
    place = at.removeprefix(f"{heading['at']}, ") if heading else at
    return f"{place} {what}" if place.startswith("(") else f"{place}: {what}"


def rows(heading, under):
    "The rows of a heading: one for each entry under it, the first with the heading, or one for the heading alone."
    if not under:
        return [[title(heading | {"to": []}, []), "", links(heading["to"]), remark(heading)]]
    firsts = [title(heading, under) if heading else "", *[""] * (len(under) - 1)]
    return [[first, described(e, heading), links(e["to"]), remark(e)] for first, e in zip(firsts, under)]


def table(entries):
    lines = [COLUMNS, ["---"] * len(COLUMNS)]
    for heading, under in groups(entries):
        lines += rows(heading, under)
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def summary(notes):
    "One sentence that counts everything."
    entries = [entry for note in notes.values() for entry in note["entries"]]
    kinds = sorted({entry["kind"] for entry in entries})
    counts = [(sum(entry["kind"] == kind for entry in entries), kind) for kind in kinds]
    listed = ", ".join(f"{n} {kind}{'' if n == 1 else 's'}" for n, kind in counts)
    targets = {target for entry in entries for target in entry["to"]}
    return f"**{len(entries)}** entries ({listed}) lead to {len(targets)} places in the book."


class Coverage(SphinxDirective):
    "Shows coverage.toml: without an argument its counts, with the name of a note the note's table."

    optional_arguments = 1

    def run(self):
        path = Path(self.env.doc2path(self.env.docname)).with_name("coverage.toml")
        self.env.note_dependency(str(path))
        notes = tomllib.loads(path.read_text(encoding="utf-8"))
        if not self.arguments:
            return self.parse_text_to_nodes(summary(notes))
        note = notes[self.arguments[0]]
        about = f"It is about {note['about']}. What it gets wrong: {{doc}}`/nbs/{note['errata']}`."
        wide = f"```{{table}}\n:class: wide\n\n{table(note['entries'])}\n```"
        return self.parse_text_to_nodes(f"{about}\n\n{wide}")


def setup(app):
    app.add_directive("coverage", Coverage)
    return {"version": "1", "parallel_read_safe": True}
