"""Where a benchmark notes what it found."""

import json
from pathlib import Path


def note(script, results):
    "Writes `results` beside `script`, as JSON, in one piece, and prints them."
    target = Path(script).with_suffix(".json")
    temporary = target.with_suffix(".tmp")
    temporary.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    temporary.replace(target)
    print(target.read_text(encoding="utf-8"))
