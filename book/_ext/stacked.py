"""Puts the panels of a wide figure below each other for a phone, where side by side nobody could read them.

From the SVG that matplotlib has drawn a second one is made, which shows the same drawing panel by panel, each with its word,
left, middle or right, where the caption or a paragraph about the figure speaks of left or right. The page takes that one
where it is narrow. A panel that shares the vertical axis of one before gets a copy of its numbers. A figure stays whole
where its panels are more than six, or where something, such as a bar of colours for two rows, is drawn across them, or where
one above another has no numbers of its own; only a legend for all goes to the top. More than three, and several rows of
panels, break into rows, without words.
"""

import re
from itertools import pairwise, zip_longest
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree

from docutils import nodes

NARROW = "(max-width: 576px)"
WIDE, PHONE, LARGEST = 330, 275, 1.15  # points: what is stacked, how wide that is; and how much a panel may grow
PLACES, MOST = {2: ("left", "right"), 3: ("left", "middle", "right")}, 6
GAP = -20, 0, -14, 0  # a place beside the drawing, where nothing is
SPACE, LETTERS, BELOW, LINE = 12, 10, 3, 2  # how far half a number reaches below its axis; how far its line reaches to the left
SPOKEN = re.compile(r"(on|in) the left|\b(left|right),|\((left|right)|right side", re.IGNORECASE)
NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?")
LINK, SVG = "{http://www.w3.org/1999/xlink}href", "{http://www.w3.org/2000/svg}"


def bounds(points):
    "The box (left, top, right, bottom) of some points."
    across, down = zip(*points)
    return min(across), min(down), max(across), max(down)


def around(boxes):
    return bounds([corner for box in boxes for corner in (box[:2], box[2:])])


def matrix(text):
    "What a `transform` does to a point, as the six numbers of SVG."
    a, b, c, d, e, f = 1, 0, 0, 1, 0, 0
    for name, numbers in re.findall(r"(\w+)\(([^)]*)\)", text):
        values = [float(number) for number in NUMBER.findall(numbers)]
        if name == "translate":
            step = (1, 0, 0, 1, values[0], (*values, 0)[1])
        elif name == "scale":
            step = (values[0], 0, 0, values[-1], 0, 0)
        elif name == "rotate" and abs(values[0]) == 90:
            step = (0, values[0] / 90, -values[0] / 90, 0, 0, 0)
        elif name == "matrix":
            step = values
        else:
            step = (1, 0, 0, 1, 0, 0)  # a slanted label: its box is about as large
        g, h, i, j, k, m = step
        a, b, c, d, e, f = a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j, a * k + c * m + e, b * k + d * m + f
    return a, b, c, d, e, f


def moved(box, transform):
    "The box of a box after a transform."
    a, b, c, d, e, f = matrix(transform)
    corners = [(x, y) for x in (box[0], box[2]) for y in (box[1], box[3])]
    return bounds([(a * x + c * y + e, b * x + d * y + f) for x, y in corners])


def number(node, name):
    return float(NUMBER.search(node.get(name, "0"))[0])


def rectangle(node):
    x, y = number(node, "x"), number(node, "y")
    return x, y, x + number(node, "width"), y + number(node, "height")


def shape(node, named):
    "The box of what one element draws itself, before its transform."
    match node.tag.removeprefix(SVG):
        case "path" if node.get("d"):
            numbers = [float(each) for each in NUMBER.findall(node.get("d"))]
            return bounds(list(zip(numbers[::2], numbers[1::2], strict=True)))
        case "image" | "rect":
            return rectangle(node)
        case "use":
            found, x, y = box(named[node.get(LINK)[1:]], named), number(node, "x"), number(node, "y")
            return found and (found[0] + x, found[1] + y, found[2] + x, found[3] + y)
    return None


def cut(inner, clip):
    "The part of a box that is within another, or None."
    found = *map(max, inner[:2], clip[:2]), *map(min, inner[2:], clip[2:])
    return found if found[0] <= found[2] and found[1] <= found[3] else None


def box(node, named):
    "The box of what an element and all in it draw, or None."
    if node.tag == f"{SVG}defs":
        return None
    found = [each for each in (shape(node, named), *(box(child, named) for child in node)) if each]
    whole = around(found) if found else None
    if whole and node.get("transform"):
        whole = moved(whole, node.get("transform"))
    if whole and node.get("clip-path"):
        whole = cut(whole, rectangle(named[node.get("clip-path")[5:-1]][0]))
    return whole


def frame(axes, named):
    "The box of a panel's own ground, without numbers and names; where it has none, that of all."
    ground = next((part for part in axes if part.get("id", "").startswith("patch_")), axes)
    return box(ground, named) or box(axes, named)


def is_bar(axes, named):
    "Whether a panel is long and thin, as a bar of colours is, or images that are the heads of rows."
    left, top, right, bottom = frame(axes, named)
    return not 0.16 < (right - left) / (bottom - top) < 6


def columns(panels, named):
    """Each panel with the bars beside it or above or below, from left to right; nothing where two panels are above each other.

    A bar that is upright belongs to what is before it, or after it where it is the first.
    """
    found, before = [], False
    for axes, place in sorted(panels, key=lambda panel: panel[1][0]):
        bar = is_bar(axes, named)
        if found and (bar or before or place[0] < found[-1][1][2]):
            found[-1] = [*found[-1][0], axes], around([found[-1][1], place])
        else:
            found.append(([axes], place))
        before = bar and len(found[-1][0]) == 1
    single = all(sum(not is_bar(each, named) for each in axes) == 1 for axes, _ in found)
    return found if single else []


def axis(axes, kind="ytick_"):
    "Whether a panel's vertical or horizontal axis has marks, and whether they have numbers."
    marks = [node for node in axes.iter(f"{SVG}g") if node.get("id", "").startswith(kind)]
    return bool(marks), any(part.get("id", "").startswith("text_") for mark in marks for part in mark)


def numbers_beside(axes, named):
    "The box of the numbers of a panel's vertical axis, without its line and marks."
    marks = [node for node in axes.iter(f"{SVG}g") if node.get("id", "").startswith("ytick_")]
    texts = [part for mark in marks for part in mark if part.get("id", "").startswith("text_")]
    return around([found for text in texts if (found := box(text, named))])


def strips(found, named):
    "For each column the boxes to be shown beside each other, or None where numbers are shared that cannot be copied."
    shown, given = [], None
    for axes, place in found:
        marks = [axis(panel) for panel in axes]
        if (True, False) not in marks:
            given = (axes[0], place) if marks[0] == (True, True) else None
            shown.append([place])
            continue
        if given is None or marks[0] != (True, False):
            return None
        own, other = frame(axes[0], named), frame(given[0], named)
        if max(abs(own[1] - other[1]), abs(own[3] - other[3])) > 1:
            return None
        left, top, _, bottom = around([place, given[1]])
        right = min(numbers_beside(given[0], named)[2], other[0] - LINE)
        shown.append([(left, top, right, other[3] + BELOW), (place[0], top, place[2], bottom)])
    return shown


def lines_of(panels):
    "The panels of each row, from the uppermost; rows that cannot be cut apart are one."
    found, lowest = [], None
    for panel in sorted(panels, key=lambda panel: panel[1][1]):
        if lowest is None or panel[1][1] >= lowest:
            found.append([])
        found[-1].append(panel)
        lowest = max(each[1][3] for each in found[-1])
    return found


def side_by_side(panels, named):
    "The boxes of each panel of a row, from left to right; nothing where they are not all beside each other."
    found = columns(panels, named) if len(panels) > 1 else [([panels[0][0]], panels[0][1])]
    if not found or any(right[1][0] < left[1][2] for left, right in pairwise(found)):
        return None
    return strips(found, named)


def panels_of(svg):
    "The legend's box or None, and for each row of panels the boxes of each; nothing where the figure stays whole."
    root = ElementTree.fromstring(svg)
    named = {node.get("id"): node for node in root.iter() if node.get("id")}
    _, *parts = named["figure_1"]
    axes = [part for part in parts if part.get("id").startswith("axes_")]
    legends = [part for part in parts if part.get("id").startswith("legend_")]
    if len(axes) < 2 or len(axes) + len(legends) < len(parts) or len(legends) > 1:
        return None
    lines = lines_of([(part, place) for part in axes if (place := box(part, named))])
    shown = [side_by_side(line, named) for line in lines]
    if None in shown or not 1 < sum(map(len, shown)) <= MOST or max(map(len, shown)) == 1:
        return None
    if len(lines) > 1 and any(axis(part, "xtick_") == (True, False) for part in axes):
        return None
    return box(legends[0], named) if legends else None, shown


def window(place, x, y, scale):
    "A part of the drawing, at (x, y) of the new one."
    left, top, right, bottom = place[0] - 1, place[1] - 2, place[2] + 1, place[3] + 2
    return (
        f'<svg x="{x:.1f}" y="{y:.1f}" width="{(right - left) * scale:.1f}" height="{(bottom - top) * scale:.1f}" '
        f'viewBox="{left:.1f} {top:.1f} {right - left:.1f} {bottom - top:.1f}"><use xlink:href="#figure_1"/></svg>'
    )


def width(row):
    return sum(right - left + 2 for left, _, right, _ in row)


def rows_of(panels):
    "The panels of a row, as many in a row as there is room for on a phone."
    found = [[]]
    for panel in panels:
        if found[-1] and width([*found[-1], GAP, *panel]) > PHONE:
            found.append([])
        found[-1] = [*found[-1], (*GAP[:1], panel[0][1], GAP[2], panel[0][3]), *panel] if found[-1] else panel
    return found


def drawn_row(row, y, scale):
    "The boxes of a row, at their heights in the drawing, and how high the row is."
    x, above, below = (PHONE - width(row) * scale) / 2, min(part[1] for part in row), max(part[3] for part in row)
    drawn = []
    for part in row:
        drawn.append(window(part, x, y + (part[1] - above) * scale, scale))
        x += width([part]) * scale
    return drawn, (below - above + 4) * scale


def stacked(svg, worded=True):
    "The same figure with its panels below each other, or None where it stays as it is."
    size = re.search(r'<svg[^>]* width="([\d.]+)pt"', svg)
    shown = panels_of(svg) if size and float(size[1]) > WIDE and '<g id="axes_2">' in svg else None
    if shown is None:
        return None
    legend, (panels, *more) = shown
    places = () if more else PLACES.get(len(panels), ())
    groups = [panels] if places else [rows_of(line) for line in (panels, *more)]
    scales = [min(LARGEST, PHONE / max(map(width, rows))) for rows in groups]
    drawn, y = [], 0
    if legend:
        drawn, y = drawn_row([legend], 0, min(scales[0], PHONE / width([legend])))
    rows = [(row, scale) for rows, scale in zip(groups, scales, strict=True) for row in rows]
    for place, (row, scale) in zip_longest(places if worded else (), rows, fillvalue=""):
        if place:
            word = f'<text x="0" y="{y + SPACE:.1f}" font-family="DejaVu Sans, sans-serif" font-size="{LETTERS}" fill="#555">{place}</text>'
            drawn.append(word)
        parts, height = drawn_row(row, y + SPACE + 3, scale)
        drawn += parts
        y += SPACE + 3 + height
    head = f'<svg xmlns:xlink="http://www.w3.org/1999/xlink" width="{PHONE}pt" height="{y:.1f}pt" viewBox="0 0 {PHONE} {y:.1f}" '
    svg = re.sub(r"<svg [^>]*>", head + 'xmlns="http://www.w3.org/2000/svg" version="1.1">', svg, count=1)
    svg = svg.replace('<g id="figure_1">', '<defs><g id="figure_1">', 1)
    return svg.replace("</svg>", "</defs>" + "".join(drawn) + "</svg>", 1) if "</svg>" in svg else None


def speaks_of_places(node):
    "Whether the caption of an image, or a paragraph that refers to its figure, says left or right."
    figure = node.parent
    while figure and not isinstance(figure, nodes.figure):
        figure = figure.parent
    if not figure:
        return True
    said = [caption.astext() for caption in figure.findall(nodes.caption)]
    said += [
        paragraph.astext()
        for paragraph in node.document.findall(nodes.paragraph)
        if any(link.get("refid") in figure["ids"] for link in paragraph.findall(nodes.reference))
    ]
    return any(map(SPOKEN.search, said))


def visit_image(self, node):
    "Writes an image as Sphinx does, and a second one for phones beside it."
    path, name = Path(self.builder.srcdir, node["uri"]), self.builder.images.get(node["uri"])
    other = stacked(path.read_text(encoding="utf-8"), speaks_of_places(node)) if name and name.endswith(".svg") else None
    if other:
        node["classes"] = [each for each in node["classes"] if each != "wide"]
    before = len(self.body)
    type(self).visit_image(self, node)
    if other:
        target = Path(self.builder.outdir, self.builder.imagedir, f"{name[:-4]}-stacked.svg")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(other, encoding="utf-8")
        address = f"{self.builder.imgpath}/{quote(target.name)}"
        self.body.insert(before, f'<picture><source media="{NARROW}" srcset="{address}">')
        self.body.append("</picture>")


def depart_image(self, node):
    type(self).depart_image(self, node)


def setup(app):
    app.add_node(nodes.image, override=True, html=(visit_image, depart_image))
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
