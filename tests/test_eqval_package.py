"""The package of the checker: no circles among its modules, nothing of the rest of mlbook, and a light import."""

import ast
import subprocess
import sys
from pathlib import Path

import mlbook.eqval
import pytest

ROOT = Path(__file__).parents[1] / "mlbook"
ORDER = ["words", "layout", "grammar", "macros", "residues", "duals", "carried", "moving", "nodes", "naming", "trees", "printing", "members", "symbols", "matrices", "values",
         "indices", "ranges", "evaluation", "calculus", "known", "patterns", "dots", "minima", "higher", "events", "sets", "sums", "conditions", "objects", "unwritten", "places", "spelling",
         "orders", "sizes", "agreement", "advice", "notation", "readings", "comparison", "identity", "exact", "mutation",
         "support", "sources", "texts", "bindings", "replayed", "verdicts", "reports", "drafts", "lint"]
PUBLIC = ["EquationError", "beyond", "check", "each", "evidence", "given", "outcomes", "refute", "survivors", "verify"]


def imported(source):
    "The modules that code imports; those of a package that it names by a dot begin with the dot."
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")


def misplaced(name, source):
    "What a module of the checker imports of mlbook that does not stand before it."
    before = {f".{other}" for other in ORDER[: ORDER.index(name)]}
    return [module for module in imported(source) if module.startswith((".", "mlbook")) and module not in before]


def test_the_modules_are_these():
    found = {path.stem for path in (ROOT / "eqval").glob("*.py")}
    assert found == {*ORDER, "__init__", "__main__"}


@pytest.mark.parametrize("name", ORDER)
def test_a_module_imports_only_what_stands_before_it(name):
    assert misplaced(name, (ROOT / "eqval" / f"{name}.py").read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("line", ["from .evaluation import evaluate", "from .values import Value", "import mlbook.losses", "from ..losses import x"])
def test_an_import_of_something_else_is_found(line):
    assert len(misplaced("values", f"from .symbols import name\n{line}\n")) == 1


def test_only_the_parser_and_the_trees_know_lark():
    users = [name for name in ORDER if "lark" in imported((ROOT / "eqval" / f"{name}.py").read_text(encoding="utf-8"))]
    assert users == ["words", "layout", "grammar", "trees"]


def test_nothing_else_of_the_package_imports_the_checker():
    others = [path for path in ROOT.glob("*.py") if path.name != "_modidx.py"]
    assert [path.name for path in others if any("eqval" in module for module in imported(path.read_text(encoding="utf-8")))] == []


@pytest.mark.parametrize("name", ORDER)
def test_a_module_is_short(name):
    assert len((ROOT / "eqval" / f"{name}.py").read_text(encoding="utf-8").splitlines()) < 450


def test_the_public_names_are_these():
    assert sorted(mlbook.eqval.__all__) == PUBLIC
    assert all(getattr(mlbook.eqval, name).__doc__ for name in PUBLIC)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        mlbook.eqval.nothing


@pytest.mark.parametrize("statement, loaded", [("import mlbook.eqval", False), ("from mlbook.eqval import check", True)])
def test_the_package_loads_its_modules_when_they_are_used(statement, loaded):
    code = f"{statement}; import sys; print('lark' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], encoding="utf-8", capture_output=True, check=True)
    assert done.stdout.strip() == str(loaded)


@pytest.mark.parametrize("command", [["-m", "mlbook.eqval", "page.md"], ["-c", "from mlbook.eqval import check"]])
def test_without_lark_the_message_says_how_to_get_it(command, tmp_path):
    tmp_path.joinpath("lark.py").write_text("raise ModuleNotFoundError('no lark', name='lark')", encoding="utf-8")
    done = subprocess.run([sys.executable, *command], cwd=tmp_path, encoding="utf-8", capture_output=True)
    assert done.returncode == 1 and "mlbook.eqval needs lark: pip install 'mlbook[eqval]'" in done.stderr
