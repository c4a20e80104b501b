"""Links the names in the pages' code to their place in the reference.

sphinx-codeautolink finds which import a name goes back to, and how it looks when highlighted. Of a page's cells each
is parsed once here, after the cells before it, and is linked as it is written. Names and punctuation have the colour of the
text around them: they need no element of their own, and so many make a page heavy. A docstring names an equation by its
label in backquotes, `eq-softmax`: on the page that is its number, and a link.
Long lines may wrap on a phone: code_lines.py.
"""

import ast
import re
from functools import cache

from code_lines import wrapping
from docutils import nodes
from quick_lexer import QuickPythonLexer
from search_equations import numbered
from sphinx.util import logging
from sphinx_codeautolink.extension.block import BUILTIN_BLOCKS, construct_name_pattern
from sphinx_codeautolink.extension.resolve import CouldNotResolve, resolve_location
from sphinx_codeautolink.parse import ImportTrackerVisitor, LinkContext, Name

logger = logging.getLogger(__name__)
GUESSED = "default"  # the language of a block that names none: it may be anything
LOCATED = {}
LABEL = re.compile(r"`(eq-[\w-]+)`")
UNCOLOURED = re.compile(r'<span class="(?:n|nn|p|w)">([^<]*)</span>')


def parsed(block, language):
    "The tree of a block's source; only what is no plain Python is cleaned of prompts and magics."
    source = block.astext()
    try:
        return ast.parse(source)
    except SyntaxError:
        clean = BUILTIN_BLOCKS["pycon" if source.startswith(">>>") else language]
        if not clean:
            raise
        return ast.parse(clean(source)[1])


def note_names(app, doctree):
    "Notes in each block of a page's code the names that go back to an import, here or in a block before."
    visitor = ImportTrackerVisitor(doctree)
    for block in doctree.findall(nodes.literal_block):
        language = block.get("language", app.config.highlight_language)
        if language not in BUILTIN_BLOCKS or len(block) != 1:
            continue
        known = len(visitor.accessed)
        try:
            visitor.visit(parsed(block, language))
        except SyntaxError as error:
            if language != GUESSED:
                logger.warning("code that does not parse: %s", error, location=block)
        block["imported"] = [name for name in visitor.accessed[known:] if name.code_str]


def locate(name, objects):
    "The full name under which the reference has it, or None; looked for once, since that tries to import its parts."
    key = tuple(name.import_components)
    if key not in LOCATED:
        try:
            found = resolve_location(name, objects)
        except CouldNotResolve:
            found = None
        LOCATED[key] = found if found in objects else None
    found = LOCATED[key]
    if found and name.context != LinkContext.import_from:
        # In an expression mlbook.dense is the function of the module mlbook.dense.
        function = f"{found}.{found.rpartition('.')[2]}"
        return function if function in objects else found
    return found


@cache
def pattern(context, code):
    "How a name looks when it is highlighted."
    return re.compile(construct_name_pattern(Name([], code, 0, 0, context=context)))


def linked(html, name, address, title):
    "The highlighted lines of a block with a link around a name; without one for an attribute of what is in parentheses."
    lines = html.split("\n")
    first, last = name.lineno - 1, name.end_lineno
    text = "\n".join(lines[first:last])
    places = list(pattern(name.context, name.code_str).finditer(text))
    if not places:
        return html
    found = places[-1]
    start, end = found.start() + len(found[1]), found.end()
    link = f'<a class="code-link" href="{address}" title="{title}">{text[start:end]}</a>'
    lines[first:last] = [text[:start] + link + text[end:]]
    return "\n".join(lines)


def with_numbers(html, builder, page):
    "Highlighted code in which the label of an equation in a docstring is its number, and leads to it."

    def link(found):
        label = found[1]
        if label not in builder.env.get_domain("math").equations:
            return found[0]
        other, anchor, number = numbered(builder.env, label)
        address = f"{'' if other == page else builder.get_relative_uri(page, other)}#{anchor}"
        return f'<a class="code-link" href="{address}" title="{label}">{number or label}</a>'

    return LABEL.sub(link, html)


def visit_code(self, block):
    "Writes a block of code as Sphinx does, and links its names and its equations."
    before = len(self.body)
    try:
        type(self).visit_literal_block(self, block)
    finally:
        html, page = "".join(self.body[before:]), self.builder.current_docname
        objects = self.builder.env.get_domain("py").objects
        for name in block.get("imported", []):
            title = locate(name, objects)
            if title:
                entry = objects[title]
                address = f"{self.builder.get_relative_uri(page, entry.docname)}#{entry.node_id}"
                html = linked(html, name, address, title)
        self.body[before:] = [wrapping(with_numbers(UNCOLOURED.sub(r"\1", html), self.builder, page))]


def depart_code(self, block):
    type(self).depart_literal_block(self, block)


def setup(app):
    for language in ("python", "ipython3"):  # of IPython's own, only %config loses a colour
        app.add_lexer(language, QuickPythonLexer)
    app.connect("doctree-read", note_names)
    app.add_node(nodes.literal_block, override=True, html=(visit_code, depart_code))
    return {"version": "1", "parallel_read_safe": True}
