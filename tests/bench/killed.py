"""Kills a training again and again, lets it go on from its checkpoint, and compares the bits; notes it in killed.json.

Usage: python tests/bench/killed.py [KILLS]
The training of the block below is run once without a stop. Then it is started anew and killed by `kill -9` after a random
time, which may be while it computes or while it writes, until it was killed KILLS times, fifty unless told; then it may
end. The file that it leaves must be that of the first, byte for byte. Takes about two minutes.
"""

import os
import platform
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TRAINING = """
import sys
import numpy as np
import mlbook

rng = np.random.default_rng(8)
x, t = rng.random((96, 1, 12, 12)), np.eye(10)[rng.integers(0, 10, 96)]
block = mlbook.Residual([mlbook.Conv2D(4, 3, padding="same"), mlbook.BatchNorm(), mlbook.Dropout(0.2), mlbook.ReLU()])
network = mlbook.Sequential([mlbook.Conv2D(4, 3), block, mlbook.Flatten(), mlbook.Dense(int(sys.argv[3])), mlbook.ReLU(), mlbook.Dense(10)],
                            (1, 12, 12), seed=3)
write = mlbook.keeping.Checkpoint.write


def noted(self, epochs):
    print("writes", flush=True)
    write(self, epochs)
    print("wrote", flush=True)


mlbook.keeping.Checkpoint.write = noted
print("begins", flush=True)
mlbook.fit(network, x, t, epochs=int(sys.argv[2]), batch_size=16, optimizer=mlbook.Adam(0.001), validation_data=0.25, seed=4,
           transform=lambda x, rng: x + rng.normal(0, 0.01, x.shape), callbacks=[mlbook.EarlyStopping(patience=10**6)],
           checkpoint=sys.argv[1], verbose=False)
"""


def start(path, epochs, units):
    "A process that trains, or goes on, and has said that it begins."
    process = subprocess.Popen([sys.executable, "-c", TRAINING, str(path), str(epochs), str(units)], stdout=subprocess.PIPE)
    assert process.stdout.readline() == b"begins\n"
    return process


def ended(path, epochs, units):
    "The bytes of the file when the training has ended."
    with start(path, epochs, units) as process:
        process.stdout.read()
    assert process.returncode == 0
    return Path(path).read_bytes()


def killed(folder, *, kills, longest, seed=0, **how):
    """Kill a training `kills` times, each after at most `longest` seconds: what was seen.

    `while_writing` counts the kills while a checkpoint was made, `half_files` those that left a file that was not whole.
    """
    path, rng, seen = Path(folder) / "training", random.Random(seed), {"kills": kills, "while_writing": 0, "half_files": 0}
    for _ in range(kills):
        with start(path, **how) as process:
            time.sleep(rng.uniform(0, longest))
            assert process.poll() is None, "the training ended before it was killed: give it more epochs"
            process.send_signal(signal.SIGKILL)
            seen["while_writing"] += process.stdout.read().endswith(b"writes\n")
        for part in [each for each in os.listdir(folder) if each.endswith(".part")]:
            os.remove(Path(folder) / part)
            seen["half_files"] += 1
    return seen | {"bytes": ended(path, **how)}


if __name__ == "__main__":
    from results import note

    import mlbook
    import numpy as np

    kills, how, began = int((sys.argv[1:] or ["50"])[0]), {"epochs": 200, "units": 2000}, time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        whole = ended(Path(folder) / "whole", **how)
        second = time.perf_counter() - began
        found = killed(folder, kills=kills, longest=second / kills, **how)
    same = found.pop("bytes") == whole
    note(__file__, {"command": f"python tests/bench/killed.py {kills}", "seed": 0, "date": time.strftime("%Y-%m-%d"),
                    "versions": {"mlbook": mlbook.__version__, "numpy": np.__version__, "python": platform.python_version()},
                    **how, "file_bytes": len(whole), "seconds_without_a_stop": round(second, 1), **found, "same_bytes": same})
    assert same
