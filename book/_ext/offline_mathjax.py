"""Serves MathJax from the site itself: one script, whose SVG output needs no fonts."""

import shutil
from importlib.metadata import distribution
from pathlib import Path

SCRIPT = "tex-svg-full.js"


def bundled_script():
    "Path of the MathJax script inside the installed sphinx-mathjax-offline."
    files = distribution("sphinx-mathjax-offline").files or []
    return next(Path(file.locate()) for file in files if file.name == SCRIPT)


def copy_script(app, exception):
    if exception is None and app.builder.format == "html":
        shutil.copy(bundled_script(), Path(app.outdir) / "_static" / SCRIPT)


def setup(app):
    app.config.mathjax_path = SCRIPT
    app.connect("build-finished", copy_script)
    return {"version": "1", "parallel_read_safe": True}
