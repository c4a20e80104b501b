"""The command: its four parts in processes of their own, what it prints, its exit status, and errors in a line."""

import gzip
import json
import os
import re
import shlex
import signal
import struct
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import mlbook
import numpy as np
import pytest
from mlbook import __main__ as command
from mlbook.photographs import synthetic_photograph
from PIL import Image

ROOT = Path(__file__).parents[1]
DIGITS = mlbook.load_mnist()
QUIET = ["--quiet", "--epochs", "1"]


def start(*words, folder, prefix="", **options):
    "The command as a process in `folder`; `prefix` is code that runs before it."
    run = ["-m", "mlbook"] if not prefix else ["-c", f"import sys; {prefix}; from mlbook.__main__ import main; sys.exit(main())"]
    environment = {"OPENBLAS_NUM_THREADS": "1", "PYTHONUTF8": "1"} | options.pop("environment", {})
    return subprocess.Popen([sys.executable, *run, *map(str, words)], cwd=folder, env=os.environ | environment, encoding="utf-8",
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)


def run(*words, folder, **options):
    "Exit status, and what comes on standard output and on standard error."
    process = start(*words, folder=folder, **options)
    out, error = process.communicate(timeout=300)
    return process.returncode, out, error


def fails(*words, folder, status=1, **options):
    "What the one line says with which the command fails."
    code, out, error = run(*words, folder=folder, **options)
    assert code == status, (code, out, error)
    [line] = error.splitlines()
    assert "Traceback" not in line and line.startswith("mlbook")
    return line


def lone(call, capsys):
    "Exit status of `main`, and what it prints, in this process."
    status = command.main(call)
    return status, *capsys.readouterr()


def same(first, second):
    "Whether two networks have the same arrays, bit for bit."
    return all(np.array_equal(a[name], b[name]) for a, b in zip(first.params, second.params, strict=True) for name in a)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    "A folder with a blank and umlauts in its name, with a network in it."
    folder = tmp_path_factory.mktemp("Zwölf Blätter")
    status, out, error = run("train", "dünnes Netz.safetensors", *QUIET, folder=folder)
    assert (status, error) == (0, "")
    assert re.fullmatch(r"dünnes Netz.safetensors: written, 101,770 parameters; last epoch: loss 0\.\d{4}, accuracy 0\.\d{4}\n", out)
    (folder / "dünnes Netz.safetensors").rename(folder / "net.safetensors")
    np.save(folder / "ten.npy", DIGITS.test_images[:10])
    return folder


@pytest.fixture
def net(folder):
    return str(folder / "net.safetensors")


# ------------------------------------------------------------------ help

PARTS = "train", "evaluate", "predict", "show"


@pytest.mark.parametrize("part", [(), *((part,) for part in PARTS)])
def test_the_help_has_examples_that_fit_in_a_terminal(part, tmp_path):
    status, out, error = run(*part, "--help", folder=tmp_path, environment={"COLUMNS": "80"})
    assert (status, error) == (0, "") and max(map(len, out.splitlines())) <= 80
    assert len(re.findall(r"^    mlbook ", out, re.MULTILINE)) >= 3
    assert part or all(word in out for word in ("Exit status", *PARTS))


EXAMPLES = [line for text in (command._HELP, command._TRAIN, command._EVALUATE, command._PREDICT, command._SHOW)
            for line in re.findall(r"^    mlbook (.*?)(?:  .*)?$", text, re.MULTILINE)]
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("line", [*EXAMPLES, *re.findall(r"^mlbook (.*?)(?: *#.*)?$", README, re.MULTILINE)])
def test_an_example_is_a_call(line):
    assert command._parser().parse_args(shlex.split(line)).part in PARTS


def test_there_are_examples_in_the_readme_and_options_in_the_help(capsys):
    assert len(EXAMPLES) > 15 and len(re.findall(r"^mlbook (?:train|predict)", README, re.MULTILINE)) >= 2
    for part in PARTS:
        with pytest.raises(SystemExit):
            command.main([part, "--help"])
        for option in re.findall(r"^  (--[\w-]+)(?: \S+)?(.*)", capsys.readouterr().out, re.MULTILINE):
            assert option


def test_the_script_is_this_command():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["scripts"] == {"mlbook": "mlbook.__main__:main"}
    assert command.main.__module__ == "mlbook.__main__"


def test_the_parts_are_named_in_one_line_each(capsys):
    with pytest.raises(SystemExit):
        command.main(["--help"])
    lines = " ".join(capsys.readouterr().out.split())
    assert "show Shows what is in a file that train has written, or in a checkpoint options" in lines


def test_the_version(tmp_path):
    assert run("--version", folder=tmp_path) == (0, f"mlbook {mlbook.__version__}\n", "")


# ------------------------------------------------------------------ misuse

MISUSED = {
    "": "arguments are required", "train": "required: NETWORK", "learn net": "invalid choice: 'learn'", "train net --epochs 0": "'0' is no whole number of at least 1",
    "train net --epochs 1.5": "'1.5' is no whole number", "train net --epochs ²": "'²' is no whole number", "train net --batch-size none": "'none' is no whole number",
    "train net --learning-rate 0": "'0' is no number above 0", "train net --learning-rate nan": "'nan' is no number above 0",
    "train net --learning-rate inf": "'inf' is no number", "train net --validation 1": "'1' is no number above 0 and below 1", "train net --seed -1": "--seed",
    "train net --network rnn": "invalid choice: 'rnn'", "train net --optimizer lbfgs": "invalid choice", "predict net": "required: IMAGE",
    "predict net a.png --json --draw": "not allowed with", "evaluate net --fast": "unrecognized arguments: --fast", "show": "required: NETWORK",
}


@pytest.mark.parametrize("line", MISUSED)
def test_misuse_is_a_line_and_the_status_2(line, tmp_path, capsys):
    with pytest.raises(SystemExit) as stopped:
        command.main(shlex.split(line))
    assert stopped.value.code == 2
    out, error = capsys.readouterr()
    assert out == "" and error.count("\n") == 1 and MISUSED[line] in error and "--help" in error


def test_misuse_in_a_process(tmp_path):
    assert "'0' is no whole number" in fails("train", "net", "--epochs", "0", folder=tmp_path, status=2)
    assert list(tmp_path.iterdir()) == []


# ------------------------------------------------------------------ train

def test_the_network_is_loaded_and_reads(folder, net):
    model = mlbook.load(net)
    x = mlbook.scale_pixels(DIGITS.test_images)
    assert mlbook.accuracy(model, x, DIGITS.test_labels) > 0.88


def test_a_seed_gives_the_same_network_and_another_another(folder, tmp_path, net):
    assert run("train", "again", *QUIET, folder=tmp_path)[0] == 0
    assert run("train", "other", *QUIET, "--seed", "1", folder=tmp_path)[0] == 0
    assert same(mlbook.load(tmp_path / "again"), mlbook.load(net))
    assert not same(mlbook.load(tmp_path / "other"), mlbook.load(net))


def test_the_convolutional_network_with_all_options(tmp_path, capsys):
    path = str(tmp_path / "cnn.safetensors")
    call = ["train", path, "--network", "cnn", "--optimizer", "adamw", "--learning-rate", "0.002", "--cosine", "--augment", "--batch-size",
            "100", "--validation", "0.1", "--threads", "1", "--folder", str(small_mnist(tmp_path)), "--epochs", "2"]
    status, out, error = lone(call, capsys)
    assert status == 0 and "20,522 parameters" in out and "validation accuracy 0." in out and "6/6" in error and "epoch 2, loss" in error
    assert type(mlbook.load(path)[0]) is mlbook.Conv2D


def test_progress_goes_to_standard_error(tmp_path):
    status, out, error = run("train", "net", "--epochs", "2", folder=tmp_path)
    assert status == 0 and out.count("\n") == 1 and error.endswith("\n")
    assert "626/626" in error and "epoch 2, loss 0." in error and len(error) < 2000


def small_mnist(folder, *, images=300, damaged=False):
    "The first digits in four IDX files."
    where = folder / "vier Dateien"
    where.mkdir(exist_ok=True)
    for prefix, pixels, labels in (("train", DIGITS.train_images, DIGITS.train_labels), ("t10k", DIGITS.test_images, DIGITS.test_labels)):
        body = struct.pack(">HBB3I", 0, 8, 3, images, 28, 28) + pixels[:images].tobytes()
        (where / f"{prefix}-images-idx3-ubyte").write_bytes(body[:-5] if damaged else body)
        named = struct.pack(">HBBI", 0, 8, 1, images) + labels[:images].astype(np.uint8).tobytes()
        (where / f"{prefix}-labels-idx1-ubyte.gz").write_bytes(gzip.compress(named))
    return where


@pytest.mark.parametrize("words, message", [
    (["--optimizer", "sgd", "--learning-rate", "1e9"], "finite|NaN|inf"),
    (["--folder", "vier Dateien"], r"vier Dateien.*has \d+ bytes, expected"),
    (["--folder", "nowhere"], "folder is nowhere, expected a folder that exists"),
    (["--checkpoint", "net"], "net is to be the network and the checkpoint"),
    (["--checkpoint", "other"], "'other' is no whole safetensors file"),
    (["--checkpoint", "nowhere/run"], "nowhere/run"),
])
def test_a_training_that_fails_leaves_the_file_of_before(tmp_path, words, message):
    small_mnist(tmp_path, damaged=True)
    for name in ("net", "other"):
        (tmp_path / name).write_bytes(b"what was there")
    line = fails("train", "net", *QUIET, *words, folder=tmp_path)
    assert re.search(message, line), line
    assert (tmp_path / "net").read_bytes() == (tmp_path / "other").read_bytes() == b"what was there"
    assert {path.name for path in tmp_path.iterdir()} == {"net", "other", "vier Dateien"}


@pytest.mark.parametrize("target, message", [
    ("nowhere/net", "is in no folder that can be written to"), (".", "is a folder"), ("file/net", "is in no folder")])
def test_a_target_that_cannot_be_is_an_error_before_training(tmp_path, target, message, monkeypatch, capsys):
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(command, "fit", None)
    status, out, error = lone(["train", target], capsys)
    assert status == 1 and message in error and error.count("\n") == 1


def test_without_a_network_the_error_is_a_line(tmp_path):
    nowhere = {"https_proxy": "http://127.0.0.1:9", "HTTPS_PROXY": "http://127.0.0.1:9", "no_proxy": "", "NO_PROXY": "", "MLBOOK_CACHE": str(tmp_path / "cache")}
    line = fails("train", "net", *QUIET, "--full", folder=tmp_path, environment=nowhere)
    assert "no mirror delivered" in line and "--folder" in line
    assert not (tmp_path / "net").exists()


def test_what_was_stopped_goes_on_to_the_same_network(tmp_path):
    call = ["--quiet", "--checkpoint", "run", "--cosine", "--augment", "--epochs", "4", "--folder", small_mnist(tmp_path)]
    assert run("train", "straight", *call, folder=tmp_path)[0] == 0
    (tmp_path / "run").unlink()
    process = start("train", "net", *call, folder=tmp_path)
    while not (tmp_path / "run").exists() and process.poll() is None:
        time.sleep(0.001)
    process.kill()
    process.communicate()
    assert run("train", "net", *call[1:], folder=tmp_path)[0] == 0  # with progress: that changes nothing
    assert same(mlbook.load(tmp_path / "straight"), mlbook.load(tmp_path / "net"))


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is another thing there")
@pytest.mark.parametrize("kept", [(), ("--checkpoint", "run")])
def test_ctrl_c_ends_with_130_and_leaves_the_file_of_before(tmp_path, kept):
    (tmp_path / "net").write_bytes(b"what was there")
    # A process that was started in the background may ignore SIGINT, and its children with it.
    heard = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
    process = start("train", "net", "--epochs", "1000", *kept, folder=tmp_path, prefix=heard)
    try:
        shown = ""
        while "accuracy" not in shown:
            shown += process.stderr.read(1)
        process.send_signal(signal.SIGINT)
        out, error = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 130 and out == ""
    last = error.splitlines()[-1]
    assert last == "mlbook train: interrupted, net was not written" + ("; the same line goes on from run" if kept else "")
    assert (tmp_path / "net").read_bytes() == b"what was there" and "Traceback" not in error


# ------------------------------------------------------------------ evaluate

def test_evaluate_counts(folder, net):
    status, out, error = run("evaluate", "net.safetensors", "--confusion", folder=folder)
    right = int(np.sum(mlbook.load(net).predict(mlbook.scale_pixels(DIGITS.test_images)) == DIGITS.test_labels))
    assert (status, error) == (0, "") and out.startswith(f"{right:,} of 2,000 test digits are read, {right / 20:.2f} %; loss 0.")
    table = [[int(n.replace(".", "0")) for n in line.split()[1:]] for line in out.splitlines()[2:]]
    assert np.trace(table) == right and np.sum(table, axis=1).tolist() == [200] * 10


def test_evaluate_for_a_program(folder, tmp_path, net):
    status, out, error = run("evaluate", net, "--json", "--confusion", "--folder", small_mnist(tmp_path), folder=tmp_path)
    found = json.loads(out)
    assert (status, error) == (0, "") and found["digits"] == 300 and found["accuracy"] == pytest.approx(found["read"] / 300)
    assert np.trace(found["confusion"]) == found["read"]


@pytest.mark.parametrize("layers, loss", [
    ([mlbook.Dense(10), mlbook.Softmax()], mlbook.cross_entropy), ([mlbook.Dense(10), mlbook.Sigmoid()], mlbook.squared_error)])
def test_a_network_that_ends_otherwise_has_its_own_loss_and_probabilities(tmp_path, capsys, layers, loss):
    path = tmp_path / "net"
    model = mlbook.Sequential(layers, (784,), seed=0)
    model.save(path)
    x, t = mlbook.scale_pixels(DIGITS.test_images), mlbook.one_hot(DIGITS.test_labels, 10)
    _, out, _ = lone(["evaluate", str(path), "--json"], capsys)
    assert json.loads(out)["loss"] == pytest.approx(mlbook.evaluate(model, x, t, loss=loss)["loss"])
    np.save(tmp_path / "x.npy", DIGITS.test_images[:1])
    _, out, _ = lone(["predict", str(path), "--json", str(tmp_path / "x.npy")], capsys)
    assert json.loads(out)[0]["probabilities"] == pytest.approx(model(x[:1])[0].tolist(), abs=1e-5)


# ------------------------------------------------------------------ predict

def test_predict_reads_photographs(folder, net):
    for n in range(3):
        Image.fromarray(synthetic_photograph(DIGITS.test_images[n], seed=n)).save(folder / f"Foto {n} vom Büro.jpg")
    status, out, error = run("predict", "net.safetensors", *[f"Foto {n} vom Büro.jpg" for n in range(3)], folder=folder)
    assert (status, error) == (0, "")
    lines = [re.fullmatch(r"(\d)  ([ \d]\d\d?\.\d|100\.0) %  Foto (\d) vom Büro\.jpg", line) for line in out.splitlines()]
    assert [int(line[3]) for line in lines] == [0, 1, 2]
    assert sum(int(line[1]) == DIGITS.test_labels[n] for n, line in enumerate(lines)) >= 2


def test_predict_draws_what_the_network_sees(folder):
    status, out, error = run("predict", "net.safetensors", "--draw", "ten.npy", folder=folder)
    lines = out.splitlines()
    assert status == 0 and len(lines) == 10 * 29 and re.fullmatch(r"\d  .* %  ten\.npy\[0\]", lines[0])
    drawn = np.array([[char != " " for char in line.ljust(56)[::2]] for line in lines[1:29]])
    assert np.mean(drawn == (DIGITS.test_images[0] > 255 / 9.99)) > 0.99


ARRAYS = {
    "bytes": lambda x: x, "floats to 1": lambda x: x / 255, "floats to 255": lambda x: x.astype(np.float32), "rows": lambda x: x.reshape(-1, 784),
    "channels": lambda x: x[:, None], "integers": lambda x: x.astype(np.int64), "fortran": np.asfortranarray,
}


@pytest.mark.parametrize("form", ARRAYS)
def test_arrays_in_every_form_give_the_same(folder, net, tmp_path, capsys, form):
    path = tmp_path / "x.npy"
    np.save(path, ARRAYS[form](DIGITS.test_images[:1500]))
    status, out, error = lone(["predict", net, "--json", str(path)], capsys)
    found = json.loads(out)
    assert (status, error) == (0, "") and [one["index"] for one in found] == [*range(1500)]
    assert [one["digit"] for one in found] == mlbook.load(net).predict(mlbook.scale_pixels(DIGITS.test_images[:1500])).tolist()
    assert set(found[0]) == {"digit", "file", "index", "probability", "probabilities"} and found[0]["file"] == str(path)
    assert found[0]["probability"] == max(found[0]["probabilities"]) and sum(found[0]["probabilities"]) == pytest.approx(1, abs=1e-4)


def test_one_digit_and_a_photograph_as_arrays_and_idx_files(folder, net, tmp_path, capsys):
    where = small_mnist(tmp_path, images=20)
    packed = tmp_path / "packed"
    packed.write_bytes(gzip.compress((where / "t10k-images-idx3-ubyte").read_bytes()))
    np.save(tmp_path / "one.npy", DIGITS.test_images[0])
    np.save(tmp_path / "row.npy", DIGITS.test_images[0].ravel())
    np.save(tmp_path / "photo.npy", synthetic_photograph(DIGITS.test_images[0], seed=1))
    names = [str(path) for path in (tmp_path / "one.npy", tmp_path / "row.npy", tmp_path / "photo.npy", where / "t10k-images-idx3-ubyte", packed)]
    status, out, error = lone(["predict", net, *names], capsys)
    lines = out.splitlines()
    assert (status, error) == (0, "") and len(lines) == 43
    assert {line[0] for line in lines[:3]} == {str(DIGITS.test_labels[0])}
    assert lines[0].endswith("one.npy") and lines[3].endswith("ubyte[0]") and [line[:11] for line in lines[3:23]] == [line[:11] for line in lines[23:]]


def bad_files(folder):
    "Files that hold no digit, and what is said of each."
    np.save(folder / "letters.npy", np.array(["a"]))
    np.save(folder / "objects.npy", np.array([None, {}], object), allow_pickle=True)
    np.save(folder / "empty.npy", np.zeros((0, 28, 28)))
    np.save(folder / "flat.npy", np.zeros(100))
    np.save(folder / "below.npy", np.full((28, 28), -1.0))
    np.save(folder / "nan.npy", np.full((28, 28), np.nan))
    np.save(folder / "blank.npy", np.full((100, 100), 200))
    whole = (folder / "ten.npy").read_bytes()
    (folder / "cut.npy").write_bytes(whole[:-9])
    (folder / "head.npy").write_bytes(whole[:20])
    (folder / "enormous.npy").write_bytes(whole[:128].replace(b"(10, 28, 28), }", b"(9**9, 28, 28)}") + whole[128:])
    (folder / "short").write_bytes(b"\0")
    (folder / "cut.jpg").write_bytes((folder / "Foto.jpg").read_bytes()[:900])
    (folder / "labels").write_bytes(struct.pack(">HBBI", 0, 8, 1, 3) + b"\1\2\3")
    (folder / "cut idx").write_bytes(struct.pack(">HBB3I", 0, 8, 3, 9, 28, 28))
    (folder / "cut gz").write_bytes(gzip.compress(struct.pack(">HBB3I", 0, 8, 3, 9, 28, 28))[:-9])
    Image.new("RGB", (300, 200), "white").save(folder / "Papier.png")
    return {
        "letters.npy": "holds <U1 of", "objects.npy": "no whole array of NumPy", "empty.npy": "at least one digit", "flat.npy": "holds float64 of (100,)",
        "below.npy": "holds numbers below 0", "nan.npy": "holds numbers below 0 or above 255, or NaN", "blank.npy": "shows no ink", "cut.npy": "no whole array",
        "head.npy": "no whole array", "enormous.npy": "no whole array", "short": "is no picture", "cut.jpg": "is damaged", "labels": "holds uint8 of (3,)",
        "cut idx": "bytes, expected", "cut gz": "damaged", "Papier.png": "shows no ink", "nowhere.png": "cannot be read (No such file",
    }


def test_what_cannot_be_read_has_a_line_each_and_the_others_are_read(folder, net, tmp_path):
    np.save(tmp_path / "ten.npy", DIGITS.test_images[:10])
    Image.fromarray(synthetic_photograph(DIGITS.test_images[0], seed=0)).save(tmp_path / "Foto.jpg")
    bad = bad_files(tmp_path)
    status, out, error = run("predict", net, "Foto.jpg", *bad, "ten.npy", folder=tmp_path)
    assert status == 1 and len(out.splitlines()) == 11
    for line, (name, said) in zip(error.splitlines(), bad.items(), strict=True):
        assert line.startswith(f"mlbook predict: {name}") and said in line, line


def test_a_folder_stands_for_its_files(folder, net, tmp_path):
    where = tmp_path / "meine Fotos"
    where.mkdir()
    for name in ("b.npy", "a.npy", ".hidden.npy"):
        np.save(where / name, DIGITS.test_images[0])
    (where / "below").mkdir()
    (where / "empty").mkdir()
    status, out, error = run("predict", net, where, folder=tmp_path)
    assert (status, error) == (0, "") and [line[12:] for line in out.splitlines()] == [str(where / "a.npy"), str(where / "b.npy")]
    assert "empty cannot be read" in fails("predict", net, where / "empty", folder=tmp_path)


def test_a_network_for_other_inputs_is_an_error(tmp_path, folder):
    mlbook.Sequential([mlbook.Dense(10)], (5,), seed=0).save(tmp_path / "net")
    assert "the network has inputs of (5,)" in fails("predict", "net", folder / "ten.npy", folder=tmp_path)
    assert "the network has inputs of (5,)" in fails("evaluate", "net", folder=tmp_path)


@pytest.mark.parametrize("part, more", [("evaluate", ()), ("predict", ("ten.npy",)), ("show", ())])
def test_a_file_that_is_no_network_is_an_error(folder, tmp_path, part, more):
    assert "'nowhere' cannot be read (No such file" in fails(part, "nowhere", *more, folder=folder)
    assert "no whole safetensors file" in fails(part, "ten.npy", *more, folder=folder)
    whole = (folder / "net.safetensors").read_bytes()
    (tmp_path / "cut").write_bytes(whole[:-1])
    (tmp_path / "other").write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    assert "no whole safetensors file" in fails(part, tmp_path / "cut", *more, folder=folder)
    assert "was changed" in fails(part, tmp_path / "other", *more, folder=folder)


# ------------------------------------------------------------------ show

def test_show_says_what_is_in_a_file(folder):
    status, out, error = run("show", "net.safetensors", folder=folder)
    assert (status, error) == (0, "")
    assert str(mlbook.load(folder / "net.safetensors")) in out and "float32" in out
    assert "made by: mlbook train 'dünnes Netz.safetensors' --quiet --epochs 1" in out
    assert re.search(r"^epoch +loss +accuracy\n    1 +0\.\d{4} +0\.\d{4}$", out, re.MULTILINE)


def test_show_for_a_program(folder):
    status, out, error = run("show", "net.safetensors", "--json", folder=folder)
    found = json.loads(out)
    assert (status, error) == (0, "") and found["parameters"] == 101_770 and found["input_shape"] == [784]
    assert found["layers"][0].startswith("Dense(128") and len(found["history"]["loss"]) == 1
    assert found["command"] == ["train", "dünnes Netz.safetensors", *QUIET]


def test_show_of_a_checkpoint_and_of_a_network_without_curves(tmp_path, capsys):
    call = [str(tmp_path / "net"), "--quiet", "--epochs", "3", "--checkpoint", str(tmp_path / "run"), "--folder", str(small_mnist(tmp_path))]
    assert lone(["train", *call], capsys)[0] == 0
    for name in ("net", "run"):
        status, out, _ = lone(["show", str(tmp_path / name)], capsys)
        assert status == 0 and re.search(r"^    3 +0\.\d", out, re.MULTILINE)
    mlbook.load(tmp_path / "net").save(tmp_path / "bare")
    status, out, _ = lone(["show", str(tmp_path / "bare")], capsys)
    assert status == 0 and "epoch" not in out and "made by" not in out
    status, _, error = lone(["show", str(tmp_path / "bare"), "--figure", str(tmp_path / "a.png")], capsys)
    assert status == 1 and "has no curves to draw" in error and not (tmp_path / "a.png").exists()


@pytest.mark.parametrize("ending, start", [("png", b"\x89PNG"), ("svg", b"<?xml"), ("pdf", b"%PDF"), ("PNG", b"\x89PNG")])
def test_show_draws_the_curves(net, tmp_path, capsys, ending, start):
    path = tmp_path / f"Kurven.{ending}"
    assert lone(["show", net, "--figure", str(path)], capsys)[0] == 0
    assert path.read_bytes().startswith(start)


def test_a_figure_that_cannot_be_drawn_leaves_the_file_of_before(net, tmp_path, capsys):
    for name, message in (("a.doc", "ends in .png, .svg or .pdf"), ("nowhere/a.png", "nowhere")):
        status, _, error = lone(["show", net, "--figure", str(tmp_path / name)], capsys)
        assert status == 1 and message in error and error.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


# ------------------------------------------------------------------ surroundings

@pytest.mark.parametrize("package, call, extra", [
    ("safetensors", ["train", "new"], "keep"), ("safetensors", ["show", "net.safetensors"], "keep"),
    ("PIL", ["predict", "net.safetensors", "photo.jpg"], "photos"), ("matplotlib", ["show", "net.safetensors", "--figure", "a.png"], "plots")])
def test_a_package_that_is_missing_is_named(folder, package, call, extra):
    (folder / "photo.jpg").write_bytes(b"\xff\xd8\xff")
    line = fails(*call, folder=folder, prefix=f"sys.modules[{package!r}] = None")
    assert f"pip install 'mlbook[{extra}]'" in line
    assert not (folder / "new").exists() and not (folder / "a.png").exists()


def test_pillow_is_not_needed_for_arrays(folder):
    assert run("predict", "net.safetensors", "ten.npy", folder=folder, prefix="sys.modules['PIL'] = None")[0] == 0


def test_help_loads_nothing_heavy(tmp_path):
    heavy = "matplotlib", "tqdm", "PIL", "safetensors", "lark", "urllib.request"
    check = f"import atexit; atexit.register(lambda: print([name for name in {heavy} if name in sys.modules]))"
    status, out, error = run("--help", folder=tmp_path, prefix=check)
    assert status == 0 and out.endswith("[]\n")


def test_a_terminal_without_umlauts_shows_something(folder):
    Image.fromarray(synthetic_photograph(DIGITS.test_images[0], seed=0)).save(folder / "Büro.png")
    ascii_only = {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "LC_ALL": "C.UTF-8"}  # names of files stay as they are
    status, out, error = run("predict", "net.safetensors", "Büro.png", "Büro.gif", folder=folder, environment=ascii_only)
    assert status == 1 and r"B\xfcro.png" in out and r"B\xfcro.gif cannot be read" in error


@pytest.mark.skipif(sys.platform == "win32", reason="pipes break otherwise there")
def test_a_reader_that_has_seen_enough_is_no_error(folder):
    np.save(folder / "many.npy", np.tile(DIGITS.test_images, (4, 1, 1)))
    line = f"{shlex.quote(sys.executable)} -m mlbook predict net.safetensors many.npy | head -2"
    done = subprocess.run(line, shell=True, cwd=folder, encoding="utf-8", capture_output=True, env=os.environ | {"OPENBLAS_NUM_THREADS": "1"})
    assert done.stderr == "" and len(done.stdout.splitlines()) == 2


def test_an_error_of_ours_is_a_line_with_its_kind(net, capsys, monkeypatch):
    monkeypatch.setattr(command, "load", lambda path: {}["a"])
    status, _, error = lone(["show", net], capsys)
    assert (status, error) == (1, "mlbook show: KeyError: 'a'\n")
