"""What README.md and CITATION.cff say is so."""

import re
import subprocess
import sys
from pathlib import Path

import mlbook
import yaml

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_its_code_runs(tmp_path):
    training, checking = re.findall(r"^```python\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    trained, checked = [
        subprocess.run([sys.executable, "-c", code], cwd=tmp_path, encoding="utf-8", capture_output=True, check=True).stdout
        for code in (training, checking)
    ]
    assert 0.9 < float(re.search(r"^0\.\d+$", trained, re.MULTILINE)[0]) <= 1
    assert "✓ 9 cases" in checked


def test_its_links_lead_to_files():
    links = re.findall(r"\]\((?!https?:)([^)]+)\)", README) + re.findall(r'src="([^"]+)"', README)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_its_commands_are_targets():
    for command in re.findall(r"^make (\w+)", README, re.MULTILINE):
        subprocess.run(["make", "-n", command], cwd=ROOT, check=True, capture_output=True)


def test_the_citation_is_of_this_version():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert {"cff-version", "message", "title", "authors"} <= citation.keys()
    assert citation["version"] == mlbook.__version__
