"""The mistakes of a note at a glance: a table whose sizes are read off the outputs of the note's own page.

A page reads the outputs that are stored in it, so after a change that changes one of them it has to be run twice.
"""

import json
import re
from pathlib import Path

from IPython.display import Markdown

HEAD = "| place | mistake | how large | correction |\n|:--|:--|:--|:--|"


def entries(cells):
    "For each entry of a page its heading, and the lines that the cells under it print."
    found, lines = {}, []
    for cell in cells:
        source = "".join(cell["source"]) if cell["cell_type"] == "markdown" else ""
        for line in re.findall(r"^#+ .*|^\(erratum-[\w-]+\)=\n+#+ .*", source, re.MULTILINE):
            lines = []
            if entry := re.match(r"\((erratum-[\w-]+)\)=\n+#+ (.*)", line):
                found[entry[1]] = entry[2], lines
        printed = ["".join(output.get("text", "")) for output in cell.get("outputs", [])]
        lines += "".join(printed).splitlines()
    return found


def size(lines):
    "How large a mistake is: what the checker said of each printed equation, else the first line printed."
    if said := [line.split(" ✗ ")[1] for line in lines if " ✗ " in line]:
        return "; ".join(map(shortened, said))
    return f"`{lines[0]}`" if lines else "–"


def shortened(verdict):
    "What the checker says of a wrong equation, without the example and the place."
    if states := re.match(r"states nothing: (.*?)(, in .*)?$", verdict):
        return f"states nothing: `{states[1]}`"
    count, off = re.match(r"(\d+ of \d+) cases fail(?:, with errors up to (\d\S*\d|\d))?", verdict).groups()
    return f"{count} cases" + (f", up to {off}" if off else "")


def glance(page, slips):
    """The table of a page's mistakes, each with a link to its entry.

    `slips` says for each entry, by the end of its label, what is wrong and what is right.
    """
    found = entries(json.loads(Path(page).read_text(encoding="utf-8"))["cells"])
    labels = [f"erratum-{Path(page).stem[-3:]}-{name}" for name in slips]
    assert labels == list(found), set(labels) ^ set(found)
    rows = [
        f"| [{heading}](#{label}) | {what} | {size(lines)} | {right} |"
        for (label, (heading, lines)), (what, right) in zip(found.items(), slips.values())
    ]
    return Markdown("\n".join([HEAD, *rows]))
