"""What is wrong as printed in the foreign texts: the piece that is wrong, and what it may have meant.

Each piece is refuted by the checker, and each mended one passes, both with the same bindings; `ten_texts.py` makes sure of it.
"""

import numpy as np

import compphysics_ridge
import cookbook_bayes_regression
import d2l_information_theory as d2l
import dsp_quantization_error
import dsp_recursive_filters as filters
import fnc_finitediffs
import fnc_integration as integration
import robotics_quintic
import sklearn_clustering as clustering
import sklearn_lda_qda as lda

N, A, B, H = integration.N, integration.A, integration.B, integration.H
FIFTH = integration.GRID | {"f": lambda x: x**5, "T_f": lambda n: integration.trapezoid(n, lambda x: x**5)}
FIRST = {"first": 1}

# name of the text, number of the display, what is wrong, as printed, mended, bindings, options
ERRORS = [
    ("fnc_finitediffs", 10, "the difference is that of a number with itself; a minus sign is missing", r"f''(0) \approx \frac{f'(h) - f'(h)}{2h}",
     r"f''(0) \approx \frac{f'(h) - f'(-h)}{2h}", *fnc_finitediffs.BOUND[10]),
    ("fnc_integration", 9, "the third term of the formula of Euler and Maclaurin has 720 in it, not 740 (for a polynomial of degree five it is the last)",
     r"\int_a^b f(x) \, dx = T_f(n) - \frac{h^2}{12} [f'(b) - f'(a)] + \frac{h^4}{740} [f'''(b) - f'''(a)]",
     r"\int_a^b f(x) \, dx = T_f(n) - \frac{h^2}{12} [f'(b) - f'(a)] + \frac{h^4}{720} [f'''(b) - f'''(a)]", FIFTH, {"tolerance": 1e-7}),
    ("fnc_integration", 15, "in the second step the approximation itself is lost", r"I = b_4 n^{-4} + b_6 n^{-6}",
     r"I = S_f(2n) + b_4 n^{-4} + b_6 n^{-6}", integration.POWER, {}),
    ("fnc_integration", 16, "an equals sign for a plus", r"I = S_f(4n) = \frac{1}{16} b_4 n^{-4} + \frac{1}{64} b_6 n^{-6}",
     r"I = S_f(4n) + \frac{1}{16} b_4 n^{-4} + \frac{1}{64} b_6 n^{-6}", integration.POWER, {}),
    ("fnc_integration", 18, "the sum over the new nodes ends one too early in the last line (the lines before have it right)",
     r"T_f(2m) = \frac{1}{2} T_f(m) + \frac{1}{2m} \sum_{k=1}^{m-1} f(t_{2k-1})",
     r"T_f(2m) = \frac{1}{2} T_f(m) + \frac{1}{2m} \sum_{k=1}^{m} f(t_{2k-1})", *integration.BOUND[18]),
    ("compphysics_ridge", 30, "the orthogonal matrices on both sides do not cancel: the product has these eigenvalues, but is not diagonal",
     r"X^T X = \tilde{\Sigma}^2", r"X^T X = V \tilde{\Sigma}^2 V^T", compphysics_ridge.SVD, {}),
    ("compphysics_ridge", 32, "a consequence of the one before: the matrices around the inverse are the wrong way round",
     r"\tilde{y}_{\mathrm{OLS}} = U \Sigma V^T \tilde{\Sigma}^{-2} V \Sigma^T U^T y",
     r"\tilde{y}_{\mathrm{OLS}} = U \Sigma V^T V \tilde{\Sigma}^{-2} V^T V \Sigma^T U^T y", compphysics_ridge.SVD, {}),
    ("compphysics_ridge", 33, "one of two indices has another letter", r"\hat{y}_k = \sum_{i=0}^{p-1} U_{ki} \sum_{l=0}^{4} U_{lj} y_l",
     r"\hat{y}_k = \sum_{i=0}^{p-1} U_{ki} \sum_{l=0}^{4} U_{li} y_l",
     {"U": compphysics_ridge.U, "y": compphysics_ridge.Y, "p": 3, r"\hat{y}": compphysics_ridge.X @ compphysics_ridge.BETA}, {}),
    ("dsp_quantization_error", 6, "an approximation is printed as an equality: with the two steps before it, it is exact for the smallest number, and off by 1.6 % here "
     "for the largest", *(rf"\sigma_e^2 = \frac{{x_\text{{{end}}}^2}}{{3 \cdot 2^{{2 w}}}}" for end in ("max", "min")), *dsp_quantization_error.BOUND[6]),
    ("dsp_recursive_filters", 3, "all coefficients of the numerator are in the impulse response, one for each sample, and not the first alone",
     r"h_k = \frac{1}{a_0} \left( b_0 \delta_k - \sum_{n=1}^{N} a_n h_{k-n} \right)", r"h_k = \frac{1}{a_0} \left( b_k - \sum_{n=1}^{N} a_n h_{k-n} \right)",
     {"a": filters.A, "b": np.append(filters.B, np.zeros(6)), "N": 2, r"\delta": filters.IMPULSE, "h": filters.filtered(filters.IMPULSE)}, {}),
    ("dsp_recursive_filters", 5, "the factor in front is the quotient of the first coefficients, not of the last ones",
     r"H(z) = \frac{b_M}{a_N} \prod_{\mu=1}^{P} \frac{z - c_\mu}{z - d_\mu}", r"H(z) = \frac{b_0}{a_0} \prod_{\mu=1}^{P} \frac{z - c_\mu}{z - d_\mu}",
     {"a": filters.A, "b": filters.B, "M": 2, "N": 2, "P": 2, "z": filters.Z, "H": filters.transfer, "c": np.append(0, filters.ZEROS), "d": np.append(0, filters.POLES)}, {}),
    ("sklearn_clustering", 3, "an entropy without its minus sign", r"H = \sum_{i=0}^{1} P(i) \log P(i)", r"H = -\sum_{i=0}^{1} P(i) \log P(i)",
     {"H": clustering.H_U, "P": lambda i: clustering.ROWS[int(i)] / clustering.N}, {}),
    ("sklearn_clustering", 4, "an entropy without its minus sign", r"H = \sum_{j=0}^{2} P(j) \log P(j)", r"H = -\sum_{j=0}^{2} P(j) \log P(j)",
     {"H": clustering.H_V, "P": lambda j: clustering.COLUMNS[int(j)] / clustering.N}, {}),
    ("sklearn_lda_qda", 2, "the exponent of 2π is half of n",
     r"p = \frac{1}{(2 \pi)^n \sqrt{\det \Sigma}} \exp\left(-\frac{1}{2} (X - \mu)^\top \Sigma^{-1} (X - \mu)\right)",
     r"p = \frac{1}{(2 \pi)^{n/2} \sqrt{\det \Sigma}} \exp\left(-\frac{1}{2} (X - \mu)^\top \Sigma^{-1} (X - \mu)\right)",
     {"p": lda.gauss(lda.X, lda.MU[0], lda.SIGMA[0]), "n": 3, r"\Sigma": lda.SIGMA[0], "X": lda.X, r"\mu": lda.MU[0]}, {}),
    ("d2l_information_theory", 18, "the expectation over both variables has their joint probability in it already, and here it is there a second time",
     r"I = \sum_{x=0}^{1} \sum_{y=0}^{2} a_x b_y p_{xy} \log_2 \frac{p_{xy}}{a_x b_y}", r"I = \sum_{x=0}^{1} \sum_{y=0}^{2} p_{xy} \log_2 \frac{p_{xy}}{a_x b_y}",
     {"I": d2l.INFORMATION, "p": d2l.JOINT, "a": d2l.P_X, "b": d2l.P_Y}, {}),
    ("cookbook_bayes_regression", 33, "the square of the mean is meant, not the mean of the squares: as printed, the denominator is 0",
     r"\sum_{i=1}^n (X_i - m)^2 = \sum_{i=1}^n X_i^2 - n \overline{X^2}", r"\sum_{i=1}^n (X_i - m)^2 = \sum_{i=1}^n X_i^2 - n m^2",
     {"X": cookbook_bayes_regression.X, "n": 7, "m": cookbook_bayes_regression.X.mean(), r"\overline{X^2}": np.mean(cookbook_bayes_regression.X**2)}, FIRST),
    ("cookbook_bayes_regression", 37, "a minus sign for a plus, behind a sign for proportional, so that the checker takes no notice",
     r"\epsilon_i = Y_i - (\beta_0 - \beta_1 X_i)", r"\epsilon_i = Y_i - (\beta_0 + \beta_1 X_i)",
     cookbook_bayes_regression.SAMPLE | {r"\epsilon": cookbook_bayes_regression.Y - 0.4 + 1.3 * cookbook_bayes_regression.X}, {}),
    ("robotics_quintic", 5, "the last term of the second derivative is missing (two equations later it is there)", r"x''(t) = 2 a_2 + 6 a_3 t + 12 a_4 t^2",
     r"x''(t) = 2 a_2 + 6 a_3 t + 12 a_4 t^2 + 20 a_5 t^3", robotics_quintic.MOTION, {}),
    ("cookbook_inference", 16, "an inequality is printed as an equality: for one uniform number, the chance of a distance above 0.8 is 0.4",
     r"p = 2 e^{-2 n \varepsilon^2}", r"p \le 2 e^{-2 n \varepsilon^2}", {"p": 0.4, "n": 1, r"\varepsilon": 0.8}, {}),
]
