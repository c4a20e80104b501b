"""The package as somebody finds it who imports it."""

import pkgutil
import subprocess
import sys
from pathlib import Path

import mlbook
import pytest

ROOT = Path(__file__).parents[1]
SLOW = ("matplotlib", "tqdm", "urllib.request", "http.client", "IPython", "nbdev", "fastcore")


def imported_by(statement):
    "The modules of `SLOW` that are loaded after `statement` in a new Python."
    code = f"{statement}; import sys; print(*(name for name in {SLOW} if name in sys.modules))"
    return subprocess.run([sys.executable, "-c", code], text=True, capture_output=True, check=True).stdout.split()


def test_the_import_is_light():
    assert imported_by("import mlbook") == []


def test_a_heavy_import_is_found():
    assert "matplotlib" in imported_by("import mlbook, matplotlib")


def test_the_public_names_are_there():
    assert {"vjp", "softmax", "Dense", "Sequential", "SGD", "fit", "load_mnist", "softmax_cross_entropy"} <= set(mlbook.__all__)
    assert all(hasattr(mlbook, name) for name in mlbook.__all__)
    assert len(mlbook.__all__) == len(set(mlbook.__all__))


def test_the_loops_are_not_public():
    assert [name for name in mlbook.__all__ if name.endswith("_loops") or name.startswith("_")] == []


@pytest.mark.parametrize("name", mlbook.__all__)
def test_a_public_name_says_what_it_is(name):
    assert callable(getattr(mlbook, name))
    assert getattr(mlbook, name).__doc__


def test_only_the_dense_layer_has_the_name_of_its_module():
    modules = {module.name for module in pkgutil.iter_modules(mlbook.__path__)}
    assert modules & set(mlbook.__all__) == {"dense"}


def test_type_hints():
    assert (ROOT / "mlbook" / "py.typed").is_file()
    checked = subprocess.run([sys.executable, "-m", "mypy"], cwd=ROOT, text=True, capture_output=True)
    assert checked.returncode == 0, checked.stdout


def test_a_wrong_type_is_found(tmp_path):
    wrong = tmp_path / "wrong.py"
    wrong.write_text("import mlbook\nmlbook.Dense('many')\n")
    command = [sys.executable, "-m", "mypy", "--config-file", ROOT / "pyproject.toml", wrong]
    checked = subprocess.run(command, cwd=ROOT, text=True, capture_output=True)
    assert checked.returncode == 1 and "wrong.py:2" in checked.stdout, checked.stdout
