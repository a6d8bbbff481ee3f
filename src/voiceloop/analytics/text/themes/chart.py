"""Where themes lie beside each other: classical multidimensional scaling of what they are made of."""

from __future__ import annotations

import numpy as np

from voiceloop.analytics.text.batch import Floats


def places(themes: Floats) -> Floats:
    """Two coordinates for each theme; those that share words lie close to each other.

    Parameters
    ----------
    themes : ndarray of float, shape (themes, words)
        Unit rows.

    Returns
    -------
    ndarray of float, shape (themes, 2)
        Between −1 and 1; the same themes give the same map (Torgerson 1952; the largest entry is positive).

    Examples
    --------
    >>> places(np.eye(3)).shape
    (3, 2)
    """
    n = len(themes)
    if n < 3:
        return np.stack([np.linspace(-0.5, 0.5, n), np.zeros(n)], axis=1)
    distance = 1 - np.sqrt(np.clip(themes @ themes.T, 0, 1))
    np.fill_diagonal(distance, 0)
    centre = np.eye(n) - 1 / n
    value, vector = np.linalg.eigh(-0.5 * centre @ distance**2 @ centre)
    found = vector[:, [-1, -2]] * np.sqrt(np.maximum(value[[-1, -2]], 0))
    strongest = found[np.abs(found).argmax(axis=0), [0, 1]]
    found *= np.where(strongest < 0, -1.0, 1.0)
    # Ranks and values half each: outliers do not press all others into one heap.
    ranks = found.argsort(axis=0).argsort(axis=0) * (2 / (n - 1)) - 1
    return np.asarray((found / np.abs(found).max(initial=1e-9) + ranks) / 2)
