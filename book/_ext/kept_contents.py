"""Makes the contents beside the pages once for each folder; a page marks in them where it is, and opens what lists it.

For each page the theme would make them anew from the headings of all pages.
"""

from functools import partial

from lxml import html
from markupsafe import Markup


def marked(contents, address):
    "The contents as the page at an address shows them: its entry leads to itself, and what lists it is open."
    tree = html.fragment_fromstring(contents, create_parent="div")
    for link in tree.xpath("//a[@href=$address]", address=address):
        link.set("href", "#")
        link.classes.add("current")
        for entries in link.iterancestors("ul"):
            entries.classes.add("current")
        for item in link.iterancestors("li"):
            item.classes.update(("current", "active"))
            for below in item.iterchildren("details"):
                below.set("open", "open")
    return Markup("".join(html.tostring(child, encoding="unicode") for child in tree))


def keep_contents(app, page, template, context, doctree):
    "Gives the template of the contents a function that keeps what the theme's function makes."
    builder, kept = app.builder, app.kept_contents
    folder = page[: page.rfind("/") + 1]

    def keeping(make):
        def contents(**options):
            key = folder, *sorted(options.items())
            if key not in kept:
                context["toctree"] = partial(builder._get_local_toctree, f"{folder}none of the pages")
                kept[key] = str(make(**options))
            return marked(kept[key], builder.get_relative_uri(folder, page))

        return contents

    context["kept_contents"] = keeping


def setup(app):
    app.kept_contents = {}
    app.connect("html-page-context", keep_contents, priority=400)
    return {"version": "1", "parallel_read_safe": True}
