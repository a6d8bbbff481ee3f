"""What detractors cost, read from the lake: contacts, refunds and lost purchases after they answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from voiceloop.analytics.drivers.burden import Burden, alike, burdens
from voiceloop.analytics.drivers.facts import DAY, Facts
from voiceloop.analytics.drivers.timeline import Timeline
from voiceloop.analytics.engines import engine
from voiceloop.analytics.errors import AnalyticsError
from voiceloop.server.measure.slices import Slice
from voiceloop.server.store import sync
from voiceloop.server.understand.drivers import reading

WINDOWS = (30, 90, 180)
USUAL_WINDOW = 90
COUNTS = ("contacts", "follow_up")
MOST_COST = 1_000_000.0
PARTS: dict[str, Any] = {
    "contacts": _("Contacts outside cases"),
    "follow_up": _("Contacts within cases"),
    "handling": _("Cost of contacts"),
    "refunds": _("Refunds"),
    "lost": _("Purchases lost"),
    "money": _("Together"),
}


@dataclass(frozen=True)
class Asked:
    """How long customers are followed, and what a contact costs where no record says."""

    window: int = USUAL_WINDOW
    contact: float | None = None

    @classmethod
    def of(cls, query: Mapping[str, Any]) -> Asked:
        """What the address says, as far as it makes sense."""
        window = str(query.get("window") or "")
        known = int(window) if window in map(str, WINDOWS) else USUAL_WINDOW
        return cls(known, _amount(str(query.get("contact") or "")))

    @property
    def query(self) -> str:
        return f"window={self.window}" + (f"&contact={self.contact:g}" if self.contact is not None else "")


@dataclass(frozen=True)
class Costs:
    """The burdens, and what they rest on.

    ``contact`` is what a contact without a recorded cost was taken to cost; None: nothing is known.
    """

    burdens: tuple[Burden, ...]
    n_early: int
    contact: float | None

    @property
    def whole(self) -> Burden | None:
        return next((one for one in self.burdens if one.name == "money"), None)

    @property
    def parts(self) -> list[Burden]:
        return [one for one in self.burdens if one.name != "money"]


def costs(part: Slice, asked: Asked) -> Costs:
    """What followed the first answer of each customer, as far as its time has passed.

    Raises
    ------
    AnalyticsError
        When there are too few to compare.
    """
    found = reading.facts_of(part)
    first, n_early = _first(found, asked.window)
    if not len(first):
        raise AnalyticsError(
            f"Nobody whom we know by name answered more than {asked.window} days ago in this slice.",
            f"此范围内还没有 {asked.window} 天以前作答、且能识别身份的客户。",
        )
    who, at = found.customer[first], found.at[first]
    before, after = (at - asked.window * DAY, at), (at, at + asked.window * DAY)
    talks, follow_ups, contact = _contacts(asked.contact)
    bought, returned = _orders()
    n_before, _cost = talks.within(who, *before)
    _times, spent = bought.within(who, *before)
    n_after, talking = talks.within(who, *after)
    n_follow, following = follow_ups.within(who, *after)
    again, _spent = bought.within(who, *after)
    _times, refunds = returned.within(who, *after)
    counts = {"contacts": n_after, "follow_up": n_follow}
    money = {"handling": talking + following} if contact is not None else {}
    money |= {"refunds": refunds, "lost": np.where(again == 0, spent, 0.0)}
    group = alike(found.kept["segment"][first], found.kept["tier"][first], spent, n_before)
    weight = found.n_total / max(len(found.score), 1)
    burden_of = burdens(counts, money, found.score[first] <= 6, group, weight=weight)
    return Costs(burden_of, n_early, contact)


def named(found: Costs) -> list[tuple[Any, str, Burden]]:
    """Each burden with its name and how its figures are written."""
    return [(PARTS[one.name], "score" if one.name in COUNTS else "money", one) for one in found.burdens]


def _first(found: Facts, window: int) -> tuple[Any, int]:
    """The first answer of each known customer, and how many of them are too recent."""
    order = np.argsort(found.at, kind="stable")
    known = order[found.customer[order] > 0]
    first = known[np.unique(found.customer[known], return_index=True)[1]]
    passed = found.at[first] + window * DAY <= now().timestamp()
    return first[passed], int((~passed).sum())


def _contacts(given: float | None) -> tuple[Timeline, Timeline, float | None]:
    """Contacts of their own and those of a case, with their cost, and what one costs where no record says.

    That is as the reader says, else as the recorded ones do on average.
    """
    sql = """SELECT customer_key, epoch("at") AS moment, cost, case_id IS NOT NULL AS in_case FROM facts
             WHERE customer_key IS NOT NULL AND "at" IS NOT NULL"""
    rows = engine().arrays(sql, sync.lake().scan("conversations", None, None))
    cost: Any = np.ma.filled(np.ma.asarray(rows["cost"], dtype=float), np.nan)
    known = cost[~np.isnan(cost)]
    usual = given if given is not None else float(known.mean()) if len(known) else None
    own, in_case = _split(rows, np.where(np.isnan(cost), usual or 0.0, cost), "in_case")
    return own, in_case, usual


def _orders() -> tuple[Timeline, Timeline]:
    """What was bought, and what was paid back."""
    sql = """SELECT customer_key, epoch("at") AS moment, amount,
                 coalesce(kind = 'return', false) OR amount < 0 AS is_return
             FROM facts WHERE customer_key IS NOT NULL AND "at" IS NOT NULL AND amount IS NOT NULL"""
    rows = engine().arrays(sql, sync.lake().scan("transactions", None, None))
    return _split(rows, np.abs(np.ma.getdata(rows["amount"]).astype(float)), "is_return")


def _split(rows: Mapping[str, Any], value: Any, flag: str) -> tuple[Timeline, Timeline]:
    """The rows without the flag, and those with it."""
    has: Any = np.ma.filled(np.ma.asarray(rows[flag], dtype=bool), False)
    return Timeline.of(rows, value, only=~has), Timeline.of(rows, value, only=has)


def _amount(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if 0 <= value <= MOST_COST else None
