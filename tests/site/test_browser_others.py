"Every page that is no chapter in a browser: front matter, appendices and reference."

from checks import in_browser
from test_rhythm import MEASURED


def test_every_other_page(site, context):
    found = in_browser(context, site, MEASURED, chapters=False)
    assert not found, "\n".join(found)
