"Every page that is no chapter in a browser: front matter, appendices and reference."

from checks import in_browser


def test_every_other_page(site, context):
    found = in_browser(context, site, chapters=False)
    assert not found, "\n".join(found)
