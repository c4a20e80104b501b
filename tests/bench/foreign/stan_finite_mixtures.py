"stan-dev/docs, src/stan-users-guide/finite-mixtures.qmd: bindings written from the text alone."

import math

import numpy as np


def normal(y, mu, sigma):
    "The density of a normal distribution."
    return np.exp(-0.5 * ((y - mu) / sigma) ** 2) / (sigma * np.sqrt(2 * np.pi))


def poisson(y, rate):
    "The probability of a count."
    return np.exp(-rate) * rate**y / math.gamma(y + 1)


LSE = r"\texttt{log}\mathtt{\_}\texttt{sum}\mathtt{\_}\texttt{exp}"
Y = np.array([0.4, -1.1, 2.3, 0.9])
MIXED = {"y": 0.7, "K": 3, r"\lambda": np.array([0.2, 0.5, 0.3]), r"\mu": np.array([-1.0, 0.5, 2.0]),
         r"\sigma": np.array([0.7, 1.1, 1.6]), r"\textsf{normal}": normal}
TWO = {r"\mu": np.array([-1.0, 3.0]), r"\sigma": np.array([2.0, 1.0]), r"\textsf{normal}": normal}
PAIR = TWO | {"y": Y, "N": 4, r"\lambda": 0.3}


def each_mixed(y, rate, mu, sigma):
    "The density of all observations, each from one of two components."
    return np.prod([rate * normal(one, mu[0], sigma[0]) + (1 - rate) * normal(one, mu[1], sigma[1]) for one in y])


def all_mixed(y, rate, mu, sigma):
    "The density of all observations, all from one of two components."
    return rate * np.prod(normal(y, mu[0], sigma[0])) + (1 - rate) * np.prod(normal(y, mu[1], sigma[1]))


SKIPPED = {
    1: "a distribution", 2: "a distribution", 9: "one letter for several densities", 10: "one letter for several densities",
    11: "one letter for several densities", 14: "distributions", 15: "a distribution",
    17: "one letter for several densities", 18: "one letter for several densities", 19: "a distribution", 21: "a distribution",
}
BOUND = {
    3: (MIXED | {"p_Y": lambda y, share, mu, sigma: np.sum(share * normal(y, mu, sigma))}, {"first": 1}),
    4: ({"a": 0.3, "b": -1.2, LSE: np.logaddexp}, {}),
    5: ({"a": 0.3, "b": -1.2, "c": 0.3}, {}),
    6: (TWO | {LSE: np.logaddexp, "y": 0.7, r"\lambda": np.array([0.3, 0.7]), "p": lambda y, share, mu, sigma: np.sum(share * normal(y, mu, sigma))}, {}),
    7: ({r"\lambda": np.full(3, 1 / 3), "K": 3}, {}),
    8: ({"a": 0.3, "b": -1.2, "c": 0.8, LSE: np.logaddexp}, {}),
    12: (PAIR | {"p": each_mixed}, {"first": 1}),
    13: (PAIR | {"p": all_mixed}, {"first": 1}),
    16: (PAIR | {"p": lambda y, mu, sigma: 0.3 * normal(y, mu[0], sigma[0]) + 0.7 * normal(y, mu[1], sigma[1])}, {"first": 1}),
    20: ({"y": np.array([0, 2, 1, 0, 3]), r"\theta": 0.2, r"\lambda": 1.7, r"\textsf{Poisson}": poisson,
          "p": lambda y, share, rate: (y == 0) * share + (1 - share) * poisson(y, rate)}, {}),
    22: ({"y": 2, r"\theta": 0.2, r"\lambda": 1.7, r"\textsf{Poisson}": poisson, r"\textsf{PoissonCDF}": lambda y, rate: np.exp(-rate),
          "p": lambda y, share, rate: share if y == 0 else (1 - share) * poisson(y, rate) / (1 - np.exp(-rate))}, {}),
    23: ({r"\lambda": 1.7, r"\textsf{Poisson}": poisson, r"\textsf{PoissonCDF}": lambda y, rate: np.exp(-rate)}, {}),
}
