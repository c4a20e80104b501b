"""Shows a notebook's cells without the `#|` lines that nbdev and the reader's page need.

`#| hide` and `#| default_exp` take the cell off the page; `#| label`, `#| fig-cap` and `#| fig-alt`
name, caption and describe the cell's figure; every other `#|` line is dropped from the page.
The cells are named as IPython's, so that lines such as `%config` are understood. An exported cell
is tagged with its module.
"""

import json

HIDDEN, EXPORTED = {"hide", "default_exp"}, {"export", "exporti"}


def directives(source):
    "The `#|` lines of a cell as a dict, and the rest of its source."
    found, rest = {}, []
    for line in source.splitlines(keepends=True):
        if line.startswith("#|"):
            key, _, value = line[2:].strip().partition(" ")
            found[key.rstrip(":")] = value.strip()
        else:
            rest.append(line)
    return found, "".join(rest).lstrip("\n")


def module_of(directive):
    "The module that nbdev calls `eqval.__init__`."
    return f"mlbook.{directive}".removesuffix(".__init__")


def default_module(cells):
    "The module to which a notebook exports, if a cell names no other."
    found = (directives("".join(cell["source"]))[0].get("default_exp") for cell in cells if cell["cell_type"] == "code")
    return next(filter(None, found), "")


def shown(cell, module):
    "The cell as the page shows it."
    if cell["cell_type"] != "code":
        return cell
    found, source = directives("".join(cell["source"]))
    metadata, tags = dict(cell["metadata"]), []
    if HIDDEN & found.keys():
        tags.append("remove-cell")
    for directive in EXPORTED & found.keys():
        tags.append(f"of-{module_of(found[directive] or module)}")
    if tags:
        metadata["tags"] = [*metadata.get("tags", []), *tags]
    figure = {"name": found.get("label"), "caption": found.get("fig-cap")}
    render = {"figure": {key: text for key, text in figure.items() if text}}
    if "fig-alt" in found:
        render["image"] = {"alt": found["fig-alt"]}
    if any(render.values()):
        metadata["mystnb"] = {**metadata.get("mystnb", {}), **{key: value for key, value in render.items() if value}}
    return {**cell, "metadata": metadata, "source": source}


def read_notebook(app, docname, source):
    if app.env.doc2path(docname).endswith(".ipynb"):
        notebook = json.loads(source[0])
        module = default_module(notebook["cells"])
        notebook["cells"] = [shown(cell, module) for cell in notebook["cells"]]
        notebook["metadata"]["language_info"] = {"name": "python", "pygments_lexer": "ipython3"}
        source[0] = json.dumps(notebook)


def setup(app):
    app.connect("source-read", read_notebook)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
