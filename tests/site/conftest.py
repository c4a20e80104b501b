import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from checks import find_chromium

ROOT = Path(__file__).parents[2]


def render(source, out):
    "Builds the book at `source` as `make book` does."
    settings = [f"BIN={Path(sys.executable).parent}", f"SOURCE={source}", f"OUT={out}"]
    environment = {key: value for key, value in os.environ.items() if not key.startswith("MAKE")}
    command = ["make", "--no-print-directory", "render", *settings]
    return subprocess.run(command, cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


@pytest.fixture(scope="session")
def rendered(tmp_path_factory):
    "How the build of the whole book went, and the folder of its HTML, which is there even after a warning."
    out = tmp_path_factory.mktemp("site")
    return render(ROOT, out), out / "_build" / "html"


@pytest.fixture(scope="session")
def site(rendered):
    return rendered[1]


@pytest.fixture(scope="session")
def tiny_book(tmp_path_factory):
    "Builds a book of one page with the settings of this one."

    def build(text):
        source = tmp_path_factory.mktemp("tiny")
        shutil.copy(ROOT / "_config.yml", source)
        shutil.copytree(ROOT / "book", source / "book", ignore=shutil.ignore_patterns("_build", "*.md", "_toc.yml"))
        (source / "book" / "_toc.yml").write_text("format: jb-book\nroot: book/index\n")
        (source / "book" / "index.md").write_text(text)
        return render(source, source / "book"), source / "book" / "_build" / "html"

    return build


@pytest.fixture(scope="module")
def chromium():
    "Chromium's path. Without one the browser checks are skipped, but in CI they fail."
    path = find_chromium()
    if path is None and os.environ.get("CI") == "true":
        pytest.fail("Chromium was not found, and CI=true")
    if path is None:
        pytest.skip("Chromium was not found")
    return path


@pytest.fixture(scope="module")
def context(chromium):
    "A browser window on a new profile; closed with its module, since Playwright holds the event loop meanwhile."
    from playwright.sync_api import sync_playwright

    quiet = ["--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--no-first-run", *quiet])
        yield browser.new_context()
        browser.close()
