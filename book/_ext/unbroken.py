"""Keeps a formula in the text and the punctuation behind it on one line: browsers would break between the two."""

import re

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

PUNCTUATION = re.compile(r"[-,.;:!?)\]’”]+")


class Unbroken(SphinxPostTransform):
    "Puts both into a span of the class `unbroken`, for which book.css allows no break."

    default_priority = 900
    formats = ("html",)

    def run(self):
        for math in list(self.document.findall(nodes.math)):
            parent, place = math.parent, math.parent.index(math)
            behind = math.next_node(descend=False, siblings=True)
            found = PUNCTUATION.match(behind.astext()) if isinstance(behind, nodes.Text) else None
            if found:
                rest = nodes.Text(behind.astext()[found.end() :])
                parent[place : place + 2] = [nodes.inline("", "", math, nodes.Text(found[0]), classes=["unbroken"]), rest]


def setup(app):
    app.add_post_transform(Unbroken)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
