"The build takes away only what it made, and shows the sources of the package alone."

from checks import render


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


def test_the_sources_shown_are_those_of_the_package(site):
    assert {path.name for path in (site / "_modules").iterdir()} <= {"index.html", "mlbook", "mlbook.html"}
