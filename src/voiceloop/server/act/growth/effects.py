"""What care and thanks have brought: lists, counts, and how many passives came back as promoters."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, OuterRef, Prefetch, QuerySet, Subquery
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from voiceloop.analytics.scales import PROMOTER, classify
from voiceloop.server.act.growth import ambassadors
from voiceloop.server.act.models import CareTask, Recommendation, ShareLink
from voiceloop.server.collect.models import Answer, Message
from voiceloop.server.core.models import User
from voiceloop.server.measure.shares import Share


def tasks(user: User) -> QuerySet[Any]:
    rows: QuerySet[Any] = CareTask.objects.visible_to(user)
    score = Prefetch("response__answers", Answer.objects.filter(question="nps").exclude(score=None))
    with_all = rows.select_related("customer", "owner", "by", "unit", "response")
    found: QuerySet[Any] = with_all.prefetch_related(score, "response__verbatims__annotations")
    return found


def waiting(user: User) -> QuerySet[Any]:
    """The oldest promise first."""
    return tasks(user).filter(done_at=None).order_by("due_at", "pk")


def due(user: User) -> QuerySet[Any]:
    return waiting(user).filter(due_at__lte=now())


def done(user: User) -> QuerySet[Any]:
    return tasks(user).exclude(done_at=None).order_by("-done_at", "-pk")


def links(user: User) -> QuerySet[Any]:
    """Promoters' links, those that brought somebody first."""
    rows: QuerySet[Any] = ShareLink.objects.visible_to(user)
    counted: QuerySet[Any] = rows.select_related("customer", "unit").annotate(n=Count("recommendations"))
    return counted.order_by("-n", "-created_at", "-pk")


TABS = {"open": waiting, "due": due, "done": done, "links": links, "ambassadors": ambassadors.listed}
NAMES = {
    "open": _("Open"),
    "due": _("Due"),
    "done": _("Done"),
    "links": _("Share links"),
    "ambassadors": _("Ambassadors"),
}


def counts(user: User) -> list[tuple[str, Any, int]]:
    return [(tab, NAMES[tab], rows(user).count()) for tab, rows in TABS.items()]


def effects(user: User) -> dict[str, Any]:
    mine = ShareLink.objects.visible_to(user)
    n_links, brought = mine.count(), mine.filter(recommendations__isnull=False).distinct().count()
    about = Message.objects.visible_to(user).filter(key__startswith="thanks:")
    return {
        "without": shift(user, CareTask.Result.NOT_REACHED),
        "links": n_links,
        "brought": Share.of(n_links, brought),
        "thanks": about.count(),
        "recommendations": Recommendation.objects.filter(link__in=mine).count(),
        "shift": shift(user),
    }


def shift(user: User, result: str = CareTask.Result.CARED) -> Share:
    """The next recommend answer of each customer we cared for, or did not reach, if there is one."""
    later = Answer.objects.filter(
        response__customer=OuterRef("customer"), response__at__gt=OuterRef("done_at"), question="nps"
    ).exclude(score=None)
    soonest = later.order_by("response__at")
    rows = CareTask.objects.visible_to(user).filter(result=result, customer__isnull=False)
    rows = rows.annotate(
        score=Subquery(soonest.values("score")[:1]), scale=Subquery(soonest.values("scale")[:1])
    )
    said = list(rows.exclude(score=None).values_list("score", "scale"))
    return Share.of(len(said), sum(classify(score, scale) == PROMOTER for score, scale in said))
