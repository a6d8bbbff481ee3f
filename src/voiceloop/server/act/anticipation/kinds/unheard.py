"""A low answer, and nobody spoke with whoever gave it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from voiceloop.analytics.scales import DETRACTOR
from voiceloop.server.act.anticipation.kinds.base import Occasion, Parameter, Period, Values, number
from voiceloop.server.act.cases import scores
from voiceloop.server.act.models import Contact, Post
from voiceloop.server.collect.models import Response

PARAMETERS = (Parameter("hours", gettext_lazy("Hours without a contact"), gettext_lazy("hours"), 24, 1, 720),)
OTHERS = gettext_lazy("customers with a low answer who were spoken with in time")


def occasions(values: Values, period: Period) -> Iterator[Occasion]:
    hours = values["hours"]
    late = timedelta(hours=hours)
    for response, spoken in low_answers(Period(period.since - late, period.until - late, period.path), late):
        answer = scores.of(response)
        facts = {"score": answer.score if answer else None, "hours": hours} if not spoken else {}
        assert response.customer is not None
        yield Occasion(
            response.customer.pk, response.customer.unit_id, response.at + late, not spoken, response.at,
            f"response:{response.pk}", -(answer.score or 0.0) if answer else 0.0, facts,
            own=f"response:{response.pk}",
        )  # fmt: skip


def low_answers(period: Period, late: timedelta) -> Iterator[tuple[Response, bool]]:
    """Each low answer of the period, and whether anything was said to its customer in that time."""
    until = OuterRef("at") + late
    talks = Contact.objects.filter(case__customer=OuterRef("customer"), at__gte=OuterRef("at"), at__lte=until)
    letters = Post.objects.filter(
        thread__customer=OuterRef("customer"), direction=Post.Direction.OUT, is_automatic=False,
        withdrawn_at=None, at__gte=OuterRef("at"), at__lte=until,
    )  # fmt: skip
    rows = Response.objects.filter(
        state=Response.State.COMPLETE, about="", customer__isnull=False, at__gte=period.since,
        at__lt=period.until, customer__unit__path__startswith=period.path,
    ).select_related("customer").prefetch_related("answers")  # fmt: skip
    for response in rows.annotate(spoken=Exists(talks) | Exists(letters)).iterator(chunk_size=2_000):
        if scores.class_of(scores.of(response)) == DETRACTOR:
            yield response, response.spoken


def said(facts: Mapping[str, Any]) -> str:
    score = facts.get("score")
    told = {"score": f"{score:g}" if score is not None else "—", "hours": number(facts.get("hours"))}
    return _("They answered %(score)s, and nobody spoke with them within %(hours)s hours.") % told
