"""Keeps the collector of a process that stays from holding people up."""

from __future__ import annotations

import gc

# Objects made until the newest are looked through; a page makes many more than the usual 700.
NEWEST, OLDER, OLDEST = 20_000, 20, 20


def settle() -> None:
    """Leave what is loaded alone from here on: each look through all of it took a quarter of a second."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEWEST, OLDER, OLDEST)
