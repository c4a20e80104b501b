"""Every page of the built site in a browser; test_site.py shows that its faults would be found.

It is the longest test, and a file of its own lets it begin first.
"""

from checks import faults, forwarding, pages


def test_every_page_in_a_browser(site, context):
    found = [fault for page in pages(site) if not forwarding(page) for fault in faults(context, page)]
    assert not found, "\n".join(found)
