"""Every chapter of the built site in a browser; test_site.py shows that its faults would be found.

The longest tests are files of their own, so that two processes share them and begin with them.
"""

from checks import in_browser
from test_rhythm import MEASURED


def test_every_chapter(site, context):
    found = in_browser(context, site, MEASURED, chapters=True)
    assert not found, "\n".join(found)
