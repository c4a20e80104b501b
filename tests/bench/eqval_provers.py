"""Gives the pairs of eqval_tools.py to the proof assistant Coq, typed by hand, and the book's displays to LaTeXML, and notes what comes out.

Usage: python tests/bench/eqval_provers.py
Needs coqc and latexml, from Debian's packages coq and latexml.
"""

import re
import subprocess
import tempfile
from pathlib import Path

from eqval_tools import EVERY, NBS, PAIRS

from mlbook.eqval.texts import read_text
from results import note

HEAD = """Require Import Reals Lra Psatz.
Open Scope R_scope.
Ltac side := repeat split; first [assumption | lra | nra].
Ltac automatic := intros; solve [ ring | field; side | lra | nra | auto with real ].
"""
SUM = "sum_f_R0 (fun i => {}) n"
X, Y = SUM.format("x i"), SUM.format("y i")
# Number of a pair: what it is about, left side, right side, wrong side, and a proof where no tactic finds one.
STATED = {
    0: ("a b : R", "", "(a + b)^2", "a^2 + 2*a*b + b^2", "a^2 + a*b + b^2", ""),
    1: ("a b c d : R", "b <> 0 -> d <> 0 ->", "a/b + c/d", "(a*d + b*c)/(b*d)", "(a*d + c)/(b*d)", ""),
    2: ("x : R", "", "1/(1 + exp (-x))", "exp x/(1 + exp x)", "exp (-x)/(1 + exp x)", "pose proof (exp_pos x); rewrite exp_Ropp; field; lra"),
    3: ("x : R", "", "1 - (tanh x)^2", "4/(exp x + exp (-x))^2", "2/(exp x + exp (-x))^2",
        "unfold tanh, sinh, cosh; pose proof (exp_pos x); rewrite exp_Ropp; field; nra"),
    4: ("a b : R", "0 < a -> 0 < b ->", "ln (a*b)", "ln a + ln b", "ln a * ln b", "apply ln_mult; assumption"),
    5: ("a b : R", "0 < a -> 0 < b ->", "ln (a/b)", "ln a - ln b", "ln b - ln a", "unfold Rdiv, Rminus; rewrite ln_mult, ln_Rinv; auto with real"),
    6: ("a b c : R", "", "sqrt (a^2*b^2 + a^2*c^2)", "sqrt (a^2) * sqrt (b^2 + c^2)", "sqrt (a^2) * sqrt (b + c)",
        "rewrite <- sqrt_mult; [f_equal; ring | nra | nra]"),
    7: ("a b : R", "", "sin (a + b)", "sin a * cos b + cos a * sin b", "sin a * cos b - cos a * sin b", "apply sin_plus"),
    8: ("(x y : nat -> R) n", "", SUM.format("x i + y i"), f"{X} + {Y}", f"{X} - {Y}", "apply sum_plus"),
    9: ("(x : nat -> R) c n", "", SUM.format("c * x i"), f"c * {X}", f"c^n * {X}", "rewrite scal_sum; apply sum_eq; intros; ring"),
    11: ("(x : nat -> R) c n", "", SUM.format("(x i - c)^2"), f"{SUM.format('x i ^ 2')} - 2*c*{X} + INR (S n) * c^2",
         f"{SUM.format('x i ^ 2')} - 2*c*{X} + c^2", "induction n; [simpl; ring | rewrite !tech5, IHn, (S_INR (S n)); ring]"),
    12: ("(x : nat -> R) n", "", "prod_f_R0 (fun i => exp (x i)) n", f"exp ({X})", f"exp ({X}) + 1",
         "induction n; [reflexivity | simpl; rewrite IHn, exp_plus; reflexivity]"),
    18: ("a b : R", "", "Rmax a b", "(a + b + Rabs (a - b))/2", "(a + b - Rabs (a - b))/2",
         "unfold Rmax, Rabs; destruct (Rle_dec a b), (Rcase_abs (a - b)); lra"),
}
NOT_TRIED = {
    "LaCASt": "a program in Java that is in none of the registries reached here; it expects LaTeX with the macros of the DLMF, and calls Maple or Mathematica",
    "Lean": "no package of Debian; the one of that name on PyPI has no compiler in it",
    "Isabelle": "no package of Debian, and those on PyPI need an installation",
}


def proves(names, given, left, right, proof):
    "Whether Coq accepts a proof."
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "try.v")
        path.write_text(f"{HEAD}Goal forall {names}, {given} {left} = {right}.\nProof. intros; {proof}. Qed.\n", encoding="utf-8")
        return subprocess.run(["coqc", path], capture_output=True, cwd=folder).returncode == 0


def coq():
    "How many pairs were typed, and which of their sides Coq proves."
    rights, shown, wrongs = [], [], []
    for names, given, left, right, wrong, proof in STATED.values():
        rights.append(proves(names, given, left, right, "automatic"))
        shown.append(rights[-1] or proves(names, given, left, right, proof))
        wrongs.append(proves(names, given, left, wrong, "automatic"))
    return {"version": subprocess.run(["coqc", "--version"], capture_output=True, encoding="utf-8").stdout.split("version ")[1].split()[0],
            "typed": len(STATED), "proved_by_a_tactic": sum(rights), "proved": sum(shown), "wrong_proved": sum(wrongs)}


def latexml(displays):
    "The displays that LaTeXML parses as a whole: without an error, and without a formula that it leaves as a row of tokens."
    with tempfile.TemporaryDirectory() as folder:
        page, found = Path(folder, "page.tex"), Path(folder, "page.xml")
        body = "\n".join(f"\\section{{}}\n\\[{text}\\]" for text in displays)
        page.write_text(f"\\documentclass{{article}}\n\\usepackage{{amsmath}}\n\\begin{{document}}\n{body}\n\\end{{document}}\n", encoding="utf-8")
        subprocess.run(["latexml", "--quiet", f"--dest={found}", page], check=True, capture_output=True, cwd=folder)
        parts = found.read_text(encoding="utf-8").split("<section")[1:]
    assert len(parts) == len(displays)
    return sum("<XMApp" in part and "ltx_math_unparsed" not in part and "<ERROR" not in part for part in parts)


def main():
    displays = [one.latex for path in sorted(NBS.rglob("*.ipynb")) for one in read_text(path).displays if not one.notation][::EVERY]
    version = subprocess.run(["latexml", "--VERSION"], capture_output=True, encoding="utf-8")
    found = re.search(r"[\d.]+\d", version.stdout + version.stderr)[0]
    note(__file__, {"pairs": len(PAIRS), "Coq": coq(), "displays": len(displays), "LaTeXML": {"version": found, "displays_read": latexml(displays)},
                    "not tried": NOT_TRIED})


if __name__ == "__main__":
    main()
