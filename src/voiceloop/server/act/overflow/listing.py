"""Who was pointed to self-service and who of them came back within a day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Case as When_
from django.db.models import (
    CharField,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from voiceloop.server.act.models import Diversion, OverflowRule, Post
from voiceloop.server.core.models import Unit, User
from voiceloop.server.measure.shares import Share

WITHIN = timedelta(hours=24)
DAYS = (7, 30, 90)
OUTCOMES: dict[str, Any] = {
    "back": pgettext_lazy("diversion", "Came back"),
    "not_back": pgettext_lazy("diversion", "Did not come back"),
    "open": gettext_lazy("Day not over"),
}


@dataclass(frozen=True)
class Asked:
    """What of the log is asked for."""

    days: int = 30
    channel: str = ""
    outcome: str = ""
    unit: str = ""

    @classmethod
    def of(cls, query: Any) -> Asked:
        days, channel, outcome = (query.get(name, "") for name in ("days", "channel", "outcome"))
        return cls(
            int(days) if days in map(str, DAYS) else 30,
            channel if channel in OverflowRule.Channel.values else "",
            outcome if outcome in OUTCOMES else "",
            query.get("unit", "")[:64],
        )


def rows(user: User, asked: Asked) -> QuerySet[Any]:
    """Newest first; of the reader's own branch only."""
    found: QuerySet[Any] = Diversion.objects.visible_to(user).filter(
        at__gte=now() - timedelta(days=asked.days)
    )
    if asked.channel:
        found = found.filter(channel=asked.channel)
    if asked.unit:
        place = Unit.objects.visible_to(user).filter(code=asked.unit).first()
        found = found.filter(unit__path__startswith=place.path) if place else found.none()
    found = found.alias(end=ExpressionWrapper(F("at") + WITHIN, output_field=DateTimeField()))
    found = found.annotate(outcome=_outcome())
    found = found.filter(outcome=asked.outcome) if asked.outcome else found
    return found.select_related("case__customer", "unit", "by").order_by("-at", "-pk")


def share(found: QuerySet[Any]) -> Share:
    """Of those whose day is over, how many came back."""
    over = found.filter(at__lte=now() - WITHIN)
    return Share.of(over.count(), over.filter(outcome="back").count())


def lines(found: QuerySet[Any]) -> Iterator[list[Any]]:
    channels, ways = dict(OverflowRule.Channel.choices), dict(Diversion.How.choices)
    yield [
        _("When"), _("Case"), _("Channel"), _("How"), _("Waiting"), _("Minutes said"), _("Outcome"),
        _("Unit"),
    ]  # fmt: skip
    for one in found.iterator(chunk_size=500):
        yield [
            localtime(one.at).strftime("%Y-%m-%d %H:%M"), one.case_id, str(channels[one.channel]),
            str(ways[one.how]), one.n_waiting, one.minutes or "", str(OUTCOMES[one.outcome]), str(one.unit),
        ]  # fmt: skip


def _outcome() -> Any:
    """They wrote again: in the same case, or the same customer in any."""
    again = Q(thread__case=OuterRef("case")) | Q(thread__customer=OuterRef("case__customer"))
    posts = Post.objects.filter(
        again, direction=Post.Direction.IN, at__gt=OuterRef("at"), at__lte=OuterRef("end")
    )
    return When_(
        When(Exists(posts), then=Value("back")),
        When(at__gt=now() - WITHIN, then=Value("open")),
        default=Value("not_back"),
        output_field=CharField(),
    )
