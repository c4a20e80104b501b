"""The package as somebody finds it who imports it."""

import inspect
import io
import pkgutil
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import mlbook
import pytest

ROOT = Path(__file__).parents[1]
HEAVY = {"matplotlib", "onnx", "scipy", "sklearn", "tqdm", "threadpoolctl", "lark", "urllib.request", "http.client", "numpy.random", "IPython", "nbdev", "fastcore"}


def run(code):
    "What a new Python prints that runs `code`."
    return subprocess.run([sys.executable, "-c", code], encoding="utf-8", capture_output=True, check=True).stdout


def loaded_by(statement):
    "The modules that `statement` loads in a new Python, beyond those of NumPy."
    return set(run(f"import sys, numpy; before = {{*sys.modules}}; {statement}; print(*{{*sys.modules}} - before)").split())


def test_the_import_is_light():
    modules = loaded_by("import mlbook")
    assert modules & HEAVY == set()
    assert "mlbook.training" in modules and not any(name.startswith("mlbook.eqval") for name in modules)
    assert len([name for name in modules if not name.startswith(("mlbook", "numpy"))]) <= 20, modules


@pytest.mark.parametrize("name", ["estimators", "eqval", "exchange", "exercises", "inspection", "mutants", "photographs", "plots", "recursion"])
def test_a_module_that_the_import_leaves_out_comes_when_it_is_named(name):
    assert f"mlbook.{name}" not in loaded_by("import mlbook")
    assert f"mlbook.{name}" in loaded_by(f"import mlbook; mlbook.{name}")


def test_a_name_that_is_nowhere_is_not_found():
    with pytest.raises(AttributeError, match="module 'mlbook' has no attribute 'nothing'"):
        mlbook.nothing


def test_a_heavy_import_is_found():
    assert "matplotlib" in loaded_by("import mlbook, matplotlib") & HEAVY
    assert len(loaded_by("import mlbook, mlbook.training, tempfile")) > 20


def test_numpy_and_tqdm_are_all_that_the_import_needs():
    hide = "import sys; sys.modules.update(dict.fromkeys(('matplotlib', 'lark', 'IPython', 'scipy')))"
    assert run(f"{hide}; import mlbook; print(mlbook.softmax([0, 0]).sum())") == "1.0\n"
    with pytest.raises(subprocess.CalledProcessError):
        run(f"{hide}; from mlbook.eqval import check; check('1 = 1', {{}})")


def kept(*folders):
    "The names of the files in these folders that are not made by running something, with or without git."
    paths = [path for folder in folders for path in [ROOT / folder, *(ROOT / folder).rglob("*")]]
    made = {"__pycache__", ".ipynb_checkpoints", "_modidx.py"}
    return [path.relative_to(ROOT).as_posix() for path in paths if path.is_file() and not made & {*path.parts}]


def built(kind, project, folder):
    "The path of a project's wheel or sdist, and what setuptools says of it."
    build = f"import sys; from setuptools import build_meta; print(build_meta.build_{kind}(sys.argv[1]))"
    done = subprocess.run([sys.executable, "-c", build, folder], cwd=project, encoding="utf-8", capture_output=True, check=True)
    return folder / done.stdout.split()[-1], done.stdout + done.stderr


def wheel_of(project, folder):
    "The names in the wheel of a project, without those of its metadata."
    path, said = built("wheel", project, folder)
    assert "Warning" not in said, said
    with zipfile.ZipFile(path) as wheel:
        return {name for name in wheel.namelist() if ".dist-info/" not in name}


@pytest.fixture
def project(tmp_path):
    "A copy of what a wheel is made from, and of the tests."
    for name in kept("mlbook", "tests", "book/wheel.py", "pyproject.toml", "MANIFEST.in", "README.md", "LICENSE"):
        (tmp_path / "project" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / "project" / name)
    return tmp_path / "project"


def expected_in_wheel():
    plugin = "mlbook/eqval/plugin/"
    return {name.replace(plugin, "pytest_eqval/") for name in kept("mlbook")}


def test_the_wheel_has_the_package_and_nothing_else(project, tmp_path):
    names = wheel_of(project, tmp_path)
    assert names == expected_in_wheel()
    assert {"mlbook/_checks.py", "mlbook/py.typed", "mlbook/book.mplstyle", "pytest_eqval/__init__.py"} <= names
    assert not [name for name in names if "_modidx" in name]


def test_another_file_in_the_wheel_is_found(project, tmp_path):
    for name in ("other.py", "_modidx.py"):  # the second is nbdev's
        (project / "mlbook" / name).write_text("d = {}", encoding="utf-8")
    assert wheel_of(project, tmp_path) == expected_in_wheel() | {"mlbook/other.py"}


def test_a_source_distribution_has_no_tests_and_gives_the_same_wheel(project, tmp_path):
    path, said = built("sdist", project, tmp_path)
    assert "Warning" not in said, said
    with tarfile.open(path) as archive:
        archive.extractall(tmp_path / "out", filter="data")
    [unpacked] = (tmp_path / "out").iterdir()
    assert not (unpacked / "tests").exists()
    assert wheel_of(unpacked, tmp_path) == expected_in_wheel()


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="there is no history")
def test_a_checkout_has_the_same_bytes_on_every_system():
    command = ["git", "-c", "core.autocrlf=true", "archive", "HEAD", "mlbook", "nbs", "book"]
    archive = io.BytesIO(subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout)
    with tarfile.open(fileobj=archive) as files:
        texts = [file for file in files if file.name.endswith((".py", ".ipynb", ".md", ".toml"))]
        assert len(texts) > 100
        assert [file.name for file in texts if b"\r\n" in files.extractfile(file).read()] == []


def test_versions_and_requirements():
    made = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert [re.match("[a-z]+", line)[0] for line in made["dependencies"]] == ["numpy", "tqdm"]
    assert made["optional-dependencies"]["eqval"] == ["lark>=1.2"]
    assert made["optional-dependencies"]["plots"] == ["matplotlib>=3.10"]
    assert f"version: {mlbook.__version__}" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"### {mlbook.__version__}" in (ROOT / "README.md").read_text(encoding="utf-8")


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


def signatures(thing):
    "The signatures that `help` shows of a function, or of a class and its methods."
    if not inspect.isclass(thing) or not issubclass(thing, BaseException):
        yield thing.__name__, str(inspect.signature(thing))
    for name, method in vars(thing).items():
        if inspect.isfunction(method):
            yield name, str(inspect.signature(method))


@pytest.mark.parametrize("package", [mlbook, mlbook.eqval])
def test_a_signature_in_help_is_short(package):
    found = [pair for name in package.__all__ for pair in signatures(getattr(package, name))]
    assert len(found) >= len(package.__all__) - 1
    assert [(name, line) for name, line in found if len(line) > 300] == []


def test_only_the_dense_layer_has_the_name_of_its_module():
    modules = {module.name for module in pkgutil.iter_modules(mlbook.__path__)}
    assert modules & set(mlbook.__all__) == {"dense"}


def test_type_hints_are_right_and_a_wrong_type_is_found(tmp_path):
    "One run checks the package and a file with two faults, which are all that it finds."
    assert (ROOT / "mlbook" / "py.typed").is_file()
    wrong = tmp_path / "wrong.py"
    wrong.write_text("import mlbook\nmlbook.Dense('many')\nmlbook.nothing\nmlbook.eqval.check\n", encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "mlbook", wrong]
    checked = subprocess.run(command, cwd=ROOT, encoding="utf-8", capture_output=True)
    errors = [line for line in checked.stdout.splitlines() if " error: " in line]
    assert [re.search(r"wrong\.py:\d", line)[0] for line in errors] == ["wrong.py:2", "wrong.py:3"], checked.stdout
    assert re.search(r"in 1 file \(checked \d\d+ source files\)", checked.stdout), checked.stdout
