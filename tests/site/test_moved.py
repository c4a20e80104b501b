"A page that moved leaves one at its old address, which leads to where the reader wanted to go."

import pytest
from checks import forwarding, pages

FIRST_EDITION = """
book/api book/bibliography book/coverage book/equations book/index book/notation
nbs/00_reading nbs/01_softmax nbs/02_activations nbs/03_losses nbs/04_gradcheck nbs/05_matrix_calculus nbs/06_dense
nbs/07_recursion nbs/08_backprop nbs/09_conv nbs/10_pooling nbs/11_flatten nbs/12_network nbs/13_digits nbs/14_training
nbs/17a_equations nbs/17b_evaluation nbs/17c_comparison nbs/17d_books nbs/18_errata nbs/18a_note_000 nbs/18b_note_001
nbs/18c_note_002 nbs/18d_note_003 nbs/18e_note_004 nbs/19_package
"""
PAGE = "# {0}\n\n## Section {0}\n\n$$1$$ (eq-{0})\n\n## Same\n\n```{{eval-rst}}\n.. py:function:: {0}.of_{0}\n```\n"
MOVED = '"book/3_old" = "book/new"\n'


@pytest.mark.parametrize("name", FIRST_EDITION.split())
def test_every_page_of_the_first_edition_leads_to_a_page(site, name):
    page = site / f"{name}.html"
    target = forwarding(page)
    assert not target or ((page.parent / target).resolve() in pages(site) and not forwarding((page.parent / target).resolve()))


@pytest.fixture(scope="module")
def tiny(tiny_book):
    done, html = tiny_book("# First\n", {name: PAGE.format(name) for name in ("new", "other")}, MOVED)
    assert done.returncode == 0, done.stdout
    return html / "book"


def arrival(browser_context, folder, place):
    "Where in the folder a reader of a place on the old page arrives."
    page = browser_context.new_page()
    page.goto((folder / "3_old.html").as_uri() + place)
    page.wait_for_url(lambda address: "3_old" not in address)
    address = page.url
    page.close()
    return address.removeprefix(folder.as_uri() + "/")


@pytest.mark.parametrize(
    "place, where",
    {
        "": "new.html",
        "#section-new": "new.html#section-new",
        "#same": "new.html#same",
        "#section-other": "other.html#section-other",
        "#eq-other": "other.html#equation-eq-other",
        "#equation-eq-new": "new.html#equation-eq-new",
        "#old.of_other": "other.html#other.of_other",
        "#gone": "new.html#gone",
    }.items(),
)
def test_a_reader_arrives(context, tiny, place, where):
    assert arrival(context, tiny, place) == where


def test_a_reader_without_scripts_arrives(context, tiny):
    without = context.browser.new_context(java_script_enabled=False)
    assert arrival(without, tiny, "#section-other").partition("#")[0] == "new.html"
    without.close()


def test_a_page_that_leads_nowhere_fails_the_build(tiny_book):
    done, _ = tiny_book("# First\n", moved='"book/old" = "book/nowhere"\n"book/index" = "book/index"\n')
    assert done.returncode != 0
    assert "book/old leads to book/nowhere, which is no page" in done.stdout
    assert "book/index is a page, and cannot lead to" in done.stdout
