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


def drop_unused_sources(app, env):
    "Read in parallel, a module of which nothing is described, such as functools, would have a page of its source."
    sources = getattr(env, "_viewcode_modules", {})
    for module in [module for module, source in sources.items() if source and not source[2]]:
        del sources[module]


def setup(app):
    app.connect("autodoc-process-docstring", process_docstring)
    app.connect("autodoc-process-signature", process_signature)
    app.connect("env-updated", drop_unused_sources)
    return {"version": "1", "parallel_read_safe": True}
