"The build takes away only what it made, and each page shows where it stands in the contents."

from checks import forwarding, pages, parsed, render


def test_a_folder_that_no_build_made_is_left_alone(tmp_path):
    kept = tmp_path / "two words" / "_build" / "kept.txt"
    kept.parent.mkdir(parents=True)
    kept.write_text("mine")
    done = render(tmp_path, kept.parents[1])
    assert done.returncode != 0 and "was not made by a build" in done.stdout
    assert kept.read_text() == "mine"


def test_a_build_removes_an_older_one(tiny_book):
    done, html = tiny_book("# One page\n")
    (html / "old.html").touch()
    again = render(html.parents[2], html.parents[1])
    assert done.returncode == again.returncode == 0, again.stdout
    assert (html / "book" / "index.html").is_file() and not (html / "old.html").exists()


def test_the_contents_beside_a_page_are_the_same_everywhere_and_mark_that_page(site):
    listed = {}
    for page in pages(site):
        if not forwarding(page):
            links = {link["href"] for link in parsed(page).select(".bd-links a")}
            marked = {link["href"] for link in parsed(page).select(".bd-links li.current > a")}
            listed[page] = frozenset(page if link == "#" else (page.parent / link).resolve() for link in links)
            assert ("#" in marked) == (page in listed[page]) and "#" not in links - marked, page
            assert page.name not in links, page
    assert len(set(listed.values())) == 1


def test_the_sources_shown_are_those_of_the_package(site):
    assert {path.name for path in (site / "_modules").iterdir()} <= {"index.html", "mlbook", "mlbook.html"}
