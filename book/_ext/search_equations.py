"""Lets the site's search find an equation by its number or its label."""

import json
from pathlib import Path

from docutils.nodes import make_id

BEFORE, AFTER = "Search.setIndex(", ")"


def numbered(env, label):
    "The page of an equation, its anchor, and its number in brackets, if it has one."
    page, _ = env.get_domain("math").equations[label]
    anchor = make_id(f"equation-{label}")
    number = env.toc_fignumbers.get(page, {}).get("displaymath", {}).get(anchor)
    return page, anchor, number and f"({'.'.join(map(str, number))})"


def names(env):
    "Each equation's page, anchor and names: its label, and its number where it has one."
    for label in env.get_domain("math").equations:
        page, anchor, number = numbered(env, label)
        yield page, anchor, [label, number] if number else [label]


def add_equations(app, exception):
    path = Path(app.outdir) / "searchindex.js"
    if exception is not None or not path.exists():
        return
    index = json.loads(path.read_text(encoding="utf-8").removeprefix(BEFORE).removesuffix(AFTER))
    places = {docname: place for place, docname in enumerate(index["docnames"])}
    for docname, anchor, titles in names(app.env):
        for title in titles:
            index["alltitles"].setdefault(title, []).append([places[docname], anchor])
    path.write_text(f"{BEFORE}{json.dumps(index, separators=(',', ':'))}{AFTER}", encoding="utf-8")


def setup(app):
    app.connect("build-finished", add_equations)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
