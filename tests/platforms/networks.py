"""Random joined markets for the tests of this chapter."""

import numpy as np


def random_network(seed, *, joined=True):
    """Depths, densities and symmetric conductances of two to six markets; a chain of links keeps them in one piece."""
    rng = np.random.default_rng(seed)
    size = int(rng.integers(2, 7))
    links = np.triu(rng.uniform(0.1, 3.0, (size, size)) * (rng.random((size, size)) < 0.5), 1)
    if joined:
        links += np.diag(rng.uniform(0.1, 1.0, size - 1), 1)
    return rng.uniform(0.1, 5.0, size), rng.uniform(0.0, 4.0, size), links + links.T
