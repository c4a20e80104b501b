"""The digits: files, downloads against a server on this machine, the packaged slice, samples and targets."""

import gzip
import hashlib
import http.server
import importlib.util
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from mlbook import datasets, files

BODY = np.random.default_rng(0).bytes(300_000)
SHA = hashlib.sha256(BODY).hexdigest()
NAME = "digits.gz"
CODES = {"u1": 0x08, "i1": 0x09, "i2": 0x0B, "i4": 0x0C, "f4": 0x0D, "f8": 0x0E}


def idx_bytes(array):
    head = bytes([0, 0, CODES[array.dtype.str[1:]], array.ndim]) + np.array(array.shape, ">u4").tobytes()
    return head + array.astype(array.dtype.newbyteorder(">")).tobytes()


# ------------------------------------------------------------------ IDX files

idx_arrays = st.sampled_from(list(CODES)).flatmap(
    lambda name: hnp.arrays(name, hnp.array_shapes(min_dims=1, max_dims=4, min_side=0, max_side=5),
                            elements={"allow_nan": False} if name[0] == "f" else None))


@settings(max_examples=60, deadline=None)
@given(array=idx_arrays, packed=st.booleans())
def test_idx_round_trip(tmp_path_factory, array, packed):
    path = tmp_path_factory.mktemp("idx") / "file"  # a name that says nothing: content decides
    path.write_bytes(gzip.compress(idx_bytes(array)) if packed else idx_bytes(array))
    back = files.read_idx(path)
    assert back.dtype == array.dtype and back.dtype.isnative and back.flags.writeable
    np.testing.assert_array_equal(back, array)


def test_idx_cut_at_every_byte_is_refused_by_name(tmp_path):
    whole, path = idx_bytes(np.arange(12, dtype=np.uint8).reshape(3, 4)), tmp_path / "cut-idx"
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        with pytest.raises(ValueError, match="cut-idx.*expected"):
            files.read_idx(path)
    path.write_bytes(whole + b"\0")
    with pytest.raises(ValueError, match=r"cut-idx has 25 bytes, expected 24 .*\(3, 4\)"):
        files.read_idx(path)


def test_gzip_cut_at_every_byte_is_refused_by_name(tmp_path):
    packed, path = gzip.compress(idx_bytes(np.arange(12, dtype=np.uint8))), tmp_path / "cut.gz"
    for length in range(len(packed)):
        path.write_bytes(packed[:length])
        with pytest.raises(ValueError, match="cut.gz.*expected"):
            files.read_idx(path)
    damaged = bytearray(packed)
    damaged[-6] ^= 1  # in the checksum
    path.write_bytes(damaged)
    with pytest.raises(ValueError, match="cut.gz is gzipped, and truncated or damaged"):
        files.read_idx(path)


@pytest.mark.parametrize("content", [
    b"<!DOCTYPE html><html></html>", b"PK\x03\x04 a zip file", b"\x89PNG\r\n\x1a\n", b"\0\0\x07\x01\0\0\0\1\0",
    b"\0\0\x08\0", b"\1\0\x08\x01\0\0\0\1\0", bytes([0, 0, 8, 200]) + bytes(800)])
def test_foreign_file_is_refused_by_name(tmp_path, content):
    path = tmp_path / "foreign"
    for bytes_ in (content, gzip.compress(content)):
        path.write_bytes(bytes_)
        with pytest.raises(ValueError, match="foreign is no IDX file: it begins with .*expected '00 00'"):
            files.read_idx(path)


# ------------------------------------------------------------------ folders

def official(train=30, test=20, seed=0):
    "Four small arrays in the shape of the official files."
    rng = np.random.default_rng(seed)
    return {f"{part}_{kind}": rng.integers(0, top, (n, *tail), dtype=np.uint8)
            for part, n in (("train", train), ("test", test))
            for kind, top, tail in (("images", 256, (28, 28)), ("labels", 10, ()))}


def write_folder(folder, arrays, spelling=lambda name: name, pack=False):
    folder.mkdir(parents=True, exist_ok=True)
    for key, name in files.FILES.items():
        raw = idx_bytes(arrays[key])
        (folder / spelling(name)).write_bytes(gzip.compress(raw) if pack else raw)


@pytest.fixture
def no_network(monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError("the network was used")
    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)


@pytest.mark.parametrize("pack", [False, True])
@pytest.mark.parametrize("spelling", [
    lambda name: name, lambda name: name + ".gz", lambda name: name.replace("-idx", ".idx"),
    lambda name: name.replace("-idx", ".idx") + ".gz"])
def test_folder(tmp_path, no_network, pack, spelling):
    arrays = official()
    write_folder(tmp_path, arrays, spelling, pack)
    digits = datasets.load_mnist(folder=str(tmp_path), full=True)
    for key, array in arrays.items():
        np.testing.assert_array_equal(getattr(digits, key), array)
        assert getattr(digits, key).dtype == (np.uint8 if key.endswith("images") else np.int64)


def test_missing_file_names_folder_and_spellings(tmp_path):
    write_folder(tmp_path, official())
    (tmp_path / "t10k-labels-idx1-ubyte").unlink()
    with pytest.raises(FileNotFoundError) as error:
        datasets.load_mnist(folder=tmp_path)
    for part in (str(tmp_path), "t10k-labels-idx1-ubyte", "t10k-labels.idx1-ubyte.gz"):
        assert part in str(error.value)
    with pytest.raises(FileNotFoundError, match="nowhere"):
        datasets.load_mnist(folder=tmp_path / "nowhere")


@pytest.mark.parametrize("change, message", [
    (lambda a: a.update(train_images=a["train_labels"]), r"train-images-idx3-ubyte holds uint8 of \(30,\)"),
    (lambda a: a.update(test_labels=a["test_images"]), r"t10k-labels-idx1-ubyte holds uint8 of \(20, 28, 28\)"),
    (lambda a: a.update(train_images=a["train_images"][:, :27]), r"\(30, 27, 28\), expected uint8 of \(N, 28, 28\)"),
    (lambda a: a.update(test_images=a["test_images"].astype(np.int16)), "t10k-images-idx3-ubyte holds int16"),
    (lambda a: a.update(train_labels=a["train_labels"].astype(np.int32)), "train-labels-idx1-ubyte holds int32"),
    (lambda a: a.update(train_labels=a["test_labels"]), "train-images.* holds 30 images, .*train-labels.* 20 labels"),
    (lambda a: a.update(test_images=a["test_images"][:0], test_labels=a["test_labels"][:0]), "0 images.*at least 1"),
    (lambda a: a["train_labels"].__setitem__(7, 47), r"train-labels-idx1-ubyte\[7\] is 47, expected 0 to 9"),
])
def test_files_that_do_not_fit(tmp_path, change, message):
    arrays = official()
    change(arrays)
    write_folder(tmp_path, arrays)
    with pytest.raises(ValueError, match=f"(?s)load_mnist: .*{message}"):
        datasets.load_mnist(folder=tmp_path)


# ------------------------------------------------------------------ downloads

class Mirror(http.server.BaseHTTPRequestHandler):
    "Serves server.files; the first part of the path says how well."

    def do_GET(self):
        _, manner, name = self.path.split("/")
        self.server.asked.append(manner)
        body = self.server.files.get(name)
        if manner == "missing" or body is None:
            return self.send_error(404)
        if manner == "broken":
            return self.connection.close()
        sent = {"corrupt": body[:9] + bytes([body[9] ^ 1]) + body[10:], "page": b"<html>log in</html>",
                "short": body[:len(body) // 2], "cut": body[:len(body) // 2], "silent": body[:len(body) // 2],
                "stalled": body[:len(body) // 2]}.get(manner, body)
        self.send_response(200)
        if manner != "silent":  # announces nothing, and ends early
            self.send_header("Content-Length", str(len(body if manner in ("cut", "stalled") else sent)))
        self.end_headers()
        self.wfile.write(sent)
        if manner == "stalled":
            self.wfile.flush()
            self.server.release.wait(20)

    def log_message(self, *args):
        pass


@pytest.fixture
def server():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Mirror) as running:
        running.files, running.asked, running.release = {NAME: BODY}, [], threading.Event()
        running.at = lambda manner: f"http://127.0.0.1:{running.server_address[1]}/{manner}/"
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield running
        running.release.set()
        running.shutdown()
        thread.join()


@pytest.fixture
def dead():
    "An address where nobody listens."
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}/"


def fetch(folder, *mirrors, **options):
    return files.download(NAME, folder, SHA, mirrors=mirrors, **{"verbose": False, "timeout": 5, **options})


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_good_file(tmp_path, server):
    path = fetch(tmp_path / "new" / "folder", server.at("good"))
    assert path == tmp_path / "new" / "folder" / NAME and path.read_bytes() == BODY
    assert names(path.parent) == [NAME]


def test_a_right_file_is_kept_and_a_wrong_one_replaced(tmp_path, server):
    target = tmp_path / NAME
    target.write_bytes(BODY)
    assert fetch(tmp_path, server.at("good")) == target and server.asked == []
    target.write_bytes(BODY[:-1])
    assert fetch(tmp_path, server.at("good")).read_bytes() == BODY and server.asked == ["good"]


@pytest.mark.parametrize("manner, reason", [
    ("cut", r"ended after 150000 of 300000 bytes|IncompleteRead"), ("short", "SHA-256 [0-9a-f]{64}, expected " + SHA),
    ("silent", "SHA-256"), ("corrupt", "SHA-256"), ("page", "SHA-256"), ("missing", "404"), ("broken", "closed|reset")])
def test_a_bad_file_leaves_nothing(tmp_path, server, manner, reason):
    with pytest.raises(ConnectionError, match=f"no mirror delivered {NAME}:\n  .*/{manner}/{NAME}: .*({reason})"):
        fetch(tmp_path, server.at(manner))
    assert names(tmp_path) == []
    assert fetch(tmp_path, server.at(manner), server.at("good")).read_bytes() == BODY
    assert names(tmp_path) == [NAME]


def test_a_bad_file_does_not_replace_what_was_there(tmp_path, server):
    (tmp_path / NAME).write_bytes(b"older")
    with pytest.raises(ConnectionError):
        fetch(tmp_path, server.at("corrupt"))
    assert (tmp_path / NAME).read_bytes() == b"older" and names(tmp_path) == [NAME]


def test_dead_mirror_then_live_one(tmp_path, server, dead):
    assert fetch(tmp_path, dead, server.at("good"), server.at("missing")).read_bytes() == BODY
    assert server.asked == ["good"]


def test_a_mirror_that_falls_silent_is_given_up(tmp_path, server):
    start = time.monotonic()
    assert fetch(tmp_path, server.at("stalled"), server.at("good"), timeout=0.3).read_bytes() == BODY
    assert time.monotonic() - start < 5 and names(tmp_path) == [NAME]


def test_all_dead_names_each_failure(tmp_path, server, dead):
    with pytest.raises(ConnectionError) as error:
        fetch(tmp_path, dead, server.at("missing"), "nonsense", server.at("corrupt"))
    head, *lines = str(error.value).splitlines()
    assert head == f"download: no mirror delivered {NAME}:"
    for line, start, reason in zip(lines, (dead, server.at("missing"), "nonsense/", server.at("corrupt")),
                                   ("refused", "404", "unknown url type", "SHA-256"), strict=True):
        assert line.startswith(f"  {start}{NAME}: ") and reason in line
    assert names(tmp_path) == []


def test_a_full_disk_is_no_fault_of_a_mirror(tmp_path, server, monkeypatch):
    def full(descriptor):
        raise OSError(28, "No space left on device")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left") as error:
        fetch(tmp_path, server.at("good"), server.at("corrupt"))
    assert not isinstance(error.value, ConnectionError)
    assert server.asked == ["good"] and names(tmp_path) == []


@pytest.mark.skipif(sys.platform == "win32", reason="sends SIGINT to a process")
def test_interruption_in_the_middle(tmp_path, server):
    # A process that was started in the background may ignore SIGINT, and its children with it.
    program = (f"import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
               f"from mlbook.files import download; "
               f"download({NAME!r}, {str(tmp_path)!r}, {SHA!r}, mirrors=[{server.at('stalled')!r}], verbose=False)")
    with subprocess.Popen([sys.executable, "-c", program], stderr=subprocess.PIPE, text=True) as process:
        deadline = time.monotonic() + 20
        while not any(path.stat().st_size > 0 for path in tmp_path.iterdir()):
            assert process.poll() is None and time.monotonic() < deadline
            time.sleep(0.01)
        assert [name.endswith(".part") for name in names(tmp_path)] == [True]
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=20)
    assert process.returncode != 0 and "KeyboardInterrupt" in errors
    assert names(tmp_path) == []


def test_an_interruption_just_before_the_rename(tmp_path, server, monkeypatch):
    def interrupted(source, target):
        assert Path(source).read_bytes() == BODY and Path(source).parent == Path(target).parent
        raise KeyboardInterrupt
    (tmp_path / NAME).write_bytes(b"older")
    monkeypatch.setattr(os, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        fetch(tmp_path, server.at("good"))
    assert (tmp_path / NAME).read_bytes() == b"older" and names(tmp_path) == [NAME]


def test_progress_bar(tmp_path, server, capsys):
    fetch(tmp_path / "silent", server.at("good"))
    assert capsys.readouterr().err == ""
    fetch(tmp_path / "shown", server.at("good"), verbose=True)
    shown = capsys.readouterr().err
    assert NAME in shown and "100%" in shown and "300k/300k" in shown


# ------------------------------------------------------------------ all of MNIST

@pytest.fixture
def small_mnist(tmp_path, server, monkeypatch):
    "Small files under the official names on the local server, and an empty cache."
    arrays = official()
    packed = {key: gzip.compress(idx_bytes(array)) for key, array in arrays.items()}
    server.files = {f"{files.FILES[key]}.gz": raw for key, raw in packed.items()}
    monkeypatch.setattr(files, "SHA256", {key: hashlib.sha256(raw).hexdigest() for key, raw in packed.items()})
    monkeypatch.setattr(files, "MIRRORS", (server.at("missing"), server.at("good")))
    monkeypatch.setenv("MLBOOK_CACHE", str(tmp_path / "cache"))
    return arrays


def test_full(tmp_path, server, small_mnist, monkeypatch, capsys):
    digits = datasets.load_mnist(full=True, verbose=False)
    assert "B/s" not in capsys.readouterr().err
    for key, array in small_mnist.items():
        np.testing.assert_array_equal(getattr(digits, key), array)
    assert names(tmp_path / "cache") == sorted(server.files)
    monkeypatch.setattr(files, "MIRRORS", ())
    again = datasets.load_mnist(full=True, verbose=False)  # from the cache, without any mirror
    np.testing.assert_array_equal(again.test_images, digits.test_images)


def test_full_without_network_says_what_to_do(tmp_path, small_mnist, dead, monkeypatch):
    monkeypatch.setattr(files, "MIRRORS", (dead, dead + "second/"))
    with pytest.raises(ConnectionError) as error:
        datasets.load_mnist(full=True, verbose=False)
    message = str(error.value)
    assert message.startswith("load_mnist: ") and message.count("refused") == 2
    assert f"put these files into {tmp_path / 'cache'}:" in message and "load_mnist(folder=...)" in message
    assert all(f"\n  {name}.gz" in message for name in files.FILES.values())
    monkeypatch.setattr(files, "MIRRORS", ())
    write_folder(tmp_path / "cache", small_mnist, lambda name: name + ".gz", pack=True)
    monkeypatch.setattr(files, "SHA256", {
        key: hashlib.sha256((tmp_path / "cache" / f"{name}.gz").read_bytes()).hexdigest()
        for key, name in files.FILES.items()})
    assert len(datasets.load_mnist(full=True, verbose=False).train_images) == 30  # files put there by hand


def test_cache_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("MLBOOK_CACHE", str(tmp_path / "own"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert files.cache_folder() == tmp_path / "own"
    monkeypatch.setenv("MLBOOK_CACHE", "")
    assert files.cache_folder() == tmp_path / "xdg" / "mlbook"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    for platform, place in (("linux", ".cache"), ("darwin", "Library/Caches")):
        monkeypatch.setattr(sys, "platform", platform)
        assert files.cache_folder() == tmp_path / place / "mlbook"
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "local"))
    assert files.cache_folder() == tmp_path / "local" / "mlbook"


def test_the_checksums_are_of_four_different_files():
    assert set(files.SHA256) == set(files.FILES) and len(set(files.SHA256.values())) == 4
    assert all(len(bytes.fromhex(value)) == 32 for value in files.SHA256.values())
    assert all(mirror.startswith("https://") for mirror in files.MIRRORS) and len(files.MIRRORS) == 2


# ------------------------------------------------------------------ the packaged slice

def test_slice(no_network):
    digits = datasets.load_mnist()
    assert digits.train_images.shape == (10_000, 28, 28) and digits.test_images.shape == (2_000, 28, 28)
    assert digits.train_images.dtype == digits.test_images.dtype == np.uint8
    assert digits.train_labels.dtype == digits.test_labels.dtype == np.int64
    assert np.bincount(digits.train_labels).tolist() == [1000] * 10
    assert np.bincount(digits.test_labels).tolist() == [200] * 10
    train, test = datasets.slice_indices()
    for indices, count, of in ((train, 10_000, 60_000), (test, 2_000, 10_000)):
        assert len(np.unique(indices)) == count and indices.min() >= 0 and indices.max() < of
        assert not np.array_equal(indices, np.sort(indices))
        assert abs(indices.mean() / of - 0.5) < 0.02  # from everywhere in the file
    first = np.bincount(digits.train_labels[:1000], minlength=10)  # any leading part is mixed
    assert first.min() > 60 and first.max() < 140


def test_slice_is_a_fresh_copy_each_time():
    datasets.load_mnist().test_images[:] = 0
    assert datasets.load_mnist().test_images.any()


def packaged():
    return Path(datasets.__file__).parent / "data" / files.SLICE


@pytest.mark.parametrize("place", [0, 1_000_000, -1])
def test_tampered_slice_is_refused(tmp_path, monkeypatch, place):
    raw = bytearray(packaged().read_bytes())
    raw[place] ^= 1
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / files.SLICE).write_bytes(raw)
    monkeypatch.setattr("importlib.resources.files", lambda package: tmp_path)
    with pytest.raises(ValueError, match=f"{files.SLICE} was changed: its SHA-256 is .*{files.SLICE_SHA256}"):
        datasets.load_mnist()


def test_slice_is_never_unpickled(tmp_path, monkeypatch):
    (tmp_path / "data").mkdir()
    np.savez(tmp_path / "data" / "slice.npz", train_images=np.array([{"a": "pickle"}], dtype=object))
    raw = next((tmp_path / "data").iterdir()).read_bytes()
    (tmp_path / "data" / files.SLICE).write_bytes(raw)
    monkeypatch.setattr("importlib.resources.files", lambda package: tmp_path)
    monkeypatch.setattr(files, "SLICE_SHA256", hashlib.sha256(raw).hexdigest())
    with pytest.raises(ValueError, match="allow_pickle=False"):
        datasets.load_mnist()


def test_notice_ships():
    notice = packaged().with_name("NOTICE.md").read_text()
    for part in ("LeCun", "Cortes", "Burges", "CC BY-SA 3.0", files.SLICE):
        assert part in notice


def maker():
    spec = importlib.util.spec_from_file_location("make_digits", Path(__file__).parent / "fixtures" / "make_digits.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_maker_writes_the_same_bytes_twice(tmp_path):
    make, arrays = maker(), official()
    for name in ("a", "b"):
        make.write_npz(tmp_path / name, arrays)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    with np.load(tmp_path / "a", allow_pickle=False) as back:
        assert all(np.array_equal(back[key], array) for key, array in arrays.items())


@pytest.mark.skipif("MLBOOK_MNIST" not in os.environ, reason="MLBOOK_MNIST names no folder with the official files")
def test_slice_is_what_balanced_sample_draws():
    drawn, shipped = maker().draw(datasets.load_mnist(folder=os.environ["MLBOOK_MNIST"])), files.read_slice()
    assert drawn.keys() == shipped.keys()
    for key, array in drawn.items():
        assert array.dtype == shipped[key].dtype
        np.testing.assert_array_equal(array, shipped[key])


# ------------------------------------------------------------------ inputs, targets, means

labelled = st.integers(1, 6).flatmap(lambda classes: st.tuples(
    st.just(classes), hnp.arrays(st.sampled_from(["u1", "i4", "i8"]), st.integers(1, 40),
                                 elements=st.integers(0, classes - 1))))


@settings(max_examples=60, deadline=None)
@given(labelled, st.sampled_from([np.float32, np.float64]))
def test_one_hot(drawn, dtype):
    classes, labels = drawn
    t = datasets.one_hot(labels, classes, dtype=dtype)
    assert t.dtype == dtype and t.shape == (len(labels), classes)
    np.testing.assert_array_equal(t, datasets.one_hot_loops(labels, classes))
    np.testing.assert_array_equal(t.sum(axis=1), 1)
    np.testing.assert_array_equal(t.argmax(axis=1), labels)


@pytest.mark.parametrize("labels, classes, kind, message", [
    ([0, 1, 10], 10, ValueError, r"labels\[2\] is 10, expected 0 to 9"),
    ([0, -1, 10], 10, ValueError, r"labels\[1\] is -1, expected 0 to 9"),
    (np.array([255, 0], np.uint8), 10, ValueError, r"labels\[0\] is 255, expected 0 to 9"),
    ([], 10, ValueError, r"labels has shape \(0,\), expected no empty axis"),
    (3, 10, ValueError, r"labels has shape \(\), expected \(N,\)"),
    ([[0, 1]], 10, ValueError, r"labels has shape \(1, 2\), expected \(N,\)"),
    ([0.0, 1.0], 10, TypeError, "labels has dtype float64, expected integers"),
    ([True, False], 10, TypeError, "labels has dtype bool, expected integers"),
    (["3"], 10, TypeError, "labels has dtype <U1, expected integers"),
    ([0], 0, ValueError, "classes is 0, expected at least 1"),
    ([0], 10.0, TypeError, "classes is 10.0, expected a whole number"),
])
def test_one_hot_refuses(labels, classes, kind, message):
    with pytest.raises(kind, match=f"^one_hot: {message}"):
        datasets.one_hot(labels, classes)


@settings(max_examples=40, deadline=None)
@given(hnp.arrays(np.uint8, hnp.array_shapes(min_dims=3, max_dims=3, max_side=6)))
def test_scale_pixels(images):
    x = datasets.scale_pixels(images, dtype=np.float64)
    np.testing.assert_array_equal(x, datasets.scale_pixels_loops(images))
    single = datasets.scale_pixels(images, flat=False)
    assert single.dtype == np.float32 and single.shape == (len(images), 1, *images.shape[1:])
    np.testing.assert_array_equal(single, (images[:, None] / np.float32(255)))
    np.testing.assert_array_equal(single, datasets.scale_pixels(images[::-1], flat=False)[::-1])


@pytest.mark.parametrize("images, options, kind, message", [
    (np.zeros((28, 28), np.uint8), {}, ValueError, r"images has shape \(28, 28\), expected \(N, H, W\)"),
    (np.zeros((0, 28, 28), np.uint8), {}, ValueError, r"images has shape \(0, 28, 28\)"),
    (np.zeros((2, 28, 28)), {}, TypeError, "images has type float64, expected uint8"),
    (np.zeros((2, 28, 28), int), {}, TypeError, "images has type int64, expected uint8"),
    (np.zeros((2, 28, 28), np.uint8), {"dtype": int}, TypeError, "dtype is the class int, expected a float type"),
])
def test_scale_pixels_refuses(images, options, kind, message):
    with pytest.raises(kind, match=f"^scale_pixels: {message}"):
        datasets.scale_pixels(images, **options)


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 4), st.integers(0, 12), st.integers(0, 2**32 - 1))
def test_mean_images(classes, more, seed):
    rng = np.random.default_rng(seed)
    labels = rng.permutation(np.r_[np.arange(classes), rng.integers(0, classes, more)])
    images = rng.integers(0, 256, (len(labels), 3, 2), dtype=np.uint8)
    means = datasets.mean_images(images, labels, classes=classes)
    np.testing.assert_allclose(means, datasets.mean_images_loops(images, labels, classes), rtol=1e-12)
    assert datasets.mean_images(images.astype(np.float32), labels, classes=classes).dtype == np.float32


@pytest.mark.parametrize("images, labels, message", [
    (np.zeros((3, 2, 2)), [0, 1], r"images has shape \(3, 2, 2\), expected \(2, ...\)"),
    (np.zeros(2), [0, 1], r"images has shape \(2,\)"),
    (np.zeros((2, 2, 2)), [0, 2], r"labels lacks class 1, expected each class from 0 to 2"),
    (np.zeros((2, 2, 2)), [0, 3], r"labels\[1\] is 3, expected 0 to 2"),
])
def test_mean_images_refuses(images, labels, message):
    with pytest.raises(ValueError, match=f"^mean_images: {message}"):
        datasets.mean_images(images, labels, classes=3)


# ------------------------------------------------------------------ samples and splits

uneven = st.lists(st.integers(3, 30), min_size=1, max_size=6).flatmap(
    lambda counts: st.permutations(np.repeat(np.arange(len(counts)) * 2, counts).tolist()))


@settings(max_examples=40, deadline=None)
@given(uneven, st.integers(1, 3), st.integers(0, 1000))
def test_balanced_sample(labels, per_class, seed):
    labels = np.array(labels)
    chosen = datasets.balanced_sample(labels, per_class, seed=seed)
    assert len(np.unique(chosen)) == len(chosen) == per_class * len(np.unique(labels))
    assert set(np.bincount(labels[chosen]).tolist()) <= {0, per_class}
    np.testing.assert_array_equal(chosen, datasets.balanced_sample(labels.tolist(), per_class, seed=seed))


def test_balanced_sample_is_random_and_mixed():
    labels = np.repeat(np.arange(4), 50)
    a, b = (datasets.balanced_sample(labels, 20, seed=seed) for seed in (0, 1))
    assert set(a) != set(b)
    assert len(np.unique(labels[a[:20]])) == 4  # classes are not in blocks
    rng = np.random.default_rng(0)
    hits = np.bincount(np.concatenate([datasets.balanced_sample(labels, 20, seed=rng) for _ in range(500)]), minlength=200)
    # each index is in 40 % of the samples: 200 of 500, with a standard deviation of 11
    assert hits.min() > 200 - 55 and hits.max() < 200 + 55


def test_balanced_sample_refuses():
    with pytest.raises(ValueError, match="^balanced_sample: per_class is 3, expected at most 2, the members of class 1"):
        datasets.balanced_sample([0, 0, 0, 1, 1], 3, seed=0)
    with pytest.raises(ValueError, match="^balanced_sample: per_class is 0, expected at least 1"):
        datasets.balanced_sample([0, 1], 0, seed=0)
    with pytest.raises(TypeError, match="^balanced_sample: labels has dtype float64"):
        datasets.balanced_sample([0.5, 1], 1, seed=0)


@settings(max_examples=40, deadline=None)
@given(uneven, st.floats(0.2, 0.7), st.integers(0, 1000))
def test_split(labels, fraction, seed):
    labels = np.array(labels)
    train, validation = datasets.stratified_split(labels, validation=fraction, seed=seed)
    np.testing.assert_array_equal(np.sort(np.r_[train, validation]), np.arange(len(labels)))
    assert (np.diff(train) > 0).all() and (np.diff(validation) > 0).all()
    for k in np.unique(labels):
        members, held = (labels == k).sum(), (labels[validation] == k).sum()
        assert abs(held - fraction * members) <= 0.5 and 0 < held < members
    np.testing.assert_array_equal(validation, datasets.stratified_split(labels, validation=fraction, seed=seed)[1])


def test_split_depends_on_the_seed():
    labels = np.repeat(np.arange(3), 40)
    assert not np.array_equal(datasets.stratified_split(labels, seed=0)[1], datasets.stratified_split(labels, seed=1)[1])


def test_split_refuses():
    for fraction in (0, 1, -0.1, 1.5, float("nan")):
        with pytest.raises(ValueError, match="^stratified_split: validation is .*, expected a finite number, above 0 and below 1"):
            datasets.stratified_split([0, 1] * 10, validation=fraction)
    with pytest.raises(ValueError, match="^stratified_split: validation is 0.1, which takes 0 of 2 members of class 1, expected 1"):
        datasets.stratified_split([0] * 20 + [1] * 2, validation=0.1)
    with pytest.raises(ValueError, match=r"^stratified_split: labels has shape \(0,\)"):
        datasets.stratified_split([], validation=0.1)


def test_import_loads_no_network_code():
    program = "import sys, mlbook.datasets; print(sorted({'urllib.request', 'http.client', 'gzip'} & {*sys.modules}))"
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert shown.strip() == "[]"
