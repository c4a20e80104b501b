"""Serves MathJax 4 from the site itself, to pages with formulas: one script, whose SVG output needs no fonts.

The files in `book/_static/mathjax` are those of the npm packages `mathjax` and `@mathjax/mathjax-newcm-font`, as they are.
"""

SCRIPT = "tex-svg.js"


def spare_plain_pages(app, page, template, context, doctree):
    "Sphinx gives the script to the first page, too, since there are formulas below it in the contents."
    if 'class="math' not in context.get("body", ""):
        context["script_files"] = [script for script in context["script_files"] if not str(script.filename).endswith(SCRIPT)]


def setup(app):
    app.config.mathjax_path = f"mathjax/{SCRIPT}"
    app.connect("html-page-context", spare_plain_pages, priority=900)
    return {"version": "1", "parallel_read_safe": True}
