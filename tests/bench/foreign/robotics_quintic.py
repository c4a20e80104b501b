"AtsushiSakai/PythonRobotics, quintic_polynomials_planner_main.rst: bindings written from the text alone."

import numpy as np

A, B = np.array([0.3, -1.2, 0.7, 0.4, -0.5, 0.2]), np.array([1.1, 0.6, -0.3, 0.8, 0.9, -0.4])
PATH, OTHER = np.polynomial.Polynomial(A), np.polynomial.Polynomial(B)
END = 1.7
MOTION = {"a": A, "b": B, "t": 0.9, "T": END, "x": PATH, "y": OTHER, "x_s": PATH(0), "v_s": PATH.deriv()(0), "a_s": PATH.deriv(2)(0),
          "x_e": PATH(END), "v_e": PATH.deriv()(END), "a_e": PATH.deriv(2)(END)}
SKIPPED = {}
BOUND = {place: (MOTION, {}) for place in range(1, 13)}
