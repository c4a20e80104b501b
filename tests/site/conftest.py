import fcntl
import json
import os
import shutil
import subprocess

import pytest
import yaml
from checks import ROOT, find_chromium, render, render_in_copy
from playwright.sync_api import sync_playwright


@pytest.fixture(scope="session")
def rendered(tmp_path_factory):
    "How the one build of the whole book went, and the folder of its HTML, which is there even after a warning."
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    out, log = shared / "site", shared / "site.json"
    with (shared / "site.lock").open("w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not log.exists():
            done = render(ROOT, out)
            log.write_text(json.dumps([done.args, done.returncode, done.stdout]), encoding="utf-8")
    return subprocess.CompletedProcess(*json.loads(log.read_text(encoding="utf-8"))), out / "_build" / "html"


@pytest.fixture(scope="session")
def site(rendered):
    return rendered[1]


@pytest.fixture(scope="session")
def tiny_book(tmp_path_factory):
    "Builds a book of a first page, and of more with their names, with the settings of this one."

    def build(text, more={}, moved=""):
        source = tmp_path_factory.mktemp("a tiny book")
        shutil.copy(ROOT / "_config.yml", source)
        shutil.copytree(ROOT / "book", source / "book", ignore=shutil.ignore_patterns("_build", "*.md", "_toc.yml", "moved.toml"))
        chapters = [{"file": f"book/{name}"} for name in more]
        contents = {"format": "jb-book", "root": "book/index"} | ({"chapters": chapters} if chapters else {})
        (source / "book" / "_toc.yml").write_text(yaml.safe_dump(contents), encoding="utf-8")
        (source / "book" / "moved.toml").write_text(moved, encoding="utf-8")
        for name, page in {"index": text, **more}.items():
            kind = "ipynb" if page.startswith("{") else "md"
            (source / "book" / f"{name}.{kind}").write_text(page, encoding="utf-8")
        return render_in_copy(source, source / "book"), source / "book" / "_build" / "html"

    return build


@pytest.fixture(scope="module")
def context():
    "A browser window on a new profile; closed with its module, since Playwright holds the event loop meanwhile."
    quiet = ["--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
    chromium = find_chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--no-first-run", *quiet])
        yield browser.new_context()
        browser.close()
