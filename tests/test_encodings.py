"""Text is UTF-8 wherever the book reads or writes it, whatever the system takes text for."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "nbs").rglob("*.ipynb"))
SCRIPTS = sorted(path for folder in ("mlbook", "tests", "nbs", "book") for path in (ROOT / folder).rglob("*.py"))
PROCESSES = {"run", "Popen", "check_output", "check_call", "call"}
FILES = {"open", "fdopen", "NamedTemporaryFile", "TemporaryFile", "TextIOWrapper", "read_text", "write_text"}
BINARY_ALONE = {"os", "gzip", "tarfile", "archive", "Image"}  # whose `open` gives bytes, or a descriptor


def written(node):
    "What a call calls, as the name of its owner and its own."
    if isinstance(node.func, ast.Attribute):
        return getattr(node.func.value, "id", ""), node.func.attr
    return "", getattr(node.func, "id", "")


def is_binary(call, options):
    "Whether a call that opens a file names a mode for bytes."
    modes = [options["mode"]] if "mode" in options else call.args
    texts = [node.value for node in modes if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return any(set(text) <= set("rwxab+") and "b" in text and len(text) > 1 for text in texts)


def without_encoding(tree):
    "The lines whose text is of an encoding that the system chooses."
    for call in [node for node in ast.walk(tree) if isinstance(node, ast.Call)]:
        owner, name = written(call)
        options = {option.arg: option.value for option in call.keywords}
        if "encoding" in options or None in options:
            continue
        if name in PROCESSES and {"text", "universal_newlines"} & options.keys():
            yield call.lineno
        elif name in ("read_text", "write_text") and isinstance(call.func, ast.Attribute):
            yield call.lineno
        elif name in FILES - {"read_text", "write_text"} and not (name == "open" and owner in BINARY_ALONE or is_binary(call, options)):
            yield call.lineno


def sources():
    "All code of the book, each piece with its place."
    for path in SCRIPTS:
        yield path.relative_to(ROOT), path.read_text(encoding="utf-8")
    for path in NOTEBOOKS:
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "code":
                yield f"{path.name}, {cell['id']}", "".join(line for line in cell["source"] if line[0] not in "%!")


def test_every_read_and_write_names_its_encoding():
    found = [f"{place}, line {line}" for place, code in sources() for line in without_encoding(ast.parse(code))]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "line, faults",
    {
        "path.read_text()": 1,
        "path.read_text(encoding='utf-8')": 0,
        "path.write_text('ä')": 1,
        "read_text(path)": 0,
        "open(name)": 1,
        "open(name, 'w')": 1,
        "open(name, 'rb')": 0,
        "path.open('w')": 1,
        "path.open('xb')": 0,
        "gzip.open(name)": 0,
        "os.open(name, os.O_RDONLY)": 0,
        "os.fdopen(3, 'w')": 1,
        "tempfile.NamedTemporaryFile('w')": 1,
        "tempfile.NamedTemporaryFile('wb')": 0,
        "subprocess.run(command, text=True)": 1,
        "subprocess.run(command)": 0,
        "subprocess.run(command, text=True, encoding='utf-8')": 0,
    }.items(),
)
def test_what_has_no_encoding_is_found(line, faults):
    assert len(list(without_encoding(ast.parse(line)))) == faults


SHOWN = """
import mlbook
model = mlbook.Sequential([mlbook.Conv2D(3, 3), mlbook.Flatten(), mlbook.Dense(2)], (1, 5, 5))
print(model, model.summary(), *model.layers, mlbook.SGD(), mlbook.load_mnist())
for name in mlbook.__all__:
    help(getattr(mlbook, name))
"""


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_what_the_package_shows_of_itself_goes_into_a_pipe(encoding):
    environment = os.environ | {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    done = subprocess.run([sys.executable, "-c", SHOWN], env=environment, encoding=encoding, capture_output=True)
    assert done.returncode == 0 and "Conv2D" in done.stdout, done.stderr
