"A page's number is the one in its file's name, and its sections, figures and equations have it in front."

import re

import pytest
from checks import parsed

PAGE = "# Title\n\n## A section\n\n$$1 + 1$$ (eq-{name})\n"
PLANTED = {name: PAGE.format(name=name) for name in ["02_two", "plain", "02_again", "10_ten", "A2_after", "09_nine", "C07_seven"]}
REFERENCES = "# First\n\n" + "\n\n".join(f"{{eq}}`eq-{name}`" for name in PLANTED) + "\n"
EXPECTED = {"02_two": "2", "plain": "", "10_ten": "10", "A2_after": "A2", "C07_seven": "C7"}


@pytest.fixture(scope="module")
def planted(tiny_book):
    return tiny_book(REFERENCES, PLANTED)


def test_a_number_that_comes_twice_or_out_of_order_fails_the_build(planted):
    done, _ = planted
    assert done.returncode != 0
    found = re.findall(r"book/(\w+)\.md\S* WARNING: has no number above that of book/(\w+)", done.stdout)
    assert found == [("02_again", "02_two"), ("09_nine", "A2_after")], done.stdout


@pytest.mark.parametrize("name", EXPECTED)
def test_a_page_has_the_number_of_its_file(planted, name):
    _, html = planted
    page, number = parsed(html / "book" / f"{name}.html"), EXPECTED[name]
    titles = [title.get_text().rstrip("#") for title in page.select("main section > :is(h1, h2)")]
    assert titles == ([f"{number}. Title", f"{number}.1. A section"] if number else ["Title", "A section"])
    equation = f"({number}.1)" if number else "(1)"
    assert page.select_one(".eqno").get_text().rstrip("#") == equation
    links = parsed(html / "book" / "index.html").select(f"main a[href^='{name}.html#equation-']")
    assert [link.get_text() for link in links] == [equation]
