"""The chapters keep to the notation page; the page of letters has every symbol of the notes, and names what converts."""

import importlib
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "book" / "letters.md").read_text(encoding="utf-8")
COUNTING = PAGE.index("## Counting")

# What each note uses, read off the notes: letters as they write them, and names of its listings.
SYMBOLS = {
    "000": r"s s_{z_i} k c E_i C_i C \hat{y}_i y_i w_{j,i} z^{(l+1)} a^{(l+1)} a^{(L)} g^{(l)} g'^{(l)} \sigma b^{(l+1)} L n_L n_l n"
    r" \delta_{ik} p w_I w_F w_O F_n I_{i,j} I_{pad} On O_{a,b} h(k,l) s lr input Conv ReLU MaxPool \arg\max flatten \mapsto"
    r" nextCost currentCost \partial ⟦",
    "001": r"in filter out k_1 k_2 K C z V c W b y J t N n k k' m d M D x X Y T Z Z' z' \alpha a u(\cdot) \sigma softmax relu"
    r" m^{(l)} M^{(l)} W^{(l+1)} b^{(l+1)} a^{(l+1)} z^{(l+1)} z^{(0)} \delta^{(l+1)} \mathbf{1}_N \odot J_{nk} \nabla_W \nabla_c",
    "002": r"\mathbf{C} C_{ijk} x_{ijk} w_{pqrk} s_1 s_2 P+1 Q+1 \mathbf{P} P_{ijk} \mathbf{F} \mathbf{D} w_{ij} \mathbf{R} R_i"
    r" \mathbf{S} S_i J J^b B b y_i \eta \sigma^l \mathbf{f}^l \mathbf{x}^L \mathbf{z}^l \mathbf{w}^l \mathbf{b}^l L \Delta"
    r" \delta^{lb} \delta_{ij} P^{-1} F^{-1} J K t u v r p q \partial",
    "003": r"x W_{l+1} b_{l+1} z_{l+1} a_{l+1} h f f' g f(t) A J N i y p_i \mu n_x n_y L_1 L_2 L_3 \delta^{(l+1)} \Delta^{(l)} .* n"
    r" f(m,n) g(m,n) z(i,j) m-i ^T",
    "004": r"\bar{x} \bar{s} \bar{t} t_q k l i j q r L \#l *l \#0 \#L a^0 a^{l+1} h^{l+1} g g' w_{ij}^k w^l b^{l+1} O_q E \nabla"
    r" a_{\#l}^l \alpha^{l+1} A_k^{l,q}",
}


def column(note):
    "All that stands in a note's column, and what the table on letters says."
    cells = []
    for table in re.findall(r"(?:^\|.*\n)+", PAGE[COUNTING:], re.MULTILINE):
        rows = [[cell.strip() for cell in line.strip("|\n ").split(" | ")] for line in table.splitlines()]
        if note in rows[0]:
            cells += [row[rows[0].index(note)] for row in rows[2:]]
    return " ".join(cells)


def shows(text, symbol):
    "Whether the text has the symbol by itself: no letter or script goes on where the symbol ends."
    before = r"(?<![A-Za-z\\])" if symbol[0].isalpha() else ""
    return re.search(before + re.escape(symbol) + (r"(?![A-Za-z_^'])" if symbol[-1].isalnum() else ""), text) is not None


@pytest.mark.parametrize(("note", "symbol"), [(note, s) for note, text in SYMBOLS.items() for s in text.split()])
def test_every_symbol_of_the_notes_is_in_its_column(note, symbol):
    assert shows(column(note), symbol)


def test_a_missing_symbol_is_found():
    assert shows(r"$\alpha$, $a$; $W_{ij}$", "a") and shows("$C_i$, $E_i$", "E_i")
    assert not shows(r"$\alpha$, $W_{ij}$", "a") and not shows("$C_i$", "C") and not shows("$g'$", "g")


def test_all_rows_of_a_table_have_its_columns():
    for table in re.findall(r"(?:^\|.*\n)+", PAGE, re.MULTILINE):
        assert len({len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()}) == 1, table.splitlines()[0]


CONVERSIONS = re.findall(r"\{py:func\}`\w+ <(mlbook\.[\w.]+)>`", PAGE)


def test_conversions_are_named():
    assert len(CONVERSIONS) >= 6


@pytest.mark.parametrize("name", CONVERSIONS)
def test_a_conversion_exists(name):
    module, _, attribute = name.rpartition(".")
    assert callable(getattr(importlib.import_module(module), attribute))


# What means one thing in the whole book, and the chapters in which there are filters.
FIXED = {"L", "J", "g", "P", "Q", "N", r"\delta", r"\eta"}
FILTERS = {"10", "11", "13", "18", "19"}
# Two indices, but for a sample and a unit of its own.
KRONECKER = re.compile(r"\\delta_\{(?!n[a-z]\})(?:[a-z](?:_[a-z])? ?){2}\}")
LETTER = re.compile(
    r"\\(?:alpha|beta|gamma|delta|epsilon|varepsilon|zeta|eta|theta|kappa|lambda|mu|nu|xi|pi|rho|sigma|tau|phi|varphi"
    r"|chi|psi|omega|ell|Lambda|Delta|Sigma|Omega)(?![a-zA-Z])|(?<![\\a-zA-Z])[A-Za-z]"
)
NOTATION = (ROOT / "book" / "notation.md").read_text(encoding="utf-8")
SHARED, OWN = NOTATION.split("## Letters of one chapter")


def letters(formula):
    "The letters of a formula, without words in it."
    words = r"\\(?:text|operatorname|mathrm|mathtt|begin|end|texttt)\s*\*?\{[^}]*\}|\\mathbf\{1\}"
    return set(LETTER.findall(re.sub(words, "", formula)))


def of_formulas(text):
    return set().union(*map(letters, re.findall(r"\$([^$]+)\$", text)))


def displays(markdown):
    "Displayed formulas, but for those in the words of a note."
    found = re.findall(r"\$\$(.*?)\$\$(?: *\((eq-[\w-]+)\))?", markdown, re.DOTALL)
    return [formula for formula, label in found if not label.startswith("eq-note-")]


def breaches(markdown, own, chapter="00"):
    "How a chapter, with the letters that the page of notation gives it, departs from that page."
    used = set().union(*map(letters, displays(markdown)))
    yield from (f"{letter} is nowhere explained" for letter in sorted(used - of_formulas(SHARED) - own))
    yield from (f"{letter} is not used" for letter in sorted(own - used))
    yield from (f"{letter} means something else" for letter in sorted(own & FIXED))
    if chapter not in FILTERS:
        yield from (f"{letter} is a filter's" for letter in sorted(used & {"P", "Q"}))
    yield from (f"{delta} is Kronecker's" for delta in KRONECKER.findall(markdown))
    if "m" not in own:
        yield from (f"{sign} counts with the padding" for sign in re.findall(r"\\sum_\{m=", markdown))


def own_letters(chapter):
    [*rows] = re.findall(rf"^\| \{{doc\}}`\d+ <\.\./nbs/{chapter}_\w+>` \|(.*)\|$", OWN, re.MULTILINE)
    return of_formulas("".join(rows))


def markdown_of(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")


CHAPTERS = {path.stem[:2]: path for path in sorted((ROOT / "nbs").glob("[01]*.ipynb"))}


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_keeps_to_the_notation(chapter):
    assert list(breaches(markdown_of(CHAPTERS[chapter]), own_letters(chapter), chapter)) == []


@pytest.mark.parametrize(
    ("markdown", "own", "said"),
    [
        (r"$$ \tau = 1 $$ (eq-a)", set(), [r"\tau is nowhere explained"]),
        (r"$$ \tau = 1 $$ (eq-note-000-1)", set(), []),
        (r"$$ x = 1 $$", {"v"}, ["v is not used"]),
        (r"$$ L = P $$", {"L"}, ["L means something else", "P is a filter's"]),
        (r"With $\delta_{i j}$ and $\delta_{c_n k}$", set(), [r"\delta_{i j} is Kronecker's", r"\delta_{c_n k} is Kronecker's"]),
        (r"$$ \delta^{(l)}_{nj} = \delta_j + \delta_{nk} $$", set(), []),
        (r"$$ \sum_{m=0}^{N-1} x_i $$", set(), ["\\sum_{m= counts with the padding"]),
    ],
)
def test_a_breach_of_the_notation_is_found(markdown, own, said):
    assert list(breaches(markdown, own)) == said
