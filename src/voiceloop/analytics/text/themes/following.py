"""Which theme of this run is which of the run before: ids stay with what people talk about."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from voiceloop.analytics.text.batch import Floats, Ints
from voiceloop.analytics.text.themes.clusters import NEAR, SAME, differences, nearest, smallest, unit
from voiceloop.analytics.text.themes.vectors import Matrix

# How much of a known theme stays when its comments change: it may drift, not jump.
KEEPS = 0.6
# A found cluster is a new theme when more than this share of its comments was in no known theme …
UNHEARD = 0.5
# … or is a split when its comments lie so much nearer to it than to the one theme they came from.
NEARER, FROM_ONE, PART = 1.5, 0.6, 0.2


class Followed(NamedTuple):
    """Directions of all themes, ids of the first ones, and what became of the known.

    ``ids`` has None where a theme is new. ``merged`` maps an id to that which took it up, ``split`` the place
    of a new theme to the id that it was part of.
    """

    themes: Floats
    ids: list[str | None]
    merged: dict[str, str]
    split: dict[int, str]
    gone: list[str]


def projected(known: Sequence[Mapping[str, float]], words: Sequence[str]) -> Floats:
    """Known themes over the words of today.

    Examples
    --------
    >>> projected([{"快递": 3.0, "邮差": 4.0}], ["屏幕", "快递"]).tolist()
    [[0.0, 0.6]]
    """
    place = {word: column for column, word in enumerate(words)}
    found = np.zeros((len(known), len(words)))
    for row, theme in enumerate(known):
        length = sum(weight**2 for weight in theme.values()) ** 0.5 or 1.0
        for word, weight in theme.items():
            if word in place:
                found[row, place[word]] = weight / length
    return found


def follow(rows: Matrix, known: Floats, ids: Sequence[str], fresh: Floats) -> Followed:
    """Carry known themes on and add what is really new among ``fresh``.

    Parameters
    ----------
    rows : sparse matrix, shape (texts, words)
        Unit rows.
    known : ndarray of float, shape (known, words)
        As `projected`.
    ids : sequence of str
        Their ids.
    fresh : ndarray of float, shape (fresh, words)
        What was found without looking at the known.

    Returns
    -------
    Followed
        Known themes that still have comments, moved a little towards them, then the new ones.
    """
    group, near = nearest(rows, known)
    everyone = np.asarray(rows.mean(axis=0)).ravel()
    alive, moved, gone = _moved(rows, known, group, everyone)
    merged = _merged(moved, [ids[i] for i in alive], group, alive)
    kept = [place for place, i in enumerate(alive) if ids[i] not in merged]
    themes, names = [moved[place] for place in kept], [ids[alive[place]] for place in kept]
    found: list[str | None] = list(names)
    split: dict[int, str] = {}
    for direction, origin in _new(rows, fresh, group, near, ids):
        if themes and max(float(direction @ theme) for theme in themes) >= SAME and origin is None:
            continue
        if origin is not None:
            split[len(themes)] = origin
        themes.append(direction)
        found.append(None)
    shape = np.array(themes) if themes else np.zeros((0, rows.shape[1]))
    return Followed(shape, found, merged, split, [ids[i] for i in gone])


def _moved(rows: Matrix, known: Floats, group: Ints, everyone: Floats) -> tuple[list[int], Floats, list[int]]:
    today, size = differences(rows, group, everyone, len(known))
    # Half of what makes a new theme keeps an old one: at the border nothing flickers.
    alive = [i for i in range(len(known)) if size[i] * 2 >= smallest(rows.shape[0])]
    gone = [i for i in range(len(known)) if i not in alive]
    lengths = np.maximum(np.linalg.norm(today, axis=1, keepdims=True), 1e-9)
    blended = KEEPS * known + (1 - KEEPS) * today / lengths
    return alive, unit(blended[alive]) if alive else known[:0], gone


def _merged(moved: Floats, ids: Sequence[str], group: Ints, alive: Sequence[int]) -> dict[str, str]:
    """Themes that have become one: the smaller goes into the larger."""
    size = np.bincount(group[group >= 0], minlength=max(alive, default=0) + 1)
    alike = moved @ moved.T
    merged: dict[str, str] = {}
    for a, b in zip(*np.nonzero(np.triu(alike, 1) >= SAME + 0.1), strict=True):
        small, large = sorted((int(a), int(b)), key=lambda place: size[alive[place]])
        if ids[small] not in merged and ids[large] not in merged:
            merged[ids[small]] = ids[large]
    return merged


def _new(
    rows: Matrix, fresh: Floats, group: Ints, near: Floats, ids: Sequence[str]
) -> list[tuple[Floats, str | None]]:
    mine, close = nearest(rows, fresh)
    found: list[tuple[Floats, str | None]] = []
    for number, direction in enumerate(fresh):
        members = np.flatnonzero(mine == number)
        if len(members) < smallest(rows.shape[0]):
            continue
        if (group[members] < 0).mean() > UNHEARD:
            found.append((direction, None))
            continue
        origin = np.bincount(group[members][group[members] >= 0], minlength=len(ids))
        first = int(origin.argmax())
        is_part = origin[first] >= FROM_ONE * len(members) and origin[first] >= PART * (group == first).sum()
        if is_part and close[members].mean() >= NEARER * max(near[members].mean(), NEAR):
            found.append((direction, ids[first]))
    return found


def new_id(phrases: Sequence[str], taken: set[str]) -> str:
    """A name for machines: of the words at its birth, never used before.

    Examples
    --------
    >>> new_id(["快递"], set()) != new_id(["快递"], {new_id(["快递"], set())})
    True
    """
    number = 0
    while True:
        seal = hashlib.sha256(f"{number}|{'|'.join(phrases)}".encode()).hexdigest()
        if (found := f"t{seal[:10]}") not in taken:
            return found
        number += 1
