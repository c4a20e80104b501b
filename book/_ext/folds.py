"""Folds cells that a reader rarely wants to read: imports, the code of figures, and cells that only check.

What a cell is, its code and its output tell; the tag `show-input` keeps a cell open, and so does `exercise`, which marks
a function that the reader writes; what is printed about such a function is said to be about the solution. Folds that are
one below the other share a line, and those of one title are one. Printed lines wrap, unless they are a table or an array.
"""

import ast
import re
from functools import cache

from disclosure import cells, disclosure, part, text
from docutils import nodes

FIGURE, IMPORTS, CHECKS, ARGUMENTS = "How this figure is made", "Imports", "Checked here", "How arguments are checked"
PREPARED, CODE, COMPUTED, RESULT = "Preparation", "The code", "How this is computed", "What comes out"
SOLVED = "With the solution above:"
IMPORT, STEPS = (ast.Import, ast.ImportFrom), (ast.Assign, ast.For, ast.With, ast.Assert, ast.Import, ast.ImportFrom)


@cache
def statements(source):
    "The statements of a cell, without IPython's own; none where they are not Python."
    try:
        return ast.parse(re.sub(r"^[%!].*$", "", source, flags=re.MULTILINE)).body
    except SyntaxError:
        return []


def has(statement, kind):
    return any(isinstance(node, kind) for node in ast.walk(statement))


def is_setting(statement):
    "Whether it may stand beside imports: a call, or an assignment in one line."
    called = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call)
    return called or (isinstance(statement, ast.Assign) and statement.lineno == statement.end_lineno)


def imports(body):
    "Whether a cell imports, and at most sets something besides."
    others = [statement for statement in body if not isinstance(statement, IMPORT)]
    return 2 * len(others) <= len(body) and all(map(is_setting, others))


def only_asserts(body):
    "Whether all that a cell does leads to an assertion at its end."
    return all(isinstance(statement, STEPS) for statement in body) and has(body[-1], ast.Assert)


def ends_in_a_check(body):
    "Whether the last thing that a cell does is to assert, whatever it defines before."
    return bool(body) and not isinstance(body[-1], ast.FunctionDef) and has(body[-1], ast.Assert)


def checks_argument(statement):
    "Whether it is a function that does nothing but raise, or a private one that gives back what it has checked."
    if not isinstance(statement, ast.FunctionDef) or not has(statement, ast.Raise):
        return False
    if statement.name.startswith(("_as_", "_check_")):
        return True
    body = statement.body[1:] if ast.get_docstring(statement) is not None else statement.body
    return all(has(step, ast.Raise) and not has(step, ast.Return) for step in body)


def defined(source):
    "The names of the functions and classes that a cell defines."
    return [step.name for step in statements(source) if isinstance(step, ast.FunctionDef | ast.ClassDef)]


def defines(source):
    "Whether a cell defines a function or a class that has a docstring, as those of the package have."
    defined = [step for step in statements(source) if isinstance(step, ast.FunctionDef | ast.ClassDef)]
    return bool(defined) and ast.get_docstring(defined[0]) is not None


def code_of(source):
    "What the code of a cell is folded behind: the public names that it defines, if they are few."
    names = [name for name in defined(source) if not name.startswith("_")]
    return f"{CODE} of {' and '.join(names)}" if 0 < len(names) < 3 else CODE


def title(source, drawn, printed):
    "What a cell is folded behind, or None where it stays open."
    body = statements(source)
    if drawn:
        return FIGURE
    if printed or not body:
        return None
    if imports(body):
        return IMPORTS
    if only_asserts(body):
        return CHECKS
    return ARGUMENTS if all(map(checks_argument, body)) else None


def is_picture(node):
    "Whether a node is an image, or a picture that moves."
    return isinstance(node, nodes.image) or isinstance(node, nodes.raw) and 'class="moving"' in node.astext()


def fold_of(cell):
    "What a cell is folded behind, its tags considered."
    source, output, mode = text(cell, "source"), part(cell, "output"), cell.get("hide_mode")
    drawn = output is not None and any(map(is_picture, output.findall(nodes.Element)))
    found, printed = title(source, drawn, output is not None), output is not None and not drawn
    if mode == "input":
        if printed:
            return COMPUTED
        return found or (code_of(source) if defines(source) else CHECKS if ends_in_a_check(statements(source)) else PREPARED)
    if mode == "all":
        return CHECKS if output is None and ends_in_a_check(statements(source)) else None
    return None if mode or {"tag_show-input", "tag_exercise"} & {*cell["classes"]} else found


def is_fold(node):
    return isinstance(node, disclosure) and "fold" in node["classes"]


def fold(cell, summary):
    "Folds a cell's code behind a line below its output, or on the line of the fold just above."
    source, at = part(cell, "source"), cell.parent.index(cell)
    above = cell.parent[at - 1] if at else None
    cell.attributes.pop("hide_mode", None)
    cell.remove(source)
    folded = disclosure("", source, classes=["fold"], summary=summary)
    if cell.children or not isinstance(above, nodes.container) or not above.children or not is_fold(above[-1]):
        cell += folded
        return
    cell.parent.remove(cell)
    if above[-1]["summary"] == summary != FIGURE:
        above[-1] += source
    else:
        above += folded


def asks_about(cell, asked):
    "Whether a cell ends in a call that is given a function which the reader writes."
    match statements(text(cell, "source"))[-1:]:
        case [ast.Expr(ast.Call(args=given))]:
            return any(isinstance(each, ast.Name) and each.id in asked for each in given)
    return False


def is_table(printed):
    "Whether print made a table or an array, whose columns must stay below each other."
    lines = printed.splitlines()
    return any(re.match(r" *\[\[| +\[", line) for line in lines) or sum("  " in line.strip() for line in lines) > 1


def fold_cells(app, doctree):
    asked = set()
    for cell in cells(doctree):
        output = part(cell, "output")
        for block in [] if output is None else output.findall(nodes.literal_block):
            if not is_table(block.astext()):
                block["classes"].append("wraps")
        if "tag_exercise" in cell["classes"]:
            asked |= {*defined(text(cell, "source"))}
        if output is not None and asks_about(cell, asked):
            cell.insert(cell.index(output), nodes.paragraph("", SOLVED, classes=["solved"]))
        whole, prompt = cell.get("hide_mode") == "all", cell.get("prompt_show")
        named = prompt if (whole or cell.get("hide_mode") == "input") and prompt != app.config.nb_code_prompt_show else ""
        if whole and (named and output is not None or asked & {*defined(text(cell, "source"))}):
            continue
        summary = named or fold_of(cell)
        if summary and part(cell, "source") is not None:
            fold(cell, summary)
        elif whole and output is not None:
            cell["prompt_show"], cell["prompt_hide"] = RESULT, "Fold it away"


def setup(app):
    app.setup_extension("disclosure")
    # After the marks of equations have taken their cells, and before the extension that links names in cells.
    app.connect("doctree-read", fold_cells, priority=450)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
