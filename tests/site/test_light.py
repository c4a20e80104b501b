"Pages are light: no icons as a script, formulas' script only where there are formulas, few stops for the keyboard."

import io
import re
from base64 import b64decode, b64encode

import matplotlib.pyplot as plt
import numpy as np
import pytest
from checks import HEAVY, LIMIT, SCRIPT, heavy
from light_pictures import lighter
from PIL import Image

SHOWN = "$$x = {}$$ (eq-{})".format
ROW = r"\begin{{matrix}} {} \end{{matrix}}".format  # cannot break
MATRIX = r"\begin{pmatrix} 52 & 63 & 74 \\ 3 & 3 & 3 \end{pmatrix}"
EQUATIONS = rf"""# Formulas

{SHOWN(ROW(" & ".join("x" * 80)), "wide")}

{SHOWN(ROW(" & ".join("x" * 16)), "middle")}

{SHOWN(" + ".join("x" * 80), "sum")}

$$x = 1$$ (eq-narrow)

A formula $x$ in a line.

{"A line with many words before a matrix, " * 4} ${MATRIX}$ and {"words after it, " * 9} ${MATRIX}$.
"""


def test_a_heavy_page_is_found(tmp_path):
    (tmp_path / "picture.png").write_bytes(b" " * LIMIT)
    tags = f'<img src="picture.png"><script src="_static/{HEAVY}"></script><script src="_static/{SCRIPT}"></script>'
    (tmp_path / "page.html").write_text(tags, encoding="utf-8")
    assert [line.split()[1:] for line in heavy(tmp_path)] == [
        ["loads", HEAVY],
        ["has", "no", "formulas,", "and", "loads", SCRIPT],
        ["has", str(LIMIT + len(tags)), "bytes"],
    ]


@pytest.fixture(scope="module")
def formulas(tiny_book, context):
    done, html = tiny_book(EQUATIONS)
    assert done.returncode == 0, done.stdout
    page = context.new_page()
    page.goto((html / "book" / "index.html").as_uri())
    page.evaluate("async () => { await MathJax.startup.promise; await new Promise(done => setTimeout(done, 100)) }")
    yield page
    page.close()


def names(page, width):
    "What the equations are called that the keyboard reaches in a window of this width."
    page.set_viewport_size({"width": width, "height": 800})
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return page.eval_on_selector_all("main .math [tabindex='0']", "all => all.map(one => one.ariaLabel)")


TURNED = """async () => {
    screen.orientation.dispatchEvent(new Event("change"));
    await MathJax.startup.document.whenReady(() => {});
    await new Promise(requestAnimationFrame);
}"""


def test_the_keyboard_reaches_equations_that_scroll_and_no_others(formulas):
    "A sum breaks into lines that fit the window, as it is when the page is opened or a phone is turned."
    wide, middle, added = (f"Equation ({n}), scrolls sideways" for n in (1, 2, 3))
    assert names(formulas, 1280) == [wide]
    assert names(formulas, 390) == [wide, middle, added]
    formulas.evaluate(TURNED)
    assert names(formulas, 390) == [wide, middle]
    assert names(formulas, 1280) == [wide]


def test_a_broken_equation_takes_few_lines(formulas):
    "Eighty summands of two letters' width fill seven lines or eight; MathJax's own measure makes many more of them."
    formulas.set_viewport_size({"width": 1280, "height": 800})
    formulas.evaluate(TURNED)
    assert 100 < formulas.eval_on_selector("#equation-eq-sum mjx-container", "one => one.getBoundingClientRect().height") < 500


def test_a_matrix_in_the_text_is_as_wide_as_its_numbers(formulas):
    widths = formulas.eval_on_selector_all("p mjx-container:has([data-mml-node=mtable])", "all => all.map(one => one.offsetWidth)")
    assert len(widths) == 2 and min(widths) > 100, widths


def test_icons_are_drawn_by_the_font(formulas):
    formulas.set_viewport_size({"width": 1280, "height": 800})
    drawn = formulas.evaluate("document.fonts.ready.then(() => [...document.fonts].filter(f => f.status === 'loaded').map(f => f.family))")
    assert any("Font Awesome" in family for family in drawn)


def test_a_picture_is_lighter_and_looks_the_same(tmp_path, context):
    with plt.style.context("mlbook.book"):
        figure, axes = plt.subplots(figsize=(5, 3))
        axes.plot(np.sin(np.arange(300) / 7))
        axes.set(xlabel="a name", title="$x^2$")
        figure.savefig(tmp_path / "made.svg")
        plt.close(figure)
    made = (tmp_path / "made.svg").read_text(encoding="utf-8")
    (tmp_path / "lighter.svg").write_text(lighter(made), encoding="utf-8")
    page, shots = context.new_page(), []
    for name in ("made", "lighter"):
        page.goto((tmp_path / f"{name}.svg").as_uri())
        shots.append(plt.imread(io.BytesIO(page.screenshot())))
    page.close()
    assert len(lighter(made)) < 0.9 * len(made) and "Matplotlib" in made and "Matplotlib" not in lighter(made)
    assert np.ptp(shots[0]) > 0.9 and np.abs(shots[0] - shots[1]).max() < 0.1


@pytest.mark.parametrize("channels", ["L", "RGB", "RGBA"])
def test_an_image_has_only_the_channels_that_it_needs(channels):
    pixels = np.random.default_rng(0).integers(256, size=(8, 9, 4), dtype=np.uint8)
    if channels != "RGBA":
        pixels[..., 3] = 255
    if channels == "L":
        pixels[..., 1:3] = pixels[..., :1]
    made = io.BytesIO()
    Image.fromarray(pixels).save(made, "png")
    svg = f'<image xlink:href="data:image/png;base64,{b64encode(made.getvalue()).decode()}"/>'
    found = re.fullmatch('<image xlink:href="data:image/png;base64,([^"]+)"/>', lighter(svg))
    image = Image.open(io.BytesIO(b64decode(found[1])))
    assert image.mode == channels and np.array_equal(image.convert("RGBA"), pixels)


def test_only_places_are_rounded():
    svg = '<svg width="1.23456">\n  <!-- a note -->\n  <path d="M 1.23456 -0.00001 \nL 12 3.5 "/>\n  <use x="1.23456" style="fill: #c8553d; stroke: none"/>\n</svg>'
    light = '<svg width="1.23456">\n<path d="M1.235 -0L12 3.5 "/>\n<use x="1.235" style="fill:#c8553d;stroke:none"/>\n</svg>'
    assert lighter(svg) == light


def lacking(svg):
    "The names that a picture uses and does not have."
    used = re.findall(r'href="#([^"]+)"|url\(#([^)]+)\)', svg)
    return {one or other for one, other in used} - set(re.findall(r' id="([^"]+)"', svg))


def test_a_group_keeps_its_name_where_it_is_used():
    svg = '<svg><defs><g id="a"></g><g id="b"></g></defs><use xlink:href="#a"/></svg>'
    assert lighter(svg) == '<svg><defs><g id="a"></g><g></g></defs><use xlink:href="#a"/></svg>'
    assert lacking(svg.replace('id="a"', "")) == {"a"} and not lacking(svg)


def test_pictures_have_what_they_use(site):
    found = {path.name: lacking(path.read_text(encoding="utf-8")) for path in (site / "_images").glob("*.svg")}
    assert len(found) > 100 and not {name: names for name, names in found.items() if names}
