"""How a chapter looks: marks of checks, folds, the head, figures in both themes, and equations in the search.

A book of one notebook has one of each; the checks of the whole site, in test_site.py, are shown to find what they look for.
"""

import io
import re
import shutil

import matplotlib.image
import matplotlib.style
import numpy as np
import pytest
from checks import checks_in_text, empty_outputs, marks, parsed, unmarked
from folds import code_of
from nbformat import writes
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

LINE = "{} ✓ 4 cases, largest error below 1e-09\n"
WRONG = "eq-wrong ✗ 3 of 4 cases fail, with errors up to 0.5: at i = 0: 1 = 2 fails, in line 1: x_i"
WRONG += " + x_i" * 40 + "\n"
SVG = """<svg xmlns="http://www.w3.org/2000/svg" width="300" height="200" viewBox="0 0 300 200">
{}<path d="M 10 100 H 290" stroke="{}" stroke-width="90"/></svg>"""
BOXES = "all => all.map(one => document.querySelector(one).getBoundingClientRect().toJSON())"
STRIPE = '<rect x="{}" width="20" height="200" fill="{}"/>'
PALE = "#d9dee5"
PROSE = "a line of print that is a good deal longer than the narrow page of a phone is wide, and has no columns"
TABLE = f"name{' ' * 60}first      second\nwidth{' ' * 59}1.00       2.00\n"


def stream(text):
    return [new_output("stream", name="stdout", text=text)]


def check(source, text, tag="hide-input"):
    return new_code_cell(source, metadata={"tags": [tag] if tag else []}, outputs=stream(text) if text else [])


def figure(name, drawing, *tags):
    notes = f"#| label: fig-{name}\n#| fig-cap: The caption of {name}.\n#| fig-alt: A thick line, {name}.\n"
    output = new_output("display_data", data={"image/svg+xml": drawing, "text/plain": "<Figure>"})
    return new_code_cell(f"{notes}draw('{name}')", metadata={"tags": [*tags]}, outputs=[output])


def equations(*labels):
    return new_markdown_cell("\n\n".join(f"Then\n\n$$x_i = {n}$$ ({label})" for n, label in enumerate(labels)))


def palette():
    "The colours of the book's lines, and one that is too pale."
    with matplotlib.style.context("mlbook.book"):
        return [*matplotlib.rcParams["axes.prop_cycle"].by_key()["color"], PALE]


def stripes():
    drawn = "".join(STRIPE.format(20 * n, color) for n, color in enumerate(palette()))
    return SVG.format(drawn, "none")


CELLS = [
    new_markdown_cell("# One chapter\n\n> The docstring."),
    new_markdown_cell("It begins.\n\n**What we need:** $x$ and *time*.\n**What we get:** an answer."),
    new_code_cell("#| export\nimport numpy as np"),
    new_code_cell("import mlbook\n\n%config InlineBackend.figure_formats = ['svg']\nrng = np.random.default_rng(0)"),
    new_markdown_cell("## A section"),
    equations("eq-first"),
    check("one = 1", ""),
    check("verify('eq-first', one)", LINE.format("eq-first")),
    equations("eq-wrong"),
    check("refute('eq-wrong', one)", WRONG),
    equations("eq-second", "eq-third"),
    check("verify('eq-second')\nverify('eq-third')", LINE.format("eq-second") + LINE.format("eq-third")),
    equations("eq-solution"),
    check("verify('eq-solution')", LINE.format("eq-solution"), "hide-cell"),
    new_markdown_cell("See {eq}`eq-third`, and not {eq}`eq-wrong`."),
    figure("transparent", SVG.format("", "#000000")),
    figure("on-paper", SVG.format('<rect width="300" height="200" fill="#c0c0c0"/>', "#000000")),
    figure("palette", stripes()),
    figure("photograph", SVG.format('<rect width="300" height="200" fill="#c8c0b0"/>', "#302018"), "photograph"),
    new_code_cell("y = 2 * x\nassert np.all(y == x + x)"),
    new_code_cell("assert np.all(y == 2 * x)", metadata={"tags": ["show-input"]}),
    new_code_cell("def expect(x):\n    'Raises.'\n    if x < 0:\n        raise ValueError(x)"),
    new_code_cell("def double(x):\n    return 2 * x"),
    new_code_cell("def _as_size(x):\n    if x < 0:\n        raise ValueError(x)\n    return x"),
    new_code_cell("def root(x):\n    if x < 0:\n        raise ValueError(x)\n    return x**0.5"),
    check("def triple(x):\n    'Three times x.'\n    return 3 * x", ""),
    check("class Box:\n    'A box.'\n    size = 3", ""),
    new_markdown_cell("What a hidden cell does is what its fold is called."),
    check("print(2)", "2\n"),
    check("size = 3", ""),
    check("def half(x):\n    return x / 2\n\n\nassert half(2) == 1", ""),
    new_markdown_cell("The reader writes a function."),
    new_code_cell("def fourth(x):\n    raise NotImplementedError", metadata={"tags": ["exercise"]}),
    check("def fourth(x):\n    return x / 4\n\n\nassert fourth(4) == 1", "", "hide-cell"),
    check("print(fourth(8))", "2.0\n", "hide-cell"),
    check("grade('fourth', fourth)", "right\n", ""),
    check("grade('half', half)", "right, too\n", ""),
    check("def eighth(x):\n    return x / 8\n\n\nassert eighth(8) == 1", "", "hide-cell"),
    new_code_cell("width = 8", metadata={"tags": ["hide-cell"], "mystnb": {"code_prompt_show": "The width"}}),
    check("prose()", PROSE, ""),
    check("table()", TABLE, ""),
    new_markdown_cell("There are many of them: " + "".join(f"{'n' * n} $x_{{{n}}}$, " for n in range(20)) + "and $y$ (or $z$)."),
]


@pytest.fixture(scope="module")
def chapter(tiny_book):
    done, html = tiny_book(writes(new_notebook(cells=CELLS)))
    assert done.returncode == 0, done.stdout
    return html / "book" / "index.html"


def summaries(path):
    return [tag.get_text() for tag in parsed(path).select("details.fold > summary")]


def test_each_equation_has_its_mark(chapter):
    assert marks(chapter) == {
        "eq-first": ("✓", "Checked in 4 cases, largest error below 1e-09. How?"),
        "eq-wrong": ("✗", "Wrong: 3 of 4 cases fail, with errors up to 0.5. How do we know?"),
        "eq-second": ("✓", "Checked in 4 cases, largest error below 1e-09. How?"),
        "eq-third": ("✓", "Checked in 4 cases, largest error below 1e-09. How?"),
        "eq-solution": ("✓", "Checked in 4 cases, largest error below 1e-09. How?"),
    }


def test_behind_a_mark_are_its_cell_and_its_report(chapter):
    first, wrong, second, third, _ = (tag.get_text() for tag in parsed(chapter).select("details.check > div"))
    assert re.search(r"one = 1\s+verify\('eq-first', one\)\s+eq-first ✓ 4 cases", first)
    assert re.search(r", in line 1: x_i(?: \+ x_i){9} .{0,5}…\s*$", wrong)
    assert second == third
    assert "eq-third ✓" in third


def test_a_wrong_equation_has_no_number_and_the_others_count_on(chapter):
    numbers = {tag["id"]: tag.select_one(".eqno") for tag in parsed(chapter).select("div.math[id]")}
    shown = {name.removeprefix("equation-"): number and number.contents[0] for name, number in numbers.items()}
    assert shown == {"eq-first": "(1)", "eq-wrong": None, "eq-second": "(2)", "eq-third": "(3)", "eq-solution": "(4)"}
    links = [(tag.get_text(), tag["href"]) for tag in parsed(chapter).select("article p > a.reference.internal")]
    assert links == [("(3)", "#equation-eq-third"), ("(wrong)", "#equation-eq-wrong")]


@pytest.mark.parametrize("names, said", [
    ("f", "The code of f"), ("f g", "The code of f and g"), ("_f g", "The code of g"), ("f g h", "The code"), ("_f", "The code"),
])
def test_a_fold_of_code_says_of_what(names, said):
    assert code_of("\n".join(f"def {name}(): pass" for name in names.split())) == said


def test_code_is_folded_by_what_it_does(chapter):
    made = "How this figure is made"
    arguments = 2 * ["How arguments are checked"]
    named = ["How this is computed", "Preparation", "Checked here", "Checked here", "The width"]
    assert summaries(chapter) == ["Imports", *4 * [made], "Checked here", *arguments, "The code of triple", "The code of Box", *named]
    closed = [tag.get_text() for tag in parsed(chapter).select("details.hide > summary > .collapsed")]
    assert closed == ["What comes out", "Solution in code", "What comes out"]
    folded = [tag.get_text() for tag in parsed(chapter).select("details.fold > div")]
    assert "import numpy" in folded[0] and "import mlbook" in folded[0]
    open_code = [tag.get_text() for tag in parsed(chapter).select("article .cell_input") if not tag.find_parent("details")]
    assert [code.split("\n")[0] for code in map(str.strip, open_code)] == [
        "assert np.all(y == 2 * x)",
        "def double(x):",
        "def root(x):",
        "def fourth(x):",
        "grade('fourth', fourth)",
        "grade('half', half)",
        "prose()",
        "table()",
    ]


def test_what_is_printed_of_an_exercise_is_said_to_be_the_solution_s(chapter):
    said = parsed(chapter).select("p.solved")
    assert [(tag.get_text(), tag.find_next("pre").get_text().strip()) for tag in said] == [
        ("With the solution above:", "right"),
    ]


def test_folds_below_each_other_share_a_line_until_one_is_open(context, chapter):
    page = context.new_page()
    page.goto(chapter.as_uri())
    line = page.query_selector("div.cell:has(> details.fold + details.fold)")
    first, second = line.query_selector_all("details.fold > summary")[:2]
    place = "one => Math.round(one.getBoundingClientRect().top)"
    assert first.evaluate(place) == second.evaluate(place)
    first.click()
    assert second.evaluate(place) > first.evaluate(place) + 20


def test_the_head_is_a_box_and_the_docstring_is_not_shown(chapter):
    article = parsed(chapter).select_one("article")
    assert "The docstring." not in article.get_text()
    [box] = article.select("dl.needs")
    assert [tag.get_text().strip() for tag in box.find_all(["dt", "dd"])] == [
        "What we need",
        r"\(x\) and time.",
        "What we get",
        "an answer.",
    ]


@pytest.mark.parametrize("way", ["click", "Enter", "Space"])
@pytest.mark.parametrize("script", [True, False])
def test_a_mark_opens_the_check_under_its_equation_and_closes_it(context, chapter, way, script):
    own = context.browser.new_context(java_script_enabled=script)
    page = own.new_page()
    page.goto(chapter.as_uri())
    mark, check = page.locator("details.check > summary").nth(2), page.locator("details.check > div").nth(2)
    for seen in (True, False):
        mark.click() if way == "click" else mark.press(way)
        assert check.is_visible() == seen
        if seen:
            above, place, below = page.evaluate(BOXES, ["#equation-eq-second", "details.check[open] > div", "#equation-eq-third"])
            assert above["bottom"] <= place["top"] < place["bottom"] < below["top"]
            assert place["width"] > 300
    own.close()


def test_a_mark_stands_beside_the_number(context, chapter):
    page = context.new_page()
    page.goto(chapter.as_uri())
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 800})
        number, mark = page.evaluate(BOXES, [".eqno", "details.check > summary"])
        assert 0 <= mark["left"] - number["right"] < 10
        assert abs(mark["top"] + mark["bottom"] - number["top"] - number["bottom"]) < 12
        assert mark["width"] >= 24 and mark["height"] >= 24 and mark["right"] <= width
    page.close()


def pixels(page, selector):
    "The picture of an element, with its colours from 0 to 255."
    page.locator(selector).evaluate("async image => { image.loading = 'eager'; await image.decode(); }")
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    shot = page.locator(selector).screenshot()
    return 255 * matplotlib.image.imread(io.BytesIO(shot))[..., :3]


def test_figures_have_no_card_and_their_ink_follows_the_theme(context, chapter):
    page = context.new_page()
    page.goto(chapter.as_uri())
    for scheme, ink in (("light", (0, 60)), ("dark", (200, 255))):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_function("scheme => document.documentElement.dataset.theme === scheme", arg=scheme)
        under = page.evaluate("getComputedStyle(document.body).backgroundColor")
        paper = np.array([int(part) for part in re.findall(r"\d+", under)[:3]])
        clear, card = (pixels(page, f"#fig-{name} img") for name in ("transparent", "on-paper"))
        middle = clear[clear.shape[0] // 2, clear.shape[1] // 2]
        assert np.abs(clear[4, 4] - paper).max() < 3
        assert np.abs(card[4, 4] - paper).max() > 20
        assert ink[0] <= middle.min() and middle.max() <= ink[1]
    page.close()


def test_a_photograph_keeps_its_colours(context, chapter):
    page = context.new_page()
    page.goto(chapter.as_uri())
    seen = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_function("scheme => document.documentElement.dataset.theme === scheme", arg=scheme)
        seen.append(pixels(page, "#fig-photograph img")[[20, 100], 150])
    assert np.abs(seen[0] - [[0xC8, 0xC0, 0xB0], [0x30, 0x20, 0x18]]).max() < 2
    assert np.array_equal(*seen)
    page.close()


def luminance(color):
    "Relative luminance of a colour from 0 to 255, as WCAG defines it."
    part = np.asarray(color) / 255
    return np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4) @ [0.2126, 0.7152, 0.0722]


def test_the_colours_of_lines_can_be_told_from_both_papers(context, chapter):
    page = context.new_page()
    page.goto(chapter.as_uri())
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_function("scheme => document.documentElement.dataset.theme === scheme", arg=scheme)
        seen = luminance(pixels(page, "#fig-palette img")[100])
        lines, paper = seen[10 : 20 * len(palette()) : 20], seen[290]
        contrast = (np.maximum(lines, paper) + 0.05) / (np.minimum(lines, paper) + 0.05)
        assert contrast[:-1].min() >= 3 > contrast[-1]
    page.close()


def test_captions_are_of_normal_weight(context, chapter):
    page = context.new_page()
    page.goto(chapter.as_uri())
    weights = page.eval_on_selector_all("figcaption p, figcaption .caption-text", "all => all.map(one => getComputedStyle(one).fontWeight)")
    assert weights and set(weights) == {"400"}
    page.close()


def test_on_a_phone_print_wraps_and_tables_scroll(context, chapter):
    page = context.new_page()
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(chapter.as_uri())
    beyond = "all => all.filter(one => one.checkVisibility()).map(one => one.scrollWidth > one.clientWidth)"
    assert page.eval_on_selector_all(".cell_output pre", beyond) == [False, False, False, False, True]
    page.close()


def broken_formulas(page):
    "How many formulas and their punctuation are on two lines, on pages of several widths."
    count = 0
    for width in range(300, 430, 10):
        page.set_viewport_size({"width": width, "height": 800})
        count += page.eval_on_selector_all(".unbroken", "all => all.filter(one => one.getClientRects().length > 1).length")
    return count


def test_a_formula_keeps_its_comma(context, chapter):
    assert [tag.get_text() for tag in parsed(chapter).select(".unbroken")][-2:] == [r"\(x_{19}\),", r"\(z\))."]
    page = context.new_page()
    page.goto(chapter.as_uri())
    page.evaluate("MathJax.startup.promise")
    assert broken_formulas(page) == 0
    page.add_style_tag(content=".unbroken { white-space: normal !important; }")
    assert broken_formulas(page) > 0
    page.close()


def found_by_search(context, html, query):
    "Where the first result of the site's search leads."
    page = context.new_page()
    page.goto((html / "search.html").as_uri())
    page.locator("#search-input, input[name=q]").last.fill(query)
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.querySelector('#search-results')?.innerText.match(/finished|did not match/)")
    first = page.locator("#search-results li a").first
    found = first.get_attribute("href") if first.count() else None
    page.close()
    return found


@pytest.mark.parametrize("query", ["(3)", "eq-third"])
def test_the_search_finds_an_equation_by_number_and_by_label(context, chapter, query):
    assert (found_by_search(context, chapter.parents[1], query) or "").endswith("book/index.html#equation-eq-third")


def test_a_search_without_the_equations_is_seen(context, chapter, tmp_path):
    html = shutil.copytree(chapter.parents[1], tmp_path / "html")
    path = html / "searchindex.js"
    path.write_text(re.sub(r'"(\(3\)|eq-third)":', '"other":', path.read_text(encoding="utf-8")), encoding="utf-8")
    assert [found_by_search(context, html, query) for query in ("(3)", "eq-third")] == [None, "book/index.html"]


def test_faults_of_a_page_are_found(chapter, tmp_path):
    html = shutil.copytree(chapter.parents[1], tmp_path / "html")
    page = html / "book" / "index.html"
    text = page.read_text(encoding="utf-8")
    text = text.replace('<details class="check">', '<details class="bar">', 1)
    page.write_text(text.replace("</article>", '<div class="cell_output"><pre>eq-first ✓ 4 cases</pre><pre> </pre></div></article>'), encoding="utf-8")
    ledger = [{"label": label, "kind": "identity"} for label in ("eq-first", "eq-second", "eq-wrong")]
    assert unmarked(html, ledger) == ["eq-first has no mark", "eq-wrong is marked ✗, not ✓"]
    assert checks_in_text(html) == ["index.html: eq-first ✓ 4 cases"]
    assert empty_outputs(html) == ["index.html: an empty output"]
