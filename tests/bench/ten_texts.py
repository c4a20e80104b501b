"""Reads and checks the displays of public texts, with bindings written from the texts alone, and notes what comes out.

Usage: python tests/bench/ten_texts.py FOLDER
FOLDER has the files of TEXTS by their short names, from the repositories that are named there; a file may be cut down to its displays,
which are counted from 1. The texts are not part of this book. A name in `foreign` has their bindings, and `foreign/errors.py` what is wrong.
"""

import importlib
import json
import re
import sys
from collections import Counter
from pathlib import Path

from mlbook.eqval import EquationError, check
from mlbook.eqval.texts import Ways, read_text
from mlbook.eqval.trees import parse
from results import note

sys.path.insert(0, str(Path(__file__).with_name("foreign")))

COOKBOOK = "Probability and Statistics Cookbook", "LaTeX", "mavam/stat-cookbook", "stat-cookbook.tex", "04a1f02c4e314a4d5cca0ba99e916e9c4e6bdfff"
RECTANGLE = "Digital Signal Processing", "notebook", "spatialaudio/digital-signal-processing-lecture"
NUMERICS = "Fundamentals of Numerical Computation", "MyST", "fncbook/fnc"
LEARN = "scikit-learn user guide", "reStructuredText", "scikit-learn/scikit-learn"
ROBOTS = "PythonRobotics", "reStructuredText", "AtsushiSakai/PythonRobotics"  # chosen after the checker was mended; in docs/modules
STEPS = "12 Steps to Navier-Stokes", "notebook", "barbagroup/CFDPython"
# Short name: title, format, repository, file, commit, and which part was read.
TEXTS = {
    "zingale_diffusion.tex": ("Computational Astrophysical Hydrodynamics", "LaTeX", "Open-Astrophysics-Bookshelf/numerical_exercises", "diffusion/diffusion.tex",
                              "08f681b166461a77671d7d189e7706f09a6cb22e", "whole"),
    "stan_finite_mixtures.qmd": ("Stan User's Guide", "Quarto", "stan-dev/docs", "src/stan-users-guide/finite-mixtures.qmd",
                                 "4b7fb4205d10549379a25919ce2c56ef1fd96854", "whole"),
    "quantecon_kalman.md": ("Intermediate Quantitative Economics", "MyST", "QuantEcon/lecture-python.myst", "lectures/kalman.md",
                            "0fb1c34e3119978fab06b3dba6b3e5831021ade2", "whole"),
    "spinningup_policy_gradient.rst": ("Spinning Up in Deep RL", "reStructuredText", "openai/spinningup", "docs/spinningup/rl_intro3.rst",
                                       "20921137141b154454c0a2698709d9f9a0302101", "whole"),
    "d2l_information_theory.md": ("Dive into Deep Learning", "d2l", "d2l-ai/d2l-en", "chapter_appendix-mathematics-for-deep-learning/information-theory.md",
                                  "07cc274e50c7126eb163adc17ea6b87a535c5a91", "whole"),
    "fnc_finitediffs.md": (*NUMERICS, "chapter5/finitediffs.md", "2b85b0ebbe54e1ae1325420ce2e159d2ff1732d4", "whole"),
    "fnc_integration.md": (*NUMERICS, "chapter5/integration.md", "2357e3cb51e6805f841799efdcf38a90fba8b8e6", "whole"),
    "appliedstats_slr.Rmd": ("Applied Statistics with R", "R Markdown", "daviddalpiaz/appliedstats", "slr.Rmd", "07cdb5f94c0f3f1b2708c6cca1092c9f42c9b20e",
                             "to the lm function"),
    "sklearn_lda_qda.rst": (*LEARN, "doc/modules/lda_qda.rst", "040e877e5f3d05d13d535f7420fd35fd5f1c595d", "whole"),
    "sklearn_clustering.rst": (*LEARN, "doc/modules/clustering.rst", "0028fb4dcdb5cf43835129e0113fc9b4d5b13ed9", "from the adjusted Rand index on"),
    "dsp_quantization_error.ipynb": (*RECTANGLE, "quantization/linear_uniform_quantization_error.ipynb", "168e6dc45650ccab6aef2c5db9361f9b7174e59c",
                                     "to the first example"),
    "dsp_bilinear_transform.ipynb": (*RECTANGLE, "filter_design/bilinear_transform.ipynb", "048c2105cf8bfd55d62f5760953af3db03c97981", "to the first figure"),
    "dsp_recursive_filters.ipynb": (*RECTANGLE, "recursive_filters/introduction.ipynb", "05fe33dcde808b6381b29c0536f4238150debf6a", "to the first example"),
    "cfd_step_4.ipynb": (*STEPS, "lessons/05_Step_4.ipynb", "02e1959e483b4503e85ccfe1f4fdb39e9b1601f8", "to the code"),
    "cfd_step_11.ipynb": (*STEPS, "lessons/14_Step_11.ipynb", "2c7f96f22e94ba1af5fd83852c539c0af3112715", "whole"),
    "compphysics_ridge.ipynb": ("Applied Data Analysis and Machine Learning", "notebook", "CompPhysics/MachineLearning", "doc/LectureNotes/chapter2.ipynb",
                                "30d664a82bf65bcbf3ef04a165485474ec6fbfdb", "to the singular values in least squares"),
    "robotics_quintic.rst": (*ROBOTS, "5_path_planning/quintic_polynomials_planner/quintic_polynomials_planner_main.rst", "73e1c0bebccf4f4fc67ae59ada53b783a8533096", "whole"),
    "robotics_kalman.rst": (*ROBOTS, "appendix/Kalmanfilter_basics.rst", "90fcd0eb3cf69bc41bdc64beaea0d2146e00af8c", "whole"),
    "robotics_ekf.rst": (*ROBOTS, "2_localization/extended_kalman_filter_localization_files/extended_kalman_filter_localization_main.rst",
                         "22cbee49218a1f8acb07ad488416db3c952c19d6", "what has a directive of its own"),
    "cookbook_inference.tex": (*COOKBOOK, "convergence to Bayes' theorem, for reading only"),
    "cookbook_bayes_regression.tex": (*COOKBOOK, "credible intervals to prediction"),
}
NOT_COMPARED = {("cookbook_bayes_regression", 37)}  # what is wrong is behind a sign for proportional
MACROS = {"spinningup_policy_gradient.rst": "spinningup_macros.tex"}


def displays_of(folder, name):
    "The displays of a text."
    macros = Path(folder, MACROS[name]) if name in MACROS else None
    return [one.latex for one in read_text(Path(folder, name), Ways(False, macros)).displays]


def is_read(latex):
    "Whether the checker reads a display."
    try:
        return bool(parse(latex))
    except EquationError:
        return False


def outcome(latex, bindings, options):
    "What a check says of a display: passes, weak, refuted, or error; and its message."
    try:
        report = check(latex, bindings, mutants=False, **options)
    except EquationError as error:
        return "error", re.sub(r"x[0-9a-f]{9,}", "x...", str(error).splitlines()[0])  # without addresses in memory
    return ("weak" if report.weak else "passes") if report else "refuted", str(report)


def verdict(kind, wrong, changed):
    "What a check is worth, given whether the display is wrong as printed and whether changed bindings let it pass."
    if wrong:
        return {"refuted": "wrong, refuted", "error": "wrong, an error"}.get(kind, "wrong, PASSES")
    if kind in ("passes", "weak"):
        return kind
    return "false alarm" if kind == "refuted" else "passes, changed binding" if changed else "error"


# What stops the checker, by what its message says; the first that fits counts.
KINDS = {
    "the print is not read": ("cannot read", "braces are not printed"),
    "dots, and lists in parentheses": (r"\dots", "is a list without a function"),
    "an expectation or a variance": (r"E_{", r"\mathbb{E}", "variance", r"\mathrm{E}"),
    "a prime for a transpose": ("has a prime",),
    "a higher derivative, or a gradient": (r"\partial has no value", r"\nabla"),
    "axes do not fit": ("shape", "indices for", "values in", "does not fit"),
    "a symbol that cannot be bound as it is printed": ("is not one symbol", "is not bound", "is bound twice", "expected an array"),
}


def kind_of(message):
    "What stops the checker, in words."
    return next((kind for kind, signs in KINDS.items() if any(sign in message for sign in signs)), "something else that has no value")


def rows_of(folder, name, wrong):
    "The displays of a text with their verdicts; what nothing is bound to has the reason."
    stem = Path(name).stem
    known = importlib.import_module(stem) if Path(__file__).with_name("foreign").joinpath(stem + ".py").exists() else None
    rows = []
    for place, latex in enumerate(displays_of(folder, name), 1):
        row = {"display": place, "read": is_read(latex)}
        if known and place in known.BOUND:
            kind, message = outcome(latex, *known.BOUND[place])
            changed = getattr(known, "CHANGED", {}).get(place)
            passes = bool(changed) and outcome(latex, *changed[:2])[0] in ("passes", "weak")
            row["verdict"] = verdict(kind, (stem, place) in wrong, passes)
            if row["verdict"] in ("error", "false alarm", "passes, changed binding"):
                row |= {"message": message, "kind": kind_of(message)}
            if row["verdict"] == "passes, changed binding":
                row["change"] = changed[2]
        elif known:
            row["not bound"] = known.SKIPPED[place]
        rows.append(row)
    return rows


def summary(rows):
    "How many displays there are, how many are read, and how often each verdict occurs."
    return {"displays": len(rows), "read": sum(row["read"] for row in rows)} | Counter(row["verdict"] for row in rows if "verdict" in row)


def errors():
    "What is wrong as printed, each refuted as it is and ticked as it is mended."
    found = []
    for text, display, why, printed, mended, bindings, options in importlib.import_module("errors").ERRORS:
        kind, report = outcome(printed, bindings, options)
        assert kind == "refuted", (text, display, kind, report)
        assert outcome(mended, bindings, options)[0] in ("passes", "weak"), (text, display, outcome(mended, bindings, options))
        found.append({"text": text, "display": display, "why": why, "printed": printed, "mended": mended, "report": report.split(", in line")[0]})
    return found


def main(folder):
    known = errors()
    wrong = {(one["text"], one["display"]) for one in known} - NOT_COMPARED
    keys = "title", "format", "repository", "file", "commit", "part"
    texts = {Path(name).stem: dict(zip(keys, facts)) | {"displays": rows_of(folder, name, wrong)} for name, facts in TEXTS.items()}
    results = Path(__file__).with_suffix(".json")
    before = json.loads(results.read_text(encoding="utf-8")) if results.exists() else {}
    first = {stem: summary(one["displays"]) for stem, one in texts.items() if one["title"] != ROBOTS[0]}
    later = {stem: summary(texts[stem]["displays"]) for stem in texts if stem not in first}
    note(__file__, {"first": before.get("first", first), "later": before.get("later", later), "errors": known, "texts": texts})


if __name__ == "__main__":
    main(*sys.argv[1:])
