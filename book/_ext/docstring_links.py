"""Makes the API page's docstrings lead back to the book.

A docstring names its equation in backquotes, `eq-softmax`: on the page that is a link to it.
Everything else in backquotes is code.
"""

import re


def link(match):
    text = match.group(1)
    return f":eq:`{text}`" if text.startswith("eq-") else f"``{text}``"


def process_docstring(app, what, name, obj, options, lines):
    lines[:] = [re.sub(r"`([^`]+)`", link, line) for line in lines]


def setup(app):
    app.connect("autodoc-process-docstring", process_docstring)
    return {"version": "1", "parallel_read_safe": True}
