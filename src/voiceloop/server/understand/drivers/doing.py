"""Said against done: what customers of each class did after they answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from django.utils.timezone import now
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from voiceloop.analytics.drivers.deeds import CLASSES, Deed, deed
from voiceloop.analytics.drivers.facts import DAY, Facts
from voiceloop.analytics.drivers.timeline import Timeline
from voiceloop.analytics.engines import engine
from voiceloop.analytics.errors import AnalyticsError
from voiceloop.server.measure.labels import label
from voiceloop.server.measure.slices import Slice
from voiceloop.server.store import sync
from voiceloop.server.understand.drivers import reading

# Our choices: what "again" and "gone" mean, said on the page.
AGAIN_DAYS, GONE_DAYS = 90, 180
DEEDS: dict[str, Any] = {
    "again": _("Bought again within 90 days"),
    "gone": _("Bought nothing for 180 days"),
}


@dataclass(frozen=True)
class Line:
    code: str
    name: str
    found: Deed | None
    fault: str = ""

    @property
    def classes(self) -> list[tuple[str, str, Any, int]]:
        if self.found is None:
            return []
        rates, n = self.found.rates, self.found.n
        return [(one, label("score_class", one), rates.get(one), n[one]) for one in CLASSES]


def lines(part: Slice) -> list[Line]:
    found = reading.facts_of(part)
    bought = _purchases()
    known_until = now().timestamp()
    again = _within(found, bought, AGAIN_DAYS, known_until)
    gone = 1 - _within(found, bought, GONE_DAYS, known_until)
    return [_line("again", found, again), _line("gone", found, gone)]


def _line(code: str, found: Facts, did: Any) -> Line:
    classes = np.where(found.score >= 9, "promoter", np.where(found.score <= 6, "detractor", "passive"))
    strata = np.array([f"{a}|{b}" for a, b in zip(found.kept["segment"], found.kept["tier"], strict=True)])
    try:
        return Line(code, str(DEEDS[code]), deed(code, classes, did, strata, found.customer))
    except AnalyticsError as error:
        return Line(code, str(DEEDS[code]), None, error.say(get_language() or "zh"))


def _purchases() -> Timeline:
    sql = """SELECT customer_key, epoch("at") AS moment FROM facts
             WHERE customer_key IS NOT NULL AND kind <> 'return'"""
    return Timeline.of(engine().arrays(sql, sync.lake().scan("transactions", None, None)))


def _within(found: Facts, bought: Timeline, days: int, known_until: float) -> Any:
    """1 where a purchase followed within so many days, NaN where they have not passed."""
    if not len(bought):
        return np.full(len(found.at), np.nan)
    until = found.at + days * DAY
    times, _sums = bought.within(found.customer, found.at, until)
    return np.where((until <= known_until) & (found.customer > 0), (times > 0).astype(float), np.nan)
