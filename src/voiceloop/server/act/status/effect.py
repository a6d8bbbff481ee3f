"""Of orders that came late: how many of their customers asked, of those told and those not told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import DateTimeField, Exists, ExpressionWrapper, F, Min, OuterRef, Q, QuerySet
from django.utils.timezone import now

from voiceloop.analytics.stats.intervals import share_interval
from voiceloop.analytics.stats.parts import Parts
from voiceloop.server.act.models import Case, Milestone, Post
from voiceloop.server.collect.models import Conversation
from voiceloop.server.core.models import User
from voiceloop.server.measure import numbers

WITHIN = timedelta(days=3)
LOOKS_BACK = timedelta(days=90)


@dataclass(frozen=True)
class Share:
    """How many of n asked, with the interval; no share where there are too few."""

    n: int
    asked: int
    value: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def percent(self) -> dict[str, float | None]:
        ends = {"value": self.value, "low": self.low, "high": self.high}
        return {name: None if end is None else 100 * end for name, end in ends.items()}

    @classmethod
    def of(cls, n: int, asked: int) -> Share:
        if n < numbers.MIN_N:
            return cls(n, asked)
        low, high = share_interval(Parts.of_share(n, asked))
        return cls(n, asked, asked / n, float(low), float(high))


def of_delays(user: User) -> dict[str, Share]:
    """Told before they asked, or not; whose three days are not over are left out."""
    late = _late(user)
    told = late.filter(Q(told_at__isnull=False) & (Q(message=None) | Q(message__sent_at__isnull=False)))
    others = late.exclude(pk__in=told.values("pk"))
    return {
        "told": Share.of(told.count(), told.filter(_asked()).count()),
        "not_told": Share.of(others.count(), others.filter(_asked()).count()),
    }


def _late(user: User) -> QuerySet[Any]:
    """The first delay of each order."""
    delays = Milestone.objects.visible_to(user).live().filter(kind="delayed", customer__isnull=False)
    recent = delays.filter(at__lte=now() - WITHIN, at__gt=now() - LOOKS_BACK)
    first = recent.order_by().values("order").annotate(first=Min("pk")).values("first")
    end = ExpressionWrapper(F("at") + WITHIN, output_field=DateTimeField())
    rows: QuerySet[Any] = Milestone.objects.filter(pk__in=first).alias(end=end)
    return rows


def _asked() -> Q:
    """They opened a case, wrote or rang."""
    mine, at, end = OuterRef("customer"), OuterRef("at"), OuterRef("end")
    cases = Case.objects.filter(customer=mine, opened_at__gte=at, opened_at__lt=end)
    talks = Conversation.objects.filter(customer=mine, started_at__gte=at, started_at__lt=end)
    posts = Post.objects.filter(thread__customer=mine, direction=Post.Direction.IN, at__gte=at, at__lt=end)
    spoken = talks.exclude(kind=Conversation.Kind.SELF_SERVICE)
    return Q(Exists(cases)) | Q(Exists(spoken)) | Q(Exists(posts))
