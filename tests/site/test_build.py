"The build takes away only what it made."

import shutil
import subprocess
import sys

import pytest
from checks import ROOT, render


def mine(folder):
    "A folder with somebody's work, as a file's path."
    folder.mkdir(parents=True)
    kept = folder / "kept.txt"
    kept.write_text("mine", encoding="utf-8")
    return kept


UMLAUT = pytest.param("Übung", marks=pytest.mark.skipif(sys.getfilesystemencoding() == "ascii", reason="files have ASCII names"))


@pytest.mark.parametrize("name", ["two words", UMLAUT, 'a "b" `c`', "it's", "-rf", "a;b&c", "*"])
def test_a_folder_that_no_build_made_is_left_alone(tmp_path, name):
    kept, beside = mine(tmp_path / name / "_build"), mine(tmp_path / name.split()[0] / "beside")
    done = render(tmp_path, kept.parents[1])
    assert done.returncode != 0 and f"{kept.parent} is there already and was not made by a build" in done.stdout
    assert kept.read_text(encoding="utf-8") == beside.read_text(encoding="utf-8") == "mine"


def test_what_a_link_leads_to_is_left_alone(tmp_path):
    kept, out = mine(tmp_path / "elsewhere"), tmp_path / "out"
    kept.with_name(".made-by-the-book").touch()
    out.mkdir()
    (out / "_build").symlink_to(kept.parent)
    assert "was not made by a build" in render(tmp_path, out).stdout
    assert kept.exists()


def make(target, folder):
    "How `make` of this book goes in a folder."
    command = ["make", "-f", ROOT / "Makefile", target]
    return subprocess.run(command, cwd=folder, text=True, encoding="utf-8", capture_output=True)


def test_clean_removes_what_was_built_and_nothing_else(tmp_path):
    for name in ("mlbook", "nbs", "tests", "book"):
        mine(tmp_path / name)
    kept = [mine(tmp_path / "build"), mine(tmp_path / "book" / "_build"), mine(tmp_path / "other.egg-info")]
    built = [mine(tmp_path / "build" / "lib"), mine(tmp_path / "mlbook" / "__pycache__"), mine(tmp_path / "mlbook.egg-info")]
    assert make("clean", tmp_path).returncode == 0
    assert all(file.exists() for file in kept) and not any(file.exists() for file in built)
    kept[1].with_name(".made-by-the-book").touch()
    assert make("clean", tmp_path).returncode == 0
    assert not kept[1].exists() and kept[0].exists()


def test_an_environment_that_make_did_not_make_is_left_alone(tmp_path):
    for name in ("requirements.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    kept = mine(tmp_path / ".venv")
    done = make(".venv/installed", tmp_path)
    assert done.returncode != 0 and ".venv is there already and was not made by make" in done.stderr
    assert kept.exists()


def test_a_build_removes_an_older_one(tiny_book):
    done, html = tiny_book("# One page\n")
    (html / "old.html").touch()
    again = render(html.parents[2], html.parents[1])
    assert done.returncode == again.returncode == 0, again.stdout
    assert (html / "book" / "index.html").is_file() and not (html / "old.html").exists()
