"""Renders the book: python book/build.py SOURCE OUT writes OUT/_build/html, in as many processes as there are processors.

Always from nothing: a build on top of an older one keeps removed pages and is silent about unchanged ones. Only a
_build that this script made is removed.
"""

import gc
import os
import shutil
import sys
from pathlib import Path

MARKER = ".made-by-the-book"


def emptied(build):
    "Makes `build` an empty folder, with a mark that it may be removed."
    if build.is_symlink() or (build.exists() and not (build / MARKER).is_file()):
        sys.exit(f"{build} is there already and was not made by a build: move it away")
    if build.exists():
        shutil.rmtree(build)
    build.mkdir(parents=True)
    (build / MARKER).touch()
    return build


def render(source, out):
    "Builds the site strictly, and returns what `jupyter-book build -W -n --keep-going` returns."
    html = emptied(out / "_build") / "html"
    from jupyter_book.sphinx import build_sphinx  # after the look at the folder: it takes a second

    contents = source / "book" / "_toc.yml"
    return build_sphinx(
        source,
        html,
        noconfig=True,
        path_config=source / "_config.yml",
        confoverrides={"external_toc_path": str(contents), "latex_individualpages": False, "nitpicky": True},
        warningiserror=True,
        keep_going=True,
        quiet=True,
        jobs=os.cpu_count(),
    )


def main(source, out):
    gc.disable()  # the pages' trees stay in use: looking for rubbish among them took a fifth of the time
    result = render(Path(source).resolve(), Path(out).resolve())
    sys.exit(1 if isinstance(result, Exception) else result)


if __name__ == "__main__":
    main(*sys.argv[1:])
