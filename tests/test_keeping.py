"""Networks that are kept in files: what comes back, and what is no such file."""

import errno
import json
import os
import random
import stat
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import mlbook
import numpy as np
import pytest
from mlbook import keeping
from mlbook.files import written_whole
from safetensors.numpy import load_file, save
from shared import without_rights

BITS = {2: np.uint16, 4: np.uint32, 8: np.uint64}


class Scale(mlbook.Layer):
    "A layer of a reader's own, with a state of whole numbers and a shape that it finds when it begins."
    function = staticmethod(lambda x, w: x)
    learns = ("w",)

    def __init__(self, factor, *, names=("a",), table=None):
        super().__init__()
        self.factor, self.names, self.table = factor, names, table

    def initialize(self, input_shape, rng, dtype):
        self.found = input_shape
        self.params = {"w": rng.random(input_shape).astype(dtype)}
        self.state = {"seen": np.zeros((), np.int64), "none": np.zeros((0, 3), np.uint8)}
        return input_shape

    def __call__(self, x):
        return self.factor * self.params["w"] * x


def deep(dtype=np.float32, seed=7):
    "A network with every layer of the book."
    block = mlbook.Residual([mlbook.Conv2D(4, 3, padding="same"), mlbook.BatchNorm(momentum=0.3), mlbook.Dropout(0.2),
                             mlbook.LeakyReLU(slope=0.1), mlbook.Residual([mlbook.Tanh()])])
    return mlbook.Sequential([
        mlbook.Conv2D(4, (3, 2), padding=((1, 0), (0, 1))), mlbook.BatchNorm(), mlbook.ReLU(), block, mlbook.MaxPool2D((2, 2)),
        mlbook.AvgPool2D(2, stride=1), mlbook.Flatten(), mlbook.Sigmoid(), mlbook.Dense(3, initializer="he_normal"), mlbook.Softmax(),
    ], (1, 9, 9), seed=seed, dtype=dtype)


def samples(network, count=8):
    rng = np.random.default_rng(1)
    x = rng.random((count, *network.shapes[0])).astype(network.dtype)
    return x, np.eye(network.shapes[-1][-1], dtype=network.dtype)[rng.integers(0, network.shapes[-1][-1], count)]


def arrays(network):
    return keeping.network_arrays(network)


def same(a, b):
    "Whether two networks have the same arrays, bit for bit, and the same generator."
    a_bits, b_bits = ({name: (v.shape, v.dtype, v.tobytes()) for name, v in arrays(n).items()} for n in (a, b))
    return list(a_bits.items()) == list(b_bits.items()) and generator(a) == generator(b)


def generator(network):
    return repr(network.rng.bit_generator.state)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "net.safetensors"


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_a_network_comes_back_and_goes_on_as_it_would_have(path, dtype):
    net = deep(dtype)
    x, t = samples(net)
    mlbook.fit(net, x, t, epochs=1, batch_size=4, loss=mlbook.cross_entropy, verbose=False)
    net.save(path)
    other = mlbook.load(path)
    assert same(net, other) and other.dtype == dtype and other.shapes == net.shapes
    assert repr(list(other)) == repr(list(net)) and repr(other) == repr(net)
    assert other(x).tobytes() == net(x).tobytes()
    parts = [other.layers[3].layers[2], other.layers[3]]
    assert parts[0].rng is other.rng
    for model in (net, other):
        mlbook.fit(model, x, t, epochs=2, batch_size=4, loss=mlbook.cross_entropy, verbose=False)
    assert same(net, other)


def test_the_same_network_gives_the_same_bytes_in_another_process(path):
    deep().save(path)
    before = path.read_bytes()
    code = "import sys, mlbook; mlbook.load(sys.argv[1]).save(sys.argv[1])"
    for seed in "123":
        subprocess.run([sys.executable, "-c", code, path], check=True, env=os.environ | {"PYTHONHASHSEED": seed})
        assert path.read_bytes() == before


def test_every_layer_of_the_book_is_known():
    made = {c for c in [*vars(mlbook.network).values(), *vars(mlbook.depth).values()]
            if isinstance(c, type) and issubclass(c, mlbook.Layer) and c is not mlbook.Layer}
    assert made == set(keeping.LAYERS.values())
    assert made <= {type(part) for layer in deep() for part in [layer, *layer.layers, *(p for q in layer.layers for p in q.layers)]}


def test_another_tool_reads_the_file(path):
    net = deep()
    net.save(path)
    there = load_file(path)
    assert there.keys() == arrays(net).keys()
    assert all(np.array_equal(there[name], array) for name, array in arrays(net).items())
    head = path.read_bytes()
    metadata = json.loads(head[8 : 8 + int.from_bytes(head[:8], "little")])["__metadata__"]
    described = json.loads(metadata["mlbook"])
    assert (described["format"], described["version"]) == ("mlbook.Sequential", 1)
    assert described["network"]["layers"][8] == {"class": "Dense", "arguments": {"units": 3, "initializer": "he_normal"}}


@pytest.mark.parametrize("bits", ["PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64"])
def test_every_generator_of_numpy_goes_on(path, bits):
    net = mlbook.Sequential([mlbook.Dense(2)], (3,), seed=np.random.Generator(getattr(np.random, bits)(5)))
    net.rng.random(3, np.float32)
    net.save(path)
    assert mlbook.load(path).rng.random() == net.rng.random()


def test_numbers_that_are_none_stay_bit_for_bit(path):
    net = mlbook.Sequential([mlbook.Dense(4)], (3,))
    bits = np.array([0x7FC00001, 0xFF800000, 0x7F800000, 0x80000000], np.uint32)  # a NaN with a payload, -inf, inf, -0
    net.params[0]["b"][...] = bits.view(np.float32)
    net.save(path)
    assert np.array_equal(mlbook.load(path).params[0]["b"].view(np.uint32), bits)


@pytest.mark.parametrize("change", [lambda w: w.astype(">f4"), np.asfortranarray, lambda w: w[::-1, ::-1], lambda w: w.repeat(2, 1)[:, ::2]])
def test_arrays_in_another_order_of_memory_are_kept_by_their_numbers(path, change):
    net = mlbook.Sequential([mlbook.Dense(4)], (3,))
    net.params[0]["w"] = changed = change(net.params[0]["w"])
    net.save(path)
    [w, _] = mlbook.load(path).params[0].values()
    assert np.array_equal(w, changed) and w.dtype == np.float32 and w.dtype.isnative


def test_a_network_of_one_number_and_one_without_any(path):
    for layers in ([mlbook.Dense(1)], [mlbook.ReLU()]):
        net = mlbook.Sequential(layers, (1,), dtype=np.float64)
        net.save(path)
        assert same(net, mlbook.load(path)) and mlbook.load(path).dtype == np.float64


def test_a_layer_of_ones_own_comes_back_with_its_class(path):
    net = mlbook.Sequential([Scale(2.5, names=("a", "b"), table=np.arange(3)), mlbook.Residual([Scale(3)]), mlbook.Dense(2)], (4,))
    net.state[0]["seen"] += 9
    net.save(str(path))
    with pytest.raises(ValueError, match=r"^load: '.*net.safetensors' has a layer of the class 'Scale', which is none of mlbook's, expected the "
                       r"class itself, as in load\(path, layers=\[MyLayer\]\)$"):
        mlbook.load(path)
    other = mlbook.load(path, layers=[Scale])
    assert same(net, other) and other.layers[0].names == ("a", "b") and other.layers[0].found == (4,)
    assert np.array_equal(other.layers[0].table, np.arange(3))


def test_a_slice_and_a_network_in_a_network(path):
    net = deep()
    net[:4].save(path)
    assert mlbook.load(path).shapes == net.shapes[:5]
    mlbook.Sequential([net[:8], mlbook.Dense(2)], (1, 9, 9)).save(path)
    assert len(mlbook.load(path)) == 9


class Forgets(mlbook.Layer):
    function = staticmethod(mlbook.relu)

    def __init__(self, size):
        super().__init__()


class Dense(mlbook.Dense):
    "Has the name of another."


class Own(mlbook.Sequential):
    pass


def with_state(state):
    layer = Scale(1)
    net = mlbook.Sequential([layer], (2,))
    layer.state = state
    return net


@pytest.mark.parametrize("make, error, says", [
    (lambda: mlbook.Sequential([Forgets(3)], (2,)), TypeError, "Forgets does not keep its argument size, expected an attribute"),
    (lambda: mlbook.Sequential([Dense(3)], (2,)), ValueError, "network.layers.0 is of a class Dense that is not mlbook's, expected"),
    (lambda: Own([mlbook.Dense(3)], (2,)), TypeError, "the network is the class Own, expected a Sequential, and no subclass"),
    (lambda: mlbook.Sequential([Scale(print)], (2,)), TypeError, "network.layers.0.factor is the function print, expected None"),
    (lambda: mlbook.Sequential([Scale({1: 2})], (2,)), TypeError, r"layers.0.factor is \{1: 2\}, expected"),
    (lambda: mlbook.Sequential([Scale({"array": "params.0.w"})], (2,)), TypeError, "layers.0.factor is"),
    (lambda: mlbook.Sequential([mlbook.Dense(3)], (2,), dtype=np.longdouble), TypeError, "params.0.w is of float128, expected float16"),
    (lambda: with_state({"seen": np.array(["a"])}), TypeError, "state.0.seen is of <U1, expected float16"),
    (lambda: with_state({"seen": np.array([None])}), TypeError, "state.0.seen is of object, expected float16"),
])
def test_what_a_file_cannot_keep_is_said(path, make, error, says):
    if "float128" in says and np.dtype(np.longdouble).itemsize == 8:
        pytest.skip("there is no longer float here")
    path.write_bytes(b"before")
    with pytest.raises(error, match="^Sequential.save: .*" + says):
        make().save(path)
    assert path.read_bytes() == b"before" and os.listdir(path.parent) == [path.name]


@pytest.mark.parametrize("layers, error, says", [
    (Scale, TypeError, "layers is the class Scale, expected a list of subclasses of Layer"),
    ([Scale(1)], TypeError, r"layers\[0\] is Scale\(1\), expected"),
    ([int], TypeError, r"layers\[0\] is the class int, expected"),
    ([Dense], ValueError, r"layers\[0\] has the name Dense of another class"),
])
def test_the_classes_that_load_takes(path, layers, error, says):
    with pytest.raises(error, match="^load: " + says):
        mlbook.load(path, layers=layers)


@pytest.mark.parametrize("wrong, error", [(3, TypeError), (None, TypeError), (b"net", TypeError), ("a\0b", ValueError)])
def test_a_path_is_a_string_or_a_path(wrong, error):
    for call in (mlbook.load, deep().save):
        with pytest.raises(error, match="path is"):
            call(wrong)


# ---- files that are something else

def refused(path, says="", error=ValueError):
    with pytest.raises(error, match="^load: .*" + says) as caught:
        mlbook.load(path)
    message = str(caught.value)
    assert "\n" not in message.replace("\\n", "") and len(message) < 600
    return message


def test_a_file_that_is_cut_anywhere(path):
    mlbook.Sequential([mlbook.Dense(2)], (3,)).save(path)
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        refused(path, "net.safetensors' is no whole safetensors file")
    path.write_bytes(whole + b"\0")
    refused(path, "is no whole safetensors file")


def test_a_file_in_which_any_byte_is_changed(path):
    net = mlbook.Sequential([mlbook.Dense(2)], (3,))
    net.save(path)
    whole, rng = path.read_bytes(), random.Random(4)
    for place in range(len(whole)):
        changed = bytearray(whole)
        changed[place] ^= 1 << rng.randrange(8)
        path.write_bytes(changed)
        try:
            other = mlbook.load(path)
        except ValueError as error:
            assert str(error).startswith("load: ")
        else:  # a blank at the end of the head says nothing
            assert same(net, other) and whole[place : place + 1] == b" "


def rewritten(path, change, sign=True):
    "Change description and arrays of a file, and give it the fingerprint that fits."
    description, found = keeping.read_arrays(mlbook.load, path)
    description, found = change(description, found) or (description, found)
    if sign:
        description["sha256"] = keeping._fingerprint(description, found)
    path.write_bytes(save(found, {"mlbook": json.dumps(description)}))


def changing(*where, to):
    def change(description, found):
        *place, last = where
        for key in place:
            description = description[key]
        description[last] = to
    return change


def array_to(name, to):
    return lambda description, found: found.update({name: to}) if to is not None else found.pop(name) is None


LAYER = ("network", "layers", 0)


@pytest.mark.parametrize("change, says", [
    (changing("version", to=2), "is of version 2 of its format, while this mlbook reads version 1, expected a file as"),
    (changing("version", to="1"), "is of the format"),
    (changing("version", to=True), "is of the format"),
    (changing("format", to="mlbook.Tree"), "is of the format 'mlbook.Tree'"),
    (changing("network", to=3), "describes no network"),
    (changing(*LAYER, "class", to="os.system"), "has a layer of the class 'os.system', which is none"),
    (changing(*LAYER, "class", to="Layer"), "has a layer of the class 'Layer', which is none"),
    (changing(*LAYER, "class", to=["Dense"]), "which is none of mlbook's"),
    (changing(*LAYER, "arguments", to={"units": 2, "system": "ls"}), "describes no network .*unexpected keyword"),
    (changing(*LAYER, "arguments", "units", to=10**9), r"describes no network .*params.0.w has shape \(3, 2\), expected \(3, 1000000000\)"),
    (changing(*LAYER, "arguments", "units", to={"array": "params.0.b"}), "describes no network"),
    (changing(*LAYER, "arguments", "units", to={"array": "nowhere"}), "describes no network"),
    (changing("network", "input_shape", to=[10**15]), "describes no network .*more than the .* of memory"),
    (changing("network", "input_shape", to=[4]), "describes no network"),
    (changing("network", "input_shape", to="abc"), "describes no network"),
    (changing("network", "dtype", to="float64"), "describes no network .*float32"),
    (changing("network", "dtype", to="object"), "describes no network"),
    (changing("network", "layers", to=[]), "describes no network"),
    (changing("network", "layers", to=[{"class": "MaxPool2D", "arguments": {"kernel_size": 2, "padding": 10**9}}]), "describes no network"),
    (changing("network", "layers", to=[{"class": "Dense", "arguments": {"units": 10**12}}]), r"params.0.w has shape \(3, 2\)"),
    (changing("network", "layers", to=[{"class": "ReLU", "arguments": {}}]), "params.0.b is .*, expected nothing"),
    (changing("network", "layers", to=["ReLU"]), "describes no network"),
    (changing("network", "rng", "bit_generator", to="Generator"), "the generator is of the kind 'Generator'"),
    (changing("network", "rng", "state", "state", to=-1), "cannot have the state"),
    (changing("network", "rng", "state", "state", to=2**128), "cannot have the state"),
    (changing("network", "rng", "uinteger", to=2**40), "cannot have the state"),
    (changing("network", "rng", "state", to=None), "cannot have the state"),
    (array_to("params.0.w", np.zeros((3, 3), np.float32)), r"params.0.w has shape \(3, 3\)"),
    (array_to("params.0.w", np.zeros(6, np.float32)), "params.0.w has shape"),
    (array_to("params.0.w", np.zeros((0, 2), np.float32)), "describes no network"),
    (array_to("params.0.w", np.zeros((3, 2), np.float64)), "has w of float64, expected float32"),
    (array_to("params.0.w", None), "the array params.0.w is missing"),
    (array_to("params.0.c", np.zeros(3)), "params.0.c is .*, expected nothing"),
    (array_to("state.0.c", np.zeros(3)), "state.0.c is .*, expected nothing"),
])
def test_a_file_that_says_something_else(path, change, says):
    mlbook.Sequential([mlbook.Dense(2)], (3,)).save(path)
    rewritten(path, change)
    refused(path, "net.safetensors' .*" + says)


def test_a_number_that_was_changed_is_noticed(path):
    mlbook.Sequential([mlbook.Dense(2)], (3,)).save(path)
    rewritten(path, array_to("params.0.b", np.ones(2, np.float32)), sign=False)
    refused(path, "was changed: its SHA-256 is [0-9a-f]{64}, and it says None")


def raw(path, head, data=b""):
    text = head if isinstance(head, bytes) else json.dumps(head).encode()
    path.write_bytes(len(text).to_bytes(8, "little") + text + data)


@pytest.mark.parametrize("tensor", [
    {"dtype": "F32", "shape": [2**62, 2**62], "data_offsets": [0, 4]},
    {"dtype": "F32", "shape": [10**12], "data_offsets": [0, 4 * 10**12]},
    {"dtype": "F32", "shape": [10**12], "data_offsets": [0, 4]},
    {"dtype": "F32", "shape": [-1], "data_offsets": [0, 4]},
    {"dtype": "F32", "shape": [1], "data_offsets": [-4, 0]},
    {"dtype": "F99", "shape": [1], "data_offsets": [0, 4]},
])
def test_an_enormous_shape_and_other_lies_in_the_head(path, tensor):
    raw(path, {"params.0.w": tensor}, b"1234")
    refused(path, "is no whole safetensors file")


def test_heads_that_are_no_heads(path):
    for head in (b"", b"{", b"[]", b"[" * 10**6, b"\xff" * 20, b'{"a":' * 5000):
        raw(path, head)
        refused(path, "is no whole safetensors file")
    path.write_bytes(b"\xff" * 8 + b"{}")
    refused(path, "is no whole safetensors file")
    for metadata in ({}, {"__metadata__": {}}, {"__metadata__": {"format": "pt"}}):
        raw(path, metadata)
        refused(path, r"is a safetensors file, but not one of a network of mlbook: its metadata has \[.*\]")
    for text in ("", "3", "[]", "null", "{}", "[" * 10**5, '{"format": 1e999}', "1" * 5000, '{"format": "mlbook.Sequential"}'):
        raw(path, {"__metadata__": {"mlbook": text}})
        refused(path, "has metadata that cannot be read")
    deepest = '{"layers":' * 400 + "[]" + "}" * 400
    raw(path, {"__metadata__": {"mlbook": '{"format":"mlbook.Sequential","version":1,"network":' + deepest + "}"}})
    refused(path, "was changed")
    raw(path, {"__metadata__": {"mlbook": '{"format":"mlbook.Sequential","version":1}'},
               "a": {"dtype": "BF16", "shape": [2], "data_offsets": [0, 4]}}, b"1234")
    refused(path, "has numbers of BF16")


def test_nested_blocks_without_end(path):
    net = mlbook.Sequential([mlbook.ReLU()], (2,))
    net.save(path)
    spec = {"class": "ReLU", "arguments": {}}
    for _ in range(300):
        spec = {"class": "Residual", "arguments": {"layers": [spec]}}
    rewritten(path, changing("network", "layers", to=[spec]))
    try:
        mlbook.load(path)
    except ValueError as error:
        assert "describes no network" in str(error)


@pytest.mark.parametrize("state", [{"pos": 625}, {"pos": -1}, {"key": np.zeros(3, np.uint32)}, {"key": np.zeros(624, np.int64)}, {"key": None}])
def test_a_state_that_would_read_beyond_the_memory_of_a_generator(path, state):
    net = mlbook.Sequential([mlbook.Dense(2)], (3,), seed=np.random.Generator(np.random.MT19937(1)))
    net.save(path)

    def change(description, found):
        for name, value in state.items():
            place = description["network"]["rng"]["state"]
            place[name] = value if not isinstance(value, np.ndarray) else {"array": "other"}
            found.update({"other": value} if isinstance(value, np.ndarray) else {})
    rewritten(path, change)
    refused(path, "cannot have the state")


def test_the_words_of_a_file_are_shown_in_one_line(tmp_path):
    path = tmp_path / "a\n\x1b[31m'b\".safetensors"
    mlbook.Sequential([mlbook.Dense(2)], (3,)).save(path)
    assert mlbook.load(path).shapes == [(3,), (2,)]
    rewritten(path, changing(*LAYER, "class", to="A\n\x1b[31m" + 300 * "x"))
    assert "\x1b" not in refused(path, "a.n")
    mlbook.Sequential([mlbook.Dense(2)], (3,)).save(path)
    rewritten(path, changing(*LAYER, "arguments", to={"\x1b[31m\n\u202e" + 999 * "x": 1}))
    assert refused(path, "unexpected keyword").isprintable()


def test_it_unpickles_nothing(path):
    source = (Path(keeping.__file__).read_text(encoding="utf-8") + Path(mlbook.files.__file__).read_text(encoding="utf-8"))
    assert not [word for word in ("pickle.", "import pickle", "eval(", "exec(", "importlib.import_module", "__import__") if word in source]
    np.savez(path.with_suffix(".npz"), a=np.array([None]))
    refused(path.with_suffix(".npz"), "is no whole safetensors file")


def test_what_is_not_there_or_is_no_file(tmp_path):
    assert refused(tmp_path / "none", r"cannot be read \(No such file", FileNotFoundError)
    refused(tmp_path, r"cannot be read \(Is a directory", IsADirectoryError)
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        refused(tmp_path / "pipe", "is a folder or a device")
        refused("/dev/zero", "is a folder or a device")
    with open(tmp_path / "sparse", "wb") as file:
        file.truncate(2**43)
    refused(tmp_path / "sparse", "which takes more than the .* GiB of memory here")


# ---- writing

@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="rights are those of POSIX")
def test_a_folder_and_a_file_that_may_not_be_written():
    net = mlbook.Sequential([mlbook.Dense(2)], (3,))
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "net.safetensors"
        net.save(path)
        before = path.read_bytes()
        net.params[0]["b"] += 1
        for folder, file in ((0o555, 0o666), (0o777, 0o444)):
            path.chmod(file), os.chmod(name, folder)
            with without_rights(), pytest.raises(PermissionError, match=r"^Sequential.save: '.*net.safetensors' cannot be written \(Permission denied\), "
                                            "expected a file in a folder with rights and with room$"):
                net.save(path)
            os.chmod(name, 0o777)
            assert path.read_bytes() == before and os.listdir(name) == [path.name]


FULL = """
import errno, os, resource, sys, mlbook
net = mlbook.Sequential([mlbook.Dense(100)], (100,))
resource.setrlimit(resource.RLIMIT_FSIZE, (9000, 9000))
try:
    net.save(sys.argv[1])
except OSError as error:
    print(error.errno == errno.EFBIG, error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits are those of POSIX")
def test_a_disk_without_room_leaves_the_file_of_before(path):
    path.write_bytes(b"before")
    done = subprocess.run([sys.executable, "-c", FULL, path], encoding="utf-8", capture_output=True, check=True)
    assert done.stdout.startswith("True Sequential.save: ") and "cannot be written (File too large)" in done.stdout
    assert path.read_bytes() == b"before" and os.listdir(path.parent) == [path.name]


def test_a_full_disk(path, monkeypatch):
    path.write_bytes(b"before")

    def full(number):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match=r"cannot be written \(No space left on device\), expected") as caught:
        mlbook.Sequential([mlbook.Dense(2)], (3,)).save(path)
    assert caught.value.errno == errno.ENOSPC
    assert path.read_bytes() == b"before" and os.listdir(path.parent) == [path.name]


def test_a_symbolic_link_stays_and_what_it_names_is_replaced(tmp_path):
    (tmp_path / "runs").mkdir()
    link, target = tmp_path / "latest", tmp_path / "runs" / "7.safetensors"
    link.symlink_to(target)
    for seed in (1, 2):  # the first time it points to nothing yet
        net = mlbook.Sequential([mlbook.Dense(2)], (3,), seed=seed)
        net.save(link)
        assert link.is_symlink() and same(net, mlbook.load(target))
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    with pytest.raises(OSError, match="cannot be written"):
        net.save(loop)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes")
def test_neither_a_folder_nor_a_pipe_nor_a_device_is_replaced(tmp_path):
    net = mlbook.Sequential([mlbook.Dense(2)], (3,))
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    for name, error in (("folder", IsADirectoryError), ("pipe", OSError)):
        with pytest.raises(error, match="cannot be written"):
            net.save(tmp_path / name)
    with pytest.raises(OSError, match="cannot be written"):
        net.save("/dev/null")
    assert stat.S_ISFIFO(os.stat(tmp_path / "pipe").st_mode) and stat.S_ISCHR(os.stat("/dev/null").st_mode)
    with pytest.raises(FileNotFoundError, match="cannot be written"):
        net.save(tmp_path / "nowhere" / "net")


@pytest.mark.skipif(sys.platform == "win32", reason="rights are those of POSIX")
def test_the_rights_of_the_file_stay(path):
    net = mlbook.Sequential([mlbook.Dense(2)], (3,))
    net.save(path)
    path.chmod(0o600)
    net.save(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_many_writers_and_a_reader_see_whole_files_only(path):
    nets = [mlbook.Sequential([mlbook.Dense(50)], (40,), seed=seed) for seed in range(4)]
    nets[0].save(path)
    ended, failed = threading.Event(), []

    def write(net):
        try:
            while not ended.is_set():
                net.save(path)
        except OSError as error:
            failed.append(error)
    writers = [threading.Thread(target=write, args=[net]) for net in nets]
    for writer in writers:
        writer.start()
    read = [mlbook.load(path) for _ in range(100)]
    ended.set()
    for writer in writers:
        writer.join()
    assert failed == [] and all(any(same(net, other) for net in nets) for other in read)
    assert os.listdir(path.parent) == [path.name]


def test_what_a_killed_writer_left_is_removed_after_an_hour(tmp_path):
    names = ["a[1].12345678.part", "a1.12345678.part", "a[1].1234567.part", "a[1].87654321.part"]
    for name in names:
        (tmp_path / name).write_bytes(b"half")
    for name in names[:3]:
        os.utime(tmp_path / name, (0, 0))
    with written_whole(tmp_path / "a[1]") as file:
        file.write(b"whole")
    assert sorted(os.listdir(tmp_path)) == sorted([*names[1:], "a[1]"])


def test_an_error_or_ctrl_c_while_it_writes(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"before")
    for error in (KeyError, KeyboardInterrupt, GeneratorExit):
        with pytest.raises(error), written_whole(path) as file:
            file.write(b"half")
            file.flush()
            raise error
        assert path.read_bytes() == b"before" and os.listdir(tmp_path) == ["a"]


def test_safetensors_is_an_extra():
    code = "import sys; sys.modules['safetensors'] = None; import mlbook; net = mlbook.Sequential([mlbook.Dense(1)], (1,))\nfor call in (net.save, mlbook.load):\n" \
        "    try: call('x')\n    except ModuleNotFoundError as error: print(error)"
    done = subprocess.run([sys.executable, "-c", code], encoding="utf-8", capture_output=True, check=True)
    assert done.stdout.splitlines() == [f"{name} needs safetensors: pip install 'mlbook[keep]'" for name in ("Sequential.save", "load")]


# ---- a training that goes on

RUN = """
import os, signal, sys
import numpy as np
import mlbook
from mlbook.training import Progress

def network(seed=3, dtype=np.float32):
    block = mlbook.Residual([mlbook.Dense(12), mlbook.BatchNorm(), mlbook.Dropout(0.3), mlbook.ReLU()])
    return mlbook.Sequential([mlbook.Dense(12), block, mlbook.Dense(4)], (6,), seed=seed, dtype=dtype)

def data(count=60):
    rng = np.random.default_rng(8)
    return rng.random((count, 6)), np.eye(4)[rng.integers(0, 4, count)]

def noisy(x, rng):
    return x + rng.normal(0, 0.01, x.shape)

class Slower:
    "A callback that changes the rate, and remembers something."
    def __init__(self):
        self.best = []
    def __call__(self, progress):
        self.best.append(progress.history.loss[-1])
        if len(self.best) % 2 == 0:
            progress.optimizer.learning_rate *= 0.7
    def state_dict(self):
        return {"best": self.best}
    def load_state_dict(self, state):
        self.best = state["best"]

class Stop:
    "A callback that ends the process, as a crash does, after an epoch."
    def __init__(self, after):
        self.after = after
    def __call__(self, progress):
        if progress.epoch + 1 == self.after:
            os._exit(7)
    def state_dict(self):
        return {}
    def load_state_dict(self, state):
        pass

OPTIMIZERS = {"sgd": lambda: mlbook.SGD(0.1), "momentum": lambda: mlbook.SGD(0.05, momentum=0.9, nesterov=True, weight_decay=1e-3),
              "adam": lambda: mlbook.Adam(0.01), "adamw": lambda: mlbook.AdamW(0.01)}

def train(path, *, epochs=6, optimizer="adam", after=0, network=network, x=None, **options):
    model = network()
    x, t = data() if x is None else (x, None)
    chosen = {"validation_data": 0.2, "transform": noisy} if t is not None else {}
    slower = Slower()
    callbacks = [slower, mlbook.EarlyStopping(patience=4, monitor="loss")]
    if "callbacks" in options:
        callbacks = options.pop("callbacks")
    history = mlbook.fit(model, x, t, epochs=epochs, batch_size=7, optimizer=OPTIMIZERS[optimizer](), verbose=False, checkpoint=path,
                         callbacks=[*callbacks, Stop(after)], **chosen | options)
    return model, history, slower
"""
exec(RUN)  # the same words in this process and in another


def in_another_process(path, **options):
    done = subprocess.run([sys.executable, "-c", f"{RUN}\ntrain(sys.argv[1], **{options})", path], env=os.environ | {"PYTHONHASHSEED": "random"})
    return done.returncode


@pytest.mark.parametrize("optimizer, seed", [("sgd", 5), ("momentum", None), ("adam", 5), ("adamw", None)])
def test_stopped_and_resumed_in_other_processes_is_unstopped_bit_for_bit(tmp_path, optimizer, seed):
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    model, history, slower = train(whole, optimizer=optimizer, seed=seed)
    bare = train(None, optimizer=optimizer, seed=seed)
    assert same(model, bare[0]) and history == bare[1]
    for after in (2, 5):
        assert in_another_process(broken, optimizer=optimizer, seed=seed, after=after) == 7
    assert in_another_process(broken, optimizer=optimizer, seed=seed) == 0
    assert broken.read_bytes() == whole.read_bytes()
    again = train(broken, optimizer=optimizer, seed=seed)  # there is nothing left to do
    assert same(model, again[0]) and history == again[1] and slower.best == again[2].best
    assert same(model, mlbook.load(broken))


def plain(path, *, epochs=3, model=None, x=None, t=None, verbose=False, **options):
    model = model or network()
    x, t = data() if x is None else (x, t)
    return model, mlbook.fit(model, x, t, epochs=epochs, batch_size=7, verbose=verbose, checkpoint=path, **options)


def test_a_training_can_be_made_longer(path):
    whole, history = plain(None, epochs=6)
    plain(path, epochs=2)
    model, further = plain(str(path), epochs=6)
    assert same(model, whole) and further == history
    with pytest.raises(ValueError, match=r"^fit: checkpoint '.*' is of a training with epochs 6, and this one has 5, expected the same, or another file"):
        plain(path, epochs=5)


def test_it_goes_on_whatever_the_network_was_before(path):
    whole, history = plain(None, epochs=4, validation_data=0.2)
    plain(path, epochs=2, validation_data=0.2)
    other = network(seed=99)
    other.rng.random(7)
    model, further = plain(path, epochs=4, model=other, validation_data=0.2)
    assert same(model, whole) and further == history


@pytest.mark.parametrize("options", [{"sample_weight": [[1], [2, 3]]}, {"class_weight": "abc"}, {"validation_data": (1, 2)}, {"x": 3.0, "t": 4.0}])
def test_wrong_arguments_are_said_as_without_a_checkpoint(path, options):
    said = []
    for file in (None, path):
        with pytest.raises((TypeError, ValueError), match="^fit: ") as caught:
            plain(file, **options)
        said.append(str(caught.value))
    assert said[0] == said[1] and not path.exists()


def test_the_checkpoint_is_a_network_for_load(path):
    model, _ = plain(path)
    assert same(model, mlbook.load(path)) and mlbook.load(path).layers[1].layers[2].rng is not model.rng


def test_a_training_that_a_callback_ended_stays_ended(path):
    def stop(progress):
        if progress.epoch == 1:
            progress.stop()
    model, history = plain(path, epochs=5, callbacks=[stop])
    again, further = plain(path, epochs=5, callbacks=[stop])
    assert len(history.loss) == 2 and further == history and same(model, again)


def test_early_stopping_goes_on_and_puts_back_the_best(tmp_path):
    def run(path):
        stop = mlbook.EarlyStopping(patience=2)
        found = train(path, epochs=30, optimizer="adam", seed=1, callbacks=[stop])
        return *found[:2], stop
    whole, history, stop = run(tmp_path / "whole")
    assert 5 < len(history.loss) < 30 and stop.best_epoch == len(history.loss) - 3
    for after in (2, len(history.loss) - 1):
        code = f"{RUN}\ntrain(sys.argv[1], epochs=30, optimizer='adam', seed=1, after={after}, callbacks=[mlbook.EarlyStopping(patience=2)])"
        assert subprocess.run([sys.executable, "-c", code, tmp_path / "broken"]).returncode == 7
    model, further, again = run(tmp_path / "broken")
    assert same(whole, model) and further == history and vars(again).keys() == vars(stop).keys() and again.best == stop.best
    assert (tmp_path / "broken").read_bytes() == (tmp_path / "whole").read_bytes()


@pytest.mark.parametrize("options", [
    {"validation_data": (np.ones((5, 6)), np.eye(4)[[0, 1, 2, 3, 0]])}, {"class_weight": [1, 2, 3, 4]}, {"sample_weight": np.arange(60.0)},
    {"loss": mlbook.squared_error, "metrics": ("accuracy",)}, {"optimizer": None}, {"callbacks": [print]},
    {"seed": np.random.Generator(np.random.MT19937(3))}, {"optimizer": mlbook.SGD(mlbook.CosineDecay(0.1, steps=40))},
])
def test_every_option_goes_on(path, options, capsys):
    def given():
        made = {"optimizer": mlbook.SGD(options["optimizer"].learning_rate)} if options.get("optimizer") else {}
        seed = {"seed": np.random.Generator(np.random.MT19937(3))} if "seed" in options else {}
        return options | made | seed
    whole, history = plain(None, epochs=4, **given())
    plain(path, epochs=2, **given())
    model, further = plain(path, epochs=4, **given())
    assert same(model, whole) and further == history


class Batches:
    "Batches of a reader's own, which come from a generator of its own."

    def __init__(self):
        self.rng = np.random.default_rng(1)

    def __iter__(self):
        return (tuple(each[part] for each in data()) for part in self.rng.integers(0, 60, (4, 9)))

    def state_dict(self):
        return self.rng.bit_generator.state

    def load_state_dict(self, state):
        self.rng.bit_generator.state = state


def test_batches_with_a_state_go_on(path):
    whole, history = plain(None, epochs=4, x=Batches())
    plain(path, epochs=2, x=Batches())
    model, further = plain(path, epochs=4, x=Batches())
    assert same(model, whole) and further == history
    fixed = [tuple(each[:9] for each in data())]
    assert plain(path.with_name("fixed"), x=fixed)[1] == plain(None, x=fixed)[1]


class OwnOptimizer:
    "Moves by the sign of the gradient, and counts."
    steps = 0

    def step(self, params, grads):
        self.steps += 1
        for held, found in zip(params, grads):
            for name, array in held.items():
                array -= 0.1 / self.steps * np.sign(found[name])
            held.version += 1


class KeptOptimizer(OwnOptimizer):
    def state_dict(self):
        return {"steps": self.steps}

    def load_state_dict(self, state):
        self.steps = state["steps"]


def test_an_optimizer_of_ones_own(path):
    with pytest.raises(TypeError, match="^fit: optimizer is .*OwnOptimizer.*, expected methods state_dict and load_state_dict where"):
        plain(path, optimizer=OwnOptimizer())
    assert not path.exists()
    whole, _ = plain(None, epochs=4, optimizer=KeptOptimizer())
    plain(path, epochs=2, optimizer=KeptOptimizer())
    assert same(plain(path, epochs=4, optimizer=KeptOptimizer())[0], whole)


class Counts:
    def __call__(self, progress):
        pass


def test_a_callback_with_attributes_says_how_they_are_kept(path):
    with pytest.raises(TypeError, match=r"^fit: callbacks\[1\] is .*Counts.*, expected methods state_dict"):
        plain(path, callbacks=[print, Counts()])
    assert not path.exists()


def kept_state():
    return {"a": np.float32(0.1), "b": [1, (2.5, None)], "c": {"d": np.arange(3, dtype=np.int8)}, "e": float("nan"), "f": -np.inf, "g": "é\ud800"}


class Keeps(Counts):
    given: dict = {}

    def state_dict(self):
        return kept_state()

    def load_state_dict(self, state):
        Keeps.given = state


def test_what_a_state_may_be_made_of(path):
    plain(path, callbacks=[Keeps()])
    plain(path, callbacks=[Keeps()])
    assert repr(Keeps.given) == repr(kept_state() | {"a": float(np.float32(0.1)), "b": [1, [2.5, None]]})
    for wrong in ({"a": {1}}, {"a": print}, {1: 2}, {"a": np.array([None])}, {"array": "b"}, {"a.b": np.ones(1), "a": {"b": np.ones(2)}}):
        Keeps.state_dict = lambda self: wrong
        with pytest.raises((TypeError, ValueError), match=r"^fit: training.keepers.callbacks\[0\]"):
            plain(path.with_name("other"), callbacks=[Keeps()])


@pytest.mark.parametrize("options, says", [
    ({"batch_size": 8}, "batch_size 7, and this one has 8"),
    ({"loss": mlbook.squared_error}, "loss 'softmax_cross_entropy', and this one has 'squared_error'"),
    ({"optimizer": mlbook.SGD(0.1)}, "optimizer"), ({"optimizer": mlbook.Adam()}, "optimizer"),
    ({"metrics": ()}, r"metrics \['accuracy'\], and this one has \[\]"),
    ({"validation_data": 0.1}, "validation_data None, and this one has 0.1"), ({"validation_data": (np.ones((5, 6)), np.ones((5, 4)))}, "validation_data"),
    ({"class_weight": [1, 2, 3, 4]}, "class_weight"), ({"sample_weight": np.ones(60)}, "sample_weight"),
    ({"callbacks": [print]}, r"callbacks \[\], and this one has \['builtin_function_or_method'\]"), ({"transform": noisy}, "transform None, and this one has 'noisy'"),
    ({"seed": 3}, "seed None, and this one has 3"), ({"x": data(61)[0], "t": data(61)[1]}, "samples 60, and this one has 61"),
])
def test_a_checkpoint_of_another_call(path, options, says):
    plain(path)
    before, model = path.read_bytes(), network(seed=9)
    arguments = dict(zip("xt", data())) | {"epochs": 4, "batch_size": 7, "checkpoint": path, "verbose": False} | options
    state, copied = generator(model), {name: array.copy() for name, array in arrays(model).items()}
    with pytest.raises(ValueError, match=f"^fit: checkpoint '.*net.safetensors' is of a training with {says}.*, expected the same, or another file$"):
        mlbook.fit(model, **arguments)
    assert path.read_bytes() == before and generator(model) == state
    assert all(np.array_equal(array, copied[name]) for name, array in arrays(model).items())


def test_a_checkpoint_of_another_network(path):
    plain(path)
    for other in (lambda: network(dtype=np.float64), lambda: mlbook.Sequential([mlbook.Dense(4)], (6,))):
        with pytest.raises(ValueError, match="^fit: checkpoint .* is of a training with network"):
            plain(path, model=other())


def test_a_file_that_is_no_checkpoint_is_not_replaced(path):
    network().save(path)
    for content in (path.read_bytes(), b"something else", b""):
        path.write_bytes(content)
        with pytest.raises(ValueError, match="^fit: '.*net.safetensors' (has no training|is no whole safetensors file)"):
            plain(path)
        assert path.read_bytes() == content
    with pytest.raises(IsADirectoryError, match="^fit: .* cannot be read"):
        plain(path.parent)
    for wrong, error in ((3, TypeError), ("a\0b", ValueError)):
        with pytest.raises(error, match="^fit: checkpoint is"):
            plain(wrong)


def test_a_checkpoint_that_was_cut_or_changed(path):
    plain(path)
    whole = path.read_bytes()
    for changed in (whole[:-1], whole[:100], whole[:-8] + b"12345678"):
        path.write_bytes(changed)
        with pytest.raises(ValueError, match="^fit: .* (is no whole safetensors file|was changed)"):
            plain(path)
    for where, to in ((("epochs",), None), (("rng",), {}), (("history",), {"losses": []}), (("keepers",), {}), (("call",), None), (("history",), 3),
                      (("options",), {}), (("keepers", "optimizer"), {"steps": 3}), (("keepers", "optimizer", "memory", 0, "velocity"), {"array": "none"})):
        path.write_bytes(whole)
        rewritten(path, changing("training", *where, to=to))
        with pytest.raises(ValueError, match="^fit: .*(cannot be gone on from|has no training)"):
            plain(path)
    model = network(seed=9)
    state = generator(model)
    with pytest.raises(ValueError):
        plain(path, model=model)
    assert generator(model) == state


def test_a_place_that_cannot_be_written_is_said_before_the_first_epoch(tmp_path):
    def never(progress):
        raise AssertionError
    with pytest.raises(FileNotFoundError, match="^fit: '.*' cannot be written"):
        plain(tmp_path / "nowhere" / "file", callbacks=[never])


def test_ctrl_c_and_on(path, capsys):
    def interrupt(progress):
        if len(progress.history.loss) == 2 and not resumed:
            raise KeyboardInterrupt
    whole, history = plain(None, epochs=4)
    resumed = False
    model, before = plain(path, epochs=4, callbacks=[interrupt])
    assert before.loss == history.loss[:2] and "interrupted" in capsys.readouterr().err
    resumed = True
    model, further = plain(path, epochs=4, callbacks=[interrupt], model=model)  # the same object, in the middle of a training
    assert same(model, whole) and further == history


def test_the_bar_begins_where_the_training_does(path, capsys):
    plain(path, epochs=2)
    plain(path, epochs=4, verbose=True)
    assert "4/4" in capsys.readouterr().err.split("\r")[-1]


def test_a_training_that_fails_leaves_the_last_whole_epoch(path):
    def spoil(progress):
        if progress.epoch == 1:
            progress.model.params[0]["w"][...] = np.nan
    with pytest.raises(FloatingPointError):
        plain(path, epochs=4, callbacks=[spoil])
    assert len(json.loads(text_of(path))["training"]["history"]["loss"]) == 2


def text_of(path):
    data = path.read_bytes()
    return json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])["__metadata__"]["mlbook"]


sys.path.insert(0, str(Path(__file__).parent / "bench"))
from killed import ended, killed  # noqa: E402
from training_memory import FLAT, measured, of_a_mapped_file  # noqa: E402


@pytest.mark.skipif(sys.platform == "win32", reason="signals are those of POSIX")
def test_killed_at_random_moments_it_goes_on_to_the_same_bits(tmp_path):
    how = {"epochs": 40, "units": 200}
    whole = ended(tmp_path / "whole", **how)
    found = killed(tmp_path, kills=4, longest=0.1, **how)
    assert found["bytes"] == whole and found["kills"] == 4


def test_fifty_kills_were_survived():
    found = noted("killed.json")
    assert found["kills"] == 50 and found["while_writing"] >= 10 and found["half_files"] > 0 and found["same_bytes"] is True


def noted(name):
    return json.loads(Path(__file__).with_name("bench").joinpath(name).read_text(encoding="utf-8"))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the system says how much memory is in use")
def test_the_memory_of_a_training_does_not_grow():
    after = measured(FLAT, 1000, 8)["after_each_epoch"]
    assert len(after) == 8 and max(after[2:]) - after[1] <= 2
    pages = noted("training_memory.json")["network_of_note_002"]["after_each_epoch"]
    assert len(pages) == 10 and max(pages) - min(pages) <= 2


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the system says how much memory is in use")
def test_a_mapped_file_is_not_in_memory_as_a_whole():
    found = of_a_mapped_file(200_000, 128)
    assert found["file_megabytes"] == 156 and found["highest"] - found["before"] < 80
    whole = noted("training_memory.json")["mapped_file"]
    assert whole["file_megabytes"] > 2**31 // 10**6 - 1 and whole["highest"] < 400
