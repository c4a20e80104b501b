"Names in a page's code lead to the reference."

import json
import re

import pytest
from checks import ROOT, parsed
from pygments.lexers.python import PythonLexer
from quick_lexer import QuickPythonLexer

API = """# Reference

```{eval-rst}
.. py:function:: mlbook.activations.softmax
.. py:class:: mlbook.network.Dense

   .. py:method:: vjp

.. py:module:: mlbook.dense
.. py:function:: dense
```
"""
CODE = """# Code

```python
import mlbook
from mlbook import (
    softmax as s,
)
```

```python
s(mlbook.softmax)
def f(s): return s  # a name of its own
layer = mlbook.Dense(3)
layer.vjp(s)
(other := mlbook.Dense(3)).vjp(s)  # what is in parentheses has no name
```

```
s( is not code
```

```pycon
>>> s(1)
2
```

```python
s = 1
s
```

```python
from mlbook.dense import dense
mlbook.dense(dense)
```

$$x = 1$$ (eq-one)

```python
def one():
    "One: `eq-one`, and not `eq-none`."
```
"""


@pytest.fixture(scope="module")
def pages_of_code(tiny_book):
    done, html = tiny_book(CODE, {"api": API})
    assert done.returncode == 0, done.stdout
    return html


def test_names_are_linked_where_they_go_back_to_an_import(pages_of_code):
    index = parsed(pages_of_code / "book" / "index.html")
    blocks = [[(a.get_text(), a["title"], a["href"]) for a in pre.select("a")] for pre in index.select("pre")]
    softmax, dense, vjp, function = (
        lambda text, name=f"mlbook.{name}": (text, name, f"api.html#{name}")
        for name in ("activations.softmax", "network.Dense", "network.Dense.vjp", "dense.dense")
    )
    assert blocks == [
        [softmax("softmax")],
        [softmax("s"), softmax("mlbook.softmax"), dense("layer"), dense("mlbook.Dense"), vjp("layer.vjp"), softmax("s"),
         dense("other"), dense("mlbook.Dense"), softmax("s")],
        [],
        [softmax("s")],
        [],
        [("mlbook.dense", "mlbook.dense", "api.html#module-mlbook.dense"), *map(function, ("dense", "mlbook.dense", "dense"))],
        [("(1)", "eq-one", "#equation-eq-one")],
    ]
    assert "One: (1), and not `eq-none`." in index.select("pre")[-1].get_text()


def test_only_coloured_words_have_an_element_of_their_own(pages_of_code):
    blocks = parsed(pages_of_code / "book" / "index.html").select("pre")
    assert {name for pre in blocks for span in pre.select("span") for name in span.get("class", [])} & {"n", "nn", "p", "w"} == set()
    assert blocks[1].select_one("span.nf").get_text() == "f" and "layer = mlbook.Dense(3)" in blocks[1].get_text()


def test_code_that_does_not_parse_fails_the_build(tiny_book):
    done, _ = tiny_book("# Code\n\n```python\nx = (\n```\n")
    assert done.returncode != 0
    assert re.search(r"index.md:\d+: WARNING: code that does not parse: '\(' was never closed", done.stdout), done.stdout


def test_the_quick_lexer_finds_the_same_tokens():
    notebooks = [json.loads(path.read_text(encoding="utf-8")) for path in (ROOT / "nbs").rglob("*.ipynb")]
    sources = ["".join(cell["source"]) for notebook in notebooks for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert len(sources) > 2000
    sources.append("match self:\n    case cls: rb'' + f'{x!r}' + R\"\"\"a\"\"\" if _ is not type else lazy.match(a.self, print, π)\n@f\nclass A: b''\n")
    whole, quick = PythonLexer(), QuickPythonLexer()
    for source in sources:
        assert list(quick.get_tokens(source)) == list(whole.get_tokens(source))
