"""The built site: all its pages are there, load nothing from elsewhere, and look right in a browser.

Each check is shown to find what it looks for, on a page or a copy that has the fault. All that goes through
every page's tree is in this file: so one process parses them, once.
"""

import importlib
import inspect
import json
import pkgutil
import re
import shutil

import mlbook
import pytest
import yaml
from checks import (
    ROOT,
    SCRIPT,
    checks_in_text,
    dead_links,
    empty_outputs,
    faults,
    find_chromium,
    foreign_loads,
    forwarding,
    heavy,
    loads,
    missing_pages,
    pages,
    toc_names,
    sourceless,
    tree,
    undocumented,
    unlisted,
    unmarked,
)

BROKEN_PAGE = r"""# A page with many faults

$$\frac{1$$ (eq-unclosed)

$$\frac{1}$$ (eq-incomplete)

$$\undefinedmacro$$ (eq-undefined)

$$1 + 1$$ (eq-sound)

<img src="http://example.invalid/x.png" alt="from another host">
<img src="absent.png" alt="not there">
<img src="../_static/file.png">
<p style="width: 3000px; background: url(http://example.invalid/y.png)">wide</p>
<p>Left over: \\alpha</p>
<a href="absent.html">nowhere</a> <a href="#absent">nowhere on this page</a>
<script>thisIsNotDefined()</script>
"""


def test_the_site_builds_without_a_warning(rendered):
    done, _ = rendered
    assert done.returncode == 0, done.stdout


def test_every_page_of_the_contents_is_there(site):
    assert missing_pages(site, ROOT / "book" / "_toc.yml") == []


def test_a_page_that_is_missing_is_found(tmp_path):
    contents = ROOT / "book" / "_toc.yml"
    names = [name for name in toc_names(yaml.safe_load(contents.read_text(encoding="utf-8"))) if name != "nbs/00_reading"]
    for page in [tmp_path / f"{name}.html" for name in names]:
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text("<title>Empty</title>", encoding="utf-8")
    (tmp_path / "index.html").write_text('<a href="nbs/00_reading.html">Reading</a>', encoding="utf-8")
    assert missing_pages(tmp_path, contents) == ["nbs/00_reading has no page"]
    assert dead_links(tmp_path) == ["index.html: no file nbs/00_reading.html"]


def test_nothing_is_loaded_from_another_host(site):
    found = foreign_loads(site)
    assert not found, "\n".join(found)


def test_links_inside_the_site_lead_somewhere(site):
    found = dead_links(site)
    assert not found, "\n".join(found)


def test_pages_are_light(site):
    assert any(SCRIPT in {file.name for file in loads(page)} for page in pages(site) if not forwarding(page))
    assert heavy(site) == []


def test_the_contents_beside_a_page_are_the_same_everywhere_and_mark_that_page(site):
    listed = {}
    for page in pages(site):
        if not forwarding(page):
            [contents] = tree(page).find_class("bd-links")
            links = set(contents.xpath(".//a/@href"))
            marked = {link.get("href") for item in contents.find_class("current") for link in item.iterchildren("a")}
            listed[page] = frozenset(page if link == "#" else (page.parent / link).resolve() for link in links)
            assert ("#" in marked) == (page in listed[page]) and "#" not in links - marked, page
            assert page.name not in links, page
    assert len(set(listed.values())) == 1


def test_the_contents_beside_each_page_show_the_numbers(site):
    [contents] = tree(site / "book" / "index.html").find_class("bd-links")
    shown = [link.text_content().strip() for link in contents.iter("a")]
    for page in pages(site):
        file = not forwarding(page) and re.fullmatch(r"([A-Z]?)0*(\d+)_\w+", page.stem)
        title = file and tree(page).xpath("//main//section/h1")[0].text_content().rstrip("#")
        assert not file or (title.startswith(f"{file[1]}{file[2]}. ") and title in shown), page.stem


def heading(page):
    return tree(page).xpath("//main//section/h1")[0].text_content().rstrip("#")


def test_a_link_to_the_page_before_or_after_shows_its_title(site):
    links = [(page, link) for page in pages(site) if not forwarding(page) for link in tree(page).xpath("//a[p]|//a[div/p]")]
    shown = {(link.find_class("prev-next-title")[0].text_content(), page.parent / link.get("href")) for page, link in links if link.find_class("prev-next-title")}
    assert len(shown) > 20 and [(title, page) for title, page in shown if title not in heading(page)] == []


def test_every_equation_of_the_ledger_has_its_mark(site):
    ledger = json.loads((ROOT / "book" / "equations.json").read_text(encoding="utf-8"))
    assert unmarked(site, ledger) == []


def test_no_report_stands_in_the_running_text(site):
    assert checks_in_text(site) == []


def test_no_output_is_empty(site):
    assert empty_outputs(site) == []


def full_name(thing):
    return f"{thing.__module__}.{thing.__qualname__}"


@pytest.fixture(scope="module")
def described_names():
    found = pkgutil.walk_packages(mlbook.__path__, "mlbook.")
    modules = [importlib.import_module(module.name) for module in found if "._" not in module.name]
    exported = [getattr(module, name) for module in modules for name in getattr(module, "__all__", [])]
    return [full_name(thing) for thing in exported if inspect.isroutine(thing) or inspect.isclass(thing)]


def test_every_function_and_class_is_described(site, described_names):
    assert undocumented(site, described_names) == []
    assert undocumented(site, [*described_names, "mlbook.losses.no_such_name"]) == ["mlbook.losses.no_such_name"]


def test_every_description_leads_to_the_code(site, described_names):
    assert sourceless(site, described_names) == []
    assert sourceless(site, [*described_names, "mlbook.losses.no_such_name"]) == ["mlbook.losses.no_such_name"]


@pytest.mark.parametrize("package", ["mlbook", "mlbook.eqval"])
def test_the_page_of_the_package_leads_to_every_public_name(site, package):
    package = importlib.import_module(package)
    names = [full_name(getattr(package, name)) for name in package.__all__]
    front = site / "nbs" / "more" / "package.html"
    assert unlisted(front, names) == []
    assert unlisted(front, [*names, "mlbook.losses.mse_loops"]) == ["mlbook.losses.mse_loops"]


def test_an_equation_reference_that_leads_nowhere_fails_the_build(tiny_book):
    done, _ = tiny_book("# One page\n\nSee {eq}`eq-nowhere`.\n")
    assert done.returncode != 0
    assert "eq-nowhere" in done.stdout


@pytest.fixture(scope="module")
def broken(tiny_book):
    "A site whose page builds without a warning, and is full of faults all the same."
    done, html = tiny_book(BROKEN_PAGE)
    assert done.returncode == 0, done.stdout
    return html


def test_loads_from_another_host_are_found(broken):
    assert {line.split(": ")[1] for line in foreign_loads(broken)} == {
        "http://example.invalid/x.png",
        "http://example.invalid/y.png",
    }


def test_dead_links_are_found(broken):
    found = dead_links(broken)
    assert {line.split(" ")[-1] for line in found} == {"absent.png", "absent.html", "#absent"}


@pytest.mark.parametrize(
    "fault",
    [
        "4 equations are written, 3 are typeset",
        r"MathJax cannot set \\frac\{1\}",
        r"MathJax cannot set \\undefinedmacro",
        "TeX is left in the text",
        "asks for http://example.invalid/x.png",
        "asks for http://example.invalid/y.png",
        "file.png has no alt text",
        "absent.png does not load",
        "script error: .*thisIsNotDefined",
        "390 px, dark: the page scrolls sideways",
        "1280 px, light: the page scrolls sideways",
    ],
)
def test_a_fault_on_a_page_is_found(broken_faults, fault):
    assert [line for line in broken_faults if re.search(fault, line)], broken_faults


def test_a_sound_equation_among_broken_ones_is_not_blamed(broken_faults):
    assert not [line for line in broken_faults if "1 + 1" in line]


@pytest.fixture(scope="module")
def broken_faults(broken, context):
    return faults(context, broken / "book" / "index.html")


def test_without_a_browser_ci_fails(monkeypatch):
    monkeypatch.setattr("shutil.which", lambda name: None)
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="CI=true"):
        find_chromium()
    monkeypatch.delenv("CI")
    with pytest.raises(pytest.skip.Exception, match="Chromium was not found"):
        find_chromium()
