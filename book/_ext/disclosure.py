"""A part of a page that opens on asking for it: HTML's own `<details>`, which needs no script."""

from html import escape

from docutils import nodes


class disclosure(nodes.General, nodes.Element):
    "What is folded away: `summary` is the text to click, `name` what it says to those who hear it."


def open_html(self, node):
    name = escape(node.get("name", ""))
    spoken = f' aria-label="{name}" title="{name}"' if name else ""
    self.body.append(self.starttag(node, "details"))
    self.body.append(f"<summary{spoken}>{escape(node['summary'])}</summary>\n<div>\n")


def close_html(self, node):
    self.body.append("</div></details>\n")


def part(node, name):
    "A part of a notebook's cell, `source` or `output`, or None."
    return next((child for child in node.children if child.get("nb_element") == f"cell_code_{name}"), None)


def text(node, name):
    "What is written in a part of a cell."
    found = part(node, name)
    return "" if found is None else "\n".join(block.astext() for block in found.findall(nodes.literal_block))


def cells(doctree):
    "All code cells of a page that was a notebook."
    return [node for node in doctree.findall(nodes.container) if node.get("nb_element") == "cell_code"]


def setup(app):
    app.add_node(disclosure, html=(open_html, close_html))
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
