"""Makes the API page's docstrings lead back to the book, and its signatures readable.

A docstring names its equation in backquotes, `eq-softmax`: on the page that is a link to it.
Everything else in backquotes is code, and all other text is plain. NumPy's type aliases are shown by name, not spelled out.
"""

import re

from numpy.typing import ArrayLike, DTypeLike, NDArray
from sphinx.util.typing import stringify_annotation

ALIASES = {
    stringify_annotation(alias, mode): name
    for name, alias in {"ArrayLike": ArrayLike, "DTypeLike": DTypeLike, "NDArray": NDArray}.items()
    for mode in ("smart", "fully-qualified-except-typing")
}


def marked_up(match):
    text = match.group(1)
    if text is None:
        return "\\" + match.group()
    return f":eq:`{text}`" if text.startswith("eq-") else f"``{text}``"


def process_docstring(app, what, name, obj, options, lines):
    lines[:] = [re.sub(r"`([^`]+)`|[*|]", marked_up, line) for line in lines]


def process_signature(app, what, name, obj, options, signature, return_annotation):
    def named(text):
        for expanded, alias in ALIASES.items():
            text = text and text.replace(expanded, alias)
        return text

    return named(signature), named(return_annotation)


def setup(app):
    app.connect("autodoc-process-docstring", process_docstring)
    app.connect("autodoc-process-signature", process_signature)
    return {"version": "1", "parallel_read_safe": True}
