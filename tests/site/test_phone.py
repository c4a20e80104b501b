"""What a phone needs: figures whose panels are below each other, code that wraps, and a sign where something scrolls.

And what eyes need on any screen: colours that differ enough, and equations whose numbers have no gaps.
"""

import io
import re
from xml.etree import ElementTree

import matplotlib.pyplot as plt
import numpy as np
import pytest
from checks import parsed
from code_lines import wrapping
from folded_numbers import places
from nbformat import writes
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from stacked import PHONE, frame, numbers_beside, stacked

LONG = "    total = first_long_name(1, 2) + second_long_name(3, 4) + third_long_name(5, 6)"
TABLE = "name      " * 12 + "\n" + "1.0       " * 12 + "\n"


def drawn(draw, *shape, size=(6, 2.4), **options):
    "The SVG of a figure with the panels that `draw` fills."
    with plt.style.context("mlbook.book"):
        figure, panels = plt.subplots(*shape, figsize=size, **options)
        draw(figure, np.ravel(panels))
        file = io.StringIO()
        figure.savefig(file, format="svg")
        plt.close(figure)
    return file.getvalue()


def lines(figure, panels):
    for panel in panels:
        panel.plot([1, 3, 2])
        panel.set(xlabel="x", title="a title")


def with_bar(figure, panels):
    for panel in panels:
        panel.imshow(np.eye(3))
    figure.colorbar(panels[-1].images[0], label="value")


def with_legend(figure, panels):
    lines(figure, panels)
    figure.legend(panels[0].lines, ["a line"], loc="outside upper center")


def with_arrow(figure, panels):
    lines(figure, panels)
    figure.text(0.5, 0.5, "→")


def words(svg):
    return re.findall(r"<text [^>]*>([^<]*)</text>", svg)


@pytest.mark.parametrize(
    ("figure", "places", "windows"),
    [
        (drawn(lines, 1, 2), ["left", "right"], 2),
        (drawn(lines, 1, 3), ["left", "middle", "right"], 3),
        (drawn(lines, 1, 3, sharey=True), ["left", "middle", "right"], 5),  # the second and third have the first's numbers
        (drawn(with_bar, 1, 2), ["left", "right"], 2),
        (drawn(with_legend, 1, 2), ["left", "right"], 3),
    ],
)
def test_panels_side_by_side_are_put_below_each_other(figure, places, windows):
    made = stacked(figure)
    assert words(made) == places
    shown = re.findall(r'<svg x="([-\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"', made)
    assert len(shown) == windows
    assert all(-1 <= float(x) and float(x) + float(width) <= PHONE + 1 for x, _, width, _ in shown)
    assert float(re.search(r'height="([\d.]+)pt"', made)[1]) > -1 + max(float(y) + float(height) for _, y, _, height in shown)
    assert made.count('<g id="figure_1">') == 1 and made.count("<svg") == made.count("</svg>") == windows + 1


def test_panels_of_which_nobody_speaks_have_no_words():
    figure = drawn(lines, 1, 2)
    assert words(stacked(figure, worded=False)) == [] and stacked(figure, worded=False).count("<svg") == stacked(figure).count("<svg")


def test_numbers_that_a_panel_borrows_come_without_the_line_of_their_axis():
    figure = drawn(lines, 1, 3, sharey=True)
    root = ElementTree.fromstring(figure)
    named = {node.get("id"): node for node in root.iter() if node.get("id")}
    line, marks = frame(named["axes_1"], named)[0], numbers_beside(named["axes_1"], named)
    views = [list(map(float, view.split())) for view in re.findall(r'viewBox="([-\d. ]+)"><use', stacked(figure))]
    borrowed = [(left, left + width) for left, _, width, _ in views if left < line and left + width < 2 * line]
    assert len(borrowed) == 2
    assert all(left < marks[0] and marks[2] < right < line - 0.5 for left, right in borrowed)


def test_more_than_three_panels_break_into_rows():
    made = stacked(drawn(lines, 1, 4))
    tops = [float(y) for y in re.findall(r'<svg x="[-\d.]+" y="([\d.]+)" width="[\d.]+" height="[\d.]+" viewBox="\d', made)]
    assert words(made) == [] and len(tops) == 4 and len({round(top) // 20 for top in tops}) == 2


def test_two_rows_of_panels_are_put_below_each_other_in_reading_order():
    made = stacked(drawn(lines, 2, 2))
    views = [list(map(float, view.split()[:2])) for view in re.findall(r'viewBox="([-\d. ]+)"><use', made)]
    assert words(made) == [] and len(views) == 4
    assert views[0][0] < views[1][0] and views[2][0] < views[3][0] and views[0][1] < views[2][1]


@pytest.mark.parametrize(
    "figure",
    [
        drawn(lines, 1, 1),
        drawn(lines, 2, 2, sharex=True),
        drawn(lines, 2, 1),
        drawn(lines, 2, 4),
        drawn(lines, 1, 7),
        drawn(with_arrow, 1, 2),
        drawn(lines, 1, 2, size=(4, 2)),
        "<svg><text>drawn by hand</text></svg>",
    ],
    ids=["one panel", "without numbers below", "one column", "eight panels", "seven panels", "something across", "narrow", "no figure of matplotlib"],
)
def test_other_figures_stay_whole(figure):
    assert stacked(figure) is None


def picture(name, svg):
    source = f"#| label: fig-{name}\n#| fig-cap: A caption.\n#| fig-alt: Two lines.\ndraw()"
    return new_code_cell(source, outputs=[new_output("display_data", data={"image/svg+xml": svg, "text/plain": "<Figure>"})])


CASES = r"""
$$
d^{(l)}_q =
\begin{cases}
0 & q = D_l , \\
u^{(l)}_q \sum_{r=0}^{D_{l-1}} w^{(l-1)}_{rq} d^{(l-1)}_r & \text{if } k < l - 1 \text{ and } q < D_l .
\end{cases}
$$ (eq-cases)
"""
FOLD = ":::{dropdown} Hidden\n$$1 = 1$$ (eq-hidden)\n\n$$3 = 3$$ (eq-hidden-too)\n:::"
CELLS = [
    new_markdown_cell("# A page\n\n$$0 = 0$$ (eq-before)\n\n" + FOLD + "\n\n$$2 = 2$$ (eq-after)"),
    new_markdown_cell("See {eq}`eq-hidden-too` and {eq}`eq-after`.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n| {eq}`eq-after` | 4 |"),
    picture("two", drawn(lines, 1, 2)),
    picture("one", drawn(lines, 1, 1)),
    new_code_cell(f"for n in range(3):\n{LONG}\n\nprint(n)", outputs=[new_output("stream", name="stdout", text=TABLE)]),
    new_markdown_cell(CASES),
]


@pytest.fixture(scope="module")
def built(tiny_book):
    done, html = tiny_book(writes(new_notebook(cells=CELLS)))
    assert done.returncode == 0, done.stdout
    return html / "book" / "index.html"


@pytest.fixture(params=[390, 1280])
def page(request, built, context):
    page = context.new_page()
    page.set_viewport_size({"width": request.param, "height": 800})
    page.goto(built.as_uri())
    yield page
    page.close()


def narrow(page):
    return page.viewport_size["width"] == 390


def test_a_phone_takes_the_figure_that_is_stacked(page):
    shown = "all => all.map(async one => { one.loading = 'eager'; await one.decode(); return [one.currentSrc, one.naturalHeight > one.naturalWidth]; })"
    two, one = page.evaluate(f"Promise.all(({shown})([...document.querySelectorAll('figure img')]))")
    assert two[0].endswith("-stacked.svg") == two[1] == narrow(page)
    assert not one[0].endswith("-stacked.svg") and not one[1]


def test_a_long_line_of_code_wraps_on_a_phone_behind_its_beginning(page):
    measure = "one => [one.scrollWidth > one.clientWidth, getComputedStyle(one).whiteSpace]"
    scrolls, space = page.locator(".cell_input pre").last.evaluate(measure)
    assert not scrolls and space == ("pre-wrap" if narrow(page) else "pre")
    boxes = "one => { const range = document.createRange(); range.selectNodeContents(one); return [...range.getClientRects()].map(box => [box.left, box.top]); }"
    rows = {}
    for left, top in page.locator(".cell_input span[style]").first.evaluate(boxes):
        rows.setdefault(round(top) // 5, []).append(left)
    first, *others = [min(lefts) for _, lefts in sorted(rows.items())]
    assert bool(others) == narrow(page) and all(left > first + 30 for left in others)


def test_only_long_lines_are_wrapped_and_the_text_stays(built):
    code = parsed(built).select(".cell_input pre")[-1]
    assert code.get_text() == f"for n in range(3):\n{LONG}\n\nprint(n)\n"
    [line] = code.select("span[style]")
    assert line.get_text() == LONG + "\n" and line["style"] == "--at:4"
    link = '<div class="highlight-python notranslate"><div class="highlight"><pre><span></span><a href="x">{0}\n{0}</a>\n</pre>'
    assert wrapping(link.format("x" * 60)) == link.format("x" * 60)
    output = "<div class=\"highlight-none\"><div class=\"highlight\"><pre><span></span>" + "x" * 60 + "\n</pre>"
    assert wrapping(output) == output


def test_what_scrolls_has_a_shadow_at_the_edge_with_more(page):
    printed = page.locator(".cell_output pre").first
    assert printed.evaluate("one => one.scrollWidth > one.clientWidth")
    box = printed.bounding_box()
    edges = {}
    for place in ("start", "end"):
        printed.evaluate("(one, end) => { one.scrollLeft = end ? 10_000 : 0; }", place == "end")
        shot = plt.imread(io.BytesIO(printed.screenshot()))[3, :, :3].mean(axis=-1)
        edges[place] = [abs(shot[5] - shot[60]) > 0.03, abs(shot[-5] - shot[-60]) > 0.03]
    assert box["width"] > 200 and edges == {"start": [False, True], "end": [True, False]}


def test_cases_stay_beside_their_conditions_and_the_number_goes_below(page):
    page.evaluate("MathJax.startup.promise")
    if narrow(page):
        page.set_viewport_size({"width": 340, "height": 800})
    display = page.locator("#equation-eq-cases")
    [lines, hidden] = display.locator("mjx-container").evaluate("one => [one.querySelectorAll('svg').length, one.scrollWidth - one.clientWidth]")
    assert lines == 1 and hidden <= 0
    number, formula = (display.locator(part).bounding_box() for part in (".eqno", "svg"))
    beside = formula["x"] + formula["width"] <= number["x"] and number["y"] < formula["y"] + formula["height"]
    below = formula["y"] + formula["height"] <= number["y"]
    small = page.viewport_size["width"] == 340
    assert (below, beside) == (small, not small)
    assert number["x"] + number["width"] <= page.viewport_size["width"]


def test_equations_that_are_folded_count_by_letters(built):
    numbers = [tag.contents[0] for tag in parsed(built).select(".eqno")]
    assert numbers == ["(1)", "(1a)", "(1b)", "(2)", "(3)"]
    links = [(tag.get_text(), tag["href"]) for tag in parsed(built).select("article p > a.reference.internal")][:2]
    assert links == [("(1b)", "#equation-eq-hidden-too"), ("(2)", "#equation-eq-after")]


def test_a_link_to_a_folded_equation_opens_the_fold(page):
    hidden = page.locator("#equation-eq-hidden-too")
    assert not hidden.is_visible()
    # Without the browser's own way, which not every browser has.
    page.evaluate("history.replaceState(null, '', '#equation-eq-hidden-too'); dispatchEvent(new HashChangeEvent('hashchange'))")
    page.wait_for_function("document.querySelector('details.sd-dropdown').open")
    assert hidden.is_visible() and -1 < hidden.bounding_box()["y"] < 800


def test_letters_begin_again_and_do_not_end():
    numbers = {n: ("3", n) for n in range(1, 33)}
    found = places(numbers, {n: n not in (1, 3) for n in numbers})
    assert [found[n] for n in (1, 2, 3, 4, 29, 30)] == [("3", 1), ("3", "1a"), ("3", 2), ("3", "2a"), ("3", "2z"), ("3", "2aa")]
    assert places({1: (1,)}, {1: True}) == {1: ("0a",)}


CONTRAST = r"""() => {
    const channels = text => text.match(/[\d.]+/g).map(Number);
    const light = color => color.map(v => v / 255).map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
        .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
    const over = ([r, g, b, a = 1], under) => [r, g, b].map((v, i) => a * v + (1 - a) * under[i]);
    const ground = node => node ? over(channels(getComputedStyle(node).backgroundColor), ground(node.parentElement)) : [255, 255, 255];
    document.querySelectorAll("details").forEach(one => { one.open = true; });
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
    while (texts.nextNode()) {
        const text = texts.currentNode, node = text.parentElement, style = getComputedStyle(node), size = parseFloat(style.fontSize);
        if (!text.data.trim() || !node.getClientRects().length || style.visibility === "hidden" || node.closest("script, style, svg, mjx-container")) continue;
        const under = ground(node), [low, high] = [light(over(channels(style.color), under)), light(under)].sort((a, b) => a - b);
        const large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700), ratio = (high + 0.05) / (low + 0.05);
        if (ratio < (large ? 3 : 4.5)) found.push(`${text.data.trim()}: ${ratio.toFixed(2)}`);
    }
    return found;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_text_differs_enough_from_its_ground(page, scheme):
    page.emulate_media(color_scheme=scheme)
    page.wait_for_function("scheme => document.documentElement.dataset.theme === scheme", arg=scheme)
    page.wait_for_timeout(300)
    assert page.evaluate(CONTRAST) == []
    page.add_style_tag(content="td a { color: #888 !important; }")
    assert [line.split(":")[0] for line in page.evaluate(CONTRAST)] == ["(2)"]
