"""Labels of the bibliography as the citations are: last names of the authors, and the year."""

from pybtex.plugin import register_plugin
from pybtex.richtext import Text
from pybtex.style.formatting.plain import Style
from pybtex.style.labels import BaseLabelStyle


def label(entry):
    "One name, two names joined by `and`, or the first of several; and the year."
    people = entry.persons["author"]
    first, *others = [str(Text.from_latex(" ".join(person.last_names))) for person in people]
    names = f"{first} et al." if len(others) > 1 else " and ".join([first, *others])
    return f"{names}, {entry.fields['year']}"


class AuthorYearLabels(BaseLabelStyle):
    def format_labels(self, sorted_entries):
        return [label(entry) for entry in sorted_entries]


class AuthorYearStyle(Style):
    "The style `plain` of pybtex with these labels."

    default_label_style = "author_year"


def setup(app):
    register_plugin("pybtex.style.labels", "author_year", AuthorYearLabels)
    register_plugin("pybtex.style.formatting", "author_year", AuthorYearStyle)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
