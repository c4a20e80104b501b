"""What README.md and CITATION.cff say is so."""

import os
import re
import subprocess
import sys
from pathlib import Path

import mlbook
import pytest
import yaml

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


TRAINING, CHECKING = re.findall(r"^```python\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def run(code, folder, encoding="utf-8"):
    "What a new Python prints that runs `code`, into a pipe of an encoding."
    environment = os.environ | {"PYTHONIOENCODING": encoding}
    command = [sys.executable, "-c", code]
    return subprocess.run(command, cwd=folder, env=environment, encoding=encoding, capture_output=True, check=True).stdout


def test_its_training_runs(tmp_path):
    assert 0.9 < float(re.search(r"^0\.\d+$", run(TRAINING, tmp_path), re.MULTILINE)[0]) <= 1


@pytest.mark.parametrize("encoding, mark", {"utf-8": "✓", "cp1252": "[ok]", "cp932": "[ok]"}.items())
def test_its_check_runs(tmp_path, encoding, mark):
    assert f"{mark} 9 cases" in run(CHECKING, tmp_path, encoding)


def test_its_links_lead_to_files():
    links = re.findall(r"\]\((?!https?:)([^)]+)\)", README) + re.findall(r'src="([^"]+)"', README)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_its_commands_are_targets():
    commands = re.findall(r"^make (\w+)", README, re.MULTILINE)
    assert {"book", "test"} <= {*commands}
    for command in commands:
        subprocess.run(["make", "-n", command], cwd=ROOT, check=True, capture_output=True)


def test_the_citation_is_of_this_version():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert {"cff-version", "message", "title", "authors"} <= citation.keys()
    assert citation["version"] == mlbook.__version__
