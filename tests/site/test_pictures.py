"A page shows what a notebook has drawn and printed, and a name that the notebook does not have fails the build."

import json
import re

import pytest
from checks import parsed

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 1"><path d="M0 0h2"/></svg>'
OUTPUTS = [
    {"output_type": "stream", "name": "stdout", "text": ["share  96.2 %\n"]},
    {"output_type": "display_data", "metadata": {}, "data": {"image/svg+xml": [SVG]}},
]


def cell(name, *outputs):
    source = [f"#| label: fig-{name}\n", "#| fig-alt: A line.\n", "#| fig-cap: Its own caption.\n", "draw()"]
    return {"cell_type": "code", "execution_count": None, "id": name, "metadata": {}, "outputs": outputs, "source": source}


def drawing(points):
    "A line as wide as that, as matplotlib writes it."
    svg = SVG.replace("viewBox", f'width="{points}pt" height="100pt" viewBox')
    return {"output_type": "display_data", "metadata": {}, "data": {"image/svg+xml": [svg]}}


TITLE = {"cell_type": "markdown", "id": "title", "metadata": {}, "source": ["# Drawn"]}
CELLS = [cell("line", *OUTPUTS), cell("narrow", drawing(300)), cell("broad", drawing(613.2))]
NOTEBOOK = json.dumps({"cells": [TITLE, *CELLS], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
PAGE = "# {}\n\n```{{picture}} book/drawn {}\nA caption of *this* page.\n```\n\nIt reads {{said}}`{}`.\n".format
FAULTS = {
    "picture": ("fig-none", "book/drawn share", "book/drawn: no cell has the label fig-none"),
    "words": ("fig-line", "book/drawn shares", "book/drawn: no cell prints shares"),
}


def test_what_a_notebook_has_stands_on_the_page(tiny_book):
    done, html = tiny_book(PAGE("First", "fig-line", "book/drawn share"), {"drawn": NOTEBOOK})
    assert done.returncode == 0, done.stdout
    figure = parsed(html / "book" / "index.html").select_one("figure.picture")
    assert figure.img["alt"] == "A line." and (html / "book" / figure.img["src"]).read_text(encoding="utf-8") == SVG
    assert "A caption of this page." in figure.get_text()
    assert "It reads 96.2\N{NO-BREAK SPACE}%." in parsed(html / "book" / "index.html").select_one("main").get_text()


def test_a_wide_figure_scrolls_on_a_phone_and_its_caption_does_not(tiny_book, context):
    done, html = tiny_book("# First\n", {"drawn": NOTEBOOK})
    assert done.returncode == 0, done.stdout
    page = context.new_page()
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto((html / "book" / "drawn.html").as_uri())
    widths = page.eval_on_selector_all("figure img", "all => all.map(one => one.getBoundingClientRect().width)")
    scrolls = page.eval_on_selector_all("figure", "all => all.map(one => one.scrollWidth > one.clientWidth)")
    captions = page.eval_on_selector_all("figcaption", "all => all.map(one => one.getBoundingClientRect().right)")
    assert max(widths[:2]) < 390 < 500 < widths[2] and scrolls == [False, False, True] and max(captions) < 390
    page.set_viewport_size({"width": 1280, "height": 800})
    assert page.eval_on_selector_all("figure", "all => all.some(one => one.scrollWidth > one.clientWidth)") is False
    page.close()


@pytest.fixture(scope="module")
def faulty(tiny_book):
    return tiny_book("# First\n", {"drawn": NOTEBOOK} | {page: PAGE(page, *names) for page, (*names, _) in FAULTS.items()})[0]


@pytest.mark.parametrize("page", FAULTS)
def test_what_a_notebook_does_not_have_fails_the_build(faulty, page):
    [line] = [line for line in faulty.stdout.splitlines() if FAULTS[page][-1] in line]
    assert faulty.returncode != 0 and re.search(rf"\b{page}\.md:\d+: ERROR: ", line), line
