"""The student edition: `python book/student.py NOTEBOOKS OUT` copies the chapters that have exercises, without solutions.

Appendix A has chapters, too. From the heading "Exercises" on, cells with the tag `hide-cell` and dropdowns called Solution are left out, and so are all
outputs. What is there already is not written over, because it may be a student's work.
"""

import json
import re
import sys
from pathlib import Path

SOLUTION = re.compile(r"^(:{3,})\{dropdown\} Solution\b.*?^\1 *(?:\n|\Z)", re.MULTILINE | re.DOTALL)


def source(cell):
    return "".join(cell["source"])


def is_heading(cell):
    return cell["cell_type"] == "markdown" and re.search(r"^## Exercises\b", source(cell), re.MULTILINE)


def exercises(notebook):
    "The cells of a notebook from the heading of its exercises on."
    cells = notebook["cells"]
    return next((cells[i:] for i, cell in enumerate(cells) if is_heading(cell)), [])


def without_solution(cell):
    "A cell of an exercise as a student gets it, or None."
    if cell["cell_type"] == "code":
        return None if "hide-cell" in cell["metadata"].get("tags", []) else cell | {"outputs": []}
    text = SOLUTION.sub("", source(cell)).strip()
    return cell | {"source": text.splitlines(keepends=True)} if text else None


def student_edition(notebook):
    "A notebook without the solutions of its exercises."
    cells = exercises(notebook)
    before = notebook["cells"][: len(notebook["cells"]) - len(cells)]
    return notebook | {"cells": before + [kept for cell in cells if (kept := without_solution(cell))]}


def main(notebooks, out):
    out.mkdir(parents=True, exist_ok=True)
    made = {}
    for path in sorted([*notebooks.glob("*.ipynb"), *notebooks.glob("more/A*.ipynb")]):
        notebook = json.loads(path.read_text(encoding="utf-8"))
        if exercises(notebook):
            made[out / path.name] = student_edition(notebook)
    there = [path.name for path in made if path.exists()]
    if there:
        sys.exit(f"student.py: {out} has {', '.join(there)} already: name another folder, or move them away")
    for path, notebook in made.items():
        path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{len(made)} notebooks in {out}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
