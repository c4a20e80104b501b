"""Puts the check of a displayed equation behind a mark beside its number: ✓, or ✗ where the equation is wrong.

A cell that calls `verify` or `refute` prints a line for each equation, with its label, the mark and the cases.
Each equation gets a copy of the cell, folded behind the mark; a cell with the tag `hide-input` is then shown nowhere else,
nor are the cells just above it that only prepare it. An equation that is refuted has no number, and the others count on.
The report of a wrong equation ends with the TeX of the line that fails, of which the reader needs only the beginning.
"""

import re

from disclosure import cells, disclosure, part, text
from docutils import nodes
from source_links import FROM
from sphinx.domains.math import MathDomain

REPORT = re.compile(r"^(\S+) ([✓✗]) (.*)$", re.MULTILINE)
CHECKED, REFUTED = "✓", "✗"
LONG = re.compile(r"(, in line \d+: .{60}).{4,}")


class wrong_equation(nodes.math_block):
    "An equation that is shown because it is wrong. Sphinx numbers nodes of the class `math_block` only."


class Equations(MathDomain):
    "Sphinx's equations, and links to those without a number."

    def resolve_xref(self, env, fromdocname, builder, typ, target, node, contnode):
        if target in self.equations:
            env.toc_fignumbers.setdefault(self.equations[target][0], {}).setdefault("displaymath", {})
        link = super().resolve_xref(env, fromdocname, builder, typ, target, node, contnode)
        if link is not None and link.astext() == "()":
            link.children = [nodes.Text("(wrong)")]
        return link


def spoken(sign, report):
    "What a mark says to those who hear it or point at it."
    if sign == CHECKED:
        return f"Checked in {report}. How?"
    return f"Wrong: {report.partition(':')[0]}. How do we know?"


def is_folded(cell):
    return isinstance(cell, nodes.container) and cell.get("hide_mode") == "input"


def with_preparation(cell):
    "The cell after the cells directly above it that are folded like it, show nothing, and are no part of the package."
    found, siblings = [cell], cell.parent.children
    for above in reversed(siblings[: siblings.index(cell)]):
        exported = any(name.startswith(FROM) for name in above["classes"])
        if not is_folded(above) or exported or part(above, "output") is not None:
            break
        found.insert(0, above)
    return found


def shown(cells):
    "Copies of cells for the place behind a mark, where nothing of them is folded."
    copies = [cell.deepcopy() for cell in cells]
    for cell in copies:
        cell.attributes.pop("hide_mode", None)
        cell["classes"] = ["cell"]
        for block in cell.findall(nodes.literal_block):
            block.rawsource = LONG.sub(r"\1 …", block.astext())
            block[:] = [nodes.Text(block.rawsource)]
    return copies


def marked(equation, sign):
    "Puts an equation into a frame that has room for its mark, and returns the frame."
    frame = nodes.container(classes=["equation"])
    equation.parent.replace(equation, frame)
    if sign == REFUTED:
        frame["classes"].append("wrong")
        equation = wrong_equation(equation.rawsource, equation.astext(), **equation.attributes)
        equation["number"] = None
    frame += equation
    return frame


def mark_equations(app, doctree):
    equations = {node.get("label"): node for node in doctree.findall(nodes.math_block)}
    frames = {}
    for cell in cells(doctree):
        if not re.search(r"\b(verify|refute)\(", text(cell, "source")):
            continue
        reports = [report for report in REPORT.findall(text(cell, "output")) if report[0] in equations]
        checks = with_preparation(cell) if is_folded(cell) else [cell]
        for label, sign, report in reports:
            if label not in frames:
                frames[label] = marked(equations[label], sign)
                frames[label] += disclosure(classes=["check"], summary=sign, name=spoken(sign, report))
            frames[label][-1] += shown(checks)
        if reports and is_folded(cell):
            for check in checks:
                check.parent.remove(check)


def setup(app):
    app.setup_extension("disclosure")
    app.add_domain(Equations, override=True)
    # Before the extension that links names in cells, which notes their order.
    app.connect("doctree-read", mark_equations, priority=400)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
