"""Photographs of digits come into the form of MNIST, and what is no photograph of a digit is an error that says so."""

import io
import os
import re
import struct
import subprocess
import sys
import warnings
import zlib
from pathlib import Path

import mlbook
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from mlbook import photographs
from mlbook.photographs import find_ink, load_photograph, read_photograph, synthetic_photograph
from PIL import Image

sys.path.insert(0, str(Path(__file__).parent / "fixtures"))
from make_reader import LAYERS  # noqa: E402

DIGITS = mlbook.load_mnist()


@pytest.fixture(scope="module")
def network():
    "A network that reads 99 % of MNIST's test digits: fixtures/make_reader.py."
    network = mlbook.Sequential(LAYERS, input_shape=(1, 28, 28), seed=0)
    with np.load(Path(__file__).parent / "fixtures" / "reader.npz") as arrays:
        for i, params in enumerate(network.params):
            for name, array in params.items():
                array[...] = arrays[f"{i}{name}"]
    return network


def answers(network, images):
    return network.predict(mlbook.scale_pixels(np.asarray(images, np.uint8), flat=False))


def jpeg(photo, quality):
    "The bytes of a JPEG file."
    file = io.BytesIO()
    Image.fromarray(photo).save(file, "jpeg", quality=quality)
    return file.getvalue()


def hundred(seed):
    "A hundred photographs as JPEG files, and what is on them."
    rng = np.random.default_rng(seed)
    chosen = rng.permutation(2000)[:100]
    files = [jpeg(synthetic_photograph(DIGITS.test_images[n], seed=rng), int(rng.integers(40, 90))) for n in chosen]
    return files, DIGITS.test_labels[chosen]


@pytest.mark.parametrize("seed", [0, 1])
def test_of_a_hundred_photographs_at_least_93_are_read(network, tmp_path, seed):
    files, labels = hundred(seed)
    made, shrunk = [], []
    for n, data in enumerate(files):
        path = tmp_path / f"{n}.jpg"
        path.write_bytes(data)
        made.append(read_photograph(path))
        shrunk.append(np.asarray(Image.open(path).convert("L").resize((28, 28), Image.Resampling.BILINEAR)))
    assert np.sum(answers(network, made) == labels) >= 93
    assert np.sum(answers(network, shrunk) == labels) <= 20
    assert np.sum(answers(network, 255 - np.stack(shrunk)) == labels) <= 20


def test_the_photographs_are_the_same_for_a_seed_and_others_for_another():
    first, again, other = (synthetic_photograph(DIGITS.test_images[0], seed=seed) for seed in (3, 3, 4))
    np.testing.assert_array_equal(first, again)
    assert first.dtype == np.uint8 and first.ndim == 3 and first.shape[2] == 3
    assert first.shape != other.shape or not np.array_equal(first, other)


@pytest.mark.parametrize("image, kind, message", [
    (np.zeros((27, 28)), ValueError, r"image has shape \(27, 28\)"), (np.full((28, 28), 256), ValueError, "values from 256"),
    (np.full((28, 28), np.nan), ValueError, "values from nan"), ("a.png", TypeError, "image has dtype")])
def test_only_a_digit_is_photographed(image, kind, message):
    with pytest.raises(kind, match=f"^synthetic_photograph: .*{message}"):
        synthetic_photograph(image)


# ------------------------------------------------------------------ steps

@settings(max_examples=30, deadline=None)
@given(hnp.arrays(np.float64, hnp.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=9), elements=st.floats(0, 1)),
       st.integers(1, 6))
def test_the_closing_is_that_of_loops_and_loses_only_what_is_narrow(p, w):
    c = photographs.closing(p, w)
    np.testing.assert_array_equal(c, photographs.closing_loops(p, w))
    assert (c >= p).all() and c.max() == p.max()
    np.testing.assert_array_equal(photographs.closing(c, w), c)


def test_a_closing_keeps_a_slope_and_a_wide_shadow_and_loses_a_stroke():
    light = np.linspace(0.3, 0.9, 40) * np.ones((30, 1))
    light[:, :15] *= 0.5
    np.testing.assert_array_equal(photographs.closing(light, 7), light)
    inked = light.copy()
    inked[5:25, 20:24] *= 0.2
    assert np.abs(photographs.closing(inked, 7) - light).max() < 0.1 < 0.4 < np.abs(inked - light).max()


def test_the_border_lies_halfway_between_the_means():
    dark = np.concatenate([np.full(990, 0.1), np.full(10, 0.7)])
    assert photographs.halfway(dark) == pytest.approx((0.1, 0.7))
    paper, ink = photographs.halfway(np.random.default_rng(0).uniform(0, 1, 10_000))
    assert paper == pytest.approx(0.25, abs=0.01) and ink == pytest.approx(0.75, abs=0.01)


def test_light_does_not_matter():
    "Neither how much of it there is, nor a slope over the page."
    photo = synthetic_photograph(DIGITS.test_images[7], seed=1) / 255
    plain = find_ink(photo)
    assert plain.min() == 0 and plain.max() == 1
    np.testing.assert_allclose(find_ink(photo * 1e-3), plain, atol=1e-6)
    height, width = plain.shape
    slope = np.linspace(1, 0.5, width) * np.linspace(0.8, 1, height)[:, None]
    assert np.abs(find_ink(photo * slope[..., None]) - plain).mean() < 0.01


def test_a_digit_of_mnist_itself_comes_back_nearly_as_it_was(network):
    "Light on dark, and without any margin of paper that a photograph has."
    images, labels = DIGITS.test_images[:200], DIGITS.test_labels[:200]
    made = [read_photograph(image) for image in images]
    assert np.mean(answers(network, made) == labels) >= np.mean(answers(network, images) == labels) - 0.02
    larger = [read_photograph(255 - np.kron(image, np.ones((10, 10), np.uint8))) for image in images[:50]]
    assert np.mean(answers(network, larger) == labels[:50]) >= 0.94


def test_a_digit_in_pieces_stays_whole_and_dust_goes():
    page = np.full((200, 300), 0.9)
    page[50:110, 100:112] = page[100:112, 100:150] = page[112:160, 140:152] = 0.2  # a stroke like that of a 5
    page[50:60, 118:150] = 0.2  # its bar, which does not touch
    whole = find_ink(page)
    page[180:183, 280:283] = page[20:22, 20:22] = 0.2
    page[:, :6] = 0.1  # the edge of the table
    with_dust = find_ink(page)
    np.testing.assert_allclose(with_dust, whole, atol=1e-3)
    rows, columns = np.nonzero(whole)
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == pytest.approx((50, 159, 100, 151), abs=2)


# ------------------------------------------------------------------ what is no photograph of a digit

PAGE = np.full((200, 300), 0.9)


def page(*strokes):
    made = PAGE.copy()
    for rows, columns in strokes:
        made[slice(*rows), slice(*columns)] = 0.2
    return made


NOISE = np.clip(np.random.default_rng(0).normal(0.6, 0.1, (200, 300)), 0, 1)
SLOPE = np.linspace(0.2, 0.9, 300) * np.ones((200, 1))
PAGES = {
    "empty": (PAGE, "shows no ink"), "black": (0 * PAGE, "shows no ink"), "noise": (NOISE, "shows no ink"),
    "slope": (SLOPE, "shows no ink"), "paper alone": (synthetic_photograph(np.zeros((28, 28)), seed=1), "shows no ink"),
    "one pixel": (np.ones((1, 1)), "shows no ink"), "pale": (0.9 - 0.05 * (page(((50, 150), (100, 110))) < 0.5), "shows no ink"),
    "dust": (page(((90, 93), (100, 103))), "shows no ink but dust"),
    "two digits": (page(((50, 150), (60, 70)), ((50, 150), (200, 210))), "ink at several places"),
    "two beside each other": (page(((50, 150), (100, 110)), ((50, 150), (130, 140))), "ink at several places"),
    "many pieces": (page(*[((r, r + 8), (c, c + 8)) for r in range(70, 130, 20) for c in range(100, 190, 20)]), "ink"),
    "cut off": (page(((0, 100), (100, 110))), "ink only at its edge"),
}


@pytest.mark.parametrize("name", PAGES)
def test_what_has_no_digit_is_an_error(name):
    photo, message = PAGES[name]
    for function in (find_ink, read_photograph):
        with pytest.raises(ValueError, match=f"^{function.__name__}: photo (shows|has) .*, expected") as error:
            function(photo)
        assert message in str(error.value)


@pytest.mark.parametrize("photo, kind, message", [
    (np.zeros((2, 3, 5)), ValueError, r"photo has shape \(2, 3, 5\), expected \(H, W\)"),
    (np.full((20, 20), np.nan), ValueError, "photo has a pixel that is negative or not finite"),
    (np.full((20, 20), -1), ValueError, "photo has a pixel that is negative or not finite"),
    (np.zeros((0, 3)), ValueError, r"photo has shape \(0, 3\), expected no empty axis"),
    (3, ValueError, r"photo has shape \(\), expected"), (None, TypeError, "photo has dtype object"),
    ("a\0b", ValueError, "photo is 'a.x00b', expected a path without zero bytes")])
def test_what_is_no_picture_is_an_error(photo, kind, message):
    with pytest.raises(kind, match=f"^read_photograph: {message}"):
        read_photograph(photo)


# ------------------------------------------------------------------ files

@pytest.fixture(scope="module")
def photo():
    return synthetic_photograph(DIGITS.test_images[7], seed=1)


def put(picture, path, **options):
    picture.save(path, **options)
    return path


def alike(made, expected):
    "Whether two images of a digit are the same up to rounding of grey levels."
    return np.abs(made.astype(int) - expected).max() <= 40 and np.abs(made.astype(int) - expected).mean() < 2


FORMS = {
    "png": lambda p: (Image.fromarray(p), "png", {}),
    "jpeg": lambda p: (Image.fromarray(p), "jpg", {"quality": 95}),
    "grey": lambda p: (Image.fromarray(p).convert("L"), "png", {}),
    "16 bits": lambda p: (Image.fromarray(np.asarray(Image.fromarray(p).convert("L")).astype(np.uint16) * 257), "png", {}),
    "16 bits, dark": lambda p: (Image.fromarray(np.asarray(Image.fromarray(p).convert("L")).astype(np.uint16) * 16), "tif", {}),
    "floats": lambda p: (Image.fromarray(np.asarray(Image.fromarray(p).convert("L"), np.float32) / 255), "tif", {}),
    "cmyk": lambda p: (Image.fromarray(p).convert("CMYK"), "jpg", {"quality": 95}),
    "palette": lambda p: (Image.fromarray(p).quantize(200), "png", {}),
    "gif": lambda p: (Image.fromarray(p).quantize(200), "gif", {}),
    "bmp": lambda p: (Image.fromarray(p), "bmp", {}),
    "webp": lambda p: (Image.fromarray(p), "webp", {"lossless": True}),
    "opaque": lambda p: (Image.fromarray(p).convert("RGBA"), "png", {}),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_picture_in_any_form_is_read(photo, tmp_path, form):
    picture, ending, options = FORMS[form](photo)
    path = put(picture, tmp_path / f"Blätter und Zahlen.{ending}", **options)
    assert alike(read_photograph(path), read_photograph(photo))
    assert alike(read_photograph(str(path)), read_photograph(photo))
    grey = load_photograph(path)
    assert grey.shape == photo.shape[:2] and grey.dtype == np.float64 and 0 <= grey.min() < grey.max() <= 1


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_ink_on_nothing_is_ink_on_white(tmp_path, mode):
    "A drawing on a screen: black where it is drawn, transparent (and black, too) elsewhere."
    alpha = np.kron(DIGITS.test_images[7], np.ones((8, 8), np.uint8))
    drawing = Image.fromarray(np.stack([0 * alpha] * 3 + [alpha], axis=2))
    if mode == "P":
        levels = Image.fromarray(255 * (alpha > 127).astype(np.uint8)).quantize(2)
        ground = int(np.asarray(levels)[0, 0])
        levels.putpalette([0, 0, 0, 0, 0, 0])
        path = put(levels, tmp_path / "drawing.png", transparency=ground)
    else:
        path = put(drawing.convert(mode), tmp_path / "drawing.png")
    assert load_photograph(path)[0, 0] == 1
    assert np.mean(np.abs(read_photograph(path).astype(int) - DIGITS.test_images[7])) < 12


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_note_that_says_how_to_turn_it_is_heeded(photo, tmp_path, orientation):
    undo = {1: lambda p: p, 2: np.fliplr, 3: lambda p: np.rot90(p, 2), 4: np.flipud, 5: lambda p: np.swapaxes(p, 0, 1),
            6: np.rot90, 7: lambda p: np.rot90(np.swapaxes(p, 0, 1), 2), 8: lambda p: np.rot90(p, 3)}
    note = Image.Exif()
    note[0x0112] = orientation
    path = put(Image.fromarray(np.ascontiguousarray(undo[orientation](photo))), tmp_path / "turned.png", exif=note)
    assert load_photograph(path).shape == photo.shape[:2]
    assert alike(read_photograph(path), read_photograph(photo))


def test_a_large_photograph_is_read_at_a_thousand_pixels(photo, tmp_path):
    large = Image.fromarray(photo).resize((4000, 4000 * photo.shape[0] // photo.shape[1]))
    path = put(large, tmp_path / "large.jpg", quality=90)
    assert max(load_photograph(path).shape) <= 1000
    assert max(load_photograph(path, longest=200).shape) <= 200
    assert np.mean(np.abs(read_photograph(path).astype(int) - read_photograph(photo))) < 8


def test_a_strip_keeps_its_narrow_side(tmp_path):
    path = put(Image.fromarray(np.full((3, 5000), 200, np.uint8)), tmp_path / "strip.png")
    assert load_photograph(path).shape == (1, 1000)


def png_that_claims(width, height):
    "A PNG file whose head says how large it is, with next to nothing in it."
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 99)) + chunk(b"IEND", b"")


GOOD = jpeg(synthetic_photograph(DIGITS.test_images[7], seed=1), 80)
DAMAGED = {
    "empty": (b"", "is no picture"), "text": (b"a digit: 7\n" * 50, "is no picture"), "half": (GOOD[:len(GOOD) // 2], "is damaged"),
    "head alone": (GOOD[:400], "is damaged|is no picture"), "huge": (png_that_claims(20_000, 20_001), "is too large, expected at most 200 million"),
    "enormous": (png_that_claims(2**31 - 1, 2**31 - 1), "is too large"), "less than it claims": (png_that_claims(900, 900), "is damaged"),
    "idx": (b"\0\0\x08\x03" + b"\0" * 100, "is no picture"),
}


@pytest.mark.parametrize("name", DAMAGED)
@pytest.mark.parametrize("function", [load_photograph, read_photograph])
def test_a_damaged_file_is_an_error_that_names_it(tmp_path, name, function):
    data, message = DAMAGED[name]
    path = tmp_path / "photo of mine.jpg"
    path.write_bytes(data)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(ValueError, match=f"^{function.__name__}: {re.escape(str(path))} ({message})") as error:
            function(path)
    assert "\n" not in str(error.value)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(GOOD) - 1), st.binary(min_size=1, max_size=8))
def test_a_file_with_other_bytes_gives_a_digit_or_an_error(tmp_path_factory, place, other):
    path = tmp_path_factory.mktemp("changed") / "changed.jpg"
    path.write_bytes(GOOD[:place] + other + GOOD[place + len(other):])
    try:
        assert read_photograph(path).shape == (28, 28)
    except ValueError as error:
        assert str(path) in str(error)


def test_a_missing_file_and_a_folder_are_errors_of_the_system(tmp_path):
    with pytest.raises(FileNotFoundError, match="^read_photograph: .*none.jpg cannot be read") as error:
        read_photograph(tmp_path / "none.jpg")
    assert error.value.errno == 2
    with pytest.raises(OSError, match="^load_photograph: .* cannot be read") as error:
        load_photograph(tmp_path)
    assert isinstance(error.value, (IsADirectoryError, PermissionError))


def test_an_error_about_ink_names_the_file(tmp_path):
    path = put(Image.fromarray(np.full((200, 200), 200, np.uint8)), tmp_path / "empty.png")
    with pytest.raises(ValueError, match=f"^read_photograph: {re.escape(str(path))} shows no ink, expected"):
        read_photograph(path)


def run(code):
    return subprocess.run([sys.executable, "-c", code], encoding="utf-8", capture_output=True, env=os.environ | {"PYTHONUTF8": "1"})


def test_pillow_is_loaded_for_a_file_and_missed_by_name():
    done = run("import sys, mlbook.photographs as p; assert 'PIL' not in sys.modules; sys.modules['PIL'] = None; p.read_photograph('a.png')")
    assert done.returncode == 1
    assert done.stderr.endswith("ModuleNotFoundError: read_photograph needs Pillow: pip install 'mlbook[photos]'\n")
