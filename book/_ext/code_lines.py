"""Lets a long line of code wrap on a phone, with what follows set in further than the line's own beginning.

Only lines that a phone cannot show get an element of their own, with the columns that they are indented by.
"""

import re
from html import unescape

SHORT = 44  # columns that a phone shows
TAG = re.compile(r"<[^>]*>")
CODE = re.compile(r'(<div class="highlight-(?:i?python3?|default)[^>]*><div class="highlight"><pre><span></span>)(.*?)(</pre>)', re.DOTALL)


def line(html):
    "A line of highlighted code, in an element of its own if it is long."
    text = unescape(TAG.sub("", html))
    whole = html.count("<span") == html.count("</span") and html.count("<a ") == html.count("</a>")
    if len(text.rstrip("\n")) <= SHORT or not whole:
        return html
    return f'<span style="--at:{len(text) - len(text.lstrip(" "))}">{html}</span>'


def wrapping(html):
    "A highlighted block of Python whose long lines may wrap."
    return CODE.sub(lambda found: found[1] + "".join(map(line, found[2].splitlines(keepends=True))) + found[3], html)
