"""Gives equations that are folded away the number of the equation above them and a letter: (3.26a), (3.26b).

So the numbers of those that a reader sees have no gaps, and all still come in the order of the page. Addresses stay.
"""

from itertools import count, product
from string import ascii_lowercase

from disclosure import disclosure
from docutils import nodes


def is_folded(equation):
    "Whether an equation is within something that opens on asking for it."
    while equation := equation.parent:
        if isinstance(equation, disclosure) or equation.get("design_component") == "dropdown":
            return True
    return False


def note_folded(app, doctree):
    "Notes the anchors of a page's equations, each with whether it is folded away."
    found = {node["ids"][0]: is_folded(node) for node in doctree.findall(nodes.math_block) if node["ids"]}
    app.env.metadata[app.env.docname]["equations"] = found


def letters():
    "a, b, ..., z, aa, ab, ..."
    for length in count(1):
        yield from map("".join, product(ascii_lowercase, repeat=length))


def places(numbers, folded):
    "The numbers of a page's equations, where `folded` ones count by letters."
    found, last, letter = {}, 0, letters()
    for anchor, (*chapter, _) in numbers.items():
        if folded.get(anchor):
            found[anchor] = (*chapter, f"{last}{next(letter)}")
        else:
            last, letter = last + 1, letters()
            found[anchor] = (*chapter, last)
    return found


def number_folded(app, env):
    for page, numbers in env.toc_fignumbers.items():
        if "displaymath" in numbers:
            numbers["displaymath"] = places(numbers["displaymath"], env.metadata[page].get("equations", {}))
    return []


def setup(app):
    # After the equations have their marks and Sphinx has noted what the page says of itself; then after its numbers.
    app.connect("doctree-read", note_folded, priority=900)
    app.connect("env-get-updated", number_folded, priority=900)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
