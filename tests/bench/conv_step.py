"""Times one step of descent of the network of note 002, and notes the ratios in conv_step.json.

Usage: python tests/bench/conv_step.py --torch PYTHON [--rounds 15]
PYTHON is an interpreter with PyTorch. Each contender runs in a process of its own; they take turns, so that a
busy machine is busy for all, and what counts is the median of the ratios within a turn.
"""

import argparse
import os
import statistics
import subprocess
import sys
import time

from results import note

BATCH, STEPS = 128, 10


def mlbook_step():
    import mlbook
    import numpy as np
    from mlbook.memory import keep_memory

    keep_memory()
    layers = []
    for filters in (8, 16):
        layers += [mlbook.Conv2D(filters, 5), mlbook.ReLU(), mlbook.MaxPool2D(2)]
    layers += [mlbook.Flatten(), mlbook.Dense(128), mlbook.ReLU(), mlbook.Dense(10)]
    model, sgd = mlbook.Sequential(layers, (1, 28, 28)), mlbook.SGD(0.05)
    rng = np.random.default_rng(0)
    x, t = rng.random((BATCH, 1, 28, 28), np.float32), np.eye(10, dtype=np.float32)[rng.integers(0, 10, BATCH)]
    return lambda: mlbook.train_step(model, x, t, optimizer=sgd)


def im2col_step():
    "The usual unfolding in NumPy: all of a window's places in one copy, samples first in memory."
    import numpy as np
    from numpy.lib.stride_tricks import sliding_window_view

    def conv(x, w, b):
        N, K, P = len(x), len(w), w.shape[2]
        windows = sliding_window_view(x, (P, P), axis=(2, 3))
        _, C, H, W, _, _ = windows.shape
        columns = windows.transpose(0, 2, 3, 1, 4, 5).reshape(N * H * W, C * P * P)
        z = columns @ w.reshape(K, -1).T + b
        return z.reshape(N, H, W, K).transpose(0, 3, 1, 2), columns

    def conv_back(g, x, w, columns):
        N, K, H, W = g.shape
        P, rows = w.shape[2], g.transpose(0, 2, 3, 1).reshape(-1, K)
        dcolumns = (rows @ w.reshape(K, -1)).reshape(N, H, W, -1, P, P)
        dx = np.zeros_like(x)
        for p in range(P):
            for q in range(P):
                dx[:, :, p : p + H, q : q + W] += dcolumns[..., p, q].transpose(0, 3, 1, 2)
        return dx, (rows.T @ columns).reshape(w.shape), rows.sum(axis=0)

    def pool(x):
        windows = x.reshape(*x.shape[:2], x.shape[2] // 2, 2, x.shape[3] // 2, 2)
        return windows.max(axis=(3, 5)), windows

    def pool_back(g, windows, y):
        mask = windows == y[:, :, :, None, :, None]
        return (mask * g[:, :, :, None, :, None]).reshape(*y.shape[:2], 2 * y.shape[2], 2 * y.shape[3])

    rng = np.random.default_rng(0)
    draw = lambda *shape: (0.1 * rng.normal(size=shape)).astype(np.float32)
    x, t = rng.random((BATCH, 1, 28, 28), np.float32), np.eye(10, dtype=np.float32)[rng.integers(0, 10, BATCH)]
    params = [draw(8, 1, 5, 5), draw(8), draw(16, 8, 5, 5), draw(16), draw(256, 128), draw(128), draw(128, 10), draw(10)]

    def step():
        w1, b1, w2, b2, w3, b3, w4, b4 = params
        z1, c1 = conv(x, w1, b1)
        m1, v1 = pool(np.maximum(z1, 0))
        z2, c2 = conv(m1, w2, b2)
        m2, v2 = pool(np.maximum(z2, 0))
        h = m2.reshape(BATCH, -1)
        z3 = h @ w3 + b3
        a3 = np.maximum(z3, 0)
        z4 = a3 @ w4 + b4
        e = np.exp(z4 - z4.max(axis=1, keepdims=True))
        d4 = (e / e.sum(axis=1, keepdims=True) - t) / BATCH
        d3 = (d4 @ w4.T) * (z3 > 0)
        d2 = pool_back((d3 @ w3.T).reshape(m2.shape), v2, m2) * (z2 > 0)
        dm1, dw2, db2 = conv_back(d2, m1, w2, c2)
        d1 = pool_back(dm1, v1, m1) * (z1 > 0)
        _, dw1, db1 = conv_back(d1, x, w1, c1)
        grads = [dw1, db1, dw2, db2, h.T @ d3, d3.sum(axis=0), a3.T @ d4, d4.sum(axis=0)]
        for p, g in zip(params, grads):
            p -= np.float32(0.05) * g

    return step


def torch_step():
    import torch
    from torch import nn

    layers = [nn.Conv2d(1, 8, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(8, 16, 5), nn.ReLU(), nn.MaxPool2d(2)]
    layers += [nn.Flatten(), nn.Linear(256, 128), nn.ReLU(), nn.Linear(128, 10)]
    model = nn.Sequential(*layers)
    sgd = torch.optim.SGD(model.parameters(), lr=0.05)
    x, t = torch.rand(BATCH, 1, 28, 28), torch.randint(0, 10, (BATCH,))

    def step():
        sgd.zero_grad()
        nn.functional.cross_entropy(model(x), t).backward()
        sgd.step()

    return step


def serve(name):
    "Answers each line on standard input with the median time of some steps, in milliseconds."
    step = globals()[f"{name}_step"]()
    for _ in range(2 * STEPS):
        step()
    print("ready", flush=True)
    for _ in sys.stdin:
        times = []
        for _ in range(STEPS):
            begin = time.perf_counter()
            step()
            times.append(1000 * (time.perf_counter() - begin))
        print(statistics.median(times), flush=True)


def contender(name, python):
    environment = {key: value for key, value in os.environ.items() if not key.startswith("OPENBLAS_")}
    command = [python, __file__, "--serve", name]
    process = subprocess.Popen(command, env=environment, encoding="utf-8", stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout.readline() == "ready\n", name
    return process


def turn(process):
    process.stdin.write("go\n")
    process.stdin.flush()
    return float(process.stdout.readline())


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--torch", help="an interpreter that has PyTorch")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--serve", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        return serve(options.serve)
    pythons = {"mlbook": sys.executable, "im2col": sys.executable, "torch": options.torch}
    running = {name: contender(name, python) for name, python in pythons.items() if python}
    rounds = [{name: turn(process) for name, process in running.items()} for _ in range(options.rounds)]
    for process in running.values():
        process.stdin.close()
        process.wait()
    ratio = lambda other: statistics.median(times["mlbook"] / times[other] for times in rounds)
    results = {f"mlbook / {name}": round(ratio(name), 3) for name in running if name != "mlbook"}
    results |= {"batch": BATCH, "rounds": options.rounds, "cores": os.cpu_count()}
    note(__file__, results)


if __name__ == "__main__":
    main()
