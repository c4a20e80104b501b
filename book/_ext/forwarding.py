"""A page that moved leaves a page at its old address that leads to its new one, as book/moved.toml says.

A place on the old page, such as #eq-dense, may have gone to another page: the build writes where each place is now.
"""

import json
import tomllib
from collections import defaultdict
from html import escape
from pathlib import Path

from docutils import nodes
from sphinx.util import logging
from sphinx.util.osutil import relative_uri

logger = logging.getLogger(__name__)

PAGE = """<!DOCTYPE html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<title>{title}</title>
<link rel="canonical" href="{address}">
<script src="{root}_static/places.js"></script>
<script src="{root}_static/forwarding.js" data-root="{root}" data-page="{page}"></script>
<meta http-equiv="Refresh" content="0; url={address}">
</head>
<body><p>This page has moved: <a href="{address}">{title}</a></p></body>
</html>
"""


def moved(app):
    "The new name of each page that moved, by its old one."
    return tomllib.loads((Path(app.srcdir) / "book" / "moved.toml").read_text(encoding="utf-8"))


def check(app, env):
    for old, new in moved(app).items():
        if new not in env.found_docs:
            logger.warning("moved.toml: %s leads to %s, which is no page", old, new)
        if old in env.found_docs:
            logger.warning("moved.toml: %s is a page, and cannot lead to %s", old, new)


def places(app):
    "The addresses of each place: headings, equations (by their label, too), labels, and objects (by their name alone, too)."
    env, found = app.env, defaultdict(set)

    def add(page, place, *names):
        for name in (place, *names):
            found[name].add(f"{app.builder.get_target_uri(page)}#{place}")

    for page, contents in env.tocs.items():
        for entry in contents.findall(nodes.reference):
            add(page, entry["anchorname"].lstrip("#"))
    for label, (page, _) in env.get_domain("math").equations.items():
        add(page, nodes.make_id(f"equation-{label}"), label)
    for page, place in env.get_domain("std").anonlabels.values():
        add(page, place)
    for name, entry in env.get_domain("py").objects.items():
        add(entry.docname, entry.node_id, name.rpartition(".")[2])
    found.pop("", None)
    return {name: sorted(addresses) for name, addresses in sorted(found.items())}


def forward(app, exception):
    if exception or app.builder.format != "html":
        return
    out = Path(app.outdir)
    (out / "_static" / "places.js").write_text(f"const PLACES = {json.dumps(places(app))};\n", encoding="utf-8")
    for old, new in moved(app).items():
        uri, page = app.builder.get_target_uri(old), app.builder.get_target_uri(new)
        values = {"root": relative_uri(uri, ""), "address": relative_uri(uri, page), "page": page}
        title = app.env.titles[new].astext() if new in app.env.titles else new
        path = out / uri
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(PAGE.format(title=escape(title), **values), encoding="utf-8")


def setup(app):
    app.connect("env-check-consistency", check)
    app.connect("build-finished", forward)
    return {"version": "1", "parallel_read_safe": True}
