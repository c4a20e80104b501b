"""Shows the head of a notebook as the page wants it.

The quote under the title is for nbdev, which makes it the module's docstring: it is not shown.
The paragraph "**What we need:** ... **What we get:** ..." becomes a small box.
"""

from docutils import nodes

HEADS = ("What we need:", "What we get:")


def items(paragraph):
    "The parts of a paragraph, each with the head that it begins with; nothing where it does not begin with one."
    found = []
    for node in paragraph.children:
        if isinstance(node, nodes.strong) and node.astext() in HEADS:
            found.append((node.astext().rstrip(":"), nodes.paragraph()))
        elif found:
            found[-1][1].append(node)
        elif node.astext().strip():
            return []
    return found


def box(paragraph):
    "The box of what a chapter needs and gives."
    found = nodes.definition_list(classes=["needs"])
    for head, body in items(paragraph):
        found += nodes.definition_list_item("", nodes.term("", head), nodes.definition("", body))
    return found


def show_head(app, doctree):
    section = next(doctree.findall(nodes.section), None)
    if section is None or not app.env.doc2path(app.env.docname).endswith(".ipynb"):
        return
    if len(section) > 1 and isinstance(section[1], nodes.block_quote):
        section.pop(1)
    for paragraph in [node for node in section.children if isinstance(node, nodes.paragraph)]:
        if items(paragraph):
            paragraph.replace_self(box(paragraph))


def setup(app):
    app.connect("doctree-read", show_head)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
