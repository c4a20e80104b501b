"scikit-learn/scikit-learn, doc/modules/clustering.rst, from the adjusted Rand index on: bindings written from the text alone."

import itertools
import math

import numpy as np

TRUE, FOUND = np.array([0, 0, 0, 1, 1, 1, 1]), np.array([0, 0, 1, 1, 2, 2, 2])
N = len(TRUE)
TABLE = np.array([[np.sum((TRUE == i) & (FOUND == j)) for j in range(3)] for i in range(2)])
ROWS, COLUMNS = TABLE.sum(1), TABLE.sum(0)


def entropy(p):
    "The entropy of an array of probabilities."
    return -np.sum(p * np.log(p))


def shared(table):
    "The mutual information of a table of counts."
    p = table / table.sum()
    return sum(p[i, j] * np.log(p[i, j] / (p[i].sum() * p[:, j].sum())) for i, j in np.ndindex(p.shape) if p[i, j])


def agreement():
    "The pairs of samples that are together in both, and apart in both."
    pairs = list(itertools.combinations(range(N), 2))
    together = sum(TRUE[i] == TRUE[j] and FOUND[i] == FOUND[j] for i, j in pairs)
    return together, sum(TRUE[i] != TRUE[j] and FOUND[i] != FOUND[j] for i, j in pairs), len(pairs)


def expected():
    "The mean of the mutual information over all permutations of the samples."
    orders = set(itertools.permutations(FOUND))
    tables = [np.array([[np.sum((TRUE == i) & (np.array(one) == j)) for j in range(3)] for i in range(2)]) for one in orders]
    return np.mean([shared(one) for one in tables])


BOTH, NEITHER, PAIRS = agreement()
H_U, H_V = entropy(ROWS / N), entropy(COLUMNS / N)
CLASSES = {"U": 0, "V": 1, "R": np.arange(2), "C": np.arange(3), "H": lambda one: H_U if one == 0 else H_V}
CHANCES = {"P": lambda i, j=None: ROWS[int(i) - 1] / N if j is None else TABLE[int(i) - 1, int(j) - 1] / N, "P'": lambda j: COLUMNS[int(j) - 1] / N}
# A table in which no class is missing in a cluster, so that no logarithm of 0 appears.
COUNTS = np.array([[2, 1, 3], [1, 4, 2]])
GROUPS = {"C": np.arange(2), "K": np.arange(3), "n_{c,k}": COUNTS, "n_c": COUNTS.sum(1), "n_k": COUNTS.sum(0), "n": COUNTS.sum()}
FULL = {"P": lambda i, j=None: COUNTS[int(i) - 1].sum() / 13 if j is None else COUNTS[int(i) - 1, int(j) - 1] / 13,
        "P'": lambda j: COUNTS[:, int(j) - 1].sum() / 13}
SCORES = {"h": 0.6, "c": 0.8, "a": 1.7, "b": 2.6}

SKIPPED = {9: "one letter for several entropies", 10: "one letter for several entropies"}
BOUND = {
    1: ({"a": BOTH, "b": NEITHER, r"\text{RI}": (BOTH + NEITHER) / PAIRS, "C_2^{n_{samples}}": PAIRS}, {}),
    2: ({r"\text{RI}": 0.7, "E": lambda one: 0.4, r"\max": lambda one: 1.0, r"\text{ARI}": 0.5}, {}),
    3: (CLASSES | CHANCES, {}),
    4: (CLASSES | CHANCES, {}),
    5: (CLASSES | FULL | {r"\text{MI}": lambda U, V: shared(COUNTS)}, {}),
    6: (CLASSES | {r"\text{MI}": lambda U, V: 0.3, r"\text{NMI}": lambda U, V: 0.3 / math.sqrt(H_U * H_V)}, {}),
    7: ({"R": 2, "C": 3, "N": N, "a": ROWS, "b": COLUMNS, "U": 0, "V": 1, r"\text{MI}": 0.0, "E": lambda one: expected()}, {"first": 1}),
    8: (CLASSES | {r"\text{MI}": 0.5, "E": lambda one: 0.2, r"\text{AMI}": 0.3 / (max(H_U, H_V) - 0.2)}, {}),
    11: (GROUPS | {"H": lambda one, other=None: sum(-COUNTS[:, k].sum() / 13 * np.sum(q * np.log(q)) * -1 * -1
                                                   for k in range(3) for q in [COUNTS[:, k] / COUNTS[:, k].sum()])}, {"first": 1}),
    12: (GROUPS | {"H": lambda one: entropy(COUNTS.sum(1) / 13)}, {"first": 1}),
    13: (SCORES | {"v": 1 / np.mean([1 / 0.6, 1 / 0.8])}, {}),
    14: (SCORES | {"s": 0.9 / 2.6}, {}),
}
