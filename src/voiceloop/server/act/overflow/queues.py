"""How many wait, and how long the same queue kept others waiting lately."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Min, Q, QuerySet
from django.utils.timezone import now

from voiceloop.server.act.models import Callback, Case, OverflowRule, Post, Thread
from voiceloop.server.core.models import Unit

Channel = OverflowRule.Channel
# Waits of so long ago say something of now; fewer than so many say nothing. Our choice.
LATELY, MIN_N = timedelta(days=3), 5
# So many of ten waits were not longer than what we say.
SHARE = 0.8
LOOKED_AT = 500


@dataclass(frozen=True)
class Wait:
    """8 of 10 of the last n waits were over within so many minutes; `is_more`: that one still waits."""

    n: int
    minutes: int
    is_more: bool = False


def waiting(unit: Unit, channel: str, *, besides: Thread | None = None) -> int:
    """Customers below a unit who wait for a word of ours over this channel."""
    below = unit.path or "-"
    if channel == Channel.PHONE:
        return _to_be_called(below)
    rows = _threads(below, channel).filter(Q(answered_at=None) | Q(answered_at__lt=F("heard_at")))
    return rows.exclude(pk=besides.pk).count() if besides else rows.count()


def expected(unit: Unit, channel: str, *, at: datetime | None = None) -> Wait | None:
    """From the waits of the last days, those that are not over counted as they are by now."""
    moment = at or now()
    if channel == Channel.PHONE:
        return None
    begun = Thread.objects.filter(
        channel=channel, case__unit__path__startswith=unit.path or "-", created_at__gt=moment - LATELY
    )
    heard = Min("posts__at", filter=Q(posts__direction=Post.Direction.IN))
    ours = Q(posts__direction=Post.Direction.OUT, posts__is_automatic=False, posts__withdrawn_at=None)
    rows = begun.annotate(heard=heard, said=Min("posts__at", filter=ours)).exclude(heard=None)
    found = list(rows.order_by("-created_at").values_list("heard", "said", "case__resolution")[:LOOKED_AT])
    return _wait([(h, s) for h, s, over in found if s or not over], moment)


def _wait(found: list[tuple[datetime, datetime | None]], moment: datetime) -> Wait | None:
    if len(found) < MIN_N:
        return None
    waits = sorted(((max((said or moment) - heard, timedelta(0))), said is None) for heard, said in found)
    length, is_more = waits[math.ceil(SHARE * len(waits)) - 1]
    return Wait(len(waits), max(1, math.ceil(length.total_seconds() / 60)), is_more)


def _threads(below: str, channel: str) -> QuerySet[Any]:
    open_ = Case.objects.open().filter(unit__path__startswith=below)
    rows: QuerySet[Any] = Thread.objects.filter(channel=channel, case__in=open_, heard_at__isnull=False)
    return rows


def _to_be_called(below: str) -> int:
    """Callbacks that are due, and cases of the telephone that nobody has spoken about yet."""
    due = Callback.objects.filter(
        done_at=None, cancelled_at=None, due_at__lte=now(), case__unit__path__startswith=below
    )
    rung = Case.objects.open().filter(channel="phone", first_contact_at=None, unit__path__startswith=below)
    return due.count() + rung.count()
