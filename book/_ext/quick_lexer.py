"""Pygments' lexer of Python, which first tries what most of a program is: punctuation, space between words, and names that
have no meaning of their own. Otherwise it comes to these after more than thirty patterns. Its tokens are the same.
"""

from pygments.lexer import inherit, words
from pygments.lexers.python import PythonLexer
from pygments.token import Name, Punctuation, Text

LISTS = "keywords", "expr-keywords", "builtins", "magicfuncs", "magicvars"
LISTED = [word for name in LISTS for rule in PythonLexer.tokens[name] if isinstance(rule[0], words) for word in rule[0].words]
OTHERS = "_ and case class cls def Ellipsis from import in is lazy match not NotImplemented or self type".split()
PLAIN = words(LISTED + OTHERS, prefix="(?!", suffix=r"""\b)[^\W\d]\w*+(?!["'])""").get()


class QuickPythonLexer(PythonLexer):
    tokens = {"root": [(r"[]{}(),;[]|:(?!=)", Punctuation), (r"(?<=\S) +(?=\S)", Text), (PLAIN, Name), inherit]}
