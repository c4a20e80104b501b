"""Shows what a notebook's cell has drawn or printed on another page.

`{picture} nbs/more/D8_first_page fig-front-digit` is the figure of the cell with that label, with the
cell's description and, from the directive's content, a caption; in {said}`nbs/more/D8_first_page accuracy`
stands what follows that name in what the notebook printed. What a notebook does not have is an error.

A figure too wide for a phone has the class `wide` there: it keeps letters that can be read, and scrolls.
"""

import json
import os
import re
from pathlib import Path

from docutils import nodes
from notebook_directives import directives
from sphinx.util.docutils import SphinxDirective, SphinxRole

WIDE = 560  # points: on a phone letters of 9 points shrink to 5 pixels there


def code_cells(env, docname):
    "The code cells of a notebook, on which the page that is being read now depends."
    path = env.doc2path(docname)
    env.note_dependency(path)
    cells = json.loads(Path(path).read_text(encoding="utf-8"))["cells"]
    return [cell for cell in cells if cell["cell_type"] == "code"]


def drawn(cells, label):
    "The SVG of the cell with this label, and what it shows in words."
    for cell in cells:
        found, _ = directives("".join(cell["source"]))
        if found.get("label") == label:
            pictures = [output["data"]["image/svg+xml"] for output in cell["outputs"] if "image/svg+xml" in output.get("data", {})]
            return "".join(pictures[0]), found["fig-alt"]
    raise LookupError(f"no cell has the label {label}")


def printed(cells, name):
    "What stands after `name` in a printed line."
    for cell in cells:
        for output in cell["outputs"]:
            for line in "".join(output.get("text", "")).splitlines():
                first, _, rest = line.partition(" ")
                if first == name:
                    return rest.strip()
    raise LookupError(f"no cell prints {name}")


class Picture(SphinxDirective):
    required_arguments = 2
    has_content = True

    def run(self):
        docname, label = self.arguments
        try:
            svg, words = drawn(code_cells(self.env, docname), label)
        except LookupError as error:
            raise self.error(f"{docname}: {error}") from None
        folder = Path(self.env.app.outdir).parent / "pictures"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{label}.svg").write_text(svg, encoding="utf-8")
        here = Path(self.env.doc2path(self.env.docname)).parent
        image = nodes.image(uri=os.path.relpath(folder / f"{label}.svg", here).replace(os.sep, "/"), alt=words)
        figure = nodes.figure("", image, classes=["picture"])
        if self.content:
            caption = nodes.caption("", "")
            self.state.nested_parse(self.content, self.content_offset, caption)
            caption.children = caption.children[0].children
            figure += caption
        return [figure]


class Said(SphinxRole):
    def run(self):
        docname, name = self.text.split()
        try:
            return [nodes.Text(printed(code_cells(self.env, docname), name).replace(" %", "\N{NO-BREAK SPACE}%"))], []
        except LookupError as error:
            message = self.inliner.reporter.error(f"{docname}: {error}", line=self.lineno)
            return [self.inliner.problematic(self.rawtext, self.rawtext, message)], [message]


def name_wide(app, doctree, docname):
    for image in doctree.findall(nodes.image):
        if image["uri"].endswith(".svg"):
            width = re.search(r'<svg[^>]* width="([\d.]+)pt"', Path(app.srcdir, image["uri"]).read_text(encoding="utf-8"))
            if width and float(width[1]) > WIDE:
                image["classes"].append("wide")


def setup(app):
    app.connect("doctree-resolved", name_wide)
    app.add_directive("picture", Picture)
    app.add_role("said", Said())
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
