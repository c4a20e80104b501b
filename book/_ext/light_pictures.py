"""Makes the SVGs of a built site lighter: without notes on how they were made, without names of groups that nothing uses,
with places to a thousandth of a point, without blanks that paths and styles do not need, with short names of letters, and with their
images in as few channels as they need.
"""

import re
from base64 import b64decode, b64encode
from io import BytesIO
from pathlib import Path

from PIL import Image

NOTES = re.compile(r"<!--.*?-->|<metadata>.*?</metadata>", re.DOTALL)
PATH, PLACE = re.compile(r'(?<= d=")[^"]*'), re.compile(r'(?<=translate\()[^)]*|(?<= [xy]=")[^"]*')
STYLE, SIGN = re.compile(r'(?<= style=")[^"]*'), re.compile(r"([:;]) ")
LETTER = re.compile(r"\s*([A-Za-z])\s*")
LONG = re.compile(r"-?\d*\.\d{4,}")
BREAK = re.compile(r"\s*\n\s*")
GROUP = re.compile(r'(?<=<g) id="([^"]*)"')
GLYPH = re.compile(r'(?<=[#"])DejaVuSans-')
IMAGE = re.compile(r"(?<=data:image/png;base64,)[^\"]+")


def rounded(found):
    return f"{float(found[0]):.3f}".rstrip("0").rstrip(".")


def in_fewer_channels(found):
    "The same pixels, without transparency where all are opaque, and without colours where all are grey."
    with Image.open(BytesIO(b64decode(found[0]))) as image:
        pixels = image.convert("RGBA")
    if pixels.getextrema()[3] == (255, 255):
        pixels = pixels.convert("RGB")
        red, green, blue = pixels.split()
        if red.tobytes() == green.tobytes() == blue.tobytes():
            pixels = red
    packed = BytesIO()
    pixels.save(packed, "png", optimize=True)
    return b64encode(packed.getvalue()).decode("ascii")


def lighter(svg):
    "The same picture in fewer bytes."
    svg = GROUP.sub(lambda name: name[0] if f'"#{name[1]}"' in svg else "", BREAK.sub("\n", NOTES.sub("", svg)))
    svg = IMAGE.sub(in_fewer_channels, GLYPH.sub("D-", svg))
    svg = STYLE.sub(lambda style: SIGN.sub(r"\1", style[0]), svg)
    svg = PLACE.sub(lambda place: LONG.sub(rounded, place[0]), svg)
    return PATH.sub(lambda path: LETTER.sub(r"\1", LONG.sub(rounded, path[0])), svg)


def make_lighter(app, exception):
    if exception is None and app.builder.format == "html":
        for path in Path(app.outdir, app.builder.imagedir).glob("*.svg"):
            path.write_text(lighter(path.read_text(encoding="utf-8")), encoding="utf-8")


def setup(app):
    app.connect("build-finished", make_lighter)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
