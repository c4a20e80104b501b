"""Links each function and class of the reference to its source: the cell of the chapter that derives it."""

from disclosure import cells, part, text
from docutils import nodes
from folds import defined
from sphinx.addnodes import desc_signature

FROM = "tag_of-"  # notebook_directives tags a cell with the module to which it is exported


def note_homes(app, doctree):
    "Gives a place to each exported cell, and notes what it defines."
    for cell in cells(doctree):
        for tag in [tag for tag in cell["classes"] if tag.startswith(FROM)]:
            cell["classes"].remove(tag)
            names = defined(text(cell, "source"))
            if names:
                place = f"source-{names[0]}"  # with its capitals: there are exact and Exact
                next(part(cell, "source").findall(nodes.literal_block))["ids"].append(place)
                module = tag.removeprefix(FROM)
                app.env.homes |= {f"{module}.{name}": (app.env.docname, place) for name in names}


def merge_homes(app, env, pages, other):
    env.homes |= other.homes


def link_sources(app, doctree, page):
    for signature in doctree.findall(desc_signature):
        if signature.parent["objtype"] in ("attribute", "data"):
            continue
        name = f"{signature.get('module')}.{signature.get('fullname', '').partition('.')[0]}"
        if name in app.env.homes:
            home, place = app.env.homes[name]
            address = f"{app.builder.get_relative_uri(page, home)}#{place}"
            signature += nodes.reference("", "[source]", refuri=address, internal=True, classes=["viewcode-link"])


def setup(app):
    app.connect("builder-inited", lambda app: setattr(app.env, "homes", {}))
    app.connect("doctree-read", note_homes, priority=440)  # before cells are folded
    app.connect("env-merge-info", merge_homes)
    app.connect("doctree-resolved", link_sources)
    return {"version": "1", "env_version": 1, "parallel_read_safe": True}
