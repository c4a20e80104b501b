"""The modules in mlbook/ are, byte by byte, what nbdev-export makes of the notebooks."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    "The package as exported from the notebooks alone."
    project = tmp_path_factory.mktemp("exported")
    shutil.copy(ROOT / "pyproject.toml", project)
    shutil.copytree(ROOT / "nbs", project / "nbs")
    environment = {key: value for key, value in os.environ.items() if key != "IN_TEST"}  # with it nbdev exports nothing
    environment["PYTHONUTF8"] = "1"  # without it nbdev writes as the system does
    subprocess.run([Path(sys.executable).with_name("nbdev-export")], cwd=project, env=environment, check=True)
    return project / "mlbook"


def modules(package):
    "The package's modules, without nbdev's own index, which is not kept."
    paths = [path for path in package.rglob("*.py") if path.name != "_modidx.py"]
    return {path.relative_to(package).as_posix(): path.read_bytes() for path in paths}


def out_of_step(package, exported):
    "Modules that were changed, removed, or are not exported by any notebook."
    found, made = modules(package), modules(exported)
    return sorted(name for name in found.keys() | made.keys() if found.get(name) != made.get(name))


def test_the_package_is_what_the_notebooks_export(exported):
    assert "autodiff.py" in modules(exported)
    assert out_of_step(ROOT / "mlbook", exported) == []


@pytest.mark.parametrize("name", ["autodiff.py", "__init__.py"])
def test_a_hand_edit_is_found(exported, tmp_path, name):
    copy = shutil.copytree(exported, tmp_path / "mlbook")
    copy.joinpath(name).write_bytes(copy.joinpath(name).read_bytes() + b" ")
    assert out_of_step(copy, exported) == [name]


def test_a_stale_and_a_missing_module_are_found(exported, tmp_path):
    copy = shutil.copytree(exported, tmp_path / "mlbook")
    copy.joinpath("autodiff.py").rename(copy / "old_name.py")
    assert out_of_step(copy, exported) == ["autodiff.py", "old_name.py"]
