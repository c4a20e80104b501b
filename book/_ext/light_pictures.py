"""Makes the SVGs of a built site lighter: without notes on how they were made, and with places to a thousandth of a point."""

import re
from pathlib import Path

NOTES = re.compile(r"<!--.*?-->|<metadata>.*?</metadata>", re.DOTALL)
PATH = re.compile(r'(?<= d=")[^"]*')
LONG = re.compile(r"-?\d*\.\d{4,}")
BREAK = re.compile(r"\s*\n\s*")


def rounded(found):
    return f"{float(found[0]):.3f}".rstrip("0").rstrip(".")


def lighter(svg):
    "The same picture in fewer bytes."
    svg = BREAK.sub("\n", NOTES.sub("", svg))
    return PATH.sub(lambda path: LONG.sub(rounded, path[0]), svg)


def make_lighter(app, exception):
    if exception is None and app.builder.format == "html":
        for path in Path(app.outdir, app.builder.imagedir).glob("*.svg"):
            path.write_text(lighter(path.read_text(encoding="utf-8")), encoding="utf-8")


def setup(app):
    app.connect("build-finished", make_lighter)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
