"""The digits: files, downloads against a server on this machine, the packaged slice, samples and targets."""

import builtins
import errno
import gzip
import hashlib
import http.server
import importlib.util
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from mlbook import datasets, files
from shared import without_rights

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


def lengths(*numbers, code=0x08):
    return bytes([0, 0, code, len(numbers)]) + np.array(numbers, ">u4").tobytes()


@pytest.mark.parametrize("content", [lengths(2**32 - 1, 2**32 - 1, 2**32 - 1) + bytes(10), lengths(0, 2**32 - 1, 2**32 - 1),
                                     lengths(0, *[2**32 - 1] * 31, code=0x0E)])
def test_a_head_with_a_shape_beyond_any_memory(tmp_path, content):
    (tmp_path / "odd").write_bytes(content)
    with pytest.raises(ValueError, match=r"^read_idx: .*odd states the shape \(.*, 4294967295\), expected one that"):
        files.read_idx(tmp_path / "odd")


def test_what_cannot_be_read_is_refused_by_name(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "circle").symlink_to(tmp_path / "circle")
    for name, kind, came in ((".", IsADirectoryError, "is a folder"), ("none", FileNotFoundError, "cannot be read (No such file"),
                             ("file/x", NotADirectoryError, "cannot be read (Not a dir"), ("circle", OSError, "cannot be read (Too"),
                             ("n" * 300, OSError, "cannot be read (File name too long"), ("file", ValueError, "is no IDX file")):
        path = tmp_path / name
        with pytest.raises(kind) as error:
            files.read_idx(path)
        assert str(error.value).startswith(f"read_idx: {path} {came}") and ", expected " in str(error.value)
        assert isinstance(error.value, ValueError) or error.value.errno == error.value.__cause__.errno
    for value, shown in ((3, "3"), (None, "None"), (b"x", "b'x'"), ([tmp_path], r"\[")):
        with pytest.raises(TypeError, match=f"^read_idx: path is {shown}.*, expected a path$"):
            files.read_idx(value)


@pytest.mark.parametrize("packed", [False, True])
def test_a_large_file_is_in_memory_once(tmp_path, packed):
    array, path = np.zeros((40, 1 << 18), np.uint8), tmp_path / "large"  # 10 MB
    path.write_bytes(gzip.compress(idx_bytes(array), 1) if packed else idx_bytes(array))
    files.read_idx(path)
    tracemalloc.start()
    files.read_idx(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1.5 * array.nbytes


def test_a_foreign_file_is_not_read_whole(tmp_path):
    with open(tmp_path / "video", "wb") as file:
        file.truncate(1 << 33)  # 8 GB of zeros that take no room
    with pytest.raises(ValueError, match="video is no IDX file"):
        files.read_idx(tmp_path / "video")


# A system in ASCII has no such name.
UMLAUT = pytest.param("Bücher im Regal", marks=pytest.mark.skipif(sys.getfilesystemencoding() == "ascii", reason="files have ASCII names"))


@pytest.mark.parametrize("name", [UMLAUT, "c", "~"])
def test_paths_with_spaces_and_umlauts_and_links(tmp_path, name, no_network, monkeypatch):
    write_folder(tmp_path / name, arrays := official())
    (tmp_path / "link").symlink_to(tmp_path / name)
    monkeypatch.chdir(tmp_path)
    for folder in (tmp_path / name, tmp_path / "link", os.path.join(".", name)):
        np.testing.assert_array_equal(datasets.load_mnist(folder=folder).test_images, arrays["test_images"])


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


def test_what_is_no_folder_is_refused(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    for folder, kind, came in ((3, TypeError, "3"), (b"x", TypeError, "b'x'"), (tmp_path / "file", NotADirectoryError, tmp_path / "file"),
                               (tmp_path / "no", FileNotFoundError, tmp_path / "no"), ([], TypeError, "[]")):
        with pytest.raises(kind) as error:
            datasets.load_mnist(folder=folder)
        assert str(error.value).startswith(f"load_mnist: folder is {came}, expected a ")


def test_a_damaged_file_is_reported_by_load_mnist(tmp_path):
    write_folder(tmp_path, official())
    (tmp_path / "t10k-labels-idx1-ubyte").write_bytes(b"")
    with pytest.raises(ValueError, match=f"^load_mnist: {tmp_path / 't10k-labels-idx1-ubyte'} is no IDX file.*expected"):
        datasets.load_mnist(folder=tmp_path)


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


@pytest.fixture
def full_disk(monkeypatch):
    "Files take 100,000 bytes, then the disk is full."
    def crammed(path, mode="r", **options):
        file = builtins_open(path, mode, **options)
        if "x" in mode:
            write = file.write

            def cram(piece):
                if file.tell() + len(piece) > 100_000:
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                return write(piece)
            file.write = cram
        return file
    builtins_open = builtins.open
    monkeypatch.setattr(builtins, "open", crammed)


def test_a_disk_that_fills_up_names_the_file(tmp_path, server, full_disk):
    (tmp_path / NAME).write_bytes(b"older")
    with pytest.raises(OSError, match=f"^download: {tmp_path / NAME} cannot .*No space left.*, expected a folder with") as error:
        fetch(tmp_path, server.at("good"), server.at("good"))
    assert error.value.errno == errno.ENOSPC and not isinstance(error.value, ConnectionError)
    assert server.asked == ["good"] and names(tmp_path) == [NAME] and (tmp_path / NAME).read_bytes() == b"older"


@pytest.mark.parametrize("mirrors, folder, message", [
    ("https://mirror/", ".", "download: mirrors is 'https://mirror/', expected a list of addresses"),
    (["https://mirror/"], 3, "download: folder is 3, expected a path")])
def test_download_refuses(mirrors, folder, message):
    with pytest.raises(TypeError, match=f"^{message}"):
        files.download(NAME, folder, SHA, mirrors=mirrors)


@pytest.mark.skipif(sys.platform == "win32", reason="sends SIGINT to a process")
def test_interruption_in_the_middle(tmp_path, server):
    # A process that was started in the background may ignore SIGINT, and its children with it.
    program = (f"import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
               f"from mlbook.files import download; "
               f"download({NAME!r}, {str(tmp_path)!r}, {SHA!r}, mirrors=[{server.at('stalled')!r}], verbose=False)")
    with subprocess.Popen([sys.executable, "-c", program], stderr=subprocess.PIPE, encoding="utf-8") as process:
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


def test_without_standard_error(tmp_path, server, monkeypatch):
    monkeypatch.setattr(sys, "stderr", None)
    assert fetch(tmp_path, server.at("good"), verbose=True).read_bytes() == BODY


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


@pytest.fixture
def open_folder():
    "A folder that everybody may reach, unlike those of pytest."
    with tempfile.TemporaryDirectory() as name:
        os.chmod(name, 0o755)
        yield Path(name)


@pytest.mark.skipif(sys.platform == "win32", reason="rights are those of POSIX")
def test_a_cache_that_may_not_be_written_or_read(open_folder, small_mnist, monkeypatch):
    cache = open_folder / "cache"
    monkeypatch.setenv("MLBOOK_CACHE", str(cache))
    open_folder.chmod(0o555)
    with without_rights(), pytest.raises(PermissionError) as error:
        datasets.load_mnist(full=True, verbose=False)
    says_what_to_do(error.value, cache, "Permission denied")
    open_folder.chmod(0o755)
    datasets.load_mnist(full=True, verbose=False)
    for path in (*cache.iterdir(), cache):
        path.chmod(0o555)
    monkeypatch.setattr(files, "MIRRORS", ())
    with without_rights():  # may not be written, and has all
        assert len(datasets.load_mnist(full=True, verbose=False).train_images) == 30
    for mode, path in ((0o000, cache / "train-images-idx3-ubyte.gz"), (0o444, cache)):
        path.chmod(mode)
        with without_rights(), pytest.raises(PermissionError) as error:
            datasets.load_mnist(full=True, verbose=False)
        says_what_to_do(error.value, cache, "Permission denied")
        with without_rights(), pytest.raises(PermissionError, match=r"^load_mnist: .*(cannot be read|lacks).*Permission denied"):
            datasets.load_mnist(folder=cache)
        path.chmod(0o755)


def says_what_to_do(error, cache, reason):
    first, second = str(error).split("\n")
    assert first.startswith(f"load_mnist: download: {cache / 'train-images-idx3-ubyte.gz'} cannot be read or written ")
    assert reason in first and ", expected a folder with rights and with room" in first
    assert second == f"In place of {cache}, the variable MLBOOK_CACHE can name another folder."
    assert error.errno == error.__cause__.errno is not None


@pytest.mark.parametrize("cache, reason", [("file", "File exists|Not a dir"), ("file/cache", "Not a dir"), ("nowhere", "File exists")])
def test_a_cache_that_is_no_folder(tmp_path, small_mnist, monkeypatch, cache, reason):
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "nowhere").symlink_to(tmp_path / "gone")
    monkeypatch.setenv("MLBOOK_CACHE", str(tmp_path / cache))
    with pytest.raises(OSError, match=reason) as error:
        datasets.load_mnist(full=True, verbose=False)
    says_what_to_do(error.value, tmp_path / cache, "")
    assert names(tmp_path) == ["file", "nowhere"]


def test_a_full_disk_under_load_mnist(tmp_path, small_mnist, monkeypatch):
    def full(descriptor):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError) as error:
        datasets.load_mnist(full=True, verbose=False)
    says_what_to_do(error.value, tmp_path / "cache", "No space left on device")
    assert error.value.errno == errno.ENOSPC and names(tmp_path / "cache") == []


def test_no_home(monkeypatch):
    for name in ("MLBOOK_CACHE", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)

    def homeless():
        raise RuntimeError("Could not determine home directory.")
    monkeypatch.setattr(Path, "home", homeless)
    with pytest.raises(RuntimeError, match=r"^load_mnist: there is no folder.*home directory.*, expected .*MLBOOK_CACHE"):
        datasets.load_mnist(full=True)
    assert len(datasets.load_mnist().test_labels) == 2000  # needs none


@pytest.mark.parametrize("chosen", [UMLAUT, "~/own"])
def test_a_cache_relative_or_at_home(tmp_path, small_mnist, monkeypatch, chosen):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.setenv("MLBOOK_CACHE", chosen)
    assert files.cache_folder() == tmp_path / chosen.removeprefix("~/")
    digits = datasets.load_mnist(full=True, verbose=False)
    np.testing.assert_array_equal(digits.test_images, small_mnist["test_images"])
    assert len(names(files.cache_folder())) == 4


def test_a_relative_xdg_cache_is_ignored(monkeypatch, tmp_path):
    monkeypatch.delenv("MLBOOK_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    assert files.cache_folder().is_relative_to(tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="has no umask")
def test_two_at_once_and_a_mask_of_rights(tmp_path, server):
    program = ("import os, sys; os.umask(0o077); from mlbook.files import download; "
               f"download({NAME!r}, sys.argv[1], {SHA!r}, mirrors=[{server.at('good')!r}], verbose=False)")
    command = [sys.executable, "-c", program, str(tmp_path / "a" / "b")]
    running = [subprocess.Popen(command) for _ in range(2)]
    assert [process.wait(60) for process in running] == [0, 0]
    assert names(tmp_path / "a" / "b") == [NAME] and (tmp_path / "a" / "b" / NAME).read_bytes() == BODY
    assert (tmp_path / "a" / "b" / NAME).stat().st_mode & 0o777 == 0o600


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


def test_digits_show_themselves_in_two_lines():
    assert repr(datasets.load_mnist()) == str(datasets.load_mnist()) == (
        "Digits(train_images=uint8 (10000, 28, 28), train_labels=int64 (10000,),\n"
        "       test_images=uint8 (2000, 28, 28), test_labels=int64 (2000,))")


@pytest.mark.parametrize("options", [{"full": "yes"}, {"full": 1}, {"verbose": "no"}, {"full": None}])
def test_load_mnist_refuses_what_is_no_flag(options):
    [(name, value)] = options.items()
    with pytest.raises(TypeError, match=f"^load_mnist: {name} is {value!r}, expected True or False"):
        datasets.load_mnist(**options)


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
    notice = packaged().with_name("NOTICE.md").read_text(encoding="utf-8")
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


@pytest.mark.parametrize("dtype", [str, "x", object, complex, int, None])
def test_targets_and_inputs_are_floats(dtype):
    for function, arguments in ((datasets.one_hot, ([0, 1], 3)), (datasets.scale_pixels, (np.zeros((2, 3, 3), np.uint8),))):
        with pytest.raises(TypeError, match=f"^{function.__name__}: dtype is .*, expected a float type"):
            function(*arguments, dtype=dtype)
        for wide in (np.float16, np.longdouble):
            assert function(*arguments, dtype=wide).dtype == wide


@settings(max_examples=40, deadline=None)
@given(hnp.arrays(np.uint8, hnp.array_shapes(min_dims=3, max_dims=3, max_side=6)))
def test_scale_pixels(images):
    x = datasets.scale_pixels(images, dtype=np.float64)
    np.testing.assert_array_equal(x, datasets.scale_pixels_loops(images))
    single = datasets.scale_pixels(images, flat=False)
    assert single.dtype == np.float32 and single.shape == (len(images), 1, *images.shape[1:])
    np.testing.assert_array_equal(single, (images[:, None] / np.float32(255)))
    np.testing.assert_array_equal(single, datasets.scale_pixels(images[::-1], flat=False)[::-1])


def test_scale_pixels_in_half_and_in_long_precision():
    images = np.arange(256, dtype=np.uint8).reshape(4, 8, 8)
    exact = np.arange(256, dtype=np.longdouble) / 255
    for dtype in (np.float16, np.float32, np.float64, np.longdouble):
        np.testing.assert_array_equal(datasets.scale_pixels(images, dtype=dtype).ravel(), exact.astype(dtype))


def test_pixels_of_a_file_in_place(tmp_path):
    pixels = np.memmap(tmp_path / "pixels", np.uint8, "w+", shape=(20, 3, 4))
    pixels[:] = np.arange(240).reshape(20, 3, 4)
    shut = np.memmap(tmp_path / "pixels", np.uint8, "r", shape=(20, 3, 4))
    x = datasets.scale_pixels(shut[5:9])
    assert type(x) is np.ndarray and x.flags.writeable
    np.testing.assert_array_equal(x, datasets.scale_pixels(np.array(pixels)[5:9]))
    labels = np.memmap(tmp_path / "labels", np.uint8, "w+", shape=(20,))
    np.testing.assert_array_equal(datasets.one_hot(labels, 3)[:, 0], 1)
    np.testing.assert_array_equal(datasets.mean_images(shut, labels, classes=1)[0], np.mean(pixels, axis=0))


@pytest.mark.parametrize("images, options, kind, message", [
    (np.zeros((28, 28), np.uint8), {}, ValueError, r"images has shape \(28, 28\), expected \(N, H, W\)"),
    (np.zeros((0, 28, 28), np.uint8), {}, ValueError, r"images has shape \(0, 28, 28\)"),
    (np.zeros((2, 28, 28)), {}, TypeError, "images has type float64, expected uint8"),
    (np.zeros((2, 1, 28, 28), np.uint8), {}, ValueError, r"images has shape \(2, 1, 28, 28\), expected \(N, H, W\)"),
    (np.ma.masked_array(np.zeros((2, 28, 28), np.uint8)), {}, TypeError, "images is a masked array"),
    (np.zeros((2, 28, 28), np.uint8), {"flat": "no"}, TypeError, "flat is 'no', expected True or False"),
    (None, {}, TypeError, "images has dtype object, expected real numbers"),
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


def test_mean_images_finds_the_missing_one_of_many_classes():
    "A set of all classes would take the whole memory."
    with pytest.raises(ValueError, match="labels lacks class 2, expected each class from 0 to 9999999999999"):
        datasets.mean_images(np.zeros((2, 2, 2)), [0, 1], classes=10**13)


@pytest.mark.parametrize("images, kind, message", [
    (np.ma.masked_array(np.zeros((2, 2, 2))), TypeError, "images is a masked array"),
    (np.full((2, 2, 2), "1"), TypeError, "images has dtype <U1, expected real numbers"),
    (None, TypeError, "images has dtype object, expected real numbers")])
def test_mean_images_refuses_what_is_no_image(images, kind, message):
    with pytest.raises(kind, match=f"^mean_images: {message}"):
        datasets.mean_images(images, [0, 1], classes=2)


# ------------------------------------------------------------------ a photograph

def shrunk(image, height, width):
    "Each pixel cut into equal parts, and the parts of each new pixel averaged."
    rows, columns = image.shape
    parts = np.kron(image, np.ones((height, width)))
    return parts.reshape(height, rows, width, columns).mean(axis=(1, 3))


@settings(max_examples=40, deadline=None)
@given(hnp.arrays(np.float64, hnp.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=45),
                  elements=st.floats(0.25, 1)), st.tuples(*[st.integers(0, 3)] * 3), st.sampled_from([1, 1e-300, 1e300]))
def test_a_digit_is_scaled_by_areas_and_centered(ink, paper, scale):
    above, before, behind = paper
    image = np.pad(ink * scale, ((above, 1), (before, behind)))
    made = datasets.center_digit(image)
    longer = max(ink.shape)
    height, width = (max(1, round(20 * n / longer)) for n in ink.shape)
    q = shrunk(ink, height, width)
    expected = 255 * q / q.max()
    assert made.shape == (28, 28) and made.dtype == np.uint8 and made.max() == 255
    places = np.argwhere(made)
    top, left = places.min(axis=0)
    assert (places.max(axis=0) - (top, left) + 1 == (height, width)).all()
    assert np.abs(made[top:top + height, left:left + width] - expected).max() <= 0.5 + 1e-9
    for start, size, axis in ((top, height, 1), (left, width, 0)):
        shift = 14 - np.average(np.arange(size), weights=q.sum(axis=axis)) - start
        assert abs(shift) <= 0.5 + 1e-9 or start == (28 - size if shift > 0 else 0)


def test_official_digits_come_back():
    images = datasets.load_mnist().test_images[:500]
    made = np.stack([datasets.center_digit(image) for image in images])
    assert (np.abs(made.astype(int) - images) <= 9).all(axis=(1, 2)).mean() > 0.995
    np.testing.assert_array_equal(datasets.center_digit(images[0].astype(np.float16)), made[0])
    np.testing.assert_array_equal(datasets.center_digit((images[0] > 0).tolist()).max(axis=0) > 0, made[0].max(axis=0) > 0)


def test_photographs_are_read_nearly_as_well_as_the_digits_on_them():
    digits, rng = datasets.load_mnist(), np.random.default_rng(0)
    means = datasets.mean_images(digits.train_images, digits.train_labels).reshape(10, -1)
    light = 200 - 0.1 * np.arange(300)[:, None] - 0.05 * np.arange(270)
    made = []
    for image in digits.test_images[:200]:
        grey = light + rng.normal(0, 3, light.shape)
        top, left = rng.integers(0, (49, 19))
        grey[top:top + 252, left:left + 252] *= 1 - 0.8 * np.kron(image, np.ones((9, 9))) / 255
        ink = np.median(grey) - grey
        ink[ink < 0.3 * ink.max()] = 0
        made.append(datasets.center_digit(ink))

    def read(images):
        x = np.asarray(images, float).reshape(-1, 784)
        return np.sum((x @ means.T - 0.5 * (means**2).sum(axis=1)).argmax(axis=1) == digits.test_labels[:200])
    assert read(made) >= read(digits.test_images[:200]) - 8


@pytest.mark.parametrize("image, kind, message", [
    (np.zeros((9, 9)), ValueError, "image is 0 everywhere, expected ink"),
    (np.full((9, 9), 200), ValueError, "image has ink all along its edge, expected 0 for paper"),
    (255 - np.eye(9), ValueError, "image has ink all along its edge, expected 0 for paper"),
    (-np.eye(9), ValueError, "image has a pixel that is negative or not finite"),
    (np.nan * np.eye(9), ValueError, "image has a pixel that is negative or not finite"),
    (np.diag([np.inf, 1]), ValueError, "image has a pixel that is negative or not finite"),
    (np.zeros((9, 9, 3)), ValueError, r"image has shape \(9, 9, 3\), expected \(H, W\)"),
    (np.ma.masked_array(np.eye(3)), TypeError, "image is a masked array"),
    ("photo.jpg", TypeError, "image has dtype <U9, expected real numbers")])
def test_center_digit_refuses(image, kind, message):
    with np.errstate(invalid="ignore"), pytest.raises(kind, match=f"^center_digit: {message}"):
        datasets.center_digit(image)


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


@pytest.mark.parametrize("seed, kind", [("a", TypeError), (1.5, TypeError), (None, TypeError), (True, TypeError),
                                        ([1], TypeError), (-1, ValueError)])
def test_seeds_that_are_none(seed, kind):
    labels = [0, 1] * 10
    for call in (lambda: datasets.balanced_sample(labels, 1, seed=seed), lambda: datasets.stratified_split(labels, seed=seed)):
        with pytest.raises(kind, match="^(balanced_sample|stratified_split): seed is .*, expected a whole number of at least 0, or"):
            call()


@pytest.mark.parametrize("validation", ["0.1", None, True, [0.1], np.array([0.1])])
def test_a_fraction_is_a_number(validation):
    with pytest.raises(TypeError, match="^stratified_split: validation is .*, expected a number"):
        datasets.stratified_split([0, 1] * 10, validation=validation)


def test_import_loads_no_network_code():
    program = "import sys, mlbook.datasets; print(sorted({'urllib.request', 'http.client', 'gzip'} & {*sys.modules}))"
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, encoding="utf-8", check=True).stdout
    assert shown.strip() == "[]"


def test_the_example_digit_is_a_test_image_that_its_scores_read():
    digit, digits = datasets.example_digit(), datasets.load_mnist()
    places = np.flatnonzero((digits.test_images == digit.image).all(axis=(1, 2)))
    assert [int(digits.test_labels[place]) for place in places] == [digit.label]
    assert digit.scores.shape == (10,) and digit.scores.dtype == float
    ranked = np.argsort(digit.scores)[::-1]
    assert ranked[0] == digit.label and 0 < digit.scores[ranked[0]] - digit.scores[ranked[1]] < 1
