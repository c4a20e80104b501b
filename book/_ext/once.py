"""Does once what Sphinx does again and again with the same result: reads a page from the disk for each reference to one
of its figures, makes a formatter for each block of code, renders a title for each page beside it, takes the stem of
a word on each page that has it, and looks for translations.
"""

import sys
from functools import lru_cache, partial

from docutils import nodes
from sphinx import builders
from sphinx.domains.std import StandardDomain
from sphinx.search.en import SearchEnglish
from sphinx.util.parallel import make_chunks


class KeptPages:
    "An environment whose pages are read from the disk once."

    def __init__(self, env):
        self.env, self.get_doctree = env, lru_cache(maxsize=None)(env.get_doctree)

    def __getattr__(self, name):
        return getattr(self.env, name)


class FigureNumbers(StandardDomain):
    "Takes a figure's number from a kept page; only looks at it, so that it may be kept."

    def _resolve_numref_xref(self, env, *reference):
        if not hasattr(self, "kept"):
            self.kept = KeptPages(env)
        return super()._resolve_numref_xref(self.kept, *reference)


class Stems(SearchEnglish):
    "English, with each word's stem kept."

    def init(self, options):
        super().init(options)
        self.stem = lru_cache(maxsize=None)(self.stem)


def keep_formatters(app):
    "Makes a formatter once for all blocks with the same options; it depends on nothing else."
    highlighter = app.builder.highlighter
    kept, make = {}, highlighter.get_formatter

    def formatter(**options):
        key = repr(sorted(options.items()))
        if key not in kept:
            kept[key] = make(**options)
        return kept[key]

    highlighter.get_formatter = formatter


def keep_titles(app):
    "Renders the title of a page once for all pages that name it."
    render = app.builder.render_partial
    kept = lru_cache(maxsize=None)(lambda node: dict(render(node)))  # a copy: all that it renders is written into one dict
    app.builder.render_partial = lambda node: (kept if isinstance(node, nodes.title) else render)(node)


def leave_out_translations(app):
    "Takes out what walks through each page to translate it: this book has one language."
    app.registry.transforms[:] = [each for each in app.registry.transforms if each.__module__ != "sphinx.transforms.i18n"]


def setup(app):
    builders.make_chunks = partial(make_chunks, maxbatch=sys.maxsize)  # what a process keeps is lost with it
    app.add_domain(FigureNumbers, override=True)
    app.add_search_language(Stems)
    app.connect("builder-inited", keep_formatters)
    app.connect("builder-inited", keep_titles)
    app.connect("builder-inited", leave_out_translations)
    return {"version": "1", "parallel_read_safe": True}
