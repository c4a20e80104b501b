"""Gives each page the number in its file's name: 07_network is chapter 7, A1_matrix_calculus is A1, C07_evaluation is C7.

Sections, figures and equations are numbered within their page. A page without a number in its name has none.
In the order of the contents the numbers must rise, so that none comes twice.
"""

import re

from sphinx.util import logging
from sphinx_external_toc.collectors import TocTreeCollectorWithStyles

logger = logging.getLogger(__name__)


def number(page):
    "A page's part and its number there, such as ('', 7) or ('A', 1); None where its file's name has no number."
    found = re.fullmatch(r"([A-Z]?)(\d+)_\w+", page.rpartition("/")[2])
    return found and (found[1], int(found[2]))


def in_order(env, page):
    "A page and all that its contents list, in that order."
    yield page
    for below in env.toctree_includes.get(page, []):
        yield from in_order(env, below)


def out_of_order(pages):
    "The pages whose number is not above the number before, each with the page that has that."
    numbered = [page for page in pages if number(page)]
    return [(page, before) for before, page in zip(numbered, numbered[1:]) if number(page) <= number(before)]


def number_entry(entry, place, places):
    "Writes its number into an entry of a page's contents and into `places`, and so on in the entries below it."
    reference = entry[0][0]
    reference["secnumber"] = places[reference["anchorname"]] = place
    for below in entry[1:]:
        for n, child in enumerate(below, start=1):
            number_entry(child, (*place, n), places)


def assign_section_numbers(self, env):
    "Numbers all sections of all pages, and returns the pages whose numbers changed."
    before, env.toc_secnumbers = env.toc_secnumbers, {}
    pages = list(in_order(env, env.config.root_doc))
    for page, previous in out_of_order(pages):
        logger.warning("has no number above that of %s, which stands before it", previous, location=page)
    for page in filter(number, pages):
        part, n = number(page)
        place = (f"{part}{n}",)
        env.titles[page]["secnumber"] = place
        places = env.toc_secnumbers[page] = {}
        for entry in env.tocs[page]:
            number_entry(entry, place, places)
    return [page for page, places in env.toc_secnumbers.items() if places != before.get(page)]


def setup(app):
    app.setup_extension("sphinx_external_toc")
    TocTreeCollectorWithStyles.assign_section_numbers = assign_section_numbers
    # All that this one does is to put a function where now ours is; it does not say that it may be read in parallel.
    app.extensions["sphinx_multitoc_numbering"].parallel_read_safe = True
    return {"version": "1", "parallel_read_safe": True}
