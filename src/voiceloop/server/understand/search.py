"""Search over what customers wrote, within the rights of who asks."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np

from voiceloop.analytics.text.batch import Bools, Ints
from voiceloop.analytics.text.search.index import Index, Narrow
from voiceloop.analytics.text.search.query import parse
from voiceloop.analytics.text.search.snippet import Span, spans
from voiceloop.server.core.models import Unit, User
from voiceloop.server.measure.slices import Slice
from voiceloop.server.understand import search_index, voices

# What is asked of the index first, and then ten times as many while conditions leave too few.
MOST, MORE, ALL = 200, 10, 20_000
_EPOCH = date(1970, 1, 1)
_open: dict[str, Any] = {}
_lock = threading.Lock()


def ranked(user: User, part: Slice, query: str, most: int = MOST) -> list[tuple[int, float]]:
    """The comments of a slice that a query finds, best first: [(id of the verbatim, score)].

    The query is words, "exact phrases" and -what must not be there; script, width and case do not matter.
    Only what the reader may see is found: the index is narrowed to their units and the period, and the ids
    are asked of the database once more, with every other condition of the slice. [] when nothing is asked
    or found; what was written in the last minute may be missing. Show a page of them in this order with
    `voices.in_slice(user, part).in_bulk(ids)`, and mark the words of each text by `marks(text, query)`.
    """
    narrow, k = _narrow(user, part), most
    while True:
        found = [
            (int(segment.ids[place]), score)
            for segment, place, score in index().ranked(query, k, where=narrow)
        ]
        mine = set(
            voices.in_slice(user, part).filter(pk__in=[pk for pk, _ in found]).values_list("pk", flat=True)
        )
        kept = [(pk, score) for pk, score in found if pk in mine]
        if len(kept) >= most or len(found) < k or k >= ALL:
            return kept[:most]
        k = min(k * MORE, ALL)


def marks(text: str, query: str) -> list[Span]:
    """The characters of a text that a query names, as [(start, end)]."""
    return spans(text, parse(query))


def index() -> Index:
    """The index as it is now; every process maps the same files."""
    manifest = search_index.folder() / "index.json"
    try:
        stamp = manifest.stat().st_mtime_ns, manifest.stat().st_ino
    except FileNotFoundError:
        return Index()
    with _lock:
        if _open.get("stamp") != (str(manifest), stamp):
            _open.update(index=Index.load(manifest.parent), stamp=(str(manifest), stamp))
        found: Index = _open["index"]
        return found


def _narrow(user: User, part: Slice) -> Narrow:
    """The reader's units and the days of the period, as far as the index knows them."""
    everywhere = user.unit is not None and user.unit.parent_id is None
    units = (
        None if everywhere else np.array(sorted(Unit.objects.visible_to(user).values_list("pk", flat=True)))
    )

    def allowed(columns: Mapping[str, Ints]) -> Bools:
        day, unit = columns["day"], columns["unit"]
        kept = np.ones(len(day), dtype=np.bool_)
        if units is not None:
            kept &= np.isin(unit, units)
        if part.since:
            kept &= np.asarray(day) >= (part.since - _EPOCH).days
        if part.until:
            kept &= np.asarray(day) < (part.until - _EPOCH).days
        return kept

    return allowed
