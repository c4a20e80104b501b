"""Checks the displays of fifteen public texts that nobody had seen while the checker was made, with bindings written from the texts alone.

Usage: python tests/bench/fresh_texts.py FOLDER [first]
FOLDER has the files of TEXTS by their short names, cut down to their displays, and their macros. The texts are not part of this book.
With `first`, what comes out is noted as the first run, which was made before the checker was mended for these texts.
"""

import importlib
import json
import sys
import warnings
from pathlib import Path

from mlbook.eqval.texts import Ways, read_text
from results import note
from ten_texts import is_read, kind_of, outcome, summary, verdict

sys.path.insert(0, str(Path(__file__).with_name("foreign_fresh")))

# Short name: title, format, repository, file, commit, macros.
TEXTS = {
    "rlhf_dpo.md": ("RLHF Book", "Markdown", "natolambert/rlhf-book", "book/chapters/08-direct-alignment.md", "00e4397ec352b163700e57471f47650edd94805b", None),
    "gov2002_ols.qmd": ("A User's Guide to Statistical Inference and Regression", "Quarto", "mattblackwell/gov2002-book", "least_squares.qmd",
                        "4a23c7213e98c239e9d57aa76e53c07cc98be910", "gov2002_macros.tex"),
    "mlbook_nn.md": ("Machine Learning from Scratch", "MyST", "dafriedman97/mlbook", "content/c7/concept.md", "2a1883c004f748cb0a09610752cc0f8429653794", None),
    "stats305c_mvn.md": ("STATS 305C", "MyST", "slinderman/stats305c", "lectures/02_mvn.md", "0757a130a9aa9501e958d8663868fa2b145eaa49", "stats305c_macros.tex"),
    "rlbook_mdps.tex": ("CS 1840", "LaTeX", "adzcai/rlbook", "2_mdps/mdps.tex", "0ee7ca3a0c96beb4ce5a4af250e65224d17e102c", None),
    "cs229m_implicit.tex": ("CS229M", "LaTeX", "tengyuma/cs229m_notes", "tex/collection/08-01-algorithmic.tex", "11d292fd5931a99e85cb23a319b20f3dd568a07f", None),
    "cs228_latent.md": ("CS228", "Markdown", "ermongroup/cs228-notes", "learning/latent/index.md", "8e17f10751bdd572e9dc531ecb3ce673bb96b209", "cs228_macros.tex"),
    "convex_gd.md": ("Convex Optimization Deep Dive", "Markdown", "iq-ai-lab/convex-optimization-deep-dive", "ch5-algorithms/01-gd-convergence-full.md",
                     "045dde618b875dadd049aedbc6b4caf567354fbd", None),
    "linalg_least_squares.md": ("Linear Algebra", "MyST", "TUDelft-PRIME-Books/Linear-Algebra", "Chapter7/LeastSquares.md",
                                "021de51243fe8245279e90bcf29b5014625e61bd", "linalg_least_squares.macros.tex"),
    "quadrature.ipynb": ("Introduction to Numerical Methods", "notebook", "mandli/intro-numerical-methods", "08_quadrature.ipynb",
                         "01db35b5d9f7fc748b0c5e03d6c896b927dc4e86", None),
    "diffyqs_laplace.tex": ("Notes on Diffy Qs", "LaTeX", "jirilebl/diffyqs", "ch-laplace.tex", "01cdb345dce7319bc9d75f56129b6456926f9cd7", None),
    "control_lqr.tex": ("Controls Engineering in the FIRST Robotics Competition", "LaTeX", "calcmogul/controls-engineering-in-frc",
                        "appendices/linear-quadratic-regulator", "161ba05d64b02083efcf7be4f898e4f045724dbc", None),
    "robotics_planar.ipynb": ("Introduction to Robotics and Perception", "notebook", "gtbook/robotics", "S61_driving_state.ipynb",
                              "1589f7cbbec2a0d8a29503db13ee5f6401c4a0a0", None),
    "physics_rigid_body.tex": ("Classical Mechanics Lecture Notes", "LaTeX", "ArcturusZhang/Classical-Mechanics-Lecture-Notes", "chapter/chapter6.tex",
                               "0e829d1e68b9625144f8ec8ae8bc83b59586d3f7", None),
    "dsp_dft.md": ("DSP Notes", "MyST", "tanfwong/dsp_notes", "_sources", "6b37257ee4975d657ad8897b01b2722712e417fa", None),
}

# What is wrong as printed, by counterexamples in plain NumPy or by a parenthesis that has no partner.
WRONG = {
    ("gov2002_ols", 12): "the inverse of a matrix is missing", ("gov2002_ols", 30): "parentheses are missing",
    ("convex_gd", 25): "the inequality goes the other way", ("convex_gd", 26): "the inequality goes the other way",
    ("convex_gd", 29): "1/(4L) for 3/(8L)", ("mlbook_nn", 27): "a parenthesis is missing", ("mlbook_nn", 32): "a parenthesis too many",
    ("mlbook_nn", 35): "a sign", ("mlbook_nn", 36): "a sign", ("cs229m_implicit", 9): "a parenthesis is missing",
    ("linalg_least_squares", 4): "the sides are not equal, as the text says that they cannot be",
    ("linalg_least_squares", 6): "a projection for the vector itself", ("linalg_least_squares", 11): "numbers of a difference",
    ("linalg_least_squares", 15): "the sides are not equal, as the text says that they cannot be", ("linalg_least_squares", 31): "a parenthesis is missing",
    ("quadrature", 27): "6 for 3", ("physics_rigid_body", 2): "the index of the sum", ("dsp_dft", 6): "the index of the sum",
    ("dsp_dft", 21): "two cases overlap",
}

# Bindings that say something else than the page: a transform that is bound to one number for all functions, a row for a column.
POOR = {("diffyqs_laplace", 18), ("diffyqs_laplace", 21), ("diffyqs_laplace", 23), ("physics_rigid_body", 26), ("physics_rigid_body", 36)}


def rows_of(folder, name):
    "The displays of a text with their verdicts."
    stem, macros = Path(name).stem, TEXTS[name][-1]
    known, rows = importlib.import_module(stem), []
    for place, one in enumerate(read_text(Path(folder, name), Ways(False, Path(folder, macros) if macros else None)).displays, 1):
        row = {"display": place, "read": is_read(one.latex)}
        if place in known.BOUND and (stem, place) not in POOR:
            bindings, options, *_ = known.BOUND[place]
            kind, message = outcome(one.latex, bindings, {key: value for key, value in options.items() if key not in ("mutants", "strict")})
            row["verdict"] = verdict(kind, (stem, place) in WRONG, False)
            if row["verdict"] in ("error", "false alarm"):
                row |= {"message": message, "kind": kind_of(message)}
        rows.append(row)
    return rows


def main(folder, first=""):
    warnings.simplefilter("ignore")
    keys = "title", "format", "repository", "file", "commit"
    texts = {Path(name).stem: dict(zip(keys, facts)) | {"displays": rows_of(folder, name)} for name, facts in TEXTS.items()}
    counts = {stem: summary(one["displays"]) for stem, one in texts.items()}
    results = Path(__file__).with_suffix(".json")
    before = json.loads(results.read_text(encoding="utf-8")) if results.exists() else {}
    wrong = [{"text": text, "display": place, "why": why} for (text, place), why in WRONG.items()]
    note(__file__, {"first": counts} if first else {"first": before["first"], "now": counts, "wrong": wrong, "texts": texts})


if __name__ == "__main__":
    main(*sys.argv[1:])
