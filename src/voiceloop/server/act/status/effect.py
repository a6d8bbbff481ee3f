"""Of orders that came late: how many of their customers asked, of those told and those not told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import DateTimeField, Exists, ExpressionWrapper, F, Min, OuterRef, Q, QuerySet
from django.utils.timezone import now

from voiceloop.server.act.models import Case, Milestone, Post
from voiceloop.server.collect.models import Conversation
from voiceloop.server.core.models import User
from voiceloop.server.measure.shares import Share

WITHIN = timedelta(days=3)
LOOKS_BACK = timedelta(days=90)


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
