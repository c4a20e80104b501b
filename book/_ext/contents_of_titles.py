"""Makes the contents beside a page from the pages' titles alone.

For each page Sphinx copies every heading of every page, and then takes the headings out again.
"""

from docutils import nodes
from sphinx.addnodes import toctree


def titles(contents):
    "A page's contents without its headings: its title, and the pages that it lists."
    contents = contents.deepcopy()
    for entry in contents:
        below = list(entry.findall(toctree))
        entry[1:] = [nodes.bullet_list("", *below)] if below else []
    return contents


def note_titles(app, builder):
    app.env.title_tocs = {page: titles(contents) for page, contents in app.env.tocs.items()}


def use_titles(app, page, template, context, doctree):
    whole, env = context["toctree"], app.env

    def contents(**options):
        headings, env.tocs = env.tocs, env.title_tocs
        try:
            return whole(**options)
        finally:
            env.tocs = headings

    context["toctree"] = contents


def setup(app):
    app.connect("write-started", note_titles)
    app.connect("html-page-context", use_titles)
    return {"version": "1", "parallel_read_safe": True}
