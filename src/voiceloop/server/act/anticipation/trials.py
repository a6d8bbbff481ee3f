"""Dry runs of a rule: whom it would have named, and whether they contacted us more often than others."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zlib import crc32

from django.utils.timezone import localtime, now
from procrastinate.contrib.django import app

from voiceloop.analytics.stats.difference import adjusted_difference
from voiceloop.analytics.stats.intervals import SHARES_PSEUDO, share_interval
from voiceloop.analytics.stats.parts import Parts
from voiceloop.server.act.anticipation import kinds
from voiceloop.server.act.anticipation.contacts import Heard
from voiceloop.server.act.anticipation.kinds import Occasion, Period
from voiceloop.server.act.anticipation.sparing import MONTH, Peace
from voiceloop.server.act.models import AnticipationRule, AnticipationTrial
from voiceloop.server.core.events import verb
from voiceloop.server.core.models import User
from voiceloop.server.measure import numbers

TASK, QUEUE = "act.anticipation_trial", "default"
DAYS = (30, 90, 180, 365)
# Whether a customer contacted us is asked of the week after a proposal would have been made.
FOLLOWED = timedelta(days=7)
State = AnticipationTrial.State
# The unit of a customer and the week: who is compared lived in the same circumstances.
Stratum = tuple[int, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Seen:
    """One customer who was, or might have been, named: where, in which week, and whether they came."""

    customer: int
    stratum: Stratum
    came: bool
    ways: frozenset[str] = frozenset()


@dataclass
class Tally:
    """Everybody of a stretch of time, one row a customer and side, however often they order."""

    peace: Peace
    # Each with the moment, and each with the place, by which another of the same customer gives way to it.
    named: dict[int, tuple[datetime, Seen]] = field(default_factory=dict)
    others: dict[int, tuple[int, Seen]] = field(default_factory=dict)
    spared: Counter[str] = field(default_factory=Counter)
    n_occasions: int = 0
    n_happened: int = 0
    _happened: set[int] = field(default_factory=set)

    def see(self, one: Occasion) -> None:
        self.n_occasions += 1
        self.n_happened += one.happened
        if one.happened:
            self._happened.add(one.customer)
        proposed = next_round(one.at)
        why_not = self.peace.why_not(one.customer, since=one.since, at=proposed, own=one.own)
        if why_not:
            self.spared[why_not] += one.happened
        elif one.happened:
            self._name(one, proposed)
        else:
            self._keep(one, proposed)

    def _name(self, one: Occasion, proposed: datetime) -> None:
        """The first time only: whoever is named is not named again within the month."""
        known = self.named.get(one.customer)
        if known is None or one.at < known[0]:
            self.named[one.customer] = one.at, self._seen(one, proposed)

    def _keep(self, one: Occasion, proposed: datetime) -> None:
        """One occasion of each customer, as chance would choose it but the same whenever this is counted."""
        place, known = crc32(one.key.encode()), self.others.get(one.customer)
        if known is None or place < known[0]:
            self.others[one.customer] = place, self._seen(one, proposed)

    def _seen(self, one: Occasion, proposed: datetime) -> Seen:
        came = self.peace.heard(one.customer, proposed, proposed + FOLLOWED)
        return Seen(one.customer, (one.unit, _week(one.at)), bool(came), frozenset(_ways(came)))

    def first(self) -> list[Seen]:
        return [seen for _at, seen in self.named.values()]

    def compared(self) -> list[Seen]:
        """Customers to whom it did not happen in all that time."""
        return [seen for who, (_place, seen) in self.others.items() if who not in self._happened]


@verb
def start(rule: AnticipationRule, *, by: User, days: int = 90) -> AnticipationTrial:
    """Queue the count; one of the same numbers that is under way is that one."""
    known = {"digest": digest(rule), "days": days}
    moving = rule.trials.filter(state__in=(State.QUEUED, State.RUNNING), **known).first()
    if moving:
        found: AnticipationTrial = moving
        return found
    made = AnticipationTrial.objects.create(rule=rule, by=by, **known)
    app.configure_task(TASK, queue=QUEUE).defer(trial=made.pk)
    return made


def digest(rule: AnticipationRule) -> str:
    """Of what decides who is named."""
    said = json.dumps([rule.kind, kinds.values(rule.kind, rule.parameters), rule.unit_id], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()


def newest(rule: AnticipationRule) -> AnticipationTrial | None:
    found: AnticipationTrial | None = rule.trials.order_by("-pk").first()
    return found


def is_tried(rule: AnticipationRule) -> bool:
    """Whether somebody could see, by these very numbers, what the rule would have named."""
    return bool(rule.trials.filter(state=State.DONE, digest=digest(rule)).exists())


def count(trial: AnticipationTrial) -> AnticipationTrial:
    """Read the past; it only reads, so that a killed count simply begins again."""
    moving = AnticipationTrial.objects.filter(pk=trial.pk)
    moving.update(state=State.RUNNING)
    try:
        trial.result = tried(trial.rule, days=trial.days)
    except Exception as error:
        moving.update(state=State.FAILED, ended_at=now(), error=type(error).__name__)
        raise
    trial.state, trial.ended_at = State.DONE, now()
    trial.save()
    return trial


def tried(rule: AnticipationRule, *, days: int) -> dict[str, Any]:
    """What the rule would have named in the last days that could be followed for a week."""
    until = now() - FOLLOWED - timedelta(hours=1)
    period = Period(until - timedelta(days=days), until, rule.unit.path or "")
    values = kinds.values(rule.kind, rule.parameters)
    # A month before, since a proposal may be made as late as that after something began.
    tally = Tally(Peace(period.since - MONTH - FOLLOWED, now(), path=period.path))
    for one in kinds.of(rule.kind).occasions(values, period):
        tally.see(one)
    return _told(tally, period)


def _told(tally: Tally, period: Period) -> dict[str, Any]:
    named, others = tally.first(), tally.compared()
    matched, alike, alone = _matched(named, others)
    return {
        "since": period.since.isoformat(),
        "until": period.until.isoformat(),
        "n_occasions": tally.n_occasions,
        "n_happened": tally.n_happened,
        "n_named": len(named),
        "spared": dict(tally.spared),
        # Named customers in whose unit there was nobody to compare them with.
        "n_alone": alone,
        "n_others": len(others),
        "named": figure(matched),
        "others": figure(alike),
        "n_came": sum(one.came for one in named),
        "ways": dict(Counter(way for one in named if one.came for way in one.ways)),
        "difference": difference(matched, alike),
    }


def _matched(named: list[Seen], others: list[Seen]) -> tuple[Parts, Parts, int]:
    """Both sides' sums; the others are weighted so that units and weeks are as among those who were named."""
    by_week: dict[Any, list[Seen]] = defaultdict(list)
    by_unit: dict[Any, list[Seen]] = defaultdict(list)
    for one in others:
        by_week[one.stratum].append(one)
        by_unit[one.stratum[0]].append(one)
    weights: Counter[int] = Counter()
    sums: dict[int, float] = defaultdict(float)
    kept = []
    for one in named:
        alike = by_week.get(one.stratum) or by_unit.get(one.stratum[0], [])
        if alike:
            kept.append(one)
            weights[id(alike)] += 1
    pools = {id(pool): pool for pool in (*by_week.values(), *by_unit.values())}
    came: dict[int, bool] = {}
    for pool, n in weights.items():
        for one in pools[pool]:
            sums[one.customer] += n / len(pools[pool])
            came[one.customer] = one.came
    values = [float(came[customer]) for customer in sums]
    matched = Parts.of([float(one.came) for one in kept])
    return matched, Parts.of(values, list(sums.values())), len(named) - len(kept)


def figure(parts: Parts) -> dict[str, Any]:
    """A share in percent with its interval; withheld where too few stand behind it."""
    n = int(parts.n)
    if n < numbers.MIN_N:
        return {"n": n, "value": None, "low": None, "high": None}
    low, high = share_interval(parts)
    return {"n": n, "value": 100 * float(parts.means), "low": 100 * float(low), "high": 100 * float(high)}


def difference(a: Parts, b: Parts) -> dict[str, Any]:
    """a − b in percentage points."""
    if min(a.n, b.n) < numbers.MIN_N:
        return {"value": None, "low": None, "high": None, "verdict": "noise"}
    found = adjusted_difference(a, b, SHARES_PSEUDO)
    values = {"value": found.difference, "low": found.low, "high": found.high}
    return {name: None if one is None else 100 * one for name, one in values.items()} | {
        "verdict": found.verdict
    }


def next_round(at: datetime) -> datetime:
    """When the job would have come by: proposals are made at minute seven of every hour."""
    whole = at.replace(minute=7, second=0, microsecond=0)
    return whole if whole >= at else whole + timedelta(hours=1)


def _week(at: datetime) -> tuple[int, int]:
    year, week, _day = localtime(at).isocalendar()
    return year, week


def _ways(heard: Iterable[Heard]) -> Iterator[str]:
    yield from (one.way for one in heard)
