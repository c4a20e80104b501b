"""Gives the script of moving pictures to the pages that have one.

Such a picture has a number and a caption as any other figure has, by `#| label:` and `#| fig-cap:` above its cell.
"""

SCRIPT = "moving.js"


def add_script(app, page, template, context, doctree):
    if '<div class="moving"' in context.get("body", ""):
        app.add_js_file(SCRIPT, loading_method="defer")


def setup(app):
    app.connect("html-page-context", add_script)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
