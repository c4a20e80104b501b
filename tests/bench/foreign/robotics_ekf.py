"AtsushiSakai/PythonRobotics, extended_kalman_filter_localization_main.rst: bindings written from the text alone."

import numpy as np

RNG = np.random.default_rng(0)


def model(scaled):
    "States, inputs and matrices of the motion model, from the matrices in the text, for four steps."
    size = 5 if scaled else 4
    states, inputs = [RNG.normal(size=size)], RNG.normal(size=(4, 2))
    forward = np.diag([1.0, 1, 1, 0, 1][:size])
    control = np.array([[0.3, 0.0], [0.2, 0.0], [0.0, 0.1], [1.0, 0.0], [0.0, 0.0]][:size])
    for one in inputs:
        states.append(forward @ states[-1] + control @ one)
    seen = np.eye(2, size)
    states = np.array(states)
    return {r"\textbf{x}": states, r"\textbf{u}": np.append(inputs, [[0.0, 0.0]], axis=0), "F": forward, "B": control, "H": seen, r"\textbf{z}": states @ seen.T,
            "f": lambda x, u: forward @ x + control @ u, "g": lambda x: x[:2]}


NARROW, WIDE = model(False), model(True)
SPEED = {"v": 1.3, r"\phi": 0.6, "s": 0.9, r"\omega": 0.2, r"\dot{\phi}": 0.2}
PARTS = {"x": NARROW[r"\textbf{x}"][:, 0], "y": NARROW[r"\textbf{x}"][:, 1], r"\phi": NARROW[r"\textbf{x}"][:, 2], "v": NARROW[r"\textbf{x}"][:, 3], "s": WIDE[r"\textbf{x}"][:, 4]}
FIVE = {key: WIDE[r"\textbf{x}"][:, place] for place, key in enumerate(("x", "y", r"\phi", "v", "s"))}
SKIPPED = {}
BOUND = {
    1: ({r"\textbf{x}": NARROW[r"\textbf{x}"], **PARTS}, {}),
    2: ({r"\textbf{u}": NARROW[r"\textbf{u}"], "v": NARROW[r"\textbf{u}"][:, 0], r"\omega": NARROW[r"\textbf{u}"][:, 1]}, {}),
    3: ({r"\textbf{z}": NARROW[r"\textbf{z}"], **PARTS}, {}),
    4: (SPEED | {r"\dot{x}": (1.3 * np.exp(0.6j)).real}, {}),
    5: (SPEED | {r"\dot{y}": (1.3 * np.exp(0.6j)).imag}, {}),
    6: (SPEED, {}),
    7: (NARROW, {}),
    8: (NARROW, {}),
    9: ({r"\textbf{x}": WIDE[r"\textbf{x}"], **FIVE}, {}),
    10: (SPEED | {r"\dot{x}": (1.17 * np.exp(0.6j)).real}, {}),
    11: (SPEED | {r"\dot{y}": (1.17 * np.exp(0.6j)).imag}, {}),
    12: (SPEED, {}),
    13: (WIDE, {}),
    14: (WIDE, {}),
}
