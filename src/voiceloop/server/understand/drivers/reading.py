"""What the pages about drivers show, read from the lake once for each of its versions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np
from django.http import QueryDict

from voiceloop.analytics.drivers import facts as sources
from voiceloop.analytics.drivers.delights import Delight, delights
from voiceloop.analytics.drivers.facts import Facts
from voiceloop.analytics.drivers.focus import Focus, focus
from voiceloop.analytics.drivers.gaps import filled, indicators
from voiceloop.analytics.drivers.importance import explain
from voiceloop.analytics.drivers.misfits import Fit, misfits
from voiceloop.analytics.drivers.result import Drivers
from voiceloop.analytics.errors import AnalyticsError
from voiceloop.server.core.models import User
from voiceloop.server.measure.slices import Slice
from voiceloop.server.store import sync

OUTCOMES = sources.OUTCOMES
TABLES = ("answers", "annotations", "transactions", "conversations")
SEGMENTS = ("segment", "tier", "channel", "language")
# Deeds take months to be done, misfits and delights many answers to be seen.
LONG_DAYS = "365"

Conditions = tuple[tuple[str, tuple[str, ...]], ...]
Efforts = tuple[tuple[tuple[str, str], float], ...]


def slice_of(user: User, query: QueryDict, days: str = "") -> Slice:
    """The one filter; a page that needs a longer period says so where the reader says nothing."""
    if days and not {"days", "since", "until"} & set(query):
        query = query.copy()
        query["days"] = days
    return Slice.of(user, query)


def outcome_of(query: Mapping[str, Any]) -> str:
    asked = str(query.get("outcome") or "")
    return asked if asked in OUTCOMES else OUTCOMES[0]


def facts_of(part: Slice, question: str = "nps") -> Facts:
    where = tuple(sorted((name, tuple(values)) for name, values in part.where.items()))
    return _facts(_version(), question, where, part.since, part.until)


def drivers_of(part: Slice, question: str, efforts: Mapping[tuple[str, str], float]) -> Drivers:
    where = tuple(sorted((name, tuple(values)) for name, values in part.where.items()))
    asked = tuple(sorted(efforts.items()))
    return _drivers(_version(), question, where, part.since, part.until, asked)


def focus_of(part: Slice, question: str, unit: str) -> Focus:
    """One unit against all others that the reader may see, in the same period."""
    found = facts_of(part.narrowed(unit=None), question)
    inside = found.kept["unit"] == unit
    gaps = indicators([*found.drivers, *found.context])
    context = [*gaps, *map(filled, found.context)]
    drivers = [filled(one) for one in found.drivers]
    return focus(found.outcome, drivers, context, inside, cluster=found.customer)


def delights_of(part: Slice) -> tuple[Delight, ...]:
    found = facts_of(part)
    promoter = (found.score >= 9) & found.commented
    if not promoter.any():
        raise AnalyticsError("No promoter wrote anything in this slice.", "此范围内没有推荐者留言。")
    praised = {code: (values[promoter] > 0).astype(float) for code, values in found.mentions.items()}
    return delights(praised, found.kept["segment"][promoter])


def fit_of(part: Slice) -> Fit:
    found = facts_of(part)
    segments = {name: found.kept[name] for name in SEGMENTS}
    return misfits(found.outcome.y, found.fine, segments, found.at)


def _version() -> tuple[object, ...]:
    lake = sync.lake()
    return (str(lake.path), *(lake.version(name) for name in TABLES))


@lru_cache(maxsize=4)
def _facts(
    version: tuple[object, ...], question: str, where: Conditions, since: date | None, until: date | None
) -> Facts:
    conditions = {name: list(values) for name, values in where}
    return sources.facts(sync.lake(), question, where=conditions, since=since, until=until)


@lru_cache(maxsize=32)
def _drivers(
    version: tuple[object, ...],
    question: str,
    where: Conditions,
    since: date | None,
    until: date | None,
    efforts: Efforts,
) -> Drivers:
    found = _facts(version, question, where, since, until)
    weights = found.weight if np.ptp(found.weight) > 0 else None
    return explain(
        found.outcome,
        found.drivers,
        found.context,
        aside=found.aside,
        weights=weights,
        cluster=found.customer,
        handled="filled",
        efforts=dict(efforts),
    )
