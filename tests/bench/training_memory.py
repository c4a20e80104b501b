"""Measures the memory of two trainings, each in a process of its own, and notes it in training_memory.json.

Usage: python tests/bench/training_memory.py
The first trains note 002's network on 10,000 digits in batches of 128, for ten epochs; the second a dense network on
2 GiB of uint8 in a file that is mapped and takes no room on the disk, as it has no numbers but 0 in it, for one.
What counts is all memory of the process that is in use: its own, and the pages of files that it has mapped. Linux only.
Takes about three minutes.
"""

import json
import os
import platform
import subprocess
import sys
import tempfile
import time

FLAT = """
import sys, mlbook
from resident import megabytes
count, epochs = map(int, sys.argv[1:3])
digits = mlbook.load_mnist()
x = mlbook.scale_pixels(digits.train_images).reshape(-1, 1, 28, 28)[:count]
t = mlbook.one_hot(digits.train_labels, 10)[:count]
network = mlbook.Sequential([mlbook.Conv2D(8, 5), mlbook.ReLU(), mlbook.MaxPool2D(2), mlbook.Conv2D(16, 5), mlbook.ReLU(), mlbook.MaxPool2D(2),
                             mlbook.Flatten(), mlbook.Dense(128), mlbook.ReLU(), mlbook.Dense(10)], (1, 28, 28))
begun, after = megabytes()["VmRSS"], []
mlbook.fit(network, x, t, epochs=epochs, batch_size=128, verbose=False, callbacks=[lambda progress: after.append(megabytes()["VmRSS"])])
print({"before": begun, "after_each_epoch": after, "highest": megabytes()["VmHWM"]})
"""

SMALL = """
import sys, numpy as np, mlbook
from resident import megabytes
path, count, size = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
x = np.memmap(path, np.uint8, "r", shape=(count, 784))
t = np.zeros((count, 10), np.uint8)
t[np.arange(count), np.arange(count) % 10] = 1
network = mlbook.Sequential([mlbook.Dense(30), mlbook.ReLU(), mlbook.Dense(10)], (784,))
begun = megabytes()["VmRSS"]
history = mlbook.fit(network, x, t, epochs=1, batch_size=size, validation_data=0.1, verbose=False)
print({"before": begun, "highest": megabytes()["VmHWM"], "file_megabytes": x.nbytes // 10**6, "loss": round(history.loss[-1], 4)})
"""

RESIDENT = """
def megabytes():
    "The memory of this process in use now, VmRSS, and at most so far, VmHWM."
    with open("/proc/self/status", encoding="ascii") as file:
        fields = dict(line.split(":") for line in file)
    return {name: int(fields[name].split()[0]) * 1024 // 10**6 for name in ("VmRSS", "VmHWM")}
"""


def measured(code, *arguments):
    "What a new process prints that runs `code`."
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "resident.py"), "w", encoding="utf-8") as file:
            file.write(RESIDENT)
        place = os.pathsep.join([folder, *filter(None, [os.environ.get("PYTHONPATH")])])
        done = subprocess.run([sys.executable, "-c", code, *map(str, arguments)], env=os.environ | {"PYTHONPATH": place},
                              capture_output=True, encoding="utf-8", check=True)
    return json.loads(done.stdout.replace("'", '"'))


def of_a_mapped_file(count, batch_size):
    "The memory while a network learns from `count` images of 784 bytes in a file without content."
    with tempfile.NamedTemporaryFile("w+b") as file:
        file.truncate(784 * count)
        return measured(SMALL, file.name, count, batch_size)


if __name__ == "__main__":
    from results import note

    import mlbook
    import numpy as np

    flat, mapped = measured(FLAT, 10_000, 10), of_a_mapped_file(2**31 // 784 + 1, 128)
    note(__file__, {"command": "python tests/bench/training_memory.py", "date": time.strftime("%Y-%m-%d"), "unit": "10^6 bytes",
                    "versions": {"mlbook": mlbook.__version__, "numpy": np.__version__, "python": platform.python_version()},
                    "network_of_note_002": flat, "mapped_file": mapped})
