"""What can be wrong with a built site. Each check returns its findings as sentences: none when all is well."""

import multiprocessing
import os
import re
import runpy
import shutil
import subprocess
import sys
from functools import cache
from html import unescape
from itertools import cycle
from pathlib import Path
from urllib.parse import unquote, urlsplit

import lxml.html
import pytest
import yaml
from bs4 import BeautifulSoup
from sphinx.application import builtin_extensions

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT / "book" / "_ext"))
from offline_mathjax import SCRIPT  # noqa: E402

# What a build imports takes two thirds of a small book's time. Here one process imports most of it, and copies of it build.
COPIES = multiprocessing.get_context("forkserver")
COPIES.set_forkserver_preload(["jupyter_book.sphinx", "myst_nb.sphinx_ext", "sphinxcontrib.bibtex", "sphinx_design.extension", *builtin_extensions])

HEAVY = "fontawesome.js"
LIMIT = 1_000_000  # bytes of a page


def render(source, out):
    "Builds the book at `source` as `make book` does."
    settings = [f"BIN={Path(sys.executable).parent}", f"SOURCE={source}", f"OUT={out}"]
    environment = {key: value for key, value in os.environ.items() if not key.startswith("MAKE")}
    command = ["make", "--no-print-directory", "render", *settings]
    return subprocess.run(command, cwd=ROOT, env=environment, encoding="utf-8", stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def render_in_copy(source, out):
    "Builds a small book as `render` does, without `make` and in a third of the time."
    log = out / "build.log"
    copy = COPIES.Process(target=_build, args=(source, out, log))
    copy.start()
    copy.join()
    return subprocess.CompletedProcess([source, out], copy.exitcode, log.read_text(encoding="utf-8"))


def _build(source, out, log):
    with log.open("w", encoding="utf-8") as file:
        for stream in (1, 2):
            os.dup2(file.fileno(), stream)
    runpy.run_path(str(ROOT / "book" / "build.py"))["main"](source, out)


@cache
def parsed(path):
    "The tree of a page of a tiny book, with a tag's text and place by CSS selectors."
    return BeautifulSoup(path.read_text(encoding="utf-8"), "lxml")


@cache
def tree(path):
    "The same tree by what reads it, for the pages of the whole site: twelve times as fast."
    return lxml.html.document_fromstring(path.read_text(encoding="utf-8"))


def pages(html):
    return sorted(path for path in html.rglob("*.html") if "_static" not in path.relative_to(html).parts)


def in_browser(context, html, measured, *, chapters):
    """The faults of the pages that readers read one after the other, or of all others, in a browser.

    Those whose names are in `measured` are held to a reader's length, too.
    """
    read = [path for path in pages(html) if (path.parent == html / "nbs") is chapters and not forwarding(path)]
    assert len(read) > 10
    orders = cycle([VIEWS, VIEWS[::-1]])
    found = []
    for page, views in zip(read, orders, strict=False):
        name = page.relative_to(html).with_suffix("").as_posix()
        found += faults(context, page, views, measure=name in measured)
    return found


@cache
def forwarding(path):
    "Where a page that has nothing of its own sends its reader."
    head = path.read_text(encoding="utf-8").partition("</head>")[0]
    found = re.search(r'<meta http-equiv="Refresh" content="[^"]*url=([^"]*)"', head)
    return found and unescape(found[1])


def toc_names(node):
    "The names of all pages in a table of contents, such as nbs/00_reading."
    if isinstance(node, list):
        return [name for item in node for name in toc_names(item)]
    if isinstance(node, dict):
        own = [node[key] for key in ("root", "file") if key in node]
        return own + [name for value in node.values() for name in toc_names(value)]
    return []


def missing_pages(html, toc):
    names = toc_names(yaml.safe_load(toc.read_text(encoding="utf-8")))
    return [f"{name} has no page" for name in names if not (html / f"{name}.html").is_file()]


def is_foreign(address):
    return address.startswith("//") or urlsplit(address).scheme in ("http", "https", "ws", "wss", "ftp")


def foreign_loads(html):
    "What pages and style sheets take from other hosts; a link that a reader may follow is not a load."
    found = []
    for path in pages(html):
        addresses = tree(path).xpath("//@src | //@srcset | //@poster | //@data | //link/@href")
        found += [f"{path.name}: {address}" for address in addresses if is_foreign(address)]
        for style in tree(path).xpath("//@style | //style/text()"):
            found += [f"{path.name}: {load}" for load in css_loads(style)]
    for path in html.rglob("*.css"):
        found += [f"{path.name}: {load}" for load in css_loads(path.read_text(encoding="utf-8"))]
    return found


def css_loads(text):
    loads = re.findall(r"""(?:@import\s+|url\()\s*["']?([^"')\s;]+)""", text)
    return [load for load in loads if is_foreign(load)]


@cache
def anchors(path):
    return set(tree(path).xpath("//@id | //@name"))


@cache
def inside(folder, address):
    "The file to which an address in a page of the folder leads, if there is one."
    file = (folder / unquote(address)).resolve()
    return file if file.is_file() else None


def dead_links(html):
    "Links and sources inside the site that lead to no file, or to no such place in its file."
    found = []
    for path in pages(html):
        tags = tree(path).iter("a", "link", "img", "script", "source")
        for address in filter(None, [forwarding(path), *(tag.get("href") or tag.get("src") for tag in tags)]):
            target = urlsplit(address)
            if target.scheme or address.startswith("//"):
                continue
            file = inside(path.parent, target.path) if target.path else path
            if not file:
                found.append(f"{path.name}: no file {address}")
            elif file.suffix == ".html" and target.fragment and unquote(target.fragment) not in anchors(file):
                found.append(f"{path.name}: no place {address}")
    return found


def loads(path):
    "The files that a page's tags take from the site."
    addresses = tree(path).xpath("//script/@src | //img/@src | //link[@rel='stylesheet' or @rel='preload']/@href")
    named = [urlsplit(address) for address in addresses]
    return {(path.parent / unquote(target.path)).resolve() for target in named if not target.scheme}


def weight(path):
    "How many bytes a page has of its own: itself and its pictures."
    return sum(file.stat().st_size for file in {path, *loads(path)} if "_static" not in file.parts)


def heavy(html):
    "What pages load that they can do without, and pages that are too large."
    found = []
    for path in pages(html):
        names = {file.name for file in loads(path)}
        if HEAVY in names:
            found.append(f"{path.name} loads {HEAVY}")
        if SCRIPT in names and 'class="math' not in path.read_text(encoding="utf-8"):
            found.append(f"{path.name} has no formulas, and loads {SCRIPT}")
        if weight(path) > LIMIT:
            found.append(f"{path.name} has {weight(path)} bytes")
    return found


def undocumented(html, names):
    "The names, such as mlbook.losses.cross_entropy, that no page of the API describes."
    pages_of_modules = (html / "book" / "api").rglob("*.html")
    described = {term.get("id") for page in pages_of_modules for term in tree(page).find_class("sig") if term.tag == "dt"}
    return sorted(set(names) - described)


def sourceless(html, names):
    "The names whose description does not lead to the code that defines them."
    found, read = set(names), cache(tree)
    for path in (html / "book" / "api").rglob("*.html"):
        for link in tree(path).find_class("viewcode-link"):
            page, _, place = link.get("href").partition("#")
            name = link.getparent().get("id", "")
            block = read((path.parent / page).resolve()).get_element_by_id(place, None)
            if block is not None and re.search(rf"^(def|class) {name.rpartition('.')[2]}\b", block.text_content(), re.MULTILINE):
                found.discard(name)
    return sorted(found)


def unlisted(front, names):
    "The names to whose descriptions the API's front page does not lead."
    linked = {address.partition("#")[2] for address in tree(front).xpath("//main//a/@href")}
    return sorted(set(names) - linked)


def marks(path):
    "The mark beside each equation of a page that has one, and what it says, by label."
    found = {}
    for frame in tree(path).find_class("equation"):
        summaries = [summary for details in frame.find_class("check") for summary in details.iterchildren("summary")]
        label = frame.find_class("math")[0].get("id").removeprefix("equation-")
        if summaries and summaries[0].get("title") == summaries[0].get("aria-label"):
            found[label] = (summaries[0].text_content(), summaries[0].get("title"))
    return found


def unmarked(html, ledger):
    "Equations of the ledger without their mark: ✗ for those that are refuted, ✓ for all others."
    found, shown = [], {label: mark for path in pages(html) for label, (mark, _) in marks(path).items()}
    for entry in ledger:
        label, expected = entry["label"], "✗" if entry["kind"] == "refuted" else "✓"
        if label not in shown:
            found.append(f"{label} has no mark")
        elif shown[label] != expected:
            found.append(f"{label} is marked {shown[label]}, not {expected}")
    return found


def printed(path):
    "The blocks of text that a page's cells have printed."
    return [block for output in tree(path).find_class("cell_output") for block in output.iter("pre")]


def checks_in_text(html):
    "Reports of checked equations that stand open on a page, without the code that prints them."
    found = []
    for path in pages(html):
        for block in printed(path):
            cell = next((part for part in block.iterancestors() if "cell" in part.classes), None)
            with_code = cell is not None and any("cell_input" in part.classes for part in cell.iterchildren("*"))
            if not with_code and next(block.iterancestors("details"), None) is None:
                found += [f"{path.name}: {line}" for line in re.findall(r"^eq-\S+ [✓✗].*", block.text_content(), re.MULTILINE)]
    return found


def empty_outputs(html):
    blocks = [(path, block) for path in pages(html) for block in printed(path)]
    return [f"{path.name}: an empty output" for path, block in blocks if not block.text_content().strip()]


def find_chromium():
    "Chromium's path. Without one the browser checks are skipped, but in CI they fail."
    names = "chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"
    path = next(filter(None, map(shutil.which, names)), None)
    if path is None and os.environ.get("CI") == "true":
        pytest.fail("Chromium was not found, and CI=true")
    if path is None:
        pytest.skip("Chromium was not found")
    return path


MATHS = r"""async () => {
    const written = document.querySelectorAll(".math").length, found = [];
    if (written && !window.MathJax?.startup?.promise) return ["MathJax has not run"];
    if (written) await MathJax.startup.promise;
    const set = document.querySelectorAll("mjx-container").length;
    if (set !== written) found.push(`${written} equations are written, ${set} are typeset`);
    const wrong = "[data-mjx-error], merror, [data-mml-node=merror], g[data-mml-node=mtext][fill=red]";
    for (const item of written ? MathJax.startup.document.math : [])
        if (item.typesetRoot?.querySelector(wrong)) found.push(`MathJax cannot set ${item.math}`);
    const texts = document.createTreeWalker(document.querySelector("main") ?? document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const text = texts.currentNode;
        if (/\\[A-Za-z]{2,}|\$\S([^$]*\S)?\$/.test(text.data) && !text.parentElement.closest("pre, code, .sig, script, style, mjx-container"))
            found.push(`TeX is left in the text: ${text.data.trim()}`);
    }
    return found;
}"""

IMAGES = r"""async () => {
    const found = [];
    for (const image of document.images) {
        const name = image.src.split("/").pop();
        if (!image.alt.trim()) found.push(`${name} has no alt text`);
        image.loading = "eager";
        await image.decode().catch(() => found.push(`${name} does not load`));
    }
    return found;
}"""

LAYOUT = r"""async scheme => {
    const found = [], themed = () => document.documentElement.dataset.theme === scheme, start = performance.now();
    while (!themed() && performance.now() < start + 5000) await new Promise(requestAnimationFrame);
    if (!themed()) found.push(`the page has no ${scheme} theme`);
    const beyond = document.scrollingElement.scrollWidth - innerWidth;
    if (beyond > 1) {
        const wide = [...document.querySelectorAll("main *")].filter(node => node.getBoundingClientRect().right > innerWidth + 1);
        found.push(`the page scrolls sideways by ${beyond} px, because of ${wide[0]?.outerHTML.slice(0, 120)}`);
    }
    return found;
}"""


RHYTHM = r"""screen => {
    const article = document.querySelector("article.bd-article"), seen = node => node.getClientRects().length > 0;
    const height = node => node.getBoundingClientRect().height, found = [];
    const inputs = [...article.querySelectorAll(".cell_input, div.highlight")].filter(node => seen(node) &&
        !node.closest("details:not([open])") && !node.closest(".cell_output") && !node.parentElement.closest(".cell_input, div.highlight"));
    const pictures = [...article.querySelectorAll("img, svg")].filter(node => seen(node) && !node.closest("mjx-container, button") && height(node) > 90);
    const screens = height(article) / screen, code = inputs.reduce((sum, node) => sum + height(node), 0) / height(article);
    const first = pictures.length ? (pictures[0].getBoundingClientRect().top - article.getBoundingClientRect().top) / screen : Infinity;
    if (screens > 25) found.push(`it has ${screens.toFixed(1)} screens, expected at most 25`);
    if (code > 0.25) found.push(`${Math.round(100 * code)} % of its height is open code, expected at most 25`);
    if (pictures.length < 4) found.push(`it has ${pictures.length} pictures, expected at least 4`);
    if (first > 2) found.push(`its first picture is ${first.toFixed(1)} screens down, expected at most 2`);
    return found;
}"""

WIDE, SCREEN = 1280, 900
VIEWS = (WIDE, "light"), (390, "dark")  # what is too wide does not depend on the theme, nor the theme on the width


def faults(context, path, views=VIEWS, *, measure=False):
    """What a reader who opens the page by file:// in a browser would find wrong with it, and on request its length.

    One tab serves all pages: each new one costs a process that draws the window around it. A page that is opened as
    the last one was left need not be laid out anew.
    """
    found = []
    page = context.pages[0] if context.pages else context.new_page()
    listeners = {
        "request": lambda request: is_foreign(request.url) and found.append(f"asks for {request.url}"),
        "pageerror": lambda error: found.append(f"script error: {error}"),
        "console": lambda message: message.type == "error" and found.append(f"console: {message.text} {message.location['url']}"),
    }
    for event, listener in listeners.items():
        page.on(event, listener)
    for number, (width, scheme) in enumerate(views):
        page.set_viewport_size({"width": width, "height": SCREEN})
        page.emulate_media(color_scheme=scheme)
        if number == 0:
            page.goto(path.as_uri())
            found += page.evaluate(MATHS)
            found += page.evaluate(IMAGES)
        found += [f"{width} px, {scheme}: {fault}" for fault in page.evaluate(LAYOUT, scheme)]
        if measure and width == WIDE:
            found += page.evaluate(RHYTHM, SCREEN)
    for event, listener in listeners.items():
        page.remove_listener(event, listener)
    return [f"{path.parent.name}/{path.name}: {fault}" for fault in found]
