"""Serves MathJax from the site itself, to pages with formulas: one script, whose SVG output needs no fonts."""

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


def spare_plain_pages(app, page, template, context, doctree):
    "Sphinx gives the script to the first page, too, since there are formulas below it in the contents."
    if 'class="math' not in context.get("body", ""):
        context["script_files"] = [script for script in context["script_files"] if not str(script.filename).endswith(SCRIPT)]


def setup(app):
    app.config.mathjax_path = SCRIPT
    app.connect("html-page-context", spare_plain_pages, priority=900)
    app.connect("build-finished", copy_script)
    return {"version": "1", "parallel_read_safe": True}
