"gtbook/robotics, S61_driving_state.ipynb: bindings written from the text alone."

import numpy as np

TH = 0.7
FRAME0, FRAME1 = 0.3, 0.3 + TH
axis = lambda angle: np.array([np.cos(angle), np.sin(angle)])  # noqa: E731
# Vectors of the plane in coordinates of some third frame.
AXES = {"x_0": axis(FRAME0), "y_0": axis(FRAME0 + np.pi / 2), "x_1": axis(FRAME1), "y_1": axis(FRAME1 + np.pi / 2), r"\theta": TH}
R = np.array([[np.cos(TH), -np.sin(TH)], [np.sin(TH), np.cos(TH)]])
LOCAL = np.array([1.4, -0.6])
POINT = {"p_x": 1.4, "p_y": -0.6, "P^1": LOCAL, "P": LOCAL[0] * AXES["x_1"] + LOCAL[1] * AXES["y_1"], "P^0": R @ LOCAL, "R^0_1": R}
D = np.array([0.8, 2.3])
MOVED = {"p_x": 1.4, "p_y": -0.6, "P^1": LOCAL, "P^0": R @ LOCAL + D, "R^0_1": R, "d^0_1": D, "0_2": np.zeros(2)}


def rigid(angle, shift):
    "A homogeneous transformation."
    return np.array([[np.cos(angle), -np.sin(angle), shift[0]], [np.sin(angle), np.cos(angle), shift[1]], [0, 0, 1.0]])


T01, T12, T23 = rigid(0.7, [0.8, 2.3]), rigid(-0.4, [1.1, 0.2]), rigid(1.2, [-0.3, 0.9])
P2 = np.array([0.5, 1.6, 1.0])
CHAIN = {"T^0_1": T01, "T^1_2": T12, "T^0_2": T01 @ T12, r"\tilde{P}^0": T01 @ T12 @ P2, r"\tilde{P}^1": T12 @ P2, r"\tilde{P}^2": P2}
SPEED, STEER, LENGTH = 1.7, 0.4, 2.6
CAR = {r"v_\mathrm{car}": SPEED, "u_1": SPEED, r"u_2": 0.3, r"\dot{\phi}": 0.3, r"\theta": TH, r"\phi": STEER, "L": LENGTH, r"\dot{x}": (SPEED * np.exp(1j * TH)).real,
       r"\dot{y}": (SPEED * np.exp(1j * TH)).imag, r"v_\mathrm{wheel}": np.hypot(SPEED, SPEED * np.tan(STEER)), r"v_\mathrm{tangent}": SPEED * np.sin(STEER) / np.cos(STEER),
       r"\dot{\theta}": SPEED * np.sin(STEER) / np.cos(STEER) / LENGTH}
SKIPPED = {}
BOUND = {
    20: (CAR, {}),
    21: (CAR, {}),
    22: (CAR, {}),
    23: (CAR, {}),
    24: (CAR, {}),
    25: (CAR, {}),
    1: (AXES | {"x^0_1": axis(TH), "y^0_1": axis(TH + np.pi / 2)}, {}),
    2: (AXES | {"R^0_1": R}, {}),
    3: (POINT, {}),
    4: (AXES | POINT, {}),
    5: (AXES | POINT, {}),
    6: (POINT, {}),
    7: (MOVED, {}),
    8: (MOVED, {}),
    9: (MOVED, {}),
    10: ({"P": LOCAL, r"\tilde{P}": np.append(LOCAL, 1.0)}, {}),
    11: ({"T^0_1": T01, r"\tilde{P}^0": np.append(R @ LOCAL + D, 1.0), r"\tilde{P}^1": np.append(LOCAL, 1.0)}, {}),
    12: ({"T": T01, "R": R, "d": D, "0_2": np.zeros(2)}, {}),
    13: (CHAIN, {}),
    14: (CHAIN, {}),
    15: (CHAIN, {}),
    16: (CHAIN | {"T^0_n": T01 @ T12 @ T23, "n": 3, "T^2_3": T23}, {}),
    17: ({"T": T01, "R": R, "d": D, "0_2": np.zeros(2)}, {}),
    18: ({"P^a": T01 @ P2, "P^b": P2, "T^a_b": T01}, {}),
    19: ({"P^a": T01 @ P2, "P^b": P2, "T^a_b": T01}, {}),
}
# Bindings that were changed after the first run: bindings, options, what was changed.
BARE = {key: value for key, value in MOVED.items() if key != "0_2"}
COLUMNS = {key: value[:, None] if value.ndim == 1 else value for key, value in BARE.items() if isinstance(value, np.ndarray)}
ZERO = "nothing is bound to the zero"
CHANGED = {
    7: (BARE, {}, ZERO),
    8: (COLUMNS, {}, ZERO + ", and vectors are columns"),
    9: (BARE, {}, ZERO),
    10: ({"P": LOCAL[:, None], r"\tilde{P}": np.append(LOCAL, 1.0)[:, None]}, {}, "vectors are columns"),
    12: ({"T": T01, "R": R, "d": D[:, None]}, {}, ZERO + ", and vectors are columns"),
    16: ({"T^0_n": T01 @ T12 @ T23, "n": 3, "T": {0: {1: T01}, 1: {2: T12}, 2: {3: T23}}}, {}, "nested labels"),
    17: ({"T": T01, "R": R, "d": D[:, None]}, {}, ZERO + ", and vectors are columns"),
}
